//! From the published document to the corrected one, step by step.
//!
//! The steps up to [`names`] know schemas and operations by their published names; the ones after it
//! know ours. What an Overlay expresses well is no step here but an action in `corrections.yaml`.

pub mod annotate;
pub mod describe;
pub mod enums;
pub mod errors;
pub mod inline;
pub mod names;
pub mod normalize;
pub mod prefix;
pub mod sanitize;
pub mod unsupported;
pub mod validate;
pub mod wrappers;

use serde_json::Value;

use crate::config::Config;
use crate::overlay::OverlayError;
use crate::report::Report;
use crate::sbe::fields::Fields;
use crate::{sbe, stream};
use enums::Shared;

/// A corrected document and what is known about its operations from the published one.
#[derive(Debug, Clone)]
pub struct Corrected {
    /// The document that the crate is generated from, and that it carries.
    pub document: Value,
    /// Our operation id to the published one, where the published document has one.
    pub upstream_ids: std::collections::BTreeMap<String, Option<String>>,
    /// The corrections that do not fit.
    pub overlay_errors: Vec<OverlayError>,
    /// The corrected SBE schema.
    pub sbe: Option<Value>,
    /// `stream/fields.yaml`, read so that it fits.
    pub fields: Fields,
}

/// Runs every step.
pub fn correct(canonical: &Value, config: &Config, report: &mut Report) -> Corrected {
    let mut document = canonical.clone();
    let (_, overlay_errors) = published(&mut document, config, report);
    let schema = document
        .as_object_mut()
        .and_then(|members| members.remove(sbe::MEMBER));
    let published = names::schemas(&mut document, &config.names, report);
    wrappers::hoist(&mut document, report);
    wrappers::unnamed(&document, report);
    let upstream_ids = names::operations(&mut document, &config.names, report);
    stream::operations(&mut document, report);
    inline::name(&mut document, &published, report);
    prefix::prefix(&mut document, report);
    errors::declare(&mut document);
    let mut document = crate::canonical::sorted(&document);
    let fields = match &schema {
        Some(schema) => sbe::settle(schema, &config.fields, &mut document, report),
        None => Fields::default(),
    };
    Corrected {
        document,
        upstream_ids,
        overlay_errors,
        sbe: schema,
        fields,
    }
}

/// The inline enumerations of a document that are one type with a component.
pub fn shared(canonical: &Value, config: &Config) -> Shared {
    published(&mut canonical.clone(), config, &mut Report::default()).0
}

/// The steps that know published names.
fn published(document: &mut Value, config: &Config, report: &mut Report) -> (Shared, Vec<OverlayError>) {
    let overlay_errors = config.corrections.apply(document, &config.renames);
    for error in &overlay_errors {
        report.overlay_error(error);
    }
    stream::unify(document, &config.names, report);
    normalize::normalize(document, report);
    sanitize::sanitize(document, report);
    unsupported::remove(document, report);
    validate::validate(document, report);
    stream::settle(document, &config.names, report);
    annotate::annotate(document, config, report);
    describe::describe(document, &config.descriptions, report);
    let shared = enums::share(document, &config.names, &config.shared, report);
    (shared, overlay_errors)
}
