//! Limits of the size of a response and of the memory of its value.

use reqwest::Response;

use crate::Bytes;

/// Limits the size of a response, and the memory of its decoded value in proportion to it.
///
/// The limit of the body counts bytes after decompression. The value may take four times as many; beyond that, the call fails
/// with [`Error::Decode`](crate::Error::Decode). Together with the buffers for reading, a call takes at most eight times the
/// limit, whatever the server sends. Real responses stay far below: a list of 300 markets has 200 kB.
///
/// ```
/// use paradex_api::{BaseUrl, Client, HttpTransport, BodyLimits};
/// use std::sync::Arc;
///
/// let limits = BodyLimits::new().body_bytes(2 << 20);
/// let transport = HttpTransport::new()?.limits(limits);
/// let client = Client::with_transport(BaseUrl::testnet(), Arc::new(transport));
/// # Ok::<(), paradex_api::BuildError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct BodyLimits {
    body: usize,
}

/// The memory of a value, as a multiple of the limit of its body.
///
/// A call may take eight times the limit. The body itself is one of these. Up to three are the buffer in which serde_json
/// decodes escapes: it grows by doubling, with its old and its new memory allocated at the same time.
const VALUE: u64 = 4;

/// The most bytes that are allocated because `Content-Length` announces them. More are allocated as they arrive.
const RESERVED: usize = 4 << 20;

impl BodyLimits {
    /// Returns the default limit: a body of 8 MiB.
    pub const fn new() -> Self {
        Self { body: 8 << 20 }
    }

    /// Sets the limit of a body, in bytes after decompression.
    pub const fn body_bytes(mut self, bytes: usize) -> Self {
        self.body = bytes;
        self
    }

    /// Returns how many bytes of memory the decoded value of a response may take.
    pub const fn value_bytes(self) -> u64 {
        (self.body as u64).saturating_mul(VALUE)
    }

    /// Reads the body of a response.
    ///
    /// # Errors
    ///
    /// Returns [`BodyTooLarge`] if it exceeds the limit, or the error of the connection.
    pub async fn read(self, response: &mut Response) -> Result<Bytes, crate::BoxError> {
        let fits = |length: usize| match length <= self.body {
            true => Ok(()),
            false => Err(BodyTooLarge { limit: self.body }),
        };
        let announced = response
            .content_length()
            .map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX));
        fits(announced)?;
        let Some(first) = response.chunk().await? else {
            return Ok(Bytes::new());
        };
        fits(first.len())?;
        let Some(second) = response.chunk().await? else {
            // Most responses have one chunk, which is not copied.
            return Ok(first);
        };
        let begun = first.len().saturating_add(second.len());
        fits(begun)?;
        let mut body = Vec::with_capacity(announced.min(RESERVED).max(begun));
        body.extend_from_slice(&first);
        body.extend_from_slice(&second);
        drop((first, second));
        while let Some(more) = response.chunk().await? {
            let length = body.len().saturating_add(more.len());
            fits(length)?;
            if length > body.capacity() {
                // The buffer doubles, up to the limit.
                let most = body.capacity().saturating_mul(2).min(self.body);
                body.reserve_exact(most.max(length) - body.len());
            }
            body.extend_from_slice(&more);
        }
        Ok(body.into())
    }
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self::new()
    }
}

/// The body of a response exceeds the limit. It was read up to the limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the body of the response exceeds the limit of {limit} bytes; raise the limit to read this response")]
#[non_exhaustive]
pub struct BodyTooLarge {
    /// The limit, in bytes.
    pub limit: usize,
}
