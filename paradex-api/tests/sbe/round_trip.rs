//! The encoder and the views agree, and the encoder writes the golden frames byte by byte.

use paradex_api::Decimal;
use paradex_api::sbe::{self, AccountAddress, Message};
use paradex_api::testing::sbe::{BboEvent, BookEvent, BookLevel, OrderEvent, TradeEvent};
use proptest::prelude::*;

use crate::check::{check, encode};
use crate::support::frames;

#[test]
fn golden_frames_are_written_again_byte_by_byte() {
    for (name, version, bytes) in frames() {
        let written = encode(Message::decode(&bytes).unwrap()).unwrap();
        assert_eq!(written, bytes, "{name} in version {version}");
    }
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (i64::MIN + 1..=i64::MAX).prop_map(|mantissa| Decimal::new(mantissa, 8))
}

fn text() -> impl Strategy<Value = String> {
    "\\PC{0,40}"
}

proptest! {
    #[test]
    fn trade_survives(
        ts: i64, seq: i64, trade_id: i64, side: u8, price in decimal(), size in decimal(), created_at: i64, trade_type: u8,
        market in text(), trade_id_str in proptest::option::of(text()), version in 0_u16..4,
    ) {
        let event = TradeEvent {
            ts, seq, trade_id, side: side.into(), price, size, created_at, trade_type: trade_type.into(), market,
            trade_id_str: trade_id_str.filter(|_| version >= 2),
        };
        let frame = event.encode(version);
        let Message::Trade(view) = Message::decode(&frame).unwrap() else { panic!() };
        prop_assert_eq!(view.header().version, version);
        prop_assert_eq!(TradeEvent::from(view), event);
    }

    #[test]
    fn book_survives(
        seq: i64, pkg_type: u8, best in proptest::option::of(decimal()),
        bids in proptest::collection::vec((decimal(), decimal()), 0..20),
        asks in proptest::collection::vec((decimal(), decimal()), 0..20),
        market in text(),
    ) {
        let levels = |levels: Vec<(Decimal, Decimal)>| -> Vec<_> {
            levels.into_iter().map(|(price, size)| BookLevel { price, size }).collect()
        };
        let event = BookEvent {
            seq, pkg_type: pkg_type.into(), best_bid_price: best, best_ask_api_size: best, bids: levels(bids), asks: levels(asks), market,
            ..BookEvent::default()
        };
        let frame = event.encode(1);
        let Message::Book(view) = Message::decode(&frame).unwrap() else { panic!() };
        prop_assert_eq!(BookEvent::from(view), event);
    }

    #[test]
    fn order_survives_with_any_part_of_what_was_added(
        account: [u8; 32], flags: u8, status in proptest::option::of(any::<u8>()), kind in proptest::option::of(any::<u8>()),
        id in proptest::option::of(text()), message in proptest::option::of(text()), price in proptest::option::of(decimal()),
    ) {
        let event = OrderEvent {
            account: AccountAddress::new(account), flags: flags.into(), price,
            request_status: status.map(Into::into), request_type: kind.map(Into::into),
            request_id: id, request_message: message,
            ..OrderEvent::default()
        };
        let frame = event.encode(2);
        let Message::Order(view) = Message::decode(&frame).unwrap() else { panic!() };
        let mut read = OrderEvent::from(view);
        // A field before one that is there cannot be absent, so it is unspecified or empty.
        let (mut expected, unspecified) = (event.clone(), sbe::RequestStatus::Unspecified);
        if event.request_type.is_some() {
            expected.request_status.get_or_insert(unspecified);
        }
        if event.request_message.is_some() {
            expected.request_id.get_or_insert_default();
        }
        prop_assert_eq!(&mut read, &mut expected);
        let older = event.encode(1);
        let Message::Order(view) = Message::decode(&older).unwrap() else { panic!() };
        prop_assert_eq!((view.request_status(), view.request_id(), older.len() < frame.len() + 1), (None, None, true));
    }

    #[test]
    fn any_bytes_are_a_message_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400), template in 0_usize..18) {
        let golden: Vec<_> = frames().map(|(.., bytes)| bytes).collect();
        let mut bytes = bytes;
        let head = &golden[template][..8];
        for (to, from) in bytes.iter_mut().zip(head) {
            *to = *from;
        }
        check(&bytes);
    }
}

#[test]
fn numbers_and_texts_are_cut_to_what_a_frame_holds() {
    let event = BboEvent {
        bid_price: Some("1.123456789".parse().unwrap()),
        bid_size: Some("-1.999999999".parse().unwrap()),
        ask_price: Some(Decimal::MAX),
        ask_size: Some(Decimal::MIN),
        market: "é".repeat(200),
        ..BboEvent::default()
    };
    let frame = event.encode(0);
    let Message::Bbo(bbo) = Message::decode(&frame).unwrap() else {
        panic!()
    };
    assert_eq!(
        (bbo.bid_price_mantissa(), bbo.bid_size_mantissa()),
        (Some(112_345_678), Some(-199_999_999))
    );
    assert_eq!(
        (bbo.ask_price_mantissa(), bbo.ask_size_mantissa()),
        (Some(i64::MAX), Some(i64::MIN + 1))
    );
    assert_eq!(bbo.market(), "é".repeat(127));
}

#[test]
fn group_has_at_most_as_many_entries_as_a_frame_can_count() {
    let event = BookEvent {
        bids: vec![BookLevel::default(); 70_000],
        ..BookEvent::default()
    };
    let frame = event.encode(0);
    let Message::Book(book) = Message::decode(&frame).unwrap() else {
        panic!()
    };
    assert_eq!((book.bids().len(), book.market()), (65_535, ""));
}
