//! Names in the place of ids.

use std::time::SystemTime;

use paradex_api_ext::Client;
use paradex_api_ext::allowlist::Target;

use crate::console::{Exit, Failure, line};

/// Replaces the name of a live token or subkey by its id.
///
/// An id stays as it is, even if something else has it as its name. A text that is neither stays, too, so that the command
/// reports it. A name that several live ones have is refused.
pub(crate) async fn resolve(target: Target, client: &Client) -> Result<Target, Failure> {
    match &target {
        Target::Token(text) => {
            // If the list cannot be read, an id must still work.
            let Ok(tokens) = client.tokens().list().with_revoked_and_expired().send().await else {
                return Ok(target);
            };
            if tokens.iter().any(|token| token.lookup_id() == text) {
                return Ok(target);
            }
            let now = SystemTime::now();
            let named = tokens
                .iter()
                .filter(|token| token.name() == text && token.is_live(now));
            let ids = named.map(|token| token.lookup_id().to_owned()).collect();
            let id = only("token", text, ids)?;
            Ok(id.map_or(target, Target::Token))
        }
        Target::Subkey(text) if !text.starts_with("0x") => {
            let Ok(subkeys) = client.subkeys().list().send().await else {
                return Ok(target);
            };
            let named = subkeys
                .iter()
                .filter(|subkey| subkey.name() == text && subkey.is_live());
            let keys = named.map(|subkey| subkey.public_key().to_owned()).collect();
            let key = only("subkey", text, keys)?;
            Ok(key.map_or(target, Target::Subkey))
        }
        _ => Ok(target),
    }
}

/// The only id, if there is one. Several are an error that lists them.
fn only(kind: &str, name: &str, mut ids: Vec<String>) -> Result<Option<String>, Failure> {
    const MOST: usize = 10;
    ids.retain(|id| !id.is_empty());
    if ids.len() < 2 {
        return Ok(ids.pop());
    }
    let mut listed: Vec<String> = ids.iter().take(MOST).map(|id| line(id)).collect();
    if ids.len() > MOST {
        listed.push("…".to_owned());
    }
    Err(Failure::new(
        Exit::Failed,
        format!(
            "the account has {} {kind}s named `{}`: pass the id of one of them: {}",
            ids.len(),
            line(name),
            listed.join(", ")
        ),
    ))
}
