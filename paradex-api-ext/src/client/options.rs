//! What can be said about single calls.

use std::time::Duration;

use crate::pipeline::retry::RetryPolicy;

/// How calls are made, where it differs from what the client was built with.
///
/// ```
/// use std::time::Duration;
/// use paradex_api_ext::{CallOptions, Client, Environment, RetryPolicy};
///
/// let client = Client::builder(Environment::Testnet).build()?;
/// let hasty = client.with_options(
///     CallOptions::new()
///         .deadline(Duration::from_millis(300))
///         .retry(RetryPolicy::none())
///         .wait_for_rate_limit(false),
/// );
/// // Every call of `hasty`, also through `hasty.api()`, ends within 300 ms.
/// # let _ = hasty;
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use]
pub struct CallOptions {
    pub(crate) deadline: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    /// Whether a call waits for its turn; by its operation if nothing is said.
    pub(crate) wait: Option<bool>,
    pub(crate) body: Option<usize>,
}

impl CallOptions {
    /// As the client was built.
    pub fn new() -> Self {
        Self::default()
    }

    /// The longest that a call may take in all: signing in, waiting for its turn, connecting, sending, reading, and every
    /// attempt. There is an answer or an error by then, and the error says what the call was at.
    ///
    /// After a sign-in that failed, a call waits for the next one if that begins before the deadline and can succeed; the
    /// pauses grow to 30 s, or to the minute that the exchange asks for. Otherwise it fails at once with the last failure.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// How often it is tried. Order writes are tried once unless this says otherwise.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// The largest body that is read, in bytes after decompression, in the place of
    /// [`ResponseLimits::body_bytes`](crate::limits::ResponseLimits::body_bytes). The memory of the value grows with it.
    ///
    /// ```
    /// # async fn example(client: paradex_api_ext::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::CallOptions;
    ///
    /// let patient = client.with_options(CallOptions::new().body_bytes(64 << 20));
    /// let markets = patient.api().list_markets().send().await?;
    /// # let _ = markets;
    /// # Ok(())
    /// # }
    /// ```
    pub fn body_bytes(mut self, bytes: usize) -> Self {
        self.body = Some(bytes);
        self
    }

    /// Whether a call waits when the client's own rate limit does not admit it at once.
    ///
    /// With `true` it waits, up to the deadline; with `false` it fails with
    /// [`WithheldReason::RateLimit`](crate::error::WithheldReason::RateLimit) where the wait would be longer than 5 ms. If this is not
    /// set, a call that places or changes an order fails, and any other waits. An order is never sent once it is older than
    /// [`NewOrder::good_for`](crate::orders::NewOrder::good_for) allows.
    pub fn wait_for_rate_limit(mut self, wait: bool) -> Self {
        self.wait = Some(wait);
        self
    }
}
