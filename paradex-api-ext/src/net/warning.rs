//! Allowlists that the exchange accepts, and that are probably mistakes.

use std::collections::HashSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::open::{ALL_IPV4, ALL_IPV6, covered};
use super::{Cidr, IpAllowlist, Redundancy};

/// Warns about an allowlist that is probably a mistake; [`IpAllowlist::warnings`] finds them.
///
/// Its text says what is wrong and what to do.
///
/// ```
/// use paradex_api_ext::net::{AllowlistWarning, IpAllowlist};
///
/// let list = IpAllowlist::parse_entries(["0.0.0.0/0", "17.0.0.0/8"])?;
/// let warnings = list.warnings();
/// assert!(matches!(warnings[0], AllowlistWarning::WholeFamily { .. }));
/// assert!(matches!(warnings[1], AllowlistWarning::Wide { .. }));
/// # Ok::<(), paradex_api_ext::net::InvalidEntries>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AllowlistWarning {
    /// All addresses are allowed.
    Unrestricted,
    /// The entries cover a whole address family, as [`IpAllowlist::open_to`] defines it, so it is not restricted.
    WholeFamily {
        /// The family: `0.0.0.0/0` or `::/0`.
        network: Cidr,
    },
    /// No request over the public internet comes from these addresses, so the entry allows nothing.
    NeverPublic {
        /// The entry.
        network: Cidr,
        /// The special-purpose block that contains it.
        block: Cidr,
        /// The purpose of the block, such as `private` or `documentation`.
        purpose: &'static str,
    },
    /// The prefix is shorter than [`SHORTEST_IPV4_PREFIX`](Self::SHORTEST_IPV4_PREFIX) or
    /// [`SHORTEST_IPV6_PREFIX`](Self::SHORTEST_IPV6_PREFIX).
    Wide {
        /// The entry.
        network: Cidr,
    },
    /// The entry adds no address.
    Redundant(Redundancy),
}

/// Special-purpose blocks from which no public request comes, according to the registries of IANA. Narrower blocks are
/// before wider ones.
#[rustfmt::skip]
const NEVER_PUBLIC: &[(Cidr, &str)] = &[
    (v4(0, 0, 0, 0, 8), "this-network"),
    (v4(10, 0, 0, 0, 8), "private"),
    (v4(100, 64, 0, 0, 10), "carrier-grade NAT"),
    (v4(127, 0, 0, 0, 8), "loopback"),
    (v4(169, 254, 0, 0, 16), "link-local"),
    (v4(172, 16, 0, 0, 12), "private"),
    (v4(192, 0, 0, 0, 24), "protocol assignment"),
    (v4(192, 0, 2, 0, 24), "documentation"),
    (v4(192, 168, 0, 0, 16), "private"),
    (v4(198, 18, 0, 0, 15), "benchmarking"),
    (v4(198, 51, 100, 0, 24), "documentation"),
    (v4(203, 0, 113, 0, 24), "documentation"),
    (v4(224, 0, 0, 0, 4), "multicast"),
    (v4(255, 255, 255, 255, 32), "broadcast"),
    (v4(240, 0, 0, 0, 4), "reserved"),
    (v6([0, 0, 0, 0, 0, 0, 0, 0], 128), "unspecified"),
    (v6([0, 0, 0, 0, 0, 0, 0, 1], 128), "loopback"),
    (v6([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48), "local NAT64"),
    (v6([0x100, 0, 0, 0, 0, 0, 0, 0], 64), "discard-only"),
    (v6([0x100, 0, 0, 1, 0, 0, 0, 0], 64), "dummy"),
    (v6([0x2001, 2, 0, 0, 0, 0, 0, 0], 48), "benchmarking"),
    (v6([0x2001, 0x10, 0, 0, 0, 0, 0, 0], 28), "reserved"),
    (v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), "documentation"),
    (v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), "documentation"),
    (v6([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16), "segment routing"),
    (v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7), "private"),
    (v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10), "link-local"),
    (v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10), "site-local"),
    (v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8), "multicast"),
];

pub(super) fn never_public() -> impl Iterator<Item = Cidr> {
    NEVER_PUBLIC.iter().map(|(block, _)| *block)
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix_len: u8) -> Cidr {
    Cidr::masked(IpAddr::V4(Ipv4Addr::new(a, b, c, d)), prefix_len)
}

const fn v6([a, b, c, d, e, f, g, h]: [u16; 8], prefix_len: u8) -> Cidr {
    Cidr::masked(IpAddr::V6(Ipv6Addr::new(a, b, c, d, e, f, g, h)), prefix_len)
}

impl AllowlistWarning {
    /// An IPv4 network with a shorter prefix is [`Wide`](Self::Wide).
    ///
    /// A `/16` has 65,536 addresses, more than most companies own.
    pub const SHORTEST_IPV4_PREFIX: u8 = 16;

    /// An IPv6 network with a shorter prefix is [`Wide`](Self::Wide).
    ///
    /// Providers get a `/32`, their customers a `/48` or less.
    pub const SHORTEST_IPV6_PREFIX: u8 = 32;

    pub(super) fn find(list: &IpAllowlist) -> Vec<Self> {
        let IpAllowlist::Only(set) = list else {
            return vec![Self::Unrestricted];
        };
        let (all_v4, all_v6) = covered(list);
        let families = [(ALL_IPV4, all_v4), (ALL_IPV6, all_v6)].into_iter();
        let mut warnings: Vec<Self> = families
            .filter_map(|(network, is_covered)| is_covered.then_some(Self::WholeFamily { network }))
            .collect();
        let mut seen = HashSet::new();
        warnings.extend(
            set.iter()
                .filter(|network| seen.insert(*network))
                .filter_map(Self::find_in_network),
        );
        warnings.extend(set.redundancies().into_iter().map(Self::Redundant));
        warnings
    }

    /// Returns the most important warning about a network: that a private one is wide does not matter.
    fn find_in_network(network: Cidr) -> Option<Self> {
        if network.prefix_len() == 0 {
            // It is reported as a whole family.
            return None;
        }
        let block = NEVER_PUBLIC
            .iter()
            .find(|(block, _)| block.contains_network(&network));
        if let Some(&(block, purpose)) = block {
            return Some(Self::NeverPublic {
                network,
                block,
                purpose,
            });
        }
        let shortest = match network.is_ipv4() {
            true => Self::SHORTEST_IPV4_PREFIX,
            false => Self::SHORTEST_IPV6_PREFIX,
        };
        (network.prefix_len() < shortest).then_some(Self::Wide { network })
    }
}

impl fmt::Display for AllowlistWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unrestricted => f.write_str(
                "the allowlist is unrestricted: anyone who has the credential can use it from anywhere; \
                 list the networks from which it is used",
            ),
            Self::WholeFamily { network } => write!(
                f,
                "every public {} address is allowed, so this family is not restricted; \
                 list the networks from which the credential is used",
                if network.is_ipv4() { "IPv4" } else { "IPv6" }
            ),
            Self::NeverPublic {
                network,
                block,
                purpose,
            } => {
                write!(f, "{network} allows nothing: {block} is for {purpose} addresses")?;
                f.write_str(", from which no public request comes; list the address that the exchange sees")
            }
            Self::Wide { network } => {
                write!(f, "{network} is wide: 2^{} addresses", host_bits(network))?;
                f.write_str(", most of them probably not yours; list the smallest networks that are enough")
            }
            Self::Redundant(redundancy) => redundancy.fmt(f),
        }
    }
}

fn host_bits(network: &Cidr) -> u8 {
    super::cidr::width(network.network_address()) - network.prefix_len()
}

#[cfg(test)]
mod tests {
    use super::{AllowlistWarning, NEVER_PUBLIC};
    use crate::net::IpAllowlist;

    fn texts(networks: &[&str]) -> Vec<String> {
        let list = IpAllowlist::parse_entries(networks).unwrap();
        list.warnings().iter().map(AllowlistWarning::to_string).collect()
    }

    #[test]
    fn ordinary_list_has_no_warning() {
        assert!(texts(&["8.8.8.8/32"]).is_empty());
        assert!(texts(&["17.1.0.0/16", "2a00:1450::/32", "2a00:1450:1::/48"]).len() == 1);
        assert!(texts(&["2a00:1450::/32"]).is_empty());
    }

    #[test]
    fn special_block_is_named_with_its_purpose() {
        for (network, purpose) in [
            ("0.1.0.0/16", "this-network"),
            ("10.0.0.0/8", "private"),
            ("172.31.255.0/24", "private"),
            ("192.168.1.1/32", "private"),
            ("100.127.0.0/16", "carrier-grade NAT"),
            ("127.0.0.1/32", "loopback"),
            ("169.254.169.254/32", "link-local"),
            ("192.0.2.0/24", "documentation"),
            ("198.51.100.7/32", "documentation"),
            ("203.0.113.0/24", "documentation"),
            ("198.19.0.0/16", "benchmarking"),
            ("224.0.0.0/4", "multicast"),
            ("240.0.0.0/4", "reserved"),
            ("255.255.255.255/32", "broadcast"),
            ("::/128", "unspecified"),
            ("::1/128", "loopback"),
            ("2001:db8:1::/48", "documentation"),
            ("3fff::/20", "documentation"),
            ("fd00::/8", "private"),
            ("fe80::/64", "link-local"),
            ("ff02::1/128", "multicast"),
        ] {
            let warnings = texts(&[network]);
            assert_eq!(warnings.len(), 1, "{network}");
            assert!(warnings[0].contains(purpose), "{network}: {}", warnings[0]);
        }
        for (block, _) in NEVER_PUBLIC {
            // The constants are not checked when they are made.
            assert_eq!(block.to_string().parse(), Ok(*block));
        }
        assert!(texts(&["172.32.0.0/16"]).is_empty());
        assert!(texts(&["100.128.0.0/16"]).is_empty());
    }

    #[test]
    fn wide_prefix_depends_on_the_family() {
        assert_eq!(
            texts(&["17.0.0.0/15"]),
            [
                "17.0.0.0/15 is wide: 2^17 addresses, most of them probably not yours; \
                 list the smallest networks that are enough"
            ]
        );
        assert!(texts(&["17.0.0.0/16"]).is_empty());
        assert_eq!(texts(&["2a00::/31"]).len(), 1);
        assert!(texts(&["0.0.0.0/0"])[0].contains("every public IPv4 address"));
        assert!(texts(&["::/0"])[0].contains("every public IPv6 address"));
    }

    #[test]
    fn entries_that_cover_a_family_are_warned_of() {
        for networks in [
            &["0.0.0.0/1", "128.0.0.0/1"][..],
            &["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"],
            &["2000::/3"],
            &["2000::/4", "3000::/4"],
        ] {
            let warnings = texts(networks);
            let family = if networks[0].contains(':') { "IPv6" } else { "IPv4" };
            let expected = format!("every public {family} address");
            assert!(warnings[0].contains(&expected), "{networks:?}: {warnings:?}");
        }
    }

    #[test]
    fn duplicate_entries_are_warned_of_once() {
        let warnings = texts(&["10.0.0.0/8", "10.0.0.0/8", "10.1.0.0/16"]);
        assert_eq!(warnings.len(), 4, "{warnings:?}");
        assert_eq!(
            warnings[2],
            "entry [1] 10.0.0.0/8 repeats entry [0]; leave it out"
        );
    }
}
