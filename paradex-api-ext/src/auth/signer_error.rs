//! A signer that did not sign.

use paradex_api::BoxError;

use crate::signing::SigningError;

/// Why a signer did not sign: it refused, or it is not available.
///
/// ```
/// use paradex_api_ext::auth::SignerError;
///
/// assert!(SignerError::refused("no orders above 10 BTC").is_refusal());
/// let offline = std::io::Error::other("no device");
/// assert!(!SignerError::unavailable("plug in the wallet", offline).is_refusal());
/// ```
#[derive(Debug, thiserror::Error)]
#[error("the signer {}: {text}", if *.refused { "refused" } else { "is not available" })]
pub struct SignerError {
    refused: bool,
    text: String,
    source: Option<BoxError>,
}

impl SignerError {
    /// Creates the error of a signer that will not sign this message. Asking again does not help.
    pub fn refused(why: impl Into<String>) -> Self {
        Self {
            refused: true,
            text: why.into(),
            source: None,
        }
    }

    /// Creates the error of a signer that is not available: the module is not connected, the service does not respond.
    pub fn unavailable(why: impl Into<String>, source: impl Into<BoxError>) -> Self {
        Self {
            refused: false,
            text: why.into(),
            source: Some(source.into()),
        }
    }

    /// Returns whether the signer refused, so that asking again does not help.
    pub fn is_refusal(&self) -> bool {
        self.refused
    }
}

/// A hash that a key cannot sign.
impl From<SigningError> for SignerError {
    fn from(source: SigningError) -> Self {
        Self {
            refused: true,
            text: "the key cannot sign this".to_owned(),
            source: Some(source.into()),
        }
    }
}
