//! Responses that report a failure.

use std::borrow::Cow;
use std::fmt;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::excerpt;
use crate::operation::Operation;
use crate::redaction::Redactor;
use crate::response::RawResponse;
use crate::text::visible;
use crate::types::{ApiError, ErrorCode};
use crate::wire::Undecoded;

/// A response that reports a failure.
///
/// If the body has the form of an error of the exchange, it is decoded: [`code`](Self::code) and [`message`](Self::message). A
/// page of HTML from a gateway has neither. [`raw`](Self::raw) is always the complete response.
pub struct ErrorResponse {
    operation: &'static Operation,
    raw: RawResponse,
    body: Option<ApiError>,
}

impl ErrorResponse {
    pub(crate) fn new(operation: &'static Operation, mut raw: RawResponse) -> Self {
        raw.request_secrets.mark_sensitive(&mut raw.headers);
        let mut body = raw.api_error();
        if let Some(body) = &mut body {
            match operation.secret_response {
                true => redact_all(body),
                false if raw.request_secrets.is_empty() => {}
                false => redact_error(body, &raw.request_secrets.redactor()),
            }
        }
        Self { operation, raw, body }
    }

    /// Names the credential, if the transport has not done so; see [`RawResponse::credential`].
    #[must_use]
    pub fn with_credential(mut self, name: impl Into<Box<str>>) -> Self {
        self.raw.credential = Some(name.into());
        self
    }

    /// Returns the operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        self.raw.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// Returns the complete response. Its body may hold secrets.
    pub fn raw(&self) -> &RawResponse {
        &self.raw
    }

    /// Returns the decoded body without the secrets of the request, if it is an error of the exchange.
    ///
    /// If the operation returns secrets, only an error code that this crate knows is left. A body of more than 64 KiB is not
    /// decoded; [`raw`](Self::raw) has all of it.
    pub fn api_error(&self) -> Option<&ApiError> {
        self.body.as_ref()
    }

    /// Returns the error code, if the body has one.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.body.as_ref().and_then(|body| body.error.as_ref())
    }

    /// Returns the message of the exchange without the secrets of the request, if the body has one.
    ///
    /// If the operation returns secrets, it is `(not shown)`.
    pub fn message(&self) -> Option<&str> {
        self.body.as_ref().and_then(|body| body.message.as_deref())
    }

    /// Returns the start of the body for people to read.
    ///
    /// It has at most 200 characters, on one line and without the secrets of the request. It is `None` if the body is empty or
    /// the operation returns secrets.
    pub fn excerpt(&self) -> Option<String> {
        excerpt(self.operation, &self.raw)
    }
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: returned {}", self.operation, self.raw.status)?;
        if let Some(code) = self.code() {
            write!(f, ", {}", visible(code.as_str(), 80))?;
        }
        if let Some(message) = self.message() {
            write!(f, ": {}", visible(message, 300))?;
        }
        match &self.raw.credential {
            Some(credential) => write!(f, " (credential {})", visible(credential, 80)),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorResponse")
            .field("operation", &self.operation.id)
            .field("status", &self.raw.status)
            .field("code", &self.code().map(|code| visible(code.as_str(), 80)))
            .field("message", &self.message().map(|text| visible(text, 300)))
            .finish_non_exhaustive()
    }
}

impl std::error::Error for ErrorResponse {}

/// Replaces a text that may hold a secret of the response.
const NOT_SHOWN: &str = "(not shown)";

/// Removes everything that can hold a secret of the response.
fn redact_all(body: &mut ApiError) {
    body.data = None;
    body.undecoded_ = Undecoded::NONE;
    if let Some(message) = &mut body.message {
        *message = NOT_SHOWN.to_owned();
    }
    if let Some(code) = body.error.as_mut().filter(|code| !code.is_known()) {
        *code = ErrorCode::from(NOT_SHOWN);
    }
}

/// Removes the secrets of the request from an error. [`RawResponse::api_error`] limits its size.
fn redact_error(body: &mut ApiError, redactor: &Redactor) {
    if let Some(Cow::Owned(redacted)) = body.message.as_deref().map(|message| redactor.redact(message)) {
        body.message = Some(redacted);
    }
    if let Some(code) = body.error.as_mut().filter(|code| !code.is_known()) {
        *code = ErrorCode::from(&*redactor.redact(code.as_str()));
    }
    if let Some(data) = &mut body.data {
        redactor.redact_value(data);
    }
    body.undecoded_.each(|value| redactor.redact_value(value));
}
