//! Rules that the fields of every order must meet before it is signed.

use std::fmt::Display;
use std::time::Duration;

use paradex_api::Decimal;
use paradex_api::types::OrderSide;

use crate::error::InvalidInput;
use crate::signing::{Felt, Scaled, SigningError};

/// How long an order is good for if the caller says nothing.
pub(super) const DEFAULT_WINDOW: Duration = Duration::from_secs(5);
/// The shortest window that the exchange accepts.
pub(super) const SHORTEST_WINDOW: Duration = Duration::from_millis(10);
/// The exchange's own window for an order that names none.
pub(super) const LONGEST_WINDOW: Duration = Duration::from_secs(300);

pub(super) fn unsignable(field: &'static str, value: impl Display, error: SigningError) -> InvalidInput {
    let remedy = "pass a value that can be signed exactly";
    InvalidInput::new(field, value, error.to_string(), remedy)
}

pub(super) fn short_string(field: &'static str, text: &str) -> Result<(), InvalidInput> {
    if text.is_empty() {
        return Err(InvalidInput::new(field, text, "it must not be empty", "name it"));
    }
    Felt::from_short_string(text)
        .map(drop)
        .map_err(|error| unsignable(field, text, error))
}

pub(super) fn positive(field: &'static str, number: Decimal) -> Result<(), InvalidInput> {
    if number <= Decimal::ZERO {
        return Err(InvalidInput::new(
            field,
            number,
            "it must be greater than 0",
            "check the number",
        ));
    }
    Scaled::from_decimal(number)
        .map(drop)
        .map_err(|error| unsignable(field, number, error))
}

pub(super) fn known_side(side: &OrderSide) -> Result<(), InvalidInput> {
    match side.is_known() {
        true => Ok(()),
        false => Err(InvalidInput::new(
            "side",
            side,
            "it must be BUY or SELL",
            "use one of them",
        )),
    }
}

pub(super) fn window(good_for: Duration) -> Result<(), InvalidInput> {
    match (SHORTEST_WINDOW..=LONGEST_WINDOW).contains(&good_for) {
        true => Ok(()),
        false => Err(InvalidInput::new(
            "good_for",
            format_args!("{good_for:?}"),
            "it must be between 10 ms and 5 min",
            "choose another duration",
        )),
    }
}
