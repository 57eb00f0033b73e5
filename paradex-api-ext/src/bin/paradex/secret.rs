//! Where the secret of a new token or subkey is written.

use std::fmt;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use paradex_api_ext::paradex_api::Secret;
use paradex_api_ext::private_file;

use crate::args::{KeySource, SecretDestination};
use crate::console::{Exit, Failure};

/// An open destination for a secret, opened before the secret exists.
pub(crate) enum SecretSink {
    File(File, PathBuf),
    Descriptor(File, u32),
    /// The secret is printed with the result.
    Stdout,
}

/// The destination that the arguments name.
pub(crate) struct Destination<'a> {
    file: Option<&'a Path>,
    descriptor: Option<u32>,
}

impl SecretDestination {
    pub(crate) fn destination(&self) -> Destination<'_> {
        Destination {
            file: self.secret_file.as_deref(),
            descriptor: self.secret_fd,
        }
    }
}

impl KeySource {
    pub(crate) fn destination(&self) -> Destination<'_> {
        Destination {
            file: self.secret_file.as_deref(),
            descriptor: self.secret_fd,
        }
    }
}

impl Destination<'_> {
    /// Opens the destination. A file must not exist yet; only its owner can read it.
    pub(crate) fn open(&self) -> Result<SecretSink, Failure> {
        if let Some(path) = self.file {
            let file = private_file::create(path).map_err(|error| Failure::file("created", path, &error))?;
            return Ok(SecretSink::File(file, path.to_owned()));
        }
        if let Some(number) = self.descriptor {
            let file = private_file::descriptor(number).map_err(|error| {
                let text = format!("file descriptor {number} cannot be used for a secret: {error}");
                Failure::new(Exit::Failed, text)
            })?;
            return Ok(SecretSink::Descriptor(file, number));
        }
        Ok(SecretSink::Stdout)
    }
}

impl fmt::Display for Destination<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.file, self.descriptor) {
            (Some(path), _) => write!(f, "the file {}", path.display()),
            (None, Some(number)) => write!(f, "file descriptor {number}"),
            (None, None) => f.write_str("standard output"),
        }
    }
}

impl SecretSink {
    /// Writes the secret and a newline, and syncs a file to disk.
    pub(crate) fn write(&mut self, secret: &Secret) -> Result<(), Failure> {
        let (file, what) = match self {
            Self::File(file, path) => (file, path.display().to_string()),
            Self::Descriptor(file, number) => (file, format!("file descriptor {number}")),
            Self::Stdout => return Ok(()),
        };
        let written = file
            .write_all(secret.expose().as_bytes())
            .and_then(|()| file.write_all(b"\n"));
        let failed = |error| {
            Failure::new(
                Exit::Failed,
                format!("the secret could not be written to {what}: {error}"),
            )
        };
        written.map_err(failed)?;
        match self {
            Self::File(file, _) => file.sync_all().map_err(failed),
            _ => Ok(()),
        }
    }

    /// The secret, if it is printed with the result.
    pub(crate) fn shown<'a>(&self, secret: &'a Secret) -> Option<&'a str> {
        matches!(self, Self::Stdout).then(|| secret.expose())
    }

    /// Deletes the file, because there is no secret for it.
    pub(crate) fn discard(self) {
        if let Self::File(file, path) = self {
            drop(file);
            // If that fails, the next run reports that the file exists.
            let _ = std::fs::remove_file(path);
        }
    }
}
