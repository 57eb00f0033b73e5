//! Subkeys that were not registered.

use super::Error;
use super::call::{CallFacts, call_methods};
use super::reason::Reason;
use crate::net::TooManyEntries;

/// Why [`Subkeys::register`](crate::subkeys::Subkeys::register) did not register a subkey.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterSubkeyError {
    /// The allowlist has more entries than the exchange accepts. Nothing was sent. Merge entries or remove some.
    #[error("the allowlist of the new subkey has too many entries; nothing was sent")]
    TooManyEntries(#[from] TooManyEntries),
    /// The key is already registered.
    #[error("this subkey is already registered")]
    NotUnique(#[source] Error),
    /// The public key is not a point of the curve, or not written as `0x` and hex digits.
    #[error("the exchange rejected the public key; it must be a point of the curve, as `0x` and hex digits")]
    InvalidKey(#[source] Error),
    /// The signature of the main key does not match: wrong key, wrong fields, or a window that has passed.
    #[error("the exchange rejected the main key's signature: wrong key, wrong fields, or an expired window")]
    SignatureRefused(#[source] Error),
    /// The exchange rejected another value. Its message says which.
    #[error("the exchange rejected a value of the new subkey")]
    Invalid(#[source] Error),
    /// The scope of the session does not include this call. Sign in with the main account's key.
    #[error("this session cannot register subkeys; sign in with the main account's key")]
    NotMainAccount(#[source] Error),
    /// The credential in use has an allowlist that excludes this IP address. Call from another address, or change the list.
    #[error("the credential in use is not allowed from this IP address")]
    AddressNotAllowed(#[source] Error),
    /// Either the session is not the main account's, or IP restrictions are not enabled for the account. No source says
    /// which code means which. If the session is right, ask the exchange to enable them.
    #[error(
        "the exchange refused: the session is not the main account's, or IP restrictions are not enabled for the account"
    )]
    Forbidden(#[source] Error),
    /// The client has no token that the exchange accepts. Sign in again.
    #[error("the client has no credential that the exchange accepts; sign in again")]
    Unauthenticated(#[source] Error),
    /// The request was sent, and no response shows what became of it. Look for the key in the list.
    #[error("the subkey may have been registered; look for it in the list")]
    OutcomeUnknown(#[source] Error),
    /// Any other failure; its class says what kind.
    #[error("the subkey was not registered")]
    Other(#[source] Error),
}

impl RegisterSubkeyError {
    pub(crate) fn facts(&self) -> CallFacts<'_> {
        match self {
            Self::TooManyEntries(_) => CallFacts::LOCAL,
            Self::NotUnique(error)
            | Self::InvalidKey(error)
            | Self::SignatureRefused(error)
            | Self::Invalid(error)
            | Self::NotMainAccount(error)
            | Self::AddressNotAllowed(error)
            | Self::Forbidden(error)
            | Self::Unauthenticated(error)
            | Self::Other(error) => error.facts(),
            Self::OutcomeUnknown(error) => error.facts().with_unknown_outcome(),
        }
    }
}

impl From<Error> for RegisterSubkeyError {
    fn from(error: Error) -> Self {
        if let Error::RegisterSubkey(error) = error {
            return *error;
        }
        match Reason::from_error(&error) {
            Reason::NotUnique => Self::NotUnique(error),
            Reason::InvalidKey => Self::InvalidKey(error),
            Reason::SignatureRefused => Self::SignatureRefused(error),
            Reason::Invalid => Self::Invalid(error),
            Reason::NotMainAccount => Self::NotMainAccount(error),
            Reason::AddressNotAllowed => Self::AddressNotAllowed(error),
            Reason::Forbidden => Self::Forbidden(error),
            Reason::Unauthenticated => Self::Unauthenticated(error),
            _ if error.is_outcome_unknown() => Self::OutcomeUnknown(error),
            _ => Self::Other(error),
        }
    }
}

call_methods!(RegisterSubkeyError);
