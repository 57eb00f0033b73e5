//! Calls that this client does not make.

use std::fmt;
use std::time::Duration;

use paradex_api::types::SystemStatus;
use paradex_api::{BoxError, Operation};

/// A call that was held back here. Nothing was sent.
#[derive(Debug)]
pub struct Withheld {
    operation: &'static Operation,
    reason: WithheldReason,
}

/// Why a call was held back.
#[derive(Debug)]
#[non_exhaustive]
pub enum WithheldReason {
    /// The client only reads; see [`ClientBuilder::read_only`](crate::ClientBuilder::read_only).
    ReadOnly,
    /// Trading was halted; see [`Client::halt`](crate::Client::halt).
    Halted,
    /// The exchange takes no such order at present; see [`ClientGroup::exchange_status`](crate::ClientGroup::exchange_status).
    Exchange(SystemStatus),
    /// The rate limit that this client keeps would let it go too late; see [`CallOptions`](crate::CallOptions).
    #[non_exhaustive]
    RateLimit {
        /// How long the wait would have been; nothing if the call's time was up before that was known.
        retry_after: Option<Duration>,
    },
    /// The required audit sink did not take the intent; see
    /// [`ClientBuilder::audit_required`](crate::ClientBuilder::audit_required).
    Audit(BoxError),
    /// A layer of yours; see [`Withheld::by_layer`].
    Layer(BoxError),
}

impl Withheld {
    pub(crate) fn new(operation: &'static Operation, reason: WithheldReason) -> Self {
        Self { operation, reason }
    }

    /// The error of a layer that does not send a call; any other of its errors means that the call may have been sent.
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

    /// The call.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Why.
    pub fn reason(&self) -> &WithheldReason {
        &self.reason
    }

    /// Whether the same call may succeed later: the exchange reopens, or its turn under the rate limit comes.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.reason,
            WithheldReason::Exchange(_) | WithheldReason::RateLimit { .. }
        )
    }

    /// How long to wait for the next turn under the rate limit, if that is the reason and the wait is known.
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
                f.write_str("the exchange only takes orders that add to the book at present")
            }
            WithheldReason::Exchange(SystemStatus::CancelOnly) => {
                f.write_str("the exchange only takes cancels at present")
            }
            WithheldReason::Exchange(_) => f.write_str("the exchange is under maintenance"),
            WithheldReason::RateLimit { .. } => {
                f.write_str("its turn under the rate limit would come too late")
            }
            WithheldReason::Layer(_) => f.write_str("a layer of this client's holds it back"),
            WithheldReason::Audit(_) => f.write_str("the audit sink, which is required, did not record it"),
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
