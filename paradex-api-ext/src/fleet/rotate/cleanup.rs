//! Revoking a new credential that cannot be used.

use std::sync::Arc;

use super::error::{Cleanup, RotationProblem};
use super::state::RotationStep;
use super::{Outcome, Rotator, Run};
use crate::access::target::Target;
use crate::access::tokens::ApiToken;
use crate::error::RevokeError;

impl Rotator {
    /// Revokes a token or a subkey. One that the exchange does not know counts as revoked.
    pub(super) async fn revoke(&self, target: &Target) -> Result<(), RevokeError> {
        let outcome = match target {
            Target::Token(id) => self.client.tokens().revoke(id).await,
            Target::Subkey(key) => self.client.subkeys().revoke(key).await,
        };
        match outcome {
            Err(RevokeError::NotFound(_)) => Ok(()),
            outcome => outcome,
        }
    }

    /// Revokes the new credential.
    pub(super) async fn discard(&self, run: &mut Run, new: String) -> Outcome<()> {
        let new = run.state.with_same_kind(new);
        match self.revoke(&new).await {
            Ok(()) => Ok(()),
            Err(error) => {
                let error = Arc::new(error);
                run.cleanup = Cleanup::MayBeLive(new, Arc::clone(&error));
                Err(RotationProblem::NewNotRevoked(error))
            }
        }
    }

    /// Revokes the new credential after another failure. The caller reports that failure; the result of the revocation
    /// is in `run.cleanup`.
    pub(super) async fn clean_up(&self, run: &mut Run, new: String) {
        let next = RotationStep::Discarding {
            new: new.clone(),
            for_good: false,
        };
        self.settle(run, next).await;
        run.secret = None;
        if self.discard(run, new.clone()).await.is_ok() {
            self.settle(run, RotationStep::Ready).await;
            run.cleanup = Cleanup::Revoked(run.state.with_same_kind(new));
        }
    }

    /// Like [`clean_up`](Self::clean_up), for a token whose creation response may lack the id.
    pub(super) async fn clean_up_token(&self, run: &mut Run, new: String, name: String) {
        match new.is_empty() {
            true => self.clean_up_lost_token(run, name).await,
            false => self.clean_up(run, new).await,
        }
    }

    /// Enters a step after a failure.
    ///
    /// An error of the sink is ignored: the step that was recorded last leads here as well, because `resume` looks again.
    pub(super) async fn settle(&self, run: &mut Run, next: RotationStep) {
        run.state.step = next;
        let _ = self.sink.record(&run.state).await;
    }

    /// Revokes a token that was requested and whose text is lost, after another failure.
    pub(super) async fn clean_up_lost_token(&self, run: &mut Run, name: String) {
        match self.revoke_by_name(run, name.clone()).await {
            Ok(()) => self.settle(run, RotationStep::Ready).await,
            Err(RotationProblem::NotRead(error)) => run.cleanup = Cleanup::NotSearched(name, Box::new(error)),
            // `discard` has set `run.cleanup`.
            Err(_) => {}
        }
    }

    /// Finds the tokens of this name and revokes them.
    pub(super) async fn revoke_by_name(&self, run: &mut Run, name: String) -> Outcome<()> {
        let tokens = self.tokens().await?;
        let mut found = false;
        for token in tokens.iter().filter(|token| token.name() == name) {
            found = true;
            let id = token.lookup_id().to_owned();
            if token.is_live(self.client.group().now()) {
                self.discard(run, id.clone()).await?;
            }
            run.cleanup = Cleanup::Revoked(Target::Token(id));
        }
        if !found {
            run.cleanup = Cleanup::NotListed(name.clone());
            run.state.missing.push(name);
        }
        Ok(())
    }

    /// Revokes tokens that were missing from an earlier list and have appeared since.
    pub(super) async fn revoke_missing(&self, run: &mut Run, tokens: &[ApiToken]) -> Outcome<()> {
        for name in run.state.missing.clone() {
            for token in tokens.iter().filter(|token| token.name() == name) {
                if token.is_live(self.client.group().now()) {
                    self.discard(run, token.lookup_id().to_owned()).await?;
                }
                run.state.missing.retain(|missing| *missing != name);
            }
        }
        Ok(())
    }
}
