//! The journal: a file that names everything that a probe makes, before it is requested.
//!
//! Each line is an entry as JSON. A line is on disk before the request that it names is sent, so an incomplete last line names
//! nothing that exists.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::ProbeError;
use crate::private_file;

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
    pub(super) entries: Vec<Entry>,
}

impl Journal {
    /// Reads the journal of an earlier probe, if there is one.
    pub(super) fn open(path: PathBuf) -> Result<Self, ProbeError> {
        let mut journal = Self {
            path,
            file: None,
            entries: Vec::new(),
        };
        match journal.path.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(journal),
            _ => {}
        }
        journal
            .read()
            .map_err(|error| ProbeError::journal(&journal.path.clone(), error))?;
        Ok(journal)
    }

    fn read(&mut self) -> io::Result<()> {
        // Opened for appending first, which refuses links and files of others.
        let mut file = private_file::append(&self.path)?;
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
        if !rest.is_empty() {
            // The next entry begins on a line of its own, which the half of the last one would spoil.
            file.set_len(complete.len() as u64)?;
            file.flush()?;
        }
        self.file = Some(file);
        Ok(())
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

    /// Writes an entry to the disk.
    pub(super) fn record(&mut self, entry: Entry) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(private_file::create(&self.path)?),
        };
        let mut line = serde_json::to_string(&entry)?;
        line.push('\n');
        file.write_all(line.as_bytes())?;
        file.sync_data()?;
        self.entries.push(entry);
        Ok(())
    }

    /// Removes the file, because everything in it was cleaned up.
    pub(super) fn remove(&mut self) -> Result<(), ProbeError> {
        self.entries.clear();
        if self.file.take().is_some() {
            std::fs::remove_file(&self.path).map_err(|error| ProbeError::journal(&self.path, error))?;
        }
        Ok(())
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
