//! Which exchange a client talks to, and where a credential may be sent.

use std::ffi::OsString;
use std::fmt;
use std::str::FromStr;

use paradex_api::reqwest::Url;
use paradex_api::{BaseUrl, visible};

use crate::error::ConfigurationError;

/// Names the exchange that a client or a credential belongs to.
///
/// ```
/// use paradex_api_ext::Environment;
///
/// let proxy = Environment::custom("https://paradex.example.com/v1")?;
/// assert_eq!(proxy.base_url().as_str(), "https://paradex.example.com");
/// // Plain http is allowed for this machine alone.
/// assert!(Environment::custom("http://127.0.0.1:8080").is_ok());
/// assert!(Environment::custom("http://paradex.example.com").is_err());
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
#[doc(alias = "mainnet")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// The production exchange, with real money: `https://api.prod.paradex.trade`.
    Production,
    /// The exchange's public test system: `https://api.testnet.paradex.trade`.
    Testnet,
    /// Your own proxy in front of the production exchange. Signatures made for it are valid at the exchange, so it has a variant of
    /// its own, and its host must be trusted with [`ClientBuilder::trust_host`](crate::ClientBuilder::trust_host).
    ProductionProxy(CustomUrl),
    /// Any other address: a simulator on this machine, or a test system. Messages are never signed for the production chain there.
    Custom(CustomUrl),
}

/// An address that [`Environment::custom`] accepted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CustomUrl(BaseUrl);

/// The domain of the exchange's servers.
const DOMAIN: &str = "paradex.trade";

impl Environment {
    /// Creates the environment of an address. The two published addresses give [`Production`](Self::Production) and
    /// [`Testnet`](Self::Testnet).
    ///
    /// A version at the end (`/v1`), as the exchange's documentation prints it, is removed.
    ///
    /// ```
    /// use paradex_api_ext::Environment;
    ///
    /// assert_eq!(Environment::custom("https://api.prod.paradex.trade/v1")?, Environment::Production);
    /// # Ok::<(), paradex_api_ext::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The text is not an http or https address, it has user information, a query or a fragment, it is plain http to another
    /// machine, or it is a published address with another path than `/v1`.
    pub fn custom(address: &str) -> Result<Self, ConfigurationError> {
        let url = Self::url(address)?;
        Ok(match url.0 {
            base if base == BaseUrl::production() => Self::Production,
            base if base == BaseUrl::testnet() => Self::Testnet,
            base => Self::Custom(CustomUrl(base)),
        })
    }

    /// Creates the environment of your own proxy in front of the production exchange.
    ///
    /// # Errors
    ///
    /// As for [`custom`](Self::custom).
    pub fn production_proxy(address: &str) -> Result<Self, ConfigurationError> {
        Self::url(address).map(Self::ProductionProxy)
    }

    /// Reads an environment as variables and files have it. `setting` names the variable or field in errors.
    pub(crate) fn from_setting(setting: &str, text: &str) -> Result<Self, ConfigurationError> {
        match text {
            "production" => Ok(Self::Production),
            "testnet" => Ok(Self::Testnet),
            // The error of `custom` does not show what can be a password.
            address if address.contains("://") || address.contains('@') => Self::custom(address),
            other => {
                let rule = match meant(other) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => {
                        "it must be `production`, `testnet`, or an address such as `https://HOST`".to_owned()
                    }
                };
                let other = visible(other, 40);
                Err(ConfigurationError::new(format!("{setting} is `{other}`: {rule}")))
            }
        }
    }

    /// Reads the environment variable `PARADEX_ENVIRONMENT`. It returns `None` if the variable is not set or empty.
    ///
    /// # Errors
    ///
    /// The value is not an environment; see [`ClientBuilder::from_env`](crate::ClientBuilder::from_env).
    pub fn from_env() -> Result<Option<Self>, ConfigurationError> {
        Self::from_variables(&|name| std::env::var_os(name))
    }

    pub(crate) fn from_variables(
        variable: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<Option<Self>, ConfigurationError> {
        const NAME: &str = "PARADEX_ENVIRONMENT";
        match variable(NAME).map(OsString::into_string) {
            Some(Ok(text)) if !text.is_empty() => Self::from_setting(NAME, &text).map(Some),
            Some(Err(_)) => Err(ConfigurationError::new(format!("{NAME} is not UTF-8 text"))),
            _ => Ok(None),
        }
    }

    fn url(address: &str) -> Result<CustomUrl, ConfigurationError> {
        let parsed = Url::parse(address);
        let parsed = parsed.as_ref().ok();
        if parsed.is_some_and(|url| matches!(url.scheme(), "ws" | "wss")) {
            return Err(ConfigurationError::new(
                "the address of a WebSocket is refused: give the https address of the API, or `production`; the WebSocket \
                 address follows from it",
            ));
        }
        let base = BaseUrl::parse(address).map_err(ConfigurationError::base_url)?;
        let path = parsed.map_or("", |url| url.path().trim_end_matches('/'));
        for published in [BaseUrl::production(), BaseUrl::testnet()] {
            if Host::from_base_url(&base) == Host::from_base_url(&published) && !matches!(path, "" | "/v1") {
                return Err(ConfigurationError::new(format!(
                    "the path `{}` of {published} is refused: leave it out, or give `/v1`",
                    visible(path, 40)
                )));
            }
        }
        Ok(CustomUrl(base))
    }

    /// Returns the address that calls are sent to.
    pub fn base_url(&self) -> BaseUrl {
        match self {
            Self::Production => BaseUrl::production(),
            Self::Testnet => BaseUrl::testnet(),
            Self::ProductionProxy(url) | Self::Custom(url) => url.0.clone(),
        }
    }

    /// Returns the address of WebSocket connections: wss, and ws for this machine alone.
    ///
    /// The exchange's own systems have a host of their own for it. Any other address is that of calls with the scheme of
    /// WebSockets.
    ///
    /// ```
    /// use paradex_api_ext::Environment;
    ///
    /// // feature `stream`
    /// assert_eq!(Environment::Production.stream_url(), "wss://ws.api.prod.paradex.trade/v1");
    /// assert_eq!(Environment::custom("http://127.0.0.1:8080")?.stream_url(), "ws://127.0.0.1:8080/v1");
    /// # Ok::<(), paradex_api_ext::Error>(())
    /// ```
    #[doc(alias = "websocket")]
    #[cfg(feature = "stream")]
    pub fn stream_url(&self) -> String {
        // `http` becomes `ws`, and `https` becomes `wss`.
        let address = self.stream_http_url();
        format!("ws{}", address.strip_prefix("http").unwrap_or(&address))
    }

    /// The address of WebSocket connections with the scheme of the handshake.
    #[cfg(feature = "stream")]
    pub(crate) fn stream_http_url(&self) -> String {
        let base = self.base_url();
        let base = base.as_str();
        match base.strip_prefix("https://api.") {
            Some(rest) if self.host().is_exchange() => format!("https://ws.api.{rest}/v1"),
            _ => format!("{base}/v1"),
        }
    }

    /// Returns whether it is the exchange with real money, also through a proxy.
    pub fn is_production(&self) -> bool {
        matches!(self, Self::Production | Self::ProductionProxy(_))
    }

    pub(crate) fn host(&self) -> Host {
        Host::from_base_url(&self.base_url())
    }

    /// Checks whether a credential of the environment `of` may be sent to this one.
    pub(crate) fn may_receive(&self, of: &Self, trusted: &[String]) -> Result<(), ConfigurationError> {
        let host = self.host();
        let is_trusted = trusted.contains(&host.0);
        match (self, of) {
            _ if self == of => {}
            // A proxy in front of the exchange must be named as a proxy and also trusted.
            (Self::ProductionProxy(_), Self::Production) => {
                return if is_trusted {
                    Ok(())
                } else {
                    Err(ConfigurationError::untrusted_host(&host.0, of))
                };
            }
            _ => return Err(ConfigurationError::other_environment(self, of)),
        }
        if is_trusted || self.base_url().is_loopback() || host.is_exchange() {
            Ok(())
        } else {
            Err(ConfigurationError::untrusted_host(&host.0, of))
        }
    }
}

/// The environment that was probably meant.
fn meant(text: &str) -> Option<String> {
    match &*text.to_ascii_lowercase() {
        "production" | "prod" | "mainnet" | "main" | "live" => Some("production".to_owned()),
        "testnet" | "test" | "sandbox" => Some("testnet".to_owned()),
        // A host without its scheme. Plain http is accepted for this machine alone.
        host if host == "localhost" || host.contains(['.', ':']) => ["http", "https"]
            .map(|scheme| format!("{scheme}://{text}"))
            .into_iter()
            .find(|address| Environment::custom(address).is_ok()),
        _ => None,
    }
}

/// Parses `production`, `testnet`, or an address as [`Environment::custom`] takes it.
///
/// ```
/// use paradex_api_ext::Environment;
///
/// assert_eq!("testnet".parse::<Environment>()?, Environment::Testnet);
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
impl FromStr for Environment {
    type Err = ConfigurationError;

    fn from_str(text: &str) -> Result<Self, ConfigurationError> {
        Self::from_setting("the environment", text)
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Production => f.pad("production"),
            Self::Testnet => f.pad("testnet"),
            Self::ProductionProxy(url) => write!(f, "production through {}", url.0),
            Self::Custom(url) => f.pad(url.0.as_str()),
        }
    }
}

/// The host of an address, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Host(pub(crate) String);

impl Host {
    fn from_base_url(base: &BaseUrl) -> Self {
        let host = Url::parse(base.as_str())
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        Self(host.unwrap_or_default())
    }

    /// Parses a text that is a host name and nothing else. A name with non-ASCII letters must be written as in URLs (`xn--…`), so
    /// that the trusted name can be read unambiguously.
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigurationError> {
        let wanted = text.to_ascii_lowercase();
        let url = Url::parse(&format!("https://{wanted}"));
        match url.as_ref().ok().and_then(Url::host_str) {
            Some(host) if host == wanted => Ok(Self(wanted)),
            _ => Err(ConfigurationError::host(text)),
        }
    }

    fn is_exchange(&self) -> bool {
        self.0 == DOMAIN
            || self
                .0
                .strip_suffix(DOMAIN)
                .is_some_and(|front| front.ends_with('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::{Environment, Host};

    fn custom(address: &str) -> Environment {
        Environment::custom(address).unwrap()
    }

    #[test]
    fn plain_http_is_allowed_for_this_machine_alone() {
        for address in [
            "http://127.0.0.1:1",
            "http://127.8.0.1",
            "http://localhost:1/p",
            "http://[::1]:1",
        ] {
            assert!(Environment::custom(address).is_ok(), "{address}");
        }
        for address in [
            "http://10.0.0.1",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://[::2]",
        ] {
            let error = Environment::custom(address).unwrap_err().to_string();
            assert!(error.contains("https"), "{address}: {error}");
        }
    }

    #[test]
    fn credentials_stay_with_their_exchange() {
        let trusted = ["proxy.example.com".to_owned()];
        let proxy = custom("https://proxy.example.com/paradex");
        let production = Environment::Production;
        let testnet = Environment::Testnet;
        let allowed =
            |to: &Environment, of: &Environment, trusted: &[String]| to.may_receive(of, trusted).is_ok();

        assert!(allowed(&production, &production, &[]));
        assert!(allowed(&testnet, &testnet, &[]));
        assert!(!allowed(&testnet, &production, &trusted));
        assert!(!allowed(&production, &testnet, &trusted));
        assert!(!allowed(&production, &proxy, &trusted));
        // The production address written out is production.
        assert_eq!(custom("https://api.prod.paradex.trade/v1"), production);
        assert_eq!(custom("https://api.testnet.paradex.trade"), testnet);
        // Another server gets its own credentials at most, and must be trusted.
        assert!(!allowed(&proxy, &production, &trusted));
        assert!(!allowed(&proxy, &proxy, &[]));
        assert!(allowed(&proxy, &proxy, &trusted));
        // A proxy is named as one, and its host is trusted.
        let named = Environment::production_proxy("https://proxy.example.com/paradex").unwrap();
        assert!(!allowed(&named, &production, &[]));
        assert!(allowed(&named, &production, &trusted));
        assert!(!allowed(&named, &testnet, &trusted));
        assert!(!allowed(&production, &named, &trusted));
        // This machine gets its own credentials, and not those of the exchange.
        let local = custom("http://127.0.0.1:9");
        assert!(allowed(&local, &local, &[]));
        assert!(!allowed(&local, &production, &[]));
        assert!(!allowed(&local, &custom("http://127.0.0.1:10"), &[]));
        let nightly = custom("https://api.nightly.paradex.trade");
        assert!(allowed(&nightly, &nightly, &[]));
        for stranger in ["https://evilparadex.trade", "https://paradex.trade.example.com"] {
            assert!(!allowed(&custom(stranger), &custom(stranger), &[]), "{stranger}");
        }
    }

    #[test]
    fn wrong_environment_is_refused_with_the_one_that_was_meant() {
        let refusal = |text: &str| text.parse::<Environment>().unwrap_err().to_string();
        for (text, meant) in [
            ("prod", "production"),
            ("Production", "production"),
            ("mainnet", "production"),
            ("TESTNET", "testnet"),
            ("localhost", "http://localhost"),
            ("localhost:8080", "http://localhost:8080"),
            ("127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
            ("[::1]:9", "http://[::1]:9"),
            ("api.prod.paradex.trade", "https://api.prod.paradex.trade"),
        ] {
            let expected = format!("the environment is `{text}`: did you mean `{meant}`?");
            assert_eq!(refusal(text), expected);
        }
        for text in ["moon", "", "api.prod.paradex.trade/v2"] {
            let error = refusal(text);
            assert!(
                error.contains("it must be `production`, `testnet`, or"),
                "{error}"
            );
        }
        assert!(!refusal("user:secret@localhost").contains("secret"));
        for text in [
            "wss://ws.api.prod.paradex.trade/v1",
            "WS://localhost/?token=secret",
        ] {
            let error = refusal(text);
            assert!(
                error.contains("give the https address of the API, or `production`"),
                "{error}"
            );
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn published_address_has_no_path_but_v1() {
        for host in ["api.prod.paradex.trade", "api.testnet.paradex.trade"] {
            for path in ["", "/", "/v1", "/v1/"] {
                assert!(
                    Environment::custom(&format!("https://{host}{path}")).is_ok(),
                    "{host}{path}"
                );
            }
            for path in ["/v2", "/v1/v2", "/v1/markets", "/V1", "//v1"] {
                let address = format!("https://{host}{path}");
                let error = Environment::custom(&address).unwrap_err().to_string();
                let expected =
                    format!("the path `{path}` of https://{host} is refused: leave it out, or give `/v1`");
                assert_eq!(error, expected);
                assert!(Environment::production_proxy(&address).is_err());
            }
        }
        assert!(Environment::custom("https://proxy.example.com/paradex/v2").is_ok());
    }

    #[cfg(feature = "stream")]
    #[test]
    fn streams_are_encrypted_except_on_this_machine() {
        for (address, stream) in [
            (
                "https://api.testnet.paradex.trade/v1",
                "wss://ws.api.testnet.paradex.trade/v1",
            ),
            (
                "https://api.nightly.paradex.trade",
                "wss://ws.api.nightly.paradex.trade/v1",
            ),
            (
                "https://api.example.com/paradex",
                "wss://api.example.com/paradex/v1",
            ),
            ("https://api.evilparadex.trade", "wss://api.evilparadex.trade/v1"),
            ("http://[::1]:9", "ws://[::1]:9/v1"),
            ("https://localhost:9", "wss://localhost:9/v1"),
        ] {
            assert_eq!(custom(address).stream_url(), stream);
        }
        let proxy = Environment::production_proxy("https://proxy.example.com").unwrap();
        assert_eq!(proxy.stream_url(), "wss://proxy.example.com/v1");
    }

    #[test]
    fn trusted_host_is_a_host_name_and_nothing_else() {
        for (text, host) in [
            ("Proxy.Example.com", "proxy.example.com"),
            ("127.0.0.1", "127.0.0.1"),
            ("[::1]", "[::1]"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ] {
            assert_eq!(Host::parse(text).unwrap().0, host);
        }
        for text in [
            "",
            "https://a",
            "a/b",
            "a:1",
            "a:443",
            "u@a",
            "@a",
            ":@a",
            "a?b",
            "a#b",
            "a b",
            "a/",
            "a\n",
            "\ta",
            "bücher.example",
            "0x7f.1",
            "::1",
        ] {
            assert!(Host::parse(text).is_err(), "{text:?}");
        }
    }
}
