//! Orders: post-only, of the smallest size, far from the market, and cancelled.

use std::time::Duration;

use paradex_api::{Decimal, operations};
use serde_json::{Value, json};

use super::super::error::Trouble;
use super::super::journal::Entry;
use super::super::reply::Reply;
use super::super::run::{ProbeKey, Run};
use super::is_about_request;
use super::tokens::INVENTED_ORDER;
use crate::Client;
use crate::assumptions::{
    CLOSED_ORDER_REFUSAL, PlacedStatus, SameOrderTwice, UNKNOWN_ORDER_REFUSAL, UsedClientId, Words,
    ZERO_SIZE_REFUSAL,
};
use crate::signing::{Felt, MessagePrefix, Order, Scaled, Side};
use crate::time::unix_milliseconds;

/// The market of the orders.
pub(super) const MARKET: &str = "BTC-USD-PERP";
/// The price of the orders, in percent of the best bid.
const PRICE_PERCENT: i64 = 80;
/// How often to look whether a cancelled order is closed.
const MOST_POLLS: usize = 2;

/// Who places orders, and which.
struct Trader {
    key: ProbeKey,
    client: Client,
    messages: MessagePrefix,
    price: Decimal,
    size: Decimal,
    /// When the last order was signed, in milliseconds.
    last: u64,
}

/// A request for an order.
struct Draft {
    body: Value,
    entry: Entry,
}

pub(super) async fn ask(run: &mut Run) -> Result<(), Trouble> {
    run.begin(ZERO_SIZE_REFUSAL);
    run.measure_clock().await?;
    let mut trader = trader(run).await?;
    let draft = trader.draft(run, Decimal::ZERO, None)?;
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
                CLOSED_ORDER_REFUSAL,
                UsedClientId::QUESTION,
                SameOrderTwice::QUESTION,
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

    run.begin(CLOSED_ORDER_REFUSAL);
    let is_closed = cancelled(run, &trader, id).await?;
    let reply = run.cancel(&trader, id).await?;
    match is_closed {
        true => run.found_refusal(CLOSED_ORDER_REFUSAL, &reply),
        false => run.unclear(CLOSED_ORDER_REFUSAL, "the cancelled order was not closed in time"),
    }

    run.begin(UsedClientId::QUESTION);
    let draft = trader.draft(run, size, Some(&client_id))?;
    let reply = run.place(&trader, &draft).await?;
    match is_closed {
        true => run.found_if_accepted(&reply, UsedClientId::Accepted, UsedClientId::Refused),
        false => run.unclear(
            UsedClientId::QUESTION,
            "the order with the client id was not closed in time",
        ),
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
    Ok(())
}

/// Returns the id of the order that a response has placed.
fn placed_id(reply: &Reply) -> Option<&str> {
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
    async fn place(&mut self, trader: &Trader, draft: &Draft) -> Result<Reply, Trouble> {
        self.record(draft.entry.clone())?;
        self.call(&trader.client, &operations::CREATE_ORDER, &[], Some(&draft.body))
            .await
    }

    async fn cancel(&mut self, trader: &Trader, id: &str) -> Result<Reply, Trouble> {
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
async fn cancelled(run: &mut Run, trader: &Trader, id: &str) -> Result<bool, Trouble> {
    run.cancel(trader, id).await?;
    for look in 0..MOST_POLLS {
        if look > 0 {
            run.wait(Duration::from_secs(2)).await?;
        }
        let order = run
            .call(&trader.client, &operations::GET_ORDER, &[("order_id", id)], None)
            .await?;
        if order.text("status") == Some("CLOSED") {
            return Ok(true);
        }
    }
    Ok(false)
}
