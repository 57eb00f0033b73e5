//! Events: what a command changed, in the order in which it happened.

use super::ids::{AccountId, AlgoId, MarketId, OrderId, TradeId};
use super::market::Trade;
use super::number::{Money, Price, Size};
use super::order::{CancelReason, Execution, Side, Status};
use super::position::Position;

/// A change.
///
/// Events of a market carry the sequence number of its book. A command that changes a book raises the number by one, and the
/// trades and levels of the command share the new number. Events of accounts carry a number of their own, which grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
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
    /// An account was liquidated: its orders are cancelled, and the house has its positions.
    Liquidation {
        /// The account.
        account: AccountId,
        /// When, in nanoseconds since the Unix epoch.
        at: i64,
    },
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
pub(crate) struct OrderUpdate {
    /// The order.
    pub(crate) id: OrderId,
    /// The account.
    pub(crate) account: AccountId,
    /// The market.
    pub(crate) market: MarketId,
    /// The status.
    pub(crate) status: Status,
    /// Its size, as last modified.
    pub(crate) size: Size,
    /// How far it is filled.
    pub(crate) execution: Execution,
    /// Why it was closed, unless it was filled.
    pub(crate) reason: Option<CancelReason>,
    /// The sequence number.
    pub(crate) seq_no: u64,
    /// When, in nanoseconds since the Unix epoch.
    pub(crate) at: i64,
}

/// Whether an order gave liquidity or took it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Liquidity {
    /// The order rested.
    Maker,
    /// The order met a resting one.
    Taker,
}

/// Why a trade happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Cause {
    /// Two orders met.
    Match,
    /// An order met one with the instruction `RPI`.
    Rpi,
    /// The house took over the position of an account.
    Liquidation,
}

impl Cause {
    /// Returns the exchange's name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Match => "FILL",
            Self::Rpi => "RPI",
            Self::Liquidation => "LIQUIDATION",
        }
    }
}

/// A fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fill {
    /// The id.
    pub(crate) id: u64,
    /// The trade.
    pub(crate) trade: TradeId,
    /// The account.
    pub(crate) account: AccountId,
    /// The order.
    pub(crate) order: OrderId,
    /// The market.
    pub(crate) market: MarketId,
    /// The side of the order.
    pub(crate) side: Side,
    /// Whether the order gave liquidity or took it.
    pub(crate) liquidity: Liquidity,
    /// The price.
    pub(crate) price: Price,
    /// The size.
    pub(crate) size: Size,
    /// The fee. A negative one is paid to the account.
    pub(crate) fee: Money,
    /// How much of the order is not filled.
    pub(crate) remaining: Size,
    /// Profit or loss that the fill realized, without fee and funding.
    pub(crate) realized_pnl: Money,
    /// Funding that the fill realized.
    pub(crate) realized_funding: Money,
    /// The index price.
    pub(crate) index: Option<Price>,
    /// Whether the order was interactive.
    pub(crate) interactive: bool,
    /// Why it happened.
    pub(crate) cause: Cause,
    /// Whether the taker was not interactive and the maker was.
    pub(crate) fast: bool,
    /// The sequence number of the book after the trade. 0 for a liquidation, which is not in the book.
    pub(crate) seq: u64,
    /// When, in nanoseconds since the Unix epoch.
    pub(crate) at: i64,
}

/// A payment of funding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FundingPayment {
    /// The id.
    pub(crate) id: u64,
    /// The account.
    pub(crate) account: AccountId,
    /// The market.
    pub(crate) market: MarketId,
    /// What the account received; a negative payment was paid by it.
    pub(crate) payment: Money,
    /// The funding index up to which it was paid.
    pub(crate) index: i128,
    /// The fill that caused it.
    pub(crate) fill: u64,
    /// When, in nanoseconds since the Unix epoch.
    pub(crate) at: i64,
}
