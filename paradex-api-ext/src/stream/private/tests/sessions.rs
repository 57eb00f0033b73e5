//! Setting up, losing and giving up a connection.

use std::time::Duration;

use paradex_api::serde_json::json;

use super::support::{SECOND, TOKEN, World};
use crate::stream::link::{Action, ConnectFailure, DEAD_AFTER, PING_AFTER};
use crate::stream::private::PrivateChannel::{Fills, Mmp, Orders};
use crate::stream::private::RpcError;
use crate::stream::private::session::ACKNOWLEDGED_WITHIN;
use crate::stream::update::{LossCause, StreamError};

#[test]
fn nothing_is_sent_before_the_token_is_accepted_and_ready_follows_the_last_acknowledgement() {
    let mut world = World::new(&[Orders, Fills], true);
    let id = world.connect();
    world.push("orders.ALL", json!({"id": "early"}));
    let sent = world.authenticate(id);
    let methods: Vec<_> = sent
        .iter()
        .map(|(method, channel, _)| format!("{method} {channel}"))
        .collect();
    assert_eq!(
        methods,
        [
            "order.cancel_on_disconnect ",
            "subscribe orders.ALL",
            "subscribe fills.ALL"
        ]
    );
    assert_eq!(world.log.verdicts, [true]);
    // In any order, and an event may precede the last one.
    for (method, channel, id) in sent[1..].iter().rev() {
        world.done(method, channel, *id);
        assert_eq!(world.session.ready(), None);
    }
    world.push("orders.ALL", json!({"id": "1"}));
    let (method, channel, id) = &sent[0];
    world.done(method, channel, *id);
    assert_eq!(world.reported(), ["order 1", "ready 1"]);
    let ready = world.session.ready().unwrap();
    assert_eq!(
        (ready.connection, ready.node_id.as_deref(), ready.schema_version),
        (1, Some("n"), 2)
    );
    assert!(ready.cancel_on_disconnect && ready.since == world.wall);
}

#[test]
fn missing_acknowledgement_is_a_new_connection_after_10_seconds() {
    for missing in 0..4 {
        let mut world = World::new(&[Orders, Fills], true);
        let id = world.connect();
        if missing > 0 {
            world.pass(SECOND * 9);
            for (index, (method, channel, id)) in (1..).zip(world.authenticate(id)) {
                if index != missing {
                    world.done(&method, &channel, id);
                }
            }
        }
        let actions = world.pass(ACKNOWLEDGED_WITHIN - SECOND / 1_000);
        assert!(!actions.contains(&Action::Close), "{missing}: {actions:?}");
        let actions = world.pass(SECOND);
        assert_eq!(actions[0], Action::Close, "{missing}");
        assert!(
            matches!(actions[1], Action::Connect { .. }),
            "{missing}: {actions:?}"
        );
        // Nothing was claimed, so nothing is lost.
        assert!(world.reported().is_empty(), "{missing}");
    }
}

#[test]
fn arming_that_is_not_confirmed_is_never_ready() {
    for result in [
        json!({"enabled": false}),
        json!({}),
        json!(null),
        json!({"enabled": "true"}),
    ] {
        let mut world = World::new(&[Orders], true);
        let id = world.connect();
        for (method, channel, id) in world.authenticate(id) {
            match method.as_str() {
                "subscribe" => world.done(&method, &channel, id),
                _ => world.text(&json!({"id": id, "result": result}).to_string()),
            }
        }
        assert!(world.reported().is_empty(), "{result}");
        assert_eq!(world.actions(), [Action::Close], "{result}");
    }
    let mut world = World::new(&[Orders], true);
    let id = world.connect();
    let sent = world.authenticate(id);
    world.refuse(sent[0].2, 40_300);
    assert!(matches!(
        world.session.error(),
        Some(StreamError::NotArmed { code: 40_300, .. })
    ));
}

#[test]
fn half_open_connection_is_lost_within_20_seconds() {
    let mut world = World::ready(&[Orders], false);
    assert_eq!(world.pass(PING_AFTER), [Action::Ping]);
    assert!(world.reported().is_empty());
    assert_eq!(world.pass(DEAD_AFTER)[0], Action::Close);
    assert_eq!(world.reported(), ["lost disconnected"]);
    assert_eq!(world.log.ages, [PING_AFTER + DEAD_AFTER]);
}

#[test]
fn quiet_connection_with_pongs_is_kept_for_ever() {
    let mut world = World::ready(&[Orders], false);
    for _ in 0..1_000 {
        assert_eq!(world.pass(PING_AFTER), [Action::Ping]);
        world.session.received(world.now);
    }
    assert!(world.reported().is_empty());
}

#[test]
fn suspended_machine_and_clock_that_jumps_make_a_new_connection() {
    let mut world = World::ready(&[Orders], false);
    assert!(!world.session.tick(world.now, world.wall, &mut world.log));
    world.wall += SECOND * 3_600;
    world.now += SECOND;
    assert!(world.session.tick(world.now, world.wall, &mut world.log));
    assert_eq!(world.reported(), ["lost disconnected"]);
    assert_eq!(world.log.ages, [SECOND * 3_600]);
    assert_eq!(world.actions(), [Action::Close]);
    world.wake();
    world.connect();
    world.acknowledge();
    assert_eq!(world.reported(), ["ready 2"]);
}

#[test]
fn rejected_token_is_replaced_once_at_once_and_then_after_waits() {
    let mut world = World::new(&[Orders], false);
    let mut waits = Vec::new();
    for code in [40_111, 40_110, 40_100, 40_111, 40_111, 40_111, 40_111, 40_111] {
        let id = world.connect();
        world.refuse(id, code);
        assert_eq!(world.actions(), [Action::Close]);
        let before = world.now;
        world.wake();
        waits.push(world.now - before);
    }
    assert_eq!(world.log.verdicts, [false; 8]);
    assert!(waits[0] <= SECOND / 4, "{waits:?}");
    assert!(waits[7] >= SECOND * 7, "{waits:?}");
    world.connect();
    world.acknowledge();
    assert_eq!(world.reported(), ["ready 1".replace('1', "9")]);
}

#[test]
fn refusals_for_1000_seconds_stay_within_the_budget() {
    type Refuse = fn(&mut World);
    let refusals: [(&str, Refuse); 6] = [
        ("unreachable", |world| {
            world.actions();
            world.fail(ConnectFailure::timed_out(SECOND));
        }),
        ("token", |world| {
            let id = world.connect();
            world.refuse(id, 40_111);
        }),
        ("token at subscribe", |world| {
            let id = world.connect();
            let sent = world.authenticate(id);
            world.refuse(sent[0].2, 40_111);
        }),
        ("rate limit", |world| {
            let id = world.connect();
            let sent = world.authenticate(id);
            world.refuse(sent[0].2, 42_901);
        }),
        ("no token", |world| {
            world.actions();
            world
                .session
                .no_token(world.now, None, Duration::ZERO, String::new(), &mut world.log);
        }),
        ("closed at once", |world| {
            world.connect();
            world.acknowledge();
            world.close();
        }),
    ];
    for (name, refuse) in refusals {
        let mut world = World::new(&[Orders], false);
        let end = world.now + SECOND * 1_000;
        let mut attempts = 0;
        while world.now < end {
            refuse(&mut world);
            attempts += 1;
            world.wake();
        }
        assert!((60..160).contains(&attempts), "{name}: {attempts}");
        assert_eq!(world.session.error(), None, "{name}");
    }
    // Without acknowledgements an attempt takes 10 s.
    let mut world = World::new(&[Orders], false);
    let actions = world.pass(SECOND);
    assert!(matches!(actions[..], [Action::Connect { .. }]));
    let mut attempts = 0;
    let end = world.now + SECOND * 1_000;
    while world.now < end {
        world.session.connected(world.now, 1, true);
        attempts += 1;
        while !matches!(world.actions().last(), Some(Action::Connect { .. })) {
            world.wake();
        }
    }
    assert!((30..110).contains(&attempts), "{attempts}");
}

#[test]
fn static_token_ends_at_the_second_rejection_in_a_row() {
    let mut world = World::new(&[Orders], false);
    world.can_renew = false;
    let id = world.connect();
    world.refuse(id, 40_111);
    world.wake();
    // Accepted meanwhile, so the count begins anew.
    world.connect();
    world.acknowledge();
    world.close();
    world.wake();
    for _ in 0..2 {
        assert_eq!(world.session.error(), None);
        let id = world.connect();
        world.refuse(id, 40_111);
        if world.session.error().is_none() {
            world.wake();
        }
    }
    let error = world.session.error().unwrap().to_string();
    assert!(error.contains("40111") && !error.contains(TOKEN), "{error}");
    assert_eq!(
        (world.session.wake_at(), world.actions()),
        (None, vec![Action::Close])
    );
}

#[test]
fn refusal_for_good_ends_the_connection() {
    for code in [40_112, 40_300, -32_600] {
        let mut world = World::new(&[Orders], false);
        let id = world.connect();
        world.refuse(id, code);
        assert!(
            matches!(world.session.error(), Some(StreamError::CredentialRefused { .. })),
            "{code}"
        );
        let mut world = World::new(&[Orders], false);
        let id = world.connect();
        let sent = world.authenticate(id);
        world.refuse(sent[0].2, code);
        assert!(
            matches!(world.session.error(), Some(StreamError::Refused { .. })),
            "{code}"
        );
        assert_eq!(world.reported().len(), 1);
    }
}

#[test]
fn refused_channel_of_less_weight_is_listed_in_ready() {
    let mut world = World::new(&[Orders, Mmp], false);
    let id = world.connect();
    let sent = world.authenticate(id);
    world.refuse(sent[1].2, -32_600);
    world.done("subscribe", "orders.ALL", sent[0].2);
    assert_eq!(world.session.ready().unwrap().refused, [Mmp]);
    // The next connection asks for it again.
    world.close();
    world.wake();
    world.connect();
    world.acknowledge();
    assert!(world.session.ready().unwrap().refused.is_empty());
}

#[test]
fn channel_of_less_weight_keeps_no_connection_from_being_ready() {
    for code in [100, -32_603, 40_111, 40_300] {
        let mut world = World::new(&[Orders, Mmp], false);
        let id = world.connect();
        let sent = world.authenticate(id);
        world.done("subscribe", "orders.ALL", sent[0].2);
        world.refuse(sent[1].2, code);
        assert_eq!(world.session.ready().unwrap().refused, [Mmp], "{code}");
    }
    let mut world = World::new(&[Orders, Mmp], false);
    let id = world.connect();
    let sent = world.authenticate(id);
    world.done("subscribe", "orders.ALL", sent[0].2);
    let actions = world.pass(ACKNOWLEDGED_WITHIN);
    assert!(!actions.contains(&Action::Close), "{actions:?}");
    assert_eq!(world.session.ready().unwrap().refused, [Mmp]);
    // What it says later changes nothing.
    world.done("subscribe", "mmp", sent[1].2);
    assert_eq!(world.reported(), ["ready 1"]);
}

#[test]
fn outage_has_its_cause_until_the_connection_is_ready() {
    let mut world = World::new(&[Orders], false);
    let shown = |world: &World| {
        let outage = world.session.outage(world.now)?;
        Some((outage.failures, outage.cause))
    };
    assert_eq!(shown(&world), None);
    world.actions();
    world.fail(ConnectFailure::Unreachable {
        reason: "down".to_owned(),
    });
    assert_eq!(shown(&world), Some((1, "down".to_owned())));
    world.wake();
    let id = world.connect();
    let sent = world.authenticate(id);
    world.refuse(sent[0].2, -32_603);
    let (failures, cause) = shown(&world).unwrap();
    assert!(
        failures == 2 && cause.contains("-32603") && !cause.contains(TOKEN),
        "{cause}"
    );
    world.wake();
    world.connect();
    world.acknowledge();
    assert_eq!(shown(&world), None);
    world.close();
    assert_eq!(shown(&world).unwrap().0, 3);
}

#[test]
fn loss_is_reported_once_and_only_after_ready() {
    let mut world = World::new(&[Orders], false);
    world.connect();
    world.close();
    world.close();
    assert!(world.reported().is_empty());
    world.wake();
    world.connect();
    world.acknowledge();
    let now = world.now;
    world
        .session
        .give_up(now, LossCause::CredentialReplaced, &mut world.log);
    world.session.give_up(now, LossCause::Lagged, &mut world.log);
    world.close();
    assert_eq!(world.reported(), ["ready 2", "lost credential_replaced"]);
}

#[test]
fn requests_belong_to_one_connection() {
    let mut world = World::new(&[Orders], false);
    assert_eq!(world.session.request_id(1), None);
    world.connect();
    assert_eq!(world.session.request_id(1), None);
    world.acknowledge();
    let id = world.session.request_id(1).unwrap();
    assert_eq!(world.session.request_id(2), None);
    world.text(&json!({"id": id, "result": {"status": "ok"}}).to_string());
    world.text(&json!({"id": id + 7, "error": {"code": 1, "message": "m", "data": TOKEN}}).to_string());
    let error = RpcError {
        code: 1,
        message: "m".to_owned(),
        data: Some(json!("(hidden)")),
    };
    assert_eq!(
        world.log.responses,
        [(id, Ok(json!({"status": "ok"}))), (id + 7, Err(error))]
    );
    world.close();
    assert_eq!(world.session.request_id(1), None);
}

#[test]
fn refused_schema_version_is_followed_by_the_next_lower_one() {
    let mut world = World::new(&[Orders], false);
    let mut versions = Vec::new();
    while let Some(Action::Connect { version }) = world.actions().first() {
        versions.push(*version);
        world.fail(ConnectFailure::SchemaRefused);
    }
    assert_eq!(versions, [2, 1, 0]);
    assert!(matches!(world.session.error(), Some(StreamError::Schema { .. })));
}
