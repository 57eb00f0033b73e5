//! Funding: its index is a function of the time, and premium and rate follow from its change.

use rust_decimal::Decimal;

use super::model::{HOUR, MINUTE, Market, OPEN_AT};
use super::prices;

/// How often an entry of the funding history is made, in milliseconds.
pub(super) const FUNDING_STEP: i64 = 5 * MINUTE;

/// The decimal places of funding index and premium.
const PLACES: u32 = 12;

/// The decimal places of funding rates.
const RATE_PLACES: u32 = 14;

/// The usual rate of a funding period.
const USUAL_RATE: f64 = 0.000_1;

/// How far the funding index strays, as a part of the price. A premium is at most three times as much.
const STRAY: f64 = 0.000_05;

/// Its own stream of random numbers.
const STREAM: u64 = 50;

/// An entry of the funding history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::simulator) struct Funding {
    pub(in crate::simulator) created_at: i64,
    /// What a position of size 1 has paid since the market opened, in the quote currency.
    pub(in crate::simulator) index: Decimal,
    /// What it pays in a funding period: rate times index price.
    pub(in crate::simulator) premium: Decimal,
    pub(in crate::simulator) rate: Decimal,
    pub(in crate::simulator) rate_8h: Decimal,
}

impl Market {
    /// Returns the newest entry up to a time. `None` if the market has no funding or was not open.
    pub(in crate::simulator) fn funding(&self, time: i64) -> Option<Funding> {
        if !self.spec.has_funding() || time < OPEN_AT {
            return None;
        }
        let number = (time - OPEN_AT).div_euclid(FUNDING_STEP);
        let created_at = OPEN_AT.saturating_add(number.saturating_mul(FUNDING_STEP));
        let premium = Decimal::try_from_i128_with_scale(self.premium(number), PLACES).unwrap_or_default();
        let price = self.index_price(created_at);
        let rate = premium
            .checked_div(price)
            .unwrap_or_default()
            .round_dp(RATE_PLACES);
        let hours = Decimal::from(self.spec.funding_period_hours);
        let rate_8h = (rate * Decimal::from(8)).checked_div(hours).unwrap_or_default();
        let index = self.funding_index(number);
        Some(Funding {
            created_at,
            index: Decimal::try_from_i128_with_scale(index, PLACES)
                .unwrap_or_default()
                .normalize(),
            premium: premium.normalize(),
            rate: rate.normalize(),
            rate_8h: rate_8h.round_dp(RATE_PLACES).normalize(),
        })
    }

    /// Returns the premium at a time, in units of the mark price.
    pub(super) fn premium_units(&self, time: i64) -> i64 {
        let number = time.saturating_sub(OPEN_AT).div_euclid(FUNDING_STEP);
        let per_unit = 10_i128.pow(PLACES - prices::PRICE_PLACES);
        i64::try_from(self.premium(number) / per_unit).unwrap_or_default()
    }

    fn periods(&self) -> i64 {
        i64::from(self.spec.funding_period_hours) * (HOUR / FUNDING_STEP)
    }

    /// Returns the funding index of an entry, in units of [`PLACES`].
    fn funding_index(&self, number: i64) -> i128 {
        let periods = number as f64 / self.periods() as f64;
        let level = prices::float(self.spec.index_price) * self.funding_scale();
        let straying = self.noise.curve(periods, STREAM) - self.noise.curve(0.0, STREAM);
        let index = level * (USUAL_RATE * periods + STRAY * straying);
        (index * 10_f64.powi(PLACES.cast_signed())).round() as i128
    }

    /// The premium of a whole period at the pace of the next step.
    fn premium(&self, number: i64) -> i128 {
        let change = self.funding_index(number.saturating_add(1)) - self.funding_index(number);
        change.saturating_mul(self.periods().into())
    }

    /// Options pay a part of what the future pays.
    fn funding_scale(&self) -> f64 {
        if self.spec.is_option() { 0.05 } else { 1.0 }
    }
}
