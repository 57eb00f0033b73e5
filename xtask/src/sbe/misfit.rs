//! Where the schema, `fields.yaml` and the other documents do not fit together, and what is done about it until somebody decides.

use std::collections::BTreeMap;
use std::fmt;

use super::fields::{FieldEntry, Fields, FullEntry, MessageEntry, TypeEntry};

/// What stands where nobody has described anything yet.
const UNDESCRIBED: &str = "Not described yet.";

/// One misfit.
#[derive(Debug)]
pub struct Misfit {
    /// What does not fit, and what to do.
    text: String,
    workaround: Workaround,
}

/// How `fields.yaml` is read as long as it does not fit. Names are those of the schema.
#[derive(Debug)]
pub enum Workaround {
    /// The message is taken without a record.
    AddMessage(String),
    /// The entry of the message is ignored.
    RemoveMessage(String),
    /// The message has no record.
    RemoveRecord(String),
    /// The entries of its groups have names of their own.
    RemoveEntryName(String),
    /// The field of the message has no JSON field.
    AddField(String, String),
    /// The entry of the field is ignored.
    RemoveField(String, String),
    /// The field of the message has no JSON field, and one that no other has is left to JSON.
    RemoveJson(String, String),
    /// `unless` of the field is ignored.
    RemoveUnless(String, String),
    /// `negative_when` of the field is ignored.
    RemoveSign(String, String),
    /// The field has these words.
    AddText(String, String),
    /// The JSON field is in JSON only.
    AddJsonOnly(String, String),
    /// The JSON field is not in JSON only.
    RemoveJsonOnly(String, String),
    /// The type has no counterpart in JSON.
    AddType(String),
    /// The entry of the type is ignored.
    RemoveType(String),
    /// The enumeration of JSON is no counterpart of the type.
    RemoveTypeJson(String, String),
    /// The value of the type is not in JSON.
    AddSbeOnly(String, String),
    /// What is said about the value of the type is ignored.
    RemoveValue(String, String),
}

impl Misfit {
    pub fn new(text: impl fmt::Display, workaround: Workaround) -> Self {
        Self {
            text: text.to_string(),
            workaround,
        }
    }

    /// Whether an entry is left over. Code is the same with it and without it.
    pub fn is_leftover(&self) -> bool {
        use Workaround::{RemoveField, RemoveJsonOnly, RemoveMessage, RemoveType, RemoveUnless, RemoveValue};
        matches!(
            self.workaround,
            RemoveField(..)
                | RemoveJsonOnly(..)
                | RemoveMessage(_)
                | RemoveType(_)
                | RemoveUnless(..)
                | RemoveValue(..)
        )
    }

    /// Works around it.
    pub fn work_around(&self, fields: &mut Fields) {
        use Workaround as Do;
        match &self.workaround {
            Do::AddMessage(name) => {
                let entry = MessageEntry {
                    text: UNDESCRIBED.to_owned(),
                    ..MessageEntry::default()
                };
                fields.messages.insert(name.clone(), entry);
            }
            Do::RemoveMessage(name) => drop(fields.messages.remove(name)),
            Do::AddType(name) => {
                let entry = TypeEntry {
                    text: UNDESCRIBED.to_owned(),
                    ..TypeEntry::default()
                };
                fields.types.insert(name.clone(), entry);
            }
            Do::RemoveType(name) => drop(fields.types.remove(name)),
            Do::RemoveTypeJson(name, other) => {
                if let Some(entry) = fields.types.get_mut(name) {
                    entry.json.remove(other);
                }
            }
            Do::AddSbeOnly(name, value) => {
                if let Some(entry) = fields.types.get_mut(name) {
                    entry.sbe_only.push(value.clone());
                }
            }
            Do::RemoveValue(name, value) => {
                if let Some(entry) = fields.types.get_mut(name) {
                    entry.absent.retain(|other| other != value);
                    entry.sbe_only.retain(|other| other != value);
                    entry
                        .json
                        .values_mut()
                        .for_each(|renamed| drop(renamed.remove(value)));
                }
            }
            Do::RemoveRecord(message)
            | Do::RemoveEntryName(message)
            | Do::AddField(message, _)
            | Do::RemoveField(message, _)
            | Do::RemoveJson(message, _)
            | Do::RemoveUnless(message, _)
            | Do::RemoveSign(message, _)
            | Do::AddText(message, _)
            | Do::AddJsonOnly(message, _)
            | Do::RemoveJsonOnly(message, _) => {
                if let Some(entry) = fields.messages.get_mut(message) {
                    self.work_around_in(entry);
                }
            }
        }
    }

    fn work_around_in(&self, entry: &mut MessageEntry) {
        use Workaround as Do;
        match &self.workaround {
            Do::RemoveRecord(_) => {
                entry.record = None;
                entry.json_only.clear();
                entry.left_to_json.clear();
                for field in entry.fields.values_mut() {
                    remove_json(field);
                }
            }
            Do::RemoveEntryName(_) => entry.entry = None,
            Do::AddField(_, key) => {
                let field = FullEntry {
                    text: Some(UNDESCRIBED.to_owned()),
                    ..FullEntry::default()
                };
                entry.fields.insert(key.clone(), FieldEntry::Full(field));
            }
            Do::RemoveField(_, key) => {
                if let Some(json) = entry.fields.remove(key).and_then(|field| field.full().json) {
                    leave_to_json(entry, json);
                }
            }
            Do::RemoveJson(_, key) => {
                if let Some(json) = entry.fields.get_mut(key).and_then(remove_json) {
                    leave_to_json(entry, json);
                }
            }
            Do::AddJsonOnly(_, path) => entry.json_only.push(path.clone()),
            Do::RemoveJsonOnly(_, path) => entry.json_only.retain(|other| other != path),
            Do::RemoveUnless(_, key) => change(&mut entry.fields, key, |field| field.unless = None),
            Do::RemoveSign(_, key) => change(&mut entry.fields, key, |field| field.negative_when = None),
            Do::AddText(_, key) => change(&mut entry.fields, key, |field| {
                field.text = Some(UNDESCRIBED.to_owned());
            }),
            _ => {}
        }
    }
}

/// What is said about a field, without its JSON field, which is returned.
fn remove_json(field: &mut FieldEntry) -> Option<String> {
    let full = field.full();
    let text = full.text.unwrap_or_else(|| UNDESCRIBED.to_owned());
    *field = FieldEntry::Full(FullEntry {
        text: Some(text),
        deprecated: full.deprecated,
        ..FullEntry::default()
    });
    full.json
}

/// Notes a JSON field that no entry has any more, so that it is no problem of its own.
fn leave_to_json(entry: &mut MessageEntry, json: String) {
    let is_used = entry
        .fields
        .values()
        .any(|field| field.full().json.as_ref() == Some(&json));
    if !is_used {
        entry.left_to_json.push(json);
    }
}

fn change(fields: &mut BTreeMap<String, FieldEntry>, key: &str, change: impl FnOnce(&mut FullEntry)) {
    if let Some(field) = fields.get_mut(key) {
        let mut full = field.full();
        change(&mut full);
        *field = FieldEntry::Full(full);
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Misfit {}
