//! The metrics of a call. [`crate::observability`] documents their names and labels.

use std::time::Instant;

use metrics::{counter, gauge, histogram};
use paradex_api::Operation;

use crate::monotonic;
use crate::pipeline::outcome::Outcome;
use crate::pipeline::timing::CallTiming;

/// Records the metrics of a call when it is dropped, so that a call whose caller stopped waiting is counted as well.
pub(crate) struct CallMetrics<'a> {
    operation: &'static Operation,
    timing: &'a CallTiming,
    start: Instant,
    outcome: &'static str,
}

impl<'a> CallMetrics<'a> {
    pub(crate) fn start(operation: &'static Operation, timing: &'a CallTiming) -> Self {
        gauge!("paradex_calls_in_flight").increment(1);
        Self {
            operation,
            timing,
            start: monotonic::now(),
            outcome: "dropped",
        }
    }

    pub(crate) fn finish(mut self, outcome: Outcome) {
        self.outcome = outcome.as_str();
    }
}

impl Drop for CallMetrics<'_> {
    fn drop(&mut self) {
        let operation = self.operation.id;
        gauge!("paradex_calls_in_flight").decrement(1);
        counter!("paradex_calls_total", "operation" => operation, "outcome" => self.outcome).increment(1);
        let retries = self.timing.retries();
        if retries > 0 {
            counter!("paradex_retries_total", "operation" => operation).increment(retries.into());
        }
        histogram!("paradex_call_duration_seconds", "operation" => operation).record(self.start.elapsed());
        for (phase, took) in self.timing.durations() {
            histogram!("paradex_phase_duration_seconds", "operation" => operation, "phase" => phase.as_str())
                .record(took);
        }
    }
}
