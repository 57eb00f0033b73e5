//! Accounts of Ethereum keys.

use std::sync::Arc;
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use paradex_api::Secret;
use paradex_api::types::{OnboardingRequest, SystemConfig};

use super::credentials::Credentials;
use super::sign_in::{self, ChainIdMismatch, SignInError};
use super::signer::{Purpose, SignFuture};
use super::signer_error::SignerError;
use super::starknet_key::class_hash;
use crate::client::ClientGroup;
use crate::client::environment::Environment;
use crate::signing::{
    AccountAddress, EthereumAddress, EthereumPrivateKey, EthereumSignature, PublicKey, SiweMessage,
    SiwePurpose,
};

/// Signs texts with an Ethereum key, in this process or outside of it, as wallets do (`personal_sign`, EIP-191).
///
/// ```
/// use paradex_api_ext::auth::{EthereumSignRequest, EthereumSigner, Purpose, SignFuture, SignerError};
/// use paradex_api_ext::signing::{EthereumAddress, EthereumPrivateKey, EthereumSignature};
///
/// /// Signs in and refuses everything else.
/// struct SignInOnly(EthereumPrivateKey);
///
/// impl EthereumSigner for SignInOnly {
///     fn address(&self) -> EthereumAddress {
///         self.0.address()
///     }
///
///     fn public_key(&self) -> Option<String> {
///         None
///     }
///
///     fn sign<'a>(&'a self, request: &'a EthereumSignRequest) -> SignFuture<'a, EthereumSignature> {
///         Box::pin(async move {
///             match request.purpose {
///                 Purpose::SignIn => Ok(self.0.sign_personal(&request.text)?),
///                 other => Err(SignerError::refused(format!("this key does not sign for: {other}"))),
///             }
///         })
///     }
/// }
/// ```
#[doc(alias("wallet", "siwe", "evm", "metamask"))]
pub trait EthereumSigner: Send + Sync + 'static {
    /// Returns the address of the key.
    fn address(&self) -> EthereumAddress;

    /// Returns the uncompressed public key, `0x04` and 128 hex digits, if it is known. Creating an account needs it.
    fn public_key(&self) -> Option<String>;

    /// Signs the text of the request, or refuses.
    ///
    /// # Errors
    ///
    /// The signer refused, or is not available.
    fn sign<'a>(&'a self, request: &'a EthereumSignRequest) -> SignFuture<'a, EthereumSignature>;
}

/// What an Ethereum key is asked to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EthereumSignRequest {
    /// What the signature is for.
    pub purpose: Purpose,
    /// The environment that the signature is for.
    pub environment: Environment,
    /// The account at the exchange.
    pub account: AccountAddress,
    /// When the signature expires, if the text says so.
    pub expires_at: Option<SystemTime>,
    /// The text to sign, unchanged (ERC-4361, Sign-In with Ethereum).
    pub text: String,
}

/// A key in this process signs every request.
impl EthereumSigner for EthereumPrivateKey {
    fn address(&self) -> EthereumAddress {
        EthereumPrivateKey::address(self)
    }

    fn public_key(&self) -> Option<String> {
        Some(self.uncompressed_public_key())
    }

    fn sign<'a>(&'a self, request: &'a EthereumSignRequest) -> SignFuture<'a, EthereumSignature> {
        let signature = self.sign_personal(&request.text).map_err(SignerError::from);
        Box::pin(std::future::ready(signature))
    }
}

/// An Ethereum key and the account that belongs to it.
#[derive(Clone)]
pub(crate) struct EthereumIdentity {
    signer: Arc<dyn EthereumSigner>,
}

/// A signed text, as it is sent.
pub(crate) struct Signed {
    pub(crate) account: AccountAddress,
    pub(crate) signature: Secret,
    pub(crate) message: Secret,
}

impl EthereumIdentity {
    pub(crate) fn new(signer: Arc<dyn EthereumSigner>) -> Self {
        Self { signer }
    }

    pub(crate) fn address(&self) -> String {
        self.signer.address().to_checksum()
    }

    pub(crate) fn account(&self, config: &SystemConfig) -> Result<AccountAddress, SignInError> {
        let class = config.paraclear_evm_account_hash.as_deref();
        let class = class_hash("paraclear_evm_account_hash", class)?;
        Ok(AccountAddress::from_ethereum_address(
            &self.signer.address(),
            class,
        ))
    }

    async fn sign(
        &self,
        group: &ClientGroup,
        config: &SystemConfig,
        purpose: Purpose,
        text: SiwePurpose,
    ) -> Result<Signed, SignInError> {
        let environment = group.environment();
        // Check the Starknet chain as well, although the text does not name it.
        sign_in::chain_id(config, environment)?;
        let account = self.account(config)?;
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).map_err(|error| {
            SignInError::Signer(SignerError::unavailable(
                "the system has no random numbers",
                error,
            ))
        })?;
        let expires_at = match text {
            SiwePurpose::Auth { expires_at } | SiwePurpose::SubkeyRegistration { expires_at, .. } => {
                Some(expires_at)
            }
            _ => None,
        };
        let text = SiweMessage {
            domain: domain(environment).to_owned(),
            address: self.signer.address(),
            l1_chain_id: l1_chain_id(config, environment)?,
            nonce,
            issued_at: group.now(),
            purpose: text,
        }
        .text()
        .map_err(|error| SignInError::Signer(error.into()))?;
        let request = EthereumSignRequest {
            purpose,
            environment: environment.clone(),
            account,
            expires_at,
            text,
        };
        let signature = self.signer.sign(&request).await.map_err(SignInError::Signer)?;
        Ok(Signed {
            account,
            signature: signature.to_hex(),
            message: Secret::new(request.text),
        })
    }
}

/// The host of the web application that the text names. A text for the production host opens the account there.
fn domain(environment: &Environment) -> &'static str {
    if environment.is_production() {
        "app.paradex.trade"
    } else {
        "app.testnet.paradex.trade"
    }
}

/// Returns the Ethereum chain id of the configuration: mainnet for production, and another one elsewhere.
fn l1_chain_id(config: &SystemConfig, environment: &Environment) -> Result<u64, SignInError> {
    const MAINNET: u64 = 1;
    let text = config.l1_chain_id.clone().unwrap_or_default();
    match text.parse() {
        Ok(id) if (id == MAINNET) == environment.is_production() => Ok(id),
        _ => Err(SignInError::ChainIdMismatch(ChainIdMismatch {
            chain_id: text,
            environment: environment.clone(),
        })),
    }
}

pub(crate) async fn sign_in(
    group: &ClientGroup,
    credentials: &Credentials,
    identity: &EthereumIdentity,
    config: &SystemConfig,
) -> Result<(Secret, AccountAddress), SignInError> {
    if credentials.is_interactive() {
        return Err(SignInError::Signer(SignerError::refused(
            "an Ethereum key cannot ask for a retail session; leave out `interactive`",
        )));
    }
    let now = group.now();
    let text = SiwePurpose::Auth {
        expires_at: now.checked_add(credentials.sign_in_validity()).unwrap_or(now),
    };
    let signed = identity.sign(group, config, Purpose::SignIn, text).await?;
    let anonymous = group.anonymous();
    let mut call = anonymous
        .api()
        .auth_evm()
        .paradex_starknet_account(signed.account.to_string())
        .paradex_evm_signature(signed.signature)
        .paradex_siwe_message(encoded(&signed.message));
    if credentials.authorizes_isolated_markets() {
        call = call.paradex_authorize_isolated_markets("true");
    }
    let response = call
        .send()
        .await
        .map_err(|error| SignInError::refused(error, credentials))?;
    let token = response.into_inner().jwt_token.ok_or(SignInError::NoToken)?;
    Ok((token, signed.account))
}

/// Encodes the text for a header.
fn encoded(message: &Secret) -> Secret {
    Secret::new(STANDARD.encode(message.expose()))
}

/// Signs the registration of a subkey.
pub(crate) async fn register(
    group: &ClientGroup,
    identity: &EthereumIdentity,
    subkey: PublicKey,
    expires_at: SystemTime,
) -> Result<Signed, SignInError> {
    let config = group.system_config().await.map_err(SignInError::Configuration)?;
    let text = SiwePurpose::SubkeyRegistration { subkey, expires_at };
    identity.sign(group, config, Purpose::RegisterSubkey, text).await
}

pub(crate) async fn onboard(
    group: &ClientGroup,
    identity: &EthereumIdentity,
    request: OnboardingRequest,
) -> Result<AccountAddress, SignInError> {
    let config = group.system_config().await.map_err(SignInError::Configuration)?;
    let Some(public_key) = identity.signer.public_key() else {
        return Err(SignInError::Signer(SignerError::refused(
            "it does not provide its public key, which a new account needs",
        )));
    };
    let signed = identity
        .sign(group, config, Purpose::Onboarding, SiwePurpose::Onboarding)
        .await?;
    let anonymous = group.anonymous();
    let call = anonymous
        .api()
        .onboard_evm()
        .paradex_starknet_account(signed.account.to_string())
        .paradex_evm_signature(signed.signature)
        .paradex_siwe_message(encoded(&signed.message))
        .body(request.public_key(public_key));
    call.send()
        .await
        .map_err(|error| SignInError::Refused(error.into()))?;
    Ok(signed.account)
}

#[cfg(test)]
mod tests {
    use paradex_api::types::SystemConfig;

    use super::{domain, l1_chain_id};
    use crate::client::environment::Environment;

    #[test]
    fn production_chain_and_domain_are_signed_only_for_production() {
        let config = |id: &str| {
            serde_json::from_str::<SystemConfig>(&format!("{{\"l1_chain_id\": \"{id}\"}}")).unwrap()
        };
        let proxy = Environment::production_proxy("https://proxy.example.com").unwrap();
        let local = Environment::custom("http://127.0.0.1:1").unwrap();
        for (environment, production) in [
            (Environment::Production, true),
            (proxy, true),
            (Environment::Testnet, false),
            (local, false),
        ] {
            assert_eq!(
                l1_chain_id(&config("1"), &environment).is_ok(),
                production,
                "{environment}"
            );
            assert_eq!(
                l1_chain_id(&config("11155111"), &environment).is_ok(),
                !production,
                "{environment}"
            );
            assert!(l1_chain_id(&config("one"), &environment).is_err());
            assert_eq!(domain(&environment) == "app.paradex.trade", production);
        }
    }
}
