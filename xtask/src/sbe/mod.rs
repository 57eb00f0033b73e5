//! The SBE schema of the WebSocket API: from the published XML to `paradex_api::sbe`.

mod compare;
mod convert;
mod encoder;
pub mod fields;
pub mod model;
pub mod schema;
mod views;
pub mod xml;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use fields::Fields;
use model::Model;
use proc_macro2::TokenStream;
use schema::Schema;
use serde_json::Value;

use crate::diff::Row;
use crate::diff::rules::Rule;
use crate::report::quoted;
use crate::reshape::Corrected;

/// Where the schema is published.
pub const PUBLISHED_AT: &str =
    "https://raw.githubusercontent.com/tradeparadex/paradex-py/main/paradex_py/api/sbe/paradex_1_0.xml";

/// The member of the merged document that holds the schema.
pub const MEMBER: &str = "x-sbe";

/// The member of the canonical form that says what it is.
const FORM: &str = "sbe";

/// Reads a schema as published, as XML, into its canonical form.
///
/// # Errors
///
/// It is no SBE schema, or it has a construct that is not known.
pub fn read(text: &str) -> anyhow::Result<Value> {
    let start = text
        .trim_start()
        .get(..14)
        .unwrap_or_default()
        .to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        bail!("this is HTML, not an API description; is the address right?");
    }
    Ok(Schema::from_xml(text)?.to_json())
}

/// Whether a document is an SBE schema that was read before.
pub fn is_schema(document: &Value) -> bool {
    document.get(FORM).is_some()
}

/// The canonical form of a schema.
pub fn canonical(document: &Value) -> Value {
    crate::canonical::sorted(document)
}

/// The version of a schema, such as `1:2`: its id and the version under this id.
pub fn version(document: &Value) -> Option<&str> {
    document.get(FORM)?.as_str()
}

/// The files of Rust code, by their path in the crate, that are made of the corrected schema.
///
/// # Errors
///
/// The schema, `fields.yaml` and the OpenAPI document do not fit together.
pub fn code(
    schema: &Value,
    fields: &Fields,
    corrected: &Corrected,
) -> anyhow::Result<BTreeMap<String, TokenStream>> {
    let schema = Schema::from_json(schema).context("openapi/stream/sbe.json")?;
    let model = Model::new(&schema, fields, &corrected.document).context("openapi/stream/fields.yaml")?;
    Ok(BTreeMap::from([
        ("src/generated/sbe.rs".to_owned(), views::module(&model)),
        ("src/generated/sbe_encoder.rs".to_owned(), encoder::module(&model)),
    ]))
}

/// What changed between two schemas.
pub fn compare(old: Option<&Value>, new: Option<&Value>) -> Vec<Row> {
    if old == new {
        return Vec::new();
    }
    let empty = Schema::default();
    let read = |schema: Option<&Value>| schema.map_or_else(|| Ok(empty.clone()), Schema::from_json);
    match (read(old), read(new)) {
        (Ok(mut old), Ok(new)) => {
            if old == empty {
                // There was no schema before, so it did not change either.
                (old.id, old.version) = (new.id, new.version);
            }
            compare::compare(&old, &new)
        }
        (old, new) => old
            .err()
            .into_iter()
            .chain(new.err())
            .map(|error| unreadable(&error))
            .collect(),
    }
}

/// A schema of a revision of this workspace that had another canonical form.
fn unreadable(error: &anyhow::Error) -> Row {
    let reason = format!("{error:#}");
    Row {
        rule: Rule::OtherChange,
        subject: "the SBE schema".to_owned(),
        place: "the SBE schema".to_owned(),
        sentence: format!("The SBE schema could not be compared: {}.", quoted(&reason)),
        values: vec![reason],
        operations: BTreeSet::new(),
        provisional: false,
    }
}
