//! Texts, numbers, decimals and truth values.

use std::fmt;

use rust_decimal::Decimal;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde_json::Value;

use super::budget::charge_text;
use super::{Found, Wire, free};
use crate::secret::Secret;

/// A value that is one JSON scalar. Each method says what a scalar of that kind means, if anything.
pub(crate) trait Scalar: Sized {
    const EXPECTED: &'static str;

    fn from_text(_: &str) -> Option<Self> {
        None
    }

    fn from_string(text: String) -> Result<Self, String> {
        Self::from_text(&text).ok_or(text)
    }

    fn from_integer(_: i64) -> Option<Self> {
        None
    }

    fn from_float(_: f64) -> Option<Self> {
        None
    }

    fn from_bool(_: bool) -> Option<Self> {
        None
    }

    /// The text that it keeps in memory of its own.
    fn kept(&self) -> Option<&str> {
        None
    }
}

struct ScalarVisitor<'a, T>(&'a mut T);

/// Reads a scalar, whatever JSON stands there.
pub(crate) fn read<'de, T: Scalar, D: Deserializer<'de>>(slot: &mut T, from: D) -> Result<Found, D::Error> {
    from.deserialize_any(ScalarVisitor(slot))
}

impl<T: Scalar> ScalarVisitor<'_, T> {
    fn put<E: Error>(self, value: Option<T>, odd: impl FnOnce() -> Result<Value, E>) -> Result<Found, E> {
        match value {
            Some(value) => {
                value.kept().map_or(Ok(()), charge_text)?;
                *self.0 = value;
                Ok(Found::Value)
            }
            None => odd().map(Found::Mismatch),
        }
    }
}

impl<'de, T: Scalar> Visitor<'de> for ScalarVisitor<'_, T> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Found, E> {
        self.put(T::from_text(text), || free::text(text))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Found, E> {
        match T::from_string(text) {
            Ok(value) => self.put(Some(value), || Ok(Value::Null)),
            Err(text) => free::text(&text).map(Found::Mismatch),
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Found, E> {
        self.put(T::from_integer(number), || Ok(Value::from(number)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Found, E> {
        let value = i64::try_from(number).ok().and_then(T::from_integer);
        self.put(value, || Ok(Value::from(number)))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Found, E> {
        self.put(T::from_float(number), || Ok(Value::from(number)))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Found, E> {
        self.put(T::from_bool(value), || Ok(Value::from(value)))
    }

    fn visit_unit<E>(self) -> Result<Found, E> {
        Ok(Found::Null)
    }

    fn visit_none<E>(self) -> Result<Found, E> {
        Ok(Found::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Found, D::Error> {
        read(self.0, from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Found, A::Error> {
        odd_seq(items)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Found, A::Error> {
        odd_map(entries)
    }
}

/// Keeps a list that stands where something else belongs.
pub(crate) fn odd_seq<'de, A: SeqAccess<'de>>(items: A) -> Result<Found, A::Error> {
    free::list(Vec::new(), items).map(Found::Mismatch)
}

/// Keeps an object that stands where something else belongs.
pub(crate) fn odd_map<'de, A: MapAccess<'de>>(entries: A) -> Result<Found, A::Error> {
    free::map(serde_json::Map::new(), entries).map(Found::Mismatch)
}

/// Implements [`Wire`] for a [`Scalar`].
macro_rules! scalar {
    ($type:ty, $blank:expr, |$value:ident, $to:ident| $write:expr) => {
        impl Wire for $type {
            fn blank() -> Self {
                $blank
            }

            fn read<'de, D: Deserializer<'de>>(&mut self, from: D) -> Result<Found, D::Error> {
                read(self, from)
            }

            fn write<S: Serializer>(&self, $to: S) -> Result<S::Ok, S::Error> {
                let $value = self;
                $write
            }
        }
    };
}

impl Scalar for String {
    const EXPECTED: &'static str = "a text";

    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn from_string(text: String) -> Result<Self, String> {
        Ok(text)
    }

    fn from_integer(number: i64) -> Option<Self> {
        Some(number.to_string())
    }

    fn from_float(number: f64) -> Option<Self> {
        certain(number)
    }

    fn kept(&self) -> Option<&str> {
        Some(self)
    }
}

scalar!(String, String::new(), |text, to| to.serialize_str(text));

impl Scalar for i64 {
    const EXPECTED: &'static str = "an integer";

    fn from_text(text: &str) -> Option<Self> {
        // "+7" and "007" are no spelling that a number would come back in.
        is_canonical(text.strip_prefix('-').unwrap_or(text))
            .then(|| text.parse().ok())
            .flatten()
    }

    fn from_integer(number: i64) -> Option<Self> {
        Some(number)
    }

    fn from_float(number: f64) -> Option<Self> {
        let exact = number.fract() == 0.0 && number.abs() < UNCERTAIN;
        #[expect(clippy::cast_possible_truncation, reason = "checked in the line above")]
        exact.then_some(number as i64)
    }
}

scalar!(i64, 0, |number, to| to.serialize_i64(*number));

impl Scalar for bool {
    const EXPECTED: &'static str = "true or false";

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn from_bool(value: bool) -> Option<Self> {
        Some(value)
    }
}

scalar!(bool, false, |value, to| to.serialize_bool(*value));

impl Scalar for f64 {
    const EXPECTED: &'static str = "a number";

    fn from_text(text: &str) -> Option<Self> {
        let number: f64 = text.parse().ok()?;
        number.is_finite().then_some(number)
    }

    fn from_integer(number: i64) -> Option<Self> {
        // An integer that a float cannot hold is kept as it is instead.
        #[expect(clippy::cast_precision_loss, reason = "bounded in the next line")]
        (number.unsigned_abs() <= 1 << 53).then_some(number as f64)
    }

    fn from_float(number: f64) -> Option<Self> {
        Some(number)
    }
}

scalar!(f64, 0.0, |number, to| {
    match i64::from_float(*number) {
        // The exchange writes 1, not 1.0.
        Some(integer) => to.serialize_i64(integer),
        None => to.serialize_f64(*number),
    }
});

impl Scalar for Decimal {
    const EXPECTED: &'static str = "a decimal number, usually as a text";

    fn from_text(text: &str) -> Option<Self> {
        exact_decimal(text)
    }

    fn from_integer(number: i64) -> Option<Self> {
        Some(Decimal::from(number))
    }

    fn from_float(number: f64) -> Option<Self> {
        exact_decimal(&certain(number)?)
    }
}

scalar!(Decimal, Decimal::ZERO, |number, to| {
    let mut text = DecimalText::default();
    text.put(number);
    to.serialize_str(text.as_str())
});

/// The text of a decimal, without an allocation.
#[derive(Default)]
struct DecimalText {
    bytes: [u8; 32],
    length: usize,
}

impl DecimalText {
    fn put(&mut self, number: &Decimal) {
        use fmt::Write;
        // A sign, 29 digits and a point are 31 bytes at most, so this cannot fail.
        let _ = write!(self, "{number}");
    }

    fn as_str(&self) -> &str {
        let written = self.bytes.get(..self.length).unwrap_or_default();
        std::str::from_utf8(written).unwrap_or_default()
    }
}

impl fmt::Write for DecimalText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        let room = self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// From 2^53 on a float no longer says which integer was meant.
const UNCERTAIN: f64 = 9_007_199_254_740_992.0;

/// The decimal text that a sender wrote, if the float still tells. Up to 15 digits survive a binary float. One
/// whose shortest text has more was rounded when the JSON was read, so that text would be an invention.
pub(crate) fn certain(number: f64) -> Option<String> {
    let mut text = number.to_string();
    // It has been given up to twice the memory that it needs, and a list of such texts is charged by their length.
    text.shrink_to_fit();
    let digits = text.trim_start_matches(['-', '0', '.']).bytes();
    let digits = digits.filter(u8::is_ascii_digit).count();
    (number.abs() < UNCERTAIN && digits <= 15).then_some(text)
}

/// Whether digits are written as a number writes them: the first is a zero only before the point.
fn is_canonical(digits: &str) -> bool {
    match digits.as_bytes() {
        [b'0', second, ..] => !second.is_ascii_digit(),
        [first, ..] => first.is_ascii_digit(),
        [] => false,
    }
}

/// Reads a decimal only if [`Decimal`] holds it exactly: at most 28 digits after the point, and at most
/// 96 bits of digits. Nothing is ever rounded.
pub(crate) fn exact_decimal(text: &str) -> Option<Decimal> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let bytes = digits.as_bytes();
    // "00.50" would come back as "0.50".
    if bytes.len() > 40 || !is_canonical(digits) || !bytes.last()?.is_ascii_digit() {
        return None;
    }
    let mut scale = None;
    let mut mantissa = 0u128;
    // 19 digits always fit into 64 bits, which are faster than 128; most numbers have fewer.
    if bytes.len() <= 19 {
        let mut short = 0u64;
        for &byte in bytes {
            match (byte, &mut scale) {
                (b'0'..=b'9', scale) => {
                    short = short * 10 + u64::from(byte - b'0');
                    *scale = scale.map(|digits: u32| digits + 1);
                }
                (b'.', None) => scale = Some(0),
                _ => return None,
            }
        }
        mantissa = u128::from(short);
    } else {
        for &byte in bytes {
            match (byte, &mut scale) {
                (b'0'..=b'9', scale) => {
                    mantissa = mantissa.checked_mul(10)?.checked_add(u128::from(byte - b'0'))?;
                    *scale = scale.map(|digits: u32| digits + 1);
                }
                (b'.', None) => scale = Some(0),
                _ => return None,
            }
        }
    }
    let scale = scale.unwrap_or(0);
    if mantissa >> 96 != 0 || scale > 28 {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the three words of a number of 96 bits"
    )]
    let (low, middle, high) = (mantissa as u32, (mantissa >> 32) as u32, (mantissa >> 64) as u32);
    // "-0.5" and also "-0": the sign is kept, so that the text comes back as it was.
    let mut number = Decimal::from_parts(low, middle, high, false, scale);
    number.set_sign_negative(negative);
    Some(number)
}

impl Scalar for Secret {
    const EXPECTED: &'static str = "a secret text";

    fn from_text(text: &str) -> Option<Self> {
        Some(Secret::received(text))
    }

    fn kept(&self) -> Option<&str> {
        Some(self.expose())
    }
}

impl Wire for Secret {
    const SECRET: bool = true;

    fn blank() -> Self {
        Secret::received("")
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, from: D) -> Result<Found, D::Error> {
        read(self, from)
    }

    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(self, to)
    }

    fn mark_outgoing(&mut self) {
        Secret::mark_outgoing(self);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DecimalText, Scalar, certain, exact_decimal};

    #[test]
    fn a_decimal_is_exact_or_not_read() {
        for text in [
            "0",
            "-0.5",
            "1.10",
            "29518.00000000",
            "79228162514264337593543950335",
        ] {
            assert_eq!(exact_decimal(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "-",
            "00.50",
            "01",
            "-00",
            ".5",
            "5.",
            "1.2.3",
            "1_000",
            "+1",
            " 1",
            "1e5",
            "NaN",
            "٣",
            "0.0000000000000000000000000000001",
            "79228162514264337593543950336",
            "99999999999999999999999999999999999999999999",
        ] {
            assert_eq!(exact_decimal(text), None, "{text}");
        }
    }

    #[test]
    fn a_float_counts_only_where_it_still_says_what_was_written() {
        for (number, text) in [
            (0.1, "0.1"),
            (1000.0, "1000"),
            (0.00001, "0.00001"),
            (-1.5, "-1.5"),
        ] {
            assert_eq!(certain(number).unwrap(), text);
        }
        assert_eq!(certain(123_456.789_012_345).unwrap(), "123456.789012345");
        for number in [
            0.123_456_789_012_345_68,
            9_007_199_254_740_992.0,
            18_446_744_073_709_552_000.0,
            1e19,
            -1e300,
        ] {
            assert_eq!(certain(number), None, "{number}");
        }
        assert_eq!(i64::from_float(9_007_199_254_740_992.0), None);
        for text in ["007", "+7", "", "-", " 7", "7.0"] {
            assert_eq!(i64::from_text(text), None, "{text}");
        }
        assert_eq!(i64::from_text("-70"), Some(-70));
        assert_eq!(i64::from_text("0"), Some(0));
    }

    proptest! {
        #[test]
        fn a_decimal_comes_back_as_it_was_written(mantissa in -(1i128 << 95)..(1i128 << 95), scale in 0u32..=28) {
            let number = rust_decimal::Decimal::from_i128_with_scale(mantissa, scale);
            let mut text = DecimalText::default();
            text.put(&number);
            prop_assert_eq!(text.as_str(), number.to_string());
            prop_assert_eq!(exact_decimal(text.as_str()), Some(number));
        }
    }
}
