//! The trading log: a file with every command of the engine, from which a later simulator continues. Its first line has the
//! options of the simulator.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::options::Options;
use crate::process_lock::{LockError, ProcessLock};
use crate::simulator::engine::{Command, Engine, Kept, log_line, replay};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// A trading log that is open.
#[derive(Debug)]
pub(super) struct Log {
    file: File,
    path: PathBuf,
    /// The length of the complete lines, in bytes.
    length: u64,
    /// Why nothing more can be written: the file may end in an incomplete line, or the simulator has stopped.
    broken: Option<String>,
    lock: Option<ProcessLock>,
}

/// The trading log cannot be opened, replayed or continued.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct InvalidLog(Problem);

#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("the trading log {} cannot be {action}; pass another file, or remove it to begin anew", path.display())]
    Unusable {
        path: PathBuf,
        action: &'static str,
        source: Source,
    },
    #[error(
        "the trading log {} was recorded with other options ({difference}); pass the same options, or another file",
        path.display()
    )]
    OtherOptions { path: PathBuf, difference: String },
    #[error(
        "the trading log {} is in use by another simulator of this process; drop that one first, or pass another file",
        path.display()
    )]
    InUse { path: PathBuf },
    #[error(
        "the trading log {} is in use by the process {owner}; stop it, pass another file, or remove {} if that process has ended",
        path.display(),
        lock.display()
    )]
    InUseElsewhere {
        path: PathBuf,
        owner: String,
        lock: PathBuf,
    },
}

impl InvalidLog {
    pub(in crate::simulator) fn new(path: &Path, action: &'static str, source: impl Into<Source>) -> Self {
        Self(Problem::Unusable {
            path: path.to_owned(),
            action,
            source: source.into(),
        })
    }

    fn locked(path: &Path, error: LockError) -> Self {
        let path = path.to_owned();
        match error {
            LockError::Io(error) => Self::new(&path, "locked", error),
            LockError::Own => Self(Problem::InUse { path }),
            LockError::Other { owner, lock } => Self(Problem::InUseElsewhere { path, owner, lock }),
        }
    }
}

impl Log {
    /// Opens a log, and returns the engine that it describes. A new log begins with the options.
    ///
    /// An incomplete last line is cut off: its command was not applied, because a command is recorded first.
    pub(super) fn open(path: &Path, options: &Options) -> Result<(Self, Engine), InvalidLog> {
        let opened = OpenOptions::new().read(true).append(true).create(true).open(path);
        let file = opened.map_err(|error| InvalidLog::new(path, "opened", error))?;
        let lock = ProcessLock::acquire(path).map_err(|error| InvalidLog::locked(path, error))?;
        let read = |error: io::Error| InvalidLog::new(path, "read", error);
        let replayed = |source: Source| InvalidLog::new(path, "replayed", source);
        let no_options = || replayed("line 1 does not have the options of a simulator".into());
        let (length, size) = lengths(&file).map_err(read)?;
        let header =
            serde_json::to_string(options).map_err(|error| InvalidLog::new(path, "written", error))?;
        let mut log = Self::new(file, path, length);
        log.lock = Some(lock);
        let mut complete = BufReader::new(log.file.try_clone().map_err(read)?.take(length));
        let mut first = String::new();
        complete.read_line(&mut first).map_err(read)?;
        if length == 0 {
            complete.get_mut().set_limit(size);
            complete.read_line(&mut first).map_err(read)?;
            // Another file than a log is not cut off.
            if !header.starts_with(&first) {
                return Err(no_options());
            }
        } else {
            let recorded: Options = serde_json::from_str(&first).map_err(|_| no_options())?;
            if let Some(difference) = recorded.difference(options) {
                let path = path.to_owned();
                return Err(InvalidLog(Problem::OtherOptions { path, difference }));
            }
        }
        let engine = replay(2, Kept::default(), complete).map_err(|error| replayed(error.into()))?;
        let written = |error: io::Error| InvalidLog::new(path, "written", error);
        if size > length {
            log.cut().map_err(written)?;
            tracing::warn!(
                file = %path.display(),
                bytes = size.saturating_sub(length),
                "the incomplete last line of the trading log was cut off"
            );
        }
        if length == 0 {
            log.write(header).map_err(written)?;
        }
        Ok((log, engine))
    }

    /// Continues a log whose complete lines have this length, in bytes.
    pub(super) fn new(file: File, path: &Path, length: u64) -> Self {
        Self {
            file,
            path: path.to_owned(),
            length,
            broken: None,
            lock: None,
        }
    }

    /// Ends the log: nothing more is written, and another simulator can open it.
    pub(super) fn close(&mut self) {
        self.broken = Some("the simulator has stopped".to_owned());
        self.lock = None;
    }

    /// Adds a command. If it fails, the log has the same lines as before.
    pub(super) fn record(&mut self, at: i64, command: &Command) -> io::Result<()> {
        if let Some(error) = &self.broken {
            return Err(io::Error::other(error.clone()));
        }
        self.write(log_line(at, command)?)
    }

    fn write(&mut self, mut line: String) -> io::Result<()> {
        line.push('\n');
        let written = self.file.write_all(line.as_bytes());
        match &written {
            Ok(()) => self.length = self.length.saturating_add(line.len() as u64),
            Err(error) => {
                if self.cut().is_err() {
                    self.broken = Some(error.to_string());
                }
            }
        }
        written
    }

    /// Cuts off an incomplete last line. On Windows, a file that is open to append to it cannot be cut.
    fn cut(&self) -> io::Result<()> {
        let file = OpenOptions::new().write(true).open(&self.path)?;
        file.set_len(self.length)
    }
}

/// Returns the length of the complete lines of a file, and that of the whole file, in bytes.
fn lengths(mut file: &File) -> io::Result<(u64, u64)> {
    const BLOCK: u64 = 4_096;
    let size = file.seek(SeekFrom::End(0))?;
    let (mut end, mut complete) = (size, 0);
    while end > 0 && complete == 0 {
        let start = end.saturating_sub(BLOCK);
        file.seek(SeekFrom::Start(start))?;
        let mut block = Vec::new();
        file.take(end.saturating_sub(start)).read_to_end(&mut block)?;
        if let Some(index) = block.iter().rposition(|byte| *byte == b'\n') {
            complete = start.saturating_add(index as u64).saturating_add(1);
        }
        end = start;
    }
    file.seek(SeekFrom::Start(0))?;
    Ok((complete, size))
}
