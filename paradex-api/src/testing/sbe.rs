//! Writes binary frames (SBE), for tests and simulators.
//!
//! ```
//! use paradex_api::sbe::Message;
//! use paradex_api::testing::sbe::BboEvent;
//!
//! let event = BboEvent {
//!     seq: 7,
//!     bid_price: Some("42000.5".parse()?),
//!     market: "BTC-USD-PERP".to_owned(),
//!     ..BboEvent::default()
//! };
//! let frame = event.encode(2);
//! let Message::Bbo(bbo) = Message::decode(&frame)? else { panic!() };
//! assert_eq!((bbo.seq(), bbo.bid_price(), bbo.ask_price()), (7, Some("42000.5".parse()?), None));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A field that a later version of the schema added is an `Option`. `encode` leaves it out if it is `None`, unless null is one of
//! its values: then it writes null, as the exchange does. Version 2 of the schema has two layouts, because fields were added to
//! it in place: with `trade_id_str`, `request_status`, `request_type`, `request_id`, `request_message` and
//! `last_seen_notification` the frame has the newer layout, and without them the older one.
//!
//! Decimals are cut to the digits of their field and to the largest number that it can hold, and texts to 255 bytes.

pub use crate::generated::sbe_encoder::*;
