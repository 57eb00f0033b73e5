//! What a run found.

use std::collections::BTreeSet;
use std::fmt;

use crate::autofix::Edit;
use crate::overlay::OverlayError;

/// What a run found: problems, which stop a strict run, and notes, which do not.
#[derive(Debug, Default, Clone)]
pub struct Report {
    /// What must be fixed in `openapi/` before the crate can be generated.
    pub problems: Vec<String>,
    /// The problems that need a decision on which the code depends. They are among [`Self::problems`].
    pub decisions: Vec<String>,
    /// The problems that an edit fixes. They are among [`Self::problems`].
    pub(crate) fixable: BTreeSet<String>,
    /// What must be written in `openapi/` before the crate can be released.
    pub placeholders: Vec<String>,
    /// What was worked around or is worth knowing.
    pub notes: Vec<String>,
    /// What `--accept` does about problems that need no decision.
    pub edits: Vec<Edit>,
}

impl Report {
    /// Adds a problem that needs a decision.
    pub fn problem(&mut self, text: impl fmt::Display) {
        let text = printable(&text.to_string());
        self.problems.push(text.clone());
        self.decisions.push(text);
    }

    /// Adds a problem that needs a decision on which the code does not depend.
    pub fn leftover(&mut self, text: impl fmt::Display) {
        self.problems.push(printable(&text.to_string()));
    }

    /// Adds a problem that an edit fixes. The code is the same before and after the edit.
    pub fn fixable(&mut self, text: impl fmt::Display, edit: Edit) {
        let text = printable(&text.to_string());
        self.problems.push(text.clone());
        self.fixable.insert(text);
        self.edits.push(edit);
    }

    /// Adds a rename, which `--accept` applies to all files.
    pub fn renamed(&mut self, text: impl fmt::Display) {
        let text = printable(&text.to_string());
        self.problems.push(text.clone());
        self.fixable.insert(text);
    }

    /// Adds a correction that does not fit.
    pub fn overlay_error(&mut self, error: &OverlayError) {
        self.problems.push(printable(&error.to_string()));
    }

    /// Adds a note.
    pub fn note(&mut self, text: impl fmt::Display) {
        self.notes.push(printable(&text.to_string()));
    }
}

impl fmt::Display for Report {
    /// What needs a decision comes first; `--accept` fixes the rest.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_fixable = |problem: &&String| self.fixable.contains(*problem);
        for problem in self.problems.iter().filter(|problem| !is_fixable(problem)) {
            writeln!(f, "problem: {problem}")?;
        }
        for problem in self.problems.iter().filter(is_fixable) {
            writeln!(f, "fixable: {problem}")?;
        }
        for place in &self.placeholders {
            writeln!(f, "placeholder: {place}")?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        Ok(())
    }
}

/// `1 problem`, `2 problems`.
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// Longer names are cut: what they are called can be read in the document.
const LONGEST: usize = 160;

/// Whether a character cannot be seen, or only changes how others are shown. What controls a terminal is not meant.
pub fn is_invisible(c: char) -> bool {
    !c.is_ascii() && !c.is_control() && c.escape_debug().len() > 1
}

/// One line, whatever a document calls its parts: line breaks, terminal sequences and marks that turn the
/// direction of a text are shown, not obeyed.
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_invisible(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// A name between backticks, on one line, of bearable length, with nothing in it that a terminal or Markdown
/// takes for more than text.
pub fn quoted(name: &str) -> String {
    if name.is_empty() {
        return "`\"\"`".to_owned();
    }
    let shown: String = name.chars().take(LONGEST).collect();
    let more = if shown.len() < name.len() { "…" } else { "" };
    format!("`{}{more}`", printable(&shown).replace('`', "\\u{60}"))
}

/// A sentence about names, between backticks like [`quoted`]. The names in it are between apostrophes.
pub fn reason(sentence: &str) -> String {
    quoted(&sentence.replace('`', "'"))
}

#[cfg(test)]
mod tests {
    use super::{Report, printable, quoted, reason};

    #[test]
    fn names_in_a_reason_are_legible() {
        assert_eq!(reason("there is no `a`\n"), "`there is no 'a'\\u{a}`");
    }

    #[test]
    fn hostile_name_stays_in_its_line() {
        let mut report = Report::default();
        report.problem("undescribed: a\n::set-output name=x::y\u{1b}[2J\u{202e}");
        assert_eq!(
            report.to_string(),
            "problem: undescribed: a\\u{a}::set-output name=x::y\\u{1b}[2J\\u{202e}\n"
        );
        assert_eq!(printable("größer {a} 'b'"), "größer {a} 'b'");
    }

    #[test]
    fn name_stays_in_its_code_span() {
        for (name, shown) in [
            ("responses.Order", "`responses.Order`"),
            ("", "`\"\"`"),
            ("a`b\n# c", "`a\\u{60}b\\u{a}# c`"),
            ("größer\\", "`größer\\`"),
            (
                "\u{200b}\u{202e}\u{e0041}\u{3000}",
                "`\\u{200b}\\u{202e}\\u{e0041}\\u{3000}`",
            ),
        ] {
            assert_eq!(quoted(name), shown);
        }
        assert_eq!(quoted(&"x".repeat(1 << 20)), format!("`{}…`", "x".repeat(160)));
    }
}
