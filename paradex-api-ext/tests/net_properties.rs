//! Properties of the network types, checked against oracles that are too simple to be wrong.

#![allow(clippy::expect_used, reason = "clippy knows tests, and not what they share")]

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use paradex_api_ext::net::{
    AllowlistWarning, Cidr, CidrError, CidrErrorKind, CidrSet, IpAllowlist, OpenTo, StoredAllowlist,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// Addresses: of any kind, and from places so small that networks there meet.
fn address() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        any::<u32>().prop_map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits))),
        any::<u128>().prop_map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits))),
        (0u32..64).prop_map(|bits| IpAddr::V4(Ipv4Addr::from_bits(0xc000_0200 | bits))),
        (0u128..64).prop_map(|bits| IpAddr::V6(Ipv6Addr::from_bits((0x2001_0db8 << 96) | bits))),
        // In and next to the IPv4-mapped addresses.
        (0xfff8u128..0x10008, any::<u32>())
            .prop_map(|(high, low)| { IpAddr::V6(Ipv6Addr::from_bits((high << 32) | u128::from(low))) }),
        any::<u32>().prop_map(|bits| IpAddr::V6(Ipv4Addr::from_bits(bits).to_ipv6_mapped())),
    ]
}

fn network() -> impl Strategy<Value = Cidr> {
    let near_the_end = |address: IpAddr| if address.is_ipv4() { 24u8..33 } else { 84..129 };
    address()
        .prop_flat_map(move |address| {
            let all = if address.is_ipv4() { 0u8..33 } else { 0..129 };
            (Just(address), prop_oneof![all, near_the_end(address)])
        })
        .prop_map(|(address, prefix_len)| {
            Cidr::truncated(address, prefix_len).unwrap_or_else(|_| Cidr::host(address))
        })
}

fn set() -> impl Strategy<Value = CidrSet> {
    vec(network(), 1..40).prop_map(|networks| CidrSet::new(networks).expect("at least one"))
}

fn allowlist() -> impl Strategy<Value = IpAllowlist> {
    prop_oneof![
        1 => Just(IpAllowlist::Unrestricted),
        8 => set().prop_map(IpAllowlist::Only),
        2 => Just(IpAllowlist::parse_entries(["::/0"]).expect("a network")),
    ]
}

/// Networks within 16 addresses, so that all subsets can be counted.
fn small_set() -> impl Strategy<Value = CidrSet> {
    let small = (0u32..16, 28u8..33).prop_map(|(bits, prefix_len)| {
        Cidr::truncated(IpAddr::V4(Ipv4Addr::from_bits(bits)), prefix_len).expect("a valid prefix")
    });
    vec(small, 1..12).prop_map(|networks| CidrSet::new(networks).expect("at least one"))
}

/// Family, number and width.
fn number(address: IpAddr) -> (bool, u128, u32) {
    match address.to_canonical() {
        IpAddr::V4(v4) => (true, u128::from(v4.to_bits()), 32),
        IpAddr::V6(v6) => (false, v6.to_bits(), 128),
    }
}

fn oracle(network: &Cidr, address: IpAddr) -> bool {
    let (family, bits, width) = number(address);
    let (network_family, network_bits, _) = number(network.network_address());
    let host_bits = width.saturating_sub(u32::from(network.prefix_len()));
    family == network_family && bits.checked_shr(host_bits) == network_bits.checked_shr(host_bits)
}

/// The ends of a network and what is next to them, where mistakes are.
fn edges(networks: &[Cidr]) -> Vec<IpAddr> {
    let mut edges = Vec::new();
    for network in networks {
        for address in [network.network_address(), network.last_address()] {
            match address {
                IpAddr::V4(v4) => edges.extend(
                    [-1, 0, 1]
                        .map(|step| IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits().wrapping_add_signed(step)))),
                ),
                IpAddr::V6(v6) => edges.extend(
                    [-1, 0, 1]
                        .map(|step| IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits().wrapping_add_signed(step)))),
                ),
            }
        }
    }
    edges
}

/// Nothing lies inside another, and no two are the halves of one: there is no shorter list then.
fn is_minimal(networks: &[Cidr]) -> bool {
    let whole = |network: &Cidr| {
        network
            .prefix_len()
            .checked_sub(1)
            .map(|len| Cidr::truncated(network.network_address(), len))
    };
    // In order, the two that could be joined stand side by side.
    networks.is_sorted()
        && networks.iter().zip(networks.iter().skip(1)).all(|(one, next)| {
            let halves = one.prefix_len() == next.prefix_len()
                && whole(one).is_some_and(|network| Some(network) == whole(next));
            !one.overlaps(next) && !halves
        })
}

/// The fewest networks for addresses of which all are known.
fn fewest(allowed: &[bool]) -> usize {
    if allowed.iter().all(|&yes| yes) {
        return 1;
    }
    if allowed.iter().all(|&yes| !yes) {
        return 0;
    }
    let (low, high) = allowed.split_at(allowed.len() / 2);
    fewest(low) + fewest(high)
}

fn entries(list: &IpAllowlist) -> Vec<Cidr> {
    match list {
        IpAllowlist::Unrestricted => Vec::new(),
        IpAllowlist::Only(set) => set.iter().collect(),
    }
}

fn presentable(error: &dyn Error) -> bool {
    let text = error.to_string();
    text.len() < 400 && !text.is_empty() && !text.contains(char::is_control)
}

/// Text that is nearly a network.
fn network_like() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9a-f:./%+ \\[\\]\"-]{0,24}",
        "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,2}\\.[0-9]{1,3}(/[0-9]{1,3})?",
        "[0-9a-fA-F]{1,4}(:[0-9a-f]{0,4}){1,7}(/[0-9]{1,3})?",
        "\\[(\"[0-9./]{0,9}\",?){0,3}\\]",
        network().prop_map(|network| network.to_string()),
        "\\PC{0,64}",
        any::<String>(),
    ]
}

/// A network of public addresses, of any size up to an eighth of its family.
fn public_network() -> impl Strategy<Value = Cidr> {
    let v4 = (3u8..33).prop_map(|prefix_len| (IpAddr::V4(Ipv4Addr::new(64, 0, 0, 1)), prefix_len));
    let v6 = (6u8..129)
        .prop_map(|prefix_len| (IpAddr::V6(Ipv6Addr::new(0x2a00, 0, 0, 0, 0, 0, 0, 1)), prefix_len));
    prop_oneof![v4, v6].prop_map(|(address, prefix_len)| {
        Cidr::truncated(address, prefix_len).unwrap_or_else(|_| Cidr::host(address))
    })
}

/// The two networks that a network consists of.
fn halves(network: &Cidr) -> Result<[Cidr; 2], CidrError> {
    let prefix_len = network.prefix_len() + 1;
    Ok([
        Cidr::truncated(network.network_address(), prefix_len)?,
        Cidr::truncated(network.last_address(), prefix_len)?,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn display_and_parse_are_inverse(network in network()) {
        let text = network.to_string();
        prop_assert_eq!(text.parse::<Cidr>(), Ok(network));
        prop_assert_eq!(Cidr::parse_network_or_host(&text), Ok(network));
        let json = serde_json::to_string(&network).expect("a text");
        prop_assert_eq!(serde_json::from_str::<Cidr>(&json).expect("what was written"), network);
    }

    #[test]
    fn network_contains_what_the_oracle_says(network in network(), address in address()) {
        prop_assert_eq!(network.contains(address), oracle(&network, address));
        for address in edges(&[network]) {
            prop_assert_eq!(network.contains(address), oracle(&network, address), "{}", address);
        }
        prop_assert!(network.contains(network.network_address()));
    }

    #[test]
    fn containing_a_network_is_containing_its_ends(one in network(), other in network()) {
        // As numbers: the last address of an IPv6 network can be an IPv4-mapped one.
        let ends = |network: &Cidr| match (network.network_address(), network.last_address()) {
            (IpAddr::V4(first), IpAddr::V4(last)) => (4, first.to_bits().into(), last.to_bits().into()),
            (IpAddr::V6(first), IpAddr::V6(last)) => (6, first.to_bits(), last.to_bits()),
            ends => panic!("{ends:?} are of two families"),
        };
        let ((family, first, last), (other_family, other_first, other_last)) = (ends(&one), ends(&other));
        let contains = family == other_family && first <= other_first && other_last <= last;
        prop_assert_eq!(one.contains_network(&other), contains);
        prop_assert_eq!(
            one.overlaps(&other),
            one.contains(other.network_address()) || other.contains(one.network_address())
        );
    }

    #[test]
    fn set_contains_what_one_of_its_networks_contains(
        set in set(),
        addresses in vec(address(), 1..20),
    ) {
        for address in addresses.into_iter().chain(edges(set.as_slice())) {
            let expected = set.iter().any(|network| oracle(&network, address));
            prop_assert_eq!(set.contains(address), expected, "{}", address);
        }
    }

    #[test]
    fn collapsing_keeps_the_addresses_and_is_minimal(set in set(), addresses in vec(address(), 1..20)) {
        let collapsed = set.collapsed();
        for address in addresses.into_iter().chain(edges(set.as_slice())).chain(edges(collapsed.as_slice())) {
            prop_assert_eq!(set.contains(address), collapsed.contains(address), "{}", address);
        }
        prop_assert!(is_minimal(collapsed.as_slice()), "{}", collapsed);
        prop_assert!(collapsed.redundancies().is_empty());
        prop_assert!(set.same_addresses(&collapsed));
        prop_assert_eq!(collapsed.collapsed(), collapsed);
    }

    #[test]
    fn collapsing_gives_the_fewest_networks_that_there_are(set in small_set()) {
        let allowed: Vec<bool> =
            (0..16).map(|bits| set.contains(IpAddr::V4(Ipv4Addr::from_bits(bits)))).collect();
        prop_assert_eq!(set.collapsed().len(), fewest(&allowed));
    }

    #[test]
    fn sets_are_the_same_if_no_address_tells_them_apart(one in small_set(), other in small_set()) {
        let same = (0..16)
            .map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits)))
            .all(|address| one.contains(address) == other.contains(address));
        prop_assert_eq!(one.same_addresses(&other), same);
    }

    #[test]
    fn redundant_entries_can_be_left_out(set in set()) {
        let redundant: Vec<usize> = set.redundancies().iter().map(|entry| entry.index()).collect();
        let kept = set.iter().zip(0..).filter(|(_, index)| !redundant.contains(index));
        let kept = CidrSet::new(kept.map(|(network, _)| network)).expect("not all are redundant");
        prop_assert!(kept.same_addresses(&set));
        prop_assert!(kept.redundancies().is_empty());
        for (n, one) in kept.iter().enumerate() {
            prop_assert!(kept.iter().skip(n + 1).all(|other| !one.overlaps(&other)));
        }
    }

    #[test]
    fn diff_opens_and_closes_what_the_lists_say(
        before in allowlist(),
        after in allowlist(),
        addresses in vec(address(), 1..20),
    ) {
        let diff = before.diff(&after);
        let within = |networks: &[Cidr], address| networks.iter().any(|network| network.contains(address));
        let edges = edges(diff.opened()).into_iter().chain(edges(diff.closed()));
        for address in addresses.into_iter().chain(edges) {
            let (was, is) = (before.allows(address), after.allows(address));
            prop_assert_eq!(within(diff.opened(), address), is && !was, "{}", address);
            prop_assert_eq!(within(diff.closed(), address), was && !is, "{}", address);
        }
        prop_assert!(is_minimal(diff.opened()) && is_minimal(diff.closed()));
        prop_assert_eq!(diff.is_empty(), before.same_networks(&after));
        let back = after.diff(&before);
        prop_assert_eq!(diff.opened(), back.closed());
        prop_assert_eq!(diff.added(), back.removed());
        if let (IpAllowlist::Only(before), IpAllowlist::Only(after)) = (&before, &after) {
            prop_assert_eq!(!diff.widens() && !diff.narrows(), before.same_addresses(after));
        }
        prop_assert!(!diff.to_string().is_empty() && !diff.to_string().ends_with('\n'));
    }

    #[test]
    fn ipnet_agrees_on_what_we_accept(network in network(), address in address()) {
        let theirs: ipnet::IpNet = network.to_string().parse().expect("what we print");
        prop_assert_eq!(theirs.to_string(), network.to_string());
        prop_assert_eq!(theirs.network(), network.network_address());
        prop_assert_eq!(theirs.broadcast(), network.last_address());
        // We match an IPv4-mapped address as IPv4, ipnet as IPv6.
        let address = address.to_canonical();
        prop_assert_eq!(theirs.contains(&address), network.contains(address));
    }

    #[test]
    fn ipnet_accepts_what_we_parse(text in network_like()) {
        if let Ok(ours) = text.parse::<Cidr>() {
            let theirs = text.parse::<ipnet::IpNet>().expect("we are the stricter");
            prop_assert_eq!(theirs.to_string(), ours.to_string());
        }
    }

    // What the fuzz target `cidr` does, and that errors can be shown.
    #[test]
    fn any_text_is_a_network_or_a_presentable_error(text in network_like()) {
        for read in [str::parse::<Cidr>, Cidr::parse_network_or_host] {
            match read(&text) {
                Ok(network) => prop_assert_eq!(network.to_string().parse::<Cidr>(), Ok(network)),
                Err(error) => prop_assert!(presentable(&error), "{}", error),
            }
        }
        let stored = StoredAllowlist::from_entries(&[&text]);
        prop_assert!(stored.known() != Some(&IpAllowlist::Unrestricted));
        if let Err(error) = stored.require_known() {
            prop_assert!(presentable(&error), "{}", error);
        }
    }

    #[test]
    fn entries_never_make_an_open_list(entries in vec(network_like(), 0..12)) {
        match IpAllowlist::parse_entries(&entries) {
            Ok(IpAllowlist::Unrestricted) => prop_assert!(false, "{:?}", entries),
            Ok(IpAllowlist::Only(set)) => prop_assert_eq!(set.len(), entries.len()),
            Err(error) => prop_assert!(presentable(&error), "{}", error),
        }
        let json = serde_json::json!(entries);
        let stored = StoredAllowlist::from_json(Some(&json));
        prop_assert_eq!(&stored, &StoredAllowlist::from_entries(&entries));
        prop_assert_eq!(stored.known() == Some(&IpAllowlist::Unrestricted), entries.is_empty());
    }

    #[test]
    fn sent_list_is_read_back_unchanged(list in allowlist()) {
        prop_assert_eq!(StoredAllowlist::from_entries(&list.to_wire()), StoredAllowlist::Known(list.clone()));
        let json = serde_json::to_string(&list).expect("a text or a list");
        prop_assert_eq!(serde_json::from_str::<IpAllowlist>(&json).expect("what was written"), list);
    }

    #[test]
    fn edits_are_undone_and_never_open(list in allowlist(), network in network()) {
        for edited in [list.with_added([network]), list.with_removed([network]), list.with_removed(entries(&list))] {
            match edited {
                Ok(edited) => prop_assert!(edited != IpAllowlist::Unrestricted),
                Err(error) => prop_assert!(presentable(&error), "{}", error),
            }
        }
        if let (IpAllowlist::Only(set), Ok(wider)) = (&list, list.with_added([network]))
            && !set.as_slice().contains(&network)
        {
            prop_assert_eq!(wider.with_removed([network]), Ok(list));
        }
    }

    #[test]
    fn list_without_one_network_covers_a_family_unless_the_hole_is_large(network in public_network()) {
        let hole = IpAllowlist::Only(CidrSet::from(network));
        let rest = IpAllowlist::Unrestricted.diff(&hole).closed().to_vec();
        let rest = IpAllowlist::Only(CidrSet::new(rest)?);
        // Of 2^32 and 2^125 addresses a 256th is left out by a prefix of 8 and of 11.
        let (small, other) = match network.is_ipv4() {
            true => (network.prefix_len() > 8, OpenTo::AnyIpv6),
            false => (network.prefix_len() > 11, OpenTo::AnyIpv4),
        };
        prop_assert_eq!(rest.open_to(), Some(if small { OpenTo::AnyAddress } else { other }));
    }

    #[test]
    fn list_that_covers_a_family_still_does_however_it_is_written(
        (halvings, more) in (vec((any::<usize>(), any::<bool>()), 0..40), vec(network(), 0..5)),
        both in any::<bool>(),
    ) {
        let mut networks: Vec<Cidr> = vec!["0.0.0.0/0".parse()?];
        if both {
            networks.push("2000::/3".parse()?);
        }
        for (place, is_first) in halvings {
            let whole = networks.swap_remove(place % networks.len());
            if whole.prefix_len() > 30 {
                networks.push(whole);
                continue;
            }
            let mut halves = halves(&whole)?;
            if is_first {
                halves.reverse();
            }
            networks.extend(halves);
        }
        networks.extend(more);
        let list = IpAllowlist::Only(CidrSet::new(networks)?);
        let expected = [OpenTo::AnyAddress, if both { OpenTo::AnyAddress } else { OpenTo::AnyIpv4 }];
        prop_assert!(list.open_to().is_some_and(|found| expected.contains(&found)), "{:?}", list.open_to());
        let first = list.warnings().first().map(AllowlistWarning::to_string).unwrap_or_default();
        prop_assert!(first.starts_with("every public IPv4 address is allowed"), "{}", first);
    }

    #[test]
    fn ordinary_lists_cover_no_family(networks in vec(network(), 1..8)) {
        let narrow = networks.into_iter().filter(|network| network.prefix_len() > 4);
        if let Ok(set) = CidrSet::new(narrow) {
            prop_assert_eq!(IpAllowlist::Only(set).open_to(), None);
        }
    }
}

#[test]
fn we_disagree_with_ipnet_about_leading_zeros_and_host_bits() {
    for (text, kind) in [
        ("010.0.0.0/8", CidrErrorKind::LeadingZero),
        ("10.1.2.3/8", CidrErrorKind::HostBits),
        ("::ffff:10.0.0.0/104", CidrErrorKind::MappedIpv6),
    ] {
        assert!(text.parse::<ipnet::IpNet>().is_ok(), "{text}");
        assert_eq!(
            text.parse::<Cidr>().map_err(|error: CidrError| error.kind()),
            Err(kind)
        );
    }
}
