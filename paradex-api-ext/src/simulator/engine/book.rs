//! The order book of a market: orders by price, class and time, and the size of each price level.

use std::collections::BTreeMap;

use super::ids::OrderId;
use super::number::{Price, Size};
use super::order::Side;

/// Which orders come first at the same price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Class {
    /// Orders of interactive sessions.
    Interactive,
    /// Orders of other sessions.
    Api,
    /// Orders for retail price improvement. Only interactive orders meet them.
    Rpi,
}

/// The place of an order in a side of the book: a smaller one is filled earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    /// The price of an ask, and the negated price of a bid.
    rank: i64,
    class: Class,
    priority: u64,
}

impl Place {
    pub(super) fn new(side: Side, price: Price, class: Class, priority: u64) -> Self {
        let rank = rank(side, price);
        Self {
            rank,
            class,
            priority,
        }
    }
}

fn rank(side: Side, price: Price) -> i64 {
    match side {
        Side::Buy => price.0.saturating_neg(),
        Side::Sell => price.0,
    }
}

/// The size of a price level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Depth {
    /// The size of all orders but RPI orders.
    pub(crate) size: Size,
    /// The size of RPI orders.
    pub(crate) rpi: Size,
}

impl Depth {
    /// Returns the size of all orders.
    pub(crate) fn total(self) -> Size {
        self.size.plus(self.rpi)
    }
}

/// A price level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Level {
    /// The price.
    pub(crate) price: Price,
    /// The size.
    pub(crate) depth: Depth,
}

/// One side of the book.
#[derive(Debug, Hash, Default)]
struct BookSide {
    orders: BTreeMap<Place, OrderId>,
    rpi: BTreeMap<Place, OrderId>,
    levels: BTreeMap<i64, Depth>,
}

/// The best bid and the best ask without RPI orders, each with its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Bbo {
    /// The best bid.
    pub(crate) bid: Option<(Price, Size)>,
    /// The best ask.
    pub(crate) ask: Option<(Price, Size)>,
}

/// The order book of a market.
#[derive(Debug, Hash, Default)]
pub(crate) struct Book {
    bids: BookSide,
    asks: BookSide,
    /// The number of changes. A command changes a book once.
    pub(crate) seq: u64,
    /// When it last changed, in nanoseconds since the Unix epoch.
    pub(crate) updated_at: i64,
    /// The levels that the current command changed.
    dirty: Vec<(Side, Price)>,
    /// The best prices after the last change.
    pub(crate) bbo: Bbo,
}

impl Book {
    fn side(&self, side: Side) -> &BookSide {
        match side {
            Side::Buy => &self.bids,
            Side::Sell => &self.asks,
        }
    }

    fn side_mut(&mut self, side: Side) -> &mut BookSide {
        match side {
            Side::Buy => &mut self.bids,
            Side::Sell => &mut self.asks,
        }
    }

    /// Returns the levels of a side, best price first.
    pub(crate) fn levels(&self, side: Side) -> impl Iterator<Item = Level> + '_ {
        self.side(side).levels.iter().map(move |(rank, depth)| Level {
            price: Price(rank.saturating_abs()),
            depth: *depth,
        })
    }

    /// Returns the order of a side that an order meets first, and its price. Only interactive orders meet RPI orders.
    pub(super) fn best(&self, side: Side, interactive: bool) -> Option<(OrderId, Price)> {
        let side = self.side(side);
        let ordinary = side.orders.first_key_value();
        let rpi = side.rpi.first_key_value().filter(|_| interactive);
        let (place, order) = match (ordinary, rpi) {
            (Some(ordinary), Some(rpi)) => ordinary.min(rpi),
            (ordinary, rpi) => ordinary.or(rpi)?,
        };
        Some((*order, Price(place.rank.saturating_abs())))
    }

    pub(super) fn insert(&mut self, side: Side, place: Place, order: OrderId, size: Size) {
        let half = self.side_mut(side);
        match place.class {
            Class::Rpi => half.rpi.insert(place, order),
            Class::Interactive | Class::Api => half.orders.insert(place, order),
        };
        self.resize(side, place, size);
    }

    /// Takes an order out, which has this size left.
    pub(super) fn remove(&mut self, side: Side, place: Place, size: Size) {
        let half = self.side_mut(side);
        half.orders.remove(&place);
        half.rpi.remove(&place);
        self.resize(side, place, Size(size.0.saturating_neg()));
    }

    /// Adds to the size of an order's level.
    pub(super) fn resize(&mut self, side: Side, place: Place, by: Size) {
        let half = self.side_mut(side);
        let depth = half.levels.entry(place.rank).or_default();
        match place.class {
            Class::Rpi => depth.rpi = depth.rpi.plus(by),
            Class::Interactive | Class::Api => depth.size = depth.size.plus(by),
        }
        if depth.size.0 == 0 && depth.rpi.0 == 0 {
            half.levels.remove(&place.rank);
        }
        self.dirty.push((side, Price(place.rank.saturating_abs())));
    }

    /// Ends a command: counts the change if there was one, and calls `changed` for each changed level.
    /// Returns the best prices if they changed.
    pub(super) fn publish(
        &mut self,
        now: i64,
        mut changed: impl FnMut(u64, Side, Price, Depth),
    ) -> Option<Bbo> {
        if self.dirty.is_empty() {
            return None;
        }
        self.seq = self.next_seq();
        self.updated_at = now;
        let mut dirty = std::mem::take(&mut self.dirty);
        dirty.sort_unstable();
        dirty.dedup();
        for (side, price) in &dirty {
            let depth = self.side(*side).levels.get(&rank(*side, *price));
            changed(self.seq, *side, *price, depth.copied().unwrap_or_default());
        }
        dirty.clear();
        self.dirty = dirty;
        let bbo = Bbo {
            bid: self.best_level(Side::Buy),
            ask: self.best_level(Side::Sell),
        };
        (std::mem::replace(&mut self.bbo, bbo) != bbo).then_some(bbo)
    }

    /// Returns the sequence number that the current command gives the book.
    pub(super) fn next_seq(&self) -> u64 {
        self.seq.saturating_add(1)
    }

    /// Returns the best price without RPI orders, and its size.
    pub(super) fn best_level(&self, side: Side) -> Option<(Price, Size)> {
        let half = self.side(side);
        let (place, _) = half.orders.first_key_value()?;
        let depth = half.levels.get(&place.rank)?;
        Some((Price(place.rank.saturating_abs()), depth.size))
    }
}
