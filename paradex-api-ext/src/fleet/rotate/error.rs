//! Why a rotation stopped, and what it left behind.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use paradex_api::BoxError;

use super::super::table::one_line;
use super::state::RotationState;
use crate::access::target::Target;
use crate::error::{CreateTokenError, Error, InvalidInput, RegisterSubkeyError, RevokeError};
use crate::net::UnknownAllowlist;

/// A rotation that stopped: why, what happened to the new credential, and the state to resume from.
///
/// The old credential still works, unless [`state`](Self::state) is at [`Finishing`](super::RotationStep::Finishing).
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

    /// Returns the state of the rotation, from which [`Rotator::resume`](super::Rotator::resume) continues.
    pub fn state(&self) -> &RotationState {
        &self.0.state
    }

    /// Returns the state of the rotation by value.
    pub fn into_state(self) -> RotationState {
        self.0.state
    }

    /// Returns why it stopped.
    pub fn problem(&self) -> &RotationProblem {
        &self.0.problem
    }

    /// Returns what happened to the new credential.
    pub fn cleanup(&self) -> &Cleanup {
        &self.0.cleanup
    }
}

impl fmt::Display for RotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the rotation of {} stopped; {}",
            self.0.state.old, self.0.cleanup
        )
    }
}

impl std::error::Error for RotationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0.problem)
    }
}

/// Why a rotation stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RotationProblem {
    /// The request makes no sense for this rotation. Nothing was sent.
    #[error(transparent)]
    Invalid(InvalidInput),
    /// The tokens or subkeys could not be listed.
    #[error("the exchange's tokens and subkeys could not be read")]
    NotRead(#[source] Error),
    /// The old credential's allowlist is unreadable or not reported, so it cannot be carried over. Set one in the
    /// [`RotationSpec`](super::RotationSpec), or fix the old one first.
    #[error(
        "the old credential's allowlist is not known: give the new one a list, or set the old one's first"
    )]
    AllowlistUnknown(#[source] UnknownAllowlist),
    /// The operating system returned no random numbers.
    #[error("the operating system returned no random numbers")]
    NoRandom(#[source] BoxError),
    /// The sink did not record the next step, so it was not taken.
    #[error("the sink did not record the next step of the rotation")]
    NotRecorded(#[source] BoxError),
    /// The new token was not created, or is not usable.
    #[error("the new token was not created")]
    NotCreated(#[source] CreateTokenError),
    /// The new subkey was not registered, as far as is known.
    #[error("the new subkey was not registered")]
    NotRegistered(#[source] RegisterSubkeyError),
    /// The exchange created something else than was requested.
    #[error("the new credential should have {requested} and has {found}")]
    #[non_exhaustive]
    Mismatch {
        /// The requested allowlist or kind.
        requested: String,
        /// The one that the exchange shows.
        found: String,
    },
    /// The sink did not store the secret.
    #[error("the sink did not store the new secret")]
    NotStored(#[source] BoxError),
    /// The sink could not tell whether it has the secret.
    #[error("the sink could not load the new secret")]
    NotLoaded(#[source] BoxError),
    /// The sink stored the secret and does not give it back, so this process cannot prove it. Check that it works where it
    /// is used, and call [`Rotator::mark_proven`](super::Rotator::mark_proven); or call
    /// [`Rotator::abandon`](super::Rotator::abandon).
    #[error("the sink does not give the new secret back, so the new credential is not proven")]
    SecretUnavailable,
    /// The secret that the sink returned does not belong to the new credential.
    #[error("the sink returned a secret that does not belong to the new credential")]
    SecretMismatch,
    /// A call with the new credential failed. If its allowlist excludes this machine, check that it works where it is used,
    /// and call [`Rotator::mark_proven`](super::Rotator::mark_proven).
    #[error("a call with the new credential failed")]
    NotProven(#[source] Error),
    /// The grace period has not passed.
    #[error("the grace period has {} s left", .left.as_secs())]
    #[non_exhaustive]
    TooEarly {
        /// The rest of the grace period.
        left: Duration,
    },
    /// The client would revoke its own credential, or one that may be its own.
    #[error(transparent)]
    OwnCredential(InvalidInput),
    /// The new credential is not listed as live, so the old one is the last that works.
    #[error("the new credential is revoked, expired or not listed, so the old one is the last that works")]
    NewNotLive,
    /// The old credential was not revoked, or the outcome is unknown. It is safe to finish again.
    #[error("the old credential was not revoked, as far as is known")]
    OldNotRevoked(#[source] RevokeError),
    /// The new credential was not revoked, or the outcome is unknown. It is safe to try again.
    #[error("the new credential was not revoked, as far as is known")]
    NewNotRevoked(#[source] Arc<RevokeError>),
}

/// What happened to the new token or subkey when its rotation stopped.
#[derive(Debug)]
#[non_exhaustive]
pub enum Cleanup {
    /// There is no new credential.
    Nothing,
    /// It is kept, because its secret is stored.
    Kept(Target),
    /// It was revoked.
    Revoked(Target),
    /// It may be live, because its revocation failed or the outcome is unknown. Its secret is lost.
    MayBeLive(Target, Arc<RevokeError>),
    /// The request for this name may have succeeded, and the list does not show it. The next run looks again.
    NotListed(String),
    /// The request for this name may have succeeded, and the list could not be read. The next run looks again.
    NotSearched(String, Box<Error>),
}

impl fmt::Display for Cleanup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("there is no new credential"),
            Self::Kept(new) => write!(f, "the new {new} is kept"),
            Self::Revoked(new) => write!(f, "the new {new} was revoked"),
            Self::MayBeLive(new, error) => {
                write!(f, "the new {new} MAY BE LIVE ({error}): revoke it")
            }
            Self::NotListed(name) => write!(
                f,
                "`{}` was requested and is not listed; it may still appear, so the next run looks again",
                one_line(name)
            ),
            Self::NotSearched(name, error) => write!(
                f,
                "`{}` was requested and may exist, and the list could not be read ({error}): resume, or look for it by hand",
                one_line(name)
            ),
        }
    }
}
