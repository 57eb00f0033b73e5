//! Orders over a link that does what a test says: what is sent on which wire, and what the caller learns.

mod support;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use paradex_api::operations::{
    CANCEL_ALL_ORDERS, CANCEL_ORDER, CANCEL_ORDER_BY_CLIENT_ID, CREATE_ALGO_ORDER, CREATE_ORDER, MODIFY_ORDER,
};
use paradex_api::types::ErrorCode;
use serde_json::Value;
use tokio::sync::Notify;

use super::ReadyLink;
use crate::audit::{AuditEntry, AuditFuture, AuditSink};
use crate::error::{Error, ErrorClass, PlaceOrderError, WithheldReason};
use crate::limits::RateLimits;
use crate::orders::{CancelScope, NewAlgoOrder, OrderSide, Resolution};
use crate::simulator::{Fault, Injection};
use crate::stream::LossCause;
use crate::stream::private::NotSentReason;
use crate::{CallOptions, Credentials, RetryPolicy};
use support::{ARMED, Reply, desk, desk_with, environment, order, result};

/// The reason for which an order was not sent.
fn withheld(error: &PlaceOrderError) -> &WithheldReason {
    match error {
        PlaceOrderError::NotPlaced(Error::Withheld(withheld)) => withheld.reason(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn calls_with_a_form_over_the_socket_are_sent_there_and_others_by_http() {
    let desk = desk(false, false).await;
    let orders = desk.client.orders();
    let placed = orders.place(order().client_id("c")).await.unwrap();
    assert_eq!(placed.id.as_deref(), Some("over-the-socket"));
    assert_eq!(placed.client_id.as_deref(), Some("c"));
    let batch = orders.place_batch(vec![order(), order()]).await.unwrap();
    assert_eq!(batch.orders.len(), 2);
    orders.modify("7", order()).await.unwrap();
    orders.cancel("7").await.unwrap();
    assert_eq!(
        orders
            .cancel_batch(vec!["1".to_owned()])
            .await
            .unwrap()
            .results
            .len(),
        1
    );
    orders
        .cancel_all(CancelScope::Market("BTC-USD-PERP".to_owned()))
        .await
        .unwrap();
    let by_client_id = desk.client.api().cancel_order_by_client_id().client_id("c");
    by_client_id.market("BTC-USD-PERP").send().await.unwrap();
    let written = [
        "order.create",
        "order.create_batch",
        "order.modify",
        "order.cancel",
        "order.cancel_batch",
        "order.cancel_all",
        "order.cancel",
    ];
    assert_eq!(desk.link.names(), written);
    let requests = desk.exchange.requests();
    let writes = requests.iter().filter_map(|request| request.operation());
    let writes = writes.filter(|operation| operation.path.starts_with("/v1/orders"));
    assert_eq!(writes.count(), 0);

    // These have no form over the socket.
    let twap = NewAlgoOrder::twap("BTC-USD-PERP", OrderSide::Buy, 5.into(), Duration::from_secs(300));
    orders.place_algo(twap).await.unwrap();
    orders.cancel_by_client_id("c").await.unwrap_err();
    assert_eq!(desk.by_http(&CREATE_ALGO_ORDER), 1);
    assert_eq!(desk.by_http(&CANCEL_ORDER_BY_CLIENT_ID), 1);
    assert_eq!(desk.link.names().len(), written.len());
}

#[tokio::test]
async fn order_is_withheld_until_cancel_on_disconnect_is_acknowledged() {
    let desk = desk(true, false).await;
    let unarmed = ReadyLink {
        is_armed: false,
        ..ARMED
    };
    for ready in [None, Some(unarmed)] {
        desk.link.set_ready(ready);
        for error in [
            desk.client.orders().place(order()).await.unwrap_err(),
            desk.client.orders().modify("7", order()).await.unwrap_err(),
            desk.client.orders().place_batch(vec![order()]).await.unwrap_err(),
        ] {
            assert!(matches!(withheld(&error), WithheldReason::NotArmed), "{error:?}");
            assert!(error.is_not_placed() && error.is_retryable());
        }
        let twap = NewAlgoOrder::twap("BTC-USD-PERP", OrderSide::Buy, 5.into(), Duration::from_secs(300));
        let error = desk.client.orders().place_algo(twap).await.unwrap_err();
        assert!(matches!(withheld(&error), WithheldReason::NotArmed), "{error:?}");
    }
    // Cancels do not wait for a connection.
    desk.client
        .orders()
        .cancel_all(CancelScope::AllMarkets)
        .await
        .unwrap();
    assert_eq!(desk.by_http(&CANCEL_ALL_ORDERS), 1);
    assert_eq!((desk.by_http(&CREATE_ORDER), desk.by_http(&MODIFY_ORDER)), (0, 0));
    assert!(desk.link.names().is_empty());
    // The next connection is another one, and orders go there.
    desk.link.set_ready(Some(ReadyLink {
        connection: 2,
        ..ARMED
    }));
    desk.client.orders().place(order()).await.unwrap();
    assert_eq!(desk.link.written.lock().unwrap()[0].0, 2);
}

#[tokio::test]
async fn order_goes_by_http_while_the_socket_is_down_only_if_the_caller_said_so() {
    for needs_arming in [false, true] {
        let desk = desk(needs_arming, true).await;
        desk.link.set_ready(None);
        let placed = desk.client.orders().place(order()).await.unwrap();
        assert_eq!(desk.by_http(&CREATE_ORDER), 1);
        let expected = needs_arming.then(|| Some(placed.id.into_iter().collect()));
        assert_eq!(*desk.unprotected.lock().unwrap(), Vec::from_iter(expected));
        desk.link.set_ready(Some(ARMED));
        desk.client.orders().place(order()).await.unwrap();
        assert_eq!((desk.by_http(&CREATE_ORDER), desk.link.names().len()), (1, 1));
    }
    let desk = desk(false, false).await;
    desk.link.set_ready(None);
    let error = desk.client.orders().place(order()).await.unwrap_err();
    assert!(
        matches!(withheld(&error), WithheldReason::OrderSocketDown),
        "{error:?}"
    );
    desk.wire.close();
    desk.link.set_ready(Some(ARMED));
    let error = desk.client.orders().place(order()).await.unwrap_err();
    assert!(
        matches!(withheld(&error), WithheldReason::OrderSocketClosed),
        "{error:?}"
    );
    assert!(!error.is_retryable());
    assert_eq!(desk.by_http(&CREATE_ORDER), 0);
}

#[tokio::test]
async fn order_whose_response_is_lost_is_sent_once_and_resolved() {
    for falls_back in [false, true] {
        let desk = desk(true, falls_back).await;
        desk.link.replies(|_, _| Reply::CarriedOut);
        // Not even a policy that repeats calls repeats it.
        let options = CallOptions::new().retry(RetryPolicy::new());
        let orders = desk.client.with_options(options).orders();
        let error = orders.place(order().client_id("once")).await.unwrap_err();
        assert!(matches!(error, PlaceOrderError::OutcomeUnknown(_)), "{error:?}");
        let window = error.window().unwrap();
        let found = orders.resolve("once", window).await;
        assert!(matches!(found, Resolution::Found(_)), "{found:?}");
        assert_eq!((desk.link.names().len(), desk.open_orders()), (1, 1));
        // The one that arrived came from the link.
        assert_eq!(desk.by_http(&CREATE_ORDER), 1);
        assert_eq!(
            desk.http.group().in_flight().count(&desk.exchange.main_account()),
            1
        );
    }
}

#[tokio::test]
async fn call_of_which_nothing_was_sent_goes_by_http_only_if_it_cancels() {
    for (reason, falls_back) in [
        NotSentReason::OtherConnection,
        NotSentReason::QueueFull,
        NotSentReason::Closed,
    ]
    .into_iter()
    .flat_map(|reason| [(reason, false), (reason, true)])
    {
        let desk = desk(true, falls_back).await;
        desk.link.replies(move |_, _| Reply::NotSent(reason));
        let placed = desk.client.orders().place(order()).await;
        let is_disconnected = matches!(reason, NotSentReason::OtherConnection | NotSentReason::Closed);
        let goes_by_http = is_disconnected && falls_back;
        match placed {
            Ok(placed) => {
                assert!(goes_by_http, "{reason:?}");
                let ids = placed.id.into_iter().collect();
                assert_eq!(*desk.unprotected.lock().unwrap(), [Some(ids)]);
            }
            Err(error) => {
                assert!(!goes_by_http && error.is_not_placed(), "{error:?}");
                match reason {
                    NotSentReason::QueueFull => {
                        assert!(
                            matches!(withheld(&error), WithheldReason::OrderSocketBusy),
                            "{error:?}"
                        );
                        assert!(error.is_retryable());
                    }
                    _ => assert!(matches!(withheld(&error), WithheldReason::NotArmed), "{error:?}"),
                }
                let account = desk.exchange.main_account();
                assert_eq!(desk.http.group().in_flight().count(&account), 0);
            }
        }
        assert_eq!(desk.by_http(&CREATE_ORDER), usize::from(goes_by_http));
        desk.client.orders().cancel("7").await.unwrap_err();
        assert_eq!(desk.by_http(&CANCEL_ORDER), 1, "{reason:?}");
    }
}

#[tokio::test]
async fn connection_of_another_credential_carries_nothing() {
    let desk = desk(false, false).await;
    *desk.link.serves.lock().unwrap() = false;
    let error = desk.client.orders().place(order()).await.unwrap_err();
    assert!(
        matches!(withheld(&error), WithheldReason::OrderSocketDown),
        "{error:?}"
    );
    desk.client
        .orders()
        .cancel_all(CancelScope::AllMarkets)
        .await
        .unwrap();
    assert_eq!(
        (desk.by_http(&CANCEL_ALL_ORDERS), desk.link.names().len()),
        (1, 0)
    );
}

#[tokio::test]
async fn refused_token_is_not_tried_again_with_the_same_order() {
    let desk = desk(false, true).await;
    desk.link.replies(|_, _| Reply::Error(40_111, "invalid bearer"));
    let error = desk.client.orders().place(order()).await.unwrap_err();
    assert!(matches!(error, PlaceOrderError::NotPlaced(_)), "{error:?}");
    assert_eq!(error.code(), Some(&ErrorCode::InvalidToken));
    assert_eq!((desk.link.names().len(), desk.by_http(&CREATE_ORDER)), (1, 0));
    assert_eq!(
        *desk.link.renewed.lock().unwrap(),
        [(1, LossCause::TokenRejected)]
    );
}

#[tokio::test]
async fn limits_of_both_wires_are_the_same_and_cancels_pass_first() {
    let limits = RateLimits::none().order_writes(1_000, 20);
    let desk = desk_with(false, false, |builder| builder.rate_limits(limits)).await;
    let (socket, http) = (desk.client.orders(), desk.http.orders());
    for _ in 0..9 {
        socket.place(order()).await.unwrap();
        http.place(order()).await.unwrap();
    }
    for error in [
        socket.place(order()).await.unwrap_err(),
        http.place(order()).await.unwrap_err(),
    ] {
        assert!(
            matches!(withheld(&error), WithheldReason::RateLimit { .. }),
            "{error:?}"
        );
    }
    // The tenth that is reserved for cancels.
    socket.cancel("1").await.unwrap();
    socket.cancel("2").await.unwrap();
    assert_eq!((desk.link.names().len(), desk.by_http(&CREATE_ORDER)), (11, 9));
}

#[tokio::test]
async fn code_42901_closes_the_bucket_for_orders_of_both_wires_and_not_for_cancels() {
    let limits = RateLimits::none().order_writes(1_000, 60);
    let desk = desk_with(false, false, |builder| builder.rate_limits(limits)).await;
    desk.link.replies(|name, params| match name {
        "order.create" => Reply::Error(42_901, "rate limit exceeded"),
        _ => Reply::Result(result(name, params)),
    });
    let error = desk.client.orders().place(order()).await.unwrap_err();
    assert_eq!(error.class(), Some(ErrorClass::RateLimit));
    assert!(error.is_not_placed() && error.is_retryable(), "{error:?}");
    for _ in 0..20 {
        for client in [&desk.client, &desk.http] {
            let error = client.orders().place(order()).await.unwrap_err();
            assert!(
                matches!(withheld(&error), WithheldReason::RateLimit { .. }),
                "{error:?}"
            );
        }
    }
    for id in ["1", "2", "3"] {
        desk.client.orders().cancel(id).await.unwrap();
    }
    assert_eq!(
        desk.link.names(),
        ["order.create", "order.cancel", "order.cancel", "order.cancel"]
    );
    assert_eq!(desk.by_http(&CREATE_ORDER), 0);
}

/// Hazard 9: what waits to be written when trading is halted is not written.
#[tokio::test]
async fn halt_stops_orders_that_wait_to_be_written() {
    let desk = desk(true, true).await;
    desk.link.replies(|name, params| match name {
        "order.create" => Reply::Queued,
        _ => Reply::Result(result(name, params)),
    });
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let orders = desk.client.orders();
        waiting.spawn(async move { orders.place(order()).await.unwrap_err() });
    }
    while desk.http.group().in_flight().count(&desk.exchange.main_account()) < 100 {
        tokio::task::yield_now().await;
    }
    // The gate closes in the call itself.
    let halt = desk.http.halt();
    desk.link.queued.add_permits(100);
    let report = halt.await;
    while let Some(error) = waiting.join_next().await {
        let error = error.unwrap();
        assert!(matches!(withheld(&error), WithheldReason::Halted), "{error:?}");
    }
    assert!(report.is_clear(), "{report}");
    assert!(
        desk.link.names().iter().all(|name| *name == "order.cancel_all"),
        "{:?}",
        desk.link.names()
    );
    assert!(
        !desk.link.names().is_empty(),
        "the first cancel also goes over the socket"
    );
    assert_eq!(desk.by_http(&CREATE_ORDER), 0);
    assert_eq!(
        *desk.link.renewed.lock().unwrap(),
        [(1, LossCause::Halted)],
        "the connection is closed at the end"
    );
}

/// An order that became too old in the queue is not written.
#[tokio::test]
async fn order_that_is_too_old_when_it_could_be_written_is_not_sent() {
    let desk = desk(true, true).await;
    desk.link.replies(|_, _| Reply::Queued);
    let orders = desk.client.orders();
    let good_for = Duration::from_millis(300);
    let mut placing =
        tokio::spawn(async move { orders.place(order().good_for(good_for)).await.unwrap_err() });
    tokio::select! {
        () = desk.link.arrived.notified() => {}
        error = &mut placing => panic!("it never waited: {error:?}"),
    }
    tokio::time::sleep(good_for).await;
    desk.link.queued.add_permits(1);
    let error = placing.await.unwrap();
    assert!(error.is_not_placed(), "{error:?}");
    assert!(
        crate::error::text_with_causes(&error).contains("too old"),
        "{error:?}"
    );
    assert!(desk.link.names().is_empty());
    assert_eq!(
        desk.http.group().in_flight().count(&desk.exchange.main_account()),
        0
    );
}

#[tokio::test]
async fn halt_does_not_wait_for_a_socket_that_is_silent() {
    let desk = desk(true, false).await;
    desk.http.orders().place(order()).await.unwrap();
    desk.link.replies(|_, _| Reply::Queued);
    let report = desk.client.halt().await;
    assert!(report.is_clear(), "{report}");
    assert_eq!(desk.open_orders(), 0);
}

/// A cancel of a halt that arrived after `resume` would cancel the orders of a client that trades again.
#[tokio::test]
async fn halt_ends_after_its_last_cancel() {
    let desk = desk(true, true).await;
    // The socket is faster than HTTP.
    desk.exchange
        .inject(Injection::new(Fault::delay_before(Duration::from_millis(300))).on(&CANCEL_ALL_ORDERS));
    let report = desk.client.halt().await;
    assert!(report.is_clear(), "{report}");
    desk.client.resume();
    desk.http.orders().place(order()).await.unwrap();
    while desk.by_http(&CANCEL_ALL_ORDERS) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(desk.open_orders(), 1);
}

#[tokio::test]
async fn halt_closes_only_sockets_of_clients_that_are_halted() {
    let desk = desk(true, true).await;
    let account = desk.exchange.main_account().parse().unwrap();
    let credentials = Credentials::starknet(environment(&desk.exchange), desk.exchange.main_key(), account);
    let other = desk.http.group().client(credentials).unwrap();
    let report = other.halt().await;
    assert!(report.is_clear(), "{report}");
    assert!(
        desk.link.names().contains(&"order.cancel_all"),
        "it cancels over every socket"
    );
    assert!(desk.link.renewed.lock().unwrap().is_empty());
    desk.client.orders().place(order()).await.unwrap();
    let _ = desk.http.group().halt().await;
    let renewed = desk.link.renewed.lock().unwrap().clone();
    assert!(!renewed.is_empty() && renewed.iter().all(|(_, cause)| *cause == LossCause::Halted));
}

#[tokio::test]
async fn socket_that_has_ended_is_reported_as_closed() {
    for falls_back in [false, true] {
        let desk = desk(true, falls_back).await;
        desk.link.has_ended.store(true, Ordering::SeqCst);
        desk.link.set_ready(None);
        match desk.client.orders().place(order()).await {
            Ok(_) => assert!(falls_back),
            Err(error) => {
                let is_closed = matches!(withheld(&error), WithheldReason::OrderSocketClosed);
                assert!(is_closed && !error.is_retryable() && !falls_back, "{error:?}");
            }
        }
    }
}

#[tokio::test]
async fn orders_by_http_are_reported_as_unprotected_or_as_unknown() {
    let desk = desk(true, true).await;
    desk.link.set_ready(None);
    let orders = desk.client.orders();
    let reported = || std::mem::take(&mut *desk.unprotected.lock().unwrap());
    let id = desk.http.orders().place(order()).await.unwrap().id.unwrap();
    let ids = |ids: &[&String]| [Some(ids.iter().map(|id| (*id).clone()).collect::<Vec<_>>())];
    orders.modify(&id, order()).await.unwrap();
    assert_eq!(reported(), ids(&[&id]));
    let batch = orders.place_batch(vec![order(), order()]).await.unwrap();
    let placed: Vec<&String> = batch
        .orders
        .iter()
        .filter_map(|order| order.id.as_ref())
        .collect();
    assert_eq!(reported(), ids(&placed));
    // A refusal places nothing.
    orders.modify("77", order()).await.unwrap_err();
    orders.cancel(&id).await.unwrap();
    assert!(reported().is_empty());
    // The connection breaks after the order was placed.
    desk.exchange
        .inject(Injection::new(Fault::reset_after()).on(&CREATE_ORDER));
    let error = orders.place(order()).await.unwrap_err();
    assert!(matches!(error, PlaceOrderError::OutcomeUnknown(_)), "{error:?}");
    assert_eq!(reported(), [None]);
    // The caller gives up while the order is placed.
    let arrived = Arc::new(Notify::new());
    let noted = Arc::clone(&arrived);
    let fault = Fault::run_before(move |_| noted.notify_one());
    desk.exchange.inject(Injection::new(fault).on(&CREATE_ORDER));
    tokio::select! {
        biased;
        () = arrived.notified() => {}
        placed = orders.place(order()) => panic!("{placed:?}"),
    }
    assert_eq!(reported(), [None]);
}

#[tokio::test]
async fn halt_of_the_group_knows_a_client_of_which_only_the_socket_is_left() {
    let desk = desk(true, false).await;
    desk.http.orders().place(order()).await.unwrap();
    let group = desk.http.group().clone();
    let (client, exchange) = (desk.client.clone(), &desk.exchange);
    drop(desk.http);
    let report = group.halt().await;
    assert!(report.is_clear(), "{report}");
    assert_eq!(report.accounts().len(), 1);
    let error = client.orders().place(order()).await.unwrap_err();
    assert!(matches!(withheld(&error), WithheldReason::Halted), "{error:?}");
    let orders = exchange.orders(&exchange.main_account());
    assert!(orders.iter().all(|order| order.status.as_str() == "CLOSED"));
}

/// Keeps entries of the audit without their times and numbers.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<Value>>>);

impl AuditSink for Kept {
    fn record(&self, entry: AuditEntry) -> AuditFuture<'_> {
        let mut entry = serde_json::to_value(&entry).unwrap();
        for field in ["change", "at_ms"] {
            entry.as_object_mut().unwrap().remove(field);
        }
        self.0.lock().unwrap().push(entry);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// The audit has the same entries for both wires, and no text shows the signature.
#[tokio::test]
async fn audit_is_the_same_for_both_wires() {
    let kept = Kept::default();
    let sink = kept.clone();
    let desk = desk_with(false, false, move |builder| builder.audit(sink.clone())).await;
    let entries = |count: usize| {
        let kept = kept.clone();
        async move {
            while kept.0.lock().unwrap().len() < count {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            std::mem::take(&mut *kept.0.lock().unwrap())
        }
    };
    desk.http
        .orders()
        .cancel_all(CancelScope::AllMarkets)
        .await
        .unwrap();
    let over_http = entries(2).await;
    desk.client
        .orders()
        .cancel_all(CancelScope::AllMarkets)
        .await
        .unwrap();
    assert_eq!(entries(2).await, over_http);
    // A refusal that repeats the request.
    desk.link.replies(|_, params| {
        let text = format!("invalid: {}", params["signature"]);
        Reply::Error(-32_602, Box::leak(text.into_boxed_str()))
    });
    let error = desk.client.orders().place(order()).await.unwrap_err();
    let signature = desk.link.written.lock().unwrap()[1].2["signature"]
        .as_str()
        .unwrap()
        .to_owned();
    let number = signature.split('"').nth(1).unwrap().to_owned();
    assert!(number.len() > 60, "{number}");
    let text = format!(
        "{error:?} {} {:?}",
        crate::error::text_with_causes(&error),
        entries(2).await
    );
    assert!(!text.contains(&number) && text.contains("(hidden)"), "{text}");
}
