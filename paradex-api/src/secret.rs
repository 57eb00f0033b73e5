//! The type of tokens, signatures and encrypted keys.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A token, signature or encrypted key, which cannot be printed by accident.
///
/// `Debug` shows nothing of it, there is no `Display`, and only [`expose`](Self::expose) returns the text. Its memory is
/// overwritten on drop.
///
/// A secret that the program made with [`Secret::new`] is serialised into requests. A secret from a response refuses to be
/// serialised, so that a response in a log or file does not contain it.
///
/// ```
/// use paradex_api::Secret;
///
/// let token = Secret::new("eyJhbGciOi");
/// assert_eq!(format!("{token:?}"), "Secret(..)");
/// assert_eq!(token.expose(), "eyJhbGciOi");
/// ```
#[derive(Clone)]
#[doc(alias = "jwt")]
#[doc(alias = "api key")]
#[doc(alias = "credential")]
pub struct Secret {
    text: SecretString,
    received: bool,
}

impl Secret {
    /// Creates a secret that may be sent to the exchange.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: SecretString::from(text.into()),
            received: false,
        }
    }

    pub(crate) fn received(text: &str) -> Self {
        Self {
            text: SecretString::from(text),
            received: true,
        }
    }

    pub(crate) fn mark_outgoing(&mut self) {
        self.received = false;
    }

    /// Returns the text. Keep it out of logs, errors and command lines.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    /// Returns whether it is from a response, and therefore refuses to be serialised.
    pub fn is_received(&self) -> bool {
        self.received
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&Secret> for Secret {
    fn from(secret: &Secret) -> Self {
        secret.clone()
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.received {
            return Err(serde::ser::Error::custom(
                "a secret from a response is not serialised; to send it, use `Secret::new(secret.expose())`",
            ));
        }
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Secret {
    /// Reads it as a secret from a response.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self {
            text: SecretString::from(text),
            received: true,
        })
    }
}
