//! The addresses from which a token may be used.

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::error::{InvalidEntries, InvalidEntry, TooManyEntries};
use super::excerpt::Excerpt;
use super::ranges::Ranges;
use super::set::SetVisitor;
use super::{AllowlistDiff, AllowlistWarning, Cidr, CidrSet, OpenTo};

/// The addresses from which a token may be used: all, or those of a list of networks.
///
/// ```
/// use paradex_api_ext::net::IpAllowlist;
/// use paradex_api_ext::paradex_api::serde_json;
///
/// let list: IpAllowlist = serde_json::from_str(r#"["192.0.2.0/24"]"#)?;
/// assert!(list.allows("192.0.2.1".parse()?) && !list.allows("8.8.8.8".parse()?));
///
/// let open: IpAllowlist = serde_json::from_str(r#""unrestricted""#)?;
/// assert_eq!(open, IpAllowlist::Unrestricted);
///
/// let error = serde_json::from_str::<IpAllowlist>("[]").unwrap_err();
/// assert!(error.to_string().contains("\"unrestricted\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It serialises as the word `"unrestricted"` or as an array that is not empty. No function turns an empty list into
/// [`Unrestricted`](Self::Unrestricted), so these do not compile:
///
/// ```compile_fail
/// let list = paradex_api_ext::net::IpAllowlist::default();
/// ```
///
/// ```compile_fail
/// use paradex_api_ext::net::{Cidr, IpAllowlist};
/// let list = IpAllowlist::from(Vec::<Cidr>::new());
/// ```
///
/// ```compile_fail
/// use paradex_api_ext::net::{Cidr, IpAllowlist};
/// let list: IpAllowlist = Vec::<Cidr>::new().into_iter().collect();
/// ```
///
/// ```compile_fail
/// use paradex_api_ext::net::{Cidr, IpAllowlist};
/// let list = IpAllowlist::Only(Vec::<Cidr>::new());
/// ```
///
/// These compile:
///
/// ```
/// use paradex_api_ext::net::{Cidr, CidrSet, IpAllowlist};
///
/// let network: Cidr = "192.0.2.0/24".parse()?;
/// let list = IpAllowlist::from(CidrSet::new(vec![network])?);
/// let same = IpAllowlist::Only(CidrSet::from(network));
/// assert_eq!(list, same);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "whitelist")]
#[doc(alias = "ip restriction")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum IpAllowlist {
    /// All addresses: anyone who has the token can use it from anywhere.
    Unrestricted,
    /// Only the addresses of these networks.
    Only(CidrSet),
}

impl IpAllowlist {
    /// The largest number of entries that the exchange accepts.
    pub const MAX_ENTRIES: usize = 50;

    /// The word that stands for [`Unrestricted`](Self::Unrestricted).
    pub(super) const WORD: &'static str = "unrestricted";

    /// Parses networks, each as strictly as [`Cidr`].
    ///
    /// ```
    /// use paradex_api_ext::net::IpAllowlist;
    ///
    /// let list = IpAllowlist::parse_entries(["192.0.2.0/24", "198.51.100.7/32"])?;
    /// assert_eq!(list.to_string(), "192.0.2.0/24, 198.51.100.7/32");
    /// # Ok::<(), paradex_api_ext::net::InvalidEntries>(())
    /// ```
    ///
    /// # Errors
    ///
    /// There is no entry, or some are not networks; the error has all of these.
    pub fn parse_entries<I>(entries: I) -> Result<Self, InvalidEntries>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let mut networks = Vec::new();
        let mut invalid = Vec::new();
        for (index, entry) in entries.into_iter().enumerate() {
            match entry.as_ref().parse::<Cidr>() {
                Ok(network) => networks.push(network),
                Err(error) => invalid.push(InvalidEntry { index, error }),
            }
        }
        match CidrSet::new(networks) {
            Ok(set) if invalid.is_empty() => Ok(Self::Only(set)),
            _ => Err(InvalidEntries { entries: invalid }),
        }
    }

    /// Returns whether the address is allowed. An IPv4-mapped IPv6 address counts as its IPv4 address.
    ///
    /// ```
    /// use paradex_api_ext::net::IpAllowlist;
    ///
    /// let list = IpAllowlist::parse_entries(["192.0.2.0/24"])?;
    /// assert!(list.allows("::ffff:192.0.2.1".parse()?));
    /// assert!(IpAllowlist::Unrestricted.allows("8.8.8.8".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn allows(&self, address: IpAddr) -> bool {
        match self {
            Self::Unrestricted => true,
            Self::Only(set) => set.contains(address),
        }
    }

    /// Returns the entries to send.
    ///
    /// Only [`Unrestricted`](Self::Unrestricted) returns an empty list, which means "anywhere" to the exchange.
    ///
    /// ```
    /// use paradex_api_ext::net::IpAllowlist;
    ///
    /// assert_eq!(IpAllowlist::parse_entries(["192.0.2.7/32"])?.to_wire(), ["192.0.2.7/32"]);
    /// assert!(IpAllowlist::Unrestricted.to_wire().is_empty());
    /// # Ok::<(), paradex_api_ext::net::InvalidEntries>(())
    /// ```
    pub fn to_wire(&self) -> Vec<String> {
        match self {
            Self::Unrestricted => Vec::new(),
            Self::Only(set) => set.iter().map(|network| network.to_string()).collect(),
        }
    }

    /// Checks that there are no more entries than the exchange accepts.
    ///
    /// ```
    /// use paradex_api_ext::net::IpAllowlist;
    ///
    /// IpAllowlist::parse_entries(["192.0.2.0/24"])?.check_limit()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// There are more than [`MAX_ENTRIES`](Self::MAX_ENTRIES). The error says whether merging them is enough.
    pub fn check_limit(&self) -> Result<(), TooManyEntries> {
        match self {
            Self::Only(set) if set.len() > Self::MAX_ENTRIES => {
                let collapsed = set.collapsed().len();
                Err(TooManyEntries {
                    count: set.len(),
                    collapsed: (collapsed <= Self::MAX_ENTRIES).then_some(collapsed),
                })
            }
            _ => Ok(()),
        }
    }

    /// Returns whether both have the same entries, regardless of order and duplicates.
    ///
    /// ```
    /// use paradex_api_ext::net::IpAllowlist;
    ///
    /// let list = IpAllowlist::parse_entries(["192.0.2.0/24", "198.51.100.7/32"])?;
    /// let other = IpAllowlist::parse_entries(["198.51.100.7/32", "192.0.2.0/24"])?;
    /// assert!(list != other && list.same_networks(&other));
    /// # Ok::<(), paradex_api_ext::net::InvalidEntries>(())
    /// ```
    pub fn same_networks(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unrestricted, Self::Unrestricted) => true,
            (Self::Only(ours), Self::Only(theirs)) => ours.same_networks(theirs),
            _ => false,
        }
    }

    /// Compares this list with one that replaces it.
    ///
    /// ```
    /// use paradex_api_ext::net::IpAllowlist;
    ///
    /// let before = IpAllowlist::parse_entries(["192.0.2.0/24"])?;
    /// let after = IpAllowlist::parse_entries(["192.0.2.0/25", "198.51.100.7/32"])?;
    /// let diff = before.diff(&after);
    /// assert!(diff.widens() && diff.narrows());
    /// assert_eq!(diff.closed(), ["192.0.2.128/25".parse()?]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn diff(&self, other: &Self) -> AllowlistDiff {
        AllowlistDiff::between(self, other)
    }

    /// Returns warnings about entries that are probably mistakes.
    ///
    /// ```
    /// use paradex_api_ext::net::{AllowlistWarning, IpAllowlist};
    ///
    /// assert_eq!(IpAllowlist::Unrestricted.warnings(), [AllowlistWarning::Unrestricted]);
    /// let list = IpAllowlist::parse_entries(["10.0.0.7/32"])?;
    /// assert!(list.warnings()[0].to_string().contains("private"));
    /// # Ok::<(), paradex_api_ext::net::InvalidEntries>(())
    /// ```
    pub fn warnings(&self) -> Vec<AllowlistWarning> {
        AllowlistWarning::find(self)
    }

    /// Returns the address family that the list does not restrict, if there is one.
    ///
    /// The list is unrestricted, or its entries together cover a whole family: all public unicast addresses, which for
    /// IPv6 are `2000::/3`. Addresses from which no request over the public internet comes do not count: the
    /// special-purpose blocks of IANA's registries, such as `10.0.0.0/8`, multicast and `240.0.0.0/4`. Gaps of less than
    /// one in 256 public addresses do not count either, because they stop nobody who can choose a source address.
    ///
    /// ```
    /// use paradex_api_ext::net::{IpAllowlist, OpenTo};
    ///
    /// let halves = IpAllowlist::parse_entries(["0.0.0.0/1", "128.0.0.0/1"])?;
    /// assert_eq!(halves.open_to(), Some(OpenTo::AnyIpv4));
    /// assert_eq!(IpAllowlist::Unrestricted.open_to(), Some(OpenTo::AnyAddress));
    /// assert_eq!(IpAllowlist::parse_entries(["0.0.0.0/1"])?.open_to(), None);
    /// # Ok::<(), paradex_api_ext::net::InvalidEntries>(())
    /// ```
    pub fn open_to(&self) -> Option<OpenTo> {
        OpenTo::find(self)
    }

    /// Returns the entries; an unrestricted list has none, so callers must tell the two apart.
    pub(super) fn entries(&self) -> &[Cidr] {
        match self {
            Self::Unrestricted => &[],
            Self::Only(set) => set.as_slice(),
        }
    }

    pub(super) fn ranges(&self) -> Ranges {
        match self {
            Self::Unrestricted => Ranges::everything(),
            Self::Only(set) => set.ranges(),
        }
    }
}

impl From<CidrSet> for IpAllowlist {
    fn from(set: CidrSet) -> Self {
        Self::Only(set)
    }
}

/// `unrestricted`, or the networks with commas between them.
impl fmt::Display for IpAllowlist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unrestricted => f.write_str(Self::WORD),
            Self::Only(set) => set.fmt(f),
        }
    }
}

impl Serialize for IpAllowlist {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unrestricted => serializer.serialize_str(Self::WORD),
            Self::Only(set) => set.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for IpAllowlist {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WordOrList;

        impl<'de> de::Visitor<'de> for WordOrList {
            type Value = IpAllowlist;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"unrestricted\" or a list of networks, such as [\"203.0.113.0/24\"]")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<IpAllowlist, E> {
                if text == IpAllowlist::WORD {
                    return Ok(IpAllowlist::Unrestricted);
                }
                let text = Excerpt::new(text);
                Err(E::custom(format_args!(
                    "{text} is not an allowlist; write \"unrestricted\" or a list of networks, such as \
                     [\"203.0.113.0/24\"]"
                )))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<IpAllowlist, A::Error> {
                SetVisitor.visit_seq(seq).map(IpAllowlist::Only)
            }
        }

        deserializer.deserialize_any(WordOrList)
    }
}

#[cfg(test)]
mod tests {
    use super::{CidrSet, IpAllowlist};

    fn list(networks: &[&str]) -> IpAllowlist {
        IpAllowlist::parse_entries(networks).unwrap()
    }

    #[test]
    fn json_is_the_word_or_a_list() {
        for (value, json) in [
            (IpAllowlist::Unrestricted, r#""unrestricted""#),
            (list(&["10.0.0.0/8"]), r#"["10.0.0.0/8"]"#),
        ] {
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
            assert_eq!(serde_json::from_str::<IpAllowlist>(json).unwrap(), value);
        }
        for json in [
            "[]",
            "null",
            "{}",
            "true",
            r#""""#,
            r#""Unrestricted""#,
            r#""10.0.0.0/8""#,
            r#"["unrestricted"]"#,
            r#"["10.0.0.1/8"]"#,
            "[[]]",
        ] {
            let error = serde_json::from_str::<IpAllowlist>(json).unwrap_err();
            assert!(!error.to_string().is_empty(), "{json}");
        }
        let flood = format!("\"{}\"", "x".repeat(100_000));
        assert!(
            serde_json::from_str::<IpAllowlist>(&flood)
                .unwrap_err()
                .to_string()
                .len()
                < 400
        );
        assert!(
            serde_json::from_str::<CidrSet>(&flood)
                .unwrap_err()
                .to_string()
                .len()
                < 400
        );
    }

    #[test]
    fn limit_error_says_whether_merging_is_enough() {
        let apart = |count: usize| {
            let texts: Vec<String> = (0..count).map(|n| format!("10.0.{}.0/24", 2 * n)).collect();
            IpAllowlist::parse_entries(texts).unwrap()
        };
        assert_eq!(apart(50).check_limit(), Ok(()));
        assert_eq!(IpAllowlist::Unrestricted.check_limit(), Ok(()));
        let error = apart(51).check_limit().unwrap_err();
        assert_eq!((error.count(), error.collapsed_count()), (51, None));
        assert_eq!(
            error.to_string(),
            "the allowlist has 51 entries, and the exchange accepts 50; leave some out or name wider networks"
        );
        let together = IpAllowlist::parse_entries((0..51).map(|n| format!("10.0.0.{n}/32"))).unwrap();
        let error = together.check_limit().unwrap_err();
        assert_eq!(error.collapsed_count(), Some(4));
        assert!(error.to_string().contains("leaves 4"), "{error}");
    }

    #[test]
    fn only_unrestricted_is_an_empty_list_on_the_wire() {
        assert!(IpAllowlist::Unrestricted.to_wire().is_empty());
        assert_eq!(list(&["10.0.0.0/8"]).to_wire(), ["10.0.0.0/8"]);
        assert_eq!(IpAllowlist::Unrestricted.to_string(), "unrestricted");
        assert!(!IpAllowlist::Unrestricted.same_networks(&list(&["0.0.0.0/0", "::/0"])));
    }
}
