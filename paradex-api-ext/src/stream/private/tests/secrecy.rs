//! The token of a connection is in nothing that is written or reported.

use std::cell::RefCell;
use std::io::Write;
use std::sync::{Arc, Mutex, Once};
use std::time::{Duration, Instant};

use paradex_api::serde_json::json;
use tokio::sync::mpsc;
use tracing_subscriber::fmt::MakeWriter;

use super::server::Server;
use super::support::TOKEN;
use crate::stream::private::PrivateChannel::{Mmp, Orders};
use crate::stream::private::{PrivateOptions, PrivateSink, PrivateSocket, PrivateUpdate};
use crate::{Client, Credentials, Environment};

/// A signature, which is a secret as well.
const SIGNATURE: &str = "[\"canary11111111111111\",\"canary22222222222222\"]";

/// Keeps everything that is written.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Written {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

thread_local! {
    /// Where this thread's records of the crate `log` go, which the WebSocket and HTTP libraries write.
    static RECORDS: RefCell<Option<Written>> = const { RefCell::new(None) };
}

struct Recorder;

impl log::Log for Recorder {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        RECORDS.with_borrow_mut(|written| {
            if let Some(written) = written {
                let _ = writeln!(written, "{} {}", record.target(), record.args());
            }
        });
    }

    fn flush(&self) {}
}

/// Keeps updates as `Debug` shows them.
struct Shown(mpsc::UnboundedSender<String>);

impl PrivateSink for Shown {
    fn update(&self, update: PrivateUpdate) {
        let _ = self.0.send(format!("{update:?} {update:#?}"));
    }
}

/// A server in a thread of its own, whose records are not kept. It repeats the token wherever it can.
fn serve() -> String {
    let (sender, url) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut server = Server::start().await;
            sender.send(server.url.clone()).unwrap();
            // Refused with the token in the message and in the data.
            let mut peer = server.accept().await;
            let request = peer.request().await;
            peer.text(format!(r#"{{"id":{},"error":{{"code":42901,"message":"{TOKEN}","data":"{TOKEN}"}}}}"#, request["id"])).await;
            peer.closed().await;
            // Closed with the token as the reason.
            let mut peer = server.accept().await;
            peer.request().await;
            peer.close(4_000, TOKEN).await;
            let mut peer = server.accept().await;
            let request = peer.request().await;
            peer.respond(&request, json!({"node_id": TOKEN})).await;
            for _ in 0..2 {
                let request = peer.request().await;
                match request["params"]["channel"].as_str() {
                    Some("mmp") => peer.text(format!(r#"{{"id":{},"error":{{"code":-32600,"message":"{TOKEN}"}}}}"#, request["id"])).await,
                    _ => peer.respond(&request, json!({"channel": TOKEN})).await,
                }
            }
            peer.text(json!({"method": "subscription", "params": {"channel": "orders.ALL", "data": {"id": "1", TOKEN: TOKEN, "cancel_reason": TOKEN}}}).to_string()).await;
            peer.text(json!({"method": TOKEN, "params": {"channel": TOKEN, "data": TOKEN}}).to_string()).await;
            let request = peer.request().await;
            peer.respond(&request, json!({"status": TOKEN, TOKEN: [TOKEN]})).await;
            let request = peer.request().await;
            peer.text(format!(r#"{{"id":{},"error":{{"code":100,"message":"Bearer {TOKEN}","data":{{"a":"{TOKEN}"}}}}}}"#, request["id"])).await;
            // It ends for good, with the token in the error.
            peer.text(TOKEN.to_owned()).await;
            peer.close(4_000, TOKEN).await;
            let mut peer = server.accept().await;
            let request = peer.request().await;
            peer.text(format!(r#"{{"id":{},"error":{{"code":40112,"message":"{TOKEN}"}}}}"#, request["id"])).await;
            peer.closed().await;
        });
    });
    url.recv().unwrap()
}

#[tokio::test]
async fn token_is_in_nothing_that_is_written_or_reported() {
    static LOG: Once = Once::new();
    LOG.call_once(|| {
        log::set_logger(&Recorder).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
    let written = Written::default();
    RECORDS.set(Some(written.clone()));
    // With a single subscriber, threads without one would switch events off for all threads.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::level_filters::LevelFilter::TRACE)
        .with_writer(written.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let environment = Environment::custom(&serve()).unwrap();
    let credentials = Credentials::bearer(environment.clone(), TOKEN).unwrap();
    let client = Client::builder(environment)
        .credentials(credentials)
        .build()
        .unwrap();
    let (sender, mut updates) = mpsc::unbounded_channel();
    let options = PrivateOptions {
        channels: vec![Orders, Mmp],
        cancel_on_disconnect: false,
    };
    let socket = PrivateSocket::open(&client, options, Arc::new(Shown(sender)));
    let mut shown = String::new();
    let mut next = async || {
        let update = tokio::time::timeout(Duration::from_secs(60), updates.recv()).await;
        update.expect("nothing is reported").unwrap()
    };
    shown += &next().await;
    assert!(shown.starts_with("Ready"), "{shown}");
    shown += &next().await;
    let params = format!(r#"{{"signature":{}}}"#, json!(SIGNATURE));
    for _ in 0..2 {
        let deadline = Instant::now() + Duration::from_secs(60);
        let outcome = socket
            .request(3, "order.create", params.clone().into_bytes(), deadline)
            .await;
        shown += &format!("{outcome:?} {socket:?} {client:?}");
    }
    while !shown.contains("End(") {
        shown += &next().await;
    }
    assert!(
        shown.contains("Unreadable") && shown.contains("(hidden)"),
        "{shown}"
    );
    let written = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    // The recorder records, and so does the one of the libraries.
    assert!(written.contains("a private connection is ready"), "{written}");
    assert!(
        written.contains("reqwest") || written.contains("hyper"),
        "{written}"
    );
    let hexadecimal = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    for part in TOKEN
        .split('.')
        .chain(["canary11111111111111", "canary22222222222222"])
    {
        for part in [part.to_owned(), hexadecimal(part)] {
            assert!(!shown.contains(&part), "{part} is reported: {shown}");
            assert!(!written.contains(&part), "{part} is written: {written}");
        }
    }
}
