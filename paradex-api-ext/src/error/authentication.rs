//! A call without an accepted credential.

use std::sync::Arc;
use std::time::Duration;

use paradex_api::Operation;

use super::call::{CallFacts, Origin, call_methods};
use super::{ApiError, ErrorClass};
use crate::auth::{SignInError, SignerError};
use crate::pipeline::outcome::{NotSent, Outcome};

/// Why the exchange did not get, or did not accept, a credential.
#[doc(alias = "unauthorized")]
#[doc(alias = "jwt")]
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthenticationError {
    /// The operation needs a token, and the client has none. Nothing was sent. Give the client a credential with
    /// [`ClientBuilder::credentials`](crate::ClientBuilder::credentials).
    #[error(
        "{operation} needs a token and this client has none; give it one with `ClientBuilder::credentials`"
    )]
    #[non_exhaustive]
    NoCredentials {
        /// The operation that was called.
        operation: &'static Operation,
    },
    /// The token has expired by its own claim, and by more than clocks usually differ. Nothing was sent. Get a new token, or
    /// set this machine's clock.
    #[error(
        "{operation}: the token expired {} s ago; sign in again (the token of a session lives five minutes), or set \
         this machine's clock if it is wrong",
        .ago.as_secs()
    )]
    #[non_exhaustive]
    Expired {
        /// The operation that was called.
        operation: &'static Operation,
        /// The time since it expired.
        ago: Duration,
    },
    /// The documentation reserves the operation for a session of the main account, and this is a subkey's. Nothing was
    /// sent. Use a client with the main account's key.
    #[error(
        "{operation} needs a session of the main account, and this client has a subkey's; use the main account's key; \
         nothing was sent"
    )]
    #[non_exhaustive]
    MainAccountOnly {
        /// The operation that was called.
        operation: &'static Operation,
    },
    /// There is no session, because the sign-in failed. The call itself was not sent. Several calls can share one failure.
    ///
    /// [`status`](Self::status) and [`code`](Self::code) are about the call, so here they are `None`: a 404 of the
    /// sign-in must not be taken for an order that does not exist. Those of the sign-in are on the [`SignInError`].
    #[error("there is no session")]
    SignIn(#[source] Arc<SignInError>),
    /// The signer refused, or is not available. Nothing was sent.
    #[error("there is no signature")]
    Signer(#[source] SignerError),
    /// The credential provider failed. Nothing was sent.
    #[error("the credential provider returned no credential")]
    Provider(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// The exchange responded with 401: the token has expired, was revoked, or is not one of its own. Get a new one.
    #[error(transparent)]
    Refused(ApiError),
}

impl AuthenticationError {
    /// The error of a call whose sign-in did not end before the deadline.
    pub(crate) fn timed_out() -> Self {
        Self::SignIn(Arc::new(SignInError::TimedOut))
    }

    /// Whether the exchange does not accept the key, so that another one is needed.
    pub(crate) fn is_refused_key(&self) -> bool {
        matches!(self, Self::SignIn(error) if matches!(&**error, SignInError::Refused(refusal)
            if !error.is_retryable() && refusal.class() != Some(ErrorClass::Address)))
    }

    /// The outcome of a call that ended in it.
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::Refused(response) => response.outcome(),
            _ => Outcome::NotSent(NotSent::SignIn),
        }
    }

    pub(crate) fn facts(&self) -> CallFacts<'_> {
        match self {
            Self::Refused(response) => CallFacts::from_origin(Origin::Api(response)),
            Self::SignIn(error) => CallFacts {
                retryable: Some(error.is_retryable()),
                retry_after: error.retry_after(),
                ..CallFacts::LOCAL
            },
            Self::Signer(error) => CallFacts::LOCAL.with_retryable(!error.is_refusal()),
            Self::Provider(_) => CallFacts::LOCAL.with_retryable(true),
            Self::NoCredentials { .. } | Self::Expired { .. } | Self::MainAccountOnly { .. } => {
                CallFacts::LOCAL
            }
        }
    }
}

call_methods!(AuthenticationError);
