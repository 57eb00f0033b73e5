//! Subkeys: keys that sign for an account within limits, and the networks from which each may be used.

use std::fmt;
use std::time::{Duration, SystemTime};

use paradex_api::types::{self, ActivateSubkeyRequest, CreateSubkeyRequest, UpdateSubkeyRequest};
use paradex_api::{Operation, Response, Secret, operations};

pub use paradex_api::types::SubkeyState;

use crate::access::allowlist::{Allowlist, PlanAllowlist, Target, stored_of_subkey};
use crate::access::tokens::{elements, revoked};
use crate::auth::{Purpose, SessionKind};
use crate::client::Client;
use crate::error::{AuthenticationError, DecodeError, Error, InvalidInput, RegisterSubkeyError, RevokeError};
use crate::net::{IpAllowlist, StoredAllowlist};
use crate::signing::{SigningError, SubkeyRegistration};
use crate::time::{timestamp_to_system_time, unix_seconds};

/// The subkeys of an account.
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
#[derive(Debug, Clone)]
pub struct Subkeys {
    client: Client,
}

impl Subkeys {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Lists the subkeys that were not revoked; see [`ListSubkeys`] for the others.
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
    /// There is none with this key, or the call failed.
    pub async fn get(&self, public_key: &str) -> Result<Subkey, Error> {
        let call = self.client.api().get_subkey().public_key(public_key);
        Self::named(&operations::GET_SUBKEY, public_key, call.send().await?).map(Subkey::new)
    }

    /// The subkey of an answer, if it is the one that was meant.
    pub(crate) fn named(
        operation: &'static Operation,
        public_key: &str,
        answer: Response<types::Subkey>,
    ) -> Result<types::Subkey, Error> {
        let shows = |subkey: &types::Subkey| is_key(subkey.public_key.as_deref(), public_key);
        DecodeError::require(operation, answer, shows, NOT_NAMED)
    }

    /// Registers a subkey whose allowlist holds from the first second on. The API's answer is empty, so what
    /// was stored can be read with [`get`](Self::get).
    ///
    /// If the client has the account's own key and the subkey brings no signature, it is signed here. Some servers
    /// ask for that signature, and none minds it.
    ///
    /// # Errors
    ///
    /// See [`RegisterSubkeyError`].
    pub async fn register(&self, subkey: NewSubkey) -> Result<(), RegisterSubkeyError> {
        subkey.allowlist.check_limit()?;
        let subkey = self.client.in_time(self.signed(subkey)).await??;
        let call = self.client.api().register_subkey().body(subkey.request());
        call.send().await.map_err(Error::from)?;
        Ok(())
    }

    async fn signed(&self, subkey: NewSubkey) -> Result<NewSubkey, Error> {
        let signed = !subkey.request.signature.is_empty() || subkey.request.evm_signature.is_some();
        let session = self.client.source().session(self.client.group()).await?;
        let Some(session) = session.filter(|session| !signed && session.kind() == SessionKind::MainAccount)
        else {
            return Ok(subkey);
        };
        #[cfg(feature = "evm")]
        if let Some(identity) = session.credentials().ethereum_identity() {
            let group = self.client.group();
            let now = group.now();
            let until = now.checked_add(REGISTRATION_WINDOW).unwrap_or(now);
            let key = subkey.request.public_key.parse().map_err(unsigned)?;
            let signed = crate::auth::register_subkey(group, identity, key, until)
                .await
                .map_err(|error| AuthenticationError::SignIn(std::sync::Arc::new(error)))?;
            return Ok(subkey.ethereum_signature(signed.message, signed.signature));
        }
        if session.credentials().starknet_identity().is_none() {
            return Ok(subkey);
        }
        let signing = self.client.account_signer_in_time().await?;
        let now = signing.now();
        let until = now.checked_add(REGISTRATION_WINDOW).unwrap_or(now);
        let registration = SubkeyRegistration {
            account: signing.account(),
            subkey: subkey.request.public_key.parse().map_err(unsigned)?,
            timestamp: unix_seconds(now),
            expiry: unix_seconds(until),
        };
        let fields = vec![
            ("account", registration.account.to_string()),
            ("subkey_public_key", registration.subkey.to_string()),
            ("signature_timestamp", registration.timestamp.to_string()),
            ("signature_expiry", registration.expiry.to_string()),
        ];
        let hash = registration.hash().map_err(unsigned)?;
        let signature = signing
            .sign(Purpose::RegisterSubkey, Some(until), fields, hash)
            .await
            .map_err(AuthenticationError::Signer)?;
        let [r, s] = signature.to_hex_pair();
        Ok(subkey.starknet_signature(r, s, now, until)?)
    }

    /// Activates a pending subkey and returns its private key in encrypted form.
    ///
    /// The message that its ephemeral key signs is `pedersen(timestamp, ephemeral public key)`; that is known
    /// from the exchange's document alone.
    ///
    /// # Errors
    ///
    /// The call failed.
    pub async fn activate(&self, activation: Activation) -> Result<Option<Secret>, Error> {
        let call = self.client.api().activate_subkey().body(activation.0);
        Ok(call.send().await?.into_inner().encrypted_key)
    }

    /// Gives a subkey another name.
    ///
    /// # Errors
    ///
    /// There is none with this key, or the call failed.
    pub async fn rename(&self, public_key: &str, name: &str) -> Result<Subkey, Error> {
        if name.trim().is_empty() {
            return Err(InvalidInput::new("name", name, "it is empty", "give it a text").into());
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

    /// Revokes a subkey for good.
    ///
    /// # Errors
    ///
    /// See [`RevokeError`].
    pub async fn revoke(&self, public_key: &str) -> Result<(), RevokeError> {
        let call = self.client.api().revoke_subkey().public_key(public_key);
        let outcome = call.send().await.map(drop).map_err(Error::from);
        let is_dead = async {
            let listed = self.list().with_revoked().send().await;
            listed.is_ok_and(|subkeys| {
                let mut named = subkeys
                    .iter()
                    .filter(|subkey| same_key(subkey.public_key(), public_key));
                named.next().is_some_and(|subkey| subkey.revoked_at().is_some())
            })
        };
        revoked(outcome, is_dead).await
    }

    /// The allowlist of one subkey.
    pub fn allowlist(&self, public_key: impl Into<String>) -> Allowlist {
        Allowlist::new(self.client.clone(), Target::Subkey(public_key.into()))
    }

    /// Short for [`Allowlist::plan_allowlist`] of one subkey.
    pub fn plan_allowlist(&self, public_key: impl Into<String>, list: IpAllowlist) -> PlanAllowlist {
        self.allowlist(public_key).plan_allowlist(list)
    }
}

fn unsigned(error: SigningError) -> InvalidInput {
    InvalidInput::new("public_key", error.field(), error.to_string(), "check the key")
}

/// How long the signature of a registration is good for; it is used at once.
const REGISTRATION_WINDOW: Duration = Duration::from_secs(60);

/// The list of subkeys in the making.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before `send`"]
pub struct ListSubkeys {
    client: Client,
    with_revoked: bool,
}

impl ListSubkeys {
    /// Revoked subkeys as well.
    pub fn with_revoked(mut self) -> Self {
        self.with_revoked = true;
        self
    }

    /// Sends the call. The API gives all subkeys in one answer.
    ///
    /// # Errors
    ///
    /// The call failed.
    pub async fn send(self) -> Result<Vec<Subkey>, Error> {
        let call = self.client.api().list_subkeys().with_revoked(self.with_revoked);
        let (mut list, raw) = call.send().await?.into_parts();
        let results = std::mem::take(&mut list.results);
        let subkeys = elements(&operations::LIST_SUBKEYS, results, list.undecoded(), raw)?;
        Ok(subkeys.into_iter().map(Subkey::new).collect())
    }
}

const NOT_NAMED: &str = "it does not name the subkey";

fn is_key(answered: Option<&str>, public_key: &str) -> bool {
    answered.is_some_and(|key| same_key(key, public_key))
}

/// Whether two texts are one key: capitals and leading zeros do not count.
pub(crate) fn same_key(one: &str, other: &str) -> bool {
    key_digits(one) == key_digits(other)
}

/// What all texts of one key have in common: its digits in lower case, without prefix and leading zeros.
pub(crate) fn key_digits(key: &str) -> String {
    let digits = key.strip_prefix("0x").or_else(|| key.strip_prefix("0X"));
    let digits = digits.unwrap_or(key).trim_start_matches('0');
    digits.to_ascii_lowercase()
}

/// A subkey to register.
#[derive(Debug, Clone)]
pub struct NewSubkey {
    request: CreateSubkeyRequest,
    allowlist: IpAllowlist,
}

impl NewSubkey {
    /// How long the window of the main key's signature may be.
    pub const LONGEST_WINDOW: Duration = Duration::from_secs(600);

    /// A subkey with a name for people and this public key (`0x` hex) that may be used from these networks.
    ///
    /// There is no default for the allowlist: to let it be used from anywhere, write
    /// [`IpAllowlist::Unrestricted`]. The signature of the main key does not cover the list.
    ///
    /// # Errors
    ///
    /// An empty name, or a key that is no `0x` hex of at most 64 digits.
    pub fn new(
        name: impl Into<String>,
        public_key: impl Into<String>,
        allowlist: IpAllowlist,
    ) -> Result<Self, InvalidInput> {
        let (name, public_key) = (name.into(), public_key.into());
        if name.trim().is_empty() {
            return Err(InvalidInput::new("name", name, "it is empty", "give it a text"));
        }
        check_key("public_key", &public_key)?;
        Ok(Self {
            request: CreateSubkeyRequest::new(name, public_key),
            allowlist,
        })
    }

    /// The signature of a Starknet main key over account, public key and window, as the two hex numbers r and s.
    ///
    /// # Errors
    ///
    /// A window that is empty or longer than ten minutes, or a time that is not in whole seconds since 1970.
    pub fn starknet_signature(
        mut self,
        r: impl Into<Secret>,
        s: impl Into<Secret>,
        signed_at: SystemTime,
        valid_until: SystemTime,
    ) -> Result<Self, InvalidInput> {
        let (from, to) = (
            seconds("signed_at", signed_at)?,
            seconds("valid_until", valid_until)?,
        );
        let longest = i64::try_from(Self::LONGEST_WINDOW.as_secs()).unwrap_or(i64::MAX);
        if !(1..=longest).contains(&(to - from)) {
            return Err(InvalidInput::new(
                "valid_until",
                to,
                format!(
                    "the window of the signature must be between 1 and {longest} s and is {} s",
                    to - from
                ),
                "sign again with another window",
            ));
        }
        self.request = self
            .request
            .signature(vec![r.into(), s.into()])
            .signature_timestamp(from)
            .signature_expiry(to);
        Ok(self)
    }

    /// The signature of an Ethereum main key: the signed message, verbatim, and the signature.
    pub fn ethereum_signature(
        mut self,
        siwe_message: impl Into<Secret>,
        signature: impl Into<Secret>,
    ) -> Self {
        self.request = self
            .request
            .siwe_message(siwe_message.into())
            .evm_signature(signature.into());
        self
    }

    /// Leaves the subkey pending until the holder of the ephemeral key activates it and takes the private key, which
    /// is stored in encrypted form.
    ///
    /// # Errors
    ///
    /// The ephemeral key is no `0x` hex.
    pub fn pending(
        mut self,
        encrypted_key: impl Into<Secret>,
        ephemeral_public_key: impl Into<String>,
    ) -> Result<Self, InvalidInput> {
        let ephemeral = ephemeral_public_key.into();
        check_key("ephemeral_public_key", &ephemeral)?;
        self.request = self
            .request
            .state(SubkeyState::Pending)
            .encrypted_key(encrypted_key.into())
            .eph_public_key(ephemeral);
        Ok(self)
    }

    fn request(self) -> CreateSubkeyRequest {
        match self.allowlist {
            // Left out means the same, and says nothing that could be misread.
            IpAllowlist::Unrestricted => self.request,
            list @ IpAllowlist::Only(_) => self.request.allowed_cidrs(list.to_wire()),
        }
    }
}

/// The activation of a pending subkey, signed by the caller with the ephemeral key.
#[derive(Debug, Clone)]
pub struct Activation(ActivateSubkeyRequest);

impl Activation {
    /// The account, the public key of the subkey, and the signature with the time that it covers.
    ///
    /// # Errors
    ///
    /// A key that is no `0x` hex, or a time before 1970.
    pub fn new(
        account: impl Into<String>,
        public_key: impl Into<String>,
        r: impl Into<Secret>,
        s: impl Into<Secret>,
        signed_at: SystemTime,
    ) -> Result<Self, InvalidInput> {
        let public_key = public_key.into();
        check_key("public_key", &public_key)?;
        Ok(Self(ActivateSubkeyRequest::new(
            account,
            public_key,
            vec![r.into(), s.into()],
            seconds("signed_at", signed_at)?,
        )))
    }

    /// Renames the subkey with the activation.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.0 = self.0.name(name);
        self
    }
}

fn check_key(field: &'static str, text: &str) -> Result<(), InvalidInput> {
    let digits = text.strip_prefix("0x").unwrap_or_default();
    let fits = (1..=64).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fits {
        Ok(())
    } else {
        Err(InvalidInput::new(
            field,
            text,
            "a public key is `0x` and 1 to 64 hex digits",
            "check the text",
        ))
    }
}

fn seconds(field: &'static str, time: SystemTime) -> Result<i64, InvalidInput> {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).ok();
    since
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .ok_or_else(|| {
            InvalidInput::new(
                field,
                format_args!("{time:?}"),
                "it is before 1970",
                "check the clock",
            )
        })
}

/// A subkey as the exchange lists it.
#[derive(Debug, Clone)]
pub struct Subkey {
    raw: types::Subkey,
    allowlist: StoredAllowlist,
}

impl Subkey {
    fn new(raw: types::Subkey) -> Self {
        Self {
            allowlist: stored_of_subkey(&raw),
            raw,
        }
    }

    /// The public key, by which the other calls address it; empty if the exchange gave none, and an empty one is
    /// refused everywhere.
    pub fn public_key(&self) -> &str {
        self.raw.public_key.as_deref().unwrap_or_default()
    }

    /// The name that its owner gave it; empty if it has none.
    pub fn name(&self) -> &str {
        self.raw.name.as_deref().unwrap_or_default()
    }

    /// Whether it can be used or awaits its activation.
    pub fn state(&self) -> Option<&SubkeyState> {
        self.raw.state.as_ref()
    }

    /// The networks from which it may be used.
    pub fn allowlist(&self) -> &StoredAllowlist {
        &self.allowlist
    }

    /// When it was registered.
    pub fn created_at(&self) -> Option<SystemTime> {
        self.raw.created_at.and_then(timestamp_to_system_time)
    }

    /// When it was last changed.
    pub fn updated_at(&self) -> Option<SystemTime> {
        self.raw.updated_at.and_then(timestamp_to_system_time)
    }

    /// When it was revoked; nothing if it was not.
    pub fn revoked_at(&self) -> Option<SystemTime> {
        self.raw.revoked_at.and_then(timestamp_to_system_time)
    }

    /// Whether it was not revoked.
    pub fn is_live(&self) -> bool {
        self.raw.revoked_at.is_none_or(|at| at == 0)
    }

    /// The value of the raw crate, with everything that has no accessor here.
    pub fn raw(&self) -> &types::Subkey {
        &self.raw
    }
}

impl fmt::Display for Subkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} `{}`: {}",
            Target::Subkey(self.public_key().to_owned()),
            paradex_api::visible(self.name(), 80),
            self.allowlist
        )
    }
}
