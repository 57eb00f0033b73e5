//! Numbers of the engine: prices, sizes, rates and money as integers, so that sums are exact.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How many units one has: prices and sizes have 8 decimal places, as the exchange signs them.
pub(crate) const ONE: i64 = 100_000_000;

/// How many units of a rate one has: rates have 12 decimal places.
pub(crate) const RATE_ONE: i64 = 1_000_000_000_000;

/// A price, in units of 10⁻⁸ of the quote currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Price(pub(crate) i64);

/// A size, in units of 10⁻⁸ of the base currency. The size of a short position is negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Size(pub(crate) i64);

/// An amount of the settlement currency, in units of 10⁻¹⁶: the product of a price and a size has no remainder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Money(pub(crate) i128);

/// A fraction, in units of 10⁻¹².
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Rate(pub(crate) i64);

impl Price {
    /// The largest price: one billion.
    pub(crate) const MAX: Self = Self(100_000_000_000_000_000);

    /// Converts a decimal. Returns `None` if it has more than 8 decimal places or is too large.
    pub(crate) fn from_decimal(value: Decimal) -> Option<Self> {
        Some(Self(i64::try_from(units(value, 8)?).ok()?)).filter(|price| *price <= Self::MAX)
    }

    /// Returns the price as a decimal without trailing zeros.
    pub(crate) fn decimal(self) -> Decimal {
        Decimal::new(self.0, 8).normalize()
    }
}

impl Size {
    /// The largest size of an order: one billion.
    pub(crate) const MAX: Self = Self(100_000_000_000_000_000);

    /// The largest position, with all orders of one side filled: ten billions.
    pub(crate) const MAX_POSITION: Self = Self(1_000_000_000_000_000_000);

    /// Converts a decimal. Returns `None` if it has more than 8 decimal places or is too large.
    pub(crate) fn from_decimal(value: Decimal) -> Option<Self> {
        Some(Self(i64::try_from(units(value, 8)?).ok()?)).filter(|size| *size <= Self::MAX)
    }

    /// Returns the size as a decimal without trailing zeros.
    pub(crate) fn decimal(self) -> Decimal {
        Decimal::new(self.0, 8).normalize()
    }

    /// Returns the size without its sign.
    pub(crate) fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Returns the value of this size at a price.
    pub(super) fn at(self, price: Price) -> Money {
        Money(i128::from(self.0).saturating_mul(i128::from(price.0)))
    }
}

impl Money {
    /// Above this, in either direction, the engine refuses new orders: no sum can then reach the limits of the type.
    pub(super) const GUARD: Self = Self(10_i128.pow(37));

    /// Converts a decimal. Returns `None` if it has more than 16 decimal places or is too large.
    pub(crate) fn from_decimal(value: Decimal) -> Option<Self> {
        Some(Self(units(value, 16)?)).filter(|money| money.0.saturating_abs() <= 10_i128.pow(30))
    }

    /// Returns the amount as a decimal without trailing zeros. An amount too large for 16 decimal places loses the last ones.
    pub(crate) fn decimal(self) -> Decimal {
        let (mut units, mut scale) = (self.0, 16);
        loop {
            match Decimal::try_from_i128_with_scale(units, scale) {
                Ok(value) => return value.normalize(),
                Err(_) if scale == 0 => return if units < 0 { Decimal::MIN } else { Decimal::MAX },
                Err(_) => (units, scale) = (units / 10, scale - 1),
            }
        }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    pub(super) fn negated(self) -> Self {
        Self(self.0.saturating_neg())
    }

    pub(super) fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// Returns this share of the amount, rounded towards zero.
    pub(super) fn share(self, rate: Rate) -> Self {
        Self(mul_div(self.0, rate.0, RATE_ONE))
    }

    /// Returns `part` of `whole` of the amount, rounded towards zero.
    pub(super) fn part(self, part: Size, whole: Size) -> Self {
        Self(mul_div(self.0, part.0, whole.0))
    }
}

impl Rate {
    /// Converts a decimal. Returns `None` if it has more than 12 decimal places or is too large.
    pub(crate) fn from_decimal(value: Decimal) -> Option<Self> {
        Some(Self(i64::try_from(units(value, 12)?).ok()?))
    }
}

/// Returns `a · b / d` rounded towards zero, without an intermediate product that overflows. Returns 0 if `d` is 0.
pub(super) fn mul_div(a: i128, b: i64, d: i64) -> i128 {
    let (b, d) = (i128::from(b), i128::from(d));
    let (Some(quotient), Some(remainder)) = (a.checked_div(d), a.checked_rem(d)) else {
        return 0;
    };
    let rest = remainder.saturating_mul(b).checked_div(d).unwrap_or(0);
    quotient.saturating_mul(b).saturating_add(rest)
}

/// Returns a decimal in units of `places` decimal places, if it has no more of them.
fn units(value: Decimal, places: u32) -> Option<i128> {
    let value = value.normalize();
    let factor = 10_i128.checked_pow(places.checked_sub(value.scale())?)?;
    value.mantissa().checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn decimals_are_converted_exactly_or_refused() {
        assert_eq!(
            Price::from_decimal(decimal("29500.10")),
            Some(Price(2_950_010_000_000))
        );
        assert_eq!(Price(2_950_010_000_000).decimal(), decimal("29500.1"));
        assert_eq!(Price::from_decimal(decimal("0.000000001")), None);
        assert_eq!(Price::from_decimal(decimal("1000000000.1")), None);
        assert_eq!(Size::from_decimal(Decimal::MAX), None);
        assert_eq!(
            Money::from_decimal(decimal("-0.0000000000000001")),
            Some(Money(-1))
        );
        assert_eq!(Money(-1).decimal(), decimal("-0.0000000000000001"));
        assert_eq!(
            Money(10_i128.pow(37)).decimal(),
            decimal("1000000000000000000000")
        );
        assert!(Money(i128::MIN).decimal() < decimal("-17000000000000000000000"));
    }

    #[test]
    fn products_are_divided_without_overflow() {
        assert_eq!(mul_div(7, 3, 2), 10);
        assert_eq!(mul_div(-7, 3, 2), -10);
        assert_eq!(
            mul_div(
                10_i128.pow(33),
                1_000_000_000_000_000_000,
                1_000_000_000_000_000_000
            ),
            10_i128.pow(33)
        );
        assert_eq!(mul_div(1, 1, 0), 0);
    }
}
