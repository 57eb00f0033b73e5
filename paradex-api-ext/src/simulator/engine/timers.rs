//! What happens at a time: orders expire, and algo orders place their parts.

use super::Engine;
use super::ids::{AlgoId, OrderId};
use super::order::CancelReason;

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Timer {
    /// An order expires.
    Expire(OrderId),
    /// An algo order places its next part, or ends.
    Slice(AlgoId),
}

impl Engine {
    /// Does everything that is due, each at its own time.
    pub(super) fn run_timers(&mut self, now: i64) {
        while let Some((at, timer)) = self.timers.first().copied().filter(|(at, _)| *at <= now) {
            self.timers.remove(&(at, timer));
            self.now = self.now.max(at);
            match timer {
                Timer::Expire(order) => self.close(order, Some(CancelReason::Expired)),
                Timer::Slice(algo) => self.place_slice(algo),
            }
            self.publish();
        }
        self.now = self.now.max(now);
    }
}
