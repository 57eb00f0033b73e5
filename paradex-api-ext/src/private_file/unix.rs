//! Owner, mode and links of files on Unix.

use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use super::refused;

/// New files get mode 0600.
pub(super) fn create_private(options: &mut OpenOptions) {
    options.mode(0o600);
}

/// New folders get mode 0700.
pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

pub(super) fn open_descriptor(number: u32) -> io::Result<File> {
    OpenOptions::new().append(true).open(format!("/dev/fd/{number}"))
}

/// Opening a named pipe fails at once, instead of waiting for a reader.
pub(super) fn open_without_waiting(options: &mut OpenOptions) {
    options.custom_flags(NON_BLOCKING);
}

/// `O_NONBLOCK`, which changes nothing for a regular file. Where its value is not known here, only the check before the
/// file is opened protects from a pipe.
const NON_BLOCKING: i32 = if cfg!(any(
    target_vendor = "apple",
    target_os = "freebsd",
    target_os = "dragonfly",
    target_os = "netbsd",
    target_os = "openbsd"
)) {
    0x4
} else if cfg!(all(
    any(target_os = "linux", target_os = "android"),
    not(any(
        target_arch = "mips",
        target_arch = "mips32r6",
        target_arch = "mips64",
        target_arch = "mips64r6",
        target_arch = "sparc",
        target_arch = "sparc64"
    ))
)) {
    0o4000
} else {
    0
};

pub(super) fn check_file(metadata: &Metadata) -> io::Result<()> {
    check_owner(metadata)?;
    check_mode(metadata)
}

pub(super) fn check_folder(metadata: &Metadata) -> io::Result<()> {
    check_owner(metadata)?;
    let mode = mode(metadata);
    if mode & 0o077 != 0 {
        return Err(refused(format!(
            "it is open to others on this machine (mode {mode:03o}): `chmod 700` it"
        )));
    }
    Ok(())
}

/// A pipe has a mode that counts, and no owner to check.
pub(super) fn check_pipe(metadata: &Metadata) -> io::Result<()> {
    match metadata.file_type().is_fifo() {
        // macOS reports mode 660 for every pipe without a name (xnu, bsd/kern/sys_pipe.c, `pipe_stat`).
        true if cfg!(target_vendor = "apple") => check_closed_to_others(mode(metadata)),
        true => check_mode(metadata),
        false => Ok(()),
    }
}

pub(super) fn check_shared(metadata: &Metadata) -> io::Result<()> {
    let mode = mode(metadata);
    if metadata.is_file() && mode & 0o002 != 0 {
        return Err(refused(format!(
            "everybody on this machine can write to it (mode {mode:03o}): `chmod o-w` it"
        )));
    }
    Ok(())
}

/// Nobody but the owner may write to it.
pub(super) fn check_protected(metadata: &Metadata) -> io::Result<()> {
    check_owner(metadata)?;
    let mode = mode(metadata);
    if mode & 0o022 != 0 {
        return Err(refused(format!(
            "others on this machine can write to it (mode {mode:03o}): `chmod go-w` it"
        )));
    }
    Ok(())
}

/// A user who can write to the folder of another hard link could keep access to what is written.
pub(super) fn check_links(metadata: &Metadata) -> io::Result<()> {
    match metadata.nlink() {
        1 => Ok(()),
        count => Err(refused(format!(
            "it has {count} hard links, so it has other names: remove those, or name another file"
        ))),
    }
}

pub(super) fn is_same(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

fn mode(metadata: &Metadata) -> u32 {
    metadata.mode() & 0o7777
}

fn check_mode(metadata: &Metadata) -> io::Result<()> {
    let mode = mode(metadata);
    check_closed_to_others(mode)?;
    if mode & 0o020 != 0 {
        return Err(refused(format!(
            "its group can write to it (mode {mode:03o}): `chmod 600` it"
        )));
    }
    Ok(())
}

fn check_closed_to_others(mode: u32) -> io::Result<()> {
    if mode & 0o007 != 0 {
        return Err(refused(format!(
            "it is open to everybody on this machine (mode {mode:03o}): `chmod 600` it"
        )));
    }
    Ok(())
}

fn check_owner(metadata: &Metadata) -> io::Result<()> {
    let owner = metadata.uid();
    let own = own_user()?;
    if owner == own || owner == 0 {
        return Ok(());
    }
    Err(refused(format!(
        "it belongs to user {owner}, and this is user {own}: `chown` it, or use one of your own"
    )))
}

/// Returns the user of this process: the owner of a new pipe, which needs no unsafe call.
pub(super) fn own_user() -> io::Result<u32> {
    let (reader, _writer) = io::pipe()?;
    let pipe = File::from(OwnedFd::from(reader));
    Ok(pipe.metadata()?.uid())
}
