//! Why a probe failed.

use std::io;
use std::path::{Path, PathBuf};

use super::report::ProbeReport;
use crate::Error;
use crate::error::text_with_causes;
use crate::process_lock::LockError;

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
        /// What was found out before, if the probe has asked.
        report: Option<Box<ProbeReport>>,
    },
    /// Another probe uses the journal.
    #[error("the journal {} is in use by {owner}: wait for it, or name another file{remedy}", path.display())]
    #[non_exhaustive]
    InUse {
        /// The file.
        path: PathBuf,
        /// The process that uses it.
        owner: String,
        /// What else can be done.
        remedy: String,
    },
    /// The journal names something to clean up, and this probe may change nothing.
    #[error(
        "the journal {} names something to clean up, which changes the account; that is done on testnet and on this machine only, \
         and not at {environment}: name another file",
        path.display()
    )]
    #[non_exhaustive]
    NoChangesAllowed {
        /// The file.
        path: PathBuf,
        /// The exchange of this probe.
        environment: String,
    },
    /// The exchange did not name the account of the client.
    #[error("the response to a request for the account does not name it; nothing was asked")]
    NoAccount,
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
            report: None,
        }
    }

    pub(super) fn locked(path: &Path, error: LockError) -> Self {
        let path = path.to_owned();
        match error {
            LockError::Io(error) => Self::journal(&path, error),
            LockError::Own => Self::InUse {
                path,
                owner: "another probe of this process".to_owned(),
                remedy: String::new(),
            },
            LockError::Other { owner, lock } => Self::InUse {
                path,
                owner: format!("the process {owner}"),
                remedy: format!(", or remove {} if that process has ended", lock.display()),
            },
        }
    }

    /// Adds what was found out to an error after the questions.
    pub(super) fn with_report(mut self, found: ProbeReport) -> Self {
        if let Self::NotCleanedUp { report, .. } | Self::Journal { report, .. } = &mut self {
            *report = Some(Box::new(found));
        }
        self
    }

    /// Takes what was found out before the error.
    pub fn into_report(self) -> Option<ProbeReport> {
        match self {
            Self::NotCleanedUp { report, .. } | Self::Journal { report, .. } => report.map(|report| *report),
            _ => None,
        }
    }
}

/// Why the questions of a topic could not be asked to the end.
#[derive(Debug, Clone)]
pub(super) enum Trouble {
    /// A call got no response.
    Call(String),
    /// A response is not as expected, so the rest of the topic cannot be asked.
    Unexpected(String),
    /// The probe was stopped.
    Stopped,
    /// A question made more calls than the table says.
    TooManyCalls(&'static str),
    /// The journal could not be written.
    Journal(String),
    /// The code of the probe panicked.
    Panicked,
}

impl Trouble {
    /// Returns whether other topics can still be asked.
    pub(super) fn ends_topic_only(&self) -> bool {
        matches!(self, Self::Unexpected(_) | Self::TooManyCalls(_))
    }

    /// Returns it as a reason why a question has no answer.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Call(why) | Self::Unexpected(why) => format!("a call failed: {why}"),
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
        match error.status() {
            // The message of the exchange may repeat a token.
            Some(status) if status.is_success() => Self::Unexpected(format!(
                "the response was {}, and cannot be read",
                status.as_u16()
            )),
            Some(status) => Self::Unexpected(format!("the response was {}", status.as_u16())),
            // No error without a response has a secret in it.
            None => Self::Call(paradex_api::visible(&text_with_causes(&error), 300)),
        }
    }
}
