//! A list of networks that is never empty.

use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::{IpAddr, Ipv6Addr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Cidr;
use super::cidr::{mask_v4, mask_v6};
use super::error::{EmptyCidrSet, Excerpt};
use super::ranges::{Ranges, holds_mapped};

/// Networks in the order that they were given; at least one.
///
/// It keeps repeated entries and any number of them, so that reading a list loses nothing. Two are equal
/// if they have the same entries in the same order; [`same_networks`](Self::same_networks) and
/// [`same_addresses`](Self::same_addresses) ask less.
///
/// ```
/// use paradex_api_ext::net::{Cidr, CidrSet};
///
/// let set = CidrSet::new(["192.0.2.0/25".parse::<Cidr>()?, "192.0.2.128/25".parse()?])?;
/// assert!(set.contains("192.0.2.200".parse()?));
/// assert_eq!(set.collapsed(), CidrSet::from("192.0.2.0/24".parse::<Cidr>()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It serialises as an array of texts; an empty array is an error when it is read.
///
/// No default, literal or iterator makes one without a check:
///
/// ```compile_fail
/// use paradex_api_ext::net::{Cidr, CidrSet};
/// let set = CidrSet::default();
/// ```
///
/// ```compile_fail
/// use paradex_api_ext::net::{Cidr, CidrSet};
/// let set = CidrSet { entries: Vec::<Cidr>::new(), ..CidrSet::from(Cidr::host([10, 0, 0, 1].into())) };
/// ```
///
/// ```compile_fail
/// use paradex_api_ext::net::{Cidr, CidrSet};
/// let set: CidrSet = Vec::<Cidr>::new().into_iter().collect();
/// ```
///
/// ```
/// use paradex_api_ext::net::{Cidr, CidrSet};
/// let set = CidrSet::from(Cidr::host([10, 0, 0, 1].into()));
/// let set = CidrSet::new(Vec::<Cidr>::new().into_iter());
/// assert!(set.is_err());
/// ```
#[derive(Clone)]
pub struct CidrSet {
    entries: Vec<Cidr>,
    /// Made from the entries.
    lookup: Box<Lookup>,
}

/// What answers `contains`, in two steps, because neither a scan nor a search is the faster for every
/// address: the first networks of each family, one after the other, then all addresses by bisection.
#[derive(Clone)]
struct Lookup {
    /// Network and mask, with their bytes in the order of the address, which spares swapping them.
    leading_v4: [(u32, u32); LEADING],
    leading_v6: [(u128, u128); LEADING],
    v4: Box<[(u32, u32)]>,
    v6: Box<[(u128, u128)]>,
}

/// About as many networks as can be tried while the search takes its time.
const LEADING: usize = 12;

impl Lookup {
    fn of(entries: &[Cidr]) -> Self {
        // What fills the places that are left matches no address.
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
                // The first step does not tell IPv4-mapped addresses apart, so what seems to contain
                // them is left to the second.
                IpAddr::V6(v6) if !holds_mapped(entry) => {
                    if let Some(place) = free_v6.next() {
                        *place = (v6.to_bits().to_be(), mask_v6(entry.prefix_len()).to_be());
                    }
                }
                IpAddr::V6(_) => {}
            }
        }
        let ranges = Ranges::of(entries);
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

    /// The very first is tried on its own, because that is faster than entering a loop.
    #[inline]
    fn contains(&self, address: IpAddr) -> bool {
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

    // Inlined, the searches would slow down the first step.
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

impl CidrSet {
    /// Takes the networks in their order.
    ///
    /// ```
    /// use paradex_api_ext::net::{Cidr, CidrSet};
    ///
    /// let set = CidrSet::new(["192.0.2.0/24".parse::<Cidr>()?])?;
    /// assert_eq!(set.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn new(networks: impl IntoIterator<Item = Cidr>) -> Result<Self, EmptyCidrSet> {
        let entries: Vec<Cidr> = networks.into_iter().collect();
        if entries.is_empty() {
            return Err(EmptyCidrSet);
        }
        let lookup = Box::new(Lookup::of(&entries));
        Ok(Self { entries, lookup })
    }

    /// The number of entries, repeated ones included; at least 1.
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// The entries in their order.
    pub fn as_slice(&self) -> &[Cidr] {
        &self.entries
    }

    /// The entries in their order.
    pub fn iter(&self) -> std::iter::Copied<std::slice::Iter<'_, Cidr>> {
        self.entries.iter().copied()
    }

    /// Whether the address lies in one of the networks. An IPv4-mapped IPv6 address is looked up as its
    /// IPv4 address.
    ///
    /// ```
    /// use paradex_api_ext::net::{Cidr, CidrSet};
    ///
    /// let set = CidrSet::from("192.0.2.0/24".parse::<Cidr>()?);
    /// assert!(set.contains("::ffff:192.0.2.1".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.lookup.contains(address)
    }

    /// The entries that could be left out without a change: repeated ones, and those inside another.
    ///
    /// ```
    /// use paradex_api_ext::net::{Cidr, CidrSet, Redundancy};
    ///
    /// let (wide, narrow): (Cidr, Cidr) = ("10.0.0.0/8".parse()?, "10.1.0.0/16".parse()?);
    /// assert_eq!(
    ///     CidrSet::new([narrow, wide, wide])?.redundancies(),
    ///     [
    ///         Redundancy::Inside { index: 0, network: narrow, within: wide },
    ///         Redundancy::Duplicate { index: 2, network: wide, first: 1 },
    ///     ],
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn redundancies(&self) -> Vec<Redundancy> {
        let mut sorted: Vec<(Cidr, usize)> = self.entries.iter().copied().zip(0..).collect();
        sorted.sort_unstable();
        let mut found = Vec::new();
        // A network comes before what lies inside it, so the last one that did not itself lie inside
        // another is the only one to compare with.
        let mut widest: Option<Cidr> = None;
        let mut previous: Option<(Cidr, usize)> = None;
        for (network, index) in sorted {
            match previous {
                Some((same, first)) if same == network => found.push(Redundancy::Duplicate {
                    index,
                    network,
                    first,
                }),
                _ => {
                    previous = Some((network, index));
                    match widest {
                        Some(within) if within.contains_network(&network) => {
                            found.push(Redundancy::Inside {
                                index,
                                network,
                                within,
                            });
                        }
                        _ => widest = Some(network),
                    }
                }
            }
        }
        found.sort_unstable_by_key(Redundancy::index);
        found
    }

    /// The fewest networks with the same addresses, in order of address.
    ///
    /// ```
    /// use paradex_api_ext::net::IpAllowlist;
    ///
    /// let IpAllowlist::Only(set) = IpAllowlist::parse_entries(["10.1.0.0/16", "10.0.0.0/16", "10.0.7.0/24"])?
    /// else {
    ///     unreachable!("entries never make an unrestricted list");
    /// };
    /// assert_eq!(set.collapsed().to_string(), "10.0.0.0/15");
    /// # Ok::<(), paradex_api_ext::net::InvalidEntries>(())
    /// ```
    #[must_use]
    pub fn collapsed(&self) -> Self {
        // Networks do not vanish when they are merged; if they did, the list as it is would be right.
        Self::new(self.ranges().networks()).unwrap_or_else(|EmptyCidrSet| self.clone())
    }

    /// Whether both have the same entries; their order and repetitions do not count.
    pub fn same_networks(&self, other: &Self) -> bool {
        let (ours, theirs): (HashSet<Cidr>, HashSet<Cidr>) = (self.iter().collect(), other.iter().collect());
        ours == theirs
    }

    /// Whether both contain the same addresses, however they are written.
    ///
    /// ```
    /// use paradex_api_ext::net::{Cidr, CidrSet};
    ///
    /// let halves = CidrSet::new(["192.0.2.0/25".parse::<Cidr>()?, "192.0.2.128/25".parse()?])?;
    /// let whole = CidrSet::from("192.0.2.0/24".parse::<Cidr>()?);
    /// assert!(halves.same_addresses(&whole) && !halves.same_networks(&whole));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn same_addresses(&self, other: &Self) -> bool {
        self.ranges().same_addresses(&other.ranges())
    }

    pub(super) fn ranges(&self) -> Ranges {
        Ranges::of(&self.entries)
    }
}

impl From<Cidr> for CidrSet {
    fn from(network: Cidr) -> Self {
        let entries = vec![network];
        let lookup = Box::new(Lookup::of(&entries));
        Self { entries, lookup }
    }
}

impl PartialEq for CidrSet {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl Eq for CidrSet {}

impl Hash for CidrSet {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.entries.hash(state);
    }
}

impl fmt::Debug for CidrSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CidrSet").field(&self.entries).finish()
    }
}

/// The entries with commas between them.
impl fmt::Display for CidrSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        comma_separated(f, &self.entries)
    }
}

pub(super) fn comma_separated<T: fmt::Display>(f: &mut fmt::Formatter<'_>, items: &[T]) -> fmt::Result {
    for (n, item) in items.iter().enumerate() {
        if n > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

impl<'a> IntoIterator for &'a CidrSet {
    type Item = Cidr;
    type IntoIter = std::iter::Copied<std::slice::Iter<'a, Cidr>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for CidrSet {
    type Item = Cidr;
    type IntoIter = std::vec::IntoIter<Cidr>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl Serialize for CidrSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entries.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for CidrSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Asked for a sequence, serde_json would refuse a text itself and repeat all of it.
        deserializer.deserialize_any(SetVisitor)
    }
}

pub(super) struct SetVisitor;

impl<'de> de::Visitor<'de> for SetVisitor {
    type Value = CidrSet;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of at least one network, such as [\"203.0.113.0/24\"]")
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<CidrSet, A::Error> {
        let mut entries = Vec::new();
        while let Some(network) = seq.next_element::<Cidr>()? {
            entries.push(network);
        }
        CidrSet::new(entries).map_err(de::Error::custom)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<CidrSet, E> {
        // The default error would repeat the whole text.
        let text = Excerpt::new(text);
        Err(E::custom(format_args!(
            "{text} is not a list of networks; write them as a list, such as [\"203.0.113.0/24\"]"
        )))
    }
}

/// An entry that adds nothing to the addresses of its list. Positions count from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Redundancy {
    /// The same network stands earlier in the list.
    Duplicate {
        /// Where the later one stands.
        index: usize,
        /// The network.
        network: Cidr,
        /// Where it stands first.
        first: usize,
    },
    /// Another entry contains it.
    Inside {
        /// Where it stands.
        index: usize,
        /// The network.
        network: Cidr,
        /// The widest entry that contains it.
        within: Cidr,
    },
}

impl Redundancy {
    /// The position of the entry that could be left out.
    pub fn index(&self) -> usize {
        match self {
            Self::Duplicate { index, .. } | Self::Inside { index, .. } => *index,
        }
    }
}

impl fmt::Display for Redundancy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate {
                index,
                network,
                first,
            } => write!(
                f,
                "entry [{index}] {network} repeats entry [{first}]; leave it out"
            ),
            Self::Inside {
                index,
                network,
                within,
            } => write!(
                f,
                "entry [{index}] {network} lies inside {within} and changes nothing; leave out one of them"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CidrSet, LEADING, Redundancy};
    use crate::net::{Cidr, EmptyCidrSet};

    fn set(networks: &[&str]) -> CidrSet {
        CidrSet::new(networks.iter().map(|text| text.parse::<Cidr>().unwrap())).unwrap()
    }

    #[test]
    fn there_is_no_empty_set() {
        assert_eq!(CidrSet::new([]), Err(EmptyCidrSet));
        let error = serde_json::from_str::<CidrSet>("[]").unwrap_err();
        assert!(error.to_string().contains("\"unrestricted\""), "{error}");
    }

    #[test]
    fn order_and_repetitions_are_kept() {
        let texts = ["10.1.0.0/16", "10.0.0.0/8", "10.1.0.0/16", "::1/128"];
        let kept = set(&texts);
        assert_eq!(kept.len(), 4);
        assert_eq!(kept.to_string(), texts.join(", "));
        assert_eq!(
            kept.iter().map(|network| network.to_string()).collect::<Vec<_>>(),
            texts
        );
        let json = serde_json::to_string(&kept).unwrap();
        assert_eq!(serde_json::from_str::<CidrSet>(&json).unwrap(), kept);
    }

    #[test]
    fn entries_are_found_wherever_they_stand() {
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
    fn a_mapped_address_is_ipv4_even_for_the_whole_of_ipv6() {
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

    #[test]
    fn redundant_entries_are_named_in_their_order() {
        let cidr = |text: &str| text.parse::<Cidr>().unwrap();
        let (wide, middle, narrow) = (cidr("10.0.0.0/8"), cidr("10.1.0.0/16"), cidr("10.1.2.0/24"));
        let found = CidrSet::new([narrow, narrow, cidr("::/0"), wide, middle, cidr("11.0.0.0/8")])
            .unwrap()
            .redundancies();
        assert_eq!(
            found,
            [
                Redundancy::Inside {
                    index: 0,
                    network: narrow,
                    within: wide
                },
                Redundancy::Duplicate {
                    index: 1,
                    network: narrow,
                    first: 0
                },
                Redundancy::Inside {
                    index: 4,
                    network: middle,
                    within: wide
                },
            ]
        );
        assert!(set(&["10.0.0.0/9", "10.128.0.0/9"]).redundancies().is_empty());
    }

    #[test]
    fn sets_are_compared_by_entries_or_by_addresses() {
        let halves = set(&["10.128.0.0/9", "10.0.0.0/9"]);
        let sorted = set(&["10.0.0.0/9", "10.128.0.0/9", "10.0.0.0/9"]);
        let whole = set(&["10.0.0.0/8"]);
        assert!(halves != sorted && halves.same_networks(&sorted) && halves.same_addresses(&sorted));
        assert!(!halves.same_networks(&whole) && halves.same_addresses(&whole));
        assert!(!whole.same_addresses(&set(&["10.0.0.0/8", "::/0"])));
        assert_eq!(halves.collapsed(), whole);
    }
}
