//! A list of networks that is never empty.

use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::IpAddr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Cidr;
use super::error::EmptyCidrSet;
use super::excerpt::Excerpt;
use super::lookup::Lookup;
use super::ranges::Ranges;

/// A list of at least one network, in its original order.
///
/// It keeps duplicates, and has no largest length, so that reading a list loses nothing. Two are equal if they have the
/// same entries in the same order; [`same_networks`](Self::same_networks) and [`same_addresses`](Self::same_addresses)
/// compare less strictly.
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
/// It serialises as an array of texts. Deserialising an empty array is an error.
///
/// There is no way to create an empty one:
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
    /// The index of the entries.
    lookup: Box<Lookup>,
}

impl CidrSet {
    /// Creates a list of these networks, in this order.
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
    /// There is no network.
    pub fn new(networks: impl IntoIterator<Item = Cidr>) -> Result<Self, EmptyCidrSet> {
        let entries: Vec<Cidr> = networks.into_iter().collect();
        if entries.is_empty() {
            return Err(EmptyCidrSet);
        }
        let lookup = Box::new(Lookup::new(&entries));
        Ok(Self { entries, lookup })
    }

    /// Returns the number of entries, with duplicates; at least 1.
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns the entries in order.
    pub fn as_slice(&self) -> &[Cidr] {
        &self.entries
    }

    /// Iterates over the entries in order.
    pub fn iter(&self) -> std::iter::Copied<std::slice::Iter<'_, Cidr>> {
        self.entries.iter().copied()
    }

    /// Returns whether one of the networks contains the address. An IPv4-mapped IPv6 address counts as its IPv4 address.
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

    /// Returns the fewest networks with the same addresses, in order of address.
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
        // Merging cannot make a list empty; the fallback avoids a panic.
        Self::new(self.ranges().networks()).unwrap_or_else(|EmptyCidrSet| self.clone())
    }

    /// Returns whether both have the same entries, regardless of order and duplicates.
    pub fn same_networks(&self, other: &Self) -> bool {
        let (ours, theirs): (HashSet<Cidr>, HashSet<Cidr>) = (self.iter().collect(), other.iter().collect());
        ours == theirs
    }

    /// Returns whether both contain the same addresses, whatever their entries.
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
        Ranges::from_networks(&self.entries)
    }
}

impl From<Cidr> for CidrSet {
    fn from(network: Cidr) -> Self {
        let entries = vec![network];
        let lookup = Box::new(Lookup::new(&entries));
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
        // If asked for a sequence, serde_json would refuse a text itself, with an error that repeats all of it.
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

#[cfg(test)]
mod tests {
    use super::CidrSet;
    use crate::net::{Cidr, EmptyCidrSet};

    fn set(networks: &[&str]) -> CidrSet {
        CidrSet::new(networks.iter().map(|text| text.parse::<Cidr>().unwrap())).unwrap()
    }

    #[test]
    fn empty_set_is_refused() {
        assert_eq!(CidrSet::new([]), Err(EmptyCidrSet));
        let error = serde_json::from_str::<CidrSet>("[]").unwrap_err();
        assert!(error.to_string().contains("\"unrestricted\""), "{error}");
    }

    #[test]
    fn order_and_duplicates_are_kept() {
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
