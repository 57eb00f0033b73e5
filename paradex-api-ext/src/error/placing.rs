//! What the error of a call means for an order.

use paradex_api::reqwest::StatusCode;
use paradex_api::types::ErrorCode;

use super::order::{PlaceOrderError, UnconfirmedOrder};
use super::{Error, ErrorClass};
use crate::trading::OrderWindow;

impl PlaceOrderError {
    /// A failure before anything was sent.
    pub(crate) fn before_sending(error: Error) -> Self {
        match error {
            Error::InvalidInput(error) => Self::Invalid(*error),
            error => Self::NotPlaced(error),
        }
    }

    /// What an error means for an order with this window.
    pub(crate) fn of(error: Error, window: OrderWindow) -> Self {
        match &error {
            Error::Decode(_) => Self::NotUnderstood(UnconfirmedOrder { error, window }),
            _ if error.is_outcome_unknown() => Self::OutcomeUnknown(UnconfirmedOrder { error, window }),
            // A 429 and an expired token are refusals before the order itself is examined.
            _ if error.status().is_none() || error.class() == Some(ErrorClass::RateLimit) => {
                Self::NotPlaced(error)
            }
            _ => match (error.status(), error.code()) {
                (
                    Some(StatusCode::UNAUTHORIZED),
                    Some(ErrorCode::InvalidToken | ErrorCode::UnauthorizedError),
                ) => Self::NotPlaced(error),
                _ => Self::Refused(error),
            },
        }
    }
}
