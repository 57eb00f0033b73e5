//! Why the exchange refused a change of a token, a subkey or an allowlist.
//!
//! Reasons are distinguished by the exchange's error codes, and only if a code has one meaning. A 403 has several causes
//! and no source says which code goes with which, so it is `Forbidden`, with the causes listed; code and message are in
//! the error.

use paradex_api::reqwest::StatusCode;
use paradex_api::types::ErrorCode;

use super::{ApiError, AuthenticationError, Error, ErrorClass};

/// The reasons that these calls share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
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
    pub(super) fn from_error(error: &Error) -> Self {
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
        // A page of a gateway has neither code nor message, and is not the exchange's decision.
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
