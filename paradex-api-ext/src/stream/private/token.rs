//! The token that authenticates a connection.

use std::sync::Arc;
use std::time::Duration;

use paradex_api::reqwest::header::HeaderValue;

use super::frames;
use crate::auth::{Session, SignInError};
use crate::client::Client;
use crate::error::text_with_causes;
use crate::pipeline::timing::Deadline;
use crate::stream::handshake::LONGEST_WAIT;
use crate::stream::update::StreamError;

/// The token of one connection, and where it is from.
pub(super) struct Token {
    pub(super) session: Arc<Session>,
    pub(super) header: HeaderValue,
    generation: Option<u64>,
}

/// Why there is no token.
pub(super) struct NoToken {
    /// Why there will be none; `None` if another attempt may get one.
    pub(super) error: Option<StreamError>,
    /// How long to wait at least before that.
    pub(super) least: Duration,
    pub(super) cause: String,
}

impl NoToken {
    /// Neither a provider nor a sign-in has given one in time.
    pub(super) fn timed_out() -> Self {
        tracing::warn!("no token for a private connection in time");
        Self::for_now(Duration::ZERO, "no token came in time".to_owned())
    }

    fn for_now(least: Duration, cause: String) -> Self {
        Self {
            error: None,
            least,
            cause,
        }
    }

    fn for_good(error: StreamError) -> Self {
        Self {
            cause: error.to_string(),
            error: Some(error),
            least: Duration::ZERO,
        }
    }
}

/// Gets the token that is current now. `rejected` is the session of a static token that the exchange rejected.
pub(super) async fn current(client: &Client, rejected: Option<&Arc<Session>>) -> Result<Token, NoToken> {
    let (source, group) = (client.source(), client.group());
    let session = source.session(group).await.map_err(|error| {
        tracing::warn!(error = %error, "no credential for a private connection");
        NoToken::for_now(Duration::ZERO, format!("no credential: {error}"))
    })?;
    let mut session = session.ok_or_else(|| NoToken::for_good(StreamError::NoCredentials))?;
    let is_rejected = rejected.is_some_and(|rejected| Arc::ptr_eq(rejected, &session));
    if (is_rejected || session.is_revoked())
        && let Ok(Some(other)) = source.ask(Some(&session), group).await
    {
        session = other;
    }
    if session.is_revoked() {
        tracing::warn!("the credential of a private connection was revoked, and none has replaced it");
        let cause = "the credential was revoked, and none has replaced it".to_owned();
        return Err(NoToken::for_now(Duration::ZERO, cause));
    }
    let token = match session.static_token() {
        Some(token) => token,
        None => {
            let deadline = Deadline::after(group.timeout()).0;
            session.access_token(group, deadline).await.map_err(failed)?
        }
    };
    let token = Token {
        session,
        header: token.header,
        generation: token.generation,
    };
    match frames::is_sendable(token.text()) {
        true => Ok(token),
        false => {
            let why = "the token has characters that no token has; check the credential";
            Err(NoToken::for_good(StreamError::SignIn(why.to_owned())))
        }
    }
}

fn failed(error: Arc<SignInError>) -> NoToken {
    if error.is_retryable() {
        tracing::warn!(error = %error, "could not sign in for a private connection");
        let least = error.retry_after().unwrap_or_default().min(LONGEST_WAIT);
        return NoToken::for_now(least, format!("could not sign in: {error}"));
    }
    NoToken::for_good(StreamError::SignIn(text_with_causes(&*error)))
}

impl Token {
    /// The token itself.
    pub(super) fn text(&self) -> &str {
        let text = self.header.to_str().unwrap_or_default();
        text.strip_prefix("Bearer ").unwrap_or(text)
    }

    /// Whether another token can be had in its place.
    pub(super) fn can_renew(&self, client: &Client) -> bool {
        self.generation.is_some() || client.source().has_provider()
    }

    pub(super) fn accepted(&self) {
        if let Some(generation) = self.generation {
            self.session.accepted(generation);
        }
    }

    /// It is not used again. Returns the session if it was a static token.
    pub(super) fn rejected(&self) -> Option<Arc<Session>> {
        match self.generation {
            Some(generation) => {
                self.session.invalidate(generation);
                None
            }
            None => Some(Arc::clone(&self.session)),
        }
    }

    /// Whether the client still has the credential of the token.
    pub(super) fn is_current(&self, client: &Client) -> bool {
        let current = client.source().current();
        !self.session.is_revoked()
            && current.is_some_and(|current| !current.is_revoked() && current.is_same(&self.session))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use paradex_api::operations;

    use super::failed;
    use crate::auth::SignInError;
    use crate::error::{Withheld, WithheldReason};

    #[test]
    fn wait_that_a_sign_in_asks_for_is_at_most_a_minute() {
        for (asked, waited) in [(5, 5), (86_400, 60)] {
            let retry_after = Some(Duration::from_secs(asked));
            let withheld = Withheld::new(&operations::AUTH, WithheldReason::RateLimit { retry_after });
            let error = Arc::new(SignInError::Configuration(withheld.into()));
            let no_token = failed(error);
            assert!(no_token.error.is_none());
            assert_eq!(no_token.least, Duration::from_secs(waited));
        }
    }
}
