//! What the connection, the task that reads REST, and the reader of the stream share.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

use paradex_api::types::{Order, Position};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::engine::{Engine, Reading};
use super::own_orders::OwnOrder;
use super::queue::{Entry, Queue};
use super::update::AccountUpdate;
use crate::client::Client;
use crate::stream::outage::Outage;
use crate::stream::private::{PrivateSink, PrivateUpdate};
use crate::stream::update::{LossCause, StreamError};

/// How long the event of an own order may take after the exchange accepted the call.
const EVENT: Duration = Duration::from_secs(5);
/// Own orders that are waited for at once. The comparison finds what becomes of the others.
const EXPECTED: usize = 10_000;

pub(super) struct Shared {
    inner: Mutex<Inner>,
    /// The task has something to do.
    pub(super) changed: Notify,
    /// The task has to end.
    pub(super) over: Notify,
    client: Option<Client>,
}

pub(super) struct Inner {
    pub(super) engine: Engine,
    queue: Queue,
    waker: Option<Waker>,
    error: Option<StreamError>,
    /// The stream was dropped or closed.
    is_closed: bool,
    is_running: bool,
    /// Own orders whose event has to come.
    expected: VecDeque<Expected>,
    /// Why there is no connection.
    disconnected: Option<Outage>,
    /// Why the account is not read.
    unread: Option<Outage>,
}

struct Expected {
    /// `None` if it is not known which order it is.
    order_id: Option<String>,
    /// When the call was sent. The event can come before its response.
    since: Instant,
    until: Instant,
}

impl Shared {
    /// Without a client, no own orders are expected.
    pub(super) fn new(engine: Engine, capacity: usize, client: Option<Client>) -> Self {
        Self {
            inner: Mutex::new(Inner {
                engine,
                queue: Queue::new(capacity),
                waker: None,
                error: None,
                is_closed: false,
                is_running: false,
                expected: VecDeque::new(),
                disconnected: None,
                unread: None,
            }),
            changed: Notify::new(),
            over: Notify::new(),
            client,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the engine, hands over what the stream yields, and wakes its reader.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Engine, &mut Vec<AccountUpdate>) -> T) -> T {
        let mut updates = Vec::new();
        let mut inner = self.lock();
        let result = change(&mut inner.engine, &mut updates);
        let waker = inner.hand_over(updates);
        drop(inner);
        if let Some(waker) = waker {
            waker.wake();
        }
        result
    }

    /// Begins to read the account, if that is what has to be done now. While the program reads too slowly, it is not.
    pub(super) fn begin_reading(&self) -> Option<Reading> {
        let mut inner = self.lock();
        if inner.queue.is_full_of_records() {
            inner.engine.wait_for_reader();
        }
        inner.engine.begin_reading()
    }

    /// Records that a comparison found no difference.
    pub(super) fn set_compared(&self, reading: Reading) {
        let mut inner = self.lock();
        if let Some(verified) = inner.engine.set_compared(reading) {
            inner.queue.push_verified(verified);
        }
    }

    /// Ends the stream for good, after what waits.
    pub(super) fn end(&self, error: StreamError) {
        tracing::warn!(%error, "the stream of an account ended");
        let mut inner = self.lock();
        let lost = inner.engine.lost(LossCause::Disconnected, Duration::ZERO);
        inner.queue.extend(lost);
        inner.error.get_or_insert(error);
        let waker = inner.waker.take();
        drop(inner);
        self.over.notify_one();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Takes the next update; registers the waker if there is none.
    pub(super) fn pop(&self, waker: &Waker) -> Popped {
        let mut inner = self.lock();
        let popped = inner.queue.pop();
        let resumes = inner.queue.is_empty() && inner.engine.is_discarding();
        if resumes {
            inner.engine.resume();
        }
        let popped = match popped {
            Some(entry) => Popped::Entry(entry),
            None => match inner.error.clone() {
                Some(error) => Popped::Ended(Some(error)),
                None if inner.is_closed => Popped::Ended(None),
                None => {
                    match &mut inner.waker {
                        Some(own) => own.clone_from(waker),
                        own => *own = Some(waker.clone()),
                    }
                    Popped::Nothing {
                        is_running: inner.is_running,
                    }
                }
            },
        };
        drop(inner);
        if resumes {
            self.changed.notify_one();
        }
        popped
    }

    /// Lets the task end, and the connection with it.
    pub(super) fn close(&self) {
        let mut inner = self.lock();
        inner.is_closed = true;
        let waker = inner.waker.take();
        drop(inner);
        self.over.notify_one();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Marks the task as running, unless it runs or the stream is over.
    pub(super) fn start(self: &Arc<Self>) -> Option<Running> {
        let mut inner = self.lock();
        if inner.is_running || inner.is_closed || inner.error.is_some() {
            return None;
        }
        inner.is_running = true;
        drop(inner);
        Some(Running(Arc::clone(self)))
    }

    /// The open orders; `None` while they are not known.
    pub(super) fn orders(&self) -> Option<Vec<Order>> {
        let inner = self.lock();
        inner.engine.is_complete().then(|| inner.engine.open_orders())
    }

    pub(super) fn unresolved(&self) -> Option<Vec<Order>> {
        let inner = self.lock();
        inner.engine.is_complete().then(|| inner.engine.unresolved())
    }

    pub(super) fn positions(&self) -> Option<Vec<Position>> {
        let inner = self.lock();
        inner.engine.is_complete().then(|| inner.engine.positions())
    }

    /// Why the account is not known now.
    pub(super) fn outage(&self) -> Option<Outage> {
        let inner = self.lock();
        if inner.is_closed || inner.error.is_some() {
            return None;
        }
        inner.disconnected.clone().or_else(|| inner.unread.clone())
    }

    /// Records why the account could not be read; `None` when it was.
    pub(super) fn set_unread(&self, unread: Option<Outage>) {
        self.lock().unread = unread;
    }

    /// The account of the stream, as far as it is known.
    pub(super) fn account_name(&self) -> Option<String> {
        let session = self.client.as_ref()?.source().current()?;
        Some(session.account_name())
    }

    /// Expects an event of an order, whose call was sent at this time.
    pub(super) fn expect(&self, order: &OwnOrder, since: Instant, now: Instant) {
        let mut inner = self.lock();
        if !inner.engine.is_complete() || inner.expected.len() >= EXPECTED {
            return;
        }
        let order_id = match order {
            OwnOrder::Id(id) => Some(id.clone()),
            OwnOrder::ClientId(client_id) => inner.engine.id_of(client_id),
            OwnOrder::Unknown => None,
        };
        if order_id
            .as_deref()
            .is_some_and(|id| inner.engine.has_event_since(id, since))
        {
            return;
        }
        inner.expected.push_back(Expected {
            order_id,
            since,
            until: now + EVENT,
        });
        drop(inner);
        self.changed.notify_one();
    }

    /// When the next expected event is overdue.
    pub(super) fn next_overdue(&self) -> Option<Instant> {
        self.lock().expected.front().map(|expected| expected.until)
    }

    /// Forgets the expected events whose time is over, and returns whether one of them has not come.
    pub(super) fn take_overdue(&self, now: Instant) -> bool {
        let mut inner = self.lock();
        let mut is_overdue = false;
        while inner
            .expected
            .front()
            .is_some_and(|expected| expected.until <= now)
            && let Some(expected) = inner.expected.pop_front()
        {
            let has_come = expected
                .order_id
                .is_some_and(|id| inner.engine.has_event_since(&id, expected.since));
            is_overdue |= !has_come;
        }
        is_overdue && inner.engine.is_complete()
    }
}

impl Inner {
    /// Hands over what the stream yields. Returns its reader, to be woken.
    fn hand_over(&mut self, updates: Vec<AccountUpdate>) -> Option<Waker> {
        if updates.is_empty() {
            return None;
        }
        note(&updates);
        self.queue.extend(updates);
        self.waker.take()
    }
}

/// Records losses and reconciliations.
fn note(updates: &[AccountUpdate]) {
    for update in updates {
        match update {
            AccountUpdate::Lost(lost) => {
                tracing::debug!(cause = lost.cause().as_str(), "the account is not known any more");
                #[cfg(feature = "metrics")]
                metrics::counter!("paradex_account_losses_total", "cause" => lost.cause().as_str())
                    .increment(1);
            }
            AccountUpdate::Reconciled(reconciliation) => {
                tracing::debug!(
                    orders = reconciliation.orders.len(),
                    closed_meanwhile = reconciliation.closed_meanwhile.len(),
                    fills_found = reconciliation.fills_found.len(),
                    unresolved = reconciliation.unresolved.orders.len(),
                    "the account was reconciled"
                );
                #[cfg(feature = "metrics")]
                metrics::counter!("paradex_account_reconciliations_total").increment(1);
            }
            _ => {}
        }
    }
}

/// What the reader of the stream finds.
pub(super) enum Popped {
    Entry(Entry),
    Nothing { is_running: bool },
    Ended(Option<StreamError>),
}

impl PrivateSink for Shared {
    fn outage(&self, outage: Option<Outage>) {
        self.lock().disconnected = outage;
    }

    fn update(&self, update: PrivateUpdate) {
        match update {
            PrivateUpdate::Ready(ready) => {
                self.change(|engine, _| engine.ready(ready));
                self.changed.notify_one();
            }
            PrivateUpdate::Lost(cause, age) => {
                self.change(|engine, updates| updates.extend(engine.lost(cause, age)));
            }
            // The runtime of the connection ended, and so does the task, which is started again when the stream is read.
            PrivateUpdate::End(StreamError::NoRuntime) => {
                self.change(|engine, updates| {
                    updates.extend(engine.lost(LossCause::Disconnected, Duration::ZERO));
                });
            }
            PrivateUpdate::End(error) => self.end(error),
            PrivateUpdate::Event(event) => {
                let mut inner = self.lock();
                let was_complete = inner.engine.is_complete();
                if inner.engine.is_discarding() {
                    inner.queue.count_dropped();
                }
                let mut updates = Vec::new();
                match was_complete && inner.queue.is_full() {
                    true => updates.extend(inner.engine.discard()),
                    false => inner.engine.event(event, Instant::now(), &mut updates),
                }
                let is_lost = was_complete && !inner.engine.is_complete();
                let waker = inner.hand_over(updates);
                drop(inner);
                if let Some(waker) = waker {
                    waker.wake();
                }
                if is_lost {
                    self.changed.notify_one();
                }
            }
        }
    }
}

/// Says that the task runs, until it is dropped with it.
pub(super) struct Running(pub(super) Arc<Shared>);

impl Drop for Running {
    fn drop(&mut self) {
        let mut inner = self.0.lock();
        inner.is_running = false;
        (inner.disconnected, inner.unread) = (None, None);
        drop(inner);
        // The reader starts it again, if its runtime ended.
        self.0
            .change(|engine, updates| updates.extend(engine.lost(LossCause::Disconnected, Duration::ZERO)));
        let waker = self.0.lock().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
