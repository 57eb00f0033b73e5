//! What holds of any bytes. The fuzz target `sbe` of paradex-api-ext uses this file, too.

use paradex_api::sbe::{Error, Message};
use paradex_api::testing::sbe::{
    AccountEvent, BboEvent, BookEvent, FillEvent, FundingDataEvent, FundingRateComparisonEvent,
    HeartbeatEvent, MarketSummaryEvent, OrderEvent, PositionEvent, SubscribedEvent, TradeEvent,
};
use paradex_api::types;

/// Any bytes are an error that says where the frame ends, or a message that can be read, converted and written again.
pub fn check(bytes: &[u8]) {
    let message = match Message::decode(bytes) {
        Ok(message) => message,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            if let Error::Truncated { at, missing, .. } = error {
                assert!(at == bytes.len() && missing > 0, "{error:?}");
            }
            return;
        }
    };
    let shown = format!("{message:?}");
    convert(message);
    if let Some(again) = encode(message) {
        let read = Message::decode(&again).map(|read| format!("{read:?}"));
        assert_eq!(read, Ok(shown));
    }
}

/// Reads what `Debug` does not, and makes the records of the REST API.
fn convert(message: Message<'_>) {
    let json = match message {
        Message::Trade(event) => {
            assert_eq!(
                event.price(),
                rust_decimal::Decimal::new(event.price_mantissa(), 8)
            );
            serde_json::to_string(&types::Trade::from(event))
        }
        Message::Bbo(event) => {
            assert_eq!(event.bid_price().is_some(), event.bid_price_mantissa().is_some());
            serde_json::to_string(&types::Bbo::from(event))
        }
        Message::Book(event) => {
            for level in event.bids().iter().chain(event.asks().iter().rev()) {
                assert!(level.price_mantissa() != i64::MIN && level.size_mantissa() != i64::MIN);
            }
            return;
        }
        Message::MarketSummary(event) => serde_json::to_string(&types::MarketSummary::from(event)),
        Message::FundingData(event) => serde_json::to_string(&types::FundingData::from(event)),
        Message::Order(event) => serde_json::to_string(&types::Order::from(event)),
        Message::Fill(event) => serde_json::to_string(&types::Fill::from(event)),
        Message::Position(event) => serde_json::to_string(&types::Position::from(event)),
        Message::Account(event) => serde_json::to_string(&types::AccountSummary::from(event)),
        _ => return,
    };
    assert!(json.is_ok_and(|json| json.starts_with('{')));
}

/// Writes a message again, in its version; `None` for an unknown template.
pub fn encode(message: Message<'_>) -> Option<Vec<u8>> {
    let version = message.header().version;
    Some(match message {
        Message::Trade(event) => TradeEvent::from(event).encode(version),
        Message::Bbo(event) => BboEvent::from(event).encode(version),
        Message::Book(event) => BookEvent::from(event).encode(version),
        Message::MarketSummary(event) => MarketSummaryEvent::from(event).encode(version),
        Message::FundingData(event) => FundingDataEvent::from(event).encode(version),
        Message::FundingRateComparison(event) => FundingRateComparisonEvent::from(event).encode(version),
        Message::Order(event) => OrderEvent::from(event).encode(version),
        Message::Fill(event) => FillEvent::from(event).encode(version),
        Message::Position(event) => PositionEvent::from(event).encode(version),
        Message::Account(event) => AccountEvent::from(event).encode(version),
        Message::Heartbeat(event) => HeartbeatEvent::from(event).encode(version),
        Message::Subscribed(event) => SubscribedEvent::from(event).encode(version),
        _ => return None,
    })
}
