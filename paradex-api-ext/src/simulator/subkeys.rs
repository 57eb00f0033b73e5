//! Subkeys.

use hyper::StatusCode;
use paradex_api::Secret;
use serde_json::{Value, json};

use super::allowlist::{self, EarlierList};
use super::auth::{invalid_timestamp, is_near, not_verified, public_key_invalid, refused, unix_seconds};
use super::clock::TimeUnit;
use super::evm;
use super::leniency::number;
use super::response::SimulatedResponse;
use super::state::{Call, Settings, State};
use super::switches::Switches;
use crate::assumptions::{RevokedAgain, RevokedSession};
use crate::signing::{PublicKey, Signature, SubkeyActivation, SubkeyRegistration};

/// The status of a subkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubkeyStatus {
    /// It can sign in.
    Active,
    /// It is not activated yet.
    Pending,
    /// It was revoked.
    Revoked,
}

/// A subkey.
#[derive(Debug, Clone)]
pub(super) struct Subkey {
    account: String,
    id: i64,
    name: String,
    /// The key as it was registered.
    public_key: String,
    /// The key without leading zeros and in lower case, because one key has several spellings.
    pub(super) canonical: String,
    pub(super) status: SubkeyStatus,
    /// The state in responses. A revoked key keeps its former state.
    state: &'static str,
    encrypted_key: Option<Secret>,
    /// The key that can activate it, if it is pending.
    ephemeral_key: Option<PublicKey>,
    pub(super) allowed_cidrs: Value,
    earlier: Option<EarlierList>,
    created_at: i64,
    updated_at: i64,
    revoked_at: Option<i64>,
}

/// A subkey of the simulator, as a test can inspect it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubkeySnapshot {
    /// The key as it was registered.
    pub public_key: String,
    /// The account that registered it.
    pub account: String,
    /// Its name.
    pub name: String,
    /// Its status.
    pub status: SubkeyStatus,
    /// Its allowlist; `None` if the stored JSON is not a list of texts.
    pub allowed_cidrs: Option<Vec<String>>,
    /// When it was last changed, in the unit of [`SimulatorBuilder::time_unit`](super::SimulatorBuilder::time_unit).
    pub updated_at: i64,
}

impl Subkey {
    pub(super) fn account(&self) -> &str {
        &self.account
    }

    fn changed(&mut self, unit: TimeUnit, now: i64) {
        self.updated_at = unit.after(self.updated_at, now);
    }

    /// Returns whether its open sessions work.
    pub(super) fn may_go_on(&self, switches: &Switches) -> bool {
        match self.status {
            SubkeyStatus::Active => true,
            SubkeyStatus::Revoked => switches.revoked_session == RevokedSession::GoesOn,
            SubkeyStatus::Pending => false,
        }
    }

    /// Returns the allowlist that is in force.
    pub(super) fn enforced(&self, now: i64) -> &Value {
        EarlierList::enforced(self.earlier.as_ref(), &self.allowed_cidrs, now)
    }

    /// Replaces the allowlist with any JSON, which is in force at once.
    pub(super) fn set_allowlist(&mut self, list: Value, unit: TimeUnit, now: i64) {
        self.allowed_cidrs = list;
        self.earlier = None;
        self.changed(unit, now);
    }

    pub(super) fn snapshot(&self, unit: TimeUnit) -> SubkeySnapshot {
        SubkeySnapshot {
            public_key: self.public_key.clone(),
            account: self.account.clone(),
            name: self.name.clone(),
            status: self.status,
            allowed_cidrs: allowlist::texts(&self.allowed_cidrs),
            updated_at: unit.convert(self.updated_at),
        }
    }

    fn json(&self, unit: TimeUnit) -> Value {
        json!({
            "account_id": self.account,
            "allowed_cidrs": self.allowed_cidrs,
            "created_at": unit.convert(self.created_at),
            "id": self.id,
            "name": self.name,
            "public_key": self.public_key,
            "revoked_at": unit.convert(self.revoked_at.unwrap_or(0)),
            "state": self.state,
            "updated_at": unit.convert(self.updated_at),
        })
    }
}

/// Returns the canonical spelling of a public key: `0x`, lower case, no leading zeros. Returns `None` if it is not a key.
pub(super) fn canonical(public_key: &str) -> Option<String> {
    let digits = public_key.strip_prefix("0x")?;
    let hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let rest = digits.trim_start_matches('0').to_ascii_lowercase();
    (hex && digits.len() <= 64 && !rest.is_empty()).then(|| format!("0x{rest}"))
}

pub(super) fn list(state: &State, settings: &Settings, call: &Call<'_>) -> SimulatedResponse {
    let with_revoked = call.query("with_revoked") == Some("true");
    let listed: Vec<Value> = state
        .subkeys
        .iter()
        .filter(|subkey| subkey.account == call.account())
        .filter(|subkey| with_revoked || subkey.revoked_at.is_none())
        .map(|subkey| subkey.json(settings.time_unit))
        .collect();
    SimulatedResponse::ok(&json!({ "results": listed }))
}

pub(super) fn get(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let unit = settings.time_unit;
    find(state, call).map(|subkey| SimulatedResponse::ok(&subkey.json(unit)))
}

pub(super) fn register(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let name = call.text("name")?.to_owned();
    let public_key = call.text("public_key")?.to_owned();
    let canonical = canonical(&public_key).ok_or_else(|| {
        SimulatedResponse::invalid("public_key: must be 0x and at most 64 hex digits, and not zero")
    })?;
    let pending = call.field("state").and_then(Value::as_str) == Some("pending");
    let mut ephemeral_key = None;
    if pending {
        call.text("encrypted_key")?;
        // A key that is not a point of the curve can be registered, but nothing can activate its subkey.
        ephemeral_key = call.text("eph_public_key")?.parse().ok();
    }
    let allowed_cidrs = allowlist::read(&settings.switches.networks, call.field("allowed_cidrs"))?;
    check_registration(state, settings, call, &public_key)?;
    if settings.switches.revoked_again == RevokedAgain::Accepted {
        let is_former = |subkey: &Subkey| {
            subkey.canonical == canonical
                && subkey.status == SubkeyStatus::Revoked
                && subkey.account == call.account()
        };
        state.subkeys.retain(|subkey| !is_former(subkey));
    }
    if state.subkeys.iter().any(|subkey| subkey.canonical == canonical) {
        let message = "the public key is registered already";
        return Err(refused("NOT_UNIQUE", message));
    }
    let id = i64::try_from(state.subkeys.len()).unwrap_or(i64::MAX);
    let (status, shown) = if pending {
        (SubkeyStatus::Pending, "pending")
    } else {
        (SubkeyStatus::Active, "active")
    };
    state.subkeys.push(Subkey {
        account: call.account().to_owned(),
        id: id.saturating_add(1),
        name,
        public_key,
        canonical,
        status,
        state: shown,
        encrypted_key: call
            .field("encrypted_key")
            .and_then(Value::as_str)
            .map(Secret::new),
        ephemeral_key,
        allowed_cidrs,
        earlier: None,
        created_at: call.now,
        updated_at: call.now,
        revoked_at: None,
    });
    Ok(SimulatedResponse::new(StatusCode::CREATED, None, ""))
}

/// Verifies the account's signatures of a registration, if they are given or required.
fn check_registration(
    state: &State,
    settings: &Settings,
    call: &Call<'_>,
    public_key: &str,
) -> Result<(), SimulatedResponse> {
    let given = |names: &[&str]| names.iter().any(|name| call.field(name).is_some());
    let mut proven = false;
    if given(&["siwe_message", "evm_signature"]) {
        evm::check_registration(state, settings, call, public_key)?;
        proven = true;
    }
    if !given(&["signature", "signature_timestamp", "signature_expiry"]) {
        return if settings.require_subkey_signature && !proven {
            Err(not_verified())
        } else {
            Ok(())
        };
    }
    let signature = signature(call)?;
    let account = state.account(call.account()).ok_or_else(not_verified)?;
    let subkey = public_key.parse().map_err(|_| public_key_invalid())?;
    let time = |name: &str| {
        let time = call.field(name).and_then(Value::as_u64);
        time.ok_or_else(|| invalid_timestamp(&format!("{name}: must be given, in seconds")))
    };
    let registration = SubkeyRegistration {
        account: account.address,
        subkey,
        timestamp: time("signature_timestamp")?,
        expiry: time("signature_expiry")?,
    };
    let hash = registration
        .hash()
        .map_err(|error| invalid_timestamp(&format!("signature_expiry: {error}")))?;
    let now = unix_seconds(call.now);
    let begun =
        registration.timestamp <= now || is_near(registration.timestamp, settings.clock_tolerance, call.now);
    if !begun || registration.expiry <= now {
        let message = "signature_timestamp: the signature is not valid at this time";
        return Err(invalid_timestamp(message));
    }
    match account.main_key() {
        Some(key) if key.verify(&hash, &signature) => Ok(()),
        _ => Err(not_verified()),
    }
}

/// Activates a pending subkey, if its ephemeral key has signed.
pub(super) fn activate(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let account = call.text("account_id")?;
    let account = state.account(account).map(|account| account.address.to_string());
    let key = canonical(call.text("public_key")?);
    let signature = signature(call)?;
    let timestamp = call
        .field("timestamp")
        .and_then(Value::as_u64)
        .ok_or_else(|| invalid_timestamp("timestamp: must be in seconds"))?;
    let subkey = state
        .subkeys
        .iter_mut()
        .find(|subkey| Some(&subkey.canonical) == key.as_ref() && Some(&subkey.account) == account.as_ref())
        .ok_or_else(|| SimulatedResponse::not_found("the account has no such subkey"))?;
    if subkey.status != SubkeyStatus::Pending {
        let message = "the subkey is not pending";
        return Err(refused("SUBKEY_NOT_ACTIVATABLE", message));
    }
    let signed = subkey.ephemeral_key.is_some_and(|ephemeral_key| {
        let activation = SubkeyActivation {
            timestamp,
            ephemeral_key,
        };
        ephemeral_key.verify(&activation.hash(), &signature)
    });
    if !signed {
        return Err(not_verified());
    }
    if !is_near(timestamp, settings.clock_tolerance, call.now) {
        return Err(invalid_timestamp(
            "timestamp: is too far from the exchange's clock",
        ));
    }
    (subkey.status, subkey.state) = (SubkeyStatus::Active, "active");
    if let Ok(name) = call.text("name") {
        subkey.name = name.to_owned();
    }
    subkey.changed(settings.time_unit, call.now);
    let encrypted_key = subkey.encrypted_key.as_ref().map(Secret::expose);
    Ok(SimulatedResponse::ok(&json!({ "encrypted_key": encrypted_key })))
}

/// Reads the two numbers of the field `signature`, in hexadecimal or decimal digits.
fn signature(call: &Call<'_>) -> Result<Signature, SimulatedResponse> {
    let malformed = || {
        let message = "signature: must be two numbers, each 0x and hex digits or decimal digits";
        refused("INVALID_STARKNET_SIGNATURE", message)
    };
    match call
        .field("signature")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
    {
        Some([r, s]) => number(r)
            .zip(number(s))
            .and_then(|(r, s)| Signature::new(r, s).ok())
            .ok_or_else(malformed),
        _ => Err(malformed()),
    }
}

pub(super) fn rename(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let name = call.text("name")?.to_owned();
    let subkey = find_kept(state, call)?;
    subkey.name = name;
    subkey.changed(settings.time_unit, call.now);
    Ok(SimulatedResponse::ok(&subkey.json(settings.time_unit)))
}

pub(super) fn revoke(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let subkey = find(state, call)?;
    // Revoking is idempotent.
    if subkey.revoked_at.is_none() {
        subkey.changed(settings.time_unit, call.now);
        subkey.revoked_at = Some(subkey.updated_at);
        subkey.status = SubkeyStatus::Revoked;
    }
    Ok(SimulatedResponse::ok(&json!({ "public_key": subkey.public_key })))
}

pub(super) fn replace_allowlist(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let list = allowlist::replacement(&settings.switches, call)?;
    let subkey = find_kept(state, call)?;
    let earlier = EarlierList::new(&settings.switches, subkey.enforced(call.now), call.now);
    subkey.set_allowlist(list, settings.time_unit, call.now);
    subkey.earlier = earlier;
    Ok(SimulatedResponse::ok(&subkey.json(settings.time_unit)))
}

fn find<'a>(state: &'a mut State, call: &Call<'_>) -> Result<&'a mut Subkey, SimulatedResponse> {
    let key = canonical(call.path("public_key"));
    state
        .subkeys
        .iter_mut()
        .find(|subkey| Some(&subkey.canonical) == key.as_ref() && subkey.account == call.account())
        .ok_or_else(|| SimulatedResponse::not_found("the account has no such subkey"))
}

fn find_kept<'a>(state: &'a mut State, call: &Call<'_>) -> Result<&'a mut Subkey, SimulatedResponse> {
    let subkey = find(state, call)?;
    if subkey.revoked_at.is_some() {
        return Err(SimulatedResponse::not_found("the subkey is revoked"));
    }
    Ok(subkey)
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn public_key_has_one_canonical_spelling() {
        assert_eq!(canonical("0x00AbC").as_deref(), Some("0xabc"));
        for no_key in ["", "0x", "0x0", "abc", "0xg", &format!("0x{}", "1".repeat(65))] {
            assert_eq!(canonical(no_key), None, "{no_key}");
        }
    }
}
