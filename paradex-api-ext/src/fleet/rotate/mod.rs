//! Exchanging a token or a subkey for a new one while both work.

mod error;
mod state;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use paradex_api::{BoxError, Secret};
use zeroize::Zeroizing;

pub use error::{Cleanup, RotationError, RotationProblem};
pub use state::{RotationSpec, RotationState, RotationStep};

use super::self_check::SelfReference;
use crate::access::allowlist::{Force, Target};
use crate::access::subkeys::{NewSubkey, Subkey, SubkeyState, same_key};
use crate::access::tokens::{ApiToken, NewToken};
use crate::auth::Credentials;
use crate::client::{Client, ClientGroup};
use crate::error::{CreateTokenError, Error, InvalidInput, RegisterSubkeyError, RevokeError};
use crate::net::{IpAllowlist, StoredAllowlist};
use crate::signing::{AccountAddress, PublicKey, StarknetPrivateKey};
use crate::time::{Expiry, unix_seconds};

/// What the methods of a [`RotationSink`] return.
pub type SinkFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send + 'a>>;

/// Where secrets and the journal of rotations are kept: files, a vault, a database.
///
/// Each method has to have done its work durably when it returns, because what comes next relies on it. Keep a secret beside
/// the old one, under the id of [`RotationState::new_target`], and let programs use it once the state is
/// [`Proven`](RotationStep::Proven).
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
/// use paradex_api_ext::fleet::{RotationSink, RotationState, SinkFuture};
/// use paradex_api_ext::paradex_api::{Secret, serde_json};
///
/// /// Keeps everything in memory, as no program should.
/// #[derive(Default)]
/// struct Memory {
///     secrets: Mutex<HashMap<String, Secret>>,
///     journal: Mutex<HashMap<String, String>>,
/// }
///
/// fn key(state: &RotationState) -> String {
///     state.new_target().map(|new| new.to_string()).unwrap_or_default()
/// }
///
/// impl RotationSink for Memory {
///     fn record<'a>(&'a self, state: &'a RotationState) -> SinkFuture<'a, ()> {
///         Box::pin(async move {
///             let text = serde_json::to_string(state)?;
///             self.journal.lock().map_err(|_| "a lock broke")?.insert(state.id().to_owned(), text);
///             Ok(())
///         })
///     }
///
///     fn store<'a>(&'a self, state: &'a RotationState, secret: &'a Secret) -> SinkFuture<'a, ()> {
///         Box::pin(async move {
///             self.secrets.lock().map_err(|_| "a lock broke")?.insert(key(state), secret.clone());
///             Ok(())
///         })
///     }
///
///     fn load<'a>(&'a self, state: &'a RotationState) -> SinkFuture<'a, Option<Secret>> {
///         Box::pin(async move { Ok(self.secrets.lock().map_err(|_| "a lock broke")?.get(&key(state)).cloned()) })
///     }
/// }
/// ```
pub trait RotationSink: Send + Sync + 'static {
    /// Writes a rotation down, in the place of what was written of it before ([`RotationState::id`] names it). It holds no
    /// secret.
    ///
    /// # Errors
    ///
    /// It could not be written. The step that it announces is not taken.
    fn record<'a>(&'a self, state: &'a RotationState) -> SinkFuture<'a, ()>;

    /// Stores the secret of the new one: the text of a token, or the private key of a subkey as `0x` hex.
    ///
    /// # Errors
    ///
    /// It could not be stored. The new token is revoked, and a new subkey is not registered.
    fn store<'a>(&'a self, state: &'a RotationState, secret: &'a Secret) -> SinkFuture<'a, ()>;

    /// Gives back what [`store`](Self::store) stored, for a rotation that is taken up again; nothing if it was not stored,
    /// or is not given back.
    ///
    /// # Errors
    ///
    /// It cannot be said at present whether there is one.
    fn load<'a>(&'a self, state: &'a RotationState) -> SinkFuture<'a, Option<Secret>>;
}

/// What the name of a new token or subkey ends with, before its random digits.
const ENDING: &str = "-r";
/// The random digits, of half a byte each.
const DIGITS: usize = 12;
/// The longest name that is made. No limit is published, and this one is far below whatever it may be.
const LONGEST_NAME: usize = 64;

/// The name without the ending that a rotation gave it, so that all successors of one token have one name.
///
/// A new token needs a name that no other has, because a lost answer leaves no other way to find it. So each is called
/// after the old one, with `-r` and twelve random hex digits at the end in the place of an earlier such ending. What is longer than
/// 64 characters with it is cut before the ending; the exchange publishes no limit.
///
/// ```
/// use paradex_api_ext::fleet::base_name;
///
/// assert_eq!(base_name("market maker-r0123456789ab"), "market maker");
/// assert_eq!(base_name("market maker"), "market maker");
/// ```
pub fn base_name(name: &str) -> &str {
    match without_ending(name) {
        Some(base) if !base.trim().is_empty() => base,
        _ => name,
    }
}

/// What stands before the ending that a rotation gave; nothing if the name has no such ending.
fn without_ending(name: &str) -> Option<&str> {
    let (base, digits) = name.rsplit_once(ENDING)?;
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (digits.len() == DIGITS && digits.bytes().all(hex)).then_some(base)
}

/// What every successor of something of this name is called before its ending.
fn successor_base(name: &str) -> String {
    let room = LONGEST_NAME - ENDING.len() - DIGITS;
    base_name(name).chars().take(room).collect()
}

fn unique_name(name: &str) -> Result<String, RotationProblem> {
    Ok(format!("{}{ENDING}{}", successor_base(name), random_digits()?))
}

fn random_digits() -> Result<String, RotationProblem> {
    let mut bytes = [0; DIGITS / 2];
    getrandom::fill(&mut bytes).map_err(|error| RotationProblem::NoRandom(error.into()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Exchanges tokens and subkeys for new ones, without a moment in which neither works.
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
/// // The new token exists, its text is with the sink, and a call with it has succeeded. The old one still works.
/// let proven = rotator.rotate(Target::Token("token-id".into()), RotationSpec::new()).await?;
///
/// // The bots take the new one up. A day later, perhaps in another process:
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
/// | [`rotate`](Self::rotate) | create it; store its text; make a call with it | make a key; store it; register it; make a call with it |
/// | in between | running programs switch | running programs switch |
/// | [`finish`](Self::finish) | revoke the old one | revoke the old one |
///
/// The new one has the old one's allowlist from its first second, read directly before; a list that is unreadable or
/// not reported stops the rotation and never means "from anywhere". If the exchange makes another one than was asked for,
/// it is revoked.
///
/// # A crash
///
/// The state is written down before every step ([`RotationSink::record`]), so whatever happens to the process, or to the
/// future, [`resume`](Self::resume) goes on from what was written last:
///
/// | the last thing that was written | what `resume` does |
/// |---|---|
/// | [`Creating`](RotationStep::Creating) a token | its text is lost: it is looked for by its name, revoked, and another one is made |
/// | [`Storing`](RotationStep::Storing) a token | goes on if the sink has the text; else it is revoked, and another one is made |
/// | `Storing` a subkey | goes on if the sink has the key; else makes another one: this one was not registered |
/// | `Creating` a subkey | the sink has the key: it is registered, unless it is already |
/// | [`Proving`](RotationStep::Proving) | makes the call, with what the sink gives back |
/// | [`Proven`](RotationStep::Proven) | nothing: the rest is for `finish` |
/// | [`Finishing`](RotationStep::Finishing) | revokes the old one (again), unless it is live and the new one is not |
/// | [`Discarding`](RotationStep::Discarding) | revokes the new one (again) |
///
/// No task waits for the end of a grace period: the state is kept by the sink, and whoever calls `finish` is told how
/// much is left.
///
/// # Running programs
///
/// They switch by [`Client::replace_credentials`], or by [`Client::reload_credentials`] where a
/// [`CredentialProvider`](crate::auth::CredentialProvider) reads from the sink's store: calls under way end with the old one,
/// and all later ones use the new one. One that missed it finds out by a 401, asks its provider, and makes the call again.
///
/// # What it does not do
///
/// Two rotations of one token at once make two new ones. Let whoever rotates hold a lock of yours.
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

/// What one run knows, beside what is written down.
struct Run {
    state: RotationState,
    /// Whether the step was written down by an earlier run, which may have taken it.
    resumed: bool,
    secret: Option<Secret>,
    cleanup: Cleanup,
}

type Outcome<T> = Result<T, RotationProblem>;

impl Rotator {
    /// Rotates with this client, whose session must be the main account's, and keeps secrets and journal there.
    pub fn new(client: Client, sink: Arc<dyn RotationSink>) -> Self {
        Self {
            client,
            prover: None,
            sink,
        }
    }

    /// Makes the proving call over these connections instead: pinned to an address that the allowlists let in, for example.
    #[must_use]
    pub fn prove_with(mut self, group: ClientGroup) -> Self {
        self.prover = Some(group);
        self
    }

    /// Makes the successor of a token or a subkey, stores its secret and proves it. The old one works on, until
    /// [`finish`](Self::finish).
    ///
    /// # Errors
    ///
    /// See [`RotationProblem`]; [`RotationError::cleanup`] says what became of the new one.
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

    /// Goes on with a rotation from what was written down last. One that needs nothing but
    /// [`finish`](Self::finish), and one that is over, come back as they are.
    ///
    /// Take the state that the sink has, and one process at a time: an older copy says of a new token that nobody has its
    /// text, and that is revoked.
    ///
    /// # Errors
    ///
    /// As for [`rotate`](Self::rotate). A state that was edited is refused if it names as the new one a token or subkey
    /// whose name shows that no rotation of the old one made it.
    pub async fn resume(&self, state: RotationState) -> Result<RotationState, RotationError> {
        self.run(state, true).await
    }

    /// Takes the caller's word that the new one works: it was used where its allowlist lets it in, and here it is
    /// not, or the sink does not give its secret back.
    ///
    /// # Errors
    ///
    /// The rotation is not at [`Proving`](RotationStep::Proving), or the sink could not write it down.
    pub async fn proven_elsewhere(&self, state: RotationState) -> Result<RotationState, RotationError> {
        let mut run = Run::new(state, true);
        let outcome = match run.state.step.clone() {
            RotationStep::Proving { new } => {
                let since = self.now();
                self.enter(&mut run, RotationStep::Proven { new, since }).await
            }
            _ => Err(wrong_step(
                &run.state,
                "only a new one that is stored and not proven can be proven",
            )),
        };
        run.end(outcome)
    }

    /// Revokes the old one, if the new one has been proven for this long and is listed as live.
    ///
    /// Call it as often as you like: from cron, for example, until it succeeds. Finishing twice does no harm.
    ///
    /// # Errors
    ///
    /// [`TooEarly`](RotationProblem::TooEarly) says what is left of the grace period;
    /// [`OwnCredential`](RotationProblem::OwnCredential) if this client uses the old one itself, or cannot tell.
    pub async fn finish(
        &self,
        state: RotationState,
        grace: Duration,
    ) -> Result<RotationState, RotationError> {
        self.finish_with(state, grace, Force::none()).await
    }

    /// As [`finish`](Self::finish), in spite of what is named: [`Force::despite_own_credential`].
    ///
    /// # Errors
    ///
    /// As for [`finish`](Self::finish), but for what is forced.
    pub async fn finish_with(
        &self,
        state: RotationState,
        grace: Duration,
        force: Force,
    ) -> Result<RotationState, RotationError> {
        let mut run = Run::new(state, true);
        let outcome = self.finished(&mut run, grace, force).await;
        run.end(outcome)
    }

    /// Gives a rotation up: revokes the new one, and leaves the old one as it is.
    ///
    /// # Errors
    ///
    /// The old one may be revoked already, this client uses the new one itself, or the revocation failed.
    pub async fn abandon(&self, state: RotationState) -> Result<RotationState, RotationError> {
        let mut run = Run::new(state, true);
        let outcome = self.abandoned(&mut run).await;
        run.end(outcome)
    }

    async fn run(&self, state: RotationState, resumed: bool) -> Result<RotationState, RotationError> {
        let mut run = Run::new(state, resumed);
        let outcome = match (self.same_environment(&run.state), &run.state.step) {
            (Err(problem), _) => Err(problem),
            // What may not be revoked by this client, another one may have begun to.
            (Ok(()), RotationStep::Finishing { .. }) => {
                self.finished(&mut run, Duration::ZERO, Force::none()).await
            }
            // These revoke nothing.
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
            "the rotation is one at {}, and this client speaks to {here}",
            state.environment
        );
        Err(invalid_input(
            "environment",
            &state.environment,
            rule,
            "use a client of that exchange",
        ))
    }

    /// Takes one step after the other, until nothing is left to be done or something is the caller's.
    async fn drive(&self, run: &mut Run) -> Outcome<()> {
        loop {
            let next = match run.state.step.clone() {
                RotationStep::Ready => self.ready(run).await?,
                RotationStep::Creating { name, new } => match new {
                    None => self.create_token(run, name).await?,
                    Some(key) => self.register_subkey(run, name, key).await?,
                },
                RotationStep::Storing { new } => self.store(run, new).await?,
                RotationStep::Proving { new } => self.prove(run, new).await?,
                RotationStep::Finishing { new } => {
                    self.revoke(&run.state.old)
                        .await
                        .map_err(RotationProblem::NotRevoked)?;
                    RotationStep::Finished { new }
                }
                RotationStep::Discarding { new, for_good } => {
                    self.discard(run, new).await?;
                    match for_good {
                        true => RotationStep::Abandoned,
                        false => RotationStep::Ready,
                    }
                }
                RotationStep::Proven { .. } | RotationStep::Finished { .. } | RotationStep::Abandoned => {
                    return Ok(());
                }
            };
            self.enter(run, next).await?;
        }
    }

    /// Writes the next step down, before anything of it is done.
    async fn enter(&self, run: &mut Run, next: RotationStep) -> Outcome<()> {
        let made = match (&run.state.step, &next, &run.state.old) {
            // The text of the new token is here and nowhere else.
            (RotationStep::Creating { .. }, RotationStep::Storing { new }, Target::Token(_)) => {
                Some(new.clone())
            }
            _ => None,
        };
        let before = std::mem::replace(&mut run.state.step, next);
        run.resumed = false;
        let Err(error) = self.sink.record(&run.state).await else {
            return Ok(());
        };
        match made {
            Some(new) => self.clean_up(run, new).await,
            // The step is not taken.
            None => run.state.step = before,
        }
        Err(RotationProblem::NotRecorded(error))
    }

    /// Chooses the name of the new one, or makes its key, after a look at the old one.
    async fn ready(&self, run: &mut Run) -> Outcome<RotationStep> {
        run.secret = None;
        run.state.new_credential = None;
        match &run.state.old {
            Target::Token(id) => {
                let old = self.old_token(id).await?;
                let base = run.state.spec.name.as_deref().unwrap_or(old.name());
                let name = unique_name(base)?;
                // Whatever is wrong with the old one is said before anything is done.
                self.new_token(&run.state, &old, &name)?;
                Ok(RotationStep::Creating { name, new: None })
            }
            Target::Subkey(key) => {
                let old = self.old_subkey(key).await?;
                let (secret, public) = new_key().map_err(RotationProblem::NoRandom)?;
                self.new_subkey(&run.state, &old, "name", &public.to_string())?;
                run.secret = Some(secret);
                let new = public.to_string();
                run.state.new_credential = Some(new.clone());
                Ok(RotationStep::Storing { new })
            }
        }
    }

    async fn tokens(&self) -> Outcome<Vec<ApiToken>> {
        let list = self.client.tokens().list().with_revoked_and_expired().send();
        list.await.map_err(RotationProblem::NotRead)
    }

    async fn old_token(&self, id: &str) -> Outcome<ApiToken> {
        let tokens = self.tokens().await?;
        let Some(old) = tokens.into_iter().find(|token| token.lookup_id() == id) else {
            let rule = "the account has no token of this id";
            return Err(invalid_input(
                "lookup_id",
                id,
                rule,
                "take the `lookup_id` of the list",
            ));
        };
        if !old.is_live(self.client.group().now()) {
            let rule = "the token is revoked or has ended, so there is nothing to exchange";
            return Err(invalid_input("lookup_id", id, rule, "create a new one"));
        }
        Ok(old)
    }

    async fn old_subkey(&self, key: &str) -> Outcome<Subkey> {
        let old = self.client.subkeys().get(key).await;
        let old = old.map_err(RotationProblem::NotRead)?;
        if !old.is_live() {
            let rule = "the subkey is revoked, so there is nothing to exchange";
            return Err(invalid_input("public_key", key, rule, "register a new one"));
        }
        if old.state() == Some(&SubkeyState::Pending) {
            let rule = "the subkey awaits its activation, and its successor would be active";
            return Err(invalid_input(
                "public_key",
                key,
                rule,
                "activate it first, or register another one",
            ));
        }
        Ok(old)
    }

    /// The token that takes the place of the old one.
    fn new_token(&self, state: &RotationState, old: &ApiToken, name: &str) -> Outcome<NewToken> {
        let spec = &state.spec;
        let id = old.lookup_id();
        let kind = match (&spec.token_type, old.kind()) {
            (Some(kind), _) => kind.clone(),
            (None, Some(kind)) => kind.as_str().to_owned(),
            (None, None) => {
                let rule = "the exchange does not report the kind of the old token";
                return Err(invalid_input(
                    "token_type",
                    id,
                    rule,
                    "name the type of the new one",
                ));
            }
        };
        let lifetime = match (spec.lifetime, old.created_at(), old.expiry()) {
            (Some(lifetime), ..) => lifetime,
            (None, Some(from), Expiry::At(to)) => {
                // Both are cut to the unit of the exchange, so the second is the nearest one.
                let lived = to.duration_since(from).unwrap_or_default() + Duration::from_millis(500);
                Duration::from_secs(lived.as_secs())
            }
            (None, ..) => {
                let rule = "the exchange does not report how long the old token lives";
                return Err(invalid_input(
                    "lifetime",
                    id,
                    rule,
                    "name the lifetime of the new one",
                ));
            }
        };
        let allowlist = carried_over(spec, old.allowlist())?;
        NewToken::new(name, kind, lifetime, allowlist).map_err(RotationProblem::Invalid)
    }

    /// The subkey that takes the place of the old one.
    fn new_subkey(&self, state: &RotationState, old: &Subkey, name: &str, key: &str) -> Outcome<NewSubkey> {
        let spec = &state.spec;
        if spec.lifetime.is_some() || spec.token_type.is_some() {
            let rule = "a subkey has neither a lifetime nor a type";
            return Err(invalid_input("spec", &state.old, rule, "leave them out"));
        }
        let allowlist = carried_over(spec, old.allowlist())?;
        NewSubkey::new(name, key, allowlist).map_err(RotationProblem::Invalid)
    }

    async fn create_token(&self, run: &mut Run, name: String) -> Outcome<RotationStep> {
        if run.resumed {
            // Whatever came of the request, nobody has the text.
            self.find_orphan(run, name).await?;
            return Ok(RotationStep::Ready);
        }
        let Target::Token(id) = run.state.old.clone() else {
            return Ok(RotationStep::Ready);
        };
        let asked = match self.old_token(&id).await {
            Ok(old) => self.new_token(&run.state, &old, &name).map(|new| (old, new)),
            Err(problem) => Err(problem),
        };
        let (old, new) = match asked {
            Ok(asked) => asked,
            Err(problem) => {
                // Nothing was sent, so there is nothing to look for.
                self.settle(run, RotationStep::Ready).await;
                return Err(problem);
            }
        };
        let created = match self.client.tokens().create(new).await {
            Ok(created) => created,
            Err(CreateTokenError::AllowlistMismatch(other)) => {
                let problem = RotationProblem::Differs {
                    asked: other.token().asked_allowlist().to_string(),
                    found: other
                        .token()
                        .info()
                        .map(|info| info.allowlist().to_string())
                        .unwrap_or_default(),
                };
                let new = other.token().lookup_id().to_owned();
                self.drop_new(run, new, name).await;
                return Err(problem);
            }
            Err(error @ (CreateTokenError::OutcomeUnknown(_) | CreateTokenError::NotUnderstood(_))) => {
                self.lost(run, name).await;
                return Err(RotationProblem::NotCreated(error));
            }
            Err(error) => {
                // It is certain that there is none.
                self.settle(run, RotationStep::Ready).await;
                return Err(RotationProblem::NotCreated(error));
            }
        };
        // What the answer does not show, the list does.
        let listed;
        let info = match created.info() {
            Some(info) if created.allowlist_confirmed() && !info.lookup_id().is_empty() => info,
            _ => match self.named(&name).await {
                Ok(Some(token)) => {
                    listed = token;
                    &listed
                }
                Ok(None) => {
                    self.drop_new(run, created.lookup_id().to_owned(), name).await;
                    return Err(RotationProblem::NewIsDead);
                }
                Err(problem) => {
                    self.drop_new(run, created.lookup_id().to_owned(), name).await;
                    return Err(problem);
                }
            },
        };
        let new = info.lookup_id().to_owned();
        if let Some(problem) = differs(&run.state.spec, &old, info, created.asked_allowlist()) {
            self.drop_new(run, new, name).await;
            return Err(problem);
        }
        let secret = created.into_secret();
        run.state.new_credential = self.bearer(&secret).ok().map(|credentials| credentials.id());
        run.secret = Some(secret);
        Ok(RotationStep::Storing { new })
    }

    async fn named(&self, name: &str) -> Outcome<Option<ApiToken>> {
        let tokens = self.tokens().await?;
        let mut named = tokens
            .into_iter()
            .filter(|token| token.name() == name && !token.lookup_id().is_empty());
        Ok(named.next())
    }

    async fn register_subkey(&self, run: &mut Run, name: String, key: String) -> Outcome<RotationStep> {
        let Target::Subkey(old) = run.state.old.clone() else {
            return Ok(RotationStep::Ready);
        };
        if run.resumed {
            match self.subkey(&key).await? {
                Some(found) if found.is_live() => return self.registered(run, found, key).await,
                Some(_) => return Ok(RotationStep::Ready),
                None => {}
            }
            // A key that the sink does not have is registered for nobody.
            if self.secret(run).await?.is_none() {
                return Ok(RotationStep::Ready);
            }
        }
        let old = self.old_subkey(&old).await?;
        let new = self.new_subkey(&run.state, &old, &name, &key)?;
        if let Err(error) = self.client.subkeys().register(new).await {
            let open = matches!(
                error,
                RegisterSubkeyError::OutcomeUnknown(_) | RegisterSubkeyError::NotUnique(_)
            );
            // Nobody else has this key, so if it is registered, this request did it.
            let found = match open {
                true => self.subkey(&key).await.unwrap_or_default(),
                false => None,
            };
            return match found {
                Some(found) if found.is_live() => self.registered(run, found, key).await,
                _ => {
                    run.cleanup = match open {
                        true => Cleanup::Missing(name),
                        false => Cleanup::Nothing,
                    };
                    Err(RotationProblem::NotRegistered(error))
                }
            };
        }
        match self.subkey(&key).await? {
            Some(found) => self.registered(run, found, key).await,
            None => {
                run.cleanup = Cleanup::Missing(name);
                Err(RotationProblem::NewIsDead)
            }
        }
    }

    /// A subkey of the list; nothing if it is not there.
    async fn subkey(&self, key: &str) -> Outcome<Option<Subkey>> {
        let mut subkeys = self.subkeys().await?.into_iter();
        Ok(subkeys.find(|subkey| same_key(subkey.public_key(), key)))
    }

    async fn subkeys(&self) -> Outcome<Vec<Subkey>> {
        let list = self.client.subkeys().list().with_revoked().send();
        list.await.map_err(RotationProblem::NotRead)
    }

    /// Goes on with a subkey that is registered, if it is what was asked for.
    async fn registered(&self, run: &mut Run, found: Subkey, key: String) -> Outcome<RotationStep> {
        let asked = match &run.state.spec.allowlist {
            Some(list) => list.clone(),
            None => {
                let Target::Subkey(old) = run.state.old.clone() else {
                    return Ok(RotationStep::Ready);
                };
                let old = self.old_subkey(&old).await?;
                carried_over(&run.state.spec, old.allowlist())?
            }
        };
        if found
            .allowlist()
            .known()
            .is_some_and(|list| list.same_networks(&asked))
        {
            return Ok(RotationStep::Proving { new: key });
        }
        let problem = RotationProblem::Differs {
            asked: asked.to_string(),
            found: found.allowlist().to_string(),
        };
        self.clean_up(run, key).await;
        Err(problem)
    }

    async fn store(&self, run: &mut Run, new: String) -> Outcome<RotationStep> {
        let is_token = matches!(run.state.old, Target::Token(_));
        if run.resumed {
            if self.secret(run).await?.is_none() {
                return Ok(match is_token {
                    true => RotationStep::Discarding { new, for_good: false },
                    // It was not registered.
                    false => RotationStep::Ready,
                });
            }
        } else if let Some(secret) = &run.secret
            && let Err(error) = self.sink.store(&run.state, secret).await
        {
            match is_token {
                true => self.clean_up(run, new).await,
                false => self.settle(run, RotationStep::Ready).await,
            }
            return Err(RotationProblem::NotStored(error));
        }
        if is_token {
            return Ok(RotationStep::Proving { new });
        }
        let base = match (&run.state.spec.name, &run.state.old) {
            (Some(name), _) => name.clone(),
            (None, Target::Token(id) | Target::Subkey(id)) => self.old_subkey(id).await?.name().to_owned(),
        };
        Ok(RotationStep::Creating {
            name: unique_name(&base)?,
            new: Some(new),
        })
    }

    /// The secret of the new one: at hand, or with the sink.
    async fn secret<'a>(&self, run: &'a mut Run) -> Outcome<Option<&'a Secret>> {
        if run.secret.is_none() {
            let loaded = self.sink.load(&run.state).await;
            run.secret = loaded.map_err(RotationProblem::NotLoaded)?;
            if let Some(secret) = &run.secret {
                let id = match &run.state.old {
                    Target::Token(_) => self.bearer(secret).map(|credentials| credentials.id()).ok(),
                    Target::Subkey(_) => StarknetPrivateKey::from_hex(secret.expose().trim())
                        .map(|key| key.public_key().to_string())
                        .ok(),
                };
                if id != run.state.new_credential {
                    run.secret = None;
                    return Err(RotationProblem::OtherSecret);
                }
            }
        }
        Ok(run.secret.as_ref())
    }

    fn bearer(&self, secret: &Secret) -> Result<Credentials, Error> {
        Ok(Credentials::bearer(
            self.client.environment().clone(),
            secret.clone(),
        )?)
    }

    /// Makes one call with the new one.
    async fn prove(&self, run: &mut Run, new: String) -> Outcome<RotationStep> {
        let account = match run.state.old {
            Target::Token(_) => None,
            Target::Subkey(_) => Some(self.account(&new).await?),
        };
        let Some(secret) = self.secret(run).await? else {
            return Err(RotationProblem::NotAtHand);
        };
        let proof = async {
            let credentials = match account {
                None => self.bearer(secret)?,
                Some(account) => {
                    let key = StarknetPrivateKey::from_hex(secret.expose().trim())
                        .map_err(|error| InvalidInput::new("private_key", "", error.to_string(), ""))?;
                    Credentials::subkey(self.client.environment().clone(), key, account)
                }
            };
            let group = self.prover.as_ref().unwrap_or(self.client.group());
            group.client(credentials)?.api().get_account().send().await?;
            Ok::<_, Error>(())
        };
        proof.await.map_err(RotationProblem::NotProven)?;
        Ok(RotationStep::Proven {
            new,
            since: self.now(),
        })
    }

    /// The account that a subkey acts for.
    async fn account(&self, key: &str) -> Outcome<AccountAddress> {
        let subkey = self.client.subkeys().get(key).await;
        let subkey = subkey.map_err(RotationProblem::NotRead)?;
        let account = subkey.raw().account_id.as_deref().unwrap_or_default();
        account.parse().map_err(|_| {
            let rule = "the exchange does not report the account of the subkey";
            invalid_input("account_id", account, rule, "prove it elsewhere")
        })
    }

    async fn finished(&self, run: &mut Run, grace: Duration, force: Force) -> Outcome<()> {
        self.same_environment(&run.state)?;
        let next = match run.state.step.clone() {
            RotationStep::Finished { .. } => return Ok(()),
            RotationStep::Finishing { .. } => None,
            RotationStep::Proven { new, .. } => {
                let left = run.state.grace_left(grace, self.client.group().now());
                if let Some(left) = left.filter(|left| !left.is_zero()) {
                    return Err(RotationProblem::TooEarly { left });
                }
                Some(RotationStep::Finishing { new })
            }
            _ => {
                let rule = "the new one is not proven, and the old one is the only one that is known to work";
                return Err(wrong_step(&run.state, rule));
            }
        };
        let new = run.state.new_target();
        let mut token = None;
        // Whether the old one and the new one live, and when the new one was made.
        let (old_lives, is_live, made) = match (run.state.old.clone(), new) {
            (Target::Token(old), Some(Target::Token(new))) => {
                let tokens = self.tokens().await?;
                let now = self.client.group().now();
                token = tokens.iter().find(|token| token.lookup_id() == old).cloned();
                let old_lives = token.as_ref().is_some_and(|token| token.is_live(now));
                if old_lives || !run.state.missing.is_empty() {
                    check_listed(&run.state, &token_names(&tokens))?;
                }
                self.find_missing(run, &tokens).await?;
                let new = tokens.iter().find(|token| token.lookup_id() == new);
                (
                    old_lives,
                    new.is_some_and(|token| token.is_live(now)),
                    new.and_then(ApiToken::created_at),
                )
            }
            (Target::Subkey(old), Some(Target::Subkey(new))) => {
                let subkeys = self.subkeys().await?;
                let find = |key: &str| subkeys.iter().find(|subkey| same_key(subkey.public_key(), key));
                let old_lives = find(&old).is_some_and(Subkey::is_live);
                if old_lives {
                    check_listed(&run.state, &subkey_names(&subkeys))?;
                }
                let new = find(&new);
                (
                    old_lives,
                    new.is_some_and(Subkey::is_live),
                    new.and_then(Subkey::created_at),
                )
            }
            _ => (true, false, None),
        };
        // Where the old one is revoked already, there is nothing to keep.
        if (next.is_some() || old_lives) && !is_live {
            return Err(RotationProblem::NewIsDead);
        }
        // The state is what a file says. The new one has not worked for longer than it exists.
        if let (Some(_), Some(made)) = (&next, made) {
            let passed = self.client.group().now().duration_since(made);
            let left = grace.saturating_sub(passed.unwrap_or_default());
            if !left.is_zero() {
                return Err(RotationProblem::TooEarly { left });
            }
        }
        self.not_own(&run.state, token.as_ref(), force)?;
        if let Some(next) = next {
            self.enter(run, next).await?;
        }
        self.drive(run).await
    }

    /// Refuses to revoke what this client signs in with.
    fn not_own(&self, state: &RotationState, token: Option<&ApiToken>, force: Force) -> Outcome<()> {
        if force.own_credential() || self.uses_new(state) {
            return Ok(());
        }
        let rule = match SelfReference::of(&self.client, &state.old, token) {
            SelfReference::No => return Ok(()),
            SelfReference::Yes => "it is this client's own credential",
            SelfReference::CannotTell => {
                "this client's own credential is a text that does not say what it is, so it may be this one"
            }
        };
        Err(RotationProblem::OwnCredential(InvalidInput::new(
            "old",
            &state.old,
            rule,
            "finish with another credential, such as the account's key, or force it by name",
        )))
    }

    /// Whether this client signs in with the new one.
    fn uses_new(&self, state: &RotationState) -> bool {
        let own = self.client.credentials().map(|credentials| credentials.id());
        own.is_some() && own == state.new_credential
    }

    async fn abandoned(&self, run: &mut Run) -> Outcome<()> {
        self.same_environment(&run.state)?;
        self.check_claims(&run.state).await?;
        if !run.state.missing.is_empty() {
            let tokens = self.tokens().await?;
            self.find_missing(run, &tokens).await?;
        }
        let next = match run.state.step.clone() {
            RotationStep::Abandoned => return Ok(()),
            RotationStep::Ready => RotationStep::Abandoned,
            RotationStep::Creating { name, new: None } => {
                self.find_orphan(run, name).await?;
                RotationStep::Abandoned
            }
            RotationStep::Finishing { .. } | RotationStep::Finished { .. } => {
                let rule = "the old one may be revoked, and the new one the last that works";
                return Err(wrong_step(&run.state, rule));
            }
            RotationStep::Creating { new: Some(new), .. }
            | RotationStep::Storing { new }
            | RotationStep::Proving { new }
            | RotationStep::Proven { new, .. }
            | RotationStep::Discarding { new, .. } => {
                if self.uses_new(&run.state) {
                    let rule = "it is this client's own credential";
                    let remedy = "give the rotation up with another credential";
                    return Err(RotationProblem::OwnCredential(InvalidInput::new(
                        "new", &new, rule, remedy,
                    )));
                }
                RotationStep::Discarding { new, for_good: true }
            }
        };
        self.enter(run, next).await?;
        self.drive(run).await
    }

    /// Refuses a state that names as the new one what no rotation of the old one made, before anything is done.
    async fn check_claims(&self, state: &RotationState) -> Outcome<()> {
        if state.new_target().is_none() && state.asked_names().next().is_none() {
            return Ok(());
        }
        match &state.old {
            Target::Token(_) => check_listed(state, &token_names(&self.tokens().await?)),
            Target::Subkey(_) => check_listed(state, &subkey_names(&self.subkeys().await?)),
        }
    }

    /// Revokes a token or a subkey; one that the exchange does not know is dead.
    async fn revoke(&self, target: &Target) -> Result<(), RevokeError> {
        let outcome = match target {
            Target::Token(id) => self.client.tokens().revoke(id).await,
            Target::Subkey(key) => self.client.subkeys().revoke(key).await,
        };
        match outcome {
            Err(RevokeError::NotFound(_)) => Ok(()),
            outcome => outcome,
        }
    }

    async fn discard(&self, run: &mut Run, new: String) -> Outcome<()> {
        let new = run.state.named(new);
        match self.revoke(&new).await {
            Ok(()) => Ok(()),
            Err(error) => {
                let error = Arc::new(error);
                run.cleanup = Cleanup::MayLive(new, Arc::clone(&error));
                Err(RotationProblem::NotDiscarded(error))
            }
        }
    }

    /// Revokes the new one because something else went wrong, which is what the caller is told.
    async fn clean_up(&self, run: &mut Run, new: String) {
        let next = RotationStep::Discarding {
            new: new.clone(),
            for_good: false,
        };
        self.settle(run, next).await;
        run.secret = None;
        if self.discard(run, new.clone()).await.is_ok() {
            self.settle(run, RotationStep::Ready).await;
            run.cleanup = Cleanup::Revoked(run.state.named(new));
        }
    }

    /// As [`clean_up`](Self::clean_up), for a token that may have no id in the answer.
    async fn drop_new(&self, run: &mut Run, new: String, name: String) {
        match new.is_empty() {
            true => self.lost(run, name).await,
            false => self.clean_up(run, new).await,
        }
    }

    /// Enters a step on the way out of a failure. If the sink does not write it down, what was written last still leads to
    /// it: whoever resumes looks again.
    async fn settle(&self, run: &mut Run, next: RotationStep) {
        run.state.step = next;
        let _ = self.sink.record(&run.state).await;
    }

    /// Looks for a token that was asked for and whose text is lost, because something else went wrong.
    async fn lost(&self, run: &mut Run, name: String) {
        match self.find_orphan(run, name.clone()).await {
            Ok(()) => self.settle(run, RotationStep::Ready).await,
            Err(RotationProblem::NotRead(error)) => run.cleanup = Cleanup::NotSearched(name, Box::new(error)),
            // The clean-up says it.
            Err(_) => {}
        }
    }

    /// Looks for a token by its name, and revokes it.
    async fn find_orphan(&self, run: &mut Run, name: String) -> Outcome<()> {
        let tokens = self.tokens().await?;
        let mut found = false;
        for token in tokens.iter().filter(|token| token.name() == name) {
            found = true;
            let id = token.lookup_id().to_owned();
            if token.is_live(self.client.group().now()) {
                self.discard(run, id.clone()).await?;
            }
            run.cleanup = Cleanup::Revoked(Target::Token(id));
        }
        if !found {
            run.cleanup = Cleanup::Missing(name.clone());
            run.state.missing.push(name);
        }
        Ok(())
    }

    /// Revokes what has come to be after all.
    async fn find_missing(&self, run: &mut Run, tokens: &[ApiToken]) -> Outcome<()> {
        for name in run.state.missing.clone() {
            for token in tokens.iter().filter(|token| token.name() == name) {
                if token.is_live(self.client.group().now()) {
                    self.discard(run, token.lookup_id().to_owned()).await?;
                }
                run.state.missing.retain(|missing| *missing != name);
            }
        }
        Ok(())
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

fn token_names(tokens: &[ApiToken]) -> Vec<(&str, &str)> {
    let names = tokens.iter().map(|token| (token.lookup_id(), token.name()));
    names.collect()
}

fn subkey_names(subkeys: &[Subkey]) -> Vec<(&str, &str)> {
    let names = subkeys.iter().map(|subkey| (subkey.public_key(), subkey.name()));
    names.collect()
}

/// Holds everything that the state would revoke as the new one against the ids and names that the exchange lists. The
/// state is read from a file, which can be edited; the name shows what a rotation of the old one made.
fn check_listed(state: &RotationState, listed: &[(&str, &str)]) -> Outcome<()> {
    let name_of = |target: &Target| {
        let is_it = |listed: &str| match target {
            Target::Token(id) => listed == id,
            Target::Subkey(key) => same_key(listed, key),
        };
        let found = listed.iter().find(|(id, _)| is_it(id));
        found.map(|(_, name)| *name)
    };
    let old_name = name_of(&state.old);
    let base = state.spec.name.as_deref().or(old_name).map(successor_base);
    // What is not there cannot be revoked by mistake.
    let new = state.new_target();
    let new_name = new.as_ref().and_then(name_of);
    for name in state.asked_names().chain(new_name) {
        // The old one can be a successor of another one, and is none of itself.
        let is_successor = Some(name) != old_name && without_ending(name) == base.as_deref();
        if !is_successor || base.is_none() {
            let rule = match base {
                Some(_) => "the rotation did not make it, as its name shows",
                None => "the old one is not listed, so nothing shows that the rotation made it",
            };
            return Err(invalid_input(
                "new",
                new.map_or_else(|| name.to_owned(), |new| new.to_string()),
                rule,
                "look at the tokens and subkeys of the account, and revoke by hand what is not needed",
            ));
        }
    }
    Ok(())
}

/// The allowlist of the new one. One that is not known is never carried over.
fn carried_over(spec: &RotationSpec, old: &StoredAllowlist) -> Outcome<IpAllowlist> {
    match &spec.allowlist {
        Some(list) => Ok(list.clone()),
        None => match old.require_known() {
            Ok(list) => Ok(list.clone()),
            Err(error) => Err(RotationProblem::AllowlistUnknown(error)),
        },
    }
}

/// In what a new token is another one than was asked for.
fn differs(
    spec: &RotationSpec,
    old: &ApiToken,
    new: &ApiToken,
    asked: &IpAllowlist,
) -> Option<RotationProblem> {
    if !new
        .allowlist()
        .known()
        .is_some_and(|list| list.same_networks(asked))
    {
        return Some(RotationProblem::Differs {
            asked: asked.to_string(),
            found: new.allowlist().to_string(),
        });
    }
    // A token that may only read must not have a successor that may do more.
    match (&spec.token_type, old.kind(), new.kind()) {
        (None, Some(old), Some(new)) if old != new => Some(RotationProblem::Differs {
            asked: format!("the kind `{}`", old.as_str()),
            found: format!("the kind `{}`", new.as_str()),
        }),
        _ => None,
    }
}

/// A new private key, as text, and its public key.
fn new_key() -> Result<(Secret, PublicKey), BoxError> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    getrandom::fill(bytes.as_mut())?;
    // A number of 251 bits is below the order of the curve; that it is 0 does not happen by chance, and is refused.
    let [first, ..] = &mut *bytes;
    *first &= 7;
    let key = StarknetPrivateKey::from_bytes(&bytes)?;
    // Of one size, because a text that grows leaves copies behind.
    let mut text = String::with_capacity(2 + 64);
    text.push_str("0x");
    for byte in bytes.iter() {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    Ok((Secret::new(text), key.public_key()))
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
