//! The journal: a file that names everything that a probe makes, before it is requested.
//!
//! Each line is an entry as JSON. A line is on disk before the request that it names is sent, so an incomplete last line names
//! nothing that exists.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::ProbeError;
use crate::private_file;
use crate::process_lock::ProcessLock;

/// What all names of tokens, subkeys and client ids of a probe begin with.
pub(super) const PREFIX: &str = "paradex-probe-";

/// The largest journal that is read, in MiB.
const MOST_MIB: u16 = 4;

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Entry {
    /// The first line: which account it is about.
    Start { base_url: String, account: String },
    /// A token will be requested.
    Token { name: String },
    /// A subkey will be registered.
    Subkey { name: String, public_key: String },
    /// A response has said whether the token or subkey with this name exists.
    Settled { name: String },
    /// An order will be placed.
    Order {
        market: String,
        price: String,
        size: String,
        signature_timestamp: u64,
        client_id: Option<String>,
    },
    /// A question of a topic that is complete was answered.
    Answer {
        question: String,
        answer: String,
        evidence: String,
        /// Unix time in seconds.
        at: u64,
    },
    /// A question of a topic that is complete has no answer.
    NoAnswer { question: String, because: String },
}

/// The journal of a probe.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    /// Created with the first entry.
    file: Option<File>,
    /// The length of the complete lines, in bytes.
    length: u64,
    /// Why nothing more can be written: the file may end in half a line.
    broken: Option<String>,
    /// Held until the probe has ended, so that no other one cleans up what this one makes.
    _lock: Option<ProcessLock>,
    pub(super) entries: Vec<Entry>,
}

impl Journal {
    /// Reads the journal of an earlier probe, if there is one, and locks it. A probe that changes nothing writes no journal, so
    /// it locks only one that exists.
    pub(super) fn open(path: PathBuf, changes: bool) -> Result<Self, ProbeError> {
        let is_missing =
            || matches!(path.symlink_metadata(), Err(error) if error.kind() == io::ErrorKind::NotFound);
        let lock = match changes || !is_missing() {
            true => Some(ProcessLock::acquire(&path).map_err(|error| ProbeError::locked(&path, error))?),
            false => None,
        };
        let is_missing = is_missing();
        let mut journal = Self {
            path,
            file: None,
            length: 0,
            broken: None,
            _lock: lock,
            entries: Vec::new(),
        };
        if is_missing {
            return Ok(journal);
        }
        journal
            .read()
            .map_err(|error| ProbeError::journal(&journal.path.clone(), error))?;
        Ok(journal)
    }

    fn read(&mut self) -> io::Result<()> {
        // Opened for appending first, which refuses links and files of others.
        let file = private_file::append(&self.path)?;
        let text = private_file::text(&self.path, MOST_MIB)?;
        let (complete, rest) = match text.rfind('\n') {
            Some(end) => text.split_at(end + 1),
            None => ("", text.as_str()),
        };
        for (index, line) in complete.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
            let invalid = |why: &str| {
                let text = format!("line {} is not an entry of a journal: {why}", index + 1);
                io::Error::new(io::ErrorKind::InvalidData, text)
            };
            let entry: Entry = serde_json::from_str(line).map_err(|_| invalid("it is malformed"))?;
            entry.check().map_err(invalid)?;
            let is_first = self.entries.is_empty();
            if is_first != matches!(entry, Entry::Start { .. }) {
                return Err(invalid("a journal begins with one entry `start`"));
            }
            self.entries.push(entry);
        }
        self.length = complete.len() as u64;
        if !rest.is_empty() {
            self.cut()?;
        }
        self.file = Some(file);
        Ok(())
    }

    /// Cuts off half a line, which the next entry would continue. On Windows, a file that is open for appending cannot be cut.
    fn cut(&self) -> io::Result<()> {
        let file = OpenOptions::new().write(true).open(&self.path)?;
        file.set_len(self.length)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the account of the journal and the address of its exchange.
    pub(super) fn account(&self) -> Option<(&str, &str)> {
        match self.entries.first() {
            Some(Entry::Start { base_url, account }) => Some((account, base_url)),
            _ => None,
        }
    }

    /// Returns whether it has such an entry.
    pub(super) fn has(&self, is_such: impl Fn(&Entry) -> bool) -> bool {
        self.entries.iter().any(is_such)
    }

    /// Writes an entry to the disk. If it fails, the file has the same lines as before.
    pub(super) fn record(&mut self, entry: Entry) -> io::Result<()> {
        if let Some(why) = &self.broken {
            return Err(io::Error::other(why.clone()));
        }
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                let file = private_file::create(&self.path)?;
                private_file::sync_folder(&self.path)?;
                self.file.insert(file)
            }
        };
        let mut line = serde_json::to_string(&entry)?;
        line.push('\n');
        let written = file.write_all(line.as_bytes()).and_then(|()| file.sync_data());
        if let Err(error) = written {
            if self.cut().is_err() {
                self.broken = Some(error.to_string());
            }
            return Err(error);
        }
        self.length += line.len() as u64;
        self.entries.push(entry);
        Ok(())
    }

    /// Removes the file, because everything in it was cleaned up.
    pub(super) fn remove(&mut self) -> Result<(), ProbeError> {
        self.entries.clear();
        let Some(file) = self.file.take() else {
            return Ok(());
        };
        private_file::remove(&self.path, file).map_err(|error| ProbeError::journal(&self.path, error))
    }
}

impl Entry {
    /// Checks that a probe can have written it, because what it names is revoked or cancelled.
    fn check(&self) -> Result<(), &'static str> {
        let names = match self {
            Self::Token { name } | Self::Settled { name } | Self::Subkey { name, .. } => Some(name),
            Self::Order { client_id, .. } => client_id.as_ref(),
            _ => None,
        };
        match names.is_none_or(|name| is_own_name(name)) {
            true => Ok(()),
            false => Err("no probe gives such a name"),
        }
    }
}

/// Returns whether a probe gives such names: the prefix, 16 random digits and a number.
fn is_own_name(name: &str) -> bool {
    let Some((digits, number)) = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once('-')) else {
        return false;
    };
    digits.len() == 16
        && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        && !number.is_empty()
        && number.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn new_journal(name: &str) -> Journal {
        let path = std::env::temp_dir().join(format!("paradex-journal-{name}-{}", std::process::id()));
        drop(std::fs::remove_file(&path));
        let mut journal = Journal::open(path, true).unwrap();
        let start = Entry::Start {
            base_url: "http://127.0.0.1".to_owned(),
            account: "0x1".to_owned(),
        };
        journal.record(start).unwrap();
        journal
    }

    fn token(number: u8) -> Entry {
        Entry::Token {
            name: format!("{PREFIX}0123456789abcdef-{number}"),
        }
    }

    /// Writes to a full disk, after half a line.
    #[cfg(target_os = "linux")]
    fn fail(journal: &mut Journal) {
        let mut half = private_file::append(&journal.path).unwrap();
        half.write_all(b"{\"entry\":\"tok").unwrap();
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let file = journal.file.replace(full);
        journal.record(token(1)).unwrap_err();
        journal.file = file;
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn half_a_line_is_cut_off_before_the_next_entry() {
        let mut journal = new_journal("half");
        fail(&mut journal);
        journal.record(token(2)).unwrap();
        let (path, entries) = (journal.path.clone(), journal.entries.clone());
        drop(journal);
        let mut again = Journal::open(path, true).unwrap();
        assert_eq!(again.entries, entries);
        assert_eq!(entries.last(), Some(&token(2)));
        again.remove().unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn journal_that_cannot_be_cut_takes_no_more_entries() {
        let mut journal = new_journal("broken");
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let file = journal.file.replace(full);
        std::fs::remove_file(&journal.path).unwrap();
        journal.record(token(1)).unwrap_err();
        journal.file = file;
        journal.record(token(2)).unwrap_err();
        assert_eq!(journal.entries.len(), 1);
    }

    #[test]
    fn half_a_line_of_an_earlier_probe_is_cut_off() {
        let journal = new_journal("crash");
        let path = journal.path.clone();
        drop(journal);
        let mut half = private_file::append(&path).unwrap();
        half.write_all(b"{\"entry\":\"tok").unwrap();
        drop(half);
        let mut journal = Journal::open(path.clone(), true).unwrap();
        journal.record(token(1)).unwrap();
        drop(journal);
        let mut journal = Journal::open(path, true).unwrap();
        assert_eq!(journal.entries.len(), 2);
        journal.remove().unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn only_the_journal_that_was_opened_is_removed() {
        let mut journal = new_journal("replaced");
        let path = journal.path.clone();
        // The first file keeps its place on the disk, so that the second one gets another.
        let kept = path.with_extension("kept");
        std::fs::rename(&path, &kept).unwrap();
        std::fs::write(&path, "another file").unwrap();
        let error = journal.remove().unwrap_err();
        assert!(std::error::Error::source(&error).is_some(), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "another file");
        for file in [path, kept] {
            std::fs::remove_file(file).unwrap();
        }
    }

    #[test]
    fn journal_in_use_is_refused_with_the_remedy() {
        let mut journal = new_journal("used");
        let error = Journal::open(journal.path.clone(), true).unwrap_err();
        assert!(matches!(error, ProbeError::InUse { .. }), "{error}");
        journal.remove().unwrap();
    }
}
