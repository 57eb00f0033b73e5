//! Updates of an account as JSON.

use std::io;

use paradex_api_ext::stream::{AccountUpdate, ModificationOutcome};
use serde::Serialize;
use serde_json::{Value, json};

/// The line of an update. Records have the fields of the REST API.
pub(in crate::watch) fn value(update: &AccountUpdate) -> io::Result<Value> {
    Ok(match update {
        AccountUpdate::Order(order) => record("order", order)?,
        AccountUpdate::Fill(fill) => record("fill", fill)?,
        AccountUpdate::Position(position) => record("position", position)?,
        AccountUpdate::Summary(summary) => record("account", summary)?,
        AccountUpdate::Balance(balance) => record("balance", balance)?,
        AccountUpdate::Bust(bust) => record("bust", bust)?,
        AccountUpdate::Funding(payment) => record("funding", payment)?,
        AccountUpdate::Transfer(transfer) => record("transfer", transfer)?,
        AccountUpdate::Transaction(transaction) => record("transaction", transaction)?,
        AccountUpdate::Rfq(event) => record("rfq", event)?,
        AccountUpdate::Mmp(event) => record("mmp", event)?,
        AccountUpdate::BlockTrade(event) => record("block_trade", event)?,
        AccountUpdate::Modification(modification) => {
            let (outcome, message) = match &modification.outcome {
                ModificationOutcome::Success => ("success", None),
                ModificationOutcome::Rejected { message, .. } => ("rejected", message.as_deref()),
                _ => ("unknown", None),
            };
            json!({
                "event": "modification",
                "order_id": modification.order_id,
                "request_id": modification.request_id,
                "outcome": outcome,
                "message": message,
            })
        }
        AccountUpdate::Reconciled(found) => {
            let unresolved: Vec<_> = found.unresolved.orders.iter().map(|order| &order.id).collect();
            json!({
                "event": "reconciled",
                "connection": found.connection,
                "open_orders": found.orders.len(),
                "closed_meanwhile": found.closed_meanwhile.len(),
                "fills_found": found.fills_found.len(),
                "positions": found.positions.len(),
                "unresolved": {
                    "orders": unresolved,
                    "unreadable": found.unresolved.unreadable,
                    "refused_channels": found.unresolved.refused_channels,
                },
            })
        }
        _ => json!({"event": "other"}),
    })
}

/// A line with a record below the name of its event.
fn record(event: &'static str, record: &impl Serialize) -> io::Result<Value> {
    let record = serde_json::to_value(record).map_err(io::Error::from)?;
    Ok(json!({"event": event, "market": record.get("market"), event: record}))
}
