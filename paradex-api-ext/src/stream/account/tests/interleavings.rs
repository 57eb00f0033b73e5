//! Every interleaving of short histories: of the loss, the lists of REST, and the events.

use std::time::Duration;
use tokio::time::Instant;

use super::model::{Action, Exchange, Reader, assert_equal, engine, ready, reconcile};
use crate::stream::private::PrivateEvent;
use crate::stream::update::LossCause;

/// The moments of one interleaving, as numbers of events of the exchange.
#[derive(Debug, Clone, Copy)]
struct Schedule {
    /// The connection is lost.
    lost: usize,
    /// The next one is subscribed.
    subscribed: usize,
    /// What the list of open orders, that of fills, and single orders show. REST can be behind its own events, and ahead of them.
    orders: usize,
    fills: usize,
    single: usize,
    /// How far events have arrived when the reading begins, is merged and ends.
    begun: usize,
    merged: usize,
    finished: usize,
}

fn run(exchange: &Exchange, schedule: Schedule) {
    let now = Instant::now();
    let (mut engine, mut reader) = (engine(), Reader::default());
    engine.ready(ready(1));
    reconcile(&Exchange::new(true), &mut engine, &mut reader);
    let deliver = |engine: &mut super::super::engine::Engine, events: &[PrivateEvent]| {
        let mut updates = Vec::new();
        for event in events {
            engine.event(event.clone(), now, &mut updates);
        }
        updates
    };
    let log = &exchange.log;
    reader.read(deliver(&mut engine, &log[..schedule.lost]));
    reader.read(
        engine
            .lost(LossCause::Disconnected, Duration::ZERO)
            .into_iter()
            .collect(),
    );
    engine.ready(ready(2));
    assert!(deliver(&mut engine, &log[schedule.subscribed..schedule.begun]).is_empty());
    let reading = engine.begin_reading().expect("there is a connection");
    assert!(deliver(&mut engine, &log[schedule.begun..schedule.merged]).is_empty());
    let listing = exchange.listing(schedule.orders, schedule.fills, reading);
    let missing = engine.merge(reading, listing, now).expect("nothing was lost");
    assert!(deliver(&mut engine, &log[schedule.merged..schedule.finished]).is_empty());
    for order in missing {
        let id = order.id.expect("it has one");
        engine.resolve(&id, exchange.order_at(&id, schedule.single), now);
    }
    let mut updates = Vec::new();
    assert!(engine.finish(reading, now, &mut updates));
    reader.read(updates);
    reader.read(deliver(&mut engine, &log[schedule.finished..]));
    assert_equal(exchange, &engine, &reader);
}

/// Runs every interleaving in which REST shows at least what was before the subscription.
fn run_all(actions: &[Action], ticks: bool) -> usize {
    let mut exchange = Exchange::new(ticks);
    actions.iter().for_each(|action| exchange.act(*action));
    let last = exchange.len();
    let mut runs = 0;
    for lost in 0..=last {
        for subscribed in lost..=last {
            for begun in subscribed..=last {
                for merged in begun..=last {
                    for finished in merged..=last {
                        for orders in subscribed..=last {
                            for fills in subscribed..=last {
                                for single in subscribed..=last {
                                    let schedule = Schedule {
                                        lost,
                                        subscribed,
                                        orders,
                                        fills,
                                        single,
                                        begun,
                                        merged,
                                        finished,
                                    };
                                    runs += 1;
                                    run(&exchange, schedule);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    runs
}

#[test]
fn every_interleaving_of_an_order_ends_with_the_truth() {
    use Action::{Cancel, Fill, Grow, Place, Shrink};
    let mut runs = 0;
    for actions in [
        &[Place(0), Fill(0), Cancel(0)][..],
        &[Place(0), Grow(0), Fill(0)],
        &[Place(0), Fill(0), Shrink(0)],
        &[Place(0), Cancel(0), Place(1), Cancel(1)],
        &[Place(0), Fill(0), Fill(0)],
    ] {
        runs += run_all(actions, true);
    }
    assert!(runs > 10_000, "{runs}");
}

#[test]
fn every_interleaving_within_one_millisecond_ends_with_the_truth() {
    use Action::{Cancel, Fill, Place};
    run_all(&[Place(0), Fill(0), Cancel(0)], false);
    run_all(&[Place(0), Fill(0), Fill(0)], false);
}
