//! What stops trading: the exchange's state, and whoever halts it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use paradex_api::operations::{CANCEL_ALGO_ORDER, CANCEL_ALL_ORDERS, CREATE_ORDER, GET_SYSTEM_STATE};
use paradex_api::reqwest;
use paradex_api::types::{self, SystemStatus};
use paradex_api_ext::auth::{CredentialFuture, CredentialProvider};
use paradex_api_ext::error::{ErrorClass, PlaceOrderError, WithheldReason};
use paradex_api_ext::halt::HaltedAccount;
use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::orders::{CancelScope, NewAlgoOrder, NewOrder, OrderInstruction, OrderSide};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::{CallOptions, Client, ClientGroup, Credentials, Error};

use super::{count, environment, with_causes};

async fn start() -> (Simulator, ClientGroup, Client) {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let group = Client::builder(environment(&exchange)).build_group().unwrap();
    let client = client_of(&exchange, &group, &exchange.main_account());
    client.sign_in().await.unwrap();
    (exchange, group, client)
}

fn client_of(exchange: &Simulator, group: &ClientGroup, account: &str) -> Client {
    let key = exchange.account_key(account).unwrap();
    let credentials = Credentials::starknet(environment(exchange), key, account.parse().unwrap());
    group.client(credentials).unwrap()
}

fn order() -> NewOrder {
    NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, 1.into(), 100.into())
}

#[track_caller]
fn withheld(error: PlaceOrderError) -> WithheldReason {
    let PlaceOrderError::NotPlaced(Error::Withheld(error)) = error else {
        panic!("{error:?}")
    };
    assert!(error.to_string().contains("nothing was sent"), "{error}");
    match error.reason() {
        WithheldReason::Halted => WithheldReason::Halted,
        WithheldReason::Exchange(status) => WithheldReason::Exchange(status.clone()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn cancel_only_status_holds_back_everything_else_until_it_reopens() {
    let (exchange, group, client) = start().await;
    client.orders().place(order()).await.unwrap();
    let mut status = group.watch_exchange_status();
    exchange.set_status(SystemStatus::CancelOnly);
    let error = client.orders().place(order()).await.unwrap_err();
    assert!(matches!(error, PlaceOrderError::Refused(_)), "{error:?}");
    status.changed().await.unwrap();
    assert_eq!(*status.borrow_and_update(), SystemStatus::CancelOnly);

    let sent = count(&exchange, &CREATE_ORDER);
    let open = client.api().list_open_orders().send().await.unwrap().into_inner();
    let other = client_of(&exchange, &group, &exchange.add_account());
    for client in [&client, &client.clone(), &other] {
        let error = client
            .orders()
            .place(order().instruction(OrderInstruction::PostOnly))
            .await;
        let reason = withheld(error.unwrap_err());
        assert!(matches!(
            reason,
            WithheldReason::Exchange(SystemStatus::CancelOnly)
        ));
    }
    let id = open.results[0].id.clone().unwrap();
    let error = client.orders().modify(&id, order()).await.unwrap_err();
    assert!(matches!(withheld(error), WithheldReason::Exchange(_)));
    client.orders().cancel(&id).await.unwrap();
    assert_eq!(count(&exchange, &CREATE_ORDER), sent);

    exchange.set_status(SystemStatus::Ok);
    status
        .wait_for(|status| *status == SystemStatus::Ok)
        .await
        .unwrap();
    client.orders().place(order()).await.unwrap();
    // And nobody asks any more.
    let asked = count(&exchange, &GET_SYSTEM_STATE);
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(count(&exchange, &GET_SYSTEM_STATE), asked);
}

#[tokio::test]
async fn post_only_status_sends_orders_that_add_to_the_book() {
    let (exchange, group, client) = start().await;
    exchange.set_status(SystemStatus::PostOnly);
    client.orders().place(order()).await.unwrap_err();
    assert_eq!(group.exchange_status(), SystemStatus::PostOnly);
    let sent = count(&exchange, &CREATE_ORDER);
    let adds = || order().instruction(OrderInstruction::PostOnly);
    client.orders().place(adds()).await.unwrap();
    client.orders().place_batch(vec![adds(), adds()]).await.unwrap();
    assert!(matches!(
        withheld(client.orders().place(order()).await.unwrap_err()),
        WithheldReason::Exchange(SystemStatus::PostOnly)
    ));
    withheld(
        client
            .orders()
            .place_batch(vec![adds(), order()])
            .await
            .unwrap_err(),
    );
    assert_eq!(count(&exchange, &CREATE_ORDER), sent + 1);
}

#[tokio::test]
async fn maintenance_is_asked_about_and_not_taken_from_one_failure() {
    let (exchange, group, client) = start().await;
    let body = r#"{"error":"SERVICE_UNAVAILABLE","message":"try again"}"#;
    let once = Fault::raw(reqwest::StatusCode::SERVICE_UNAVAILABLE, Default::default(), body);
    exchange.inject(Injection::new(once).on(&CREATE_ORDER));
    client.orders().place(order()).await.unwrap_err();
    assert_eq!(group.exchange_status(), SystemStatus::Ok);
    client.orders().place(order()).await.unwrap();

    exchange.set_status(SystemStatus::Maintenance);
    let mut status = group.watch_exchange_status();
    let error = client.orders().place(order()).await.unwrap_err();
    assert!(
        !error.is_not_placed(),
        "a 503 may come after the order was passed on"
    );
    status
        .wait_for(|status| *status == SystemStatus::Maintenance)
        .await
        .unwrap();
    withheld(client.orders().place(order()).await.unwrap_err());
    client.orders().cancel_all(CancelScope::AllMarkets).await.unwrap();
    client.api().list_open_orders().send().await.unwrap();
}

#[tokio::test]
async fn halting_refuses_cancels_and_reports_until_it_is_resumed() {
    let (exchange, _, client) = start().await;
    let clone = client.with_options(CallOptions::new());
    for _ in 0..3 {
        client.orders().place(order()).await.unwrap();
    }
    let algo = NewAlgoOrder::twap("BTC-USD-PERP", OrderSide::Buy, 1.into(), Duration::from_secs(60));
    client.orders().place_algo(algo.clone()).await.unwrap();
    let report = client.halt().await;
    assert!(report.is_clear(), "{report}");
    assert_eq!(report.accounts().len(), 1);
    assert_eq!(report.accounts()[0].account, Some(exchange.main_account()));
    assert!(
        client
            .api()
            .list_open_orders()
            .send()
            .await
            .unwrap()
            .results
            .is_empty()
    );
    assert!(
        client
            .api()
            .list_open_algo_orders()
            .send()
            .await
            .unwrap()
            .results
            .is_empty()
    );

    let sent = exchange.requests().len();
    assert!(client.is_halted() && clone.is_halted());
    withheld(clone.orders().place(order()).await.unwrap_err());
    withheld(clone.orders().place_algo(algo).await.unwrap_err());
    let raw = clone.api().execute_block_trade().block_trade_id("b");
    let raw = raw.body(types::BlockExecuteRequest::new("n", Default::default()));
    assert!(matches!(
        Error::from(raw.send().await.unwrap_err()),
        Error::Withheld(_)
    ));
    assert_eq!(exchange.requests().len(), sent);
    client.api().list_positions().send().await.unwrap();
    client.orders().cancel_all(CancelScope::AllMarkets).await.unwrap();
    client.resume();
    clone.orders().place(order()).await.unwrap();
}

#[tokio::test]
async fn halt_holds_when_its_report_is_dropped() {
    let (_exchange, _, client) = start().await;
    drop(client.halt());
    withheld(client.orders().place(order()).await.unwrap_err());
}

#[tokio::test]
async fn order_in_flight_is_waited_for_and_cancelled() {
    let (exchange, _, client) = start().await;
    let held = Fault::delay_after(Duration::from_millis(400));
    exchange.inject(Injection::new(held).on(&CREATE_ORDER));
    let placing = tokio::spawn({
        let client = client.clone();
        async move { client.orders().place(order()).await }
    });
    while count(&exchange, &CREATE_ORDER) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let report = client.halt().await;
    placing.await.unwrap().unwrap();
    assert!(report.is_clear(), "{report}");
    assert!(
        client
            .api()
            .list_open_orders()
            .send()
            .await
            .unwrap()
            .results
            .is_empty()
    );
}

#[tokio::test]
async fn those_who_wait_for_their_turn_are_sent_home() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = super::trader(&exchange)
        .rate_limits(RateLimits::none().order_writes(1_000, 1))
        .build()
        .unwrap();
    client.sign_in().await.unwrap();
    let patient = client.with_options(
        CallOptions::new()
            .wait_for_rate_limit(true)
            .deadline(Duration::from_secs(600)),
    );
    patient.orders().place(order()).await.unwrap();
    let waiting = tokio::spawn(async move {
        patient
            .orders()
            .place(order().good_for(Duration::from_secs(300)))
            .await
    });
    // It waits for a minute; nothing shows that from outside but that it has not ended.
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!waiting.is_finished());
    drop(client.halt());
    assert!(matches!(
        withheld(waiting.await.unwrap().unwrap_err()),
        WithheldReason::Halted
    ));
    assert_eq!(count(&exchange, &CREATE_ORDER), 1);
}

#[tokio::test]
async fn all_accounts_are_halted_at_once_and_each_is_reported() {
    let (exchange, group, main) = start().await;
    let others: Vec<Client> = (0..2)
        .map(|_| client_of(&exchange, &group, &exchange.add_account()))
        .collect();
    for client in others.iter().chain([&main]) {
        client.orders().place(order()).await.unwrap();
    }
    // A second client of an account that is there already, and one of nobody.
    let twin = client_of(&exchange, &group, &exchange.main_account());
    let _anonymous = group.anonymous();
    let report = group.halt().await;
    assert_eq!(report.accounts().len(), 3, "{report}");
    assert!(report.is_clear(), "{report}");
    for client in others.iter().chain([
        &main,
        &twin,
        &client_of(&exchange, &group, &exchange.add_account()),
    ]) {
        withheld(client.orders().place(order()).await.unwrap_err());
    }
    group.resume();
    main.orders().place(order()).await.unwrap();
}

#[tokio::test]
async fn order_that_could_not_be_cancelled_is_reported_as_open() {
    let (exchange, _, client) = start().await;
    client.orders().place(order()).await.unwrap();
    let down = Fault::html(reqwest::StatusCode::BAD_GATEWAY);
    exchange.inject(Injection::new(down).on(&CANCEL_ALL_ORDERS).times(10));
    let report = client.halt().await;
    assert!(!report.is_clear());
    let account = &report.accounts()[0];
    account.cancelled.as_ref().unwrap_err();
    assert_eq!(account.open.as_ref().unwrap().orders.len(), 1);
    assert!(report.to_string().contains("1 orders"), "{report}");
    // Trying again is safe.
    let (exchange, _, client) = start().await;
    client.orders().place(order()).await.unwrap();
    let once = Fault::reset_before();
    exchange.inject(Injection::new(once).on(&CANCEL_ALL_ORDERS));
    assert!(client.halt().await.is_clear());
}

#[tokio::test]
async fn refused_address_error_names_the_credential() {
    let (exchange, _, client) = start().await;
    let id = client.credentials().unwrap().id();
    for code in ["IP_NOT_ALLOWED", "GEO_IP_BLOCK"] {
        let signed_in = count(&exchange, &paradex_api::operations::AUTH);
        let body = format!(r#"{{"error":"{code}","message":"no"}}"#);
        let fault = Fault::raw(reqwest::StatusCode::FORBIDDEN, Default::default(), body);
        exchange.inject(Injection::new(fault).on(&CREATE_ORDER));
        let error = client.orders().place(order()).await.unwrap_err();
        let shown = std::error::Error::source(&error).unwrap().to_string();
        assert!(shown.contains(&id), "{shown}");
        assert_eq!(count(&exchange, &paradex_api::operations::AUTH), signed_in);
    }
}

struct Vault(bool);

impl CredentialProvider for Vault {
    fn credentials(&self) -> CredentialFuture<'_> {
        match self.0 {
            true => Box::pin(std::future::pending()),
            false => Box::pin(std::future::ready(Err("the vault is down".into()))),
        }
    }
}

#[tokio::test]
async fn unavailable_credential_does_not_delay_other_accounts_and_is_not_clear() {
    for hangs in [true, false] {
        let exchange = Simulator::builder().strict().start().await.unwrap();
        let group = Client::builder(environment(&exchange))
            .timeout(Duration::from_secs(2))
            .build_group()
            .unwrap();
        let _lost = group.client_with_provider(Vault(hangs));
        let client = client_of(&exchange, &group, &exchange.main_account());
        client.orders().place(order()).await.unwrap();
        let report = group.halt().await;
        assert_eq!(report.accounts().len(), 2, "{report}");
        assert!(!report.is_clear(), "{report}");
        assert!(report.accounts().iter().any(HaltedAccount::is_clear), "{report}");
        assert!(report.to_string().contains("not known"), "{report}");
    }
}

#[tokio::test]
async fn order_without_a_response_is_not_forgotten() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let group = Client::builder(environment(&exchange))
        .timeout(Duration::from_secs(2))
        .build_group()
        .unwrap();
    let client = client_of(&exchange, &group, &exchange.main_account());
    client.sign_in().await.unwrap();
    let slow = Fault::delay_after(Duration::from_secs(20));
    exchange.inject(Injection::new(slow).on(&CREATE_ORDER));
    let hasty = client.with_options(CallOptions::new().deadline(Duration::from_millis(300)));
    let error = hasty.orders().place(order()).await.unwrap_err();
    assert!(matches!(error, PlaceOrderError::OutcomeUnknown(_)), "{error:?}");
    // It may arrive for longer than halting waits.
    let report = client.halt().await;
    assert!(!report.is_clear(), "{report}");
    assert_eq!(report.accounts()[0].unresolved_calls, 1);
    // One that was answered, and one that was never sent, are none of these.
    client.resume();
    client.orders().place(order()).await.unwrap();
    let gone = Simulator::builder().strict().start().await.unwrap();
    let (address, account) = (environment(&gone), gone.main_account().parse().unwrap());
    // No connection is kept, so that the order needs a new one.
    let nobody = Client::builder(address.clone())
        .credentials(Credentials::starknet(address, gone.main_key(), account))
        .http_client_builder(reqwest::Client::builder().pool_max_idle_per_host(0))
        .timeout(Duration::from_secs(2))
        .build()
        .unwrap();
    nobody.sign_in().await.unwrap();
    drop(gone);
    let error = nobody.orders().place(order()).await.unwrap_err();
    assert!(
        matches!(error, PlaceOrderError::NotPlaced(Error::Transport(_))),
        "{error:?}"
    );
    let report = nobody.halt().await;
    assert_eq!(report.accounts()[0].unresolved_calls, 0, "{report}");
}

#[tokio::test]
async fn order_429_does_not_delay_a_cancel() {
    let (exchange, _, client) = start().await;
    client.orders().place(order()).await.unwrap();
    let limited = Fault::rate_limited(Duration::from_secs(50));
    exchange.inject(Injection::new(limited).on(&CREATE_ORDER));
    let error = client.orders().place(order()).await.unwrap_err();
    assert_eq!(error.class(), Some(ErrorClass::RateLimit), "{error:?}");
    client.orders().cancel_all(CancelScope::AllMarkets).await.unwrap();
    assert!(client.halt().await.is_clear());
}

#[tokio::test]
async fn one_algo_order_that_cannot_be_cancelled_shields_no_other() {
    let (exchange, _, client) = start().await;
    for _ in 0..3 {
        let algo = NewAlgoOrder::twap("BTC-USD-PERP", OrderSide::Buy, 1.into(), Duration::from_secs(60));
        client.orders().place_algo(algo).await.unwrap();
    }
    let refused = Fault::raw(
        reqwest::StatusCode::BAD_REQUEST,
        Default::default(),
        r#"{"error":"INTERNAL_ERROR","message":"no"}"#,
    );
    exchange.inject(Injection::new(refused).on(&CANCEL_ALGO_ORDER).times(100));
    let report = client.halt().await;
    assert!(!report.is_clear());
    let requests = exchange.requests();
    let tried: std::collections::HashSet<&str> = requests
        .iter()
        .filter(|request| request.operation() == Some(&CANCEL_ALGO_ORDER))
        .map(paradex_api_ext::simulator::LoggedRequest::path)
        .collect();
    assert_eq!(tried.len(), 3, "{report}");
}

#[test]
fn ended_runtime_leaves_no_caller_blocked() {
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap()
    };
    let world = runtime();
    let (exchange, _, client) = world.block_on(start());
    let first = runtime();
    exchange.set_status(SystemStatus::CancelOnly);
    first.block_on(async { client.orders().place(order()).await.unwrap_err() });
    drop(first);
    exchange.set_status(SystemStatus::Ok);
    let second = runtime();
    second.block_on(async {
        withheld(client.orders().place(order()).await.unwrap_err());
        let mut status = client.group().watch_exchange_status();
        status
            .wait_for(|status| *status == SystemStatus::Ok)
            .await
            .unwrap();
        client.orders().place(order()).await.unwrap();
    });
}

struct Counted(Arc<AtomicUsize>, Credentials);

impl CredentialProvider for Counted {
    fn credentials(&self) -> CredentialFuture<'_> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::ready(Ok(self.1.clone())))
    }
}

#[tokio::test]
async fn address_refused_at_sign_in_requests_no_other_credential() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let account = exchange.main_account().parse().unwrap();
    let credentials = Credentials::starknet(environment(&exchange), exchange.main_key(), account);
    let client = Client::builder(environment(&exchange))
        .credential_provider(Counted(Arc::clone(&asked), credentials.clone()))
        .build()
        .unwrap();
    let body = r#"{"error":"IP_NOT_ALLOWED","message":"no"}"#;
    let refused = Fault::raw(reqwest::StatusCode::FORBIDDEN, Default::default(), body);
    exchange.inject(
        Injection::new(refused)
            .on(&paradex_api::operations::AUTH)
            .times(10),
    );
    let error = client
        .orders()
        .cancel_all(CancelScope::AllMarkets)
        .await
        .unwrap_err();
    let shown = with_causes(&error);
    assert!(shown.contains(&credentials.id()), "{shown}");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn empty_batch_of_cancels_is_not_sent_by_the_raw_client_either() {
    let (exchange, _, client) = start().await;
    let before = exchange.requests().len();
    let empty = types::CancelOrderBatchRequest::new();
    let call = client.api().cancel_orders_batch().body(empty);
    let error = Error::from(call.send().await.unwrap_err());
    assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");
    assert_eq!(exchange.requests().len(), before);
    let one = types::CancelOrderBatchRequest::new().client_order_ids(vec!["mine".to_owned()]);
    client.api().cancel_orders_batch().body(one).send().await.unwrap();
}
