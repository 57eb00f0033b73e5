//! The limits of the size of a response.

use paradex_api::reqwest::Response;
use paradex_api::reqwest::header::HeaderMap;
use paradex_api::{BodyLimits, BodyTooLarge, BoxError, Bytes};

use crate::error::ConfigurationError;
use crate::pipeline::unusable::TooLarge;

/// Limits the size of the responses that are read. A response that exceeds a limit fails like a broken connection.
///
/// The limit of the body also limits the memory of a call. The decoded value may take up to four times the limit, or the call
/// fails with [`Error::Decode`](crate::Error::Decode); the call with all its buffers takes at most eight times the limit, whatever
/// the server sends. The default suits every operation: a list of 300 markets is 200 kB long. For single calls that need more,
/// [`CallOptions::body_bytes`](crate::CallOptions::body_bytes) raises the limit.
///
/// A body of more than 32 KiB is decoded on one of tokio's threads for blocking work, and under the deadline of the call.
///
/// ```
/// use paradex_api_ext::{Client, Environment};
/// use paradex_api_ext::limits::ResponseLimits;
///
/// let client = Client::builder(Environment::Testnet)
///     .response_limits(ResponseLimits::new().body_bytes(4 << 20).json_depth(32))
///     .build()?;
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct ResponseLimits {
    body: usize,
    headers: usize,
    depth: usize,
}

/// The limit of the JSON library.
const DEEPEST: usize = 128;

impl ResponseLimits {
    /// Creates the default limits: 8 MiB of body, 64 KiB of headers, 128 levels of JSON.
    pub const fn new() -> Self {
        Self {
            body: 8 << 20,
            headers: 64 << 10,
            depth: DEEPEST,
        }
    }

    /// Sets the largest body, in bytes after decompression.
    pub const fn body_bytes(mut self, bytes: usize) -> Self {
        self.body = bytes;
        self
    }

    /// Sets the total size of header names and values, in bytes. At most a hundred headers are read in any case.
    pub const fn header_bytes(mut self, bytes: usize) -> Self {
        self.headers = bytes;
        self
    }

    /// Sets how deep lists and objects may be nested: at most 128 levels.
    pub const fn json_depth(mut self, levels: usize) -> Self {
        self.depth = levels;
        self
    }

    pub(crate) fn check(self) -> Result<Self, ConfigurationError> {
        if self.body == 0 || self.headers == 0 || !(1..=DEEPEST).contains(&self.depth) {
            return Err(ConfigurationError::new(format!(
                "response limits of {} bytes of body, {} bytes of headers and {} levels of JSON are invalid: the first \
                 two must be above 0, and the levels between 1 and {DEEPEST}",
                self.body, self.headers, self.depth
            )));
        }
        Ok(self)
    }

    /// The limits that the raw client enforces.
    pub(crate) fn body_limits(self) -> BodyLimits {
        BodyLimits::new().body_bytes(self.body)
    }

    pub(crate) fn check_headers(self, headers: &HeaderMap) -> Result<(), BoxError> {
        let all = headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len());
        if all.sum::<usize>() > self.headers {
            return Err(TooLarge {
                what: "headers",
                limit: self.headers,
            }
            .into());
        }
        Ok(())
    }

    /// Reads a whole body.
    pub(crate) async fn read_body(self, response: &mut Response) -> Result<Bytes, BoxError> {
        let body = self.body_limits().read(response).await;
        let body = body.map_err(|error| match error.is::<BodyTooLarge>() {
            true => TooLarge {
                what: "body",
                limit: self.body,
            }
            .into(),
            false => error,
        })?;
        self.check_depth(&body)?;
        Ok(body)
    }

    /// Checks a whole body that was read elsewhere.
    #[cfg(feature = "stream")]
    pub(crate) fn check_body(self, body: &[u8]) -> Result<(), BoxError> {
        if body.len() > self.body {
            return Err(TooLarge {
                what: "body",
                limit: self.body,
            }
            .into());
        }
        Ok(self.check_depth(body)?)
    }

    fn check_depth(self, body: &[u8]) -> Result<(), TooLarge> {
        // The JSON library checks its own limit.
        if self.depth == DEEPEST || depth(body) <= self.depth {
            Ok(())
        } else {
            Err(TooLarge {
                what: "depth",
                limit: self.depth,
            })
        }
    }
}

impl Default for ResponseLimits {
    fn default() -> Self {
        Self::new()
    }
}

/// How deep the brackets of a text are nested. Brackets in strings do not count.
fn depth(body: &[u8]) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    let mut bytes = body.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'{' | b'[' => {
                now += 1;
                most = most.max(now);
            }
            b'}' | b']' => now = now.saturating_sub(1),
            b'"' => {
                // To the end of the string; what follows a backslash is part of it.
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'\\' => drop(bytes.next()),
                        b'"' => break,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::{ResponseLimits, depth};

    #[test]
    fn brackets_count_outside_of_strings() {
        for (text, deep) in [
            ("", 0),
            ("1", 0),
            ("[]", 1),
            (r#"{"a":[{}]}"#, 3),
            (r#"[[],[[]]]"#, 3),
            (r#"{"[[[[":"]]]]{{{{"}"#, 1),
            (r#"{"a":"\"[[["}"#, 1),
            (r#"{"a":"\\"},[[]]"#, 2),
            ("]]]][", 1),
            ("\"[[", 0),
        ] {
            assert_eq!(depth(text.as_bytes()), deep, "{text}");
        }
    }

    #[test]
    fn limits_that_admit_nothing_are_refused() {
        assert_eq!(ResponseLimits::new().check().unwrap(), ResponseLimits::default());
        for limits in [
            ResponseLimits::new().body_bytes(0),
            ResponseLimits::new().header_bytes(0),
            ResponseLimits::new().json_depth(0),
            ResponseLimits::new().json_depth(129),
        ] {
            assert!(limits.check().is_err(), "{limits:?}");
        }
    }
}
