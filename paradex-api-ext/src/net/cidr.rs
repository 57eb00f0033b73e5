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
/// ```
/// use paradex_api_ext::net::Cidr;
/// let network = Cidr::truncated("10.1.2.3".parse().unwrap(), 8).unwrap();
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

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    use super::{Cidr, CidrErrorKind};

    fn cidr(text: &str) -> Cidr {
        text.parse().unwrap()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_not_a_network_is_refused_with_its_rule() {
        use CidrErrorKind::*;
        for (text, kind) in [
            ("", Empty),
            (" 10.0.0.0/8", WhiteSpace),
            ("10.0.0.0/8\n", WhiteSpace),
            ("10.0.0.0 /8", WhiteSpace),
            ("10.0.0.0/\u{a0}8", WhiteSpace),
            ("10.0.0.0", MissingPrefix),
            ("2001:db8::1", MissingPrefix),
            ("010.0.0.0/8", LeadingZero),
            ("10.00.0.0/8", LeadingZero),
            ("::ffff:010.0.0.0/104", LeadingZero),
            ("10.0.0.0/08", LeadingZero),
            ("10.0.0.0/00", LeadingZero),
            ("fe80::1%eth0/128", ZoneId),
            ("/8", Address),
            ("10.0.0/8", Address),
            ("10.0.0.256/32", Address),
            ("10.0.0.0.0/8", Address),
            ("0x0a.0.0.0/8", Address),
            ("+10.0.0.0/8", Address),
            ("[::1]/128", Address),
            ("1::2::3/128", Address),
            ("12345::/16", Address),
            ("unrestricted", Address),
            ("10.0.0.0/", Prefix),
            ("10.0.0.0/+8", Prefix),
            ("10.0.0.0/-8", Prefix),
            ("10.0.0.0/8/8", Prefix),
            ("10.0.0.0/٨", Prefix),
            ("10.0.0.0/255.0.0.0", Prefix),
            ("10.0.0.0/33", PrefixTooLong),
            ("10.0.0.0/256", PrefixTooLong),
            ("10.0.0.0/99999999999999999999", PrefixTooLong),
            ("::/129", PrefixTooLong),
            ("10.0.0.1/8", HostBits),
            ("2001:db8::1/64", HostBits),
            ("::ffff:10.0.0.0/104", MappedIpv6),
            ("::ffff:a00:0/104", MappedIpv6),
            ("::ffff:10.0.0.1", MappedIpv6),
            ("::ffff:0:0/96", MappedIpv6),
            ("::ffff:0:0/90", MappedIpv6),
        ] {
            assert_eq!(text.parse::<Cidr>().unwrap_err().kind(), kind, "{text}");
            assert_eq!(
                Cidr::try_from(text.to_owned()).unwrap_err().kind(),
                kind,
                "{text}"
            );
        }
    }

    #[test]
    fn a_bare_address_is_a_host_only_where_that_is_asked_for() {
        assert_eq!(
            Cidr::parse_network_or_host("10.0.0.1").unwrap(),
            cidr("10.0.0.1/32")
        );
        assert_eq!(
            Cidr::parse_network_or_host("2001:DB8::1").unwrap(),
            cidr("2001:db8::1/128")
        );
        assert_eq!(
            Cidr::parse_network_or_host("10.0.0.0/8").unwrap(),
            cidr("10.0.0.0/8")
        );
        for text in [
            "10.0.0.1/8",
            "010.0.0.1",
            "10.0.0.1 ",
            "fe80::1%1",
            "::ffff:10.0.0.1",
            "",
        ] {
            assert!(Cidr::parse_network_or_host(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_fault_that_can_be_mended_comes_with_the_network() {
        let suggestion = |text: &str| text.parse::<Cidr>().unwrap_err().suggestion();
        assert_eq!(suggestion("10.1.2.3/8"), Some(cidr("10.0.0.0/8")));
        assert_eq!(suggestion("10.1.2.3"), Some(cidr("10.1.2.3/32")));
        assert_eq!(suggestion("::ffff:10.1.2.3/104"), Some(cidr("10.0.0.0/8")));
        assert_eq!(suggestion("::ffff:10.1.2.3"), Some(cidr("10.1.2.3/32")));
        assert_eq!(suggestion("::ffff:10.1.2.3/64"), None);
        assert_eq!(suggestion("010.1.2.3/8"), None);
        assert_eq!(
            "10.1.2.3/8".parse::<Cidr>().unwrap_err().to_string(),
            "\"10.1.2.3/8\" is not a network: bits are set after the prefix; did you mean 10.0.0.0/8?"
        );
    }

    #[test]
    fn constructors_agree_with_parsing() {
        let v4 = Ipv4Addr::new(10, 0, 0, 0);
        assert_eq!(Cidr::v4(v4, 8), Ok(cidr("10.0.0.0/8")));
        assert_eq!(Cidr::v4(v4, 4).unwrap_err().kind(), CidrErrorKind::HostBits);
        assert_eq!(Cidr::v4(v4, 33).unwrap_err().kind(), CidrErrorKind::PrefixTooLong);
        assert_eq!(
            Cidr::v4(v4, 4).unwrap_err().to_string(),
            "10.0.0.0/4 is not a network: bits are set after the prefix; did you mean 0.0.0.0/4?"
        );
        assert_eq!(Cidr::v6(Ipv6Addr::LOCALHOST, 128), Ok(cidr("::1/128")));
        assert_eq!(
            Cidr::v6(v4.to_ipv6_mapped(), 104).unwrap_err().suggestion(),
            Some(cidr("10.0.0.0/8"))
        );
        assert_eq!(Cidr::from(v4), cidr("10.0.0.0/32"));
        assert_eq!(Cidr::from(v4.to_ipv6_mapped()), cidr("10.0.0.0/32"));
        assert_eq!(Cidr::from(ip("::1")), cidr("::1/128"));
        assert_eq!(Cidr::truncated(ip("10.1.2.3"), 0), Ok(cidr("0.0.0.0/0")));
        assert_eq!(
            Cidr::truncated(ip("10.1.2.3"), 33).unwrap_err().kind(),
            CidrErrorKind::PrefixTooLong
        );
        assert_eq!(
            Cidr::truncated(ip("::ffff:10.1.2.3"), 64).unwrap_err().kind(),
            CidrErrorKind::MappedIpv6
        );
    }

    #[test]
    fn accessors_know_the_ends_of_the_address_space() {
        let all = cidr("::/0");
        assert_eq!(all.last_address(), ip("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
        assert_eq!(all.address_count(), None);
        assert_eq!(cidr("::/1").address_count(), Some(1 << 127));
        assert_eq!(cidr("0.0.0.0/0").address_count(), Some(1 << 32));
        assert_eq!(cidr("0.0.0.0/0").last_address(), ip("255.255.255.255"));
        assert_eq!(cidr("1.2.3.4/32").address_count(), Some(1));
        assert_eq!(cidr("1.2.3.4/32").last_address(), ip("1.2.3.4"));
        assert!(cidr("1.2.3.4/32").is_host() && cidr("::/128").is_host());
        assert!(!cidr("1.2.3.4/31").is_host() && !cidr("::/32").is_host());
        assert!(all.is_ipv6() && !all.is_ipv4() && cidr("0.0.0.0/0").is_ipv4());
    }

    #[test]
    fn families_stay_apart() {
        assert!(!cidr("0.0.0.0/0").contains(ip("::1")));
        assert!(!cidr("::/0").contains(ip("1.2.3.4")));
        assert!(!cidr("::/0").contains_network(&cidr("1.2.3.4/32")));
        assert!(!cidr("0.0.0.0/0").overlaps(&cidr("::/0")));
        assert!(cidr("0.0.0.0/0").contains(ip("::ffff:1.2.3.4")));
        assert!(!cidr("::/0").contains(ip("::ffff:1.2.3.4")));
    }

    #[test]
    fn the_order_is_by_address_and_then_the_wider_first() {
        let sorted = [
            "0.0.0.0/0",
            "10.0.0.0/8",
            "10.0.0.0/9",
            "10.0.0.1/32",
            "::/0",
            "::1/128",
        ]
        .map(cidr);
        assert!(sorted.is_sorted());
    }

    #[test]
    fn printing_is_canonical_and_pads() {
        assert_eq!(
            cidr("2001:0DB8:0:0:1:0:0:0/96").to_string(),
            "2001:db8:0:0:1::/96"
        );
        assert_eq!(cidr("::/0").to_string(), "::/0");
        assert_eq!(format!("{:>12}|", cidr("10.0.0.0/8")), "  10.0.0.0/8|");
        assert_eq!(format!("{:*<12}|", cidr("10.0.0.0/8")), "10.0.0.0/8**|");
        assert_eq!(format!("{:?}", cidr("10.0.0.0/8")), "Cidr(10.0.0.0/8)");
    }

    #[test]
    fn json_is_the_text_and_its_errors_are_ours() {
        let network = cidr("10.0.0.0/8");
        assert_eq!(serde_json::to_string(&network).unwrap(), "\"10.0.0.0/8\"");
        assert_eq!(serde_json::from_str::<Cidr>("\"10.0.0.0/8\"").unwrap(), network);
        let error = serde_json::from_str::<Cidr>("\"10.0.0.1/8\"").unwrap_err();
        assert!(error.to_string().contains("did you mean 10.0.0.0/8?"), "{error}");
        assert!(serde_json::from_str::<Cidr>("8").is_err());
        assert!(serde_json::from_str::<Cidr>("null").is_err());
    }

    #[cfg(feature = "ipnet")]
    #[test]
    fn ipnet_conversions_are_exact_one_way_and_checked_the_other() {
        use ipnet::IpNet;

        for text in ["0.0.0.0/0", "10.0.0.0/8", "::/0", "2001:db8::/32"] {
            let net: IpNet = cidr(text).into();
            assert_eq!(net.to_string(), text);
            assert_eq!(Cidr::try_from(net), Ok(cidr(text)));
        }
        let host_bits: IpNet = "10.1.2.3/8".parse().unwrap();
        assert_eq!(
            Cidr::try_from(host_bits).unwrap_err().kind(),
            CidrErrorKind::HostBits
        );
        let mapped: IpNet = "::ffff:10.0.0.0/104".parse().unwrap();
        assert_eq!(
            Cidr::try_from(mapped).unwrap_err().kind(),
            CidrErrorKind::MappedIpv6
        );
    }
}
