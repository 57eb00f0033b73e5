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
///         .fail_instead_of_waiting(),
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
    /// [`Bounds::body_bytes`](crate::Bounds::body_bytes). The memory of the value grows with it.
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

    /// Fails at once where a limit makes the call wait for its turn longer than 5 ms. What places or changes orders does so anyway.
    pub fn fail_instead_of_waiting(mut self) -> Self {
        self.wait = Some(false);
        self
    }

    /// Waits for its turn, up to the deadline, also where it places or changes an order. An order is not sent once it is
    /// older than [`NewOrder::good_for`](crate::NewOrder::good_for) says.
    pub fn wait_for_turn(mut self) -> Self {
        self.wait = Some(true);
        self
    }
}
