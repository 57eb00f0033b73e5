//! The cursor of what the program has read.

use tokio::time::Instant;

use paradex_api::serde_json;
use paradex_api::types::OrderStatus;

use super::super::cursor::{AccountCursor, Tracker, check_account};
use super::super::engine::{Engine, Listing};
use super::super::fills::{Fills, MARGIN, Verified};
use super::super::queue::Entry;
use super::super::update::AccountUpdate;
use super::model::{START, fill, fill_event, order, order_event, ready};

const EXCHANGE: &str = "https://exchange.example/v1";

fn read(engine: &mut Engine, tracker: &mut Tracker, listing: Listing) -> usize {
    let now = Instant::now();
    let reading = engine.begin_reading().expect("there is a connection");
    for missing in engine.merge(reading, listing, now).expect("nothing was lost") {
        engine.resolve(missing.id.as_deref().expect("it has one"), None, now);
    }
    let mut updates = Vec::new();
    engine.finish(reading, now, &mut updates);
    let found = match &updates[0] {
        AccountUpdate::Reconciled(found) => found.fills_found.len(),
        other => panic!("{other:?}"),
    };
    updates
        .into_iter()
        .for_each(|update| tracker.read(&Entry::Update(update)));
    found
}

/// Stores and restores a cursor.
fn restart(tracker: &Tracker) -> (Engine, Tracker, AccountCursor) {
    let stored = serde_json::to_string(&tracker.cursor().expect("it has begun")).expect("it is data");
    let cursor: AccountCursor = serde_json::from_str(&stored).expect("it was stored");
    let fills = Fills::new(cursor.verified, cursor.fills.clone());
    let mut engine = Engine::new(fills, cursor.orders.clone(), 1_000);
    engine.ready(ready(1));
    let tracker = Tracker::new(EXCHANGE.to_owned(), Some(&cursor));
    (engine, tracker, cursor)
}

#[test]
fn fills_come_once_across_restarts_and_closed_orders_are_found() {
    let mut tracker = Tracker::new(EXCHANGE.to_owned(), None);
    assert!(tracker.cursor().is_none());
    let mut engine = Engine::new(Fills::new(Verified::from_time(START), []), Vec::new(), 1_000);
    engine.ready(ready(1));
    read(&mut engine, &mut tracker, Listing::default());
    let fills: Vec<_> = (0..10).map(|n| fill(&format!("f{n}"), "a", START + n)).collect();
    let placed = order("a", OrderStatus::Open, 20, 10, START + 5);
    let mut updates = Vec::new();
    engine.event(order_event(&placed), Instant::now(), &mut updates);
    fills[..5]
        .iter()
        .for_each(|fill| engine.event(fill_event(fill), Instant::now(), &mut updates));
    // The program has read three of the five fills when it ends.
    updates
        .into_iter()
        .take(4)
        .for_each(|update| tracker.read(&Entry::Update(update)));
    let (mut engine, mut tracker, cursor) = restart(&tracker);
    assert_eq!(cursor.orders.len(), 1);
    assert_eq!(
        read(
            &mut engine,
            &mut tracker,
            Listing {
                fills: fills.clone(),
                ..Listing::default()
            }
        ),
        7
    );
    assert_eq!(
        engine.unresolved().len(),
        1,
        "the order of the cursor is asked for, and not forgotten"
    );
    let (mut engine, mut tracker, _) = restart(&tracker);
    assert_eq!(
        read(
            &mut engine,
            &mut tracker,
            Listing {
                fills,
                ..Listing::default()
            }
        ),
        0
    );
}

#[test]
fn cursor_stays_small_while_comparisons_verify_fills() {
    let mut tracker = Tracker::new(EXCHANGE.to_owned(), None);
    let mut engine = Engine::new(Fills::new(Verified::from_time(START), []), Vec::new(), 1_000);
    engine.ready(ready(1));
    read(&mut engine, &mut tracker, Listing::default());
    for round in 0..100_i64 {
        let mut updates = Vec::new();
        for number in 0..100 {
            let filled = fill(&format!("{round}-{number}"), "a", START + round * MARGIN + number);
            engine.event(fill_event(&filled), Instant::now(), &mut updates);
        }
        updates
            .into_iter()
            .for_each(|update| tracker.read(&Entry::Update(update)));
        let reading = engine.begin_comparison().expect("it is complete");
        let verified = engine.set_compared(reading).expect("nothing was lost");
        tracker.read(&Entry::Verified(verified));
    }
    assert!((100..=200).contains(&tracker.cursor().expect("it has begun").fills.len()));
}

#[test]
fn cursor_of_another_exchange_or_account_is_refused() {
    let mut tracker = Tracker::new(EXCHANGE.to_owned(), None);
    let mut engine = Engine::new(Fills::new(Verified::from_time(START), []), Vec::new(), 1_000);
    engine.ready(ready(1));
    read(&mut engine, &mut tracker, Listing::default());
    let mut cursor = tracker.cursor().expect("it has begun");
    assert_eq!(cursor.check(EXCHANGE), Ok(()));
    assert!(
        cursor
            .check("https://other.example/v1")
            .is_err_and(|error| error.contains("belongs to"))
    );
    cursor.version = 2;
    assert!(cursor.check(EXCHANGE).is_err_and(|error| error.contains("form")));
    assert!(check_account("0x01", Some("0x1")).is_ok() && check_account("", Some("0x2")).is_ok());
    assert!(check_account("0x1", None).is_ok() && check_account("0x1", Some("0x2")).is_err());
}
