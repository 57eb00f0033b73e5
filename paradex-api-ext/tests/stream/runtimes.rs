//! Runtimes that end, programs without one, and tasks that are left.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use paradex_api_ext::blocking::Blocking;
use paradex_api_ext::stream::{StreamError, Update};
use tokio::runtime::{Builder, Handle, Runtime};

use super::server::{Server, bbo};
use super::{client, text};

fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

#[tokio::test]
async fn no_task_is_left_when_feeds_and_clients_are_dropped() {
    let mut server = Server::start().await;
    let before = Handle::current().metrics().num_alive_tasks();
    for _ in 0..3 {
        let client = client(&server);
        let mut feed = client.stream().bbo("X");
        let book = client.stream().book("X");
        let mut peer = server.accept().await;
        peer.acknowledge("subscribe", "bbo.X").await;
        peer.acknowledge("subscribe", "order_book.X.deltas").await;
        assert_eq!(text(&mut feed).await, "live");
        // The feed works on without the client.
        drop(client);
        peer.send(bbo("X", 1)).await;
        assert_eq!(text(&mut feed).await, "1");
        drop((feed, book));
        peer.closed().await;
    }
    while Handle::current().metrics().num_alive_tasks() > before {
        tokio::task::yield_now().await;
    }
}

#[test]
fn feed_goes_on_in_another_runtime_and_says_what_was_lost() {
    let servers = runtime();
    let mut server = servers.block_on(Server::start());
    let client = client(&server);
    let first = runtime();
    let mut feed = first.block_on(async { client.stream().bbo("X") });
    let peer = servers.block_on(async {
        let mut peer = server.accept().await;
        peer.acknowledge("subscribe", "bbo.X").await;
        peer
    });
    assert_eq!(first.block_on(text(&mut feed)), "live");
    drop(first);
    drop(peer);
    let serving = servers.spawn(async move {
        let mut peer = server.accept().await;
        peer.acknowledge("subscribe", "bbo.X").await;
        peer.send(bbo("X", 5)).await;
        (server, peer)
    });
    let second = runtime();
    let texts = second.block_on(async {
        [
            text(&mut feed).await,
            text(&mut feed).await,
            text(&mut feed).await,
        ]
    });
    assert_eq!(texts, ["lost disconnected", "live", "5"]);
    servers.block_on(serving).unwrap();
}

/// The connection's task is dropped wherever it happens to wait, and while others change what it subscribes to.
#[test]
fn runtimes_that_end_at_any_moment_lose_nothing_silently() {
    const RUNTIMES: u64 = 100;
    let servers = runtime();
    let mut server = servers.block_on(Server::start());
    let client = client(&server);
    let (newest, last) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    servers.spawn(async move {
        loop {
            let peer = server.accept().await;
            let number = newest.fetch_add(1, Ordering::SeqCst) + 1;
            tokio::spawn(peer.serve_trades(number, Arc::clone(&newest), Arc::clone(&last)));
        }
    });
    let mut feed = client.stream().trades("X");
    let (mut before, mut is_lost, mut losses, mut items) = (0, true, 0, 0);
    for number in 0..RUNTIMES {
        let (mut left, mut is_live) = (number * 7_919 % 97 + 1, false);
        runtime().block_on(async {
            while left > 0 {
                let other = (left % 5 == 0).then(|| client.stream().bbo("Y"));
                let update = tokio::time::timeout(Duration::from_secs(20), feed.next());
                match update
                    .await
                    .expect("nothing arrives")
                    .expect("the feed has ended")
                {
                    Update::Item(trade) => {
                        let id: u64 = trade.id.unwrap().parse().unwrap();
                        assert!(id == before + 1 || is_lost && id > before, "{id} after {before}");
                        (before, is_lost) = (id, false);
                        items += 1;
                        left -= u64::from(is_live);
                    }
                    Update::Lost(_) => {
                        is_lost = true;
                        losses += 1;
                    }
                    _ => is_live = true,
                }
                drop(other);
            }
        });
    }
    assert!(losses > RUNTIMES / 2 && items > RUNTIMES, "{losses} {items}");
}

#[test]
fn feed_without_a_runtime_ends_with_an_error() {
    let servers = runtime();
    let server = servers.block_on(Server::start());
    let mut feed = client(&server).stream().bbo("X");
    assert!(
        futures_util::FutureExt::now_or_never(feed.next())
            .unwrap()
            .is_none()
    );
    assert_eq!(feed.error(), Some(&StreamError::NoRuntime));
}

#[test]
fn blocking_iterates_over_updates() {
    let servers = runtime();
    let mut server = servers.block_on(Server::start());
    let client = client(&server);
    let serving = servers.spawn(async move {
        let mut peer = server.accept().await;
        peer.acknowledge("subscribe", "bbo.X").await;
        for seq in 1..=3 {
            peer.send(bbo("X", seq)).await;
        }
        (server, peer)
    });
    let blocking = Blocking::new().unwrap();
    let mut feed = client.stream().bbo("X");
    let quotes = blocking.updates(&mut feed).filter_map(Update::into_item);
    let numbers: Vec<i64> = quotes.map(|quote| quote.seq).take(3).collect();
    assert_eq!(numbers, [1, 2, 3]);
    servers.block_on(serving).unwrap();
}
