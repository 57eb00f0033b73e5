//! What placing a signed order needs of a client.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Client;
use super::state::ClientState;
use crate::auth::{Session, SessionSource};
use crate::pipeline::CallContext;

impl Client {
    /// Does some work; `None` if trading is halted first.
    pub(crate) async fn unless_halted<T>(&self, work: Pin<&mut impl Future<Output = T>>) -> Option<T> {
        self.state.unless_halted(self.group.halt_gate(), work).await
    }

    /// The raw client for a request that was signed with this session. The request is not sent after `until`, and the call may
    /// take as long as `left`.
    pub(crate) fn api_signed_by(
        &self,
        session: Arc<Session>,
        until: Instant,
        left: Duration,
    ) -> paradex_api::Client {
        let state = Arc::new(self.state.with_session(session));
        let context = CallContext {
            options: self.options.deadline(left),
            fresh_until: Some(until),
            ..CallContext::default()
        };
        self.group.raw_client(&state, context)
    }
}

impl ClientState {
    /// The state with one fixed session, whatever session the client uses later. A halt of the client holds here as well.
    fn with_session(&self, session: Arc<Session>) -> Self {
        Self {
            sessions: Arc::new(SessionSource::fixed(Some(session))),
            halt_gate: Arc::clone(&self.halt_gate),
            #[cfg(feature = "stream")]
            order_wire: self.order_wire.clone(),
        }
    }
}
