//! Lists that are behind: earlier versions of orders, which the lists of orders show.

use std::collections::{BTreeMap, VecDeque};

use crate::simulator::engine::{Engine, Event, Order, OrderId};

/// What lists show of the orders.
#[derive(Debug, Default)]
pub(super) struct Lag {
    /// How far lists are behind, in nanoseconds.
    delay: i64,
    /// The versions of each order that lists may still show, oldest first, each with its time.
    versions: BTreeMap<OrderId, VecDeque<(i64, Order)>>,
}

impl Lag {
    pub(super) fn new(delay: i64) -> Self {
        Self {
            delay,
            versions: BTreeMap::new(),
        }
    }

    /// Returns the time whose state lists show. Without a delay they show everything, also when the clock was set back.
    pub(super) fn shown_until(&self, now: i64) -> i64 {
        match self.delay {
            0 => i64::MAX,
            delay => now.saturating_sub(delay),
        }
    }

    /// Keeps the new versions of the orders that have changed.
    pub(super) fn keep(&mut self, now: i64, engine: &Engine, events: &[Event]) {
        if self.delay == 0 {
            return;
        }
        let shown = self.shown_until(now);
        for event in events {
            let Event::Order(update) = event else { continue };
            let Some(order) = engine.order(update.id) else {
                continue;
            };
            let versions = self.versions.entry(update.id).or_default();
            while versions.get(1).is_some_and(|(at, _)| *at <= shown) {
                versions.pop_front();
            }
            versions.push_back((now, order.clone()));
        }
    }

    /// Returns an order as lists show it, or `None` if they do not show it yet.
    pub(super) fn shown<'a>(&'a self, order: &'a Order, now: i64) -> Option<&'a Order> {
        let shown = self.shown_until(now);
        if order.updated_at <= shown {
            return Some(order);
        }
        let versions = self.versions.get(&order.id)?.iter().rev();
        let mut versions = versions.filter(|(at, _)| *at <= shown);
        versions.next().map(|(_, order)| order)
    }
}
