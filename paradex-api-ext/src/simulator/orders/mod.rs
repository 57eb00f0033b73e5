//! Orders: signed, and placed and cancelled in the matching engine.

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

pub(super) use algo::{cancel_algo, create_algo, get_algo, list_algo, list_open_algo};
pub(super) use cancel::{cancel, cancel_all, cancel_batch, cancel_by_client_id};
pub(super) use list::{get, get_by_client_id, history, list_open};
pub(super) use place::{create, create_batch, modify, place_batch};
pub(super) use status::check_status;

use super::auth::refused;
use super::clock::MILLISECOND;
use super::engine::{AccountId, CancelReason, Order, Price};
use super::response::SimulatedResponse;
use super::state::{Call, State};
use super::trading::{self, Trading};

/// How many orders a batch may hold.
const BATCH: std::ops::RangeInclusive<usize> = 1..=50;

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
    /// How much is filled.
    pub filled: Decimal,
    /// The average price of its fills.
    pub average_price: Option<Decimal>,
    /// Why it was closed, unless it was filled. The names are those of the exchange.
    pub cancel_reason: Option<&'static str>,
}

impl State {
    /// Returns the orders of an account, oldest first.
    pub(super) fn orders_of(&self, account: &str) -> Vec<OrderSnapshot> {
        let orders = orders_of(&self.trading, account);
        orders.map(|order| snapshot(&self.trading, order)).collect()
    }
}

fn snapshot(trading: &Trading, order: &Order) -> OrderSnapshot {
    let terms = &order.terms;
    OrderSnapshot {
        id: trading.order_id(order.id),
        client_id: (!terms.client_id.is_empty()).then(|| terms.client_id.to_string()),
        market: trading.symbol(terms.market).to_owned(),
        side: trading::side_of(terms.side),
        order_type: trading::kind_of(terms.kind),
        size: terms.size.decimal(),
        price: terms.price.map(Price::decimal),
        status: trading::status(order),
        filled: order.execution.filled.decimal(),
        average_price: order.execution.average_price().map(Price::decimal),
        cancel_reason: order.reason.map(CancelReason::as_str),
    }
}

/// Returns the JSON of an order.
pub(super) fn order_json(trading: &Trading, order: &Order) -> Value {
    let terms = &order.terms;
    let (created_at, updated_at) = (order.created_at / MILLISECOND, order.updated_at / MILLISECOND);
    let price = |price: Option<Price>| price.unwrap_or_default().decimal().to_string();
    json!({
        "account": trading.address(terms.account),
        "avg_fill_price": order.execution.average_price().map_or_else(String::new, |price| price.decimal().to_string()),
        "cancel_reason": order.reason.map_or("", CancelReason::as_str),
        "client_id": terms.client_id,
        "created_at": created_at,
        "flags": trading::flags(terms),
        "id": trading.order_id(order.id),
        "instruction": terms.instruction,
        "last_updated_at": updated_at,
        "market": trading.symbol(terms.market),
        "price": price(terms.price),
        "published_at": updated_at,
        "received_at": created_at,
        "remaining_size": order.execution.remaining.decimal().to_string(),
        "seq_no": order.seq_no,
        "side": terms.side,
        "size": terms.size.decimal().to_string(),
        "status": order.status,
        "stp": terms.stp,
        "timestamp": terms.signed_at,
        "trigger_price": price(terms.trigger),
        "type": terms.kind,
    })
}

fn check_batch(orders: usize) -> Result<(), SimulatedResponse> {
    if BATCH.contains(&orders) {
        return Ok(());
    }
    let (least, most) = (BATCH.start(), BATCH.end());
    let message = format!("the batch has {orders} orders, and must have {least} to {most}");
    Err(refused("BATCH_SIZE_OUT_OF_RANGE", &message))
}

/// Returns the number of the caller's account in the engine.
fn account(state: &State, call: &Call<'_>) -> Result<AccountId, SimulatedResponse> {
    let account = state.trading.account(call.account());
    account.ok_or_else(|| SimulatedResponse::internal("the account of the session does not exist"))
}

/// Returns the caller's orders, oldest first and closed ones included.
fn own<'a>(state: &'a State, call: &Call<'_>) -> impl DoubleEndedIterator<Item = &'a Order> {
    orders_of(&state.trading, call.account())
}

/// Returns the orders of an account, oldest first and closed ones included.
fn orders_of<'a>(trading: &'a Trading, account: &str) -> impl DoubleEndedIterator<Item = &'a Order> {
    let engine = trading.engine();
    let account = trading.account(account).and_then(|id| engine.account(id));
    let orders = account.into_iter().flat_map(|account| &account.orders);
    orders.filter_map(|id| engine.order(*id))
}

/// Returns the id of the order that a cancel by client id means.
pub(super) fn id_of_client_id(state: &State, call: &Call<'_>, client_id: &str) -> Option<String> {
    by_client_id(state, call, client_id).map(|order| state.trading.order_id(order.id))
}

fn by_id<'a>(state: &'a State, call: &Call<'_>, id: &str) -> Option<&'a Order> {
    state.trading.order(state.trading.account(call.account())?, id)
}

/// Returns the order with this client id: the one that can be cancelled or, if there is none, the newest.
fn by_client_id<'a>(state: &'a State, call: &Call<'_>, client_id: &str) -> Option<&'a Order> {
    let engine = state.trading.engine();
    let account = engine.account(state.trading.account(call.account())?)?;
    let live = account.client_ids.get(client_id).and_then(|id| engine.order(*id));
    let named = |order: &&Order| {
        !client_id.is_empty()
            && *order.terms.client_id == *client_id
            && state.trading.is_selected(order.terms.market, call)
    };
    live.filter(named).or_else(|| own(state, call).rev().find(named))
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
