//! Each rule by itself.

use std::time::Duration;
use tokio::time::Instant;

use paradex_api::Decimal;
use paradex_api::types::{Order, OrderStatus};
use paradex_api::wire::Wire;

use super::super::engine::{Engine, Listing};
use super::super::update::{AccountUpdate, ModificationOutcome};
use super::model::{
    Exchange, Reader, START, engine, fill, fill_event, order, order_event, position, ready, reconcile,
    request_info,
};
use crate::stream::private::PrivateEvent;
use crate::stream::update::LossCause;

/// An engine that is complete and knows nothing.
fn complete() -> Engine {
    let mut engine = engine();
    engine.ready(ready(1));
    reconcile(&Exchange::new(true), &mut engine, &mut Reader::default());
    engine
}

fn send(engine: &mut Engine, event: PrivateEvent) -> Vec<AccountUpdate> {
    let mut updates = Vec::new();
    engine.event(event, Instant::now(), &mut updates);
    updates
}

/// Reads the account; the single orders are not found.
fn read(engine: &mut Engine, listing: Listing) -> super::super::update::Reconciliation {
    let now = Instant::now();
    let reading = engine.begin_reading().expect("there is a connection");
    for order in engine.merge(reading, listing, now).expect("nothing was lost") {
        engine.resolve(order.id.as_deref().expect("it has one"), None, now);
    }
    let mut updates = Vec::new();
    assert!(engine.finish(reading, now, &mut updates));
    match updates.remove(0) {
        AccountUpdate::Reconciled(found) => *found,
        other => panic!("{other:?}"),
    }
}

fn remaining(orders: &[Order]) -> Vec<Decimal> {
    orders.iter().filter_map(|order| order.remaining_size).collect()
}

#[test]
fn closed_order_is_not_opened_again() {
    let mut engine = complete();
    let open = order("a", OrderStatus::Open, 5, 5, START + 9);
    send(&mut engine, order_event(&open));
    let closed = order("a", OrderStatus::Closed, 5, 5, START + 5);
    assert_eq!(send(&mut engine, order_event(&closed)).len(), 1);
    assert!(send(&mut engine, order_event(&open)).is_empty());
    engine.lost(LossCause::Disconnected, Duration::ZERO);
    engine.ready(ready(2));
    let found = read(
        &mut engine,
        Listing {
            orders: vec![open],
            ..Listing::default()
        },
    );
    assert!(
        found.orders.is_empty() && found.unresolved.is_empty(),
        "{found:?}"
    );
}

#[test]
fn remaining_size_grows_with_the_size_only() {
    let mut engine = complete();
    for (size, left, at, expected) in [
        (5, 3, 1, 3),
        (5, 4, 2, 3),
        (6, 4, 3, 4),
        (6, 1, 2, 1),
        (6, 2, 4, 1),
    ] {
        send(
            &mut engine,
            order_event(&order("a", OrderStatus::Open, size, left, START + at)),
        );
        assert_eq!(
            remaining(&engine.open_orders()),
            [Decimal::from(expected)],
            "{size} {left} {at}"
        );
    }
}

#[test]
fn later_state_wins_whatever_its_source() {
    for (rest, expected) in [(START + 1, 4), (START + 9, 2)] {
        let mut engine = complete();
        engine.lost(LossCause::Disconnected, Duration::ZERO);
        engine.ready(ready(2));
        let mut event = order("a", OrderStatus::Open, 6, 4, START + 5);
        event.client_id = Some("mine".to_owned());
        send(&mut engine, order_event(&event));
        let listed = order(
            "a",
            OrderStatus::Open,
            if rest > START + 5 { 4 } else { 8 },
            if rest > START + 5 { 2 } else { 3 },
            rest,
        );
        let found = read(
            &mut engine,
            Listing {
                orders: vec![listed],
                ..Listing::default()
            },
        );
        assert_eq!(remaining(&found.orders), [Decimal::from(expected)]);
        assert_eq!(
            found.orders[0].client_id.as_deref(),
            Some("mine"),
            "what one source lacks comes from the other"
        );
    }
}

#[test]
fn order_that_rest_does_not_show_is_unresolved_and_not_closed() {
    let mut engine = complete();
    send(
        &mut engine,
        order_event(&order("a", OrderStatus::Open, 5, 5, START)),
    );
    engine.lost(LossCause::Disconnected, Duration::ZERO);
    engine.ready(ready(2));
    let found = read(&mut engine, Listing::default());
    assert_eq!(
        (
            found.orders.len(),
            found.closed_meanwhile.len(),
            found.unresolved.orders.len()
        ),
        (0, 0, 1)
    );
    // It is asked for in each later reading, and an event resolves it.
    assert_eq!(engine.unresolved().len(), 1);
    let closed = order("a", OrderStatus::Closed, 5, 0, START + 1);
    assert!(matches!(
        &send(&mut engine, order_event(&closed))[..],
        [AccountUpdate::Order(_)]
    ));
    assert!(engine.unresolved().is_empty());
}

#[test]
fn entry_without_an_id_is_counted_and_proves_nothing() {
    let mut engine = complete();
    send(
        &mut engine,
        order_event(&order("a", OrderStatus::Open, 5, 5, START)),
    );
    engine.lost(LossCause::Disconnected, Duration::ZERO);
    engine.ready(ready(2));
    let listing = Listing {
        orders: vec![Order::blank()],
        fills: vec![fill("", "a", START + 1)],
        ..Listing::default()
    };
    let found = read(&mut engine, listing);
    assert_eq!(
        (found.unresolved.unreadable, found.unresolved.orders.len()),
        (2, 1)
    );
}

#[test]
fn event_without_an_id_is_a_loss() {
    for event in [order_event(&Order::blank()), fill_event(&fill("", "a", START))] {
        let mut engine = complete();
        let updates = send(&mut engine, event);
        assert!(
            matches!(&updates[..], [AccountUpdate::Lost(lost)] if lost.cause() == LossCause::Unreadable),
            "{updates:?}"
        );
        assert!(!engine.is_complete() && engine.begin_reading().is_some());
    }
}

#[test]
fn fills_before_the_start_are_not_claimed() {
    let mut engine = engine();
    engine.ready(ready(1));
    let fills = vec![fill("old", "a", START - 1), fill("new", "a", START)];
    let found = read(
        &mut engine,
        Listing {
            fills,
            ..Listing::default()
        },
    );
    let ids: Vec<_> = found
        .fills_found
        .iter()
        .filter_map(|fill| fill.id.as_deref())
        .collect();
    assert_eq!(ids, ["new"]);
}

#[test]
fn modification_counts_once_for_each_request() {
    let mut engine = complete();
    let state = |at: i64, info: Option<(&str, &str)>| {
        let mut state = order("a", OrderStatus::Open, 5, 5, START + at);
        state.request_info = info.map(|(id, status)| request_info(id, status));
        order_event(&state)
    };
    let mut outcomes = Vec::new();
    for (at, info) in [
        (0, None),
        (1, Some(("m1", "PENDING"))),
        (2, Some(("m1", "SUCCESS"))),
        // The second one is under way, and the exchange repeats what became of the first.
        (3, Some(("m1", "SUCCESS"))),
        (4, Some(("m2", "PROCESSED"))),
        // Older than what is known, and the outcome counts all the same.
        (1, Some(("m2", "REJECTED"))),
        (5, Some(("m1", "SUCCESS"))),
        (6, Some(("m2", "REJECTED"))),
    ] {
        let updates = send(&mut engine, state(at, info)).into_iter();
        outcomes.extend(updates.filter_map(|update| match update {
            AccountUpdate::Modification(modification) => {
                Some((modification.request_id, modification.outcome))
            }
            _ => None,
        }));
    }
    let rejected = ModificationOutcome::Rejected { message: None };
    assert_eq!(
        outcomes,
        [
            ("m1".to_owned(), ModificationOutcome::Success),
            ("m2".to_owned(), rejected)
        ]
    );
}

#[test]
fn modification_decided_during_a_loss_is_reported_with_the_reconciliation() {
    let mut listed = order("a", OrderStatus::Open, 5, 5, START);
    listed.request_info = Some(request_info("m1", "SUCCESS"));
    let listing = || Listing {
        orders: vec![listed.clone()],
        ..Listing::default()
    };
    let outcomes = |engine: &mut Engine| {
        let now = Instant::now();
        let reading = engine.begin_reading().expect("there is a connection");
        engine.merge(reading, listing(), now).expect("nothing was lost");
        let mut updates = Vec::new();
        engine.finish(reading, now, &mut updates);
        updates.len() - 1
    };
    let mut fresh = engine();
    fresh.ready(ready(1));
    assert_eq!(outcomes(&mut fresh), 0, "it was decided before the stream began");
    let mut engine = complete();
    engine.lose(LossCause::Differs, Duration::ZERO);
    assert_eq!(outcomes(&mut engine), 1);
}

#[test]
fn position_that_the_list_lacks_is_closed_unless_an_event_showed_it_since() {
    let mut engine = complete();
    for (market, at) in [("old", 1), ("listed", 5)] {
        send(
            &mut engine,
            PrivateEvent::Position(Box::new(position(market, 3, START + at))),
        );
    }
    engine.lost(LossCause::Disconnected, Duration::ZERO);
    engine.ready(ready(2));
    send(
        &mut engine,
        PrivateEvent::Position(Box::new(position("new", 2, START + 7))),
    );
    let listing = Listing {
        positions: vec![position("listed", 1, START + 2)],
        ..Listing::default()
    };
    let found = read(&mut engine, listing);
    let shown: Vec<_> = found
        .positions
        .iter()
        .map(|position| (position.market.as_deref(), position.size))
        .collect();
    assert_eq!(
        shown,
        [
            (Some("listed"), Some(Decimal::from(3))),
            (Some("new"), Some(Decimal::TWO))
        ]
    );
}

#[test]
fn position_that_closed_without_a_connection_is_not_kept_by_older_events() {
    let mut engine = complete();
    engine.lost(LossCause::Disconnected, Duration::ZERO);
    engine.ready(ready(2));
    let opened = position("closed", 3, START + 1);
    send(&mut engine, PrivateEvent::Position(Box::new(opened)));
    // It is closed while there is no connection, and the list has open positions only.
    engine.lost(LossCause::Disconnected, Duration::ZERO);
    engine.ready(ready(3));
    let found = read(&mut engine, Listing::default());
    assert!(
        found.positions.is_empty() && engine.positions().is_empty(),
        "{found:?}"
    );
}

#[test]
fn position_differs_by_its_size_unless_the_list_is_older() {
    let mut engine = complete();
    let known = position("a", 3, START + 5);
    let event = PrivateEvent::Position(Box::new(known.clone()));
    send(&mut engine, event.clone());
    for (listed, count) in [
        (vec![known.clone()], 0),
        (vec![position("a", 4, START + 4)], 0),
        (vec![position("a", 4, START + 5)], 1),
        (vec![], 1),
        (vec![known.clone(), position("b", -1, START)], 1),
        (vec![known, position("b", 0, START)], 0),
    ] {
        let found = engine.differences(&[], &[], &listed);
        assert_eq!(found.len(), count, "{listed:?}");
    }
    let first = engine.differences(&[], &[], &[]);
    assert_eq!(first.persistent(&first).len(), 1);
    // An event came between.
    send(&mut engine, event);
    assert!(engine.differences(&[], &[], &[]).persistent(&first).is_empty());
}

#[test]
fn price_0_of_a_list_is_the_missing_price_of_an_event() {
    let mut engine = complete();
    let mut sent = order("stop", OrderStatus::Untriggered, 5, 5, START);
    sent.price = None;
    send(&mut engine, order_event(&sent));
    for (price, differs) in [(Decimal::ZERO, false), (Decimal::ONE, true)] {
        let mut listed = sent.clone();
        listed.price = Some(price);
        let found = engine.differences(&[listed], &[], &[]);
        assert_eq!(!found.is_empty(), differs, "{price}");
    }
}

#[test]
fn difference_counts_if_a_second_list_shows_it_and_no_event_came_between() {
    let mut engine = complete();
    let known = order("a", OrderStatus::Open, 5, 5, START + 5);
    send(&mut engine, order_event(&known));
    let none = engine.differences(std::slice::from_ref(&known), &[], &[]);
    assert!(none.is_empty());
    // Older: REST is behind.
    assert!(
        engine
            .differences(&[order("a", OrderStatus::Open, 7, 7, START + 1)], &[], &[])
            .is_empty()
    );
    let other = order("b", OrderStatus::Open, 5, 5, START + 5);
    let orders = [order("a", OrderStatus::Open, 5, 2, START + 6), other.clone()];
    let fills = [fill("f", "a", START + 6)];
    let first = engine.differences(&orders, &fills, &[]);
    assert_eq!(first.persistent(&first).len(), 3);
    assert_eq!(
        engine.differences(&[], &[], &[]).len(),
        1,
        "an order that the list lacks"
    );
    // The events arrive.
    send(&mut engine, order_event(&orders[0]));
    send(&mut engine, order_event(&other));
    send(&mut engine, fill_event(&fills[0]));
    assert!(
        engine
            .differences(&orders, &fills, &[])
            .persistent(&first)
            .is_empty()
    );
    // An event of the order came between, even if another difference is left.
    let third = engine.differences(&[other], &fills, &[]);
    assert!(third.persistent(&first).is_empty() && third.len() == 1);
}
