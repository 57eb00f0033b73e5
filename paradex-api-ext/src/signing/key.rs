//! Starknet keys and their signatures.

use std::fmt;
use std::hint::black_box;
use std::str::FromStr;

use crypto_bigint::U256;
use paradex_api::Secret;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use starknet_rust_crypto::rfc6979_generate_k;
use starknet_types_core::curve::AffinePoint;
use starknet_types_core::felt::Felt as Inner;
use zeroize::{Zeroize, Zeroizing};

use super::error::{SigningError, SigningErrorKind};
use super::ethereum::EthereumSignature;
use super::felt::{Felt, read_hex};
use super::field::felt;
use super::message::MessageHash;
use super::table::{self, ORDER};

/// The largest hash, r and s of a signature: 2^251 - 1, in big-endian order.
const LARGEST: [u8; 32] = {
    let mut bytes = [u8::MAX; 32];
    bytes[0] = 7;
    bytes
};

/// A Starknet private key: an account's own, or that of a subkey.
///
/// ```
/// use paradex_api_ext::signing::{MessagePrefix, StarknetPrivateKey};
///
/// # fn from_your_vault() -> &'static str { "0x3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3cc" }
/// let key = StarknetPrivateKey::from_hex(from_your_vault())?;
/// assert!(!format!("{key:?}").contains("3c1e95"));
///
/// let prefix = MessagePrefix::new("PRIVATE_SN_PARACLEAR_MAINNET", "0x1234".parse()?)?;
/// let hash = prefix.onboarding();
/// let signature = key.sign(&hash)?;
/// assert!(key.public_key().verify(&hash, &signature));
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
///
/// It signs and returns its public key. It cannot be shown, serialised or cloned (share it with an `Arc`), and its memory is
/// zeroed when it is dropped. While it signs, copies are on the stack, which are zeroed as far as safe Rust allows.
#[doc(alias("stark_key", "l2_key", "secret_key", "api_secret", "wallet"))]
pub struct StarknetPrivateKey {
    // Boxed, so that moving the key leaves no copy behind.
    scalar: Box<[u8; 32]>,
    public: PublicKey,
}

impl StarknetPrivateKey {
    /// Parses hexadecimal text: `0x` and 1 to 64 digits. Some tools drop leading zeros.
    ///
    /// # Errors
    ///
    /// The text is malformed, or the number is 0 or not below the order of the curve.
    pub fn from_hex(text: impl Into<Secret>) -> Result<Self, SigningError> {
        let mut bytes = Zeroizing::new([0; 32]);
        read_hex(text.into().expose(), bytes.as_mut()).map_err(refuse_key)?;
        Self::from_bytes(&bytes)
    }

    /// Creates a key from 32 bytes in big-endian order. The caller should zero its own copy.
    ///
    /// # Errors
    ///
    /// The number is 0 or not below the order of the curve.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, SigningError> {
        let number = Zeroizing::new(U256::from_be_slice(bytes));
        if *number == U256::ZERO {
            return Err(refuse_key(SigningErrorKind::Zero));
        }
        if *number >= *ORDER {
            return Err(refuse_key(SigningErrorKind::TooLarge));
        }
        let mut scalar = Inner::from_bytes_be(bytes);
        let public = PublicKey(felt(&table::generator_multiple(&scalar)));
        wipe(&mut scalar);
        Ok(Self {
            scalar: Box::new(*bytes),
            public,
        })
    }

    /// Derives the Starknet key of an Ethereum account from its signature of the key derivation message.
    ///
    /// All 32 bytes of the signature's r are hashed, as the exchange's web application does.
    ///
    /// # Errors
    ///
    /// The probability of an error is negligible.
    #[doc(alias("derive", "grind"))]
    pub fn from_ethereum_signature(signature: &EthereumSignature) -> Result<Self, SigningError> {
        Self::grind(signature.r())
    }

    /// Derives the Starknet key as the exchange's Python SDK does, which strips leading zero bytes of r.
    ///
    /// One signature in 256 has a leading zero byte and gives another key than
    /// [`from_ethereum_signature`](Self::from_ethereum_signature). Use this for an account that was created with that SDK.
    ///
    /// # Errors
    ///
    /// The probability of an error is negligible.
    pub fn from_ethereum_signature_stripped(signature: &EthereumSignature) -> Result<Self, SigningError> {
        let mut seed = signature.r();
        while let [0, rest @ ..] = seed {
            seed = rest;
        }
        Self::grind(seed)
    }

    /// Key grinding: hashes the seed with a counter until the number can be reduced without bias.
    fn grind(seed: &[u8]) -> Result<Self, SigningError> {
        // 2^256 divided by the order is 31 and a remainder.
        let limit = ORDER.wrapping_mul(&U256::from_u8(31));
        for index in 0..=u8::MAX {
            let mut hash: Zeroizing<[u8; 32]> = Zeroizing::new(
                Sha256::new()
                    .chain_update(seed)
                    .chain_update([index])
                    .finalize()
                    .into(),
            );
            let number = Zeroizing::new(U256::from_be_slice(hash.as_slice()));
            if *number < limit {
                let rest = Zeroizing::new(number.rem(&ORDER));
                hash.copy_from_slice(rest.to_be_bytes().as_ref());
                return Self::from_bytes(&hash);
            }
        }
        Err(refuse_key(SigningErrorKind::Exhausted))
    }

    /// Returns the public key.
    pub const fn public_key(&self) -> PublicKey {
        self.public
    }

    /// Signs a hash by ECDSA with a deterministic nonce (RFC 6979): the same key and hash give the same signature.
    ///
    /// # Errors
    ///
    /// The hash is not below 2^251, which happens to one hash in 2^55.
    pub fn sign(&self, hash: &MessageHash) -> Result<Signature, SigningError> {
        self.sign_with(hash, &SignOptions::new())
    }

    /// Signs with options, for tests and benchmarks.
    ///
    /// # Errors
    ///
    /// As [`sign`](Self::sign).
    #[doc(hidden)]
    pub fn sign_with(&self, hash: &MessageHash, options: &SignOptions) -> Result<Signature, SigningError> {
        let hash = hash.felt();
        if hash.to_bytes() > LARGEST {
            return Err(SigningError::new("message hash", SigningErrorKind::TooLarge));
        }
        let hash = hash.inner();
        let mut seed = options.entropy.as_ref().map(|bytes| Inner::from_bytes_be(bytes));
        let mut scalar = Inner::from_bytes_be(&self.scalar);
        let mut signature = None;
        // One nonce in 2^54 cannot be used. Then increment the seed, as the callers within the library do.
        for _ in 0..4 {
            let mut nonce = rfc6979_generate_k(&hash, &scalar, seed.as_ref());
            signature = match options.route {
                SigningRoute::Library => starknet_rust_crypto::sign(&scalar, &hash, &nonce)
                    .ok()
                    .map(|signature| (signature.r, signature.s)),
                SigningRoute::Table => table::sign(&scalar, &hash, &nonce),
                #[cfg(feature = "signing-vartime")]
                SigningRoute::VariableTime => table::sign_vartime(&scalar, &hash, &nonce),
            };
            wipe(&mut nonce);
            if signature.is_some() {
                break;
            }
            seed = Some(seed.unwrap_or(Inner::ZERO) + Inner::ONE);
        }
        wipe(&mut scalar);
        seed.as_mut().map(wipe);
        match signature {
            Some((r, s)) => Signature::new(felt(&r), felt(&s)),
            None => Err(SigningError::new("nonce", SigningErrorKind::Exhausted)),
        }
    }
}

impl Drop for StarknetPrivateKey {
    fn drop(&mut self) {
        self.scalar.zeroize();
    }
}

impl fmt::Debug for StarknetPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StarknetPrivateKey")
            .field("public_key", &self.public)
            .finish_non_exhaustive()
    }
}

const fn refuse_key(kind: SigningErrorKind) -> SigningError {
    SigningError::new("private key", kind)
}

/// Zeroes a number of the library, which cannot do so itself. `black_box` keeps the compiler from removing the write.
fn wipe(value: &mut Inner) {
    *value = Inner::ZERO;
    black_box(value);
}

/// How the generator is multiplied by the nonce. All routes give the same signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
#[doc(hidden)]
pub enum SigningRoute {
    /// A precomputed table, read so that neither branches nor addresses depend on the nonce.
    ///
    /// The table has 51 KiB. It takes about 7 ms to compute, when the first key is created; creating a key uses it on every route.
    #[default]
    Table,
    /// The library's own signing. It is about 7 times slower and branches on the bits of the nonce.
    Library,
    /// A larger table, of which only the needed point is read, and a faster inverse: three quarters of the time of
    /// [`Table`](Self::Table).
    ///
    /// The addresses that it reads depend on the nonce. An attacker who can observe the processor's cache, or measure the time
    /// precisely, can recover the key. Only for a machine that runs no code of others. The table has 256 KiB and takes about
    /// 30 ms to compute, at the first use.
    #[cfg(feature = "signing-vartime")]
    #[cfg_attr(docsrs, doc(cfg(feature = "signing-vartime")))]
    VariableTime,
}

/// Options of [`StarknetPrivateKey::sign_with`].
///
/// ```
/// use paradex_api_ext::signing::{Felt, MessageHash, SignOptions, SigningRoute, StarknetPrivateKey};
///
/// # fn random_bytes() -> [u8; 32] { [7; 32] }
/// let key = StarknetPrivateKey::from_hex("0x12")?;
/// let hash = MessageHash::from(Felt::from(42u64));
///
/// let by_library = key.sign_with(&hash, &SignOptions::new().route(SigningRoute::Library))?;
/// assert_eq!(by_library, key.sign(&hash)?);
///
/// let hedged = key.sign_with(&hash, &SignOptions::new().entropy(random_bytes()))?;
/// assert_ne!(hedged, by_library);
/// assert!(key.public_key().verify(&hash, &hedged));
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
#[derive(Default)]
#[doc(hidden)]
pub struct SignOptions {
    route: SigningRoute,
    entropy: Option<Zeroizing<[u8; 32]>>,
}

impl SignOptions {
    /// Creates options with [`SigningRoute::Table`] and no entropy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the route.
    #[must_use]
    pub fn route(mut self, route: SigningRoute) -> Self {
        self.route = route;
        self
    }

    /// Mixes these bytes into the nonce (RFC 6979, section 3.6), so that signing a hash twice uses two nonces. This makes
    /// fault and timing attacks harder.
    ///
    /// The bytes are reduced modulo the field's prime, and 0 is the same as none. Bytes that are not random do no harm.
    #[must_use]
    pub fn entropy(mut self, bytes: [u8; 32]) -> Self {
        self.entropy = Some(Zeroizing::new(bytes));
        self
    }
}

impl fmt::Debug for SignOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignOptions")
            .field("route", &self.route)
            .field("hedged", &self.entropy.is_some())
            .finish()
    }
}

/// A Starknet public key: the x coordinate of a point on the curve.
///
/// ```
/// use paradex_api_ext::signing::PublicKey;
///
/// let key: PublicKey = "0x077a3b314db07c45076d11f62b6f9e748a39790441823307743cf00d6597ea43".parse()?;
/// assert_eq!(key.to_string(), "0x77a3b314db07c45076d11f62b6f9e748a39790441823307743cf00d6597ea43");
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[doc(alias("stark_key", "l2_key"))]
pub struct PublicKey(Felt);

impl PublicKey {
    /// Returns whether this key has signed this hash with this signature.
    pub fn verify(&self, hash: &MessageHash, signature: &Signature) -> bool {
        let Signature { r, s } = signature;
        // An error means a value out of range, which no signature has.
        starknet_rust_crypto::verify(&self.0.inner(), &hash.felt().inner(), &r.inner(), &s.inner())
            .unwrap_or(false)
    }

    /// Returns the key as a field element.
    pub const fn felt(&self) -> Felt {
        self.0
    }
}

/// Parses hexadecimal text, with or without leading zeros. It must be a point on the curve.
impl FromStr for PublicKey {
    type Err = SigningError;

    fn from_str(text: &str) -> Result<Self, SigningError> {
        let key = Felt::from_hex_within(text, &[u8::MAX; 32], "public key")?;
        match AffinePoint::new_from_x(&key.inner(), false) {
            Some(_) => Ok(Self(key)),
            None => Err(SigningError::new("public key", SigningErrorKind::NotOnCurve)),
        }
    }
}

impl TryFrom<String> for PublicKey {
    type Error = SigningError;

    fn try_from(text: String) -> Result<Self, SigningError> {
        text.parse()
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

/// An ECDSA signature of a Starknet key. `Debug` does not show it, because it could be used until it expires.
///
/// ```
/// use paradex_api_ext::signing::{Felt, Signature};
///
/// let signature = Signature::new(Felt::from(10u64), Felt::from(255u64))?;
/// assert_eq!(signature.to_wire().expose(), r#"["10","255"]"#);
/// assert_eq!(signature.to_hex_pair().map(|part| part.expose().to_owned()), ["0xa", "0xff"]);
/// assert_eq!(Signature::from_wire(r#"["10","255"]"#)?, signature);
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    r: Felt,
    s: Felt,
}

impl Signature {
    /// Creates a signature from its two numbers.
    ///
    /// # Errors
    ///
    /// One of them is 0 or not below 2^251.
    pub fn new(r: Felt, s: Felt) -> Result<Self, SigningError> {
        Ok(Self {
            r: r.within(&LARGEST, "signature r")?,
            s: s.within(&LARGEST, "signature s")?,
        })
    }

    /// Parses the form of [`to_wire`](Self::to_wire).
    ///
    /// # Errors
    ///
    /// The text does not have exactly that form, or a number is out of range.
    pub fn from_wire(text: &str) -> Result<Self, SigningError> {
        let (r, s) = text
            .strip_prefix("[\"")
            .and_then(|rest| rest.strip_suffix("\"]"))
            .and_then(|rest| rest.split_once("\",\""))
            .ok_or(SigningError::new("signature", SigningErrorKind::Malformed))?;
        let read = |text, field| Felt::from_decimal(text).map_err(|error| error.with_field(field));
        Self::new(read(r, "signature r")?, read(s, "signature s")?)
    }

    /// Returns the form of headers and JSON fields: `["<r>","<s>"]`, decimal, without spaces.
    pub fn to_wire(&self) -> Secret {
        Secret::new(format!(
            "[\"{}\",\"{}\"]",
            self.r.to_decimal(),
            self.s.to_decimal()
        ))
    }

    /// Returns r and s as hexadecimal texts, the form for the registration of a subkey.
    pub fn to_hex_pair(&self) -> [Secret; 2] {
        [self.r, self.s].map(|part| Secret::new(part.to_string()))
    }

    /// Returns r and s as decimal texts, the form for a block trade.
    pub fn to_decimal_pair(&self) -> [Secret; 2] {
        [self.r, self.s].map(|part| Secret::new(part.to_decimal()))
    }

    /// Returns r.
    pub const fn r(&self) -> Felt {
        self.r
    }

    /// Returns s.
    pub const fn s(&self) -> Felt {
        self.s
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}
