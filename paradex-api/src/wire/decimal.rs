//! How a decimal is read and written: exactly, or not at all.
//!
//! The API sends decimals as texts, and a few as JSON numbers. [`exact_decimal`] reads a text. A JSON number has passed through
//! a binary float, so [`float_text`] first recovers the text that was sent, where that is certain. A decimal that cannot be
//! read exactly stays in the record's `undecoded()`.

use std::fmt;

use rust_decimal::Decimal;
use serde::de::Deserializer;
use serde::ser::Serializer;

use super::scalar::{Scalar, is_canonical, read, scalar};
use super::{Found, Wire};

impl Scalar for Decimal {
    const EXPECTED: &'static str = "a decimal number, usually as a text";

    fn from_text(text: &str) -> Option<Self> {
        exact_decimal(text)
    }

    fn from_integer(number: i64) -> Option<Self> {
        Some(Decimal::from(number))
    }

    fn from_float(number: f64) -> Option<Self> {
        exact_decimal(&float_text(number)?)
    }
}

scalar!(Decimal, Decimal::ZERO, |number, to| {
    let mut text = DecimalText::default();
    text.put(number);
    to.serialize_str(text.as_str())
});

/// The text of a decimal, without a heap allocation.
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

/// Reads a decimal if [`Decimal`] holds it exactly: at most 28 digits after the point, and digits of at most 96 bits.
/// Nothing is rounded, and the accepted spellings are those that `Decimal` writes back unchanged.
pub(crate) fn exact_decimal(text: &str) -> Option<Decimal> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let bytes = digits.as_bytes();
    // `00.50` would be written back as `0.50`.
    if bytes.len() > 40 || !is_canonical(digits) || !bytes.last()?.is_ascii_digit() {
        return None;
    }
    let mut scale = None;
    let mut mantissa = 0u128;
    // 19 digits fit into 64 bits, which are faster than 128. Most numbers have fewer digits.
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
    // The sign of `-0` is kept as well, so that the text is written back unchanged.
    let mut number = Decimal::from_parts(low, middle, high, false, scale);
    number.set_sign_negative(negative);
    Some(number)
}

/// From 2^53 on, several integers share one float.
pub(super) const FIRST_INEXACT_INTEGER: f64 = 9_007_199_254_740_992.0;

/// Returns the decimal text that the sender wrote, if the float still determines it.
///
/// A binary float keeps up to 15 digits. A float whose shortest text is longer was rounded when the JSON was read, so its text
/// may differ from the one that was sent.
pub(crate) fn float_text(number: f64) -> Option<String> {
    let mut text = number.to_string();
    // Its capacity can be twice its length, and the memory budget charges the length.
    text.shrink_to_fit();
    let digits = text.trim_start_matches(['-', '0', '.']).bytes();
    let digits = digits.filter(u8::is_ascii_digit).count();
    (number.abs() < FIRST_INEXACT_INTEGER && digits <= 15).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DecimalText, exact_decimal, float_text};
    use crate::wire::scalar::Scalar;

    #[test]
    fn decimal_is_read_exactly_or_not_at_all() {
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
    fn float_is_read_only_if_it_determines_its_text() {
        for (number, text) in [
            (0.1, "0.1"),
            (1000.0, "1000"),
            (0.00001, "0.00001"),
            (-1.5, "-1.5"),
        ] {
            assert_eq!(float_text(number).unwrap(), text);
        }
        assert_eq!(float_text(123_456.789_012_345).unwrap(), "123456.789012345");
        for number in [
            0.123_456_789_012_345_68,
            9_007_199_254_740_992.0,
            18_446_744_073_709_552_000.0,
            1e19,
            -1e300,
        ] {
            assert_eq!(float_text(number), None, "{number}");
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
        fn decimal_is_written_back_unchanged(mantissa in -(1i128 << 95)..(1i128 << 95), scale in 0u32..=28) {
            let number = rust_decimal::Decimal::from_i128_with_scale(mantissa, scale);
            let mut text = DecimalText::default();
            text.put(&number);
            prop_assert_eq!(text.as_str(), number.to_string());
            prop_assert_eq!(exact_decimal(text.as_str()), Some(number));
        }
    }
}
