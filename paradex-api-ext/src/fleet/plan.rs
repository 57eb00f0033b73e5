//! Comparing a policy with the lists that exist.

use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::policy::{AllowlistPolicy, PolicyError, Why};
use super::snapshot::{FleetMember, FleetSnapshot};
use super::stored_plan::{StoredPlan, StoredRow};
use super::table;
use crate::access::allowlist::plan::AllowlistPlan;
use crate::access::allowlist::snapshot::AllowlistSnapshot;
use crate::access::target::Target;
use crate::net::{AllowlistWarning, IpAllowlist, OpenTo, StoredAllowlist};
use crate::time::unix_seconds;

/// The changes that a policy asks for, one row per token or subkey. Nothing has been changed.
///
/// It serialises, so that it can be reviewed and applied later:
///
/// ```json
/// {
///   "version": 1,
///   "environment": "testnet",
///   "made_at": 1764104829,
///   "rows": [
///     {
///       "account": "desk",
///       "target": {"token": "5f2c9d0e8a1b4c37"},
///       "name": "quoter",
///       "state": "drifted",
///       "rule": "name `quoter`",
///       "observed": {"allowlist": ["203.0.113.0/24"], "changed_at": 1764100000000000000},
///       "desired": ["198.51.100.16/28"]
///     }
///   ]
/// }
/// ```
///
/// Anyone who can edit a stored plan decides what is applied. Before a row is applied, the current list is compared with
/// `observed`. If the desired list restricts nothing, `open_to` says so (see [`OpenTo`]).
///
/// Deserialising refuses a plan if `state` or `open_to` of a row contradicts its lists.
#[doc(alias = "drift")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "StoredPlan", into = "StoredPlan")]
pub struct FleetPlan {
    pub(super) environment: String,
    pub(super) made_at: u64,
    pub(super) rows: Vec<PlanRow>,
}

/// One token or subkey in a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(into = "StoredRow")]
pub struct PlanRow {
    pub(super) account: String,
    pub(super) name: String,
    pub(super) rule: Option<String>,
    pub(super) kind: Kind,
}

/// The kinds of rows. Only [`Managed`](Self::Managed) has everything that a change needs, so no other row is applied.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A rule selects it. Whether it is in sync or drifted follows from the two lists.
    Managed {
        target: Target,
        observed: Observed,
        desired: IpAllowlist,
    },
    Unmanaged {
        target: Target,
        observed: Option<Observed>,
    },
    Missing(Idle),
    Unreadable(Idle),
}

/// A row that a rule selects and that cannot be applied.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Idle {
    /// `None` if the account could not be read.
    pub(super) target: Option<Target>,
    pub(super) observed: Option<Observed>,
    pub(super) desired: Option<IpAllowlist>,
    /// Why it cannot be applied.
    pub(super) note: String,
}

/// How the current list of a token or subkey compares with the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PlanState {
    /// The list is as the policy says.
    InSync,
    /// The list differs from the policy.
    Drifted,
    /// No rule selects it.
    Unmanaged,
    /// A rule selects it, and it is revoked or expired.
    Missing,
    /// A rule selects it, and its list or its account could not be read.
    Unreadable,
}

impl PlanState {
    /// Returns the name under which it is serialised.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InSync => "in_sync",
            Self::Drifted => "drifted",
            Self::Unmanaged => "unmanaged",
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
        }
    }

    const ALL: [Self; 5] = [
        Self::InSync,
        Self::Drifted,
        Self::Unmanaged,
        Self::Missing,
        Self::Unreadable,
    ];
}

/// The list when the plan was made, with the time of the last change as the exchange reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observed {
    allowlist: IpAllowlist,
    changed_at: Option<i64>,
}

impl Observed {
    fn from_member(member: &FleetMember) -> Option<Self> {
        let list = member.stored().known()?;
        Some(Self {
            allowlist: list.clone(),
            changed_at: member.snapshot().raw_changed_at(),
        })
    }

    /// Returns the list.
    pub fn allowlist(&self) -> &IpAllowlist {
        &self.allowlist
    }

    /// Returns when the token or subkey was last changed, if the exchange reports it.
    pub fn changed_at(&self) -> Option<SystemTime> {
        self.changed_at.and_then(crate::time::timestamp_to_system_time)
    }

    pub(super) fn snapshot(&self, target: &Target) -> AllowlistSnapshot {
        let stored = StoredAllowlist::Known(self.allowlist.clone());
        AllowlistSnapshot::new(target.clone(), stored, self.changed_at)
    }
}

impl PlanRow {
    /// Returns the name of its account in the fleet.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Returns the token or subkey, or `None` if the account could not be read.
    pub fn target(&self) -> Option<&Target> {
        match &self.kind {
            Kind::Managed { target, .. } | Kind::Unmanaged { target, .. } => Some(target),
            Kind::Missing(idle) | Kind::Unreadable(idle) => idle.target.as_ref(),
        }
    }

    /// Returns the name of the token or subkey.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns how the observed list compares with the desired one. Only [drifted](PlanState::Drifted) rows are changed.
    pub fn state(&self) -> PlanState {
        match &self.kind {
            Kind::Managed {
                observed, desired, ..
            } if observed.allowlist.same_networks(desired) => PlanState::InSync,
            Kind::Managed { .. } => PlanState::Drifted,
            Kind::Unmanaged { .. } => PlanState::Unmanaged,
            Kind::Missing(_) => PlanState::Missing,
            Kind::Unreadable(_) => PlanState::Unreadable,
        }
    }

    /// Returns the selector of the rule that selects it.
    pub fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }

    /// Returns the list when the plan was made, if it was known.
    pub fn observed(&self) -> Option<&Observed> {
        match &self.kind {
            Kind::Managed { observed, .. } => Some(observed),
            Kind::Unmanaged { observed, .. } => observed.as_ref(),
            Kind::Missing(idle) | Kind::Unreadable(idle) => idle.observed.as_ref(),
        }
    }

    /// Returns the list that the policy asks for, if a rule selects it.
    pub fn desired(&self) -> Option<&IpAllowlist> {
        match &self.kind {
            Kind::Managed { desired, .. } => Some(desired),
            Kind::Unmanaged { .. } => None,
            Kind::Missing(idle) | Kind::Unreadable(idle) => idle.desired.as_ref(),
        }
    }

    /// Returns why the row is missing or unreadable.
    pub fn note(&self) -> Option<&str> {
        match &self.kind {
            Kind::Managed { .. } | Kind::Unmanaged { .. } => None,
            Kind::Missing(idle) | Kind::Unreadable(idle) => Some(&idle.note),
        }
    }

    /// Returns which addresses the list will not restrict once the plan is applied.
    ///
    /// Returns `None` for a row that is missing or unreadable, because it is never changed.
    pub fn open_to(&self) -> Option<OpenTo> {
        match &self.kind {
            Kind::Managed { desired, .. } => desired.open_to(),
            Kind::Unmanaged { observed, .. } => observed.as_ref()?.allowlist.open_to(),
            Kind::Missing(_) | Kind::Unreadable(_) => None,
        }
    }

    /// The row for a live token or subkey that a rule selects.
    fn selected(member: &FleetMember, list: &IpAllowlist) -> Kind {
        let (target, observed) = (member.target().clone(), Observed::from_member(member));
        let idle = |observed, note: String| {
            Kind::Unreadable(Idle {
                target: Some(member.target().clone()),
                observed,
                desired: Some(list.clone()),
                note,
            })
        };
        match observed {
            None => idle(None, member.stored().to_string()),
            observed if member.id().trim().is_empty() => {
                idle(observed, "the exchange reports no id for it".to_owned())
            }
            Some(observed) => Kind::Managed {
                target,
                observed,
                desired: list.clone(),
            },
        }
    }

    /// The lists as a table cell. The warning comes first, so that truncation cannot remove it.
    fn detail(&self) -> String {
        let lists = match &self.kind {
            Kind::Managed {
                observed, desired, ..
            } if self.state() == PlanState::Drifted => {
                format!("{} -> {desired}", observed.allowlist)
            }
            Kind::Managed { observed, .. }
            | Kind::Unmanaged {
                observed: Some(observed),
                ..
            } => observed.allowlist.to_string(),
            Kind::Unmanaged { observed: None, .. } => "unreadable".to_owned(),
            Kind::Missing(idle) | Kind::Unreadable(idle) => idle.note.clone(),
        };
        match self.open_to() {
            Some(open_to) => format!("{open_to}: {lists}"),
            None => lists,
        }
    }
}

impl AllowlistPolicy {
    /// Compares the policy with a snapshot. Nothing is sent.
    ///
    /// # Errors
    ///
    /// Fails if a rule names an account that is not in the snapshot, matches nothing, or selects by a name that two live
    /// tokens or subkeys have; or if two rules select the same token or subkey.
    pub fn plan(&self, snapshot: &FleetSnapshot) -> Result<FleetPlan, PolicyError> {
        let assignments = self.assign(snapshot)?;
        let mut rows = Vec::new();
        for read in snapshot.accounts() {
            for member in read.members.iter().filter(|member| member.is_alive()) {
                let rule = assignments.rule_for(member);
                rows.push(PlanRow {
                    account: member.account().to_owned(),
                    name: member.name().to_owned(),
                    rule: rule.map(ToString::to_string),
                    kind: match rule {
                        Some(rule) => PlanRow::selected(member, &rule.allow),
                        None => Kind::Unmanaged {
                            target: member.target().clone(),
                            observed: Observed::from_member(member),
                        },
                    },
                });
            }
            for unmatched in assignments.unmatched(&read.account) {
                let desired = Some(unmatched.rule.allow.clone());
                let (name, kind) = match unmatched.why {
                    Why::Dead(member) => {
                        let idle = Idle {
                            target: Some(member.target().clone()),
                            observed: Observed::from_member(member),
                            desired,
                            note: member.status().as_str().to_owned(),
                        };
                        (member.name(), Kind::Missing(idle))
                    }
                    Why::AccountUnread(failure) => {
                        let idle = Idle {
                            target: None,
                            observed: None,
                            desired,
                            note: format!("the account could not be read: {failure}"),
                        };
                        ("", Kind::Unreadable(idle))
                    }
                };
                rows.push(PlanRow {
                    account: read.account.clone(),
                    name: name.to_owned(),
                    rule: Some(unmatched.rule.to_string()),
                    kind,
                });
            }
        }
        Ok(FleetPlan {
            environment: snapshot.environment().to_owned(),
            made_at: unix_seconds(snapshot.taken_at()),
            rows,
        })
    }
}

impl FleetPlan {
    /// The version of the serialised form. Deserialising refuses any other.
    pub const VERSION: u32 = 1;

    /// The most rows that a serialised plan may have. Deserialising refuses more.
    pub const MOST_ROWS: usize = 10_000;

    /// Returns the environment that the plan was made for.
    pub fn environment(&self) -> &str {
        &self.environment
    }

    /// Returns the rows, account by account.
    pub fn rows(&self) -> &[PlanRow] {
        &self.rows
    }

    /// Returns the number of rows in this state.
    pub fn count(&self, state: PlanState) -> usize {
        self.rows.iter().filter(|row| row.state() == state).count()
    }

    /// Returns whether every token and subkey that the policy selects is as the policy says.
    pub fn is_in_sync(&self) -> bool {
        let fine = [PlanState::InSync, PlanState::Unmanaged];
        self.rows.iter().all(|row| fine.contains(&row.state()))
    }

    /// Returns a plan that only adds networks, so that no address loses access: the first half of a move.
    ///
    /// Apply it and verify it. Then plan the policy itself, which removes the old networks. A list that already contains
    /// the policy's networks is in sync with this plan.
    ///
    /// # Errors
    ///
    /// Fails if the combined list has more entries than the exchange allows.
    pub fn widening(&self) -> Result<Self, PolicyError> {
        let mut wider = self.clone();
        for (index, row) in wider.rows.iter_mut().enumerate() {
            let Kind::Managed {
                target,
                observed,
                desired,
            } = &mut row.kind
            else {
                continue;
            };
            if observed.allowlist.same_networks(desired) {
                continue;
            }
            let union = match (&observed.allowlist, &*desired) {
                (IpAllowlist::Only(_), IpAllowlist::Only(set)) => {
                    observed.allowlist.with_added(set.iter()).ok()
                }
                _ => None,
            };
            let union = union.unwrap_or(IpAllowlist::Unrestricted);
            union.check_limit().map_err(|error| {
                let target = target.to_string();
                let remedy = "add fewer networks at a time, or merge ranges".to_owned();
                PolicyError::new(None, format!("rows[{index}]"), &target, error.to_string(), remedy)
            })?;
            *desired = union;
        }
        Ok(wider)
    }
}

/// Writes a table, each change in full, and the counts.
impl fmt::Display for FleetPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows.iter().map(|row| {
            [
                table::short(&row.account),
                target_text(row.target()),
                table::short(&row.name),
                row.state().as_str().to_owned(),
                row.rule().unwrap_or("-").to_owned(),
                row.detail(),
            ]
        });
        table::write(
            f,
            ["ACCOUNT", "TARGET", "NAME", "STATE", "RULE", "ALLOWLIST"],
            rows,
        )?;
        let mut warnings: Vec<AllowlistWarning> = Vec::new();
        for row in self.rows.iter().filter(|row| row.state() == PlanState::Drifted) {
            if let Kind::Managed {
                target,
                observed,
                desired,
            } = &row.kind
                && let Ok(plan) = AllowlistPlan::new(observed.snapshot(target), desired.clone(), Vec::new())
            {
                write!(f, "\n{}, ", table::one_line(&row.account))?;
                plan.write_change(f)?;
                let new = plan
                    .warnings()
                    .iter()
                    .filter(|warning| !warnings.contains(warning));
                let new: Vec<_> = new.cloned().collect();
                warnings.extend(new);
            }
        }
        // Many rows have the same networks, so all of them share their warnings.
        for (index, warning) in AllowlistWarning::summarize(&warnings).iter().enumerate() {
            let gap = if index == 0 { "\n" } else { "" };
            writeln!(f, "{gap}warning: {warning}")?;
        }
        let counts = PlanState::ALL.map(|state| format!("{} {}", self.count(state), state.as_str()));
        writeln!(f, "\n{}", counts.join(", "))
    }
}

pub(super) fn target_text(target: Option<&Target>) -> String {
    target.map_or_else(|| "-".to_owned(), Target::to_string)
}
