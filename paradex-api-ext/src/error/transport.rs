//! A call without a complete response.

use std::fmt;

use paradex_api::{Operation, reqwest};

use crate::pipeline::outcome::{NotSent, Outcome};
use crate::pipeline::phase::{Late, Phase};
use crate::pipeline::unusable::NotDecoded;

/// Why no complete response arrived.
///
/// If [`was_sent`](Self::was_sent) is false, the call can be repeated. Otherwise a change may have been made.
#[derive(Debug)]
pub struct TransportError {
    operation: &'static Operation,
    outcome: Outcome,
    phase: Phase,
    source: paradex_api::BoxError,
}

impl TransportError {
    pub(super) fn new(operation: &'static Operation, source: paradex_api::BoxError) -> Self {
        let outcome = Outcome::from_error(&*source);
        let phase = match outcome {
            Outcome::NotSent(NotSent::SignIn) => Phase::SignIn,
            Outcome::NotSent(NotSent::RateLimit) => Phase::RateLimit,
            Outcome::NotSent(NotSent::Stale) => Phase::Stale,
            Outcome::NotSent(_) => Phase::Connect,
            _ => Phase::InFlight,
        };
        let source = match source.downcast::<reqwest::Error>() {
            // The operation names the endpoint; a URL can hold more than belongs into a log.
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

    /// Returns the operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns how far the call got.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Returns whether the exchange may have received the request.
    pub fn was_sent(&self) -> bool {
        self.phase == Phase::InFlight
    }

    /// Returns whether the call changes something and may have been carried out.
    pub fn is_outcome_unknown(&self) -> bool {
        !self.operation.is_read() && self.outcome.is_unknown()
    }

    /// Returns whether a deadline passed.
    #[doc(alias = "deadline")]
    pub fn is_timeout(&self) -> bool {
        match self.source.downcast_ref::<Late>() {
            Some(late) => late.phase() != Phase::Stale,
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
            (Phase::RateLimit, _) => "the rate limit did not admit it in time; nothing was sent",
            (Phase::Stale, _) => "the signature became too old before it could be sent; nothing was sent",
            (Phase::Connect, true) => "no connection was made in time; nothing was sent",
            (Phase::Connect, false) => "no connection was made; nothing was sent",
            (Phase::InFlight, true) => "no complete response arrived in time",
            (Phase::InFlight, false) if self.source.is::<NotDecoded>() => {
                "the response arrived and was not decoded"
            }
            (Phase::InFlight, false) => "the connection broke before a complete response arrived",
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
