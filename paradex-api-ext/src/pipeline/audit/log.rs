//! An audit sink that writes a file.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::sync::mpsc::{self, SyncSender};

use paradex_api::{BoxError, visible};
use tokio::sync::oneshot;

use super::entry::AuditEntry;
use super::sink::{AuditFuture, AuditSink};
use crate::private_file;
use crate::visible_json::visible_json;

/// Writes entries as lines of JSON, without delay and on a thread of its own. Control characters and invisible characters are
/// written as `\uXXXX`.
///
/// ```
/// use paradex_api_ext::audit::AuditLog;
/// use paradex_api_ext::{Client, Environment};
///
/// # let path = std::env::temp_dir().join(format!("paradex-audit-{}", std::process::id()));
/// let client = Client::builder(Environment::Testnet)
///     .operator("desk-3")
///     .audit_required(AuditLog::append(&path)?)
///     .build()?;
/// # std::fs::remove_file(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct AuditLog(SyncSender<Line>);

/// A line to write, and where to report the result.
type Line = (Vec<u8>, oneshot::Sender<io::Result<()>>);

/// The most lines that wait to be written. Beyond that, entries fail.
const MOST_LINES: usize = 4_096;

impl AuditLog {
    /// Appends to this file. If it does not exist, it is created with access for its owner alone; on systems other than Unix the
    /// folder decides who can read it.
    ///
    /// # Errors
    ///
    /// The file cannot be opened, the path is a symbolic link or not a regular file, or the thread cannot be started. On Unix also: the
    /// file has another hard link, it belongs to a user other than this one and root, everybody can read or write it, or its group can
    /// write it.
    pub fn append(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let named = |error: io::Error| {
            let place = path.display().to_string();
            io::Error::new(
                error.kind(),
                format!("the audit log {}: {error}", visible(&place, 200)),
            )
        };
        Self::new(private_file::append(path).map_err(named)?)
    }

    /// Writes to this destination.
    ///
    /// # Errors
    ///
    /// The thread cannot be started.
    pub fn new(mut to: impl Write + Send + 'static) -> io::Result<Self> {
        let (lines, waiting) = mpsc::sync_channel::<Line>(MOST_LINES);
        let write = move || {
            // After a line that was written in part, the next entry starts on a new line.
            let mut broken = false;
            for (mut line, written) in waiting {
                if broken {
                    line.insert(0, b'\n');
                }
                let outcome = to.write_all(&line).and_then(|()| to.flush());
                broken = outcome.is_err();
                // The caller may have stopped waiting.
                let _ = written.send(outcome);
            }
        };
        std::thread::Builder::new()
            .name("paradex-audit".to_owned())
            .spawn(write)?;
        Ok(Self(lines))
    }
}

impl AuditSink for AuditLog {
    fn record(&self, entry: AuditEntry) -> AuditFuture<'_> {
        let (written, outcome) = oneshot::channel();
        let queued = || {
            let mut line = visible_json(&serde_json::to_string(&entry)?).into_bytes();
            line.push(b'\n');
            let full = |_| BoxError::from("the audit log is full: 4,096 lines wait to be written");
            self.0.try_send((line, written)).map_err(full)
        };
        let queued: Result<(), BoxError> = queued();
        Box::pin(async move {
            queued?;
            Ok(outcome.await??)
        })
    }
}

impl fmt::Debug for AuditLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditLog").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::Arc;
    use std::time::SystemTime;

    use paradex_api::operations;
    use serde_json::{Value, json};

    use super::{AuditEntry, AuditLog, AuditSink as _};
    use crate::pipeline::audit::AuditEvent;

    #[tokio::test]
    async fn hidden_characters_are_escaped_in_the_log() {
        #[derive(Clone, Default)]
        struct Buffer(Arc<std::sync::Mutex<Vec<u8>>>);
        impl Write for Buffer {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().unwrap().write(bytes)
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let hidden = "\u{7f}\u{9b}31m\u{202e}\u{e0041}";
        let entry = AuditEntry {
            change: 1,
            at: SystemTime::UNIX_EPOCH,
            event: AuditEvent::Intent,
            operator: Some(hidden.to_owned()),
            account: None,
            credential: None,
            operation: &operations::CREATE_TOKEN,
            target: "/v1".to_owned(),
            before: None,
            request: Some(json!({ hidden: [hidden] })),
        };
        let buffer = Buffer::default();
        AuditLog::new(buffer.clone())
            .unwrap()
            .record(entry)
            .await
            .unwrap();
        let text = String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap();
        assert!(
            text.is_ascii() && text.contains(r"\u007f\u009b31m\u202e\udb40\udc41"),
            "{text}"
        );
        assert_eq!(
            text.chars().filter(|c| c.is_control()).count(),
            1,
            "the end of the line"
        );
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["operator"], hidden);
        assert_eq!(read["request"][hidden][0], hidden);
    }
}
