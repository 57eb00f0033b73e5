//! A small workspace: a few operations of the exchange, and what is said about them under `openapi/`. It is generated in
//! a fraction of the time that the vendored document takes, and tests on it do not depend on what is vendored.

use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::{Value, json};
use xtask::tasks::{Gen, Outcome};

use super::{bare, contents, describe, place, run};

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/responses.{name}")})
}

fn responses(schema: Value) -> Value {
    json!({"200": {"content": {"application/json": {"schema": schema}}}})
}

fn list_of(item: &str) -> Value {
    responses(json!({"allOf": [reference("ApiResults"),
        {"type": "object", "properties": {"results": {"type": "array", "items": reference(item)}}}]}))
}

fn values(values: &[&str]) -> Value {
    json!({"type": "string", "enum": values})
}

fn object(fields: Value) -> Value {
    json!({"type": "object", "properties": fields})
}

/// The document, as the exchange publishes it.
pub fn document() -> Value {
    let token = json!([{"BearerToken": []}]);
    let text = json!({"type": "string"});
    json!({"openapi": "3.0.0", "info": {"title": "Small", "version": "1.100.0"},
        "servers": [{"url": "https://api.example.com/v1"}],
        "paths": {
            "/account/tokens": {"get": {"operationId": "list-account-tokens", "security": token,
                "responses": list_of("ApiToken")}},
            "/jwks.json": {"get": {"operationId": "getJwks", "responses": responses(reference("Jwks"))}},
            "/markets": {"get": {"operationId": "get-markets", "responses": list_of("MarketResp"),
                "parameters": [{"name": "page_size", "in": "query", "schema": {"type": "integer", "maximum": 5000}}]}},
            "/orders": {"post": {"operationId": "create-order", "security": token, "responses": responses(reference("OrderResp")),
                "requestBody": {"required": true, "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/requests.OrderRequest"}}}}}},
            "/orders/batch": {"delete": {"operationId": "cancel-batch", "security": token, "responses": list_of("CancelOrderResult")}},
            "/staking/history": {"get": {"operationId": "get-staking-history", "responses": list_of("StakingStakeResp")}},
            "/system/config": {"get": {"operationId": "get-system-config", "responses": responses(reference("SystemConfigResponse"))}},
            "/system/time": {"get": {"operationId": "get-system-time", "responses": responses(reference("SystemTimeResponse"))}}},
        "components": {
            "securitySchemes": {"BearerToken": {"type": "apiKey", "in": "header", "name": "Authorization"}},
            "schemas": {
                "requests.OrderRequest": {"type": "object", "required": ["market", "side", "size"], "properties": {
                    "market": text, "side": reference("OrderSide"), "size": text, "instruction": reference("OrderInstruction")}},
                "responses.ApiError": object(json!({"error": reference("ErrorCode"), "message": text, "data": {"type": "object"}})),
                "responses.ApiResults": object(json!({"results": {"type": "array"}})),
                "responses.ApiToken": object(json!({"lookup_id": text, "name": text, "token": text, "created_at": {"type": "integer"}})),
                "responses.CancelOrderResult": object(json!({"id": text, "status": text})),
                "responses.ErrorCode": values(&["ACCOUNT_NOT_FOUND", "INVALID_ORDER", "UNSPECIFIED"]),
                "responses.Jwk": object(json!({"kid": text, "kty": text})),
                "responses.Jwks": object(json!({"keys": {"type": "array", "items": reference("Jwk")}})),
                "responses.MarketResp": object(json!({"symbol": text, "price_tick_size": text})),
                "responses.OrderInstruction": values(&["GTC", "IOC", "RPI"]),
                "responses.OrderResp": object(json!({"id": text, "side": reference("OrderSide"), "size": text})),
                "responses.OrderSide": values(&["BUY", "SELL"]),
                "responses.StakingStakeResp": object(json!({"account": text, "amount": text})),
                "responses.SystemConfigResponse": object(json!({"starknet_chain_id": text, "liquidation_fee": text})),
                "responses.SystemTimeResponse": object(json!({"server_time": text}))}}})
}

/// A schema of binary frames with each kind of field, as the exchange publishes it.
const SBE: &str = r#"<sbe:messageSchema xmlns:sbe="http://fixprotocol.io/2016/sbe" package="small" id="1" version="0"
  semanticVersion="1.0.0" byteOrder="littleEndian" headerType="messageHeader">
<types>
  <composite name="messageHeader">
    <type name="blockLength" primitiveType="uint16"/><type name="templateId" primitiveType="uint16"/>
    <type name="schemaId" primitiveType="uint16"/><type name="version" primitiveType="uint16"/>
  </composite>
  <composite name="groupSizeEncoding">
    <type name="blockLength" primitiveType="uint16"/><type name="numInGroup" primitiveType="uint16"/>
  </composite>
  <composite name="varString8">
    <type name="length" primitiveType="uint8"/>
    <type name="varData" length="0" primitiveType="uint8" semanticType="String" characterEncoding="UTF-8"/>
  </composite>
  <composite name="Price8">
    <type name="mantissa" primitiveType="int64" nullValue="-9223372036854775808"/>
    <type name="exponent" primitiveType="int8" presence="constant">-8</type>
  </composite>
  <type name="AccountAddress" primitiveType="uint8" length="32"/>
  <enum name="Side" encodingType="uint8"><validValue name="BUY">1</validValue><validValue name="SELL">2</validValue></enum>
  <set name="Flags" encodingType="uint8"><choice name="RPI">0</choice></set>
</types>
<sbe:message name="Quote" id="1">
  <field id="1" name="side" type="Side"/>
  <field id="2" name="flags" type="Flags"/>
  <field id="3" name="price" type="Price8"/>
  <field id="4" name="account" type="AccountAddress"/>
  <group id="5" name="levels" dimensionType="groupSizeEncoding"><field id="1" name="price" type="Price8"/></group>
  <data id="6" name="market" type="varString8"/>
</sbe:message>
</sbe:messageSchema>"#;

/// The files under `openapi/` that people write; the descriptions are added by [`describe`].
const FILES: [(&str, &str); 7] = [
    (
        "corrections.yaml",
        "\
overlay: 1.0.0
info: {title: What the small document gets wrong, version: 1.0.0}
actions:
  - target: $.components.schemas['responses.ApiError'].properties.data.type
    description: It can be null.
    remove: true
    x-expect: object
  - target: $.components.schemas['responses.CancelOrderResult'].properties.status
    description: The values are in the text alone.
    update:
      enum: [ALREADY_CLOSED, NOT_FOUND, QUEUED_FOR_CANCELLATION]
",
    ),
    (
        "decimals.yaml",
        "\
fields:
  requests.OrderRequest: [size]
  responses.MarketResp: [price_tick_size]
  responses.OrderResp: [size]
  responses.StakingStakeResp: [amount]
  responses.SystemConfigResponse: [liquidation_fee]
",
    ),
    (
        "descriptions.yaml",
        "\
operations: {}
schemas:
  responses.OrderInstruction:
    description: How long an order stays open.
    values:
      GTC: Until it is cancelled.
      IOC: Not at all.
      RPI: For retail orders alone.
",
    ),
    (
        "names.yaml",
        "\
# The names that the rules do not give.
operations:
  GET /jwks.json: get-jwks
  GET /markets: list-markets
  GET /staking/history: list-stakes
schemas:
  responses.CancelOrderResult: CancelOrderResponse
enums:
  CancelStatus: [responses.CancelOrderResult.status]
",
    ),
    ("retired.yaml", "[]\n"),
    (
        "stream/fields.yaml",
        "\
messages:
  Quote:
    text: A quote.
    mantissas: true
    entry: Level
    entry_text: A level.
    fields:
      side: {text: Whether it buys or sells.}
      flags: {text: What is special about it.}
      price: {text: The price.}
      account: {text: Who made it.}
      levels: {text: More of it.}
      levels.price: {text: The price of the level.}
      market: {text: The market.}
types:
  Side: {text: A side.}
  Flags: {text: Special properties.}
",
    ),
    (
        "secrets.yaml",
        "\
# What may not be printed.
fields:
  responses.ApiToken: [token]
headers: []
public:
  responses.Jwks.keys: These are public keys.
",
    ),
];

/// A small workspace, generated and described. It is made once for each test program and copied from there.
pub fn small() -> tempfile::TempDir {
    static FILES: OnceLock<Vec<(PathBuf, Vec<u8>)>> = OnceLock::new();
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in FILES.get_or_init(make) {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    folder
}

fn make() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = bare();
    for (name, text) in FILES {
        place(folder.path(), &format!("openapi/{name}"), text);
    }
    let published = tempfile::tempdir().unwrap();
    place(published.path(), "2026-09-01.json", &document().to_string());
    place(published.path(), "sbe.xml", SBE);
    let from =
        ["2026-09-01.json", "sbe.xml"].map(|file| published.path().join(file).to_str().unwrap().to_owned());
    let task = Gen {
        from: from.to_vec(),
        accept: true,
        ..Gen::default()
    };
    let (outcome, printed) = run(folder.path(), &task);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    describe(folder.path());
    let files = contents(folder.path()).into_iter();
    files
        .map(|(path, bytes)| (path.strip_prefix(folder.path()).unwrap().to_path_buf(), bytes))
        .collect()
}
