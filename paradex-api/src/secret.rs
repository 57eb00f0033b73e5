//! Text that opens an account.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A token, signature or encrypted key: it can be used, but neither printed nor passed on by accident.
///
/// `Debug` shows no part of it, there is no `Display`, the memory is overwritten on drop, and only
/// [`expose`](Self::expose) gives the text. A secret that the program made ([`Secret::new`]) is
/// serialised into the request that carries it; one that came in an answer refuses to be serialised,
/// so that an answer written to a log or a file does not take it along.
///
/// ```
/// use paradex_api::Secret;
///
/// let token = Secret::new("eyJhbGciOi");
/// assert_eq!(format!("{token:?}"), "Secret(..)");
/// assert_eq!(token.expose(), "eyJhbGciOi");
/// ```
#[derive(Clone)]
pub struct Secret {
    text: SecretString,
    received: bool,
}

impl Secret {
    /// Takes a text that may be sent to the exchange.
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

    /// The text itself. Keep it out of logs, errors and command lines.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    /// Whether it came in an answer of the exchange, and so refuses to be serialised.
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

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.received {
            return Err(serde::ser::Error::custom(
                "a secret of an answer is not serialised; take its text with `expose()` and \
                 `Secret::new` to send it",
            ));
        }
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Secret {
    /// Reads it as one of an answer.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self {
            text: SecretString::from(text),
            received: true,
        })
    }
}
