//! Lists, maps and free JSON.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

use super::scalar::{odd_map, odd_seq};
use super::{Found, Slot, Wire, Written, hidden};

/// Visits what is no list or no map in the same way, so that only the right kind needs its own code.
macro_rules! odd_scalars {
    () => {
        fn visit_str<E>(self, text: &str) -> Result<Found, E> {
            Ok(Found::Odd(Value::from(text)))
        }

        fn visit_i64<E>(self, number: i64) -> Result<Found, E> {
            Ok(Found::Odd(Value::from(number)))
        }

        fn visit_u64<E>(self, number: u64) -> Result<Found, E> {
            Ok(Found::Odd(Value::from(number)))
        }

        fn visit_f64<E>(self, number: f64) -> Result<Found, E> {
            Ok(Found::Odd(Value::from(number)))
        }

        fn visit_bool<E>(self, value: bool) -> Result<Found, E> {
            Ok(Found::Odd(Value::from(value)))
        }

        fn visit_unit<E>(self) -> Result<Found, E> {
            Ok(Found::Null)
        }

        fn visit_none<E>(self) -> Result<Found, E> {
            Ok(Found::Null)
        }
    };
}
pub(crate) use odd_scalars;

struct ListVisitor<'a, T>(&'a mut Vec<T>);

impl<'de, T: Wire> Visitor<'de> for ListVisitor<'_, T> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    odd_scalars!();

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Found, D::Error> {
        self.0.read(from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Found, A::Error> {
        let list = self.0;
        loop {
            list.push(T::blank());
            let Some(slot) = list.last_mut() else {
                return Ok(Found::Value);
            };
            let odd = match items.next_element_seed(Slot(slot))? {
                Some(Found::Value) => continue,
                None => {
                    list.pop();
                    return Ok(Found::Value);
                }
                Some(Found::Null) => Value::Null,
                Some(Found::Odd(odd)) => odd,
            };
            list.pop();
            return odd_list(&std::mem::take(list), odd, items);
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Found, A::Error> {
        odd_map(entries)
    }
}

/// A list in which one element is odd is kept whole, so that no element gets lost.
fn odd_list<'de, T: Wire, A: SeqAccess<'de>>(
    before: &[T],
    odd: Value,
    mut rest: A,
) -> Result<Found, A::Error> {
    // What was read before can hold secrets too, which refuse to be written. Nothing of the list is kept.
    if T::SECRET {
        while rest.next_element::<IgnoredAny>()?.is_some() {}
        return Ok(Found::Odd(hidden()));
    }
    let mut all = Vec::with_capacity(before.len() + 1);
    for item in before {
        let value = serde_json::to_value(Written(item)).map_err(serde::de::Error::custom)?;
        all.push(value);
    }
    all.push(odd);
    while let Some(value) = rest.next_element()? {
        all.push(value);
    }
    Ok(Found::Odd(Value::Array(all)))
}

impl<T: Wire> Wire for Vec<T> {
    const NULL_COUNTS: bool = true;
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

    fn claim(&mut self) {
        self.iter_mut().for_each(Wire::claim);
    }
}

struct MapVisitor<'a, T>(&'a mut BTreeMap<String, T>);

impl<'de, T: Wire> Visitor<'de> for MapVisitor<'_, T> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    odd_scalars!();

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Found, D::Error> {
        self.0.read(from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Found, A::Error> {
        odd_seq(items)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Found, A::Error> {
        let map = self.0;
        while let Some(key) = entries.next_key::<String>()? {
            let mut value = T::blank();
            let odd = match entries.next_value_seed(Slot(&mut value))? {
                Found::Value => {
                    map.insert(key, value);
                    continue;
                }
                Found::Null => Value::Null,
                Found::Odd(odd) => odd,
            };
            return odd_entries(&std::mem::take(map), key, odd, entries);
        }
        Ok(Found::Value)
    }
}

fn odd_entries<'de, T: Wire, A: MapAccess<'de>>(
    before: &BTreeMap<String, T>,
    key: String,
    odd: Value,
    mut rest: A,
) -> Result<Found, A::Error> {
    if T::SECRET {
        while rest.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        return Ok(Found::Odd(hidden()));
    }
    let mut all = serde_json::Map::new();
    for (key, item) in before {
        let value = serde_json::to_value(Written(item)).map_err(serde::de::Error::custom)?;
        all.insert(key.clone(), value);
    }
    all.insert(key, odd);
    while let Some((key, value)) = rest.next_entry()? {
        all.insert(key, value);
    }
    Ok(Found::Odd(Value::Object(all)))
}

impl<T: Wire> Wire for BTreeMap<String, T> {
    const NULL_COUNTS: bool = true;
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

    fn claim(&mut self) {
        self.values_mut().for_each(Wire::claim);
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
        *self = Value::deserialize(from)?;
        Ok(Found::Value)
    }

    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(self, to)
    }
}

/// An object without declared fields.
impl Wire for serde_json::Map<String, Value> {
    const NULL_COUNTS: bool = true;

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
        Ok(match Value::deserialize(from)? {
            Value::Object(map) => {
                *self = map;
                Found::Value
            }
            Value::Null => Found::Null,
            other => Found::Odd(other),
        })
    }

    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(self, to).map_err(S::Error::custom)
    }
}
