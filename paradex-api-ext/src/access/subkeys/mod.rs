//! Subkeys: keys that sign for an account within limits, each with the networks from which it may be used.

use paradex_api::types::UpdateSubkeyRequest;
use paradex_api::{Operation, Response, Secret, operations, types};

mod register;
#[cfg(feature = "signing")]
mod sign_registration;
mod subkey;

pub use paradex_api::types::SubkeyState;
pub use register::{Activation, NewSubkey};
pub use subkey::Subkey;

use super::allowlist::Allowlist;
use super::allowlist::plan::AllowlistPlanBuilder;
use super::revocation::{note_revoked, revoked};
use super::target::Target;
use crate::client::Client;
use crate::error::{DecodeError, Error, InvalidInput, RegisterSubkeyError, RevokeError};
use crate::net::IpAllowlist;
use crate::pagination::listing;
use crate::signing::key_text::same_key;

/// Lists, registers and revokes the subkeys of an account.
///
/// ```no_run
/// use paradex_api_ext::Client;
/// use paradex_api_ext::net::IpAllowlist;
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// for subkey in client.subkeys().list().send().await? {
///     println!("{} {}", subkey.public_key(), subkey.allowlist());
/// }
/// let office = IpAllowlist::parse_entries(["203.0.113.0/24"])?;
/// client.subkeys().allowlist("0x1234").set(office).await?;
/// # Ok(())
/// # }
/// ```
#[doc(alias = "trading key")]
#[derive(Debug, Clone)]
pub struct Subkeys {
    client: Client,
}

impl Client {
    /// Returns the subkeys of the account and their allowlists.
    pub fn subkeys(&self) -> Subkeys {
        Subkeys { client: self.clone() }
    }
}

impl Subkeys {
    /// Lists the subkeys that were not revoked; [`ListSubkeys`] can include the others.
    pub fn list(&self) -> ListSubkeys {
        ListSubkeys {
            client: self.client.clone(),
            with_revoked: false,
        }
    }

    /// Reads one subkey.
    ///
    /// # Errors
    ///
    /// There is no subkey with this public key, or the call failed.
    pub async fn get(&self, public_key: &str) -> Result<Subkey, Error> {
        let call = self.client.api().get_subkey().public_key(public_key);
        Self::named(&operations::GET_SUBKEY, public_key, call.send().await?).map(Subkey::new)
    }

    /// Returns the subkey of a response, if it is the requested one.
    pub(crate) fn named(
        operation: &'static Operation,
        public_key: &str,
        response: Response<types::Subkey>,
    ) -> Result<types::Subkey, Error> {
        let is_it = |subkey: &types::Subkey| {
            let key = subkey.public_key.as_deref();
            key.is_some_and(|key| same_key(key, public_key))
        };
        DecodeError::require(operation, response, is_it, "it does not name the subkey")
    }

    /// Registers a subkey, whose allowlist applies from the start.
    ///
    /// The response is empty; [`get`](Self::get) reads what was stored. If the client has the account's own key and the
    /// subkey has no signature, this signs it. Some servers require that signature, and the others accept it.
    /// Without the feature `signing` it signs nothing.
    ///
    /// # Errors
    ///
    /// See [`RegisterSubkeyError`].
    pub async fn register(&self, subkey: NewSubkey) -> Result<(), RegisterSubkeyError> {
        subkey.allowlist().check_limit()?;
        #[cfg(feature = "signing")]
        let subkey = self.client.in_time(subkey.signed_by(&self.client)).await??;
        let call = self.client.api().register_subkey().body(subkey.into_request());
        call.send().await.map_err(Error::from)?;
        Ok(())
    }

    /// Activates a pending subkey and returns its encrypted private key.
    ///
    /// The ephemeral key signs `pedersen(timestamp, ephemeral public key)`, according to the exchange's API document,
    /// which is the only source.
    ///
    /// # Errors
    ///
    /// The call failed.
    pub async fn activate(&self, activation: Activation) -> Result<Option<Secret>, Error> {
        let call = self
            .client
            .api()
            .activate_subkey()
            .body(activation.into_request());
        Ok(call.send().await?.into_inner().encrypted_key)
    }

    /// Renames a subkey.
    ///
    /// # Errors
    ///
    /// There is no subkey with this public key, or the call failed.
    pub async fn rename(&self, public_key: &str, name: &str) -> Result<Subkey, Error> {
        if name.trim().is_empty() {
            return Err(InvalidInput::new("name", name, "it is empty", "write a text").into());
        }
        let request = UpdateSubkeyRequest::new(name);
        let call = self
            .client
            .api()
            .update_subkey()
            .public_key(public_key)
            .body(request);
        Self::named(&operations::UPDATE_SUBKEY, public_key, call.send().await?).map(Subkey::new)
    }

    /// Revokes a subkey permanently.
    ///
    /// # Errors
    ///
    /// See [`RevokeError`].
    pub async fn revoke(&self, public_key: &str) -> Result<(), RevokeError> {
        let call = self.client.api().revoke_subkey().public_key(public_key);
        let outcome = call.send().await.map(drop).map_err(Error::from);
        let is_revoked = async {
            let listed = self.list().with_revoked().send().await;
            listed.is_ok_and(|subkeys| {
                let mut named = subkeys
                    .iter()
                    .filter(|subkey| same_key(subkey.public_key(), public_key));
                named.next().is_some_and(|subkey| subkey.revoked_at().is_some())
            })
        };
        revoked(outcome, is_revoked).await?;
        note_revoked(self.client.group(), &Target::Subkey(public_key.to_owned()));
        Ok(())
    }

    /// Returns the allowlist of one subkey, to read or change it.
    pub fn allowlist(&self, public_key: impl Into<String>) -> Allowlist {
        Allowlist::new(self.client.clone(), Target::Subkey(public_key.into()))
    }

    /// Plans a new allowlist for one subkey; short for [`Allowlist::plan`].
    pub fn plan_allowlist(&self, public_key: impl Into<String>, list: IpAllowlist) -> AllowlistPlanBuilder {
        self.allowlist(public_key).plan(list)
    }
}

/// Lists subkeys; [`send`](Self::send) sends the call.
///
/// ```no_run
/// use paradex_api_ext::Client;
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// for subkey in client.subkeys().list().with_revoked().send().await? {
///     println!("{} {}", subkey.public_key(), subkey.is_live());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before `send`"]
pub struct ListSubkeys {
    client: Client,
    with_revoked: bool,
}

impl ListSubkeys {
    /// Includes revoked subkeys.
    pub fn with_revoked(mut self) -> Self {
        self.with_revoked = true;
        self
    }

    /// Sends the call. The API returns all subkeys in one response.
    ///
    /// # Errors
    ///
    /// The call failed.
    pub async fn send(self) -> Result<Vec<Subkey>, Error> {
        let call = self.client.api().list_subkeys().with_revoked(self.with_revoked);
        let subkeys = listing::elements(call.send().await?)?;
        Ok(subkeys.into_iter().map(Subkey::new).collect())
    }
}
