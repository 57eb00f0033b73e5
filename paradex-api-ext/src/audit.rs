//! Who changed what: an entry before each change, and one after it.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::future::Future;
use std::io::{self, Write};
use std::path::Path as FilePath;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use paradex_api::{BoxError, Operation, RawResponse, operations, reqwest};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::error::{failed_at, request_id};
use crate::kind::{cancels_orders, opens_session, trades};
use crate::time::unix_milliseconds;

/// What [`AuditSink::record`] returns.
pub type AuditFuture<'a> = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send + 'a>>;

/// Takes down every change: the intent before it is sent, and what came of it.
///
/// Both are given for everything but GET and signing in, also through the raw client and for calls that are given up halfway;
/// a call that the client withholds was no intent. [`AuditLog`] writes them to a file.
///
/// A sink should hand on and return. It is waited for: before a change that administers (tokens, subkeys, allowlists, the account) for
/// as long as the call may take, if the sink is required, and else for a second.
pub trait AuditSink: Send + Sync + 'static {
    /// Takes an entry down.
    ///
    /// # Errors
    ///
    /// It is not taken down. Where the sink is required the change is not made, unless it is an order or a cancel; otherwise
    /// the failure is traced.
    fn record(&self, entry: AuditEntry) -> AuditFuture<'_>;
}

/// One entry. It serialises to JSON; no secret is in it, and no signature.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AuditEntry {
    /// What the entries of one change have in common, within this process.
    pub change: u64,
    /// When it was made, by the clock of this machine.
    pub at: SystemTime,
    /// What it says.
    pub event: AuditEvent,
    /// Who works with the client, see [`ClientBuilder::operator`](crate::ClientBuilder::operator).
    pub operator: Option<String>,
    /// The account, or a name of the credential where the account is not known.
    pub account: Option<String>,
    /// A name of the credential, see [`Credentials::id`](crate::Credentials::id).
    pub credential: Option<String>,
    /// The call.
    pub operation: &'static Operation,
    /// The path with its ids, and the query.
    pub target: String,
    /// What stood before, where the caller had read it: the allowlist that is replaced.
    pub before: Option<Value>,
    /// What is asked for.
    pub request: Option<Value>,
}

/// What an entry says.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum AuditEvent {
    /// The change is about to be sent.
    Intent,
    /// The exchange made it, and answered this.
    Done {
        /// The status.
        status: u16,
        /// The exchange's id of the request.
        request_id: Option<String>,
        /// The answer; nothing where it holds a secret or is large.
        answer: Option<Value>,
    },
    /// The exchange refused.
    Refused {
        /// The status.
        status: u16,
        /// The exchange's code and message, as JSON.
        answer: Option<Value>,
    },
    /// It was not sent.
    NotSent {
        /// Why.
        why: String,
    },
    /// It was sent, and may have been made.
    Unknown {
        /// What happened instead of an answer.
        why: String,
    },
}

impl AuditEvent {
    /// The event in a word: `intent`, `done`, `refused`, `not_sent` or `unknown`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Done { .. } => "done",
            Self::Refused { .. } => "refused",
            Self::NotSent { .. } => "not_sent",
            Self::Unknown { .. } => "unknown",
        }
    }

    fn of(operation: &'static Operation, outcome: &Result<RawResponse, BoxError>) -> Self {
        match outcome {
            Ok(answer) => {
                let status = answer.status;
                let shown = || shown(operation, &answer.body);
                if status.is_success() {
                    return Self::Done {
                        status: status.as_u16(),
                        request_id: request_id(&answer.headers).map(|id| id.chars().take(80).collect()),
                        answer: shown(),
                    };
                }
                if status.is_server_error() || status == reqwest::StatusCode::REQUEST_TIMEOUT {
                    return Self::Unknown {
                        why: format!("answered {status}"),
                    };
                }
                Self::Refused {
                    status: status.as_u16(),
                    answer: shown(),
                }
            }
            Err(error) => {
                let why = error.to_string();
                match failed_at(&**error) {
                    "exchange" => Self::Unknown { why },
                    _ => Self::NotSent { why },
                }
            }
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
        let answer = match &self.event {
            AuditEvent::Done {
                status,
                request_id,
                answer,
            } => {
                map.serialize_entry("status", status)?;
                if let Some(id) = request_id {
                    map.serialize_entry("request_id", id)?;
                }
                answer
            }
            AuditEvent::Refused { status, answer } => {
                map.serialize_entry("status", status)?;
                answer
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
            ("answer", answer),
        ] {
            if let Some(value) = value {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

/// Writes entries as lines of JSON, and each of them at once.
///
/// ```
/// use paradex_api_ext::audit::AuditLog;
/// use paradex_api_ext::{Client, Environment};
///
/// # let path = std::env::temp_dir().join(format!("paradex-audit-{}", std::process::id()));
/// let client = Client::builder(Environment::Testnet)
///     .operator("desk-3")
///     .audit_required(AuditLog::append(&path)?)
///     .build()?;
/// # std::fs::remove_file(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct AuditLog<W>(Mutex<W>);

impl AuditLog<File> {
    /// Writes to the end of this file, which is made if there is none, and readable for its owner alone.
    ///
    /// # Errors
    ///
    /// The file cannot be opened.
    pub fn append(path: impl AsRef<FilePath>) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).map(Self::new)
    }
}

impl<W: Write + Send + 'static> AuditLog<W> {
    /// Writes here.
    pub fn new(to: W) -> Self {
        Self(Mutex::new(to))
    }
}

impl<W: Write + Send + 'static> AuditSink for AuditLog<W> {
    fn record(&self, entry: AuditEntry) -> AuditFuture<'_> {
        let written = || {
            // A line goes out whole or not at all.
            let mut line = serde_json::to_vec(&entry)?;
            line.push(b'\n');
            let mut to = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            to.write_all(&line)?;
            to.flush()?;
            Ok(())
        };
        Box::pin(std::future::ready(written()))
    }
}

impl<W> fmt::Debug for AuditLog<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditLog").finish_non_exhaustive()
    }
}

/// The sink of a client, and what it is for.
pub(crate) struct Audit {
    sink: Arc<dyn AuditSink>,
    required: bool,
    operator: Option<String>,
    changes: AtomicU64,
}

/// How long a sink is waited for where nothing hangs on it.
const PATIENCE: Duration = Duration::from_secs(1);

/// What no more is kept of an answer than.
const LARGEST_ANSWER: usize = 64 << 10;

impl Audit {
    pub(crate) fn new(sink: Arc<dyn AuditSink>, required: bool, operator: Option<String>) -> Self {
        Self {
            sink,
            required,
            operator,
            changes: AtomicU64::new(1),
        }
    }

    /// Whether the call is a change.
    pub(crate) fn concerns(operation: &'static Operation) -> bool {
        !operation.is_read() && !opens_session(operation)
    }

    /// An entry about a call that is to be made.
    pub(crate) fn entry(
        &self,
        operation: &'static Operation,
        request: Option<&reqwest::Request>,
        before: Option<Value>,
    ) -> AuditEntry {
        let url = request.map(reqwest::Request::url);
        let body = request
            .and_then(reqwest::Request::body)
            .and_then(reqwest::Body::as_bytes);
        let mut request = body.and_then(|body| serde_json::from_slice(body).ok());
        if let Some(value) = &mut request {
            redact(value);
        }
        AuditEntry {
            change: self.changes.fetch_add(1, Ordering::Relaxed),
            at: SystemTime::now(),
            event: AuditEvent::Intent,
            operator: self.operator.clone(),
            account: None,
            credential: None,
            operation,
            target: match url.map(|url| (url.path(), url.query())) {
                Some((path, Some(query))) => format!("{path}?{query}"),
                Some((path, None)) => path.to_owned(),
                None => operation.path.to_owned(),
            },
            before,
            request,
        }
    }

    /// Takes the intent down, and begins to watch the change. It may have this time.
    pub(crate) async fn intend(&self, entry: AuditEntry, left: Duration) -> Result<Change<'_>, BoxError> {
        let operation = entry.operation;
        let administers = !trades(operation) && !cancels_orders(operation);
        let needed = self.required && administers;
        let patience = if needed { left } else { PATIENCE.min(left) };
        let recorded = tokio::time::timeout(patience, self.sink.record(entry.clone())).await;
        match recorded.unwrap_or_else(|_| Err("the audit sink did not answer in time".into())) {
            Err(error) if needed => return Err(error),
            Err(error) => failed(operation, &error),
            Ok(()) => {}
        }
        Ok(Change {
            audit: self,
            entry: Some(entry),
        })
    }
}

fn failed(operation: &'static Operation, error: &BoxError) {
    tracing::warn!(operation = operation.id, error = %error, "the audit sink failed");
}

/// A change whose intent is taken down. If it is dropped, its outcome is unknown.
pub(crate) struct Change<'a> {
    audit: &'a Audit,
    entry: Option<AuditEntry>,
}

impl Change<'_> {
    /// Takes the outcome down.
    pub(crate) async fn ended(
        mut self,
        outcome: &Result<RawResponse, BoxError>,
        by: Option<(String, String)>,
    ) {
        let Some(mut entry) = self.entry.take() else {
            return;
        };
        let operation = entry.operation;
        entry.event = AuditEvent::of(operation, outcome);
        entry.at = SystemTime::now();
        if let Some((account, credential)) = by {
            entry.account = Some(account);
            entry.credential = Some(credential);
        }
        let recorded = tokio::time::timeout(PATIENCE, self.audit.sink.record(entry)).await;
        if let Err(error) = recorded.unwrap_or_else(|_| Err("the audit sink did not answer in time".into())) {
            failed(operation, &error);
        }
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        let Some(mut entry) = self.entry.take() else {
            return;
        };
        entry.event = AuditEvent::Unknown {
            why: "the caller gave the call up".to_owned(),
        };
        entry.at = SystemTime::now();
        let sink = Arc::clone(&self.audit.sink);
        // Outside of a runtime nothing can wait for a sink, and nothing was sent either.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let operation = entry.operation;
                if let Err(error) = sink.record(entry).await {
                    failed(operation, &error);
                }
            });
        }
    }
}

/// An answer as it may be shown.
fn shown(operation: &'static Operation, body: &[u8]) -> Option<Value> {
    if operation.secret_answer || body.len() > LARGEST_ANSWER {
        return None;
    }
    let mut value = serde_json::from_slice(body).ok()?;
    redact(&mut value);
    Some(value)
}

/// Takes out whatever stands in a field that can hold a secret.
fn redact(value: &mut Value) {
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
