//! Objects with named fields.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use super::collection::mismatched_scalars;
use super::scalar::mismatched_seq;
use super::{Found, Slot, Undecoded, Wire, Written, secret_placeholder};

/// A JSON object of the API. The generated code implements this trait, and the rest of this file is shared by all records.
pub(crate) trait Record: HasUndecoded {
    /// The name of the type, for messages.
    const NAME: &'static str;
    /// Whether it is only sent in requests, so that a mismatched value is an error.
    const STRICT: bool;
    /// Whether it holds a secret, itself or in a nested record.
    const SECRET: bool = false;
    /// The required fields; at most 64.
    const REQUIRED: &'static [&'static str];

    /// Returns a value whose fields are all blank.
    fn blank() -> Self;

    /// Reads the value of one field, or skips it if the type has no such field.
    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error>;

    /// Writes all fields that are present.
    fn write_fields<S: SerializeMap>(&self, entries: &mut Entries<'_, S>) -> Result<(), S::Error>;

    /// Marks its secrets as the program's own, so that they may be sent.
    fn mark_outgoing_fields(&mut self) {}
}

/// Access to the values that the fields of a record could not hold.
pub(crate) trait HasUndecoded: Sized {
    fn undecoded_values(&self) -> &Undecoded;

    fn undecoded_mut(&mut self) -> &mut Undecoded;
}

/// The fields of an object that is being read.
pub(crate) struct Fields<A> {
    entries: A,
    record: &'static str,
    strict: bool,
    secret: bool,
    /// One bit for each required field, set when the field was read.
    seen: u64,
    undecoded: Undecoded,
}

impl<'de, A: MapAccess<'de>> Fields<A> {
    /// Reads the next value into `slot`.
    pub(crate) fn field<T: Wire>(&mut self, name: &'static str, slot: &mut T) -> Result<(), A::Error> {
        match self.entries.next_value_seed(Slot(slot))? {
            Found::Value => {
                if slot.is_absent() {
                    self.undecoded.note(name, T::empty())?;
                } else {
                    self.undecoded.forget(name);
                }
                if self.strict {
                    slot.mark_outgoing();
                }
            }
            // If a key is duplicated, the last one wins; an earlier value may have been a mismatch.
            Found::Null if !T::DISTINGUISHES_NULL => self.undecoded.forget(name),
            Found::Null => self.undecoded.note(name, Value::Null)?,
            Found::Mismatch(_) if self.strict => {
                return Err(A::Error::custom(format_args!(
                    "field `{name}` of {} has a value that its type cannot hold",
                    self.record
                )));
            }
            Found::Mismatch(value) => {
                let hide = T::SECRET || self.secret && can_hide_secret(&value);
                let kept = if hide { secret_placeholder()? } else { value };
                self.undecoded.note(name, kept)?;
            }
        }
        Ok(())
    }

    /// Reads a required field. `bit` is its index in [`Record::REQUIRED`].
    pub(crate) fn required<T: Wire>(
        &mut self,
        bit: u32,
        name: &'static str,
        slot: &mut T,
    ) -> Result<(), A::Error> {
        if self.seen >> bit & 1 == 1 {
            if self.strict {
                return Err(A::Error::duplicate_field(name));
            }
            *slot = T::blank();
        }
        match self.entries.next_value_seed(Slot(slot))? {
            Found::Value => {
                if self.strict {
                    slot.mark_outgoing();
                }
                self.seen |= 1 << bit;
                Ok(())
            }
            Found::Null | Found::Mismatch(_) => Err(A::Error::custom(format_args!(
                "required field `{name}` of {} has a value that its type cannot hold",
                self.record
            ))),
        }
    }

    /// Skips a field that the type does not have.
    pub(crate) fn skip(&mut self) -> Result<(), A::Error> {
        self.entries.next_value::<IgnoredAny>().map(drop)
    }
}

/// Returns whether a mismatched value can be a secret in an unexpected form or place. A record that holds secrets keeps only
/// values that are too simple for that.
fn can_hide_secret(mismatch: &Value) -> bool {
    match mismatch {
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
    }
}

/// A field name. It borrows from the JSON text, unless it has escapes there.
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        from.deserialize_str(NameVisitor)
    }
}

fn from_entries<'de, R: Record, A: MapAccess<'de>>(record: &mut R, entries: A) -> Result<(), A::Error> {
    let mut fields = Fields {
        entries,
        record: R::NAME,
        strict: R::STRICT,
        secret: R::SECRET,
        seen: 0,
        undecoded: Undecoded::NONE,
    };
    while let Some(name) = fields.entries.next_key::<Name<'de>>()? {
        record.read_field(&name.0, &mut fields)?;
    }
    for (bit, name) in R::REQUIRED.iter().enumerate() {
        if fields.seen >> bit & 1 == 0 {
            return Err(A::Error::custom(format_args!(
                "required field `{name}` of {} is missing",
                R::NAME
            )));
        }
    }
    *record.undecoded_mut() = fields.undecoded;
    Ok(())
}

/// The object that a record is written into.
pub(crate) struct Entries<'a, S> {
    map: S,
    undecoded: &'a Undecoded,
}

impl<S: SerializeMap> Entries<'_, S> {
    /// Writes a field, or the undecoded value in its place, or nothing.
    pub(crate) fn field<T: Wire>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        if !value.is_absent() {
            return self.map.serialize_entry(name, &Written(value));
        }
        match self.undecoded.get(name) {
            Some(mismatch) => self.map.serialize_entry(name, mismatch),
            None => Ok(()),
        }
    }

    /// Writes a required field, also if it is empty, or the undecoded value in its place.
    pub(crate) fn required<T: Wire>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        match self.undecoded.get(name) {
            Some(mismatch) if value.is_absent() => self.map.serialize_entry(name, mismatch),
            _ => self.map.serialize_entry(name, &Written(value)),
        }
    }
}

pub(crate) fn write<R: Record, S: Serializer>(record: &R, to: S) -> Result<S::Ok, S::Error> {
    let mut entries = Entries {
        map: to.serialize_map(None)?,
        undecoded: record.undecoded_values(),
    };
    record.write_fields(&mut entries)?;
    entries.map.end()
}

struct FieldVisitor<'a, R>(&'a mut R);

impl<'de, R: Record> Visitor<'de> for FieldVisitor<'_, R> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(R::NAME)
    }

    mismatched_scalars!();

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Found, D::Error> {
        read(self.0, from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Found, A::Error> {
        mismatched_seq(items)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Found, A::Error> {
        from_entries(self.0, entries)?;
        Ok(Found::Value)
    }
}

/// Reads a record that is nested in another.
pub(crate) fn read<'de, R: Record, D: Deserializer<'de>>(slot: &mut R, from: D) -> Result<Found, D::Error> {
    from.deserialize_any(FieldVisitor(slot))
}

/// Reads a record that is the whole text, which must be an object.
pub(crate) fn read_whole<'de, R: Record, D: Deserializer<'de>>(from: D) -> Result<R, D::Error> {
    let mut record = R::blank();
    match read(&mut record, from)? {
        Found::Value => Ok(record),
        Found::Null | Found::Mismatch(_) => {
            Err(D::Error::custom(format_args!("expected an object, {}", R::NAME)))
        }
    }
}

/// Implements serde and [`Wire`] for generated [`Record`]s.
macro_rules! record {
    ($($name:ident)*) => {$(
        impl $name {
            /// Returns the values that the fields could not hold, by field.
            pub fn undecoded(&self) -> &crate::wire::Undecoded {
                &self.undecoded_
            }
        }

        impl crate::wire::record::HasUndecoded for $name {
            fn undecoded_values(&self) -> &crate::wire::Undecoded {
                &self.undecoded_
            }

            fn undecoded_mut(&mut self) -> &mut crate::wire::Undecoded {
                &mut self.undecoded_
            }
        }

        impl crate::wire::Wire for $name {
            const SECRET: bool = <Self as crate::wire::Record>::SECRET;

            fn blank() -> Self {
                <Self as crate::wire::Record>::blank()
            }

            fn read<'de, D: serde::Deserializer<'de>>(
                &mut self,
                from: D,
            ) -> Result<crate::wire::Found, D::Error> {
                crate::wire::record::read(self, from)
            }

            fn write<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                crate::wire::record::write(self, to)
            }

            fn mark_outgoing(&mut self) {
                crate::wire::Record::mark_outgoing_fields(self);
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                crate::wire::record::write(self, to)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                crate::wire::record::read_whole(from)
            }
        }
    )*};
}
pub(crate) use record;
