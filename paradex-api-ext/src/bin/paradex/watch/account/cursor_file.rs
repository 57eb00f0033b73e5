//! A file with the place up to which an account was watched.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use paradex_api_ext::process_lock::{LockError, ProcessLock};
use paradex_api_ext::stream::AccountCursor;
use serde::{Deserialize, Serialize};

use crate::console::{Exit, Failure, line};

/// A file with a cursor. No other process uses it meanwhile.
#[derive(Debug)]
pub(super) struct CursorFile {
    path: PathBuf,
    /// The command whose output the cursor belongs to.
    command: String,
    /// What the file has.
    stored: Option<AccountCursor>,
    _lock: ProcessLock,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    command: String,
    cursor: AccountCursor,
}

impl CursorFile {
    /// Locks the file, and reads the cursor if the file exists. A cursor of another command would skip what this one has not shown.
    pub(super) fn open(path: &Path, command: String) -> Result<(Self, Option<AccountCursor>), Failure> {
        let lock = ProcessLock::acquire(path).map_err(|error| locked(path, error))?;
        let cursor = match fs::read(path) {
            Ok(text) => Some(parse(&text, path, &command)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(Failure::file("read", path, &error)),
        };
        let file = Self {
            path: path.to_owned(),
            command,
            stored: cursor.clone(),
            _lock: lock,
        };
        Ok((file, cursor))
    }

    pub(super) fn has_cursor(&self) -> bool {
        self.stored.is_some()
    }

    /// Writes a cursor, so that the file has the old one or the new one at any time.
    pub(super) fn store(&mut self, cursor: AccountCursor) -> Result<(), Failure> {
        if self.stored.as_ref() == Some(&cursor) {
            return Ok(());
        }
        let content = Content {
            command: self.command.clone(),
            cursor,
        };
        let text = serde_json::to_vec(&content).map_err(io::Error::from)?;
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let new = self.path.with_file_name(name);
        let failed = |error| Failure::file("written", &self.path, &error);
        fs::write(&new, text).map_err(failed)?;
        fs::rename(&new, &self.path).map_err(failed)?;
        self.stored = Some(content.cursor);
        Ok(())
    }
}

fn parse(text: &[u8], path: &Path, command: &str) -> Result<AccountCursor, Failure> {
    let content: Content = serde_json::from_slice(text).map_err(|error| {
        Failure::new(
            Exit::Failed,
            format!(
                "{} is no cursor of `watch`: {error}; name another file, or remove it to begin anew",
                path.display()
            ),
        )
    })?;
    if content.command != command {
        return Err(Failure::usage(format!(
            "{} is the cursor of `{}`: name another file for `{}`",
            path.display(),
            line(&content.command),
            line(command)
        )));
    }
    Ok(content.cursor)
}

fn locked(path: &Path, error: LockError) -> Failure {
    match error {
        LockError::Io(error) => Failure::file("locked", path, &error),
        LockError::Own => Failure::usage(format!("this process uses {} already", path.display())),
        LockError::Other { owner, lock } => Failure::new(
            Exit::Failed,
            format!(
                "the process {owner} uses {}: name another file, or end that process; if it has ended, remove {}",
                path.display(),
                lock.display()
            ),
        ),
    }
}
