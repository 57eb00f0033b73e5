//! A feed of one order book.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::SystemTime;

use futures_core::Stream;

use super::book::{BookView, OrderBook};
use super::feed::change_and_wake;
use super::hub::{Subscriber, Subscription};
use super::item::Item;
use super::market::Market;
use super::outage::Outage;
use super::shared_book::{Copied, SharedBook};
use super::update::{Live, Lost, StreamError};

/// What a feed of a book yields.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BookUpdate {
    /// The book changed; [`BookFeed::view`] shows it.
    Changed(BookChange),
    /// The book is not known any more, and [`BookFeed::view`] returns `None`.
    Lost(Lost),
    /// The book is complete again, from a new snapshot.
    Live(Live),
}

/// One or more changes of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct BookChange {
    /// The sequence number of the last change.
    pub seq: i64,
    /// How many changes there were since the last update. A program that reads slowly sees several at once, and misses none.
    pub changes: u64,
    /// When the exchange published the last change.
    pub at: SystemTime,
}

/// The order book of one market.
///
/// The exchange sends a snapshot and then each change with a sequence number. If one is missing, the feed says
/// [`BookUpdate::Lost`], [`view`](Self::view) returns `None`, and the feed asks for a new snapshot by itself.
///
/// ```no_run
/// # async fn example(client: paradex_api_ext::Client) {
/// use paradex_api_ext::stream::BookUpdate;
///
/// let mut book = client.stream().book("BTC-USD-PERP");
/// while let Some(update) = book.next().await {
///     match book.view() {
///         Some(view) => println!("{} {:?}", view.seq(), view.best()),
///         None => println!("not known: {update:?}"),
///     }
/// }
/// println!("ended: {:?}", book.error());
/// # }
/// ```
#[doc(alias = "orderbook")]
#[doc(alias = "depth")]
#[must_use = "a feed that is dropped ends its subscription"]
pub struct BookFeed {
    state: Arc<BookState>,
    shared: Arc<SharedBook>,
    pub(super) subscription: Option<Subscription>,
    market: Market,
    pub(super) is_interactive: bool,
    copy: OrderBook,
    copied: Option<Copied>,
    error: Option<StreamError>,
}

/// What the connection's task and the reader of the feed share. Each word is kept once, so it does not grow.
#[derive(Default)]
pub(super) struct BookState(Mutex<Words>);

#[derive(Default)]
struct Words {
    lost: Option<Lost>,
    live: Option<Live>,
    has_changed: bool,
    ended: Option<StreamError>,
    waker: Option<Waker>,
}

impl BookState {
    fn lock(&self) -> MutexGuard<'_, Words> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Words)) {
        change_and_wake(self.lock(), |words| {
            change(words);
            words.waker.take()
        });
    }
}

impl Subscriber for BookState {
    fn item(&self, _: &Market, _: &Item) {}

    fn book_changed(&self) {
        self.change(|words| words.has_changed = true);
    }

    fn lost(&self, lost: Lost) {
        self.change(|words| {
            words.lost.get_or_insert(lost);
            words.live = None;
            words.has_changed = false;
        });
    }

    fn live(&self, live: Live) {
        self.change(|words| words.live = Some(live));
    }

    fn end(&self, error: StreamError) {
        self.change(|words| {
            words.ended.get_or_insert(error);
        });
    }

    fn wake(&self) {
        self.change(|_| {});
    }
}

impl BookFeed {
    pub(super) fn new(
        state: Arc<BookState>,
        shared: Arc<SharedBook>,
        subscription: Option<Subscription>,
        market: Market,
        is_interactive: bool,
        error: Option<StreamError>,
    ) -> Self {
        Self {
            state,
            shared,
            subscription,
            market,
            is_interactive,
            copy: OrderBook::default(),
            copied: None,
            error,
        }
    }

    /// Returns the book as of the last update; `None` while it is not known to be right.
    ///
    /// It is `None` as soon as something is lost, also before the feed has yielded [`BookUpdate::Lost`].
    pub fn view(&self) -> Option<BookView<'_>> {
        let copied = self.copied?;
        self.shared.is_right_since(copied.losses).then_some(BookView {
            book: &self.copy,
            seq: copied.seq,
        })
    }

    /// Returns the market.
    pub fn market(&self) -> &Market {
        &self.market
    }

    /// Waits for the next update. It returns `None` when the feed has ended. A dropped future loses nothing.
    pub async fn next(&mut self) -> Option<BookUpdate> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Returns why the feed ended; `None` while it runs.
    pub fn error(&self) -> Option<&StreamError> {
        self.error.as_ref()
    }

    /// Returns why there is no connection at present; `None` while there is one, and before the first attempt has failed.
    pub fn outage(&self) -> Option<Outage> {
        self.subscription.as_ref()?.outage()
    }

    /// Ends the feed and its subscription.
    pub fn close(&mut self) {
        self.subscription = None;
        self.copied = None;
    }

    pub(super) fn shared(&self) -> &Arc<SharedBook> {
        &self.shared
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<BookUpdate>> {
        if self.subscription.is_some() {
            let mut words = self.state.lock();
            if let Some(lost) = words.lost.take() {
                self.copied = None;
                return Poll::Ready(Some(BookUpdate::Lost(lost)));
            }
            if words.live.is_some() {
                // If it was lost again, that word follows.
                if let Some(copied) = self.shared.copy_into(&mut self.copy) {
                    self.copied = Some(copied);
                    words.has_changed = false;
                    if let Some(live) = words.live.take() {
                        return Poll::Ready(Some(BookUpdate::Live(live)));
                    }
                }
            } else if std::mem::take(&mut words.has_changed)
                && let Some(before) = self.copied
                && let Some(copied) = self.shared.copy_into(&mut self.copy)
            {
                self.copied = Some(copied);
                let changes = copied.deltas.saturating_sub(before.deltas);
                // It may have been copied together with the word before.
                if changes > 0 {
                    return Poll::Ready(Some(BookUpdate::Changed(BookChange {
                        seq: copied.seq,
                        changes,
                        at: copied.at,
                    })));
                }
            }
            if self.error.is_none() {
                self.error.clone_from(&words.ended);
            }
            if self.error.is_none() {
                words.waker = Some(context.waker().clone());
            }
        }
        let Some(subscription) = self.subscription.as_ref().filter(|_| self.error.is_none()) else {
            self.close();
            return Poll::Ready(None);
        };
        match subscription.ensure_running() {
            Ok(()) => Poll::Pending,
            Err(error) => {
                self.error = Some(error);
                Poll::Ready(None)
            }
        }
    }
}

impl Stream for BookFeed {
    type Item = BookUpdate;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<BookUpdate>> {
        self.poll(context)
    }
}

impl fmt::Debug for BookFeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BookFeed")
            .field("market", &self.market)
            .field("is_interactive", &self.is_interactive)
            .field("seq", &self.view().map(|view| view.seq()))
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
