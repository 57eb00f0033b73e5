//! What the exchange answered.

use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::error::{DecodeError, Error};
use crate::operation::Operation;

/// A complete answer before it is decoded: status, headers and body.
///
/// `Debug` shows the size of the body and never its text, because a body can hold a token.
#[derive(Clone)]
#[non_exhaustive]
pub struct RawResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl RawResponse {
    /// Puts an answer together, for a [`Transport`](crate::Transport) that makes its own.
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers,
            body: body.into(),
        }
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A decoded answer, together with everything it was decoded from.
///
/// It dereferences to the value; [`into_inner`](Self::into_inner) takes the value out.
pub struct Response<T> {
    value: T,
    raw: RawResponse,
}

impl<T> Response<T> {
    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.raw.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// The body as it arrived. It may hold secrets.
    pub fn body(&self) -> &Bytes {
        &self.raw.body
    }

    /// The value and what it was decoded from.
    pub fn into_parts(self) -> (T, RawResponse) {
        (self.value, self.raw)
    }
}

impl<T: Answer> Response<T> {
    /// Decodes an answer whose status is a success.
    pub(crate) fn decode(operation: &'static Operation, raw: RawResponse) -> Result<Self, Error> {
        match T::decode(&raw.body) {
            Ok(value) => Ok(Self { value, raw }),
            Err(error) => Err(Error::Decode(Box::new(DecodeError::new(operation, raw, error)))),
        }
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("value", &self.value)
            .field("raw", &self.raw)
            .finish()
    }
}

/// What a successful answer can be decoded into.
#[doc(hidden)]
pub trait Answer: Sized {
    fn decode(body: &Bytes) -> Result<Self, serde_json::Error>;
}

/// An answer that is declared without a body. What arrived all the same stays in
/// [`Response::body`].
impl Answer for () {
    fn decode(_: &Bytes) -> Result<Self, serde_json::Error> {
        Ok(())
    }
}

/// An answer that is no JSON, for example a picture.
impl Answer for Bytes {
    fn decode(body: &Bytes) -> Result<Self, serde_json::Error> {
        Ok(body.clone())
    }
}

/// Decodes JSON, checking that the body is UTF-8 once instead of string by string.
#[doc(hidden)]
pub fn decode_json<'a, T: serde::Deserialize<'a>>(body: &'a [u8]) -> Result<T, serde_json::Error> {
    match std::str::from_utf8(body) {
        Ok(text) => serde_json::from_str(text),
        Err(error) => Err(serde::de::Error::custom(error)),
    }
}
