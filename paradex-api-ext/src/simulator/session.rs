//! The texts of sessions and tokens, and who a request comes from.

use std::net::IpAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hyper::StatusCode;
use paradex_api::{Operation, Security};
use serde_json::{Value, json};

use super::allowlist;
use super::answer::Answer;
use super::clock::{SECOND, go_duration, nanoseconds};
use super::state::State;
use super::subkeys::Standing;

/// What a bearer text stands for.
#[derive(Debug, Clone)]
pub(super) enum Credential {
    /// A session of an account, or of one of its subkeys.
    Session {
        account: String,
        subkey: Option<String>,
        expires: i64,
    },
    /// An API token, by its `lookup_id`.
    Token(String),
}

/// Who a request comes from.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) account: String,
    /// Whether it is the main account's own session, which alone may change keys and tokens.
    pub(super) main: bool,
    /// Whether it may only read.
    pub(super) read_only: bool,
}

/// A text in the shape of a JWT that says of itself that it is simulated.
pub(super) fn jwt(account: &str, subkey: Option<&str>, id: u64, now: i64, expires: i64) -> String {
    let mut payload = json!({
        "iss": "paradex-simulator",
        "sub": account,
        "iat": now / SECOND,
        "exp": expires / SECOND,
        "jti": format!("{id:016x}"),
    });
    if let (Some(subkey), Value::Object(payload)) = (subkey, &mut payload) {
        payload.insert("subkey".to_owned(), Value::from(subkey));
    }
    let encoded = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({"alg": "none", "typ": "JWT"});
    format!("{}.{}.simulated", encoded(&header), encoded(&payload))
}

impl State {
    /// Makes a session that is accepted from now on.
    pub(super) fn mint(
        &mut self,
        account: &str,
        subkey: Option<&str>,
        lifetime: Duration,
        now: i64,
    ) -> String {
        let expires = now.saturating_add(nanoseconds(lifetime));
        let text = jwt(account, subkey, self.next_id("session"), now, expires);
        let credential = Credential::Session {
            account: account.to_owned(),
            subkey: subkey.map(str::to_owned),
            expires,
        };
        self.credentials.insert(text.clone(), credential);
        text
    }

    /// Finds out who a request comes from; nobody where none need be named.
    pub(super) fn caller(
        &self,
        operation: &Operation,
        authorization: Option<&str>,
        address: IpAddr,
        now: i64,
    ) -> Result<Option<Caller>, Answer> {
        match (operation.security, authorization) {
            (Security::Public, _) | (Security::Optional, None) => Ok(None),
            (_, authorization) => self.signed_in(authorization, address, now).map(Some),
        }
    }

    fn signed_in(&self, authorization: Option<&str>, address: IpAddr, now: i64) -> Result<Caller, Answer> {
        let credential = authorization
            .and_then(|text| text.strip_prefix("Bearer "))
            .and_then(|text| self.credentials.get(text))
            .ok_or_else(|| unauthorized(""))?;
        let (caller, expires, list) = match credential {
            Credential::Session {
                account,
                subkey,
                expires,
            } => {
                let caller = Caller {
                    account: account.clone(),
                    main: subkey.is_none(),
                    read_only: false,
                };
                let list = match subkey {
                    None => &Value::Null,
                    Some(key) => match self.subkeys.iter().find(|subkey| subkey.canonical == *key) {
                        Some(subkey) if subkey.standing == Standing::Active => &subkey.allowed_cidrs,
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
                    return Err(unauthorized(": token is revoked"));
                }
                let caller = Caller {
                    account: token.account.clone(),
                    main: false,
                    read_only: token.read_only,
                };
                (caller, token.expiry_at, &token.allowed_cidrs)
            }
        };
        if now >= expires {
            let by = go_duration(now - expires);
            return Err(unauthorized(&format!(": token is expired by {by}")));
        }
        if !allowlist::admits(list, address) {
            let message = format!("the address {address} is not on the allowlist");
            return Err(Answer::forbidden("IP_NOT_ALLOWED", &message));
        }
        Ok(caller)
    }
}

fn unauthorized(why: &str) -> Answer {
    let message = format!("missing or malformed jwt{why}");
    Answer::message(StatusCode::UNAUTHORIZED, &message)
}
