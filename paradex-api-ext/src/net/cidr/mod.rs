//! One network.

#[cfg(feature = "ipnet")]
mod ipnet;
mod parse;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use parse::Value;
pub use parse::{CidrError, CidrErrorKind};

/// An IPv4 or IPv6 network in canonical form: no bit is set after its prefix.
///
/// Two values are equal exactly when they are the same network. The order is IPv4 before IPv6, then by address, then the
/// wider network first.
///
/// Parsing is strict: the prefix length is required, numbers have no leading zero and no sign, and there is no white
/// space. It serialises as its text, and deserialising is as strict as parsing.
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
/// Every network is checked; there is no other way to create one:
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
#[doc(alias = "subnet")]
#[doc(alias = "netmask")]
#[doc(alias = "ip range")]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr {
    network: IpAddr,
    prefix_len: u8,
}

impl Cidr {
    /// Creates an IPv4 network, also in constants.
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

    /// Creates an IPv6 network, also in constants.
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

    /// Creates the network of one address. An IPv4-mapped IPv6 address becomes its IPv4 address.
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

    /// Creates the network of this prefix length that contains the address: bits after the prefix are cleared.
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
    /// The prefix is longer than the address, or the address is an IPv4-mapped IPv6 address, whose prefix counts 96 bits
    /// that the IPv4 network does not have.
    pub const fn truncated(address: IpAddr, prefix_len: u8) -> Result<Self, CidrError> {
        let value = Value::Network(address, prefix_len);
        if prefix_len > width(address) {
            return Err(CidrError::new(value, CidrErrorKind::PrefixTooLong, None));
        }
        if let IpAddr::V6(v6) = address
            && let Some(v4) = v6.to_ipv4_mapped()
        {
            // Below 96 the network also contains IPv6 addresses, so it has no IPv4 equivalent.
            let ipv4 = match prefix_len.checked_sub(96) {
                Some(prefix_len) => Some(Self::masked(IpAddr::V4(v4), prefix_len)),
                None => None,
            };
            return Err(CidrError::new(value, CidrErrorKind::MappedIpv6, ipv4));
        }
        Ok(Self::masked(address, prefix_len))
    }

    /// Returns the first address.
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

    /// Returns the last address; for IPv4 it is also called the broadcast address.
    pub const fn last_address(&self) -> IpAddr {
        match self.network {
            IpAddr::V4(v4) => IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() | !mask_v4(self.prefix_len))),
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() | !mask_v6(self.prefix_len))),
        }
    }

    /// Returns the prefix length: the number of bits that all its addresses share.
    #[doc(alias = "netmask")]
    pub const fn prefix_len(&self) -> u8 {
        self.prefix_len
    }

    /// Returns whether it is an IPv4 network.
    pub const fn is_ipv4(&self) -> bool {
        self.network.is_ipv4()
    }

    /// Returns whether it is an IPv6 network.
    pub const fn is_ipv6(&self) -> bool {
        self.network.is_ipv6()
    }

    /// Returns whether it is a single address: `/32` for IPv4, `/128` for IPv6.
    pub const fn is_host(&self) -> bool {
        self.prefix_len == width(self.network)
    }

    /// Returns the number of addresses, or `None` for `::/0`, whose 2^128 does not fit into a `u128`.
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

    /// Returns whether it contains the address. An IPv4-mapped IPv6 address counts as its IPv4 address.
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

    /// Returns whether it contains the whole other network. A network contains itself.
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
        // The first address of a network is never an IPv4-mapped one, so `contains` keeps the families apart.
        self.prefix_len <= other.prefix_len && self.contains(other.network)
    }

    /// Returns whether they have a common address. That is so exactly if one contains the other.
    pub const fn overlaps(&self, other: &Self) -> bool {
        self.contains_network(other) || other.contains_network(self)
    }

    /// Refuses bits after the prefix. All strict constructors use it.
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

    /// Clears the bits after the prefix. The caller has checked the prefix, and that the address is not IPv4-mapped.
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

/// Converts as [`Cidr::host`] does.
impl From<IpAddr> for Cidr {
    fn from(address: IpAddr) -> Self {
        Self::host(address)
    }
}

/// Converts as [`Cidr::host`] does.
impl From<Ipv4Addr> for Cidr {
    fn from(address: Ipv4Addr) -> Self {
        Self::host(IpAddr::V4(address))
    }
}

/// Converts as [`Cidr::host`] does: an IPv4-mapped address becomes its IPv4 address.
impl From<Ipv6Addr> for Cidr {
    fn from(address: Ipv6Addr) -> Self {
        Self::host(IpAddr::V6(address))
    }
}

/// The canonical text: lower case, zeros shortened as in RFC 5952, always with the prefix length.
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
    fn accessors_work_at_the_ends_of_the_address_space() {
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
    fn order_is_by_address_and_then_the_wider_first() {
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
    fn json_is_the_text_and_its_error_has_the_suggestion() {
        let network = cidr("10.0.0.0/8");
        assert_eq!(serde_json::to_string(&network).unwrap(), "\"10.0.0.0/8\"");
        assert_eq!(serde_json::from_str::<Cidr>("\"10.0.0.0/8\"").unwrap(), network);
        let error = serde_json::from_str::<Cidr>("\"10.0.0.1/8\"").unwrap_err();
        assert!(error.to_string().contains("did you mean 10.0.0.0/8?"), "{error}");
        assert!(serde_json::from_str::<Cidr>("8").is_err());
        assert!(serde_json::from_str::<Cidr>("null").is_err());
    }
}
