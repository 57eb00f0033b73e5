//! What `cargo xtask diff` says, on one small document of our own and one kind of change at a time.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use proptest::prelude::*;
use serde_json::{Value, json};
use xtask::canonical::canonical;
use xtask::config::{Config, Decimals, Descriptions, Names, Secrets};
use xtask::diff::print::Format;
use xtask::diff::rules::Rule;
use xtask::diff::surface::{self, Surface};
use xtask::diff::{Comparison, Side, compare, wire};
use xtask::documents::Kind;
use xtask::overlay::Overlay;
use xtask::retired::Retired;
use xtask::source;

use common::places;

fn config() -> Config {
    Config {
        corrections: Overlay::parse("{overlay: 1.0.0, info: {}, actions: []}").unwrap(),
        decimals: Decimals::default(),
        descriptions: Descriptions::default(),
        names: Names::default(),
        secrets: Secrets::default(),
        retired: Retired::default(),
        ..Config::default()
    }
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn holding(schema: Value) -> Value {
    json!({"content": {"application/json": {"schema": schema}}})
}

/// The document that every case changes: two operations, of which one sends a body and both return one.
fn base() -> Value {
    json!({"openapi": "3.0.0", "info": {"title": "T", "version": "1.0.0"},
        "servers": [{"url": "https://host/v1"}],
        "paths": {
            "/orders": {
                "get": {"operationId": "list-orders", "parameters": [
                    {"name": "market", "in": "query", "schema": {"type": "string"}},
                    {"name": "must", "in": "query", "required": true, "schema": {"type": "string"}},
                    {"name": "size", "in": "query", "schema": {"type": "integer", "maximum": 100, "default": 10}}],
                    "responses": {"200": holding(reference("Orders")), "400": {}}},
                "post": {"operationId": "create-order", "security": [{"B": []}],
                    "requestBody": {"required": true, "content": {"application/json": {"schema": reference("New")}}},
                    "responses": {"200": holding(reference("Order"))}}},
            "/orders/{id}": {"get": {"operationId": "get-order", "parameters": [
                    {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
                "responses": {"200": holding(reference("Order"))}}}},
        "components": {
            "securitySchemes": {
                "B": {"type": "apiKey", "in": "header", "name": "Authorization"},
                "C": {"type": "apiKey", "in": "header", "name": "X-Key"}},
            "schemas": {
                "Orders": {"type": "object", "properties": {
                    "results": {"type": "array", "items": reference("Order")}}},
                "Order": {"type": "object", "required": ["id"], "properties": {
                    "id": {"type": "string"}, "side": reference("Side"), "price": {"type": "number"},
                    "count": {"type": "integer", "maximum": 9, "default": 1}}},
                "New": {"type": "object", "required": ["market"], "properties": {
                    "market": {"type": "string"}, "kind": reference("Kind"), "size": {"type": "integer"},
                    "note": {"type": "string", "maxLength": 10}, "season": {"type": "string", "default": "one"}}},
                "Side": {"type": "string", "enum": ["BUY", "SELL"]},
                "Kind": {"type": "string", "enum": ["LIMIT", "MARKET"]},
                "Spare": {"type": "object", "properties": {"x": {"type": "integer"}}}}}})
}

fn side(name: &str, published: &Value, before: Option<&Surface>) -> Side {
    side_with(&mut config(), name, published, before)
}

fn side_with(config: &mut Config, name: &str, published: &Value, before: Option<&Surface>) -> Side {
    let loaded = source::parse(published.to_string().as_bytes(), name, "2026-01-01").unwrap();
    Side::generated(
        loaded.name,
        loaded.document.into(),
        &loaded.source,
        config,
        before,
    )
}

fn compared(old: &Value, new: &Value) -> Comparison {
    // Most cases begin with the same document, and generating takes its time.
    static BASE: OnceLock<Side> = OnceLock::new();
    let changed;
    let old = if *old == base() {
        BASE.get_or_init(|| side("old.json", &base(), None))
    } else {
        changed = side("old.json", old, None);
        &changed
    };
    let new = side("new.json", new, old.surface.as_ref().ok());
    compare(old, &new, "1.2.3").unwrap()
}

/// The level, rule and place of every row.
fn told(comparison: &Comparison) -> Vec<String> {
    let row = |row: &xtask::diff::Row| format!("{} {} {}", row.rule.level().as_str(), row.rule, row.place);
    let mut rows: Vec<String> = comparison.rows.iter().map(row).collect();
    rows.sort();
    rows
}

/// Sets the value at a pointer, or takes it out if it is null. `-` is the end of a list.
fn edit(document: &mut Value, pointer: &str, value: &Value) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    let last = last.replace("~1", "/");
    match document.pointer_mut(parent).unwrap_or_else(|| panic!("{parent}")) {
        Value::Object(members) if value.is_null() => {
            members.remove(&last).unwrap_or_else(|| panic!("{pointer}"));
        }
        Value::Object(members) => {
            members.insert(last, value.clone());
        }
        Value::Array(items) if last == "-" => items.push(value.clone()),
        Value::Array(items) if value.is_null() => {
            items.remove(last.parse().unwrap());
        }
        Value::Array(items) => items[last.parse::<usize>().unwrap()] = value.clone(),
        _ => panic!("{pointer}"),
    }
}

struct Case {
    says: &'static str,
    /// What both documents have besides.
    both: Vec<(String, Value)>,
    /// What the new one has.
    new: Vec<(String, Value)>,
    rows: &'static [&'static str],
    bump: &'static str,
}

const LIST: &str = "/paths/~1orders/get";
const CREATE: &str = "/paths/~1orders/post";
const GET: &str = "/paths/~1orders~1{id}/get";
const SCHEMAS: &str = "/components/schemas";
const PATHS: &str = "/paths";
const DOCUMENT: &str = "";

macro_rules! cases {
    ($($says:literal [$($b:ident $before:literal = $had:tt),*] [$($a:ident $after:literal = $has:tt),*]
        $bump:literal [$($row:literal),* $(,)?])*) => {
        vec![$(Case {
            says: $says,
            both: vec![$((format!("{}{}", $b, $before), json!($had))),*],
            new: vec![$((format!("{}{}", $a, $after), json!($has))),*],
            rows: &[$($row),*],
            bump: $bump,
        }),*]
    };
}

fn cases() -> Vec<Case> {
    cases! {
        "nothing" [] [] "nothing to release" []
        "words only" []
            [DOCUMENT "/info/version" = "2.0.0", LIST "/summary" = "s", SCHEMAS "/Order/description" = "d",
             SCHEMAS "/Order/properties/id/example" = "e", LIST "/responses/400/description" = "d", LIST "/tags" = ["t"]]
            "nothing to release" []
        "order that means nothing" []
            [SCHEMAS "/Side/enum" = ["SELL", "BUY"], SCHEMAS "/New/required" = ["market"]]
            "nothing to release" []
        "another 3.0.x" [] [DOCUMENT "/openapi" = "3.0.3"] "nothing to release" []

        "an operation is gone" [] [GET "" = null] "major" [
            "breaking operation-removed GET /orders/{id}",
            "breaking rust-call-removed Client::get_order()",
        ]
        "an operation is new" [] [PATHS "/~1orders~1{id}/delete" = {"operationId": "cancel-order", "responses": {"204": {}},
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]}] "minor" [
            "addition operation-added DELETE /orders/{id}",
            "addition rust-call-added Client::cancel_order()",
        ]
        "an operation moves" [] [PATHS "/~1orders~1{id}" = null, PATHS "/~1order~1{id}" = {"get": {"operationId": "get-order",
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}}}}] "patch" [
            "breaking operation-moved GET /order/{id}",
        ]
        "a method changes" [] [PATHS "/~1orders~1{id}" = {"post": {"operationId": "get-order",
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}}}}] "patch" [
            "breaking operation-moved POST /orders/{id}",
        ]
        "a part of a path is called otherwise" [] [PATHS "/~1orders~1{id}" = null, PATHS "/~1orders~1{key}" = {"get": {"operationId": "get-order",
            "parameters": [{"name": "key", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}}}}] "major" [
            "addition rust-method-added builder::GetOrder::key()",
            "breaking rust-method-removed builder::GetOrder::id()",
            "notice path-parameter-renamed GET /orders/{key}",
        ]
        "an operationId changes" [] [GET "/operationId" = "fetch-order"] "major" [
            "breaking rust-call-renamed Client::fetch_order()",
            "notice operation-id-changed GET /orders/{id}",
        ]
        "an operationId goes" [] [GET "/operationId" = null] "major" [
            "breaking rust-call-renamed Client::get_orders_id()",
            "notice operation-id-changed GET /orders/{id}",
        ]
        "an operation is deprecated" [] [GET "/deprecated" = true] "patch" [
            "notice operation-deprecated GET /orders/{id}",
        ]
        "the address changes" [] [DOCUMENT "/servers/0/url" = "https://other/v1"] "patch" [
            "breaking server-changed servers",
        ]
        "a credential is asked for" [] [LIST "/security" = [{"B": []}]] "patch" [
            "breaking security-required GET /orders",
        ]
        "a credential is asked for everywhere" [] [DOCUMENT "/security" = [{"B": []}], CREATE "/security" = [{"B": []}]] "patch" [
            "breaking security-required GET /orders",
            "breaking security-required GET /orders/{id}",
        ]
        "another credential is asked for" [] [CREATE "/security" = [{"C": []}]] "patch" [
            "breaking security-changed POST /orders",
        ]
        "no credential is asked for" [] [CREATE "/security" = [{}]] "patch" [
            "notice security-dropped POST /orders",
        ]
        "a credential is called otherwise" [] [CREATE "/security" = [{"Z": []}],
            DOCUMENT "/components/securitySchemes/Z" = {"type": "apiKey", "in": "header", "name": "Authorization"}] "nothing to release" [
        ]

        "a parameter is gone" [] [LIST "/parameters/0" = null] "major" [
            "breaking parameter-removed GET /orders market",
            "breaking rust-method-removed builder::ListOrders::market()",
        ]
        "a parameter is new" [] [LIST "/parameters/-" = {"name": "new", "in": "query", "schema": {"type": "string"}}] "minor" [
            "addition parameter-added GET /orders new",
            "addition rust-method-added builder::ListOrders::new_()",
        ]
        "a parameter is new and required" [] [LIST "/parameters/-" = {"name": "new", "in": "query", "required": true, "schema": {"type": "string"}}] "minor" [
            "addition rust-method-added builder::ListOrders::new_()",
            "breaking parameter-added-required GET /orders new",
        ]
        "a parameter becomes required" [] [LIST "/parameters/0/required" = true] "patch" [
            "breaking parameter-required GET /orders market",
        ]
        "a parameter can be left out" [] [LIST "/parameters/1/required" = false] "patch" [
            "addition parameter-optional GET /orders must",
        ]
        "a parameter goes into a header" [] [LIST "/parameters/0/in" = "header"] "patch" [
            "breaking parameter-moved GET /orders market",
        ]
        "a parameter is a list and written otherwise" [LIST "/parameters/0/schema" = {"type": "array", "items": {"type": "string"}}]
            [LIST "/parameters/0/explode" = false] "patch" [
            "breaking parameter-style-changed GET /orders market",
        ]
        "a parameter is deprecated" [] [LIST "/parameters/0/deprecated" = true] "patch" [
            "notice parameter-deprecated GET /orders market",
        ]
        "a parameter gets another type" [] [LIST "/parameters/0/schema/type" = "integer"] "major" [
            "breaking request-type-changed GET /orders market",
            "breaking rust-method-changed builder::ListOrders::market()",
        ]
        "a parameter gets values" [] [LIST "/parameters/0/schema/enum" = ["A", "B"]] "major" [
            "addition rust-type-added types::ListOrdersMarket",
            "breaking request-limit-tightened GET /orders market",
            "breaking rust-method-changed builder::ListOrders::market()",
        ]
        "a parameter gets and loses values" [LIST "/parameters/0/schema/enum" = ["ONE", "TWO"]] [LIST "/parameters/0/schema/enum" = ["ONE", "THREE"]] "minor" [
            "addition request-value-added GET /orders market",
            "addition rust-variant-added types::ListOrdersMarket::Three",
            "breaking request-value-removed GET /orders market",
            "notice rust-deprecated types::ListOrdersMarket::Two",
        ]
        "a parameter takes any text" [LIST "/parameters/0/schema/enum" = ["ONE", "TWO"]] [LIST "/parameters/0/schema/enum" = null] "major" [
            "addition request-type-widened GET /orders market",
            "breaking rust-method-changed builder::ListOrders::market()",
            "breaking rust-type-removed types::ListOrdersMarket",
        ]
        "a default changes" [] [LIST "/parameters/2/schema/default" = 20] "patch" [
            "breaking default-changed GET /orders size",
        ]
        "a default is declared" [] [LIST "/parameters/0/schema/default" = "x"] "patch" [
            "notice default-declared GET /orders market",
        ]
        "a maximum sinks" [] [LIST "/parameters/2/schema/maximum" = 50] "patch" [
            "breaking request-limit-tightened GET /orders size",
        ]
        "a maximum rises" [] [LIST "/parameters/2/schema/maximum" = 500] "patch" [
            "addition request-limit-loosened GET /orders size",
        ]
        "a minimum comes" [] [LIST "/parameters/2/schema/minimum" = 1] "patch" [
            "breaking request-limit-tightened GET /orders size",
        ]
        "parameters are written in the components" [] [LIST "/parameters/0" = {"$ref": "#/components/parameters/m"},
            DOCUMENT "/components/parameters" = {"m": {"name": "market", "in": "query", "schema": {"type": "string"}}}] "nothing to release" [
        ]

        "a body becomes required" [CREATE "/requestBody/required" = false] [CREATE "/requestBody/required" = true] "patch" [
            "breaking body-required POST /orders body",
        ]
        "a body can be left out" [] [CREATE "/requestBody/required" = false] "patch" [
            "addition body-optional POST /orders body",
        ]
        "a body comes" [CREATE "/requestBody" = null] [CREATE "/requestBody" = {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/New"}}}}] "major" [
            "addition request-media-type-added POST /orders body",
            "addition rust-method-added builder::CreateOrder::body()",
            "addition rust-method-added types::New::kind()",
            "addition rust-method-added types::New::new()",
            "addition rust-method-added types::New::note()",
            "addition rust-method-added types::New::season()",
            "addition rust-method-added types::New::size()",
            "breaking body-required POST /orders body",
            "breaking rust-field-changed types::New.market",
        ]
        "a body goes" [] [CREATE "/requestBody" = null] "major" [
            "breaking request-media-type-removed POST /orders body",
            "breaking rust-field-changed types::New.market",
            "breaking rust-method-removed builder::CreateOrder::body()",
            "breaking rust-method-removed types::New::kind()",
            "breaking rust-method-removed types::New::new()",
            "breaking rust-method-removed types::New::note()",
            "breaking rust-method-removed types::New::season()",
            "breaking rust-method-removed types::New::size()",
        ]
        "another kind of body is taken" [] [CREATE "/requestBody/content/text~1plain" = {"schema": {"type": "string"}}] "patch" [
            "addition request-media-type-added POST /orders body",
        ]
        "another kind of body comes" [] [GET "/responses/200/content" = {"text/plain": {"schema": {"type": "string"}}}] "major" [
            "breaking response-media-type-removed GET /orders/{id} 200",
            "breaking rust-method-changed builder::GetOrder::send()",
            "notice response-media-type-added GET /orders/{id} 200",
        ]
        "a status of success is another" [] [GET "/responses/200" = null, GET "/responses/201" = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}] "patch" [
            "breaking success-status-removed GET /orders/{id} 200",
        ]
        "a status of success is gone" [GET "/responses/204" = {}] [GET "/responses/204" = null] "patch" [
            "breaking success-status-removed GET /orders/{id} 204",
        ]
        "a status of success is new" [] [GET "/responses/204" = {}] "patch" [
            "notice success-status-added GET /orders/{id} 204",
        ]
        "an error status is new" [] [LIST "/responses/404" = {}] "patch" [
            "addition error-status-added GET /orders 404",
        ]
        "an error status is gone" [] [LIST "/responses/400" = null] "patch" [
            "notice error-status-removed GET /orders 400",
        ]
        "a header comes" [] [GET "/responses/200/headers" = {"X-Left": {"schema": {"type": "integer"}}}] "patch" [
            "addition response-header-added GET /orders/{id} 200 x-left",
        ]
        "a header goes" [GET "/responses/200/headers" = {"X-Left": {"schema": {"type": "integer"}}}] [GET "/responses/200/headers" = null] "patch" [
            "breaking response-header-removed GET /orders/{id} 200 x-left",
        ]
        "a response gets another type" [] [GET "/responses/200/content/application~1json/schema" = {"$ref": "#/components/schemas/Spare"}] "major" [
            "addition response-field-added GET /orders/{id} 200.x",
            "breaking response-field-removed GET /orders/{id} 200.count",
            "breaking response-field-removed GET /orders/{id} 200.id",
            "breaking response-field-removed GET /orders/{id} 200.price",
            "breaking response-field-removed GET /orders/{id} 200.side",
            "breaking rust-method-changed builder::GetOrder::send()",
        ]

        "a field that can be sent is new" [] [SCHEMAS "/New/properties/new" = {"type": "string"}] "minor" [
            "addition request-field-added New.new",
            "addition rust-field-added types::New.new",
            "addition rust-method-added types::New::new_()",
        ]
        "a field that must be sent is new" [] [SCHEMAS "/New/properties/new" = {"type": "string"}, SCHEMAS "/New/required" = ["market", "new"]] "major" [
            "addition rust-field-added types::New.new",
            "breaking request-field-added-required New.new",
            "breaking rust-method-changed types::New::new()",
        ]
        "a field that can be sent is gone" [] [SCHEMAS "/New/properties/note" = null] "major" [
            "breaking request-field-removed New.note",
            "breaking rust-field-removed types::New.note",
        ]
        "a field must be sent" [] [SCHEMAS "/New/required" = ["market", "note"]] "major" [
            "breaking request-field-required New.note",
            "breaking rust-field-changed types::New.note",
            "breaking rust-method-changed types::New::new()",
        ]
        "a field can be left out" [] [SCHEMAS "/New/required" = null] "major" [
            "addition request-field-optional New.market",
            "addition rust-trait-added types::New: Default",
            "breaking rust-field-changed types::New.market",
            "breaking rust-method-changed types::New::new()",
        ]
        "a field that is sent gets another type" [] [SCHEMAS "/New/properties/note/type" = "boolean"] "major" [
            "breaking request-type-changed New.note",
            "breaking rust-field-changed types::New.note",
        ]
        "a field that is sent can have a fraction" [] [SCHEMAS "/New/properties/size/type" = "number"] "major" [
            "addition request-type-widened New.size",
            "breaking rust-field-changed types::New.size",
        ]
        "a field that is sent can be null" [] [SCHEMAS "/New/properties/note/nullable" = true] "patch" [
            "addition request-null-allowed New.note",
        ]
        "a field that is sent cannot be null" [SCHEMAS "/New/properties/note/nullable" = true] [SCHEMAS "/New/properties/note/nullable" = false] "patch" [
            "breaking request-null-forbidden New.note",
        ]
        "a field that is sent has another default" [] [SCHEMAS "/New/properties/season/default" = "two"] "patch" [
            "breaking default-changed New.season",
        ]
        "a value that is sent is new" [] [SCHEMAS "/Kind/enum" = ["LIMIT", "MARKET", "STOP"]] "minor" [
            "addition request-value-added Kind",
            "addition rust-variant-added types::Kind::Stop",
        ]
        "a value that is sent is gone" [] [SCHEMAS "/Kind/enum" = ["LIMIT"]] "minor" [
            "breaking request-value-removed Kind",
            "notice rust-deprecated types::Kind::Market",
        ]
        "a value that is sent is called otherwise" [] [SCHEMAS "/Kind/enum" = ["LIMIT", "AT_MARKET"]] "minor" [
            "addition rust-variant-added types::Kind::AtMarket",
            "breaking request-value-renamed Kind",
            "notice rust-deprecated types::Kind::Market",
        ]
        "a text that is sent may be shorter" [] [SCHEMAS "/New/properties/note/maxLength" = 5] "patch" [
            "breaking request-limit-tightened New.note",
        ]
        "a pattern comes" [] [SCHEMAS "/New/properties/note/pattern" = "a+"] "patch" [
            "breaking request-limit-tightened New.note",
        ]
        "a pattern goes" [SCHEMAS "/New/properties/note/pattern" = "a+"] [SCHEMAS "/New/properties/note/pattern" = null] "patch" [
            "addition request-limit-loosened New.note",
        ]

        "a field of a response is new" [] [SCHEMAS "/Order/properties/new" = {"type": "string"}] "minor" [
            "addition response-field-added Order.new",
            "addition rust-field-added types::Order.new",
        ]
        "a field of a response is new and always there" [] [SCHEMAS "/Order/properties/new" = {"type": "string"}, SCHEMAS "/Order/required" = ["id", "new"]] "minor" [
            "addition response-field-added Order.new",
            "addition rust-field-added types::Order.new",
        ]
        "a field of a response is gone" [] [SCHEMAS "/Order/properties/price" = null] "major" [
            "breaking response-field-removed Order.price",
            "breaking rust-field-removed types::Order.price",
        ]
        "a field of a response is always there" [] [SCHEMAS "/Order/required" = ["id", "price"]] "patch" [
            "addition response-field-required Order.price",
        ]
        "a field of a response can be missing" [] [SCHEMAS "/Order/required" = null] "patch" [
            "breaking response-field-optional Order.id",
        ]
        "a number becomes a text" [] [SCHEMAS "/Order/properties/price/type" = "string"] "major" [
            "breaking response-type-changed Order.price",
            "breaking rust-field-changed types::Order.price",
        ]
        "a number loses its fraction" [] [SCHEMAS "/Order/properties/price/type" = "integer"] "major" [
            "addition response-type-narrowed Order.price",
            "breaking rust-field-changed types::Order.price",
        ]
        "a field of a response can be null" [] [SCHEMAS "/Order/properties/price/nullable" = true] "patch" [
            "breaking response-null-allowed Order.price",
        ]
        "a field of a response cannot be null" [SCHEMAS "/Order/properties/price/nullable" = true] [SCHEMAS "/Order/properties/price/nullable" = null] "patch" [
            "addition response-null-forbidden Order.price",
        ]
        "a value that comes is new" [] [SCHEMAS "/Side/enum" = ["BUY", "SELL", "BOTH"]] "minor" [
            "addition response-value-added Side",
            "addition rust-variant-added types::Side::Both",
        ]
        "a value that comes is gone" [] [SCHEMAS "/Side/enum" = ["BUY"]] "minor" [
            "notice response-value-removed Side",
            "notice rust-deprecated types::Side::Sell",
        ]
        "a value that comes is called otherwise" [] [SCHEMAS "/Side/enum" = ["BUY", "SELL_SHORT"]] "minor" [
            "addition rust-variant-added types::Side::SellShort",
            "breaking response-value-renamed Side",
            "notice rust-deprecated types::Side::Sell",
        ]
        "any text comes" [] [SCHEMAS "/Side/enum" = null] "major" [
            "breaking rust-type-changed types::Side",
            "notice response-values-open Side",
        ]
        "one of a list of texts comes" [] [SCHEMAS "/Order/properties/id/enum" = ["A", "B"]] "major" [
            "addition response-type-narrowed Order.id",
            "addition rust-type-added types::OrderId",
            "breaking rust-field-changed types::Order.id",
        ]
        "a limit of a response changes" [] [SCHEMAS "/Order/properties/count/maximum" = 99] "patch" [
            "notice response-limit-changed Order.count",
        ]
        "a default of a response changes" [] [SCHEMAS "/Order/properties/count/default" = 2] "patch" [
            "notice response-default-changed Order.count",
        ]
        "a format changes" [] [SCHEMAS "/Order/properties/id/format" = "uuid"] "patch" [
            "notice format-changed Order.id",
        ]
        "a field is deprecated" [] [SCHEMAS "/Order/properties/price/deprecated" = true] "patch" [
            "notice field-deprecated Order.price",
        ]
        "a field can only be read" [] [SCHEMAS "/Order/properties/price/readOnly" = true] "patch" [
            "notice keyword-changed Order.price",
        ]
        "a choice of types changes" [SCHEMAS "/Order/properties/any" = {"oneOf": [{"type": "string"}]}] [SCHEMAS "/Order/properties/any/oneOf/0/type" = "integer"] "patch" [
            "breaking response-type-changed Order.any",
        ]
        "a field of a field changes" [SCHEMAS "/Order/properties/map" = {"type": "object", "additionalProperties": {"type": "string"}}]
            [SCHEMAS "/Order/properties/map/additionalProperties/type" = "integer"] "major" [
            "breaking response-type-changed Order.map{}",
            "breaking rust-field-changed types::Order.map",
        ]
        "what goes both ways is told for both" [SCHEMAS "/New/properties/side" = {"$ref": "#/components/schemas/Side"}]
            [SCHEMAS "/Side/enum" = ["BUY", "SELL", "BOTH"]] "minor" [
            "addition response-value-added Side",
            "addition request-value-added Side",
            "addition rust-variant-added types::Side::Both",
        ]

        "a schema is new" [] [SCHEMAS "/More" = {"type": "object", "properties": {"y": {"type": "string"}}}] "minor" [
            "addition rust-type-added types::More",
            "addition schema-added More",
        ]
        "a schema is gone" [] [SCHEMAS "/Spare" = null] "major" [
            "breaking rust-type-removed types::Spare",
            "notice schema-removed Spare",
        ]
        "a schema that nothing uses changes" [] [SCHEMAS "/Spare/properties/x/type" = "string"] "major" [
            "breaking rust-field-changed types::Spare.x",
            "notice unused-schema-changed Spare",
        ]
        "a schema is called otherwise" [] [SCHEMAS "/Side" = null, SCHEMAS "/OrderSide" = {"type": "string", "enum": ["BUY", "SELL"]},
            SCHEMAS "/Order/properties/side" = {"$ref": "#/components/schemas/OrderSide"}] "minor" [
            "notice rust-deprecated types::Side",
            "notice schema-renamed OrderSide",
        ]
        "a schema is called otherwise and has more" [] [SCHEMAS "/New" = null, SCHEMAS "/OrderRequest" = {"type": "object", "required": ["market"], "properties": {
            "market": {"type": "string"}, "kind": {"$ref": "#/components/schemas/Kind"}, "size": {"type": "integer"},
            "note": {"type": "string", "maxLength": 10}, "season": {"type": "string", "default": "one"}, "more": {"type": "boolean"}}},
            CREATE "/requestBody/content/application~1json/schema" = {"$ref": "#/components/schemas/OrderRequest"}] "minor" [
            "addition request-field-added OrderRequest.more",
            "addition rust-field-added types::OrderRequest.more",
            "notice rust-deprecated types::New",
            "notice schema-renamed OrderRequest",
        ]
        "a reference stands in an allOf" [] [SCHEMAS "/Order/properties/side" = {"allOf": [{"$ref": "#/components/schemas/Side"}], "type": "object"}] "nothing to release" [
        ]
        "a schema is written out where it is used, and something else changes" []
            [SCHEMAS "/Order/properties/side" = {"type": "string", "enum": ["BUY", "SELL"]}, LIST "/responses/404" = {}] "patch" [
            "addition error-status-added GET /orders 404",
            "notice other-change Order.side",
        ]
        "a parameter goes into a header and gets another type" [] [LIST "/parameters/0/in" = "header", LIST "/parameters/0/schema/type" = "integer"] "major" [
            "breaking parameter-moved GET /orders market",
            "breaking request-type-changed GET /orders market",
            "breaking rust-method-changed builder::ListOrders::market()",
        ]
        "a format changes of what goes both ways" [SCHEMAS "/New/properties/both" = {"$ref": "#/components/schemas/Both"},
            SCHEMAS "/Order/properties/both" = {"$ref": "#/components/schemas/Both"},
            SCHEMAS "/Both" = {"type": "object", "properties": {"at": {"type": "string"}}}]
            [SCHEMAS "/Both/properties/at/format" = "uuid"] "patch" [
            "notice format-changed Both.at",
        ]
        "a schema that was used is not, and changes" [] [SCHEMAS "/Kind/enum" = ["LIMIT"], SCHEMAS "/New/properties/kind" = {"type": "string", "enum": ["LIMIT", "MARKET"]},
            SCHEMAS "/Order/properties/side" = {"$ref": "#/components/schemas/Kind"}] "major" [
            "addition response-value-added Order.side",
            "addition rust-type-added types::NewKind",
            "breaking rust-field-changed types::New.kind",
            "breaking rust-field-changed types::Order.side",
            "notice response-value-removed Order.side",
            "notice other-change Kind",
            "notice other-change New.kind",
            "notice rust-deprecated types::Kind::Market",
        ]
        "a schema is written out where it is used" [] [SCHEMAS "/Order/properties/side" = {"type": "string", "enum": ["BUY", "SELL"]}] "patch" [
            "notice other-change Order.side",
        ]
        "something that nobody uses changes" [] [DOCUMENT "/components/securitySchemes/C/name" = "X-Other"] "nothing to release" [
        ]
    }
}

impl Case {
    fn documents(&self) -> (Value, Value) {
        let edited = |mut document: Value, edits: &[(String, Value)]| {
            for (pointer, value) in edits {
                edit(&mut document, pointer, value);
            }
            document
        };
        let old = edited(base(), &self.both);
        let new = edited(old.clone(), &self.new);
        (old, new)
    }
}

#[test]
fn changes_of_each_kind_have_their_rows_and_verdict() {
    let mut wrong = Vec::new();
    for case in cases() {
        let (old, new) = case.documents();
        let comparison = compared(&old, &new);
        let mut rows = case.rows.to_vec();
        rows.sort_unstable();
        if told(&comparison) != rows || comparison.verdict.bump.as_str() != case.bump {
            wrong.push(format!(
                "{}: {:?} {:#?}",
                case.says,
                comparison.verdict.bump.as_str(),
                told(&comparison)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Code as the passes write it, in small.
fn surface(types: &str, operations: &str) -> Surface {
    Surface::from_files(|file| {
        Ok(match file.rsplit('/').next() {
            Some("types.rs") => types.to_owned(),
            Some("operations.rs") => operations.to_owned(),
            _ => String::new(),
        })
    })
    .unwrap()
}

const TYPES: &str = r#"
    #[derive(Clone, Debug)] #[non_exhaustive] pub struct Order { pub id: String, undecoded_: Undecoded }
    impl Order { pub fn id(&self) -> &str { &self.id } fn hidden(&self) {} }
    #[derive(Clone)] #[non_exhaustive] pub enum Side { Buy, Sell, Unknown(UnknownValue) }
    #[cfg(feature = "g")] #[non_exhaustive] pub struct Gated { undecoded_: Undecoded }
    record!(Order);
    open_enum!(Side { Buy = "BUY", Sell = "SELL" });
"#;
const OPERATIONS: &str = "pub static ALL: &[&Operation] = &[]; pub fn find(id: &str) -> bool { true }";

/// What no change of a document gives, but a change of a pass could.
fn code_cases() -> Vec<(&'static str, String, String, &'static [&'static str])> {
    let types = |from: &str, to: &str| (TYPES.replacen(from, to, 1), OPERATIONS.to_owned());
    let operations = |from: &str, to: &str| (TYPES.to_owned(), OPERATIONS.replacen(from, to, 1));
    let cases: Vec<(&str, (String, String), &[&str])> = vec![
        ("nothing", types("Order", "Order"), &[]),
        ("what is private", types("fn hidden(&self) {}", ""), &[]),
        (
            "another text",
            types("\"SELL\"", "\"ASK\""),
            &["rust-text-changed types::Side::Sell"],
        ),
        (
            "a variant is deprecated",
            types("Buy, Sell,", "Buy, #[deprecated] Sell,"),
            &["rust-deprecated types::Side::Sell"],
        ),
        (
            "a variant needs a feature",
            types("Buy, Sell,", "Buy, #[cfg(feature = \"f\")] Sell,"),
            &["rust-feature-required types::Side::Sell"],
        ),
        (
            "a type needs no feature any more",
            types("#[cfg(feature = \"g\")] ", ""),
            &["rust-feature-dropped types::Gated"],
        ),
        (
            "a variant holds more",
            types("Unknown(", "Unknown(u8, "),
            &["rust-variant-changed types::Side::Unknown"],
        ),
        (
            "a trait is gone",
            types("(Clone, Debug)", "(Clone)"),
            &["rust-trait-removed types::Order: Debug"],
        ),
        (
            "a trait is new",
            types("(Clone)]", "(Clone, Copy)]"),
            &["rust-trait-added types::Side: Copy"],
        ),
        (
            "a type is closed",
            types("#[non_exhaustive] pub enum", "pub enum"),
            &["rust-type-changed types::Side"],
        ),
        (
            "an item changes",
            operations("&[&Operation]", "[Operation; 0]"),
            &["rust-item-changed operations::ALL"],
        ),
        (
            "an item is gone",
            operations("pub static", "static"),
            &["rust-item-removed operations::ALL"],
        ),
        (
            "an item is new",
            operations("pub fn", "pub const MOST: u8 = 0; pub fn"),
            &["rust-item-added operations::MOST"],
        ),
        (
            "a variant is gone",
            (
                TYPES
                    .replace("Buy, Sell,", "Buy,")
                    .replace(", Sell = \"SELL\"", ""),
                OPERATIONS.to_owned(),
            ),
            &["rust-variant-removed types::Side::Sell"],
        ),
        (
            "a type is called otherwise",
            (TYPES.replace("Side", "Way"), OPERATIONS.to_owned()),
            &["rust-type-renamed types::Way"],
        ),
        (
            "a type is called otherwise and can still be called by its old name",
            (
                TYPES.replace("Side", "Way") + "#[deprecated] pub type Side = Way;",
                OPERATIONS.to_owned(),
            ),
            &["rust-deprecated types::Side"],
        ),
        (
            "a variant is called otherwise",
            (
                TYPES
                    .replace("Buy, Sell,", "Buy, SellShort,")
                    .replace("Sell = \"SELL\"", "SellShort = \"SELL_SHORT\""),
                OPERATIONS.to_owned(),
            ),
            &["rust-variant-renamed types::Side::SellShort"],
        ),
        (
            "a variant is retired",
            (
                TYPES
                    .replace("Buy, Sell,", "Buy, #[deprecated] Sell,")
                    .replace(", Sell = \"SELL\" }", " } retired { Sell = \"SELL\" }"),
                OPERATIONS.to_owned(),
            ),
            &["rust-deprecated types::Side::Sell"],
        ),
        ("another name in the table alone", types("Sell = ", "Ask = "), &[]),
    ];
    cases
        .into_iter()
        .map(|(says, (types, operations), rows)| (says, types, operations, rows))
        .collect()
}

#[test]
fn code_is_compared_down_to_each_item() {
    for (says, types, operations, wanted) in code_cases() {
        let rows = surface::compare(&surface(TYPES, OPERATIONS), &surface(&types, &operations));
        let rows: Vec<String> = rows
            .iter()
            .map(|row| format!("{} {}", row.rule, row.place))
            .collect();
        assert_eq!(rows, wanted, "{says}");
    }
}

#[test]
fn rules_all_have_a_case() {
    let unknown = ["rust-unknown"];
    // The rules of channels and methods have theirs in `stream.rs`.
    let elsewhere = Rule::ALL.iter().map(|rule| rule.id());
    let elsewhere = elsewhere.filter(|id| {
        include_str!("stream.rs").contains(&format!("{id} CHANNEL"))
            || include_str!("stream.rs").contains(&format!("{id} METHOD"))
    });
    let told: BTreeSet<&str> = cases()
        .iter()
        .flat_map(|case| case.rows)
        .map(|row| row.split(' ').nth(1).unwrap())
        .chain(
            code_cases()
                .iter()
                .flat_map(|case| case.3)
                .map(|row| row.split(' ').next().unwrap()),
        )
        .chain(unknown)
        .chain(elsewhere.filter(|id| id.starts_with("channel-") || id.starts_with("method-")))
        .collect();
    // Those of binary messages have their cases beside the comparison.
    let all = Rule::ALL.iter().map(|rule| rule.id());
    assert_eq!(told, all.filter(|id| !id.starts_with("sbe-")).collect());
}

#[test]
fn code_that_cannot_be_made_counts_as_a_break() {
    let (old, mut new) = (side("old.json", &base(), None), side("new.json", &base(), None));
    new.surface = Err("the `passes`\nwrote no Rust".to_owned());
    let comparison = compare(&old, &new, "0.1.0").unwrap();
    assert_eq!(told(&comparison), ["breaking rust-unknown new.json"]);
    assert_eq!(comparison.verdict.proposed.as_deref(), Some("0.2.0+api.1.0.0"));
    assert!(!comparison.page(Format::Text).contains("the `passes`"));
}

#[test]
fn fingerprint_depends_on_rule_place_and_values_alone() {
    let one = |edits: &[(&str, Value)]| {
        let mut new = base();
        edits
            .iter()
            .for_each(|(pointer, value)| edit(&mut new, pointer, value));
        compared(&base(), &new).rows
    };
    let kind = "/components/schemas/Kind/enum";
    let rows = one(&[(kind, json!(["LIMIT", "MARKET", "STOP"]))]);
    let row = rows
        .iter()
        .find(|row| row.rule == Rule::RequestValueAdded)
        .unwrap();
    assert_eq!(
        row.fingerprint(),
        "6c314ab04297",
        "fingerprints are kept in other places, so they must stay"
    );
    // In another order and beside other changes.
    let more = one(&[
        (kind, json!(["STOP", "MARKET", "LIMIT"])),
        ("/paths/~1orders~1{id}/get", Value::Null),
        ("/info/version", json!("9")),
    ]);
    assert!(more.iter().any(|other| other.fingerprint() == row.fingerprint()));
    let reworded = xtask::diff::Row {
        sentence: "Other words.".to_owned(),
        operations: BTreeSet::new(),
        ..row.clone()
    };
    assert_eq!(reworded.fingerprint(), row.fingerprint());
    // Another value, another place, another rule.
    let others = [
        one(&[(kind, json!(["LIMIT", "MARKET", "TAKE"]))]),
        one(&[("/components/schemas/Side/enum", json!(["BUY", "SELL", "STOP"]))]),
        one(&[("/components/schemas/Kind", json!({"type": "string"}))]),
    ];
    for other in others.iter().flatten() {
        assert_ne!(other.fingerprint(), row.fingerprint());
    }
}

/// Text that wants to be more than text.
const HOSTILE: &[&str] = &[
    "\u{1b}]0;owned\u{7}\u{1b}[2J",
    "\u{9b}31m",
    "` <img src=x onerror=alert(1)> `",
    "``` \n# Release now\n\n@everyone #1",
    "a | b\r\n| --- |",
    "[click](https://example.com)",
    "\u{202e}gnp.exe\u{200b}",
    "</details><script>",
];

#[test]
fn names_do_not_break_out_of_a_page() {
    let mut new = base();
    for (index, name) in HOSTILE.iter().enumerate() {
        let long = format!("{name}{}", "x".repeat(if index == 0 { 50_000 } else { 0 }));
        let path = format!("/paths/~1p{index}");
        edit(
            &mut new,
            &path,
            &json!({"get": {"operationId": long, "responses": {"200": {}, long.clone(): {}},
            "parameters": [{"name": long, "in": "query", "schema": {"type": "string", "default": long}}]}}),
        );
        new["paths"][long.as_str()] = json!({"get": {"responses": {}}});
        new["components"]["schemas"][long.as_str()] = json!({"type": "string", "enum": [long]});
        new["components"]["schemas"]["Side"]["enum"]
            .as_array_mut()
            .unwrap()
            .push(json!(long));
        new["components"]["schemas"]["Order"]["properties"][long.as_str()] = json!({"type": long});
    }
    new["info"]["version"] = json!(HOSTILE.concat());
    let (old, new) = (side(HOSTILE[0], &base(), None), side(HOSTILE[3], &new, None));
    for (old, new) in [(&old, &new), (&new, &old)] {
        let comparison = compare(old, new, "0.1.0").unwrap();
        assert!(comparison.rows.len() > 40);
        let (text, markdown) = (comparison.page(Format::Text), comparison.page(Format::Markdown));
        for page in [&text, &markdown] {
            assert!(
                page.chars()
                    .all(|c| c == '\n' || c == '…' || (' '..='~').contains(&c)),
                "{page}"
            );
            for line in page.lines().filter(|line| !line.starts_with("```")) {
                // Between the code spans there are only words of ours.
                let outside: String = line.split('`').step_by(2).collect();
                assert_eq!(line.matches('`').count() % 2, 0, "{line}");
                for odd in ["<", "@", "#1", "]("] {
                    assert!(!outside.contains(odd), "{odd}: {line}");
                }
                assert!(!line.starts_with("# ") && line.len() < 8_000, "{line}");
            }
        }
        assert!(markdown.len() < 65_000, "{}", markdown.len());
        let json = comparison.page(Format::Json);
        assert!(json.chars().all(|c| c == '\n' || (' '..='~').contains(&c)));
        let read: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["rows"].as_array().unwrap().len(), comparison.rows.len());
        assert_eq!(read["old"]["name"], old.name);
    }
}

#[test]
fn page_for_programs_is_json() {
    let mut new = base();
    edit(
        &mut new,
        "/components/schemas/Order/properties/price",
        &Value::Null,
    );
    let comparison = compared(&base(), &new);
    let page: Value = serde_json::from_str(&comparison.page(Format::Json)).unwrap();
    assert_eq!(page["verdict"]["bump"], "major");
    assert_eq!(page["verdict"]["released"], "1.2.3");
    assert_eq!(
        page["verdict"]["proposed"],
        json!({"paradex-api": "2.0.0+api.1.0.0", "paradex-api-ext": "2.0.0+api.1.0.0"})
    );
    assert_eq!(
        page["verdict"]["decided_by"],
        json!([comparison.rows[1].fingerprint()])
    );
    let row = &page["rows"][0];
    assert_eq!(
        row["operations"],
        json!(["GET /orders", "GET /orders/{id}", "POST /orders"])
    );
    for (key, value) in [
        ("rule", "response-field-removed"),
        ("question", "wire"),
        ("level", "breaking"),
        ("place", "Order.price"),
        ("sentence", "`Order.price` is gone."),
    ] {
        assert_eq!(row[key], value);
    }
}

#[test]
fn changelog_entry_lists_what_users_see() {
    let mut new = base();
    edit(&mut new, "/info/version", &json!("1.1.0"));
    edit(
        &mut new,
        "/components/schemas/Order/properties/price",
        &Value::Null,
    );
    edit(
        &mut new,
        "/components/schemas/New/properties/more",
        &json!({"type": "string"}),
    );
    edit(
        &mut new,
        "/paths/~1orders/get/parameters/2/schema/maximum",
        &json!(50),
    );
    let comparison = compared(&base(), &new);
    assert_eq!(
        comparison.changelog(),
        "Follows the exchange's document `1.1.0` (before: `1.0.0`).\n\n\
         ### What the exchange changed\n\n\
         * `GET /orders size` has `maximum` `50` now (was `100`).\n\
         * `Order.price` is gone.\n\n\
         ### paradex-api\n\n\
         What has to be changed:\n\n\
         * `types::Order.price` is gone.\n\n\
         New:\n\n\
         * Fields: `types::New.more`.\n"
    );
    assert_eq!(compared(&base(), &base()).changelog(), "");
}

/// Two documents, taken in one after the other with corrections.
fn corrected(old: &Value, new: &Value, actions: &Value) -> Comparison {
    let config = || Config {
        corrections: Overlay::parse(&json!({"overlay": "1.0.0", "info": {}, "actions": actions}).to_string())
            .unwrap(),
        ..config()
    };
    let old = side_with(&mut config(), "old.json", old, None);
    let new = side_with(&mut config(), "new.json", new, old.surface.as_ref().ok());
    compare(&old, &new, "1.2.3").unwrap()
}

/// The places of the rows that are marked provisional in the page for programs, and of those that are not.
fn marked(comparison: &Comparison) -> (Vec<String>, Vec<String>) {
    let page: Value = serde_json::from_str(&comparison.page(Format::Json)).unwrap();
    let rows = page["rows"].as_array().unwrap().iter();
    let (marked, firm): (Vec<&Value>, Vec<&Value>) = rows.partition(|row| row["provisional"] == json!(true));
    let places = |rows: Vec<&Value>| {
        let mut places: Vec<String> = rows
            .iter()
            .map(|row| {
                format!(
                    "{} {}",
                    row["rule"].as_str().unwrap(),
                    row["place"].as_str().unwrap()
                )
            })
            .collect();
        places.sort();
        places
    };
    (places(marked), places(firm))
}

#[test]
fn break_for_want_of_a_correction_is_provisional_and_stands_in_no_changelog() {
    // Upstream says of the count that it is a text; we know better.
    let mut old = base();
    edit(
        &mut old,
        "/components/schemas/Order/properties/count",
        &json!({"type": "string"}),
    );
    let actions = json!([{"description": "It is a number.", "x-expect": {"type": "string"},
        "target": "$.components.schemas.Order.properties.count", "update": {"type": "integer"}}]);
    let mut new = old.clone();
    edit(
        &mut new,
        "/components/schemas/Order/properties/count",
        &json!({"type": "string", "maxLength": 9}),
    );
    edit(&mut new, "/components/schemas/New/properties/note", &Value::Null);
    edit(
        &mut new,
        "/components/schemas/Order/properties/price",
        &Value::Null,
    );
    let comparison = corrected(&old, &new, &actions);
    let (marked, firm) = marked(&comparison);
    assert_eq!(marked, ["rust-field-changed types::Order.count"]);
    assert!(
        firm.contains(&"rust-field-removed types::Order.price".to_owned()),
        "{firm:?}"
    );
    assert!(
        firm.contains(&"rust-field-removed types::New.note".to_owned()),
        "{firm:?}"
    );
    // What is told of the wire is told of the documents as published, and true in any case.
    assert!(
        firm.iter().any(|row| row.starts_with("response-limit")),
        "{firm:?}"
    );
    for format in [Format::Text, Format::Markdown] {
        let page = comparison.page(format);
        for said in [
            "major, provisionally. ",
            "1 correction does not fit: `$.components.schemas.Order.properties.count`",
            "Without the rows that are marked as provisional it would be: major.",
            "(provisional)",
            "No entry for CHANGELOG.md is proposed",
        ] {
            assert!(page.contains(said), "{said}\nis not in\n{page}");
        }
        assert!(!page.contains("to be edited"), "{page}");
        assert_eq!(page.matches("(provisional)").count(), 1, "{page}");
    }
    let page: Value = serde_json::from_str(&comparison.page(Format::Json)).unwrap();
    assert_eq!(page["verdict"]["provisional"], true);
    assert_eq!(page["verdict"]["without_provisional"], "major");
    assert_eq!(
        page["provisional_because"]["corrections"],
        json!(["$.components.schemas.Order.properties.count"])
    );
    assert_eq!(page["changelog"], "");
}

#[test]
fn break_that_is_all_provisional_says_what_would_be_left() {
    let mut old = base();
    edit(
        &mut old,
        "/components/schemas/Order/properties/count",
        &json!({"type": "string"}),
    );
    let actions = json!([{"description": "Anything.",
        "target": "$.components.schemas.Order.properties['count'].type", "remove": true, "x-expect": "string"}]);
    let mut new = old.clone();
    edit(
        &mut new,
        "/components/schemas/Order/properties/count/type",
        &json!("boolean"),
    );
    let comparison = corrected(&old, &new, &actions);
    assert_eq!(marked(&comparison).0, ["rust-field-changed types::Order.count"]);
    let page = comparison.page(Format::Text);
    assert!(page.contains("Verdict: major, provisionally."), "{page}");
    assert!(page.contains("as provisional it would be: patch."), "{page}");
}

#[test]
fn corrections_that_upstream_made_itself_leave_the_comparison_firm() {
    let mut old = base();
    edit(&mut old, "/components/schemas/Order/properties/price", &json!({}));
    let actions = json!([{"description": "It is a number.",
        "target": "$.components.schemas.Order.properties.price", "update": {"type": "number"}}]);
    let mut new = base();
    edit(&mut new, "/components/schemas/New/properties/note", &Value::Null);
    let comparison = corrected(&old, &new, &actions);
    assert_eq!(marked(&comparison).0, Vec::<String>::new());
    let page = comparison.page(Format::Text);
    assert!(!page.contains("provisional"), "{page}");
    assert!(page.contains("to be edited"), "{page}");
}

#[test]
fn correction_that_fits_an_old_document_in_part_makes_what_it_corrects_there_provisional() {
    let kinds = json!({"type": "string", "enum": ["A", "B"]});
    let mut old = base();
    edit(&mut old, "/components/schemas/Order/properties/one", &kinds);
    let mut new = old.clone();
    let component = json!({"allOf": [reference("Kinds")], "enum": ["A"]});
    edit(&mut new, "/components/schemas/Kinds", &kinds);
    edit(&mut new, "/components/schemas/Order/properties/one", &component);
    edit(&mut new, "/components/schemas/Order/properties/two", &component);
    let actions = json!([{"description": "A list beside a reference narrows it.",
        "target": "$.components.schemas.Order.properties['one','two'].enum", "remove": true}]);
    let comparison = corrected(&old, &new, &actions);
    let (marked, _) = marked(&comparison);
    assert!(
        marked.contains(&"rust-field-changed types::Order.one".to_owned()),
        "{marked:?}"
    );
    assert_eq!(comparison.changelog(), "");
}

#[test]
fn correction_of_an_operation_marks_its_call_and_one_of_anywhere_marks_all_code() {
    let mut old = base();
    edit(
        &mut old,
        "/paths/~1orders/get/parameters/2/schema",
        &json!({"type": "string"}),
    );
    let mut new = old.clone();
    edit(
        &mut new,
        "/paths/~1orders/get/parameters/2/schema",
        &json!({"type": "string", "maxLength": 5}),
    );
    edit(&mut new, "/components/schemas/New/properties/note", &Value::Null);
    for (target, all) in [
        ("$.paths['/orders'].get.parameters[?@.name=='size'].schema", false),
        ("$.paths.*.get.parameters[?@.name=='size'].schema", true),
    ] {
        let actions = json!([{"description": "It is a number.", "target": target,
            "x-expect": {"type": "string"}, "update": {"type": "integer"}}]);
        let (marked, firm) = marked(&corrected(&old, &new, &actions));
        let setter = "rust-method-changed builder::ListOrders::size()".to_owned();
        let field = "rust-field-removed types::New.note".to_owned();
        assert!(marked.contains(&setter), "{marked:?}");
        assert_eq!(marked.contains(&field), all, "{marked:?}");
        assert_eq!(firm.contains(&field), !all, "{firm:?}");
    }
}

/// The wire rows of two documents as published, each as rule and place.
fn wire_rows(old: &Value, new: &Value) -> Vec<String> {
    let rows = wire::compare(&wire::plain(&canonical(old)), &wire::plain(&canonical(new)));
    let mut rows: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {}", row.rule, row.place))
        .collect();
    rows.sort();
    rows
}

#[test]
fn places_of_a_changed_reference_are_all_reported() {
    let fields = |schema: &str| {
        json!({"a": reference(schema), "b": reference(schema), "list": {"type": "array", "items": reference(schema)},
               "nested": {"type": "object", "properties": {"c": reference(schema)}}})
    };
    let both = |schema: &str| {
        let mut document = base();
        edit(
            &mut document,
            "/components/schemas/Order/properties",
            &fields(schema),
        );
        edit(&mut document, "/components/schemas/Order/required", &Value::Null);
        edit(
            &mut document,
            "/components/schemas/New/properties",
            &fields(schema),
        );
        edit(&mut document, "/components/schemas/New/required", &Value::Null);
        edit(
            &mut document,
            "/components/schemas/Zo",
            &json!({"type": "object", "properties": {"v": {"type": "number"}}}),
        );
        edit(
            &mut document,
            "/components/schemas/Zn",
            &json!({"type": "object", "properties": {"v": {"type": "string"}}}),
        );
        document
    };
    let places = ["a.v", "b.v", "list[].v", "nested.c.v"];
    let received = places
        .iter()
        .map(|place| format!("response-type-changed Order.{place}"));
    let sent = places
        .iter()
        .map(|place| format!("request-type-changed New.{place}"));
    assert_eq!(
        wire_rows(&both("Zo"), &both("Zn")),
        sent.chain(received).collect::<Vec<_>>()
    );
}

#[test]
fn part_that_another_part_overrides_is_reported_when_it_changes() {
    let with = |own: Value, parts: &[Value]| {
        let own = json!({"additionalProperties": own, "properties": {"a": {"type": "string"}}});
        let parts: Vec<Value> = std::iter::once(own).chain(parts.iter().cloned()).collect();
        let mut document = base();
        edit(
            &mut document,
            "/components/schemas/Open",
            &json!({"type": "object", "additionalProperties": {"type": "string"}}),
        );
        edit(
            &mut document,
            "/components/schemas/Order/properties/any",
            &json!({"allOf": parts}),
        );
        document
    };
    let (old, new) = (
        with(json!({"type": "string"}), &[reference("Open")]),
        with(json!({"type": "string", "nullable": true}), &[reference("Open")]),
    );
    assert_eq!(wire_rows(&old, &new), ["other-change Order.any{}"]);
}

#[test]
fn schemas_that_contain_themselves_are_compared_once_for_each_place() {
    let with = |schema: &str| {
        let mut document = base();
        let node = |name: &str, kind: &str| json!({"type": "object", "properties": {"v": {"type": kind}, "next": reference(name)}});
        edit(&mut document, "/components/schemas/Zo", &node("Zo", "number"));
        edit(&mut document, "/components/schemas/Zn", &node("Zn", "string"));
        edit(
            &mut document,
            "/components/schemas/Order/properties/a",
            &reference(schema),
        );
        edit(
            &mut document,
            "/components/schemas/Order/properties/b",
            &reference(schema),
        );
        document
    };
    assert_eq!(
        wire_rows(&with("Zo"), &with("Zn")),
        [
            "response-type-changed Order.a.v",
            "response-type-changed Order.b.v"
        ]
    );
}

#[test]
fn schemas_that_multiply_are_compared_in_bounded_time() {
    // Each refers twice to the next, so that there are 2^40 places; and each has ten parts, which are the next.
    let with = |first: &str| {
        let mut document = base();
        for (prefix, kind) in [("Old", "number"), ("New", "string")] {
            for level in 0..40 {
                let next = reference(&format!("{prefix}{}", level + 1));
                let schema =
                    json!({"type": "object", "properties": {"l": next, "r": next, "v": {"type": kind}}});
                document["components"]["schemas"][format!("{prefix}{level}")] = schema;
            }
            document["components"]["schemas"][format!("{prefix}40")] = json!({"type": kind});
        }
        for level in 0..16 {
            let next = reference(&format!("Part{}", level + 1));
            document["components"]["schemas"][format!("Part{level}")] = json!({"allOf": vec![next; 10]});
        }
        edit(
            &mut document,
            "/components/schemas/Order/properties/a",
            &reference(first),
        );
        edit(
            &mut document,
            "/components/schemas/Order/properties/b",
            &reference("Part0"),
        );
        document
    };
    // What contains itself twice, by reference in one document and by parts in the other.
    let twice = |field: Value| {
        let mut document = base();
        let schema =
            json!({"type": "object", "properties": {"l": field, "r": field, "v": {"type": "string"}}});
        edit(&mut document, "/components/schemas/Twice", &schema);
        edit(
            &mut document,
            "/components/schemas/Order/properties/twice",
            &reference("Twice"),
        );
        document
    };
    let parts =
        json!({"allOf": [reference("Twice"), {"type": "object", "properties": {"w": {"type": "string"}}}]});
    let rows = wire_rows(&twice(reference("Twice")), &twice(parts));
    assert!(
        rows.contains(&"response-field-added Twice.l.w".to_owned()) && rows.len() < 10_000,
        "{}",
        rows.len()
    );

    let rows = wire_rows(&with("Old0"), &with("New0"));
    assert!(rows.contains(&"response-type-changed Order.a.v".to_owned()));
    // Where it stops, the reference counts as another type.
    assert!(
        rows.iter()
            .any(|row| row.starts_with("response-type-changed Order.a.") && row.ends_with(['l', 'r']))
    );
    assert!(rows.len() < 10_000, "{}", rows.len());
}

/// The base and what it does not have: headers, parts, choices, content of a parameter, shared bodies.
fn rich() -> Value {
    let mut document = base();
    for (pointer, value) in [
        (
            "/paths/~1orders~1{id}/get/responses/200/headers",
            json!({"X-Left": {"required": true, "schema": {"type": "integer"}}}),
        ),
        (
            "/paths/~1orders/get/parameters/-",
            json!({"name": "json", "in": "query", "deprecated": true, "allowEmptyValue": true,
            "content": {"application/json": {"schema": {"type": "object", "properties": {"x": {"type": "string"}}}}}}),
        ),
        (
            "/paths/~1orders/get/parameters/-",
            json!({"name": "list", "in": "query", "style": "form", "explode": true,
            "schema": {"type": "array", "items": {"type": "string"}, "maxItems": 3}}),
        ),
        (
            "/components/schemas/Parts",
            json!({"allOf": [reference("Side2"), {"type": "object", "required": ["a"],
            "properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": "string", "nullable": true}}}]}),
        ),
        (
            "/components/schemas/Side2",
            json!({"type": "object", "properties": {"s": {"type": "string"}}}),
        ),
        ("/components/schemas/Order/properties/parts", reference("Parts")),
        ("/components/schemas/New/properties/parts", reference("Parts")),
        (
            "/components/schemas/Order/properties/choice",
            json!({"oneOf": [{"type": "string"}, reference("Side")]}),
        ),
        (
            "/components/schemas/Order/properties/map",
            json!({"type": "object", "additionalProperties": {"type": "integer"}}),
        ),
        (
            "/components/schemas/Order/properties/closed",
            json!({"type": "object", "additionalProperties": false}),
        ),
    ] {
        edit(&mut document, pointer, &value);
    }
    document
}

#[test]
fn differences_are_noticed_beside_others_and_do_not_panic() {
    let mut all = Vec::new();
    let base = rich();
    places(&base, String::new(), &mut all);
    let plain = wire::plain(&canonical(&base));
    // What is told of the rest must not depend on whether anything else has a row.
    let companion = |document: &mut Value| {
        let post = document
            .pointer_mut("/paths/~1orders/post/responses")
            .and_then(Value::as_object_mut);
        post.map(|responses| responses.insert("418".to_owned(), json!({})))
            .is_some()
    };
    let mut unnoticed = Vec::new();
    for place in &all {
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
            let mut changed = base.clone();
            *changed.pointer_mut(place).unwrap() = odd.clone();
            let mut changed = wire::plain(&canonical(&changed));
            let differs = plain != changed;
            for (old, new) in [(&plain, &changed), (&changed, &plain)] {
                let rows = wire::compare(old, new);
                if rows.is_empty() == differs {
                    unnoticed.push(format!("{place} is {odd}: {rows:?}"));
                }
            }
            if companion(&mut changed) {
                let rows = wire::compare(&plain, &changed);
                let others = rows.iter().filter(|row| row.place != "POST /orders 418");
                if (others.count() > 0) != differs {
                    unnoticed.push(format!("{place} is {odd}, beside another: {rows:?}"));
                }
            }
        }
    }
    assert!(unnoticed.is_empty(), "{}", unnoticed.join("\n"));
}

/// A schema, with references to the components `A` to `D`.
fn any_schema() -> impl Strategy<Value = Value> {
    let kinds = prop::sample::select(vec!["string", "integer", "number", "object", "array"]);
    let keys = [
        ("nullable", json!(true)),
        ("nullable", json!(false)),
        ("deprecated", json!(true)),
        ("readOnly", json!(true)),
        ("format", json!("uuid")),
        ("default", json!("x")),
        ("default", json!(1)),
        ("enum", json!(["X", "Y"])),
        ("enum", json!(["X"])),
        ("maximum", json!(3)),
        ("minLength", json!(0)),
        ("pattern", json!("a+")),
        ("required", json!(["a"])),
        ("required", json!([])),
        ("required", json!(["z"])),
        ("additionalProperties", json!(true)),
        ("additionalProperties", json!(false)),
        ("discriminator", json!({"propertyName": "a"})),
        ("not", json!({"type": "string"})),
        ("oneOf", json!([{"type": "string"}])),
    ];
    let keys = prop::collection::vec(prop::sample::select(keys.to_vec()), 0..4);
    let leaf = (prop::option::weighted(0.8, kinds), keys).prop_map(|(kind, keys)| {
        let mut schema: serde_json::Map<String, Value> = keys
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        schema.extend(kind.map(|kind| ("type".to_owned(), json!(kind))));
        Value::Object(schema)
    });
    let named = prop::sample::select(vec!["A", "B", "C", "D"]).prop_map(reference);
    let leaf = prop_oneof![3 => leaf, 1 => named];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let fields = prop::collection::btree_map("[abc]", inner.clone(), 1..3);
        prop_oneof![
            fields
                .clone()
                .prop_map(|fields| json!({"type": "object", "properties": fields})),
            (fields, inner.clone())
                .prop_map(|(fields, more)| json!({"properties": fields, "additionalProperties": more})),
            inner
                .clone()
                .prop_map(|items| json!({"type": "array", "items": items})),
            prop::collection::vec(inner, 1..3).prop_map(|parts| json!({"allOf": parts})),
        ]
    })
}

/// A document whose components are used by one operation that sends and receives; by name, so that none is renamed.
fn any_document() -> impl Strategy<Value = Value> {
    let header = prop::option::of(any_schema());
    let schemas = (any_schema(), any_schema(), any_schema(), any_schema());
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (schemas, any_schema(), any_schema(), header, flags).prop_map(
        |((a, b, c, d), sent, received, header, (required, deprecated, open))| {
            let mut operation = json!({"operationId": "one", "deprecated": deprecated,
                "parameters": [{"name": "p", "in": "query", "required": required, "schema": sent}],
                "requestBody": {"content": {"application/json": {"schema": reference("A")}}},
                "responses": {"200": holding(received), "400": {}}});
            if open {
                operation["security"] = json!([]);
            }
            if let Some(header) = header {
                operation["responses"]["200"]["headers"] = json!({"X-H": {"schema": header}});
            }
            json!({"openapi": "3.0.0", "info": {"title": "T", "version": "1"}, "paths": {"/x": {"post": operation}},
                "components": {"schemas": {"A": a, "B": b, "C": c, "D": d}}})
        },
    )
}

/// What a document says, each fact by the place that a row would have: a key of a schema, a field, a reference. It
/// follows no reference.
fn facts(document: &Value) -> BTreeMap<String, Vec<(String, Value)>> {
    let mut all = BTreeMap::new();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        schema_facts(name, schema, &mut all);
    }
    let operation = &document["paths"]["/x"]["post"];
    let key = "POST /x";
    for (member, value) in operation.as_object().unwrap() {
        if !["parameters", "requestBody", "responses"].contains(&member.as_str()) {
            all.entry(key.to_owned())
                .or_insert_with(Vec::new)
                .push((member.clone(), value.clone()));
        }
    }
    let parameter = &operation["parameters"][0];
    all.insert(
        format!("{key} p"),
        vec![("required".to_owned(), parameter["required"].clone())],
    );
    schema_facts(&format!("{key} p"), &parameter["schema"], &mut all);
    let response = &operation["responses"]["200"];
    schema_facts(
        &format!("{key} 200"),
        &response["content"]["application/json"]["schema"],
        &mut all,
    );
    if let Some(header) = response.pointer("/headers/X-H/schema") {
        schema_facts(&format!("{key} 200 x-h"), header, &mut all);
        all.entry(format!("{key} 200 x-h"))
            .or_default()
            .push(("is there".to_owned(), json!(true)));
    }
    all
}

fn schema_facts(place: &str, schema: &Value, all: &mut BTreeMap<String, Vec<(String, Value)>>) {
    for (key, value) in schema.as_object().into_iter().flatten() {
        let mut fact = |value: Value| {
            all.entry(place.to_owned())
                .or_default()
                .push((key.clone(), value))
        };
        match key.as_str() {
            "properties" => {
                for (name, field) in value.as_object().unwrap() {
                    let place = format!("{place}.{name}");
                    all.entry(place.clone())
                        .or_default()
                        .push(("is there".to_owned(), json!(true)));
                    schema_facts(&place, field, all);
                }
            }
            "items" => schema_facts(&format!("{place}[]"), value, all),
            "additionalProperties" if value.is_object() => schema_facts(&format!("{place}{{}}"), value, all),
            "allOf" => {
                fact(json!(value.as_array().unwrap().len()));
                for part in value.as_array().unwrap() {
                    schema_facts(place, part, all);
                }
            }
            _ => fact(value.clone()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn places_that_differ_have_a_row(old in any_document(), new in any_document(), mixed in any::<u8>()) {
        // Most of the components stay, so that differences stand alone.
        let mut new = new;
        for (bit, name) in ["A", "B", "C", "D"].iter().enumerate() {
            if mixed & (1 << bit) != 0 {
                new["components"]["schemas"][*name] = old["components"]["schemas"][*name].clone();
            }
        }
        if mixed & 16 != 0 {
            new["paths"] = old["paths"].clone();
        }
        let (old, new) = (wire::plain(&canonical(&old)), wire::plain(&canonical(&new)));
        let rows = wire::compare(&old, &new);
        let (was, is) = (facts(&old), facts(&new));
        let places: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        for place in places.into_iter().filter(|place| was.get(*place) != is.get(*place)) {
            // A row at the place, at one inside it, or at one that it is inside of and that is something else now.
            let inside = |inner: &str, outer: &str| {
                inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', '{']))
            };
            let whole = |rule: Rule| {
                ["type", "removed", "added", "unused", "other"].iter().any(|word| rule.id().contains(word))
            };
            let told = rows.iter().any(|row| {
                inside(&row.place, place) || inside(place, &row.place) && (whole(row.rule) || row.rule == Rule::KeywordChanged)
            });
            // What stands below a reference that came or went is written in one document alone and can mean the same.
            let refers = |facts: &BTreeMap<String, Vec<(String, Value)>>, outer: &String| {
                facts.get(outer).into_iter().flatten().any(|(key, _)| key == "$ref")
            };
            let written_once = was.contains_key(place) != is.contains_key(place);
            let replaced = written_once && was.keys().chain(is.keys()).any(|outer| {
                outer != place && inside(place, outer) && refers(&was, outer) != refers(&is, outer)
            });
            prop_assert!(told || replaced, "{place}: {:?} and {:?}\n{rows:#?}", was.get(place), is.get(place));
        }
        prop_assert_eq!(rows.is_empty(), old == new);
    }
}

#[test]
fn equal_documents_are_named_with_their_own_version() {
    let one = side("old.xml", &base(), None);
    let mut one = Side {
        kind: Some(Kind::Sbe),
        ..one
    };
    one.documents.set(Kind::Sbe, json!({"sbe": "1:2"}));
    let page = compare(&one, &one.clone(), "1.2.3").unwrap().page(Format::Text);
    assert_eq!(
        page,
        "Nothing changed: `old.xml` (`1:2`) and `old.xml` (`1:2`) describe the same interface.\n"
    );
}
