//! The page: as text for a terminal, as JSON for programs, as Markdown for a pull request.
//!
//! The names in a document are untrusted. A name reaches a page only through [`quoted`], which
//! makes it a code span that nothing can break out of, so the sentences of rows are safe in all three.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::rules::{Level, Question};
use super::verdict::Bump;
use super::{Comparison, Row};
use crate::report::{counted, quoted};

/// This many of a list are shown.
const MOST: usize = 40;

/// The maximum length of a section in Markdown. There are four, and a pull request has room for 65,536 characters, of
/// which `watch` needs some for what is left to do.
const SECTION: usize = 10_000;

/// How a page is written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a terminal.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For a pull request.
    Markdown,
}

/// Names, one after another.
pub fn listed(names: &[impl AsRef<str>]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(MOST)
        .map(|name| quoted(name.as_ref()))
        .collect();
    match names.len().checked_sub(MOST) {
        Some(more @ 1..) => format!("{} and {more} more", shown.join(", ")),
        _ if shown.is_empty() => "none".to_owned(),
        _ => shown.join(", "),
    }
}

const QUESTIONS: [(Question, &str); 3] = [
    (
        Question::Wire,
        "Does the wire change for programs that are running?",
    ),
    (
        Question::Rust,
        "Does the Rust surface change for people who compile?",
    ),
    (Question::New, "What is new?"),
];

const LEVELS: &[Level] = &[Level::Breaking, Level::Notice, Level::Addition];

/// The two names at the top of a page are files and revisions, which may be longer than other names.
fn side((name, version): &(String, String)) -> String {
    format!("{} ({})", quoted(name), quoted(version))
}

impl Comparison {
    /// The page in a format.
    pub fn page(&self, format: Format) -> String {
        match format {
            Format::Text => self.text(),
            Format::Json => self.json(),
            Format::Markdown => self.markdown(),
        }
    }

    fn nothing_changed(&self) -> Option<String> {
        self.rows.is_empty().then(|| {
            let (old, new) = (side(&self.old), side(&self.new));
            let nothing = format!("Nothing changed: {old} and {new} describe the same interface.\n");
            nothing + &self.provisional_words("")
        })
    }

    /// Says why the comparison is provisional, in a paragraph below a blank line. Empty if it is not.
    fn provisional_words(&self, heading: &str) -> String {
        let (corrections, problems) = (&self.provisional.corrections, self.provisional.problems().len());
        let mut why = Vec::new();
        if !corrections.is_empty() {
            let verb = if corrections.len() == 1 { "does" } else { "do" };
            let targets: Vec<&String> = corrections.iter().collect();
            let many = counted(corrections.len(), "correction");
            why.push(format!("{many} {verb} not fit: {}.", listed(&targets)));
        }
        if problems > 0 {
            let verb = if problems == 1 { "needs" } else { "need" };
            why.push(format!(
                "{} {verb} a decision; `cargo xtask gen --from` names each.",
                counted(problems, "problem")
            ));
        }
        if why.is_empty() {
            return String::new();
        }
        format!(
            "\n{heading}{} Until then the code is generated with a workaround, so rows that are marked as provisional may \
             be no change. Solve this under openapi/ and compare again.\n",
            why.join(" ")
        )
    }

    /// The last section: why no entry for the changelog is proposed.
    fn no_entry(&self) -> Option<&'static str> {
        let why = "No entry for CHANGELOG.md is proposed while the comparison is provisional.";
        (!self.provisional.is_empty()).then_some(why)
    }

    /// The verdict in sentences.
    pub(crate) fn verdict_words(&self) -> String {
        let verdict = &self.verdict;
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for row in self.deciding() {
            match counts.iter_mut().find(|(id, _)| *id == row.rule.id()) {
                Some((_, count)) => *count += 1,
                None => counts.push((row.rule.id(), 1)),
            }
        }
        let rules: Vec<String> = counts
            .iter()
            .map(|(id, count)| format!("{id} ({count})"))
            .collect();
        let (provisionally, without) = match self.provisional.is_empty() {
            true => ("", String::new()),
            false => {
                let without = self.without_provisional().as_str();
                let says =
                    format!(" Without the rows that are marked as provisional it would be: {without}.");
                (", provisionally", says)
            }
        };
        format!(
            "{}{provisionally}. paradex-api and paradex-api-ext go from {} to {}: before 1.0 a break raises the second \
             number and everything else the third. Decided by: {}.{}{without}",
            verdict.bump.as_str(),
            quoted(&verdict.released),
            quoted(verdict.proposed.as_deref().unwrap_or_default()),
            rules.join(", "),
            self.own_doing()
        )
    }

    fn text(&self) -> String {
        if let Some(nothing) = self.nothing_changed() {
            return nothing;
        }
        let mut page = format!("From {} to {}\n\n", side(&self.old), side(&self.new));
        let _ = writeln!(page, "Verdict: {}", self.verdict_words());
        page.push_str(&self.provisional_words("Provisional: "));
        for (question, title) in QUESTIONS {
            let _ = writeln!(page, "\n{title} {}", self.count(question));
            for (group, rows) in self.groups(question) {
                let _ = writeln!(page, "  {group}");
                for row in rows {
                    let (level, rule) = (row.rule.level().as_str(), row.rule.id());
                    let _ = writeln!(
                        page,
                        "    {level:8} {rule:28} {}{}  [{}]",
                        row.sentence,
                        mark(row),
                        row.fingerprint()
                    );
                }
            }
        }
        if let Some(why) = self.no_entry() {
            let _ = writeln!(page, "\n{why}");
            return page;
        }
        let _ = write!(
            page,
            "\nFor CHANGELOG.md, under \"Unreleased\", to be edited:\n\n{}",
            self.changelog()
        );
        page
    }

    fn markdown(&self) -> String {
        if let Some(nothing) = self.nothing_changed() {
            return nothing;
        }
        let mut page = format!("From {} to {}\n\n", side(&self.old), side(&self.new));
        let _ = writeln!(page, "**Verdict:** {}", self.verdict_words());
        page.push_str(&self.provisional_words("**Provisional:** "));
        for (question, title) in QUESTIONS {
            let _ = writeln!(page, "\n### {title}\n\n{}\n", self.count(question));
            let mut section = String::new();
            for (group, rows) in self.groups(question) {
                let _ = writeln!(section, "* {group}");
                for row in rows {
                    let (level, rule) = (row.rule.level().as_str(), row.rule.id());
                    let level = if level == "breaking" {
                        "**breaking**"
                    } else {
                        level
                    };
                    let _ = writeln!(
                        section,
                        "  * {level} `{rule}`: {}{} `[{}]`",
                        row.sentence,
                        mark(row),
                        row.fingerprint()
                    );
                }
            }
            page.push_str(&cut(&section));
        }
        if let Some(why) = self.no_entry() {
            let _ = writeln!(page, "\n{why}");
            return page;
        }
        // No line of the entry can end the fence: `quoted` leaves no backtick in a name.
        let _ = write!(
            page,
            "\n### For CHANGELOG.md, under \"Unreleased\", to be edited\n\n```markdown\n{}```\n",
            cut(&self.changelog())
        );
        page
    }

    fn json(&self) -> String {
        let side =
            |(name, version): &(String, String)| json!({"name": short(name), "version": short(version)});
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                json!({
                    "rule": row.rule.id(),
                    "question": row.rule.question().as_str(),
                    "level": row.rule.level().as_str(),
                    "place": short(&row.place),
                    "values": row.values.iter().map(|value| short(value)).collect::<Vec<_>>(),
                    "operations": row.operations.iter().map(|key| short(key)).collect::<Vec<_>>(),
                    "sentence": row.sentence,
                    "fingerprint": row.fingerprint(),
                    "provisional": row.provisional,
                })
            })
            .collect();
        let verdict = &self.verdict;
        let page = json!({
            "old": side(&self.old),
            "new": side(&self.new),
            "verdict": {
                "bump": word(verdict.bump),
                "provisional": !self.provisional.is_empty(),
                "without_provisional": word(self.without_provisional()),
                "released": verdict.released,
                "proposed": verdict.proposed.as_ref().map(|version| json!({"paradex-api": version, "paradex-api-ext": version})),
                "decided_by": self.deciding().map(Row::fingerprint).collect::<Vec<_>>(),
            },
            "provisional_because": {
                "corrections": self.provisional.corrections.iter().map(|target| short(target)).collect::<Vec<_>>(),
                "problems": self.provisional.problems().map(|text| short(text)).collect::<Vec<_>>(),
            },
            "rows": rows,
            "changelog": self.changelog(),
        });
        ascii(&format!("{page:#}\n"))
    }

    /// How many rows of which level a question has.
    fn count(&self, question: Question) -> String {
        let counts = [
            (Level::Breaking, "breaking", "breaking"),
            (Level::Notice, "notice", "notices"),
            (Level::Addition, "addition", "additions"),
        ];
        let counts: Vec<String> = counts
            .into_iter()
            .filter_map(|(level, one, several)| {
                let all = self.rows_about(question, LEVELS);
                let count = all.filter(|row| row.rule.level() == level).count();
                (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { several }))
            })
            .collect();
        if counts.is_empty() {
            "No.".to_owned()
        } else {
            format!("{}.", counts.join(", "))
        }
    }

    /// The rows of a question under what they belong to, with its heading. The order is that of the gravest row.
    fn groups(&self, question: Question) -> Vec<(String, Vec<&Row>)> {
        let mut groups: Vec<(&str, BTreeSet<&String>, Vec<&Row>)> = Vec::new();
        for row in self.rows_about(question, LEVELS) {
            match groups.iter_mut().find(|(group, ..)| *group == row.group()) {
                Some((_, operations, rows)) => {
                    operations.extend(&row.operations);
                    rows.push(row);
                }
                None => groups.push((row.group(), row.operations.iter().collect(), vec![row])),
            }
        }
        groups
            .into_iter()
            .map(|(group, operations, rows)| {
                let few: Vec<&&String> = operations.iter().take(3).collect();
                let heading = match operations.len() {
                    0 | 1 => quoted(group),
                    count if count > few.len() => {
                        format!(
                            "{}, in {} and {} more",
                            quoted(group),
                            listed(&few),
                            count - few.len()
                        )
                    }
                    _ => format!("{}, in {}", quoted(group), listed(&few)),
                };
                (heading, rows)
            })
            .collect()
    }
}

/// The mark of a row that may be no change.
fn mark(row: &Row) -> &'static str {
    if row.provisional { " (provisional)" } else { "" }
}

fn word(bump: Bump) -> &'static str {
    match bump {
        Bump::None => "none",
        bump => bump.as_str(),
    }
}

/// The lines that fit into a section.
fn cut(section: &str) -> String {
    let mut kept = String::new();
    let mut lines = section.lines();
    for line in lines.by_ref() {
        if kept.len() + line.len() > SECTION {
            let more = lines.count() + 1;
            let _ = writeln!(kept, "\n… and {more} more lines; `cargo xtask diff` shows all.");
            return kept;
        }
        kept.push_str(line);
        kept.push('\n');
    }
    kept
}

/// A name, cut if it is very long.
fn short(name: &str) -> String {
    const LONGEST: usize = 1_000;
    let mut short: String = name.chars().take(LONGEST).collect();
    if short.len() < name.len() {
        short.push('…');
    }
    short
}

/// JSON in which everything but plain ASCII is escaped, so that a terminal shows it and does not obey it.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || (' '..='~').contains(&c) {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}
