//! Sessions, and the caller of a request.

use std::net::IpAddr;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hyper::StatusCode;
use paradex_api::{Operation, Security};
use serde_json::{Value, json};

use super::allowlist;
use super::clock::{SECOND, go_duration, nanoseconds};
use super::response::SimulatedResponse;
use super::state::{Settings, State};
use super::subkeys::SubkeyStatus;
use super::switches::Switches;
use crate::assumptions::NarrowedSession;

/// What a bearer token stands for.
#[derive(Debug, Clone)]
pub(super) enum Credential {
    Session {
        session: Session,
        expires: i64,
    },
    /// An API token, by its `lookup_id`.
    Token(String),
}

/// A session of an account, or of one of its subkeys.
#[derive(Debug, Clone, Default)]
pub(super) struct Session {
    pub(super) account: String,
    pub(super) subkey: Option<String>,
    /// Whether it was requested for interactive (retail) usage.
    pub(super) interactive: bool,
    /// Whether it was requested for isolated accounts as well.
    pub(super) isolated_markets: bool,
    /// The allowlist of its subkey when it began.
    pub(super) allowlist: Value,
}

/// A session of the simulator, as a test can inspect it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionSnapshot {
    /// The account that it belongs to.
    pub account: String,
    /// The public key of the subkey that signed in; `None` for the account itself.
    pub subkey: Option<String>,
    /// Whether it was requested with `token_usage=interactive`.
    pub interactive: bool,
    /// Whether it was requested with `PARADEX-AUTHORIZE-ISOLATED-MARKETS: true`.
    pub isolated_markets: bool,
    /// Whether it has expired.
    pub expired: bool,
}

/// The caller of a request.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) account: String,
    /// Whether it may change tokens and subkeys, as the account's own session may.
    pub(super) main: bool,
    /// Whether it may only read.
    pub(super) read_only: bool,
    /// Whether its session is for interactive usage.
    pub(super) interactive: bool,
}

/// What became of the credential that has authenticated a WebSocket. That a session has expired does not count, because a connection
/// is authenticated once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Good,
    /// The token was revoked, or the session ended.
    Revoked,
    SubkeyRevoked,
    /// The allowlist does not admit the address of the connection any more.
    Narrowed,
}

/// Returns a JWT that is marked as simulated.
pub(super) fn jwt(session: &Session, id: u64, now: i64, expires: i64) -> String {
    let mut payload = json!({
        "iss": "paradex-simulator",
        "sub": session.account,
        "iat": now / SECOND,
        "exp": expires / SECOND,
        "jti": format!("{id:016x}"),
    });
    if let Value::Object(payload) = &mut payload {
        let claims = [
            ("subkey", session.subkey.as_deref().map(Value::from)),
            ("usage", session.interactive.then(|| Value::from("interactive"))),
            ("isolated", session.isolated_markets.then(|| Value::from(true))),
        ];
        for (name, claim) in claims {
            payload.extend(claim.map(|claim| (name.to_owned(), claim)));
        }
    }
    let header = json!({"alg": "none", "typ": "JWT"});
    let parts = [&header.to_string(), &payload.to_string(), "simulated"];
    parts.map(|part| BASE64_URL_SAFE_NO_PAD.encode(part)).join(".")
}

impl State {
    /// Creates a session and returns its text.
    pub(super) fn create_session(&mut self, mut session: Session, settings: &Settings, now: i64) -> String {
        let subkey = session.subkey.as_ref();
        let subkey = subkey.and_then(|key| self.subkeys.iter().find(|subkey| subkey.canonical == *key));
        session.allowlist = subkey
            .map(|subkey| subkey.enforced(now).clone())
            .unwrap_or_default();
        let expires = now.saturating_add(nanoseconds(settings.session_lifetime));
        let id = self.next_id("session");
        let text = if settings.opaque_sessions {
            format!("simulated-session-{id:016x}")
        } else {
            jwt(&session, id, now, expires)
        };
        self.forget_expired(now);
        let credential = Credential::Session { session, expires };
        self.credentials.insert(text.clone(), credential);
        text
    }

    /// Removes the sessions that expired an hour ago or more. They are searched only when there are many, and again when there are
    /// twice as many, so that signing in stays cheap.
    fn forget_expired(&mut self, now: i64) {
        const HOUR: i64 = 3_600 * SECOND;
        const MANY: usize = 1_024;
        let count = self.credentials.len();
        if count >= MANY && count.is_power_of_two() {
            self.credentials.retain(|_, credential| match credential {
                Credential::Session { expires, .. } => now.saturating_sub(*expires) < HOUR,
                Credential::Token(_) => true,
            });
        }
    }

    /// Ends all sessions. API tokens stay valid.
    pub(super) fn revoke_sessions(&mut self) {
        self.credentials
            .retain(|_, credential| matches!(credential, Credential::Token(_)));
    }

    pub(super) fn session(&self, text: &str, now: i64) -> Option<SessionSnapshot> {
        match self.credentials.get(text)? {
            Credential::Session { session, expires } => Some(SessionSnapshot {
                account: session.account.clone(),
                subkey: session.subkey.clone(),
                interactive: session.interactive,
                isolated_markets: session.isolated_markets,
                expired: now >= *expires,
            }),
            Credential::Token(_) => None,
        }
    }

    /// Returns the caller of a request, or `None` if the operation needs no credential and none is given.
    pub(super) fn caller(
        &self,
        switches: &Switches,
        operation: &Operation,
        authorization: Option<&str>,
        address: IpAddr,
        now: i64,
    ) -> Result<Option<Caller>, SimulatedResponse> {
        match (operation.security, authorization) {
            (Security::Public, _) | (Security::Optional, None) => Ok(None),
            (_, authorization) => self.signed_in(switches, authorization, address, now).map(Some),
        }
    }

    /// Returns when a session or a token expires.
    pub(super) fn expires(&self, text: &str) -> Option<i64> {
        match self.credentials.get(text)? {
            Credential::Session { expires, .. } => Some(*expires),
            Credential::Token(lookup_id) => {
                let token = self.tokens.iter().find(|token| token.lookup_id == *lookup_id);
                token.map(|token| token.expiry_at)
            }
        }
    }

    /// Returns what became of a credential. `expires` is when it expires.
    pub(super) fn standing(
        &self,
        switches: &Switches,
        text: &str,
        expires: i64,
        address: IpAddr,
        now: i64,
    ) -> Standing {
        let list = match self.credentials.get(text) {
            // It can have been forgotten because it has expired.
            None if now >= expires => return Standing::Good,
            None => return Standing::Revoked,
            Some(Credential::Session { session, .. }) => {
                let Some(key) = &session.subkey else {
                    return Standing::Good;
                };
                match self.subkeys.iter().find(|subkey| subkey.canonical == *key) {
                    Some(subkey) if subkey.status == SubkeyStatus::Active => subkey.enforced(now),
                    _ => return Standing::SubkeyRevoked,
                }
            }
            Some(Credential::Token(lookup_id)) => {
                let token = self.tokens.iter().find(|token| token.lookup_id == *lookup_id);
                match token.filter(|token| token.revoked_at.is_none()) {
                    Some(token) => token.enforced(now),
                    None => return Standing::Revoked,
                }
            }
        };
        match allowlist::check(switches, list, address) {
            Ok(()) => Standing::Good,
            Err(_) => Standing::Narrowed,
        }
    }

    /// Revokes a credential: a token, or a session.
    pub(super) fn revoke_credential(&mut self, text: &str, now: i64) {
        match self.credentials.get(text) {
            Some(Credential::Token(lookup_id)) => {
                let token = self.tokens.iter_mut().find(|token| token.lookup_id == *lookup_id);
                if let Some(token) = token {
                    token.revoked_at.get_or_insert(now);
                }
            }
            Some(Credential::Session { .. }) => drop(self.credentials.remove(text)),
            None => {}
        }
    }

    pub(super) fn signed_in(
        &self,
        switches: &Switches,
        authorization: Option<&str>,
        address: IpAddr,
        now: i64,
    ) -> Result<Caller, SimulatedResponse> {
        self.signed_in_from(switches, authorization, Some(address), now)
    }

    /// Returns the caller of a request. Without an address, its allowlist does not apply.
    pub(super) fn signed_in_from(
        &self,
        switches: &Switches,
        authorization: Option<&str>,
        address: Option<IpAddr>,
        now: i64,
    ) -> Result<Caller, SimulatedResponse> {
        let text = authorization
            .and_then(|text| text.strip_prefix("Bearer "))
            .ok_or_else(|| unauthorized(""))?;
        let credential = self.credentials.get(text).ok_or_else(|| {
            SimulatedResponse::refused_as(&switches.unknown_token, "missing or malformed jwt")
        })?;
        let (caller, expires, list) = match credential {
            Credential::Session { session, expires } => {
                let subkey = &session.subkey;
                let caller = Caller {
                    account: session.account.clone(),
                    main: subkey.is_none(),
                    read_only: false,
                    interactive: session.interactive,
                };
                let list = match subkey {
                    None => &Value::Null,
                    Some(key) => match self.subkeys.iter().find(|subkey| subkey.canonical == *key) {
                        Some(subkey) if subkey.may_go_on(switches) => match switches.narrowed_session {
                            NarrowedSession::Refused => subkey.enforced(now),
                            NarrowedSession::GoesOn => &session.allowlist,
                        },
                        _ => return Err(unauthorized(": the subkey is not active")),
                    },
                };
                (caller, *expires, list)
            }
            Credential::Token(lookup_id) => {
                let token = self
                    .tokens
                    .iter()
                    .find(|token| token.lookup_id == *lookup_id)
                    .ok_or_else(|| unauthorized(""))?;
                if token.revoked_at.is_some() {
                    let message = "missing or malformed jwt: token is revoked";
                    return Err(SimulatedResponse::refused_as(&switches.revoked_token, message));
                }
                let caller = Caller {
                    account: token.account.clone(),
                    main: token.main,
                    read_only: token.read_only,
                    interactive: false,
                };
                (caller, token.expiry_at, token.enforced(now))
            }
        };
        if now >= expires {
            let by = go_duration(now - expires);
            return Err(unauthorized(&format!(": token is expired by {by}")));
        }
        if let Some(address) = address {
            allowlist::check(switches, list, address)?;
        }
        Ok(caller)
    }
}

fn unauthorized(why: &str) -> SimulatedResponse {
    let message = format!("missing or malformed jwt{why}");
    SimulatedResponse::message(StatusCode::UNAUTHORIZED, &message)
}
