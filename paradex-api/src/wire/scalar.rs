//! Texts, numbers, truth values and secrets. Decimals are in `decimal.rs`.

use std::fmt;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde_json::Value;

use super::decimal::{FIRST_INEXACT_INTEGER, float_text};
use super::memory_budget::charge_text;
use super::{Found, Wire, any_json};
use crate::secret::Secret;

/// A type that is one JSON scalar. Each method converts one kind of scalar; `None` means that the type cannot hold it.
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

    /// The text that the value keeps on the heap, for the memory budget.
    fn heap_text(&self) -> Option<&str> {
        None
    }
}

struct ScalarVisitor<'a, T>(&'a mut T);

/// Reads a scalar. JSON of another kind becomes [`Found::Mismatch`].
pub(crate) fn read<'de, T: Scalar, D: Deserializer<'de>>(slot: &mut T, from: D) -> Result<Found, D::Error> {
    from.deserialize_any(ScalarVisitor(slot))
}

impl<T: Scalar> ScalarVisitor<'_, T> {
    fn put<E: Error>(
        self,
        value: Option<T>,
        mismatch: impl FnOnce() -> Result<Value, E>,
    ) -> Result<Found, E> {
        match value {
            Some(value) => {
                value.heap_text().map_or(Ok(()), charge_text)?;
                *self.0 = value;
                Ok(Found::Value)
            }
            None => mismatch().map(Found::Mismatch),
        }
    }
}

impl<'de, T: Scalar> Visitor<'de> for ScalarVisitor<'_, T> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Found, E> {
        self.put(T::from_text(text), || any_json::text(text))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Found, E> {
        match T::from_string(text) {
            Ok(value) => self.put(Some(value), || Ok(Value::Null)),
            Err(text) => any_json::text(&text).map(Found::Mismatch),
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
        mismatched_seq(items)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Found, A::Error> {
        mismatched_map(entries)
    }
}

/// Keeps a list that is in the place of another kind of value.
pub(crate) fn mismatched_seq<'de, A: SeqAccess<'de>>(items: A) -> Result<Found, A::Error> {
    any_json::list(Vec::new(), items).map(Found::Mismatch)
}

/// Keeps an object that is in the place of another kind of value.
pub(crate) fn mismatched_map<'de, A: MapAccess<'de>>(entries: A) -> Result<Found, A::Error> {
    any_json::map(serde_json::Map::new(), entries).map(Found::Mismatch)
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
pub(super) use scalar;

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
        float_text(number)
    }

    fn heap_text(&self) -> Option<&str> {
        Some(self)
    }
}

scalar!(String, String::new(), |text, to| to.serialize_str(text));

impl Scalar for i64 {
    const EXPECTED: &'static str = "an integer";

    fn from_text(text: &str) -> Option<Self> {
        // `+7` and `007` would not be written back unchanged.
        is_canonical(text.strip_prefix('-').unwrap_or(text))
            .then(|| text.parse().ok())
            .flatten()
    }

    fn from_integer(number: i64) -> Option<Self> {
        Some(number)
    }

    fn from_float(number: f64) -> Option<Self> {
        let exact = number.fract() == 0.0 && number.abs() < FIRST_INEXACT_INTEGER;
        #[expect(clippy::cast_possible_truncation, reason = "checked in the line above")]
        exact.then_some(number as i64)
    }
}

scalar!(i64, 0, |number, to| to.serialize_i64(*number));

/// Returns whether digits have no superfluous leading zero.
pub(super) fn is_canonical(digits: &str) -> bool {
    match digits.as_bytes() {
        [b'0', second, ..] => !second.is_ascii_digit(),
        [first, ..] => first.is_ascii_digit(),
        [] => false,
    }
}

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
        // A larger integer may be inexact as a float.
        #[expect(clippy::cast_precision_loss, reason = "bounded in the next line")]
        (number.unsigned_abs() <= 1 << 53).then_some(number as f64)
    }

    fn from_float(number: f64) -> Option<Self> {
        Some(number)
    }
}

scalar!(f64, 0.0, |number, to| {
    match i64::from_float(*number) {
        // The exchange writes `1`, not `1.0`.
        Some(integer) => to.serialize_i64(integer),
        None => to.serialize_f64(*number),
    }
});

impl Scalar for Secret {
    const EXPECTED: &'static str = "a secret text";

    fn from_text(text: &str) -> Option<Self> {
        Some(Secret::received(text))
    }

    fn heap_text(&self) -> Option<&str> {
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
