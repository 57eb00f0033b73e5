//! Names in the place of ids.

use std::time::SystemTime;

use paradex_api_ext::Client;
use paradex_api_ext::allowlist::Target;

use crate::console::{Exit, Failure, line};

/// A token or a subkey with the name that was asked for.
struct Candidate {
    id: String,
    live: bool,
}

/// Replaces the name of a token or a subkey by its id.
///
/// An id stays as it is, even if something else has it as its name. A text that is neither stays, too, so that the command
/// reports it. A name that several live ones have is refused.
pub(crate) async fn resolve(target: Target, client: &Client) -> Result<Target, Failure> {
    let (kind, candidates) = match &target {
        Target::Token(text) => {
            // If the list cannot be read, an id must still work.
            let Ok(tokens) = client.tokens().list().with_revoked_and_expired().send().await else {
                return Ok(target);
            };
            if tokens.iter().any(|token| token.lookup_id() == text) {
                return Ok(target);
            }
            let named = tokens.iter().filter(|token| token.name() == text);
            let now = SystemTime::now();
            let candidates = named.map(|token| Candidate {
                id: token.lookup_id().to_owned(),
                live: token.is_live(now),
            });
            ("token", candidates.collect::<Vec<_>>())
        }
        Target::Subkey(text) if !text.starts_with("0x") => {
            let Ok(subkeys) = client.subkeys().list().with_revoked().send().await else {
                return Ok(target);
            };
            let named = subkeys.iter().filter(|subkey| subkey.name() == text);
            let candidates = named.map(|subkey| Candidate {
                id: subkey.public_key().to_owned(),
                live: subkey.is_live(),
            });
            ("subkey", candidates.collect())
        }
        _ => return Ok(target),
    };
    let (Target::Token(name) | Target::Subkey(name)) = &target else {
        return Ok(target);
    };
    match choose(kind, name, candidates)? {
        None => Ok(target),
        Some(id) if kind == "token" => Ok(Target::Token(id)),
        Some(id) => Ok(Target::Subkey(id)),
    }
}

/// Chooses the only live candidate, or else the only one.
fn choose(kind: &str, name: &str, candidates: Vec<Candidate>) -> Result<Option<String>, Failure> {
    const MOST: usize = 10;
    let any_live = candidates.iter().any(|candidate| candidate.live);
    let mut ids: Vec<String> = candidates
        .into_iter()
        .filter(|candidate| candidate.live == any_live && !candidate.id.is_empty())
        .map(|candidate| candidate.id)
        .collect();
    if ids.len() < 2 {
        return Ok(ids.pop());
    }
    let count = ids.len();
    let mut listed: Vec<String> = ids.iter().take(MOST).map(|id| line(id)).collect();
    if count > MOST {
        listed.push("…".to_owned());
    }
    let state = if any_live { "" } else { "revoked or expired " };
    Err(Failure::new(
        Exit::Failed,
        format!(
            "the account has {count} {state}{kind}s named `{}`: pass the id of one of them: {}",
            line(name),
            listed.join(", ")
        ),
    ))
}
