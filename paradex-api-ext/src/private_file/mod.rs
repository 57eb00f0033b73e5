//! Files that only their owner may change: one set of rules for secrets, the audit log and the state of rotations.
//!
//! | | rule |
//! |---|---|
//! | create | with mode 0600, and only if nothing is at the path, not even a link |
//! | append | a regular file, not a link, without other hard links; owner and mode as below |
//! | read | may be a link, as mounted secrets are; owner and mode as below |
//! | read, shared (policies) | not writable by everyone |
//! | read, protected (`paradex.toml`) | file and folder: owner as below, not writable by anyone else; may be a link |
//! | owner | the user of this process, or root |
//! | mode | no access for others, and no write access for the group |
//!
//! Other systems than Unix have no such owner and mode. There only the rule about existing files and links holds.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
#[cfg(test)]
mod tests;
#[cfg(unix)]
mod unix;

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use paradex_api::Secret;

#[cfg(not(unix))]
use other as system;
#[cfg(unix)]
use unix as system;

use crate::auth::secret_file::{self, Unreadable};

/// Creates a file with access for its owner only, and opens it for writing.
///
/// # Errors
///
/// Something is at the path already, for example a link, or the file cannot be created.
pub fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true);
    create_with(&mut options, path)
}

/// Opens a file for appending. If it does not exist, it is created with access for its owner only.
///
/// # Errors
///
/// The path is a link or not a regular file, the file has another hard link or breaks another rule of the table above, or
/// it cannot be opened.
pub fn append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true);
    match create_with(&mut options, path) {
        // Another process may have created it at this moment.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        outcome => return outcome,
    }
    // Checked before opening, so that a link, a pipe or a device is not opened at all.
    check_regular(&std::fs::symlink_metadata(path)?)?;
    open_to_append(path)
}

/// Removes a file that is open. Fails if the path names another file by now.
#[cfg(feature = "probe")]
pub(crate) fn remove(path: &Path, file: File) -> io::Result<()> {
    let named = std::fs::symlink_metadata(path)?;
    if !system::is_same(&named, &file.metadata()?) {
        return Err(refused("it was replaced by another file, which is kept"));
    }
    drop(file);
    std::fs::remove_file(path)
}

/// Makes the creation or the new name of a file durable, where a folder can be opened for that.
#[cfg(any(feature = "fleet", feature = "probe"))]
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder_of(path))?.sync_all()?;
    }
    Ok(())
}

/// Returns the folder of a file.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Opens a path that was checked. A link or a named pipe, for example, may have replaced the file since.
fn open_to_append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true);
    system::open_without_waiting(&mut options);
    let file = options.open(path)?;
    let opened = file.metadata()?;
    check_regular(&opened)?;
    // The path still names the opened file, so no link was followed.
    let named = std::fs::symlink_metadata(path)?;
    check_regular(&named)?;
    if !system::is_same(&named, &opened) {
        return Err(refused("it was replaced while it was opened: try again"));
    }
    system::check_links(&opened)?;
    system::check_file(&opened)?;
    Ok(file)
}

/// Opens a file whose content is trusted. It may be a pipe or a device, whose mode has no meaning.
///
/// # Errors
///
/// The file breaks a rule of the table above, or it cannot be opened.
pub fn read(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() {
        system::check_file(&metadata)?;
    }
    Ok(file)
}

/// Reads a text whose content is trusted, of at most this many MiB. It opens the file as [`read`] does.
///
/// # Errors
///
/// As for [`read`]; or the file is larger, or not UTF-8 text.
pub fn text(path: &Path, most_mib: u16) -> io::Result<String> {
    bounded_text(read(path)?, most_mib)
}

/// Reads a secret of at most 64 KiB, without leaving copies of it in memory. It opens the file as [`read`] does.
///
/// # Errors
///
/// As for [`read`]; or the file is larger, or not UTF-8 text.
pub fn secret(path: &Path) -> io::Result<Secret> {
    secret_file::from_path(path, secret_file::TIME_LIMIT).map_err(|problem| match problem {
        Unreadable::Io(error) => error,
        problem => io::Error::new(io::ErrorKind::InvalidData, format!("it {problem}")),
    })
}

/// Reads a text that is trusted but not secret, such as a policy, of at most this many MiB.
///
/// Others may read the file, and it may belong to another user, but it must not be writable by everyone.
///
/// # Errors
///
/// The file is writable by everyone, it is larger or cannot be read, or it is not UTF-8 text.
pub fn shared_text(path: &Path, most_mib: u16) -> io::Result<String> {
    let file = File::open(path)?;
    system::check_shared(&file.metadata()?)?;
    bounded_text(file, most_mib)
}

/// Reads a text that decides which secrets are read and where they are sent, of at most this many MiB.
///
/// Others may read the file. The file and its folder must belong to the user of this process or to root, and nobody else may
/// write to them. For a link, this holds for the folder of each link and for that of the target.
///
/// # Errors
///
/// The file or a folder breaks the rule above, it is not a regular file, it is larger or cannot be read, or it is not UTF-8
/// text.
pub fn protected_text(path: &Path, most_mib: u16) -> io::Result<String> {
    check_folders(path)?;
    let target = path.canonicalize()?;
    // Checked before opening, so that a pipe or a device is not opened at all.
    check_regular(&std::fs::symlink_metadata(&target)?)?;
    let mut options = OpenOptions::new();
    options.read(true);
    system::open_without_waiting(&mut options);
    let file = options.open(&target)?;
    let opened = file.metadata()?;
    check_regular(&opened)?;
    system::check_protected(&opened)?;
    bounded_text(file, most_mib)
}

/// Checks the folder of a path and, link by link, those of the paths that it leads to.
fn check_folders(path: &Path) -> io::Result<()> {
    /// As many as Linux follows.
    const MOST_LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..=MOST_LINKS {
        let folder = folder_of(&path);
        system::check_protected(&folder.metadata()?).map_err(|error| {
            io::Error::new(error.kind(), format!("its folder {}: {error}", folder.display()))
        })?;
        if !std::fs::symlink_metadata(&path)?.is_symlink() {
            return Ok(());
        }
        path = folder.join(std::fs::read_link(&path)?);
    }
    Err(refused("it leads through too many links"))
}

/// The size of the file is not enough: pipes have none, and a file can grow.
fn bounded_text(file: File, most_mib: u16) -> io::Result<String> {
    let most = u64::from(most_mib) << 20;
    let mut bytes = Vec::new();
    let read = file.take(most + 1).read_to_end(&mut bytes)?;
    if u64::try_from(read).unwrap_or(u64::MAX) > most {
        let text =
            format!("it has more than {most_mib} MiB, which is the limit: name another file, or divide it");
        return Err(io::Error::new(io::ErrorKind::InvalidData, text));
    }
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()))
}

/// Opens an inherited file descriptor, to write a secret to it.
///
/// A regular file and a named pipe must not be accessible to others. A terminal or a device is where the caller wants to see
/// the secret.
///
/// # Errors
///
/// There is no such descriptor, it breaks a rule of the table above, it cannot be written to, or the system has no
/// numbered descriptors, as Windows.
pub fn descriptor(number: u32) -> io::Result<File> {
    let file = system::open_descriptor(number)?;
    let metadata = file.metadata()?;
    if metadata.is_file() {
        system::check_file(&metadata)?;
    }
    system::check_pipe(&metadata)?;
    Ok(file)
}

/// Creates a folder with access for its owner only, if it does not exist, and checks it.
///
/// It returns the path that was checked: absolute and without links.
///
/// # Errors
///
/// The folder cannot be created, it belongs to another user, or others can access it.
pub fn folder(path: &Path) -> io::Result<PathBuf> {
    system::create_folder(path)?;
    let path = path.canonicalize()?;
    let metadata = path.metadata()?;
    if !metadata.is_dir() {
        return Err(refused("it is not a folder"));
    }
    system::check_folder(&metadata)?;
    Ok(path)
}

fn create_with(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    // `create_new` follows no link, not even a dangling one.
    options.create_new(true);
    system::create_private(options);
    options.open(path)
}

fn refused(rule: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, rule.into())
}

/// Only a regular file can be appended to.
fn check_regular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_symlink() {
        return Err(refused(
            "it is a symbolic link, which is not followed: name the file itself",
        ));
    }
    if !metadata.is_file() {
        return Err(refused("it is not a regular file"));
    }
    Ok(())
}
