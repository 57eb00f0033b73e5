//! What is tried again, what is not, and when it ends.

use std::time::{Duration, Instant};

use paradex_api::operations::{CANCEL_ALL_ORDERS, CANCEL_ORDER, CREATE_ORDER, CREATE_TOKEN, LIST_MARKETS};
use paradex_api::operations::{LIST_POSITIONS, UPDATE_TOKEN_ALLOWED_CIDRS};
use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::HeaderMap;
use paradex_api_ext::error::{AllowlistError, CreateTokenError, ErrorClass, PlaceOrderError, WithheldReason};
use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::orders::{CancelScope, NewOrder, OrderSide};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{CallOptions, Client, Credentials, Error, RetryPolicy};

use super::{HOUR, count, environment, list, trader};

/// Tries three times, and does not wait long.
const QUICK: RetryPolicy = RetryPolicy::new().initial_backoff(Duration::from_millis(5));

async fn start() -> (Simulator, Client) {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = trader(&exchange).retry(QUICK).build().unwrap();
    (exchange, client)
}

#[tokio::test]
async fn read_is_retried_after_every_failure() {
    let (exchange, client) = start().await;
    for fault in [
        Fault::reset_before(),
        Fault::reset_after(),
        Fault::truncated(),
        Fault::html(StatusCode::BAD_GATEWAY),
        Fault::rate_limited(None),
    ] {
        let before = count(&exchange, &LIST_MARKETS);
        exchange.inject(Injection::new(fault.clone()).on(&LIST_MARKETS).times(2));
        client.api().list_markets().send().await.unwrap();
        assert_eq!(count(&exchange, &LIST_MARKETS), before + 3, "{fault:?}");
    }
    // Three are enough, and what was refused for good is not asked for again.
    for (status, attempts) in [(502, 3), (400, 1), (403, 1), (404, 1), (501, 1)] {
        let before = count(&exchange, &LIST_MARKETS);
        let fault = Fault::html(StatusCode::from_u16(status).unwrap());
        exchange.inject(Injection::new(fault).on(&LIST_MARKETS).times(attempts));
        let error = Error::from(client.api().list_markets().send().await.unwrap_err());
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(count(&exchange, &LIST_MARKETS), before + attempts);
    }
}

#[tokio::test]
async fn creation_is_not_repeated_unless_it_was_not_carried_out() {
    let (exchange, client) = start().await;
    let new = || NewToken::new("desk", "api_key", HOUR, list(&["203.0.113.0/24"])).unwrap();
    for fault in [
        Fault::reset_after(),
        Fault::truncated(),
        Fault::html(StatusCode::SERVICE_UNAVAILABLE),
    ] {
        let before = count(&exchange, &CREATE_TOKEN);
        exchange.inject(Injection::new(fault.clone()).on(&CREATE_TOKEN));
        let error = client.tokens().create(new()).await.unwrap_err();
        assert!(
            matches!(error, CreateTokenError::OutcomeUnknown(_)),
            "{fault:?}: {error:?}"
        );
        assert_eq!(count(&exchange, &CREATE_TOKEN), before + 1, "{fault:?}");
    }
    // A 429 proves it.
    let before = count(&exchange, &CREATE_TOKEN);
    exchange.inject(Injection::new(Fault::rate_limited(None)).on(&CREATE_TOKEN));
    client.tokens().create(new()).await.unwrap();
    assert_eq!(count(&exchange, &CREATE_TOKEN), before + 2);
}

#[tokio::test]
async fn change_that_could_affect_newer_state_is_not_repeated() {
    let (exchange, client) = start().await;
    exchange.inject(Injection::new(Fault::reset_after()).on(&CANCEL_ALL_ORDERS));
    let error = client
        .orders()
        .cancel_all(CancelScope::AllMarkets)
        .await
        .unwrap_err();
    assert!(error.is_outcome_unknown());
    assert_eq!(count(&exchange, &CANCEL_ALL_ORDERS), 1);

    let created = super::create(&client, "desk", IpAllowlist::Unrestricted).await;
    exchange.inject(Injection::new(Fault::reset_before()).on(&UPDATE_TOKEN_ALLOWED_CIDRS));
    let allowlist = client.tokens().allowlist(created.lookup_id());
    let error = allowlist.set(list(&["203.0.113.0/24"])).await.unwrap_err();
    assert!(matches!(error, AllowlistError::OutcomeUnknown(_)), "{error:?}");
    assert_eq!(count(&exchange, &UPDATE_TOKEN_ALLOWED_CIDRS), 1);
}

#[tokio::test]
async fn orders_fail_fast_and_can_be_made_patient() {
    let (exchange, client) = start().await;
    let order = || NewOrder::market("BTC-USD-PERP", OrderSide::Buy, 1.into());
    exchange.inject(Injection::new(Fault::rate_limited(None)).on(&CREATE_ORDER));
    let error = client.orders().place(order()).await.unwrap_err();
    assert_eq!(error.class(), Some(ErrorClass::RateLimit), "{error:?}");
    assert_eq!(count(&exchange, &CREATE_ORDER), 1);

    let patient = client.with_options(CallOptions::new().retry(QUICK));
    exchange.inject(Injection::new(Fault::rate_limited(None)).on(&CREATE_ORDER));
    patient.orders().place(order()).await.unwrap();
    assert_eq!(count(&exchange, &CREATE_ORDER), 3);
    // Never after an answer that got lost.
    exchange.inject(Injection::new(Fault::reset_after()).on(&CREATE_ORDER));
    let error = patient.orders().place(order()).await.unwrap_err();
    assert!(matches!(error, PlaceOrderError::OutcomeUnknown(_)), "{error:?}");
    assert_eq!(count(&exchange, &CREATE_ORDER), 4);
    // A wait that outlives the order is not begun.
    let wait = Fault::rate_limited(Duration::from_secs(2));
    exchange.inject(Injection::new(wait).on(&CREATE_ORDER));
    let start = Instant::now();
    let short = order().good_for(Duration::from_millis(1_500));
    let error = patient.orders().place(short).await.unwrap_err();
    assert!(matches!(error, PlaceOrderError::NotPlaced(_)), "{error:?}");
    assert_eq!(error.class(), Some(ErrorClass::RateLimit), "{error:?}");
    assert!(start.elapsed() < Duration::from_millis(1_500));
    assert_eq!(count(&exchange, &CREATE_ORDER), 5);
}

#[tokio::test]
async fn cancelling_one_order_is_the_same_once_and_twice() {
    let (exchange, client) = start().await;
    let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, 1.into(), 2.into());
    let id = client.orders().place(order).await.unwrap().id.unwrap();
    let patient = client.with_options(CallOptions::new().retry(QUICK));
    exchange.inject(Injection::new(Fault::reset_before()).on(&CANCEL_ORDER));
    patient.orders().cancel(&id).await.unwrap();
    assert_eq!(count(&exchange, &CANCEL_ORDER), 2);
    let error = client.orders().cancel_batch(Vec::new()).await.unwrap_err();
    assert!(
        matches!(&error, Error::InvalidInput(error) if error.field() == "order_ids"),
        "{error:?}"
    );
    let scope = CancelScope::Market(String::new());
    let error = client.orders().cancel_all(scope).await.unwrap_err();
    assert!(
        matches!(&error, Error::InvalidInput(error) if error.field() == "market"),
        "{error:?}"
    );
    assert_eq!(count(&exchange, &CANCEL_ALL_ORDERS), 0);
}

#[tokio::test]
async fn later_attempt_does_not_hide_an_earlier_unknown_outcome() {
    let (exchange, client) = start().await;
    let patient = client.with_options(CallOptions::new().retry(QUICK));
    let placed = async || {
        let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, 1.into(), 2.into());
        client.orders().place(order).await.unwrap().id.unwrap()
    };
    // The first attempt was carried out, and nobody heard of it; the others were certainly not.
    for refusal in [
        Fault::rate_limited(None),
        Fault::raw(
            StatusCode::FORBIDDEN,
            HeaderMap::new(),
            r#"{"error":"IP_NOT_ALLOWED"}"#,
        ),
    ] {
        let id = placed().await;
        exchange.inject(Injection::new(Fault::reset_after()).on(&CANCEL_ORDER));
        exchange.inject(Injection::new(refusal.clone()).on(&CANCEL_ORDER).skip(1).times(2));
        let error = patient.orders().cancel(&id).await.unwrap_err();
        assert!(error.is_outcome_unknown(), "{refusal:?}: {error:?}");
        exchange.clear_injections();
    }
    // What the exchange says of the order itself settles it.
    let id = placed().await;
    exchange.inject(Injection::new(Fault::reset_after()).on(&CANCEL_ORDER));
    let error = patient.orders().cancel(&id).await.unwrap_err();
    assert_eq!(error.code().unwrap().as_str(), "ORDER_IS_CLOSED");
    assert!(!error.is_outcome_unknown());
    // And of a read, the last counts.
    exchange.inject(Injection::new(Fault::reset_after()).on(&LIST_MARKETS));
    exchange.inject(
        Injection::new(Fault::rate_limited(None))
            .on(&LIST_MARKETS)
            .skip(1)
            .times(2),
    );
    let error = Error::from(patient.api().list_markets().send().await.unwrap_err());
    assert_eq!(error.status(), Some(StatusCode::TOO_MANY_REQUESTS));
}

#[tokio::test]
async fn retry_after_is_kept_and_not_begun_beyond_the_deadline() {
    let (exchange, client) = start().await;
    let fault = Fault::rate_limited(Duration::from_secs(1));
    exchange.inject(Injection::new(fault).on(&LIST_MARKETS));
    let start = Instant::now();
    client.api().list_markets().send().await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));

    let hasty = client.with_options(CallOptions::new().deadline(Duration::from_secs(20)));
    let fault = Fault::rate_limited(Duration::from_secs(30));
    exchange.inject(Injection::new(fault).on(&LIST_MARKETS));
    let start = Instant::now();
    let error = Error::from(hasty.api().list_markets().send().await.unwrap_err());
    // What is known is answered at once, instead of "too late" at the end.
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
    assert!(start.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn deadline_covers_all_attempts() {
    let (exchange, client) = start().await;
    let client = client.with_options(
        CallOptions::new().deadline(Duration::from_millis(500)).retry(
            RetryPolicy::new()
                .max_attempts(1_000)
                .initial_backoff(Duration::from_millis(1)),
        ),
    );
    exchange.inject(
        Injection::new(Fault::html(StatusCode::BAD_GATEWAY))
            .on(&LIST_MARKETS)
            .times(40),
    );
    exchange.inject(
        Injection::new(Fault::delay_after(Duration::from_secs(60)))
            .on(&LIST_MARKETS)
            .skip(40)
            .times(1_000),
    );
    let start = Instant::now();
    let error = Error::from(client.api().list_markets().send().await.unwrap_err());
    assert!(start.elapsed() < Duration::from_secs(30), "{error:?}");
    assert!(count(&exchange, &LIST_MARKETS) > 1);
}

#[tokio::test]
async fn retry_budget_limits_retries_in_an_outage() {
    let (exchange, client) = start().await;
    let down = Fault::html(StatusCode::SERVICE_UNAVAILABLE);
    exchange.inject(Injection::new(down).on(&LIST_MARKETS).times(1_000));
    for _ in 0..100 {
        client.api().list_markets().send().await.unwrap_err();
    }
    let attempts = count(&exchange, &LIST_MARKETS);
    assert_eq!(
        attempts, 150,
        "a hundred calls and a budget of fifty more attempts"
    );

    // Calls whose time is up are no successes that would earn it back.
    let hasty = client.with_options(CallOptions::new().deadline(Duration::from_millis(20)));
    let slow = Fault::delay_after(Duration::from_secs(60));
    exchange.inject(Injection::new(slow).on(&LIST_POSITIONS).times(1_000));
    client.sign_in().await.unwrap();
    for _ in 0..20 {
        hasty.api().list_positions().send().await.unwrap_err();
    }
    let attempts = count(&exchange, &LIST_MARKETS);
    client.api().list_markets().send().await.unwrap_err();
    assert_eq!(count(&exchange, &LIST_MARKETS), attempts + 1);
}

#[tokio::test]
async fn call_that_does_not_wait_fails_at_once() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = super::builder(&exchange, exchange.main_session())
        .rate_limits(RateLimits::none().per_address(60))
        .build()
        .unwrap()
        .with_options(CallOptions::new().wait_for_rate_limit(false));
    let mut failed = 0;
    for _ in 0..62 {
        if let Err(error) = client.api().list_markets().send().await {
            let Error::Withheld(error) = Error::from(error) else {
                panic!("it is another error")
            };
            assert!(matches!(error.reason(), WithheldReason::RateLimit { .. }));
            failed += 1;
        }
    }
    assert!(failed > 0);
}

#[tokio::test]
async fn read_only_client_sends_no_change() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let account = exchange.main_account().parse().unwrap();
    let client = Client::builder(environment(&exchange))
        .credentials(Credentials::starknet(
            environment(&exchange),
            exchange.main_key(),
            account,
        ))
        .read_only()
        .build()
        .unwrap();
    client.api().list_positions().send().await.unwrap();
    assert_eq!(count(&exchange, &LIST_POSITIONS), 1);
    let before = exchange.requests().len();
    let order = NewOrder::market("BTC-USD-PERP", OrderSide::Buy, 1.into());
    client.orders().place(order).await.unwrap_err();
    let error = client
        .orders()
        .cancel_all(CancelScope::AllMarkets)
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::Withheld(_)) && error.to_string().contains("read-only"),
        "{error:?}"
    );
    client.tokens().revoke("x").await.unwrap_err();
    assert_eq!(exchange.requests().len(), before);
}
