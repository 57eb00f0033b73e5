//! Scenarios of orders that wait for a trigger, and of TWAP orders.

use super::*;

fn long_of_2() -> Desk {
    let mut desk = Desk::new();
    desk.mark(100);
    desk.house(Side::Sell, 2, 100);
    desk.place(limit(ALICE, Side::Buy, 2, 100));
    desk.house(Side::Buy, 9, 95);
    desk
}

#[test]
fn stop_triggers_when_the_mark_price_crosses() {
    let mut desk = Desk::new();
    desk.mark(100);
    let below = desk.place(conditional(
        OrderKind::StopLimit,
        90,
        limit(ALICE, Side::Buy, 1, 95),
    ));
    let above = desk.place(conditional(
        OrderKind::StopMarket,
        110,
        market(ALICE, Side::Sell, 1),
    ));
    let forced = NewOrder {
        trigger_when: Some(TriggerWhen::Below),
        ..conditional(OrderKind::StopLimit, 110, limit(BOB, Side::Buy, 1, 95))
    };
    let forced = desk.place(forced);
    assert_eq!(desk.order(below).status, Status::Untriggered);
    assert_eq!(desk.order(above).status, Status::Untriggered);
    assert_eq!(
        desk.order(forced).status,
        Status::Open,
        "its condition is met already"
    );
    desk.mark(109);
    assert_eq!(desk.order(above).status, Status::Untriggered);
    desk.mark(110);
    assert_eq!(
        (desk.order(above).status, desk.trades()),
        (Status::Closed, vec![(95, 1)])
    );
    desk.mark(89);
    assert_eq!(
        (desk.order(below).status, desk.order(below).triggered),
        (Status::Open, true)
    );
}

#[test]
fn closing_orders_take_the_whole_position_and_end_with_it() {
    let mut desk = long_of_2();
    let stop = desk.place(conditional(
        OrderKind::StopLossMarket,
        90,
        market(ALICE, Side::Sell, 0),
    ));
    let profit = desk.place(conditional(
        OrderKind::TakeProfitMarket,
        120,
        market(ALICE, Side::Sell, 0),
    ));
    desk.mark(119);
    assert_eq!(
        (desk.order(stop).status, desk.order(profit).status),
        (Status::Untriggered, Status::Untriggered)
    );
    desk.mark(120);
    assert_eq!((desk.trades(), desk.position(ALICE)), (vec![(95, 2)], 0));
    assert_eq!(desk.status(profit), (Status::Closed, None));
    assert_eq!(desk.order(profit).terms.size, Size(2 * UNIT));
    let ended = (Status::Closed, Some(CancelReason::ReduceOnlyWillIncrease));
    assert_eq!(desk.status(stop), ended);
    // Without a position it closes nothing.
    let stop = desk.place(conditional(
        OrderKind::StopLossMarket,
        90,
        market(ALICE, Side::Sell, 0),
    ));
    desk.mark(90);
    assert_eq!((desk.status(stop), desk.position(ALICE)), (ended, 0));
}

#[test]
fn closing_order_larger_than_the_position_is_cut() {
    let mut desk = long_of_2();
    let stop = desk.place(conditional(
        OrderKind::StopLossLimit,
        90,
        limit(ALICE, Side::Sell, 5, 95),
    ));
    desk.mark(90);
    assert_eq!(
        (desk.status(stop), desk.position(ALICE)),
        ((Status::Closed, None), 0)
    );
    assert_eq!(desk.order(stop).execution.filled, Size(2 * UNIT));
}

#[test]
fn waiting_order_is_modified_with_its_trigger() {
    let mut desk = long_of_2();
    let stop = desk.place(conditional(
        OrderKind::StopLossLimit,
        90,
        limit(ALICE, Side::Sell, 1, 95),
    ));
    desk.apply(Command::Modify {
        account: ALICE,
        order: stop,
        size: Size(2 * UNIT),
        price: Some(Price(95 * UNIT)),
        trigger: Some(Price(98 * UNIT)),
        signed_at: 7,
    })
    .unwrap();
    assert_eq!(
        (desk.order(stop).status, desk.order(stop).terms.signed_at),
        (Status::Untriggered, 7)
    );
    desk.mark(98);
    assert_eq!(desk.position(ALICE), 0);
}

#[test]
fn twap_order_is_filled_in_equal_parts() {
    let mut desk = Desk::new();
    desk.house(Side::Sell, 100, 100);
    let twap = NewTwap {
        account: ALICE,
        market: MARKET,
        side: Side::Buy,
        size: Size(10 * UNIT),
        duration: 120,
        frequency: 30,
        interactive: false,
    };
    let wrong = NewTwap {
        duration: 31,
        ..twap.clone()
    };
    assert_eq!(
        desk.apply(Command::StartTwap(wrong)).unwrap_err().code(),
        "VALIDATION_ERROR"
    );
    let Ok(Outcome::Algo(id)) = desk.apply(Command::StartTwap(twap.clone())) else {
        panic!()
    };
    let mut positions = vec![
        desk.engine
            .account(ALICE)
            .unwrap()
            .holding(MARKET)
            .position
            .size
            .0,
    ];
    for _ in 0..3 {
        desk.now += 30 * SECOND;
        desk.apply(Command::Advance).unwrap();
        positions.push(
            desk.engine
                .account(ALICE)
                .unwrap()
                .holding(MARKET)
                .position
                .size
                .0,
        );
    }
    assert_eq!(positions, [5 * UNIT / 2, 5 * UNIT, 15 * UNIT / 2, 10 * UNIT]);
    let algo = desk.engine.algo(id).unwrap();
    assert_eq!(
        (
            algo.status,
            algo.execution.remaining,
            algo.execution.average_price()
        ),
        (Status::Closed, Size(0), Some(Price(100 * UNIT)))
    );
    assert_eq!(desk.engine.next_due(), None);

    // A cancelled one places no more orders, and one without liquidity ends unfilled.
    let Ok(Outcome::Algo(id)) = desk.apply(Command::StartTwap(twap.clone())) else {
        panic!()
    };
    desk.apply(Command::CancelAlgo {
        account: ALICE,
        algo: id,
    })
    .unwrap();
    assert_eq!(
        desk.apply(Command::CancelAlgo {
            account: ALICE,
            algo: id
        }),
        Err(Refusal::AlgoNotFound)
    );
    desk.apply(Command::CancelAll {
        account: HOUSE,
        market: None,
    })
    .unwrap();
    let before = desk.position(ALICE);
    let Ok(Outcome::Algo(id)) = desk.apply(Command::StartTwap(twap)) else {
        panic!()
    };
    desk.now += 1_000 * SECOND;
    desk.apply(Command::Advance).unwrap();
    let algo = desk.engine.algo(id).unwrap();
    assert_eq!(
        (algo.status, algo.execution.remaining, algo.updated_at),
        (Status::Closed, Size(10 * UNIT), algo.end_at)
    );
    assert_eq!(desk.position(ALICE), before);
}

#[test]
fn active_twap_orders_are_limited_and_closed_ones_kept_for_each_account() {
    let mut desk = Desk::new();
    desk.engine.kept.closed_orders = 2;
    let twap = |account| {
        Command::StartTwap(NewTwap {
            account,
            market: MARKET,
            side: Side::Buy,
            size: Size(UNIT),
            duration: 60,
            frequency: 30,
            interactive: false,
        })
    };
    desk.apply(twap(BOB)).unwrap();
    for _ in 0..100 {
        desk.apply(twap(ALICE)).unwrap();
    }
    let refusal = desk.apply(twap(ALICE)).unwrap_err();
    assert_eq!(
        (refusal.code(), refusal),
        ("INVALID_REQUEST_PARAMETER", Refusal::TooManyAlgos(100))
    );
    let cancel = |algo| Command::CancelAlgo {
        account: ALICE,
        algo: AlgoId(algo),
    };
    desk.apply(cancel(5)).unwrap();
    desk.apply(twap(ALICE)).unwrap();
    desk.now += 60 * SECOND;
    desk.apply(Command::Advance).unwrap();
    let kept = |account| -> Vec<u64> { desk.engine.algos_of(account).map(|algo| algo.id.0).collect() };
    assert_eq!((kept(ALICE), kept(BOB)), (vec![101, 102], vec![1]));
    assert_eq!((desk.engine.algos.len(), desk.engine.next_due()), (3, None));
}

#[test]
fn quotes_are_replaced_and_keep_their_place_if_unchanged() {
    let mut desk = Desk::new();
    let levels = |levels: &[(i64, i64)]| -> Vec<(Price, Size)> {
        levels
            .iter()
            .map(|(price, size)| (Price(price * UNIT), Size(size * UNIT)))
            .collect()
    };
    let quote = |account, bids: &[(i64, i64)], asks: &[(i64, i64)]| Command::Quote {
        account,
        market: MARKET,
        bids: levels(bids),
        asks: levels(asks),
    };
    desk.apply(quote(HOUSE, &[(99, 1), (98, 2)], &[(101, 1)]))
        .unwrap();
    let behind = desk.place(limit(BOB, Side::Buy, 1, 99));
    let client = desk.place(limit(ALICE, Side::Sell, 1, 103));
    desk.apply(quote(HOUSE, &[(99, 1)], &[(101, 5)])).unwrap();
    let bids: Vec<_> = desk
        .engine
        .market(MARKET)
        .unwrap()
        .book
        .levels(Side::Buy)
        .collect();
    assert_eq!(bids.len(), 1);
    desk.place(limit(ALICE, Side::Sell, 1, 99));
    assert_eq!(
        desk.order(behind).status,
        Status::Open,
        "the quote was there before"
    );
    // The price passes the client's order, which is filled as the maker.
    desk.apply(quote(HOUSE, &[(104, 1)], &[(105, 1)])).unwrap();
    assert_eq!(
        (desk.trades(), desk.status(client)),
        (vec![(103, 1)], (Status::Closed, None))
    );
    assert_eq!(
        desk.apply(quote(HOUSE, &[(9, 1)], &[(9, 1)])).unwrap_err().code(),
        "VALIDATION_ERROR"
    );
    assert!(desk.apply(quote(ALICE, &[], &[])).is_err());
}
