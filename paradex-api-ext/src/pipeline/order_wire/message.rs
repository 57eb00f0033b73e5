//! The request of an operation as a message of the WebSocket API. Pure, no IO.
//!
//! Bodies are passed on byte by byte. A request that the document of the method does not describe has no form here and goes by
//! HTTP: another field, another value of a field with listed values, a list of client ids.

use std::borrow::Cow;

use paradex_api::reqwest::{Body, Request};
use paradex_api::stream::{Method, methods};
use paradex_api::{Operation, operations};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::pipeline::in_flight::{SentOrder, SentOrders};
use crate::pipeline::response_check::path_value;

/// An operation that the WebSocket API has as a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OrderMethod {
    Create,
    CreateBatch,
    Modify,
    Cancel,
    CancelByClientId,
    CancelBatch,
    CancelAll,
}

impl OrderMethod {
    const TABLE: [(&'static Operation, Self, &'static Method); 7] = [
        (&operations::CREATE_ORDER, Self::Create, &methods::ORDER_CREATE),
        (
            &operations::CREATE_ORDERS_BATCH,
            Self::CreateBatch,
            &methods::ORDER_CREATE_BATCH,
        ),
        (&operations::MODIFY_ORDER, Self::Modify, &methods::ORDER_MODIFY),
        (&operations::CANCEL_ORDER, Self::Cancel, &methods::ORDER_CANCEL),
        (
            &operations::CANCEL_ORDER_BY_CLIENT_ID,
            Self::CancelByClientId,
            &methods::ORDER_CANCEL,
        ),
        (
            &operations::CANCEL_ORDERS_BATCH,
            Self::CancelBatch,
            &methods::ORDER_CANCEL_BATCH,
        ),
        (
            &operations::CANCEL_ALL_ORDERS,
            Self::CancelAll,
            &methods::ORDER_CANCEL_ALL,
        ),
    ];

    fn from_operation(operation: &'static Operation) -> Option<(Self, &'static Method)> {
        let mut rows = Self::TABLE.iter();
        rows.find(|(known, ..)| std::ptr::eq(*known, operation))
            .map(|(_, method, described)| (*method, *described))
    }
}

/// A message that does what a request does.
pub(crate) struct OrderMessage {
    pub(super) method: OrderMethod,
    /// The name of the method on the wire.
    pub(crate) name: &'static str,
    /// The params, which are one JSON value.
    pub(crate) params: Vec<u8>,
    /// The id of the order that is cancelled, if the request names it.
    pub(super) order_id: Option<String>,
    /// The orders that it places.
    pub(crate) orders: SentOrders,
}

impl OrderMessage {
    /// Returns the message that does what the request does; `None` if it goes by HTTP.
    pub(crate) fn from_request(operation: &'static Operation, request: &Request) -> Option<Self> {
        let (method, described) = OrderMethod::from_operation(operation)?;
        let (mut order_id, mut orders) = (None, SentOrders::default());
        let params = match method {
            OrderMethod::Create => {
                let body = plain_body(request)?;
                let order: Create = serde_json::from_str(body).ok()?;
                order.is_described().then_some(())?;
                orders = SentOrders::from_orders([order.sent()]);
                body.as_bytes().to_vec()
            }
            OrderMethod::CreateBatch => {
                let body = plain_body(request)?;
                let batch: Vec<Create> = serde_json::from_str(body).ok()?;
                batch.iter().all(Create::is_described).then_some(())?;
                orders = SentOrders::from_orders(batch.into_iter().map(Create::sent));
                [r#"{"orders":"#, body, "}"].concat().into_bytes()
            }
            OrderMethod::Modify => {
                let body = plain_body(request)?;
                let change: Modify = serde_json::from_str(body).ok()?;
                let named = path_value(operation, request.url(), "order_id")?;
                (change.id == named && is_type(&change.order_type)).then_some(())?;
                orders = SentOrders::from_orders([SentOrder {
                    recv_window: None,
                    on_behalf_of_account: change.on_behalf_of_account,
                }]);
                body.as_bytes().to_vec()
            }
            OrderMethod::Cancel => {
                has_no_query(request).then_some(())?;
                let id = path_value(operation, request.url(), "order_id")?;
                let params = json!({ "id": id });
                order_id = Some(id);
                params.to_string().into_bytes()
            }
            OrderMethod::CancelByClientId => {
                let client_id = path_value(operation, request.url(), "client_id")?;
                // The method needs the market, and the operation does not.
                let market = market_of_query(request)??;
                json!({ "client_id": client_id, "market": market })
                    .to_string()
                    .into_bytes()
            }
            OrderMethod::CancelBatch => {
                let batch: CancelBatch = serde_json::from_str(plain_body(request)?).ok()?;
                batch
                    .client_order_ids
                    .unwrap_or_default()
                    .is_empty()
                    .then_some(())?;
                json!({ "order_ids": batch.order_ids }).to_string().into_bytes()
            }
            OrderMethod::CancelAll => match market_of_query(request)? {
                Some(market) => json!({ "market": market }).to_string().into_bytes(),
                None => b"{}".to_vec(),
            },
        };
        Some(Self {
            method,
            name: described.name,
            params,
            order_id,
            orders,
        })
    }
}

/// The body of a request without a query. A text frame cannot have a body that is not UTF-8.
fn plain_body(request: &Request) -> Option<&str> {
    has_no_query(request).then_some(())?;
    let body = request.body().and_then(Body::as_bytes)?;
    std::str::from_utf8(body).ok()
}

fn has_no_query(request: &Request) -> bool {
    request.url().query().is_none_or(str::is_empty)
}

/// The market that the query names, if any; `None` if the query has anything else.
fn market_of_query(request: &Request) -> Option<Option<String>> {
    let mut market = None;
    for (name, value) in request.url().query_pairs() {
        if name != "market" || value.is_empty() || market.is_some() {
            return None;
        }
        market = Some(value.into_owned());
    }
    Some(market)
}

/// The types of orders that the document of the methods lists.
fn is_type(text: &str) -> bool {
    matches!(text, "LIMIT" | "MARKET" | "STOP_LIMIT" | "STOP_MARKET")
}

/// The fields of `order.create`. The values of most are for the exchange to judge.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are listed to be allowed")]
struct Create<'a> {
    #[serde(default)]
    client_id: IgnoredAny,
    #[serde(borrow, default)]
    flags: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    instruction: Cow<'a, str>,
    market: IgnoredAny,
    on_behalf_of_account: Option<String>,
    #[serde(default)]
    price: IgnoredAny,
    recv_window: Option<Value>,
    side: IgnoredAny,
    signature: IgnoredAny,
    signature_timestamp: IgnoredAny,
    size: IgnoredAny,
    #[serde(borrow)]
    stp: Option<Cow<'a, str>>,
    #[serde(default)]
    trigger_price: IgnoredAny,
    #[serde(borrow, rename = "type")]
    order_type: Cow<'a, str>,
}

impl Create<'_> {
    fn sent(self) -> SentOrder {
        SentOrder {
            recv_window: self.recv_window,
            on_behalf_of_account: self.on_behalf_of_account,
        }
    }

    /// Whether the document lists each value that it lists values for.
    fn is_described(&self) -> bool {
        let stp = self.stp.as_deref();
        is_type(&self.order_type)
            && matches!(&*self.instruction, "GTC" | "IOC" | "POST_ONLY" | "RPI")
            && stp.is_none_or(|mode| matches!(mode, "EXPIRE_BOTH" | "EXPIRE_MAKER" | "EXPIRE_TAKER"))
            && self.flags.iter().all(|flag| flag == "REDUCE_ONLY")
    }
}

/// The fields of `order.modify`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are listed to be allowed")]
struct Modify<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    market: IgnoredAny,
    on_behalf_of_account: Option<String>,
    #[serde(default)]
    price: IgnoredAny,
    side: IgnoredAny,
    signature: IgnoredAny,
    signature_timestamp: IgnoredAny,
    size: IgnoredAny,
    #[serde(default)]
    trigger_price: IgnoredAny,
    #[serde(borrow, rename = "type")]
    order_type: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CancelBatch {
    order_ids: Vec<String>,
    client_order_ids: Option<Vec<String>>,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use paradex_api::reqwest::{Method as HttpMethod, Request};
    use paradex_api::stream::METHODS;
    use paradex_api::{Operation, operations};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{OrderMessage, OrderMethod, SentOrders};

    fn request(operation: &Operation, path: &str, body: Option<&str>) -> Request {
        let method: HttpMethod = operation.method.as_str().parse().unwrap();
        let mut request = Request::new(method, format!("http://127.0.0.1{path}").parse().unwrap());
        *request.body_mut() = body.map(|body| body.to_owned().into());
        request
    }

    /// The name and the params of the message, or `None`.
    fn message(operation: &'static Operation, path: &str, body: Option<&str>) -> Option<(String, Value)> {
        let message = OrderMessage::from_request(operation, &request(operation, path, body))?;
        Some((
            message.name.to_owned(),
            serde_json::from_slice(&message.params).unwrap(),
        ))
    }

    fn order() -> Value {
        json!({
            "instruction": "GTC", "market": "BTC-USD-PERP", "price": "29500.10", "side": "BUY",
            "signature": "[\"1\",\"2\"]", "signature_timestamp": 1, "size": "0.1", "type": "LIMIT",
        })
    }

    fn with(mut body: Value, field: &str, value: impl Into<Value>) -> Value {
        body[field] = value.into();
        body
    }

    /// The documents of the methods.
    fn document() -> Value {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/stream/openrpc.json");
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
    }

    fn parameters(name: &str) -> Vec<Value> {
        let document = document();
        let methods = document["methods"].as_array().unwrap();
        let method = methods.iter().find(|method| method["name"] == name).unwrap();
        method["params"].as_array().unwrap().clone()
    }

    #[test]
    fn table_has_the_methods_that_the_documents_have_an_operation_for() {
        let mut names = BTreeSet::new();
        for method in METHODS {
            let Some(operation) = method.operation else {
                continue;
            };
            let (_, described) = OrderMethod::from_operation(operation).unwrap();
            assert_eq!(described.name, method.name);
            names.insert(method.name);
        }
        let table: BTreeSet<&str> = OrderMethod::TABLE
            .iter()
            .map(|(.., method)| method.name)
            .collect();
        assert_eq!(names, table);
        // `order.cancel` stands for two operations, and cancel on disconnect for none.
        let orders = METHODS.iter().filter(|method| method.name.starts_with("order."));
        assert_eq!(orders.count(), table.len() + 1);
        assert!(table.iter().all(|name| {
            parameters(name)
                .iter()
                .all(|parameter| parameter["name"].is_string())
        }));
    }

    /// Each parameter of the documents is passed on, with each value that they list, and no other.
    #[test]
    fn fields_of_the_documents_are_passed_on_and_others_go_by_http() {
        for (operation, path, name, whole) in [
            (&operations::CREATE_ORDER, "/v1/orders", "order.create", order()),
            (
                &operations::MODIFY_ORDER,
                "/v1/orders/7",
                "order.modify",
                with(
                    {
                        let mut order = order();
                        order.as_object_mut().unwrap().remove("instruction");
                        order
                    },
                    "id",
                    "7",
                ),
            ),
        ] {
            let fits = |body: &Value| message(operation, path, Some(&body.to_string())).is_some();
            assert!(fits(&whole), "{name}");
            for parameter in parameters(name) {
                let field = parameter["name"].as_str().unwrap();
                let schema = &parameter["schema"];
                let is_list = schema["type"] == "array";
                let listed = schema["enum"]
                    .as_array()
                    .or_else(|| schema["items"]["enum"].as_array());
                for value in listed.into_iter().flatten().filter(|_| field != "side") {
                    let value = if is_list { json!([value]) } else { value.clone() };
                    assert!(
                        fits(&with(whole.clone(), field, value.clone())),
                        "{name} {field} {value}"
                    );
                }
                if listed.is_some() && field != "side" {
                    let other = if is_list {
                        json!(["NEW_VALUE"])
                    } else {
                        json!("NEW_VALUE")
                    };
                    assert!(!fits(&with(whole.clone(), field, other)), "{name} {field}");
                } else if whole.get(field).is_none() {
                    assert!(fits(&with(whole.clone(), field, "text")), "{name} {field}");
                }
            }
            for field in ["vwap_price", "dime_discount", "algo_type", "something_new"] {
                assert!(!fits(&with(whole.clone(), field, "1")), "{name} {field}");
            }
        }
    }

    /// The name and the params of a message.
    type Expected = Option<(&'static str, Value)>;

    #[test]
    fn requests_become_params() {
        let cases: [(&'static Operation, &str, Option<&str>, Expected); 18] = [
            (
                &operations::CANCEL_ORDER,
                "/v1/orders/a%20b",
                None,
                Some(("order.cancel", json!({"id": "a b"}))),
            ),
            (
                &operations::CANCEL_ORDER,
                "/base/v1/orders/7",
                None,
                Some(("order.cancel", json!({"id": "7"}))),
            ),
            (&operations::CANCEL_ORDER, "/v1/orders/7?x=1", None, None),
            (
                &operations::CANCEL_ORDER_BY_CLIENT_ID,
                "/v1/orders/by_client_id/c?market=M",
                None,
                Some(("order.cancel", json!({"client_id": "c", "market": "M"}))),
            ),
            (
                &operations::CANCEL_ORDER_BY_CLIENT_ID,
                "/v1/orders/by_client_id/c",
                None,
                None,
            ),
            (
                &operations::CANCEL_ORDER_BY_CLIENT_ID,
                "/v1/orders/by_client_id/c?market=",
                None,
                None,
            ),
            (
                &operations::CANCEL_ALL_ORDERS,
                "/v1/orders",
                None,
                Some(("order.cancel_all", json!({}))),
            ),
            (
                &operations::CANCEL_ALL_ORDERS,
                "/v1/orders?market=M",
                None,
                Some(("order.cancel_all", json!({"market": "M"}))),
            ),
            // A filter that is not understood must not become a cancel of everything.
            (&operations::CANCEL_ALL_ORDERS, "/v1/orders?side=BUY", None, None),
            (
                &operations::CANCEL_ALL_ORDERS,
                "/v1/orders?market=M&market=N",
                None,
                None,
            ),
            (
                &operations::CANCEL_ORDERS_BATCH,
                "/v1/orders/batch",
                Some(r#"{"order_ids":["1","2"]}"#),
                Some(("order.cancel_batch", json!({"order_ids": ["1", "2"]}))),
            ),
            (
                &operations::CANCEL_ORDERS_BATCH,
                "/v1/orders/batch",
                Some(r#"{"order_ids":["1"],"client_order_ids":[]}"#),
                Some(("order.cancel_batch", json!({"order_ids": ["1"]}))),
            ),
            (
                &operations::CANCEL_ORDERS_BATCH,
                "/v1/orders/batch",
                Some(r#"{"order_ids":["1"],"client_order_ids":["c"]}"#),
                None,
            ),
            (
                &operations::CANCEL_ORDERS_BATCH,
                "/v1/orders/batch",
                Some(r#"{"client_order_ids":["c"]}"#),
                None,
            ),
            (&operations::CREATE_ORDER, "/v1/orders", Some("no json"), None),
            (
                &operations::CREATE_ORDER,
                "/v1/orders",
                Some(r#"{"type":"LIMIT","type":"MARKET"}"#),
                None,
            ),
            (
                &operations::CREATE_ALGO_ORDER,
                "/v1/algo/orders",
                Some("{}"),
                None,
            ),
            (&operations::LIST_OPEN_ORDERS, "/v1/orders", None, None),
        ];
        for (operation, path, body, expected) in cases {
            let expected = expected.map(|(name, params)| (name.to_owned(), params));
            assert_eq!(
                message(operation, path, body),
                expected,
                "{operation} {path} {body:?}"
            );
        }
        // A change of another order than the one in the path is for the REST API to refuse.
        let mut change = with(order(), "id", "8");
        change.as_object_mut().unwrap().remove("instruction");
        assert_eq!(
            message(
                &operations::MODIFY_ORDER,
                "/v1/orders/7",
                Some(&change.to_string())
            ),
            None
        );
    }

    proptest! {
        /// What is sent over the socket is, byte by byte, what HTTP would have sent.
        #[test]
        fn bodies_are_passed_on_unchanged(
            orders in prop::collection::vec(("[A-Z-]{1,12}", "[0-9]{1,6}\\.[0-9]{1,9}", ".{0,20}", any::<i64>()), 1..6),
        ) {
            let bodies: Vec<Value> = orders
                .iter()
                .map(|(market, price, client_id, time)| {
                    let order = with(order(), "market", market.as_str());
                    let order = with(with(order, "price", price.as_str()), "client_id", client_id.as_str());
                    with(order, "signature_timestamp", *time)
                })
                .collect();
            let body = bodies[0].to_string();
            let one = OrderMessage::from_request(
                &operations::CREATE_ORDER,
                &request(&operations::CREATE_ORDER, "/v1/orders", Some(&body)),
            );
            prop_assert_eq!(one.unwrap().params, body.into_bytes());
            let body = Value::from(bodies.clone()).to_string();
            let (name, params) = message(&operations::CREATE_ORDERS_BATCH, "/v1/orders/batch", Some(&body)).unwrap();
            prop_assert_eq!((name.as_str(), &params["orders"]), ("order.create_batch", &Value::from(bodies)));
        }
    }

    #[test]
    fn orders_of_a_message_are_those_of_the_request() {
        let marked = with(
            with(order(), "recv_window", 5_000),
            "on_behalf_of_account",
            "0xaB",
        );
        let odd = with(order(), "recv_window", "soon");
        let mut change = with(marked.clone(), "id", "7");
        for absent in ["instruction", "recv_window"] {
            change.as_object_mut().unwrap().remove(absent);
        }
        let batch = json!([order(), marked]);
        for (operation, path, body) in [
            (&operations::CREATE_ORDER, "/v1/orders", &order()),
            (&operations::CREATE_ORDER, "/v1/orders", &marked),
            (&operations::CREATE_ORDER, "/v1/orders", &odd),
            (&operations::CREATE_ORDERS_BATCH, "/v1/orders/batch", &batch),
            (&operations::MODIFY_ORDER, "/v1/orders/7", &change),
        ] {
            let request = request(operation, path, Some(&body.to_string()));
            let message = OrderMessage::from_request(operation, &request).unwrap();
            assert_eq!(message.orders, SentOrders::from_request(Some(&request)), "{body}");
        }
    }

    #[test]
    fn body_that_is_no_text_goes_by_http() {
        let body = order().to_string().replace("BTC", "B?C").into_bytes();
        let body: Vec<u8> = body
            .into_iter()
            .map(|byte| if byte == b'?' { 0xff } else { byte })
            .collect();
        let mut request = request(&operations::CREATE_ORDER, "/v1/orders", None);
        *request.body_mut() = Some(body.into());
        assert!(OrderMessage::from_request(&operations::CREATE_ORDER, &request).is_none());
    }
}
