//! A call without a complete response.

use std::fmt;

use paradex_api::{Operation, reqwest};

use crate::pipeline::decoding::NotRun;
use crate::pipeline::outcome::{NotSent, Outcome};

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

/// How far a call got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// It waited for a session. Nothing was sent.
    SignIn,
    /// It was signed, and the signature had become too old before it could be sent. Nothing was sent.
    Stale,
    /// It had no connection. Nothing was sent.
    Connect,
    /// The request was sent, at least in part, and no complete response arrived.
    Exchange,
}

impl Phase {
    /// Returns the name of the phase in traces and metrics.
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
            Self::SignIn => "the sign-in did not end in time",
            Self::Stale => "the signature is older than the validity of its order",
            Self::Connect | Self::Exchange => "the deadline of the call passed",
        }
    }
}

impl TransportError {
    pub(super) fn new(operation: &'static Operation, source: paradex_api::BoxError) -> Self {
        let outcome = Outcome::from_error(&*source);
        let phase = match outcome {
            Outcome::NotSent(NotSent::SignIn) => Phase::SignIn,
            Outcome::NotSent(NotSent::Stale) => Phase::Stale,
            Outcome::NotSent(_) => Phase::Connect,
            _ => Phase::Exchange,
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
        self.phase == Phase::Exchange
    }

    /// Returns whether the call changes something and may have been carried out.
    pub fn is_outcome_unknown(&self) -> bool {
        !self.operation.is_read() && self.outcome.is_unknown()
    }

    /// Returns whether a deadline passed.
    #[doc(alias = "deadline")]
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
            (Phase::Stale, _) => "the signature became too old before it could be sent; nothing was sent",
            (Phase::Connect, true) => "no connection was made in time; nothing was sent",
            (Phase::Connect, false) => "no connection was made; nothing was sent",
            (Phase::Exchange, true) => "no complete response arrived in time",
            (Phase::Exchange, false) if self.source.is::<NotRun>() => {
                "the response arrived and was not decoded"
            }
            (Phase::Exchange, false) => "the connection broke before a complete response arrived",
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

/// The time of a call ran out.
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
