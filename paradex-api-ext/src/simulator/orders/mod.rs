//! Orders: signed, stored and cancelled. They are never matched.

mod algo;
mod cancel;
mod list;
mod place;
mod status;
mod terms;

use hyper::StatusCode;
use paradex_api::types::{OrderSide, OrderStatus, OrderType};
use rust_decimal::Decimal;
use serde_json::{Value, json};

pub(super) use algo::{AlgoOrder, cancel_algo, create_algo, list_open_algo};
pub(super) use cancel::{cancel, cancel_all, cancel_batch, cancel_by_client_id};
pub(super) use list::{get, get_by_client_id, history, list_open};
pub(super) use place::{create, create_batch, modify};
pub(super) use status::check_status;
use terms::Terms;

use super::auth::refused;
use super::response::SimulatedResponse;
use super::state::{Call, State};

/// How many orders a batch may hold.
const BATCH: std::ops::RangeInclusive<usize> = 1..=50;

const MILLISECOND: i64 = 1_000_000;

/// A stored order.
#[derive(Debug, Clone)]
pub(super) struct Order {
    account: String,
    id: String,
    /// Empty if the client gave none.
    client_id: String,
    terms: Terms,
    instruction: Value,
    flags: Value,
    stp: Value,
    status: OrderStatus,
    cancel_reason: &'static str,
    signed_at: u64,
    created_at: i64,
    updated_at: i64,
}

/// An order of the simulator, as a test can inspect it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderSnapshot {
    /// The id that the simulator gave it.
    pub id: String,
    /// The id that the client gave it, if any.
    pub client_id: Option<String>,
    /// The market.
    pub market: String,
    /// The side: buy or sell.
    pub side: OrderSide,
    /// The type.
    pub order_type: OrderType,
    /// The size, as last modified.
    pub size: Decimal,
    /// The price, if the type has one.
    pub price: Option<Decimal>,
    /// The status.
    pub status: OrderStatus,
}

impl Order {
    /// Returns whether it can be cancelled.
    fn is_live(&self) -> bool {
        self.status != OrderStatus::Closed
    }

    fn cancel(&mut self, now: i64) {
        self.status = OrderStatus::Closed;
        self.cancel_reason = "USER_CANCELED";
        self.updated_at = now;
    }

    fn snapshot(&self) -> OrderSnapshot {
        OrderSnapshot {
            id: self.id.clone(),
            client_id: (!self.client_id.is_empty()).then(|| self.client_id.clone()),
            market: self.terms.market.clone(),
            side: self.terms.side.clone(),
            order_type: self.terms.kind.clone(),
            size: self.terms.size,
            price: self.terms.price,
            status: self.status.clone(),
        }
    }

    fn json(&self, status: &OrderStatus) -> Value {
        let terms = &self.terms;
        let filled = self.status == OrderStatus::Closed && self.cancel_reason.is_empty();
        let remaining = if filled { Decimal::ZERO } else { terms.size };
        let (created_at, updated_at) = (self.created_at / MILLISECOND, self.updated_at / MILLISECOND);
        json!({
            "account": self.account,
            "avg_fill_price": "",
            "cancel_reason": self.cancel_reason,
            "client_id": self.client_id,
            "created_at": created_at,
            "flags": self.flags,
            "id": self.id,
            "instruction": self.instruction,
            "last_updated_at": updated_at,
            "market": terms.market,
            "price": terms.price.unwrap_or_default().to_string(),
            "published_at": updated_at,
            "received_at": created_at,
            "remaining_size": remaining.to_string(),
            "seq_no": updated_at,
            "side": terms.side.as_str(),
            "size": terms.size.to_string(),
            "status": status.as_str(),
            "stp": self.stp,
            "timestamp": self.signed_at,
            "trigger_price": terms.trigger_price.unwrap_or_default().to_string(),
            "type": terms.kind.as_str(),
        })
    }
}

impl State {
    /// Returns the orders of an account, oldest first.
    pub(super) fn orders_of(&self, account: &str) -> Vec<OrderSnapshot> {
        let of_account = self.orders.iter().filter(|order| order.account == account);
        of_account.map(Order::snapshot).collect()
    }
}

fn check_batch(orders: usize) -> Result<(), SimulatedResponse> {
    if BATCH.contains(&orders) {
        return Ok(());
    }
    let (least, most) = (BATCH.start(), BATCH.end());
    let message = format!("the batch has {orders} orders, and must have {least} to {most}");
    Err(refused("BATCH_SIZE_OUT_OF_RANGE", &message))
}

/// Returns whether an order belongs to the caller and to the market of the query, if it names one.
fn is_selected(order: &Order, call: &Call<'_>) -> bool {
    order.account == call.account()
        && call
            .query("market")
            .is_none_or(|market| market == order.terms.market)
}

fn by_id(state: &State, call: &Call<'_>, id: &str) -> Option<usize> {
    let mut orders = state.orders.iter();
    orders.position(|order| order.id == id && order.account == call.account())
}

/// Returns the order with this client id: the one that can be cancelled or, if there is none, the newest.
fn by_client_id(state: &State, call: &Call<'_>, client_id: &str) -> Option<usize> {
    let named =
        |order: &Order| !client_id.is_empty() && order.client_id == client_id && is_selected(order, call);
    let mut orders = state.orders.iter();
    let live = orders.position(|order| order.is_live() && named(order));
    live.or_else(|| state.orders.iter().rposition(named))
}

/// Returns the caller's order with this id, if it is not closed.
fn live(state: &State, call: &Call<'_>, id: &str) -> Result<usize, SimulatedResponse> {
    let index = by_id(state, call, id).ok_or_else(order_id_not_found)?;
    match state.orders.get(index) {
        Some(order) if order.is_live() => Ok(index),
        _ => Err(order_is_closed()),
    }
}

fn text<'a>(sent: &'a Value, name: &str) -> &'a str {
    sent.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn order_id_not_found() -> SimulatedResponse {
    let message = "the account has no such order";
    SimulatedResponse::error(StatusCode::NOT_FOUND, "ORDER_ID_NOT_FOUND", message)
}

fn client_id_not_found() -> SimulatedResponse {
    let message = "the account has no order with this client id";
    SimulatedResponse::error(StatusCode::NOT_FOUND, "CLIENT_ORDER_ID_NOT_FOUND", message)
}

fn order_is_closed() -> SimulatedResponse {
    refused("ORDER_IS_CLOSED", "the order is closed")
}
