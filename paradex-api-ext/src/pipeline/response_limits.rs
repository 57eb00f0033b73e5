//! How large a response may be.

use paradex_api::reqwest::Response;
use paradex_api::reqwest::header::HeaderMap;
use paradex_api::{BodyLimits, BodyTooLarge, BoxError, Bytes};

use crate::error::ConfigurationError;

/// The largest response that is read. One that exceeds a bound is no complete response, and fails like a broken connection.
///
/// The bound of the body bounds the memory of a call as well: its value may take four times the bound, or the call fails with
/// [`Error::Decode`](crate::Error::Decode), and the call with all its buffers takes at most eight times the bound, whatever the
/// server sends. The default suits every operation: a list of 300 markets is 200 kB long. For single calls that need
/// more, [`CallOptions::body_bytes`](crate::CallOptions::body_bytes) raises the bound.
///
/// A body of more than 32 KiB is decoded on a thread that tokio keeps for work that blocks, and under the deadline of the call.
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

/// What the JSON library reads at the most, whatever is said here.
const DEEPEST: usize = 128;

impl ResponseLimits {
    /// A body of 8 MiB, headers of 64 KiB, JSON of 128 levels.
    pub const fn new() -> Self {
        Self {
            body: 8 << 20,
            headers: 64 << 10,
            depth: DEEPEST,
        }
    }

    /// The bytes of a body, after decompression.
    pub const fn body_bytes(mut self, bytes: usize) -> Self {
        self.body = bytes;
        self
    }

    /// The bytes of all names and values of headers. There may be a hundred of them, whatever is said here.
    pub const fn header_bytes(mut self, bytes: usize) -> Self {
        self.headers = bytes;
        self
    }

    /// How deep lists and objects may lie within each other, 128 at the most.
    pub const fn json_depth(mut self, levels: usize) -> Self {
        self.depth = levels;
        self
    }

    pub(crate) fn check(self) -> Result<Self, ConfigurationError> {
        if self.body == 0 || self.headers == 0 || !(1..=DEEPEST).contains(&self.depth) {
            return Err(ConfigurationError::new(format!(
                "bounds of {} bytes of body, {} bytes of headers and {} levels of JSON are refused: the first two are \
                 above 0, the last is between 1 and {DEEPEST}",
                self.body, self.headers, self.depth
            )));
        }
        Ok(self)
    }

    /// What the raw client has to know.
    pub(crate) fn response(self) -> BodyLimits {
        BodyLimits::new().body_bytes(self.body)
    }

    pub(crate) fn check_headers(self, headers: &HeaderMap) -> Result<(), BoxError> {
        let all = headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len());
        if all.sum::<usize>() > self.headers {
            return Err(TooLarge("headers", self.headers).into());
        }
        Ok(())
    }

    /// Reads a body to its end.
    pub(crate) async fn whole(self, response: &mut Response) -> Result<Bytes, BoxError> {
        let body = self.response().read(response).await;
        let body = body.map_err(|error| match error.is::<BodyTooLarge>() {
            true => TooLarge("body", self.body).into(),
            false => error,
        })?;
        self.check_depth(&body)?;
        Ok(body)
    }

    fn check_depth(self, body: &[u8]) -> Result<(), TooLarge> {
        // The JSON library checks its own bound.
        if self.depth == DEEPEST || depth(body) <= self.depth {
            Ok(())
        } else {
            Err(TooLarge("depth", self.depth))
        }
    }
}

impl Default for ResponseLimits {
    fn default() -> Self {
        Self::new()
    }
}

/// How deep the brackets of a text lie within each other; those in strings do not count.
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

/// An answer beyond a bound.
#[derive(Debug, thiserror::Error)]
#[error("the {0} of the response is beyond the bound of {1}; `ClientBuilder::bounds` moves it")]
pub(crate) struct TooLarge(&'static str, usize);

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
    fn bounds_that_let_nothing_in_are_refused() {
        assert_eq!(ResponseLimits::new().check().unwrap(), ResponseLimits::default());
        for bounds in [
            ResponseLimits::new().body_bytes(0),
            ResponseLimits::new().header_bytes(0),
            ResponseLimits::new().json_depth(0),
            ResponseLimits::new().json_depth(129),
        ] {
            assert!(bounds.check().is_err(), "{bounds:?}");
        }
    }
}
