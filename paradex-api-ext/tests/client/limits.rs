//! How many calls leave, and which.

use std::time::Duration;

use paradex_api::operations::LIST_POSITIONS;
use paradex_api_ext::error::{PlaceOrderError, WithheldReason};
use paradex_api_ext::limits::{LimitKind, RateLimits};
use paradex_api_ext::orders::{CancelScope, NewOrder, OrderSide};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::{CallOptions, Client, Error};

use super::builder;

fn trader(exchange: &Simulator, limits: RateLimits) -> Client {
    super::trader(exchange).rate_limits(limits).build().unwrap()
}

fn order() -> NewOrder {
    NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, 1.into(), 100.into())
}

fn is_rate_limited_here(error: &Error) -> bool {
    assert!(error.is_retryable() && !error.is_outcome_unknown(), "{error:?}");
    matches!(error, Error::Withheld(error) if matches!(error.reason(), WithheldReason::RateLimit { .. }))
}

#[tokio::test]
async fn remaining_quota_can_be_read_and_follows_the_headers() {
    let exchange = Simulator::builder()
        .strict()
        .requests_per_minute(40)
        .start()
        .await
        .unwrap();
    let client = builder(&exchange, exchange.main_session()).build().unwrap();
    let address = || {
        let all = client.rate_limits();
        all.into_iter()
            .find(|limit| limit.kind == LimitKind::Address)
            .unwrap()
    };
    assert_eq!((address().limit, address().remaining), (1_500, 1_500));
    client.api().list_markets().send().await.unwrap();
    assert_eq!((address().limit, address().remaining), (40, 39));
    // Somebody else has the same address.
    let other = builder(&exchange, exchange.main_session()).build().unwrap();
    for _ in 0..20 {
        other.api().list_markets().send().await.unwrap();
    }
    assert_eq!(address().remaining, 39);
    client.api().list_markets().send().await.unwrap();
    assert!(address().remaining <= 20, "{}", address());
}

#[tokio::test]
async fn status_429_holds_back_calls_of_its_class_and_no_others() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = trader(&exchange, RateLimits::published());
    client.sign_in().await.unwrap();
    let closed = Fault::rate_limited(Duration::from_secs(50));
    exchange.inject(Injection::new(closed).on(&LIST_POSITIONS));
    let hasty = client.with_options(CallOptions::new().deadline(Duration::from_secs(5)));
    let refused = hasty.api().list_positions().send().await.unwrap_err();
    assert_eq!(refused.status().unwrap().as_u16(), 429);
    let before = exchange.requests().len();
    for _ in 0..3 {
        let error = Error::from(hasty.api().list_balances().send().await.unwrap_err());
        assert!(is_rate_limited_here(&error), "{error:?}");
        assert!(error.retry_after().unwrap() > Duration::from_secs(40));
    }
    assert_eq!(exchange.requests().len(), before);
    hasty.api().list_markets().send().await.unwrap();
    client.orders().place(order()).await.unwrap();
    client.orders().cancel_all(CancelScope::AllMarkets).await.unwrap();
}

#[tokio::test]
async fn order_over_the_rate_limit_fails_at_once_unless_it_may_wait() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    // A call comes back every 20 ms.
    let client = trader(&exchange, RateLimits::none().order_writes(1_000, 3_000));
    client.sign_in().await.unwrap();
    // As if many had left: the exchange says that none is left.
    let empty = Fault::rate_limited(Duration::from_secs(1));
    exchange.inject(Injection::new(empty).on(&paradex_api::operations::CANCEL_ALL_ORDERS));
    client
        .orders()
        .cancel_all(CancelScope::AllMarkets)
        .await
        .unwrap_err();
    let error = client.orders().place(order()).await.unwrap_err();
    let PlaceOrderError::NotPlaced(error) = &error else {
        panic!("{error:?}")
    };
    assert!(is_rate_limited_here(error), "{error:?}");
    assert!(exchange.orders(&exchange.main_account()).is_empty());
    let patient = client.with_options(CallOptions::new().wait_for_rate_limit(true));
    patient.orders().place(order()).await.unwrap();
    assert_eq!(exchange.orders(&exchange.main_account()).len(), 1);
}

#[tokio::test]
async fn reads_hold_no_cancel_up_and_not_its_sign_in_either() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let limits = RateLimits::published().per_address(100);
    let client = trader(&exchange, limits).with_options(CallOptions::new().deadline(Duration::from_secs(5)));
    let hasty = client.with_options(CallOptions::new().wait_for_rate_limit(false));
    while hasty.api().list_markets().send().await.is_ok() {}
    client.orders().cancel_all(CancelScope::AllMarkets).await.unwrap();
}
