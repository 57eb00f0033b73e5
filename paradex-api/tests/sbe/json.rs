//! Messages as records of the REST API: the same as the JSON of the same thing.

use paradex_api::types;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::{decoded, frame};

/// Both forms, written again. Numbers are compared as they are written, so zeros at the end would be a difference.
fn same<T: Serialize + DeserializeOwned>(record: T, json: Value) {
    let read: T = serde_json::from_value(json.clone()).unwrap();
    let written = serde_json::to_value(record).unwrap();
    assert_eq!(written, serde_json::to_value(read).unwrap());
    // The JSON of this test is whole: nothing of it was dropped.
    assert_eq!(written, json);
}

#[test]
fn trade_is_the_trade_of_rest() {
    let bytes = frame("trade-2");
    same(
        types::Trade::from(decoded!(Trade, bytes)),
        json!({"id": "1681462103821101699438490000", "market": "BTC-USD-PERP", "side": "SELL", "size": "0.001", "price": "42000.5",
               "created_at": 1_790_000_000_123_i64, "trade_type": "RPI"}),
    );
    // The number of 64 bits is never an id.
    let bytes = frame("trade");
    assert_eq!(types::Trade::from(decoded!(Trade, bytes)).id, None);
}

#[test]
fn bbo_is_the_bbo_of_rest() {
    let bytes = frame("bbo");
    same(
        types::Bbo::from(decoded!(Bbo, bytes)),
        json!({"market": "ETH-USD-PERP", "seq_no": 4660, "ask": "-0.00000001", "ask_size": "92233720368.54775807"}),
    );
}

#[test]
fn market_summary_has_the_precise_rate_and_its_greeks() {
    let json = |rate: &str, forward: Option<&str>| {
        let mut json = json!({"symbol": "BTC-USD-PERP", "mark_price": "1", "underlying_price": "2", "last_traded_price": "3",
            "volume_24h": "4", "open_interest": "5", "funding_rate": rate, "bid": "6", "total_volume": "92233720368.54775807",
            "price_change_rate_24h": "-0.05", "mark_iv": "7", "bid_iv": "8", "ask_iv": "9", "last_iv": "10",
            "greeks": {"delta": "0.11", "gamma": "0.12", "vega": "0.13", "theta": "0.14", "rho": "0.15", "volga": "0.16"},
            "future_funding_rate": "0.17", "external_fair_price": "18", "bid_size": "19", "ask_size": "20"});
        if let Some(forward) = forward {
            json["forward_rate"] = forward.into();
        }
        json
    };
    for (name, rate, forward) in [
        ("summary", "0.0001", None),
        ("summary-1", "0.000100000012", Some("0.21")),
    ] {
        let bytes = frame(name);
        same(
            types::MarketSummary::from(decoded!(MarketSummary, bytes)),
            json(rate, forward),
        );
    }
}

#[test]
fn funding_data_is_that_of_rest() {
    let bytes = frame("funding-1");
    same(
        types::FundingData::from(decoded!(FundingData, bytes)),
        json!({"market": "BTC-USD-PERP", "funding_rate": "0.0001", "funding_index": "12345.6", "funding_premium": "-0.5",
               "funding_rate_8h": "0.0008", "funding_period_hours": 8, "impact_premium_rate": "0.25",
               "created_at": 1_790_000_000_123_i64}),
    );
}

#[test]
fn order_is_the_order_of_rest() {
    let mut json = json!({"id": "123456", "account": "0x49d", "market": "BTC-USD-PERP", "side": "BUY", "type": "LIMIT", "size": "0.05",
        "remaining_size": "0.04", "price": "29500.12", "status": "OPEN", "created_at": 1_790_000_000_120_i64,
        "last_updated_at": 1_790_000_000_121_i64, "received_at": 1_790_000_000_119_i64, "published_at": 1_790_000_000_122_i64,
        "client_id": "x1234", "seq_no": 1_681_471_234_972_000_000_i64, "instruction": "POST_ONLY", "avg_fill_price": "29500",
        "flags": ["REDUCE_ONLY", "INTERACTIVE"]});
    let bytes = frame("order");
    same(types::Order::from(decoded!(Order, bytes)), json.clone());
    json["request_info"] = json!({"id": "m7", "request_type": "MODIFY_ORDER", "status": "SUCCESS"});
    let bytes = frame("order-2");
    same(types::Order::from(decoded!(Order, bytes)), json);
    // A newer layout without a request: both enumerations are unspecified, and both texts are empty.
    let mut bytes = frame("order-2");
    bytes[8 + 126..8 + 128].fill(0);
    let texts = bytes.len() - 4;
    bytes.splice(texts.., [0, 0]);
    assert!(types::Order::from(decoded!(Order, bytes)).request_info.is_none());
}

#[test]
fn fill_is_the_fill_of_rest() {
    let json = |seq: i64, more: bool| {
        let mut json = json!({"id": "8615262148007718462", "account": "0x49d", "market": "BTC-USD-PERP", "side": "SELL",
            "liquidity": "TAKER", "order_id": "1681462103821101699438490000", "price": "30000.12", "size": "0.1", "fee": "7.7",
            "created_at": 1_790_000_000_123_i64, "fill_type": "FILL", "realized_pnl": "-3.5", "realized_funding": "0.01",
            "underlying_price": "29999", "orderbook_seq_no": seq});
        if more {
            json["flags"] = json!(["interactive", "UNKNOWN"]);
            json["fee_currency"] = "USDC".into();
        }
        json
    };
    for (name, seq, more) in [("fill", 78, false), ("fill-2", 79, true)] {
        let bytes = frame(name);
        same(types::Fill::from(decoded!(Fill, bytes)), json(seq, more));
    }
}

#[test]
fn short_position_has_a_negative_size() {
    let bytes = frame("position");
    same(
        types::Position::from(decoded!(Position, bytes)),
        json!({"account": "0x49d", "market": "BTC-USD-PERP", "status": "OPEN", "side": "SHORT", "size": "-0.5",
               "average_entry_price": "29500", "average_entry_price_usd": "29501", "unrealized_pnl": "-5",
               "unrealized_funding_pnl": "0.125", "realized_positional_pnl": "6", "cost": "-14750", "cost_usd": "-14750.5",
               "cached_funding_index": "1234.5", "last_updated_at": 1_790_000_000_123_i64, "last_fill_id": "1234234", "seq_no": 80,
               "leverage": "2"}),
    );
    let mut bytes = frame("position");
    bytes[8 + 16] = 1;
    let long = types::Position::from(decoded!(Position, bytes));
    assert_eq!(
        (long.side, long.size),
        (Some(types::PositionSide::Long), Some("0.5".parse().unwrap()))
    );
}

#[test]
fn account_is_the_summary_of_rest() {
    let bytes = frame("account-2");
    same(
        types::AccountSummary::from(decoded!(Account, bytes)),
        json!({"account": "0x49d", "status": "ACTIVE", "account_value": "1001", "free_collateral": "900",
               "initial_margin_requirement": "50", "maintenance_margin_requirement": "25", "margin_cushion": "976",
               "settlement_asset": "USDC", "total_collateral": "1000", "updated_at": 1_790_000_000_123_i64, "seq_no": 81,
               "last_seen_notification": 1_790_000_000_114_i64}),
    );
}
