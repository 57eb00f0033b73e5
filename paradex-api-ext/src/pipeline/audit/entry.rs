//! The entries of the audit.

use std::time::SystemTime;

use paradex_api::{Operation, RawResponse, RequestSecrets, operations, visible};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::error::shown_request_id;
use crate::pipeline::completed_attempt::CompletedAttempt;
use crate::pipeline::outcome::Outcome;
use crate::time::unix_milliseconds;

/// An entry of the audit. It serializes to JSON, and contains no secret and no signature.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AuditEntry {
    /// The number of the change within this process. Both entries of a change have it.
    pub change: u64,
    /// When the entry was made, by the clock of this machine.
    pub at: SystemTime,
    /// What happened.
    pub event: AuditEvent,
    /// The person or program that uses the client; see [`ClientBuilder::operator`](crate::ClientBuilder::operator).
    pub operator: Option<String>,
    /// The account, or the name of the credential if the account is not known.
    pub account: Option<String>,
    /// The name of the credential; see [`Credentials::id`](crate::Credentials::id).
    pub credential: Option<String>,
    /// The call.
    pub operation: &'static Operation,
    /// The path with its ids, and the query.
    pub target: String,
    /// The state before the change, if the caller had read it: the allowlist that is replaced.
    pub before: Option<Value>,
    /// The body of the request.
    pub request: Option<Value>,
}

/// What happened to a change.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum AuditEvent {
    /// The change is about to be sent.
    Intent,
    /// The response reports success and names what was made.
    ///
    /// The entry is made before the response is decoded. The caller still gets [`Error::Decode`](crate::Error::Decode) if another
    /// field cannot be decoded, or if the value would take more memory than [`ResponseLimits`](crate::limits::ResponseLimits)
    /// allows.
    Done {
        /// The status.
        status: u16,
        /// The exchange's request id.
        request_id: Option<String>,
        /// The response; `None` if it contains a secret or is large.
        response: Option<Value>,
    },
    /// The exchange refused the change: a 429, or a 4xx other than 408 with an error code.
    Refused {
        /// The status.
        status: u16,
        /// The exchange's error code and message, as JSON.
        response: Option<Value>,
    },
    /// The change was not sent.
    NotSent {
        /// The reason.
        why: String,
    },
    /// The change was sent and may have been made: after any other response, and after none. It agrees with
    /// [`Error::is_outcome_unknown`](crate::Error::is_outcome_unknown).
    Unknown {
        /// What happened instead.
        why: String,
    },
}

impl AuditEvent {
    /// Returns the name of the event: `intent`, `done`, `refused`, `not_sent` or `unknown`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Done { .. } => "done",
            Self::Refused { .. } => "refused",
            Self::NotSent { .. } => "not_sent",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// The outcome of a call. The secrets of the request are masked, because the response can repeat them.
    pub(super) fn from_attempt(
        operation: &'static Operation,
        attempt: &CompletedAttempt,
        carried: &RequestSecrets,
    ) -> Self {
        let outcome = attempt.outcome();
        let response = match attempt.result() {
            Ok(response) => response,
            Err(error) => {
                let why = visible(&carried.redact(&error.to_string()), 400);
                return match outcome.is_unknown() {
                    true => Self::Unknown { why },
                    false => Self::NotSent { why },
                };
            }
        };
        let status = response.status;
        if outcome.is_unknown() {
            return Self::Unknown {
                why: format!("the exchange responded with {status}"),
            };
        }
        let request_id = shown_request_id(response);
        let response = masked_json(operation, response);
        let status = status.as_u16();
        match outcome {
            Outcome::Done => Self::Done {
                status,
                request_id,
                response,
            },
            _ => Self::Refused { status, response },
        }
    }
}

impl Serialize for AuditEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("at_ms", &unix_milliseconds(self.at))?;
        map.serialize_entry("change", &self.change)?;
        map.serialize_entry("event", self.event.as_str())?;
        map.serialize_entry("operation", self.operation.id)?;
        map.serialize_entry("target", &self.target)?;
        let texts = [
            ("operator", &self.operator),
            ("account", &self.account),
            ("credential", &self.credential),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                map.serialize_entry(name, text)?;
            }
        }
        let response = match &self.event {
            AuditEvent::Done {
                status,
                request_id,
                response,
            } => {
                map.serialize_entry("status", status)?;
                if let Some(id) = request_id {
                    map.serialize_entry("request_id", id)?;
                }
                response
            }
            AuditEvent::Refused { status, response } => {
                map.serialize_entry("status", status)?;
                response
            }
            AuditEvent::NotSent { why } | AuditEvent::Unknown { why } => {
                map.serialize_entry("why", why)?;
                &None
            }
            AuditEvent::Intent => &None,
        };
        for (name, value) in [
            ("before", &self.before),
            ("request", &self.request),
            ("response", response),
        ] {
            if let Some(value) = value {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

/// The body of a response as JSON, without secrets.
fn masked_json(operation: &'static Operation, response: &RawResponse) -> Option<Value> {
    if operation.secret_response {
        return None;
    }
    let mut value = response.decode_small()?;
    redact(&mut value);
    response.request_secrets.redact_value(&mut value);
    Some(value)
}

/// Redacts the fields that can hold a secret.
pub(super) fn redact(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(redact),
        Value::Object(fields) => {
            for (name, value) in fields {
                if operations::SECRET_NAMES.contains(&name.as_str()) {
                    *value = "(not shown)".into();
                } else {
                    redact(value);
                }
            }
        }
        _ => {}
    }
}
