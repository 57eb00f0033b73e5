//! What the successor must look like, and whether it does.

use std::time::Duration;

use paradex_api::{BoxError, Secret};
use zeroize::Zeroizing;

use super::error::RotationProblem;
use super::state::{RotationSpec, RotationState};
use super::{Outcome, Rotator, invalid_input};
use crate::access::subkeys::{NewSubkey, Subkey, SubkeyState};
use crate::access::tokens::{ApiToken, NewToken, TokenKind};
use crate::net::{IpAllowlist, StoredAllowlist};
use crate::signing::{PublicKey, StarknetPrivateKey};
use crate::time::Expiry;

impl Rotator {
    pub(super) async fn old_token(&self, id: &str) -> Outcome<ApiToken> {
        let tokens = self.tokens().await?;
        let Some(old) = tokens.into_iter().find(|token| token.lookup_id() == id) else {
            let rule = "the account has no token with this id";
            return Err(invalid_input(
                "lookup_id",
                id,
                rule,
                "use the `lookup_id` from the token list",
            ));
        };
        if !old.is_live(self.client.group().now()) {
            let rule = "the token is revoked or expired, so there is nothing to rotate";
            return Err(invalid_input("lookup_id", id, rule, "create a new token"));
        }
        Ok(old)
    }

    pub(super) async fn old_subkey(&self, key: &str) -> Outcome<Subkey> {
        let old = self.client.subkeys().get(key).await;
        let old = old.map_err(RotationProblem::NotRead)?;
        if !old.is_live() {
            let rule = "the subkey is revoked, so there is nothing to rotate";
            return Err(invalid_input("public_key", key, rule, "register a new subkey"));
        }
        if old.state() == Some(&SubkeyState::Pending) {
            let rule = "the subkey is pending activation, and its successor would be active";
            return Err(invalid_input(
                "public_key",
                key,
                rule,
                "activate it first, or register a new subkey",
            ));
        }
        Ok(old)
    }

    /// The request for the token that replaces `old`.
    pub(super) fn new_token(&self, state: &RotationState, old: &ApiToken, name: &str) -> Outcome<NewToken> {
        let spec = &state.spec;
        let id = old.lookup_id();
        let kind = match (&spec.token_type, old.kind()) {
            (Some(kind), _) => kind.clone(),
            (None, Some(kind)) => kind.as_str().to_owned(),
            (None, None) => {
                let rule = "the exchange does not report the kind of the old token";
                return Err(invalid_input(
                    "token_type",
                    id,
                    rule,
                    "set the new token's type in the `RotationSpec`",
                ));
            }
        };
        let lifetime = match (spec.lifetime, old.created_at(), old.expiry()) {
            (Some(lifetime), ..) => lifetime,
            (None, Some(from), Expiry::At(to)) => {
                // Both times are truncated to the exchange's unit, so round to the nearest second.
                let lived = to.duration_since(from).unwrap_or_default() + Duration::from_millis(500);
                Duration::from_secs(lived.as_secs())
            }
            (None, ..) => {
                let rule = "the exchange does not report the old token's lifetime";
                return Err(invalid_input(
                    "lifetime",
                    id,
                    rule,
                    "set the new token's lifetime in the `RotationSpec`",
                ));
            }
        };
        let allowlist = carried_over(spec, old.allowlist())?;
        NewToken::new(name, kind, lifetime, allowlist).map_err(RotationProblem::Invalid)
    }

    /// The request for the subkey that replaces `old`.
    pub(super) fn new_subkey(
        &self,
        state: &RotationState,
        old: &Subkey,
        name: &str,
        key: &str,
    ) -> Outcome<NewSubkey> {
        let spec = &state.spec;
        if spec.lifetime.is_some() || spec.token_type.is_some() {
            let rule = "a subkey has neither a lifetime nor a type";
            return Err(invalid_input("spec", &state.old, rule, "leave them out"));
        }
        let allowlist = carried_over(spec, old.allowlist())?;
        NewSubkey::new(name, key, allowlist).map_err(RotationProblem::Invalid)
    }
}

/// The allowlist of the successor. A list that is not known is never carried over.
pub(super) fn carried_over(spec: &RotationSpec, old: &StoredAllowlist) -> Outcome<IpAllowlist> {
    match &spec.allowlist {
        Some(list) => Ok(list.clone()),
        None => match old.require_known() {
            Ok(list) => Ok(list.clone()),
            Err(error) => Err(RotationProblem::AllowlistUnknown(error)),
        },
    }
}

/// How a new token differs from the requested one, if it does.
pub(super) fn differs(
    spec: &RotationSpec,
    old: &ApiToken,
    new: &ApiToken,
    requested: &IpAllowlist,
) -> Option<RotationProblem> {
    if !new.allowlist().has_networks_of(requested) {
        return Some(RotationProblem::Mismatch {
            requested: requested.to_string(),
            found: new.allowlist().to_string(),
        });
    }
    // The successor of a read-only token must not be able to do more.
    match (&spec.token_type, old.kind(), new.kind()) {
        (None, Some(old), Some(new)) if old != new => Some(RotationProblem::Mismatch {
            requested: kind(old),
            found: kind(new),
        }),
        _ => None,
    }
}

/// A kind of token in words. The text of an unknown kind is whatever the response said, so it is not shown.
fn kind(kind: &TokenKind) -> String {
    if kind.is_known() {
        format!("the kind `{}`", kind.as_str())
    } else {
        "an unknown kind".to_owned()
    }
}

/// Generates a private key, and returns it as hex text with its public key.
pub(super) fn new_key() -> Result<(Secret, PublicKey), BoxError> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    getrandom::fill(bytes.as_mut())?;
    // 251 bits are below the order of the curve. `from_bytes` refuses 0.
    let [first, ..] = &mut *bytes;
    *first &= 7;
    let key = StarknetPrivateKey::from_bytes(&bytes)?;
    // Preallocated, because a string that grows leaves copies of the key in memory.
    let mut text = String::with_capacity(2 + 64);
    text.push_str("0x");
    for byte in bytes.iter() {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    Ok((Secret::new(text), key.public_key()))
}
