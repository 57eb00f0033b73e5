//! A signed-in session: a credential, and the token cache that it shares.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use super::credentials::{Credentials, SessionKind};
use super::sign_in::SignInError;
use super::token_cache::{AccessToken, TokenCache};
use crate::client::ClientGroup;
use crate::pipeline::rate_limit::{AccountLimits, RateLimiter};
#[cfg(feature = "signing")]
use crate::signing::MessagePrefix;

/// A credential, and the tokens that it shares with all clients of the group that have the same key and kind of session.
///
/// Signers are not shared: one that only signs sign-ins is never asked for anything else, even if another client has the
/// same key.
pub(crate) struct Session {
    credentials: Credentials,
    tokens: Arc<TokenCache>,
    /// The chain id, and the hashed prefix of the account's messages.
    #[cfg(feature = "signing")]
    pub(super) messages: tokio::sync::OnceCell<(String, MessagePrefix)>,
    limits: OnceLock<Arc<AccountLimits>>,
    /// Whether a client of the group revoked the credential.
    is_revoked: AtomicBool,
}

impl Session {
    pub(crate) fn new(credentials: Credentials, tokens: Arc<TokenCache>) -> Self {
        Self {
            credentials,
            tokens,
            #[cfg(feature = "signing")]
            messages: tokio::sync::OnceCell::new(),
            limits: OnceLock::new(),
            is_revoked: AtomicBool::new(false),
        }
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    pub(crate) fn kind(&self) -> SessionKind {
        self.credentials.session_kind()
    }

    /// The account in its canonical spelling, or else a name of the credential. An Ethereum key and a key without an address
    /// know their account once they have signed in; an opaque token never does.
    pub(crate) fn account_name(&self) -> String {
        match self.tokens.account() {
            Some(account) => account.to_string(),
            None => self.credentials.account_name(),
        }
    }

    /// Whether both have the same credential.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (
            self.credentials.bearer_header(),
            other.credentials.bearer_header(),
        ) {
            (None, None) => Arc::ptr_eq(&self.tokens, &other.tokens),
            (one, other) => one == other,
        }
    }

    /// The rate limits of its account.
    pub(crate) fn limits(&self, limiter: &RateLimiter) -> &AccountLimits {
        self.limits.get_or_init(|| limiter.account(&self.account_name()))
    }

    /// The bearer token that the caller passed as text, if the credential is one.
    pub(crate) fn static_token(&self) -> Option<AccessToken> {
        Some(AccessToken {
            header: self.credentials.bearer_header()?.clone(),
            generation: None,
        })
    }

    /// Returns a token to send; see [`TokenCache::access_token`].
    pub(crate) async fn access_token(
        &self,
        group: &ClientGroup,
        deadline: Instant,
    ) -> Result<AccessToken, Arc<SignInError>> {
        match self.static_token() {
            Some(token) => Ok(token),
            None => self.tokens.access_token(group, &self.credentials, deadline).await,
        }
    }

    /// Whether a client of the group revoked the credential. Calls do not ask: the exchange refuses them.
    #[cfg(feature = "stream")]
    pub(crate) fn is_revoked(&self) -> bool {
        self.is_revoked.load(Ordering::Acquire)
    }

    pub(crate) fn set_revoked(&self) {
        self.is_revoked.store(true, Ordering::Release);
    }

    /// Notes that the exchange accepted this token.
    pub(crate) fn accepted(&self, generation: u64) {
        self.tokens.accepted(generation);
    }

    /// Removes a token that the exchange rejected. Returns whether it is worth trying another one.
    pub(crate) fn invalidate(&self, generation: u64) -> bool {
        self.tokens.invalidate(generation)
    }

    /// Forgets earlier failures, because their cause may be gone.
    pub(crate) fn reset_backoff(&self) {
        self.tokens.reset_backoff();
    }
}
