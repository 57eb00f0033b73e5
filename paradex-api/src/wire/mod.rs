//! How values of the API are read and written.
//!
//! Reading is lenient where that loses nothing: a number sent as a string, a `null` list, an enum value
//! that is newer than this crate. What a field's type cannot hold at all (an empty text where a decimal
//! belongs, a decimal of more than 28 digits) does not fail the answer: the field stays empty, the value
//! is kept, and the record's `undecoded()` names it. Writing such a record gives the same JSON again.
//! Reading a request is strict: there the same value is an error.

pub(crate) mod budget;
mod collection;
mod free;
mod levels;
mod open_enum;
pub(crate) mod record;
pub(crate) mod scalar;
#[cfg(feature = "schemars")]
pub(crate) mod schema;
mod undecoded;

use serde::de::{DeserializeSeed, Deserializer};
use serde::ser::{Serialize, Serializer};

pub use levels::{Kline, PriceLevel};
pub use open_enum::UnknownValue;
pub(crate) use open_enum::open_enum;
pub(crate) use record::{Entries, Fields, Record, record};
#[cfg(feature = "schemars")]
pub(crate) use schema::json_schema;
pub use undecoded::Undecoded;

/// What stood where a value was read.
pub enum Found {
    /// A value of the type; it is in the slot now.
    Value,
    /// `null`.
    Null,
    /// Something that the type cannot hold.
    Mismatch(serde_json::Value),
}

/// Stands in `undecoded()` and in what is written for a value that may hold a secret.
pub(crate) fn hidden<E: serde::de::Error>() -> Result<serde_json::Value, E> {
    free::text("(not shown)")
}

/// A type of the wire.
#[doc(hidden)]
pub trait Wire: Sized {
    /// Whether `null` must be told apart from absence.
    const DISTINGUISHES_NULL: bool = false;

    /// Whether it is or holds a secret, so that not even an odd value may be kept.
    const SECRET: bool = false;

    /// Whether `null` is one of its values, so that an answer may be `null`.
    const HOLDS_NULL: bool = false;

    /// What a field holds before it is read.
    fn blank() -> Self;

    /// Whether a field with this value is left out when it is written.
    fn is_absent(&self) -> bool {
        false
    }

    /// The JSON of a value that is present and still counts as absent: `[]` or `{}`.
    fn empty() -> serde_json::Value {
        serde_json::Value::Null
    }

    /// Reads into a blank slot. Values are read in place, because some records are large and nested. After
    /// anything but [`Found::Value`] the slot's content counts for nothing.
    fn read<'de, D: Deserializer<'de>>(&mut self, from: D) -> Result<Found, D::Error>;

    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error>;

    /// Called on the fields of a request: its secrets are ours.
    fn mark_outgoing(&mut self) {}
}

/// Lets serde read a [`Wire`] value into its slot.
pub(crate) struct Slot<'a, T>(pub(crate) &'a mut T);

impl<'de, T: Wire> DeserializeSeed<'de> for Slot<'_, T> {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Found, D::Error> {
        self.0.read(from)
    }
}

/// Lets serde write a [`Wire`] value.
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
        budget::charge(size_of::<T>() + budget::OVERHEAD)?;
        T::read(self, from)
    }

    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        T::write(self, to)
    }

    fn mark_outgoing(&mut self) {
        T::mark_outgoing(self);
    }
}
