//! What a policy would change.

use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::policy::{AllowlistPolicy, Matched, PolicyError};
use super::snapshot::{FleetMember, FleetSnapshot};
use super::table;
use crate::allowlist::{AllowlistPlan, Snapshot, Target};
use crate::net::{IpAllowlist, StoredAllowlist};
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
/// Whoever can change a stored plan decides what is applied; what stands is compared with `seen` first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FleetPlan {
    version: Version,
    environment: String,
    made_at: u64,
    rows: Vec<PlanRow>,
}

/// The number that this crate writes, and the only one that it reads.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
struct Version;

impl TryFrom<u32> for Version {
    type Error = String;

    fn try_from(version: u32) -> Result<Self, String> {
        match version {
            FleetPlan::VERSION => Ok(Self),
            other => Err(format!(
                "version {other} of a plan cannot be read, only {}: plan again",
                FleetPlan::VERSION
            )),
        }
    }
}

impl From<Version> for u32 {
    fn from(_: Version) -> Self {
        FleetPlan::VERSION
    }
}

/// What a plan says of one token or subkey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRow {
    account: String,
    /// None if the account could not be read.
    target: Option<Target>,
    name: String,
    state: PlanState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seen: Option<Seen>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wanted: Option<IpAllowlist>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
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
pub struct Seen {
    allowlist: IpAllowlist,
    changed_at: Option<i64>,
}

impl Seen {
    /// The list.
    pub fn allowlist(&self) -> &IpAllowlist {
        &self.allowlist
    }

    /// When the token or the subkey was last changed.
    pub fn changed_at(&self) -> Option<SystemTime> {
        self.changed_at.and_then(crate::time::time_of)
    }

    pub(super) fn snapshot(&self, target: &Target) -> Snapshot {
        let stored = StoredAllowlist::Known(self.allowlist.clone());
        Snapshot::new(target.clone(), stored, self.changed_at)
    }
}

impl PlanRow {
    /// The name of its account in the fleet.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Which token or subkey it is; nothing if the account could not be read.
    pub fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it compares.
    pub fn state(&self) -> PlanState {
        self.state
    }

    /// The rule that names it, by its selector.
    pub fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }

    /// The list that stood, if it was known.
    pub fn seen(&self) -> Option<&Seen> {
        self.seen.as_ref()
    }

    /// The list that is to stand, if a rule names it.
    pub fn wanted(&self) -> Option<&IpAllowlist> {
        self.wanted.as_ref()
    }

    /// Why it is missing or unreadable.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    fn of(member: &FleetMember, state: PlanState) -> Self {
        let seen = member.stored().known().map(|list| Seen {
            allowlist: list.clone(),
            changed_at: member.snapshot().raw_changed_at(),
        });
        Self {
            account: member.account().to_owned(),
            target: Some(member.target().clone()),
            name: member.name().to_owned(),
            state,
            rule: None,
            seen,
            wanted: None,
            note: None,
        }
    }

    /// What is to be done to this list, and in which state that makes the row.
    fn wanting(mut self, list: &IpAllowlist) -> Self {
        self.state = match &self.seen {
            Some(seen) if seen.allowlist.same_networks(list) => PlanState::InSync,
            Some(_) => PlanState::Drifted,
            None => PlanState::Unreadable,
        };
        self.wanted = Some(list.clone());
        self
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
                let row = PlanRow::of(member, PlanState::Unmanaged);
                let Some(found) = found else {
                    rows.push(row);
                    continue;
                };
                let mut row = row.wanting(&found.rule.allow);
                row.rule = Some(found.rule.to_string());
                if row.state == PlanState::Unreadable {
                    row.note = Some(member.stored().to_string());
                } else if member.id().is_empty() {
                    row.state = PlanState::Unreadable;
                    row.note = Some("the exchange gave no id for it".to_owned());
                }
                rows.push(row);
            }
            for assigned in assigned
                .iter()
                .filter(|assigned| assigned.rule.account == read.account)
            {
                let row = match assigned.matched {
                    Matched::Alive(_) => continue,
                    Matched::Dead(member) => PlanRow {
                        note: Some(member.status().as_str().to_owned()),
                        ..PlanRow::of(member, PlanState::Missing)
                    },
                    Matched::Unread(failure) => PlanRow {
                        account: read.account.clone(),
                        target: None,
                        name: String::new(),
                        state: PlanState::Unreadable,
                        rule: None,
                        seen: None,
                        wanted: None,
                        note: Some(format!("the account could not be read: {failure}")),
                    },
                };
                rows.push(PlanRow {
                    rule: Some(assigned.rule.to_string()),
                    wanted: Some(assigned.rule.allow.clone()),
                    ..row
                });
            }
        }
        Ok(FleetPlan {
            version: Version,
            environment: snapshot.environment().to_owned(),
            made_at: unix_seconds(snapshot.taken_at()),
            rows,
        })
    }
}

impl FleetPlan {
    /// The version of the serialised form. Another one is refused when it is read.
    pub const VERSION: u32 = 1;

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
        self.rows.iter().filter(|row| row.state == state).count()
    }

    /// Whether everything that the policy names is as it says.
    pub fn is_in_sync(&self) -> bool {
        let fine = [PlanState::InSync, PlanState::Unmanaged];
        self.rows.iter().all(|row| fine.contains(&row.state))
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
            let (Some(seen), Some(wanted), PlanState::Drifted) = (&row.seen, &row.wanted, row.state) else {
                continue;
            };
            let union = match (&seen.allowlist, wanted) {
                (IpAllowlist::Only(_), IpAllowlist::Only(set)) => seen.allowlist.adding(set.iter()).ok(),
                _ => None,
            };
            let union = union.unwrap_or(IpAllowlist::Unrestricted);
            union.check_limit().map_err(|error| {
                let target = row.target.as_ref().map(ToString::to_string).unwrap_or_default();
                let remedy = "move in smaller steps, or merge ranges".to_owned();
                PolicyError::new(None, format!("rows[{index}]"), &target, error.to_string(), remedy)
            })?;
            *row = row.clone().wanting(&union);
        }
        Ok(wider)
    }
}

/// A table, then each change in full, then the numbers.
impl fmt::Display for FleetPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows.iter().map(|row| {
            let detail = match (&row.note, &row.seen, &row.wanted) {
                (Some(note), ..) => note.clone(),
                (None, Some(seen), Some(wanted)) if row.state == PlanState::Drifted => {
                    format!("{} -> {wanted}", seen.allowlist)
                }
                (None, Some(seen), _) => seen.allowlist.to_string(),
                (None, None, _) => "unreadable".to_owned(),
            };
            [
                table::short(&row.account),
                target_text(row.target.as_ref()),
                table::short(&row.name),
                row.state.as_str().to_owned(),
                row.rule.clone().unwrap_or_else(|| "-".to_owned()),
                detail,
            ]
        });
        table::write(
            f,
            ["ACCOUNT", "TARGET", "NAME", "STATE", "RULE", "ALLOWLIST"],
            rows,
        )?;
        for row in self.rows.iter().filter(|row| row.state == PlanState::Drifted) {
            if let (Some(target), Some(seen), Some(wanted)) = (&row.target, &row.seen, &row.wanted)
                && let Ok(plan) = AllowlistPlan::of(seen.snapshot(target), wanted.clone(), Vec::new())
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
