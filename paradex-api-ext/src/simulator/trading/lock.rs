//! The lock of a trading log: a file beside it, so that two simulators do not write the same log.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Mutex;

use crate::simulator::state::locked;

/// The locks that simulators of this process hold.
static HELD: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// The lock of a trading log. Dropping it releases it.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
}

/// Why a log cannot be locked.
#[derive(Debug)]
pub(super) enum LockError {
    /// A simulator of this process has it.
    Own,
    /// The process whose id the lock has, or had, writes the log.
    Other { owner: String, lock: PathBuf },
    /// The lock cannot be read or written.
    Io(io::Error),
}

impl Lock {
    /// Locks a log, which exists. The lock of a process that has ended does not count, where that can be seen.
    pub(super) fn acquire(log: &Path) -> Result<Self, LockError> {
        let mut name = fs::canonicalize(log).map_err(LockError::Io)?.into_os_string();
        name.push(".lock");
        let path = PathBuf::from(name);
        let mut held = locked(&HELD);
        if held.contains(&path) {
            return Err(LockError::Own);
        }
        let created = match create(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let owner = fs::read_to_string(&path).map_err(LockError::Io)?;
                if may_run(&owner) {
                    return Err(LockError::Other { owner, lock: path });
                }
                fs::remove_file(&path).and_then(|()| create(&path))
            }
            created => created,
        };
        created.map_err(LockError::Io)?;
        held.insert(path.clone());
        Ok(Self { path })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let mut held = locked(&HELD);
        // A lock that stays is recognized, because this process does not hold it or has ended.
        let _ = fs::remove_file(&self.path);
        held.remove(&self.path);
    }
}

fn create(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(process::id().to_string().as_bytes())
}

/// Returns whether the owner of a lock that this process does not hold may run.
fn may_run(owner: &str) -> bool {
    if owner == process::id().to_string() {
        return false;
    }
    let processes = Path::new("/proc");
    let is_id = !owner.is_empty() && owner.bytes().all(|byte| byte.is_ascii_digit());
    !is_id || !processes.join("self").exists() || processes.join(owner).exists()
}
