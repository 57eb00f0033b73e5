//! How values of the API are read from JSON and written to it.
//!
//! Responses are read leniently, where that loses nothing:
//!
//! * a number may be sent as a text, and a list may be `null`;
//! * an enum value that is newer than this crate becomes `Unknown` and is written back unchanged;
//! * a value that a field's type cannot hold, such as an empty text for a decimal, does not fail the response: the field stays
//!   empty, and the record's `undecoded()` has the value. Writing the record gives the same JSON again;
//! * if a JSON key is duplicated, the last one wins.
//!
//! Decimals are read exactly or not at all: up to 28 digits after the point and 96 bits of digits, without rounding. A decimal
//! that is sent as a JSON number is read if its text has at most 15 digits, because more do not survive a binary float.
//!
//! Types that are only sent in requests are read strictly: such a value is an error.

mod any_json;
mod collection;
pub(crate) mod decimal;
pub(crate) mod memory_budget;
mod open_enum;
pub(crate) mod record;
mod rows;
pub(crate) mod scalar;
#[cfg(feature = "schemars")]
pub(crate) mod schema;
mod undecoded;

use serde::de::{DeserializeSeed, Deserializer};
use serde::ser::{Serialize, Serializer};

pub use open_enum::UnknownValue;
pub(crate) use open_enum::open_enum;
pub(crate) use record::{Entries, Fields, Record, record};
pub use rows::{Kline, PriceLevel};
#[cfg(feature = "schemars")]
pub(crate) use schema::json_schema;
pub use undecoded::Undecoded;

/// The result of reading a value.
pub enum Found {
    /// A value of the type, which is in the slot now.
    Value,
    /// `null`.
    Null,
    /// JSON that the type cannot hold.
    Mismatch(serde_json::Value),
}

/// Replaces a value that may hold a secret, in `undecoded()` and in JSON that is written.
pub(crate) fn secret_placeholder<E: serde::de::Error>() -> Result<serde_json::Value, E> {
    any_json::text("(not shown)")
}

/// A type that is read from the JSON of the API and written to it.
#[doc(hidden)]
pub trait Wire: Sized {
    /// Whether `null` must be distinguished from absence.
    const DISTINGUISHES_NULL: bool = false;

    /// Whether it is or contains a secret, so that not even a mismatched value may be kept.
    const SECRET: bool = false;

    /// Whether `null` is one of its values, so that a response may be `null`.
    const HOLDS_NULL: bool = false;

    /// Returns the value of a field that is not read yet.
    fn blank() -> Self;

    /// Returns whether a field with this value is omitted in JSON.
    fn is_absent(&self) -> bool {
        false
    }

    /// Returns the JSON of a value that is present and for which `is_absent` holds: `[]` or `{}`.
    fn empty() -> serde_json::Value {
        serde_json::Value::Null
    }

    /// Reads a value into a blank slot. Values are read in place, because some records are large and nested. The slot is
    /// meaningful only after [`Found::Value`].
    fn read<'de, D: Deserializer<'de>>(&mut self, from: D) -> Result<Found, D::Error>;

    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error>;

    /// Marks the secrets of a request as the program's own, so that they may be sent.
    fn mark_outgoing(&mut self) {}
}

/// Reads a [`Wire`] value into its slot through serde.
pub(crate) struct Slot<'a, T>(pub(crate) &'a mut T);

impl<'de, T: Wire> DeserializeSeed<'de> for Slot<'_, T> {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Found, D::Error> {
        self.0.read(from)
    }
}

/// Writes a [`Wire`] value through serde.
pub(crate) struct Written<'a, T>(pub(crate) &'a T);

impl<T: Wire> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.write(to)
    }
}

impl<T: Wire> Wire for Option<T> {
    const DISTINGUISHES_NULL: bool = T::DISTINGUISHES_NULL;
    const SECRET: bool = T::SECRET;
    const HOLDS_NULL: bool = true;

    fn blank() -> Self {
        None
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, from: D) -> Result<Found, D::Error> {
        let found = self.insert(T::blank()).read(from)?;
        if !matches!(found, Found::Value) {
            *self = None;
        }
        Ok(found)
    }

    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.write(to),
            None => to.serialize_none(),
        }
    }

    fn mark_outgoing(&mut self) {
        if let Some(value) = self {
            value.mark_outgoing();
        }
    }
}

impl<T: Wire> Wire for Box<T> {
    const DISTINGUISHES_NULL: bool = T::DISTINGUISHES_NULL;
    const SECRET: bool = T::SECRET;

    fn blank() -> Self {
        Box::new(T::blank())
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, from: D) -> Result<Found, D::Error> {
        memory_budget::charge(size_of::<T>() + memory_budget::OVERHEAD)?;
        T::read(self, from)
    }

    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        T::write(self, to)
    }

    fn mark_outgoing(&mut self) {
        T::mark_outgoing(self);
    }
}
