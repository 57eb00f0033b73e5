//! Rows that the API writes as JSON arrays: levels of an order book, and candles.

use std::fmt;

use rust_decimal::Decimal;
use serde::de::Deserializer;
use serde::ser::{SerializeTuple, Serializer};
use serde_json::Value;

use super::decimal::{exact_decimal, float_text};
use super::memory_budget::{checkpoint, rollback_to};
use super::{Found, Wire, Written, any_json};

/// One level of an order book: a price, and the size of the orders at this price.
///
/// In JSON it is an array of two texts, `["29518.5", "0.25"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PriceLevel {
    /// The price, in the quote currency.
    pub price: Decimal,
    /// The size, in the base currency.
    pub size: Decimal,
}

impl PriceLevel {
    /// Creates a level, for tests and simulators.
    pub fn new(price: Decimal, size: Decimal) -> Self {
        Self { price, size }
    }

    /// Reads the array exactly, or not at all.
    fn from_value(value: &Value) -> Option<Self> {
        let number = |value: &Value| match value {
            Value::String(text) => exact_decimal(text),
            Value::Number(number) if number.is_f64() => exact_decimal(&float_text(number.as_f64()?)?),
            Value::Number(number) => exact_decimal(&number.to_string()),
            _ => None,
        };
        match value.as_array()?.as_slice() {
            [price, size] => Some(Self::new(number(price)?, number(size)?)),
            _ => None,
        }
    }
}

/// One candle of `list_klines`.
///
/// In JSON it is an array of six numbers. They are read through a binary float, so a price has about 15 reliable digits.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
#[doc(alias = "candle")]
#[doc(alias = "candlestick")]
#[doc(alias = "ohlcv")]
pub struct Kline {
    /// When the candle begins, in milliseconds since the Unix epoch.
    pub start_at: i64,
    /// The first price.
    pub open: Decimal,
    /// The highest price.
    pub high: Decimal,
    /// The lowest price.
    pub low: Decimal,
    /// The last price.
    pub close: Decimal,
    /// The volume traded.
    pub volume: Decimal,
}

impl Kline {
    fn from_value(value: &Value) -> Option<Self> {
        let number = |value: &Value| match value {
            Value::Number(number) => exact_decimal(&number.to_string()),
            Value::String(text) => exact_decimal(text),
            _ => None,
        };
        match value.as_array()?.as_slice() {
            [at, open, high, low, close, volume] => Some(Self {
                start_at: at.as_i64()?,
                open: number(open)?,
                high: number(high)?,
                low: number(low)?,
                close: number(close)?,
                volume: number(volume)?,
            }),
            _ => None,
        }
    }
}

/// Reads a row through a buffer, so that a row that does not fit is kept unchanged. Rows are short.
fn read_row<'de, T, D: Deserializer<'de>>(
    slot: &mut T,
    from: D,
    parse: fn(&Value) -> Option<T>,
) -> Result<Found, D::Error> {
    let before = checkpoint();
    let value = any_json::read(from)?;
    Ok(match parse(&value) {
        Some(row) => {
            drop(value);
            rollback_to(before);
            *slot = row;
            Found::Value
        }
        None if value.is_null() => Found::Null,
        None => Found::Mismatch(value),
    })
}

impl Wire for PriceLevel {
    fn blank() -> Self {
        Self {
            price: Decimal::ZERO,
            size: Decimal::ZERO,
        }
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, from: D) -> Result<Found, D::Error> {
        read_row(self, from, Self::from_value)
    }

    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut row = to.serialize_tuple(2)?;
        row.serialize_element(&Written(&self.price))?;
        row.serialize_element(&Written(&self.size))?;
        row.end()
    }
}

/// A decimal that is written as a JSON number.
struct Number(Decimal);

impl serde::Serialize for Number {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        use rust_decimal::prelude::ToPrimitive;
        match (self.0.is_integer(), self.0.to_i64(), self.0.to_f64()) {
            (true, Some(integer), _) => to.serialize_i64(integer),
            (_, _, Some(float)) => to.serialize_f64(float),
            _ => Err(serde::ser::Error::custom("the decimal does not fit a float")),
        }
    }
}

impl Wire for Kline {
    fn blank() -> Self {
        Self {
            start_at: 0,
            open: Decimal::ZERO,
            high: Decimal::ZERO,
            low: Decimal::ZERO,
            close: Decimal::ZERO,
            volume: Decimal::ZERO,
        }
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, from: D) -> Result<Found, D::Error> {
        read_row(self, from, Self::from_value)
    }

    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut row = to.serialize_tuple(6)?;
        row.serialize_element(&self.start_at)?;
        for number in [self.open, self.high, self.low, self.close, self.volume] {
            row.serialize_element(&Number(number))?;
        }
        row.end()
    }
}

impl fmt::Display for PriceLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.size, self.price)
    }
}
