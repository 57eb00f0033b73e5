//! Ending a probe early.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

/// Ends a probe early. Clones are handles of the same probe.
#[derive(Debug, Clone, Default)]
pub struct ProbeStop(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    is_stopped: AtomicBool,
    stopped: Notify,
}

impl ProbeStop {
    /// Ends the probe: it finishes the current call, cleans up, and returns what it has found.
    pub fn stop(&self) {
        self.0.is_stopped.store(true, Ordering::SeqCst);
        self.0.stopped.notify_waiters();
    }

    /// Returns whether the probe was stopped.
    pub(super) fn is_stopped(&self) -> bool {
        self.0.is_stopped.load(Ordering::SeqCst)
    }

    /// Waits, but no longer than until the probe is stopped.
    pub(super) async fn sleep(&self, time: Duration) {
        let stopped = self.0.stopped.notified();
        let mut stopped = std::pin::pin!(stopped);
        // Registered before the check, so that no call of `stop` is missed.
        stopped.as_mut().enable();
        if !self.is_stopped() {
            let _ = tokio::time::timeout(time, stopped).await;
        }
    }
}
