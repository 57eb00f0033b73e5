//! Passes the entries of each change to the sink, in order and without holding up the call for long.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use paradex_api::{BoxError, Operation, RequestSecrets, reqwest};
use serde_json::Value;
use tokio::runtime::Handle;

use super::entry::{AuditEntry, AuditEvent, redact};
use super::sink::AuditSink;
use crate::pipeline::completed_attempt::CompletedAttempt;
use crate::pipeline::operation_class::{cancels_orders, opens_session, trades};

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
        carried: &RequestSecrets,
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
