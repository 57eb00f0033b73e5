//! Why an order socket was not connected.

use std::time::Duration;

use crate::error::call::CallFacts;
use crate::error::task::Task;
use crate::stream::StreamError;

/// Why an order socket was not connected.
///
/// It converts into [`Error`](crate::Error) with `?`, as the errors of calls do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrderSocketError {
    /// No further connection is made, because the next one would fail as well.
    #[error("the order socket cannot be connected")]
    Ended(#[source] StreamError),
    /// The socket was not connected within the timeout of the client.
    #[error("the order socket was not connected within {after:?}; no order was sent")]
    TimedOut {
        /// The timeout.
        after: Duration,
    },
}

impl Task for OrderSocketError {
    fn facts(&self) -> CallFacts<'_> {
        CallFacts::LOCAL.with_retryable(matches!(self, Self::TimedOut { .. }))
    }
}
