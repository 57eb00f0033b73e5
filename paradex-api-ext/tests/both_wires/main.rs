//! Everything goes wrong at once on both wires, and what is said of each order and each account is still true.
//!
//! Programs trade for several accounts by HTTP and over order sockets, others follow the accounts, and others halt. Each fault
//! hits one request or event in twenty. The truth is what the simulator has.
//!
//! `cargo test --release -p paradex-api-ext --test both_wires -- --ignored --nocapture` places 100,000 orders.
//! `PARADEX_WIRES_ORDERS` places another number, and `PARADEX_WIRES_SEED` makes other choices.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod chance;
mod faults;
mod follower;
mod halts;
mod ledger;
#[path = "../support/random.rs"]
mod random;
mod trader;
mod wire;
mod words;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use paradex_api_ext::order_socket::{CancelOnDisconnect, WhenDown};
use paradex_api_ext::simulator::{
    EventOrder, PrivateEncoding, Simulator, SocketOfRevokedToken, StreamOptions,
};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use chance::Counts;
use faults::Injected;
use follower::{Follower, Reading};
use halts::{Halter, check_cleared};
use ledger::Ledger;
use random::Random;
use trader::Trader;
use wire::{Desk, Wire, client};

const MARKET: &str = "BTC-USD-PERP";
/// The time of each call.
const DEADLINE: Duration = Duration::from_secs(2);
/// How often the simulator's clock follows that of the runtime.
const STEP: Duration = Duration::from_millis(100);
/// How many orders are placed with one simulator.
const SEGMENT: u64 = 1_000;

const ARMED: Wire = Wire::Socket(CancelOnDisconnect::Armed, WhenDown::Refuse);
const ARMED_OR_HTTP: Wire = Wire::Socket(CancelOnDisconnect::Armed, WhenDown::UseHttp);
const NOT_ARMED: Wire = Wire::Socket(CancelOnDisconnect::NotArmed, WhenDown::Refuse);
const NOT_ARMED_OR_HTTP: Wire = Wire::Socket(CancelOnDisconnect::NotArmed, WhenDown::UseHttp);

/// The wires of the programs of each account. Those of one group share a client.
const ACCOUNTS: [&[&[Wire]]; 3] = [
    &[&[Wire::Http, ARMED], &[NOT_ARMED_OR_HTTP], &[ARMED_OR_HTTP]],
    &[&[Wire::Http, NOT_ARMED], &[ARMED_OR_HTTP, NOT_ARMED_OR_HTTP]],
    // Everything that is placed here must be covered by cancel on disconnect.
    &[&[ARMED], &[ARMED]],
];
/// The account of which only armed sockets place orders.
const ONLY_ARMED: usize = 2;

/// What has to happen in a long run, besides every fault.
const EXPECTED: &[&str] = &[
    "connect: ok",
    "connect: failed",
    "order (http): ok",
    "order (armed): ok",
    "order (armed): not placed, not armed",
    "order (armed): unknown, in_flight",
    "order (armed): unknown, late (in_flight)",
    "order (armed or http): ok",
    "order (armed or http): unknown, in_flight",
    "order (not armed): ok",
    "order (not armed): not placed, socket down",
    "order (not armed or http): ok",
    "order (not armed or http): unknown, in_flight",
    "order (http): dropped",
    "order (armed): dropped",
    "batch (armed): ok",
    "modify (armed): ok",
    "cancel (armed): ok",
    "cancel batch (armed): ok",
    "cancel all (http): ok",
    "last order (armed): dropped",
    "resolve: found",
    "resolve: not placed",
    "resolve: pending",
    "resolve change: made",
    "resolve change: not in force",
    "halt (http): clear",
    "halt (http): not clear",
    "halt (armed): clear",
    "halt (armed): not clear",
    "halt (not armed or http): clear",
    "halt of one client: clear",
    "halt of one client: not clear",
    "lost: differs",
    "lost: disconnected",
    "lost: lagged",
    "lost: unreadable",
    "reconciled: fills found",
    "reconciled: orders closed meanwhile",
    "stream: fill",
    "stream: modification",
    "stream: restarted",
    "restart",
];

fn options(random: &mut Random) -> StreamOptions {
    let options = StreamOptions::default()
        .connects(usize::MAX, usize::MAX)
        .untaken_messages(usize::MAX)
        .kept_events(usize::MAX)
        .repeat_request_info(random.percent(50))
        .disconnect_delay(Duration::from_secs(random.below(3)));
    let options = match random.below(2) {
        0 => options.private_encoding(PrivateEncoding::Json),
        _ => options.private_encoding(PrivateEncoding::Sbe),
    };
    let options = match random.below(3) {
        0 => options.revoked_tokens(SocketOfRevokedToken::Closed),
        1 => options.revoked_tokens(SocketOfRevokedToken::Refused),
        _ => options.revoked_tokens(SocketOfRevokedToken::GoesOn),
    };
    match random.below(4) {
        0 => options.event_order(EventOrder::OrdersFirst),
        1 => options.event_order(EventOrder::FillsFirst),
        2 => options.event_order(EventOrder::Shuffled),
        _ => options,
    }
}

fn readings() -> [Reading; 3] {
    let reading = Reading {
        queue: 65_536,
        compare_every: Duration::from_secs(60),
        restart_every: u64::MAX,
        pause_every: u64::MAX,
    };
    [
        reading,
        Reading {
            queue: 20,
            compare_every: Duration::from_secs(10),
            pause_every: 60,
            ..reading
        },
        Reading {
            compare_every: Duration::from_secs(20),
            restart_every: 30,
            ..reading
        },
    ]
}

/// Moves the simulator's clock with that of the runtime, and counts the steps.
fn keep_time(exchange: &Simulator) -> (tokio::task::JoinHandle<()>, Arc<AtomicU64>) {
    let (exchange, steps) = (exchange.clone(), Arc::new(AtomicU64::new(0)));
    let counter = Arc::clone(&steps);
    let task = tokio::spawn(async move {
        loop {
            tokio::time::sleep(STEP).await;
            exchange.advance(STEP);
            counter.fetch_add(1, Ordering::Relaxed);
        }
    });
    (task, steps)
}

/// Places orders with one simulator. Each fault is frequent with this probability.
async fn segment(orders: u64, seed: u64, probability: u64, counts: &Counts) {
    let started = Instant::now();
    let mut random = Random(seed);
    let mut fork = || Random(random.below(u64::MAX));
    let exchange = Simulator::builder()
        .strict()
        .seed(seed)
        .token_limit(usize::MAX)
        .sign_ins_per_minute(u32::MAX)
        .stream(options(&mut fork()))
        .start()
        .await
        .unwrap();
    exchange.set_mark_price(MARKET, 100.into()).unwrap();
    let (clock, steps) = keep_time(&exchange);

    let mut accounts = vec![exchange.main_account()];
    accounts.extend((1..ACCOUNTS.len()).map(|_| exchange.add_account()));
    let ledgers: Vec<Ledger> = accounts.into_iter().map(Ledger::new).collect();
    let stop: Vec<Arc<Notify>> = ledgers.iter().map(|_| Arc::default()).collect();
    let (mut followers, mut traders) = (JoinSet::new(), JoinSet::new());
    let mut programs = Vec::new();
    for (number, (ledger, groups)) in ledgers.iter().zip(ACCOUNTS).enumerate() {
        for (index, wires) in groups.iter().enumerate() {
            let base = client(&exchange, &ledger.account);
            if index == 0 {
                let of = (ledger.account.as_str(), base.clone());
                let follower = Follower::start(&exchange, of, readings()[number], fork(), counts).await;
                followers.spawn(follower.run(Arc::clone(&stop[number])));
            }
            for (place, wire) in wires.iter().enumerate() {
                let desk = Desk::connect(base.clone(), *wire, counts).await;
                assert!(desk.socket.is_some() || *wire == Wire::Http, "{wire:?}");
                let name = format!("{number}-{index}-{place}");
                // A client can be resumed by one program only.
                let sweeps = number == 1 && place == 0;
                programs.push(Trader::new(&exchange, name, desk, ledger, fork(), counts, sweeps));
            }
        }
    }
    let injected = Injected::new(&exchange, &mut fork(), probability);
    let each = orders.div_ceil(programs.len() as u64);
    for trader in programs {
        traders.spawn(trader.run(each));
    }
    let halter = Halter {
        exchange: exchange.clone(),
        name: "halt".to_owned(),
        random: fork(),
        counts: counts.clone(),
        cleared: Vec::new(),
        others: Vec::new(),
    };
    let halts = tokio::spawn(halter.run(orders / 25));
    let mut traders = traders.join_all().await;
    let halter = halts.await.unwrap();

    // The network works again. What is late arrives, and every window of an order ends.
    exchange.clear_injections();
    tokio::time::sleep(Duration::from_secs(60)).await;
    for trader in &mut traders {
        trader.settle_all().await;
    }
    drop(traders);
    tokio::time::sleep(Duration::from_secs(10)).await;
    stop.iter().for_each(|stop| stop.notify_one());
    let mut followers = followers.join_all().await;
    for follower in &mut followers {
        follower.settle().await;
    }
    drop(followers);
    injected.count(counts);

    for ledger in ledgers.iter().chain(&halter.cleared).chain(&halter.others) {
        let count = ledger.check(&exchange);
        counts.add_many("orders of the exchange", count);
    }
    for ledger in &halter.cleared {
        check_cleared(&exchange, ledger);
    }
    check_sockets(&exchange, &ledgers[ONLY_ARMED].account, counts);
    drop(halter);
    while exchange.open_connections() > 0 {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    clock.abort();
    println!(
        "segment {seed}: {:?}, {:?} of the runtime's clock",
        started.elapsed(),
        STEP * u32::try_from(steps.load(Ordering::Relaxed)).unwrap(),
    );
}

/// Checks that no order came over an armed socket before the acknowledgement.
fn check_sockets(exchange: &Simulator, only_armed: &str, counts: &Counts) {
    for (number, socket) in (1..).zip(exchange.sockets()) {
        assert_eq!(socket.number, number, "a connection was forgotten");
        counts.add("connection");
        let is_armed = socket.cancel_on_disconnect || socket.account.as_deref() == Some(only_armed);
        assert!(!is_armed || socket.unarmed_orders == 0, "{socket:?}");
    }
}

/// Runs segments until the orders are placed. All faults are frequent in the first, and some of them in the others.
async fn run(orders: u64, each: u64, seed: u64) -> Counts {
    let counts = Counts::default();
    let started = Instant::now();
    println!("PARADEX_WIRES_SEED={seed}");
    for number in 0..orders.div_ceil(each) {
        let probability = [100, 50, 15][usize::try_from(number % 3).unwrap()];
        let seed = seed.wrapping_mul(1_000_000).wrapping_add(number);
        segment(each, seed, probability, &counts).await;
    }
    println!(
        "{orders} orders in {:?}, seed {seed}: {:#?}",
        started.elapsed(),
        counts.all()
    );
    counts
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().expect("it is a number"))
}

fn check_happened(counts: &Counts, names: impl Iterator<Item = String>) {
    let counts = counts.all();
    for name in names {
        assert!(
            counts.get(&name).is_some_and(|count| *count > 0),
            "never happened: {name}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn claims_about_orders_and_accounts_are_true_on_both_wires() {
    let counts = run(300, 100, number("PARADEX_WIRES_SEED").unwrap_or(1)).await;
    check_happened(&counts, faults::names());
}

#[tokio::test(start_paused = true)]
#[ignore = "a long run; see the top of the file"]
async fn claims_about_a_hundred_thousand_orders_are_true_on_both_wires() {
    let orders = number("PARADEX_WIRES_ORDERS").unwrap_or(100_000);
    let counts = run(orders, SEGMENT, number("PARADEX_WIRES_SEED").unwrap_or(1)).await;
    let expected = EXPECTED.iter().map(ToString::to_string);
    check_happened(&counts, faults::names().chain(expected));
}
