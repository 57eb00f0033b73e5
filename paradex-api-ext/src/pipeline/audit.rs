//! Who changed what: an entry before each change, and one after it.

use std::fmt;
use std::future::Future;
use std::io::{self, Write};
use std::path::Path as FilePath;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, SyncSender};
use std::time::{Duration, SystemTime};

use paradex_api::{BoxError, Operation, RawResponse, RequestSecrets, operations, reqwest, visible};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::error::shown_request_id;
use crate::pipeline::operation_class::{cancels_orders, opens_session, trades};
use crate::pipeline::outcome::{Ended, Outcome};
use crate::private_file;
use crate::time::unix_milliseconds;
use crate::visible_json::visible_json;

/// What [`AuditSink::record`] returns.
pub type AuditFuture<'a> = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send + 'a>>;

/// Takes down every change: the intent before it is sent, and what came of it.
///
/// Both are given for everything but GET and signing in, also through the raw client and for calls that are given up halfway;
/// a call that the client withholds was no intent. [`AuditLog`] writes them to a file.
///
/// A sink is worked with in tasks of their own, for one change in order: the outcome is given when the intent is dealt with. A required
/// sink is waited for before a change that administers (tokens, subkeys, allowlists, the account), for as long as the call may
/// take. Nothing else waits for a sink longer than 20 ms, and no cancel does.
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
    /// The response reports success and names what was made. It is taken down before the response is decoded: if its other
    /// fields are not understood, the caller gets [`Error::Decode`](crate::Error::Decode) all the same.
    Done {
        /// The status.
        status: u16,
        /// The exchange's id of the request.
        request_id: Option<String>,
        /// The answer; nothing where it holds a secret or is large.
        answer: Option<Value>,
    },
    /// The exchange refused: a 429, or a 4xx other than 408 with an error code.
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
    /// It was sent, and may have been made: after every other response, and after none. It says the same as
    /// [`Error::is_outcome_unknown`](crate::Error::is_outcome_unknown).
    Unknown {
        /// What happened instead.
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

    /// What became of a call. Nothing that the request carried is in it, wherever the response repeats it.
    fn of(operation: &'static Operation, ended: &Ended, carried: &RequestSecrets) -> Self {
        let outcome = ended.outcome();
        let response = match ended.result() {
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
                why: format!("answered {status}"),
            };
        }
        let answer = shown(operation, response);
        let status = status.as_u16();
        match outcome {
            Outcome::Done => Self::Done {
                status,
                request_id: shown_request_id(response),
                answer,
            },
            _ => Self::Refused { status, answer },
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

/// Writes entries as lines of JSON, each at once, in a thread of its own. Control characters and characters that cannot be
/// seen are written as `\uXXXX`.
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

/// What is written, and who wants to know whether it was.
type Line = (Vec<u8>, oneshot::Sender<io::Result<()>>);

/// So many lines may wait to be written; then entries fail.
const MOST_LINES: usize = 4_096;

impl AuditLog {
    /// Writes to the end of this file. If it is not there, it is made, for its owner alone. Elsewhere than on Unix, who
    /// can read it depends on its folder.
    ///
    /// # Errors
    ///
    /// The path is a symbolic link or no regular file. On Unix: the file has another hard link, it belongs to another user than this one and root,
    /// everybody can read it or write to it, or its group can write to it. Or it cannot be opened, or there is no thread.
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

    /// Writes here.
    ///
    /// # Errors
    ///
    /// There is no thread.
    pub fn new(mut to: impl Write + Send + 'static) -> io::Result<Self> {
        let (lines, waiting) = mpsc::sync_channel::<Line>(MOST_LINES);
        let write = move || {
            // After a line that was written in part the next one begins on a line of its own.
            let mut broken = false;
            for (mut line, written) in waiting {
                if broken {
                    line.insert(0, b'\n');
                }
                let outcome = to.write_all(&line).and_then(|()| to.flush());
                broken = outcome.is_err();
                // Whoever wanted to know may have given up.
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
            let full = |_| BoxError::from("more lines wait to be written than the log holds");
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

/// The sink of a client, and what it is for.
pub(crate) struct Audit {
    sink: Arc<dyn AuditSink>,
    required: bool,
    operator: Option<String>,
    changes: AtomicU64,
}

/// How long a sink is waited for where nothing hangs on it.
const PATIENCE: Duration = Duration::from_millis(20);

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

    /// Gives the intent to the sink, and begins to watch the change. It may have this time.
    pub(crate) async fn intend(&self, entry: AuditEntry, left: Duration) -> Result<Change<'_>, BoxError> {
        let operation = entry.operation;
        let administers = !trades(operation) && !cancels_orders(operation);
        let needed = self.required && administers;
        let runtime = Handle::try_current()?;
        let mut change = Change {
            audit: self,
            runtime: runtime.clone(),
            entry: Some(entry.clone()),
            intent: None,
            needed,
        };
        let mut intent = self.record(&runtime, entry, None);
        let patience = match needed {
            true => left,
            false if cancels_orders(operation) => Duration::ZERO,
            false => PATIENCE.min(left),
        };
        let recorded = tokio::time::timeout(patience, &mut intent).await;
        if recorded.is_err() {
            change.intent = Some(intent);
        }
        if needed {
            let recorded = recorded.map_err(|_| BoxError::from("the audit sink did not answer in time"));
            if let Err(error) = recorded.and_then(|ended| ended?) {
                // There is no change whose outcome is to be told.
                change.entry = None;
                return Err(error);
            }
        }
        Ok(change)
    }

    /// Gives an entry to the sink, after the one before it.
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

/// An entry with the sink.
type Recorded = tokio::task::JoinHandle<Result<(), BoxError>>;

/// A change whose intent is with the sink. If it is dropped, its outcome is unknown.
pub(crate) struct Change<'a> {
    audit: &'a Audit,
    /// The runtime of the call, because the change may be dropped outside of any runtime.
    runtime: Handle,
    entry: Option<AuditEntry>,
    /// The intent, if it is still with the sink.
    intent: Option<Recorded>,
    /// Whether the sink has to take it down.
    needed: bool,
}

impl Change<'_> {
    /// Gives the outcome to the sink, and waits for it a little, or as long as there is time if it is needed.
    pub(crate) async fn ended(
        mut self,
        ended: &Ended,
        carried: &RequestSecrets,
        by: Option<(String, String)>,
        left: Duration,
    ) {
        let Some(operation) = self.entry.as_ref().map(|entry| entry.operation) else {
            return;
        };
        let recorded = self.told(AuditEvent::of(operation, ended, carried), by);
        let patience = match self.needed {
            true => left,
            false if cancels_orders(operation) => Duration::ZERO,
            false => PATIENCE.min(left),
        };
        if let Some(recorded) = recorded {
            let _ = tokio::time::timeout(patience, recorded).await;
        }
    }

    fn told(&mut self, event: AuditEvent, by: Option<(String, String)>) -> Option<Recorded> {
        let mut entry = self.entry.take()?;
        entry.event = event;
        entry.at = SystemTime::now();
        if let Some((account, credential)) = by {
            entry.account = Some(account);
            entry.credential = Some(credential);
        }
        Some(self.audit.record(&self.runtime, entry, self.intent.take()))
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        let why = "the caller gave the call up".to_owned();
        self.told(AuditEvent::Unknown { why }, None);
    }
}

/// An answer as it may be shown.
fn shown(operation: &'static Operation, answer: &RawResponse) -> Option<Value> {
    if operation.secret_response {
        return None;
    }
    let mut value = answer.decode_small()?;
    redact(&mut value);
    answer.request_secrets.redact_value(&mut value);
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
