//! Orders that were not placed or changed, or perhaps were.

use super::call::{CallFacts, call_methods};
use super::{Error, InvalidInput};
use crate::auth::SignerError;
use crate::trading::OrderWindow;

/// Why an order was not placed or changed, as far as is known.
///
/// ```
/// use paradex_api_ext::error::PlaceOrderError;
///
/// fn next_step(error: &PlaceOrderError) -> &'static str {
///     if !error.is_not_placed() {
///         "call `Orders::resolve` before placing the order again"
///     } else if error.is_retryable() {
///         "place it again later"
///     } else {
///         "change the order, the account or the client first"
///     }
/// }
/// # let _ = next_step;
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlaceOrderError {
    /// A field breaks a rule. Nothing was sent. Correct the field.
    #[error("the order is invalid; nothing was sent")]
    Invalid(#[from] InvalidInput),
    /// The signer refused, or is not available. Nothing was sent.
    #[error("the order was not signed; nothing was sent")]
    NotSigned(#[from] SignerError),
    /// It is certain that the order was not placed: it was not sent, or was refused before it was examined.
    #[error("the order was not placed")]
    NotPlaced(#[source] Error),
    /// The exchange examined the order and refused it. Its code says why.
    #[error("the exchange refused the order")]
    Refused(#[source] Error),
    /// The request was sent, and no response shows what became of it. The order may have been placed: before you place it
    /// again, look for it with [`Orders::resolve`](crate::orders::Orders::resolve), or after a change with
    /// [`Orders::resolve_change`](crate::orders::Orders::resolve_change).
    #[error("the order may have been placed; look for it before you place it again")]
    OutcomeUnknown(#[source] UnconfirmedOrder),
    /// The exchange, or something in front of it, reported success in a response that names no order. The order was
    /// probably placed: look for it before you place it again.
    #[error("a success was reported that names no order; look for the order before you place it again")]
    NotUnderstood(#[source] UnconfirmedOrder),
}

impl PlaceOrderError {
    /// Returns whether it is certain that nothing was placed or changed.
    pub fn is_not_placed(&self) -> bool {
        !matches!(self, Self::OutcomeUnknown(_) | Self::NotUnderstood(_))
    }

    /// Returns when the order was signed and until when the exchange accepts it, if it may have been placed.
    ///
    /// For a change to an order it is the exchange's own window, because a change carries none; see
    /// [`Orders::modify`](crate::orders::Orders::modify).
    pub fn window(&self) -> Option<OrderWindow> {
        match self {
            Self::OutcomeUnknown(order) | Self::NotUnderstood(order) => Some(order.window),
            _ => None,
        }
    }

    pub(crate) fn facts(&self) -> CallFacts<'_> {
        match self {
            Self::Invalid(_) => CallFacts::LOCAL,
            Self::NotSigned(error) => CallFacts::LOCAL.with_retryable(!error.is_refusal()),
            Self::NotPlaced(error) | Self::Refused(error) => error.facts(),
            Self::OutcomeUnknown(order) | Self::NotUnderstood(order) => {
                order.error.facts().with_unknown_outcome()
            }
        }
    }
}

call_methods!(PlaceOrderError);

/// An order that was sent without a response that shows whether it was placed.
#[derive(Debug, thiserror::Error)]
#[error("the exchange may have accepted the order")]
pub struct UnconfirmedOrder {
    #[source]
    pub(super) error: Error,
    pub(super) window: OrderWindow,
}

impl UnconfirmedOrder {
    /// Returns when the order was signed, and until when the exchange accepts it.
    pub fn window(&self) -> OrderWindow {
        self.window
    }

    /// Returns the error of the call.
    pub fn error(&self) -> &Error {
        &self.error
    }
}
