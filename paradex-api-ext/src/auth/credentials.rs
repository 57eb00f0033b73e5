//! Credentials of an account: a token, a Starknet key, a subkey or an Ethereum key.

use std::fmt;
use std::time::Duration;

use paradex_api::Secret;
use paradex_api::reqwest::header::HeaderValue;
use sha2::{Digest, Sha256};

use super::TokenInfo;
use super::starknet_key::StarknetIdentity;
use crate::client::environment::Environment;
use crate::error::ConfigurationError;
use crate::signing::AccountAddress;

/// A credential, bound to the environment that it is for.
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
/// A subkey needs the address of the account that it trades for:
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
///
/// A client of another environment refuses it, so it is never sent anywhere else. With a key, the client signs in by itself,
/// refreshes the session, and signs in again when the exchange rejects the token.
#[derive(Clone)]
#[doc(alias("api_key", "api_secret", "login", "jwt", "wallet"))]
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
    #[cfg_attr(not(feature = "signing"), expect(dead_code, reason = "there is no key"))]
    Starknet(StarknetIdentity),
    #[cfg(feature = "evm")]
    Ethereum(super::ethereum::EthereumIdentity),
}

/// A static token, passed as text.
#[derive(Clone)]
pub(crate) struct Bearer {
    pub(crate) header: HeaderValue,
    pub(crate) info: TokenInfo,
    /// See [`Credentials::id`]. Every call asks for it.
    id: String,
}

/// The kind of session that a credential opens, which decides what it may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SessionKind {
    /// A token that was passed as text. Its rights are not known in advance.
    Token,
    /// The main account's session, which may do everything.
    MainAccount,
    /// A subkey's session, which may trade but not change tokens, subkeys or allowlists.
    Subkey,
}

/// How long the signature of a sign-in is valid. It is used at once.
const SIGNATURE_LIFETIME: Duration = Duration::from_secs(60);
/// The longest lifetime that the exchange accepts.
const LONGEST_SIGNATURE_LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

impl Credentials {
    pub(super) fn new(environment: Environment, kind: Kind) -> Self {
        Self {
            environment,
            kind,
            isolated_markets: false,
            interactive: false,
            signature_lifetime: SIGNATURE_LIFETIME,
        }
    }

    /// Creates a credential from a bearer token: an API token, or the JWT of a session.
    ///
    /// White space around the text is removed, so the content of a file can be passed as it is.
    ///
    /// # Errors
    ///
    /// The text is empty or has characters that a header cannot carry.
    #[doc(alias("jwt", "api_key", "token"))]
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
        let digest = Sha256::digest(header.as_bytes());
        let start = digest.iter().take(6).map(|byte| format!("{byte:02x}"));
        let id = format!("token-{}", start.collect::<String>());
        Ok(Self::new(environment, Kind::Bearer(Bearer { header, info, id })))
    }

    /// Creates a credential from the Ethereum key of an account that was created with one, or from a signer that has it.
    ///
    /// Such an account trades through a registered Starknet subkey.
    #[doc(alias("wallet", "metamask", "siwe", "l1_key"))]
    #[cfg(feature = "evm")]
    pub fn ethereum(environment: Environment, signer: impl super::EthereumSigner) -> Self {
        let identity = super::ethereum::EthereumIdentity::new(std::sync::Arc::new(signer));
        Self::new(environment, Kind::Ethereum(identity))
    }

    /// Requests a session that may also act for the account's isolated markets.
    #[must_use]
    pub fn authorize_isolated_markets(mut self) -> Self {
        self.isolated_markets = true;
        self
    }

    /// Requests a retail session (`token_usage=interactive`).
    ///
    /// The exchange delays its orders by 300 ms and limits them to 3 a second, 30 a minute, 300 an hour and 1,000 a day. This is not
    /// published; it is known from the official Python client.
    #[doc(alias("retail"))]
    #[must_use]
    pub fn interactive(mut self) -> Self {
        self.interactive = true;
        self
    }

    /// Sets how long the signature of a sign-in is valid, 60 s by default. It is used at once, so a longer lifetime only helps a
    /// thief.
    ///
    /// # Errors
    ///
    /// The lifetime is shorter than a second or longer than a week.
    pub fn signature_lifetime(mut self, lifetime: Duration) -> Result<Self, ConfigurationError> {
        if !(Duration::from_secs(1)..=LONGEST_SIGNATURE_LIFETIME).contains(&lifetime) {
            return Err(ConfigurationError::new(format!(
                "the signature lifetime {lifetime:?} is refused: it must be between 1 s and one week"
            )));
        }
        self.signature_lifetime = lifetime;
        Ok(self)
    }

    /// Reads the credential that the process's environment variables name, or `None` if there is none.
    ///
    /// ```no_run
    /// use paradex_api_ext::{Credentials, Environment};
    ///
    /// // Reads `PARADEX_DESK_1_TOKEN`, `PARADEX_DESK_1_PRIVATE_KEY_FILE` and so on.
    /// let credentials = Credentials::from_env(&Environment::Testnet, Some("desk-1"))?;
    /// # Ok::<(), paradex_api_ext::Error>(())
    /// ```
    ///
    /// The variables are those of [`ClientBuilder::from_env`](crate::ClientBuilder::from_env); the name of an account becomes part of
    /// their names. The variables of the account `default` contain no name.
    ///
    /// It blocks the thread while it reads a file; a pipe for at most 60 s.
    ///
    /// # Errors
    ///
    /// The account name has other characters than letters, digits, `-` and `_`, or as for `from_env`.
    pub fn from_env(
        environment: &Environment,
        account_name: Option<&str>,
    ) -> Result<Option<Self>, ConfigurationError> {
        super::from_variables(environment, account_name, &|name| std::env::var_os(name))
    }

    /// Returns the environment that it is for.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Returns the kind of session, which decides what it may do.
    pub fn session_kind(&self) -> SessionKind {
        match &self.kind {
            Kind::Bearer(_) => SessionKind::Token,
            Kind::Starknet(identity) => identity.session_kind(),
            #[cfg(feature = "evm")]
            Kind::Ethereum(_) => SessionKind::MainAccount,
        }
    }

    /// Returns the claims of a token that was passed as text.
    pub fn token_info(&self) -> Option<&TokenInfo> {
        match &self.kind {
            Kind::Bearer(bearer) => Some(&bearer.info),
            _ => None,
        }
    }

    /// The `Authorization` header of a static token.
    pub(crate) fn bearer_header(&self) -> Option<&HeaderValue> {
        match &self.kind {
            Kind::Bearer(bearer) => Some(&bearer.header),
            _ => None,
        }
    }

    /// Returns a name for logs that is no secret: the public key, or the start of a digest of the token.
    pub fn id(&self) -> String {
        match &self.kind {
            Kind::Bearer(bearer) => bearer.id.clone(),
            Kind::Starknet(identity) => identity.id(),
            #[cfg(feature = "evm")]
            Kind::Ethereum(identity) => identity.address(),
        }
    }

    /// The account if it is known without a call, or else a name of the credential.
    pub(crate) fn account_name(&self) -> String {
        let account = match &self.kind {
            Kind::Bearer(bearer) => bearer.info.account.clone(),
            Kind::Starknet(identity) => identity.known_account().map(|account| account.to_string()),
            #[cfg(feature = "evm")]
            Kind::Ethereum(_) => None,
        };
        // An address has several spellings.
        let account = account.map(|text| match text.parse::<AccountAddress>() {
            Ok(address) => address.to_string(),
            Err(_) => text,
        });
        account.unwrap_or_else(|| self.id())
    }

    /// Credentials with the same key share a session.
    pub(crate) fn session_key(&self) -> String {
        let account = match &self.kind {
            Kind::Starknet(identity) => identity.known_account().map(|account| account.to_string()),
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

    #[cfg(feature = "evm")]
    pub(crate) fn ethereum_identity(&self) -> Option<&super::ethereum::EthereumIdentity> {
        match &self.kind {
            Kind::Ethereum(identity) => Some(identity),
            _ => None,
        }
    }
}

/// What a sign-in needs to know.
#[cfg(feature = "signing")]
impl Credentials {
    pub(crate) fn starknet_identity(&self) -> Option<&StarknetIdentity> {
        match &self.kind {
            Kind::Starknet(identity) => Some(identity),
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
            .field("signature_lifetime", &self.signature_lifetime)
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
    fn token_is_trimmed_and_never_shown() {
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
    fn session_key_differs_by_environment_token_and_options() {
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
    fn signature_lifetime_is_between_a_second_and_a_week() {
        use std::time::Duration;
        let lifetime = |seconds| credentials("a").signature_lifetime(Duration::from_secs(seconds));
        assert!(lifetime(1).is_ok() && lifetime(7 * 86_400).is_ok());
        assert!(lifetime(0).is_err() && lifetime(7 * 86_400 + 1).is_err());
    }
}
