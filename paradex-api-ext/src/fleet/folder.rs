//! Secrets and journal in a folder.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use paradex_api::{BoxError, Secret, runtime, visible};

use super::rotate::{RotationSink, RotationState, SinkFuture};
use crate::access::target::Target;
use crate::auth::secret_source::read as read_secret;
use crate::error::ConfigurationError;
use crate::private_file;

/// Keeps the secrets and the journal of rotations in a folder of one's own: a file for each.
///
/// A file is written beside its place, forced to the disk, and then moved there, so a crash leaves the old one or the new one and
/// never half of one. Nobody else can read them, as far as the file system knows owners.
///
/// ```no_run
/// use std::sync::Arc;
/// use std::time::Duration;
/// use paradex_api_ext::Client;
/// use paradex_api_ext::fleet::{FolderSink, Rotator};
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// // From cron: goes on with what was interrupted, and finishes what has been proven for a day.
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
    /// Absolute and without links.
    folder: PathBuf,
}

impl FolderSink {
    /// Uses this folder, which is made if it is not there. A link is followed here, and not again later.
    ///
    /// # Errors
    ///
    /// It cannot be made or read, it belongs to another user than this one and root, or others than its owner can read it or
    /// write to it.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, ConfigurationError> {
        let folder = folder.into();
        let failed =
            |error| ConfigurationError::new(format!("the folder {} cannot be used: {error}", shown(&folder)));
        // Its real path is kept, so that a link that is changed later leads nowhere else.
        let folder = private_file::folder(&folder).map_err(failed)?;
        Ok(Self { folder })
    }

    /// Where the secret of a new token or subkey is.
    pub fn secret_file(&self, new: &Target) -> PathBuf {
        let (Target::Token(id) | Target::Subkey(id)) = new;
        let kind = match new {
            Target::Token(_) => "token",
            Target::Subkey(_) => "subkey",
        };
        self.folder.join(format!("{kind}-{}.secret", file_name(id)))
    }

    /// The rotations that were written down, in no order; those that are over as well, until their files are removed.
    ///
    /// # Errors
    ///
    /// The folder or a file of it cannot be read, or such a file belongs to another user, is open to others or has more than
    /// 16 MiB.
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
            // The error may quote the file.
            let quoted = |error: serde_json::Error| failed(&path, visible(&error.to_string(), 400).into());
            rotations.push(serde_json::from_str(&text).map_err(quoted)?);
        }
        Ok(rotations)
    }

    /// Where the secret of a rotation's new one is.
    fn place(&self, state: &RotationState) -> Result<PathBuf, BoxError> {
        let new = state.new_target().ok_or("the rotation has no new one")?;
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
            let (path, secret) = (self.place(state)?, secret.clone());
            blocking(move || write(&path, secret.expose().as_bytes())).await
        })
    }

    fn load<'a>(&'a self, state: &'a RotationState) -> SinkFuture<'a, Option<Secret>> {
        Box::pin(async move {
            let path = self.place(state)?;
            blocking(move || match path.try_exists() {
                Ok(false) => Ok(None),
                _ => read_secret("the folder of rotations", &path).map(Some),
            })
            .await
        })
    }
}

/// Runs what waits for the disk where it holds nobody up.
async fn blocking<T: Send + 'static, E: Into<BoxError> + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, BoxError> {
    let work = async { tokio::task::spawn_blocking(work).await };
    runtime::within(work).await??.map_err(Into::into)
}

/// The largest file of a rotation that is read, in MiB.
const LARGEST: u16 = 16;

/// A path on one line, as far as it fits into an error.
fn shown(path: &Path) -> String {
    visible(&path.display().to_string(), 400)
}

/// A name of a file that is nothing else, whatever the text: no dots and no separators of folders.
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

/// Puts a file in its place, whole.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let partial = path.with_extension("partial");
    // What a crash left behind; if it is not there, that is well.
    let _ = std::fs::remove_file(&partial);
    let mut file = private_file::create(&partial)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&partial, path)?;
    // The name is on the disk when the folder is.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
