//! Allowlists that do not restrict an address family.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::ranges::{Range, Ranges};
use super::warning::never_public;
use super::{Cidr, IpAllowlist};

/// The address family that an allowlist does not restrict; [`IpAllowlist::open_to`] finds it.
///
/// Its text is a warning in capitals, and it serialises as `"any_address"`, `"any_ipv4"` or `"any_ipv6"`:
///
/// ```
/// use paradex_api_ext::net::IpAllowlist;
/// use paradex_api_ext::paradex_api::serde_json;
///
/// let halves = IpAllowlist::parse_entries(["0.0.0.0/1", "128.0.0.0/1"])?;
/// let open_to = halves.open_to().ok_or("IPv4 is not restricted")?;
/// assert_eq!(open_to.to_string(), "OPEN TO ANY IPv4 ADDRESS");
/// assert_eq!(serde_json::to_string(&open_to)?, "\"any_ipv4\"");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OpenTo {
    /// All addresses: the list is unrestricted, or covers both families.
    AnyAddress,
    /// All IPv4 addresses; IPv6 is restricted.
    AnyIpv4,
    /// All IPv6 addresses; IPv4 is restricted.
    AnyIpv6,
}

impl fmt::Display for OpenTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AnyAddress => "OPEN TO ANY ADDRESS",
            Self::AnyIpv4 => "OPEN TO ANY IPv4 ADDRESS",
            Self::AnyIpv6 => "OPEN TO ANY IPv6 ADDRESS",
        })
    }
}

pub(super) const ALL_IPV4: Cidr = Cidr::masked(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
pub(super) const ALL_IPV6: Cidr = Cidr::masked(IpAddr::V6(Ipv6Addr::UNSPECIFIED), 0);
/// The only block of IPv6 from which IANA assigns global unicast addresses.
const GLOBAL_IPV6: Cidr = Cidr::masked(IpAddr::V6(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0)), 3);

/// A list covers a family if it leaves out less than one in this many public addresses: such gaps do not stop an attacker who can
/// choose a source address.
const MAX_GAPS: u128 = 256;

/// The addresses that a request over the public internet can come from.
static PUBLIC: LazyLock<Ranges> = LazyLock::new(|| {
    let special: Vec<Cidr> = never_public().collect();
    Ranges::from_networks(&[ALL_IPV4, GLOBAL_IPV6]).minus(&Ranges::from_networks(&special))
});

/// Whether a list covers IPv4, and whether it covers IPv6.
pub(super) fn covered(list: &IpAllowlist) -> (bool, bool) {
    let left_out = PUBLIC.minus(&list.ranges());
    let covers = |left_out: &[Range], public: &[Range]| size(left_out) < size(public) / MAX_GAPS;
    (covers(&left_out.v4, &PUBLIC.v4), covers(&left_out.v6, &PUBLIC.v6))
}

/// Returns the number of addresses. All of IPv6 does not fit into a `u128`; its public part does.
fn size(ranges: &[Range]) -> u128 {
    let sizes = ranges
        .iter()
        .map(|(first, last)| (last - first).saturating_add(1));
    sizes.fold(0, u128::saturating_add)
}

impl OpenTo {
    pub(super) fn find(list: &IpAllowlist) -> Option<Self> {
        match covered(list) {
            (true, true) => Some(Self::AnyAddress),
            (true, false) => Some(Self::AnyIpv4),
            (false, true) => Some(Self::AnyIpv6),
            (false, false) => None,
        }
    }
}
