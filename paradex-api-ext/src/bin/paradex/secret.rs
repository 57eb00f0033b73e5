//! Where the text of a new token or key goes.

use std::fmt;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use paradex_api_ext::paradex_api::Secret;
use paradex_api_ext::private_file;

use crate::args::{Key, SecretTo};
use crate::console::{Exit, Failure};

/// A place for a secret that is there before the secret is.
pub(crate) enum Sink {
    File(File, PathBuf),
    Descriptor(File, u32),
    /// It is printed with the result.
    Screen,
}

/// What the arguments say.
pub(crate) struct Place<'a> {
    file: Option<&'a Path>,
    descriptor: Option<u32>,
}

impl SecretTo {
    pub(crate) fn place(&self) -> Place<'_> {
        Place {
            file: self.secret_file.as_deref(),
            descriptor: self.secret_fd,
        }
    }
}

impl Key {
    pub(crate) fn place(&self) -> Place<'_> {
        Place {
            file: self.secret_file.as_deref(),
            descriptor: self.secret_fd,
        }
    }
}

impl Place<'_> {
    /// Opens it. A file must not be there yet, and is for its owner alone.
    pub(crate) fn open(&self) -> Result<Sink, Failure> {
        if let Some(path) = self.file {
            let file = private_file::create(path).map_err(|error| Failure::file("created", path, &error))?;
            return Ok(Sink::File(file, path.to_owned()));
        }
        if let Some(number) = self.descriptor {
            let file = private_file::descriptor(number).map_err(|error| {
                let text = format!("descriptor {number} cannot take a secret: {error}");
                Failure::new(Exit::Failed, text)
            })?;
            return Ok(Sink::Descriptor(file, number));
        }
        Ok(Sink::Screen)
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.file, self.descriptor) {
            (Some(path), _) => write!(f, "the file {}", path.display()),
            (None, Some(number)) => write!(f, "descriptor {number}"),
            (None, None) => f.write_str("the screen"),
        }
    }
}

impl Sink {
    /// Writes the secret with a line end, so that it has left this process.
    pub(crate) fn write(&mut self, secret: &Secret) -> Result<(), Failure> {
        let (file, what) = match self {
            Self::File(file, path) => (file, path.display().to_string()),
            Self::Descriptor(file, number) => (file, format!("descriptor {number}")),
            Self::Screen => return Ok(()),
        };
        let written = file
            .write_all(secret.expose().as_bytes())
            .and_then(|()| file.write_all(b"\n"));
        let failed = |error| {
            Failure::new(
                Exit::Failed,
                format!("the secret cannot be written to {what}: {error}"),
            )
        };
        written.map_err(failed)?;
        match self {
            Self::File(file, _) => file.sync_all().map_err(failed),
            _ => Ok(()),
        }
    }

    /// The secret, if it is to be shown.
    pub(crate) fn shown<'a>(&self, secret: &'a Secret) -> Option<&'a str> {
        matches!(self, Self::Screen).then(|| secret.expose())
    }

    /// There will be no secret: takes the file away again.
    pub(crate) fn discard(self) {
        if let Self::File(file, path) = self {
            drop(file);
            // An empty or useless file that stays is refused by the next run, which says so.
            let _ = std::fs::remove_file(path);
        }
    }
}
