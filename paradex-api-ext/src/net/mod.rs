//! Networks and IP allowlists, without I/O.
//!
//! An IP allowlist restricts the addresses from which a token can be used. To the exchange an empty list means "from
//! anywhere", so a list that lost its entries by accident would allow a leaked token everywhere. Here that state has a
//! name, [`IpAllowlist::Unrestricted`], and no function turns an empty list into it; a [`CidrSet`] has at least one
//! network.
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
//! # Strict in sending, lenient in reading
//!
//! [`Cidr`] parses strictly, because a network that is nearly right is wrong. [`StoredAllowlist`] reads what the exchange
//! has stored. It accepts more spellings, reports those that it cannot read, and never guesses that a list is
//! unrestricted.
//!
//! # IPv4-mapped IPv6 addresses
//!
//! A dual-stack socket reports an IPv4 peer as `::ffff:192.0.2.1`. This module matches such an address as its IPv4 address:
//! `0.0.0.0/0` contains it and `::/0` does not. A network inside `::ffff:0:0/96` could therefore never match. It is
//! refused, and the error names the IPv4 network to write instead.

mod allowlist;
mod cidr;
mod diff;
mod edit;
mod error;
mod excerpt;
mod lookup;
mod open;
mod ranges;
mod redundancy;
#[cfg(feature = "schemars")]
mod schema;
mod set;
mod stored;
mod unreadable;
mod warning;
mod warning_summary;

pub use allowlist::IpAllowlist;
pub use cidr::{Cidr, CidrError, CidrErrorKind};
pub use diff::AllowlistDiff;
pub use edit::EditError;
pub use error::{EmptyCidrSet, InvalidEntries, InvalidEntry, TooManyEntries};
pub use open::OpenTo;
pub use redundancy::Redundancy;
pub use set::CidrSet;
pub use stored::StoredAllowlist;
pub use unreadable::{UnknownAllowlist, UnreadableAllowlist, UnreadableEntry};
pub use warning::AllowlistWarning;
