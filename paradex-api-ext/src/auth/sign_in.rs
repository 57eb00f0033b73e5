//! Signing in: from a key to a token.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use paradex_api::reqwest::header::HeaderValue;
use paradex_api::types::{ErrorCode, SystemConfig, TokenUsage};
use paradex_api::{Secret, visible};

use super::TokenInfo;
use super::credentials::{Credentials, Kind, Role, StarknetIdentity};
use super::signer::{Purpose, SignRequest, SignerError};
use crate::client::ClientGroup;
use crate::client::environment::Environment;
use crate::error::Error;
use crate::signing::{
    AccountAddress, AuthRequest, Felt, MessagePrefix, SigningError, StarknetAccountClasses,
};

/// An access token, as the exchange returned it.
pub(crate) struct Token {
    pub(crate) header: HeaderValue,
    pub(crate) info: TokenInfo,
    pub(crate) account: AccountAddress,
}

/// Why signing in failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum SignInError {
    /// The exchange's configuration, which names the chain, could not be had.
    Configuration(Error),
    /// The exchange names a chain that a signature must not be made for in this environment.
    ChainIdMismatch(ChainIdMismatch),
    /// The account's address could not be worked out from the exchange's configuration.
    Account(ConfigError),
    /// The signer refused, or is not available.
    Signer(SignerError),
    /// The exchange refused.
    Refused(Error),
    /// The exchange refused this machine's time, and its own is too far away to be followed: set the clock.
    Clock(Error),
    /// The exchange answered with the token of another account.
    AccountMismatch(AccountMismatch),
    /// The exchange's answer holds no token.
    NoToken,
    /// Fetching a token ended without an outcome: its runtime ended, or the signer panicked.
    Interrupted,
    /// Signing in took longer than a call may take.
    TimedOut,
    /// The exchange gave a token and did not take it a moment later. It is given a pause before another one is fetched.
    FreshTokenRejected,
}

impl SignInError {
    /// How long the exchange asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Configuration(error) | Self::Refused(error) => error.retry_after(),
            _ => None,
        }
    }

    /// A refusal names the credential, because the exchange's answer does not say whose address is not allowed.
    pub(crate) fn refused(error: paradex_api::Error, credentials: &Credentials) -> Self {
        Self::Refused(match error {
            paradex_api::Error::Response(answer) => {
                let named = answer.with_credential(credentials.id());
                paradex_api::Error::Response(Box::new(named)).into()
            }
            other => other.into(),
        })
    }

    /// Whether it may succeed later without a change.
    pub fn is_retryable(&self) -> bool {
        match self {
            // Signing in twice does no harm, so an unknown outcome is no reason to hold back.
            Self::Configuration(error) | Self::Refused(error) => {
                error.is_retryable() || error.is_outcome_unknown()
            }
            Self::Signer(error) => !error.is_refusal(),
            Self::NoToken | Self::Interrupted | Self::TimedOut | Self::FreshTokenRejected => true,
            _ => false,
        }
    }
}

impl fmt::Display for SignInError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Configuration(_) => "could not sign in: the exchange's configuration could not be had",
            Self::ChainIdMismatch(_) => "did not sign in: the exchange names a chain of another environment",
            Self::Account(_) => "could not sign in: the account's address is not known",
            Self::Signer(_) => "could not sign in: there is no signature",
            Self::Refused(_) => "could not sign in: the exchange refused",
            Self::Clock(_) => {
                "could not sign in: the clocks of this machine and of the exchange are too far apart"
            }
            Self::AccountMismatch(_) => {
                "did not sign in: the exchange answered with the token of another account"
            }
            Self::NoToken => "could not sign in: the exchange's answer holds no token",
            Self::Interrupted => "could not sign in: it was interrupted",
            Self::TimedOut => "could not sign in: it took longer than a call may take",
            Self::FreshTokenRejected => "the exchange did not take the token that it had just given",
        })
    }
}

impl std::error::Error for SignInError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Configuration(source) | Self::Refused(source) | Self::Clock(source) => Some(source),
            Self::ChainIdMismatch(source) => Some(source),
            Self::Account(source) => Some(source),
            Self::Signer(source) => Some(source),
            Self::AccountMismatch(source) => Some(source),
            _ => None,
        }
    }
}

/// A chain that nothing is signed for here.
///
/// The chain id comes from whatever server the address names. If it decided alone, a hostile server could ask for a
/// signature that opens the account at the exchange.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} is no chain id for {environment}; {}", quoted(.chain_id), remedy(.environment))]
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
            "only the chain of production is signed for, so this server is not the exchange"
        }
        _ => "if the server stands before the production exchange, say `Environment::production_proxy`",
    }
}

/// A token that names another account than the one that signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("signed in as {expected}, and the token is for {found}; check which account the key belongs to")]
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
    let asked_at = Instant::now();
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
        Kind::Starknet(identity) => {
            let account = identity.account(config)?;
            (
                starknet(group, credentials, identity, account, chain_id).await?,
                account,
            )
        }
        #[cfg(feature = "evm")]
        Kind::Ethereum(identity) => super::ethereum::sign_in(group, credentials, identity, config).await?,
    };
    token(&secret, account)
}

async fn starknet(
    group: &ClientGroup,
    credentials: &Credentials,
    identity: &StarknetIdentity,
    account: AccountAddress,
    chain_id: String,
) -> Result<Secret, SignInError> {
    let now = group.now();
    let timestamp = crate::time::unix_seconds(now);
    let expiration = timestamp + credentials.sign_in_validity().as_secs();
    let prefix = MessagePrefix::new(&chain_id, account).map_err(SignInError::chain)?;
    let hash = prefix.auth_request(&AuthRequest {
        timestamp,
        expiration,
    });
    let request = SignRequest {
        purpose: Purpose::SignIn,
        environment: group.environment().clone(),
        chain_id,
        account,
        expires_at: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(expiration)),
        fields: vec![
            ("method", "POST".to_owned()),
            ("path", "/v1/auth".to_owned()),
            ("body", String::new()),
            ("timestamp", timestamp.to_string()),
            ("expiration", expiration.to_string()),
        ],
        hash,
    };
    let signature = identity
        .signer
        .sign(&request)
        .await
        .map_err(SignInError::Signer)?;
    let signature = signature.to_wire();
    let anonymous = group.anonymous();
    let api = anonymous.api();
    let (account, timestamp, expiration) =
        (account.to_string(), timestamp.to_string(), expiration.to_string());
    let usage = credentials.is_interactive().then_some(TokenUsage::Interactive);
    let isolated = credentials.authorizes_isolated_markets().then_some("true");
    let response = match identity.role {
        Role::Main => {
            let mut call = api
                .auth()
                .paradex_starknet_account(account)
                .paradex_starknet_signature(signature)
                .paradex_timestamp(timestamp)
                .paradex_signature_expiration(expiration);
            if let Some(usage) = usage {
                call = call.token_usage(usage);
            }
            if let Some(isolated) = isolated {
                call = call.paradex_authorize_isolated_markets(isolated);
            }
            call.send().await
        }
        Role::Subkey => {
            let mut call = api
                .auth_with_public_key()
                .public_key(identity.signer.public_key().to_string())
                .paradex_starknet_account(account)
                .paradex_starknet_signature(signature)
                .paradex_timestamp(timestamp)
                .paradex_signature_expiration(expiration);
            if let Some(usage) = usage {
                call = call.token_usage(usage);
            }
            if let Some(isolated) = isolated {
                call = call.paradex_authorize_isolated_markets(isolated);
            }
            call.send().await
        }
    };
    let response = response.map_err(|error| SignInError::refused(error, credentials))?;
    response.into_inner().jwt_token.ok_or(SignInError::NoToken)
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

impl StarknetIdentity {
    /// Returns the account: as configured, or derived from the public key and the exchange's configuration.
    pub(crate) fn account(&self, config: &SystemConfig) -> Result<AccountAddress, SignInError> {
        if let Some(account) = self.account {
            return Ok(account);
        }
        let classes = StarknetAccountClasses {
            proxy: class_hash(
                "paraclear_account_proxy_hash",
                config.paraclear_account_proxy_hash.as_deref(),
            )?,
            account: class_hash("paraclear_account_hash", config.paraclear_account_hash.as_deref())?,
        };
        Ok(AccountAddress::from_starknet_key(
            &self.signer.public_key(),
            classes,
        ))
    }
}

/// Reads a class hash of the exchange's configuration.
pub(crate) fn class_hash(field: &'static str, text: Option<&str>) -> Result<Felt, SignInError> {
    Felt::from_hex(text.unwrap_or_default())
        .map_err(|source| SignInError::Account(ConfigError { field, source }))
}

/// A field of the exchange's configuration that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the exchange's configuration has no usable `{field}`; give the account's address instead")]
pub struct ConfigError {
    field: &'static str,
    source: SigningError,
}

impl SignInError {
    pub(crate) fn chain(source: SigningError) -> Self {
        Self::Account(ConfigError {
            field: "starknet_chain_id",
            source,
        })
    }
}

impl From<Arc<SignInError>> for crate::error::AuthenticationError {
    fn from(error: Arc<SignInError>) -> Self {
        Self::SignIn(error)
    }
}
