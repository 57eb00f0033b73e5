//! The HTTP server: sockets, connections, and the faults of each request.

use std::future::poll_fn;
use std::net::{AddrParseError, IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::task::Poll;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use paradex_api::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::ADDRESS_HEADER;
use super::faults::ActiveFaults;
use super::handle::{Running, Simulator};
use super::log::{LoggedRequest, Observer};
use super::market;
use super::response::{Broken, Payload, SimulatedResponse};
use super::routes::respond;
use super::state::{World, locked, operation};
use super::stream::{self, Encoding};
use crate::assumptions::ResponseCompression;

/// The largest request body that is read, in bytes.
const LARGEST_BODY: usize = 1 << 20;

/// The listening socket. Stopping the simulator takes it out, which closes the port at once.
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
                // Without it, a small message waits until the client has confirmed the one before.
                let _ = stream.set_nodelay(true);
                let (world, running) = (Arc::clone(&world), Weak::clone(&running));
                connections.spawn(connection(world, running, stream, peer));
            }
            // Most likely the process has no more sockets; it may have some soon.
            Some(Err(_)) => tokio::time::sleep(Duration::from_millis(10)).await,
            None => return,
        }
        while connections.try_join_next().is_some() {}
    }
}

/// How a connection ends whose last request gets no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// It is closed.
    Close,
    /// It is reset.
    Reset,
    /// One direction is closed.
    HalfClose,
    /// A malformed response is written.
    Garbage,
}

/// Serves a connection until the client or a fault ends it.
async fn connection(world: Arc<World>, running: Weak<Running>, stream: TcpStream, peer: SocketAddr) {
    let ending = Arc::new(Mutex::new(Ending::Close));
    let decided = Arc::clone(&ending);
    let upgrade = Arc::new(Mutex::new(None));
    let upgraded = Arc::clone(&upgrade);
    let (of_socket, running_of_socket) = (Arc::clone(&world), Weak::clone(&running));
    let _open = OpenConnection::new(&world);
    let service = service_fn(move |request| {
        let ending = Arc::clone(&decided);
        Box::pin(serve(
            Arc::clone(&world),
            Weak::clone(&running),
            peer,
            request,
            ending,
            Arc::clone(&upgraded),
        ))
    });
    let mut served =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // It fails when the client or a fault breaks the connection; there is nobody to report it to.
    let _ = poll_fn(|context| served.poll_without_shutdown(context)).await;
    let parts = served.into_parts();
    let mut stream = parts.io.into_inner();
    let upgrade = locked(&upgrade).take();
    if let Some((encoding, request)) = upgrade {
        let buffered = parts.read_buf.to_vec();
        return stream::serve(of_socket, encoding, &request, stream, buffered, running_of_socket).await;
    }
    let ending = *locked(&ending);
    match ending {
        Ending::Close => {}
        // `set_zero_linger` does the same and needs a newer tokio.
        #[allow(deprecated, reason = "a linger time of zero does not block")]
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

/// A WebSocket whose handshake is accepted. Its task begins when the response is sent.
type Upgrade = Arc<Mutex<Option<(Encoding, LoggedRequest)>>>;

/// Counts a connection while it is open.
struct OpenConnection(Arc<AtomicUsize>);

impl OpenConnection {
    fn new(world: &World) -> Self {
        world.connections.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(&world.connections))
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Serves one request. It holds a handle of the simulator only while a closure of a fault runs; otherwise the port would stay
/// open after the last handle of the test is dropped.
async fn serve(
    world: Arc<World>,
    running: Weak<Running>,
    peer: SocketAddr,
    request: hyper::Request<Incoming>,
    ending: Arc<Mutex<Ending>>,
    upgrade: Upgrade,
) -> Result<Response<Payload>, Broken> {
    let end_with = |how| {
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
    let accepts_gzip = headers
        .iter()
        .any(|(name, value)| name == "accept-encoding" && value.contains("gzip"));
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
        stream_method: None,
        status: None,
        refusal: None,
    };
    let described = world.document.match_path(&request.method, &request.path);
    let described = described.map(|(described, _)| described);
    request.operation = described.and_then(|described| operation(described.method(), described.path()));
    let number = world.log().arrived(request.clone());
    let faults = ActiveFaults::take(&mut world.injections(), request.operation);

    let handshake = (request.path == stream::PATH).then(|| request.clone());
    for action in faults.run_before() {
        if let Some(running) = running.upgrade() {
            action(&Simulator::from_running(running));
        }
    }
    if faults.reset_before() {
        return end_with(Ending::Reset);
    }
    let response = match faults.delay_before() {
        None if request.operation.is_some_and(market::takes_long) => {
            let (world, faults) = (Arc::clone(&world), faults.clone());
            let handle = move || handle_or_fail(&world, &faults, &body, &claimed, &request);
            match tokio::task::spawn_blocking(handle).await {
                Ok(response) => response,
                Err(_) => return end_with(Ending::Reset),
            }
        }
        None => handle_or_fail(&world, &faults, &body, &claimed, &request),
        Some(wait) => {
            // In its own task, because this one ends when the client closes the connection.
            let (world, faults) = (Arc::clone(&world), faults.clone());
            let task = tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                handle_or_fail(&world, &faults, &body, &claimed, &request)
            });
            match task.await {
                Ok(response) => response,
                Err(_) => return end_with(Ending::Reset),
            }
        }
    };
    let (status, refusal) = (response.status.as_u16(), response.refusal());
    let response = match accepts_gzip && world.settings.switches.compression == ResponseCompression::Gzip {
        true => response.gzipped(),
        false => response,
    };
    let delay = faults.delay_after();
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    if let Some(how) = faults.ending() {
        return end_with(how);
    }
    let observer = &world.settings.observer;
    let logged = world
        .log()
        .responded(number, status, refusal)
        .filter(|_| observer.is_some())
        .cloned();
    if let (Some(Observer(observer)), Some(request)) = (observer, logged) {
        observer(&request);
    }
    if let Some(request) = handshake.filter(|_| response.status == StatusCode::SWITCHING_PROTOCOLS) {
        *locked(&upgrade) = stream::negotiated(&world, &request).map(|encoding| (encoding, request));
    }
    Ok(response.into_response(faults.truncated(), faults.drip()))
}

/// Handles a request, or returns the response of a fault.
fn handle_or_fail(
    world: &World,
    faults: &ActiveFaults,
    body: &Option<Bytes>,
    claimed: &Option<Result<IpAddr, AddrParseError>>,
    request: &LoggedRequest,
) -> SimulatedResponse {
    faults.response_before(request).unwrap_or_else(|| {
        let refused = match (body, claimed) {
            (None, _) => Some(too_large()),
            (_, Some(Err(_))) => {
                let message = format!("header {ADDRESS_HEADER}: must be an IP address");
                Some(SimulatedResponse::invalid(&message))
            }
            _ => None,
        };
        let mut response = refused.unwrap_or_else(|| respond(world, request));
        let described = world.document.match_path(&request.method, &request.path);
        faults.edit(
            &mut response,
            world.document,
            described.map(|(described, _)| described),
        );
        response
    })
}

/// Reads a body. Returns `None` if it is too large.
async fn read(body: Incoming) -> Result<Option<Bytes>, Broken> {
    match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(collected) => Ok(Some(collected.to_bytes())),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Ok(None),
        Err(_) => Err(Broken),
    }
}

/// Refuses a body. The rest of it is not read, so the connection cannot serve another request.
fn too_large() -> SimulatedResponse {
    let message = format!("the body is larger than {LARGEST_BODY} bytes");
    SimulatedResponse::error(StatusCode::PAYLOAD_TOO_LARGE, "VALIDATION_ERROR", &message)
        .with("connection", "close")
}
