//! What is sent on the channels, before it is encoded.
//!
//! Prices and sizes are in units of 10⁻⁸, and times in nanoseconds since the Unix epoch.

use std::sync::Arc;

use paradex_api::sbe::FundingRateSource;
use paradex_api::types::AssetKind;
use rust_decimal::Decimal;
use serde_json::Value;

use super::book::Best;
use super::snapshot::EventKind;
use crate::simulator::engine::Cause;
use crate::simulator::market::funding::Funding;
use crate::simulator::trading::Change;

/// An event of a channel.
#[derive(Debug, Clone)]
pub(super) enum Item {
    Trade(TradeItem),
    Bbo(Bbo),
    Book(BookItem),
    Summary(SummaryItem),
    Funding(FundingItem),
    Comparison(ComparisonItem),
    Market(MarketItem),
    /// Of a channel of an account.
    Private(Change),
}

/// A trade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TradeItem {
    pub(super) market: Arc<str>,
    /// The id, as the list of trades has it.
    pub(super) id: String,
    /// The sequence number of the book after the trade.
    pub(super) seq: i64,
    pub(super) at: i64,
    /// Whether the taker bought.
    pub(super) buy: bool,
    pub(super) price: i64,
    pub(super) size: i64,
    pub(super) cause: Cause,
}

/// The best bid and the best ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bbo {
    pub(super) market: Arc<str>,
    pub(super) seq: i64,
    pub(super) at: i64,
    pub(super) bid: Best,
    pub(super) ask: Best,
}

/// A level of a book. The size 0 removes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LevelItem {
    pub(super) price: i64,
    pub(super) size: i64,
    /// Whether the book did not have this level before.
    pub(super) is_new: bool,
}

impl LevelItem {
    pub(super) fn new((price, size): (i64, i64)) -> Self {
        Self {
            price,
            size,
            is_new: true,
        }
    }
}

/// A whole order book, or a change of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BookItem {
    pub(super) market: Arc<str>,
    pub(super) seq: i64,
    pub(super) at: i64,
    pub(super) snapshot: bool,
    /// The best levels without RPI orders.
    pub(super) best: (Best, Best),
    /// The best levels with them; only of interactive channels.
    pub(super) best_interactive: Option<(Best, Best)>,
    pub(super) bids: Vec<LevelItem>,
    pub(super) asks: Vec<LevelItem>,
}

impl BookItem {
    /// Returns the spread of an interactive book as a part of the middle price.
    pub(super) fn relative_spread(&self) -> Option<Decimal> {
        let (Some((bid, _)), Some((ask, _))) = self.best_interactive? else {
            return None;
        };
        let spread = Decimal::from(ask.checked_sub(bid)?).checked_mul(Decimal::TWO)?;
        let spread = spread.checked_div(Decimal::from(ask.checked_add(bid)?))?;
        Some(spread.round_dp(8))
    }
}

/// The summary of a market, as `GET /v1/markets/summary` returns it.
#[derive(Debug, Clone)]
pub(super) struct SummaryItem {
    pub(super) market: Arc<str>,
    pub(super) data: Value,
}

/// An entry of the funding history.
#[derive(Debug, Clone)]
pub(super) struct FundingItem {
    pub(super) market: Arc<str>,
    pub(super) period_hours: u32,
    pub(super) funding: Funding,
}

/// The hourly funding rate of a market at a venue.
#[derive(Debug, Clone)]
pub(super) struct ComparisonItem {
    pub(super) market: Arc<str>,
    pub(super) at: i64,
    pub(super) asset_kind: AssetKind,
    pub(super) venue: FundingRateSource,
    pub(super) hourly_rate: Decimal,
}

/// A change of a market's rules.
#[derive(Debug, Clone)]
pub(super) struct MarketItem {
    pub(super) market: Arc<str>,
    pub(super) data: Value,
}

impl Item {
    pub(super) fn market(&self) -> &Arc<str> {
        match self {
            Self::Trade(item) => &item.market,
            Self::Bbo(item) => &item.market,
            Self::Book(item) => &item.market,
            Self::Summary(item) => &item.market,
            Self::Funding(item) => &item.market,
            Self::Comparison(item) => &item.market,
            Self::Market(item) => &item.market,
            Self::Private(change) => &change.market,
        }
    }

    /// Returns the sequence number, or 0 if the channel has none.
    pub(super) fn seq(&self) -> i64 {
        match self {
            Self::Trade(item) => item.seq,
            Self::Bbo(item) => item.seq,
            Self::Book(item) => item.seq,
            Self::Private(change) => change.seq,
            Self::Summary(_) | Self::Funding(_) | Self::Comparison(_) | Self::Market(_) => 0,
        }
    }

    pub(super) fn kind(&self) -> EventKind {
        match self {
            Self::Trade(_) => EventKind::Trade,
            Self::Bbo(_) => EventKind::Bbo,
            Self::Book(book) if book.snapshot => EventKind::BookSnapshot,
            Self::Book(_) => EventKind::BookDelta,
            Self::Summary(_) => EventKind::Summary,
            Self::Funding(_) => EventKind::Funding,
            Self::Comparison(_) => EventKind::FundingComparison,
            Self::Market(_) => EventKind::Market,
            Self::Private(change) => change.kind,
        }
    }

    /// Returns the payload as JSON, of a channel of an account.
    pub(super) fn payload(&self) -> Option<Arc<str>> {
        match self {
            Self::Private(change) => Some(Arc::clone(&change.text)),
            _ => None,
        }
    }
}
