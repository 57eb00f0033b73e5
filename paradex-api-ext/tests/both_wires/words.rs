//! Errors in a few words, and the check that none shows a secret.

use paradex_api_ext::Error;
use paradex_api_ext::error::{PlaceOrderError, WithheldReason};

/// A broken network, or a socket that is away, can lead to such an error. All others are wrong here.
pub(crate) fn word(error: &Error) -> String {
    shows_no_secret(error);
    match error {
        Error::Api(error) => match error.code() {
            Some(code) => format!("{} {}", error.status().as_u16(), code.as_str()),
            None => error.status().as_u16().to_string(),
        },
        Error::Transport(error) if error.is_timeout() => format!("late ({})", error.phase().as_str()),
        Error::Transport(error) => error.phase().as_str().to_owned(),
        Error::Authentication(_) => "authentication".to_owned(),
        Error::Decode(_) => "not understood".to_owned(),
        Error::Withheld(withheld) => match withheld.reason() {
            WithheldReason::Halted => "halted",
            WithheldReason::RateLimit { .. } => "rate limit",
            WithheldReason::NotArmed => "not armed",
            WithheldReason::OrderSocketDown => "socket down",
            WithheldReason::OrderSocketClosed => "socket closed",
            reason => panic!("{reason:?}"),
        }
        .to_owned(),
        error => panic!("{error:?}"),
    }
}

/// The word for an order that was certainly not placed.
pub(crate) fn not_placed_word(error: &PlaceOrderError) -> String {
    match error {
        PlaceOrderError::NotPlaced(error) => format!("not placed, {}", word(error)),
        PlaceOrderError::Refused(error) => format!("refused, {}", word(error)),
        error => panic!("{error:?}"),
    }
}

/// The word for an order that may have been placed.
pub(crate) fn unknown_word(error: &PlaceOrderError) -> String {
    match error {
        PlaceOrderError::OutcomeUnknown(error) => format!("unknown, {}", word(error.error())),
        PlaceOrderError::NotUnderstood(error) => format!("unknown, not understood, {}", word(error.error())),
        error => panic!("{error:?}"),
    }
}

/// A server that repeats the request must not bring a session or a signature into what an error says.
pub(crate) fn shows_no_secret(error: &(dyn std::error::Error + 'static)) {
    let mut shown = format!("{error:?}");
    let mut source = Some(error);
    while let Some(error) = source {
        shown.push_str(&error.to_string());
        source = error.source();
    }
    // A session is a JWT; a signature is two numbers of about 75 digits.
    let digits = shown.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
    assert!(!shown.contains("eyJ") && digits < Some(40), "{shown}");
}
