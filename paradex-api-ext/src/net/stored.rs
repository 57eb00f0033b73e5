//! Reading an allowlist that the exchange reported.

use std::fmt;

use serde_json::Value;

use super::excerpt::Excerpt;
use super::unreadable::{Problem, UnknownAllowlist, UnreadableAllowlist};
use super::{Cidr, CidrSet, IpAllowlist};

/// The most problems that are described: each takes many times the memory of its entry.
const MAX_PROBLEMS: usize = 100;

/// The longest JSON array inside an entry that is read, in bytes.
const MAX_INNER_BYTES: usize = 64 << 10;

/// An allowlist as the exchange reported it, which may be unreadable or missing.
///
/// Reading is lenient where the meaning is certain: white space around an entry, a bare address (a single host), bits
/// after the prefix (they are cleared), and a JSON array inside an entry, as in an example of the exchange's published
/// documentation. Everything else is [`Unreadable`](Self::Unreadable).
///
/// Only a list that is really empty becomes [`IpAllowlist::Unrestricted`]; unreadable and missing lists never do.
///
/// ```
/// use paradex_api_ext::net::{IpAllowlist, StoredAllowlist};
/// use paradex_api_ext::paradex_api::serde_json::json;
///
/// let read = |json| StoredAllowlist::from_json(Some(&json));
/// assert_eq!(read(json!([])), StoredAllowlist::Known(IpAllowlist::Unrestricted));
/// assert_eq!(read(json!(["192.0.2.1 "])).require_known()?.to_string(), "192.0.2.1/32");
/// assert_eq!(read(json!(["[\"192.0.2.0/24\"]"])).require_known()?.to_string(), "192.0.2.0/24");
/// assert!(matches!(read(json!(["[]"])), StoredAllowlist::Unreadable(_)));
/// assert_eq!(StoredAllowlist::from_json(None), StoredAllowlist::NotReported);
/// # Ok::<(), paradex_api_ext::net::UnknownAllowlist>(())
/// ```
///
/// It has no default:
///
/// ```compile_fail
/// let stored = paradex_api_ext::net::StoredAllowlist::default();
/// ```
///
/// ```
/// let stored = paradex_api_ext::net::StoredAllowlist::NotReported;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredAllowlist {
    /// The list could be read.
    Known(IpAllowlist),
    /// The list could not be read, so it is not known from where the token works.
    Unreadable(UnreadableAllowlist),
    /// The response has no list.
    NotReported,
}

impl StoredAllowlist {
    /// Reads a field of a response; `None` if the response does not have it.
    ///
    /// ```
    /// use paradex_api_ext::net::StoredAllowlist;
    /// use paradex_api_ext::paradex_api::serde_json::json;
    ///
    /// let response = json!({ "allowed_cidrs": ["192.0.2.0/24"] });
    /// let stored = StoredAllowlist::from_json(response.get("allowed_cidrs"));
    /// assert_eq!(stored.to_string(), "192.0.2.0/24");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_json(value: Option<&Value>) -> Self {
        match value {
            None | Some(Value::Null) => Self::NotReported,
            Some(Value::Array(entries)) => Self::read(entries.iter().map(Value::as_str), || {
                Value::Array(entries.clone())
            }),
            Some(other) => Self::Unreadable(UnreadableAllowlist::not_a_list(other.clone())),
        }
    }

    /// Reads a list that is already decoded.
    ///
    /// An empty one is [`IpAllowlist::Unrestricted`], which is what the exchange means by it. If the response may have no
    /// list, use [`from_json`](Self::from_json), which distinguishes the two.
    ///
    /// ```
    /// use paradex_api_ext::net::StoredAllowlist;
    ///
    /// let stored = StoredAllowlist::from_entries(&["10.1.2.3/8"]);
    /// assert_eq!(stored.require_known()?.to_string(), "10.0.0.0/8");
    /// # Ok::<(), paradex_api_ext::net::UnknownAllowlist>(())
    /// ```
    pub fn from_entries<S: AsRef<str>>(entries: &[S]) -> Self {
        let texts = entries.iter().map(|entry| Some(entry.as_ref()));
        Self::read(texts, || {
            entries.iter().map(|entry| Value::from(entry.as_ref())).collect()
        })
    }

    /// Reads entries; `None` is an entry that is not a text.
    fn read<'a>(
        entries: impl ExactSizeIterator<Item = Option<&'a str>>,
        raw: impl FnOnce() -> Value,
    ) -> Self {
        if entries.len() == 0 {
            return Self::Known(IpAllowlist::Unrestricted);
        }
        let mut networks = Vec::new();
        let mut problems = Vec::new();
        let mut more = 0;
        for (index, entry) in entries.enumerate() {
            match read_entry(entry, &mut networks) {
                Ok(()) => {}
                Err(problem) if problems.len() < MAX_PROBLEMS => problems.push((index, problem)),
                Err(_) => more += 1,
            }
        }
        match CidrSet::new(networks) {
            Ok(set) if problems.is_empty() => Self::Known(IpAllowlist::Only(set)),
            _ => Self::Unreadable(UnreadableAllowlist::new(raw(), problems, more)),
        }
    }

    /// Removes the entry texts from the problems, and keeps index and rule. A list from a response needs this, because a
    /// server can put the bearer token of the request into it.
    pub(crate) fn without_texts(mut self) -> Self {
        if let Self::Unreadable(unreadable) = &mut self {
            unreadable.remove_texts();
        }
        self
    }

    /// Returns the allowlist, if it could be read.
    pub fn known(&self) -> Option<&IpAllowlist> {
        match self {
            Self::Known(list) => Some(list),
            Self::Unreadable(_) | Self::NotReported => None,
        }
    }

    /// Returns whether the allowlist is known and has the same networks as another; see [`IpAllowlist::same_networks`].
    ///
    /// ```
    /// use paradex_api_ext::net::{IpAllowlist, StoredAllowlist};
    ///
    /// let sent = IpAllowlist::parse_entries(["192.0.2.0/24", "2001:db8::/32"])?;
    /// assert!(StoredAllowlist::from_entries(&["2001:db8::/32", "192.0.2.0/24"]).has_networks_of(&sent));
    /// assert!(!StoredAllowlist::NotReported.has_networks_of(&sent));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn has_networks_of(&self, list: &IpAllowlist) -> bool {
        self.known().is_some_and(|known| known.same_networks(list))
    }

    /// Returns the allowlist, or an error that says why it is not known.
    ///
    /// ```
    /// use paradex_api_ext::net::StoredAllowlist;
    ///
    /// let stored = StoredAllowlist::from_entries(&["192.0.2.0/24"]);
    /// assert!(stored.require_known()?.allows("192.0.2.1".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The list could not be read, or was not reported.
    pub fn require_known(&self) -> Result<&IpAllowlist, UnknownAllowlist> {
        match self {
            Self::Known(list) => Ok(list),
            Self::Unreadable(unreadable) => Err(UnknownAllowlist::unreadable(unreadable)),
            Self::NotReported => Err(UnknownAllowlist::not_reported()),
        }
    }
}

/// Adds the networks of an entry. An entry without a network is a problem: it is never ignored.
fn read_entry(entry: Option<&str>, networks: &mut Vec<Cidr>) -> Result<(), Problem> {
    let text = entry.ok_or(Problem::NotText)?.trim();
    if !text.starts_with('[') {
        networks.push(Cidr::parse_lenient(text).map_err(Problem::Entry)?);
        return Ok(());
    }
    let inner = match text.len() <= MAX_INNER_BYTES {
        true => serde_json::from_str::<Vec<String>>(text).ok(),
        false => None,
    };
    let Some(inner) = inner else {
        return Err(Problem::InnerList(Some(Excerpt::new(text))));
    };
    if inner.is_empty() {
        return Err(Problem::EmptyInnerList);
    }
    for text in inner {
        networks.push(Cidr::parse_lenient(text.trim()).map_err(Problem::Entry)?);
    }
    Ok(())
}

/// The list for people. Texts from outside are cut and escaped.
impl fmt::Display for StoredAllowlist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(list) => list.fmt(f),
            Self::Unreadable(unreadable) => write!(f, "unreadable: {unreadable}"),
            Self::NotReported => f.write_str("not reported"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{IpAllowlist, StoredAllowlist};

    fn read(value: Value) -> StoredAllowlist {
        StoredAllowlist::from_json(Some(&value))
    }

    #[test]
    fn certain_spellings_are_read() {
        for (value, networks) in [
            (json!(["203.0.113.0/24"]), "203.0.113.0/24"),
            (json!([" 203.0.113.0/24\n"]), "203.0.113.0/24"),
            (json!(["203.0.113.7"]), "203.0.113.7/32"),
            (json!(["2001:DB8::1"]), "2001:db8::1/128"),
            (json!(["203.0.113.7/24"]), "203.0.113.0/24"),
            (json!(["[\"203.0.113.0/24\"]"]), "203.0.113.0/24"),
            (
                json!(["[\"203.0.113.0/24\", \" 198.51.100.7\"]", "::/0", "[\"::1\"]"]),
                "203.0.113.0/24, 198.51.100.7/32, ::/0, ::1/128",
            ),
        ] {
            let StoredAllowlist::Known(IpAllowlist::Only(set)) = read(value.clone()) else {
                panic!("{value} was not read");
            };
            assert_eq!(set.to_string(), networks);
        }
    }

    #[test]
    fn only_an_empty_list_is_unrestricted() {
        assert_eq!(read(json!([])), StoredAllowlist::Known(IpAllowlist::Unrestricted));
        assert_eq!(read(json!(null)), StoredAllowlist::NotReported);
        assert_eq!(StoredAllowlist::from_json(None), StoredAllowlist::NotReported);
        for value in [
            json!(["[]"]),
            json!(["[ ]"]),
            json!([" [] "]),
            json!(["[[]]"]),
            json!(["[\"[]\"]"]),
            json!(["[\"\"]"]),
            json!(["[null]"]),
            json!(["["]),
            json!([""]),
            json!([" "]),
            json!(["unrestricted"]),
            json!(["*"]),
            json!("[]"),
            json!(""),
            json!("unrestricted"),
            json!("203.0.113.0/24"),
            json!({}),
            json!(false),
            json!(0),
            json!([null]),
            json!([[]]),
            json!([["203.0.113.0/24"]]),
            json!([1]),
            json!(["010.0.0.0/8"]),
            json!(["10.0.0.0/08"]),
            json!(["::ffff:10.0.0.0/104"]),
            json!(["::ffff:10.0.0.1"]),
            json!(["203.0.113.0/24", ""]),
            json!(["203.0.113.0/24", "[]"]),
            json!(["203.0.113.0/24,198.51.100.7/32"]),
        ] {
            let stored = read(value.clone());
            assert_eq!(stored.known(), None);
            assert!(stored.require_known().unwrap_err().is_unreadable());
            let StoredAllowlist::Unreadable(unreadable) = stored else {
                panic!("{value} was read");
            };
            assert_eq!(unreadable.raw(), &value);
            assert!(!unreadable.problems().is_empty(), "{value}");
        }
    }

    #[test]
    fn decoded_entries_are_read_the_same_way() {
        let none: [String; 0] = [];
        assert_eq!(
            StoredAllowlist::from_entries(&none),
            StoredAllowlist::Known(IpAllowlist::Unrestricted)
        );
        for entries in [["10.0.0.1/8", "::1"], ["[]", "::1"], ["x", "y"]] {
            assert_eq!(StoredAllowlist::from_entries(&entries), read(json!(entries)));
        }
    }

    #[test]
    fn message_is_short_and_on_one_line() {
        let flood = "\u{1b}\n".repeat(100_000);
        for value in [json!([flood, 1, 2]), json!([format!("[{flood}")]), json!(flood)] {
            let stored = read(value);
            let error = stored.require_known().unwrap_err();
            for text in [stored.to_string(), error.to_string(), format!("{error:?}")] {
                assert!(text.len() < 400 && !text.contains(char::is_control), "{text}");
            }
        }
        let error = read(json!(["x/8", 1])).require_known().unwrap_err();
        assert_eq!(
            error.to_string(),
            "the allowlist is not known: entry [0] \"x/8\" is not a network: it does not begin with \
             an IPv4 or IPv6 address; write it like 203.0.113.0/24 or 2001:db8::/32, and 1 more; \
             set the whole list to replace it"
        );
        assert_eq!(StoredAllowlist::NotReported.to_string(), "not reported");
    }

    #[test]
    fn error_is_owned() {
        fn owned<T: Clone + PartialEq + Send + Sync + std::error::Error + 'static>(_: &T) {}
        let error = StoredAllowlist::NotReported.require_known().unwrap_err();
        owned(&error);
        assert!(!error.is_unreadable());
    }

    #[test]
    fn list_of_many_bad_entries_describes_a_hundred_and_counts_the_rest() {
        let StoredAllowlist::Unreadable(unreadable) = read(json!(vec![""; 5_000])) else {
            panic!("it was read");
        };
        assert_eq!(unreadable.problems().len(), 100);
        assert!(unreadable.to_string().ends_with("and 4999 more"), "{unreadable}");
    }

    #[test]
    fn long_list_inside_an_entry_is_unreadable() {
        let inner = format!("[{}\"192.0.2.1\"]", "\"\",".repeat(40_000));
        let StoredAllowlist::Unreadable(unreadable) = read(json!([inner])) else {
            panic!("it was read");
        };
        assert!(unreadable.to_string().len() < 1_000, "{unreadable}");
    }
}
