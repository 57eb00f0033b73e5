//! The table of questions, by topic. A question is a row of one of these files, and its answers stand above it.

pub(crate) mod allowlists;
pub(crate) mod orders;
mod requests;
pub(crate) mod streams;
pub(crate) mod subkeys;
pub(crate) mod tokens;
mod trading;

pub(crate) use allowlists::*;
pub(crate) use orders::*;
pub(crate) use requests::*;
pub(crate) use streams::*;
pub(crate) use subkeys::*;
pub(crate) use tokens::*;

use super::question::{Asking, Needs, Question};

/// All questions, in the order in which a probe asks them.
pub static QUESTIONS: &[&Question] = &all();

const TOPICS: [&[Question]; 7] = [
    requests::ROWS,
    streams::ROWS,
    tokens::ROWS,
    allowlists::ROWS,
    subkeys::ROWS,
    orders::ROWS,
    trading::ROWS,
];

const COUNT: usize = requests::ROWS.len()
    + streams::ROWS.len()
    + tokens::ROWS.len()
    + allowlists::ROWS.len()
    + subkeys::ROWS.len()
    + orders::ROWS.len()
    + trading::ROWS.len();

/// The rows of all topics. It runs when the crate is compiled.
#[allow(
    clippy::indexing_slicing,
    reason = "an index that is out of range would be an error of the compiler"
)]
const fn all() -> [&'static Question; COUNT] {
    let mut rows = [&TOPICS[0][0]; COUNT];
    let (mut count, mut topic) = (0, 0);
    while topic < TOPICS.len() {
        let mut row = 0;
        while row < TOPICS[topic].len() {
            rows[count] = &TOPICS[topic][row];
            count += 1;
            row += 1;
        }
        topic += 1;
    }
    rows
}

/// A question that changes nothing.
const fn reads(needs: Needs, calls: u16, does: &'static str) -> Asking {
    Asking::Calls {
        does,
        needs,
        changes: false,
        calls,
        seconds: 0,
    }
}

/// A question that changes something, if only for a moment.
const fn changes(needs: Needs, calls: u16, does: &'static str) -> Asking {
    Asking::Calls {
        does,
        needs,
        changes: true,
        calls,
        seconds: 0,
    }
}

/// A question that cannot be asked.
const fn impossible(because: &'static str) -> Asking {
    Asking::Impossible { because }
}
