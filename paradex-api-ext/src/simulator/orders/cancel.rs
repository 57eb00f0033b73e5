//! Cancelling orders.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::{by_client_id, by_id, check_batch, client_id_not_found, is_selected, live, order_is_closed};
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, State};

/// Cancels one order.
pub(in crate::simulator) fn cancel(
    state: &mut State,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let index = live(state, call, call.path("order_id"))?;
    if let Some(order) = state.orders.get_mut(index) {
        order.cancel(call.now);
    }
    Ok(SimulatedResponse::new(StatusCode::NO_CONTENT, None, ""))
}

/// Cancels the order with this client id.
pub(in crate::simulator) fn cancel_by_client_id(
    state: &mut State,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let index = by_client_id(state, call, call.path("client_id")).ok_or_else(client_id_not_found)?;
    match state.orders.get_mut(index) {
        Some(order) if order.is_live() => order.cancel(call.now),
        _ => return Err(order_is_closed()),
    }
    Ok(SimulatedResponse::new(StatusCode::NO_CONTENT, None, ""))
}

/// Cancels the orders of a list, and returns a status for each.
pub(in crate::simulator) fn cancel_batch(
    state: &mut State,
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
        let index = by_id(state, call, id);
        results.push(cancel_one(state, call, index, json!({ "id": id })));
    }
    for client_id in &client_ids {
        let index = by_client_id(state, call, client_id);
        results.push(cancel_one(state, call, index, json!({ "client_id": client_id })));
    }
    Ok(SimulatedResponse::ok(&json!({ "results": results })))
}

/// Cancels all orders, or those of one market.
pub(in crate::simulator) fn cancel_all(state: &mut State, call: &Call<'_>) -> SimulatedResponse {
    for order in &mut state.orders {
        if order.is_live() && is_selected(order, call) {
            order.cancel(call.now);
        }
    }
    SimulatedResponse::new(StatusCode::OK, None, "")
}

fn cancel_one(state: &mut State, call: &Call<'_>, index: Option<usize>, unknown: Value) -> Value {
    let (mut result, status) = match index.and_then(|index| state.orders.get_mut(index)) {
        None => (unknown, "NOT_FOUND"),
        Some(order) => {
            let live = order.is_live();
            if live {
                order.cancel(call.now);
            }
            let result = json!({
                "account": order.account,
                "client_id": order.client_id,
                "id": order.id,
                "market": order.terms.market,
            });
            (
                result,
                if live {
                    "QUEUED_FOR_CANCELLATION"
                } else {
                    "ALREADY_CLOSED"
                },
            )
        }
    };
    if let Value::Object(fields) = &mut result {
        fields.insert("status".to_owned(), Value::from(status));
    }
    result
}
