//! The options of feeds.

use std::time::Duration;

use super::channel::ChannelKind;
use super::queue::Lag;

/// The updates that wait for a slow program, unless it says otherwise.
const QUEUE: usize = 4_096;

/// Sets how feeds behave, where that differs from the defaults.
///
/// ```
/// use paradex_api_ext::stream::{Lag, StreamOptions};
/// use paradex_api_ext::{Client, Environment};
///
/// let client = Client::builder(Environment::Testnet).build()?;
/// // Rather end than miss a trade.
/// let stream = client.stream().with_options(StreamOptions::new().lag(Lag::End).queue(100_000));
/// let trades = stream.trades("BTC-USD-PERP");
/// # let _ = trades;
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use]
pub struct StreamOptions {
    lag: Option<Lag>,
    queue: Option<usize>,
    silence: Option<Option<Duration>>,
}

impl StreamOptions {
    /// Creates options that change nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what happens when the program reads a feed too slowly. It does not concern books, which are always the newest.
    #[doc(alias = "backpressure")]
    pub fn lag(mut self, lag: Lag) -> Self {
        self.lag = Some(lag);
        self
    }

    /// Sets how many updates may wait to be read: 4,096 by default, and at least 1. With [`Lag::Latest`] a feed keeps up to two for
    /// each market if that is more.
    pub fn queue(mut self, updates: usize) -> Self {
        self.queue = Some(updates);
        self
    }

    /// Sets how long a channel may be silent before it is subscribed again; `None` for any time.
    ///
    /// By default it is 30 s for quotes and books, and any time for the others. A market with few orders, such as many an option, can
    /// be silent for longer. If several feeds of a group read one channel, the shortest limit holds.
    ///
    /// When a channel reaches the limit, its feeds yield [`LossCause::Silent`](super::LossCause::Silent), and it is subscribed again.
    /// When it reaches the limit once more and no other channel of the connection had data meanwhile, there is a new connection, so
    /// all feeds of the connection yield [`LossCause::Disconnected`](super::LossCause::Disconnected). From then on the limit grows
    /// with each time that it is reached, up to 10 minutes or the limit that was set. Data of the channel starts this anew, so set a
    /// longer limit for a market whose quotes are further apart.
    pub fn silence(mut self, longest: impl Into<Option<Duration>>) -> Self {
        self.silence = Some(longest.into());
        self
    }

    pub(super) fn lag_or(&self, default: Lag) -> Lag {
        self.lag.unwrap_or(default)
    }

    pub(super) fn queue_or_default(&self) -> usize {
        self.queue.unwrap_or(QUEUE)
    }

    pub(super) fn silence_of(&self, kind: ChannelKind) -> Option<Duration> {
        self.silence.unwrap_or(kind.default_silence())
    }
}
