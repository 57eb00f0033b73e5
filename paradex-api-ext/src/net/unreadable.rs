//! Why an allowlist that the exchange reported is not known.

use std::fmt;

use serde_json::Value;

use super::CidrError;
use super::excerpt::Excerpt;

/// An allowlist that could not be read: what the exchange reported, and why it is not a list of networks.
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
/// `Debug` shows only the number of problems. `Display` shows the first problem; it shows the text of the entry only if the
/// list is not from a response of the exchange.
#[derive(Clone, PartialEq, Eq)]
pub struct UnreadableAllowlist {
    raw: Value,
    problems: Vec<UnreadableEntry>,
    /// The number of further problems.
    more: usize,
}

impl UnreadableAllowlist {
    pub(super) fn new(raw: Value, problems: Vec<(usize, Problem)>, more: usize) -> Self {
        let problems = problems.into_iter().map(|(index, problem)| UnreadableEntry {
            index: Some(index),
            problem,
        });
        Self {
            raw,
            problems: problems.collect(),
            more,
        }
    }

    pub(super) fn not_a_list(raw: Value) -> Self {
        Self {
            raw,
            problems: vec![UnreadableEntry {
                index: None,
                problem: Problem::NotAList,
            }],
            more: 0,
        }
    }

    /// Keeps the index and the rule of each problem, and removes the text of the entry.
    pub(super) fn remove_texts(&mut self) {
        for entry in &mut self.problems {
            entry.problem = match std::mem::replace(&mut entry.problem, Problem::NotAList) {
                Problem::Entry(error) => Problem::Entry(error.without_value()),
                Problem::InnerList(_) => Problem::InnerList(None),
                other => other,
            };
        }
    }

    /// Returns the value as it was reported, of any size.
    ///
    /// If it is from a response, it can contain anything that the server sent, even secrets of the request: do not log it.
    pub fn raw(&self) -> &Value {
        &self.raw
    }

    /// Returns the problems: at least one, and at most the first 100.
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

/// On one line: the first problem and the number of the others.
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

/// A part of a reported allowlist that could not be read. Its text says why, on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableEntry {
    index: Option<usize>,
    problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    NotAList,
    NotText,
    EmptyInnerList,
    /// With the text, unless it is from a response.
    InnerList(Option<Excerpt>),
    Entry(CidrError),
}

impl UnreadableEntry {
    /// Returns the position of the entry, from 0, or `None` if the value is not a list.
    pub fn index(&self) -> Option<usize> {
        self.index
    }

    /// Returns the rule that the entry breaks, if it is a text.
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

/// The allowlist of a token or subkey is not known, so nothing may be changed because of it.
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
    pub(super) fn unreadable(list: &UnreadableAllowlist) -> Self {
        Self {
            unreadable: Some(list.summary()),
        }
    }

    pub(super) fn not_reported() -> Self {
        Self { unreadable: None }
    }

    /// Returns whether the list could not be read. Otherwise it was not reported.
    pub fn is_unreadable(&self) -> bool {
        self.unreadable.is_some()
    }
}

impl fmt::Display for UnknownAllowlist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the allowlist is not known: ")?;
        match &self.unreadable {
            Some(summary) => write!(f, "{summary}; set the whole list to replace it"),
            None => f.write_str(
                "the exchange did not report it; set the whole list if you know what it should be",
            ),
        }
    }
}

impl std::error::Error for UnknownAllowlist {}
