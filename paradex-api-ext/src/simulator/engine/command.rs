//! Commands: everything that changes the engine.

use serde::{Deserialize, Serialize};

use super::account::AccountKind;
use super::ids::{AccountId, AlgoId, MarketId, OrderId};
use super::market::MarketRules;
use super::number::{Money, Price, Rate, Size};
use super::order::{NewOrder, Side};

/// A command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Command {
    /// Adds a market. The outcome is its id.
    AddMarket(Box<MarketRules>),
    /// Adds an account. The outcome is its id.
    AddAccount {
        /// What it is for.
        kind: AccountKind,
        /// Its name. Only one account may have it.
        name: Box<str>,
        /// Its first deposit.
        deposit: Money,
    },
    /// Sets the prices of a market: accrues funding, triggers orders, and liquidates accounts.
    SetPrices {
        /// The market.
        market: MarketId,
        /// The mark price.
        mark: Price,
        /// The index price.
        index: Price,
        /// The funding rate of a funding period, from now on.
        funding_rate: Rate,
    },
    /// Places an order. The outcome is its id.
    Place(Box<NewOrder>),
    /// Modifies size, price and trigger price of an order.
    Modify {
        /// The account.
        account: AccountId,
        /// The order.
        order: OrderId,
        /// The new size, filled part included.
        size: Size,
        /// The new price, for types that have one.
        price: Option<Price>,
        /// The new trigger price, for an order that waits for its trigger. `None` keeps it.
        trigger: Option<Price>,
        /// When the modification was signed, in milliseconds since the Unix epoch.
        signed_at: u64,
    },
    /// Cancels an order.
    Cancel {
        /// The account.
        account: AccountId,
        /// The order.
        order: OrderId,
    },
    /// Cancels all orders of an account. The outcome is their number.
    CancelAll {
        /// The account.
        account: AccountId,
        /// Only orders of this market.
        market: Option<MarketId>,
    },
    /// Cancels orders whose connection has ended. Those that are closed are skipped. The outcome is how many were cancelled.
    CancelDisconnected {
        /// The account.
        account: AccountId,
        /// The orders.
        orders: Vec<OrderId>,
    },
    /// Starts an order that is split into market orders over time. The outcome is its id.
    StartTwap(NewTwap),
    /// Stops an algo order.
    CancelAlgo {
        /// The account.
        account: AccountId,
        /// The algo order.
        algo: AlgoId,
    },
    /// Replaces all quotes of a house account in a market. Quotes that stay as they are keep their place in the queue, and
    /// one that crosses a client's order takes it.
    Quote {
        /// The account.
        account: AccountId,
        /// The market.
        market: MarketId,
        /// Price and size of the bids.
        bids: Vec<(Price, Size)>,
        /// Price and size of the asks.
        asks: Vec<(Price, Size)>,
    },
    /// Places the parts of algo orders that are due by now. Every command does this first.
    Advance,
}

/// What a new TWAP order asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct NewTwap {
    /// The account.
    pub(crate) account: AccountId,
    /// The market.
    pub(crate) market: MarketId,
    /// The side.
    pub(crate) side: Side,
    /// The size.
    pub(crate) size: Size,
    /// How long it runs, in seconds.
    pub(crate) duration: u32,
    /// The time between two parts, in seconds.
    pub(crate) frequency: u32,
    /// Whether it came with an interactive session.
    pub(crate) interactive: bool,
}

/// What a command returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is done.
    Done,
    /// The new market.
    Market(MarketId),
    /// The new account.
    Account(AccountId),
    /// The order that was placed, modified or cancelled.
    Order(OrderId),
    /// The new algo order.
    Algo(AlgoId),
    /// How many orders were cancelled.
    Cancelled(u64),
}
