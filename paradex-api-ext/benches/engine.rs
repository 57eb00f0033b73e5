//! How many orders a second the simulator takes: through HTTP, and in its matching engine alone.
//!
//! It first prints the orders a second through HTTP, with signatures unchecked and checked; see [`http`].
//!
//! `cargo bench -p paradex-benches --bench engine` prints the time for 10,000 commands of each kind. Divide to get orders a second:
//! 10 ms are a million.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark fails by panicking"
)]
#![allow(dead_code, unused_imports, reason = "the simulator uses more of the engine")]
#![allow(
    unexpected_cfgs,
    reason = "the feature of the simulator switches on the tests of the engine"
)]

#[path = "../src/simulator/engine/mod.rs"]
mod engine;
mod http;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput};
use engine::{
    AccountId, AccountKind, Command, Engine, Event, Instruction, Kept, MakerTaker, MarketId, MarketRules,
    Money, NewOrder, OrderId, OrderKind, Price, Rate, SelfTradePrevention, Side, Size,
};

const COMMANDS: u64 = 10_000;
const UNIT: i64 = 100_000_000;

/// A stream of random numbers, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit).cast_signed()
    }
}

fn order(account: u32, side: Side, size: i64, price: i64) -> NewOrder {
    NewOrder::limit(AccountId(account), MarketId(0), side, Size(size), Price(price))
}

/// An engine with margin and fees, four accounts, and a mark price of 30,000.
fn new_engine() -> Engine {
    let mut engine = Engine::new(Kept::default());
    let fees = MakerTaker {
        maker: Rate(30_000_000),
        taker: Rate(450_000_000),
    };
    let mut rules = MarketRules::unlimited("BTC-USD-PERP");
    rules.tick = Price(UNIT / 10);
    rules.increment = Size(UNIT / 100_000);
    rules.initial_margin = Rate(20_000_000_000);
    rules.fees.api = fees;
    let mut commands = vec![Command::AddMarket(Box::new(rules))];
    for name in ["a", "b", "c", "d"] {
        commands.push(Command::AddAccount {
            name: name.into(),
            kind: AccountKind::Trader,
            deposit: Money(10_i128.pow(27)),
        });
    }
    commands.push(Command::SetPrices {
        market: MarketId(0),
        mark: Price(30_000 * UNIT),
        index: Price(30_000 * UNIT),
        funding_rate: Rate(100_000_000),
    });
    let mut events = Vec::new();
    for command in commands {
        engine.apply(0, &command, &mut events).expect("it is valid");
    }
    engine
}

/// Orders that rest: bids below the mark price, asks above.
fn resting() -> Vec<Command> {
    let mut random = Random(7);
    let place = (0..COMMANDS).map(|_| {
        let account = random.below(4) as u32;
        let distance = (1 + random.below(2_000)) * UNIT / 10;
        let (side, price) = match random.below(2) {
            0 => (Side::Buy, 30_000 * UNIT - distance),
            _ => (Side::Sell, 30_000 * UNIT + distance),
        };
        Command::Place(Box::new(order(account, side, UNIT / 100, price)))
    });
    place.collect()
}

/// Orders of which about half trade.
fn crossing() -> Vec<Command> {
    let mut random = Random(11);
    let place = (0..COMMANDS).map(|_| {
        let account = random.below(4) as u32;
        let price = 30_000 * UNIT + (random.below(41) - 20) * UNIT / 10;
        let side = if random.below(2) == 0 {
            Side::Buy
        } else {
            Side::Sell
        };
        let size = (1 + random.below(100)) * UNIT / 1_000;
        let mut order = order(account, side, size, price);
        order.stp = SelfTradePrevention::ExpireMaker;
        Command::Place(Box::new(order))
    });
    place.collect()
}

/// Each order placed and cancelled at once, among 10,000 others.
fn cancelled(first: u64) -> Vec<Command> {
    let pairs = resting().into_iter().zip(first..).flat_map(|(place, id)| {
        let account = match &place {
            Command::Place(order) => order.account,
            _ => AccountId(0),
        };
        let cancel = Command::Cancel {
            account,
            order: OrderId(id),
        };
        [place, cancel]
    });
    pairs.take(COMMANDS as usize).collect()
}

fn run(engine: &mut Engine, commands: &[Command], events: &mut Vec<Event>) {
    for command in commands {
        let _ = black_box(engine.apply(0, command, events));
        events.clear();
    }
}

fn main() {
    // `cargo test` runs everything once, with little.
    http::run(if std::env::args().any(|argument| argument == "--test") {
        100
    } else {
        10_000
    });
    let mut criterion = Criterion::default().configure_from_args().sample_size(20);
    let mut group = criterion.benchmark_group("engine");
    group.throughput(Throughput::Elements(COMMANDS));
    let mut full = Vec::new();
    full.extend(resting());
    for (name, before, commands) in [
        ("resting orders", Vec::new(), resting()),
        ("orders of which half trade", Vec::new(), crossing()),
        ("placed and cancelled among 10,000", full, cancelled(COMMANDS + 1)),
    ] {
        let mut events = Vec::new();
        group.bench_function(name, |bencher| {
            let setup = || {
                let mut engine = new_engine();
                run(&mut engine, &before, &mut Vec::new());
                engine
            };
            bencher.iter_batched_ref(
                setup,
                |engine| run(engine, &commands, &mut events),
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
    criterion.final_summary();
}
