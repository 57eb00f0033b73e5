//! Order methods over the WebSocket: each against the HTTP operation that does the same, cancel on disconnect, credentials that end
//! while a connection is open, and faults.

use paradex_api::stream::methods;
use paradex_api::types::SystemStatus;
use paradex_api_ext::simulator::{
    AuthOfNarrowedToken, BatchParameters, CleanClose, DisconnectScope, OrderRefusalCode, OrderSnapshot,
    PrivateEncoding, SimulatorBuilder, SocketEnd, SocketOfNarrowedToken, SocketOfRevokedSubkey,
    SocketOfRevokedToken, SocketSnapshot, StreamOptions,
};

use super::random::Random;
use super::stream::{Received, Socket, error, until, with_options};
use super::*;

async fn authenticated(simulator: &Simulator, token: &Secret) -> Socket {
    let mut socket = Socket::open(simulator, 2).await;
    let response = socket.call("auth", json!({"bearer": token.expose()})).await;
    assert!(response["result"]["node_id"].is_string(), "{response}");
    socket
}

async fn trading(simulator: &Simulator) -> Socket {
    authenticated(simulator, &simulator.main_session()).await
}

async fn started() -> Simulator {
    with_options(at_once()).await
}

/// Settings with which cancel on disconnect does not wait.
fn at_once() -> StreamOptions {
    StreamOptions::default().disconnect_delay(Duration::ZERO)
}

fn orders(simulator: &Simulator) -> Vec<OrderSnapshot> {
    simulator.orders(&simulator.main_account())
}

fn statuses(simulator: &Simulator) -> Vec<(OrderStatus, Option<&'static str>)> {
    let orders = orders(simulator);
    orders
        .iter()
        .map(|order| (order.status.clone(), order.cancel_reason))
        .collect()
}

const OPEN: (OrderStatus, Option<&str>) = (OrderStatus::Open, None);
const DISCONNECTED: (OrderStatus, Option<&str>) = (OrderStatus::Closed, Some("CANCEL_ON_DISCONNECT"));

fn newest(simulator: &Simulator) -> SocketSnapshot {
    simulator.sockets().pop().unwrap()
}

/// Places an order that rests, and returns its id.
async fn placed(socket: &mut Socket, simulator: &Simulator) -> String {
    let response = socket.call("order.create", json!(limit(simulator))).await;
    response["result"]["order"]["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{response}"))
        .to_owned()
}

async fn arm(socket: &mut Socket) {
    let response = socket
        .call("order.cancel_on_disconnect", json!({"enabled": true}))
        .await;
    assert_eq!(response["result"], json!({"enabled": true}), "{response}");
}

/// Ends the connection without a close frame.
fn break_off(socket: Socket) {
    drop(socket);
}

async fn ended(simulator: &Simulator) {
    until(|| newest(simulator).ended.is_some()).await;
    // The end is noted before the connection's task is over, which cancels its orders.
    until(|| simulator.open_connections() == 0).await;
}

#[tokio::test]
async fn methods_need_authentication() {
    let simulator = started().await;
    let mut socket = Socket::open(&simulator, 2).await;
    for method in paradex_api::stream::METHODS
        .iter()
        .filter(|method| method.needs_auth)
    {
        let response = socket.call(method.name, json!({})).await;
        assert_eq!(error(&response).0, 40300, "{method}");
    }
    assert_eq!(error(&socket.call("order.nothing", json!({})).await).0, -32601);
}

#[tokio::test]
async fn results_have_the_published_shapes() {
    let simulator = started().await;
    let document = Document::parse(paradex_api::DOCUMENT).unwrap();
    let mut socket = trading(&simulator).await;
    let (account, main) = (simulator.main_account(), simulator.main_key());
    let mut call = async |method: &paradex_api::stream::Method, params: Value| {
        let response = socket.call(method.name, params).await;
        let schema = document.schema(method.result).unwrap();
        let mut violations = document.check_value(schema, &response["result"]);
        // The exchange sends an empty text as long as nothing is filled.
        violations.retain(|violation| !violation.place.ends_with("/avg_fill_price"));
        assert_eq!(violations, [], "{response}");
        assert!(response.get("error").is_none(), "{response}");
        response["result"].clone()
    };

    let created = call(&methods::ORDER_CREATE, json!(limit(&simulator).client_id("mine"))).await;
    assert_eq!(created["order"]["status"], "NEW");
    assert_eq!(created["order"]["client_id"], "mine");
    assert_eq!(created["created_at"], created["order"]["created_at"]);
    let received = created["received_at"].as_i64().unwrap();
    assert_eq!(received / 1_000_000, created["created_at"].as_i64().unwrap());
    let id = created["order"]["id"].as_str().unwrap();

    let modified = modification(&main, &account, id, "11");
    let modified = call(&methods::ORDER_MODIFY, json!(modified)).await;
    assert_eq!(
        (&modified["order"]["id"], &modified["order"]["price"]),
        (&json!(id), &json!("11"))
    );

    let batch =
        json!({"orders": [limit(&simulator), limit(&simulator).client_id("mine"), limit(&simulator)]});
    let results = call(&methods::ORDER_CREATE_BATCH, batch).await["results"].clone();
    assert!(
        results[0]["order"]["id"].is_string() && results[2]["order"]["id"].is_string(),
        "{results}"
    );
    let refusal = results[1]["error"].as_str().unwrap();
    assert!(refusal.starts_with("DUPLICATED_CLIENT_ID: "), "{refusal}");

    let by_client_id = json!({"client_id": "mine", "market": MARKET});
    let cancelled = call(&methods::ORDER_CANCEL, by_client_id).await;
    assert_eq!(
        cancelled,
        json!({"order_id": id, "status": "QUEUED_FOR_CANCELLATION"})
    );
    let second = &results[0]["order"]["id"];
    let cancelled = call(&methods::ORDER_CANCEL, json!({"id": second})).await;
    assert_eq!(
        cancelled,
        json!({"order_id": second, "status": "QUEUED_FOR_CANCELLATION"})
    );

    let third = &results[2]["order"]["id"];
    let batch = call(
        &methods::ORDER_CANCEL_BATCH,
        json!({"order_ids": [third, id, "0x1"]}),
    )
    .await;
    let expected = json!({"results": [
        {"id": third, "market": MARKET, "status": "QUEUED_FOR_CANCELLATION"},
        {"id": id, "market": MARKET, "status": "ALREADY_CLOSED"},
        {"id": "0x1", "status": "NOT_FOUND"},
    ]});
    assert_eq!(batch, expected);
    for params in [json!({}), json!({"market": MARKET})] {
        assert_eq!(
            call(&methods::ORDER_CANCEL_ALL, params).await,
            json!({"status": "ok"})
        );
    }
    for enabled in [true, false] {
        let params = json!({"enabled": enabled});
        assert_eq!(
            call(&methods::ORDER_CANCEL_ON_DISCONNECT, params.clone()).await,
            params
        );
        assert_eq!(newest(&simulator).cancel_on_disconnect, enabled);
    }
}

#[tokio::test]
async fn wrong_parameters_are_refused_and_change_nothing() {
    let simulator = started().await;
    let mut socket = trading(&simulator).await;
    let mut slippage = json!(limit(&simulator));
    slippage["vwap_price"] = json!("10");
    let mut typo = json!(limit(&simulator));
    typo["instructions"] = json!("POST_ONLY");
    let mut unsigned = json!(limit(&simulator));
    unsigned["signature"] = json!("[\"1\",\"2\"]");
    for (method, params, code, data) in [
        ("order.create", json!({}), -32602, "body/market must be given"),
        (
            "order.create",
            slippage,
            -32602,
            "vwap_price: the method does not have it",
        ),
        ("order.create", typo, -32602, "body/instructions"),
        ("order.create", unsigned, -32602, "INVALID_ORDER_SIGNATURE"),
        (
            "order.create",
            json!([limit(&simulator)]),
            -32602,
            "params: must be an object",
        ),
        (
            "order.create_batch",
            json!({"orders": []}),
            -32602,
            "BATCH_SIZE_OUT_OF_RANGE",
        ),
        (
            "order.create_batch",
            json!({"orders": {}}),
            -32602,
            "orders: must be a list",
        ),
        (
            "order.create_batch",
            json!({"orders": [{"vwap_price": "1"}]}),
            -32602,
            "orders/0/vwap_price",
        ),
        ("order.modify", json!({}), -32602, "id: must be a text"),
        ("order.modify", json!({"id": "0x1"}), -32602, "must be given"),
        ("order.cancel", json!({}), -32602, "id, or client_id and market"),
        (
            "order.cancel",
            json!({"client_id": "x"}),
            -32602,
            "market: must be a text",
        ),
        ("order.cancel", json!({"id": 7}), -32602, "id: must be a text"),
        ("order.cancel", json!({"id": ""}), -32602, "path"),
        (
            "order.cancel",
            json!({"id": "../orders"}),
            -32602,
            "ORDER_ID_NOT_FOUND",
        ),
        (
            "order.cancel_batch",
            json!({"order_ids": 1}),
            -32602,
            "body/order_ids must be a list",
        ),
        (
            "order.cancel_batch",
            json!({"client_order_ids": ["x"]}),
            -32602,
            "client_order_ids",
        ),
        (
            "order.cancel_all",
            json!({"market": 1}),
            -32602,
            "market: must be a text",
        ),
        (
            "order.cancel_on_disconnect",
            json!({}),
            -32602,
            "enabled: must be true or false",
        ),
        (
            "order.cancel_on_disconnect",
            json!({"enabled": "yes"}),
            -32602,
            "enabled: must be true or false",
        ),
    ] {
        let (found, shown) = error(&socket.call(method, params.clone()).await);
        assert_eq!(found, code, "{method} {params}");
        assert!(shown.contains(data), "{method} {params}: {shown}");
    }
    assert!(orders(&simulator).is_empty());
    assert!(!newest(&simulator).cancel_on_disconnect);
}

#[tokio::test]
async fn rights_status_and_limits_are_those_of_http() {
    let hour = Duration::from_secs(3_600);
    let options = StreamOptions::default()
        .close_without_subscription(None)
        .heartbeats(hour)
        .pings(hour, hour);
    let builder = Simulator::builder().strict().orders_per_minute(2);
    let simulator = builder.stream(options).start().await.unwrap();
    let reader = token(&main_client(&simulator), "read_only", &[]).await.unwrap();
    let mut socket = authenticated(&simulator, &text(&reader)).await;
    for (method, params) in [
        ("order.create", json!(limit(&simulator))),
        ("order.cancel_all", json!({})),
        ("order.cancel_on_disconnect", json!({"enabled": true})),
    ] {
        assert_eq!(error(&socket.call(method, params).await).0, 40300, "{method}");
    }

    // The limit is one of the account, and both halves count.
    let mut socket = trading(&simulator).await;
    placed(&mut socket, &simulator).await;
    let client = main_client(&simulator);
    place(&client, limit(&simulator)).await.unwrap();
    assert_eq!(
        error(&socket.call("order.create", json!(limit(&simulator))).await).0,
        42901
    );
    assert_eq!(error(&socket.call("order.cancel_all", json!({})).await).0, 42901);
    assert_eq!(refused(place(&client, limit(&simulator)).await).0, 429);
    simulator.advance(Duration::from_secs(30));

    simulator.set_status(SystemStatus::CancelOnly);
    let (code, data) = error(&socket.call("order.create", json!(limit(&simulator))).await);
    assert_eq!(
        (code, data.starts_with("SYSTEM_STATUS_CANCEL_ONLY")),
        (-32602, true),
        "{data}"
    );
    simulator.advance(Duration::from_secs(30));
    simulator.set_status(SystemStatus::Maintenance);
    assert_eq!(
        error(&socket.call("order.create", json!(limit(&simulator))).await).0,
        -32603
    );
    simulator.advance(Duration::from_secs(30));
    let all = socket.call("order.cancel_all", json!({})).await;
    assert_eq!(all["result"]["status"], "ok", "{all}");
    assert!(
        statuses(&simulator)
            .iter()
            .all(|status| status.0 == OrderStatus::Closed)
    );
}

#[tokio::test]
async fn methods_count_for_the_address_if_told_so() {
    for (counts, code) in [(false, 0), (true, 42901)] {
        let options = StreamOptions::default().order_methods_count_for_address(counts);
        let builder = Simulator::builder().requests_per_minute(1).stream(options);
        let simulator = builder.start().await.unwrap();
        let mut socket = trading(&simulator).await;
        placed(&mut socket, &simulator).await;
        assert_eq!(error(&socket.call("order.cancel_all", json!({})).await).0, code);
    }
}

#[tokio::test]
async fn batch_parameters_and_refusal_code_are_switches() {
    for (takes, object, list) in [
        (BatchParameters::Both, true, true),
        (BatchParameters::Object, true, false),
        (BatchParameters::List, false, true),
    ] {
        let simulator = with_options(StreamOptions::default().batch_parameters(takes)).await;
        let mut socket = trading(&simulator).await;
        let order = json!(limit(&simulator));
        for (params, accepted) in [(json!({"orders": [order]}), object), (json!([order]), list)] {
            let response = socket.call("order.create_batch", params).await;
            let is_placed = response["result"]["results"][0]["order"]["id"].is_string();
            assert_eq!(is_placed, accepted, "{response}");
            assert_eq!(error(&response).0, if accepted { 0 } else { -32602 });
        }
    }
    for (code, expected) in [
        (OrderRefusalCode::InvalidParameters, -32602),
        (OrderRefusalCode::InvalidRequest, -32600),
        (OrderRefusalCode::MethodError, 100),
    ] {
        let simulator = with_options(StreamOptions::default().order_refusal_code(code)).await;
        let mut socket = trading(&simulator).await;
        assert_eq!(
            error(&socket.call("order.cancel", json!({"id": "0x1"})).await).0,
            expected
        );
        assert_eq!(error(&socket.call("order.cancel", json!({})).await).0, -32602);
    }
}

#[tokio::test]
async fn methods_are_in_the_log_of_requests() {
    let simulator = started().await;
    let mut socket = trading(&simulator).await;
    let id = placed(&mut socket, &simulator).await;
    socket.call("order.cancel", json!({"id": "0x1"})).await;
    arm(&mut socket).await;
    let requests = simulator.requests();
    let logged: Vec<_> = requests
        .iter()
        .filter_map(|request| Some((request.stream_method()?, request.status(), request.refusal())))
        .collect();
    assert_eq!(logged[0], (&methods::ORDER_CREATE, Some(200), None));
    assert_eq!((logged[1].0, logged[1].1), (&methods::ORDER_CANCEL, Some(404)));
    assert!(logged[1].2.unwrap().starts_with("ORDER_ID_NOT_FOUND"));
    assert_eq!(logged[2].0, &methods::ORDER_CANCEL_ON_DISCONNECT);
    let created = requests
        .iter()
        .find(|request| request.operation() == Some(&operations::CREATE_ORDER));
    let created = created.unwrap();
    assert_eq!((created.method(), created.path()), ("WEBSOCKET", "/v1"));
    assert!(!format!("{requests:?}").contains(simulator.main_session().expose()));
    assert!(!format!("{requests:?}").contains("signature\":"));
    assert_eq!(orders(&simulator)[0].id, id);
}

/// A step of both halves.
#[derive(Debug, Clone)]
enum Step {
    Create(Value),
    CreateBatch(Vec<Value>),
    Modify(Value),
    Cancel(String),
    CancelByClientId(String),
    CancelBatch(Vec<String>),
    CancelAll(Option<&'static str>),
    Quote(u64),
}

const MARKETS: [&str; 2] = [MARKET, "ETH-USD-PERP"];

/// Orders that are not signed.
fn random_order(random: &mut Random, at: u64) -> Value {
    let kinds = ["LIMIT", "LIMIT", "LIMIT", "MARKET", "STOP_MARKET"];
    let kind = kinds[random.below(5) as usize];
    let market = MARKETS[random.below(2) as usize];
    let side = ["BUY", "SELL"][random.below(2) as usize];
    let instruction = ["GTC", "POST_ONLY", "IOC"][random.below(3) as usize];
    let mut order = json!({
        "market": market,
        "side": side,
        "type": kind,
        "size": format!("0.{}", 1 + random.below(9)),
        "instruction": instruction,
        "signature": "[\"1\",\"2\"]",
        "signature_timestamp": at,
    });
    if kind == "LIMIT" {
        order["price"] = json!((95 + random.below(11)).to_string());
    }
    if kind == "STOP_MARKET" {
        order["trigger_price"] = json!((95 + random.below(11)).to_string());
    }
    if random.below(2) == 0 {
        order["client_id"] = json!(format!("c{}", random.below(4)));
    }
    if random.below(20) == 0 {
        order["size"] = json!("0");
    }
    order
}

fn random_step(random: &mut Random, orders: &[OrderSnapshot], at: u64) -> Step {
    let id = |random: &mut Random| match orders.len() {
        0 => "0x7".to_owned(),
        count => orders[random.below(count as u64) as usize].id.clone(),
    };
    match random.below(12) {
        0..4 => Step::Create(random_order(random, at)),
        4 => Step::CreateBatch((0..random.below(4)).map(|_| random_order(random, at)).collect()),
        5 | 6 => {
            let id = id(random);
            let mut order = random_order(random, at);
            let fields = order.as_object_mut().unwrap();
            fields.remove("instruction");
            fields.remove("client_id");
            if let Some(old) = orders.iter().find(|order| order.id == id) {
                fields.insert("market".to_owned(), json!(old.market));
                fields.insert("side".to_owned(), json!(old.side));
                fields.insert("type".to_owned(), json!(old.order_type));
            }
            fields.insert("id".to_owned(), json!(id));
            Step::Modify(order)
        }
        7 => Step::Cancel(id(random)),
        8 => Step::CancelByClientId(format!("c{}", random.below(4))),
        9 => Step::CancelBatch((0..random.below(4)).map(|_| id(random)).collect()),
        10 => Step::CancelAll([None, Some(MARKETS[0]), Some(MARKETS[1])][random.below(3) as usize]),
        _ => Step::Quote(95 + random.below(10)),
    }
}

/// Takes a step over HTTP, and returns code and message of a refusal.
async fn over_http(
    simulator: &Simulator,
    http: &reqwest::Client,
    bearer: &Secret,
    step: &Step,
) -> Option<String> {
    let (method, path, body) = match step {
        Step::Create(order) => ("POST", "/v1/orders".to_owned(), Some(order.clone())),
        Step::CreateBatch(orders) => ("POST", "/v1/orders/batch".to_owned(), Some(json!(orders))),
        Step::Modify(order) => (
            "PUT",
            format!("/v1/orders/{}", order["id"].as_str().unwrap()),
            Some(order.clone()),
        ),
        Step::Cancel(id) => ("DELETE", format!("/v1/orders/{id}"), None),
        Step::CancelByClientId(id) => (
            "DELETE",
            format!("/v1/orders/by_client_id/{id}?market={MARKET}"),
            None,
        ),
        Step::CancelBatch(ids) => (
            "DELETE",
            "/v1/orders/batch".to_owned(),
            Some(json!({"order_ids": ids})),
        ),
        Step::CancelAll(market) => {
            let query = market.map_or_else(String::new, |market| format!("?market={market}"));
            ("DELETE", format!("/v1/orders{query}"), None)
        }
        Step::Quote(price) => {
            step_quote(simulator, *price);
            return None;
        }
    };
    let mut request = http.request(method.parse().unwrap(), format!("{}{path}", simulator.url()));
    request = request.bearer_auth(bearer.expose());
    if let Some(body) = body {
        request = request
            .header("content-type", "application/json")
            .body(body.to_string());
    }
    let response = request.send().await.unwrap();
    let is_success = response.status().is_success();
    let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default();
    let refusal = |body: &Value| {
        format!(
            "{}: {}",
            body["error"].as_str().unwrap_or_default(),
            body["message"].as_str().unwrap_or_default()
        )
    };
    match is_success {
        false => Some(refusal(&body)),
        true => body["errors"]
            .as_array()
            .filter(|errors| !errors.is_empty())
            .map(|errors| errors.iter().map(refusal).collect::<Vec<_>>().join("\n")),
    }
}

/// Takes the same step over a WebSocket.
async fn over_socket(simulator: &Simulator, socket: &mut Socket, step: &Step) -> Option<String> {
    let (method, params) = match step {
        Step::Create(order) => ("order.create", order.clone()),
        Step::CreateBatch(orders) => ("order.create_batch", json!({ "orders": orders })),
        Step::Modify(order) => ("order.modify", order.clone()),
        Step::Cancel(id) => ("order.cancel", json!({ "id": id })),
        Step::CancelByClientId(id) => ("order.cancel", json!({"client_id": id, "market": MARKET})),
        Step::CancelBatch(ids) => ("order.cancel_batch", json!({ "order_ids": ids })),
        Step::CancelAll(None) => ("order.cancel_all", json!({})),
        Step::CancelAll(Some(market)) => ("order.cancel_all", json!({ "market": market })),
        Step::Quote(price) => {
            step_quote(simulator, *price);
            return None;
        }
    };
    let response = socket.call(method, params).await;
    if response.get("error").is_some() {
        return Some(error(&response).1);
    }
    let results = response["result"]["results"].as_array();
    let errors = results
        .into_iter()
        .flatten()
        .filter_map(|result| result["error"].as_str());
    let errors: Vec<&str> = errors.collect();
    (!errors.is_empty()).then(|| errors.join("\n"))
}

fn step_quote(simulator: &Simulator, price: u64) {
    let level = |price: u64| [(Decimal::from(price), decimal("0.4"))];
    simulator
        .set_quotes(MARKET, &level(price), &level(price + 2))
        .unwrap();
}

/// Both halves carry out the same random requests in two simulators with the same seed.
#[tokio::test]
async fn methods_do_what_their_http_operations_do() {
    for seed in 0..6 {
        let start = async || {
            let builder = Simulator::builder().seed(seed).unchecked_signatures().strict();
            let simulator = builder.start().await.unwrap();
            step_quote(&simulator, 100);
            simulator
        };
        let (one, other) = (start().await, start().await);
        let (http, bearer) = (http(), one.main_session());
        let mut socket = trading(&other).await;
        socket.subscribe("markets").await;
        let mut random = Random(seed);
        let (mut refused, at) = (0, milliseconds());
        for number in 0..120 {
            let step = random_step(&mut random, &orders(&one), at);
            let first = over_http(&one, &http, &bearer, &step).await;
            let second = over_socket(&other, &mut socket, &step).await;
            assert_eq!(second, first, "seed {seed}, step {number}: {step:?}");
            assert_eq!(
                orders(&other),
                orders(&one),
                "seed {seed}, step {number}: {step:?}"
            );
            refused += usize::from(first.is_some());
        }
        assert!(refused > 5, "{refused}");
        assert!(orders(&one).iter().any(|order| !order.filled.is_zero()));
    }
}

#[tokio::test]
async fn interactive_session_places_interactive_orders() {
    let simulator = started().await;
    let mut sign_in = SignIn::new(&simulator, &simulator.main_key(), &simulator.main_account());
    let public_key = simulator.main_key().public_key().to_string();
    sign_in.named = Some(&public_key);
    let session = sign_in.send().await.unwrap();
    assert!(simulator.session(session.expose()).unwrap().interactive);
    let mut socket = authenticated(&simulator, &session).await;
    let response = socket.call("order.create", json!(limit(&simulator))).await;
    let flags = response["result"]["order"]["flags"].as_array().unwrap().clone();
    assert!(flags.contains(&json!("INTERACTIVE")), "{response}");
}

#[tokio::test]
async fn orders_of_an_armed_connection_are_cancelled_when_it_breaks() {
    let simulator = started().await;
    let elsewhere = place(&main_client(&simulator), limit(&simulator)).await.unwrap();
    let mut unarmed = trading(&simulator).await;
    placed(&mut unarmed, &simulator).await;
    let mut socket = trading(&simulator).await;
    // An order from before it was armed counts as well.
    placed(&mut socket, &simulator).await;
    arm(&mut socket).await;
    placed(&mut socket, &simulator).await;
    assert!(newest(&simulator).cancel_on_disconnect);
    break_off(socket);
    until(|| {
        statuses(&simulator)
            .iter()
            .filter(|status| **status == DISCONNECTED)
            .count()
            == 2
    })
    .await;
    assert_eq!(statuses(&simulator), [OPEN, OPEN, DISCONNECTED, DISCONNECTED]);
    assert_eq!(orders(&simulator)[0].id, elsewhere);
    break_off(unarmed);
    ended(&simulator).await;
    assert_eq!(statuses(&simulator)[1], OPEN);
}

#[tokio::test]
async fn connection_that_is_disarmed_keeps_its_orders() {
    let simulator = started().await;
    let mut socket = trading(&simulator).await;
    arm(&mut socket).await;
    placed(&mut socket, &simulator).await;
    socket
        .call("order.cancel_on_disconnect", json!({"enabled": false}))
        .await;
    break_off(socket);
    ended(&simulator).await;
    assert_eq!(statuses(&simulator), [OPEN]);
}

#[tokio::test]
async fn scope_and_clean_close_of_cancel_on_disconnect_are_switches() {
    for (scope, expected) in [
        (DisconnectScope::Connection, [OPEN, DISCONNECTED]),
        (DisconnectScope::Account, [DISCONNECTED, DISCONNECTED]),
    ] {
        let simulator = with_options(at_once().disconnect_scope(scope)).await;
        place(&main_client(&simulator), limit(&simulator)).await.unwrap();
        let mut socket = trading(&simulator).await;
        arm(&mut socket).await;
        placed(&mut socket, &simulator).await;
        break_off(socket);
        until(|| statuses(&simulator) == expected).await;
    }
    for (close, expected) in [(CleanClose::Cancels, DISCONNECTED), (CleanClose::Keeps, OPEN)] {
        let simulator = with_options(at_once().clean_close(close)).await;
        let mut socket = trading(&simulator).await;
        arm(&mut socket).await;
        placed(&mut socket, &simulator).await;
        socket.stream.close(None).await.unwrap();
        while !matches!(socket.next().await, Received::Broken) {}
        drop(socket);
        ended(&simulator).await;
        assert_eq!(statuses(&simulator), [expected]);
        // A connection that only breaks is another thing.
        let mut socket = trading(&simulator).await;
        arm(&mut socket).await;
        placed(&mut socket, &simulator).await;
        break_off(socket);
        until(|| statuses(&simulator)[1] == DISCONNECTED).await;
    }
}

#[tokio::test]
async fn connection_that_the_simulator_closes_cancels_as_well() {
    let options = at_once().clean_close(CleanClose::Keeps);
    let simulator = with_options(options).await;
    let mut socket = trading(&simulator).await;
    arm(&mut socket).await;
    placed(&mut socket, &simulator).await;
    simulator.advance(Duration::from_secs(10));
    assert!(matches!(socket.next().await, Received::Closed(Some(4031))));
    drop(socket);
    until(|| statuses(&simulator) == [DISCONNECTED]).await;
}

#[tokio::test]
async fn delayed_cancel_on_disconnect_spares_orders_that_fill_meanwhile() {
    let simulator = with_options(StreamOptions::default()).await;
    let mut socket = trading(&simulator).await;
    arm(&mut socket).await;
    placed(&mut socket, &simulator).await;
    placed(&mut socket, &simulator).await;
    break_off(socket);
    ended(&simulator).await;
    simulator.advance(Duration::from_secs(4));
    assert_eq!(statuses(&simulator), [OPEN, OPEN]);
    simulator
        .set_quotes(MARKET, &[], &[(decimal("9"), decimal("0.5"))])
        .unwrap();
    simulator.advance(Duration::from_secs(1));
    assert_eq!(statuses(&simulator), [(OrderStatus::Closed, None), DISCONNECTED]);
}

/// The exchange notices it by the pong that is missing, whenever the client gives the connection up.
#[tokio::test]
async fn orders_of_a_half_open_connection_stay_until_it_is_noticed() {
    let simulator = with_options(StreamOptions::default()).await;
    let mut socket = trading(&simulator).await;
    arm(&mut socket).await;
    placed(&mut socket, &simulator).await;
    socket.call("subscribe", json!({"channel": "orders.ALL"})).await;
    simulator.inject(Injection::new(Fault::half_open()).on_channel("orders"));
    place(&main_client(&simulator), limit(&simulator)).await.unwrap();
    break_off(socket);
    until(|| simulator.open_connections() == 0).await;
    simulator.advance(Duration::from_secs(64));
    assert_eq!(statuses(&simulator), [OPEN, OPEN]);
    simulator.advance(Duration::from_secs(1));
    until(|| statuses(&simulator) == [DISCONNECTED, OPEN]).await;
}

#[tokio::test]
async fn cancellation_over_a_websocket_can_be_delayed() {
    let builder = Simulator::builder().cancel_delay(Duration::from_secs(60));
    let simulator = builder.start().await.unwrap();
    let mut socket = trading(&simulator).await;
    let id = placed(&mut socket, &simulator).await;
    placed(&mut socket, &simulator).await;
    let response = socket.call("order.cancel", json!({"id": id})).await;
    assert_eq!(response["result"]["status"], "QUEUED_FOR_CANCELLATION");
    assert_eq!(statuses(&simulator), [OPEN, OPEN]);
    simulator
        .set_quotes(MARKET, &[], &[(decimal("9"), decimal("0.5"))])
        .unwrap();
    socket.call("order.cancel_all", json!({})).await;
    placed(&mut socket, &simulator).await;
    simulator.advance(Duration::from_secs(60));
    let cancelled = (OrderStatus::Closed, Some("USER_CANCELED"));
    assert_eq!(
        statuses(&simulator),
        [(OrderStatus::Closed, None), cancelled, OPEN]
    );
}

/// Whether order methods succeed on a connection, or the code of an error or of the end.
async fn outcome(socket: &mut Socket) -> i64 {
    let id = socket.request("order.cancel_all", json!({})).await;
    loop {
        match socket.next().await {
            Received::Text(response) if response["id"] == id => return error(&response).0,
            Received::Closed(code) => return code.unwrap().into(),
            _ => {}
        }
    }
}

#[tokio::test]
async fn end_of_a_credential_ends_its_connection_only_if_told_so() {
    for (switch, expected) in [
        (SocketOfRevokedToken::GoesOn, 0),
        (SocketOfRevokedToken::Refused, 40111),
        (SocketOfRevokedToken::Closed, 1008),
    ] {
        let simulator = with_options(StreamOptions::default().revoked_tokens(switch)).await;
        let owner = main_client(&simulator);
        let created = token(&owner, "api_key", &[]).await.unwrap();
        for credential in [text(&created), simulator.main_session()] {
            let mut socket = authenticated(&simulator, &credential).await;
            assert_eq!(outcome(&mut socket).await, 0);
            match credential.expose() == text(&created).expose() {
                true => drop(owner.revoke_token().lookup_id(id(&created)).send().await.unwrap()),
                false => simulator.revoke_sessions(),
            }
            match expected {
                1008 => assert!(matches!(socket.next().await, Received::Closed(Some(1008)))),
                expected => assert_eq!(outcome(&mut socket).await, expected),
            }
        }
    }
    for (switch, expected) in [
        (SocketOfRevokedSubkey::GoesOn, 0),
        (SocketOfRevokedSubkey::Refused, 40111),
        (SocketOfRevokedSubkey::Closed, 1008),
    ] {
        let simulator = with_options(StreamOptions::default().revoked_subkeys(switch)).await;
        let owner = main_client(&simulator);
        let public_key = key("0x5b1").public_key().to_string();
        register(&owner, CreateSubkeyRequest::new("bot", public_key.as_str()))
            .await
            .unwrap();
        let session = simulator.subkey_session(&public_key).unwrap();
        let mut socket = authenticated(&simulator, &session).await;
        owner
            .revoke_subkey()
            .public_key(&public_key)
            .send()
            .await
            .unwrap();
        match expected {
            1008 => assert!(matches!(socket.next().await, Received::Closed(Some(1008)))),
            expected => assert_eq!(outcome(&mut socket).await, expected),
        }
    }
}

#[tokio::test]
async fn narrowed_allowlist_reaches_open_connections_only_if_told_so() {
    let elsewhere = ["192.0.2.0/24"];
    for (switch, expected) in [
        (SocketOfNarrowedToken::GoesOn, 0),
        (SocketOfNarrowedToken::Refused, 40300),
        (SocketOfNarrowedToken::Closed, 1008),
    ] {
        let simulator = with_options(StreamOptions::default().narrowed_tokens(switch)).await;
        let owner = main_client(&simulator);
        let created = token(&owner, "api_key", &[]).await.unwrap();
        let mut socket = authenticated(&simulator, &text(&created)).await;
        put(&owner, &id(&created), &elsewhere).await.unwrap();
        match expected {
            1008 => assert!(matches!(socket.next().await, Received::Closed(Some(1008)))),
            expected => assert_eq!(outcome(&mut socket).await, expected),
        }
        // A new one cannot authenticate.
        let mut socket = Socket::open(&simulator, 2).await;
        let response = socket
            .call("auth", json!({"bearer": text(&created).expose()}))
            .await;
        assert_eq!(error(&response).0, 40111);
    }
    let options = StreamOptions::default()
        .auth_of_narrowed_tokens(AuthOfNarrowedToken::Accepted)
        .narrowed_tokens(SocketOfNarrowedToken::Closed);
    let simulator = with_options(options).await;
    let created = token(&main_client(&simulator), "api_key", &elsewhere)
        .await
        .unwrap();
    let mut socket = authenticated(&simulator, &text(&created)).await;
    assert_eq!(outcome(&mut socket).await, 0);
}

#[tokio::test]
async fn expired_session_goes_on() {
    let options = StreamOptions::default()
        .revoked_tokens(SocketOfRevokedToken::Closed)
        .close_without_subscription(None);
    let builder: SimulatorBuilder = Simulator::builder().stream(options);
    let simulator = builder
        .session_lifetime(Duration::from_secs(20))
        .start()
        .await
        .unwrap();
    let mut socket = trading(&simulator).await;
    simulator.advance(Duration::from_secs(21));
    assert_eq!(outcome(&mut socket).await, 0);
}

#[tokio::test]
async fn requests_and_responses_are_lost_by_faults() {
    let simulator = started().await;
    let mut socket = trading(&simulator).await;
    let lose = |injection: Injection| simulator.inject(injection.on(&methods::ORDER_CREATE));
    lose(Injection::new(Fault::lose_request()));
    lose(Injection::new(Fault::lose_response()).skip(1));
    // Neither gets a response, and the second is placed.
    socket
        .request("order.create", json!(limit(&simulator).client_id("lost")))
        .await;
    socket
        .request("order.create", json!(limit(&simulator).client_id("placed")))
        .await;
    let response = socket
        .call("order.create", json!(limit(&simulator).client_id("told")))
        .await;
    assert_eq!(response["result"]["order"]["client_id"], "told");
    let placed: Vec<_> = orders(&simulator)
        .into_iter()
        .filter_map(|order| order.client_id)
        .collect();
    assert_eq!(placed, ["placed", "told"]);
    // What is lost before it arrives is not in the log.
    let logged = simulator.requests();
    assert_eq!(
        logged
            .iter()
            .filter(|request| request.stream_method().is_some())
            .count(),
        2
    );
}

#[tokio::test]
async fn faults_of_http_requests_hit_methods() {
    let simulator = started().await;
    let mut socket = trading(&simulator).await;
    // A fault without a method is meant for HTTP.
    simulator.inject(Fault::rate_limited(None));
    placed(&mut socket, &simulator).await;
    simulator.clear_injections();

    let on = |fault: Fault| simulator.inject(Injection::new(fault).on(&methods::ORDER_CREATE));
    on(Fault::rate_limited(None));
    assert_eq!(
        error(&socket.call("order.create", json!(limit(&simulator))).await).0,
        42901
    );
    on(Fault::html(StatusCode::BAD_GATEWAY));
    assert_eq!(
        error(&socket.call("order.create", json!(limit(&simulator))).await).0,
        -32603
    );
    assert_eq!(orders(&simulator).len(), 1);
    on(Fault::edit_response(|response| {
        response["result"]["order"]["status"] = json!("?")
    }));
    let response = socket.call("order.create", json!(limit(&simulator))).await;
    assert_eq!(response["result"]["order"]["status"], "?");
    assert_eq!(orders(&simulator).len(), 2);
    on(Fault::run_before(|simulator| {
        simulator.set_status(SystemStatus::CancelOnly)
    }));
    assert_eq!(
        error(&socket.call("order.create", json!(limit(&simulator))).await).0,
        -32602
    );
    simulator.set_status(SystemStatus::Ok);

    for (fault, count) in [(Fault::reset_before(), 2), (Fault::reset_after(), 3)] {
        let mut socket = trading(&simulator).await;
        on(fault);
        socket.request("order.create", json!(limit(&simulator))).await;
        assert!(matches!(socket.next().await, Received::Broken));
        assert_eq!(newest(&simulator).ended, Some(SocketEnd::Broken));
        assert_eq!(orders(&simulator).len(), count);
    }
    for (fault, count) in [(Fault::close_before(1011), 3), (Fault::close_after(1012), 4)] {
        let mut socket = trading(&simulator).await;
        on(fault);
        socket.request("order.create", json!(limit(&simulator))).await;
        assert!(matches!(socket.next().await, Received::Closed(Some(1011 | 1012))));
        assert_eq!(orders(&simulator).len(), count);
    }
}

#[tokio::test]
async fn delays_are_by_the_simulators_clock() {
    let simulator = started().await;
    let mut socket = trading(&simulator).await;
    socket.subscribe("markets").await;
    let delay = Duration::from_secs(3);
    simulator.inject(Injection::new(Fault::delay_after(delay)).on(&methods::ORDER_CREATE));
    let late = socket.request("order.create", json!(limit(&simulator))).await;
    // The connection goes on meanwhile, and the order is placed.
    socket.call("unsubscribe", json!({"channel": "markets"})).await;
    assert_eq!(orders(&simulator).len(), 1);
    simulator.advance(delay);
    assert_eq!(socket.text().await["id"], late);

    simulator.inject(Injection::new(Fault::delay_before(delay)).on(&methods::ORDER_CREATE));
    let late = socket.request("order.create", json!(limit(&simulator))).await;
    socket.subscribe("markets").await;
    assert_eq!(orders(&simulator).len(), 1);
    simulator.advance(delay);
    assert_eq!(socket.text().await["id"], late);
    assert_eq!(orders(&simulator).len(), 2);

    // An order that waits is placed, also if its connection has ended.
    simulator.inject(Injection::new(Fault::delay_before(delay)).on(&methods::ORDER_CREATE));
    socket.request("order.create", json!(limit(&simulator))).await;
    socket.call("unsubscribe", json!({"channel": "markets"})).await;
    break_off(socket);
    ended(&simulator).await;
    assert_eq!(orders(&simulator).len(), 2);
    simulator.advance(delay);
    assert_eq!(orders(&simulator).len(), 3);
}

#[tokio::test]
async fn token_is_revoked_by_a_fault_while_the_connection_is_open() {
    let options = StreamOptions::default().revoked_tokens(SocketOfRevokedToken::Refused);
    let simulator = with_options(options).await;
    let session = simulator.main_session();
    let mut socket = authenticated(&simulator, &session).await;
    placed(&mut socket, &simulator).await;
    simulator.inject(Injection::new(Fault::revoke_token()).on(&methods::ORDER_CREATE));
    assert_eq!(
        error(&socket.call("order.create", json!(limit(&simulator))).await).0,
        40111
    );
    assert_eq!(simulator.session(session.expose()), None);
    assert_eq!(orders(&simulator).len(), 1);
}

#[tokio::test]
async fn orders_stay_after_a_disconnect_if_a_fault_keeps_them() {
    let simulator = started().await;
    simulator.inject(Fault::keep_orders_on_disconnect());
    for expected in [OPEN, DISCONNECTED] {
        let mut socket = trading(&simulator).await;
        arm(&mut socket).await;
        placed(&mut socket, &simulator).await;
        break_off(socket);
        ended(&simulator).await;
        assert_eq!(statuses(&simulator).last(), Some(&expected));
    }
}

#[tokio::test]
async fn acknowledgement_of_cancel_on_disconnect_is_lost_by_a_fault() {
    for (fault, is_armed) in [(Fault::lose_response(), true), (Fault::lose_request(), false)] {
        let simulator = started().await;
        let mut socket = trading(&simulator).await;
        simulator.inject(Injection::new(fault).on(&methods::ORDER_CANCEL_ON_DISCONNECT));
        socket
            .request("order.cancel_on_disconnect", json!({"enabled": true}))
            .await;
        placed(&mut socket, &simulator).await;
        assert_eq!(newest(&simulator).cancel_on_disconnect, is_armed);
    }
}

#[tokio::test]
async fn events_of_a_request_come_before_or_after_its_response() {
    for before in [false, true] {
        let options = StreamOptions::default()
            .private_encoding(PrivateEncoding::Json)
            .events_before_responses(before);
        let simulator = with_options(options).await;
        let mut socket = trading(&simulator).await;
        socket.subscribe("orders.ALL").await;
        let id = socket.request("order.create", json!(limit(&simulator))).await;
        let first = socket.text().await;
        assert_eq!(first["method"] == "subscription", before, "{first}");
        assert_eq!(first["id"] == id, !before, "{first}");
    }
}
