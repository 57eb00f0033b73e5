//! The allowlist of one token or subkey: reading and changing it.
//!
//! The API replaces the whole list, has no version, and has no call that reads one token. So a change is made in these steps:
//!
//! | step | why |
//! |---|---|
//! | read the list (of a token through the list of all tokens) | a list that is unreadable or not reported cannot be edited, and the change ends here |
//! | apply the edit | adding to "anywhere" and removing the last entry are errors: both would mean something else |
//! | read again, and refuse if the networks or the time of change differ | the smallest window for a lost update that the API allows |
//! | send, once | a repeated PUT could overwrite a concurrent change |
//! | compare the stored list with the sent one, as sets of networks | the exchange may reorder or respell entries |
//! | if no response arrived: read, and report what is stored | a lost response is no reason to send again |
//!
//! A plan is the first two steps; `apply` is the rest, and refuses to lock out an address that the caller named.

use paradex_api::operations;
use paradex_api::types::UpdateAllowedCidrsRequest;
use serde_json::json;

pub(crate) mod plan;
pub(crate) mod snapshot;

use plan::{AllowlistPlan, AllowlistPlanBuilder, Force};
use snapshot::{AllowlistSnapshot, stored_of_subkey, stored_of_token};

use super::subkeys::Subkeys;
use super::target::Target;
use crate::client::Client;
use crate::error::{
    AllowlistError, AllowlistMismatch, ConcurrentChange, Error, InvalidInput, OutcomeUnknown, WouldLockOut,
};
use crate::net::{Cidr, IpAllowlist, StoredAllowlist};
use crate::pagination::listing;

/// Reads and changes the IP allowlist of one token or subkey.
///
/// Only a session of the main account may change it. Tokens and subkeys have the same methods.
///
/// ```no_run
/// use paradex_api_ext::Client;
/// use paradex_api_ext::net::IpAllowlist;
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let allowlist = client.tokens().allowlist("token-id");
/// let plan = allowlist
///     .plan(IpAllowlist::parse_entries(["203.0.113.0/24"])?)
///     .keep(["203.0.113.7".parse()?])
///     .await?;
/// println!("{plan}");
/// allowlist.apply(&plan).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Concurrent changes
///
/// The API replaces the whole list and checks no version. [`edit`](Self::edit), [`add`](Self::add),
/// [`remove`](Self::remove) and [`apply`](Self::apply) read the list once more directly before they write, and fail
/// with [`AllowlistError::ConcurrentChange`] if the list or its time of change differs. A change that is made between
/// that read and the write is overwritten. If several programs change one list, let only one do so at a time.
#[doc(alias = "whitelist")]
#[doc(alias = "ip whitelist")]
#[doc(alias = "ip restriction")]
#[doc(alias = "allowed_cidrs")]
#[derive(Debug, Clone)]
pub struct Allowlist {
    client: Client,
    target: Target,
}

impl Allowlist {
    pub(crate) fn new(client: Client, target: Target) -> Self {
        Self { client, target }
    }

    /// Returns the token or subkey that the list belongs to.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Reads the list.
    ///
    /// The API has no call for a single token, so for a token this lists all tokens, with the revoked and expired ones.
    ///
    /// # Errors
    ///
    /// There is no such token or subkey, or the call failed.
    pub async fn read(&self) -> Result<AllowlistSnapshot, AllowlistError> {
        let (stored, changed_at) = match &self.target {
            Target::Token(id) => {
                let response = self.client.api().list_tokens().with_invalid(true).send().await;
                let tokens = listing::elements(response.map_err(Error::from)?)?;
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
                let response = call.send().await.map_err(Error::from)?;
                let subkey = Subkeys::named(&operations::GET_SUBKEY, key, response)?;
                (stored_of_subkey(&subkey), subkey.updated_at)
            }
        };
        Ok(AllowlistSnapshot::new(self.target.clone(), stored, changed_at))
    }

    fn not_listed(&self, unnamed: bool) -> AllowlistError {
        let (Target::Token(id) | Target::Subkey(id)) = &self.target;
        if unnamed {
            // One of those may be the token that is meant.
            let rule = "no token in the exchange's list has this id, but some tokens there have no id at all";
            let remedy = "look at the list of tokens";
            return AllowlistError::Other(InvalidInput::new("lookup_id", id, rule, remedy).into());
        }
        let rule = "the account has no token with this id";
        let remedy = "use a `lookup_id` from the list of tokens";
        AllowlistError::NotFound(InvalidInput::new("lookup_id", id, rule, remedy).into())
    }

    /// Replaces the whole list, whatever it is now, and returns what the exchange stored.
    ///
    /// Only [`IpAllowlist::Unrestricted`] opens it to every address. If no response arrives, the list is read to find out
    /// what happened; the change is never sent twice.
    ///
    /// ```no_run
    /// use paradex_api_ext::Client;
    /// use paradex_api_ext::net::IpAllowlist;
    ///
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let office = IpAllowlist::parse_entries(["203.0.113.0/24"])?;
    /// client.tokens().allowlist("token-id").set(office).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The list has more than 50 entries (nothing is sent), the exchange refused it or stored another list, or the
    /// outcome stays unknown.
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
        let outcome = match &self.target {
            Target::Token(id) => {
                let call = api.update_token_allowed_cidrs().lookup_id(id).body(request);
                call.send().await.map(|token| stored_of_token(&token))
            }
            Target::Subkey(key) => {
                let call = api.update_subkey_allowed_cidrs().public_key(key).body(request);
                call.send().await.map(|subkey| stored_of_subkey(&subkey))
            }
        };
        match outcome.map_err(Error::from) {
            Ok(StoredAllowlist::Known(stored)) if stored.same_networks(&list) => Ok(stored),
            Ok(stored @ StoredAllowlist::Known(_)) => Err(mismatch(list, stored)),
            // The change was made, but the response does not show the list.
            Ok(_) => self.confirm(list, None).await,
            Err(error) if error.is_outcome_unknown() => self.confirm(list, Some(error)).await,
            Err(error) => Err(error.into()),
        }
    }

    /// Reads the list after a change whose response is missing or does not show it.
    async fn confirm(&self, list: IpAllowlist, cause: Option<Error>) -> Result<IpAllowlist, AllowlistError> {
        let (found, second) = match self.read().await {
            Ok(snapshot) => (Some(snapshot.into_stored()), None),
            Err(AllowlistError::Other(error)) => (None, Some(error)),
            Err(_) => (None, None),
        };
        match (found, &cause) {
            (Some(StoredAllowlist::Known(stored)), _) if stored.same_networks(&list) => Ok(stored),
            // The exchange reported success, but the list is another one.
            (Some(stored @ StoredAllowlist::Known(_)), None) => Err(mismatch(list, stored)),
            (found, _) => Err(AllowlistError::OutcomeUnknown(Box::new(OutcomeUnknown {
                sent: list,
                found,
                source: cause.or(second),
            }))),
        }
    }

    /// Adds networks to the list. Those that are listed already are not listed twice.
    ///
    /// # Errors
    ///
    /// As for [`edit`](Self::edit); or the list is unrestricted, and adding to it would narrow it.
    pub async fn add(&self, networks: impl IntoIterator<Item = Cidr>) -> Result<IpAllowlist, AllowlistError> {
        let networks: Vec<Cidr> = networks.into_iter().collect();
        self.edit(|list| Ok(list.with_added(networks)?)).await
    }

    /// Removes networks from the list.
    ///
    /// # Errors
    ///
    /// As for [`edit`](Self::edit); or a network is not listed, or none would be left: an empty list would let every
    /// address in.
    pub async fn remove(
        &self,
        networks: impl IntoIterator<Item = Cidr>,
    ) -> Result<IpAllowlist, AllowlistError> {
        let networks: Vec<Cidr> = networks.into_iter().collect();
        self.edit(|list| Ok(list.with_removed(networks)?)).await
    }

    /// Reads the list, applies a function to it, and writes the result if nothing was changed concurrently.
    ///
    /// If the function returns the same networks, nothing is written.
    ///
    /// # Errors
    ///
    /// The current list is not known, the function failed, the list was changed concurrently, and as for
    /// [`set`](Self::set).
    pub async fn edit(
        &self,
        change: impl FnOnce(&IpAllowlist) -> Result<IpAllowlist, AllowlistError>,
    ) -> Result<IpAllowlist, AllowlistError> {
        let before = self.read().await?;
        let current = before.stored().require_known()?;
        let list = change(current)?;
        if list.same_networks(current) {
            return Ok(current.clone());
        }
        list.check_limit()?;
        self.set_if_unchanged(&before, list).await
    }

    /// Writes the list if the current one is still that of the snapshot.
    pub(crate) async fn set_if_unchanged(
        &self,
        before: &AllowlistSnapshot,
        list: IpAllowlist,
    ) -> Result<IpAllowlist, AllowlistError> {
        let now = self.read().await?;
        if !before.is_unchanged(&now) {
            return Err(AllowlistError::ConcurrentChange(Box::new(ConcurrentChange {
                before: before.stored().clone(),
                now: now.into_stored(),
            })));
        }
        let api = match before.stored() {
            StoredAllowlist::Known(former) => &self
                .client
                .api_changing(json!({"allowed_cidrs": former.to_wire()})),
            _ => self.client.api(),
        };
        self.write(api, list).await
    }

    /// Plans a new list: shows what it would change, before anything is sent.
    ///
    /// Name the addresses that must keep access with [`AllowlistPlanBuilder::keep`].
    pub fn plan(&self, list: IpAllowlist) -> AllowlistPlanBuilder {
        AllowlistPlanBuilder::new(self.clone(), list)
    }

    /// Applies a plan, if the list has not changed since and no address that must keep access is locked out.
    ///
    /// # Errors
    ///
    /// The plan would lock out an address, the list was changed concurrently, the plan is for another token or subkey,
    /// and as for [`set`](Self::set).
    pub async fn apply(&self, plan: &AllowlistPlan) -> Result<IpAllowlist, AllowlistError> {
        self.apply_with(plan, Force::none()).await
    }

    /// Applies a plan, and skips the checks that `force` names.
    ///
    /// # Errors
    ///
    /// As for [`apply`](Self::apply), but for what is forced.
    pub async fn apply_with(
        &self,
        plan: &AllowlistPlan,
        force: Force,
    ) -> Result<IpAllowlist, AllowlistError> {
        let planned = plan.before().target();
        if *planned != self.target {
            let rule = format!("it was made for another allowlist than that of {}", self.target);
            let remedy = "make a plan with this handle";
            return Err(AllowlistError::Other(
                InvalidInput::new("plan", planned, rule, remedy).into(),
            ));
        }
        if !plan.locked_out().is_empty() && !force.despite_lock_out {
            return Err(AllowlistError::WouldLockOut(WouldLockOut {
                addresses: plan.locked_out().to_vec(),
            }));
        }
        if force.despite_change {
            return self.set(plan.after().clone()).await;
        }
        self.set_if_unchanged(plan.before(), plan.after().clone()).await
    }
}

fn mismatch(sent: IpAllowlist, stored: StoredAllowlist) -> AllowlistError {
    AllowlistError::AllowlistMismatch(Box::new(AllowlistMismatch { sent, stored }))
}
