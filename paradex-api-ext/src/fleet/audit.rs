//! Findings about the tokens and subkeys of a fleet.

use std::collections::{HashMap, HashSet};
use std::fmt::{self, Write as _};
use std::time::Duration;

use serde::Serialize;

use super::policy::{AllowlistPolicy, PolicyError};
use super::snapshot::{FleetMember, FleetSnapshot, Status};
use super::table;
use crate::access::target::Target;
use crate::net::{Cidr, IpAllowlist, OpenTo, StoredAllowlist};

impl FleetSnapshot {
    /// Checks every token and subkey.
    ///
    /// The findings are: unrestricted, open to a whole address family, unreadable, broader than the policy, expiring
    /// within `expiring_within`, expired, revoked.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use paradex_api_ext::fleet::Fleet;
    ///
    /// # async fn example(fleet: Fleet) -> Result<(), Box<dyn std::error::Error>> {
    /// let week = Duration::from_secs(7 * 24 * 60 * 60);
    /// let audit = fleet.read().await.audit(None, week)?;
    /// println!("{audit}");
    /// std::fs::write("/var/lib/node_exporter/paradex.prom", audit.to_prometheus())?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the policy does not fit the snapshot, as [`AllowlistPolicy::plan`] does.
    pub fn audit(
        &self,
        policy: Option<&AllowlistPolicy>,
        expiring_within: Duration,
    ) -> Result<Audit, PolicyError> {
        let assignments = policy.map(|policy| policy.assign(self)).transpose()?;
        let allowed = |member: &FleetMember| {
            let rule = assignments.as_ref()?.rule_for(member)?;
            Some(&rule.allow)
        };
        let rows = self
            .members()
            .map(|member| AuditRow::new(member, allowed(member), expiring_within));
        let failures = self.failures();
        Ok(Audit {
            rows: rows.collect(),
            accounts: self.accounts().iter().map(|read| read.account.clone()).collect(),
            failures: failures
                .map(|(account, error)| UnreadAccount {
                    account: account.to_owned(),
                    error: error.to_owned(),
                })
                .collect(),
        })
    }
}

/// The result of [`FleetSnapshot::audit`].
///
/// It prints as a table of the rows with findings. It serialises as `{"rows": [..], "failures": [{"account", "error"}]}`
/// with all rows; see [`AuditRow`].
#[derive(Debug, Clone, Serialize)]
pub struct Audit {
    rows: Vec<AuditRow>,
    #[serde(skip)]
    accounts: Vec<String>,
    failures: Vec<UnreadAccount>,
}

/// An account that could not be read.
#[derive(Debug, Clone, Serialize)]
struct UnreadAccount {
    account: String,
    error: String,
}

impl Audit {
    /// Returns every token and subkey, including those without findings.
    pub fn rows(&self) -> &[AuditRow] {
        &self.rows
    }

    /// Returns the rows with findings.
    pub fn findings(&self) -> impl Iterator<Item = &AuditRow> {
        self.rows.iter().filter(|row| !row.findings.is_empty())
    }

    /// Returns the accounts that could not be read, with the reason.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &str)> {
        let failures = self.failures.iter();
        failures.map(|unread| (unread.account.as_str(), unread.error.as_str()))
    }

    /// Returns whether every account could be read and no live token or subkey has a finding.
    pub fn is_clean(&self) -> bool {
        let dead = |row: &AuditRow| matches!(row.status, Status::Expired | Status::Revoked);
        self.failures.is_empty() && self.findings().all(dead)
    }

    /// Returns the audit as Prometheus gauges in the text format.
    ///
    /// * `paradex_token_time_to_expiry_seconds`: for each token that expires and is not revoked.
    /// * `paradex_audit_findings`: the number of tokens and subkeys with each finding, by account.
    /// * `paradex_account_readable`: 1 if the account could be read, else 0.
    pub fn to_prometheus(&self) -> String {
        let mut text = String::new();
        let mut gauge = |name: &str, help: &str, lines: Vec<(String, u64)>| {
            // Writing to a String does not fail.
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
            for (labels, value) in lines {
                let _ = writeln!(text, "{name}{{{labels}}} {value}");
            }
        };
        let ending = self.rows.iter().filter(|row| row.status != Status::Revoked);
        gauge(
            "paradex_token_time_to_expiry_seconds",
            "Seconds until the token expires; 0 if it has expired.",
            ending
                .filter_map(|row| Some((labels(row), row.seconds_to_expiry?)))
                .collect(),
        );
        let mut by_finding: HashMap<(&str, &str), u64> = HashMap::new();
        for row in &self.rows {
            for finding in &row.findings {
                *by_finding.entry((&row.account, finding.as_str())).or_default() += 1;
            }
        }
        let mut counts = Vec::new();
        for account in &self.accounts {
            for finding in Finding::NAMES {
                let labels = format!("account=\"{}\",finding=\"{finding}\"", escaped(account));
                let count = by_finding.get(&(account.as_str(), finding));
                counts.push((labels, count.copied().unwrap_or_default()));
            }
        }
        gauge(
            "paradex_audit_findings",
            "Tokens and subkeys with this finding.",
            counts,
        );
        let unread: HashSet<&str> = self.failures().map(|(account, _)| account).collect();
        let readable = |account: &String| {
            let is_readable = !unread.contains(account.as_str());
            (
                format!("account=\"{}\"", escaped(account)),
                u64::from(is_readable),
            )
        };
        gauge(
            "paradex_account_readable",
            "Whether the account could be read (1) or not (0).",
            self.accounts.iter().map(readable).collect(),
        );
        text
    }
}

fn labels(row: &AuditRow) -> String {
    let (Target::Token(id) | Target::Subkey(id)) = &row.target;
    format!(
        "account=\"{}\",id=\"{}\",name=\"{}\"",
        escaped(&row.account),
        escaped(id),
        escaped(&row.name)
    )
}

/// Escapes a label value. Hidden characters are made visible first, because the text may be shown in a terminal.
fn escaped(text: &str) -> String {
    let line = |line| table::one_line(line).replace('\\', r"\\").replace('"', "\\\"");
    let lines: Vec<String> = text.split('\n').map(line).collect();
    lines.join("\\n")
}

impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.findings().map(|row| {
            let findings: Vec<String> = row.findings.iter().map(Finding::to_string).collect();
            [
                table::short(&row.account),
                row.target.to_string(),
                table::short(&row.name),
                row.expires.clone(),
                findings.join("; "),
            ]
        });
        table::write(f, ["ACCOUNT", "TARGET", "NAME", "EXPIRES", "FINDINGS"], rows)?;
        table::write_failures(f, self.failures())?;
        let found = self.findings().count();
        writeln!(f, "\n{found} of {} with findings", self.rows.len())
    }
}

/// One token or subkey in an audit.
///
/// It serialises as `{"account", "target", "name", "kind", "status", "allowlist", "expires_at", "seconds_to_expiry",
/// "findings": [{"finding": "broader", "by": ["0.0.0.0/0"]}, …]}`.
#[derive(Debug, Clone, Serialize)]
pub struct AuditRow {
    account: String,
    target: Target,
    name: String,
    kind: String,
    status: Status,
    allowlist: Option<IpAllowlist>,
    expires_at: Option<u64>,
    seconds_to_expiry: Option<u64>,
    findings: Vec<Finding>,
    #[serde(skip)]
    expires: String,
}

impl AuditRow {
    fn new(member: &FleetMember, allowed: Option<&IpAllowlist>, expiring_within: Duration) -> Self {
        let mut findings = Vec::new();
        match (member.status(), member.stored()) {
            (Status::Revoked, _) => findings.push(Finding::Revoked),
            (Status::Expired, _) => findings.push(Finding::Expired),
            (_, StoredAllowlist::Known(list)) => {
                match (list, list.open_to()) {
                    (IpAllowlist::Unrestricted, _) => findings.push(Finding::Unrestricted),
                    (_, Some(open_to)) => findings.push(Finding::WholeFamily { open_to }),
                    (_, None) => {}
                }
                if let Some(diff) = allowed.map(|allowed| allowed.diff(list))
                    && diff.widens()
                {
                    findings.push(Finding::Broader {
                        by: diff.opened().to_vec(),
                    });
                }
            }
            (_, unknown) => findings.push(Finding::Unreadable {
                why: unknown.to_string(),
            }),
        }
        if member.is_alive()
            && member
                .seconds_to_expiry()
                .is_some_and(|left| left < expiring_within.as_secs())
        {
            findings.push(Finding::Expiring);
        }
        Self {
            account: member.account().to_owned(),
            target: member.target().clone(),
            name: member.name().to_owned(),
            kind: member.kind().to_owned(),
            status: member.status(),
            allowlist: member.stored().known().cloned(),
            expires_at: member.expires_at(),
            seconds_to_expiry: member.seconds_to_expiry(),
            findings,
            expires: member.expires(),
        }
    }

    /// Returns the name of its account in the fleet.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Returns the token or subkey.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Returns its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the findings; empty if there are none.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns the seconds to expiry when it was read, or 0 if it had expired.
    ///
    /// Returns `None` if it never expires, or if the exchange does not report it.
    pub fn seconds_to_expiry(&self) -> Option<u64> {
        self.seconds_to_expiry
    }
}

/// A finding of an audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finding {
    /// It can be used from any address.
    Unrestricted,
    /// Its list has entries, and still covers all public addresses of one family or of both.
    #[non_exhaustive]
    WholeFamily {
        /// The addresses that are not restricted.
        open_to: OpenTo,
    },
    /// Its allowlist is not known.
    #[non_exhaustive]
    Unreadable {
        /// Why the list is not known.
        why: String,
    },
    /// It can be used from addresses that the policy does not allow.
    #[non_exhaustive]
    Broader {
        /// Those addresses, as the smallest number of networks.
        by: Vec<Cidr>,
    },
    /// It expires within the time that the audit was given.
    Expiring,
    /// It has expired.
    Expired,
    /// It was revoked.
    Revoked,
}

impl Finding {
    const NAMES: [&str; 7] = [
        "unrestricted",
        "whole_family",
        "unreadable",
        "broader",
        "expiring",
        "expired",
        "revoked",
    ];

    /// Returns the name under which it is serialised.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Unrestricted => "unrestricted",
            Self::WholeFamily { .. } => "whole_family",
            Self::Unreadable { .. } => "unreadable",
            Self::Broader { .. } => "broader",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WholeFamily { open_to } => open_to.fmt(f),
            Self::Unreadable { why } => f.write_str(why),
            Self::Broader { by } => {
                f.write_str("broader than the policy by ")?;
                for (index, network) in by.iter().take(3).enumerate() {
                    write!(f, "{}{network}", if index == 0 { "" } else { ", " })?;
                }
                match by.len().saturating_sub(3) {
                    0 => Ok(()),
                    more => write!(f, " and {more} more"),
                }
            }
            other => f.write_str(other.as_str()),
        }
    }
}
