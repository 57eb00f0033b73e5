//! Lists, maps and JSON of any form.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

use super::memory_budget::{charge_entry, grow};
use super::scalar::{mismatched_map, mismatched_seq};
use super::{Found, Slot, Wire, Written, any_json, secret_placeholder};

/// Implements the visitor methods for scalars, which are mismatches for lists, maps and records.
macro_rules! mismatched_scalars {
    () => {
        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Found, E> {
            crate::wire::any_json::text(text).map(Found::Mismatch)
        }

        fn visit_i64<E>(self, number: i64) -> Result<Found, E> {
            Ok(Found::Mismatch(Value::from(number)))
        }

        fn visit_u64<E>(self, number: u64) -> Result<Found, E> {
            Ok(Found::Mismatch(Value::from(number)))
        }

        fn visit_f64<E>(self, number: f64) -> Result<Found, E> {
            Ok(Found::Mismatch(Value::from(number)))
        }

        fn visit_bool<E>(self, value: bool) -> Result<Found, E> {
            Ok(Found::Mismatch(Value::from(value)))
        }

        fn visit_unit<E>(self) -> Result<Found, E> {
            Ok(Found::Null)
        }

        fn visit_none<E>(self) -> Result<Found, E> {
            Ok(Found::Null)
        }
    };
}
pub(crate) use mismatched_scalars;

struct ListVisitor<'a, T>(&'a mut Vec<T>);

impl<'de, T: Wire> Visitor<'de> for ListVisitor<'_, T> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    mismatched_scalars!();

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Found, D::Error> {
        self.0.read(from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Found, A::Error> {
        let list = self.0;
        while let Some(found) = items.next_element_seed(Next(list))? {
            let mismatch = match found {
                Found::Value => continue,
                Found::Null => Value::Null,
                Found::Mismatch(mismatch) => mismatch,
            };
            list.pop();
            return mismatched_list(std::mem::take(list), mismatch, items);
        }
        Ok(Found::Value)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Found, A::Error> {
        mismatched_map(entries)
    }
}

/// Reads one more element of a list in place. An empty list takes no memory.
struct Next<'a, T>(&'a mut Vec<T>);

impl<'de, T: Wire> DeserializeSeed<'de> for Next<'_, T> {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Found, D::Error> {
        grow(self.0)?;
        self.0.push(T::blank());
        match self.0.last_mut() {
            Some(slot) => slot.read(from),
            None => Ok(Found::Null),
        }
    }
}

/// Keeps a whole list of which one element is a mismatch, so that no element is lost.
fn mismatched_list<'de, T: Wire, A: SeqAccess<'de>>(
    before: Vec<T>,
    mismatch: Value,
    mut rest: A,
) -> Result<Found, A::Error> {
    // Earlier elements can be secrets as well, so nothing of the list is kept.
    if T::SECRET {
        while rest.next_element::<IgnoredAny>()?.is_some() {}
        return secret_placeholder().map(Found::Mismatch);
    }
    let mut all = Vec::new();
    for item in before {
        any_json::push(&mut all, any_json::from_wire(&item)?)?;
    }
    any_json::push(&mut all, mismatch)?;
    any_json::list(all, rest).map(Found::Mismatch)
}

impl<T: Wire> Wire for Vec<T> {
    const DISTINGUISHES_NULL: bool = true;
    const SECRET: bool = T::SECRET;

    fn blank() -> Self {
        Vec::new()
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn empty() -> Value {
        Value::Array(Vec::new())
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, from: D) -> Result<Found, D::Error> {
        self.clear();
        from.deserialize_any(ListVisitor(self))
    }

    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut list = to.serialize_seq(Some(self.len()))?;
        for item in self {
            list.serialize_element(&Written(item))?;
        }
        list.end()
    }

    fn mark_outgoing(&mut self) {
        self.iter_mut().for_each(Wire::mark_outgoing);
    }
}

struct MapVisitor<'a, T>(&'a mut BTreeMap<String, T>);

impl<'de, T: Wire> Visitor<'de> for MapVisitor<'_, T> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    mismatched_scalars!();

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Found, D::Error> {
        self.0.read(from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Found, A::Error> {
        mismatched_seq(items)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Found, A::Error> {
        let map = self.0;
        while let Some(key) = entries.next_key::<String>()? {
            let mut value = T::blank();
            let mismatch = match entries.next_value_seed(Slot(&mut value))? {
                Found::Value => {
                    charge_entry::<T, A::Error>(map.is_empty(), &key)?;
                    map.insert(key, value);
                    continue;
                }
                Found::Null => Value::Null,
                Found::Mismatch(mismatch) => mismatch,
            };
            return mismatched_entries(std::mem::take(map), key, mismatch, entries);
        }
        Ok(Found::Value)
    }
}

/// Keeps a whole map of which one value is a mismatch, so that no entry is lost.
fn mismatched_entries<'de, T: Wire, A: MapAccess<'de>>(
    before: BTreeMap<String, T>,
    key: String,
    mismatch: Value,
    mut rest: A,
) -> Result<Found, A::Error> {
    if T::SECRET {
        while rest.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        return secret_placeholder().map(Found::Mismatch);
    }
    let mut all = serde_json::Map::new();
    for (key, item) in before {
        let value = any_json::from_wire(&item)?;
        any_json::insert(&mut all, key, value)?;
    }
    any_json::insert(&mut all, key, mismatch)?;
    any_json::map(all, rest).map(Found::Mismatch)
}

impl<T: Wire> Wire for BTreeMap<String, T> {
    const DISTINGUISHES_NULL: bool = true;
    const SECRET: bool = T::SECRET;

    fn blank() -> Self {
        BTreeMap::new()
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn empty() -> Value {
        Value::Object(serde_json::Map::new())
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, from: D) -> Result<Found, D::Error> {
        self.clear();
        from.deserialize_any(MapVisitor(self))
    }

    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.len()))?;
        for (key, value) in self {
            map.serialize_entry(key, &Written(value))?;
        }
        map.end()
    }

    fn mark_outgoing(&mut self) {
        self.values_mut().for_each(Wire::mark_outgoing);
    }
}

/// Any JSON. `null` stays `null`.
impl Wire for Value {
    fn blank() -> Self {
        Value::Null
    }

    fn is_absent(&self) -> bool {
        self.is_null()
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, from: D) -> Result<Found, D::Error> {
        *self = any_json::read(from)?;
        Ok(Found::Value)
    }

    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(self, to)
    }
}

/// An object without declared fields.
impl Wire for serde_json::Map<String, Value> {
    const DISTINGUISHES_NULL: bool = true;

    fn blank() -> Self {
        serde_json::Map::new()
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn empty() -> Value {
        Value::Object(serde_json::Map::new())
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, from: D) -> Result<Found, D::Error> {
        self.clear();
        Ok(match any_json::read(from)? {
            Value::Object(map) => {
                *self = map;
                Found::Value
            }
            Value::Null => Found::Null,
            other => Found::Mismatch(other),
        })
    }

    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(self, to).map_err(S::Error::custom)
    }
}
