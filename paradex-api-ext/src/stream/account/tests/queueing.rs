//! The queue between the connection and the program.

use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;
use tokio::time::Instant;

use paradex_api::types::OrderStatus;

use super::super::engine::{Engine, Listing};
use super::super::fills::{Fills, Verified};
use super::super::own_orders::OwnOrder;
use super::super::queue::Entry;
use super::super::state::{Popped, Shared};
use super::super::update::AccountUpdate;
use super::model::{START, fill, fill_event, order, order_event, ready};
use crate::stream::private::{PrivateSink, PrivateUpdate};
use crate::stream::update::LossCause;

fn shared(capacity: usize) -> Arc<Shared> {
    let fills = Fills::new(Verified::from_time(START), []);
    let shared = Arc::new(Shared::new(
        Engine::new(fills, Vec::new(), capacity),
        capacity,
        None,
    ));
    shared.update(PrivateUpdate::Ready(ready(1)));
    shared
}

fn pop(shared: &Shared) -> Option<AccountUpdate> {
    match shared.pop(Waker::noop()) {
        Popped::Entry(Entry::Update(update)) => Some(update),
        _ => None,
    }
}

fn reconcile(shared: &Shared, listing: Listing) -> bool {
    let Some(reading) = shared.begin_reading() else {
        return false;
    };
    shared.change(|engine, updates| {
        let now = Instant::now();
        engine.merge(reading, listing, now).is_some() && engine.finish(reading, now, updates)
    })
}

#[test]
fn full_queue_is_a_loss_after_what_waits_and_reconciled_once_that_is_read() {
    let shared = shared(3);
    assert!(reconcile(&shared, Listing::default()));
    for number in 0..10 {
        let filled = fill(&format!("f{number}"), "a", START + number);
        shared.update(PrivateUpdate::Event(fill_event(&filled)));
    }
    assert!(shared.orders().is_none() && shared.positions().is_none());
    assert!(
        !reconcile(&shared, Listing::default()),
        "the program has not read what waits"
    );
    let mut fills = 0;
    assert!(matches!(pop(&shared), Some(AccountUpdate::Reconciled(_))));
    while let Some(update) = pop(&shared) {
        match update {
            AccountUpdate::Fill(_) => fills += 1,
            AccountUpdate::Lost(lost) => assert_eq!((lost.cause(), lost.dropped()), (LossCause::Lagged, 8)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(fills, 2);
    // REST has all of them, and the stream yields those that it had no place for.
    let listed = (0..10)
        .map(|number| fill(&format!("f{number}"), "a", START + number))
        .collect();
    assert!(reconcile(
        &shared,
        Listing {
            fills: listed,
            ..Listing::default()
        }
    ));
    match pop(&shared) {
        Some(AccountUpdate::Reconciled(found)) => assert_eq!(found.fills_found.len(), 8),
        other => panic!("{other:?}"),
    }
}

#[test]
fn quiet_account_leaves_one_entry_in_the_queue() {
    let shared = shared(1);
    assert!(reconcile(&shared, Listing::default()));
    assert!(matches!(pop(&shared), Some(AccountUpdate::Reconciled(_))));
    for _ in 0..100 {
        let reading = shared.change(|engine, _| engine.begin_comparison());
        shared.set_compared(reading.expect("it is complete"));
    }
    let filled = fill("f", "a", START);
    shared.update(PrivateUpdate::Event(fill_event(&filled)));
    assert!(matches!(
        shared.pop(Waker::noop()),
        Popped::Entry(Entry::Verified(_))
    ));
    assert!(
        matches!(pop(&shared), Some(AccountUpdate::Fill(_))),
        "nothing is lost"
    );
}

#[test]
fn reconnections_are_not_reconciled_while_the_reader_is_away() {
    let shared = shared(4);
    let orders = |count: i64| Listing {
        orders: (0..count)
            .map(|number| order(&format!("o{number}"), OrderStatus::Open, 1, 1, START))
            .collect(),
        ..Listing::default()
    };
    let mut readings = 0;
    for connection in 2..100 {
        readings += usize::from(reconcile(&shared, orders(5)));
        shared.update(PrivateUpdate::Lost(LossCause::Disconnected, Duration::ZERO));
        shared.update(PrivateUpdate::Ready(ready(connection)));
    }
    assert_eq!(readings, 1);
    let mut waiting = 0;
    while pop(&shared).is_some() {
        waiting += 1;
    }
    assert_eq!(waiting, 2, "Reconciled and Lost");
    assert!(reconcile(&shared, orders(5)), "everything was read");
}

#[test]
fn full_buffer_makes_the_reading_void() {
    let shared = shared(2);
    let reading = shared
        .change(|engine, _| engine.begin_reading())
        .expect("there is a connection");
    for number in 0..3 {
        let placed = order(&format!("o{number}"), OrderStatus::Open, 1, 1, START);
        shared.update(PrivateUpdate::Event(order_event(&placed)));
    }
    let merged = shared.change(|engine, _| engine.merge(reading, Listing::default(), Instant::now()));
    assert!(merged.is_none() && reconcile(&shared, Listing::default()));
}

#[test]
fn expected_event_is_overdue_unless_it_came_before_or_after_the_response() {
    let shared = shared(10);
    assert!(reconcile(&shared, Listing::default()));
    let sent = Instant::now();
    let id = |id: &str| OwnOrder::Id(id.to_owned());
    let placed = |id: &str| PrivateUpdate::Event(order_event(&order(id, OrderStatus::Open, 1, 1, START)));
    shared.update(placed("before"));
    shared.expect(&id("before"), sent, sent);
    assert!(shared.next_overdue().is_none());
    shared.expect(&id("after"), sent, sent);
    shared.update(placed("after"));
    let late = sent + Duration::from_secs(60);
    assert!(shared.next_overdue().is_some() && !shared.take_overdue(late));
    shared.expect(&id("never"), sent, sent);
    assert!(!shared.take_overdue(sent) && shared.take_overdue(late) && !shared.take_overdue(late));
    shared.expect(&OwnOrder::Unknown, sent, sent);
    assert!(shared.take_overdue(late), "nothing shows that it was carried out");
}
