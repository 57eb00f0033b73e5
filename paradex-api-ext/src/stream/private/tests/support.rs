//! A session with times and frames made by hand.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use paradex_api::reqwest::header::HeaderValue;
use paradex_api::serde_json::{self, Value};

use crate::stream::link::{Action, ConnectFailure};
use crate::stream::private::secrets::ConnectionSecrets;
use crate::stream::private::session::{PrivateSession, Sink};
use crate::stream::private::{
    PrivateChannel, PrivateEvent, PrivateOptions, PrivateSocket, PrivateUpdate, RequestOutcome, RpcError,
    RpcResult,
};

pub(super) const SECOND: Duration = Duration::from_secs(1);
pub(super) const TOKEN: &str = "eyJhbGciOiJFUzM4NCJ9.eyJzdWIiOiIweGNhbmFyeSJ9.MGQCMDc4YWJjZGVmMDEyMzQ1Njc4OQ";

impl PrivateSocket {
    /// Sends a request that stays wanted.
    pub(super) async fn request(
        &self,
        connection: u64,
        method: &'static str,
        params: Vec<u8>,
        deadline: Instant,
    ) -> RequestOutcome {
        self.request_if(connection, method, params, deadline, Arc::new(|| true))
            .await
    }
}

/// Keeps what a session reports.
#[derive(Default)]
pub(super) struct Log {
    pub(super) texts: Vec<String>,
    pub(super) events: Vec<PrivateEvent>,
    pub(super) responses: Vec<(u64, Result<Value, RpcError>)>,
    pub(super) verdicts: Vec<bool>,
    pub(super) ages: Vec<Duration>,
}

impl Sink for Log {
    fn update(&mut self, update: PrivateUpdate) {
        let text = match update {
            PrivateUpdate::Ready(ready) => format!("ready {}", ready.connection),
            PrivateUpdate::Event(event) => {
                let text = subject(&event);
                self.events.push(event);
                text
            }
            PrivateUpdate::Lost(cause, age) => {
                self.ages.push(age);
                format!("lost {}", cause.as_str())
            }
            PrivateUpdate::End(error) => format!("end {error}"),
        };
        self.texts.push(text);
    }

    fn response(&mut self, id: u64, result: RpcResult) {
        let result = result.map(|raw| serde_json::from_str(raw.get()).unwrap());
        self.responses.push((id, result));
    }

    fn token(&mut self, is_accepted: bool) {
        self.verdicts.push(is_accepted);
    }
}

pub(super) fn subject(event: &PrivateEvent) -> String {
    match event {
        PrivateEvent::Order(order) => format!("order {}", order.id.as_deref().unwrap_or_default()),
        PrivateEvent::Fill(fill) => format!("fill {}", fill.id.as_deref().unwrap_or_default()),
        PrivateEvent::Position(position) => {
            format!("position {}", position.market.as_deref().unwrap_or_default())
        }
        other => other_name(other).to_owned(),
    }
}

fn other_name(event: &PrivateEvent) -> &'static str {
    event.channel().name()
}

/// A session, the time, and what it reported.
pub(super) struct World {
    pub(super) session: PrivateSession,
    pub(super) now: Instant,
    pub(super) wall: SystemTime,
    pub(super) log: Log,
    pub(super) connections: u64,
    pub(super) can_renew: bool,
    secrets: ConnectionSecrets,
}

pub(super) fn secrets() -> ConnectionSecrets {
    ConnectionSecrets::new(&HeaderValue::from_str(&format!("Bearer {TOKEN}")).unwrap())
}

impl World {
    pub(super) fn new(channels: &[PrivateChannel], cancel_on_disconnect: bool) -> Self {
        let options = PrivateOptions {
            channels: channels.to_vec(),
            cancel_on_disconnect,
        };
        Self {
            session: PrivateSession::new("wss://example.com/v1".to_owned(), 2, 7, options),
            now: Instant::now(),
            wall: SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000),
            log: Log::default(),
            connections: 0,
            can_renew: true,
            secrets: secrets(),
        }
    }

    /// A world whose connection is ready.
    pub(super) fn ready(channels: &[PrivateChannel], cancel_on_disconnect: bool) -> Self {
        let mut world = Self::new(channels, cancel_on_disconnect);
        world.connect();
        world.acknowledge();
        assert_eq!(world.reported(), ["ready 1"]);
        world
    }

    pub(super) fn actions(&mut self) -> Vec<Action> {
        std::iter::from_fn(|| self.session.action()).collect()
    }

    /// Connects, if the session wants to, and returns the id of the request that authenticates.
    pub(super) fn connect(&mut self) -> u64 {
        let actions = self.actions();
        let connects = |action: &Action| matches!(action, Action::Connect { .. });
        assert!(actions.iter().any(connects), "{actions:?}");
        self.connections += 1;
        self.session.connected(self.now, self.connections, self.can_renew);
        match self.actions().as_slice() {
            [Action::Authenticate { id }] => *id,
            other => panic!("{other:?}"),
        }
    }

    /// The requests that are to be sent: method, channel and id.
    pub(super) fn sent(&mut self) -> Vec<(String, String, u64)> {
        self.actions().iter().filter_map(request).collect()
    }

    /// Acknowledges the token with this id, and returns the requests that follow.
    pub(super) fn authenticate(&mut self, id: u64) -> Vec<(String, String, u64)> {
        self.text(&format!(
            r#"{{"jsonrpc":"2.0","result":{{"node_id":"n"}},"id":{id}}}"#
        ));
        self.sent()
    }

    /// Acknowledges everything after a connection was made.
    pub(super) fn acknowledge(&mut self) {
        let id = self.pending_auth();
        for (method, channel, id) in self.authenticate(id) {
            self.done(&method, &channel, id);
        }
    }

    /// The first id of a connection.
    fn pending_auth(&mut self) -> u64 {
        self.session.pending_ids().min().unwrap()
    }

    pub(super) fn done(&mut self, method: &str, channel: &str, id: u64) {
        let result = match method {
            "subscribe" => format!(r#"{{"channel":"{channel}"}}"#),
            _ => r#"{"enabled":true}"#.to_owned(),
        };
        self.text(&format!(r#"{{"jsonrpc":"2.0","result":{result},"id":{id}}}"#));
    }

    pub(super) fn refuse(&mut self, id: u64, code: i64) {
        self.text(&format!(
            r#"{{"jsonrpc":"2.0","error":{{"code":{code},"message":"no {TOKEN}"}},"id":{id}}}"#
        ));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.session
            .text(self.now, self.wall, text, &self.secrets, &mut self.log);
    }

    pub(super) fn binary(&mut self, frame: &[u8]) {
        self.session
            .binary(self.now, self.wall, frame, &self.secrets, &mut self.log);
    }

    pub(super) fn push(&mut self, channel: &str, data: Value) {
        let text = serde_json::json!({
            "jsonrpc": "2.0",
            "method": "subscription",
            "params": {"channel": channel, "data": data},
        });
        self.text(&text.to_string());
    }

    pub(super) fn fail(&mut self, failure: ConnectFailure) {
        self.session.connect_failed(self.now, failure, &mut self.log);
    }

    pub(super) fn close(&mut self) {
        self.session.closed(self.now, &mut self.log);
    }

    /// Lets time pass, with all ticks that the session wants. Returns the actions.
    pub(super) fn pass(&mut self, time: Duration) -> Vec<Action> {
        let end = self.now + time;
        let mut actions = self.actions();
        while let Some(at) = self.session.wake_at().filter(|at| *at <= end) {
            let passed = at.saturating_duration_since(self.now);
            self.wall += passed;
            self.now += passed;
            self.session.tick(self.now, self.wall, &mut self.log);
            actions.extend(self.actions());
        }
        self.wall += end.saturating_duration_since(self.now);
        self.now = end;
        actions
    }

    /// Goes to the time at which the session next has something to do.
    pub(super) fn wake(&mut self) {
        let at = self.session.wake_at().unwrap();
        self.wall += at.saturating_duration_since(self.now);
        self.now = self.now.max(at);
        self.session.tick(self.now, self.wall, &mut self.log);
    }

    /// What was reported since the last time.
    pub(super) fn reported(&mut self) -> Vec<String> {
        std::mem::take(&mut self.log.texts)
    }
}

pub(super) fn request(action: &Action) -> Option<(String, String, u64)> {
    let Action::Send(text) = action else {
        return None;
    };
    let value: Value = serde_json::from_str(text).unwrap();
    Some((
        value["method"].as_str().unwrap().to_owned(),
        value["params"]["channel"].as_str().unwrap_or_default().to_owned(),
        value["id"].as_u64().unwrap(),
    ))
}
