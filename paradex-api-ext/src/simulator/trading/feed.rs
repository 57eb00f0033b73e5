//! What the matching engine reads of a market: its rules, its prices, and quotes around them.

use rust_decimal::Decimal;

use crate::simulator::engine::{Fees, MakerTaker, MarketRules, Price, Rate, Size};
use crate::simulator::market::Markets;
use crate::simulator::market::book::Level;
use crate::simulator::market::model::Market;

/// How many price levels of a side are quoted.
const LEVELS: usize = 20;

/// Price and size of levels.
type Levels = Vec<(Price, Size)>;

impl Markets {
    /// Returns the rules of a market. `None` if there is no such market.
    pub(in crate::simulator) fn rules(&self, symbol: &str) -> Option<MarketRules> {
        let market = self.get(symbol)?;
        let spec = &market.spec;
        let unlimited = MarketRules::unlimited(symbol);
        let percent = |percent: i64| rate(Decimal::new(percent, 2));
        let hours = if spec.has_funding() {
            spec.funding_period_hours
        } else {
            0
        };
        Some(MarketRules {
            tick: price(spec.price_tick_size),
            increment: size(spec.order_size_increment),
            min_notional: price(spec.min_notional),
            max_order_size: size(spec.max_order_size).min(unlimited.max_order_size),
            position_limit: size(spec.position_limit),
            max_open_orders: 100,
            price_band: percent(5),
            max_slippage: percent(5),
            initial_margin: percent(2),
            funding_period: hours.saturating_mul(3_600),
            fees: fees(spec.is_option()),
            ..unlimited
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
        let book = market.book(time, false);
        Some((levels(market, &book.bids), levels(market, &book.asks)))
    }
}

fn levels(market: &Market, levels: &[Level]) -> Levels {
    let levels = levels.iter().take(LEVELS);
    levels
        .map(|level| (price(market.price(level.price)), size(market.size(level.size))))
        .collect()
}

/// Returns the fees that the list of markets shows.
fn fees(option: bool) -> Fees {
    let fee = |maker, taker| MakerTaker {
        maker: rate(Decimal::new(maker, 5)),
        taker: rate(Decimal::new(taker, 5)),
    };
    Fees {
        api: if option { fee(30, 30) } else { fee(-5, 30) },
        interactive: MakerTaker::default(),
        rpi: fee(-5, 0),
    }
}

fn price(value: Decimal) -> Price {
    Price::from_decimal(value).unwrap_or(Price::MAX)
}

fn size(value: Decimal) -> Size {
    Size::from_decimal(value).unwrap_or(Size::MAX)
}

/// Converts a fraction, and cuts what is below its smallest unit.
fn rate(value: Decimal) -> Rate {
    Rate::from_decimal(value.trunc_with_scale(12)).unwrap_or_default()
}
