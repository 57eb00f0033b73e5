//! The events of channels in JSON.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::book::Best;
use super::item::{BookItem, Item, LevelItem};
use crate::simulator::clock::MILLISECOND;
use crate::simulator::market;

/// Returns the text of a message.
pub(super) fn message(channel: &str, data: &Value) -> String {
    let params = json!({"channel": channel, "data": data});
    json!({"jsonrpc": "2.0", "method": "subscription", "params": params}).to_string()
}

/// Returns the payload of an event.
pub(super) fn payload(item: &Item) -> Value {
    match item {
        Item::Trade(trade) => json!({
            "id": trade.id,
            "market": &*trade.market,
            "side": if trade.buy { "BUY" } else { "SELL" },
            "size": text(trade.size),
            "price": text(trade.price),
            "created_at": trade.at / MILLISECOND,
            "trade_type": trade.cause.as_str(),
        }),
        Item::Bbo(bbo) => {
            let part = |best: Best, part: fn((i64, i64)) -> i64| best.map(part).map(text).unwrap_or_default();
            json!({
                "market": &*bbo.market,
                "seq_no": bbo.seq,
                "last_updated_at": bbo.at / MILLISECOND,
                "bid": part(bbo.bid, |(price, _)| price),
                "bid_size": part(bbo.bid, |(_, size)| size),
                "ask": part(bbo.ask, |(price, _)| price),
                "ask_size": part(bbo.ask, |(_, size)| size),
            })
        }
        Item::Book(book) => self::book(book),
        Item::Summary(summary) => summary.data.clone(),
        Item::Funding(item) => market::funding_json(&item.market, item.period_hours, &item.funding),
        Item::Comparison(item) => json!({
            "symbol": &*item.market,
            "asset_kind": item.asset_kind.as_str(),
            "source": item.venue.as_str(),
            "hourly_funding_rate": decimal(item.hourly_rate),
            "last_updated_at": item.at / MILLISECOND,
        }),
        Item::Market(item) => item.data.clone(),
        Item::Private(change) => Value::clone(&change.data),
    }
}

fn book(book: &BookItem) -> Value {
    let row = |side: &str, level: &LevelItem| json!({"side": side, "price": text(level.price), "size": text(level.size)});
    let rows = |wanted: fn(&LevelItem) -> bool| -> Vec<Value> {
        let bids = book
            .bids
            .iter()
            .filter(|level| wanted(level))
            .map(|level| row("BUY", level));
        let asks = book
            .asks
            .iter()
            .filter(|level| wanted(level))
            .map(|level| row("SELL", level));
        bids.chain(asks).collect()
    };
    let mut data = json!({
        "market": &*book.market,
        "seq_no": book.seq,
        "last_updated_at": book.at / MILLISECOND,
        "update_type": if book.snapshot { "s" } else { "d" },
        "inserts": rows(|level| level.is_new && level.size > 0),
        "updates": rows(|level| !level.is_new && level.size > 0),
        "deletes": rows(|level| level.size == 0),
    });
    let Value::Object(fields) = &mut data else {
        return data;
    };
    let mut add = |names: [&str; 2], (bid, ask): (Best, Best)| {
        for (name, side, best) in [(names[0], "BUY", bid), (names[1], "SELL", ask)] {
            if let Some((price, size)) = best {
                let level = json!({"side": side, "price": text(price), "size": text(size)});
                fields.insert(name.to_owned(), level);
            }
        }
    };
    add(["best_bid_api", "best_ask_api"], book.best);
    if let Some(best) = book.best_interactive {
        add(["best_bid_interactive", "best_ask_interactive"], best);
    }
    if let Some(spread) = book.relative_spread() {
        fields.insert("relative_spread".to_owned(), decimal(spread).into());
    }
    data
}

/// Sets every field of a payload to `null`, but those that name the market.
pub(super) fn nulls(data: &mut Value) {
    if let Value::Object(fields) = data {
        for (name, value) in fields {
            if name != "market" && name != "symbol" {
                *value = Value::Null;
            }
        }
    }
}

/// Returns a number of units of 10⁻⁸ as a decimal text.
fn text(units: i64) -> String {
    decimal(Decimal::new(units, 8))
}

fn decimal(value: Decimal) -> String {
    value.normalize().to_string()
}
