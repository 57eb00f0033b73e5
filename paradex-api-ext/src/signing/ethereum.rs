//! Signatures of Ethereum accounts.

use std::fmt;

use paradex_api::Secret;
use zeroize::{Zeroize, Zeroizing};

use super::error::{SigningError, SigningErrorKind};
use super::felt::{read_hex, write_hex};

/// A signature of an Ethereum account: r, s and v, which is 27 or 28.
///
/// That of the derivation message gives the account's Starknet key, so it is kept like a key: not shown, not
/// cloned, overwritten when dropped. A wallet can make one, and so can the key type of the feature `evm`.
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
    /// Reads `0x` and exactly 130 digits.
    ///
    /// # Errors
    ///
    /// It is no such text, or the last byte is neither 27 nor 28.
    pub fn from_hex(text: impl Into<Secret>) -> Result<Self, SigningError> {
        let text = text.into();
        let mut bytes = Zeroizing::new([0; 65]);
        read_hex(text.expose(), bytes.as_mut_slice()).map_err(refuse)?;
        if text.expose().len() != 132 {
            return Err(refuse(SigningErrorKind::WrongLength));
        }
        Self::from_bytes(&bytes)
    }

    /// Takes the 65 bytes. The caller's copy is the caller's to overwrite.
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

    /// `0x` and 130 digits, as the header `PARADEX-EVM-SIGNATURE` has it.
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
