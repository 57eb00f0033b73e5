//! The outcome of a revocation.

use crate::error::{Error, RevokeError};

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
