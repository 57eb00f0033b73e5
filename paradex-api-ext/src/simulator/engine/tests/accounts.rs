//! Scenarios of margin, fees and funding.

use super::*;

#[test]
fn order_needs_margin_unless_it_adds_none() {
    // The example of the exchange's page on risk checks.
    let rules = MarketRules {
        initial_margin: percent(10),
        ..MarketRules::unlimited("XYZ-USD-PERP")
    };
    let mut desk = Desk::with_deposit(rules, 100);
    desk.mark(100);
    desk.house(Side::Sell, 10, 100);
    let too_large = desk.place(limit(ALICE, Side::Buy, 11, 100));
    assert_eq!(
        desk.status(too_large),
        (Status::Closed, Some(CancelReason::NotEnoughMargin))
    );
    desk.place(limit(ALICE, Side::Buy, 10, 100));
    desk.mark(98);
    let margin = desk.engine.margin(ALICE).unwrap();
    assert_eq!((margin.account_value, margin.initial), (money(80), money(98)));
    assert_eq!(
        (margin.maintenance, margin.free_collateral()),
        (money(49), money(-18))
    );
    let smaller = desk.place(limit(ALICE, Side::Sell, 5, 200));
    assert_eq!(desk.status(smaller), (Status::Open, None));
    let larger = desk.place(limit(ALICE, Side::Sell, 18, 200));
    assert_eq!(
        desk.status(larger),
        (Status::Closed, Some(CancelReason::NotEnoughMargin))
    );
}

#[test]
fn position_limit_counts_position_and_open_orders() {
    // The example of the exchange's page on position limits.
    let mut desk = Desk::with(MarketRules {
        position_limit: Size(1_000 * UNIT),
        ..MarketRules::unlimited("ETH-USD-PERP")
    });
    desk.house(Side::Buy, 900, 1);
    desk.place(limit(ALICE, Side::Sell, 900, 1));
    let exceeds = (Status::Closed, Some(CancelReason::OrderExceedsPositionLimit));
    for (side, most) in [(Side::Sell, 100), (Side::Buy, 1_900)] {
        let price = if side == Side::Buy { 1 } else { 2 };
        let refused = desk.place(limit(ALICE, side, most + 1, price));
        let accepted = desk.place(limit(ALICE, side, most, price));
        assert_eq!(
            (desk.status(refused), desk.order(accepted).status),
            (exceeds, Status::Open)
        );
    }
}

#[test]
fn open_orders_are_limited() {
    let mut desk = Desk::with(MarketRules {
        max_open_orders: 1,
        ..MarketRules::unlimited("ETH-USD-PERP")
    });
    desk.place(limit(ALICE, Side::Buy, 1, 1));
    let second = desk.place(limit(ALICE, Side::Buy, 1, 1));
    assert_eq!(
        desk.order(second).reason,
        Some(CancelReason::MaxOpenOrdersExceeded)
    );
}

#[test]
fn fees_depend_on_session_and_instruction() {
    let fee = |maker, taker| MakerTaker {
        maker: Rate(maker),
        taker: Rate(taker),
    };
    let mut desk = Desk::with(MarketRules {
        fees: Fees {
            api: fee(30_000_000, 450_000_000),
            interactive: fee(0, 10_000_000),
            rpi: fee(-5_000_000, 0),
        },
        ..MarketRules::unlimited("BTC-USD-PERP")
    });
    let fees = |desk: &Desk| -> Vec<(AccountId, i128)> {
        let fills = desk.events.iter().filter_map(|event| match event {
            Event::Fill(fill) => Some((fill.account, fill.fee.0 / 10_i128.pow(10))),
            _ => None,
        });
        fills.collect()
    };
    desk.place(limit(BOB, Side::Sell, 1, 100));
    desk.place(limit(ALICE, Side::Buy, 1, 100));
    // In millionths: 0.003% and 0.045% of 100.
    assert_eq!(fees(&desk), [(BOB, 3_000), (ALICE, 45_000)]);
    desk.place(instructed(Instruction::Rpi, limit(BOB, Side::Sell, 1, 100)));
    desk.place(interactive(limit(ALICE, Side::Buy, 1, 100)));
    assert_eq!(fees(&desk), [(BOB, -500), (ALICE, 1_000)]);
    desk.house(Side::Sell, 1, 100);
    desk.place(limit(ALICE, Side::Buy, 1, 100));
    assert_eq!(fees(&desk), [(HOUSE, 0), (ALICE, 45_000)]);
    assert_eq!(desk.engine.totals().fees.0 / 10_i128.pow(10), 93_500);
}

#[test]
fn funding_accrues_in_the_index_and_is_realized_by_a_fill() {
    // The example of the exchange's page on funding: half a bitcoin for a minute.
    let mut desk = Desk::new();
    let prices = |rate| Command::SetPrices {
        market: MARKET,
        mark: Price(60_000 * UNIT),
        index: Price(60_000 * UNIT),
        funding_rate: Rate(rate),
    };
    desk.apply(prices(300_000_000)).unwrap();
    let half = |account, side| NewOrder {
        size: Size(UNIT / 2),
        ..limit(account, side, 1, 60_000)
    };
    desk.place(half(BOB, Side::Sell));
    desk.place(half(ALICE, Side::Buy));
    desk.now += 60 * SECOND;
    desk.apply(prices(0)).unwrap();
    let index = desk.engine.market(MARKET).unwrap().prices.funding_index;
    let position = desk.engine.account(ALICE).unwrap().holding(MARKET).position;
    assert_eq!(
        position.unrealized_funding(index).decimal().to_string(),
        "-0.01875"
    );
    desk.place(half(BOB, Side::Buy));
    desk.place(half(ALICE, Side::Sell));
    let alice = desk.engine.account(ALICE).unwrap();
    let payment = alice.funding.back().unwrap();
    assert_eq!(
        (payment.payment.decimal().to_string().as_str(), payment.index),
        ("-0.01875", index)
    );
    assert_eq!(alice.balance, money(1_000_000).plus(payment.payment));
    let bob = desk.engine.account(BOB).unwrap();
    assert_eq!(bob.balance.minus(money(1_000_000)), payment.payment.negated());
    assert_eq!(desk.engine.totals().funding, Money(0));
}

#[test]
fn command_out_of_range_is_refused() {
    let mut desk = Desk::new();
    let account = |deposit| Command::AddAccount {
        name: "new".into(),
        kind: AccountKind::Trader,
        deposit,
    };
    for command in [
        account(Money(-1)),
        account(Money(i128::MAX)),
        account(Money(i128::MIN)),
        Command::AddAccount {
            name: "alice".into(),
            kind: AccountKind::Trader,
            deposit: Money(0),
        },
        Command::AddMarket(Box::new(MarketRules::unlimited("BTC-USD-PERP"))),
        Command::AddMarket(Box::new(MarketRules {
            tick: Price(0),
            ..MarketRules::unlimited("A")
        })),
        Command::SetPrices {
            market: MARKET,
            mark: Price(0),
            index: Price(1),
            funding_rate: Rate(0),
        },
        Command::SetPrices {
            market: MARKET,
            mark: Price(1),
            index: Price(1),
            funding_rate: Rate(i64::MAX),
        },
    ] {
        let before = desk.engine.state_hash();
        assert!(desk.apply(command.clone()).is_err(), "{command:?}");
        assert_eq!(desk.engine.state_hash(), before, "{command:?}");
    }
}

#[test]
fn sums_near_their_limit_refuse_orders_instead_of_overflowing() {
    let mut desk = Desk::new();
    let largest = |account, side| NewOrder {
        size: Size::MAX,
        price: Some(Price::MAX),
        ..limit(account, side, 1, 1)
    };
    desk.place(largest(BOB, Side::Sell));
    desk.place(largest(ALICE, Side::Buy));
    let value = Size::MAX.at(Price::MAX);
    assert_eq!(
        desk.engine.account(ALICE).unwrap().holding(MARKET).position.cost,
        value
    );
    let margin = desk.engine.margin(ALICE).unwrap();
    assert_eq!(margin.account_value, money(1_000_000));
    desk.engine.totals.turnover = Money::GUARD.plus(Money(1));
    let order = Command::Place(Box::new(limit(ALICE, Side::Buy, 1, 1)));
    assert_eq!(desk.apply(order), Err(Refusal::TooLarge));
    let quote = Command::Quote {
        account: HOUSE,
        market: MARKET,
        bids: vec![],
        asks: vec![],
    };
    assert_eq!(desk.apply(quote), Err(Refusal::TooLarge));
}
