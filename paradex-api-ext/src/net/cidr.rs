//! One network.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::error::{CidrError, CidrErrorKind, Value};

/// An IPv4 or IPv6 network in canonical form: no bit is set after its prefix.
///
/// Two values are equal exactly when they are the same network. Text is read strictly: the prefix must
/// be there, numbers have no leading zero and no sign, and there is no white space.
///
/// ```
/// use paradex_api_ext::net::Cidr;
///
/// let office: Cidr = "192.0.2.0/24".parse()?;
/// assert!(office.contains("192.0.2.77".parse()?));
/// assert_eq!(office.to_string(), "192.0.2.0/24");
///
/// let error = "10.1.2.3/8".parse::<Cidr>().unwrap_err();
/// assert_eq!(error.suggestion(), Some("10.0.0.0/8".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It serialises as that text, and is deserialised as strictly as it is parsed. The order is IPv4 before
/// IPv6, then by address, then the wider network first.
///
/// There is no way to a network that was not checked:
///
/// ```compile_fail
/// use paradex_api_ext::net::Cidr;
/// let network = Cidr { network: "10.1.2.3".parse().unwrap(), prefix_len: 8 };
/// ```
///
/// ```compile_fail
/// let network = paradex_api_ext::net::Cidr::default();
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr {
    network: IpAddr,
    prefix_len: u8,
}

impl Cidr {
    /// Makes an IPv4 network; it can be evaluated in a constant.
    ///
    /// ```
    /// use std::net::Ipv4Addr;
    /// use paradex_api_ext::net::Cidr;
    ///
    /// const OFFICE: Cidr = match Cidr::v4(Ipv4Addr::new(192, 0, 2, 0), 24) {
    ///     Ok(network) => network,
    ///     Err(_) => panic!("not a network"),
    /// };
    /// assert_eq!(OFFICE, "192.0.2.0/24".parse()?);
    /// # Ok::<(), paradex_api_ext::net::CidrError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The prefix is longer than 32, or a bit after it is set.
    pub const fn v4(address: Ipv4Addr, prefix_len: u8) -> Result<Self, CidrError> {
        Self::exact(IpAddr::V4(address), prefix_len)
    }

    /// Makes an IPv6 network; it can be evaluated in a constant.
    ///
    /// ```
    /// use std::net::Ipv6Addr;
    /// use paradex_api_ext::net::Cidr;
    ///
    /// let network = Cidr::v6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32)?;
    /// assert_eq!(network, "2001:db8::/32".parse()?);
    /// # Ok::<(), paradex_api_ext::net::CidrError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The prefix is longer than 128, a bit after it is set, or the address is an IPv4-mapped one.
    pub const fn v6(address: Ipv6Addr, prefix_len: u8) -> Result<Self, CidrError> {
        Self::exact(IpAddr::V6(address), prefix_len)
    }

    /// The network of one address. An IPv4-mapped IPv6 address becomes its IPv4 host.
    ///
    /// ```
    /// use paradex_api_ext::net::Cidr;
    ///
    /// assert_eq!(Cidr::host("192.0.2.7".parse()?).to_string(), "192.0.2.7/32");
    /// assert_eq!(Cidr::host("::ffff:192.0.2.7".parse()?).to_string(), "192.0.2.7/32");
    /// # Ok::<(), std::net::AddrParseError>(())
    /// ```
    pub const fn host(address: IpAddr) -> Self {
        let network = address.to_canonical();
        Self {
            network,
            prefix_len: width(network),
        }
    }

    /// The network of this length that an address lies in: bits after the prefix are cleared.
    ///
    /// ```
    /// use paradex_api_ext::net::Cidr;
    ///
    /// assert_eq!(Cidr::truncated("10.1.2.3".parse()?, 8)?, "10.0.0.0/8".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The prefix is longer than the address, or the address is an IPv4-mapped IPv6 one, whose prefix
    /// counts 96 bits that the IPv4 network does not have.
    pub const fn truncated(address: IpAddr, prefix_len: u8) -> Result<Self, CidrError> {
        let value = Value::Network(address, prefix_len);
        if prefix_len > width(address) {
            return Err(CidrError::new(value, CidrErrorKind::PrefixTooLong, None));
        }
        if let IpAddr::V6(v6) = address
            && let Some(v4) = v6.to_ipv4_mapped()
        {
            // Below 96 the network also holds IPv6 addresses, so no IPv4 network stands for it.
            let ipv4 = match prefix_len.checked_sub(96) {
                Some(prefix_len) => Some(Self::masked(IpAddr::V4(v4), prefix_len)),
                None => None,
            };
            return Err(CidrError::new(value, CidrErrorKind::MappedIpv6, ipv4));
        }
        Ok(Self::masked(address, prefix_len))
    }

    /// Reads a network, or a bare address as the network of that host; else as strict as `parse`.
    ///
    /// ```
    /// use paradex_api_ext::net::Cidr;
    ///
    /// assert_eq!(Cidr::parse_network_or_host("192.0.2.7")?, "192.0.2.7/32".parse()?);
    /// assert_eq!(Cidr::parse_network_or_host("192.0.2.0/24")?, "192.0.2.0/24".parse()?);
    /// assert!("192.0.2.7".parse::<Cidr>().is_err());
    /// # Ok::<(), paradex_api_ext::net::CidrError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As `parse`, but for the prefix, which may be missing. An IPv4-mapped address is refused here
    /// too: it is text that somebody wrote, not what a socket reported.
    pub fn parse_network_or_host(text: &str) -> Result<Self, CidrError> {
        let (address, prefix_len) = split(text)?;
        let prefix_len = prefix_len.unwrap_or(width(address));
        Self::exact(address, prefix_len).map_err(|error| error.about(text))
    }

    /// As [`Cidr::parse_network_or_host`], but an address with bits after the prefix stands for its
    /// network.
    pub(super) fn parse_lenient(text: &str) -> Result<Self, CidrError> {
        let (address, prefix_len) = split(text)?;
        let prefix_len = prefix_len.unwrap_or(width(address));
        Self::truncated(address, prefix_len).map_err(|error| error.about(text))
    }

    /// The first address.
    ///
    /// ```
    /// # use paradex_api_ext::net::Cidr;
    /// let network: Cidr = "192.0.2.0/24".parse()?;
    /// assert_eq!(network.network_address().to_string(), "192.0.2.0");
    /// assert_eq!(network.last_address().to_string(), "192.0.2.255");
    /// assert_eq!(network.prefix_len(), 24);
    /// # Ok::<(), paradex_api_ext::net::CidrError>(())
    /// ```
    pub const fn network_address(&self) -> IpAddr {
        self.network
    }

    /// The last address; for IPv4 networks it is also called the broadcast address.
    pub const fn last_address(&self) -> IpAddr {
        match self.network {
            IpAddr::V4(v4) => IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() | !mask_v4(self.prefix_len))),
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() | !mask_v6(self.prefix_len))),
        }
    }

    /// The number of bits that all its addresses share.
    pub const fn prefix_len(&self) -> u8 {
        self.prefix_len
    }

    /// Whether it is an IPv4 network.
    pub const fn is_ipv4(&self) -> bool {
        self.network.is_ipv4()
    }

    /// Whether it is an IPv6 network.
    pub const fn is_ipv6(&self) -> bool {
        self.network.is_ipv6()
    }

    /// Whether it is a single address: `/32` for IPv4, `/128` for IPv6.
    pub const fn is_host(&self) -> bool {
        self.prefix_len == width(self.network)
    }

    /// The number of addresses, or `None` for `::/0`, whose 2^128 does not fit into a `u128`.
    ///
    /// ```
    /// # use paradex_api_ext::net::Cidr;
    /// assert_eq!("192.0.2.0/24".parse::<Cidr>()?.address_count(), Some(256));
    /// assert_eq!("::/0".parse::<Cidr>()?.address_count(), None);
    /// # Ok::<(), paradex_api_ext::net::CidrError>(())
    /// ```
    pub const fn address_count(&self) -> Option<u128> {
        1u128.checked_shl((width(self.network) - self.prefix_len) as u32)
    }

    /// Whether the address lies in it. An IPv4-mapped IPv6 address is looked up as its IPv4 address.
    ///
    /// ```
    /// # use paradex_api_ext::net::Cidr;
    /// let network: Cidr = "192.0.2.0/24".parse()?;
    /// assert!(network.contains("192.0.2.77".parse()?));
    /// assert!(network.contains("::ffff:192.0.2.77".parse()?));
    /// assert!(!"::/0".parse::<Cidr>()?.contains("::ffff:192.0.2.77".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub const fn contains(&self, address: IpAddr) -> bool {
        match (self.network, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                (network.to_bits() ^ address.to_bits()) & mask_v4(self.prefix_len) == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                (network.to_bits() ^ address.to_bits()) & mask_v6(self.prefix_len) == 0
            }
            _ => false,
        }
    }

    /// Whether all of the other network lies in this one; a network contains itself.
    ///
    /// ```
    /// # use paradex_api_ext::net::Cidr;
    /// let wide: Cidr = "10.0.0.0/8".parse()?;
    /// let narrow: Cidr = "10.1.0.0/16".parse()?;
    /// assert!(wide.contains_network(&narrow) && !narrow.contains_network(&wide));
    /// assert!(narrow.overlaps(&wide));
    /// # Ok::<(), paradex_api_ext::net::CidrError>(())
    /// ```
    pub const fn contains_network(&self, other: &Self) -> bool {
        // The first address of a network is never an IPv4-mapped one, so `contains` tells the families
        // apart as they were written.
        self.prefix_len <= other.prefix_len && self.contains(other.network)
    }

    /// Whether they have an address in common. Networks are nested or apart, so one contains the other.
    pub const fn overlaps(&self, other: &Self) -> bool {
        self.contains_network(other) || other.contains_network(self)
    }

    /// The constructor that the strict ones share.
    const fn exact(address: IpAddr, prefix_len: u8) -> Result<Self, CidrError> {
        match Self::truncated(address, prefix_len) {
            Ok(network) if !same(network.network, address) => Err(CidrError::new(
                Value::Network(address, prefix_len),
                CidrErrorKind::HostBits,
                Some(network),
            )),
            result => result,
        }
    }

    /// Clears the bits after the prefix. Callers have checked the prefix, and that the address is not
    /// an IPv4-mapped one.
    pub(super) const fn masked(address: IpAddr, prefix_len: u8) -> Self {
        let network = match address {
            IpAddr::V4(v4) => IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & mask_v4(prefix_len))),
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & mask_v6(prefix_len))),
        };
        Self { network, prefix_len }
    }
}

/// The bits of an address of this family.
pub(super) const fn width(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

pub(super) const fn mask_v4(prefix_len: u8) -> u32 {
    match u32::MAX.checked_shl(32u8.saturating_sub(prefix_len) as u32) {
        Some(mask) => mask,
        None => 0,
    }
}

pub(super) const fn mask_v6(prefix_len: u8) -> u128 {
    match u128::MAX.checked_shl(128u8.saturating_sub(prefix_len) as u32) {
        Some(mask) => mask,
        None => 0,
    }
}

/// `==`, which constants cannot use yet.
const fn same(a: IpAddr, b: IpAddr) -> bool {
    match (a, b) {
        (IpAddr::V4(a), IpAddr::V4(b)) => a.to_bits() == b.to_bits(),
        (IpAddr::V6(a), IpAddr::V6(b)) => a.to_bits() == b.to_bits(),
        _ => false,
    }
}

/// Reads the address and, where there is one, the prefix length, which fits the address.
fn split(text: &str) -> Result<(IpAddr, Option<u8>), CidrError> {
    let refuse = |kind| CidrError::text(text, kind, None);
    if text.is_empty() {
        return Err(refuse(CidrErrorKind::Empty));
    }
    if text.contains(char::is_whitespace) {
        return Err(refuse(CidrErrorKind::WhiteSpace));
    }
    let (address, prefix_len) = match text.split_once('/') {
        Some((address, prefix_len)) => (address, Some(prefix_len)),
        None => (text, None),
    };
    // The parser of std takes no leading zero in IPv4, no sign and no zone; below is only why.
    let parsed: IpAddr = address.parse().map_err(|_| {
        let dotted = address.rsplit(':').next().unwrap_or(address);
        refuse(if address.contains('%') {
            CidrErrorKind::ZoneId
        } else if dotted.contains('.') && dotted.split('.').any(has_leading_zero) {
            CidrErrorKind::LeadingZero
        } else {
            CidrErrorKind::Address
        })
    })?;
    let Some(digits) = prefix_len else {
        return Ok((parsed, None));
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refuse(CidrErrorKind::Prefix));
    }
    if has_leading_zero(digits) {
        return Err(refuse(CidrErrorKind::LeadingZero));
    }
    match digits.parse() {
        Ok(prefix_len) if prefix_len <= width(parsed) => Ok((parsed, Some(prefix_len))),
        _ => Err(refuse(CidrErrorKind::PrefixTooLong)),
    }
}

fn has_leading_zero(number: &str) -> bool {
    number.len() > 1 && number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit())
}

impl FromStr for Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Self, CidrError> {
        match split(text)? {
            (address, Some(prefix_len)) => {
                Self::exact(address, prefix_len).map_err(|error| error.about(text))
            }
            (address, None) => {
                let kind = match same(address, address.to_canonical()) {
                    true => CidrErrorKind::MissingPrefix,
                    false => CidrErrorKind::MappedIpv6,
                };
                Err(CidrError::text(text, kind, Some(Self::host(address))))
            }
        }
    }
}

impl TryFrom<&str> for Cidr {
    type Error = CidrError;

    fn try_from(text: &str) -> Result<Self, CidrError> {
        text.parse()
    }
}

impl TryFrom<String> for Cidr {
    type Error = CidrError;

    fn try_from(text: String) -> Result<Self, CidrError> {
        text.parse()
    }
}

/// As [`Cidr::host`].
impl From<IpAddr> for Cidr {
    fn from(address: IpAddr) -> Self {
        Self::host(address)
    }
}

/// As [`Cidr::host`].
impl From<Ipv4Addr> for Cidr {
    fn from(address: Ipv4Addr) -> Self {
        Self::host(IpAddr::V4(address))
    }
}

/// As [`Cidr::host`]: an IPv4-mapped address becomes its IPv4 host.
impl From<Ipv6Addr> for Cidr {
    fn from(address: Ipv6Addr) -> Self {
        Self::host(IpAddr::V6(address))
    }
}

/// The canonical text: lower case, zeros shortened as in RFC 5952, the prefix always there.
impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.width().is_none() && f.precision().is_none() {
            return write!(f, "{}/{}", self.network, self.prefix_len);
        }
        f.pad(&format!("{}/{}", self.network, self.prefix_len))
    }
}

impl fmt::Debug for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cidr({}/{})", self.network, self.prefix_len)
    }
}

impl Serialize for Cidr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cidr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl de::Visitor<'_> for Text {
            type Value = Cidr;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a network as text, such as \"203.0.113.0/24\"")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Cidr, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Text)
    }
}

/// The same network in the types of the `ipnet` crate.
#[cfg(feature = "ipnet")]
impl From<Cidr> for ipnet::IpNet {
    fn from(network: Cidr) -> Self {
        // A prefix that is too long cannot exist; were it there, a single host is the safe reading.
        match network.network {
            IpAddr::V4(address) => ipnet::Ipv4Net::new(address, network.prefix_len)
                .unwrap_or_else(|_| address.into())
                .into(),
            IpAddr::V6(address) => ipnet::Ipv6Net::new(address, network.prefix_len)
                .unwrap_or_else(|_| address.into())
                .into(),
        }
    }
}

/// Fails where parsing would: `ipnet` keeps host bits, and has IPv4-mapped networks.
#[cfg(feature = "ipnet")]
impl TryFrom<ipnet::IpNet> for Cidr {
    type Error = CidrError;

    fn try_from(network: ipnet::IpNet) -> Result<Self, CidrError> {
        Self::exact(network.addr(), network.prefix_len())
    }
}
