//! Replacing a token or a subkey by a new one while both work.
//!
//! A rotation is a value, [`RotationState`], and functions that advance it step by step. The value holds no secret. The
//! caller's [`RotationSink`] stores it before each step that has an effect, so that the stored state shows after a crash which
//! step may have been done. No task and no lock outlives a call: the grace period is computed from two times.
//!
//! | after a crash, this may have happened | what identifies it | what resuming does |
//! |---|---|---|
//! | a token was created, and its text is lost | its unique name | finds it by name and revokes it; if it is not listed yet, looks again at the end |
//! | a token was created, and its text may be stored | its id | asks the sink whether it has the text |
//! | a subkey was registered | its key, which was stored before | reads it, and registers it if it is not there |
//! | the new credential is stored, and does not work here | programs may use it already | keeps it; proving it or giving up is the caller's decision |
//! | the old credential was revoked | its id | revokes it again |
//!
//! A stored state is untrusted input: before anything is revoked, the new credential in it is compared with its name on the
//! exchange.
//!
//! Tokens are created and then stored, because their text does not exist before. Subkeys are stored and then registered.

mod cleanup;
mod error;
mod finish;
mod listing;
mod names;
mod sink;
mod state;
mod steps;
mod successor;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use paradex_api::Secret;

pub use error::{Cleanup, RotationError, RotationProblem};
pub use names::base_name;
pub use sink::{RotationSink, SinkFuture};
pub use state::{RotationSpec, RotationState, RotationStep};

use names::random_digits;

use crate::access::allowlist::plan::Force;
use crate::access::target::Target;
use crate::client::{Client, ClientGroup};
use crate::error::InvalidInput;
use crate::time::unix_seconds;

/// Replaces tokens and subkeys by new ones; at every moment at least one of the two works.
///
/// ```no_run
/// use std::sync::Arc;
/// use std::time::Duration;
/// use paradex_api_ext::fleet::{RotationSink, RotationSpec, Rotator};
/// use paradex_api_ext::Client;
/// use paradex_api_ext::allowlist::Target;
///
/// # async fn example(client: Client, sink: impl RotationSink) -> Result<(), Box<dyn std::error::Error>> {
/// let rotator = Rotator::new(client, Arc::new(sink));
/// // The new token exists, the sink has its text, and a call with it has succeeded. The old one still works.
/// let proven = rotator.rotate(Target::Token("token-id".into()), RotationSpec::new()).await?;
///
/// // The bots switch to the new token. A day later, perhaps in another process:
/// let grace = Duration::from_secs(24 * 60 * 60);
/// let finished = rotator.finish(proven, grace).await?;
/// println!("{finished}");
/// # Ok(())
/// # }
/// ```
///
/// # The steps
///
/// | | a token | a subkey |
/// |---|---|---|
/// | [`rotate`](Self::rotate) | create it; store its text; make a call with it | generate a key; store it; register it; make a call with it |
/// | in between | running programs switch | running programs switch |
/// | [`finish`](Self::finish) | revoke the old token | revoke the old subkey |
///
/// The successor gets the old credential's allowlist, which is read directly before, when it is created. A list that is
/// unreadable or not reported stops the rotation; it never means "unrestricted". If the exchange creates something else
/// than was requested, it is revoked.
///
/// # After a crash
///
/// The state is recorded before every step ([`RotationSink::record`]). If the process dies or the future is dropped,
/// [`resume`](Self::resume) continues from the state that was recorded last:
///
/// | recorded last | what `resume` does |
/// |---|---|
/// | [`Creating`](RotationStep::Creating) a token | its text is lost: finds the token by its name, revokes it, and creates another one |
/// | [`Storing`](RotationStep::Storing) a token | continues if the sink has the text; otherwise revokes the token and creates another one |
/// | `Storing` a subkey | continues if the sink has the key; otherwise generates another key, as this one was not registered |
/// | `Creating` a subkey | registers the key that the sink has, unless it is already registered |
/// | [`Proving`](RotationStep::Proving) | makes the call with the secret from the sink |
/// | [`Proven`](RotationStep::Proven) | nothing: `finish` does the rest |
/// | [`Finishing`](RotationStep::Finishing) | revokes the old credential (again), unless it is live and the new one is not |
/// | [`Discarding`](RotationStep::Discarding) | revokes the new credential (again) |
///
/// No task waits for the end of a grace period. The sink keeps the state, and `finish` returns the remaining time as an
/// error until the period has passed.
///
/// # Running programs
///
/// Programs switch with [`Client::replace_credentials`], or with [`Client::reload_credentials`] if a
/// [`CredentialProvider`](crate::auth::CredentialProvider) reads from the sink's store. Calls in flight end with the old
/// credential; later ones use the new one. A program that did not switch in time gets a 401, asks its provider and repeats the call.
///
/// # Concurrent rotations
///
/// Two concurrent rotations of one token create two successors. Hold a lock of your own while you rotate.
#[doc(alias = "rotate credentials")]
#[doc(alias = "key rotation")]
#[doc(alias = "api key")]
#[derive(Clone)]
pub struct Rotator {
    client: Client,
    prover: Option<ClientGroup>,
    sink: Arc<dyn RotationSink>,
}

impl fmt::Debug for Rotator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rotator")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// What one call of a `Rotator` method knows, beside the recorded state.
struct Run {
    state: RotationState,
    /// Whether an earlier run recorded the step, and may have taken it.
    resumed: bool,
    secret: Option<Secret>,
    cleanup: Cleanup,
}

type Outcome<T> = Result<T, RotationProblem>;

impl Rotator {
    /// Creates a rotator that acts with this client and keeps secrets and journal in this sink.
    ///
    /// The client's session must be the main account's.
    pub fn new(client: Client, sink: Arc<dyn RotationSink>) -> Self {
        Self {
            client,
            prover: None,
            sink,
        }
    }

    /// Makes the proving call with this group's connections: pinned to an address that the allowlists allow, for example.
    #[must_use]
    pub fn prove_with(mut self, group: ClientGroup) -> Self {
        self.prover = Some(group);
        self
    }

    /// Creates the successor of a token or a subkey, stores its secret, and proves that it works.
    ///
    /// The old credential keeps working until [`finish`](Self::finish).
    ///
    /// # Errors
    ///
    /// Returns a [`RotationProblem`]; [`RotationError::cleanup`] says what happened to the new credential.
    pub async fn rotate(&self, old: Target, spec: RotationSpec) -> Result<RotationState, RotationError> {
        let mut state = RotationState {
            id: String::new(),
            environment: self.client.environment().to_string(),
            old,
            spec,
            started_at: self.now(),
            step: RotationStep::Ready,
            new_credential: None,
            missing: Vec::new(),
        };
        match random_digits() {
            Ok(digits) => state.id = digits,
            Err(problem) => return Err(RotationError::new(state, problem, Cleanup::Nothing)),
        }
        self.run(state, false).await
    }

    /// Continues a rotation from the state that was recorded last.
    ///
    /// A rotation that only needs [`finish`](Self::finish), or that is over, is returned unchanged.
    ///
    /// Pass the latest state that the sink has, and resume in one process at a time. With an older copy, a new token whose
    /// text was stored since looks lost, and is revoked.
    ///
    /// # Errors
    ///
    /// Fails as [`rotate`](Self::rotate) does. An edited state is refused if its new credential has a name that no
    /// rotation of the old one gives.
    pub async fn resume(&self, state: RotationState) -> Result<RotationState, RotationError> {
        self.run(state, true).await
    }

    /// Marks the new credential as proven, because the caller has seen it work.
    ///
    /// Use it when the allowlist excludes this machine, or the sink does not give the secret back.
    ///
    /// # Errors
    ///
    /// Fails if the rotation is not at [`Proving`](RotationStep::Proving), or the sink did not record the step.
    pub async fn mark_proven(&self, state: RotationState) -> Result<RotationState, RotationError> {
        let mut run = Run::new(state, true);
        let outcome = match run.state.step.clone() {
            RotationStep::Proving { new } => {
                let since = self.now();
                self.enter(&mut run, RotationStep::Proven { new, since }).await
            }
            _ => Err(wrong_step(
                &run.state,
                "only a rotation whose new credential is stored and not proven can be marked as proven",
            )),
        };
        run.end(outcome)
    }

    /// Revokes the old credential, if the new one is listed as live and has been proven for the grace period.
    ///
    /// It can be called repeatedly, from cron for example, until it succeeds. Finishing twice changes nothing.
    ///
    /// # Errors
    ///
    /// Returns [`TooEarly`](RotationProblem::TooEarly) with the rest of the grace period, or
    /// [`OwnCredential`](RotationProblem::OwnCredential) if this client uses, or may use, the old credential itself.
    pub async fn finish(
        &self,
        state: RotationState,
        grace: Duration,
    ) -> Result<RotationState, RotationError> {
        self.finish_with(state, grace, Force::none()).await
    }

    /// Like [`finish`](Self::finish), without the checks that are forced: [`Force::despite_own_credential`].
    ///
    /// # Errors
    ///
    /// Fails as [`finish`](Self::finish) does, except for the forced checks.
    pub async fn finish_with(
        &self,
        state: RotationState,
        grace: Duration,
        force: Force,
    ) -> Result<RotationState, RotationError> {
        let mut run = Run::new(state, true);
        let outcome = self.run_finish(&mut run, grace, force).await;
        run.end(outcome)
    }

    /// Abandons a rotation: revokes the new credential and leaves the old one unchanged.
    ///
    /// # Errors
    ///
    /// Fails if the old credential may already be revoked, if this client uses the new one itself, or if the revocation fails.
    pub async fn abandon(&self, state: RotationState) -> Result<RotationState, RotationError> {
        let mut run = Run::new(state, true);
        let outcome = self.run_abandon(&mut run).await;
        run.end(outcome)
    }

    async fn run(&self, state: RotationState, resumed: bool) -> Result<RotationState, RotationError> {
        let mut run = Run::new(state, resumed);
        let outcome = match (self.same_environment(&run.state), &run.state.step) {
            (Err(problem), _) => Err(problem),
            // Another client may have begun to revoke what this client must not.
            (Ok(()), RotationStep::Finishing { .. }) => {
                self.run_finish(&mut run, Duration::ZERO, Force::none()).await
            }
            // These steps revoke nothing.
            (Ok(()), RotationStep::Proving { .. } | RotationStep::Proven { .. }) => {
                self.drive(&mut run).await
            }
            (Ok(()), _) => match self.check_claims(&run.state).await {
                Ok(()) => self.drive(&mut run).await,
                Err(problem) => Err(problem),
            },
        };
        run.end(outcome)
    }

    fn same_environment(&self, state: &RotationState) -> Outcome<()> {
        let here = self.client.environment().to_string();
        if state.environment == here {
            return Ok(());
        }
        let rule = format!(
            "the rotation belongs to {}, and this client calls {here}",
            state.environment
        );
        Err(invalid_input(
            "environment",
            &state.environment,
            rule,
            "use a client for that environment",
        ))
    }

    fn now(&self) -> u64 {
        unix_seconds(self.client.group().now())
    }
}

impl Run {
    fn new(state: RotationState, resumed: bool) -> Self {
        Self {
            state,
            resumed,
            secret: None,
            cleanup: Cleanup::Nothing,
        }
    }

    /// Turns the outcome into what the caller gets.
    fn end(self, outcome: Outcome<()>) -> Result<RotationState, RotationError> {
        let Err(problem) = outcome else {
            return Ok(self.state);
        };
        let is_token = matches!(self.state.old, Target::Token(_));
        let exists = match self.state.step {
            RotationStep::Storing { .. } => is_token,
            RotationStep::Proving { .. } | RotationStep::Proven { .. } | RotationStep::Finishing { .. } => {
                true
            }
            _ => false,
        };
        let cleanup = match self.state.new_target() {
            Some(new) if exists => Cleanup::Kept(new),
            _ => self.cleanup,
        };
        Err(RotationError::new(self.state, problem, cleanup))
    }
}

fn invalid_input(
    field: &'static str,
    value: impl fmt::Display,
    rule: impl Into<String>,
    remedy: &'static str,
) -> RotationProblem {
    RotationProblem::Invalid(InvalidInput::new(field, value, rule, remedy))
}

fn wrong_step(state: &RotationState, rule: &str) -> RotationProblem {
    invalid_input("state", state, rule, "resume the rotation first")
}
