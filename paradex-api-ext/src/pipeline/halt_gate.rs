//! Stops calls that can trade while trading is halted.

use std::collections::BTreeSet;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Mutex, PoisonError};
use std::task::Poll;

use tokio::sync::watch;

/// Whether trading is halted, and the accounts that calls were sent for. The calls themselves are in
/// [`InFlight`](crate::pipeline::in_flight::InFlight).
#[derive(Debug)]
pub(crate) struct HaltGate {
    halted: watch::Sender<bool>,
    accounts: Mutex<BTreeSet<String>>,
}

impl HaltGate {
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

    /// Waits until trading is halted.
    pub(crate) async fn halted(&self) {
        // This cannot fail: the sender lives as long as this borrow.
        let _ = self.halted.subscribe().wait_for(|halted| *halted).await;
    }

    /// Remembers the accounts that a call can change.
    pub(crate) fn record_accounts<'a>(&self, accounts: impl Iterator<Item = &'a str>) {
        let mut known = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        for account in accounts {
            if !known.contains(account) {
                known.insert(account.to_owned());
            }
        }
    }

    /// The accounts of all calls that were recorded.
    pub(crate) fn accounts(&self) -> BTreeSet<String> {
        self.accounts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Does some work; `None` if `stop` ends first. Work that is ready at once always completes.
pub(crate) async fn run_unless<T>(
    stop: impl Future<Output = ()>,
    mut work: Pin<&mut impl Future<Output = T>>,
) -> Option<T> {
    let mut stop = pin!(stop);
    poll_fn(|context| {
        if let Poll::Ready(output) = work.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        stop.as_mut().poll(context).map(|()| None)
    })
    .await
}
