//! Books: right, or not shown.

use std::sync::Arc;

use paradex_api::sbe::PkgType::{Delta, Snapshot};
use paradex_api::testing::sbe::{BookEvent, BookLevel};

use super::frames::book;
use super::support::{SECOND, World, methods, request};
use crate::stream::book::{BookSide, OrderBook};
use crate::stream::channel::ChannelKind;
use crate::stream::link::Action;
use crate::stream::shared_book::{Recorded, SharedBook};
use crate::stream::update::LossCause;

/// The bids and asks as whole numbers, best first; `None` while the book is not known.
fn shown(book: &SharedBook) -> Option<(Vec<i64>, Vec<i64>)> {
    let mut copy = OrderBook::default();
    book.copy_into(&mut copy)?;
    let side = |side| copy.side(side).map(|(price, _)| price / 100_000_000).collect();
    Some((side(BookSide::Bids), side(BookSide::Asks)))
}

/// A live book with bids at 10 and 9 and an ask at 12, at number 5.
fn live() -> (World, Arc<SharedBook>) {
    let mut world = World::new();
    let shared = world.want(1, ChannelKind::Book, Some("X")).unwrap();
    world.connect();
    assert_eq!(world.acknowledge(), ["subscribe order_book.X.deltas"]);
    assert!(world.reported().is_empty());
    world.binary(&book("X", 5, Snapshot, &[10, 9], &[12]));
    assert_eq!(world.reported(), ["1 X live"]);
    (world, shared)
}

#[test]
fn book_is_unknown_until_its_snapshot_and_follows_deltas_in_order() {
    let mut world = World::new();
    let shared = world.want(1, ChannelKind::Book, Some("X")).unwrap();
    world.connect();
    world.acknowledge();
    world.binary(&book("X", 4, Delta, &[8], &[]));
    assert_eq!((shown(&shared), world.reported()), (None, vec![]));
    world.binary(&book("X", 5, Snapshot, &[10, 9], &[12]));
    world.binary(&book("X", 6, Delta, &[-10, 11], &[13]));
    assert_eq!(shown(&shared), Some((vec![11, 9], vec![12, 13])));
    // An empty delta advances the number.
    world.binary(&book("X", 7, Delta, &[], &[]));
    world.binary(&book("X", 8, Delta, &[], &[-12]));
    assert_eq!(shown(&shared), Some((vec![11, 9], vec![13])));
    assert_eq!(world.reported(), ["1 X live", "1 book", "1 book", "1 book"]);
}

#[test]
fn skipped_number_hides_the_book_until_the_next_snapshot() {
    let (mut world, shared) = live();
    world.binary(&book("X", 7, Delta, &[8], &[]));
    assert_eq!(
        (shown(&shared), world.reported()),
        (None, vec!["1 X lost sequence".to_owned()])
    );
    assert_eq!(methods(&world.actions()), ["unsubscribe"]);
    // Frames of the old subscription, also ones that look right, are ignored.
    world.binary(&book("X", 8, Delta, &[8], &[]));
    world.binary(&book("X", 6, Delta, &[8], &[]));
    assert_eq!((shown(&shared), world.reported()), (None, vec![]));
    world.done(2);
    assert_eq!(methods(&world.actions()), ["subscribe"]);
    // Fewer levels than before: nothing of the old book is left.
    world.binary(&book("X", 20, Snapshot, &[3], &[]));
    assert_eq!(
        (shown(&shared), world.reported()),
        (Some((vec![3], vec![])), vec!["1 X live".to_owned()])
    );
    world.binary(&book("X", 21, Delta, &[4], &[]));
    assert_eq!(shown(&shared), Some((vec![4, 3], vec![])));
}

#[test]
fn repeated_delta_changes_nothing_and_an_older_one_hides_the_book() {
    let (mut world, shared) = live();
    world.binary(&book("X", 6, Delta, &[11], &[]));
    world.binary(&book("X", 6, Delta, &[11], &[]));
    assert_eq!(world.reported(), ["1 book"]);
    assert_eq!(shown(&shared), Some((vec![11, 10, 9], vec![12])));
    world.binary(&book("X", 5, Delta, &[11], &[]));
    assert_eq!(
        (shown(&shared), world.reported()),
        (None, vec!["1 X lost sequence".to_owned()])
    );
}

#[test]
fn different_delta_with_the_same_number_hides_the_book() {
    let (mut world, shared) = live();
    world.binary(&book("X", 6, Delta, &[11], &[]));
    world.binary(&book("X", 6, Delta, &[8], &[]));
    assert_eq!(
        (shown(&shared), world.reported()),
        (None, vec!["1 book".to_owned(), "1 X lost sequence".to_owned()])
    );
    let cause = LossCause::Sequence { expected: 7, got: 6 };
    assert_eq!(world.log.losses[0].0, cause);
}

#[test]
fn size_below_0_hides_the_book() {
    let negative = |kind, seq| {
        let level = BookLevel {
            price: 10.into(),
            size: (-1).into(),
        };
        let event = BookEvent {
            seq,
            pkg_type: kind,
            market: "X".to_owned(),
            bids: vec![level],
            ..BookEvent::default()
        };
        event.encode(2)
    };
    for frame in [negative(Delta, 6), negative(Snapshot, 9)] {
        let (mut world, shared) = live();
        world.binary(&frame);
        assert_eq!(
            (shown(&shared), world.reported()),
            (None, vec!["1 X lost unreadable".to_owned()])
        );
    }
}

#[test]
fn snapshot_of_the_other_book_of_the_market_is_not_taken() {
    let (mut world, _) = live();
    world.session.unwant(world.now, 1);
    let shared = world.want(2, ChannelKind::InteractiveBook, Some("X")).unwrap();
    let sent = world.sent();
    assert_eq!((sent.len(), sent[0].0.as_str()), (1, "unsubscribe"));
    world.binary(&book("X", 7, Snapshot, &[1], &[2]));
    assert_eq!((shown(&shared), world.reported()), (None, vec![]));
    world.done(sent[0].2);
    assert_eq!(world.acknowledge(), ["subscribe order_book.X.interactive_deltas"]);
    world.binary(&book("X", 8, Snapshot, &[5], &[4]));
    assert_eq!(shown(&shared), Some((vec![5], vec![4])));
}

#[test]
fn book_that_is_always_crossed_is_told_once() {
    let mut world = World::subscribed(&[(ChannelKind::Book, Some("X"))]);
    for seq in [5, 9] {
        world.binary(&book("X", seq, Snapshot, &[12], &[11]));
        world.acknowledge();
    }
    assert_eq!(world.reported(), ["1 X lost crossed"]);
    world.binary(&book("X", 12, Snapshot, &[10], &[11]));
    assert_eq!(world.reported(), ["1 X live"]);
    assert_eq!(world.log.lives, [Some(LossCause::Crossed)]);
}

#[test]
fn book_with_a_gap_was_complete_until_its_last_frame() {
    let (mut world, _) = live();
    world.now += SECOND * 3;
    world.session.received(world.now);
    world.binary(&book("X", 7, Delta, &[], &[]));
    let cause = LossCause::Sequence { expected: 6, got: 7 };
    assert_eq!(world.log.losses, [(cause, SECOND * 3)]);
}

#[test]
fn copy_of_a_reader_stays_while_the_book_is_unknown() {
    let (mut world, shared) = live();
    let mut copy = OrderBook::default();
    let copied = shared.copy_into(&mut copy).unwrap();
    let before = copy.clone();
    // As a book without a number is, before its loss is noted.
    shared.reset();
    assert!(shared.copy_into(&mut copy).is_none() && copy == before);
    assert!(!shared.is_right_since(copied.losses));
    world.reported();
}

#[test]
fn reordered_deltas_hide_the_book() {
    let (mut world, shared) = live();
    world.binary(&book("X", 7, Delta, &[], &[]));
    world.binary(&book("X", 6, Delta, &[], &[]));
    assert_eq!(
        (shown(&shared), world.reported()),
        (None, vec!["1 X lost sequence".to_owned()])
    );
}

#[test]
fn number_after_the_largest_wraps() {
    let (mut world, shared) = live();
    world.binary(&book("X", i64::MAX, Snapshot, &[1], &[]));
    world.binary(&book("X", i64::MIN, Delta, &[2], &[]));
    assert_eq!(shown(&shared), Some((vec![2, 1], vec![])));
}

#[test]
fn stale_book_is_not_merged_after_a_reconnection() {
    let (mut world, shared) = live();
    world.close();
    assert_eq!(
        (shown(&shared), world.reported()),
        (None, vec!["1 X lost disconnected".to_owned()])
    );
    let actions = world.pass(SECOND);
    assert_eq!(actions, [Action::Connect { version: 2 }]);
    world.session.connected(world.now, 2);
    world.acknowledge();
    // The delta that would fit the book of the old connection.
    world.binary(&book("X", 6, Delta, &[11], &[]));
    assert_eq!((shown(&shared), world.reported()), (None, vec![]));
    world.binary(&book("X", 6, Snapshot, &[2], &[4]));
    assert_eq!(shown(&shared), Some((vec![2], vec![4])));
}

#[test]
fn crossed_book_is_wrong_unless_it_is_interactive() {
    let (mut world, shared) = live();
    world.binary(&book("X", 6, Delta, &[12], &[]));
    assert_eq!(
        (shown(&shared), world.reported()),
        (None, vec!["1 X lost crossed".to_owned()])
    );

    let mut world = World::new();
    let shared = world.want(1, ChannelKind::InteractiveBook, Some("X")).unwrap();
    world.connect();
    assert_eq!(world.acknowledge(), ["subscribe order_book.X.interactive_deltas"]);
    world.binary(&book("X", 5, Snapshot, &[12], &[11]));
    assert_eq!(shown(&shared), Some((vec![12], vec![11])));
}

#[test]
fn snapshot_that_nobody_asked_for_is_told() {
    let (mut world, shared) = live();
    world.binary(&book("X", 5, Snapshot, &[10, 9], &[12]));
    assert!(world.reported().is_empty(), "a repeated frame is no news");
    world.binary(&book("X", 30, Snapshot, &[1], &[2]));
    assert_eq!(world.reported(), ["1 X lost replaced", "1 X live"]);
    assert_eq!(shown(&shared), Some((vec![1], vec![2])));
}

#[test]
fn unreadable_book_frame_hides_the_books_of_the_connection() {
    let (mut world, shared) = live();
    let frame = book("X", 6, Delta, &[8], &[]);
    world.binary(&frame[..frame.len() - 3]);
    assert_eq!(
        (shown(&shared), world.reported()),
        (None, vec!["1 X lost unreadable".to_owned()])
    );
    assert_eq!(methods(&world.actions()), ["unsubscribe"]);
}

#[test]
fn book_without_a_snapshot_is_silent() {
    let mut world = World::subscribed(&[(ChannelKind::Book, Some("X"))]);
    for _ in 0..9 {
        world.now += SECOND;
        world.binary(&book("X", 6, Delta, &[], &[]));
    }
    assert!(world.reported().is_empty());
    world.pass(SECOND);
    assert_eq!(world.reported(), ["1 X lost silent"]);
}

#[test]
fn book_that_is_always_wrong_is_asked_for_ever_more_rarely() {
    let (mut world, _) = live();
    let end = world.now + SECOND * 600;
    let mut subscriptions = 0;
    let mut seq = 100;
    let mut actions = Vec::new();
    while world.now < end {
        world.binary(&book("X", seq, Delta, &[], &[]));
        actions.extend(world.actions());
        for (method, _, id) in actions.iter().filter_map(request) {
            world.done(id);
            if method == "subscribe" {
                subscriptions += 1;
                seq += 2;
                world.binary(&book("X", seq, Snapshot, &[1], &[]));
                seq += 2;
            }
        }
        actions = world.pass(SECOND / 100);
    }
    assert!((30..150).contains(&subscriptions), "{subscriptions}");
}

#[test]
fn distrusted_book_is_asked_for_again() {
    let (mut world, shared) = live();
    world
        .session
        .distrust(world.now, 1, LossCause::Differs, &mut world.log);
    assert_eq!(
        (shown(&shared), world.reported()),
        (None, vec!["1 X lost differs".to_owned()])
    );
    assert_eq!(methods(&world.actions()), ["unsubscribe"]);
}

#[test]
fn recorded_book_can_be_had_at_each_number() {
    let (mut world, shared) = live();
    assert!(shared.start_recording());
    world.binary(&book("X", 6, Delta, &[11], &[]));
    world.binary(&book("X", 7, Delta, &[-9], &[]));
    let at = |seq| match shared.recorded_at(seq) {
        Recorded::Book(book) => book
            .side(BookSide::Bids)
            .map(|(price, _)| price / 100_000_000)
            .collect(),
        Recorded::Before => vec![-1],
        Recorded::NotYet => vec![-2],
        Recorded::Gone => vec![-3],
    };
    assert_eq!(
        [at(4), at(5), at(6), at(7), at(8)],
        [vec![-1], vec![10, 9], vec![11, 10, 9], vec![11, 10], vec![-2]]
    );
    world.close();
    assert_eq!(at(6), [-3]);
    assert!(!shared.start_recording());
}
