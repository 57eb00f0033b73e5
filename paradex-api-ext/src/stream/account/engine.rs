//! What is known about an account, without a socket, a request or a clock.
//!
//! While the account is read from REST, events are kept. What arrived before the reading began is merged into the list, because
//! either can be older than the other; the rest follows the `Reconciled`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use paradex_api::types::{AccountSummary, Fill, Order, OrderStatus, Position};
use tokio::time::Instant;

use super::cursor::CursorOrder;
use super::fills::{Fills, Verified};
use super::modifications::Modifications;
use super::orders::{Applied, Orders, Origin};
use super::positions::Positions;
use super::update::{AccountUpdate, Modification, Reconciliation, Unresolved};
use crate::stream::private::{PrivateEvent, Ready};
use crate::stream::update::{LossCause, Lost};

/// What REST returned.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// The open orders.
    pub(super) orders: Vec<Order>,
    /// The fills since the time that [`Reading`] names.
    pub(super) fills: Vec<Fill>,
    pub(super) positions: Vec<Position>,
    pub(super) summary: Option<Box<AccountSummary>>,
}

/// A reading of the account that has to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    /// Which one it is: a later loss makes it void.
    number: u64,
    /// From when fills have to be read, in milliseconds.
    pub(super) fills_since: i64,
    /// The newest fill that was known when it began.
    newest_fill: i64,
}

/// What a list showed otherwise than the events. It counts if a second list shows it too, and no event came between.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Differences {
    /// The ids of orders, with the revision of what is known about them.
    orders: BTreeMap<String, Option<u64>>,
    /// The ids of fills that no event brought.
    fills: BTreeSet<String>,
    /// The markets of positions, with the revision of what is known about them.
    positions: BTreeMap<String, Option<u64>>,
}

impl Differences {
    pub(super) fn is_empty(&self) -> bool {
        self.orders.is_empty() && self.fills.is_empty() && self.positions.is_empty()
    }

    /// What both lists showed.
    pub(super) fn persistent(&self, earlier: &Self) -> Self {
        Self {
            orders: common(&self.orders, &earlier.orders),
            fills: self.fills.intersection(&earlier.fills).cloned().collect(),
            positions: common(&self.positions, &earlier.positions),
        }
    }

    /// Whether a list has fills that no event brought.
    pub(super) fn has_fills(&self) -> bool {
        !self.fills.is_empty()
    }

    /// The number of orders, fills and positions.
    pub(super) fn len(&self) -> usize {
        self.orders.len() + self.fills.len() + self.positions.len()
    }
}

/// What both have, with the same revision.
fn common(
    later: &BTreeMap<String, Option<u64>>,
    earlier: &BTreeMap<String, Option<u64>>,
) -> BTreeMap<String, Option<u64>> {
    let common = later
        .iter()
        .filter(|(id, revision)| earlier.get(*id) == Some(revision));
    common.map(|(id, revision)| (id.clone(), *revision)).collect()
}

#[derive(Debug)]
enum Phase {
    /// Every event is yielded.
    Complete,
    /// From a loss to the end of the reading.
    Incomplete(Buffer),
}

#[derive(Debug, Default)]
struct Buffer {
    events: Vec<PrivateEvent>,
    /// The first one of this connection.
    of_connection: usize,
    /// How many of them had arrived when the reading began.
    before_reading: Option<usize>,
    /// Events are discarded until the program has read what waits.
    is_discarding: bool,
}

/// What the present reconciliation has found. It is kept if the reading has to be repeated.
#[derive(Debug, Default)]
struct Findings {
    closed: Vec<Order>,
    fills: Vec<Fill>,
    modifications: Vec<Modification>,
    unreadable: usize,
    summary: Option<Box<AccountSummary>>,
}

#[derive(Debug)]
pub(super) struct Engine {
    orders: Orders,
    modifications: Modifications,
    fills: Fills,
    positions: Positions,
    phase: Phase,
    findings: Findings,
    ready: Option<Ready>,
    readings: u64,
    /// Whether the account was ever reconciled.
    has_reconciled: bool,
    /// Whether [`begin_at`](Self::begin_at) was called.
    has_begun: bool,
    /// When the known margin summary was made, in milliseconds.
    summary_at: Option<i64>,
    capacity: usize,
}

impl Engine {
    /// Nothing is claimed until the first reading. The orders were open according to a cursor.
    pub(super) fn new(fills: Fills, orders: Vec<CursorOrder>, capacity: usize) -> Self {
        let mut known = Orders::default();
        for order in orders {
            known.remember(order.into_order());
        }
        Self {
            orders: known,
            modifications: Modifications::default(),
            fills,
            positions: Positions::default(),
            phase: Phase::Incomplete(Buffer::default()),
            findings: Findings::default(),
            ready: None,
            readings: 0,
            has_reconciled: false,
            has_begun: false,
            summary_at: None,
            capacity,
        }
    }

    pub(super) fn is_complete(&self) -> bool {
        matches!(self.phase, Phase::Complete)
    }

    /// The connection can be used.
    pub(super) fn ready(&mut self, ready: Ready) {
        self.ready = Some(ready);
    }

    /// The connection missed something, and says when it can be used again.
    pub(super) fn lost(&mut self, cause: LossCause, age: Duration) -> Option<AccountUpdate> {
        self.ready = None;
        self.lose(cause, age)
    }

    /// Something was missed, or may have been. Returns the word for it, unless it was given before.
    pub(super) fn lose(&mut self, cause: LossCause, age: Duration) -> Option<AccountUpdate> {
        // A reading that is under way does not cover it.
        self.readings = self.readings.wrapping_add(1);
        match &mut self.phase {
            Phase::Incomplete(buffer) => {
                buffer.before_reading = None;
                buffer.of_connection = buffer.events.len();
                None
            }
            Phase::Complete => {
                self.phase = Phase::Incomplete(Buffer::default());
                let now = SystemTime::now();
                Some(AccountUpdate::Lost(Lost {
                    cause,
                    since: now.checked_sub(age).unwrap_or(now),
                    market: None,
                    dropped: 0,
                }))
            }
        }
    }

    /// The program reads too slowly: discards an event, and others until [`resume`](Self::resume).
    pub(super) fn discard(&mut self) -> Option<AccountUpdate> {
        let mut lost = self.lose(LossCause::Lagged, Duration::ZERO);
        if let Some(AccountUpdate::Lost(lost)) = &mut lost {
            lost.dropped = 1;
        }
        if let Phase::Incomplete(buffer) = &mut self.phase {
            buffer.is_discarding = true;
        }
        lost
    }

    /// The program reads too slowly: no reading begins, and events are discarded until [`resume`](Self::resume). REST shows what they
    /// did.
    pub(super) fn wait_for_reader(&mut self) {
        if let Phase::Incomplete(buffer) = &mut self.phase {
            *buffer = Buffer {
                is_discarding: true,
                ..Buffer::default()
            };
        }
    }

    pub(super) fn is_discarding(&self) -> bool {
        matches!(&self.phase, Phase::Incomplete(buffer) if buffer.is_discarding)
    }

    /// The program has read what waited.
    pub(super) fn resume(&mut self) {
        if let Phase::Incomplete(buffer) = &mut self.phase {
            buffer.is_discarding = false;
        }
    }

    /// Takes an event. It adds what the stream yields.
    pub(super) fn event(&mut self, event: PrivateEvent, now: Instant, updates: &mut Vec<AccountUpdate>) {
        let capacity = self.capacity;
        match &mut self.phase {
            Phase::Complete => self.yield_event(event, now, updates),
            Phase::Incomplete(buffer) if buffer.is_discarding => {}
            Phase::Incomplete(buffer) if buffer.events.len() < capacity => buffer.events.push(event),
            Phase::Incomplete(buffer) => {
                // The reading takes so long that it has to be repeated: REST shows what these events did.
                *buffer = Buffer::default();
                self.readings = self.readings.wrapping_add(1);
            }
        }
    }

    fn yield_event(&mut self, event: PrivateEvent, now: Instant, updates: &mut Vec<AccountUpdate>) {
        match event {
            PrivateEvent::Order(order) => {
                let modification = self.modifications.outcome(&order);
                match self.orders.apply(*order, Origin::Socket, now) {
                    Applied::Open(order) | Applied::Closed(order) => {
                        updates.push(AccountUpdate::Order(order));
                    }
                    Applied::Nothing => {}
                    Applied::Unidentified => updates.extend(self.lose(LossCause::Unreadable, Duration::ZERO)),
                }
                updates.extend(modification.map(AccountUpdate::Modification));
            }
            PrivateEvent::Fill(fill) => match self.fills.insert(&fill) {
                Some(true) => updates.push(AccountUpdate::Fill(fill)),
                Some(false) => {}
                None => updates.extend(self.lose(LossCause::Unreadable, Duration::ZERO)),
            },
            PrivateEvent::Position(position) => {
                if self.positions.apply(&position, true) {
                    updates.push(AccountUpdate::Position(position));
                }
            }
            PrivateEvent::Account(summary) => {
                if summary.updated_at >= self.summary_at {
                    self.summary_at = summary.updated_at;
                    updates.push(AccountUpdate::Summary(summary));
                }
            }
            PrivateEvent::Balance(event) => updates.push(AccountUpdate::Balance(event)),
            PrivateEvent::Funding(payment) => updates.push(AccountUpdate::Funding(payment)),
            PrivateEvent::Transfer(transfer) => updates.push(AccountUpdate::Transfer(transfer)),
            PrivateEvent::Bust(bust) => updates.push(AccountUpdate::Bust(bust)),
            PrivateEvent::Transaction(transaction) => {
                updates.push(AccountUpdate::Transaction(transaction));
            }
            PrivateEvent::Rfq(event) => updates.push(AccountUpdate::Rfq(event)),
            PrivateEvent::Mmp(event) => updates.push(AccountUpdate::Mmp(event)),
            PrivateEvent::BlockTrade(event) => updates.push(AccountUpdate::BlockTrade(event)),
        }
    }

    /// Begins to read the account, if that is what has to be done now.
    pub(super) fn begin_reading(&mut self) -> Option<Reading> {
        let Phase::Incomplete(buffer) = &mut self.phase else {
            return None;
        };
        if buffer.is_discarding || self.ready.is_none() {
            return None;
        }
        buffer.before_reading = Some(buffer.events.len());
        self.positions.begin_list();
        self.readings = self.readings.wrapping_add(1);
        Some(Reading {
            number: self.readings,
            fills_since: self.fills.read_from(),
            newest_fill: self.fills.newest(),
        })
    }

    /// Merges what REST returned. Returns the orders that were open and that it lacks, to be asked for by id; `None` if the reading
    /// is void.
    pub(super) fn merge(&mut self, reading: Reading, listing: Listing, now: Instant) -> Option<Vec<Order>> {
        let Phase::Incomplete(buffer) = &mut self.phase else {
            return None;
        };
        if reading.number != self.readings {
            return None;
        }
        let findings = &mut self.findings;
        findings.unreadable = 0;
        let before = buffer.before_reading.unwrap_or_default();
        for (place, event) in buffer.events.iter().take(before).enumerate() {
            match event {
                PrivateEvent::Order(order) => match self.orders.apply((**order).clone(), Origin::Socket, now)
                {
                    Applied::Closed(order) => findings.closed.push(*order),
                    Applied::Unidentified => findings.unreadable += 1,
                    Applied::Open(_) | Applied::Nothing => {}
                },
                // An event before the loss does not keep a position that the list lacks.
                PrivateEvent::Position(position) => {
                    self.positions.apply(position, place >= buffer.of_connection);
                }
                _ => {}
            }
        }
        let mut listed = BTreeSet::new();
        for order in listing.orders {
            // What was decided before the first reading is no news.
            let modification = self.modifications.outcome(&order).filter(|_| self.has_reconciled);
            findings.modifications.extend(modification);
            listed.extend(order.id.clone());
            match self.orders.apply(order, Origin::Rest, now) {
                Applied::Closed(order) => findings.closed.push(*order),
                Applied::Unidentified => findings.unreadable += 1,
                Applied::Open(_) | Applied::Nothing => {}
            }
        }
        for fill in listing.fills {
            if !self.fills.is_claimed(&fill) {
                continue;
            }
            match self.fills.insert(&fill) {
                Some(true) => findings.fills.push(fill),
                Some(false) => {}
                None => findings.unreadable += 1,
            }
        }
        let markets = listing
            .positions
            .iter()
            .filter_map(|position| position.market.clone());
        let markets: BTreeSet<String> = markets.collect();
        for position in listing.positions {
            self.positions.apply(&position, false);
        }
        self.positions.keep_listed(&markets);
        if listing.summary.is_some() {
            findings.summary = listing.summary;
        }
        Some(self.orders.missing(&listed))
    }

    /// Records what the exchange returned for an order that its list lacks. Without a state, nothing is known about it.
    pub(super) fn resolve(&mut self, id: &str, found: Option<Order>, now: Instant) {
        match found.filter(|order| order.id.as_deref() == Some(id)) {
            // The events of this connection are complete, and its end would be among them.
            None if self.has_buffered(id) => {}
            None => self.orders.set_unresolved(id),
            Some(order) => {
                if let Applied::Closed(order) = self.orders.apply(order, Origin::Rest, now) {
                    self.findings.closed.push(*order);
                }
            }
        }
    }

    /// Whether an event of the order arrived on this connection since the loss.
    fn has_buffered(&self, id: &str) -> bool {
        let Phase::Incomplete(buffer) = &self.phase else {
            return false;
        };
        let events = buffer.events.iter().skip(buffer.of_connection);
        events
            .filter_map(|event| match event {
                PrivateEvent::Order(order) => order.id.as_deref(),
                _ => None,
            })
            .any(|other| other == id)
    }

    /// Ends a reading: from here on the account is known. It adds what the stream yields, and returns whether the reading counts.
    pub(super) fn finish(
        &mut self,
        reading: Reading,
        now: Instant,
        updates: &mut Vec<AccountUpdate>,
    ) -> bool {
        let (Phase::Incomplete(buffer), Some(ready)) = (&mut self.phase, &self.ready) else {
            return false;
        };
        if reading.number != self.readings {
            return false;
        }
        let buffer = std::mem::take(buffer);
        let mut findings = std::mem::take(&mut self.findings);
        findings.fills.sort_by_key(|fill| fill.created_at);
        self.fills.set_verified(reading.newest_fill);
        if let Some(summary) = &findings.summary {
            self.summary_at = self.summary_at.max(summary.updated_at);
        }
        updates.push(AccountUpdate::Reconciled(Box::new(Reconciliation {
            connection: ready.connection,
            orders: self.open_orders(),
            closed_meanwhile: findings.closed,
            fills_found: findings.fills,
            positions: self.positions.open().cloned().collect(),
            summary: findings.summary,
            unresolved: Unresolved {
                orders: self.orders.unresolved().cloned().collect(),
                unreadable: findings.unreadable,
                refused_channels: ready.refused.iter().map(ToString::to_string).collect(),
            },
            verified: self.fills.verified(),
        })));
        self.phase = Phase::Complete;
        self.has_reconciled = true;
        updates.extend(
            findings
                .modifications
                .into_iter()
                .map(AccountUpdate::Modification),
        );
        let before = buffer.before_reading.unwrap_or_default();
        for (place, event) in buffer.events.into_iter().enumerate() {
            match event {
                // It is in the list already. What it says about a modification is not.
                PrivateEvent::Order(order) if place < before => {
                    let modification = self.modifications.outcome(&order);
                    updates.extend(modification.map(AccountUpdate::Modification));
                }
                PrivateEvent::Position(_) if place < before => {}
                // An event without an id was met: the rest belongs to the next reading.
                event if !self.is_complete() => self.event(event, now, updates),
                event => self.yield_event(event, now, updates),
            }
        }
        true
    }

    /// Compares lists with what is known.
    pub(super) fn differences(
        &self,
        orders: &[Order],
        fills: &[Fill],
        positions: &[Position],
    ) -> Differences {
        let mut found = Differences {
            positions: self.positions.differences(positions),
            ..Differences::default()
        };
        let mut listed = BTreeSet::new();
        for order in orders {
            let Some(id) = order.id.as_deref() else {
                continue;
            };
            listed.insert(id);
            if self.orders.is_closed(id) || order.status == Some(OrderStatus::Closed) {
                continue;
            }
            let known = self.orders.get(id);
            if known.is_none_or(|known| known.differs(order)) {
                let revision = known.map(|known| known.revision);
                found.orders.insert(id.to_owned(), revision);
            }
        }
        let absent = self.orders.open().filter(|(id, _)| !listed.contains(id.as_str()));
        found
            .orders
            .extend(absent.map(|(id, known)| (id.clone(), Some(known.revision))));
        for fill in fills.iter().filter(|fill| self.fills.is_claimed(fill)) {
            if let Some(id) = fill.id.as_deref()
                && !self.fills.contains(id)
            {
                found.fills.insert(id.to_owned());
            }
        }
        found
    }

    /// A comparison that begins now.
    pub(super) fn begin_comparison(&self) -> Option<Reading> {
        self.is_complete().then(|| Reading {
            number: self.readings,
            fills_since: self.fills.read_from(),
            newest_fill: self.fills.newest(),
        })
    }

    /// Whether nothing was lost since the reading began.
    pub(super) fn is_current(&self, reading: Reading) -> bool {
        self.readings == reading.number
    }

    /// A comparison found no difference. Returns which fills are known by that.
    pub(super) fn set_compared(&mut self, reading: Reading) -> Option<Verified> {
        if !self.is_current(reading) || !self.is_complete() {
            return None;
        }
        self.fills.set_verified(reading.newest_fill);
        Some(self.fills.verified())
    }

    /// Fills are claimed from this time on, in milliseconds.
    pub(super) fn begin_at(&mut self, since: i64) {
        self.fills = Fills::new(Verified::from_time(since), []);
        self.has_begun = true;
    }

    /// Whether [`begin_at`](Self::begin_at) may still be called.
    pub(super) fn has_to_begin(&self) -> bool {
        !self.has_begun && !self.has_reconciled
    }

    /// Records what became of an unresolved order, while the stream is complete.
    pub(super) fn settle(&mut self, order: Order, now: Instant, updates: &mut Vec<AccountUpdate>) {
        if let Applied::Open(order) | Applied::Closed(order) = self.orders.apply(order, Origin::Rest, now) {
            updates.push(AccountUpdate::Order(order));
        }
    }

    pub(super) fn open_orders(&self) -> Vec<Order> {
        self.orders.open().map(|(_, known)| known.order.clone()).collect()
    }

    pub(super) fn unresolved(&self) -> Vec<Order> {
        self.orders.unresolved().cloned().collect()
    }

    pub(super) fn positions(&self) -> Vec<Position> {
        self.positions.open().cloned().collect()
    }

    /// The open order with this id of the client.
    pub(super) fn id_of(&self, client_id: &str) -> Option<String> {
        let mut open = self.orders.open();
        let found = open.find(|(_, known)| known.order.client_id.as_deref() == Some(client_id));
        found.map(|(id, _)| id.clone())
    }

    /// Whether an event of the order arrived since this time, or its end is known.
    pub(super) fn has_event_since(&self, id: &str, since: Instant) -> bool {
        self.orders.is_closed(id)
            || self
                .orders
                .get(id)
                .and_then(|known| known.received)
                .is_some_and(|received| received >= since)
    }
}
