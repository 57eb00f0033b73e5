//! Committing a change, and rolling it back.

use std::fmt;
use std::time::Duration;

use paradex_api::runtime;

use super::probe;
use super::report::{ChangeError, ChangeOutcome, ChangeReport, RollBackReason};
use crate::access::allowlist::Allowlist;
use crate::access::allowlist::plan::AllowlistPlan;
use crate::access::allowlist::snapshot::AllowlistSnapshot;
use crate::client::Client;
use crate::error::{AllowlistError, ConcurrentChange, ConfigurationError, Error};
use crate::fleet::egress::ChangeWarning;
use crate::net::{IpAllowlist, StoredAllowlist};

/// How often the roll-back is tried, each time after reading the list.
const ATTEMPTS: u32 = 3;

/// A checked change that can be committed. Nothing has been changed yet.
#[must_use = "nothing is changed before `commit`"]
#[derive(Debug)]
pub struct PreparedChange {
    pub(super) allowlist: Allowlist,
    pub(super) plan: AllowlistPlan,
    pub(super) before: IpAllowlist,
    pub(super) prober: Client,
    pub(super) settle_time: Duration,
    pub(super) warnings: Vec<ChangeWarning>,
}

impl PreparedChange {
    /// Returns the networks that are added and removed.
    pub fn plan(&self) -> &AllowlistPlan {
        &self.plan
    }

    /// Returns the current list, which a roll-back restores.
    pub fn before(&self) -> &IpAllowlist {
        &self.before
    }

    /// Returns the warnings about the new list.
    pub fn warnings(&self) -> &[ChangeWarning] {
        &self.warnings
    }

    /// Makes the change, probes it, and rolls it back if the probe fails and the list was not changed concurrently.
    ///
    /// It runs in a task of its own: dropping the future, by a time-out or a signal, does not stop the roll-back. The end
    /// of the process does.
    ///
    /// # Errors
    ///
    /// Fails if the change was not made, as far as is known. What happened after the change is in the report.
    pub async fn commit(self) -> Result<ChangeReport, ChangeError> {
        let task = async { tokio::spawn(self.run()).await };
        let joined = runtime::within(task)
            .await
            .map_err(|error| AllowlistError::from(Error::from(ConfigurationError::from(error))))?;
        joined.unwrap_or(Err(ChangeError::Interrupted))
    }

    async fn run(self) -> Result<ChangeReport, ChangeError> {
        let list = self.plan.after().clone();
        if list.same_networks(&self.before) {
            return Ok(self.report(ChangeOutcome::Unchanged));
        }
        let failure = match self.allowlist.apply(&self.plan).await {
            Ok(_) => None,
            // A list was stored, but not the requested one.
            Err(AllowlistError::AllowlistMismatch(error)) => Some(RollBackReason::AllowlistMismatch(error)),
            Err(AllowlistError::OutcomeUnknown(error)) => Some(RollBackReason::OutcomeUnknown(error)),
            Err(error) => return Err(error.into()),
        };
        let ours = match &failure {
            Some(RollBackReason::AllowlistMismatch(error)) => error.stored().known().cloned().unwrap_or(list),
            _ => list,
        };
        // Keep its time of change, so that the same list from a concurrent change is not mistaken for ours.
        let now = self.allowlist.read().await.ok();
        let shows = |list: &IpAllowlist| now.as_ref().is_some_and(|now| now.stored().has_networks_of(list));
        let failure = match failure {
            // The change may still take effect, and there is nothing to roll back yet.
            Some(RollBackReason::OutcomeUnknown(error)) if shows(&self.before) => {
                return Err(AllowlistError::OutcomeUnknown(error).into());
            }
            failure => failure,
        };
        let is_ours = shows(&ours);
        let snapshot = now.filter(|_| is_ours);
        let reason = match failure {
            Some(reason) => reason,
            None => {
                tokio::time::sleep(self.settle_time).await;
                match probe(&self.prober).await {
                    Ok(()) => return Ok(self.report(ChangeOutcome::Confirmed)),
                    Err(error) => RollBackReason::from_probe(error),
                }
            }
        };
        let outcome = self.roll_back(reason, &ours, snapshot.as_ref()).await;
        Ok(self.report(outcome))
    }

    /// Writes the earlier list, if the current one is still ours.
    async fn roll_back(
        &self,
        reason: RollBackReason,
        ours: &IpAllowlist,
        snapshot: Option<&AllowlistSnapshot>,
    ) -> ChangeOutcome {
        let mut current = None;
        let mut last_error = None;
        for attempt in 0..ATTEMPTS {
            // A transient failure may pass after a pause.
            tokio::time::sleep(Duration::from_millis(200) * attempt).await;
            let now = match self.allowlist.read().await {
                Ok(now) => now,
                Err(error) => {
                    last_error = Some(error);
                    continue;
                }
            };
            current = Some(now.stored().clone());
            if now.stored().has_networks_of(&self.before) {
                return ChangeOutcome::RolledBack(reason);
            }
            if !now.stored().has_networks_of(ours)
                || snapshot.is_some_and(|ours| ours.changed_at() != now.changed_at())
            {
                last_error = Some(AllowlistError::ConcurrentChange(Box::new(ConcurrentChange {
                    before: StoredAllowlist::Known(ours.clone()),
                    now: now.stored().clone(),
                })));
                break;
            }
            match self.allowlist.set_if_unchanged(&now, self.before.clone()).await {
                Ok(_) => return ChangeOutcome::RolledBack(reason),
                Err(error @ AllowlistError::ConcurrentChange(_)) => {
                    if let AllowlistError::ConcurrentChange(changed) = &error {
                        current = Some(changed.now().clone());
                    }
                    last_error = Some(error);
                    break;
                }
                Err(error) => {
                    current = None;
                    last_error = Some(error);
                }
            }
        }
        if current.is_none() {
            current = self.allowlist.read().await.ok().map(|now| now.stored().clone());
        }
        match (current, last_error) {
            (Some(StoredAllowlist::Known(list)), _) if list.same_networks(&self.before) => {
                ChangeOutcome::RolledBack(reason)
            }
            (current, error) => ChangeOutcome::NotRolledBack {
                reason,
                error: error.map(Box::new),
                current,
            },
        }
    }

    fn report(&self, outcome: ChangeOutcome) -> ChangeReport {
        ChangeReport {
            target: self.allowlist.target().clone(),
            before: self.before.clone(),
            after: self.plan.after().clone(),
            warnings: self.warnings.clone(),
            outcome,
        }
    }
}

impl fmt::Display for PreparedChange {
    /// Writes the plan and the warnings, on several lines.
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
