//! The SBE schema as interface facts: read from the published XML, kept as JSON without prose.
//!
//! Only the constructs that the exchange uses are known. Any other element, attribute or form is an error that names it, because
//! code that ignored it could misread every frame.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail, ensure};
use serde::{Deserialize, Serialize};

use super::xml::{self, Element};

/// A schema.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// The id and the version together, such as `1:2`.
    pub sbe: String,
    /// Changes with every break, and with it the frames of every message.
    pub id: u16,
    /// The newest version of the schema; it grows with every addition.
    pub version: u16,
    /// The version of the document.
    pub semantic_version: String,
    /// The name of the package.
    pub package: String,
    /// The types, by name.
    pub types: BTreeMap<String, Type>,
    /// The messages, by name.
    pub messages: BTreeMap<String, Message>,
}

/// A type of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Type {
    /// An integer.
    Integer {
        /// Its encoding.
        primitive: Primitive,
    },
    /// Bytes of a fixed length.
    Bytes {
        /// How many.
        length: u16,
    },
    /// A mantissa of 64 bits with a constant exponent. The smallest mantissa means null.
    Decimal {
        /// The power of ten.
        exponent: i8,
        /// Whether null is one of its values.
        nullable: bool,
    },
    /// One of several values.
    Enum {
        /// Its encoding.
        primitive: Primitive,
        /// The values, by name.
        values: BTreeMap<String, Choice>,
    },
    /// A set of flags.
    Set {
        /// Its encoding.
        primitive: Primitive,
        /// The numbers of the bits, by name.
        choices: BTreeMap<String, Choice>,
    },
    /// The header of every message: four numbers of 16 bits.
    Header,
    /// The header of a repeating group: two numbers of 16 bits.
    GroupHeader,
    /// UTF-8 text with its length in one byte before it.
    Text,
}

/// The encoding of an integer, little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Primitive {
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
}

impl Primitive {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "int8" => Self::Int8,
            "int16" => Self::Int16,
            "int32" => Self::Int32,
            "int64" => Self::Int64,
            "uint8" => Self::Uint8,
            "uint16" => Self::Uint16,
            "uint32" => Self::Uint32,
            "uint64" => Self::Uint64,
            _ => return None,
        })
    }

    /// The type in Rust.
    pub const fn rust(self) -> &'static str {
        match self {
            Self::Int8 => "i8",
            Self::Int16 => "i16",
            Self::Int32 => "i32",
            Self::Int64 => "i64",
            Self::Uint8 => "u8",
            Self::Uint16 => "u16",
            Self::Uint32 => "u32",
            Self::Uint64 => "u64",
        }
    }

    /// How many bytes it takes.
    pub const fn length(self) -> u16 {
        match self {
            Self::Int8 | Self::Uint8 => 1,
            Self::Int16 | Self::Uint16 => 2,
            Self::Int32 | Self::Uint32 => 4,
            Self::Int64 | Self::Uint64 => 8,
        }
    }
}

/// One value of an enumeration, or one flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The number on the wire; of a flag, the number of its bit.
    pub value: u8,
    /// The version that added it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub since: u16,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The number of the template.
    pub id: u16,
    /// The fields of the block, in their order on the wire.
    pub fields: Vec<Field>,
    /// The repeating groups, in their order on the wire.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// The texts of variable length, in their order on the wire.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<Field>,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The name.
    pub name: String,
    /// The number.
    pub id: u16,
    /// The name of a type, or of an encoding.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Whether an integer can be null.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    /// The version that added it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub since: u16,
}

/// A repeating group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The name.
    pub name: String,
    /// The number.
    pub id: u16,
    /// The fields of an entry, in their order on the wire.
    pub fields: Vec<Field>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u16) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Schema {
    /// Reads the published XML.
    ///
    /// # Errors
    ///
    /// It is no XML that [`xml::read`] takes, or it has a construct that is not known.
    pub fn from_xml(text: &str) -> anyhow::Result<Self> {
        let root = xml::read(text)?;
        ensure!(
            root.name == "messageSchema",
            "this is no SBE schema: its root element is `{}`",
            root.name
        );
        let schema = read_schema(&root)?;
        schema.check()?;
        Ok(schema)
    }

    /// Reads the canonical form.
    ///
    /// # Errors
    ///
    /// It does not have that form.
    pub fn from_json(document: &serde_json::Value) -> anyhow::Result<Self> {
        let schema = Self::deserialize(document)?;
        schema.check()?;
        Ok(schema)
    }

    /// The canonical form: JSON with sorted names, fields in the order of the wire, no prose.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The type of a field: one of the schema's, or an encoding.
    ///
    /// # Errors
    ///
    /// There is no such type.
    pub fn type_of(&self, field: &Field) -> anyhow::Result<Type> {
        match (
            self.types.get(&field.type_name),
            Primitive::parse(&field.type_name),
        ) {
            (Some(found), _) => Ok(found.clone()),
            (None, Some(primitive)) => Ok(Type::Integer { primitive }),
            (None, None) => bail!(
                "field `{}` has the type `{}`, which does not exist",
                field.name,
                field.type_name
            ),
        }
    }

    /// Checks what holds between the parts.
    fn check(&self) -> anyhow::Result<()> {
        ensure!(!self.messages.is_empty(), "the SBE schema has no messages");
        let mut ids = BTreeMap::new();
        for (name, message) in &self.messages {
            if let Some(other) = ids.insert(message.id, name) {
                bail!(
                    "the messages `{other}` and `{name}` have the same id {}",
                    message.id
                );
            }
            self.check_message(message)
                .with_context(|| format!("message `{name}`"))?;
        }
        Ok(())
    }

    fn check_message(&self, message: &Message) -> anyhow::Result<()> {
        let mut names = BTreeSet::new();
        let groups = message.groups.iter().map(|group| &group.name);
        let fields = message
            .fields
            .iter()
            .chain(&message.data)
            .map(|field| &field.name);
        for name in fields.chain(groups) {
            ensure!(names.insert(name), "it has two fields `{name}`");
        }
        self.check_block(&message.fields)?;
        for group in &message.groups {
            let mut names = BTreeSet::new();
            for field in &group.fields {
                ensure!(
                    names.insert(&field.name),
                    "group `{}` has two fields `{}`",
                    group.name,
                    field.name
                );
                ensure!(
                    field.since == 0,
                    "group `{}` has the field `{}` with sinceVersion, which the decoder does not support yet",
                    group.name,
                    field.name
                );
            }
            ensure!(!group.fields.is_empty(), "group `{}` has no fields", group.name);
            self.check_block(&group.fields)
                .with_context(|| format!("group `{}`", group.name))?;
        }
        ensure!(
            message.groups.is_empty() || self.types.get(DIMENSION) == Some(&Type::GroupHeader),
            "the header `{DIMENSION}` of groups does not have the usual form"
        );
        let mut since = 0;
        for text in &message.data {
            let found = self.type_of(text)?;
            ensure!(found == Type::Text, "data `{}` is no text", text.name);
            ensure!(
                text.since >= since,
                "data `{}` is older than the one before it",
                text.name
            );
            ensure!(
                text.since <= self.version,
                "data `{}` is newer than the schema",
                text.name
            );
            since = text.since;
        }
        Ok(())
    }

    fn check_block(&self, fields: &[Field]) -> anyhow::Result<()> {
        let mut since = 0;
        let mut length = 0_u16;
        for field in fields {
            let found = self.type_of(field)?;
            length = found
                .length()
                .and_then(|own| length.checked_add(own))
                .with_context(|| format!("field `{}` cannot be part of a block", field.name))?;
            ensure!(
                !field.optional || matches!(found, Type::Integer { .. }),
                "field `{}` has presence=\"optional\", which is known for integers only",
                field.name
            );
            ensure!(
                field.since >= since,
                "field `{}` is older than the one before it, so it was not appended",
                field.name
            );
            ensure!(
                field.since <= self.version,
                "field `{}` is newer than the schema",
                field.name
            );
            since = field.since;
        }
        Ok(())
    }
}

impl Type {
    /// How many bytes it takes in a block; `None` if it cannot be in one.
    pub const fn length(&self) -> Option<u16> {
        match self {
            Type::Integer { primitive } | Type::Enum { primitive, .. } | Type::Set { primitive, .. } => {
                Some(primitive.length())
            }
            Type::Bytes { length } => Some(*length),
            Type::Decimal { .. } => Some(8),
            Type::Header | Type::GroupHeader | Type::Text => None,
        }
    }
}

/// The type of the header of groups.
const DIMENSION: &str = "groupSizeEncoding";

/// Attributes that are prose.
const PROSE: [&str; 2] = ["description", "semanticType"];

/// Refuses every attribute that is neither known nor prose.
fn only(element: &Element, known: &[&str]) -> anyhow::Result<()> {
    for (name, _) in &element.attributes {
        ensure!(
            known.contains(&name.as_str()) || PROSE.contains(&name.as_str()),
            "unknown attribute `{name}` of `{}` at line {}",
            element.name,
            element.line
        );
    }
    Ok(())
}

fn unknown(element: &Element, parent: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "unknown element `{}` in {parent} at line {}",
        element.name,
        element.line
    )
}

fn needed<'a>(element: &'a Element, name: &str) -> anyhow::Result<&'a str> {
    element.attribute(name).with_context(|| {
        format!(
            "`{}` at line {} has no attribute `{name}`",
            element.name, element.line
        )
    })
}

fn number<T: std::str::FromStr>(element: &Element, name: &str) -> anyhow::Result<T> {
    let text = needed(element, name)?;
    text.parse().ok().with_context(|| {
        format!(
            "attribute `{name}` at line {} is `{text}`, which is no such number",
            element.line
        )
    })
}

fn since(element: &Element) -> anyhow::Result<u16> {
    match element.attribute("sinceVersion") {
        Some(_) => number(element, "sinceVersion"),
        None => Ok(0),
    }
}

/// A name that can be part of Rust code.
fn name(element: &Element) -> anyhow::Result<String> {
    let name = needed(element, "name")?;
    let fits = name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    ensure!(
        fits,
        "the name `{name}` at line {} is no identifier",
        element.line
    );
    Ok(name.to_owned())
}

fn read_schema(root: &Element) -> anyhow::Result<Schema> {
    only(
        root,
        &[
            "package",
            "id",
            "version",
            "semanticVersion",
            "byteOrder",
            "headerType",
        ],
    )?;
    let order = needed(root, "byteOrder")?;
    ensure!(
        order == "littleEndian",
        "byteOrder `{order}` is not supported; littleEndian is"
    );
    let mut types = BTreeMap::new();
    let mut messages = BTreeMap::new();
    for child in &root.children {
        match child.name.as_str() {
            "types" => {
                only(child, &[])?;
                for item in &child.children {
                    let name = name(item)?;
                    let found = read_type(item).with_context(|| format!("type `{name}`"))?;
                    ensure!(
                        types.insert(name.clone(), found).is_none(),
                        "there are two types `{name}`"
                    );
                }
            }
            "message" => {
                let name = name(child)?;
                let found = read_message(child).with_context(|| format!("message `{name}`"))?;
                ensure!(
                    messages.insert(name.clone(), found).is_none(),
                    "there are two messages `{name}`"
                );
            }
            _ => return Err(unknown(child, "the schema")),
        }
    }
    let header = root.attribute("headerType").unwrap_or("messageHeader");
    ensure!(
        types.get(header) == Some(&Type::Header),
        "the header `{header}` does not have the usual form"
    );
    let (id, version) = (number(root, "id")?, number(root, "version")?);
    Ok(Schema {
        sbe: format!("{id}:{version}"),
        id,
        version,
        semantic_version: root.attribute("semanticVersion").unwrap_or_default().to_owned(),
        package: root.attribute("package").unwrap_or_default().to_owned(),
        types,
        messages,
    })
}

fn read_type(element: &Element) -> anyhow::Result<Type> {
    match element.name.as_str() {
        "type" => {
            only(element, &["name", "primitiveType", "length"])?;
            let primitive = primitive(element, "primitiveType")?;
            match element.attribute("length") {
                None => Ok(Type::Integer { primitive }),
                Some(_) if primitive == Primitive::Uint8 => {
                    let length = number(element, "length")?;
                    ensure!(length > 0, "the length is 0");
                    Ok(Type::Bytes { length })
                }
                Some(_) => bail!(
                    "an array of `{}` is not supported",
                    needed(element, "primitiveType")?
                ),
            }
        }
        "enum" => {
            only(element, &["name", "encodingType"])?;
            Ok(Type::Enum {
                primitive: byte(element)?,
                values: choices(element, "validValue", 254)?,
            })
        }
        "set" => {
            only(element, &["name", "encodingType"])?;
            Ok(Type::Set {
                primitive: byte(element)?,
                choices: choices(element, "choice", 7)?,
            })
        }
        "composite" => read_composite(element),
        _ => Err(unknown(element, "types")),
    }
}

fn primitive(element: &Element, attribute: &str) -> anyhow::Result<Primitive> {
    let name = needed(element, attribute)?;
    Primitive::parse(name).with_context(|| {
        format!(
            "the primitive type `{name}` at line {} is not supported",
            element.line
        )
    })
}

fn byte(element: &Element) -> anyhow::Result<Primitive> {
    let primitive = primitive(element, "encodingType")?;
    ensure!(
        primitive == Primitive::Uint8,
        "encodingType is supported for uint8 only"
    );
    Ok(primitive)
}

fn choices(element: &Element, kind: &str, most: u8) -> anyhow::Result<BTreeMap<String, Choice>> {
    let mut found = BTreeMap::new();
    let mut values = BTreeSet::new();
    for child in &element.children {
        if child.name != kind {
            return Err(unknown(child, &format!("`{}`", element.name)));
        }
        only(child, &["name", "sinceVersion"])?;
        let name = name(child)?;
        let value: u8 = child
            .text
            .parse()
            .ok()
            .filter(|value| *value <= most)
            .with_context(|| {
                format!(
                    "`{name}` at line {} has the value `{}`; 0 to {most} are possible",
                    child.line, child.text
                )
            })?;
        ensure!(
            values.insert(value),
            "`{name}` has a value that another one has: {value}"
        );
        let choice = Choice {
            value,
            since: since(child)?,
        };
        ensure!(
            found.insert(name.clone(), choice).is_none(),
            "`{name}` occurs twice"
        );
    }
    ensure!(!found.is_empty(), "there are no values");
    Ok(found)
}

/// The composites that are known: the headers, the text, and decimals.
fn read_composite(element: &Element) -> anyhow::Result<Type> {
    only(element, &["name"])?;
    let mut members = Vec::new();
    for child in &element.children {
        if child.name != "type" {
            return Err(unknown(child, "a composite"));
        }
        only(
            child,
            &[
                "name",
                "primitiveType",
                "length",
                "presence",
                "nullValue",
                "characterEncoding",
            ],
        )?;
        let mut known: Vec<String> = Vec::new();
        for key in [
            "primitiveType",
            "length",
            "presence",
            "nullValue",
            "characterEncoding",
        ] {
            if let Some(value) = child.attribute(key) {
                known.push(format!("{key}={value}"));
            }
        }
        if !child.text.is_empty() {
            known.push(child.text.clone());
        }
        members.push(format!("{} {}", needed(child, "name")?, known.join(" ")));
    }
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    const MANTISSA: &str = "mantissa primitiveType=int64 nullValue=-9223372036854775808";
    const OPTIONAL: &str = "mantissa primitiveType=int64 presence=optional nullValue=-9223372036854775808";
    const EXPONENT: &str = "exponent primitiveType=int8 presence=constant ";
    match members.as_slice() {
        [
            "blockLength primitiveType=uint16",
            "templateId primitiveType=uint16",
            "schemaId primitiveType=uint16",
            "version primitiveType=uint16",
        ] => Ok(Type::Header),
        [
            "blockLength primitiveType=uint16",
            "numInGroup primitiveType=uint16",
        ] => Ok(Type::GroupHeader),
        [
            "length primitiveType=uint8",
            "varData primitiveType=uint8 length=0 characterEncoding=UTF-8",
        ] => Ok(Type::Text),
        [mantissa @ (MANTISSA | OPTIONAL), exponent] if exponent.starts_with(EXPONENT) => {
            let power = exponent
                .strip_prefix(EXPONENT)
                .and_then(|text| text.parse::<i8>().ok());
            let exponent = power.filter(|power| (-18..=0).contains(power));
            Ok(Type::Decimal {
                exponent: exponent.context("the exponent must be from -18 to 0")?,
                nullable: *mantissa == OPTIONAL,
            })
        }
        other => bail!(
            "the composite at line {} has an unknown form: {}",
            element.line,
            other.join("; ")
        ),
    }
}

fn read_message(element: &Element) -> anyhow::Result<Message> {
    only(element, &["name", "id"])?;
    let mut message = Message {
        id: number(element, "id")?,
        fields: Vec::new(),
        groups: Vec::new(),
        data: Vec::new(),
    };
    for child in &element.children {
        match child.name.as_str() {
            "field" if message.groups.is_empty() && message.data.is_empty() => {
                message.fields.push(read_field(child)?)
            }
            "group" if message.data.is_empty() => {
                only(child, &["name", "id", "dimensionType"])?;
                let dimension = child.attribute("dimensionType").unwrap_or(DIMENSION);
                ensure!(
                    dimension == DIMENSION,
                    "dimensionType `{dimension}` is not supported"
                );
                let mut fields = Vec::new();
                for item in &child.children {
                    match item.name.as_str() {
                        "field" => fields.push(read_field(item)?),
                        _ => return Err(unknown(item, "a group")),
                    }
                }
                message.groups.push(Group {
                    name: name(child)?,
                    id: number(child, "id")?,
                    fields,
                });
            }
            "data" => message.data.push(read_field(child)?),
            "field" | "group" => bail!("`{}` at line {} is out of order", child.name, child.line),
            _ => return Err(unknown(child, "a message")),
        }
    }
    Ok(message)
}

fn read_field(element: &Element) -> anyhow::Result<Field> {
    only(element, &["name", "id", "type", "presence", "sinceVersion"])?;
    let optional = match element.attribute("presence") {
        None | Some("required") => false,
        Some("optional") => true,
        Some(other) => bail!("presence `{other}` at line {} is not supported", element.line),
    };
    Ok(Field {
        name: name(element)?,
        id: number(element, "id")?,
        type_name: needed(element, "type")?.to_owned(),
        optional,
        since: since(element)?,
    })
}
