//! The task of one private connection: it moves frames between the socket and the session.

use std::future::pending;
use std::hash::{BuildHasher, Hasher};
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use futures_util::FutureExt;
use paradex_api::reqwest;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use super::frames;
use super::requests::{Request, Unanswered};
use super::secrets::ConnectionSecrets;
use super::session::{PrivateSession, Sink};
use super::socket::Shared;
use super::token::{self, NoToken, Token};
use super::wire::{Progress, Wire};
use super::{NotSentReason, PrivateOptions, PrivateSink, PrivateUpdate, RpcResult};
use crate::auth::Session;
use crate::client::Client;
use crate::stream::driver::{CLOSE, HANDSHAKE, WRITE, now, permitted};
use crate::stream::frame::{self, Incoming};
use crate::stream::handshake;
use crate::stream::link::{Action, ConnectFailure};
use crate::stream::update::{LossCause, StreamError};

/// A connection that was accepted, and the token for it.
type Opened = (reqwest::Upgraded, Token);
type Connecting = Pin<Box<dyn Future<Output = Result<Opened, Failure>> + Send>>;

enum Failure {
    NoToken(NoToken),
    Connect(ConnectFailure),
}

/// What the task waited for.
enum Event {
    Control,
    Credential,
    Connected(Result<Opened, Failure>),
    Socket(std::io::Result<Progress>),
    Request(Request),
    Time,
}

/// One connection.
struct Connection {
    wire: Wire<reqwest::Upgraded>,
    token: Token,
    secrets: ConnectionSecrets,
}

struct Driver {
    session: PrivateSession,
    connection: Option<Connection>,
    connecting: Option<Connecting>,
    unanswered: Unanswered,
    /// The session of a static token that was rejected.
    rejected: Option<Arc<Session>>,
    /// Responses that belong to no request that waits.
    unmatched: u64,
    /// The sink was told of an outage.
    is_out: bool,
    client: Client,
}

/// Hands over what the session finds.
struct Report<'a> {
    shared: &'a Shared,
    /// The session whose token authenticates the connection.
    session: Option<Arc<Session>>,
    sink: &'a dyn PrivateSink,
    unanswered: &'a mut Unanswered,
    unmatched: &'a mut u64,
    /// The verdict of the exchange about the token.
    verdict: Option<bool>,
}

impl Sink for Report<'_> {
    fn update(&mut self, update: PrivateUpdate) {
        // Before the sink is called, which may wake a task that looks.
        self.shared.show(&update, self.session.as_ref());
        match &update {
            PrivateUpdate::Ready(ready) => {
                tracing::debug!(connection = ready.connection, "a private connection is ready");
            }
            PrivateUpdate::Lost(cause, _) => {
                tracing::debug!(cause = cause.as_str(), "a private connection lost events");
                #[cfg(feature = "metrics")]
                metrics::counter!("paradex_stream_losses_total", "cause" => cause.as_str()).increment(1);
            }
            PrivateUpdate::End(error) => tracing::warn!(error = %error, "a private connection ended"),
            PrivateUpdate::Event(_) => {}
        }
        self.sink.update(update);
    }

    fn response(&mut self, id: u64, result: RpcResult) {
        if !self.unanswered.respond(id, result) {
            *self.unmatched += 1;
        }
    }

    fn token(&mut self, is_accepted: bool) {
        self.verdict = Some(is_accepted);
    }
}

/// Reports the end of the task, also when its runtime ends.
struct Running {
    shared: Arc<Shared>,
    sink: Arc<dyn PrivateSink>,
    is_done: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shared.end();
        // A panic is reported once it is caught.
        if !self.is_done && !std::thread::panicking() {
            self.sink.update(PrivateUpdate::End(StreamError::NoRuntime));
        }
    }
}

/// Runs until every handle is dropped, or no further connection can be made.
pub(super) async fn run(
    client: Client,
    options: PrivateOptions,
    shared: Arc<Shared>,
    sink: Arc<dyn PrivateSink>,
    requests: mpsc::Receiver<Request>,
) {
    let work = run_connections(client, options, shared, Arc::clone(&sink), requests);
    if AssertUnwindSafe(work).catch_unwind().await.is_err() {
        sink.update(PrivateUpdate::End(StreamError::Panicked));
    }
}

async fn run_connections(
    client: Client,
    options: PrivateOptions,
    shared: Arc<Shared>,
    sink: Arc<dyn PrivateSink>,
    mut requests: mpsc::Receiver<Request>,
) {
    let mut running = Running {
        shared: Arc::clone(&shared),
        sink: Arc::clone(&sink),
        is_done: false,
    };
    let seed = std::hash::RandomState::new().build_hasher().finish();
    let group = client.group().clone();
    let version = group.hub().schema_version();
    let mut credential = client.source().changes();
    let mut driver = Driver {
        session: PrivateSession::new(group.environment().stream_url(), version, seed, options),
        connection: None,
        connecting: None,
        unanswered: Unanswered::default(),
        rejected: None,
        unmatched: 0,
        is_out: false,
        client,
    };
    let mut timer = pin!(tokio::time::sleep(Duration::ZERO));
    loop {
        let control = shared.take_control();
        if control.is_closed {
            break;
        }
        if let Some(cause) = control.give_up {
            driver.with_report(&shared, &*sink, |session, report, _| {
                session.give_up(now(), cause, report);
            });
        }
        driver.act();
        if driver.session.error().is_some() {
            break;
        }
        driver.show_outage(&*sink);
        // Most frames are written here, so that the task does not take another turn for them.
        if let Some(connection) = &mut driver.connection {
            connection.wire.write_now(now).await;
        }
        let wake = driver.wake_at();
        if let Some(wake) = wake {
            timer.as_mut().reset(wake.into());
        }
        // A request is taken when it can be written, or when it has to be refused.
        let can_take = match &driver.connection {
            Some(connection) => connection.wire.is_drained() || driver.session.ready().is_none(),
            None => true,
        };
        let Driver {
            connection,
            connecting,
            ..
        } = &mut driver;
        // Without an order, so that neither frames nor requests can keep the others from their turn.
        let event = tokio::select! {
            () = timer.as_mut(), if wake.is_some() => Event::Time,
            () = shared.changed.notified() => Event::Control,
            () = changed(&mut credential) => Event::Credential,
            connected = some(connecting.as_mut()) => Event::Connected(connected),
            progress = progress(connection.as_mut()) => Event::Socket(progress),
            Some(request) = requests.recv(), if can_take => Event::Request(request),
        };
        driver.handle(&shared, &*sink, event);
    }
    running.is_done = true;
    shared.end();
    driver.record();
    driver.unanswered.end();
    drop(requests);
    if let Some(mut connection) = driver.connection.take() {
        connection.wire.push(now(), frame::close_frame());
        let _ = timeout(CLOSE, connection.wire.drain(now)).await;
    }
}

async fn changed(credential: &mut watch::Receiver<()>) {
    if credential.changed().await.is_err() {
        pending::<()>().await;
    }
}

async fn some(connecting: Option<&mut Connecting>) -> Result<Opened, Failure> {
    match connecting {
        Some(connecting) => connecting.await,
        None => pending().await,
    }
}

async fn progress(connection: Option<&mut Connection>) -> std::io::Result<Progress> {
    match connection {
        Some(connection) => connection.wire.progress(now).await,
        None => pending().await,
    }
}

impl Driver {
    /// Lets the session report, and does what concerns the token.
    fn with_report(
        &mut self,
        shared: &Shared,
        sink: &dyn PrivateSink,
        work: impl FnOnce(&mut PrivateSession, &mut Report<'_>, Option<&mut Connection>),
    ) {
        let mut report = Report {
            shared,
            session: self
                .connection
                .as_ref()
                .map(|connection| Arc::clone(&connection.token.session)),
            sink,
            unanswered: &mut self.unanswered,
            unmatched: &mut self.unmatched,
            verdict: None,
        };
        work(&mut self.session, &mut report, self.connection.as_mut());
        let verdict = report.verdict;
        if let (Some(is_accepted), Some(connection)) = (verdict, &self.connection) {
            match is_accepted {
                true => connection.token.accepted(),
                false => self.rejected = connection.token.rejected(),
            }
        }
        if !self.session.is_connected() {
            self.unanswered.end();
        }
    }

    fn wake_at(&self) -> Option<Instant> {
        let stuck = self
            .connection
            .as_ref()
            .and_then(|connection| connection.wire.stuck_since());
        let stuck = stuck.map(|since| since + WRITE);
        self.session.wake_at().into_iter().chain(stuck).min()
    }

    fn show_outage(&mut self, sink: &dyn PrivateSink) {
        let outage = self.session.outage(now());
        let was_out = std::mem::replace(&mut self.is_out, outage.is_some());
        if was_out || self.is_out {
            sink.outage(outage);
        }
    }

    /// Does what the session wants done. Nothing of it waits.
    fn act(&mut self) {
        while let Some(action) = self.session.action() {
            let now = now();
            match (action, &mut self.connection) {
                (Action::Connect { version }, _) => {
                    self.connection = None;
                    let rejected = self.rejected.take();
                    self.connecting = Some(connect(self.client.clone(), version, rejected));
                }
                // A close frame to a dead connection would only wait.
                (Action::Close, _) => self.connection = None,
                (Action::Send(text), Some(connection)) => connection.wire.push_text(now, text.as_bytes()),
                (Action::Ping, Some(connection)) => connection.wire.push(now, frame::ping_frame()),
                (Action::Authenticate { id }, Some(connection)) => {
                    match frames::auth_request(connection.token.text(), id) {
                        Some(frame) => connection.wire.push_text(now, frame.as_bytes()),
                        None => tracing::error!("a token has characters that no token has, and is not sent"),
                    }
                }
                (_, None) => {}
            }
        }
    }

    fn handle(&mut self, shared: &Shared, sink: &dyn PrivateSink, event: Event) {
        let now = now();
        match event {
            Event::Control => {}
            Event::Credential => self.credential_changed(shared, sink, now),
            Event::Connected(result) => {
                self.connecting = None;
                self.connected(shared, sink, now, result);
            }
            Event::Socket(Ok(Progress::Read)) => {
                self.read(shared, sink, now);
                self.tick(shared, sink, now);
            }
            Event::Socket(Ok(Progress::Written)) => {}
            Event::Socket(Ok(Progress::Ended)) => self.closed(shared, sink, now),
            Event::Socket(Err(error)) => {
                tracing::debug!(error = %error, "a private connection broke");
                self.closed(shared, sink, now);
            }
            Event::Request(request) => {
                self.tick(shared, sink, now);
                self.request(now, request);
            }
            Event::Time => {
                let stuck = self
                    .connection
                    .as_ref()
                    .and_then(|connection| connection.wire.stuck_since());
                if stuck.is_some_and(|since| since + WRITE <= now) {
                    tracing::debug!("a private connection takes no frames");
                    self.closed(shared, sink, now);
                }
                self.tick(shared, sink, now);
                self.record();
            }
        }
    }

    /// Looks at the clocks. It is also done after frames and before a request, because the timer may have stood still while the machine
    /// was suspended.
    fn tick(&mut self, shared: &Shared, sink: &dyn PrivateSink, now: Instant) {
        self.with_report(shared, sink, |session, report, connection| {
            let was_suspended = session.tick(now, SystemTime::now(), report);
            // The age of the token is not known after a suspension.
            if was_suspended && let Some(connection) = connection {
                connection.token.rejected();
            }
        });
    }

    fn closed(&mut self, shared: &Shared, sink: &dyn PrivateSink, now: Instant) {
        self.with_report(shared, sink, |session, report, _| session.closed(now, report));
        self.connection = None;
    }

    /// Closes the connection of a credential that the client has no more.
    fn credential_changed(&mut self, shared: &Shared, sink: &dyn PrivateSink, now: Instant) {
        let is_current = match &self.connection {
            Some(connection) => connection.token.is_current(&self.client),
            None => return self.session.hurry(),
        };
        if !is_current {
            self.with_report(shared, sink, |session, report, _| {
                session.give_up(now, LossCause::CredentialReplaced, report);
                session.hurry();
            });
        }
    }

    fn connected(
        &mut self,
        shared: &Shared,
        sink: &dyn PrivateSink,
        now: Instant,
        result: Result<Opened, Failure>,
    ) {
        #[cfg(feature = "metrics")]
        metrics::counter!(
            "paradex_stream_connects_total",
            "outcome" => if result.is_ok() { "ok" } else { "failed" }
        )
        .increment(1);
        match result {
            Ok((stream, token)) => {
                let hub = self.client.group().hub();
                let number = hub.next_connection(self.session.schema_version());
                let can_renew = token.can_renew(&self.client);
                let is_current = token.is_current(&self.client);
                self.connection = Some(Connection {
                    wire: Wire::new(stream),
                    secrets: ConnectionSecrets::new(&token.header),
                    token,
                });
                self.session.connected(now, number, can_renew);
                tracing::debug!(connection = number, "connected for an account");
                if !is_current {
                    self.credential_changed(shared, sink, now);
                }
            }
            Err(Failure::NoToken(NoToken { error, least, cause })) => {
                self.with_report(shared, sink, |session, report, _| {
                    session.no_token(now, error, least, cause, report);
                });
            }
            Err(Failure::Connect(failure)) => {
                if failure != ConnectFailure::SchemaRefused {
                    tracing::warn!(failure = %failure, "could not connect for an account");
                }
                self.with_report(shared, sink, |session, report, _| {
                    session.connect_failed(now, failure, report);
                });
            }
        }
    }

    /// Handles the messages that have arrived.
    fn read(&mut self, shared: &Shared, sink: &dyn PrivateSink, now: Instant) {
        let mut is_closed = false;
        self.with_report(shared, sink, |session, report, connection| {
            let Some(connection) = connection else {
                return;
            };
            let wall = SystemTime::now();
            while session.is_connected() {
                let mut pong = None;
                match connection.wire.message() {
                    Ok(Some(Incoming::Text(text))) => {
                        session.text(now, wall, text, &connection.secrets, report);
                    }
                    Ok(Some(Incoming::Binary(bytes))) => {
                        session.binary(now, wall, bytes, &connection.secrets, report);
                    }
                    Ok(Some(Incoming::Ping(payload))) => pong = Some(payload.to_vec()),
                    Ok(Some(Incoming::Pong)) => session.received(now),
                    Ok(Some(Incoming::Close(code))) => {
                        tracing::debug!(code, "the exchange closed a private connection");
                        is_closed = true;
                        return;
                    }
                    Ok(None) => return,
                    Err(_) => {
                        tracing::debug!("a private connection broke the protocol");
                        is_closed = true;
                        return;
                    }
                }
                if let Some(payload) = pong {
                    session.received(now);
                    connection.wire.pong(now, &payload);
                }
            }
        });
        if is_closed {
            self.closed(shared, sink, now);
        }
    }

    fn request(&mut self, now: Instant, request: Request) {
        let (Some(connection), Some(id)) =
            (&mut self.connection, self.session.request_id(request.connection))
        else {
            return request.refuse(NotSentReason::OtherConnection);
        };
        let frame = frames::request(request.method, &request.params, id, frame::mask());
        if let Some(taken) = request.take(now) {
            connection.wire.push(now, frame);
            self.unanswered.insert(id, taken);
        }
    }

    /// Records the totals since the last time.
    fn record(&mut self) {
        let unreadable = self.session.counts.record();
        let unmatched = std::mem::take(&mut self.unmatched);
        if unreadable > 0 {
            tracing::warn!(count = unreadable, "frames of an account could not be decoded");
        }
        if unmatched > 0 {
            tracing::warn!(count = unmatched, "responses belong to no request that waits");
        }
    }
}

/// Gets a token and connects, within the limits of the group.
fn connect(client: Client, version: u16, rejected: Option<Arc<Session>>) -> Connecting {
    Box::pin(async move {
        let group = client.group();
        let (http, address) = permitted(group).await.map_err(Failure::Connect)?;
        // Before the handshake, because the exchange closes a connection on which nothing happens.
        let token = timeout(group.timeout(), token::current(&client, rejected.as_ref())).await;
        let token = token
            .unwrap_or_else(|_| Err(NoToken::timed_out()))
            .map_err(Failure::NoToken)?;
        let address = handshake::with_version(&address, version);
        let upgraded = timeout(HANDSHAKE, handshake::upgrade(&http, &address, None)).await;
        let (stream, _) = upgraded
            .unwrap_or_else(|_| Err(ConnectFailure::timed_out(HANDSHAKE)))
            .map_err(Failure::Connect)?;
        Ok((stream, token))
    })
}
