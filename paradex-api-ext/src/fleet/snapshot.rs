//! Every token and subkey of several accounts, as they were read.

use std::fmt;
use std::time::SystemTime;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::{chain, table};
use crate::access::allowlist::snapshot::AllowlistSnapshot;
use crate::access::subkeys::{Subkey, SubkeyState};
use crate::access::target::Target;
use crate::access::tokens::ApiToken;
use crate::client::Client;
use crate::net::StoredAllowlist;
use crate::time::{Expiry, unix_seconds};

/// Every token and subkey of a fleet's accounts at one time; returned by [`Fleet::read`](super::Fleet::read).
///
/// It prints as a table. It serialises as `{"environment", "taken_at", "failures": [{"account", "error"}],
/// "members": [..]}`, with Unix times in seconds; see [`FleetMember`].
#[derive(Debug, Clone)]
pub struct FleetSnapshot {
    environment: String,
    taken_at: SystemTime,
    accounts: Vec<AccountRead>,
}

/// The result of reading one account.
#[derive(Debug, Clone)]
pub(super) struct AccountRead {
    pub(super) account: String,
    pub(super) failure: Option<String>,
    pub(super) members: Vec<FleetMember>,
}

impl AccountRead {
    pub(super) fn failed(account: &str, failure: impl Into<String>) -> Self {
        Self {
            account: account.to_owned(),
            failure: Some(failure.into()),
            members: Vec::new(),
        }
    }
}

/// Reads one account. If one of the two lists fails, the account fails: missing tokens must not look revoked.
pub(super) async fn read(account: String, client: Client) -> AccountRead {
    let now = client.group().now();
    let lists = async {
        let tokens = client.tokens().list().with_revoked_and_expired().send().await?;
        let subkeys = client.subkeys().list().with_revoked().send().await?;
        Ok::<_, crate::Error>((tokens, subkeys))
    };
    match lists.await {
        Ok((tokens, subkeys)) => {
            let tokens = tokens
                .iter()
                .map(|token| FleetMember::token(&account, token, now));
            let subkeys = subkeys.iter().map(|subkey| FleetMember::subkey(&account, subkey));
            AccountRead {
                members: tokens.chain(subkeys).collect(),
                failure: None,
                account,
            }
        }
        Err(error) => AccountRead::failed(&account, chain(&error)),
    }
}

impl FleetSnapshot {
    pub(super) fn new(environment: String, accounts: Vec<AccountRead>) -> Self {
        Self {
            environment,
            taken_at: SystemTime::now(),
            accounts,
        }
    }

    /// Returns the environment, as [`Environment`](crate::Environment) prints it.
    pub fn environment(&self) -> &str {
        &self.environment
    }

    /// Returns when it was read, by this machine's clock.
    pub fn taken_at(&self) -> SystemTime {
        self.taken_at
    }

    /// Returns the tokens and subkeys, account by account, without those of accounts that could not be read.
    pub fn members(&self) -> impl Iterator<Item = &FleetMember> {
        self.accounts.iter().flat_map(|account| &account.members)
    }

    /// Returns the accounts that could not be read, with the reason.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &str)> {
        let failed = |account: &'_ AccountRead| account.failure.is_some();
        let failed = self.accounts.iter().filter(move |account| failed(account));
        failed.filter_map(|account| Some((account.account.as_str(), account.failure.as_deref()?)))
    }

    /// Keeps only the members for which the predicate holds.
    ///
    /// Use it for output only: a policy would report that its rules for removed members match nothing.
    pub fn retain(&mut self, mut keep: impl FnMut(&FleetMember) -> bool) {
        for account in &mut self.accounts {
            account.members.retain(&mut keep);
        }
    }

    pub(super) fn accounts(&self) -> &[AccountRead] {
        &self.accounts
    }
}

impl fmt::Display for FleetSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.members().map(|member| {
            [
                table::short(&member.account),
                table::short(member.kind()),
                member.id().chars().take(120).collect(),
                table::short(&member.name),
                member.status.as_str().to_owned(),
                member.expires(),
                member.stored().to_string(),
            ]
        });
        let heading = ["ACCOUNT", "KIND", "ID", "NAME", "STATUS", "EXPIRES", "ALLOWLIST"];
        table::write(f, heading, rows)?;
        table::write_failures(f, self.failures())?;
        Ok(())
    }
}

#[derive(Serialize)]
struct Failure<'a> {
    account: &'a str,
    error: &'a str,
}

impl Serialize for FleetSnapshot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let failures = self.failures().map(|(account, error)| Failure { account, error });
        let mut fields = serializer.serialize_struct("FleetSnapshot", 4)?;
        fields.serialize_field("environment", &self.environment)?;
        fields.serialize_field("taken_at", &unix_seconds(self.taken_at))?;
        fields.serialize_field("failures", &failures.collect::<Vec<_>>())?;
        fields.serialize_field("members", &self.members().collect::<Vec<_>>())?;
        fields.end()
    }
}

/// The life cycle state of a token or subkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Status {
    /// It can be used.
    Live,
    /// It is a subkey that awaits activation.
    Pending,
    /// It has expired.
    Expired,
    /// It was revoked.
    Revoked,
}

impl Status {
    /// Returns the name under which it is serialised.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Pending => "pending",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

/// One token or one subkey of an account.
///
/// It serialises as `{"account", "target": {"token": "id"} or {"subkey": "0x…"}, "name", "kind", "status",
/// "allowlist", "unknown_reason", "expires_at", "seconds_to_expiry"}`. `allowlist` is `"unrestricted"`, an array of networks, or
/// `null` if it is not known; `unknown_reason` then says why.
#[derive(Debug, Clone)]
pub struct FleetMember {
    account: String,
    snapshot: AllowlistSnapshot,
    name: String,
    kind: Option<String>,
    status: Status,
    expiry: Expiry,
    seconds_to_expiry: Option<u64>,
}

impl FleetMember {
    fn token(account: &str, token: &ApiToken, now: SystemTime) -> Self {
        let status = match token.is_live(now) {
            true => Status::Live,
            false if token.expiry().has_ended(now) && token.revoked_at().is_none() => Status::Expired,
            false => Status::Revoked,
        };
        Self {
            account: account.to_owned(),
            snapshot: AllowlistSnapshot::new(
                Target::Token(token.lookup_id().to_owned()),
                token.allowlist().clone(),
                token.raw().last_updated_at,
            ),
            name: token.name().to_owned(),
            kind: token.kind().map(|kind| kind.as_str().to_owned()),
            status,
            expiry: token.expiry(),
            seconds_to_expiry: token.expiry().left(now).map(|left| left.as_secs()),
        }
    }

    fn subkey(account: &str, subkey: &Subkey) -> Self {
        let status = match subkey.state() {
            _ if !subkey.is_live() => Status::Revoked,
            Some(SubkeyState::Pending) => Status::Pending,
            _ => Status::Live,
        };
        Self {
            account: account.to_owned(),
            snapshot: AllowlistSnapshot::new(
                Target::Subkey(subkey.public_key().to_owned()),
                subkey.allowlist().clone(),
                subkey.raw().updated_at,
            ),
            name: subkey.name().to_owned(),
            kind: None,
            status,
            expiry: Expiry::Never,
            seconds_to_expiry: None,
        }
    }

    /// Returns the name of its account in the fleet.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Returns the token or subkey.
    pub fn target(&self) -> &Target {
        self.snapshot.target()
    }

    /// Returns the lookup id or the public key; empty if the exchange reports none.
    pub fn id(&self) -> &str {
        match self.target() {
            Target::Token(id) | Target::Subkey(id) => id,
        }
    }

    /// Returns its name; empty if it has none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns `subkey`, a token's kind as the exchange spells it, or `token` if the kind is not reported.
    pub fn kind(&self) -> &str {
        match (self.target(), &self.kind) {
            (Target::Subkey(_), _) => "subkey",
            (Target::Token(_), Some(kind)) => kind,
            (Target::Token(_), None) => "token",
        }
    }

    /// Returns its life cycle state.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Returns whether it is neither revoked nor expired. A pending subkey is alive.
    pub fn is_alive(&self) -> bool {
        matches!(self.status, Status::Live | Status::Pending)
    }

    /// Returns its allowlist as the exchange stores it.
    pub fn stored(&self) -> &StoredAllowlist {
        self.snapshot.stored()
    }

    /// Returns when it expires; a subkey never does.
    pub fn expiry(&self) -> Expiry {
        self.expiry
    }

    /// Returns the seconds to expiry when it was read, by the exchange's clock.
    ///
    /// Returns `None` if it never expires, or if the exchange does not report it.
    pub fn seconds_to_expiry(&self) -> Option<u64> {
        self.seconds_to_expiry
    }

    pub(super) fn snapshot(&self) -> &AllowlistSnapshot {
        &self.snapshot
    }

    /// The expiry for a table.
    pub(super) fn expires(&self) -> String {
        self.expiry.to_string()
    }

    /// The expiry as Unix time in seconds.
    pub(super) fn expires_at(&self) -> Option<u64> {
        match self.expiry {
            Expiry::At(end) => Some(unix_seconds(end)),
            _ => None,
        }
    }
}

impl Serialize for FleetMember {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let unknown = match self.stored() {
            StoredAllowlist::Known(_) => None,
            unknown => Some(unknown.to_string()),
        };
        let mut fields = serializer.serialize_struct("FleetMember", 9)?;
        fields.serialize_field("account", &self.account)?;
        fields.serialize_field("target", self.target())?;
        fields.serialize_field("name", &self.name)?;
        fields.serialize_field("kind", self.kind())?;
        fields.serialize_field("status", &self.status)?;
        fields.serialize_field("allowlist", &self.stored().known())?;
        fields.serialize_field("unknown_reason", &unknown)?;
        fields.serialize_field("expires_at", &self.expires_at())?;
        fields.serialize_field("seconds_to_expiry", &self.seconds_to_expiry)?;
        fields.end()
    }
}
