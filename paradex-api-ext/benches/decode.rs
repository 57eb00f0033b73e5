//! Decoding a response of GET /markets with 300 markets: our types beside what progenitor alone makes
//! (closed enumerations, decimals as texts) and beside `serde_json::Value`, on the same bytes.
#![allow(missing_docs, reason = "Criterion writes the items")]
#![allow(clippy::expect_used, reason = "a benchmark fails by panicking")]

#[path = "../../paradex-api/benches/plain/mod.rs"]
#[rustfmt::skip]
mod plain;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Value, json};

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

fn decode(criterion: &mut Criterion) {
    let response = json!({"results": (0..300).map(market).collect::<Vec<_>>()}).to_string();
    let bytes = response.as_bytes();
    let ours: paradex_api::types::MarketList = serde_json::from_slice(bytes).expect("our types read it");
    assert_eq!(ours.results.len(), 300);
    assert!(ours.results.iter().all(|market| market.undecoded().is_empty()));

    let mut group = criterion.benchmark_group("decode 300 markets");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("serde_json::Value", |b| {
        b.iter(|| serde_json::from_slice::<Value>(black_box(bytes)).expect("it is JSON"));
    });
    group.bench_function("plain types, from_slice", |b| {
        b.iter(|| {
            serde_json::from_slice::<plain::MarketList>(black_box(bytes)).expect("plain types read it")
        });
    });
    group.bench_function("plain types, from_str", |b| {
        b.iter(|| {
            serde_json::from_str::<plain::MarketList>(black_box(&response)).expect("plain types read it")
        });
    });
    group.bench_function("paradex-api, as a call does", |b| {
        b.iter(|| {
            let text = std::str::from_utf8(black_box(bytes)).expect("it is UTF-8");
            serde_json::from_str::<paradex_api::types::MarketList>(text).expect("our types read it")
        });
    });
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
