//! Tools for the tokens and subkeys of several accounts.
//!
//! * [`AllowlistPolicy`] describes allowlists in a file. It makes plans that can be reviewed, stored and applied.
//! * [`FleetSnapshot::audit`] reports unrestricted, expiring and otherwise questionable tokens and subkeys.
//! * [`Rotator`] replaces a token or a subkey: it creates a successor, stores its secret in a [`RotationSink`] such as
//!   [`FolderSink`], proves that it works, and later revokes the old one. It can resume after a crash.
//! * [`ConfirmedChange`] changes an allowlist and rolls the change back if it locks this machine out. [`EgressAddress`]
//!   tells from which addresses this machine calls.
//! * [`Config`] reads the accounts from a file, `paradex.toml`, and [`Fleet::from_env`] from environment variables.
//! * [`operators`] documents the program `paradex`, the command line tool for all of this.
//!
//! ```no_run
//! use paradex_api_ext::Client;
//! use paradex_api_ext::fleet::{AllowlistPolicy, Fleet};
//!
//! # async fn example(desk: Client, research: Client) -> Result<(), Box<dyn std::error::Error>> {
//! let policy = AllowlistPolicy::from_toml(&std::fs::read_to_string("policy.toml")?)?;
//! let fleet = Fleet::new().with("desk", desk)?.with("research", research)?;
//!
//! // What would change? Nothing is changed yet.
//! let plan = policy.plan(&fleet.read().await)?;
//! println!("{plan}");
//!
//! // Apply the plan. The report has the outcome of each row.
//! let report = plan.apply(&fleet).await?;
//! println!("{report}");
//! # Ok(())
//! # }
//! ```
//!
//! # Policies
//!
//! A policy names ranges of networks. Each rule selects one token, one subkey, or all of a kind, and lists the ranges from
//! which it may be used. In TOML:
//!
//! ```toml
//! [ranges]
//! office = ["203.0.113.0/24"]
//! colo = ["198.51.100.16/28", "2001:db8:7::/48"]
//!
//! [[rules]]
//! account = "desk"
//! name = "quoter"                # the exact name of one token or subkey
//! allow = ["colo"]
//!
//! [[rules]]
//! account = "desk"
//! id = "5f2c9d0e8a1b4c37"        # a token's lookup id, or a subkey's public key
//! allow = ["office", "colo"]
//!
//! [[rules]]
//! account = "research"
//! kind = "token"                 # all tokens; or "subkey", or a kind of the exchange: "api_key" or "jwt"
//! allow = "unrestricted"         # must be written out: no list means it
//! ```
//!
//! The same in YAML:
//!
//! ```yaml
//! ranges:
//!   office: [203.0.113.0/24]
//! rules:
//!   - account: desk
//!     name: quoter
//!     allow: [office]
//! ```
//!
//! A name also selects the successors that [`Rotator`] creates, whose names are the old name with a suffix
//! ([`base_name`]). So a policy stays valid after a rotation.
//!
//! A rule that matches nothing, a name that two tokens have, and two rules for one token are errors. Tokens and subkeys that no
//! rule selects are not changed. A rule cannot select read-only tokens, because the exchange does not report whether a token is
//! read-only.
//!
//! # Plans
//!
//! [`AllowlistPolicy::plan`] compares the policy with the current lists. Each token and subkey gets a state:
//!
//! | state | meaning | `apply` |
//! |---|---|---|
//! | in sync | the list is as the policy says; order and spelling do not matter | reads the list again, changes nothing |
//! | drifted | the list differs from the policy | replaces it, if it has not changed since the plan was made |
//! | unmanaged | no rule selects it | changes nothing |
//! | missing | a rule selects it, and it is revoked or expired | changes nothing |
//! | unreadable | the list or its account could not be read | changes nothing: set the list by hand |
//!
//! A plan can be serialised, reviewed, and applied later by another process. It has a [version](FleetPlan::VERSION) and
//! contains the observed lists with the time of their last change. A plan can be applied again, also after a crash:
//! lists that are already as planned are not changed.
//!
//! The lists in a row decide what is applied. A stored plan is refused if the `state` of a row contradicts its lists. If a list
//! will restrict
//! nothing, its row is marked `OPEN TO ANY ADDRESS` ([`PlanRow::open_to`]).
//!
//! # Moving to other networks
//!
//! While programs move from one network to another, both networks must be allowed. So a move takes two plans:
//!
//! 1. Write the new networks into the policy. Apply `policy.plan(..)?.widening()?`, which allows the old and the new ones.
//! 2. Plan the widening again to verify that it is in sync, and check that every program works from its new network.
//! 3. Plan the policy itself, which now only removes the old networks, and apply it.
//!
//! # Concurrent changes
//!
//! The API replaces whole lists and has no compare-and-set. Each list is read again directly before it is changed, and
//! skipped if its content or its time of change differs from the plan. A concurrent change between that read and the write
//! is still overwritten. If all writers can share a lock, use [`ApplyPlan::lock`].

pub mod operators {
    //! The manual of the command line tool `paradex`.
    //!
    #![doc = include_str!("operators.md")]
}

mod apply;
mod audit;
mod config;
mod confirm;
mod egress;
mod error;
mod folder;
mod from_env;
mod plan;
mod policy;
mod rotate;
mod self_check;
mod snapshot;
mod stored_plan;
mod table;

pub use apply::{
    ApplyError, ApplyOutcome, ApplyPlan, ApplyReport, ApplyRow, FleetLock, LockFuture, SkipReason,
};
pub use audit::{Audit, AuditRow, Finding};
pub use config::{Config, Profile, ProfileKind, SecretSource};
pub use confirm::{
    ChangeError, ChangeOutcome, ChangeReport, ConfirmedChange, PreparedChange, RollBackReason,
};
pub use egress::{ChangeWarning, EgressAddress, EgressFuture, Family, KnownEgress};
pub use folder::FolderSink;
pub use plan::{FleetPlan, Observed, PlanRow, PlanState};
pub use policy::{AllowlistPolicy, PolicyError};
pub use rotate::{
    Cleanup, RotationError, RotationProblem, RotationSink, RotationSpec, RotationState, RotationStep,
    Rotator, SinkFuture, base_name,
};
pub use self_check::SelfReference;
pub use snapshot::{FleetMember, FleetSnapshot, Status};

use std::error::Error as StdError;

use paradex_api::runtime;
use tokio::task::JoinSet;

use crate::client::Client;
use crate::error::InvalidInput;

use snapshot::AccountRead;

/// The clients of several accounts in one environment, by the account names that policies use.
///
/// Create the clients from one [`ClientGroup`](crate::ClientGroup), so that they share connections and rate limits.
///
/// ```
/// use paradex_api_ext::fleet::Fleet;
/// use paradex_api_ext::{Client, Environment};
///
/// let group = Client::builder(Environment::Testnet).build_group()?;
/// let fleet = Fleet::new().with("desk", group.anonymous())?;
/// assert!(fleet.with("desk", group.anonymous()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "drift")]
#[doc(alias = "audit")]
#[derive(Debug, Clone, Default)]
pub struct Fleet {
    accounts: Vec<(String, Client)>,
}

impl Fleet {
    /// Creates a fleet without accounts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the client of an account. Changes need the main account's session.
    ///
    /// # Errors
    ///
    /// Fails if the name is empty or taken, or if the client calls another environment than the clients before.
    pub fn with(mut self, account: impl Into<String>, client: Client) -> Result<Self, InvalidInput> {
        let account = account.into();
        let refuse = |rule: &str, remedy| Err(InvalidInput::new("account", &account, rule, remedy));
        if account.trim().is_empty() {
            return refuse("it is empty", "give it a name");
        }
        if self.client(&account).is_some() {
            return refuse(
                "the fleet already has an account with this name",
                "use another name",
            );
        }
        let first = self.accounts.first();
        if first.is_some_and(|(_, first)| first.environment() != client.environment()) {
            return refuse(
                "its client calls another environment than the fleet's other clients",
                "use one fleet for each environment",
            );
        }
        self.accounts.push((account, client));
        Ok(self)
    }

    /// Returns the account names in the order in which they were added.
    pub fn accounts(&self) -> impl Iterator<Item = &str> {
        self.accounts.iter().map(|(name, _)| name.as_str())
    }

    /// Returns the client of an account.
    pub fn client(&self, account: &str) -> Option<&Client> {
        let found = self.accounts.iter().find(|(name, _)| name == account);
        found.map(|(_, client)| client)
    }

    /// Reads all tokens and subkeys of all accounts, including revoked and expired ones.
    ///
    /// It makes two calls for each account, for at most eight accounts at a time. If an account cannot be read, the
    /// snapshot has the reason; see [`FleetSnapshot::failures`].
    pub async fn read(&self) -> FleetSnapshot {
        self.read_some(|_| true, &mut |_| {}).await
    }

    /// Reads as [`read`](Self::read) does, and calls `on_account` with the name of each account that is finished, to show
    /// progress.
    #[doc(alias = "progress")]
    pub async fn read_with_progress(&self, mut on_account: impl FnMut(&str) + Send) -> FleetSnapshot {
        self.read_some(|_| true, &mut on_account).await
    }

    async fn read_some(
        &self,
        wanted: impl Fn(&str) -> bool,
        on_account: &mut (dyn FnMut(&str) + Send),
    ) -> FleetSnapshot {
        let accounts: Vec<_> = self.accounts.iter().filter(|(name, _)| wanted(name)).collect();
        let read = match runtime::within(read_all(&accounts, on_account)).await {
            Ok(read) => read,
            Err(error) => {
                let names = accounts.iter().map(|(name, _)| name);
                names
                    .map(|name| AccountRead::failed(name, error.to_string()))
                    .collect()
            }
        };
        let environment = self
            .accounts
            .first()
            .map(|(_, client)| client.environment().to_string());
        FleetSnapshot::new(environment.unwrap_or_default(), read)
    }
}

/// Reads accounts, a few at a time.
async fn read_all(
    clients: &[&(String, Client)],
    on_account: &mut (dyn FnMut(&str) + Send),
) -> Vec<AccountRead> {
    /// A compromise between speed and the exchange's rate limit per address.
    const AT_ONCE: usize = 8;
    let mut accounts: Vec<AccountRead> = Vec::new();
    let mut reads: JoinSet<(usize, AccountRead)> = JoinSet::new();
    for (account, client) in clients {
        if reads.len() >= AT_ONCE
            && let Some(Ok((place, read))) = reads.join_next().await
        {
            on_account(&read.account);
            put(&mut accounts, place, read);
        }
        let (place, client) = (accounts.len(), client.clone());
        // If the task panics, the account must not look empty.
        accounts.push(AccountRead::failed(account, "the read ended early"));
        let account = account.clone();
        reads.spawn(async move { (place, snapshot::read(account, client).await) });
    }
    while let Some(read) = reads.join_next().await {
        if let Ok((place, read)) = read {
            on_account(&read.account);
            put(&mut accounts, place, read);
        }
    }
    accounts
}

fn put(accounts: &mut [AccountRead], place: usize, read: AccountRead) {
    if let Some(account) = accounts.get_mut(place) {
        *account = read;
    }
}

/// An error and its causes on one line.
fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    table::one_line(&text)
}
