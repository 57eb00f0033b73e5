//! The monotonic clock.

use std::time::Instant;

/// The time by tokio's clock, which tests can pause. Deadlines and waits must use one clock.
pub(crate) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
