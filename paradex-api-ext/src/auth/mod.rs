//! Credentials, signers, and sessions that refresh themselves.
//!
//! ```no_run
//! use paradex_api_ext::signing::StarknetPrivateKey;
//! use paradex_api_ext::{Client, Credentials, Environment};
//!
//! # async fn example(text: String) -> Result<(), Box<dyn std::error::Error>> {
//! let key = StarknetPrivateKey::from_hex(text)?;
//! let client = Client::builder(Environment::Testnet)
//!     .credentials(Credentials::starknet_derived(Environment::Testnet, key))
//!     .build()?;
//! // The first call that needs a token signs in.
//! println!("{}", client.tokens().list().send().await?.len());
//! # Ok(())
//! # }
//! ```
//!
//! Without the feature `signing`, which is on by default, the only credentials are bearer tokens.
//!
//! # Sessions
//!
//! The access token (JWT) of a session lives five minutes at the exchange. A client with a key fetches it when the first call
//! needs one and refreshes it in the background after three minutes. If the exchange rejects it, the client signs in again and
//! repeats the call once. Concurrent calls share one refresh.
//!
//! # Keys outside of this process
//!
//! Implement [`StarknetSigner`] for a hardware module, a wallet or a signing service. It gets a [`SignRequest`] with the purpose,
//! environment, account, expiry and fields of the message, and can refuse what it should not sign.
//!
//! A `reqwest` client that you build yourself panics without a cryptography provider; call
//! [`install_default_provider`](paradex_api::tls::install_default_provider) first.
//!
//! # Secrets in memory
//!
//! Keys are zeroed in memory when they are dropped, and so is the text of a token that was passed in. Not zeroed are: the
//! header that carries a token, which belongs to the HTTP library; the copies of a scalar that the curve library has on its
//! stack while it signs; and the environment variables of the process, for as long as it runs.

#[cfg(feature = "signing")]
mod account_signer;
mod credentials;
mod env_credentials;
#[cfg(feature = "evm")]
mod ethereum;
#[cfg(feature = "signing")]
mod onboarding;
mod provider;
mod renewal;
pub(crate) mod secret_file;
mod session;
mod session_source;
mod sign_in;
#[cfg(feature = "signing")]
mod signer;
mod signer_error;
#[cfg(feature = "signing")]
mod starknet_key;
#[cfg(not(feature = "signing"))]
#[path = "no_starknet_key.rs"]
mod starknet_key;
mod token_cache;
mod token_info;

pub use credentials::{Credentials, SessionKind};
#[cfg(feature = "evm")]
pub use ethereum::{EthereumSignRequest, EthereumSigner};
pub use provider::{CredentialFuture, CredentialProvider};
pub use sign_in::{AccountMismatch, ChainIdMismatch, ConfigError, SignInError};
pub use signer_error::SignerError;
pub use token_info::TokenInfo;
#[cfg(feature = "signing")]
#[cfg_attr(docsrs, doc(cfg(feature = "signing")))]
pub use {
    onboarding::Onboarding,
    signer::{KeySigner, Purpose, SignFuture, SignRequest, StarknetSigner},
};

#[cfg(feature = "signing")]
pub(crate) use account_signer::AccountSigner;
#[cfg(feature = "fleet")]
pub(crate) use env_credentials::SECRET_SUFFIXES;
pub(crate) use env_credentials::from_variables;
#[cfg(feature = "fleet")]
#[doc(hidden)]
pub use env_credentials::{credential_place, variable_prefix};
#[cfg(feature = "evm")]
pub(crate) use ethereum::register as register_subkey;
pub(crate) use session::Session;
pub(crate) use session_source::SessionSource;
#[cfg(feature = "fleet")]
pub(crate) use starknet_key::{main_key, subkey};
pub(crate) use token_cache::TokenCache;
