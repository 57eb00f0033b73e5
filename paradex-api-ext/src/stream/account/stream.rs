//! The stream of an account, as the program reads it.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use paradex_api::types::{Order, Position};
use tokio::runtime::Handle;

use super::cursor::{AccountCursor, Tracker};
use super::driver::{self, Start};
use super::queue::Entry;
use super::state::{Popped, Shared};
use super::update::AccountUpdate;
use crate::stream::outage::Outage;
use crate::stream::update::StreamError;

/// A stream of the updates of an account.
///
/// It reconnects and reconciles by itself. It ends only after [`close`](Self::close), or when it cannot go on, which
/// [`error`](Self::error) then explains. Dropping it closes its connection.
///
/// [`next`](Self::next) is cancel-safe: a dropped future loses nothing.
#[must_use = "a stream that is dropped closes its connection"]
pub struct AccountStream {
    shared: Arc<Shared>,
    tracker: Tracker,
    start: Start,
    error: Option<StreamError>,
}

impl AccountStream {
    pub(super) fn new(shared: Arc<Shared>, tracker: Tracker, start: Start) -> Self {
        let mut stream = Self {
            shared,
            tracker,
            start,
            error: None,
        };
        // Without a runtime, the connection is made when the stream is first read.
        let _ = stream.ensure_running();
        stream
    }

    /// Waits for the next update. It returns `None` when the stream has ended.
    pub async fn next(&mut self) -> Option<AccountUpdate> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Returns the open orders, ordered by id, as they are known now; `None` between [`Lost`](AccountUpdate::Lost) and
    /// [`Reconciled`](AccountUpdate::Reconciled).
    ///
    /// They can be ahead of the updates that were read. [`unresolved`](Self::unresolved) orders are not among them.
    #[doc(alias = "open orders")]
    pub fn orders(&self) -> Option<Vec<Order>> {
        self.shared.orders()
    }

    /// Returns the orders that may be open, and about which the exchange said nothing when it was asked; `None` as for
    /// [`orders`](Self::orders).
    pub fn unresolved(&self) -> Option<Vec<Order>> {
        self.shared.unresolved()
    }

    /// Returns the open positions as they are known now; `None` as for [`orders`](Self::orders).
    pub fn positions(&self) -> Option<Vec<Position>> {
        self.shared.positions()
    }

    /// Returns where the stream has come to: after the last update that was read. `None` before the first
    /// [`Reconciled`](AccountUpdate::Reconciled), unless the stream began with a cursor.
    ///
    /// Store it after that update was handled. If the program ends between the two, the update comes again.
    #[doc(alias = "checkpoint")]
    pub fn cursor(&self) -> Option<AccountCursor> {
        self.tracker.cursor()
    }

    /// Returns why the account is not known at present: there is no connection, or the REST API cannot be read. `None` if all is
    /// well, before the first attempt has failed, and after the stream has ended.
    ///
    /// The stream yields nothing meanwhile, and tries again by itself.
    #[doc(alias = "health")]
    #[doc(alias = "reconnect")]
    pub fn outage(&self) -> Option<Outage> {
        self.shared.outage()
    }

    /// Returns why the stream ended; `None` while it runs.
    pub fn error(&self) -> Option<&StreamError> {
        self.error.as_ref()
    }

    /// Closes the connection. Updates that have arrived can still be read.
    pub fn close(&mut self) {
        self.shared.close();
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<AccountUpdate>> {
        loop {
            match self.shared.pop(context.waker()) {
                Popped::Entry(entry) => {
                    self.tracker.read(&entry);
                    if let Entry::Update(update) = entry {
                        return Poll::Ready(Some(update));
                    }
                }
                Popped::Ended(error) => {
                    self.error = self.error.take().or(error);
                    return Poll::Ready(None);
                }
                Popped::Nothing { is_running: true } => return Poll::Pending,
                Popped::Nothing { is_running: false } => {
                    if let Err(error) = self.ensure_running() {
                        self.error = Some(error);
                        return Poll::Ready(None);
                    }
                    return Poll::Pending;
                }
            }
        }
    }

    /// Starts the task in the present runtime, unless it runs.
    fn ensure_running(&mut self) -> Result<(), StreamError> {
        let runtime = Handle::try_current().map_err(|_| StreamError::NoRuntime)?;
        if let Some(running) = self.shared.start() {
            runtime.spawn(driver::run(running, self.start.clone()));
        }
        Ok(())
    }
}

impl Stream for AccountStream {
    type Item = AccountUpdate;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<AccountUpdate>> {
        self.poll(context)
    }
}

impl Drop for AccountStream {
    fn drop(&mut self) {
        self.shared.close();
    }
}

impl fmt::Debug for AccountStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountStream")
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
