//! The lock of a file: a file beside it, so that two processes do not use the same one.
//!
//! The lock has the id of the process and the name of its machine or container. It does not see a process in another PID
//! namespace of a machine with the same name.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::private_file;

/// The locks that this process holds.
static HELD: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// The lock of a file. Dropping it releases it.
#[derive(Debug)]
pub struct ProcessLock {
    path: PathBuf,
}

/// Why a file cannot be locked.
#[derive(Debug)]
pub enum LockError {
    /// This process has locked it already.
    Own,
    /// The process whose id the lock has uses the file, or did.
    Other {
        /// The id of that process, and the name of its machine if it is known.
        owner: String,
        /// The path of the lock.
        lock: PathBuf,
    },
    /// The lock cannot be read or written.
    Io(io::Error),
}

impl ProcessLock {
    /// Locks a file, which need not exist. The lock of a process that has ended does not count, where that can be seen.
    pub fn acquire(file: &Path) -> Result<Self, LockError> {
        let path = lock_path(file).map_err(LockError::Io)?;
        let mut held = held();
        if held.contains(&path) {
            return Err(LockError::Own);
        }
        let created = match create(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let owner = fs::read_to_string(&path).map_err(LockError::Io)?;
                if may_run(&owner) {
                    let owner = paradex_api::visible(&owner, 300);
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

impl Drop for ProcessLock {
    fn drop(&mut self) {
        let mut held = held();
        // A lock that stays is recognized, because this process does not hold it or has ended.
        let _ = fs::remove_file(&self.path);
        held.remove(&self.path);
    }
}

fn held() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the path of a lock: the same one for all paths of a file.
fn lock_path(file: &Path) -> io::Result<PathBuf> {
    let file = match fs::canonicalize(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::canonicalize(private_file::folder_of(file))?.join(file.file_name().ok_or(error)?)
        }
        found => found?,
    };
    let mut name = file.into_os_string();
    name.push(".lock");
    Ok(PathBuf::from(name))
}

fn create(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(own_text().as_bytes())
}

/// The text of a lock of this process: its id, and the name of its machine or container if it is known.
fn own_text() -> String {
    match host_name() {
        Some(host) => format!("{} {host}", process::id()),
        None => process::id().to_string(),
    }
}

fn host_name() -> Option<String> {
    let name = match cfg!(windows) {
        true => std::env::var("COMPUTERNAME").ok()?,
        false => fs::read_to_string("/proc/sys/kernel/hostname").ok()?,
    };
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// Returns whether the owner of a lock that this process does not hold may run.
fn may_run(owner: &str) -> bool {
    if owner == own_text() {
        return false;
    }
    let (id, host) = match owner.split_once(' ') {
        Some((id, host)) => (id, Some(host)),
        None => (owner, None),
    };
    let processes = Path::new("/proc");
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    if !is_id || host != host_name().as_deref() || !processes.join("self").exists() {
        return true;
    }
    match fs::read(processes.join(id).join("stat")) {
        Ok(stat) => !has_ended(&String::from_utf8_lossy(&stat)),
        Err(error) => error.kind() != ErrorKind::NotFound,
    }
}

/// Returns whether `/proc/PID/stat` is that of a process that has ended, and whose parent has not asked for its exit status: it has
/// no open files. In a container, such processes can stay for as long as it runs.
fn has_ended(stat: &str) -> bool {
    // The name of the program is in parentheses, and can have any character.
    let state = stat.rsplit_once(") ").map(|(_, fields)| fields);
    state.is_some_and(|state| state.starts_with(['Z', 'X']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn process_without_files_has_ended() {
        for (stat, ended) in [
            ("28544 (paradex) Z 1 28540 28540 0 -1", true),
            ("28544 (paradex) X 1 28540 28540 0 -1", true),
            ("28544 (paradex) S 1 28540 28540 0 -1", false),
            ("28544 (name) Z 1) R 1 28540 28540 0 -1", false),
            ("", false),
        ] {
            assert_eq!(has_ended(stat), ended, "{stat}");
        }
    }

    #[test]
    fn process_of_another_host_may_run() {
        let ended = own_text().replacen(&process::id().to_string(), &u32::MAX.to_string(), 1);
        assert_eq!(may_run(&ended), !cfg!(target_os = "linux"), "{ended}");
        assert!(!may_run(&own_text()));
        for id in [process::id(), u32::MAX] {
            let elsewhere = format!("{id} not-{}", host_name().unwrap_or_default());
            assert!(may_run(&elsewhere), "{elsewhere}");
        }
    }
}
