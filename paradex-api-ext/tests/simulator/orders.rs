//! Orders: signed, placed, modified and cancelled.

use paradex_api_ext::assumptions::Assumptions;

use super::*;

#[tokio::test]
async fn orders_are_signed_placed_and_listed() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let (account, main) = (simulator.main_account(), simulator.main_key());
    let client = main_client(&simulator);
    let id = place(&client, limit(&simulator).client_id("mine")).await.unwrap();
    let market = order(&main, &account, OrderType::Market, None, milliseconds());
    let market = place(&client, market).await.unwrap();
    let stop = order(&main, &account, OrderType::StopMarket, None, milliseconds());
    let stop = place(&client, stop.trigger_price(decimal("9"))).await.unwrap();

    let kept = simulator.orders(&account);
    let [first, second, third] = kept.as_slice() else {
        panic!("{kept:?}")
    };
    assert_eq!((&first.id, first.client_id.as_deref()), (&id, Some("mine")));
    assert_eq!((first.market.as_str(), &first.side), (MARKET, &OrderSide::Buy));
    assert_eq!(
        (&first.order_type, &first.status),
        (&OrderType::Limit, &OrderStatus::Open)
    );
    assert_eq!((first.size, first.price), (decimal("0.5"), Some(decimal("10"))));
    assert_eq!(
        (&second.id, &second.status, second.price),
        (&market, &OrderStatus::Closed, None)
    );
    assert_eq!((&third.id, &third.status), (&stop, &OrderStatus::Untriggered));
    assert!(simulator.orders(&simulator.add_account()).is_empty());

    let open = client
        .list_open_orders()
        .send()
        .await
        .unwrap()
        .into_inner()
        .results;
    let ids: Vec<_> = open.iter().map(|order| order.id.clone().unwrap()).collect();
    assert_eq!(ids, [id.clone(), stop.clone()]);
    let elsewhere = client
        .list_open_orders()
        .market("ETH-USD-PERP")
        .send()
        .await
        .unwrap();
    assert!(elsewhere.results.is_empty());
    let got = client.get_order().order_id(&stop).send().await.unwrap();
    assert_eq!(
        (got.status.clone(), got.account.as_deref()),
        (Some(OrderStatus::Untriggered), Some(account.as_str()))
    );
    let closed = client.get_order().order_id(&market).send().await;
    assert_eq!(refused(closed), code(404, "ORDER_ID_NOT_FOUND"));
    let got = client
        .get_order_by_client_id()
        .client_id("mine")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (got.id.as_deref(), &got.status),
        (Some(id.as_str()), &Some(OrderStatus::Open))
    );
    for (status, listed) in [(OrderStatus::Open, 1), (OrderStatus::Closed, 1)] {
        let history = client.list_orders_history().status(status).send().await.unwrap();
        assert_eq!(history.results.len(), listed);
    }
    let history = client
        .list_orders_history()
        .client_id("mine")
        .market(MARKET)
        .send()
        .await
        .unwrap();
    assert_eq!((history.results.len(), &history.next), (1, &None));
    // Page by page, the newest first.
    let (mut cursor, mut seen) = (None, Vec::new());
    loop {
        let mut call = client.list_orders_history().page_size(2);
        if let Some(cursor) = cursor {
            call = call.cursor(cursor);
        }
        let page = call.send().await.unwrap().into_inner();
        seen.extend(page.results.iter().map(|order| order.id.clone().unwrap()));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, [stop, market, id.clone()]);
    let nowhere = client.list_orders_history().cursor("?").send().await;
    assert_eq!(refused(nowhere), code(400, "VALIDATION_ERROR"));

    // Another account sees none of it.
    let stranger = self::client(
        &simulator,
        &simulator.account_session(&simulator.add_account()).unwrap(),
    );
    assert!(
        stranger
            .list_open_orders()
            .send()
            .await
            .unwrap()
            .results
            .is_empty()
    );
    assert!(
        stranger
            .list_orders_history()
            .send()
            .await
            .unwrap()
            .results
            .is_empty()
    );
    assert_eq!(
        refused(stranger.get_order().order_id(&id).send().await),
        code(404, "ORDER_ID_NOT_FOUND")
    );
    let found = stranger.get_order_by_client_id().client_id("mine").send().await;
    assert_eq!(refused(found), code(404, "CLIENT_ORDER_ID_NOT_FOUND"));
    stranger.cancel_all_orders().send().await.unwrap();
    assert_eq!(simulator.orders(&account)[0].status, OrderStatus::Open);
}

#[tokio::test]
async fn signatures_of_orders_are_verified_unless_switched_off() {
    for (builder, accepted) in [
        (Simulator::builder(), false),
        (Simulator::builder().unchecked_signatures(), true),
    ] {
        let simulator = builder.strict().start().await.unwrap();
        let (account, other) = (simulator.main_account(), simulator.add_account());
        let client = main_client(&simulator);
        let other_key = simulator.account_key(&other).unwrap();
        let foreign = |price| {
            let signed = order(&other_key, &account, OrderType::Limit, Some("10"), milliseconds());
            signed.price(decimal(price))
        };
        let placed = place(&client, foreign("11")).await;
        assert_eq!(simulator.orders(&account).len(), usize::from(accepted));
        let batch = client
            .create_orders_batch()
            .body(vec![foreign("12")])
            .send()
            .await;
        let kept = simulator.orders(&account);
        if !accepted {
            assert_eq!(refused(placed), code(400, "INVALID_ORDER_SIGNATURE"));
            assert_eq!(refused(batch), code(400, "INVALID_ORDER_SIGNATURE"));
            assert!(kept.is_empty());
            continue;
        }
        batch.unwrap();
        let id = placed.unwrap();
        assert_eq!((kept.len(), &kept[0].id), (2, &id));

        // Signing in is verified all the same.
        let environment = paradex_api_ext::Environment::custom(simulator.url()).unwrap();
        let credentials =
            paradex_api_ext::Credentials::starknet(environment.clone(), other_key, account.parse().unwrap());
        let stranger = paradex_api_ext::Client::builder(environment);
        let stranger = stranger.credentials(credentials).build().unwrap();
        let error = stranger.api().list_positions().send().await.unwrap_err();
        let shown = format!("{error:?}");
        assert!(
            shown.contains("STARKNET_SIGNATURE_VERIFICATION_FAILED"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn wrong_order_is_refused() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let (account, main) = (simulator.main_account(), simulator.main_key());
    let client = main_client(&simulator);
    let invalid = code(400, "INVALID_ORDER_SIGNATURE");
    let other = simulator.add_account();
    let now = milliseconds();
    let by = |key: &StarknetPrivateKey, account: &str| order(key, account, OrderType::Limit, Some("10"), now);
    // By another key, for another account, of another price, and no signature at all.
    let stranger = by(&simulator.account_key(&other).unwrap(), &account);
    assert_eq!(refused(place(&client, stranger).await), invalid);
    assert_eq!(refused(place(&client, by(&main, &other)).await), invalid);
    assert_eq!(
        refused(place(&client, by(&main, &account).price(decimal("11"))).await),
        invalid
    );
    let mut unsigned = json!(by(&main, &account));
    unsigned["signature"] = json!("?");
    let (status, body) = raw(&simulator, "POST", "/v1/orders", &unsigned.to_string()).await;
    assert_eq!(
        (status, body["error"].as_str()),
        (400, Some("INVALID_ORDER_SIGNATURE"))
    );
    // For another chain.
    let chain = MessagePrefix::new("ANOTHER_CHAIN", account.parse().unwrap()).unwrap();
    let hash = chain.order(&terms(&OrderType::Limit, Some("10"), now));
    let mut foreign = json!(by(&main, &account));
    foreign["signature"] = json!(sign(&main, &hash).expose());
    let (status, body) = raw(&simulator, "POST", "/v1/orders", &foreign.to_string()).await;
    assert_eq!(
        (status, body["error"].as_str()),
        (400, Some("INVALID_ORDER_SIGNATURE"))
    );

    // A price where none may be, and none where one must be.
    for kind in [OrderType::Market, OrderType::StopMarket] {
        let priced = order(&main, &account, kind, Some("10"), now).trigger_price(decimal("9"));
        let (status, code, message) = refusal(place(&client, priced).await);
        assert_eq!((status, code.as_str()), (400, "INVALID_REQUEST_PARAMETER"));
        assert!(message.contains("must be omitted"), "{message}");
    }
    for kind in [OrderType::Limit, OrderType::StopLimit] {
        let free = order(&main, &account, kind, None, now).trigger_price(decimal("9"));
        assert_eq!(refused(place(&client, free).await), code(400, "VALIDATION_ERROR"));
    }
    let untriggered = order(&main, &account, OrderType::TakeProfitMarket, None, now);
    assert_eq!(
        refused(place(&client, untriggered).await),
        code(400, "VALIDATION_ERROR")
    );
    let fine = by(&main, &account).price(decimal("0.000000001"));
    assert_eq!(refused(place(&client, fine).await), code(400, "VALIDATION_ERROR"));
    let foreign = by(&main, &account).on_behalf_of_account("0x1");
    assert_eq!(refused(place(&client, foreign).await).0, 501);
    let mut nothing = json!(by(&main, &account));
    nothing["size"] = json!("0");
    let (status, body) = raw(&simulator, "POST", "/v1/orders", &nothing.to_string()).await;
    assert_eq!(
        (status, body["error"].as_str()),
        (400, Some("INVALID_ORDER_SIZE"))
    );

    // Too late, too early, and late with a window that allows it.
    let late = |at: u64| order(&main, &account, OrderType::Limit, Some("10"), at);
    for at in [now - 301_000, now + 120_000] {
        assert_eq!(
            refused(place(&client, late(at)).await),
            code(400, "INVALID_TIMESTAMP")
        );
    }
    let windowed = late(now - 10_000).recv_window(5_000);
    assert_eq!(
        refused(place(&client, windowed).await),
        code(400, "INVALID_TIMESTAMP")
    );
    place(&client, late(now - 301_000).recv_window(600_000))
        .await
        .unwrap();
    assert_eq!(
        refused(place(&client, late(now).recv_window(0)).await),
        code(400, "VALIDATION_ERROR")
    );

    place(&client, limit(&simulator).client_id("mine")).await.unwrap();
    let twice = place(&client, limit(&simulator).client_id("mine")).await;
    assert_eq!(refused(twice), code(400, "DUPLICATED_CLIENT_ID"));
    client
        .cancel_order_by_client_id()
        .client_id("mine")
        .send()
        .await
        .unwrap();
    place(&client, limit(&simulator).client_id("mine")).await.unwrap();

    let reader = self::client(
        &simulator,
        &text(&token(&client, "read_only", &[]).await.unwrap()),
    );
    assert_eq!(
        refused(place(&reader, limit(&simulator)).await),
        code(403, "INVALID_TOKEN_SCOPE")
    );
    assert_eq!(simulator.orders(&account).len(), 3);
}

#[tokio::test]
async fn order_is_signed_by_any_key_of_the_account() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let (account, owner) = (simulator.main_account(), main_client(&simulator));
    let subkey = key("0x5b1");
    let public_key = subkey.public_key().to_string();
    let by_subkey = || order(&subkey, &account, OrderType::Limit, Some("10"), milliseconds());
    assert_eq!(
        refused(place(&owner, by_subkey()).await),
        code(400, "INVALID_ORDER_SIGNATURE")
    );
    // One that is no point of the curve beside it changes nothing.
    register(&owner, CreateSubkeyRequest::new("odd", KEY))
        .await
        .unwrap();
    register(&owner, CreateSubkeyRequest::new("bot", public_key.as_str()))
        .await
        .unwrap();
    let session = simulator.subkey_session(&public_key).unwrap();
    let bot = client(&simulator, &session);
    place(&bot, by_subkey()).await.unwrap();
    place(&bot, limit(&simulator)).await.unwrap();
    let api = client(&simulator, &text(&token(&owner, "trading", &[]).await.unwrap()));
    place(&api, by_subkey()).await.unwrap();
    owner
        .revoke_subkey()
        .public_key(&public_key)
        .send()
        .await
        .unwrap();
    assert_eq!(
        refused(place(&owner, by_subkey()).await),
        code(400, "INVALID_ORDER_SIGNATURE")
    );
    assert_eq!(simulator.orders(&account).len(), 3);
}

#[tokio::test]
async fn batch_is_placed_as_a_whole() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let (account, client) = (simulator.main_account(), main_client(&simulator));
    let post = async |orders: Vec<OrderRequest>| client.create_orders_batch().body(orders).send().await;
    assert_eq!(refused(post(vec![]).await), code(400, "BATCH_SIZE_OUT_OF_RANGE"));
    assert_eq!(
        refused(post(vec![limit(&simulator); 51]).await),
        code(400, "BATCH_SIZE_OUT_OF_RANGE")
    );
    // One bad signature, and none is placed.
    let bad = order(
        &key("0x1"),
        &account,
        OrderType::Limit,
        Some("10"),
        milliseconds(),
    );
    assert_eq!(
        refused(post(vec![limit(&simulator), bad]).await),
        code(400, "INVALID_ORDER_SIGNATURE")
    );
    assert!(simulator.orders(&account).is_empty());
    // What is wrong with one order beside others is its own affair.
    let twice = vec![
        limit(&simulator).client_id("one"),
        limit(&simulator).client_id("one"),
        limit(&simulator),
    ];
    let response = post(twice).await.unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!((response.orders.len(), response.errors.len()), (2, 1));
    assert_eq!(
        response.errors[0].error.clone().unwrap().as_str(),
        "DUPLICATED_CLIENT_ID"
    );
    assert_eq!(simulator.orders(&account).len(), 2);
    assert_eq!(post(vec![limit(&simulator); 50]).await.unwrap().orders.len(), 50);
}

#[tokio::test]
async fn order_is_modified_with_its_own_signature() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let (account, main) = (simulator.main_account(), simulator.main_key());
    let client = main_client(&simulator);
    let id = place(&client, limit(&simulator)).await.unwrap();
    let put = async |id: &str, request: ModifyOrderRequest| {
        client.modify_order().order_id(id).body(request).send().await
    };
    let modified = put(&id, modification(&main, &account, &id, "11")).await.unwrap();
    assert_eq!(
        (modified.id.as_deref(), &modified.status),
        (Some(id.as_str()), &Some(OrderStatus::Open))
    );
    assert_eq!(simulator.orders(&account)[0].price, Some(decimal("11")));
    // The id is signed too.
    let other = place(&client, limit(&simulator)).await.unwrap();
    let mut moved = json!(modification(&main, &account, &id, "12"));
    moved["id"] = json!(other);
    let moved: ModifyOrderRequest = serde_json::from_value(moved).unwrap();
    assert_eq!(
        refused(put(&other, moved).await),
        code(400, "INVALID_ORDER_SIGNATURE")
    );
    let wrong = put(&other, modification(&main, &account, &id, "12")).await;
    assert_eq!(refused(wrong), code(400, "VALIDATION_ERROR"));
    let stranger = put(&id, modification(&key("0x1"), &account, &id, "12")).await;
    assert_eq!(refused(stranger), code(400, "INVALID_ORDER_SIGNATURE"));
    let unknown = put("1", modification(&main, &account, "1", "12")).await;
    assert_eq!(refused(unknown), code(404, "ORDER_ID_NOT_FOUND"));
    client.cancel_order().order_id(&id).send().await.unwrap();
    let closed = put(&id, modification(&main, &account, &id, "12")).await;
    assert_eq!(refused(closed), code(400, "ORDER_IS_CLOSED"));
    assert_eq!(simulator.orders(&account)[1].price, Some(decimal("10")));
}

#[tokio::test]
async fn algo_order_is_signed_as_a_market_order() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let (account, client) = (simulator.main_account(), main_client(&simulator));
    let post = async |request: AlgoOrderRequest| client.create_algo_order().body(request).send().await;
    let response = post(algo(&simulator.main_key(), &account)).await.unwrap();
    assert_eq!(
        (response.account.as_deref(), &response.status),
        (Some(account.as_str()), &Some(OrderStatus::New))
    );
    let stranger = post(algo(&key("0x1"), &account)).await;
    assert_eq!(refused(stranger), code(400, "INVALID_ORDER_SIGNATURE"));
    for (field, value) in [("duration_seconds", json!(31)), ("type", json!("LIMIT"))] {
        let mut wrong = json!(algo(&simulator.main_key(), &account));
        wrong[field] = value;
        wrong["price"] = json!("1");
        let (status, body) = raw(&simulator, "POST", "/v1/algo/orders", &wrong.to_string()).await;
        assert_eq!((status, body["error"].as_str().is_some()), (400, true), "{field}");
    }
}

#[tokio::test]
async fn orders_are_cancelled_in_every_way() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let (account, client) = (simulator.main_account(), main_client(&simulator));
    let named = async |name: &str| place(&client, limit(&simulator).client_id(name)).await.unwrap();
    let ids = [
        named("a").await,
        named("b").await,
        named("c").await,
        named("d").await,
    ];
    let open = || {
        let orders = simulator.orders(&account);
        orders
            .iter()
            .filter(|order| order.status == OrderStatus::Open)
            .count()
    };
    client.cancel_order().order_id(&ids[0]).send().await.unwrap();
    let history = client.list_orders_history().client_id("a").send().await.unwrap();
    let cancelled = &history.results[0];
    assert_eq!(cancelled.cancel_reason.as_deref(), Some("USER_CANCELED"));
    assert_eq!(cancelled.remaining_size, Some(decimal("0.5")));
    let again = client.cancel_order().order_id(&ids[0]).send().await;
    assert_eq!(refused(again), code(400, "ORDER_IS_CLOSED"));
    let unknown = client.cancel_order().order_id("1").send().await;
    assert_eq!(refused(unknown), code(404, "ORDER_ID_NOT_FOUND"));

    let by_client_id = || client.cancel_order_by_client_id().client_id("b");
    let elsewhere = by_client_id().market("ETH-USD-PERP").send().await;
    assert_eq!(refused(elsewhere), code(404, "CLIENT_ORDER_ID_NOT_FOUND"));
    by_client_id().market(MARKET).send().await.unwrap();
    assert_eq!(refused(by_client_id().send().await), code(400, "ORDER_IS_CLOSED"));
    assert_eq!(open(), 2);
    let found = client.get_order_by_client_id().client_id("b").send().await;
    assert_eq!(refused(found), code(404, "CLIENT_ORDER_ID_NOT_FOUND"));

    let batch = async |ids: &[&str], names: &[&str]| {
        let request = CancelOrderBatchRequest::new()
            .order_ids(cidrs(ids))
            .client_order_ids(cidrs(names));
        client.cancel_orders_batch().body(request).send().await
    };
    let response = batch(&[&ids[2], "1"], &["a", "z"]).await.unwrap();
    let results: Vec<_> = response
        .results
        .iter()
        .map(|result| result.status.clone().unwrap())
        .collect();
    let results: Vec<String> = results.iter().map(ToString::to_string).collect();
    assert_eq!(
        results,
        [
            "QUEUED_FOR_CANCELLATION",
            "NOT_FOUND",
            "ALREADY_CLOSED",
            "NOT_FOUND"
        ]
    );
    assert_eq!(open(), 1);
    assert_eq!(
        refused(batch(&[], &[]).await),
        code(400, "BATCH_SIZE_OUT_OF_RANGE")
    );
    assert_eq!(
        refused(batch(&["1"; 26], &["2"; 25]).await),
        code(400, "BATCH_SIZE_OUT_OF_RANGE")
    );

    client
        .cancel_all_orders()
        .market("ETH-USD-PERP")
        .send()
        .await
        .unwrap();
    assert_eq!(open(), 1);
    client.cancel_all_orders().send().await.unwrap();
    assert_eq!(open(), 0);
}

#[tokio::test]
async fn closed_order_is_found_by_its_id_only_if_told_so() {
    let mut assumptions = Assumptions::new();
    assumptions.set("closed-order-by-id", "returned").unwrap();
    let simulator = Simulator::builder()
        .assumptions(&assumptions)
        .start()
        .await
        .unwrap();
    let client = main_client(&simulator);
    let id = place(&client, limit(&simulator)).await.unwrap();
    client.cancel_order().order_id(&id).send().await.unwrap();
    let got = client.get_order().order_id(&id).send().await.unwrap();
    assert_eq!(got.status, Some(OrderStatus::Closed));
}

#[tokio::test]
async fn cancellation_can_be_delayed() {
    let builder = Simulator::builder().cancel_delay(Duration::from_secs(60));
    let simulator = builder.start().await.unwrap();
    let (account, client) = (simulator.main_account(), main_client(&simulator));
    let (one, other) = (
        place(&client, limit(&simulator)).await.unwrap(),
        place(&client, limit(&simulator)).await.unwrap(),
    );
    // Twice is as good as once.
    for _ in 0..2 {
        client.cancel_order().order_id(&one).send().await.unwrap();
    }
    let batch = CancelOrderBatchRequest::new().order_ids(cidrs(&[&other]));
    let response = client.cancel_orders_batch().body(batch).send().await.unwrap();
    let status = response.results[0].status.clone().unwrap();
    assert_eq!(status.as_str(), "QUEUED_FOR_CANCELLATION");
    let is_open = || {
        let orders = simulator.orders(&account);
        orders
            .into_iter()
            .map(|order| order.status == OrderStatus::Open)
            .collect::<Vec<_>>()
    };
    assert_eq!(is_open(), [true, true]);
    simulator.advance(Duration::from_secs(60));
    assert_eq!(is_open(), [false, false]);
    let again = client.cancel_order().order_id(&one).send().await;
    assert_eq!(refused(again), code(400, "ORDER_IS_CLOSED"));
}

#[tokio::test]
async fn lists_can_be_behind() {
    let builder = Simulator::builder().list_delay(Duration::from_secs(60));
    let simulator = builder.start().await.unwrap();
    let client = main_client(&simulator);
    let listed = async || {
        let open = client
            .list_open_orders()
            .send()
            .await
            .unwrap()
            .into_inner()
            .results;
        let history = client
            .list_orders_history()
            .send()
            .await
            .unwrap()
            .into_inner()
            .results;
        let fills = client.list_fills().send().await.unwrap().into_inner().results;
        let remaining = open.first().and_then(|order| order.remaining_size);
        let status = history.first().and_then(|order| order.status.clone());
        (remaining, status, fills.len())
    };
    let id = place(&client, limit(&simulator)).await.unwrap();
    let got = client.get_order().order_id(&id).send().await.unwrap();
    assert_eq!(got.status, Some(OrderStatus::Open));
    assert_eq!(listed().await, (None, None, 0));

    simulator.advance(Duration::from_secs(60));
    let whole = (Some(decimal("0.5")), Some(OrderStatus::Open), 0);
    assert_eq!(listed().await, whole);
    simulator
        .set_quotes(MARKET, &[], &[(decimal("9"), decimal("0.2"))])
        .unwrap();
    assert_eq!(listed().await, whole);
    simulator.advance(Duration::from_secs(60));
    let part = (Some(decimal("0.3")), Some(OrderStatus::Open), 1);
    assert_eq!(listed().await, part);

    client.cancel_order().order_id(&id).send().await.unwrap();
    assert_eq!(listed().await, part);
    simulator.advance(Duration::from_secs(60));
    assert_eq!(listed().await, (None, Some(OrderStatus::Closed), 1));
}
