//! Secrets from files that only their owner can read.

use std::io::{self, Read};
use std::path::Path;

use paradex_api::Secret;

use crate::error::ConfigurationError;
use crate::private_file;

/// The largest secret, in bytes.
const MAX_LENGTH: usize = 64 << 10;

/// Why a secret could not be read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    TooLarge,
    NotUtf8,
    Io(io::Error),
}

/// Reads a secret from a private file. `place` names the file in errors.
pub(crate) fn read(place: &str, path: &Path) -> Result<Secret, ConfigurationError> {
    let failed = |error| ConfigurationError::file(place, error);
    from_reader(private_file::read(path).map_err(failed)?).map_err(|problem| match problem {
        Unreadable::TooLarge => {
            ConfigurationError::new(format!("the file that {place} names is larger than 64 KiB"))
        }
        Unreadable::NotUtf8 => {
            ConfigurationError::new(format!("the file that {place} names is not UTF-8 text"))
        }
        Unreadable::Io(error) => failed(error),
    })
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
