//! Which orders the system accepts at its current status.

use hyper::StatusCode;
use paradex_api::types::SystemStatus;
use serde_json::Value;

use super::text;
use crate::pipeline::operation_class::places_orders;
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, State};

/// Refuses orders that the current status forbids. The codes are the exchange's; no source documents their HTTP status.
pub(in crate::simulator) fn check_status(state: &State, call: &Call<'_>) -> Result<(), SimulatedResponse> {
    if !places_orders(call.operation) {
        return Ok(());
    }
    let refused = |code, message| Err(SimulatedResponse::error(StatusCode::BAD_REQUEST, code, message));
    let body = &call.matched.body;
    let orders = body.as_array().map_or(std::slice::from_ref(body), Vec::as_slice);
    let adds = |order: &Value| matches!(text(order, "instruction"), "POST_ONLY" | "RPI");
    match state.status {
        SystemStatus::CancelOnly => refused("SYSTEM_STATUS_CANCEL_ONLY", "the system accepts cancels only"),
        SystemStatus::PostOnly if !orders.iter().all(adds) => refused(
            "SYSTEM_STATUS_POST_ONLY",
            "the system accepts post-only orders only",
        ),
        SystemStatus::Maintenance => Err(SimulatedResponse::error(
            StatusCode::SERVICE_UNAVAILABLE,
            "SERVICE_UNAVAILABLE",
            "the exchange is under maintenance",
        )),
        _ => Ok(()),
    }
}
