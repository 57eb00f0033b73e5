//! Long random histories with several losses, lists that are behind, and orders about which the exchange says nothing.

use std::time::Duration;
use tokio::time::Instant;

use proptest::prelude::*;

use super::model::{Action, Exchange, Reader, assert_equal, engine, ready, reconcile};
use crate::stream::private::PrivateEvent;
use crate::stream::update::LossCause;

#[derive(Debug, Clone)]
enum Step {
    Act(Action),
    /// So many events arrive.
    Deliver(u8),
    Lose,
    Connect,
    Begin,
    /// The lists come. Each is so many events behind, at most to the subscription.
    Merge(u8, u8),
    /// The single orders come, or are not found.
    Finish(u8, bool),
    /// The exchange sends an old event again.
    Repeat(u8),
}

fn action() -> impl Strategy<Value = Action> {
    (0..6u8, 0..7u8).prop_map(|(order, kind)| match kind {
        0 | 1 => Action::Place(order),
        2 | 3 => Action::Fill(order),
        4 => Action::Cancel(order),
        5 => Action::Grow(order),
        _ => Action::Shrink(order),
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => action().prop_map(Step::Act),
        6 => (1..5u8).prop_map(Step::Deliver),
        1 => Just(Step::Lose),
        2 => Just(Step::Connect),
        2 => Just(Step::Begin),
        2 => (0..4u8, 0..4u8).prop_map(|(orders, fills)| Step::Merge(orders, fills)),
        2 => (0..4u8, any::<bool>()).prop_map(|(behind, found)| Step::Finish(behind, found)),
        1 => any::<u8>().prop_map(Step::Repeat),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn history_with_losses_ends_with_the_truth(steps in proptest::collection::vec(step(), 1..120)) {
        let now = Instant::now();
        let mut exchange = Exchange::with_positions();
        let (mut engine, mut reader) = (engine(), Reader::default());
        // The subscription, and the next event of it that arrives.
        let mut connection: Option<(usize, usize)> = None;
        let mut reading = None;
        let mut missing = None;
        for step in steps {
            let mut updates = Vec::new();
            match step {
                Step::Act(action) => exchange.act(action),
                Step::Deliver(count) => {
                    if let Some((_, next)) = &mut connection {
                        let end = exchange.len().min(*next + usize::from(count));
                        for event in &exchange.log[*next..end] {
                            engine.event(event.clone(), now, &mut updates);
                        }
                        *next = end;
                    }
                }
                Step::Lose => {
                    connection = None;
                    updates.extend(engine.lost(LossCause::Disconnected, Duration::ZERO));
                }
                Step::Connect => {
                    if connection.is_none() {
                        connection = Some((exchange.len(), exchange.len()));
                        engine.ready(ready(1));
                    }
                }
                Step::Begin => {
                    reading = engine.begin_reading().or(reading);
                    missing = None;
                }
                Step::Merge(orders, fills) => {
                    if let (Some(reading), Some((subscribed, _))) = (reading, connection) {
                        let at = |behind: u8| exchange.len().saturating_sub(behind.into()).max(subscribed);
                        let listing = exchange.listing(at(orders), at(fills), reading);
                        missing = engine.merge(reading, listing, now);
                    }
                }
                Step::Finish(behind, found) => {
                    if let (Some(number), Some(orders), Some((subscribed, _))) = (reading, missing.take(), connection) {
                        let at = exchange.len().saturating_sub(behind.into()).max(subscribed);
                        for order in orders {
                            let id = order.id.expect("it has one");
                            engine.resolve(&id, exchange.order_at(&id, at).filter(|_| found), now);
                        }
                        engine.finish(number, now, &mut updates);
                        reading = None;
                    }
                }
                Step::Repeat(back) => {
                    if let Some((_, next)) = connection
                        && let Some(place) = next.checked_sub(1 + usize::from(back))
                        && !matches!(exchange.log[place], PrivateEvent::Position(_))
                    {
                        engine.event(exchange.log[place].clone(), now, &mut updates);
                    }
                }
            }
            reader.read(updates);
        }
        // In the end everything arrives, and REST is not behind.
        let mut updates = Vec::new();
        updates.extend(engine.lost(LossCause::Disconnected, Duration::ZERO));
        reader.read(updates);
        engine.ready(ready(9));
        reconcile(&exchange, &mut engine, &mut reader);
        assert_equal(&exchange, &engine, &reader);
    }
}
