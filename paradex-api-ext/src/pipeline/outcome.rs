//! The outcome of an attempt: whether it was sent, whether it was carried out, and whether it may be repeated. Retries, the
//! halt gate, the audit, metrics and errors read this one value. Pure decisions, no IO.
//!
//! Three responses settle a change: a success that shows the change, a 429, and a refusal (4xx, but not 408) with an error code
//! of the exchange. After anything else the change may have been made, because a server between this client and the exchange
//! can respond after it has passed the request on.

use paradex_api::reqwest::StatusCode;
use paradex_api::types::{ApiError, ErrorCode};

use crate::pipeline::phase::Phase;

/// The outcome of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The request was not sent.
    NotSent(NotSent),
    /// The call was carried out.
    Done,
    /// A 429: the exchange refused the call without looking at it.
    RateLimited,
    /// The call was refused.
    Refused { by: Refuser, status: StatusCode },
    /// The request was sent, and nothing shows whether the call was carried out.
    Ambiguous(Ambiguity),
}

/// How far a call got before it failed without being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotSent {
    /// This client withheld it.
    Withheld,
    /// The rate limit of this client did not permit it in time.
    RateLimit,
    /// There was no session.
    SignIn,
    /// The signed request had become too old.
    Stale,
    /// There was no connection.
    Connect,
    /// The request is invalid.
    Invalid,
}

/// Who refused a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refuser {
    /// The exchange: the response has one of its error codes.
    Exchange,
    /// Unknown: the response may come from a gateway or a login page in between.
    Unidentified,
}

/// Why the outcome of a call is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ambiguity {
    /// No complete response arrived.
    NoResponse,
    /// A page of HTML arrived with a success status.
    Page,
    /// A response arrived with a status that is not conclusive.
    Status(StatusCode),
    /// A success arrived that cannot be used: it cannot be decoded, does not show the change, or is too large.
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

    /// Whether a change may have been made although nothing shows it. Meaningless for a read.
    pub(crate) fn is_unknown(self) -> bool {
        match self {
            Self::Ambiguous(_) => true,
            Self::Refused { by, .. } => by == Refuser::Unidentified,
            Self::NotSent(_) | Self::Done | Self::RateLimited => false,
        }
    }

    /// Whether the outcome also settles an earlier attempt whose outcome is unknown. 401, 403 and 429 say nothing about an
    /// earlier attempt.
    pub(crate) fn is_conclusive(self) -> bool {
        const NOT_CONCLUSIVE: [StatusCode; 2] = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
        match self {
            Self::Done => true,
            Self::Refused { by, status } => by == Refuser::Exchange && !NOT_CONCLUSIVE.contains(&status),
            Self::NotSent(_) | Self::RateLimited | Self::Ambiguous(_) => false,
        }
    }

    /// The name of the outcome in spans and metrics.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::NotSent(not_sent) => match not_sent {
                NotSent::Withheld => "withheld",
                NotSent::RateLimit => Phase::RateLimit.as_str(),
                NotSent::SignIn => Phase::SignIn.as_str(),
                NotSent::Stale => Phase::Stale.as_str(),
                NotSent::Connect => Phase::Connect.as_str(),
                NotSent::Invalid => "invalid_request",
            },
            Self::Done => "ok",
            Self::RateLimited => "rate_limited",
            Self::Refused { .. } => "refused",
            Self::Ambiguous(ambiguity) => match ambiguity {
                Ambiguity::Status(status) if status.is_server_error() => "server_error",
                Ambiguity::Status(_) => "refused",
                Ambiguity::NoResponse => "no_response",
                Ambiguity::Page | Ambiguity::Unusable => "unusable",
            },
        }
    }
}

/// Whether the body of a refusal has an error code of the exchange.
pub(crate) fn has_error_code(body: &ApiError) -> bool {
    body.error.as_ref().is_some_and(is_code)
}

/// Whether a text is an error code of the exchange: a known code, or a text in the same form. Gateways put words such as
/// `Not Found` into the same field.
pub(crate) fn is_code(code: &ErrorCode) -> bool {
    let text = code.as_str();
    let is_part = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    code.is_known()
        || (text.starts_with(|first: char| first.is_ascii_uppercase()) && text.bytes().all(is_part))
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
            // An outcome that settles an earlier attempt settles its own.
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
    fn error_codes_are_distinguished_from_words_of_a_gateway() {
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
