//! A crate that is generated from a document of another kind compiles, or the document is refused by name.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};
use xtask::tasks::Outcome;

use common::{alone_with_the_compiler, place, small, take_in};

fn response(schema: Value) -> Value {
    json!({"200": {"content": {"application/json": {"schema": schema}}}})
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// Every kind of response, and every name and form that has been a stumbling block.
fn document() -> Value {
    let mut paths = Map::new();
    let thing = reference("Thing");
    let lists = [
        json!({"type": "array", "items": {"type": "string"}}),
        json!({"type": "array", "items": thing}),
        json!({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}),
    ];
    let scalars = ["string", "integer", "number", "boolean"].map(|kind| json!({ "type": kind }));
    let objects = [
        json!({}),
        json!({"type": "object"}),
        json!({"type": "object", "additionalProperties": {"type": "string"}}),
        json!({"type": "object", "additionalProperties": thing}),
        json!({"type": "object", "additionalProperties": {"type": "array", "items": thing}}),
        json!({"type": "object", "properties": {"inline": {"type": "object", "properties": {"x": {"type": "string"}}}}}),
        json!({"type": "string", "nullable": true}),
        json!({"type": "string", "enum": ["in", "line"]}),
        json!({"allOf": [thing, {"type": "object", "properties": {"more": {"type": "integer"}}}]}),
        json!({"oneOf": [thing, {"type": "string"}]}),
        reference("Text"),
        reference("Kinds"),
        reference("Gone"),
    ];
    for (index, schema) in lists.into_iter().chain(scalars).chain(objects).enumerate() {
        let responses = response(schema);
        paths.insert(
            format!("/responses/{index}"),
            json!({"get": {"operationId": format!("response-{index}"), "responses": responses}}),
        );
    }
    for name in [
        "base_url",
        "with-transport",
        "new",
        "clone",
        "all",
        "find",
        "client",
        "error",
        "response",
        "result",
        "self",
        "2fa",
        "type",
        "builder",
        "types",
        "operations",
        "bytes",
        "Secret",
        "ok",
        "send",
        "Debug",
    ] {
        paths.insert(
            format!("/names/{name}"),
            json!({"get": {"operationId": name, "responses": {"204": {}}}}),
        );
    }
    let parameter =
        |name: &str, place: &str, schema: Value| json!({"name": name, "in": place, "schema": schema});
    let text = json!({"type": "string"});
    let parameters: Vec<Value> = [
        "send",
        "clone",
        "new",
        "type",
        "self",
        "value",
        "operation",
        "2fa",
        "X-Y",
        "fmt",
        "to_string",
        "set",
    ]
    .map(|name| parameter(name, "query", text.clone()))
    .into();
    paths.insert(
        "/parameters".to_owned(),
        json!({"get": {"operationId": "parameters", "parameters": parameters, "responses": {"204": {}}}}),
    );
    paths.insert(
        "/odd/{id}".to_owned(),
        json!({"parameters": [{"$ref": "#/components/parameters/Id"}],
               "head": {"responses": {"200": {}}},
               "get": {"parameters": [
                   parameter("list", "query", json!({"type": "array", "items": text})),
                   parameter("object", "query", thing.clone()),
                   parameter("kind", "query", json!({"type": "string", "enum": ["a", "A", "b"]})),
                   parameter("price", "query", json!({"type": "number"})),
                   parameter("session", "cookie", text.clone()),
                   {"name": "json", "in": "query", "content": {"application/json": {"schema": thing}}}],
                   "responses": {"200": {"$ref": "#/components/responses/Shared"}, "201": {"content": {"text/plain": {}}}}},
               "post": {"requestBody": {"content": {"application/json": {"schema": reference("Both")},
                                                    "application/xml": {"schema": reference("Both")}}},
                        "responses": {"default": {"content": {"application/json": {"schema": reference("Both")}}}}},
               "put": {"requestBody": {"$ref": "#/components/requestBodies/Gone"}, "responses": {"204": {}}}}),
    );
    paths.insert(
        "/file/{id}.json".to_owned(),
        json!({"get": {"responses": {"200": {}}}}),
    );
    paths.insert(
        "/v1/parameters".to_owned(),
        json!({"get": {"responses": {"200": {}}}}),
    );
    paths.insert(
        "/picture".to_owned(),
        json!({"get": {"responses": {"200": {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}}}}),
    );
    let mut schemas = Map::new();
    for name in [
        "Secret",
        "Decimal",
        "BTreeMap",
        "Client",
        "Error",
        "Response",
        "Option",
        "Vec",
        "String",
        "Box",
        "Result",
        "Wire",
        "Record",
        "Fields",
        "Undecoded",
        "Kline",
        "PriceLevel",
        "Self",
        "Default",
        "Into",
        "From",
        "Some",
        "Ok",
        "Value",
        "Call",
        "Debug",
        "Clone",
        "Serialize",
    ] {
        schemas.insert(
            format!("x.{name}"),
            json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "array", "items": thing}}}),
        );
    }
    let more = json!({
        "Thing": {"type": "object", "required": ["a"], "properties": {
            "a": {"type": "string"}, "Symbol": {"type": "string"}, "symbol": {"type": "string"},
            "type": {"type": "string"}, "self": {"type": "integer"}, "2nd": {"type": "boolean"}, "undecoded": text,
            "undecoded_": text, "name": true, "next": reference("Thing"), "any": {}, "kind": reference("Kinds")}},
        "Both": {"type": "object", "required": ["a", "list", "thing", "kind"], "properties": {
            "a": {"type": "string"}, "list": {"type": "array", "items": text}, "new": text, "undecoded": text,
            "thing": reference("Thing"), "kind": reference("Kinds"), "map": {"type": "object"}}},
        "Text": {"type": "string"},
        "Kinds": {"type": "string", "enum": ["a", "A", "b", "1", "", "known", "Unknown", "as_str", "Self"]}});
    schemas.extend(more.as_object().cloned().unwrap());
    json!({"openapi": "3.0.0", "info": {"title": "T", "version": "1"},
           "servers": [{"url": "https://host/v1"}, {"url": "https://host/v2"}], "paths": paths,
           "components": {"schemas": schemas,
               "parameters": {"Id": {"name": "id", "in": "path", "required": true, "schema": text}},
               "responses": {"Shared": {"content": {"application/json": {"schema": reference("Thing")}}}}}})
}

/// Names that would be something else than names in code, in documentation, on a terminal or in a request.
const HOSTILE: &[&str] = &[
    "fn",
    "crate",
    "async",
    "r#x",
    "*/ fn main() {} /*",
    "a\"; compile_error!(\"x\"); //",
    "a\nb",
    "a\rb",
    "a\\",
    "a\u{0}b",
    "a\u{1b}[2J",
    "\u{202e}b",
    "\u{2028}",
    "日本",
    " ",
    "{}",
    "{0}",
    "`",
    "#[x]",
    "-",
    "_",
    "$crate",
    "```\nlet x: () = 1;",
    "../../x",
    "a?b=c#d",
    "\u{1f600}",
];

/// Puts the hostile names wherever a document has names, and types that no type can be.
fn with_hostile_names(mut document: Value) -> Value {
    let text = json!({"type": "string"});
    let fields: Map<String, Value> = HOSTILE
        .iter()
        .map(|name| ((*name).to_owned(), text.clone()))
        .collect();
    let mut parameters = Vec::new();
    for (index, name) in HOSTILE.iter().enumerate() {
        let place = ["query", "header"][index % 2];
        parameters.push(json!({"name": name, "in": place, "schema": text}));
        let pointer = name.replace('~', "~0").replace('/', "~1");
        document["paths"][format!("/hostile/{name}")] = json!({"get": {"responses": {"204": {}}}});
        document["paths"][format!("/hostile/{index}/{{{name}}}")] =
            json!({"get": {"responses": {"204": {}}}});
        document["paths"][format!("/hostile/id/{index}")] =
            json!({"get": {"operationId": name, "responses": response(reference(&pointer))}});
        document["components"]["schemas"][*name] = json!({"type": "object", "properties": {"x": text}});
    }
    document["paths"]["/hostile"] = json!({"post": {"parameters": parameters, "responses": {"200\n": {},
        "204": {}, "2\"*/": {"content": {"a\"*/\n": {"schema": text}}}}, "security": [{"\"*/": []}]}});
    let schemas = &mut document["components"]["schemas"];
    schemas["HostileFields"] = json!({"type": "object", "properties": fields});
    schemas["HostileValues"] = json!({"type": "string", "enum": HOSTILE});
    schemas["Step"] = json!({"type": "integer", "enum": [1, 5, 15]});
    schemas["Alias"] = reference("Alias");
    schemas["Endless"] = json!({"type": "array", "items": reference("Endless")});
    schemas["One"] = json!({"allOf": [reference("Other"), {"type": "object", "properties": {"x": text}}]});
    schemas["Other"] = json!({"allOf": [reference("One"), {"type": "object", "properties": {"y": text}}]});
    schemas["Tree"] =
        json!({"type": "object", "properties": {"children": {"type": "array", "items": reference("Tree")}}});
    for name in [
        "HostileFields",
        "HostileValues",
        "Alias",
        "Endless",
        "One",
        "Other",
        "Tree",
        "Step",
    ] {
        document["paths"][format!("/hostile/type/{name}")] =
            json!({"get": {"responses": response(reference(name))}});
    }
    document["info"]["version"] = json!("1\"; fn x() {} //\n*/");
    document
}

/// Generates a crate and compiles it, without a warning.
fn assert_compiles(workspace: &Path, document: &Value) -> String {
    let _alone = alone_with_the_compiler();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let (outcome, printed) = take_in(workspace, document, false, Some(&out));
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    // In the manifest and not in RUSTFLAGS, which would compile the dependencies again for this test alone.
    let manifest = fs::read_to_string(out.join("Cargo.toml")).unwrap();
    let lints = "\n[lints.rust]\nwarnings = \"deny\"\ndead_code = \"allow\"\n";
    place(&out, "Cargo.toml", &(manifest + lints));
    // What the dependencies compile to is kept from run to run. TLS is left out, because it compiles long.
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compiles");
    let check = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "check",
            "--quiet",
            "--no-default-features",
            "--features",
            "schemars,stream,testing",
        ])
        .env("CARGO_TARGET_DIR", target)
        .current_dir(&out)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&check.stderr);
    assert!(check.status.success(), "{said}");
    printed
}

#[test]
fn crate_from_a_hostile_document_compiles() {
    let folder = small();
    let retired = "- enum: Retiring\n  value: GONE\n  variant: Gone\n  gone: '1'\n  keep_until: 2027-01\n";
    place(folder.path(), "openapi/retired.yaml", retired);
    let mut document = with_hostile_names(document());
    document["components"]["schemas"]["Retiring"] = json!({"type": "string", "enum": ["KEPT"]});
    document["paths"]["/retiring"] = json!({"get": {"responses": response(reference("Retiring"))}});
    let printed = assert_compiles(folder.path(), &document);
    for said in [
        "HEAD /odd/{id}",
        "GET /odd/{id}: parameter `list`",
        "`A` and `a`",
        "`Symbol` and `symbol`",
        "/file/{id}.json",
        "Thing.name is no schema",
        "POST /odd/{id} takes its body",
        "GET /odd/{id} responds with different bodies for 200 and 201",
        "\"a\\\"; compile_error!(\\\"x\\\"); //\" is not a name for a field",
        "path \"/hostile/a?b=c#d\" has characters",
        "schema `Endless` consists of itself",
    ] {
        assert!(printed.contains(said), "{said}\nis not in\n{printed}");
    }
    let tame = |c: char| c == '\n' || !c.is_control() && c != '\u{202e}' && c != '\u{2028}';
    assert!(printed.chars().all(tame), "{printed:?}");
}
