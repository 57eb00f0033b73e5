//! What an error says about its call, declared once for all error types.

use std::time::Duration;

use paradex_api::reqwest::StatusCode;
use paradex_api::types::ErrorCode;

use super::{ApiError, DecodeError, ErrorClass, TransportError, Withheld};

/// Where a call failed.
#[derive(Clone, Copy)]
pub(crate) enum Origin<'a> {
    Api(&'a ApiError),
    Decode(&'a DecodeError),
    Transport(&'a TransportError),
    Withheld(&'a Withheld),
    /// In this process, before there was a request.
    Local,
}

/// What an error says about its call: where it failed, and what its type knows better.
#[derive(Clone, Copy)]
pub(crate) struct CallFacts<'a> {
    pub(crate) origin: Origin<'a>,
    pub(crate) outcome_unknown: Option<bool>,
    pub(crate) retryable: Option<bool>,
    pub(crate) retry_after: Option<Duration>,
}

impl<'a> CallFacts<'a> {
    pub(crate) const LOCAL: CallFacts<'static> = CallFacts {
        origin: Origin::Local,
        outcome_unknown: None,
        retryable: None,
        retry_after: None,
    };

    pub(crate) fn from_origin(origin: Origin<'a>) -> Self {
        Self {
            origin,
            ..Self::LOCAL
        }
    }

    /// A change may have been made, whatever the error that shows it.
    pub(crate) fn with_unknown_outcome(self) -> Self {
        Self {
            outcome_unknown: Some(true),
            ..self
        }
    }

    pub(crate) fn with_retryable(self, retryable: bool) -> Self {
        Self {
            retryable: Some(retryable),
            ..self
        }
    }

    pub(crate) fn api(self) -> Option<&'a ApiError> {
        match self.origin {
            Origin::Api(error) => Some(error),
            _ => None,
        }
    }

    pub(crate) fn status(self) -> Option<StatusCode> {
        match self.origin {
            Origin::Api(error) => Some(error.status()),
            Origin::Decode(error) => Some(error.status()),
            _ => None,
        }
    }

    pub(crate) fn code(self) -> Option<&'a ErrorCode> {
        self.api()?.code()
    }

    pub(crate) fn message(self) -> Option<&'a str> {
        self.api()?.message()
    }

    pub(crate) fn class(self) -> Option<ErrorClass> {
        Some(self.api()?.class())
    }

    pub(crate) fn request_id(self) -> Option<&'a str> {
        match self.origin {
            Origin::Api(error) => error.request_id(),
            Origin::Decode(error) => error.request_id(),
            _ => None,
        }
    }

    pub(crate) fn retry_after(self) -> Option<Duration> {
        self.retry_after.or_else(|| match self.origin {
            Origin::Api(error) => error.retry_after(),
            Origin::Withheld(error) => error.retry_after(),
            _ => None,
        })
    }

    pub(crate) fn is_outcome_unknown(self) -> bool {
        self.outcome_unknown.unwrap_or_else(|| match self.origin {
            Origin::Api(error) => error.is_outcome_unknown(),
            Origin::Decode(error) => error.is_outcome_unknown(),
            Origin::Transport(error) => error.is_outcome_unknown(),
            Origin::Withheld(_) | Origin::Local => false,
        })
    }

    pub(crate) fn is_retryable(self) -> bool {
        let retryable = || match self.origin {
            Origin::Api(error) => error.is_retryable(),
            Origin::Transport(_) => true,
            Origin::Withheld(error) => error.is_retryable(),
            Origin::Decode(_) | Origin::Local => false,
        };
        !self.is_outcome_unknown() && self.retryable.unwrap_or_else(retryable)
    }
}

/// Declares the methods that all errors of calls have. Each type has a `facts` of its own.
macro_rules! call_methods {
    ($($error:ty),* $(,)?) => {$(
        impl $error {
            /// Returns the kind of refusal, if the exchange, or something in front of it, refused the call.
            pub fn class(&self) -> Option<$crate::error::ErrorClass> {
                self.facts().class()
            }

            /// Returns the HTTP status code of the response, if one arrived.
            #[doc(alias = "http")]
            pub fn status(&self) -> Option<paradex_api::reqwest::StatusCode> {
                self.facts().status()
            }

            /// Returns the exchange's error code, if the response has one.
            pub fn code(&self) -> Option<&paradex_api::types::ErrorCode> {
                self.facts().code()
            }

            /// Returns the exchange's message, for people; its wording may change at any time.
            ///
            /// Secrets of the request are removed from it. It is `(not shown)` for an operation whose responses hold secrets.
            pub fn message(&self) -> Option<&str> {
                self.facts().message()
            }

            /// Returns the id of the request in the exchange's logs: the header `x-request-id` or `cf-ray`.
            ///
            /// No document promises either. An id that repeats a secret of the request is left out.
            #[doc(alias = "trace id")]
            pub fn request_id(&self) -> Option<&str> {
                self.facts().request_id()
            }

            /// Returns how long to wait before the next attempt, if that is known.
            ///
            /// Sources are the header `Retry-After`, after a 429 also `X-RateLimit-Reset`, and the rate limit of this client.
            #[doc(alias = "backoff")]
            pub fn retry_after(&self) -> Option<std::time::Duration> {
                self.facts().retry_after()
            }

            /// Returns whether the same call may succeed later without a change to it.
            ///
            /// It is false if the call may already have been carried out; see
            /// [`is_outcome_unknown`](Self::is_outcome_unknown).
            #[doc(alias = "is_transient")]
            pub fn is_retryable(&self) -> bool {
                self.facts().is_retryable()
            }

            /// Returns whether the call changes something and may have been carried out although it failed.
            ///
            /// Look at the state of the exchange before you repeat such a call. The outcome of a change is known after a
            /// success that shows it, a 429, and a refusal (a 4xx other than 408) with an error code of the exchange. After
            /// everything else it may have been made: no response, a 1xx, 3xx or 5xx, a 4xx without a code, a page of HTML, a
            /// success that cannot be read or does not name what was requested, and a success that shows another result.
            #[doc(alias = "ambiguous")]
            pub fn is_outcome_unknown(&self) -> bool {
                self.facts().is_outcome_unknown()
            }

            /// Returns the response with which the exchange refused the call, with its headers and the start of its body.
            pub fn api(&self) -> Option<&$crate::error::ApiError> {
                self.facts().api()
            }
        }
    )*};
}

pub(crate) use call_methods;
