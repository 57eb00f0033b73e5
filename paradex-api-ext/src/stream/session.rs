//! The state of one connection and of its successors, without a socket and without a clock.
//!
//! Frames, times and wishes go in. Actions for the socket, items, and words about losses come out. Every method takes the time, so
//! each timing rule is a plain test.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use paradex_api::sbe;

use super::channel::{Channel, Family};
use super::frame_counts::FrameCounts;
use super::item::Item;
use super::link::{Action, ConnectFailure, Link, RETRY, STABLE_AFTER, Tick};
use super::lookup::{Lookup, Origin, SeqCheck};
use super::market::Market;
use super::rpc::{self, TextFrame};
use super::shared_book::{BookStep, SharedBook};
use super::update::{Live, LossCause, StreamError};

/// A subscription that is not acknowledged within this time is left and made again, and so is that of a book whose snapshot does not
/// come. After an unsubscription that is not acknowledged, there is a new connection.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(10);
/// The longest limit that growth reaches.
const LONGEST_SILENCE: Duration = Duration::from_secs(600);
/// Subscriptions that may wait for a response at once. The exchange publishes no limit.
const SUBSCRIPTIONS_AT_ONCE: usize = 32;
/// A book that had to be subscribed again this often in a row waits before the next time.
const QUICK_RESUBSCRIPTIONS: u32 = 3;

/// Receives what the session finds.
pub(super) trait Sink {
    fn item(&mut self, channel: u64, market: &Market, item: Item);
    /// The book of the channel changed.
    fn book_changed(&mut self, channel: u64);
    /// Something was lost. `age` is how long ago the channel was complete.
    fn lost(&mut self, channel: u64, market: Option<&Market>, cause: LossCause, age: Duration);
    fn live(&mut self, channel: u64, live: Live);
    /// The channel ended for good.
    fn end(&mut self, channel: u64, error: StreamError);
}

/// How far the subscription of a channel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Not subscribed. With a time, not before it. Without one, as soon as another response allows it.
    Out {
        not_before: Option<Instant>,
    },
    Asked {
        since: Instant,
    },
    Acknowledged,
    /// Unsubscribed, and not acknowledged yet. With a time, something waits for the acknowledgement since then.
    Leaving {
        since: Option<Instant>,
    },
}

/// One channel that is wanted, or was until its end is acknowledged.
struct Slot {
    channel: Channel,
    silence: Option<Duration>,
    book: Option<Arc<SharedBook>>,
    wanted: bool,
    stage: Stage,
    is_live: bool,
    /// The cause of the loss that was told and has not ended.
    lost: Option<LossCause>,
    /// The last acknowledgement was followed by silence, so only data makes the channel live.
    needs_data: bool,
    last_data: Instant,
    live_since: Option<Instant>,
    has_ever_had_data: bool,
    /// Silences since the last data.
    silences: u32,
    refusals: u32,
    /// Subscriptions in a row that did not hold.
    resubscriptions: u32,
}

pub(super) struct Session {
    link: Link,
    slots: BTreeMap<u64, Slot>,
    lookup: Lookup,
    requests: HashMap<u64, (u64, bool)>,
    pub(super) counts: FrameCounts,
}

impl Session {
    /// `version` is the schema version to ask for first. `seed` makes the jitter.
    pub(super) fn new(address: String, version: u16, seed: u64) -> Self {
        Self {
            link: Link::new(address, version, seed),
            slots: BTreeMap::new(),
            lookup: Lookup::default(),
            requests: HashMap::new(),
            counts: FrameCounts::default(),
        }
    }

    pub(super) fn action(&mut self) -> Option<Action> {
        self.link.action()
    }

    /// The address, without its query.
    pub(super) fn address(&self) -> &str {
        self.link.address()
    }

    pub(super) fn is_connected(&self) -> bool {
        self.link.is_connected()
    }

    /// Why no further connection is made; `None` while there is hope.
    pub(super) fn error(&self) -> Option<&StreamError> {
        self.link.error()
    }

    /// The number of the connection.
    pub(super) fn connection(&self) -> u64 {
        self.link.connection()
    }

    /// The schema version that was agreed, or is asked for.
    pub(super) fn schema_version(&self) -> u16 {
        self.link.schema_version()
    }

    /// The channels that are subscribed.
    pub(super) fn subscribed(&self) -> impl Iterator<Item = String> + '_ {
        let slots = self.slots.values();
        slots
            .filter(|slot| slot.stage == Stage::Acknowledged)
            .map(|slot| slot.channel.to_string())
    }

    /// Adds a channel. `lost` is the loss that its feeds were told and that has not ended.
    pub(super) fn want(
        &mut self,
        now: Instant,
        id: u64,
        channel: Channel,
        silence: Option<Duration>,
        book: Option<Arc<SharedBook>>,
        lost: Option<LossCause>,
    ) {
        if self.link.error().is_some() {
            return;
        }
        // The same channel may be on its way out. It is subscribed again once that is acknowledged.
        let leaving = self
            .slots
            .iter()
            .find(|(_, slot)| !slot.wanted && slot.channel == channel)
            .map(|(id, _)| *id);
        let mut stage = Stage::Out { not_before: None };
        if let Some(old) = leaving {
            self.slots.remove(&old);
            stage = Stage::Leaving { since: Some(now) };
            for (owner, _) in self.requests.values_mut() {
                if *owner == old {
                    *owner = id;
                }
            }
        }
        self.slots.insert(
            id,
            Slot {
                channel,
                silence,
                book,
                wanted: true,
                stage,
                is_live: false,
                lost,
                needs_data: false,
                last_data: now,
                live_since: None,
                has_ever_had_data: false,
                silences: 0,
                refusals: 0,
                resubscriptions: 0,
            },
        );
        if self.link.is_idle() {
            self.link.connect();
        }
        self.subscribe(now);
    }

    /// Sets how long a channel may be silent.
    pub(super) fn set_silence(&mut self, id: u64, silence: Option<Duration>) {
        if let Some(slot) = self.slots.get_mut(&id) {
            slot.silence = silence;
        }
    }

    /// Removes a channel.
    pub(super) fn unwant(&mut self, now: Instant, id: u64) {
        let Some(slot) = self.slots.get_mut(&id) else {
            return;
        };
        slot.wanted = false;
        match slot.stage {
            Stage::Out { .. } => {
                self.slots.remove(&id);
            }
            Stage::Asked { .. } | Stage::Acknowledged => self.leave(now, id),
            Stage::Leaving { .. } => slot.stage = Stage::Leaving { since: None },
        }
    }

    /// The book of a channel turned out to be wrong.
    pub(super) fn distrust(&mut self, now: Instant, id: u64, cause: LossCause, sink: &mut impl Sink) {
        if self.slots.get(&id).is_some_and(|slot| slot.is_live) {
            self.lose(now, id, cause, sink);
            self.resubscribe(now, id);
        }
    }

    // Connections.

    /// The connection was made. `number` is its number in the group.
    pub(super) fn connected(&mut self, now: Instant, number: u64) {
        if self.link.error().is_some() {
            return;
        }
        self.link.connected(now, number);
        self.link.works(now);
        for slot in self.slots.values_mut() {
            slot.last_data = now;
        }
        self.subscribe(now);
    }

    pub(super) fn connect_failed(&mut self, now: Instant, failure: ConnectFailure, sink: &mut impl Sink) {
        if let Err(error) = self.link.connect_failed(now, failure) {
            self.link.end(error.clone());
            for id in std::mem::take(&mut self.slots).into_keys() {
                sink.end(id, error.clone());
            }
        }
    }

    /// The connection ended, or is given up.
    pub(super) fn closed(&mut self, now: Instant, sink: &mut impl Sink) {
        if !self.is_connected() {
            return;
        }
        self.slots.retain(|_, slot| slot.wanted);
        let ids: Vec<u64> = self.slots.keys().copied().collect();
        for id in ids {
            self.lose(now, id, LossCause::Disconnected, sink);
            if let Some(slot) = self.slots.get_mut(&id) {
                slot.stage = Stage::Out { not_before: None };
            }
        }
        self.lookup = Lookup::default();
        self.requests.clear();
        self.link.closed(now, Duration::ZERO);
    }

    // Subscriptions.

    /// Subscribes the channels that are due.
    fn subscribe(&mut self, now: Instant) {
        if !self.is_connected() {
            return;
        }
        let mut waiting = self.requests.values().filter(|(_, is_new)| *is_new).count();
        // Frames on their way from a channel that is being left would pass for those of one that looks alike.
        let leaving: Vec<(u64, Channel)> = self
            .slots
            .iter()
            .filter(|(_, slot)| matches!(slot.stage, Stage::Leaving { .. }))
            .map(|(id, slot)| (*id, slot.channel.clone()))
            .collect();
        let mut needed = Vec::new();
        for (id, slot) in &mut self.slots {
            let Stage::Out { not_before } = slot.stage else {
                continue;
            };
            if !slot.wanted || not_before.is_some_and(|at| at > now) {
                continue;
            }
            let conflicting = leaving.iter().filter(|(_, left)| left.conflicts(&slot.channel));
            let before = needed.len();
            needed.extend(conflicting.map(|(id, _)| *id));
            if waiting >= SUBSCRIPTIONS_AT_ONCE || needed.len() > before {
                // The next response leads here again, so there is no time to wait for.
                slot.stage = Stage::Out { not_before: None };
                continue;
            }
            waiting += 1;
            slot.stage = Stage::Asked { since: now };
            slot.last_data = now;
            self.lookup.enter(now, *id, &slot.channel, slot.book.as_ref());
            let request = self.link.next_id();
            self.requests.insert(request, (*id, true));
            let text = rpc::channel_request("subscribe", &slot.channel.to_string(), request);
            self.link.push(Action::Send(text));
        }
        for id in needed {
            if let Some(slot) = self.slots.get_mut(&id)
                && let Stage::Leaving { since } = &mut slot.stage
            {
                since.get_or_insert(now);
            }
        }
    }

    fn leave(&mut self, now: Instant, id: u64) {
        let Some(slot) = self.slots.get_mut(&id) else {
            return;
        };
        slot.stage = Stage::Leaving {
            since: slot.wanted.then_some(now),
        };
        self.lookup.leave(id, &slot.channel);
        self.requests.retain(|_, (owner, _)| *owner != id);
        let request = self.link.next_id();
        self.requests.insert(request, (id, false));
        let text = rpc::channel_request("unsubscribe", &slot.channel.to_string(), request);
        self.link.push(Action::Send(text));
        // Its subscription may have been one of those that others wait for.
        self.subscribe(now);
    }

    /// Leaves a channel and subscribes to it again.
    fn resubscribe(&mut self, now: Instant, id: u64) {
        let Some(slot) = self.slots.get_mut(&id) else {
            return;
        };
        let held = slot.live_since.take();
        if held.is_some_and(|since| now.saturating_duration_since(since) >= STABLE_AFTER) {
            slot.resubscriptions = 0;
        }
        slot.resubscriptions = slot.resubscriptions.saturating_add(1);
        self.leave(now, id);
    }

    /// The unsubscription is acknowledged, or was not needed.
    fn left(&mut self, now: Instant, id: u64) {
        let random = self.link.random();
        let Some(slot) = self.slots.get_mut(&id) else {
            return;
        };
        if !slot.wanted {
            self.slots.remove(&id);
        } else if matches!(slot.stage, Stage::Leaving { .. }) {
            let late = slot.resubscriptions.saturating_sub(QUICK_RESUBSCRIPTIONS);
            let not_before = (late > 0).then(|| now + RETRY.delay_at(late, random));
            slot.stage = Stage::Out { not_before };
        }
        self.subscribe(now);
    }

    fn acknowledged(&mut self, now: Instant, request: u64, sink: &mut impl Sink) {
        let Some((id, is_subscription)) = self.requests.remove(&request) else {
            return;
        };
        if !is_subscription {
            return self.left(now, id);
        }
        let Some(slot) = self.slots.get_mut(&id) else {
            return;
        };
        if matches!(slot.stage, Stage::Asked { .. }) {
            slot.stage = Stage::Acknowledged;
        }
        slot.refusals = 0;
        // A book is live once its snapshot has arrived.
        if !slot.needs_data && slot.channel.kind.family() != Family::Book {
            self.make_live(now, id, sink);
        }
        self.subscribe(now);
    }

    fn refused(&mut self, now: Instant, request: u64, code: i64, message: String, sink: &mut impl Sink) {
        let Some((id, is_subscription)) = self.requests.remove(&request) else {
            return;
        };
        if !is_subscription {
            return self.left(now, id);
        }
        let random = self.link.random();
        let Some(slot) = self.slots.get_mut(&id) else {
            return;
        };
        self.lookup.leave(id, &slot.channel);
        slot.refusals = slot.refusals.saturating_add(1);
        let channel = slot.channel.to_string();
        if rpc::is_permanent(code) {
            self.slots.remove(&id);
            let error = StreamError::Refused {
                channel,
                code,
                message,
            };
            sink.end(id, error);
        } else {
            tracing::warn!(%channel, code, %message, "the exchange refused a subscription, which is repeated");
            let not_before = Some(now + RETRY.delay_at(slot.refusals, random));
            slot.stage = Stage::Out { not_before };
        }
        self.subscribe(now);
    }

    fn make_live(&mut self, now: Instant, id: u64, sink: &mut impl Sink) {
        let Some(slot) = self.slots.get_mut(&id) else {
            return;
        };
        if slot.is_live {
            return;
        }
        slot.is_live = true;
        slot.needs_data = false;
        slot.live_since = Some(now);
        let live = Live {
            connection: self.link.connection(),
            schema_version: self.link.schema_version(),
            market: slot.channel.market.clone(),
            after: slot.lost.take(),
        };
        if let Some(book) = &slot.book {
            book.make_live();
        }
        sink.live(id, live);
    }

    /// Says that a channel lost something, unless that is said already. If nothing was claimed yet, only a fault of the channel is
    /// said.
    fn lose(&mut self, now: Instant, id: u64, cause: LossCause, sink: &mut impl Sink) {
        let of_connection = self.link.age(now);
        let Some(slot) = self.slots.get_mut(&id) else {
            return;
        };
        // The channel was complete until its last frame, and a book that differs at least when it became live.
        let complete_until = match cause {
            LossCause::Silent | LossCause::Sequence { .. } | LossCause::Replaced | LossCause::Crossed => {
                Some(slot.last_data)
            }
            LossCause::Differs => slot.live_since,
            _ => None,
        };
        let age = complete_until.map_or(of_connection, |at| now.saturating_duration_since(at));
        let tells = slot.is_live || (slot.lost.is_none() && cause != LossCause::Disconnected);
        slot.is_live = false;
        if let Some(book) = &slot.book {
            book.lose();
        }
        if tells {
            slot.lost = Some(cause);
            sink.lost(id, slot.channel.market.as_ref(), cause, age);
        }
    }

    // Frames.

    /// Something arrived that is no data: a ping or a pong.
    pub(super) fn received(&mut self, now: Instant) {
        self.link.received(now);
    }

    pub(super) fn text(&mut self, now: Instant, text: &str, sink: &mut impl Sink) {
        if !self.is_connected() {
            return;
        }
        self.received(now);
        self.counts.frames += 1;
        match TextFrame::read(text) {
            Some(TextFrame::Done { id }) => self.acknowledged(now, id, sink),
            Some(TextFrame::Refused { id, code, message }) => self.refused(now, id, code, message, sink),
            Some(TextFrame::Push { channel, data }) => self.push(now, &channel, data, sink),
            Some(TextFrame::Other) => {}
            // It may have been data of any channel.
            None => self.unreadable(now, None, sink),
        }
    }

    /// Data in JSON, which only the channel of market events has.
    fn push(
        &mut self,
        now: Instant,
        channel: &str,
        data: paradex_api::serde_json::Value,
        sink: &mut impl Sink,
    ) {
        let found = self.slots.iter().find(|(_, slot)| {
            matches!(slot.stage, Stage::Asked { .. } | Stage::Acknowledged) && slot.channel.has_name(channel)
        });
        let Some((id, slot)) = found else {
            return;
        };
        let (id, family) = (*id, slot.channel.kind.family());
        let event = paradex_api::serde_json::from_value::<paradex_api::types::MarketEvent>(data);
        match event {
            Ok(event) if family == Family::MarketEvents => {
                let market = Market::from(event.symbol.as_deref().unwrap_or_default());
                self.data(now, id, sink);
                sink.item(id, &market, Item::MarketEvent(Box::new(event)));
            }
            _ => self.unreadable(now, Some(family), sink),
        }
    }

    pub(super) fn binary(&mut self, now: Instant, frame: &[u8], sink: &mut impl Sink) {
        if !self.is_connected() {
            return;
        }
        self.received(now);
        self.counts.frames += 1;
        let message = match sbe::Message::decode(frame) {
            Ok(message) => message,
            Err(_) => {
                return match Lookup::origin_of(frame) {
                    Origin::Family(family) => self.unreadable(now, Some(family), sink),
                    Origin::Unknown => self.unreadable(now, None, sink),
                    // No channel that is subscribed has such frames.
                    Origin::Nothing => self.counts.unreadable += 1,
                };
            }
        };
        match message {
            sbe::Message::Book(event) => self.book(now, &event, sink),
            sbe::Message::Bbo(event) => match self.lookup.bbo(now, &event) {
                SeqCheck::Item {
                    channel,
                    market,
                    bbo,
                    after,
                } => {
                    self.data(now, channel, sink);
                    if after.is_some() {
                        self.live_again(channel, &market, after, sink);
                    }
                    sink.item(channel, &market, Item::Bbo(bbo));
                }
                SeqCheck::Older {
                    channel,
                    market,
                    cause,
                    last_at,
                } => {
                    // It is dropped, because it would pass for the newest, and no newer one is known until the next.
                    self.data(now, channel, sink);
                    let age = now.saturating_duration_since(last_at);
                    sink.lost(channel, Some(&market), cause, age);
                }
                SeqCheck::Repeated(id) => self.data(now, id, sink),
                SeqCheck::Ignored => {}
            },
            sbe::Message::Trade(event) => {
                if let Some((id, market, trade)) = self.lookup.trade(now, &event, frame) {
                    self.data(now, id, sink);
                    sink.item(id, &market, Item::Trade(trade));
                }
            }
            sbe::Message::MarketSummary(event) => {
                if let Some((id, market)) = self.lookup.find(now, Family::Summaries, event.market()) {
                    self.data(now, id, sink);
                    sink.item(id, &market, Item::Summary(Box::new(event.into())));
                }
            }
            sbe::Message::FundingData(event) => {
                if let Some((id, market)) = self.lookup.find(now, Family::Funding, event.market()) {
                    self.data(now, id, sink);
                    sink.item(id, &market, Item::Funding(Box::new(event.into())));
                }
            }
            sbe::Message::Unknown(_) => self.counts.unknown += 1,
            // Heartbeats, and what this connection does not subscribe to.
            _ => {}
        }
    }

    /// Data of a channel arrived.
    fn data(&mut self, now: Instant, id: u64, sink: &mut impl Sink) {
        let Some(slot) = self.slots.get_mut(&id) else {
            return;
        };
        slot.last_data = now;
        slot.has_ever_had_data = true;
        slot.silences = 0;
        let is_live = slot.is_live;
        // The acknowledgement may come later, or never.
        if matches!(slot.stage, Stage::Asked { .. }) {
            slot.stage = Stage::Acknowledged;
            self.requests.retain(|_, (owner, _)| *owner != id);
            self.subscribe(now);
        }
        if !is_live {
            self.make_live(now, id, sink);
        }
    }

    /// One market of a live channel is known again.
    fn live_again(&self, id: u64, market: &Market, after: Option<LossCause>, sink: &mut impl Sink) {
        let live = Live {
            connection: self.link.connection(),
            schema_version: self.link.schema_version(),
            market: Some(market.clone()),
            after,
        };
        sink.live(id, live);
    }

    fn book(&mut self, now: Instant, event: &sbe::BookEvent<'_>, sink: &mut impl Sink) {
        let Some((id, book)) = self.lookup.book(now, event.market()) else {
            return;
        };
        let may_cross = self
            .slots
            .get(&id)
            .is_some_and(|slot| slot.channel.kind == super::channel::ChannelKind::InteractiveBook);
        match book.step(event, may_cross) {
            BookStep::Snapshot => {
                if self.slots.get(&id).is_some_and(|slot| slot.is_live) {
                    self.lose(now, id, LossCause::Replaced, sink);
                }
                self.data(now, id, sink);
            }
            BookStep::Delta => {
                self.data(now, id, sink);
                sink.book_changed(id);
            }
            // A delta before the snapshot says nothing, and a repeated one nothing new.
            BookStep::Ignored => {}
            BookStep::Wrong(cause) => {
                self.lose(now, id, cause, sink);
                self.resubscribe(now, id);
            }
        }
    }

    /// A frame could not be decoded. It may have been for any channel of its family.
    fn unreadable(&mut self, now: Instant, family: Option<Family>, sink: &mut impl Sink) {
        self.counts.unreadable += 1;
        let affected: Vec<(u64, Family)> = self
            .slots
            .iter()
            .filter(|(_, slot)| slot.is_live)
            .map(|(id, slot)| (*id, slot.channel.kind.family()))
            .filter(|(_, of)| family.is_none_or(|family| family == *of))
            .collect();
        for (id, of) in affected {
            self.lose(now, id, LossCause::Unreadable, sink);
            match of {
                Family::Book => self.resubscribe(now, id),
                // The next frame is complete again by itself.
                _ => self.make_live(now, id, sink),
            }
        }
    }

    // Time.

    /// The earliest time at which [`tick`](Self::tick) has something to do.
    pub(super) fn wake_at(&self) -> Option<Instant> {
        let of_link = self.link.wake_at();
        if !self.is_connected() {
            return of_link;
        }
        let of_slots = self.slots.values().filter_map(Slot::wake_at);
        of_slots.chain(of_link).min()
    }

    /// Does what is due. `wall` is the time of this machine's clock.
    pub(super) fn tick(&mut self, now: Instant, wall: SystemTime, sink: &mut impl Sink) {
        match self.link.tick(now, wall) {
            Tick::Due if self.slots.is_empty() => self.link.rest(),
            Tick::Due => self.link.connect(),
            Tick::Dead => self.closed(now, sink),
            Tick::Alive => self.check_slots(now, sink),
            Tick::Quiet => {}
        }
    }

    fn check_slots(&mut self, now: Instant, sink: &mut impl Sink) {
        let due = |slot: &Slot| slot.wake_at().is_some_and(|at| at <= now);
        let ids: Vec<u64> = self
            .slots
            .iter()
            .filter(|(_, slot)| due(slot))
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            let Some(slot) = self.slots.get(&id) else {
                continue;
            };
            match slot.stage {
                Stage::Leaving { .. } => {
                    // Late data could not be told from that of a new subscription on this connection.
                    self.link.push(Action::Close);
                    return self.closed(now, sink);
                }
                Stage::Asked { .. } | Stage::Acknowledged => {
                    if !self.silent(now, id, sink) {
                        return;
                    }
                }
                Stage::Out { .. } => {}
            }
        }
        self.subscribe(now);
    }

    /// A channel is silent for too long: it is subscribed again, then on a new connection unless others had data on this one. One
    /// that never sent anything ends, and one that did gets more time. Returns whether the connection is still there.
    fn silent(&mut self, now: Instant, id: u64, sink: &mut impl Sink) -> bool {
        let Some(slot) = self.slots.get_mut(&id) else {
            return true;
        };
        slot.silences = slot.silences.saturating_add(1);
        let is_acknowledged = slot.stage == Stage::Acknowledged;
        slot.needs_data |= is_acknowledged;
        let (silences, has_had_data, quiet_since) = (slot.silences, slot.has_ever_had_data, slot.last_data);
        self.lose(now, id, LossCause::Silent, sink);
        let has_data = |slot: &Slot| slot.is_live && slot.has_ever_had_data && slot.last_data > quiet_since;
        match silences {
            2 if !self.slots.values().any(has_data) => {
                // One new connection is for all silent channels.
                for slot in self.slots.values_mut() {
                    if slot.silences == 1 {
                        slot.silences = 2;
                    }
                }
                self.link.push(Action::Close);
                self.closed(now, sink);
                return false;
            }
            3.. if is_acknowledged && !has_had_data => {
                if let Some(slot) = self.slots.get(&id) {
                    let channel = slot.channel.to_string();
                    sink.end(id, StreamError::Silent { channel });
                }
                self.unwant(now, id);
            }
            _ => self.resubscribe(now, id),
        }
        true
    }
}

impl Slot {
    /// When something has to be done about the channel, if nothing happens before.
    fn wake_at(&self) -> Option<Instant> {
        match self.stage {
            Stage::Out { not_before } => not_before,
            // Without one that waits, a missing acknowledgement is no reason for a new connection.
            Stage::Leaving { since } => since.map(|since| since + ACKNOWLEDGED_WITHIN),
            // Without an acknowledgement, data shows that the subscription exists.
            Stage::Asked { since } if !self.is_live => Some(since + ACKNOWLEDGED_WITHIN),
            // The snapshot is due at once; deltas without it say nothing.
            Stage::Acknowledged if self.book.is_some() && !self.is_live => {
                Some(self.last_data + ACKNOWLEDGED_WITHIN)
            }
            Stage::Asked { .. } | Stage::Acknowledged => {
                let longer = self.silences.saturating_sub(1).min(10);
                let limit = self.silence?.saturating_mul(1 << longer).min(LONGEST_SILENCE);
                // The limit of the caller may be above the longest.
                self.last_data.checked_add(limit.max(self.silence?))
            }
        }
    }
}
