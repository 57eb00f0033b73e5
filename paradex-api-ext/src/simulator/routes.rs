//! The routes: from a complete request through rate limits, checks and rights to its handler.

use hyper::header::AUTHORIZATION;
use paradex_api::operations;
use paradex_api::testing::{Matched, Request, Violation};
use serde_json::Value;

use super::limit::Quota;
use super::log::LoggedRequest;
use super::response::SimulatedResponse;
use super::session::Caller;
use super::state::{Call, State, StateGuard, World};
use super::{auth, evm, market, orders, sample_responses, stream, subkeys, tokens, trading};

/// Handles a complete request.
pub(super) fn respond(world: &World, request: &LoggedRequest) -> SimulatedResponse {
    if request.path == stream::PATH {
        return stream::handshake(world, request);
    }
    let checked = world.document.check_request_allowing(
        world.settings.deviations(request.operation),
        &Request {
            method: &request.method,
            path: &request.path,
            query: &request.query,
            headers: &request.headers,
            body: &request.body,
        },
    );
    let mut state = world.state();
    let now = world.clock.now();
    let quota = world
        .settings
        .requests_per_minute
        .map(|limit| state.buckets.take(request.address, limit, now));
    let response = if quota.is_some_and(|quota| quota.wait.is_some()) {
        Quota::exceeded()
    } else {
        handle(world, state, request, checked, now).unwrap_or_else(|refusal| refusal)
    };
    match quota {
        Some(quota) => quota.add_headers(response),
        None => response,
    }
}

fn handle(
    world: &World,
    mut guard: StateGuard<'_>,
    request: &LoggedRequest,
    checked: Result<Matched<'_>, Vec<Violation>>,
    now: i64,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let state = &mut *guard;
    let operation = request
        .operation
        .ok_or_else(|| SimulatedResponse::not_found("there is nothing at this method and path"))?;
    if auth::is_sign_in_or_onboarding(operation) {
        let limit = world.settings.sign_ins_per_minute;
        let quota = state.sign_ins.take(request.address, limit, now);
        if quota.wait.is_some() {
            return Err(quota.add_headers(Quota::exceeded()));
        }
    }
    let matched = checked.map_err(|violations| {
        let all: Vec<String> = violations.iter().map(ToString::to_string).collect();
        SimulatedResponse::invalid(&all.join("; "))
    })?;
    let authorization = request.header(AUTHORIZATION.as_str());
    let call = Call {
        operation,
        caller: state.caller(operation, authorization, request.address, now)?,
        request,
        matched: &matched,
        now,
    };
    check_rights(world, &call)?;
    orders::check_status(state, &call)?;
    state.trading.advance(&world.markets, now);
    if let Some(response) = trading::respond(&state.trading, &call) {
        return response;
    }
    if let Some(response) = trading::respond_book(world, state, &call) {
        return response;
    }
    if let Some(response) = trading::respond_trades(world, state, &call) {
        return response;
    }
    if let Some(response) = respond_from_state(world, state, &call) {
        return response;
    }
    // The rest does not depend on the state, and some of it takes long.
    drop(guard);
    market::respond(world, &call).unwrap_or_else(|| Ok(sample_responses::respond(world, &call)))
}

/// Responds to an operation that reads or changes the state. `None` if it is another operation.
fn respond_from_state(
    world: &World,
    state: &mut State,
    call: &Call<'_>,
) -> Option<Result<SimulatedResponse, SimulatedResponse>> {
    let settings = &world.settings;
    let response = match call.operation.id {
        id if id == operations::LIST_TOKENS.id => Ok(tokens::list(state, settings, call)),
        id if id == operations::CREATE_TOKEN.id => tokens::create(state, settings, call),
        id if id == operations::REVOKE_TOKEN.id => tokens::revoke(state, settings, call),
        id if id == operations::UPDATE_TOKEN_ALLOWED_CIDRS.id => {
            tokens::replace_allowlist(state, settings, call)
        }
        id if id == operations::LIST_SUBKEYS.id => Ok(subkeys::list(state, settings, call)),
        id if id == operations::GET_SUBKEY.id => subkeys::get(state, settings, call),
        id if id == operations::REGISTER_SUBKEY.id => subkeys::register(state, settings, call),
        id if id == operations::ACTIVATE_SUBKEY.id => subkeys::activate(state, settings, call),
        id if id == operations::UPDATE_SUBKEY.id => subkeys::rename(state, settings, call),
        id if id == operations::REVOKE_SUBKEY.id => subkeys::revoke(state, settings, call),
        id if id == operations::UPDATE_SUBKEY_ALLOWED_CIDRS.id => {
            subkeys::replace_allowlist(state, settings, call)
        }
        id if id == operations::AUTH.id || id == operations::AUTH_WITH_PUBLIC_KEY.id => {
            auth::sign_in(state, settings, call)
        }
        id if id == operations::ONBOARD.id => auth::onboard(state, settings, call),
        id if id == operations::GET_ONBOARDING.id => auth::onboarding_status(state, call),
        id if id == operations::AUTH_EVM.id => evm::sign_in(state, settings, call),
        id if id == operations::ONBOARD_EVM.id => evm::onboard(state, settings, call),
        id if id == operations::CREATE_ORDER.id => orders::create(world, state, call),
        id if id == operations::CREATE_ORDERS_BATCH.id => orders::create_batch(world, state, call),
        id if id == operations::MODIFY_ORDER.id => orders::modify(world, state, call),
        id if id == operations::CREATE_ALGO_ORDER.id => orders::create_algo(world, state, call),
        id if id == operations::LIST_OPEN_ALGO_ORDERS.id => Ok(orders::list_open_algo(state, call)),
        id if id == operations::CANCEL_ALGO_ORDER.id => orders::cancel_algo(state, call),
        id if id == operations::LIST_ALGO_ORDERS_HISTORY.id => return orders::list_algo(state, call),
        id if id == operations::GET_ALGO_ORDER.id => return orders::get_algo(state, call),
        id if id == operations::GET_SYSTEM_STATE.id => Ok(sample_responses::system_state(state)),
        id if id == operations::LIST_OPEN_ORDERS.id => Ok(orders::list_open(state, call)),
        id if id == operations::LIST_ORDERS_HISTORY.id => orders::history(state, call),
        id if id == operations::GET_ORDER.id => orders::get(state, call),
        id if id == operations::GET_ORDER_BY_CLIENT_ID.id => orders::get_by_client_id(state, call),
        id if id == operations::CANCEL_ORDER.id => orders::cancel(state, call),
        id if id == operations::CANCEL_ORDER_BY_CLIENT_ID.id => orders::cancel_by_client_id(state, call),
        id if id == operations::CANCEL_ORDERS_BATCH.id => orders::cancel_batch(state, call),
        id if id == operations::CANCEL_ALL_ORDERS.id => orders::cancel_all(state, call),
        id if id == operations::CREATE_TERMINAL_TOKEN.id => {
            Ok(sample_responses::terminal_token(world, state, call))
        }
        id if id == operations::GET_ACCOUNT.id => Ok(sample_responses::account(world, call)),
        id if id == operations::GET_SYSTEM_CONFIG.id => Ok(sample_responses::system_config(world)),
        id if id == operations::GET_SYSTEM_TIME.id => Ok(sample_responses::system_time(call)),
        _ => return None,
    };
    Some(response)
}

/// Checks whether the caller may call the operation.
fn check_rights(world: &World, call: &Call<'_>) -> Result<(), SimulatedResponse> {
    let Some(Caller { main, read_only, .. }) = call.caller else {
        return Ok(());
    };
    if read_only && !call.operation.is_read() {
        let message = "the token may only read";
        return Err(SimulatedResponse::forbidden("INVALID_TOKEN_SCOPE", message));
    }
    let replaces_allowlist = [
        &operations::UPDATE_TOKEN_ALLOWED_CIDRS,
        &operations::UPDATE_SUBKEY_ALLOWED_CIDRS,
    ]
    .contains(&call.operation);
    let creates = [&operations::CREATE_TOKEN, &operations::REGISTER_SUBKEY].contains(&call.operation);
    let changes = [
        &operations::REVOKE_TOKEN,
        &operations::UPDATE_SUBKEY,
        &operations::REVOKE_SUBKEY,
    ]
    .contains(&call.operation);
    if !main && (replaces_allowlist || creates || changes) {
        let message = "only the main account itself may change its tokens and subkeys";
        return Err(SimulatedResponse::forbidden("REQUEST_NOT_ALLOWED", message));
    }
    let gives_allowlist = call
        .field("allowed_cidrs")
        .and_then(Value::as_array)
        .is_some_and(|list| !list.is_empty());
    if !world.settings.ip_restrictions && (replaces_allowlist || (creates && gives_allowlist)) {
        let message = "allowlists are not switched on for this account";
        return Err(SimulatedResponse::forbidden("REQUEST_NOT_ALLOWED", message));
    }
    Ok(())
}
