//! Calls that this client does not make.

use std::fmt;

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
    /// The exchange takes no such order at present; see [`Shared::exchange_status`](crate::Shared::exchange_status).
    Exchange(SystemStatus),
    /// The required audit sink did not take the intent; see [`ClientBuilder::audit`](crate::ClientBuilder::audit).
    Audit(BoxError),
}

impl Withheld {
    pub(crate) fn new(operation: &'static Operation, reason: WithheldReason) -> Self {
        Self { operation, reason }
    }

    /// The call.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Why.
    pub fn reason(&self) -> &WithheldReason {
        &self.reason
    }

    /// Whether it passes by itself: the exchange reopens.
    pub fn is_retryable(&self) -> bool {
        matches!(self.reason, WithheldReason::Exchange(_))
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
            WithheldReason::Audit(_) => f.write_str("the audit sink, which is required, did not record it"),
        }?;
        f.write_str("; nothing was sent")
    }
}

impl std::error::Error for Withheld {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.reason {
            WithheldReason::Audit(source) => Some(&**source),
            _ => None,
        }
    }
}
