//! Algo orders. They stay active until they are cancelled, and place no orders.

use std::time::Duration;

use hyper::StatusCode;
use paradex_api::types::{OrderStatus, OrderType};
use serde_json::{Value, json};

use super::MILLISECOND;
use super::terms::{Terms, signed_at, verify};
use crate::signing::AlgoOrder as SignedAlgo;
use crate::simulator::clock::nanoseconds;
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, Settings, State};

/// Checks and starts an algo order.
pub(in crate::simulator) fn create_algo(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let body = &call.matched.body;
    let terms = Terms::read(body)?;
    if terms.kind != OrderType::Market {
        return Err(SimulatedResponse::invalid("type: must be MARKET"));
    }
    let duration = body.get("duration_seconds").and_then(Value::as_u64);
    let duration = duration
        .filter(|duration| (30..=86_400).contains(duration) && duration % 30 == 0)
        .ok_or_else(|| {
            SimulatedResponse::invalid("duration_seconds: must be a multiple of 30, between 30 and 86400")
        })?;
    let timestamp_ms = signed_at(settings, call, body)?;
    let order = terms.signed(timestamp_ms)?;
    let algo = SignedAlgo {
        timestamp_ms,
        market: order.market,
        side: order.side,
        size: order.size,
    };
    verify(state, settings, call, body, |messages| messages.algo_order(&algo))?;
    let end_at = call
        .now
        .saturating_add(nanoseconds(Duration::from_secs(duration)));
    let now = call.now / MILLISECOND;
    let response = json!({
        "account": call.account(),
        "algo_params": {},
        "algo_type": body.get("algo_type"),
        "avg_fill_price": "",
        "cancel_reason": "",
        "created_at": now,
        "end_at": end_at / MILLISECOND,
        "id": state.next_id("algo").to_string(),
        "last_updated_at": now,
        "market": terms.market,
        "remaining_size": terms.size.to_string(),
        "side": terms.side.as_str(),
        "size": terms.size.to_string(),
        "status": OrderStatus::New.as_str(),
    });
    state.algo_orders.push(AlgoOrder(response.clone()));
    Ok(SimulatedResponse::json(StatusCode::CREATED, &response))
}

/// The JSON of an active algo order.
#[derive(Debug)]
pub(in crate::simulator) struct AlgoOrder(Value);

impl AlgoOrder {
    fn is(&self, field: &str, value: &str) -> bool {
        self.0.get(field).and_then(Value::as_str) == Some(value)
    }
}

/// Lists the active algo orders.
pub(in crate::simulator) fn list_open_algo(state: &State, call: &Call<'_>) -> SimulatedResponse {
    let all = state.algo_orders.iter();
    let own: Vec<&Value> = all
        .filter(|order| order.is("account", call.account()))
        .map(|order| &order.0)
        .collect();
    SimulatedResponse::ok(&json!({ "results": own }))
}

/// Cancels an algo order.
pub(in crate::simulator) fn cancel_algo(
    state: &mut State,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let id = call.path("algo_id");
    let all = &mut state.algo_orders;
    let found = all
        .iter()
        .position(|order| order.is("account", call.account()) && order.is("id", id));
    all.remove(found.ok_or_else(|| {
        SimulatedResponse::error(
            StatusCode::NOT_FOUND,
            "ALGO_ID_NOT_FOUND",
            "there is no such algo order",
        )
    })?);
    Ok(SimulatedResponse::new(StatusCode::NO_CONTENT, None, ""))
}
