//! The order book of a market.

/// A price level: the price in ticks, and the size in increments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) struct Level {
    pub(in crate::simulator) price: i64,
    pub(in crate::simulator) size: i64,
}

/// An order book, best prices first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::simulator) struct Book {
    /// The number of the book's state; a higher one is newer.
    pub(in crate::simulator) seq_no: i64,
    /// When the book last changed.
    pub(in crate::simulator) updated_at: i64,
    pub(in crate::simulator) bids: Vec<Level>,
    pub(in crate::simulator) asks: Vec<Level>,
}

impl Book {
    /// Adds orders that are at the best prices or better.
    pub(in crate::simulator) fn add(&mut self, bid: Level, ask: Level) {
        for (side, level) in [(&mut self.bids, bid), (&mut self.asks, ask)] {
            match side.first_mut() {
                Some(best) if best.price == level.price => best.size = best.size.saturating_add(level.size),
                _ => side.insert(0, level),
            }
        }
    }

    /// Rounds prices to multiples of a step, bids down and asks up, and adds up the sizes of levels at the same price.
    pub(in crate::simulator) fn aggregated(mut self, ticks: i64) -> Self {
        let ticks = ticks.max(1);
        let down = |price: i64| price.div_euclid(ticks).saturating_mul(ticks);
        aggregate(&mut self.bids, down);
        aggregate(&mut self.asks, |price| down(price.saturating_add(ticks - 1)));
        // A bid below one step would round to no price at all.
        self.bids.retain(|level| level.price > 0);
        self
    }

    /// Returns the average price of an order of this size, in ticks. `None` if the book has less.
    pub(in crate::simulator) fn impact(&self, buy: bool, size: i64) -> Option<f64> {
        let levels = if buy { &self.asks } else { &self.bids };
        let (mut open, mut paid) = (size, 0.0);
        for level in levels {
            let filled = open.min(level.size);
            paid += level.price as f64 * filled as f64;
            open -= filled;
            if open == 0 {
                return Some(paid / size as f64);
            }
        }
        None
    }
}

fn aggregate(levels: &mut Vec<Level>, price: impl Fn(i64) -> i64) {
    let mut sums: Vec<Level> = Vec::with_capacity(levels.len());
    for level in levels.iter() {
        let rounded = price(level.price);
        match sums.last_mut() {
            Some(last) if last.price == rounded => last.size = last.size.saturating_add(level.size),
            _ => sums.push(Level {
                price: rounded,
                size: level.size,
            }),
        }
    }
    *levels = sums;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> Book {
        let levels = |list: &[(i64, i64)]| {
            let levels = list.iter().map(|(price, size)| Level {
                price: *price,
                size: *size,
            });
            levels.collect()
        };
        Book {
            seq_no: 1,
            updated_at: 2,
            bids: levels(&[(99, 1), (98, 2), (90, 3), (4, 5)]),
            asks: levels(&[(101, 1), (110, 2), (111, 3)]),
        }
    }

    fn pairs(levels: &[Level]) -> Vec<(i64, i64)> {
        levels.iter().map(|level| (level.price, level.size)).collect()
    }

    #[test]
    fn aggregated_prices_move_away_from_the_middle() {
        let book = book().aggregated(10);
        assert_eq!(pairs(&book.bids), [(90, 6)]);
        assert_eq!(pairs(&book.asks), [(110, 3), (120, 3)]);
    }

    #[test]
    fn added_orders_join_the_best_level_or_become_it() {
        let mut book = book();
        book.add(Level { price: 99, size: 4 }, Level { price: 100, size: 7 });
        assert_eq!(pairs(&book.bids[..2]), [(99, 5), (98, 2)]);
        assert_eq!(pairs(&book.asks[..2]), [(100, 7), (101, 1)]);
    }

    #[test]
    fn impact_price_is_the_average_over_the_levels() {
        let book = book();
        assert_eq!(book.impact(true, 1), Some(101.0));
        assert_eq!(book.impact(true, 3), Some((101.0 + 2.0 * 110.0) / 3.0));
        assert_eq!(
            book.impact(false, 6),
            Some((99.0 + 2.0 * 98.0 + 3.0 * 90.0) / 6.0)
        );
        assert_eq!(book.impact(true, 7), None);
    }
}
