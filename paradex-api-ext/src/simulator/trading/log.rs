//! The trading log: a file with every command of the engine, from which a later simulator continues.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};

use crate::simulator::engine::{Command, Engine, Entry, Kept, ReplayError, replay};

/// A trading log that is open.
#[derive(Debug)]
pub(super) struct Log {
    file: File,
    is_broken: bool,
}

/// The trading log cannot be opened or replayed.
#[derive(Debug, thiserror::Error)]
#[error("the trading log {} cannot be {action}; pass another file, or remove it to begin anew", path.display())]
pub struct InvalidLog {
    path: PathBuf,
    action: &'static str,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl InvalidLog {
    fn new(
        path: &Path,
        action: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            path: path.to_owned(),
            action,
            source: source.into(),
        }
    }
}

impl Log {
    /// Opens a log, and returns the engine that it describes.
    pub(super) fn open(path: &Path) -> Result<(Self, Engine), InvalidLog> {
        let opened = OpenOptions::new().read(true).append(true).create(true).open(path);
        let file = opened.map_err(|error| InvalidLog::new(path, "opened", error))?;
        let read = |error: io::Error| InvalidLog::new(path, "read", error);
        let replayed = replay(Kept::default(), BufReader::new(file.try_clone().map_err(read)?));
        let engine = replayed.map_err(|error: ReplayError| InvalidLog::new(path, "replayed", error))?;
        let is_broken = false;
        Ok((Self { file, is_broken }, engine))
    }

    /// Adds a command. If it cannot be written, the log is broken from then on.
    pub(super) fn record(&mut self, at: i64, command: &Command) {
        let command = command.clone();
        let line = Entry { at, command }.to_line();
        let written = line
            .map_err(io::Error::from)
            .and_then(|line| writeln!(self.file, "{line}"));
        self.is_broken |= written.is_err();
    }

    /// Returns whether a command could not be written.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }
}
