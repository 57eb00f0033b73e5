//! What a policy would change.

use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::policy::{AllowlistPolicy, Matched, PolicyError};
use super::snapshot::{FleetMember, FleetSnapshot};
use super::stored_plan::{StoredPlan, StoredRow};
use super::table;
use crate::access::allowlist::plan::AllowlistPlan;
use crate::access::allowlist::snapshot::AllowlistSnapshot;
use crate::access::target::Target;
use crate::net::{IpAllowlist, OpenTo, StoredAllowlist};
use crate::time::unix_seconds;

/// How a policy and what stands compare, target by target; nothing has been sent.
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
///       "seen": {"allowlist": ["203.0.113.0/24"], "changed_at": 1764100000000000000},
///       "wanted": ["198.51.100.16/28"]
///     }
///   ]
/// }
/// ```
///
/// Whoever can change a stored plan decides what is applied; what stands is compared with `seen` first. A row after
/// which a list restricts nothing says so in `open_to` (see [`OpenTo`]).
///
/// When a plan is read, `state` and `open_to` of each row have to agree with its lists, or the whole plan is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "StoredPlan", into = "StoredPlan")]
pub struct FleetPlan {
    pub(super) environment: String,
    pub(super) made_at: u64,
    pub(super) rows: Vec<PlanRow>,
}

/// What a plan says of one token or subkey.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(into = "StoredRow")]
pub struct PlanRow {
    pub(super) account: String,
    pub(super) name: String,
    pub(super) rule: Option<String>,
    pub(super) kind: Kind,
}

/// What a row is about. Nothing but [`Managed`](Self::Managed) has all that a change needs, so no other row can be
/// written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A rule names it; whether it is in sync or drifted follows from the two lists.
    Managed {
        target: Target,
        seen: Observed,
        wanted: IpAllowlist,
    },
    Unmanaged {
        target: Target,
        seen: Option<Observed>,
    },
    Missing(Idle),
    Unreadable(Idle),
}

/// What is known of a row that a rule names and that cannot be written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Idle {
    /// None if the account could not be read.
    pub(super) target: Option<Target>,
    pub(super) seen: Option<Observed>,
    pub(super) wanted: Option<IpAllowlist>,
    /// Why it cannot be written.
    pub(super) note: String,
}

/// How a target compares with the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PlanState {
    /// The list is the policy's.
    InSync,
    /// Another list stands.
    Drifted,
    /// No rule names it.
    Unmanaged,
    /// A rule names it, and it is revoked or has ended.
    Missing,
    /// A rule names it, and its list or its whole account could not be read.
    Unreadable,
}

impl PlanState {
    /// The word for it, as it is serialised.
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

/// A list as it stood when the plan was made, with the time of its last change as the exchange writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observed {
    allowlist: IpAllowlist,
    changed_at: Option<i64>,
}

impl Observed {
    fn of(member: &FleetMember) -> Option<Self> {
        let list = member.stored().known()?;
        Some(Self {
            allowlist: list.clone(),
            changed_at: member.snapshot().raw_changed_at(),
        })
    }

    /// The list.
    pub fn allowlist(&self) -> &IpAllowlist {
        &self.allowlist
    }

    /// When the token or the subkey was last changed.
    pub fn changed_at(&self) -> Option<SystemTime> {
        self.changed_at.and_then(crate::time::timestamp_to_system_time)
    }

    pub(super) fn snapshot(&self, target: &Target) -> AllowlistSnapshot {
        let stored = StoredAllowlist::Known(self.allowlist.clone());
        AllowlistSnapshot::new(target.clone(), stored, self.changed_at)
    }
}

impl PlanRow {
    /// The name of its account in the fleet.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Which token or subkey it is; nothing if the account could not be read.
    pub fn target(&self) -> Option<&Target> {
        match &self.kind {
            Kind::Managed { target, .. } | Kind::Unmanaged { target, .. } => Some(target),
            Kind::Missing(idle) | Kind::Unreadable(idle) => idle.target.as_ref(),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it compares, by what was seen and what is wanted. Only a row that has [drifted](PlanState::Drifted) is
    /// written.
    pub fn state(&self) -> PlanState {
        match &self.kind {
            Kind::Managed { seen, wanted, .. } if seen.allowlist.same_networks(wanted) => PlanState::InSync,
            Kind::Managed { .. } => PlanState::Drifted,
            Kind::Unmanaged { .. } => PlanState::Unmanaged,
            Kind::Missing(_) => PlanState::Missing,
            Kind::Unreadable(_) => PlanState::Unreadable,
        }
    }

    /// The rule that names it, by its selector.
    pub fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }

    /// The list that stood, if it was known.
    pub fn seen(&self) -> Option<&Observed> {
        match &self.kind {
            Kind::Managed { seen, .. } => Some(seen),
            Kind::Unmanaged { seen, .. } => seen.as_ref(),
            Kind::Missing(idle) | Kind::Unreadable(idle) => idle.seen.as_ref(),
        }
    }

    /// The list that is to stand, if a rule names it.
    pub fn wanted(&self) -> Option<&IpAllowlist> {
        match &self.kind {
            Kind::Managed { wanted, .. } => Some(wanted),
            Kind::Unmanaged { .. } => None,
            Kind::Missing(idle) | Kind::Unreadable(idle) => idle.wanted.as_ref(),
        }
    }

    /// Why it is missing or unreadable.
    pub fn note(&self) -> Option<&str> {
        match &self.kind {
            Kind::Managed { .. } | Kind::Unmanaged { .. } => None,
            Kind::Missing(idle) | Kind::Unreadable(idle) => Some(&idle.note),
        }
    }

    /// Which addresses can use it once the plan is applied, if its list restricts nothing there. Nothing for a row that
    /// is missing or unreadable: it is never written.
    pub fn open_to(&self) -> Option<OpenTo> {
        match &self.kind {
            Kind::Managed { wanted, .. } => wanted.open_to(),
            Kind::Unmanaged { seen, .. } => seen.as_ref()?.allowlist.open_to(),
            Kind::Missing(_) | Kind::Unreadable(_) => None,
        }
    }

    /// What a rule wants for something that is alive.
    fn wanting(member: &FleetMember, list: &IpAllowlist) -> Kind {
        let (target, seen) = (member.target().clone(), Observed::of(member));
        let idle = |seen, note: String| {
            Kind::Unreadable(Idle {
                target: Some(member.target().clone()),
                seen,
                wanted: Some(list.clone()),
                note,
            })
        };
        match seen {
            None => idle(None, member.stored().to_string()),
            seen if member.id().trim().is_empty() => idle(seen, "the exchange gave no id for it".to_owned()),
            Some(seen) => Kind::Managed {
                target,
                seen,
                wanted: list.clone(),
            },
        }
    }

    /// The lists in one cell of a table, with the warning first, where no cut can take it away.
    fn detail(&self) -> String {
        let lists = match &self.kind {
            Kind::Managed { seen, wanted, .. } if self.state() == PlanState::Drifted => {
                format!("{} -> {wanted}", seen.allowlist)
            }
            Kind::Managed { seen, .. } | Kind::Unmanaged { seen: Some(seen), .. } => {
                seen.allowlist.to_string()
            }
            Kind::Unmanaged { seen: None, .. } => "unreadable".to_owned(),
            Kind::Missing(idle) | Kind::Unreadable(idle) => idle.note.clone(),
        };
        match self.open_to() {
            Some(open_to) => format!("{open_to}: {lists}"),
            None => lists,
        }
    }
}

impl AllowlistPolicy {
    /// Holds the policy against what stands. Nothing is sent.
    ///
    /// # Errors
    ///
    /// A rule names an account that is not in the snapshot, matches nothing at all, or has a name that two live tokens or
    /// subkeys have; or two rules are about one.
    pub fn plan(&self, snapshot: &FleetSnapshot) -> Result<FleetPlan, PolicyError> {
        let assigned = self.assign(snapshot)?;
        let mut rows = Vec::new();
        for read in snapshot.accounts() {
            for member in read.members.iter().filter(|member| member.is_alive()) {
                let same = |other: &FleetMember| std::ptr::eq(other, member);
                let found = assigned
                    .iter()
                    .find(|assigned| matches!(assigned.matched, Matched::Alive(other) if same(other)));
                rows.push(PlanRow {
                    account: member.account().to_owned(),
                    name: member.name().to_owned(),
                    rule: found.map(|found| found.rule.to_string()),
                    kind: match found {
                        Some(found) => PlanRow::wanting(member, &found.rule.allow),
                        None => Kind::Unmanaged {
                            target: member.target().clone(),
                            seen: Observed::of(member),
                        },
                    },
                });
            }
            for assigned in assigned
                .iter()
                .filter(|assigned| assigned.rule.account == read.account)
            {
                let wanted = Some(assigned.rule.allow.clone());
                let (name, kind) = match assigned.matched {
                    Matched::Alive(_) => continue,
                    Matched::Dead(member) => {
                        let idle = Idle {
                            target: Some(member.target().clone()),
                            seen: Observed::of(member),
                            wanted,
                            note: member.status().as_str().to_owned(),
                        };
                        (member.name(), Kind::Missing(idle))
                    }
                    Matched::Undecoded(failure) => {
                        let idle = Idle {
                            target: None,
                            seen: None,
                            wanted,
                            note: format!("the account could not be read: {failure}"),
                        };
                        ("", Kind::Unreadable(idle))
                    }
                };
                rows.push(PlanRow {
                    account: read.account.clone(),
                    name: name.to_owned(),
                    rule: Some(assigned.rule.to_string()),
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
    /// The version of the serialised form. Another one is refused when it is read.
    pub const VERSION: u32 = 1;

    /// How many rows a serialised plan may have. One with more is refused when it is read.
    pub const MOST_ROWS: usize = 10_000;

    /// The exchange that it is for.
    pub fn environment(&self) -> &str {
        &self.environment
    }

    /// The rows, account by account.
    pub fn rows(&self) -> &[PlanRow] {
        &self.rows
    }

    /// How many rows are in this state.
    pub fn count(&self, state: PlanState) -> usize {
        self.rows.iter().filter(|row| row.state() == state).count()
    }

    /// Whether everything that the policy names is as it says.
    pub fn is_in_sync(&self) -> bool {
        let fine = [PlanState::InSync, PlanState::Unmanaged];
        self.rows.iter().all(|row| fine.contains(&row.state()))
    }

    /// The first of the two plans of a move: the lists that stand with those of the policy added, so that nobody loses
    /// access. When it is applied and verified, plan the policy again; that narrows.
    ///
    /// What is at least as wide as the policy already is in sync.
    ///
    /// # Errors
    ///
    /// Both lists together have more entries than the exchange takes.
    pub fn widening(&self) -> Result<Self, PolicyError> {
        let mut wider = self.clone();
        for (index, row) in wider.rows.iter_mut().enumerate() {
            let Kind::Managed { target, seen, wanted } = &mut row.kind else {
                continue;
            };
            if seen.allowlist.same_networks(wanted) {
                continue;
            }
            let union = match (&seen.allowlist, &*wanted) {
                (IpAllowlist::Only(_), IpAllowlist::Only(set)) => seen.allowlist.with_added(set.iter()).ok(),
                _ => None,
            };
            let union = union.unwrap_or(IpAllowlist::Unrestricted);
            union.check_limit().map_err(|error| {
                let target = target.to_string();
                let remedy = "move in smaller steps, or merge ranges".to_owned();
                PolicyError::new(None, format!("rows[{index}]"), &target, error.to_string(), remedy)
            })?;
            *wanted = union;
        }
        Ok(wider)
    }
}

/// A table, then each change in full, then the numbers.
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
        for row in self.rows.iter().filter(|row| row.state() == PlanState::Drifted) {
            if let Kind::Managed { target, seen, wanted } = &row.kind
                && let Ok(plan) = AllowlistPlan::new(seen.snapshot(target), wanted.clone(), Vec::new())
            {
                write!(f, "\n{}, {plan}", table::one_line(&row.account))?;
            }
        }
        let counts = PlanState::ALL.map(|state| format!("{} {}", self.count(state), state.as_str()));
        writeln!(f, "\n{}", counts.join(", "))
    }
}

pub(super) fn target_text(target: Option<&Target>) -> String {
    target.map_or_else(|| "-".to_owned(), Target::to_string)
}
