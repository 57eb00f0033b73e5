//! A client or credential that cannot be created.

use std::fmt;

use paradex_api::runtime::NoRuntime;
use paradex_api::{InvalidBaseUrl, visible};

/// Why a client or credential cannot be created like this.
///
/// Its text names the value, the rule and the remedy, and never contains a token.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub struct ConfigurationError {
    text: String,
    source: Option<paradex_api::BoxError>,
}

impl ConfigurationError {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            source: None,
        }
    }

    pub(crate) fn with(text: impl Into<String>, source: impl Into<paradex_api::BoxError>) -> Self {
        Self {
            text: text.into(),
            source: Some(source.into()),
        }
    }

    pub(crate) fn base_url(source: InvalidBaseUrl) -> Self {
        Self::new(source.to_string())
    }

    pub(crate) fn host(text: &str) -> Self {
        Self::new(format!(
            "`{}` is not a host name; give a host without scheme, port and path, such as `proxy.example.com`",
            visible(text, 100)
        ))
    }

    pub(crate) fn untrusted_host(host: &str, of: impl fmt::Display) -> Self {
        Self::new(format!(
            "a credential for {of} would be sent to {}, which is not a host of the exchange; if that is intended, name the \
             host with `ClientBuilder::trust_host`",
            visible(host, 100)
        ))
    }

    pub(crate) fn other_environment(to: impl fmt::Display, of: impl fmt::Display) -> Self {
        Self::new(format!(
            "a credential for {of} is never sent to {to}; create the client for {of}, or get a credential for {to}"
        ))
    }

    pub(crate) fn token(empty: bool) -> Self {
        Self::new(if empty {
            "the token is empty; give the text that the exchange returned"
        } else {
            "the token has white space, control or non-ASCII characters, which no token has; give its text alone"
        })
    }

    pub(crate) fn http(source: paradex_api::reqwest::Error) -> Self {
        Self::with("the HTTP client could not be created", source)
    }

    pub(crate) fn tls(error: paradex_api::BuildError) -> Self {
        Self::new(error.to_string())
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn runtime(source: std::io::Error) -> Self {
        Self::with("the thread for blocking calls could not be started", source)
    }

    pub(crate) fn file(variable: &str, source: std::io::Error) -> Self {
        Self::with(format!("the file that {variable} names cannot be read"), source)
    }
}

impl From<NoRuntime> for ConfigurationError {
    fn from(error: NoRuntime) -> Self {
        Self::new(error.to_string())
    }
}
