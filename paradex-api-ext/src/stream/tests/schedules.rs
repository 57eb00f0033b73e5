//! Random schedules of frames, faults and times: items and told losses are everything.

use std::collections::BTreeMap;

use paradex_api::sbe::PkgType::{Delta, Snapshot};
use proptest::prelude::*;

use super::frames::{book, trade};
use super::support::{SECOND, World, bbo, request};
use crate::stream::book::{BookSide, OrderBook};
use crate::stream::channel::ChannelKind;
use crate::stream::link::Action;

/// What the exchange does next.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// An event of the market, for all channels.
    Event {
        bid: i64,
        size: bool,
    },
    /// The frame of one channel is not sent.
    Skip(Channel),
    Duplicate(Channel),
    /// The frame of one channel comes after its successor.
    Delay(Channel),
    Truncate(Channel),
    UnknownTemplate,
    Close,
    Wait(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Channel {
    Bbo,
    Trades,
    Book,
}

fn step() -> impl Strategy<Value = Step> {
    let channel = || prop_oneof![Just(Channel::Bbo), Just(Channel::Trades), Just(Channel::Book)];
    prop_oneof![
        20 => (1..30i64, any::<bool>()).prop_map(|(bid, size)| Step::Event { bid, size }),
        1 => Just(Step::Skip(Channel::Book)),
        1 => channel().prop_map(Step::Duplicate),
        1 => prop_oneof![Just(Channel::Bbo), Just(Channel::Book)].prop_map(Step::Delay),
        1 => channel().prop_map(Step::Truncate),
        1 => Just(Step::UnknownTemplate),
        1 => Just(Step::Close),
        1 => (1..40u64).prop_map(Step::Wait),
    ]
}

/// The exchange: one market with a book, and which channels are subscribed on the connection.
struct Exchange {
    seq: i64,
    bids: BTreeMap<i64, ()>,
    subscribed: Vec<String>,
    /// The numbers of quotes and of trades, in the order in which they arrive or would have.
    arrivals: [Vec<i64>; 2],
    /// A frame of one channel that is on its way.
    delayed: Option<(Channel, i64, Vec<u8>)>,
}

impl Exchange {
    fn arrived(&mut self, channel: Channel, seq: i64) {
        match channel {
            Channel::Bbo => self.arrivals[0].push(seq),
            Channel::Trades => self.arrivals[1].push(seq),
            Channel::Book => {}
        }
    }

    /// Delivers a frame that was delayed.
    fn deliver(&mut self, world: &mut World, late: Option<(Channel, i64, Vec<u8>)>) {
        if let Some((channel, seq, frame)) = late {
            world.binary(&frame);
            self.arrived(channel, seq);
        }
    }

    fn snapshot(&self) -> Vec<u8> {
        let bids: Vec<i64> = self.bids.keys().copied().collect();
        book("X", self.seq, Snapshot, &bids, &[])
    }

    /// Serves what the session wants.
    fn serve(&mut self, world: &mut World, mut actions: Vec<Action>) {
        while !actions.is_empty() {
            for action in &actions {
                match action {
                    Action::Connect { .. } => {
                        self.subscribed.clear();
                        self.delayed = None;
                        world.connections += 1;
                        world.session.connected(world.now, world.connections);
                    }
                    Action::Ping => world.session.received(world.now),
                    Action::Close => self.subscribed.clear(),
                    Action::Send(_) | Action::Authenticate { .. } => {}
                }
                let Some((method, channel, id)) = request(action) else {
                    continue;
                };
                if !world.session.is_connected() {
                    continue;
                }
                let is_new = method == "subscribe";
                self.subscribed.retain(|subscribed| *subscribed != channel);
                world.text(&format!(r#"{{"id":{id},"result":{{"channel":"{channel}"}}}}"#));
                if is_new {
                    if channel.starts_with("order_book") {
                        world.binary(&self.snapshot());
                    }
                    self.subscribed.push(channel);
                }
            }
            actions = world.actions();
        }
    }
}

/// Checks that what is missing from a list of numbers lies where a loss was told.
fn check_gaps(reported: &[String], channel: u64, what: &str, sent: &[i64]) -> Result<(), TestCaseError> {
    let mut expected = sent.iter().copied().peekable();
    let mut may_skip = true;
    let mut is_live = false;
    let own = format!("{channel} ");
    for text in reported.iter().filter(|text| text.starts_with(&own)) {
        if text.contains(" lost ") {
            may_skip = true;
            is_live = false;
        } else if text.ends_with(" live") {
            is_live = true;
        } else if let Some((_, number)) = text.split_once(what) {
            let number: i64 = number.trim().parse().unwrap();
            prop_assert!(is_live, "{} before live", text);
            while may_skip && expected.peek().is_some_and(|next| *next != number) {
                expected.next();
            }
            prop_assert_eq!(expected.next(), Some(number), "{:?}", reported);
            may_skip = false;
        }
    }
    // Everything that arrived on a live channel was delivered.
    if is_live && !may_skip {
        prop_assert_eq!(expected.next(), None, "{:?}", reported);
    }
    Ok(())
}

proptest! {
    #[test]
    fn items_and_told_losses_are_everything(steps in prop::collection::vec(step(), 1..200), seed: u64) {
        let mut world = World::with_seed(seed);
        let mut exchange = Exchange { seq: 100, bids: BTreeMap::new(), subscribed: Vec::new(), arrivals: Default::default(), delayed: None };
        world.want(1, ChannelKind::Bbo, Some("X"));
        world.want(2, ChannelKind::Trades, None);
        let shared = world.want(3, ChannelKind::Book, Some("X")).unwrap();
        let actions = world.actions();
        exchange.serve(&mut world, actions);
        let mut fault: Option<Step> = None;
        for step in steps {
            match step {
                Step::Event { bid, size } => {
                    exchange.seq += 1;
                    let seq = exchange.seq;
                    if size { exchange.bids.insert(bid, ()); } else { exchange.bids.remove(&bid); }
                    let delta = [if size { bid } else { -bid }];
                    let frames = [
                        (Channel::Bbo, "bbo.X", bbo("X", seq)),
                        (Channel::Trades, "trades.ALL", trade("X", seq.to_string())),
                        (Channel::Book, "order_book.X.deltas", book("X", seq, Delta, &delta, &[])),
                    ];
                    let late = exchange.delayed.take();
                    for (channel, name, frame) in frames {
                        if !exchange.subscribed.iter().any(|subscribed| subscribed == name) {
                            exchange.arrived(channel, seq);
                            continue;
                        }
                        match fault {
                            Some(Step::Skip(of)) if of == channel => { fault = None; }
                            Some(Step::Duplicate(of)) if of == channel => {
                                fault = None;
                                world.binary(&frame);
                                world.binary(&frame);
                            }
                            Some(Step::Delay(of)) if of == channel => { fault = None; exchange.delayed = Some((channel, seq, frame)); continue; }
                            Some(Step::Truncate(of)) if of == channel => {
                                fault = None;
                                world.binary(&frame[..frame.len() - 1]);
                            }
                            _ => world.binary(&frame),
                        }
                        exchange.arrived(channel, seq);
                    }
                    exchange.deliver(&mut world, late);
                }
                Step::UnknownTemplate => {
                    let mut frame = bbo("X", 1);
                    frame[2] = 200;
                    world.binary(&frame);
                }
                Step::Close => {
                    world.close();
                    exchange.subscribed.clear();
                    exchange.delayed = None;
                }
                Step::Wait(seconds) => {
                    let late = exchange.delayed.take();
                    exchange.deliver(&mut world, late);
                    let end = world.now + SECOND * u32::try_from(seconds).unwrap();
                    while world.now < end {
                        let actions = world.pass(SECOND / 2);
                        exchange.serve(&mut world, actions);
                    }
                }
                other => fault = Some(other),
            }
            let actions = world.actions();
            exchange.serve(&mut world, actions);
            // A book that is shown is the exchange's, unless a frame is still on its way.
            let mut copy = OrderBook::default();
            if shared.copy_into(&mut copy).is_some_and(|copied| copied.seq == exchange.seq) {
                let shown: Vec<i64> = copy.side(BookSide::Bids).map(|(price, _)| price / 100_000_000).collect();
                let model: Vec<i64> = exchange.bids.keys().rev().copied().collect();
                prop_assert_eq!(shown, model);
            }
        }
        let reported = world.reported();
        check_gaps(&reported, 1, " bbo ", &exchange.arrivals[0])?;
        check_gaps(&reported, 2, " trade ", &exchange.arrivals[1])?;
    }
}
