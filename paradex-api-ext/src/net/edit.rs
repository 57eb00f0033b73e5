//! Adding networks to an allowlist and removing them.

use std::collections::HashSet;
use std::fmt;

use super::{Cidr, CidrSet, IpAllowlist};

impl IpAllowlist {
    /// Returns a list with networks added at its end. Those that are listed already are not listed twice.
    ///
    /// ```
    /// use paradex_api_ext::net::IpAllowlist;
    ///
    /// let list = IpAllowlist::parse_entries(["192.0.2.0/24"])?;
    /// let wider = list.with_added(["198.51.100.7/32".parse()?, "192.0.2.0/24".parse()?])?;
    /// assert_eq!(wider.to_string(), "192.0.2.0/24, 198.51.100.7/32");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`EditError::AddToUnrestricted`]: all addresses but the new ones would lose access.
    pub fn with_added(&self, networks: impl IntoIterator<Item = Cidr>) -> Result<Self, EditError> {
        let Self::Only(set) = self else {
            return Err(EditError::AddToUnrestricted);
        };
        let mut listed: HashSet<Cidr> = set.iter().collect();
        let new = networks.into_iter().filter(|network| listed.insert(*network));
        // Adding cannot make a list empty; the error avoids a panic.
        match CidrSet::new(set.iter().chain(new)) {
            Ok(set) => Ok(Self::Only(set)),
            Err(_) => Err(EditError::WouldBeEmpty),
        }
    }

    /// Returns a list without these entries and their duplicates.
    ///
    /// Only whole entries can be removed, not a part of one.
    ///
    /// ```
    /// use paradex_api_ext::net::IpAllowlist;
    ///
    /// let list = IpAllowlist::parse_entries(["192.0.2.0/24", "198.51.100.7/32"])?;
    /// assert_eq!(list.with_removed(["192.0.2.0/24".parse()?])?.to_string(), "198.51.100.7/32");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`EditError::RemoveFromUnrestricted`]; [`EditError::NotListed`]; or [`EditError::WouldBeEmpty`] if no entry would be
    /// left, because an empty list means "anywhere" to the exchange.
    pub fn with_removed(&self, networks: impl IntoIterator<Item = Cidr>) -> Result<Self, EditError> {
        let Self::Only(set) = self else {
            return Err(EditError::RemoveFromUnrestricted);
        };
        let listed: HashSet<Cidr> = set.iter().collect();
        let mut removed = HashSet::new();
        for network in networks {
            if !listed.contains(&network) {
                let within = set.iter().find(|entry| entry.contains_network(&network));
                return Err(EditError::NotListed { network, within });
            }
            removed.insert(network);
        }
        match CidrSet::new(set.iter().filter(|entry| !removed.contains(entry))) {
            Ok(set) => Ok(Self::Only(set)),
            Err(_) => Err(EditError::WouldBeEmpty),
        }
    }
}

/// An allowlist cannot be edited as requested.
///
/// ```
/// use paradex_api_ext::net::{EditError, IpAllowlist};
///
/// let list = IpAllowlist::parse_entries(["192.0.2.0/24"])?;
/// assert_eq!(list.with_removed(["192.0.2.0/24".parse()?]), Err(EditError::WouldBeEmpty));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The list is unrestricted, and adding would lock out all addresses but the new ones.
    #[error(
        "the allowlist is unrestricted, so adding networks would narrow it from every address to these; \
         set the list instead"
    )]
    AddToUnrestricted,
    /// The list is unrestricted, and has no entry to remove.
    #[error(
        "the allowlist is unrestricted and has no entry to remove; set the list that should remain instead"
    )]
    RemoveFromUnrestricted,
    /// The list has no such entry.
    #[error("{network} is not an entry of the allowlist{}", Inside(.within))]
    NotListed {
        /// The network to remove.
        network: Cidr,
        /// An entry that contains it, if there is one; perhaps it should be split.
        within: Option<Cidr>,
    },
    /// No entry would be left, and an empty list means "anywhere" to the exchange.
    #[error(
        "no entry would be left, and an empty list opens the token to every address; \
         set IpAllowlist::Unrestricted if that is meant, or revoke the token"
    )]
    WouldBeEmpty,
}

struct Inside<'a>(&'a Option<Cidr>);

impl fmt::Display for Inside<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(within) => write!(
                f,
                "; it is inside {within}: remove that entry and add the parts that should remain"
            ),
            None => f.write_str("; read the list again to see its entries"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cidr, EditError, IpAllowlist};

    fn list(networks: &[&str]) -> IpAllowlist {
        IpAllowlist::parse_entries(networks).unwrap()
    }

    fn cidr(text: &str) -> Cidr {
        text.parse().unwrap()
    }

    #[test]
    fn adding_keeps_entries_and_lists_none_twice() {
        let before = list(&["10.0.0.0/8", "::1/128"]);
        let new = [cidr("1.2.3.4/32"), cidr("::1/128"), cidr("1.2.3.4/32")];
        assert_eq!(
            before.with_added(new).unwrap(),
            list(&["10.0.0.0/8", "::1/128", "1.2.3.4/32"])
        );
        assert_eq!(before.with_added([]).unwrap(), before);
        assert_eq!(
            IpAllowlist::Unrestricted.with_added(new),
            Err(EditError::AddToUnrestricted)
        );
        assert_eq!(
            IpAllowlist::Unrestricted.with_added([]),
            Err(EditError::AddToUnrestricted)
        );
    }

    #[test]
    fn removing_never_leaves_an_empty_list() {
        let before = list(&["10.0.0.0/8", "::1/128", "10.0.0.0/8"]);
        let (ten, one) = (cidr("10.0.0.0/8"), cidr("::1/128"));
        assert_eq!(before.with_removed([ten]).unwrap(), list(&["::1/128"]));
        assert_eq!(
            before.with_removed([one, one]).unwrap(),
            list(&["10.0.0.0/8", "10.0.0.0/8"])
        );
        assert_eq!(before.with_removed([ten, one]), Err(EditError::WouldBeEmpty));
        let error = before.with_removed([cidr("10.1.0.0/16")]).unwrap_err();
        assert_eq!(
            error,
            EditError::NotListed {
                network: cidr("10.1.0.0/16"),
                within: Some(ten)
            }
        );
        assert_eq!(
            error.to_string(),
            "10.1.0.0/16 is not an entry of the allowlist; it is inside 10.0.0.0/8: \
             remove that entry and add the parts that should remain"
        );
        let error = before.with_removed([cidr("1.2.3.4/32")]).unwrap_err();
        assert!(matches!(error, EditError::NotListed { within: None, .. }));
        assert_eq!(
            IpAllowlist::Unrestricted.with_removed([ten]),
            Err(EditError::RemoveFromUnrestricted)
        );
    }
}
