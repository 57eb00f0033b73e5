//! Responses of operations that the simulator does not model: sample values from the OpenAPI document.

use hyper::StatusCode;
use hyper::header::HeaderValue;
use paradex_api::{Bytes, Paging};
use serde_json::{Value, json};

use super::clock::{SECOND, nanoseconds};
use super::response::SimulatedResponse;
use super::session::{Session, jwt};
use super::state::{Call, State, World, seed_of};
use super::{accounts, market};

/// Returns the sample response of an operation, which depends on the seed alone.
pub(super) fn respond(world: &World, call: &Call<'_>) -> SimulatedResponse {
    let following = call.query("cursor").is_some();
    // The second page of a list differs from the first.
    let seed = seed_of(world.settings.seed, call.operation.id).wrapping_add(u64::from(following));
    let sample = world.document.sample_response(call.matched.operation, seed);
    let status = StatusCode::from_u16(sample.status).unwrap_or(StatusCode::OK);
    let content_type = sample
        .content_type
        .and_then(|text| HeaderValue::try_from(text).ok());
    let mut response = SimulatedResponse::new(status, content_type, sample.body);
    // The second page is the last, so that a client that reads all pages stops.
    if following && matches!(call.operation.paging, Paging::Cursor { .. }) {
        edit(&mut response, |body| set(body, "next", Value::Null));
    }
    response
}

/// Returns a sample summary for the account of the caller.
pub(super) fn account(world: &World, call: &Call<'_>) -> SimulatedResponse {
    let mut response = respond(world, call);
    edit(&mut response, |body| {
        set(body, "account", Value::from(call.account()));
    });
    response
}

pub(super) fn system_config(world: &World) -> SimulatedResponse {
    let mut body = market::config();
    let classes = accounts::classes();
    for (name, value) in [
        ("starknet_chain_id", world.settings.chain_id.clone()),
        ("l1_chain_id", accounts::L1_CHAIN_ID.to_string()),
        ("paraclear_account_proxy_hash", classes.proxy.to_string()),
        ("paraclear_account_hash", classes.account.to_string()),
        (
            "paraclear_evm_account_hash",
            accounts::ethereum_class().to_string(),
        ),
    ] {
        set(&mut body, name, Value::from(value));
    }
    SimulatedResponse::ok(&body)
}

pub(super) fn system_state(state: &State) -> SimulatedResponse {
    SimulatedResponse::ok(&json!({ "status": state.status.as_str() }))
}

pub(super) fn system_time(call: &Call<'_>) -> SimulatedResponse {
    let milliseconds = call.now / (SECOND / 1_000);
    SimulatedResponse::ok(&json!({ "server_time": milliseconds.to_string() }))
}

/// Returns a token for another service. The simulator itself does not accept it.
pub(super) fn terminal_token(world: &World, state: &mut State, call: &Call<'_>) -> SimulatedResponse {
    let expires = call
        .now
        .saturating_add(nanoseconds(world.settings.session_lifetime));
    let id = state.next_id("terminal");
    let session = Session {
        account: call.account().to_owned(),
        ..Session::default()
    };
    let text = jwt(&session, id, call.now, expires);
    SimulatedResponse::ok(&json!({ "jwt_token": text }))
}

/// Edits the body of a response, if it is JSON.
pub(super) fn edit(response: &mut SimulatedResponse, edit: impl FnOnce(&mut Value)) {
    if let Ok(mut body) = serde_json::from_slice(&response.body) {
        edit(&mut body);
        response.body = Bytes::from(body.to_string());
    }
}

fn set(body: &mut Value, name: &str, value: Value) {
    if let Value::Object(fields) = body {
        fields.insert(name.to_owned(), value);
    }
}
