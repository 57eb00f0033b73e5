//! The files beside the vendored document under `openapi/`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::overlay::Overlay;
use crate::renames::Renames;
use crate::reshape::enums::Shared;
use crate::retired::Retired;
use crate::sbe::fields::Fields;

/// Everything that we say about the document.
#[derive(Debug, Default)]
pub struct Config {
    /// `corrections.yaml`
    pub corrections: Overlay,
    /// `decimals.yaml`
    pub decimals: Decimals,
    /// `descriptions.yaml`
    pub descriptions: Descriptions,
    /// `names.yaml`
    pub names: Names,
    /// `secrets.yaml`
    pub secrets: Secrets,
    /// `retired.yaml`
    pub retired: Retired,
    /// Names that changed since the document before; not in a file.
    pub renames: Renames,
    /// What was one type in the document before, see [`crate::reshape::enums`]; not in a file.
    pub shared: Shared,
    /// The date of the document, from `source.toml`.
    pub date: Option<String>,
    /// `stream/fields.yaml`, if it exists
    pub fields: Fields,
}

/// The files, without `retired.yaml`, which a person does not write.
pub const FILES: &[&str] = &[
    "corrections.yaml",
    "decimals.yaml",
    "descriptions.yaml",
    "names.yaml",
    "secrets.yaml",
];

/// `decimals.yaml`: which texts are decimal numbers, and which lists are rows.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decimals {
    /// Published schema to fields that hold a decimal, or a list of them.
    pub fields: BTreeMap<String, Vec<String>>,
    /// `METHOD /path` to query parameters that hold a decimal.
    #[serde(default)]
    pub parameters: BTreeMap<String, Vec<String>>,
    /// Published schema to field to the row type of `paradex_api::wire`.
    #[serde(default)]
    pub rows: BTreeMap<String, BTreeMap<String, RowType>>,
}

/// A row type of `paradex_api::wire`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum RowType {
    /// `[price, size]`
    PriceLevel,
    /// `[start, open, high, low, close, volume]`
    Kline,
}

impl RowType {
    /// The name of the type.
    pub const fn as_str(self) -> &'static str {
        match self {
            RowType::PriceLevel => "PriceLevel",
            RowType::Kline => "Kline",
        }
    }
}

/// `descriptions.yaml`: our own words.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Descriptions {
    /// By `METHOD /path`, as published.
    pub operations: BTreeMap<String, OperationText>,
    /// By the name of a channel of the WebSocket API, as a pattern.
    #[serde(default)]
    pub channels: BTreeMap<String, OperationText>,
    /// By method of the WebSocket API.
    #[serde(default)]
    pub methods: BTreeMap<String, OperationText>,
    /// By published schema.
    pub schemas: BTreeMap<String, SchemaText>,
}

/// The words for an operation.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationText {
    /// One sentence.
    pub summary: String,
    /// More, where there is more to say.
    pub details: Option<String>,
    /// By parameter.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
}

/// The words for a schema.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaText {
    /// What it holds.
    pub description: String,
    /// By field.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// By enum value.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
}

/// `names.yaml`: the names that the rules do not give.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// `METHOD /path` to our operation id.
    pub operations: BTreeMap<String, String>,
    /// Published schema to our type.
    pub schemas: BTreeMap<String, String>,
    /// Our type, or a published schema that is an enumeration, to the places of inline enumerations that it
    /// stands for, written `METHOD /path parameter` or `schema.field`.
    #[serde(default)]
    pub enums: BTreeMap<String, Vec<String>>,
    /// Method of the WebSocket API to the operation that does the same, as `METHOD /path`.
    #[serde(default)]
    pub methods: BTreeMap<String, String>,
    /// Schema of the WebSocket API, such as `order.create.params`, to the published schema that it is, or to a name for it.
    #[serde(default)]
    pub stream: BTreeMap<String, String>,
    /// Our type to enum value to the name of its variant.
    #[serde(default)]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
}

/// `secrets.yaml`: what may not be printed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// Published schema to secret fields.
    pub fields: BTreeMap<String, Vec<String>>,
    /// Names of header parameters that are secret, wherever they stand.
    pub headers: Vec<String>,
    /// `schema.field` or a header, with a name that sounds secret, to why it is not.
    pub public: BTreeMap<String, String>,
}

impl Config {
    /// Reads the files of a folder.
    ///
    /// # Errors
    ///
    /// A file is missing or does not have its form.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let mut config = Self::parse(&texts(folder)?)?;
        let path = folder.join("retired.yaml");
        if path.exists() {
            config.retired = Retired::parse(&text(&path)?).with_context(|| path.display().to_string())?;
        }
        let path = folder.join("stream/fields.yaml");
        if path.exists() {
            config.fields = crate::yaml::read(&text(&path)?).with_context(|| path.display().to_string())?;
        }
        Ok(config)
    }

    /// Reads the texts of [`FILES`].
    ///
    /// # Errors
    ///
    /// A file is missing or does not have its form.
    pub fn parse(files: &BTreeMap<&'static str, String>) -> anyhow::Result<Self> {
        let text = |name: &str| files.get(name).map_or("", String::as_str);
        Ok(Self {
            corrections: Overlay::parse(text("corrections.yaml")).context("openapi/corrections.yaml")?,
            decimals: yaml(files, "decimals.yaml")?,
            descriptions: yaml(files, "descriptions.yaml")?,
            names: yaml(files, "names.yaml")?,
            secrets: yaml(files, "secrets.yaml")?,
            retired: Retired::default(),
            renames: Renames::default(),
            shared: Shared::default(),
            date: None,
            fields: Fields::default(),
        })
    }
}

/// The texts of [`FILES`] in a folder.
///
/// # Errors
///
/// One is missing.
pub fn texts(folder: &Path) -> anyhow::Result<BTreeMap<&'static str, String>> {
    FILES
        .iter()
        .map(|name| Ok((*name, text(&folder.join(name))?)))
        .collect()
}

fn text(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn yaml<T: serde::de::DeserializeOwned>(
    files: &BTreeMap<&'static str, String>,
    name: &str,
) -> anyhow::Result<T> {
    let text = files.get(name).map_or("", String::as_str);
    crate::yaml::read(text).with_context(|| format!("openapi/{name}"))
}
