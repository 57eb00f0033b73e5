//! One market: everything that can be seen of it at a time, as a function of the seed and the time.
//!
//! Times are in milliseconds since the Unix epoch, prices in ticks and sizes in increments, so that everything adds up exactly.
//! The public endpoints read a market through [`Market`] alone: a matching engine can take the place of the functions behind
//! it.

use paradex_api::types::OptionType;
use rust_decimal::Decimal;

use super::book::{Book, Level};
use super::noise::Noise;
use super::prices::{self, Index, OptionPrice, PRICE_PLACES, PRICE_STEP};
use super::spec::MarketSpec;

/// When all markets opened: 1 January 2024.
pub(in crate::simulator) const OPEN_AT: i64 = 1_704_067_200_000;

pub(in crate::simulator) const MINUTE: i64 = 60_000;
pub(in crate::simulator) const HOUR: i64 = 60 * MINUTE;
pub(in crate::simulator) const DAY: i64 = 24 * HOUR;

/// How often the book changes, in milliseconds.
pub(in crate::simulator) const BOOK_STEP: i64 = 500;

/// For how many steps of the book a level keeps its size.
const STEPS_OF_A_LEVEL: i64 = 20;

/// How many price levels each side of the book has.
const LEVELS: u64 = 200;

/// Streams of random numbers.
mod stream {
    pub(super) const SPREAD: u64 = 1;
    pub(super) const MIDDLE: u64 = 2;
    pub(super) const RPI_BID: u64 = 3;
    pub(super) const RPI_ASK: u64 = 4;
    pub(super) const VOLUME: u64 = 5;
    pub(super) const TRADE_COUNT: u64 = 6;
    pub(super) const OPEN_INTEREST: u64 = 7;
    /// And the streams after it, one for each trade of a minute.
    pub(super) const TRADE_TIME: u64 = 100;
    pub(super) const TRADE_SIDE: u64 = 200;
    /// And the streams after it, one for each level.
    pub(super) const BID_GAP: u64 = 1_000;
    pub(super) const ASK_GAP: u64 = 2_000;
    pub(super) const BID_SIZE: u64 = 3_000;
    pub(super) const ASK_SIZE: u64 = 4_000;
}

/// A trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) struct Trade {
    /// When it happened. Two trades of a market never happen in the same millisecond.
    pub(in crate::simulator) at: i64,
    pub(in crate::simulator) price: i64,
    pub(in crate::simulator) size: i64,
    /// Whether the taker bought.
    pub(in crate::simulator) buy: bool,
}

/// A market of the simulated exchange.
#[derive(Debug, Clone)]
pub(in crate::simulator) struct Market {
    pub(in crate::simulator) spec: MarketSpec,
    /// Its place in the list of markets.
    pub(in crate::simulator) number: usize,
    pub(super) index: Index,
    pub(super) option: Option<OptionPrice>,
    pub(super) noise: Noise,
    tick: f64,
    /// The usual volume of a minute, in ticks times increments.
    minute_volume: f64,
}

impl Market {
    pub(in crate::simulator) fn new(spec: MarketSpec, number: usize, seed: u64, speed: f64) -> Self {
        let tick = prices::float(spec.price_tick_size);
        let increment = prices::float(spec.order_size_increment);
        let strike = spec.strike_price.filter(|_| spec.is_option());
        let call = spec.option_type != Some(OptionType::Put);
        Self {
            number,
            index: Index::new(&spec, seed, speed),
            option: strike.map(|strike| OptionPrice::new(strike, call, &spec)),
            noise: Noise::new(seed, &spec.symbol),
            tick,
            minute_volume: prices::float(spec.daily_volume) / 1_440.0 / tick / increment,
            spec,
        }
    }

    /// Returns the market with other units of prices and sizes.
    pub(in crate::simulator) fn with_units(&self, tick: Decimal, increment: Decimal) -> Self {
        let mut market = self.clone();
        (market.spec.price_tick_size, market.spec.order_size_increment) = (tick, increment);
        market
    }

    /// Returns a price of so many ticks.
    pub(in crate::simulator) fn price(&self, ticks: i64) -> Decimal {
        let price = Decimal::from(ticks).checked_mul(self.spec.price_tick_size);
        price.unwrap_or_default().normalize()
    }

    /// Returns a size of so many increments.
    pub(in crate::simulator) fn size(&self, increments: i64) -> Decimal {
        let size = Decimal::from(increments).checked_mul(self.spec.order_size_increment);
        size.unwrap_or_default().normalize()
    }

    /// Returns the value of a sum of ticks times increments, in the quote currency.
    pub(in crate::simulator) fn value(&self, sum: i128) -> Decimal {
        let unit = self
            .spec
            .price_tick_size
            .checked_mul(self.spec.order_size_increment);
        let sum = Decimal::try_from_i128_with_scale(sum, 0).ok();
        let value = sum.zip(unit).and_then(|(sum, unit)| sum.checked_mul(unit));
        value.unwrap_or_default().normalize()
    }

    /// Returns the index price. A script is followed as fast as the book changes.
    fn index_at(&self, time: i64) -> f64 {
        let length = match self.index.script() {
            Some(_) => BOOK_STEP,
            None => PRICE_STEP,
        };
        self.index.at(step(time, length))
    }

    /// Returns whether its prices follow a script.
    pub(in crate::simulator) fn is_scripted(&self) -> bool {
        self.index.script().is_some()
    }

    /// Returns when scripted prices of a time range begin.
    pub(in crate::simulator) fn scripted_changes(&self, from: i64, to: i64) -> Vec<i64> {
        let script = self.index.script();
        script.map_or_else(Vec::new, |script| script.changes(from, to).collect())
    }

    /// Returns the index price, in units of [`PRICE_PLACES`].
    pub(in crate::simulator) fn index_units(&self, time: i64) -> i64 {
        prices::units(self.index_at(time), PRICE_PLACES)
    }

    /// Returns the mark price, in units of [`PRICE_PLACES`]. The mark price of a perpetual future is the index price and its
    /// funding premium.
    pub(in crate::simulator) fn mark_units(&self, time: i64) -> i64 {
        match self.option {
            Some(option) => {
                let index = self.index_at(time);
                prices::units(option.price(index), PRICE_PLACES)
            }
            None if self.spec.has_funding() => {
                let premium = self.premium_units(time);
                self.index_units(time).saturating_add(premium)
            }
            None => self.index_units(time),
        }
    }

    pub(in crate::simulator) fn index_price(&self, time: i64) -> Decimal {
        prices::decimal(self.index_units(time), PRICE_PLACES).normalize()
    }

    pub(in crate::simulator) fn mark_price(&self, time: i64) -> Decimal {
        prices::decimal(self.mark_units(time), PRICE_PLACES).normalize()
    }

    /// Returns the best bid and the best ask at a step of the book, in ticks, without RPI orders.
    fn touch(&self, step: i64) -> (i64, i64) {
        let index = self.index.at(step.saturating_mul(BOOK_STEP));
        let fair = self.option.map_or(index, |option| option.price(index)) / self.tick;
        let widest = 1 + fair as i64 / 50_000;
        let spread = 1 + self.noise.below(step, stream::SPREAD, widest);
        let wobble = self.noise.fraction(step, stream::MIDDLE) - 0.5;
        let bid = (fair - spread as f64 / 2.0 + wobble).floor() as i64;
        let bid = bid.max(1);
        (bid, bid.saturating_add(spread))
    }

    /// Returns the book, with or without orders for retail price improvement (RPI).
    pub(in crate::simulator) fn book(&self, time: i64, rpi: bool) -> Book {
        let book = self.best_levels(time, LEVELS);
        if rpi { self.with_rpi(book) } else { book }
    }

    /// Returns the book without RPI orders, with so many levels on each side at most.
    pub(in crate::simulator) fn best_levels(&self, time: i64, levels: u64) -> Book {
        let seq_no = time.div_euclid(BOOK_STEP);
        let (best_bid, best_ask) = self.touch(seq_no);
        Book {
            seq_no,
            updated_at: step(time, BOOK_STEP),
            bids: self.side(seq_no, best_bid, -1, levels),
            asks: self.side(seq_no, best_ask, 1, levels),
        }
    }

    /// Adds the RPI orders to a book that has none.
    pub(in crate::simulator) fn with_rpi(&self, mut book: Book) -> Book {
        let (best_bid, best_ask) = self.touch(book.seq_no);
        // They improve the price if there is room between the best prices.
        let improvement = i64::from(best_ask - best_bid >= 3);
        let bid = self.level(best_bid + improvement, book.seq_no, stream::RPI_BID, 0.5);
        let ask = self.level(best_ask - improvement, book.seq_no, stream::RPI_ASK, 0.5);
        book.add(bid, ask);
        book
    }

    /// Returns the best levels of a side of the book, best price first.
    fn side(&self, seq_no: i64, best: i64, direction: i64, most: u64) -> Vec<Level> {
        let (gaps, sizes) = match direction {
            1 => (stream::ASK_GAP, stream::ASK_SIZE),
            _ => (stream::BID_GAP, stream::BID_SIZE),
        };
        let widest = 1 + best / 20_000;
        let mut price = best;
        let mut levels = Vec::new();
        for number in 0..most.min(LEVELS) {
            if price < 1 {
                break;
            }
            levels.push(self.level(price, seq_no, sizes, 1.0 + number as f64 / 10.0));
            let gap = 1 + self.noise.below(seq_no, gaps + number, widest);
            price = price.saturating_add(direction * gap);
        }
        levels
    }

    /// Returns a level whose size is a share of the usual one, give or take.
    fn level(&self, price: i64, seq_no: i64, sizes: u64, share: f64) -> Level {
        let period = seq_no.div_euclid(STEPS_OF_A_LEVEL);
        let stream = sizes.wrapping_add(period.cast_unsigned() << 16);
        let part = self.noise.fraction(price, stream);
        // A minute trades at most twice the usual volume, so the best level is never smaller than a trade.
        let size = self.minute_volume * (2.0 + part) * share / price.max(1) as f64;
        Level {
            price,
            size: whole_size(size),
        }
    }

    /// Returns the trades of a time range, both ends included, oldest first. The range can be read from both ends.
    pub(in crate::simulator) fn trades(
        &self,
        from: i64,
        to: i64,
    ) -> impl DoubleEndedIterator<Item = Trade> + '_ {
        let from = from.max(OPEN_AT);
        let minutes = from.div_euclid(MINUTE)..=to.div_euclid(MINUTE);
        minutes
            .flat_map(move |minute| {
                let count = self.trade_count(minute);
                (0..count).map(move |number| self.trade(minute, number, count))
            })
            .filter(move |trade| (from..=to).contains(&trade.at))
    }

    /// Returns the newest trade up to a time. Every minute has one, so it is at most two minutes old.
    pub(in crate::simulator) fn last_trade(&self, time: i64) -> Option<Trade> {
        self.trades(time.saturating_sub(2 * MINUTE), time).next_back()
    }

    fn trade_count(&self, minute: i64) -> i64 {
        let most = i64::from(self.spec.trades_per_minute);
        1 + self.noise.below(minute, stream::TRADE_COUNT, most)
    }

    /// Returns a trade of a minute. The taker meets the best price of the book.
    fn trade(&self, minute: i64, number: i64, count: i64) -> Trade {
        let own = number.cast_unsigned();
        let share = MINUTE / count;
        let within = self.noise.below(minute, stream::TRADE_TIME + own, share);
        let at = minute.saturating_mul(MINUTE) + number * share + within;
        let (bid, ask) = self.touch(at.div_euclid(BOOK_STEP));
        let buy = self
            .noise
            .bits(minute, stream::TRADE_SIDE + own)
            .is_multiple_of(2);
        let price = if buy { ask } else { bid };
        let volume = self.volume_before(minute.saturating_add(1)) - self.volume_before(minute);
        let size = volume / count as f64 / price as f64;
        Trade {
            at,
            price,
            size: whole_size(size),
            buy,
        }
    }

    /// Returns the volume that should be traded before a minute, in ticks times increments. It grows by the usual volume, give
    /// or take as much, so the volume since the beginning needs no sum over all trades.
    fn volume_before(&self, minute: i64) -> f64 {
        let minutes = minute.saturating_sub(OPEN_AT / MINUTE) as f64;
        self.minute_volume * (minutes + self.noise.fraction(minute, stream::VOLUME))
    }

    /// Returns the volume of a time range, in the quote currency.
    pub(in crate::simulator) fn volume(&self, from: i64, to: i64) -> Decimal {
        let trades = self.trades(from, to);
        self.value(
            trades
                .map(|trade| i128::from(trade.price) * i128::from(trade.size))
                .sum(),
        )
    }

    /// Returns the volume since the beginning, in the quote currency. Over a time range it grows by the volume of the trades,
    /// apart from the rounding of their sizes.
    pub(in crate::simulator) fn total_volume(&self, time: i64) -> Decimal {
        let minute = time.div_euclid(MINUTE);
        let before = self.volume_before(minute);
        let current: f64 = self
            .trades(minute.saturating_mul(MINUTE), time)
            .map(|trade| trade.price as f64 * trade.size as f64)
            .sum();
        // The sizes of the minute are rounded, and the sum must not go back when the next minute begins.
        let sum = (before + current).min(self.volume_before(minute.saturating_add(1)));
        self.value(sum.max(0.0) as i128)
    }

    /// Returns the open interest, in the base currency.
    pub(in crate::simulator) fn open_interest(&self, time: i64) -> Decimal {
        let hours = step(time, PRICE_STEP) as f64 / HOUR as f64;
        let part = 1.0 + 0.2 * self.noise.curve(hours, stream::OPEN_INTEREST);
        let fair = units_per_tick(self.mark_units(step(time, HOUR)), self.tick);
        let size = self.minute_volume * 300.0 * part / fair;
        self.size(whole_size(size))
    }
}

/// Rounds a size to whole increments, at least one. The upper limit keeps sums in range.
fn whole_size(size: f64) -> i64 {
    (size.round() as i64).clamp(1, 1_000_000_000_000)
}

/// Returns how many ticks a price in units of [`PRICE_PLACES`] has, at least 1.
fn units_per_tick(units: i64, tick: f64) -> f64 {
    (units as f64 / 10_f64.powi(PRICE_PLACES.cast_signed()) / tick).max(1.0)
}

/// Returns the beginning of the step that a time is in.
pub(in crate::simulator) fn step(time: i64, length: i64) -> i64 {
    time.div_euclid(length).saturating_mul(length)
}
