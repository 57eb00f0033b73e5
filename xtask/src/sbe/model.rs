//! The schema, its entries in `fields.yaml` and the corrected REST document, held together.
//!
//! Everything that the emitters rely on is checked here: each SBE field has an entry, each JSON field is accounted for, and no
//! entry is left over.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail, ensure};
use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::Ident;
use quote::format_ident;
use serde_json::Value;

use super::fields::{Fields, FullEntry, MessageEntry, TypeEntry};
use super::schema::{Choice, Field, Message, Primitive, Schema, Type};

/// Everything that code is written from.
#[derive(Debug)]
pub struct Model {
    /// The id of the schema.
    pub schema_id: u16,
    /// The newest version.
    pub version: u16,
    /// The enumerations and sets that messages use.
    pub types: Vec<TypeModel>,
    /// The entries of groups.
    pub entries: Vec<EntryModel>,
    /// The messages, by id.
    pub messages: Vec<MessageModel>,
}

/// An enumeration or a set of flags.
#[derive(Debug)]
pub struct TypeModel {
    /// Its name in Rust.
    pub rust: Ident,
    /// Whether it is a set.
    pub is_set: bool,
    /// Its values, by number.
    pub values: Vec<ValueModel>,
    /// What it is, and how it is in JSON.
    pub entry: TypeEntry,
    /// Whether a field that is a text in JSON has it.
    pub is_text: bool,
}

/// A value or a flag.
#[derive(Debug)]
pub struct ValueModel {
    /// Its name in the schema.
    pub name: String,
    /// Its name in Rust.
    pub rust: Ident,
    /// Its number.
    pub choice: Choice,
}

/// An entry of a group.
#[derive(Debug)]
pub struct EntryModel {
    /// Its name in Rust.
    pub rust: Ident,
    /// What it is.
    pub text: String,
    /// The message and the first group that has it, for messages.
    pub place: String,
    /// Its fields.
    pub fields: Vec<FieldModel>,
    /// How many bytes it takes.
    pub length: u16,
}

/// A message.
#[derive(Debug)]
pub struct MessageModel {
    /// Its name in the schema and in Rust.
    pub name: String,
    /// The variant of `Message`.
    pub variant: Ident,
    /// The number of its template.
    pub id: u16,
    /// What it is.
    pub text: String,
    /// The record of the same thing in JSON.
    pub record: Option<Ident>,
    /// Whether decimals can also be read as integers.
    pub mantissas: bool,
    /// How many bytes the first version of its block takes.
    pub base: u16,
    /// The fields of the block.
    pub fields: Vec<FieldModel>,
    /// The groups: their name in the schema, in Rust, what they are, and their entry.
    pub groups: Vec<GroupModel>,
    /// The texts.
    pub data: Vec<FieldModel>,
}

/// A group.
#[derive(Debug)]
pub struct GroupModel {
    /// Its name in the schema.
    pub name: String,
    /// Its name in Rust.
    pub rust: Ident,
    /// What it is.
    pub text: String,
    /// The type of its entries.
    pub entry: Ident,
}

/// A field.
#[derive(Debug)]
pub struct FieldModel {
    /// Its name in the schema.
    pub name: String,
    /// Its name in Rust.
    pub rust: Ident,
    /// What it holds.
    pub kind: Kind,
    /// The version that added it.
    pub since: u16,
    /// Where it is: in the first version of the block, or in what was added to it.
    pub offset: u16,
    /// What it is.
    pub text: String,
    /// Why it must not be used.
    pub deprecated: Option<String>,
    /// Where JSON has it.
    pub json: Option<JsonPlace>,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// An integer, which may be null.
    Integer {
        /// Its encoding.
        primitive: Primitive,
        /// Whether it can be null.
        optional: bool,
        /// Whether it is a time in microseconds.
        is_time: bool,
    },
    /// A decimal.
    Decimal {
        /// The digits after the point.
        digits: u32,
        /// Whether it can be null.
        nullable: bool,
    },
    /// An enumeration, by its name in Rust.
    Enum(Ident),
    /// A set of flags, by its name in Rust.
    Set(Ident),
    /// An address.
    Account,
    /// A text.
    Text,
}

impl Kind {
    /// Whether null is a value.
    pub const fn is_nullable(&self) -> bool {
        matches!(
            self,
            Kind::Integer { optional: true, .. } | Kind::Decimal { nullable: true, .. }
        )
    }

    /// How many bytes it takes in a block.
    pub const fn length(&self) -> u16 {
        match self {
            Kind::Integer { primitive, .. } => primitive.length(),
            Kind::Decimal { .. } => 8,
            Kind::Enum(_) | Kind::Set(_) => 1,
            Kind::Account => 32,
            Kind::Text => 0,
        }
    }
}

impl FieldModel {
    /// Whether a frame can lack it or have null for it.
    pub const fn is_optional(&self) -> bool {
        self.since > 0 || self.kind.is_nullable()
    }
}

/// Where JSON has a field.
#[derive(Debug)]
pub struct JsonPlace {
    /// The field of the record that holds the field, and the type of that field.
    pub parent: Option<(Ident, Ident)>,
    /// The field.
    pub field: Ident,
    /// What it holds there.
    pub kind: JsonKind,
    /// Another SBE field, in Rust, that is used instead if it has a value.
    pub unless: Option<String>,
    /// The field, the type and the variant with which the sign changes.
    pub negative_when: Option<(Ident, Ident, Ident)>,
}

/// What a JSON field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonKind {
    /// An integer.
    Integer,
    /// A binary float.
    Float,
    /// A decimal.
    Decimal,
    /// A text.
    Text,
    /// An enumeration, by its name.
    Enum(Ident),
    /// A list of values of an enumeration.
    Enums(Ident),
}

impl Model {
    /// Holds the three together.
    ///
    /// # Errors
    ///
    /// They do not fit; the error names the field.
    pub fn new(schema: &Schema, fields: &Fields, document: &Value) -> anyhow::Result<Self> {
        for name in fields.messages.keys() {
            ensure!(
                schema.messages.contains_key(name),
                "there is no message `{name}`; delete its entry"
            );
        }
        let mut by_id: Vec<_> = schema.messages.iter().collect();
        by_id.sort_by_key(|(_, message)| message.id);
        let mut entries: Vec<EntryModel> = Vec::new();
        let mut messages = Vec::new();
        for (name, message) in by_id {
            let entry = fields
                .messages
                .get(name)
                .with_context(|| format!("message `{name}` has no entry"))?;
            let model = Builder {
                schema,
                fields,
                document,
                entry,
                name,
            }
            .message(message, &mut entries);
            messages.push(model.with_context(|| format!("message `{name}`"))?);
        }
        let types = types(schema, fields, document, &messages)?;
        Ok(Self {
            schema_id: schema.id,
            version: schema.version,
            types,
            entries,
            messages,
        })
    }
}

struct Builder<'a> {
    schema: &'a Schema,
    fields: &'a Fields,
    document: &'a Value,
    entry: &'a MessageEntry,
    name: &'a str,
}

impl Builder<'_> {
    fn message(&self, message: &Message, entries: &mut Vec<EntryModel>) -> anyhow::Result<MessageModel> {
        let mut known: BTreeSet<String> = BTreeSet::new();
        let (fields, base) = self.block(&message.fields, "", &mut known)?;
        let mut groups = Vec::new();
        for group in &message.groups {
            let prefix = format!("{}.", group.name);
            let (own, length) = self.block(&group.fields, &prefix, &mut known)?;
            let rust = match &self.entry.entry {
                Some(name) => format_ident!("{name}"),
                None => format_ident!("{}{}Entry", self.name, group.name.to_upper_camel_case()),
            };
            let signature = |entry: &EntryModel| -> Vec<_> {
                entry
                    .fields
                    .iter()
                    .map(|field| (field.name.clone(), field.kind.clone()))
                    .collect()
            };
            let new = EntryModel {
                rust: rust.clone(),
                text: self
                    .entry
                    .entry_text
                    .clone()
                    .unwrap_or_else(|| format!("An entry of `{}`.", group.name)),
                place: format!("{}.{}", self.name, group.name),
                fields: own,
                length,
            };
            match entries.iter().find(|entry| entry.rust == rust) {
                Some(old) => ensure!(
                    signature(old) == signature(&new),
                    "the entries of `{}` are not those of `{}`, so `{rust}` cannot stand for both",
                    new.place,
                    old.place
                ),
                None => entries.push(new),
            }
            known.insert(group.name.clone());
            groups.push(GroupModel {
                name: group.name.clone(),
                rust: ident(&group.name),
                text: self.text(&group.name, None)?,
                entry: rust,
            });
        }
        let mut data = Vec::new();
        for text in &message.data {
            known.insert(text.name.clone());
            data.push(self.field(text, "", Kind::Text, 0)?);
        }
        for name in self.entry.fields.keys() {
            ensure!(
                known.contains(name),
                "there is no field `{name}`; delete its entry"
            );
        }
        self.check_json()?;
        Ok(MessageModel {
            name: self.name.to_owned(),
            variant: format_ident!("{}", self.name.strip_suffix("Event").unwrap_or(self.name)),
            id: message.id,
            text: self.entry.text.clone(),
            record: self.entry.record.as_ref().map(|name| format_ident!("{name}")),
            mantissas: self.entry.mantissas,
            base,
            fields,
            groups,
            data,
        })
    }

    /// The fields of a block, and how many bytes its first version takes.
    fn block(
        &self,
        fields: &[Field],
        prefix: &str,
        known: &mut BTreeSet<String>,
    ) -> anyhow::Result<(Vec<FieldModel>, u16)> {
        let (mut base, mut added) = (0, 0);
        let mut found = Vec::new();
        for field in fields {
            known.insert(format!("{prefix}{}", field.name));
            let kind = self.kind(field)?;
            let offset = if field.since == 0 { &mut base } else { &mut added };
            let at = *offset;
            *offset += kind.length();
            found.push(self.field(field, prefix, kind, at)?);
        }
        Ok((found, base))
    }

    fn kind(&self, field: &Field) -> anyhow::Result<Kind> {
        let rust = || format_ident!("{}", field.type_name.to_upper_camel_case());
        Ok(match self.schema.type_of(field)? {
            Type::Integer { primitive } => Kind::Integer {
                primitive,
                optional: field.optional,
                is_time: field.type_name == "Timestamp",
            },
            Type::Decimal { exponent, nullable } => Kind::Decimal {
                digits: u32::from(exponent.unsigned_abs()),
                nullable,
            },
            Type::Enum { .. } => Kind::Enum(rust()),
            Type::Set { .. } => Kind::Set(rust()),
            Type::Bytes { length: 32 } => Kind::Account,
            Type::Bytes { length } => bail!("field `{}` has {length} bytes; an address has 32", field.name),
            Type::Header | Type::GroupHeader | Type::Text => {
                bail!("field `{}` cannot be in a block", field.name)
            }
        })
    }

    fn full(&self, key: &str) -> anyhow::Result<FullEntry> {
        let entry = self.entry.fields.get(key);
        Ok(entry
            .with_context(|| format!("field `{key}` has no entry in fields.yaml"))?
            .full())
    }

    fn field(&self, field: &Field, prefix: &str, kind: Kind, offset: u16) -> anyhow::Result<FieldModel> {
        let key = format!("{prefix}{}", field.name);
        let entry = self.full(&key)?;
        let json = match &entry.json {
            Some(path) => Some(
                self.json_place(path, &kind, &entry)
                    .with_context(|| format!("field `{key}`"))?,
            ),
            None => None,
        };
        let is_time = matches!(kind, Kind::Integer { is_time: true, .. });
        Ok(FieldModel {
            name: field.name.clone(),
            rust: ident(&field.name),
            text: self.text(&key, Some(is_time))?,
            kind,
            since: field.since,
            offset,
            deprecated: entry.deprecated,
            json,
        })
    }

    /// Our words for a field: its own, or those of the JSON field.
    fn text(&self, key: &str, is_time: Option<bool>) -> anyhow::Result<String> {
        let entry = self.full(key)?;
        if let Some(text) = entry.text {
            return Ok(text);
        }
        let path = entry
            .json
            .with_context(|| format!("field `{key}` needs a text, because JSON has no such field"))?;
        let (_, property) = self.property(&path)?;
        let text = property.get("description").and_then(Value::as_str);
        let text = text.with_context(|| format!("field `{key}` needs a text, because `{path}` has none"))?;
        if is_time != Some(true) {
            return Ok(text.to_owned());
        }
        ensure!(
            text.contains("milliseconds"),
            "field `{key}` is a time; `{path}` must say that it is in milliseconds"
        );
        Ok(text.replace("milliseconds", "microseconds"))
    }

    fn json_place(&self, path: &str, kind: &Kind, entry: &FullEntry) -> anyhow::Result<JsonPlace> {
        let (parent, property) = self.property(path)?;
        let json = json_kind(&property)
            .with_context(|| format!("`{path}` has a form that cannot be converted to"))?;
        let fits = match (kind, &json) {
            (Kind::Integer { .. }, JsonKind::Integer)
            | (Kind::Decimal { .. }, JsonKind::Decimal)
            | (Kind::Account | Kind::Text | Kind::Enum(_), JsonKind::Text) => true,
            (Kind::Integer { primitive, .. }, JsonKind::Float) => primitive.length() < 8,
            (Kind::Enum(own), JsonKind::Enum(other)) | (Kind::Set(own), JsonKind::Enums(other)) => {
                let entry = self
                    .fields
                    .types
                    .iter()
                    .find(|(name, _)| *own == name.to_upper_camel_case());
                entry.is_some_and(|(_, entry)| entry.json.contains_key(&other.to_string()))
            }
            _ => false,
        };
        ensure!(fits, "it cannot be converted to `{path}`, which is {json:?}");
        let negative_when = match &entry.negative_when {
            None => None,
            Some(when) => {
                let (field, value) = when.first_key_value().context("`negative_when` is empty")?;
                let own = self
                    .schema
                    .messages
                    .get(self.name)
                    .into_iter()
                    .flat_map(|message| &message.fields);
                let other = own.clone().find(|other| other.name == *field);
                let other = other
                    .with_context(|| format!("`negative_when` names `{field}`, which does not exist"))?;
                Some((
                    ident(field),
                    format_ident!("{}", other.type_name.to_upper_camel_case()),
                    format_ident!("{}", value.to_upper_camel_case()),
                ))
            }
        };
        Ok(JsonPlace {
            parent,
            field: json_ident(path.rsplit('.').next().unwrap_or(path)),
            kind: json,
            unless: entry.unless.clone(),
            negative_when,
        })
    }

    /// The property of a JSON field; for a nested one, the field and the record that it is in.
    fn property(&self, path: &str) -> anyhow::Result<(Option<(Ident, Ident)>, Value)> {
        let record = self
            .entry
            .record
            .as_ref()
            .context("the message has no `type`, so no JSON fields")?;
        match path.split_once('.') {
            None => Ok((None, property(self.document, record, path)?)),
            Some((outer, inner)) => {
                let outer_property = property(self.document, record, outer)?;
                let name = reference(&outer_property).with_context(|| format!("`{outer}` is no record"))?;
                let found = property(self.document, &name, inner)?;
                Ok((Some((json_ident(outer), format_ident!("{name}"))), found))
            }
        }
    }

    /// Every JSON field is in an entry or in `json_only`, and not in both.
    fn check_json(&self) -> anyhow::Result<()> {
        let Some(record) = &self.entry.record else {
            ensure!(self.entry.json_only.is_empty(), "`json_only` needs a `type`");
            return Ok(());
        };
        let entries = self.entry.fields.values().map(|entry| entry.full().json);
        let used: BTreeSet<String> = entries.flatten().collect();
        let outer: BTreeSet<&str> = used
            .iter()
            .filter_map(|path| Some(path.split_once('.')?.0))
            .collect();
        let mut all: Vec<String> = Vec::new();
        for name in properties(self.document, record)?.keys() {
            if outer.contains(name.as_str()) {
                let nested = reference(&property(self.document, record, name)?).context("no record")?;
                all.extend(
                    properties(self.document, &nested)?
                        .keys()
                        .map(|inner| format!("{name}.{inner}")),
                );
            } else {
                all.push(name.clone());
            }
        }
        for path in &all {
            let listed = self.entry.json_only.contains(path);
            match (used.contains(path), listed) {
                (true, true) => bail!("`json_only` lists `{path}`, which an SBE field has"),
                (false, false) => {
                    bail!("the JSON field `{path}` is in no entry; add it to one, or to `json_only`")
                }
                _ => {}
            }
        }
        for listed in &self.entry.json_only {
            ensure!(
                all.contains(listed),
                "`json_only` lists `{listed}`, which JSON does not have either"
            );
        }
        for entry in self.entry.fields.values() {
            if let Some(other) = entry.full().unless {
                ensure!(
                    self.entry.fields.contains_key(&other),
                    "`unless` names `{other}`, which does not exist"
                );
            }
        }
        Ok(())
    }
}

fn types(
    schema: &Schema,
    fields: &Fields,
    document: &Value,
    messages: &[MessageModel],
) -> anyhow::Result<Vec<TypeModel>> {
    let all = messages.iter().flat_map(|message| &message.fields);
    let mut used: BTreeMap<&Ident, bool> = BTreeMap::new();
    for field in all {
        if let Kind::Enum(name) | Kind::Set(name) = &field.kind {
            let is_text = field
                .json
                .as_ref()
                .is_some_and(|json| json.kind == JsonKind::Text);
            *used.entry(name).or_default() |= is_text;
        }
    }
    let mut found = Vec::new();
    for (name, kind) in &schema.types {
        let (is_set, values) = match kind {
            Type::Enum { values, .. } => (false, values),
            Type::Set { choices, .. } => (true, choices),
            _ => continue,
        };
        let rust = format_ident!("{}", name.to_upper_camel_case());
        let Some(is_text) = used.get(&rust).copied() else {
            continue;
        };
        let entry = fields
            .types
            .get(name)
            .with_context(|| format!("type `{name}` has no entry in fields.yaml"))?;
        check_values(entry, values, document).with_context(|| format!("type `{name}`"))?;
        let mut values: Vec<ValueModel> = values
            .iter()
            .map(|(value, choice)| ValueModel {
                name: value.clone(),
                rust: match is_set {
                    true => format_ident!("{}", value.to_shouty_snake_case()),
                    false => format_ident!("{}", value.to_upper_camel_case()),
                },
                choice: *choice,
            })
            .collect();
        values.sort_by_key(|value| value.choice.value);
        found.push(TypeModel {
            rust,
            is_set,
            values,
            entry: entry.clone(),
            is_text,
        });
    }
    for name in fields.types.keys() {
        let rust = name.to_upper_camel_case();
        ensure!(
            found.iter().any(|model| model.rust == rust),
            "there is no enumeration or set `{name}` that a message uses; delete its entry"
        );
    }
    Ok(found)
}

/// The value of every enumeration that stands for a value outside it.
const NON_REPRESENTABLE: &str = "NON_REPRESENTABLE";

/// Every value has a counterpart in JSON, or is listed as one that has none.
fn check_values(
    entry: &TypeEntry,
    values: &BTreeMap<String, Choice>,
    document: &Value,
) -> anyhow::Result<()> {
    for listed in entry.absent.iter().chain(&entry.sbe_only) {
        ensure!(values.contains_key(listed), "there is no value `{listed}`");
    }
    for (name, renamed) in &entry.json {
        let schema = document.pointer(&format!("/components/schemas/{name}/enum"));
        let known = schema
            .and_then(Value::as_array)
            .with_context(|| format!("`{name}` is no enumeration in JSON"))?;
        let known: BTreeSet<&str> = known.iter().filter_map(Value::as_str).collect();
        for value in renamed.keys() {
            ensure!(values.contains_key(value), "there is no value `{value}`");
        }
        for value in values.keys() {
            let text = renamed.get(value).unwrap_or(value).as_str();
            let listed =
                entry.absent.contains(value) || entry.sbe_only.contains(value) || value == NON_REPRESENTABLE;
            match (known.contains(text), listed) {
                (false, false) => {
                    bail!("`{name}` does not have the value `{text}`; rename it or add it to `sbe_only`")
                }
                (true, true) => {
                    bail!("`{name}` has the value `{text}`, which is listed as one that it lacks")
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn properties<'a>(document: &'a Value, record: &str) -> anyhow::Result<&'a serde_json::Map<String, Value>> {
    document
        .pointer(&format!("/components/schemas/{record}/properties"))
        .and_then(Value::as_object)
        .with_context(|| format!("the OpenAPI document has no record `{record}`"))
}

fn property(document: &Value, record: &str, name: &str) -> anyhow::Result<Value> {
    let found = properties(document, record)?.get(name);
    Ok(found
        .with_context(|| format!("`{record}` has no field `{name}`"))?
        .clone())
}

/// The name of the schema that a property refers to.
fn reference(property: &Value) -> Option<String> {
    let inner = property
        .pointer("/allOf/0/$ref")
        .or_else(|| property.get("$ref"))?;
    Some(inner.as_str()?.rsplit('/').next()?.to_owned())
}

fn json_kind(property: &Value) -> Option<JsonKind> {
    if let Some(name) = reference(property) {
        return Some(JsonKind::Enum(format_ident!("{name}")));
    }
    let text = |key: &str| property.get(key).and_then(Value::as_str);
    Some(match (text("type")?, text("format")) {
        ("integer", _) => JsonKind::Integer,
        ("number", _) => JsonKind::Float,
        ("string", Some("decimal")) => JsonKind::Decimal,
        ("string", None) => JsonKind::Text,
        ("array", _) => JsonKind::Enums(format_ident!("{}", reference(property.get("items")?)?)),
        _ => return None,
    })
}

/// The name of a field in Rust.
fn ident(name: &str) -> Ident {
    json_ident(&name.to_snake_case())
}

fn json_ident(name: &str) -> Ident {
    match syn::parse_str::<Ident>(name) {
        Ok(ident) => ident,
        Err(_) => format_ident!("{name}_"),
    }
}
