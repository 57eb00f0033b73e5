//! Whether a client would cut off the branch that it sits on.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::access::target::Target;
use crate::access::tokens::ApiToken;
use crate::auth::{Credentials, TokenInfo};
use crate::client::Client;
use crate::signing::key_text::same_key;
use crate::time::Expiry;

/// Whether a client uses a token or a subkey itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SelfReference {
    No,
    Yes,
    /// Its credential is a text that does not say what it is.
    CannotTell,
}

/// One token has one end, to the second; this allows for how it is written.
const SAME_END: Duration = Duration::from_secs(60);

impl SelfReference {
    /// Whether `client` acts by `target`. `token` is what the exchange's list says of it, where it is one.
    ///
    /// A session that a key opened is never an API token. A text that was given as one is looked into if it is a JWT:
    /// it is the token if it names its id, and is none if it ends at another time.
    pub(super) fn of(client: &Client, target: &Target, token: Option<&ApiToken>) -> Self {
        let Some(credentials) = client.credentials() else {
            return Self::No;
        };
        let Some(info) = credentials.token_info() else {
            // A key. Its name is its public key, and that is no id of a token.
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
            // A session of a subkey names the subkey nowhere that is published, but may not change subkeys.
            Target::Subkey(_) => Self::No,
            Target::Token(id) => {
                let token_id = token.and_then(|token| token.raw().token_id.as_deref());
                if mentions(&claims, &|text| text == id || Some(text) == token_id) {
                    return Self::Yes;
                }
                match token.map(ApiToken::expiry) {
                    Some(Expiry::At(end)) if ends_elsewhere(info, end) => Self::No,
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

fn ends_elsewhere(info: &TokenInfo, end: SystemTime) -> bool {
    info.expires_at.is_some_and(|own| {
        let apart = own.duration_since(end).or_else(|_| end.duration_since(own));
        apart.is_ok_and(|apart| apart > SAME_END)
    })
}

/// Whether a text that is not empty stands anywhere in the claims.
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
    fn a_token_is_known_by_its_id_or_told_apart_by_its_end() {
        let target = Target::Token("lookup-1".to_owned());
        let of = |client: &Client, expiry_at| SelfReference::of(client, &target, Some(&token(expiry_at)));
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
        // Without what the list says of it, nothing is told apart.
        assert_eq!(
            SelfReference::of(&plain, &target, None),
            SelfReference::CannotTell
        );
        assert_eq!(
            of(&jwt(&json!({"sub": "0x1"})), Some(0)),
            SelfReference::CannotTell
        );
        assert_eq!(of(&bearer("opaque"), Some(END)), SelfReference::CannotTell);
    }

    #[test]
    fn a_key_is_known_by_its_public_key_and_is_no_token() {
        let key = || StarknetPrivateKey::from_hex("0x7").unwrap();
        let public = key().public_key().to_string();
        let subkey = client(Credentials::subkey(
            Environment::Testnet,
            key(),
            "0x1".parse().unwrap(),
        ));
        let padded = Target::Subkey(public.replace("0x", "0x00").to_uppercase().replace('X', "x"));
        assert_eq!(SelfReference::of(&subkey, &padded, None), SelfReference::Yes);
        assert_eq!(
            SelfReference::of(&subkey, &Target::Subkey("0x8".to_owned()), None),
            SelfReference::No
        );
        let target = Target::Token("lookup-1".to_owned());
        assert_eq!(
            SelfReference::of(&subkey, &target, Some(&token(Some(END)))),
            SelfReference::No
        );
        let session = jwt(&json!({"subkey": public, "exp": END}));
        assert_eq!(SelfReference::of(&session, &padded, None), SelfReference::Yes);
        assert_eq!(
            SelfReference::of(&jwt(&json!({"sub": "0x1", "x": ""})), &padded, None),
            SelfReference::No
        );
        assert_eq!(
            SelfReference::of(&bearer("opaque"), &padded, None),
            SelfReference::CannotTell
        );
        let nobody = Client::builder(Environment::Testnet).build().unwrap();
        assert_eq!(SelfReference::of(&nobody, &target, None), SelfReference::No);
    }
}
