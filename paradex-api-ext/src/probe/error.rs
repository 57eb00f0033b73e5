//! Why a probe failed.

use std::io;
use std::path::{Path, PathBuf};

use super::report::ProbeReport;
use crate::Error;
use crate::error::InvalidInput;

/// Why a probe failed as a whole. A question that fails is a part of the report instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProbeError {
    /// The exchange did not respond as one does, so nothing was asked.
    #[error("the exchange did not respond to a request for its time: {why}; nothing was asked")]
    #[non_exhaustive]
    NoExchange {
        /// What happened instead.
        why: String,
    },
    /// The journal cannot be read or written.
    #[error("the journal {} could not be used", path.display())]
    #[non_exhaustive]
    Journal {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The journal is that of another account or exchange.
    #[error(
        "the journal {} belongs to the account {found} at {at}: run the probe with that account first, or name another file",
        path.display()
    )]
    #[non_exhaustive]
    OtherAccount {
        /// The file.
        path: PathBuf,
        /// The account.
        found: String,
        /// The address of its exchange.
        at: String,
    },
    /// Something could not be cleaned up. The journal is kept: run the probe again.
    #[error("{what} could not be cleaned up: {why}; the journal {} is kept, so run the probe again", path.display())]
    #[non_exhaustive]
    NotCleanedUp {
        /// What is left.
        what: &'static str,
        /// Why.
        why: String,
        /// The journal.
        path: PathBuf,
        /// What was found out before.
        report: Option<Box<ProbeReport>>,
    },
    /// The client cannot be used for this.
    #[error(transparent)]
    Client(#[from] Box<Error>),
}

impl ProbeError {
    pub(super) fn journal(path: &Path, source: io::Error) -> Self {
        Self::Journal {
            path: path.to_owned(),
            source,
        }
    }

    /// Adds what was found out to an error of cleaning up.
    pub(super) fn with_report(mut self, found: ProbeReport) -> Self {
        if let Self::NotCleanedUp { report, .. } = &mut self {
            *report = Some(Box::new(found));
        }
        self
    }
}

impl From<ProbeError> for Error {
    fn from(error: ProbeError) -> Self {
        match error {
            ProbeError::Client(error) => *error,
            error => InvalidInput::from_rule("probe", error.to_string()).into(),
        }
    }
}

/// Why the questions of a topic could not be asked to the end.
#[derive(Debug, Clone)]
pub(super) enum Trouble {
    /// A call got no response that can be used.
    Call(String),
    /// The probe was told to end.
    Stopped,
    /// A question made more calls than the table says.
    TooManyCalls(&'static str),
    /// The journal could not be written.
    Journal(String),
    /// The code of the probe panicked.
    Panicked,
}

impl Trouble {
    /// Returns it as a reason why a question has no answer.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Call(why) => format!("a call failed: {why}"),
            Self::Stopped => "the probe was stopped".to_owned(),
            Self::TooManyCalls(question) => {
                format!("`{question}` made more calls than it may; this is a defect of the probe")
            }
            Self::Journal(why) => format!("the journal could not be written: {why}"),
            Self::Panicked => "the probe panicked; this is a defect of the probe".to_owned(),
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Call(text_with_causes(&error))
    }
}

/// An error and its causes on one line. No error of this crate has a secret in it.
pub(super) fn text_with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let more = cause.to_string();
        if !text.ends_with(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        source = cause.source();
    }
    paradex_api::visible(&text, 300)
}
