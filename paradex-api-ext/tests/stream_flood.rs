//! A flood of trades, for readers that share a thread with the connection, and for feeds that nobody reads. It is a program of its own, because it counts what the whole program allocates.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::alloc::System;
use std::io::{BufWriter, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use paradex_api::testing::sbe::TradeEvent;
use paradex_api_ext::paradex_api::serde_json::{Value, from_str, json};
use paradex_api_ext::stream::{Feed, Lag, StreamOptions, Trade, Update};
use paradex_api_ext::{Client, Environment};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tokio_tungstenite::tungstenite::{Message, accept};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const MARKET: &str = "BTC-USD-PERP";
/// The updates that wait for a feed at most.
const QUEUE: usize = 1_000;
const WARM: u64 = 20_000;
const FLOOD: u64 = 200_000;

/// The tests count the same allocations.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// The bytes that are allocated at this moment.
fn live() -> isize {
    let stats = ALLOCATOR.stats();
    isize::try_from(stats.bytes_allocated).unwrap() - isize::try_from(stats.bytes_deallocated).unwrap()
}

/// Sends as many trades as it is told, with the ids from 1 on, in batches that are built once.
fn serve(listener: &TcpListener, floods: &mpsc::Receiver<u64>) {
    let (stream, _) = listener.accept().unwrap();
    let mut socket = accept(stream).unwrap();
    let Message::Text(request) = socket.read().unwrap() else {
        panic!("no request")
    };
    let request: Value = from_str(&request).unwrap();
    let response = json!({"jsonrpc": "2.0", "result": request["params"], "id": request["id"]});
    socket.send(Message::text(response.to_string())).unwrap();
    let mut stream = BufWriter::new(socket.get_ref().try_clone().unwrap());
    let mut trade = TradeEvent {
        market: MARKET.to_owned(),
        ..TradeEvent::default()
    };
    let mut sent = 0;
    for count in floods {
        for id in sent + 1..=sent + count {
            trade.trade_id_str = Some(id.to_string());
            let payload = trade.encode(2);
            stream
                .write_all(&[0x82, u8::try_from(payload.len()).unwrap()])
                .unwrap();
            stream.write_all(&payload).unwrap();
        }
        stream.flush().unwrap();
        sent += count;
    }
}

/// Reads the newest trades until this id.
async fn read_until(feed: &mut Feed<Trade>, id: u64) {
    let id = id.to_string();
    let read = async {
        while let Some(update) = feed.next().await {
            if let Update::Item(trade) = update
                && trade.id.as_deref() == Some(&id)
            {
                return;
            }
        }
        panic!("{:?}", feed.error());
    };
    tokio::time::timeout(Duration::from_secs(120), read)
        .await
        .unwrap();
}

/// Reads what waits in a feed, and returns how many items there were and how many had been dropped.
async fn drain(feed: &mut Feed<Trade>) -> (u64, u64) {
    let (mut items, mut dropped) = (0, 0);
    while items + dropped < WARM + FLOOD {
        let next = tokio::time::timeout(Duration::from_secs(20), feed.next()).await;
        match next.unwrap().unwrap() {
            Update::Item(_) => items += 1,
            Update::Lost(lost) => dropped += lost.dropped(),
            _ => {}
        }
    }
    (items, dropped)
}

/// Starts a server, and returns a client of it and the end of the queue that tells the server how many trades to send.
fn start() -> (Client, mpsc::Sender<u64>, std::thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (flood, floods) = mpsc::channel();
    let server = std::thread::spawn(move || serve(&listener, &floods));
    let client = Client::builder(Environment::custom(&url).unwrap())
        .build()
        .unwrap();
    (client, flood, server)
}

#[tokio::test(flavor = "current_thread")]
async fn reader_on_the_thread_of_the_connection_keeps_up_with_a_flood() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let (client, flood, server) = start();
    let options = StreamOptions::new().lag(Lag::End).queue(QUEUE);
    let mut trades = client.stream().with_options(options).trades(MARKET);
    flood.send(WARM).unwrap();
    // It would end if more than the queue arrived before the reader could run.
    read_until(&mut trades, WARM).await;
    drop((flood, trades));
    server.join().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_is_constant_under_a_flood_that_nobody_reads() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let (client, flood, server) = start();
    let stream = client.stream();
    let feed = |lag, queue| {
        stream
            .with_options(StreamOptions::new().lag(lag).queue(queue))
            .trades(MARKET)
    };
    let mut newest = feed(Lag::Latest, 1);
    let mut stalled = [feed(Lag::Drop, QUEUE), feed(Lag::Latest, QUEUE)];

    flood.send(WARM).unwrap();
    read_until(&mut newest, WARM).await;
    let before = live();
    flood.send(FLOOD).unwrap();
    read_until(&mut newest, WARM + FLOOD).await;
    let grown = live() - before;
    assert!(grown < 64 * 1_024, "{grown} bytes more after {FLOOD} trades");

    // Nothing is lost silently.
    for feed in &mut stalled {
        let (items, dropped) = drain(feed).await;
        assert_eq!(items + dropped, WARM + FLOOD);
        assert!(items <= QUEUE as u64 && items > 0, "{items}");
    }
    drop((flood, newest, stalled));
    server.join().unwrap();
}
