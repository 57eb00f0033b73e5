//! Signatures of Ethereum keys.

use std::fmt;

use paradex_api::Secret;
use zeroize::{Zeroize, Zeroizing};

use super::error::{SigningError, SigningErrorKind};
use super::felt::{read_hex, write_hex};

/// An ECDSA signature of an Ethereum key: r, s and v, which is 27 or 28.
///
/// The account's Starknet key is derived from the signature of one message, so a signature is treated like a key: not shown,
/// not cloned, zeroed when dropped. A wallet makes one, or `EthereumPrivateKey` of the feature `evm`.
///
/// ```
/// use paradex_api_ext::signing::{EthereumSignature, StarknetPrivateKey};
///
/// # fn from_the_wallet() -> String { format!("0x{}1b", "12".repeat(64)) }
/// let signature = EthereumSignature::from_hex(from_the_wallet())?;
/// let key = StarknetPrivateKey::from_ethereum_signature(&signature)?;
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
pub struct EthereumSignature(Box<[u8; 65]>);

impl EthereumSignature {
    /// Parses `0x` and exactly 130 digits.
    ///
    /// # Errors
    ///
    /// The text is malformed, or its last byte is neither 27 nor 28.
    pub fn from_hex(text: impl Into<Secret>) -> Result<Self, SigningError> {
        let text = text.into();
        let mut bytes = Zeroizing::new([0; 65]);
        read_hex(text.expose(), bytes.as_mut_slice()).map_err(refuse)?;
        if text.expose().len() != 132 {
            return Err(refuse(SigningErrorKind::WrongLength));
        }
        Self::from_bytes(&bytes)
    }

    /// Creates a signature from its 65 bytes. The caller should zero its own copy.
    ///
    /// # Errors
    ///
    /// The last byte is neither 27 nor 28.
    pub fn from_bytes(bytes: &[u8; 65]) -> Result<Self, SigningError> {
        match bytes.last() {
            Some(27 | 28) => Ok(Self(Box::new(*bytes))),
            _ => Err(refuse(SigningErrorKind::RecoveryId)),
        }
    }

    /// Returns `0x` and 130 digits, as in the header `PARADEX-EVM-SIGNATURE`.
    pub fn to_hex(&self) -> Secret {
        Secret::new(write_hex(self.0.as_slice()))
    }

    pub(super) fn r(&self) -> &[u8] {
        self.0.split_at(32).0
    }
}

impl Drop for EthereumSignature {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for EthereumSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EthereumSignature(..)")
    }
}

const fn refuse(kind: SigningErrorKind) -> SigningError {
    SigningError::new("Ethereum signature", kind)
}
