//! Arithmetic on sets of addresses, as sorted ranges.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Cidr;

/// The first and the last address, as numbers.
pub(super) type Range = (u128, u128);

/// `::ffff:0:0/96`: the IPv4-mapped addresses, which are matched as IPv4, so that no IPv6 network matches them.
const MAPPED: Range = (0xffff_0000_0000, 0xffff_ffff_ffff);

/// Whether the range of the network includes [`MAPPED`], although it matches none of those addresses.
pub(super) fn holds_mapped(network: &Cidr) -> bool {
    let (first, last) = range(network);
    network.is_ipv6() && first <= MAPPED.0 && MAPPED.1 <= last
}

/// A set of addresses. The ranges are sorted, and neither overlap nor touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ranges {
    pub(super) v4: Vec<Range>,
    pub(super) v6: Vec<Range>,
}

impl Ranges {
    pub(super) fn everything() -> Self {
        Self {
            v4: vec![(0, u128::from(u32::MAX))],
            v6: vec![(0, u128::MAX)],
        }
    }

    pub(super) fn from_networks(networks: &[Cidr]) -> Self {
        let (v4, v6): (Vec<&Cidr>, Vec<&Cidr>) = networks.iter().partition(|network| network.is_ipv4());
        Self {
            v4: merge(v4.into_iter().map(range).collect()),
            v6: merge(v6.into_iter().map(range).collect()),
        }
    }

    /// Returns the addresses that are in this set and not in the other.
    pub(super) fn minus(&self, other: &Self) -> Self {
        Self {
            v4: subtract(&self.v4, &other.v4),
            v6: subtract(&self.v6, &other.v6),
        }
    }

    /// Whether both match the same addresses. Differences within [`MAPPED`] do not count.
    pub(super) fn same_addresses(&self, other: &Self) -> bool {
        self.v4 == other.v4 && subtract(&self.v6, &[MAPPED]) == subtract(&other.v6, &[MAPPED])
    }

    /// Returns the fewest networks for these ranges, in order.
    pub(super) fn networks(&self) -> Vec<Cidr> {
        let mut networks = Vec::new();
        for &range in &self.v4 {
            cut(range, 32, |bits, prefix_len| {
                // IPv4 ranges have 32-bit numbers.
                networks.push(Cidr::masked(
                    IpAddr::V4(Ipv4Addr::from_bits(bits as u32)),
                    prefix_len,
                ));
            });
        }
        for &range in &self.v6 {
            cut(range, 128, |bits, prefix_len| {
                // A difference can leave only the mapped addresses, which match no address.
                if (bits, prefix_len) != (MAPPED.0, 96) {
                    networks.push(Cidr::masked(IpAddr::V6(Ipv6Addr::from_bits(bits)), prefix_len));
                }
            });
        }
        networks
    }
}

fn range(network: &Cidr) -> Range {
    (number(network.network_address()), number(network.last_address()))
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// Sorts the ranges, and joins those that overlap or touch.
fn merge(mut ranges: Vec<Range>) -> Vec<Range> {
    ranges.sort_unstable();
    let mut merged: Vec<Range> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match merged.last_mut() {
            Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
            _ => merged.push((first, last)),
        }
    }
    merged
}

fn subtract(from: &[Range], what: &[Range]) -> Vec<Range> {
    let mut left = Vec::new();
    for &(first, last) in from {
        // The first address of the range that is not yet decided.
        let mut open = Some(first);
        let reaching = what.partition_point(|hole| hole.1 < first);
        for hole in what.iter().skip(reaching).take_while(|hole| hole.0 <= last) {
            let Some(start) = open else { break };
            if let Some(before) = hole.0.checked_sub(1)
                && start <= before
            {
                left.push((start, before));
            }
            open = hole.1.checked_add(1);
        }
        if let Some(start) = open
            && start <= last
        {
            left.push((start, last));
        }
    }
    left
}

/// Cuts a range into the fewest networks. It repeatedly takes the largest network at the start of the rest.
fn cut((first, last): Range, width: u32, mut emit: impl FnMut(u128, u8)) {
    let mut rest = Some(first);
    while let Some(start) = rest
        && start <= last
    {
        let aligned = if start == 0 { width } else { start.trailing_zeros() };
        // All of IPv6 has 2^128 addresses, which does not fit into a `u128`.
        let fitting = (last - start).checked_add(1).map_or(128, u128::ilog2);
        let host_bits = aligned.min(fitting).min(width);
        emit(start, (width - host_bits) as u8);
        rest = 1u128
            .checked_shl(host_bits)
            .and_then(|size| start.checked_add(size));
    }
}

#[cfg(test)]
mod tests {
    use super::{MAPPED, Ranges, merge, subtract};
    use crate::net::Cidr;

    fn ranges(networks: &[&str]) -> Ranges {
        let networks: Vec<Cidr> = networks.iter().map(|text| text.parse().unwrap()).collect();
        Ranges::from_networks(&networks)
    }

    fn text(ranges: &Ranges) -> Vec<String> {
        ranges.networks().iter().map(Cidr::to_string).collect()
    }

    #[test]
    fn touching_ranges_are_joined_up_to_the_last_number() {
        assert_eq!(merge(vec![(5, 9), (0, 4), (11, 12)]), [(0, 9), (11, 12)]);
        assert_eq!(
            merge(vec![(3, u128::MAX), (u128::MAX, u128::MAX)]),
            [(3, u128::MAX)]
        );
        assert_eq!(merge(vec![(0, 9), (2, 3), (9, 10)]), [(0, 10)]);
    }

    #[test]
    fn holes_are_cut_at_both_ends_and_inside() {
        let all = [(0, u128::MAX)];
        assert_eq!(subtract(&all, &[(0, 4)]), [(5, u128::MAX)]);
        assert_eq!(subtract(&all, &[(9, u128::MAX)]), [(0, 8)]);
        assert_eq!(
            subtract(&all, &[(2, 3), (7, 8)]),
            [(0, 1), (4, 6), (9, u128::MAX)]
        );
        assert_eq!(subtract(&all, &all), []);
        assert_eq!(subtract(&[(0, 4), (8, 9)], &[(3, 8)]), [(0, 2), (9, 9)]);
    }

    #[test]
    fn fewest_networks_are_returned() {
        assert_eq!(text(&Ranges::everything()), ["0.0.0.0/0", "::/0"]);
        assert_eq!(text(&ranges(&["0.0.0.0/1", "128.0.0.0/1"])), ["0.0.0.0/0"]);
        assert_eq!(
            text(&ranges(&["10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/32"])),
            ["10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/32"]
        );
        assert_eq!(
            text(&ranges(&["255.255.255.255/32", "255.255.255.254/32"])),
            ["255.255.255.254/31"]
        );
    }

    #[test]
    fn mapped_addresses_make_no_difference() {
        let all = ranges(&["::/0"]);
        let without = Ranges {
            v4: Vec::new(),
            v6: subtract(&all.v6, &[MAPPED]),
        };
        assert_ne!(all, without);
        assert!(all.same_addresses(&without));
        assert_eq!(text(&all.minus(&without)), Vec::<String>::new());
        assert_eq!(text(&without).len(), 96);
    }
}
