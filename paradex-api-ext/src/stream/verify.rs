//! Compares a book with the one of the REST API.

use std::fmt;
use std::time::Duration;

use paradex_api::types::AskBidArray;
use paradex_api::wire::PriceLevel;
use paradex_api::{Decimal, runtime};

use super::book::{BookSide, OrderBook, decimal, mantissa};
use super::book_feed::BookFeed;
use super::shared_book::{Recorded, SharedBook};
use super::update::LossCause;
use crate::client::Client;
use crate::error::Error;

/// Attempts to find a moment at which both books are known.
const ATTEMPTS: u32 = 3;
/// How long the feed may be behind the REST API.
const BEHIND: Duration = Duration::from_secs(5);
const STEP: Duration = Duration::from_millis(10);
/// Levels of each side. The REST API has been seen to refuse more.
const DEPTH: i64 = 100;

/// The result of [`BookFeed::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BookComparison {
    /// Both books were equal at this sequence number.
    Equal {
        /// The sequence number at which they were compared.
        seq: i64,
        /// How many levels were compared.
        levels: usize,
    },
    /// The books differed. The feed says that it lost the book, and asks for a new snapshot.
    Differs {
        /// The sequence number at which they were compared.
        seq: i64,
        /// The first difference.
        difference: BookDifference,
    },
    /// There was no moment at which both books were known: the feed is not live, or the REST API returned an older or no sequence
    /// number.
    NotCompared,
}

/// A price at which two books have different sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct BookDifference {
    /// The side.
    pub side: BookSide,
    /// The price.
    pub price: Decimal,
    /// The size in the feed; `None` if it has no such level.
    pub feed: Option<Decimal>,
    /// The size in the response of the REST API; `None` if it has no such level.
    pub rest: Option<Decimal>,
}

impl fmt::Display for BookDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = |size: Option<Decimal>| size.map_or_else(|| "nothing".to_owned(), |size| size.to_string());
        write!(
            f,
            "{:?} at {}: {} in the feed, {} in the REST API",
            self.side,
            self.price,
            size(self.feed),
            size(self.rest)
        )
    }
}

impl BookFeed {
    /// Compares the book with the one that the REST API returns, at the same sequence number: up to 100 levels of each side.
    ///
    /// The feed goes on meanwhile. If the books differ, it loses the book with [`LossCause::Differs`].
    ///
    /// ```no_run
    /// # async fn example(client: paradex_api_ext::Client) -> Result<(), paradex_api_ext::Error> {
    /// let mut book = client.stream().book("BTC-USD-PERP");
    /// while book.view().is_none() && book.next().await.is_some() {}
    /// println!("{:?}", book.verify(&client).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The call to the REST API fails.
    pub async fn verify(&self, client: &Client) -> Result<BookComparison, Error> {
        let _recording = Recording(self.shared());
        for _ in 0..ATTEMPTS {
            // It goes on from an earlier attempt, unless something was lost.
            if !self.shared().start_recording() {
                return Ok(BookComparison::NotCompared);
            }
            let rest = self.read_rest(client).await?;
            if let Some(comparison) = self.compare(&rest).await {
                if let (BookComparison::Differs { .. }, Some(subscription)) =
                    (&comparison, &self.subscription)
                {
                    subscription.distrust(LossCause::Differs);
                }
                return Ok(comparison);
            }
        }
        Ok(BookComparison::NotCompared)
    }

    async fn read_rest(&self, client: &Client) -> Result<AskBidArray, Error> {
        let market = self.market().as_str();
        let response = match self.is_interactive {
            false => {
                client
                    .api()
                    .get_orderbook()
                    .market(market)
                    .depth(DEPTH)
                    .send()
                    .await?
            }
            true => {
                let call = client.api().get_orderbook_interactive();
                call.market(market).depth(DEPTH).send().await?
            }
        };
        Ok(response.into_inner())
    }

    async fn compare(&self, rest: &AskBidArray) -> Option<BookComparison> {
        let seq = rest.seq_no?;
        let mut waited = Duration::ZERO;
        let book = loop {
            match self.shared().recorded_at(seq) {
                Recorded::Book(book) => break book,
                Recorded::NotYet if waited < BEHIND => {
                    runtime::within(tokio::time::sleep(STEP)).await.ok()?;
                    waited += STEP;
                }
                Recorded::NotYet | Recorded::Before | Recorded::Gone => return None,
            }
        };
        let bids = compare_side(&book, BookSide::Bids, &rest.bids);
        let asks = compare_side(&book, BookSide::Asks, &rest.asks);
        Some(match bids.and_then(|bids| Ok(bids + asks?)) {
            Ok(levels) => BookComparison::Equal { seq, levels },
            Err(difference) => BookComparison::Differs { seq, difference },
        })
    }
}

/// Ends the recording, also when the future is dropped.
struct Recording<'a>(&'a SharedBook);

impl Drop for Recording<'_> {
    fn drop(&mut self) {
        self.0.stop_recording();
    }
}

/// Compares the levels that the REST API returned with as many of the feed. Returns how many there were.
fn compare_side(book: &OrderBook, side: BookSide, rest: &[PriceLevel]) -> Result<usize, BookDifference> {
    let mut ours = book.side(side);
    for level in rest {
        let differs = |price, feed, rest| {
            Err(BookDifference {
                side,
                price,
                feed,
                rest,
            })
        };
        match ours.next().map(|(price, size)| (decimal(price), decimal(size))) {
            Some((price, size)) if price == level.price && size == level.size => {}
            Some((price, size)) if price == level.price => {
                return differs(price, Some(size), Some(level.size));
            }
            _ => {
                let feed = mantissa(level.price).and_then(|price| book.at(side, price));
                return differs(level.price, feed.map(decimal), Some(level.size));
            }
        }
    }
    // A response that is not full shows the whole side.
    match ours.next() {
        Some((price, size)) if i64::try_from(rest.len()).is_ok_and(|levels| levels < DEPTH) => {
            Err(BookDifference {
                side,
                price: decimal(price),
                feed: Some(decimal(size)),
                rest: None,
            })
        }
        _ => Ok(rest.len()),
    }
}
