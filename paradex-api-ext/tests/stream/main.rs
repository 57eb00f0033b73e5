//! Feeds over real sockets, against a scripted server.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod account;
mod connecting;
mod delivering;
mod fault_run;
#[path = "../../src/stream/tests/frames.rs"]
mod frames;
mod orders;
mod runtimes;
mod server;
mod simulated;
mod verifying;

use std::time::Duration;

use futures_util::{Stream, StreamExt};
use paradex_api_ext::stream::Update;
use paradex_api_ext::{Client, Environment};

use server::Server;

/// A client of a server.
fn client(server: &Server) -> Client {
    Client::builder(Environment::custom(&server.url).unwrap())
        .build()
        .unwrap()
}

/// The next update of a feed. A test that waits for ever fails.
async fn next<S: Stream + Unpin>(feed: &mut S) -> S::Item {
    let next = tokio::time::timeout(Duration::from_secs(20), feed.next()).await;
    next.expect("the feed yields nothing")
        .expect("the feed has ended")
}

/// The next update as a short text.
async fn text<T: Number>(feed: &mut (impl Stream<Item = Update<T>> + Unpin)) -> String {
    match next(feed).await {
        Update::Item(item) => item.number(),
        Update::Lost(lost) => format!("lost {}", lost.cause().as_str()),
        Update::Live(_) => "live".to_owned(),
        other => panic!("{other:?}"),
    }
}

/// Items that tests number.
trait Number: std::fmt::Debug {
    fn number(&self) -> String;
}

impl Number for paradex_api_ext::stream::Bbo {
    fn number(&self) -> String {
        self.seq.to_string()
    }
}

impl Number for paradex_api_ext::stream::Trade {
    fn number(&self) -> String {
        self.id.clone().unwrap_or_default()
    }
}
