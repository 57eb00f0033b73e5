//! The rows of the table.

use std::fmt;

use super::answer::{Answer, Refusal};

/// A question about the exchange that no published source answers.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Question {
    /// The name, for example `host-bits`.
    pub name: &'static str,
    /// What it is about.
    pub topic: Topic,
    /// The question in one sentence.
    pub text: &'static str,
    /// The possible answers.
    pub answers: AnswerKind,
    /// What published documents and other clients say.
    pub claims: &'static [Claim],
    /// Why a user should care.
    pub matters: &'static str,
    /// How the answer can be found out.
    pub asking: Asking,
    /// Whether the short lists of the documentation name it.
    pub(crate) is_listed: bool,
}

impl Question {
    /// Returns what the simulator assumes by default. A question without answers has an empty word.
    pub fn assumed(&self) -> Answer {
        match self.answers {
            AnswerKind::Words { assumed, .. } => Answer::Word(assumed),
            AnswerKind::Number { assumed, .. } => Answer::Number(assumed),
            AnswerKind::Refusal { status, code } => Answer::Refusal(Refusal::new(status, code)),
            AnswerKind::None => Answer::Word(""),
        }
    }
}

/// What a question is about. The probe asks for confirmation before each topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Topic {
    /// Requests and responses in general.
    Requests,
    /// The WebSocket with public data.
    Streams,
    /// API tokens.
    Tokens,
    /// IP allowlists.
    Allowlists,
    /// Subkeys and sessions.
    Subkeys,
    /// Orders.
    Orders,
    /// Trading rules, which a probe cannot find out.
    Trading,
}

impl Topic {
    /// All topics, in the order in which a probe asks.
    pub const ALL: [Self; 7] = [
        Self::Requests,
        Self::Streams,
        Self::Tokens,
        Self::Allowlists,
        Self::Subkeys,
        Self::Orders,
        Self::Trading,
    ];

    /// Returns the name of the topic.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Streams => "streams",
            Self::Tokens => "tokens",
            Self::Allowlists => "allowlists",
            Self::Subkeys => "subkeys",
            Self::Orders => "orders",
            Self::Trading => "trading",
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The possible answers of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerKind {
    /// One of these words.
    #[non_exhaustive]
    Words {
        /// All of them.
        choices: &'static [Choice],
        /// What the simulator assumes.
        assumed: &'static str,
    },
    /// A whole number.
    #[non_exhaustive]
    Number {
        /// What is counted.
        unit: &'static str,
        /// The smallest answer.
        least: u64,
        /// The largest answer. A probe that finds no limit reports it.
        most: u64,
        /// What the simulator assumes.
        assumed: u64,
    },
    /// The HTTP status and the error code of a refusal; this one is what the simulator assumes.
    #[non_exhaustive]
    Refusal {
        /// The HTTP status.
        status: u16,
        /// The error code, or an empty text for a response without one.
        code: &'static str,
    },
    /// The question cannot be asked, so it has no answers.
    None,
}

/// One of the words that answer a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choice {
    /// The word, for example `refused`.
    pub word: &'static str,
    /// What it means.
    pub means: &'static str,
}

/// What a source says about a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// Who says it.
    pub source: &'static str,
    /// What it says.
    pub says: &'static str,
}

/// How the answer of a question can be found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Asking {
    /// `paradex probe` can ask.
    #[non_exhaustive]
    Calls {
        /// What it does.
        does: &'static str,
        /// What it needs.
        needs: Needs,
        /// Whether it changes anything at the exchange, even for a moment. Such a question is never asked in production.
        changes: bool,
        /// How many calls it makes at most.
        calls: u16,
        /// How long it waits at most beside its calls, in seconds.
        seconds: u16,
    },
    /// It cannot be asked.
    #[non_exhaustive]
    Impossible {
        /// Why not.
        because: &'static str,
    },
}

impl Asking {
    /// Sets how long it waits at most, in seconds.
    pub(crate) const fn lasting(mut self, longest: u16) -> Self {
        if let Self::Calls { seconds, .. } = &mut self {
            *seconds = longest;
        }
        self
    }
}

/// What a probe needs to ask a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Needs {
    /// No credential.
    Nothing,
    /// Any credential.
    Token,
    /// The account's own key.
    MainKey,
    /// The account's own key, funds, and the permission to place orders.
    Orders,
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "no credential",
            Self::Token => "a credential",
            Self::MainKey => "the account's own key",
            Self::Orders => "the account's own key, and orders",
        })
    }
}
