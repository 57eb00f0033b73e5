//! Algo orders.

use hyper::StatusCode;
use paradex_api::types::OrderType;
use serde_json::{Value, json};

use super::account;
use super::terms::{Terms, signed_at, verify};
use crate::signing::AlgoOrder as SignedAlgo;
use crate::simulator::clock::MILLISECOND;
use crate::simulator::engine::{Algo, AlgoId, CancelReason, Command, NewTwap, Outcome, Refusal, Status};
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, State, World};
use crate::simulator::trading::{self, Trading};

/// The default time between two parts, in seconds.
const FREQUENCY: u64 = 30;

/// Checks and starts an algo order.
pub(in crate::simulator) fn create_algo(
    world: &World,
    state: &mut State,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let body = &call.matched.body;
    let terms = Terms::read(body)?;
    if terms.kind != OrderType::Market {
        return Err(SimulatedResponse::invalid("type: must be MARKET"));
    }
    let timestamp_ms = signed_at(&world.settings, call, body)?;
    let order = terms.signed(timestamp_ms)?;
    let algo = SignedAlgo {
        timestamp_ms,
        market: order.market,
        side: order.side,
        size: order.size,
    };
    verify(state, &world.settings, call, body, |messages| {
        messages.algo_order(&algo)
    })?;
    let account = account(state, call)?;
    let market = state.trading.market(&world.markets, &terms.market, call.now)?;
    state.trading.follow(&world.markets, market, call.now);
    let order = terms.order(account, market, body)?;
    let seconds = |name: &str| body.get(name).and_then(Value::as_u64);
    let number = |seconds: u64| u32::try_from(seconds).unwrap_or(u32::MAX);
    let twap = NewTwap {
        account,
        market,
        side: order.side,
        size: order.size,
        duration: number(seconds("duration_seconds").unwrap_or_default()),
        frequency: number(seconds("frequency").unwrap_or(FREQUENCY)),
        interactive: call.caller.as_ref().is_some_and(|caller| caller.interactive),
    };
    let outcome = state.trading.apply(call.now, &Command::StartTwap(twap))?;
    state.trading.set_active(account);
    let Outcome::Algo(id) = outcome else {
        return Err(Refusal::AlgoNotFound.into());
    };
    let algo = state.trading.engine().algo(id).ok_or(Refusal::AlgoNotFound)?;
    let mut response = algo_json(&state.trading, algo);
    if let Value::Object(fields) = &mut response {
        let size = algo.terms.size.decimal().to_string();
        fields.insert("avg_fill_price".to_owned(), json!(""));
        fields.insert("remaining_size".to_owned(), json!(size));
        fields.insert("status".to_owned(), json!("NEW"));
    }
    Ok(SimulatedResponse::json(StatusCode::CREATED, &response))
}

/// Returns the JSON of an algo order.
fn algo_json(trading: &Trading, algo: &Algo) -> Value {
    let price = algo.execution.average_price();
    json!({
        "account": trading.address(algo.terms.account),
        "algo_params": {},
        "algo_type": "TWAP",
        "avg_fill_price": price.map_or_else(String::new, |price| price.decimal().to_string()),
        "cancel_reason": algo.reason.map_or("", CancelReason::as_str),
        "created_at": algo.created_at / MILLISECOND,
        "end_at": algo.end_at / MILLISECOND,
        "id": trading.algo_id(algo.id),
        "last_updated_at": algo.updated_at / MILLISECOND,
        "market": trading.symbol(algo.terms.market),
        "remaining_size": algo.execution.remaining.decimal().to_string(),
        "side": algo.terms.side,
        "size": algo.terms.size.decimal().to_string(),
        "status": algo.status,
    })
}

/// Returns the caller's algo orders, oldest first.
fn own<'a>(state: &'a State, call: &Call<'_>) -> impl DoubleEndedIterator<Item = &'a Algo> {
    let account = state.trading.account(call.account());
    account
        .into_iter()
        .flat_map(|account| state.trading.engine().algos_of(account))
}

/// Lists the active algo orders.
pub(in crate::simulator) fn list_open_algo(state: &State, call: &Call<'_>) -> SimulatedResponse {
    let open = own(state, call).filter(|algo| algo.status == Status::Open);
    let results: Vec<Value> = open.map(|algo| algo_json(&state.trading, algo)).collect();
    SimulatedResponse::ok(&json!({ "results": results }))
}

/// Lists all algo orders, newest first, page by page. `None` if the account has none; its history is then a sample.
pub(in crate::simulator) fn list_algo(
    state: &State,
    call: &Call<'_>,
) -> Option<Result<SimulatedResponse, SimulatedResponse>> {
    own(state, call).next()?;
    let matches = |name: &str, text: &str| call.query(name).is_none_or(|wanted| wanted == text);
    let selected = |algo: &&Algo| {
        let status = if algo.status == Status::Open {
            "OPEN"
        } else {
            "CLOSED"
        };
        state.trading.is_selected(algo.terms.market, call)
            && matches("side", trading::side_of(algo.terms.side).as_str())
            && matches("status", status)
            // The parts are market orders, and no algo order has an id of the client.
            && matches("type", OrderType::Market.as_str())
            && matches("client_id", "")
    };
    let newest = own(state, call).rev().filter(selected);
    let entries = newest.map(|algo| (algo.id.0, algo.created_at, algo));
    let page = trading::page(call, entries, |algo| algo_json(&state.trading, algo));
    Some(page.map(|page| SimulatedResponse::ok(&page)))
}

/// Returns an algo order. `None` if the account has none; the response is then a sample.
pub(in crate::simulator) fn get_algo(
    state: &State,
    call: &Call<'_>,
) -> Option<Result<SimulatedResponse, SimulatedResponse>> {
    own(state, call).next()?;
    let algo = find(state, call).map(|algo| SimulatedResponse::ok(&algo_json(&state.trading, algo)));
    Some(algo.ok_or_else(|| Refusal::AlgoNotFound.into()))
}

fn find<'a>(state: &'a State, call: &Call<'_>) -> Option<&'a Algo> {
    let id: AlgoId = state.trading.algo(call.path("algo_id"))?;
    let account = state.trading.account(call.account())?;
    let algo = state.trading.engine().algo(id)?;
    Some(algo).filter(|algo| algo.terms.account == account)
}

/// Cancels an algo order.
pub(in crate::simulator) fn cancel_algo(
    state: &mut State,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let algo = find(state, call).ok_or(Refusal::AlgoNotFound)?;
    let (account, algo) = (algo.terms.account, algo.id);
    state
        .trading
        .apply(call.now, &Command::CancelAlgo { account, algo })?;
    Ok(SimulatedResponse::new(StatusCode::NO_CONTENT, None, ""))
}
