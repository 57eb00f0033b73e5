//! Reading a list by page.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use paradex_api::wire::{Undecoded, Wire};
use paradex_api::{Operation, Paging, RawResponse};
use serde_json::Value;

use super::items::{Collected, Items};
use super::listing::elements_of;
use super::walk::{Stage, Walk};
use crate::error::{DecodeError, Error, InvalidInput};

/// Reads a list by page, as a [`Stream`] or with [`next`](Self::next).
///
/// ```
/// use std::time::{SystemTime, UNIX_EPOCH};
///
/// use paradex_api_ext::pagination::Paged;
/// # use paradex_api_ext::Client;
/// # use paradex_api_ext::simulator::Simulator;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let exchange = Simulator::start().await?;
/// # let client = Client::builder(paradex_api_ext::Environment::custom(exchange.url())?).build()?;
/// # let stored = String::new();
/// // The list of trades goes far back, so this reads those of the last minute, in milliseconds.
/// let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
/// let trades = client.api().list_trades().market("BTC-USD-PERP").start_at(now - 60_000);
/// let mut pages = trades.pages().page_size(1_000)?.from_cursor(stored);
/// while let Some(page) = pages.next().await {
///     println!("{} trades", page?.items().len());
///     // Store this to resume from here another day.
///     println!("{:?}", pages.cursor());
/// }
/// # Ok(())
/// # }
/// ```
#[doc(alias = "cursor")]
#[doc(alias = "paginate")]
#[must_use = "nothing is fetched before it is polled"]
pub struct Pages<'a, T> {
    operation: &'static Operation,
    fetch: Fetch<'a, T>,
    page_size: Option<u32>,
    walk: Walk,
    fetching: Option<Fetching<'a, T>>,
    /// Returned after the last page that arrived.
    failure: Option<Error>,
}

impl<'a, T> Pages<'a, T> {
    pub(super) fn new(
        operation: &'static Operation,
        fetch: impl Fn(Option<&str>, Option<u32>) -> Fetching<'a, T> + Send + Sync + 'a,
    ) -> Self {
        Self {
            operation,
            fetch: Box::new(fetch),
            page_size: None,
            walk: Walk::start(None),
            fetching: None,
            failure: None,
        }
    }

    /// Starts at this cursor, which [`cursor`](Self::cursor) returned for a list with the same filters.
    ///
    /// An empty text means the first page. A stream that has begun starts again. Use this instead of the `cursor` of the
    /// call itself, which the stream cannot see.
    pub fn from_cursor(mut self, cursor: impl Into<String>) -> Self {
        self.walk = Walk::start(Some(cursor.into()));
        (self.fetching, self.failure) = (None, None);
        self
    }

    /// Sets the number of items in a page, from the next page on.
    ///
    /// The `page_size` of the call itself does the same without this check.
    ///
    /// ```
    /// use paradex_api_ext::{Client, Environment};
    /// use paradex_api_ext::pagination::Paged;
    ///
    /// let client = Client::builder(Environment::Testnet).build()?;
    /// let trades = client.api().list_trades().market("BTC-USD-PERP").pages();
    /// let error = trades.page_size(5_000).err().ok_or("it was accepted")?;
    /// assert_eq!(
    ///     error.to_string(),
    ///     "page_size `5000` is refused: a page of list_trades (GET /v1/trades) has 1 to 1000 items; \
    ///      choose a size in this range"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The size is 0, or more than the exchange allows for this list. Nothing is sent.
    pub fn page_size(mut self, items: u32) -> Result<Self, InvalidInput> {
        let largest = match self.operation.paging {
            Paging::Cursor {
                max_page_size: Some(largest),
            } => largest,
            _ => u32::MAX,
        };
        if !(1..=largest).contains(&items) {
            let rule = match largest {
                u32::MAX => format!("a page of {} has at least 1 item", self.operation),
                _ => format!("a page of {} has 1 to {largest} items", self.operation),
            };
            let remedy = "choose a size in this range";
            return Err(InvalidInput::new("page_size", items, rule, remedy));
        }
        self.page_size = Some(items);
        Ok(self)
    }

    /// Returns a stream of the items of these pages.
    pub fn items(self) -> Items<'a, T> {
        Items::new(self)
    }

    /// Collects at most `limit` items; see [`Items::all`].
    ///
    /// # Errors
    ///
    /// As for [`Items::all`].
    pub async fn all(self, limit: usize) -> Result<Collected<T>, Error> {
        self.items().all(limit).await
    }

    /// Returns the next page, or `None` after the last page or an error.
    ///
    /// It is cancel safe: if the future is dropped, for example by `select!`, the next one continues the same call.
    ///
    /// # Errors
    ///
    /// The call failed, or its response is not a page; [`cursor`](Self::cursor) is then that of the failed page.
    /// [`Error::Decode`] also reports a list that does not end: the cursor is then that of the last page, or after 100
    /// empty pages in a row that of the page after them.
    pub async fn next(&mut self) -> Option<Result<Page<T>, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Returns the cursor to resume from: that of the next page, or `None` for the first page.
    ///
    /// At the end it stays at the last page, so that resuming from it later finds items that were added.
    pub fn cursor(&self) -> Option<&str> {
        self.walk.cursor.as_deref()
    }

    /// Returns whether the last page of the list was read. It is false after an error.
    pub fn is_complete(&self) -> bool {
        self.walk.stage == Stage::Complete
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<T>, Error>>> {
        if let Some(error) = self.failure.take() {
            return Poll::Ready(Some(Err(error)));
        }
        if self.walk.stage != Stage::InProgress {
            return Poll::Ready(None);
        }
        let fetching = self
            .fetching
            .get_or_insert_with(|| (self.fetch)(self.walk.cursor.as_deref(), self.page_size));
        let fetched = ready!(fetching.as_mut().poll(context));
        self.fetching = None;
        Poll::Ready(Some(match fetched {
            Ok(fetched) => Ok(self.arrived(fetched)),
            Err(error) => {
                self.walk.stage = Stage::Failed;
                Err(error)
            }
        }))
    }

    /// Advances. A page whose next cursor is an error is still returned, and the error after it.
    fn arrived(&mut self, fetched: Fetched<T>) -> Page<T> {
        let Fetched { items, next, raw } = fetched;
        let page = Page {
            cursor: self.walk.cursor.clone(),
            next: next.clone(),
            items,
        };
        if let Err(what) = self.walk.arrived(next, page.items.is_empty()) {
            self.failure = Some(DecodeError::content(self.operation, raw, what).into());
        }
        page
    }
}

impl<T> Unpin for Pages<'_, T> {}

impl<T> Stream for Pages<'_, T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<T> fmt::Debug for Pages<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &self.operation.id)
            .field("page_size", &self.page_size)
            .field("has_cursor", &self.walk.cursor.is_some())
            .field("stage", &self.walk.stage)
            .finish_non_exhaustive()
    }
}

/// Holds one page of a list.
///
/// ```
/// use paradex_api_ext::pagination::Paged;
/// # use paradex_api_ext::Client;
/// # use paradex_api_ext::simulator::Simulator;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let exchange = Simulator::start().await?;
/// # let client = Client::builder(paradex_api_ext::Environment::custom(exchange.url())?).build()?;
/// let mut pages = client.api().list_trades().market("BTC-USD-PERP").pages();
/// if let Some(page) = pages.next().await {
///     let page = page?;
///     println!("{} trades, next page: {:?}", page.items().len(), page.next_cursor());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) cursor: Option<String>,
    next: Option<String>,
}

impl<T> Page<T> {
    /// Returns the items. There may be none, even if more pages follow.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Returns the items, by value.
    pub fn into_items(self) -> Vec<T> {
        self.items
    }

    /// Returns the cursor of this page, or `None` for the first page of a list.
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// Returns the cursor of the next page, or `None` on the last page.
    pub fn next_cursor(&self) -> Option<&str> {
        self.next.as_deref()
    }
}

pub(super) type Fetching<'a, T> = Pin<Box<dyn Future<Output = Result<Fetched<T>, Error>> + Send + 'a>>;
type Fetch<'a, T> = Box<dyn Fn(Option<&str>, Option<u32>) -> Fetching<'a, T> + Send + Sync + 'a>;

/// A page as it arrived.
pub(super) struct Fetched<T> {
    items: Vec<T>,
    next: Option<String>,
    raw: RawResponse,
}

impl<T: Wire> Fetched<T> {
    pub(super) fn new(
        operation: &'static Operation,
        results: Vec<T>,
        next: Option<String>,
        undecoded: &Undecoded,
        raw: RawResponse,
    ) -> Result<Self, Error> {
        // Treating it as missing would end the list too early.
        if undecoded.get("next").is_some_and(|next| *next != Value::Null) {
            return Err(DecodeError::content(operation, raw, "its `next` is not a cursor").into());
        }
        Ok(Self {
            items: elements_of(operation, results, undecoded, raw.clone())?,
            next: next.filter(|next| !next.is_empty()),
            raw,
        })
    }
}
