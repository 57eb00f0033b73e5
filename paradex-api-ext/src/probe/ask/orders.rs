//! Orders: post-only, of the smallest size, far from the market, and cancelled.

use std::time::Duration;

use paradex_api::{Decimal, Secret, operations, sbe};
use serde_json::{Value, json};

use super::super::error::Trouble;
use super::super::journal::Entry;
use super::super::reply::Reply;
use super::super::run::{ProbeKey, Run};
use super::disconnect::{clean_close, disconnect};
use super::is_about_request;
use super::sessions::cancel_invented;
use super::socket::Socket;
use super::tokens::INVENTED_ORDER;
use crate::Client;
use crate::assumptions::{
    BatchParameters, CLOSED_ORDER_REFUSAL, CleanClose, ClosedOrderById, DisconnectDelay, DisconnectScope,
    OrderRefusalCode, PlacedStatus, PrivateEncoding, SameOrderTwice, UNKNOWN_ORDER_REFUSAL, UsedClientId,
    Words, ZERO_SIZE_REFUSAL,
};
use crate::signing::{Felt, MessagePrefix, Order, Scaled, Side};
use crate::time::unix_milliseconds;

/// The market of the orders.
pub(super) const MARKET: &str = "BTC-USD-PERP";
/// The channel of the account's orders.
const ORDERS: &str = "orders.ALL";
/// The price of the orders, in percent of the best bid.
const PRICE_PERCENT: i64 = 80;
/// How often to look whether a cancelled order is closed.
const MOST_POLLS: usize = 2;

/// Who places orders, and which.
pub(super) struct Trader {
    key: ProbeKey,
    session: Secret,
    client: Client,
    messages: MessagePrefix,
    price: Decimal,
    pub(super) size: Decimal,
    /// When the last order was signed, in milliseconds.
    last: u64,
}

/// A request for an order.
pub(super) struct Draft {
    pub(super) body: Value,
    pub(super) entry: Entry,
}

/// What reading an order has shown.
pub(super) enum Seen {
    Open,
    /// With what reading a closed order by its id returns.
    Closed(ClosedOrderById),
    /// Nothing, and why.
    Unclear(String),
}

pub(super) async fn ask(run: &mut Run) -> Result<(), Trouble> {
    run.begin(ZERO_SIZE_REFUSAL);
    run.measure_clock().await?;
    let mut trader = trader(run).await?;
    let draft = trader.named_draft(run, Decimal::ZERO)?;
    let reply = run.place(&trader, &draft).await?;
    run.found_refusal(ZERO_SIZE_REFUSAL, &reply);

    run.begin(UNKNOWN_ORDER_REFUSAL);
    let reply = run.cancel(&trader, INVENTED_ORDER).await?;
    run.found_refusal(UNKNOWN_ORDER_REFUSAL, &reply);

    run.begin(PlacedStatus::QUESTION);
    let client_id = run.new_name();
    let size = trader.size;
    let draft = trader.draft(run, size, Some(&client_id))?;
    let reply = run.place(&trader, &draft).await?;
    let Some(id) = placed_id(&reply) else {
        let because = format!("no order was placed: the response was {}", reply.evidence());
        run.rest_is_unclear(
            &[
                PlacedStatus::QUESTION,
                ClosedOrderById::QUESTION,
                CLOSED_ORDER_REFUSAL,
                UsedClientId::QUESTION,
                SameOrderTwice::QUESTION,
                OrderRefusalCode::QUESTION,
                BatchParameters::QUESTION,
                PrivateEncoding::QUESTION,
                DisconnectDelay::QUESTION,
                DisconnectScope::QUESTION,
                CleanClose::QUESTION,
            ],
            &because,
        );
        return Ok(());
    };
    match reply.text("status") {
        Some("NEW") => run.found(PlacedStatus::New, "status NEW"),
        Some("OPEN") => run.found(PlacedStatus::Open, "status OPEN"),
        _ => run.unclear(PlacedStatus::QUESTION, "the response has another status"),
    }

    run.begin(ClosedOrderById::QUESTION);
    let unclosed = match cancelled(run, &trader, id).await? {
        Seen::Closed(answer) => {
            run.found(answer, answer.evidence());
            None
        }
        Seen::Open => Some("the cancelled order was not closed in time".to_owned()),
        Seen::Unclear(why) => Some(format!("it is not known whether the order was closed: {why}")),
    };
    if let Some(why) = &unclosed {
        run.unclear(ClosedOrderById::QUESTION, why.clone());
    }

    run.begin(CLOSED_ORDER_REFUSAL);
    let reply = run.cancel(&trader, id).await?;
    match &unclosed {
        None => run.found_refusal(CLOSED_ORDER_REFUSAL, &reply),
        Some(why) => run.unclear(CLOSED_ORDER_REFUSAL, why.clone()),
    }

    run.begin(UsedClientId::QUESTION);
    let draft = trader.draft(run, size, Some(&client_id))?;
    let reply = run.place(&trader, &draft).await?;
    match unclosed {
        None => run.found_if_accepted(&reply, UsedClientId::Accepted, UsedClientId::Refused),
        Some(why) => run.unclear(UsedClientId::QUESTION, why),
    }
    if let Some(id) = placed_id(&reply) {
        run.cancel(&trader, id).await?;
    }

    run.begin(SameOrderTwice::QUESTION);
    let draft = trader.draft(run, size, None)?;
    let (first, second) = (
        run.place(&trader, &draft).await?,
        run.place(&trader, &draft).await?,
    );
    let (first_id, second_id) = (placed_id(&first), placed_id(&second));
    match (first_id, second_id) {
        (Some(one), Some(other)) if one != other => {
            run.found(SameOrderTwice::Accepted, "two orders were placed")
        }
        (Some(_), None) if is_about_request(&second) => run.found(SameOrderTwice::Refused, second.evidence()),
        _ => run.unclear(
            SameOrderTwice::QUESTION,
            format!(
                "the responses were {} and {}",
                first.evidence(),
                second.evidence()
            ),
        ),
    }
    for id in [first_id, second_id].into_iter().flatten() {
        run.cancel(&trader, id).await?;
    }

    run.begin(OrderRefusalCode::QUESTION);
    refusal_code(run, &trader).await?;
    run.begin(BatchParameters::QUESTION);
    batch_parameters(run, &mut trader).await?;
    run.begin(PrivateEncoding::QUESTION);
    private_encoding(run, &mut trader).await?;
    run.begin(DisconnectDelay::QUESTION);
    let delay = disconnect(run, &mut trader).await?;
    run.begin(CleanClose::QUESTION);
    clean_close(run, &mut trader, delay).await
}

/// Opens a connection and authenticates it, or notes that a question has no answer.
pub(super) async fn connected(
    run: &mut Run,
    trader: &Trader,
    question: &'static str,
) -> Result<Option<Socket>, Trouble> {
    let mut socket = match run.open_sbe().await? {
        Ok(socket) => socket,
        Err(why) => {
            run.unclear(question, why);
            return Ok(None);
        }
    };
    let authenticated = run.authenticate(&mut socket, &trader.session).await?;
    if authenticated.is_done() {
        return Ok(Some(socket));
    }
    run.unclear(question, format!("`auth`: {}", authenticated.evidence()));
    Ok(None)
}

async fn refusal_code(run: &mut Run, trader: &Trader) -> Result<(), Trouble> {
    let question = OrderRefusalCode::QUESTION;
    let Some(mut socket) = connected(run, trader, question).await? else {
        return Ok(());
    };
    let heard = cancel_invented(run, &mut socket).await?;
    match heard.error_code() {
        Some(-32_602) => run.found(OrderRefusalCode::InvalidParameters, heard.evidence()),
        Some(-32_600) => run.found(OrderRefusalCode::InvalidRequest, heard.evidence()),
        Some(100) => run.found(OrderRefusalCode::MethodError, heard.evidence()),
        _ => run.unclear(question, heard.evidence()),
    }
    Ok(())
}

async fn batch_parameters(run: &mut Run, trader: &mut Trader) -> Result<(), Trouble> {
    let question = BatchParameters::QUESTION;
    let Some(mut socket) = connected(run, trader, question).await? else {
        return Ok(());
    };
    let mut verdicts = Vec::new();
    let mut evidence = Vec::new();
    for is_list in [false, true] {
        let draft = trader.named_draft(run, trader.size)?;
        run.record(draft.entry.clone())?;
        let params = match is_list {
            false => json!({ "orders": [draft.body] }),
            true => json!([draft.body]),
        };
        let heard = run.request(&mut socket, "order.create_batch", &params).await?;
        verdicts.push(heard.verdict());
        evidence.push(heard.evidence());
        let id = heard
            .result()
            .and_then(|result| result.pointer("/results/0/order/id"));
        if let Some(id) = id.and_then(Value::as_str) {
            run.cancel(trader, id).await?;
        }
    }
    let evidence = evidence.join(", and as a list ");
    match verdicts.as_slice() {
        [Some(true), Some(true)] => run.found(BatchParameters::Both, evidence),
        [Some(true), Some(false)] => run.found(BatchParameters::Object, evidence),
        [Some(false), Some(true)] => run.found(BatchParameters::List, evidence),
        _ => run.unclear(question, evidence),
    }
    Ok(())
}

/// Looks whether the events of an order are in SBE or in JSON.
async fn private_encoding(run: &mut Run, trader: &mut Trader) -> Result<(), Trouble> {
    let question = PrivateEncoding::QUESTION;
    let Some(mut socket) = connected(run, trader, question).await? else {
        return Ok(());
    };
    let subscribed = run.subscribe(&mut socket, ORDERS).await?;
    if !subscribed.is_done() {
        run.unclear(question, format!("`subscribe`: {}", subscribed.evidence()));
        return Ok(());
    }
    let draft = trader.named_draft(run, trader.size)?;
    run.record(draft.entry.clone())?;
    let placed = run.request(&mut socket, "order.create", &draft.body).await?;
    let id = placed.result().and_then(|result| result.pointer("/order/id"));
    if let Some(id) = id.and_then(Value::as_str) {
        run.cancel(trader, id).await?;
    }
    let heard = run.listen(&mut socket, ORDERS, Duration::from_secs(1)).await?;
    let events = placed.events + heard.events;
    let is_order = |frame: &Vec<u8>| matches!(sbe::Message::decode(frame), Ok(sbe::Message::Order(_)));
    let frames = [placed.frames.as_slice(), heard.frames.as_slice()].concat();
    let orders = frames.iter().filter(|frame| is_order(frame)).count();
    match (orders, events) {
        (1.., 0) => run.found(PrivateEncoding::Sbe, "events of an order came in SBE"),
        (0, 1..) => run.found(PrivateEncoding::Json, "events of an order came in JSON"),
        _ => run.unclear(
            question,
            format!("{orders} events of orders came in SBE, and {events} in JSON"),
        ),
    }
    Ok(())
}

/// Returns the id of the order that a response has placed.
pub(super) fn placed_id(reply: &Reply) -> Option<&str> {
    reply.text("id").filter(|_| reply.is_done())
}

/// Registers a subkey, signs in with it, and chooses price and size.
async fn trader(run: &mut Run) -> Result<Trader, Trouble> {
    let (key, _) = run.new_subkey().await?;
    let session = run.session(&key).await?;
    let client = run.with_token(&session)?;
    let public = run.client.group().anonymous();
    let markets = run
        .call(&public, &operations::LIST_MARKETS, &[("market", MARKET)], None)
        .await?;
    let bbo = run
        .call(&public, &operations::GET_BBO, &[("market", MARKET)], None)
        .await?;
    let results = markets.body.get("results").and_then(Value::as_array);
    let market = results.and_then(|markets| {
        markets
            .iter()
            .find(|market| market.get("symbol").and_then(Value::as_str) == Some(MARKET))
    });
    let number = |value: Option<&Value>, name: &str| -> Option<Decimal> {
        let number: Decimal = value?.get(name)?.as_str()?.parse().ok()?;
        (number > Decimal::ZERO).then_some(number)
    };
    let terms = (|| {
        let tick = number(market, "price_tick_size")?;
        let increment = number(market, "order_size_increment")?;
        let bid = number(Some(&bbo.body), "bid")?;
        let least_value = number(market, "min_notional").unwrap_or_default();
        let price = multiple(bid.checked_mul(Decimal::new(PRICE_PERCENT, 2))?, tick, false)?;
        let size = multiple(least_value.checked_div(price)?, increment, true)?;
        Some((price, size.max(increment)))
    })();
    let Some((price, size)) = terms.filter(|(price, _)| *price > Decimal::ZERO) else {
        return Err(Trouble::Unexpected(format!(
            "the rules and the best bid of {MARKET} could not be read"
        )));
    };
    Ok(Trader {
        messages: run.messages().await?,
        key,
        session,
        client,
        price,
        size,
        last: 0,
    })
}

/// Rounds to a multiple of a step.
fn multiple(value: Decimal, step: Decimal, up: bool) -> Option<Decimal> {
    let steps = value.checked_div(step)?;
    let steps = match up {
        true => steps.ceil(),
        false => steps.floor(),
    };
    steps.checked_mul(step).map(|value| value.normalize())
}

impl Trader {
    /// Signs an order with a new client id, by which it is found if its response is lost.
    pub(super) fn named_draft(&mut self, run: &mut Run, size: Decimal) -> Result<Draft, Trouble> {
        let client_id = run.new_name();
        self.draft(run, size, Some(&client_id))
    }

    /// Signs a post-only order to buy. Each has a time of its own.
    fn draft(&mut self, run: &Run, size: Decimal, client_id: Option<&str>) -> Result<Draft, Trouble> {
        let unsigned = |error: crate::signing::SigningError| Trouble::Unexpected(error.to_string());
        let now = unix_milliseconds(run.client.group().now());
        self.last = now.max(self.last + 1);
        let order = Order {
            timestamp_ms: self.last,
            market: Felt::from_short_string(MARKET).map_err(unsigned)?,
            side: Side::Buy,
            order_type: Felt::from_short_string("LIMIT").map_err(unsigned)?,
            size: Scaled::from_decimal(size).map_err(unsigned)?,
            price: Scaled::from_decimal(self.price).map_err(unsigned)?,
        };
        let signature = self
            .key
            .key
            .sign(&self.messages.order(&order))
            .map_err(unsigned)?;
        let (price, size) = (self.price.to_string(), size.to_string());
        let mut body = json!({
            "market": MARKET,
            "side": "BUY",
            "type": "LIMIT",
            "instruction": "POST_ONLY",
            "price": price,
            "size": size,
            "signature": signature.to_wire().expose(),
            "signature_timestamp": self.last,
        });
        if let (Value::Object(fields), Some(client_id)) = (&mut body, client_id) {
            fields.insert("client_id".to_owned(), Value::from(client_id));
        }
        let entry = Entry::Order {
            market: MARKET.to_owned(),
            price,
            size,
            signature_timestamp: self.last,
            client_id: client_id.map(str::to_owned),
        };
        Ok(Draft { body, entry })
    }
}

impl Run {
    /// Names an order in the journal, and places it.
    pub(super) async fn place(&mut self, trader: &Trader, draft: &Draft) -> Result<Reply, Trouble> {
        self.record(draft.entry.clone())?;
        self.call(&trader.client, &operations::CREATE_ORDER, &[], Some(&draft.body))
            .await
    }

    /// Reads an order. If it is not found by its id, the history shows whether it is closed.
    pub(super) async fn look_at(&mut self, trader: &Trader, id: &str) -> Result<Seen, Trouble> {
        let order = self
            .call(&trader.client, &operations::GET_ORDER, &[("order_id", id)], None)
            .await?;
        if order.is_done() {
            return Ok(match order.text("status") {
                Some("CLOSED") => Seen::Closed(ClosedOrderById::Returned),
                Some("NEW" | "OPEN" | "UNTRIGGERED") => Seen::Open,
                _ => Seen::Unclear("the order was read, and has another status".to_owned()),
            });
        }
        if order.status != 404 || order.code.is_none() {
            return Ok(Seen::Unclear(format!("reading it returned {}", order.evidence())));
        }
        let parameters = [("market", MARKET)];
        let listed = self
            .call(
                &trader.client,
                &operations::LIST_ORDERS_HISTORY,
                &parameters,
                None,
            )
            .await?;
        let text = |order: &Value, name: &str| order.get(name).and_then(Value::as_str).map(str::to_owned);
        let orders = listed.body.get("results").and_then(Value::as_array);
        let orders = orders.filter(|_| listed.is_done()).into_iter().flatten();
        let mut found = orders.filter(|order| text(order, "id").as_deref() == Some(id));
        Ok(
            match found.next().and_then(|order| text(order, "status")).as_deref() {
                Some("CLOSED") => Seen::Closed(ClosedOrderById::NotFound),
                _ => Seen::Unclear(format!(
                    "reading it returned {}, and the history ({}) does not show it as closed",
                    order.evidence(),
                    listed.evidence()
                )),
            },
        )
    }

    pub(super) async fn cancel(&mut self, trader: &Trader, id: &str) -> Result<Reply, Trouble> {
        self.call(
            &trader.client,
            &operations::CANCEL_ORDER,
            &[("order_id", id)],
            None,
        )
        .await
    }
}

/// Cancels an order, and waits until it is closed.
async fn cancelled(run: &mut Run, trader: &Trader, id: &str) -> Result<Seen, Trouble> {
    run.cancel(trader, id).await?;
    let mut seen = run.look_at(trader, id).await?;
    for _ in 1..MOST_POLLS {
        if let Seen::Closed(_) = seen {
            break;
        }
        run.wait(Duration::from_secs(2)).await?;
        seen = run.look_at(trader, id).await?;
    }
    Ok(seen)
}

impl ClosedOrderById {
    fn evidence(self) -> &'static str {
        match self {
            Self::NotFound => "404, and the history shows it as closed",
            Self::Returned => "status CLOSED",
        }
    }
}
