//! The summaries of the markets.

use hyper::StatusCode;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::book::add_best;
use super::{Outcome, text};
use crate::simulator::market::model::{DAY, Market, OPEN_AT};
use crate::simulator::market::parameters::{invalid, number, selected};
use crate::simulator::market::{Markets, prices};
use crate::simulator::state::Call;

/// Returns the dynamic data of markets. `end` moves it to an earlier time, and `start` has no effect.
pub(super) fn summaries(markets: &Markets, call: &Call<'_>, now: i64) -> Outcome {
    let found = selected(markets, call.query("market"), StatusCode::BAD_REQUEST)?;
    let (start, end) = (number(call, "start")?, number(call, "end")?);
    if start.zip(end).is_some_and(|(start, end)| start > end) {
        return Err(invalid("start: must not be after end"));
    }
    let time = end.map_or(now, |end| end.clamp(OPEN_AT, now.max(OPEN_AT)));
    let results: Vec<Value> = found.into_iter().map(|market| summary(market, time)).collect();
    Ok(json!({ "results": results }))
}

/// Returns the summary of a market at a time, in milliseconds.
pub(in crate::simulator) fn summary(market: &Market, now: i64) -> Value {
    let spec = &market.spec;
    let book = market.book(now, false);
    let (index_price, mark_price) = (market.index_price(now), market.mark_price(now));
    let mut data = json!({
        "created_at": now,
        "external_fair_price": text(mark_price),
        "mark_price": text(mark_price),
        "open_interest": text(market.open_interest(now)),
        "symbol": spec.symbol,
        "total_volume": text(market.total_volume(now)),
        "underlying_price": text(index_price),
        "volume_24h": text(market.volume(now - DAY + 1, now)),
    });
    let Value::Object(fields) = &mut data else {
        return data;
    };
    add_best(fields, market, &book);
    let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    if let Some(funding) = market.funding(now) {
        set("funding_rate", text(funding.rate));
        if spec.is_option() {
            set("future_funding_rate", text(funding.rate));
        }
    }
    let last = market.last_trade(now);
    if let Some(last) = last {
        set("last_traded_price", text(market.price(last.price)));
        let earlier = market.last_trade(now - DAY);
        let change = earlier.and_then(|earlier| {
            let change = Decimal::from(last.price - earlier.price);
            change.checked_div(Decimal::from(earlier.price))
        });
        set(
            "price_change_rate_24h",
            text(change.unwrap_or_default().round_dp(6)),
        );
    }
    let Some(option) = market.option else {
        set("delta", json!("1"));
        set("greeks", json!({"delta": "1"}));
        return data;
    };
    let rounded = |value: f64| text(prices::decimal(prices::units(value, 8), 8));
    let index = prices::float(index_price);
    let greeks = option.greeks(index);
    set("delta", rounded(greeks.delta));
    set(
        "greeks",
        json!({"delta": rounded(greeks.delta), "gamma": rounded(greeks.gamma), "vega": rounded(greeks.vega)}),
    );
    set("risk_free_rate", json!("0"));
    set(
        "mark_iv",
        rounded(option.volatility(index, prices::float(mark_price))),
    );
    for (name, ticks) in [
        ("bid_iv", book.bids.first().map(|level| level.price)),
        ("ask_iv", book.asks.first().map(|level| level.price)),
        ("last_iv", last.map(|trade| trade.price)),
    ] {
        if let Some(ticks) = ticks {
            set(
                name,
                rounded(option.volatility(index, prices::float(market.price(ticks)))),
            );
        }
    }
    data
}
