//! Connecting, reconnecting, signs of life, and the schema version.

use std::time::Duration;

use super::frames::trade;
use super::support::{SECOND, World, bbo};
use crate::stream::channel::ChannelKind;
use crate::stream::link::{Action, ConnectFailure, DEAD_AFTER, PING_AFTER};
use crate::stream::update::LossCause;

/// A world with a live channel of quotes and one of trades.
fn live() -> World {
    let mut world = World::new();
    world.want(1, ChannelKind::Bbo, Some("X"));
    world.want(2, ChannelKind::Trades, None);
    world.connect();
    assert_eq!(world.acknowledge(), ["subscribe bbo.X", "subscribe trades.ALL"]);
    assert_eq!(world.reported(), ["1 X live", "2 all live"]);
    world
}

#[test]
fn lost_is_told_before_the_first_item_of_the_next_connection() {
    let mut world = live();
    world.binary(&bbo("X", 5));
    world.close();
    assert_eq!(
        world.reported(),
        ["1 X bbo 5", "1 X lost disconnected", "2 all lost disconnected"]
    );
    world
        .session
        .tick(world.now + SECOND, world.wall + SECOND, &mut world.log);
    world.now += SECOND;
    world.connect();
    world.acknowledge();
    world.binary(&bbo("X", 3));
    world.binary(&trade("X", "1"));
    // Another connection may have another count, so 3 after 5 is no loss.
    assert_eq!(
        world.reported(),
        ["1 X live", "2 all live", "1 X bbo 3", "2 X trade 1"]
    );
}

#[test]
fn half_open_connection_is_lost_within_20_seconds() {
    let mut world = live();
    world.binary(&bbo("X", 5));
    world.reported();
    let actions = world.pass(PING_AFTER);
    assert_eq!(actions, [Action::Ping]);
    assert!(world.reported().is_empty());
    let actions = world.pass(DEAD_AFTER);
    assert_eq!(actions.first(), Some(&Action::Close));
    assert_eq!(
        world.reported(),
        ["1 X lost disconnected", "2 all lost disconnected"]
    );
}

#[test]
fn sign_of_life_after_a_ping_keeps_the_connection() {
    let mut world = live();
    for _ in 0..20 {
        let actions = world.pass(PING_AFTER);
        assert_eq!(
            actions.iter().filter(|action| **action == Action::Ping).count(),
            1,
            "{actions:?}"
        );
        world.now += DEAD_AFTER / 2;
        world.session.received(world.now);
        world.binary(&bbo("X", 1));
    }
    assert_eq!(
        world
            .reported()
            .iter()
            .filter(|text| text.contains("lost"))
            .count(),
        0
    );
}

#[test]
fn suspended_machine_loses_the_connection_at_once() {
    let mut world = live();
    world.session.tick(world.now, world.wall, &mut world.log);
    // An hour by the wall clock, and none by the monotonic one, which stands still meanwhile.
    world.wall += Duration::from_secs(3_600);
    world.session.tick(world.now + SECOND, world.wall, &mut world.log);
    // It was complete until the last look at the clock.
    let hour = Duration::from_secs(3_600);
    assert_eq!(world.log.losses[0], (LossCause::Disconnected, hour));
    assert_eq!(world.actions(), [Action::Close]);
    assert_eq!(
        world.reported(),
        ["1 X lost disconnected", "2 all lost disconnected"]
    );
}

#[test]
fn reconnection_waits_longer_with_each_failure_and_begins_anew_after_a_stable_connection() {
    let mut world = live();
    world.pass(SECOND * 11);
    world.close();
    let mut waits = Vec::new();
    for _ in 0..10 {
        let before = world.now;
        let at = world.session.wake_at().unwrap();
        waits.push(at.duration_since(before));
        world.now = at;
        world.session.tick(at, world.wall, &mut world.log);
        assert_eq!(world.actions().len(), 1);
        world.fail(ConnectFailure::Unreachable {
            reason: String::new(),
        });
    }
    assert!(waits[0] <= Duration::from_millis(250), "{waits:?}");
    for (failures, wait) in waits.iter().enumerate().skip(1) {
        let most = Duration::from_millis(250 << failures).min(SECOND * 15);
        assert!(*wait <= most && *wait >= most / 2, "{failures} {wait:?}");
    }
    // A connection that ends within 10 s is one more failure.
    let at = world.session.wake_at().unwrap();
    world.now = at;
    world.session.tick(at, world.wall, &mut world.log);
    world.connect();
    world.close();
    assert!(world.session.wake_at().unwrap() - world.now >= SECOND * 7);
    // One that lived longer ends the series.
    let at = world.session.wake_at().unwrap();
    world.now = at;
    world.session.tick(at, world.wall, &mut world.log);
    world.connect();
    world.now += SECOND * 11;
    world.close();
    assert!(world.session.wake_at().unwrap() - world.now <= Duration::from_millis(250));
}

#[test]
fn refusals_for_1000_seconds_make_few_attempts() {
    for failure in [
        ConnectFailure::Unreachable {
            reason: String::new(),
        },
        ConnectFailure::Status {
            status: 503,
            permanent: false,
            retry_after: None,
        },
    ] {
        let mut world = World::new();
        world.want(1, ChannelKind::Bbo, Some("X"));
        let mut attempts = 0;
        let end = world.now + Duration::from_secs(1_000);
        loop {
            attempts += world.actions().len();
            world.fail(failure.clone());
            let at = world.session.wake_at().unwrap();
            if at > end {
                break;
            }
            world.now = at;
            world.session.tick(at, world.wall, &mut world.log);
        }
        assert!((60..160).contains(&attempts), "{attempts}");
    }
}

#[test]
fn retry_after_of_the_exchange_is_kept() {
    let mut world = World::new();
    world.want(1, ChannelKind::Bbo, Some("X"));
    world.actions();
    let retry_after = Some(SECOND * 40);
    world.fail(ConnectFailure::Status {
        status: 429,
        permanent: false,
        retry_after,
    });
    assert_eq!(world.session.wake_at().unwrap() - world.now, SECOND * 40);
}

#[test]
fn refused_schema_version_is_followed_by_the_next_lower_one() {
    let mut world = World::new();
    world.want(1, ChannelKind::Bbo, Some("X"));
    assert_eq!(world.actions(), [Action::Connect { version: 2 }]);
    world.fail(ConnectFailure::SchemaRefused);
    assert_eq!(world.actions(), [Action::Connect { version: 1 }]);
    world.session.connected(world.now, 1);
    assert_eq!(world.session.schema_version(), 1);
    world.acknowledge();
    // The next connection begins with what was agreed.
    world.close();
    let actions = world.pass(SECOND);
    assert_eq!(actions, [Action::Connect { version: 1 }]);
    // If that is refused now, the exchange may have gone to a newer one.
    world.fail(ConnectFailure::SchemaRefused);
    assert_eq!(world.actions(), [Action::Connect { version: 2 }]);
    world.fail(ConnectFailure::SchemaRefused);
    assert_eq!(world.actions(), [Action::Connect { version: 0 }]);
    // A version worked before, so feeds wait for it to work again.
    world.fail(ConnectFailure::SchemaRefused);
    assert_eq!(world.session.error(), None);
    assert_eq!(world.pass(SECOND * 15), [Action::Connect { version: 2 }]);
}

#[test]
fn newest_schema_version_is_asked_for_after_a_stable_connection() {
    let mut world = World::new();
    world.want(1, ChannelKind::Trades, Some("X"));
    world.actions();
    world.fail(ConnectFailure::SchemaRefused);
    world.connect();
    world.acknowledge();
    assert_eq!(world.session.schema_version(), 1);
    world.now += SECOND * 11;
    world.close();
    assert_eq!(world.pass(SECOND), [Action::Connect { version: 2 }]);
}

#[test]
fn refusal_of_every_schema_version_ends_after_three_attempts() {
    let mut world = World::new();
    world.want(1, ChannelKind::Bbo, Some("X"));
    let mut versions = Vec::new();
    while let Some(Action::Connect { version }) = world.actions().first() {
        versions.push(*version);
        world.fail(ConnectFailure::SchemaRefused);
    }
    assert_eq!(versions, [2, 1, 0]);
    assert_eq!(world.reported(), ["1 ended schema"]);
}

#[test]
fn redirect_and_permanent_status_end_the_feeds() {
    for (failure, what) in [
        (ConnectFailure::Redirected { status: 302 }, "redirected"),
        (
            ConnectFailure::Status {
                status: 404,
                permanent: true,
                retry_after: None,
            },
            "handshake",
        ),
    ] {
        let mut world = World::new();
        world.want(1, ChannelKind::Bbo, Some("X"));
        world.want(2, ChannelKind::Trades, Some("X"));
        world.actions();
        world.fail(failure);
        assert_eq!(
            world.reported(),
            [format!("1 ended {what}"), format!("2 ended {what}")]
        );
        assert_eq!((world.session.wake_at(), world.actions().len()), (None, 0));
    }
}

#[test]
fn status_that_looks_permanent_is_retried_once_a_connection_has_worked() {
    let status = ConnectFailure::Status {
        status: 404,
        permanent: true,
        retry_after: None,
    };
    for failure in [status, ConnectFailure::Redirected { status: 302 }] {
        let mut world = live();
        world.close();
        world.pass(SECOND);
        world.fail(failure);
        assert!(world.session.wake_at().is_some() && world.session.error().is_none());
    }
}
