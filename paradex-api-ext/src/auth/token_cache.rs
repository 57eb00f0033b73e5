//! The access token of a session, refreshed by one call at a time (single flight).
//!
//! `renewal.rs` decides, without IO, what a call does: use the token, use it and refresh it in the background, wait, or fail
//! because the last attempt failed too recently. Refreshing is a task of its own, so that one sign-in serves all waiting calls,
//! and a dropped call does not cancel it. The lifetime of a token is the difference of two times of the exchange (`exp` and
//! `iat`), so a wrong local clock changes nothing. An opaque token is refreshed by age.
//!
//! Clients of one [`ClientGroup`](crate::ClientGroup) with the same key and account share the token; each keeps its own signer.
//! After ten seconds, the next caller takes over a refresh that has not ended.
//!
//! After a failed sign-in, a call waits for the next attempt if that begins before the call's deadline and can succeed without
//! a change of configuration. Otherwise it fails immediately with the last failure. A halt or a new credential ends the wait.
//!
//! A 401 means an expired token unless its error code says otherwise. The token is invalidated once, however many calls see the
//! 401. When a new token is refused immediately, the next sign-in waits up to a second, or as long as `Retry-After` says.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use paradex_api::reqwest::header::HeaderValue;
use tokio::sync::watch;

use super::credentials::Credentials;
use super::renewal::{Backoff, Decision, SIGN_IN_BACKOFF, TokenTimes, decide};
use super::sign_in::{self, SignInError};
use crate::client::ClientGroup;
use crate::monotonic;
use crate::signing::AccountAddress;

/// A refresh that takes longer is not waited for any more: its runtime may be blocked while another one needs a token.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(10);
/// A token that is rejected so soon, and was never accepted, has not expired: something else is wrong.
const FRESH: Duration = Duration::from_secs(3);
/// The longest wait between two sign-ins, whatever `Retry-After` says.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// The current token and the state of its refresh.
///
/// However many calls need a token at once, one of them starts a refresh and the others wait for it. While the old token is
/// usable, no call waits. A refresh is a task of its own, so a caller that gives up does not cancel it for the others.
#[derive(Default)]
pub(crate) struct TokenCache {
    state: Mutex<State>,
    /// The account that was signed in to. A key without an address learns it by signing in.
    account: OnceLock<AccountAddress>,
    /// Notified when a backoff is reset.
    backoff_reset: watch::Sender<()>,
}

/// A token for one call.
pub(crate) struct AccessToken {
    pub(crate) header: HeaderValue,
    /// Which token of the cache it is; `None` for a static token, which cannot be refreshed.
    pub(crate) generation: Option<u64>,
}

#[derive(Default)]
struct State {
    cached: Option<CachedToken>,
    pending: Option<PendingRefresh>,
    /// The number of refreshes so far.
    refreshes: u64,
    /// The number of failures in a row.
    failures: u32,
    /// Set after a sign-in that failed.
    backoff: Option<Backoff>,
    failure: Option<Arc<SignInError>>,
    /// The number of tokens so far, so that a late 401 for an old token does not invalidate its successor.
    generation: u64,
}

#[derive(Clone)]
struct CachedToken {
    header: HeaderValue,
    times: TokenTimes,
    obtained_at: Instant,
    /// Whether the exchange has accepted it at least once.
    accepted: bool,
}

/// A refresh in progress.
#[derive(Clone)]
struct PendingRefresh {
    id: u64,
    since: Instant,
    /// Closed when the refresh has ended.
    done: watch::Receiver<()>,
}

/// A refresh that the caller has to start.
struct NewRefresh {
    id: u64,
    finished: watch::Sender<()>,
    done: watch::Receiver<()>,
}

/// What a call that needs a token does next.
enum Step {
    Use(AccessToken),
    UseAndRefresh(AccessToken, NewRefresh),
    /// Starts a refresh and waits for it.
    Refresh(NewRefresh),
    /// Waits for the refresh of another call.
    Wait(PendingRefresh),
    /// Waits for the end of the backoff, or for its reset.
    WaitUntil(Instant, watch::Receiver<()>),
}

impl TokenCache {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The account, once it is known.
    pub(super) fn account(&self) -> Option<&AccountAddress> {
        self.account.get()
    }

    /// Returns a usable token, after a refresh if necessary.
    ///
    /// After a failed sign-in, a call waits for the next one if it begins before the deadline of the call and can succeed
    /// without a change. Otherwise the call fails at once with the last failure.
    pub(super) async fn access_token(
        self: &Arc<Self>,
        group: &ClientGroup,
        credentials: &Credentials,
        deadline: Instant,
    ) -> Result<AccessToken, Arc<SignInError>> {
        loop {
            match self.next_step(deadline)? {
                Step::Use(token) => return Ok(token),
                Step::UseAndRefresh(token, refresh) => {
                    self.start(refresh, group, credentials);
                    return Ok(token);
                }
                Step::Refresh(refresh) => {
                    let mut done = refresh.done.clone();
                    self.start(refresh, group, credentials);
                    // It ends when the sender is dropped, which is the last thing that the task does.
                    let _ = tokio::time::timeout(REFRESH_TIMEOUT, done.changed()).await;
                }
                Step::Wait(mut pending) => {
                    let left = REFRESH_TIMEOUT.saturating_sub(pending.since.elapsed());
                    let _ = tokio::time::timeout(left, pending.done.changed()).await;
                }
                Step::WaitUntil(at, mut reset) => {
                    let _ = tokio::time::timeout_at(at.into(), reset.changed()).await;
                }
            }
        }
    }

    /// Decides what a call does next. It spawns nothing, because it holds the lock: a runtime that is shutting down drops a
    /// spawned task at once, which takes the lock again.
    fn next_step(&self, deadline: Instant) -> Result<Step, Arc<SignInError>> {
        let mut state = self.state();
        let now = monotonic::now();
        let cached = state.cached.as_ref().map(|cached| cached.times);
        let pending = state
            .pending
            .clone()
            .filter(|pending| now.saturating_duration_since(pending.since) < REFRESH_TIMEOUT);
        let decision = decide(now, cached, pending.is_some(), state.backoff, deadline);
        let token = state.cached.as_ref().map(|cached| AccessToken {
            header: cached.header.clone(),
            generation: Some(state.generation),
        });
        Ok(match (decision, token, pending) {
            (Decision::Use, Some(token), _) => Step::Use(token),
            (Decision::UseAndRefresh, Some(token), _) => Step::UseAndRefresh(token, state.begin(now)),
            // Subscribe under the lock, so that no reset is missed.
            (Decision::WaitUntil(at), ..) => Step::WaitUntil(at, self.backoff_reset.subscribe()),
            (Decision::Fail, ..) => {
                let failure = state.failure.clone();
                return Err(failure.unwrap_or_else(|| Arc::new(SignInError::Interrupted)));
            }
            (_, _, Some(pending)) => Step::Wait(pending),
            (_, _, None) => Step::Refresh(state.begin(now)),
        })
    }

    /// Starts the refresh in a task of its own. All callers are in a runtime.
    fn start(self: &Arc<Self>, refresh: NewRefresh, group: &ClientGroup, credentials: &Credentials) {
        let guard = RefreshGuard {
            tokens: Arc::clone(self),
            id: refresh.id,
            finished: Some(refresh.finished),
            has_outcome: false,
        };
        let (group, credentials) = (group.clone(), credentials.clone());
        tokio::spawn(async move {
            let mut guard = guard;
            let (asked_at, exchange_time) = (monotonic::now(), group.now());
            let limit = group.timeout();
            let work = sign_in::sign_in(&group, &credentials);
            let outcome = match tokio::time::timeout(limit, work).await {
                Ok(outcome) => outcome,
                Err(_) => Err(SignInError::TimedOut),
            };
            // After so long the runtime was blocked, which says nothing about the exchange.
            let was_blocked = asked_at.elapsed() > limit.saturating_add(Duration::from_secs(1));
            guard.finish(outcome, was_blocked, |info| {
                TokenTimes::from_token_info(info, asked_at, exchange_time)
            });
        });
    }

    pub(super) fn accepted(&self, generation: u64) {
        let mut state = self.state();
        if state.generation == generation
            && let Some(cached) = &mut state.cached
        {
            cached.accepted = true;
        }
    }

    pub(super) fn invalidate(&self, generation: u64) -> bool {
        let mut state = self.state();
        if state.generation != generation {
            return true;
        }
        let Some(cached) = state.cached.take() else {
            return true;
        };
        if cached.accepted || cached.obtained_at.elapsed() >= FRESH {
            return true;
        }
        state.fail(SignInError::FreshTokenRejected, true);
        false
    }

    pub(super) fn reset_backoff(&self) {
        let mut state = self.state();
        state.failures = 0;
        state.backoff = None;
        state.failure = None;
        drop(state);
        self.backoff_reset.send_replace(());
    }
}

impl State {
    fn begin(&mut self, now: Instant) -> NewRefresh {
        let (finished, done) = watch::channel(());
        self.refreshes += 1;
        self.pending = Some(PendingRefresh {
            id: self.refreshes,
            since: now,
            done: done.clone(),
        });
        NewRefresh {
            id: self.refreshes,
            finished,
            done,
        }
    }

    fn fail(&mut self, failure: SignInError, is_retryable: bool) {
        self.failures = self.failures.saturating_add(1);
        let wait = SIGN_IN_BACKOFF.delay(self.failures);
        let asked = failure.retry_after();
        let wait = asked.map_or(wait, |asked| asked.clamp(wait, LONGEST_RETRY_AFTER));
        self.backoff = Some(Backoff {
            until: monotonic::now() + wait,
            is_retryable,
        });
        self.failure = Some(Arc::new(failure));
    }
}

/// A refresh in progress. However it ends, also if the signer panics or the runtime shuts down, it leaves a token or a failure
/// behind and wakes the calls that wait.
struct RefreshGuard {
    tokens: Arc<TokenCache>,
    id: u64,
    finished: Option<watch::Sender<()>>,
    has_outcome: bool,
}

impl RefreshGuard {
    fn finish(
        &mut self,
        outcome: Result<sign_in::Token, SignInError>,
        was_blocked: bool,
        times: impl FnOnce(&super::TokenInfo) -> TokenTimes,
    ) {
        self.has_outcome = true;
        let mut state = self.tokens.state();
        match outcome {
            Ok(token) => {
                let _ = self.tokens.account.set(token.account);
                state.generation += 1;
                state.cached = Some(CachedToken {
                    times: times(&token.info),
                    header: token.header,
                    obtained_at: monotonic::now(),
                    accepted: false,
                });
                state.failures = 0;
                state.backoff = None;
                state.failure = None;
            }
            Err(_) if was_blocked => {}
            Err(error) => {
                let is_retryable = error.is_retryable();
                state.fail(error, is_retryable);
            }
        }
    }
}

impl Drop for RefreshGuard {
    fn drop(&mut self) {
        let mut state = self.tokens.state();
        if state
            .pending
            .as_ref()
            .is_some_and(|pending| pending.id == self.id)
        {
            state.pending = None;
        }
        if !self.has_outcome {
            // Another attempt may succeed if the runtime shut down, but not if the signer panicked.
            state.fail(SignInError::Interrupted, !std::thread::panicking());
        }
        drop(state);
        drop(self.finished.take());
    }
}
