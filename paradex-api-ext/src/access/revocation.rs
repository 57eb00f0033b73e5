//! What became of a revocation.

use crate::error::{Error, RevokeError};

/// Decides whether a token or subkey was revoked.
///
/// A response that does not name what was revoked leaves that open, and trusting it could leave a leaked credential
/// alive. So the list decides, which `is_revoked` reads.
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
