//! Responses of the simulator, and how they are sent.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Frame, SizeHint};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use paradex_api::Bytes;
use serde_json::{Value, json};
use tokio::time::Sleep;

use super::gzip;
use crate::assumptions::Refusal;

/// A complete response.
#[derive(Debug, Clone)]
pub(super) struct SimulatedResponse {
    pub(super) status: StatusCode,
    /// Boxed, because a response is also the error of many `Result`s, which should be small.
    pub(super) headers: Box<HeaderMap>,
    pub(super) body: Bytes,
}

impl SimulatedResponse {
    pub(super) fn new(status: StatusCode, content_type: Option<HeaderValue>, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, content_type);
        }
        Self {
            status,
            headers: Box::new(headers),
            body: body.into(),
        }
    }

    pub(super) fn json(status: StatusCode, body: &Value) -> Self {
        let content_type = HeaderValue::from_static("application/json");
        Self::new(status, Some(content_type), body.to_string())
    }

    pub(super) fn ok(body: &Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    /// Returns an error in the form of most operations of the exchange.
    pub(super) fn error(status: StatusCode, code: &str, message: &str) -> Self {
        Self::json(status, &json!({"error": code, "message": message, "data": null}))
    }

    pub(super) fn invalid(message: &str) -> Self {
        Self::error(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", message)
    }

    pub(super) fn not_found(message: &str) -> Self {
        Self::error(StatusCode::NOT_FOUND, "NOT_FOUND", message)
    }

    /// Returns an error of the simulator itself.
    pub(super) fn internal(message: &str) -> Self {
        Self::error(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", message)
    }

    /// Returns an error for something that the exchange supports and the simulator does not.
    pub(super) fn not_implemented(message: &str) -> Self {
        Self::error(StatusCode::NOT_IMPLEMENTED, "SIMULATOR_NOT_IMPLEMENTED", message)
    }

    /// Returns code and message of an error, as a part of a larger response.
    pub(super) fn error_part(&self) -> Value {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        json!({"error": body.get("error"), "message": body.get("message")})
    }

    /// Returns code and message in one text, if it is an error.
    pub(super) fn refusal(&self) -> Option<String> {
        if self.status.as_u16() < 400 {
            return None;
        }
        let body: Value = serde_json::from_slice(&self.body).ok()?;
        let parts = ["error", "message"].map(|name| body.get(name).and_then(Value::as_str));
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(": "))
    }

    pub(super) fn forbidden(code: &str, message: &str) -> Self {
        Self::error(StatusCode::FORBIDDEN, code, message)
    }

    /// Returns an error in the form of the proxy in front of the exchange, which has no `error`.
    pub(super) fn message(status: StatusCode, message: &str) -> Self {
        Self::json(status, &json!({ "message": message }))
    }

    /// Returns an error in the form that an assumption names.
    pub(super) fn refused_as(refusal: &Refusal, message: &str) -> Self {
        let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
        match &refusal.code {
            Some(code) => Self::error(status, code, message),
            None => Self::message(status, message),
        }
    }

    /// Compresses the body with gzip, unless it is empty.
    pub(super) fn gzipped(mut self) -> Self {
        if self.body.is_empty() {
            return self;
        }
        self.body = gzip::wrap(&self.body).into();
        self.with("content-encoding", "gzip")
    }

    /// Adds a header, unless its value is invalid.
    pub(super) fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        if let Ok(value) = HeaderValue::from_str(&value.to_string()) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// Converts the response for hyper. The body can be cut in the middle, or sent byte by byte.
    pub(super) fn into_response(self, cut: bool, drip: Option<Duration>) -> Response<Payload> {
        let mut headers = *self.headers;
        let payload = if cut {
            // An empty body has no middle, so its declared length is too large.
            let claimed = self.body.len().max(64);
            headers.insert(CONTENT_LENGTH, HeaderValue::from(claimed));
            Payload::cut(self.body.slice(..self.body.len() / 2))
        } else {
            // hyper refuses a body whose length contradicts the headers, so only one of them declares a length.
            let known = !headers.contains_key(CONTENT_LENGTH);
            match drip {
                Some(pause) => Payload::drip(&self.body, known, pause),
                None => Payload::whole(self.body, known),
            }
        };
        let mut response = Response::new(payload);
        *response.status_mut() = self.status;
        *response.headers_mut() = headers;
        response
    }
}

/// The error that makes hyper break the connection.
#[derive(Debug)]
pub(super) struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the simulator breaks this connection on purpose")
    }
}

impl std::error::Error for Broken {}

/// A body, complete or cut.
#[derive(Debug)]
pub(super) struct Payload {
    steps: VecDeque<Step>,
    length: Option<u64>,
}

#[derive(Debug)]
enum Step {
    Data(Bytes),
    /// Lets hyper write what it has buffered, which it would drop if the body failed at once.
    Flush,
    Pause(Duration),
    /// A pause that has begun.
    Paused(Pin<Box<Sleep>>),
    Break,
}

impl Payload {
    fn whole(body: Bytes, known: bool) -> Self {
        let length = known.then_some(body.len() as u64);
        let data = (!body.is_empty()).then_some(Step::Data(body));
        Self {
            steps: data.into_iter().collect(),
            length,
        }
    }

    fn drip(body: &Bytes, known: bool, pause: Duration) -> Self {
        let steps = (0..body.len())
            .flat_map(|at| [Step::Data(body.slice(at..=at)), Step::Pause(pause)])
            .collect();
        Self {
            steps,
            length: known.then_some(body.len() as u64),
        }
    }

    fn cut(half: Bytes) -> Self {
        Self {
            steps: VecDeque::from([Step::Data(half), Step::Flush, Step::Break]),
            length: None,
        }
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        if let Some(Step::Pause(pause)) = self.steps.front() {
            let pause = Step::Paused(Box::pin(tokio::time::sleep(*pause)));
            if let Some(step) = self.steps.front_mut() {
                *step = pause;
            }
        }
        if let Some(Step::Paused(sleep)) = self.steps.front_mut() {
            ready!(sleep.as_mut().poll(context));
            self.steps.pop_front();
        }
        match self.steps.pop_front() {
            Some(Step::Data(data)) => Poll::Ready(Some(Ok(Frame::data(data)))),
            Some(Step::Flush) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Step::Break) => Poll::Ready(Some(Err(Broken))),
            Some(Step::Pause(_) | Step::Paused(_)) | None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.steps.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}
