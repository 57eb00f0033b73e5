//! Random schedules: what is claimed is true, and nothing is reported twice.

use proptest::prelude::*;

use super::support::{SECOND, World};
use crate::stream::link::Action;
use crate::stream::private::PrivateChannel::{Fills, Orders};

#[derive(Debug, Clone, Copy)]
enum Step {
    Acknowledge,
    Refuse(i64),
    Event,
    Unreadable,
    Close,
    GiveUp,
    Wait(u64),
    Suspend,
    Pong,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => Just(Step::Acknowledge),
        1 => prop_oneof![Just(40_111), Just(42_901), Just(-32_603)].prop_map(Step::Refuse),
        4 => Just(Step::Event),
        1 => Just(Step::Unreadable),
        1 => Just(Step::Close),
        1 => Just(Step::GiveUp),
        2 => (1..30u64).prop_map(Step::Wait),
        1 => Just(Step::Suspend),
        2 => Just(Step::Pong),
    ]
}

proptest! {
    #[test]
    fn every_claim_is_true(steps in prop::collection::vec(step(), 1..120), arm: bool) {
        let mut world = World::new(&[Orders, Fills], arm);
        // What the exchange has not responded to, and whether the connection is authenticated.
        let mut asked: Vec<(String, String, u64)> = Vec::new();
        let mut events = 0;
        for step in steps {
            for action in world.actions() {
                match action {
                    Action::Connect { .. } => {
                        asked.clear();
                        world.connections += 1;
                        world.session.connected(world.now, world.connections, true);
                    }
                    Action::Close => asked.clear(),
                    Action::Authenticate { id } => asked.push(("auth".to_owned(), String::new(), id)),
                    action => asked.extend(super::support::request(&action)),
                }
            }
            let was_ready = world.session.ready().is_some();
            match step {
                Step::Acknowledge => if let Some((method, channel, id)) = asked.pop() {
                    match method.as_str() {
                        "auth" => world.text(&format!(r#"{{"id":{id},"result":{{"node_id":"n"}}}}"#)),
                        _ => world.done(&method, &channel, id),
                    }
                },
                Step::Refuse(code) => if let Some((_, _, id)) = asked.pop() {
                    world.refuse(id, code);
                },
                Step::Event => {
                    events += 1;
                    world.push("orders.ALL", paradex_api::serde_json::json!({"id": events.to_string()}));
                    if was_ready {
                        let event = format!("order {events}");
                        prop_assert_eq!(world.log.texts.last(), Some(&event));
                    }
                }
                Step::Unreadable => world.binary(&[1]),
                Step::Close => {
                    asked.clear();
                    world.close();
                }
                Step::GiveUp => {
                    let cause = crate::stream::LossCause::Lagged;
                    world.session.give_up(world.now, cause, &mut world.log);
                }
                Step::Wait(seconds) => {
                    let end = world.now + SECOND * u32::try_from(seconds).unwrap();
                    while let Some(at) = world.session.wake_at().filter(|at| *at <= end) {
                        world.wall += at.saturating_duration_since(world.now);
                        world.now = world.now.max(at);
                        world.session.tick(world.now, world.wall, &mut world.log);
                        if world.session.error().is_some() || !world.session.is_connected() {
                            break;
                        }
                    }
                }
                Step::Suspend => {
                    world.session.tick(world.now, world.wall, &mut world.log);
                    world.wall += SECOND * 3_600;
                    world.session.tick(world.now, world.wall, &mut world.log);
                }
                Step::Pong => world.session.received(world.now),
            }
            // A connection is ready exactly if everything is acknowledged.
            if world.session.ready().is_some() {
                prop_assert!(asked.is_empty(), "{:?}", asked);
            }
            prop_assert_eq!(world.session.error(), None);
        }
        // Ready and lost alternate.
        let mut is_ready = false;
        for text in &world.log.texts {
            match text.split(' ').next() {
                Some("ready") => {
                    prop_assert!(!is_ready);
                    is_ready = true;
                }
                Some("lost") => {
                    prop_assert!(is_ready);
                    is_ready = false;
                }
                _ => {}
            }
        }
        prop_assert_eq!(is_ready, world.session.ready().is_some());
    }
}
