//! Work on many tokens and subkeys of several accounts.
//!
//! * [`AllowlistPolicy`] keeps their allowlists in one text, and makes plans that can be reviewed, stored and applied.
//! * [`FleetSnapshot::audit`] says what is wrong with the tokens and subkeys that there are.
//! * [`Rotator`] makes the successor of a token or a subkey, hands its secret to a store of yours, proves it, and
//!   revokes the old one when you say so. Every step is written down first, so that a crash leaves nothing behind. [`FolderSink`]
//!   is a store in files.
//! * [`ConfirmedChange`] gives a token or a subkey another allowlist, tries it from here, and takes it back if it locks this
//!   machine out. [`EgressAddress`] says from where this machine calls.
//! * [`operators`] is about the program `paradex`, which does this from a shell.
//!
//! ```no_run
//! use paradex_api_ext::Client;
//! use paradex_api_ext::fleet::{AllowlistPolicy, Fleet};
//!
//! # async fn example(desk: Client, research: Client) -> Result<(), Box<dyn std::error::Error>> {
//! let policy = AllowlistPolicy::from_toml(&std::fs::read_to_string("policy.toml")?)?;
//! let fleet = Fleet::new().with("desk", desk)?.with("research", research)?;
//!
//! // What would change? Nothing is sent.
//! let plan = policy.plan(&fleet.read().await)?;
//! println!("{plan}");
//!
//! // Change it, and be told what became of each.
//! let report = plan.apply(&fleet).await?;
//! println!("{report}");
//! # Ok(())
//! # }
//! ```
//!
//! # A policy
//!
//! Ranges have names; a rule says what one token, one subkey, or all of a kind may be used from. In TOML:
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
//! kind = "token"                 # all of them; or "subkey", or the exchange's "api_key" or "jwt"
//! allow = "unrestricted"         # spelled out: no list means it
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
//! A name also selects the successors that [`Rotator`] makes, whose names are the old one's with an ending
//! ([`base_name`]), so that a policy outlives a rotation.
//!
//! A rule that matches nothing, a name that two have, and two rules for one token are errors, because each means that
//! the policy does not say what its writer thinks. What no rule names is not touched. Whether a token may only read
//! cannot be selected by: the exchange does not report it.
//!
//! # A plan
//!
//! [`AllowlistPolicy::plan`] holds the policy against what stands and says of each token and subkey:
//!
//! | state | meaning | `apply` |
//! |---|---|---|
//! | in sync | the list is the policy's; order and spelling do not count | looks again, changes nothing |
//! | drifted | another list stands | replaces it, if it still is the one that was seen |
//! | unmanaged | no rule names it | leaves it alone |
//! | missing | a rule names it, and it is revoked or has ended | leaves it alone |
//! | unreadable | the list, or the whole account, could not be read | leaves it alone: set it by hand |
//!
//! A plan is a value that can be stored, reviewed and applied later, by another process: it serialises, has a
//! [version](FleetPlan::VERSION), and holds what was seen with the time of its last change. Applying it a second time, or
//! again after a crash, changes nothing that is already as planned.
//!
//! What is written follows from the two lists of a row. A stored plan whose `state` says something else is refused when it
//! is read. Rows after which a list restricts nothing are marked `OPEN TO ANY ADDRESS` ([`PlanRow::open_to`]).
//!
//! # Moving ranges
//!
//! While bots move from one network to another both must be inside. So a move is two plans:
//!
//! 1. Write the new ranges into the policy. `policy.plan(..)?.widening()?` plans the old ranges and the new ones; apply it.
//! 2. Verify: that widening is in sync when it is planned again, and every bot works from its new place.
//! 3. Plan the policy itself, which now only narrows, and apply it.
//!
//! # Two operators at once
//!
//! The API replaces whole lists and has no version check. Each target is read again directly before it is changed, and
//! skipped if its list or its time of change is not the one of the plan. That narrows the window in which somebody else's
//! change is overwritten, to the time between one read and one write, and does not close it. Whoever can take a lock
//! that all writers take should: [`ApplyPlan::lock`].

pub mod operators {
    #![doc = include_str!("operators.md")]
}

mod apply;
mod audit;
mod confirm;
mod egress;
mod folder;
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
pub use snapshot::{FleetMember, FleetSnapshot, Status};

use std::error::Error as StdError;

use paradex_api::runtime;
use tokio::task::JoinSet;

use crate::client::Client;
use crate::error::InvalidInput;

use snapshot::AccountRead;

/// Clients of several accounts at one exchange, each with the name that policies call it by.
///
/// Make them from one [`ClientGroup`](crate::ClientGroup): then they have one pool of connections and keep to one limit.
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
#[derive(Debug, Clone, Default)]
pub struct Fleet {
    accounts: Vec<(String, Client)>,
}

impl Fleet {
    /// No account yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the client of an account. To change anything it needs the main account's session.
    ///
    /// # Errors
    ///
    /// The name is empty or taken, or the client speaks to another exchange than those before.
    pub fn with(mut self, account: impl Into<String>, client: Client) -> Result<Self, InvalidInput> {
        let account = account.into();
        let refuse = |rule: &str, remedy| Err(InvalidInput::new("account", &account, rule, remedy));
        if account.trim().is_empty() {
            return refuse("it is empty", "give it a name");
        }
        if self.client(&account).is_some() {
            return refuse("the fleet has an account of this name", "give each its own");
        }
        let first = self.accounts.first();
        if first.is_some_and(|(_, first)| first.environment() != client.environment()) {
            return refuse(
                "its client speaks to another exchange than the others",
                "make a fleet for each exchange",
            );
        }
        self.accounts.push((account, client));
        Ok(self)
    }

    /// The names, in the order in which they were added.
    pub fn accounts(&self) -> impl Iterator<Item = &str> {
        self.accounts.iter().map(|(name, _)| name.as_str())
    }

    /// The client of an account.
    pub fn client(&self, account: &str) -> Option<&Client> {
        let found = self.accounts.iter().find(|(name, _)| name == account);
        found.map(|(_, client)| client)
    }

    /// Reads every token and every subkey of all accounts, dead ones included: two calls for each account, at most
    /// eight accounts at a time.
    ///
    /// An account that could not be read is in the snapshot with the reason; see [`FleetSnapshot::failures`].
    pub async fn read(&self) -> FleetSnapshot {
        self.read_some(|_| true).await
    }

    async fn read_some(&self, wanted: impl Fn(&str) -> bool) -> FleetSnapshot {
        let accounts: Vec<_> = self.accounts.iter().filter(|(name, _)| wanted(name)).collect();
        let read = match runtime::within(read_all(&accounts)).await {
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
async fn read_all(clients: &[&(String, Client)]) -> Vec<AccountRead> {
    /// Enough to be quick, and few enough for a limit per address.
    const AT_ONCE: usize = 8;
    let mut accounts: Vec<AccountRead> = Vec::new();
    let mut reads = JoinSet::new();
    for (account, client) in clients {
        if reads.len() >= AT_ONCE
            && let Some(Ok((place, read))) = reads.join_next().await
        {
            put(&mut accounts, place, read);
        }
        let (place, client) = (accounts.len(), client.clone());
        // A read that ends in a panic must not make the account look empty.
        accounts.push(AccountRead::failed(account, "it was not read"));
        let account = account.clone();
        reads.spawn(async move { (place, snapshot::read(account, client).await) });
    }
    while let Some(read) = reads.join_next().await {
        if let Ok((place, read)) = read {
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
