//! Errors of policies.

use std::fmt;

use paradex_api::visible;

use crate::fleet::table::one_line;

/// Why a text is not a policy, or why a policy does not fit the tokens and subkeys that exist.
///
/// Its message is one line with the place, the value, the rule and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    line: Option<usize>,
    text: String,
}

impl PolicyError {
    pub(in crate::fleet) fn new(
        line: Option<usize>,
        field: impl fmt::Display,
        value: &str,
        rule: impl Into<String>,
        remedy: String,
    ) -> Self {
        let (field, value, rule) = (visible(&field.to_string(), 80), visible(value, 80), rule.into());
        Self {
            line,
            text: visible(&format!("{field}: `{value}` is refused: {rule}; {remedy}"), 600),
        }
    }

    pub(super) fn syntax(line: Option<usize>, message: &str) -> Self {
        Self {
            line,
            text: visible(message, 400),
        }
    }

    /// Returns the line in the policy file, counted from 1, if it is known.
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.text)
    }
}

impl std::error::Error for PolicyError {}

/// Names for a sentence; a long list is shortened.
pub(super) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 10;
    let names: Vec<String> = names.map(|name| format!("`{}`", one_line(name))).collect();
    match names.len() {
        0 => "none".to_owned(),
        1..=MOST => names.join(", "),
        more => format!(
            "{} and {} more",
            names.iter().take(MOST).cloned().collect::<Vec<_>>().join(", "),
            more - MOST
        ),
    }
}
