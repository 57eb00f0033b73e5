//! What opens an account.

use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use paradex_api::Secret;
use paradex_api::reqwest::header::HeaderValue;

use crate::environment::Environment;
use crate::error::ConfigurationError;

/// A credential, bound to the exchange that it is for.
///
/// It is never sent anywhere else: a client of another environment refuses it.
///
/// ```
/// use paradex_api_ext::{Credentials, Environment};
///
/// # fn token_from_your_vault() -> String { "eyJhbGciOiJub25lIn0.e30.x".to_owned() }
/// let credentials = Credentials::bearer(Environment::Testnet, token_from_your_vault())?;
/// assert!(!format!("{credentials:?}").contains("eyJ"));
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
#[derive(Clone)]
pub struct Credentials {
    environment: Environment,
    header: HeaderValue,
    info: TokenInfo,
}

impl Credentials {
    /// A bearer token as text: a JWT of a signed-in session, or an API token.
    ///
    /// White space around it is taken off, so that the content of a file will do.
    ///
    /// # Errors
    ///
    /// The text is empty or has characters that no header can carry.
    pub fn bearer(environment: Environment, token: impl Into<Secret>) -> Result<Self, ConfigurationError> {
        let token = token.into();
        let text = token.expose().trim();
        let text = text.strip_prefix("Bearer ").unwrap_or(text);
        let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits {
            return Err(ConfigurationError::token(text.is_empty()));
        }
        let mut header =
            HeaderValue::try_from(format!("Bearer {text}")).map_err(|_| ConfigurationError::token(false))?;
        header.set_sensitive(true);
        Ok(Self {
            environment,
            header,
            info: TokenInfo::read(text),
        })
    }

    /// The exchange that it is for.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// What its text says of itself.
    pub fn token_info(&self) -> &TokenInfo {
        &self.info
    }

    pub(crate) fn header(&self) -> &HeaderValue {
        &self.header
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("environment", &self.environment)
            .field("token_info", &self.info)
            .finish_non_exhaustive()
    }
}

/// What a bearer token says of itself, where it can be read.
///
/// A JWT can be read without a key, and nothing here is verified; only the exchange can do that. Tokens may
/// be opaque, and then nothing is known. It holds no part of the token that opens anything.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenInfo {
    /// The account that a JWT names.
    pub account: Option<String>,
    /// When a JWT says that it was made.
    pub issued_at: Option<SystemTime>,
    /// When a JWT says that it ends.
    pub expires_at: Option<SystemTime>,
    /// Whether it could be read as a JWT at all. A signed-in session has one; an API token may not.
    pub is_jwt: bool,
}

impl TokenInfo {
    fn read(token: &str) -> Self {
        let payload = Self::payload(token);
        let text = |name: &str| Some(payload.as_ref()?.get(name)?.as_str()?.to_owned());
        let time = |name: &str| {
            let seconds = payload.as_ref()?.get(name)?.as_f64()?;
            let since = Duration::try_from_secs_f64(seconds).ok()?;
            SystemTime::UNIX_EPOCH.checked_add(since)
        };
        Self {
            account: text("sub"),
            issued_at: time("iat"),
            expires_at: time("exp"),
            is_jwt: payload.is_some(),
        }
    }

    fn payload(token: &str) -> Option<serde_json::Map<String, serde_json::Value>> {
        let mut parts = token.split('.');
        let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Whether it had ended at this time, by its own account; `None` if it does not say.
    pub fn is_expired(&self, now: SystemTime) -> Option<bool> {
        self.expires_at.map(|end| end <= now)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::{Credentials, Environment};

    fn credentials(token: &str) -> Credentials {
        Credentials::bearer(Environment::Testnet, token).unwrap()
    }

    fn jwt(payload: &str) -> String {
        format!("e30.{}.c2lnbmF0dXJl", URL_SAFE_NO_PAD.encode(payload))
    }

    #[test]
    fn a_jwt_says_whose_it_is_and_when_it_ends() {
        let credentials = credentials(&jwt(r#"{"sub":"0xabc","iat":1700000000,"exp":1700000300.5}"#));
        let info = credentials.token_info();
        assert!(info.is_jwt);
        assert_eq!(info.account.as_deref(), Some("0xabc"));
        let end = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_300_500);
        assert_eq!(info.expires_at, Some(end));
        assert_eq!(info.is_expired(end - Duration::from_millis(1)), Some(false));
        assert_eq!(info.is_expired(end), Some(true));
    }

    #[test]
    fn what_cannot_be_read_is_opaque_and_no_error() {
        for token in [
            "opaque",
            "a.b",
            "a.b.c",
            "a.b.c.d",
            "..",
            &jwt("[]"),
            &jwt("{"),
            "a.é.c",
        ] {
            if token.is_ascii() {
                assert!(!credentials(token).token_info().is_jwt, "{token}");
            }
        }
        for payload in [
            r#"{"exp": -1}"#,
            r#"{"exp": 1e400}"#,
            r#"{"exp": 1e300}"#,
            r#"{"exp": "soon"}"#,
            r#"{"exp": null}"#,
        ] {
            assert_eq!(
                credentials(&jwt(payload)).token_info().expires_at,
                None,
                "{payload}"
            );
        }
    }

    #[test]
    fn a_token_is_trimmed_and_never_shown() {
        let shown = format!("{:?}", credentials(" Bearer canary-token\n"));
        assert!(!shown.contains("canary"), "{shown}");
        assert_eq!(
            credentials("Bearer canary\n").header(),
            &"Bearer canary".parse::<super::HeaderValue>().unwrap()
        );
        for bad in [
            "",
            " \n",
            "canary token",
            "canary\ntoken",
            "canary\u{7f}",
            "canäry",
        ] {
            let error = Credentials::bearer(Environment::Testnet, bad).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("can"), "{error:?}");
        }
    }
}
