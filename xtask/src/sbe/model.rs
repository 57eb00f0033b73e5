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
use super::misfit::{Misfit, Workaround};
use super::schema::{Choice, Field, Message, Primitive, Schema, Type};
use crate::generate;

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

impl std::fmt::Display for JsonKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            JsonKind::Integer => f.write_str("an integer"),
            JsonKind::Float => f.write_str("a number"),
            JsonKind::Decimal => f.write_str("a decimal"),
            JsonKind::Text => f.write_str("a text"),
            JsonKind::Enum(name) => write!(f, "a value of `{name}`"),
            JsonKind::Enums(name) => write!(f, "a list of values of `{name}`"),
        }
    }
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
                Misfit::new(
                    format_args!("the SBE schema has no message `{name}`; delete its entry"),
                    Workaround::RemoveMessage(name.clone())
                )
            );
        }
        let mut by_id: Vec<_> = schema.messages.iter().collect();
        by_id.sort_by_key(|(_, message)| message.id);
        let mut entries: Vec<EntryModel> = Vec::new();
        let mut messages = Vec::new();
        for (name, message) in by_id {
            let entry = fields.messages.get(name).ok_or_else(|| {
                Misfit::new(
                    format_args!("message `{name}` of the SBE schema has no entry"),
                    Workaround::AddMessage(name.clone()),
                )
            })?;
            let model = Builder {
                schema,
                fields,
                document,
                entry,
                name,
            }
            .message(message, &mut entries);
            messages.push(model?);
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

/// `fields.yaml`, read so that it fits, and what does not fit: the problem, and whether an entry is only left over.
///
/// What no reading of `fields.yaml` solves is left, and [`Model::new`] returns it.
pub fn settle(schema: &Schema, fields: &Fields, document: &Value) -> (Fields, Vec<Misfit>) {
    let mut settled = fields.clone();
    let mut misfits: Vec<Misfit> = Vec::new();
    while let Err(error) = Model::new(schema, &settled, document) {
        match error.downcast::<Misfit>() {
            Ok(misfit)
                if misfits
                    .iter()
                    .all(|known| known.to_string() != misfit.to_string()) =>
            {
                misfit.work_around(&mut settled);
                misfits.push(misfit);
            }
            _ => break,
        }
    }
    (settled, misfits)
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
        self.check_record()?;
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
                    Misfit::new(
                        format_args!(
                            "the entries of `{}` are not those of `{}`, so `{rust}` cannot stand for both",
                            new.place, old.place
                        ),
                        Workaround::RemoveEntryName(self.name.to_owned())
                    )
                ),
                None => entries.push(new),
            }
            known.insert(group.name.clone());
            groups.push(GroupModel {
                name: group.name.clone(),
                rust: ident(&group.name)?,
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
                Misfit::new(
                    format_args!(
                        "the SBE schema has no field `{}.{name}`; delete its entry",
                        self.name
                    ),
                    Workaround::RemoveField(self.name.to_owned(), name.clone())
                )
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
        let missing = || self.misfit(key, "of the SBE schema has no entry", Workaround::AddField);
        Ok(entry.ok_or_else(missing)?.full())
    }

    /// A misfit of a field.
    fn misfit(
        &self,
        key: &str,
        text: impl std::fmt::Display,
        workaround: fn(String, String) -> Workaround,
    ) -> Misfit {
        let text = format_args!("field `{}.{key}` {text}", self.name).to_string();
        Misfit::new(text, workaround(self.name.to_owned(), key.to_owned()))
    }

    fn field(&self, field: &Field, prefix: &str, kind: Kind, offset: u16) -> anyhow::Result<FieldModel> {
        let key = format!("{prefix}{}", field.name);
        let entry = self.full(&key)?;
        let json = match &entry.json {
            Some(path) => Some(self.json_place(&key, path, &kind, &entry)?),
            None => None,
        };
        let is_time = matches!(kind, Kind::Integer { is_time: true, .. });
        Ok(FieldModel {
            name: field.name.clone(),
            rust: ident(&field.name)?,
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
        let needed = |why: &str| {
            self.misfit(
                key,
                format_args!("needs a text, because {why}"),
                Workaround::AddText,
            )
        };
        let path = entry.json.ok_or_else(|| needed("JSON has no such field"))?;
        let (_, property) = self.json_property(key, &path)?;
        let text = property.get("description").and_then(Value::as_str);
        let text = text.ok_or_else(|| needed(&format!("`{path}` has none")))?;
        if is_time != Some(true) {
            return Ok(text.to_owned());
        }
        ensure!(
            text.contains("milliseconds"),
            needed(&format!(
                "it is a time, and the text of `{path}` does not say that it is in milliseconds"
            ))
        );
        Ok(text.replace("milliseconds", "microseconds"))
    }

    fn json_place(&self, key: &str, path: &str, kind: &Kind, entry: &FullEntry) -> anyhow::Result<JsonPlace> {
        let (parent, property) = self.json_property(key, path)?;
        let json = json_kind(&property).ok_or_else(|| {
            let text = format_args!("cannot be converted to `{path}`, which has a form that is not known")
                .to_string();
            self.misfit(key, text, Workaround::RemoveJson)
        })?;
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
        let remedy = match (kind, &json) {
            (Kind::Decimal { .. }, JsonKind::Text) => "; if it is a decimal number, list it in decimals.yaml",
            _ => "",
        };
        ensure!(
            fits,
            self.misfit(
                key,
                format_args!("cannot be converted to `{path}`, which is {json}{remedy}"),
                Workaround::RemoveJson
            )
        );
        let negative_when = match &entry.negative_when {
            None => None,
            Some(when) => {
                let misfit = |text: &str| self.misfit(key, text, Workaround::RemoveSign);
                let (field, value) = when
                    .first_key_value()
                    .ok_or_else(|| misfit("has an empty `negative_when`"))?;
                let own = self
                    .schema
                    .messages
                    .get(self.name)
                    .into_iter()
                    .flat_map(|message| &message.fields);
                let mut own = own;
                let other = own.find(|other| other.name == *field && self.has_value(other, value));
                let other = other.ok_or_else(|| {
                    misfit(&format!(
                        "has a `negative_when` with `{field}: {value}`, which does not exist"
                    ))
                })?;
                Some((
                    ident(field)?,
                    format_ident!("{}", other.type_name.to_upper_camel_case()),
                    format_ident!("{}", value.to_upper_camel_case()),
                ))
            }
        };
        Ok(JsonPlace {
            parent,
            field: generate::ident(path.rsplit('.').next().unwrap_or(path))?,
            kind: json,
            unless: entry.unless.clone(),
            negative_when,
        })
    }

    fn has_value(&self, field: &Field, value: &str) -> bool {
        let kind = self.schema.type_of(field);
        matches!(kind, Ok(Type::Enum { values, .. }) if values.contains_key(value))
    }

    /// The property of the JSON field that an entry names.
    fn json_property(&self, key: &str, path: &str) -> anyhow::Result<(Option<(Ident, Ident)>, Value)> {
        self.property(path).map_err(|error| {
            let text = format_args!("has the JSON field `{path}`, but {error:#}").to_string();
            self.misfit(key, text, Workaround::RemoveJson).into()
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
                Ok((Some((generate::ident(outer)?, format_ident!("{name}"))), found))
            }
        }
    }

    /// Every JSON field is in an entry or in `json_only`, and not in both.
    fn check_json(&self) -> anyhow::Result<()> {
        let misfit = |text: String, workaround: fn(String, String) -> Workaround, path: &str| {
            let text = format!("message `{}`: {text}", self.name);
            Misfit::new(text, workaround(self.name.to_owned(), path.to_owned()))
        };
        let Some(record) = &self.entry.record else {
            if let Some(path) = self.entry.json_only.first() {
                let text = format!("`json_only` lists `{path}`, which needs a `type`");
                bail!(misfit(text, Workaround::RemoveJsonOnly, path));
            }
            return Ok(());
        };
        let entries = self.entry.fields.values().map(|entry| entry.full().json);
        let used: BTreeSet<String> = entries.flatten().collect();
        let mut all: Vec<String> = Vec::new();
        for name in properties(self.document, record)?.keys() {
            let is_outer = |path: &String| path.split_once('.').is_some_and(|(outer, _)| outer == name);
            let nested = reference(&property(self.document, record, name)?);
            match nested {
                Some(nested)
                    if used
                        .iter()
                        .chain(&self.entry.json_only)
                        .chain(&self.entry.left_to_json)
                        .any(is_outer) =>
                {
                    let inner = properties(self.document, &nested)?.keys();
                    all.extend(inner.map(|inner| format!("{name}.{inner}")));
                }
                _ => all.push(name.clone()),
            }
        }
        for path in &all {
            let left = self.entry.left_to_json.contains(path);
            let listed = self.entry.json_only.contains(path);
            match (used.contains(path), listed) {
                (true, true) => {
                    let text = format!("`json_only` lists `{path}`, which an SBE field has");
                    bail!(misfit(text, Workaround::RemoveJsonOnly, path))
                }
                (false, false) if !left => {
                    let text =
                        format!("the JSON field `{path}` is in no entry; add it to one, or to `json_only`");
                    bail!(misfit(text, Workaround::AddJsonOnly, path))
                }
                _ => {}
            }
        }
        if let Some(listed) = self.entry.json_only.iter().find(|listed| !all.contains(listed)) {
            let text = format!("`json_only` lists `{listed}`, which JSON does not have either");
            bail!(misfit(text, Workaround::RemoveJsonOnly, listed));
        }
        for (key, entry) in &self.entry.fields {
            if let Some(other) = entry.full().unless
                && !self.entry.fields.contains_key(&other)
            {
                let text = format!("has `unless: {other}`, which does not exist");
                bail!(self.misfit(key, text, Workaround::RemoveUnless));
            }
        }
        Ok(())
    }

    /// Checks that JSON has the record of the message.
    fn check_record(&self) -> anyhow::Result<()> {
        if let Some(record) = &self.entry.record
            && let Err(error) = properties(self.document, record)
        {
            let text = format!("message `{}`: {error:#}", self.name);
            bail!(Misfit::new(text, Workaround::RemoveRecord(self.name.to_owned())));
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
        let entry = fields.types.get(name).ok_or_else(|| {
            Misfit::new(
                format_args!("type `{name}` of the SBE schema has no entry"),
                Workaround::AddType(name.clone()),
            )
        })?;
        check_values(name, entry, values, document)?;
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
            Misfit::new(
                format_args!("no message uses an enumeration or set `{name}`; delete its entry"),
                Workaround::RemoveType(name.clone())
            )
        );
    }
    Ok(found)
}

/// The value of every enumeration that stands for a value outside it.
pub const NON_REPRESENTABLE: &str = "NON_REPRESENTABLE";

/// Every value has a counterpart in JSON, or is listed as one that has none.
fn check_values(
    type_name: &str,
    entry: &TypeEntry,
    values: &BTreeMap<String, Choice>,
    document: &Value,
) -> anyhow::Result<()> {
    let misfit = |text: String, workaround: fn(String, String) -> Workaround, name: &str| {
        let text = format!("type `{type_name}`: {text}");
        Misfit::new(text, workaround(type_name.to_owned(), name.to_owned()))
    };
    let renamed = entry.json.values().flat_map(BTreeMap::keys);
    let mut named = entry.absent.iter().chain(&entry.sbe_only).chain(renamed);
    if let Some(gone) = named.find(|value| !values.contains_key(*value)) {
        let text = format!("the SBE schema has no value `{gone}`; delete its entry");
        bail!(misfit(text, Workaround::RemoveValue, gone));
    }
    // The text of each value in each enumeration of JSON, and whether the enumeration has it.
    let mut texts: BTreeMap<&str, Vec<(&str, &str, bool)>> = BTreeMap::new();
    for (name, renamed) in &entry.json {
        let schema = document.pointer(&format!("/components/schemas/{name}/enum"));
        let known = schema.and_then(Value::as_array).ok_or_else(|| {
            misfit(
                format!("`{name}` is no enumeration in JSON"),
                Workaround::RemoveTypeJson,
                name,
            )
        })?;
        let known: BTreeSet<&str> = known.iter().filter_map(Value::as_str).collect();
        for value in values.keys().filter(|value| *value != NON_REPRESENTABLE) {
            let text = renamed.get(value).unwrap_or(value).as_str();
            let place = texts.entry(value).or_default();
            place.push((name, text, known.contains(text)));
        }
    }
    for (value, places) in texts {
        let is = |list: &[String]| list.iter().any(|listed| listed == value);
        let lacking = places.iter().find(|(_, _, is_known)| !is_known);
        match (lacking, is(&entry.absent) || is(&entry.sbe_only), places.first()) {
            (Some((name, text, _)), false, _) => {
                let text = format!(
                    "`{name}` in JSON does not have the value `{text}`; rename it or add it to `sbe_only`"
                );
                bail!(misfit(text, Workaround::AddSbeOnly, value))
            }
            (None, true, Some((name, text, _))) => {
                let text = format!("`{name}` has the value `{text}`, which is listed as one that it lacks");
                bail!(misfit(text, Workaround::RemoveValue, value))
            }
            _ => {}
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
fn ident(name: &str) -> anyhow::Result<Ident> {
    generate::ident(&name.to_snake_case())
}
