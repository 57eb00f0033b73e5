//! Random orders of four clients at once, after which sizes, money and orders must agree.
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

use std::collections::BTreeMap;
use std::time::Instant;

use paradex_api::types::{
    Fill, FillType, OrderFlag, OrderInstruction, OrderStatus, OrderType, StpMode, TraderRole,
};
use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::pagination::Paged;
use paradex_api_ext::simulator::{OrderSnapshot, Simulator};
use paradex_api_ext::{Client, Credentials, Environment};
use rust_decimal::Decimal;

const MARKET: &str = "BTC-USD-PERP";
const CLIENTS: u64 = 4;

/// What each account begins with.
const DEPOSIT: i64 = 1_000_000;

/// A stream of random numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (value ^ (value >> 31)) % limit
    }

    fn order(&mut self) -> NewOrder {
        let side = if self.below(2) == 0 {
            OrderSide::Buy
        } else {
            OrderSide::Sell
        };
        let size = Decimal::from(1 + self.below(20));
        let price = Decimal::from(90 + self.below(21));
        let mut order = match self.below(12) {
            0 | 1 => NewOrder::market(MARKET, side, size),
            2 => NewOrder::triggered(MARKET, side, OrderType::StopMarket, size, price),
            3 => NewOrder::triggered(MARKET, side, OrderType::TakeProfitMarket, Decimal::ZERO, price),
            _ => NewOrder::limit(MARKET, side, size, price),
        };
        order = match self.below(6) {
            0 => order.self_trade_prevention(StpMode::ExpireMaker),
            1 => order.self_trade_prevention(StpMode::ExpireBoth),
            2 => order.flag(OrderFlag::ReduceOnly),
            _ => order,
        };
        order
    }

    /// Restricts some limit orders.
    fn instruction(&mut self) -> OrderInstruction {
        match self.below(5) {
            0 => OrderInstruction::Ioc,
            1 => OrderInstruction::PostOnly,
            _ => OrderInstruction::Gtc,
        }
    }
}

/// Places orders and cancels some of them.
async fn trade(client: Client, simulator: Simulator, mut random: Random, orders: u64) {
    let mut placed: Vec<String> = Vec::new();
    for number in 0..orders {
        let mut order = random.order();
        if random.below(2) == 0 {
            let limit = NewOrder::limit(
                MARKET,
                OrderSide::Buy,
                Decimal::ONE,
                Decimal::from(80 + random.below(15)),
            );
            order = limit.instruction(random.instruction());
        }
        let response = client.orders().place(order).await.unwrap();
        placed.extend(response.id);
        match random.below(8) {
            // It may be closed.
            0 | 1 => drop(
                client
                    .orders()
                    .cancel(&placed[random.below(placed.len() as u64) as usize])
                    .await,
            ),
            2 => {
                let id = &placed[random.below(placed.len() as u64) as usize];
                let change = NewOrder::limit(
                    MARKET,
                    OrderSide::Buy,
                    Decimal::from(30),
                    Decimal::from(85 + random.below(15)),
                );
                drop(client.orders().modify(id, change).await);
            }
            _ => {}
        }
        if number % 16 == 0 {
            simulator
                .set_mark_price(MARKET, Decimal::from(90 + random.below(21)))
                .unwrap();
        }
    }
}

async fn run(orders: u64, seed: u64) {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let mut accounts = vec![simulator.main_account()];
    accounts.extend((1..CLIENTS).map(|_| simulator.add_account()));
    let clients: Vec<Client> = accounts
        .iter()
        .map(|account| client(&simulator, account))
        .collect();
    let started = Instant::now();
    let tasks: Vec<_> = (0..)
        .zip(&clients)
        .map(|(number, client)| {
            let random = Random(seed.wrapping_mul(1_000).wrapping_add(number));
            tokio::spawn(trade(client.clone(), simulator.clone(), random, orders / CLIENTS))
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    println!("{orders} orders in {:?}, seed {seed}", started.elapsed());
    check(&simulator, &accounts, &clients).await;
}

fn client(simulator: &Simulator, account: &str) -> Client {
    let environment = Environment::custom(simulator.url()).unwrap();
    let key = simulator.account_key(account).unwrap();
    let credentials = Credentials::starknet_derived(environment.clone(), key);
    let builder = Client::builder(environment).credentials(credentials);
    builder.rate_limits(RateLimits::none()).build().unwrap()
}

/// Checks what the accounts see.
async fn check(simulator: &Simulator, accounts: &[String], clients: &[Client]) {
    let (mut net, mut volume) = (Decimal::ZERO, [Decimal::ZERO; 2]);
    let mut trades = 0;
    for (account, client) in accounts.iter().zip(clients) {
        let fills = client
            .api()
            .list_fills()
            .page_size(1_000)
            .all(1_000_000)
            .await
            .unwrap()
            .into_items();
        trades += fills.len();
        let mut filled: BTreeMap<String, Decimal> = BTreeMap::new();
        let (mut position, mut balance) = (Decimal::ZERO, Decimal::from(DEPOSIT));
        for fill in &fills {
            let size = fill.size.unwrap();
            let signed = if fill.side == Some(OrderSide::Buy) {
                size
            } else {
                -size
            };
            position += signed;
            balance += fill.realized_pnl.unwrap() + fill.realized_funding.unwrap() - fill.fee.unwrap();
            *filled.entry(fill.order_id.clone().unwrap()).or_default() += size;
            volume[usize::from(fill.liquidity == Some(TraderRole::Maker))] += size;
            assert_eq!(fill.fill_type, Some(FillType::Fill));
        }
        for order in simulator.orders(account) {
            check_order(&order, filled.get(&order.id).copied().unwrap_or_default(), &fills);
        }
        let positions = client
            .api()
            .list_positions()
            .send()
            .await
            .unwrap()
            .into_inner()
            .results;
        let size = positions
            .first()
            .and_then(|position| position.size)
            .unwrap_or_default();
        assert_eq!(size, position, "the position is the sum of the fills");
        let balances = client
            .api()
            .list_balances()
            .send()
            .await
            .unwrap()
            .into_inner()
            .results;
        assert_eq!(
            balances[0].size,
            Some(balance),
            "the balance is the sum of the fills"
        );
        net += position;
    }
    assert!(trades > 0, "nothing was traded");
    assert_eq!(net, Decimal::ZERO, "sizes are conserved");
    assert_eq!(volume[0], volume[1], "each taker has a maker");
    let book = simulator.order_book(MARKET);
    let (bid, ask) = (book.bids.first(), book.asks.first());
    assert!(
        bid.zip(ask).is_none_or(|(bid, ask)| bid.0 < ask.0),
        "the book is crossed"
    );
}

fn check_order(order: &OrderSnapshot, filled: Decimal, fills: &[Fill]) {
    assert_eq!(order.filled, filled, "{order:?}");
    let is_filled = order.status == OrderStatus::Closed && order.cancel_reason.is_none();
    assert!(!is_filled || order.filled == order.size, "{order:?}");
    let average_is_within = |price: Decimal| match order.side {
        OrderSide::Buy => order.average_price.is_none_or(|average| average <= price),
        _ => order.average_price.is_none_or(|average| average >= price),
    };
    // A modified order was filled at its former price.
    let was_modified = fills.is_empty() || order.size == Decimal::from(30);
    assert!(
        was_modified || order.price.is_none_or(average_is_within),
        "{order:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_orders_of_four_clients_agree_in_the_end() {
    run(400, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a long run; see the top of the file"]
async fn many_random_orders_of_four_clients_agree_in_the_end() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let orders = number("PARADEX_TRADING_ORDERS").unwrap_or(100_000);
    run(orders, number("PARADEX_TRADING_SEED").unwrap_or(1)).await;
}
