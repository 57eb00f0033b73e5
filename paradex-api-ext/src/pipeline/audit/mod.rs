//! Records who changed what: an entry before each change, and one after it.
//!
//! [`ClientBuilder::audit`](crate::ClientBuilder::audit) sets the sink.

mod entry;
mod log;
mod recorder;
mod sink;

pub use entry::{AuditEntry, AuditEvent};
pub use log::AuditLog;
pub(crate) use recorder::Audit;
pub use sink::{AuditFuture, AuditSink};
