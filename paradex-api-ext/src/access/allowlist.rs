//! The allowlist of one token or one subkey: reading it, and changing it without surprises.

use std::fmt;
use std::net::IpAddr;

use paradex_api::operations;
use paradex_api::types::{self, UpdateAllowedCidrsRequest};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::access::subkeys::Subkeys;
use crate::access::tokens::Tokens;
use crate::client::Client;
use crate::error::{
    AllowlistError, AllowlistMismatch, ConcurrentChange, Error, InvalidInput, OutcomeUnknown, WouldLockOut,
};
use crate::net::{AllowlistDiff, AllowlistWarning, Cidr, IpAllowlist, OpenTo, StoredAllowlist};

/// Whose list it is. It serialises as `{"token": "…"}` or `{"subkey": "0x…"}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Target {
    /// An API token, by its `lookup_id`.
    Token(String),
    /// A subkey, by its public key.
    Subkey(String),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, id) = match self {
            Self::Token(id) => ("token", id),
            Self::Subkey(id) => ("subkey", id),
        };
        write!(f, "{kind} {}", paradex_api::visible(id, 120))
    }
}

/// A list as it stood when it was read, with the time of its last change.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    target: Target,
    stored: StoredAllowlist,
    /// As the API writes it: it is only compared.
    changed_at: Option<i64>,
}

impl Snapshot {
    pub(crate) fn new(target: Target, stored: StoredAllowlist, changed_at: Option<i64>) -> Self {
        Self {
            target,
            stored,
            changed_at,
        }
    }

    /// Whose list it is.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The list.
    pub fn stored(&self) -> &StoredAllowlist {
        &self.stored
    }

    /// When the token or the subkey was last changed.
    pub fn changed_at(&self) -> Option<std::time::SystemTime> {
        self.raw_changed_at()
            .and_then(crate::time::timestamp_to_system_time)
    }

    /// The time of the last change as the API writes it.
    pub(crate) fn raw_changed_at(&self) -> Option<i64> {
        self.changed_at
    }

    /// Whether nothing has changed between the two: neither the networks nor the time.
    pub(crate) fn still_stands(&self, now: &Self) -> bool {
        let same = match (&self.stored, &now.stored) {
            (StoredAllowlist::Known(before), StoredAllowlist::Known(now)) => before.same_networks(now),
            (before, now) => before == now,
        };
        same && self.changed_at == now.changed_at
    }
}

/// The allowlist of one token or one subkey, at the exchange.
///
/// Only the main account's session may change it. Its words are the same for both.
///
/// ```no_run
/// use paradex_api_ext::Client;
/// use paradex_api_ext::net::IpAllowlist;
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let allowlist = client.tokens().allowlist("token-id");
/// let plan = allowlist
///     .plan_allowlist(IpAllowlist::parse_entries(["203.0.113.0/24"])?)
///     .keep(["203.0.113.7".parse()?])
///     .await?;
/// println!("{plan}");
/// allowlist.apply(&plan).await?;
/// # Ok(())
/// # }
/// ```
///
/// # The window that remains
///
/// The API replaces the whole list, and has no version check. What is read, changed and written here is read
/// once more directly before it is written, and refused if the list or its time of change differs. Between that read
/// and the write another writer can still slip in, and is overwritten. If several programs change one list, let
/// them take turns.
#[derive(Debug, Clone)]
pub struct Allowlist {
    client: Client,
    target: Target,
}

impl Allowlist {
    pub(crate) fn new(client: Client, target: Target) -> Self {
        Self { client, target }
    }

    /// Whose list it is.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Reads the list. The API has no call for a single token, so a token's list comes out of the list of all
    /// tokens, revoked and expired ones included.
    ///
    /// # Errors
    ///
    /// There is no such token or subkey, or the call failed.
    pub async fn read(&self) -> Result<Snapshot, AllowlistError> {
        let (stored, changed_at) = match &self.target {
            Target::Token(id) => {
                let answer = self.client.api().list_tokens().with_invalid(true).send().await;
                let tokens = Tokens::elements(answer.map_err(Error::from)?)?;
                let unnamed = tokens.iter().any(|token| token.lookup_id.is_none());
                let found = tokens
                    .into_iter()
                    .find(|token| token.lookup_id.as_deref() == Some(id));
                match found {
                    Some(token) => (stored_of_token(&token), token.last_updated_at),
                    None => return Err(self.not_listed(unnamed)),
                }
            }
            Target::Subkey(key) => {
                let call = self.client.api().get_subkey().public_key(key);
                let answer = call.send().await.map_err(Error::from)?;
                let subkey = Subkeys::named(&operations::GET_SUBKEY, key, answer)?;
                (stored_of_subkey(&subkey), subkey.updated_at)
            }
        };
        Ok(Snapshot::new(self.target.clone(), stored, changed_at))
    }

    fn not_listed(&self, unnamed: bool) -> AllowlistError {
        let (Target::Token(id) | Target::Subkey(id)) = &self.target;
        if unnamed {
            // It may be the one that is meant.
            return AllowlistError::Other(
                InvalidInput::new(
                    "lookup_id",
                    id,
                    "it is not in the exchange's list, which has elements without an id",
                    "look at the list",
                )
                .into(),
            );
        }
        let rule = "the account has no token of this id";
        AllowlistError::NotFound(
            InvalidInput::new("lookup_id", id, rule, "take the `lookup_id` of the list").into(),
        )
    }

    /// Replaces the whole list, whatever stood before, and returns what the exchange stored.
    ///
    /// Opening up is written [`IpAllowlist::Unrestricted`], and nothing else does it. If no answer comes, the list is
    /// read again to find out; the change is never sent a second time.
    ///
    /// # Errors
    ///
    /// More than 50 entries (nothing is sent), a refusal, a list that was stored differently, or an outcome that
    /// stays unknown.
    pub async fn set(&self, list: IpAllowlist) -> Result<IpAllowlist, AllowlistError> {
        self.write(self.client.api(), list).await
    }

    async fn write(
        &self,
        api: &paradex_api::Client,
        list: IpAllowlist,
    ) -> Result<IpAllowlist, AllowlistError> {
        list.check_limit()?;
        let request = UpdateAllowedCidrsRequest::new(list.to_wire());
        let answered = match &self.target {
            Target::Token(id) => {
                let call = api.update_token_allowed_cidrs().lookup_id(id).body(request);
                call.send().await.map(|token| stored_of_token(&token))
            }
            Target::Subkey(key) => {
                let call = api.update_subkey_allowed_cidrs().public_key(key).body(request);
                call.send().await.map(|subkey| stored_of_subkey(&subkey))
            }
        };
        match answered.map_err(Error::from) {
            Ok(StoredAllowlist::Known(stored)) if stored.same_networks(&list) => Ok(stored),
            Ok(stored @ StoredAllowlist::Known(_)) => Err(differs(list, stored)),
            // The change is made, and the response does not show the list.
            Ok(_) => self.find_out(list, None).await,
            Err(error) if error.is_outcome_unknown() => self.find_out(list, Some(error)).await,
            Err(error) => Err(error.into()),
        }
    }

    /// Reads what stands after a change whose answer is missing or does not show it.
    async fn find_out(&self, list: IpAllowlist, cause: Option<Error>) -> Result<IpAllowlist, AllowlistError> {
        let (found, second) = match self.read().await {
            Ok(snapshot) => (Some(snapshot.stored), None),
            Err(AllowlistError::Other(error)) => (None, Some(error)),
            Err(_) => (None, None),
        };
        match (found, &cause) {
            (Some(StoredAllowlist::Known(stored)), _) if stored.same_networks(&list) => Ok(stored),
            // The exchange answered that it had made the change, and another list stands.
            (Some(stored @ StoredAllowlist::Known(_)), None) => Err(differs(list, stored)),
            (found, _) => Err(AllowlistError::OutcomeUnknown(Box::new(OutcomeUnknown {
                sent: list,
                found,
                source: cause.or(second),
            }))),
        }
    }

    /// Adds networks to the list that stands. One that is listed already stays listed once.
    ///
    /// # Errors
    ///
    /// As for [`edit`](Self::edit); on an unrestricted list, because adding to "anywhere" would narrow it.
    pub async fn add(&self, networks: impl IntoIterator<Item = Cidr>) -> Result<IpAllowlist, AllowlistError> {
        let networks: Vec<Cidr> = networks.into_iter().collect();
        self.edit(|list| Ok(list.with_added(networks)?)).await
    }

    /// Takes networks off the list that stands.
    ///
    /// # Errors
    ///
    /// As for [`edit`](Self::edit); if one is not listed, and if none would be left, because an empty list opens
    /// the token to the world.
    pub async fn remove(
        &self,
        networks: impl IntoIterator<Item = Cidr>,
    ) -> Result<IpAllowlist, AllowlistError> {
        let networks: Vec<Cidr> = networks.into_iter().collect();
        self.edit(|list| Ok(list.with_removed(networks)?)).await
    }

    /// Reads the list, changes it, reads it once more, and writes it if nothing has changed in between. If the change
    /// leaves the same networks, nothing is written.
    ///
    /// # Errors
    ///
    /// The list that stands is not known, the closure's error, a change in the meantime, and as for
    /// [`set`](Self::set).
    pub async fn edit(
        &self,
        change: impl FnOnce(&IpAllowlist) -> Result<IpAllowlist, AllowlistError>,
    ) -> Result<IpAllowlist, AllowlistError> {
        let before = self.read().await?;
        let standing = before.stored.require_known()?;
        let list = change(standing)?;
        if list.same_networks(standing) {
            return Ok(standing.clone());
        }
        list.check_limit()?;
        self.set_if_still(&before, list).await
    }

    pub(crate) async fn set_if_still(
        &self,
        before: &Snapshot,
        list: IpAllowlist,
    ) -> Result<IpAllowlist, AllowlistError> {
        let now = self.read().await?;
        if !before.still_stands(&now) {
            return Err(AllowlistError::ConcurrentChange(Box::new(ConcurrentChange {
                before: before.stored.clone(),
                now: now.stored,
            })));
        }
        let api = match before.stored() {
            StoredAllowlist::Known(stood) => &self
                .client
                .api_changing(json!({"allowed_cidrs": stood.to_wire()})),
            _ => self.client.api(),
        };
        self.write(api, list).await
    }

    /// Shows what a new list would change, before anything is sent. Name the addresses that must stay
    /// inside with [`PlanAllowlist::keep`].
    pub fn plan_allowlist(&self, list: IpAllowlist) -> PlanAllowlist {
        PlanAllowlist {
            allowlist: self.clone(),
            list,
            keep: Vec::new(),
        }
    }

    /// Carries out a plan, if the list is still the one that the plan was made from and nobody who must stay
    /// inside is shut out.
    ///
    /// # Errors
    ///
    /// Somebody would be locked out, the list has changed since, the plan is for another token, and as for
    /// [`set`](Self::set).
    pub async fn apply(&self, plan: &AllowlistPlan) -> Result<IpAllowlist, AllowlistError> {
        self.apply_with(plan, Force::none()).await
    }

    /// Carries out a plan, and does so in spite of what is named.
    ///
    /// # Errors
    ///
    /// As for [`apply`](Self::apply), but for what is forced.
    pub async fn apply_with(
        &self,
        plan: &AllowlistPlan,
        force: Force,
    ) -> Result<IpAllowlist, AllowlistError> {
        if plan.before.target != self.target {
            return Err(AllowlistError::Other(
                InvalidInput::new(
                    "plan",
                    &plan.before.target,
                    format!("it was made for another list than that of {}", self.target),
                    "plan again with this handle",
                )
                .into(),
            ));
        }
        if !plan.locked_out.is_empty() && !force.despite_lock_out {
            return Err(AllowlistError::WouldLockOut(WouldLockOut {
                addresses: plan.locked_out.clone(),
            }));
        }
        if force.despite_change {
            return self.set(plan.after.clone()).await;
        }
        self.set_if_still(&plan.before, plan.after.clone()).await
    }
}

fn differs(sent: IpAllowlist, stored: StoredAllowlist) -> AllowlistError {
    AllowlistError::AllowlistMismatch(Box::new(AllowlistMismatch { sent, stored }))
}

pub(crate) fn stored_of_token(token: &types::ApiToken) -> StoredAllowlist {
    stored(token.allowed_cidrs.as_deref(), token.undecoded())
}

pub(crate) fn stored_of_subkey(subkey: &types::Subkey) -> StoredAllowlist {
    stored(subkey.allowed_cidrs.as_deref(), subkey.undecoded())
}

/// The allowlist of a response, which can repeat the bearer token of the request where a network should be.
fn stored(entries: Option<&[String]>, undecoded: &paradex_api::wire::Undecoded) -> StoredAllowlist {
    let stored = match entries {
        Some(entries) => StoredAllowlist::from_entries(entries),
        None => StoredAllowlist::from_json(undecoded.get("allowed_cidrs")),
    };
    stored.without_texts()
}

/// What to do in spite of; each is a word of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use]
pub struct Force {
    despite_lock_out: bool,
    despite_change: bool,
    despite_own_credential: bool,
}

impl Force {
    /// Nothing is forced.
    pub fn none() -> Self {
        Self::default()
    }

    /// Shut out addresses that the plan was to keep inside.
    pub fn despite_lock_out(mut self) -> Self {
        self.despite_lock_out = true;
        self
    }

    /// Overwrite what somebody else wrote since the plan was made.
    pub fn despite_change(mut self) -> Self {
        self.despite_change = true;
        self
    }

    /// Revoke the credential that the client itself uses, or one that cannot be told from it. Rotations ask for it alone;
    /// see `fleet::Rotator::finish_with`.
    pub fn despite_own_credential(mut self) -> Self {
        self.despite_own_credential = true;
        self
    }

    /// Returns whether [`despite_own_credential`](Self::despite_own_credential) is set.
    pub fn allows_own_credential(self) -> bool {
        self.despite_own_credential
    }
}

/// A plan in the making. `await` it.
#[derive(Debug)]
#[must_use = "nothing is read before it is awaited"]
pub struct PlanAllowlist {
    allowlist: Allowlist,
    list: IpAllowlist,
    keep: Vec<IpAddr>,
}

impl PlanAllowlist {
    /// Names addresses that must stay inside: those from which the token is used, and the one from which you would
    /// mend a mistake. A plan that shuts one out is not applied unless forced.
    pub fn keep(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.keep.extend(addresses);
        self
    }

    async fn make(self) -> Result<AllowlistPlan, AllowlistError> {
        self.list.check_limit()?;
        let before = self.allowlist.read().await?;
        AllowlistPlan::of(before, self.list, self.keep)
    }
}

impl IntoFuture for PlanAllowlist {
    type Output = Result<AllowlistPlan, AllowlistError>;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.make())
    }
}

/// What a new list would change. Nothing has been sent.
#[derive(Debug, Clone, PartialEq)]
pub struct AllowlistPlan {
    before: Snapshot,
    after: IpAllowlist,
    diff: AllowlistDiff,
    warnings: Vec<AllowlistWarning>,
    keep: Vec<IpAddr>,
    locked_out: Vec<IpAddr>,
}

impl AllowlistPlan {
    /// What it would change if this list took the place of the one that was read.
    pub(crate) fn of(
        before: Snapshot,
        after: IpAllowlist,
        keep: Vec<IpAddr>,
    ) -> Result<Self, AllowlistError> {
        after.check_limit()?;
        let diff = before.stored.require_known()?.diff(&after);
        let shut_out = |address: &IpAddr| !after.allows(*address);
        Ok(Self {
            before,
            warnings: after.warnings(),
            diff,
            locked_out: keep.iter().copied().filter(shut_out).collect(),
            keep,
            after,
        })
    }

    /// The list as it stands.
    pub fn before(&self) -> &Snapshot {
        &self.before
    }

    /// The list as it will stand.
    pub fn after(&self) -> &IpAllowlist {
        &self.after
    }

    /// What comes in and what goes out.
    pub fn diff(&self) -> &AllowlistDiff {
        &self.diff
    }

    /// What one might regret about the new list.
    pub fn warnings(&self) -> &[AllowlistWarning] {
        &self.warnings
    }

    /// Which addresses the new list lets in, if it restricts nothing there. Ask a person before you apply such a plan.
    pub fn open_to(&self) -> Option<OpenTo> {
        self.after.open_to()
    }

    /// The addresses that had to stay inside.
    pub fn kept(&self) -> &[IpAddr] {
        &self.keep
    }

    /// Those of them that the new list shuts out.
    pub fn locked_out(&self) -> &[IpAddr] {
        &self.locked_out
    }
}

impl fmt::Display for AllowlistPlan {
    /// Several lines, for a person to read before agreeing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}: {} -> {}",
            self.before.target, self.before.stored, self.after
        )?;
        if let Some(open_to) = self.open_to() {
            writeln!(f, "  {open_to}")?;
        }
        let diff = self.diff.to_string();
        for line in diff.lines() {
            writeln!(f, "  {line}")?;
        }
        for warning in &self.warnings {
            writeln!(f, "  warning: {warning}")?;
        }
        for address in &self.keep {
            let verdict = if self.locked_out.contains(address) {
                "LOCKED OUT"
            } else {
                "stays inside"
            };
            writeln!(f, "  {address}: {verdict}")?;
        }
        Ok(())
    }
}
