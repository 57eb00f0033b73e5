//! Calls that this client does not send.

use std::fmt;
use std::time::Duration;

use paradex_api::types::SystemStatus;
use paradex_api::{BoxError, Operation};

/// A call that this client did not send. Its [`reason`](Self::reason) says what to do.
#[doc(alias = "blocked")]
#[derive(Debug)]
pub struct Withheld {
    operation: &'static Operation,
    reason: WithheldReason,
}

/// Why this client did not send a call.
#[derive(Debug)]
#[non_exhaustive]
pub enum WithheldReason {
    /// The client is read-only; see [`ClientBuilder::read_only`](crate::ClientBuilder::read_only).
    ReadOnly,
    /// Trading is halted until `resume`; see [`Client::halt`](crate::Client::halt).
    #[doc(alias = "kill switch")]
    Halted,
    /// The exchange does not accept such orders at present; see
    /// [`ClientGroup::exchange_status`](crate::ClientGroup::exchange_status). Wait until its status changes.
    Exchange(SystemStatus),
    /// This client's rate limit does not permit the call now: the wait would exceed the deadline, or the call does not wait; see
    /// [`CallOptions`](crate::CallOptions).
    #[non_exhaustive]
    RateLimit {
        /// The length of the wait; `None` if the deadline passed before it was known.
        retry_after: Option<Duration>,
    },
    /// No connection of the order socket has acknowledged cancel on disconnect, and the client places orders only with it. It
    /// connects again by itself.
    NotArmed,
    /// The order socket has no connection now. It connects again by itself.
    OrderSocketDown,
    /// Too many requests wait to be written to the order socket. Place fewer orders at once, or try again.
    OrderSocketBusy,
    /// The order socket was closed, or has ended for good. Create another one.
    OrderSocketClosed,
    /// The required audit sink did not record the call; see
    /// [`ClientBuilder::audit_required`](crate::ClientBuilder::audit_required).
    Audit(BoxError),
    /// A layer of the application refused it; see [`Withheld::by_layer`].
    Layer(BoxError),
}

impl Withheld {
    pub(crate) fn new(operation: &'static Operation, reason: WithheldReason) -> Self {
        Self { operation, reason }
    }

    /// Creates the error of a layer that does not send a call.
    ///
    /// Any other error of a layer means that the call may have been sent.
    ///
    /// ```
    /// use paradex_api_ext::Error;
    /// use paradex_api_ext::error::Withheld;
    /// use paradex_api_ext::paradex_api::operations;
    ///
    /// let error = Withheld::by_layer(&operations::CREATE_ORDER, "the position is large enough");
    /// assert!(!Error::from(error).is_outcome_unknown());
    /// ```
    pub fn by_layer(operation: &'static Operation, why: impl Into<BoxError>) -> Self {
        Self::new(operation, WithheldReason::Layer(why.into()))
    }

    /// Returns the operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns why it was not sent.
    pub fn reason(&self) -> &WithheldReason {
        &self.reason
    }

    /// Returns whether the same call may succeed later: the exchange reopens, the rate limit allows it, or
    /// the order socket is connected again.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.reason,
            WithheldReason::Exchange(_)
                | WithheldReason::RateLimit { .. }
                | WithheldReason::NotArmed
                | WithheldReason::OrderSocketDown
                | WithheldReason::OrderSocketBusy
        )
    }

    /// Returns how long to wait for the rate limit, if that is the reason and the wait is known.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.reason {
            WithheldReason::RateLimit { retry_after } => retry_after,
            _ => None,
        }
    }
}

impl fmt::Display for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.operation)?;
        match &self.reason {
            WithheldReason::ReadOnly => f.write_str("this client is read-only"),
            WithheldReason::Halted => f.write_str("trading is halted until `resume`"),
            WithheldReason::Exchange(SystemStatus::PostOnly) => {
                f.write_str("the exchange accepts only post-only orders at present")
            }
            WithheldReason::Exchange(SystemStatus::CancelOnly) => {
                f.write_str("the exchange accepts only cancellations at present")
            }
            WithheldReason::Exchange(_) => f.write_str("the exchange is under maintenance"),
            WithheldReason::RateLimit { .. } => {
                f.write_str("this client's rate limit does not permit the call in time")
            }
            WithheldReason::NotArmed => {
                f.write_str("cancel on disconnect is not armed, because the order socket is not connected")
            }
            WithheldReason::OrderSocketDown => f.write_str("the order socket is not connected"),
            WithheldReason::OrderSocketBusy => {
                f.write_str("too many requests wait to be written to the order socket")
            }
            WithheldReason::OrderSocketClosed => f.write_str("the order socket is closed"),
            WithheldReason::Layer(_) => f.write_str("a layer of this client refused it"),
            WithheldReason::Audit(_) => f.write_str("the required audit sink did not record it"),
        }?;
        f.write_str("; nothing was sent")
    }
}

impl std::error::Error for Withheld {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.reason {
            WithheldReason::Audit(source) | WithheldReason::Layer(source) => Some(&**source),
            _ => None,
        }
    }
}
