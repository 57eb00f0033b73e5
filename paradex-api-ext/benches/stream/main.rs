//! What market data by WebSocket costs, beside plain tokio-tungstenite with SBE that is decoded by hand, JSON into the same types, and
//! `serde_json::Value`.
//!
//! `cargo bench -p paradex-benches --bench stream` prints, for one run:
//!
//! * the time to decode a change of six levels and apply it to a book of 175 levels of each side;
//! * the processor time of the client's thread for each quote over loopback, from the socket to the task of the user, through a bounded
//!   queue. The kernel's part of reading is included, and the server is another thread;
//! * the share of one core that 5,000 frames a second of 200 markets take, each frame sent by itself.
//!
//! Then come Criterion's own figures of the first, and before them those of an order event of an account, from the frame to the typed
//! update. With `-- serve` it serves the same quotes to any client, of any language, until it is
//! stopped. The processor time is that of Linux, from `/proc/thread-self/schedstat`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark fails by panicking"
)]
#![allow(
    dead_code,
    unused_imports,
    reason = "the client uses more of these modules, and has their tests"
)]

#[path = "../../src/stream/book.rs"]
mod book;
#[path = "../../src/stream/item.rs"]
mod item;
mod json_book;
#[path = "../../src/stream/market.rs"]
mod market;
mod plain;
mod private;
mod server;
#[path = "../../src/stream/shared_book.rs"]
mod shared_book;
#[path = "../../src/stream/update.rs"]
mod update;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::Criterion;
use paradex_api::Decimal;
use paradex_api::sbe::{Message, PkgType};
use paradex_api::testing::sbe::{BookEvent, BookLevel};
use paradex_api_ext::stream::{Lag, StreamOptions, Update};
use paradex_api_ext::{Client, Environment};
use server::Load;
use shared_book::{BookStep, SharedBook};
use tokio::runtime::Runtime;

const MARKET: &str = "BTC-USD-PERP";
/// Levels of each side.
const LEVELS: i64 = 175;
/// Quotes in one round over loopback.
const QUOTES: u64 = 500_000;
const ROUNDS: usize = 5;

fn main() {
    if std::env::args().any(|argument| argument == "serve") {
        server::serve_all(QUOTES);
    }
    deltas();
    orders();
    loopback();
    markets();
}

/// A book, and two changes of six levels that undo each other.
struct Frames {
    snapshot: BookEvent,
    deltas: [BookEvent; 2],
}

fn level(price: i64, size: i64) -> BookLevel {
    BookLevel {
        price: Decimal::new(price, 1),
        size: Decimal::new(size, 3),
    }
}

impl Frames {
    fn new() -> Self {
        let event = |seq, pkg_type, bids: Vec<BookLevel>, asks: Vec<BookLevel>| BookEvent {
            ts: 1_767_225_600_123_456,
            seq,
            pkg_type,
            market: MARKET.to_owned(),
            bids,
            asks,
            ..BookEvent::default()
        };
        let bid = |place: i64| 300_000 - place;
        let ask = |place: i64| 300_010 + place;
        let side = |price: &dyn Fn(i64) -> i64| {
            (0..LEVELS)
                .map(|place| level(price(place), 1_000 + place))
                .collect()
        };
        // One level goes, one comes, and four change, near the best prices as on an exchange.
        let change = |seq, gone: i64, come: i64, size: i64| {
            let bids = vec![level(bid(0), size), level(bid(gone), 0), level(bid(come), size)];
            let asks = vec![level(ask(0), size), level(ask(3), size), level(ask(5), size)];
            event(seq, PkgType::Delta, bids, asks)
        };
        Self {
            snapshot: event(1, PkgType::Snapshot, side(&bid), side(&ask)),
            deltas: [change(2, 2, 4, 1_500), change(3, 4, 2, 2_500)],
        }
    }
}

/// Puts a sequence number into a frame of SBE.
fn set_seq(frame: &mut [u8], seq: i64) {
    // Eight bytes of header, and eight of the time.
    frame[16..24].copy_from_slice(&seq.to_le_bytes());
}

fn orders() {
    let (connection, frame) = (private::Connection::new(), private::order());
    Criterion::default().configure_from_args().bench_function(
        "order event of an account, SBE to the typed update",
        |b| {
            b.iter(|| connection.update(black_box(&frame)));
        },
    );
}

fn deltas() {
    let frames = Frames::new();
    let snapshot = frames.snapshot.encode(2);
    let mut sbe = frames.deltas.clone().map(|delta| delta.encode(2));
    let json = frames.deltas.clone().map(|delta| json_book::text(&delta));

    let shared = SharedBook::new();
    let step = |frame: &[u8]| match Message::decode(frame).expect("it is a frame") {
        Message::Book(event) => shared.step(&event, false),
        other => panic!("{other:?}"),
    };
    assert_eq!(step(&snapshot), BookStep::Snapshot);
    let mut seq = 1;
    let mut ours = || {
        seq += 1;
        let frame = &mut sbe[usize::from(seq % 2 == 1)];
        set_seq(frame, seq);
        assert_eq!(step(frame), BookStep::Delta);
    };

    let mut by_hand = plain::Book::from_snapshot(&snapshot);
    let mut hand_frames = frames.deltas.clone().map(|delta| delta.encode(2));
    let mut hand_seq = 1;
    let mut plain = || {
        hand_seq += 1;
        let frame = &mut hand_frames[usize::from(hand_seq % 2 == 1)];
        set_seq(frame, hand_seq);
        assert!(by_hand.apply(frame));
    };

    let mut typed_book = book::OrderBook::default();
    json_book::fill(&mut typed_book, &frames.snapshot);
    let mut value_book = typed_book.clone();
    let mut turn = 0;
    let mut typed = || {
        turn += 1;
        assert!(json_book::apply_typed(&json[turn % 2], &mut typed_book));
    };
    let mut value_turn = 0;
    let mut value = || {
        value_turn += 1;
        assert!(json_book::apply_value(&json[value_turn % 2], &mut value_book));
    };

    let mut cases: [(&str, &mut dyn FnMut()); 4] = [
        ("ours", &mut ours),
        ("SBE by hand, without checks", &mut plain),
        ("JSON into the same types", &mut typed),
        ("JSON into Value", &mut value),
    ];
    println!("a change of six levels, decoded and applied:");
    let mut best = [f64::INFINITY; 4];
    for _ in 0..40 {
        for (best, (_, case)) in best.iter_mut().zip(&mut cases) {
            const TIMES: u32 = 5_000;
            let start = Instant::now();
            for _ in 0..TIMES {
                case();
            }
            *best = best.min(start.elapsed().as_secs_f64() * 1e9 / f64::from(TIMES));
        }
    }
    for (best_time, (name, _)) in best.iter().zip(&cases) {
        println!(
            "  {name:<28} {best_time:>8.0} ns {:>8.2} of ours",
            best_time / best[0]
        );
    }
    let mut criterion = Criterion::default().configure_from_args().sample_size(20);
    for (name, case) in cases {
        criterion.bench_function(&format!("change of six levels, {name}"), |bencher| {
            bencher.iter(&mut *case)
        });
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("there is a runtime")
}

/// The time that this thread has had a processor.
pub(crate) fn thread_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = text.split_whitespace().next().and_then(|text| text.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}

/// The client and its feed of quotes that ends rather than drop one.
async fn ours(url: &str, market: &str, count: u64) -> (Duration, Duration) {
    let client = Client::builder(Environment::custom(url).expect("it is local"))
        .build()
        .expect("it can be built");
    let options = StreamOptions::new().lag(Lag::End).queue(16_384).silence(None);
    let mut quotes = client.stream().with_options(options).bbo(market);
    let mut taken = 0;
    let mut started = None;
    while taken < count {
        match quotes.next().await {
            Some(Update::Item(quote)) => {
                // The first one may have waited for the connection.
                started.get_or_insert_with(|| (Instant::now(), thread_time()));
                black_box(&quote);
                taken += 1;
            }
            Some(Update::Lost(lost)) => panic!("{lost}"),
            Some(_) => {}
            None => panic!("{:?}", quotes.error()),
        }
    }
    let (wall, cpu) = started.expect("there were quotes");
    (wall.elapsed(), thread_time() - cpu)
}

fn loopback() {
    let mut best = [(Duration::MAX, Duration::MAX); 2];
    for _ in 0..ROUNDS {
        for (place, best) in best.iter_mut().enumerate() {
            let url = server::start(Load::Quotes(QUOTES));
            let (wall, cpu) = runtime().block_on(async {
                match place {
                    0 => ours(&url, MARKET, QUOTES).await,
                    _ => plain::quotes(&url, MARKET, QUOTES).await,
                }
            });
            best.0 = best.0.min(wall);
            best.1 = best.1.min(cpu);
        }
    }
    println!("\na quote of {MARKET} from the socket to the task, processor time of the client's thread:");
    let each = |time: Duration| time.as_secs_f64() * 1e9 / QUOTES as f64;
    for (name, (wall, cpu)) in ["ours", "plain tokio-tungstenite, SBE by hand"]
        .into_iter()
        .zip(best)
    {
        println!(
            "  {name:<38} {:>6.0} ns, {:>5.2} million/s of a core; by the clock {:>6.0} ns",
            each(cpu),
            1e3 / each(cpu),
            each(wall)
        );
    }
    println!("  ratio {:.2}", each(best[0].1) / each(best[1].1));
}

/// 5,000 quotes a second, each in a segment of its own.
fn markets() {
    const MARKETS: usize = 200;
    const RATE: u64 = 5_000;
    const SECONDS: u64 = 5;
    const COUNT: u64 = RATE * SECONDS;
    let url = || {
        server::start(Load::Paced {
            markets: MARKETS,
            rate: RATE,
            count: COUNT,
        })
    };
    let share = |(wall, cpu): (Duration, Duration)| 100.0 * cpu.as_secs_f64() / wall.as_secs_f64();
    let ours = share(runtime().block_on(ours(&url(), "ALL", COUNT)));
    let plain = share(runtime().block_on(plain::quotes(&url(), "ALL", COUNT)));
    println!(
        "\n{RATE} frames/s of {MARKETS} markets: {ours:.1} % of a core; plain tokio-tungstenite {plain:.1} %, ratio {:.2}",
        ours / plain
    );
}
