//! The list of markets that benchmarks decode.

use serde_json::{Value, json};

/// The response of GET /markets with 300 markets.
pub(crate) fn market_list() -> String {
    json!({"results": (0..300).map(market).collect::<Vec<_>>()}).to_string()
}

/// A market as the exchange describes a perpetual future, with names and texts of the usual length.
fn market(number: usize) -> Value {
    json!({
        "symbol": format!("COIN{number}-USD-PERP"), "asset_kind": "PERP", "market_kind": "cross",
        "base_currency": format!("COIN{number}"), "quote_currency": "USD", "settlement_currency": "USDC",
        "price_tick_size": "0.01", "order_size_increment": "0.001", "min_notional": "10",
        "max_order_size": "1250000", "position_limit": "2500000", "max_slippage": "0.05",
        "max_tob_spread": "0.2", "max_open_orders": 100, "open_at": 1_717_065_600_000_i64, "expiry_at": 0,
        "clamp_rate": "0.02", "interest_rate": "0.0001", "funding_period_hours": 8,
        "max_funding_rate": "0.02", "max_funding_rate_change": "0.0005",
        "oracle_ewma_factor": "0.20000046249626113",
        "price_feed_id": "GVXRSBjFk6e6J3NbVPXohDJetcTjaeeuykUpbQF8UoMU",
        "price_bands_width": "0.05", "iv_bands_width": "0.05", "strike_price": "0",
        "trading_mode": "STANDARD", "tags": ["DEFI", "LAYER-1"],
        "delta1_cross_margin_params": {
            "imf_base": "0.02", "imf_factor": "0", "imf_shift": "0", "mmf_factor": "0.5"}
    })
}
