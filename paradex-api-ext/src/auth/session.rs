//! One signed-in session: its token is there when a call needs it.

use std::hash::{BuildHasher, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use paradex_api::reqwest::header::HeaderValue;
use tokio::sync::{OnceCell, watch};

use super::credentials::{Credentials, Kind, SessionKind};
use super::policy::{Decision, Times, backoff, decide};
use super::sign_in::{self, SignInError};
use crate::client::Shared;
use crate::signing::MessagePrefix;

/// A credential and the token that it currently has.
///
/// However many calls need a token at one moment, one of them fetches it and the others wait for it. While
/// the old token is good, nobody waits. Fetching is a task of its own, so a caller that gives up takes nothing
/// away from the others.
pub(crate) struct Session {
    credentials: Credentials,
    state: Mutex<State>,
    /// The chain, and what the messages of the account have in common.
    pub(super) messages: OnceCell<(String, MessagePrefix)>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// Open while a token is being fetched.
    renewing: Option<watch::Receiver<()>>,
    failures: u32,
    /// When the next attempt may be made, after one that failed.
    retry_at: Option<Instant>,
    failure: Option<Arc<SignInError>>,
    /// Counts tokens, so that a late 401 for an old one does not retire its successor.
    generation: u64,
}

#[derive(Clone)]
struct Held {
    header: HeaderValue,
    times: Times,
}

/// A token for one call.
pub(crate) struct Ticket {
    pub(crate) header: HeaderValue,
    /// Which token it is; nothing for one that was given as text and cannot be renewed.
    pub(crate) generation: Option<u64>,
}

impl Session {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            state: Mutex::default(),
            messages: OnceCell::new(),
        }
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    pub(crate) fn kind(&self) -> SessionKind {
        self.credentials.session_kind()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token to send, fetched or renewed if it has to be.
    pub(crate) async fn ticket(self: &Arc<Self>, shared: &Shared) -> Result<Ticket, Arc<SignInError>> {
        if let Kind::Bearer(bearer) = self.credentials.kind() {
            return Ok(Ticket {
                header: bearer.header.clone(),
                generation: None,
            });
        }
        loop {
            let mut waiting = {
                let mut state = self.state();
                let held = state.held.as_ref().map(|held| held.times);
                let decision = decide(Instant::now(), held, state.renewing.is_some(), state.retry_at);
                if decision == Decision::UseAndRenew {
                    self.renew(&mut state, shared)?;
                }
                match (decision, &state.held) {
                    (Decision::Use | Decision::UseAndRenew, Some(held)) => {
                        return Ok(Ticket {
                            header: held.header.clone(),
                            generation: Some(state.generation),
                        });
                    }
                    (Decision::Refuse, _) => {
                        let failure = state.failure.clone();
                        return Err(failure.unwrap_or_else(|| Arc::new(SignInError::Interrupted)));
                    }
                    _ => match &state.renewing {
                        Some(waiting) => waiting.clone(),
                        None => self.renew(&mut state, shared)?,
                    },
                }
            };
            // It ends when the sender is dropped, which is what the task does last.
            let _ = waiting.changed().await;
        }
    }

    /// Whether a new token could be had.
    pub(crate) fn can_renew(&self) -> bool {
        !matches!(self.credentials.kind(), Kind::Bearer(_))
    }

    /// The exchange did not take this token: it is not used again.
    pub(crate) fn retire(&self, generation: u64) {
        let mut state = self.state();
        if state.generation == generation {
            state.held = None;
        }
    }

    /// Fetches a token in a task of its own.
    fn renew(
        self: &Arc<Self>,
        state: &mut State,
        shared: &Shared,
    ) -> Result<watch::Receiver<()>, Arc<SignInError>> {
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| Arc::new(SignInError::NoRuntime))?;
        let (done, waiting) = watch::channel(());
        state.renewing = Some(waiting.clone());
        let fetch = Fetch {
            session: Arc::clone(self),
            done: Some(done),
        };
        let shared = shared.clone();
        runtime.spawn(async move {
            let asked_at = Instant::now();
            let outcome = sign_in::sign_in(&shared, &fetch.session.credentials).await;
            fetch.finish(outcome, asked_at, &shared);
        });
        Ok(waiting)
    }
}

/// A fetch under way. However it ends, also by the end of the runtime, those who wait are woken.
struct Fetch {
    session: Arc<Session>,
    done: Option<watch::Sender<()>>,
}

impl Fetch {
    fn finish(&self, outcome: Result<sign_in::Token, SignInError>, asked_at: Instant, shared: &Shared) {
        let mut state = self.session.state();
        match outcome {
            Ok(token) => {
                state.generation += 1;
                state.held = Some(Held {
                    times: Times::of(&token.info, asked_at, shared.now()),
                    header: token.header,
                });
                state.failures = 0;
                state.retry_at = None;
                state.failure = None;
            }
            Err(error) => {
                state.failures = state.failures.saturating_add(1);
                let wait = backoff(state.failures, random_part());
                let wait = error.retry_after().map_or(wait, |asked| asked.max(wait));
                state.retry_at = Some(Instant::now() + wait);
                state.failure = Some(Arc::new(error));
            }
        }
    }
}

impl Drop for Fetch {
    fn drop(&mut self) {
        self.session.state().renewing = None;
        drop(self.done.take());
    }
}

/// A number to spread waits with. Nothing depends on its quality.
pub(crate) fn random_part() -> u8 {
    let [part, ..] = std::hash::RandomState::new()
        .build_hasher()
        .finish()
        .to_le_bytes();
    part
}
