//! What is accepted beyond the OpenAPI document, unless the simulator is strict.

use super::*;

/// A signed order to buy 0.5 at 10, as the document wants it.
fn order_body(simulator: &Simulator) -> Value {
    let (key, account, at) = (simulator.main_key(), simulator.main_account(), milliseconds());
    let message = prefix(&account).order(&terms(&OrderType::Limit, Some("10"), at));
    json!({
        "instruction": "GTC",
        "market": MARKET,
        "price": "10",
        "side": "BUY",
        "signature": sign(&key, &message).expose(),
        "signature_timestamp": at,
        "size": "0.5",
        "type": "LIMIT",
    })
}

/// Writes both numbers of a signature in hexadecimal digits.
fn hexadecimal(signature: &str) -> String {
    let decimal: Vec<String> = serde_json::from_str(signature).unwrap();
    let [r, s] = decimal.as_slice() else {
        panic!("{signature}")
    };
    let hex = |number: &str| Felt::from_decimal(number).unwrap().to_string();
    json!([hex(r), hex(s)]).to_string()
}

async fn start() -> [(Simulator, u16); 2] {
    let lenient = Simulator::start().await.unwrap();
    let strict = Simulator::builder().strict().start().await.unwrap();
    [(lenient, 201), (strict, 400)]
}

#[tokio::test]
async fn order_of_another_client_is_accepted_unless_strict() {
    type Edit = fn(&mut Value);
    let edits: [(&str, Edit); 5] = [
        ("", |order| order["recv_window"] = Value::Null),
        ("", |order| order["stp"] = Value::Null),
        ("", |order| order["strategy"] = json!({"name": "mine"})),
        ("", |order| order["size"] = json!("5E-1")),
        ("", |order| {
            order["signature"] = json!(hexadecimal(order["signature"].as_str().unwrap()));
        }),
    ];
    let unchanged: Edit = |_| {};
    for (simulator, status) in start().await {
        let account = simulator.main_account();
        let mut placed = 0;
        for (query, edit) in edits.into_iter().chain([("?clientOrderId=x", unchanged)]) {
            let mut order = order_body(&simulator);
            edit(&mut order);
            let path = format!("/v1/orders{query}");
            let (got, body) = raw(&simulator, "POST", &path, &order.to_string()).await;
            assert_eq!(got, status, "{query} {order} {body}");
            placed += usize::from(status == 201);
        }
        let orders = simulator.orders(&account);
        assert_eq!(orders.len(), placed);
        for order in orders {
            assert_eq!((order.size, order.price), (decimal("0.5"), Some(decimal("10"))));
        }
        let (got, _) = raw(
            &simulator,
            "POST",
            "/v1/orders",
            &order_body(&simulator).to_string(),
        )
        .await;
        assert_eq!(got, 201, "an order that the document allows");
    }
}

#[tokio::test]
async fn wrong_order_is_refused_in_both_modes() {
    type Edit = fn(&mut Value);
    let edits: [(&str, Edit); 7] = [
        ("VALIDATION_ERROR", |order| order["size"] = json!(0.5)),
        ("VALIDATION_ERROR", |order| order["size"] = json!("half")),
        ("VALIDATION_ERROR", |order| order["side"] = Value::Null),
        ("VALIDATION_ERROR", |order| order["side"] = json!("buy")),
        ("VALIDATION_ERROR", |order| {
            order.as_object_mut().unwrap().remove("market");
        }),
        ("INVALID_ORDER_SIGNATURE", |order| {
            order["signature"] = json!("[]")
        }),
        ("INVALID_ORDER_SIGNATURE", |order| order["price"] = json!("11")),
    ];
    for (simulator, _) in start().await {
        for (expected, edit) in edits {
            let mut order = order_body(&simulator);
            edit(&mut order);
            let (status, body) = raw(&simulator, "POST", "/v1/orders", &order.to_string()).await;
            assert_eq!((status, body["error"].as_str()), (400, Some(expected)), "{order}");
        }
        assert!(simulator.orders(&simulator.main_account()).is_empty());
    }
}

#[tokio::test]
async fn modification_with_fields_of_a_new_order_is_accepted_unless_strict() {
    for (simulator, status) in start().await {
        let client = main_client(&simulator);
        let id = place(&client, limit(&simulator).client_id("mine")).await.unwrap();
        let (key, account, at) = (simulator.main_key(), simulator.main_account(), milliseconds());
        let modified = ModifyOrder {
            order: terms(&OrderType::Limit, Some("12"), at),
            id: Felt::from_text(&id).unwrap(),
        };
        let body = json!({
            "client_id": "other",
            "id": id,
            "instruction": "POST_ONLY",
            "market": MARKET,
            "price": "12",
            "recv_window": null,
            "side": "BUY",
            "signature": sign(&key, &prefix(&account).modify_order(&modified)).expose(),
            "signature_timestamp": at,
            "size": "0.5",
            "stp": null,
            "type": "LIMIT",
        });
        let (got, changed) = raw(&simulator, "PUT", &format!("/v1/orders/{id}"), &body.to_string()).await;
        let accepted = status == 201;
        assert_eq!(got, if accepted { 200 } else { 400 }, "{changed}");
        let order = &simulator.orders(&account)[0];
        let price = if accepted { "12" } else { "10" };
        assert_eq!(
            (order.price, order.client_id.as_deref()),
            (Some(decimal(price)), Some("mine"))
        );
    }
}

#[tokio::test]
async fn unknown_field_of_an_access_change_is_refused() {
    let simulator = Simulator::start().await.unwrap();
    let created = token(&main_client(&simulator), "trading", &["192.0.2.0/24"])
        .await
        .unwrap();
    let token = format!("/v1/account/tokens/{}/allowed-cidrs", id(&created));
    let new = json!({"name": "n", "token_type": "trading", "expiry_duration": 60, "allowed_cidr": ["192.0.2.0/24"]});
    let subkey = json!({"name": "n", "public_key": "0xd", "allowed_cidr": ["192.0.2.0/24"]});
    let list = json!({"allowed_cidrs": [], "allowed_cidr": ["192.0.2.0/24"]});
    for (method, path, body) in [
        ("POST", "/v1/account/tokens", new),
        ("POST", "/v1/account/keys/subkeys", subkey),
        ("PUT", token.as_str(), list),
    ] {
        let (status, refusal) = raw(&simulator, method, path, &body.to_string()).await;
        let code = (status, refusal["error"].as_str());
        assert_eq!(code, (400, Some("VALIDATION_ERROR")), "{path}");
        let message = refusal["message"].as_str();
        assert_eq!(
            message,
            Some("body/allowed_cidr must be a field that the schema has"),
            "{path}"
        );
    }
    assert!(simulator.subkey("0xd").is_none());
    let listed = main_client(&simulator).list_tokens().send().await.unwrap();
    assert_eq!(listed.results.len(), 1);
    let token = simulator.token(&id(&created)).unwrap();
    assert_eq!(token.allowed_cidrs, Some(cidrs(&["192.0.2.0/24"])));
}

#[tokio::test]
async fn empty_json_text_counts_as_no_body_unless_strict() {
    for (simulator, status) in start().await {
        let client = main_client(&simulator);
        place(&client, limit(&simulator)).await.unwrap();
        let http = reqwest::Client::new();
        let response = http
            .delete(format!("{}/v1/orders", simulator.url()))
            .bearer_auth(simulator.main_session().expose())
            .body("\"\"")
            .send()
            .await
            .unwrap();
        let accepted = status == 201;
        assert_eq!(response.status().is_success(), accepted);
        let order = &simulator.orders(&simulator.main_account())[0];
        assert_eq!(order.status == OrderStatus::Closed, accepted);
    }
}

#[tokio::test]
async fn sign_in_with_a_hexadecimal_signature_is_accepted_unless_strict() {
    for (simulator, status) in start().await {
        let mut sign_in = SignIn::new(&simulator, &simulator.main_key(), &simulator.main_account());
        sign_in.signature = Secret::new(hexadecimal(sign_in.signature.expose()));
        if status == 201 {
            sign_in.send().await.unwrap();
        } else {
            assert_eq!(sign_in.refused().await, code(400, "INVALID_STARKNET_SIGNATURE"));
        }
    }
}

#[tokio::test]
async fn signature_for_another_chain_is_named() {
    let simulator = Simulator::builder().chain_id("MINE").start().await.unwrap();
    let (key, account, at) = (simulator.main_key(), simulator.main_account(), seconds());
    for chain in [
        CHAIN,
        "PRIVATE_SN_PARACLEAR_MAINNET",
        "PRIVATE_SN_POTC_MOCK_SEPOLIA",
    ] {
        let prefix = MessagePrefix::new(chain, account.parse().unwrap()).unwrap();
        let mut sign_in = SignIn::new(&simulator, &key, &account);
        sign_in.signature = sign_in_signature(&key, &prefix, at, at + 60);
        (sign_in.begin, sign_in.end) = (at, Some(at + 60));
        let (status, code, message) = refusal(sign_in.send().await);
        assert_eq!(
            (status, code.as_str()),
            (401, "STARKNET_SIGNATURE_VERIFICATION_FAILED")
        );
        let names = format!("the signature is for the chain id {chain}, and the simulator's is MINE;");
        assert!(message.starts_with(&names), "{message}");
    }
    // An order that is signed for the default chain.
    let (status, body) = raw(
        &simulator,
        "POST",
        "/v1/orders",
        &order_body(&simulator).to_string(),
    )
    .await;
    let message = body["message"].as_str().unwrap();
    assert_eq!(
        (status, body["error"].as_str()),
        (400, Some("INVALID_ORDER_SIGNATURE"))
    );
    assert!(message.contains(CHAIN) && message.contains("MINE"), "{message}");
}
