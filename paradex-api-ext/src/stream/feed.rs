//! Feeds: streams of items that say what was lost.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use futures_core::Stream;

use super::hub::{Subscriber, Subscription};
use super::item::{FromItem, Item};
use super::market::Market;
use super::outage::Outage;
use super::queue::Queue;
use super::update::{Live, Lost, StreamError, Update};

/// A stream of items of some markets.
///
/// It yields [`Update`]s and ends only after [`close`](Self::close), or when it cannot go on, which [`error`](Self::error) then
/// explains. It reconnects by itself. Dropping it ends its subscriptions, unless other feeds of the group use them.
///
/// [`next`](Self::next) is cancel-safe: a dropped future loses nothing.
#[doc(alias = "subscription")]
#[doc(alias = "reconnect")]
#[must_use = "a feed that is dropped ends its subscription"]
pub struct Feed<T> {
    state: Arc<FeedState<T>>,
    subscriptions: Vec<Subscription>,
    error: Option<StreamError>,
}

/// What the connection's task and the reader of the feed share.
pub(super) struct FeedState<T>(Mutex<Inner<T>>);

struct Inner<T> {
    queue: Queue<T>,
    /// The channels that have not ended.
    channels: usize,
    waker: Option<Waker>,
}

impl<T> FeedState<T> {
    pub(super) fn new(queue: Queue<T>, channels: usize) -> Self {
        Self(Mutex::new(Inner {
            queue,
            channels,
            waker: None,
        }))
    }

    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Queue<T>)) {
        self.change_inner(|inner| change(&mut inner.queue));
    }

    fn change_inner(&self, change: impl FnOnce(&mut Inner<T>)) {
        change_and_wake(self.lock(), |inner| {
            change(inner);
            inner.waker.take()
        });
    }
}

/// Makes a change, and wakes the reader that it returns after the lock is released.
pub(super) fn change_and_wake<T>(
    mut locked: MutexGuard<'_, T>,
    change: impl FnOnce(&mut T) -> Option<Waker>,
) {
    let waker = change(&mut locked);
    drop(locked);
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl<T: FromItem> Subscriber for FeedState<T> {
    fn item(&self, market: &Market, item: &Item) {
        if let Some(item) = T::from_item(item) {
            self.change(|queue| queue.push_item(market.clone(), item));
        }
    }

    fn book_changed(&self) {}

    fn lost(&self, lost: Lost) {
        self.change(|queue| queue.push_lost(lost));
    }

    fn live(&self, live: Live) {
        self.change(|queue| queue.push_live(live));
    }

    fn end(&self, error: StreamError) {
        self.change_inner(|inner| {
            inner.channels = inner.channels.saturating_sub(1);
            // One silent market, which was told as lost, does not end a feed of several.
            if inner.channels == 0 || !matches!(error, StreamError::Silent { .. }) {
                inner.queue.end(error);
            }
        });
    }

    fn wake(&self) {
        self.change(|_| {});
    }
}

impl<T> Feed<T> {
    pub(super) fn new(state: Arc<FeedState<T>>, subscriptions: Vec<Subscription>) -> Self {
        Self {
            state,
            subscriptions,
            error: None,
        }
    }

    /// A feed that has ended with an error.
    pub(super) fn failed(state: Arc<FeedState<T>>, error: StreamError) -> Self {
        Self {
            state,
            subscriptions: Vec::new(),
            error: Some(error),
        }
    }

    /// Waits for the next update. It returns `None` when the feed has ended.
    pub async fn next(&mut self) -> Option<Update<T>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Returns why the feed ended; `None` while it runs.
    pub fn error(&self) -> Option<&StreamError> {
        self.error.as_ref()
    }

    /// Returns why there is no connection at present; `None` while there is one, and before the first attempt has failed.
    ///
    /// A feed of several markets can have several connections. This is the outage of the first that has one.
    pub fn outage(&self) -> Option<Outage> {
        self.subscriptions.iter().find_map(Subscription::outage)
    }

    /// Ends the feed and its subscriptions. Updates that have arrived can still be read.
    pub fn close(&mut self) {
        self.subscriptions.clear();
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Update<T>>> {
        {
            let mut inner = self.state.lock();
            if let Some(update) = inner.queue.pop() {
                return Poll::Ready(Some(update));
            }
            if self.error.is_none() {
                self.error = inner.queue.error().cloned();
            }
            if self.error.is_none() {
                match &mut inner.waker {
                    Some(waker) => waker.clone_from(context.waker()),
                    waker => *waker = Some(context.waker().clone()),
                }
            }
        }
        if self.error.is_some() || self.subscriptions.is_empty() {
            self.subscriptions.clear();
            return Poll::Ready(None);
        }
        for subscription in &self.subscriptions {
            if let Err(error) = subscription.ensure_running() {
                self.error = Some(error);
                return Poll::Ready(None);
            }
        }
        Poll::Pending
    }
}

impl<T> Stream for Feed<T> {
    type Item = Update<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Update<T>>> {
        self.poll(context)
    }
}

impl<T> fmt::Debug for Feed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed")
            .field("subscriptions", &self.subscriptions)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
