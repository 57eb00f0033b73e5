//! Who signs: a key in this process, or something outside of it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::SystemTime;

use paradex_api::BoxError;

use crate::client::environment::Environment;
use crate::signing::{
    AccountAddress, MessageHash, PublicKey, SignOptions, Signature, SigningError, SigningRoute,
    StarknetPrivateKey,
};

/// What a signer's method returns.
pub type SignFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, SignerError>> + Send + 'a>>;

/// What a signature is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// To sign in, which opens a session for a few minutes.
    SignIn,
    /// To make an account at the exchange.
    Onboarding,
    /// To let a subkey act for the account.
    RegisterSubkey,
    /// To place an order.
    Order,
    /// To change an order.
    ModifyOrder,
    /// To place an order that an algorithm carries out.
    AlgoOrder,
    /// To agree to a block trade or to offer one.
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

/// What is to be signed, with everything that a signer needs to decide whether it will.
///
/// A signer outside of this process (a hardware module, a service, a wallet) sees the purpose and the fields,
/// and can recompute the hash from them instead of trusting it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignRequest {
    /// What the signature is for.
    pub purpose: Purpose,
    /// The exchange that it is for.
    pub environment: Environment,
    /// The chain id that it binds to.
    pub chain_id: String,
    /// The account that it speaks for; with a subkey, the main account.
    pub account: AccountAddress,
    /// When the exchange takes it no more, where the message says so.
    pub expires_at: Option<SystemTime>,
    /// The fields of the message, by name, as text.
    pub fields: Vec<(&'static str, String)>,
    /// What the curve signs.
    pub hash: MessageHash,
}

/// Signs with a Starknet key that need not be in this process.
///
/// ```
/// use paradex_api_ext::auth::{Purpose, SignFuture, SignRequest, SignerError, StarknetSigner};
/// use paradex_api_ext::signing::{PublicKey, Signature, StarknetPrivateKey};
///
/// /// Signs in and does nothing else, whoever asks.
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
pub trait StarknetSigner: Send + Sync + 'static {
    /// The public half of the key.
    fn public_key(&self) -> PublicKey;

    /// Signs the hash of the request, or refuses.
    ///
    /// # Errors
    ///
    /// It refuses, or it cannot at present.
    fn sign<'a>(&'a self, request: &'a SignRequest) -> SignFuture<'a, Signature>;
}

/// A key in this process signs whatever it is asked to.
impl StarknetSigner for StarknetPrivateKey {
    fn public_key(&self) -> PublicKey {
        StarknetPrivateKey::public_key(self)
    }

    fn sign<'a>(&'a self, request: &'a SignRequest) -> SignFuture<'a, Signature> {
        let signature = StarknetPrivateKey::sign(self, &request.hash).map_err(SignerError::from);
        Box::pin(std::future::ready(signature))
    }
}

/// A key in this process that signs by a route of the caller's choosing.
///
/// It signs whatever it is asked to, as a [`StarknetPrivateKey`] does, and every route gives the same signature.
///
/// ```
/// use paradex_api_ext::auth::KeySigner;
/// use paradex_api_ext::signing::{SigningRoute, StarknetPrivateKey};
/// use paradex_api_ext::{Credentials, Environment};
///
/// let key = StarknetPrivateKey::from_hex("0x12")?;
/// let signer = KeySigner::new(key, SigningRoute::Library);
/// let credentials = Credentials::starknet_derived(Environment::Testnet, signer);
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
#[derive(Debug)]
pub struct KeySigner {
    key: StarknetPrivateKey,
    route: SigningRoute,
}

impl KeySigner {
    /// Signs with this key by this route.
    pub fn new(key: StarknetPrivateKey, route: SigningRoute) -> Self {
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

/// Why a signer did not sign.
#[derive(Debug, thiserror::Error)]
#[error("the signer {}: {text}", if *.refused { "refused" } else { "is not available" })]
pub struct SignerError {
    refused: bool,
    text: String,
    source: Option<BoxError>,
}

impl SignerError {
    /// Creates the error of a signer that will not sign this. Asking again does not help.
    pub fn refused(why: impl Into<String>) -> Self {
        Self {
            refused: true,
            text: why.into(),
            source: None,
        }
    }

    /// Creates the error of a signer that cannot sign at present: the device is absent, the service does not respond.
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
