//! Random orders of four clients at once, after which sizes, money, orders and the book must agree.
//!
//! `cargo test --release -p paradex-api-ext --test trading_run -- --ignored --nocapture` places 100,000 orders.
//! `PARADEX_TRADING_ORDERS` places another number, and `PARADEX_TRADING_SEED` makes other choices.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "support/random.rs"]
mod random;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use paradex_api::types::{
    Fill, FillType, OrderFlag, OrderInstruction, OrderStatus, OrderType, StpMode, TraderRole,
};
use paradex_api_ext::error::PlaceOrderError;
use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::orders::{CancelScope, NewAlgoOrder, NewOrder, OrderSide};
use paradex_api_ext::pagination::Paged;
use paradex_api_ext::simulator::{OrderSnapshot, Simulator};
use paradex_api_ext::{Client, Credentials, Environment};
use rust_decimal::Decimal;

use random::Random;

const MARKET: &str = "BTC-USD-PERP";
const CLIENTS: u64 = 4;

/// What each account begins with.
const DEPOSIT: i64 = 1_000_000;

/// How far the run moves the clock, in seconds: less than a session and the window of an order last.
const SECONDS: u64 = 100;

/// How long the script moves the mark price, in seconds.
const SCRIPT: u64 = 400;

/// What has to happen in a run: a run in which nothing trades proves nothing.
const EXPECTED: &[&str] = &[
    "fill FILL",
    "fill RPI",
    "fill of a triggered order",
    "fill of an algo order",
    "funding payment",
    "modified order",
    "cancelled order",
    "order cancelled by its client id",
    "order cancelled in a batch",
    "batch",
    "closed USER_CANCELED",
    "closed SELF_TRADE",
    "closed POST_ONLY_WOULD_CROSS",
    "closed REMAINING_IOC_CANCEL",
    "closed REDUCE_ONLY_WILL_INCREASE",
    "refused DUPLICATED_CLIENT_ID",
];

/// How often each thing happened, by its name.
#[derive(Debug, Default)]
struct Counts(BTreeMap<String, u64>);

impl Counts {
    fn add(&mut self, name: impl Into<String>) {
        *self.0.entry(name.into()).or_default() += 1;
    }
}

impl Random {
    fn side(&mut self) -> OrderSide {
        if self.below(2) == 0 {
            OrderSide::Buy
        } else {
            OrderSide::Sell
        }
    }

    fn price(&mut self) -> Decimal {
        Decimal::from(90 + self.below(21))
    }

    fn size(&mut self) -> Decimal {
        Decimal::from(1 + self.below(20))
    }

    fn order(&mut self) -> NewOrder {
        let (side, size, price) = (self.side(), self.size(), self.price());
        let trigger = self.price();
        let waiting = |kind, size| NewOrder::triggered(MARKET, side.clone(), kind, size, trigger);
        let mut order = match self.below(16) {
            0 | 1 => NewOrder::market(MARKET, side, size),
            2 => waiting(OrderType::StopMarket, size),
            3 => waiting(OrderType::StopLimit, size).price(price),
            4 => waiting(OrderType::TakeProfitMarket, Decimal::ZERO),
            5 => waiting(OrderType::StopLossMarket, size),
            6 => waiting(OrderType::StopLossLimit, size).price(price),
            _ => NewOrder::limit(MARKET, side, size, price).instruction(self.instruction()),
        };
        order = match self.below(6) {
            0 => order.self_trade_prevention(StpMode::ExpireMaker),
            1 => order.self_trade_prevention(StpMode::ExpireBoth),
            2 => order.flag(OrderFlag::ReduceOnly),
            _ => order,
        };
        match self.below(4) {
            0 => order.client_id(format!("own-{}", self.below(5))),
            _ => order,
        }
        .good_for(Duration::from_secs(2 * SECONDS))
    }

    /// Restricts some limit orders.
    fn instruction(&mut self) -> OrderInstruction {
        match self.below(8) {
            0 => OrderInstruction::Ioc,
            1 => OrderInstruction::PostOnly,
            2 => OrderInstruction::Rpi,
            _ => OrderInstruction::Gtc,
        }
    }
}

/// One of the clients, and what it did.
struct Trader {
    client: Client,
    random: Random,
    /// The ids of its orders, with the side of each that has a price and no trigger.
    placed: Vec<(String, Option<OrderSide>)>,
    modified: BTreeSet<String>,
    counts: Counts,
}

impl Trader {
    /// Places one order or several. Returns how many.
    async fn place(&mut self) -> u64 {
        let orders = self.client.orders();
        match self.random.below(24) {
            0 => {
                let batch: Vec<NewOrder> = (0..4).map(|_| self.random.order()).collect();
                let response = orders.place_batch(batch).await.unwrap();
                self.counts.add("batch");
                for error in &response.errors {
                    let code = error.error.as_ref().map(|code| code.as_str());
                    self.counts.add(format!("refused {}", code.unwrap()));
                }
                let ids = response.orders.into_iter().filter_map(|order| order.id);
                self.placed.extend(ids.map(|id| (id, None)));
                4
            }
            1 => {
                let (side, size) = (self.random.side(), self.random.size());
                let minute = Duration::from_secs(60);
                let twap = NewAlgoOrder::twap(MARKET, side, size, minute).every(Duration::from_secs(3));
                let placed = orders.place_algo(twap.good_for(3 * minute)).await;
                self.note_refusal(placed.map(drop));
                1
            }
            _ => {
                let order = self.random.order();
                match orders.place(order).await {
                    Ok(placed) => {
                        let is_limit = placed.type_ == Some(OrderType::Limit);
                        let side = placed.side.filter(|_| is_limit);
                        self.placed.push((placed.id.unwrap(), side));
                    }
                    Err(error) => self.note_refusal(Err(error)),
                }
                1
            }
        }
    }

    /// Counts the code of a refusal.
    fn note_refusal(&mut self, outcome: Result<(), PlaceOrderError>) {
        match outcome {
            Ok(()) => {}
            Err(PlaceOrderError::Refused(error)) => {
                let code = error.code().expect("a refusal has a code").as_str();
                self.counts.add(format!("refused {code}"));
            }
            Err(error) => panic!("{error:?}"),
        }
    }

    /// Cancels or modifies orders, which may be closed.
    async fn change(&mut self) {
        if self.placed.is_empty() {
            return;
        }
        let orders = self.client.orders();
        let newest = self.placed.len() as u64;
        let back = self.random.below(newest.min(12));
        let (id, side) = self.placed[(newest - 1 - back) as usize].clone();
        let changed = match self.random.below(20) {
            0..4 => orders.cancel(&id).await.map(|()| "cancelled order"),
            4..8 => {
                let client_id = format!("own-{}", self.random.below(5));
                let cancelled = orders.cancel_by_client_id(&client_id).await;
                cancelled.map(|()| "order cancelled by its client id")
            }
            8 => {
                let newest = self.placed.iter().rev().take(10);
                let ids = newest.map(|(id, _)| id.clone()).collect();
                let response = orders.cancel_batch(ids).await.unwrap();
                for result in &response.results {
                    let status = result.status.as_ref().map(|status| status.as_str());
                    if status == Some("QUEUED_FOR_CANCELLATION") {
                        self.counts.add("order cancelled in a batch");
                    }
                }
                return;
            }
            9 if self.random.below(10) == 0 => {
                orders.cancel_all(CancelScope::AllMarkets).await.unwrap();
                return;
            }
            10..16 => {
                let Some(side) = side else { return };
                let change = NewOrder::limit(MARKET, side, self.random.size(), self.random.price());
                self.modified.insert(id.clone());
                match orders.modify(&id, change).await {
                    Ok(_) => self.counts.add("modified order"),
                    Err(error) => self.note_refusal(Err(error)),
                }
                return;
            }
            _ => return,
        };
        match changed {
            Ok(name) => self.counts.add(name),
            Err(error) => {
                let code = error.code().expect("a refusal has a code").as_str();
                self.counts.add(format!("refused {code}"));
            }
        }
    }

    async fn trade(mut self, simulator: Simulator, orders: u64, seconds: u64) -> Self {
        let (mut placed, mut passed) = (0, 0);
        while placed < orders {
            placed += self.place().await;
            self.change().await;
            while passed < placed * seconds / orders {
                simulator.advance(Duration::from_secs(1));
                passed += 1;
            }
        }
        self
    }
}

/// Returns the path of a file that only this run has.
fn file(seed: u64, extension: &str) -> PathBuf {
    let name = format!("paradex-trading-run-{}-{seed}.{extension}", std::process::id());
    std::env::temp_dir().join(name)
}

/// Writes a script in which the mark price is another one each second.
fn price_script(seed: u64) -> PathBuf {
    let (path, mut random) = (file(seed, "csv"), Random(seed));
    let rows = (0..SCRIPT).map(|second| format!("{second},{MARKET},{}\n", random.price()));
    // In the end it stays where nothing is triggered.
    let last = format!("{SCRIPT},{MARKET},100.5\n");
    std::fs::write(&path, rows.chain([last]).collect::<String>()).unwrap();
    path
}

async fn run(orders: u64, seed: u64) {
    let (script, log) = (price_script(seed), file(seed, "log"));
    let builder = || Simulator::builder().strict().trading_log(&log);
    let simulator = builder().price_script(&script).start().await.unwrap();
    std::fs::remove_file(script).unwrap();
    let mut accounts = vec![simulator.main_account()];
    accounts.extend((1..CLIENTS).map(|_| simulator.add_account()));
    let started = Instant::now();
    let tasks: Vec<_> = (0..)
        .zip(&accounts)
        .map(|(number, account)| {
            let trader = Trader {
                client: client(&simulator, account, number == 0),
                random: Random(seed.wrapping_mul(1_000).wrapping_add(number)),
                placed: Vec::new(),
                modified: BTreeSet::new(),
                counts: Counts::default(),
            };
            // One of them moves the clock.
            let seconds = if number == 0 { SECONDS } else { 0 };
            tokio::spawn(trader.trade(simulator.clone(), orders / CLIENTS, seconds))
        })
        .collect();
    let mut traders = Vec::new();
    for task in tasks {
        traders.push(task.await.unwrap());
    }
    let mut counts = Counts::default();
    for trader in &traders {
        for (name, count) in &trader.counts.0 {
            *counts.0.entry(name.clone()).or_default() += count;
        }
    }
    let elapsed = started.elapsed();
    // Nothing happens by itself any more: the script and all algo orders have ended. The sessions have, too.
    simulator.advance(Duration::from_secs(SCRIPT));
    simulator.order_book(MARKET);
    for (trader, account) in traders.iter_mut().zip(&accounts) {
        trader.client = client(&simulator, account, false);
    }
    check(&simulator, &accounts, &traders, &mut counts).await;
    println!("{orders} orders in {elapsed:?}, seed {seed}: {:#?}", counts.0);
    let state = |simulator: &Simulator| {
        let orders = accounts.iter().map(|account| simulator.orders(account));
        (orders.collect::<Vec<_>>(), simulator.order_book(MARKET))
    };
    let before = state(&simulator);
    drop(simulator);
    let again = builder().start().await.unwrap();
    for account in &accounts[1..] {
        assert_eq!(again.add_account(), *account);
    }
    let after = state(&again);
    assert!(after == before, "a restart from the log gives another state");
    drop(again);
    std::fs::remove_file(log).unwrap();
    for name in EXPECTED {
        assert!(counts.0.contains_key(*name), "never happened: {name}");
    }
}

fn client(simulator: &Simulator, account: &str, interactive: bool) -> Client {
    let environment = Environment::custom(simulator.url()).unwrap();
    let key = simulator.account_key(account).unwrap();
    let mut credentials = Credentials::starknet_derived(environment.clone(), key);
    if interactive {
        credentials = credentials.interactive();
    }
    let builder = Client::builder(environment).credentials(credentials);
    builder.rate_limits(RateLimits::none()).build().unwrap()
}

/// Sums over all accounts.
#[derive(Default)]
struct Sums {
    /// Positions, which must add up to nothing.
    size: Decimal,
    /// What takers and makers traded, which must be the same.
    taken: Decimal,
    made: Decimal,
    /// Balances, less what the open positions cost.
    money: Decimal,
    fees: Decimal,
    funding: Decimal,
}

/// Checks what the accounts see.
async fn check(simulator: &Simulator, accounts: &[String], traders: &[Trader], counts: &mut Counts) {
    let mut sums = Sums::default();
    let mut book = [Levels::new(), Levels::new()];
    for (account, trader) in accounts.iter().zip(traders) {
        check_account(simulator, account, trader, &mut sums, counts).await;
        add_open_orders(&trader.client, &mut book).await;
    }
    assert_eq!(sums.size, Decimal::ZERO, "sizes are conserved");
    assert_eq!(sums.taken, sums.made, "each taker has a maker");
    // The accounts trade with each other alone, so nothing can have gone anywhere else.
    let deposits = Decimal::from(DEPOSIT) * Decimal::from(accounts.len());
    let money = sums.money + sums.fees - sums.funding;
    assert_eq!(money, deposits, "money is conserved");
    check_book(simulator, &book);
}

/// Checks that the history of an account gives its position and its balance, and that its orders agree with its fills.
async fn check_account(
    simulator: &Simulator,
    account: &str,
    trader: &Trader,
    sums: &mut Sums,
    counts: &mut Counts,
) {
    let api = trader.client.api();
    let fills = api.list_fills().page_size(1_000).all(1_000_000).await.unwrap();
    let fills: Vec<Fill> = fills.into_items();
    let mut filled: BTreeMap<String, Decimal> = BTreeMap::new();
    let (mut position, mut balance) = (Decimal::ZERO, Decimal::from(DEPOSIT));
    for fill in &fills {
        let (size, fee) = (fill.size.unwrap(), fill.fee.unwrap());
        let (pnl, funding) = (fill.realized_pnl.unwrap(), fill.realized_funding.unwrap());
        position += match fill.side {
            Some(OrderSide::Buy) => size,
            _ => -size,
        };
        balance += pnl + funding - fee;
        sums.fees += fee;
        sums.funding += funding;
        match fill.liquidity {
            Some(TraderRole::Maker) => sums.made += size,
            _ => sums.taken += size,
        }
        *filled.entry(fill.order_id.clone().unwrap()).or_default() += size;
        let kind = fill.fill_type.as_ref().unwrap();
        assert!([FillType::Fill, FillType::Rpi].contains(kind), "{fill:?}");
        counts.add(format!("fill {}", kind.as_str()));
        if !funding.is_zero() {
            counts.add("funding payment");
        }
    }
    for order in simulator.orders(account) {
        check_order(&order, &filled, &trader.modified);
        if let Some(reason) = order.cancel_reason {
            counts.add(format!("closed {reason}"));
        }
        if ![OrderType::Limit, OrderType::Market].contains(&order.order_type) && !order.filled.is_zero() {
            counts.add("fill of a triggered order");
        }
    }
    let algos = api.list_algo_orders_history().page_size(100).all(1_000_000).await;
    for algo in algos.unwrap().into_items() {
        if algo.remaining_size < algo.size {
            counts.add("fill of an algo order");
        }
    }
    let positions = api.list_positions().send().await.unwrap().into_inner().results;
    let held = positions.first();
    let size = held.and_then(|held| held.size).unwrap_or_default();
    assert_eq!(size, position, "the position is the sum of the fills");
    let balances = api.list_balances().send().await.unwrap().into_inner().results;
    let expected = Some(balance);
    assert_eq!(balances[0].size, expected, "the balance is the sum of the fills");
    sums.size += position;
    sums.money += balance - held.and_then(|held| held.cost).unwrap_or_default();
}

fn check_order(order: &OrderSnapshot, filled: &BTreeMap<String, Decimal>, modified: &BTreeSet<String>) {
    let filled = filled.get(&order.id).copied().unwrap_or_default();
    assert_eq!(order.filled, filled, "{order:?}");
    let is_filled = order.status == OrderStatus::Closed && order.cancel_reason.is_none();
    assert!(!is_filled || order.filled == order.size, "{order:?}");
    let (Some(price), Some(average)) = (order.price, order.average_price) else {
        return;
    };
    let is_within = match order.side {
        OrderSide::Buy => average <= price,
        _ => average >= price,
    };
    // A modified order may have been filled at its former price.
    assert!(is_within || modified.contains(&order.id), "{order:?}");
}

/// The levels of a side by their price: the size of all orders, and that of RPI orders.
type Levels = BTreeMap<Decimal, (Decimal, Decimal)>;

/// Adds the orders of an account that are in the book, bids and asks.
async fn add_open_orders(client: &Client, book: &mut [Levels; 2]) {
    let open = client.api().list_open_orders().send().await.unwrap();
    for order in open.into_inner().results {
        if order.status == Some(OrderStatus::Open) {
            let levels = &mut book[usize::from(order.side == Some(OrderSide::Sell))];
            let (all, rpi) = levels.entry(order.price.unwrap()).or_default();
            let remaining = order.remaining_size.unwrap();
            *all += remaining;
            if order.instruction == Some(OrderInstruction::Rpi) {
                *rpi += remaining;
            }
        }
    }
}

/// Checks that the book has the open orders of the accounts, and is not crossed.
fn check_book(simulator: &Simulator, [bids, asks]: &[Levels; 2]) {
    let book = simulator.order_book(MARKET);
    for (levels, open) in [(book.bids, bids), (book.asks, asks)] {
        let open = open.iter().map(|(price, (all, _))| (*price, *all));
        let levels: BTreeMap<Decimal, Decimal> = levels.into_iter().collect();
        assert_eq!(levels, open.collect(), "the book is the sum of the open orders");
    }
    // RPI orders meet interactive orders only, so they may cross the others.
    let ordinary = |levels: &Levels| -> Vec<Decimal> {
        let levels = levels.iter().filter(|(_, (all, rpi))| all > rpi);
        levels.map(|(price, _)| *price).collect()
    };
    let (bids, asks) = (ordinary(bids), ordinary(asks));
    let crossed = bids.last().zip(asks.first()).filter(|(bid, ask)| bid >= ask);
    assert_eq!(crossed, None, "the book is crossed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_orders_of_four_clients_agree_in_the_end() {
    run(600, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a long run; see the top of the file"]
async fn many_random_orders_of_four_clients_agree_in_the_end() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let orders = number("PARADEX_TRADING_ORDERS").unwrap_or(100_000);
    run(orders, number("PARADEX_TRADING_SEED").unwrap_or(1)).await;
}
