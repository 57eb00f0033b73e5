//! What stops orders from leaving.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use tokio::sync::watch;

/// Whether orders may leave, and how many are on their way.
#[derive(Debug)]
pub(crate) struct Gate {
    halted: watch::Sender<bool>,
    leaving: watch::Sender<usize>,
}

impl Gate {
    pub(crate) fn new() -> Self {
        Self {
            halted: watch::Sender::new(false),
            leaving: watch::Sender::new(0),
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
    /// is either refused or seen by whoever halts.
    pub(crate) fn leave(&self) -> Leaving<'_> {
        self.leaving.send_modify(|count| *count += 1);
        Leaving(self)
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

/// A call on its way, until dropped.
pub(crate) struct Leaving<'a>(&'a Gate);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.leaving.send_modify(|count| *count -= 1);
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
