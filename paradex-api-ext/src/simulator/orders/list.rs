//! Lists of orders, and single orders.

use paradex_api::types::OrderStatus;
use serde_json::{Value, json};

use super::{MILLISECOND, Order, by_id, client_id_not_found, is_selected, order_id_not_found};
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, State};

/// The default number of orders on a page of the history.
const PAGE: usize = 100;

/// Lists the orders that are not closed.
pub(in crate::simulator) fn list_open(state: &State, call: &Call<'_>) -> SimulatedResponse {
    let listed: Vec<Value> = state
        .orders
        .iter()
        .filter(|order| order.is_live() && is_selected(order, call))
        .map(|order| order.json(&order.status))
        .collect();
    SimulatedResponse::ok(&json!({ "results": listed }))
}

/// Lists all orders, newest first, page by page.
pub(in crate::simulator) fn history(
    state: &State,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let number = |name: &str| call.query(name).and_then(|text| text.parse::<i64>().ok());
    let end = match call.query("cursor") {
        None => state.orders.len(),
        Some(cursor) => cursor
            .parse()
            .map_err(|_| SimulatedResponse::invalid("cursor: must be the `next` of a previous page"))?,
    };
    let size = call.query("page_size").and_then(|text| text.parse().ok());
    let matches = |wanted: Option<&str>, text: &str| wanted.is_none_or(|wanted| wanted == text);
    let selected = |order: &Order| {
        let created_at = order.created_at / MILLISECOND;
        is_selected(order, call)
            && matches(call.query("client_id"), &order.client_id)
            && matches(call.query("side"), order.terms.side.as_str())
            && matches(call.query("type"), order.terms.kind.as_str())
            && matches(call.query("status"), order.status.as_str())
            && number("start_at").is_none_or(|start| created_at >= start)
            && number("end_at").is_none_or(|end| created_at <= end)
    };
    let mut found = state
        .orders
        .iter()
        .enumerate()
        .take(end)
        .rev()
        .filter(|(_, order)| selected(order))
        .peekable();
    let (mut page, mut last) = (Vec::new(), 0);
    for (index, order) in found.by_ref().take(size.unwrap_or(PAGE).max(1)) {
        page.push(order.json(&order.status));
        last = index;
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
    let index = by_id(state, call, call.path("order_id")).ok_or_else(order_id_not_found)?;
    let order = state.orders.get(index).ok_or_else(order_id_not_found)?;
    Ok(SimulatedResponse::ok(&order.json(&order.status)))
}

/// Returns the open order with this client id.
pub(in crate::simulator) fn get_by_client_id(
    state: &State,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let order = state
        .orders
        .iter()
        .filter(|order| order.status == OrderStatus::Open && order.account == call.account())
        .find(|order| order.client_id == call.path("client_id"))
        .ok_or_else(client_id_not_found)?;
    Ok(SimulatedResponse::ok(&order.json(&order.status)))
}
