//! Frames for the tests of this module, and for those with sockets in `tests/stream`.

use paradex_api::sbe::PkgType;
use paradex_api::testing::sbe::{BookEvent, BookLevel, TradeEvent};

pub(crate) fn trade(market: &str, id: impl ToString) -> Vec<u8> {
    let event = TradeEvent {
        market: market.to_owned(),
        trade_id_str: Some(id.to_string()),
        ..TradeEvent::default()
    };
    event.encode(2)
}

/// A book with bids and asks of size 1 at the prices given; a negative price removes the level.
pub(crate) fn book(market: &str, seq: i64, pkg_type: PkgType, bids: &[i64], asks: &[i64]) -> Vec<u8> {
    let levels = |prices: &[i64]| {
        let level = |price: &i64| BookLevel {
            price: price.abs().into(),
            size: if *price < 0 { 0.into() } else { 1.into() },
        };
        prices.iter().map(level).collect()
    };
    let event = BookEvent {
        ts: seq,
        seq,
        pkg_type,
        market: market.to_owned(),
        bids: levels(bids),
        asks: levels(asks),
        ..BookEvent::default()
    };
    event.encode(2)
}
