//! Where audit entries go.

use std::future::Future;
use std::pin::Pin;

use paradex_api::BoxError;

use super::entry::AuditEntry;

/// What [`AuditSink::record`] returns.
pub type AuditFuture<'a> = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send + 'a>>;

/// Records every change: the intent before it is sent, and its outcome.
///
/// Every call is recorded except for GET requests and sign-ins, also through the raw client and also if the caller drops its
/// future. A call that the client withholds before its first attempt has no entry; one that it withholds later has the outcome
/// `not_sent`. [`AuditLog`](super::AuditLog) writes the entries to a file.
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
