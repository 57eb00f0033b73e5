//! The methods of orders. Each is carried out by the HTTP operation that does the same.

use std::net::IpAddr;

use hyper::StatusCode;
use paradex_api::Operation;
use paradex_api::stream::{Method, methods};
use serde_json::{Value, json};

use super::options::{BatchParameters, OrderRefusalCode, StreamOptions};
use super::rpc::{Request, RpcError, code};
use crate::simulator::clock::MILLISECOND;
use crate::simulator::log::LoggedRequest;
use crate::simulator::orders;
use crate::simulator::response::SimulatedResponse;
use crate::simulator::routes::{OrderFailure, run_order};
use crate::simulator::session::Caller;
use crate::simulator::state::{Call, State, World};

/// The method of a request over a WebSocket, in the log.
const WEBSOCKET: &str = "WEBSOCKET";

/// Fields of a new order that the method does not have. Ignoring them would place another order than the one that was meant.
const NOT_OF_METHOD: [&str; 2] = ["vwap_price", "dime_discount"];

/// A call of an order method.
pub(super) struct OrderCall {
    /// Its result, and what the HTTP operation returned.
    pub(super) result: Result<Value, RpcError>,
    /// The ids of the orders that it placed.
    pub(super) placed: Vec<String>,
    /// The entry for the log of requests.
    pub(super) logged: LoggedRequest,
}

/// Carries out an order method for a caller.
pub(super) fn call(
    world: &World,
    state: &mut State,
    (caller, address): (Caller, IpAddr),
    (method, request): (&'static Method, &Request),
    now: i64,
) -> OrderCall {
    let mut logged = logged(method, request, address);
    let mut placed = Vec::new();
    let result = match Twin::new(method, request, &world.settings.stream) {
        Err(error) => {
            logged.refusal = Some(error.to_string());
            Err(error)
        }
        Ok(twin) => {
            let sent = twin.request(address);
            let done = run_order(world, state, &sent, caller, now, |world, state, call| {
                carry_out(world, state, call, method)
            });
            let (status, refusal) = match &done {
                Ok(_) => (StatusCode::OK, None),
                Err(failure) => (failure.response().status, failure.response().refusal()),
            };
            (logged.operation, logged.status, logged.refusal) =
                (sent.operation, Some(status.as_u16()), refusal);
            match done {
                Ok((result, ids)) => {
                    placed = ids;
                    Ok(result)
                }
                Err(OrderFailure::Malformed(response)) => {
                    Err(RpcError::parameters(response.refusal().unwrap_or_default()))
                }
                Err(OrderFailure::Refused(response)) => Err(refusal_of(&response, &world.settings.stream)),
            }
        }
    };
    OrderCall {
        result,
        placed,
        logged,
    }
}

/// Returns the entry of a method for the log of requests.
pub(super) fn logged(method: &'static Method, request: &Request, address: IpAddr) -> LoggedRequest {
    let params = match &request.list {
        Some(list) => json!(list).to_string(),
        None => json!(request.params).to_string(),
    };
    LoggedRequest {
        method: WEBSOCKET.to_owned(),
        path: super::PATH.to_owned(),
        query: String::new(),
        headers: Vec::new(),
        body: params.into(),
        address,
        operation: method.operation,
        stream_method: Some(method),
        status: None,
        refusal: None,
    }
}

/// The HTTP request that asks for the same.
struct Twin {
    operation: &'static Operation,
    path: String,
    query: String,
    body: Option<Value>,
}

impl Twin {
    fn new(method: &Method, request: &Request, options: &StreamOptions) -> Result<Self, RpcError> {
        let operation = method
            .operation
            .ok_or_else(|| RpcError::new(code::METHOD_NOT_FOUND, "the method is not one of orders"))?;
        let mut twin = Self {
            operation,
            path: operation.path.to_owned(),
            query: String::new(),
            body: None,
        };
        let params = Value::Object(request.params.clone());
        if method == &methods::ORDER_CREATE {
            check_fields(&params, "")?;
            twin.body = Some(params);
        } else if method == &methods::ORDER_CREATE_BATCH {
            twin.body = Some(Value::Array(batch(request, options)?));
        } else if method == &methods::ORDER_MODIFY {
            twin.set_path("order_id", request.text("id")?);
            twin.body = Some(params);
        } else if method == &methods::ORDER_CANCEL_BATCH {
            if request.params.contains_key("client_order_ids") {
                return Err(RpcError::parameters(
                    "client_order_ids: the method does not have it",
                ));
            }
            twin.body = Some(params);
        } else if method == &methods::ORDER_CANCEL_ALL {
            if has(request, "market") {
                twin.query = format!("market={}", encoded(request.text("market")?));
            }
        } else if has(request, "id") {
            twin.set_path("order_id", request.text("id")?);
        } else if has(request, "client_id") {
            twin.operation = &paradex_api::operations::CANCEL_ORDER_BY_CLIENT_ID;
            twin.path = twin.operation.path.to_owned();
            twin.set_path("client_id", request.text("client_id")?);
            twin.query = format!("market={}", encoded(request.text("market")?));
        } else {
            return Err(RpcError::parameters("id, or client_id and market: must be given"));
        }
        Ok(twin)
    }

    fn set_path(&mut self, name: &str, value: &str) {
        self.path = self.path.replace(&format!("{{{name}}}"), &encoded(value));
    }

    fn request(&self, address: IpAddr) -> LoggedRequest {
        let body = self.body.as_ref().map(Value::to_string).unwrap_or_default();
        LoggedRequest {
            method: self.operation.method.as_str().to_owned(),
            path: self.path.clone(),
            query: self.query.clone(),
            headers: Vec::new(),
            body: body.into(),
            address,
            operation: Some(self.operation),
            stream_method: None,
            status: None,
            refusal: None,
        }
    }
}

/// Returns whether a parameter is given.
fn has(request: &Request, name: &str) -> bool {
    request.params.get(name).is_some_and(|value| !value.is_null())
}

/// Returns the orders of a batch.
fn batch(request: &Request, options: &StreamOptions) -> Result<Vec<Value>, RpcError> {
    let takes = options.switches.batch;
    let orders = match (&request.list, request.params.get("orders")) {
        (Some(list), _) if takes != BatchParameters::Object => list,
        (None, Some(Value::Array(orders))) if takes != BatchParameters::List => orders,
        _ => {
            return Err(RpcError::parameters(match takes {
                BatchParameters::List => "params: must be a list of orders",
                _ => "orders: must be a list of orders",
            }));
        }
    };
    for (index, order) in orders.iter().enumerate() {
        check_fields(order, &format!("orders/{index}/"))?;
    }
    Ok(orders.clone())
}

fn check_fields(order: &Value, place: &str) -> Result<(), RpcError> {
    let is_set = |value: &Value| !matches!(value, Value::Null | Value::Bool(false)) && value != "";
    let found = NOT_OF_METHOD
        .iter()
        .find(|name| order.get(**name).is_some_and(is_set));
    match found {
        Some(name) => Err(RpcError::parameters(format!(
            "{place}{name}: the method does not have it"
        ))),
        None => Ok(()),
    }
}

type Done = (Value, Vec<String>);

/// Carries out a method, and returns its result and the ids of the orders that it placed.
fn carry_out(
    world: &World,
    state: &mut State,
    call: &Call<'_>,
    method: &Method,
) -> Result<Done, SimulatedResponse> {
    let settings = &world.settings;
    let mut placed = Vec::new();
    let result = if method == &methods::ORDER_CREATE {
        let order = body(&orders::create(world, state, call)?);
        placed.extend(id_of(&order));
        created(order, call)
    } else if method == &methods::ORDER_CREATE_BATCH {
        let mut results = Vec::new();
        for outcome in orders::place_batch(world, state, call)? {
            results.push(match outcome {
                Ok(order) => {
                    placed.extend(id_of(&order));
                    created(order, call)
                }
                Err(refusal) => json!({"error": refusal.refusal()}),
            });
        }
        json!({ "results": results })
    } else if method == &methods::ORDER_MODIFY {
        json!({"order": body(&orders::modify(world, state, call)?)})
    } else if method == &methods::ORDER_CANCEL_BATCH {
        let mut response = body(&orders::cancel_batch(state, settings, call)?);
        let results = response.get_mut("results").and_then(Value::as_array_mut);
        for result in results.into_iter().flatten().filter_map(Value::as_object_mut) {
            result.retain(|name, _| matches!(name.as_str(), "id" | "market" | "status"));
        }
        response
    } else if method == &methods::ORDER_CANCEL_ALL {
        orders::cancel_all(state, settings, call)?;
        json!({"status": "ok"})
    } else {
        let client_id = call.path("client_id");
        let id = if client_id.is_empty() {
            orders::cancel(state, settings, call)?;
            call.path("order_id").to_owned()
        } else {
            let id = orders::id_of_client_id(state, call, client_id);
            orders::cancel_by_client_id(state, settings, call)?;
            id.unwrap_or_default()
        };
        json!({"order_id": id, "status": "QUEUED_FOR_CANCELLATION"})
    };
    Ok((result, placed))
}

fn body(response: &SimulatedResponse) -> Value {
    serde_json::from_slice(&response.body).unwrap_or_default()
}

fn id_of(order: &Value) -> Option<String> {
    order.get("id").and_then(Value::as_str).map(str::to_owned)
}

fn created(order: Value, call: &Call<'_>) -> Value {
    let created_at = order.get("created_at").and_then(Value::as_i64);
    let created_at = created_at.unwrap_or(call.now / MILLISECOND);
    json!({"order": order, "created_at": created_at, "received_at": call.now})
}

/// Returns the error of a method whose HTTP operation returned an error. Its data has code and message.
pub(super) fn refusal_of(response: &SimulatedResponse, options: &StreamOptions) -> RpcError {
    let code = match response.status.as_u16() {
        403 => code::FORBIDDEN,
        429 => code::RATE_LIMIT,
        // What the simulator does not support was not carried out.
        501 => code::INVALID_PARAMETERS,
        500.. => code::INTERNAL_ERROR,
        _ => match options.switches.refusal_code {
            OrderRefusalCode::InvalidParameters => code::INVALID_PARAMETERS,
            OrderRefusalCode::InvalidRequest => code::INVALID_REQUEST,
            OrderRefusalCode::MethodError => code::METHOD_ERROR,
        },
    };
    RpcError::new(code, response.refusal().unwrap_or_default())
}

/// Encodes a text for a path or a query.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
