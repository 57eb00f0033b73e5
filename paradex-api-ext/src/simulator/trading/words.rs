//! The engine's types in the words of the API.

use paradex_api::types::{OrderSide, OrderStatus, OrderType};
use serde_json::Value;

use crate::simulator::engine::{NewOrder, Order, OrderKind, Side, Status, TriggerWhen};

/// Converts a side. `None` if it is unknown.
pub(in crate::simulator) fn side(side: &OrderSide) -> Option<Side> {
    match side {
        OrderSide::Buy => Some(Side::Buy),
        OrderSide::Sell => Some(Side::Sell),
        _ => None,
    }
}

pub(in crate::simulator) fn side_of(side: Side) -> OrderSide {
    match side {
        Side::Buy => OrderSide::Buy,
        Side::Sell => OrderSide::Sell,
    }
}

/// Converts a type of orders. `None` if it is unknown.
pub(in crate::simulator) fn kind(kind: &OrderType) -> Option<OrderKind> {
    Some(match kind {
        OrderType::Limit => OrderKind::Limit,
        OrderType::Market => OrderKind::Market,
        OrderType::StopLimit => OrderKind::StopLimit,
        OrderType::StopMarket => OrderKind::StopMarket,
        OrderType::StopLossLimit => OrderKind::StopLossLimit,
        OrderType::StopLossMarket => OrderKind::StopLossMarket,
        OrderType::TakeProfitLimit => OrderKind::TakeProfitLimit,
        OrderType::TakeProfitMarket => OrderKind::TakeProfitMarket,
        _ => return None,
    })
}

pub(in crate::simulator) fn kind_of(kind: OrderKind) -> OrderType {
    match kind {
        OrderKind::Limit => OrderType::Limit,
        OrderKind::Market => OrderType::Market,
        OrderKind::StopLimit => OrderType::StopLimit,
        OrderKind::StopMarket => OrderType::StopMarket,
        OrderKind::StopLossLimit => OrderType::StopLossLimit,
        OrderKind::StopLossMarket => OrderType::StopLossMarket,
        OrderKind::TakeProfitLimit => OrderType::TakeProfitLimit,
        OrderKind::TakeProfitMarket => OrderType::TakeProfitMarket,
    }
}

pub(in crate::simulator) fn status(order: &Order) -> OrderStatus {
    match order.status {
        Status::New => OrderStatus::New,
        Status::Untriggered => OrderStatus::Untriggered,
        Status::Open => OrderStatus::Open,
        Status::Closed => OrderStatus::Closed,
    }
}

/// Returns the flags of an order.
pub(in crate::simulator) fn flags(terms: &NewOrder) -> Value {
    let mut flags = Vec::new();
    if terms.interactive {
        flags.push("INTERACTIVE");
    }
    if terms.reduce_only {
        flags.push("REDUCE_ONLY");
    }
    match terms.trigger_when {
        Some(TriggerWhen::Above) => flags.push("STOP_CONDITION_ABOVE_TRIGGER"),
        Some(TriggerWhen::Below) => flags.push("STOP_CONDITION_BELOW_TRIGGER"),
        None => {}
    }
    Value::from(flags)
}
