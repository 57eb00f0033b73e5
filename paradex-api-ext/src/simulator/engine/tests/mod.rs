//! Tests of the engine: scenarios of the exchange's documents, properties of random commands, and a naive model.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "everything here is a test, also the functions between the tests"
)]

mod accounts;
mod liquidation;
mod naive;
mod orders;
mod properties;
mod triggers;

use proptest::test_runner::Config as ProptestConfig;

use super::*;

const UNIT: i64 = super::number::ONE;
const SECOND: i64 = 1_000_000_000;
const MARKET: MarketId = MarketId(0);
const ALICE: AccountId = AccountId(0);
const BOB: AccountId = AccountId(1);
const HOUSE: AccountId = AccountId(2);

/// An engine with one market, two traders and a house account.
struct Desk {
    engine: Engine,
    events: Vec<Event>,
    now: i64,
}

impl Desk {
    fn new() -> Self {
        Self::with(MarketRules::unlimited("BTC-USD-PERP"))
    }

    fn with(rules: MarketRules) -> Self {
        Self::with_deposit(rules, 1_000_000)
    }

    /// A desk whose first trader begins with this deposit.
    fn with_deposit(rules: MarketRules, deposit: i64) -> Self {
        let mut desk = Self {
            engine: Engine::new(Kept::default()),
            events: Vec::new(),
            now: SECOND,
        };
        desk.apply(Command::AddMarket(Box::new(rules))).unwrap();
        for (name, kind, deposit) in [
            ("alice", AccountKind::Trader, deposit),
            ("bob", AccountKind::Trader, 1_000_000),
            ("house", AccountKind::House, 0),
        ] {
            let deposit = money(deposit);
            let name = name.into();
            desk.apply(Command::AddAccount { kind, name, deposit }).unwrap();
        }
        desk
    }

    fn apply(&mut self, command: Command) -> Result<Outcome, Refusal> {
        self.events.clear();
        self.engine.apply(self.now, &command, &mut self.events)
    }

    fn place(&mut self, order: NewOrder) -> OrderId {
        match self.apply(Command::Place(Box::new(order))) {
            Ok(Outcome::Order(id)) => id,
            other => panic!("{other:?}"),
        }
    }

    /// Rests an order of the house, or lets it trade.
    fn house(&mut self, side: Side, size: i64, price: i64) -> OrderId {
        self.place(limit(HOUSE, side, size, price))
    }

    fn mark(&mut self, price: i64) {
        let (mark, index) = (Price(price * UNIT), Price(price * UNIT));
        let funding_rate = Rate(0);
        self.apply(Command::SetPrices {
            market: MARKET,
            mark,
            index,
            funding_rate,
        })
        .unwrap();
    }

    fn order(&self, id: OrderId) -> &Order {
        self.engine.order(id).unwrap()
    }

    fn status(&self, id: OrderId) -> (Status, Option<CancelReason>) {
        (self.order(id).status, self.order(id).reason)
    }

    /// Returns the position of an account, in whole units.
    fn position(&self, account: AccountId) -> i64 {
        let holding = self.engine.account(account).unwrap().holding(MARKET);
        holding.position.size.0 / UNIT
    }

    /// Returns price and size of the trades of the last command, in whole units.
    fn trades(&self) -> Vec<(i64, i64)> {
        let trades = self.events.iter().filter_map(|event| match event {
            Event::Trade(trade) => Some((trade.price.0 / UNIT, trade.size.0 / UNIT)),
            _ => None,
        });
        trades.collect()
    }
}

/// A configuration of property tests, which prints a failure instead of writing it to a file.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn money(units: i64) -> Money {
    Money(i128::from(units) * i128::from(UNIT) * i128::from(UNIT))
}

fn percent(percent: i64) -> Rate {
    Rate(percent * 10_000_000_000)
}

fn limit(account: AccountId, side: Side, size: i64, price: i64) -> NewOrder {
    NewOrder::limit(account, MARKET, side, Size(size * UNIT), Price(price * UNIT))
}

fn market(account: AccountId, side: Side, size: i64) -> NewOrder {
    NewOrder::market(account, MARKET, side, Size(size * UNIT))
}

fn reduce_only(order: NewOrder) -> NewOrder {
    NewOrder {
        reduce_only: true,
        ..order
    }
}

fn instructed(instruction: Instruction, order: NewOrder) -> NewOrder {
    NewOrder { instruction, ..order }
}

fn interactive(order: NewOrder) -> NewOrder {
    NewOrder {
        interactive: true,
        ..order
    }
}

fn conditional(kind: OrderKind, trigger: i64, order: NewOrder) -> NewOrder {
    NewOrder {
        kind,
        trigger: Some(Price(trigger * UNIT)),
        ..order
    }
}
