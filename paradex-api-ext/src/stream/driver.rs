//! The task of one connection: it moves frames between the socket and the session.

use std::collections::HashSet;
use std::future::pending;
use std::hash::{BuildHasher, Hasher};
use std::pin::{Pin, pin};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime};

use futures_util::{FutureExt, SinkExt, StreamExt};
use paradex_api::reqwest;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};

use super::handshake::{self, WebSocket};
use super::hub::{Connection, Dispatch, Running, Socket};
use super::link::{Action, ConnectFailure};
use super::outage::OutageTracker;
use super::session::{Session, Sink};
use super::update::StreamError;
use crate::client::ClientGroup;
use crate::pipeline::rate_limit::RateClass;

/// The time that a handshake may take, with TLS and a proxy.
pub(super) const HANDSHAKE: Duration = Duration::from_secs(15);
/// A frame that cannot be written for so long shows that the connection is dead.
pub(super) const WRITE: Duration = Duration::from_secs(5);
/// The time for a close frame.
pub(super) const CLOSE: Duration = Duration::from_secs(1);
/// Frames that are handled with one look at the clock.
const BATCH: usize = 256;

type Connecting = Pin<Box<dyn Future<Output = Result<WebSocket, ConnectFailure>> + Send>>;

/// What the task waited for.
enum Event {
    Wishes,
    Connected(Result<WebSocket, ConnectFailure>),
    Frame(Option<Result<Message, WsError>>),
    Time,
}

struct Driver {
    session: Session,
    socket: Option<WebSocket>,
    connecting: Option<Connecting>,
    /// The channels that the session knows.
    known: HashSet<u64>,
    group: ClientGroup,
    outage: OutageTracker,
    /// Whether more frames may have arrived than one batch.
    is_behind: bool,
}

/// Runs until no feed is left.
pub(super) async fn run(running: Running, group: ClientGroup) {
    let shared = &*running.0;
    let seed = std::hash::RandomState::new().build_hasher().finish();
    let version = shared.schema_version.load(Ordering::Relaxed);
    let mut driver = Driver {
        session: Session::new(group.environment().stream_url(), version, seed),
        socket: None,
        connecting: None,
        known: HashSet::new(),
        group,
        outage: OutageTracker::default(),
        is_behind: false,
    };
    let mut timer = pin!(tokio::time::sleep(Duration::ZERO));
    let mut has_timer = false;
    // Frames only ever move a deadline to later, so a timer that is too early is left as it is.
    let mut is_timer_due = true;
    let mut has_wishes = true;
    loop {
        if std::mem::take(&mut has_wishes) && !driver.take_wishes(shared) {
            break;
        }
        is_timer_due |= driver.act(shared).await;
        if let Some(error) = driver.session.error() {
            end_routes(shared, error);
            break;
        }
        if std::mem::take(&mut is_timer_due) {
            driver.show_connection(shared);
            let wake = driver.session.wake_at();
            has_timer = wake.is_some();
            if let Some(wake) = wake {
                timer.as_mut().reset(wake.into());
            }
        }
        let Driver {
            socket, connecting, ..
        } = &mut driver;
        let event = tokio::select! {
            biased;
            () = timer.as_mut(), if has_timer => Event::Time,
            () = shared.changed.notified() => Event::Wishes,
            connected = some(connecting.as_mut()) => Event::Connected(connected),
            frame = next(socket.as_mut()) => Event::Frame(frame),
        };
        let now = now();
        match event {
            Event::Wishes => {
                has_wishes = true;
                is_timer_due = true;
            }
            Event::Time => {
                let mut sink = Dispatch(shared.routes());
                driver.session.tick(now, SystemTime::now(), &mut sink);
                drop(sink);
                driver.record();
                is_timer_due = true;
            }
            Event::Connected(result) => {
                driver.connecting = None;
                driver.connected(shared, now, result);
                is_timer_due = true;
            }
            Event::Frame(frame) => is_timer_due = driver.frames(shared, now, frame),
        }
        // A socket that always has more would keep the readers of feeds from a thread that they share.
        if std::mem::take(&mut driver.is_behind) {
            tokio::task::yield_now().await;
        }
    }
    driver.record();
    if let Some(mut socket) = driver.socket.take() {
        let frame = CloseFrame {
            code: CloseCode::Normal,
            reason: "".into(),
        };
        let _ = timeout(CLOSE, WebSocketStream::close(&mut socket, Some(frame))).await;
    }
}

/// Ends feeds that were added while the session was ending.
fn end_routes(shared: &Socket, error: &StreamError) {
    let mut sink = Dispatch(shared.routes());
    let ids: Vec<u64> = sink.0.by_id.keys().copied().collect();
    for id in ids {
        sink.end(id, error.clone());
    }
    sink.0.is_closed = true;
}

/// Tokio's clock, which tests can pause.
pub(super) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

async fn some(connecting: Option<&mut Connecting>) -> Result<WebSocket, ConnectFailure> {
    match connecting {
        Some(connecting) => connecting.await,
        None => pending().await,
    }
}

async fn next(socket: Option<&mut WebSocket>) -> Option<Result<Message, WsError>> {
    match socket {
        Some(socket) => socket.next().await,
        None => pending().await,
    }
}

impl Driver {
    /// Passes on what feeds want. Returns false when there are none.
    fn take_wishes(&mut self, shared: &Socket) -> bool {
        let now = now();
        let mut sink = Dispatch(shared.routes());
        if sink.0.by_id.is_empty() {
            sink.0.is_closed = true;
            return false;
        }
        let session = &mut self.session;
        self.known.retain(|id| {
            let is_wanted = sink.0.by_id.contains_key(id);
            if !is_wanted {
                session.unwant(now, *id);
            }
            is_wanted
        });
        for (id, route) in &sink.0.by_id {
            if self.known.insert(*id) {
                let (channel, book) = (route.channel.clone(), route.book.clone());
                session.want(now, *id, channel, route.silence, book, route.lost);
            } else {
                session.set_silence(*id, route.silence);
            }
        }
        for (id, cause) in std::mem::take(&mut sink.0.distrusted) {
            session.distrust(now, id, cause, &mut sink);
        }
        true
    }

    /// Publishes the state of the connection.
    fn show_connection(&self, shared: &Socket) {
        let session = &self.session;
        let connection = session.is_connected().then(|| Connection {
            number: session.connection(),
            schema_version: session.schema_version(),
            channels: session.subscribed().collect(),
        });
        let next_attempt = session.wake_at().filter(|_| connection.is_none());
        let next_attempt = next_attempt.map(|at| at.saturating_duration_since(now()));
        let mut routes = shared.routes();
        let channels = routes.by_id.values().map(|route| route.channel.to_string());
        routes.outage = self.outage.show(session.address(), next_attempt, channels);
        routes.connection = connection;
    }

    /// Does what the session wants done. Returns whether there was anything.
    async fn act(&mut self, shared: &Socket) -> bool {
        let mut has_acted = false;
        while let Some(action) = self.session.action() {
            has_acted = true;
            match action {
                Action::Connect { version } => {
                    self.socket = None;
                    self.connecting = Some(connect(self.group.clone(), version));
                }
                Action::Send(text) => self.send(shared, Message::text(text)).await,
                // Market data needs no credential.
                Action::Authenticate { .. } => {}
                Action::Ping => self.send(shared, Message::Ping(Default::default())).await,
                // A close frame to a dead connection would only wait.
                Action::Close => {
                    self.socket = None;
                    self.outage
                        .ended(now(), "it was given up, because it did not work any more");
                }
            }
        }
        has_acted
    }

    async fn send(&mut self, shared: &Socket, message: Message) {
        let Some(socket) = &mut self.socket else {
            return;
        };
        if !matches!(timeout(WRITE, socket.send(message)).await, Ok(Ok(()))) {
            self.socket = None;
            self.outage.ended(now(), "a frame could not be sent");
            self.session.closed(now(), &mut Dispatch(shared.routes()));
        }
    }

    fn connected(&mut self, shared: &Socket, now: Instant, result: Result<WebSocket, ConnectFailure>) {
        #[cfg(feature = "metrics")]
        metrics::counter!(
            "paradex_stream_connects_total",
            "outcome" => if result.is_ok() { "ok" } else { "failed" }
        )
        .increment(1);
        match result {
            Ok(socket) => {
                self.socket = Some(socket);
                let number = shared.connections.fetch_add(1, Ordering::Relaxed) + 1;
                let version = self.session.schema_version();
                shared.schema_version.store(version, Ordering::Relaxed);
                self.session.connected(now, number);
                self.outage.connected(now);
                tracing::debug!(connection = number, schema_version = version, "connected");
            }
            Err(failure) => {
                if failure == ConnectFailure::SchemaRefused {
                    let version = self.session.schema_version();
                    tracing::debug!(schema_version = version, "the schema version was refused");
                } else {
                    tracing::warn!(failure = %failure, "could not connect");
                }
                let cause = failure.to_string();
                let mut sink = Dispatch(shared.routes());
                self.session.connect_failed(now, failure, &mut sink);
                // Another version of the schema is asked for at once.
                if self.session.wake_at().is_some() {
                    self.outage.failed(cause);
                }
            }
        }
    }

    /// Handles a frame and those that have arrived with it. Returns whether there may be a new deadline.
    fn frames(&mut self, shared: &Socket, now: Instant, first: Option<Result<Message, WsError>>) -> bool {
        let mut sink = Dispatch(shared.routes());
        let mut has_control = false;
        let mut frame = first;
        for left in (0..BATCH).rev() {
            match frame {
                Some(Ok(Message::Binary(bytes))) => self.session.binary(now, &bytes, &mut sink),
                Some(Ok(Message::Text(text))) => {
                    has_control = true;
                    self.session.text(now, &text, &mut sink);
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {
                    has_control = true;
                    self.session.received(now);
                }
                Some(Ok(Message::Close(close))) => {
                    let code = close.map(|close| u16::from(close.code));
                    tracing::debug!(code, "the exchange closed the connection");
                    let cause = match code {
                        Some(code) => format!("the exchange closed it with code {code}"),
                        None => "the exchange closed it".to_owned(),
                    };
                    return self.closed(now, cause, &mut sink);
                }
                Some(Err(error)) => {
                    tracing::debug!(error = %error, "the connection broke");
                    return self.closed(now, error.to_string(), &mut sink);
                }
                None => return self.closed(now, "the exchange closed it".to_owned(), &mut sink),
            }
            // The session may have given up the connection.
            let socket = match &mut self.socket {
                Some(socket) if self.session.is_connected() => socket,
                _ => return true,
            };
            if left == 0 {
                self.is_behind = true;
                break;
            }
            match socket.next().now_or_never() {
                Some(next) => frame = next,
                None => break,
            }
        }
        has_control
    }

    fn closed(&mut self, now: Instant, cause: String, sink: &mut Dispatch<'_>) -> bool {
        self.socket = None;
        self.outage.ended(now, cause);
        self.session.closed(now, sink);
        true
    }

    /// Records the totals since the last time.
    fn record(&mut self) {
        let unreadable = self.session.counts.record();
        if unreadable > 0 {
            tracing::warn!(count = unreadable, "frames could not be decoded");
        }
    }
}

/// Connects, within the limits of the group.
fn connect(group: ClientGroup, version: u16) -> Connecting {
    Box::pin(async move {
        let (http, address) = permitted(&group).await?;
        timeout(HANDSHAKE, handshake::connect(&http, &address, version))
            .await
            .unwrap_or_else(|_| Err(ConnectFailure::timed_out(HANDSHAKE)))
    })
}

/// Waits until the limits of the group permit a connection. Returns the HTTP client and the address of the handshake.
pub(super) async fn permitted(group: &ClientGroup) -> Result<(reqwest::Client, String), ConnectFailure> {
    let _ = group
        .limiter()
        .acquire(RateClass::Connection, None, || Duration::MAX)
        .await;
    let http = group.stream_http().map_err(|error| ConnectFailure::NoClient {
        message: match std::error::Error::source(&error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    })?;
    Ok((http, group.environment().stream_http_url()))
}
