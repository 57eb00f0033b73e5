//! What the clients of a group share: one subscription for each channel, on as few connections as possible.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use paradex_api::sbe;
use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::channel::{Channel, Family};
use super::driver;
use super::item::Item;
use super::market::Market;
use super::outage::Outage;
use super::session::Sink;
use super::shared_book::SharedBook;
use super::update::{Live, LossCause, Lost, StreamError};
use crate::client::ClientGroup;

/// Receives what a connection finds for one feed. It never waits.
pub(super) trait Subscriber: Send + Sync {
    fn item(&self, market: &Market, item: &Item);
    fn book_changed(&self);
    fn lost(&self, lost: Lost);
    fn live(&self, live: Live);
    fn end(&self, error: StreamError);
    /// Wakes the reader, which restarts the task if it has ended.
    fn wake(&self);
}

/// The market data of a group.
pub(crate) struct Hub {
    sockets: Mutex<Vec<Arc<Socket>>>,
    next_route: AtomicU64,
    connections: Arc<AtomicU64>,
    /// The schema version that was agreed last.
    schema_version: Arc<AtomicU16>,
}

/// One connection, its predecessors and its successors, and the feeds that they serve.
pub(super) struct Socket {
    routes: Mutex<Routes>,
    /// The wishes changed.
    pub(super) changed: Notify,
    pub(super) connections: Arc<AtomicU64>,
    pub(super) schema_version: Arc<AtomicU16>,
}

#[derive(Default)]
pub(super) struct Routes {
    pub(super) by_id: BTreeMap<u64, Route>,
    /// Books that turned out to be wrong.
    pub(super) distrusted: Vec<(u64, LossCause)>,
    pub(super) connection: Option<Connection>,
    pub(super) outage: Option<Outage>,
    /// No feed is left, and the task ends.
    pub(super) is_closed: bool,
    is_running: bool,
}

/// One channel, and the feeds that read it.
pub(super) struct Route {
    pub(super) channel: Channel,
    pub(super) silence: Option<Duration>,
    pub(super) book: Option<Arc<SharedBook>>,
    live: Option<Live>,
    /// The loss that was told and has not ended.
    pub(super) lost: Option<LossCause>,
    subscribers: Vec<Arc<dyn Subscriber>>,
}

/// A connection to the exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connection {
    /// Its number, which grows with each new connection of the group.
    pub number: u64,
    /// The version of the SBE schema that was agreed.
    pub schema_version: u16,
    /// The channels that are subscribed on it.
    pub channels: Vec<String>,
}

/// Locks a value that is whole even after a panic, because subscribers are called last.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            sockets: Mutex::default(),
            next_route: AtomicU64::new(1),
            connections: Arc::default(),
            schema_version: Arc::new(AtomicU16::new(sbe::SCHEMA_VERSION)),
        }
    }
}

impl Hub {
    /// Subscribes a feed to a channel: on the connection that has it, or else on the first one where its frames can be told apart.
    pub(super) fn subscribe(
        &self,
        group: &ClientGroup,
        channel: Channel,
        silence: Option<Duration>,
        subscriber: Arc<dyn Subscriber>,
    ) -> (Subscription, Option<Arc<SharedBook>>) {
        let mut sockets = locked(&self.sockets);
        sockets.retain(|socket| !socket.routes().is_closed);
        // While the list is locked, a connection may close, and no feed can be added.
        let mut place = None;
        for socket in sockets.iter() {
            let routes = socket.routes();
            if routes.is_closed {
                continue;
            }
            if routes.by_id.values().any(|route| route.channel == channel) {
                place = Some(Arc::clone(socket));
                break;
            }
            if place.is_none()
                && !routes
                    .by_id
                    .values()
                    .any(|route| route.channel.conflicts(&channel))
            {
                place = Some(Arc::clone(socket));
            }
        }
        let new_id = self.next_route.fetch_add(1, Ordering::Relaxed);
        let joined = place.and_then(|socket| {
            let joined = socket.routes().join(new_id, &channel, silence, &subscriber);
            joined.map(|(id, book)| (socket, id, book))
        });
        let (socket, id, book) = joined.unwrap_or_else(|| {
            let socket = Arc::new(Socket {
                routes: Mutex::default(),
                changed: Notify::new(),
                connections: Arc::clone(&self.connections),
                schema_version: Arc::clone(&self.schema_version),
            });
            let (id, book) = socket.routes().add(new_id, channel, silence, &subscriber);
            sockets.push(Arc::clone(&socket));
            (socket, id, book)
        });
        drop(sockets);
        socket.changed.notify_one();
        let subscription = Subscription {
            socket,
            group: group.clone(),
            route: id,
            subscriber,
        };
        // Without a runtime, the connection is made when the feed is first read.
        let _ = subscription.ensure_running();
        (subscription, book)
    }

    /// The schema version that was agreed last.
    pub(super) fn schema_version(&self) -> u16 {
        self.schema_version.load(Ordering::Relaxed)
    }

    /// The number of a new connection, on which this schema version was agreed.
    pub(super) fn next_connection(&self, schema_version: u16) -> u64 {
        self.schema_version.store(schema_version, Ordering::Relaxed);
        self.connections.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(super) fn connections(&self) -> Vec<Connection> {
        let sockets = locked(&self.sockets);
        let mut connections: Vec<Connection> = sockets
            .iter()
            .filter_map(|socket| socket.routes().connection.clone())
            .collect();
        connections.sort_by_key(|connection| connection.number);
        connections
    }

    pub(super) fn outages(&self) -> Vec<Outage> {
        let sockets = locked(&self.sockets);
        let outages = sockets.iter().filter_map(|socket| socket.routes().outage.clone());
        outages.collect()
    }
}

impl Routes {
    /// Adds a feed to a channel that may exist; `None` if no feed can be added any more.
    fn join(
        &mut self,
        new_id: u64,
        channel: &Channel,
        silence: Option<Duration>,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Option<(u64, Option<Arc<SharedBook>>)> {
        if self.is_closed {
            return None;
        }
        let existing = self.by_id.iter_mut().find(|(_, route)| route.channel == *channel);
        let Some((id, route)) = existing else {
            return Some(self.add(new_id, channel.clone(), silence, subscriber));
        };
        route.silence = match (route.silence, silence) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        route.subscribers.push(Arc::clone(subscriber));
        if let Some(live) = &route.live {
            subscriber.live(Live {
                after: None,
                ..live.clone()
            });
        }
        Some((*id, route.book.clone()))
    }

    fn add(
        &mut self,
        id: u64,
        channel: Channel,
        silence: Option<Duration>,
        subscriber: &Arc<dyn Subscriber>,
    ) -> (u64, Option<Arc<SharedBook>>) {
        let is_book = channel.kind.family() == Family::Book;
        let book = is_book.then(|| Arc::new(SharedBook::new()));
        let route = Route {
            channel,
            silence,
            book: book.clone(),
            live: None,
            lost: None,
            subscribers: vec![Arc::clone(subscriber)],
        };
        self.by_id.insert(id, route);
        (id, book)
    }

    /// Tells the feeds of a channel about a loss.
    fn lose(&mut self, id: u64, market: Option<&Market>, cause: LossCause, age: Duration) {
        let Some(route) = self.by_id.get_mut(&id) else {
            return;
        };
        if market == route.channel.market.as_ref() {
            route.live = None;
            route.lost = Some(cause);
        }
        let now = SystemTime::now();
        let lost = Lost {
            cause,
            since: now.checked_sub(age).unwrap_or(now),
            market: market.cloned(),
            dropped: 0,
        };
        #[cfg(feature = "metrics")]
        metrics::counter!("paradex_stream_losses_total", "cause" => cause.as_str()).increment(1);
        tracing::debug!(channel = %route.channel, cause = cause.as_str(), "lost");
        for subscriber in &route.subscribers {
            subscriber.lost(lost.clone());
        }
    }
}

impl Socket {
    pub(super) fn routes(&self) -> MutexGuard<'_, Routes> {
        locked(&self.routes)
    }

    /// The task ended. Feeds that are left are told, and start it again when they are next read.
    fn stopped(&self) {
        let mut routes = self.routes();
        routes.is_running = false;
        routes.connection = None;
        routes.outage = None;
        let ids: Vec<u64> = routes.by_id.keys().copied().collect();
        for id in ids {
            let Some(route) = routes.by_id.get(&id) else {
                continue;
            };
            if let Some(book) = &route.book {
                book.lose();
            }
            let market = route.channel.market.clone();
            if route.live.is_some() {
                routes.lose(id, market.as_ref(), LossCause::Disconnected, Duration::ZERO);
            }
        }
        let subscribers: Vec<_> = routes
            .by_id
            .values()
            .flat_map(|route| route.subscribers.iter().map(Arc::clone))
            .collect();
        drop(routes);
        for subscriber in subscribers {
            subscriber.wake();
        }
    }
}

/// Hands over to feeds what a session finds.
pub(super) struct Dispatch<'a>(pub(super) MutexGuard<'a, Routes>);

impl Sink for Dispatch<'_> {
    fn item(&mut self, channel: u64, market: &Market, item: Item) {
        if let Some(route) = self.0.by_id.get(&channel) {
            for subscriber in &route.subscribers {
                subscriber.item(market, &item);
            }
        }
    }

    fn book_changed(&mut self, channel: u64) {
        if let Some(route) = self.0.by_id.get(&channel) {
            for subscriber in &route.subscribers {
                subscriber.book_changed();
            }
        }
    }

    fn lost(&mut self, channel: u64, market: Option<&Market>, cause: LossCause, age: Duration) {
        self.0.lose(channel, market, cause, age);
    }

    fn live(&mut self, channel: u64, live: Live) {
        if let Some(route) = self.0.by_id.get_mut(&channel) {
            if live.market == route.channel.market {
                route.live = Some(live.clone());
                route.lost = None;
            }
            for subscriber in &route.subscribers {
                subscriber.live(live.clone());
            }
        }
    }

    fn end(&mut self, channel: u64, error: StreamError) {
        if let Some(route) = self.0.by_id.remove(&channel) {
            tracing::warn!(channel = %route.channel, error = %error, "a feed ended");
            for subscriber in &route.subscribers {
                subscriber.end(error.clone());
            }
        }
    }
}

/// One feed's part in a channel, which ends when it is dropped.
pub(super) struct Subscription {
    socket: Arc<Socket>,
    group: ClientGroup,
    route: u64,
    subscriber: Arc<dyn Subscriber>,
}

impl Subscription {
    /// Starts the connection's task in the present runtime, unless it runs.
    pub(super) fn ensure_running(&self) -> Result<(), StreamError> {
        let mut routes = self.socket.routes();
        if routes.is_running || routes.is_closed || !routes.by_id.contains_key(&self.route) {
            return Ok(());
        }
        let runtime = Handle::try_current().map_err(|_| StreamError::NoRuntime)?;
        routes.is_running = true;
        drop(routes);
        let running = Running(Arc::clone(&self.socket));
        runtime.spawn(driver::run(running, self.group.clone()));
        Ok(())
    }

    pub(super) fn outage(&self) -> Option<Outage> {
        let routes = self.socket.routes();
        let is_wanted = routes.by_id.contains_key(&self.route);
        routes.outage.clone().filter(|_| is_wanted)
    }

    /// Says that the book of the channel is wrong.
    pub(super) fn distrust(&self, cause: LossCause) {
        self.socket.routes().distrusted.push((self.route, cause));
        self.socket.changed.notify_one();
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut routes = self.socket.routes();
        if let Some(route) = routes.by_id.get_mut(&self.route) {
            route
                .subscribers
                .retain(|subscriber| !Arc::ptr_eq(subscriber, &self.subscriber));
            if route.subscribers.is_empty() {
                routes.by_id.remove(&self.route);
            }
        }
        // Without a task, it must be closed here.
        if routes.by_id.is_empty() && !routes.is_running {
            routes.is_closed = true;
        }
        drop(routes);
        self.socket.changed.notify_one();
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let routes = self.socket.routes();
        let channel = routes.by_id.get(&self.route).map(|route| &route.channel);
        f.write_str(&channel.map_or_else(|| "ended".to_owned(), ToString::to_string))
    }
}

/// Says that the task runs, until it is dropped with it.
pub(super) struct Running(pub(super) Arc<Socket>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.stopped();
    }
}
