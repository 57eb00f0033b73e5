//! What an update makes of a value, and what is left after a removal.

use serde_json::Value;

use super::Cause;

/// What an update makes of a value. Without leave to `overwrite` it only adds: members that are not there, and
/// elements that a list does not have.
pub(super) fn updated(old: &Value, update: &Value, overwrite: bool) -> Result<Value, Cause> {
    let mut new = old.clone();
    match (&mut new, update) {
        (Value::Array(items), update) => {
            if items.contains(update) {
                return Err(Cause::Fixed(format!("it lists {} itself", excerpt(update))));
            }
            items.push(update.clone());
        }
        (Value::Object(members), Value::Object(update)) => {
            let mut had = Vec::new();
            for (key, value) in update {
                match (members.get(key), value) {
                    (None, _) => {}
                    (Some(old), value) if old == value => had.push(format!("`{key}`")),
                    (Some(Value::Array(old)), Value::Array(more)) => {
                        let again = more.iter().filter(|item| old.contains(item));
                        match again.count() {
                            0 => {}
                            count if count == more.len() => had.push(format!("all of `{key}`")),
                            _ => return Err(Cause::Partly(format!("upstream has a part of `{key}` itself"))),
                        }
                    }
                    (Some(_), _) if overwrite => {}
                    (Some(old), value) => {
                        return Err(Cause::Changed(format!(
                            "upstream now has a `{key}` of its own, {}, where the correction writes {}",
                            excerpt(old),
                            excerpt(value)
                        )));
                    }
                }
            }
            match had.len() {
                0 => {}
                count if count == update.len() => {
                    return Err(Cause::Fixed(format!("it says {} itself", had.join(" and "))));
                }
                _ => {
                    return Err(Cause::Partly(format!(
                        "upstream says {} itself",
                        had.join(" and ")
                    )));
                }
            }
            merge(&mut new, &Value::Object(update.clone()));
        }
        _ => {
            return Err(Cause::Changed(format!(
                "upstream has {} there, which is no object or list to add to",
                excerpt(old)
            )));
        }
    }
    Ok(new)
}

/// The beginning of a value, for a message.
pub(super) fn excerpt(value: &Value) -> String {
    const MOST: usize = 120;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Merges as the Overlay specification says: objects key by key, lists appended, all else replaced.
fn merge(old: &mut Value, update: &Value) {
    match (old, update) {
        (Value::Object(old), Value::Object(update)) => {
            for (key, value) in update {
                match old.get_mut(key) {
                    Some(slot) => merge(slot, value),
                    None => {
                        old.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(old), Value::Array(update)) => old.extend(update.iter().cloned()),
        (old, update) => *old = update.clone(),
    }
}

pub(super) fn remove_all(document: &mut Value, mut places: Vec<String>) {
    // Later elements of a list first, so that the indices of the earlier ones stay true.
    places.sort_by_key(|place| std::cmp::Reverse(list_order(place)));
    for place in places {
        let Some((parent, last)) = place.rsplit_once('/') else {
            continue;
        };
        let last = last.replace("~1", "/").replace("~0", "~");
        match document.pointer_mut(parent) {
            Some(Value::Object(entries)) => {
                entries.remove(&last);
            }
            Some(Value::Array(items)) => {
                if let Ok(index) = last.parse::<usize>()
                    && index < items.len()
                {
                    items.remove(index);
                }
            }
            _ => {}
        }
    }
}

fn list_order(place: &str) -> (String, usize) {
    let (parent, last) = place.rsplit_once('/').unwrap_or(("", place));
    (parent.to_owned(), last.parse().unwrap_or(0))
}
