//! Orders over the WebSocket of the simulator.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use paradex_api_ext::audit::{AuditEntry, AuditFuture, AuditSink};
use paradex_api_ext::error::{PlaceOrderError, WithheldReason};
use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::order_socket::{
    CancelOnDisconnect, OrderSocket, OrderSocketError, OrderSocketEvent, OrderSocketEvents, WhenDown,
};
use paradex_api_ext::orders::{CancelScope, NewOrder, OrderSide, Resolution};
use paradex_api_ext::paradex_api::serde_json::{self, Value};
use paradex_api_ext::paradex_api::stream::methods;
use paradex_api_ext::paradex_api::{Operation, operations};
use paradex_api_ext::simulator::{Fault, Injection, OrderRefusalCode, Simulator, StreamOptions};
use paradex_api_ext::{CallOptions, Client, ClientBuilder, Credentials, Environment, Error};

const MARKET: &str = "BTC-USD-PERP";
const PATIENCE: Duration = Duration::from_secs(60);

fn builder(exchange: &Simulator) -> ClientBuilder {
    let environment = Environment::custom(exchange.url()).unwrap();
    let account = exchange.main_account().parse().unwrap();
    let credentials = Credentials::starknet(environment.clone(), exchange.main_key(), account);
    Client::builder(environment).credentials(credentials)
}

/// An exchange whose cancel on disconnect does not wait.
async fn start() -> (Simulator, Client) {
    let exchange = Simulator::builder()
        .strict()
        .stream(StreamOptions::default().disconnect_delay(Duration::ZERO))
        .start()
        .await
        .unwrap();
    let client = builder(&exchange).build().unwrap();
    (exchange, client)
}

async fn armed(client: &Client) -> OrderSocket {
    let socket = client.order_socket(CancelOnDisconnect::Armed);
    socket.connect().await.unwrap()
}

fn order() -> NewOrder {
    NewOrder::limit(MARKET, OrderSide::Buy, 1.into(), 100.into())
}

fn open(exchange: &Simulator) -> Vec<String> {
    let orders = exchange.orders(&exchange.main_account()).into_iter();
    let open = orders.filter(|order| order.status.as_str() != "CLOSED");
    open.map(|order| order.client_id.unwrap_or_default()).collect()
}

/// How many requests of an operation arrived, by HTTP and over the socket.
fn arrived(exchange: &Simulator, operation: &'static Operation) -> (usize, usize) {
    let requests = exchange.requests();
    let of_operation = requests
        .iter()
        .filter(|request| request.operation() == Some(operation));
    let (socket, http): (Vec<_>, Vec<_>) = of_operation.partition(|request| request.method() == "WEBSOCKET");
    (http.len(), socket.len())
}

async fn next(events: &mut OrderSocketEvents) -> OrderSocketEvent {
    let next = tokio::time::timeout(PATIENCE, events.next()).await;
    next.expect("no event").expect("the events have ended")
}

/// Waits until something is so.
async fn until(is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .expect("it never became so");
}

#[track_caller]
fn assert_not_armed(error: &PlaceOrderError) {
    let withheld = match error {
        PlaceOrderError::NotPlaced(Error::Withheld(withheld)) => withheld,
        other => panic!("{other:?}"),
    };
    assert!(
        matches!(withheld.reason(), WithheldReason::NotArmed),
        "{withheld}"
    );
}

#[tokio::test]
async fn orders_go_over_the_socket_and_are_cancelled_when_it_ends() {
    let (exchange, client) = start().await;
    let socket = armed(&client).await;
    assert!(socket.is_connected());
    let orders = socket.client().orders();
    let placed = orders.place(order().client_id("one")).await.unwrap();
    let id = placed.id.unwrap();
    let change = NewOrder::limit(MARKET, OrderSide::Buy, 2.into(), 99.into());
    assert_eq!(orders.modify(&id, change).await.unwrap().size.unwrap(), 2.into());
    orders
        .place_batch(vec![order().client_id("two"), order().client_id("three")])
        .await
        .unwrap();
    orders.cancel(&id).await.unwrap();
    assert_eq!(open(&exchange), ["two", "three"]);
    for operation in [
        &operations::CREATE_ORDER,
        &operations::MODIFY_ORDER,
        &operations::CREATE_ORDERS_BATCH,
        &operations::CANCEL_ORDER,
    ] {
        assert_eq!(arrived(&exchange, operation), (0, 1), "{operation}");
    }
    drop((socket, orders));
    until(|| open(&exchange).is_empty()).await;
}

/// Keeps what both wires must agree on.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<Value>>>);

impl AuditSink for Kept {
    fn record(&self, entry: AuditEntry) -> AuditFuture<'_> {
        self.0.lock().unwrap().push(serde_json::to_value(&entry).unwrap());
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Kept {
    /// The entries in short: operation, event, and the code of a refusal.
    fn take(&self) -> Vec<String> {
        let entries = std::mem::take(&mut *self.0.lock().unwrap());
        let short = |entry: &Value| {
            let field = |name: &str| {
                entry
                    .get(name)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned()
            };
            let has_request = entry.get("request").is_some_and(|request| !request.is_null());
            format!(
                "{} {} {} {has_request}",
                field("operation"),
                field("event"),
                field("code")
            )
        };
        entries.iter().map(short).collect()
    }
}

/// An outcome without what differs from run to run.
fn outcome<T, E: Into<Error>>(result: Result<T, E>) -> String {
    match result {
        Ok(_) => "done".to_owned(),
        Err(error) => {
            let error: Error = error.into();
            format!(
                "{:?} {:?} unknown={} retryable={}",
                error.class(),
                error.code(),
                error.is_outcome_unknown(),
                error.is_retryable()
            )
        }
    }
}

/// Calls every operation, well and badly.
async fn script(client: &Client) -> Vec<String> {
    let orders = client.orders();
    let mut outcomes = Vec::new();
    let first = orders.place(order().client_id("a")).await;
    let id = first.as_ref().unwrap().id.clone().unwrap();
    outcomes.push(outcome(first));
    let elsewhere = NewOrder::limit("NO-SUCH-PERP", OrderSide::Buy, 1.into(), 100.into());
    outcomes.push(outcome(orders.place(elsewhere.clone()).await));
    let odd = NewOrder::limit(MARKET, OrderSide::Buy, "0.0000001".parse().unwrap(), 100.into());
    outcomes.push(outcome(orders.place(odd.clone()).await));
    let batch = orders
        .place_batch(vec![order().client_id("b"), order().client_id("c"), odd])
        .await;
    if let Ok(batch) = &batch {
        let codes: Vec<_> = batch.errors.iter().map(|error| error.error.clone()).collect();
        outcomes.push(format!("{} {codes:?}", batch.orders.len()));
    }
    outcomes.push(outcome(batch));
    outcomes.push(outcome(orders.place_batch(vec![elsewhere]).await));
    let change = NewOrder::limit(MARKET, OrderSide::Buy, 2.into(), 99.into());
    outcomes.push(outcome(orders.modify(&id, change.clone()).await));
    outcomes.push(outcome(orders.modify("77", change.clone()).await));
    outcomes.push(outcome(orders.cancel(&id).await));
    outcomes.push(outcome(orders.cancel(&id).await));
    outcomes.push(outcome(orders.modify(&id, change).await));
    outcomes.push(outcome(orders.cancel("77").await));
    for client_id in ["b", "b", "nobody"] {
        let call = client.api().cancel_order_by_client_id().client_id(client_id);
        outcomes.push(outcome(call.market(MARKET).send().await.map_err(Error::from)));
    }
    let batch = orders.cancel_batch(vec![id, "77".to_owned()]).await.unwrap();
    outcomes.push(format!(
        "{:?}",
        batch
            .results
            .iter()
            .map(|result| result.status.clone())
            .collect::<Vec<_>>()
    ));
    for scope in [
        CancelScope::Market("NO-SUCH-PERP".to_owned()),
        CancelScope::Market(MARKET.to_owned()),
        CancelScope::AllMarkets,
    ] {
        outcomes.push(outcome(orders.cancel_all(scope).await));
    }
    outcomes
}

/// The same calls have the same outcomes and the same entries in the audit on both wires, whatever the code of refusals.
#[tokio::test]
async fn every_operation_is_the_same_on_both_wires() {
    let mut runs = Vec::new();
    for code in [
        None,
        Some(OrderRefusalCode::InvalidParameters),
        Some(OrderRefusalCode::InvalidRequest),
        Some(OrderRefusalCode::MethodError),
    ] {
        let options =
            StreamOptions::default().order_refusal_code(code.unwrap_or(OrderRefusalCode::InvalidRequest));
        let exchange = Simulator::builder()
            .strict()
            .stream(options)
            .start()
            .await
            .unwrap();
        let kept = Kept::default();
        let client = builder(&exchange).audit(kept.clone()).build().unwrap();
        let outcomes = match code {
            None => script(&client).await,
            Some(_) => {
                let socket = client
                    .order_socket(CancelOnDisconnect::NotArmed)
                    .connect()
                    .await
                    .unwrap();
                script(&socket.client()).await
            }
        };
        assert!(open(&exchange).is_empty());
        let over_http = arrived(&exchange, &operations::CREATE_ORDER).0 > 0;
        assert_eq!(over_http, code.is_none());
        until(|| kept.0.lock().unwrap().len() >= 2 * (outcomes.len() - 1)).await;
        runs.push((outcomes, kept.take()));
    }
    for run in &runs[1..] {
        assert_eq!(run.0, runs[0].0);
        assert_eq!(run.1, runs[0].1);
    }
}

/// Hazard 7: the exchange carries out an order, and its response is lost with or without the connection.
#[tokio::test]
async fn lost_response_leaves_one_order_that_is_resolved() {
    for when_down in [WhenDown::Refuse, WhenDown::UseHttp] {
        for fault in [Fault::lose_response(), Fault::close_after(1011)] {
            let (exchange, client) = start().await;
            let socket = client
                .order_socket(CancelOnDisconnect::NotArmed)
                .when_down(when_down);
            let socket = socket.connect().await.unwrap();
            exchange.inject(Injection::new(fault).on(&methods::ORDER_CREATE));
            let hasty = CallOptions::new().deadline(Duration::from_secs(2));
            let orders = socket.client().with_options(hasty).orders();
            let error = orders.place(order().client_id("once")).await.unwrap_err();
            assert!(matches!(error, PlaceOrderError::OutcomeUnknown(_)), "{error:?}");
            let found = client.orders().resolve("once", error.window().unwrap()).await;
            assert!(matches!(found, Resolution::Found(_)), "{found:?}");
            assert_eq!(open(&exchange), ["once"]);
            assert_eq!(arrived(&exchange, &operations::CREATE_ORDER), (0, 1));
        }
    }
}

/// Hazard 8: after the connection ended, no order is placed before cancel on disconnect is acknowledged again.
#[tokio::test]
async fn order_during_a_reconnection_is_withheld_until_it_is_armed_again() {
    let (exchange, client) = start().await;
    client.orders().place(order().client_id("earlier")).await.unwrap();
    let socket = armed(&client).await;
    let mut events = socket.events();
    let OrderSocketEvent::Armed { connection: first } = next(&mut events).await else {
        panic!("not armed");
    };
    let OrderSocketEvent::Unprotected { order_ids } = next(&mut events).await else {
        panic!("the earlier order is not named");
    };
    assert_eq!(order_ids.len(), 1);
    let orders = socket.client().orders();
    orders.place(order().client_id("covered")).await.unwrap();
    // Arming the next connection takes the time that the client waits for it, nearly.
    let arming = &methods::ORDER_CANCEL_ON_DISCONNECT;
    let has_arrived = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&has_arrived);
    exchange
        .inject(Injection::new(Fault::run_before(move |_| noted.store(true, Ordering::SeqCst))).on(arming));
    exchange.inject(Injection::new(Fault::delay_before(Duration::from_secs(9))).on(arming));
    exchange.inject(Injection::new(Fault::close_before(1011)).on(&methods::ORDER_CREATE));
    let error = orders.place(order().client_id("lost")).await.unwrap_err();
    assert!(matches!(error, PlaceOrderError::OutcomeUnknown(_)), "{error:?}");
    for _ in 0..3 {
        assert_not_armed(&orders.place(order().client_id("during")).await.unwrap_err());
    }
    until(|| has_arrived.load(Ordering::SeqCst)).await;
    assert!(!socket.is_connected());
    exchange.advance(Duration::from_secs(9));
    until(|| socket.is_connected()).await;
    assert!(matches!(next(&mut events).await, OrderSocketEvent::Lost { .. }));
    let OrderSocketEvent::Armed { connection } = next(&mut events).await else {
        panic!("not armed again");
    };
    assert!(connection > first);
    assert_eq!(next(&mut events).await, OrderSocketEvent::Resumed { connection });
    assert_eq!(
        next(&mut events).await,
        OrderSocketEvent::Unprotected { order_ids }
    );
    orders.place(order().client_id("after")).await.unwrap();
    let open = open(&exchange);
    assert!(
        ["covered", "lost", "during"]
            .iter()
            .all(|gone| !open.iter().any(|id| id == gone)),
        "{open:?}"
    );
    assert!(open.contains(&"after".to_owned()), "{open:?}");
}

#[tokio::test]
async fn order_goes_by_http_while_the_socket_is_down_and_is_named_as_unprotected() {
    let (exchange, client) = start().await;
    let socket = client
        .order_socket(CancelOnDisconnect::Armed)
        .when_down(WhenDown::UseHttp);
    let socket = socket.connect().await.unwrap();
    let mut events = socket.events();
    assert!(matches!(next(&mut events).await, OrderSocketEvent::Armed { .. }));
    // The next connection is never acknowledged.
    let silent = Injection::new(Fault::lose_request()).on(&methods::ORDER_CANCEL_ON_DISCONNECT);
    exchange.inject(silent.times(100));
    exchange.inject(Injection::new(Fault::close_before(1011)).on(&methods::ORDER_CANCEL));
    let orders = socket.client().orders();
    orders.cancel("77").await.unwrap_err();
    assert!(matches!(next(&mut events).await, OrderSocketEvent::Lost { .. }));
    assert!(!socket.is_connected());
    let placed = orders.place(order().client_id("h")).await.unwrap();
    assert_eq!(arrived(&exchange, &operations::CREATE_ORDER), (1, 0));
    let order_ids = vec![placed.id.unwrap()];
    assert_eq!(
        next(&mut events).await,
        OrderSocketEvent::Unprotected { order_ids }
    );
    drop((socket, orders));
    assert_eq!(events.next().await, None, "the events end with the socket");
    assert_eq!(open(&exchange), ["h"]);
}

#[tokio::test]
async fn closed_socket_sends_no_order_and_cancels_by_http() {
    let (exchange, client) = start().await;
    let socket = armed(&client).await;
    let orders = socket.client().orders();
    orders.place(order()).await.unwrap();
    client.orders().place(order().client_id("h")).await.unwrap();
    socket.close();
    let error = orders.place(order()).await.unwrap_err();
    let closed = matches!(&error, PlaceOrderError::NotPlaced(Error::Withheld(withheld))
        if matches!(withheld.reason(), WithheldReason::OrderSocketClosed));
    assert!(closed, "{error:?}");
    until(|| open(&exchange) == ["h"]).await;
    orders.cancel_all(CancelScope::AllMarkets).await.unwrap();
    assert!(open(&exchange).is_empty());
    assert_eq!(arrived(&exchange, &operations::CREATE_ORDER), (1, 1));
}

/// Hazard 9: a halt while orders are on their way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_open_after_a_halt_during_a_hundred_placements() {
    let (exchange, client) = start().await;
    let socket = armed(&client).await;
    let mut placing = tokio::task::JoinSet::new();
    for number in 0..100 {
        let orders = socket.client().orders();
        placing.spawn(async move { orders.place(order().client_id(number.to_string())).await });
    }
    until(|| arrived(&exchange, &operations::CREATE_ORDER).1 > 3).await;
    let report = client.halt().await;
    assert!(report.is_clear(), "{report}");
    let at_halt = arrived(&exchange, &operations::CREATE_ORDER);
    while let Some(placed) = placing.join_next().await {
        if let Err(error) = placed.unwrap() {
            assert!(error.is_not_placed(), "{error:?}");
        }
    }
    assert_eq!(
        arrived(&exchange, &operations::CREATE_ORDER),
        at_halt,
        "none arrives later"
    );
    assert!(open(&exchange).is_empty());
    assert!(arrived(&exchange, &operations::CANCEL_ALL_ORDERS).1 > 0);
}

/// Hazard 10: the exchange limits both wires together.
#[tokio::test]
async fn refusals_by_the_rate_limit_stop_orders_and_let_cancels_pass() {
    let exchange = Simulator::builder()
        .strict()
        .orders_per_minute(50)
        .start()
        .await
        .unwrap();
    let client = builder(&exchange)
        .rate_limits(RateLimits::none().order_writes(1_000, 60))
        .build()
        .unwrap();
    let socket = client
        .order_socket(CancelOnDisconnect::NotArmed)
        .connect()
        .await
        .unwrap();
    let (over_socket, by_http) = (socket.client().orders(), client.orders());
    let (mut refused, mut withheld) = (0, 0);
    for number in 0..80 {
        let orders = if number % 2 == 0 { &over_socket } else { &by_http };
        match orders.place(order()).await {
            Ok(_) => {}
            Err(PlaceOrderError::NotPlaced(Error::Withheld(_))) => withheld += 1,
            Err(error) => {
                assert!(
                    error.is_not_placed() && error.status().unwrap() == 429,
                    "{error:?}"
                );
                refused += 1;
            }
        }
    }
    assert!(refused <= 2 && withheld >= 20, "{refused} {withheld}");
}

#[tokio::test]
async fn socket_that_cannot_be_connected_is_an_error_and_leaves_nothing_open() {
    let (exchange, client) = start().await;
    let anonymous = client.group().anonymous();
    let error = anonymous
        .order_socket(CancelOnDisconnect::Armed)
        .connect()
        .await
        .unwrap_err();
    let Error::Task(task) = &error else {
        panic!("{error:?}")
    };
    assert!(task.downcast_ref::<OrderSocketError>().is_some());
    assert!(!error.is_retryable());
    exchange.inject(
        Injection::new(Fault::lose_request())
            .on(&methods::ORDER_CANCEL_ON_DISCONNECT)
            .times(100),
    );
    let hasty = client.with_options(CallOptions::new().deadline(Duration::from_millis(200)));
    let error = hasty
        .order_socket(CancelOnDisconnect::Armed)
        .connect()
        .await
        .unwrap_err();
    assert!(error.is_retryable() && !error.is_outcome_unknown(), "{error:?}");
    until(|| exchange.sockets().iter().all(|socket| socket.ended.is_some())).await;
}
