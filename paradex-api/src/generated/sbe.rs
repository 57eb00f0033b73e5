// Written by `cargo xtask gen` from the documents under openapi/; edits are lost. To change it, change a
// correction, a name or a description under openapi/, or a pass under xtask/, and run it again.

//!The messages of the SBE schema.
#![allow(unused_imports, reason = "not every schema has every kind of field")]
use rust_decimal::Decimal;
use crate::sbe::number::{added, bytes, decimal, not_null, nullable, since};
use crate::sbe::reader::Reader;
use crate::sbe::{
    AccountAddress, Entry, Error, Group, Header, UnknownMessage, byte_enum, byte_set,
    json,
};

use crate::types;
use crate::wire::Record;
/// The id of the schema. A frame with another id is refused.
pub const SCHEMA_ID: u16 = 1u16;
/// The newest version of the schema that this crate knows. Frames of all versions are decoded.
pub const SCHEMA_VERSION: u16 = 2u16;
/// A message of the exchange.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Message<'a> {
    /// A trade of a market.
    Trade(TradeEvent<'a>),
    /// The best bid and offer of a market.
    Bbo(BboEvent<'a>),
    /// The order book of a market, whole or what changed in it.
    Book(BookEvent<'a>),
    /// Statistics of a market over 24 hours.
    MarketSummary(MarketSummaryEvent<'a>),
    /// The funding figures of a market.
    FundingData(FundingDataEvent<'a>),
    /// The funding rate of an asset at one venue.
    FundingRateComparison(FundingRateComparisonEvent<'a>),
    /// A change of one of the account's orders.
    Order(OrderEvent<'a>),
    /// A fill of one of the account's orders.
    Fill(FillEvent<'a>),
    /// The account's position in a market.
    Position(PositionEvent<'a>),
    /// Balances and margins of the account.
    Account(AccountEvent<'a>),
    /// Sent every 20 seconds while the connection is idle.
    Heartbeat(HeartbeatEvent<'a>),
    /// Reserved; the exchange confirms subscriptions in JSON.
    Subscribed(SubscribedEvent<'a>),
    /// A message with a template that this version of the crate does not know.
    Unknown(UnknownMessage<'a>),
}

impl<'a> Message<'a> {
    /// Decodes a frame.
    ///
    /// Bytes after the end of the message are ignored, because later versions of the schema append fields.
    ///
    /// # Errors
    ///
    /// The frame has another schema id, ends too early, has a text that is not UTF-8 or null where the schema requires a
    /// value.
    pub fn decode(frame: &'a [u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(frame);
        let header = reader.header()?;
        if header.schema_id != SCHEMA_ID {
            return Err(Error::SchemaId {
                found: header.schema_id,
            });
        }
        Ok(
            match header.template_id {
                TradeEvent::TEMPLATE_ID => {
                    Message::Trade(TradeEvent::read(header, reader)?)
                }
                BboEvent::TEMPLATE_ID => Message::Bbo(BboEvent::read(header, reader)?),
                BookEvent::TEMPLATE_ID => Message::Book(BookEvent::read(header, reader)?),
                MarketSummaryEvent::TEMPLATE_ID => {
                    Message::MarketSummary(MarketSummaryEvent::read(header, reader)?)
                }
                FundingDataEvent::TEMPLATE_ID => {
                    Message::FundingData(FundingDataEvent::read(header, reader)?)
                }
                FundingRateComparisonEvent::TEMPLATE_ID => {
                    Message::FundingRateComparison(
                        FundingRateComparisonEvent::read(header, reader)?,
                    )
                }
                OrderEvent::TEMPLATE_ID => {
                    Message::Order(OrderEvent::read(header, reader)?)
                }
                FillEvent::TEMPLATE_ID => Message::Fill(FillEvent::read(header, reader)?),
                PositionEvent::TEMPLATE_ID => {
                    Message::Position(PositionEvent::read(header, reader)?)
                }
                AccountEvent::TEMPLATE_ID => {
                    Message::Account(AccountEvent::read(header, reader)?)
                }
                HeartbeatEvent::TEMPLATE_ID => {
                    Message::Heartbeat(HeartbeatEvent::read(header, reader)?)
                }
                SubscribedEvent::TEMPLATE_ID => {
                    Message::Subscribed(SubscribedEvent::read(header, reader)?)
                }
                _ => Message::Unknown(UnknownMessage::new(header, reader.rest())),
            },
        )
    }

    /// Returns the header of the frame.
    pub fn header(&self) -> Header {
        match self {
            Message::Trade(message) => message.header(),
            Message::Bbo(message) => message.header(),
            Message::Book(message) => message.header(),
            Message::MarketSummary(message) => message.header(),
            Message::FundingData(message) => message.header(),
            Message::FundingRateComparison(message) => message.header(),
            Message::Order(message) => message.header(),
            Message::Fill(message) => message.header(),
            Message::Position(message) => message.header(),
            Message::Account(message) => message.header(),
            Message::Heartbeat(message) => message.header(),
            Message::Subscribed(message) => message.header(),
            Message::Unknown(message) => message.header(),
        }
    }

    /// Returns the name of the message in the schema, such as `BboEvent`; `None` for an unknown template.
    pub fn name(&self) -> Option<&'static str> {
        match self {
            Message::Trade(_) => Some("TradeEvent"),
            Message::Bbo(_) => Some("BboEvent"),
            Message::Book(_) => Some("BookEvent"),
            Message::MarketSummary(_) => Some("MarketSummaryEvent"),
            Message::FundingData(_) => Some("FundingDataEvent"),
            Message::FundingRateComparison(_) => Some("FundingRateComparisonEvent"),
            Message::Order(_) => Some("OrderEvent"),
            Message::Fill(_) => Some("FillEvent"),
            Message::Position(_) => Some("PositionEvent"),
            Message::Account(_) => Some("AccountEvent"),
            Message::Heartbeat(_) => Some("HeartbeatEvent"),
            Message::Subscribed(_) => Some("SubscribedEvent"),
            Message::Unknown(_) => None,
        }
    }

    /// Returns the market that the message is about.
    pub fn market(&self) -> Option<&'a str> {
        match self {
            Message::Trade(message) => Some(message.market()),
            Message::Bbo(message) => Some(message.market()),
            Message::Book(message) => Some(message.market()),
            Message::MarketSummary(message) => Some(message.market()),
            Message::FundingData(message) => Some(message.market()),
            Message::FundingRateComparison(message) => Some(message.market()),
            Message::Order(message) => Some(message.market()),
            Message::Fill(message) => Some(message.market()),
            Message::Position(message) => Some(message.market()),
            _ => None,
        }
    }
}

/// A trade of a market.
#[derive(Clone, Copy)]
pub struct TradeEvent<'a> {
    header: Header,
    block: &'a [u8; 50usize],
    market: &'a str,
    trade_id_str: Option<&'a str>,
}

impl<'a> TradeEvent<'a> {
    /// The number of the template.
    pub const TEMPLATE_ID: u16 = 1u16;
    #[inline]
    fn read(header: Header, mut reader: Reader<'a>) -> Result<Self, Error> {
        let (block, _) = reader.block("TradeEvent", header)?;
        let market = reader.text("TradeEvent.market")?;
        let trade_id_str = reader
            .added_text("TradeEvent.tradeIdStr", header.version >= 2u16)?;
        not_null(i64::from_le_bytes(bytes(block, 25usize)), "TradeEvent.price")?;
        not_null(i64::from_le_bytes(bytes(block, 33usize)), "TradeEvent.size")?;
        Ok(Self {
            header,
            block,
            market,
            trade_id_str,
        })
    }

    /// Returns the header of the frame.
    pub fn header(&self) -> Header {
        self.header
    }

    /// When the message was published, in microseconds since the Unix epoch.
    #[inline]
    pub fn ts(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 0usize))
    }

    /// Sequence number of the order book after the trade, the same counter as of `BboEvent`; 0 for legs of block trades, liquidations and settlements.
    #[inline]
    pub fn seq(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 8usize))
    }

    /// The lowest 64 bits of the id, which has 28 digits; it can be negative and does not identify a trade.
    #[deprecated(
        note = "it is cut to 64 bits and does not identify a trade; use `trade_id_str`"
    )]
    #[inline]
    pub fn trade_id(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 16usize))
    }

    /// The taker's side.
    #[inline]
    pub fn side(&self) -> Side {
        Side::from(u8::from_le_bytes(bytes(&self.block[..], 24usize)))
    }

    /// The price, in the quote currency.
    #[inline]
    pub fn price(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 25usize)), 8)
    }

    /// Returns [`price`](Self::price) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn price_mantissa(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 25usize))
    }

    /// The size, in the base currency.
    #[inline]
    pub fn size(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 33usize)), 8)
    }

    /// Returns [`size`](Self::size) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn size_mantissa(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 33usize))
    }

    /// Time of the trade, in microseconds since the Unix epoch.
    #[inline]
    pub fn created_at(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 41usize))
    }

    /// Cause of the trade.
    #[inline]
    pub fn trade_type(&self) -> FillType {
        FillType::from(u8::from_le_bytes(bytes(&self.block[..], 49usize)))
    }

    /// The market, for example `BTC-USD-PERP`.
    pub fn market(&self) -> &'a str {
        self.market
    }

    /// Id of the trade, unique among trades of the same type.
    ///
    /// `None` in frames without it: those before version 2 of the schema, and some of that version.
    pub fn trade_id_str(&self) -> Option<&'a str> {
        self.trade_id_str
    }
}

impl std::fmt::Debug for TradeEvent<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TradeEvent")
            .field("ts", &self.ts())
            .field("seq", &self.seq())
            .field("side", &self.side())
            .field("price", &self.price())
            .field("size", &self.size())
            .field("created_at", &self.created_at())
            .field("trade_type", &self.trade_type())
            .field("market", &self.market())
            .field("trade_id_str", &self.trade_id_str())
            .finish()
    }
}

/// The best bid and offer of a market.
#[derive(Clone, Copy)]
pub struct BboEvent<'a> {
    header: Header,
    block: &'a [u8; 48usize],
    market: &'a str,
}

impl<'a> BboEvent<'a> {
    /// The number of the template.
    pub const TEMPLATE_ID: u16 = 2u16;
    #[inline]
    fn read(header: Header, mut reader: Reader<'a>) -> Result<Self, Error> {
        let (block, _) = reader.block("BboEvent", header)?;
        let market = reader.text("BboEvent.market")?;
        Ok(Self { header, block, market })
    }

    /// Returns the header of the frame.
    pub fn header(&self) -> Header {
        self.header
    }

    /// When the message was published, in microseconds since the Unix epoch; the schema does not say more.
    #[inline]
    pub fn ts(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 0usize))
    }

    /// The number of the book's state; a higher one is newer.
    #[inline]
    pub fn seq(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 8usize))
    }

    /// The highest bid, in the quote currency.
    #[inline]
    pub fn bid_price(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 16usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Returns [`bid_price`](Self::bid_price) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn bid_price_mantissa(&self) -> Option<i64> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 16usize)))
    }

    /// Size at the best bid, in the base currency.
    #[inline]
    pub fn bid_size(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 24usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Returns [`bid_size`](Self::bid_size) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn bid_size_mantissa(&self) -> Option<i64> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 24usize)))
    }

    /// The lowest offer, in the quote currency.
    #[inline]
    pub fn ask_price(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 32usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Returns [`ask_price`](Self::ask_price) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn ask_price_mantissa(&self) -> Option<i64> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 32usize)))
    }

    /// Size at the best ask, in the base currency.
    #[inline]
    pub fn ask_size(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 40usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Returns [`ask_size`](Self::ask_size) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn ask_size_mantissa(&self) -> Option<i64> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 40usize)))
    }

    /// The market, for example `BTC-USD-PERP`.
    pub fn market(&self) -> &'a str {
        self.market
    }
}

impl std::fmt::Debug for BboEvent<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BboEvent")
            .field("ts", &self.ts())
            .field("seq", &self.seq())
            .field("bid_price", &self.bid_price())
            .field("bid_size", &self.bid_size())
            .field("ask_price", &self.ask_price())
            .field("ask_size", &self.ask_size())
            .field("market", &self.market())
            .finish()
    }
}

/// The order book of a market, whole or what changed in it.
#[derive(Clone, Copy)]
pub struct BookEvent<'a> {
    header: Header,
    block: &'a [u8; 89usize],
    bids: Group<'a, BookLevel>,
    asks: Group<'a, BookLevel>,
    market: &'a str,
}

impl<'a> BookEvent<'a> {
    /// The number of the template.
    pub const TEMPLATE_ID: u16 = 3u16;
    #[inline]
    fn read(header: Header, mut reader: Reader<'a>) -> Result<Self, Error> {
        let (block, _) = reader.block("BookEvent", header)?;
        let bids = reader.group::<BookLevel>("BookEvent.bids")?;
        let asks = reader.group::<BookLevel>("BookEvent.asks")?;
        let market = reader.text("BookEvent.market")?;
        Ok(Self {
            header,
            block,
            bids,
            asks,
            market,
        })
    }

    /// Returns the header of the frame.
    pub fn header(&self) -> Header {
        self.header
    }

    /// When the message was published, in microseconds since the Unix epoch.
    #[inline]
    pub fn ts(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 0usize))
    }

    /// Sequence number. A change has the number after that of the message before it; with a gap, the book is wrong.
    #[inline]
    pub fn seq(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 8usize))
    }

    /// Whether it is the whole book or a change to it.
    #[inline]
    pub fn pkg_type(&self) -> PkgType {
        PkgType::from(u8::from_le_bytes(bytes(&self.block[..], 16usize)))
    }

    /// Best bid, orders for retail price improvement (RPI) included; only on interactive channels.
    #[inline]
    pub fn best_bid_price(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 17usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Returns [`best_bid_price`](Self::best_bid_price) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn best_bid_price_mantissa(&self) -> Option<i64> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 17usize)))
    }

    /// Size at the best bid, RPI included; only on interactive channels.
    #[inline]
    pub fn best_bid_size(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 25usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Returns [`best_bid_size`](Self::best_bid_size) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn best_bid_size_mantissa(&self) -> Option<i64> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 25usize)))
    }

    /// Best ask, RPI included; only on interactive channels.
    #[inline]
    pub fn best_ask_price(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 33usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Returns [`best_ask_price`](Self::best_ask_price) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn best_ask_price_mantissa(&self) -> Option<i64> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 33usize)))
    }

    /// Size at the best ask, RPI included; only on interactive channels.
    #[inline]
    pub fn best_ask_size(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 41usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Returns [`best_ask_size`](Self::best_ask_size) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn best_ask_size_mantissa(&self) -> Option<i64> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 41usize)))
    }

    /// Spread divided by the mid price; only on interactive channels.
    #[inline]
    pub fn relative_spread(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 49usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Returns [`relative_spread`](Self::relative_spread) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn relative_spread_mantissa(&self) -> Option<i64> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 49usize)))
    }

    /// Best bid of orders through the API, without RPI.
    #[inline]
    pub fn best_bid_api_price(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 57usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Returns [`best_bid_api_price`](Self::best_bid_api_price) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn best_bid_api_price_mantissa(&self) -> Option<i64> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 57usize)))
    }

    /// Size at the best bid of orders through the API.
    #[inline]
    pub fn best_bid_api_size(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 65usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Returns [`best_bid_api_size`](Self::best_bid_api_size) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn best_bid_api_size_mantissa(&self) -> Option<i64> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 65usize)))
    }

    /// Best ask of orders through the API, without RPI.
    #[inline]
    pub fn best_ask_api_price(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 73usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Returns [`best_ask_api_price`](Self::best_ask_api_price) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn best_ask_api_price_mantissa(&self) -> Option<i64> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 73usize)))
    }

    /// Size at the best ask of orders through the API.
    #[inline]
    pub fn best_ask_api_size(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 81usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Returns [`best_ask_api_size`](Self::best_ask_api_size) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn best_ask_api_size_mantissa(&self) -> Option<i64> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 81usize)))
    }

    /// Levels to buy.
    pub fn bids(&self) -> Group<'a, BookLevel> {
        self.bids
    }

    /// Levels to sell.
    pub fn asks(&self) -> Group<'a, BookLevel> {
        self.asks
    }

    /// The market, for example `BTC-USD-PERP`.
    pub fn market(&self) -> &'a str {
        self.market
    }
}

impl std::fmt::Debug for BookEvent<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BookEvent")
            .field("ts", &self.ts())
            .field("seq", &self.seq())
            .field("pkg_type", &self.pkg_type())
            .field("best_bid_price", &self.best_bid_price())
            .field("best_bid_size", &self.best_bid_size())
            .field("best_ask_price", &self.best_ask_price())
            .field("best_ask_size", &self.best_ask_size())
            .field("relative_spread", &self.relative_spread())
            .field("best_bid_api_price", &self.best_bid_api_price())
            .field("best_bid_api_size", &self.best_bid_api_size())
            .field("best_ask_api_price", &self.best_ask_api_price())
            .field("best_ask_api_size", &self.best_ask_api_size())
            .field("bids", &self.bids())
            .field("asks", &self.asks())
            .field("market", &self.market())
            .finish()
    }
}

/// Statistics of a market over 24 hours.
#[derive(Clone, Copy)]
pub struct MarketSummaryEvent<'a> {
    header: Header,
    block: &'a [u8; 216usize],
    added: &'a [u8],
    market: &'a str,
}

impl<'a> MarketSummaryEvent<'a> {
    /// The number of the template.
    pub const TEMPLATE_ID: u16 = 4u16;
    #[inline]
    fn read(header: Header, mut reader: Reader<'a>) -> Result<Self, Error> {
        let (block, added) = reader.block("MarketSummaryEvent", header)?;
        let market = reader.text("MarketSummaryEvent.market")?;
        not_null(
            i64::from_le_bytes(bytes(block, 16usize)),
            "MarketSummaryEvent.markPrice",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 24usize)),
            "MarketSummaryEvent.indexPrice",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 32usize)),
            "MarketSummaryEvent.lastPrice",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 40usize)),
            "MarketSummaryEvent.volumeUsd24h",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 48usize)),
            "MarketSummaryEvent.openInterest",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 56usize)),
            "MarketSummaryEvent.fundingRate",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 80usize)),
            "MarketSummaryEvent.totalVolume",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 88usize)),
            "MarketSummaryEvent.priceChangeRate24h",
        )?;
        Ok(Self {
            header,
            block,
            added,
            market,
        })
    }

    /// Returns the header of the frame.
    pub fn header(&self) -> Header {
        self.header
    }

    /// When the message was published, in microseconds since the Unix epoch; the schema does not say more.
    #[inline]
    pub fn ts(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 0usize))
    }

    /// Sequence number of the message.
    #[inline]
    pub fn seq(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 8usize))
    }

    /// Mark price.
    #[inline]
    pub fn mark_price(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 16usize)), 8)
    }

    /// Spot price of the underlying asset.
    #[inline]
    pub fn index_price(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 24usize)), 8)
    }

    /// Price of the last trade.
    #[inline]
    pub fn last_price(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 32usize)), 8)
    }

    /// Volume traded over 24 hours, in USD.
    #[inline]
    pub fn volume_usd24h(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 40usize)), 8)
    }

    /// Open interest, in base currency.
    #[inline]
    pub fn open_interest(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 48usize)), 8)
    }

    /// Funding rate, cut to 8 digits after the point; use `funding_rate_precise` if it has a value.
    #[inline]
    pub fn funding_rate(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 56usize)), 8)
    }

    /// Best bid price.
    #[inline]
    pub fn bid(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 64usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Best ask price.
    #[inline]
    pub fn ask(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 72usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Volume traded since the market began, in USD; 92233720368.54775807 means that or more.
    #[inline]
    pub fn total_volume(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 80usize)), 8)
    }

    /// Rate of price change over the last 24 hours, for example 0.05.
    #[inline]
    pub fn price_change_rate24h(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 88usize)), 8)
    }

    /// Implied volatility at the mark price, for options.
    #[inline]
    pub fn mark_iv(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 96usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Implied volatility of the best bid, for options.
    #[inline]
    pub fn bid_iv(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 104usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Implied volatility of the best ask, for options.
    #[inline]
    pub fn ask_iv(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 112usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Implied volatility of the last trade, for options.
    #[inline]
    pub fn last_iv(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 120usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Sensitivity to the price of the underlying asset.
    #[inline]
    pub fn delta(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 128usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Sensitivity of delta to the price of the underlying asset.
    #[inline]
    pub fn gamma(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 136usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Sensitivity to the volatility.
    #[inline]
    pub fn vega(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 144usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Sensitivity to the passing of time.
    #[inline]
    pub fn theta(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 152usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Sensitivity to the interest rate.
    #[inline]
    pub fn rho(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 160usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Sensitivity of vega to the volatility.
    #[inline]
    pub fn volga(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 168usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Sensitivity of delta to the volatility.
    #[inline]
    pub fn vanna(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 176usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// For options, a smoothed funding rate of the future.
    #[inline]
    pub fn future_funding_rate(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 184usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Fair price from outside: the spot price raised by the median basis rate of other exchanges.
    #[inline]
    pub fn external_fair_price(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 192usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Size at the best bid.
    #[inline]
    pub fn bid_size(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 200usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Size at the best ask.
    #[inline]
    pub fn ask_size(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 208usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Annualised forward rate of dated options, smoothed by an exponentially weighted average.
    ///
    /// `None` in frames without it: those before version 1 of the schema, and some of that version.
    #[inline]
    pub fn forward_rate(&self) -> Option<Decimal> {
        nullable(
                i64::from_le_bytes(added(since(1u16, self.header, self.added), 0usize)?),
            )
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Risk-free rate that option pricing discounts with, for example 0.05.
    ///
    /// `None` in frames without it: those before version 1 of the schema, and some of that version.
    #[inline]
    pub fn risk_free_rate(&self) -> Option<Decimal> {
        nullable(
                i64::from_le_bytes(added(since(1u16, self.header, self.added), 8usize)?),
            )
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Funding rate for the market's own funding period, with 12 digits after the point.
    ///
    /// `None` in frames without it: those before version 1 of the schema, and some of that version.
    #[inline]
    pub fn funding_rate_precise(&self) -> Option<Decimal> {
        nullable(
                i64::from_le_bytes(added(since(1u16, self.header, self.added), 16usize)?),
            )
            .map(|mantissa| decimal(mantissa, 12))
    }

    /// The market symbol, for example `BTC-USD-PERP`.
    pub fn market(&self) -> &'a str {
        self.market
    }
}

impl std::fmt::Debug for MarketSummaryEvent<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MarketSummaryEvent")
            .field("ts", &self.ts())
            .field("seq", &self.seq())
            .field("mark_price", &self.mark_price())
            .field("index_price", &self.index_price())
            .field("last_price", &self.last_price())
            .field("volume_usd24h", &self.volume_usd24h())
            .field("open_interest", &self.open_interest())
            .field("funding_rate", &self.funding_rate())
            .field("bid", &self.bid())
            .field("ask", &self.ask())
            .field("total_volume", &self.total_volume())
            .field("price_change_rate24h", &self.price_change_rate24h())
            .field("mark_iv", &self.mark_iv())
            .field("bid_iv", &self.bid_iv())
            .field("ask_iv", &self.ask_iv())
            .field("last_iv", &self.last_iv())
            .field("delta", &self.delta())
            .field("gamma", &self.gamma())
            .field("vega", &self.vega())
            .field("theta", &self.theta())
            .field("rho", &self.rho())
            .field("volga", &self.volga())
            .field("vanna", &self.vanna())
            .field("future_funding_rate", &self.future_funding_rate())
            .field("external_fair_price", &self.external_fair_price())
            .field("bid_size", &self.bid_size())
            .field("ask_size", &self.ask_size())
            .field("forward_rate", &self.forward_rate())
            .field("risk_free_rate", &self.risk_free_rate())
            .field("funding_rate_precise", &self.funding_rate_precise())
            .field("market", &self.market())
            .finish()
    }
}

/// The funding figures of a market.
#[derive(Clone, Copy)]
pub struct FundingDataEvent<'a> {
    header: Header,
    block: &'a [u8; 58usize],
    added: &'a [u8],
    market: &'a str,
}

impl<'a> FundingDataEvent<'a> {
    /// The number of the template.
    pub const TEMPLATE_ID: u16 = 5u16;
    #[inline]
    fn read(header: Header, mut reader: Reader<'a>) -> Result<Self, Error> {
        let (block, added) = reader.block("FundingDataEvent", header)?;
        let market = reader.text("FundingDataEvent.market")?;
        not_null(
            i64::from_le_bytes(bytes(block, 16usize)),
            "FundingDataEvent.fundingRate",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 24usize)),
            "FundingDataEvent.fundingIndex",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 40usize)),
            "FundingDataEvent.fundingPremium",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 48usize)),
            "FundingDataEvent.fundingRate8h",
        )?;
        Ok(Self {
            header,
            block,
            added,
            market,
        })
    }

    /// Returns the header of the frame.
    pub fn header(&self) -> Header {
        self.header
    }

    /// When the message was published, in microseconds since the Unix epoch.
    #[inline]
    pub fn ts(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 0usize))
    }

    /// Sequence number of the message.
    #[inline]
    pub fn seq(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 8usize))
    }

    /// Funding rate over the market's own period, cut to 8 digits after the point.
    #[inline]
    pub fn funding_rate(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 16usize)), 8)
    }

    /// Value of the funding index.
    #[inline]
    pub fn funding_index(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 24usize)), 8)
    }

    /// When the entry was made, in microseconds since the Unix epoch.
    #[inline]
    pub fn created_at(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 32usize))
    }

    /// Funding premium, cut to 8 digits after the point.
    #[inline]
    pub fn funding_premium(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 40usize)), 8)
    }

    /// Funding rate normalized to eight hours, cut to 8 digits after the point.
    #[inline]
    pub fn funding_rate8h(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 48usize)), 8)
    }

    /// Length of the market's own funding period, in hours.
    #[inline]
    pub fn funding_period_hours(&self) -> i16 {
        i16::from_le_bytes(bytes(&self.block[..], 56usize))
    }

    /// Impact premium across venues before clamping: the weighted median of the premiums divided by the spot price. Absent when the aggregation gave no rate.
    ///
    /// `None` in frames without it: those before version 1 of the schema, and some of that version.
    #[inline]
    pub fn impact_premium_rate(&self) -> Option<Decimal> {
        nullable(
                i64::from_le_bytes(added(since(1u16, self.header, self.added), 0usize)?),
            )
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// The market symbol, for example `BTC-USD-PERP`.
    pub fn market(&self) -> &'a str {
        self.market
    }
}

impl std::fmt::Debug for FundingDataEvent<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FundingDataEvent")
            .field("ts", &self.ts())
            .field("seq", &self.seq())
            .field("funding_rate", &self.funding_rate())
            .field("funding_index", &self.funding_index())
            .field("created_at", &self.created_at())
            .field("funding_premium", &self.funding_premium())
            .field("funding_rate8h", &self.funding_rate8h())
            .field("funding_period_hours", &self.funding_period_hours())
            .field("impact_premium_rate", &self.impact_premium_rate())
            .field("market", &self.market())
            .finish()
    }
}

/// The funding rate of an asset at one venue.
#[derive(Clone, Copy)]
pub struct FundingRateComparisonEvent<'a> {
    header: Header,
    block: &'a [u8; 26usize],
    market: &'a str,
}

impl<'a> FundingRateComparisonEvent<'a> {
    /// The number of the template.
    pub const TEMPLATE_ID: u16 = 6u16;
    #[inline]
    fn read(header: Header, mut reader: Reader<'a>) -> Result<Self, Error> {
        let (block, _) = reader.block("FundingRateComparisonEvent", header)?;
        let market = reader.text("FundingRateComparisonEvent.market")?;
        not_null(
            i64::from_le_bytes(bytes(block, 16usize)),
            "FundingRateComparisonEvent.hourlyFundingRate",
        )?;
        Ok(Self { header, block, market })
    }

    /// Returns the header of the frame.
    pub fn header(&self) -> Header {
        self.header
    }

    /// When the message was published, in microseconds since the Unix epoch.
    #[inline]
    pub fn ts(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 0usize))
    }

    /// When the venue reported the rate, in microseconds since the Unix epoch.
    #[inline]
    pub fn last_updated_at(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 8usize))
    }

    /// Funding rate for one hour.
    #[inline]
    pub fn hourly_funding_rate(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 16usize)), 12)
    }

    /// Kind of the instrument.
    #[inline]
    pub fn asset_kind(&self) -> AssetKind {
        AssetKind::from(u8::from_le_bytes(bytes(&self.block[..], 24usize)))
    }

    /// The venue.
    #[inline]
    pub fn source(&self) -> FundingRateSource {
        FundingRateSource::from(u8::from_le_bytes(bytes(&self.block[..], 25usize)))
    }

    /// The market, for example `BTC-USD-PERP`.
    pub fn market(&self) -> &'a str {
        self.market
    }
}

impl std::fmt::Debug for FundingRateComparisonEvent<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FundingRateComparisonEvent")
            .field("ts", &self.ts())
            .field("last_updated_at", &self.last_updated_at())
            .field("hourly_funding_rate", &self.hourly_funding_rate())
            .field("asset_kind", &self.asset_kind())
            .field("source", &self.source())
            .field("market", &self.market())
            .finish()
    }
}

/// A change of one of the account's orders.
#[derive(Clone, Copy)]
pub struct OrderEvent<'a> {
    header: Header,
    block: &'a [u8; 126usize],
    added: &'a [u8],
    order_id: &'a str,
    client_order_id: &'a str,
    market: &'a str,
    cancel_reason: &'a str,
    request_id: Option<&'a str>,
    request_message: Option<&'a str>,
}

impl<'a> OrderEvent<'a> {
    /// The number of the template.
    pub const TEMPLATE_ID: u16 = 20u16;
    #[inline]
    fn read(header: Header, mut reader: Reader<'a>) -> Result<Self, Error> {
        let (block, added) = reader.block("OrderEvent", header)?;
        let order_id = reader.text("OrderEvent.orderId")?;
        let client_order_id = reader.text("OrderEvent.clientOrderId")?;
        let market = reader.text("OrderEvent.market")?;
        let cancel_reason = reader.text("OrderEvent.cancelReason")?;
        let request_id = reader
            .added_text("OrderEvent.requestId", header.version >= 2u16)?;
        let request_message = reader
            .added_text("OrderEvent.requestMessage", header.version >= 2u16)?;
        not_null(i64::from_le_bytes(bytes(block, 36usize)), "OrderEvent.size")?;
        not_null(i64::from_le_bytes(bytes(block, 44usize)), "OrderEvent.sizeOpen")?;
        Ok(Self {
            header,
            block,
            added,
            order_id,
            client_order_id,
            market,
            cancel_reason,
            request_id,
            request_message,
        })
    }

    /// Returns the header of the frame.
    pub fn header(&self) -> Header {
        self.header
    }

    /// When the message was made, in microseconds since the Unix epoch; the schema does not say more.
    #[inline]
    pub fn ts(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 0usize))
    }

    /// Number that grows with each change of the order, with gaps; it serves to drop duplicates. WebSocket and REST number their events separately.
    #[inline]
    pub fn seq(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 8usize))
    }

    /// State of the order.
    #[inline]
    pub fn status(&self) -> OrderStatus {
        OrderStatus::from(u8::from_le_bytes(bytes(&self.block[..], 16usize)))
    }

    /// Whether the order buys or sells.
    #[inline]
    pub fn side(&self) -> Side {
        Side::from(u8::from_le_bytes(bytes(&self.block[..], 17usize)))
    }

    /// Type of the order.
    #[inline]
    pub fn order_type(&self) -> OrderType {
        OrderType::from(u8::from_le_bytes(bytes(&self.block[..], 18usize)))
    }

    /// Execution instruction, for example `GTC`; may be an empty string.
    #[inline]
    pub fn time_in_force(&self) -> TimeInForce {
        TimeInForce::from(u8::from_le_bytes(bytes(&self.block[..], 19usize)))
    }

    /// Price of the order; null for market orders, where JSON has 0.
    #[inline]
    pub fn price(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 20usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Price at which a stop order triggers.
    #[inline]
    pub fn trigger_price(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 28usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Size of the order.
    #[inline]
    pub fn size(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 36usize)), 8)
    }

    /// Size that has not been filled.
    #[inline]
    pub fn size_open(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 44usize)), 8)
    }

    /// Average price of the fills; null without fills.
    #[inline]
    pub fn avg_fill_price(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 52usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// When the order was created, in microseconds since the Unix epoch.
    #[inline]
    pub fn created_at(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 60usize))
    }

    /// When the order last changed, in microseconds since the Unix epoch; a closed order changes no more.
    #[inline]
    pub fn updated_at(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 68usize))
    }

    /// Starknet address of the account that owns the order.
    #[inline]
    pub fn account(&self) -> AccountAddress {
        AccountAddress::new(bytes(&self.block[..], 76usize))
    }

    /// When the exchange took the order in, in microseconds since the Unix epoch.
    #[inline]
    pub fn received_at(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 108usize))
    }

    /// When the order was sent to the client, in microseconds since the Unix epoch.
    #[inline]
    pub fn published_at(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 116usize))
    }

    /// How the order avoids trades with the owner's own orders (self-trade prevention).
    #[inline]
    pub fn stp(&self) -> StpMode {
        StpMode::from(u8::from_le_bytes(bytes(&self.block[..], 124usize)))
    }

    /// Modifiers of the order, for example `REDUCE_ONLY`.
    #[inline]
    pub fn flags(&self) -> OrderFlags {
        OrderFlags::from(u8::from_le_bytes(bytes(&self.block[..], 125usize)))
    }

    /// Status of the modification that this message is about; `Unspecified` if it is about none.
    ///
    /// `None` in frames without it: those before version 2 of the schema, and some of that version.
    #[inline]
    pub fn request_status(&self) -> Option<RequestStatus> {
        Some(
            RequestStatus::from(
                u8::from_le_bytes(added(since(2u16, self.header, self.added), 0usize)?),
            ),
        )
    }

    /// Kind of the request that this message is about; `Unspecified` if it is about none.
    ///
    /// `None` in frames without it: those before version 2 of the schema, and some of that version.
    #[inline]
    pub fn request_type(&self) -> Option<RequestType> {
        Some(
            RequestType::from(
                u8::from_le_bytes(added(since(2u16, self.header, self.added), 1usize)?),
            ),
        )
    }

    /// Id that the exchange gave the order.
    pub fn order_id(&self) -> &'a str {
        self.order_id
    }

    /// Id that the client gave the order; may be an empty string.
    pub fn client_order_id(&self) -> &'a str {
        self.client_order_id
    }

    /// The market symbol, for example `BTC-USD-PERP`.
    pub fn market(&self) -> &'a str {
        self.market
    }

    /// Why the order was cancelled, for example `NOT_ENOUGH_MARGIN`; empty if it was not.
    pub fn cancel_reason(&self) -> &'a str {
        self.cancel_reason
    }

    /// Id of the request that this message is about; empty if it is about none.
    ///
    /// `None` in frames without it: those before version 2 of the schema, and some of that version.
    pub fn request_id(&self) -> Option<&'a str> {
        self.request_id
    }

    /// Reason of the failure; empty unless the request failed.
    ///
    /// `None` in frames without it: those before version 2 of the schema, and some of that version.
    pub fn request_message(&self) -> Option<&'a str> {
        self.request_message
    }
}

impl std::fmt::Debug for OrderEvent<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderEvent")
            .field("ts", &self.ts())
            .field("seq", &self.seq())
            .field("status", &self.status())
            .field("side", &self.side())
            .field("order_type", &self.order_type())
            .field("time_in_force", &self.time_in_force())
            .field("price", &self.price())
            .field("trigger_price", &self.trigger_price())
            .field("size", &self.size())
            .field("size_open", &self.size_open())
            .field("avg_fill_price", &self.avg_fill_price())
            .field("created_at", &self.created_at())
            .field("updated_at", &self.updated_at())
            .field("account", &self.account())
            .field("received_at", &self.received_at())
            .field("published_at", &self.published_at())
            .field("stp", &self.stp())
            .field("flags", &self.flags())
            .field("request_status", &self.request_status())
            .field("request_type", &self.request_type())
            .field("order_id", &self.order_id())
            .field("client_order_id", &self.client_order_id())
            .field("market", &self.market())
            .field("cancel_reason", &self.cancel_reason())
            .field("request_id", &self.request_id())
            .field("request_message", &self.request_message())
            .finish()
    }
}

/// A fill of one of the account's orders.
#[derive(Clone, Copy)]
pub struct FillEvent<'a> {
    header: Header,
    block: &'a [u8; 107usize],
    added: &'a [u8],
    fill_id: &'a str,
    order_id: &'a str,
    client_order_id: &'a str,
    trade_id: &'a str,
    market: &'a str,
    fee_currency: Option<&'a str>,
}

impl<'a> FillEvent<'a> {
    /// The number of the template.
    pub const TEMPLATE_ID: u16 = 21u16;
    #[inline]
    fn read(header: Header, mut reader: Reader<'a>) -> Result<Self, Error> {
        let (block, added) = reader.block("FillEvent", header)?;
        let fill_id = reader.text("FillEvent.fillId")?;
        let order_id = reader.text("FillEvent.orderId")?;
        let client_order_id = reader.text("FillEvent.clientOrderId")?;
        let trade_id = reader.text("FillEvent.tradeId")?;
        let market = reader.text("FillEvent.market")?;
        let fee_currency = reader
            .added_text("FillEvent.feeCurrency", header.version >= 2u16)?;
        not_null(i64::from_le_bytes(bytes(block, 19usize)), "FillEvent.price")?;
        not_null(i64::from_le_bytes(bytes(block, 27usize)), "FillEvent.size")?;
        not_null(i64::from_le_bytes(bytes(block, 35usize)), "FillEvent.fee")?;
        not_null(
            i64::from_le_bytes(bytes(block, 91usize)),
            "FillEvent.underlyingPrice",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 99usize)),
            "FillEvent.realizedFunding",
        )?;
        Ok(Self {
            header,
            block,
            added,
            fill_id,
            order_id,
            client_order_id,
            trade_id,
            market,
            fee_currency,
        })
    }

    /// Returns the header of the frame.
    pub fn header(&self) -> Header {
        self.header
    }

    /// When the message was made, in microseconds since the Unix epoch; the schema does not say more.
    #[inline]
    pub fn ts(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 0usize))
    }

    /// Sequence number of the order book after the fill; null for position transfers.
    #[inline]
    pub fn seq(&self) -> Option<i64> {
        let value = i64::from_le_bytes(bytes(&self.block[..], 8usize));
        (value != i64::MIN).then_some(value)
    }

    /// Kind of fill, such as an ordinary match, a liquidation or a transfer to unwind a position.
    #[inline]
    pub fn fill_type(&self) -> FillType {
        FillType::from(u8::from_le_bytes(bytes(&self.block[..], 16usize)))
    }

    /// Side of the trade; the published text calls it the taker's side.
    #[inline]
    pub fn side(&self) -> Side {
        Side::from(u8::from_le_bytes(bytes(&self.block[..], 17usize)))
    }

    /// Whether the account was the maker or the taker.
    #[inline]
    pub fn liquidity(&self) -> LiquiditySide {
        LiquiditySide::from(u8::from_le_bytes(bytes(&self.block[..], 18usize)))
    }

    /// Price of the fill.
    #[inline]
    pub fn price(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 19usize)), 8)
    }

    /// Filled size.
    #[inline]
    pub fn size(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 27usize)), 8)
    }

    /// Fee charged to the account, in `fee_currency`.
    #[inline]
    pub fn fee(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 35usize)), 8)
    }

    /// Profit or loss realized by the fill; null if it closed nothing.
    #[inline]
    pub fn realized_pnl(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 43usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// When the fill happened, in microseconds since the Unix epoch.
    #[inline]
    pub fn created_at(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 51usize))
    }

    /// Account whose order was filled.
    #[inline]
    pub fn account(&self) -> AccountAddress {
        AccountAddress::new(bytes(&self.block[..], 59usize))
    }

    /// Spot price of the underlying asset at the fill.
    #[inline]
    pub fn underlying_price(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 91usize)), 8)
    }

    /// Funding realized by the fill.
    #[inline]
    pub fn realized_funding(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 99usize)), 8)
    }

    /// Special properties of the fill.
    ///
    /// `None` in frames without it: those before version 2 of the schema, and some of that version.
    #[inline]
    pub fn flags(&self) -> Option<FillFlags> {
        Some(
            FillFlags::from(
                u8::from_le_bytes(added(since(2u16, self.header, self.added), 0usize)?),
            ),
        )
    }

    /// Sequence number of the order book right after the trade; subtract one for the state before it. It is 0 for position transfers, that is, liquidations and settlements.
    ///
    /// `None` in frames without it: those before version 2 of the schema, and some of that version.
    #[inline]
    pub fn orderbook_seq_no(&self) -> Option<u64> {
        Some(u64::from_le_bytes(added(since(2u16, self.header, self.added), 1usize)?))
    }

    /// Identifier of the fill, unique among fills of one `fill_type`.
    pub fn fill_id(&self) -> &'a str {
        self.fill_id
    }

    /// Identifier of the filled order.
    pub fn order_id(&self) -> &'a str {
        self.order_id
    }

    /// Identifier that the client gave the order; can be empty.
    pub fn client_order_id(&self) -> &'a str {
        self.client_order_id
    }

    /// Id of the trade, with all its digits.
    pub fn trade_id(&self) -> &'a str {
        self.trade_id
    }

    /// Symbol of the market, for example `BTC-USD-PERP`.
    pub fn market(&self) -> &'a str {
        self.market
    }

    /// Asset of the fee, for example `USDC`.
    ///
    /// `None` in frames without it: those before version 2 of the schema, and some of that version.
    pub fn fee_currency(&self) -> Option<&'a str> {
        self.fee_currency
    }
}

impl std::fmt::Debug for FillEvent<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FillEvent")
            .field("ts", &self.ts())
            .field("seq", &self.seq())
            .field("fill_type", &self.fill_type())
            .field("side", &self.side())
            .field("liquidity", &self.liquidity())
            .field("price", &self.price())
            .field("size", &self.size())
            .field("fee", &self.fee())
            .field("realized_pnl", &self.realized_pnl())
            .field("created_at", &self.created_at())
            .field("account", &self.account())
            .field("underlying_price", &self.underlying_price())
            .field("realized_funding", &self.realized_funding())
            .field("flags", &self.flags())
            .field("orderbook_seq_no", &self.orderbook_seq_no())
            .field("fill_id", &self.fill_id())
            .field("order_id", &self.order_id())
            .field("client_order_id", &self.client_order_id())
            .field("trade_id", &self.trade_id())
            .field("market", &self.market())
            .field("fee_currency", &self.fee_currency())
            .finish()
    }
}

/// The account's position in a market.
#[derive(Clone, Copy)]
pub struct PositionEvent<'a> {
    header: Header,
    block: &'a [u8; 154usize],
    market: &'a str,
    last_fill_id: &'a str,
}

impl<'a> PositionEvent<'a> {
    /// The number of the template.
    pub const TEMPLATE_ID: u16 = 22u16;
    #[inline]
    fn read(header: Header, mut reader: Reader<'a>) -> Result<Self, Error> {
        let (block, _) = reader.block("PositionEvent", header)?;
        let market = reader.text("PositionEvent.market")?;
        let last_fill_id = reader.text("PositionEvent.lastFillId")?;
        not_null(i64::from_le_bytes(bytes(block, 17usize)), "PositionEvent.size")?;
        not_null(
            i64::from_le_bytes(bytes(block, 25usize)),
            "PositionEvent.avgEntryPrice",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 33usize)),
            "PositionEvent.unrealizedPnl",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 41usize)),
            "PositionEvent.realizedPnl",
        )?;
        not_null(i64::from_le_bytes(bytes(block, 65usize)), "PositionEvent.leverage")?;
        not_null(
            i64::from_le_bytes(bytes(block, 113usize)),
            "PositionEvent.avgEntryPriceUsd",
        )?;
        not_null(i64::from_le_bytes(bytes(block, 121usize)), "PositionEvent.cost")?;
        not_null(i64::from_le_bytes(bytes(block, 129usize)), "PositionEvent.costUsd")?;
        not_null(
            i64::from_le_bytes(bytes(block, 137usize)),
            "PositionEvent.cachedFundingIndex",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 145usize)),
            "PositionEvent.unrealizedFundingPnl",
        )?;
        Ok(Self {
            header,
            block,
            market,
            last_fill_id,
        })
    }

    /// Returns the header of the frame.
    pub fn header(&self) -> Header {
        self.header
    }

    /// When the message was made, in microseconds since the Unix epoch; the schema does not say more.
    #[inline]
    pub fn ts(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 0usize))
    }

    /// Sequence number that grows with each update, with gaps; it serves to drop duplicates.
    #[inline]
    pub fn seq(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 8usize))
    }

    /// `Buy` for a long position, `Sell` for a short one.
    #[inline]
    pub fn side(&self) -> Side {
        Side::from(u8::from_le_bytes(bytes(&self.block[..], 16usize)))
    }

    /// Size in the base currency, positive on both sides; JSON has a negative size for a short position.
    #[inline]
    pub fn size(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 17usize)), 8)
    }

    /// Average entry price, in the quote currency.
    #[inline]
    pub fn avg_entry_price(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 25usize)), 8)
    }

    /// Result that is not yet realized, accrued funding included.
    #[inline]
    pub fn unrealized_pnl(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 33usize)), 8)
    }

    /// Result realized since the position was opened, funding included; reset when it is closed or reversed.
    #[inline]
    pub fn realized_pnl(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 41usize)), 8)
    }

    /// Always null; the schema has the field all the same.
    #[inline]
    pub fn mark_price(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 49usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Liquidation price, in the quote currency; null if there is none.
    #[inline]
    pub fn liquidation_price(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 57usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// Leverage of the position.
    #[inline]
    pub fn leverage(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 65usize)), 8)
    }

    /// Time of the last change, in microseconds since the Unix epoch.
    #[inline]
    pub fn updated_at(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 73usize))
    }

    /// The account that holds it.
    #[inline]
    pub fn account(&self) -> AccountAddress {
        AccountAddress::new(bytes(&self.block[..], 81usize))
    }

    /// Average entry price, in USD.
    #[inline]
    pub fn avg_entry_price_usd(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 113usize)), 8)
    }

    /// Cost of the position; negative for a short position.
    #[inline]
    pub fn cost(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 121usize)), 8)
    }

    /// Cost of the position, in USD; negative for a short position.
    #[inline]
    pub fn cost_usd(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 129usize)), 8)
    }

    /// Funding index up to which funding is settled.
    #[inline]
    pub fn cached_funding_index(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 137usize)), 8)
    }

    /// Accrued funding that is not yet realized.
    #[inline]
    pub fn unrealized_funding_pnl(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 145usize)), 8)
    }

    /// Open or closed.
    #[inline]
    pub fn status(&self) -> PositionStatus {
        PositionStatus::from(u8::from_le_bytes(bytes(&self.block[..], 153usize)))
    }

    /// The market, for example `BTC-USD-PERP`.
    pub fn market(&self) -> &'a str {
        self.market
    }

    /// Fill that last changed the position.
    pub fn last_fill_id(&self) -> &'a str {
        self.last_fill_id
    }
}

impl std::fmt::Debug for PositionEvent<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PositionEvent")
            .field("ts", &self.ts())
            .field("seq", &self.seq())
            .field("side", &self.side())
            .field("size", &self.size())
            .field("avg_entry_price", &self.avg_entry_price())
            .field("unrealized_pnl", &self.unrealized_pnl())
            .field("realized_pnl", &self.realized_pnl())
            .field("mark_price", &self.mark_price())
            .field("liquidation_price", &self.liquidation_price())
            .field("leverage", &self.leverage())
            .field("updated_at", &self.updated_at())
            .field("account", &self.account())
            .field("avg_entry_price_usd", &self.avg_entry_price_usd())
            .field("cost", &self.cost())
            .field("cost_usd", &self.cost_usd())
            .field("cached_funding_index", &self.cached_funding_index())
            .field("unrealized_funding_pnl", &self.unrealized_funding_pnl())
            .field("status", &self.status())
            .field("market", &self.market())
            .field("last_fill_id", &self.last_fill_id())
            .finish()
    }
}

/// Balances and margins of the account.
#[derive(Clone, Copy)]
pub struct AccountEvent<'a> {
    header: Header,
    block: &'a [u8; 113usize],
    added: &'a [u8],
    settlement_asset: &'a str,
}

impl<'a> AccountEvent<'a> {
    /// The number of the template.
    pub const TEMPLATE_ID: u16 = 23u16;
    #[inline]
    fn read(header: Header, mut reader: Reader<'a>) -> Result<Self, Error> {
        let (block, added) = reader.block("AccountEvent", header)?;
        let settlement_asset = reader.text("AccountEvent.settlementAsset")?;
        not_null(
            i64::from_le_bytes(bytes(block, 16usize)),
            "AccountEvent.totalCollateral",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 24usize)),
            "AccountEvent.freeCollateral",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 32usize)),
            "AccountEvent.initialMarginReq",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 40usize)),
            "AccountEvent.maintenanceMarginReq",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 48usize)),
            "AccountEvent.accountValue",
        )?;
        not_null(
            i64::from_le_bytes(bytes(block, 104usize)),
            "AccountEvent.marginCushion",
        )?;
        Ok(Self {
            header,
            block,
            added,
            settlement_asset,
        })
    }

    /// Returns the header of the frame.
    pub fn header(&self) -> Header {
        self.header
    }

    /// When the message was made, in microseconds since the Unix epoch; the schema does not say more.
    #[inline]
    pub fn ts(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 0usize))
    }

    /// Grows with each update, in steps of any size; tells repeated updates apart.
    #[inline]
    pub fn seq(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 8usize))
    }

    /// The collateral in all.
    #[inline]
    pub fn total_collateral(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 16usize)), 8)
    }

    /// Collateral above the initial margin; new positions can use it.
    #[inline]
    pub fn free_collateral(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 24usize)), 8)
    }

    /// The margin that opening the present positions takes.
    #[inline]
    pub fn initial_margin_req(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 32usize)), 8)
    }

    /// The margin below which positions are liquidated.
    #[inline]
    pub fn maintenance_margin_req(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 40usize)), 8)
    }

    /// Value of the account, including unrealized profit and loss.
    #[inline]
    pub fn account_value(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 48usize)), 8)
    }

    /// Always null; the schema has the field all the same.
    #[inline]
    pub fn unrealized_pnl(&self) -> Option<Decimal> {
        nullable(i64::from_le_bytes(bytes(&self.block[..], 56usize)))
            .map(|mantissa| decimal(mantissa, 8))
    }

    /// When the values last changed, in microseconds since the Unix epoch.
    #[inline]
    pub fn updated_at(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 64usize))
    }

    /// The account's Starknet address.
    #[inline]
    pub fn account(&self) -> AccountAddress {
        AccountAddress::new(bytes(&self.block[..], 72usize))
    }

    /// Collateral above the maintenance margin.
    #[inline]
    pub fn margin_cushion(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 104usize)), 8)
    }

    /// The state of the account, for example `ACTIVE` or `LIQUIDATION`.
    #[inline]
    pub fn status(&self) -> AccountStatus {
        AccountStatus::from(u8::from_le_bytes(bytes(&self.block[..], 112usize)))
    }

    /// The time of the newest notification that the user has seen on any device, in microseconds since the Unix epoch; 0 for none.
    ///
    /// `None` in frames without it: those before version 2 of the schema, and some of that version.
    #[inline]
    pub fn last_seen_notification(&self) -> Option<i64> {
        Some(i64::from_le_bytes(added(since(2u16, self.header, self.added), 0usize)?))
    }

    /// The asset in which amounts are given, for example `USDC`.
    pub fn settlement_asset(&self) -> &'a str {
        self.settlement_asset
    }
}

impl std::fmt::Debug for AccountEvent<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountEvent")
            .field("ts", &self.ts())
            .field("seq", &self.seq())
            .field("total_collateral", &self.total_collateral())
            .field("free_collateral", &self.free_collateral())
            .field("initial_margin_req", &self.initial_margin_req())
            .field("maintenance_margin_req", &self.maintenance_margin_req())
            .field("account_value", &self.account_value())
            .field("unrealized_pnl", &self.unrealized_pnl())
            .field("updated_at", &self.updated_at())
            .field("account", &self.account())
            .field("margin_cushion", &self.margin_cushion())
            .field("status", &self.status())
            .field("last_seen_notification", &self.last_seen_notification())
            .field("settlement_asset", &self.settlement_asset())
            .finish()
    }
}

/// Sent every 20 seconds while the connection is idle.
#[derive(Clone, Copy)]
pub struct HeartbeatEvent<'a> {
    header: Header,
    block: &'a [u8; 16usize],
}

impl<'a> HeartbeatEvent<'a> {
    /// The number of the template.
    pub const TEMPLATE_ID: u16 = 40u16;
    #[inline]
    fn read(header: Header, mut reader: Reader<'a>) -> Result<Self, Error> {
        let (block, _) = reader.block("HeartbeatEvent", header)?;
        Ok(Self { header, block })
    }

    /// Returns the header of the frame.
    pub fn header(&self) -> Header {
        self.header
    }

    /// When the message was made, in microseconds since the Unix epoch.
    #[inline]
    pub fn ts(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 0usize))
    }

    /// Sequence number of the message.
    #[inline]
    pub fn seq(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 8usize))
    }
}

impl std::fmt::Debug for HeartbeatEvent<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HeartbeatEvent")
            .field("ts", &self.ts())
            .field("seq", &self.seq())
            .finish()
    }
}

/// Reserved; the exchange confirms subscriptions in JSON.
#[derive(Clone, Copy)]
pub struct SubscribedEvent<'a> {
    header: Header,
    block: &'a [u8; 17usize],
    channel: &'a str,
}

impl<'a> SubscribedEvent<'a> {
    /// The number of the template.
    pub const TEMPLATE_ID: u16 = 41u16;
    #[inline]
    fn read(header: Header, mut reader: Reader<'a>) -> Result<Self, Error> {
        let (block, _) = reader.block("SubscribedEvent", header)?;
        let channel = reader.text("SubscribedEvent.channel")?;
        Ok(Self { header, block, channel })
    }

    /// Returns the header of the frame.
    pub fn header(&self) -> Header {
        self.header
    }

    /// When the message was made, in microseconds since the Unix epoch.
    #[inline]
    pub fn ts(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 0usize))
    }

    /// Sequence number of the message.
    #[inline]
    pub fn seq(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 8usize))
    }

    /// 0 for success, 1 for an error.
    #[inline]
    pub fn status(&self) -> u8 {
        u8::from_le_bytes(bytes(&self.block[..], 16usize))
    }

    /// The channel.
    pub fn channel(&self) -> &'a str {
        self.channel
    }
}

impl std::fmt::Debug for SubscribedEvent<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SubscribedEvent")
            .field("ts", &self.ts())
            .field("seq", &self.seq())
            .field("status", &self.status())
            .field("channel", &self.channel())
            .finish()
    }
}

/// A level of the order book.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BookLevel {
    block: [u8; 16usize],
}

impl BookLevel {
    /// The price, in the quote currency.
    #[inline]
    pub fn price(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 0usize)), 8)
    }

    /// Returns [`price`](Self::price) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn price_mantissa(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 0usize))
    }

    /// The size at this price, in the base currency; in a change, 0 removes the level.
    #[inline]
    pub fn size(&self) -> Decimal {
        decimal(i64::from_le_bytes(bytes(&self.block[..], 8usize)), 8)
    }

    /// Returns [`size`](Self::size) without its point: the number times 10 to the power of 8.
    #[inline]
    pub fn size_mantissa(&self) -> i64 {
        i64::from_le_bytes(bytes(&self.block[..], 8usize))
    }
}

impl Entry for BookLevel {
    const LENGTH: usize = 16usize;
    #[inline]
    fn new(bytes: &[u8]) -> Option<Self> {
        bytes.first_chunk().map(|block| Self { block: *block })
    }

    #[inline]
    fn check(self) -> Result<(), Error> {
        not_null(
            i64::from_le_bytes(bytes(&self.block, 0usize)),
            "BookEvent.bids.price",
        )?;
        not_null(i64::from_le_bytes(bytes(&self.block, 8usize)), "BookEvent.bids.size")?;
        Ok(())
    }
}

impl std::fmt::Debug for BookLevel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BookLevel")
            .field("price", &self.price())
            .field("size", &self.size())
            .finish()
    }
}

/// State of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccountStatus {
    /// `ACTIVE`
    Active,
    /// `LIQUIDATION`
    Liquidation,
    /// `NON_REPRESENTABLE`: a value that the schema cannot express.
    NonRepresentable,
    /// A number that this version of the crate does not know.
    Unknown(u8),
}

byte_enum!(
    AccountStatus { Active = 1 "ACTIVE", Liquidation = 2 "LIQUIDATION", NonRepresentable
    = 254 "NON_REPRESENTABLE" }
);
impl AccountStatus {
    /// The text in JSON.
    fn to_text(self) -> Option<String> {
        match self {
            other => Some(other.to_string()),
        }
    }
}

/// Kind of an instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AssetKind {
    /// `UNSPECIFIED`
    Unspecified,
    /// `PERPETUAL_FUTURE`
    PerpetualFuture,
    /// `OPTION`
    Option,
    /// `SPOT`
    Spot,
    /// A number that this version of the crate does not know.
    Unknown(u8),
}

byte_enum!(
    AssetKind { Unspecified = 0 "UNSPECIFIED", PerpetualFuture = 1 "PERPETUAL_FUTURE",
    Option = 2 "OPTION", Spot = 3 "SPOT" }
);
impl AssetKind {
    /// Returns the value of the REST API, or `None` if this stands for no value. One that it does not have becomes `Unknown`; see [`types::AssetKind`].
    pub fn to_asset_kind(self) -> Option<types::AssetKind> {
        Some(
            match self {
                Self::PerpetualFuture => types::AssetKind::from("PERP"),
                Self::Option => types::AssetKind::from("OPTION"),
                Self::Spot => types::AssetKind::from("SPOT"),
                Self::Unspecified => return None,
                other => types::AssetKind::from(other.to_string().as_str()),
            },
        )
    }
}

/// Special properties of a fill.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct FillFlags(u8);
impl FillFlags {
    /// `INTERACTIVE`
    pub const INTERACTIVE: Self = Self(1 << 0);
    /// `RPI`
    pub const RPI: Self = Self(1 << 1);
    /// `FASTFILL`
    pub const FASTFILL: Self = Self(1 << 2);
    /// `UNKNOWN`
    pub const UNKNOWN: Self = Self(1 << 7);
    /// Returns the flags that are set as values of the REST API. One that it does not have becomes `Unknown`; see [`types::FillFlag`].
    pub fn to_fill_flags(self) -> Vec<types::FillFlag> {
        let names = self
            .names()
            .map(|name| match name {
                "FASTFILL" => "fastfill",
                "INTERACTIVE" => "interactive",
                "RPI" => "rpi",
                other => other,
            });
        json::flags(names, self.unknown().bits())
            .map(|name| types::FillFlag::from(&*name))
            .collect()
    }
}

byte_set!(
    FillFlags { INTERACTIVE = 0 "INTERACTIVE", RPI = 1 "RPI", FASTFILL = 2 "FASTFILL",
    UNKNOWN = 7 "UNKNOWN" }
);
/// Cause of a fill or of a trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FillType {
    /// `FILL`
    Fill,
    /// `LIQUIDATION`
    Liquidation,
    /// `UNWIND_TRANSFER`
    UnwindTransfer,
    /// `SETTLE_MARKET`
    SettleMarket,
    /// `RPI`
    Rpi,
    /// `BLOCK_TRADE`
    BlockTrade,
    /// `NON_REPRESENTABLE`: a value that the schema cannot express.
    NonRepresentable,
    /// A number that this version of the crate does not know.
    Unknown(u8),
}

byte_enum!(
    FillType { Fill = 1 "FILL", Liquidation = 2 "LIQUIDATION", UnwindTransfer = 3
    "UNWIND_TRANSFER", SettleMarket = 4 "SETTLE_MARKET", Rpi = 5 "RPI", BlockTrade = 6
    "BLOCK_TRADE", NonRepresentable = 254 "NON_REPRESENTABLE" }
);
impl FillType {
    /// Returns the value of the REST API. One that it does not have becomes `Unknown`, so this is never `None`; see [`types::FillType`].
    pub fn to_fill_type(self) -> Option<types::FillType> {
        Some(
            match self {
                Self::Fill => types::FillType::from("FILL"),
                Self::Liquidation => types::FillType::from("LIQUIDATION"),
                Self::UnwindTransfer => types::FillType::from("UNWIND_TRANSFER"),
                Self::SettleMarket => types::FillType::from("SETTLE_MARKET"),
                Self::Rpi => types::FillType::from("RPI"),
                Self::BlockTrade => types::FillType::from("BLOCK_TRADE"),
                other => types::FillType::from(other.to_string().as_str()),
            },
        )
    }
}

/// A venue whose funding rates are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FundingRateSource {
    /// `UNSPECIFIED`
    Unspecified,
    /// `PARADEX`
    Paradex,
    /// `BINANCE`
    Binance,
    /// `BYBIT`
    Bybit,
    /// `OKX`
    Okx,
    /// `DERIBIT`
    Deribit,
    /// `DERIVE`
    Derive,
    /// `HYPERLIQUID`
    Hyperliquid,
    /// `LIGHTER`
    Lighter,
    /// `DATABENTO`
    Databento,
    /// `PUBLISHER`
    Publisher,
    /// `PYTH`
    Pyth,
    /// `STORK`
    Stork,
    /// A number that this version of the crate does not know.
    Unknown(u8),
}

byte_enum!(
    FundingRateSource { Unspecified = 0 "UNSPECIFIED", Paradex = 1 "PARADEX", Binance = 2
    "BINANCE", Bybit = 3 "BYBIT", Okx = 4 "OKX", Deribit = 5 "DERIBIT", Derive = 6
    "DERIVE", Hyperliquid = 7 "HYPERLIQUID", Lighter = 8 "LIGHTER", Databento = 9
    "DATABENTO", Publisher = 10 "PUBLISHER", Pyth = 11 "PYTH", Stork = 12 "STORK" }
);
/// Whether an order was in the book first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LiquiditySide {
    /// `MAKER`
    Maker,
    /// `TAKER`
    Taker,
    /// `NON_REPRESENTABLE`: a value that the schema cannot express.
    NonRepresentable,
    /// A number that this version of the crate does not know.
    Unknown(u8),
}

byte_enum!(
    LiquiditySide { Maker = 1 "MAKER", Taker = 2 "TAKER", NonRepresentable = 254
    "NON_REPRESENTABLE" }
);
impl LiquiditySide {
    /// Returns the value of the REST API. One that it does not have becomes `Unknown`, so this is never `None`; see [`types::TraderRole`].
    pub fn to_trader_role(self) -> Option<types::TraderRole> {
        Some(
            match self {
                Self::Maker => types::TraderRole::from("MAKER"),
                Self::Taker => types::TraderRole::from("TAKER"),
                other => types::TraderRole::from(other.to_string().as_str()),
            },
        )
    }
}

/// Modifiers of an order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct OrderFlags(u8);
impl OrderFlags {
    /// `REDUCE_ONLY`
    pub const REDUCE_ONLY: Self = Self(1 << 0);
    /// `STOP_CONDITION_BELOW_TRIGGER`
    pub const STOP_CONDITION_BELOW_TRIGGER: Self = Self(1 << 1);
    /// `STOP_CONDITION_ABOVE_TRIGGER`
    pub const STOP_CONDITION_ABOVE_TRIGGER: Self = Self(1 << 2);
    /// `INTERACTIVE`
    pub const INTERACTIVE: Self = Self(1 << 3);
    /// `TARGET_STRATEGY_VWAP`
    pub const TARGET_STRATEGY_VWAP: Self = Self(1 << 4);
    /// `MMP`
    pub const MMP: Self = Self(1 << 5);
    /// Returns the flags that are set as values of the REST API. One that it does not have becomes `Unknown`; see [`types::OrderFlag`].
    pub fn to_order_flags(self) -> Vec<types::OrderFlag> {
        let names = self.names();
        json::flags(names, self.unknown().bits())
            .map(|name| types::OrderFlag::from(&*name))
            .collect()
    }
}

byte_set!(
    OrderFlags { REDUCE_ONLY = 0 "REDUCE_ONLY", STOP_CONDITION_BELOW_TRIGGER = 1
    "STOP_CONDITION_BELOW_TRIGGER", STOP_CONDITION_ABOVE_TRIGGER = 2
    "STOP_CONDITION_ABOVE_TRIGGER", INTERACTIVE = 3 "INTERACTIVE", TARGET_STRATEGY_VWAP =
    4 "TARGET_STRATEGY_VWAP", MMP = 5 "MMP" }
);
/// State of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OrderStatus {
    /// `NEW`
    New,
    /// `UNTRIGGERED`
    Untriggered,
    /// `OPEN`
    Open,
    /// `CLOSED`
    Closed,
    /// `NON_REPRESENTABLE`: a value that the schema cannot express.
    NonRepresentable,
    /// A number that this version of the crate does not know.
    Unknown(u8),
}

byte_enum!(
    OrderStatus { New = 1 "NEW", Untriggered = 2 "UNTRIGGERED", Open = 3 "OPEN", Closed =
    4 "CLOSED", NonRepresentable = 254 "NON_REPRESENTABLE" }
);
impl OrderStatus {
    /// Returns the value of the REST API. One that it does not have becomes `Unknown`, so this is never `None`; see [`types::OrderStatus`].
    pub fn to_order_status(self) -> Option<types::OrderStatus> {
        Some(
            match self {
                Self::New => types::OrderStatus::from("NEW"),
                Self::Untriggered => types::OrderStatus::from("UNTRIGGERED"),
                Self::Open => types::OrderStatus::from("OPEN"),
                Self::Closed => types::OrderStatus::from("CLOSED"),
                other => types::OrderStatus::from(other.to_string().as_str()),
            },
        )
    }
}

/// Type of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OrderType {
    /// `LIMIT`
    Limit,
    /// `MARKET`
    Market,
    /// `STOP_LIMIT`
    StopLimit,
    /// `STOP_MARKET`
    StopMarket,
    /// `TAKE_PROFIT_LIMIT`
    TakeProfitLimit,
    /// `TAKE_PROFIT_MARKET`
    TakeProfitMarket,
    /// `STOP_LOSS_LIMIT`
    StopLossLimit,
    /// `STOP_LOSS_MARKET`
    StopLossMarket,
    /// `NON_REPRESENTABLE`: a value that the schema cannot express.
    NonRepresentable,
    /// A number that this version of the crate does not know.
    Unknown(u8),
}

byte_enum!(
    OrderType { Limit = 1 "LIMIT", Market = 2 "MARKET", StopLimit = 3 "STOP_LIMIT",
    StopMarket = 4 "STOP_MARKET", TakeProfitLimit = 5 "TAKE_PROFIT_LIMIT",
    TakeProfitMarket = 6 "TAKE_PROFIT_MARKET", StopLossLimit = 7 "STOP_LOSS_LIMIT",
    StopLossMarket = 8 "STOP_LOSS_MARKET", NonRepresentable = 254 "NON_REPRESENTABLE" }
);
impl OrderType {
    /// Returns the value of the REST API. One that it does not have becomes `Unknown`, so this is never `None`; see [`types::OrderType`].
    pub fn to_order_type(self) -> Option<types::OrderType> {
        Some(
            match self {
                Self::Limit => types::OrderType::from("LIMIT"),
                Self::Market => types::OrderType::from("MARKET"),
                Self::StopLimit => types::OrderType::from("STOP_LIMIT"),
                Self::StopMarket => types::OrderType::from("STOP_MARKET"),
                Self::TakeProfitLimit => types::OrderType::from("TAKE_PROFIT_LIMIT"),
                Self::TakeProfitMarket => types::OrderType::from("TAKE_PROFIT_MARKET"),
                Self::StopLossLimit => types::OrderType::from("STOP_LOSS_LIMIT"),
                Self::StopLossMarket => types::OrderType::from("STOP_LOSS_MARKET"),
                other => types::OrderType::from(other.to_string().as_str()),
            },
        )
    }
}

/// Whether a message has the whole book or changes to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PkgType {
    /// `SNAPSHOT`
    Snapshot,
    /// `DELTA`
    Delta,
    /// A number that this version of the crate does not know.
    Unknown(u8),
}

byte_enum!(PkgType { Snapshot = 0 "SNAPSHOT", Delta = 1 "DELTA" });
/// State of a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PositionStatus {
    /// `OPEN`
    Open,
    /// `CLOSED`
    Closed,
    /// `UNSPECIFIED`
    Unspecified,
    /// `NON_REPRESENTABLE`: a value that the schema cannot express.
    NonRepresentable,
    /// A number that this version of the crate does not know.
    Unknown(u8),
}

byte_enum!(
    PositionStatus { Open = 1 "OPEN", Closed = 2 "CLOSED", Unspecified = 3 "UNSPECIFIED",
    NonRepresentable = 254 "NON_REPRESENTABLE" }
);
impl PositionStatus {
    /// Returns the value of the REST API, or `None` if this stands for no value. One that it does not have becomes `Unknown`; see [`types::PositionStatus`].
    pub fn to_position_status(self) -> Option<types::PositionStatus> {
        Some(
            match self {
                Self::Open => types::PositionStatus::from("OPEN"),
                Self::Closed => types::PositionStatus::from("CLOSED"),
                Self::Unspecified => return None,
                other => types::PositionStatus::from(other.to_string().as_str()),
            },
        )
    }
}

/// Status of a request to modify an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequestStatus {
    /// `UNSPECIFIED`
    Unspecified,
    /// `PENDING`
    Pending,
    /// `PROCESSED`
    Processed,
    /// `REJECTED`
    Rejected,
    /// `SUCCESS`
    Success,
    /// `NON_REPRESENTABLE`: a value that the schema cannot express.
    NonRepresentable,
    /// A number that this version of the crate does not know.
    Unknown(u8),
}

byte_enum!(
    RequestStatus { Unspecified = 0 "UNSPECIFIED", Pending = 1 "PENDING", Processed = 2
    "PROCESSED", Rejected = 3 "REJECTED", Success = 4 "SUCCESS", NonRepresentable = 254
    "NON_REPRESENTABLE" }
);
impl RequestStatus {
    /// The text in JSON.
    fn to_text(self) -> Option<String> {
        match self {
            Self::Unspecified => None,
            other => Some(other.to_string()),
        }
    }
}

/// Kind of a request about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequestType {
    /// `UNSPECIFIED`
    Unspecified,
    /// `MODIFY_ORDER`
    ModifyOrder,
    /// `NON_REPRESENTABLE`: a value that the schema cannot express.
    NonRepresentable,
    /// A number that this version of the crate does not know.
    Unknown(u8),
}

byte_enum!(
    RequestType { Unspecified = 0 "UNSPECIFIED", ModifyOrder = 1 "MODIFY_ORDER",
    NonRepresentable = 254 "NON_REPRESENTABLE" }
);
impl RequestType {
    /// The text in JSON.
    fn to_text(self) -> Option<String> {
        match self {
            Self::Unspecified => None,
            other => Some(other.to_string()),
        }
    }
}

/// What happens when two orders of the same owner would trade with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StpMode {
    /// `NONE`
    None,
    /// `EXPIRE_MAKER`
    ExpireMaker,
    /// `EXPIRE_TAKER`
    ExpireTaker,
    /// `EXPIRE_BOTH`
    ExpireBoth,
    /// `NON_REPRESENTABLE`: a value that the schema cannot express.
    NonRepresentable,
    /// A number that this version of the crate does not know.
    Unknown(u8),
}

byte_enum!(
    StpMode { None = 0 "NONE", ExpireMaker = 1 "EXPIRE_MAKER", ExpireTaker = 2
    "EXPIRE_TAKER", ExpireBoth = 3 "EXPIRE_BOTH", NonRepresentable = 254
    "NON_REPRESENTABLE" }
);
impl StpMode {
    /// Returns the value of the REST API, or `None` if this stands for no value. One that it does not have becomes `Unknown`; see [`types::StpMode`].
    pub fn to_stp_mode(self) -> Option<types::StpMode> {
        Some(
            match self {
                Self::ExpireMaker => types::StpMode::from("EXPIRE_MAKER"),
                Self::ExpireTaker => types::StpMode::from("EXPIRE_TAKER"),
                Self::ExpireBoth => types::StpMode::from("EXPIRE_BOTH"),
                Self::None => return None,
                other => types::StpMode::from(other.to_string().as_str()),
            },
        )
    }
}

/// A side of an order, a trade or a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Side {
    /// `BUY`
    Buy,
    /// `SELL`
    Sell,
    /// `NON_REPRESENTABLE`: a value that the schema cannot express.
    NonRepresentable,
    /// A number that this version of the crate does not know.
    Unknown(u8),
}

byte_enum!(
    Side { Buy = 1 "BUY", Sell = 2 "SELL", NonRepresentable = 254 "NON_REPRESENTABLE" }
);
impl Side {
    /// Returns the value of the REST API. One that it does not have becomes `Unknown`, so this is never `None`; see [`types::OrderSide`].
    pub fn to_order_side(self) -> Option<types::OrderSide> {
        Some(
            match self {
                Self::Buy => types::OrderSide::from("BUY"),
                Self::Sell => types::OrderSide::from("SELL"),
                other => types::OrderSide::from(other.to_string().as_str()),
            },
        )
    }

    /// Returns the value of the REST API. One that it does not have becomes `Unknown`, so this is never `None`; see [`types::PositionSide`].
    pub fn to_position_side(self) -> Option<types::PositionSide> {
        Some(
            match self {
                Self::Buy => types::PositionSide::from("LONG"),
                Self::Sell => types::PositionSide::from("SHORT"),
                other => types::PositionSide::from(other.to_string().as_str()),
            },
        )
    }
}

/// How an order is to be executed when it is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeInForce {
    /// `GTC`
    Gtc,
    /// `IOC`
    Ioc,
    /// `POST_ONLY`
    PostOnly,
    /// `RPI`
    Rpi,
    /// `NON_REPRESENTABLE`: a value that the schema cannot express.
    NonRepresentable,
    /// A number that this version of the crate does not know.
    Unknown(u8),
}

byte_enum!(
    TimeInForce { Gtc = 1 "GTC", Ioc = 2 "IOC", PostOnly = 3 "POST_ONLY", Rpi = 4 "RPI",
    NonRepresentable = 254 "NON_REPRESENTABLE" }
);
impl TimeInForce {
    /// Returns the value of the REST API. One that it does not have becomes `Unknown`, so this is never `None`; see [`types::OrderInstruction`].
    pub fn to_order_instruction(self) -> Option<types::OrderInstruction> {
        Some(
            match self {
                Self::Gtc => types::OrderInstruction::from("GTC"),
                Self::Ioc => types::OrderInstruction::from("IOC"),
                Self::PostOnly => types::OrderInstruction::from("POST_ONLY"),
                Self::Rpi => types::OrderInstruction::from("RPI"),
                other => types::OrderInstruction::from(other.to_string().as_str()),
            },
        )
    }
}

impl From<TradeEvent<'_>> for types::Trade {
    fn from(event: TradeEvent<'_>) -> Self {
        let mut record = <types::Trade as Record>::blank();
        record.side = Some(event.side()).and_then(Side::to_order_side);
        record.price = Some(event.price()).map(json::decimal);
        record.size = Some(event.size()).map(json::decimal);
        record.created_at = Some(event.created_at()).map(json::milliseconds);
        record.trade_type = Some(event.trade_type()).and_then(FillType::to_fill_type);
        record.market = Some(event.market()).and_then(json::text);
        record.id = event.trade_id_str().and_then(json::text);
        record
    }
}

impl From<BboEvent<'_>> for types::Bbo {
    fn from(event: BboEvent<'_>) -> Self {
        let mut record = <types::Bbo as Record>::blank();
        record.seq_no = Some(event.seq());
        record.bid = event.bid_price().map(json::decimal);
        record.bid_size = event.bid_size().map(json::decimal);
        record.ask = event.ask_price().map(json::decimal);
        record.ask_size = event.ask_size().map(json::decimal);
        record.market = Some(event.market()).and_then(json::text);
        record
    }
}

impl From<MarketSummaryEvent<'_>> for types::MarketSummary {
    fn from(event: MarketSummaryEvent<'_>) -> Self {
        let mut record = <types::MarketSummary as Record>::blank();
        record.mark_price = Some(event.mark_price()).map(json::decimal);
        record.underlying_price = Some(event.index_price()).map(json::decimal);
        record.last_traded_price = Some(event.last_price()).map(json::decimal);
        record.volume_24h = Some(event.volume_usd24h()).map(json::decimal);
        record.open_interest = Some(event.open_interest()).map(json::decimal);
        record.bid = event.bid().map(json::decimal);
        record.ask = event.ask().map(json::decimal);
        record.total_volume = Some(event.total_volume()).map(json::decimal);
        record.price_change_rate_24h = Some(event.price_change_rate24h())
            .map(json::decimal);
        record.mark_iv = event.mark_iv().map(json::decimal);
        record.bid_iv = event.bid_iv().map(json::decimal);
        record.ask_iv = event.ask_iv().map(json::decimal);
        record.last_iv = event.last_iv().map(json::decimal);
        record.future_funding_rate = event.future_funding_rate().map(json::decimal);
        record.external_fair_price = event.external_fair_price().map(json::decimal);
        record.bid_size = event.bid_size().map(json::decimal);
        record.ask_size = event.ask_size().map(json::decimal);
        record.forward_rate = event.forward_rate().map(json::decimal);
        record.risk_free_rate = event.risk_free_rate().map(json::decimal);
        record.funding_rate = event
            .funding_rate_precise()
            .map(json::decimal)
            .or(Some(event.funding_rate()).map(json::decimal));
        record.symbol = Some(event.market()).and_then(json::text);
        let mut inner = <types::Greeks as Record>::blank();
        inner.delta = event.delta().map(json::decimal);
        inner.gamma = event.gamma().map(json::decimal);
        inner.vega = event.vega().map(json::decimal);
        inner.theta = event.theta().map(json::decimal);
        inner.rho = event.rho().map(json::decimal);
        inner.volga = event.volga().map(json::decimal);
        inner.vanna = event.vanna().map(json::decimal);
        let is_present = inner.delta.is_some() || inner.gamma.is_some()
            || inner.vega.is_some() || inner.theta.is_some() || inner.rho.is_some()
            || inner.volga.is_some() || inner.vanna.is_some();
        record.greeks = is_present.then_some(inner);
        record
    }
}

impl From<FundingDataEvent<'_>> for types::FundingData {
    fn from(event: FundingDataEvent<'_>) -> Self {
        let mut record = <types::FundingData as Record>::blank();
        record.funding_rate = Some(event.funding_rate()).map(json::decimal);
        record.funding_index = Some(event.funding_index()).map(json::decimal);
        record.created_at = Some(event.created_at()).map(json::milliseconds);
        record.funding_premium = Some(event.funding_premium()).map(json::decimal);
        record.funding_rate_8h = Some(event.funding_rate8h()).map(json::decimal);
        record.funding_period_hours = Some(event.funding_period_hours()).map(f64::from);
        record.impact_premium_rate = event.impact_premium_rate().map(json::decimal);
        record.market = Some(event.market()).and_then(json::text);
        record
    }
}

impl From<OrderEvent<'_>> for types::Order {
    fn from(event: OrderEvent<'_>) -> Self {
        let mut record = <types::Order as Record>::blank();
        record.seq_no = Some(event.seq());
        record.status = Some(event.status()).and_then(OrderStatus::to_order_status);
        record.side = Some(event.side()).and_then(Side::to_order_side);
        record.type_ = Some(event.order_type()).and_then(OrderType::to_order_type);
        record.instruction = Some(event.time_in_force())
            .and_then(TimeInForce::to_order_instruction);
        record.price = event.price().map(json::decimal);
        record.trigger_price = event.trigger_price().map(json::decimal);
        record.size = Some(event.size()).map(json::decimal);
        record.remaining_size = Some(event.size_open()).map(json::decimal);
        record.avg_fill_price = event.avg_fill_price().map(json::decimal);
        record.created_at = Some(event.created_at()).map(json::milliseconds);
        record.last_updated_at = Some(event.updated_at()).map(json::milliseconds);
        record.account = Some(event.account()).and_then(json::account);
        record.received_at = Some(event.received_at()).map(json::milliseconds);
        record.published_at = Some(event.published_at()).map(json::milliseconds);
        record.stp = Some(event.stp()).and_then(StpMode::to_stp_mode);
        record.flags = OrderFlags::to_order_flags(event.flags());
        record.id = Some(event.order_id()).and_then(json::text);
        record.client_id = Some(event.client_order_id()).and_then(json::text);
        record.market = Some(event.market()).and_then(json::text);
        record.cancel_reason = Some(event.cancel_reason()).and_then(json::text);
        let mut inner = <types::RequestInfo as Record>::blank();
        inner.status = event.request_status().and_then(RequestStatus::to_text);
        inner.request_type = event.request_type().and_then(RequestType::to_text);
        inner.id = event.request_id().and_then(json::text);
        inner.message = event.request_message().and_then(json::text);
        let is_present = inner.status.is_some() || inner.request_type.is_some()
            || inner.id.is_some() || inner.message.is_some();
        record.request_info = is_present.then_some(inner);
        record
    }
}

impl From<FillEvent<'_>> for types::Fill {
    fn from(event: FillEvent<'_>) -> Self {
        let mut record = <types::Fill as Record>::blank();
        record.fill_type = Some(event.fill_type()).and_then(FillType::to_fill_type);
        record.side = Some(event.side()).and_then(Side::to_order_side);
        record.liquidity = Some(event.liquidity())
            .and_then(LiquiditySide::to_trader_role);
        record.price = Some(event.price()).map(json::decimal);
        record.size = Some(event.size()).map(json::decimal);
        record.fee = Some(event.fee()).map(json::decimal);
        record.realized_pnl = event.realized_pnl().map(json::decimal);
        record.created_at = Some(event.created_at()).map(json::milliseconds);
        record.account = Some(event.account()).and_then(json::account);
        record.underlying_price = Some(event.underlying_price()).map(json::decimal);
        record.realized_funding = Some(event.realized_funding()).map(json::decimal);
        record.flags = event.flags().map(FillFlags::to_fill_flags).unwrap_or_default();
        record.orderbook_seq_no = event
            .orderbook_seq_no()
            .and_then(|value| i64::try_from(value).ok())
            .or(event.seq());
        record.id = Some(event.fill_id()).and_then(json::text);
        record.order_id = Some(event.order_id()).and_then(json::text);
        record.client_id = Some(event.client_order_id()).and_then(json::text);
        record.market = Some(event.market()).and_then(json::text);
        record.fee_currency = event.fee_currency().and_then(json::text);
        record
    }
}

impl From<PositionEvent<'_>> for types::Position {
    fn from(event: PositionEvent<'_>) -> Self {
        let mut record = <types::Position as Record>::blank();
        record.seq_no = Some(event.seq());
        record.side = Some(event.side()).and_then(Side::to_position_side);
        record.size = Some(event.size())
            .map(|size| json::signed(size, event.side() == Side::Sell));
        record.average_entry_price = Some(event.avg_entry_price()).map(json::decimal);
        record.unrealized_pnl = Some(event.unrealized_pnl()).map(json::decimal);
        record.realized_positional_pnl = Some(event.realized_pnl()).map(json::decimal);
        record.liquidation_price = event.liquidation_price().map(json::decimal);
        record.leverage = Some(event.leverage()).map(json::decimal);
        record.last_updated_at = Some(event.updated_at()).map(json::milliseconds);
        record.account = Some(event.account()).and_then(json::account);
        record.average_entry_price_usd = Some(event.avg_entry_price_usd())
            .map(json::decimal);
        record.cost = Some(event.cost()).map(json::decimal);
        record.cost_usd = Some(event.cost_usd()).map(json::decimal);
        record.cached_funding_index = Some(event.cached_funding_index())
            .map(json::decimal);
        record.unrealized_funding_pnl = Some(event.unrealized_funding_pnl())
            .map(json::decimal);
        record.status = Some(event.status())
            .and_then(PositionStatus::to_position_status);
        record.market = Some(event.market()).and_then(json::text);
        record.last_fill_id = Some(event.last_fill_id()).and_then(json::text);
        record
    }
}

impl From<AccountEvent<'_>> for types::AccountSummary {
    fn from(event: AccountEvent<'_>) -> Self {
        let mut record = <types::AccountSummary as Record>::blank();
        record.seq_no = Some(event.seq());
        record.total_collateral = Some(event.total_collateral()).map(json::decimal);
        record.free_collateral = Some(event.free_collateral()).map(json::decimal);
        record.initial_margin_requirement = Some(event.initial_margin_req())
            .map(json::decimal);
        record.maintenance_margin_requirement = Some(event.maintenance_margin_req())
            .map(json::decimal);
        record.account_value = Some(event.account_value()).map(json::decimal);
        record.updated_at = Some(event.updated_at()).map(json::milliseconds);
        record.account = Some(event.account()).and_then(json::account);
        record.margin_cushion = Some(event.margin_cushion()).map(json::decimal);
        record.status = Some(event.status()).and_then(AccountStatus::to_text);
        record.last_seen_notification = event
            .last_seen_notification()
            .map(json::milliseconds);
        record.settlement_asset = Some(event.settlement_asset()).and_then(json::text);
        record
    }
}
