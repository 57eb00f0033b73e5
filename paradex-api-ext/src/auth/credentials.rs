//! What opens an account.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use paradex_api::Secret;
use paradex_api::reqwest::header::HeaderValue;
use sha2::{Digest, Sha256};

use super::TokenInfo;
use super::signer::StarknetSigner;
use crate::client::environment::Environment;
use crate::error::ConfigurationError;
use crate::signing::AccountAddress;

/// A credential, bound to the exchange that it is for.
///
/// It is never sent anywhere else: a client of another environment refuses it. With a key, the client signs in by
/// itself, keeps the session alive, and signs in again when the exchange does not take the token any more.
///
/// ```
/// use paradex_api_ext::{Credentials, Environment};
///
/// # fn token_from_your_vault() -> String { "eyJhbGciOiJub25lIn0.e30.x".to_owned() }
/// let credentials = Credentials::bearer(Environment::Testnet, token_from_your_vault())?;
/// assert!(!format!("{credentials:?}").contains("eyJ"));
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
///
/// With a subkey, and the address of the account that it acts for:
///
/// ```
/// use paradex_api_ext::signing::StarknetPrivateKey;
/// use paradex_api_ext::{Credentials, Environment};
///
/// # fn key_from_your_vault() -> String { format!("0x{:064x}", 7) }
/// let key = StarknetPrivateKey::from_hex(key_from_your_vault())?;
/// let credentials = Credentials::subkey(Environment::Testnet, key, "0x1234".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Credentials {
    environment: Environment,
    kind: Kind,
    isolated_markets: bool,
    interactive: bool,
    signature_lifetime: Duration,
}

#[derive(Clone)]
pub(crate) enum Kind {
    Bearer(Bearer),
    Starknet(StarknetIdentity),
    #[cfg(feature = "evm")]
    Ethereum(super::ethereum::EthereumIdentity),
}

/// A token that was given as text.
#[derive(Clone)]
pub(crate) struct Bearer {
    pub(crate) header: HeaderValue,
    pub(crate) info: TokenInfo,
}

/// A Starknet key and the account that it speaks for.
#[derive(Clone)]
pub(crate) struct StarknetIdentity {
    pub(crate) signer: Arc<dyn StarknetSigner>,
    /// Worked out from the public key if it is not given.
    pub(crate) account: Option<AccountAddress>,
    pub(crate) role: Role,
}

/// Whose key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Main,
    Subkey,
}

/// What kind of session a credential opens, and so what it may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SessionKind {
    /// A token that was given as text. What it may do is not known before the exchange says so.
    Token,
    /// The main account's own session, which may do everything.
    MainAccount,
    /// A subkey's session, which may trade and may not change tokens, subkeys and allowlists.
    Subkey,
}

/// How long a signature that signs in is good for. It is used at once, so it need not live long.
const SIGNATURE_LIFETIME: Duration = Duration::from_secs(60);
/// The exchange takes no longer one.
const LONGEST_SIGNATURE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

impl Credentials {
    fn new(environment: Environment, kind: Kind) -> Self {
        Self {
            environment,
            kind,
            isolated_markets: false,
            interactive: false,
            signature_lifetime: SIGNATURE_LIFETIME,
        }
    }

    /// A bearer token as text: a JWT of a signed-in session, or an API token.
    ///
    /// White space around it is taken off, so that the content of a file will do.
    ///
    /// # Errors
    ///
    /// The text is empty or has characters that no header can carry.
    pub fn bearer(environment: Environment, token: impl Into<Secret>) -> Result<Self, ConfigurationError> {
        let token = token.into();
        let text = token.expose().trim();
        let text = text.strip_prefix("Bearer ").unwrap_or(text);
        let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits {
            return Err(ConfigurationError::token(text.is_empty()));
        }
        let mut header =
            HeaderValue::try_from(format!("Bearer {text}")).map_err(|_| ConfigurationError::token(false))?;
        header.set_sensitive(true);
        let info = TokenInfo::read(text);
        Ok(Self::new(environment, Kind::Bearer(Bearer { header, info })))
    }

    /// The account's own Starknet key, or something outside of this process that signs with it.
    ///
    /// The account's address is the one that is given; see [`starknet_derived`](Self::starknet_derived) to have it
    /// worked out.
    pub fn starknet(environment: Environment, signer: impl StarknetSigner, account: AccountAddress) -> Self {
        Self::with_key(environment, Arc::new(signer), Some(account), Role::Main)
    }

    /// The account's own Starknet key; the address of the account is worked out from it and from the contracts that the
    /// exchange's configuration names.
    pub fn starknet_derived(environment: Environment, signer: impl StarknetSigner) -> Self {
        Self::with_key(environment, Arc::new(signer), None, Role::Main)
    }

    /// A subkey that is registered for an account, and the address of that account.
    ///
    /// Its session may not change tokens, subkeys and allowlists.
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

    /// The Ethereum key of an account that was made with one, or something outside of this process that signs with it.
    ///
    /// Such an account trades through a registered Starknet subkey.
    #[cfg(feature = "evm")]
    pub fn ethereum(environment: Environment, signer: impl super::EthereumSigner) -> Self {
        let identity = super::ethereum::EthereumIdentity::new(Arc::new(signer));
        Self::new(environment, Kind::Ethereum(identity))
    }

    /// Lets the session act for the account's isolated markets as well.
    #[must_use]
    pub fn authorize_isolated_markets(mut self) -> Self {
        self.isolated_markets = true;
        self
    }

    /// Asks for a retail session (`token_usage=interactive`): orders are held for 300 ms and limited to 3 a second, 30 a
    /// minute, 300 an hour and 1,000 a day. Not published; known from the official Python client.
    #[must_use]
    pub fn interactive(mut self) -> Self {
        self.interactive = true;
        self
    }

    /// How long the signature that signs in is good for, 60 s by default. It is used at once, so a longer one only
    /// gives a thief more time.
    ///
    /// # Errors
    ///
    /// Less than a second or more than a week.
    pub fn signature_lifetime(mut self, lifetime: Duration) -> Result<Self, ConfigurationError> {
        if !(Duration::from_secs(1)..=LONGEST_SIGNATURE).contains(&lifetime) {
            return Err(ConfigurationError::new(format!(
                "a signature that is good for {lifetime:?} is refused: between 1 s and one week is taken"
            )));
        }
        self.signature_lifetime = lifetime;
        Ok(self)
    }

    /// Reads the credential that the environment of the process names, as
    /// [`ClientBuilder::from_env`](crate::ClientBuilder::from_env) does. With the name of an account it has variables of its
    /// own: those of `desk-1` are `PARADEX_DESK_1_TOKEN`, `PARADEX_DESK_1_PRIVATE_KEY_FILE` and so on. Nothing if there is
    /// none.
    ///
    /// # Errors
    ///
    /// The name has other characters than letters, digits, `-` and `_`, and as for `from_env`.
    pub fn from_env(
        environment: &Environment,
        account_name: Option<&str>,
    ) -> Result<Option<Self>, ConfigurationError> {
        super::from_variables(environment, account_name, &|name| std::env::var_os(name))
    }

    /// The exchange that it is for.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// What the session may do.
    pub fn session_kind(&self) -> SessionKind {
        match &self.kind {
            Kind::Bearer(_) => SessionKind::Token,
            Kind::Starknet(identity) if identity.role == Role::Subkey => SessionKind::Subkey,
            Kind::Starknet(_) => SessionKind::MainAccount,
            #[cfg(feature = "evm")]
            Kind::Ethereum(_) => SessionKind::MainAccount,
        }
    }

    /// What a token that was given as text says of itself.
    pub fn token_info(&self) -> Option<&TokenInfo> {
        match &self.kind {
            Kind::Bearer(bearer) => Some(&bearer.info),
            _ => None,
        }
    }

    /// What a token that was given as text claims, if it is a JWT.
    #[cfg(feature = "fleet")]
    pub(crate) fn claims(&self) -> Option<serde_json::Value> {
        match &self.kind {
            Kind::Bearer(bearer) => {
                let text = bearer.header.to_str().ok()?.strip_prefix("Bearer ")?;
                TokenInfo::payload(text).map(serde_json::Value::Object)
            }
            _ => None,
        }
    }

    /// A name for logs: the public key, or the beginning of a digest of the token. It opens nothing.
    pub fn id(&self) -> String {
        match &self.kind {
            Kind::Bearer(bearer) => {
                let digest = Sha256::digest(bearer.header.as_bytes());
                let start = digest.iter().take(6).map(|byte| format!("{byte:02x}"));
                format!("token-{}", start.collect::<String>())
            }
            Kind::Starknet(identity) => identity.signer.public_key().to_string(),
            #[cfg(feature = "evm")]
            Kind::Ethereum(identity) => identity.address(),
        }
    }

    /// The account, where it is known without asking, or else a name of the credential.
    pub(crate) fn account_name(&self) -> String {
        let account = match &self.kind {
            Kind::Bearer(bearer) => bearer.info.account.clone(),
            Kind::Starknet(identity) => identity.account.as_ref().map(ToString::to_string),
            #[cfg(feature = "evm")]
            Kind::Ethereum(_) => None,
        };
        // One account has many spellings.
        let account = account.map(|text| match text.parse::<AccountAddress>() {
            Ok(address) => address.to_string(),
            Err(_) => text,
        });
        account.unwrap_or_else(|| self.id())
    }

    /// What tells one session from another: two credentials with the same key of this kind share one.
    pub(crate) fn session_key(&self) -> String {
        let account = match &self.kind {
            Kind::Starknet(identity) => identity.account.as_ref().map(ToString::to_string),
            _ => None,
        };
        format!(
            "{} {:?} {} {} {} {}",
            self.environment,
            self.session_kind(),
            account.unwrap_or_default(),
            self.id(),
            self.interactive,
            self.isolated_markets
        )
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.kind
    }

    pub(crate) fn starknet_identity(&self) -> Option<&StarknetIdentity> {
        match &self.kind {
            Kind::Starknet(identity) => Some(identity),
            _ => None,
        }
    }

    #[cfg(feature = "evm")]
    pub(crate) fn ethereum_identity(&self) -> Option<&super::ethereum::EthereumIdentity> {
        match &self.kind {
            Kind::Ethereum(identity) => Some(identity),
            _ => None,
        }
    }

    pub(crate) fn sign_in_validity(&self) -> Duration {
        self.signature_lifetime
    }

    pub(crate) fn is_interactive(&self) -> bool {
        self.interactive
    }

    pub(crate) fn authorizes_isolated_markets(&self) -> bool {
        self.isolated_markets
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("environment", &self.environment)
            .field("session_kind", &self.session_kind())
            .field("id", &self.id())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Credentials, HeaderValue, Kind};
    use crate::client::environment::Environment;

    fn credentials(token: &str) -> Credentials {
        Credentials::bearer(Environment::Testnet, token).unwrap()
    }

    #[test]
    fn a_token_is_trimmed_and_never_shown() {
        let shown = format!("{:?}", credentials(" Bearer canary-token\n"));
        assert!(!shown.contains("canary"), "{shown}");
        let trimmed = credentials("Bearer canary\n");
        let Kind::Bearer(bearer) = trimmed.kind() else {
            panic!("it is a token")
        };
        assert_eq!(bearer.header, "Bearer canary".parse::<HeaderValue>().unwrap());
        for bad in [
            "",
            " \n",
            "canary token",
            "canary\ntoken",
            "canary\u{7f}",
            "canäry",
        ] {
            let error = Credentials::bearer(Environment::Testnet, bad).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("can"), "{error:?}");
        }
    }

    #[test]
    fn sessions_are_told_apart_by_all_that_matters() {
        let plain = credentials("a");
        let keys = [
            plain.session_key(),
            credentials("b").session_key(),
            plain.clone().interactive().session_key(),
            plain.clone().authorize_isolated_markets().session_key(),
            Credentials::bearer(Environment::Production, "a")
                .unwrap()
                .session_key(),
        ];
        for (index, key) in keys.iter().enumerate() {
            assert!(!keys[..index].contains(key), "{key}");
        }
        assert_eq!(plain.session_key(), credentials(" a ").session_key());
    }

    #[test]
    fn a_signature_is_short_lived() {
        use std::time::Duration;
        let for_ = |seconds| credentials("a").signature_lifetime(Duration::from_secs(seconds));
        assert!(for_(1).is_ok() && for_(7 * 86_400).is_ok());
        assert!(for_(0).is_err() && for_(7 * 86_400 + 1).is_err());
    }
}
