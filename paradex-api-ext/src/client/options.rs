//! The options of calls.

use std::time::Duration;

use crate::pipeline::retry::RetryPolicy;

/// Sets how calls are made, where that differs from the settings of the client.
///
/// ```
/// use std::time::Duration;
/// use paradex_api_ext::{CallOptions, Client, Environment, RetryPolicy};
///
/// let client = Client::builder(Environment::Testnet).build()?;
/// let quick = client.with_options(
///     CallOptions::new()
///         .deadline(Duration::from_millis(300))
///         .retry(RetryPolicy::none())
///         .wait_for_rate_limit(false),
/// );
/// // Every call of `quick`, also through `quick.api()`, ends within 300 ms.
/// # let _ = quick;
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use]
pub struct CallOptions {
    pub(crate) deadline: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    /// Whether a call waits for the rate limit; `None` decides by its operation.
    pub(crate) wait: Option<bool>,
    pub(crate) body: Option<usize>,
}

impl CallOptions {
    /// Creates options that change nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the total time that a call may take.
    ///
    /// It covers signing in, waiting for the rate limit, connecting, sending, reading, and all attempts. After that time the call
    /// fails, and the error names the [`Phase`](crate::error::Phase) that it had reached.
    ///
    /// After a failed sign-in, a call waits for the next one if that starts before the deadline and can succeed. The waits grow to
    /// 30 s, or to a minute if the exchange asks for it. Otherwise the call fails at once with the last failure.
    #[doc(alias = "timeout")]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets how often a call is attempted. Without this, order writes are attempted once.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Sets the largest body that is read, in bytes after decompression, instead of
    /// [`ResponseLimits::body_bytes`](crate::limits::ResponseLimits::body_bytes). The memory of the decoded value grows with it.
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

    /// Sets whether a call waits if the client's own rate limit does not permit it at once.
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
