//! The items of feeds.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use paradex_api::Decimal;
use paradex_api::types::{FillType, OrderSide};

use super::market::Market;

/// One level of a book: a price, and the size at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Level {
    /// The price, in the quote currency.
    pub price: Decimal,
    /// The size, in the base currency.
    pub size: Decimal,
}

impl Level {
    pub(super) fn new(price: Decimal, size: Decimal) -> Self {
        Self { price, size }
    }
}

/// The best bid and offer of a market at one moment.
#[doc(alias = "ticker")]
#[doc(alias = "quote")]
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bbo {
    /// The market.
    pub market: Market,
    /// The sequence number of the book. It grows, and skips numbers.
    pub seq: i64,
    /// The highest bid; `None` if there is none.
    pub bid: Option<Level>,
    /// The lowest offer; `None` if there is none.
    pub ask: Option<Level>,
    /// When the exchange published it.
    pub at: SystemTime,
}

/// A trade on the public tape.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Trade {
    /// The market.
    pub market: Market,
    /// The id, as the REST API has it. `None` if the agreed schema version does not have it; the shorter number of older versions
    /// is ambiguous, so it is not shown.
    pub id: Option<String>,
    /// The taker's side.
    pub side: OrderSide,
    /// The price, in the quote currency.
    pub price: Decimal,
    /// The size, in the base currency.
    pub size: Decimal,
    /// The cause of the trade.
    pub kind: FillType,
    /// The sequence number of the book after the trade. `None` for block trades and transfers, which have none.
    pub seq: Option<i64>,
    /// When it was matched.
    pub at: SystemTime,
}

/// A time of the wire, in microseconds since the Unix epoch. A time outside of the range becomes the epoch.
pub(super) fn time_from_micros(micros: i64) -> SystemTime {
    let distance = Duration::from_micros(micros.unsigned_abs());
    let time = if micros >= 0 {
        UNIX_EPOCH.checked_add(distance)
    } else {
        UNIX_EPOCH.checked_sub(distance)
    };
    time.unwrap_or(UNIX_EPOCH)
}

/// One item, before it is handed to feeds of its type.
#[derive(Debug, Clone)]
pub(super) enum Item {
    Bbo(Bbo),
    Trade(Trade),
    Summary(Box<paradex_api::types::MarketSummary>),
    Funding(Box<paradex_api::types::FundingData>),
    MarketEvent(Box<paradex_api::types::MarketEvent>),
}

/// The types of items.
pub(super) trait FromItem: Sized + Send + 'static {
    fn from_item(item: &Item) -> Option<Self>;
}

impl FromItem for Bbo {
    fn from_item(item: &Item) -> Option<Self> {
        match item {
            Item::Bbo(bbo) => Some(bbo.clone()),
            _ => None,
        }
    }
}

impl FromItem for Trade {
    fn from_item(item: &Item) -> Option<Self> {
        match item {
            Item::Trade(trade) => Some(trade.clone()),
            _ => None,
        }
    }
}

impl FromItem for paradex_api::types::MarketSummary {
    fn from_item(item: &Item) -> Option<Self> {
        match item {
            Item::Summary(summary) => Some((**summary).clone()),
            _ => None,
        }
    }
}

impl FromItem for paradex_api::types::FundingData {
    fn from_item(item: &Item) -> Option<Self> {
        match item {
            Item::Funding(funding) => Some((**funding).clone()),
            _ => None,
        }
    }
}

impl FromItem for paradex_api::types::MarketEvent {
    fn from_item(item: &Item) -> Option<Self> {
        match item {
            Item::MarketEvent(event) => Some((**event).clone()),
            _ => None,
        }
    }
}
