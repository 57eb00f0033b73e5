//! The whole way, on small documents of our own: from a published document to the generated files.

mod common;

use serde_json::{Value, json};
use xtask::config::Config;
use xtask::overlay::Overlay;
use xtask::report::Report;
use xtask::{generate, reshape, source};

use common::places;

fn config() -> Config {
    Config::default()
}

fn document(paths: Value, schemas: Value) -> Value {
    json!({"openapi": "3.0.0", "info": {"title": "T", "version": "1.2.3"},
           "servers": [{"url": "https://host/v1"}], "paths": paths,
           "components": {"schemas": schemas,
                          "securitySchemes": {"B": {"type": "apiKey", "in": "header", "name": "Authorization"}}}})
}

fn response(schema: Value) -> Value {
    json!({"200": {"content": {"application/json": {"schema": schema}}}})
}

/// Generates with this configuration and gives all code in one text, white space folded.
fn generated(document: &Value, config: &Config) -> String {
    let mut report = Report::default();
    let loaded = source::parse(document.to_string().as_bytes(), "x", "2026-01-01").unwrap();
    let corrected = reshape::correct(&loaded.document, config, &mut report);
    let files = generate::generate(&corrected, config).unwrap();
    let code: Vec<&str> = files
        .iter()
        .filter(|(name, _)| name.ends_with(".rs"))
        .map(|(_, text)| text.as_str())
        .collect();
    code.join("\n").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn assert_has(code: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(code.contains(wanted), "{wanted}\nis not in\n{code}");
    }
}

#[test]
fn enumerations_are_open_and_derive_nothing_closed() {
    let document = document(
        json!({"/a": {"get": {"operationId": "get-a", "responses": response(json!({"$ref": "#/components/schemas/Kind"}))}}}),
        json!({"Kind": {"type": "string", "enum": ["STOP_LIMIT", "1h", "UNKNOWN"]}}),
    );
    let code = generated(&document, &config());
    assert_has(
        &code,
        &[
            "#[non_exhaustive] pub enum Kind {",
            "Unknown(UnknownValue),",
            "StopLimit = \"STOP_LIMIT\"",
            "N1h = \"1h\"",
            // Upstream's own UNKNOWN does not take the place of ours.
            "Unknown2 = \"UNKNOWN\"",
        ],
    );
    assert!(!code.contains("derive(::serde"), "{code}");
}

#[test]
fn values_do_not_become_doc_tests() {
    let odd = "x`\n\n```\nstd::process::exit(1)\n```\n\n    indented()";
    let mut document = document(
        json!({"/a": {"get": {"operationId": odd, "responses": response(json!({"$ref": "#/components/schemas/Kind"}))}}}),
        json!({"Kind": {"type": "string", "enum": [odd, "``"]}}),
    );
    document["info"]["version"] = json!(odd);
    let mut report = Report::default();
    let loaded = source::parse(document.to_string().as_bytes(), "x", "2026-01-01").unwrap();
    let config = Config {
        retired: serde_json::from_value(json!([
            {"enum": "Kind", "value": format!("{odd}2"), "variant": "Old", "gone": odd, "keep_until": "2027-01"}]))
        .unwrap(),
        ..config()
    };
    let corrected = reshape::correct(&loaded.document, &config, &mut report);
    let files = generate::generate(&corrected, &config).unwrap();
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".rs")) {
        for line in text.lines().map(str::trim_start) {
            let words = line
                .strip_prefix("///")
                .or_else(|| line.strip_prefix("//!"))
                .unwrap_or_default();
            assert!(
                !words.trim_start().starts_with("```") && !words.starts_with("     "),
                "{name}: {line}"
            );
        }
    }
}

#[test]
fn values_are_named_as_configured() {
    let document = document(
        json!({"/a": {"get": {"operationId": "get-a", "responses": response(json!({"$ref": "#/components/schemas/Kind"}))}}}),
        json!({"Kind": {"type": "string", "enum": ["1h"]}}),
    );
    let mut config = config();
    config.names = xtask::yaml::read("{operations: {}, schemas: {}, values: {Kind: {1h: OneHour}}}").unwrap();
    assert_has(&generated(&document, &config), &["OneHour = \"1h\""]);
}

#[test]
fn decimals_secrets_and_rows_get_their_types() {
    let document = document(
        json!({"/a": {"get": {"operationId": "get-a", "responses": response(json!({"$ref": "#/components/schemas/S"}))}}}),
        json!({"S": {"type": "object", "properties": {
            "price": {"type": "string"}, "api_token": {"type": "string"}, "plain": {"type": "string", "maxLength": 3},
            "count": {"type": "integer", "minimum": 1},
            "asks": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}}}}),
    );
    let mut config = config();
    config.decimals = xtask::yaml::read("{fields: {S: [price]}, rows: {S: {asks: PriceLevel}}}").unwrap();
    config.secrets = xtask::yaml::read("{fields: {S: [api_token]}, headers: [], public: {}}").unwrap();
    let code = generated(&document, &config);
    assert_has(
        &code,
        &[
            "pub price: Option<Decimal>",
            "pub api_token: Option<Secret>",
            "pub asks: Vec<PriceLevel>",
            // A limit is no type: a response that breaks it is still a response.
            "pub plain: Option<String>",
            "pub count: Option<i64>",
            "secret_response: true",
        ],
    );
}

#[test]
fn request_types_have_constructors_and_response_types_have_none() {
    let document = document(
        json!({"/a": {"post": {"operationId": "create-a",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}}},
            "responses": response(json!({"$ref": "#/components/schemas/Out"}))}}}),
        json!({"In": {"type": "object", "required": ["list", "name"], "properties": {
                   "list": {"type": "array", "items": {"type": "string"}}, "name": {"type": "string"},
                   "note": {"type": "string", "default": "today"}}},
               "Out": {"type": "object", "properties": {"x": {"type": "integer"}}}}),
    );
    let code = generated(&document, &config());
    assert_has(
        &code,
        &[
            "pub fn new(list: Vec<String>, name: impl Into<String>) -> Self",
            "pub fn note(mut self, value: impl Into<String>) -> Self",
            // Required and empty is sent; it is not the same as absent.
            "entries.required(\"list\", &self.list)?;",
            "const STRICT: bool = true;",
            "body: Body::Json",
            "pub fn body(self, value: types::In) -> Self",
        ],
    );
    assert!(!code.contains("impl Out { #[doc"), "{code}");
    assert!(
        !code.contains("today"),
        "a default of upstream is not sent: {code}"
    );
}

#[test]
fn calls_all_end_in_the_same_send() {
    let document = document(
        json!({"/a/{id}": {"get": {"operationId": "getThing", "security": [{"B": []}], "parameters": [
            {"name": "size", "in": "query", "schema": {"type": "integer", "maximum": 50}},
            {"name": "cursor", "in": "query", "schema": {"type": "string"}},
            {"name": "page_size", "in": "query", "schema": {"type": "integer", "maximum": 50}},
            {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
            {"name": "X-SIGNATURE", "in": "header", "required": true, "schema": {"type": "string"}}],
            "responses": {"204": {}}}}}),
        json!({}),
    );
    let mut config = config();
    config.secrets = xtask::yaml::read("{fields: {}, headers: [X-SIGNATURE], public: {}}").unwrap();
    let code = generated(&document, &config);
    assert_has(
        &code,
        &[
            "pub async fn send(self) -> Result<Response<()>, Error> { self.0.send().await }",
            "pub fn size(self, value: i64) -> Self { Self(self.0.set(3usize, value.to_string())) }",
            "pub fn x_signature(self, value: Secret) -> Self { Self(self.0.set_secret(4usize, value)) }",
            "path: \"/v1/a/{id}\"",
            "upstream_id: Some(\"getThing\")",
            "security: Security::Bearer",
            "Parameter::new(\"id\", Location::Path, true)",
            "paging: Paging::Cursor { max_page_size: Some(50u32), }",
        ],
    );
    for leftover in ["api-version", "progenitor", "baseurl", "encode_path"] {
        assert!(!code.contains(leftover), "{leftover} in {code}");
    }
}

#[test]
fn same_input_gives_the_same_bytes() {
    let document = document(
        json!({"/a": {"get": {"operationId": "get-a", "responses": response(json!({"$ref": "#/components/schemas/S"}))}}}),
        json!({"S": {"type": "object", "properties": {"m": {"type": "object", "additionalProperties": {"type": "string"}}}}}),
    );
    assert_eq!(generated(&document, &config()), generated(&document, &config()));
}

#[test]
fn unsupported_document_ends_in_an_error_message() {
    // As if no step before had looked at it.
    let corrected = reshape::Corrected {
        document: document(
            json!({"/a": {"get": {"operationId": "get-a", "parameters": [
                {"name": "a_b", "in": "query", "schema": {"type": "string"}},
                {"name": "aB", "in": "query", "schema": {"type": "string"}}], "responses": {"200": {}}}}}),
            json!({}),
        ),
        upstream_ids: std::collections::BTreeMap::new(),
        overlay_errors: Vec::new(),
        sbe: None,
        fields: <_>::default(),
    };
    let error = generate::generate(&corrected, &config()).unwrap_err();
    assert!(!format!("{error:#}").is_empty());
}

#[test]
fn odd_values_do_not_panic() {
    let thing = json!({"$ref": "#/components/schemas/Thing"});
    let document = document(
        json!({"/a/{id}": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "post": {"operationId": "post-a", "security": [{"B": []}],
                "parameters": [{"name": "X-SIGNATURE", "in": "header", "schema": {"type": "string"}},
                               {"name": "step", "in": "query", "schema": {"type": "string", "enum": ["1", "2"]}},
                               {"name": "size", "in": "query", "schema": {"type": "string"}}],
                "requestBody": {"required": true, "content": {"application/json": {"schema": thing}}},
                "responses": response(json!({"allOf": [{"$ref": "#/components/schemas/Page"},
                    {"type": "object", "properties": {"results": {"type": "array", "items": thing}}}]}))}}}),
        json!({"Page": {"type": "object", "properties": {"next": {"type": "string"}}},
               "Kind": {"type": "string", "enum": ["A"]},
               "Thing": {"type": "object", "required": ["price"], "properties": {
                   "price": {"type": "string"}, "token": {"type": "string"}, "kind": {"$ref": "#/components/schemas/Kind"},
                   "asks": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}}}}),
    );
    let config = Config {
        corrections: Overlay::parse(
            "overlay: 1.0.0\ninfo: {}\nactions:\n- description: why\n  target: $.paths['/a/{id}'].post\n  update: {security: [{}]}",
        )
        .unwrap(),
        decimals: xtask::yaml::read(
            "{fields: {Thing: [price]}, parameters: {'POST /a/{id}': [size]}, rows: {Thing: {asks: PriceLevel}}}",
        )
        .unwrap(),
        descriptions: xtask::yaml::read(
            "{operations: {'POST /a/{id}': {summary: s, details: d, parameters: {id: i, step: s, size: s}}}, \
             schemas: {Thing: {description: d, fields: {price: p, token: t, kind: k, asks: a}}, \
             Kind: {description: d, values: {A: a}}}}",
        )
        .unwrap(),
        names: xtask::yaml::read(
            "{operations: {'POST /a/{id}': post-thing}, schemas: {Thing: Item}, \
             enums: {Step: ['POST /a/{id} step']}}",
        )
        .unwrap(),
        secrets: xtask::yaml::read("{fields: {Thing: [token]}, headers: [X-SIGNATURE], public: {}}").unwrap(),
        ..Config::default()
    };
    let mut all = Vec::new();
    places(&document, String::new(), &mut all);
    for place in all {
        for odd in [
            json!(null),
            json!(true),
            json!(7),
            json!("x"),
            json!([]),
            json!({}),
            json!([7]),
            json!({"x": 7}),
        ] {
            let mut changed = document.clone();
            *changed.pointer_mut(&place).unwrap() = odd;
            let mut report = Report::default();
            // Both ways in: a canonical document, and one that is as published.
            if let Ok(loaded) = source::parse(changed.to_string().as_bytes(), "x", "2026-01-01") {
                let mut corrected = reshape::correct(&loaded.document, &config, &mut report);
                reshape::errors::ensure(&mut corrected.document, &mut report);
            }
            reshape::correct(&changed, &config, &mut report);
        }
    }
}
