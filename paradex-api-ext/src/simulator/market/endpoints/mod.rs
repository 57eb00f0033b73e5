//! The public endpoints of the markets.

mod book;
mod history;
mod listing;
mod summary;
mod trades;

use paradex_api::{Operation, operations};
use rust_decimal::Decimal;
use serde_json::{Value, json};

pub(in crate::simulator) use book::{bbo_data, orderbook_data};
pub(in crate::simulator) use history::funding_json;
pub(in crate::simulator) use summary::summary;
pub(in crate::simulator) use trades::{ListedTrade, trade_id, trades_data};

use super::{Markets, system};
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

/// Returns whether the response to an operation can take so long to compute that other tasks should not wait for it: candles of
/// weeks, and the volumes of a day.
pub(in crate::simulator) fn takes_long(operation: &Operation) -> bool {
    [&operations::LIST_KLINES, &operations::LIST_MARKET_SUMMARIES].contains(&operation)
}

/// Returns the body of a response at a time, in milliseconds.
pub(in crate::simulator::market) fn body(markets: &Markets, call: &Call<'_>, now: i64) -> Option<Outcome> {
    let body = match call.operation.id {
        id if id == operations::LIST_MARKETS.id => listing::list(markets, call),
        id if id == operations::LIST_MARKET_SUMMARIES.id => summary::summaries(markets, call, now),
        id if id == operations::GET_BBO.id => book::bbo(markets, call, now, false),
        id if id == operations::GET_BBO_INTERACTIVE.id => book::bbo(markets, call, now, true),
        id if id == operations::GET_ORDERBOOK.id => book::orderbook(markets, call, now, false),
        id if id == operations::GET_ORDERBOOK_INTERACTIVE.id => book::orderbook(markets, call, now, true),
        id if id == operations::GET_IMPACT_PRICE.id => book::impact_price(markets, call, now),
        id if id == operations::LIST_TRADES.id => trades::trades(markets, call, now),
        id if id == operations::LIST_KLINES.id => history::klines(markets, call, now),
        id if id == operations::LIST_FUNDING_DATA.id => history::funding_data(markets, call, now),
        id if id == operations::LIST_MARKET_EVENTS.id => listing::events(markets, call, now),
        id if id == operations::GET_MARKET_SETTLEMENT_PRICE.id => listing::settlement_price(markets, call),
        id if id == operations::LIST_ANNOUNCEMENTS.id => system::announcements(markets, call, now),
        id if id == operations::GET_INSURANCE_FUND.id => Ok(system::insurance_fund(now)),
        id if id == operations::LIST_VOLUME_TIERS.id => Ok(system::volume_tiers()),
        id if id == operations::LIST_PORTFOLIO_MARGIN_CONFIGS.id => system::portfolio_margin(markets, call),
        _ => return None,
    };
    Some(body)
}

/// Returns a page of results. There is no previous one.
pub(in crate::simulator::market) fn page(next: Option<String>, results: Vec<Value>) -> Value {
    json!({ "next": next, "prev": null, "results": results })
}

/// Returns a decimal number as a text, without trailing zeros.
pub(in crate::simulator::market) fn text(value: Decimal) -> Value {
    Value::from(value.normalize().to_string())
}
