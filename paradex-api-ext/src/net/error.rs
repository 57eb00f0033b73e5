//! What can be wrong with a network or a list of them.

use std::fmt;
use std::net::IpAddr;

use super::Cidr;
use super::allowlist::IpAllowlist;

/// The beginning of a text that came from outside, to be named in an error.
///
/// It has no heap memory, so that an error is small and can exist in a constant, and it is longer than
/// the longest spelling of a network.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Excerpt {
    bytes: [u8; 52],
    len: u8,
    cut: bool,
}

impl Excerpt {
    /// The most characters that escapes may blow it up to.
    const MAX_PRINTED: usize = 72;

    pub(super) fn new(text: &str) -> Self {
        let mut bytes = [0; 52];
        let mut len = 0u8;
        let mut cut = false;
        for character in text.chars() {
            let from = usize::from(len);
            let Some(room) = bytes.get_mut(from..from + character.len_utf8()) else {
                cut = true;
                break;
            };
            character.encode_utf8(room);
            len += character.len_utf8() as u8;
        }
        Self { bytes, len, cut }
    }
}

/// In quotes, on one line: control characters and the like are escaped.
impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.bytes.get(..usize::from(self.len)).unwrap_or_default();
        let mut cut = self.cut;
        let mut printed = 0;
        f.write_str("\"")?;
        for character in std::str::from_utf8(bytes).unwrap_or_default().chars() {
            let mut text = [0; 4];
            let escaped = paradex_api::visible(character.encode_utf8(&mut text), usize::MAX);
            printed += escaped.chars().count();
            if printed > Self::MAX_PRINTED {
                cut = true;
                break;
            }
            f.write_str(&escaped)?;
        }
        f.write_str(if cut { "…\"" } else { "\"" })
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What an error is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(Excerpt),
    Network(IpAddr, u8),
    /// It came in a response, which can repeat secrets of the request.
    Withheld,
}

/// Why something is not a [`Cidr`]: the value, the rule that it breaks, and what to write instead.
///
/// The text is made when it is printed, on one line. Of the value only the beginning is kept and shown,
/// escaped, so that a hostile text neither floods a log nor changes the colours of a terminal. A value from a response of
/// the exchange is not shown.
///
/// ```
/// use paradex_api_ext::net::{Cidr, CidrErrorKind};
///
/// let error = "010.0.0.0/8".parse::<Cidr>().unwrap_err();
/// assert_eq!(error.kind(), CidrErrorKind::LeadingZero);
/// assert!(error.to_string().starts_with("\"010.0.0.0/8\" is not a network: a number has a leading zero"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CidrError {
    value: Value,
    kind: CidrErrorKind,
    suggestion: Option<Cidr>,
}

/// The rule that a value breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CidrErrorKind {
    /// There is no text.
    Empty,
    /// There is white space in or around the text.
    WhiteSpace,
    /// It is a bare address.
    MissingPrefix,
    /// An octet or the prefix length begins with a zero, which some programs take for octal.
    LeadingZero,
    /// The address has a zone (`fe80::1%eth0`), which means something on one machine only.
    ZoneId,
    /// What should be the address is none.
    Address,
    /// What should be the prefix length is no decimal number.
    Prefix,
    /// The prefix is longer than the address.
    PrefixTooLong,
    /// A bit after the prefix is set.
    HostBits,
    /// The address is an IPv4 one in IPv6 form, `::ffff:a.b.c.d`.
    MappedIpv6,
}

impl CidrError {
    pub(super) const fn new(value: Value, kind: CidrErrorKind, suggestion: Option<Cidr>) -> Self {
        Self {
            value,
            kind,
            suggestion,
        }
    }

    pub(super) fn text(text: &str, kind: CidrErrorKind, suggestion: Option<Cidr>) -> Self {
        Self::new(Value::Text(Excerpt::new(text)), kind, suggestion)
    }

    /// The same error, naming the text that the value was read from.
    pub(super) fn about(self, text: &str) -> Self {
        Self::text(text, self.kind, self.suggestion)
    }

    /// The same error without the value. Its suggestion is a network, so it can hold no secret.
    pub(super) fn without_value(self) -> Self {
        Self::new(Value::Withheld, self.kind, self.suggestion)
    }

    /// The rule that is broken.
    pub fn kind(&self) -> CidrErrorKind {
        self.kind
    }

    /// The network that was probably meant, where that can be told.
    ///
    /// ```
    /// # use paradex_api_ext::net::Cidr;
    /// let error = "::ffff:192.0.2.0/120".parse::<Cidr>().unwrap_err();
    /// assert_eq!(error.suggestion(), Some("192.0.2.0/24".parse()?));
    /// # Ok::<(), paradex_api_ext::net::CidrError>(())
    /// ```
    pub fn suggestion(&self) -> Option<Cidr> {
        self.suggestion
    }
}

impl fmt::Display for CidrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Text(text) => write!(f, "{text} ")?,
            Value::Network(address, prefix_len) => write!(f, "{address}/{prefix_len} ")?,
            Value::Withheld => {}
        }
        f.write_str("is not a network: ")?;
        f.write_str(match self.kind {
            CidrErrorKind::Empty => {
                "the text is empty; write an address and a prefix length, such as 203.0.113.0/24"
            }
            CidrErrorKind::WhiteSpace => "it has white space in it; take that out, one network in each entry",
            CidrErrorKind::MissingPrefix => "the prefix length is missing",
            CidrErrorKind::LeadingZero => {
                "a number has a leading zero, which some programs read as octal; \
                 make sure which number is meant and write it without"
            }
            CidrErrorKind::ZoneId => "it has a zone id, which only its own machine knows; leave out the % part",
            CidrErrorKind::Address => {
                "it does not begin with an IPv4 or IPv6 address; write it like 203.0.113.0/24 or 2001:db8::/32"
            }
            CidrErrorKind::Prefix => {
                "what follows the / is not a prefix length; write decimal digits only, such as /24"
            }
            CidrErrorKind::PrefixTooLong => {
                "the prefix is too long; write at most 32 for IPv4 and 128 for IPv6"
            }
            CidrErrorKind::HostBits => "bits are set after the prefix",
            CidrErrorKind::MappedIpv6 => "it is an IPv4 address in IPv6 form, which is matched as IPv4",
        })?;
        match (self.kind, self.suggestion) {
            (CidrErrorKind::MissingPrefix, Some(host)) => write!(f, "; write {host} for this one address"),
            (CidrErrorKind::MappedIpv6, Some(network)) => write!(f, "; write {network}"),
            (CidrErrorKind::MappedIpv6, None) => f.write_str("; write the IPv4 network"),
            (_, Some(network)) => write!(f, "; did you mean {network}?"),
            (_, None) => Ok(()),
        }
    }
}

impl std::error::Error for CidrError {}

/// A list without a network, where at least one is needed.
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

/// More entries than the exchange takes.
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
    /// The entries of the list.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The entries that the exchange takes, [`IpAllowlist::MAX_ENTRIES`].
    pub fn limit(&self) -> usize {
        IpAllowlist::MAX_ENTRIES
    }

    /// The entries that [`CidrSet::collapsed`](super::CidrSet::collapsed) would leave, if those fit.
    pub fn collapsed_count(&self) -> Option<usize> {
        self.collapsed
    }
}

impl fmt::Display for TooManyEntries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, limit) = (self.count, self.limit());
        write!(
            f,
            "the allowlist has {count} entries, and the exchange takes {limit}; "
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

/// Entries that are not networks, or no entry at all.
///
/// Every bad entry is in [`entries`](Self::entries); the text shows the first and where the others are.
///
/// ```
/// use paradex_api_ext::net::IpAllowlist;
///
/// let error = IpAllowlist::parse_entries(["10.0.0.1/8", "192.0.2.0/24", "x"]).unwrap_err();
/// assert_eq!(error.entries().iter().map(|bad| bad.index).collect::<Vec<_>>(), [0, 2]);
/// assert_eq!(error.entries()[0].error.suggestion(), Some("10.0.0.0/8".parse()?));
/// # Ok::<(), paradex_api_ext::net::CidrError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidEntries {
    /// Empty if the list was.
    pub(super) entries: Vec<InvalidEntry>,
}

/// An entry of a list that is not a network.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidEntry {
    /// Where it stands, from 0.
    pub index: usize,
    /// What is wrong with it.
    pub error: CidrError,
}

impl InvalidEntries {
    /// The bad entries in their order; none if the fault is that the list was empty.
    pub fn entries(&self) -> &[InvalidEntry] {
        &self.entries
    }

    /// Whether the fault is that the list was empty.
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
        for (n, bad) in rest.iter().take(SHOWN).enumerate() {
            let before = if n == 0 { "; also wrong: " } else { ", " };
            write!(f, "{before}[{}]", bad.index)?;
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

/// Why an allowlist cannot be edited as asked.
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
    /// Every address is allowed, and adding would shut out all but the new ones.
    #[error(
        "the allowlist is unrestricted, so adding networks would narrow it from every address to these; \
         set the list instead"
    )]
    AddToUnrestricted,
    /// Every address is allowed, and there is no entry to remove.
    #[error(
        "the allowlist is unrestricted and has no entry to remove; set the list that should stay instead"
    )]
    RemoveFromUnrestricted,
    /// There is no such entry.
    #[error("{network} is not an entry of the allowlist{}", Inside(.within))]
    NotListed {
        /// The network that should be removed.
        network: Cidr,
        /// An entry that it lies inside, which is perhaps what to split.
        within: Option<Cidr>,
    },
    /// No entry would be left, and the exchange takes an empty list for "anywhere".
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
                "; it lies inside {within}: remove that and add the parts that should stay"
            ),
            None => f.write_str("; read the list again to see its entries"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Excerpt;
    use crate::net::{Cidr, CidrErrorKind, IpAllowlist};

    #[test]
    fn a_hostile_text_is_cut_and_escaped() {
        let flood = "9".repeat(1_000_000);
        let error = flood.parse::<Cidr>().unwrap_err();
        assert!(error.to_string().len() < 250, "{error}");
        assert!(format!("{error:?}").len() < 250, "{error:?}");
        let error = "\u{1b}[31m\u{7}\u{202e}/8".parse::<Cidr>().unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("\"\\u{1b}[31m\\u{7}\\u{202e}/8\" is")
        );
        assert!(Excerpt::new(&"\u{1b}".repeat(60)).to_string().len() < 80);
        assert_eq!(Excerpt::new(&"é".repeat(60)).to_string().chars().count(), 29);
    }

    #[test]
    fn the_longest_spelling_of_a_network_is_shown_whole() {
        let text = "0000:0000:0000:0000:0000:ffff:255.255.255.255/128";
        let error = text.parse::<Cidr>().unwrap_err();
        assert_eq!(error.kind(), CidrErrorKind::MappedIpv6);
        assert!(error.to_string().contains(text));
    }

    #[test]
    fn errors_are_small() {
        assert!(size_of::<super::CidrError>() <= 96);
        assert!(size_of::<super::EditError>() <= 64);
        assert!(size_of::<crate::net::UnknownAllowlist>() <= 128);
    }

    #[test]
    fn all_bad_entries_are_named_and_the_text_stays_short() {
        let entries = ["10.0.0.1/8", "192.0.2.0/24", "x", "y", "z", "u", "v"];
        let error = IpAllowlist::parse_entries(entries).unwrap_err();
        let indices: Vec<usize> = error.entries().iter().map(|bad| bad.index).collect();
        assert_eq!(indices, [0, 2, 3, 4, 5, 6]);
        assert!(!error.is_empty_list());
        assert_eq!(
            error.to_string(),
            "entry [0] \"10.0.0.1/8\" is not a network: bits are set after the prefix; \
             did you mean 10.0.0.0/8?; also wrong: [2], [3], [4], [5] and 1 more"
        );
        let none: [&str; 0] = [];
        let error = IpAllowlist::parse_entries(none).unwrap_err();
        assert!(error.is_empty_list());
        assert!(error.to_string().contains("\"unrestricted\""));
    }
}
