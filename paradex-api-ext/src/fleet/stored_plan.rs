//! The stored form of a plan, and the checks when it is read.

use std::collections::HashMap;
use std::fmt;

use paradex_api::visible;
use serde::{Deserialize, Serialize};

use super::plan::{FleetPlan, Idle, Kind, Observed, PlanRow, PlanState, target_text};
use crate::access::target::Target;
use crate::net::{IpAllowlist, OpenTo};
use crate::signing::key_text::key_digits;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredPlan {
    version: Version,
    environment: String,
    made_at: u64,
    rows: Vec<StoredRow>,
}

/// The only version that this crate writes and reads.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
struct Version;

impl TryFrom<u32> for Version {
    type Error = String;

    fn try_from(version: u32) -> Result<Self, String> {
        match version {
            FleetPlan::VERSION => Ok(Self),
            other => Err(format!(
                "a plan of version {other} cannot be read, only of version {}: plan again",
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

/// A row as it is written. `state` and `open_to` follow from the lists; they are repeated for reviewers of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredRow {
    account: String,
    target: Option<Target>,
    name: String,
    state: PlanState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    observed: Option<Observed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    desired: Option<IpAllowlist>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    open_to: Option<OpenTo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl From<FleetPlan> for StoredPlan {
    fn from(plan: FleetPlan) -> Self {
        Self {
            version: Version,
            environment: plan.environment,
            made_at: plan.made_at,
            rows: plan.rows.into_iter().map(StoredRow::from).collect(),
        }
    }
}

impl From<PlanRow> for StoredRow {
    fn from(row: PlanRow) -> Self {
        let (state, open_to) = (row.state(), row.open_to());
        let (target, observed, desired, note) = match row.kind {
            Kind::Managed {
                target,
                observed,
                desired,
            } => (Some(target), Some(observed), Some(desired), None),
            Kind::Unmanaged { target, observed } => (Some(target), observed, None, None),
            Kind::Missing(idle) | Kind::Unreadable(idle) => {
                (idle.target, idle.observed, idle.desired, Some(idle.note))
            }
        };
        Self {
            account: row.account,
            target,
            name: row.name,
            state,
            rule: row.rule,
            observed,
            desired,
            open_to,
            note,
        }
    }
}

impl TryFrom<StoredPlan> for FleetPlan {
    type Error = PlanError;

    fn try_from(stored: StoredPlan) -> Result<Self, PlanError> {
        if stored.rows.len() > FleetPlan::MOST_ROWS {
            return Err(PlanError::TooManyRows(stored.rows.len()));
        }
        let mut rows: Vec<PlanRow> = Vec::with_capacity(stored.rows.len());
        let mut managed: HashMap<Target, usize> = HashMap::with_capacity(stored.rows.len());
        for (index, row) in stored.rows.into_iter().enumerate() {
            let place = format!(
                "account `{}`, {}",
                shown(&row.account),
                target_text(row.target.as_ref())
            );
            let checked = row.check().and_then(|row| {
                let twin = managed_target(&row).and_then(|target| managed.insert(target, index));
                match twin {
                    None => Ok(row),
                    Some(twin) => {
                        let rule = format!("rows[{twin}] also changes it");
                        Err(Wrong::new("target", target_text(row.target()), rule))
                    }
                }
            });
            rows.push(checked.map_err(|wrong| PlanError::Row { index, place, wrong })?);
        }
        Ok(Self {
            environment: stored.environment,
            made_at: stored.made_at,
            rows,
        })
    }
}

/// The token or subkey that a row may change, in normal form, so that duplicates are found across account names.
fn managed_target(row: &PlanRow) -> Option<Target> {
    match &row.kind {
        Kind::Managed { target, .. } => Some(match target {
            Target::Subkey(key) => Target::Subkey(key_digits(key)),
            Target::Token(id) => Target::Token(id.clone()),
        }),
        _ => None,
    }
}

impl StoredRow {
    /// Checks that the fields of the row agree with each other.
    ///
    /// Only a managed row can be applied, so its `state` is compared with its lists. A missing or unreadable row is only shown.
    fn check(self) -> Result<PlanRow, Wrong> {
        let state = self.state;
        let has = |field, value: String, what: &str| {
            let rule = format!("a row with the state `{}` has {what}", state.as_str());
            Wrong::new(field, value, rule)
        };
        let lacks = |field, what: &str| has(field, "null".to_owned(), what);
        let kind = match state {
            PlanState::InSync | PlanState::Drifted => {
                let target = self.target.ok_or_else(|| lacks("target", "a target"))?;
                let (Target::Token(id) | Target::Subkey(id)) = &target;
                if id.trim().is_empty() {
                    let rule = "the id is empty".to_owned();
                    return Err(Wrong::new("target", target_text(Some(&target)), rule));
                }
                let observed = self
                    .observed
                    .ok_or_else(|| lacks("observed", "an observed list"))?;
                let desired = self.desired.ok_or_else(|| lacks("desired", "a desired list"))?;
                if self.rule.is_none() {
                    return Err(lacks("rule", "a rule"));
                }
                if let Some(note) = self.note {
                    return Err(has("note", note, "no note"));
                }
                if let Err(error) = desired.check_limit() {
                    return Err(Wrong::new("desired", desired.to_string(), error.to_string()));
                }
                let is_in_sync = observed.allowlist().same_networks(&desired);
                if is_in_sync != (state == PlanState::InSync) {
                    let rule = format!(
                        "`observed` is {} and `desired` is {}, and they {}",
                        shown(&observed.allowlist().to_string()),
                        shown(&desired.to_string()),
                        if is_in_sync { "are equal" } else { "differ" }
                    );
                    return Err(Wrong::new("state", state.as_str().to_owned(), rule));
                }
                Kind::Managed {
                    target,
                    observed,
                    desired,
                }
            }
            PlanState::Unmanaged => {
                let target = self.target.ok_or_else(|| lacks("target", "a target"))?;
                if let Some(desired) = self.desired {
                    return Err(has("desired", desired.to_string(), "no desired list"));
                }
                if let Some(rule) = self.rule {
                    return Err(has("rule", rule, "no rule"));
                }
                if let Some(note) = self.note {
                    return Err(has("note", note, "no note"));
                }
                Kind::Unmanaged {
                    target,
                    observed: self.observed,
                }
            }
            PlanState::Missing | PlanState::Unreadable => {
                let idle = Idle {
                    target: self.target,
                    observed: self.observed,
                    desired: self.desired,
                    note: self.note.ok_or_else(|| lacks("note", "a note with the reason"))?,
                };
                match state {
                    PlanState::Missing => Kind::Missing(idle),
                    _ => Kind::Unreadable(idle),
                }
            }
        };
        let row = PlanRow {
            account: self.account,
            name: self.name,
            rule: self.rule,
            kind,
        };
        if self.open_to != row.open_to() {
            let said = |open_to| serde_json::to_string(&open_to).unwrap_or_default();
            let rule = format!("by the lists of the row it is {}", said(row.open_to()));
            return Err(Wrong::new("open_to", said(self.open_to), rule));
        }
        Ok(row)
    }
}

/// A field that contradicts the others of its row.
pub(super) struct Wrong {
    field: &'static str,
    value: String,
    rule: String,
}

impl Wrong {
    fn new(field: &'static str, value: String, rule: String) -> Self {
        Self { field, value, rule }
    }
}

/// Why a stored plan is refused: the value, the rule and the remedy, on one line.
pub(super) enum PlanError {
    TooManyRows(usize),
    Row {
        index: usize,
        place: String,
        wrong: Wrong,
    },
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (index, place, wrong) = match self {
            Self::Row { index, place, wrong } => (index, place, wrong),
            Self::TooManyRows(count) => {
                return write!(
                    f,
                    "{count} rows are refused: a stored plan may have {}; split the policy by account and plan again",
                    FleetPlan::MOST_ROWS
                );
            }
        };
        let Wrong { field, value, rule } = wrong;
        let value = shown(value);
        write!(
            f,
            "rows[{index}].{field} ({place}): `{value}` is refused: {rule}; the file was edited, so plan again"
        )
    }
}

/// A text from the file, shortened for an error.
fn shown(text: &str) -> String {
    const MOST: usize = 200;
    visible(text, MOST)
}

#[cfg(test)]
mod tests {
    use proptest::option::of;
    use proptest::prelude::*;
    use proptest::sample::select;
    use serde_json::{Value, json};

    use crate::fleet::{FleetPlan, PlanState};

    fn list() -> impl Strategy<Value = Value> {
        select(vec![
            json!("unrestricted"),
            json!(["203.0.113.0/24"]),
            json!(["203.0.113.0/24", "198.51.100.7/32"]),
            json!(["198.51.100.7/32", "203.0.113.0/24"]),
            json!(["0.0.0.0/1", "128.0.0.0/1"]),
        ])
    }

    fn observed() -> impl Strategy<Value = Value> {
        (list(), of(0_i64..3))
            .prop_map(|(list, changed_at)| json!({"allowlist": list, "changed_at": changed_at}))
    }

    fn text() -> impl Strategy<Value = Value> {
        ".{0,9}".prop_map(Value::String)
    }

    prop_compose! {
        fn row()(
            state in select(vec!["in_sync", "drifted", "unmanaged", "missing", "unreadable"]),
            id in of("[ab \n\u{202e}]{0,2}"),
            is_subkey in any::<bool>(),
            optional in (
                of(text()), of(observed()), of(list()), of(text()),
                of(select(vec!["any_address", "any_ipv4", "any_ipv6"])),
            ),
        ) -> Value {
            let kind = if is_subkey { "subkey" } else { "token" };
            let target = id.map(|id| json!({kind: id}));
            let mut row = json!({"account": "desk", "target": target, "name": "quoter", "state": state});
            let (rule, observed, desired, note, open_to) = optional;
            let fields = [
                ("rule", rule), ("observed", observed), ("desired", desired), ("note", note), ("open_to", open_to.map(Value::from)),
            ];
            for (name, value) in fields {
                if let Some(value) = value {
                    row[name] = value;
                }
            }
            row
        }
    }

    fn managed(target: Value) -> Value {
        json!({
            "account": "desk", "target": target, "name": "quoter", "state": "in_sync", "rule": "kind `token`",
            "observed": {"allowlist": ["203.0.113.0/24"], "changed_at": null}, "desired": ["203.0.113.0/24"],
        })
    }

    /// Reads a plan with these rows and returns their number.
    fn read(rows: Vec<Value>) -> Result<usize, String> {
        let stored = json!({"version": 1, "environment": "testnet", "made_at": 7, "rows": rows});
        let plan = serde_json::from_value::<FleetPlan>(stored);
        plan.map(|plan| plan.rows().len())
            .map_err(|error| error.to_string())
    }

    /// The most rows that a plan may have. Work for each pair of rows would take very long.
    fn most_rows() -> Vec<Value> {
        (0..10_000)
            .map(|number| match number % 2 {
                0 => managed(json!({"token": format!("id-{number}")})),
                _ => managed(json!({"subkey": format!("0x{number:x}")})),
            })
            .collect()
    }

    #[test]
    fn plan_with_too_many_rows_is_refused() {
        let mut rows = most_rows();
        assert_eq!(read(rows.clone()), Ok(10_000));
        rows.push(managed(json!({"token": "one more"})));
        let error = read(rows).unwrap_err();
        assert!(error.contains("10001 rows") && error.contains("10000"), "{error}");
    }

    #[test]
    fn row_for_the_same_target_in_another_spelling_is_refused() {
        let mut rows = most_rows();
        rows[9_998] = managed(json!({"subkey": "0X000A1"}));
        let error = read(rows.clone()).unwrap_err();
        assert!(
            error.starts_with("rows[9998].target (account `desk`, subkey 0X000A1)")
                && error.contains("rows[161] also changes it"),
            "{error}"
        );
        rows.truncate(9_998);
        let mut twin = managed(json!({"token": "id-4"}));
        twin["account"] = json!("another name of the account");
        rows.push(twin);
        let error = read(rows).unwrap_err();
        assert!(error.contains("rows[4] also changes it"), "{error}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 4_096, ..ProptestConfig::default() })]

        #[test]
        fn stored_rows_are_written_as_they_were_read_or_refused(rows in prop::collection::vec(row(), 1..3)) {
            let stored = json!({"version": 1, "environment": "testnet", "made_at": 7, "rows": rows});
            match serde_json::from_value::<FleetPlan>(stored.clone()) {
                Ok(plan) => {
                    // `state` and `open_to` of each row follow from its lists.
                    prop_assert_eq!(serde_json::to_value(&plan).unwrap(), stored);
                    let shown = plan.to_string();
                    for row in plan.rows() {
                        let is_drifted = row.observed().zip(row.desired())
                            .is_some_and(|(observed, desired)| !observed.allowlist().same_networks(desired));
                        match row.state() {
                            PlanState::Drifted => prop_assert!(is_drifted),
                            PlanState::InSync => prop_assert!(!is_drifted),
                            _ => {}
                        }
                        if let Some(open_to) = row.open_to() {
                            prop_assert!(shown.contains(&open_to.to_string()));
                        }
                    }
                }
                Err(error) => {
                    let error = error.to_string();
                    prop_assert!(error.starts_with("rows[") && error.ends_with("plan again"), "{}", error);
                    prop_assert!(!error.contains(char::is_control) && error.chars().count() < 1_200);
                }
            }
        }
    }
}
