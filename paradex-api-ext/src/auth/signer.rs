//! Signers: a key in this process, or one outside of it.
//!
//! Changing allowlists needs the main account's session, and the main key should not lie on the machine that does the work. A
//! [`StarknetSigner`] sees the purpose, the account, the expiry and the fields of each message, and can recompute its hash:
//!
//! ```text
//! operator's machine                              the signer
//!   Client ── SignRequest { purpose: SignIn, .. } ──▶  policy: SignIn yes, RegisterSubkey yes, Order no
//!          ◀──────────── Signature ─────────────────  the key stays here
//!   session token, five minutes
//!          ── PUT …/allowed-cidrs ─────────────────▶  the exchange
//! ```

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::SystemTime;

use super::signer_error::SignerError;
use crate::client::environment::Environment;
use crate::signing::{
    AccountAddress, MessageHash, PublicKey, SignOptions, Signature, SigningRoute, StarknetPrivateKey,
};

/// What [`StarknetSigner::sign`] and `EthereumSigner::sign` return.
pub type SignFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, SignerError>> + Send + 'a>>;

/// What a signature is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// Signing in, which opens a session for a few minutes.
    SignIn,
    /// Creating an account at the exchange.
    Onboarding,
    /// Registering a subkey, which may then trade for the account.
    RegisterSubkey,
    /// Placing an order.
    Order,
    /// Changing an order.
    ModifyOrder,
    /// Placing an algo order (TWAP).
    AlgoOrder,
    /// Agreeing to a block trade, or offering one.
    BlockTrade,
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::SignIn => "sign in",
            Self::Onboarding => "onboarding",
            Self::RegisterSubkey => "register a subkey",
            Self::Order => "order",
            Self::ModifyOrder => "modify an order",
            Self::AlgoOrder => "algo order",
            Self::BlockTrade => "block trade",
        })
    }
}

/// A message to sign, with everything that a signer needs to decide whether to sign it.
///
/// A signer outside of this process (a hardware module, a service, a wallet) can compute the hash from the fields, with
/// [`MessagePrefix`](crate::signing::MessagePrefix), instead of trusting it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignRequest {
    /// What the signature is for.
    pub purpose: Purpose,
    /// The environment that the signature is for.
    pub environment: Environment,
    /// The chain id in the signed domain.
    pub chain_id: String,
    /// The account that signs; for a subkey, the main account.
    pub account: AccountAddress,
    /// When the signature expires, if the message says so.
    pub expires_at: Option<SystemTime>,
    /// The fields of the message, by name, as text.
    pub fields: Vec<(&'static str, String)>,
    /// The SNIP-12 hash to sign.
    pub hash: MessageHash,
}

/// Signs with a Starknet key, in this process or outside of it.
///
/// ```
/// use paradex_api_ext::auth::{Purpose, SignFuture, SignRequest, SignerError, StarknetSigner};
/// use paradex_api_ext::signing::{PublicKey, Signature, StarknetPrivateKey};
///
/// /// Signs in and refuses everything else.
/// struct SignInOnly(StarknetPrivateKey);
///
/// impl StarknetSigner for SignInOnly {
///     fn public_key(&self) -> PublicKey {
///         self.0.public_key()
///     }
///
///     fn sign<'a>(&'a self, request: &'a SignRequest) -> SignFuture<'a, Signature> {
///         Box::pin(async move {
///             match request.purpose {
///                 Purpose::SignIn => Ok(self.0.sign(&request.hash)?),
///                 other => Err(SignerError::refused(format!("this key does not sign for: {other}"))),
///             }
///         })
///     }
/// }
/// ```
#[doc(alias("wallet", "hsm", "kms", "hardware_wallet", "remote_signer"))]
pub trait StarknetSigner: Send + Sync + 'static {
    /// Returns the public key.
    fn public_key(&self) -> PublicKey;

    /// Signs the hash of the request, or refuses.
    ///
    /// # Errors
    ///
    /// The signer refused, or is not available.
    fn sign<'a>(&'a self, request: &'a SignRequest) -> SignFuture<'a, Signature>;
}

/// A key in this process signs every request.
impl StarknetSigner for StarknetPrivateKey {
    fn public_key(&self) -> PublicKey {
        StarknetPrivateKey::public_key(self)
    }

    fn sign<'a>(&'a self, request: &'a SignRequest) -> SignFuture<'a, Signature> {
        let signature = StarknetPrivateKey::sign(self, &request.hash).map_err(SignerError::from);
        Box::pin(std::future::ready(signature))
    }
}

/// A key in this process that signs faster, in variable time.
///
/// It signs every request, as a [`StarknetPrivateKey`] does, and gives the same signatures. The time that it takes and the memory
/// that it reads depend on the secret nonce: another tenant of the machine could recover the key. Use it only on a machine that runs
/// no code of others.
///
#[cfg_attr(feature = "signing-vartime", doc = "```")]
#[cfg_attr(not(feature = "signing-vartime"), doc = "```ignore")]
/// use paradex_api_ext::auth::KeySigner;
/// use paradex_api_ext::signing::StarknetPrivateKey;
/// use paradex_api_ext::{Credentials, Environment};
///
/// let signer = KeySigner::variable_time(StarknetPrivateKey::from_hex("0x12")?);
/// let credentials = Credentials::starknet_derived(Environment::Testnet, signer);
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
#[derive(Debug)]
#[cfg_attr(not(feature = "signing-vartime"), doc(hidden))]
pub struct KeySigner {
    key: StarknetPrivateKey,
    route: SigningRoute,
}

impl KeySigner {
    /// Creates a signer that signs in variable time.
    #[cfg(feature = "signing-vartime")]
    #[cfg_attr(docsrs, doc(cfg(feature = "signing-vartime")))]
    pub fn variable_time(key: StarknetPrivateKey) -> Self {
        Self::with_route(key, SigningRoute::VariableTime)
    }

    /// Creates a signer that signs by this route, for tests.
    #[doc(hidden)]
    pub fn with_route(key: StarknetPrivateKey, route: SigningRoute) -> Self {
        Self { key, route }
    }
}

impl StarknetSigner for KeySigner {
    fn public_key(&self) -> PublicKey {
        self.key.public_key()
    }

    fn sign<'a>(&'a self, request: &'a SignRequest) -> SignFuture<'a, Signature> {
        let options = SignOptions::new().route(self.route);
        let signature = self.key.sign_with(&request.hash, &options);
        Box::pin(std::future::ready(signature.map_err(SignerError::from)))
    }
}
