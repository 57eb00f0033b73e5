//! API tokens.

use serde_json::{Value, json};

use super::allowlist::{self, EarlierList};
use super::auth::refused;
use super::clock::{SECOND, TimeUnit};
use super::response::SimulatedResponse;
use super::session::Credential;
use super::state::{Call, Settings, State};
use crate::assumptions::{ReadOnlyType, RevokedInList, RevokingTwice, SameTokenName, ShortLifetime};

/// The lifetimes that a token may have, in seconds.
const LIFETIMES: std::ops::RangeInclusive<i64> = 60..=31_536_000;

/// The `token_type` of a token that may only read. The word is the simulator's own.
const READ_ONLY: &str = "read_only";
/// The `token_type` of a token with the rights of the account's own session. The word is the simulator's own.
const MAIN: &str = "main";

/// A token. Its text is stored in the table of credentials only.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) account: String,
    pub(super) lookup_id: String,
    token_id: String,
    name: String,
    kind: &'static str,
    pub(super) read_only: bool,
    pub(super) main: bool,
    pub(super) allowed_cidrs: Value,
    earlier: Option<EarlierList>,
    created_at: i64,
    pub(super) expiry_at: i64,
    last_updated_at: i64,
    pub(super) revoked_at: Option<i64>,
}

/// An API token of the simulator, as a test can inspect it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenSnapshot {
    /// The id by which the API addresses it.
    pub lookup_id: String,
    /// The account that it belongs to.
    pub account: String,
    /// Its name.
    pub name: String,
    /// Its allowlist; `None` if the stored JSON is not a list of texts.
    pub allowed_cidrs: Option<Vec<String>>,
    /// Whether it was revoked.
    pub revoked: bool,
    /// Whether it has expired.
    pub expired: bool,
    /// When it was last changed, in the unit of [`SimulatorBuilder::time_unit`](super::SimulatorBuilder::time_unit).
    pub last_updated_at: i64,
}

impl Token {
    fn live(&self, now: i64) -> bool {
        self.revoked_at.is_none() && now < self.expiry_at
    }

    fn changed(&mut self, unit: TimeUnit, now: i64) {
        self.last_updated_at = unit.after(self.last_updated_at, now);
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

    pub(super) fn snapshot(&self, unit: TimeUnit, now: i64) -> TokenSnapshot {
        TokenSnapshot {
            lookup_id: self.lookup_id.clone(),
            account: self.account.clone(),
            name: self.name.clone(),
            allowed_cidrs: allowlist::texts(&self.allowed_cidrs),
            revoked: self.revoked_at.is_some(),
            expired: now >= self.expiry_at,
            last_updated_at: unit.convert(self.last_updated_at),
        }
    }

    fn json(&self, unit: TimeUnit) -> Value {
        json!({
            "allowed_cidrs": self.allowed_cidrs,
            "created_at": unit.convert(self.created_at),
            "expiry_at": unit.convert(self.expiry_at),
            "kind": self.kind,
            "last_updated_at": unit.convert(self.last_updated_at),
            "lookup_id": self.lookup_id,
            "name": self.name,
            "revoked_at": unit.convert(self.revoked_at.unwrap_or(0)),
            "token_id": self.token_id,
        })
    }
}

pub(super) fn list(state: &State, settings: &Settings, call: &Call<'_>) -> SimulatedResponse {
    let with_invalid = call.query("with_invalid") == Some("true");
    let lists_revoked = settings.switches.revoked_in_list == RevokedInList::Listed;
    let listed: Vec<Value> = state
        .tokens
        .iter()
        .filter(|token| token.account == call.account())
        .filter(|token| call.query("kind").is_none_or(|kind| kind == token.kind))
        .filter(|token| with_invalid || lists_revoked || token.live(call.now))
        .map(|token| token.json(settings.time_unit))
        .collect();
    SimulatedResponse::ok(&json!({ "results": listed }))
}

pub(super) fn create(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let switches = &settings.switches;
    let name = call.text("name")?.to_owned();
    let token_type = call.text("token_type")?;
    let is_read_only = token_type == READ_ONLY;
    if is_read_only && switches.read_only_type == ReadOnlyType::Refused {
        return Err(SimulatedResponse::invalid("token_type: is unknown"));
    }
    let most = *LIFETIMES.end();
    let least = match switches.short_lifetime {
        ShortLifetime::Accepted => 1,
        ShortLifetime::Refused => *LIFETIMES.start(),
    };
    let lifetime = call
        .field("expiry_duration")
        .and_then(Value::as_i64)
        .filter(|lifetime| (least..=most).contains(lifetime))
        .ok_or_else(|| {
            SimulatedResponse::invalid(&format!(
                "expiry_duration: must be between {least} and {most} seconds"
            ))
        })?;
    let allowed_cidrs = allowlist::read(&switches.networks, call.field("allowed_cidrs"))?;
    let live = state
        .tokens
        .iter()
        .filter(|token| token.account == call.account() && token.live(call.now));
    if switches.same_token_name == SameTokenName::Refused && live.clone().any(|token| token.name == name) {
        return Err(refused("NOT_UNIQUE", "name: a live token has the same one"));
    }
    let live = live.count();
    if live >= settings.token_limit {
        let message = format!("the account has {live} tokens already, which is the limit");
        return Err(SimulatedResponse::error(
            hyper::StatusCode::BAD_REQUEST,
            "TOKEN_LIMIT_REACHED",
            &message,
        ));
    }
    let token = Token {
        account: call.account().to_owned(),
        lookup_id: format!("{:016x}", state.next_id("lookup_id")),
        token_id: format!("{:016x}", state.next_id("token_id")),
        name,
        kind: match token_type {
            "jwt" => "jwt",
            READ_ONLY => READ_ONLY,
            MAIN => MAIN,
            _ => "api_key",
        },
        read_only: is_read_only && switches.read_only_type == ReadOnlyType::ReadOnly,
        main: token_type == MAIN,
        allowed_cidrs,
        earlier: None,
        created_at: call.now,
        expiry_at: call.now.saturating_add(lifetime.saturating_mul(SECOND)),
        last_updated_at: call.now,
        revoked_at: None,
    };
    let text = format!("simulated-token-{:016x}", state.next_id("token"));
    let response = json!({ "api_token": token.json(settings.time_unit), "token": text });
    state
        .credentials
        .insert(text, Credential::Token(token.lookup_id.clone()));
    state.tokens.push(token);
    Ok(SimulatedResponse::ok(&response))
}

pub(super) fn revoke(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let token = find(state, call)?;
    if token.revoked_at.is_some() && settings.switches.revoking_twice == RevokingTwice::Refused {
        return Err(SimulatedResponse::not_found("the token is revoked"));
    }
    if token.revoked_at.is_none() {
        token.changed(settings.time_unit, call.now);
        token.revoked_at = Some(token.last_updated_at);
    }
    Ok(SimulatedResponse::ok(&json!({ "lookup_id": token.lookup_id })))
}

pub(super) fn replace_allowlist(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let list = allowlist::replacement(&settings.switches, call)?;
    let token = find(state, call)?;
    if !token.live(call.now) {
        return Err(SimulatedResponse::not_found("the token is revoked or expired"));
    }
    let earlier = EarlierList::new(&settings.switches, token.enforced(call.now), call.now);
    token.set_allowlist(list, settings.time_unit, call.now);
    token.earlier = earlier;
    Ok(SimulatedResponse::ok(&token.json(settings.time_unit)))
}

fn find<'a>(state: &'a mut State, call: &Call<'_>) -> Result<&'a mut Token, SimulatedResponse> {
    let lookup_id = call.path("lookup_id");
    state
        .tokens
        .iter_mut()
        .find(|token| token.lookup_id == lookup_id && token.account == call.account())
        .ok_or_else(|| SimulatedResponse::not_found("the account has no such token"))
}
