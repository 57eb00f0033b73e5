//! The markets: one consistent world behind all public endpoints.
//!
//! Everything is a function of the seed, the market and the time, so the past is computed when it is asked for, and nothing is
//! stored. Order book, trades, candles, summary and funding of a market come from the same functions ([`model::Market`]), so
//! they agree with each other.

pub(super) mod book;
mod endpoints;
mod file;
pub(super) mod funding;
mod klines;
pub(super) mod model;
mod noise;
mod parameters;
mod prices;
pub(super) mod rules;
mod script;
mod spec;
mod system;
#[cfg(test)]
mod tests;

pub(super) use endpoints::{
    ListedTrade, bbo_data, funding_json, orderbook_data, respond, summary, takes_long, trade_id, trades_data,
};
pub use file::InvalidMarkets;
pub use script::InvalidPriceScript;
pub use spec::MarketSpec;
pub(super) use system::config;

use std::path::PathBuf;

use model::Market;

/// Where the markets of a simulator come from.
#[derive(Debug, Clone)]
pub(super) enum MarketSource {
    Specs(Vec<MarketSpec>),
    File(PathBuf),
}

/// The markets of a simulator.
#[derive(Debug, Clone, Default)]
pub(super) struct Markets(Vec<Market>);

impl Markets {
    /// Reads and checks the markets.
    pub(super) fn load(source: &MarketSource, seed: u64, speed: f64) -> Result<Self, InvalidMarkets> {
        if !(0.0..=FASTEST).contains(&speed) {
            return Err(InvalidMarkets::new(format!(
                "speed {speed} is invalid; use 0 (prices do not move) to {FASTEST}"
            )));
        }
        let specs = match source {
            MarketSource::Specs(specs) => {
                check(specs)?;
                specs.clone()
            }
            // Its markets are checked as they are read.
            MarketSource::File(path) => file::read(path)?,
        };
        let markets = specs.into_iter().enumerate();
        let markets = markets.map(|(number, spec)| Market::new(spec, number, seed, speed));
        Ok(Self(markets.collect()))
    }

    /// Returns the description of each market.
    pub(super) fn specs(&self) -> impl Iterator<Item = &MarketSpec> {
        self.0.iter().map(|market| &market.spec)
    }

    /// Returns the market with this symbol.
    pub(super) fn get(&self, symbol: &str) -> Option<&Market> {
        self.0.iter().find(|market| market.spec.symbol == symbol)
    }
}

/// The fastest speed. A higher one would lose precision of the time.
const FASTEST: f64 = 1_000.0;

/// Checks each market, and that they do not contradict each other.
fn check(specs: &[MarketSpec]) -> Result<(), InvalidMarkets> {
    if specs.is_empty() {
        return Err(InvalidMarkets::new("there is no market; give at least one"));
    }
    for (number, spec) in specs.iter().enumerate() {
        let named = |rule| InvalidMarkets::new(format!("market {:?}: {rule}", spec.symbol));
        spec.check().map_err(named)?;
        let before = specs.get(..number).unwrap_or_default();
        check_against(spec, before).map_err(InvalidMarkets::new)?;
    }
    Ok(())
}

/// Checks that a market does not contradict those before it.
fn check_against(spec: &MarketSpec, before: &[MarketSpec]) -> Result<(), String> {
    let symbol = &spec.symbol;
    if before.iter().any(|other| other.symbol == *symbol) {
        return Err(format!("market {symbol:?} is given twice; remove one"));
    }
    let differs = |other: &&MarketSpec| {
        (&other.base_currency, &other.quote_currency) == (&spec.base_currency, &spec.quote_currency)
            && (other.index_price, other.index_range) != (spec.index_price, spec.index_range)
    };
    match before.iter().find(differs) {
        None => Ok(()),
        Some(other) => Err(format!(
            "market {symbol:?} has another index_price or index_range than {:?}; use the same, because they share one index",
            other.symbol
        )),
    }
}
