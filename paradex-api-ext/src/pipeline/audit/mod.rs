//! Records who changed what: an entry before each change, and one after it.
//!
//! [`ClientBuilder::audit`](crate::ClientBuilder::audit) sets the sink.
//!
//! The pipeline records every change, including those of the raw client. A call that is dropped has an outcome, too: unknown.
//!
//! Fields whose names can hold a secret are replaced by `(not shown)` in bodies; their names are generated from `openapi/secrets.yaml`. The former
//! value is recorded only for changes of an allowlist, because there the client has read it anyway.
//!
//! Sinks run in tasks of their own, in order for one change. An administrative call waits for a required sink, an order waits
//! at most 20 ms, a cancel does not wait.

mod entry;
mod log;
mod recorder;
mod sink;

pub use entry::{AuditEntry, AuditEvent};
pub use log::AuditLog;
pub(crate) use recorder::Audit;
pub use sink::{AuditFuture, AuditSink};
