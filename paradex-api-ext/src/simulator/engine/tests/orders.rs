//! Scenarios of orders in the book.

use super::*;

const OPEN: (Status, Option<CancelReason>) = (Status::Open, None);
const FILLED: (Status, Option<CancelReason>) = (Status::Closed, None);

fn cancelled(reason: CancelReason) -> (Status, Option<CancelReason>) {
    (Status::Closed, Some(reason))
}

#[test]
fn best_price_and_earliest_order_are_filled_first() {
    let mut desk = Desk::new();
    let worse = desk.house(Side::Sell, 1, 102);
    let early = desk.house(Side::Sell, 2, 101);
    let late = desk.house(Side::Sell, 2, 101);
    let buy = desk.place(limit(ALICE, Side::Buy, 3, 101));
    assert_eq!(desk.trades(), [(101, 2), (101, 1)]);
    assert_eq!(
        [desk.status(buy), desk.status(worse), desk.status(late)],
        [FILLED, OPEN, OPEN]
    );
    assert_eq!(desk.order(late).execution.remaining, Size(UNIT));
    assert!(
        desk.engine.order(early).is_none(),
        "the house's history is not kept"
    );
    assert_eq!(desk.order(buy).execution.average_price(), Some(Price(101 * UNIT)));
    let seq = desk.engine.market(MARKET).unwrap().book.seq;
    let level = desk.events.iter().find_map(|event| match event {
        Event::Level { seq, price, size, .. } => Some((*seq, *price, *size)),
        _ => None,
    });
    assert_eq!(level, Some((seq, Price(101 * UNIT), Size(UNIT))));
}

#[test]
fn unfilled_rest_is_kept_or_cancelled_as_instructed() {
    let mut desk = Desk::new();
    desk.house(Side::Sell, 1, 100);
    let gtc = desk.place(limit(ALICE, Side::Buy, 3, 100));
    assert_eq!(
        (desk.status(gtc), desk.order(gtc).execution.remaining),
        (OPEN, Size(2 * UNIT))
    );
    let ioc = desk.place(instructed(Instruction::Ioc, limit(BOB, Side::Sell, 5, 100)));
    assert_eq!(desk.status(ioc), cancelled(CancelReason::RemainingIocCancel));
    assert_eq!(desk.order(ioc).execution.remaining, Size(3 * UNIT));
    let market = desk.place(market(BOB, Side::Sell, 1));
    assert_eq!(desk.status(market), cancelled(CancelReason::EmptyMarket));
    let post = instructed(Instruction::PostOnly, limit(BOB, Side::Buy, 1, 99));
    let post = desk.place(post);
    let cross = desk.place(instructed(Instruction::PostOnly, limit(ALICE, Side::Sell, 1, 99)));
    assert_eq!(desk.status(post), OPEN);
    assert_eq!(desk.status(cross), cancelled(CancelReason::PostOnlyWouldCross));
}

#[test]
fn self_trade_is_prevented_in_each_mode() {
    for (stp, maker, taker) in [
        (
            SelfTradePrevention::ExpireTaker,
            OPEN,
            cancelled(CancelReason::SelfTrade),
        ),
        (
            SelfTradePrevention::ExpireMaker,
            cancelled(CancelReason::SelfTrade),
            OPEN,
        ),
        (
            SelfTradePrevention::ExpireBoth,
            cancelled(CancelReason::SelfTrade),
            cancelled(CancelReason::SelfTrade),
        ),
    ] {
        let mut desk = Desk::new();
        let resting = desk.place(limit(ALICE, Side::Sell, 1, 100));
        let order = NewOrder {
            stp,
            ..limit(ALICE, Side::Buy, 1, 100)
        };
        let order = desk.place(order);
        assert_eq!(
            (desk.status(resting), desk.status(order)),
            (maker, taker),
            "{stp:?}"
        );
        assert_eq!(desk.trades(), []);
    }
}

#[test]
fn rpi_order_meets_interactive_orders_only_and_last() {
    let mut desk = Desk::new();
    let rpi = desk.place(instructed(Instruction::Rpi, limit(BOB, Side::Sell, 1, 100)));
    let plain = desk.house(Side::Sell, 1, 100);
    let retail = desk.place(interactive(limit(BOB, Side::Sell, 1, 100)));
    let api = desk.place(instructed(Instruction::Ioc, limit(ALICE, Side::Buy, 1, 100)));
    assert_eq!(
        (desk.status(api), desk.status(retail), desk.status(plain)),
        (FILLED, FILLED, OPEN)
    );
    let fast = desk
        .events
        .iter()
        .filter(|event| matches!(event, Event::Fill(fill) if fill.fast));
    assert_eq!(fast.count(), 2);
    let taker = desk.place(interactive(limit(ALICE, Side::Buy, 2, 100)));
    assert_eq!((desk.status(taker), desk.status(rpi)), (FILLED, FILLED));
    // An ordinary order passes an RPI order, and the interactive book is crossed.
    let rpi = desk.place(instructed(Instruction::Rpi, limit(BOB, Side::Sell, 1, 100)));
    let api = desk.place(limit(ALICE, Side::Buy, 1, 100));
    assert_eq!((desk.status(rpi), desk.status(api)), (OPEN, OPEN));
    let book = &desk.engine.market(MARKET).unwrap().book;
    assert_eq!((book.bbo.ask, book.levels(Side::Sell).count()), (None, 1));
    // RPI orders never take, not even from each other.
    let crossing = desk.place(instructed(Instruction::Rpi, limit(BOB, Side::Sell, 1, 99)));
    assert_eq!(desk.status(crossing), cancelled(CancelReason::PostOnlyWouldCross));
}

#[test]
fn market_order_stops_at_band_and_average_price() {
    let book = |desk: &mut Desk| {
        desk.house(Side::Sell, 10, 19_900);
        desk.house(Side::Sell, 20, 20_050);
        desk.house(Side::Sell, 10, 20_100);
    };
    let priced = |vwap: i64| NewOrder {
        vwap: Some(Price(vwap * UNIT)),
        ..market(ALICE, Side::Buy, 50)
    };
    let rules = MarketRules {
        price_band: Rate(3_000_000_000),
        ..MarketRules::unlimited("BTC-USD-PERP")
    };
    // The examples of the exchange's page on price protection: the band ends at 20,060, then at 20,150.
    let mut desk = Desk::with(rules.clone());
    desk.mark(20_000);
    book(&mut desk);
    desk.place(priced(20_000));
    assert_eq!(desk.trades(), [(19_900, 10), (20_050, 20)]);
    let mut desk = Desk::new();
    desk.house(Side::Sell, 10, 19_900);
    desk.house(Side::Sell, 10, 20_050);
    desk.house(Side::Sell, 10, 20_100);
    let order = desk.place(priced(20_000));
    assert_eq!(desk.trades(), [(19_900, 10), (20_050, 10), (20_100, 5)]);
    assert_eq!(
        desk.order(order).execution.average_price(),
        Some(Price(20_000 * UNIT))
    );
    // An aggressive limit order outside the band is refused, and a passive one is not.
    let mut desk = Desk::with(rules);
    desk.mark(20_000);
    let aggressive = desk.place(limit(ALICE, Side::Buy, 1, 20_061));
    let passive = desk.place(limit(ALICE, Side::Buy, 1, 15_000));
    assert_eq!(
        desk.status(aggressive),
        cancelled(CancelReason::PriceOutsideBands)
    );
    assert_eq!(desk.status(passive), OPEN);
}

#[test]
fn market_slippage_limits_an_order_without_its_own_average() {
    let mut desk = Desk::with(MarketRules {
        max_slippage: percent(1),
        ..MarketRules::unlimited("BTC-USD-PERP")
    });
    desk.house(Side::Buy, 1, 1_000);
    desk.house(Side::Buy, 1, 980);
    desk.house(Side::Buy, 1, 900);
    desk.place(market(ALICE, Side::Sell, 3));
    assert_eq!(desk.trades(), [(1_000, 1), (980, 1)]);
}

/// The examples of the exchange's page on order instructions: a long position of 100.
fn long_of_100() -> Desk {
    let mut desk = Desk::new();
    desk.house(Side::Sell, 100, 4_000);
    desk.place(limit(ALICE, Side::Buy, 100, 4_000));
    assert_eq!(desk.position(ALICE), 100);
    desk
}

#[test]
fn reduce_only_order_ends_when_the_position_is_smaller() {
    let mut desk = long_of_100();
    let whole = desk.place(reduce_only(limit(ALICE, Side::Sell, 100, 4_500)));
    desk.house(Side::Sell, 1, 4_000);
    desk.place(market(ALICE, Side::Buy, 1));
    assert_eq!(desk.status(whole), OPEN);
    desk.house(Side::Buy, 100, 3_900);
    desk.place(market(ALICE, Side::Sell, 2));
    assert_eq!(
        desk.status(whole),
        cancelled(CancelReason::ReduceOnlyWillIncrease)
    );

    let mut desk = long_of_100();
    let part = desk.place(reduce_only(limit(ALICE, Side::Sell, 60, 4_500)));
    desk.house(Side::Buy, 100, 3_900);
    desk.place(market(ALICE, Side::Sell, 40));
    assert_eq!(desk.status(part), OPEN);
    desk.place(market(ALICE, Side::Sell, 1));
    assert_eq!(desk.status(part), cancelled(CancelReason::ReduceOnlyWillIncrease));
}

#[test]
fn reduce_only_order_gives_way_to_more_aggressive_orders() {
    let pair = |desk: &mut Desk| {
        let near = desk.place(reduce_only(limit(ALICE, Side::Sell, 50, 4_500)));
        let far = desk.place(reduce_only(limit(ALICE, Side::Sell, 50, 4_600)));
        (near, far)
    };
    let mut desk = long_of_100();
    let (near, far) = pair(&mut desk);
    desk.place(limit(ALICE, Side::Sell, 1, 4_400));
    assert_eq!(desk.status(near), OPEN);
    assert_eq!(desk.status(far), cancelled(CancelReason::ReduceOnlyWillIncrease));
    let mut desk = long_of_100();
    let (near, far) = pair(&mut desk);
    let last = desk.place(limit(ALICE, Side::Sell, 1, 4_700));
    let extra = desk.place(reduce_only(limit(ALICE, Side::Sell, 1, 4_700)));
    assert_eq!(
        [desk.status(near), desk.status(far), desk.status(last)],
        [OPEN; 3]
    );
    assert_eq!(
        desk.status(extra),
        cancelled(CancelReason::ReduceOnlyWillIncrease)
    );
}

#[test]
fn modified_order_keeps_its_place_only_if_it_gets_smaller() {
    let modify = |order, size: i64, price: i64| Command::Modify {
        account: ALICE,
        order,
        size: Size(size * UNIT),
        price: Some(Price(price * UNIT)),
        trigger: None,
        signed_at: 9,
    };
    let mut desk = Desk::new();
    let first = desk.place(limit(ALICE, Side::Buy, 3, 100));
    let second = desk.place(limit(BOB, Side::Buy, 1, 100));
    desk.apply(modify(first, 2, 100)).unwrap();
    desk.house(Side::Sell, 1, 100);
    assert_eq!(
        (
            desk.order(first).execution.remaining,
            desk.order(second).execution.remaining
        ),
        (Size(UNIT), Size(UNIT))
    );
    assert_eq!(
        desk.apply(modify(first, 1, 100)),
        Err(Refusal::SizeBelowFilled(Size(UNIT)))
    );
    desk.apply(modify(first, 3, 100)).unwrap();
    desk.house(Side::Sell, 1, 100);
    assert_eq!(
        (desk.status(second), desk.order(first).execution.remaining),
        (FILLED, Size(2 * UNIT))
    );
    // A new price can take liquidity, and what fails the checks leaves the order as it was.
    desk.house(Side::Sell, 1, 105);
    desk.apply(modify(first, 3, 105)).unwrap();
    assert_eq!(
        (desk.trades(), desk.order(first).execution.remaining),
        (vec![(105, 1)], Size(UNIT))
    );
    desk.house(Side::Sell, 1, 110);
    let post = desk.place(instructed(Instruction::PostOnly, limit(ALICE, Side::Buy, 1, 90)));
    let before = desk.order(post).clone();
    desk.apply(modify(post, 1, 110)).unwrap();
    let reason = CancelReason::PostOnlyWouldCross;
    assert!(
        desk.events
            .contains(&Event::ModifyRejected { order: post, reason })
    );
    assert_eq!(desk.order(post), &before);
}

#[test]
fn order_is_cancelled_by_id_and_market() {
    let mut desk = Desk::new();
    let named = |name: &str| NewOrder {
        client_id: name.into(),
        ..limit(ALICE, Side::Buy, 1, 100)
    };
    let first = desk.place(named("a"));
    assert_eq!(
        desk.apply(Command::Place(Box::new(named("a")))),
        Err(Refusal::DuplicatedClientId)
    );
    desk.apply(Command::Cancel {
        account: ALICE,
        order: first,
    })
    .unwrap();
    assert_eq!(desk.status(first), cancelled(CancelReason::UserCanceled));
    assert_eq!(&*desk.order(first).terms.client_id, "a");
    let second = desk.place(named("a"));
    let cancel = |account| Command::Cancel {
        account,
        order: second,
    };
    assert_eq!(desk.apply(cancel(BOB)), Err(Refusal::OrderNotFound));
    desk.apply(cancel(ALICE)).unwrap();
    assert_eq!(desk.apply(cancel(ALICE)), Err(Refusal::OrderIsClosed));
    desk.place(named("b"));
    desk.place(conditional(
        OrderKind::StopMarket,
        90,
        market(ALICE, Side::Sell, 1),
    ));
    let all = |market| Command::CancelAll {
        account: ALICE,
        market,
    };
    assert_eq!(desk.apply(all(Some(MarketId(9)))), Ok(Outcome::Cancelled(0)));
    assert_eq!(desk.apply(all(Some(MARKET))), Ok(Outcome::Cancelled(2)));
}

#[test]
fn modified_order_has_the_limits_of_a_new_one() {
    let rules = MarketRules {
        min_notional: Price(200 * UNIT),
        ..MarketRules::unlimited("BTC-USD-PERP")
    };
    let mut desk = Desk::with(rules);
    let order = desk.place(limit(ALICE, Side::Buy, 3, 100));
    let modify = |size: i64| Command::Modify {
        account: ALICE,
        order,
        size: Size(size * UNIT),
        price: Some(Price(100 * UNIT)),
        trigger: None,
        signed_at: 9,
    };
    assert_eq!(
        desk.apply(modify(1)),
        Err(Refusal::MinNotional(Price(200 * UNIT)))
    );
    assert_eq!(desk.order(order).execution.remaining, Size(3 * UNIT));
    desk.apply(modify(2)).unwrap();
    desk.engine.totals.turnover = Money::GUARD.plus(Money(1));
    assert_eq!(desk.apply(modify(3)), Err(Refusal::TooLarge));
    assert_eq!(desk.order(order).execution.remaining, Size(2 * UNIT));
}

#[test]
fn wrong_order_is_refused_with_the_exchange_code() {
    let mut desk = Desk::with(MarketRules {
        tick: Price(UNIT / 10),
        increment: Size(UNIT / 100),
        min_notional: Price(10 * UNIT),
        max_order_size: Size(5 * UNIT),
        ..MarketRules::unlimited("BTC-USD-PERP")
    });
    let valid = limit(ALICE, Side::Buy, 1, 100);
    let refused = |desk: &mut Desk, order: NewOrder| {
        let refusal = desk.apply(Command::Place(Box::new(order))).unwrap_err();
        (refusal.code(), refusal.to_string())
    };
    let size = |size: i64| NewOrder {
        size: Size(size),
        ..valid.clone()
    };
    let price = |price: Option<i64>| NewOrder {
        price: price.map(Price),
        ..valid.clone()
    };
    for (order, code, text) in [
        (
            size(0),
            "INVALID_ORDER_SIZE",
            "size: must be above 0 and at most 5",
        ),
        (
            size(-UNIT),
            "INVALID_ORDER_SIZE",
            "size: must be above 0 and at most 5",
        ),
        (
            size(6 * UNIT),
            "INVALID_ORDER_SIZE",
            "size: must be above 0 and at most 5",
        ),
        (
            size(UNIT / 1_000),
            "INVALID_ORDER_SIZE",
            "size: must be a multiple of 0.01",
        ),
        (
            size(UNIT / 100),
            "INVALID_ORDER_SIZE",
            "size: the order must be worth at least 10",
        ),
        (
            price(None),
            "VALIDATION_ERROR",
            "price: must be given, above 0 and at most 1000000000",
        ),
        (
            price(Some(0)),
            "VALIDATION_ERROR",
            "price: must be given, above 0 and at most 1000000000",
        ),
        (
            price(Some(i64::MAX)),
            "VALIDATION_ERROR",
            "price: must be given, above 0 and at most 1000000000",
        ),
        (
            price(Some(1)),
            "VALIDATION_ERROR",
            "price: must be a multiple of 0.1",
        ),
        (
            NewOrder {
                price: Some(Price(UNIT)),
                ..market(ALICE, Side::Buy, 1)
            },
            "VALIDATION_ERROR",
            "price: must be omitted for an order of this type",
        ),
        (
            NewOrder {
                kind: OrderKind::StopLimit,
                ..valid.clone()
            },
            "VALIDATION_ERROR",
            "trigger_price: must be given, above 0 and at most 1000000000",
        ),
        (
            instructed(Instruction::PostOnly, market(ALICE, Side::Buy, 1)),
            "VALIDATION_ERROR",
            "instruction: a market order cannot be post-only",
        ),
        (
            NewOrder {
                market: MarketId(7),
                ..valid.clone()
            },
            "MARKET_NOT_FOUND",
            "there is no such market",
        ),
        (
            NewOrder {
                account: AccountId(7),
                ..valid.clone()
            },
            "ACCOUNT_NOT_FOUND",
            "there is no such account",
        ),
    ] {
        assert_eq!(refused(&mut desk, order), (code, text.to_owned()));
    }
    desk.place(valid);
}

#[test]
fn history_is_bounded() {
    let mut engine = Engine::new(Kept {
        closed_orders: 2,
        fills: 1,
        funding: 1,
        trades: 1,
    });
    let mut events = Vec::new();
    let rules = MarketRules::unlimited("BTC-USD-PERP");
    engine
        .apply(0, &Command::AddMarket(Box::new(rules)), &mut events)
        .unwrap();
    for name in ["alice", "bob"] {
        let account = Command::AddAccount {
            name: name.into(),
            kind: AccountKind::Trader,
            deposit: money(1_000),
        };
        engine.apply(0, &account, &mut events).unwrap();
    }
    for _ in 0..4 {
        for (account, side) in [(ALICE, Side::Buy), (BOB, Side::Sell)] {
            let order = Command::Place(Box::new(limit(account, side, 1, 100)));
            engine.apply(0, &order, &mut events).unwrap();
        }
    }
    let alice = engine.account(ALICE).unwrap();
    assert_eq!(
        (alice.orders.len(), alice.fills.len(), engine.orders.len()),
        (2, 1, 4)
    );
    assert_eq!(alice.fills.back().map(|fill| fill.id), Some(9));
    assert_eq!(engine.market(MARKET).unwrap().trades.len(), 1);
}
