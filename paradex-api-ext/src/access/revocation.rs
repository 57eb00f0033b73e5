//! The outcome of a revocation.

use serde_json::Value;

use super::target::Target;
use crate::auth::{Credentials, TokenInfo};
use crate::client::ClientGroup;
use crate::error::{Error, RevokeError};
use crate::signing::key_text::same_key;

/// Decides whether a token or subkey was revoked.
///
/// If the response does not name what was revoked, the outcome is unknown, and trusting the response could leave a leaked
/// credential live. In that case `is_revoked` reads the exchange's list, and the list decides.
pub(super) async fn revoked(
    outcome: Result<(), Error>,
    is_revoked: impl Future<Output = bool>,
) -> Result<(), RevokeError> {
    match outcome {
        Err(error @ Error::Decode(_)) => match is_revoked.await {
            true => Ok(()),
            false => Err(RevokeError::NotUnderstood(error)),
        },
        outcome => Ok(outcome?),
    }
}

/// Tells the clients of the group that use a credential that it is revoked, so that they close its connections.
///
/// It is noticed for a subkey by its public key, and for a token if it is a JWT whose claims have the id.
pub(super) fn note_revoked(group: &ClientGroup, target: &Target) {
    for client in group.clients() {
        // Read once: the credential may be replaced meanwhile, and its successor is not revoked.
        let session = client.source().current();
        if let Some(session) = session.filter(|session| uses(session.credentials(), target)) {
            client.source().revoked(&session);
        }
    }
}

fn uses(credentials: &Credentials, target: &Target) -> bool {
    match (target, credentials.bearer_header()) {
        (Target::Subkey(key), None) => same_key(key, &credentials.id()),
        (Target::Token(id), Some(header)) => {
            let token = header.to_str().unwrap_or_default();
            let token = token.strip_prefix("Bearer ").unwrap_or(token);
            let claims = TokenInfo::payload(token).unwrap_or_default();
            !id.is_empty() && claims.values().any(|claim| mentions(claim, id))
        }
        _ => false,
    }
}

/// Whether a text in the claims is the id.
fn mentions(claim: &Value, id: &str) -> bool {
    match claim {
        Value::String(text) => text == id,
        Value::Array(items) => items.iter().any(|item| mentions(item, id)),
        Value::Object(fields) => fields.values().any(|field| mentions(field, id)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::{Target, note_revoked};
    use crate::{Client, Credentials, Environment};

    #[test]
    fn only_clients_that_use_the_credential_are_told() {
        let claims = URL_SAFE_NO_PAD.encode(r#"{"data":{"ids":["lookup-1"]}}"#);
        let jwt = format!("e30.{claims}.x");
        let group = Client::builder(Environment::Testnet).build_group().unwrap();
        let token = group
            .client(Credentials::bearer(Environment::Testnet, jwt).unwrap())
            .unwrap();
        let opaque = group
            .client(Credentials::bearer(Environment::Testnet, "lookup-1").unwrap())
            .unwrap();
        let revoked = |client: &Client| {
            client
                .source()
                .current()
                .is_some_and(|session| session.is_revoked())
        };
        for other in [
            Target::Token("lookup-2".to_owned()),
            Target::Token(String::new()),
            Target::Subkey("lookup-1".to_owned()),
        ] {
            note_revoked(&group, &other);
            assert!(!revoked(&token) && !revoked(&opaque), "{other:?}");
        }
        note_revoked(&group, &Target::Token("lookup-1".to_owned()));
        assert!(revoked(&token) && !revoked(&opaque));
        // A credential that has replaced it meanwhile is not revoked.
        let old = token.source().current().unwrap();
        let successor = Credentials::bearer(Environment::Testnet, "successor").unwrap();
        token.replace_credentials(successor).unwrap();
        token.source().revoked(&old);
        assert!(!revoked(&token));
    }

    #[cfg(feature = "signing")]
    #[test]
    fn subkey_is_known_by_its_public_key_in_any_spelling() {
        use crate::signing::StarknetPrivateKey;
        let key = StarknetPrivateKey::from_hex("0x1234567").unwrap();
        let name = key.public_key().to_string();
        let group = Client::builder(Environment::Testnet).build_group().unwrap();
        let account = "0x49d".parse().unwrap();
        let client = group
            .client(Credentials::subkey(Environment::Testnet, key, account))
            .unwrap();
        let upper = format!("0x00{}", name.trim_start_matches("0x").to_uppercase());
        note_revoked(&group, &Target::Subkey(upper));
        assert!(client.source().current().unwrap().is_revoked());
    }
}
