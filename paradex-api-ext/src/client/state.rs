//! What all clones of a client share.

use std::pin::{Pin, pin};
use std::sync::Arc;

use crate::auth::SessionSource;
use crate::pipeline::halt_gate::{HaltGate, run_unless};

/// The session of a client, and whether the client may trade.
pub(crate) struct ClientState {
    pub(super) sessions: SessionSource,
    pub(super) halt_gate: Arc<HaltGate>,
}

impl ClientState {
    pub(crate) fn new(sessions: SessionSource) -> Self {
        Self {
            sessions,
            halt_gate: Arc::new(HaltGate::new()),
        }
    }

    pub(crate) fn sessions(&self) -> &SessionSource {
        &self.sessions
    }

    pub(crate) fn halt_gate(&self) -> &HaltGate {
        &self.halt_gate
    }

    /// Does some work; `None` if trading is halted first, by the client or for its group.
    pub(crate) async fn unless_halted<T>(
        &self,
        group: &HaltGate,
        work: Pin<&mut impl Future<Output = T>>,
    ) -> Option<T> {
        let halted = async {
            run_unless(self.halt_gate.halted(), pin!(group.halted())).await;
        };
        run_unless(halted, work).await
    }
}
