//! Assumptions as a file in TOML.

use std::fmt::Write as _;

use toml::de::{DeTable, DeValue};

use super::question::{AnswerKind, Question};
use super::{Answer, Assumptions, QUESTIONS, askable};
use crate::suggestion::did_you_mean;

/// The tables of a report that are for people.
const FOR_PEOPLE: [&str; 3] = ["probe", "evidence", "unanswered"];

/// The table of the answers.
const ANSWERS: &str = "answers";

impl Assumptions {
    /// Reads assumptions from TOML: a table `[answers]` of questions and answers. What it leaves out is as in the table of this
    /// crate.
    ///
    /// A report of `paradex probe` is such a file. Its tables `[probe]`, `[evidence]` and `[unanswered]` are ignored.
    ///
    /// # Errors
    ///
    /// It is not TOML, or has an unknown table, an unknown question or an answer that the question does not have. The error names
    /// the line.
    pub fn from_toml(text: &str) -> Result<Self, InvalidAssumptions> {
        let mut assumptions = Self::new();
        for (question, answer) in read(text)? {
            assumptions.set_answer(question, answer);
        }
        Ok(assumptions)
    }

    /// Returns the assumptions as TOML: every question that can be asked, with its answer and what it means.
    ///
    /// ```
    /// use paradex_api_ext::assumptions::Assumptions;
    ///
    /// let mut assumptions = Assumptions::new();
    /// assumptions.set("network-limit", "20")?;
    /// assert_eq!(Assumptions::from_toml(&assumptions.to_toml())?, assumptions);
    /// # Ok::<(), paradex_api_ext::assumptions::InvalidAssumptions>(())
    /// ```
    pub fn to_toml(&self) -> String {
        let mut text = format!("[{ANSWERS}]\n");
        for question in QUESTIONS {
            if question.answers != AnswerKind::None {
                let _ = writeln!(text, "# {}", question.text);
                let _ = writeln!(text, "{} = {}", question.name, self.answer_to(question).toml());
            }
        }
        text
    }
}

/// Returns the questions that a file answers.
///
/// # Errors
///
/// As for [`Assumptions::from_toml`].
#[doc(hidden)]
pub fn answered(text: &str) -> Result<Vec<&'static Question>, InvalidAssumptions> {
    Ok(read(text)?.into_iter().map(|(question, _)| question).collect())
}

/// Reads the answers of a file.
fn read(text: &str) -> Result<Vec<(&'static Question, Answer)>, InvalidAssumptions> {
    let document = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_at(text, span.start));
        InvalidAssumptions::new(format!("it is not TOML: {}", error.message())).at_line(line)
    })?;
    let mut answers = Vec::new();
    for (name, value) in document.get_ref() {
        let line = line_at(text, name.span().start);
        let name: &str = name.get_ref();
        match value.get_ref() {
            DeValue::Table(table) if name == ANSWERS => {
                for (name, value) in table {
                    let line = line_at(text, name.span().start);
                    let read = read_answer(name.get_ref(), value.get_ref());
                    answers.push(read.map_err(|error| error.at_line(line))?);
                }
            }
            DeValue::Table(_) if FOR_PEOPLE.contains(&name) => {}
            _ => return Err(InvalidAssumptions::unknown_table(name).at_line(line)),
        }
    }
    Ok(answers)
}

fn read_answer(name: &str, value: &DeValue<'_>) -> Result<(&'static Question, Answer), InvalidAssumptions> {
    let question = askable(name)?;
    let wrong = |rule| {
        Err(InvalidAssumptions::invalid_answer(
            question,
            value.type_str(),
            rule,
        ))
    };
    let answer = match (value, question.answers) {
        (DeValue::Integer(number), AnswerKind::Number { .. }) if number.radix() == 10 => {
            Answer::parse(question, number.as_str())?
        }
        (DeValue::String(text), AnswerKind::Words { .. } | AnswerKind::Refusal { .. }) => {
            Answer::parse(question, text)?
        }
        (_, AnswerKind::Number { .. }) => return wrong("write a whole number, without quotes"),
        _ => return wrong("write a text, in quotes"),
    };
    Ok((question, answer))
}

impl Answer {
    /// Returns the answer as a value of TOML.
    pub(crate) fn toml(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            other => quoted(&other.to_string()),
        }
    }
}

/// Returns a text as a basic string of TOML.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Assumptions that cannot be read, with the reason and the line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{text}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
pub struct InvalidAssumptions {
    text: String,
    line: Option<usize>,
}

impl InvalidAssumptions {
    fn new(text: String) -> Self {
        Self { text, line: None }
    }

    fn at_line(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    pub(super) fn unknown_question(name: &str) -> Self {
        let known = QUESTIONS.iter().map(|question| question.name);
        Self::new(format!(
            "there is no question `{}`{}; `paradex probe --list` lists them",
            paradex_api::visible(name, 80),
            did_you_mean(name, known)
        ))
    }

    pub(super) fn not_askable(question: &Question) -> Self {
        Self::new(format!(
            "the question `{}` cannot be asked, so it has no answers: leave it out",
            question.name
        ))
    }

    pub(super) fn invalid_answer(question: &Question, answer: &str, rule: &str) -> Self {
        Self::new(format!(
            "`{}` is no answer to the question `{}`: {rule}",
            paradex_api::visible(answer, 80),
            question.name
        ))
    }

    fn unknown_table(name: &str) -> Self {
        let known = FOR_PEOPLE.iter().copied().chain([ANSWERS]);
        Self::new(format!(
            "`{}` is unknown{}; write the answers below `[{ANSWERS}]`",
            paradex_api::visible(name, 80),
            did_you_mean(name, known)
        ))
    }
}

impl From<InvalidAssumptions> for crate::Error {
    fn from(error: InvalidAssumptions) -> Self {
        crate::error::InvalidInput::from_rule("assumptions", error.to_string()).into()
    }
}
