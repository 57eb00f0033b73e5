//! Input, output and exit status of commands.

use std::error::Error as StdError;
use std::fmt;
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::ExitCode;

use paradex_api_ext::error::text_with_causes;
use paradex_api_ext::fleet::{Fleet, FleetSnapshot};
use paradex_api_ext::paradex_api::visible;
use paradex_api_ext::{Client, Environment, visible_json};
use serde::Serialize;

use crate::progress::Progress;
use crate::style::paint;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Success; for checks: nothing to report.
    Done = 0,
    /// Failed or refused.
    Failed = 1,
    /// Invalid usage.
    Usage = 2,
    /// Partly done, or the outcome is unknown.
    Partial = 3,
    /// A check found drift, or an audit has findings.
    Findings = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    text: String,
}

impl Failure {
    /// Escapes the text, which may quote a file, a response or an argument.
    pub(crate) fn new(exit: Exit, text: impl AsRef<str>) -> Self {
        Self {
            exit,
            text: line(text.as_ref()),
        }
    }

    pub(crate) fn usage(text: impl AsRef<str>) -> Self {
        Self::new(Exit::Usage, text)
    }

    /// An error with its causes.
    pub(crate) fn from_error(exit: Exit, error: &dyn StdError) -> Self {
        Self::new(exit, chain(error))
    }

    /// A file that could not be `action`: read, created or written.
    pub(crate) fn file(action: &str, path: &Path, error: &io::Error) -> Self {
        Self::new(
            Exit::Failed,
            format!("{} could not be {action}: {error}", path.display()),
        )
    }

    /// Something that was `done`, such as "the change was made", and whose result could not be printed.
    pub(crate) fn unprinted(done: &str, error: impl fmt::Display) -> Self {
        Self::new(
            Exit::Partial,
            format!("{done}, and its result could not be printed: {error}"),
        )
    }
}

impl<E: StdError> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::from_error(Exit::Failed, &error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// An error and its causes on one line, without causes that the text before already ends with.
pub(crate) fn chain(error: &dyn StdError) -> String {
    line(&text_with_causes(error))
}

/// Escapes a text from outside.
pub(crate) fn line(text: &str) -> String {
    visible(text, usize::MAX)
}

/// The input and output of a command.
pub(crate) struct Console<'a> {
    pub(crate) out: &'a mut (dyn Write + Send),
    pub(crate) err: &'a mut (dyn Write + Send),
    /// The terminal, if there is one, to ask for confirmation.
    pub(crate) input: Option<&'a mut (dyn BufRead + Send)>,
    pub(crate) json: bool,
    pub(crate) yes: bool,
    /// Whether to add colours. The streams remove them where they are not wanted.
    pub(crate) color: bool,
    /// Whether somebody sees the progress of long work.
    pub(crate) progress: bool,
    /// The `--config` of this command, for commands that a message suggests.
    pub(crate) config: Option<&'a Path>,
}

impl Console<'_> {
    /// Prints the result: as JSON with `--json`, otherwise this text.
    pub(crate) fn result(&mut self, json: &impl Serialize, text: impl fmt::Display) -> Result<(), Failure> {
        if self.json {
            let text = serde_json::to_string_pretty(json).map_err(io::Error::from)?;
            writeln!(self.out, "{}", visible_json(&text))?;
        } else {
            let text = self.painted(text.to_string());
            write!(self.out, "{text}{}", if text.ends_with('\n') { "" } else { "\n" })?;
        }
        Ok(self.out.flush()?)
    }

    /// Prints the result of something that was `done`. If that fails, the exit status does not say that nothing changed.
    pub(crate) fn report_change(
        &mut self,
        done: &str,
        json: &impl Serialize,
        text: impl fmt::Display,
    ) -> Result<(), Failure> {
        let printed = self.result(json, text);
        printed.map_err(|failure| Failure::unprinted(done, failure))
    }

    /// Prints a message to the standard error.
    pub(crate) fn note(&mut self, text: impl fmt::Display) -> Result<(), Failure> {
        let text = self.painted(text.to_string());
        Ok(writeln!(self.err, "{text}")?)
    }

    fn painted(&self, text: String) -> String {
        match self.color {
            true => paint(&text),
            false => text,
        }
    }

    /// Starts a progress bar, which disappears when it is dropped.
    pub(crate) fn progress(&self, what: &'static str, steps: usize) -> Progress {
        Progress::start(self.progress && !self.json, what, steps)
    }

    /// Reads all accounts of a fleet, and shows the progress.
    pub(crate) async fn read(&self, fleet: &Fleet) -> FleetSnapshot {
        let progress = self.progress("reading accounts", fleet.accounts().count());
        fleet.read_with_progress(|_| progress.step()).await
    }

    /// Asks for confirmation before production is changed: one question for each environment.
    pub(crate) fn confirm(&mut self, action: &str, accounts: &[(&str, &Client)]) -> Result<(), Failure> {
        let mut rest = accounts.to_vec();
        while let Some((_, first)) = rest.first() {
            let environment = first.environment();
            let (here, elsewhere): (Vec<_>, Vec<_>) = rest
                .iter()
                .copied()
                .partition(|(_, client)| client.environment() == environment);
            self.confirm_at(environment, action, &here)?;
            rest = elsewhere;
        }
        Ok(())
    }

    /// Asks whether to continue. Without a terminal, only `--yes` agrees.
    pub(crate) fn agrees(&mut self, question: &str) -> Result<bool, Failure> {
        let Some(input) = self.input.as_mut().filter(|_| !self.yes) else {
            return Ok(self.yes);
        };
        write!(self.err, "{question}. Continue? [y/N] ")?;
        self.err.flush()?;
        let mut reply = String::new();
        input.read_line(&mut reply)?;
        Ok(matches!(reply.trim(), "y" | "Y" | "yes"))
    }

    fn confirm_at(
        &mut self,
        environment: &Environment,
        action: &str,
        accounts: &[(&str, &Client)],
    ) -> Result<(), Failure> {
        if !environment.is_production() || self.yes {
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
        let question = format!("{action}, account {}, at {environment}", names.join(", "));
        if self.input.is_none() {
            let text = format!(
                "{question}: this changes production, and there is no terminal to ask for confirmation; pass `--yes` to \
                 confirm"
            );
            return Err(Failure::usage(text));
        }
        match self.agrees(&question)? {
            true => Ok(()),
            false => Err(Failure::new(Exit::Failed, "not confirmed; nothing was changed")),
        }
    }
}
