//! The lists of open questions in the documentation.

use std::fmt::Write as _;

use super::question::{AnswerKind, Question, Topic};
use super::table::QUESTIONS;

/// A list of the documentation that is made from the table.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// The questions that matter most, with their names.
    Short,
    /// The rules of trading that cannot be found out.
    Trading,
    /// What is not known about the WebSocket.
    Streams,
    /// What is not known about the WebSocket and cannot be found out.
    UnaskedStreams,
    /// All questions that can be asked, with what the simulator assumes, as a Markdown table.
    Assumed,
}

/// Returns a list as Markdown. The short list leaves out the questions that were answered.
#[doc(hidden)]
pub fn listing(listing: Listing, answered: &[&Question]) -> String {
    match listing {
        Listing::Short => lines(
            |question| question.is_listed && !answered.contains(&question),
            named,
        ),
        Listing::Streams => lines(
            |question| question.topic == Topic::Streams && !answered.contains(&question),
            named,
        ),
        Listing::UnaskedStreams => lines(
            |question| question.topic == Topic::Streams && question.answers == AnswerKind::None,
            named,
        ),
        Listing::Trading => lines(
            |question| question.topic == Topic::Trading,
            |question| format!("* {}\n", question.text),
        ),
        Listing::Assumed => {
            let mut text = "| name | question | the simulator assumes |\n|---|---|---|\n".to_owned();
            for question in QUESTIONS
                .iter()
                .filter(|question| question.answers != AnswerKind::None)
            {
                let _ = writeln!(
                    text,
                    "| `{}` | {} | `{}` |",
                    question.name,
                    question.text,
                    question.assumed()
                );
            }
            text
        }
    }
}

/// Returns a line of a list, with the name of a question that can be asked.
fn named(question: &Question) -> String {
    let text = question.text;
    match question.answers {
        AnswerKind::None => format!("* {text}\n"),
        _ => format!("* {text} (`{}`)\n", question.name),
    }
}

fn lines(is_in: impl Fn(&Question) -> bool, line: impl Fn(&Question) -> String) -> String {
    let rows = QUESTIONS.iter().copied().filter(|question| is_in(question));
    rows.map(line).collect()
}
