//! What the errors of this module say about their calls.

use super::{ApplyError, ChangeError, Cleanup, PolicyError, RotationError, RotationProblem, RotationStep};
use crate::error::call::{CallFacts, call_methods};
use crate::error::task::Task;

impl Task for ApplyError {
    fn facts(&self) -> CallFacts<'_> {
        CallFacts::LOCAL.with_retryable(matches!(self, Self::Lock(_)))
    }
}

impl Task for ChangeError {
    fn facts(&self) -> CallFacts<'_> {
        match self {
            Self::Allowlist(error) => error.facts(),
            Self::Session(error) | Self::Probe(error) => error.facts(),
            Self::Invalid(_) => CallFacts::LOCAL,
            Self::Interrupted => CallFacts::LOCAL.with_unknown_outcome(),
        }
    }
}

impl RotationProblem {
    fn facts(&self) -> CallFacts<'_> {
        match self {
            Self::NotRead(error) | Self::NotProven(error) => error.facts(),
            Self::NotCreated(error) => error.facts(),
            Self::NotRegistered(error) => error.facts(),
            Self::OldNotRevoked(error) => error.facts(),
            Self::NewNotRevoked(error) => error.facts(),
            Self::TooEarly { left } => CallFacts {
                retryable: Some(true),
                retry_after: Some(*left),
                ..CallFacts::LOCAL
            },
            _ => CallFacts::LOCAL,
        }
    }
}

impl Task for RotationError {
    /// The facts of its problem; the outcome is also unknown if the new credential may be live.
    fn facts(&self) -> CallFacts<'_> {
        let facts = self.problem().facts();
        let is_proven = matches!(
            self.state().step(),
            RotationStep::Proven { .. } | RotationStep::Finishing { .. }
        );
        match self.cleanup() {
            Cleanup::MayBeLive(..) | Cleanup::NotListed(_) | Cleanup::NotSearched(..) => {
                facts.with_unknown_outcome()
            }
            // Another `rotate` would create a second live credential; only `resume` with the state goes on from here.
            Cleanup::Kept(_) if !is_proven => facts.with_retryable(false),
            Cleanup::Nothing | Cleanup::Kept(_) | Cleanup::Revoked(_) => facts,
        }
    }
}

call_methods!(ApplyError, ChangeError, RotationProblem, RotationError);

impl Task for PolicyError {
    fn facts(&self) -> CallFacts<'_> {
        CallFacts::LOCAL
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Error;
    use crate::access::target::Target;
    use crate::error::tests::support::{Predicates, assert_predicates, errors, predicates};
    use crate::error::{AllowlistError, CreateTokenError, InvalidInput, RegisterSubkeyError, RevokeError};
    use crate::fleet::AllowlistPolicy;
    use crate::net::EditError;

    fn rotation(problem: RotationProblem, cleanup: Cleanup) -> RotationError {
        rotation_at(RotationStep::Ready, problem, cleanup)
    }

    fn rotation_at(step: RotationStep, problem: RotationProblem, cleanup: Cleanup) -> RotationError {
        let state = serde_json::json!({
            "id": "r-1", "environment": "testnet", "old": {"token": "old"}, "spec": {}, "started_at": 1,
            "step": step,
        });
        RotationError::new(serde_json::from_value(state).unwrap(), problem, cleanup)
    }

    #[tokio::test]
    async fn error_of_the_fleet_has_the_predicates_of_its_call() {
        for (index, said) in errors().await.iter().map(|error| predicates!(error)).enumerate() {
            let variants: [fn(Error) -> RotationProblem; 6] = [
                RotationProblem::NotRead,
                RotationProblem::NotProven,
                |error| RotationProblem::NotCreated(CreateTokenError::Other(error)),
                |error| RotationProblem::NotRegistered(RegisterSubkeyError::Other(error)),
                |error| RotationProblem::OldNotRevoked(RevokeError::Other(error)),
                |error| RotationProblem::NewNotRevoked(RevokeError::Other(error).into()),
            ];
            for variant in variants {
                let problem = variant(errors().await.swap_remove(index));
                assert_eq!(predicates!(problem), said, "{problem:?}");
                let unknown = said.clone().with_unknown_outcome();
                assert_predicates! {
                    rotation(problem, Cleanup::Kept(Target::Token("new".into()))) => said.clone().retryable(false),
                    rotation_at(
                        RotationStep::Proven { new: "new".into(), since: 2 },
                        variant(errors().await.swap_remove(index)),
                        Cleanup::Kept(Target::Token("new".into())),
                    ) => said,
                    rotation(variant(errors().await.swap_remove(index)), Cleanup::NotListed("new".into())) => unknown,
                }
            }
            let variants: [fn(Error) -> ChangeError; 3] =
                [ChangeError::Session, ChangeError::Probe, |error| {
                    ChangeError::Allowlist(AllowlistError::Other(error))
                }];
            for variant in variants {
                assert_predicates! { variant(errors().await.swap_remove(index)) => said, }
            }
        }
    }

    #[test]
    fn error_of_the_fleet_without_a_call_says_that_nothing_was_sent() {
        let local = Predicates::LOCAL;
        let left = Duration::from_secs(60);
        let input = || InvalidInput::from_rule("old", "it is this client's own credential");
        assert_predicates! {
            Error::from(AllowlistPolicy::from_toml("rules = 1").unwrap_err()) => local,
            ApplyError::UnknownAccount("desk".to_owned()) => local,
            ApplyError::Lock("the lock is held".into()) => local.clone().retryable(true),
            ChangeError::Allowlist(AllowlistError::Edit(EditError::WouldBeEmpty)) => local,
            ChangeError::Invalid(input()) => local,
            ChangeError::Interrupted => local.clone().with_unknown_outcome(),
            rotation(RotationProblem::OwnCredential(input()), Cleanup::Nothing) => local,
            rotation(RotationProblem::TooEarly { left }, Cleanup::Nothing) => Predicates {
                retry_after: Some(left),
                ..local.clone().retryable(true)
            },
        }
    }
}
