//! Lists that come in pages: read one page after the other, by page or by item.

use std::collections::HashSet;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use paradex_api::wire::{Undecoded, Wire};
use paradex_api::{Operation, Paging, RawResponse, builder, operations, types};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::access::tokens::elements;
use crate::error::{DecodeError, Error, InvalidInput};

/// Reads a paged list to its end: every call of the raw client that takes a cursor can do this.
///
/// ```
/// use paradex_api_ext::pagination::Paged;
/// # use paradex_api_ext::simulator::Simulator;
/// # use paradex_api_ext::{Client, Credentials, Environment};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let exchange = Simulator::start().await?;
/// # let environment = Environment::custom(exchange.url())?;
/// # let credentials = Credentials::bearer(environment.clone(), exchange.main_session())?;
/// # let client = Client::builder(environment).credentials(credentials).build()?;
/// let mut fills = client.api().list_fills().market("BTC-USD-PERP").items();
/// while let Some(fill) = fills.next().await {
///     println!("{:?}", fill?.price);
/// }
///
/// // Or all at once, and never more than this.
/// let fills = client.api().list_fills().all(10_000).await?;
/// if !fills.is_complete() {
///     eprintln!("these are the first {}", fills.items().len());
/// }
/// # Ok(())
/// # }
/// ```
///
/// # What holds for every walk
///
/// * A page is asked for when it is wanted, and one at a time. Dropping the walk ends the call that is on its way.
/// * It ends at the page that names no further one. An empty page is no end.
/// * It does not go in circles: a cursor that was followed before is an error, and so are 100 empty pages in a row.
/// * An error ends it, and leaves the cursor from which another one can go on.
///
/// Pages come as the exchange makes them. What is added or removed meanwhile may be missing or come twice; no
/// document says.
///
/// # Across tasks
///
/// A walk borrows the client and can be sent. A task owns a clone of the client, and makes the walk inside:
///
/// ```no_run
/// use paradex_api_ext::Client;
/// use paradex_api_ext::pagination::Paged;
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let task = tokio::spawn(async move { client.api().list_transfers().all(1_000).await });
/// println!("{} transfers", task.await??.items().len());
/// # Ok(())
/// # }
/// ```
pub trait Paged<'a>: sealed::Sealed + Sized {
    /// What is listed.
    type Item: Send;

    /// The operation, which knows the largest page.
    const OPERATION: &'static Operation;

    /// Reads it by page.
    fn pages(self) -> Pages<'a, Self::Item>;

    /// Reads it by item.
    fn items(self) -> Items<'a, Self::Item> {
        self.pages().items()
    }

    /// Reads at most so many items into one list; see [`Items::all`].
    ///
    /// # Errors
    ///
    /// As for [`Items::all`].
    fn all(self, limit: usize) -> impl Future<Output = Result<Collected<Self::Item>, Error>> + Send {
        self.items().all(limit)
    }
}

mod sealed {
    pub trait Sealed {}
}

/// The paged operations. A test holds this list against the table of all operations.
macro_rules! paged {
    ($($call:ident: $operation:ident, [$item:ident];)*) => {$(
        impl sealed::Sealed for builder::$call<'_> {}

        impl<'a> Paged<'a> for builder::$call<'a> {
            type Item = types::$item;

            const OPERATION: &'static Operation = &operations::$operation;

            fn pages(self) -> Pages<'a, Self::Item> {
                Pages::new(Self::OPERATION, move |cursor, size| {
                    let mut call = self.clone();
                    if let Some(cursor) = cursor {
                        call = call.cursor(cursor);
                    }
                    if let Some(size) = size {
                        call = call.page_size(size.into());
                    }
                    Box::pin(async move {
                        let (mut page, raw) = call.send().await?.into_parts();
                        let (results, next) = (std::mem::take(&mut page.results), page.next.take());
                        Fetched::new(Self::OPERATION, results, next, page.undecoded(), raw)
                    })
                })
            }
        }
    )*};
}

paged! {
    ListAlgoOrdersHistory: LIST_ALGO_ORDERS_HISTORY, [AlgoOrder];
    ListAnnouncements: LIST_ANNOUNCEMENTS, [Announcement];
    ListFills: LIST_FILLS, [Fill];
    ListFundingData: LIST_FUNDING_DATA, [FundingData];
    ListFundingPayments: LIST_FUNDING_PAYMENTS, [FundingPayment];
    ListOrdersHistory: LIST_ORDERS_HISTORY, [Order];
    ListPublicXpTransfers: LIST_PUBLIC_XP_TRANSFERS, [XpTransfer];
    ListRfqs: LIST_RFQS, [Rfq];
    ListTradebusts: LIST_TRADEBUSTS, [Tradebust];
    ListTrades: LIST_TRADES, [Trade];
    ListTransactions: LIST_TRANSACTIONS, [Transaction];
    ListTransfers: LIST_TRANSFERS, [Transfer];
    ListXpTransfers: LIST_XP_TRANSFERS, [XpTransfer];
}

/// A page as it arrived.
struct Fetched<T> {
    items: Vec<T>,
    next: Option<String>,
    raw: RawResponse,
}

impl<T: Wire> Fetched<T> {
    fn new(
        operation: &'static Operation,
        results: Vec<T>,
        next: Option<String>,
        undecoded: &Undecoded,
        raw: RawResponse,
    ) -> Result<Self, Error> {
        // To take it for no cursor would end the list in the middle.
        if undecoded.get("next").is_some_and(|next| *next != Value::Null) {
            return Err(DecodeError::content(operation, raw, "its `next` is no cursor").into());
        }
        Ok(Self {
            items: elements(operation, results, undecoded, raw.clone())?,
            next: next.filter(|next| !next.is_empty()),
            raw,
        })
    }
}

type Fetching<'a, T> = Pin<Box<dyn Future<Output = Result<Fetched<T>, Error>> + Send + 'a>>;
type Fetch<'a, T> = Box<dyn Fn(Option<&str>, Option<u32>) -> Fetching<'a, T> + Send + Sync + 'a>;

/// A list that is read by page, as a [`Stream`] or with [`next`](Self::next).
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
/// # let stored = String::new();
/// let mut pages = client.api().list_trades().market("BTC-USD-PERP").pages().page_size(1_000)?.from_cursor(stored);
/// while let Some(page) = pages.next().await {
///     println!("{} trades", page?.items().len());
///     // What is needed to go on from here another day.
///     println!("{:?}", pages.cursor());
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is fetched before it is polled"]
pub struct Pages<'a, T> {
    operation: &'static Operation,
    fetch: Fetch<'a, T>,
    page_size: Option<u32>,
    walk: Walk,
    fetching: Option<Fetching<'a, T>>,
    /// What comes after the page that was given last.
    failure: Option<Error>,
}

impl<'a, T> Pages<'a, T> {
    fn new(
        operation: &'static Operation,
        fetch: impl Fn(Option<&str>, Option<u32>) -> Fetching<'a, T> + Send + Sync + 'a,
    ) -> Self {
        Self {
            operation,
            fetch: Box::new(fetch),
            page_size: None,
            walk: Walk::from(None),
            fetching: None,
            failure: None,
        }
    }

    /// Starts at the page of this cursor: one that [`cursor`](Self::cursor) gave, from a walk with the same filters. An
    /// empty text is the beginning.
    ///
    /// A walk that is under way starts anew. Use this and not the `cursor` of the call itself, which the walk cannot see.
    pub fn from_cursor(mut self, cursor: impl Into<String>) -> Self {
        self.walk = Walk::from(Some(cursor.into()));
        (self.fetching, self.failure) = (None, None);
        self
    }

    /// Asks for so many items a page, from the next page on.
    ///
    /// The `page_size` of the call itself does the same, and is not checked here.
    ///
    /// ```
    /// use paradex_api_ext::{Client, Environment};
    /// use paradex_api_ext::pagination::Paged;
    ///
    /// let client = Client::builder(Environment::Testnet).build()?;
    /// let trades = client.api().list_trades().market("BTC-USD-PERP").pages();
    /// let error = trades.page_size(5_000).err().ok_or("it was taken")?;
    /// assert_eq!(
    ///     error.to_string(),
    ///     "page_size `5000` is refused: a page of list_trades (GET /v1/trades) holds 1 to 1000; \
    ///      choose a size within"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// It is 0, or more than the exchange allows for this list. Nothing is sent.
    pub fn page_size(mut self, items: u32) -> Result<Self, InvalidInput> {
        let largest = match self.operation.paging {
            Paging::Cursor {
                max_page_size: Some(largest),
            } => largest,
            _ => u32::MAX,
        };
        if !(1..=largest).contains(&items) {
            let rule = match largest {
                u32::MAX => format!("a page of {} holds at least 1", self.operation),
                _ => format!("a page of {} holds 1 to {largest}", self.operation),
            };
            return Err(InvalidInput::new(
                "page_size",
                items,
                rule,
                "choose a size within",
            ));
        }
        self.page_size = Some(items);
        Ok(self)
    }

    /// Reads it by item instead.
    pub fn items(self) -> Items<'a, T> {
        Items {
            pages: self,
            page: Vec::new().into_iter(),
            cursor: None,
        }
    }

    /// Reads at most so many items into one list; see [`Items::all`].
    ///
    /// # Errors
    ///
    /// As for [`Items::all`].
    pub async fn all(self, limit: usize) -> Result<Collected<T>, Error> {
        self.items().all(limit).await
    }

    /// The next page; nothing after the last one, and nothing after an error.
    ///
    /// The future can be dropped, for example by `select!`, and the next one goes on with the same call.
    ///
    /// # Errors
    ///
    /// The call failed, or its answer is no page; [`cursor`](Self::cursor) is then that of the page that failed.
    /// [`Error::Decode`] also says that the list does not end; then it stays at the last page, or after 100 empty ones
    /// in a row at the one that would follow.
    pub async fn next(&mut self) -> Option<Result<Page<T>, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// The cursor from which another walk can go on: that of the page that comes next. Nothing at the beginning.
    ///
    /// At the end it stays at the last page, so that a later walk from it finds what was added there.
    pub fn cursor(&self) -> Option<&str> {
        self.walk.cursor.as_deref()
    }

    /// Whether the last page of the list was read. It is false after an error.
    pub fn is_complete(&self) -> bool {
        self.walk.stage == Stage::Complete
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<T>, Error>>> {
        if let Some(error) = self.failure.take() {
            return Poll::Ready(Some(Err(error)));
        }
        if self.walk.stage != Stage::Going {
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

    /// Moves on. A page that leads nowhere is still given, and the error after it.
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

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    items: Vec<T>,
    cursor: Option<String>,
    next: Option<String>,
}

impl<T> Page<T> {
    /// What is on it. It can be empty, also where more pages follow.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Takes the items out.
    pub fn into_items(self) -> Vec<T> {
        self.items
    }

    /// The cursor by which it was asked for; nothing for the first page of a list.
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// The cursor of the page after it; nothing on the last one.
    pub fn next_cursor(&self) -> Option<&str> {
        self.next.as_deref()
    }
}

/// A list that is read by item, as a [`Stream`] or with [`next`](Self::next).
///
/// ```
/// use futures_util::TryStreamExt;
/// use paradex_api_ext::pagination::Paged;
/// # use paradex_api_ext::Client;
/// # use paradex_api_ext::simulator::Simulator;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let exchange = Simulator::start().await?;
/// # let client = Client::builder(paradex_api_ext::Environment::custom(exchange.url())?).build()?;
/// let trades = client.api().list_trades().market("BTC-USD-PERP").items();
/// let prices: Vec<_> = trades.map_ok(|trade| trade.price).try_collect().await?;
/// # let _ = prices;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is fetched before it is polled"]
pub struct Items<'a, T> {
    pages: Pages<'a, T>,
    page: vec::IntoIter<T>,
    /// That of `page`.
    cursor: Option<String>,
}

impl<T> Items<'_, T> {
    /// Starts at the page of this cursor; see [`Pages::from_cursor`].
    pub fn from_cursor(self, cursor: impl Into<String>) -> Self {
        self.pages.from_cursor(cursor).items()
    }

    /// Asks for so many items a page, from the next page on; see [`Pages::page_size`].
    ///
    /// # Errors
    ///
    /// It is 0, or more than the exchange allows for this list. Nothing is sent.
    pub fn page_size(mut self, items: u32) -> Result<Self, InvalidInput> {
        self.pages = self.pages.page_size(items)?;
        Ok(self)
    }

    /// The next item; nothing after the last one, and nothing after an error.
    ///
    /// The future can be dropped, for example by `select!`, and no item is lost.
    ///
    /// # Errors
    ///
    /// As for [`Pages::next`].
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Reads what is left into one list, and stops at this many items.
    ///
    /// No page is fetched beyond the one that reaches the limit.
    ///
    /// # Errors
    ///
    /// As for [`Pages::next`]. What was read before is lost; [`next`](Self::next) keeps it.
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

    /// The cursor from which another walk can go on: that of the page which the next item is on, so items of that page
    /// which were given already come again. Nothing on the first page.
    ///
    /// After a call that failed nothing comes again.
    pub fn cursor(&self) -> Option<&str> {
        match self.page.as_slice() {
            [] => self.pages.cursor(),
            _ => self.cursor.as_deref(),
        }
    }

    /// Whether the last item of the list was given. It is false after an error.
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

/// The items of a list, up to a limit.
#[derive(Debug, Clone)]
pub struct Collected<T> {
    items: Vec<T>,
    complete: bool,
}

impl<T> Collected<T> {
    /// The items, in the order of the list.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Takes the items out.
    pub fn into_items(self) -> Vec<T> {
        self.items
    }

    /// Whether this is the whole list. If not, the limit cut it: there are more items, or a further page that was not
    /// looked at because the limit was reached exactly.
    pub fn is_complete(&self) -> bool {
        self.complete
    }
}

/// How many empty pages in a row are followed.
const MOST_EMPTY: usize = 100;
const REPEATED: &str = "its `next` is a cursor that was followed before, so the list would never end";
const EMPTY: &str = "it is the 100th empty page in a row and names one more, so the list may never end";

/// Where a walk is, and whether it goes on. It knows cursors, and nothing of calls.
struct Walk {
    /// Of the page that comes next; when there is none, of the last one.
    cursor: Option<String>,
    /// Digests of all cursors so far, because a server decides how long a cursor is.
    seen: HashSet<[u8; 32]>,
    empty: usize,
    stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Going,
    Complete,
    Failed,
}

impl Walk {
    fn from(cursor: Option<String>) -> Self {
        let cursor = cursor.filter(|cursor| !cursor.is_empty());
        Self {
            seen: cursor.as_deref().map(digest).into_iter().collect(),
            cursor,
            empty: 0,
            stage: Stage::Going,
        }
    }

    /// Takes note of the page at the cursor, which names the next one, and moves on.
    fn arrived(&mut self, next: Option<String>, is_empty: bool) -> Result<(), &'static str> {
        self.empty = if is_empty { self.empty + 1 } else { 0 };
        let Some(next) = next.filter(|next| !next.is_empty()) else {
            self.stage = Stage::Complete;
            return Ok(());
        };
        if !self.seen.insert(digest(&next)) {
            self.stage = Stage::Failed;
            return Err(REPEATED);
        }
        self.cursor = Some(next);
        if self.empty >= MOST_EMPTY {
            self.stage = Stage::Failed;
            return Err(EMPTY);
        }
        Ok(())
    }
}

fn digest(cursor: &str) -> [u8; 32] {
    Sha256::digest(cursor.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{EMPTY, MOST_EMPTY, REPEATED, Stage, Walk};

    /// A list: every page names another one, or none, and is empty or not.
    type List = Vec<(Option<usize>, bool)>;

    fn lists() -> impl Strategy<Value = List> {
        let wild = (1_usize..20)
            .prop_flat_map(|pages| prop::collection::vec((prop::option::of(0..pages), any::<bool>()), pages));
        // Long ones that end, with a run of empty pages somewhere.
        let long = (1_usize..300, 0_usize..300, 0_usize..150).prop_map(|(pages, from, run)| {
            (0..pages)
                .map(|page| {
                    let next = Some(page + 1).filter(|next| *next < pages);
                    (next, (from..from + run).contains(&page))
                })
                .collect()
        });
        prop_oneof![wild, long]
    }

    fn name(page: usize) -> String {
        format!("page {page}")
    }

    fn number(cursor: &str) -> usize {
        cursor.strip_prefix("page ").unwrap().parse().unwrap()
    }

    /// The pages that were asked for, and how it ended.
    fn walk(list: &List, from: usize) -> (Vec<usize>, Walk, Result<(), &'static str>) {
        let mut walk = Walk::from(Some(name(from)));
        let mut asked = Vec::new();
        loop {
            let page = number(walk.cursor.as_deref().unwrap());
            asked.push(page);
            let (next, is_empty) = list[page];
            let arrived = walk.arrived(next.map(name), is_empty);
            if arrived.is_err() || walk.stage != Stage::Going {
                return (asked, walk, arrived);
            }
        }
    }

    proptest! {
        #[test]
        fn every_page_is_asked_for_once_and_in_order(list in lists()) {
            let (asked, walk, ended) = walk(&list, 0);
            for pair in asked.windows(2) {
                prop_assert_eq!(list[pair[0]].0, Some(pair[1]));
            }
            let mut unique = asked.clone();
            unique.sort_unstable();
            unique.dedup();
            prop_assert_eq!(unique.len(), asked.len());

            let last = *asked.last().unwrap();
            let at = number(walk.cursor.as_deref().unwrap());
            let run = asked.iter().rev().take_while(|page| list[**page].1).count();
            prop_assert!(run <= MOST_EMPTY);
            match ended {
                Ok(()) => {
                    prop_assert_eq!((list[last].0, at, walk.stage), (None, last, Stage::Complete));
                }
                Err(REPEATED) => {
                    prop_assert!(list[last].0.is_some_and(|next| asked.contains(&next)));
                    prop_assert_eq!((at, walk.stage), (last, Stage::Failed));
                }
                Err(what) => {
                    prop_assert_eq!((what, run, walk.stage), (EMPTY, MOST_EMPTY, Stage::Failed));
                    prop_assert_eq!(Some(at), list[last].0);
                }
            }
        }

        #[test]
        fn a_walk_in_two_parts_sees_what_one_walk_sees(pages in 1_usize..50, cut in 0_usize..50) {
            let list: List = (0..pages).map(|page| (Some(page + 1).filter(|next| *next < pages), false)).collect();
            let (whole, ..) = walk(&list, 0);
            let cut = cut % pages;
            let (rest, ..) = walk(&list, cut);
            prop_assert_eq!(&whole[cut..], &rest[..]);
        }
    }

    #[test]
    fn an_empty_text_is_no_cursor() {
        assert_eq!(Walk::from(Some(String::new())).cursor, None);
        let mut walk = Walk::from(None);
        assert_eq!(walk.arrived(Some(String::new()), false), Ok(()));
        assert_eq!((walk.stage, walk.cursor), (Stage::Complete, None));
    }
}
