//! What a token says of itself.

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

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

    use super::TokenInfo;

    fn jwt(payload: &str) -> String {
        format!("e30.{}.c2lnbmF0dXJl", URL_SAFE_NO_PAD.encode(payload))
    }

    #[test]
    fn a_jwt_says_whose_it_is_and_when_it_ends() {
        let info = TokenInfo::read(&jwt(r#"{"sub":"0xabc","iat":1700000000,"exp":1700000300.5}"#));
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
