//! Errors of setting up a client.

use std::fmt;

use crate::text::visible;

/// An address that is refused as base URL. The message shows it without passwords and tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidBaseUrl {
    shown: String,
    rule: String,
}

impl InvalidBaseUrl {
    pub(crate) fn new(text: &str, rule: String) -> Self {
        // The part before an `@` can be a password, even if the text is not a URL. A query or fragment can hold a token.
        let shown = match (text.split_once("://"), text.find(['?', '#'])) {
            (Some((scheme, _)), _) if text.contains('@') && !scheme.contains(['@', ':', '?', '#']) => {
                format!("{scheme}://…")
            }
            _ if text.contains('@') => "…".to_owned(),
            (_, Some(end)) => format!("{}…", &text[..end]),
            (_, None) => text.to_owned(),
        };
        Self {
            shown: visible(&shown, 120),
            rule,
        }
    }
}

impl fmt::Display for InvalidBaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "base URL {:?} is refused: {}; an example is https://api.prod.paradex.trade",
            self.shown, self.rule
        )
    }
}

impl std::error::Error for InvalidBaseUrl {}

/// An error of setting up the HTTP client.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be set up: {reason}")]
pub struct BuildError {
    reason: &'static str,
    source: Option<reqwest::Error>,
}

impl BuildError {
    pub(crate) fn new(source: reqwest::Error) -> Self {
        Self {
            reason: "see the source of this error",
            source: Some(source),
        }
    }

    #[cfg(feature = "rustls")]
    pub(crate) fn no_tls_provider() -> Self {
        Self {
            reason: "rustls has no cryptography provider; turn on the feature `ring` or `aws-lc-rs`, or install a provider with \
                     `rustls::crypto::CryptoProvider::install_default`",
            source: None,
        }
    }

    pub(crate) fn token() -> Self {
        Self {
            reason: "the token has characters that no header can hold; pass it without line breaks",
            source: None,
        }
    }
}
