//! Applying a plan.

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
use crate::net::IpAllowlist;

/// The future that [`FleetLock::lock`] returns. The lock is held until its output is dropped.
pub type LockFuture<'a> = Pin<Box<dyn Future<Output = Result<Box<dyn Any + Send>, BoxError>> + Send + 'a>>;

/// A lock that all writers of allowlists share: in a database, on a file, with a service.
///
/// ```
/// use std::sync::Arc;
/// use paradex_api_ext::fleet::{FleetLock, LockFuture};
/// use tokio::sync::Mutex;
///
/// /// Excludes the other tasks of this process.
/// struct ProcessLock(Arc<Mutex<()>>);
///
/// impl FleetLock for ProcessLock {
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
    /// Return an error if the lock cannot be acquired. Nothing is then sent.
    fn lock(&self) -> LockFuture<'_>;
}

impl FleetPlan {
    /// Checks that the fleet has the plan's accounts in the plan's environment. Nothing is sent.
    ///
    /// [`apply`](Self::apply) does this first.
    ///
    /// # Errors
    ///
    /// Returns [`ApplyError::UnknownAccount`] or [`ApplyError::EnvironmentMismatch`].
    pub fn check_fleet(&self, fleet: &Fleet) -> Result<(), ApplyError> {
        let managed = |row: &&PlanRow| row.state() != PlanState::Unmanaged;
        for row in self.rows().iter().filter(managed) {
            let Some(client) = fleet.client(row.account()) else {
                return Err(ApplyError::UnknownAccount(row.account().to_owned()));
            };
            if client.environment().to_string() != self.environment() {
                return Err(ApplyError::EnvironmentMismatch {
                    plan: self.environment().to_owned(),
                    fleet: client.environment().to_string(),
                });
            }
        }
        Ok(())
    }

    /// Applies the plan, one token or subkey after the other, when awaited.
    ///
    /// Each list is read again first. It is left alone if it is already as planned, or if its content, time of change or
    /// name is not the one in the plan. So a plan can be applied again, also after a crash: that only does what is left.
    ///
    /// A concurrent change between the last read and the write is still overwritten. Only a
    /// [lock](ApplyPlan::lock) that all writers share prevents that.
    pub fn apply<'a>(&'a self, fleet: &'a Fleet) -> ApplyPlan<'a> {
        ApplyPlan {
            plan: self,
            fleet,
            keep: Vec::new(),
            lock: None,
            on_row: None,
        }
    }
}

/// A plan to apply; returned by [`FleetPlan::apply`]. Await it to apply the plan.
#[must_use = "nothing is sent before it is awaited"]
pub struct ApplyPlan<'a> {
    plan: &'a FleetPlan,
    fleet: &'a Fleet,
    keep: Vec<IpAddr>,
    lock: Option<&'a dyn FleetLock>,
    on_row: Option<RowObserver<'a>>,
}

type RowObserver<'a> = Box<dyn FnMut(&ApplyRow) + Send + 'a>;

impl<'a> ApplyPlan<'a> {
    /// Requires addresses to stay inside every list that is changed.
    ///
    /// A row whose desired list excludes one of them fails, and nothing is sent for it.
    pub fn keep(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.keep.extend(addresses);
        self
    }

    /// Holds this lock from before the first read until after the last change.
    pub fn lock(mut self, lock: &'a dyn FleetLock) -> Self {
        self.lock = Some(lock);
        self
    }

    /// Calls this function with each row as soon as its outcome is known.
    pub fn on_row(mut self, observer: impl FnMut(&ApplyRow) + Send + 'a) -> Self {
        self.on_row = Some(Box::new(observer));
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
        let now = self.fleet.read_some(named, &mut |_| {}).await;
        let mut rows = Vec::new();
        for row in plan.rows().iter().filter(managed) {
            let done = match self.fleet.client(row.account()) {
                Some(client) => apply_row(row, client, &now, &self.keep).await,
                None => ApplyOutcome::Skipped(SkipReason::Changed).row(row, None),
            };
            if let Some(on_row) = &mut self.on_row {
                on_row(&done);
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
    let (target, observed, desired) = match &row.kind {
        Kind::Managed {
            target,
            observed,
            desired,
        } => (target, observed.snapshot(target), desired),
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
    let current = now
        .members()
        .find(|member| member.account() == row.account() && member.target() == target);
    match current {
        None => return Skipped(SkipReason::Missing).row(row, None),
        Some(member) if !member.is_alive() => return Skipped(SkipReason::Missing).row(row, None),
        // The reviewer of the plan saw another name.
        Some(member) if member.name() != row.name() => {
            let [here, planned] = [member.name(), row.name()].map(table::short);
            let detail = format!("it is named `{here}` now, and `{planned}` in the plan");
            return Skipped(SkipReason::Changed).row(row, Some(detail));
        }
        Some(member) => {
            if let Some(reason) = skip_reason(&observed, member.snapshot(), desired) {
                return Skipped(reason).row(row, Some(format!("the list is {}", member.stored())));
            }
        }
    }
    let allowlist = Allowlist::new(client.clone(), target.clone());
    let outcome = match AllowlistPlan::new(observed, desired.clone(), keep.to_vec()) {
        Ok(plan) => allowlist.apply(&plan).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(_) => Applied.row(row, None),
        Err(error) => {
            let outcome = match &error {
                AllowlistError::OutcomeUnknown(_) | AllowlistError::AllowlistMismatch(_) => Unknown,
                AllowlistError::ConcurrentChange(changed) if changed.now().has_networks_of(desired) => {
                    Skipped(SkipReason::InSync)
                }
                AllowlistError::ConcurrentChange(_) => Skipped(SkipReason::Changed),
                _ => Failed,
            };
            outcome.row(row, Some(chain(&error)))
        }
    }
}

/// Why a list is not changed, by what it is now.
fn skip_reason(
    observed: &AllowlistSnapshot,
    current: &AllowlistSnapshot,
    desired: &IpAllowlist,
) -> Option<SkipReason> {
    if current.stored().has_networks_of(desired) {
        return Some(SkipReason::InSync);
    }
    (!observed.is_unchanged(current)).then_some(SkipReason::Changed)
}

/// The outcome of one row of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApplyOutcome {
    /// The list was replaced, and the exchange confirmed it.
    Applied,
    /// Nothing was sent.
    Skipped(SkipReason),
    /// The list was not changed.
    Failed,
    /// The change was sent, and it is unknown whether the list is as requested. It is safe to apply the plan again, because
    /// that reads the list first.
    Unknown,
}

/// Why nothing was sent for a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SkipReason {
    /// The list is already as planned.
    InSync,
    /// The list, the time of its last change or the name differs from the plan. Plan again.
    Changed,
    /// The list was not known when the plan was made. Set it by hand.
    Unreadable,
    /// It is revoked, expired or not listed.
    Missing,
}

impl ApplyOutcome {
    /// Returns the name under which it is serialised: `applied`, `skipped`, `failed` or `unknown`.
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

/// One row of an [`ApplyReport`].
///
/// It serialises as `{"account", "target", "name", "outcome", "reason", "detail"}`. For a skipped row `reason` is `in_sync`,
/// `changed`, `unreadable` or `missing`; otherwise it is `null`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplyRow {
    account: String,
    target: Option<Target>,
    name: String,
    outcome: ApplyOutcome,
    detail: Option<String>,
}

impl ApplyRow {
    /// Returns the name of its account in the fleet.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Returns the token or subkey, or `None` if the account could not be read when the plan was made.
    pub fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// Returns the outcome.
    pub fn outcome(&self) -> ApplyOutcome {
        self.outcome
    }

    /// Returns the reason for the outcome, on one line.
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// Returns whether the list is as planned now.
    pub fn is_as_planned(&self) -> bool {
        matches!(
            self.outcome,
            ApplyOutcome::Applied | ApplyOutcome::Skipped(SkipReason::InSync)
        )
    }

    fn reason(&self) -> Option<SkipReason> {
        match self.outcome {
            ApplyOutcome::Skipped(reason) => Some(reason),
            _ => None,
        }
    }
}

/// Writes the row on one line.
impl fmt::Display for ApplyRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = table::short(&self.name);
        let text = format!(
            "{} {} `{name}`: {}",
            self.account,
            target_text(self.target()),
            self.outcome_text()
        );
        f.write_str(&table::one_line(&text))
    }
}

impl ApplyRow {
    fn outcome_text(&self) -> String {
        let mut words = self.outcome.as_str().to_owned();
        match self.reason() {
            None => {}
            Some(SkipReason::InSync) => words.push_str(", in sync"),
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

/// The outcome of each row of a plan. It serialises as `{"rows": [..]}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApplyReport {
    rows: Vec<ApplyRow>,
}

impl ApplyReport {
    /// Returns the rows that the plan manages, in plan order.
    pub fn rows(&self) -> &[ApplyRow] {
        &self.rows
    }

    /// Returns the number of rows whose outcome satisfies the predicate.
    pub fn count(&self, predicate: impl Fn(ApplyOutcome) -> bool) -> usize {
        self.rows.iter().filter(|row| predicate(row.outcome)).count()
    }

    /// Returns whether every row that the plan manages is as planned now.
    pub fn is_complete(&self) -> bool {
        self.rows.iter().all(ApplyRow::is_as_planned)
    }
}

/// Writes a table and the counts.
impl fmt::Display for ApplyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows.iter().map(|row| {
            [
                table::short(&row.account),
                target_text(row.target()),
                table::short(&row.name),
                row.outcome_text(),
                row.detail.clone().unwrap_or_default(),
            ]
        });
        table::write(f, ["ACCOUNT", "TARGET", "NAME", "OUTCOME", "DETAIL"], rows)?;
        let counts = ["applied", "skipped", "failed", "unknown"]
            .map(|word| format!("{} {word}", self.count(|outcome| outcome.as_str() == word)));
        writeln!(f, "\n{}", counts.join(", "))
    }
}

/// Why a plan was not applied at all. Nothing was sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// The plan names an account that the fleet does not have.
    #[error("the plan names the account `{}`, which the fleet does not have: add its client; nothing was sent", table::one_line(.0))]
    UnknownAccount(String),
    /// The plan was made for another environment.
    #[error("the plan was made for {}, and the fleet calls {fleet}: plan again there; nothing was sent", table::one_line(.plan))]
    #[non_exhaustive]
    EnvironmentMismatch {
        /// The environment of the plan.
        plan: String,
        /// The environment of the fleet.
        fleet: String,
    },
    /// The lock could not be acquired.
    #[error("the lock could not be acquired; nothing was sent")]
    Lock(#[source] BoxError),
}
