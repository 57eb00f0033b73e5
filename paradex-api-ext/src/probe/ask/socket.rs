//! A WebSocket of the probe. What arrives is reduced to what answers need, and no text of the exchange is kept.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use paradex_api::{Secret, sbe};
use serde_json::{Value, json};
use tokio::io::AsyncWrite as _;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use zeroize::Zeroizing;

use super::super::error::Trouble;
use super::super::run::Run;
use crate::pipeline::rate_limit::RateClass;
use crate::stream::frame::text_frame;
use crate::stream::handshake::{self, Opened, WebSocket};
use crate::stream::link::ConnectFailure;

/// How long to wait for a connection, and for a response.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many messages are kept while a response is awaited.
const MOST_MESSAGES: usize = 10_000;
/// The highest version of the schema that a question needs.
const HIGHEST: u16 = sbe::SCHEMA_VERSION;

/// A connection.
pub(super) struct Socket {
    socket: WebSocket,
    last_id: u64,
}

/// What arrived before the response to a request, and the response.
#[derive(Default)]
pub(super) struct Heard {
    /// The response. `None` if it did not arrive.
    response: Option<Value>,
    /// Messages in SBE.
    pub(super) frames: Vec<Vec<u8>>,
    /// How many messages in JSON were events of a channel.
    pub(super) events: usize,
    /// How many messages were responses without the id of the request.
    pub(super) strays: usize,
    /// Whether the connection ended, and with which code.
    pub(super) ended: Option<Option<u16>>,
}

impl Heard {
    /// Returns whether the request succeeded, if that is known.
    pub(super) fn verdict(&self) -> Option<bool> {
        let response = self.response.as_ref()?;
        match (response.get("result"), response.get("error")) {
            (Some(result), None) => Some(!result.is_null()),
            (_, Some(_)) => Some(false),
            (None, None) => None,
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.verdict() == Some(true)
    }

    /// Returns whether data arrived.
    pub(super) fn has_data(&self) -> bool {
        self.events > 0 || !self.frames.is_empty()
    }

    /// Returns the code of the error that the request got.
    pub(super) fn error_code(&self) -> Option<i64> {
        self.response.as_ref()?.get("error")?.get("code")?.as_i64()
    }

    /// Returns the result of the request, if it succeeded.
    pub(super) fn result(&self) -> Option<&Value> {
        self.response.as_ref()?.get("result")
    }

    /// Returns the outcome of the request, with the code of an error.
    pub(super) fn evidence(&self) -> String {
        match (&self.response, self.ended) {
            (Some(_), _) => match self.error_code() {
                Some(code) => format!("error {code}"),
                None if self.verdict() == Some(false) => "an error without a code".to_owned(),
                None => "it succeeded".to_owned(),
            },
            (None, Some(Some(code))) => format!("the connection was closed with code {code}"),
            (None, Some(None)) => "the connection broke".to_owned(),
            (None, None) => "there was no response".to_owned(),
        }
    }

    /// Takes a message. Returns whether it is the response to the request with this id.
    fn take(&mut self, message: Message, id: u64) -> bool {
        match message {
            Message::Binary(bytes) => {
                // A heartbeat is no data.
                let is_heartbeat = matches!(sbe::Message::decode(&bytes), Ok(sbe::Message::Heartbeat(_)));
                if !is_heartbeat && self.frames.len() < MOST_MESSAGES {
                    self.frames.push(bytes.to_vec());
                }
            }
            Message::Text(text) => {
                let value: Value = serde_json::from_str(&text).unwrap_or_default();
                if value.get("id").and_then(Value::as_u64) == Some(id) {
                    self.response = Some(value);
                    return true;
                }
                if value.get("result").is_some() || value.get("error").is_some() {
                    self.strays += 1;
                } else if value.get("method").and_then(Value::as_str) == Some("subscription") {
                    self.events += 1;
                }
            }
            Message::Close(frame) => self.ended = Some(frame.map(|frame| frame.code.into())),
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
        false
    }
}

impl Run {
    /// Opens a connection with this version of the schema, or without SBE.
    pub(super) async fn open(
        &mut self,
        version: Option<u16>,
        extension: Option<&'static str>,
    ) -> Result<Result<Opened, ConnectFailure>, Trouble> {
        self.spend(1)?;
        let group = self.client.group().clone();
        let _ = group
            .limiter()
            .acquire(RateClass::Connection, None, || Duration::MAX)
            .await;
        let http = group.stream_http().map_err(crate::Error::from)?;
        let address = group.environment().stream_http_url();
        let address = match version {
            Some(version) => handshake::with_version(&address, version),
            None => address,
        };
        let opened = timeout(PATIENCE, handshake::open(&http, &address, extension)).await;
        Ok(opened.unwrap_or_else(|_| Err(ConnectFailure::timed_out(PATIENCE))))
    }

    /// Opens a connection with the highest version of the schema that is served, or returns why there is none.
    pub(super) async fn open_sbe(&mut self) -> Result<Result<Socket, String>, Trouble> {
        let versions = match self.scratch.schema_version {
            Some(version) => version..=version,
            None => 0..=HIGHEST,
        };
        for version in versions.rev() {
            match self.open(Some(version), None).await? {
                Ok(opened) => {
                    self.scratch.schema_version = Some(version);
                    return Ok(Ok(opened.into()));
                }
                Err(ConnectFailure::SchemaRefused) => {}
                Err(failure) => return Ok(Err(not_connected(&failure))),
            }
        }
        Ok(Err(not_connected(&ConnectFailure::SchemaRefused)))
    }

    /// Sends a request, and reads until its response.
    pub(super) async fn request(
        &mut self,
        socket: &mut Socket,
        method: &str,
        params: &Value,
    ) -> Result<Heard, Trouble> {
        self.spend(1)?;
        socket.last_id += 1;
        let id = socket.last_id;
        let request = json!({"jsonrpc": "2.0", "method": method, "params": params, "id": id});
        Ok(socket.exchange(&request, id).await)
    }

    /// Authenticates a connection.
    pub(super) async fn authenticate(
        &mut self,
        socket: &mut Socket,
        token: &Secret,
    ) -> Result<Heard, Trouble> {
        self.spend(1)?;
        socket.last_id += 1;
        let id = socket.last_id;
        // A token is written as it is in JSON, or it is none.
        let text = Zeroizing::new(format!(
            r#"{{"jsonrpc":"2.0","method":"auth","params":{{"bearer":"{}"}},"id":{id}}}"#,
            token.expose()
        ));
        if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_err() {
            return Ok(Heard::default());
        }
        let mut mask = [0; 4];
        super::super::run::random(&mut mask)?;
        socket.send_unlogged(&text, mask).await;
        Ok(socket.hear(id).await)
    }

    pub(super) async fn subscribe(&mut self, socket: &mut Socket, channel: &str) -> Result<Heard, Trouble> {
        self.request(socket, "subscribe", &json!({ "channel": channel }))
            .await
    }

    /// Waits, ends a subscription, and returns what arrived until then.
    pub(super) async fn listen(
        &mut self,
        socket: &mut Socket,
        channel: &str,
        time: Duration,
    ) -> Result<Heard, Trouble> {
        if !time.is_zero() {
            self.wait(time).await?;
        }
        self.request(socket, "unsubscribe", &json!({ "channel": channel }))
            .await
    }

    /// Sends a request without an id, which has no response that could be awaited.
    pub(super) async fn notify(
        &mut self,
        socket: &mut Socket,
        method: &str,
        params: &Value,
    ) -> Result<bool, Trouble> {
        self.spend(1)?;
        let request = json!({"jsonrpc": "2.0", "method": method, "params": params});
        Ok(socket.send(&request).await)
    }
}

impl From<Opened> for Socket {
    fn from(opened: Opened) -> Self {
        Self {
            socket: opened.socket,
            last_id: 0,
        }
    }
}

impl Socket {
    async fn send(&mut self, request: &Value) -> bool {
        let sent = self.socket.send(Message::text(request.to_string()));
        matches!(timeout(PATIENCE, sent).await, Ok(Ok(())))
    }

    /// Sends a text with a secret past the WebSocket library, which logs what it sends.
    async fn send_unlogged(&mut self, text: &str, mask: [u8; 4]) {
        let frame = text_frame(text.as_bytes(), mask);
        let sending = async {
            if self.socket.flush().await.is_err() {
                return;
            }
            let mut rest = frame.as_slice();
            while !rest.is_empty() {
                let stream = self.socket.get_mut();
                let written = poll_fn(|context| Pin::new(&mut *stream).poll_write(context, rest)).await;
                match written {
                    Ok(count @ 1..) => rest = rest.get(count..).unwrap_or_default(),
                    _ => return,
                }
            }
            let stream = self.socket.get_mut();
            let _ = poll_fn(|context| Pin::new(&mut *stream).poll_flush(context)).await;
        };
        let _ = timeout(PATIENCE, sending).await;
    }

    /// Closes the connection with a close frame, and waits until the exchange has ended it.
    pub(super) async fn close(mut self) {
        let closing = async {
            if self.socket.send(Message::Close(None)).await.is_ok() {
                while let Some(Ok(_)) = self.socket.next().await {}
            }
        };
        let _ = timeout(PATIENCE, closing).await;
    }

    /// Breaks the connection without a close frame, and waits until the exchange has noticed it.
    pub(super) async fn break_off(mut self) {
        let breaking = async {
            let stream = self.socket.get_mut();
            if poll_fn(|context| Pin::new(&mut *stream).poll_shutdown(context))
                .await
                .is_ok()
            {
                while let Some(Ok(_)) = self.socket.next().await {}
            }
        };
        let _ = timeout(PATIENCE, breaking).await;
    }

    async fn exchange(&mut self, request: &Value, id: u64) -> Heard {
        // A connection that ended may still have a close frame to read.
        self.send(request).await;
        self.hear(id).await
    }

    /// Reads until the response to the request with this id.
    async fn hear(&mut self, id: u64) -> Heard {
        let mut heard = Heard::default();
        let reading = async {
            loop {
                match self.socket.next().await {
                    Some(Ok(message)) => {
                        if heard.take(message, id) {
                            return;
                        }
                    }
                    Some(Err(_)) | None => {
                        heard.ended = heard.ended.or(Some(None));
                        return;
                    }
                }
            }
        };
        let _ = timeout(PATIENCE, reading).await;
        heard
    }
}

/// Says why there is no connection.
pub(super) fn not_connected(failure: &ConnectFailure) -> String {
    match failure {
        ConnectFailure::SchemaRefused => "no connection: the handshake got status 400".to_owned(),
        ConnectFailure::Http2 => "no connection: the server speaks HTTP/2".to_owned(),
        ConnectFailure::Redirected { status } | ConnectFailure::Status { status, .. } => {
            format!("no connection: the handshake got status {status}")
        }
        ConnectFailure::Unreachable { .. } => {
            "no connection: there was no response of a WebSocket server".to_owned()
        }
        ConnectFailure::NoClient { message } => format!("no connection: {message}"),
    }
}
