//! The log of commands: one line of JSON for each. Replaying it gives the same state.

use std::io::{self, BufRead};

use serde::{Deserialize, Serialize};

use super::command::Command;
use super::{Engine, Kept};

/// A command and its time, in nanoseconds since the Unix epoch.
#[derive(Deserialize)]
struct Entry {
    at: i64,
    command: Command,
}

/// Returns an entry as a line of JSON, without its end.
///
/// # Errors
///
/// Fails if the JSON cannot be written, for want of memory.
pub(crate) fn log_line(at: i64, command: &Command) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Line<'a> {
        at: i64,
        command: &'a Command,
    }
    serde_json::to_string(&Line { at, command })
}

/// Why a log could not be replayed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ReplayError {
    /// The log cannot be read.
    #[error("the log cannot be read")]
    Read(#[from] io::Error),
    /// A line is not a command.
    #[error("line {line} of the log is not a command")]
    Line {
        /// The number of the line, from 1.
        line: usize,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
}

/// Replays a log whose commands begin at the line `first`, counted from 1. Commands that were refused are refused again, and change nothing.
///
/// # Errors
///
/// Fails if the log cannot be read, or if a line is not a command.
pub(crate) fn replay(first: usize, kept: Kept, log: impl BufRead) -> Result<Engine, ReplayError> {
    let mut engine = Engine::new(kept);
    let mut events = Vec::new();
    for (index, line) in log.lines().enumerate() {
        let line = line?;
        let entry: Entry = serde_json::from_str(&line).map_err(|source| ReplayError::Line {
            line: index.saturating_add(first),
            source,
        })?;
        // A refusal changes nothing, so it needs no response.
        let _ = engine.apply(entry.at, &entry.command, &mut events);
        events.clear();
    }
    Ok(engine)
}
