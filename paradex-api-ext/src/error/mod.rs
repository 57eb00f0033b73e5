//! What can go wrong, and what to do about it.

mod class;
mod configuration;
mod operation;
mod withheld;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use paradex_api::runtime::NoRuntime;
use paradex_api::types::ErrorCode;
use paradex_api::{Bytes, ErrorResponse, InvalidRequest, Operation, RawResponse, Response, reqwest, visible};

use crate::auth::{SignInError, SignerError};
use crate::pipeline::decoding::NotRun;
use crate::pipeline::outcome::{self, Ambiguity, NotSent, Outcome};

pub use class::ErrorClass;
pub use configuration::ConfigurationError;
pub use operation::{
    AllowlistError, AllowlistMismatch, ConcurrentChange, CreateTokenError, OutcomeUnknown, PlaceOrderError,
    RegisterSubkeyError, RevokeError, Unanswered, WouldLockOut,
};
pub use withheld::{Withheld, WithheldReason};

/// Why a call has no value.
///
/// Each variant holds a struct that can grow. What they have in common can be asked here: the status, the
/// exchange's code, whether to try again and when.
///
/// ```
/// use paradex_api_ext::Error;
///
/// fn advice(error: &Error) -> &'static str {
///     if error.is_outcome_unknown() {
///         "it may have been carried out: look before you repeat it"
///     } else if error.is_retryable() {
///         "the same call may succeed later"
///     } else {
///         "something must change first"
///     }
/// }
/// # let _ = advice;
/// ```
///
/// # Troubleshooting
///
/// | what you see | what it means |
/// |---|---|
/// | [`Error::Authentication`] | no token at hand, or one that the exchange does not take; get a new one |
/// | [`Error::Api`] with code `IP_NOT_ALLOWED` | the token's allowlist does not contain the address that you call from |
/// | [`Error::Api`] without a code, 502 or 503 | something in front of the exchange answered; `excerpt` shows the page |
/// | [`Error::Decode`] | success was reported with a response that is not understood: a newer API than this crate, or a server in between; a change may have been made |
/// | [`Error::Withheld`] | this client does not make the call now: it is read-only, trading is halted, its rate limit is used up, or the exchange would refuse |
/// | [`Error::Transport`] | no complete answer; `is_outcome_unknown` says whether the call may have been carried out |
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The exchange, or something in front of it, refused.
    #[error(transparent)]
    Api(Box<ApiError>),
    /// The caller is not known: no token, or one that is not taken.
    #[error(transparent)]
    Authentication(Box<AuthenticationError>),
    /// No complete answer arrived.
    #[error(transparent)]
    Transport(Box<TransportError>),
    /// The exchange reported success with an answer that is not understood.
    #[error(transparent)]
    Decode(Box<DecodeError>),
    /// A value of the caller's cannot be used, which was found here and not by the exchange.
    #[error(transparent)]
    InvalidInput(Box<InvalidInput>),
    /// This client held the call back; nothing was sent.
    #[error(transparent)]
    Withheld(Box<Withheld>),
    /// A client cannot be made like this.
    #[error(transparent)]
    Configuration(Box<ConfigurationError>),
}

impl Error {
    /// The status of the answer, where one arrived.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Api(error) => Some(error.status()),
            Self::Authentication(error) => error.answer().map(ApiError::status),
            Self::Decode(error) => Some(error.status()),
            _ => None,
        }
    }

    /// The exchange's error code, where the answer has one.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.api().and_then(ApiError::code)
    }

    /// What kind of refusal it was, where the exchange refused.
    pub fn class(&self) -> Option<ErrorClass> {
        self.api().map(ApiError::class)
    }

    /// Whether the same call may succeed later without a change of its own.
    ///
    /// It is false where the call may already have been carried out; see
    /// [`is_outcome_unknown`](Self::is_outcome_unknown).
    pub fn is_retryable(&self) -> bool {
        if self.is_outcome_unknown() {
            return false;
        }
        match self {
            Self::Api(error) => error.is_retryable(),
            Self::Authentication(error) => match &**error {
                AuthenticationError::SignIn(error) => error.is_retryable(),
                AuthenticationError::Provider(_) => true,
                _ => false,
            },
            Self::Transport(_) => true,
            Self::Withheld(error) => error.is_retryable(),
            _ => false,
        }
    }

    /// Whether the call changes something and may have been carried out although it failed.
    ///
    /// A change is settled by a success that shows it, by a 429, and by a refusal (a 4xx other than 408) that has an error
    /// code of the exchange. After everything else it may have been made: no response, a 1xx, 3xx or 5xx, a 4xx without a
    /// code, a page of HTML, and a success that is not understood or does not name what was asked for.
    ///
    /// ```
    /// use paradex_api_ext::paradex_api::{DecodeError, Error as RawError, RawResponse, operations};
    /// use paradex_api_ext::paradex_api::reqwest::StatusCode;
    /// use paradex_api_ext::Error;
    ///
    /// let response = RawResponse::new(StatusCode::OK, Default::default(), "{}");
    /// let error = DecodeError::unusable(&operations::CREATE_ORDER, response, "it does not name an order");
    /// assert!(Error::from(RawError::Decode(Box::new(error))).is_outcome_unknown());
    /// ```
    pub fn is_outcome_unknown(&self) -> bool {
        let (operation, outcome) = match self {
            Self::Transport(error) => (error.operation, error.outcome),
            Self::Decode(error) => (error.operation, Outcome::Ambiguous(Ambiguity::Unusable)),
            _ => match self.api() {
                Some(error) => (error.operation(), error.outcome()),
                None => return false,
            },
        };
        !operation.is_read() && outcome.is_unknown()
    }

    /// How long to wait: by `Retry-After` or, after a 429, by `X-RateLimit-Reset`; or until the next turn under the rate
    /// limit of this client.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Withheld(error) => error.retry_after(),
            _ => self.api()?.retry_after(),
        }
    }

    /// The id that the exchange or its gateway gave the request: `x-request-id` or `cf-ray`. No document
    /// promises either. One that repeats a secret of the request is left out.
    pub fn request_id(&self) -> Option<&str> {
        let headers = match self {
            Self::Decode(error) => error.headers(),
            _ => self.api()?.headers(),
        };
        request_id(headers)
    }

    /// The refusal of the exchange, also where it concerns the token.
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) => Some(error),
            Self::Authentication(error) => error.answer(),
            _ => None,
        }
    }
}

impl From<paradex_api::Error> for Error {
    fn from(error: paradex_api::Error) -> Self {
        match error {
            paradex_api::Error::InvalidRequest(source) => Self::InvalidInput(Box::new(source.into())),
            paradex_api::Error::Response(response) => {
                let error = ApiError(response);
                if error.status() == StatusCode::UNAUTHORIZED {
                    Self::Authentication(Box::new(AuthenticationError::Refused(error)))
                } else {
                    Self::Api(Box::new(error))
                }
            }
            paradex_api::Error::Decode(source) => {
                let operation = source.operation();
                match source.into_runner_error() {
                    Ok(error) => Self::Transport(Box::new(TransportError::new(operation, error))),
                    Err(source) => Self::Decode(Box::new(DecodeError::new(source))),
                }
            }
            paradex_api::Error::Transport {
                operation, source, ..
            } => match source.downcast::<AuthenticationError>() {
                Ok(error) => Self::Authentication(error),
                Err(source) if source.is::<InvalidInput>() => match source.downcast() {
                    Ok(error) => Self::InvalidInput(error),
                    Err(source) => Self::Transport(Box::new(TransportError::new(operation, source))),
                },
                Err(source) if source.is::<Withheld>() => match source.downcast() {
                    Ok(error) => Self::Withheld(error),
                    Err(source) => Self::Transport(Box::new(TransportError::new(operation, source))),
                },
                Err(source) if source.is::<NoRuntime>() => ConfigurationError::new(source.to_string()).into(),
                Err(source) if source.downcast_ref().is_some_and(reqwest::Error::is_builder) => {
                    let rule = format!("{operation}: the request cannot be made: {source}");
                    InvalidInput::new("call", "", rule, "").into()
                }
                Err(source) => Self::Transport(Box::new(TransportError::new(operation, source))),
            },
            other => Self::InvalidInput(Box::new(InvalidInput::new("call", "", other.to_string(), ""))),
        }
    }
}

macro_rules! boxed {
    ($($variant:ident($source:ty))*) => {$(
        impl From<$source> for Error {
            fn from(source: $source) -> Self {
                Self::$variant(Box::new(source))
            }
        }
    )*};
}

boxed! {
    Authentication(AuthenticationError)
    Decode(DecodeError)
    InvalidInput(InvalidInput)
    Withheld(Withheld)
    Configuration(ConfigurationError)
}

/// An answer with which the exchange, or something in front of it, refused.
pub struct ApiError(Box<ErrorResponse>);

impl ApiError {
    /// The call.
    pub fn operation(&self) -> &'static Operation {
        self.0.operation()
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.status()
    }

    /// The exchange's code; gateways and some of the exchange's own answers have none.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.0.code()
    }

    /// The exchange's message, for people; its wording is no interface. Secrets of the request are taken out of it, and for
    /// an operation that answers secrets it is `(not shown)`.
    pub fn message(&self) -> Option<&str> {
        self.0.message()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// The start of the body, at most 200 characters and without control characters; nothing for an
    /// operation that answers secrets.
    pub fn excerpt(&self) -> Option<String> {
        self.0.excerpt()
    }

    /// Whether there is a code or a message.
    pub(crate) fn has_error_body(&self) -> bool {
        self.code().is_some() || self.message().is_some()
    }

    pub(crate) fn outcome(&self) -> Outcome {
        // From the response itself, because the code of an operation that answers secrets is not shown.
        let raw = self.0.raw();
        Outcome::from_status(raw.status, || {
            raw.api_error().as_ref().is_some_and(outcome::has_error_code)
        })
    }

    /// What kind of refusal it is: by the code, or by the status where there is none.
    pub fn class(&self) -> ErrorClass {
        self.code()
            .and_then(ErrorClass::from_code)
            .unwrap_or_else(|| ErrorClass::from_status(self.status()))
    }

    /// Whether the same call may succeed later: after a 429, and while the exchange cannot answer.
    pub fn is_retryable(&self) -> bool {
        self.class() == ErrorClass::RateLimit || self.status().is_server_error()
    }

    /// How long to wait, by `Retry-After` (seconds or a date) or by `X-RateLimit-Reset` (a Unix time).
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(self.status(), self.headers(), SystemTime::now())
    }

    /// The whole answer of the raw crate.
    pub fn response(&self) -> &ErrorResponse {
        &self.0
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        if self.code().is_none()
            && self.message().is_none()
            && let Some(excerpt) = self.excerpt()
        {
            write!(f, ": {excerpt}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl std::error::Error for ApiError {}

/// The wait that an answer asks for. A time in the past is no wait, and a year is no answer to believe.
pub(crate) fn retry_after(status: StatusCode, headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    // The server's own time, where it says so: a clock that is off here must not change the wait.
    let now = text(DATE.as_str())
        .and_then(|text| httpdate::parse_http_date(text).ok())
        .unwrap_or(now);
    let until = |time: SystemTime| time.duration_since(now).unwrap_or_default();
    let asked = text(RETRY_AFTER.as_str()).and_then(|text| {
        let seconds = text.parse().map(Duration::from_secs).ok();
        seconds.or_else(|| httpdate::parse_http_date(text).ok().map(until))
    });
    let reset = || {
        let seconds: u64 = text("x-ratelimit-reset")?.parse().ok()?;
        SystemTime::UNIX_EPOCH
            .checked_add(Duration::from_secs(seconds))
            .map(until)
    };
    let wait = asked.or_else(|| {
        if status == StatusCode::TOO_MANY_REQUESTS {
            reset()
        } else {
            None
        }
    });
    wait.map(|wait| wait.min(LONGEST))
}

/// Why the caller is not known to the exchange.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthenticationError {
    /// The operation needs a token, and the client has none. Nothing was sent.
    #[error(
        "{operation} needs a token and this client has none; give it one with `ClientBuilder::credentials`"
    )]
    #[non_exhaustive]
    NoCredentials {
        /// The call.
        operation: &'static Operation,
    },
    /// The token says of itself that it ended, and by more than any clock is wrong. Nothing was sent.
    #[error(
        "{operation}: the token ended {} s ago by its own account; sign in again (a session's token lives five \
         minutes), or set this machine's clock if that is wrong",
        .ago.as_secs()
    )]
    #[non_exhaustive]
    Expired {
        /// The call.
        operation: &'static Operation,
        /// How long ago.
        ago: Duration,
    },
    /// The documentation reserves the operation for the session of the main account, and this is a subkey's. Nothing
    /// was sent.
    #[error(
        "{operation} is for the main account's own session, and this client has a subkey's; nothing was sent"
    )]
    #[non_exhaustive]
    MainAccountOnly {
        /// The call.
        operation: &'static Operation,
    },
    /// There is no session, because signing in failed. Several calls can have the same failure.
    #[error("there is no session")]
    SignIn(#[source] Arc<SignInError>),
    /// The signer refused, or is not available. Nothing was sent.
    #[error("there is no signature")]
    Signer(#[source] SignerError),
    /// The credential provider failed.
    #[error("the credential provider has no credential")]
    Provider(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// The exchange answered 401: the token is dead, revoked, or none of its own.
    #[error(transparent)]
    Refused(ApiError),
}

impl AuthenticationError {
    /// Whether the exchange does not take the key, so that another one is needed.
    pub(crate) fn is_refused_key(&self) -> bool {
        matches!(self, Self::SignIn(error) if matches!(&**error, SignInError::Refused(refusal)
            if !error.is_retryable() && refusal.class() != Some(ErrorClass::Address)))
    }

    /// The outcome of a call that ended in it.
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::Refused(answer) => answer.outcome(),
            _ => Outcome::NotSent(NotSent::SignIn),
        }
    }

    /// The answer, where one arrived.
    pub fn answer(&self) -> Option<&ApiError> {
        match self {
            Self::Refused(answer) => Some(answer),
            _ => None,
        }
    }
}

/// Why no complete answer arrived.
#[derive(Debug)]
pub struct TransportError {
    operation: &'static Operation,
    outcome: Outcome,
    phase: Phase,
    source: paradex_api::BoxError,
}

/// How far a call got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// It waited for a session; nothing was sent.
    SignIn,
    /// It was signed, and had become too old to be sent; nothing was sent.
    Stale,
    /// No connection was made; nothing was sent.
    Connect,
    /// The request was sent, whole or in part, and no answer arrived in full.
    Exchange,
}

/// The id that the exchange or its gateway gave a request, unless it repeats a secret of the request.
fn request_id(headers: &HeaderMap) -> Option<&str> {
    let id = |name: &str| headers.get(name).filter(|value| !value.is_sensitive());
    ["x-request-id", "cf-ray"]
        .iter()
        .find_map(|name| id(name)?.to_str().ok())
}

/// The id of a request as it may be shown, also where the headers of the response were not looked at.
pub(crate) fn shown_request_id(answer: &RawResponse) -> Option<String> {
    request_id(&answer.headers).map(|id| answer.redacted(id, 80))
}

impl Phase {
    /// The phase in a word, as traces and metrics name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Stale => "stale",
            Self::Connect => "connect",
            Self::Exchange => "exchange",
        }
    }

    fn late(self) -> &'static str {
        match self {
            Self::SignIn => "the session was not there in time",
            Self::Stale => "the signature is older than its order may be",
            Self::Connect | Self::Exchange => "the time was up",
        }
    }
}

impl TransportError {
    fn new(operation: &'static Operation, source: paradex_api::BoxError) -> Self {
        let outcome = Outcome::from_error(&*source);
        let phase = match outcome {
            Outcome::NotSent(NotSent::SignIn) => Phase::SignIn,
            Outcome::NotSent(NotSent::Stale) => Phase::Stale,
            Outcome::NotSent(_) => Phase::Connect,
            _ => Phase::Exchange,
        };
        let source = match source.downcast::<reqwest::Error>() {
            // The operation names the place; an address can hold more than belongs into a log.
            Ok(error) => Box::new(error.without_url()),
            Err(source) => source,
        };
        Self {
            operation,
            outcome,
            phase,
            source,
        }
    }

    /// The call.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// How far it got.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether the exchange may have received it.
    pub fn was_sent(&self) -> bool {
        self.phase == Phase::Exchange
    }

    /// Whether the time was up.
    pub fn is_timeout(&self) -> bool {
        match self.source.downcast_ref::<Late>() {
            Some(late) => late.phase != Phase::Stale,
            None => {
                let source = self.source.downcast_ref::<reqwest::Error>();
                source.is_some_and(reqwest::Error::is_timeout)
            }
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match (self.phase, self.is_timeout()) {
            (Phase::SignIn, _) => "there was no session in time; nothing was sent",
            (Phase::Stale, _) => "it had become too old before it could be sent; nothing was sent",
            (Phase::Connect, true) => "no connection was made in time; nothing was sent",
            (Phase::Connect, false) => "no connection was made; nothing was sent",
            (Phase::Exchange, true) => "no complete answer arrived in time",
            (Phase::Exchange, false) if self.source.is::<NotRun>() => {
                "the response arrived and was not decoded"
            }
            (Phase::Exchange, false) => "the connection broke before a complete answer arrived",
        };
        write!(f, "{}: {what}", self.operation)?;
        if self.was_sent() && !self.operation.is_read() {
            f.write_str("; whether it was carried out is unknown")?;
        }
        Ok(())
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}

/// The time of a call was up.
#[derive(Debug, thiserror::Error)]
#[error("{}", .phase.late())]
pub(crate) struct Late {
    phase: Phase,
}

impl Late {
    pub(crate) fn new(phase: Phase) -> Self {
        Self { phase }
    }

    pub(crate) fn phase(&self) -> Phase {
        self.phase
    }
}

/// A success whose response is not understood, or does not name what was asked for. The call was probably carried out.
pub struct DecodeError {
    operation: &'static Operation,
    raw: RawResponse,
    source: Box<paradex_api::DecodeError>,
}

impl DecodeError {
    fn new(source: Box<paradex_api::DecodeError>) -> Self {
        Self {
            operation: source.operation(),
            raw: source.raw().clone(),
            source,
        }
    }

    /// An answer of the right form that cannot be used.
    pub(crate) fn content(operation: &'static Operation, raw: RawResponse, what: &'static str) -> Self {
        Self::new(Box::new(paradex_api::DecodeError::unusable(operation, raw, what)))
    }

    /// What an answer holds, if it shows what it must.
    pub(crate) fn require<T>(
        operation: &'static Operation,
        answer: Response<T>,
        shows: impl FnOnce(&T) -> bool,
        what: &'static str,
    ) -> Result<T, Error> {
        if shows(&answer) {
            return Ok(answer.into_inner());
        }
        Err(Self::content(operation, answer.into_parts().1, what).into())
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

    /// The start of the body, at most 200 characters and without control characters; nothing for an operation that
    /// answers secrets.
    pub fn excerpt(&self) -> Option<String> {
        self.source.excerpt()
    }

    /// The whole body. After `create_token` it may hold the only copy of a live token, so keep it out of logs
    /// as you would the token.
    pub fn expose_body(&self) -> &Bytes {
        &self.raw.body
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.source, f)
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
        std::error::Error::source(&*self.source)
    }
}

/// A value that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidInput {
    field: &'static str,
    value: String,
    rule: String,
    remedy: &'static str,
}

impl InvalidInput {
    pub(crate) fn new(
        field: &'static str,
        value: impl fmt::Display,
        rule: impl Into<String>,
        remedy: &'static str,
    ) -> Self {
        Self {
            field,
            value: visible(&value.to_string(), 80),
            rule: rule.into(),
            remedy,
        }
    }

    /// The field or parameter.
    pub fn field(&self) -> &str {
        self.field
    }
}

impl From<InvalidRequest> for InvalidInput {
    fn from(source: InvalidRequest) -> Self {
        let field = match &source {
            InvalidRequest::Missing { name, .. }
            | InvalidRequest::PathSegment { name, .. }
            | InvalidRequest::Header { name, .. } => name,
            _ => "call",
        };
        Self::new(field, "", source.to_string(), "")
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.remedy.is_empty() {
            return f.write_str(&self.rule);
        }
        write!(
            f,
            "{} `{}` is refused: {}; {}",
            self.field, self.value, self.rule, self.remedy
        )
    }
}

impl std::error::Error for InvalidInput {}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use paradex_api::reqwest::StatusCode;
    use paradex_api::reqwest::header::HeaderMap;

    use super::{InvalidInput, retry_after};

    fn wait(status: u16, headers: &[(&'static str, &str)]) -> Option<u64> {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let map: HeaderMap = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect::<Vec<(paradex_api::reqwest::header::HeaderName, _)>>()
            .into_iter()
            .collect();
        retry_after(StatusCode::from_u16(status).unwrap(), &map, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn the_wait_is_read_in_every_form() {
        assert_eq!(wait(503, &[("retry-after", "7")]), Some(7));
        assert_eq!(
            wait(429, &[("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT")]),
            Some(10)
        );
        assert_eq!(
            wait(429, &[("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT")]),
            Some(0)
        );
        assert_eq!(wait(429, &[("x-ratelimit-reset", "784111780")]), Some(3));
        assert_eq!(wait(429, &[("x-ratelimit-reset", "1")]), Some(0));
        // The header stands on every answer; it asks for a wait only when the limit was hit.
        assert_eq!(wait(400, &[("x-ratelimit-reset", "784111780")]), None);
        assert_eq!(wait(429, &[("retry-after", "99999999999")]), Some(86_400));
        for odd in ["", "soon", "-1", "1.5", "99999999999999999999999"] {
            assert_eq!(wait(429, &[("retry-after", odd)]), None, "{odd}");
        }
    }

    #[test]
    fn a_hostile_value_stays_on_one_short_line() {
        let value = format!("a\n\u{1b}[31m{}", "x".repeat(1_000_000));
        let shown = InvalidInput::new("name", value, "too long", "shorten it").to_string();
        assert!(shown.len() < 200 && !shown.contains(['\n', '\u{1b}']), "{shown}");
    }
}
