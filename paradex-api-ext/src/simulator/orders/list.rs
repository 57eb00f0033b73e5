//! Lists of orders, and single orders.

use serde_json::{Value, json};

use super::{MILLISECOND, by_id, client_id_not_found, is_selected, order_id_not_found, order_json, own};
use crate::simulator::engine::{Order, OrderId, Status};
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, State};
use crate::simulator::trading;

/// The default number of orders on a page of the history.
const PAGE: usize = 100;

/// Lists the orders that are not closed.
pub(in crate::simulator) fn list_open(state: &State, call: &Call<'_>) -> SimulatedResponse {
    let orders = own(state, call).filter(|order| order.is_live() && is_selected(state, order, call));
    let listed: Vec<Value> = orders.map(|order| order_json(&state.trading, order)).collect();
    SimulatedResponse::ok(&json!({ "results": listed }))
}

/// Lists all orders, newest first, page by page.
pub(in crate::simulator) fn history(
    state: &State,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let number = |name: &str| call.query(name).and_then(|text| text.parse::<i64>().ok());
    let before = match call.query("cursor") {
        None => OrderId(u64::MAX),
        Some(cursor) => OrderId(
            cursor
                .parse()
                .map_err(|_| SimulatedResponse::invalid("cursor: must be the `next` of a previous page"))?,
        ),
    };
    let size = call.query("page_size").and_then(|text| text.parse().ok());
    let matches = |wanted: Option<&str>, text: &str| wanted.is_none_or(|wanted| wanted == text);
    let selected = |order: &Order| {
        let created_at = order.created_at / MILLISECOND;
        is_selected(state, order, call)
            && matches(call.query("client_id"), &order.terms.client_id)
            && matches(call.query("side"), trading::side_of(order.terms.side).as_str())
            && matches(call.query("type"), trading::kind_of(order.terms.kind).as_str())
            && matches(call.query("status"), trading::status(order).as_str())
            && number("start_at").is_none_or(|start| created_at >= start)
            && number("end_at").is_none_or(|end| created_at <= end)
    };
    let newest = own(state, call).rev();
    let mut found = newest
        .filter(|order| order.id < before && selected(order))
        .peekable();
    let (mut page, mut last) = (Vec::new(), 0);
    for order in found.by_ref().take(size.unwrap_or(PAGE).max(1)) {
        page.push(order_json(&state.trading, order));
        last = order.id.0;
    }
    let next = found.peek().map(|_| last.to_string());
    Ok(SimulatedResponse::ok(
        &json!({ "next": next, "prev": null, "results": page }),
    ))
}

/// Returns one order, whatever its status.
pub(in crate::simulator) fn get(
    state: &State,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let order = by_id(state, call, call.path("order_id")).ok_or_else(order_id_not_found)?;
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
