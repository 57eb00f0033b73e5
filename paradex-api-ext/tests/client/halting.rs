//! Halting: what was sent is waited for or reported, whoever was dropped in the meantime.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use paradex_api::operations::{
    AUTH, CANCEL_ALL_ORDERS, CREATE_ORDER, LIST_OPEN_ALGO_ORDERS, LIST_OPEN_ORDERS,
};
use paradex_api::reqwest::header::HeaderMap;
use paradex_api::reqwest::{self, StatusCode};
use paradex_api::{Operation, Transport, TransportFuture};
use paradex_api_ext::halt::{HaltReport, HaltedAccount};
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::{CallOptions, Client, ClientGroup, Credentials, Error};

use super::{count, environment};

/// Longer than an order is waited for, and shorter than a halt waits.
const LATE: Duration = Duration::from_millis(700);
const PATIENCE: Duration = Duration::from_millis(200);
const CALL: Duration = Duration::from_secs(2);

async fn start() -> (Simulator, ClientGroup) {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let group = Client::builder(environment(&exchange))
        .timeout(CALL)
        .build_group()
        .unwrap();
    (exchange, group)
}

async fn signed_in(exchange: &Simulator, group: &ClientGroup, account: &str) -> Client {
    let key = exchange.account_key(account).unwrap();
    let credentials = Credentials::starknet(environment(exchange), key, account.parse().unwrap());
    let client = group.client(credentials).unwrap();
    client.sign_in().await.unwrap();
    client
}

fn order() -> NewOrder {
    NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, 1.into(), 100.into())
}

/// Sends an order that the exchange accepts only after the caller has given up.
async fn give_up_an_order(exchange: &Simulator, client: &Client) {
    exchange.inject(Injection::new(Fault::delay_before(LATE)).on(&CREATE_ORDER));
    let hasty = client.with_options(CallOptions::new().deadline(PATIENCE));
    let error = hasty.orders().place(order()).await.unwrap_err();
    assert!(!error.is_not_placed(), "{error:?}");
}

fn open_orders(exchange: &Simulator, account: &str) -> usize {
    let orders = exchange.orders(account);
    orders
        .iter()
        .filter(|order| order.status.as_str() != "CLOSED")
        .count()
}

#[track_caller]
fn account<'a>(report: &'a HaltReport, name: &str) -> &'a HaltedAccount {
    let mut found = report
        .accounts()
        .iter()
        .filter(|account| account.account.as_deref() == Some(name));
    let account = found
        .next()
        .unwrap_or_else(|| panic!("{name} is not in: {report}"));
    assert!(found.next().is_none(), "{name} is twice in: {report}");
    account
}

/// The order was accepted after its client was dropped, and the halt waited for it, cancelled it and said so.
#[track_caller]
fn assert_seen_and_cancelled(exchange: &Simulator, report: &HaltReport, name: &str) {
    assert!(!report.is_clear(), "{report}");
    assert_eq!(account(report, name).unresolved_calls, 1, "{report}");
    assert_eq!(exchange.orders(name).len(), 1, "the exchange has accepted it");
    assert_eq!(open_orders(exchange, name), 0, "{report}");
    account(report, name).cancelled.as_ref().unwrap();
}

#[tokio::test]
async fn order_of_a_dropped_client_is_waited_for_cancelled_and_reported() {
    let (exchange, group) = start().await;
    let name = exchange.main_account();
    let client = signed_in(&exchange, &group, &name).await;
    give_up_an_order(&exchange, &client).await;
    drop(client);
    let report = group.halt().await;
    assert_seen_and_cancelled(&exchange, &report, &name);
}

#[tokio::test]
async fn order_of_a_dropped_future_and_client_is_waited_for_cancelled_and_reported() {
    let (exchange, group) = start().await;
    let name = exchange.main_account();
    let client = signed_in(&exchange, &group, &name).await;
    exchange.inject(Injection::new(Fault::delay_before(LATE)).on(&CREATE_ORDER));
    let placing = tokio::spawn(async move { client.orders().place(order()).await });
    while count(&exchange, &CREATE_ORDER) == 0 {
        tokio::task::yield_now().await;
    }
    placing.abort();
    assert!(placing.await.unwrap_err().is_cancelled());
    let report = group.halt().await;
    assert_seen_and_cancelled(&exchange, &report, &name);
}

#[tokio::test]
async fn order_sent_before_the_credential_was_replaced_is_cancelled_and_reported() {
    for whole in [false, true] {
        let (exchange, group) = start().await;
        let (name, other) = (exchange.main_account(), exchange.add_account());
        let client = signed_in(&exchange, &group, &name).await;
        give_up_an_order(&exchange, &client).await;
        let key = exchange.account_key(&other).unwrap();
        let successor = Credentials::starknet(environment(&exchange), key, other.parse().unwrap());
        client.replace_credentials(successor).unwrap();
        let report = if whole {
            group.halt().await
        } else {
            client.halt().await
        };
        assert_seen_and_cancelled(&exchange, &report, &name);
        assert!(account(&report, &other).is_clear(), "{report}");
    }
}

#[tokio::test]
async fn account_whose_client_is_gone_is_named_and_not_clear_until_it_has_one_again() {
    let (exchange, group) = start().await;
    let (name, other) = (exchange.main_account(), exchange.add_account());
    let _other = signed_in(&exchange, &group, &other).await;
    let client = signed_in(&exchange, &group, &name).await;
    client.orders().place(order()).await.unwrap();
    drop(client);
    let report = group.halt().await;
    assert!(!report.is_clear(), "{report}");
    assert!(account(&report, &other).is_clear(), "{report}");
    let gone = account(&report, &name);
    assert_eq!(gone.unresolved_calls, 0, "{report}");
    assert!(gone.open.is_err() && gone.cancelled.is_err(), "{report}");
    assert_eq!(open_orders(&exchange, &name), 1);

    let _again = signed_in(&exchange, &group, &name).await;
    let report = group.halt().await;
    assert!(report.is_clear(), "{report}");
    assert_eq!(open_orders(&exchange, &name), 0);
}

#[tokio::test]
async fn order_of_another_client_of_the_account_is_counted_once() {
    let (exchange, group) = start().await;
    let name = exchange.main_account();
    let one = signed_in(&exchange, &group, &name).await;
    // The same account, which is known only when this client has signed in, and by another spelling.
    let derived = Credentials::starknet_derived(environment(&exchange), exchange.main_key());
    let derived = group.client(derived).unwrap();
    derived.sign_in().await.unwrap();
    let padded = format!("0x{:0>64}", name.trim_start_matches("0x"));
    let padded = signed_in_as(
        &exchange,
        &group,
        &name,
        &padded.to_uppercase().replace("0X", "0x"),
    )
    .await;
    give_up_an_order(&exchange, &derived).await;
    for client in [&one, &derived, &padded] {
        let report = client.halt().await;
        assert_eq!(account(&report, &name).unresolved_calls, 1, "{report}");
        client.resume();
    }
    let report = group.halt().await;
    assert_eq!(report.accounts().len(), 1, "{report}");
    assert_eq!(account(&report, &name).unresolved_calls, 1, "{report}");
    assert!(!report.is_clear());
    assert_eq!(open_orders(&exchange, &name), 0);
}

async fn signed_in_as(exchange: &Simulator, group: &ClientGroup, account: &str, spelled: &str) -> Client {
    let key = exchange.account_key(account).unwrap();
    let credentials = Credentials::starknet(environment(exchange), key, spelled.parse().unwrap());
    let client = group.client(credentials).unwrap();
    client.sign_in().await.unwrap();
    client
}

#[tokio::test]
async fn report_about_no_account_is_not_clear_and_says_so() {
    let (_exchange, group) = start().await;
    let anonymous = group.anonymous();
    for report in [group.halt().await, anonymous.halt().await] {
        assert!(report.accounts().is_empty(), "{report}");
        assert!(!report.is_clear());
        assert!(report.to_string().starts_with("no account"), "{report}");
    }
}

#[tokio::test]
async fn unanswered_orders_are_all_counted_however_many_there_are() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let group = Client::builder(environment(&exchange))
        .timeout(CALL)
        .rate_limits(paradex_api_ext::limits::RateLimits::none())
        .build_group()
        .unwrap();
    let name = exchange.main_account();
    let client = signed_in(&exchange, &group, &name).await;
    let broken = Fault::reset_before();
    exchange.inject(Injection::new(broken).on(&CREATE_ORDER).times(usize::MAX));
    // A long window, so that the first calls still count when the last one is sent.
    let unanswered = 1_030;
    for _ in 0..unanswered {
        let error = client
            .orders()
            .place(order().good_for(Duration::from_secs(300)))
            .await
            .unwrap_err();
        assert!(!error.is_not_placed(), "{error:?}");
    }
    let report = client.halt().await;
    assert_eq!(account(&report, &name).unresolved_calls, unanswered, "{report}");
}

#[tokio::test]
async fn isolated_account_that_orders_were_placed_for_is_named_and_not_clear() {
    let (exchange, group) = start().await;
    let (name, isolated) = (exchange.main_account(), exchange.add_account());
    let client = signed_in(&exchange, &group, &name).await;
    let for_isolated = || order().on_behalf_of(&isolated);

    // A refusal places nothing.
    let refused = r#"{"error":"ISOLATED_MARKET_ACCOUNT_MISMATCH","message":"no"}"#;
    let refused = Fault::raw(StatusCode::BAD_REQUEST, Default::default(), refused);
    exchange.inject(Injection::new(refused).on(&CREATE_ORDER));
    client.orders().place(for_isolated()).await.unwrap_err();
    let report = group.halt().await;
    assert!(report.is_clear(), "{report}");
    assert_eq!(report.accounts().len(), 1);
    group.resume();

    let placed = Fault::raw(StatusCode::OK, Default::default(), r#"{"id":"1"}"#);
    exchange.inject(Injection::new(placed).on(&CREATE_ORDER));
    client.orders().place(for_isolated()).await.unwrap();
    for report in [client.halt().await, group.halt().await] {
        assert!(!report.is_clear(), "{report}");
        assert!(account(&report, &name).is_clear(), "{report}");
        let isolated = account(&report, &isolated);
        assert!(matches!(isolated.open, Err(Error::Configuration(_))), "{report}");
        assert!(report.to_string().contains("isolated account"), "{report}");
    }
    // A client of another account has nothing to do with it.
    let stranger = signed_in(&exchange, &group, &exchange.add_account()).await;
    assert!(stranger.halt().await.is_clear());

    // Its own client can look and cancel, also when the one that placed the order is gone.
    drop(client);
    let report = group.halt().await;
    assert!(!report.is_clear(), "{report}");
    let _main = signed_in(&exchange, &group, &name).await;
    let _own = signed_in(&exchange, &group, &isolated).await;
    let report = group.halt().await;
    assert!(report.is_clear(), "{report}");
    assert!(account(&report, &isolated).is_clear());
}

/// The mass cancel is accepted and not carried out.
fn cancel_nothing(exchange: &Simulator) {
    let accepted = Fault::raw(StatusCode::OK, HeaderMap::new(), "");
    exchange.inject(Injection::new(accepted).on(&CANCEL_ALL_ORDERS).times(usize::MAX));
}

#[tokio::test]
async fn listing_that_holds_no_usable_list_is_not_clear() {
    let bodies = [
        "{}",
        r#"{"results":null}"#,
        r#"{"results":"x"}"#,
        r#"{"results":[{"id":"1"},null]}"#,
        r#"{"orders":[]}"#,
        r#"{"error":"SOME_CODE"}"#,
    ];
    // Each halt reads again for a while, so all cases run at the same time.
    let cases = [&LIST_OPEN_ORDERS, &LIST_OPEN_ALGO_ORDERS]
        .into_iter()
        .flat_map(|listing| bodies.map(|body| (listing, body)));
    let halts = cases.map(|(listing, body)| async move {
        let (exchange, group) = start().await;
        let client = signed_in(&exchange, &group, &exchange.main_account()).await;
        let instead = Fault::raw(StatusCode::OK, HeaderMap::new(), body);
        exchange.inject(Injection::new(instead).on(listing).times(usize::MAX));
        cancel_nothing(&exchange);
        let report = client.halt().await;
        assert!(!report.is_clear(), "{listing} {body}: {report}");
    });
    futures_util::future::join_all(halts).await;
}

#[tokio::test]
async fn account_whose_credential_is_replaced_during_the_halt_is_not_clear() {
    let (exchange, group) = start().await;
    let (name, other) = (exchange.main_account(), exchange.add_account());
    let client = signed_in(&exchange, &group, &name).await;
    client.orders().place(order()).await.unwrap();
    let key = exchange.account_key(&other).unwrap();
    let successor = Credentials::starknet(environment(&exchange), key, other.parse().unwrap());
    let replaced = client.clone();
    let replace = move |_: &Simulator| replaced.replace_credentials(successor.clone()).unwrap();
    exchange.inject(Injection::new(Fault::run_before(replace)).on(&CANCEL_ALL_ORDERS));
    cancel_nothing(&exchange);
    let report = client.halt().await;
    assert_eq!(open_orders(&exchange, &name), 1);
    assert!(!report.is_clear(), "{report}");
}

/// Counts the calls that cancel or look.
struct Counting(Arc<dyn Transport>, Arc<AtomicUsize>);

impl Transport for Counting {
    fn send<'a>(&'a self, request: reqwest::Request, operation: &'static Operation) -> TransportFuture<'a> {
        let counts = [&CANCEL_ALL_ORDERS, &LIST_OPEN_ORDERS, &LIST_OPEN_ALGO_ORDERS].contains(&operation);
        self.1.fetch_add(usize::from(counts), Ordering::Relaxed);
        self.0.send(request, operation)
    }
}

#[tokio::test]
async fn halt_without_a_session_ends_with_its_time() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let account = exchange.main_account();
    let key = exchange.account_key(&account).unwrap();
    let credentials = Credentials::starknet(environment(&exchange), key, account.parse().unwrap());
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let client = Client::builder(environment(&exchange))
        .credentials(credentials)
        .timeout(Duration::from_millis(300))
        .layer(move |inner| Arc::new(Counting(inner, Arc::clone(&counted))))
        .build()
        .unwrap();
    let stalled = Fault::delay_after(Duration::from_secs(600));
    exchange.inject(Injection::new(stalled).on(&AUTH).times(usize::MAX));
    let report = client.halt().await;
    assert!(!report.is_clear(), "{report}");
    // Each call waits for a session until its own deadline: one cancel of each kind and one look, and no further rounds.
    assert_eq!(calls.load(Ordering::Relaxed), 3);
}
