//! Decoding binary frames beside decoding the JSON of the same things into the same types.
#![allow(missing_docs, reason = "Criterion writes the items")]
#![allow(clippy::expect_used, clippy::panic, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use paradex_api::sbe::Message;
use paradex_api::testing::sbe::{BboEvent, BookEvent, BookLevel, OrderEvent};
use paradex_api::types;
use rust_decimal::Decimal;

fn bbo(criterion: &mut Criterion) {
    let event = BboEvent {
        ts: 1_790_000_000_123_456,
        seq: 7,
        bid_price: Some(Decimal::new(420_005, 1)),
        bid_size: Some(Decimal::new(25, 2)),
        ask_price: Some(Decimal::new(420_006, 1)),
        ask_size: Some(Decimal::new(3, 0)),
        market: "BTC-USD-PERP".to_owned(),
    };
    let frame = event.encode(1);
    let json = br#"{"market":"BTC-USD-PERP","bid":"42000.5","bid_size":"0.25","ask":"42000.6","ask_size":"3","last_updated_at":1790000000123,"seq_no":7}"#;
    let mut group = criterion.benchmark_group("BBO");
    group.bench_function("SBE to decimals", |b| {
        b.iter(|| {
            let Ok(Message::Bbo(bbo)) = Message::decode(black_box(&frame)) else {
                panic!("it is a BBO");
            };
            (
                bbo.ts(),
                bbo.seq(),
                bbo.bid_price(),
                bbo.bid_size(),
                bbo.ask_price(),
                bbo.ask_size(),
                black_box(bbo.market()).len(),
            )
        });
    });
    group.bench_function("SBE to types::Bbo", |b| {
        b.iter(|| {
            let Ok(Message::Bbo(bbo)) = Message::decode(black_box(&frame)) else {
                panic!("it is a BBO");
            };
            types::Bbo::from(bbo)
        });
    });
    group.bench_function("JSON to types::Bbo", |b| {
        b.iter(|| serde_json::from_slice::<types::Bbo>(black_box(json)).expect("it is a BBO"));
    });
    group.finish();
}

fn book(criterion: &mut Criterion) {
    let levels = |count: i64, from: i64| -> Vec<BookLevel> {
        let level = |at| BookLevel {
            price: Decimal::new(from + at, 1),
            size: Decimal::new(at * 37 + 1, 3),
        };
        (0..count).map(level).collect()
    };
    let event = BookEvent {
        bids: levels(88, 410_000),
        asks: levels(87, 420_000),
        market: "BTC-USD-PERP".to_owned(),
        ..BookEvent::default()
    };
    let frame = event.encode(1);
    let mut group = criterion.benchmark_group("snapshot of 175 levels");
    group.bench_function("SBE to mantissas", |b| {
        b.iter(|| {
            let Ok(Message::Book(book)) = Message::decode(black_box(&frame)) else {
                panic!("it is a book");
            };
            let levels = book.bids().iter().chain(book.asks());
            levels.fold(0_i64, |sum, level| {
                sum.wrapping_add(level.price_mantissa() ^ level.size_mantissa())
            })
        });
    });
    group.bench_function("SBE to decimals", |b| {
        b.iter(|| {
            let Ok(Message::Book(book)) = Message::decode(black_box(&frame)) else {
                panic!("it is a book");
            };
            for level in book.bids().iter().chain(book.asks()) {
                black_box((level.price(), level.size()));
            }
        });
    });
    group.finish();
}

fn order(criterion: &mut Criterion) {
    let event = OrderEvent {
        price: Some(Decimal::new(2_950_012, 2)),
        size: Decimal::new(5, 2),
        size_open: Decimal::new(4, 2),
        status: 3.into(),
        side: 1.into(),
        order_type: 1.into(),
        time_in_force: 3.into(),
        order_id: "1681462103821101699438490000".to_owned(),
        client_order_id: "x1234".to_owned(),
        market: "BTC-USD-PERP".to_owned(),
        account: paradex_api::sbe::AccountAddress::new([7; 32]),
        ..OrderEvent::default()
    };
    let frame = event.encode(2);
    criterion.bench_function("order event, SBE to types::Order", |b| {
        b.iter(|| {
            let Ok(Message::Order(order)) = Message::decode(black_box(&frame)) else {
                panic!("it is an order");
            };
            types::Order::from(order)
        });
    });
}

criterion_group!(benches, bbo, book, order);
criterion_main!(benches);
