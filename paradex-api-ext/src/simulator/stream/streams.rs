//! All connections, and the data that they have subscribed to.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::Value;

use super::book::{Update, View};
use super::channel::{BookFeed, Channel, Scope};
use super::connects::Connects;
use super::delivery::Delivery;
use super::feed::{Feed, Happening, from_engine};
use super::item::{Item, MarketItem};
use super::keepalive::{Due, Keepalive};
use super::options::StreamOptions;
use super::outbox::{Body, Outbox};
use super::periodic::{self, Periodic};
use super::requests::Late;
use super::snapshot::SocketSnapshot;
use super::socket::{Encoding, Socket, Subscription};
use crate::simulator::clock::MILLISECOND;
use crate::simulator::engine::Price;
use crate::simulator::faults::Injection;
use crate::simulator::market::Markets;
use crate::simulator::market::model::BOOK_STEP;
use crate::simulator::trading::Trading;

/// How many connections that have ended are kept for the log.
const KEPT_SOCKETS: usize = 1_000;

/// How many events of connections that have ended are kept. The newest connection keeps all of its own.
const KEPT_EVENTS: usize = 1_000_000;

/// How many payloads of events of connections that have ended are kept.
const KEPT_PAYLOADS: usize = 100_000;

/// How often trades of the simulated market are looked for, in milliseconds.
const TRADE_STEP: i64 = 100;

/// The connections.
pub(in crate::simulator) struct Streams {
    pub(super) options: StreamOptions,
    pub(super) sockets: Vec<Socket>,
    /// Those that have ended, oldest first.
    ended: VecDeque<Socket>,
    last_number: u64,
    feeds: BTreeMap<Arc<str>, Feed>,
    periodic: Periodic,
    connects: Connects,
    /// Responses and requests that a fault has delayed.
    pub(super) late: Vec<Late>,
}

/// What the connections need of the rest of the simulator.
pub(in crate::simulator) struct Outside<'a> {
    pub(in crate::simulator) trading: &'a mut Trading,
    pub(in crate::simulator) markets: &'a Markets,
    pub(in crate::simulator) injections: &'a mut Vec<Injection>,
    pub(in crate::simulator) now: i64,
}

impl Outside<'_> {
    pub(super) fn delivery(&mut self, options: &StreamOptions) -> Delivery<'_> {
        Delivery {
            injections: self.injections,
            layout: options.switches.layout,
            numbers: options.switches.delta_numbers,
            private_encoding: options.switches.private_encoding,
            now: self.now,
        }
    }
}

impl Streams {
    pub(in crate::simulator) fn new(options: StreamOptions) -> Self {
        Self {
            options,
            sockets: Vec::new(),
            ended: VecDeque::new(),
            last_number: 0,
            feeds: BTreeMap::new(),
            periodic: Periodic::default(),
            connects: Connects::default(),
            late: Vec::new(),
        }
    }

    /// Returns whether anybody is connected.
    pub(in crate::simulator) fn is_used(&self) -> bool {
        !self.sockets.is_empty()
    }

    /// Counts a new connection of an address, unless it is one too many.
    pub(super) fn admits(&mut self, address: IpAddr, now: i64) -> bool {
        self.connects.admits(address, &self.options, now)
    }

    /// Adds a connection, and returns its number and the messages for it.
    pub(super) fn open(&mut self, address: IpAddr, encoding: Encoding, now: i64) -> (u64, Arc<Outbox>) {
        self.last_number += 1;
        let outbox = Outbox::new(self.options.kept_events, self.options.kept_payloads);
        let has_heartbeats = encoding != Encoding::Json;
        self.sockets.push(Socket {
            number: self.last_number,
            address,
            encoding,
            outbox: Arc::clone(&outbox),
            account: None,
            session: None,
            cancel_on_disconnect: false,
            is_arming_acknowledged: false,
            unarmed_orders: 0,
            placed: Vec::new(),
            subscriptions: Vec::new(),
            delayed: Vec::new(),
            keepalive: Keepalive::new(&self.options, has_heartbeats, now),
            is_finished: false,
        });
        (self.last_number, outbox)
    }

    /// Removes a connection that has ended.
    pub(super) fn remove(&mut self, number: u64, trading: &mut Trading) {
        let Some(index) = self.sockets.iter().position(|socket| socket.number == number) else {
            return;
        };
        self.ended.push_back(self.sockets.remove(index));
        let count = |socket: &Socket| socket.outbox.kept_events();
        let mut events: usize = self.ended.iter().map(count).sum();
        while self.ended.len() > KEPT_SOCKETS || (events > KEPT_EVENTS && self.ended.len() > 1) {
            let oldest = self.ended.pop_front();
            events = events.saturating_sub(oldest.as_ref().map_or(0, count));
        }
        let mut payloads = 0;
        for socket in self.ended.iter().rev() {
            payloads += socket.outbox.payloads();
            if payloads > KEPT_PAYLOADS {
                socket.outbox.drop_payloads();
            }
        }
        self.drop_unused_feeds(trading);
    }

    pub(super) fn socket(&mut self, number: u64) -> Option<&mut Socket> {
        self.sockets.iter_mut().find(|socket| socket.number == number)
    }

    /// Returns all connections that are known, oldest first.
    pub(in crate::simulator) fn snapshots(&self) -> Vec<SocketSnapshot> {
        let all = self.ended.iter().chain(&self.sockets);
        let mut snapshots: Vec<SocketSnapshot> = all.map(Socket::snapshot).collect();
        snapshots.sort_unstable_by_key(|socket| socket.number);
        snapshots
    }

    /// Begins to follow the markets of a channel.
    pub(super) fn follow(&mut self, channel: &Channel, outside: &mut Outside<'_>) {
        let mut fresh = Vec::new();
        for symbol in markets_of(channel, outside.markets) {
            if self.feeds.contains_key(symbol.as_str()) {
                continue;
            }
            if let Some(feed) = Feed::new(&symbol, outside.trading, outside.markets, outside.now) {
                fresh.push(Arc::clone(&feed.book.market));
                self.feeds.insert(Arc::clone(&feed.book.market), feed);
            }
        }
        outside.trading.set_published(!self.feeds.is_empty());
        self.settle(&fresh, outside);
    }

    /// Sends what happened to other markets while feeds were created. What happened to theirs is in their books.
    fn settle(&mut self, fresh: &[Arc<str>], outside: &mut Outside<'_>) {
        for (at, symbol, happening) in self.published(outside) {
            if !fresh.contains(&symbol) {
                self.happen(&symbol, at, happening, outside);
            }
        }
    }

    /// Stops following markets to which nobody is subscribed.
    pub(super) fn drop_unused_feeds(&mut self, trading: &mut Trading) {
        let sockets = &self.sockets;
        self.feeds.retain(|symbol, feed| {
            let mut subscriptions = sockets.iter().flat_map(|socket| &socket.subscriptions);
            subscriptions.any(|found| shows(&found.channel, symbol, feed.option_base.as_deref()))
        });
        trading.set_published(!self.feeds.is_empty());
        self.watch_accounts(trading);
    }

    /// Sends everything that has happened by now.
    pub(in crate::simulator) fn catch_up(&mut self, outside: &mut Outside<'_>) {
        if self.sockets.is_empty() {
            return;
        }
        if !self.feeds.is_empty() || outside.trading.is_watched() {
            outside.trading.advance(outside.markets, outside.now);
        }
        for socket in &mut self.sockets {
            socket.send_delayed(outside.now);
        }
        if !self.feeds.is_empty() {
            self.catch_up_markets(outside);
        }
        self.show_changes(outside);
        self.send_due(outside);
        for (channel, item) in self.periodic.take(&self.sockets, outside.markets, outside.now) {
            self.dispatch(&item, outside, |found| found.channel == channel);
        }
        self.keep_alive(outside.now);
    }

    fn catch_up_markets(&mut self, outside: &mut Outside<'_>) {
        let mut happened = self.published(outside);
        for feed in self.feeds.values_mut() {
            feed.simulate(outside.markets, outside.now, &mut happened);
        }
        happened.sort_by_key(|(at, ..)| *at);
        for (at, symbol, happening) in happened {
            self.happen(&symbol, at, happening, outside);
        }
        let outdated: Vec<Arc<str>> = self
            .feeds
            .iter()
            .filter(|(_, feed)| feed.is_outdated(outside.trading))
            .map(|(symbol, _)| Arc::clone(symbol))
            .collect();
        for symbol in outdated {
            self.begin_anew(&symbol, outside);
        }
    }

    /// Returns what the matching engine has published. The levels of one change come together.
    fn published(&self, outside: &mut Outside<'_>) -> Vec<(i64, Arc<str>, Happening)> {
        let mut happened: Vec<(i64, Arc<str>, Happening)> = Vec::new();
        for (at, event) in outside.trading.take_published() {
            let Some((id, happening)) = from_engine(&event) else {
                continue;
            };
            let Some(feed) = self.feeds.values().find(|feed| feed.shows(id)) else {
                continue;
            };
            let symbol = feed.book.market.clone();
            match (happened.last_mut(), happening) {
                (Some((_, last, Happening::Changes(seq, all))), Happening::Changes(same, changes))
                    if *last == symbol && *seq == same =>
                {
                    all.extend(changes);
                }
                (_, happening) => happened.push((at, symbol, happening)),
            }
        }
        happened
    }

    fn happen(&mut self, symbol: &Arc<str>, at: i64, happening: Happening, outside: &mut Outside<'_>) {
        let Some(feed) = self.feeds.get_mut(symbol) else {
            return;
        };
        match happening {
            Happening::Changes(seq, changes) => {
                let update = feed.book.apply(seq, at, &changes);
                self.show(symbol, &update, false, outside);
            }
            Happening::Step(seq) => {
                if let Some(update) = feed.step(outside.markets, seq) {
                    self.show(symbol, &update, false, outside);
                }
            }
            Happening::Jump(seq) => {
                if let Some(update) = feed.step(outside.markets, seq) {
                    self.show(symbol, &update, true, outside);
                }
            }
            Happening::Trade(mut trade) => {
                trade.market = Arc::clone(symbol);
                let base = feed.option_base.clone();
                let item = Item::Trade(trade);
                self.dispatch(&item, outside, |found| {
                    matches!(&found.channel, Channel::Trades(scope) if scope.covers(symbol, base.as_deref()))
                });
            }
        }
    }

    /// Sends a change of a book to all who see it.
    fn show(&mut self, symbol: &Arc<str>, update: &Update, anew: bool, outside: &mut Outside<'_>) {
        let Some(feed) = self.feeds.get(symbol) else {
            return;
        };
        let (book, base) = (&feed.book, feed.option_base.clone());
        let mut items: Vec<(Item, bool, bool)> = Vec::new();
        for interactive in [false, true] {
            let view = View::new(interactive);
            let item = match anew {
                true => book.snapshot(view),
                false => book.delta(view, update),
            };
            items.push((Item::Book(item), interactive, true));
            let changed = if interactive {
                update.interactive_bbo
            } else {
                update.bbo
            };
            if changed {
                items.push((Item::Bbo(book.bbo(view)), interactive, false));
            }
        }
        for (item, interactive, is_book) in items {
            self.dispatch(&item, outside, |found| match &found.channel {
                Channel::Book {
                    market,
                    interactive: wanted,
                    feed: BookFeed::Deltas,
                } => is_book && *wanted == interactive && **symbol == **market,
                Channel::Bbo {
                    scope,
                    interactive: wanted,
                } => !is_book && *wanted == interactive && scope.covers(symbol, base.as_deref()),
                _ => false,
            });
        }
        for socket in &mut self.sockets {
            for found in &mut socket.subscriptions {
                let is_top = matches!(&found.channel, Channel::Book { market, feed: BookFeed::Top { .. }, .. } if **market == **symbol);
                found.is_due |= is_top;
            }
        }
    }

    /// Follows a market from its other source, with a new snapshot.
    fn begin_anew(&mut self, symbol: &Arc<str>, outside: &mut Outside<'_>) {
        let Some(feed) = Feed::new(symbol, outside.trading, outside.markets, outside.now) else {
            return;
        };
        self.feeds.insert(Arc::clone(symbol), feed);
        self.settle(std::slice::from_ref(symbol), outside);
        let update = Update {
            bbo: true,
            interactive_bbo: true,
            ..Update::default()
        };
        self.show(symbol, &update, true, outside);
    }

    /// Sends a change of a market's rules.
    pub(in crate::simulator) fn announce(&mut self, market: &str, data: Value, outside: &mut Outside<'_>) {
        let found = outside.markets.get(market);
        let base = found
            .and_then(|found| found.spec.option_base())
            .map(str::to_owned);
        let item = Item::Market(MarketItem {
            market: market.into(),
            data,
        });
        self.dispatch(
            &item,
            outside,
            |found| matches!(&found.channel, Channel::Markets(scope) if scope.covers(market, base.as_deref())),
        );
    }

    /// Sends the best levels to those who wait for them, if their rate allows it.
    fn send_due(&mut self, outside: &mut Outside<'_>) {
        let Self {
            sockets,
            feeds,
            options,
            ..
        } = self;
        for socket in sockets {
            for index in 0..socket.subscriptions.len() {
                let Some(found) = socket.subscriptions.get_mut(index) else {
                    continue;
                };
                if top_due_at(found).is_none_or(|at| at > outside.now) {
                    continue;
                }
                let Some(item) = top(found, feeds) else {
                    continue;
                };
                (found.is_due, found.sent_at) = (false, Some(outside.now));
                socket.deliver(index, &item, &mut outside.delivery(options));
            }
        }
    }

    fn dispatch(&mut self, item: &Item, outside: &mut Outside<'_>, wanted: impl Fn(&Subscription) -> bool) {
        let mut delivery = outside.delivery(&self.options);
        for socket in &mut self.sockets {
            for index in 0..socket.subscriptions.len() {
                if socket.subscriptions.get(index).is_some_and(&wanted) {
                    socket.deliver(index, item, &mut delivery);
                }
            }
        }
    }

    /// Sends the first messages of a new subscription.
    pub(super) fn begin(&mut self, number: u64, index: usize, first: Vec<Item>, outside: &mut Outside<'_>) {
        let mut delivery = outside.delivery(&self.options);
        let Some(socket) = self.socket(number) else {
            return;
        };
        for item in first {
            socket.deliver(index, &item, &mut delivery);
        }
        if let Some(found) = socket.subscriptions.get_mut(index) {
            found.sent_at = Some(outside.now);
        }
    }

    /// Returns the books of the markets that a channel shows.
    pub(super) fn feeds_of<'a>(&'a self, channel: &'a Channel) -> impl Iterator<Item = &'a Feed> {
        let shown = |(symbol, feed): &(&Arc<str>, &Feed)| shows(channel, symbol, feed.option_base.as_deref());
        self.feeds.iter().filter(shown).map(|(_, feed)| feed)
    }

    fn keep_alive(&mut self, now: i64) {
        let options = &self.options;
        for socket in self.sockets.iter_mut().filter(|socket| !socket.is_finished) {
            while let Some(due) = socket.keepalive.take(options, now) {
                match due {
                    Due::Ping => socket.outbox.push(Body::Ping),
                    Due::Heartbeat => socket.outbox.push(socket.heartbeat(now)),
                    Due::NoPong => socket.break_off(),
                    Due::NoSubscription => socket.close(4031, "no subscription"),
                }
                if socket.is_finished {
                    break;
                }
            }
        }
    }

    /// Wakes the connections that wait for the clock.
    pub(super) fn wake_all(&self) {
        for socket in &self.sockets {
            socket.outbox.wake.notify_one();
        }
    }

    /// Returns when something happens next, in nanoseconds since the Unix epoch. `None` if nobody is connected.
    pub(super) fn next_due(&self, now: i64, trading: &Trading) -> Option<i64> {
        let next = |step: i64| periodic::next(step.saturating_mul(MILLISECOND), now);
        let open = || self.sockets.iter().filter(|socket| !socket.is_finished);
        let timers = open().map(|socket| socket.keepalive.next_due(&self.options));
        let subscriptions = || open().flat_map(|socket| &socket.subscriptions);
        let tops = subscriptions().filter_map(top_due_at);
        let trades = subscriptions().any(|found| matches!(found.channel, Channel::Trades(_)));
        let trades = trades.then(|| next(TRADE_STEP));
        let books = (!self.feeds.is_empty()).then(|| next(BOOK_STEP));
        let periodic = self.periodic.next_due(&self.sockets, now);
        let late = self.late.iter().map(|found| found.due);
        let accounts = trading.is_watched().then(|| trading.next_due(now)).flatten();
        let delayed = open().flat_map(|socket| &socket.delayed).map(|(at, _)| *at);
        timers
            .chain(accounts)
            .chain(delayed)
            .chain(late)
            .chain(tops)
            .chain(trades)
            .chain(books)
            .chain(periodic)
            .min()
    }
}

/// Returns when a subscription may get the best levels that it waits for.
fn top_due_at(found: &Subscription) -> Option<i64> {
    match found.channel {
        Channel::Book {
            feed: BookFeed::Top { interval, .. },
            ..
        } if found.is_due => Some(
            found
                .sent_at?
                .saturating_add(interval.saturating_mul(MILLISECOND)),
        ),
        _ => None,
    }
}

/// Returns the best levels that a channel shows.
fn top(found: &Subscription, feeds: &BTreeMap<Arc<str>, Feed>) -> Option<Item> {
    let Channel::Book {
        market,
        interactive,
        feed: BookFeed::Top { tick, .. },
    } = &found.channel
    else {
        return None;
    };
    let book = &feeds.get(market.as_str())?.book;
    Some(Item::Book(book.top(View::new(*interactive), units(*tick))))
}

/// Returns a price tick in units of 10⁻⁸.
pub(super) fn units(tick: Option<Decimal>) -> Option<i64> {
    tick.and_then(Price::from_decimal).map(|price| price.0)
}

/// Returns the symbols of the markets whose book or trades a channel shows.
fn markets_of(channel: &Channel, markets: &Markets) -> Vec<String> {
    let specs = markets.specs();
    let shown = specs.filter(|spec| shows(channel, &spec.symbol, spec.option_base()));
    shown.map(|spec| spec.symbol.clone()).collect()
}

/// Returns whether a channel shows the book or the trades of a market.
fn shows(channel: &Channel, symbol: &str, option_base: Option<&str>) -> bool {
    match channel {
        Channel::Trades(scope) | Channel::Bbo { scope, .. } => scope.covers(symbol, option_base),
        Channel::Book { market, .. } => market == symbol,
        _ => false,
    }
}

impl Scope {
    /// Returns whether a market belongs to it. Options have a base asset here.
    pub(super) fn covers(&self, symbol: &str, option_base: Option<&str>) -> bool {
        match self {
            Self::All => true,
            Self::Market(market) => market == symbol,
            Self::Base(base) => option_base == Some(base),
            Self::List(list) => list.iter().any(|market| market == symbol),
        }
    }
}
