//! A value that cannot be used.

use std::fmt;

use paradex_api::{InvalidRequest, visible};

/// A value of the caller's that breaks a rule. Nothing was sent.
///
/// ```
/// use std::time::Duration;
///
/// use paradex_api_ext::net::IpAllowlist;
/// use paradex_api_ext::tokens::NewToken;
///
/// let error = NewToken::new("", "api_key", Duration::from_secs(3_600), IpAllowlist::Unrestricted).unwrap_err();
/// assert_eq!((error.field(), error.value()), ("name", Some("")));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidInput {
    field: &'static str,
    value: Option<String>,
    rule: String,
    remedy: Option<&'static str>,
}

impl InvalidInput {
    pub(crate) fn new(
        field: &'static str,
        value: impl fmt::Display,
        rule: impl Into<String>,
        remedy: &'static str,
    ) -> Self {
        Self {
            field,
            value: Some(visible(&value.to_string(), 80)),
            rule: rule.into(),
            remedy: Some(remedy),
        }
    }

    /// A rule that names the value and the remedy itself, or whose value must not be shown.
    pub(crate) fn from_rule(field: &'static str, rule: impl Into<String>) -> Self {
        Self {
            field,
            value: None,
            rule: rule.into(),
            remedy: None,
        }
    }

    /// Returns the name of the field or parameter; `call` if it is the request as a whole.
    pub fn field(&self) -> &str {
        self.field
    }

    /// Returns the start of the value, if it may be shown.
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// Returns the rule that the value breaks.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// Returns what to do, if the rule does not say so itself.
    pub fn remedy(&self) -> Option<&str> {
        self.remedy
    }
}

impl From<InvalidRequest> for InvalidInput {
    fn from(source: InvalidRequest) -> Self {
        let field = match &source {
            InvalidRequest::Missing { name, .. }
            | InvalidRequest::PathSegment { name, .. }
            | InvalidRequest::Header { name, .. } => name,
            InvalidRequest::UnexpectedBody { .. } => "body",
            _ => "call",
        };
        Self::from_rule(field, source.to_string())
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(value) = &self.value {
            write!(f, "{} `{value}` is refused: ", self.field)?;
        }
        f.write_str(&self.rule)?;
        match self.remedy {
            Some(remedy) => write!(f, "; {remedy}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for InvalidInput {}

#[cfg(test)]
mod tests {
    use super::InvalidInput;

    #[test]
    fn hostile_value_stays_on_one_short_line() {
        let value = format!("a\n\u{1b}[31m{}", "x".repeat(1_000_000));
        let shown = InvalidInput::new("name", value, "too long", "shorten it").to_string();
        assert!(shown.len() < 200 && !shown.contains(['\n', '\u{1b}']), "{shown}");
    }

    #[test]
    fn absent_value_and_remedy_are_not_printed() {
        let error = InvalidInput::from_rule("private_key", "it is zero");
        assert_eq!(error.to_string(), "it is zero");
        assert_eq!((error.value(), error.remedy()), (None, None));
        let error = InvalidInput::new("name", "", "it is empty", "name it");
        assert_eq!(error.to_string(), "name `` is refused: it is empty; name it");
    }
}
