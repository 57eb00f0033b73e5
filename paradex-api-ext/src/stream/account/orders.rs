//! What is known about the orders of the account.
//!
//! States of one order come from two sources that can be older than each other. Merging them in any order gives the newest:
//!
//! * `CLOSED` is final.
//! * Otherwise the later `last_updated_at` wins. At the same time, a socket event with the higher `seq_no` wins, then the lower
//!   remaining size, then the later status.
//! * The remaining size never grows, unless the size does.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use paradex_api::Decimal;
use paradex_api::types::{Order, OrderStatus};
use tokio::time::Instant;

use super::recent::Recent;

/// The closed orders that are remembered, so that an older state cannot open them again.
const CLOSED: usize = 65_536;

/// Where a state of an order comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Rest,
    Socket,
}

/// An open order.
#[derive(Debug, Clone)]
pub(super) struct OpenOrder {
    pub(super) order: Order,
    /// The `seq_no` of the event that gave the state. Those of REST are another sequence.
    seq: Option<i64>,
    /// Grows with each state that arrived by socket, also with one that changed nothing.
    pub(super) revision: u64,
    /// When the last one arrived by socket.
    pub(super) received: Option<Instant>,
}

/// What a state of an order changed.
#[derive(Debug)]
pub(super) enum Applied {
    /// It is older than what is known, or equal.
    Nothing,
    /// The order is open, and is new or has changed.
    Open(Box<Order>),
    /// The order has closed.
    Closed(Box<Order>),
    /// It has no id.
    Unidentified,
}

#[derive(Debug)]
pub(super) struct Orders {
    open: BTreeMap<String, OpenOrder>,
    closed: Recent<String>,
    /// Orders that were open, and about which the exchange said nothing when it was asked.
    unresolved: BTreeMap<String, OpenOrder>,
    revision: u64,
}

impl Default for Orders {
    fn default() -> Self {
        Self {
            open: BTreeMap::new(),
            closed: Recent::new(CLOSED),
            unresolved: BTreeMap::new(),
            revision: 0,
        }
    }
}

impl Orders {
    /// Merges a state of an order.
    pub(super) fn apply(&mut self, order: Order, origin: Origin, now: Instant) -> Applied {
        let Some(id) = order.id.clone().filter(|id| !id.is_empty()) else {
            return Applied::Unidentified;
        };
        if self.closed.contains(&id) {
            return Applied::Nothing;
        }
        // A state does not resolve an order unless the order is open or closed in it, which each is.
        let known = self.open.remove(&id).or_else(|| self.unresolved.remove(&id));
        let was_open = known.is_some();
        let mut merged = match known {
            Some(known) => known,
            None => OpenOrder {
                order: order.clone(),
                seq: None,
                revision: 0,
                received: None,
            },
        };
        let before = was_open.then(|| Shown::new(&merged.order));
        merged.merge(order, origin);
        if origin == Origin::Socket {
            self.revision = self.revision.wrapping_add(1);
            merged.revision = self.revision;
            merged.received = Some(now);
        }
        if merged.order.status == Some(OrderStatus::Closed) {
            self.closed.insert(id);
            return Applied::Closed(Box::new(merged.order));
        }
        let changed = before.is_none_or(|before| before != Shown::new(&merged.order));
        let applied = match changed {
            true => Applied::Open(Box::new(merged.order.clone())),
            false => Applied::Nothing,
        };
        self.open.insert(id, merged);
        applied
    }

    /// Adds an order of which only the id and a few fields are known, and that was open.
    pub(super) fn remember(&mut self, order: Order) {
        if let Some(id) = order.id.clone()
            && !self.closed.contains(&id)
            && !self.open.contains_key(&id)
        {
            let known = OpenOrder {
                order,
                seq: None,
                revision: 0,
                received: None,
            };
            self.open.insert(id, known);
        }
    }

    pub(super) fn open(&self) -> impl ExactSizeIterator<Item = (&String, &OpenOrder)> {
        self.open.iter()
    }

    pub(super) fn get(&self, id: &str) -> Option<&OpenOrder> {
        self.open.get(id)
    }

    pub(super) fn is_closed(&self, id: &str) -> bool {
        self.closed.contains(id)
    }

    pub(super) fn unresolved(&self) -> impl ExactSizeIterator<Item = &Order> {
        self.unresolved.values().map(|known| &known.order)
    }

    /// The open orders that a list lacks, and those that are unresolved: the list is no proof that they are closed.
    pub(super) fn missing(&self, listed: &BTreeSet<String>) -> Vec<Order> {
        let open = self.open.iter().chain(&self.unresolved);
        open.filter(|(id, _)| !listed.contains(*id))
            .map(|(_, known)| known.order.clone())
            .collect()
    }

    /// Marks an open order as one whose state is not known.
    pub(super) fn set_unresolved(&mut self, id: &str) {
        if let Some((id, known)) = self.open.remove_entry(id) {
            self.unresolved.insert(id, known);
        }
    }
}

/// The fields whose change is an update of the order. Times and sequence numbers alone are none.
#[derive(PartialEq)]
struct Shown {
    status: Option<OrderStatus>,
    size: Option<Decimal>,
    remaining_size: Option<Decimal>,
    price: Option<Decimal>,
    trigger_price: Option<Decimal>,
    avg_fill_price: Option<Decimal>,
    last_updated_at: Option<i64>,
}

impl Shown {
    fn new(order: &Order) -> Self {
        Self {
            status: order.status.clone(),
            size: order.size,
            remaining_size: order.remaining_size,
            price: order.price,
            trigger_price: order.trigger_price,
            avg_fill_price: order.avg_fill_price,
            last_updated_at: order.last_updated_at,
        }
    }
}

impl OpenOrder {
    fn merge(&mut self, incoming: Order, origin: Origin) {
        let seq = incoming.seq_no.filter(|_| origin == Origin::Socket);
        let wins = match incoming.status {
            Some(OrderStatus::Closed) => true,
            _ => self.compare(&incoming, seq) != Ordering::Greater,
        };
        let mut other = incoming;
        if wins {
            std::mem::swap(&mut self.order, &mut other);
            self.seq = seq;
        }
        // What one of two states of the same size had left bounds the other.
        if self.order.size == other.size
            && let Some(remaining) = other.remaining_size
        {
            let least = self
                .order
                .remaining_size
                .map_or(remaining, |own| own.min(remaining));
            self.order.remaining_size = Some(least);
        }
        self.complete(other);
    }

    /// Whether a state of a list shows something else. An older one shows nothing.
    pub(super) fn differs(&self, listed: &Order) -> bool {
        let mut merged = self.clone();
        merged.merge(listed.clone(), Origin::Rest);
        let compared = |order: &Order| {
            (
                order.status.clone(),
                order.size,
                order.remaining_size,
                // A market order has the price 0 in one encoding, and none in the other.
                order.price.filter(|price| *price != Decimal::ZERO),
            )
        };
        compared(&merged.order) != compared(&self.order)
    }

    /// Whether the known state is newer (`Greater`) than another.
    fn compare(&self, other: &Order, seq: Option<i64>) -> Ordering {
        let by_seq = match (self.seq, seq) {
            (Some(own), Some(other)) => own.cmp(&other),
            _ => Ordering::Equal,
        };
        let by_remaining = match (self.order.remaining_size, other.remaining_size) {
            (Some(own), Some(other_size)) if self.order.size == other.size => other_size.cmp(&own),
            _ => Ordering::Equal,
        };
        self.order
            .last_updated_at
            .cmp(&other.last_updated_at)
            .then(by_seq)
            .then(by_remaining)
            .then(rank(&self.order).cmp(&rank(other)))
    }

    /// Adds what the newer state lacks and what never changes: each encoding lacks some of it.
    fn complete(&mut self, other: Order) {
        let order = &mut self.order;
        fn fill<T>(own: &mut Option<T>, other: Option<T>) {
            if own.is_none() {
                *own = other;
            }
        }
        fill(&mut order.account, other.account);
        fill(&mut order.client_id, other.client_id);
        fill(&mut order.created_at, other.created_at);
        fill(&mut order.instruction, other.instruction);
        fill(&mut order.market, other.market);
        fill(&mut order.price, other.price);
        fill(&mut order.received_at, other.received_at);
        fill(&mut order.remaining_size, other.remaining_size);
        fill(&mut order.side, other.side);
        fill(&mut order.size, other.size);
        fill(&mut order.status, other.status);
        fill(&mut order.stp, other.stp);
        fill(&mut order.timestamp, other.timestamp);
        fill(&mut order.trigger_price, other.trigger_price);
        fill(&mut order.type_, other.type_);
    }
}

/// The order in which an open order has its statuses.
fn rank(order: &Order) -> u8 {
    match order.status {
        Some(OrderStatus::Closed) => 3,
        Some(OrderStatus::Open) => 2,
        Some(OrderStatus::Untriggered) => 1,
        _ => 0,
    }
}
