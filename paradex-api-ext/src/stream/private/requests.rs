//! Requests from their caller to the task of a connection, and their outcomes.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Instant;

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout_at;
use zeroize::Zeroizing;

use super::{NotSentReason, RequestOutcome, RpcResult, Wanted};

/// Requests that may wait to be written.
pub(super) const QUEUE: usize = 256;
/// Requests without a response of which the callers that gave up are looked for.
const MANY: usize = 1_024;

const QUEUED: u8 = 0;
/// Its frame was handed to the socket.
const WRITTEN: u8 = 1;
/// Its frame will never be handed to the socket.
const WITHDRAWN: u8 = 2;

/// A request on its way to the task.
pub(super) struct Request {
    pub(super) connection: u64,
    pub(super) method: &'static str,
    pub(super) params: Zeroizing<Vec<u8>>,
    pub(super) deadline: Instant,
    wanted: Wanted,
    ticket: Ticket,
    outcome: oneshot::Sender<RequestOutcome>,
}

/// Whether the frame of a request was written. Exactly one side decides that.
#[derive(Clone)]
struct Ticket(Arc<AtomicU8>);

impl Ticket {
    fn decide(&self, to: u8) -> bool {
        let order = Ordering::AcqRel;
        self.0
            .compare_exchange(QUEUED, to, order, Ordering::Acquire)
            .is_ok()
    }
}

/// Withdraws a request whose future is dropped.
struct Caller(Ticket);

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.decide(WITHDRAWN);
    }
}

/// Hands a request to the task, which writes it if it is still wanted then, and waits for its outcome.
pub(super) async fn send_if(
    queue: &mpsc::Sender<Request>,
    connection: u64,
    method: &'static str,
    params: Vec<u8>,
    deadline: Instant,
    wanted: Wanted,
) -> RequestOutcome {
    let (outcome, mut response) = oneshot::channel();
    let ticket = Ticket(Arc::new(AtomicU8::new(QUEUED)));
    let caller = Caller(ticket.clone());
    let request = Request {
        connection,
        method,
        params: Zeroizing::new(params),
        deadline,
        wanted,
        ticket,
        outcome,
    };
    match queue.try_send(request) {
        Ok(()) => {}
        Err(mpsc::error::TrySendError::Full(_)) => {
            return RequestOutcome::NotSent(NotSentReason::QueueFull);
        }
        Err(mpsc::error::TrySendError::Closed(_)) => {
            return RequestOutcome::NotSent(NotSentReason::Closed);
        }
    }
    let (reason, late) = match timeout_at(deadline.into(), &mut response).await {
        Ok(Ok(outcome)) => return outcome,
        Ok(Err(_)) => (NotSentReason::Closed, None),
        Err(_) => (NotSentReason::Deadline, Some(&mut response)),
    };
    if caller.0.decide(WITHDRAWN) {
        return RequestOutcome::NotSent(reason);
    }
    // It may have been decided meanwhile.
    let outcome = late.and_then(|response| response.try_recv().ok());
    outcome.unwrap_or(RequestOutcome::Unanswered)
}

impl Request {
    /// Takes it for writing. `None` if its caller has given up or wants it no more, or its deadline has passed.
    pub(super) fn take(self, now: Instant) -> Option<Taken> {
        if now >= self.deadline {
            self.refuse(NotSentReason::Deadline);
            return None;
        }
        if !(self.wanted)() {
            self.refuse(NotSentReason::NotWanted);
            return None;
        }
        self.ticket.decide(WRITTEN).then_some(Taken {
            outcome: self.outcome,
        })
    }

    /// It is not sent.
    pub(super) fn refuse(self, reason: NotSentReason) {
        if self.ticket.decide(WITHDRAWN) {
            let _ = self.outcome.send(RequestOutcome::NotSent(reason));
        }
    }
}

/// A request that is handed to the socket.
pub(super) struct Taken {
    outcome: oneshot::Sender<RequestOutcome>,
}

/// The requests of one connection that have no response.
#[derive(Default)]
pub(super) struct Unanswered(HashMap<u64, Taken>);

impl Unanswered {
    pub(super) fn insert(&mut self, id: u64, request: Taken) {
        if self.0.len() >= MANY {
            self.0.retain(|_, request| !request.outcome.is_closed());
        }
        self.0.insert(id, request);
    }

    /// Passes a response to its request. Returns whether one waited for it.
    pub(super) fn respond(&mut self, id: u64, result: RpcResult) -> bool {
        let Some(request) = self.0.remove(&id) else {
            return false;
        };
        request.outcome.send(RequestOutcome::Response(result)).is_ok()
    }

    /// The connection ended, and no response can arrive.
    pub(super) fn end(&mut self) {
        for (_, request) in self.0.drain() {
            let _ = request.outcome.send(RequestOutcome::Unanswered);
        }
    }
}
