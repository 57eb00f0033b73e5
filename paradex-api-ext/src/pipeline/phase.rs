//! The phases of a call, with the one name of each.

/// How far a call got.
///
/// Errors, metrics and spans use the same names; see [`as_str`](Self::as_str).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// The call waited for a session. Nothing was sent.
    SignIn,
    /// The call waited for this client's rate limit. Nothing was sent. A call that waits too long fails with
    /// [`WithheldReason::RateLimit`](crate::error::WithheldReason::RateLimit).
    RateLimit,
    /// The call was signed and became too old to be sent. Nothing was sent.
    Stale,
    /// No connection was made. Nothing was sent.
    Connect,
    /// The request was sent, in whole or in part, and no complete response arrived.
    InFlight,
}

impl Phase {
    /// Returns the name that metrics and spans use: `sign_in`, `rate_limit`, `stale`, `connect` or `in_flight`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::RateLimit => "rate_limit",
            Self::Stale => "stale",
            Self::Connect => "connect",
            Self::InFlight => "in_flight",
        }
    }

    fn why_late(self) -> &'static str {
        match self {
            Self::SignIn => "there was no session before the deadline",
            Self::Stale => "the signature is older than its order may be",
            Self::RateLimit | Self::Connect | Self::InFlight => "the deadline passed",
        }
    }
}

/// A call ran out of time in this phase.
#[derive(Debug, thiserror::Error)]
#[error("{}", .phase.why_late())]
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
