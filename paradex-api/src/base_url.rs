//! The address of the exchange.

use std::fmt;
use std::net::IpAddr;

use crate::error::InvalidBaseUrl;

/// The address of the exchange, without the API version.
///
/// Paths of the API begin with `/v1` or `/v2`, so a version at the end of the address, as in the exchange's documentation, is
/// removed. A path prefix, such as that of a proxy, is kept. A slash at the end makes no difference.
///
/// ```
/// use paradex_api::BaseUrl;
///
/// let base = BaseUrl::parse("https://api.prod.paradex.trade/v1")?;
/// assert_eq!(base, BaseUrl::production());
/// assert_eq!(BaseUrl::parse("http://127.0.0.1:8080/proxy/")?.as_str(), "http://127.0.0.1:8080/proxy");
/// # Ok::<(), paradex_api::InvalidBaseUrl>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Returns the address of the production exchange, `https://api.prod.paradex.trade`.
    #[doc(alias = "mainnet")]
    pub fn production() -> Self {
        Self("https://api.prod.paradex.trade".to_owned())
    }

    /// Returns the address of the test exchange, `https://api.testnet.paradex.trade`.
    #[doc(alias = "sandbox")]
    pub fn testnet() -> Self {
        Self("https://api.testnet.paradex.trade".to_owned())
    }

    /// Parses an http or https address.
    ///
    /// # Errors
    ///
    /// Refuses a text that is not a URL, another scheme, plain http to another machine, an address without a host, and user
    /// information, a query or a fragment, which would be part of every request.
    pub fn parse(text: &str) -> Result<Self, InvalidBaseUrl> {
        let url = reqwest::Url::parse(text)
            .map_err(|error| InvalidBaseUrl::new(text, format!("it is not a URL: {error}")))?;
        let refuse = |rule: &str| Err(InvalidBaseUrl::new(text, rule.to_owned()));
        if !matches!(url.scheme(), "http" | "https") {
            return refuse("its scheme must be http or https");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("it must not carry a user name or password");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("it must not carry a query or a fragment");
        }
        if url.scheme() == "http" && !is_loopback(url.host_str().unwrap_or_default()) {
            return refuse(
                "plain http to another machine would show tokens to the network; use https (http is allowed for \
                 localhost)",
            );
        }
        // Only the path is searched, because a host can be called `v1`.
        let mut path = url.path().trim_end_matches('/');
        for version in ["/v1", "/v2"] {
            if let Some(before) = path.strip_suffix(version) {
                path = before.trim_end_matches('/');
                break;
            }
        }
        Ok(Self(format!("{}{path}", url.origin().ascii_serialization())))
    }

    /// Returns whether the host is this machine: `localhost` or a loopback address.
    pub fn is_loopback(&self) -> bool {
        let url = reqwest::Url::parse(&self.0);
        url.is_ok_and(|url| is_loopback(url.host_str().unwrap_or_default()))
    }

    /// Returns the address without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns whether the host of a URL is this machine.
fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for BaseUrl {
    type Err = InvalidBaseUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::BaseUrl;

    #[test]
    fn version_and_slash_at_the_end_are_ignored() {
        for text in [
            "https://api.prod.paradex.trade",
            "https://api.prod.paradex.trade/",
            "https://api.prod.paradex.trade/v1",
            "https://api.prod.paradex.trade/v1/",
            "https://api.prod.paradex.trade/v2",
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap(), BaseUrl::production(), "{text}");
        }
    }

    #[test]
    fn path_prefix_is_kept_and_one_version_is_removed() {
        let base = |text| BaseUrl::parse(text).unwrap().as_str().to_owned();
        assert_eq!(base("http://localhost:1/a/b/"), "http://localhost:1/a/b");
        assert_eq!(base("http://localhost:1/a/v1"), "http://localhost:1/a");
        assert_eq!(base("http://localhost:1/v1/v2"), "http://localhost:1/v1");
        assert_eq!(base("http://localhost:1/xv1"), "http://localhost:1/xv1");
        assert_eq!(base("https://v1"), "https://v1");
        assert_eq!(base("https://v2/v1/"), "https://v2");
        assert_eq!(base("http://[::1]:8080/v1"), "http://[::1]:8080");
        assert_eq!(base("HTTPS://Host:443/A//v2//"), "https://host/A");
    }

    #[test]
    fn plain_http_is_allowed_for_this_machine_only() {
        for text in [
            "http://127.0.0.1:1",
            "http://127.8.0.1",
            "http://localhost:1/p",
            "http://[::1]:1",
            "http://0x7f.1",
        ] {
            assert!(BaseUrl::parse(text).unwrap().is_loopback(), "{text}");
        }
        for text in [
            "http://10.0.0.1",
            "http://api.prod.paradex.trade",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://[::2]",
            "http://[::ffff:10.0.0.1]",
            "http://0.0.0.0",
        ] {
            let error = BaseUrl::parse(text).unwrap_err().to_string();
            assert!(
                error.contains("use https") && error.contains(text),
                "{text}: {error}"
            );
            assert!(
                !BaseUrl::parse(&text.replace("http:", "https:"))
                    .unwrap()
                    .is_loopback()
            );
        }
    }

    #[test]
    fn address_with_credentials_query_or_fragment_is_refused() {
        for text in [
            "",
            "api.prod.paradex.trade",
            "ftp://host/",
            "https://user@host/",
            "https://user:secret@host/",
            "https://host/?a=1",
            "https://host/?token=secret",
            "https://host/#secret",
            "user:secret@host://x",
            "user:secret@host",
            "secret@",
            "https://host/?a=b@secret",
            "https://user:secret?x@host/",
            "https://user:secret#x@host/",
            "ftp://user:secret@host/",
            "http://ho st/?secret",
        ] {
            let error = BaseUrl::parse(text).unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
