//! Records who changed what: an entry before each change, and one after it.

use std::fmt;
use std::future::Future;
use std::io::{self, Write};
use std::path::Path as FilePath;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, SyncSender};
use std::time::{Duration, SystemTime};

use paradex_api::{BoxError, Carried, Operation, RawResponse, operations, reqwest, visible};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::error::shown_request_id;
use crate::pipeline::completed_attempt::CompletedAttempt;
use crate::pipeline::operation_class::{cancels_orders, opens_session, trades};
use crate::pipeline::outcome::Outcome;
use crate::private_file;
use crate::time::unix_milliseconds;
use crate::visible_json::visible_json;

/// What [`AuditSink::record`] returns.
pub type AuditFuture<'a> = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send + 'a>>;

/// Records every change: the intent before it is sent, and its outcome.
///
/// Every call is recorded except for GET requests and sign-ins, also through the raw client and also if the caller drops its
/// future. A call that the client withholds has no entry. [`AuditLog`] writes the entries to a file.
///
/// The client calls the sink in tasks of its own. For one change it does so in order: the outcome after the sink has dealt with the
/// intent. An administrative change (of tokens, subkeys, allowlists or the account) waits for a required sink, up to the deadline of
/// the call. No other call waits for a sink longer than 20 ms, and a cancel does not wait at all.
///
/// ```
/// use paradex_api_ext::audit::{AuditEntry, AuditFuture, AuditSink};
///
/// struct Printed;
///
/// impl AuditSink for Printed {
///     fn record(&self, entry: AuditEntry) -> AuditFuture<'_> {
///         Box::pin(async move {
///             println!("{} {} {}", entry.operation, entry.target, entry.event.as_str());
///             Ok(())
///         })
///     }
/// }
/// ```
pub trait AuditSink: Send + Sync + 'static {
    /// Records an entry.
    ///
    /// # Errors
    ///
    /// The entry is not recorded. If the sink is required, an administrative change is then not sent. For any other change the
    /// failure is traced.
    fn record(&self, entry: AuditEntry) -> AuditFuture<'_>;
}

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
    fn from_attempt(operation: &'static Operation, attempt: &CompletedAttempt, carried: &Carried) -> Self {
        let outcome = attempt.outcome();
        let response = match attempt.result() {
            Ok(response) => response,
            Err(error) => {
                let why = visible(&carried.mask(&error.to_string()), 400);
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

/// Writes entries as lines of JSON, without delay and on a thread of its own. Control characters and invisible characters are
/// written as `\uXXXX`.
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
pub struct AuditLog(SyncSender<Line>);

/// A line to write, and where to report the result.
type Line = (Vec<u8>, oneshot::Sender<io::Result<()>>);

/// The most lines that wait to be written. Beyond that, entries fail.
const MOST_LINES: usize = 4_096;

impl AuditLog {
    /// Appends to this file. If it does not exist, it is created with access for its owner alone; on systems other than Unix the
    /// folder decides who can read it.
    ///
    /// # Errors
    ///
    /// The file cannot be opened, the path is a symbolic link or not a regular file, or the thread cannot be started. On Unix also: the
    /// file has another hard link, it belongs to a user other than this one and root, everybody can read or write it, or its group can
    /// write it.
    pub fn append(path: impl AsRef<FilePath>) -> io::Result<Self> {
        let path = path.as_ref();
        let named = |error: io::Error| {
            let place = path.display().to_string();
            io::Error::new(
                error.kind(),
                format!("the audit log {}: {error}", visible(&place, 200)),
            )
        };
        Self::new(private_file::append(path).map_err(named)?)
    }

    /// Writes to this destination.
    ///
    /// # Errors
    ///
    /// The thread cannot be started.
    pub fn new(mut to: impl Write + Send + 'static) -> io::Result<Self> {
        let (lines, waiting) = mpsc::sync_channel::<Line>(MOST_LINES);
        let write = move || {
            // After a line that was written in part, the next entry starts on a new line.
            let mut broken = false;
            for (mut line, written) in waiting {
                if broken {
                    line.insert(0, b'\n');
                }
                let outcome = to.write_all(&line).and_then(|()| to.flush());
                broken = outcome.is_err();
                // The caller may have stopped waiting.
                let _ = written.send(outcome);
            }
        };
        std::thread::Builder::new()
            .name("paradex-audit".to_owned())
            .spawn(write)?;
        Ok(Self(lines))
    }
}

impl AuditSink for AuditLog {
    fn record(&self, entry: AuditEntry) -> AuditFuture<'_> {
        let (written, outcome) = oneshot::channel();
        let queued = || {
            let mut line = visible_json(&serde_json::to_string(&entry)?).into_bytes();
            line.push(b'\n');
            let full = |_| BoxError::from("the audit log is full: 4,096 lines wait to be written");
            self.0.try_send((line, written)).map_err(full)
        };
        let queued: Result<(), BoxError> = queued();
        Box::pin(async move {
            queued?;
            Ok(outcome.await??)
        })
    }
}

impl fmt::Debug for AuditLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditLog").finish_non_exhaustive()
    }
}

/// The sink of a client group, and how it is used.
pub(crate) struct Audit {
    sink: Arc<dyn AuditSink>,
    required: bool,
    operator: Option<String>,
    changes: AtomicU64,
}

/// How long a call waits for a sink that is not required.
const OPTIONAL_WAIT: Duration = Duration::from_millis(20);

impl Audit {
    pub(crate) fn new(sink: Arc<dyn AuditSink>, required: bool, operator: Option<String>) -> Self {
        Self {
            sink,
            required,
            operator,
            changes: AtomicU64::new(1),
        }
    }

    /// Whether the operation is recorded.
    pub(crate) fn concerns(operation: &'static Operation) -> bool {
        !operation.is_read() && !opens_session(operation)
    }

    /// The entry for the intent of a call.
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

    /// Records the intent. The returned guard records the outcome, also when it is dropped.
    pub(crate) async fn record_intent(
        &self,
        entry: AuditEntry,
        left: Duration,
    ) -> Result<AuditedChange<'_>, BoxError> {
        let operation = entry.operation;
        let administers = !trades(operation) && !cancels_orders(operation);
        let needed = self.required && administers;
        let runtime = Handle::try_current()?;
        let mut change = AuditedChange {
            audit: self,
            runtime: runtime.clone(),
            entry: Some(entry.clone()),
            intent: None,
            needed,
        };
        let mut intent = self.record(&runtime, entry, None);
        let wait = match needed {
            true => left,
            false if cancels_orders(operation) => Duration::ZERO,
            false => OPTIONAL_WAIT.min(left),
        };
        let recorded = tokio::time::timeout(wait, &mut intent).await;
        if recorded.is_err() {
            change.intent = Some(intent);
        }
        if needed {
            let recorded = recorded
                .map_err(|_| BoxError::from("the audit sink did not finish before the deadline of the call"));
            if let Err(error) = recorded.and_then(|ended| ended?) {
                // Nothing is sent, so there is no outcome to record.
                change.entry = None;
                return Err(error);
            }
        }
        Ok(change)
    }

    /// Passes an entry to the sink, after the entry before it.
    fn record(&self, runtime: &Handle, entry: AuditEntry, before: Option<Recorded>) -> Recorded {
        let sink = Arc::clone(&self.sink);
        runtime.spawn(async move {
            if let Some(before) = before {
                let _ = before.await;
            }
            let operation = entry.operation;
            let outcome = sink.record(entry).await;
            if let Err(error) = &outcome {
                tracing::warn!(operation = operation.id, error = %error, "the audit sink failed");
            }
            outcome
        })
    }
}

/// An entry that the sink is recording.
type Recorded = tokio::task::JoinHandle<Result<(), BoxError>>;

/// A change whose intent was passed to the sink. If it is dropped, it records an unknown outcome.
pub(crate) struct AuditedChange<'a> {
    audit: &'a Audit,
    /// The runtime of the call, because the change may be dropped outside of any runtime.
    runtime: Handle,
    entry: Option<AuditEntry>,
    /// The intent, if the sink is still recording it.
    intent: Option<Recorded>,
    /// Whether the call waits for the sink.
    needed: bool,
}

impl AuditedChange<'_> {
    /// Records the outcome. Waits for the sink a little, or up to the deadline if it is required.
    pub(crate) async fn record_outcome(
        mut self,
        attempt: &CompletedAttempt,
        carried: &Carried,
        author: Option<(String, String)>,
        left: Duration,
    ) {
        let Some(operation) = self.entry.as_ref().map(|entry| entry.operation) else {
            return;
        };
        let recorded = self.record(AuditEvent::from_attempt(operation, attempt, carried), author);
        let wait = match self.needed {
            true => left,
            false if cancels_orders(operation) => Duration::ZERO,
            false => OPTIONAL_WAIT.min(left),
        };
        if let Some(recorded) = recorded {
            let _ = tokio::time::timeout(wait, recorded).await;
        }
    }

    fn record(&mut self, event: AuditEvent, author: Option<(String, String)>) -> Option<Recorded> {
        let mut entry = self.entry.take()?;
        entry.event = event;
        entry.at = SystemTime::now();
        if let Some((account, credential)) = author {
            entry.account = Some(account);
            entry.credential = Some(credential);
        }
        Some(self.audit.record(&self.runtime, entry, self.intent.take()))
    }
}

impl Drop for AuditedChange<'_> {
    fn drop(&mut self) {
        let why = "the caller dropped the call before it ended".to_owned();
        self.record(AuditEvent::Unknown { why }, None);
    }
}

/// The body of a response as JSON, without secrets.
fn masked_json(operation: &'static Operation, response: &RawResponse) -> Option<Value> {
    if operation.secret_answer {
        return None;
    }
    let mut value = response.read_small()?;
    redact(&mut value);
    response.carried.mask_value(&mut value);
    Some(value)
}

/// Redacts the fields that can hold a secret.
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

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::Arc;
    use std::time::SystemTime;

    use paradex_api::operations;
    use serde_json::{Value, json};

    use super::{AuditEntry, AuditEvent, AuditLog, AuditSink as _};

    #[tokio::test]
    async fn hidden_characters_are_escaped_in_the_log() {
        #[derive(Clone, Default)]
        struct Buffer(Arc<std::sync::Mutex<Vec<u8>>>);
        impl Write for Buffer {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().unwrap().write(bytes)
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let hidden = "\u{7f}\u{9b}31m\u{202e}\u{e0041}";
        let entry = AuditEntry {
            change: 1,
            at: SystemTime::UNIX_EPOCH,
            event: AuditEvent::Intent,
            operator: Some(hidden.to_owned()),
            account: None,
            credential: None,
            operation: &operations::CREATE_TOKEN,
            target: "/v1".to_owned(),
            before: None,
            request: Some(json!({ hidden: [hidden] })),
        };
        let buffer = Buffer::default();
        AuditLog::new(buffer.clone())
            .unwrap()
            .record(entry)
            .await
            .unwrap();
        let text = String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap();
        assert!(
            text.is_ascii() && text.contains(r"\u007f\u009b31m\u202e\udb40\udc41"),
            "{text}"
        );
        assert_eq!(
            text.chars().filter(|c| c.is_control()).count(),
            1,
            "the end of the line"
        );
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["operator"], hidden);
        assert_eq!(read["request"][hidden][0], hidden);
    }
}
