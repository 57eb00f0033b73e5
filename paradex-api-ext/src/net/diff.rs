//! The difference between two allowlists.

use std::collections::HashSet;
use std::fmt;

use super::set::comma_separated;
use super::{Cidr, IpAllowlist};

/// What changes if one allowlist takes the place of another; [`IpAllowlist::diff`] makes it.
///
/// It tells entries from addresses: `10.0.0.0/8` in place of its two halves changes three entries and no
/// address. Printed, it has one line for each entry, as a plan would show it, and then what that means:
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

    /// The entries that come in, in the order of the new list. An unrestricted list has no entries.
    pub fn added(&self) -> &[Cidr] {
        &self.added
    }

    /// The entries that go out, in the order of the old list. An unrestricted list has no entries.
    pub fn removed(&self) -> &[Cidr] {
        &self.removed
    }

    /// The addresses that gain access, as the fewest networks; unrestricted counts as `0.0.0.0/0` and
    /// `::/0`.
    pub fn opened(&self) -> &[Cidr] {
        &self.opened
    }

    /// The addresses that lose access, as the fewest networks.
    pub fn closed(&self) -> &[Cidr] {
        &self.closed
    }

    /// Whether nothing changes. The order of entries and repeated ones do not count.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    /// Whether an address gains access.
    pub fn widens(&self) -> bool {
        !self.opened.is_empty()
    }

    /// Whether an address loses access.
    pub fn narrows(&self) -> bool {
        !self.closed.is_empty()
    }
}

/// The networks of the first list that the second does not have, each once.
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

/// What is left of a network without one address is dozens of them, so long lists are cut.
fn networks(f: &mut fmt::Formatter<'_>, verb: &str, networks: &[Cidr]) -> fmt::Result {
    const SHOWN: usize = 8;
    write!(f, "{verb} ")?;
    comma_separated(f, networks.get(..SHOWN).unwrap_or(networks))?;
    match networks.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => write!(f, " and {more} more networks"),
    }
}
