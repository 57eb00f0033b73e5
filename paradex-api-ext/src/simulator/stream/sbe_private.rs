//! The events of accounts' channels in SBE. They have the values of their JSON, but for the fields that SBE lacks.

use paradex_api::sbe::{
    AccountAddress, AccountStatus, FillFlags, FillType, LiquiditySide, OrderFlags, OrderStatus, OrderType,
    PositionStatus, RequestStatus, RequestType, Side, StpMode, TimeInForce,
};
use paradex_api::testing::sbe::{AccountEvent, FillEvent, OrderEvent, PositionEvent};
use rust_decimal::Decimal;
use serde_json::Value;

use super::sbe::{Shape, micros};
use super::snapshot::EventKind;
use crate::simulator::trading::Change;

/// Returns the frame of a change. `None` if the schema has no template for it.
pub(super) fn encode(change: &Change, version: u16, shape: Shape, ts: i64) -> Option<Vec<u8>> {
    let fields = Fields(&change.data);
    Some(match change.kind {
        EventKind::Order => order(change, &fields, shape, ts).encode(version),
        EventKind::Fill => fill(change, &fields, shape, ts).encode(version),
        EventKind::Position => position(change, &fields, shape, ts).encode(version),
        EventKind::Account => account(change, &fields, shape, ts).encode(version),
        _ => return None,
    })
}

/// The payload in JSON.
struct Fields<'a>(&'a Value);

impl Fields<'_> {
    fn text(&self, pointer: &str) -> &str {
        self.0
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Reads a text with capital letters, as names in the schema are.
    fn name(&self, pointer: &str) -> String {
        self.text(pointer).to_ascii_uppercase()
    }

    fn owned(&self, pointer: &str) -> String {
        self.text(pointer).to_owned()
    }

    fn decimal(&self, pointer: &str) -> Decimal {
        self.text(pointer).parse().unwrap_or_default()
    }

    /// Reads a number for which the schema has null, where JSON has 0 or nothing.
    fn nullable(&self, pointer: &str, shape: Shape) -> Option<Decimal> {
        Some(self.decimal(pointer)).filter(|value| !value.is_zero() && !shape.nulls)
    }

    fn account(&self) -> AccountAddress {
        AccountAddress::from_hex(self.text("/account")).unwrap_or_default()
    }

    fn flags(&self) -> impl Iterator<Item = String> {
        let flags = self.0.get("flags").and_then(Value::as_array);
        let texts = flags.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_ascii_uppercase)
    }
}

/// Returns the value of an enumeration that has this name.
macro_rules! named {
    ($type:ident, $name:expr) => {{
        let name = $name;
        let mut known = $type::KNOWN.iter().copied();
        known
            .find(|value| value.as_str() == name)
            .unwrap_or($type::from(NOT_REPRESENTABLE))
    }};
}

/// What the schema has for a value that it cannot express.
const NOT_REPRESENTABLE: u8 = 254;

/// Returns the flags of these names.
macro_rules! flags {
    ($type:ident, $names:expr) => {{
        let bits = (0..8).map(|bit| $type::from(1_u8 << bit));
        let bits: Vec<$type> = bits.collect();
        $names.fold($type::default(), |flags, name| {
            let bit = bits.iter().find(|bit| bit.names().any(|known| known == name));
            bit.map_or(flags, |bit| flags | *bit)
        })
    }};
}

fn order(change: &Change, fields: &Fields<'_>, shape: Shape, ts: i64) -> OrderEvent {
    let (created, updated) = (micros(change.created_at), micros(change.updated_at));
    let is_long = !shape.is_short;
    let request = |pointer: &str| is_long.then(|| fields.owned(pointer));
    let status = match fields.text("/request_info/status") {
        "" => RequestStatus::Unspecified,
        status => named!(RequestStatus, status),
    };
    let kind = match fields.text("/request_info/request_type") {
        "" => RequestType::Unspecified,
        kind => named!(RequestType, kind),
    };
    OrderEvent {
        ts,
        seq: change.seq,
        status: named!(OrderStatus, fields.text("/status")),
        side: named!(Side, fields.text("/side")),
        order_type: named!(OrderType, fields.text("/type")),
        time_in_force: named!(TimeInForce, fields.text("/instruction")),
        price: fields.nullable("/price", shape),
        trigger_price: fields.nullable("/trigger_price", shape),
        size: fields.decimal("/size"),
        size_open: fields.decimal("/remaining_size"),
        avg_fill_price: fields.nullable("/avg_fill_price", shape),
        created_at: created,
        updated_at: updated,
        account: fields.account(),
        received_at: created,
        published_at: updated,
        stp: named!(StpMode, fields.text("/stp")),
        flags: flags!(OrderFlags, fields.flags()),
        request_status: is_long.then_some(status),
        request_type: is_long.then_some(kind),
        order_id: fields.owned("/id"),
        client_order_id: fields.owned("/client_id"),
        market: fields.owned("/market"),
        cancel_reason: fields.owned("/cancel_reason"),
        request_id: request("/request_info/id"),
        request_message: request("/request_info/message"),
    }
}

fn fill(change: &Change, fields: &Fields<'_>, shape: Shape, ts: i64) -> FillEvent {
    let seq = fields
        .0
        .get("orderbook_seq_no")
        .and_then(Value::as_u64)
        .unwrap_or(0);
    FillEvent {
        ts,
        // Liquidations are not in the book.
        seq: i64::try_from(seq).ok().filter(|seq| *seq > 0 && !shape.nulls),
        fill_type: named!(FillType, fields.text("/fill_type")),
        side: named!(Side, fields.text("/side")),
        liquidity: named!(LiquiditySide, fields.text("/liquidity")),
        price: fields.decimal("/price"),
        size: fields.decimal("/size"),
        fee: fields.decimal("/fee"),
        realized_pnl: fields.nullable("/realized_pnl", shape),
        created_at: micros(change.created_at),
        account: fields.account(),
        underlying_price: fields.decimal("/underlying_price"),
        realized_funding: fields.decimal("/realized_funding"),
        flags: Some(flags!(FillFlags, fields.flags())),
        orderbook_seq_no: Some(seq).filter(|_| !shape.nulls),
        fill_id: fields.owned("/id"),
        order_id: fields.owned("/order_id"),
        client_order_id: fields.owned("/client_id"),
        trade_id: change.trade.clone().unwrap_or_default(),
        market: fields.owned("/market"),
        fee_currency: Some(fields.owned("/fee_currency")),
    }
}

fn position(change: &Change, fields: &Fields<'_>, shape: Shape, ts: i64) -> PositionEvent {
    let side = match fields.name("/side").as_str() {
        "SHORT" => Side::Sell,
        _ => Side::Buy,
    };
    PositionEvent {
        ts,
        seq: change.seq,
        side,
        size: fields.decimal("/size").abs(),
        avg_entry_price: fields.decimal("/average_entry_price"),
        unrealized_pnl: fields.decimal("/unrealized_pnl"),
        realized_pnl: fields.decimal("/realized_positional_pnl"),
        mark_price: None,
        liquidation_price: fields.nullable("/liquidation_price", shape),
        leverage: fields.decimal("/leverage"),
        updated_at: micros(change.updated_at),
        account: fields.account(),
        avg_entry_price_usd: fields.decimal("/average_entry_price_usd"),
        cost: fields.decimal("/cost"),
        cost_usd: fields.decimal("/cost_usd"),
        cached_funding_index: fields.decimal("/cached_funding_index"),
        unrealized_funding_pnl: fields.decimal("/unrealized_funding_pnl"),
        status: named!(PositionStatus, fields.text("/status")),
        market: fields.owned("/market"),
        last_fill_id: fields.owned("/last_fill_id"),
    }
}

fn account(change: &Change, fields: &Fields<'_>, shape: Shape, ts: i64) -> AccountEvent {
    AccountEvent {
        ts,
        seq: change.seq,
        total_collateral: fields.decimal("/total_collateral"),
        free_collateral: fields.decimal("/free_collateral"),
        initial_margin_req: fields.decimal("/initial_margin_requirement"),
        maintenance_margin_req: fields.decimal("/maintenance_margin_requirement"),
        account_value: fields.decimal("/account_value"),
        unrealized_pnl: None,
        updated_at: micros(change.updated_at),
        account: fields.account(),
        margin_cushion: fields.decimal("/margin_cushion"),
        status: named!(AccountStatus, fields.text("/status")),
        last_seen_notification: (!shape.is_short).then_some(0),
        settlement_asset: fields.owned("/settlement_asset"),
    }
}
