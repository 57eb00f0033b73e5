// Written by `cargo xtask gen` from the documents under openapi/; edits are lost. To change it, change a
// correction, a name or a description under openapi/, or a pass under xtask/, and run it again.

//!Messages of the SBE schema that own their fields and write frames.
#![allow(unused_imports, reason = "not every schema has every kind of field")]
use rust_decimal::Decimal;
use crate::sbe;
use crate::sbe::AccountAddress;
use crate::sbe::number::NULL;
use crate::sbe::writer::{Writer, mantissa, nullable};
/// A trade of a market.
///
/// See [`sbe::TradeEvent`]. Create one with `..Default::default()`, because later versions of the schema add fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TradeEvent {
    /// When the message was published, in microseconds since the Unix epoch.
    pub ts: i64,
    /// Sequence number of the order book after the trade, the same counter as of `BboEvent`; 0 for legs of block trades, liquidations and settlements.
    pub seq: i64,
    /// The lowest 64 bits of the id, which has 28 digits; it can be negative and does not identify a trade.
    pub trade_id: i64,
    /// The taker's side.
    pub side: sbe::Side,
    /// The price, in the quote currency.
    pub price: Decimal,
    /// The size, in the base currency.
    pub size: Decimal,
    /// Time of the trade, in microseconds since the Unix epoch.
    pub created_at: i64,
    /// Cause of the trade.
    pub trade_type: sbe::FillType,
    /// The market, for example `BTC-USD-PERP`.
    pub market: String,
    /// Id of the trade, unique among trades of the same type.
    pub trade_id_str: Option<String>,
}

impl TradeEvent {
    /// Writes a frame of this version of the schema: without the fields that later versions added, and without those that
    /// are `None` and can be absent.
    pub fn encode(&self, version: u16) -> Vec<u8> {
        let mut writer = Writer::new(version);
        writer.put(self.ts.to_le_bytes());
        writer.put(self.seq.to_le_bytes());
        writer.put(self.trade_id.to_le_bytes());
        writer.put([u8::from(self.side)]);
        writer.put(mantissa(self.price, 8).to_le_bytes());
        writer.put(mantissa(self.size, 8).to_le_bytes());
        writer.put(self.created_at.to_le_bytes());
        writer.put([u8::from(self.trade_type)]);
        writer.text(&self.market);
        writer.add_text(2u16, self.trade_id_str.as_deref());
        writer.frame(1u16)
    }
}

impl Default for TradeEvent {
    fn default() -> Self {
        Self {
            ts: Default::default(),
            seq: Default::default(),
            trade_id: Default::default(),
            side: sbe::Side::from(0),
            price: Default::default(),
            size: Default::default(),
            created_at: Default::default(),
            trade_type: sbe::FillType::from(0),
            market: Default::default(),
            trade_id_str: None,
        }
    }
}

impl From<sbe::TradeEvent<'_>> for TradeEvent {
    #[allow(deprecated, reason = "frames have the field")]
    fn from(event: sbe::TradeEvent<'_>) -> Self {
        Self {
            ts: event.ts(),
            seq: event.seq(),
            trade_id: event.trade_id(),
            side: event.side(),
            price: event.price(),
            size: event.size(),
            created_at: event.created_at(),
            trade_type: event.trade_type(),
            market: event.market().to_owned(),
            trade_id_str: event.trade_id_str().map(str::to_owned),
        }
    }
}

/// The best bid and offer of a market.
///
/// See [`sbe::BboEvent`]. Create one with `..Default::default()`, because later versions of the schema add fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BboEvent {
    /// When the message was published, in microseconds since the Unix epoch; the schema does not say more.
    pub ts: i64,
    /// The number of the book's state; a higher one is newer.
    pub seq: i64,
    /// The highest bid, in the quote currency.
    pub bid_price: Option<Decimal>,
    /// Size at the best bid, in the base currency.
    pub bid_size: Option<Decimal>,
    /// The lowest offer, in the quote currency.
    pub ask_price: Option<Decimal>,
    /// Size at the best ask, in the base currency.
    pub ask_size: Option<Decimal>,
    /// The market, for example `BTC-USD-PERP`.
    pub market: String,
}

impl BboEvent {
    /// Writes a frame of this version of the schema: without the fields that later versions added, and without those that
    /// are `None` and can be absent.
    pub fn encode(&self, version: u16) -> Vec<u8> {
        let mut writer = Writer::new(version);
        writer.put(self.ts.to_le_bytes());
        writer.put(self.seq.to_le_bytes());
        writer.put(nullable(self.bid_price, 8).to_le_bytes());
        writer.put(nullable(self.bid_size, 8).to_le_bytes());
        writer.put(nullable(self.ask_price, 8).to_le_bytes());
        writer.put(nullable(self.ask_size, 8).to_le_bytes());
        writer.text(&self.market);
        writer.frame(2u16)
    }
}

impl Default for BboEvent {
    fn default() -> Self {
        Self {
            ts: Default::default(),
            seq: Default::default(),
            bid_price: None,
            bid_size: None,
            ask_price: None,
            ask_size: None,
            market: Default::default(),
        }
    }
}

impl From<sbe::BboEvent<'_>> for BboEvent {
    fn from(event: sbe::BboEvent<'_>) -> Self {
        Self {
            ts: event.ts(),
            seq: event.seq(),
            bid_price: event.bid_price(),
            bid_size: event.bid_size(),
            ask_price: event.ask_price(),
            ask_size: event.ask_size(),
            market: event.market().to_owned(),
        }
    }
}

/// The order book of a market, whole or what changed in it.
///
/// See [`sbe::BookEvent`]. Create one with `..Default::default()`, because later versions of the schema add fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookEvent {
    /// When the message was published, in microseconds since the Unix epoch.
    pub ts: i64,
    /// Sequence number. A change has the number after that of the message before it; with a gap, the book is wrong.
    pub seq: i64,
    /// Whether it is the whole book or a change to it.
    pub pkg_type: sbe::PkgType,
    /// Best bid, orders for retail price improvement (RPI) included; only on interactive channels.
    pub best_bid_price: Option<Decimal>,
    /// Size at the best bid, RPI included; only on interactive channels.
    pub best_bid_size: Option<Decimal>,
    /// Best ask, RPI included; only on interactive channels.
    pub best_ask_price: Option<Decimal>,
    /// Size at the best ask, RPI included; only on interactive channels.
    pub best_ask_size: Option<Decimal>,
    /// Spread divided by the mid price; only on interactive channels.
    pub relative_spread: Option<Decimal>,
    /// Best bid of orders through the API, without RPI.
    pub best_bid_api_price: Option<Decimal>,
    /// Size at the best bid of orders through the API.
    pub best_bid_api_size: Option<Decimal>,
    /// Best ask of orders through the API, without RPI.
    pub best_ask_api_price: Option<Decimal>,
    /// Size at the best ask of orders through the API.
    pub best_ask_api_size: Option<Decimal>,
    /// The market, for example `BTC-USD-PERP`.
    pub market: String,
    /// Levels to buy.
    pub bids: Vec<BookLevel>,
    /// Levels to sell.
    pub asks: Vec<BookLevel>,
}

impl BookEvent {
    /// Writes a frame of this version of the schema: without the fields that later versions added, and without those that
    /// are `None` and can be absent.
    pub fn encode(&self, version: u16) -> Vec<u8> {
        let mut writer = Writer::new(version);
        writer.put(self.ts.to_le_bytes());
        writer.put(self.seq.to_le_bytes());
        writer.put([u8::from(self.pkg_type)]);
        writer.put(nullable(self.best_bid_price, 8).to_le_bytes());
        writer.put(nullable(self.best_bid_size, 8).to_le_bytes());
        writer.put(nullable(self.best_ask_price, 8).to_le_bytes());
        writer.put(nullable(self.best_ask_size, 8).to_le_bytes());
        writer.put(nullable(self.relative_spread, 8).to_le_bytes());
        writer.put(nullable(self.best_bid_api_price, 8).to_le_bytes());
        writer.put(nullable(self.best_bid_api_size, 8).to_le_bytes());
        writer.put(nullable(self.best_ask_api_price, 8).to_le_bytes());
        writer.put(nullable(self.best_ask_api_size, 8).to_le_bytes());
        writer.group(self.bids.iter().map(|entry| entry.bytes()));
        writer.group(self.asks.iter().map(|entry| entry.bytes()));
        writer.text(&self.market);
        writer.frame(3u16)
    }
}

impl Default for BookEvent {
    fn default() -> Self {
        Self {
            ts: Default::default(),
            seq: Default::default(),
            pkg_type: sbe::PkgType::from(0),
            best_bid_price: None,
            best_bid_size: None,
            best_ask_price: None,
            best_ask_size: None,
            relative_spread: None,
            best_bid_api_price: None,
            best_bid_api_size: None,
            best_ask_api_price: None,
            best_ask_api_size: None,
            market: Default::default(),
            bids: Vec::new(),
            asks: Vec::new(),
        }
    }
}

impl From<sbe::BookEvent<'_>> for BookEvent {
    fn from(event: sbe::BookEvent<'_>) -> Self {
        Self {
            ts: event.ts(),
            seq: event.seq(),
            pkg_type: event.pkg_type(),
            best_bid_price: event.best_bid_price(),
            best_bid_size: event.best_bid_size(),
            best_ask_price: event.best_ask_price(),
            best_ask_size: event.best_ask_size(),
            relative_spread: event.relative_spread(),
            best_bid_api_price: event.best_bid_api_price(),
            best_bid_api_size: event.best_bid_api_size(),
            best_ask_api_price: event.best_ask_api_price(),
            best_ask_api_size: event.best_ask_api_size(),
            market: event.market().to_owned(),
            bids: event.bids().iter().map(Into::into).collect(),
            asks: event.asks().iter().map(Into::into).collect(),
        }
    }
}

/// Statistics of a market over 24 hours.
///
/// See [`sbe::MarketSummaryEvent`]. Create one with `..Default::default()`, because later versions of the schema add fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketSummaryEvent {
    /// When the message was published, in microseconds since the Unix epoch; the schema does not say more.
    pub ts: i64,
    /// Sequence number of the message.
    pub seq: i64,
    /// Mark price.
    pub mark_price: Decimal,
    /// Spot price of the underlying asset.
    pub index_price: Decimal,
    /// Price of the last trade.
    pub last_price: Decimal,
    /// Volume traded over 24 hours, in USD.
    pub volume_usd24h: Decimal,
    /// Open interest, in base currency.
    pub open_interest: Decimal,
    /// Funding rate, cut to 8 digits after the point; use `funding_rate_precise` if it has a value.
    pub funding_rate: Decimal,
    /// Best bid price.
    pub bid: Option<Decimal>,
    /// Best ask price.
    pub ask: Option<Decimal>,
    /// Volume traded since the market began, in USD; 92233720368.54775807 means that or more.
    pub total_volume: Decimal,
    /// Rate of price change over the last 24 hours, for example 0.05.
    pub price_change_rate24h: Decimal,
    /// Implied volatility at the mark price, for options.
    pub mark_iv: Option<Decimal>,
    /// Implied volatility of the best bid, for options.
    pub bid_iv: Option<Decimal>,
    /// Implied volatility of the best ask, for options.
    pub ask_iv: Option<Decimal>,
    /// Implied volatility of the last trade, for options.
    pub last_iv: Option<Decimal>,
    /// Sensitivity to the price of the underlying asset.
    pub delta: Option<Decimal>,
    /// Sensitivity of delta to the price of the underlying asset.
    pub gamma: Option<Decimal>,
    /// Sensitivity to the volatility.
    pub vega: Option<Decimal>,
    /// Sensitivity to the passing of time.
    pub theta: Option<Decimal>,
    /// Sensitivity to the interest rate.
    pub rho: Option<Decimal>,
    /// Sensitivity of vega to the volatility.
    pub volga: Option<Decimal>,
    /// Sensitivity of delta to the volatility.
    pub vanna: Option<Decimal>,
    /// For options, a smoothed funding rate of the future.
    pub future_funding_rate: Option<Decimal>,
    /// Fair price from outside: the spot price raised by the median basis rate of other exchanges.
    pub external_fair_price: Option<Decimal>,
    /// Size at the best bid.
    pub bid_size: Option<Decimal>,
    /// Size at the best ask.
    pub ask_size: Option<Decimal>,
    /// Annualised forward rate of dated options, smoothed by an exponentially weighted average.
    pub forward_rate: Option<Decimal>,
    /// Risk-free rate that option pricing discounts with, for example 0.05.
    pub risk_free_rate: Option<Decimal>,
    /// Funding rate for the market's own funding period, with 12 digits after the point.
    pub funding_rate_precise: Option<Decimal>,
    /// The market symbol, for example `BTC-USD-PERP`.
    pub market: String,
}

impl MarketSummaryEvent {
    /// Writes a frame of this version of the schema: without the fields that later versions added, and without those that
    /// are `None` and can be absent.
    pub fn encode(&self, version: u16) -> Vec<u8> {
        let mut writer = Writer::new(version);
        writer.put(self.ts.to_le_bytes());
        writer.put(self.seq.to_le_bytes());
        writer.put(mantissa(self.mark_price, 8).to_le_bytes());
        writer.put(mantissa(self.index_price, 8).to_le_bytes());
        writer.put(mantissa(self.last_price, 8).to_le_bytes());
        writer.put(mantissa(self.volume_usd24h, 8).to_le_bytes());
        writer.put(mantissa(self.open_interest, 8).to_le_bytes());
        writer.put(mantissa(self.funding_rate, 8).to_le_bytes());
        writer.put(nullable(self.bid, 8).to_le_bytes());
        writer.put(nullable(self.ask, 8).to_le_bytes());
        writer.put(mantissa(self.total_volume, 8).to_le_bytes());
        writer.put(mantissa(self.price_change_rate24h, 8).to_le_bytes());
        writer.put(nullable(self.mark_iv, 8).to_le_bytes());
        writer.put(nullable(self.bid_iv, 8).to_le_bytes());
        writer.put(nullable(self.ask_iv, 8).to_le_bytes());
        writer.put(nullable(self.last_iv, 8).to_le_bytes());
        writer.put(nullable(self.delta, 8).to_le_bytes());
        writer.put(nullable(self.gamma, 8).to_le_bytes());
        writer.put(nullable(self.vega, 8).to_le_bytes());
        writer.put(nullable(self.theta, 8).to_le_bytes());
        writer.put(nullable(self.rho, 8).to_le_bytes());
        writer.put(nullable(self.volga, 8).to_le_bytes());
        writer.put(nullable(self.vanna, 8).to_le_bytes());
        writer.put(nullable(self.future_funding_rate, 8).to_le_bytes());
        writer.put(nullable(self.external_fair_price, 8).to_le_bytes());
        writer.put(nullable(self.bid_size, 8).to_le_bytes());
        writer.put(nullable(self.ask_size, 8).to_le_bytes());
        writer
            .add(1u16, Some(nullable(self.forward_rate, 8).to_le_bytes()), [0; 8usize]);
        writer
            .add(
                1u16,
                Some(nullable(self.risk_free_rate, 8).to_le_bytes()),
                [0; 8usize],
            );
        writer
            .add(
                1u16,
                Some(nullable(self.funding_rate_precise, 12).to_le_bytes()),
                [0; 8usize],
            );
        writer.text(&self.market);
        writer.frame(4u16)
    }
}

impl Default for MarketSummaryEvent {
    fn default() -> Self {
        Self {
            ts: Default::default(),
            seq: Default::default(),
            mark_price: Default::default(),
            index_price: Default::default(),
            last_price: Default::default(),
            volume_usd24h: Default::default(),
            open_interest: Default::default(),
            funding_rate: Default::default(),
            bid: None,
            ask: None,
            total_volume: Default::default(),
            price_change_rate24h: Default::default(),
            mark_iv: None,
            bid_iv: None,
            ask_iv: None,
            last_iv: None,
            delta: None,
            gamma: None,
            vega: None,
            theta: None,
            rho: None,
            volga: None,
            vanna: None,
            future_funding_rate: None,
            external_fair_price: None,
            bid_size: None,
            ask_size: None,
            forward_rate: None,
            risk_free_rate: None,
            funding_rate_precise: None,
            market: Default::default(),
        }
    }
}

impl From<sbe::MarketSummaryEvent<'_>> for MarketSummaryEvent {
    fn from(event: sbe::MarketSummaryEvent<'_>) -> Self {
        Self {
            ts: event.ts(),
            seq: event.seq(),
            mark_price: event.mark_price(),
            index_price: event.index_price(),
            last_price: event.last_price(),
            volume_usd24h: event.volume_usd24h(),
            open_interest: event.open_interest(),
            funding_rate: event.funding_rate(),
            bid: event.bid(),
            ask: event.ask(),
            total_volume: event.total_volume(),
            price_change_rate24h: event.price_change_rate24h(),
            mark_iv: event.mark_iv(),
            bid_iv: event.bid_iv(),
            ask_iv: event.ask_iv(),
            last_iv: event.last_iv(),
            delta: event.delta(),
            gamma: event.gamma(),
            vega: event.vega(),
            theta: event.theta(),
            rho: event.rho(),
            volga: event.volga(),
            vanna: event.vanna(),
            future_funding_rate: event.future_funding_rate(),
            external_fair_price: event.external_fair_price(),
            bid_size: event.bid_size(),
            ask_size: event.ask_size(),
            forward_rate: event.forward_rate(),
            risk_free_rate: event.risk_free_rate(),
            funding_rate_precise: event.funding_rate_precise(),
            market: event.market().to_owned(),
        }
    }
}

/// The funding figures of a market.
///
/// See [`sbe::FundingDataEvent`]. Create one with `..Default::default()`, because later versions of the schema add fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundingDataEvent {
    /// When the message was published, in microseconds since the Unix epoch.
    pub ts: i64,
    /// Sequence number of the message.
    pub seq: i64,
    /// Funding rate over the market's own period, cut to 8 digits after the point.
    pub funding_rate: Decimal,
    /// Value of the funding index.
    pub funding_index: Decimal,
    /// When the entry was made, in microseconds since the Unix epoch.
    pub created_at: i64,
    /// Funding premium, cut to 8 digits after the point.
    pub funding_premium: Decimal,
    /// Funding rate normalized to eight hours, cut to 8 digits after the point.
    pub funding_rate8h: Decimal,
    /// Length of the market's own funding period, in hours.
    pub funding_period_hours: i16,
    /// Impact premium across venues before clamping: the weighted median of the premiums divided by the spot price. Absent when the aggregation gave no rate.
    pub impact_premium_rate: Option<Decimal>,
    /// The market symbol, for example `BTC-USD-PERP`.
    pub market: String,
}

impl FundingDataEvent {
    /// Writes a frame of this version of the schema: without the fields that later versions added, and without those that
    /// are `None` and can be absent.
    pub fn encode(&self, version: u16) -> Vec<u8> {
        let mut writer = Writer::new(version);
        writer.put(self.ts.to_le_bytes());
        writer.put(self.seq.to_le_bytes());
        writer.put(mantissa(self.funding_rate, 8).to_le_bytes());
        writer.put(mantissa(self.funding_index, 8).to_le_bytes());
        writer.put(self.created_at.to_le_bytes());
        writer.put(mantissa(self.funding_premium, 8).to_le_bytes());
        writer.put(mantissa(self.funding_rate8h, 8).to_le_bytes());
        writer.put(self.funding_period_hours.to_le_bytes());
        writer
            .add(
                1u16,
                Some(nullable(self.impact_premium_rate, 8).to_le_bytes()),
                [0; 8usize],
            );
        writer.text(&self.market);
        writer.frame(5u16)
    }
}

impl Default for FundingDataEvent {
    fn default() -> Self {
        Self {
            ts: Default::default(),
            seq: Default::default(),
            funding_rate: Default::default(),
            funding_index: Default::default(),
            created_at: Default::default(),
            funding_premium: Default::default(),
            funding_rate8h: Default::default(),
            funding_period_hours: Default::default(),
            impact_premium_rate: None,
            market: Default::default(),
        }
    }
}

impl From<sbe::FundingDataEvent<'_>> for FundingDataEvent {
    fn from(event: sbe::FundingDataEvent<'_>) -> Self {
        Self {
            ts: event.ts(),
            seq: event.seq(),
            funding_rate: event.funding_rate(),
            funding_index: event.funding_index(),
            created_at: event.created_at(),
            funding_premium: event.funding_premium(),
            funding_rate8h: event.funding_rate8h(),
            funding_period_hours: event.funding_period_hours(),
            impact_premium_rate: event.impact_premium_rate(),
            market: event.market().to_owned(),
        }
    }
}

/// The funding rate of an asset at one venue.
///
/// See [`sbe::FundingRateComparisonEvent`]. Create one with `..Default::default()`, because later versions of the schema add fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundingRateComparisonEvent {
    /// When the message was published, in microseconds since the Unix epoch.
    pub ts: i64,
    /// When the venue reported the rate, in microseconds since the Unix epoch.
    pub last_updated_at: i64,
    /// Funding rate for one hour.
    pub hourly_funding_rate: Decimal,
    /// Kind of the instrument.
    pub asset_kind: sbe::AssetKind,
    /// The venue.
    pub source: sbe::FundingRateSource,
    /// The market, for example `BTC-USD-PERP`.
    pub market: String,
}

impl FundingRateComparisonEvent {
    /// Writes a frame of this version of the schema: without the fields that later versions added, and without those that
    /// are `None` and can be absent.
    pub fn encode(&self, version: u16) -> Vec<u8> {
        let mut writer = Writer::new(version);
        writer.put(self.ts.to_le_bytes());
        writer.put(self.last_updated_at.to_le_bytes());
        writer.put(mantissa(self.hourly_funding_rate, 12).to_le_bytes());
        writer.put([u8::from(self.asset_kind)]);
        writer.put([u8::from(self.source)]);
        writer.text(&self.market);
        writer.frame(6u16)
    }
}

impl Default for FundingRateComparisonEvent {
    fn default() -> Self {
        Self {
            ts: Default::default(),
            last_updated_at: Default::default(),
            hourly_funding_rate: Default::default(),
            asset_kind: sbe::AssetKind::from(0),
            source: sbe::FundingRateSource::from(0),
            market: Default::default(),
        }
    }
}

impl From<sbe::FundingRateComparisonEvent<'_>> for FundingRateComparisonEvent {
    fn from(event: sbe::FundingRateComparisonEvent<'_>) -> Self {
        Self {
            ts: event.ts(),
            last_updated_at: event.last_updated_at(),
            hourly_funding_rate: event.hourly_funding_rate(),
            asset_kind: event.asset_kind(),
            source: event.source(),
            market: event.market().to_owned(),
        }
    }
}

/// A change of one of the account's orders.
///
/// See [`sbe::OrderEvent`]. Create one with `..Default::default()`, because later versions of the schema add fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderEvent {
    /// When the message was made, in microseconds since the Unix epoch; the schema does not say more.
    pub ts: i64,
    /// Number that grows with each change of the order, with gaps; it serves to drop duplicates. WebSocket and REST number their events separately.
    pub seq: i64,
    /// State of the order.
    pub status: sbe::OrderStatus,
    /// Whether the order buys or sells.
    pub side: sbe::Side,
    /// Type of the order.
    pub order_type: sbe::OrderType,
    /// Execution instruction, for example `GTC`; may be an empty string.
    pub time_in_force: sbe::TimeInForce,
    /// Price of the order; null for market orders, where JSON has 0.
    pub price: Option<Decimal>,
    /// Price at which a stop order triggers.
    pub trigger_price: Option<Decimal>,
    /// Size of the order.
    pub size: Decimal,
    /// Size that has not been filled.
    pub size_open: Decimal,
    /// Average price of the fills; null without fills.
    pub avg_fill_price: Option<Decimal>,
    /// When the order was created, in microseconds since the Unix epoch.
    pub created_at: i64,
    /// When the order last changed, in microseconds since the Unix epoch; a closed order changes no more.
    pub updated_at: i64,
    /// Starknet address of the account that owns the order.
    pub account: AccountAddress,
    /// When the exchange took the order in, in microseconds since the Unix epoch.
    pub received_at: i64,
    /// When the order was sent to the client, in microseconds since the Unix epoch.
    pub published_at: i64,
    /// How the order avoids trades with the owner's own orders (self-trade prevention).
    pub stp: sbe::StpMode,
    /// Modifiers of the order, for example `REDUCE_ONLY`.
    pub flags: sbe::OrderFlags,
    /// Status of the modification that this message is about; `Unspecified` if it is about none.
    pub request_status: Option<sbe::RequestStatus>,
    /// Kind of the request that this message is about; `Unspecified` if it is about none.
    pub request_type: Option<sbe::RequestType>,
    /// Id that the exchange gave the order.
    pub order_id: String,
    /// Id that the client gave the order; may be an empty string.
    pub client_order_id: String,
    /// The market symbol, for example `BTC-USD-PERP`.
    pub market: String,
    /// Why the order was cancelled, for example `NOT_ENOUGH_MARGIN`; empty if it was not.
    pub cancel_reason: String,
    /// Id of the request that this message is about; empty if it is about none.
    pub request_id: Option<String>,
    /// Reason of the failure; empty unless the request failed.
    pub request_message: Option<String>,
}

impl OrderEvent {
    /// Writes a frame of this version of the schema: without the fields that later versions added, and without those that
    /// are `None` and can be absent.
    pub fn encode(&self, version: u16) -> Vec<u8> {
        let mut writer = Writer::new(version);
        writer.put(self.ts.to_le_bytes());
        writer.put(self.seq.to_le_bytes());
        writer.put([u8::from(self.status)]);
        writer.put([u8::from(self.side)]);
        writer.put([u8::from(self.order_type)]);
        writer.put([u8::from(self.time_in_force)]);
        writer.put(nullable(self.price, 8).to_le_bytes());
        writer.put(nullable(self.trigger_price, 8).to_le_bytes());
        writer.put(mantissa(self.size, 8).to_le_bytes());
        writer.put(mantissa(self.size_open, 8).to_le_bytes());
        writer.put(nullable(self.avg_fill_price, 8).to_le_bytes());
        writer.put(self.created_at.to_le_bytes());
        writer.put(self.updated_at.to_le_bytes());
        writer.put(*self.account.as_bytes());
        writer.put(self.received_at.to_le_bytes());
        writer.put(self.published_at.to_le_bytes());
        writer.put([u8::from(self.stp)]);
        writer.put([self.flags.bits()]);
        writer
            .add(2u16, self.request_status.map(|value| [u8::from(value)]), [0; 1usize]);
        writer.add(2u16, self.request_type.map(|value| [u8::from(value)]), [0; 1usize]);
        writer.text(&self.order_id);
        writer.text(&self.client_order_id);
        writer.text(&self.market);
        writer.text(&self.cancel_reason);
        writer.add_text(2u16, self.request_id.as_deref());
        writer.add_text(2u16, self.request_message.as_deref());
        writer.frame(20u16)
    }
}

impl Default for OrderEvent {
    fn default() -> Self {
        Self {
            ts: Default::default(),
            seq: Default::default(),
            status: sbe::OrderStatus::from(0),
            side: sbe::Side::from(0),
            order_type: sbe::OrderType::from(0),
            time_in_force: sbe::TimeInForce::from(0),
            price: None,
            trigger_price: None,
            size: Default::default(),
            size_open: Default::default(),
            avg_fill_price: None,
            created_at: Default::default(),
            updated_at: Default::default(),
            account: Default::default(),
            received_at: Default::default(),
            published_at: Default::default(),
            stp: sbe::StpMode::from(0),
            flags: Default::default(),
            request_status: None,
            request_type: None,
            order_id: Default::default(),
            client_order_id: Default::default(),
            market: Default::default(),
            cancel_reason: Default::default(),
            request_id: None,
            request_message: None,
        }
    }
}

impl From<sbe::OrderEvent<'_>> for OrderEvent {
    fn from(event: sbe::OrderEvent<'_>) -> Self {
        Self {
            ts: event.ts(),
            seq: event.seq(),
            status: event.status(),
            side: event.side(),
            order_type: event.order_type(),
            time_in_force: event.time_in_force(),
            price: event.price(),
            trigger_price: event.trigger_price(),
            size: event.size(),
            size_open: event.size_open(),
            avg_fill_price: event.avg_fill_price(),
            created_at: event.created_at(),
            updated_at: event.updated_at(),
            account: event.account(),
            received_at: event.received_at(),
            published_at: event.published_at(),
            stp: event.stp(),
            flags: event.flags(),
            request_status: event.request_status(),
            request_type: event.request_type(),
            order_id: event.order_id().to_owned(),
            client_order_id: event.client_order_id().to_owned(),
            market: event.market().to_owned(),
            cancel_reason: event.cancel_reason().to_owned(),
            request_id: event.request_id().map(str::to_owned),
            request_message: event.request_message().map(str::to_owned),
        }
    }
}

/// A fill of one of the account's orders.
///
/// See [`sbe::FillEvent`]. Create one with `..Default::default()`, because later versions of the schema add fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillEvent {
    /// When the message was made, in microseconds since the Unix epoch; the schema does not say more.
    pub ts: i64,
    /// Sequence number of the order book after the fill; null for position transfers.
    pub seq: Option<i64>,
    /// Kind of fill, such as an ordinary match, a liquidation or a transfer to unwind a position.
    pub fill_type: sbe::FillType,
    /// Side of the trade; the published text calls it the taker's side.
    pub side: sbe::Side,
    /// Whether the account was the maker or the taker.
    pub liquidity: sbe::LiquiditySide,
    /// Price of the fill.
    pub price: Decimal,
    /// Filled size.
    pub size: Decimal,
    /// Fee charged to the account, in `fee_currency`.
    pub fee: Decimal,
    /// Profit or loss realized by the fill; null if it closed nothing.
    pub realized_pnl: Option<Decimal>,
    /// When the fill happened, in microseconds since the Unix epoch.
    pub created_at: i64,
    /// Account whose order was filled.
    pub account: AccountAddress,
    /// Spot price of the underlying asset at the fill.
    pub underlying_price: Decimal,
    /// Funding realized by the fill.
    pub realized_funding: Decimal,
    /// Special properties of the fill.
    pub flags: Option<sbe::FillFlags>,
    /// Sequence number of the order book right after the trade; subtract one for the state before it. It is 0 for position transfers, that is, liquidations and settlements.
    pub orderbook_seq_no: Option<u64>,
    /// Identifier of the fill, unique among fills of one `fill_type`.
    pub fill_id: String,
    /// Identifier of the filled order.
    pub order_id: String,
    /// Identifier that the client gave the order; can be empty.
    pub client_order_id: String,
    /// Id of the trade, with all its digits.
    pub trade_id: String,
    /// Symbol of the market, for example `BTC-USD-PERP`.
    pub market: String,
    /// Asset of the fee, for example `USDC`.
    pub fee_currency: Option<String>,
}

impl FillEvent {
    /// Writes a frame of this version of the schema: without the fields that later versions added, and without those that
    /// are `None` and can be absent.
    pub fn encode(&self, version: u16) -> Vec<u8> {
        let mut writer = Writer::new(version);
        writer.put(self.ts.to_le_bytes());
        writer.put(self.seq.unwrap_or(i64::MIN).to_le_bytes());
        writer.put([u8::from(self.fill_type)]);
        writer.put([u8::from(self.side)]);
        writer.put([u8::from(self.liquidity)]);
        writer.put(mantissa(self.price, 8).to_le_bytes());
        writer.put(mantissa(self.size, 8).to_le_bytes());
        writer.put(mantissa(self.fee, 8).to_le_bytes());
        writer.put(nullable(self.realized_pnl, 8).to_le_bytes());
        writer.put(self.created_at.to_le_bytes());
        writer.put(*self.account.as_bytes());
        writer.put(mantissa(self.underlying_price, 8).to_le_bytes());
        writer.put(mantissa(self.realized_funding, 8).to_le_bytes());
        writer.add(2u16, self.flags.map(|value| [value.bits()]), [0; 1usize]);
        writer
            .add(
                2u16,
                self.orderbook_seq_no.map(|value| value.to_le_bytes()),
                [0; 8usize],
            );
        writer.text(&self.fill_id);
        writer.text(&self.order_id);
        writer.text(&self.client_order_id);
        writer.text(&self.trade_id);
        writer.text(&self.market);
        writer.add_text(2u16, self.fee_currency.as_deref());
        writer.frame(21u16)
    }
}

impl Default for FillEvent {
    fn default() -> Self {
        Self {
            ts: Default::default(),
            seq: None,
            fill_type: sbe::FillType::from(0),
            side: sbe::Side::from(0),
            liquidity: sbe::LiquiditySide::from(0),
            price: Default::default(),
            size: Default::default(),
            fee: Default::default(),
            realized_pnl: None,
            created_at: Default::default(),
            account: Default::default(),
            underlying_price: Default::default(),
            realized_funding: Default::default(),
            flags: None,
            orderbook_seq_no: None,
            fill_id: Default::default(),
            order_id: Default::default(),
            client_order_id: Default::default(),
            trade_id: Default::default(),
            market: Default::default(),
            fee_currency: None,
        }
    }
}

impl From<sbe::FillEvent<'_>> for FillEvent {
    fn from(event: sbe::FillEvent<'_>) -> Self {
        Self {
            ts: event.ts(),
            seq: event.seq(),
            fill_type: event.fill_type(),
            side: event.side(),
            liquidity: event.liquidity(),
            price: event.price(),
            size: event.size(),
            fee: event.fee(),
            realized_pnl: event.realized_pnl(),
            created_at: event.created_at(),
            account: event.account(),
            underlying_price: event.underlying_price(),
            realized_funding: event.realized_funding(),
            flags: event.flags(),
            orderbook_seq_no: event.orderbook_seq_no(),
            fill_id: event.fill_id().to_owned(),
            order_id: event.order_id().to_owned(),
            client_order_id: event.client_order_id().to_owned(),
            trade_id: event.trade_id().to_owned(),
            market: event.market().to_owned(),
            fee_currency: event.fee_currency().map(str::to_owned),
        }
    }
}

/// The account's position in a market.
///
/// See [`sbe::PositionEvent`]. Create one with `..Default::default()`, because later versions of the schema add fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PositionEvent {
    /// When the message was made, in microseconds since the Unix epoch; the schema does not say more.
    pub ts: i64,
    /// Sequence number that grows with each update, with gaps; it serves to drop duplicates.
    pub seq: i64,
    /// `Buy` for a long position, `Sell` for a short one.
    pub side: sbe::Side,
    /// Size in the base currency, positive on both sides; JSON has a negative size for a short position.
    pub size: Decimal,
    /// Average entry price, in the quote currency.
    pub avg_entry_price: Decimal,
    /// Result that is not yet realized, accrued funding included.
    pub unrealized_pnl: Decimal,
    /// Result realized since the position was opened, funding included; reset when it is closed or reversed.
    pub realized_pnl: Decimal,
    /// Always null; the schema has the field all the same.
    pub mark_price: Option<Decimal>,
    /// Liquidation price, in the quote currency; null if there is none.
    pub liquidation_price: Option<Decimal>,
    /// Leverage of the position.
    pub leverage: Decimal,
    /// Time of the last change, in microseconds since the Unix epoch.
    pub updated_at: i64,
    /// The account that holds it.
    pub account: AccountAddress,
    /// Average entry price, in USD.
    pub avg_entry_price_usd: Decimal,
    /// Cost of the position; negative for a short position.
    pub cost: Decimal,
    /// Cost of the position, in USD; negative for a short position.
    pub cost_usd: Decimal,
    /// Funding index up to which funding is settled.
    pub cached_funding_index: Decimal,
    /// Accrued funding that is not yet realized.
    pub unrealized_funding_pnl: Decimal,
    /// Open or closed.
    pub status: sbe::PositionStatus,
    /// The market, for example `BTC-USD-PERP`.
    pub market: String,
    /// Fill that last changed the position.
    pub last_fill_id: String,
}

impl PositionEvent {
    /// Writes a frame of this version of the schema: without the fields that later versions added, and without those that
    /// are `None` and can be absent.
    pub fn encode(&self, version: u16) -> Vec<u8> {
        let mut writer = Writer::new(version);
        writer.put(self.ts.to_le_bytes());
        writer.put(self.seq.to_le_bytes());
        writer.put([u8::from(self.side)]);
        writer.put(mantissa(self.size, 8).to_le_bytes());
        writer.put(mantissa(self.avg_entry_price, 8).to_le_bytes());
        writer.put(mantissa(self.unrealized_pnl, 8).to_le_bytes());
        writer.put(mantissa(self.realized_pnl, 8).to_le_bytes());
        writer.put(nullable(self.mark_price, 8).to_le_bytes());
        writer.put(nullable(self.liquidation_price, 8).to_le_bytes());
        writer.put(mantissa(self.leverage, 8).to_le_bytes());
        writer.put(self.updated_at.to_le_bytes());
        writer.put(*self.account.as_bytes());
        writer.put(mantissa(self.avg_entry_price_usd, 8).to_le_bytes());
        writer.put(mantissa(self.cost, 8).to_le_bytes());
        writer.put(mantissa(self.cost_usd, 8).to_le_bytes());
        writer.put(mantissa(self.cached_funding_index, 8).to_le_bytes());
        writer.put(mantissa(self.unrealized_funding_pnl, 8).to_le_bytes());
        writer.put([u8::from(self.status)]);
        writer.text(&self.market);
        writer.text(&self.last_fill_id);
        writer.frame(22u16)
    }
}

impl Default for PositionEvent {
    fn default() -> Self {
        Self {
            ts: Default::default(),
            seq: Default::default(),
            side: sbe::Side::from(0),
            size: Default::default(),
            avg_entry_price: Default::default(),
            unrealized_pnl: Default::default(),
            realized_pnl: Default::default(),
            mark_price: None,
            liquidation_price: None,
            leverage: Default::default(),
            updated_at: Default::default(),
            account: Default::default(),
            avg_entry_price_usd: Default::default(),
            cost: Default::default(),
            cost_usd: Default::default(),
            cached_funding_index: Default::default(),
            unrealized_funding_pnl: Default::default(),
            status: sbe::PositionStatus::from(0),
            market: Default::default(),
            last_fill_id: Default::default(),
        }
    }
}

impl From<sbe::PositionEvent<'_>> for PositionEvent {
    fn from(event: sbe::PositionEvent<'_>) -> Self {
        Self {
            ts: event.ts(),
            seq: event.seq(),
            side: event.side(),
            size: event.size(),
            avg_entry_price: event.avg_entry_price(),
            unrealized_pnl: event.unrealized_pnl(),
            realized_pnl: event.realized_pnl(),
            mark_price: event.mark_price(),
            liquidation_price: event.liquidation_price(),
            leverage: event.leverage(),
            updated_at: event.updated_at(),
            account: event.account(),
            avg_entry_price_usd: event.avg_entry_price_usd(),
            cost: event.cost(),
            cost_usd: event.cost_usd(),
            cached_funding_index: event.cached_funding_index(),
            unrealized_funding_pnl: event.unrealized_funding_pnl(),
            status: event.status(),
            market: event.market().to_owned(),
            last_fill_id: event.last_fill_id().to_owned(),
        }
    }
}

/// Balances and margins of the account.
///
/// See [`sbe::AccountEvent`]. Create one with `..Default::default()`, because later versions of the schema add fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEvent {
    /// When the message was made, in microseconds since the Unix epoch; the schema does not say more.
    pub ts: i64,
    /// Grows with each update, in steps of any size; tells repeated updates apart.
    pub seq: i64,
    /// The collateral in all.
    pub total_collateral: Decimal,
    /// Collateral above the initial margin; new positions can use it.
    pub free_collateral: Decimal,
    /// The margin that opening the present positions takes.
    pub initial_margin_req: Decimal,
    /// The margin below which positions are liquidated.
    pub maintenance_margin_req: Decimal,
    /// Value of the account, including unrealized profit and loss.
    pub account_value: Decimal,
    /// Always null; the schema has the field all the same.
    pub unrealized_pnl: Option<Decimal>,
    /// When the values last changed, in microseconds since the Unix epoch.
    pub updated_at: i64,
    /// The account's Starknet address.
    pub account: AccountAddress,
    /// Collateral above the maintenance margin.
    pub margin_cushion: Decimal,
    /// The state of the account, for example `ACTIVE` or `LIQUIDATION`.
    pub status: sbe::AccountStatus,
    /// The time of the newest notification that the user has seen on any device, in microseconds since the Unix epoch; 0 for none.
    pub last_seen_notification: Option<i64>,
    /// The asset in which amounts are given, for example `USDC`.
    pub settlement_asset: String,
}

impl AccountEvent {
    /// Writes a frame of this version of the schema: without the fields that later versions added, and without those that
    /// are `None` and can be absent.
    pub fn encode(&self, version: u16) -> Vec<u8> {
        let mut writer = Writer::new(version);
        writer.put(self.ts.to_le_bytes());
        writer.put(self.seq.to_le_bytes());
        writer.put(mantissa(self.total_collateral, 8).to_le_bytes());
        writer.put(mantissa(self.free_collateral, 8).to_le_bytes());
        writer.put(mantissa(self.initial_margin_req, 8).to_le_bytes());
        writer.put(mantissa(self.maintenance_margin_req, 8).to_le_bytes());
        writer.put(mantissa(self.account_value, 8).to_le_bytes());
        writer.put(nullable(self.unrealized_pnl, 8).to_le_bytes());
        writer.put(self.updated_at.to_le_bytes());
        writer.put(*self.account.as_bytes());
        writer.put(mantissa(self.margin_cushion, 8).to_le_bytes());
        writer.put([u8::from(self.status)]);
        writer
            .add(
                2u16,
                self.last_seen_notification.map(|value| value.to_le_bytes()),
                [0; 8usize],
            );
        writer.text(&self.settlement_asset);
        writer.frame(23u16)
    }
}

impl Default for AccountEvent {
    fn default() -> Self {
        Self {
            ts: Default::default(),
            seq: Default::default(),
            total_collateral: Default::default(),
            free_collateral: Default::default(),
            initial_margin_req: Default::default(),
            maintenance_margin_req: Default::default(),
            account_value: Default::default(),
            unrealized_pnl: None,
            updated_at: Default::default(),
            account: Default::default(),
            margin_cushion: Default::default(),
            status: sbe::AccountStatus::from(0),
            last_seen_notification: None,
            settlement_asset: Default::default(),
        }
    }
}

impl From<sbe::AccountEvent<'_>> for AccountEvent {
    fn from(event: sbe::AccountEvent<'_>) -> Self {
        Self {
            ts: event.ts(),
            seq: event.seq(),
            total_collateral: event.total_collateral(),
            free_collateral: event.free_collateral(),
            initial_margin_req: event.initial_margin_req(),
            maintenance_margin_req: event.maintenance_margin_req(),
            account_value: event.account_value(),
            unrealized_pnl: event.unrealized_pnl(),
            updated_at: event.updated_at(),
            account: event.account(),
            margin_cushion: event.margin_cushion(),
            status: event.status(),
            last_seen_notification: event.last_seen_notification(),
            settlement_asset: event.settlement_asset().to_owned(),
        }
    }
}

/// Sent every 20 seconds while the connection is idle.
///
/// See [`sbe::HeartbeatEvent`]. Create one with `..Default::default()`, because later versions of the schema add fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeartbeatEvent {
    /// When the message was made, in microseconds since the Unix epoch.
    pub ts: i64,
    /// Sequence number of the message.
    pub seq: i64,
}

impl HeartbeatEvent {
    /// Writes a frame of this version of the schema: without the fields that later versions added, and without those that
    /// are `None` and can be absent.
    pub fn encode(&self, version: u16) -> Vec<u8> {
        let mut writer = Writer::new(version);
        writer.put(self.ts.to_le_bytes());
        writer.put(self.seq.to_le_bytes());
        writer.frame(40u16)
    }
}

impl Default for HeartbeatEvent {
    fn default() -> Self {
        Self {
            ts: Default::default(),
            seq: Default::default(),
        }
    }
}

impl From<sbe::HeartbeatEvent<'_>> for HeartbeatEvent {
    fn from(event: sbe::HeartbeatEvent<'_>) -> Self {
        Self {
            ts: event.ts(),
            seq: event.seq(),
        }
    }
}

/// Reserved; the exchange confirms subscriptions in JSON.
///
/// See [`sbe::SubscribedEvent`]. Create one with `..Default::default()`, because later versions of the schema add fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscribedEvent {
    /// When the message was made, in microseconds since the Unix epoch.
    pub ts: i64,
    /// Sequence number of the message.
    pub seq: i64,
    /// 0 for success, 1 for an error.
    pub status: u8,
    /// The channel.
    pub channel: String,
}

impl SubscribedEvent {
    /// Writes a frame of this version of the schema: without the fields that later versions added, and without those that
    /// are `None` and can be absent.
    pub fn encode(&self, version: u16) -> Vec<u8> {
        let mut writer = Writer::new(version);
        writer.put(self.ts.to_le_bytes());
        writer.put(self.seq.to_le_bytes());
        writer.put(self.status.to_le_bytes());
        writer.text(&self.channel);
        writer.frame(41u16)
    }
}

impl Default for SubscribedEvent {
    fn default() -> Self {
        Self {
            ts: Default::default(),
            seq: Default::default(),
            status: Default::default(),
            channel: Default::default(),
        }
    }
}

impl From<sbe::SubscribedEvent<'_>> for SubscribedEvent {
    fn from(event: sbe::SubscribedEvent<'_>) -> Self {
        Self {
            ts: event.ts(),
            seq: event.seq(),
            status: event.status(),
            channel: event.channel().to_owned(),
        }
    }
}

/// A level of the order book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookLevel {
    /// The price, in the quote currency.
    pub price: Decimal,
    /// The size at this price, in the base currency; in a change, 0 removes the level.
    pub size: Decimal,
}

impl BookLevel {
    fn bytes(&self) -> [u8; 16usize] {
        let mut block = [0; 16usize];
        let parts: &[&[u8]] = &[
            &mantissa(self.price, 8).to_le_bytes(),
            &mantissa(self.size, 8).to_le_bytes(),
        ];
        for (to, from) in block.iter_mut().zip(parts.iter().copied().flatten()) {
            *to = *from;
        }
        block
    }
}

impl Default for BookLevel {
    fn default() -> Self {
        Self {
            price: Default::default(),
            size: Default::default(),
        }
    }
}

impl From<sbe::BookLevel> for BookLevel {
    fn from(entry: sbe::BookLevel) -> Self {
        Self {
            price: entry.price(),
            size: entry.size(),
        }
    }
}
