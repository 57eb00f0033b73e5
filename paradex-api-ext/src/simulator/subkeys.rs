//! Subkeys.

use hyper::StatusCode;
use paradex_api::Secret;
use serde_json::{Value, json};

use super::allowlist;
use super::answer::Answer;
use super::clock::TimeUnit;
use super::state::{Call, Settings, State};

/// Whether a subkey can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// It can be used.
    Active,
    /// It awaits its activation.
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
    /// The key without leading zeros, in lower case: two spellings of one number are one key.
    pub(super) canonical: String,
    pub(super) standing: Standing,
    /// The state that is answered; a revoked key keeps the one that it had.
    state: &'static str,
    encrypted_key: Option<Secret>,
    pub(super) allowed_cidrs: Value,
    created_at: i64,
    updated_at: i64,
    revoked_at: Option<i64>,
}

/// A subkey as the simulator remembers it, for a test to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubkeySnapshot {
    /// The key as it was registered.
    pub public_key: String,
    /// The account that it acts for.
    pub account: String,
    /// Its name.
    pub name: String,
    /// Whether it can be used.
    pub standing: Standing,
    /// Its allowlist; `None` if what is kept in its place is no list of texts.
    pub allowed_cidrs: Option<Vec<String>>,
    /// When it was last changed, in the unit in which the simulator answers.
    pub updated_at: i64,
}

impl Subkey {
    pub(super) fn account(&self) -> &str {
        &self.account
    }

    fn changed(&mut self, unit: TimeUnit, now: i64) {
        self.updated_at = unit.after(self.updated_at, now);
    }

    /// Puts anything in the place of the allowlist.
    pub(super) fn set_allowlist(&mut self, list: Value, unit: TimeUnit, now: i64) {
        self.allowed_cidrs = list;
        self.changed(unit, now);
    }

    pub(super) fn snapshot(&self, unit: TimeUnit) -> SubkeySnapshot {
        SubkeySnapshot {
            public_key: self.public_key.clone(),
            account: self.account.clone(),
            name: self.name.clone(),
            standing: self.standing,
            allowed_cidrs: allowlist::texts(&self.allowed_cidrs),
            updated_at: unit.of(self.updated_at),
        }
    }

    fn json(&self, unit: TimeUnit) -> Value {
        json!({
            "account_id": self.account,
            "allowed_cidrs": self.allowed_cidrs,
            "created_at": unit.of(self.created_at),
            "id": self.id,
            "name": self.name,
            "public_key": self.public_key,
            "revoked_at": unit.of(self.revoked_at.unwrap_or(0)),
            "state": self.state,
            "updated_at": unit.of(self.updated_at),
        })
    }
}

/// The one spelling of a public key: `0x`, lower case, no leading zeros. Nothing if it is no key.
pub(super) fn canonical(public_key: &str) -> Option<String> {
    let digits = public_key.strip_prefix("0x")?;
    let hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let rest = digits.trim_start_matches('0').to_ascii_lowercase();
    (hex && digits.len() <= 64 && !rest.is_empty()).then(|| format!("0x{rest}"))
}

pub(super) fn list(state: &State, settings: &Settings, call: &Call<'_>) -> Answer {
    let with_revoked = call.query("with_revoked") == Some("true");
    let listed: Vec<Value> = state
        .subkeys
        .iter()
        .filter(|subkey| subkey.account == call.account())
        .filter(|subkey| with_revoked || subkey.revoked_at.is_none())
        .map(|subkey| subkey.json(settings.time_unit))
        .collect();
    Answer::ok(&json!({ "results": listed }))
}

pub(super) fn get(state: &mut State, settings: &Settings, call: &Call<'_>) -> Result<Answer, Answer> {
    let unit = settings.time_unit;
    find(state, call).map(|subkey| Answer::ok(&subkey.json(unit)))
}

pub(super) fn register(state: &mut State, call: &Call<'_>) -> Result<Answer, Answer> {
    let name = call.text("name")?.to_owned();
    let public_key = call.text("public_key")?.to_owned();
    let canonical = canonical(&public_key)
        .ok_or_else(|| Answer::invalid("public_key: must be 0x and at most 64 hex digits, and not zero"))?;
    let pending = call.field("state").and_then(Value::as_str) == Some("pending");
    if pending {
        call.text("encrypted_key")?;
        call.text("eph_public_key")?;
    }
    let allowed_cidrs = allowlist::read(call.field("allowed_cidrs"))?;
    if state.subkeys.iter().any(|subkey| subkey.canonical == canonical) {
        let message = "the public key is registered already";
        return Err(Answer::error(StatusCode::BAD_REQUEST, "NOT_UNIQUE", message));
    }
    let id = i64::try_from(state.subkeys.len()).unwrap_or(i64::MAX);
    let (standing, shown) = if pending {
        (Standing::Pending, "pending")
    } else {
        (Standing::Active, "active")
    };
    state.subkeys.push(Subkey {
        account: call.account().to_owned(),
        id: id.saturating_add(1),
        name,
        public_key,
        canonical,
        standing,
        state: shown,
        encrypted_key: call
            .field("encrypted_key")
            .and_then(Value::as_str)
            .map(Secret::new),
        allowed_cidrs,
        created_at: call.now,
        updated_at: call.now,
        revoked_at: None,
    });
    Ok(Answer::new(StatusCode::CREATED, None, ""))
}

/// Activates a pending subkey. Any two numbers pass for a signature, because what exactly is signed is not confirmed
/// by any source.
pub(super) fn activate(state: &mut State, settings: &Settings, call: &Call<'_>) -> Result<Answer, Answer> {
    let account = call.text("account_id")?;
    let key = canonical(call.text("public_key")?);
    let signature = call.field("signature").and_then(Value::as_array);
    if !signature.is_some_and(|parts| parts.len() == 2 && parts.iter().all(is_number)) {
        return Err(Answer::invalid("signature: must be two numbers"));
    }
    let subkey = state
        .subkeys
        .iter_mut()
        .find(|subkey| Some(&subkey.canonical) == key.as_ref() && subkey.account == account)
        .ok_or_else(|| Answer::not_found("the account has no such subkey"))?;
    if subkey.standing != Standing::Pending {
        let message = "the subkey does not await activation";
        return Err(Answer::error(
            StatusCode::BAD_REQUEST,
            "SUBKEY_NOT_ACTIVATABLE",
            message,
        ));
    }
    (subkey.standing, subkey.state) = (Standing::Active, "active");
    if let Ok(name) = call.text("name") {
        subkey.name = name.to_owned();
    }
    subkey.changed(settings.time_unit, call.now);
    let encrypted_key = subkey.encrypted_key.as_ref().map(Secret::expose);
    Ok(Answer::ok(&json!({ "encrypted_key": encrypted_key })))
}

/// Whether a part of a signature is a number of at most 256 bits, in decimal or hex digits.
fn is_number(part: &Value) -> bool {
    let Some(text) = part.as_str() else { return false };
    let (digits, most) = match text.strip_prefix("0x") {
        Some(digits) => (digits, 64),
        None => (text, 78),
    };
    let decimal = most == 78;
    (1..=most).contains(&digits.len())
        && digits
            .bytes()
            .all(|digit| digit.is_ascii_digit() || (!decimal && digit.is_ascii_hexdigit()))
}

pub(super) fn rename(state: &mut State, settings: &Settings, call: &Call<'_>) -> Result<Answer, Answer> {
    let name = call.text("name")?.to_owned();
    let subkey = find_kept(state, call)?;
    subkey.name = name;
    subkey.changed(settings.time_unit, call.now);
    Ok(Answer::ok(&subkey.json(settings.time_unit)))
}

pub(super) fn revoke(state: &mut State, settings: &Settings, call: &Call<'_>) -> Result<Answer, Answer> {
    let subkey = find(state, call)?;
    // A second time changes nothing, so that a repeated request does no harm.
    if subkey.revoked_at.is_none() {
        subkey.changed(settings.time_unit, call.now);
        subkey.revoked_at = Some(subkey.updated_at);
        subkey.standing = Standing::Revoked;
    }
    Ok(Answer::ok(&json!({ "public_key": subkey.public_key })))
}

pub(super) fn replace_allowlist(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<Answer, Answer> {
    let list = allowlist::read(call.field("allowed_cidrs"))?;
    let subkey = find_kept(state, call)?;
    subkey.set_allowlist(list, settings.time_unit, call.now);
    Ok(Answer::ok(&subkey.json(settings.time_unit)))
}

fn find<'a>(state: &'a mut State, call: &Call<'_>) -> Result<&'a mut Subkey, Answer> {
    let key = canonical(call.path("public_key"));
    state
        .subkeys
        .iter_mut()
        .find(|subkey| Some(&subkey.canonical) == key.as_ref() && subkey.account == call.account())
        .ok_or_else(|| Answer::not_found("the account has no such subkey"))
}

fn find_kept<'a>(state: &'a mut State, call: &Call<'_>) -> Result<&'a mut Subkey, Answer> {
    let subkey = find(state, call)?;
    if subkey.revoked_at.is_some() {
        return Err(Answer::not_found("the subkey is revoked"));
    }
    Ok(subkey)
}

#[cfg(test)]
mod tests {
    use super::{canonical, is_number};

    #[test]
    fn one_key_has_one_spelling() {
        assert_eq!(canonical("0x00AbC").as_deref(), Some("0xabc"));
        for no_key in ["", "0x", "0x0", "abc", "0xg", &format!("0x{}", "1".repeat(65))] {
            assert_eq!(canonical(no_key), None, "{no_key}");
        }
    }

    #[test]
    fn a_signature_is_two_numbers() {
        for (text, number) in [
            ("12", true),
            ("0xab", true),
            ("ab", false),
            ("0x", false),
            ("", false),
        ] {
            assert_eq!(is_number(&text.into()), number, "{text}");
        }
    }
}
