//! Events: what a command changed, in the order in which it happened.

use super::ids::{AccountId, AlgoId, MarketId, OrderId, TradeId};
use super::market::Trade;
use super::number::{Money, Price, Size};
use super::order::{CancelReason, Side, Status};
use super::position::Position;

/// A change.
///
/// Events of a market carry the sequence number of its book. A command that changes a book raises the number by one, and the
/// trades and levels of the command share the new number. Events of accounts carry a number of their own, which grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// An order changed.
    Order(OrderUpdate),
    /// A modification was accepted for a check, and failed it. The order is as before.
    ModifyRejected {
        /// The order.
        order: OrderId,
        /// Why.
        reason: CancelReason,
    },
    /// A trade.
    Trade(Trade),
    /// A fill: a trade as one of its accounts sees it.
    Fill(Fill),
    /// A position changed.
    Position {
        /// The account.
        account: AccountId,
        /// The market.
        market: MarketId,
        /// The position.
        position: Position,
        /// The sequence number.
        seq_no: u64,
    },
    /// A balance changed.
    Balance {
        /// The account.
        account: AccountId,
        /// The new balance.
        balance: Money,
        /// The sequence number.
        seq_no: u64,
    },
    /// Funding was realized.
    Funding(FundingPayment),
    /// An algo order changed.
    Algo {
        /// The account.
        account: AccountId,
        /// The algo order.
        algo: AlgoId,
    },
    /// A price level changed. Levels of one command stand beside each other.
    Level {
        /// The market.
        market: MarketId,
        /// The sequence number of the book.
        seq: u64,
        /// The side.
        side: Side,
        /// The price.
        price: Price,
        /// The new size without RPI orders. 0 removes the level.
        size: Size,
        /// The new size with RPI orders.
        interactive_size: Size,
    },
    /// The best prices without RPI orders changed, or a size at them.
    Bbo {
        /// The market.
        market: MarketId,
        /// The sequence number of the book.
        seq: u64,
        /// The best bid and its size.
        bid: Option<(Price, Size)>,
        /// The best ask and its size.
        ask: Option<(Price, Size)>,
    },
    /// The prices of a market were set.
    Prices {
        /// The market.
        market: MarketId,
    },
}

/// The state of an order after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderUpdate {
    /// The order.
    pub id: OrderId,
    /// The account.
    pub account: AccountId,
    /// The market.
    pub market: MarketId,
    /// The status.
    pub status: Status,
    /// How much is not filled.
    pub remaining: Size,
    /// Why it was closed, unless it was filled.
    pub reason: Option<CancelReason>,
    /// The sequence number.
    pub seq_no: u64,
    /// When, in nanoseconds since the Unix epoch.
    pub at: i64,
}

/// Whether an order gave liquidity or took it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Liquidity {
    /// The order rested.
    Maker,
    /// The order met a resting one.
    Taker,
}

/// A fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fill {
    /// The id.
    pub id: u64,
    /// The trade.
    pub trade: TradeId,
    /// The account.
    pub account: AccountId,
    /// The order.
    pub order: OrderId,
    /// The market.
    pub market: MarketId,
    /// The side of the order.
    pub side: Side,
    /// Whether the order gave liquidity or took it.
    pub liquidity: Liquidity,
    /// The price.
    pub price: Price,
    /// The size.
    pub size: Size,
    /// The fee. A negative one is paid to the account.
    pub fee: Money,
    /// How much of the order is not filled.
    pub remaining: Size,
    /// Profit or loss that the fill realized, without fee and funding.
    pub realized_pnl: Money,
    /// Funding that the fill realized.
    pub realized_funding: Money,
    /// The index price.
    pub index: Option<Price>,
    /// Whether the order was interactive.
    pub interactive: bool,
    /// Whether the maker's order had the instruction `RPI`.
    pub rpi: bool,
    /// Whether the taker was not interactive and the maker was.
    pub fast: bool,
    /// The sequence number of the book after the trade.
    pub seq: u64,
    /// When, in nanoseconds since the Unix epoch.
    pub at: i64,
}

/// A payment of funding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FundingPayment {
    /// The id.
    pub id: u64,
    /// The account.
    pub account: AccountId,
    /// The market.
    pub market: MarketId,
    /// What the account received; a negative payment was paid by it.
    pub payment: Money,
    /// The funding index up to which it was paid.
    pub index: i128,
    /// The fill that caused it.
    pub fill: u64,
    /// When, in nanoseconds since the Unix epoch.
    pub at: i64,
}
