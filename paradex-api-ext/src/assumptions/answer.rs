//! Answers.

use std::fmt;

use super::file::InvalidAssumptions;
use super::question::{AnswerKind, Question};
use crate::suggestion::did_you_mean;

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// One of the words of the question.
    Word(&'static str),
    /// A number, in the unit of the question.
    Number(u64),
    /// How a request is refused.
    Refusal(Refusal),
}

impl Answer {
    /// Reads an answer of this question.
    pub(crate) fn parse(question: &'static Question, text: &str) -> Result<Self, InvalidAssumptions> {
        let invalid = |rule: String| Err(InvalidAssumptions::invalid_answer(question, text, &rule));
        match question.answers {
            AnswerKind::Words { choices, .. } => {
                let words = || choices.iter().map(|choice| choice.word);
                match words().find(|word| *word == text) {
                    Some(word) => Ok(Self::Word(word)),
                    None => invalid(format!(
                        "the answers are {}{}",
                        words()
                            .map(|word| format!("`{word}`"))
                            .collect::<Vec<_>>()
                            .join(", "),
                        did_you_mean(text, words())
                    )),
                }
            }
            AnswerKind::Number {
                unit, least, most, ..
            } => match text.parse() {
                Ok(number) if (least..=most).contains(&number) => Ok(Self::Number(number)),
                _ => invalid(format!(
                    "the answer is a whole number of {unit}, from {least} to {most}"
                )),
            },
            AnswerKind::Refusal { .. } => match Refusal::parse(text) {
                Some(refusal) => Ok(Self::Refusal(refusal)),
                None => invalid(
                    "the answer is a status from 400 to 599, and the error code if there is one, such as \
                     `403 IP_NOT_ALLOWED`"
                        .to_owned(),
                ),
            },
            AnswerKind::None => Err(InvalidAssumptions::not_askable(question)),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Number(number) => number.fmt(f),
            Self::Refusal(refusal) => refusal.fmt(f),
        }
    }
}

/// How a request is refused: the HTTP status, and the exchange's error code if the response has one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The error code.
    pub code: Option<String>,
}

impl Default for Refusal {
    fn default() -> Self {
        Self::new(400, "")
    }
}

impl Refusal {
    /// The longest error code.
    const LONGEST_CODE: usize = 64;

    /// Creates a refusal; an empty code is none.
    pub(crate) fn new(status: u16, code: &str) -> Self {
        Self {
            status,
            code: (!code.is_empty()).then(|| code.to_owned()),
        }
    }

    /// Reads a status and a code, such as `403 IP_NOT_ALLOWED`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (status, code) = match text.split_once(' ') {
            Some((status, code)) => (status, Some(code)),
            None => (text, None),
        };
        let status = status
            .bytes()
            .all(|digit| digit.is_ascii_digit())
            .then(|| status.parse().ok())??;
        let is_valid = (400..600).contains(&status) && code.is_none_or(Self::is_code);
        is_valid.then(|| Self::new(status, code.unwrap_or_default()))
    }

    /// Returns whether a text has the form of the exchange's error codes.
    pub(crate) fn is_code(text: &str) -> bool {
        let is_part = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        !text.is_empty() && text.len() <= Self::LONGEST_CODE && text.bytes().all(is_part)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.status.fmt(f)?;
        match &self.code {
            Some(code) => write!(f, " {code}"),
            None => Ok(()),
        }
    }
}
