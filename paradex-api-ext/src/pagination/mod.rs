//! Lists that the exchange returns in pages: read them by page or by item.
//!
//! One page is requested when the one before is used up, never earlier. A walk ends at an empty `next`. It fails on a cursor
//! that it has seen before, and after a hundred empty pages in a row, so that it always ends. It can be resumed from its cursor
//! at any time.

mod items;
pub(crate) mod listing;
mod pages;
mod walk;

use paradex_api::{Operation, builder, operations, types};

pub use items::{Collected, Items};
use pages::Fetched;
pub use pages::{Page, Pages};

use crate::error::Error;

/// Reads all pages of a list. Every call of the raw client that takes a cursor implements this.
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
/// // Or all at once, with a limit.
/// let fills = client.api().list_fills().all(10_000).await?;
/// if !fills.is_complete() {
///     eprintln!("these are the first {}", fills.items().len());
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Behaviour
///
/// * A page is requested when it is needed, one at a time. Dropping the stream cancels the request in flight.
/// * The list ends at the page without a next cursor. An empty page does not end it.
/// * A cursor that was used before is an error, and so are 100 empty pages in a row: the list would never end.
/// * An error ends the stream. [`Pages::cursor`] then returns the cursor to resume from.
///
/// No document says what happens to items that are added or removed while a list is read; they may be missing or appear
/// twice.
///
/// # Tasks
///
/// A stream borrows the client and is `Send`. In a task, move a clone of the client and create the stream inside:
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
#[doc(alias = "paginate")]
#[doc(alias = "cursor")]
pub trait Paged<'a>: sealed::Sealed + Sized {
    /// The type of the items.
    type Item: Send;

    /// The operation, which defines the largest page size.
    const OPERATION: &'static Operation;

    /// Returns a stream of pages.
    fn pages(self) -> Pages<'a, Self::Item>;

    /// Returns a stream of items.
    fn items(self) -> Items<'a, Self::Item> {
        self.pages().items()
    }

    /// Collects at most `limit` items; see [`Items::all`].
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

/// The paged operations. A test compares this list with the table of all operations.
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
