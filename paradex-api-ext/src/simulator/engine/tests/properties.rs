//! What stays true whatever the commands are.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;

/// A random command. Orders are chosen by a number, which is taken modulo the orders that exist.
#[derive(Debug, Clone)]
enum Step {
    Place(NewOrder),
    Modify {
        number: u16,
        size: i64,
        price: i64,
        trigger: Option<i64>,
    },
    Cancel(u16),
    CancelAll(u32),
    Prices {
        price: i64,
        rate: i64,
    },
    Quote {
        middle: i64,
        levels: Vec<i64>,
    },
    Twap {
        account: u32,
        buy: bool,
        size: i64,
        parts: u32,
    },
    Wait(i64),
}

fn terms() -> impl Strategy<Value = NewOrder> {
    let kinds = prop_oneof![
        6 => Just(OrderKind::Limit),
        2 => Just(OrderKind::Market),
        1 => Just(OrderKind::StopLimit),
        1 => Just(OrderKind::StopMarket),
        1 => Just(OrderKind::StopLossLimit),
        1 => Just(OrderKind::StopLossMarket),
        1 => Just(OrderKind::TakeProfitLimit),
        1 => Just(OrderKind::TakeProfitMarket),
    ];
    let instructions = prop_oneof![
        4 => Just(Instruction::Gtc),
        1 => Just(Instruction::Ioc),
        1 => Just(Instruction::PostOnly),
        1 => Just(Instruction::Rpi),
    ];
    let stp = prop_oneof![
        Just(SelfTradePrevention::ExpireMaker),
        Just(SelfTradePrevention::ExpireTaker),
        Just(SelfTradePrevention::ExpireBoth),
    ];
    let choices = (0_u32..4, any::<bool>(), kinds, instructions, stp);
    let numbers = (
        0_i64..9,
        90_i64..111,
        90_i64..111,
        any::<bool>(),
        any::<bool>(),
        any::<u8>(),
    );
    (choices, numbers).prop_map(|((account, buy, kind, instruction, stp), numbers)| {
        let (size, price, trigger, reduce_only, interactive, rest) = numbers;
        NewOrder {
            account: AccountId(account),
            market: MARKET,
            side: if buy { Side::Buy } else { Side::Sell },
            kind,
            instruction,
            // Some are not a multiple of the increment, and refused.
            size: Size(size * UNIT + if rest > 240 { UNIT / 2 } else { 0 }),
            price: kind.has_price().then_some(Price(price * UNIT)),
            trigger: kind.has_trigger().then_some(Price(trigger * UNIT)),
            trigger_when: None,
            vwap: (rest < 20).then_some(Price(price * UNIT)),
            reduce_only: reduce_only && rest % 2 == 0,
            interactive,
            stp,
            client_id: if rest % 5 == 0 { "same".into() } else { "".into() },
            signed_at: 0,
        }
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        12 => terms().prop_map(Step::Place),
        3 => (any::<u16>(), 1_i64..9, 90_i64..111, proptest::option::of(90_i64..111)).prop_map(
            |(number, size, price, trigger)| Step::Modify { number, size, price, trigger }
        ),
        3 => any::<u16>().prop_map(Step::Cancel),
        1 => (0_u32..4).prop_map(Step::CancelAll),
        3 => (90_i64..111, -3_i64..4).prop_map(|(price, rate)| Step::Prices { price, rate }),
        2 => (92_i64..109, proptest::collection::vec(1_i64..9, 0..4))
            .prop_map(|(middle, levels)| Step::Quote { middle, levels }),
        1 => (0_u32..3, any::<bool>(), 1_i64..30, 1_u32..5)
            .prop_map(|(account, buy, size, parts)| Step::Twap { account, buy, size, parts }),
        2 => (1_i64..100).prop_map(Step::Wait),
    ];
    proptest::collection::vec(step, 1..150)
}

/// Three traders and a house account, in a market with every rule switched on.
fn setup() -> Vec<Command> {
    let fees = MakerTaker {
        maker: Rate(-30_000_000),
        taker: Rate(450_000_000),
    };
    let rules = MarketRules {
        increment: Size(UNIT),
        min_notional: Price(100 * UNIT),
        max_order_size: Size(100 * UNIT),
        position_limit: Size(15 * UNIT),
        max_open_orders: 5,
        price_band: percent(8),
        max_slippage: percent(6),
        initial_margin: percent(5),
        fees: Fees {
            api: fees,
            interactive: MakerTaker::default(),
            rpi: fees,
        },
        ..MarketRules::unlimited("BTC-USD-PERP")
    };
    let account = |name: &str, kind, deposit| Command::AddAccount {
        name: name.into(),
        kind,
        deposit: money(deposit),
    };
    vec![
        Command::AddMarket(Box::new(rules)),
        account("a", AccountKind::Trader, 20),
        account("b", AccountKind::Trader, 60),
        account("c", AccountKind::Trader, 100_000),
        account("d", AccountKind::House, 0),
    ]
}

fn command(step: &Step, engine: &Engine) -> Command {
    let chosen = |number: u16| {
        let count = engine.orders.len().max(1);
        let order = engine.orders.values().nth(usize::from(number) % count);
        order.map_or((ALICE, OrderId(0)), |order| (order.terms.account, order.id))
    };
    match step {
        Step::Place(order) => Command::Place(Box::new(order.clone())),
        Step::Modify {
            number,
            size,
            price,
            trigger,
        } => {
            let (account, order) = chosen(*number);
            let has_price = engine
                .order(order)
                .is_some_and(|order| order.terms.kind.has_price());
            Command::Modify {
                account,
                order,
                size: Size(size * UNIT),
                price: has_price.then_some(Price(price * UNIT)),
                trigger: trigger.map(|price| Price(price * UNIT)),
                signed_at: 1,
            }
        }
        Step::Cancel(number) => {
            let (account, order) = chosen(*number);
            Command::Cancel { account, order }
        }
        Step::CancelAll(account) => Command::CancelAll {
            account: AccountId(*account),
            market: None,
        },
        Step::Prices { price, rate } => Command::SetPrices {
            market: MARKET,
            mark: Price(price * UNIT),
            index: Price(price * UNIT + 7),
            funding_rate: Rate(rate * 1_000_000_007),
        },
        Step::Quote { middle, levels } => {
            let side = |direction: i64| {
                let levels = levels.iter().zip(1..);
                levels
                    .map(|(size, step)| (Price((middle + direction * step) * UNIT), Size(size * UNIT)))
                    .collect()
            };
            Command::Quote {
                account: AccountId(3),
                market: MARKET,
                bids: side(-1),
                asks: side(1),
            }
        }
        Step::Twap {
            account,
            buy,
            size,
            parts,
        } => Command::StartTwap(NewTwap {
            account: AccountId(*account),
            market: MARKET,
            side: if *buy { Side::Buy } else { Side::Sell },
            size: Size(size * UNIT),
            duration: 30 * parts,
            frequency: 30,
            interactive: false,
        }),
        Step::Wait(_) => Command::Advance,
    }
}

/// What an observer of the events knows.
#[derive(Default)]
struct Observer {
    seq: u64,
    levels: BTreeMap<(Side, Price), (Size, Size)>,
    positions: BTreeMap<AccountId, Size>,
    order_seq: u64,
}

impl Observer {
    /// Checks the events of a command, and follows them.
    fn follow(&mut self, engine: &Engine, events: &[Event]) -> Result<(), TestCaseError> {
        let fills: Vec<&Fill> = events
            .iter()
            .filter_map(|event| match event {
                Event::Fill(fill) => Some(fill),
                _ => None,
            })
            .collect();
        for pair in fills.chunks(2) {
            prop_assert_eq!(pair[0].trade, pair[1].trade);
            prop_assert_ne!(pair[0].account, pair[1].account, "a self-trade");
            for fill in pair {
                self.check_fill(engine, fill)?;
            }
            if pair[0].cause == Cause::Rpi {
                prop_assert!(pair[1].interactive, "an RPI order met an ordinary one");
            }
        }
        for event in events {
            match event {
                Event::Level {
                    seq,
                    side,
                    price,
                    size,
                    interactive_size,
                    ..
                } => {
                    prop_assert!(*seq == self.seq || *seq == self.seq + 1);
                    self.seq = *seq;
                    match interactive_size.0 {
                        0 => drop(self.levels.remove(&(*side, *price))),
                        _ => drop(self.levels.insert((*side, *price), (*size, *interactive_size))),
                    }
                }
                Event::Order(update) => {
                    prop_assert!(update.seq_no > self.order_seq);
                    self.order_seq = update.seq_no;
                }
                _ => {}
            }
        }
        let book = &engine.market(MARKET).unwrap().book;
        prop_assert_eq!(book.seq, self.seq);
        let mut levels = BTreeMap::new();
        for side in [Side::Buy, Side::Sell] {
            levels.extend(book.levels(side).map(|level| {
                let all = level.depth.size.plus(level.depth.rpi);
                ((side, level.price), (level.depth.size, all))
            }));
        }
        prop_assert_eq!(&levels, &self.levels);
        Ok(())
    }

    fn check_fill(&mut self, engine: &Engine, fill: &Fill) -> Result<(), TestCaseError> {
        let before = self.positions.get(&fill.account).copied().unwrap_or_default();
        let after = before.plus(fill.side.signed(fill.size));
        self.positions.insert(fill.account, after);
        let Some(order) = engine.order(fill.order) else {
            return Ok(());
        };
        let terms = &order.terms;
        if fill.cause == Cause::Liquidation {
            let reference = engine.market(MARKET).unwrap().reference();
            prop_assert_eq!((fill.fee, Some(fill.price)), (Money(0), reference));
        }
        if let Some(limit) = terms.price {
            prop_assert!(terms.side.accepts(limit, fill.price), "a fill through the limit");
        }
        if terms.reduces_only() {
            prop_assert!(after.abs() < before.abs() && after.0.signum() * before.0.signum() >= 0);
        }
        if terms.instruction.only_makes() {
            prop_assert_eq!(fill.liquidity, Liquidity::Maker);
        }
        Ok(())
    }
}

/// Checks that money, sizes and sums agree.
fn check_state(engine: &Engine) -> Result<(), TestCaseError> {
    let market = engine.market(MARKET).unwrap();
    let (mut money, mut size, mut accrued) = (0_i128, 0_i64, 0_i128);
    for (number, account) in engine.accounts.iter().enumerate() {
        let id = AccountId(u32::try_from(number).unwrap());
        let holding = account.holding(MARKET);
        money += account.balance.0 - holding.position.cost.0;
        size += holding.position.size.0;
        accrued += holding.position.unrealized_funding(market.prices.funding_index).0;
        let live: Vec<&Order> = engine
            .orders
            .values()
            .filter(|order| order.terms.account == id && order.is_live())
            .collect();
        let ids: Vec<OrderId> = live.iter().map(|order| order.id).collect();
        prop_assert_eq!(ids, account.live.iter().copied().collect::<Vec<_>>());
        prop_assert_eq!(holding.live_orders as usize, live.len());
        let sum = |side| -> i64 {
            let open = live.iter().filter(|order| {
                order.status == Status::Open && order.terms.side == side && !order.terms.reduces_only()
            });
            open.map(|order| order.execution.remaining.0).sum()
        };
        prop_assert_eq!(
            (holding.open_buys.0, holding.open_sells.0),
            (sum(Side::Buy), sum(Side::Sell))
        );
        let only_reduce = live.iter().filter(|order| order.terms.reduces_only());
        let (mut open, mut waiting) = (0, 0);
        for order in only_reduce {
            open += u32::from(order.status == Status::Open);
            waiting += u32::from(order.status == Status::Untriggered && order.terms.kind.closes_position());
        }
        prop_assert_eq!(
            (holding.reduce_only_orders, holding.closing_triggers),
            (open, waiting)
        );
        for side in [Side::Buy, Side::Sell] {
            let of_side = live
                .iter()
                .filter(|order| order.status == Status::Open && order.terms.side == side);
            let mut queue: Vec<&&Order> = of_side.collect();
            queue.sort_by_key(|order| order.place());
            let mut ahead = Size(0);
            for order in queue {
                ahead = ahead.plus(order.execution.remaining);
                let fits = ahead <= holding.reducible(side);
                prop_assert!(
                    fits || !order.terms.reduces_only(),
                    "a reduce-only order exceeds the position"
                );
            }
        }
    }
    let totals = engine.totals();
    prop_assert_eq!(
        money + totals.fees.0 + totals.funding.0,
        totals.deposits.0,
        "money is conserved"
    );
    prop_assert_eq!(size, 0, "sizes are conserved");
    // Each payment is rounded to the smallest unit.
    let rounding = i128::from(engine.counters.trades * 2 + 4);
    prop_assert!(
        (accrued - totals.funding.0).abs() <= rounding,
        "funding is conserved"
    );
    for order in engine.orders.values() {
        prop_assert_eq!(
            order.execution.filled.plus(order.execution.remaining),
            order.terms.size
        );
        prop_assert_ne!(order.status, Status::New);
        if order.status == Status::Closed && order.reason.is_none() {
            prop_assert_eq!(order.execution.remaining, Size(0));
        }
    }
    let bbo = market.book.bbo;
    let crossed = bbo
        .bid
        .zip(bbo.ask)
        .is_some_and(|((bid, _), (ask, _))| bid >= ask);
    prop_assert!(!crossed, "the book is crossed");
    Ok(())
}

/// Checks that an order which was modified is worth the smallest value, unless it only reduces a position.
fn check_modified_size(
    engine: &Engine,
    command: &Command,
    reference: Option<Price>,
    events: &[Event],
) -> Result<(), TestCaseError> {
    let Command::Modify { order, size, .. } = command else {
        return Ok(());
    };
    // The closed orders of a house are not kept.
    let Some(terms) = engine.order(*order).map(|order| &order.terms) else {
        return Ok(());
    };
    let price = reference.or(terms.price);
    let is_restored = events
        .iter()
        .any(|event| matches!(event, Event::ModifyRejected { .. }));
    if let (Some(price), false, false) = (price, terms.reduces_only(), is_restored) {
        let is_house = engine.account(terms.account).unwrap().kind == AccountKind::House;
        prop_assert!(
            is_house || size.at(price) >= money(100),
            "too small: {size:?} at {price:?}"
        );
    }
    Ok(())
}

/// Checks that nobody with a position in the market is below the maintenance margin after its prices were set.
fn check_liquidated(engine: &Engine) -> Result<(), TestCaseError> {
    for (id, account) in engine.accounts() {
        let margin = engine.margin(id).unwrap();
        prop_assert!(
            account.kind == AccountKind::House
                || account.holding(MARKET).position.size.0 == 0
                || margin.account_value >= margin.maintenance,
            "{margin:?} is not liquidated"
        );
    }
    Ok(())
}

/// How often each thing happened in all runs, by its name.
#[derive(Debug, Default)]
struct Counts(BTreeMap<String, u64>);

/// What has to happen in the runs, so that the properties are not true for want of a case.
const EXPECTED: &[&str] = &[
    "fill FILL",
    "fill RPI",
    "fill LIQUIDATION",
    "trigger",
    "part of an algo order",
    "funding payment",
    "modification rejected",
    "liquidation",
    "best prices",
    "cancel USER_CANCELED",
    "cancel NOT_ENOUGH_MARGIN",
    "cancel EMPTY_MARKET",
    "cancel POST_ONLY_WOULD_CROSS",
    "cancel REMAINING_IOC_CANCEL",
    "cancel SELF_TRADE",
    "cancel PRICE_OUTSIDE_BANDS",
    "cancel ORDER_EXCEEDS_POSITION_LIMIT",
    "cancel MAX_OPEN_ORDERS_EXCEEDED",
    "cancel REDUCE_ONLY_WILL_INCREASE",
    "refusal INVALID_ORDER_SIZE",
    "refusal VALIDATION_ERROR",
    "refusal DUPLICATED_CLIENT_ID",
    "refusal ORDER_IS_CLOSED",
];

impl Counts {
    fn add(&mut self, name: impl Into<String>) {
        *self.0.entry(name.into()).or_default() += 1;
    }

    fn add_events(&mut self, engine: &Engine, events: &[Event]) {
        for event in events {
            match event {
                Event::Fill(fill) => {
                    self.add(format!("fill {}", fill.cause.as_str()));
                    let order = engine.order(fill.order);
                    if order.is_some_and(|order| order.algo.is_some()) {
                        self.add("part of an algo order");
                    }
                }
                Event::Order(update) => {
                    if let Some(reason) = update.reason {
                        self.add(format!("cancel {}", reason.as_str()));
                    }
                    if engine.order(update.id).is_some_and(|order| order.triggered) {
                        self.add("trigger");
                    }
                }
                Event::Funding(_) => self.add("funding payment"),
                Event::ModifyRejected { .. } => self.add("modification rejected"),
                Event::Liquidation { .. } => self.add("liquidation"),
                Event::Bbo { .. } => self.add("best prices"),
                _ => {}
            }
        }
    }

    fn check(&self) {
        for name in EXPECTED {
            assert!(self.0.contains_key(*name), "never happened: {name}; {self:#?}");
        }
    }
}

/// Applies random commands, and checks every promise after each.
fn run(steps: &[Step], counts: &mut Counts) -> Result<(), TestCaseError> {
    let mut engine = Engine::new(Kept::default());
    let (mut events, mut log, mut observer) = (Vec::new(), String::new(), Observer::default());
    let mut now = SECOND;
    let mut record = |at, command: Command| -> Command {
        log.push_str(&log_line(at, &command).unwrap());
        log.push('\n');
        command
    };
    for command in setup() {
        engine.apply(now, &record(now, command), &mut events).unwrap();
    }
    for step in steps {
        if let Step::Wait(seconds) = step {
            now += seconds * SECOND;
        }
        let command = record(now, command(step, &engine));
        events.clear();
        let due = engine.apply(now, &Command::Advance, &mut events);
        prop_assert_eq!(due, Ok(Outcome::Done));
        let (before, reference) = (engine.state_hash(), engine.market(MARKET).unwrap().reference());
        match engine.apply(now, &command, &mut events) {
            Ok(_) => check_modified_size(&engine, &command, reference, &events)?,
            Err(refusal) => {
                prop_assert_eq!(engine.state_hash(), before, "a refused command changed something");
                counts.add(format!("refusal {}", refusal.code()));
            }
        }
        if matches!(command, Command::SetPrices { .. }) {
            check_liquidated(&engine)?;
        }
        observer.follow(&engine, &events)?;
        check_state(&engine)?;
        counts.add_events(&engine, &events);
    }
    let again = replay(1, Kept::default(), log.as_bytes()).unwrap();
    prop_assert_eq!(
        again.state_hash(),
        engine.state_hash(),
        "a replay gives another state"
    );
    Ok(())
}

#[test]
fn random_commands_keep_every_promise() {
    let counts = RefCell::new(Counts::default());
    let mut runner = TestRunner::new(config(512));
    let outcome = runner.run(&steps(), |steps| run(&steps, &mut counts.borrow_mut()));
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    counts.into_inner().check();
}

#[test]
fn broken_line_of_a_log_is_named() {
    let line = log_line(0, &Command::Advance).unwrap();
    assert_eq!(line, r#"{"at":0,"command":"Advance"}"#);
    let error = replay(1, Kept::default(), format!("{line}\n?").as_bytes()).unwrap_err();
    assert!(error.to_string().starts_with("line 2 of the log"), "{error}");
}
