//! Credentials, signers, and the session that keeps itself alive.
//!
//! A session's token lives five minutes at the exchange. A client with a key fetches it when the first call needs one,
//! renews it in passing after three minutes, and replaces it when the exchange does not take it any more; the call that
//! found out is sent once more. None of that is visible, except that it takes place.
//!
//! # Keys outside of this process
//!
//! Whatever signs can stand behind [`StarknetSigner`]: it gets a [`SignRequest`] with purpose, environment, account, expiry
//! and the fields of the message, and can refuse what it should not sign.
//!
//! # What is kept where
//!
//! Keys are overwritten in memory when they are dropped, and so is the text of a token that was given. What is not: the
//! header in which a token travels, which is the HTTP library's; the copies of a scalar that the curve library has on its
//! stack while it signs; and the environment variables of the process, for as long as it runs.

mod credentials;
#[cfg(feature = "evm")]
mod ethereum;
mod onboarding;
mod policy;
mod provider;
pub(crate) mod secret_source;
mod session;
mod sign_in;
mod signer;
mod signing;
mod token_info;

pub use credentials::{Credentials, SessionKind};
#[cfg(feature = "evm")]
pub use ethereum::{EthereumSignRequest, EthereumSigner};
pub use onboarding::Onboarding;
pub use provider::{CredentialFuture, CredentialProvider};
pub use sign_in::{AccountMismatch, ChainIdMismatch, ConfigError, SignInError};
pub use signer::{KeySigner, Purpose, SignFuture, SignRequest, SignerError, StarknetSigner};
pub use token_info::TokenInfo;

#[cfg(feature = "evm")]
pub(crate) use ethereum::register as register_subkey;
pub(crate) use provider::SessionSource;
pub(crate) use secret_source::from_variables;
pub(crate) use session::{Session, TokenCache};
pub(crate) use signing::Signing;
