//! The SBE schema of the WebSocket API: from the published XML to `paradex_api::sbe`.

mod convert;
mod encoder;
pub mod fields;
pub mod model;
pub mod schema;
mod views;
pub mod xml;

use std::collections::BTreeMap;

use anyhow::Context;
use fields::Fields;
use model::Model;
use schema::Schema;
use serde_json::Value;

/// The file of the views.
pub const VIEWS: &str = "src/generated/sbe.rs";

/// The file of the encoder.
pub const ENCODER: &str = "src/generated/sbe_encoder.rs";

/// The code of the crate that follows from the schema, by its path. `document` is the corrected OpenAPI document.
///
/// # Errors
///
/// The schema, its entries and the document do not fit together.
pub fn generate(
    schema: &Schema,
    fields: &Fields,
    document: &Value,
) -> anyhow::Result<BTreeMap<String, syn::File>> {
    let model = Model::new(schema, fields, document).context("openapi/stream/fields.yaml")?;
    let mut files = BTreeMap::new();
    for (name, tokens) in [(VIEWS, views::module(&model)), (ENCODER, encoder::module(&model))] {
        let file = syn::parse2(tokens).with_context(|| format!("no Rust was written for {name}"))?;
        files.insert(name.to_owned(), file);
    }
    Ok(files)
}
