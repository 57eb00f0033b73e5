//! What can go wrong between a call and its value.

use std::borrow::Cow;
use std::fmt;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::carried::Masker;
use crate::operation::Operation;
use crate::response::RawResponse;
use crate::text::visible;
use crate::transport::BoxError;
use crate::types::{ApiError, ErrorCode};
use crate::wire::Undecoded;

/// Why a call has no value.
///
/// Status, headers and body of an answer are kept whatever it was. No text of an error holds a whole
/// body or any secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing was sent, because the call was incomplete or would have addressed something else.
    #[error(transparent)]
    InvalidRequest(#[from] InvalidRequest),
    /// The exchange, or something in front of it, answered with a failure (or with a redirect, which
    /// is never followed).
    #[error(transparent)]
    Response(Box<ErrorResponse>),
    /// The exchange reported success, and its body is not what the document promises.
    #[error(transparent)]
    Decode(Box<DecodeError>),
    /// No complete answer arrived. The source is the error of the transport.
    #[error("{operation}: no complete answer arrived")]
    #[non_exhaustive]
    Transport {
        /// The call.
        operation: &'static Operation,
        /// What the transport answered with.
        source: BoxError,
    },
}

impl Error {
    /// The status of the answer, where one arrived.
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(|raw| raw.status)
    }

    /// The error code of the exchange, where the answer has one.
    pub fn code(&self) -> Option<&ErrorCode> {
        match self {
            Error::Response(response) => response.code(),
            _ => None,
        }
    }

    /// The answer that this error was made of, where one arrived. Its body may hold secrets.
    pub fn response(&self) -> Option<&RawResponse> {
        match self {
            Error::Response(response) => Some(&response.raw),
            Error::Decode(decode) => Some(&decode.raw),
            _ => None,
        }
    }
}

/// A call that was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// A parameter or body that the operation needs was not given.
    #[error("{operation}: `{name}` is missing; set it before `send`")]
    #[non_exhaustive]
    Missing {
        /// The call.
        operation: &'static Operation,
        /// The parameter, or `body`.
        name: &'static str,
    },
    /// A path parameter would have changed which operation is addressed.
    #[error(
        "{operation}: path parameter `{name}` is {value:?}; an empty text, `.` and `..` would address \
         another resource"
    )]
    #[non_exhaustive]
    PathSegment {
        /// The call.
        operation: &'static Operation,
        /// The parameter.
        name: &'static str,
        /// What was given.
        value: String,
    },
    /// A header argument has characters that no header can carry.
    #[error("{operation}: the value of header `{name}` must be visible ASCII, without line breaks")]
    #[non_exhaustive]
    Header {
        /// The call.
        operation: &'static Operation,
        /// The header.
        name: &'static str,
    },
    /// The body could not be written as JSON.
    #[error("{operation}: the body cannot be written: {reason}")]
    #[non_exhaustive]
    Body {
        /// The call.
        operation: &'static Operation,
        /// Why.
        reason: String,
    },
    /// Base address and path do not make a URL.
    #[error("{operation}: the request cannot be addressed: {reason}")]
    #[non_exhaustive]
    Url {
        /// The call.
        operation: &'static Operation,
        /// Why.
        reason: String,
    },
}

/// An answer that is no success.
///
/// Its body is decoded as far as it goes: an error code and a message where the exchange gave them,
/// and nothing of that for a page of HTML from a gateway. The answer itself is always there.
pub struct ErrorResponse {
    operation: &'static Operation,
    raw: RawResponse,
    body: Option<ApiError>,
}

impl ErrorResponse {
    pub(crate) fn new(operation: &'static Operation, mut raw: RawResponse) -> Self {
        raw.carried.mark(&mut raw.headers);
        let mut body = raw.refusal();
        if let Some(body) = &mut body {
            match operation.secret_answer {
                true => withhold(body),
                false if raw.carried.is_empty() => {}
                false => mask(body, &raw.carried.masker()),
            }
        }
        Self { operation, raw, body }
    }

    /// Gives the credential a name that is no secret, where the transport has not; see [`RawResponse::credential`].
    #[must_use]
    pub fn with_credential(mut self, name: impl Into<Box<str>>) -> Self {
        self.raw.credential = Some(name.into());
        self
    }

    /// The call.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.raw.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// The whole answer. Its body may hold secrets.
    pub fn raw(&self) -> &RawResponse {
        &self.raw
    }

    /// The body as the exchange documents it, where it has that form, without the secrets of the request.
    ///
    /// For an operation that answers secrets it has an error code that this crate knows, and nothing else of the body. Where
    /// the request carried secrets, a message is cut after 64 KiB, and a larger body has no `data`: all of it is in
    /// [`raw`](Self::raw).
    pub fn api_error(&self) -> Option<&ApiError> {
        self.body.as_ref()
    }

    /// The error code, where the body has one.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.body.as_ref().and_then(|body| body.error.as_ref())
    }

    /// The exchange's message, where the body has one, without the secrets of the request; `(not shown)` for an operation
    /// that answers secrets.
    pub fn message(&self) -> Option<&str> {
        self.body.as_ref().and_then(|body| body.message.as_deref())
    }

    /// The start of the body for a person to read: at most 200 characters, on one line, and without the secrets of the
    /// request. Nothing for an operation that answers secrets.
    pub fn excerpt(&self) -> Option<String> {
        excerpt(self.operation, &self.raw)
    }
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: answered {}", self.operation, self.raw.status)?;
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

/// A success that could not be decoded. The answer is kept: the call may well have been carried out.
pub struct DecodeError {
    operation: &'static Operation,
    pub(crate) raw: RawResponse,
    reason: NotDecoded,
}

/// Why a body was not decoded.
pub(crate) enum NotDecoded {
    /// It is not what the document promises.
    Form(Malformed),
    /// Its value would take more than so many bytes of memory.
    Memory(u64),
    /// The runner of the transport did not run the decoding, or did not wait for it.
    Runner(BoxError),
    /// The transport cannot use it, for this reason.
    Unusable(&'static str),
}

/// What is wrong with a body. It quotes a value of the body at most without the secrets of the request.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Malformed(pub(crate) String);

impl DecodeError {
    pub(crate) fn new(operation: &'static Operation, mut raw: RawResponse, reason: NotDecoded) -> Self {
        // The headers of an error are for people, so the short ones are looked at as well.
        raw.carried.mark(&mut raw.headers);
        let reason = match reason {
            NotDecoded::Form(Malformed(text)) => NotDecoded::Form(Malformed(raw.shown(&text, 300))),
            reason => reason,
        };
        Self {
            operation,
            raw,
            reason,
        }
    }

    /// A success that a [`Transport`](crate::Transport) cannot use, because its body is not what the operation responds with.
    /// If the transport returns it as its error, the call fails with [`Error::Decode`], which keeps the response.
    ///
    /// ```
    /// use paradex_api::{DecodeError, RawResponse, operations, reqwest::StatusCode};
    ///
    /// let response = RawResponse::new(StatusCode::OK, Default::default(), "{}");
    /// let error = DecodeError::unusable(&operations::CREATE_ORDER, response, "it does not name an order");
    /// assert_eq!(error.raw().status, StatusCode::OK);
    /// ```
    pub fn unusable(operation: &'static Operation, response: RawResponse, why: &'static str) -> Self {
        Self::new(operation, response, NotDecoded::Unusable(why))
    }

    /// The call.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The whole answer. Its body may hold secrets.
    pub fn raw(&self) -> &RawResponse {
        &self.raw
    }

    /// Whether the value would have taken more memory than the bound of its body allows; see
    /// [`BodyLimits`](crate::BodyLimits).
    pub fn is_over_budget(&self) -> bool {
        matches!(self.reason, NotDecoded::Memory(_))
    }

    /// Why the [`DecodeRunner`](crate::DecodeRunner) of the transport did not have the body decoded, for example because the
    /// deadline of the call had passed.
    pub fn runner_error(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        match &self.reason {
            NotDecoded::Runner(error) => Some(&**error),
            _ => None,
        }
    }

    /// The same, by value.
    ///
    /// # Errors
    ///
    /// The error itself, if the runner had no part in it.
    pub fn into_runner_error(self: Box<Self>) -> Result<BoxError, Box<Self>> {
        match *self {
            Self {
                reason: NotDecoded::Runner(error),
                ..
            } => Ok(error),
            other => Err(Box::new(other)),
        }
    }

    /// The start of the body for a person to read: at most 200 characters, on one line, and without the secrets of the
    /// request. Nothing for an operation that answers secrets.
    pub fn excerpt(&self) -> Option<String> {
        excerpt(self.operation, &self.raw)
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let NotDecoded::Unusable(why) = self.reason {
            return write!(f, "{}: answered {}, and {why}", self.operation, self.raw.status);
        }
        let (operation, status, bytes) = (self.operation, self.raw.status, self.raw.body.len());
        write!(
            f,
            "{operation}: answered {status}, and the {bytes} bytes of its body "
        )?;
        match &self.reason {
            NotDecoded::Form(_) => f.write_str("could not be decoded"),
            NotDecoded::Memory(budget) => write!(
                f,
                "would take more than the {budget} bytes of memory that their value may take; raise the bound of the body \
                 if this response is to be read"
            ),
            NotDecoded::Runner(_) | NotDecoded::Unusable(_) => f.write_str("were not decoded"),
        }
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("operation", &self.operation.id)
            .field("raw", &self.raw)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // A message of serde_json can quote a value of the body.
        match &self.reason {
            NotDecoded::Form(error) => (!self.operation.secret_answer).then_some(error),
            NotDecoded::Memory(_) | NotDecoded::Unusable(_) => None,
            NotDecoded::Runner(error) => Some(&**error),
        }
    }
}

fn excerpt(operation: &Operation, raw: &RawResponse) -> Option<String> {
    if operation.secret_answer {
        return None;
    }
    raw.excerpt()
}

/// What stands in the place of what is not shown.
const NOT_SHOWN: &str = "(not shown)";

/// Takes everything out that can hold a secret of the response.
fn withhold(body: &mut ApiError) {
    body.data = None;
    body.undecoded_ = Undecoded::NONE;
    if let Some(message) = &mut body.message {
        *message = NOT_SHOWN.to_owned();
    }
    if let Some(code) = body.error.as_mut().filter(|code| !code.is_known()) {
        *code = ErrorCode::from(NOT_SHOWN);
    }
}

/// Takes the secrets of the request out of an error. It is small, because a larger one is not read; see
/// [`RawResponse::refusal`].
fn mask(body: &mut ApiError, masker: &Masker) {
    if let Some(Cow::Owned(masked)) = body.message.as_deref().map(|message| masker.mask(message)) {
        body.message = Some(masked);
    }
    if let Some(code) = body.error.as_mut().filter(|code| !code.is_known()) {
        *code = ErrorCode::from(&*masker.mask(code.as_str()));
    }
    if let Some(data) = &mut body.data {
        masker.mask_value(data);
    }
    body.undecoded_.each(|value| masker.mask_value(value));
}

/// An address that cannot be a base URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidBaseUrl {
    shown: String,
    rule: String,
}

impl InvalidBaseUrl {
    pub(crate) fn new(text: &str, rule: String) -> Self {
        // What stands before an `@` can be a password, wherever it is in a text that is no URL, and a query
        // or a fragment can hold a token.
        let shown = match (text.split_once("://"), text.find(['?', '#'])) {
            (Some((scheme, _)), _) if text.contains('@') && !scheme.contains(['@', ':', '?', '#']) => {
                format!("{scheme}://…")
            }
            _ if text.contains('@') => "…".to_owned(),
            (_, Some(end)) => format!("{}…", &text[..end]),
            (_, None) => text.to_owned(),
        };
        Self {
            shown: visible(&shown, 120),
            rule,
        }
    }
}

impl fmt::Display for InvalidBaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "base URL {:?} is refused: {}; an example is https://api.prod.paradex.trade",
            self.shown, self.rule
        )
    }
}

impl std::error::Error for InvalidBaseUrl {}

/// The HTTP client could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be set up: {reason}")]
pub struct BuildError {
    reason: &'static str,
    source: Option<reqwest::Error>,
}

impl BuildError {
    pub(crate) fn new(source: reqwest::Error) -> Self {
        Self {
            reason: "see the source of this error",
            source: Some(source),
        }
    }

    pub(crate) fn token() -> Self {
        Self {
            reason: "the token has characters that no header can carry",
            source: None,
        }
    }
}
