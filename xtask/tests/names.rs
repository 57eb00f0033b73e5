//! Names and identities of types: they collide with nothing, and they stay from revision to revision.

mod common;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use xtask::diff::print::Format;
use xtask::tasks::{Diff, Gen, Outcome, run_diff};

use common::{bare, place, run, small, take_in, vendored};

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn response(schema: Value) -> Value {
    json!({"200": {"content": {"application/json": {"schema": schema}}}})
}

fn texts(values: &[&str]) -> Value {
    json!({"type": "string", "enum": values})
}

/// A list of orders inside an envelope.
fn orders_in(envelope: &str) -> Value {
    json!({"allOf": [reference(envelope),
        {"type": "object", "properties": {"results": {"type": "array", "items": reference("responses.Order")}}}]})
}

/// A document with an enumeration and a copy of it, and with a list.
fn document() -> Value {
    json!({"openapi": "3.0.0", "info": {"title": "T", "version": "1.0.0"},
        "servers": [{"url": "https://host/v1"}],
        "paths": {"/orders": {"get": {"operationId": "list-orders",
            "parameters": [{"name": "status", "in": "query", "schema": texts(&["CLOSED", "OPEN"])}],
            "responses": response(orders_in("responses.Plain"))}}},
        "components": {"schemas": {
            "responses.ApiError": {"type": "object", "properties": {
                "error": reference("responses.ErrorCode"), "message": {"type": "string"}, "data": {}}},
            "responses.ErrorCode": texts(&["UNSPECIFIED"]),
            "responses.Order": {"type": "object", "properties": {
                "id": {"type": "string"}, "status": reference("responses.OrderStatus")}},
            "responses.OrderStatus": texts(&["CLOSED", "OPEN"]),
            "responses.Plain": {"type": "object", "properties": {"results": {}}},
            "responses.Paged": {"type": "object", "properties": {
                "next": {"type": "string"}, "prev": {"type": "string"}, "results": {}}}}}})
}

const STATUS: &str = "/components/schemas/responses.OrderStatus/enum";
const COPY: &str = "/paths/~1orders/get/parameters/0/schema/enum";

fn with(pointer: &str, value: Value) -> Value {
    changed(&document(), pointer, value)
}

fn changed(document: &Value, pointer: &str, value: Value) -> Value {
    let mut document = document.clone();
    match document.pointer_mut(pointer) {
        Some(slot) => *slot = value,
        None => {
            let (parent, last) = pointer.rsplit_once('/').unwrap();
            document.pointer_mut(parent).unwrap()[last] = value;
        }
    }
    document
}

/// A workspace that has taken in this document and nothing else.
fn workspace_of(document: &Value) -> tempfile::TempDir {
    let folder = bare();
    for (name, text) in [
        ("corrections", "overlay: 1.0.0\ninfo: {}\nactions: []\n"),
        ("decimals", "fields: {}\n"),
        ("descriptions", "operations: {}\nschemas: {}\n"),
        ("names", "operations: {}\nschemas: {}\nenums: {}\n"),
        ("secrets", "fields: {}\nheaders: []\npublic: {}\n"),
        ("retired", ""),
    ] {
        place(folder.path(), &format!("openapi/{name}.yaml"), text);
    }
    let (outcome, printed) = take_in(folder.path(), document, true, None);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    folder
}

fn openapi(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join("openapi").join(name)).unwrap()
}

fn types(folder: &Path) -> String {
    fs::read_to_string(folder.join("paradex-api/src/generated/types.rs")).unwrap()
}

fn compared(workspace: &Path, old: &Value, new: &Value) -> String {
    let documents = tempfile::tempdir().unwrap();
    let file = |name: &str, document: &Value| {
        place(documents.path(), name, &document.to_string());
        documents.path().join(name).to_str().unwrap().to_owned()
    };
    let task = Diff {
        old: file("old.json", old),
        new: file("new.json", new),
        format: Format::Text,
    };
    let mut printed = Vec::new();
    run_diff(workspace, &task, &mut printed).unwrap();
    String::from_utf8(printed).unwrap()
}

/// Takes the second document in after the first, and holds the report of `gen` and of `diff` to these words. What was
/// written is what a later run writes again.
#[track_caller]
fn assert_taken_in(old: &Value, new: &Value, said: &[&str], never: &[&str]) -> tempfile::TempDir {
    let folder = workspace_of(old);
    let between = compared(folder.path(), old, new);
    let (outcome, printed) = take_in(folder.path(), new, true, None);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    for page in [&printed, &between] {
        for said in said {
            assert!(page.contains(said), "{said}\nis not in\n{page}");
        }
        for never in never {
            assert!(!page.contains(never), "{never}\nis in\n{page}");
        }
    }
    let check = Gen {
        check: true,
        ..Gen::default()
    };
    let (outcome, printed) = run(folder.path(), &check);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    folder
}

#[test]
fn enumeration_and_its_copy_stay_one_type_while_one_has_all_values_of_the_other() {
    let more = json!(["CLOSED", "NEW", "OPEN"]);
    for (pointer, kind) in [(STATUS, "component"), (COPY, "copy")] {
        let new = with(pointer, more.clone());
        let folder = assert_taken_in(&document(), &new, &["Verdict: minor"], &["rust-method-changed"]);
        let names = openapi(folder.path(), "names.yaml");
        assert!(
            names.contains("responses.OrderStatus: [GET /orders status]"),
            "{kind}: {names}"
        );
        // The next revision does not split them either, and when they are equal again nothing happens.
        for (pointer, values, verdict) in [
            (COPY, json!(["CLOSED", "NEW", "OPEN"]), "Verdict: "),
            (
                STATUS,
                json!(["CLOSED", "NEW", "OPEN", "UNTRIGGERED"]),
                "Verdict: minor",
            ),
        ] {
            let next = changed(&new, pointer, values);
            let (outcome, printed) = take_in(folder.path(), &next, true, None);
            assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
            assert!(!printed.contains("Verdict: major"), "{printed}");
            assert!(
                printed.contains(verdict) || printed.contains("Nothing changed"),
                "{printed}"
            );
        }
    }
}

#[test]
fn copy_that_splits_off_without_accept_is_named_and_the_entry_that_prevents_it_too() {
    let folder = workspace_of(&document());
    let new = with(STATUS, json!(["CLOSED", "NEW", "OPEN"]));
    let (outcome, printed) = take_in(folder.path(), &new, false, None);
    assert!(outcome.unwrap_err().contains("nothing was written"));
    for said in ["`GET /orders status`", "`responses.OrderStatus`", "names.yaml"] {
        assert!(printed.contains(said), "{said}\nis not in\n{printed}");
    }
}

#[test]
fn enumerations_that_have_nothing_in_common_any_more_are_two_types() {
    let new = changed(
        &with(STATUS, json!(["DONE", "OPEN"])),
        COPY,
        json!(["CLOSED", "PENDING"]),
    );
    let folder = assert_taken_in(&document(), &new, &["Verdict: major"], &[]);
    assert!(types(folder.path()).contains("pub enum ListOrdersStatus"));
}

#[test]
fn type_of_a_copy_that_becomes_equal_to_a_component_is_another_name_for_it() {
    let old = with(COPY, json!(["OPEN"]));
    let folder = assert_taken_in(
        &old,
        &document(),
        &["Verdict: minor", "`types::ListOrdersStatus`"],
        &["rust-method-changed", "rust-type-removed"],
    );
    let types = types(folder.path());
    assert!(
        types.contains("pub type ListOrdersStatus = OrderStatus;"),
        "{types}"
    );
    let retired = openapi(folder.path(), "retired.yaml");
    assert!(
        retired.contains("type: ListOrdersStatus\n  now: OrderStatus\n"),
        "{retired}"
    );
    // It stays when nothing changes, and the entry can be deleted.
    let (outcome, printed) = take_in(folder.path(), &document(), true, None);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    assert_eq!(openapi(folder.path(), "retired.yaml"), retired);
    place(folder.path(), "openapi/retired.yaml", "");
    assert_eq!(run(folder.path(), &Gen::default()).0, Ok(Outcome::Done));
    assert!(!self::types(folder.path()).contains("ListOrdersStatus"));
}

#[test]
fn list_that_gets_cursors_can_be_called_by_its_old_name() {
    let schema = "/paths/~1orders/get/responses/200/content/application~1json/schema";
    let new = with(schema, orders_in("responses.Paged"));
    let folder = assert_taken_in(
        &document(),
        &new,
        &["Verdict: minor", "`types::OrderList`"],
        &["rust-type-renamed", "rust-method-changed"],
    );
    let types = types(folder.path());
    assert!(types.contains("pub type OrderList = OrderPage;"), "{types}");
}

#[test]
fn schema_that_is_renamed_keeps_its_old_type_name_for_a_while() {
    let text = document()
        .to_string()
        .replace("responses.Order\"", "responses.Ticket\"");
    let new: Value = serde_json::from_str(&text).unwrap();
    let folder = assert_taken_in(&document(), &new, &["Verdict: minor"], &["rust-type-renamed"]);
    let types = types(folder.path());
    for alias in ["pub type Order = Ticket;", "pub type OrderList = TicketList;"] {
        assert!(types.contains(alias), "{alias}\nis not in\n{types}");
    }
}

#[test]
fn schema_that_is_renamed_breaks_nothing_before_its_new_name_is_accepted() {
    let folder = small();
    let text = vendored(folder.path()).to_string();
    let text = text.replace("responses.StakingStakeResp", "responses.StakeResp");
    let new: Value = serde_json::from_str(&text).unwrap();
    let (outcome, printed) = take_in(folder.path(), &new, false, None);
    let error = outcome.unwrap_err();
    assert!(
        error.starts_with("1 problem; nothing was written."),
        "{error}\n{printed}"
    );
    for said in [
        "Verdict: minor. ",
        "fixable: `responses.StakingStakeResp` was renamed to `responses.StakeResp`",
    ] {
        assert!(printed.contains(said), "{said}\nis not in\n{printed}");
    }
    // What is said about the schema under its old name holds for it: its amount is still a decimal.
    for never in ["undescribed", "rust-field-changed", "there is no field"] {
        assert!(!printed.contains(never), "{never}\nis in\n{printed}");
    }
}

#[test]
fn derived_name_that_meets_a_component_is_a_problem_and_compiles_all_the_same() {
    for (pointer, field, name) in [
        ("responses.Order", "status", "OrderStatus"),
        ("responses.Error", "code", "ErrorCode"),
    ] {
        let folder = workspace_of(&document());
        let mut new = document();
        let schemas = &mut new["components"]["schemas"];
        schemas[pointer] = json!({"type": "object", "properties": {field: texts(&["A", "B"])}});
        let (outcome, printed) = take_in(folder.path(), &new, true, None);
        assert!(outcome.is_err(), "{printed}");
        let said = format!("`{pointer}.{field}`");
        assert!(
            printed.contains(&said) && printed.contains(&format!("would both be called {name}")),
            "{printed}"
        );
        let out = tempfile::tempdir().unwrap();
        let (outcome, printed) = take_in(folder.path(), &new, false, Some(&out.path().join("try")));
        assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
        let types = fs::read_to_string(out.path().join("try/src/generated/types.rs")).unwrap();
        assert_eq!(types.matches(&format!("pub enum {name} ")).count(), 1, "{types}");
    }
}

#[test]
fn number_of_edits_that_accept_makes_is_announced() {
    let folder = workspace_of(&document());
    let mut new = document();
    new["paths"]["/things"] = json!({"post": {"operationId": "create-thing",
        "parameters": [{"name": "a", "in": "query", "schema": {"type": "string"}}],
        "requestBody": {"content": {"application/json": {"schema": reference("requests.Thing")}}},
        "responses": {"204": {}}}});
    new["components"]["schemas"]["requests.Thing"] =
        json!({"type": "object", "properties": {"b": {"type": "string"}, "c": {"type": "integer"}}});
    new["components"]["schemas"]["responses.ErrorCode"] = texts(&["NEW", "UNSPECIFIED"]);
    let before = openapi(folder.path(), "descriptions.yaml");
    let (outcome, _) = take_in(folder.path(), &new, false, None);
    let error = outcome.unwrap_err();
    let (outcome, printed) = take_in(folder.path(), &new, true, None);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    let count = |text: &str| text.matches("TODO(describe)").count();
    let written = count(&openapi(folder.path(), "descriptions.yaml")) - count(&before);
    assert_eq!(
        written, 6,
        "an operation, a parameter, a schema, two fields and an error code"
    );
    assert!(
        error.contains(&format!("fixes {written} of them")),
        "{written}: {error}"
    );
}

#[test]
fn field_that_sounds_like_a_secret_is_one_until_it_is_classified() {
    let folder = workspace_of(&document());
    let mut new = document();
    new["components"]["schemas"]["responses.Order"]["properties"] = json!({
        "id": {"type": "string"}, "status": reference("responses.OrderStatus"),
        "api_secret": {"type": "string"}, "backup_keys": {"type": "array", "items": {"type": "string"}},
        "keys_by_name": {"type": "object", "additionalProperties": {"type": "string"}},
        "any_token": {}, "token_count": {"type": "integer"}, "key_kind": texts(&["A", "B"])});
    new["paths"]["/orders"]["get"]["parameters"] = json!([
        {"name": "X-API-KEY", "in": "header", "schema": {"type": "string"}},
        {"name": "auth_token", "in": "query", "schema": {"type": "string"}}]);
    let out = tempfile::tempdir().unwrap();
    let (outcome, printed) = take_in(folder.path(), &new, false, Some(&out.path().join("try")));
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    assert!(
        printed.contains("`responses.Order.api_secret` sounds like a secret"),
        "{printed}"
    );
    let read = |name: &str| fs::read_to_string(out.path().join("try/src/generated").join(name)).unwrap();
    let types = read("types.rs");
    for field in [
        "pub api_secret: Option<Secret>",
        "pub backup_keys: Vec<Secret>",
        "pub keys_by_name: BTreeMap<String, Secret>",
        "pub any_token: Option<Secret>",
        "pub token_count: Option<i64>",
        "pub key_kind: Option<OrderKeyKind>",
    ] {
        assert!(types.contains(field), "{field}\nis not in\n{types}");
    }
    let builder = read("builder.rs");
    for setter in [
        "x_api_key(self, value: Secret)",
        "auth_token(self, value: Secret)",
    ] {
        assert!(builder.contains(setter), "{setter}\nis not in\n{builder}");
    }
    let operations = read("operations.rs");
    assert!(operations.contains("\"api_secret\""), "{operations}");
}

#[test]
fn list_or_page_whose_schema_has_another_name_is_asked_for_a_name() {
    let folder = workspace_of(&document());
    let mut new = document();
    new["paths"]["/rfqs"] = json!({"get": {"operationId": "list-rfqs", "responses": response(reference("responses.RfqResults"))}});
    new["components"]["schemas"]["responses.Rfq"] =
        json!({"type": "object", "properties": {"id": {"type": "string"}}});
    new["components"]["schemas"]["responses.RfqResults"] = json!({"type": "object", "properties": {
        "next": {"type": "string"}, "results": {"type": "array", "items": reference("responses.Rfq")}}});
    let (outcome, printed) = take_in(folder.path(), &new, true, None);
    assert!(outcome.is_err(), "{printed}");
    assert!(
        printed.contains("`responses.RfqResults: RfqPage`"),
        "the name is proposed: {printed}"
    );
    for chosen in ["RfqPage", "RfqResults"] {
        let names = format!("operations: {{}}\nschemas:\n  responses.RfqResults: {chosen}\n");
        place(folder.path(), "openapi/names.yaml", &names);
        let (outcome, printed) = take_in(folder.path(), &new, true, None);
        assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
        assert!(types(folder.path()).contains(&format!("pub struct {chosen} ")));
    }
}

#[test]
fn break_that_is_not_on_the_wire_is_said_to_be_our_own() {
    // The vendored document stays, and a name of ours changes.
    let folder = small();
    let document = vendored(folder.path());
    let names = openapi(folder.path(), "names.yaml");
    let renamed = names.replacen("GET /markets: list-markets", "GET /markets: list-all-markets", 1);
    assert_ne!(names, renamed);
    place(folder.path(), "openapi/names.yaml", &renamed);
    let (outcome, printed) = take_in(folder.path(), &document, false, None);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    assert!(
        printed.contains("Verdict: major") && printed.contains("Nothing breaks on the wire"),
        "{printed}"
    );
}

/// What may come next: new things, things gone, and things that need a decision.
fn next_revision(folder: &Path) -> Value {
    let text = vendored(folder)
        .to_string()
        .replace("responses.StakingStakeResp", "responses.StakeResp");
    let mut next: Value = serde_json::from_str(&text).unwrap();
    next["info"]["version"] = json!("1.999.0");
    next["paths"]["/widgets"] = json!({"post": {"operationId": "create-widget",
        "requestBody": {"required": true,
            "content": {"application/json": {"schema": reference("requests.WidgetRequest")}}},
        "responses": response(reference("responses.WidgetResp"))}});
    // Without an operationId.
    next["paths"]["/widgets/{id}"] = json!({"get": {
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": response(reference("responses.WidgetResp"))}});
    let parameters = next["paths"]["/system/time"]["get"].as_object_mut().unwrap();
    parameters.insert(
        "parameters".to_owned(),
        json!([{"name": "zone", "in": "query", "schema": {"type": "string"}}]),
    );
    let schemas = &mut next["components"]["schemas"];
    schemas["requests.WidgetRequest"] = json!({"type": "object", "required": ["api_secret"], "properties": {"api_secret": {"type": "string"}}});
    schemas["responses.WidgetResp"] = json!({"type": "object", "properties": {
        "id": {"type": "string"}, "shape": {"oneOf": [{"type": "string"}, {"type": "integer"}]}}});
    let side = schemas["responses.OrderSide"]["enum"].as_array_mut().unwrap();
    side.push(json!("SHORT_SELL"));
    let token = schemas["responses.ApiToken"]["properties"]
        .as_object_mut()
        .unwrap();
    token.remove("name").unwrap();
    let state = schemas["responses.SystemConfigResponse"]["properties"]
        .as_object_mut()
        .unwrap();
    assert_eq!(state["starknet_chain_id"]["type"], "string");
    state["starknet_chain_id"] = json!({"type": "integer"});
    next
}

#[test]
fn next_revision_is_taken_in_by_the_steps_of_contributing() {
    let folder = small();
    let at = folder.path();
    let next = next_revision(at);
    // 1. Try it, which compiles whatever is missing; 2. take it in, which names every decision.
    let out = tempfile::tempdir().unwrap();
    let (outcome, printed) = take_in(at, &next, false, Some(&out.path().join("try")));
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    let (outcome, printed) = take_in(at, &next, true, None);
    let error = outcome.unwrap_err();
    assert!(error.starts_with("2 problems"), "{error}\n{printed}");
    let decisions = [
        "requests.WidgetRequest.api_secret` sounds like a secret",
        "schemas responses.WidgetResp: a choice between types",
    ];
    for said in decisions {
        assert!(printed.contains(said), "{said}\nis not in\n{printed}");
    }
    // 3. and 4. Decide, and accept the rest.
    let append = |name: &str, after: &str, line: &str| {
        let text = openapi(at, name);
        let changed = text.replacen(after, &format!("{after}{line}"), 1);
        assert_ne!(text, changed, "{name}");
        place(at, &format!("openapi/{name}"), &changed);
    };
    append(
        "secrets.yaml",
        "\nfields:\n",
        "  requests.WidgetRequest: [api_secret]\n",
    );
    append(
        "corrections.yaml",
        "\nactions:\n",
        "  - target: $.components.schemas['responses.WidgetResp'].properties.shape.oneOf\n    \
         description: It is one or the other, so it is read as any JSON.\n    remove: true\n",
    );
    let (outcome, printed) = take_in(at, &next, true, None);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    assert!(printed.contains("Verdict: major"), "{printed}");
    // 6. Describe. Nothing else is left.
    let check = Gen {
        check: true,
        ..Gen::default()
    };
    let (outcome, printed) = run(at, &check);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    assert!(printed.contains("placeholder: "), "{printed}");
    common::describe(at);
    let (outcome, printed) = run(at, &check);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    assert!(
        !printed.contains("placeholder: ")
            && !printed.contains("problem: ")
            && !printed.contains("fixable: "),
        "{printed}"
    );
    assert!(types(at).contains("pub api_secret: Secret"));
}
