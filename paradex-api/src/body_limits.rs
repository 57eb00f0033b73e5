//! How large a response may be, and how much memory its value may take.

use reqwest::Response;

use crate::Bytes;

/// The most that a response may take: the bytes of its body, and in proportion to them the memory of its value.
///
/// A body is read up to its bound, after decompression. Its value may take four times the bound; beyond that the call fails
/// with [`Error::Decode`](crate::Error::Decode). Together with the buffers that reading needs, a call takes at most
/// eight times the bound, whatever the server sends. Real responses stay far below: a list of 300 markets is 200 kB long.
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

/// The memory of a value, as a multiple of the bound of its body.
///
/// Of the eight times that a call may take, the body itself is one. Up to three are the buffer in which serde_json unescapes a
/// text: it doubles, so that its old and its new memory are there at once.
const VALUE: u64 = 4;

/// What is reserved for a body because its header announces it; more as it comes.
const RESERVED: usize = 4 << 20;

impl BodyLimits {
    /// A body of 8 MiB.
    pub const fn new() -> Self {
        Self { body: 8 << 20 }
    }

    /// The bytes of a body, after decompression.
    pub const fn body_bytes(mut self, bytes: usize) -> Self {
        self.body = bytes;
        self
    }

    /// The bytes of memory that the value of a response may take.
    pub const fn value_bytes(self) -> u64 {
        (self.body as u64).saturating_mul(VALUE)
    }

    /// Reads a body to its end, and no further than its bound.
    ///
    /// # Errors
    ///
    /// [`BodyTooLarge`], or the error of the connection.
    pub async fn read(self, response: &mut Response) -> Result<Bytes, crate::BoxError> {
        let fits = |length: usize| match length <= self.body {
            true => Ok(()),
            false => Err(BodyTooLarge { bound: self.body }),
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
            // Most responses are one piece, which need not be copied.
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
                // It doubles, and never beyond the bound.
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

/// A body that is larger than its bound. No more than the bound was read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the body of the response is beyond the bound of {bound} bytes; raise the bound if this response is to be read"
)]
#[non_exhaustive]
pub struct BodyTooLarge {
    /// The bound.
    pub bound: usize,
}
