//! A response that refuses a call.

use std::fmt;
use std::time::{Duration, SystemTime};

use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use paradex_api::types::ErrorCode;
use paradex_api::{ErrorResponse, Operation, RawResponse};

use super::ErrorClass;
use crate::pipeline::outcome::{self, Outcome};

/// A response with which the exchange, or something in front of it, refused a call.
///
/// What to do depends on the [`class`](Self::class): see [`ErrorClass`].
pub struct ApiError(pub(super) Box<ErrorResponse>);

impl ApiError {
    /// Returns the operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.0.operation()
    }

    /// Returns the HTTP status code.
    pub fn status(&self) -> StatusCode {
        self.0.status()
    }

    /// Returns the exchange's error code. Responses of gateways, and some of the exchange's own, have none.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.0.code()
    }

    /// Returns the exchange's message, for people; its wording may change at any time.
    ///
    /// Secrets of the request are removed from it. It is `(not shown)` for an operation whose responses hold secrets.
    pub fn message(&self) -> Option<&str> {
        self.0.message()
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// Returns the start of the body: at most 200 characters, without control characters.
    ///
    /// `None` for an operation whose responses hold secrets.
    pub fn excerpt(&self) -> Option<String> {
        self.0.excerpt()
    }

    /// Returns the id of the request in the exchange's logs: the header `x-request-id` or `cf-ray`.
    ///
    /// No document promises either. An id that repeats a secret of the request is left out.
    pub fn request_id(&self) -> Option<&str> {
        request_id(self.headers())
    }

    /// Whether there is a code or a message.
    pub(crate) fn has_error_body(&self) -> bool {
        self.code().is_some() || self.message().is_some()
    }

    pub(crate) fn outcome(&self) -> Outcome {
        // From the response itself, because the code is not shown if responses of the operation hold secrets.
        let raw = self.0.raw();
        Outcome::from_status(raw.status, || {
            raw.api_error().as_ref().is_some_and(outcome::has_error_code)
        })
    }

    /// Returns the kind of refusal: by the error code, or by the status if there is no code.
    pub fn class(&self) -> ErrorClass {
        self.code()
            .and_then(ErrorClass::from_code)
            .unwrap_or_else(|| ErrorClass::from_status(self.status()))
    }

    /// Returns whether the same call may succeed later: after a 429, and for reads after a 5xx.
    ///
    /// It is false if the call may already have been carried out; see [`is_outcome_unknown`](Self::is_outcome_unknown).
    pub fn is_retryable(&self) -> bool {
        !self.is_outcome_unknown()
            && (self.class() == ErrorClass::RateLimit || self.status().is_server_error())
    }

    /// Returns whether the call changes something and may have been carried out although it failed.
    ///
    /// That is so for every refusal of a change, except a 429 and a 4xx other than 408 with an error code of the exchange.
    pub fn is_outcome_unknown(&self) -> bool {
        !self.operation().is_read() && self.outcome().is_unknown()
    }

    /// Returns how long the exchange asks to wait: `Retry-After` (seconds or a date), or after a 429 `X-RateLimit-Reset`
    /// (Unix time in seconds).
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(self.status(), self.headers(), SystemTime::now())
    }

    /// Returns the complete response of the raw crate. Its body may hold secrets.
    pub fn response(&self) -> &ErrorResponse {
        &self.0
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        if !self.has_error_body()
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

/// The wait that a response asks for, at most 24 hours. A time in the past is no wait.
pub(crate) fn retry_after(status: StatusCode, headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    // The server's own time, if it sends it: a wrong clock here must not change the wait.
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

/// The id of a request in the exchange's logs, unless it repeats a secret of the request.
pub(super) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let id = |name: &str| headers.get(name).filter(|value| !value.is_sensitive());
    ["x-request-id", "cf-ray"]
        .iter()
        .find_map(|name| id(name)?.to_str().ok())
}

/// The id of a request with its secrets masked, for responses whose headers were not checked for secrets.
pub(crate) fn shown_request_id(response: &RawResponse) -> Option<String> {
    request_id(&response.headers).map(|id| response.redacted(id, 80))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use paradex_api::reqwest::StatusCode;
    use paradex_api::reqwest::header::HeaderMap;

    use super::retry_after;

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
    fn retry_after_is_read_in_each_form() {
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
        // All responses have this header; it asks for a wait only after a 429.
        assert_eq!(wait(400, &[("x-ratelimit-reset", "784111780")]), None);
        assert_eq!(wait(429, &[("retry-after", "99999999999")]), Some(86_400));
        for odd in ["", "soon", "-1", "1.5", "99999999999999999999999"] {
            assert_eq!(wait(429, &[("retry-after", odd)]), None, "{odd}");
        }
    }
}
