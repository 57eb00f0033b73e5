//! `openapi/stream/fields.yaml`: what SBE fields are in JSON, and our own words for those that JSON does not have.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The file.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    /// By message.
    pub messages: BTreeMap<String, MessageEntry>,
    /// By enumeration or set of flags.
    pub types: BTreeMap<String, TypeEntry>,
}

/// A message.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageEntry {
    /// What it is.
    pub text: String,
    /// The Rust type of the same thing in JSON.
    #[serde(rename = "type")]
    pub record: Option<String>,
    /// Whether decimals can also be read as integers.
    #[serde(default)]
    pub mantissas: bool,
    /// The name of the type of its groups' entries.
    pub entry: Option<String>,
    /// What an entry is.
    pub entry_text: Option<String>,
    /// By field; a field of a group is `group.field`.
    pub fields: BTreeMap<String, FieldEntry>,
    /// The JSON fields that SBE lacks.
    #[serde(default)]
    pub json_only: Vec<String>,
    /// The JSON fields of entries that are worked around. JSON can lack them, too.
    #[serde(skip)]
    pub left_to_json: Vec<String>,
}

/// A field.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum FieldEntry {
    /// The JSON field.
    Json(String),
    /// More.
    Full(FullEntry),
}

/// A field, in full.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FullEntry {
    /// The JSON field; without it, JSON has none.
    pub json: Option<String>,
    /// Another SBE field that is used instead if it has a value.
    pub unless: Option<String>,
    /// The value of another SBE field with which the sign changes.
    pub negative_when: Option<BTreeMap<String, String>>,
    /// What it is.
    pub text: Option<String>,
    /// Why it must not be used.
    pub deprecated: Option<String>,
}

impl FieldEntry {
    /// The entry in full.
    pub fn full(&self) -> FullEntry {
        match self {
            FieldEntry::Json(json) => FullEntry {
                json: Some(json.clone()),
                ..FullEntry::default()
            },
            FieldEntry::Full(full) => full.clone(),
        }
    }
}

/// An enumeration or a set of flags.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeEntry {
    /// What it is.
    pub text: String,
    /// The Rust types of the same thing in JSON, with the values that have another name there.
    #[serde(default)]
    pub json: BTreeMap<String, BTreeMap<String, String>>,
    /// The values that stand for no value.
    #[serde(default)]
    pub absent: Vec<String>,
    /// The values that JSON does not have.
    #[serde(default)]
    pub sbe_only: Vec<String>,
}
