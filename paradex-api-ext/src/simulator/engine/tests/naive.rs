//! The matching compared with a model that searches a list for the best order.

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;

/// A resting order of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Resting {
    id: OrderId,
    account: AccountId,
    side: Side,
    price: i64,
    size: i64,
    class: u8,
}

/// The model: resting orders in the order of their arrival.
#[derive(Debug, Default)]
struct Model {
    orders: Vec<Resting>,
    trades: Vec<(OrderId, OrderId, i64, i64)>,
}

impl Model {
    fn best(&self, side: Side, interactive: bool) -> Option<usize> {
        let mut best: Option<usize> = None;
        for (index, order) in self.orders.iter().enumerate() {
            if order.side != side || (order.class == 2 && !interactive) {
                continue;
            }
            let better = best.is_none_or(|best| {
                let best = &self.orders[best];
                let cheaper = match side {
                    Side::Sell => order.price < best.price,
                    Side::Buy => order.price > best.price,
                };
                cheaper || (order.price == best.price && order.class < best.class)
            });
            if better {
                best = Some(index);
            }
        }
        best
    }

    fn place(&mut self, id: OrderId, order: &NewOrder) {
        let limit = order.price.map(|price| price.0);
        let crosses = |price: i64| {
            limit.is_none_or(|limit| match order.side {
                Side::Buy => price <= limit,
                Side::Sell => price >= limit,
            })
        };
        let class = match order.instruction {
            Instruction::Rpi => 2,
            _ => u8::from(!order.interactive),
        };
        let meets_rpi = order.interactive && class != 2;
        let mut size = order.size.0;
        while let Some(best) = self.best(order.side.opposite(), meets_rpi) {
            let resting = self.orders[best].clone();
            if size == 0 || !crosses(resting.price) {
                break;
            }
            if matches!(order.instruction, Instruction::PostOnly | Instruction::Rpi) {
                return;
            }
            if resting.account == order.account {
                if order.stp != SelfTradePrevention::ExpireTaker {
                    self.orders.remove(best);
                }
                if order.stp != SelfTradePrevention::ExpireMaker {
                    return;
                }
                continue;
            }
            let traded = size.min(resting.size);
            self.trades.push((resting.id, id, resting.price, traded));
            size -= traded;
            self.orders[best].size -= traded;
            if self.orders[best].size == 0 {
                self.orders.remove(best);
            }
        }
        if let Some(price) = limit.filter(|_| size > 0 && order.instruction != Instruction::Ioc) {
            let (account, side) = (order.account, order.side);
            self.orders.push(Resting {
                id,
                account,
                side,
                price,
                size,
                class,
            });
        }
    }
}

fn orders() -> impl Strategy<Value = Vec<(NewOrder, Option<u16>)>> {
    let order = (
        0_u32..3,
        any::<bool>(),
        0_u8..10,
        1_i64..6,
        95_i64..106,
        any::<bool>(),
        0_u8..3,
    );
    let order = order.prop_map(|(account, buy, kind, size, price, interactive, stp)| {
        let side = if buy { Side::Buy } else { Side::Sell };
        let mut order = limit(AccountId(account), side, size, price);
        match kind {
            0 => order = market(AccountId(account), side, size),
            1 => order.instruction = Instruction::Ioc,
            2 => order.instruction = Instruction::PostOnly,
            3 => order.instruction = Instruction::Rpi,
            _ => {}
        }
        order.interactive = interactive;
        order.stp = [
            SelfTradePrevention::ExpireMaker,
            SelfTradePrevention::ExpireTaker,
            SelfTradePrevention::ExpireBoth,
        ][usize::from(stp)];
        order
    });
    proptest::collection::vec((order, proptest::option::weighted(0.2, any::<u16>())), 1..120)
}

/// How many trades and prevented self-trades all runs had.
#[derive(Debug, Default)]
struct Counts {
    trades: usize,
    rpi_trades: usize,
    self_trades: usize,
    resting: usize,
}

/// Places orders in the engine and in the model, and compares trades and books.
fn compare(orders: Vec<(NewOrder, Option<u16>)>, counts: &mut Counts) -> Result<(), TestCaseError> {
    let mut desk = Desk::new();
    let mut model = Model::default();
    let mut trades = Vec::new();
    for (order, cancelled) in orders {
        let id = desk.place(order.clone());
        model.place(id, &order);
        let fills = desk.events.iter().filter_map(|event| match event {
            Event::Fill(fill) => Some(fill),
            _ => None,
        });
        let fills: Vec<_> = fills.collect();
        for pair in fills.chunks(2) {
            trades.push((pair[0].order, pair[1].order, pair[0].price.0, pair[0].size.0));
            counts.rpi_trades += usize::from(pair[0].cause == Cause::Rpi);
        }
        let is_self_trade = |event: &Event| match event {
            Event::Order(update) => update.reason == Some(CancelReason::SelfTrade),
            _ => false,
        };
        counts.self_trades += usize::from(desk.events.iter().any(is_self_trade));
        if let Some(number) = cancelled.filter(|_| !model.orders.is_empty()) {
            let index = usize::from(number) % model.orders.len();
            let resting = model.orders.remove(index);
            desk.apply(Command::Cancel {
                account: resting.account,
                order: resting.id,
            })
            .unwrap();
        }
    }
    prop_assert_eq!(&trades, &model.trades);
    let mut open: Vec<_> = desk
        .engine
        .orders
        .values()
        .filter(|order| order.is_live())
        .collect();
    open.sort_by_key(|order| order.priority);
    let open: Vec<_> = open
        .into_iter()
        .map(|order| (order.id, order.execution.remaining.0))
        .collect();
    let expected: Vec<_> = model.orders.iter().map(|order| (order.id, order.size)).collect();
    counts.trades += trades.len();
    counts.resting += open.len();
    prop_assert_eq!(open, expected);
    Ok(())
}

#[test]
fn matching_agrees_with_the_naive_model() {
    let counts = RefCell::new(Counts::default());
    let mut runner = TestRunner::new(config(256));
    let outcome = runner.run(&orders(), |orders| compare(orders, &mut counts.borrow_mut()));
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    let counts = counts.into_inner();
    let happened = [
        counts.trades,
        counts.rpi_trades,
        counts.self_trades,
        counts.resting,
    ];
    assert!(happened.iter().all(|count| *count > 0), "{counts:?}");
}
