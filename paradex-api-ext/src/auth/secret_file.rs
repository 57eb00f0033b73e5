//! Secrets from files that only their owner can read.

use std::io::Read;
use std::path::Path;

use paradex_api::Secret;

use crate::error::ConfigurationError;
use crate::private_file;

/// The largest file, in bytes.
const MAX_LENGTH: usize = 64 << 10;

/// Reads a secret from a private file. The buffer is zeroed afterwards. `place` names the file in errors.
pub(crate) fn read(place: &str, path: &Path) -> Result<Secret, ConfigurationError> {
    let failed = |error| ConfigurationError::file(place, error);
    let mut file = private_file::read(path).map_err(failed)?;
    // Of a fixed size, because a buffer that grows leaves copies behind.
    let mut buffer = zeroize::Zeroizing::new(vec![0; MAX_LENGTH + 1]);
    let mut length = 0;
    loop {
        let Some(room) = buffer.get_mut(length..).filter(|room| !room.is_empty()) else {
            return Err(ConfigurationError::new(format!(
                "the file that {place} names is larger than 64 KiB"
            )));
        };
        match file.read(room) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
    match std::str::from_utf8(buffer.get(..length).unwrap_or_default()) {
        Ok(text) => Ok(Secret::new(text)),
        Err(_) => Err(ConfigurationError::new(format!(
            "the file that {place} names is not UTF-8 text"
        ))),
    }
}
