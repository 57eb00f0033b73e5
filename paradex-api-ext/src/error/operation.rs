//! What can go wrong with the calls that a caller can do something about.
//!
//! The reasons are told apart by the exchange's codes, and only where a code has one meaning. A 403 has several
//! and no source says which code goes with which, so it is [`Forbidden`](AllowlistError::Forbidden) with
//! the causes listed, and code and message are in the source.

use std::fmt;
use std::net::IpAddr;

use paradex_api::reqwest::StatusCode;
use paradex_api::types::ErrorCode;

use super::{ApiError, AuthenticationError, Error, ErrorClass, InvalidInput};
use crate::access::tokens::TokenAllowlistMismatch;
use crate::auth::SignerError;
use crate::net::{EditError, IpAllowlist, StoredAllowlist, TooManyEntries, UnknownAllowlist};
use crate::trading::OrderWindow;

/// Writes an error enumeration whose every variant has a text of its own and a source.
macro_rules! operation_error {
    (
        $(#[$docs:meta])*
        $name:ident {
            $($(#[$variant_docs:meta])* $variant:ident($payload:ty) = $text:literal,)*
        }
    ) => {
        $(#[$docs])*
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_docs])* $variant($payload),)*
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$variant(_) => $text,)*
                })
            }
        }

        impl std::error::Error for $name {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                match self {
                    $(Self::$variant(source) => Some(source),)*
                }
            }
        }
    };
}

/// The reasons that the calls of this module have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    Unauthenticated,
    NotMainAccount,
    AddressNotAllowed,
    Forbidden,
    NotFound,
    TokenLimitReached,
    NotUnique,
    InvalidKey,
    SignatureRefused,
    Invalid,
    OutcomeUnknown,
    NotUnderstood,
    Other,
}

impl Reason {
    pub(crate) fn of(error: &Error) -> Self {
        match error {
            Error::Decode(_) => return Self::NotUnderstood,
            _ if error.is_outcome_unknown() => return Self::OutcomeUnknown,
            _ => {}
        }
        match error.code() {
            Some(ErrorCode::IpNotAllowed) => return Self::AddressNotAllowed,
            Some(ErrorCode::InvalidTokenScope) => return Self::NotMainAccount,
            Some(ErrorCode::TokenLimitReached) => return Self::TokenLimitReached,
            Some(ErrorCode::NotUnique) => return Self::NotUnique,
            Some(ErrorCode::PublicKeyInvalid) => return Self::InvalidKey,
            Some(
                ErrorCode::StarknetSignatureVerificationFailed
                | ErrorCode::InvalidStarknetSignature
                | ErrorCode::EvmSignatureVerificationFailed
                | ErrorCode::InvalidEvmSignature,
            ) => return Self::SignatureRefused,
            _ => {}
        }
        if let Error::Authentication(error) = error {
            return match **error {
                AuthenticationError::MainAccountOnly { .. } => Self::NotMainAccount,
                _ => Self::Unauthenticated,
            };
        }
        // A page of a gateway has neither code nor message, and is no verdict of the exchange.
        if error.status() == Some(StatusCode::FORBIDDEN) && error.api().is_some_and(ApiError::has_error_body)
        {
            return Self::Forbidden;
        }
        match error.code().and_then(ErrorClass::from_code) {
            Some(ErrorClass::NotFound) => Self::NotFound,
            Some(ErrorClass::Validation) => Self::Invalid,
            _ => Self::Other,
        }
    }
}

operation_error! {
    /// Why no token came out of [`Tokens::create`](crate::tokens::Tokens::create).
    CreateTokenError {
        /// The allowlist has more entries than the exchange takes. Nothing was sent; merge or drop some.
        TooManyEntries(TooManyEntries) = "the allowlist of the new token has too many entries; nothing was sent",
        /// The account has as many tokens as it may have. Revoke one first.
        TokenLimitReached(Error) = "the account has as many tokens as it may have: revoke one first",
        /// The exchange refused the name, the lifetime, the type or an entry of the list; its message says which.
        Invalid(Error) = "the exchange refused a value of the new token",
        /// The session's scope does not reach. Sign in with the main account's key.
        NotMainAccount(Error) = "the session may not create tokens: use one that the main account's key signed in",
        /// This address is not in the allowlist of the credential in use.
        AddressNotAllowed(Error) = "the credential in use may not be used from this address",
        /// Either the session is not the main account's, or IP restrictions are not enabled for the account. No
        /// source says which code means which; ask the exchange to enable them if the session is right.
        Forbidden(Error) = "refused: the session is not the main account's, or IP restrictions are not enabled for \
             the account",
        /// No token, or a dead one. Sign in again.
        Unauthenticated(Error) = "the exchange does not know the caller: sign in again",
        /// It was sent and no answer came. A token of this name may exist, and its text is lost: look for it in the
        /// list, and revoke it.
        OutcomeUnknown(Error) = "whether the token was created is unknown: look for its name in the list, and revoke \
             it if it is there",
        /// The exchange stored another allowlist than was asked for. The token is live, and in the source.
        AllowlistMismatch(Box<TokenAllowlistMismatch>) = "the token was created, with another allowlist than was asked for",
        /// The token was created, and the answer with its text was not understood. The text may be in
        /// [`DecodeError::expose_body`](crate::error::DecodeError::expose_body).
        NotUnderstood(Error) = "the token was created, and the answer that holds its text was not understood",
        /// Anything else.
        Other(Error) = "the token was not created",
    }
}

operation_error! {
    /// Why an order was not placed, or not changed, as far as is known.
    PlaceOrderError {
        /// A field breaks a rule. Nothing was sent.
        Invalid(InvalidInput) = "the order cannot be placed like this; nothing was sent",
        /// The signer refused or is not available. Nothing was sent.
        NotSigned(SignerError) = "there is no signature for the order; nothing was sent",
        /// It was not placed, and that is certain: it was not sent, or was refused before it was looked at.
        NotPlaced(Error) = "the order was not placed",
        /// The exchange looked at it and refused; its code says why.
        Refused(Error) = "the exchange refused the order",
        /// It was sent and no answer came. It may have been placed: look for it before you place it again, with
        /// [`Orders::resolve`](crate::orders::Orders::resolve), or after a change with
        /// [`Orders::resolve_change`](crate::orders::Orders::resolve_change).
        OutcomeUnknown(Unanswered) = "whether the order was placed is unknown: look for it before you place it again",
        /// The exchange, or something in front of it, reported success with an answer that names no order. It has probably
        /// been placed: look for it before you place it again.
        NotUnderstood(Unanswered) = "success was reported with an answer that names no order: look for it before you \
             place it again",
    }
}

impl PlaceOrderError {
    /// Whether it is certain that nothing was placed.
    pub fn is_not_placed(&self) -> bool {
        !matches!(self, Self::OutcomeUnknown(_) | Self::NotUnderstood(_))
    }

    /// When it was signed and until when the exchange takes it, where it may have been placed. For a change to an order that is
    /// the exchange's own window, because the API takes none with it; see [`Orders::modify`](crate::orders::Orders::modify).
    pub fn window(&self) -> Option<OrderWindow> {
        match self {
            Self::OutcomeUnknown(unanswered) | Self::NotUnderstood(unanswered) => Some(unanswered.window),
            _ => None,
        }
    }

    /// What went wrong before anything was sent.
    pub(crate) fn before_sending(error: Error) -> Self {
        match error {
            Error::InvalidInput(error) => Self::Invalid(*error),
            error => Self::NotPlaced(error),
        }
    }

    /// What an error means for an order with this window.
    pub(crate) fn of(error: Error, window: OrderWindow) -> Self {
        match &error {
            Error::Decode(_) => Self::NotUnderstood(Unanswered { error, window }),
            _ if error.is_outcome_unknown() => Self::OutcomeUnknown(Unanswered { error, window }),
            // A 429 and a dead token are refusals before the order itself is looked at.
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

/// An order without an answer that shows whether it was placed.
#[derive(Debug)]
pub struct Unanswered {
    error: Error,
    window: OrderWindow,
}

impl Unanswered {
    /// When it was signed, and until when the exchange takes it.
    pub fn window(&self) -> OrderWindow {
        self.window
    }

    /// What happened to the call.
    pub fn error(&self) -> &Error {
        &self.error
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the exchange may have taken it")
    }
}

impl std::error::Error for Unanswered {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

operation_error! {
    /// Why a token or a subkey was not revoked.
    RevokeError {
        /// The account has none of this id.
        NotFound(Error) = "there is none of this id: look it up in the list",
        /// The session's scope does not reach. Sign in with the main account's key.
        NotMainAccount(Error) = "the session may not revoke: use one that the main account's key signed in",
        /// This address is not in the allowlist of the credential in use.
        AddressNotAllowed(Error) = "the credential in use may not be used from this address",
        /// Probably the session is not the main account's.
        Forbidden(Error) = "refused: probably the session is not the main account's",
        /// No token, or a dead one. Sign in again.
        Unauthenticated(Error) = "the exchange does not know the caller: sign in again",
        /// The exchange reported success with an answer that does not name what was revoked, and its list does not show it
        /// either. It may be alive.
        NotUnderstood(Error) = "no answer shows that it was revoked: look at the list, it may be alive",
        /// It was sent and no answer came. Revoking twice does no harm.
        OutcomeUnknown(Error) = "whether it was revoked is unknown: revoke it again",
        /// Anything else.
        Other(Error) = "it was not revoked",
    }
}

operation_error! {
    /// Why a subkey was not registered.
    RegisterSubkeyError {
        /// The allowlist has more entries than the exchange takes. Nothing was sent; merge or drop some.
        TooManyEntries(TooManyEntries) = "the allowlist of the new subkey has too many entries; nothing was sent",
        /// The key is registered already.
        NotUnique(Error) = "this subkey is registered already",
        /// The public key is no point of the curve, or not written as `0x` hex.
        InvalidKey(Error) = "the exchange does not take this public key",
        /// The signature of the main key does not fit: wrong key, wrong fields, or a window that has passed.
        SignatureRefused(Error) = "the exchange does not take the main key's signature",
        /// The exchange refused another value; its message says which.
        Invalid(Error) = "the exchange refused a value of the new subkey",
        /// The session's scope does not reach. Sign in with the main account's key.
        NotMainAccount(Error) = "the session may not register subkeys: use one that the main account's key signed in",
        /// This address is not in the allowlist of the credential in use.
        AddressNotAllowed(Error) = "the credential in use may not be used from this address",
        /// Either the session is not the main account's, or IP restrictions are not enabled for the account. No
        /// source says which code means which.
        Forbidden(Error) = "refused: the session is not the main account's, or IP restrictions are not enabled for \
             the account",
        /// No token, or a dead one. Sign in again.
        Unauthenticated(Error) = "the exchange does not know the caller: sign in again",
        /// It was sent and no answer came. Look for the key in the list.
        OutcomeUnknown(Error) = "whether the subkey was registered is unknown: look for it in the list",
        /// Anything else.
        Other(Error) = "the subkey was not registered",
    }
}

operation_error! {
    /// Why an allowlist was not read or not changed.
    AllowlistError {
        /// More entries than the exchange takes. Nothing was sent; merge or drop some.
        TooManyEntries(TooManyEntries) = "the allowlist has too many entries; nothing was sent",
        /// The change makes no sense on the list that stands.
        Edit(EditError) = "the change cannot be made to the list that stands; nothing was sent",
        /// The list that stands is not known, so nothing can be added to it or taken from it.
        Unknown(UnknownAllowlist) = "the list that stands is not known; nothing was sent",
        /// The plan would shut out an address that must stay inside. Nothing was sent.
        WouldLockOut(WouldLockOut) = "the change would shut out an address that must stay inside; nothing was sent",
        /// The list is no longer the one that the plan was made from. Nothing was sent; plan again.
        ConcurrentChange(Box<ConcurrentChange>) = "the list was changed by somebody else in the meantime; nothing was sent",
        /// The change was sent, and the exchange stored another list.
        AllowlistMismatch(Box<AllowlistMismatch>) = "the exchange stored another list than was sent",
        /// The change was sent, no answer shows that it was made, and neither does the list that stands afterwards. The list
        /// can also be one that the exchange does not report.
        OutcomeUnknown(Box<OutcomeUnknown>) = "whether the change was made is unknown",
        /// The account has no token or subkey of this id.
        NotFound(Error) = "there is no token or subkey of this id: look it up in the list",
        /// The exchange does not take an entry of the list; its message says which. No source says whether it takes
        /// IPv6.
        InvalidEntry(Error) = "the exchange does not take the list",
        /// The session's scope does not reach. Sign in with the main account's key.
        NotMainAccount(Error) = "the session may not change allowlists: use one that the main account's key signed in",
        /// This address is not in the allowlist of the credential in use.
        AddressNotAllowed(Error) = "the credential in use may not be used from this address",
        /// Either the session is not the main account's, or IP restrictions are not enabled for the account. No
        /// source says which code means which.
        Forbidden(Error) = "refused: the session is not the main account's, or IP restrictions are not enabled for \
             the account",
        /// No token, or a dead one. Sign in again.
        Unauthenticated(Error) = "the exchange does not know the caller: sign in again",
        /// Anything else.
        Other(Error) = "the allowlist was not read or not changed",
    }
}

impl From<Error> for AllowlistError {
    fn from(error: Error) -> Self {
        match Reason::of(&error) {
            Reason::NotFound => Self::NotFound(error),
            Reason::Invalid => Self::InvalidEntry(error),
            Reason::NotMainAccount => Self::NotMainAccount(error),
            Reason::AddressNotAllowed => Self::AddressNotAllowed(error),
            Reason::Forbidden => Self::Forbidden(error),
            Reason::Unauthenticated => Self::Unauthenticated(error),
            _ => Self::Other(error),
        }
    }
}

/// Sorts an error into the variant that is called after its reason.
macro_rules! from_reasons {
    ($($name:ident { $($reason:ident)* })*) => {$(
        impl From<Error> for $name {
            fn from(error: Error) -> Self {
                match Reason::of(&error) {
                    $(Reason::$reason => Self::$reason(error),)*
                    _ if error.is_outcome_unknown() => Self::OutcomeUnknown(error),
                    _ => Self::Other(error),
                }
            }
        }
    )*};
}

from_reasons! {
    CreateTokenError {
        TokenLimitReached Invalid NotMainAccount AddressNotAllowed Forbidden Unauthenticated OutcomeUnknown NotUnderstood
    }
    RevokeError {
        NotFound NotMainAccount AddressNotAllowed Forbidden Unauthenticated OutcomeUnknown NotUnderstood
    }
    RegisterSubkeyError {
        NotUnique InvalidKey SignatureRefused Invalid NotMainAccount AddressNotAllowed Forbidden Unauthenticated
        OutcomeUnknown
    }
}

macro_rules! from_sources {
    ($($name:ident::$variant:ident($source:ty))*) => {$(
        impl From<$source> for $name {
            fn from(source: $source) -> Self {
                Self::$variant(source)
            }
        }
    )*};
}

from_sources! {
    CreateTokenError::TooManyEntries(TooManyEntries)
    RegisterSubkeyError::TooManyEntries(TooManyEntries)
    PlaceOrderError::Invalid(InvalidInput)
    PlaceOrderError::NotSigned(SignerError)
    AllowlistError::TooManyEntries(TooManyEntries)
    AllowlistError::Edit(EditError)
    AllowlistError::Unknown(UnknownAllowlist)
    AllowlistError::WouldLockOut(WouldLockOut)
}

/// Addresses that a change would shut out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WouldLockOut {
    pub(crate) addresses: Vec<IpAddr>,
}

impl WouldLockOut {
    /// The addresses, of those that were named as having to stay inside.
    pub fn addresses(&self) -> &[IpAddr] {
        &self.addresses
    }
}

impl fmt::Display for WouldLockOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("outside the new list: ")?;
        for (index, address) in self.addresses.iter().take(5).enumerate() {
            write!(f, "{}{address}", if index == 0 { "" } else { ", " })?;
        }
        if let more @ 1.. = self.addresses.len().saturating_sub(5) {
            write!(f, " and {more} more")?;
        }
        f.write_str("; add a network that holds them, or force the change by name")
    }
}

impl std::error::Error for WouldLockOut {}

/// A list that is not the one that a change was made from.
#[derive(Debug, Clone, PartialEq)]
pub struct ConcurrentChange {
    pub(crate) before: StoredAllowlist,
    pub(crate) now: StoredAllowlist,
}

impl ConcurrentChange {
    /// The list that the change was made from.
    pub fn before(&self) -> &StoredAllowlist {
        &self.before
    }

    /// The list that stands now. It can be the same: then only its time of change moved.
    pub fn now(&self) -> &StoredAllowlist {
        &self.now
    }
}

impl fmt::Display for ConcurrentChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "it was {}, and is {}; plan again from what stands now",
            self.before, self.now
        )
    }
}

impl std::error::Error for ConcurrentChange {}

/// A list that was stored and is not the one that was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct AllowlistMismatch {
    pub(crate) sent: IpAllowlist,
    pub(crate) stored: StoredAllowlist,
}

impl AllowlistMismatch {
    /// What was sent.
    pub fn sent(&self) -> &IpAllowlist {
        &self.sent
    }

    /// What stands now.
    pub fn stored(&self) -> &StoredAllowlist {
        &self.stored
    }
}

impl fmt::Display for AllowlistMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "sent {}, and {} stands; look at both before anything relies on the list",
            self.sent, self.stored
        )
    }
}

impl std::error::Error for AllowlistMismatch {}

/// A change that may still be made, or was made and overwritten.
#[derive(Debug)]
pub struct OutcomeUnknown {
    pub(crate) sent: IpAllowlist,
    pub(crate) found: Option<StoredAllowlist>,
    pub(crate) source: Option<Error>,
}

impl OutcomeUnknown {
    /// What was sent.
    pub fn sent(&self) -> &IpAllowlist {
        &self.sent
    }

    /// The list that stood when it was read again; nothing if it could not be read.
    pub fn found(&self) -> Option<&StoredAllowlist> {
        self.found.as_ref()
    }
}

impl fmt::Display for OutcomeUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sent {}; no answer shows it, and ", self.sent)?;
        match &self.found {
            Some(found) => write!(f, "afterwards the list was: {found}")?,
            None => f.write_str("the list could not be read again")?,
        }
        f.write_str("; the change can still arrive, so read the list again before you repeat it")
    }
}

impl std::error::Error for OutcomeUnknown {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source
            .as_ref()
            .map(|source| source as &(dyn std::error::Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::WouldLockOut;

    #[test]
    fn many_addresses_make_a_short_text() {
        let shown = |count: u8| {
            let addresses = (1..=count).map(|last| [192, 0, 2, last].into()).collect();
            WouldLockOut { addresses }.to_string()
        };
        assert!(
            shown(1).starts_with("outside the new list: 192.0.2.1; "),
            "{}",
            shown(1)
        );
        assert!(!shown(5).contains("more"), "{}", shown(5));
        assert!(shown(6).contains("192.0.2.5 and 1 more"), "{}", shown(6));
        assert!(shown(200).contains("and 195 more"), "{}", shown(200));
    }
}
