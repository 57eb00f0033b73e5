//! One signed-in session: its token is there when a call needs it.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use paradex_api::reqwest::header::HeaderValue;
use tokio::sync::{OnceCell, watch};

use super::credentials::{Credentials, SessionKind};
use super::policy::{Decision, Retry, SIGN_IN_BACKOFF, Times, decide};
use super::sign_in::{self, SignInError};
use crate::client::ClientGroup;
use crate::pipeline::rate_limit::{AccountLimits, RateLimiter};
use crate::signing::{AccountAddress, MessagePrefix};

/// A credential, and the tokens that it shares with every other client of the same key for the same purpose.
///
/// Signing is not shared: a signer that signs nothing but sign-ins stays that, whoever else has the key.
pub(crate) struct Session {
    credentials: Credentials,
    tokens: Arc<TokenCache>,
    /// The chain, and what the messages of the account have in common.
    pub(super) messages: OnceCell<(String, MessagePrefix)>,
    limits: OnceLock<Arc<AccountLimits>>,
}

/// The token at hand and how the next one is got.
///
/// However many calls need a token at one moment, one of them fetches it and the others wait for it. While
/// the old token is good, nobody waits. Fetching is a task of its own, so a caller that gives up takes nothing
/// away from the others.
#[derive(Default)]
pub(crate) struct TokenCache {
    state: Mutex<State>,
    /// The account that was signed in to. A key that names no account gets to know it by signing in.
    account: OnceLock<AccountAddress>,
    /// Notified when a wait for the next attempt has lost its reason.
    forgiven: watch::Sender<()>,
}

#[derive(Default)]
struct State {
    held: Option<CachedToken>,
    fetch: Option<PendingRefresh>,
    /// Counts fetches.
    fetches: u64,
    failures: u32,
    /// After an attempt that failed.
    retry: Option<Retry>,
    failure: Option<Arc<SignInError>>,
    /// Counts tokens, so that a late 401 for an old one does not retire its successor.
    generation: u64,
}

#[derive(Clone)]
struct CachedToken {
    header: HeaderValue,
    times: Times,
    obtained: Instant,
    /// Whether the exchange has taken it at least once.
    accepted: bool,
}

/// A fetch under way.
#[derive(Clone)]
struct PendingRefresh {
    id: u64,
    since: Instant,
    /// Open until it has ended.
    waiting: watch::Receiver<()>,
}

/// A fetch that is to be started.
struct Begun {
    id: u64,
    done: watch::Sender<()>,
    waiting: watch::Receiver<()>,
}

/// What a call that needs a token does next.
enum Next {
    Use(AccessToken),
    /// Uses the token and lets its successor be fetched.
    UseAndFetch(AccessToken, Begun),
    /// Fetches a token and waits for it.
    Fetch(Begun),
    /// Waits for the fetch of another call.
    Wait(PendingRefresh),
    /// Waits for the next attempt, or for the failure to be forgiven.
    WaitUntil(Instant, watch::Receiver<()>),
}

/// A fetch that takes longer is not waited for: its runtime may stand still, while another one needs a token.
const TAKE_OVER: Duration = Duration::from_secs(10);
/// A token that is refused so soon, and was never taken, is no token that has died.
const NEWBORN: Duration = Duration::from_secs(3);
/// Whatever the exchange asks for, signing in is tried again after this time.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A token for one call.
pub(crate) struct AccessToken {
    pub(crate) header: HeaderValue,
    /// Which token it is; nothing for one that was given as text and cannot be renewed.
    pub(crate) generation: Option<u64>,
}

impl TokenCache {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    pub(crate) fn new(credentials: Credentials, tokens: Arc<TokenCache>) -> Self {
        Self {
            credentials,
            tokens,
            messages: OnceCell::new(),
            limits: OnceLock::new(),
        }
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    pub(crate) fn kind(&self) -> SessionKind {
        self.credentials.session_kind()
    }

    /// The account in the one spelling that tells accounts apart, or else a name of the credential: an Ethereum key and a key
    /// without an address know their account once they have signed in, and an opaque token never says it.
    pub(crate) fn account_name(&self) -> String {
        match self.tokens.account.get() {
            Some(account) => account.to_string(),
            None => self.credentials.account_name(),
        }
    }

    /// Whether it is the same credential as another.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (
            self.credentials.bearer_header(),
            other.credentials.bearer_header(),
        ) {
            (None, None) => Arc::ptr_eq(&self.tokens, &other.tokens),
            (one, other) => one == other,
        }
    }

    /// The limits of its account.
    pub(crate) fn limits(&self, limiter: &RateLimiter) -> &AccountLimits {
        self.limits.get_or_init(|| limiter.account(&self.account_name()))
    }

    /// The token that was given as text, if one was.
    pub(crate) fn static_token(&self) -> Option<AccessToken> {
        Some(AccessToken {
            header: self.credentials.bearer_header()?.clone(),
            generation: None,
        })
    }

    /// The token to send, fetched or renewed if it has to be.
    ///
    /// After an attempt that failed, a call waits for the next one if that begins before the deadline of the call and can
    /// succeed without a change. Otherwise it fails at once with the last failure.
    pub(crate) async fn access_token(
        &self,
        group: &ClientGroup,
        deadline: Instant,
    ) -> Result<AccessToken, Arc<SignInError>> {
        if let Some(ticket) = self.static_token() {
            return Ok(ticket);
        }
        loop {
            match self.next(deadline)? {
                Next::Use(ticket) => return Ok(ticket),
                Next::UseAndFetch(ticket, begun) => {
                    self.fetch(group, begun);
                    return Ok(ticket);
                }
                Next::Fetch(begun) => {
                    let mut waiting = begun.waiting.clone();
                    self.fetch(group, begun);
                    // It ends when the sender is dropped, which is what the task does last.
                    let _ = tokio::time::timeout(TAKE_OVER, waiting.changed()).await;
                }
                Next::Wait(mut running) => {
                    let left = TAKE_OVER.saturating_sub(running.since.elapsed());
                    let _ = tokio::time::timeout(left, running.waiting.changed()).await;
                }
                Next::WaitUntil(at, mut forgiven) => {
                    let _ = tokio::time::timeout_at(at.into(), forgiven.changed()).await;
                }
            }
        }
    }

    /// What a call that needs a token does next. Nothing is spawned here, under the lock: a runtime that is ending drops what
    /// it is given at once.
    fn next(&self, deadline: Instant) -> Result<Next, Arc<SignInError>> {
        let mut state = self.tokens.state();
        let now = Instant::now();
        let held = state.held.as_ref().map(|held| held.times);
        let running = state
            .fetch
            .clone()
            .filter(|fetch| now.saturating_duration_since(fetch.since) < TAKE_OVER);
        let decision = decide(now, held, running.is_some(), state.retry, deadline);
        let ticket = state.held.as_ref().map(|held| AccessToken {
            header: held.header.clone(),
            generation: Some(state.generation),
        });
        Ok(match (decision, ticket, running) {
            (Decision::Use, Some(ticket), _) => Next::Use(ticket),
            (Decision::UseAndRenew, Some(ticket), _) => Next::UseAndFetch(ticket, state.begin(now)),
            // Subscribed to under the lock, so that it cannot be forgiven in between unnoticed.
            (Decision::WaitUntil(at), ..) => Next::WaitUntil(at, self.tokens.forgiven.subscribe()),
            (Decision::Refuse, ..) => {
                let failure = state.failure.clone();
                return Err(failure.unwrap_or_else(|| Arc::new(SignInError::Interrupted)));
            }
            (_, _, Some(running)) => Next::Wait(running),
            (_, _, None) => Next::Fetch(state.begin(now)),
        })
    }

    /// The exchange took this token.
    pub(crate) fn accepted(&self, generation: u64) {
        let mut state = self.tokens.state();
        if state.generation == generation
            && let Some(held) = &mut state.held
        {
            held.accepted = true;
        }
    }

    /// The exchange did not take this token: it is not used again. Whether another one is worth trying.
    pub(crate) fn invalidate(&self, generation: u64) -> bool {
        let mut state = self.tokens.state();
        if state.generation != generation {
            return true;
        }
        let Some(held) = state.held.take() else {
            return true;
        };
        if held.accepted || held.obtained.elapsed() >= NEWBORN {
            return true;
        }
        state.failed(SignInError::FreshTokenRejected, true);
        false
    }

    /// Forgets earlier failures, because something about them has changed.
    pub(crate) fn reset_backoff(&self) {
        let mut state = self.tokens.state();
        state.failures = 0;
        state.retry = None;
        state.failure = None;
        drop(state);
        self.tokens.forgiven.send_replace(());
    }

    /// Fetches a token in a task of its own. Every way here has entered a runtime.
    fn fetch(&self, group: &ClientGroup, begun: Begun) {
        let fetch = Fetch {
            tokens: Arc::clone(&self.tokens),
            id: begun.id,
            done: Some(begun.done),
            finished: false,
        };
        let (group, credentials) = (group.clone(), self.credentials.clone());
        tokio::spawn(async move {
            let mut fetch = fetch;
            let (asked_at, clock) = (Instant::now(), group.now());
            let limit = group.timeout();
            let work = sign_in::sign_in(&group, &credentials);
            let outcome = match tokio::time::timeout(limit, work).await {
                Ok(outcome) => outcome,
                Err(_) => Err(SignInError::TimedOut),
            };
            // After so long the runtime stood still, and that says nothing about the exchange.
            let slept = asked_at.elapsed() > limit + Duration::from_secs(1);
            fetch.finish(outcome, slept, |info| Times::of(info, asked_at, clock));
        });
    }
}

impl State {
    fn begin(&mut self, now: Instant) -> Begun {
        let (done, waiting) = watch::channel(());
        self.fetches += 1;
        self.fetch = Some(PendingRefresh {
            id: self.fetches,
            since: now,
            waiting: waiting.clone(),
        });
        Begun {
            id: self.fetches,
            done,
            waiting,
        }
    }

    fn failed(&mut self, failure: SignInError, can_help: bool) {
        self.failures = self.failures.saturating_add(1);
        let wait = SIGN_IN_BACKOFF.delay(self.failures);
        let asked = failure.retry_after();
        let wait = asked.map_or(wait, |asked| asked.clamp(wait, LONGEST_PAUSE));
        self.retry = Some(Retry {
            at: Instant::now() + wait,
            can_help,
        });
        self.failure = Some(Arc::new(failure));
    }
}

/// A fetch under way. However it ends, also by a panic of the signer or by the end of the runtime, it leaves a token or
/// a failure behind, and those who wait are woken.
struct Fetch {
    tokens: Arc<TokenCache>,
    id: u64,
    done: Option<watch::Sender<()>>,
    finished: bool,
}

impl Fetch {
    fn finish(
        &mut self,
        outcome: Result<sign_in::Token, SignInError>,
        slept: bool,
        times: impl FnOnce(&super::TokenInfo) -> Times,
    ) {
        self.finished = true;
        let mut state = self.tokens.state();
        match outcome {
            Ok(token) => {
                let _ = self.tokens.account.set(token.account);
                state.generation += 1;
                state.held = Some(CachedToken {
                    times: times(&token.info),
                    header: token.header,
                    obtained: Instant::now(),
                    accepted: false,
                });
                state.failures = 0;
                state.retry = None;
                state.failure = None;
            }
            Err(_) if slept => {}
            Err(error) => {
                let can_help = error.is_retryable();
                state.failed(error, can_help);
            }
        }
    }
}

impl Drop for Fetch {
    fn drop(&mut self) {
        let mut state = self.tokens.state();
        if state.fetch.as_ref().is_some_and(|running| running.id == self.id) {
            state.fetch = None;
        }
        if !self.finished {
            // Another attempt helps if the runtime ended, and not if the signer panicked.
            state.failed(SignInError::Interrupted, !std::thread::panicking());
        }
        drop(state);
        drop(self.done.take());
    }
}
