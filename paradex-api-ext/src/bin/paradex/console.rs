//! What a command reads from and writes to, and how it ends.

use std::error::Error as StdError;
use std::fmt;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use paradex_api_ext::paradex_api::visible;
use paradex_api_ext::{Client, visible_json};
use serde::Serialize;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, or all is well.
    Done = 0,
    /// It failed, or was refused.
    Failed = 1,
    /// The arguments make no sense.
    Usage = 2,
    /// Done in part, or nobody knows.
    Partly = 3,
    /// What stands is not as it should be.
    Drift = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do what it was told.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    text: String,
}

impl Failure {
    /// The text may quote a file, a response or an argument, so it is made safe to show here.
    pub(crate) fn new(exit: Exit, text: impl AsRef<str>) -> Self {
        Self {
            exit,
            text: line(text.as_ref()),
        }
    }

    pub(crate) fn usage(text: impl AsRef<str>) -> Self {
        Self::new(Exit::Usage, text)
    }

    /// An error with its causes, and the exit status that it means.
    pub(crate) fn of(exit: Exit, error: &dyn StdError) -> Self {
        Self::new(exit, chain(error))
    }

    /// A file that could not be read or written.
    pub(crate) fn file(what: &str, path: &std::path::Path, error: &io::Error) -> Self {
        Self::new(
            Exit::Failed,
            format!("{} cannot be {what}: {error}", path.display()),
        )
    }
}

impl<E: StdError> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::of(Exit::Failed, &error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// An error and its causes on one line; a cause that says the same again is left out.
pub(crate) fn chain(error: &dyn StdError) -> String {
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
    line(&text)
}

/// A text from outside on one line.
pub(crate) fn line(text: &str) -> String {
    visible(text, usize::MAX)
}

/// Where a command reads and writes.
pub(crate) struct Console<'a> {
    pub(crate) out: &'a mut (dyn Write + Send),
    pub(crate) err: &'a mut (dyn Write + Send),
    /// Somebody who can be asked; nobody if this is no terminal.
    pub(crate) input: Option<&'a mut (dyn BufRead + Send)>,
    pub(crate) json: bool,
    pub(crate) yes: bool,
}

impl Console<'_> {
    /// The result: JSON for programs, or else this text.
    pub(crate) fn result(&mut self, json: &impl Serialize, text: impl fmt::Display) -> Result<(), Failure> {
        if self.json {
            let text = serde_json::to_string_pretty(json).map_err(io::Error::from)?;
            writeln!(self.out, "{}", visible_json(&text))?;
        } else {
            let text = text.to_string();
            write!(self.out, "{text}{}", if text.ends_with('\n') { "" } else { "\n" })?;
        }
        Ok(self.out.flush()?)
    }

    /// A line about what is going on.
    pub(crate) fn note(&mut self, text: impl fmt::Display) -> Result<(), Failure> {
        Ok(writeln!(self.err, "{text}")?)
    }

    /// Asks before production is changed; nobody is asked elsewhere.
    pub(crate) fn confirm(&mut self, what: &str, accounts: &[(&str, &Client)]) -> Result<(), Failure> {
        let Some((_, first)) = accounts.first() else {
            return Ok(());
        };
        if !first.environment().is_production() || self.yes {
            return Ok(());
        }
        let names: Vec<String> = accounts
            .iter()
            .map(|(name, client)| {
                let credential = client.credentials().map(|credentials| credentials.id());
                format!(
                    "`{}` ({})",
                    line(name),
                    credential.map_or_else(|| "no credential".to_owned(), |id| line(&id))
                )
            })
            .collect();
        let question = format!("{what}, account {}, at {}", names.join(", "), first.environment());
        let Some(input) = &mut self.input else {
            let text = format!(
                "{question}: this changes production, and nobody is here to ask; say `--yes` to go on"
            );
            return Err(Failure::usage(text));
        };
        write!(self.err, "{question}. Go on? [y/N] ")?;
        self.err.flush()?;
        let mut answer = String::new();
        input.read_line(&mut answer)?;
        match answer.trim() {
            "y" | "Y" | "yes" => Ok(()),
            _ => Err(Failure::new(Exit::Failed, "nothing was changed")),
        }
    }
}
