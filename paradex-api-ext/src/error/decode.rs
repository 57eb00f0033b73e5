//! A success that cannot be used.

use std::fmt;

use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::HeaderMap;
use paradex_api::{Bytes, Operation, RawResponse, Response};

use super::{Error, api};

/// A success whose response cannot be decoded, or does not name what was requested.
///
/// The API may be newer than this crate, or a server in between may have responded. A change was probably made: look for
/// it before you repeat the call.
pub struct DecodeError {
    operation: &'static Operation,
    raw: RawResponse,
    source: Box<paradex_api::DecodeError>,
}

impl DecodeError {
    pub(super) fn new(source: Box<paradex_api::DecodeError>) -> Self {
        Self {
            operation: source.operation(),
            raw: source.raw().clone(),
            source,
        }
    }

    /// A response of the right form that cannot be used.
    pub(crate) fn content(operation: &'static Operation, raw: RawResponse, what: &'static str) -> Self {
        Self::new(Box::new(paradex_api::DecodeError::unusable(operation, raw, what)))
    }

    /// The value of a response, if it shows what it must.
    pub(crate) fn require<T>(
        operation: &'static Operation,
        response: Response<T>,
        shows: impl FnOnce(&T) -> bool,
        what: &'static str,
    ) -> Result<T, Error> {
        if shows(&response) {
            return Ok(response.into_inner());
        }
        Err(Self::content(operation, response.into_parts().1, what).into())
    }

    /// Returns the operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the HTTP status code.
    pub fn status(&self) -> StatusCode {
        self.raw.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// Returns the id of the request in the exchange's logs: the header `x-request-id` or `cf-ray`.
    pub fn request_id(&self) -> Option<&str> {
        api::request_id(self.headers())
    }

    /// Returns whether the call changes something, which may have been carried out.
    pub fn is_outcome_unknown(&self) -> bool {
        !self.operation.is_read()
    }

    /// Returns the start of the body: at most 200 characters, without control characters.
    ///
    /// `None` for an operation whose responses hold secrets.
    pub fn excerpt(&self) -> Option<String> {
        self.source.excerpt()
    }

    /// Returns the complete body. After `create_token` it may hold the only copy of a live token, so keep it out of logs
    /// as you would the token.
    pub fn expose_body(&self) -> &Bytes {
        &self.raw.body
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.source, f)
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
        std::error::Error::source(&*self.source)
    }
}
