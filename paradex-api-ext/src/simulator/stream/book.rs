//! The order book of a market as subscribers see it. It is kept beside the source of the data, so that every change is seen, also
//! if several happen at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::item::{Bbo, BookItem, LevelItem};

/// How many levels of a side the channels with a depth show.
const DEPTH: usize = 15;

/// Which orders a book has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// All but RPI orders.
    Api,
    /// RPI orders too.
    Interactive,
}

impl View {
    pub(super) fn new(interactive: bool) -> Self {
        if interactive { Self::Interactive } else { Self::Api }
    }
}

/// The size of a price level, in units of 10⁻⁸.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sizes {
    pub(super) api: i64,
    pub(super) interactive: i64,
}

impl Sizes {
    fn get(self, view: View) -> i64 {
        match view {
            View::Api => self.api,
            View::Interactive => self.interactive,
        }
    }

    fn is_empty(self) -> bool {
        self.api <= 0 && self.interactive <= 0
    }
}

/// The new size of a level. Prices are in units of 10⁻⁸.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) bid: bool,
    pub(super) price: i64,
    pub(super) sizes: Sizes,
}

/// What changes did to a book.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Update {
    /// Each level, with its sizes before and after.
    pub(super) levels: Vec<(Change, Sizes)>,
    pub(super) bbo: bool,
    pub(super) interactive_bbo: bool,
}

type Side = BTreeMap<i64, Sizes>;

/// Price and size of a best level.
pub(super) type Best = Option<(i64, i64)>;

/// An order book.
#[derive(Debug, Clone)]
pub(super) struct Book {
    pub(super) market: Arc<str>,
    pub(super) seq: i64,
    /// When it last changed, in nanoseconds since the Unix epoch.
    pub(super) at: i64,
    bids: Side,
    asks: Side,
}

impl Book {
    pub(super) fn new(market: Arc<str>) -> Self {
        Self {
            market,
            seq: 0,
            at: 0,
            bids: Side::new(),
            asks: Side::new(),
        }
    }

    fn side(&self, bid: bool) -> &Side {
        if bid { &self.bids } else { &self.asks }
    }

    /// Takes changes in, which give the book this sequence number.
    pub(super) fn apply(&mut self, seq: i64, at: i64, changes: &[Change]) -> Update {
        let before = [self.bests(View::Api), self.bests(View::Interactive)];
        let mut levels = Vec::with_capacity(changes.len());
        for change in changes {
            let side = if change.bid {
                &mut self.bids
            } else {
                &mut self.asks
            };
            let old = match change.sizes.is_empty() {
                true => side.remove(&change.price),
                false => side.insert(change.price, change.sizes),
            };
            levels.push((*change, old.unwrap_or_default()));
        }
        (self.seq, self.at) = (seq, at);
        let [api, interactive] = before;
        Update {
            levels,
            bbo: self.bests(View::Api) != api,
            interactive_bbo: self.bests(View::Interactive) != interactive,
        }
    }

    /// Returns the changes that make this book one with these levels.
    pub(super) fn changes_to(&self, bids: &Side, asks: &Side) -> Vec<Change> {
        let mut changes = Vec::new();
        for (bid, wanted) in [(true, bids), (false, asks)] {
            let side = self.side(bid);
            let gone = side.keys().filter(|price| !wanted.contains_key(price));
            let gone = gone.map(|price| (*price, Sizes::default()));
            let changed = wanted
                .iter()
                .filter(|(price, sizes)| side.get(price) != Some(sizes));
            let changed = changed.map(|(price, sizes)| (*price, *sizes));
            changes.extend(
                gone.chain(changed)
                    .map(|(price, sizes)| Change { bid, price, sizes }),
            );
        }
        changes
    }

    /// Returns the levels of a side, best price first.
    fn levels(&self, bid: bool, view: View) -> impl Iterator<Item = (i64, i64)> + '_ {
        let side = self.side(bid);
        let (down, up) = if bid {
            (Some(side.iter().rev()), None)
        } else {
            (None, Some(side.iter()))
        };
        let sorted = down.into_iter().flatten().chain(up.into_iter().flatten());
        sorted
            .map(move |(price, sizes)| (*price, sizes.get(view)))
            .filter(|(_, size)| *size > 0)
    }

    /// Returns the best bid and the best ask.
    pub(super) fn bests(&self, view: View) -> (Best, Best) {
        (self.levels(true, view).next(), self.levels(false, view).next())
    }

    pub(super) fn bbo(&self, view: View) -> Bbo {
        let (bid, ask) = self.bests(view);
        Bbo {
            market: Arc::clone(&self.market),
            seq: self.seq,
            at: self.at,
            bid,
            ask,
        }
    }

    fn item(&self, view: View, snapshot: bool, bids: Vec<LevelItem>, asks: Vec<LevelItem>) -> BookItem {
        BookItem {
            market: Arc::clone(&self.market),
            seq: self.seq,
            at: self.at,
            snapshot,
            best: self.bests(View::Api),
            best_interactive: (view == View::Interactive).then(|| self.bests(View::Interactive)),
            bids,
            asks,
        }
    }

    /// Returns the whole book.
    pub(super) fn snapshot(&self, view: View) -> BookItem {
        let levels = |bid| self.levels(bid, view).map(LevelItem::new).collect();
        self.item(view, true, levels(true), levels(false))
    }

    /// Returns the best levels, with prices rounded to multiples of a step.
    pub(super) fn top(&self, view: View, step: Option<i64>) -> BookItem {
        let step = step.unwrap_or(1).max(1);
        let levels = |bid: bool| {
            let mut sums: Vec<(i64, i64)> = Vec::with_capacity(DEPTH);
            for (price, size) in self.levels(bid, view) {
                let down = price.div_euclid(step).saturating_mul(step);
                let rounded = match bid || down == price {
                    true => down,
                    false => down.saturating_add(step),
                };
                let is_full = sums.len() == DEPTH;
                match sums.last_mut() {
                    Some((last, sum)) if *last == rounded => *sum = sum.saturating_add(size),
                    _ if is_full => break,
                    _ if rounded <= 0 => break,
                    _ => sums.push((rounded, size)),
                }
            }
            sums.into_iter().map(LevelItem::new).collect()
        };
        self.item(view, true, levels(true), levels(false))
    }

    /// Returns an update as a view shows it. It can be without levels.
    pub(super) fn delta(&self, view: View, update: &Update) -> BookItem {
        let levels = |bid: bool| {
            let side = update.levels.iter().filter(|(change, _)| change.bid == bid);
            let changed = side.map(|(change, old)| (change.price, old.get(view), change.sizes.get(view)));
            let changed = changed.filter(|(_, old, new)| old != new);
            changed
                .map(|(price, old, size)| LevelItem {
                    price,
                    size,
                    is_new: old == 0,
                })
                .collect()
        };
        self.item(view, false, levels(true), levels(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(bid: bool, price: i64, api: i64, interactive: i64) -> Change {
        let sizes = Sizes { api, interactive };
        Change { bid, price, sizes }
    }

    fn book() -> Book {
        let mut book = Book::new("X".into());
        let changes = [
            change(true, 99, 1, 1),
            change(true, 98, 2, 5),
            change(true, 100, 0, 4),
            change(false, 101, 3, 3),
            change(false, 112, 3, 3),
        ];
        book.apply(1, 10, &changes);
        book
    }

    fn pairs(levels: &[LevelItem]) -> Vec<(i64, i64)> {
        levels.iter().map(|level| (level.price, level.size)).collect()
    }

    #[test]
    fn views_differ_by_rpi_orders() {
        let book = book();
        let api = book.snapshot(View::Api);
        assert_eq!(
            (pairs(&api.bids), api.best_interactive),
            (vec![(99, 1), (98, 2)], None)
        );
        let interactive = book.snapshot(View::Interactive);
        assert_eq!(pairs(&interactive.bids), [(100, 4), (99, 1), (98, 5)]);
        assert_eq!(
            interactive.best_interactive,
            Some((Some((100, 4)), Some((101, 3))))
        );
        assert_eq!(interactive.best, (Some((99, 1)), Some((101, 3))));
    }

    #[test]
    fn delta_tells_new_changed_and_removed_levels_of_a_view() {
        let mut book = book();
        let update = book.apply(
            2,
            20,
            &[
                change(true, 99, 0, 0),
                change(true, 98, 7, 7),
                change(true, 97, 1, 1),
                change(true, 100, 0, 9),
            ],
        );
        assert!(update.bbo && update.interactive_bbo);
        let api = book.delta(View::Api, &update);
        let shown: Vec<(i64, i64, bool)> = api
            .bids
            .iter()
            .map(|level| (level.price, level.size, level.is_new))
            .collect();
        assert_eq!(shown, [(99, 0, false), (98, 7, false), (97, 1, true)]);
        assert_eq!((api.seq, api.snapshot, api.asks.len()), (2, false, 0));
        assert_eq!(book.delta(View::Interactive, &update).bids.len(), 4);
    }

    #[test]
    fn change_of_rpi_orders_alone_is_an_empty_delta_without_them() {
        let mut book = book();
        let update = book.apply(2, 20, &[change(true, 100, 0, 1)]);
        assert!(!update.bbo && update.interactive_bbo);
        let delta = book.delta(View::Api, &update);
        assert_eq!((delta.seq, delta.bids.len(), delta.asks.len()), (2, 0, 0));
    }

    #[test]
    fn top_rounds_prices_away_from_the_middle() {
        let top = book().top(View::Api, Some(10));
        assert_eq!(
            (pairs(&top.bids), pairs(&top.asks)),
            (vec![(90, 3)], vec![(110, 3), (120, 3)])
        );
        assert!(top.snapshot);
    }

    #[test]
    fn changes_to_another_book_make_it_that_book() {
        let mut book = book();
        let other = {
            let mut other = Book::new("X".into());
            other.apply(5, 0, &[change(true, 98, 2, 5), change(false, 103, 1, 1)]);
            other
        };
        let changes = book.changes_to(&other.bids, &other.asks);
        assert_eq!(changes.len(), 5, "{changes:?}");
        book.apply(5, 0, &changes);
        assert_eq!((&book.bids, &book.asks), (&other.bids, &other.asks));
    }
}
