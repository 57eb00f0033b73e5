//! Decoding a response of GET /markets with 300 markets: our types beside what progenitor alone makes
//! (closed enumerations, decimals as texts) and beside `serde_json::Value`, on the same bytes.
#![allow(missing_docs, reason = "Criterion writes the items")]
#![allow(clippy::expect_used, reason = "a benchmark fails by panicking")]

#[path = "../../paradex-api/benches/plain/mod.rs"]
#[rustfmt::skip]
mod plain;

mod market;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use market::market_list;
use serde_json::Value;

fn decode(criterion: &mut Criterion) {
    let response = market_list();
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
