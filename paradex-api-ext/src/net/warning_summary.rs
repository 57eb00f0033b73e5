//! Warnings about an allowlist, one line for each kind.

use super::{AllowlistWarning, Cidr, Redundancy};

/// How many networks a line names.
const NAMED: usize = 3;

impl AllowlistWarning {
    /// Returns one line for each kind of warning, instead of one for each entry of the list.
    ///
    /// A line names at most three entries. A kind with a single warning keeps its own text.
    ///
    /// ```
    /// use paradex_api_ext::net::{AllowlistWarning, IpAllowlist};
    ///
    /// let list = IpAllowlist::parse_entries(["10.0.0.0/8", "192.168.0.0/16"])?;
    /// let lines = AllowlistWarning::summarize(&list.warnings());
    /// assert_eq!(lines.len(), 1);
    /// assert!(lines[0].starts_with("2 entries allow nothing"));
    /// # Ok::<(), paradex_api_ext::net::InvalidEntries>(())
    /// ```
    pub fn summarize(warnings: &[Self]) -> Vec<String> {
        let mut lines = Vec::new();
        let mut summed = Vec::new();
        for warning in warnings {
            let Some(kind) = warning.kind() else {
                lines.push(warning.to_string());
                continue;
            };
            if summed.contains(&kind) {
                continue;
            }
            summed.push(kind);
            let same: Vec<&Self> = warnings
                .iter()
                .filter(|other| other.kind() == Some(kind))
                .collect();
            lines.push(match same.as_slice() {
                [single] => single.to_string(),
                several => kind.line(several),
            });
        }
        lines
    }

    /// The kind of a warning that a list can have several times.
    fn kind(&self) -> Option<Kind> {
        match self {
            Self::NeverPublic { .. } => Some(Kind::NeverPublic),
            Self::Wide { .. } => Some(Kind::Wide),
            Self::Redundant(_) => Some(Kind::Redundant),
            Self::Unrestricted | Self::WholeFamily { .. } => None,
        }
    }

    /// The entry that it is about, with the purpose of a special block.
    fn entry(&self) -> Option<String> {
        Some(match self {
            Self::NeverPublic { network, purpose, .. } => format!("{network} ({purpose})"),
            Self::Wide { network } | Self::WholeFamily { network } => network.to_string(),
            Self::Redundant(redundancy) => format!("[{}] {}", redundancy.index(), network(redundancy)),
            Self::Unrestricted => return None,
        })
    }
}

fn network(redundancy: &Redundancy) -> Cidr {
    match redundancy {
        Redundancy::Duplicate { network, .. } | Redundancy::Inside { network, .. } => *network,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    NeverPublic,
    Wide,
    Redundant,
}

impl Kind {
    fn line(self, warnings: &[&AllowlistWarning]) -> String {
        let entries: Vec<String> = warnings.iter().filter_map(|warning| warning.entry()).collect();
        let count = entries.len();
        let mut named = entries.get(..NAMED.min(count)).unwrap_or_default().join(", ");
        if count > NAMED {
            named.push_str(&format!(" and {} more", count - NAMED));
        }
        match self {
            Self::NeverPublic => format!(
                "{count} entries allow nothing, because no public request comes from them: {named}; list the addresses \
                 that the exchange sees"
            ),
            Self::Wide => {
                format!("{count} entries are wide: {named}; list the smallest networks that are enough")
            }
            Self::Redundant => format!("{count} entries add no address: {named}; leave them out"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::net::{AllowlistWarning, IpAllowlist};

    fn lines(networks: &[&str]) -> Vec<String> {
        AllowlistWarning::summarize(&IpAllowlist::parse_entries(networks).unwrap().warnings())
    }

    #[test]
    fn warnings_of_one_kind_become_one_line() {
        assert_eq!(
            lines(&[
                "10.0.0.0/8",
                "17.0.0.0/8",
                "192.168.0.0/16",
                "172.16.0.0/12",
                "127.0.0.0/8",
                "10.1.0.0/16",
                "18.0.0.0/8"
            ]),
            [
                "5 entries allow nothing, because no public request comes from them: 10.0.0.0/8 (private), 192.168.0.0/16 \
                 (private), 172.16.0.0/12 (private) and 2 more; list the addresses that the exchange sees",
                "2 entries are wide: 17.0.0.0/8, 18.0.0.0/8; list the smallest networks that are enough",
                "entry [5] 10.1.0.0/16 is inside 10.0.0.0/8 and changes nothing; leave out one of them",
            ]
        );
        let twice = lines(&["8.8.8.8/32", "8.8.8.8/32", "8.8.8.8/32"]);
        assert_eq!(
            twice,
            ["2 entries add no address: [1] 8.8.8.8/32, [2] 8.8.8.8/32; leave them out"]
        );
    }

    #[test]
    fn single_warnings_keep_their_text() {
        for networks in [
            &["10.0.0.0/8"][..],
            &["17.0.0.0/8"],
            &["0.0.0.0/0", "::/0"],
            &["8.8.8.8/32"],
        ] {
            let list = IpAllowlist::parse_entries(networks).unwrap();
            let texts: Vec<String> = list.warnings().iter().map(ToString::to_string).collect();
            assert_eq!(AllowlistWarning::summarize(&list.warnings()), texts);
        }
        let unrestricted = IpAllowlist::Unrestricted.warnings();
        assert_eq!(AllowlistWarning::summarize(&unrestricted).len(), 1);
    }
}
