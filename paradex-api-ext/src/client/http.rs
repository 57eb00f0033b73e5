//! The HTTP client of a group, with the settings that a credential needs to be safe.

use std::net::IpAddr;
use std::time::Duration;

use paradex_api::{reqwest, tls};

use super::environment::Environment;
use crate::error::ConfigurationError;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longer than the 30 s after which the exchange gives up and responds.
const READ_TIMEOUT: Duration = Duration::from_secs(32);
const USER_AGENT: &str = concat!("paradex-api-ext/", env!("CARGO_PKG_VERSION"));

/// How the HTTP client is built.
pub(super) struct HttpSettings {
    pub(super) base: HttpBase,
    pub(super) connect_timeout: Duration,
    pub(super) read_timeout: Duration,
    pub(super) user_agent: Option<String>,
    pub(super) proxies: Vec<reqwest::Proxy>,
    pub(super) system_proxy: bool,
    pub(super) local_address: Option<IpAddr>,
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(super) root_certificates: Vec<reqwest::Certificate>,
}

/// What the HTTP client is built from.
pub(super) enum HttpBase {
    Managed(Box<reqwest::ClientBuilder>),
    /// A finished client, which is used as it is.
    Unmanaged(reqwest::Client),
}

impl HttpSettings {
    pub(super) fn new() -> Self {
        Self {
            base: HttpBase::Managed(Box::default()),
            connect_timeout: CONNECT_TIMEOUT,
            read_timeout: READ_TIMEOUT,
            user_agent: None,
            proxies: Vec::new(),
            system_proxy: false,
            local_address: None,
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            root_certificates: Vec::new(),
        }
    }

    pub(super) fn build(self, environment: &Environment) -> Result<reqwest::Client, ConfigurationError> {
        let mut builder = match self.base {
            HttpBase::Managed(builder) => *builder,
            HttpBase::Unmanaged(client) => return Ok(client),
        };
        tls::install_default_provider().map_err(ConfigurationError::tls)?;
        let user_agent = match self.user_agent {
            Some(name) => format!("{name} {USER_AGENT}"),
            None => USER_AGENT.to_owned(),
        };
        if !self.system_proxy {
            builder = builder.no_proxy();
        }
        for proxy in self.proxies {
            builder = builder.proxy(proxy);
        }
        if let Some(address) = self.local_address {
            builder = builder.local_address(address);
        }
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        {
            builder = with_tls(builder, self.root_certificates);
        }
        builder
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .connection_verbose(false)
            .https_only(environment.base_url().as_str().starts_with("https:"))
            .tcp_nodelay(true)
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.read_timeout)
            .user_agent(user_agent)
            .build()
            .map_err(ConfigurationError::http)
    }
}

/// Sets the TLS library, and verification whatever the caller had set.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn with_tls(builder: reqwest::ClientBuilder, roots: Vec<reqwest::Certificate>) -> reqwest::ClientBuilder {
    // Choosing the library also discards a preconfigured TLS backend.
    #[cfg(feature = "rustls")]
    let builder = builder.tls_backend_rustls();
    #[cfg(not(feature = "rustls"))]
    let builder = builder.tls_backend_native();
    let builder = builder
        .tls_danger_accept_invalid_certs(false)
        .tls_danger_accept_invalid_hostnames(false)
        .tls_version_min(reqwest::tls::Version::TLS_1_2);
    #[cfg(feature = "rustls")]
    let builder = builder.tls_sslkeylogfile(false);
    if roots.is_empty() {
        builder
    } else {
        builder.tls_certs_merge(roots)
    }
}
