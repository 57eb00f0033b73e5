//! Prices of a market: they accrue funding, trigger orders and liquidate accounts.

use super::Engine;
use super::command::Outcome;
use super::event::Event;
use super::ids::MarketId;
use super::market::{MarketRules, Prices};
use super::number::{Price, RATE_ONE, Rate, mul_div};
use super::refusal::Refusal;

/// The largest funding index: 100 million of the settlement currency for one unit.
const LARGEST_INDEX: i128 = 10_i128.pow(24);

/// The funding index has 16 decimal places, and the product of a price and a rate has 20.
const PRODUCT_TO_INDEX: i128 = 10_000;

impl Engine {
    pub(super) fn set_prices(
        &mut self,
        id: MarketId,
        mark: Price,
        index: Price,
        funding_rate: Rate,
    ) -> Result<Outcome, Refusal> {
        let now = self.now;
        let market = self.market_mut(id).ok_or(Refusal::MarketNotFound)?;
        if [mark, index]
            .iter()
            .any(|price| !(1..=Price::MAX.0).contains(&price.0))
        {
            return Err(Refusal::PriceOutOfRange("mark and index price"));
        }
        if funding_rate.0.saturating_abs() > RATE_ONE {
            return Err(Refusal::OutOfRange("funding_rate: must be -1 to 1"));
        }
        let before = market.prices;
        let funding_index = before
            .funding_index
            .saturating_add(accrued(&before, &market.rules, now));
        if funding_index.saturating_abs() > LARGEST_INDEX {
            return Err(Refusal::TooLarge);
        }
        market.prices = Prices {
            mark: Some(mark),
            index: Some(index),
            funding_rate,
            funding_index,
            at: now,
        };
        self.events.push(Event::Prices { market: id });
        self.fire_triggers(id);
        self.liquidate(id);
        Ok(Outcome::Done)
    }
}

/// Returns the funding of one unit since the prices were set, at their rate.
fn accrued(prices: &Prices, rules: &MarketRules, now: i64) -> i128 {
    let Some(index) = prices.index else { return 0 };
    let product = i128::from(index.0).saturating_mul(i128::from(prices.funding_rate.0));
    let of_period = product.checked_div(PRODUCT_TO_INDEX).unwrap_or(0);
    let period = i64::from(rules.funding_period).saturating_mul(1_000_000_000);
    mul_div(of_period, now.saturating_sub(prices.at).max(0), period)
}
