//! Orders: placing them, finding out what became of them, halting, block trades.

pub(crate) mod block_trades;
pub(crate) mod halt;
pub(crate) mod open_orders;
pub(crate) mod orders;
pub(crate) mod resolve;
