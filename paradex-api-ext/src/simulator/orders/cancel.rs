//! Cancelling orders.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::{account, by_client_id, by_id, check_batch, client_id_not_found, own};
use crate::simulator::clock::nanoseconds;
use crate::simulator::engine::{Command, Order, OrderId};
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, Settings, State};

/// Cancels one order.
pub(in crate::simulator) fn cancel(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let unknown =
        || SimulatedResponse::refused_as(&settings.switches.unknown_order, "the account has no such order");
    let order = by_id(state, call, call.path("order_id")).ok_or_else(unknown)?;
    let id = live(settings, order)?;
    cancel_live(state, settings, call, id)?;
    Ok(SimulatedResponse::new(StatusCode::NO_CONTENT, None, ""))
}

/// Cancels the order with this client id.
pub(in crate::simulator) fn cancel_by_client_id(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let order = by_client_id(state, call, call.path("client_id")).ok_or_else(client_id_not_found)?;
    let id = live(settings, order)?;
    cancel_live(state, settings, call, id)?;
    Ok(SimulatedResponse::new(StatusCode::NO_CONTENT, None, ""))
}

/// Cancels the orders of a list, and returns a status for each.
pub(in crate::simulator) fn cancel_batch(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let texts = |name: &str| -> Vec<String> {
        let list = call.field(name).and_then(Value::as_array);
        let texts = list.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    };
    let (ids, client_ids) = (texts("order_ids"), texts("client_order_ids"));
    check_batch(ids.len().saturating_add(client_ids.len()))?;
    let mut results = Vec::new();
    for id in &ids {
        let found = by_id(state, call, id).map(|order| order.id);
        results.push(cancel_one(state, settings, call, found, json!({ "id": id })));
    }
    for client_id in &client_ids {
        let found = by_client_id(state, call, client_id).map(|order| order.id);
        results.push(cancel_one(
            state,
            settings,
            call,
            found,
            json!({ "client_id": client_id }),
        ));
    }
    Ok(SimulatedResponse::ok(&json!({ "results": results })))
}

/// Cancels all orders, or those of one market.
pub(in crate::simulator) fn cancel_all(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let account = account(state, call)?;
    let symbol = call.query("market");
    let market = symbol.and_then(|symbol| state.trading.known_market(symbol));
    // A market that has never had an order has none to cancel.
    if symbol.is_some() && market.is_none() {
        return Ok(SimulatedResponse::new(StatusCode::OK, None, ""));
    }
    if settings.cancel_delay.is_zero() {
        let command = Command::CancelAll { account, market };
        state.trading.apply(call.now, &command)?;
    } else {
        // Orders that are placed after the request stay.
        let is_meant = |order: &&Order| order.is_live() && market.is_none_or(|id| order.terms.market == id);
        let orders: Vec<OrderId> = own(state, call).filter(is_meant).map(|order| order.id).collect();
        for order in orders {
            cancel_live(state, settings, call, order)?;
        }
    }
    Ok(SimulatedResponse::new(StatusCode::OK, None, ""))
}

/// Returns the id of an order that can be cancelled.
fn live(settings: &Settings, order: &Order) -> Result<OrderId, SimulatedResponse> {
    if order.is_live() {
        return Ok(order.id);
    }
    let closed = &settings.switches.closed_order;
    Err(SimulatedResponse::refused_as(closed, "the order is closed"))
}

/// Cancels an order that is not closed, at once or later.
fn cancel_live(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
    order: OrderId,
) -> Result<(), SimulatedResponse> {
    let account = account(state, call)?;
    let command = Command::Cancel { account, order };
    if settings.cancel_delay.is_zero() {
        state.trading.apply(call.now, &command)?;
        return Ok(());
    }
    state.trading.engine().live_order(account, order)?;
    let due = call.now.saturating_add(nanoseconds(settings.cancel_delay));
    state.pending.add(due, command);
    Ok(())
}

fn cancel_one(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
    found: Option<OrderId>,
    unknown: Value,
) -> Value {
    let order = found.and_then(|id| state.trading.engine().order(id));
    let Some(order) = order else {
        return with_status(unknown, "NOT_FOUND");
    };
    let result = json!({
        "account": state.trading.address(order.terms.account),
        "client_id": order.terms.client_id,
        "id": state.trading.order_id(order.id),
        "market": state.trading.symbol(order.terms.market),
    });
    let id = order.id;
    match cancel_live(state, settings, call, id) {
        Ok(()) => with_status(result, "QUEUED_FOR_CANCELLATION"),
        Err(_) => with_status(result, "ALREADY_CLOSED"),
    }
}

fn with_status(mut result: Value, status: &str) -> Value {
    if let Value::Object(fields) = &mut result {
        fields.insert("status".to_owned(), Value::from(status));
    }
    result
}
