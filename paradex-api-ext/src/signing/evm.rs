//! Ethereum keys, and the sign-in texts (SIWE) that they sign.

use std::fmt;
use std::time::SystemTime;

use k256::ecdsa::SigningKey;
use paradex_api::Secret;
use sha3::{Digest, Keccak256};
use zeroize::Zeroizing;

use super::address::EthereumAddress;
use super::error::{SigningError, SigningErrorKind};
use super::ethereum::EthereumSignature;
use super::felt::{read_hex, write_hex};
use super::key::PublicKey;
use crate::time::rfc3339;

/// The private key of an Ethereum account.
///
/// As with [`StarknetPrivateKey`](super::StarknetPrivateKey), it cannot be shown, serialised or cloned, and its memory is zeroed
/// when it is dropped.
///
/// ```
/// use paradex_api_ext::signing::{EthereumPrivateKey, StarknetPrivateKey};
///
/// # fn from_your_vault() -> &'static str { "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80" }
/// let key = EthereumPrivateKey::from_hex(from_your_vault())?;
/// assert_eq!(key.address().to_checksum(), "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
///
/// // The Starknet key that is derived from it on testnet.
/// let starknet = StarknetPrivateKey::from_ethereum_signature(&key.sign_derivation(11_155_111)?)?;
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
#[doc(alias("wallet", "secp256k1"))]
pub struct EthereumPrivateKey(Box<SigningKey>);

impl EthereumPrivateKey {
    /// Parses hexadecimal text: `0x` and 1 to 64 digits.
    ///
    /// # Errors
    ///
    /// The text is malformed, or the number is 0 or not below the order of the curve.
    pub fn from_hex(text: impl Into<Secret>) -> Result<Self, SigningError> {
        let mut bytes = Zeroizing::new([0; 32]);
        read_hex(text.into().expose(), bytes.as_mut_slice())
            .map_err(|kind| SigningError::new("Ethereum private key", kind))?;
        Self::from_bytes(&bytes)
    }

    /// Creates a key from 32 bytes in big-endian order. The caller should zero its own copy.
    ///
    /// # Errors
    ///
    /// The number is 0 or not below the order of the curve.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, SigningError> {
        SigningKey::from_slice(bytes)
            .map(|key| Self(Box::new(key)))
            .map_err(|_| {
                // The only invalid number with a leading zero byte is 0.
                let kind = match bytes {
                    [0, ..] => SigningErrorKind::Zero,
                    _ => SigningErrorKind::TooLarge,
                };
                SigningError::new("Ethereum private key", kind)
            })
    }

    /// Returns the address.
    pub fn address(&self) -> EthereumAddress {
        let point = self.0.verifying_key().to_sec1_point(false);
        // The first byte marks the uncompressed form.
        let coordinates = point.as_bytes().get(1..).unwrap_or_default();
        let [_, _, _, _, _, _, _, _, _, _, _, _, address @ ..] = keccak(&[coordinates]);
        EthereumAddress::from_bytes(address)
    }

    /// Returns the uncompressed public key, `0x04` and 128 digits: the `public_key` of onboarding.
    pub fn uncompressed_public_key(&self) -> String {
        write_hex(self.0.verifying_key().to_sec1_point(false).as_bytes())
    }

    /// Signs a text as wallets do (`personal_sign`, EIP-191).
    ///
    /// # Errors
    ///
    /// The probability of an error is negligible.
    pub fn sign_personal(&self, text: &str) -> Result<EthereumSignature, SigningError> {
        let length = text.len().to_string();
        self.sign_hash(&keccak(&[
            b"\x19Ethereum Signed Message:\n",
            length.as_bytes(),
            text.as_bytes(),
        ]))
    }

    /// Signs the message from whose signature the account's Starknet key is derived; see [`derivation_hash`].
    ///
    /// # Errors
    ///
    /// The probability of an error is negligible.
    pub fn sign_derivation(&self, l1_chain_id: u64) -> Result<EthereumSignature, SigningError> {
        self.sign_hash(&derivation_hash(l1_chain_id))
    }

    fn sign_hash(&self, hash: &[u8; 32]) -> Result<EthereumSignature, SigningError> {
        let (signature, recovery) = self.0.sign_prehash_recoverable(hash);
        let mut bytes = Zeroizing::new([27; 65]);
        for (byte, signed) in bytes.iter_mut().zip(signature.to_bytes()) {
            *byte = signed;
        }
        if let Some(v) = bytes.last_mut() {
            *v += recovery.to_byte();
        }
        EthereumSignature::from_bytes(&bytes)
    }
}

impl fmt::Debug for EthereumPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EthereumPrivateKey({}, ..)", self.address())
    }
}

impl EthereumAddress {
    /// Returns the address with a checksum in the case of its letters (EIP-55).
    pub fn to_checksum(&self) -> String {
        let text = self.to_string();
        let digits = text.trim_start_matches("0x");
        let hash = keccak(&[digits.as_bytes()]);
        let nibbles = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let cased = digits.chars().zip(nibbles).map(|(digit, nibble)| match nibble {
            8.. => digit.to_ascii_uppercase(),
            _ => digit,
        });
        "0x".chars().chain(cased).collect()
    }
}

/// Computes the EIP-712 hash of the message from whose signature the Starknet key of an account is derived.
///
/// The domain is `Paradex`, version 1, on the Ethereum chain that `GET /system/config` names as `l1_chain_id`. The message is a
/// `Constant` whose `action` is `STARK Key`.
#[doc(alias("eip712", "stark_key"))]
pub fn derivation_hash(l1_chain_id: u64) -> [u8; 32] {
    let mut chain_id = [0; 32];
    for (byte, value) in chain_id.iter_mut().rev().zip(l1_chain_id.to_le_bytes()) {
        *byte = value;
    }
    let domain = keccak(&[
        &keccak(&[b"EIP712Domain(string name,string version,uint256 chainId)"]),
        &keccak(&[b"Paradex"]),
        &keccak(&[b"1"]),
        &chain_id,
    ]);
    let message = keccak(&[&keccak(&[b"Constant(string action)"]), &keccak(&[b"STARK Key"])]);
    keccak(&[b"\x19\x01", &domain, &message])
}

fn keccak(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Keccak256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// A text by which an Ethereum account signs in (ERC-4361, Sign-In with Ethereum).
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use paradex_api_ext::signing::{EthereumPrivateKey, SiweMessage, SiwePurpose};
///
/// # fn random_bytes() -> [u8; 16] { [7; 16] }
/// let key = EthereumPrivateKey::from_hex("0x12")?;
/// let now = SystemTime::now();
/// let text = SiweMessage {
///     domain: "app.testnet.paradex.trade".to_owned(),
///     address: key.address(),
///     l1_chain_id: 11_155_111,
///     nonce: random_bytes(),
///     issued_at: now,
///     purpose: SiwePurpose::Auth { expires_at: now + Duration::from_secs(300) },
/// }
/// .text()?;
/// let signature = key.sign_personal(&text)?;
/// # let _ = signature;
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[doc(alias("SignIn", "erc4361", "eip4361"))]
pub struct SiweMessage {
    /// The host of the web application, such as `app.paradex.trade`.
    pub domain: String,
    /// The address that signs.
    pub address: EthereumAddress,
    /// The Ethereum chain id: 1 for production, 11155111 (Sepolia) for testnet.
    pub l1_chain_id: u64,
    /// Random bytes that were never used before.
    pub nonce: [u8; 16],
    /// The current time. Fractions of a second are dropped.
    pub issued_at: SystemTime,
    /// What the text is for.
    pub purpose: SiwePurpose,
}

/// What a [`SiweMessage`] is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SiwePurpose {
    /// Opening a session.
    Auth {
        /// When the text expires; 5 minutes are usual.
        expires_at: SystemTime,
    },
    /// Creating an account.
    Onboarding,
    /// Registering a subkey.
    SubkeyRegistration {
        /// The subkey.
        subkey: PublicKey,
        /// When the text expires; 5 minutes are usual.
        expires_at: SystemTime,
    },
}

impl SiweMessage {
    /// Returns the text, with line feeds between its lines and none at its end. Sign it with
    /// [`sign_personal`](EthereumPrivateKey::sign_personal) or a wallet.
    ///
    /// # Errors
    ///
    /// The domain is not a host, a time is out of range, or the text expires before it is issued.
    pub fn text(&self) -> Result<String, SigningError> {
        let Self { domain, address, .. } = self;
        if domain.is_empty() {
            return Err(SigningError::new("domain", SigningErrorKind::Empty));
        }
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:".contains(&byte);
        if !domain.bytes().all(allowed) {
            return Err(SigningError::new("domain", SigningErrorKind::InvalidHost));
        }
        let (statement, expires_at) = match self.purpose {
            SiwePurpose::Auth { expires_at } => ("Paradex Auth".to_owned(), Some(expires_at)),
            SiwePurpose::Onboarding => ("Paradex Onboarding".to_owned(), None),
            SiwePurpose::SubkeyRegistration { subkey, expires_at } => {
                (format!("Paradex Subkey Registration: {subkey}"), Some(expires_at))
            }
        };
        let nonce = write_hex(&self.nonce);
        let issued_at = rfc3339_text(self.issued_at, "issued at")?;
        let mut text = format!(
            "{domain} wants you to sign in with your Ethereum account:\n{}\n\n{statement}\n\n\
             URI: https://{domain}\nVersion: 1\nChain ID: {}\nNonce: {}\nIssued At: {}",
            address.to_checksum(),
            self.l1_chain_id,
            nonce.trim_start_matches("0x"),
            issued_at,
        );
        if let Some(expires_at) = expires_at {
            let expires_at = rfc3339_text(expires_at, "expiration time")?;
            // RFC 3339 texts compare as their times do.
            if expires_at <= issued_at {
                return Err(SigningError::new(
                    "expiration time",
                    SigningErrorKind::InvalidExpiry,
                ));
            }
            text.push_str("\nExpiration Time: ");
            text.push_str(&expires_at);
        }
        Ok(text)
    }
}

fn rfc3339_text(time: SystemTime, field: &'static str) -> Result<String, SigningError> {
    rfc3339(time).ok_or(SigningError::new(field, SigningErrorKind::TimeOutOfRange))
}
