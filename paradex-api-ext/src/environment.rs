//! Which exchange a program speaks to, and where a credential may travel.

use std::fmt;
use std::net::IpAddr;

use paradex_api::BaseUrl;
use paradex_api::reqwest::Url;

use crate::error::ConfigurationError;

/// Which exchange a client or a credential belongs to.
///
/// ```
/// use paradex_api_ext::Environment;
///
/// let proxy = Environment::custom("https://paradex.example.com/v1")?;
/// assert_eq!(proxy.base_url().as_str(), "https://paradex.example.com");
/// // Plain http is for this machine alone.
/// assert!(Environment::custom("http://127.0.0.1:8080").is_ok());
/// assert!(Environment::custom("http://paradex.example.com").is_err());
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// The exchange itself, with real money: `https://api.prod.paradex.trade`.
    Production,
    /// The exchange's public test system: `https://api.testnet.paradex.trade`.
    Testnet,
    /// Any other address: a proxy, or a simulator on this machine.
    Custom(CustomUrl),
}

/// An address that [`Environment::custom`] has accepted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CustomUrl(BaseUrl);

/// The domain under which the exchange runs its servers.
const DOMAIN: &str = "paradex.trade";

impl Environment {
    /// An environment at another address than the two published ones.
    ///
    /// A version at the end (`/v1`) is taken off, as the exchange's documentation prints it.
    ///
    /// # Errors
    ///
    /// The text is no http or https address, it carries user information, a query or a fragment, or it
    /// is plain http to another machine.
    pub fn custom(address: &str) -> Result<Self, ConfigurationError> {
        let base = BaseUrl::parse(address).map_err(ConfigurationError::base_url)?;
        let host = Host::of(&base);
        if base.as_str().starts_with("http:") && !host.is_loopback() {
            return Err(ConfigurationError::plain_http(&host.0));
        }
        Ok(Self::Custom(CustomUrl(base)))
    }

    /// Where its calls go.
    pub fn base_url(&self) -> BaseUrl {
        match self {
            Self::Production => BaseUrl::production(),
            Self::Testnet => BaseUrl::testnet(),
            Self::Custom(url) => url.0.clone(),
        }
    }

    /// Whether it is the exchange with real money.
    pub fn is_production(&self) -> bool {
        *self == Self::Production
    }

    pub(crate) fn host(&self) -> Host {
        Host::of(&self.base_url())
    }

    /// Whether a credential of the environment `of` may be sent to this one.
    pub(crate) fn may_receive(&self, of: &Self, trusted: &[String]) -> Result<(), ConfigurationError> {
        let host = self.host();
        let is_trusted = trusted.contains(&host.0);
        match (self, of) {
            _ if self == of => {}
            // A proxy in front of an exchange, or the exchange's own address written out.
            (Self::Custom(_), Self::Production | Self::Testnet) => {
                if host == of.host() {
                    return Ok(());
                }
                if !is_trusted {
                    return Err(ConfigurationError::untrusted_host(&host.0, of));
                }
            }
            _ => return Err(ConfigurationError::other_environment(self, of)),
        }
        if is_trusted || host.is_loopback() || host.is_exchange() {
            Ok(())
        } else {
            Err(ConfigurationError::untrusted_host(&host.0, of))
        }
    }
}

impl From<CustomUrl> for Environment {
    fn from(url: CustomUrl) -> Self {
        Self::Custom(url)
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Production => f.pad("production"),
            Self::Testnet => f.pad("testnet"),
            Self::Custom(url) => f.pad(url.0.as_str()),
        }
    }
}

/// The host of an address, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Host(pub(crate) String);

impl Host {
    fn of(base: &BaseUrl) -> Self {
        let host = Url::parse(base.as_str())
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        Self(host.unwrap_or_default())
    }

    /// The host of a text that names one, the way that URLs write it.
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigurationError> {
        let bad = || ConfigurationError::host(text);
        let url = Url::parse(&format!("https://{text}")).map_err(|_| bad())?;
        let alone = url.path() == "/"
            && url.port().is_none()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        match url.host_str() {
            Some(host) if alone => Ok(Self(host.to_owned())),
            _ => Err(bad()),
        }
    }

    fn is_loopback(&self) -> bool {
        let bare = self.0.trim_start_matches('[').trim_end_matches(']');
        self.0 == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
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
    fn plain_http_is_for_this_machine() {
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
        // The production address written out is production; another one of the exchange's is not.
        assert!(allowed(
            &custom("https://api.prod.paradex.trade/v1"),
            &production,
            &[]
        ));
        assert!(!allowed(
            &custom("https://api.testnet.paradex.trade"),
            &production,
            &[]
        ));
        // A proxy must be named, for every credential.
        assert!(!allowed(&proxy, &production, &[]));
        assert!(!allowed(&proxy, &proxy, &[]));
        assert!(allowed(&proxy, &production, &trusted));
        assert!(allowed(&proxy, &proxy, &trusted));
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
    fn a_trusted_host_is_a_host_and_nothing_else() {
        assert_eq!(Host::parse("Proxy.Example.com").unwrap().0, "proxy.example.com");
        for text in ["", "https://a", "a/b", "a:1", "u@a", "a?b", "a b", "*"] {
            let parsed = Host::parse(text);
            assert!(parsed.is_err() || text == "*", "{text}");
        }
    }
}
