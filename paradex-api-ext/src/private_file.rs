//! Files that only their owner may change: one set of rules for secrets, the audit log and the state of rotations.
//!
//! | | rule |
//! |---|---|
//! | made | for the owner alone (mode 0600), and never where something already is, be it a link |
//! | appended to | a regular file, no link and without another hard link; see the owner and the mode below |
//! | read | may be reached by a link, as mounted secrets are; see the owner and the mode below |
//! | read, shared (policies) | not if everybody can write to it |
//! | owner | the user of this process, or root |
//! | mode | others have no access, and the group does not write |
//!
//! Elsewhere than on Unix files have neither such an owner nor such a mode, and only the first row's second half holds.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// Makes a file for its owner alone, and opens it for writing.
///
/// # Errors
///
/// There is something at the path already, a link for example, or the file cannot be made.
pub fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true);
    create_with(&mut options, path)
}

/// Opens a file for writing at its end. If it is not there, it is made, for its owner alone.
///
/// # Errors
///
/// The path is a link or no regular file, the file has another hard link or breaks another rule of the table above, or it
/// cannot be opened.
pub fn append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true);
    match create_with(&mut options, path) {
        // It may have been made by another process at this moment.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        outcome => return outcome,
    }
    // Looked at first, so that a link, a pipe or a device is not opened at all.
    check_place(&std::fs::symlink_metadata(path)?)?;
    open_to_append(path)
}

/// Opens what is at a path that was looked at. It may have been replaced since, by a link or a named pipe for example.
fn open_to_append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, NON_BLOCKING);
    let file = options.open(path)?;
    let opened = file.metadata()?;
    check_place(&opened)?;
    // The path still names what was opened, so no link was followed in between.
    let named = std::fs::symlink_metadata(path)?;
    check_place(&named)?;
    if !is_same(&named, &opened) {
        return Err(refused(
            "it was replaced while it was opened; try again".to_owned(),
        ));
    }
    check_links(&opened)?;
    check_file(&opened)?;
    Ok(file)
}

/// `O_NONBLOCK`: opening a named pipe fails at once instead of waiting for its reader. It changes nothing for a regular file.
/// Where the value is not known here, only the look before the file is opened protects from a pipe.
#[cfg(unix)]
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

/// Opens a file whose content is trusted. Pipes and devices can be read as well, and have no mode that means anything.
///
/// # Errors
///
/// The file breaks a rule of the table above, or it cannot be opened.
pub fn read(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() {
        check_file(&metadata)?;
    }
    Ok(file)
}

/// Reads a text whose content is trusted, of at most this many MiB. It is opened as by [`read`].
///
/// # Errors
///
/// As for [`read`]; or the file is larger, or it is no UTF-8 text.
pub fn text(path: &Path, most_mib: u16) -> io::Result<String> {
    bounded_text(read(path)?, most_mib)
}

/// Reads a text that decides what is done and is no secret, as a policy, of at most this many MiB. Others may read it, and it
/// may be checked out by another user, but not everybody may write to it.
///
/// # Errors
///
/// Everybody can write to the file, it is larger or cannot be read, or it is no UTF-8 text.
pub fn shared_text(path: &Path, most_mib: u16) -> io::Result<String> {
    let file = File::open(path)?;
    #[cfg(unix)]
    {
        let metadata = file.metadata()?;
        let mode = mode(&metadata);
        if metadata.is_file() && mode & 0o002 != 0 {
            return Err(refused(format!(
                "everybody on this machine can write to it (mode {mode:03o}): `chmod o-w` it"
            )));
        }
    }
    bounded_text(file, most_mib)
}

/// Not by the size of the file alone, because pipes have none and a file can grow.
fn bounded_text(file: File, most_mib: u16) -> io::Result<String> {
    let most = u64::from(most_mib) << 20;
    let mut bytes = Vec::new();
    let read = file.take(most + 1).read_to_end(&mut bytes)?;
    if u64::try_from(read).unwrap_or(u64::MAX) > most {
        let text = format!(
            "it has more than {most_mib} MiB, which is the most that is read: name another file, or divide it"
        );
        return Err(io::Error::new(io::ErrorKind::InvalidData, text));
    }
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()))
}

/// Opens a descriptor that this process has inherited, for a secret to be written to. A regular file and a named pipe must be
/// closed to others; a terminal or a device is what the caller wants to see it on.
///
/// # Errors
///
/// There is no such descriptor, it breaks a rule of the table above, or it cannot be written to.
pub fn descriptor(number: u32) -> io::Result<File> {
    let file = OpenOptions::new()
        .append(true)
        .open(format!("/dev/fd/{number}"))?;
    let metadata = file.metadata()?;
    if metadata.is_file() {
        check_file(&metadata)?;
    }
    #[cfg(unix)]
    if std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type()) {
        check_mode(&metadata)?;
    }
    Ok(file)
}

/// Makes a folder for its owner alone if it is not there, checks it, and returns the path that was checked: absolute and without
/// links.
///
/// # Errors
///
/// It cannot be made, it belongs to another user, or others can look into it or write to it.
pub fn folder(path: &Path) -> io::Result<PathBuf> {
    make_folder(path)?;
    let path = path.canonicalize()?;
    let metadata = path.metadata()?;
    if !metadata.is_dir() {
        return Err(refused("it is no folder".to_owned()));
    }
    #[cfg(unix)]
    {
        check_owner(&metadata)?;
        let mode = mode(&metadata);
        if mode & 0o077 != 0 {
            return Err(refused(format!(
                "it is open to others on this machine (mode {mode:03o}): `chmod 700` it"
            )));
        }
    }
    Ok(path)
}

fn create_with(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    // `create_new` follows no link, also none that leads nowhere.
    options.create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

fn refused(rule: String) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, rule)
}

/// Whether something stands at a path that can be appended to.
fn check_place(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_symlink() {
        return Err(refused(
            "it is a symbolic link, which is not followed: name the file itself".to_owned(),
        ));
    }
    if !metadata.is_file() {
        return Err(refused("it is no regular file".to_owned()));
    }
    Ok(())
}

#[cfg(unix)]
fn check_file(metadata: &Metadata) -> io::Result<()> {
    check_owner(metadata)?;
    check_mode(metadata)
}

#[cfg(not(unix))]
fn check_file(_: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn mode(metadata: &Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::mode(metadata) & 0o7777
}

#[cfg(unix)]
fn check_mode(metadata: &Metadata) -> io::Result<()> {
    let mode = mode(metadata);
    if mode & 0o007 != 0 {
        return Err(refused(format!(
            "it is open to everybody on this machine (mode {mode:03o}): `chmod 600` it"
        )));
    }
    if mode & 0o020 != 0 {
        return Err(refused(format!(
            "its group can write to it (mode {mode:03o}): `chmod 600` it"
        )));
    }
    Ok(())
}

#[cfg(unix)]
fn check_owner(metadata: &Metadata) -> io::Result<()> {
    let owner = std::os::unix::fs::MetadataExt::uid(metadata);
    let own = own_user()?;
    if owner == own || owner == 0 {
        return Ok(());
    }
    Err(refused(format!(
        "it belongs to user {owner}, and this is user {own}: `chown` it, or name a file of your own"
    )))
}

/// The user of this process. The owner of a new pipe says it, which needs no unsafe call.
#[cfg(unix)]
fn own_user() -> io::Result<u32> {
    let (reader, _writer) = io::pipe()?;
    let pipe = File::from(std::os::fd::OwnedFd::from(reader));
    Ok(std::os::unix::fs::MetadataExt::uid(&pipe.metadata()?))
}

/// Whoever can write to the folder of another name of the file could keep a hold of what is written.
#[cfg(unix)]
fn check_links(metadata: &Metadata) -> io::Result<()> {
    match std::os::unix::fs::MetadataExt::nlink(metadata) {
        1 => Ok(()),
        count => Err(refused(format!(
            "it has {count} hard links, so it can be reached by other names: remove those, or name another file"
        ))),
    }
}

#[cfg(not(unix))]
fn check_links(_: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}

#[cfg(unix)]
fn make_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

#[cfg(not(unix))]
fn make_folder(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::io::{Read as _, Write as _};
    use std::os::fd::AsRawFd as _;
    use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
    use std::path::PathBuf;

    use super::{append, create, descriptor, folder, own_user, read, shared_text, text};

    /// A folder that is removed with the value.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
            let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("paradex-private-{}-{count}", std::process::id()));
            folder(&path).unwrap();
            Self(path)
        }

        fn file(&self, name: &str, mode: u32) -> PathBuf {
            let path = self.0.join(name);
            std::fs::write(&path, "content").unwrap();
            std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            path
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn mode_of(path: &std::path::Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn new_file_is_for_its_owner_alone() {
        let folder = Folder::new();
        let path = folder.0.join("new");
        append(&path).unwrap().write_all(b"one ").unwrap();
        append(&path).unwrap().write_all(b"two").unwrap();
        assert_eq!(
            (mode_of(&path), std::fs::read_to_string(&path).unwrap().as_str()),
            (0o600, "one two")
        );
        assert!(create(&path).is_err());
        let other = folder.0.join("other");
        create(&other).unwrap();
        assert_eq!(mode_of(&other), 0o600);
    }

    #[test]
    fn mode_decides_what_is_taken() {
        let folder = Folder::new();
        for (mode, taken) in [
            (0o600, true),
            (0o640, true),
            (0o400, true),
            (0o644, false),
            (0o604, false),
            (0o602, false),
            (0o660, false),
            (0o620, false),
            (0o601, false),
        ] {
            let path = folder.file("file", mode);
            assert_eq!(read(&path).is_ok(), taken, "{mode:o}");
            if mode & 0o200 != 0 {
                assert_eq!(append(&path).is_ok(), taken, "{mode:o}");
                let open = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
                let number = u32::try_from(open.as_raw_fd()).unwrap();
                assert_eq!(descriptor(number).is_ok(), taken, "{mode:o}");
            }
            std::fs::remove_file(path).unwrap();
        }
    }

    #[test]
    fn link_is_not_followed_for_writing() {
        let folder = Folder::new();
        let file = folder.file("file", 0o600);
        for target in [file.clone(), folder.0.join("nowhere")] {
            let link = folder.0.join("link");
            symlink(&target, &link).unwrap();
            let error = append(&link).unwrap_err().to_string();
            assert!(error.contains("symbolic link"), "{error}");
            assert!(create(&link).is_err());
            std::fs::remove_file(link).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "content");
        assert!(!folder.0.join("nowhere").exists());
        // Mounted secrets are links.
        let link = folder.0.join("link");
        symlink(&file, &link).unwrap();
        let mut text = String::new();
        read(&link).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "content");
        assert!(
            append(&folder.0)
                .unwrap_err()
                .to_string()
                .contains("no regular file")
        );
    }

    #[test]
    fn log_that_another_process_makes_at_the_same_time_is_appended_to() {
        let folder = Folder::new();
        for round in 0..200 {
            let path = folder.0.join(format!("log-{round}"));
            let start = std::sync::Barrier::new(4);
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        start.wait();
                        append(&path).unwrap().write_all(b"x").unwrap();
                    });
                }
            });
            assert_eq!(std::fs::read_to_string(&path).unwrap(), "xxxx");
        }
    }

    #[test]
    fn file_with_another_hard_link_is_not_appended_to() {
        let folder = Folder::new();
        let file = folder.file("file", 0o600);
        std::fs::hard_link(&file, folder.0.join("other")).unwrap();
        let error = append(&file).unwrap_err().to_string();
        assert!(error.contains("2 hard links"), "{error}");
        std::fs::remove_file(folder.0.join("other")).unwrap();
        append(&file).unwrap();
    }

    #[test]
    fn named_pipe_that_replaces_the_log_is_refused_without_waiting_for_its_reader() {
        let folder = Folder::new();
        let path = folder.0.join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        let link = folder.0.join("link");
        symlink(&path, &link).unwrap();
        for path in [path, link] {
            let (done, outcome) = std::sync::mpsc::channel();
            // Opened without the check before it, as if the pipe came after that check.
            std::thread::spawn(move || done.send(super::open_to_append(&path).map(drop)));
            // The time is only how long a thread that hangs is waited for.
            let outcome = outcome.recv_timeout(std::time::Duration::from_secs(20));
            assert!(outcome.expect("it waits for a reader").is_err());
        }
    }

    #[test]
    fn file_of_another_user_is_not_taken() {
        let own = own_user().unwrap();
        let folder = Folder::new();
        let path = folder.file("file", 0o600);
        assert_eq!(
            std::os::unix::fs::MetadataExt::uid(&path.metadata().unwrap()),
            own
        );
        if own != 0 {
            eprintln!("skipped: only root can give a file away, and this is user {own}");
            return;
        }
        chown(&path, Some(12_345), None).unwrap();
        for outcome in [read(&path), append(&path)] {
            let error = outcome.unwrap_err().to_string();
            assert!(error.contains("user 12345") && error.contains("chown"), "{error}");
        }
        let open = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
        assert!(descriptor(u32::try_from(open.as_raw_fd()).unwrap()).is_err());
        chown(&folder.0, Some(12_345), None).unwrap();
        let error = super::folder(&folder.0).unwrap_err().to_string();
        assert!(error.contains("user 12345"), "{error}");
    }

    #[test]
    fn shared_text_is_not_for_everybody_to_write() {
        let folder = Folder::new();
        for (mode, taken) in [
            (0o644, true),
            (0o664, true),
            (0o600, true),
            (0o666, false),
            (0o602, false),
        ] {
            let outcome = shared_text(&folder.file("policy", mode), 1);
            assert_eq!(outcome.is_ok(), taken, "{mode:o}: {outcome:?}");
        }
    }

    #[test]
    fn text_is_read_up_to_the_size_that_is_named() {
        let folder = Folder::new();
        let path = folder.file("file", 0o600);
        for (size, taken) in [(1 << 20, true), ((1 << 20) + 1, false)] {
            let file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
            file.set_len(size).unwrap();
            for outcome in [text(&path, 1), shared_text(&path, 1)] {
                assert_eq!(outcome.is_ok(), taken, "{size}");
            }
        }
    }

    #[test]
    fn pipe_takes_a_secret() {
        let (mut reader, writer) = std::io::pipe().unwrap();
        let mut file = descriptor(u32::try_from(writer.as_raw_fd()).unwrap()).unwrap();
        file.write_all(b"secret").unwrap();
        drop((file, writer));
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        assert_eq!(text, "secret");
    }

    #[test]
    fn folder_is_closed_to_others() {
        let outer = Folder::new();
        let path = outer.0.join("a/b");
        folder(&path).unwrap();
        assert_eq!(mode_of(&path), 0o700);
        for mode in [0o750, 0o701, 0o720] {
            std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            assert!(
                folder(&path).unwrap_err().to_string().contains("chmod 700"),
                "{mode:o}"
            );
        }
        let file = outer.file("file", 0o600);
        assert!(folder(&file).is_err());
    }
}
