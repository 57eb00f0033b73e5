//! Where a token may be used from.

use std::collections::HashSet;
use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::error::{EditError, Excerpt, InvalidEntries, InvalidEntry, TooManyEntries};
use super::ranges::Ranges;
use super::set::SetVisitor;
use super::{AllowlistDiff, AllowlistWarning, Cidr, CidrSet, OpenTo};

/// The addresses that a token may be used from: every one, or only those of some networks.
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
/// It serialises as the word `"unrestricted"` or as a non-empty array. No function makes
/// [`Unrestricted`](Self::Unrestricted) out of an empty list, so these do not compile:
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
/// And these do:
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum IpAllowlist {
    /// Every address: whoever has the token can use it.
    Unrestricted,
    /// The addresses of these networks.
    Only(CidrSet),
}

impl IpAllowlist {
    /// The most entries that the exchange takes.
    pub const MAX_ENTRIES: usize = 50;

    /// The word that stands for [`Unrestricted`](Self::Unrestricted).
    pub(super) const WORD: &'static str = "unrestricted";

    /// Reads networks, each as strictly as [`Cidr`] does.
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
    /// There is no entry, or some are not networks; the error has all of those.
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

    /// Whether a request from this address would be let in. An IPv4-mapped IPv6 address counts as its
    /// IPv4 address.
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

    /// The entries to send. Only [`Unrestricted`](Self::Unrestricted) gives an empty list, which the
    /// exchange takes for "anywhere".
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

    /// Checks that there are no more entries than the exchange takes.
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
    /// There are more than [`MAX_ENTRIES`](Self::MAX_ENTRIES). The error says whether merging them
    /// would help.
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

    /// Whether both have the same entries; their order and repetitions do not count.
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

    /// What changes if the other list takes the place of this one.
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

    /// What an operator could regret about it.
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
        AllowlistWarning::of(self)
    }

    /// Which addresses it lets in, if it restricts nothing there: it is unrestricted, or its entries together cover
    /// a whole family.
    ///
    /// A family is covered if all its public unicast addresses are inside, those of IPv6 being `2000::/3`. What no
    /// request over the public internet comes from does not count: the special-purpose blocks of IANA's registries,
    /// such as `10.0.0.0/8`, multicast and `240.0.0.0/4`. Holes of less than one in 256 public addresses do not
    /// count either, because they keep nobody out who can choose where to call from.
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
        OpenTo::of(self)
    }

    /// This list with more networks at its end; one that is already listed is not listed twice.
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
        // A list does not become empty by adding; the error is there to keep that out of reach.
        match CidrSet::new(set.iter().chain(new)) {
            Ok(set) => Ok(Self::Only(set)),
            Err(_) => Err(EditError::WouldBeEmpty),
        }
    }

    /// This list without these entries, every repetition of them included.
    ///
    /// An entry is taken out as a whole; there is no network to remove in the middle of another one.
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
    /// [`EditError::RemoveFromUnrestricted`], [`EditError::NotListed`], or [`EditError::WouldBeEmpty`]
    /// if no entry would be left: the exchange takes that for "anywhere".
    pub fn with_removed(&self, networks: impl IntoIterator<Item = Cidr>) -> Result<Self, EditError> {
        let Self::Only(set) = self else {
            return Err(EditError::RemoveFromUnrestricted);
        };
        let listed: HashSet<Cidr> = set.iter().collect();
        let mut going = HashSet::new();
        for network in networks {
            if !listed.contains(&network) {
                let within = set.iter().find(|entry| entry.contains_network(&network));
                return Err(EditError::NotListed { network, within });
            }
            going.insert(network);
        }
        match CidrSet::new(set.iter().filter(|entry| !going.contains(entry))) {
            Ok(set) => Ok(Self::Only(set)),
            Err(_) => Err(EditError::WouldBeEmpty),
        }
    }

    /// The entries; none of an unrestricted list, so nothing outside may take them for the list.
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
    use super::{Cidr, CidrSet, EditError, IpAllowlist};

    fn list(networks: &[&str]) -> IpAllowlist {
        IpAllowlist::parse_entries(networks).unwrap()
    }

    fn cidr(text: &str) -> Cidr {
        text.parse().unwrap()
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
    fn the_limit_says_whether_merging_helps() {
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
            "the allowlist has 51 entries, and the exchange takes 50; leave some out or name wider networks"
        );
        let together = IpAllowlist::parse_entries((0..51).map(|n| format!("10.0.0.{n}/32"))).unwrap();
        let error = together.check_limit().unwrap_err();
        assert_eq!(error.collapsed_count(), Some(4));
        assert!(error.to_string().contains("leaves 4"), "{error}");
    }

    #[test]
    fn adding_keeps_what_is_there_and_lists_nothing_twice() {
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
    fn removing_never_leaves_nothing() {
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
            "10.1.0.0/16 is not an entry of the allowlist; it lies inside 10.0.0.0/8: \
             remove that and add the parts that should stay"
        );
        let error = before.with_removed([cidr("1.2.3.4/32")]).unwrap_err();
        assert!(matches!(error, EditError::NotListed { within: None, .. }));
        assert_eq!(
            IpAllowlist::Unrestricted.with_removed([ten]),
            Err(EditError::RemoveFromUnrestricted)
        );
    }

    #[test]
    fn only_the_word_is_an_empty_list_on_the_wire() {
        assert!(IpAllowlist::Unrestricted.to_wire().is_empty());
        assert_eq!(list(&["10.0.0.0/8"]).to_wire(), ["10.0.0.0/8"]);
        assert_eq!(IpAllowlist::Unrestricted.to_string(), "unrestricted");
        assert!(!IpAllowlist::Unrestricted.same_networks(&list(&["0.0.0.0/0", "::/0"])));
    }
}
