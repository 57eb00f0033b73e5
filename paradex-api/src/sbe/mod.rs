//! Decodes the binary frames of the WebSocket API (SBE).
//!
//! A frame is one message of [`Message`]. Its view borrows the frame, allocates nothing and reads a field when its method is
//! called.
//!
//! ```
//! use paradex_api::sbe::{Message, PkgType};
//!
//! fn on_frame(frame: &[u8]) -> Result<(), paradex_api::sbe::Error> {
//!     match Message::decode(frame)? {
//!         Message::Bbo(bbo) => println!("{}: {:?} / {:?}", bbo.market(), bbo.bid_price(), bbo.ask_price()),
//!         Message::Book(book) if book.pkg_type() == PkgType::Snapshot => {
//!             println!("{}: {} bids", book.market(), book.bids().len());
//!         }
//!         _ => {}
//!     }
//!     Ok(())
//! }
//! ```

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
