//! The methods that clients call.

use serde_json::{Value, json};

use super::book::View;
use super::channel::{BadChannel, BookFeed, Channel, Scope};
use super::item::Item;
use super::options::{FirstMessage, PlainConnections, SecondAuth, SharedBbo, UnmatchedTick};
use super::periodic;
use super::rpc::{Request, RpcError, code, response};
use super::socket::{Encoding, Socket, Subscription};
use super::streams::{Outside, Streams};
use crate::assumptions::RequestWithoutId;
use crate::simulator::faults::{Moment, StreamFault, take_stream_faults};
use crate::simulator::market::Markets;
use crate::simulator::state::{State, World};

/// The methods of orders. They are not simulated yet.
const ORDER_METHODS: &str = "order.";

/// What a method leads to, beside its response.
#[derive(Debug, Default)]
struct Then {
    /// The subscription that begins.
    begin: Option<usize>,
    /// Whether no response is sent.
    is_unacknowledged: bool,
}

/// Handles a text frame of a client.
pub(super) fn receive(world: &World, number: u64, text: &str) {
    let mut state = world.state();
    let now = world.clock.now();
    state.with_streams(world, now, |streams, outside| streams.catch_up(outside));
    let mut gets_response = true;
    let (id, result) = match Request::parse(text) {
        Err((id, error)) => (id, Err(error)),
        Ok(request) => {
            let result = match request.method.as_str() {
                "auth" => authenticate(world, &mut state, number, &request, now),
                _ => state.with_streams(world, now, |streams, outside| {
                    streams.call(number, &request, outside)
                }),
            };
            let ignores = state.streams.options.without_id == RequestWithoutId::NotResponded;
            gets_response = request.id.is_some() || !ignores;
            (request.id, result)
        }
    };
    let (result, then) = match result {
        Ok((value, then)) => (Ok(value), then),
        Err(error) => (Err(error), Then::default()),
    };
    state.with_streams(world, now, |streams, outside| {
        let Some(socket) = streams.socket(number) else {
            return;
        };
        if gets_response && !then.is_unacknowledged && !socket.is_finished {
            socket.reply(response(id, result, now), now);
        }
        if let Some(index) = then.begin {
            let first = streams.first(number, index, outside);
            streams.begin(number, index, first, outside);
        }
    });
    drop(state);
    world.wake.notify_one();
}

type Outcome = Result<(Value, Then), RpcError>;

/// Binds a connection to the account of a session.
fn authenticate(world: &World, state: &mut State, number: u64, request: &Request, now: i64) -> Outcome {
    let bearer = request.text("bearer")?;
    if bearer.trim().is_empty() {
        return Err(RpcError::new(code::MALFORMED_BEARER, "bearer: must not be empty"));
    }
    let second = state.streams.options.second_auth;
    let Some(socket) = state.streams.socket(number) else {
        return Ok(Default::default());
    };
    if socket.account.is_some() && second == SecondAuth::Refused {
        let what = "the connection is authenticated already";
        return Err(RpcError::new(code::INVALID_REQUEST, what));
    }
    let address = socket.address;
    let switches = &world.settings.switches;
    let caller = state.signed_in(switches, Some(&format!("Bearer {bearer}")), address, now);
    let caller = caller.map_err(|refusal| {
        let why = refusal.error_part();
        let why = why.get("message").and_then(Value::as_str).unwrap_or_default();
        RpcError::new(code::INVALID_BEARER, why)
    })?;
    if let Some(socket) = state.streams.socket(number) {
        socket.account = Some(caller.account);
    }
    state.with_streams(world, now, |streams, outside| {
        streams.watch_accounts(outside.trading)
    });
    Ok((json!({"node_id": "simulated-node-1"}), Then::default()))
}

impl Streams {
    fn call(&mut self, number: u64, request: &Request, outside: &mut Outside<'_>) -> Outcome {
        match request.method.as_str() {
            "subscribe" => self.subscribe(number, request, outside),
            "unsubscribe" => self.unsubscribe(number, request, outside),
            "modify_subscription" => self.modify(number, request, outside),
            method => {
                let what = match method.starts_with(ORDER_METHODS) {
                    true => format!("{method:?} is not supported by the simulator"),
                    false => format!("{method:?}"),
                };
                Err(RpcError::new(code::METHOD_NOT_FOUND, what))
            }
        }
    }

    fn subscribe(&mut self, number: u64, request: &Request, outside: &mut Outside<'_>) -> Outcome {
        let name = request.text("channel")?;
        let base = match request.params.get("base_asset") {
            None | Some(Value::Null) => None,
            Some(_) => Some(request.text("base_asset")?.to_owned()),
        };
        let channel = channel(request, name, base.as_deref(), outside.markets)?;
        let options = &self.options;
        let plain = options.plain;
        let Some(socket) = self.sockets.iter().find(|socket| socket.number == number) else {
            return Ok(Default::default());
        };
        check_rules(
            socket,
            name,
            base.as_deref(),
            &channel,
            options.shared_bbo,
            options.most_subscriptions,
        )?;
        let is_private = matches!(channel, Channel::Private(..));
        if is_private && socket.account.is_none() {
            // The documents list this code for `subscribe`, and 40300 for order methods only.
            return Err(RpcError::new(
                code::INVALID_BEARER,
                format!("{name:?}: authenticate first"),
            ));
        }
        let is_plain = socket.encoding == Encoding::Json && !is_private;
        if is_plain && plain == PlainConnections::Refused {
            return Err(RpcError::subscription(
                "public channels are served with SBE only; ask for it with sbeSchemaId and sbeSchemaVersion",
            ));
        }
        if socket.encoding == Encoding::Sbe(0) && matches!(channel, Channel::FundingComparison(_)) {
            return Err(RpcError::subscription(
                "schema version 0 has no template for this channel",
            ));
        }
        let fits = tick_fits(&channel, outside.markets);
        if !fits && options.unmatched_tick == UnmatchedTick::Refused {
            return Err(RpcError::subscription("the price tick does not fit the market"));
        }
        let faults = take_stream_faults(outside.injections, name, Moment::Subscribing);
        self.follow(&channel, outside);
        let mut subscription = Subscription::new(name, base, channel);
        subscription.is_silent = is_plain && plain == PlainConnections::Silent
            || !fits
            || matches!(subscription.channel, Channel::Dead(_))
            || faults.contains(&StreamFault::AcknowledgeThenSilence);
        let mut then = Then {
            is_unacknowledged: faults.contains(&StreamFault::NoAcknowledgement),
            ..Then::default()
        };
        if let Some(socket) = self.socket(number) {
            socket.subscriptions.push(subscription);
            socket.keepalive.set_subscribed(true, outside.now);
            then.begin = socket.subscriptions.len().checked_sub(1);
        }
        self.watch_accounts(outside.trading);
        Ok((json!({"channel": name}), then))
    }

    fn unsubscribe(&mut self, number: u64, request: &Request, outside: &mut Outside<'_>) -> Outcome {
        let name = request.text("channel")?;
        let base = request.params.get("base_asset").and_then(Value::as_str);
        let Some(socket) = self.socket(number) else {
            return Ok(Default::default());
        };
        let Some(index) = socket.find(name, base) else {
            return Err(RpcError::new(
                code::INVALID_REQUEST,
                format!("{name:?} is not subscribed"),
            ));
        };
        let subscription = socket.subscriptions.remove(index);
        if let Some(held) = subscription.held {
            socket.outbox.push(held);
        }
        let is_subscribed = !socket.subscriptions.is_empty();
        socket.keepalive.set_subscribed(is_subscribed, outside.now);
        self.drop_unused_feeds(outside.trading);
        Ok((json!({"channel": name}), Then::default()))
    }

    /// Changes the list of markets of a subscription.
    fn modify(&mut self, number: u64, request: &Request, outside: &mut Outside<'_>) -> Outcome {
        let name = request.text("channel")?;
        let (add, remove) = (
            request.list("add")?.unwrap_or_default(),
            request.list("remove")?.unwrap_or_default(),
        );
        let unknown = add.iter().find(|market| outside.markets.get(market).is_none());
        if let Some(market) = unknown {
            return Err(RpcError::parameters(format!(
                "add: market {market:?} does not exist"
            )));
        }
        let Some(socket) = self.socket(number) else {
            return Ok(Default::default());
        };
        let found = socket
            .find(name, None)
            .and_then(|index| socket.subscriptions.get_mut(index));
        let Some(Channel::Summary(Scope::List(list))) = found.map(|found| &mut found.channel) else {
            let what = format!("{name:?} is not subscribed with a list of markets");
            return Err(RpcError::new(code::INVALID_REQUEST, what));
        };
        list.retain(|market| !remove.contains(market));
        for market in &add {
            if !list.contains(market) {
                list.push(market.clone());
            }
        }
        Ok((
            json!({"channel": name, "add": add, "remove": remove}),
            Then::default(),
        ))
    }

    /// Returns the first messages of a subscription.
    fn first(&self, number: u64, index: usize, outside: &mut Outside<'_>) -> Vec<Item> {
        let socket = self.sockets.iter().find(|socket| socket.number == number);
        let Some(found) = socket.and_then(|socket| socket.subscriptions.get(index)) else {
            return Vec::new();
        };
        let books = || self.feeds_of(&found.channel).map(|feed| &feed.book);
        match &found.channel {
            Channel::Book {
                interactive, feed, ..
            } => {
                let view = View::new(*interactive);
                let item = books().map(|book| match feed {
                    BookFeed::Deltas => book.snapshot(view),
                    BookFeed::Top { tick, .. } => book.top(view, super::streams::units(*tick)),
                });
                item.map(Item::Book).collect()
            }
            Channel::Private(..) if self.options.first_private == FirstMessage::NextChange => Vec::new(),
            Channel::Private(kind, _) => {
                let account = socket.and_then(|socket| socket.account.as_deref());
                let current = outside
                    .trading
                    .current(account.unwrap_or_default(), *kind, outside.now);
                current.into_iter().map(Item::Private).collect()
            }
            _ if self.options.first == FirstMessage::NextChange => Vec::new(),
            Channel::Bbo { interactive, .. } => {
                let view = View::new(*interactive);
                books().map(|book| Item::Bbo(book.bbo(view))).collect()
            }
            other => periodic::current(other, outside.markets, outside.now),
        }
    }
}

/// Reads the channel that a request names.
fn channel(
    request: &Request,
    name: &str,
    base: Option<&str>,
    markets: &Markets,
) -> Result<Channel, RpcError> {
    let parsed = match base {
        Some(base) => Channel::with_base(name, base),
        None => Channel::parse(name),
    };
    let channel = parsed.map_err(|error| {
        RpcError::subscription(match error {
            BadChannel::Unknown => format!("invalid channel {name:?}"),
            BadChannel::DeltasWithParameters => {
                format!("invalid channel {name:?}: channels of deltas have no parameters")
            }
        })
    })?;
    let is_known = match (channel.market(), base) {
        (Some(market), _) => markets.get(market).is_some(),
        (None, Some(base)) => markets.specs().any(|spec| spec.option_base() == Some(base)),
        (None, None) => true,
    };
    if !is_known {
        return Err(RpcError::subscription(format!(
            "invalid channel {name:?}: there is no such market"
        )));
    }
    match (channel, request.list("markets")?) {
        (channel, None) => Ok(channel),
        (Channel::Summary(Scope::All), Some(list)) if name == "markets_summary" => {
            match list.iter().find(|market| markets.get(market).is_none()) {
                Some(market) => Err(RpcError::parameters(format!(
                    "markets: market {market:?} does not exist"
                ))),
                None => Ok(Channel::Summary(Scope::List(list))),
            }
        }
        (_, Some(_)) => Err(RpcError::parameters(
            "markets: only `markets_summary` can have it",
        )),
    }
}

/// Checks a subscription against those that the connection has.
fn check_rules(
    socket: &Socket,
    name: &str,
    base: Option<&str>,
    channel: &Channel,
    shared_bbo: SharedBbo,
    most: Option<usize>,
) -> Result<(), RpcError> {
    if socket.find(name, base).is_some() {
        return Err(RpcError::subscription(format!("{name:?} is subscribed already")));
    }
    if most.is_some_and(|most| socket.subscriptions.len() >= most) {
        return Err(RpcError::subscription(
            "the connection has too many subscriptions",
        ));
    }
    if socket.encoding == Encoding::Json {
        return Ok(());
    }
    let clashes = |other: &&Subscription| match (&other.channel, channel) {
        (Channel::Book { market: one, .. }, Channel::Book { market: other, .. }) => one == other,
        (
            Channel::Bbo {
                scope: one,
                interactive: first,
            },
            Channel::Bbo {
                scope: other,
                interactive: second,
            },
        ) => {
            let overlap = one == other || *one == Scope::All || *other == Scope::All;
            shared_bbo == SharedBbo::Refused && first != second && overlap
        }
        _ => false,
    };
    match socket.subscriptions.iter().find(clashes) {
        None => Ok(()),
        Some(other) => Err(RpcError::subscription(format!(
            "{name:?} cannot share an SBE connection with {:?}",
            other.name
        ))),
    }
}

/// Returns whether the price tick of a channel is a multiple of the market's.
fn tick_fits(channel: &Channel, markets: &Markets) -> bool {
    let Channel::Book {
        market,
        feed: BookFeed::Top { tick: Some(tick), .. },
        ..
    } = channel
    else {
        return true;
    };
    let own = markets.get(market).map(|market| market.spec.price_tick_size);
    let rest = own.and_then(|own| tick.checked_rem(own));
    tick.is_sign_positive() && !tick.is_zero() && rest.is_some_and(|rest| rest.is_zero())
}
