//! The faults of a run. Each hits one request or event in twenty.

use std::time::Duration;

use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::HeaderMap;
use paradex_api::stream::Method;
use paradex_api::stream::methods::{
    AUTH, ORDER_CANCEL, ORDER_CANCEL_ALL, ORDER_CANCEL_BATCH, ORDER_CANCEL_ON_DISCONNECT, ORDER_CREATE,
    ORDER_CREATE_BATCH, ORDER_MODIFY, SUBSCRIBE,
};
use paradex_api_ext::simulator::{Fault, Injection, InjectionHits, Simulator};

use crate::DEADLINE;
use crate::chance::Counts;
use crate::random::Random;

/// Longer than a call may take: what was given up is carried out all the same.
const LATE: Duration = DEADLINE.saturating_add(Duration::from_millis(500));

/// What a fault hits.
#[derive(Clone, Copy)]
enum Hits {
    /// Requests over HTTP.
    Http,
    /// Requests of these methods.
    Methods(&'static [&'static Method]),
    /// Events of the channels that a stream of an account follows.
    Events,
    /// Subscriptions to the channel of orders.
    Subscriptions,
    /// Connections with cancel on disconnect, when they end.
    Ends,
}

/// The methods that place and cancel orders.
const ORDERS: &[&Method] = &[
    &ORDER_CREATE,
    &ORDER_CREATE_BATCH,
    &ORDER_MODIFY,
    &ORDER_CANCEL,
    &ORDER_CANCEL_BATCH,
    &ORDER_CANCEL_ALL,
];
/// Those that make a connection ready.
const READY: &[&Method] = &[&AUTH, &ORDER_CANCEL_ON_DISCONNECT];
const SUBSCRIBES: &[&Method] = &[&SUBSCRIBE];
/// All of both.
const ALL: &[&Method] = &[
    &ORDER_CREATE,
    &ORDER_CREATE_BATCH,
    &ORDER_MODIFY,
    &ORDER_CANCEL,
    &ORDER_CANCEL_BATCH,
    &ORDER_CANCEL_ALL,
    &AUTH,
    &ORDER_CANCEL_ON_DISCONNECT,
];
/// The channels whose events have faults.
const CHANNELS: [&str; 4] = ["orders", "fills", "positions", "account"];

/// Each fault with its name.
fn table() -> Vec<(&'static str, Hits, Fault)> {
    let http = |name, fault| (name, Hits::Http, fault);
    let order = |name, fault| (name, Hits::Methods(ORDERS), fault);
    let ready = |name, fault| (name, Hits::Methods(READY), fault);
    let method = |name, fault| (name, Hits::Methods(ALL), fault);
    let event = |name, fault| (name, Hits::Events, fault);
    let subscription = |name, fault| (name, Hits::Subscriptions, fault);
    vec![
        http("http: reset before", Fault::reset_before()),
        http("http: reset after", Fault::reset_after()),
        http("http: truncated", Fault::truncated()),
        http("http: 429", Fault::rate_limited(Duration::from_secs(1))),
        http(
            "http: 503 of a gateway",
            Fault::html(StatusCode::SERVICE_UNAVAILABLE),
        ),
        http("http: drip", Fault::drip(Duration::from_millis(50))),
        http("http: half closed", Fault::half_closed()),
        http("http: garbage header", Fault::garbage_header()),
        http(
            "http: redirected after",
            Fault::raw_after(StatusCode::TEMPORARY_REDIRECT, HeaderMap::new(), ""),
        ),
        http("http: echo", Fault::echo(StatusCode::BAD_GATEWAY)),
        http("http: carried out late", Fault::delay_before(LATE)),
        method("socket: request lost", Fault::lose_request()),
        method("socket: response lost", Fault::lose_response()),
        method("socket: response late", Fault::delay_after(LATE)),
        method("socket: closed before", Fault::close_before(1012)),
        method("socket: closed after", Fault::close_after(1011)),
        method("socket: token revoked", Fault::revoke_token()),
        order("socket: carried out late", Fault::delay_before(LATE)),
        order("socket: 42901", Fault::rate_limited(None)),
        order(
            "socket: -32603 before",
            Fault::html(StatusCode::SERVICE_UNAVAILABLE),
        ),
        order(
            "socket: -32603 after",
            Fault::raw_after(StatusCode::BAD_GATEWAY, HeaderMap::new(), ""),
        ),
        order("socket: echo", Fault::echo(StatusCode::BAD_GATEWAY)),
        order("socket: reset before", Fault::reset_before()),
        order("socket: reset after", Fault::reset_after()),
        order("socket: response of nulls", Fault::nulls(0)),
        ready(
            "socket: not ready in time",
            Fault::delay_after(Duration::from_secs(12)),
        ),
        (
            "socket: closed after subscribing",
            Hits::Methods(SUBSCRIBES),
            Fault::close_after(1012),
        ),
        (
            "socket: orders kept at the end",
            Hits::Ends,
            Fault::keep_orders_on_disconnect(),
        ),
        subscription("stream: no acknowledgement", Fault::no_acknowledgement()),
        subscription(
            "stream: acknowledged and silent",
            Fault::acknowledge_then_silence(),
        ),
        event("stream: dropped", Fault::skip_event()),
        event("stream: twice", Fault::duplicate_event()),
        event("stream: out of order", Fault::reorder_events()),
        event("stream: late", Fault::delay_event(Duration::from_secs(3))),
        event("stream: silent", Fault::silence_channel()),
        event("stream: unknown template", Fault::unknown_template()),
        event("stream: longer block", Fault::longer_block()),
        event("stream: short layout", Fault::short_layout()),
        event("stream: truncated", Fault::truncated_message()),
        event("stream: JSON on SBE", Fault::json_on_binary()),
        event("stream: split frames", Fault::split_frames()),
        event("stream: flood", Fault::flood(3)),
        event("stream: stall", Fault::stall(Duration::from_secs(25))),
        event("stream: half open", Fault::half_open()),
        event("stream: closed", Fault::close_socket(1012)),
        event("stream: cut", Fault::cut_frame()),
    ]
}

/// The faults that a run has injected.
pub(crate) struct Injected(Vec<(&'static str, InjectionHits)>);

impl Injected {
    /// Injects each of the faults with this probability, and once for certain if that is possible at all.
    pub(crate) fn new(exchange: &Simulator, random: &mut Random, probability: u64) -> Self {
        let mut hits = Vec::new();
        for (name, target, fault) in table() {
            let is_frequent = random.percent(probability);
            let mut inject = |of: &dyn Fn(Injection) -> Injection, is_sure: bool| {
                let injection = of(Injection::new(fault.clone()));
                hits.push((name, injection.hits()));
                if is_frequent {
                    let seed = random.below(u64::MAX);
                    exchange.inject(injection.clone().with_probability(5, seed));
                }
                if is_sure {
                    let skip = usize::try_from(random.below(3)).unwrap();
                    exchange.inject(injection.skip(skip));
                }
            };
            match target {
                Hits::Http | Hits::Ends => inject(&|injection| injection, true),
                Hits::Methods(methods) => {
                    for (number, method) in methods.iter().enumerate() {
                        inject(&|injection| injection.on(*method), number == 0);
                    }
                }
                Hits::Events => {
                    for (number, channel) in CHANNELS.into_iter().enumerate() {
                        inject(&|injection| injection.on_channel(channel), number == 0);
                    }
                }
                Hits::Subscriptions => inject(&|injection| injection.on_channel("orders"), true),
            }
        }
        Self(hits)
    }

    /// Adds how often each fault has hit.
    pub(crate) fn count(&self, counts: &Counts) {
        for (name, hits) in &self.0 {
            counts.add_many(format!("fault, {name}"), hits.count());
        }
    }
}

/// The names of all faults, as they are counted.
pub(crate) fn names() -> impl Iterator<Item = String> {
    table().into_iter().map(|(name, ..)| format!("fault, {name}"))
}
