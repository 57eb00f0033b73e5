//! The prices of a market: index, fair price, and the mark price that the exchange shows.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::noise::Noise;
use super::script::Script;
use super::spec::MarketSpec;

/// How often index and mark price change, in milliseconds.
pub(super) const PRICE_STEP: i64 = 5_000;

/// The decimal places of index and mark prices.
pub(super) const PRICE_PLACES: u32 = 8;

/// The waves of the index price: period in milliseconds, and share of the range. The shares add up to 1.
const WAVES: [(f64, f64); 7] = [
    (604_800_000.0, 0.40),
    (86_400_000.0, 0.25),
    (14_400_000.0, 0.15),
    (2_400_000.0, 0.10),
    (420_000.0, 0.06),
    (60_000.0, 0.03),
    (5_000.0, 0.01),
];

/// The index price of a pair of currencies, a function of the time.
#[derive(Debug, Clone)]
pub(super) struct Index {
    noise: Noise,
    level: f64,
    range: f64,
    /// How much faster than the clock the price moves.
    speed: f64,
    /// What the price follows instead of the waves.
    script: Option<Script>,
}

impl Index {
    pub(super) fn new(spec: &MarketSpec, seed: u64, speed: f64) -> Self {
        let pair = format!("index {}/{}", spec.base_currency, spec.quote_currency);
        Self {
            noise: Noise::new(seed, &pair),
            level: float(spec.index_price),
            range: float(spec.index_range),
            speed,
            script: None,
        }
    }

    /// Makes the price follow a script.
    pub(super) fn follow(&mut self, script: Script) {
        self.script = Some(script);
    }

    /// Returns the script that the price follows.
    pub(super) fn script(&self) -> Option<&Script> {
        self.script.as_ref()
    }

    /// Returns the index price at a time, in milliseconds.
    pub(super) fn at(&self, time: i64) -> f64 {
        if let Some(script) = &self.script {
            return script.at(time);
        }
        let moment = time as f64 * self.speed;
        let mut sum = 0.0;
        for (stream, (period, share)) in (0_u64..).zip(WAVES) {
            sum += share * self.noise.curve(moment / period, stream);
        }
        self.level * (1.0 + self.range * sum)
    }
}

/// A call or put with a closed form that needs square roots only.
///
/// The call is worth `(d + √(d² + w²)) / 2`, with the distance `d` of the index from the strike price and the width
/// `w = 0.8 · index · volatility · √period`. It is worth more than its payoff, and the put follows from put-call parity. The
/// exchange uses another formula.
#[derive(Debug, Clone, Copy)]
pub(super) struct OptionPrice {
    strike: f64,
    call: bool,
    volatility: f64,
    /// The square root of the funding period, in years.
    root: f64,
}

/// How the price of an option changes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Greeks {
    pub(super) delta: f64,
    pub(super) gamma: f64,
    pub(super) vega: f64,
}

impl OptionPrice {
    pub(super) fn new(strike: Decimal, call: bool, spec: &MarketSpec) -> Self {
        // As if it expired in ten funding periods.
        let years = f64::from(spec.funding_period_hours) * 10.0 / (365.0 * 24.0);
        Self {
            strike: float(strike),
            call,
            volatility: float(spec.implied_volatility),
            root: years.sqrt(),
        }
    }

    /// Returns the distance of the index from the strike price, the width, and the root of the sum of their squares.
    fn shape(self, index: f64) -> (f64, f64, f64) {
        let distance = index - self.strike;
        let width = 0.8 * index * self.volatility * self.root;
        (distance, width, (distance * distance + width * width).sqrt())
    }

    pub(super) fn price(self, index: f64) -> f64 {
        let (distance, _, root) = self.shape(index);
        let sign = if self.call { 1.0 } else { -1.0 };
        (sign * distance + root) / 2.0
    }

    pub(super) fn greeks(self, index: f64) -> Greeks {
        let (distance, width, root) = self.shape(index);
        // Of the shape alone: the width is held constant.
        let delta = f64::midpoint(1.0, distance / root);
        Greeks {
            delta: if self.call { delta } else { delta - 1.0 },
            gamma: width * width / (2.0 * root * root * root),
            vega: width / (2.0 * root) * 0.8 * index * self.root,
        }
    }

    /// Returns the volatility at which the option has this price, and 0 if there is none.
    pub(super) fn volatility(self, index: f64, price: f64) -> f64 {
        let distance = index - self.strike;
        let call = if self.call { price } else { price + distance };
        let width = 2.0 * (call * (call - distance)).max(0.0).sqrt();
        width / (0.8 * index * self.root)
    }
}

/// Converts a decimal number that a check has limited.
pub(super) fn float(value: Decimal) -> f64 {
    value.to_f64().unwrap_or_default()
}

/// Converts a float to a whole number of units of this many decimal places.
pub(super) fn units(value: f64, places: u32) -> i64 {
    (value * 10_f64.powi(places.cast_signed())).round() as i64
}

/// Returns the decimal number of so many units.
pub(super) fn decimal(units: i64, places: u32) -> Decimal {
    Decimal::try_from_i128_with_scale(units.into(), places).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use paradex_api::types::OptionType;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn index_stays_in_its_range(seed: u64, time in 0..4_000_000_000_000_i64, speed in 0.0..1_000.0) {
            let spec = MarketSpec::perpetual("BTC", Decimal::from(30_500));
            let price = Index::new(&spec, seed, speed).at(time);
            prop_assert!((30_500.0 * 0.97..=30_500.0 * 1.03).contains(&price), "{price}");
        }

        #[test]
        fn option_is_worth_more_than_its_payoff(index in 20_000.0..40_000.0_f64, call: bool) {
            let strike = Decimal::from(30_000);
            let spec = MarketSpec::perpetual_option("BTC", strike, strike, OptionType::Call);
            let option = OptionPrice::new(strike, call, &spec);
            let sign: f64 = if call { 1.0 } else { -1.0 };
            let payoff: f64 = (sign * (index - 30_000.0)).max(0.0);
            let price = option.price(index);
            prop_assert!(price > payoff);
            prop_assert!((option.volatility(index, price) - 0.6).abs() < 1e-6);
            let Greeks { delta, gamma, vega } = option.greeks(index);
            prop_assert!(delta.abs() <= 1.0 && (delta > 0.0) == call);
            prop_assert!(gamma > 0.0 && vega > 0.0);
            let other = OptionPrice::new(strike, !call, &spec).price(index);
            let parity = if call { price - other } else { other - price };
            prop_assert!((parity - (index - 30_000.0)).abs() < 1e-6);
        }
    }

    #[test]
    fn shares_of_the_waves_add_up() {
        let sum: f64 = WAVES.iter().map(|(_, share)| share).sum();
        assert!((sum - 1.0).abs() < 1e-12);
    }
}
