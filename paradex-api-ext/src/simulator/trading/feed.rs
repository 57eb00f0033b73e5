//! What the matching engine reads of a market: its rules, its prices, and quotes around them.

use rust_decimal::Decimal;

use crate::simulator::engine::{Fees, MakerTaker, MarketRules, Price, Rate, Refusal, Size};
use crate::simulator::market::Markets;
use crate::simulator::market::book::Level;
use crate::simulator::market::model::Market;
use crate::simulator::market::rules::{self, FeeRates, Pair};

/// How many price levels of a side are quoted.
const LEVELS: u64 = 20;

const OUT_OF_RANGE: Refusal = Refusal::OutOfRange("rules: a value is out of its range");

/// Price and size of levels.
type Levels = Vec<(Price, Size)>;

impl Markets {
    /// Returns the rules of a market.
    ///
    /// # Errors
    ///
    /// Fails if there is no such market, or if a value is too large for the engine.
    pub(in crate::simulator) fn rules(&self, symbol: &str) -> Result<MarketRules, Refusal> {
        let market = self.get(symbol).ok_or(Refusal::MarketNotFound)?;
        let spec = &market.spec;
        let hours = if spec.has_funding() {
            spec.funding_period_hours
        } else {
            0
        };
        Ok(MarketRules {
            tick: price(spec.price_tick_size)?,
            increment: size(spec.order_size_increment)?,
            min_notional: price(spec.min_notional)?,
            max_order_size: size(spec.max_order_size)?,
            position_limit: size(spec.position_limit)?,
            max_open_orders: rules::MAX_OPEN_ORDERS,
            price_band: rate(rules::PRICE_BAND),
            max_slippage: rate(rules::MAX_SLIPPAGE),
            initial_margin: rate(rules::INITIAL_MARGIN),
            maintenance_factor: rate(rules::MAINTENANCE_FACTOR),
            funding_period: hours.saturating_mul(3_600),
            fees: fees(rules::fees(spec.is_option())),
            symbol: symbol.into(),
        })
    }

    /// Returns mark price, index price and funding rate at a time, in milliseconds.
    pub(in crate::simulator) fn prices(&self, symbol: &str, time: i64) -> Option<(Price, Price, Rate)> {
        let market = self.get(symbol)?;
        let funding = market.funding(time).map(|funding| funding.rate);
        Some((
            Price(market.mark_units(time)),
            Price(market.index_units(time)),
            rate(funding.unwrap_or_default()),
        ))
    }

    /// Returns the best levels of bids and asks at a time, in milliseconds, without RPI orders.
    pub(in crate::simulator) fn quotes(&self, symbol: &str, time: i64) -> Option<(Levels, Levels)> {
        let market = self.get(symbol)?;
        let book = market.best_levels(time, LEVELS);
        Some((levels(market, &book.bids), levels(market, &book.asks)))
    }
}

fn levels(market: &Market, levels: &[Level]) -> Levels {
    let levels = levels.iter().map(|level| {
        let price = Price::from_decimal(market.price(level.price))?;
        // The book of a cheap currency can offer more than the engine accepts in an order.
        let size = market.size(level.size).min(Size::MAX.decimal());
        Some((price, Size::from_decimal(size)?))
    });
    levels.flatten().collect()
}

fn fees(rates: FeeRates) -> Fees {
    let fees = |pair: Pair| MakerTaker {
        maker: rate(pair.maker),
        taker: rate(pair.taker),
    };
    Fees {
        api: fees(rates.api),
        interactive: fees(rates.interactive),
        rpi: fees(rates.rpi),
    }
}

fn price(value: Decimal) -> Result<Price, Refusal> {
    Price::from_decimal(value).ok_or(OUT_OF_RANGE)
}

fn size(value: Decimal) -> Result<Size, Refusal> {
    Size::from_decimal(value).ok_or(OUT_OF_RANGE)
}

/// Converts a fraction, and cuts what is below its smallest unit.
fn rate(value: Decimal) -> Rate {
    Rate::from_decimal(value.trunc_with_scale(12)).unwrap_or_default()
}
