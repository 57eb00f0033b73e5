//! The log of requests on the standard error, which never delays or ends a response.

use std::io::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::Builder;
use std::time::Duration;

/// How many lines wait to be written. Further ones are dropped and counted.
const WAITING: usize = 256;

/// How long the end waits for the reader of the standard error.
const END: Duration = Duration::from_secs(1);

/// Takes lines, which a thread writes.
#[derive(Clone)]
pub(crate) struct RequestLog {
    entries: SyncSender<Entry>,
    dropped: Arc<AtomicUsize>,
}

/// The thread that writes the lines.
pub(crate) struct LogThread {
    log: RequestLog,
    /// Disconnected when the thread ends.
    ended: Receiver<()>,
}

/// A line, or `None` at the end. `dropped` lines are missing before it.
struct Entry {
    dropped: usize,
    line: Option<String>,
}

impl RequestLog {
    /// Logs a line without waiting.
    pub(crate) fn line(&self, line: String) {
        let entry = self.entry(Some(line));
        let dropped = entry.dropped;
        if self.entries.try_send(entry).is_err() {
            self.dropped.fetch_add(dropped + 1, Ordering::Relaxed);
        }
    }

    fn entry(&self, line: Option<String>) -> Entry {
        Entry {
            dropped: self.dropped.swap(0, Ordering::Relaxed),
            line,
        }
    }
}

impl LogThread {
    pub(crate) fn start() -> io::Result<Self> {
        let (entries, waiting) = sync_channel(WAITING);
        let (running, ended) = channel();
        Builder::new().name("request-log".to_owned()).spawn(move || {
            write_all(&waiting);
            drop(running);
        })?;
        let dropped = Arc::default();
        let log = RequestLog { entries, dropped };
        Ok(Self { log, ended })
    }

    pub(crate) fn log(&self) -> RequestLog {
        self.log.clone()
    }

    /// Waits until the lines are written, at most a second.
    pub(crate) fn finish(self) {
        let Self { log, ended } = self;
        let sending = Builder::new().spawn(move || {
            let _ = log.entries.send(log.entry(None));
        });
        if sending.is_ok() {
            let _ = ended.recv_timeout(END);
        }
    }
}

/// Writes lines until the end. Errors are ignored: the simulator serves also when the standard error is closed.
fn write_all(waiting: &Receiver<Entry>) {
    for Entry { dropped, line } in waiting {
        if dropped > 0 {
            let _ = writeln!(
                io::stderr(),
                "{dropped} lines of the log were dropped, because the standard error was not read in time"
            );
        }
        match line {
            Some(line) => {
                let _ = writeln!(io::stderr(), "{line}");
            }
            None => return,
        }
    }
}
