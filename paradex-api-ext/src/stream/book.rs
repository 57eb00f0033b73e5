//! An order book as two sorted lists.

use paradex_api::Decimal;

use super::item::Level;

/// The sides of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum BookSide {
    Bids,
    Asks,
}

/// The decimals that prices and sizes have on the wire.
const SCALE: u32 = 8;

/// The number, without zeros at its end.
pub(super) fn decimal(mantissa: i64) -> Decimal {
    let (mut number, mut scale) = (mantissa, SCALE);
    for (power, digits) in [(100_000_000, 8), (10_000, 4), (100, 2), (10, 1)] {
        if scale >= digits && number % power == 0 {
            number /= power;
            scale -= digits;
        }
    }
    Decimal::new(number, scale)
}

/// The mantissa of a price or size; `None` if the wire cannot hold it.
pub(super) fn mantissa(value: Decimal) -> Option<i64> {
    let mut scaled = value;
    scaled.rescale(SCALE);
    if scaled != value {
        return None;
    }
    i64::try_from(scaled.mantissa()).ok()
}

/// Prices and sizes as mantissas. The best price of each side is the last one, because most changes are near it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct OrderBook {
    /// By rising price.
    bids: Vec<(i64, i64)>,
    /// By falling price.
    asks: Vec<(i64, i64)>,
}

impl OrderBook {
    /// Takes over the levels of another book, and keeps the memory of this one.
    pub(super) fn copy_from(&mut self, other: &Self) {
        self.bids.clone_from(&other.bids);
        self.asks.clone_from(&other.asks);
    }

    /// Sets the size at a price. A size of 0 removes the level.
    pub(super) fn set(&mut self, side: BookSide, price: i64, size: i64) {
        let (levels, place) = match side {
            BookSide::Bids => {
                let place = self.bids.partition_point(|level| level.0 < price);
                (&mut self.bids, place)
            }
            BookSide::Asks => {
                let place = self.asks.partition_point(|level| level.0 > price);
                (&mut self.asks, place)
            }
        };
        match levels.get_mut(place) {
            Some(level) if level.0 == price => {
                if size == 0 {
                    levels.remove(place);
                } else {
                    level.1 = size;
                }
            }
            _ if size == 0 => {}
            _ => levels.insert(place, (price, size)),
        }
    }

    /// Whether the best bid is not below the best ask.
    pub(super) fn is_crossed(&self) -> bool {
        match (self.bids.last(), self.asks.last()) {
            (Some(bid), Some(ask)) => bid.0 >= ask.0,
            _ => false,
        }
    }

    fn levels(&self, side: BookSide) -> &[(i64, i64)] {
        match side {
            BookSide::Bids => &self.bids,
            BookSide::Asks => &self.asks,
        }
    }

    pub(super) fn side(
        &self,
        side: BookSide,
    ) -> impl DoubleEndedIterator<Item = (i64, i64)> + ExactSizeIterator + '_ {
        self.levels(side).iter().rev().copied()
    }

    pub(super) fn at(&self, side: BookSide, price: i64) -> Option<i64> {
        let levels = self.levels(side);
        let place = match side {
            BookSide::Bids => levels.binary_search_by(|level| level.0.cmp(&price)),
            BookSide::Asks => levels.binary_search_by(|level| price.cmp(&level.0)),
        };
        levels.get(place.ok()?).map(|level| level.1)
    }
}

/// An order book at one sequence number.
///
/// The book of a feed with interactive orders can be crossed: its best bid can be at or above its best ask.
#[derive(Debug, Clone, Copy)]
pub struct BookView<'a> {
    pub(super) book: &'a OrderBook,
    pub(super) seq: i64,
}

impl<'a> BookView<'a> {
    /// Returns the sequence number of the last change. It counts every change of the market's book.
    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// Returns the best bid and the best ask.
    pub fn best(&self) -> (Option<Level>, Option<Level>) {
        (self.bids().next(), self.asks().next())
    }

    /// Returns the bids, best first.
    pub fn bids(&self) -> impl ExactSizeIterator<Item = Level> + use<'a> {
        let levels = self.book.side(BookSide::Bids);
        levels.map(|(price, size)| Level::new(decimal(price), decimal(size)))
    }

    /// Returns the asks, best first.
    pub fn asks(&self) -> impl ExactSizeIterator<Item = Level> + use<'a> {
        let levels = self.book.side(BookSide::Asks);
        levels.map(|(price, size)| Level::new(decimal(price), decimal(size)))
    }

    /// Returns the best bids and the best asks, at most this many of each.
    pub fn depth(&self, levels: usize) -> (Vec<Level>, Vec<Level>) {
        (
            self.bids().take(levels).collect(),
            self.asks().take(levels).collect(),
        )
    }

    /// Returns the size at a price; `None` if there is no such level.
    pub fn at(&self, side: BookSide, price: Decimal) -> Option<Decimal> {
        self.book.at(side, mantissa(price)?).map(decimal)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use paradex_api::Decimal;
    use proptest::prelude::*;

    use super::{BookSide, BookView, OrderBook, decimal, mantissa};

    #[test]
    fn view_shows_levels_best_first() {
        let mut book = OrderBook::default();
        for (side, price, size) in [
            (BookSide::Bids, 100, 1),
            (BookSide::Bids, 102, 2),
            (BookSide::Bids, 101, 3),
            (BookSide::Asks, 105, 4),
            (BookSide::Asks, 103, 5),
        ] {
            book.set(side, price * 100_000_000, size * 100_000_000);
        }
        let view = BookView { book: &book, seq: 7 };
        let numbers = |levels: Vec<super::Level>| {
            let pairs = levels
                .iter()
                .map(|level| format!("{}x{}", level.price, level.size));
            pairs.collect::<Vec<_>>().join(" ")
        };
        let (bids, asks) = view.depth(2);
        assert_eq!(
            (numbers(bids), numbers(asks)),
            ("102x2 101x3".into(), "103x5 105x4".into())
        );
        let (bid, ask) = view.best();
        assert_eq!((bid.unwrap().price, ask.unwrap().price), (102.into(), 103.into()));
        assert_eq!(view.at(BookSide::Asks, 105.into()), Some(4.into()));
        assert_eq!(view.at(BookSide::Asks, 104.into()), None);
        assert_eq!((view.seq(), view.bids().len()), (7, 3));
        assert!(!book.is_crossed());
        book.set(BookSide::Bids, 10_300_000_000, 1);
        assert!(book.is_crossed());
    }

    #[test]
    fn decimals_and_mantissas_convert_exactly_or_not_at_all() {
        for (text, number) in [
            ("0", 0),
            ("1200", 120_000_000_000),
            ("1.0203", 102_030_000),
            ("0.00000001", 1),
            ("-3.5", -350_000_000),
            ("92233720368.54775807", i64::MAX),
        ] {
            let value: Decimal = text.parse().unwrap();
            assert_eq!((mantissa(value), decimal(number)), (Some(number), value));
            assert_eq!(decimal(number).to_string(), text);
        }
        for text in [
            "0.000000001",
            "92233720368.54775808",
            "79228162514264337593543950335",
        ] {
            assert_eq!(mantissa(text.parse().unwrap()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn book_equals_a_sorted_map(changes in prop::collection::vec((any::<bool>(), 0..40i64, 0..4i64), 0..300)) {
            let mut book = OrderBook::default();
            let (mut bids, mut asks) = (BTreeMap::new(), BTreeMap::new());
            for (is_bid, price, size) in changes {
                let (side, model) = if is_bid { (BookSide::Bids, &mut bids) } else { (BookSide::Asks, &mut asks) };
                book.set(side, price, size);
                if size == 0 {
                    model.remove(&price);
                } else {
                    model.insert(price, size);
                }
            }
            prop_assert!(book.side(BookSide::Bids).eq(bids.iter().rev().map(|(price, size)| (*price, *size))));
            prop_assert!(book.side(BookSide::Asks).eq(asks.iter().map(|(price, size)| (*price, *size))));
            for price in 0..40 {
                prop_assert_eq!(book.at(BookSide::Bids, price), bids.get(&price).copied());
                prop_assert_eq!(book.at(BookSide::Asks, price), asks.get(&price).copied());
            }
        }
    }
}
