//! Accounts: balance, positions, orders and history.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::event::{Fill, FundingPayment};
use super::ids::{AlgoId, MarketId, OrderId};
use super::number::{Money, Size};
use super::order::Side;
use super::position::Position;

/// What an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum AccountKind {
    /// A client's account: its margin is checked, it pays fees, and its history is kept.
    Trader,
    /// An account that gives the market liquidity: it has no limits, pays no fees, and its history is not kept.
    House,
}

/// What an account has in a market.
#[derive(Debug, Clone, Copy, Hash, Default)]
pub(crate) struct Holding {
    /// The position.
    pub(crate) position: Position,
    /// The size of resting buy orders that are not reduce-only.
    pub(super) open_buys: Size,
    /// The size of resting sell orders that are not reduce-only.
    pub(super) open_sells: Size,
    /// How many orders are open or wait for a trigger.
    pub(super) live_orders: u32,
    /// How many reduce-only orders are open.
    pub(super) reduce_only_orders: u32,
    /// How many orders that close a position wait for a trigger.
    pub(super) closing_triggers: u32,
}

impl Holding {
    /// Returns the largest position that orders of a side can lead to, if this much is added to them.
    pub(super) fn open_size(&self, side: Side, added: Size) -> Size {
        let size = match side {
            Side::Buy => self.open_buys.plus(self.position.size),
            Side::Sell => self.open_sells.minus(self.position.size),
        };
        Size(size.plus(added).0.max(0))
    }

    /// Returns how much an order of a side can reduce the position.
    pub(super) fn reducible(&self, side: Side) -> Size {
        match side {
            Side::Buy => Size(self.position.size.0.saturating_neg().max(0)),
            Side::Sell => Size(self.position.size.0.max(0)),
        }
    }

    pub(super) fn open_mut(&mut self, side: Side) -> &mut Size {
        match side {
            Side::Buy => &mut self.open_buys,
            Side::Sell => &mut self.open_sells,
        }
    }
}

/// An account.
#[derive(Debug, Hash)]
pub(crate) struct Account {
    /// The name.
    pub(crate) name: Box<str>,
    /// What it is for.
    pub(crate) kind: AccountKind,
    /// Deposits, realized profits and funding, less fees and losses.
    pub(crate) balance: Money,
    /// Markets in which it has or had a position or an order.
    pub(crate) holdings: BTreeMap<MarketId, Holding>,
    /// The orders that are kept, oldest first.
    pub(crate) orders: BTreeSet<OrderId>,
    /// The orders that can be cancelled, oldest first.
    pub(crate) live: BTreeSet<OrderId>,
    /// The live orders with a client id.
    pub(crate) client_ids: BTreeMap<Box<str>, OrderId>,
    /// The algo orders that are kept, oldest first.
    pub(crate) algos: BTreeSet<AlgoId>,
    /// The newest fills, oldest first.
    pub(crate) fills: VecDeque<Fill>,
    /// The newest funding payments, oldest first.
    pub(crate) funding: VecDeque<FundingPayment>,
    /// When its newest liquidations were, in nanoseconds since the Unix epoch, oldest first.
    pub(crate) liquidations: VecDeque<i64>,
    /// When it last changed, in nanoseconds since the Unix epoch.
    pub(crate) updated_at: i64,
    /// The closed orders that are kept, in the order in which they were closed.
    pub(super) closed: VecDeque<OrderId>,
    /// The active algo orders.
    pub(super) live_algos: BTreeSet<AlgoId>,
    /// The closed algo orders that are kept, in the order in which they were closed.
    pub(super) closed_algos: VecDeque<AlgoId>,
}

impl Account {
    pub(super) fn new(name: &str, kind: AccountKind, balance: Money, now: i64) -> Self {
        Self {
            name: name.into(),
            kind,
            balance,
            holdings: BTreeMap::new(),
            orders: BTreeSet::new(),
            live: BTreeSet::new(),
            client_ids: BTreeMap::new(),
            algos: BTreeSet::new(),
            fills: VecDeque::new(),
            funding: VecDeque::new(),
            liquidations: VecDeque::new(),
            updated_at: now,
            closed: VecDeque::new(),
            live_algos: BTreeSet::new(),
            closed_algos: VecDeque::new(),
        }
    }

    /// Returns what it has in a market.
    pub(crate) fn holding(&self, market: MarketId) -> Holding {
        self.holdings.get(&market).copied().unwrap_or_default()
    }
}
