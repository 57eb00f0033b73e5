//! Placing and modifying orders.

use hyper::StatusCode;
use paradex_api::types::{OrderStatus, OrderType};
use serde_json::{Value, json};

use super::terms::{Terms, signed_at, verify};
use super::{Order, check_batch, live, order_id_not_found, text};
use crate::signing::{Felt, ModifyOrder};
use crate::simulator::auth::refused;
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, Settings, State};

/// Places one order.
pub(in crate::simulator) fn create(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let order = draft(state, settings, call, &call.matched.body)?;
    let response = place(state, order)?;
    Ok(SimulatedResponse::json(StatusCode::CREATED, &response))
}

/// Places several orders. If one is malformed or wrongly signed, all are refused and none is placed.
pub(in crate::simulator) fn create_batch(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let sent = call.matched.body.as_array().map_or(&[][..], Vec::as_slice);
    check_batch(sent.len())?;
    let drafts: Result<Vec<Order>, SimulatedResponse> = sent
        .iter()
        .map(|order| draft(state, settings, call, order))
        .collect();
    let (mut orders, mut errors) = (Vec::new(), Vec::new());
    for order in drafts? {
        match place(state, order) {
            Ok(order) => orders.push(order),
            Err(refusal) => errors.push(refusal.error_part()),
        }
    }
    let response = json!({ "orders": orders, "errors": errors });
    Ok(SimulatedResponse::json(StatusCode::CREATED, &response))
}

/// Modifies size and prices of an order.
pub(in crate::simulator) fn modify(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let id = call.path("order_id");
    let index = live(state, call, id)?;
    if call.text("id")? != id {
        return Err(SimulatedResponse::invalid("id: must be the order of the path"));
    }
    let body = &call.matched.body;
    let terms = Terms::read(body)?;
    let signed = Felt::from_text(id).map_err(|error| SimulatedResponse::invalid(&format!("id: {error}")))?;
    let timestamp_ms = signed_at(settings, call, body)?;
    let order = terms.signed(timestamp_ms)?;
    let modified = ModifyOrder { order, id: signed };
    verify(state, settings, call, body, |messages| {
        messages.modify_order(&modified)
    })?;
    let order = state.orders.get_mut(index).ok_or_else(order_id_not_found)?;
    let fixed = |terms: &Terms| (terms.market.clone(), terms.side.clone(), terms.kind.clone());
    if fixed(&order.terms) != fixed(&terms) {
        return Err(SimulatedResponse::invalid(
            "market, side and type: must be those of the order",
        ));
    }
    order.terms = terms;
    order.signed_at = timestamp_ms;
    order.updated_at = call.now;
    let status = order.status.clone();
    Ok(SimulatedResponse::ok(&order.json(&status)))
}

/// Reads a new order, and checks everything that does not depend on other orders.
fn draft(
    state: &State,
    settings: &Settings,
    call: &Call<'_>,
    sent: &Value,
) -> Result<Order, SimulatedResponse> {
    let terms = Terms::read(sent)?;
    let timestamp_ms = signed_at(settings, call, sent)?;
    let signed = terms.signed(timestamp_ms)?;
    verify(state, settings, call, sent, |messages| messages.order(&signed))?;
    let or = |name: &str, otherwise: Value| sent.get(name).cloned().unwrap_or(otherwise);
    let status = match terms.kind {
        OrderType::Limit => OrderStatus::Open,
        OrderType::Market => OrderStatus::Closed,
        _ => OrderStatus::Untriggered,
    };
    Ok(Order {
        account: call.account().to_owned(),
        // It gets an id when it is placed, so that a refused batch uses none.
        id: String::new(),
        client_id: text(sent, "client_id").to_owned(),
        terms,
        instruction: or("instruction", json!("GTC")),
        flags: or("flags", json!([])),
        stp: or("stp", json!("EXPIRE_TAKER")),
        status,
        cancel_reason: "",
        signed_at: timestamp_ms,
        created_at: call.now,
        updated_at: call.now,
    })
}

/// Stores an order, and returns its JSON with the status `NEW`.
fn place(state: &mut State, mut order: Order) -> Result<Value, SimulatedResponse> {
    let taken = state.orders.iter().any(|other| {
        !order.client_id.is_empty()
            && other.is_live()
            && other.account == order.account
            && other.client_id == order.client_id
    });
    if taken {
        let message = "client_id: an open order has the same one";
        return Err(refused("DUPLICATED_CLIENT_ID", message));
    }
    order.id = state.next_id("order").to_string();
    let response = order.json(&OrderStatus::New);
    state.orders.push(order);
    Ok(response)
}
