//! Why a rotation did not go on, and what it left behind.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use paradex_api::BoxError;

use super::super::table::one_line;
use super::state::RotationState;
use crate::access::target::Target;
use crate::error::{CreateTokenError, Error, InvalidInput, RegisterSubkeyError, RevokeError};
use crate::net::UnknownAllowlist;

/// A rotation that did not go on: why, what became of the new one, and where it can be taken up again.
///
/// The old one works whatever the error, unless [`state`](Self::state) is at
/// [`Finishing`](super::RotationStep::Finishing).
#[derive(Debug)]
pub struct RotationError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    state: RotationState,
    problem: RotationProblem,
    cleanup: Cleanup,
}

impl RotationError {
    pub(in crate::fleet) fn new(state: RotationState, problem: RotationProblem, cleanup: Cleanup) -> Self {
        Self(Box::new(Inner {
            state,
            problem,
            cleanup,
        }))
    }

    /// The rotation as it stands. [`Rotator::resume`](super::Rotator::resume) takes it up again.
    pub fn state(&self) -> &RotationState {
        &self.0.state
    }

    /// Takes the rotation out.
    pub fn into_state(self) -> RotationState {
        self.0.state
    }

    /// Why it did not go on.
    pub fn problem(&self) -> &RotationProblem {
        &self.0.problem
    }

    /// What became of the new one.
    pub fn cleanup(&self) -> &Cleanup {
        &self.0.cleanup
    }
}

impl fmt::Display for RotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the rotation of {} did not go on; {}",
            self.0.state.old, self.0.cleanup
        )
    }
}

impl std::error::Error for RotationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0.problem)
    }
}

/// Why a rotation did not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RotationProblem {
    /// What was asked for makes no sense here. Nothing was sent.
    #[error(transparent)]
    Invalid(InvalidInput),
    /// The exchange's list could not be read.
    #[error("what stands at the exchange could not be read")]
    NotRead(#[source] Error),
    /// The old one's allowlist is unreadable or not reported, so it cannot be carried over. Name one in the
    /// [`RotationSpec`](super::RotationSpec), or mend the old one first.
    #[error(
        "the allowlist of the old one is not known: name one for the new one, or set the old one's first"
    )]
    AllowlistUnknown(#[source] UnknownAllowlist),
    /// There are no random numbers on this machine.
    #[error("this machine has no random numbers")]
    NoRandom(#[source] BoxError),
    /// The sink did not write the rotation down. What would have come next was not done.
    #[error("the sink did not write the rotation down")]
    NotRecorded(#[source] BoxError),
    /// No new token came of it, or none that could be used.
    #[error("there is no new token")]
    NotCreated(#[source] CreateTokenError),
    /// The new subkey was not registered, as far as is known.
    #[error("the new subkey is not registered")]
    NotRegistered(#[source] RegisterSubkeyError),
    /// The exchange made another one than was asked for.
    #[error("the new one should have {asked} and has {found}")]
    #[non_exhaustive]
    Differs {
        /// What was asked for.
        asked: String,
        /// What the exchange shows.
        found: String,
    },
    /// The sink did not store the secret.
    #[error("the sink did not store the secret of the new one")]
    NotStored(#[source] BoxError),
    /// The sink could not say whether it has the secret.
    #[error("the sink could not be asked for the secret of the new one")]
    NotLoaded(#[source] BoxError),
    /// The sink has stored the secret and does not give it back, so it cannot be proven from here. See that it works
    /// where it is used, and say so with [`Rotator::proven_elsewhere`](super::Rotator::proven_elsewhere); or give the
    /// rotation up with [`Rotator::abandon`](super::Rotator::abandon).
    #[error("the sink does not give the secret of the new one back, so it is not proven")]
    NotAtHand,
    /// The secret that the sink gave back is not that of the new one.
    #[error("the sink gave back another secret than that of the new one")]
    OtherSecret,
    /// A call with the new one failed. If its allowlist does not hold this machine, prove it elsewhere.
    #[error("a call with the new one failed")]
    NotProven(#[source] Error),
    /// The grace period has not passed.
    #[error("the grace period has {} s left", .left.as_secs())]
    #[non_exhaustive]
    TooEarly {
        /// What is left of it.
        left: Duration,
    },
    /// The client's own credential would be revoked, or one that cannot be told from it.
    #[error(transparent)]
    OwnCredential(InvalidInput),
    /// The new one is not listed as live, so the old one is the last that works.
    #[error("the new one is revoked, has ended, or is not listed: the old one is the last that works")]
    NewIsDead,
    /// Whether the old one was revoked is not known, or it was not. Finishing again does no harm.
    #[error("the old one was not revoked, as far as is known")]
    NotRevoked(#[source] RevokeError),
    /// Whether the new one was revoked is not known, or it was not. Trying again does no harm.
    #[error("the new one was not revoked, as far as is known")]
    NotDiscarded(#[source] Arc<RevokeError>),
}

/// What became of the new token or subkey when its rotation did not go on.
#[derive(Debug)]
#[non_exhaustive]
pub enum Cleanup {
    /// There is none.
    Nothing,
    /// It is kept, because its secret is stored.
    Kept(Target),
    /// It was revoked.
    Revoked(Target),
    /// Its revocation failed, or nobody knows: it may live, and its secret is lost.
    MayLive(Target, Arc<RevokeError>),
    /// The request may have been carried out, and the list does not show it. It is looked for again.
    Missing(String),
    /// The request may have been carried out, and the list could not be read. It is looked for again.
    NotSearched(String, Box<Error>),
}

impl fmt::Display for Cleanup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("there is no new one"),
            Self::Kept(new) => write!(f, "the new {new} is kept"),
            Self::Revoked(new) => write!(f, "the new {new} was revoked"),
            Self::MayLive(new, error) => {
                write!(f, "the new {new} MAY LIVE ({error}): revoke it")
            }
            Self::Missing(name) => write!(
                f,
                "`{}` was asked for and is not listed; it can still come, and is looked for again",
                one_line(name)
            ),
            Self::NotSearched(name, error) => write!(
                f,
                "`{}` was asked for and may exist; the list could not be read ({error}), so resume or look for it",
                one_line(name)
            ),
        }
    }
}
