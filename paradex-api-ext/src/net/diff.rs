//! The difference between two allowlists.

use std::collections::HashSet;
use std::fmt;

use super::set::comma_separated;
use super::{Cidr, IpAllowlist};

/// The difference between an allowlist and its replacement; [`IpAllowlist::diff`] creates it.
///
/// Entries and addresses are compared separately: replacing the two halves of `10.0.0.0/8` by the whole changes three
/// entries and no address. The text has a line for each entry, as in a plan, and then a summary of the addresses:
///
/// ```
/// use paradex_api_ext::net::IpAllowlist;
///
/// let before = IpAllowlist::parse_entries(["192.0.2.0/24"])?;
/// let after = IpAllowlist::parse_entries(["198.51.100.7/32"])?;
/// assert_eq!(
///     before.diff(&after).to_string(),
///     "- 192.0.2.0/24\n\
///      + 198.51.100.7/32\n\
///      opens 198.51.100.7/32\n\
///      closes 192.0.2.0/24",
/// );
/// assert_eq!(
///     before.diff(&IpAllowlist::Unrestricted).to_string(),
///     "- 192.0.2.0/24\n\
///      + unrestricted\n\
///      opens every address outside the old list",
/// );
/// # Ok::<(), paradex_api_ext::net::InvalidEntries>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowlistDiff {
    was_unrestricted: bool,
    becomes_unrestricted: bool,
    added: Vec<Cidr>,
    removed: Vec<Cidr>,
    opened: Vec<Cidr>,
    closed: Vec<Cidr>,
}

impl AllowlistDiff {
    pub(super) fn between(before: &IpAllowlist, after: &IpAllowlist) -> Self {
        let (from, to) = (before.ranges(), after.ranges());
        Self {
            was_unrestricted: matches!(before, IpAllowlist::Unrestricted),
            becomes_unrestricted: matches!(after, IpAllowlist::Unrestricted),
            added: missing(after.entries(), before.entries()),
            removed: missing(before.entries(), after.entries()),
            opened: to.minus(&from).networks(),
            closed: from.minus(&to).networks(),
        }
    }

    /// Returns the added entries, in the order of the new list. An unrestricted list has no entries.
    pub fn added(&self) -> &[Cidr] {
        &self.added
    }

    /// Returns the removed entries, in the order of the old list. An unrestricted list has no entries.
    pub fn removed(&self) -> &[Cidr] {
        &self.removed
    }

    /// Returns the addresses that gain access, as the fewest networks.
    ///
    /// An unrestricted list counts as `0.0.0.0/0` and `::/0`.
    pub fn opened(&self) -> &[Cidr] {
        &self.opened
    }

    /// Returns the addresses that lose access, as the fewest networks.
    pub fn closed(&self) -> &[Cidr] {
        &self.closed
    }

    /// Returns whether nothing changes. Order and duplicates of entries do not count.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    /// Returns whether an address gains access.
    pub fn widens(&self) -> bool {
        !self.opened.is_empty()
    }

    /// Returns whether an address loses access.
    pub fn narrows(&self) -> bool {
        !self.closed.is_empty()
    }
}

/// Returns the networks of the first list that the second does not have, each once.
fn missing(list: &[Cidr], other: &[Cidr]) -> Vec<Cidr> {
    let mut seen: HashSet<Cidr> = other.iter().copied().collect();
    list.iter()
        .copied()
        .filter(|network| seen.insert(*network))
        .collect()
}

impl fmt::Display for AllowlistDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("no change");
        }
        if self.was_unrestricted {
            writeln!(f, "- {}", IpAllowlist::WORD)?;
        }
        for network in &self.removed {
            writeln!(f, "- {network}")?;
        }
        if self.becomes_unrestricted {
            writeln!(f, "+ {}", IpAllowlist::WORD)?;
        }
        for network in &self.added {
            writeln!(f, "+ {network}")?;
        }
        match (self.widens(), self.narrows()) {
            (false, false) => return f.write_str("opens and closes no address"),
            (true, _) if self.becomes_unrestricted => {
                f.write_str("opens every address outside the old list")?
            }
            (true, _) => networks(f, "opens", &self.opened)?,
            (false, true) => {}
        }
        if self.widens() && self.narrows() {
            f.write_str("\n")?;
        }
        match self.narrows() {
            false => Ok(()),
            true if self.was_unrestricted => f.write_str("closes every address outside the new list"),
            true => networks(f, "closes", &self.closed),
        }
    }
}

/// A network without one of its addresses is dozens of networks, so long lists are cut.
fn networks(f: &mut fmt::Formatter<'_>, verb: &str, networks: &[Cidr]) -> fmt::Result {
    const SHOWN: usize = 8;
    write!(f, "{verb} ")?;
    comma_separated(f, networks.get(..SHOWN).unwrap_or(networks))?;
    match networks.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => write!(f, " and {more} more networks"),
    }
}

#[cfg(test)]
mod tests {
    use crate::net::IpAllowlist;

    fn list(networks: &[&str]) -> IpAllowlist {
        IpAllowlist::parse_entries(networks).unwrap()
    }

    #[test]
    fn order_and_duplicates_are_no_change() {
        let diff = list(&["10.0.0.0/8", "::1/128"]).diff(&list(&["::1/128", "10.0.0.0/8", "::1/128"]));
        assert!(diff.is_empty() && !diff.widens() && !diff.narrows());
        assert_eq!(diff.to_string(), "no change");
        assert!(
            IpAllowlist::Unrestricted
                .diff(&IpAllowlist::Unrestricted)
                .is_empty()
        );
    }

    #[test]
    fn other_entries_for_the_same_addresses_open_and_close_none() {
        let diff = list(&["10.0.0.0/9", "10.128.0.0/9"]).diff(&list(&["10.0.0.0/8"]));
        assert!(!diff.is_empty() && !diff.widens() && !diff.narrows());
        assert_eq!(
            diff.to_string(),
            "- 10.0.0.0/9\n- 10.128.0.0/9\n+ 10.0.0.0/8\nopens and closes no address"
        );
        let diff = list(&["0.0.0.0/0", "::/0"]).diff(&IpAllowlist::Unrestricted);
        assert!(!diff.is_empty() && !diff.widens());
        assert_eq!(
            diff.to_string(),
            "- 0.0.0.0/0\n- ::/0\n+ unrestricted\nopens and closes no address"
        );
    }

    #[test]
    fn leaving_unrestricted_closes_the_rest() {
        let diff = IpAllowlist::Unrestricted.diff(&list(&["10.0.0.0/8"]));
        assert!(diff.narrows() && !diff.widens());
        assert_eq!(
            diff.to_string(),
            "- unrestricted\n+ 10.0.0.0/8\ncloses every address outside the new list"
        );
        assert_eq!(diff.closed().len(), 9);
        assert_eq!(diff.closed().last().unwrap().to_string(), "::/0");
        assert!(diff.removed().is_empty());
    }

    #[test]
    fn long_list_of_networks_is_cut() {
        let text = list(&["0.0.0.0/0"]).diff(&list(&["10.0.0.1/32"])).to_string();
        assert_eq!(
            text,
            "- 0.0.0.0/0\n+ 10.0.0.1/32\ncloses 0.0.0.0/5, 8.0.0.0/7, 10.0.0.0/32, 10.0.0.2/31, 10.0.0.4/30, \
             10.0.0.8/29, 10.0.0.16/28, 10.0.0.32/27 and 24 more networks"
        );
    }
}
