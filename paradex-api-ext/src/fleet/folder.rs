//! A rotation sink in a folder.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use paradex_api::{BoxError, Secret, runtime, visible};

use super::rotate::{RotationSink, RotationState, SinkFuture};
use crate::access::target::Target;
use crate::auth::secret_file::read as read_secret;
use crate::error::ConfigurationError;
use crate::private_file;

/// Stores the secrets and the journal of rotations as files in a private folder.
///
/// Each file is written under a temporary name, synced to disk and renamed, so a crash leaves the old or the new file,
/// never half of one. Only the owner can read the files, as far as the file system supports owners.
///
/// ```no_run
/// use std::sync::Arc;
/// use std::time::Duration;
/// use paradex_api_ext::Client;
/// use paradex_api_ext::fleet::{FolderSink, Rotator};
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// // From cron: continues what was interrupted, and finishes what has been proven for a day.
/// let day = Duration::from_secs(24 * 60 * 60);
/// let sink = FolderSink::open("/var/lib/desk/rotations")?;
/// let rotator = Rotator::new(client, Arc::new(sink.clone()));
/// for state in sink.rotations()? {
///     let state = rotator.resume(state).await?;
///     if !state.is_over() {
///         rotator.finish(state, day).await?;
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct FolderSink {
    /// Absolute, with symbolic links resolved.
    folder: PathBuf,
}

impl FolderSink {
    /// Opens this folder, and creates it if it does not exist. Symbolic links are resolved once, here.
    ///
    /// # Errors
    ///
    /// Fails if the folder cannot be created or read, if its owner is neither this user nor root, or if anyone but the
    /// owner can read or write it.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, ConfigurationError> {
        let folder = folder.into();
        let failed =
            |error| ConfigurationError::new(format!("the folder {} cannot be used: {error}", shown(&folder)));
        // Keep the real path, so that a symbolic link that is changed later has no effect.
        let folder = private_file::folder(&folder).map_err(failed)?;
        Ok(Self { folder })
    }

    /// Returns the path of the secret of a new token or subkey.
    pub fn secret_file(&self, new: &Target) -> PathBuf {
        let (Target::Token(id) | Target::Subkey(id)) = new;
        let kind = match new {
            Target::Token(_) => "token",
            Target::Subkey(_) => "subkey",
        };
        self.folder.join(format!("{kind}-{}.secret", file_name(id)))
    }

    /// Returns the recorded rotations in no particular order, including those that are over.
    ///
    /// # Errors
    ///
    /// Fails if the folder or one of its files cannot be read, or if a file belongs to another user, is accessible to others,
    /// or is larger than 16 MiB.
    pub fn rotations(&self) -> Result<Vec<RotationState>, ConfigurationError> {
        let failed = |path: &Path, error: BoxError| {
            ConfigurationError::with(format!("{} cannot be read", shown(path)), error)
        };
        let entries = std::fs::read_dir(&self.folder).map_err(|error| failed(&self.folder, error.into()))?;
        let mut rotations = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| failed(&self.folder, error.into()))?.path();
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            if !name.starts_with("rotation-") || !name.ends_with(".json") {
                continue;
            }
            let text = private_file::text(&path, LARGEST).map_err(|error| failed(&path, error.into()))?;
            // The error may quote the file, so it is escaped.
            let quoted = |error: serde_json::Error| failed(&path, visible(&error.to_string(), 400).into());
            rotations.push(serde_json::from_str(&text).map_err(quoted)?);
        }
        Ok(rotations)
    }

    /// The path of the new secret of a rotation.
    fn secret_path(&self, state: &RotationState) -> Result<PathBuf, BoxError> {
        let new = state.new_target().ok_or("the rotation has no new credential")?;
        Ok(self.secret_file(&new))
    }
}

impl RotationSink for FolderSink {
    fn record<'a>(&'a self, state: &'a RotationState) -> SinkFuture<'a, ()> {
        Box::pin(async move {
            let path = self
                .folder
                .join(format!("rotation-{}.json", file_name(state.id())));
            let text = serde_json::to_vec_pretty(state)?;
            blocking(move || write(&path, &text)).await
        })
    }

    fn store<'a>(&'a self, state: &'a RotationState, secret: &'a Secret) -> SinkFuture<'a, ()> {
        Box::pin(async move {
            let (path, secret) = (self.secret_path(state)?, secret.clone());
            blocking(move || write(&path, secret.expose().as_bytes())).await
        })
    }

    fn load<'a>(&'a self, state: &'a RotationState) -> SinkFuture<'a, Option<Secret>> {
        Box::pin(async move {
            let path = self.secret_path(state)?;
            blocking(move || match path.try_exists() {
                Ok(false) => Ok(None),
                _ => read_secret("the folder of rotations", &path).map(Some),
            })
            .await
        })
    }
}

/// Runs disk operations on tokio's blocking threads.
async fn blocking<T: Send + 'static, E: Into<BoxError> + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, BoxError> {
    let work = async { tokio::task::spawn_blocking(work).await };
    runtime::within(work).await??.map_err(Into::into)
}

/// The maximum size of a rotation file, in MiB.
const LARGEST: u16 = 16;

/// A path, escaped and cut for an error message.
fn shown(path: &Path) -> String {
    visible(&path.display().to_string(), 400)
}

/// Encodes any text as a file name without dots and path separators.
fn file_name(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => name.push(char::from(byte)),
            _ => name.push_str(&format!("%{byte:02x}")),
        }
    }
    name
}

/// Replaces a file atomically.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let partial = path.with_extension("partial");
    // A crash may have left one.
    let _ = std::fs::remove_file(&partial);
    let mut file = private_file::create(&partial)?;
    file.write_all(content)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&partial, path)?;
    private_file::sync_folder(path)
}
