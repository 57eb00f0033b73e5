//! What happens at a time: algo orders place their parts.

use super::Engine;

impl Engine {
    /// Does everything that is due, each at its own time.
    pub(super) fn run_timers(&mut self, now: i64) {
        while let Some((at, algo)) = self.timers.first().copied().filter(|(at, _)| *at <= now) {
            self.timers.remove(&(at, algo));
            self.now = self.now.max(at);
            self.place_slice(algo);
            self.publish();
        }
        self.now = self.now.max(now);
    }
}
