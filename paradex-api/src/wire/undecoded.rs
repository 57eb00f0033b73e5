//! Values that the fields of a record could not hold.

use std::fmt;

use serde::de::Error;
use serde_json::Value;

use super::memory_budget::{OVERHEAD, charge, grow};

/// The values that the fields of a record could not hold, by field.
///
/// ```
/// use paradex_api::types::Order;
///
/// let order: Order = serde_json::from_str(r#"{"avg_fill_price": "", "size": "1.50"}"#)?;
/// assert_eq!(order.avg_fill_price, None);
/// assert_eq!(order.undecoded().get("avg_fill_price"), Some(&serde_json::json!("")));
/// // The value is written back unchanged.
/// assert_eq!(serde_json::to_value(&order)?["avg_fill_price"], "");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq)]
#[expect(
    clippy::box_collection,
    reason = "every record has one and it is nearly always empty, so a word is all it may take"
)]
pub struct Undecoded(Option<Box<Vec<(&'static str, Value)>>>);

impl Undecoded {
    pub(crate) const NONE: Self = Self(None);

    pub(crate) fn note<E: Error>(&mut self, field: &'static str, value: Value) -> Result<(), E> {
        let rows = match &mut self.0 {
            Some(rows) => rows,
            none => {
                charge(size_of::<Vec<(&str, Value)>>() + OVERHEAD)?;
                none.insert(Box::default())
            }
        };
        match rows.iter_mut().find(|(name, _)| *name == field) {
            Some((_, old)) => *old = value,
            None => {
                grow(rows)?;
                rows.push((field, value));
            }
        }
        Ok(())
    }

    pub(crate) fn each(&mut self, change: impl FnMut(&mut Value)) {
        let rows = self.0.iter_mut().flat_map(|rows| rows.iter_mut());
        rows.map(|(_, value)| value).for_each(change);
    }

    /// Drops the value of a field, because a later value of the same field replaces it.
    pub(crate) fn forget(&mut self, field: &str) {
        if let Some(rows) = &mut self.0 {
            rows.retain(|(name, _)| *name != field);
            if rows.is_empty() {
                self.0 = None;
            }
        }
    }

    /// Returns the value of a field as it arrived, or `"(not shown)"` if it can hold a secret.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.iter()
            .find(|(name, _)| *name == field)
            .map(|(_, value)| value)
    }

    /// Returns every undecoded field with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0
            .iter()
            .flat_map(|rows| rows.iter())
            .map(|(name, value)| (*name, value))
    }

    /// Returns whether all fields were decoded.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl fmt::Debug for Undecoded {
    /// Names the fields and does not show their values, which can be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}
