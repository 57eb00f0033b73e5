//! What all clones of a client share.

use std::pin::{Pin, pin};
use std::sync::Arc;

use crate::auth::{Session, SessionSource};
use crate::pipeline::halt_gate::{HaltGate, run_unless};

/// The session of a client, and whether the client may trade.
pub(crate) struct ClientState {
    sessions: SessionSource,
    halt_gate: Arc<HaltGate>,
}

impl ClientState {
    pub(crate) fn new(sessions: SessionSource) -> Self {
        Self {
            sessions,
            halt_gate: Arc::new(HaltGate::new()),
        }
    }

    /// The state with one fixed session, whatever session the client uses later. A halt of the client holds here as well.
    pub(crate) fn with_session(&self, session: Arc<Session>) -> Self {
        Self {
            sessions: SessionSource::fixed(Some(session)),
            halt_gate: Arc::clone(&self.halt_gate),
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
