//! Decodes the binary frames of the WebSocket API (SBE). Needs the feature `stream`.
//!
//! The exchange sends the data of public channels in this form only. A connection asks for it with
//! `?sbeSchemaId=1&sbeSchemaVersion=2` in its address, and subscribes in JSON; see [`SCHEMA_ID`] and [`SCHEMA_VERSION`]. This module
//! needs no connection: it decodes the payload of a binary WebSocket message, wherever it comes from.
//!
//! [`Message::decode`] returns a view of one message. It borrows the frame, allocates nothing, and reads a field when its method is
//! called. A view also converts into the record of the REST API, such as [`types::Order`](crate::types::Order), where there is one.
//!
//! # Keeping an order book
//!
//! [`channels`](crate::stream::channels) has the names to subscribe to. Send this as a text message, and pass each binary message
//! that comes back to `on_binary` below:
//!
//! ```
//! use paradex_api::serde_json::json;
//! use paradex_api::stream::channels;
//!
//! let channel = channels::ORDER_BOOK_DELTAS.name(&[("market_symbol", "BTC-USD-PERP")])?;
//! let subscribe = json!({"jsonrpc": "2.0", "id": 1, "method": "subscribe", "params": {"channel": channel}}).to_string();
//! # assert!(subscribe.contains("order_book.BTC-USD-PERP.deltas"));
//! # Ok::<(), paradex_api::stream::InvalidChannel>(())
//! ```
//!
//! A snapshot replaces the book. Each change carries the sequence number that follows that of the message before it; with a gap,
//! the book is wrong until the next snapshot. Levels are compared as integers, because all prices have 8 digits after the point.
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use paradex_api::Decimal;
//! use paradex_api::sbe::{BookEvent, BookLevel, Group, Message, PkgType};
//!
//! /// The sizes of a market's levels, by price, both times 10^8.
//! #[derive(Default)]
//! struct Book {
//!     /// The sequence number of the last message; `None` while the book is not known.
//!     seq: Option<i64>,
//!     bids: BTreeMap<i64, i64>,
//!     asks: BTreeMap<i64, i64>,
//! }
//!
//! impl Book {
//!     fn apply(&mut self, event: BookEvent<'_>) {
//!         match event.pkg_type() {
//!             PkgType::Snapshot => {
//!                 self.bids.clear();
//!                 self.asks.clear();
//!             }
//!             // Subscribe again to get a snapshot.
//!             _ if self.seq.and_then(|seq| seq.checked_add(1)) != Some(event.seq()) => {
//!                 self.seq = None;
//!                 return;
//!             }
//!             _ => {}
//!         }
//!         self.seq = Some(event.seq());
//!         Self::change(&mut self.bids, event.bids());
//!         Self::change(&mut self.asks, event.asks());
//!     }
//!
//!     fn change(side: &mut BTreeMap<i64, i64>, levels: Group<'_, BookLevel>) {
//!         for level in levels {
//!             match level.size_mantissa() {
//!                 0 => side.remove(&level.price_mantissa()),
//!                 size => side.insert(level.price_mantissa(), size),
//!             };
//!         }
//!     }
//!
//!     fn best_bid(&self) -> Option<Decimal> {
//!         self.seq?;
//!         self.bids.keys().next_back().map(|price| Decimal::new(*price, 8))
//!     }
//! }
//!
//! /// One book for each market.
//! fn on_binary(books: &mut BTreeMap<String, Book>, frame: &[u8]) -> Result<(), paradex_api::sbe::Error> {
//!     if let Message::Book(event) = Message::decode(frame)? {
//!         books.entry(event.market().to_owned()).or_default().apply(event);
//!     }
//!     Ok(())
//! }
//! # #[cfg(feature = "testing")]
//! # {
//! # use paradex_api::testing::sbe as own;
//! # let mut books = BTreeMap::new();
//! # let mut event = own::BookEvent { seq: 5, market: "M".to_owned(), ..Default::default() };
//! # event.bids = ["99", "100"].map(|price| own::BookLevel { price: price.parse().unwrap(), size: Decimal::ONE }).to_vec();
//! # on_binary(&mut books, &event.encode(2)).unwrap();
//! # assert_eq!(books["M"].best_bid(), Some(Decimal::ONE_HUNDRED));
//! # (event.seq, event.pkg_type) = (6, PkgType::Delta);
//! # event.bids[1].size = Decimal::ZERO;
//! # event.bids.remove(0);
//! # on_binary(&mut books, &event.encode(2)).unwrap();
//! # assert_eq!(books["M"].best_bid(), Some(Decimal::from(99)));
//! # event.seq = 8;
//! # on_binary(&mut books, &event.encode(2)).unwrap();
//! # assert_eq!(books["M"].best_bid(), None);
//! # }
//! ```
//!
//! # What frames do not say
//!
//! * A frame names its market and not its channel. Two channels of one market with the same message, such as `bbo.M` and
//!   `bbo.M.interactive`, cannot be told apart on one connection.
//! * Times are microseconds; JSON has milliseconds.
//! * Trades before version 2 of the schema, and some of version 2, have no usable id: `trade_id` is cut to 64 bits.
//! * Rates are cut to 8 digits after the point, except `funding_rate_precise` and those of [`FundingRateComparisonEvent`].
//! * Fills lack the remaining size, orders the signed timestamp, positions their id, times of opening and closing, exit price and
//!   realized funding, and market summaries the details of rolling futures.
//! * An empty text and an absent one are the same.
//! * The size of a position is positive on both sides; [`types::Position`](crate::types::Position) has the sign of JSON.
//!
//! # Versions
//!
//! A decoder must expect more and less than the newest schema has. Lengths come from the frame, so a longer block is no error. Unknown
//! templates, enumeration values and flags are kept. Fields that later versions appended are `Option`: version 2 has two layouts,
//! because the exchange added fields to it after it was published. A frame that is shorter than its own lengths is an [`Error`], and
//! so is null in a field where the schema requires a value.
//!
//! The exchange's notes on these points contradict each other: one page lists versions 0 and 1, and version 2 is served; one says
//! that data of private channels stays JSON, and the schema has messages for it. Be ready for either form on a private channel.

mod account;
mod choices;
mod error;
mod group;
mod header;
pub(crate) mod json;
pub(crate) mod number;
pub(crate) mod reader;
mod unknown;
#[cfg(feature = "testing")]
pub(crate) mod writer;

pub use account::AccountAddress;
pub(crate) use choices::{byte_enum, byte_set};
pub use error::Error;
pub(crate) use group::Entry;
pub use group::{Entries, Group};
pub use header::Header;
pub use unknown::UnknownMessage;

pub use crate::generated::sbe::*;
