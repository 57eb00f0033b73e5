//! The channels of accounts: whose changes are watched, and in which order they are sent.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use super::channel::Channel;
use super::item::Item;
use super::options::EventOrder;
use super::snapshot::EventKind;
use super::socket::Socket;
use super::streams::{Outside, Streams};
use crate::simulator::state::mixed;
use crate::simulator::trading::{Change, Trading};

impl Streams {
    /// Lets the changes of the accounts be kept whose channels are subscribed.
    pub(in crate::simulator) fn watch_accounts(&self, trading: &mut Trading) {
        let open = self.sockets.iter().filter(|socket| has_private_channel(socket));
        let accounts: BTreeSet<&str> = open.filter_map(|socket| socket.account.as_deref()).collect();
        trading.set_watched(&accounts);
    }

    /// Sends what has happened to accounts.
    pub(super) fn show_changes(&mut self, outside: &mut Outside<'_>) {
        let changes = outside.trading.take_changes();
        for change in arranged(changes, self.options.event_order) {
            self.show_change(change, outside);
        }
    }

    fn show_change(&mut self, change: Change, outside: &mut Outside<'_>) {
        let item = Item::Private(change.clone());
        let mut delivery = outside.delivery(&self.options);
        for socket in &mut self.sockets {
            if socket.account.as_deref() != Some(&*change.account) {
                continue;
            }
            for index in 0..socket.subscriptions.len() {
                let found = socket.subscriptions.get(index).map(|found| &found.channel);
                let shows = matches!(found, Some(Channel::Private(kind, scope))
                    if *kind == change.kind && scope.covers(&change.market, None));
                if shows {
                    socket.deliver(index, &item, &mut delivery);
                }
            }
        }
    }

    /// Sends an event of a channel of an account, which changes nothing else. Returns false if there is no such channel.
    pub(in crate::simulator) fn announce_to(
        &mut self,
        account: &str,
        channel: &str,
        data: Value,
        outside: &mut Outside<'_>,
    ) -> bool {
        let Ok(found @ Channel::Private(kind, _)) = Channel::parse(channel) else {
            return false;
        };
        let rfq = channel.strip_prefix("rfq.");
        let market = found.market().or(rfq).or_else(|| data.get("market")?.as_str());
        let market = market.unwrap_or_default().to_owned();
        outside
            .trading
            .add_change(account, kind, &market, data, outside.now);
        self.show_changes(outside);
        true
    }
}

fn has_private_channel(socket: &Socket) -> bool {
    let mut channels = socket.subscriptions.iter().map(|found| &found.channel);
    !socket.is_finished && channels.any(|channel| matches!(channel, Channel::Private(..)))
}

/// Arranges changes of one command in the order in which channels send them. Those of one channel keep their order.
fn arranged(changes: Vec<Change>, order: EventOrder) -> Vec<Change> {
    let rank = |kind: EventKind| match (order, kind) {
        (EventOrder::OrdersFirst, EventKind::Order) | (EventOrder::FillsFirst, EventKind::Fill) => 0,
        _ => 1,
    };
    let mut changes = changes;
    match order {
        EventOrder::AsHappened => changes,
        EventOrder::OrdersFirst | EventOrder::FillsFirst => {
            changes.sort_by_key(|change| (change.command, rank(change.kind)));
            changes
        }
        EventOrder::Shuffled => {
            let mut commands: BTreeMap<u64, Vec<Change>> = BTreeMap::new();
            for change in changes {
                commands.entry(change.command).or_default().push(change);
            }
            commands
                .into_iter()
                .flat_map(|(command, changes)| shuffled(command, changes))
                .collect()
        }
    }
}

/// Merges the changes of all channels at random. The seed decides.
fn shuffled(seed: u64, changes: Vec<Change>) -> Vec<Change> {
    let mut channels: Vec<VecDeque<Change>> = Vec::new();
    for change in changes {
        let same = |channel: &&mut VecDeque<Change>| {
            channel
                .front()
                .is_some_and(|first| first.kind == change.kind && first.account == change.account)
        };
        match channels.iter_mut().find(same) {
            Some(channel) => channel.push_back(change),
            None => channels.push(VecDeque::from([change])),
        }
    }
    let mut merged = Vec::new();
    let mut state = mixed(seed);
    while !channels.is_empty() {
        state = mixed(state.wrapping_add(1));
        let drawn = state % channels.len() as u64;
        let drawn = usize::try_from(drawn).unwrap_or_default();
        match channels.get_mut(drawn).and_then(VecDeque::pop_front) {
            Some(change) => merged.push(change),
            None => drop(channels.swap_remove(drawn)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn change(command: u64, kind: EventKind, seq: i64) -> Change {
        Change {
            command,
            account: "0x1".into(),
            kind,
            market: "X".into(),
            seq,
            created_at: 0,
            updated_at: 0,
            trade: None,
            data: Arc::default(),
            text: "null".into(),
        }
    }

    fn seqs(order: EventOrder) -> Vec<i64> {
        let changes = vec![
            change(1, EventKind::Order, 1),
            change(1, EventKind::Fill, 2),
            change(1, EventKind::Position, 3),
            change(1, EventKind::Fill, 4),
            change(1, EventKind::Order, 5),
            change(2, EventKind::Fill, 6),
            change(2, EventKind::Order, 7),
        ];
        arranged(changes, order).iter().map(|change| change.seq).collect()
    }

    #[test]
    fn changes_of_a_command_are_arranged_by_channel() {
        assert_eq!(seqs(EventOrder::AsHappened), [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(seqs(EventOrder::OrdersFirst), [1, 5, 2, 3, 4, 7, 6]);
        assert_eq!(seqs(EventOrder::FillsFirst), [2, 4, 1, 3, 5, 6, 7]);
    }

    #[test]
    fn shuffled_changes_keep_the_order_of_their_channel_and_command() {
        let shuffled = seqs(EventOrder::Shuffled);
        let place = |seq: i64| shuffled.iter().position(|other| *other == seq).unwrap();
        assert_ne!(shuffled, [1, 2, 3, 4, 5, 6, 7]);
        assert!(place(1) < place(5) && place(2) < place(4), "{shuffled:?}");
        assert!((1..=5).all(|seq| place(seq) < 5), "{shuffled:?}");
    }
}
