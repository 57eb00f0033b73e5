//! From an event to the frames of a connection, with the faults that hit it.

use std::sync::Arc;
use std::time::Duration;

use super::channel::{BookFeed, Channel};
use super::item::{BookItem, Item};
use super::json;
use super::options::{PrivateEncoding, VersionTwoLayout};
use super::outbox::{Body, Frame};
use super::sbe::{self, Shape};
use super::snapshot::{EventFate, SocketEvent};
use super::socket::{Encoding, Socket};
use crate::assumptions::DeltaNumbers;
use crate::simulator::clock::nanoseconds;
use crate::simulator::faults::{Injection, Moment, StreamFault, take_stream_faults};

/// What a delivery needs beside the connection.
pub(super) struct Delivery<'a> {
    pub(super) injections: &'a mut Vec<Injection>,
    pub(super) layout: VersionTwoLayout,
    pub(super) numbers: DeltaNumbers,
    pub(super) private_encoding: PrivateEncoding,
    pub(super) now: i64,
}

impl Socket {
    /// Sends an event to a subscription, or does what a fault makes of it.
    pub(super) fn deliver(&mut self, index: usize, item: &Item, delivery: &mut Delivery<'_>) {
        let Some(subscription) = self.subscriptions.get_mut(index).filter(|_| !self.is_finished) else {
            return;
        };
        let name = Arc::clone(&subscription.name);
        let spaced = match delivery.numbers {
            DeltaNumbers::Gaps => spaced(&subscription.channel, item),
            DeltaNumbers::Consecutive => None,
        };
        let item = spaced.as_ref().unwrap_or(item);
        let faults = match subscription.is_silent {
            true => Vec::new(),
            false => take_stream_faults(delivery.injections, &name, Moment::Event),
        };
        let has = |fault: StreamFault| faults.contains(&fault);
        subscription.is_silent |= has(StreamFault::Silence);
        let is_silent = subscription.is_silent;
        let held = subscription.held.take();
        let number = self.outbox.record(SocketEvent {
            channel: Arc::clone(&name),
            market: Arc::clone(item.market()),
            kind: item.kind(),
            seq: item.seq(),
            fate: EventFate::Waiting,
            data: item.payload(),
            place: None,
        });
        if is_silent {
            return self.outbox.set_fate(number, EventFate::Silenced);
        }
        self.disturb(&faults, number, delivery.now);
        if self.is_finished {
            return;
        }
        let skips = has(StreamFault::Skip);
        if skips {
            self.outbox.set_fate(number, EventFate::Skipped);
        } else if let Some(event) = self.event(&name, item, &faults, delivery) {
            self.keepalive.sent(delivery.now);
            if has(StreamFault::Cut) {
                self.outbox.set_fate(number, EventFate::Unsent);
                self.is_finished = true;
                return self.outbox.push(Body::Cut(event.bytes));
            }
            // What is wrong with the contents is more than that it comes late or twice.
            let damage = if has(StreamFault::TruncatedMessage) {
                Some(EventFate::Unreadable)
            } else {
                event.is_altered.then_some(EventFate::Altered)
            };
            let frame = |fate| Frame {
                body: event.body(&faults),
                event: Some((number, damage.unwrap_or(fate))),
            };
            if has(StreamFault::Reorder) && held.is_none() {
                if let Some(subscription) = self.subscriptions.get_mut(index) {
                    subscription.held = Some(frame(EventFate::SentLate));
                }
                return;
            }
            if let Some(time) = delay(&faults) {
                let at = delivery.now.saturating_add(nanoseconds(time));
                self.delayed.push((at, frame(EventFate::SentLate)));
            } else {
                self.outbox.push(frame(EventFate::Sent));
            }
            if has(StreamFault::Duplicate) {
                self.outbox.push(frame(EventFate::SentTwice));
            }
        }
        if let Some(held) = held {
            self.outbox.push(held);
        }
    }

    /// Does what faults do before an event, or instead of it.
    fn disturb(&mut self, faults: &[StreamFault], number: u64, now: i64) {
        for fault in faults {
            match fault {
                StreamFault::UnknownTemplate => self.outbox.push(self.unknown_message(now)),
                StreamFault::Flood(messages) => {
                    for _ in 0..*messages {
                        self.outbox.push(self.heartbeat(now));
                    }
                }
                StreamFault::Stall(time) => {
                    let until = now.saturating_add(nanoseconds(*time));
                    self.outbox.push(Body::Stall(until));
                }
                StreamFault::HalfOpen => {
                    self.outbox.set_fate(number, EventFate::Unsent);
                    self.is_finished = true;
                    self.outbox.push(Body::HalfOpen);
                }
                StreamFault::Close(code) => {
                    self.outbox.set_fate(number, EventFate::Unsent);
                    self.close(*code, "simulated fault");
                }
                _ => {}
            }
        }
    }

    /// Encodes an event. `None` if this version of the schema has no template for it.
    fn event(
        &self,
        channel: &str,
        item: &Item,
        faults: &[StreamFault],
        delivery: &Delivery<'_>,
    ) -> Option<Encoded> {
        let has = |fault: StreamFault| faults.contains(&fault);
        let is_json = has(StreamFault::JsonOnBinary);
        let nulls = has(StreamFault::Nulls);
        let encoding = match (item, delivery.private_encoding) {
            (Item::Private(_), PrivateEncoding::Json) => Encoding::Json,
            _ => self.encoding,
        };
        if let (Encoding::Sbe(version), false) = (encoding, is_json) {
            let shape = Shape {
                is_short: delivery.layout == VersionTwoLayout::Short || has(StreamFault::ShortLayout),
                nulls,
                longer_block: has(StreamFault::LongerBlock),
            };
            if let Some(bytes) = sbe::encode(item, version, shape, delivery.now) {
                return Some(Encoded {
                    bytes,
                    is_text: false,
                    is_altered: nulls,
                });
            }
        }
        let mut data = json::payload(item);
        if nulls {
            json::nulls(&mut data);
        }
        Some(Encoded {
            bytes: json::message(channel, &data).into_bytes(),
            is_text: true,
            is_altered: nulls || is_json && encoding != Encoding::Json,
        })
    }

    /// Returns a message that no client knows.
    fn unknown_message(&self, now: i64) -> Body {
        match self.encoding {
            Encoding::Sbe(version) => Body::Binary(sbe::unknown_template(version)),
            Encoding::Json => notification("simulated_unknown", now),
        }
    }

    /// Returns a heartbeat.
    pub(super) fn heartbeat(&self, now: i64) -> Body {
        match self.encoding {
            Encoding::Sbe(version) => Body::Binary(sbe::heartbeat(version, now)),
            Encoding::Json => notification("simulated_heartbeat", now),
        }
    }
}

/// Returns how late an event is sent.
fn delay(faults: &[StreamFault]) -> Option<Duration> {
    faults.iter().find_map(|fault| match fault {
        StreamFault::Delay(time) => Some(*time),
        _ => None,
    })
}

/// Returns an event of a channel of deltas with a number that does not follow its predecessor's.
fn spaced(channel: &Channel, item: &Item) -> Option<Item> {
    let (
        Channel::Book {
            feed: BookFeed::Deltas,
            ..
        },
        Item::Book(book),
    ) = (channel, item)
    else {
        return None;
    };
    Some(Item::Book(BookItem {
        seq: book.seq.saturating_mul(2),
        ..book.clone()
    }))
}

fn notification(method: &str, now: i64) -> Body {
    let text = serde_json::json!({"jsonrpc": "2.0", "method": method, "params": {"at": now}});
    Body::Text(text.to_string())
}

/// An encoded event.
struct Encoded {
    bytes: Vec<u8>,
    is_text: bool,
    is_altered: bool,
}

impl Encoded {
    fn body(&self, faults: &[StreamFault]) -> Body {
        let mut bytes = self.bytes.clone();
        if faults.contains(&StreamFault::TruncatedMessage) {
            bytes.truncate(bytes.len() / 2);
        }
        if faults.contains(&StreamFault::SplitFrames) {
            return Body::Split {
                bytes,
                is_text: self.is_text,
            };
        }
        match self.is_text {
            true => Body::Text(String::from_utf8_lossy(&bytes).into_owned()),
            false => Body::Binary(bytes),
        }
    }
}
