//! The events of channels in SBE.

use paradex_api::sbe::{AssetKind, FillType, PkgType, SCHEMA_ID, Side};
use paradex_api::testing::sbe::{
    BboEvent, BookEvent, BookLevel, FundingDataEvent, FundingRateComparisonEvent, HeartbeatEvent,
    MarketSummaryEvent, TradeEvent,
};
use paradex_api::types::AssetKind as MarketKind;
use rust_decimal::Decimal;
use serde_json::Value;

use super::book::Best;
use super::item::{Bbo, BookItem, ComparisonItem, FundingItem, Item, LevelItem, SummaryItem, TradeItem};
use super::sbe_private;
use crate::simulator::engine::Cause;

/// How a message differs from what the exchange sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Shape {
    /// Without the fields that were added to version 2 in place.
    pub(super) is_short: bool,
    pub(super) nulls: bool,
    pub(super) longer_block: bool,
}

/// Returns the frame of an event. `None` if the schema has no template for it.
pub(super) fn encode(item: &Item, version: u16, shape: Shape, now: i64) -> Option<Vec<u8>> {
    let ts = micros(now);
    let frame = match item {
        Item::Trade(item) => trade(item, shape, ts).encode(version),
        Item::Bbo(item) => bbo(item, shape, ts).encode(version),
        Item::Book(item) => book(item, shape, ts).encode(version),
        Item::Summary(item) => summary(item, shape, ts).encode(version),
        Item::Funding(item) => funding(item, ts).encode(version),
        Item::Comparison(item) if version >= 1 => comparison(item, ts).encode(version),
        Item::Private(change) => sbe_private::encode(change, version, shape, ts)?,
        Item::Comparison(_) | Item::Market(_) => return None,
    };
    match shape.longer_block {
        true => Some(with_longer_block(frame)),
        false => Some(frame),
    }
}

/// Returns a heartbeat.
pub(super) fn heartbeat(version: u16, now: i64) -> Vec<u8> {
    let event = HeartbeatEvent {
        ts: micros(now),
        ..HeartbeatEvent::default()
    };
    event.encode(version)
}

/// Returns a message whose template no version of the schema has.
pub(super) fn unknown_template(version: u16) -> Vec<u8> {
    let header = [8, 59_999, SCHEMA_ID, version].map(u16::to_le_bytes);
    [header.as_flattened(), &[0xff; 8]].concat()
}

/// Adds 8 bytes to the block of a frame.
fn with_longer_block(frame: Vec<u8>) -> Vec<u8> {
    let (Some((length, header)), Some(rest)) = (frame.split_first_chunk::<2>(), frame.get(8..)) else {
        return frame;
    };
    let length = u16::from_le_bytes(*length);
    let (block, rest) = rest.split_at(usize::from(length).min(rest.len()));
    let header = header.get(..6).unwrap_or_default();
    let longer = length.saturating_add(8).to_le_bytes();
    [&longer, header, block, &[0xff; 8], rest].concat()
}

fn trade(item: &TradeItem, shape: Shape, ts: i64) -> TradeEvent {
    TradeEvent {
        ts,
        seq: item.seq,
        // The id does not fit: its lowest bits identify nothing.
        trade_id: item.id.parse::<i128>().unwrap_or_default() as i64,
        side: if item.buy { Side::Buy } else { Side::Sell },
        price: decimal(item.price),
        size: decimal(item.size),
        created_at: micros(item.at),
        trade_type: match item.cause {
            Cause::Match => FillType::Fill,
            Cause::Rpi => FillType::Rpi,
            Cause::Liquidation => FillType::Liquidation,
        },
        market: item.market.to_string(),
        trade_id_str: (!shape.is_short && !shape.nulls).then(|| item.id.clone()),
    }
}

fn bbo(item: &Bbo, shape: Shape, ts: i64) -> BboEvent {
    let shown = |best: Best| best.filter(|_| !shape.nulls);
    let (bid, ask) = (shown(item.bid), shown(item.ask));
    BboEvent {
        ts,
        seq: item.seq,
        bid_price: price(bid),
        bid_size: size(bid),
        ask_price: price(ask),
        ask_size: size(ask),
        market: item.market.to_string(),
    }
}

fn book(item: &BookItem, shape: Shape, ts: i64) -> BookEvent {
    let shown = |(bid, ask): (Best, Best)| match shape.nulls {
        true => (None, None),
        false => (bid, ask),
    };
    let (bid, ask) = shown(item.best_interactive.unwrap_or_default());
    let (api_bid, api_ask) = shown(item.best);
    let levels = |levels: &[LevelItem]| {
        let levels = levels.iter().map(|level| BookLevel {
            price: decimal(level.price),
            size: decimal(level.size),
        });
        levels.collect()
    };
    BookEvent {
        ts,
        seq: item.seq,
        pkg_type: if item.snapshot {
            PkgType::Snapshot
        } else {
            PkgType::Delta
        },
        best_bid_price: price(bid),
        best_bid_size: size(bid),
        best_ask_price: price(ask),
        best_ask_size: size(ask),
        relative_spread: item.relative_spread().filter(|_| !shape.nulls),
        best_bid_api_price: price(api_bid),
        best_bid_api_size: size(api_bid),
        best_ask_api_price: price(api_ask),
        best_ask_api_size: size(api_ask),
        market: item.market.to_string(),
        bids: levels(&item.bids),
        asks: levels(&item.asks),
    }
}

fn summary(item: &SummaryItem, shape: Shape, ts: i64) -> MarketSummaryEvent {
    let read = |pointer: &str| -> Option<Decimal> {
        item.data.pointer(pointer).and_then(Value::as_str)?.parse().ok()
    };
    let required = |pointer: &str| read(pointer).unwrap_or_default();
    let optional = |pointer: &str| read(pointer).filter(|_| !shape.nulls);
    MarketSummaryEvent {
        ts,
        mark_price: required("/mark_price"),
        index_price: required("/underlying_price"),
        last_price: required("/last_traded_price"),
        volume_usd24h: required("/volume_24h"),
        open_interest: required("/open_interest"),
        funding_rate: required("/funding_rate"),
        bid: optional("/bid"),
        ask: optional("/ask"),
        total_volume: required("/total_volume"),
        price_change_rate24h: required("/price_change_rate_24h"),
        mark_iv: optional("/mark_iv"),
        bid_iv: optional("/bid_iv"),
        ask_iv: optional("/ask_iv"),
        last_iv: optional("/last_iv"),
        delta: optional("/greeks/delta"),
        gamma: optional("/greeks/gamma"),
        vega: optional("/greeks/vega"),
        future_funding_rate: optional("/future_funding_rate"),
        external_fair_price: optional("/external_fair_price"),
        bid_size: optional("/bid_size"),
        ask_size: optional("/ask_size"),
        risk_free_rate: optional("/risk_free_rate"),
        funding_rate_precise: optional("/funding_rate"),
        market: item.market.to_string(),
        ..MarketSummaryEvent::default()
    }
}

fn funding(item: &FundingItem, ts: i64) -> FundingDataEvent {
    let funding = &item.funding;
    FundingDataEvent {
        ts,
        funding_rate: funding.rate,
        funding_index: funding.index,
        created_at: funding.created_at.saturating_mul(1_000),
        funding_premium: funding.premium,
        funding_rate8h: funding.rate_8h,
        funding_period_hours: i16::try_from(item.period_hours).unwrap_or(i16::MAX),
        market: item.market.to_string(),
        ..FundingDataEvent::default()
    }
}

fn comparison(item: &ComparisonItem, ts: i64) -> FundingRateComparisonEvent {
    FundingRateComparisonEvent {
        ts,
        last_updated_at: micros(item.at),
        hourly_funding_rate: item.hourly_rate,
        asset_kind: match item.asset_kind {
            MarketKind::Perp => AssetKind::PerpetualFuture,
            MarketKind::Option | MarketKind::PerpOption => AssetKind::Option,
            MarketKind::Spot => AssetKind::Spot,
            _ => AssetKind::Unspecified,
        },
        source: item.venue,
        market: item.market.to_string(),
    }
}

/// Returns a number of units of 10⁻⁸ as a decimal.
fn decimal(units: i64) -> Decimal {
    Decimal::new(units, 8)
}

fn price(best: Best) -> Option<Decimal> {
    best.map(|(price, _)| decimal(price))
}

fn size(best: Best) -> Option<Decimal> {
    best.map(|(_, size)| decimal(size))
}

pub(super) fn micros(nanoseconds: i64) -> i64 {
    nanoseconds / 1_000
}

#[cfg(test)]
mod tests {
    use paradex_api::sbe::Message;

    use super::*;

    fn trade_item() -> Item {
        Item::Trade(TradeItem {
            market: "BTC-USD-PERP".into(),
            id: "1732786800000123456789012345".to_owned(),
            seq: 7,
            at: 5_000_000,
            buy: false,
            price: 2_950_010_000_000,
            size: 50_000_000,
            cause: Cause::Match,
        })
    }

    #[test]
    fn longer_block_moves_what_follows_it() {
        let shape = Shape {
            longer_block: true,
            ..Shape::default()
        };
        let frame = encode(&trade_item(), 2, shape, 9_000).unwrap();
        assert_eq!(
            frame.len(),
            encode(&trade_item(), 2, Shape::default(), 9_000).unwrap().len() + 8
        );
        let Message::Trade(trade) = Message::decode(&frame).unwrap() else {
            panic!("{frame:?}");
        };
        assert_eq!(
            (trade.market(), trade.price()),
            ("BTC-USD-PERP", "29500.1".parse().unwrap())
        );
        assert_eq!(trade.trade_id_str(), Some("1732786800000123456789012345"));
    }

    #[test]
    fn short_layout_has_no_whole_id() {
        let shape = Shape {
            is_short: true,
            ..Shape::default()
        };
        let frame = encode(&trade_item(), 2, shape, 9_000).unwrap();
        let Message::Trade(trade) = Message::decode(&frame).unwrap() else {
            panic!("{frame:?}");
        };
        assert_eq!(
            (trade.seq(), trade.side(), trade.trade_id_str()),
            (7, Side::Sell, None)
        );
    }

    #[test]
    fn unknown_template_is_kept_by_a_decoder() {
        let frame = unknown_template(1);
        assert!(
            matches!(Message::decode(&frame), Ok(Message::Unknown(_))),
            "{frame:?}"
        );
    }
}
