//! The way of a request: from the socket through checks and rights to its handler, and back.

use std::future::poll_fn;
use std::net::{AddrParseError, IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::task::Poll;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::AUTHORIZATION;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use paradex_api::testing::{Matched, Request, Violation};
use paradex_api::{Bytes, operations};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::answer::{Answer, Broken, Payload};
use super::faults::Due;
use super::limit::Quota;
use super::log::LoggedRequest;
use super::session::Caller;
use super::state::{Call, State, World, locked, operation};
use super::{ADDRESS_HEADER, Running, Simulator, auth, evm, orders, samples, subkeys, tokens};

/// The largest body that is read.
const LARGEST_BODY: usize = 1 << 20;

/// The listening socket. Whoever stops the simulator takes it out, which closes the port at once.
pub(super) type Listener = Arc<Mutex<Option<TcpListener>>>;

/// Accepts connections until the socket is gone. Connections end with the task that runs this.
pub(super) async fn accept(listener: Listener, world: Arc<World>, running: Weak<Running>) {
    let mut connections = JoinSet::new();
    loop {
        let next = poll_fn(|context| match &*locked(&listener) {
            Some(listener) => listener.poll_accept(context).map(Some),
            None => Poll::Ready(None),
        });
        match next.await {
            Some(Ok((stream, peer))) => {
                let (world, running) = (Arc::clone(&world), Weak::clone(&running));
                connections.spawn(connection(world, running, stream, peer));
            }
            // Out of sockets, most likely; some may be free again soon.
            Some(Err(_)) => tokio::time::sleep(Duration::from_millis(10)).await,
            None => return,
        }
        while connections.try_join_next().is_some() {}
    }
}

/// What becomes of a connection whose last request has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// It is closed.
    Close,
    /// It is reset.
    Reset,
    /// One direction is closed.
    HalfClose,
    /// Something is written that is no answer.
    Garbage,
}

/// Serves a connection until the client or a fault ends it.
async fn connection(world: Arc<World>, running: Weak<Running>, stream: TcpStream, peer: SocketAddr) {
    let ending = Arc::new(Mutex::new(Ending::Close));
    let decided = Arc::clone(&ending);
    let _counted = Counted::new(&world);
    let service = service_fn(move |request| {
        let ending = Arc::clone(&decided);
        Box::pin(serve(
            Arc::clone(&world),
            Weak::clone(&running),
            peer,
            request,
            ending,
        ))
    });
    let mut served =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // It fails when the client or a fault breaks the connection, and nobody is left to tell.
    let _ = poll_fn(|context| served.poll_without_shutdown(context)).await;
    let mut stream = served.into_parts().io.into_inner();
    let ending = *locked(&ending);
    match ending {
        Ending::Close => {}
        // `set_zero_linger` says the same, and asks for a newer tokio.
        #[allow(deprecated, reason = "no time blocks nobody")]
        Ending::Reset => drop(stream.set_linger(Some(Duration::ZERO))),
        Ending::HalfClose => {
            let _ = stream.shutdown().await;
            let mut buffer = [0; 256];
            while let Ok(1..) = stream.read(&mut buffer).await {}
        }
        Ending::Garbage => {
            let garbage = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\x01\x02 no header\x7f\r\n\r\n{}";
            let _ = stream.write_all(garbage).await;
        }
    }
}

/// Counts a connection as long as it is there.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(world: &World) -> Self {
        world.connections.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(&world.connections))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Serves one request. Only what happens meanwhile gets a handle: a strong one here would keep the port open after
/// the last handle of the test is gone.
async fn serve(
    world: Arc<World>,
    running: Weak<Running>,
    peer: SocketAddr,
    request: hyper::Request<Incoming>,
    ending: Arc<Mutex<Ending>>,
) -> Result<Response<Payload>, Broken> {
    let broken = |how| {
        *locked(&ending) = how;
        Err(Broken)
    };
    let (parts, body) = request.into_parts();
    let headers: Vec<(String, String)> = parts
        .headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        })
        .collect();
    let claimed = headers.iter().find(|(name, _)| name == ADDRESS_HEADER);
    let claimed = claimed.map(|(_, value)| value.trim().parse::<IpAddr>());
    let body = read(body).await?;
    let mut request = LoggedRequest {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers,
        body: body.clone().unwrap_or_default(),
        address: match &claimed {
            Some(Ok(address)) => *address,
            _ => peer.ip(),
        },
        operation: None,
        status: None,
    };
    let described = world.document.match_path(&request.method, &request.path);
    let described = described.map(|(described, _)| described);
    request.operation = described.and_then(|described| operation(described.method(), described.path()));
    let number = world.log().arrived(request.clone());
    let due = Due::take(&mut world.injections(), request.operation);

    for act in due.meanwhile() {
        if let Some(running) = running.upgrade() {
            act(&Simulator { running });
        }
    }
    if due.reset_before() {
        return broken(Ending::Reset);
    }
    let answer = match due.late() {
        None => handled(&world, &due, &body, &claimed, &request),
        Some(wait) => {
            // A task of its own, because this one ends when the client closes the connection.
            let (world, due) = (Arc::clone(&world), due.clone());
            let task = tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                handled(&world, &due, &body, &claimed, &request)
            });
            match task.await {
                Ok(answer) => answer,
                Err(_) => return broken(Ending::Reset),
            }
        }
    };
    let latency = due.latency();
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    if let Some(how) = due.after() {
        return broken(how);
    }
    world.log().answered(number, answer.status.as_u16());
    Ok(answer.into_response(due.truncated(), due.drip()))
}

/// Handles a request, or does what a fault does in its place.
fn handled(
    world: &World,
    due: &Due,
    body: &Option<Bytes>,
    claimed: &Option<Result<IpAddr, AddrParseError>>,
    request: &LoggedRequest,
) -> Answer {
    due.instead(request).unwrap_or_else(|| {
        let refused = match (body, claimed) {
            (None, _) => Some(too_large()),
            (_, Some(Err(_))) => {
                let message = format!("header {ADDRESS_HEADER}: must be an IP address");
                Some(Answer::invalid(&message))
            }
            _ => None,
        };
        let mut answer = refused.unwrap_or_else(|| respond(world, request));
        let described = world.document.match_path(&request.method, &request.path);
        due.edit(
            &mut answer,
            world.document,
            described.map(|(described, _)| described),
        );
        answer
    })
}

/// Reads a body; nothing if it is larger than what is read.
async fn read(body: Incoming) -> Result<Option<Bytes>, Broken> {
    match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(collected) => Ok(Some(collected.to_bytes())),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Ok(None),
        Err(_) => Err(Broken),
    }
}

fn too_large() -> Answer {
    let message = format!("the body is larger than {LARGEST_BODY} bytes");
    Answer::error(StatusCode::PAYLOAD_TOO_LARGE, "VALIDATION_ERROR", &message)
}

/// Answers a complete request.
fn respond(world: &World, request: &LoggedRequest) -> Answer {
    let checked = world.document.check_request(&Request {
        method: &request.method,
        path: &request.path,
        query: &request.query,
        headers: &request.headers,
        body: &request.body,
    });
    let mut state = world.state();
    let now = world.clock.now();
    let quota = world
        .settings
        .requests_per_minute
        .map(|limit| state.buckets.take(request.address, limit, now));
    let answer = if quota.is_some_and(|quota| quota.wait.is_some()) {
        Quota::exceeded()
    } else {
        handle(world, &mut state, request, checked, now).unwrap_or_else(|refusal| refusal)
    };
    match quota {
        Some(quota) => quota.onto(answer),
        None => answer,
    }
}

fn handle(
    world: &World,
    state: &mut State,
    request: &LoggedRequest,
    checked: Result<Matched<'_>, Vec<Violation>>,
    now: i64,
) -> Result<Answer, Answer> {
    let operation = request
        .operation
        .ok_or_else(|| Answer::not_found("there is nothing at this method and path"))?;
    if auth::is_one(operation) {
        let limit = world.settings.sign_ins_per_minute;
        let quota = state.sign_ins.take(request.address, limit, now);
        if quota.wait.is_some() {
            return Err(quota.onto(Quota::exceeded()));
        }
    }
    let matched = checked.map_err(|violations| {
        let all: Vec<String> = violations.iter().map(ToString::to_string).collect();
        Answer::invalid(&all.join("; "))
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
    let settings = &world.settings;
    match operation.id {
        id if id == operations::LIST_TOKENS.id => Ok(tokens::list(state, settings, &call)),
        id if id == operations::CREATE_TOKEN.id => tokens::create(state, settings, &call),
        id if id == operations::REVOKE_TOKEN.id => tokens::revoke(state, settings, &call),
        id if id == operations::UPDATE_TOKEN_ALLOWED_CIDRS.id => {
            tokens::replace_allowlist(state, settings, &call)
        }
        id if id == operations::LIST_SUBKEYS.id => Ok(subkeys::list(state, settings, &call)),
        id if id == operations::GET_SUBKEY.id => subkeys::get(state, settings, &call),
        id if id == operations::REGISTER_SUBKEY.id => subkeys::register(state, settings, &call),
        id if id == operations::ACTIVATE_SUBKEY.id => subkeys::activate(state, settings, &call),
        id if id == operations::UPDATE_SUBKEY.id => subkeys::rename(state, settings, &call),
        id if id == operations::REVOKE_SUBKEY.id => subkeys::revoke(state, settings, &call),
        id if id == operations::UPDATE_SUBKEY_ALLOWED_CIDRS.id => {
            subkeys::replace_allowlist(state, settings, &call)
        }
        id if id == operations::AUTH.id || id == operations::AUTH_WITH_PUBLIC_KEY.id => {
            auth::sign_in(state, settings, &call)
        }
        id if id == operations::ONBOARD.id => auth::onboard(state, settings, &call),
        id if id == operations::GET_ONBOARDING.id => auth::onboarding_status(state, &call),
        id if id == operations::AUTH_EVM.id => evm::sign_in(state, settings, &call),
        id if id == operations::ONBOARD_EVM.id => evm::onboard(state, settings, &call),
        id if id == operations::CREATE_ORDER.id => orders::create(state, settings, &call),
        id if id == operations::CREATE_ORDERS_BATCH.id => orders::create_batch(state, settings, &call),
        id if id == operations::MODIFY_ORDER.id => orders::modify(state, settings, &call),
        id if id == operations::CREATE_ALGO_ORDER.id => orders::create_algo(state, settings, &call),
        id if id == operations::LIST_OPEN_ALGO_ORDERS.id => Ok(orders::list_open_algo(state, &call)),
        id if id == operations::CANCEL_ALGO_ORDER.id => orders::cancel_algo(state, &call),
        id if id == operations::GET_SYSTEM_STATE.id => Ok(samples::system_state(state)),
        id if id == operations::LIST_OPEN_ORDERS.id => Ok(orders::list_open(state, &call)),
        id if id == operations::LIST_ORDERS_HISTORY.id => orders::history(state, &call),
        id if id == operations::GET_ORDER.id => orders::get(state, &call),
        id if id == operations::GET_ORDER_BY_CLIENT_ID.id => orders::get_by_client_id(state, &call),
        id if id == operations::CANCEL_ORDER.id => orders::cancel(state, &call),
        id if id == operations::CANCEL_ORDER_BY_CLIENT_ID.id => orders::cancel_by_client_id(state, &call),
        id if id == operations::CANCEL_ORDERS_BATCH.id => orders::cancel_batch(state, &call),
        id if id == operations::CANCEL_ALL_ORDERS.id => Ok(orders::cancel_all(state, &call)),
        id if id == operations::CREATE_TERMINAL_TOKEN.id => Ok(samples::terminal_token(world, state, &call)),
        id if id == operations::GET_ACCOUNT.id => Ok(samples::account(world, &call)),
        id if id == operations::GET_SYSTEM_CONFIG.id => Ok(samples::system_config(world, &call)),
        id if id == operations::GET_SYSTEM_TIME.id => Ok(samples::system_time(&call)),
        _ => Ok(samples::answer(world, &call)),
    }
}

/// Checks what the caller may do.
fn check_rights(world: &World, call: &Call<'_>) -> Result<(), Answer> {
    let Some(Caller { main, read_only, .. }) = call.caller else {
        return Ok(());
    };
    if read_only && !call.operation.is_read() {
        let message = "the token may only read";
        return Err(Answer::forbidden("INVALID_TOKEN_SCOPE", message));
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
        return Err(Answer::forbidden("REQUEST_NOT_ALLOWED", message));
    }
    let gives_allowlist = call
        .field("allowed_cidrs")
        .and_then(Value::as_array)
        .is_some_and(|list| !list.is_empty());
    if !world.settings.ip_restrictions && (replaces_allowlist || (creates && gives_allowlist)) {
        let message = "allowlists are not switched on for this account";
        return Err(Answer::forbidden("REQUEST_NOT_ALLOWED", message));
    }
    Ok(())
}
