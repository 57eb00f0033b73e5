//! The public endpoints of the markets.

use hyper::StatusCode;
use paradex_api::operations;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::book::{Book, Level};
use super::funding::FUNDING_STEP;
use super::klines::PriceKind;
use super::model::{DAY, Market, OPEN_AT, Trade};
use super::parameters::{
    Range, cursor, decimal, depth, invalid, market, market_not_found, number, page_size, price_tick,
    required, selected,
};
use super::rules::{self, Pair};
use super::{Markets, prices, system};
use crate::simulator::clock::MILLISECOND;
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, World};

type Outcome = Result<Value, SimulatedResponse>;

/// Responds to an operation of the markets. `None` if it is another operation.
pub(in crate::simulator) fn respond(
    world: &World,
    call: &Call<'_>,
) -> Option<Result<SimulatedResponse, SimulatedResponse>> {
    let body = body(&world.markets, call, call.now / MILLISECOND)?;
    Some(body.map(|body| SimulatedResponse::ok(&body)))
}

/// Returns the body of a response at a time, in milliseconds.
pub(super) fn body(markets: &Markets, call: &Call<'_>, now: i64) -> Option<Outcome> {
    let body = match call.operation.id {
        id if id == operations::LIST_MARKETS.id => list(markets, call),
        id if id == operations::LIST_MARKET_SUMMARIES.id => summaries(markets, call, now),
        id if id == operations::GET_BBO.id => bbo(markets, call, now, false),
        id if id == operations::GET_BBO_INTERACTIVE.id => bbo(markets, call, now, true),
        id if id == operations::GET_ORDERBOOK.id => orderbook(markets, call, now, false),
        id if id == operations::GET_ORDERBOOK_INTERACTIVE.id => orderbook(markets, call, now, true),
        id if id == operations::GET_IMPACT_PRICE.id => impact_price(markets, call, now),
        id if id == operations::LIST_TRADES.id => trades(markets, call, now),
        id if id == operations::LIST_KLINES.id => klines(markets, call, now),
        id if id == operations::LIST_FUNDING_DATA.id => funding_data(markets, call, now),
        id if id == operations::LIST_MARKET_EVENTS.id => history(markets, call, now),
        id if id == operations::GET_MARKET_SETTLEMENT_PRICE.id => settlement_price(markets, call),
        id if id == operations::LIST_ANNOUNCEMENTS.id => system::announcements(markets, call, now),
        id if id == operations::GET_INSURANCE_FUND.id => Ok(system::insurance_fund(now)),
        id if id == operations::LIST_VOLUME_TIERS.id => Ok(system::volume_tiers()),
        id if id == operations::LIST_PORTFOLIO_MARGIN_CONFIGS.id => system::portfolio_margin(markets, call),
        _ => return None,
    };
    Some(body)
}

fn list(markets: &Markets, call: &Call<'_>) -> Outcome {
    let found = selected(markets, call.query("market"), StatusCode::NOT_FOUND)?;
    let results: Vec<Value> = found.into_iter().map(static_data).collect();
    Ok(json!({ "results": results }))
}

/// Returns the static data of a market.
fn static_data(market: &Market) -> Value {
    let spec = &market.spec;
    let mut data = json!({
        "asset_kind": spec.asset_kind.as_str(),
        "base_currency": spec.base_currency,
        "clamp_rate": "0.02",
        "expiry_at": 0,
        "fee_config": fees(spec.is_option()),
        "funding_multiplier": 1,
        "funding_period_hours": if spec.has_funding() { spec.funding_period_hours } else { 0 },
        "interest_rate": "0.0001",
        "market_kind": "cross",
        "max_funding_rate": "0.02",
        "max_funding_rate_change": "0.0005",
        "max_open_orders": rules::MAX_OPEN_ORDERS,
        "max_order_size": text(spec.max_order_size),
        "max_slippage": text(rules::MAX_SLIPPAGE),
        "max_tob_spread": "0.2",
        "min_notional": text(spec.min_notional),
        "open_at": OPEN_AT,
        "oracle_ewma_factor": "0.2",
        "order_size_increment": text(spec.order_size_increment),
        "position_limit": text(spec.position_limit),
        "price_bands_width": text(rules::PRICE_BAND),
        "price_feed_id": format!("simulated-{}-{}", spec.base_currency, spec.quote_currency),
        "price_tick_size": text(spec.price_tick_size),
        "quote_currency": spec.quote_currency,
        "settlement_currency": spec.settlement_currency,
        "symbol": spec.symbol,
        "tags": [],
        "trading_mode": "STANDARD",
    });
    if let Value::Object(fields) = &mut data {
        if let (Some(option_type), Some(strike)) = (&spec.option_type, spec.strike_price) {
            let margins = |long_itm, short_itm, short_otm, premium| {
                json!({
                    "long_itm": long_itm, "short_itm": short_itm, "short_otm": short_otm,
                    "short_put_cap": "0.5", "premium_multiplier": premium,
                })
            };
            let params = json!({
                "imf": margins("0.2", "0.15", "0.1", "1"),
                "mmf": margins("0.1", "0.075", "0.05", "0.5"),
            });
            fields.insert("iv_bands_width".to_owned(), json!("0.05"));
            fields.insert("option_cross_margin_params".to_owned(), params);
            fields.insert("option_type".to_owned(), json!(option_type.as_str()));
            fields.insert("strike_price".to_owned(), text(strike));
        } else {
            let params = json!({
                "imf_base": text(rules::INITIAL_MARGIN), "imf_factor": "0", "imf_shift": "0",
                "mmf_factor": text(rules::MAINTENANCE_FACTOR),
            });
            fields.insert("delta1_cross_margin_params".to_owned(), params);
        }
    }
    data
}

/// Returns the fees of a market. Options have caps.
fn fees(is_option: bool) -> Value {
    let fee = |rate: Decimal| match is_option {
        true => json!({"fee": text(rate), "fee_cap": "0.125", "fee_floor": "-0.125"}),
        false => json!({"fee": text(rate)}),
    };
    let pair = |fees: Pair| json!({"maker_fee": fee(fees.maker), "taker_fee": fee(fees.taker)});
    let rates = rules::fees(is_option);
    json!({
        "api_fee": pair(rates.api),
        "interactive_fee": pair(rates.interactive),
        "rpi_fee": pair(rates.rpi),
    })
}

/// Returns the dynamic data of markets. `end` moves it to an earlier time, and `start` has no effect.
fn summaries(markets: &Markets, call: &Call<'_>, now: i64) -> Outcome {
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

fn bbo(markets: &Markets, call: &Call<'_>, now: i64, rpi: bool) -> Outcome {
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
fn add_best(fields: &mut Map<String, Value>, market: &Market, book: &Book) {
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

fn orderbook(markets: &Markets, call: &Call<'_>, now: i64, rpi: bool) -> Outcome {
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
fn impact_price(markets: &Markets, call: &Call<'_>, now: i64) -> Outcome {
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

/// Returns trades, newest first.
fn trades(markets: &Markets, call: &Call<'_>, now: i64) -> Outcome {
    let found = match (call.query("market"), call.query("baseAsset")) {
        (Some(_), Some(_)) => return Err(invalid("baseAsset: must not be given together with market")),
        (symbol, None) => selected(markets, symbol, StatusCode::BAD_REQUEST)?,
        (None, Some(base)) => {
            let of_base = |market: &&Market| market.spec.is_option() && market.spec.base_currency == base;
            markets.0.iter().filter(of_base).collect()
        }
    };
    let Range { from, to } = Range::read(call, now)?;
    let size = page_size(call, 1_000)?;
    let cursor = cursor(call)?;
    let mut all: Vec<(i128, &Market, Trade)> = Vec::new();
    for market in found {
        let to = cursor.map_or(to, |id| to.min(time_of(id)));
        let newest = market
            .trades(from, to)
            .rev()
            .map(|trade| (id(market, &trade), market, trade));
        all.extend(
            newest
                .filter(|(id, ..)| cursor.is_none_or(|cursor| *id < cursor))
                .take(size + 1),
        );
    }
    all.sort_unstable_by_key(|(id, ..)| std::cmp::Reverse(*id));
    let more = all.len() > size;
    all.truncate(size);
    let next = all.last().filter(|_| more).map(|(id, ..)| id.to_string());
    let results: Vec<Value> = all
        .iter()
        .map(|(id, market, trade)| {
            json!({
                "created_at": trade.at,
                "id": id.to_string(),
                "market": market.spec.symbol,
                "price": text(market.price(trade.price)),
                "side": if trade.buy { "BUY" } else { "SELL" },
                "size": text(market.size(trade.size)),
                "trade_type": "FILL",
            })
        })
        .collect();
    Ok(page(next, results))
}

/// The digits of the market in the id of a trade. The digits before them are the time.
const MARKET_DIGITS: i128 = 1_000_000;

/// Returns the id of a trade. It orders the trades of all markets by time.
fn id(market: &Market, trade: &Trade) -> i128 {
    let number = i128::try_from(market.number).unwrap_or_default();
    i128::from(trade.at) * MARKET_DIGITS + number
}

/// Returns the text of a trade's id.
pub(in crate::simulator) fn trade_id(market: &Market, trade: &Trade) -> String {
    id(market, trade).to_string()
}

/// Returns the time in the id of a trade, or the nearest that an `i64` holds.
fn time_of(id: i128) -> i64 {
    let limit = if id < 0 { i64::MIN } else { i64::MAX };
    i64::try_from(id / MARKET_DIGITS).unwrap_or(limit)
}

/// Returns a page of results. There is no previous one.
pub(super) fn page(next: Option<String>, results: Vec<Value>) -> Value {
    json!({ "next": next, "prev": null, "results": results })
}

fn klines(markets: &Markets, call: &Call<'_>, now: i64) -> Outcome {
    let market = market(markets, call.query("symbol").unwrap_or_default())?;
    let minutes = required(call, "resolution")?;
    if ![1, 3, 5, 15, 30, 60].contains(&minutes) {
        return Err(invalid("resolution: must be 1, 3, 5, 15, 30 or 60"));
    }
    let kind = match call.query("price_kind") {
        None | Some("last") => PriceKind::Last,
        Some("mark") => PriceKind::Mark,
        Some("underlying") => PriceKind::Underlying,
        Some(_) => return Err(invalid("price_kind: must be last, mark or underlying")),
    };
    let (from, to) = (required(call, "start_at")?, required(call, "end_at")?);
    if from > to {
        return Err(invalid("start_at: must not be after end_at"));
    }
    let candles = market.candles(kind, minutes, from, to, now);
    let rows: Vec<Value> = candles
        .iter()
        .map(|candle| {
            json!([
                candle.start_at,
                prices::float(candle.open),
                prices::float(candle.high),
                prices::float(candle.low),
                prices::float(candle.close),
                prices::float(candle.volume)
            ])
        })
        .collect();
    Ok(json!({ "results": rows }))
}

/// Returns funding data, newest first.
fn funding_data(markets: &Markets, call: &Call<'_>, now: i64) -> Outcome {
    let market = market(markets, call.query("market").unwrap_or_default())?;
    let Range { from, to } = Range::read(call, now)?;
    let size = page_size(call, 5_000)?;
    let mut time = match cursor(call)? {
        Some(cursor) => to.min(i64::try_from(cursor).unwrap_or(i64::MAX).saturating_sub(1)),
        None => to,
    };
    let (mut results, mut last, mut more) = (Vec::new(), 0, false);
    while let Some(entry) = market.funding(time).filter(|entry| entry.created_at >= from) {
        if results.len() == size {
            more = true;
            break;
        }
        results.push(json!({
            "created_at": entry.created_at,
            "funding_index": text(entry.index),
            "funding_period_hours": market.spec.funding_period_hours,
            "funding_premium": text(entry.premium),
            "funding_rate": text(entry.rate),
            "funding_rate_8h": text(entry.rate_8h),
            "market": market.spec.symbol,
        }));
        last = entry.created_at;
        time = entry.created_at - FUNDING_STEP;
    }
    Ok(page(more.then(|| last.to_string()), results))
}

/// Returns the changes of markets of the last seven days. There are none but their opening.
fn history(markets: &Markets, call: &Call<'_>, now: i64) -> Outcome {
    let found = selected(markets, call.query("market"), StatusCode::BAD_REQUEST)?;
    let opened = |_: &&Market| (now - 7 * DAY..=now).contains(&OPEN_AT);
    let results: Vec<Value> = found
        .into_iter()
        .filter(opened)
        .map(|market| {
            json!({
                "changed_fields": {"asset_kind": market.spec.asset_kind.as_str(), "open_at": OPEN_AT},
                "event_type": "CREATED",
                "symbol": market.spec.symbol,
                "updated_at": OPEN_AT,
            })
        })
        .collect();
    Ok(json!({ "results": results }))
}

/// No market of the simulator expires, so none has a settlement price.
fn settlement_price(markets: &Markets, call: &Call<'_>) -> Outcome {
    let symbol = call.query("market").unwrap_or_default();
    if markets.get(symbol).is_none() {
        return Err(market_not_found(StatusCode::NOT_FOUND, symbol));
    }
    let message = format!("market {symbol:?} has not settled");
    Err(SimulatedResponse::error(
        StatusCode::NOT_FOUND,
        "MARKET_NOT_SETTLED",
        &message,
    ))
}

/// Returns a decimal number as a text, without trailing zeros.
pub(super) fn text(value: Decimal) -> Value {
    Value::from(value.normalize().to_string())
}

#[cfg(test)]
mod tests {
    use super::{MARKET_DIGITS, time_of};

    #[test]
    fn time_of_an_id_saturates() {
        for (id, time) in [
            (i128::MIN, i64::MIN),
            (-MARKET_DIGITS, -1),
            (7 * MARKET_DIGITS + 3, 7),
            (i128::MAX, i64::MAX),
        ] {
            assert_eq!(time_of(id), time, "{id}");
        }
    }
}
