//! The deadline of a call, and how long each of its phases took.

use std::pin::Pin;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::monotonic;
use crate::pipeline::phase::{Late, Phase};

/// When a call has to end.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(pub(crate) Instant);

impl Deadline {
    pub(crate) fn after(total: Duration) -> Self {
        let now = monotonic::now();
        // A deadline that the clock cannot express becomes a day.
        Self(
            now.checked_add(total)
                .unwrap_or(now + Duration::from_secs(86_400)),
        )
    }

    pub(crate) fn left(self) -> Duration {
        self.0.saturating_duration_since(monotonic::now())
    }

    /// Does the work of a phase, up to the deadline.
    pub(crate) async fn within<T>(
        self,
        phase: Phase,
        work: Pin<&mut impl Future<Output = T>>,
    ) -> Result<T, Late> {
        tokio::time::timeout_at(self.0.into(), work)
            .await
            .map_err(|_| Late::new(phase))
    }
}

/// How often a call was attempted, and how long its phases took in all attempts together.
pub(crate) struct CallTiming {
    /// Whether a span or a metric wants the durations; reading the clock costs something.
    enabled: bool,
    attempts: AtomicU32,
    sign_in_us: AtomicU64,
    rate_limit_us: AtomicU64,
    in_flight_us: AtomicU64,
}

impl CallTiming {
    pub(crate) fn new(enabled: bool) -> Self {
        Self {
            enabled,
            attempts: AtomicU32::new(0),
            sign_in_us: AtomicU64::new(0),
            rate_limit_us: AtomicU64::new(0),
            in_flight_us: AtomicU64::new(0),
        }
    }

    pub(crate) fn set_attempts(&self, attempts: u32) {
        self.attempts.store(attempts, Ordering::Relaxed);
    }

    /// The attempts after the first.
    pub(crate) fn retries(&self) -> u32 {
        self.attempts.load(Ordering::Relaxed).saturating_sub(1)
    }

    /// The phases that take time, with their durations.
    pub(crate) fn durations(&self) -> [(Phase, Duration); 3] {
        [Phase::SignIn, Phase::RateLimit, Phase::InFlight].map(|phase| {
            let counter = self.counter(phase);
            let took = counter.map_or(0, |counter| counter.load(Ordering::Relaxed));
            (phase, Duration::from_micros(took))
        })
    }

    /// The counter of a phase, in microseconds. The other phases take no time of their own.
    fn counter(&self, phase: Phase) -> Option<&AtomicU64> {
        match phase {
            Phase::SignIn => Some(&self.sign_in_us),
            Phase::RateLimit => Some(&self.rate_limit_us),
            Phase::InFlight => Some(&self.in_flight_us),
            Phase::Stale | Phase::Connect => None,
        }
    }

    /// Adds the duration of some work to its phase. The work is pinned where it is: futures of this pipeline are large, and
    /// moving them is most of what the pipeline costs.
    pub(crate) async fn measure<T>(&self, phase: Phase, work: Pin<&mut impl Future<Output = T>>) -> T {
        if !self.enabled {
            return work.await;
        }
        let start = monotonic::now();
        let output = work.await;
        if let Some(counter) = self.counter(phase) {
            let took = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
            counter.fetch_add(took, Ordering::Relaxed);
        }
        output
    }
}
