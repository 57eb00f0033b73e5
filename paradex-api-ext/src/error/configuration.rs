//! A client that cannot be made.

use std::fmt;

use paradex_api::runtime::NoRuntime;
use paradex_api::{InvalidBaseUrl, visible};

/// Why a client or a credential cannot be made like this. It names the value, the rule and the remedy, and
/// never shows a token.
#[derive(Debug)]
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
            "`{}` is no host name: name a host without scheme, port and path, such as `proxy.example.com`",
            visible(text, 100)
        ))
    }

    pub(crate) fn untrusted_host(host: &str, of: impl fmt::Display) -> Self {
        Self::new(format!(
            "a credential for {of} would be sent to {}, which is none of the exchange's hosts: if that is meant, \
             name the host with `ClientBuilder::trust_host`",
            visible(host, 100)
        ))
    }

    pub(crate) fn other_environment(to: impl fmt::Display, of: impl fmt::Display) -> Self {
        Self::new(format!(
            "a credential for {of} is never sent to {to}: make the client for {of}, or get a credential for {to}"
        ))
    }

    pub(crate) fn token(empty: bool) -> Self {
        Self::new(if empty {
            "the token is empty: give the text that the exchange answered with"
        } else {
            "the token has characters that no token has (white space, control or non-ASCII characters): give its \
             text alone"
        })
    }

    pub(crate) fn http(source: paradex_api::reqwest::Error) -> Self {
        Self::with("the HTTP client could not be set up", source)
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn runtime(source: std::io::Error) -> Self {
        Self::with("there is no thread for calls that block", source)
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

impl fmt::Display for ConfigurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for ConfigurationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}
