//! What the exchange says that an allowlist is.

use std::fmt;

use serde_json::Value;

use super::error::{CidrError, Excerpt};
use super::{Cidr, CidrSet, IpAllowlist};

/// An allowlist as the exchange reported it, which may be unreadable or not there.
///
/// Reading is lenient where the meaning is sure: white space around an entry, a bare address (that one
/// host), bits after the prefix (the entry stands for its network), and a JSON array inside an entry, as
/// an example in the published documentation has it. Everything else is
/// [`Unreadable`](Self::Unreadable), and neither that nor [`NotReported`](Self::NotReported) ever becomes
/// [`IpAllowlist::Unrestricted`]: only a list that is really empty does.
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
/// It has no default either:
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
    /// It could be read.
    Known(IpAllowlist),
    /// Something was there that could not be read, so where the token works is not known.
    Unreadable(UnreadableAllowlist),
    /// The answer did not mention it.
    NotReported,
}

impl StoredAllowlist {
    /// Reads the field of an answer; `None` if the answer does not have it.
    ///
    /// ```
    /// use paradex_api_ext::net::StoredAllowlist;
    /// use paradex_api_ext::paradex_api::serde_json::json;
    ///
    /// let answer = json!({ "allowed_cidrs": ["192.0.2.0/24"] });
    /// let stored = StoredAllowlist::from_json(answer.get("allowed_cidrs"));
    /// assert_eq!(stored.to_string(), "192.0.2.0/24");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_json(value: Option<&Value>) -> Self {
        match value {
            None | Some(Value::Null) => Self::NotReported,
            Some(Value::Array(entries)) => Self::read(entries.iter().map(Value::as_str), || {
                Value::Array(entries.clone())
            }),
            Some(other) => Self::Unreadable(UnreadableAllowlist {
                raw: other.clone(),
                problems: vec![UnreadableEntry {
                    index: None,
                    problem: Problem::NotAList,
                }],
                more: 0,
            }),
        }
    }

    /// Reads a list that has already been decoded.
    ///
    /// An empty one is [`IpAllowlist::Unrestricted`], because that is what the exchange means by it. If
    /// the answer may have left the list out, use [`from_json`](Self::from_json), which can tell.
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

    /// Reads entries; `None` is one that is not a text.
    fn read<'a>(
        entries: impl ExactSizeIterator<Item = Option<&'a str>>,
        raw: impl FnOnce() -> Value,
    ) -> Self {
        if entries.len() == 0 {
            return Self::Known(IpAllowlist::Unrestricted);
        }
        let mut networks = Vec::new();
        let (mut problems, mut more) = (Vec::new(), 0);
        for (index, entry) in entries.enumerate() {
            if let Err(problem) = read_entry(entry, &mut networks) {
                if problems.len() < MOST_PROBLEMS {
                    problems.push(UnreadableEntry {
                        index: Some(index),
                        problem,
                    });
                } else {
                    more += 1;
                }
            }
        }
        match CidrSet::new(networks) {
            Ok(set) if problems.is_empty() => Self::Known(IpAllowlist::Only(set)),
            _ => Self::Unreadable(UnreadableAllowlist {
                raw: raw(),
                problems,
                more,
            }),
        }
    }

    /// The same, with problems that name the index and the rule but do not show the text. A list from a response is kept like
    /// this, because a server can put the bearer token of the request into it.
    pub(crate) fn without_texts(mut self) -> Self {
        if let Self::Unreadable(unreadable) = &mut self {
            for entry in &mut unreadable.problems {
                entry.problem = match std::mem::replace(&mut entry.problem, Problem::NotAList) {
                    Problem::Entry(error) => Problem::Entry(error.without_value()),
                    Problem::InnerList(_) => Problem::InnerList(None),
                    other => other,
                };
            }
        }
        self
    }

    /// The allowlist, if it could be read.
    pub fn known(&self) -> Option<&IpAllowlist> {
        match self {
            Self::Known(list) => Some(list),
            Self::Unreadable(_) | Self::NotReported => None,
        }
    }

    /// The allowlist, for whoever cannot go on without it.
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
    /// It could not be read, or was not reported.
    pub fn require_known(&self) -> Result<&IpAllowlist, UnknownAllowlist> {
        match self {
            Self::Known(list) => Ok(list),
            Self::Unreadable(unreadable) => Err(UnknownAllowlist {
                unreadable: Some(unreadable.summary()),
            }),
            Self::NotReported => Err(UnknownAllowlist { unreadable: None }),
        }
    }
}

/// Adds the networks of an entry. It either has one or is a problem: an entry is never read as nothing.
fn read_entry(entry: Option<&str>, networks: &mut Vec<Cidr>) -> Result<(), Problem> {
    let text = entry.ok_or(Problem::NotText)?.trim();
    if !text.starts_with('[') {
        networks.push(Cidr::parse_lenient(text).map_err(Problem::Entry)?);
        return Ok(());
    }
    let inner = match text.len() <= LONGEST_INNER {
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

/// The list as people should see it; what came from outside is cut and escaped.
impl fmt::Display for StoredAllowlist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(list) => list.fmt(f),
            Self::Unreadable(unreadable) => write!(f, "unreadable: {}", unreadable.summary()),
            Self::NotReported => f.write_str("not reported"),
        }
    }
}

/// What was there instead of an allowlist, and why it could not be read.
///
/// ```
/// use paradex_api_ext::net::StoredAllowlist;
/// use paradex_api_ext::paradex_api::serde_json::json;
///
/// let StoredAllowlist::Unreadable(unreadable) =
///     StoredAllowlist::from_json(Some(&json!(["192.0.2.0/24", 7, "[]"])))
/// else {
///     unreachable!("a number is not a network");
/// };
/// assert_eq!(unreadable.raw()[1], 7);
/// let bad: Vec<_> = unreadable.problems().iter().map(|problem| problem.index()).collect();
/// assert_eq!(bad, [Some(1), Some(2)]);
/// ```
///
/// `Debug` shows only the number of problems. `Display` shows the first problem, and the text of its entry only if the list
/// does not come from a response of the exchange.
#[derive(Clone, PartialEq, Eq)]
pub struct UnreadableAllowlist {
    raw: Value,
    problems: Vec<UnreadableEntry>,
    /// How many problems there are beyond these.
    more: usize,
}

/// A problem takes many times the memory of the entry that has it, so no more than these are described.
const MOST_PROBLEMS: usize = 100;

/// The longest list inside an entry that is read.
const LONGEST_INNER: usize = 64 << 10;

impl UnreadableAllowlist {
    /// What came, unchanged and of any size. If it came in a response, it may hold whatever the server sent, also secrets of the
    /// request: do not log it.
    pub fn raw(&self) -> &Value {
        &self.raw
    }

    /// What could not be read: at least one problem, and at most the first hundred.
    pub fn problems(&self) -> &[UnreadableEntry] {
        &self.problems
    }

    fn summary(&self) -> Summary {
        Summary {
            first: self.problems.first().cloned(),
            more: self.problems.len().saturating_sub(1).saturating_add(self.more),
        }
    }
}

impl fmt::Debug for UnreadableAllowlist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems = self.problems.len().saturating_add(self.more);
        f.debug_struct("UnreadableAllowlist")
            .field("problems", &problems)
            .finish_non_exhaustive()
    }
}

/// One line: the first problem and how many more there are.
impl fmt::Display for UnreadableAllowlist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.summary().fmt(f)
    }
}

/// The first problem, small enough for an error.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Summary {
    first: Option<UnreadableEntry>,
    more: usize,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(first) = &self.first {
            first.fmt(f)?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, ", and {more} more"),
        }
    }
}

/// Part of a reported allowlist that could not be read; its text says why, on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableEntry {
    index: Option<usize>,
    problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    NotAList,
    NotText,
    EmptyInnerList,
    /// With the text, unless it came in a response.
    InnerList(Option<Excerpt>),
    Entry(CidrError),
}

impl UnreadableEntry {
    /// Where the entry stands, from 0; `None` if the whole is not a list.
    pub fn index(&self) -> Option<usize> {
        self.index
    }

    /// What is wrong with the text, if it is a text that could have been a network.
    pub fn cidr_error(&self) -> Option<&CidrError> {
        match &self.problem {
            Problem::Entry(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for UnreadableEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(index) = self.index {
            write!(f, "entry [{index}] ")?;
        }
        match &self.problem {
            Problem::NotAList => f.write_str("it is not a list"),
            Problem::NotText => f.write_str("is not a text"),
            Problem::EmptyInnerList => f.write_str("is a list without a network"),
            Problem::InnerList(Some(text)) => write!(f, "{text} is not a list of texts"),
            Problem::InnerList(None) => f.write_str("is not a list of texts"),
            Problem::Entry(error) => error.fmt(f),
        }
    }
}

/// The allowlist of a token is not known, so nothing may be decided from it.
///
/// ```
/// use paradex_api_ext::net::StoredAllowlist;
///
/// let error = StoredAllowlist::NotReported.require_known().unwrap_err();
/// assert!(!error.is_unreadable());
/// assert!(error.to_string().contains("did not report"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownAllowlist {
    unreadable: Option<Summary>,
}

impl UnknownAllowlist {
    /// Whether there was something that could not be read; otherwise it was not reported.
    pub fn is_unreadable(&self) -> bool {
        self.unreadable.is_some()
    }
}

impl fmt::Display for UnknownAllowlist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the token's allowlist is not known: ")?;
        match &self.unreadable {
            Some(summary) => write!(f, "{summary}; set the whole list to replace it"),
            None => f.write_str(
                "the exchange did not report it; set the whole list if you know what it should be",
            ),
        }
    }
}

impl std::error::Error for UnknownAllowlist {}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{IpAllowlist, StoredAllowlist};

    fn read(value: Value) -> StoredAllowlist {
        StoredAllowlist::from_json(Some(&value))
    }

    #[test]
    fn sure_spellings_are_understood() {
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
    fn what_is_shown_is_short_and_on_one_line() {
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
            "the token's allowlist is not known: entry [0] \"x/8\" is not a network: it does not begin with \
             an IPv4 or IPv6 address; write it like 203.0.113.0/24 or 2001:db8::/32, and 1 more; \
             set the whole list to replace it"
        );
        assert_eq!(StoredAllowlist::NotReported.to_string(), "not reported");
    }

    #[test]
    fn the_error_outlives_the_answer() {
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
