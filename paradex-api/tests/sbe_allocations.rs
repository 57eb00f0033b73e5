//! Decoding a binary frame allocates nothing. It is the only test of its program, so nothing else allocates meanwhile.

use std::alloc::System;
use std::hint::black_box;

use paradex_api::sbe::{AccountAddress, Message};
use paradex_api::testing::sbe::{BboEvent, BookEvent, BookLevel, OrderEvent};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Reads what programs read most.
fn read(frame: &[u8]) {
    match Message::decode(frame).unwrap() {
        Message::Bbo(bbo) => {
            black_box((
                bbo.bid_price(),
                bbo.bid_size(),
                bbo.ask_price(),
                bbo.ask_size(),
                bbo.market(),
                bbo.seq(),
            ));
        }
        Message::Book(book) => {
            for level in book.bids().iter().chain(book.asks()) {
                black_box((level.price(), level.size(), level.price_mantissa()));
            }
        }
        Message::Order(order) => {
            black_box((
                order.status(),
                order.price(),
                order.flags(),
                order.account(),
                order.request_id(),
            ));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn decoding_allocates_nothing() {
    let price = "42000.5".parse().unwrap();
    let frames = [
        BboEvent {
            bid_price: Some(price),
            market: "BTC-USD-PERP".to_owned(),
            ..BboEvent::default()
        }
        .encode(1),
        BookEvent {
            bids: vec![BookLevel { price, size: price }; 175],
            ..BookEvent::default()
        }
        .encode(2),
        OrderEvent {
            account: AccountAddress::new([1; 32]),
            request_id: Some("m7".to_owned()),
            ..OrderEvent::default()
        }
        .encode(2),
    ];
    let region = Region::new(ALLOCATOR);
    frames.iter().for_each(|frame| read(frame));
    let change = region.change();
    assert_eq!((change.allocations, change.reallocations), (0, 0));
    // The allocator does count.
    drop(black_box(vec![1_u8]));
    assert_eq!(region.change().allocations, 1);
}
