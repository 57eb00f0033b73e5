//! What to release: how far the version moves, which rows decide it, and the entry for the changelog.
//!
//! Semantic versioning is about code that compiles against the crate, so the rows about the code decide. A break raises the first
//! number and anything new the second; before 1.0 a break raises the second and everything else the third.
//! A change on the wire alone is a patch: it affects running programs whatever version they were compiled against.
//! The client hands out the raw crate, so both crates move together.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::print::listed;
use super::rules::{Level, Question, Rule};
use super::{Comparison, Row};
use crate::documents::Kind;
use crate::report::quoted;
use crate::version::{numbers, with_metadata};

/// How far a version moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// There is nothing to release.
    None,
    /// Everything that compiled compiles, and there is nothing new to compile against.
    Patch,
    /// Everything that compiled compiles, and there is more.
    Minor,
    /// Something that compiled does not.
    Major,
}

impl Bump {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Bump::None => "nothing to release",
            Bump::Patch => "patch",
            Bump::Minor => "minor",
            Bump::Major => "major",
        }
    }

    /// What one row asks for by itself.
    pub fn for_row(row: &Row) -> Self {
        match (row.rule.is_of_code(), row.rule.level()) {
            (true, Level::Breaking) => Bump::Major,
            (true, Level::Addition) => Bump::Minor,
            // Semantic versioning says so of what is deprecated.
            _ if row.rule == Rule::RustDeprecated => Bump::Minor,
            _ => Bump::Patch,
        }
    }
}

/// What to release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How far the version moves.
    pub bump: Bump,
    /// The version that both crates have.
    pub released: String,
    /// The version that both crates should get, with the version of the document behind it.
    pub proposed: Option<String>,
}

impl Verdict {
    /// The verdict over all rows.
    ///
    /// # Errors
    ///
    /// `released` is no version.
    pub fn from_rows(rows: &[Row], released: &str, upstream: &str) -> anyhow::Result<Self> {
        let bump = rows.iter().map(Bump::for_row).max().unwrap_or(Bump::None);
        let proposed = (bump != Bump::None)
            .then(|| proposed(bump, released, upstream))
            .transpose()?;
        Ok(Self {
            bump,
            released: released.to_owned(),
            proposed,
        })
    }
}

fn proposed(bump: Bump, released: &str, upstream: &str) -> anyhow::Result<String> {
    let plain = released.split(['-', '+']).next().and_then(numbers);
    let Some([x, y, z]) = plain else {
        anyhow::bail!("{} is no version of the form x.y.z", quoted(released));
    };
    let (x, y, z) = match (bump, x) {
        (Bump::Major, 0) => (0, y + 1, 0),
        (Bump::Major, _) => (x + 1, 0, 0),
        (Bump::Minor, 1..) => (x, y + 1, 0),
        _ => (x, y, z + 1),
    };
    Ok(with_metadata(&format!("{x}.{y}.{z}"), upstream))
}

/// What users find under a kind of addition in the changelog.
const NEW: [(Rule, &str); 8] = [
    (Rule::RustCallAdded, "Calls"),
    (Rule::RustTypeAdded, "Types"),
    (Rule::RustFieldAdded, "Fields"),
    (Rule::RustVariantAdded, "Values"),
    (Rule::RustMethodAdded, "Setters and methods"),
    (Rule::RustTraitAdded, "Traits"),
    (Rule::RustItemAdded, "Items"),
    (Rule::RustFeatureDropped, "Without a feature now"),
];

/// Whether a row of the document shows in the code anyway, by the name that users know it by.
fn shows_in_code(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::OperationAdded
            | Rule::ParameterAdded
            | Rule::RequestFieldAdded
            | Rule::ResponseFieldAdded
            | Rule::RequestValueAdded
            | Rule::ResponseValueAdded
            | Rule::SchemaAdded
    )
}

impl Comparison {
    /// The remark that we caused a break and not the exchange, if nothing breaks on the wire.
    pub(super) fn own_doing(&self) -> &'static str {
        let on_the_wire = self
            .rows_about(Question::Wire, &[Level::Breaking])
            .next()
            .is_some();
        match self.verdict.bump {
            Bump::Major if !on_the_wire => {
                " Nothing breaks on the wire: the break is our own doing, by a name or by how the code is generated."
            }
            _ => "",
        }
    }

    /// How far the version moves by what is certain: without the provisional rows.
    pub fn without_provisional(&self) -> Bump {
        let firm = self.rows.iter().filter(|row| !row.provisional);
        firm.map(Bump::for_row).max().unwrap_or(Bump::None)
    }

    /// The rows that decide the verdict: those that ask for it.
    pub fn deciding(&self) -> impl Iterator<Item = &Row> {
        self.rows
            .iter()
            .filter(|row| Bump::for_row(row) == self.verdict.bump)
    }

    /// An entry for the changelog, below the heading of the version; to be edited. Empty if there is nothing to
    /// release, and while the comparison is provisional: what would be listed may be no change at all.
    pub fn changelog(&self) -> String {
        if self.verdict.proposed.is_none() || !self.provisional.is_empty() {
            return String::new();
        }
        let mut text = String::new();
        for (kind, old, new) in &self.versions {
            let document = match kind {
                Kind::OpenApi => "document".to_owned(),
                _ => format!("{} document", kind.title()),
            };
            let _ = if old == new {
                writeln!(
                    text,
                    "The exchange changed its {document} {} without a new number.",
                    quoted(new)
                )
            } else {
                writeln!(
                    text,
                    "Follows the exchange's {document} {} (before: {}).",
                    quoted(new),
                    quoted(old)
                )
            };
        }
        let more = self.rows_about(Question::New, &[Level::Addition]);
        let more = more.filter(|row| !row.rule.is_of_code() && !shows_in_code(row.rule));
        let wire = self
            .rows_about(Question::Wire, &[Level::Breaking, Level::Notice])
            .chain(more);
        bullets(
            &mut text,
            "\n### What the exchange changed\n\n",
            wire.map(|row| row.sentence.clone()),
        );
        let of_code = |level: &'static [Level]| {
            let rows = self.rows_about(Question::Rust, level);
            rows.filter(|row| row.rule.is_of_code())
                .map(|row| row.sentence.clone())
        };
        let new = NEW.iter().filter_map(|(rule, title)| {
            let rows: Vec<&Row> = self.rows.iter().filter(|row| row.rule == *rule).collect();
            let names: Vec<&str> = rows.iter().map(|row| row.place.as_str()).collect();
            (!names.is_empty()).then(|| format!("{title}: {}.", listed(&names)))
        });
        let mut code = String::new();
        bullets(
            &mut code,
            "\nWhat has to be changed:\n\n",
            of_code(&[Level::Breaking]),
        );
        bullets(
            &mut code,
            "\nWhat compiles and is worth a look:\n\n",
            of_code(&[Level::Notice]),
        );
        bullets(&mut code, "\nNew:\n\n", new);
        if !code.is_empty() {
            text.push_str("\n### paradex-api\n");
            text.push_str(&code);
        }
        text
    }
}

fn bullets(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    // A change in both directions is listed once.
    let mut reported = BTreeSet::new();
    for line in lines {
        if reported.is_empty() {
            text.push_str(title);
        }
        if reported.insert(line.clone()) {
            let _ = writeln!(text, "* {line}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bump, proposed};

    #[test]
    fn break_raises_the_leftmost_number_or_the_second_before_1_0() {
        for (bump, before, after) in [
            (Bump::Major, "0.1.2", "0.2.0+api.1.132.1"),
            (Bump::Minor, "0.1.2", "0.1.3+api.1.132.1"),
            (Bump::Patch, "0.1.2", "0.1.3+api.1.132.1"),
            (Bump::Major, "1.1.2", "2.0.0+api.1.132.1"),
            (Bump::Minor, "1.1.2", "1.2.0+api.1.132.1"),
            (Bump::Patch, "1.1.2+api.1.131.0", "1.1.3+api.1.132.1"),
        ] {
            assert_eq!(proposed(bump, before, "1.132.1").unwrap(), after);
        }
        for odd in ["", "1", "1.2", "1.2.3.4", "a.b.c"] {
            assert!(proposed(Bump::Patch, odd, "1").is_err(), "{odd}");
        }
    }

    #[test]
    fn proposed_version_is_valid_for_any_document_version() {
        for (upstream, behind) in [
            ("", "unknown"),
            ("1..2\n", "1.2-"),
            ("`<b>` é", "--b----"),
            ("...", "unknown"),
        ] {
            assert_eq!(
                proposed(Bump::Patch, "0.1.0", upstream).unwrap(),
                format!("0.1.1+api.{behind}")
            );
        }
        assert!(
            proposed(Bump::Patch, "0.1.0", &"9".repeat(1_000_000))
                .unwrap()
                .len()
                < 60
        );
    }
}
