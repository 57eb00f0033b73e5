//! Starknet keys: credentials from them, and signing in with them.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use paradex_api::Secret;
use paradex_api::types::{SystemConfig, TokenUsage};

use super::credentials::{Credentials, Kind, SessionKind};
use super::sign_in::{ConfigError, SignInError};
use super::signer::{Purpose, SignRequest, StarknetSigner};
use crate::client::ClientGroup;
use crate::client::environment::Environment;
use crate::error::ConfigurationError;
use crate::signing::{
    AccountAddress, AuthRequest, Felt, MessagePrefix, SigningError, StarknetAccountClasses,
    StarknetPrivateKey,
};

/// A Starknet key and the account that it signs for.
#[derive(Clone)]
pub(crate) struct StarknetIdentity {
    pub(crate) signer: Arc<dyn StarknetSigner>,
    /// Derived from the public key if it is `None`.
    account: Option<AccountAddress>,
    pub(crate) role: Role,
}

/// Whether the key is the account's own or a subkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Main,
    Subkey,
}

#[cfg_attr(docsrs, doc(cfg(feature = "signing")))]
impl Credentials {
    /// Creates a credential from the account's own Starknet key, or from a signer that has it, and the account's address.
    ///
    /// [`starknet_derived`](Self::starknet_derived) derives the address from the key.
    #[doc(alias("stark_key", "l2_key", "private_key", "api_secret"))]
    pub fn starknet(environment: Environment, signer: impl StarknetSigner, account: AccountAddress) -> Self {
        Self::with_key(environment, Arc::new(signer), Some(account), Role::Main)
    }

    /// Creates a credential from the account's own Starknet key. The account's address is derived from it and from the
    /// contract classes that the exchange's configuration names.
    #[doc(alias("stark_key", "l2_key", "private_key", "api_secret"))]
    pub fn starknet_derived(environment: Environment, signer: impl StarknetSigner) -> Self {
        Self::with_key(environment, Arc::new(signer), None, Role::Main)
    }

    /// Creates a credential from a registered subkey and the address of the account that it trades for.
    ///
    /// Its session may not change tokens, subkeys or allowlists.
    #[doc(alias("trading_key", "api_secret", "delegate"))]
    pub fn subkey(environment: Environment, signer: impl StarknetSigner, account: AccountAddress) -> Self {
        Self::with_key(environment, Arc::new(signer), Some(account), Role::Subkey)
    }

    fn with_key(
        environment: Environment,
        signer: Arc<dyn StarknetSigner>,
        account: Option<AccountAddress>,
        role: Role,
    ) -> Self {
        let identity = StarknetIdentity {
            signer,
            account,
            role,
        };
        Self::new(environment, Kind::Starknet(identity))
    }
}

/// Creates the credential of an account's own key. `name` names the place of the key in errors.
pub(crate) fn main_key(
    environment: &Environment,
    name: &str,
    secret: &Secret,
    account: Option<AccountAddress>,
) -> Result<Credentials, ConfigurationError> {
    let key = parse(name, secret)?;
    Ok(match account {
        Some(account) => Credentials::starknet(environment.clone(), key, account),
        None => Credentials::starknet_derived(environment.clone(), key),
    })
}

/// Creates the credential of a subkey. `name` names the place of the key in errors.
pub(crate) fn subkey(
    environment: &Environment,
    name: &str,
    secret: &Secret,
    account: AccountAddress,
) -> Result<Credentials, ConfigurationError> {
    let key = parse(name, secret)?;
    Ok(Credentials::subkey(environment.clone(), key, account))
}

fn parse(name: &str, secret: &Secret) -> Result<StarknetPrivateKey, ConfigurationError> {
    StarknetPrivateKey::from_hex(secret.expose().trim())
        .map_err(|error| ConfigurationError::new(format!("{name}: {error}")))
}

impl StarknetIdentity {
    pub(super) fn session_kind(&self) -> SessionKind {
        match self.role {
            Role::Main => SessionKind::MainAccount,
            Role::Subkey => SessionKind::Subkey,
        }
    }

    /// The public key.
    pub(super) fn id(&self) -> String {
        self.signer.public_key().to_string()
    }

    /// The account, if it was given.
    pub(super) fn known_account(&self) -> Option<AccountAddress> {
        self.account
    }

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

    /// Signs in, and returns the token and the account.
    pub(super) async fn sign_in(
        &self,
        group: &ClientGroup,
        credentials: &Credentials,
        config: &SystemConfig,
        chain_id: String,
    ) -> Result<(Secret, AccountAddress), SignInError> {
        let signed_in = self.account(config)?;
        let now = group.now();
        let timestamp = crate::time::unix_seconds(now);
        let expiration = timestamp + credentials.sign_in_validity().as_secs();
        let prefix = MessagePrefix::new(&chain_id, signed_in).map_err(SignInError::chain)?;
        let hash = prefix.auth_request(&AuthRequest {
            timestamp,
            expiration,
        });
        let request = SignRequest {
            purpose: Purpose::SignIn,
            environment: group.environment().clone(),
            chain_id,
            account: signed_in,
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
        let signature = self.signer.sign(&request).await.map_err(SignInError::Signer)?;
        let signature = signature.to_wire();
        let anonymous = group.anonymous();
        let api = anonymous.api();
        let (account, timestamp, expiration) = (
            signed_in.to_string(),
            timestamp.to_string(),
            expiration.to_string(),
        );
        let usage = credentials.is_interactive().then_some(TokenUsage::Interactive);
        let isolated = credentials.authorizes_isolated_markets().then_some("true");
        let response = match self.role {
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
                    .public_key(self.signer.public_key().to_string())
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
        let token = response.into_inner().jwt_token.ok_or(SignInError::NoToken)?;
        Ok((token, signed_in))
    }
}

/// Reads a class hash of the exchange's configuration.
pub(super) fn class_hash(field: &'static str, text: Option<&str>) -> Result<Felt, SignInError> {
    Felt::from_hex(text.unwrap_or_default())
        .map_err(|source| SignInError::Account(ConfigError { field, source }))
}

impl SignInError {
    /// A refusal names the credential, because the exchange does not say whose address is not allowed.
    pub(super) fn refused(error: paradex_api::Error, credentials: &Credentials) -> Self {
        Self::Refused(match error {
            paradex_api::Error::Response(response) => {
                let named = response.with_credential(credentials.id());
                paradex_api::Error::Response(Box::new(named)).into()
            }
            other => other.into(),
        })
    }

    pub(crate) fn chain(source: SigningError) -> Self {
        Self::Account(ConfigError {
            field: "starknet_chain_id",
            source,
        })
    }
}
