//! Orders that the exchange executes in parts over time.

use std::time::Duration;

use paradex_api::Decimal;
use paradex_api::types::OrderSide;

use super::order_rules::{DEFAULT_WINDOW, known_side, positive, short_string, window};
use crate::error::InvalidInput;

/// An algo order to place: the exchange executes it in parts over time. It is signed as a market order.
///
/// ```
/// use std::time::Duration;
/// use paradex_api_ext::orders::{NewAlgoOrder, OrderSide};
///
/// // Buy 5 over an hour, a part each minute.
/// let (hour, minute) = (Duration::from_secs(3_600), Duration::from_secs(60));
/// let order = NewAlgoOrder::twap("BTC-USD-PERP", OrderSide::Buy, "5".parse()?, hour).every(minute);
/// order.check()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
#[doc(alias("twap", "algorithmic"))]
pub struct NewAlgoOrder {
    pub(super) market: String,
    pub(super) side: OrderSide,
    pub(super) size: Decimal,
    pub(super) duration: Duration,
    pub(super) frequency: Option<Duration>,
    pub(super) good_for: Duration,
}

impl NewAlgoOrder {
    /// Creates a TWAP order: `size` in equal parts over `duration`, which is a multiple of 30 s, from 30 s to a day.
    #[doc(alias("time_weighted_average_price"))]
    pub fn twap(market: impl Into<String>, side: OrderSide, size: Decimal, duration: Duration) -> Self {
        Self {
            market: market.into(),
            side,
            size,
            duration,
            frequency: None,
            good_for: DEFAULT_WINDOW,
        }
    }

    /// Sets the time between two parts, in whole seconds; 30 s by default.
    #[doc(alias("frequency", "interval"))]
    pub fn every(mut self, frequency: Duration) -> Self {
        self.frequency = Some(frequency);
        self
    }

    /// Sets how long the order may still be placed; see [`NewOrder::good_for`](crate::orders::NewOrder::good_for).
    #[doc(alias("recv_window"))]
    pub fn good_for(mut self, window: Duration) -> Self {
        self.good_for = window;
        self
    }

    /// Checks whether the order can be placed.
    ///
    /// # Errors
    ///
    /// The first field that breaks a rule, with its value.
    pub fn check(&self) -> Result<(), InvalidInput> {
        short_string("market", &self.market)?;
        known_side(&self.side)?;
        positive("size", self.size)?;
        let seconds = self.duration.as_secs();
        if self.duration.subsec_nanos() != 0
            || !seconds.is_multiple_of(30)
            || !(30..=86_400).contains(&seconds)
        {
            return Err(InvalidInput::new(
                "duration",
                format_args!("{:?}", self.duration),
                "it must be a multiple of 30 s, from 30 s to a day",
                "choose another duration",
            ));
        }
        if let Some(frequency) = self.frequency
            && (frequency.as_secs() == 0 || frequency.subsec_nanos() != 0)
        {
            return Err(InvalidInput::new(
                "frequency",
                format_args!("{frequency:?}"),
                "it must be a whole number of seconds",
                "choose another duration",
            ));
        }
        window(self.good_for)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{NewAlgoOrder, OrderSide};

    #[test]
    fn twap_duration_is_a_multiple_of_half_minutes_up_to_a_day() {
        let twap = |seconds| NewAlgoOrder::twap("M", OrderSide::Buy, 1.into(), Duration::from_secs(seconds));
        for seconds in [30, 86_400] {
            twap(seconds).check().unwrap();
        }
        for seconds in [0, 29, 31, 86_430] {
            assert_eq!(
                twap(seconds).check().unwrap_err().field(),
                "duration",
                "{seconds}"
            );
        }
        let uneven = twap(60).every(Duration::from_millis(1_500)).check();
        assert_eq!(uneven.unwrap_err().field(), "frequency");
        twap(60).every(Duration::from_secs(15)).check().unwrap();
    }
}
