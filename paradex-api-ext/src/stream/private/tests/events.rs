//! Events of both encodings.

use paradex_api::sbe::{self, AccountAddress};
use paradex_api::serde_json::{Value, json};
use paradex_api::testing::sbe as own;

use super::support::{TOKEN, World};
use crate::stream::private::{PrivateChannel, PrivateEvent};

const ACCOUNT: &str = "0x49d";

fn account() -> AccountAddress {
    AccountAddress::from_hex(ACCOUNT).unwrap()
}

fn order() -> own::OrderEvent {
    own::OrderEvent {
        seq: 7,
        status: sbe::OrderStatus::Open,
        side: sbe::Side::Sell,
        order_type: sbe::OrderType::Limit,
        time_in_force: sbe::TimeInForce::Gtc,
        price: Some("100.5".parse().unwrap()),
        size: "2".parse().unwrap(),
        size_open: "1.5".parse().unwrap(),
        created_at: 1_800_000_000_000_000,
        updated_at: 1_800_000_000_001_000,
        received_at: 1_800_000_000_000_000,
        published_at: 1_800_000_000_002_000,
        account: account(),
        order_id: "1".to_owned(),
        client_order_id: "mine".to_owned(),
        market: "BTC-USD-PERP".to_owned(),
        ..own::OrderEvent::default()
    }
}

fn fill() -> own::FillEvent {
    own::FillEvent {
        side: sbe::Side::Buy,
        liquidity: sbe::LiquiditySide::Taker,
        fill_type: sbe::FillType::Fill,
        price: "100.5".parse().unwrap(),
        size: "2".parse().unwrap(),
        created_at: 1_800_000_000_000_000,
        account: account(),
        fill_id: "f1".to_owned(),
        order_id: "1".to_owned(),
        market: "BTC-USD-PERP".to_owned(),
        ..own::FillEvent::default()
    }
}

fn position() -> own::PositionEvent {
    own::PositionEvent {
        seq: 8,
        side: sbe::Side::Sell,
        status: sbe::PositionStatus::Open,
        size: "2".parse().unwrap(),
        account: account(),
        market: "BTC-USD-PERP".to_owned(),
        updated_at: 1_800_000_000_000_000,
        ..own::PositionEvent::default()
    }
}

fn summary() -> own::AccountEvent {
    own::AccountEvent {
        seq: 9,
        account: account(),
        total_collateral: "1000".parse().unwrap(),
        settlement_asset: "USDC".to_owned(),
        updated_at: 1_800_000_000_000_000,
        ..own::AccountEvent::default()
    }
}

/// Each event with all fields that SBE has: its channel, its frame, and its JSON as the exchange writes it.
fn both() -> Vec<(PrivateChannel, Vec<u8>, Value)> {
    let json = |frame: &[u8]| match PrivateEvent::from_sbe(&sbe::Message::decode(frame).unwrap()) {
        Ok(Some(PrivateEvent::Order(order))) => paradex_api::serde_json::to_value(order).unwrap(),
        Ok(Some(PrivateEvent::Fill(fill))) => paradex_api::serde_json::to_value(fill).unwrap(),
        Ok(Some(PrivateEvent::Position(position))) => paradex_api::serde_json::to_value(position).unwrap(),
        Ok(Some(PrivateEvent::Account(account))) => paradex_api::serde_json::to_value(account).unwrap(),
        other => panic!("{other:?}"),
    };
    let frames = [
        (PrivateChannel::Orders, order().encode(2)),
        (PrivateChannel::Fills, fill().encode(2)),
        (PrivateChannel::Positions, position().encode(2)),
        (PrivateChannel::Account, summary().encode(2)),
    ];
    frames
        .into_iter()
        .map(|(channel, frame)| {
            let mut value = json(&frame);
            let fields = value.as_object_mut().unwrap();
            assert!(fields.len() > 5, "{fields:?}");
            // JSON writes an empty text where SBE has none, and an address with zeros.
            fields.insert("account".to_owned(), json!("0x00049D"));
            for name in [
                "client_id",
                "cancel_reason",
                "instruction",
                "last_fill_id",
                "fee_currency",
            ] {
                fields.entry(name).or_insert(json!(""));
            }
            if channel == PrivateChannel::Orders {
                fields.insert("avg_fill_price".to_owned(), json!(""));
                fields.insert("request_info".to_owned(), json!({}));
            }
            (channel, frame, value)
        })
        .collect()
}

#[test]
fn either_encoding_on_either_connection_gives_the_same_event() {
    for (channel, frame, value) in both() {
        let mut world = World::ready(&[channel], false);
        world.binary(&frame);
        world.push(channel.name(), value);
        assert!(world.reported().iter().all(|text| !text.contains("lost")));
        let shown: Vec<String> = world
            .log
            .events
            .iter()
            .map(|event| format!("{event:?}"))
            .collect();
        assert_eq!(shown.len(), 2, "{channel}");
        // The JSON has fields that the document does not list for the channel, which are kept.
        let known = |text: &str| text.split("undecoded").next().map(str::to_owned);
        assert_eq!(known(&shown[0]), known(&shown[1]), "{channel}");
    }
}

#[test]
fn every_json_channel_gives_its_event() {
    for channel in PrivateChannel::ALL {
        let mut world = World::ready(&[channel], false);
        world.push(
            channel.name(),
            json!({"id": "1", "market": "BTC-USD-PERP", "type": "RFQ"}),
        );
        assert_eq!(world.log.events.len(), 1, "{channel}");
        assert_eq!(world.log.events[0].channel(), channel);
        // Another channel than those that were asked for is ignored.
        let other = if channel == PrivateChannel::Orders {
            PrivateChannel::Fills
        } else {
            PrivateChannel::Orders
        };
        world.push(other.name(), json!({"id": "1"}));
        world.push("orderbook.X", json!({"id": "1"}));
        assert_eq!(world.log.events.len(), 1, "{channel}");
        assert!(
            !world.reported().iter().any(|text| text.contains("lost")),
            "{channel}"
        );
    }
}

#[test]
fn unreadable_frame_is_a_loss_that_ends_at_once() {
    let whole = order().encode(2);
    let mut null_order = order();
    null_order.order_id = String::new();
    let frames: [(&str, Vec<u8>); 4] = [
        ("truncated", whole[..whole.len() - 1].to_vec()),
        ("no header", vec![1]),
        ("empty", Vec::new()),
        ("without an id", null_order.encode(2)),
    ];
    for (name, frame) in frames {
        let mut world = World::ready(&[PrivateChannel::Orders], false);
        world.binary(&frame);
        assert_eq!(world.reported(), ["lost unreadable", "ready 1"], "{name}");
    }
    for text in [
        "",
        "{",
        r#"{"method":"subscription","params":{"channel":"orders.ALL"}}"#,
        r#"{"method":"subscription","params":{"channel":"orders.ALL","data":[]}}"#,
        r#"{"method":"subscription","params":{"channel":"orders.ALL","data":{"id":""}}}"#,
        r#"{"method":"subscription","params":{"data":{"id":"1"}}}"#,
    ] {
        let mut world = World::ready(&[PrivateChannel::Orders], false);
        world.text(text);
        assert_eq!(world.reported(), ["lost unreadable", "ready 1"], "{text}");
        world.binary(&whole);
        assert_eq!(world.reported(), ["order 1"], "{text}");
    }
}

#[test]
fn heartbeats_public_data_and_unknown_templates_are_ignored() {
    let mut world = World::ready(&[PrivateChannel::Orders], false);
    world.binary(&own::HeartbeatEvent::default().encode(2));
    let bbo = own::BboEvent {
        market: "X".to_owned(),
        ..own::BboEvent::default()
    };
    world.binary(&bbo.encode(2));
    let mut unknown = order().encode(2);
    unknown[2..4].copy_from_slice(&999_u16.to_le_bytes());
    world.binary(&unknown);
    world.text(r#"{"id":null,"error":{"code":100,"message":"m"}}"#);
    assert!(world.reported().is_empty());
    assert_eq!(world.session.counts.unknown, 2);
}

#[test]
fn token_that_is_repeated_in_an_event_is_redacted() {
    let mut repeated = order();
    repeated.cancel_reason = format!("x{TOKEN}");
    let mut world = World::ready(&[PrivateChannel::Orders], false);
    world.binary(&repeated.encode(2));
    world.push(
        "orders.ALL",
        json!({"id": "2", "cancel_reason": TOKEN, "client_id": "mine"}),
    );
    let escaped: String = TOKEN
        .chars()
        .map(|char| format!("\\u{:04x}", char as u32))
        .collect();
    world.text(&format!(
        r#"{{"method":"subscription","params":{{"channel":"orders.ALL","data":{{"id":"3","cancel_reason":"{escaped}"}}}}}}"#
    ));
    assert_eq!(world.reported(), ["order 1", "order 2", "order 3"]);
    let shown = format!("{:?}", world.log.events);
    for part in TOKEN.split('.') {
        assert!(!shown.contains(part), "{shown}");
    }
    assert_eq!(shown.matches("(hidden)").count(), 3, "{shown}");
    assert!(shown.contains("mine"));
}
