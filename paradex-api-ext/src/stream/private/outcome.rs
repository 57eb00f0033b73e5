//! The outcome of a request over a connection.

use paradex_api::serde_json::value::RawValue;

use crate::stream::rpc::RpcError;

/// The response to a request: its result, as the bytes that arrived, or an error.
pub(crate) type RpcResult = Result<Box<RawValue>, RpcError>;

/// The outcome of a request.
#[derive(Debug)]
pub(crate) enum RequestOutcome {
    /// Nothing of it was handed to the socket, and nothing will be.
    NotSent(NotSentReason),
    /// The exchange responded.
    Response(RpcResult),
    /// It was or may have been handed to the socket, and no response is known.
    Unanswered,
}

/// Why a request was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotSentReason {
    /// The connection is another one now, or is not ready.
    OtherConnection,
    /// The deadline passed before its frame was written.
    Deadline,
    /// Too many requests wait to be written.
    QueueFull,
    /// It was not wanted any more when its frame was about to be written.
    NotWanted,
    /// No further connection is made.
    Closed,
}
