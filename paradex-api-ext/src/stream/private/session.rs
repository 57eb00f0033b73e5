//! The state of one private connection and of its successors, without a socket and without a clock.
//!
//! After a connection is made, it authenticates, then it arms cancel on disconnect and subscribes, and is ready when everything is
//! acknowledged. A loss is reported once, and only after a connection was ready.

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};

use paradex_api::sbe;
use paradex_api::serde_json::{self, Value, json};

use super::event::PrivateEvent;
use super::frames::{TextFrame, is_token_rejected};
use super::secrets::ConnectionSecrets;
use super::{PrivateChannel, PrivateOptions, PrivateUpdate, Ready, RpcError, RpcResult};
use crate::stream::frame_counts::FrameCounts;
use crate::stream::link::{Action, ConnectFailure, Link, Tick};
use crate::stream::outage::{Outage, OutageTracker};
use crate::stream::rpc;
use crate::stream::update::{LossCause, StreamError};

/// A connection that is not ready within this time after it was made, or after it was authenticated, is given up.
pub(super) const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(10);

/// Receives what the session finds.
pub(super) trait Sink {
    fn update(&mut self, update: PrivateUpdate);
    /// A response to a request that is not the session's own.
    fn response(&mut self, id: u64, result: RpcResult);
    /// The exchange accepted or rejected the token of the connection.
    fn token(&mut self, is_accepted: bool);
}

/// A request of the session itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Own {
    Authenticate,
    Arm,
    Subscribe(PrivateChannel),
}

/// How far the connection is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    Down,
    Authenticating {
        since: Instant,
    },
    /// Cancel on disconnect is being armed, and the channels are being subscribed.
    Opening {
        since: Instant,
    },
    Ready(Ready),
}

pub(super) struct PrivateSession {
    link: Link,
    options: PrivateOptions,
    stage: Stage,
    /// Requests of the session that have no response.
    pending: HashMap<u64, Own>,
    node_id: Option<String>,
    refused: Vec<PrivateChannel>,
    /// Connections in a row whose token was rejected.
    rejections: u32,
    /// Whether another token can be had.
    can_renew: bool,
    pub(super) counts: FrameCounts,
    outage: OutageTracker,
    /// Why the present connection is not ready yet.
    refusal: Option<String>,
}

impl PrivateSession {
    /// `version` is the schema version to ask for first. `seed` makes the jitter.
    pub(super) fn new(address: String, version: u16, seed: u64, options: PrivateOptions) -> Self {
        let mut link = Link::new(address, version, seed);
        link.connect();
        Self {
            link,
            options,
            stage: Stage::Down,
            pending: HashMap::new(),
            node_id: None,
            refused: Vec::new(),
            rejections: 0,
            can_renew: true,
            counts: FrameCounts::default(),
            outage: OutageTracker::default(),
            refusal: None,
        }
    }

    pub(super) fn action(&mut self) -> Option<Action> {
        self.link.action()
    }

    pub(super) fn is_connected(&self) -> bool {
        self.link.is_connected()
    }

    /// Why no further connection is made; `None` while there is hope.
    pub(super) fn error(&self) -> Option<&StreamError> {
        self.link.error()
    }

    pub(super) fn schema_version(&self) -> u16 {
        self.link.schema_version()
    }

    /// The connection, if it can be used.
    pub(super) fn ready(&self) -> Option<&Ready> {
        match &self.stage {
            Stage::Ready(ready) => Some(ready),
            _ => None,
        }
    }

    /// Why there is no connection that can be used; `None` before the first attempt has failed.
    pub(super) fn outage(&self, now: Instant) -> Option<Outage> {
        let next_attempt = self.link.wake_at().filter(|_| !self.is_connected());
        let next_attempt = next_attempt.map(|at| at.saturating_duration_since(now));
        let channels = self.options.channels.iter().map(ToString::to_string);
        self.outage.show(self.link.address(), next_attempt, channels)
    }

    /// An id for a request on this connection; `None` if it cannot be used, or is another one.
    pub(super) fn request_id(&mut self, connection: u64) -> Option<u64> {
        match &self.stage {
            Stage::Ready(ready) if ready.connection == connection => Some(self.link.next_id()),
            _ => None,
        }
    }

    /// The ids of the session's own requests without a response.
    #[cfg(test)]
    pub(super) fn pending_ids(&self) -> impl Iterator<Item = u64> + '_ {
        self.pending.keys().copied()
    }

    // Connections.

    /// The connection was made. `number` is its number in the group, and `can_renew` says whether its token can be replaced.
    pub(super) fn connected(&mut self, now: Instant, number: u64, can_renew: bool) {
        if self.link.error().is_some() {
            return;
        }
        self.link.connected(now, number);
        self.refusal = None;
        self.can_renew = can_renew;
        self.stage = Stage::Authenticating { since: now };
        let id = self.link.next_id();
        self.pending.insert(id, Own::Authenticate);
        self.link.push(Action::Authenticate { id });
    }

    pub(super) fn connect_failed(&mut self, now: Instant, failure: ConnectFailure, sink: &mut impl Sink) {
        let cause = failure.to_string();
        if let Err(error) = self.link.connect_failed(now, failure) {
            self.end(error, sink);
        } else if self.link.wake_at().is_some() {
            // Otherwise another version of the schema is asked for at once.
            self.outage.failed(cause);
        }
    }

    /// There is no token. With an error, there will be none.
    pub(super) fn no_token(
        &mut self,
        now: Instant,
        error: Option<StreamError>,
        least: Duration,
        cause: String,
        sink: &mut impl Sink,
    ) {
        match error {
            Some(error) => self.end(error, sink),
            None => {
                self.outage.failed(cause);
                self.link.wait(now, least);
            }
        }
    }

    /// The connection ended.
    pub(super) fn closed(&mut self, now: Instant, sink: &mut impl Sink) {
        self.leave(now, LossCause::Disconnected, sink);
    }

    /// Gives up the connection. There is a new one.
    pub(super) fn give_up(&mut self, now: Instant, cause: LossCause, sink: &mut impl Sink) {
        if self.is_connected() {
            self.link.push(Action::Close);
            self.leave(now, cause, sink);
        }
    }

    /// Ends the wait before the next attempt, because its cause may be gone.
    pub(super) fn hurry(&mut self) {
        self.link.hurry();
    }

    /// Ends for good.
    pub(super) fn end(&mut self, error: StreamError, sink: &mut impl Sink) {
        if self.link.error().is_some() {
            return;
        }
        if self.is_connected() {
            self.link.push(Action::Close);
        }
        self.stage = Stage::Down;
        self.pending.clear();
        self.link.end(error.clone());
        sink.update(PrivateUpdate::End(error));
    }

    fn leave(&mut self, now: Instant, cause: LossCause, sink: &mut impl Sink) {
        if !self.is_connected() {
            return;
        }
        let age = self.link.age(now);
        let was_ready = matches!(self.stage, Stage::Ready(_));
        self.stage = Stage::Down;
        self.pending.clear();
        self.link.closed(now, Duration::ZERO);
        let refusal = self.refusal.take();
        if was_ready {
            self.outage.ended(now, cause.to_string());
            sink.update(PrivateUpdate::Lost(cause, age));
        } else {
            let cause = refusal.unwrap_or_else(|| "the connection ended before it was set up".to_owned());
            self.outage.failed(cause);
        }
    }

    // Setting up.

    fn own_response(
        &mut self,
        now: Instant,
        wall: SystemTime,
        own: Own,
        result: Result<Value, RpcError>,
        sink: &mut impl Sink,
    ) {
        match (own, result) {
            (Own::Authenticate, Ok(result)) => {
                self.rejections = 0;
                sink.token(true);
                let node_id = result.get("node_id").and_then(Value::as_str);
                self.node_id = node_id.map(|node| paradex_api::visible(node, rpc::SHOWN).to_string());
                self.open(now);
            }
            (Own::Arm, Ok(result)) if result.get("enabled") == Some(&Value::Bool(true)) => {}
            (Own::Arm, Ok(_)) => {
                let message = "the response does not say that it is enabled".to_owned();
                let error = RpcError {
                    code: 0,
                    message,
                    data: None,
                };
                return self.refused(now, own, &error, sink);
            }
            (Own::Subscribe(_), Ok(_)) => {}
            (_, Err(error)) => self.refused(now, own, &error, sink),
        }
        self.finish_opening(now, wall, sink);
    }

    /// The connection is ready when everything is acknowledged.
    fn finish_opening(&mut self, now: Instant, wall: SystemTime, sink: &mut impl Sink) {
        if matches!(self.stage, Stage::Opening { .. }) && self.pending.is_empty() {
            self.link.works(now);
            self.outage.connected(now);
            let ready = Ready {
                connection: self.link.connection(),
                node_id: self.node_id.clone(),
                schema_version: self.link.schema_version(),
                cancel_on_disconnect: self.options.cancel_on_disconnect,
                since: wall,
                refused: self.refused.clone(),
            };
            self.stage = Stage::Ready(ready.clone());
            sink.update(PrivateUpdate::Ready(ready));
        }
    }

    /// Arms cancel on disconnect and subscribes.
    fn open(&mut self, now: Instant) {
        self.stage = Stage::Opening { since: now };
        self.refused.clear();
        if self.options.cancel_on_disconnect {
            let id = self.link.next_id();
            self.pending.insert(id, Own::Arm);
            let params = json!({"enabled": true});
            let request = json!({"jsonrpc": "2.0", "method": ARM, "params": params, "id": id});
            self.link.push(Action::Send(request.to_string()));
        }
        for channel in self.options.channels.clone() {
            let id = self.link.next_id();
            self.pending.insert(id, Own::Subscribe(channel));
            let request = rpc::channel_request("subscribe", channel.name(), id);
            self.link.push(Action::Send(request));
        }
    }

    fn refused(&mut self, now: Instant, own: Own, error: &RpcError, sink: &mut impl Sink) {
        let (code, message) = (error.code, error.shown());
        if let Own::Subscribe(channel) = own
            && !channel.is_essential()
        {
            tracing::warn!(%channel, code, %message, "the exchange refused a private channel");
            return self.refused.push(channel);
        }
        self.refusal = Some(format!("the exchange refused it: {message} ({code})"));
        if is_token_rejected(code) {
            self.rejections = self.rejections.saturating_add(1);
            sink.token(false);
            if !self.can_renew && self.rejections > 1 {
                return self.end(StreamError::CredentialRefused { code, message }, sink);
            }
            tracing::warn!(code, %message, "the exchange rejected the token of a connection");
            return self.give_up(now, LossCause::Disconnected, sink);
        }
        match own {
            Own::Authenticate if rpc::is_permanent(code) => {
                self.end(StreamError::CredentialRefused { code, message }, sink);
            }
            Own::Arm if rpc::is_permanent(code) => self.end(StreamError::NotArmed { code, message }, sink),
            Own::Subscribe(channel) if rpc::is_permanent(code) => {
                let channel = channel.to_string();
                let error = StreamError::Refused {
                    channel,
                    code,
                    message,
                };
                self.end(error, sink);
            }
            _ => {
                tracing::warn!(code, %message, "the exchange refused to set up a private connection");
                self.give_up(now, LossCause::Disconnected, sink);
            }
        }
    }

    /// Goes on without the channels that the exchange does not acknowledge, if nothing else is missing.
    fn refuse_unacknowledged(&mut self) -> bool {
        let missing: Option<Vec<_>> = self
            .pending
            .values()
            .map(|own| match own {
                Own::Subscribe(channel) if !channel.is_essential() => Some(*channel),
                _ => None,
            })
            .collect();
        let Some(missing) = missing else {
            return false;
        };
        for channel in &missing {
            tracing::warn!(%channel, "the exchange does not acknowledge a private channel");
        }
        self.refused.extend(missing);
        self.pending.clear();
        true
    }

    // Frames.

    /// Something arrived that is no data: a ping or a pong.
    pub(super) fn received(&mut self, now: Instant) {
        self.link.received(now);
    }

    pub(super) fn text(
        &mut self,
        now: Instant,
        wall: SystemTime,
        text: &str,
        secrets: &ConnectionSecrets,
        sink: &mut impl Sink,
    ) {
        if !self.is_connected() {
            return;
        }
        self.link.received(now);
        self.counts.frames += 1;
        let redact = |value: &mut Value| secrets.redact_value(value);
        let redact: Option<&dyn Fn(&mut Value)> = secrets.may_be_in_json(text).then_some(&redact);
        match TextFrame::read(text, redact) {
            Some(TextFrame::Response { id, result }) => match self.pending.remove(&id) {
                Some(own) => {
                    let result = result.map(|raw| serde_json::from_str(raw.get()).unwrap_or_default());
                    self.own_response(now, wall, own, result, sink);
                }
                None => sink.response(id, result),
            },
            Some(TextFrame::Push { channel, data }) => match PrivateChannel::from_name(&channel) {
                Some(channel) => match PrivateEvent::from_json(channel, data) {
                    Ok(event) => self.event(event, sink),
                    Err(_) => self.unreadable(now, wall, sink),
                },
                None => self.counts.unknown += 1,
            },
            Some(TextFrame::Other) => self.counts.unknown += 1,
            // It may have been an event.
            None => self.unreadable(now, wall, sink),
        }
    }

    pub(super) fn binary(
        &mut self,
        now: Instant,
        wall: SystemTime,
        frame: &[u8],
        secrets: &ConnectionSecrets,
        sink: &mut impl Sink,
    ) {
        if !self.is_connected() {
            return;
        }
        self.link.received(now);
        self.counts.frames += 1;
        let Ok(message) = sbe::Message::decode(frame) else {
            return self.unreadable(now, wall, sink);
        };
        if let sbe::Message::Unknown(_) = message {
            self.counts.unknown += 1;
            return;
        }
        match PrivateEvent::from_sbe(&message) {
            Ok(Some(event)) => match secrets.may_be_in(frame).then(|| redacted(&event, secrets)) {
                None => self.event(event, sink),
                Some(Some(event)) => self.event(event, sink),
                Some(None) => self.unreadable(now, wall, sink),
            },
            // Heartbeats, and data that this connection does not subscribe to.
            Ok(None) => {}
            Err(_) => self.unreadable(now, wall, sink),
        }
    }

    fn event(&mut self, event: PrivateEvent, sink: &mut impl Sink) {
        let is_open = matches!(self.stage, Stage::Opening { .. } | Stage::Ready(_));
        if is_open && self.options.channels.contains(&event.channel()) {
            sink.update(PrivateUpdate::Event(event));
        }
    }

    /// A frame that could not be read may have been an event. The connection goes on.
    fn unreadable(&mut self, now: Instant, wall: SystemTime, sink: &mut impl Sink) {
        self.counts.unreadable += 1;
        let age = self.link.age(now);
        if let Stage::Ready(ready) = &mut self.stage {
            ready.since = wall;
            sink.update(PrivateUpdate::Lost(LossCause::Unreadable, age));
            sink.update(PrivateUpdate::Ready(ready.clone()));
        }
    }

    // Time.

    /// The earliest time at which [`tick`](Self::tick) has something to do.
    pub(super) fn wake_at(&self) -> Option<Instant> {
        let setup = match self.stage {
            Stage::Authenticating { since } | Stage::Opening { since } => Some(since + ACKNOWLEDGED_WITHIN),
            Stage::Down | Stage::Ready(_) => None,
        };
        self.link.wake_at().into_iter().chain(setup).min()
    }

    /// Does what is due. `wall` is the time of this machine's clock. Returns whether the machine was suspended or its clock jumped, so
    /// that times from before mean nothing.
    pub(super) fn tick(&mut self, now: Instant, wall: SystemTime, sink: &mut impl Sink) -> bool {
        match self.link.tick(now, wall) {
            Tick::Due => self.link.connect(),
            Tick::Dead => {
                let was_suspended = self.link.was_suspended();
                self.leave(now, LossCause::Disconnected, sink);
                return was_suspended;
            }
            Tick::Alive => {
                let since = match self.stage {
                    Stage::Authenticating { since } | Stage::Opening { since } => since,
                    Stage::Down | Stage::Ready(_) => return false,
                };
                if since + ACKNOWLEDGED_WITHIN <= now {
                    if self.refuse_unacknowledged() {
                        self.finish_opening(now, wall, sink);
                        return false;
                    }
                    tracing::debug!("a private connection was not acknowledged in time");
                    self.refusal = Some("the exchange did not acknowledge everything in time".to_owned());
                    self.give_up(now, LossCause::Disconnected, sink);
                }
            }
            Tick::Quiet => {}
        }
        false
    }
}

/// The method that arms cancel on disconnect.
const ARM: &str = "order.cancel_on_disconnect";

/// An event of SBE without the token of the connection.
fn redacted(event: &PrivateEvent, secrets: &ConnectionSecrets) -> Option<PrivateEvent> {
    let mut value = match event {
        PrivateEvent::Order(order) => paradex_api::serde_json::to_value(order),
        PrivateEvent::Fill(fill) => paradex_api::serde_json::to_value(fill),
        PrivateEvent::Position(position) => paradex_api::serde_json::to_value(position),
        PrivateEvent::Account(account) => paradex_api::serde_json::to_value(account),
        // SBE has no others.
        _ => return None,
    }
    .ok()?;
    secrets.redact_value(&mut value);
    PrivateEvent::from_json(event.channel(), value).ok()
}
