//! Tokens that were not created, and credentials that were not revoked.

use super::Error;
use super::call::{CallFacts, call_methods};
use super::reason::Reason;
use crate::access::tokens::TokenAllowlistMismatch;
use crate::net::TooManyEntries;

/// Why [`Tokens::create`](crate::tokens::Tokens::create) returned no token.
///
/// Three variants can leave a live token behind: [`OutcomeUnknown`](Self::OutcomeUnknown),
/// [`NotUnderstood`](Self::NotUnderstood) and [`AllowlistMismatch`](Self::AllowlistMismatch). For all three
/// [`is_outcome_unknown`](Self::is_outcome_unknown) is true.
#[doc(alias = "api key")]
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CreateTokenError {
    /// The allowlist has more entries than the exchange accepts. Nothing was sent. Merge entries or remove some.
    #[error("the allowlist of the new token has too many entries; nothing was sent")]
    TooManyEntries(#[from] TooManyEntries),
    /// The account has the maximum number of tokens. Revoke one first.
    #[error("the account has the maximum number of tokens; revoke one first")]
    TokenLimitReached(#[source] Error),
    /// The exchange rejected the name, the lifetime, the type or an entry of the list. Its message says which.
    #[error("the exchange rejected a value of the new token")]
    Invalid(#[source] Error),
    /// The scope of the session does not include this call. Sign in with the main account's key.
    #[error("this session cannot create tokens; sign in with the main account's key")]
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
    /// The request was sent, and no response shows what became of it. A token of this name may exist, and its text is lost:
    /// look for the name in the list, and revoke the token.
    #[error("the token may have been created; look for its name in the list, and revoke it if it is there")]
    OutcomeUnknown(#[source] Error),
    /// The exchange stored a different allowlist. The token is live, and in the source. Revoke it, or set its list.
    #[error("the token was created with a different allowlist than requested")]
    AllowlistMismatch(#[source] Box<TokenAllowlistMismatch>),
    /// The token was created, and the response with its text could not be decoded. The text may be in
    /// [`DecodeError::expose_body`](crate::error::DecodeError::expose_body).
    #[error("the token was created, but the response with its text could not be decoded")]
    NotUnderstood(#[source] Error),
    /// Any other failure; its class says what kind.
    #[error("the token was not created")]
    Other(#[source] Error),
}

impl CreateTokenError {
    pub(crate) fn facts(&self) -> CallFacts<'_> {
        match self {
            Self::TooManyEntries(_) => CallFacts::LOCAL,
            Self::AllowlistMismatch(_) => CallFacts::LOCAL.with_unknown_outcome(),
            Self::TokenLimitReached(error)
            | Self::Invalid(error)
            | Self::NotMainAccount(error)
            | Self::AddressNotAllowed(error)
            | Self::Forbidden(error)
            | Self::Unauthenticated(error)
            | Self::Other(error) => error.facts(),
            Self::OutcomeUnknown(error) | Self::NotUnderstood(error) => error.facts().with_unknown_outcome(),
        }
    }
}

impl From<Error> for CreateTokenError {
    fn from(error: Error) -> Self {
        if let Error::CreateToken(error) = error {
            return *error;
        }
        match Reason::from_error(&error) {
            Reason::TokenLimitReached => Self::TokenLimitReached(error),
            Reason::Invalid => Self::Invalid(error),
            Reason::NotMainAccount => Self::NotMainAccount(error),
            Reason::AddressNotAllowed => Self::AddressNotAllowed(error),
            Reason::Forbidden => Self::Forbidden(error),
            Reason::Unauthenticated => Self::Unauthenticated(error),
            Reason::OutcomeUnknown => Self::OutcomeUnknown(error),
            Reason::NotUnderstood => Self::NotUnderstood(error),
            _ => Self::Other(error),
        }
    }
}

/// Why a token or a subkey was not revoked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RevokeError {
    /// The account has no token or subkey with this id. Look it up in the list.
    #[error("the account has no token or subkey with this id; look it up in the list")]
    NotFound(#[source] Error),
    /// The scope of the session does not include this call. Sign in with the main account's key.
    #[error("this session cannot revoke; sign in with the main account's key")]
    NotMainAccount(#[source] Error),
    /// The credential in use has an allowlist that excludes this IP address. Call from another address, or change the list.
    #[error("the credential in use is not allowed from this IP address")]
    AddressNotAllowed(#[source] Error),
    /// Probably the session is not the main account's. Sign in with the main account's key.
    #[error("the exchange refused, probably because the session is not the main account's")]
    Forbidden(#[source] Error),
    /// The client has no token that the exchange accepts. Sign in again.
    #[error("the client has no credential that the exchange accepts; sign in again")]
    Unauthenticated(#[source] Error),
    /// The exchange reported success in a response that does not name what was revoked, and its list does not show the
    /// revocation either. It may still be live: look at the list.
    #[error("no response shows that it was revoked, so it may still be live; look at the list")]
    NotUnderstood(#[source] Error),
    /// The request was sent, and no response shows what became of it. It is safe to revoke again.
    #[error("whether it was revoked is unknown; it is safe to revoke it again")]
    OutcomeUnknown(#[source] Error),
    /// Any other failure; its class says what kind.
    #[error("it was not revoked")]
    Other(#[source] Error),
}

impl RevokeError {
    pub(crate) fn facts(&self) -> CallFacts<'_> {
        match self {
            Self::NotFound(error)
            | Self::NotMainAccount(error)
            | Self::AddressNotAllowed(error)
            | Self::Forbidden(error)
            | Self::Unauthenticated(error)
            | Self::Other(error) => error.facts(),
            Self::OutcomeUnknown(error) | Self::NotUnderstood(error) => error.facts().with_unknown_outcome(),
        }
    }
}

impl From<Error> for RevokeError {
    fn from(error: Error) -> Self {
        if let Error::Revoke(error) = error {
            return *error;
        }
        match Reason::from_error(&error) {
            Reason::NotFound => Self::NotFound(error),
            Reason::NotMainAccount => Self::NotMainAccount(error),
            Reason::AddressNotAllowed => Self::AddressNotAllowed(error),
            Reason::Forbidden => Self::Forbidden(error),
            Reason::Unauthenticated => Self::Unauthenticated(error),
            Reason::OutcomeUnknown => Self::OutcomeUnknown(error),
            Reason::NotUnderstood => Self::NotUnderstood(error),
            _ => Self::Other(error),
        }
    }
}

call_methods!(CreateTokenError, RevokeError);
