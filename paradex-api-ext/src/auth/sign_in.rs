//! Signing in: from a key to a token.

use std::sync::Arc;
use std::time::Duration;

use paradex_api::reqwest::header::HeaderValue;
use paradex_api::types::{ErrorCode, SystemConfig};
use paradex_api::{Secret, visible};

use super::TokenInfo;
use super::credentials::{Credentials, Kind};
use super::signer_error::SignerError;
use crate::client::ClientGroup;
use crate::client::environment::Environment;
use crate::error::Error;
use crate::error::call::{CallFacts, call_methods};
use crate::monotonic;
use crate::signing::{AccountAddress, Felt, SigningError};

/// An access token, as the exchange returned it.
pub(crate) struct Token {
    pub(crate) header: HeaderValue,
    pub(crate) info: TokenInfo,
    pub(crate) account: AccountAddress,
}

/// Why a sign-in failed.
///
/// Its methods are about the sign-in: the status and the code are those of the sign-in's own response. Signing in twice does
/// no harm, so the outcome is never unknown.
#[doc(alias = "login")]
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignInError {
    /// The exchange's configuration, which names the chain, could not be read.
    #[error("could not sign in: the exchange's configuration could not be read")]
    Configuration(#[source] Error),
    /// The exchange names a chain for which nothing is signed in this environment. Check the environment of the client.
    #[error("did not sign in: the exchange names a chain of another environment")]
    ChainIdMismatch(#[source] ChainIdMismatch),
    /// The account's address could not be computed from the exchange's configuration. Give the address instead.
    #[error("could not sign in: the account's address could not be computed")]
    Account(#[source] ConfigError),
    /// The signer refused, or is not available.
    #[error("could not sign in: there is no signature")]
    Signer(#[source] SignerError),
    /// The exchange refused. Its code says why.
    #[error("could not sign in: the exchange refused")]
    Refused(#[source] Error),
    /// The exchange refused this machine's time, and its own time differs too much to be used. Set this machine's clock.
    #[error(
        "could not sign in: the clocks of this machine and of the exchange differ too much; set the clock"
    )]
    Clock(#[source] Error),
    /// The exchange returned the token of another account. Check which account the key belongs to.
    #[error("did not sign in: the exchange returned the token of another account")]
    AccountMismatch(#[source] AccountMismatch),
    /// The exchange's response holds no token.
    #[error("could not sign in: the exchange's response holds no token")]
    NoToken,
    /// The sign-in was interrupted: its runtime ended, or the signer panicked.
    #[error("could not sign in: the sign-in was interrupted")]
    Interrupted,
    /// The sign-in took longer than a call may take.
    #[error("could not sign in: the sign-in exceeded the deadline of the call")]
    TimedOut,
    /// The exchange returned a token and rejected it immediately afterwards. The next sign-in waits.
    #[error("the exchange rejected the token that it had just returned")]
    FreshTokenRejected,
}

impl SignInError {
    pub(crate) fn facts(&self) -> CallFacts<'_> {
        let facts = match self {
            Self::Configuration(error) | Self::Refused(error) => {
                let facts = error.facts();
                // After an unknown outcome, too: signing in twice does no harm. A refused timestamp is corrected by the next sign-in
                // if the clock could not be measured.
                let is_timestamp = error.code() == Some(&ErrorCode::InvalidTimestamp);
                facts.with_retryable(facts.is_retryable() || facts.is_outcome_unknown() || is_timestamp)
            }
            Self::Signer(error) => CallFacts::LOCAL.with_retryable(!error.is_refusal()),
            Self::NoToken | Self::Interrupted | Self::TimedOut | Self::FreshTokenRejected => {
                CallFacts::LOCAL.with_retryable(true)
            }
            Self::Clock(error) => error.facts().with_retryable(false),
            Self::ChainIdMismatch(_) | Self::Account(_) | Self::AccountMismatch(_) => CallFacts::LOCAL,
        };
        CallFacts {
            outcome_unknown: Some(false),
            ..facts
        }
    }
}

call_methods!(SignInError);

/// A chain that nothing is signed for here.
///
/// The chain id comes from whatever server the address names. If it decided alone, a hostile server could ask for a
/// signature that opens the account at the exchange.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} is not a chain id of {environment}; {}", quoted(.chain_id), remedy(.environment))]
#[non_exhaustive]
pub struct ChainIdMismatch {
    /// What the server named.
    pub chain_id: String,
    /// The environment of the client.
    pub environment: Environment,
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", visible(text, 60))
}

fn remedy(environment: &Environment) -> &'static str {
    match environment {
        Environment::Production | Environment::ProductionProxy(_) => {
            "messages are signed only for the production chain, so this server is not the exchange"
        }
        _ => "if the server is a proxy of the production exchange, use `Environment::production_proxy`",
    }
}

/// A token that names another account than the one that signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("signed in as {expected}, but the token is for {found}; check which account the key belongs to")]
#[non_exhaustive]
pub struct AccountMismatch {
    /// The account that was meant.
    pub expected: AccountAddress,
    /// The account that the token names; `no account's address` if it names none.
    pub found: String,
}

/// How long a sign-in waits for the first measurement of the clock offset.
const CLOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// The chain id of the production exchange.
const MAINNET: &str = "PRIVATE_SN_PARACLEAR_MAINNET";

/// Returns the chain id of the configuration if it may be signed for in this environment.
pub(crate) fn chain_id(config: &SystemConfig, environment: &Environment) -> Result<String, SignInError> {
    let chain_id = config.starknet_chain_id.clone().unwrap_or_default();
    let is_production = matches!(
        environment,
        Environment::Production | Environment::ProductionProxy(_)
    );
    // The number is what is signed, so compare numbers and not texts.
    let named = Felt::from_short_string(&chain_id)
        .ok()
        .filter(|_| !chain_id.is_empty());
    let allowed = match (named, Felt::from_short_string(MAINNET)) {
        (Some(named), Ok(mainnet)) => is_production == (named == mainnet),
        _ => false,
    };
    if !allowed {
        return Err(SignInError::ChainIdMismatch(ChainIdMismatch {
            chain_id,
            environment: environment.clone(),
        }));
    }
    Ok(chain_id)
}

/// Signs in, and once more with a corrected clock if the exchange rejects the timestamp.
pub(crate) async fn sign_in(group: &ClientGroup, credentials: &Credentials) -> Result<Token, SignInError> {
    // If the offset cannot be measured, the clock is used as it is.
    if group.clock_offset().is_none() {
        let _ = tokio::time::timeout(CLOCK_TIMEOUT, group.measure_clock()).await;
    }
    let asked_at = monotonic::now();
    let outcome = attempt(group, credentials).await;
    match &outcome {
        Err(SignInError::Refused(error)) if error.code() == Some(&ErrorCode::InvalidTimestamp) => {
            match group.correct_clock(asked_at).await {
                Ok(()) => attempt(group, credentials).await,
                Err(error @ Error::InvalidInput(_)) => Err(SignInError::Clock(error)),
                Err(_) => outcome,
            }
        }
        _ => outcome,
    }
}

async fn attempt(group: &ClientGroup, credentials: &Credentials) -> Result<Token, SignInError> {
    let config = group.system_config().await.map_err(SignInError::Configuration)?;
    let chain_id = chain_id(config, group.environment())?;
    let (secret, account) = match credentials.kind() {
        Kind::Bearer(_) => return Err(SignInError::NoToken),
        Kind::Starknet(identity) => identity.sign_in(group, credentials, config, chain_id).await?,
        #[cfg(feature = "evm")]
        Kind::Ethereum(identity) => super::ethereum::sign_in(group, credentials, identity, config).await?,
    };
    token(&secret, account)
}

/// Checks that the token is for the account that signed in, if it names one.
fn token(secret: &Secret, account: AccountAddress) -> Result<Token, SignInError> {
    let info = TokenInfo::read(secret.expose());
    if let Some(found) = &info.account
        && found.parse::<AccountAddress>().ok().as_ref() != Some(&account)
    {
        return Err(SignInError::AccountMismatch(AccountMismatch {
            expected: account,
            // Show nothing but an address: other text of a secret token could be anything.
            found: match found.parse::<AccountAddress>() {
                Ok(found) => found.to_string(),
                Err(_) => "no account's address".to_owned(),
            },
        }));
    }
    let mut header =
        HeaderValue::try_from(format!("Bearer {}", secret.expose())).map_err(|_| SignInError::NoToken)?;
    header.set_sensitive(true);
    Ok(Token {
        header,
        info,
        account,
    })
}

/// A field of the exchange's configuration that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the exchange's configuration has no usable `{field}`; give the account's address instead")]
pub struct ConfigError {
    pub(super) field: &'static str,
    pub(super) source: SigningError,
}

impl From<Arc<SignInError>> for crate::error::AuthenticationError {
    fn from(error: Arc<SignInError>) -> Self {
        Self::SignIn(error)
    }
}
