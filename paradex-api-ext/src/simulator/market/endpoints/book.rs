//! Order books, best prices, and the impact price.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::{Outcome, text};
use crate::simulator::market::book::{Book, Level};
use crate::simulator::market::model::Market;
use crate::simulator::market::parameters::{decimal, depth, invalid, market, price_tick};
use crate::simulator::market::{Markets, prices};
use crate::simulator::state::Call;

pub(super) fn bbo(markets: &Markets, call: &Call<'_>, now: i64, rpi: bool) -> Outcome {
    let market = market(markets, call.path("market"))?;
    Ok(bbo_data(market, &market.book(now, rpi)))
}

/// Returns the best bid and ask of a book.
pub(in crate::simulator) fn bbo_data(market: &Market, book: &Book) -> Value {
    let mut data = header(market, book);
    if let Value::Object(fields) = &mut data {
        add_best(fields, market, book);
    }
    data
}

/// Adds the best bid and ask of a book.
pub(super) fn add_best(fields: &mut Map<String, Value>, market: &Market, book: &Book) {
    for (name, levels) in [("bid", &book.bids), ("ask", &book.asks)] {
        if let Some(level) = levels.first() {
            fields.insert(name.to_owned(), text(market.price(level.price)));
            fields.insert(format!("{name}_size"), text(market.size(level.size)));
        }
    }
}

/// Returns what every response about a book begins with.
fn header(market: &Market, book: &Book) -> Value {
    json!({
        "last_updated_at": book.updated_at,
        "market": market.spec.symbol,
        "seq_no": book.seq_no,
    })
}

pub(super) fn orderbook(markets: &Markets, call: &Call<'_>, now: i64, rpi: bool) -> Outcome {
    let market = market(markets, call.path("market"))?;
    let api = market.book(now, false);
    let interactive = market.with_rpi(api.clone());
    orderbook_data(market, call, (api, interactive), rpi)
}

/// Returns an order book: the one without RPI orders, or the one with them.
pub(in crate::simulator) fn orderbook_data(
    market: &Market,
    call: &Call<'_>,
    (api, interactive): (Book, Book),
    rpi: bool,
) -> Outcome {
    let depth = depth(call)?;
    let ticks = price_tick(call, &market.spec)?;
    let row = |level: &Level| json!([text(market.price(level.price)), text(market.size(level.size))]);
    let rows = |levels: &[Level]| -> Vec<Value> { levels.iter().take(depth).map(row).collect() };
    let best = |levels: &[Level]| levels.first().map_or_else(|| json!([]), row);
    let mut data = header(market, &api);
    if let Value::Object(fields) = &mut data {
        for (name, value) in [
            ("best_ask_api", best(&api.asks)),
            ("best_ask_interactive", best(&interactive.asks)),
            ("best_bid_api", best(&api.bids)),
            ("best_bid_interactive", best(&interactive.bids)),
        ] {
            fields.insert(name.to_owned(), value);
        }
        let book = if rpi { interactive } else { api }.aggregated(ticks);
        fields.insert("asks".to_owned(), json!(rows(&book.asks)));
        fields.insert("bids".to_owned(), json!(rows(&book.bids)));
    }
    Ok(data)
}

/// Returns the average price at which an order to buy this size, in the base currency, would be filled.
pub(super) fn impact_price(markets: &Markets, call: &Call<'_>, now: i64) -> Outcome {
    let market = market(markets, call.path("market"))?;
    let size = call.query("size").and_then(decimal);
    let size = size
        .filter(|size| *size > Decimal::ZERO)
        .ok_or_else(|| invalid("size: must be a number above 0"))?;
    let increments = size.checked_div(market.spec.order_size_increment);
    let impact = increments
        .and_then(|increments| i64::try_from(increments.trunc()).ok())
        .and_then(|increments| market.book(now, false).impact(true, increments.max(1)))
        .ok_or_else(|| invalid("size: is larger than all asks of the order book"))?;
    let price = impact * prices::float(market.spec.price_tick_size);
    Ok(json!({
        "impact_price": text(prices::decimal(prices::units(price, 8), 8)),
        "market": market.spec.symbol,
        "side": "BUY",
        "size": text(size),
    }))
}
