//! The index that finds an address in a list of networks.

use std::net::{IpAddr, Ipv6Addr};

use super::Cidr;
use super::cidr::{mask_v4, mask_v6};
use super::ranges::{Ranges, holds_mapped};

/// Finds an address in two steps: it scans the first networks of each family, then searches all addresses by bisection.
///
/// Neither step alone is the fastest for every address.
#[derive(Clone)]
pub(super) struct Lookup {
    /// Network and mask, with their bytes in the order of the address, so that no address is swapped.
    leading_v4: [(u32, u32); LEADING],
    leading_v6: [(u128, u128); LEADING],
    v4: Box<[(u32, u32)]>,
    v6: Box<[(u128, u128)]>,
}

/// The number of networks that are scanned first. Scanning these takes about as long as the search.
const LEADING: usize = 12;

impl Lookup {
    pub(super) fn new(entries: &[Cidr]) -> Self {
        // The default matches no address.
        let mut leading_v4 = [(1, 0); LEADING];
        let mut leading_v6 = [(1, 0); LEADING];
        let (mut free_v4, mut free_v6) = (leading_v4.iter_mut(), leading_v6.iter_mut());
        for entry in entries {
            match entry.network_address() {
                IpAddr::V4(v4) => {
                    if let Some(place) = free_v4.next() {
                        *place = (v4.to_bits().to_be(), mask_v4(entry.prefix_len()).to_be());
                    }
                }
                // The scan does not recognise IPv4-mapped addresses, so networks around them are left to the search.
                IpAddr::V6(v6) if !holds_mapped(entry) => {
                    if let Some(place) = free_v6.next() {
                        *place = (v6.to_bits().to_be(), mask_v6(entry.prefix_len()).to_be());
                    }
                }
                IpAddr::V6(_) => {}
            }
        }
        let ranges = Ranges::from_networks(entries);
        Self {
            leading_v4,
            leading_v6,
            // The numbers of IPv4 ranges have 32 bits.
            v4: ranges
                .v4
                .iter()
                .map(|&(first, last)| (first as u32, last as u32))
                .collect(),
            v6: ranges.v6.into(),
        }
    }

    /// The first network is compared on its own, which is faster than entering a loop.
    #[inline]
    pub(super) fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(v4) => {
                let bytes = u32::from_ne_bytes(v4.octets());
                let [first, rest @ ..] = &self.leading_v4;
                let hit = |&(network, mask): &(_, _)| bytes & mask == network;
                hit(first) || rest.iter().any(hit) || self.search_v4(v4.to_bits())
            }
            IpAddr::V6(v6) => {
                let bytes = u128::from_ne_bytes(v6.octets());
                let [first, rest @ ..] = &self.leading_v6;
                let hit = |&(network, mask): &(_, _)| bytes & mask == network;
                hit(first) || rest.iter().any(hit) || self.search_v6(bytes)
            }
        }
    }

    // Inlining the searches would slow down the scan.
    #[inline(never)]
    fn search_v4(&self, bits: u32) -> bool {
        in_ranges(&self.v4, bits)
    }

    #[inline(never)]
    fn search_v6(&self, bytes: u128) -> bool {
        let bits = u128::from_be(bytes);
        match Ipv6Addr::from_bits(bits).to_ipv4_mapped() {
            Some(v4) => self.search_v4(v4.to_bits()),
            None => in_ranges(&self.v6, bits),
        }
    }
}

#[inline]
fn in_ranges<N: Copy + Ord>(ranges: &[(N, N)], bits: N) -> bool {
    let after = ranges.partition_point(|range| range.0 <= bits);
    after
        .checked_sub(1)
        .and_then(|at| ranges.get(at))
        .is_some_and(|range| bits <= range.1)
}

#[cfg(test)]
mod tests {
    use super::LEADING;
    use crate::net::{Cidr, CidrSet};

    fn set(networks: &[&str]) -> CidrSet {
        CidrSet::new(networks.iter().map(|text| text.parse::<Cidr>().unwrap())).unwrap()
    }

    #[test]
    fn entries_are_found_at_every_position() {
        let hosts: Vec<String> = (0..3 * LEADING)
            .flat_map(|n| [format!("10.0.{n}.1/32"), format!("2001:db8::{n}:1/128")])
            .collect();
        let texts: Vec<&str> = hosts.iter().map(String::as_str).collect();
        let set = set(&texts);
        for network in &set {
            assert!(set.contains(network.network_address()), "{network}");
        }
        assert!(!set.contains("10.0.0.0".parse().unwrap()));
        assert!(!set.contains("2001:db8::".parse().unwrap()));
        assert!(!set.contains("0.0.0.0".parse().unwrap()));
        assert!(!set.contains("::".parse().unwrap()));
        assert!(!set.contains("255.255.255.255".parse().unwrap()));
    }

    #[test]
    fn mapped_address_is_ipv4_even_for_the_whole_of_ipv6() {
        let mapped = "::ffff:1.2.3.4".parse().unwrap();
        for list in [
            ["::/0", "2001:db8::/32"],
            ["2001:db8::/32", "::/0"],
            ["::/1", "::/64"],
        ] {
            assert!(!set(&list).contains(mapped), "{list:?}");
            assert!(set(&list).contains("2001:db8::1".parse().unwrap()), "{list:?}");
        }
        assert!(set(&["::/0", "1.2.3.0/24"]).contains(mapped));
        assert!(!set(&["::/0", "1.2.4.0/24"]).contains(mapped));
    }
}
