//! What no published source says about the exchange: one table of questions, and what the simulator assumes.
//!
//! Each [`Question`] of [`QUESTIONS`] has a closed set of answers, what public sources say, and why it matters. An
//! [`Assumptions`] value has an answer to each question that can be asked. Three parts of this crate use the table:
//!
//! * The simulator behaves as its assumptions say: pass them to `SimulatorBuilder::assumptions`, or a file to
//!   `paradex simulate --assumptions`.
//! * `paradex probe` asks an exchange, and writes what it found as such a file.
//! * The documentation lists the questions that are still open.
//!
//! ```
//! use paradex_api_ext::assumptions::Assumptions;
//!
//! let assumptions = Assumptions::from_toml(
//!     r#"
//!     [answers]
//!     ipv6-networks = "refused"
//!     network-limit = 20
//!     address-refusal = "403 IP_NOT_ALLOWED"
//!     "#,
//! )?;
//! assert_eq!(assumptions.answer("network-limit")?.to_string(), "20");
//! // What the file does not answer is as in the table.
//! assert_eq!(assumptions.answer("host-bits")?.to_string(), "refused");
//! # Ok::<(), paradex_api_ext::assumptions::InvalidAssumptions>(())
//! ```
//!
//! # How to add a question
//!
//! Add a row to a file of `assumptions/table`, a switch to `simulator/switches.rs` with the behaviour behind it, and the calls
//! that find the answer to `probe`. Tests fail if one of the three is missing.

mod answer;
mod file;
mod listing;
mod question;
pub(crate) mod table;
mod words;

use std::collections::BTreeMap;

pub use answer::{Answer, Refusal};
pub use file::InvalidAssumptions;
#[doc(hidden)]
pub use file::answered;
#[cfg(feature = "probe")]
pub(crate) use file::quoted;
#[doc(hidden)]
pub use listing::{Listing, listing};
pub use question::{AnswerKind, Asking, Choice, Claim, Needs, Question, Topic};
pub use table::QUESTIONS;
pub(crate) use table::*;
pub(crate) use words::Words;

/// An answer to each question of the table: what a simulator assumes, or what an exchange was found to do.
///
/// The default has the answer of the table to each question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assumptions {
    /// The answers that differ from the table.
    changed: BTreeMap<&'static str, Answer>,
}

impl Assumptions {
    /// Creates the assumptions of the table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the answer to a question.
    ///
    /// # Errors
    ///
    /// There is no such question, or it cannot be asked and so has no answers.
    pub fn answer(&self, question: &str) -> Result<Answer, InvalidAssumptions> {
        let question = askable(question)?;
        Ok(self.answer_to(question))
    }

    /// Sets the answer to a question, as a text.
    ///
    /// ```
    /// use paradex_api_ext::assumptions::Assumptions;
    ///
    /// let mut assumptions = Assumptions::new();
    /// assumptions.set("host-bits", "masked")?;
    /// let error = assumptions.set("host-bits", "maskd").unwrap_err();
    /// assert!(error.to_string().contains("did you mean `masked`?"));
    /// # Ok::<(), paradex_api_ext::assumptions::InvalidAssumptions>(())
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such question, it cannot be asked, or this is not one of its answers.
    pub fn set(&mut self, question: &str, answer: &str) -> Result<(), InvalidAssumptions> {
        let question = askable(question)?;
        let answer = Answer::parse(question, answer)?;
        self.set_answer(question, answer);
        Ok(())
    }

    pub(crate) fn answer_to(&self, question: &'static Question) -> Answer {
        match self.changed.get(question.name) {
            Some(answer) => answer.clone(),
            None => question.assumed(),
        }
    }

    pub(crate) fn set_answer(&mut self, question: &'static Question, answer: Answer) {
        if answer == question.assumed() {
            self.changed.remove(question.name);
        } else {
            self.changed.insert(question.name, answer);
        }
    }

    /// Returns the answer of a question whose answers are words. `T` names the question.
    #[allow(dead_code, reason = "only the simulator reads it")]
    pub(crate) fn word<T: Words>(&self) -> T {
        let answer = question(T::QUESTION).map(|question| self.answer_to(question));
        match answer {
            Some(Answer::Word(word)) => T::from_word(word).unwrap_or(T::ASSUMED),
            _ => T::ASSUMED,
        }
    }

    /// Returns the answer of a question whose answers are refusals.
    #[allow(dead_code, reason = "only the simulator reads it")]
    pub(crate) fn refusal(&self, name: &str) -> Refusal {
        match question(name).map(|question| self.answer_to(question)) {
            Some(Answer::Refusal(refusal)) => refusal,
            _ => Refusal::default(),
        }
    }

    /// Returns the answer of a question whose answers are numbers.
    #[allow(dead_code, reason = "only the simulator reads it")]
    pub(crate) fn number(&self, name: &str) -> u64 {
        match question(name).map(|question| self.answer_to(question)) {
            Some(Answer::Number(number)) => number,
            _ => 0,
        }
    }
}

/// Returns the question with this name.
pub(crate) fn question(name: &str) -> Option<&'static Question> {
    QUESTIONS.iter().copied().find(|question| question.name == name)
}

/// Returns the question with this name, if it can be asked.
fn askable(name: &str) -> Result<&'static Question, InvalidAssumptions> {
    let question = question(name).ok_or_else(|| InvalidAssumptions::unknown_question(name))?;
    match question.answers {
        AnswerKind::None => Err(InvalidAssumptions::not_askable(question)),
        _ => Ok(question),
    }
}

#[cfg(test)]
mod tests;
