//! Whether a change would revoke or restrict the client's own credential.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::access::target::Target;
use crate::access::tokens::ApiToken;
use crate::auth::{Credentials, TokenInfo};
use crate::client::Client;
use crate::signing::key_text::same_key;
use crate::time::Expiry;

/// Whether a client uses a token or a subkey itself, so that a change of it could lock the client out.
///
/// ```no_run
/// use paradex_api_ext::Client;
/// use paradex_api_ext::allowlist::Target;
/// use paradex_api_ext::fleet::SelfReference;
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// for token in client.tokens().list().send().await? {
///     let target = Target::Token(token.lookup_id().to_owned());
///     if SelfReference::check(&client, &target, Some(&token)) == SelfReference::No {
///         client.tokens().revoke(token.lookup_id()).await?;
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SelfReference {
    /// It uses another credential.
    No,
    /// It uses this one.
    Yes,
    /// Its credential is an opaque token, or one whose claims do not identify it.
    CannotTell,
}

/// How much two reported expiry times of one token may differ.
const SAME_END: Duration = Duration::from_secs(60);

impl SelfReference {
    /// Returns whether `client` uses `target`. For a token, `token` is its entry in the exchange's list.
    ///
    /// A session opened with a key is never an API token. A token text is decoded if it is a JWT: it is the target if its
    /// claims contain the target's id, and is not if it expires at another time.
    pub fn check(client: &Client, target: &Target, token: Option<&ApiToken>) -> Self {
        let Some(credentials) = client.credentials() else {
            return Self::No;
        };
        let Some(info) = credentials.token_info() else {
            // A key: its id is its public key, which is never the id of a token.
            return match target {
                Target::Subkey(key) if same_key(key, &credentials.id()) => Self::Yes,
                _ => Self::No,
            };
        };
        let Some(claims) = claims(&credentials) else {
            return Self::CannotTell;
        };
        match target {
            Target::Subkey(key) if mentions(&claims, &|text| same_key(text, key)) => Self::Yes,
            // No published claim names the subkey of a session, but a subkey's session cannot change subkeys anyway.
            Target::Subkey(_) => Self::No,
            Target::Token(id) => {
                let token_id = token.and_then(|token| token.raw().token_id.as_deref());
                if mentions(&claims, &|text| text == id || Some(text) == token_id) {
                    return Self::Yes;
                }
                match token.map(ApiToken::expiry) {
                    Some(Expiry::At(end)) if expires_at_another_time(info, end) => Self::No,
                    Some(Expiry::Never) if info.expires_at.is_some() => Self::No,
                    _ => Self::CannotTell,
                }
            }
        }
    }
}

/// What a static token claims, if it is a JWT.
fn claims(credentials: &Credentials) -> Option<Value> {
    let header = credentials.bearer_header()?;
    let token = header.to_str().ok()?.strip_prefix("Bearer ")?;
    TokenInfo::payload(token).map(Value::Object)
}

fn expires_at_another_time(info: &TokenInfo, end: SystemTime) -> bool {
    info.expires_at.is_some_and(|own| {
        let apart = own.duration_since(end).or_else(|_| end.duration_since(own));
        apart.is_ok_and(|apart| apart > SAME_END)
    })
}

/// Whether any non-empty string in the claims satisfies the predicate.
fn mentions(value: &Value, is: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => !text.is_empty() && is(text),
        Value::Array(items) => items.iter().any(|item| mentions(item, is)),
        Value::Object(fields) => fields.values().any(|field| mentions(field, is)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use paradex_api::types;
    use serde_json::{Value, json};

    use super::{SelfReference, Target};
    use crate::access::tokens::ApiToken;
    use crate::auth::Credentials;
    use crate::client::Client;
    use crate::client::environment::Environment;
    use crate::signing::StarknetPrivateKey;

    const END: i64 = 4_000_000_000;

    fn client(credentials: Credentials) -> Client {
        let builder = Client::builder(Environment::Testnet).credentials(credentials);
        builder.build().unwrap()
    }

    fn bearer(text: &str) -> Client {
        client(Credentials::bearer(Environment::Testnet, text).unwrap())
    }

    fn jwt(claims: &Value) -> Client {
        bearer(&format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims.to_string())))
    }

    fn token(expiry_at: Option<i64>) -> ApiToken {
        let token = json!({"lookup_id": "lookup-1", "token_id": "token-1", "expiry_at": expiry_at});
        ApiToken::new(serde_json::from_value::<types::ApiToken>(token).unwrap())
    }

    #[test]
    fn own_token_is_recognised_by_its_id_and_excluded_by_its_expiry() {
        let target = Target::Token("lookup-1".to_owned());
        let of = |client: &Client, expiry_at| SelfReference::check(client, &target, Some(&token(expiry_at)));
        for claims in [
            json!({"jti": "lookup-1", "exp": END}),
            json!({"token": {"ids": ["x", "token-1"]}, "exp": 5}),
        ] {
            assert_eq!(
                of(&jwt(&claims), Some(END + 3_600)),
                SelfReference::Yes,
                "{claims}"
            );
        }
        let plain = jwt(&json!({"sub": "0x1", "jti": "other", "exp": END}));
        for (expiry_at, own) in [
            (Some(END), SelfReference::CannotTell),
            (Some(END + 60), SelfReference::CannotTell),
            (Some(END - 60), SelfReference::CannotTell),
            (Some((END + 1) * 1_000_000_000), SelfReference::CannotTell),
            (Some(END + 61), SelfReference::No),
            (Some(END - 61), SelfReference::No),
            (Some(0), SelfReference::No),
            (None, SelfReference::CannotTell),
        ] {
            assert_eq!(of(&plain, expiry_at), own, "{expiry_at:?}");
        }
        // Without the list entry, no token can be excluded.
        assert_eq!(
            SelfReference::check(&plain, &target, None),
            SelfReference::CannotTell
        );
        assert_eq!(
            of(&jwt(&json!({"sub": "0x1"})), Some(0)),
            SelfReference::CannotTell
        );
        assert_eq!(of(&bearer("opaque"), Some(END)), SelfReference::CannotTell);
    }

    #[test]
    fn own_subkey_is_recognised_by_its_public_key() {
        let key = || StarknetPrivateKey::from_hex("0x7").unwrap();
        let public = key().public_key().to_string();
        let subkey = client(Credentials::subkey(
            Environment::Testnet,
            key(),
            "0x1".parse().unwrap(),
        ));
        let padded = Target::Subkey(public.replace("0x", "0x00").to_uppercase().replace('X', "x"));
        assert_eq!(SelfReference::check(&subkey, &padded, None), SelfReference::Yes);
        assert_eq!(
            SelfReference::check(&subkey, &Target::Subkey("0x8".to_owned()), None),
            SelfReference::No
        );
        let target = Target::Token("lookup-1".to_owned());
        assert_eq!(
            SelfReference::check(&subkey, &target, Some(&token(Some(END)))),
            SelfReference::No
        );
        let session = jwt(&json!({"subkey": public, "exp": END}));
        assert_eq!(SelfReference::check(&session, &padded, None), SelfReference::Yes);
        assert_eq!(
            SelfReference::check(&jwt(&json!({"sub": "0x1", "x": ""})), &padded, None),
            SelfReference::No
        );
        assert_eq!(
            SelfReference::check(&bearer("opaque"), &padded, None),
            SelfReference::CannotTell
        );
        let anonymous = Client::builder(Environment::Testnet).build().unwrap();
        assert_eq!(SelfReference::check(&anonymous, &target, None), SelfReference::No);
    }
}
