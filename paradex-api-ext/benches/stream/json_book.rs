//! The same changes in the JSON that the exchange sent before SBE.

use paradex_api::Decimal;
use paradex_api::testing::sbe::{BookEvent, BookLevel};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::book::{BookSide, OrderBook, mantissa};

#[derive(Deserialize)]
struct Notification<'a> {
    #[serde(borrow)]
    params: Params<'a>,
}

#[derive(Deserialize)]
struct Params<'a> {
    channel: &'a str,
    #[serde(borrow)]
    data: Changes<'a>,
}

#[derive(Deserialize)]
struct Changes<'a> {
    seq_no: i64,
    market: &'a str,
    last_updated_at: i64,
    inserts: Vec<Level<'a>>,
    updates: Vec<Level<'a>>,
    deletes: Vec<Level<'a>>,
}

#[derive(Deserialize)]
struct Level<'a> {
    side: &'a str,
    price: &'a str,
    size: &'a str,
}

/// The text of a notification.
pub(crate) fn text(delta: &BookEvent) -> String {
    let levels = |is_deleted: bool| {
        let sides = [("BUY", &delta.bids), ("SELL", &delta.asks)];
        let all = sides
            .into_iter()
            .flat_map(|(side, levels)| levels.iter().map(move |level| (side, level)));
        let some = all.filter(|(_, level)| level.size.is_zero() == is_deleted);
        some.map(|(side, level)| json!({"side": side, "price": level.price.to_string(), "size": level.size.to_string()}))
            .collect::<Vec<_>>()
    };
    let data = json!({
        "seq_no": delta.seq,
        "market": delta.market,
        "last_updated_at": delta.ts / 1_000,
        "update_type": "d",
        "inserts": [],
        "updates": levels(false),
        "deletes": levels(true),
    });
    let channel = format!("order_book.{}.deltas", delta.market);
    json!({"jsonrpc": "2.0", "method": "subscription", "params": {"channel": channel, "data": data}})
        .to_string()
}

/// Fills a book with the levels of a snapshot.
pub(crate) fn fill(book: &mut OrderBook, snapshot: &BookEvent) {
    let mut fill = |side, levels: &[BookLevel]| {
        for level in levels {
            let price = mantissa(level.price).expect("it fits");
            book.set(side, price, mantissa(level.size).expect("it fits"));
        }
    };
    fill(BookSide::Bids, &snapshot.bids);
    fill(BookSide::Asks, &snapshot.asks);
}

fn set(book: &mut OrderBook, side: &str, price: &str, size: &str) -> Option<()> {
    let (price, size): (Decimal, Decimal) = (price.parse().ok()?, size.parse().ok()?);
    let side = match side {
        "BUY" => BookSide::Bids,
        _ => BookSide::Asks,
    };
    book.set(side, mantissa(price)?, mantissa(size)?);
    Some(())
}

/// Decodes into types. Returns whether everything was applied.
pub(crate) fn apply_typed(text: &str, book: &mut OrderBook) -> bool {
    let notification: Notification<'_> = serde_json::from_str(text).expect("it is a notification");
    let data = notification.params.data;
    let changes = data.inserts.iter().chain(&data.updates);
    let mut applied = changes.map(|level| set(book, level.side, level.price, level.size));
    let applied = applied.all(|applied| applied.is_some());
    let mut deleted = data
        .deletes
        .iter()
        .map(|level| set(book, level.side, level.price, "0"));
    applied && deleted.all(|applied| applied.is_some()) && !book.is_crossed()
}

/// Decodes into `Value`.
pub(crate) fn apply_value(text: &str, book: &mut OrderBook) -> bool {
    let notification: Value = serde_json::from_str(text).expect("it is JSON");
    let data = &notification["params"]["data"];
    for list in ["inserts", "updates", "deletes"] {
        for level in data[list].as_array().into_iter().flatten() {
            let text = |name: &str| level[name].as_str();
            let size = match list {
                "deletes" => Some("0"),
                _ => text("size"),
            };
            let (Some(side), Some(price), Some(size)) = (text("side"), text("price"), size) else {
                return false;
            };
            if set(book, side, price, size).is_none() {
                return false;
            }
        }
    }
    !book.is_crossed()
}
