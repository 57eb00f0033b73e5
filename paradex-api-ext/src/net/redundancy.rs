//! Entries of a list that add no address.

use std::fmt;

use super::{Cidr, CidrSet};

impl CidrSet {
    /// Returns the entries that change nothing: duplicates, and entries inside another one.
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
        let mut sorted: Vec<(Cidr, usize)> = self.iter().zip(0..).collect();
        sorted.sort_unstable();
        let mut found = Vec::new();
        // A network sorts before those inside it, so only the last one that is not itself inside another one can
        // contain the next.
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
}

/// An entry that adds no address to its list. Positions count from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Redundancy {
    /// The list has the same network at an earlier position.
    Duplicate {
        /// The position of the later entry.
        index: usize,
        /// The network.
        network: Cidr,
        /// The position of the first entry.
        first: usize,
    },
    /// Another entry contains it.
    Inside {
        /// Its position.
        index: usize,
        /// The network.
        network: Cidr,
        /// The widest entry that contains it.
        within: Cidr,
    },
}

impl Redundancy {
    /// Returns the position of the entry that can be left out.
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
                "entry [{index}] {network} is inside {within} and changes nothing; leave out one of them"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Redundancy;
    use crate::net::{Cidr, CidrSet};

    fn set(networks: &[&str]) -> CidrSet {
        CidrSet::new(networks.iter().map(|text| text.parse::<Cidr>().unwrap())).unwrap()
    }

    #[test]
    fn redundant_entries_are_returned_in_order() {
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
}
