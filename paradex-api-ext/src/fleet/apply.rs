//! Carrying out a plan.

use std::any::Any;
use std::fmt;
use std::net::IpAddr;
use std::pin::Pin;

use paradex_api::BoxError;
use serde::Serialize;

use super::plan::{FleetPlan, Kind, PlanRow, PlanState, target_text};
use super::snapshot::FleetSnapshot;
use super::{Fleet, chain, table};
use crate::access::allowlist::Allowlist;
use crate::access::allowlist::plan::AllowlistPlan;
use crate::access::allowlist::snapshot::AllowlistSnapshot;
use crate::access::target::Target;
use crate::client::Client;
use crate::error::AllowlistError;
use crate::net::{IpAllowlist, StoredAllowlist};

/// What [`FleetLock::lock`] returns. The lock is held until the value is dropped.
pub type LockFuture<'a> = Pin<Box<dyn Future<Output = Result<Box<dyn Any + Send>, BoxError>> + Send + 'a>>;

/// A lock that every writer takes: in a database, on a file, with a service.
///
/// ```
/// use std::sync::Arc;
/// use paradex_api_ext::fleet::{FleetLock, LockFuture};
/// use tokio::sync::Mutex;
///
/// /// Lets the tasks of one process take turns.
/// struct Turn(Arc<Mutex<()>>);
///
/// impl FleetLock for Turn {
///     fn lock(&self) -> LockFuture<'_> {
///         Box::pin(async { Ok(Box::new(Arc::clone(&self.0).lock_owned().await) as Box<_>) })
///     }
/// }
/// ```
pub trait FleetLock: Send + Sync {
    /// Waits for the lock.
    ///
    /// # Errors
    ///
    /// It cannot be had. Then nothing is sent.
    fn lock(&self) -> LockFuture<'_>;
}

impl FleetPlan {
    /// Checks that the plan is about these accounts at this exchange, as [`apply`](Self::apply) does first. Nothing is
    /// sent.
    ///
    /// # Errors
    ///
    /// [`ApplyError::UnknownAccount`] and [`ApplyError::OtherEnvironment`].
    pub fn check_fleet(&self, fleet: &Fleet) -> Result<(), ApplyError> {
        let managed = |row: &&PlanRow| row.state() != PlanState::Unmanaged;
        for row in self.rows().iter().filter(managed) {
            let Some(client) = fleet.client(row.account()) else {
                return Err(ApplyError::UnknownAccount(row.account().to_owned()));
            };
            if client.environment().to_string() != self.environment() {
                return Err(ApplyError::OtherEnvironment {
                    plan: self.environment().to_owned(),
                    fleet: client.environment().to_string(),
                });
            }
        }
        Ok(())
    }

    /// Carries the plan out, target by target. `await` what it returns.
    ///
    /// Each target is looked at again: one that is already as planned is left alone, and so is one whose list, time of
    /// change or name is not that of the plan. Applying a plan twice, or again after a crash, therefore does no more than what is
    /// left to do.
    ///
    /// The window in which somebody else's change can be overwritten is narrowed by that, and not closed: between the
    /// last read and the write there is no guard but a [lock](ApplyPlan::lock) that every writer takes.
    pub fn apply<'a>(&'a self, fleet: &'a Fleet) -> ApplyPlan<'a> {
        ApplyPlan {
            plan: self,
            fleet,
            keep: Vec::new(),
            lock: None,
            observer: None,
        }
    }
}

/// A plan about to be carried out. `await` it.
#[must_use = "nothing is sent before it is awaited"]
pub struct ApplyPlan<'a> {
    plan: &'a FleetPlan,
    fleet: &'a Fleet,
    keep: Vec<IpAddr>,
    lock: Option<&'a dyn FleetLock>,
    observer: Option<Observer<'a>>,
}

type Observer<'a> = Box<dyn FnMut(&ApplyRow) + Send + 'a>;

impl<'a> ApplyPlan<'a> {
    /// Names addresses that must stay inside every list that is changed. A target whose new list shuts one out fails, and
    /// nothing is sent for it.
    pub fn keep(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.keep.extend(addresses);
        self
    }

    /// Holds this lock from before the first look until after the last change.
    pub fn lock(mut self, lock: &'a dyn FleetLock) -> Self {
        self.lock = Some(lock);
        self
    }

    /// Tells of each row as soon as it is known what became of it.
    pub fn observe(mut self, observer: impl FnMut(&ApplyRow) + Send + 'a) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    async fn run(mut self) -> Result<ApplyReport, ApplyError> {
        let plan = self.plan;
        let managed = |row: &&PlanRow| row.state() != PlanState::Unmanaged;
        plan.check_fleet(self.fleet)?;
        let _held = match self.lock {
            Some(lock) => Some(lock.lock().await.map_err(ApplyError::Lock)?),
            None => None,
        };
        let named = |account: &str| {
            plan.rows()
                .iter()
                .any(|row| row.account() == account && managed(&row))
        };
        let now = self.fleet.read_some(named).await;
        let mut rows = Vec::new();
        for row in plan.rows().iter().filter(managed) {
            let done = match self.fleet.client(row.account()) {
                Some(client) => apply_row(row, client, &now, &self.keep).await,
                None => ApplyOutcome::Skipped(SkipReason::Changed).row(row, None),
            };
            if let Some(observer) = &mut self.observer {
                observer(&done);
            }
            rows.push(done);
        }
        Ok(ApplyReport { rows })
    }
}

impl fmt::Debug for ApplyPlan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApplyPlan")
            .field("plan", &self.plan)
            .field("keep", &self.keep)
            .finish_non_exhaustive()
    }
}

impl<'a> IntoFuture for ApplyPlan<'a> {
    type Output = Result<ApplyReport, ApplyError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

async fn apply_row(row: &PlanRow, client: &Client, now: &FleetSnapshot, keep: &[IpAddr]) -> ApplyRow {
    use ApplyOutcome::{Applied, Failed, Skipped, Unknown};
    let (target, seen, wanted) = match &row.kind {
        Kind::Managed { target, seen, wanted } => (target, seen.snapshot(target), wanted),
        Kind::Missing(_) => return Skipped(SkipReason::Missing).row(row, None),
        Kind::Unmanaged { .. } | Kind::Unreadable(_) => {
            return Skipped(SkipReason::Unreadable).row(row, None);
        }
    };
    let mut accounts = now.accounts().iter();
    let read = accounts.find(|read| read.account == row.account());
    if let Some(failure) = read.and_then(|read| read.failure.as_ref()) {
        return Failed.row(row, Some(failure.clone()));
    }
    let standing = now
        .members()
        .find(|member| member.account() == row.account() && member.target() == target);
    match standing {
        None => return Skipped(SkipReason::Missing).row(row, None),
        Some(member) if !member.is_alive() => return Skipped(SkipReason::Missing).row(row, None),
        // A reviewer of the plan read another name beside the lists.
        Some(member) if member.name() != row.name() => {
            let [here, planned] = [member.name(), row.name()].map(table::short);
            let detail = format!("its name is `{here}`, and that of the plan `{planned}`");
            return Skipped(SkipReason::Changed).row(row, Some(detail));
        }
        Some(member) => {
            if let Some(reason) = no_need(&seen, member.snapshot(), wanted) {
                return Skipped(reason).row(row, Some(format!("{} stands", member.stored())));
            }
        }
    }
    let allowlist = Allowlist::new(client.clone(), target.clone());
    let outcome = match AllowlistPlan::new(seen, wanted.clone(), keep.to_vec()) {
        Ok(plan) => allowlist.apply(&plan).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(_) => Applied.row(row, None),
        Err(error) => {
            let outcome = match &error {
                AllowlistError::OutcomeUnknown(_) | AllowlistError::AllowlistMismatch(_) => Unknown,
                AllowlistError::ConcurrentChange(changed) if is(changed.now(), wanted) => {
                    Skipped(SkipReason::AlreadySo)
                }
                AllowlistError::ConcurrentChange(_) => Skipped(SkipReason::Changed),
                _ => Failed,
            };
            outcome.row(row, Some(chain(&error)))
        }
    }
}

/// Why there is nothing to do, or nothing that may be done.
fn no_need(
    seen: &AllowlistSnapshot,
    standing: &AllowlistSnapshot,
    wanted: &IpAllowlist,
) -> Option<SkipReason> {
    if is(standing.stored(), wanted) {
        return Some(SkipReason::AlreadySo);
    }
    (!seen.is_unchanged(standing)).then_some(SkipReason::Changed)
}

fn is(stored: &StoredAllowlist, wanted: &IpAllowlist) -> bool {
    stored.known().is_some_and(|list| list.same_networks(wanted))
}

/// What became of one row of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApplyOutcome {
    /// The list was replaced, and the exchange showed that it stands.
    Applied,
    /// Nothing was sent.
    Skipped(SkipReason),
    /// It was not changed.
    Failed,
    /// It was sent, and nothing shows that it was carried out as it was sent: look at the list. Applying the plan again does
    /// no harm, because that looks first.
    Unknown,
}

/// Why nothing was sent for a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SkipReason {
    /// The list is as planned.
    AlreadySo,
    /// The list, the time of its last change or the name is not that of the plan. Plan again.
    Changed,
    /// The list was not known when the plan was made. Set it by hand.
    Unreadable,
    /// It is revoked, has ended, or is not there.
    Missing,
}

impl ApplyOutcome {
    /// The word for it, as it is serialised: `applied`, `skipped`, `failed` or `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Skipped(_) => "skipped",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    fn row(self, row: &PlanRow, detail: Option<String>) -> ApplyRow {
        ApplyRow {
            account: row.account().to_owned(),
            target: row.target().cloned(),
            name: row.name().to_owned(),
            outcome: self,
            detail: detail.or_else(|| row.note().map(str::to_owned)),
        }
    }
}

impl Serialize for ApplyOutcome {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One row of a report. It serialises as `{"account", "target", "name", "outcome", "reason", "detail"}`; `reason` is
/// there for what was skipped: `already_so`, `changed`, `unreadable` or `missing`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplyRow {
    account: String,
    target: Option<Target>,
    name: String,
    outcome: ApplyOutcome,
    detail: Option<String>,
}

impl ApplyRow {
    /// The name of its account in the fleet.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Which token or subkey it is; nothing if the account could not be read when the plan was made.
    pub fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// What became of it.
    pub fn outcome(&self) -> ApplyOutcome {
        self.outcome
    }

    /// Why, on one line.
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// Whether the list is as planned now.
    pub fn is_as_planned(&self) -> bool {
        matches!(
            self.outcome,
            ApplyOutcome::Applied | ApplyOutcome::Skipped(SkipReason::AlreadySo)
        )
    }

    fn reason(&self) -> Option<SkipReason> {
        match self.outcome {
            ApplyOutcome::Skipped(reason) => Some(reason),
            _ => None,
        }
    }
}

/// The row on one line.
impl fmt::Display for ApplyRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = table::short(&self.name);
        let text = format!(
            "{} {} `{name}`: {}",
            self.account,
            target_text(self.target()),
            self.words()
        );
        f.write_str(&table::one_line(&text))
    }
}

impl ApplyRow {
    fn words(&self) -> String {
        let mut words = self.outcome.as_str().to_owned();
        match self.reason() {
            None => {}
            Some(SkipReason::AlreadySo) => words.push_str(", already so"),
            Some(SkipReason::Changed) => words.push_str(", changed since the plan"),
            Some(SkipReason::Unreadable) => words.push_str(", unreadable"),
            Some(SkipReason::Missing) => words.push_str(", missing"),
        }
        words
    }
}

impl Serialize for ApplyRow {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut fields = serializer.serialize_struct("ApplyRow", 6)?;
        fields.serialize_field("account", &self.account)?;
        fields.serialize_field("target", &self.target)?;
        fields.serialize_field("name", &self.name)?;
        fields.serialize_field("outcome", &self.outcome)?;
        fields.serialize_field("reason", &self.reason())?;
        fields.serialize_field("detail", &self.detail)?;
        fields.end()
    }
}

/// What became of a plan, row by row. It serialises as `{"rows": [..]}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApplyReport {
    rows: Vec<ApplyRow>,
}

impl ApplyReport {
    /// What the plan manages, in its order.
    pub fn rows(&self) -> &[ApplyRow] {
        &self.rows
    }

    /// How many rows came to this.
    pub fn count(&self, wanted: impl Fn(ApplyOutcome) -> bool) -> usize {
        self.rows.iter().filter(|row| wanted(row.outcome)).count()
    }

    /// Whether everything that the plan manages is as planned now.
    pub fn is_complete(&self) -> bool {
        self.rows.iter().all(ApplyRow::is_as_planned)
    }
}

/// A table, then the numbers.
impl fmt::Display for ApplyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows.iter().map(|row| {
            [
                table::short(&row.account),
                target_text(row.target()),
                table::short(&row.name),
                row.words(),
                row.detail.clone().unwrap_or_default(),
            ]
        });
        table::write(f, ["ACCOUNT", "TARGET", "NAME", "OUTCOME", "DETAIL"], rows)?;
        let counts = ["applied", "skipped", "failed", "unknown"]
            .map(|word| format!("{} {word}", self.count(|outcome| outcome.as_str() == word)));
        writeln!(f, "\n{}", counts.join(", "))
    }
}

/// Why a plan was not begun. Nothing was sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// The plan names an account that the fleet does not have.
    #[error("the plan is about the account `{}`, which is not at hand: give its client; nothing was sent", table::one_line(.0))]
    UnknownAccount(String),
    /// The plan was made at another exchange.
    #[error("the plan was made for {}, and this is {fleet}: plan again here; nothing was sent", table::one_line(.plan))]
    #[non_exhaustive]
    OtherEnvironment {
        /// That of the plan.
        plan: String,
        /// That of the fleet.
        fleet: String,
    },
    /// The lock could not be had.
    #[error("the lock could not be had; nothing was sent")]
    Lock(#[source] BoxError),
}
