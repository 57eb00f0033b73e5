//! What several test binaries share.
#![allow(dead_code, reason = "no binary uses all of it")]

use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use paradex_api::{Operation, Secret};
use paradex_api_ext::audit::{AuditEntry, AuditFuture, AuditSink};
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::{Client, ClientBuilder, Credentials, Environment};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;

pub(crate) const HOUR: Duration = Duration::from_secs(3_600);

pub(crate) fn environment(exchange: &Simulator) -> Environment {
    Environment::custom(exchange.url()).unwrap()
}

pub(crate) fn bearer(exchange: &Simulator, token: &Secret) -> Credentials {
    Credentials::bearer(environment(exchange), token.clone()).unwrap()
}

/// The key of the main account.
pub(crate) fn main_key(exchange: &Simulator) -> Credentials {
    let account = exchange.main_account().parse().unwrap();
    Credentials::starknet(environment(exchange), exchange.main_key(), account)
}

/// A client that signs for the main account.
pub(crate) fn trader(exchange: &Simulator) -> ClientBuilder {
    Client::builder(environment(exchange)).credentials(main_key(exchange))
}

/// A running exchange and a client that signs for its main account.
pub(crate) async fn start_trading() -> (Simulator, Client) {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = trader(&exchange).build().unwrap();
    (exchange, client)
}

pub(crate) fn list(entries: &[&str]) -> IpAllowlist {
    IpAllowlist::parse_entries(entries).unwrap()
}

/// How many requests arrived for one operation.
pub(crate) fn count(exchange: &Simulator, operation: &'static Operation) -> usize {
    let requests = exchange.requests();
    requests
        .iter()
        .filter(|request| request.operation() == Some(operation))
        .count()
}

/// A folder of one test, which is removed with the value.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = Self::missing();
        std::fs::create_dir_all(&folder.0).unwrap();
        folder
    }

    /// A folder that does not exist yet.
    pub(crate) fn missing() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("paradex-folder-{}-{count}", std::process::id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Keeps the text of traces or of the audit.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Returns the text and forgets it.
    pub(crate) fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }

    /// Collects the events and closed spans of this thread until the guard is dropped.
    pub(crate) fn collect_traces(&self, level: LevelFilter) -> tracing::subscriber::DefaultGuard {
        let writer = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_span_events(FmtSpan::CLOSE)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Writes entries as they are shown and as they are serialised.
impl AuditSink for Log {
    fn record(&self, entry: AuditEntry) -> AuditFuture<'_> {
        let text = format!("{entry:?} {}\n", serde_json::to_string(&entry).unwrap());
        self.0.lock().unwrap().extend_from_slice(text.as_bytes());
        Box::pin(std::future::ready(Ok(())))
    }
}
