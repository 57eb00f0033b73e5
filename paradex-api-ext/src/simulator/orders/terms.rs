//! What an order asks for, and its signature.

use paradex_api::types::{OrderSide, OrderType};
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::text;
use crate::signing::{Felt, MessageHash, MessagePrefix, Order as Signed, Scaled, Side};
use crate::simulator::auth::{invalid_timestamp, refused};
use crate::simulator::clock::MILLISECOND;
use crate::simulator::engine::{AccountId, MarketId, NewOrder, Price, Refusal, Size, TriggerWhen};
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, Settings, State};
use crate::simulator::trading;
use crate::simulator::{accounts, chain};

/// The default of `recv_window`: how old a signature may be, in milliseconds.
const DEFAULT_RECV_WINDOW: u64 = 300_000;

/// What an order asks for.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    pub(super) market: String,
    pub(super) side: OrderSide,
    pub(super) kind: OrderType,
    pub(super) size: Decimal,
    pub(super) price: Option<Decimal>,
    pub(super) trigger_price: Option<Decimal>,
}

impl Terms {
    pub(super) fn read(sent: &Value) -> Result<Self, SimulatedResponse> {
        if !text(sent, "on_behalf_of_account").is_empty() {
            let message = "on_behalf_of_account: the simulator does not support orders for other accounts";
            return Err(SimulatedResponse::not_implemented(message));
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
            return Err(SimulatedResponse::invalid("market: must not be empty"));
        }
        let kind = terms.kind.as_str();
        // For these types, 0 means the whole position.
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
            return Err(SimulatedResponse::invalid(&message));
        }
        let waits = !matches!(terms.kind, OrderType::Limit | OrderType::Market);
        if waits && terms.trigger_price.is_none_or(|price| price <= Decimal::ZERO) {
            let message = format!("trigger_price: must be given and above 0, because the type is {kind}");
            return Err(SimulatedResponse::invalid(&message));
        }
        Ok(terms)
    }

    /// Returns the part that is signed.
    pub(super) fn signed(&self, timestamp_ms: u64) -> Result<Signed, SimulatedResponse> {
        let short = |name: &str, text: &str| {
            Felt::from_short_string(text)
                .map_err(|error| SimulatedResponse::invalid(&format!("{name}: {error}")))
        };
        let scaled = |name: &str, value: Decimal| {
            Scaled::from_decimal(value)
                .map_err(|error| SimulatedResponse::invalid(&format!("{name}: {error}")))
        };
        Ok(Signed {
            timestamp_ms,
            market: short("market", &self.market)?,
            side: match self.side {
                OrderSide::Buy => Side::Buy,
                OrderSide::Sell => Side::Sell,
                _ => return Err(SimulatedResponse::invalid("side: must be BUY or SELL")),
            },
            order_type: short("type", self.kind.as_str())?,
            size: scaled("size", self.size)?,
            // 0 is signed for a type without a price.
            price: scaled("price", self.price.unwrap_or_default())?,
        })
    }

    /// Returns the order for the engine, with what the rest of the body says.
    pub(super) fn order(
        &self,
        account: AccountId,
        market: MarketId,
        sent: &Value,
    ) -> Result<NewOrder, SimulatedResponse> {
        let invalid = SimulatedResponse::invalid;
        let side = trading::side(&self.side).ok_or_else(|| invalid("side: must be BUY or SELL"))?;
        let kind = trading::kind(&self.kind).ok_or_else(|| invalid("type: is unknown"))?;
        let price = |name: &'static str, value: Option<Decimal>, is_used: bool| {
            let price = value.filter(|_| is_used).map(|value| {
                Price::from_decimal(value)
                    .ok_or_else(|| SimulatedResponse::from(Refusal::PriceOutOfRange(name)))
            });
            price.transpose()
        };
        let flags = sent.get("flags").and_then(Value::as_array);
        let has = |flag: &str| flags.is_some_and(|flags| flags.iter().any(|other| other == flag));
        Ok(NewOrder {
            account,
            market,
            side,
            kind,
            instruction: word(sent, "instruction")?,
            size: Size::from_decimal(self.size).ok_or(Refusal::SizeOutOfRange(Size::MAX))?,
            price: price("price", self.price, kind.has_price())?,
            trigger: price("trigger_price", self.trigger_price, kind.has_trigger())?,
            trigger_when: match (
                has("STOP_CONDITION_ABOVE_TRIGGER"),
                has("STOP_CONDITION_BELOW_TRIGGER"),
            ) {
                (true, false) => Some(TriggerWhen::Above),
                (false, true) => Some(TriggerWhen::Below),
                _ => None,
            },
            vwap: price("vwap_price", decimal(sent, "vwap_price")?, !kind.has_price())?,
            reduce_only: has("REDUCE_ONLY"),
            interactive: false,
            stp: word(sent, "stp")?,
            client_id: "".into(),
            signed_at: 0,
        })
    }
}

/// Reads one of the exchange's words. An empty text is the default.
fn word<T: DeserializeOwned + Default>(sent: &Value, name: &str) -> Result<T, SimulatedResponse> {
    match sent.get(name) {
        None | Some(Value::Null) => Ok(T::default()),
        Some(Value::String(text)) if text.is_empty() => Ok(T::default()),
        Some(value) => T::deserialize(value)
            .map_err(|_| SimulatedResponse::invalid(&format!("{name}: {value} is unknown"))),
    }
}

/// Returns the time of the signature, in milliseconds, if the request is in time.
pub(super) fn signed_at(
    settings: &Settings,
    call: &Call<'_>,
    sent: &Value,
) -> Result<u64, SimulatedResponse> {
    let window = match sent.get("recv_window") {
        None => DEFAULT_RECV_WINDOW,
        Some(window) => window
            .as_u64()
            .filter(|window| *window > 0)
            .ok_or_else(|| SimulatedResponse::invalid("recv_window: must be above 0"))?,
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

/// Verifies that a key of the caller's account signed this message, unless the settings say otherwise.
pub(super) fn verify(
    state: &State,
    settings: &Settings,
    call: &Call<'_>,
    sent: &Value,
    message: impl Fn(&MessagePrefix) -> MessageHash,
) -> Result<(), SimulatedResponse> {
    if settings.unchecked_signatures {
        return Ok(());
    }
    let invalid = |why: &str| refused("INVALID_ORDER_SIGNATURE", &format!("signature: {why}"));
    let signature = settings
        .read_signature(text(sent, "signature"))
        .map_err(|error| invalid(&error.to_string()))?;
    let account = caller(state, call)?;
    let signed = |messages: &MessagePrefix| state.signed_for(account, &message(messages), &signature);
    if signed(&accounts::messages(settings, account.address)?) {
        return Ok(());
    }
    let mismatch = chain::mismatch(settings, account.address, signed);
    Err(invalid(
        mismatch
            .as_deref()
            .unwrap_or("no active key of the account signed this order"),
    ))
}

/// Returns the account of the caller.
fn caller<'a>(state: &'a State, call: &Call<'_>) -> Result<&'a accounts::Account, SimulatedResponse> {
    let message = "the account of the session does not exist";
    state
        .account(call.account())
        .ok_or_else(|| SimulatedResponse::internal(message))
}

fn decimal(sent: &Value, name: &str) -> Result<Option<Decimal>, SimulatedResponse> {
    let Some(value) = sent.get(name) else {
        return Ok(None);
    };
    let read = value.as_str().and_then(|text| Decimal::from_str_exact(text).ok());
    let message = || SimulatedResponse::invalid(&format!("{name}: must be a decimal number"));
    read.map(Some).ok_or_else(message)
}
