//! The messages that wait for a client, and the log of what became of its events.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::snapshot::{EventFate, SocketEnd, SocketEvent};
use crate::simulator::state::locked;

/// What is written to a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Body {
    Text(String),
    Binary(Vec<u8>),
    /// A message in two frames.
    Split {
        bytes: Vec<u8>,
        is_text: bool,
    },
    Ping,
    Close {
        code: u16,
        reason: &'static str,
    },
    /// Nothing is written until this time, in nanoseconds since the Unix epoch.
    Stall(i64),
    /// Nothing is read or written from here on, and the connection stays open.
    HalfOpen,
    /// The beginning of a frame; then the connection breaks.
    Cut(Vec<u8>),
}

/// A message that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) body: Body,
    /// The number of the event in the log, and its fate as soon as it is written.
    pub(super) event: Option<(u64, EventFate)>,
}

impl From<Body> for Frame {
    fn from(body: Body) -> Self {
        Self { body, event: None }
    }
}

/// What the task of a connection shares with the rest of the simulator.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    inner: Mutex<Inner>,
    /// Wakes the task: there is a message, the clock was moved, or the connection shall end.
    pub(super) wake: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    frames: VecDeque<Frame>,
    events: VecDeque<SocketEvent>,
    forgotten: u64,
    kept: usize,
    /// How many events have their payload.
    payloads: usize,
    kept_payloads: usize,
    /// The number of the oldest event that can have its payload.
    first_payload: u64,
    /// How many events were handed to the socket.
    written: u64,
    ended: Option<SocketEnd>,
}

impl Outbox {
    pub(super) fn new(kept: usize, kept_payloads: usize) -> Arc<Self> {
        let inner = Inner {
            kept,
            kept_payloads,
            ..Inner::default()
        };
        Arc::new(Self {
            inner: Mutex::new(inner),
            wake: Notify::new(),
        })
    }

    /// Adds an event to the log, and returns its number.
    pub(super) fn record(&self, event: SocketEvent) -> u64 {
        let mut inner = locked(&self.inner);
        inner.payloads += usize::from(event.data.is_some());
        inner.events.push_back(event);
        while inner.events.len() > inner.kept {
            let oldest = inner.events.pop_front();
            let had_payload = oldest.is_some_and(|oldest| oldest.data.is_some());
            inner.payloads -= usize::from(had_payload);
            inner.forgotten += 1;
        }
        let most = inner.kept_payloads;
        inner.drop_payloads(most);
        let number = inner.events.len() as u64;
        (inner.forgotten + number).saturating_sub(1)
    }

    /// Sets the fate of an event.
    pub(super) fn set_fate(&self, number: u64, fate: EventFate) {
        if let Some(event) = locked(&self.inner).event(number) {
            event.fate = fate;
        }
    }

    /// Adds a message, and wakes the task.
    pub(super) fn push(&self, frame: impl Into<Frame>) {
        let frame = frame.into();
        let mut inner = locked(&self.inner);
        if inner.ended.is_some() {
            return;
        }
        inner.frames.push_back(frame);
        drop(inner);
        self.wake.notify_one();
    }

    /// Takes the next message.
    pub(super) fn pop(&self) -> Option<Frame> {
        locked(&self.inner).frames.pop_front()
    }

    /// Notes that a message was handed to the socket.
    pub(super) fn written(&self, event: Option<(u64, EventFate)>) {
        if let Some((number, fate)) = event {
            let mut inner = locked(&self.inner);
            let place = inner.written;
            inner.written += 1;
            if let Some(event) = inner.event(number) {
                event.fate = fate;
                event.place.get_or_insert(place);
            }
        }
    }

    /// Returns how many messages wait.
    pub(super) fn waiting(&self) -> usize {
        locked(&self.inner).frames.len()
    }

    /// Ends the connection, unless it has ended: what waits is never sent.
    pub(super) fn end(&self, how: SocketEnd) {
        let mut inner = locked(&self.inner);
        if inner.ended.is_some() {
            return;
        }
        inner.ended = Some(how);
        inner.frames.clear();
        for event in &mut inner.events {
            if event.fate == EventFate::Waiting {
                event.fate = EventFate::Unsent;
            }
        }
        drop(inner);
        self.wake.notify_one();
    }

    /// Returns how the connection ended.
    pub(super) fn ended(&self) -> Option<SocketEnd> {
        locked(&self.inner).ended.clone()
    }

    /// Returns how many events are kept.
    pub(super) fn kept_events(&self) -> usize {
        locked(&self.inner).events.len()
    }

    /// Returns how many payloads are kept.
    pub(super) fn payloads(&self) -> usize {
        locked(&self.inner).payloads
    }

    /// Forgets the payloads of all events.
    pub(super) fn drop_payloads(&self) {
        locked(&self.inner).drop_payloads(0);
    }

    /// Returns the events, and how many are no longer kept.
    pub(super) fn events(&self) -> (Vec<SocketEvent>, u64) {
        let inner = locked(&self.inner);
        (inner.events.iter().cloned().collect(), inner.forgotten)
    }
}

impl Inner {
    /// Forgets the oldest payloads until no more than these are left.
    fn drop_payloads(&mut self, most: usize) {
        self.first_payload = self.first_payload.max(self.forgotten);
        while self.payloads > most {
            let number = self.first_payload;
            let Some(event) = self.event(number) else { return };
            let had_payload = event.data.take().is_some();
            self.payloads -= usize::from(had_payload);
            self.first_payload += 1;
        }
    }

    fn event(&mut self, number: u64) -> Option<&mut SocketEvent> {
        let index = usize::try_from(number.checked_sub(self.forgotten)?).ok()?;
        self.events.get_mut(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::stream::snapshot::EventKind;

    fn event(seq: i64) -> SocketEvent {
        SocketEvent {
            channel: "bbo.X".into(),
            market: "X".into(),
            kind: EventKind::Bbo,
            seq,
            fate: EventFate::Waiting,
            data: None,
            place: None,
        }
    }

    #[test]
    fn fate_is_set_by_number_also_after_events_were_forgotten() {
        let outbox = Outbox::new(2, 2);
        let numbers: Vec<u64> = (0..3).map(|seq| outbox.record(event(seq))).collect();
        assert_eq!(numbers, [0, 1, 2]);
        for number in numbers {
            outbox.set_fate(number, EventFate::Sent);
        }
        let (events, forgotten) = outbox.events();
        let seqs: Vec<(i64, EventFate)> = events.iter().map(|event| (event.seq, event.fate)).collect();
        assert_eq!(
            (seqs, forgotten),
            (vec![(1, EventFate::Sent), (2, EventFate::Sent)], 1)
        );
    }

    #[test]
    fn payloads_of_the_newest_events_are_kept() {
        let outbox = Outbox::new(4, 2);
        for seq in 0..6 {
            let data = (seq != 4).then(|| "{}".into());
            outbox.record(SocketEvent { data, ..event(seq) });
        }
        let kept = || -> Vec<(i64, bool)> {
            let (events, _) = outbox.events();
            events
                .iter()
                .map(|event| (event.seq, event.data.is_some()))
                .collect()
        };
        assert_eq!(kept(), [(2, false), (3, true), (4, false), (5, true)]);
        assert_eq!(outbox.payloads(), 2);
        outbox.drop_payloads();
        assert_eq!(
            (kept().iter().any(|(_, has)| *has), outbox.payloads()),
            (false, 0)
        );
    }

    #[test]
    fn end_drops_what_waits_and_the_first_end_counts() {
        let outbox = Outbox::new(10, 10);
        let number = outbox.record(event(1));
        outbox.push(Frame {
            body: Body::Ping,
            event: Some((number, EventFate::Sent)),
        });
        outbox.end(SocketEnd::Closed(4031));
        outbox.end(SocketEnd::Client);
        outbox.push(Body::Ping);
        assert_eq!((outbox.pop(), outbox.waiting()), (None, 0));
        assert_eq!(outbox.ended(), Some(SocketEnd::Closed(4031)));
        assert_eq!(outbox.events().0[0].fate, EventFate::Unsent);
    }
}
