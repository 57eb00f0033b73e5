//! What stops orders from leaving.

use std::collections::BTreeSet;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Mutex, PoisonError};
use std::task::Poll;

use tokio::sync::watch;

/// Whether orders may leave, and which accounts they left for. What they came to is in
/// [`InFlight`](crate::pipeline::in_flight::InFlight).
#[derive(Debug)]
pub(crate) struct Gate {
    halted: watch::Sender<bool>,
    accounts: Mutex<BTreeSet<String>>,
}

impl Gate {
    pub(crate) fn new() -> Self {
        Self {
            halted: watch::Sender::new(false),
            accounts: Mutex::default(),
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

    /// Remembers the accounts that a call can change.
    pub(crate) fn passes<'a>(&self, accounts: impl Iterator<Item = &'a str>) {
        let mut known = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        for account in accounts {
            if !known.contains(account) {
                known.insert(account.to_owned());
            }
        }
    }

    /// The accounts of all calls that passed.
    pub(crate) fn accounts(&self) -> BTreeSet<String> {
        self.accounts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
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
