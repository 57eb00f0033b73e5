//! What stops orders from leaving.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// Whether orders may leave, and how many are on their way.
#[derive(Debug)]
pub(crate) struct Gate {
    halted: watch::Sender<bool>,
    leaving: watch::Sender<usize>,
    /// Until when calls without an answer may still be carried out.
    open_until: Mutex<Vec<Instant>>,
}

/// How long the exchange may work on a call after the end of its window, or after it was sent.
const MARGIN: Duration = Duration::from_secs(10);
/// More calls without an answer than this are not told apart; the latest counts.
const MOST_OPEN: usize = 1_024;

impl Gate {
    pub(crate) fn new() -> Self {
        Self {
            halted: watch::Sender::new(false),
            leaving: watch::Sender::new(0),
            open_until: Mutex::default(),
        }
    }

    pub(crate) fn set_halted(&self, halted: bool) {
        self.halted.send_replace(halted);
    }

    pub(crate) fn is_halted(&self) -> bool {
        *self.halted.borrow()
    }

    /// Ends when orders are halted.
    pub(crate) async fn halted(&self) {
        // It cannot fail: the sender lives as long as this borrow.
        let _ = self.halted.subscribe().wait_for(|halted| *halted).await;
    }

    /// Counts a call that is being sent and has no answer yet. Whoever counts first and then asks whether orders are halted
    /// is either refused or seen by whoever halts. It may be carried out until this time.
    pub(crate) fn leave(&self, fresh_until: Option<Instant>) -> Leaving<'_> {
        self.leaving.send_modify(|count| *count += 1);
        Leaving {
            gate: self,
            fresh_until,
            sent: false,
            answered: false,
        }
    }

    /// Until when calls without an answer may still be carried out, those that are not over.
    pub(crate) fn open(&self) -> Vec<Instant> {
        let mut open = self.open_until.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        open.retain(|until| *until > now);
        open.clone()
    }

    /// How many calls are being sent and have no answer yet.
    pub(crate) fn leaving(&self) -> usize {
        *self.leaving.borrow()
    }

    /// Ends when no call is on its way.
    pub(crate) async fn settled(&self) {
        let _ = self.leaving.subscribe().wait_for(|count| *count == 0).await;
    }
}

/// A call on its way, until dropped. If it was sent and had no answer by then, it may still be carried out.
pub(crate) struct Leaving<'a> {
    gate: &'a Gate,
    fresh_until: Option<Instant>,
    sent: bool,
    answered: bool,
}

impl Leaving<'_> {
    pub(crate) fn is_sent(&mut self) {
        self.sent = true;
    }

    pub(crate) fn is_answered(&mut self) {
        self.answered = true;
    }
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        if self.sent && !self.answered {
            let now = Instant::now();
            let until = self.fresh_until.unwrap_or(now).max(now) + MARGIN;
            let mut open = self
                .gate
                .open_until
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            open.retain(|until| *until > now);
            if open.len() >= MOST_OPEN {
                open.pop();
            }
            open.push(until);
        }
        self.gate.leaving.send_modify(|count| *count -= 1);
    }
}

/// Some work, or nothing if something else happens first. What is ready at once is never stopped.
pub(crate) async fn unless<T>(
    stop: impl Future<Output = ()>,
    mut work: Pin<&mut impl Future<Output = T>>,
) -> Option<T> {
    let mut stop = pin!(stop);
    poll_fn(|context| {
        if let Poll::Ready(outcome) = work.as_mut().poll(context) {
            return Poll::Ready(Some(outcome));
        }
        stop.as_mut().poll(context).map(|()| None)
    })
    .await
}
