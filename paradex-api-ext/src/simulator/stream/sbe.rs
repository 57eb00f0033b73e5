//! The events of channels in SBE.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

use super::book::Best;
use super::item::{BookItem, ComparisonItem, FundingItem, Item, LevelItem, SummaryItem, TradeItem};
use super::options::SCHEMA_ID;

/// The null of a number.
const NULL: i64 = i64::MIN;

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
    let mut writer = match item {
        Item::Trade(item) => trade(item, version, shape, now),
        Item::Bbo(item) => {
            let (bid, ask) = if shape.nulls {
                (None, None)
            } else {
                (item.bid, item.ask)
            };
            let mut writer = Writer::new(2, version);
            writer
                .numbers([micros(now), item.seq])
                .best(bid)
                .best(ask)
                .text(&item.market);
            writer
        }
        Item::Book(item) => book(item, version, shape, now),
        Item::Summary(item) => summary(item, version, shape, now),
        Item::Funding(item) => funding(item, version, now),
        Item::Comparison(item) if version >= 1 => comparison(item, version, now),
        Item::Comparison(_) | Item::Market(_) => return None,
    };
    if shape.longer_block {
        writer.numbers([-1]);
    }
    Some(writer.frame())
}

/// Returns a heartbeat.
pub(super) fn heartbeat(version: u16, now: i64) -> Vec<u8> {
    let mut writer = Writer::new(40, version);
    writer.numbers([micros(now), 0]);
    writer.frame()
}

/// Returns a message whose template no version of the schema has.
pub(super) fn unknown_template(version: u16, now: i64) -> Vec<u8> {
    let mut writer = Writer::new(59_999, version);
    writer.numbers([micros(now), 1, 2, 3]);
    writer.frame()
}

fn trade(item: &TradeItem, version: u16, shape: Shape, now: i64) -> Writer {
    let mut writer = Writer::new(1, version);
    // The id does not fit: what is left of it is no id.
    let low = item.id.parse::<i128>().unwrap_or_default() as i64;
    writer.numbers([micros(now), item.seq, low]);
    writer.byte(if item.buy { 1 } else { 2 });
    writer.numbers([item.price, item.size, micros(item.at)]);
    writer.byte(if item.rpi { 5 } else { 1 }).text(&item.market);
    if version >= 2 && !shape.is_short {
        writer.text(&item.id);
    }
    writer
}

fn book(item: &BookItem, version: u16, shape: Shape, now: i64) -> Writer {
    let mut writer = Writer::new(3, version);
    writer
        .numbers([micros(now), item.seq])
        .byte(u8::from(!item.snapshot));
    let shown = |best: Best| best.filter(|_| !shape.nulls);
    let (bid, ask) = item.best_interactive.unwrap_or_default();
    writer.best(shown(bid)).best(shown(ask));
    let spread = item.relative_spread().filter(|_| !shape.nulls);
    writer.numbers([spread.map_or(NULL, |spread| units(spread, 8))]);
    let (bid, ask) = item.best;
    writer.best(shown(bid)).best(shown(ask));
    writer.levels(&item.bids).levels(&item.asks).text(&item.market);
    writer
}

fn summary(item: &SummaryItem, version: u16, shape: Shape, now: i64) -> Writer {
    let read = |name: &str, places: u32| {
        let found = item.data.pointer(&format!("/{name}")).and_then(Value::as_str);
        found
            .and_then(|text| text.parse().ok())
            .map(|value| units(value, places))
    };
    let required = |name: &str| read(name, 8).unwrap_or_default();
    let optional = |name: &str, places: u32| match shape.nulls {
        true => NULL,
        false => read(name, places).unwrap_or(NULL),
    };
    let mut writer = Writer::new(4, version);
    writer.numbers([micros(now), 0]);
    for name in [
        "mark_price",
        "underlying_price",
        "last_traded_price",
        "volume_24h",
        "open_interest",
        "funding_rate",
    ] {
        writer.numbers([required(name)]);
    }
    writer.numbers([optional("bid", 8), optional("ask", 8)]);
    writer.numbers([required("total_volume"), required("price_change_rate_24h")]);
    for name in [
        "mark_iv",
        "bid_iv",
        "ask_iv",
        "last_iv",
        "greeks/delta",
        "greeks/gamma",
        "greeks/vega",
        "greeks/theta",
        "greeks/rho",
        "greeks/volga",
        "greeks/vanna",
        "future_funding_rate",
        "external_fair_price",
        "bid_size",
        "ask_size",
    ] {
        writer.numbers([optional(name, 8)]);
    }
    if version >= 1 {
        writer.numbers([optional("forward_rate", 8), optional("risk_free_rate", 8)]);
        writer.numbers([optional("funding_rate", 12)]);
    }
    writer.text(&item.market);
    writer
}

fn funding(item: &FundingItem, version: u16, now: i64) -> Writer {
    let funding = &item.funding;
    let mut writer = Writer::new(5, version);
    writer.numbers([micros(now), 0, units(funding.rate, 8), units(funding.index, 8)]);
    writer.numbers([funding.created_at.saturating_mul(1_000)]);
    writer.numbers([units(funding.premium, 8), units(funding.rate_8h, 8)]);
    let hours = i16::try_from(item.period_hours).unwrap_or(i16::MAX);
    writer.bytes(&hours.to_le_bytes());
    if version >= 1 {
        writer.numbers([NULL]);
    }
    writer.text(&item.market);
    writer
}

fn comparison(item: &ComparisonItem, version: u16, now: i64) -> Writer {
    let kind = match item.asset_kind.as_str() {
        "PERP" | "PERPETUAL_FUTURE" => 1,
        "PERP_OPTION" | "OPTION" => 2,
        "SPOT" => 3,
        _ => 0,
    };
    let venue = match item.venue {
        "PARADEX" => 1,
        "BINANCE" => 2,
        "BYBIT" => 3,
        "HYPERLIQUID" => 7,
        _ => 0,
    };
    let mut writer = Writer::new(6, version);
    writer.numbers([micros(now), micros(item.at), units(item.hourly_rate, 12)]);
    writer.byte(kind).byte(venue).text(&item.market);
    writer
}

/// Returns a decimal in units of so many decimal places; more places are cut.
fn units(value: Decimal, places: u32) -> i64 {
    let factor = Decimal::from(10_i64.pow(places));
    value
        .checked_mul(factor)
        .and_then(|value| value.trunc().to_i64())
        .unwrap_or(NULL)
}

fn micros(nanoseconds: i64) -> i64 {
    nanoseconds / 1_000
}

/// Collects a block, and what comes after it.
struct Writer {
    template: u16,
    version: u16,
    block: Vec<u8>,
    rest: Vec<u8>,
}

impl Writer {
    fn new(template: u16, version: u16) -> Self {
        Self {
            template,
            version,
            block: Vec::new(),
            rest: Vec::new(),
        }
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.block.extend(bytes);
        self
    }

    fn byte(&mut self, byte: u8) -> &mut Self {
        self.bytes(&[byte])
    }

    fn numbers<const N: usize>(&mut self, numbers: [i64; N]) -> &mut Self {
        for number in numbers {
            self.block.extend(number.to_le_bytes());
        }
        self
    }

    fn best(&mut self, best: Best) -> &mut Self {
        let (price, size) = best.unwrap_or((NULL, NULL));
        self.numbers([price, size])
    }

    fn levels(&mut self, levels: &[LevelItem]) -> &mut Self {
        let count = u16::try_from(levels.len()).unwrap_or(u16::MAX);
        self.rest.extend(16_u16.to_le_bytes());
        self.rest.extend(count.to_le_bytes());
        for level in levels.iter().take(usize::from(count)) {
            self.rest.extend(level.price.to_le_bytes());
            self.rest.extend(level.size.to_le_bytes());
        }
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        let length = u8::try_from(text.len()).unwrap_or(u8::MAX);
        self.rest.push(length);
        self.rest.extend(text.bytes().take(usize::from(length)));
        self
    }

    fn frame(&self) -> Vec<u8> {
        let length = u16::try_from(self.block.len()).unwrap_or(u16::MAX);
        let header = [length, self.template, SCHEMA_ID, self.version].map(u16::to_le_bytes);
        [header.as_flattened(), &self.block, &self.rest].concat()
    }
}
