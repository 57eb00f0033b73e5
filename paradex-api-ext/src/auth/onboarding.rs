//! Creating an account at the exchange.

use std::sync::Arc;

use paradex_api::types::OnboardingRequest;

use super::credentials::Kind;
use super::sign_in::{self, SignInError};
use super::signer::{Purpose, SignRequest};
use super::starknet_key::{Role, StarknetIdentity};
use crate::client::{Client, ClientGroup};
use crate::error::{AuthenticationError, ConfigurationError, Error};
use crate::signing::{AccountAddress, EthereumAddress, MessagePrefix};

/// The details of a new account, for [`Client::onboard`].
///
/// ```
/// use paradex_api_ext::auth::Onboarding;
///
/// let owner = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266".parse()?;
/// let onboarding = Onboarding::new().ethereum_account(owner).referral_code("friend");
/// # let _ = onboarding;
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Onboarding {
    ethereum_account: Option<EthereumAddress>,
    referral_code: Option<String>,
    marketing_code: Option<String>,
}

impl Onboarding {
    /// Creates an account with its key and nothing else.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the Ethereum address that owns the account. An account with a Starknet key needs it.
    pub fn ethereum_account(mut self, address: EthereumAddress) -> Self {
        self.ethereum_account = Some(address);
        self
    }

    /// Sets the referral code of the account that sent the invitation.
    pub fn referral_code(mut self, code: impl Into<String>) -> Self {
        self.referral_code = Some(code.into());
        self
    }

    /// Sets the code of a marketing campaign.
    pub fn marketing_code(mut self, code: impl Into<String>) -> Self {
        self.marketing_code = Some(code.into());
        self
    }

    fn request(&self) -> OnboardingRequest {
        let mut request = OnboardingRequest::new();
        if let Some(code) = &self.referral_code {
            request = request.referral_code(code);
        }
        if let Some(code) = &self.marketing_code {
            request = request.marketing_code(code);
        }
        request
    }
}

impl Client {
    /// Creates an account at the exchange with the key of this client, and returns its address.
    ///
    /// ```no_run
    /// use paradex_api_ext::auth::Onboarding;
    /// use paradex_api_ext::signing::StarknetPrivateKey;
    /// use paradex_api_ext::{Client, Credentials, Environment};
    ///
    /// # async fn example(key: StarknetPrivateKey) -> Result<(), Box<dyn std::error::Error>> {
    /// let client = Client::builder(Environment::Testnet)
    ///     .credentials(Credentials::starknet_derived(Environment::Testnet, key))
    ///     .build()?;
    /// let owner = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266".parse()?;
    /// let account = client.onboard(Onboarding::new().ethereum_account(owner)).await?;
    /// println!("{account}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It needs the account's own key, Starknet or Ethereum. A subkey is registered with
    /// [`Subkeys::register`](crate::subkeys::Subkeys::register) instead.
    ///
    /// # Errors
    ///
    /// The client does not have the account's own key, the Ethereum address of a Starknet key's account is missing, or the
    /// signer or the exchange refused.
    #[doc(alias("register", "sign_up", "create_account"))]
    pub async fn onboard(&self, onboarding: Onboarding) -> Result<AccountAddress, Error> {
        self.in_time(self.create_account(onboarding)).await?
    }

    async fn create_account(&self, onboarding: Onboarding) -> Result<AccountAddress, Error> {
        let session = self.source().session(self.group()).await?;
        let kind = session.as_ref().map(|session| session.credentials().kind());
        let outcome = match kind {
            Some(Kind::Starknet(identity)) if identity.role == Role::Main => {
                let Some(owner) = onboarding.ethereum_account else {
                    return Err(ConfigurationError::new(
                        "an account with a Starknet key needs the Ethereum address of its owner: set it with \
                         `Onboarding::ethereum_account`",
                    )
                    .into());
                };
                starknet(self.group(), identity, owner, onboarding.request()).await
            }
            #[cfg(feature = "evm")]
            Some(Kind::Ethereum(identity)) => {
                super::ethereum::onboard(self.group(), identity, onboarding.request()).await
            }
            _ => {
                return Err(ConfigurationError::new(
                    "an account is created with its own key: give the client the Starknet or Ethereum key of the account",
                )
                .into());
            }
        };
        if let (Some(session), Ok(_)) = (&session, &outcome) {
            // An earlier sign-in may have failed because there was no account.
            session.reset_backoff();
        }
        outcome.map_err(|error| match error {
            SignInError::Refused(error) => error,
            SignInError::Signer(error) => AuthenticationError::Signer(error).into(),
            other => AuthenticationError::SignIn(Arc::new(other)).into(),
        })
    }
}

async fn starknet(
    group: &ClientGroup,
    identity: &StarknetIdentity,
    owner: EthereumAddress,
    request: OnboardingRequest,
) -> Result<AccountAddress, SignInError> {
    let config = group.system_config().await.map_err(SignInError::Configuration)?;
    let chain_id = sign_in::chain_id(config, group.environment())?;
    let account = identity.account(config)?;
    let prefix = MessagePrefix::new(&chain_id, account).map_err(SignInError::chain)?;
    let to_sign = SignRequest {
        purpose: Purpose::Onboarding,
        environment: group.environment().clone(),
        chain_id,
        account,
        expires_at: None,
        fields: vec![("action", "Onboarding".to_owned())],
        hash: prefix.onboarding(),
    };
    let signature = identity
        .signer
        .sign(&to_sign)
        .await
        .map_err(SignInError::Signer)?;
    let anonymous = group.anonymous();
    let call = anonymous
        .api()
        .onboard()
        .paradex_ethereum_account(owner.to_string())
        .paradex_starknet_account(account.to_string())
        .paradex_starknet_signature(signature.to_wire())
        .body(request.public_key(identity.signer.public_key().to_string()));
    call.send()
        .await
        .map_err(|error| SignInError::Refused(error.into()))?;
    Ok(account)
}
