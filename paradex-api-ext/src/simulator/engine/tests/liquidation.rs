//! Scenarios of liquidation.

use super::*;

/// Alice has 100 and buys 9 at 100, with an initial margin of 10% and a maintenance margin of 5%.
fn exposed() -> Desk {
    let rules = MarketRules {
        initial_margin: percent(10),
        fees: Fees {
            api: MakerTaker {
                maker: Rate(0),
                taker: Rate(1_000_000_000),
            },
            ..Fees::default()
        },
        ..MarketRules::unlimited("XYZ-USD-PERP")
    };
    let mut desk = Desk::with_deposit(rules, 100);
    desk.mark(100);
    desk.place(limit(BOB, Side::Sell, 9, 100));
    desk.place(limit(ALICE, Side::Buy, 9, 100));
    assert_eq!(desk.position(ALICE), 9);
    desk
}

fn liquidations(desk: &Desk, account: AccountId) -> usize {
    desk.engine.account(account).unwrap().liquidations.len()
}

#[test]
fn account_below_its_maintenance_margin_is_liquidated() {
    let mut desk = exposed();
    let order = desk.place(limit(ALICE, Side::Sell, 1, 200));
    let twap = NewTwap {
        account: ALICE,
        market: MARKET,
        side: Side::Sell,
        size: Size(UNIT),
        duration: 60,
        frequency: 30,
        interactive: false,
    };
    let Ok(Outcome::Algo(algo)) = desk.apply(Command::StartTwap(twap)) else {
        panic!()
    };
    // The value is 100 - 0.9 - 9 * 6 = 45.1, and the maintenance margin 9 * 94 * (5% + 0.1%) = 43.146.
    desk.mark(94);
    assert_eq!((desk.position(ALICE), liquidations(&desk, ALICE)), (9, 0));
    let book = desk.engine.market(MARKET).unwrap().book.seq;

    desk.mark(93);
    assert_eq!((desk.position(ALICE), liquidations(&desk, ALICE)), (0, 1));
    assert_eq!((desk.position(BOB), desk.position(HOUSE)), (-9, 9));
    assert_eq!(
        desk.status(order),
        (Status::Closed, Some(CancelReason::NotEnoughMargin))
    );
    let algo = desk.engine.algo(algo).unwrap();
    assert_eq!(
        (algo.status, algo.reason, desk.engine.next_due()),
        (Status::Closed, Some(CancelReason::NotEnoughMargin), None)
    );
    let alice = desk.engine.account(ALICE).unwrap();
    let fill = alice.fills.back().unwrap();
    assert_eq!(
        (fill.cause, fill.price, fill.fee, fill.seq),
        (Cause::Liquidation, Price(93 * UNIT), Money(0), 0)
    );
    assert_eq!(alice.balance.decimal().to_string(), "36.1");
    assert_eq!(desk.trades(), [(93, 9)]);
    let liquidation = Event::Liquidation {
        account: ALICE,
        at: desk.now,
    };
    assert!(desk.events.contains(&liquidation));
    // Only the order of the account left the book.
    let market = desk.engine.market(MARKET).unwrap();
    assert_eq!(market.book.seq, book + 1);
    assert_eq!(market.book.levels(Side::Sell).count(), 0);
    desk.mark(80);
    assert_eq!(liquidations(&desk, ALICE), 1, "it has nothing left");
}

#[test]
fn stop_order_of_the_same_price_comes_before_the_liquidation() {
    let mut desk = exposed();
    desk.house(Side::Buy, 9, 93);
    desk.place(conditional(
        OrderKind::StopMarket,
        93,
        market(ALICE, Side::Sell, 9),
    ));
    desk.mark(93);
    assert_eq!((desk.position(ALICE), liquidations(&desk, ALICE)), (0, 0));
}

#[test]
fn loss_beyond_the_balance_stays_with_the_account() {
    let mut desk = exposed();
    desk.mark(10);
    let alice = desk.engine.account(ALICE).unwrap();
    assert_eq!(alice.balance.decimal().to_string(), "-710.9");
    assert_eq!((desk.position(ALICE), desk.position(HOUSE)), (0, 9));
}

#[test]
fn account_without_a_house_is_not_liquidated() {
    let mut desk = exposed();
    desk.engine.accounts[HOUSE.0 as usize].kind = AccountKind::Trader;
    desk.mark(10);
    assert_eq!((desk.position(ALICE), liquidations(&desk, ALICE)), (9, 0));
}

#[test]
fn loss_in_one_market_takes_the_positions_of_all() {
    let mut desk = exposed();
    let other = MarketId(1);
    let rules = MarketRules {
        initial_margin: percent(10),
        ..MarketRules::unlimited("OTHER-USD-PERP")
    };
    desk.apply(Command::AddMarket(Box::new(rules))).unwrap();
    for (account, side) in [(BOB, Side::Buy), (ALICE, Side::Sell)] {
        let order = limit(account, side, 2, 10);
        desk.place(NewOrder {
            market: other,
            ..order
        });
    }
    desk.mark(92);
    let alice = desk.engine.account(ALICE).unwrap();
    let sizes: Vec<i64> = alice
        .holdings
        .values()
        .map(|holding| holding.position.size.0)
        .collect();
    assert_eq!((sizes, alice.liquidations.len()), (vec![0, 0], 1));
    // The other market has no mark price: its last trade values the position.
    let last = alice.fills.back().unwrap();
    assert_eq!(
        (last.market, last.side, last.price),
        (other, Side::Buy, Price(10 * UNIT))
    );
    let house = desk.engine.account(HOUSE).unwrap();
    assert_eq!(house.holding(other).position.size, Size(-2 * UNIT));
    assert_eq!(desk.engine.margin(ALICE).unwrap().maintenance, Money(0));
}
