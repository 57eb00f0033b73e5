//! Successful responses that could not be decoded.

use std::fmt;

use super::excerpt;
use crate::operation::Operation;
use crate::response::RawResponse;
use crate::transport::BoxError;

/// A response with a success status that could not be decoded.
///
/// The call may have been carried out, so the response is kept.
pub struct DecodeError {
    operation: &'static Operation,
    raw: RawResponse,
    reason: DecodeFailure,
}

/// Why a body was not decoded.
pub(crate) enum DecodeFailure {
    /// It is not what the OpenAPI document declares.
    Form(Malformed),
    /// Its value would take more than this many bytes of memory.
    Memory(u64),
    /// The transport's runner did not run the decoding, or did not wait for it.
    Runner(BoxError),
    /// The transport rejected it, for this reason.
    Unusable(&'static str),
}

/// What is wrong with a body. A value that it quotes is redacted.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Malformed(pub(crate) String);

impl DecodeError {
    pub(crate) fn new(operation: &'static Operation, mut raw: RawResponse, reason: DecodeFailure) -> Self {
        // Headers of a success are marked only now, when the response becomes an error that people read.
        raw.request_secrets.mark_sensitive(&mut raw.headers);
        let reason = match reason {
            DecodeFailure::Form(Malformed(text)) => DecodeFailure::Form(Malformed(raw.redacted(&text, 300))),
            reason => reason,
        };
        Self {
            operation,
            raw,
            reason,
        }
    }

    /// Creates the error with which a [`Transport`](crate::Transport) rejects the body of a successful response.
    ///
    /// If the transport returns it as its error, the call fails with [`Error::Decode`](crate::Error::Decode), which keeps the
    /// response.
    ///
    /// ```
    /// use paradex_api::{DecodeError, RawResponse, operations, reqwest::StatusCode};
    ///
    /// let response = RawResponse::new(StatusCode::OK, Default::default(), "{}");
    /// let error = DecodeError::unusable(&operations::CREATE_ORDER, response, "it does not name an order");
    /// assert_eq!(error.raw().status, StatusCode::OK);
    /// ```
    pub fn unusable(operation: &'static Operation, response: RawResponse, why: &'static str) -> Self {
        Self::new(operation, response, DecodeFailure::Unusable(why))
    }

    /// Returns the operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the complete response. Its body may hold secrets.
    pub fn raw(&self) -> &RawResponse {
        &self.raw
    }

    /// Returns whether the value would have exceeded the memory limit; see [`BodyLimits`](crate::BodyLimits).
    pub fn is_over_memory_limit(&self) -> bool {
        matches!(self.reason, DecodeFailure::Memory(_))
    }

    /// Returns why the transport's [`DecodeRunner`](crate::DecodeRunner) did not decode the body.
    ///
    /// An example is that the deadline of the call had passed.
    pub fn runner_error(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        match &self.reason {
            DecodeFailure::Runner(error) => Some(&**error),
            _ => None,
        }
    }

    /// Returns the error of the [`DecodeRunner`](crate::DecodeRunner) by value.
    ///
    /// # Errors
    ///
    /// Returns `self` if the decoding failed for another reason.
    pub fn into_runner_error(self: Box<Self>) -> Result<BoxError, Box<Self>> {
        match *self {
            Self {
                reason: DecodeFailure::Runner(error),
                ..
            } => Ok(error),
            other => Err(Box::new(other)),
        }
    }

    /// Returns the start of the body for people to read.
    ///
    /// It has at most 200 characters, on one line and without the secrets of the request. It is `None` if the body is empty or
    /// the operation returns secrets.
    pub fn excerpt(&self) -> Option<String> {
        excerpt(self.operation, &self.raw)
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let DecodeFailure::Unusable(why) = self.reason {
            return write!(f, "{}: returned {}, and {why}", self.operation, self.raw.status);
        }
        let (operation, status, bytes) = (self.operation, self.raw.status, self.raw.body.len());
        write!(
            f,
            "{operation}: returned {status}, and the {bytes} bytes of its body "
        )?;
        match &self.reason {
            DecodeFailure::Form(_) => f.write_str("could not be decoded"),
            DecodeFailure::Memory(budget) => write!(
                f,
                "would take more than the {budget} bytes of memory that their value may take; raise the limit of the body \
                 to read this response"
            ),
            DecodeFailure::Runner(_) | DecodeFailure::Unusable(_) => f.write_str("were not decoded"),
        }
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("operation", &self.operation.id)
            .field("raw", &self.raw)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // A message of serde_json can quote a value of the body, which may be a secret.
        match &self.reason {
            DecodeFailure::Form(error) => (!self.operation.secret_response).then_some(error),
            DecodeFailure::Memory(_) | DecodeFailure::Unusable(_) => None,
            DecodeFailure::Runner(error) => Some(&**error),
        }
    }
}
