//! The documents of the WebSocket API, from a revision to the tables and the report.
//!
//! The revisions here are made for these tests. They change in the ways in which the exchange's documents changed between 2026-05-21,
//! 2026-07-22 and 2026-08-18, and what the report must say of each step was worked out by hand from those.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use xtask::diff::surface::Surface;
use xtask::diff::{Side, compare};
use xtask::documents::{Documents, Kind};
use xtask::source;
use xtask::tasks::{Diff, Gen, Outcome, run_diff};
use xtask::watch::{Watch, run_watch};

use common::{alone_with_the_compiler, contents, describe, place, repository, run, small};
use paradex_api_ext::paradex_api::stream::{CHANNELS, METHODS};

const MAY: &str = "2026-05-21";
const JULY: &str = "2026-07-22";
const AUGUST: &str = "2026-08-18";

/// The AsyncAPI document of a day, as YAML. Its examples and addresses are written as the exchange writes them.
fn asyncapi(day: &str) -> String {
    let later = day > MAY;
    let transfer = if later { "UNWIND_TRANSFER" } else { "TRANSFER" };
    let fresh = if later {
        "\n        impact_premium_rate: {type: string, example: '1.5'}"
    } else {
        ""
    };
    let markets = if later {
        ", markets: {type: array, items: {type: string}}"
    } else {
        ""
    };
    let values = |values: &str| match day == AUGUST {
        true => format!("{{type: string, enum: [{values}]}}"),
        false => "{type: string}".to_owned(),
    };
    let (event, state) = (values("RFQ, QUOTE"), values("CLOSED, OPENED"));
    let rfq = match day {
        MAY => String::new(),
        JULY => "\n  /rfq:\n    subscribe: {message: {payload: {$ref: '#/components/schemas/ResponsesRfqEventResp'}}}".to_owned(),
        _ => "\n  /rfq[.{rfq_id}]:\n    parameters: {rfq_id: {schema: {type: string}}}\n    \
              subscribe: {message: {payload: {$ref: '#/components/schemas/ResponsesRfqEventResp'}}}"
            .to_owned(),
    };
    let method = match later {
        false => String::new(),
        true => "\n  /modify_subscription:\n    publish: {message: {payload: {type: object, required: [channel], properties: \
                 {add: {type: array, items: {type: string}}, channel: {type: string}}}}}\n    \
                 subscribe: {message: {payload: {type: object, properties: {channel: {type: string}}}}}"
            .to_owned(),
    };
    let allowed = if day == AUGUST {
        "\n            allowed_side: {type: string, enum: [BUY, SELL]}"
    } else {
        ""
    };
    let rfq_schema = match later {
        false => String::new(),
        true => format!(
            "
    ResponsesRfqEventResp:
      type: object
      additionalProperties: false
      required: [seq]
      properties:
        seq: {{type: integer}}
        type: {event}
        quote:
          type: object
          properties:
            state: {state}{allowed}"
        ),
    };
    format!(
        "\
asyncapi: 2.6.0
info: {{title: Channels, version: {version}, description: Some words.}}
servers:
  production: {{url: wss://ws.example.com/v1?, protocol: wss, description: Some words.}}
channels:
  /orders.{{market_symbol}}:
    parameters: {{market_symbol: {{$ref: '#/components/parameters/market_symbol'}}}}
    subscribe:
      summary: Some words
      message: {{name: order, payload: {{$ref: '#/components/schemas/ResponsesOrderResp'}}, description: Some words}}
  /trades.{{market_symbol}}:
    parameters: {{market_symbol: {{$ref: '#/components/parameters/market_symbol'}}}}
    subscribe: {{message: {{payload: {{$ref: '#/components/schemas/ResponsesTradeResult'}}}}}}{rfq}
  /subscribe:
    publish: {{message: {{payload: {{type: object, required: [channel], properties: {{channel: {{type: string}}{markets}}}}}}}}}
    subscribe: {{message: {{payload: {{type: object, properties: {{channel: {{type: string}}}}}}}}}}{method}
  /order.create:
    publish:
      message:
        payload:
          type: object
          required: [market, side, size]
          properties: {{market: {{type: string}}, side: {{type: string, enum: [BUY, SELL]}}, size: {{type: string, example: 1}}}}
    subscribe:
      message:
        payload: {{type: object, properties: {{order: {{type: object, properties: {{id: {{type: string}}, size: {{type: string}}}}}}}}}}
components:
  messages: {{A: {{name: a}}}}
  parameters: {{market_symbol: {{description: Some words, schema: {{type: string}}}}}}
  schemas:
    ResponsesOrderResp:
      type: object
      additionalProperties: false
      properties:
        id: {{type: string, example: 0x4638e30}}
        side: {{type: string, enum: [BUY, SELL]}}
        size: {{type: string}}
    ResponsesTradeResult:
      type: object
      properties:
        id: {{type: string}}
        trade_type: {{type: string, enum: [FILL, {transfer}]}}{fresh}{rfq_schema}
",
        version = if day == AUGUST { "1.3.1" } else { "1.2.1" },
    )
}

/// The OpenRPC document of a day.
fn openrpc(day: &str) -> Value {
    let text = json!({"type": "string", "example": "x"});
    let texts = json!({"type": "array", "items": {"type": "string"}});
    let param = |name: &str, required: bool, schema: &Value| json!({"name": name, "required": required, "description": "Some words.", "schema": schema});
    let method = |name: &str, params: Vec<Value>, result: Value, errors: &[i64]| {
        let errors: Vec<Value> = errors
            .iter()
            .map(|code| json!({"code": code, "message": "Some words."}))
            .collect();
        json!({"name": name, "summary": "Some words.", "paramStructure": "by-name", "params": params,
               "result": {"name": "result", "schema": {"type": "object", "properties": result}}, "errors": errors})
    };
    let mut subscribe = vec![param("channel", true, &text)];
    if day > MAY {
        subscribe.push(param("markets", false, &texts));
    }
    let side = json!({"type": "string", "enum": ["BUY", "SELL"]});
    let order = json!({"order": {"type": "object", "properties": {"id": text, "size": text}}});
    let mut methods = vec![
        method("subscribe", subscribe, json!({"channel": text}), &[-32600]),
        method(
            "order.create",
            vec![
                param("size", true, &text),
                param("market", true, &text),
                param("side", true, &side),
            ],
            order,
            &[-32600, 40300],
        ),
    ];
    if day > MAY {
        let params = vec![param("channel", true, &text), param("add", false, &texts)];
        methods.push(method(
            "modify_subscription",
            params,
            json!({"channel": text}),
            &[-32600],
        ));
    }
    json!({"openrpc": "1.3.2", "info": {"title": "Methods", "version": if day == AUGUST { "1.3.1" } else { "1.2.1" }},
           "servers": [{"name": "production", "url": "wss://ws.example.com/v1"}], "methods": methods})
}

fn canonical(bytes: &[u8]) -> (Kind, Value) {
    let loaded = source::parse(bytes, "x", "2026-01-01").unwrap();
    (loaded.kind, loaded.document)
}

fn documents(day: &str) -> Documents {
    let mut documents = Documents::from(canonical(common::small_document().to_string().as_bytes()).1);
    for bytes in [asyncapi(day), openrpc(day).to_string()] {
        let (kind, document) = canonical(bytes.as_bytes());
        documents.set(kind, document);
    }
    documents
}

/// The rule, the level and the place of every row about the wire.
fn rows(old: &Documents, new: &Documents) -> Vec<String> {
    let side = |documents: &Documents| Side::new("x".to_owned(), documents.clone(), Ok(Surface::default()));
    let comparison = compare(&side(old), &side(new), "0.1.0").unwrap();
    let rows = comparison.rows.iter();
    rows.map(|row| format!("{} {} {}", row.rule.level().as_str(), row.rule, row.place))
        .collect()
}

#[test]
fn report_of_july_names_the_renamed_value_and_what_is_new() {
    assert_eq!(
        rows(&documents(MAY), &documents(JULY)),
        [
            "breaking response-value-renamed responses.TradeResult.trade_type",
            "addition channel-added CHANNEL rfq",
            "addition schema-added responses.RfqEventResp",
            "addition schema-added responses.RfqEventResp.quote",
            "addition response-field-added responses.TradeResult.impact_premium_rate",
            "addition method-added METHOD modify_subscription",
            "addition schema-added modify_subscription.params",
            "addition schema-added modify_subscription.result",
            "addition request-field-added subscribe.params.markets",
        ]
    );
}

#[test]
fn report_of_august_names_the_longer_pattern_and_the_listed_values() {
    assert_eq!(
        rows(&documents(JULY), &documents(AUGUST)),
        [
            "addition channel-pattern-extended CHANNEL rfq[.{rfq_id}]",
            "addition parameter-added CHANNEL rfq[.{rfq_id}] rfq_id",
            "addition response-type-narrowed responses.RfqEventResp.type",
            "addition response-type-narrowed responses.RfqEventResp.quote.state",
            "addition response-field-added responses.RfqEventResp.quote.allowed_side",
        ]
    );
    let mut way_back = rows(&documents(AUGUST), &documents(JULY));
    way_back.retain(|row| row.contains("CHANNEL"));
    assert_eq!(
        way_back,
        [
            "breaking channel-pattern-changed CHANNEL rfq",
            "breaking parameter-removed CHANNEL rfq rfq_id"
        ]
    );
}

#[test]
fn words_and_order_and_version_change_nothing() {
    let mut other = documents(JULY);
    let text = asyncapi(JULY)
        .replace("Some words", "Other words")
        .replace("1.2.1", "9");
    other.set(Kind::AsyncApi, canonical(text.as_bytes()).1);
    let mut methods = openrpc(JULY);
    methods["methods"].as_array_mut().unwrap().reverse();
    other.set(Kind::OpenRpc, canonical(methods.to_string().as_bytes()).1);
    assert_eq!(rows(&documents(JULY), &other), Vec::<String>::new());
}

#[test]
fn change_that_rest_and_stream_share_is_one_row_of_both() {
    let (old, mut new) = (documents(JULY), documents(JULY));
    let mut rest = new.get(Kind::OpenApi).unwrap().clone();
    rest["components"]["schemas"]["responses.OrderResp"]["properties"]["fee"] = json!({"type": "string"});
    new.set(Kind::OpenApi, rest);
    let text = asyncapi(JULY).replace(
        "        size: {type: string}\n",
        "        size: {type: string}\n        fee: {type: string}\n",
    );
    new.set(Kind::AsyncApi, canonical(text.as_bytes()).1);
    let side = |documents: Documents| Side::new("x".to_owned(), documents, Ok(Surface::default()));
    let comparison = compare(&side(old), &side(new), "0.1.0").unwrap();
    assert_eq!(comparison.rows.len(), 1, "{:?}", comparison.rows);
    let operations: Vec<&String> = comparison.rows[0].operations.iter().collect();
    assert_eq!(operations, ["CHANNEL orders.{market_symbol}", "POST /orders"]);
}

#[test]
fn every_change_of_a_channel_or_method_has_its_rule() {
    let with = |edit: &dyn Fn(&mut Value, &mut Value)| {
        let mut new = documents(JULY);
        let mut channels = new.get(Kind::AsyncApi).unwrap().clone();
        let mut methods = new.get(Kind::OpenRpc).unwrap().clone();
        edit(&mut channels, &mut methods);
        new.set(Kind::AsyncApi, channels);
        new.set(Kind::OpenRpc, methods);
        new
    };
    let old = with(&|channels, _| {
        channels["components"]["parameters"]["market_symbol"]["schema"] =
            json!({"type": "string", "enum": ["A", "B"]});
    });
    for (edit, expected) in [
        (
            &(|channels: &mut Value, _: &mut Value| {
                channels["channels"].as_object_mut().unwrap().remove("/rfq");
            }) as &dyn Fn(&mut Value, &mut Value),
            &["breaking channel-removed CHANNEL rfq"][..],
        ),
        (
            &|channels, methods| {
                channels["channels"].as_object_mut().unwrap().remove("/subscribe");
                methods["methods"]
                    .as_array_mut()
                    .unwrap()
                    .retain(|method| method["name"] != json!("subscribe"))
            },
            &["breaking method-removed METHOD subscribe"],
        ),
        (
            &|channels, _| {
                let all = channels["channels"].as_object_mut().unwrap();
                let trades = all.remove("/trades.{market_symbol}").unwrap();
                all.insert("/trades.{market}".to_owned(), trades);
            },
            &["addition channel-pattern-extended CHANNEL trades.{market}"],
        ),
        (
            &|channels, _| {
                channels["channels"]["/trades.{market_symbol}"]["subscribe"]["message"]["payload"] =
                    json!({"$ref": "#/components/schemas/ResponsesOrderResp"});
            },
            &["breaking response-field-removed CHANNEL trades.{market_symbol} 200.trade_type"],
        ),
        (
            &|channels, _| {
                let schema = &mut channels["components"]["parameters"]["market_symbol"]["schema"];
                schema["enum"] = json!(["A"]);
            },
            &["breaking request-value-removed CHANNEL orders.{market_symbol} market_symbol"],
        ),
        (
            &|_, methods| {
                let subscribe = methods["methods"].as_array_mut().unwrap();
                let subscribe = subscribe
                    .iter_mut()
                    .find(|method| method["name"] == json!("subscribe"))
                    .unwrap();
                subscribe["params"][1]["required"] = json!(true);
            },
            &["breaking request-field-required subscribe.params.markets"],
        ),
        (
            &|_, methods| {
                let all = methods["methods"].as_array_mut().unwrap();
                let subscribe = all
                    .iter_mut()
                    .find(|method| method["name"] == json!("subscribe"))
                    .unwrap();
                subscribe["errors"]
                    .as_array_mut()
                    .unwrap()
                    .push(json!({"code": 40300}));
            },
            &[
                "breaking security-required METHOD subscribe",
                "addition error-status-added METHOD subscribe error 40300",
            ],
        ),
        (
            &|_, methods| methods["servers"][0]["url"] = json!("wss://other.example.com/v1"),
            &["breaking server-changed servers"],
        ),
    ] {
        let with_values = |channels: &mut Value, methods: &mut Value| {
            channels["components"]["parameters"]["market_symbol"]["schema"] =
                json!({"type": "string", "enum": ["A", "B"]});
            edit(channels, methods);
        };
        let found = rows(&old, &with(&with_values));
        for row in expected {
            assert!(
                found.iter().any(|other| other == row),
                "{row}\nis not in\n{found:#?}"
            );
        }
    }
}

/// What a person adds to the files of the small workspace for these documents.
const CORRECTIONS: &str = "  - target: $.components.schemas['stream.order.create.params'].properties
    description: The method takes the body of the REST API.
    update: {instruction: {$ref: '#/components/schemas/responses.OrderInstruction'}}
  - target: $.components.schemas['stream.order.create.result.order'].properties
    description: The result holds the order of the REST API.
    update: {side: {$ref: '#/components/schemas/responses.OrderSide'}}
  - target: $['x-stream'].channels['orders.{market_symbol}']
    description: It is private.
    update: {private: true, sequence: {rule: none}, all: [market_symbol], sbe: Quote}
  - target: $['x-stream'].channels['trades.{market_symbol}']
    description: It is public.
    update: {private: false, sequence: {rule: none}, base_asset: true}
";

const RFQ: &str = "  - target: $['x-stream'].channels['rfq']
    description: It is private, and numbered.
    update: {private: true, sequence: {rule: increasing, field: seq}}
";

const NAMES: &str = "\
methods:
  order.create: POST /orders
stream:
  order.create.params: requests.OrderRequest
  order.create.result.order: responses.OrderResp
";

fn append(folder: &Path, file: &str, text: &str) {
    let old = fs::read_to_string(folder.join(file)).unwrap();
    place(folder, file, &(old + text));
}

/// Takes in both documents of a day by one command.
fn take_in(folder: &Path, day: &str, accept: bool) -> (Result<Outcome, String>, String) {
    let published = tempfile::tempdir().unwrap();
    let files = [
        (format!("asyncapi-{day}.yaml"), asyncapi(day)),
        (format!("openrpc-{day}.json"), openrpc(day).to_string()),
    ];
    let from = files.map(|(name, text)| {
        place(published.path(), &name, &text);
        published.path().join(name).to_str().unwrap().to_owned()
    });
    let task = Gen {
        from: from.into(),
        accept,
        ..Gen::default()
    };
    run(folder, &task)
}

/// A small workspace with the documents of May.
fn with_may() -> tempfile::TempDir {
    let folder = small();
    append(folder.path(), "openapi/corrections.yaml", CORRECTIONS);
    append(folder.path(), "openapi/names.yaml", NAMES);
    let (outcome, printed) = take_in(folder.path(), MAY, true);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    describe(folder.path());
    folder
}

#[test]
fn documents_are_taken_in_one_after_the_other() {
    let folder = small();
    let before = contents(folder.path());
    let (outcome, printed) = take_in(folder.path(), MAY, true);
    outcome.unwrap_err();
    for said in [
        "problem: CHANNEL orders.{market_symbol}: nothing says whether it is private",
        "problem: CHANNEL trades.{market_symbol}: nothing says how its messages are numbered",
        "addition channel-added                `CHANNEL trades.{market_symbol}` is new.",
        "addition method-added                 `METHOD order.create` is new.",
    ] {
        assert!(printed.contains(said), "{said}\nis not in\n{printed}");
    }
    assert_eq!(contents(folder.path()), before);

    append(folder.path(), "openapi/names.yaml", NAMES);
    let (outcome, printed) = take_in(folder.path(), MAY, false);
    outcome.unwrap_err();
    let said = "stream.order.create.params.instruction: should be `requests.OrderRequest` and differs: the REST API has this field \
                and the WebSocket API does not";
    assert!(printed.contains(said), "{printed}");

    let folder = with_may();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let check = Gen {
        check: true,
        ..Gen::default()
    };
    assert_eq!(run(folder.path(), &check).0, Ok(Outcome::Done));
    for name in ["asyncapi", "openrpc"] {
        let vendored = read(&format!("openapi/stream/{name}.json"));
        assert!(
            !vendored.contains("words") && !vendored.contains("example\""),
            "{vendored}"
        );
        let source = read("openapi/source.toml");
        let source = source.split(&format!("[{name}]")).nth(1).unwrap();
        assert!(source.contains("date = \"2026-05-21\"") && source.contains("upstream_version = \"1.2.1\""));
        assert!(
            source
                .trim_start()
                .starts_with("address = \"https://raw.githubusercontent.com/"),
            "{source}"
        );
    }
    let tables = read("paradex-api/src/generated/stream.rs");
    for said in [
        "pattern: \"orders.{market_symbol}\"",
        "payload: Some(\"Order\")",
        "sbe: Some(\"Quote\")",
        "Parameter::new(\"market_symbol\", &[], true, true)",
        "operation: Some(&operations::CREATE_ORDER)",
        "params: \"OrderRequest\"",
        "by_base_asset: true",
    ] {
        assert!(tables.contains(said), "{said}\nis not in\n{tables}");
    }
    let types = read("paradex-api/src/generated/types.rs");
    assert_eq!(types.matches("pub struct Order {").count(), 1);
    assert!(
        !types.contains("OrderCreateParams"),
        "the params are the body of the REST API"
    );

    let (outcome, printed) = take_in(folder.path(), JULY, true);
    outcome.unwrap_err();
    let problems: Vec<&str> = printed
        .lines()
        .filter(|line| line.starts_with("problem: "))
        .collect();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(
        problems
            .iter()
            .all(|problem| problem.starts_with("problem: CHANNEL rfq: ")),
        "{problems:?}"
    );
    append(folder.path(), "openapi/corrections.yaml", RFQ);
    let (outcome, printed) = take_in(folder.path(), JULY, true);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    assert!(read("paradex-api/src/generated/stream.rs").contains("Sequence::Increasing {"));
    assert!(
        read("openapi/retired.yaml").contains("TRANSFER"),
        "the renamed value keeps its variant"
    );

    // The pattern has another optional part, and what is said about the channel moves along.
    let (outcome, printed) = take_in(folder.path(), AUGUST, false);
    outcome.unwrap_err();
    assert!(
        printed.contains(
            "fixable: `CHANNEL rfq` was renamed to `CHANNEL rfq[.{rfq_id}]`; `--accept` renames it"
        ),
        "{printed}"
    );
    let (outcome, printed) = take_in(folder.path(), AUGUST, true);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    assert!(printed.contains("channel-pattern-extended"), "{printed}");
    let descriptions = read("openapi/descriptions.yaml");
    assert!(
        !descriptions.contains("\n  rfq:\n") && descriptions.contains("\n  rfq[.{rfq_id}]:\n"),
        "{descriptions}"
    );
    assert!(read("openapi/corrections.yaml").contains("channels['rfq[.{rfq_id}]']"));

    describe(folder.path());
    let before = contents(folder.path());
    let (outcome, printed) = take_in(folder.path(), AUGUST, false);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    assert!(
        printed.starts_with("Nothing changed: `openapi/stream/asyncapi.json, "),
        "{printed}"
    );
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn edit_of_a_vendored_document_and_two_of_a_kind_are_problems() {
    let folder = with_may();
    let name = "openapi/stream/openrpc.json";
    let text = fs::read_to_string(folder.path().join(name)).unwrap();
    place(folder.path(), name, &text.replace("\"BUY\"", "\"BOUGHT\""));
    let (outcome, printed) = run(
        folder.path(),
        &Gen {
            check: true,
            ..Gen::default()
        },
    );
    outcome.unwrap_err();
    assert!(
        printed.contains("openapi/stream/openrpc.json was edited by hand"),
        "{printed}"
    );

    let published = tempfile::tempdir().unwrap();
    place(published.path(), "a.json", &openrpc(MAY).to_string());
    let from = published.path().join("a.json").to_str().unwrap().to_owned();
    let task = Gen {
        from: vec![from.clone(), from],
        ..Gen::default()
    };
    assert_eq!(
        run(folder.path(), &task).0,
        Err("two OpenRPC documents were given; choose one".to_owned())
    );
}

#[test]
fn diff_takes_documents_of_one_kind_beside_those_of_the_workspace() {
    let folder = with_may();
    repository(folder.path());
    let published = tempfile::tempdir().unwrap();
    place(published.path(), "new.json", &openrpc(JULY).to_string());
    place(published.path(), "old.json", &openrpc(MAY).to_string());
    place(
        published.path(),
        "rest.json",
        &common::small_document().to_string(),
    );
    let diff = |old: &str, new: &str| {
        let path = |name: &str| match name {
            "HEAD" => name.to_owned(),
            name => published.path().join(name).to_str().unwrap().to_owned(),
        };
        let task = Diff {
            old: path(old),
            new: path(new),
            ..Diff::default()
        };
        let mut printed = Vec::new();
        let outcome = run_diff(folder.path(), &task, &mut printed).map_err(|error| format!("{error:#}"));
        (outcome, String::from_utf8(printed).unwrap())
    };
    for old in ["HEAD", "old.json"] {
        let (outcome, printed) = diff(old, "new.json");
        assert_eq!(outcome, Ok(Outcome::Stale), "{printed}");
        assert!(
            printed.contains("`METHOD modify_subscription` is new."),
            "{printed}"
        );
        assert!(
            !printed.contains("CHANNEL"),
            "the channels are those of the workspace: {printed}"
        );
    }
    assert_eq!(diff("old.json", "HEAD").0, Ok(Outcome::Done));
    let error = diff("old.json", "rest.json").0.unwrap_err();
    assert!(error.contains("choose two of one kind"), "{error}");
}

#[test]
fn watch_takes_in_what_changed_although_another_document_cannot_be_had() {
    let folder = with_may();
    let _alone = alone_with_the_compiler();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiles");
    place(
        folder.path(),
        ".cargo/config.toml",
        &format!("[build]\ntarget-dir = {:?}\n", target.to_str().unwrap()),
    );
    repository(folder.path());
    let (published, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let watch = |names: &[&str]| {
        let from = names
            .iter()
            .map(|name| published.path().join(name).to_str().unwrap().to_owned());
        let task = Watch {
            from: from.collect(),
            out: out.path().to_path_buf(),
        };
        let mut printed = Vec::new();
        let outcome = run_watch(folder.path(), &task, &mut printed).map_err(|error| format!("{error:#}"));
        (outcome, String::from_utf8(printed).unwrap())
    };
    place(published.path(), "same.yaml", &asyncapi(MAY));
    let (outcome, printed) = watch(&["same.yaml"]);
    assert_eq!(
        (outcome, printed.as_str()),
        (Ok(Outcome::Done), "nothing has changed since 2026-05-21\n")
    );
    assert!(
        watch(&["same.yaml", "gone.json"])
            .0
            .unwrap_err()
            .contains("gone.json")
    );

    let more = asyncapi(MAY).replace(
        "        id: {type: string}\n",
        "        id: {type: string}\n        fee: {type: string}\n",
    );
    place(published.path(), "new.yaml", &more);
    let (outcome, printed) = watch(&["new.yaml", "gone.json"]);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    let body = fs::read_to_string(out.path().join("body.md")).unwrap();
    for said in [
        "From `openapi/stream/asyncapi.json` (`1.2.1`)",
        "`rust-field-added`: `types::Trade.fee` is new",
        "changed its AsyncAPI document",
        "not looked at: ",
    ] {
        assert!(body.contains(said), "{said}\nis not in\n{body}");
    }
    let changed = xtask::git::git(folder.path(), &["diff", "--name-only", "main"]).unwrap();
    assert!(
        changed.contains("openapi/stream/asyncapi.json") && !changed.contains("openrpc.json"),
        "{changed}"
    );
}

/// A vendored document of the workspace.
fn vendored(kind: Kind) -> Value {
    let path = common::workspace().join("openapi").join(kind.file());
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn tables_have_every_published_channel_and_method_and_what_corrections_add() {
    let asyncapi = vendored(Kind::AsyncApi);
    let openrpc = vendored(Kind::OpenRpc);
    let mut methods: Vec<&str> = openrpc["methods"]
        .as_array()
        .unwrap()
        .iter()
        .map(|method| method["name"].as_str().unwrap())
        .collect();
    methods.sort_unstable();
    assert_eq!(
        METHODS.iter().map(|method| method.name).collect::<Vec<_>>(),
        methods
    );

    let published = asyncapi["channels"].as_object().unwrap().iter();
    let published: Vec<&str> = published
        .filter(|(_, channel)| channel.get("publish").is_none())
        .map(|(name, _)| name.trim_start_matches('/'))
        .collect();
    let patterns: Vec<&str> = CHANNELS.iter().map(|channel| channel.pattern).collect();
    let lacking: Vec<&&str> = published.iter().filter(|name| !patterns.contains(name)).collect();
    assert_eq!(
        lacking,
        [&"order_book.{market_symbol}.{feed_type}@15@{refresh_rate}[@{price_tick}]"]
    );
    let corrections = fs::read_to_string(common::workspace().join("openapi/corrections.yaml")).unwrap();
    for pattern in patterns.iter().filter(|pattern| !published.contains(pattern)) {
        assert!(
            corrections.contains(&format!("\n      {pattern}:\n")),
            "{pattern}"
        );
    }
    for channel in CHANNELS
        .iter()
        .filter(|channel| published.contains(&channel.pattern))
    {
        let payload =
            &asyncapi["channels"][format!("/{}", channel.pattern)]["subscribe"]["message"]["payload"]["$ref"];
        let name = payload.as_str().unwrap().rsplit('/').next().unwrap();
        let plain = name.trim_start_matches("Responses");
        assert!(
            channel
                .payload
                .is_some_and(|payload| plain.to_lowercase().starts_with(&payload.to_lowercase())),
            "{name}"
        );
    }
}
