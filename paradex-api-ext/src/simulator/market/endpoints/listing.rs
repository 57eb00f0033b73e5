//! The list of markets: what stays the same, and what changed.

use hyper::StatusCode;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Outcome, text};
use crate::simulator::market::Markets;
use crate::simulator::market::model::{DAY, Market, OPEN_AT};
use crate::simulator::market::parameters::{market_not_found, selected};
use crate::simulator::market::rules::{self, Pair};
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::Call;

pub(super) fn list(markets: &Markets, call: &Call<'_>) -> Outcome {
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

/// Returns the changes of markets of the last seven days. There are none but their opening.
pub(super) fn events(markets: &Markets, call: &Call<'_>, now: i64) -> Outcome {
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
pub(super) fn settlement_price(markets: &Markets, call: &Call<'_>) -> Outcome {
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
