//! Reading the exchange's lists, and comparing them with what a rotation state claims.

use super::error::RotationProblem;
use super::names::{strip_suffix, successor_base};
use super::state::RotationState;
use super::{Outcome, Rotator, invalid_input};
use crate::access::subkeys::Subkey;
use crate::access::target::Target;
use crate::access::tokens::ApiToken;
use crate::signing::key_text::same_key;

impl Rotator {
    pub(super) async fn tokens(&self) -> Outcome<Vec<ApiToken>> {
        let list = self.client.tokens().list().with_revoked_and_expired().send();
        list.await.map_err(RotationProblem::NotRead)
    }

    /// The listed token of this name that has an id.
    pub(super) async fn token_named(&self, name: &str) -> Outcome<Option<ApiToken>> {
        let tokens = self.tokens().await?;
        let mut named = tokens
            .into_iter()
            .filter(|token| token.name() == name && !token.lookup_id().is_empty());
        Ok(named.next())
    }

    /// The listed subkey with this public key.
    pub(super) async fn subkey(&self, key: &str) -> Outcome<Option<Subkey>> {
        let mut subkeys = self.subkeys().await?.into_iter();
        Ok(subkeys.find(|subkey| same_key(subkey.public_key(), key)))
    }

    pub(super) async fn subkeys(&self) -> Outcome<Vec<Subkey>> {
        let list = self.client.subkeys().list().with_revoked().send();
        list.await.map_err(RotationProblem::NotRead)
    }

    /// Refuses a state whose new credential was not made by a rotation of the old one. Called before anything is changed.
    pub(super) async fn check_claims(&self, state: &RotationState) -> Outcome<()> {
        if state.new_target().is_none() && state.requested_names().next().is_none() {
            return Ok(());
        }
        match &state.old {
            Target::Token(_) => check_listed(state, &token_names(&self.tokens().await?)),
            Target::Subkey(_) => check_listed(state, &subkey_names(&self.subkeys().await?)),
        }
    }
}

/// The id and name of each token.
pub(super) fn token_names(tokens: &[ApiToken]) -> Vec<(&str, &str)> {
    let names = tokens.iter().map(|token| (token.lookup_id(), token.name()));
    names.collect()
}

/// The public key and name of each subkey.
pub(super) fn subkey_names(subkeys: &[Subkey]) -> Vec<(&str, &str)> {
    let names = subkeys.iter().map(|subkey| (subkey.public_key(), subkey.name()));
    names.collect()
}

/// Compares the names of everything that this rotation would revoke as its new credential with the exchange's list.
///
/// The state comes from a file, which can be edited. A name shows whether a rotation of the old credential made it.
pub(super) fn check_listed(state: &RotationState, listed: &[(&str, &str)]) -> Outcome<()> {
    let name_of = |target: &Target| {
        let is_it = |listed: &str| match target {
            Target::Token(id) => listed == id,
            Target::Subkey(key) => same_key(listed, key),
        };
        let found = listed.iter().find(|(id, _)| is_it(id));
        found.map(|(_, name)| *name)
    };
    let old_name = name_of(&state.old);
    let base = state.spec.name.as_deref().or(old_name).map(successor_base);
    // A credential that is not listed cannot be revoked by mistake.
    let new = state.new_target();
    let new_name = new.as_ref().and_then(name_of);
    for name in state.requested_names().chain(new_name) {
        // The old credential may itself be a successor, but not its own.
        let is_successor = Some(name) != old_name && strip_suffix(name) == base.as_deref();
        if !is_successor || base.is_none() {
            let rule = match base {
                Some(_) => "its name shows that this rotation did not create it",
                None => "the old credential is not listed, so nothing shows that this rotation created it",
            };
            return Err(invalid_input(
                "new",
                new.map_or_else(|| name.to_owned(), |new| new.to_string()),
                rule,
                "list the account's tokens and subkeys, and revoke by hand what you do not need",
            ));
        }
    }
    Ok(())
}
