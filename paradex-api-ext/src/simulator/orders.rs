//! Orders: signed, kept and cancelled. Nothing is matched.

use std::time::Duration;

use hyper::StatusCode;
use paradex_api::types::{OrderSide, OrderStatus, OrderType, SystemStatus};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::accounts;
use super::answer::Answer;
use super::auth::{invalid_timestamp, refused};
use super::clock::nanoseconds;
use super::state::{Call, Settings, State};
use crate::pipeline::operation_class::places_orders;
use crate::signing::{
    AlgoOrder as SignedAlgo, Felt, MessageHash, ModifyOrder, Order as Signed, Scaled, Side, Signature,
};

/// How long after its signature an order may arrive that does not say it, in milliseconds.
const USUAL_WINDOW: u64 = 300_000;

/// How many orders a batch may hold.
const BATCH: std::ops::RangeInclusive<usize> = 1..=50;

/// How many orders a page of the history has if nothing is said.
const PAGE: usize = 100;

const MILLISECOND: i64 = 1_000_000;

/// An order as it is kept.
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

/// What an order asks for.
#[derive(Debug, Clone)]
struct Terms {
    market: String,
    side: OrderSide,
    kind: OrderType,
    size: Decimal,
    price: Option<Decimal>,
    trigger_price: Option<Decimal>,
}

/// An order as the simulator remembers it, for a test to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderSnapshot {
    /// The id that the simulator gave it.
    pub id: String,
    /// The id that the client gave it, if it gave one.
    pub client_id: Option<String>,
    /// The market.
    pub market: String,
    /// Whether it buys or sells.
    pub side: OrderSide,
    /// The type.
    pub order_type: OrderType,
    /// The size; after a change, the new one.
    pub size: Decimal,
    /// The price, if it has one.
    pub price: Option<Decimal>,
    /// Where it stands.
    pub status: OrderStatus,
}

impl Order {
    /// Whether it can still be cancelled.
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
    /// The orders of an account, oldest first.
    pub(super) fn orders_of(&self, account: &str) -> Vec<OrderSnapshot> {
        let of_account = self.orders.iter().filter(|order| order.account == account);
        of_account.map(Order::snapshot).collect()
    }
}

/// Places one order.
pub(super) fn create(state: &mut State, settings: &Settings, call: &Call<'_>) -> Result<Answer, Answer> {
    let order = draft(state, settings, call, &call.matched.body)?;
    let answer = place(state, order)?;
    Ok(Answer::json(StatusCode::CREATED, &answer))
}

/// Places several. One that is badly formed or signed refuses them all, and nothing is placed then.
pub(super) fn create_batch(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<Answer, Answer> {
    let sent = call.matched.body.as_array().map_or(&[][..], Vec::as_slice);
    check_batch(sent.len())?;
    let drafts: Result<Vec<Order>, Answer> = sent
        .iter()
        .map(|order| draft(state, settings, call, order))
        .collect();
    let (mut orders, mut errors) = (Vec::new(), Vec::new());
    for order in drafts? {
        match place(state, order) {
            Ok(order) => orders.push(order),
            Err(refusal) => errors.push(refusal.error_part()),
        }
    }
    let answer = json!({ "orders": orders, "errors": errors });
    Ok(Answer::json(StatusCode::CREATED, &answer))
}

/// Replaces size and prices of an order.
pub(super) fn modify(state: &mut State, settings: &Settings, call: &Call<'_>) -> Result<Answer, Answer> {
    let id = call.path("order_id");
    let index = live(state, call, id)?;
    if call.text("id")? != id {
        return Err(Answer::invalid("id: must be the order of the path"));
    }
    let body = &call.matched.body;
    let terms = Terms::read(body)?;
    let signed = Felt::from_text(id).map_err(|error| Answer::invalid(&format!("id: {error}")))?;
    let timestamp_ms = signed_at(settings, call, body)?;
    let order = terms.signed(timestamp_ms)?;
    let messages = accounts::messages(settings, caller(state, call)?.address)?;
    let hash = messages.modify_order(&ModifyOrder { order, id: signed });
    verify(state, call, body, &hash)?;
    let order = state.orders.get_mut(index).ok_or_else(order_id_not_found)?;
    let fixed = |terms: &Terms| (terms.market.clone(), terms.side.clone(), terms.kind.clone());
    if fixed(&order.terms) != fixed(&terms) {
        return Err(Answer::invalid(
            "market, side and type: must be those of the order",
        ));
    }
    order.terms = terms;
    order.signed_at = timestamp_ms;
    order.updated_at = call.now;
    let status = order.status.clone();
    Ok(Answer::ok(&order.json(&status)))
}

/// Checks an algo order and begins it. It is at work until it is cancelled, and places no orders.
pub(super) fn create_algo(state: &mut State, settings: &Settings, call: &Call<'_>) -> Result<Answer, Answer> {
    let body = &call.matched.body;
    let terms = Terms::read(body)?;
    if terms.kind != OrderType::Market {
        return Err(Answer::invalid("type: must be MARKET"));
    }
    let duration = body.get("duration_seconds").and_then(Value::as_u64);
    let duration = duration
        .filter(|duration| (30..=86_400).contains(duration) && duration % 30 == 0)
        .ok_or_else(|| Answer::invalid("duration_seconds: must be a multiple of 30, between 30 and 86400"))?;
    let timestamp_ms = signed_at(settings, call, body)?;
    let order = terms.signed(timestamp_ms)?;
    let messages = accounts::messages(settings, caller(state, call)?.address)?;
    let hash = messages.algo_order(&SignedAlgo {
        timestamp_ms,
        market: order.market,
        side: order.side,
        size: order.size,
    });
    verify(state, call, body, &hash)?;
    let end_at = call
        .now
        .saturating_add(nanoseconds(Duration::from_secs(duration)));
    let now = call.now / MILLISECOND;
    let answer = json!({
        "account": call.account(),
        "algo_params": {},
        "algo_type": body.get("algo_type"),
        "avg_fill_price": "",
        "cancel_reason": "",
        "created_at": now,
        "end_at": end_at / MILLISECOND,
        "id": state.next_id("algo").to_string(),
        "last_updated_at": now,
        "market": terms.market,
        "remaining_size": terms.size.to_string(),
        "side": terms.side.as_str(),
        "size": terms.size.to_string(),
        "status": OrderStatus::New.as_str(),
    });
    state.algo_orders.push(AlgoOrder(answer.clone()));
    Ok(Answer::json(StatusCode::CREATED, &answer))
}

/// An algo order at work, as it is shown.
#[derive(Debug)]
pub(super) struct AlgoOrder(Value);

impl AlgoOrder {
    fn is(&self, field: &str, value: &str) -> bool {
        self.0.get(field).and_then(Value::as_str) == Some(value)
    }
}

/// Lists the algo orders at work.
pub(super) fn list_open_algo(state: &State, call: &Call<'_>) -> Answer {
    let all = state.algo_orders.iter();
    let own: Vec<&Value> = all
        .filter(|order| order.is("account", call.account()))
        .map(|order| &order.0)
        .collect();
    Answer::ok(&json!({ "results": own }))
}

/// Ends an algo order.
pub(super) fn cancel_algo(state: &mut State, call: &Call<'_>) -> Result<Answer, Answer> {
    let id = call.path("algo_id");
    let all = &mut state.algo_orders;
    let found = all
        .iter()
        .position(|order| order.is("account", call.account()) && order.is("id", id));
    all.remove(found.ok_or_else(|| {
        Answer::error(
            StatusCode::NOT_FOUND,
            "ALGO_ID_NOT_FOUND",
            "there is no such algo order",
        )
    })?);
    Ok(Answer::new(StatusCode::NO_CONTENT, None, ""))
}

/// Refuses what is not taken at present. The codes are the exchange's; no source says with which status they come.
pub(super) fn check_status(state: &State, call: &Call<'_>) -> Result<(), Answer> {
    if !places_orders(call.operation) {
        return Ok(());
    }
    let refused = |code, message| Err(Answer::error(StatusCode::BAD_REQUEST, code, message));
    let body = &call.matched.body;
    let orders = body.as_array().map_or(std::slice::from_ref(body), Vec::as_slice);
    let adds = |order: &Value| matches!(text(order, "instruction"), "POST_ONLY" | "RPI");
    match state.status {
        SystemStatus::CancelOnly => refused("SYSTEM_STATUS_CANCEL_ONLY", "only cancels are taken"),
        SystemStatus::PostOnly if !orders.iter().all(adds) => {
            refused("SYSTEM_STATUS_POST_ONLY", "only post-only orders are taken")
        }
        SystemStatus::Maintenance => Err(Answer::error(
            StatusCode::SERVICE_UNAVAILABLE,
            "SERVICE_UNAVAILABLE",
            "the exchange is under maintenance",
        )),
        _ => Ok(()),
    }
}

/// Lists the orders that are not closed.
pub(super) fn list_open(state: &State, call: &Call<'_>) -> Answer {
    let listed: Vec<Value> = state
        .orders
        .iter()
        .filter(|order| order.is_live() && is_selected(order, call))
        .map(|order| order.json(&order.status))
        .collect();
    Answer::ok(&json!({ "results": listed }))
}

/// Lists all orders, the newest first, page by page.
pub(super) fn history(state: &State, call: &Call<'_>) -> Result<Answer, Answer> {
    let number = |name: &str| call.query(name).and_then(|text| text.parse::<i64>().ok());
    let end = match call.query("cursor") {
        None => state.orders.len(),
        Some(cursor) => cursor
            .parse()
            .map_err(|_| Answer::invalid("cursor: must be the one of a page before"))?,
    };
    let size = call.query("page_size").and_then(|text| text.parse().ok());
    let matches = |wanted: Option<&str>, text: &str| wanted.is_none_or(|wanted| wanted == text);
    let selected = |order: &Order| {
        let created_at = order.created_at / MILLISECOND;
        is_selected(order, call)
            && matches(call.query("client_id"), &order.client_id)
            && matches(call.query("side"), order.terms.side.as_str())
            && matches(call.query("type"), order.terms.kind.as_str())
            && matches(call.query("status"), order.status.as_str())
            && number("start_at").is_none_or(|start| created_at >= start)
            && number("end_at").is_none_or(|end| created_at <= end)
    };
    let mut found = state
        .orders
        .iter()
        .enumerate()
        .take(end)
        .rev()
        .filter(|(_, order)| selected(order))
        .peekable();
    let (mut page, mut last) = (Vec::new(), 0);
    for (index, order) in found.by_ref().take(size.unwrap_or(PAGE).max(1)) {
        page.push(order.json(&order.status));
        last = index;
    }
    let next = found.peek().map(|_| last.to_string());
    Ok(Answer::ok(
        &json!({ "next": next, "prev": null, "results": page }),
    ))
}

/// One order, whatever its status.
pub(super) fn get(state: &State, call: &Call<'_>) -> Result<Answer, Answer> {
    let index = by_id(state, call, call.path("order_id")).ok_or_else(order_id_not_found)?;
    let order = state.orders.get(index).ok_or_else(order_id_not_found)?;
    Ok(Answer::ok(&order.json(&order.status)))
}

/// The open order that the client gave this id.
pub(super) fn get_by_client_id(state: &State, call: &Call<'_>) -> Result<Answer, Answer> {
    let order = state
        .orders
        .iter()
        .filter(|order| order.status == OrderStatus::Open && order.account == call.account())
        .find(|order| order.client_id == call.path("client_id"))
        .ok_or_else(client_id_not_found)?;
    Ok(Answer::ok(&order.json(&order.status)))
}

/// Cancels one order.
pub(super) fn cancel(state: &mut State, call: &Call<'_>) -> Result<Answer, Answer> {
    let index = live(state, call, call.path("order_id"))?;
    if let Some(order) = state.orders.get_mut(index) {
        order.cancel(call.now);
    }
    Ok(Answer::new(StatusCode::NO_CONTENT, None, ""))
}

/// Cancels the order that the client gave this id.
pub(super) fn cancel_by_client_id(state: &mut State, call: &Call<'_>) -> Result<Answer, Answer> {
    let index = by_client_id(state, call, call.path("client_id")).ok_or_else(client_id_not_found)?;
    match state.orders.get_mut(index) {
        Some(order) if order.is_live() => order.cancel(call.now),
        _ => return Err(order_is_closed()),
    }
    Ok(Answer::new(StatusCode::NO_CONTENT, None, ""))
}

/// Cancels those of a list, and says of each what became of it.
pub(super) fn cancel_batch(state: &mut State, call: &Call<'_>) -> Result<Answer, Answer> {
    let texts = |name: &str| -> Vec<String> {
        let list = call.field(name).and_then(Value::as_array);
        let texts = list.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    };
    let (ids, client_ids) = (texts("order_ids"), texts("client_order_ids"));
    check_batch(ids.len().saturating_add(client_ids.len()))?;
    let mut results = Vec::new();
    for id in &ids {
        let index = by_id(state, call, id);
        results.push(cancel_one(state, call, index, json!({ "id": id })));
    }
    for client_id in &client_ids {
        let index = by_client_id(state, call, client_id);
        results.push(cancel_one(state, call, index, json!({ "client_id": client_id })));
    }
    Ok(Answer::ok(&json!({ "results": results })))
}

/// Cancels all, or those of one market.
pub(super) fn cancel_all(state: &mut State, call: &Call<'_>) -> Answer {
    for order in &mut state.orders {
        if order.is_live() && is_selected(order, call) {
            order.cancel(call.now);
        }
    }
    Answer::new(StatusCode::OK, None, "")
}

fn cancel_one(state: &mut State, call: &Call<'_>, index: Option<usize>, unknown: Value) -> Value {
    let (mut result, status) = match index.and_then(|index| state.orders.get_mut(index)) {
        None => (unknown, "NOT_FOUND"),
        Some(order) => {
            let live = order.is_live();
            if live {
                order.cancel(call.now);
            }
            let result = json!({
                "account": order.account,
                "client_id": order.client_id,
                "id": order.id,
                "market": order.terms.market,
            });
            (
                result,
                if live {
                    "QUEUED_FOR_CANCELLATION"
                } else {
                    "ALREADY_CLOSED"
                },
            )
        }
    };
    if let Value::Object(fields) = &mut result {
        fields.insert("status".to_owned(), Value::from(status));
    }
    result
}

fn check_batch(orders: usize) -> Result<(), Answer> {
    if BATCH.contains(&orders) {
        return Ok(());
    }
    let (least, most) = (BATCH.start(), BATCH.end());
    let message = format!("the batch has {orders} orders, and must have {least} to {most}");
    Err(refused("BATCH_SIZE_OUT_OF_RANGE", &message))
}

/// Whether an order belongs to the caller and to the market of the query, if it names one.
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

/// The order that the client gave this id: the one that can be cancelled or, if there is none, the last.
fn by_client_id(state: &State, call: &Call<'_>, client_id: &str) -> Option<usize> {
    let named =
        |order: &Order| !client_id.is_empty() && order.client_id == client_id && is_selected(order, call);
    let mut orders = state.orders.iter();
    let live = orders.position(|order| order.is_live() && named(order));
    live.or_else(|| state.orders.iter().rposition(named))
}

/// The caller's order of this id, if it is not closed.
fn live(state: &State, call: &Call<'_>, id: &str) -> Result<usize, Answer> {
    let index = by_id(state, call, id).ok_or_else(order_id_not_found)?;
    match state.orders.get(index) {
        Some(order) if order.is_live() => Ok(index),
        _ => Err(order_is_closed()),
    }
}

/// Reads a new order and checks all that can be checked without other orders.
fn draft(state: &State, settings: &Settings, call: &Call<'_>, sent: &Value) -> Result<Order, Answer> {
    let terms = Terms::read(sent)?;
    let timestamp_ms = signed_at(settings, call, sent)?;
    let signed = terms.signed(timestamp_ms)?;
    let hash = accounts::messages(settings, caller(state, call)?.address)?.order(&signed);
    verify(state, call, sent, &hash)?;
    let or = |name: &str, otherwise: Value| sent.get(name).cloned().unwrap_or(otherwise);
    let status = match terms.kind {
        OrderType::Limit => OrderStatus::Open,
        OrderType::Market => OrderStatus::Closed,
        _ => OrderStatus::Untriggered,
    };
    Ok(Order {
        account: call.account().to_owned(),
        // It gets one when it is placed, so that a refused batch uses up none.
        id: String::new(),
        client_id: text(sent, "client_id").to_owned(),
        terms,
        instruction: or("instruction", json!("GTC")),
        flags: or("flags", json!([])),
        stp: or("stp", json!("EXPIRE_TAKER")),
        status,
        cancel_reason: "",
        signed_at: timestamp_ms,
        created_at: call.now,
        updated_at: call.now,
    })
}

/// Keeps an order, and answers what is said of it before anything has become of it.
fn place(state: &mut State, mut order: Order) -> Result<Value, Answer> {
    let taken = state.orders.iter().any(|other| {
        !order.client_id.is_empty()
            && other.is_live()
            && other.account == order.account
            && other.client_id == order.client_id
    });
    if taken {
        let message = "client_id: an open order has it already";
        return Err(refused("DUPLICATED_CLIENT_ID", message));
    }
    order.id = state.next_id("order").to_string();
    let answer = order.json(&OrderStatus::New);
    state.orders.push(order);
    Ok(answer)
}

impl Terms {
    fn read(sent: &Value) -> Result<Self, Answer> {
        if !text(sent, "on_behalf_of_account").is_empty() {
            let message = "on_behalf_of_account: this simulator knows no orders for other accounts";
            return Err(Answer::not_implemented(message));
        }
        let terms = Self {
            market: text(sent, "market").to_owned(),
            side: OrderSide::from(text(sent, "side")),
            kind: OrderType::from(text(sent, "type")),
            size: decimal(sent, "size")?.unwrap_or_default(),
            price: decimal(sent, "price")?,
            trigger_price: decimal(sent, "trigger_price")?,
        };
        if terms.market.is_empty() {
            return Err(Answer::invalid("market: must not be empty"));
        }
        let kind = terms.kind.as_str();
        // There, 0 is the whole position.
        let closes = kind.starts_with("STOP_LOSS_") || kind.starts_with("TAKE_PROFIT_");
        if terms.size < Decimal::ZERO || (terms.size.is_zero() && !closes) {
            return Err(refused("INVALID_ORDER_SIZE", "size: must be above 0"));
        }
        if matches!(terms.kind, OrderType::Market | OrderType::StopMarket) && terms.price.is_some() {
            let message = format!("price: must be omitted, because the type is {kind}");
            return Err(refused("INVALID_REQUEST_PARAMETER", &message));
        }
        if kind.ends_with("LIMIT") && terms.price.is_none_or(|price| price <= Decimal::ZERO) {
            let message = format!("price: must be given and above 0, because the type is {kind}");
            return Err(Answer::invalid(&message));
        }
        let waits = !matches!(terms.kind, OrderType::Limit | OrderType::Market);
        if waits && terms.trigger_price.is_none_or(|price| price <= Decimal::ZERO) {
            let message = format!("trigger_price: must be given and above 0, because the type is {kind}");
            return Err(Answer::invalid(&message));
        }
        Ok(terms)
    }

    /// The part that is signed.
    fn signed(&self, timestamp_ms: u64) -> Result<Signed, Answer> {
        let short = |name: &str, text: &str| {
            Felt::from_short_string(text).map_err(|error| Answer::invalid(&format!("{name}: {error}")))
        };
        let scaled = |name: &str, value: Decimal| {
            Scaled::from_decimal(value).map_err(|error| Answer::invalid(&format!("{name}: {error}")))
        };
        Ok(Signed {
            timestamp_ms,
            market: short("market", &self.market)?,
            side: match self.side {
                OrderSide::Buy => Side::Buy,
                OrderSide::Sell => Side::Sell,
                _ => return Err(Answer::invalid("side: must be BUY or SELL")),
            },
            order_type: short("type", self.kind.as_str())?,
            size: scaled("size", self.size)?,
            // A type without a price has none here, and 0 is signed for it.
            price: scaled("price", self.price.unwrap_or_default())?,
        })
    }
}

/// The time of the signature, if the request has come in time.
fn signed_at(settings: &Settings, call: &Call<'_>, sent: &Value) -> Result<u64, Answer> {
    let window = match sent.get("recv_window") {
        None => USUAL_WINDOW,
        Some(window) => window
            .as_u64()
            .filter(|window| *window > 0)
            .ok_or_else(|| Answer::invalid("recv_window: must be above 0"))?,
    };
    let now = u64::try_from(call.now / MILLISECOND).unwrap_or(0);
    let ahead = u64::try_from(settings.clock_tolerance.as_millis()).unwrap_or(u64::MAX);
    sent.get("signature_timestamp")
        .and_then(Value::as_u64)
        .filter(|time| now <= time.saturating_add(window) && *time <= now.saturating_add(ahead))
        .ok_or_else(|| {
            invalid_timestamp("signature_timestamp: is too far from the exchange's clock, in milliseconds")
        })
}

/// Whether the signature of a request is one of this message, by a key that may sign for the caller's account.
fn verify(state: &State, call: &Call<'_>, sent: &Value, hash: &MessageHash) -> Result<(), Answer> {
    let invalid = |why: &str| refused("INVALID_ORDER_SIGNATURE", &format!("signature: {why}"));
    let signature =
        Signature::from_wire(text(sent, "signature")).map_err(|error| invalid(&error.to_string()))?;
    if state.signed_for(caller(state, call)?, hash, &signature) {
        Ok(())
    } else {
        Err(invalid("no key of the account made it of this order"))
    }
}

/// The account of the caller.
fn caller<'a>(state: &'a State, call: &Call<'_>) -> Result<&'a accounts::Account, Answer> {
    let message = "the session's account is gone";
    state
        .account(call.account())
        .ok_or_else(|| Answer::internal(message))
}

fn text<'a>(sent: &'a Value, name: &str) -> &'a str {
    sent.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn decimal(sent: &Value, name: &str) -> Result<Option<Decimal>, Answer> {
    let Some(value) = sent.get(name) else {
        return Ok(None);
    };
    let read = value.as_str().and_then(|text| Decimal::from_str_exact(text).ok());
    let message = || Answer::invalid(&format!("{name}: must be a decimal number"));
    read.map(Some).ok_or_else(message)
}

fn order_id_not_found() -> Answer {
    let message = "the account has no such order";
    Answer::error(StatusCode::NOT_FOUND, "ORDER_ID_NOT_FOUND", message)
}

fn client_id_not_found() -> Answer {
    let message = "the account has no such order under this id of the client's";
    Answer::error(StatusCode::NOT_FOUND, "CLIENT_ORDER_ID_NOT_FOUND", message)
}

fn order_is_closed() -> Answer {
    refused("ORDER_IS_CLOSED", "the order is closed")
}
