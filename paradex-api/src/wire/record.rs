//! Objects with named fields.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use super::collection::odd_scalars;
use super::scalar::odd_seq;
use super::{Found, Slot, Undecoded, Wire, Written, hidden};

/// An object of the API. The generated code implements it; everything else is shared.
pub(crate) trait Record: Kept {
    /// The name of the type, for messages.
    const NAME: &'static str;
    /// Whether it is only ever sent, so that an odd value is an error.
    const STRICT: bool;
    /// Whether it holds a secret, itself or in a record inside it.
    const SECRET: bool = false;
    /// The fields without which there is no value; at most 64.
    const REQUIRED: &'static [&'static str];

    /// A value whose fields are all blank.
    fn blank() -> Self;

    /// Reads the value of one field, or skips it if the type has no such field.
    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error>;

    /// Writes every field that is present.
    fn write_fields<S: SerializeMap>(&self, entries: &mut Entries<'_, S>) -> Result<(), S::Error>;

    /// Makes its secrets ours, so that they may be sent.
    fn mark_outgoing_fields(&mut self) {}
}

/// A record's store for what its fields could not hold.
pub(crate) trait Kept: Sized {
    fn kept(&self) -> &Undecoded;

    fn kept_mut(&mut self) -> &mut Undecoded;
}

/// The fields of an object that is being read.
pub(crate) struct Fields<A> {
    entries: A,
    record: &'static str,
    strict: bool,
    secret: bool,
    /// A bit for each required field that was seen.
    seen: u64,
    undecoded: Undecoded,
}

impl<'de, A: MapAccess<'de>> Fields<A> {
    /// Reads the value that stands next into `slot`.
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
            // The last of several values counts, and one before it can have been odd.
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
                self.undecoded.note(name, if hide { hidden()? } else { value })?;
            }
        }
        Ok(())
    }

    /// Reads a required field; `bit` is its place in [`Record::REQUIRED`].
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

    /// Passes over a field that the type does not have.
    pub(crate) fn skip(&mut self) -> Result<(), A::Error> {
        self.entries.next_value::<IgnoredAny>().map(drop)
    }
}

/// A secret in a shape or a place that nobody expects is still a secret. In a record that holds one, what is
/// odd is kept only where it is too simple to be a secret.
fn can_hide_secret(odd: &Value) -> bool {
    match odd {
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
    }
}

/// A field name. It borrows from the JSON text unless it is written there with escapes.
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
    *record.kept_mut() = fields.undecoded;
    Ok(())
}

/// The object that a record is written into.
pub(crate) struct Entries<'a, S> {
    map: S,
    undecoded: &'a Undecoded,
}

impl<S: SerializeMap> Entries<'_, S> {
    /// Writes a field, or what was found in its place, or nothing.
    pub(crate) fn field<T: Wire>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        if !value.is_absent() {
            return self.map.serialize_entry(name, &Written(value));
        }
        match self.undecoded.get(name) {
            Some(odd) => self.map.serialize_entry(name, odd),
            None => Ok(()),
        }
    }

    /// Writes a required field, even if it is empty, or what was found in its place.
    pub(crate) fn required<T: Wire>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        match self.undecoded.get(name) {
            Some(odd) if value.is_absent() => self.map.serialize_entry(name, odd),
            _ => self.map.serialize_entry(name, &Written(value)),
        }
    }
}

pub(crate) fn write<R: Record, S: Serializer>(record: &R, to: S) -> Result<S::Ok, S::Error> {
    let mut entries = Entries {
        map: to.serialize_map(None)?,
        undecoded: record.kept(),
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

    odd_scalars!();

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Found, D::Error> {
        read(self.0, from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Found, A::Error> {
        odd_seq(items)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Found, A::Error> {
        from_entries(self.0, entries)?;
        Ok(Found::Value)
    }
}

/// Reads a record that is a field of another.
pub(crate) fn read<'de, R: Record, D: Deserializer<'de>>(slot: &mut R, from: D) -> Result<Found, D::Error> {
    from.deserialize_any(FieldVisitor(slot))
}

/// Reads a record that is the whole text: here only an object will do.
pub(crate) fn read_whole<'de, R: Record, D: Deserializer<'de>>(from: D) -> Result<R, D::Error> {
    let mut record = R::blank();
    match read(&mut record, from)? {
        Found::Value => Ok(record),
        Found::Null | Found::Mismatch(_) => {
            Err(D::Error::custom(format_args!("expected an object, {}", R::NAME)))
        }
    }
}

/// Connects a generated [`Record`] with serde.
macro_rules! record {
    ($($name:ident)*) => {$(
        impl $name {
            /// The values that the fields could not hold, by field.
            pub fn undecoded(&self) -> &crate::wire::Undecoded {
                &self.undecoded_
            }
        }

        impl crate::wire::record::Kept for $name {
            fn kept(&self) -> &crate::wire::Undecoded {
                &self.undecoded_
            }

            fn kept_mut(&mut self) -> &mut crate::wire::Undecoded {
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
