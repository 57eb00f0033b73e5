use std::fs::Permissions;
use std::io::{Read as _, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::PathBuf;

use super::unix::own_user;
use super::{append, create, descriptor, folder, protected_text, read, secret, shared_text, text};

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
fn new_file_is_private_to_its_owner() {
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
fn secret_is_read_from_a_private_file_of_limited_size() {
    let folder = Folder::new();
    let path = folder.file("secret", 0o600);
    assert_eq!(secret(&path).unwrap().expose(), "content");
    std::fs::write(&path, b"\xff").unwrap();
    assert!(secret(&path).unwrap_err().to_string().contains("UTF-8"));
    std::fs::write(&path, vec![b'a'; (64 << 10) + 1]).unwrap();
    assert!(secret(&path).unwrap_err().to_string().contains("64 KiB"));
    let error = secret(&folder.file("open", 0o644)).unwrap_err();
    assert!(error.to_string().contains("chmod 600"), "{error}");
}

#[test]
fn file_is_accepted_by_its_mode() {
    let folder = Folder::new();
    for (mode, accepted) in [
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
        assert_eq!(read(&path).is_ok(), accepted, "{mode:o}");
        if mode & 0o200 != 0 {
            assert_eq!(append(&path).is_ok(), accepted, "{mode:o}");
            let open = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
            let number = u32::try_from(open.as_raw_fd()).unwrap();
            assert_eq!(descriptor(number).is_ok(), accepted, "{mode:o}");
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
            .contains("not a regular file")
    );
}

#[test]
fn log_that_is_created_concurrently_is_appended_to() {
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
fn named_pipe_in_place_of_the_log_is_refused_without_waiting_for_a_reader() {
    let folder = Folder::new();
    let path = folder.0.join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    let link = folder.0.join("link");
    symlink(&path, &link).unwrap();
    for path in [path, link] {
        let (done, outcome) = std::sync::mpsc::channel();
        // Skips the check before opening, as if the pipe was created after it.
        std::thread::spawn(move || done.send(super::open_to_append(&path).map(drop)));
        // The time only limits how long the test waits for a thread that hangs.
        let outcome = outcome.recv_timeout(std::time::Duration::from_secs(20));
        assert!(outcome.expect("it waits for a reader").is_err());
    }
}

#[test]
fn file_of_another_user_is_refused() {
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
    let error = protected_text(&path, 1).unwrap_err().to_string();
    assert!(error.contains("user 12345"), "{error}");
    chown(&path, Some(own), None).unwrap();
    protected_text(&path, 1).unwrap();
    chown(&folder.0, Some(12_345), None).unwrap();
    let error = protected_text(&path, 1).unwrap_err().to_string();
    assert!(
        error.contains("its folder") && error.contains("user 12345"),
        "{error}"
    );
    let error = super::folder(&folder.0).unwrap_err().to_string();
    assert!(error.contains("user 12345"), "{error}");
}

#[test]
fn shared_text_that_everyone_can_write_is_refused() {
    let folder = Folder::new();
    for (mode, accepted) in [
        (0o644, true),
        (0o664, true),
        (0o600, true),
        (0o666, false),
        (0o602, false),
    ] {
        let outcome = shared_text(&folder.file("policy", mode), 1);
        assert_eq!(outcome.is_ok(), accepted, "{mode:o}: {outcome:?}");
    }
}

#[test]
fn protected_text_that_others_can_write_is_refused() {
    let folder = Folder::new();
    let read = |path: &std::path::Path| protected_text(path, 1).map_err(|error| error.to_string());
    for (mode, accepted) in [
        (0o644, true),
        (0o600, true),
        (0o400, true),
        (0o664, false),
        (0o646, false),
        (0o602, false),
    ] {
        let path = folder.file("config", mode);
        assert_eq!(read(&path).is_ok(), accepted, "{mode:o}");
        std::fs::remove_file(path).unwrap();
    }
    let path = folder.file("config", 0o644);
    for (mode, accepted) in [
        (0o755, true),
        (0o700, true),
        (0o775, false),
        (0o757, false),
        (0o1777, false),
    ] {
        std::fs::set_permissions(&folder.0, Permissions::from_mode(mode)).unwrap();
        let outcome = read(&path);
        assert_eq!(outcome.is_ok(), accepted, "{mode:o}");
        if let Err(error) = outcome {
            assert!(
                error.contains("its folder") && error.contains("chmod go-w"),
                "{error}"
            );
        }
    }
}

#[test]
fn link_to_protected_text_is_followed_if_every_folder_is_protected() {
    let (inner, outer) = (Folder::new(), Folder::new());
    let target = inner.file("config", 0o644);
    let link = outer.0.join("link");
    symlink(&target, &link).unwrap();
    assert_eq!(protected_text(&link, 1).unwrap(), "content");
    for open in [&inner, &outer] {
        std::fs::set_permissions(&open.0, Permissions::from_mode(0o777)).unwrap();
        assert!(protected_text(&link, 1).is_err());
        std::fs::set_permissions(&open.0, Permissions::from_mode(0o700)).unwrap();
    }
    // The same holds for a link in the middle.
    let (first, middle) = (Folder::new(), Folder::new());
    let (start, between) = (first.0.join("start"), middle.0.join("between"));
    symlink(&link, &between).unwrap();
    symlink(&between, &start).unwrap();
    assert_eq!(protected_text(&start, 1).unwrap(), "content");
    for open in [&first, &middle, &outer, &inner] {
        std::fs::set_permissions(&open.0, Permissions::from_mode(0o777)).unwrap();
        let error = protected_text(&start, 1).unwrap_err().to_string();
        assert!(error.contains(&open.0.display().to_string()), "{error}");
        std::fs::set_permissions(&open.0, Permissions::from_mode(0o700)).unwrap();
    }
    let round = first.0.join("round");
    symlink(&round, &round).unwrap();
    assert!(protected_text(&round, 1).is_err());
    assert!(protected_text(&inner.0, 1).is_err());
    std::fs::remove_file(&target).unwrap();
    assert_eq!(
        protected_text(&link, 1).unwrap_err().kind(),
        std::io::ErrorKind::NotFound
    );
}

#[test]
fn named_pipe_is_not_a_protected_text() {
    let folder = Folder::new();
    let path = folder.0.join("pipe");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&path)
            .status()
            .unwrap()
            .success()
    );
    let error = protected_text(&path, 1).unwrap_err().to_string();
    assert!(error.contains("not a regular file"), "{error}");
}

#[test]
fn text_is_read_up_to_the_size_limit() {
    let folder = Folder::new();
    let path = folder.file("file", 0o600);
    for (size, accepted) in [(1 << 20, true), ((1 << 20) + 1, false)] {
        let file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
        file.set_len(size).unwrap();
        for outcome in [text(&path, 1), shared_text(&path, 1)] {
            assert_eq!(outcome.is_ok(), accepted, "{size}");
        }
    }
}

#[test]
fn secret_is_written_to_a_pipe() {
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut file = descriptor(u32::try_from(writer.as_raw_fd()).unwrap()).unwrap();
    file.write_all(b"secret").unwrap();
    drop((file, writer));
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    assert_eq!(text, "secret");
}

#[test]
fn folder_that_others_can_access_is_refused() {
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
