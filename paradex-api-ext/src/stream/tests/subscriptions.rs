//! Subscribing, refusals, silence, and frames that cannot be read.

use std::time::Duration;

use paradex_api::testing::sbe::{FundingDataEvent, MarketSummaryEvent, TradeEvent};

use super::frames::trade;
use super::support::{SECOND, World, bbo, methods, request};
use crate::stream::channel::{Channel, ChannelKind};
use crate::stream::link::Action;
use crate::stream::update::LossCause;

fn refusal(id: u64, code: i64) -> String {
    format!(r#"{{"id":{id},"error":{{"code":{code},"message":"no"}}}}"#)
}

#[test]
fn refused_subscription_ends_its_feeds_alone() {
    let mut world = World::new();
    world.want(1, ChannelKind::Bbo, Some("X"));
    world.want(2, ChannelKind::Bbo, Some("Y"));
    world.connect();
    let sent = world.sent();
    world.text(&refusal(sent[0].2, -32_600));
    world.done(sent[1].2);
    assert_eq!(world.reported(), ["1 ended refused", "2 Y live"]);
}

#[test]
fn refusal_that_may_pass_is_repeated_until_it_works() {
    let mut world = World::new();
    world.want(1, ChannelKind::Bbo, Some("X"));
    world.connect();
    let mut requests = 0;
    let mut actions = world.actions();
    for _ in 0..2_400 {
        for (_, _, id) in actions.iter().filter_map(request) {
            requests += 1;
            world.text(&refusal(id, 42_901));
        }
        world.session.received(world.now);
        actions = world.pass(SECOND / 4);
    }
    assert!((40..100).contains(&requests), "{requests}");
    assert!(world.reported().is_empty());
    while actions.iter().filter_map(request).next().is_none() {
        world.session.received(world.now);
        actions = world.pass(SECOND / 4);
    }
    let (_, _, id) = actions.iter().find_map(request).unwrap();
    world.done(id);
    assert_eq!(world.reported(), ["1 X live"]);
}

#[test]
fn refusals_of_many_channels_neither_spin_nor_exceed_the_limit() {
    let mut world = World::new();
    for id in 0..100 {
        world.want(id, ChannelKind::Trades, Some(&format!("M{id}")));
    }
    world.connect();
    for (_, _, id) in world.sent() {
        world.text(&refusal(id, 42_901));
    }
    // The first 32 wait, the next 32 are asked for, and the others wait for a response.
    for _ in 0..8 {
        world.now += SECOND / 2;
        world.wall += SECOND / 2;
        world.session.received(world.now);
        world.session.tick(world.now, world.wall, &mut world.log);
        let wake = world.session.wake_at().unwrap();
        assert!(wake > world.now, "the time to wake is past");
    }
    let sent = world.sent();
    assert!(sent.len() <= 32, "{}", sent.len());
    for (_, _, id) in sent {
        world.done(id);
    }
    world.acknowledge();
    world.pass(SECOND);
    world.acknowledge();
    assert_eq!(world.reported().len(), 100);
}

#[test]
fn channel_waits_for_the_end_of_one_whose_frames_look_alike() {
    let mut world = World::subscribed(&[(ChannelKind::Trades, None)]);
    world.reported();
    world.session.unwant(world.now, 1);
    world.want(2, ChannelKind::Trades, Some("X"));
    let sent = world.sent();
    assert_eq!((sent.len(), sent[0].0.as_str()), (1, "unsubscribe"));
    // A trade of the old channel, which is still on its way.
    world.binary(&trade("X", "1"));
    assert!(world.reported().is_empty());
    world.done(sent[0].2);
    let sent = world.sent();
    assert_eq!((sent.len(), sent[0].1.as_str()), (1, "trades.X"));
    world.text(&refusal(sent[0].2, -32_600));
    assert_eq!(world.reported(), ["2 ended refused"]);
}

#[test]
fn end_of_a_channel_that_is_not_acknowledged_costs_a_connection_only_if_another_waits_for_it() {
    for is_needed in [false, true] {
        let mut world = World::subscribed(&[(ChannelKind::Trades, None)]);
        world.session.unwant(world.now, 1);
        let mut has_closed = false;
        for second in 0..60 {
            if second == 20 && is_needed {
                world.want(2, ChannelKind::Trades, Some("X"));
            }
            world.session.received(world.now);
            has_closed |= world.pass(SECOND).contains(&Action::Close);
            assert!(!has_closed || second >= 29, "{second}");
        }
        assert_eq!(has_closed, is_needed);
    }
}

#[test]
fn longest_possible_silence_is_no_limit() {
    let mut world = World::new();
    world.want(1, ChannelKind::Bbo, Some("X"));
    world.session.set_silence(1, Some(Duration::MAX));
    world.connect();
    world.acknowledge();
    assert_eq!(pass_alive(&mut world, SECOND * 120), 0);
    assert_eq!(world.reported(), ["1 X live"]);
}

#[test]
fn many_silent_channels_cost_one_new_connection() {
    let mut world = World::new();
    for id in 0..10 {
        world.want(id, ChannelKind::Bbo, Some(&format!("M{id}")));
    }
    world.connect();
    world.acknowledge();
    // They are not subscribed at the same time.
    for id in 10..20 {
        pass_alive(&mut world, SECOND);
        world.want(id, ChannelKind::Bbo, Some(&format!("M{id}")));
        world.acknowledge();
    }
    for id in 0..20 {
        world.binary(&bbo(&format!("M{id}"), 1));
    }
    let connects = pass_alive(&mut world, SECOND * 3_600);
    assert_eq!(connects, 1);
}

#[test]
fn silent_channel_does_not_cost_the_connection_of_one_with_data() {
    let mut world = World::subscribed(&[(ChannelKind::Bbo, Some("X")), (ChannelKind::Bbo, Some("Y"))]);
    world.binary(&bbo("X", 1));
    for seq in 1..600 {
        world.binary(&bbo("Y", seq));
        assert_eq!(pass_alive(&mut world, SECOND), 0, "{seq}");
    }
    let reported = world.reported();
    let lost: Vec<_> = reported.iter().filter(|text| text.contains("lost")).collect();
    assert_eq!(lost, ["1 X lost silent"]);
}

#[test]
fn silent_channel_was_complete_until_its_last_data() {
    let mut world = World::subscribed(&[(ChannelKind::Bbo, Some("X")), (ChannelKind::Trades, Some("X"))]);
    world.binary(&bbo("X", 1));
    for id in 0..30 {
        pass_alive(&mut world, SECOND);
        world.binary(&trade("X", id.to_string()));
    }
    assert_eq!(world.log.losses, [(LossCause::Silent, SECOND * 30)]);
}

#[test]
fn error_without_an_id_changes_nothing() {
    let mut world = World::new();
    world.want(1, ChannelKind::Bbo, Some("X"));
    world.connect();
    world.text(r#"{"jsonrpc":"2.0","error":{"code":-32600,"message":"x"},"id":null}"#);
    assert_eq!(world.acknowledge(), ["subscribe bbo.X"]);
    assert_eq!(world.reported(), ["1 X live"]);
}

#[test]
fn data_before_the_acknowledgement_counts() {
    let mut world = World::new();
    world.want(1, ChannelKind::Bbo, Some("X"));
    world.connect();
    world.binary(&bbo("X", 1));
    assert_eq!(world.reported(), ["1 X live", "1 X bbo 1"]);
    assert_eq!(world.acknowledge(), ["subscribe bbo.X"]);
    assert!(world.reported().is_empty());
}

#[test]
fn few_requests_are_open_at_once() {
    let mut world = World::new();
    for id in 0..100 {
        world.want(id, ChannelKind::Bbo, Some(&format!("M{id}")));
    }
    world.connect();
    let first = world.sent();
    assert_eq!(first.len(), 32);
    for (_, _, id) in first {
        world.done(id);
    }
    assert_eq!(world.acknowledge().len(), 68);
    assert_eq!(world.reported().len(), 100);
}

#[test]
fn dropped_channel_is_unsubscribed_and_its_late_frames_are_ignored() {
    let mut world = World::subscribed(&[(ChannelKind::Bbo, Some("X")), (ChannelKind::Trades, Some("X"))]);
    world.reported();
    world.session.unwant(world.now, 1);
    world.binary(&bbo("X", 1));
    assert!(world.reported().is_empty());
    // Wanted again before the exchange has acknowledged its end.
    world.want(3, ChannelKind::Bbo, Some("X"));
    let sent = world.sent();
    assert_eq!((sent.len(), sent[0].0.as_str()), (1, "unsubscribe"));
    world.binary(&bbo("X", 2));
    assert!(world.reported().is_empty());
    world.done(sent[0].2);
    assert_eq!(world.acknowledge(), ["subscribe bbo.X"]);
    world.binary(&bbo("X", 3));
    assert_eq!(world.reported(), ["3 X live", "3 X bbo 3"]);
}

/// Lets time pass with a pong for every ping and an acknowledgement for every request.
fn pass_alive(world: &mut World, time: Duration) -> usize {
    let mut connects = 0;
    let end = world.now + time;
    while world.now < end {
        for action in world.pass(SECOND) {
            match &action {
                Action::Connect { .. } => {
                    connects += 1;
                    world.connections += 1;
                    world.session.connected(world.now, world.connections);
                }
                Action::Ping => world.session.received(world.now),
                _ => {}
            }
            if let Some((_, _, id)) = request(&action) {
                world.done(id);
            }
        }
        world.acknowledge();
    }
    connects
}

#[test]
fn acknowledged_and_silent_channel_is_told_resubscribed_reconnected_and_ended() {
    let mut world = World::subscribed(&[(ChannelKind::Bbo, Some("X")), (ChannelKind::Trades, Some("X"))]);
    let connects = pass_alive(&mut world, SECOND * 31);
    assert_eq!(
        (connects, world.reported()),
        (
            0,
            vec!["1 X live".into(), "2 X live".into(), "1 X lost silent".to_owned()]
        )
    );
    let connects = pass_alive(&mut world, SECOND * 32);
    // Quiet kinds have no limit, and meet the new connection alone.
    assert_eq!(
        (connects, world.reported()),
        (1, vec!["2 X lost disconnected".into(), "2 X live".to_owned()])
    );
    let connects = pass_alive(&mut world, SECOND * 150);
    assert_eq!(
        (connects, world.reported()),
        (0, vec!["1 ended silent".to_owned()])
    );
}

#[test]
fn channel_that_once_sent_data_never_ends_for_silence_and_is_asked_less_often() {
    let mut world = World::subscribed(&[(ChannelKind::Bbo, Some("X"))]);
    world.binary(&bbo("X", 1));
    let connects = pass_alive(&mut world, SECOND * 7_200);
    assert_eq!(connects, 1);
    assert_eq!(world.reported(), ["1 X live", "1 X bbo 1", "1 X lost silent"]);
    // An acknowledgement is not believed again; data is.
    world.binary(&bbo("X", 9));
    assert_eq!(world.reported(), ["1 X live", "1 X bbo 9"]);
}

#[test]
fn missing_acknowledgement_is_asked_for_again() {
    let mut world = World::new();
    world.want(1, ChannelKind::Trades, Some("X"));
    world.connect();
    assert_eq!(world.sent().len(), 1);
    let actions = world.pass(SECOND * 10);
    assert_eq!(methods(&actions), ["unsubscribe"]);
    world.session.received(world.now);
    assert_eq!(world.reported(), ["1 X lost silent"]);
    let id = actions.iter().filter_map(request).next_back().unwrap().2;
    world.done(id);
    assert_eq!(world.acknowledge(), ["subscribe trades.X"]);
    assert_eq!(world.reported(), ["1 X live"]);
}

#[test]
fn unsubscription_without_an_acknowledgement_leads_to_a_new_connection() {
    let mut world = World::subscribed(&[(ChannelKind::Bbo, Some("X")), (ChannelKind::Trades, Some("X"))]);
    let mut passed = Vec::new();
    for _ in 0..41 {
        world.session.received(world.now);
        passed.extend(world.pass(SECOND));
    }
    assert_eq!(methods(&passed), ["unsubscribe"]);
    // Frames that the exchange sent before it left the channel would pass for those of a new subscription.
    assert!(
        passed.contains(&Action::Close) && !world.session.is_connected(),
        "{passed:?}"
    );
    world.binary(&bbo("X", 1));
    let told = ["1 X live", "2 X live", "1 X lost silent", "2 X lost disconnected"];
    assert_eq!(world.reported(), told);
}

#[test]
fn quote_older_than_its_predecessor_is_dropped_and_told() {
    let mut world = World::subscribed(&[(ChannelKind::Bbo, None)]);
    for seq in [5, 5, 8, 7, 9] {
        world.binary(&bbo("X", seq));
    }
    world.binary(&bbo("Y", 1));
    assert_eq!(
        world.reported(),
        [
            "1 all live",
            "1 X bbo 5",
            "1 X bbo 8",
            "1 X lost sequence",
            "1 X live",
            "1 X bbo 9",
            "1 Y bbo 1"
        ]
    );
    // One alone: the newest quote is not known until the next, which may count from a new start.
    world.binary(&bbo("X", 2));
    assert_eq!(world.reported(), ["1 X lost sequence"]);
    for seq in [3, 4] {
        world.binary(&bbo("X", seq));
    }
    assert_eq!(world.reported(), ["1 X live", "1 X bbo 3", "1 X bbo 4"]);
}

#[test]
fn late_quotes_do_not_become_the_newest() {
    let mut world = World::subscribed(&[(ChannelKind::Bbo, None)]);
    world.binary(&bbo("X", 100));
    world.now += SECOND * 2;
    for seq in [98, 98, 97, 101] {
        world.binary(&bbo("X", seq));
    }
    assert_eq!(
        world.reported(),
        [
            "1 all live",
            "1 X bbo 100",
            "1 X lost sequence",
            "1 X live",
            "1 X bbo 101"
        ]
    );
    let cause = LossCause::Sequence {
        expected: 101,
        got: 98,
    };
    assert_eq!(world.log.losses, [(cause, SECOND * 2)]);
    assert_eq!(world.log.lives, [None, Some(cause)]);
}

#[test]
fn loss_of_an_earlier_task_is_named_when_it_ends() {
    let mut world = World::new();
    let channel = Channel {
        kind: ChannelKind::Trades,
        market: None,
    };
    let lost = Some(LossCause::Disconnected);
    world.session.want(world.now, 1, channel, None, None, lost);
    world.connect();
    world.acknowledge();
    assert_eq!(world.log.lives, [lost]);
}

#[test]
fn markets_beyond_those_that_are_remembered_arrive() {
    let mut world = World::subscribed(&[(ChannelKind::Bbo, None)]);
    world.reported();
    for id in 0..20_010 {
        world.binary(&bbo(&format!("M{id}"), 1));
    }
    assert_eq!(world.reported().len(), 20_010);
}

#[test]
fn repeated_trade_is_one_trade() {
    let mut world = World::subscribed(&[(ChannelKind::Trades, Some("X"))]);
    for id in ["1", "1", "2", "1", "3"] {
        world.binary(&trade("X", id));
    }
    assert_eq!(
        world.reported(),
        ["1 X live", "1 X trade 1", "1 X trade 2", "1 X trade 3"]
    );
}

#[test]
fn trade_of_a_version_without_the_whole_id_has_none() {
    let mut world = World::subscribed(&[(ChannelKind::Trades, Some("X"))]);
    let event = TradeEvent {
        trade_id: -5,
        trade_id_str: Some("1681462770270101700000000001".to_owned()),
        market: "X".to_owned(),
        ..TradeEvent::default()
    };
    world.binary(&event.encode(2));
    world.binary(&event.encode(1));
    assert_eq!(
        world.reported(),
        ["1 X live", "1 X trade 1681462770270101700000000001", "1 X trade "]
    );
}

#[test]
fn summaries_and_funding_reach_their_feeds() {
    let mut world = World::new();
    world.want(1, ChannelKind::Summaries, None);
    world.want(2, ChannelKind::Funding, Some("X"));
    world.connect();
    assert_eq!(
        world.acknowledge(),
        ["subscribe markets_summary", "subscribe funding_data.X"]
    );
    world.reported();
    let summary = MarketSummaryEvent {
        market: "Y".to_owned(),
        ..MarketSummaryEvent::default()
    };
    world.binary(&summary.encode(2));
    let funding = |market: &str| FundingDataEvent {
        market: market.to_owned(),
        ..FundingDataEvent::default()
    };
    world.binary(&funding("X").encode(0));
    // Nobody wants this one.
    world.binary(&funding("Z").encode(2));
    assert_eq!(world.reported(), ["1 Y summary", "2 X funding"]);
}

#[test]
fn market_event_arrives_as_text() {
    let mut world = World::new();
    world.want(1, ChannelKind::MarketEvents, None);
    world.connect();
    assert_eq!(world.acknowledge(), ["subscribe markets"]);
    assert_eq!(world.reported(), ["1 all live"]);
    for (channel, arrives) in [
        ("markets", true),
        ("markets.ALL", true),
        ("markets.X", true),
        ("markets_summary", false),
    ] {
        world.text(&format!(
            r#"{{"jsonrpc":"2.0","method":"subscription","params":{{"channel":"{channel}","data":{{"symbol":"X","event_type":"UPDATED"}}}}}}"#,
        ));
        assert_eq!(
            world.reported() == ["1 X event Some(\"X\")"],
            arrives,
            "{channel}"
        );
    }
}

#[test]
fn unknown_template_and_longer_block_do_not_stop_the_stream() {
    let mut world = World::subscribed(&[(ChannelKind::Bbo, Some("X"))]);
    let mut unknown = bbo("X", 1);
    unknown[2] = 99;
    world.binary(&unknown);
    // Eight bytes of a newer version behind the block of 48.
    let mut longer = bbo("X", 2);
    longer[0] = 56;
    longer.splice(56..56, [0xff; 8]);
    world.binary(&longer);
    assert_eq!(world.reported(), ["1 X live", "1 X bbo 2"]);
    assert_eq!(world.session.counts.unknown, 1);
}

#[test]
fn truncated_frame_is_told_to_the_channels_that_it_may_have_been_for() {
    let mut world = World::subscribed(&[(ChannelKind::Bbo, Some("X")), (ChannelKind::Trades, Some("X"))]);
    world.reported();
    let frame = bbo("X", 1);
    world.binary(&frame[..frame.len() - 1]);
    assert_eq!(world.reported(), ["1 X lost unreadable", "1 X live"]);
    // A heartbeat is of no channel.
    let mut heartbeat = frame[..8].to_vec();
    heartbeat[2] = 40;
    world.binary(&heartbeat);
    assert_eq!((world.reported(), world.session.counts.unreadable), (vec![], 2));
    // Of a frame without a header, and of a text that is not JSON, nothing is known.
    let all = [
        "1 X lost unreadable",
        "1 X live",
        "2 X lost unreadable",
        "2 X live",
    ];
    world.binary(&frame[..3]);
    assert_eq!(world.reported(), all);
    world.text(r#"{"method":"subscription","#);
    assert_eq!(world.reported(), all);
}
