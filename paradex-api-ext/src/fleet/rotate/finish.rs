//! The end of a rotation: revoking the old credential, or abandoning the new one.

use std::time::Duration;

use super::error::RotationProblem;
use super::listing::{check_listed, subkey_names, token_names};
use super::state::{RotationState, RotationStep};
use super::{Outcome, Rotator, Run, wrong_step};
use crate::access::allowlist::plan::Force;
use crate::access::subkeys::Subkey;
use crate::access::target::Target;
use crate::access::tokens::ApiToken;
use crate::error::InvalidInput;
use crate::fleet::self_check::SelfReference;
use crate::signing::key_text::same_key;

impl Rotator {
    pub(super) async fn run_finish(&self, run: &mut Run, grace: Duration, force: Force) -> Outcome<()> {
        self.same_environment(&run.state)?;
        let next = match run.state.step.clone() {
            RotationStep::Finished { .. } => return Ok(()),
            RotationStep::Finishing { .. } => None,
            RotationStep::Proven { new, .. } => {
                let left = run.state.grace_left(grace, self.client.group().now());
                if let Some(left) = left.filter(|left| !left.is_zero()) {
                    return Err(RotationProblem::TooEarly { left });
                }
                Some(RotationStep::Finishing { new })
            }
            _ => {
                let rule = "the new credential is not proven, so the old one is the only one known to work";
                return Err(wrong_step(&run.state, rule));
            }
        };
        let new = run.state.new_target();
        let mut token = None;
        let (old_is_live, new_is_live, new_created_at) = match (run.state.old.clone(), new) {
            (Target::Token(old), Some(Target::Token(new))) => {
                let tokens = self.tokens().await?;
                let now = self.client.group().now();
                token = tokens.iter().find(|token| token.lookup_id() == old).cloned();
                let old_is_live = token.as_ref().is_some_and(|token| token.is_live(now));
                if old_is_live || !run.state.missing.is_empty() {
                    check_listed(&run.state, &token_names(&tokens))?;
                }
                self.revoke_missing(run, &tokens).await?;
                let new = tokens.iter().find(|token| token.lookup_id() == new);
                (
                    old_is_live,
                    new.is_some_and(|token| token.is_live(now)),
                    new.and_then(ApiToken::created_at),
                )
            }
            (Target::Subkey(old), Some(Target::Subkey(new))) => {
                let subkeys = self.subkeys().await?;
                let find = |key: &str| subkeys.iter().find(|subkey| same_key(subkey.public_key(), key));
                let old_is_live = find(&old).is_some_and(Subkey::is_live);
                if old_is_live {
                    check_listed(&run.state, &subkey_names(&subkeys))?;
                }
                let new = find(&new);
                (
                    old_is_live,
                    new.is_some_and(Subkey::is_live),
                    new.and_then(Subkey::created_at),
                )
            }
            _ => (true, false, None),
        };
        // If the old credential is already revoked, there is nothing left to protect.
        if (next.is_some() || old_is_live) && !new_is_live {
            return Err(RotationProblem::NewNotLive);
        }
        // The state comes from a file, so also compare the grace period with the age that the exchange reports.
        if let (Some(_), Some(created_at)) = (&next, new_created_at) {
            let passed = self.client.group().now().duration_since(created_at);
            let left = grace.saturating_sub(passed.unwrap_or_default());
            if !left.is_zero() {
                return Err(RotationProblem::TooEarly { left });
            }
        }
        self.check_not_own(&run.state, token.as_ref(), force)?;
        if let Some(next) = next {
            self.enter(run, next).await?;
        }
        self.drive(run).await
    }

    /// Refuses to revoke the credential that this client uses.
    pub(super) fn check_not_own(
        &self,
        state: &RotationState,
        token: Option<&ApiToken>,
        force: Force,
    ) -> Outcome<()> {
        if force.allows_own_credential() || self.uses_new(state) {
            return Ok(());
        }
        let rule = match SelfReference::check(&self.client, &state.old, token) {
            SelfReference::No => return Ok(()),
            SelfReference::Yes => "this client uses it itself",
            SelfReference::CannotTell => {
                "this client's own credential is an opaque token, so it may be this one"
            }
        };
        Err(RotationProblem::OwnCredential(InvalidInput::new(
            "old",
            &state.old,
            rule,
            "finish with another credential, such as the account's key, or force it (`--force`, `Force::despite_own_credential`)",
        )))
    }

    /// Whether this client uses the new credential.
    pub(super) fn uses_new(&self, state: &RotationState) -> bool {
        let own = self.client.credentials().map(|credentials| credentials.id());
        own.is_some() && own == state.new_credential
    }

    pub(super) async fn run_abandon(&self, run: &mut Run) -> Outcome<()> {
        self.same_environment(&run.state)?;
        self.check_claims(&run.state).await?;
        if !run.state.missing.is_empty() {
            let tokens = self.tokens().await?;
            self.revoke_missing(run, &tokens).await?;
        }
        let next = match run.state.step.clone() {
            RotationStep::Abandoned => return Ok(()),
            RotationStep::Ready => RotationStep::Abandoned,
            RotationStep::Creating { name, new: None } => {
                self.revoke_by_name(run, name).await?;
                RotationStep::Abandoned
            }
            RotationStep::Finishing { .. } | RotationStep::Finished { .. } => {
                let rule =
                    "the old credential may already be revoked, so the new one may be the last that works";
                return Err(wrong_step(&run.state, rule));
            }
            RotationStep::Creating { new: Some(new), .. }
            | RotationStep::Storing { new }
            | RotationStep::Proving { new }
            | RotationStep::Proven { new, .. }
            | RotationStep::Discarding { new, .. } => {
                if self.uses_new(&run.state) {
                    let rule = "this client uses it itself";
                    let remedy = "abandon the rotation with another credential";
                    return Err(RotationProblem::OwnCredential(InvalidInput::new(
                        "new", &new, rule, remedy,
                    )));
                }
                RotationStep::Discarding { new, for_good: true }
            }
        };
        self.enter(run, next).await?;
        self.drive(run).await
    }
}
