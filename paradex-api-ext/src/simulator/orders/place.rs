//! Placing and modifying orders.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::terms::{Terms, signed_at, verify};
use super::{
    account, by_client_id, by_id, check_batch, order_id_not_found, order_is_closed, order_json, text,
};
use crate::assumptions::{PlacedStatus, SameOrderTwice, UsedClientId};
use crate::signing::{Felt, ModifyOrder};
use crate::simulator::auth::refused;
use crate::simulator::clock::SECOND;
use crate::simulator::engine::{Command, Event, NewOrder, OrderId, Outcome, Refusal};
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, Settings, State, World};

/// Nanoseconds of a day.
const DAY: i64 = 24 * 60 * 60 * SECOND;

/// Places one order.
pub(in crate::simulator) fn create(
    world: &World,
    state: &mut State,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let order = draft(world, state, call, &call.matched.body)?;
    let response = place(&world.settings, state, call, order)?;
    Ok(SimulatedResponse::json(StatusCode::CREATED, &response))
}

/// Places several orders.
pub(in crate::simulator) fn create_batch(
    world: &World,
    state: &mut State,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let (mut orders, mut errors) = (Vec::new(), Vec::new());
    for outcome in place_batch(world, state, call)? {
        match outcome {
            Ok(order) => orders.push(order),
            Err(refusal) => errors.push(refusal.error_part()),
        }
    }
    let response = json!({ "orders": orders, "errors": errors });
    Ok(SimulatedResponse::json(StatusCode::CREATED, &response))
}

/// Places the orders of a batch, and returns the outcome of each. If one is malformed or wrongly signed, all are refused and none is
/// placed.
pub(in crate::simulator) fn place_batch(
    world: &World,
    state: &mut State,
    call: &Call<'_>,
) -> Result<Vec<Result<Value, SimulatedResponse>>, SimulatedResponse> {
    let sent = call.matched.body.as_array().map_or(&[][..], Vec::as_slice);
    check_batch(sent.len())?;
    let drafts: Result<Vec<NewOrder>, SimulatedResponse> = sent
        .iter()
        .map(|order| draft(world, state, call, order))
        .collect();
    let outcomes = drafts?
        .into_iter()
        .map(|order| place(&world.settings, state, call, order));
    Ok(outcomes.collect())
}

/// Modifies size and prices of an order.
pub(in crate::simulator) fn modify(
    world: &World,
    state: &mut State,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let id = call.path("order_id");
    let order = by_id(state, call, id).ok_or_else(order_id_not_found)?;
    let (number, before) = (order.id, order.terms.clone());
    if !order.is_live() {
        return Err(order_is_closed());
    }
    if call.text("id")? != id {
        return Err(SimulatedResponse::invalid("id: must be the order of the path"));
    }
    let body = &call.matched.body;
    let terms = Terms::read(&world.settings, body)?;
    let signed = Felt::from_text(id).map_err(|error| SimulatedResponse::invalid(&format!("id: {error}")))?;
    let timestamp_ms = signed_at(&world.settings, call, body)?;
    let order = terms.signed(timestamp_ms)?;
    let modified = ModifyOrder { order, id: signed };
    verify(state, &world.settings, call, body, |messages| {
        messages.modify_order(&modified)
    })?;
    let market = state.trading.known_market(&terms.market);
    let new = terms.order(account(state, call)?, before.market, body)?;
    if (market, new.side, new.kind) != (Some(before.market), before.side, before.kind) {
        return Err(SimulatedResponse::invalid(
            "market, side and type: must be those of the order",
        ));
    }
    let command = Command::Modify {
        account: new.account,
        order: number,
        size: new.size,
        price: new.price,
        trigger: new.trigger,
        signed_at: timestamp_ms,
    };
    state.trading.apply(call.now, &command)?;
    let mut response = current(state, number)?;
    let rejected = state.trading.events().iter().find_map(|event| match event {
        Event::ModifyRejected { reason, .. } => Some(reason.as_str()),
        _ => None,
    });
    if let (Value::Object(fields), Some(reason)) = (&mut response, rejected) {
        let info = json!({
            "id": id, "message": reason, "request_type": "MODIFY_ORDER", "status": "REJECTED",
        });
        fields.insert("request_info".to_owned(), info);
    }
    Ok(SimulatedResponse::ok(&response))
}

/// Reads a new order, and checks everything that does not depend on other orders.
fn draft(
    world: &World,
    state: &mut State,
    call: &Call<'_>,
    sent: &Value,
) -> Result<NewOrder, SimulatedResponse> {
    let terms = Terms::read(&world.settings, sent)?;
    let timestamp_ms = signed_at(&world.settings, call, sent)?;
    let signed = terms.signed(timestamp_ms)?;
    verify(state, &world.settings, call, sent, |messages| {
        messages.order(&signed)
    })?;
    if world.settings.switches.same_order_twice == SameOrderTwice::Refused {
        // As long as any window that an order may name.
        let until = call.now.saturating_add(DAY);
        if state.is_used_again(text(sent, "signature"), until, call.now) {
            return Err(refused(
                "INVALID_ORDER_SIGNATURE",
                "signature: an order has used it",
            ));
        }
    }
    let account = account(state, call)?;
    let market = state.trading.market(&world.markets, &terms.market, call.now)?;
    state.trading.follow(&world.markets, market, call.now);
    let order = terms.order(account, market, sent)?;
    Ok(NewOrder {
        client_id: text(sent, "client_id").into(),
        interactive: call.caller.as_ref().is_some_and(|caller| caller.interactive),
        signed_at: timestamp_ms,
        ..order
    })
}

/// Places an order, and returns its JSON as it was before it met others: with the status `NEW`.
fn place(
    settings: &Settings,
    state: &mut State,
    call: &Call<'_>,
    order: NewOrder,
) -> Result<Value, SimulatedResponse> {
    if settings.switches.used_client_id == UsedClientId::Refused
        && by_client_id(state, call, &order.client_id).is_some()
    {
        return Err(Refusal::DuplicatedClientId.into());
    }
    let (account, size) = (order.account, order.size);
    let outcome = state.trading.apply(call.now, &Command::Place(Box::new(order)))?;
    state.trading.set_active(account);
    let Outcome::Order(id) = outcome else {
        return Err(order_id_not_found());
    };
    let mut response = current(state, id)?;
    if settings.switches.placed_status == PlacedStatus::Open {
        return Ok(response);
    }
    if let Value::Object(fields) = &mut response {
        for (name, value) in [
            ("avg_fill_price", String::new()),
            ("cancel_reason", String::new()),
            ("remaining_size", size.decimal().to_string()),
            ("size", size.decimal().to_string()),
            ("status", "NEW".to_owned()),
        ] {
            fields.insert(name.to_owned(), Value::from(value));
        }
    }
    Ok(response)
}

fn current(state: &State, id: OrderId) -> Result<Value, SimulatedResponse> {
    let order = state.trading.engine().order(id).ok_or_else(order_id_not_found)?;
    Ok(order_json(&state.trading, order))
}
