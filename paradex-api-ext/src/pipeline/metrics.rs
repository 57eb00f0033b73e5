//! What a call leaves in the recorder of the crate `metrics`. The names are documented at the top of this crate.

use std::time::Instant;

use metrics::{counter, gauge, histogram};
use paradex_api::Operation;

use crate::pipeline::Times;
use crate::pipeline::outcome::Outcome;

/// A call under way. It is counted however it ends, also if whoever waited for it gives up.
pub(crate) struct Measured<'a> {
    operation: &'static Operation,
    times: &'a Times,
    start: Instant,
    outcome: &'static str,
}

impl<'a> Measured<'a> {
    pub(crate) fn begin(operation: &'static Operation, times: &'a Times) -> Self {
        gauge!("paradex.in_flight").increment(1);
        Self {
            operation,
            times,
            start: Instant::now(),
            outcome: "given_up",
        }
    }

    pub(crate) fn end(mut self, outcome: Outcome) {
        self.outcome = outcome.as_str();
    }
}

impl Drop for Measured<'_> {
    fn drop(&mut self) {
        let operation = self.operation.id;
        gauge!("paradex.in_flight").decrement(1);
        counter!("paradex.calls", "operation" => operation, "outcome" => self.outcome).increment(1);
        let retries = u64::from(self.times.attempts().saturating_sub(1));
        if retries > 0 {
            counter!("paradex.retries", "operation" => operation).increment(retries);
        }
        histogram!("paradex.call", "operation" => operation).record(self.start.elapsed());
        for (phase, time) in self.times.phases() {
            histogram!("paradex.phase", "operation" => operation, "phase" => phase).record(time);
        }
    }
}
