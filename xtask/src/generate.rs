//! From the corrected document to the files of the crate.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use quote::quote;
use serde_json::{Value, json};

use crate::config::Config;
use crate::document::{self, referred, text};
use crate::passes::{self, Model};
use crate::reshape::annotate::{DECIMAL, ROW, SECRET};
use crate::reshape::{Corrected, describe};
use crate::{sbe, stream};

/// The first line of every generated file.
const HEADER: &str = "// Written by `cargo xtask gen` from the documents under openapi/; edits are lost. To change it, change a\n\
                      // correction, a name or a description under openapi/, or a pass under xtask/, and run it again.\n\n";

/// The extension that lists the fields a response must have to count as a success.
const NEEDED: &str = "x-needed";

/// The format of a placeholder schema, and the type that replaces it in the generated code.
const CONVERSIONS: [(&str, &str); 4] = [
    (DECIMAL, "::rust_decimal::Decimal"),
    (SECRET, "crate::Secret"),
    ("row-PriceLevel", "crate::wire::PriceLevel"),
    ("row-Kline", "crate::wire::Kline"),
];

/// Generates the files of the crate, by their path inside it.
///
/// # Errors
///
/// progenitor refuses the document, or its output does not have the form that the passes know.
pub fn generate(corrected: &Corrected, config: &Config) -> anyhow::Result<BTreeMap<String, String>> {
    let mut files = texts(&code(&draft(corrected)?, corrected, config)?);
    files.extend(beside(corrected)?);
    Ok(files)
}

/// What progenitor makes of the document, before the passes. It takes longest, and depends on the document alone.
///
/// # Errors
///
/// progenitor refuses the document.
pub fn draft(corrected: &Corrected) -> anyhow::Result<syn::File> {
    run_progenitor(
        &simplified(&corrected.document),
        progenitor::InterfaceStyle::Builder,
    )
}

/// The files of Rust code that the passes make of the [`draft`], as syntax. A comparison needs no text.
///
/// # Errors
///
/// The draft does not have the form that the passes know.
pub fn code(
    draft: &syn::File,
    corrected: &Corrected,
    config: &Config,
) -> anyhow::Result<BTreeMap<String, syn::File>> {
    let model = Model::new(corrected, config);
    let types = passes::types::rewrite(draft, &model)?;
    let builders = passes::builders::rewrite(draft, &model)?;
    let operations = passes::operations::table(&model);
    let calls = passes::calls::table(&builders);
    let channels = passes::channels::tables(&model)?;

    let version = document::text(&corrected.document["info"], "version").unwrap_or("unknown");
    let date = config.date.as_deref().unwrap_or("unknown");
    let sbe = corrected.sbe.is_some().then(|| {
        quote! {
            #[cfg(feature = "stream")]
            pub mod sbe;
            #[cfg(all(feature = "stream", feature = "testing"))]
            pub mod sbe_encoder;
        }
    });
    let module = quote! {
        #![doc = "Code that `cargo xtask gen` wrote."]

        pub mod builder;
        mod client;
        pub mod operations;
        #sbe
        #[cfg(feature = "stream")]
        pub mod stream;
        pub mod types;

        /// `info.version` of the published document that this crate was generated from.
        pub const UPSTREAM_VERSION: &str = #version;

        /// The day on which that document was published or taken in, such as `2026-08-20`. It tells revisions with the same
        /// version apart.
        pub const UPSTREAM_DATE: &str = #date;

        /// The corrected OpenAPI document, as JSON.
        #[cfg(feature = "document")]
        pub const DOCUMENT: &str = include_str!("openapi.json");
    };
    let mut written = match &corrected.sbe {
        Some(schema) => sbe::code(schema, corrected)?,
        None => BTreeMap::new(),
    };
    let mut files = BTreeMap::new();
    let tokens = [
        ("src/generated/mod.rs", module),
        ("src/generated/types.rs", types),
        ("src/generated/builder.rs", builders.builder_module()),
        ("src/generated/client.rs", builders.client_module()),
        ("src/generated/operations.rs", operations),
        ("src/generated/stream.rs", channels),
        ("tests/wire/calls.rs", calls),
    ];
    written.extend(tokens.map(|(name, tokens)| (name.to_owned(), tokens)));
    for (name, tokens) in written {
        let file = syn::parse2(tokens).with_context(|| format!("the passes wrote no Rust for {name}"))?;
        files.insert(name, file);
    }
    Ok(files)
}

/// The texts of files of Rust code.
pub fn texts(files: &BTreeMap<String, syn::File>) -> BTreeMap<String, String> {
    let text = |file| format!("{HEADER}{}", spaced(&visible(&prettyplease::unparse(file))));
    files
        .iter()
        .map(|(name, file)| (name.clone(), text(file)))
        .collect()
}

/// The files beside the code: the document, and plain types for a benchmark.
///
/// # Errors
///
/// progenitor refuses the document.
pub fn beside(corrected: &Corrected) -> anyhow::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    if let Some(plain) = plain_types(corrected, "MarketList")? {
        files.insert("benches/plain/mod.rs".to_owned(), plain);
    }
    files.insert(
        "src/generated/openapi.json".to_owned(),
        crate::canonical::to_text(&carried(&corrected.document)),
    );
    Ok(files)
}

/// What progenitor makes of the document without any pass of ours, for comparison.
///
/// # Errors
///
/// progenitor refuses the document.
pub fn plain(corrected: &Corrected, style: progenitor::InterfaceStyle) -> anyhow::Result<String> {
    let file = without_passes(simplified(&corrected.document), style)?;
    Ok(prettyplease::unparse(&file))
}

fn without_passes(mut document: Value, style: progenitor::InterfaceStyle) -> anyhow::Result<syn::File> {
    document::walk_mut(&mut document, "", &mut |_, value| {
        if value.get("format").is_some() && text(value, "type") == Some("string") {
            *value = json!({"type": "string"});
        }
    });
    run_progenitor(&document, style)
}

/// The types that progenitor alone makes of one response, for the decoding benchmark.
fn plain_types(corrected: &Corrected, root: &str) -> anyhow::Result<Option<String>> {
    // Only what the response consists of, because progenitor takes its time for each type.
    let schemas = corrected.document.pointer("/components/schemas");
    let schema = schemas.and_then(|all| all.get(root)).into_iter();
    let mut kept = reachable(&corrected.document, schema);
    kept.insert(root.to_owned());
    let mut document = simplified(&corrected.document);
    if let Some(schemas) = document::schemas_mut(&mut document) {
        schemas.retain(|name, _| kept.contains(name));
    }
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        components.remove("requestBodies");
    }
    document["paths"] = json!({});
    let file = without_passes(document, progenitor::InterfaceStyle::Positional)?;
    // As text and back, so that words of several parts are one.
    let file = syn::parse_file(&prettyplease::unparse(&file))?;
    let items: BTreeMap<String, &syn::Item> = file
        .items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
            _ => None,
        })
        .flat_map(|(_, items)| items)
        .filter_map(|item| match item {
            syn::Item::Struct(item_struct) => Some((item_struct.ident.to_string(), item)),
            syn::Item::Enum(item_enum) => Some((item_enum.ident.to_string(), item)),
            _ => None,
        })
        .collect();
    let mut found: BTreeMap<String, &syn::Item> = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(name) = open.pop() {
        let Some(item) = items.get(&name) else {
            continue;
        };
        if found.insert(name, item).is_none() {
            let words = quote!(#item).to_string();
            open.extend(words.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
        }
    }
    if found.is_empty() {
        return Ok(None);
    }
    let items = found.values();
    let file = syn::parse2(quote! {
        #![doc = "What progenitor alone makes of one response: closed enumerations, decimals as texts."]
        #![allow(dead_code, missing_docs, clippy::all, reason = "it is here to be measured, not used")]

        #(#items)*
    })?;
    Ok(Some(format!("{HEADER}{}", spaced(&prettyplease::unparse(&file)))))
}

/// A crate of what progenitor alone makes of the document, to measure compile times against.
///
/// # Errors
///
/// progenitor refuses the document.
pub fn plain_crate(
    corrected: &Corrected,
    style: progenitor::InterfaceStyle,
) -> anyhow::Result<BTreeMap<String, String>> {
    let manifest = r#"[package]
name = "plain"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
bytes = "1"
futures-core = "0.3"
progenitor-client = "0.15.1"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "stream", "rustls"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
serde_urlencoded = "0.7"

[workspace]
"#;
    Ok(BTreeMap::from([
        ("Cargo.toml".to_owned(), manifest.to_owned()),
        ("src/lib.rs".to_owned(), plain(corrected, style)?),
    ]))
}

fn run_progenitor(document: &Value, style: progenitor::InterfaceStyle) -> anyhow::Result<syn::File> {
    let spec: openapiv3::OpenAPI = serde_json::from_value(document.clone())
        .context("the corrected document is no OpenAPI 3.0 that the openapiv3 crate reads")?;
    let mut settings = progenitor::GenerationSettings::new();
    settings
        .with_interface(style)
        .with_map_type("::std::collections::BTreeMap");
    for (format, rust) in CONVERSIONS {
        let marker = schemars08::schema::SchemaObject {
            instance_type: Some(schemars08::schema::InstanceType::String.into()),
            format: Some(format.to_owned()),
            ..Default::default()
        };
        settings.with_conversion(marker, rust, std::iter::empty());
    }
    let mut generator = progenitor::Generator::new(&settings);
    // progenitor asserts where it meets what it does not support. `check` finds the cases that are
    // known; what is left must still not end in a backtrace.
    let tokens = quietly(|| generator.generate_tokens(&spec))
        .map_err(|panic| anyhow::anyhow!("progenitor gave up without naming an operation: {panic}"))?
        .map_err(|error| anyhow::anyhow!("progenitor refused the document: {error}"))?;
    syn::parse2(tokens).context("progenitor wrote no Rust")
}

/// Runs something that may panic, without its message on the terminal.
fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    std::panic::set_hook(hook);
    outcome.map_err(|panic| {
        panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "a panic without a message".to_owned())
    })
}

/// The document without what progenitor must not build into the code: prose, limits, defaults, security
/// and error responses. Decimals, secrets and rows become markers that are converted to types.
fn simplified(document: &Value) -> Value {
    let (requests, responses) = directions(document);
    let strict: BTreeSet<_> = requests.difference(&responses).collect();
    let mut document = document.clone();
    document["servers"] = json!([]);
    for (_, operation) in document::operations_mut(&mut document) {
        simplify_operation(operation);
    }
    if let Some(schemas) = document::schemas_mut(&mut document) {
        for (name, schema) in schemas {
            if !strict.contains(name) {
                let needed = needed(schema, false);
                limit_required(schema, &needed);
            }
            simplify_schema(schema);
        }
    }
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        components.remove("securitySchemes");
        components.remove("responses");
        components.remove("parameters");
    }
    let bodies = document
        .pointer_mut("/components/requestBodies")
        .and_then(Value::as_object_mut);
    for (_, body) in bodies.into_iter().flatten() {
        simplify_content(body);
    }
    document
}

fn simplify_operation(operation: &mut Value) {
    let Some(members) = operation.as_object_mut() else {
        return;
    };
    for key in ["summary", "description", "security", "tags"] {
        members.remove(key);
    }
    let parameters = members.get_mut("parameters").and_then(Value::as_array_mut);
    parameters.into_iter().flatten().for_each(simplify_parameter);
    if let Some(body) = members.get_mut("requestBody") {
        simplify_content(body);
    }
    // progenitor wants one success; the crate decodes every 2xx in the same way.
    let success = success(members.get("responses")).map(|(_, response)| response.clone());
    let mut response = success.unwrap_or_else(|| json!({}));
    response["description"] = json!("");
    if let Some(headers) = response.as_object_mut() {
        headers.remove("headers");
    }
    limit_required(&mut response, &BTreeSet::new());
    simplify_content(&mut response);
    members.insert("responses".to_owned(), json!({"200": response}));
}

/// Leaves only these fields in every list of required ones.
fn limit_required(schema: &mut Value, needed: &BTreeSet<String>) {
    document::walk_mut(schema, "", &mut |_, value| {
        if let Some(fields) = value.get_mut("required").and_then(Value::as_array_mut) {
            fields.retain(|field| field.as_str().is_some_and(|field| needed.contains(field)));
        }
    });
}

/// The success response: the first with a body, or else the first.
pub fn success(responses: Option<&Value>) -> Option<(&String, &Value)> {
    let all: Vec<_> = document::entries(responses)
        .filter(|(status, _)| status.starts_with('2'))
        .collect();
    all.iter()
        .find(|(_, response)| response.get("content").is_some())
        .or(all.first())
        .copied()
}

fn simplify_parameter(parameter: &mut Value) {
    if let Some(members) = parameter.as_object_mut() {
        members.remove("description");
        if let Some(schema) = members.get_mut("schema") {
            simplify_schema(schema);
        }
    }
}

fn simplify_content(body: &mut Value) {
    let content = body.get_mut("content").and_then(Value::as_object_mut);
    for (_, media) in content.into_iter().flatten() {
        if let Some(schema) = media.get_mut("schema") {
            simplify_schema(schema);
        }
    }
}

fn simplify_schema(schema: &mut Value) {
    if let Some(row) = text(schema, ROW) {
        *schema = json!({"type": "string", "format": format!("row-{row}")});
        return;
    }
    if let Some([only]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice)
        && only.get("$ref").is_some()
        && schema.get("properties").is_none()
    {
        *schema = only.clone();
        return;
    }
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    let kept_format = members
        .get("format")
        .and_then(Value::as_str)
        .is_some_and(|format| [DECIMAL, SECRET, "binary"].contains(&format));
    members.retain(|key, _| {
        matches!(
            key.as_str(),
            "$ref"
                | "type"
                | "enum"
                | "properties"
                | "required"
                | "items"
                | "allOf"
                | "additionalProperties"
                | "nullable"
        ) || (key == "format" && kept_format)
    });
    if members.get("type").and_then(Value::as_str) != Some("string")
        || members
            .get("enum")
            .and_then(Value::as_array)
            .is_some_and(Vec::is_empty)
    {
        // Only texts are enumerations here; a new number must not fail a response.
        members.remove("enum");
    }
    for (key, value) in members {
        match key.as_str() {
            "properties" => {
                value
                    .as_object_mut()
                    .into_iter()
                    .flatten()
                    .for_each(|(_, schema)| simplify_schema(schema));
            }
            "items" | "additionalProperties" => simplify_schema(value),
            "allOf" => {
                value
                    .as_array_mut()
                    .into_iter()
                    .flatten()
                    .for_each(simplify_schema);
            }
            _ => {}
        }
    }
}

/// The fields that a schema requires.
pub fn required(schema: &Value) -> BTreeSet<String> {
    let mut all = names(schema.get("required"));
    let parts = schema.get("allOf").and_then(Value::as_array);
    for part in parts.into_iter().flatten() {
        all.extend(names(part.get("required")));
    }
    all
}

/// The fields without which a record is not read: of a request those that it requires; of a response only
/// those that a correction marks, because one value must not fail a response.
pub fn needed(schema: &Value, strict: bool) -> BTreeSet<String> {
    if strict {
        required(schema)
    } else {
        names(schema.get(NEEDED))
    }
}

fn names(list: Option<&Value>) -> BTreeSet<String> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The components that request bodies reach, and those that responses reach.
pub fn directions(document: &Value) -> (BTreeSet<String>, BTreeSet<String>) {
    let of = |key: &'static str| {
        document::operations(document).filter_map(move |(_, operation)| operation.get(key))
    };
    // Bodies can stand in components.
    let shared = document.pointer("/components/requestBodies");
    let methods = |part| stream::methods(document).filter_map(move |(_, method)| method.get(part));
    let payloads = stream::channels(document).filter_map(|(_, channel)| channel.get("payload"));
    (
        reachable(document, of("requestBody").chain(shared).chain(methods("params"))),
        reachable(document, of("responses").chain(methods("result")).chain(payloads)),
    )
}

/// The components that only channels and methods of the WebSocket API reach.
pub fn only_streamed(document: &Value) -> BTreeSet<String> {
    let streamed = reachable(document, document.get(stream::MEMBER).into_iter());
    let components = document.get("components").and_then(Value::as_object);
    // A component that nothing reaches has its type too, and with it what it consists of.
    let others = components
        .into_iter()
        .flatten()
        .filter(|(kind, _)| *kind != "schemas");
    let unreached = document::schemas(document).filter(|(name, _)| !streamed.contains(*name));
    let kept = document
        .get("paths")
        .into_iter()
        .chain(others.map(|(_, all)| all))
        .chain(unreached.map(|(_, schema)| schema));
    let kept = reachable(document, kept);
    streamed.difference(&kept).cloned().collect()
}

/// The document as the crate carries it: valid OpenAPI, without the helpers of this program.
fn carried(document: &Value) -> Value {
    let mut document = document.clone();
    document::walk_mut(&mut document, "", &mut |_, value| {
        if let Some(members) = value.as_object_mut() {
            members.remove(describe::VALUES);
            members.remove(NEEDED);
        }
    });
    for (_, operation) in document::operations_mut(&mut document) {
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (_, response) in responses.into_iter().flatten() {
            if let Some(members) = response.as_object_mut() {
                members.entry("description").or_insert_with(|| json!("Success."));
            }
        }
    }
    document
}

/// The schemas that can be reached from a set of values.
pub fn reachable<'a>(document: &'a Value, from: impl Iterator<Item = &'a Value>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Value> = from.collect();
    let schemas = document.pointer("/components/schemas");
    while let Some(value) = open.pop() {
        document::walk(value, &mut |value| {
            if let Some(name) = referred(value)
                && !found.contains(name)
            {
                found.insert(name.to_owned());
                open.extend(schemas.and_then(|all| all.get(name)));
            }
        });
    }
    found
}

/// Writes characters that cannot be seen as escapes: where they stand in code, it is in a literal.
fn visible(code: &str) -> String {
    if !code.contains(crate::report::is_invisible) {
        return code.to_owned();
    }
    code.chars()
        .map(|c| match crate::report::is_invisible(c) {
            true => c.escape_unicode().to_string(),
            false => c.to_string(),
        })
        .collect()
}

/// Puts an empty line between items and between methods; prettyplease writes none.
fn spaced(code: &str) -> String {
    let mut text = String::with_capacity(code.len() + code.len() / 50);
    let mut lines = code.lines().peekable();
    while let Some(line) = lines.next() {
        text.push_str(line);
        text.push('\n');
        let ends = matches!(line, "}" | "    }" | "};" | "    };");
        let more = lines
            .peek()
            .is_some_and(|next| !next.is_empty() && !next.trim_start().starts_with('}'));
        if ends && more {
            text.push('\n');
        }
    }
    text
}

/// Fails if a name is no Rust identifier.
///
/// # Errors
///
/// It is none.
pub fn ident(name: &str) -> anyhow::Result<syn::Ident> {
    match syn::parse_str::<syn::Ident>(name) {
        Ok(ident) => Ok(ident),
        Err(_) if name.is_empty() => bail!("an empty name is no Rust identifier"),
        Err(_) => {
            syn::parse_str(&format!("{name}_")).with_context(|| format!("`{name}` makes no Rust identifier"))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::only_streamed;

    #[test]
    fn type_that_rest_uses_is_not_only_streamed() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let with = |name: &str| json!({"type": "object", "properties": {"a": {"type": "array", "items": reference(name)}}});
        let document = json!({
            "paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {"schema": reference("Rest")}}}}}}},
            "components": {
                "schemas": {
                    "Rest": with("Both"),
                    "Both": {"type": "string"},
                    "Error": {"type": "object"},
                    "Event": with("Part"),
                    "Part": with("Both"),
                    "Params": with("Error"),
                    "Unused": with("UsedByUnused"),
                    "UsedByUnused": {"type": "object"},
                },
                "responses": {"400": {"content": {"application/json": {"schema": reference("Error")}}}},
            },
            "x-stream": {
                "channels": {"a": {"payload": reference("Event")}, "b": {"payload": reference("UsedByUnused")}},
                "methods": {"c": {"params": reference("Params")}},
            },
        });
        assert_eq!(
            only_streamed(&document).into_iter().collect::<Vec<_>>(),
            ["Event", "Params", "Part"]
        );
    }
}
