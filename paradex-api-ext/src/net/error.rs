//! Errors about a list of networks.

use std::fmt;

use super::allowlist::IpAllowlist;
use super::cidr::CidrError;

/// The list is empty, and at least one network is required.
///
/// ```
/// use paradex_api_ext::net::CidrSet;
///
/// let error = CidrSet::new([]).unwrap_err();
/// assert!(error.to_string().contains("\"unrestricted\""));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the list has no network, and an empty list would let every address in; name at least one network, \
     or write \"unrestricted\" (IpAllowlist::Unrestricted) if that is meant"
)]
#[non_exhaustive]
pub struct EmptyCidrSet;

/// The allowlist has more entries than the exchange accepts.
///
/// ```
/// use paradex_api_ext::net::IpAllowlist;
///
/// let hosts = (0..64).map(|n| format!("192.0.2.{n}/32"));
/// let error = IpAllowlist::parse_entries(hosts)?.check_limit().unwrap_err();
/// assert_eq!((error.count(), error.limit(), error.collapsed_count()), (64, 50, Some(1)));
/// # Ok::<(), paradex_api_ext::net::InvalidEntries>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooManyEntries {
    pub(super) count: usize,
    pub(super) collapsed: Option<usize>,
}

impl TooManyEntries {
    /// Returns the number of entries.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Returns the number of entries that the exchange accepts, [`IpAllowlist::MAX_ENTRIES`].
    pub fn limit(&self) -> usize {
        IpAllowlist::MAX_ENTRIES
    }

    /// Returns the number of entries after [`CidrSet::collapsed`](super::CidrSet::collapsed), if that many are accepted.
    pub fn collapsed_count(&self) -> Option<usize> {
        self.collapsed
    }
}

impl fmt::Display for TooManyEntries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, limit) = (self.count, self.limit());
        write!(
            f,
            "the allowlist has {count} entries, and the exchange accepts {limit}; "
        )?;
        match self.collapsed {
            Some(collapsed) => write!(
                f,
                "merging them leaves {collapsed} with the same addresses: send `collapsed()`"
            ),
            None => f.write_str("leave some out or name wider networks"),
        }
    }
}

impl std::error::Error for TooManyEntries {}

/// Some entries are not networks, or there is no entry.
///
/// [`entries`](Self::entries) has all invalid entries; the message shows the first, and the positions of the next.
///
/// ```
/// use paradex_api_ext::net::IpAllowlist;
///
/// let error = IpAllowlist::parse_entries(["10.0.0.1/8", "192.0.2.0/24", "x"]).unwrap_err();
/// assert_eq!(error.entries().iter().map(|invalid| invalid.index).collect::<Vec<_>>(), [0, 2]);
/// assert_eq!(error.entries()[0].error.suggestion(), Some("10.0.0.0/8".parse()?));
/// # Ok::<(), paradex_api_ext::net::CidrError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidEntries {
    /// Empty if the list was empty.
    pub(super) entries: Vec<InvalidEntry>,
}

/// An entry of a list is not a network.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidEntry {
    /// Its position in the list, from 0.
    pub index: usize,
    /// The rule that it breaks.
    pub error: CidrError,
}

impl InvalidEntries {
    /// Returns the invalid entries in their order; none if the list was empty.
    pub fn entries(&self) -> &[InvalidEntry] {
        &self.entries
    }

    /// Returns whether the list was empty.
    pub fn is_empty_list(&self) -> bool {
        self.entries.is_empty()
    }
}

impl fmt::Display for InvalidEntries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 4;
        let Some((first, rest)) = self.entries.split_first() else {
            return fmt::Display::fmt(&EmptyCidrSet, f);
        };
        write!(f, "{first}")?;
        for (n, invalid) in rest.iter().take(SHOWN).enumerate() {
            let before = if n == 0 { "; also invalid: " } else { ", " };
            write!(f, "{before}[{}]", invalid.index)?;
        }
        match rest.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

impl std::error::Error for InvalidEntries {}

impl fmt::Display for InvalidEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry [{}] {}", self.index, self.error)
    }
}

#[cfg(test)]
mod tests {
    use crate::net::IpAllowlist;

    #[test]
    fn errors_are_small() {
        assert!(size_of::<crate::net::CidrError>() <= 96);
        assert!(size_of::<crate::net::EditError>() <= 64);
        assert!(size_of::<crate::net::UnknownAllowlist>() <= 128);
    }

    #[test]
    fn invalid_entries_are_all_named_in_a_short_message() {
        let entries = ["10.0.0.1/8", "192.0.2.0/24", "x", "y", "z", "u", "v"];
        let error = IpAllowlist::parse_entries(entries).unwrap_err();
        let indices: Vec<usize> = error.entries().iter().map(|invalid| invalid.index).collect();
        assert_eq!(indices, [0, 2, 3, 4, 5, 6]);
        assert!(!error.is_empty_list());
        assert_eq!(
            error.to_string(),
            "entry [0] \"10.0.0.1/8\" is not a network: bits are set after the prefix; \
             did you mean 10.0.0.0/8?; also invalid: [2], [3], [4], [5] and 1 more"
        );
        let none: [&str; 0] = [];
        let error = IpAllowlist::parse_entries(none).unwrap_err();
        assert!(error.is_empty_list());
        assert!(error.to_string().contains("\"unrestricted\""));
    }
}
