//! Signed orders against an exchange that checks the signatures.

use std::time::{Duration, SystemTime};

use paradex_api::Operation;
use paradex_api::operations::{
    CANCEL_ORDERS_BATCH, CREATE_ALGO_ORDER, CREATE_ORDER, CREATE_ORDERS_BATCH, GET_ORDER_BY_CLIENT_ID,
    LIST_OPEN_ORDERS, LIST_ORDERS_HISTORY, MODIFY_ORDER,
};
use paradex_api::reqwest::StatusCode;
use paradex_api::types::ErrorCode;
use paradex_api_ext::auth::KeySigner;
use paradex_api_ext::error::PlaceOrderError;
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::orders::{
    ChangeResolution, NewAlgoOrder, NewOrder, OrderSide, OrderType, OrderWindow, Resolution,
};
use paradex_api_ext::signing::{
    AccountAddress, BlockTrade, Felt, Scaled, SigningRoute, StarknetPrivateKey, Trade,
};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::subkeys::NewSubkey;
use paradex_api_ext::{Client, Credentials, Error};

use super::{environment, start_trading as start};

const MARKET: &str = "BTC-USD-PERP";

fn limit() -> NewOrder {
    NewOrder::limit(
        MARKET,
        OrderSide::Buy,
        "0.10".parse().unwrap(),
        "29500.12".parse().unwrap(),
    )
}

fn placed(exchange: &Simulator) -> usize {
    exchange.orders(&exchange.main_account()).len()
}

fn sent(exchange: &Simulator) -> usize {
    let requests = exchange.requests();
    requests
        .iter()
        .filter(|request| request.operation() == Some(&CREATE_ORDER))
        .count()
}

/// A refusal of the token, by code.
fn dead_token() -> Fault {
    let body = r#"{"error":"INVALID_TOKEN"}"#;
    Fault::raw(StatusCode::UNAUTHORIZED, Default::default(), body)
}

#[tokio::test]
async fn every_route_of_signing_reaches_the_orders() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let account: AccountAddress = exchange.main_account().parse().unwrap();
    let routes = [
        SigningRoute::Table,
        SigningRoute::Library,
        #[cfg(feature = "signing-vartime")]
        SigningRoute::VariableTime,
    ];
    for (count, route) in routes.into_iter().enumerate() {
        let signer = KeySigner::with_route(exchange.main_key(), route);
        let client = Client::builder(environment(&exchange))
            .credentials(Credentials::starknet(environment(&exchange), signer, account))
            .build()
            .unwrap();
        client.orders().place(limit()).await.unwrap();
        assert_eq!(placed(&exchange), count + 1, "{route:?}");
    }
}

#[tokio::test]
async fn order_is_placed_read_and_cancelled() {
    let (exchange, client) = start().await;
    let order = client.orders().place(limit().client_id("desk-1")).await.unwrap();
    let id = order.id.clone().unwrap();
    assert_eq!(placed(&exchange), 1);
    let changed = NewOrder::limit(
        MARKET,
        OrderSide::Buy,
        "0.2".parse().unwrap(),
        "29000".parse().unwrap(),
    );
    let changed = client.orders().modify(&id, changed).await.unwrap();
    assert_eq!(changed.size.unwrap().to_string(), "0.2");
    client.orders().cancel_by_client_id("desk-1").await.unwrap();
    let error = client.orders().cancel(&id).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::OrderIsClosed), "{error:?}");
    let request = exchange
        .requests()
        .into_iter()
        .find(|request| request.operation() == Some(&CREATE_ORDER))
        .unwrap();
    let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(body["recv_window"], 5_000);
    assert_eq!(body["price"], "29500.12");
    assert_eq!(body["size"], "0.1");
}

#[tokio::test]
async fn every_type_is_signed_as_the_exchange_checks_it() {
    let (_exchange, client) = start().await;
    let number = |text: &str| text.parse().unwrap();
    client
        .orders()
        .place(NewOrder::market(MARKET, OrderSide::Sell, number("1")))
        .await
        .unwrap();
    for order_type in OrderType::KNOWN {
        if order_type.as_str().starts_with("STOP") || order_type.as_str().starts_with("TAKE") {
            let mut order = NewOrder::triggered(
                MARKET,
                OrderSide::Sell,
                order_type.clone(),
                number("1"),
                number("2"),
            );
            if order_type.as_str().ends_with("LIMIT") {
                order = order.price(number("3"));
            }
            client
                .orders()
                .place(order)
                .await
                .unwrap_or_else(|error| panic!("{order_type}: {error:?}"));
        }
    }
    let twap = NewAlgoOrder::twap(MARKET, OrderSide::Buy, number("5"), Duration::from_secs(300));
    client.orders().place_algo(twap).await.unwrap();
}

#[tokio::test]
async fn batch_is_one_call() {
    let (exchange, client) = start().await;
    let orders = (0..20).map(|n| limit().client_id(format!("c{n}"))).collect();
    let batch = client.orders().place_batch(orders).await.unwrap();
    assert_eq!(batch.orders.len(), 20);
    assert_eq!(placed(&exchange), 20);
    for wrong in [Vec::new(), vec![limit(); 51]] {
        let error = client.orders().place_batch(wrong).await.unwrap_err();
        assert!(matches!(error, PlaceOrderError::Invalid(_)), "{error:?}");
    }
    let error = client
        .orders()
        .place_batch(vec![limit(), limit().client_id("")])
        .await
        .unwrap_err();
    assert!(matches!(error, PlaceOrderError::Invalid(_)), "{error:?}");
    let calls = exchange
        .requests()
        .iter()
        .filter(|request| request.operation() == Some(&CREATE_ORDERS_BATCH))
        .count();
    assert_eq!(calls, 1);
}

/// Answers an operation once with this body.
fn respond(exchange: &Simulator, operation: &'static Operation, body: &'static str) {
    let fault = Fault::raw(StatusCode::OK, Default::default(), body);
    exchange.inject(Injection::new(fault).on(operation));
}

#[tokio::test]
async fn batch_response_that_does_not_account_for_every_order_leaves_the_outcome_unknown() {
    let (exchange, client) = start().await;
    for body in [
        r#"{"orders":[{"id":"1"},null]}"#,
        r#"{"orders":[{"id":"1"},"x"],"errors":[]}"#,
        r#"{"orders":[{}],"errors":[{}]}"#,
        r#"{"orders":[{"id":1}],"errors":[{}]}"#,
        r#"{"orders":[{"id":"1"}],"errors":[null]}"#,
        r#"{"orders":[{"id":"1"}],"errors":"x"}"#,
        r#"{"orders":[{"id":"1"}],"errors":[]}"#,
        r#"{"orders":[{"id":"1"},{"id":"2"}],"errors":[{}]}"#,
    ] {
        respond(&exchange, &CREATE_ORDERS_BATCH, body);
        let outcome = client.orders().place_batch(vec![limit(), limit()]).await;
        let error = outcome.expect_err(body);
        assert!(
            matches!(error, PlaceOrderError::NotUnderstood(_)) && error.window().is_some(),
            "{body}: {error:?}"
        );
    }
    for body in [
        r#"{"orders":[{"id":"1"},{"id":"2"}],"errors":null}"#,
        r#"{"orders":[{"id":"1"}],"errors":[{}]}"#,
        r#"{"errors":[{},{}]}"#,
    ] {
        respond(&exchange, &CREATE_ORDERS_BATCH, body);
        client
            .orders()
            .place_batch(vec![limit(), limit()])
            .await
            .expect(body);
    }
}

#[tokio::test]
async fn batch_cancel_response_without_an_entry_for_each_order_is_an_error() {
    let (exchange, client) = start().await;
    let ids = || vec!["1".to_owned(), "2".to_owned(), "2".to_owned()];
    for body in [
        r#"{"results":[{"id":"1"}]}"#,
        r#"{"results":[{"id":"1"},null]}"#,
        r#"{"results":[{"id":"1"},{"id":"2"},"x"]}"#,
        "{}",
    ] {
        respond(&exchange, &CANCEL_ORDERS_BATCH, body);
        let error = client.orders().cancel_batch(ids()).await.expect_err(body);
        assert!(error.is_outcome_unknown(), "{body}: {error:?}");
    }
    // An order that was named twice may have one entry.
    respond(
        &exchange,
        &CANCEL_ORDERS_BATCH,
        r#"{"results":[{"id":"1"},{"id":"2"}]}"#,
    );
    client.orders().cancel_batch(ids()).await.unwrap();
}

#[tokio::test]
async fn subkey_signs_for_the_account() {
    let (exchange, client) = start().await;
    let subkey = StarknetPrivateKey::from_hex("0x1234567").unwrap();
    let public = subkey.public_key().to_string();
    let new = NewSubkey::new("bot", &public, IpAllowlist::Unrestricted).unwrap();
    client.subkeys().register(new).await.unwrap();
    let account: AccountAddress = exchange.main_account().parse().unwrap();
    let bot = Client::builder(environment(&exchange))
        .credentials(Credentials::subkey(environment(&exchange), subkey, account))
        .build()
        .unwrap();
    bot.orders().place(limit()).await.unwrap();
    assert_eq!(placed(&exchange), 1);
    let block = BlockTrade {
        nonce: Felt::from(7_u64),
        expiration_ms: 1_900_000_000_000,
        trades: vec![Trade {
            size: Scaled::from_decimal("1".parse().unwrap()).unwrap(),
            ..Trade::new(MARKET)
        }],
    };
    let signature = bot.sign_block_trade(&block).await.unwrap();
    assert_eq!(signature.signer_public_key, Some(public));
    assert_eq!(signature.signer_account, Some(exchange.main_account()));
}

#[tokio::test]
async fn wrong_clock_places_no_order_twice() {
    let (exchange, client) = start().await;
    client.orders().place(limit()).await.unwrap();
    // The exchange's clock moves on by more than the window; the first answer proves that nothing was placed.
    exchange.advance(Duration::from_secs(120));
    client.orders().place(limit()).await.unwrap();
    assert_eq!(placed(&exchange), 2);
    assert_eq!(sent(&exchange), 3);
}

#[tokio::test]
async fn order_with_a_lost_response_is_not_sent_again() {
    let (exchange, client) = start().await;
    for fault in [
        Fault::reset_after(),
        Fault::truncated(),
        Fault::html(StatusCode::BAD_GATEWAY),
        Fault::html(StatusCode::OK),
    ] {
        let before = sent(&exchange);
        exchange.inject(Injection::new(fault.clone()).on(&CREATE_ORDER));
        let error = client.orders().place(limit()).await.unwrap_err();
        assert!(
            matches!(error, PlaceOrderError::OutcomeUnknown(_)),
            "{fault:?}: {error:?}"
        );
        assert!(!error.is_not_placed());
        assert_eq!(sent(&exchange), before + 1);
    }
    for answer in ["?", "{}", r#"{"status":"ok"}"#, r#"{"orders":[],"errors":null}"#] {
        let odd =
            || Fault::edit_response(move |body| *body = serde_json::from_str(answer).unwrap_or("?".into()));
        exchange.inject(Injection::new(odd()).on(&CREATE_ORDER));
        exchange.inject(Injection::new(odd()).on(&CREATE_ORDERS_BATCH));
        for error in [
            client.orders().place(limit()).await.unwrap_err(),
            client.orders().place_batch(vec![limit()]).await.unwrap_err(),
        ] {
            assert!(
                matches!(error, PlaceOrderError::NotUnderstood(_)) && !error.is_not_placed(),
                "{answer}: {error:?}"
            );
        }
    }
}

#[tokio::test]
async fn order_whose_signature_is_too_old_is_not_sent_again() {
    let (exchange, client) = start().await;
    client.orders().place(limit()).await.unwrap();
    exchange.inject(Injection::new(dead_token()).on(&CREATE_ORDER));
    // Signing in anew takes longer than the order is good for.
    let slow = Injection::new(Fault::delay_after(Duration::from_secs(4))).on(&paradex_api::operations::AUTH);
    exchange.inject(slow);
    let order = limit().good_for(Duration::from_secs(2));
    let error = client.orders().place(order).await.unwrap_err();
    assert!(
        matches!(error, PlaceOrderError::NotPlaced(_)) && error.is_not_placed(),
        "{error:?}"
    );
    assert_eq!((placed(&exchange), sent(&exchange)), (1, 2));
}

#[tokio::test]
async fn client_without_a_key_cannot_place_orders() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = super::main_client(&exchange);
    let error = client.orders().place(limit()).await.unwrap_err();
    assert!(matches!(error, PlaceOrderError::Invalid(_)), "{error:?}");
    assert_eq!(sent(&exchange), 0);
}

#[tokio::test]
async fn rejected_order_is_refused_and_rate_limited_order_is_not_placed() {
    let (exchange, client) = start().await;
    client.orders().place(limit().client_id("twice")).await.unwrap();
    let error = client
        .orders()
        .place(limit().client_id("twice"))
        .await
        .unwrap_err();
    let PlaceOrderError::Refused(source) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(source.code().unwrap().as_str(), "DUPLICATED_CLIENT_ID");
    exchange.inject(Injection::new(Fault::rate_limited(Duration::from_secs(1))).on(&CREATE_ORDER));
    let error = client.orders().place(limit()).await.unwrap_err();
    assert!(matches!(error, PlaceOrderError::NotPlaced(_)), "{error:?}");
    assert!(error.is_not_placed());
}

#[test]
fn placing_can_be_spawned() {
    fn spawnable<T: Send>(_: T) {}
    fn calls(client: Client) {
        let (orders, other) = (client.orders(), client.orders());
        spawnable(async move { orders.place(limit()).await });
        spawnable(async move { other.place_batch(vec![limit()]).await });
        spawnable(async move { client.sign_in().await });
    }
    let _ = calls;
}

#[tokio::test]
async fn login_page_after_an_order_does_not_place_it_again() {
    let (exchange, client) = start().await;
    client.orders().place(limit()).await.unwrap();
    for (status, body) in [
        (401, "<html>your session has ended</html>"),
        (401, ""),
        (403, "<html>"),
        (404, ""),
    ] {
        let before = placed(&exchange);
        // The order was passed on, and then something in between answered.
        let status = StatusCode::from_u16(status).unwrap();
        exchange.inject(Injection::new(Fault::raw(status, Default::default(), body)).on(&CREATE_ORDER));
        let error = client.orders().place(limit()).await.unwrap_err();
        assert!(
            matches!(error, PlaceOrderError::OutcomeUnknown(_)),
            "{status} {body}: {error:?}"
        );
        assert!(!error.is_not_placed());
        assert_eq!(placed(&exchange), before, "it was not sent again");
    }
}

#[tokio::test]
async fn clock_correction_does_not_extend_the_window_of_an_order() {
    let (exchange, client) = start().await;
    client.orders().place(limit()).await.unwrap();
    exchange.advance(Duration::from_secs(120));
    let slow = Fault::delay_after(Duration::from_millis(1_200));
    exchange.inject(
        Injection::new(slow)
            .on(&paradex_api::operations::GET_SYSTEM_TIME)
            .times(3),
    );
    let order = limit().good_for(Duration::from_secs(2));
    let error = client.orders().place(order).await.unwrap_err();
    assert!(matches!(error, PlaceOrderError::NotPlaced(_)), "{error:?}");
    assert_eq!(placed(&exchange), 1);
}

#[tokio::test]
async fn many_orders_after_a_jump_of_the_clock_measure_it_once() {
    let (exchange, client) = start().await;
    client.orders().place(limit()).await.unwrap();
    let measured = |exchange: &Simulator| {
        let requests = exchange.requests();
        requests
            .iter()
            .filter(|request| request.path() == "/v1/system/time")
            .count()
    };
    let before = measured(&exchange);
    exchange.advance(Duration::from_secs(120));
    let orders: Vec<_> = (0..20)
        .map(|_| {
            let orders = client.orders();
            tokio::spawn(async move { orders.place(limit()).await })
        })
        .collect();
    for order in orders {
        order.await.unwrap().unwrap();
    }
    assert!(
        measured(&exchange) - before <= 9,
        "{}",
        measured(&exchange) - before
    );
}

#[tokio::test]
async fn modification_with_unsupported_fields_is_refused() {
    let (_exchange, client) = start().await;
    let id = client.orders().place(limit()).await.unwrap().id.unwrap();
    for order in [
        limit().client_id("x"),
        limit().instruction(paradex_api_ext::orders::OrderInstruction::PostOnly),
        limit().flag(paradex_api_ext::orders::OrderFlag::ReduceOnly),
    ] {
        let error = client.orders().modify(&id, order).await.unwrap_err();
        assert!(matches!(error, PlaceOrderError::Invalid(_)), "{error:?}");
    }
    let error = NewOrder::unlisted_type(MARKET, OrderSide::Buy, "MARKET", 1.into())
        .price(5.into())
        .check()
        .unwrap_err();
    assert_eq!(error.field(), "price");
}

#[tokio::test]
async fn order_outcome_is_resolved_by_its_client_id() {
    let (exchange, client) = start().await;
    let orders = client.orders();
    let lost = async |order: NewOrder, fault: Fault| {
        exchange.inject(Injection::new(fault).on(&CREATE_ORDER));
        let error = client.orders().place(order).await.unwrap_err();
        error.window().unwrap()
    };
    // It arrived: it is open, or was filled at once, which only the history knows.
    let window = lost(limit().client_id("open"), Fault::reset_after()).await;
    let found = orders.resolve("open", window).await;
    assert!(
        matches!(&found, Resolution::Found(order) if order.client_id.as_deref() == Some("open")),
        "{found:?}"
    );
    let market = NewOrder::market("BTC-USD-PERP", OrderSide::Buy, 1.into()).client_id("filled");
    let window = lost(market, Fault::truncated()).await;
    let found = orders.resolve("filled", window).await;
    assert!(matches!(found, Resolution::Found(_)), "{found:?}");
    let page = Fault::edit_response(|body| *body = "?".into());
    let window = lost(limit().client_id("odd"), page).await;
    assert!(matches!(
        orders.resolve("odd", window).await,
        Resolution::Found(_)
    ));

    // It did not: that is only certain when it cannot arrive any more.
    let window = lost(limit().client_id("lost"), Fault::reset_before()).await;
    let pending = orders.resolve("lost", window).await;
    let Resolution::Pending { until } = pending else {
        panic!("{pending:?}")
    };
    assert!(until >= window.valid_until() + Duration::from_secs(10));
    exchange.advance(Duration::from_secs(14));
    client.group().measure_clock().await.unwrap();
    assert!(matches!(
        orders.resolve("lost", window).await,
        Resolution::Pending { .. }
    ));
    exchange.advance(Duration::from_secs(4));
    client.group().measure_clock().await.unwrap();
    let resolved = orders.resolve("lost", window).await;
    assert!(matches!(resolved, Resolution::NotPlaced), "{resolved:?}");
}

#[tokio::test]
async fn older_order_of_the_same_client_id_is_another_order() {
    let (exchange, client) = start().await;
    let old = client.orders().place(limit().client_id("same")).await.unwrap();
    client.orders().cancel(&old.id.unwrap()).await.unwrap();
    exchange.advance(Duration::from_secs(5));
    client.group().measure_clock().await.unwrap();
    exchange.inject(Injection::new(Fault::reset_before()).on(&CREATE_ORDER));
    let error = client
        .orders()
        .place(limit().client_id("same"))
        .await
        .unwrap_err();
    let resolved = client.orders().resolve("same", error.window().unwrap()).await;
    assert!(matches!(resolved, Resolution::Pending { .. }), "{resolved:?}");
}

#[tokio::test]
async fn failed_resolution_stays_unknown() {
    let (exchange, client) = start().await;
    // Long ago, so that "there is none" would be certain.
    let window = OrderWindow::new(
        SystemTime::now() - Duration::from_secs(600),
        Duration::from_secs(5),
    );
    let by_id = &paradex_api::operations::GET_ORDER_BY_CLIENT_ID;
    let history = &paradex_api::operations::LIST_ORDERS_HISTORY;
    for (operation, fault) in [
        (by_id, Fault::html(StatusCode::NOT_FOUND)),
        (by_id, Fault::html(StatusCode::BAD_GATEWAY)),
        (history, Fault::html(StatusCode::NOT_FOUND)),
        (history, Fault::reset_before()),
    ] {
        exchange.inject(Injection::new(fault.clone()).on(operation).times(3));
        let resolved = client.orders().resolve("id", window).await;
        assert!(
            matches!(resolved, Resolution::StillUnknown(_)),
            "{operation} {fault:?}: {resolved:?}"
        );
    }
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = super::main_client(&exchange);
    assert!(matches!(
        client.orders().resolve("", window).await,
        Resolution::StillUnknown(_)
    ));
    assert!(exchange.requests().is_empty());
    assert!(matches!(
        client.orders().resolve("id", window).await,
        Resolution::NotPlaced
    ));
}

#[tokio::test]
async fn resolution_claims_nothing_from_a_response_that_does_not_show_it() {
    let (exchange, client) = start().await;
    let orders = client.orders();
    // Long ago, so that "there is none" would be certain.
    let window = OrderWindow::new(
        SystemTime::now() - Duration::from_secs(600),
        Duration::from_secs(5),
    );
    for body in ["{}", r#"{"client_id":[]}"#, r#"{"client_id":"other"}"#] {
        respond(&exchange, &GET_ORDER_BY_CLIENT_ID, body);
        let resolved = orders.resolve("mine", window).await;
        assert!(
            matches!(resolved, Resolution::StillUnknown(Error::Decode(_))),
            "{body}: {resolved:?}"
        );
    }
    for body in [
        r#"{"results":[{"id":"1"},null]}"#,
        r#"{"results":[{"id":"1"}]}"#,
        r#"{"results":["x"]}"#,
        r#"{"results":[{"client_id":[]}]}"#,
    ] {
        respond(&exchange, &LIST_ORDERS_HISTORY, body);
        let resolved = orders.resolve("mine", window).await;
        assert!(
            matches!(resolved, Resolution::Pending { .. }),
            "{body}: {resolved:?}"
        );
    }
    // An order of another client id is shown in full, and is another one.
    for body in [r#"{"results":[]}"#, r#"{"results":[{"client_id":"other"}]}"#] {
        respond(&exchange, &LIST_ORDERS_HISTORY, body);
        let resolved = orders.resolve("mine", window).await;
        assert!(matches!(resolved, Resolution::NotPlaced), "{body}: {resolved:?}");
    }
}

#[tokio::test]
async fn resolution_of_a_change_claims_nothing_from_an_incomplete_listing() {
    let (exchange, client) = start().await;
    let orders = client.orders();
    let change = NewOrder::limit(MARKET, OrderSide::Buy, 1.into(), 100.into());
    // Long ago, so that the change cannot be made any more.
    let window = OrderWindow::new(
        SystemTime::now() - Duration::from_secs(600),
        Duration::from_secs(5),
    );
    // The history shows an earlier state of an order whose entry among the open ones is not understood.
    const EARLIER: &str = r#"{"results":[{"id":"1","size":"1","price":"99"}]}"#;
    for open in [
        "{}",
        r#"{"results":null}"#,
        r#"{"results":[null]}"#,
        r#"{"results":[{"id":[]}]}"#,
    ] {
        respond(&exchange, &LIST_OPEN_ORDERS, open);
        respond(&exchange, &LIST_ORDERS_HISTORY, EARLIER);
        let resolved = orders.resolve_change("1", &change, window).await;
        assert!(
            matches!(resolved, ChangeResolution::StillUnknown(Error::Decode(_))),
            "{open}: {resolved:?}"
        );
        exchange.clear_injections();
    }
    // That the exchange shows no such order is said of whole lists only.
    respond(
        &exchange,
        &LIST_ORDERS_HISTORY,
        r#"{"results":[{"id":"2"},null]}"#,
    );
    let resolved = orders.resolve_change("1", &change, window).await;
    assert!(
        matches!(&resolved, ChangeResolution::StillUnknown(error) if error.to_string().contains("not all of them")),
        "{resolved:?}"
    );
    // An order that does not show the values has no other ones.
    for order in [
        r#"{"results":[{"id":"1"}]}"#,
        r#"{"results":[{"id":"1","status":"CLOSED","size":"1"}]}"#,
        r#"{"results":[{"id":"1","size":"1","price":[]}]}"#,
    ] {
        respond(&exchange, &LIST_OPEN_ORDERS, order);
        let resolved = orders.resolve_change("1", &change, window).await;
        assert!(
            matches!(&resolved, ChangeResolution::StillUnknown(error) if error.to_string().contains("without a value")),
            "{order}: {resolved:?}"
        );
    }
    respond(&exchange, &LIST_OPEN_ORDERS, EARLIER);
    let resolved = orders.resolve_change("1", &change, window).await;
    assert!(
        matches!(resolved, ChangeResolution::NotInForce(_)),
        "{resolved:?}"
    );
}

/// The bodies that arrived for an operation.
fn sent_bodies(exchange: &Simulator, operation: &'static Operation) -> Vec<serde_json::Value> {
    let requests = exchange.requests();
    let of_operation = requests
        .iter()
        .filter(|request| request.operation() == Some(operation));
    of_operation
        .map(|request| serde_json::from_slice(request.body()).unwrap())
        .collect()
}

/// Until when the exchange takes an order, in milliseconds.
fn taken_until(order: &serde_json::Value) -> u64 {
    order["signature_timestamp"].as_u64().unwrap() + order["recv_window"].as_u64().unwrap()
}

fn milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    u64::try_from(since.as_millis()).unwrap()
}

/// Moves the exchange's clock away, so that the first signature is refused for its time, lets the correction take a while,
/// and loses the second attempt.
fn refuse_the_time_and_lose_the_next(exchange: &Simulator, operation: &'static Operation) {
    exchange.advance(Duration::from_secs(120));
    let slow = Fault::delay_after(Duration::from_millis(400));
    let time = &paradex_api::operations::GET_SYSTEM_TIME;
    exchange.inject(Injection::new(slow).on(time).times(3));
    exchange.inject(Injection::new(Fault::reset_before()).on(operation).skip(1));
}

#[tokio::test]
async fn order_signed_again_does_not_outlive_its_first_window() {
    const WINDOW: Duration = Duration::from_secs(30);
    let (exchange, client) = start().await;
    client.orders().place(limit()).await.unwrap();

    refuse_the_time_and_lose_the_next(&exchange, &CREATE_ORDER);
    let error = client
        .orders()
        .place(limit().client_id("late").good_for(WINDOW))
        .await
        .unwrap_err();
    let window = error.window().unwrap();
    let [.., first, second] = &sent_bodies(&exchange, &CREATE_ORDER)[..] else {
        panic!("it was signed once")
    };
    assert_eq!(first["recv_window"], 30_000);
    let left = second["recv_window"].as_u64().unwrap();
    assert!((10..=30_000 - 400).contains(&left), "{left}");
    assert!(
        taken_until(second) <= milliseconds(window.valid_until()),
        "{window:?}"
    );
    assert!(second["signature_timestamp"].as_u64().unwrap() >= milliseconds(window.signed_at()));

    refuse_the_time_and_lose_the_next(&exchange, &CREATE_ORDERS_BATCH);
    let orders = vec![
        limit().good_for(Duration::from_secs(60)),
        limit().good_for(WINDOW),
    ];
    let error = client.orders().place_batch(orders).await.unwrap_err();
    let window = error.window().unwrap();
    let [first, second] = &sent_bodies(&exchange, &CREATE_ORDERS_BATCH)[..] else {
        panic!("it was signed once")
    };
    for order in first.as_array().unwrap() {
        assert!(order["recv_window"].as_u64().unwrap() <= 30_000, "{order}");
    }
    for order in second.as_array().unwrap() {
        assert!(order["recv_window"].as_u64().unwrap() <= 30_000 - 400, "{order}");
        assert!(
            taken_until(order) <= milliseconds(window.valid_until()),
            "{window:?} {order}"
        );
    }

    // The clock has moved further than a session lives.
    let (exchange, client) = start().await;
    client.sign_in().await.unwrap();
    refuse_the_time_and_lose_the_next(&exchange, &CREATE_ALGO_ORDER);
    let twap = NewAlgoOrder::twap(MARKET, OrderSide::Buy, 1.into(), Duration::from_secs(60)).good_for(WINDOW);
    let error = client.orders().place_algo(twap).await.unwrap_err();
    let [_, second] = &sent_bodies(&exchange, &CREATE_ALGO_ORDER)[..] else {
        panic!("it was signed once")
    };
    assert!(
        second["recv_window"].as_u64().unwrap() <= 30_000 - 400,
        "{second}"
    );
    assert!(taken_until(second) <= milliseconds(error.window().unwrap().valid_until()));
}

#[tokio::test]
async fn order_held_back_beyond_the_reported_window_is_refused() {
    let (exchange, client) = start().await;
    client.orders().place(limit()).await.unwrap();
    exchange.advance(Duration::from_secs(120));
    let slow = Fault::delay_after(Duration::from_millis(400));
    exchange.inject(
        Injection::new(slow)
            .on(&paradex_api::operations::GET_SYSTEM_TIME)
            .times(3),
    );
    // The second attempt arrives when the first window has just passed, and its response is lost.
    let held = Fault::run_before(|exchange| exchange.advance(Duration::from_millis(4_800)));
    exchange.inject(Injection::new(held).on(&CREATE_ORDER).skip(1));
    exchange.inject(Injection::new(Fault::reset_after()).on(&CREATE_ORDER).skip(1));
    let order = limit().client_id("held").good_for(Duration::from_secs(5));
    let error = client.orders().place(order).await.unwrap_err();
    assert!(error.window().is_some(), "{error:?}");
    assert_eq!(placed(&exchange), 1, "it outlived its window");
}

#[tokio::test]
async fn change_has_the_window_of_the_exchange_and_can_be_resolved() {
    let (exchange, client) = start().await;
    let orders = client.orders();
    let id = orders.place(limit()).await.unwrap().id.unwrap();
    let change = NewOrder::limit(MARKET, OrderSide::Buy, "0.20".parse().unwrap(), 29_000.into());
    let lost = async |fault: Fault| {
        exchange.inject(Injection::new(fault).on(&MODIFY_ORDER));
        orders
            .modify(&id, change.clone())
            .await
            .unwrap_err()
            .window()
            .unwrap()
    };
    // It did not arrive, and still can, as long as the exchange takes a request that names no window.
    let window = lost(Fault::reset_before()).await;
    let request = sent_bodies(&exchange, &MODIFY_ORDER).pop().unwrap();
    let signed = request["signature_timestamp"].as_u64().unwrap();
    assert_eq!(milliseconds(window.signed_at()), signed);
    assert_eq!(milliseconds(window.valid_until()), signed + 300_000);
    let resolved = orders.resolve_change(&id, &change, window).await;
    let ChangeResolution::Pending { until, order, .. } = resolved else {
        panic!("{resolved:?}")
    };
    assert_eq!(until, window.valid_until() + Duration::from_secs(10));
    assert_eq!(order.price, Some("29500.12".parse().unwrap()));
    exchange.advance(Duration::from_secs(311));
    client.group().measure_clock().await.unwrap();
    let resolved = orders.resolve_change(&id, &change, window).await;
    assert!(
        matches!(resolved, ChangeResolution::NotInForce(_)),
        "{resolved:?}"
    );

    // It arrived, and the response was lost.
    let window = lost(Fault::reset_after()).await;
    let resolved = orders.resolve_change(&id, &change, window).await;
    assert!(
        matches!(&resolved, ChangeResolution::Made(order) if order.price == Some(29_000.into())),
        "{resolved:?}"
    );

    // A closed order takes no change, so nothing has to be waited for.
    let other = NewOrder::limit(MARKET, OrderSide::Buy, 1.into(), 28_000.into());
    orders.cancel(&id).await.unwrap();
    let resolved = orders.resolve_change(&id, &other, window).await;
    assert!(
        matches!(resolved, ChangeResolution::NotInForce(_)),
        "{resolved:?}"
    );
    let resolved = orders.resolve_change(&id, &change, window).await;
    assert!(matches!(resolved, ChangeResolution::Made(_)), "{resolved:?}");

    let resolved = orders.resolve_change("1", &change, window).await;
    assert!(
        matches!(&resolved, ChangeResolution::StillUnknown(Error::InvalidInput(_))),
        "{resolved:?}"
    );
    let open = &paradex_api::operations::LIST_OPEN_ORDERS;
    exchange.inject(
        Injection::new(Fault::html(StatusCode::BAD_GATEWAY))
            .on(open)
            .times(3),
    );
    let resolved = orders.resolve_change(&id, &change, window).await;
    assert!(
        matches!(&resolved, ChangeResolution::StillUnknown(error) if error.status().is_some()),
        "{resolved:?}"
    );
}

#[tokio::test]
async fn stop_loss_of_the_whole_position_has_size_zero() {
    let (exchange, client) = start().await;
    let stop = |order_type: OrderType| {
        NewOrder::triggered(MARKET, OrderSide::Sell, order_type, 0.into(), 25_000.into())
    };
    for order in [
        stop(OrderType::StopLossMarket),
        stop(OrderType::TakeProfitMarket),
        stop(OrderType::StopLossLimit).price(24_000.into()),
        stop(OrderType::TakeProfitLimit).price(24_000.into()),
    ] {
        client.orders().place(order).await.unwrap();
    }
    assert!(
        sent_bodies(&exchange, &CREATE_ORDER)
            .iter()
            .all(|order| order["size"] == "0")
    );
    let error = client
        .orders()
        .place(stop(OrderType::StopMarket))
        .await
        .unwrap_err();
    assert!(matches!(error, PlaceOrderError::Invalid(_)), "{error:?}");
    assert_eq!(placed(&exchange), 4);
}
