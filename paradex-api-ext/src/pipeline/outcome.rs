//! What is known about a call after an attempt: whether it was sent, whether it was carried out, and whether it may be
//! repeated. Retries, the halt gate, the audit, metrics and errors read this one value. Pure decisions, no IO.
//!
//! A change is settled by three responses only: a success that shows the change, a 429, and a refusal (4xx, but not 408)
//! with an error code of the exchange. After anything else the change may have been made, because something between this
//! client and the exchange can respond after it has passed the request on.

use paradex_api::reqwest::{self, StatusCode};
use paradex_api::runtime::NoRuntime;
use paradex_api::types::{ApiError, ErrorCode};
use paradex_api::{BoxError, DecodeError, Operation, RawResponse};

use crate::error::{AuthenticationError, InvalidInput, Late, Phase, Withheld, WithheldReason};
use crate::pipeline::NotTheExchange;
use crate::pipeline::response_check;

/// What an attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was not sent.
    NotSent(NotSent),
    /// It was carried out.
    Done,
    /// A 429: it was refused before it was looked at.
    RateLimited,
    /// It was refused.
    Refused { by: Refuser, status: StatusCode },
    /// It was sent, and nothing shows whether it was carried out.
    Ambiguous(Ambiguity),
}

/// How far a call got that was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotSent {
    /// This client held it back.
    Withheld,
    /// The rate limit of this client did not let it go in time.
    RateLimit,
    /// There was no session.
    SignIn,
    /// It had become too old.
    Stale,
    /// There was no connection.
    Connect,
    /// It cannot be made into a request.
    Invalid,
}

/// Who refused a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refuser {
    /// The exchange: the response has one of its error codes.
    Exchange,
    /// Nobody who can be told from something in between, such as a login page or a gateway.
    Unidentified,
}

/// Why it is not known whether a call was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ambiguity {
    /// No complete response arrived.
    NoResponse,
    /// A page of HTML arrived with a status of success.
    Page,
    /// A response arrived with a status that says nothing.
    Status(StatusCode),
    /// A success arrived that cannot be used: it is not understood, does not show the change, or is too large.
    Unusable,
}

impl Outcome {
    /// The outcome of a complete response.
    pub(crate) fn from_status(status: StatusCode, has_error_code: impl FnOnce() -> bool) -> Self {
        match status {
            StatusCode::TOO_MANY_REQUESTS => Self::RateLimited,
            StatusCode::REQUEST_TIMEOUT => Self::Ambiguous(Ambiguity::Status(status)),
            _ if status.is_success() => Self::Done,
            _ if status.is_client_error() => Self::Refused {
                by: match has_error_code() {
                    true => Refuser::Exchange,
                    false => Refuser::Unidentified,
                },
                status,
            },
            _ => Self::Ambiguous(Ambiguity::Status(status)),
        }
    }

    /// The outcome of an attempt that ended in an error of the transport, or of a layer around it.
    pub(crate) fn from_error(error: &(dyn std::error::Error + Send + Sync + 'static)) -> Self {
        if let Some(withheld) = error.downcast_ref::<Withheld>() {
            return Self::NotSent(match withheld.reason() {
                WithheldReason::RateLimit { .. } => NotSent::RateLimit,
                _ => NotSent::Withheld,
            });
        }
        if let Some(late) = error.downcast_ref::<Late>() {
            return match late.phase() {
                Phase::SignIn => Self::NotSent(NotSent::SignIn),
                Phase::Stale => Self::NotSent(NotSent::Stale),
                Phase::Connect => Self::NotSent(NotSent::Connect),
                Phase::Exchange => Self::Ambiguous(Ambiguity::NoResponse),
            };
        }
        if let Some(error) = error.downcast_ref::<reqwest::Error>() {
            return match error.is_connect() {
                _ if error.is_builder() => Self::NotSent(NotSent::Invalid),
                true => Self::NotSent(NotSent::Connect),
                false => Self::Ambiguous(Ambiguity::NoResponse),
            };
        }
        if let Some(error) = error.downcast_ref::<AuthenticationError>() {
            return error.outcome();
        }
        if error.is::<NoRuntime>() {
            return Self::NotSent(NotSent::Withheld);
        }
        if error.is::<InvalidInput>() {
            return Self::NotSent(NotSent::Invalid);
        }
        if error.is::<NotTheExchange>() {
            return Self::Ambiguous(Ambiguity::Page);
        }
        Self::Ambiguous(Ambiguity::Unusable)
    }

    /// Whether a change may have been made although nothing shows it. It says nothing about a read.
    pub(crate) fn is_unknown(self) -> bool {
        match self {
            Self::Ambiguous(_) => true,
            Self::Refused { by, .. } => by == Refuser::Unidentified,
            Self::NotSent(_) | Self::Done | Self::RateLimited => false,
        }
    }

    /// Whether it also tells what became of an earlier attempt whose outcome is unknown. 401, 403 and 429 say nothing about
    /// an earlier attempt.
    pub(crate) fn is_conclusive(self) -> bool {
        const NOT_TOLD: [StatusCode; 2] = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
        match self {
            Self::Done => true,
            Self::Refused { by, status } => by == Refuser::Exchange && !NOT_TOLD.contains(&status),
            Self::NotSent(_) | Self::RateLimited | Self::Ambiguous(_) => false,
        }
    }

    /// The outcome in a word, for traces and metrics.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::NotSent(not_sent) => match not_sent {
                NotSent::Withheld => "withheld",
                NotSent::RateLimit => RATE_LIMIT,
                NotSent::SignIn => Phase::SignIn.as_str(),
                NotSent::Stale => Phase::Stale.as_str(),
                NotSent::Connect => Phase::Connect.as_str(),
                NotSent::Invalid => "request",
            },
            Self::Done => "ok",
            Self::RateLimited => "rate_limited",
            Self::Refused { .. } => "refused",
            Self::Ambiguous(ambiguity) => match ambiguity {
                Ambiguity::Status(status) if status.is_server_error() => "failed",
                Ambiguity::Status(_) => "refused",
                Ambiguity::NoResponse => Phase::Exchange.as_str(),
                Ambiguity::Page | Ambiguity::Unusable => "unusable",
            },
        }
    }
}

/// The name of the wait for this client's rate limit in traces and metrics.
pub(crate) const RATE_LIMIT: &str = "rate_limit";

/// Whether the body of a refusal has an error code of the exchange.
pub(crate) fn has_error_code(body: &ApiError) -> bool {
    body.error.as_ref().is_some_and(is_code)
}

/// Whether a text is an error code of the exchange: one that is known, or one that is written like them. Gateways put words
/// such as `Not Found` into the same field.
pub(crate) fn is_code(code: &ErrorCode) -> bool {
    let text = code.as_str();
    let is_part = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    code.is_known()
        || (text.starts_with(|first: char| first.is_ascii_uppercase()) && text.bytes().all(is_part))
}

/// How an attempt ended, with its outcome, which is worked out here and nowhere else.
pub(crate) struct Ended {
    outcome: Outcome,
    result: Result<RawResponse, BoxError>,
    /// The error of the exchange's that the response holds.
    refusal: Option<ApiError>,
}

impl Ended {
    /// An attempt that was sent. A success of a change that does not show the change becomes an error that keeps the
    /// response.
    pub(crate) fn sent(
        operation: &'static Operation,
        request: Option<&reqwest::Request>,
        result: Result<RawResponse, BoxError>,
    ) -> Self {
        let response = match result {
            Ok(response) => response,
            Err(error) => return Self::failed(error),
        };
        if response.status.is_success() {
            return match response_check::check(operation, request, &response.body) {
                Ok(()) => Self {
                    outcome: Outcome::Done,
                    result: Ok(response),
                    refusal: None,
                },
                Err(what) => Self::failed(Box::new(DecodeError::unusable(operation, response, what))),
            };
        }
        let refusal = response.api_error();
        Self {
            outcome: Outcome::from_status(response.status, || refusal.as_ref().is_some_and(has_error_code)),
            result: Ok(response),
            refusal,
        }
    }

    /// An attempt that ended in an error.
    pub(crate) fn failed(error: BoxError) -> Self {
        Self {
            outcome: Outcome::from_error(&*error),
            result: Err(error),
            refusal: None,
        }
    }

    pub(crate) fn outcome(&self) -> Outcome {
        self.outcome
    }

    pub(crate) fn result(&self) -> &Result<RawResponse, BoxError> {
        &self.result
    }

    pub(crate) fn into_result(self) -> Result<RawResponse, BoxError> {
        self.result
    }

    /// The error in the body of a response that is no success, where it has that form.
    pub(crate) fn refusal(&self) -> Option<&ApiError> {
        self.refusal.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use paradex_api::reqwest::StatusCode;
    use paradex_api::types::ErrorCode;
    use proptest::prelude::*;

    use super::{Ambiguity, Outcome, Refuser, is_code};

    proptest! {
        /// Each status with and without a code, against the rule as it is written at the top of this file.
        #[test]
        fn only_success_429_and_coded_refusals_settle_a_change(status in 100_u16..1_000, coded: bool) {
            let status = StatusCode::from_u16(status).unwrap();
            let outcome = Outcome::from_status(status, || coded);
            let settled = match status.as_u16() {
                200..=299 | 429 => true,
                408 => false,
                400..=499 => coded,
                _ => false,
            };
            prop_assert_eq!(!outcome.is_unknown(), settled);
            // What tells of an earlier attempt tells of its own.
            prop_assert!(!outcome.is_conclusive() || settled);
            prop_assert_eq!(outcome == Outcome::Done, status.is_success());
            let is_refusal = matches!(outcome, Outcome::Refused { by: Refuser::Exchange, .. });
            prop_assert_eq!(is_refusal, settled && status.is_client_error() && status.as_u16() != 429);
        }
    }

    #[test]
    fn unknown_attempt_is_never_conclusive() {
        for ambiguity in [Ambiguity::NoResponse, Ambiguity::Page, Ambiguity::Unusable] {
            let outcome = Outcome::Ambiguous(ambiguity);
            assert!(outcome.is_unknown() && !outcome.is_conclusive(), "{outcome:?}");
        }
        for (status, conclusive) in [
            (400, true),
            (401, false),
            (403, false),
            (404, true),
            (409, true),
            (429, false),
        ] {
            let outcome = Outcome::from_status(StatusCode::from_u16(status).unwrap(), || true);
            assert_eq!(outcome.is_conclusive(), conclusive, "{status}");
        }
    }

    #[test]
    fn error_codes_are_told_from_words_of_a_gateway() {
        for code in ["NOT_FOUND", "SOMETHING_NEW", "X2", "ORDER_ID_NOT_FOUND"] {
            assert!(is_code(&ErrorCode::from(code)), "{code}");
        }
        for words in [
            "",
            "Not Found",
            "unauthorized",
            "invalid_request",
            "_",
            "2FA",
            "BAD GATEWAY",
            "<html>",
        ] {
            assert!(!is_code(&ErrorCode::from(words)), "{words}");
        }
        assert!(ErrorCode::KNOWN.iter().all(is_code));
    }
}
