//! Commands that take effect later: cancellations that a request has queued, or that the end of a connection leads to.

use super::engine::Command;
use super::state::State;

/// The commands that wait.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Each with the time at which it takes effect, in nanoseconds since the Unix epoch.
    commands: Vec<(i64, Command)>,
    /// Whether one was added since [`take_added`](Self::take_added).
    added: bool,
}

impl Pending {
    pub(super) fn add(&mut self, due: i64, command: Command) {
        self.commands.push((due, command));
        self.added = true;
    }

    /// Returns whether one was added since the last time, so that the task that waits for the next one must look again.
    pub(super) fn take_added(&mut self) -> bool {
        std::mem::take(&mut self.added)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }

    pub(super) fn next_due(&self) -> Option<i64> {
        self.commands.iter().map(|(due, _)| *due).min()
    }

    /// Takes the commands that are due, in the order in which they are.
    fn take_due(&mut self, now: i64) -> Vec<(i64, Command)> {
        let is_due = |(due, _): &mut (i64, Command)| *due <= now;
        let mut due: Vec<_> = self.commands.extract_if(.., is_due).collect();
        due.sort_by_key(|(due, _)| *due);
        due
    }
}

impl State {
    /// Does what is due.
    pub(super) fn run_pending(&mut self, now: i64) {
        for (_, command) in self.pending.take_due(now) {
            // An order can be closed meanwhile. If the log cannot be written, the orders stay, as they would without this command.
            let _ = self.trading.apply(now, &command);
        }
    }
}
