//! From Swagger 2.0 to OpenAPI 3.0, one construct at a time, and what is refused, by its place.

use serde_json::{Value, json};
use xtask::swagger2::convert;

/// A document with these members besides the usual ones.
fn document(members: Value) -> Value {
    let mut document = json!({"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": {}});
    for (key, value) in members.as_object().unwrap() {
        document[key] = value.clone();
    }
    document
}

/// The operation `POST /a`, converted, with these global members.
fn operation(operation: Value, members: Value) -> Value {
    let mut document = document(members);
    document["paths"] = json!({"/a": {"post": operation}});
    convert(&document).unwrap().document["paths"]["/a"]["post"].clone()
}

fn text() -> Value {
    json!({"type": "string"})
}

#[test]
fn host_base_path_and_schemes_become_servers() {
    let servers = |members: Value| convert(&document(members)).unwrap().document["servers"].clone();
    assert_eq!(
        servers(json!({"host": "api.example.com", "basePath": "/v1", "schemes": ["https"]})),
        json!([{"url": "https://api.example.com/v1"}])
    );
    assert_eq!(servers(json!({"basePath": "/v1"})), json!([{"url": "/v1"}]));
    assert_eq!(servers(json!({})), Value::Null);
}

#[test]
fn a_body_takes_the_types_that_are_consumed() {
    let body = json!({"parameters": [{"name": "order", "in": "body", "required": true, "schema": {"$ref": "#/definitions/Order"}}],
                      "responses": {}});
    let definitions =
        json!({"Order": {"type": "object", "properties": {"note": {"type": "string", "x-nullable": true}}}});
    let found = operation(
        body.clone(),
        json!({"definitions": definitions, "consumes": ["application/json"]}),
    );
    let order = json!({"schema": {"$ref": "#/components/schemas/Order"}});
    assert_eq!(
        found["requestBody"],
        json!({"required": true, "content": {"application/json": order}})
    );
    assert_eq!(found.get("parameters"), None);
    // Without a word it is JSON; what the operation says goes before what all say.
    let silent = operation(body.clone(), json!({"definitions": definitions}));
    assert_eq!(
        silent["requestBody"]["content"],
        json!({"application/json": order})
    );
    let mut own = body;
    own["consumes"] = json!(["application/xml"]);
    let own = operation(
        own,
        json!({"definitions": definitions, "consumes": ["application/json"]}),
    );
    assert_eq!(own["requestBody"]["content"], json!({"application/xml": order}));
    let converted = convert(&document(json!({"definitions": definitions})))
        .unwrap()
        .document;
    assert_eq!(
        converted["components"]["schemas"]["Order"]["properties"]["note"],
        json!({"type": "string", "nullable": true})
    );
}

#[test]
fn a_form_becomes_one_object() {
    let form = |consumes: &str, parameters: Value| {
        operation(
            json!({"consumes": [consumes], "parameters": parameters, "responses": {}}),
            json!({}),
        )["requestBody"]["content"][consumes]["schema"]
            .clone()
    };
    let name = json!({"name": "name", "in": "formData", "type": "string", "required": true});
    assert_eq!(
        form("application/x-www-form-urlencoded", json!([name])),
        json!({"type": "object", "required": ["name"], "properties": {"name": text()}})
    );
    let with_file = form(
        "multipart/form-data",
        json!([name, {"name": "picture", "in": "formData", "type": "file"}]),
    );
    assert_eq!(
        with_file["properties"]["picture"],
        json!({"type": "string", "format": "binary"})
    );
}

#[test]
fn answers_have_the_types_that_are_produced() {
    let answer = |produces: Value, response: Value| {
        operation(
            json!({"produces": produces, "responses": {"200": response}}),
            json!({"produces": ["application/json"]}),
        )["responses"]["200"]
            .clone()
    };
    let described = json!({"description": "d", "schema": text()});
    assert_eq!(
        answer(json!(["text/csv"]), described),
        json!({"description": "d", "content": {"text/csv": {"schema": text()}}})
    );
    assert_eq!(
        answer(
            json!(["image/png"]),
            json!({"description": "d", "schema": {"type": "file"}})
        )["content"],
        json!({"image/png": {"schema": {"type": "string", "format": "binary"}}})
    );
    assert_eq!(
        answer(json!([]), json!({"description": "d"})).get("content"),
        None
    );
}

#[test]
fn values_of_parameters_move_into_their_schema() {
    let found = operation(
        json!({"parameters": [
            {"name": "size", "in": "query", "type": "integer", "maximum": 50},
            {"name": "ids", "in": "query", "type": "array", "items": {"type": "string"}, "collectionFormat": "multi"},
            {"$ref": "#/parameters/Account"}], "responses": {"400": {"$ref": "#/responses/Oops"}}}),
        json!({"parameters": {"Account": {"name": "ACCOUNT", "in": "header", "required": true, "type": "string"}},
               "responses": {"Oops": {"description": "d"}}}),
    );
    let parameters = found["parameters"].as_array().unwrap();
    assert_eq!(
        parameters[0],
        json!({"name": "size", "in": "query", "schema": {"type": "integer", "maximum": 50}})
    );
    assert_eq!(parameters[1]["schema"], json!({"type": "array", "items": text()}));
    assert_eq!(parameters[2], json!({"$ref": "#/components/parameters/Account"}));
    assert_eq!(
        found["responses"]["400"],
        json!({"$ref": "#/components/responses/Oops"})
    );
}

#[test]
fn security_definitions_become_schemes() {
    let schemes = convert(&document(
        json!({"security": [{"Key": []}], "securityDefinitions": {
        "Key": {"type": "apiKey", "in": "header", "name": "Authorization"}, "Basic": {"type": "basic"}}}),
    ))
    .unwrap()
    .document;
    assert_eq!(
        schemes["components"]["securitySchemes"],
        json!({"Key": {"type": "apiKey", "in": "header", "name": "Authorization"}, "Basic": {"type": "http", "scheme": "basic"}})
    );
    assert_eq!(schemes["security"], json!([{"Key": []}]));
}

#[test]
fn a_reference_that_leads_nowhere_is_left_to_the_step_that_names_it() {
    let found = operation(
        json!({"responses": {"200": {"description": "d", "schema": {"$ref": "#/definitions/Gone"}}}}),
        json!({}),
    );
    let schema = &found["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(*schema, json!({"$ref": "#/definitions/Gone"}));
}

#[test]
fn what_is_lost_is_noted_with_its_place() {
    let mut document = document(json!({}));
    document["paths"] = json!({"/a": {"get": {"responses": {}, "unheard": 1}}});
    let notes = convert(&document).unwrap().notes;
    assert!(
        notes.iter().any(|note| note.contains("/paths/~1a/get/unheard")),
        "{notes:?}"
    );
}

#[test]
fn what_cannot_be_understood_is_refused_with_its_place() {
    let post = |post: Value| document(json!({"paths": {"/a": {"post": post}}}));
    let body = json!({"name": "b", "in": "body", "schema": {}});
    let mut deep = text();
    for _ in 0..120 {
        deep = json!({"type": "array", "items": deep});
    }
    for (document, place) in [
        (json!({"swagger": "1.2"}), "1.2"),
        (json!([]), "expected an object"),
        (document(json!({"paths": []})), "/paths"),
        (document(json!({"paths": {"a": {}}})), "/paths/a"),
        (document(json!({"schemes": ["gopher"]})), "/schemes/0"),
        (
            post(json!({"parameters": [body, {"name": "c", "in": "body", "schema": {}}], "responses": {}})),
            "/paths/~1a/post",
        ),
        (
            post(json!({"parameters": [{"name": "q", "in": "nowhere", "type": "string"}], "responses": {}})),
            "/paths/~1a/post/parameters/0/in",
        ),
        (
            post(json!({"parameters": [{"name": "q", "in": "query", "type": "thing"}], "responses": {}})),
            "/paths/~1a/post/parameters/0",
        ),
        (
            post(json!({"parameters": [{"$ref": "#/parameters/Gone"}], "responses": {}})),
            "/paths/~1a/post/parameters/0/$ref",
        ),
        (
            post(json!({"responses": {"many": {"description": ""}}})),
            "/paths/~1a/post/responses/many",
        ),
        (
            document(json!({"definitions": {"Deep": deep}})),
            "/definitions/Deep",
        ),
        (
            document(json!({"definitions": {"a b": {}, "a_b": {}}})),
            "/definitions/a",
        ),
    ] {
        let error = convert(&document).unwrap_err().to_string();
        assert!(error.contains(place), "{place}: {error}");
    }
}
