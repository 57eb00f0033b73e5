//! What is wrong with the tokens and subkeys that there are.

use std::fmt::{self, Write as _};
use std::time::Duration;

use serde::Serialize;

use super::policy::{AllowlistPolicy, Matched, PolicyError};
use super::snapshot::{FleetMember, FleetSnapshot, Status};
use super::table;
use crate::access::target::Target;
use crate::net::{Cidr, IpAllowlist, OpenTo, StoredAllowlist};

impl FleetSnapshot {
    /// Looks at every token and subkey: which are unrestricted, cover a whole family, are unreadable, broader than the
    /// policy, at their end within this time, ended or revoked.
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
    /// The policy does not fit what stands; see [`AllowlistPolicy::plan`].
    pub fn audit(
        &self,
        policy: Option<&AllowlistPolicy>,
        expiring_within: Duration,
    ) -> Result<Audit, PolicyError> {
        let assigned = match policy {
            Some(policy) => policy.assign(self)?,
            None => Vec::new(),
        };
        let allowed = |member: &FleetMember| {
            let same = |other: &FleetMember| std::ptr::eq(other, member);
            let found = assigned
                .iter()
                .find(|assigned| matches!(assigned.matched, Matched::Alive(other) if same(other)));
            found.map(|assigned| &assigned.rule.allow)
        };
        let rows = self
            .members()
            .map(|member| AuditRow::of(member, allowed(member), expiring_within));
        let failures = self.failures();
        Ok(Audit {
            rows: rows.collect(),
            accounts: self.accounts().iter().map(|read| read.account.clone()).collect(),
            failures: failures
                .map(|(account, error)| Undecoded {
                    account: account.to_owned(),
                    error: error.to_owned(),
                })
                .collect(),
        })
    }
}

/// What an audit found. Printed, it is a table of those with findings. It serialises as `{"rows": [..], "failures":
/// [{"account", "error"}]}`, all rows included; for the rows see [`AuditRow`].
#[derive(Debug, Clone, Serialize)]
pub struct Audit {
    rows: Vec<AuditRow>,
    #[serde(skip)]
    accounts: Vec<String>,
    failures: Vec<Undecoded>,
}

/// An account that could not be read.
#[derive(Debug, Clone, Serialize)]
struct Undecoded {
    account: String,
    error: String,
}

impl Audit {
    /// Every token and subkey, also those without findings.
    pub fn rows(&self) -> &[AuditRow] {
        &self.rows
    }

    /// Those with findings.
    pub fn findings(&self) -> impl Iterator<Item = &AuditRow> {
        self.rows.iter().filter(|row| !row.findings.is_empty())
    }

    /// The accounts that could not be read, with the reason.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &str)> {
        let failures = self.failures.iter();
        failures.map(|unread| (unread.account.as_str(), unread.error.as_str()))
    }

    /// Whether every account could be read and nothing that is alive has a finding.
    pub fn is_clean(&self) -> bool {
        let dead = |row: &AuditRow| matches!(row.status, Status::Expired | Status::Revoked);
        self.failures.is_empty() && self.findings().all(dead)
    }

    /// Gauges in the text format of Prometheus: seconds to the end of each token that has one and is not revoked, how many
    /// tokens and subkeys have each finding, and whether each account could be read.
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
            "paradex_token_seconds_to_expiry",
            "Seconds until the token ends; 0 if it has ended.",
            ending
                .filter_map(|row| Some((labels(row), row.seconds_to_expiry?)))
                .collect(),
        );
        let mut counts = Vec::new();
        for account in &self.accounts {
            for finding in Finding::NAMES {
                let found = self.rows.iter().filter(|row| row.account == *account);
                let found = found.filter(|row| row.findings.iter().any(|own| own.as_str() == finding));
                let labels = format!("account=\"{}\",finding=\"{finding}\"", escaped(account));
                counts.push((labels, u64::try_from(found.count()).unwrap_or(u64::MAX)));
            }
        }
        gauge(
            "paradex_audit_findings",
            "Tokens and subkeys with this finding.",
            counts,
        );
        let readable = |account: &String| {
            let unread = self.failures.iter().any(|unread| unread.account == *account);
            (format!("account=\"{}\"", escaped(account)), u64::from(!unread))
        };
        gauge(
            "paradex_account_readable",
            "Whether the account could be read.",
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

/// A label value as the format wants it. Hidden characters are made visible first, because the text may be read in a
/// terminal.
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
        for (account, error) in self.failures() {
            writeln!(
                f,
                "{}: could not be read: {}",
                table::one_line(account),
                table::one_line(error)
            )?;
        }
        let found = self.findings().count();
        writeln!(f, "\n{found} of {} with findings", self.rows.len())
    }
}

/// What an audit says of one token or subkey.
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
    fn of(member: &FleetMember, allowed: Option<&IpAllowlist>, expiring_within: Duration) -> Self {
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

    /// The name of its account in the fleet.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Which it is.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is wrong; nothing if all is well.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How long it had left when it was read: 0 if it has ended, nothing if it never ends or does not say.
    pub fn seconds_to_expiry(&self) -> Option<u64> {
        self.seconds_to_expiry
    }
}

/// Something that an audit found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finding {
    /// It works from anywhere.
    Unrestricted,
    /// Its list has entries and restricts nothing in one family or in both.
    #[non_exhaustive]
    WholeFamily {
        /// Which addresses it works from.
        open_to: OpenTo,
    },
    /// Where it works is not known.
    #[non_exhaustive]
    Unreadable {
        /// What is wrong with the list.
        why: String,
    },
    /// It works from addresses that the policy does not name for it.
    #[non_exhaustive]
    Broader {
        /// Those addresses, as the fewest networks.
        by: Vec<Cidr>,
    },
    /// It ends within the time that was asked about.
    Expiring,
    /// Its time is up.
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

    /// The word for it, as it is serialised.
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
