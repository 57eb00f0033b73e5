//! The routes: from a complete request through rate limits, checks and rights to its handler.

use hyper::header::AUTHORIZATION;
use paradex_api::testing::{Matched, Request, Violation};
use paradex_api::{Operation, UPSTREAM_VERSION, operations};
use serde_json::Value;

use super::limit::Quota;
use super::log::LoggedRequest;
use super::response::SimulatedResponse;
use super::session::Caller;
use super::state::{Call, State, StateGuard, World};
use super::{auth, evm, market, orders, sample_responses, stream, subkeys, tokens, trading};
use crate::assumptions::{RateLimitHeaders, VersionHeader};

/// The operations that place, modify or cancel orders.
const ORDERS: [&Operation; 8] = [
    &operations::CREATE_ORDER,
    &operations::CREATE_ORDERS_BATCH,
    &operations::MODIFY_ORDER,
    &operations::CANCEL_ORDER,
    &operations::CANCEL_ORDER_BY_CLIENT_ID,
    &operations::CANCEL_ORDERS_BATCH,
    &operations::CANCEL_ALL_ORDERS,
    &operations::CREATE_ALGO_ORDER,
];

/// The published limit of requests a minute for an address.
const PUBLISHED_LIMIT: u32 = 1_500;

/// Handles a complete request.
pub(super) fn respond(world: &World, request: &LoggedRequest) -> SimulatedResponse {
    if request.path == stream::PATH {
        return stream::handshake(world, request);
    }
    let checked = check(world, request);
    let mut state = world.state();
    let now = world.clock.now();
    let quota = match world.settings.requests_per_minute {
        Some(limit) => Some(state.buckets.take(request.address, limit, now)),
        None if world.settings.switches.rate_limit_headers == RateLimitHeaders::Sent => {
            // The headers have the published figures, and nothing is refused.
            let mut quota = state.buckets.take(request.address, PUBLISHED_LIMIT, now);
            quota.wait = None;
            Some(quota)
        }
        None => None,
    };
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

/// Why a method of orders failed.
pub(super) enum OrderFailure {
    /// The document does not allow the parameters.
    Malformed(SimulatedResponse),
    Refused(SimulatedResponse),
}

impl OrderFailure {
    pub(super) fn response(&self) -> &SimulatedResponse {
        let (Self::Malformed(response) | Self::Refused(response)) = self;
        response
    }
}

impl From<SimulatedResponse> for OrderFailure {
    fn from(response: SimulatedResponse) -> Self {
        Self::Refused(response)
    }
}

/// Runs a call that came over a WebSocket, after the same checks as over HTTP. The request is that of the HTTP operation.
pub(super) fn run_order<T>(
    world: &World,
    state: &mut State,
    request: &LoggedRequest,
    caller: Caller,
    now: i64,
    run: impl FnOnce(&World, &mut State, &Call<'_>) -> Result<T, SimulatedResponse>,
) -> Result<T, OrderFailure> {
    let settings = &world.settings;
    let operation = request
        .operation
        .ok_or_else(|| SimulatedResponse::internal("the method has no operation"))?;
    if let Some(limit) = settings
        .requests_per_minute
        .filter(|_| settings.stream.counts_for_address())
        && state.buckets.take(request.address, limit, now).wait.is_some()
    {
        return Err(Quota::exceeded().into());
    }
    let matched = check(world, request).map_err(|violations| OrderFailure::Malformed(invalid(violations)))?;
    let call = Call {
        operation,
        caller: Some(caller),
        request,
        matched: &matched,
        now,
    };
    admit(world, state, &call)?;
    Ok(run(world, state, &call)?)
}

/// Checks a request against the document.
fn check<'a>(world: &'a World, request: &LoggedRequest) -> Result<Matched<'a>, Vec<Violation>> {
    world.document.check_request_allowing(
        world.settings.deviations(request.operation),
        &Request {
            method: &request.method,
            path: &request.path,
            query: &request.query,
            headers: &request.headers,
            body: &request.body,
        },
    )
}

fn invalid(violations: Vec<Violation>) -> SimulatedResponse {
    let all: Vec<String> = violations.iter().map(ToString::to_string).collect();
    SimulatedResponse::invalid(&all.join("; "))
}

/// Checks a call whose parameters are valid, and lets trading reach its time.
fn admit(world: &World, state: &mut State, call: &Call<'_>) -> Result<(), SimulatedResponse> {
    check_rights(world, call)?;
    check_order_rate(world, state, call)?;
    orders::check_status(state, call)?;
    state.trading.advance(&world.markets, call.now);
    Ok(())
}

/// Counts a request of an account that places, modifies or cancels orders, unless it is one too many.
fn check_order_rate(world: &World, state: &mut State, call: &Call<'_>) -> Result<(), SimulatedResponse> {
    let Some(limit) = world.settings.orders_per_minute else {
        return Ok(());
    };
    let is_order = ORDERS.contains(&call.operation);
    let account = call.account().to_owned();
    match is_order && state.order_buckets.take(account, limit, call.now).wait.is_some() {
        true => Err(Quota::exceeded()),
        false => Ok(()),
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
    check_version(world, request)?;
    let matched = checked.map_err(invalid)?;
    let authorization = request.header(AUTHORIZATION.as_str());
    let call = Call {
        operation,
        caller: state.caller(
            &world.settings.switches,
            operation,
            authorization,
            request.address,
            now,
        )?,
        request,
        matched: &matched,
        now,
    };
    admit(world, state, &call)?;
    if let Some(response) = trading::respond(&world.settings, &state.trading, &call) {
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
        id if id == operations::GET_ORDER.id => orders::get(state, settings, call),
        id if id == operations::GET_ORDER_BY_CLIENT_ID.id => orders::get_by_client_id(state, call),
        id if id == operations::CANCEL_ORDER.id => orders::cancel(state, settings, call),
        id if id == operations::CANCEL_ORDER_BY_CLIENT_ID.id => {
            orders::cancel_by_client_id(state, settings, call)
        }
        id if id == operations::CANCEL_ORDERS_BATCH.id => orders::cancel_batch(state, settings, call),
        id if id == operations::CANCEL_ALL_ORDERS.id => orders::cancel_all(state, settings, call),
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

/// Checks the version that a request names, if it names one.
fn check_version(world: &World, request: &LoggedRequest) -> Result<(), SimulatedResponse> {
    let named = request.header("api-version");
    if world.settings.switches.version_header == VersionHeader::Ignored
        || named.is_none_or(|named| named == UPSTREAM_VERSION)
    {
        return Ok(());
    }
    let message = format!("api-version: must be {UPSTREAM_VERSION}");
    Err(SimulatedResponse::invalid(&message))
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
        return Err(SimulatedResponse::refused_as(
            &world.settings.switches.rights,
            message,
        ));
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
