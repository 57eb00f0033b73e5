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
    Default,
    /// The settings of the program.
    Managed(Box<reqwest::ClientBuilder>),
    /// A finished client, which is used as it is.
    Unmanaged(reqwest::Client),
}

impl HttpSettings {
    pub(super) fn new() -> Self {
        Self {
            base: HttpBase::Default,
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

    /// The same settings on another base.
    #[cfg(all(feature = "stream", feature = "http2"))]
    fn with_base(&self, base: HttpBase) -> Self {
        Self {
            base,
            user_agent: self.user_agent.clone(),
            proxies: self.proxies.clone(),
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            root_certificates: self.root_certificates.clone(),
            ..*self
        }
    }

    pub(super) fn build(self, environment: &Environment) -> Result<reqwest::Client, ConfigurationError> {
        let mut builder = match self.base {
            HttpBase::Default => reqwest::ClientBuilder::default(),
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

/// The HTTP client that opens WebSockets.
///
/// A WebSocket needs HTTP/1.1. Where the client of the calls may negotiate HTTP/2, there is another one with the same settings, which
/// is built when it is first needed.
#[cfg(feature = "stream")]
pub(super) struct StreamHttp {
    #[cfg(feature = "http2")]
    settings: std::sync::Mutex<Option<(HttpSettings, Environment)>>,
    #[cfg(feature = "http2")]
    client: std::sync::OnceLock<reqwest::Client>,
}

#[cfg(all(feature = "stream", not(feature = "http2")))]
impl StreamHttp {
    pub(super) fn new(_: &HttpSettings, _: &Environment) -> Self {
        Self {}
    }

    pub(super) fn client(&self, shared: &reqwest::Client) -> Result<reqwest::Client, ConfigurationError> {
        Ok(shared.clone())
    }
}

#[cfg(all(feature = "stream", feature = "http2"))]
impl StreamHttp {
    pub(super) fn new(settings: &HttpSettings, environment: &Environment) -> Self {
        // The settings of the program cannot be copied.
        let is_default = matches!(settings.base, HttpBase::Default);
        let settings = is_default.then(|| (settings.with_base(HttpBase::Default), environment.clone()));
        Self {
            settings: std::sync::Mutex::new(settings),
            client: std::sync::OnceLock::new(),
        }
    }

    pub(super) fn client(&self, shared: &reqwest::Client) -> Result<reqwest::Client, ConfigurationError> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let mut settings = self
            .settings
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let client = match &*settings {
            Some((settings, environment)) => {
                let base = reqwest::ClientBuilder::default().http1_only();
                let settings = settings.with_base(HttpBase::Managed(Box::new(base)));
                settings.build(environment)?
            }
            None => shared.clone(),
        };
        // Only now, so that an attempt that failed can be repeated.
        *settings = None;
        Ok(self.client.get_or_init(|| client).clone())
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
