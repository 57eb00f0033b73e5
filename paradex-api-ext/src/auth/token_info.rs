//! The claims of an access token.

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The claims of a bearer token, if it is a JWT.
///
/// ```
/// use std::time::SystemTime;
/// use paradex_api_ext::{Credentials, Environment};
///
/// # fn token_from_your_vault() -> String { "eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDAzMDB9.x".to_owned() }
/// let credentials = Credentials::bearer(Environment::Testnet, token_from_your_vault())?;
/// let info = credentials.token_info();
/// if info.and_then(|info| info.is_expired(SystemTime::now())) == Some(true) {
///     println!("fetch another token");
/// }
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
///
/// A JWT can be read without a key. Nothing here is verified; only the exchange can do that. An opaque token has no readable
/// claims. This value contains no part of the token that could be used to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[doc(alias("jwt", "claims", "expiry"))]
pub struct TokenInfo {
    /// The account (claim `sub`).
    pub account: Option<String>,
    /// The time of issue (claim `iat`).
    pub issued_at: Option<SystemTime>,
    /// The time of expiry (claim `exp`).
    pub expires_at: Option<SystemTime>,
    /// Whether the token is a JWT. That of a session is one; an API token may be opaque.
    pub is_jwt: bool,
}

impl TokenInfo {
    pub(crate) fn read(token: &str) -> Self {
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

    /// The claims of a token, if it is a JWT.
    pub(crate) fn payload(token: &str) -> Option<serde_json::Map<String, serde_json::Value>> {
        let mut parts = token.split('.');
        let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Returns whether the token has expired at this time, by its claim `exp`; `None` without one.
    pub fn is_expired(&self, now: SystemTime) -> Option<bool> {
        self.expires_at.map(|end| end <= now)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::TokenInfo;

    fn jwt(payload: &str) -> String {
        format!("e30.{}.c2lnbmF0dXJl", URL_SAFE_NO_PAD.encode(payload))
    }

    #[test]
    fn jwt_claims_name_the_account_and_the_expiry() {
        let info = TokenInfo::read(&jwt(r#"{"sub":"0xabc","iat":1700000000,"exp":1700000300.5}"#));
        assert!(info.is_jwt);
        assert_eq!(info.account.as_deref(), Some("0xabc"));
        let end = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_300_500);
        assert_eq!(info.expires_at, Some(end));
        assert_eq!(info.is_expired(end - Duration::from_millis(1)), Some(false));
        assert_eq!(info.is_expired(end), Some(true));
    }

    #[test]
    fn unreadable_token_is_opaque_and_no_error() {
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
            assert!(!TokenInfo::read(token).is_jwt, "{token}");
        }
        for payload in [
            r#"{"exp": -1}"#,
            r#"{"exp": 1e400}"#,
            r#"{"exp": 1e300}"#,
            r#"{"exp": "soon"}"#,
            r#"{"exp": null}"#,
        ] {
            assert_eq!(TokenInfo::read(&jwt(payload)).expires_at, None, "{payload}");
        }
    }
}
