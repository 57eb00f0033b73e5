//! The response of a method as the response that the REST API gives to the operation. Pure, no IO.
//!
//! Everything above the wire reads this response, so it decides what settles a change. A response carries the id of its
//! request and arrives on a connection that the exchange has authenticated, so no server in between can have made it. What
//! each code proves:
//!
//! | code | source | status | settles the change |
//! |---|---|---|---|
//! | 42901 rate limit | the documents of the methods | 429 | yes, as every 429 |
//! | 40110, 40111 malformed or invalid bearer | the documents of the methods | 401 | yes: refused before the method |
//! | 40112 geo block | the documents of the methods | 403 | yes: refused before the method |
//! | 40300 authentication required | the documents of the methods | 403 | yes: refused before the method |
//! | -32600, -32601, -32602 request, method, params | JSON-RPC 2.0, and the documents | 400 | yes: the method was not carried out |
//! | 100 method error | a page of the documentation only | 400 | no: no source says what happened before it |
//! | -32700 parse error | JSON-RPC 2.0 | 500 | no: it has no id, so with one it contradicts itself |
//! | -32603 internal error | JSON-RPC 2.0 | 500 | no |
//! | any other | none | 500 | no |
//!
//! A text that begins with an error code of the REST API is taken as that code. Then 100 settles the change, as a 400 with the
//! same code does over HTTP.

use std::borrow::Cow;

use paradex_api::reqwest::StatusCode;
use paradex_api::types::ErrorCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::message::{OrderMessage, OrderMethod};
use crate::error::ErrorClass;
use crate::stream::private::RpcError;

/// Status and body of a response of the REST API.
#[derive(Debug, PartialEq)]
pub(super) struct RestResponse {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
}

impl RestResponse {
    fn new(status: StatusCode, body: &impl Serialize) -> Self {
        // JSON values can always be written, and an empty body would not pass for a success.
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self { status, body }
    }

    fn empty(status: StatusCode) -> Self {
        let body = Vec::new();
        Self { status, body }
    }

    fn refused(status: StatusCode, code: &ErrorCode, message: &str) -> Self {
        Self::new(
            status,
            &json!({ "error": code.as_str(), "message": message, "data": null }),
        )
    }

    /// Takes a part of a result as the body.
    fn from_raw(status: StatusCode, body: &RawValue) -> Self {
        let body = body.get().as_bytes().to_vec();
        Self { status, body }
    }

    /// The response to a method that returned a result. The error says why the result does not show that it was carried out.
    pub(super) fn from_result(message: &OrderMessage, result: &RawValue) -> Result<Self, &'static str> {
        match message.method {
            OrderMethod::Create => Ok(Self::from_raw(StatusCode::CREATED, order(result)?)),
            OrderMethod::Modify => Ok(Self::from_raw(StatusCode::OK, order(result)?)),
            OrderMethod::CreateBatch => {
                let Results { results } = read(result).ok_or(NO_RESULTS)?;
                Ok(Self::new(StatusCode::CREATED, &Batch::from_results(results)?))
            }
            OrderMethod::CancelBatch => match read::<Results<&RawValue>>(result) {
                Some(_) => Ok(Self::from_raw(StatusCode::OK, result)),
                None => Err(NO_RESULTS),
            },
            OrderMethod::CancelAll => match read::<Status>(result).and_then(|result| result.status) {
                Some(status) if status == "ok" => Ok(Self::empty(StatusCode::OK)),
                _ => Err("its result does not have the status `ok`"),
            },
            OrderMethod::Cancel | OrderMethod::CancelByClientId => cancelled(message, result),
        }
    }

    /// The response to a method that was refused.
    pub(super) fn from_error(error: &RpcError) -> Self {
        let (status, code) = match error.code {
            42_901 => (StatusCode::TOO_MANY_REQUESTS, None),
            40_110 | 40_111 => (StatusCode::UNAUTHORIZED, Some(ErrorCode::InvalidToken)),
            40_112 => (StatusCode::FORBIDDEN, Some(ErrorCode::GeoIpBlock)),
            40_300 => (StatusCode::FORBIDDEN, Some(ErrorCode::RequestNotAllowed)),
            -32_600 => (StatusCode::BAD_REQUEST, Some(ErrorCode::ValidationError)),
            -32_601 => (StatusCode::BAD_REQUEST, Some(ErrorCode::from("METHOD_NOT_FOUND"))),
            -32_602 => (StatusCode::BAD_REQUEST, Some(ErrorCode::InvalidRequestParameter)),
            100 => (StatusCode::BAD_REQUEST, None),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, None),
        };
        let named = named_code(error);
        // These codes say that the exchange failed, whatever the number.
        let status = match named.as_ref().and_then(ErrorClass::from_code) {
            Some(ErrorClass::Unavailable) if status != StatusCode::TOO_MANY_REQUESTS => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            _ => status,
        };
        let mut body = json!({
            "message": error.message,
            "data": { "code": error.code, "data": error.data },
        });
        if let (Value::Object(body), Some(code)) = (&mut body, named.or(code)) {
            body.insert("error".to_owned(), code.as_str().into());
        }
        Self::new(status, &body)
    }
}

const NO_RESULTS: &str = "its result has no list `results`";

/// The fields of a result; `None` if it has another form.
fn read<'a, T: Deserialize<'a>>(result: &'a RawValue) -> Option<T> {
    // A sequence would do for a struct, and is no result.
    is_object(result).then_some(())?;
    serde_json::from_str(result.get()).ok()
}

fn is_object(value: &RawValue) -> bool {
    value.get().starts_with('{')
}

/// The order of a result.
fn order(result: &RawValue) -> Result<&RawValue, &'static str> {
    #[derive(Deserialize)]
    struct Placed<'a> {
        #[serde(borrow)]
        order: &'a RawValue,
    }
    let order = read(result).map(|Placed { order }| order);
    order
        .filter(|order| is_object(order))
        .ok_or("its result has no order")
}

/// The result of a batch.
#[derive(Deserialize)]
struct Results<T> {
    results: Vec<T>,
}

/// The entry of an order in a batch of placements.
#[derive(Deserialize)]
struct BatchEntry<'a> {
    #[serde(borrow)]
    order: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<Cow<'a, str>>,
}

/// The result of a cancel.
#[derive(Deserialize)]
struct Status {
    order_id: Option<Value>,
    status: Option<Value>,
}

/// The response to a batch of the REST API, whose lists are separate. Whether each order has an entry is checked with the body.
#[derive(Serialize)]
struct Batch<'a> {
    orders: Vec<&'a RawValue>,
    errors: Vec<Value>,
}

impl<'a> Batch<'a> {
    fn from_results(results: Vec<&'a RawValue>) -> Result<Self, &'static str> {
        const ODD_ENTRY: &str = "an entry of its result has neither an order nor an error, or both";
        let (mut orders, mut errors) = (Vec::new(), Vec::new());
        for entry in results {
            let BatchEntry { order, error } = read(entry).ok_or(ODD_ENTRY)?;
            match (order, error) {
                (Some(order), None) if is_object(order) => orders.push(order),
                (None, Some(text)) if !text.is_empty() => {
                    errors.push(match code_at_start(&text) {
                        Some(code) => json!({ "error": code.as_str(), "message": text }),
                        None => json!({ "message": text }),
                    });
                }
                _ => return Err(ODD_ENTRY),
            }
        }
        Ok(Self { orders, errors })
    }
}

/// The response to a cancel. The documents list only the first status for one order, and the others for a batch.
fn cancelled(message: &OrderMessage, result: &RawValue) -> Result<RestResponse, &'static str> {
    const NOT_QUEUED: &str = "its result does not say that the cancel was queued";
    let Status { order_id, status } = read(result).ok_or(NOT_QUEUED)?;
    let named = order_id.as_ref().and_then(Value::as_str);
    if let (Some(sent), Some(named)) = (message.order_id.as_deref(), named)
        && sent != named
    {
        return Err("its result names another order");
    }
    match status.as_ref().and_then(Value::as_str) {
        Some("QUEUED_FOR_CANCELLATION") => Ok(RestResponse::empty(StatusCode::NO_CONTENT)),
        Some("ALREADY_CLOSED") => Ok(RestResponse::refused(
            StatusCode::BAD_REQUEST,
            &ErrorCode::OrderIsClosed,
            "the order is closed",
        )),
        Some("NOT_FOUND") => {
            let code = match message.method {
                OrderMethod::CancelByClientId => ErrorCode::ClientOrderIdNotFound,
                _ => ErrorCode::OrderIdNotFound,
            };
            Ok(RestResponse::refused(
                StatusCode::NOT_FOUND,
                &code,
                "there is no such order",
            ))
        }
        _ => Err(NOT_QUEUED),
    }
}

/// The error code of the REST API that the texts of an error name.
fn named_code(error: &RpcError) -> Option<ErrorCode> {
    let data = error.data.as_ref();
    let in_data = data.and_then(Value::as_str);
    let in_field = data.and_then(|data| data.get("error")).and_then(Value::as_str);
    let texts = [in_field, in_data, Some(error.message.as_str())];
    texts.into_iter().flatten().find_map(code_at_start)
}

/// The known error code with which a text begins.
fn code_at_start(text: &str) -> Option<ErrorCode> {
    let end = text.find(|next: char| !(next.is_ascii_uppercase() || next.is_ascii_digit() || next == '_'));
    let code = ErrorCode::from(text.get(..end.unwrap_or(text.len()))?);
    code.is_known().then_some(code)
}

#[cfg(test)]
mod tests {
    use paradex_api::reqwest::{Method, Request, StatusCode};
    use paradex_api::stream::METHODS;
    use paradex_api::{Operation, RawResponse, operations};
    use serde_json::value::to_raw_value;
    use serde_json::{Value, json};

    use super::RestResponse;
    use crate::error::ErrorClass;
    use crate::pipeline::completed_attempt::CompletedAttempt;
    use crate::pipeline::order_wire::message::OrderMessage;
    use crate::pipeline::outcome::{Ambiguity, Outcome, Refuser};
    use crate::stream::private::RpcError;

    fn error(code: i64, message: &str, data: Option<Value>) -> RpcError {
        let message = message.to_owned();
        RpcError { code, message, data }
    }

    fn attempt(operation: &'static Operation, response: RestResponse) -> CompletedAttempt {
        let raw = RawResponse::new(response.status, Default::default(), response.body);
        CompletedAttempt::from_result(operation, None, Ok(raw))
    }

    fn settles(response: RestResponse) -> bool {
        !attempt(&operations::CREATE_ORDER, response)
            .outcome()
            .is_unknown()
    }

    #[test]
    fn each_code_settles_a_change_only_if_a_source_says_so() {
        for (code, status, class, settled) in [
            (42_901, 429, ErrorClass::RateLimit, true),
            (40_110, 401, ErrorClass::Authentication, true),
            (40_111, 401, ErrorClass::Authentication, true),
            (40_112, 403, ErrorClass::Address, true),
            (40_300, 403, ErrorClass::Permission, true),
            (-32_600, 400, ErrorClass::Validation, true),
            (-32_601, 400, ErrorClass::Validation, true),
            (-32_602, 400, ErrorClass::Validation, true),
            (100, 400, ErrorClass::Validation, false),
            (-32_603, 500, ErrorClass::Unavailable, false),
            (-32_700, 500, ErrorClass::Unavailable, false),
            (-32_000, 500, ErrorClass::Unavailable, false),
            (0, 500, ErrorClass::Unavailable, false),
            (42_900, 500, ErrorClass::Unavailable, false),
            (i64::MAX, 500, ErrorClass::Unavailable, false),
        ] {
            let response = RestResponse::from_error(&error(code, "some words", None));
            assert_eq!(response.status, status, "{code}");
            let body: Value = serde_json::from_slice(&response.body).unwrap();
            assert_eq!(
                (&body["message"], &body["data"]["code"]),
                (&json!("some words"), &json!(code))
            );
            let raw = RawResponse::new(response.status, Default::default(), response.body.clone());
            let shown = raw.api_error().unwrap().error;
            let found = shown.as_ref().and_then(ErrorClass::from_code);
            assert_eq!(
                found.unwrap_or(ErrorClass::from_status(response.status)),
                class,
                "{code}"
            );
            assert_eq!(settles(response), settled, "{code}");
        }
    }

    #[test]
    fn every_documented_code_is_decided() {
        let mut codes: Vec<i64> = METHODS
            .iter()
            .flat_map(|method| method.errors.iter().copied())
            .collect();
        codes.sort_unstable();
        codes.dedup();
        let known = [
            -32_700, -32_603, -32_602, -32_601, -32_600, 40_110, 40_111, 40_112, 40_300, 42_901,
        ];
        assert_eq!(
            codes, known,
            "decide in the table of this file what the new code proves"
        );
    }

    #[test]
    fn code_of_the_rest_api_in_a_text_is_kept() {
        let code = |error: &RpcError| {
            let body: Value = serde_json::from_slice(&RestResponse::from_error(error).body).unwrap();
            body["error"].as_str().map(str::to_owned)
        };
        for (message, data, expected) in [
            ("ORDER_IS_CLOSED", None, Some("ORDER_IS_CLOSED")),
            ("INVALID_TIMESTAMP: too old", None, Some("INVALID_TIMESTAMP")),
            (
                "invalid",
                Some(json!("MARKET_NOT_FOUND")),
                Some("MARKET_NOT_FOUND"),
            ),
            (
                "invalid",
                Some(json!({"error": "ORDER_ID_NOT_FOUND"})),
                Some("ORDER_ID_NOT_FOUND"),
            ),
            ("NOT_A_CODE_OF_TODAY", None, None),
            ("", Some(json!("")), None),
            ("order ORDER_IS_CLOSED", None, None),
        ] {
            let error = error(100, message, data);
            assert_eq!(code(&error).as_deref(), expected, "{error:?}");
            assert_eq!(
                settles(RestResponse::from_error(&error)),
                expected.is_some(),
                "{error:?}"
            );
        }
        // A failure of the exchange settles nothing, whatever the number says.
        for message in ["INTERNAL_ERROR", "SERVICE_UNAVAILABLE"] {
            assert!(
                !settles(RestResponse::from_error(&error(-32_602, message, None))),
                "{message}"
            );
        }
        assert!(!settles(RestResponse::from_error(&error(
            -32_603,
            "ORDER_IS_CLOSED",
            None
        ))));
    }

    fn message(operation: &'static Operation, path: &str, body: Option<&str>) -> (OrderMessage, Request) {
        let method: Method = operation.method.as_str().parse().unwrap();
        let mut request = Request::new(method, format!("http://127.0.0.1{path}").parse().unwrap());
        *request.body_mut() = body.map(|body| body.to_owned().into());
        (OrderMessage::from_request(operation, &request).unwrap(), request)
    }

    /// The outcome of an attempt whose method returned this result, and the body that the caller gets.
    fn outcome(
        operation: &'static Operation,
        path: &str,
        body: Option<&str>,
        result: Value,
    ) -> (Outcome, Value) {
        let (message, request) = message(operation, path, body);
        let result = to_raw_value(&result).unwrap();
        let Ok(response) = RestResponse::from_result(&message, &result) else {
            return (Outcome::Ambiguous(Ambiguity::Unusable), Value::Null);
        };
        let body = serde_json::from_slice(&response.body).unwrap_or_default();
        let raw = RawResponse::new(response.status, Default::default(), response.body);
        (
            CompletedAttempt::from_result(operation, Some(&request), Ok(raw)).outcome(),
            body,
        )
    }

    #[test]
    fn only_a_result_that_shows_the_change_is_a_success() {
        const ORDER: &str = r#"{"instruction":"GTC","market":"M","side":"BUY","signature":"s","signature_timestamp":1,"size":"1","type":"LIMIT"}"#;
        const CHANGE: &str = r#"{"id":"7","market":"M","side":"BUY","signature":"s","signature_timestamp":1,"size":"1","type":"LIMIT"}"#;
        let two = format!("[{ORDER},{ORDER}]");
        let unusable = Outcome::Ambiguous(Ambiguity::Unusable);
        let refused = |status| Outcome::Refused {
            by: Refuser::Exchange,
            status: StatusCode::from_u16(status).unwrap(),
        };
        let create = |result| outcome(&operations::CREATE_ORDER, "/v1/orders", Some(ORDER), result);
        let batch = |result| {
            outcome(
                &operations::CREATE_ORDERS_BATCH,
                "/v1/orders/batch",
                Some(&two),
                result,
            )
        };
        let modify = |result| outcome(&operations::MODIFY_ORDER, "/v1/orders/7", Some(CHANGE), result);
        let cancel = |result| outcome(&operations::CANCEL_ORDER, "/v1/orders/7", None, result);
        let by_client_id = "/v1/orders/by_client_id/c?market=M";
        let cancel_client =
            |result| outcome(&operations::CANCEL_ORDER_BY_CLIENT_ID, by_client_id, None, result);
        let ids = Some(r#"{"order_ids":["1","2"]}"#);
        let cancel_batch =
            |result| outcome(&operations::CANCEL_ORDERS_BATCH, "/v1/orders/batch", ids, result);
        let cancel_all = |result| outcome(&operations::CANCEL_ALL_ORDERS, "/v1/orders", None, result);

        let order = json!({"id": "7", "status": "NEW", "size": "1"});
        assert_eq!(
            create(json!({"order": order, "created_at": 1})),
            (Outcome::Done, order.clone())
        );
        assert_eq!(modify(json!({"order": order})), (Outcome::Done, order.clone()));
        for lacking in [
            json!({}),
            json!([]),
            json!(null),
            json!({"order": null}),
            json!({"order": {}}),
            json!({"order": {"id": ""}}),
            json!({"order": [order]}),
            json!([order]),
        ] {
            assert_eq!(create(lacking.clone()).0, unusable, "{lacking}");
            assert_eq!(modify(lacking.clone()).0, unusable, "{lacking}");
        }

        let mixed =
            json!({"results": [{"order": order, "created_at": 1}, {"error": "MARKET_NOT_OPEN: closed"}]});
        let expected = json!({
            "orders": [order],
            "errors": [{"error": "MARKET_NOT_OPEN", "message": "MARKET_NOT_OPEN: closed"}],
        });
        assert_eq!(batch(mixed), (Outcome::Done, expected));
        for lacking in [
            json!({}),
            json!({"results": []}),
            json!({"results": [{"order": order}]}),
            json!({"results": [{"order": order}, {}]}),
            json!({"results": [{"order": order}, {"order": {}}]}),
            json!({"results": [{"order": order}, {"order": order, "error": "both"}]}),
            json!({"results": [{"order": order}, {"error": ""}]}),
            json!({"results": [{"order": order}, null]}),
            json!({"results": [{"order": order}, [order]]}),
            json!({"results": {"order": order}}),
        ] {
            assert_eq!(batch(lacking.clone()).0, unusable, "{lacking}");
        }

        let queued = json!({"order_id": "7", "status": "QUEUED_FOR_CANCELLATION"});
        assert_eq!(cancel(queued.clone()).0, Outcome::Done);
        assert_eq!(cancel_client(queued).0, Outcome::Done);
        assert_eq!(
            cancel(json!({"order_id": "8", "status": "QUEUED_FOR_CANCELLATION"})).0,
            unusable
        );
        assert_eq!(cancel(json!({"status": "ALREADY_CLOSED"})).0, refused(400));
        let (missing, body) = cancel(json!({"status": "NOT_FOUND"}));
        assert_eq!(
            (missing, &body["error"]),
            (refused(404), &json!("ORDER_ID_NOT_FOUND"))
        );
        let (missing, body) = cancel_client(json!({"status": "NOT_FOUND"}));
        assert_eq!(
            (missing, &body["error"]),
            (refused(404), &json!("CLIENT_ORDER_ID_NOT_FOUND"))
        );
        for lacking in [
            json!({}),
            json!({"status": "ok"}),
            json!("QUEUED_FOR_CANCELLATION"),
        ] {
            assert_eq!(cancel(lacking.clone()).0, unusable, "{lacking}");
        }

        let results = json!({"results": [{"id": "1", "status": "NOT_FOUND"}, {"id": "2", "status": "QUEUED_FOR_CANCELLATION"}]});
        assert_eq!(cancel_batch(results.clone()), (Outcome::Done, results));
        assert_eq!(cancel_batch(json!({"results": [{"id": "1"}]})).0, unusable);
        assert_eq!(cancel_batch(json!({"status": "ok"})).0, unusable);
        assert_eq!(cancel_all(json!({"status": "ok"})).0, Outcome::Done);
        for lacking in [json!({}), json!({"status": "queued"}), json!({"status": null})] {
            assert_eq!(cancel_all(lacking.clone()).0, unusable, "{lacking}");
        }
    }
}
