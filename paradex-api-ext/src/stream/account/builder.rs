//! Creates the stream of an account.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::cursor::{AccountCursor, Tracker};
use super::driver::Start;
use super::engine::Engine;
use super::fills::{Fills, MARGIN, Verified};
use super::state::Shared;
use super::stream::AccountStream;
use crate::client::Client;
use crate::stream::update::StreamError;
use crate::time::unix_milliseconds;

/// The time between two comparisons, unless the program says otherwise.
const COMPARE_EVERY: Duration = Duration::from_secs(60);
/// Shorter times would use up the limit of private reads.
const SHORTEST: Duration = Duration::from_secs(1);
/// Longer times would not fit into a clock.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3_600);
/// The updates that may wait for the program, unless it says otherwise.
const QUEUE: usize = 65_536;

/// Creates an [`AccountStream`]; see [`Client::account_stream`].
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before `start`"]
pub struct AccountStreamBuilder {
    client: Client,
    since: Option<SystemTime>,
    cursor: Option<AccountCursor>,
    compare_every: Duration,
    queue: usize,
}

impl Client {
    /// Creates a builder for the stream of the client's account: orders, fills, positions, balances and others, reconciled with the
    /// REST API; see [the module](crate::stream::account).
    ///
    /// ```no_run
    /// # async fn example(client: paradex_api_ext::Client) {
    /// use paradex_api_ext::stream::AccountUpdate;
    ///
    /// let mut account = client.account_stream().start();
    /// while let Some(update) = account.next().await {
    ///     if let AccountUpdate::Fill(fill) = update {
    ///         println!("{:?} {:?} at {:?}", fill.market, fill.size, fill.price);
    ///     }
    /// }
    /// # }
    /// ```
    #[doc(alias = "user data")]
    #[doc(alias = "subscribe")]
    #[doc(alias = "private channels")]
    #[doc(alias = "websocket")]
    pub fn account_stream(&self) -> AccountStreamBuilder {
        AccountStreamBuilder {
            client: self.clone(),
            since: None,
            cursor: None,
            compare_every: COMPARE_EVERY,
            queue: QUEUE,
        }
    }
}

impl AccountStreamBuilder {
    /// Reports the fills since this time.
    ///
    /// Fills of the 10 s before are read too, because the clocks of the exchange and of the program differ. So the first
    /// [`Reconciled`](super::AccountUpdate::Reconciled) can have fills that the program knows; compare their ids. A
    /// [`cursor`](Self::cursor) avoids that, and takes precedence.
    ///
    /// With neither, the stream claims nothing about the time before it was created. Fills of the second before can be among the first
    /// that it reports.
    pub fn since(mut self, time: SystemTime) -> Self {
        self.since = Some(time);
        self
    }

    /// Goes on from where an earlier stream had come to: reports fills since then, each once, and what became of the orders that were
    /// open.
    #[doc(alias = "resume")]
    pub fn cursor(mut self, cursor: AccountCursor) -> Self {
        self.cursor = Some(cursor);
        self
    }

    /// Sets how often open orders, fills and positions are compared with the REST API: every 60 s by default, and at most once a second.
    ///
    /// The first one after a reconciliation is 5 s later at the latest. A comparison is three calls, or six if there was a difference
    /// that another look explains.
    pub fn compare_every(mut self, interval: Duration) -> Self {
        self.compare_every = interval;
        self
    }

    /// Sets how many updates may wait to be read: 65,536 by default, and at least 1. As many may be kept besides while the account is
    /// read.
    ///
    /// When the program reads too slowly, nothing that waits is dropped. The stream says [`Lost`](super::AccountUpdate::Lost) after it,
    /// and reconciles once the program has read it.
    #[doc(alias = "backpressure")]
    pub fn queue(mut self, updates: usize) -> Self {
        self.queue = updates;
        self
    }

    /// Starts the stream. It connects now, or when it is first read if there is no runtime yet.
    ///
    /// A cursor of another account or exchange ends it with [`StreamError::InvalidCursor`].
    pub fn start(self) -> AccountStream {
        let exchange = self.client.environment().base_url().to_string();
        let tracker = Tracker::new(exchange.clone(), self.cursor.as_ref());
        let refused = self
            .cursor
            .as_ref()
            .and_then(|cursor| cursor.check(&exchange).err());
        let is_cold = self.cursor.is_none() && self.since.is_none();
        let (account, fills, orders) = match self.cursor {
            Some(cursor) => (
                cursor.account,
                Fills::new(cursor.verified, cursor.fills),
                cursor.orders,
            ),
            None => {
                let since = match self.since {
                    Some(time) => milliseconds(time).saturating_sub(MARGIN).max(0),
                    None => milliseconds(self.client.group().now()),
                };
                (
                    String::new(),
                    Fills::new(Verified::from_time(since), []),
                    Vec::new(),
                )
            }
        };
        let capacity = self.queue.max(1);
        let shared = Arc::new(Shared::new(
            Engine::new(fills, orders, capacity),
            capacity,
            Some(self.client.clone()),
        ));
        self.client.group().own_orders().add(&shared);
        if let Some(error) = refused {
            shared.end(StreamError::InvalidCursor(error));
        }
        let start = Start {
            client: self.client,
            compare_every: self.compare_every.clamp(SHORTEST, LONGEST),
            account,
            cold_since: is_cold.then(Instant::now),
        };
        AccountStream::new(shared, tracker, start)
    }
}

/// A time as the exchange writes it.
pub(super) fn milliseconds(time: SystemTime) -> i64 {
    i64::try_from(unix_milliseconds(time)).unwrap_or(i64::MAX)
}
