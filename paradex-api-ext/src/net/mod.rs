//! Networks and the IP allowlist of a token, without IO.
//!
//! A token of the exchange can be bound to the addresses that it may be used from. For the exchange an
//! empty list means "from anywhere", so a list that lost its entries by accident would open a leaked
//! token to the world. Here that state is a word, [`IpAllowlist::Unrestricted`], and no function turns
//! an empty list into it; a [`CidrSet`] has at least one network.
//!
//! ```
//! use paradex_api_ext::net::{Cidr, IpAllowlist};
//!
//! let list = IpAllowlist::parse_entries(["192.0.2.0/24", "2001:db8:7::/48"])?;
//! assert!(list.allows("192.0.2.77".parse()?));
//! assert!(!list.allows("198.51.100.7".parse()?));
//!
//! let office: Cidr = "198.51.100.7/32".parse()?;
//! let wider = list.with_added([office])?;
//! assert_eq!(list.diff(&wider).opened(), [office]);
//! assert_eq!(wider.to_wire(), ["192.0.2.0/24", "2001:db8:7::/48", "198.51.100.7/32"]);
//!
//! // An empty list is an error that says what to write.
//! assert!(IpAllowlist::parse_entries(Vec::<String>::new()).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Strict in what is sent, lenient in what is read
//!
//! [`Cidr`] parses strictly, because a network that is nearly right is wrong. What the exchange has
//! stored is read with [`StoredAllowlist`], which takes more spellings, says so when it cannot read
//! them, and never guesses that a list is open.
//!
//! # IPv4-mapped IPv6 addresses
//!
//! A dual-stack socket reports an IPv4 peer as `::ffff:192.0.2.1`. Such an address is matched as the
//! IPv4 address that it stands for, everywhere in this module: `0.0.0.0/0` contains it and `::/0` does
//! not. A network inside `::ffff:0:0/96` could therefore never match, and is refused with the IPv4
//! network named.

mod allowlist;
mod cidr;
mod diff;
mod error;
mod open;
mod ranges;
#[cfg(feature = "schemars")]
mod schema;
mod set;
mod stored;
mod warning;

pub use allowlist::IpAllowlist;
pub use cidr::Cidr;
pub use diff::AllowlistDiff;
pub use error::{
    CidrError, CidrErrorKind, EditError, EmptyCidrSet, InvalidEntries, InvalidEntry, TooManyEntries,
};
pub use open::OpenTo;
pub use set::{CidrSet, Redundancy};
pub use stored::{StoredAllowlist, UnknownAllowlist, UnreadableAllowlist, UnreadableEntry};
pub use warning::AllowlistWarning;
