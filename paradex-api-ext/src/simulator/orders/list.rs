//! Lists of orders, and single orders.

use serde_json::{Value, json};

use super::{by_id, client_id_not_found, order_id_not_found, order_json, own};
use crate::assumptions::ClosedOrderById;
use crate::simulator::engine::{Order, Status};
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, Settings, State};
use crate::simulator::trading;

/// Returns the caller's orders as lists show them, oldest first and closed ones included.
fn listed<'a>(state: &'a State, call: &Call<'_>) -> impl DoubleEndedIterator<Item = &'a Order> {
    let now = call.now;
    own(state, call).filter_map(move |order| state.trading.listed(order, now))
}

/// Lists the orders that are not closed.
pub(in crate::simulator) fn list_open(state: &State, call: &Call<'_>) -> SimulatedResponse {
    let orders = listed(state, call)
        .filter(|order| order.is_live() && state.trading.is_selected(order.terms.market, call));
    let listed: Vec<Value> = orders.map(|order| order_json(&state.trading, order)).collect();
    SimulatedResponse::ok(&json!({ "results": listed }))
}

/// Lists all orders, newest first, page by page.
pub(in crate::simulator) fn history(
    state: &State,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let matches = |wanted: Option<&str>, text: &str| wanted.is_none_or(|wanted| wanted == text);
    let selected = |order: &Order| {
        state.trading.is_selected(order.terms.market, call)
            && matches(call.query("client_id"), &order.terms.client_id)
            && matches(call.query("side"), trading::side_of(order.terms.side).as_str())
            && matches(call.query("type"), trading::kind_of(order.terms.kind).as_str())
            && matches(call.query("status"), trading::status(order).as_str())
    };
    let newest = listed(state, call).rev().filter(|order| selected(order));
    let entries = newest.map(|order| (order.id.0, order.created_at, order));
    let page = trading::page(call, entries, |order| order_json(&state.trading, order))?;
    Ok(SimulatedResponse::ok(&page))
}

/// Returns one order. A closed one is found only if the settings say so.
pub(in crate::simulator) fn get(
    state: &State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let is_found =
        |order: &&Order| order.is_live() || settings.switches.closed_by_id == ClosedOrderById::Returned;
    let order = by_id(state, call, call.path("order_id")).filter(is_found);
    let order = order.ok_or_else(order_id_not_found)?;
    Ok(SimulatedResponse::ok(&order_json(&state.trading, order)))
}

/// Returns the open order with this client id.
pub(in crate::simulator) fn get_by_client_id(
    state: &State,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let client_id = call.path("client_id");
    let order = own(state, call)
        .filter(|order| order.status == Status::Open)
        .find(|order| *order.terms.client_id == *client_id)
        .ok_or_else(client_id_not_found)?;
    Ok(SimulatedResponse::ok(&order_json(&state.trading, order)))
}
