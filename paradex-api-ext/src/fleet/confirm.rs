//! A change of an allowlist that undoes itself when it locks this machine out.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use paradex_api::reqwest::StatusCode;
use paradex_api::types::ErrorCode;

use super::egress::{ChangeWarning, EgressAddress, View};
use super::self_check::SelfReference;
use crate::access::allowlist::Allowlist;
use crate::access::allowlist::plan::AllowlistPlan;
use crate::access::allowlist::snapshot::AllowlistSnapshot;
use crate::access::target::Target;
use crate::auth::{Credentials, SessionKind};
use crate::client::options::CallOptions;
use crate::client::{Client, ClientGroup};
use crate::error::{
    AllowlistError, AllowlistMismatch, ConcurrentChange, ConfigurationError, Error, InvalidInput,
    OutcomeUnknown, WouldLockOut,
};
use crate::net::{IpAllowlist, StoredAllowlist};
use crate::signing::key_text::same_key;

/// How long a change is given to take effect before the probe, if nothing is said.
const SETTLE: Duration = Duration::from_secs(5);
/// How long the probe may take, if nothing is said.
const WITHIN: Duration = Duration::from_secs(10);
/// How often the former list is written, each time after a look at what stands.
const ATTEMPTS: u32 = 3;
/// What a session that cannot be renewed has to live beyond settling and probing, for the roll-back.
const ROLL_BACK: Duration = Duration::from_secs(30);

/// A change of an allowlist that is tried with the restricted credential itself, and taken back if that is refused.
///
/// ```no_run
/// use paradex_api_ext::fleet::{ChangeOutcome, ConfirmedChange, KnownEgress};
/// use paradex_api_ext::net::IpAllowlist;
/// use paradex_api_ext::{Client, Credentials};
/// use paradex_api_ext::allowlist::Target;
///
/// # async fn example(main: Client, token: Credentials) -> Result<(), Box<dyn std::error::Error>> {
/// let list = IpAllowlist::parse_entries(["203.0.113.0/24"])?;
/// let change = ConfirmedChange::new(&main, Target::Token("token-id".into()), list, token)
///     .egress(KnownEgress::new(["203.0.113.7".parse()?]))
///     .prepare()
///     .await?;
/// println!("{change}");
/// let report = change.commit().await?;
/// println!("{report}");
/// assert!(matches!(report.outcome(), ChangeOutcome::Confirmed));
/// # Ok(())
/// # }
/// ```
///
/// # What is checked before anything is sent
///
/// * The list that stands is known; it is what is restored.
/// * The session that would restore it is there, is not a subkey's, is not the credential that is being restricted, and does
///   not end before it is needed. That it may write is shown by the change itself: if it may not, nothing is changed.
/// * The restricted credential works now, or is refused for its address alone. A probe with one that is dead would say nothing.
/// * This machine's own addresses, as far as [`EgressAddress`] knows them, are not all outside of the new list.
///
/// # What is not known
///
/// How soon a change takes effect is not published: a probe that comes too early is answered by the old list. So the
/// change is given time ([`settle`](Self::settle), 5 s if nothing is said). A probe speaks for the way that it took; other
/// machines, and other addresses of this one, are not tried.
#[must_use = "nothing is done before `prepare`"]
pub struct ConfirmedChange {
    client: Client,
    target: Target,
    list: IpAllowlist,
    probe: Credentials,
    prober: Option<ClientGroup>,
    egress: Option<Arc<dyn EgressAddress>>,
    keep: Vec<IpAddr>,
    settle: Duration,
    within: Duration,
}

impl fmt::Debug for ConfirmedChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfirmedChange")
            .field("client", &self.client)
            .field("target", &self.target)
            .field("list", &self.list)
            .field("probe", &self.probe)
            .finish_non_exhaustive()
    }
}

impl ConfirmedChange {
    /// Gives `target` this list by the main account's client, and tries it with `probe`, the credential of `target`.
    pub fn new(client: &Client, target: Target, list: IpAllowlist, probe: Credentials) -> Self {
        Self {
            client: client.clone(),
            target,
            list,
            probe,
            prober: None,
            egress: None,
            keep: Vec::new(),
            settle: SETTLE,
            within: WITHIN,
        }
    }

    /// Makes the probe over these connections: those that the restricted credential is used with, where they are others
    /// than the main account's.
    pub fn probe_with(mut self, group: ClientGroup) -> Self {
        self.prober = Some(group);
        self
    }

    /// Asks this for the addresses from which this machine calls.
    pub fn egress(mut self, egress: impl EgressAddress) -> Self {
        self.egress = Some(Arc::new(egress));
        self
    }

    /// Names addresses that must stay inside, as [`AllowlistPlanBuilder::keep`](crate::allowlist::AllowlistPlanBuilder::keep) does.
    pub fn keep(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.keep.extend(addresses);
        self
    }

    /// How long the change is given to take effect before the probe.
    pub fn settle(mut self, time: Duration) -> Self {
        self.settle = time;
        self
    }

    /// How long the probe may take, 10 s if nothing is said. One that has no answer by then counts as refused.
    pub fn within(mut self, time: Duration) -> Self {
        self.within = time;
        self
    }

    /// Checks everything that can be checked. Nothing is changed.
    ///
    /// Keep [`PreparedChange::former`] somewhere before you go on: if the process dies between the change and the probe, nobody
    /// takes the change back.
    ///
    /// # Errors
    ///
    /// See [`ChangeError`].
    pub async fn prepare(self) -> Result<PreparedChange, ChangeError> {
        let allowlist = match &self.target {
            Target::Token(id) => self.client.tokens().allowlist(id),
            Target::Subkey(key) => self.client.subkeys().allowlist(key),
        };
        self.check_probe()?;
        self.check_session().await?;
        let plan = allowlist.plan(self.list.clone()).keep(self.keep.clone()).await?;
        let former = plan
            .before()
            .stored()
            .require_known()
            .map_err(AllowlistError::Unknown)?
            .clone();
        if let [_, ..] = plan.locked_out() {
            let addresses = plan.locked_out().to_vec();
            return Err(AllowlistError::WouldLockOut(WouldLockOut { addresses }).into());
        }
        let prober = self.prober.as_ref().unwrap_or(self.client.group());
        let view = View::find(prober, self.egress.as_deref()).await;
        let (seen, outside) = view.judge(&self.list);
        if !outside.is_empty() {
            return Err(AllowlistError::WouldLockOut(WouldLockOut { addresses: outside }).into());
        }
        let prober = prober.client(self.probe.clone()).map_err(ChangeError::Probe)?;
        let prober = prober.with_options(CallOptions::new().deadline(self.within));
        match probe(&prober).await {
            Ok(()) => {}
            // Perhaps the new list lets it in.
            Err(error) if is_refused_address(&error) => {}
            Err(error) => return Err(ChangeError::Probe(error)),
        }
        let listed = plan.warnings().iter().cloned().map(ChangeWarning::List);
        Ok(PreparedChange {
            warnings: listed.chain(seen).collect(),
            allowlist,
            plan,
            former,
            prober,
            settle: self.settle,
        })
    }

    /// Whether the probe can be about the target at all.
    fn check_probe(&self) -> Result<(), ChangeError> {
        let is_key = self.probe.session_kind() != SessionKind::Token;
        let fits = match &self.target {
            Target::Token(_) => !is_key,
            Target::Subkey(key) => !is_key || same_key(key, &self.probe.id()),
        };
        match fits {
            true => Ok(()),
            false => Err(invalid(
                "probe",
                self.probe.id(),
                format!(
                    "it is not the credential of {}, so it does not show what becomes of that",
                    self.target
                ),
                "give the token's text, or the subkey's key",
            )),
        }
    }

    /// Whether the session can be expected to take the change back.
    async fn check_session(&self) -> Result<(), ChangeError> {
        self.client.sign_in().await.map_err(ChangeError::Session)?;
        let Some(own) = self.client.credentials() else {
            return Err(ChangeError::Session(
                ConfigurationError::new(
                    "this client has no credential, and the former list is restored by it",
                )
                .into(),
            ));
        };
        let needs = "give the client the main account's key, or a fresh session of it";
        if own.session_kind() == SessionKind::Subkey {
            let rule = "a subkey may not change allowlists";
            return Err(invalid("client", own.id(), rule, needs));
        }
        // Two texts are two tokens, so what cannot be told otherwise is told by that.
        if own.id() == self.probe.id()
            || SelfReference::of(&self.client, &self.target, None) == SelfReference::Yes
        {
            let rule = "it is what is being restricted, and would be locked out with it";
            return Err(invalid("client", own.id(), rule, needs));
        }
        let end = own.token_info().and_then(|info| info.expires_at);
        let left = end.map(|end| end.duration_since(self.client.group().now()).unwrap_or_default());
        let needed = self.settle.saturating_add(self.within).saturating_add(ROLL_BACK);
        match left.filter(|left| *left < needed) {
            None => Ok(()),
            Some(left) => {
                let (left, needed) = (left.as_secs(), needed.as_secs());
                let rule =
                    format!("its session ends in {left} s, and taking the change back may need {needed} s");
                Err(invalid("client", own.id(), rule, needs))
            }
        }
    }
}

fn shows(snapshot: &AllowlistSnapshot, list: &IpAllowlist) -> bool {
    let known = snapshot.stored().known();
    known.is_some_and(|known| known.same_networks(list))
}

/// Makes one call with the restricted credential.
async fn probe(client: &Client) -> Result<(), Error> {
    client.api().get_account().send().await?;
    Ok(())
}

fn is_refused_address(error: &Error) -> bool {
    error.code() == Some(&ErrorCode::IpNotAllowed)
}

fn invalid(
    field: &'static str,
    value: impl fmt::Display,
    rule: impl Into<String>,
    remedy: &'static str,
) -> ChangeError {
    ChangeError::Invalid(InvalidInput::new(field, value, rule, remedy))
}

/// A change that can be made, with what was found out about it. Nothing has been changed.
#[must_use = "nothing is changed before `commit`"]
#[derive(Debug)]
pub struct PreparedChange {
    allowlist: Allowlist,
    plan: AllowlistPlan,
    former: IpAllowlist,
    prober: Client,
    settle: Duration,
    warnings: Vec<ChangeWarning>,
}

impl PreparedChange {
    /// What comes in and what goes out.
    pub fn plan(&self) -> &AllowlistPlan {
        &self.plan
    }

    /// The list that stands, and that is restored if need be.
    pub fn former(&self) -> &IpAllowlist {
        &self.former
    }

    /// What one might regret.
    pub fn warnings(&self) -> &[ChangeWarning] {
        &self.warnings
    }

    /// Makes the change, tries it, and takes it back if it does not work and nobody has changed the list since.
    ///
    /// It runs in a task of its own, so that a caller who gives up, by a time-out or a signal, does not take the roll-back
    /// away. The end of the process does.
    ///
    /// # Errors
    ///
    /// The change was not made, as far as is known. Whatever happened after it was made is in the report.
    pub async fn commit(self) -> Result<ChangeReport, ChangeError> {
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => match runtime.spawn(self.run()).await {
                Ok(outcome) => outcome,
                Err(_) => Err(ChangeError::Interrupted),
            },
            Err(_) => self.run().await,
        }
    }

    async fn run(self) -> Result<ChangeReport, ChangeError> {
        let list = self.plan.after().clone();
        if list.same_networks(&self.former) {
            return Ok(self.report(ChangeOutcome::Unchanged));
        }
        let why = match self.allowlist.apply(&self.plan).await {
            Ok(_) => None,
            // Something was written, and it is not what was asked for.
            Err(AllowlistError::AllowlistMismatch(error)) => Some(RollBackReason::AllowlistMismatch(error)),
            Err(AllowlistError::OutcomeUnknown(error)) => Some(RollBackReason::OutcomeUnknown(error)),
            Err(error) => return Err(error.into()),
        };
        let ours = match &why {
            Some(RollBackReason::AllowlistMismatch(error)) => error.stored().known().cloned().unwrap_or(list),
            _ => list,
        };
        // With its time of change, so that the same list written by somebody else is not taken for ours.
        let now = self.allowlist.read().await.ok();
        let shows = |list: &IpAllowlist| now.as_ref().is_some_and(|now| shows(now, list));
        let why = match why {
            // It can still arrive, and there is nothing to take back.
            Some(RollBackReason::OutcomeUnknown(error)) if shows(&self.former) => {
                return Err(AllowlistError::OutcomeUnknown(error).into());
            }
            why => why,
        };
        let is_ours = shows(&ours);
        let snapshot = now.filter(|_| is_ours);
        let why = match why {
            Some(why) => why,
            None => {
                tokio::time::sleep(self.settle).await;
                match probe(&self.prober).await {
                    Ok(()) => return Ok(self.report(ChangeOutcome::Confirmed)),
                    Err(error) => RollBackReason::of(error),
                }
            }
        };
        let outcome = self.roll_back(why, &ours, snapshot.as_ref()).await;
        Ok(self.report(outcome))
    }

    /// Writes the former list, if what stands is still ours.
    async fn roll_back(
        &self,
        why: RollBackReason,
        ours: &IpAllowlist,
        snapshot: Option<&AllowlistSnapshot>,
    ) -> ChangeOutcome {
        let mut stands = None;
        let mut because = None;
        for attempt in 0..ATTEMPTS {
            // One after the other, and not at once: what failed a moment ago may pass.
            tokio::time::sleep(Duration::from_millis(200) * attempt).await;
            let now = match self.allowlist.read().await {
                Ok(now) => now,
                Err(error) => {
                    because = Some(error);
                    continue;
                }
            };
            stands = Some(now.stored().clone());
            if shows(&now, &self.former) {
                return ChangeOutcome::RolledBack(why);
            }
            if !shows(&now, ours) || snapshot.is_some_and(|ours| ours.changed_at() != now.changed_at()) {
                because = Some(AllowlistError::ConcurrentChange(Box::new(ConcurrentChange {
                    before: StoredAllowlist::Known(ours.clone()),
                    now: now.stored().clone(),
                })));
                break;
            }
            match self.allowlist.set_if_unchanged(&now, self.former.clone()).await {
                Ok(_) => return ChangeOutcome::RolledBack(why),
                Err(error @ AllowlistError::ConcurrentChange(_)) => {
                    if let AllowlistError::ConcurrentChange(changed) = &error {
                        stands = Some(changed.now().clone());
                    }
                    because = Some(error);
                    break;
                }
                Err(error) => {
                    stands = None;
                    because = Some(error);
                }
            }
        }
        if stands.is_none() {
            stands = self.allowlist.read().await.ok().map(|now| now.stored().clone());
        }
        match (stands, because) {
            (Some(StoredAllowlist::Known(list)), _) if list.same_networks(&self.former) => {
                ChangeOutcome::RolledBack(why)
            }
            (stands, because) => ChangeOutcome::NotRolledBack {
                why,
                because: because.map(Box::new),
                stands,
            },
        }
    }

    fn report(&self, outcome: ChangeOutcome) -> ChangeReport {
        ChangeReport {
            target: self.allowlist.target().clone(),
            former: self.former.clone(),
            list: self.plan.after().clone(),
            warnings: self.warnings.clone(),
            outcome,
        }
    }
}

impl fmt::Display for PreparedChange {
    /// Several lines, for a person to read before agreeing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.plan, f)?;
        let seen = self
            .warnings
            .iter()
            .filter(|warning| !matches!(warning, ChangeWarning::List(_)));
        for warning in seen {
            writeln!(f, "  warning: {warning}")?;
        }
        Ok(())
    }
}

/// What became of a change that was tried.
#[derive(Debug)]
pub struct ChangeReport {
    target: Target,
    former: IpAllowlist,
    list: IpAllowlist,
    warnings: Vec<ChangeWarning>,
    outcome: ChangeOutcome,
}

impl ChangeReport {
    /// Whose list it is.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The list that stood before.
    pub fn former(&self) -> &IpAllowlist {
        &self.former
    }

    /// The list that was to stand.
    pub fn list(&self) -> &IpAllowlist {
        &self.list
    }

    /// What one might regret.
    pub fn warnings(&self) -> &[ChangeWarning] {
        &self.warnings
    }

    /// What became of it.
    pub fn outcome(&self) -> &ChangeOutcome {
        &self.outcome
    }
}

impl fmt::Display for ChangeReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.target)?;
        match &self.outcome {
            ChangeOutcome::Unchanged => write!(f, "{} stood already", self.list),
            ChangeOutcome::Confirmed => write!(f, "confirmed: {}", self.list),
            ChangeOutcome::RolledBack(why) => {
                write!(f, "rolled back, because {why}: {} stands again", self.former)
            }
            ChangeOutcome::NotRolledBack { why, because, stands } => {
                write!(f, "NOT ROLLED BACK, although {why}: ")?;
                if let Some(because) = because {
                    write!(f, "{because}; ")?;
                }
                match stands {
                    Some(stands) => write!(f, "{stands} stands"),
                    None => f.write_str("what stands is not known"),
                }
            }
        }
    }
}

/// How a change that was tried ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum ChangeOutcome {
    /// The list stood already; nothing was sent.
    Unchanged,
    /// It was stored, and the restricted credential works from here.
    Confirmed,
    /// The former list stands again.
    RolledBack(RollBackReason),
    /// The former list was not restored.
    #[non_exhaustive]
    NotRolledBack {
        /// Why it was to be.
        why: RollBackReason,
        /// Why it was not: somebody else has changed the list since ([`AllowlistError::ConcurrentChange`]), or the exchange could not be
        /// reached or refused.
        because: Option<Box<AllowlistError>>,
        /// The list that stands now, if it could be read.
        stands: Option<StoredAllowlist>,
    },
}

/// Why a change was to be taken back.
#[derive(Debug)]
#[non_exhaustive]
pub enum RollBackReason {
    /// The exchange refused the restricted credential (401 or 403).
    Refused(Error),
    /// No answer came in time that shows that the restricted credential works.
    NoAnswer(Error),
    /// The exchange stored another list than was asked for.
    AllowlistMismatch(Box<AllowlistMismatch>),
    /// Whether the change was made is unknown.
    OutcomeUnknown(Box<OutcomeUnknown>),
}

impl RollBackReason {
    fn of(error: Error) -> Self {
        let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
        match error.status() {
            Some(status) if refused.contains(&status) => Self::Refused(error),
            _ => Self::NoAnswer(error),
        }
    }
}

impl fmt::Display for RollBackReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => write!(f, "the exchange refused the probe ({error})"),
            Self::NoAnswer(error) => write!(f, "the probe had no good answer ({error})"),
            Self::AllowlistMismatch(error) => write!(f, "the exchange stored another list ({error})"),
            Self::OutcomeUnknown(error) => write!(f, "it is unknown whether the change was made ({error})"),
        }
    }
}

/// Why a change was not made.
///
/// [`is_outcome_unknown`](Self::is_outcome_unknown) is also true for [`Interrupted`](Self::Interrupted).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// The list was not read or not changed; with [`AllowlistError::OutcomeUnknown`] it may have been changed.
    #[error(transparent)]
    Allowlist(#[from] AllowlistError),
    /// Client, target and probe do not fit together. Nothing was changed.
    #[error(transparent)]
    Invalid(InvalidInput),
    /// The client has no session with which the change could be rolled back. Nothing was changed.
    #[error("the client has no session with which the change could be rolled back; nothing was changed")]
    Session(#[source] Error),
    /// The restricted credential does not work now, for another reason than its address, so a probe after the change would
    /// show nothing. Nothing was changed. Use a credential that works.
    #[error("the restricted credential does not work even before the change; nothing was changed")]
    Probe(#[source] Error),
    /// The runtime ended while the change was made or probed. Read the list.
    #[error("the runtime ended while the change was made or probed; read the list")]
    Interrupted,
}
