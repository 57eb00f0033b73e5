//! Reading a list by item.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;

use super::pages::Pages;
use crate::error::{Error, InvalidInput};

/// Reads a list by item, as a [`Stream`] or with [`next`](Self::next).
///
/// ```
/// use futures_util::{StreamExt, TryStreamExt};
/// use paradex_api_ext::pagination::Paged;
/// # use paradex_api_ext::Client;
/// # use paradex_api_ext::simulator::Simulator;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let exchange = Simulator::start().await?;
/// # let client = Client::builder(paradex_api_ext::Environment::custom(exchange.url())?).build()?;
/// // The list of trades goes far back, so this takes the newest.
/// let trades = client.api().list_trades().market("BTC-USD-PERP").items().take(500);
/// let prices: Vec<_> = trades.map_ok(|trade| trade.price).try_collect().await?;
/// # let _ = prices;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is fetched before it is polled"]
pub struct Items<'a, T> {
    pages: Pages<'a, T>,
    page: vec::IntoIter<T>,
    /// The cursor of `page`.
    cursor: Option<String>,
}

impl<'a, T> Items<'a, T> {
    pub(super) fn new(pages: Pages<'a, T>) -> Self {
        Self {
            pages,
            page: Vec::new().into_iter(),
            cursor: None,
        }
    }

    /// Starts at this cursor; see [`Pages::from_cursor`].
    pub fn from_cursor(self, cursor: impl Into<String>) -> Self {
        self.pages.from_cursor(cursor).items()
    }

    /// Sets the number of items in a page, from the next page on; see [`Pages::page_size`].
    ///
    /// # Errors
    ///
    /// The size is 0, or more than the exchange allows for this list. Nothing is sent.
    pub fn page_size(mut self, items: u32) -> Result<Self, InvalidInput> {
        self.pages = self.pages.page_size(items)?;
        Ok(self)
    }

    /// Returns the next item, or `None` after the last item or an error.
    ///
    /// It is cancel safe: if the future is dropped, for example by `select!`, no item is lost.
    ///
    /// # Errors
    ///
    /// As for [`Pages::next`].
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Collects the remaining items, at most `limit`.
    ///
    /// No page is fetched after the one that reaches the limit.
    ///
    /// # Errors
    ///
    /// As for [`Pages::next`]. The items that were read before the error are dropped; use [`next`](Self::next) to keep
    /// them.
    pub async fn all(mut self, limit: usize) -> Result<Collected<T>, Error> {
        let mut items = Vec::new();
        while items.len() < limit
            && let Some(item) = self.next().await
        {
            items.push(item?);
        }
        Ok(Collected {
            items,
            complete: self.is_complete(),
        })
    }

    /// Returns the cursor to resume from: that of the page with the next item, or `None` for the first page.
    ///
    /// If you resume in the middle of a page, the items of that page that were already returned are returned again. After a failed
    /// call, no item is repeated.
    pub fn cursor(&self) -> Option<&str> {
        match self.page.as_slice() {
            [] => self.pages.cursor(),
            _ => self.cursor.as_deref(),
        }
    }

    /// Returns whether the last item of the list was returned. It is false after an error.
    pub fn is_complete(&self) -> bool {
        self.page.as_slice().is_empty() && self.pages.is_complete()
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll(context)) {
                Some(Ok(page)) => {
                    self.cursor = page.cursor;
                    self.page = page.items.into_iter();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> Unpin for Items<'_, T> {}

impl<T> Stream for Items<'_, T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<T> fmt::Debug for Items<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("left_on_page", &self.page.len())
            .finish()
    }
}

/// Holds the items of a list, up to a limit.
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
/// let trades = client.api().list_trades().market("BTC-USD-PERP").all(500).await?;
/// if trades.is_complete() {
///     println!("all {} trades", trades.items().len());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Collected<T> {
    items: Vec<T>,
    complete: bool,
}

impl<T> Collected<T> {
    /// Returns the items, in the order of the list.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Returns the items, by value.
    pub fn into_items(self) -> Vec<T> {
        self.items
    }

    /// Returns whether this is the whole list.
    ///
    /// If not, the limit was reached: there are more items, or a next page that was not fetched and may be empty.
    pub fn is_complete(&self) -> bool {
        self.complete
    }
}
