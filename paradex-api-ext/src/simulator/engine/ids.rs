//! Ids. Each is a number that counts up from 1, or from 0 for markets and accounts.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$docs:meta])* $name:ident($number:ty);)*) => {
        $(
            $(#[$docs])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
            #[serde(transparent)]
            pub(crate) struct $name(pub(crate) $number);
        )*
    };
}

ids! {
    /// A market, in the order in which they were added.
    MarketId(u32);
    /// An account, in the order in which they were added.
    AccountId(u32);
    /// An order, in the order of placement.
    OrderId(u64);
    /// An algo order, in the order of placement.
    AlgoId(u64);
    /// A trade. Its taker's fill has twice this number as its id, and its maker's fill one more.
    TradeId(u64);
}

/// The counters of ids.
#[derive(Debug, Default, Hash)]
pub(super) struct Counters {
    pub(super) orders: u64,
    pub(super) algos: u64,
    pub(super) trades: u64,
    pub(super) payments: u64,
    pub(super) positions: u64,
    /// The priority of an order in its queue.
    pub(super) priorities: u64,
    /// The sequence number of events of accounts.
    pub(super) events: u64,
}

/// Counts up, and returns the new number.
pub(super) fn next(counter: &mut u64) -> u64 {
    *counter = counter.saturating_add(1);
    *counter
}
