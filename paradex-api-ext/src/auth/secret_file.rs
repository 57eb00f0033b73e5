//! Secrets from files that are closed to others; the group may read them, but not write to them.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use paradex_api::{Secret, visible};

use crate::error::ConfigurationError;
use crate::private_file;

/// The largest secret, in bytes.
const MAX_LENGTH: usize = 64 << 10;
/// How long reading a secret may take. A person may have to unlock it.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Why a secret could not be read. Its text continues a sentence that begins with the place of the secret.
#[derive(Debug)]
pub(crate) enum Unreadable {
    TooLarge,
    NotUtf8,
    /// A pipe has no writer, or a writer that does not close it.
    TimeLimit(Duration),
    Io(io::Error),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("has more than 64 KiB"),
            Self::NotUtf8 => f.write_str("is not UTF-8 text"),
            Self::TimeLimit(limit) => write!(
                f,
                "did not end within {} s: if it is a pipe, its writer must write the secret and close it",
                limit.as_secs_f64()
            ),
            Self::Io(error) => write!(f, "cannot be read: {error}"),
        }
    }
}

/// Reads a secret from a private file. `place` names the file in errors.
pub(crate) fn read(place: &str, path: &Path) -> Result<Secret, ConfigurationError> {
    from_path(path, TIME_LIMIT).map_err(|problem| match problem {
        Unreadable::Io(error) => ConfigurationError::file(place, error),
        problem => ConfigurationError::new(format!("the file that {place} names {problem}")),
    })
}

/// Reads a secret from a private file, which may be a pipe.
///
/// A thread reads it, because neither opening a pipe nor reading it can be interrupted. After the time limit the thread stays
/// until the pipe is closed.
pub(crate) fn from_path(path: &Path, limit: Duration) -> Result<Secret, Unreadable> {
    let (sender, outcome) = mpsc::channel();
    let path = path.to_owned();
    let read = move || {
        let file = private_file::read(&path).map_err(Unreadable::Io);
        // It is ignored after the time limit.
        let _ = sender.send(file.and_then(from_reader));
    };
    thread::Builder::new().spawn(read).map_err(Unreadable::Io)?;
    let late = |_| Err(Unreadable::TimeLimit(limit));
    outcome.recv_timeout(limit).unwrap_or_else(late)
}

/// Reads a secret to its end. The buffer is zeroed afterwards.
pub(crate) fn from_reader(mut reader: impl Read) -> Result<Secret, Unreadable> {
    // Of a fixed size, because a buffer that grows leaves copies behind.
    let mut buffer = zeroize::Zeroizing::new(vec![0; MAX_LENGTH + 1]);
    let mut length = 0;
    loop {
        let Some(room) = buffer.get_mut(length..).filter(|room| !room.is_empty()) else {
            return Err(Unreadable::TooLarge);
        };
        match reader.read(room) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Unreadable::Io(error)),
        }
    }
    match std::str::from_utf8(buffer.get(..length).unwrap_or_default()) {
        Ok(text) => Ok(Secret::new(text)),
        Err(_) => Err(Unreadable::NotUtf8),
    }
}

/// Returns the folder of the credentials that systemd passes to this service, if there is one.
pub(crate) fn systemd_folder(
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Option<PathBuf>, ConfigurationError> {
    const NAME: &str = "CREDENTIALS_DIRECTORY";
    let Some(folder) = variable(NAME).filter(|folder| !folder.is_empty()) else {
        return Ok(None);
    };
    let folder = PathBuf::from(folder);
    if !folder.is_absolute() {
        let shown = visible(&folder.display().to_string(), 200);
        return Err(ConfigurationError::new(format!(
            "{NAME} is `{shown}`, and must be a full path: unset it, or start the program by systemd"
        )));
    }
    Ok(Some(folder))
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;
    use std::path::Path;
    use std::time::Duration;

    use super::{Unreadable, from_path};

    #[test]
    fn open_pipe_is_read_until_the_time_limit() {
        let (reader, mut writer) = std::io::pipe().unwrap();
        let path = format!("/dev/fd/{}", reader.as_raw_fd());
        writer.write_all(b"canary").unwrap();
        let late = from_path(Path::new(&path), Duration::ZERO).unwrap_err();
        assert!(matches!(late, Unreadable::TimeLimit(_)), "{late}");
        assert!(late.to_string().contains("close it"), "{late}");
    }

    #[test]
    fn closed_pipe_is_read_to_its_end() {
        let (reader, mut writer) = std::io::pipe().unwrap();
        writer.write_all(b"secret").unwrap();
        drop(writer);
        let path = format!("/dev/fd/{}", reader.as_raw_fd());
        let secret = from_path(Path::new(&path), super::TIME_LIMIT).unwrap();
        assert_eq!(secret.expose(), "secret");
    }
}
