//! Candles, made of the trades or of the prices that the exchange shows.

use rust_decimal::Decimal;

use super::model::{MINUTE, Market, OPEN_AT, step};
use super::prices::{self, PRICE_PLACES, PRICE_STEP};

/// How many candles a response has at most: the newest of the range.
const MOST: i64 = 1_024;

/// The price of which candles are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PriceKind {
    Last,
    Mark,
    Underlying,
}

/// A candle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candle {
    pub(super) start_at: i64,
    pub(super) open: Decimal,
    pub(super) high: Decimal,
    pub(super) low: Decimal,
    pub(super) close: Decimal,
    /// What was traded, in the base currency.
    pub(super) volume: Decimal,
}

impl Market {
    /// Returns the candles that begin in a time range, oldest first. The last one may be incomplete at this time.
    pub(super) fn candles(&self, kind: PriceKind, minutes: i64, from: i64, to: i64, now: i64) -> Vec<Candle> {
        let length = minutes.max(1) * MINUTE;
        let newest = step(to.min(now), length);
        let oldest = step(from.max(OPEN_AT).saturating_add(length - 1), length);
        let oldest = oldest.max(newest.saturating_sub((MOST - 1) * length));
        let mut candles = Vec::new();
        let mut start_at = oldest;
        while start_at <= newest {
            let end = (start_at + length - 1).min(now);
            let candle = match kind {
                PriceKind::Last => self.traded(start_at, end),
                PriceKind::Mark => self.shown(start_at, end, |time| self.mark_units(time)),
                PriceKind::Underlying => self.shown(start_at, end, |time| self.index_units(time)),
            };
            candles.extend(candle);
            start_at += length;
        }
        candles
    }

    /// Returns the candle of the trades of a time range. `None` if there is none yet.
    fn traded(&self, from: i64, to: i64) -> Option<Candle> {
        let mut volume = 0_i64;
        let trades = self.trades(from, to).inspect(|trade| volume += trade.size);
        let (open, high, low, close) = extremes(trades.map(|trade| trade.price))?;
        Some(Candle {
            start_at: from,
            open: self.price(open),
            high: self.price(high),
            low: self.price(low),
            close: self.price(close),
            volume: self.size(volume),
        })
    }

    /// Returns the candle of a price that changes in steps.
    fn shown(&self, from: i64, to: i64, price: impl Fn(i64) -> i64) -> Option<Candle> {
        let steps = (0..).map(|number: i64| from + number * PRICE_STEP);
        let (open, high, low, close) = extremes(steps.take_while(|time| *time <= to).map(price))?;
        let decimal = |units| prices::decimal(units, PRICE_PLACES).normalize();
        Some(Candle {
            start_at: from,
            open: decimal(open),
            high: decimal(high),
            low: decimal(low),
            close: decimal(close),
            volume: Decimal::ZERO,
        })
    }
}

/// Returns the first, highest, lowest and last of some prices.
fn extremes(mut prices: impl Iterator<Item = i64>) -> Option<(i64, i64, i64, i64)> {
    let open = prices.next()?;
    let (mut high, mut low, mut close) = (open, open, open);
    for price in prices {
        (high, low, close) = (high.max(price), low.min(price), price);
    }
    Some((open, high, low, close))
}
