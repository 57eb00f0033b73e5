//! A connection as the rest of the simulator sees it: its encoding, its subscriptions and its timers.

use std::net::IpAddr;
use std::sync::Arc;

use paradex_api::Secret;

use super::channel::Channel;
use super::keepalive::Keepalive;
use super::outbox::{Body, Frame, Outbox};
use super::snapshot::{SocketEnd, SocketSnapshot};
use crate::simulator::engine::OrderId;
use crate::simulator::session::Caller;

/// How events are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum Encoding {
    Json,
    /// In this version of the schema.
    Sbe(u16),
}

/// A connection.
#[derive(Debug)]
pub(super) struct Socket {
    pub(super) number: u64,
    pub(super) address: IpAddr,
    pub(super) encoding: Encoding,
    pub(super) outbox: Arc<Outbox>,
    pub(super) account: Option<String>,
    /// Who has authenticated.
    pub(super) session: Option<SocketSession>,
    pub(super) cancel_on_disconnect: bool,
    /// Whether the response that says so was sent.
    pub(super) is_arming_acknowledged: bool,
    /// Requests that place or change orders and arrived before that.
    pub(super) unarmed_orders: usize,
    /// The orders that were placed over it. Those that are closed are forgotten now and then.
    pub(super) placed: Vec<OrderId>,
    pub(super) subscriptions: Vec<Subscription>,
    /// Messages that a fault delays, each with its time in nanoseconds since the Unix epoch.
    pub(super) delayed: Vec<(i64, Frame)>,
    pub(super) keepalive: Keepalive,
    /// Whether it gets nothing more: it is being closed, or a fault made it half open.
    pub(super) is_finished: bool,
}

/// The credential that has authenticated a connection.
#[derive(Debug, Clone)]
pub(super) struct SocketSession {
    pub(super) caller: Caller,
    pub(super) token: Secret,
    /// When the credential expires.
    pub(super) expires: i64,
    /// Whether its allowlist did not admit the connection when it authenticated.
    pub(super) was_narrowed: bool,
}

/// A subscription to a channel.
#[derive(Debug)]
pub(super) struct Subscription {
    pub(super) name: Arc<str>,
    /// The base asset that completes the name.
    pub(super) base: Option<String>,
    pub(super) channel: Channel,
    /// Whether it is acknowledged, and gets nothing.
    pub(super) is_silent: bool,
    /// When the last message was sent, if the channel limits their rate.
    pub(super) sent_at: Option<i64>,
    /// Whether there is something to send as soon as the rate allows it.
    pub(super) is_due: bool,
    /// A message that is sent after its successor.
    pub(super) held: Option<Frame>,
}

impl Subscription {
    pub(super) fn new(name: &str, base: Option<String>, channel: Channel) -> Self {
        Self {
            name: name.into(),
            base,
            channel,
            is_silent: false,
            sent_at: None,
            is_due: false,
            held: None,
        }
    }
}

impl Socket {
    /// Sends a text that is no event.
    pub(super) fn reply(&mut self, text: String, now: i64) {
        self.keepalive.sent(now);
        self.outbox.push(Body::Text(text));
    }

    /// Sends a close frame, and nothing after it.
    pub(super) fn close(&mut self, code: u16, reason: &'static str) {
        if !self.is_finished {
            self.is_finished = true;
            self.outbox.push(Body::Close { code, reason });
        }
    }

    /// Breaks the connection.
    pub(super) fn break_off(&mut self) {
        self.is_finished = true;
        self.outbox.end(SocketEnd::Broken);
    }

    /// Sends the delayed messages that are due, oldest first.
    pub(super) fn send_delayed(&mut self, now: i64) {
        self.delayed.sort_by_key(|(at, _)| *at);
        let due = self.delayed.partition_point(|(at, _)| *at <= now);
        for (_, frame) in self.delayed.drain(..due) {
            if !self.is_finished {
                self.outbox.push(frame);
            }
        }
    }

    pub(super) fn find(&self, name: &str, base: Option<&str>) -> Option<usize> {
        let same = |found: &Subscription| &*found.name == name && found.base.as_deref() == base;
        self.subscriptions.iter().position(same)
    }

    pub(super) fn snapshot(&self) -> SocketSnapshot {
        let (events, forgotten) = self.outbox.events();
        let names = self.subscriptions.iter().map(|found| found.name.to_string());
        SocketSnapshot {
            number: self.number,
            address: self.address,
            schema_version: match self.encoding {
                Encoding::Json => None,
                Encoding::Sbe(version) => Some(version),
            },
            account: self.account.clone(),
            cancel_on_disconnect: self.cancel_on_disconnect,
            unarmed_orders: self.unarmed_orders,
            channels: names.collect(),
            ended: self.outbox.ended(),
            events,
            forgotten,
            waiting: self.outbox.waiting(),
        }
    }
}
