//! JSON of any form: fields that are declared so, and values that are kept because their field cannot hold them.
//!
//! It reads the same as serde_json, which however cannot limit its memory.

use std::fmt;
use std::io;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::memory_budget::{OVERHEAD, charge, charge_entry, charge_text, entry, grow};
use super::{Wire, Written};

/// Reads any JSON.
pub(crate) fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Value, D::Error> {
    from.deserialize_any(AnyJson)
}

/// Returns a text as JSON, and charges its memory.
pub(crate) fn text<E: Error>(text: &str) -> Result<Value, E> {
    charge_text(text)?;
    Ok(Value::from(text))
}

/// Reads the rest of a list and appends it to the elements that were read before.
pub(crate) fn list<'de, A: SeqAccess<'de>>(mut list: Vec<Value>, mut rest: A) -> Result<Value, A::Error> {
    while let Some(value) = rest.next_element_seed(AnyJson)? {
        push(&mut list, value)?;
    }
    Ok(Value::Array(list))
}

pub(crate) fn push<E: Error>(list: &mut Vec<Value>, value: Value) -> Result<(), E> {
    grow(list)?;
    list.push(value);
    Ok(())
}

/// Reads the rest of an object and adds it to the entries that were read before.
pub(crate) fn map<'de, A: MapAccess<'de>>(
    mut map: Map<String, Value>,
    mut rest: A,
) -> Result<Value, A::Error> {
    while let Some(key) = rest.next_key()? {
        let value = rest.next_value_seed(AnyJson)?;
        insert(&mut map, key, value)?;
    }
    Ok(Value::Object(map))
}

pub(crate) fn insert<E: Error>(map: &mut Map<String, Value>, key: String, value: Value) -> Result<(), E> {
    charge_entry::<Value, E>(map.is_empty(), &key)?;
    map.insert(key, value);
    Ok(())
}

/// Converts a decoded value back to JSON. Its memory is charged first, by its text.
pub(crate) fn from_wire<T: Wire, E: Error>(item: &T) -> Result<Value, E> {
    serde_json::to_writer(SizeMeter::default(), &Written(item))
        .and_then(|()| serde_json::to_value(Written(item)))
        .map_err(E::custom)
}

/// Charges the memory of JSON by its text. The charge is at least what the JSON takes.
#[derive(Default)]
struct SizeMeter {
    /// Whether the next byte is part of a text.
    in_text: bool,
    /// Whether the next byte follows a backslash.
    is_escaped: bool,
    before: u8,
}

impl SizeMeter {
    fn weigh(&mut self, byte: u8) -> usize {
        let before = std::mem::replace(&mut self.before, byte);
        if self.in_text {
            let is_escaped = std::mem::take(&mut self.is_escaped);
            match byte {
                _ if is_escaped => {}
                b'\\' => self.is_escaped = true,
                b'"' => self.in_text = false,
                _ => {}
            }
            return 1;
        }
        self.in_text = byte == b'"';
        match byte {
            b'"' if before == b'{' => entry::<Value>(true) + OVERHEAD,
            b'"' => OVERHEAD,
            b',' => entry::<Value>(false),
            b'[' => size_of::<Value>() + OVERHEAD,
            _ => 0,
        }
    }
}

impl io::Write for SizeMeter {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let weight = text.iter().map(|byte| self.weigh(*byte)).sum();
        charge::<serde_json::Error>(weight).map_err(io::Error::other)?;
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct AnyJson;

impl<'de> DeserializeSeed<'de> for AnyJson {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        read(from)
    }
}

impl<'de> Visitor<'de> for AnyJson {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        text(value)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        read(from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Value, A::Error> {
        list(Vec::new(), items)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Value, A::Error> {
        map(Map::new(), entries)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    fn json() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-1e9..1e9).prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        scalar.prop_recursive(4, 64, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                prop::collection::btree_map(".*", inner, 0..8)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json_is_read_and_converted_as_serde_json_does(value in json()) {
            let text = value.to_string();
            let mut from = serde_json::Deserializer::from_str(&text);
            let read = super::read(&mut from).unwrap();
            prop_assert_eq!(&read, &serde_json::from_str::<Value>(&text).unwrap());
            prop_assert_eq!(&super::from_wire::<_, serde_json::Error>(&read).unwrap(), &read);
        }
    }
}
