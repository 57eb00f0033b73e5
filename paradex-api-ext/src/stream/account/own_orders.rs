//! Own orders: a call of this group that the exchange accepted is followed by an event. If it does not come in time, the account is
//! compared with REST at once.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Instant;

use paradex_api::reqwest::Request;
use paradex_api::{Operation, operations};
use serde::Deserialize;
use tokio::time;

use super::state::Shared;
use crate::auth::Session;
use crate::monotonic;
use crate::pipeline::completed_attempt::CompletedAttempt;
use crate::pipeline::operation_class::{cancels_orders, places_orders};
use crate::pipeline::outcome::Outcome;

/// The account streams of a group.
#[derive(Default)]
pub(crate) struct OwnOrders(Mutex<Vec<Weak<Shared>>>);

/// The order that a call is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum OwnOrder {
    Id(String),
    ClientId(String),
    /// The call does not say, or it is not known whether it was carried out.
    Unknown,
}

impl OwnOrders {
    pub(super) fn add(&self, stream: &Arc<Shared>) {
        let mut streams = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        streams.retain(|stream| stream.strong_count() > 0);
        streams.push(Arc::downgrade(stream));
    }

    /// An attempt is sent now.
    pub(crate) fn send<'a>(&'a self, session: &'a Session, operation: &'static Operation) -> SentCall<'a> {
        SentCall {
            own_orders: self,
            session,
            operation,
            sent: monotonic::now(),
            is_noted: !(places_orders(operation) || cancels_orders(operation)),
        }
    }

    /// Tells the streams of the session's account about an attempt that was sent at this time.
    fn note(&self, session: &Session, sent: Instant, find: impl Fn() -> Vec<OwnOrder>) {
        let streams = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if streams.is_empty() {
            return;
        }
        let account = session.account_name();
        let streams = streams.iter().filter_map(Weak::upgrade);
        let mut own = None;
        for stream in streams.filter(|stream| stream.account_name().as_ref() == Some(&account)) {
            let own = own.get_or_insert_with(&find);
            let now = time::Instant::now();
            own.iter()
                .for_each(|order| stream.expect(order, sent.into(), now));
        }
    }
}

/// An attempt that was sent. If it is dropped, it is not known whether it was carried out.
pub(crate) struct SentCall<'a> {
    own_orders: &'a OwnOrders,
    session: &'a Session,
    operation: &'static Operation,
    sent: Instant,
    is_noted: bool,
}

impl SentCall<'_> {
    pub(crate) fn note(mut self, request: Option<&Request>, attempt: &CompletedAttempt) {
        if std::mem::replace(&mut self.is_noted, true) {
            return;
        }
        let operation = self.operation;
        let find = || match attempt.result() {
            Ok(response) if attempt.outcome() == Outcome::Done => {
                from_call(operation, request, &response.body)
            }
            _ if attempt.outcome().is_unknown() => vec![OwnOrder::Unknown],
            _ => Vec::new(),
        };
        self.own_orders.note(self.session, self.sent, find);
    }
}

impl Drop for SentCall<'_> {
    fn drop(&mut self) {
        if !self.is_noted {
            self.own_orders
                .note(self.session, self.sent, || vec![OwnOrder::Unknown]);
        }
    }
}

/// The orders of a call that the exchange accepted with this response.
fn from_call(operation: &'static Operation, request: Option<&Request>, body: &[u8]) -> Vec<OwnOrder> {
    #[derive(Deserialize)]
    struct Order {
        id: Option<String>,
    }
    #[derive(Deserialize)]
    struct Batch {
        orders: Vec<Option<Order>>,
    }
    #[derive(Deserialize)]
    struct Cancels {
        order_ids: Option<Vec<String>>,
    }
    let is = |other: &'static Operation| std::ptr::eq(operation, other);
    let last_of_path = || {
        let segment = request?.url().path_segments()?.next_back()?;
        // An id that needs escaping is looked up by the comparison.
        (!segment.is_empty() && !segment.contains('%')).then(|| segment.to_owned())
    };
    let unknown = || vec![OwnOrder::Unknown];
    if is(&operations::CREATE_ORDER) || is(&operations::MODIFY_ORDER) {
        let order = serde_json::from_slice::<Order>(body)
            .ok()
            .and_then(|order| order.id);
        return order.map_or_else(unknown, |id| vec![OwnOrder::Id(id)]);
    }
    if is(&operations::CREATE_ORDERS_BATCH) {
        let Ok(batch) = serde_json::from_slice::<Batch>(body) else {
            return unknown();
        };
        let placed = batch.orders.into_iter().flatten().filter_map(|order| order.id);
        return placed.map(OwnOrder::Id).collect();
    }
    if is(&operations::CANCEL_ORDER) {
        return last_of_path().map_or_else(unknown, |id| vec![OwnOrder::Id(id)]);
    }
    if is(&operations::CANCEL_ORDER_BY_CLIENT_ID) {
        return last_of_path().map_or_else(unknown, |id| vec![OwnOrder::ClientId(id)]);
    }
    if is(&operations::CANCEL_ORDERS_BATCH) {
        let named = request.and_then(|request| request.body()?.as_bytes());
        let cancels = named.and_then(|body| serde_json::from_slice::<Cancels>(body).ok());
        let ids = cancels.and_then(|cancels| cancels.order_ids).unwrap_or_default();
        if !ids.is_empty() {
            return ids.into_iter().map(OwnOrder::Id).collect();
        }
    }
    if is(&operations::CREATE_ALGO_ORDER) || is(&operations::CANCEL_ALGO_ORDER) {
        // Its orders have ids of their own, and come later.
        return Vec::new();
    }
    unknown()
}

#[cfg(test)]
mod tests {
    use paradex_api::reqwest::{Method, Request};
    use paradex_api::{Operation, operations};

    use super::{OwnOrder, from_call};

    #[test]
    fn orders_of_a_call_are_named_by_its_response_path_or_body() {
        let id = |id: &str| OwnOrder::Id(id.to_owned());
        let cases: [(&'static Operation, &str, &str, &str, Vec<OwnOrder>); 11] = [
            (
                &operations::CREATE_ORDER,
                "orders",
                "",
                r#"{"id":"a","status":"NEW"}"#,
                vec![id("a")],
            ),
            (
                &operations::CREATE_ORDER,
                "orders",
                "",
                "{}",
                vec![OwnOrder::Unknown],
            ),
            (
                &operations::MODIFY_ORDER,
                "orders/a",
                "",
                r#"{"id":"b"}"#,
                vec![id("b")],
            ),
            (
                &operations::CREATE_ORDERS_BATCH,
                "orders/batch",
                "",
                r#"{"orders":[{"id":"a"},null,{"id":"b"}],"errors":[null,{"error":"X"},null]}"#,
                vec![id("a"), id("b")],
            ),
            (
                &operations::CREATE_ORDERS_BATCH,
                "orders/batch",
                "",
                "?",
                vec![OwnOrder::Unknown],
            ),
            (&operations::CANCEL_ORDER, "orders/a", "", "", vec![id("a")]),
            (
                &operations::CANCEL_ORDER,
                "orders/a%2Fb",
                "",
                "",
                vec![OwnOrder::Unknown],
            ),
            (
                &operations::CANCEL_ORDER_BY_CLIENT_ID,
                "orders/by_client_id/mine",
                "",
                "",
                vec![OwnOrder::ClientId("mine".to_owned())],
            ),
            (
                &operations::CANCEL_ORDERS_BATCH,
                "orders/batch",
                r#"{"order_ids":["a","b"]}"#,
                "{}",
                vec![id("a"), id("b")],
            ),
            (
                &operations::CANCEL_ORDERS_BATCH,
                "orders/batch",
                r#"{"client_order_ids":["a"]}"#,
                "{}",
                vec![OwnOrder::Unknown],
            ),
            (
                &operations::CANCEL_ALL_ORDERS,
                "orders",
                "",
                "",
                vec![OwnOrder::Unknown],
            ),
        ];
        for (operation, path, sent, body, expected) in cases {
            let url = format!("https://exchange.example/v1/{path}")
                .parse()
                .expect("an address");
            let mut request = Request::new(Method::POST, url);
            *request.body_mut() = Some(sent.to_owned().into());
            let found = from_call(operation, Some(&request), body.as_bytes());
            assert_eq!(found, expected, "{operation} {body}");
        }
    }
}
