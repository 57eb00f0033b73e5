//! The methods that clients call.

use std::net::IpAddr;
use std::sync::Weak;

use paradex_api::Secret;
use paradex_api::stream::{self, Method, methods};
use serde_json::{Value, json};

use super::book::View;
use super::channel::{BadChannel, BookFeed, Channel, Scope};
use super::item::Item;
use super::options::{
    AuthOfNarrowedToken, FirstMessage, PlainConnections, SecondAuth, SharedBbo, UnmatchedTick,
};
use super::rpc::{Request, RpcError, code, response};
use super::socket::{Encoding, Socket, SocketSession, Subscription};
use super::streams::{Outside, Streams};
use super::{orders, periodic};
use crate::assumptions::RequestWithoutId;
use crate::simulator::Simulator;
use crate::simulator::clock::nanoseconds;
use crate::simulator::faults::{ActiveFaults, Moment, SocketFault, StreamFault, take_stream_faults};
use crate::simulator::handle::Running;
use crate::simulator::log::{LoggedRequest, Observer};
use crate::simulator::market::Markets;
use crate::simulator::session::Caller;
use crate::simulator::state::{State, World};

/// What a method leads to, beside its response.
#[derive(Debug, Default)]
struct Then {
    /// The subscription that begins.
    begin: Option<usize>,
    /// Whether no response is sent.
    is_unacknowledged: bool,
}

/// A request or a response that a fault has delayed.
#[derive(Debug)]
pub(super) struct Late {
    /// When it is handled or sent.
    pub(super) due: i64,
    number: u64,
    what: LateMessage,
}

#[derive(Debug)]
enum LateMessage {
    /// With whoever had authenticated when it arrived, because it is handled also if the connection has ended.
    Request(Box<(Request, ActiveFaults, Option<Origin>)>),
    Response(Reply),
}

/// A response as it is sent.
#[derive(Debug)]
struct Reply {
    text: String,
    /// Whether it says that cancel on disconnect is on.
    is_arming: bool,
}

impl Reply {
    fn send(self, socket: &mut Socket, now: i64) {
        socket.is_arming_acknowledged |= self.is_arming;
        socket.reply(self.text, now);
    }
}

/// Returns whether a response says that cancel on disconnect is on. No other result has such a field.
fn is_arming(response: &Value) -> bool {
    response.pointer("/result/enabled") == Some(&Value::Bool(true))
}

/// The methods that cancel on disconnect is for.
const PLACING: [&Method; 3] = [
    &methods::ORDER_CREATE,
    &methods::ORDER_CREATE_BATCH,
    &methods::ORDER_MODIFY,
];

/// Where a request came from.
#[derive(Debug, Clone)]
struct Origin {
    address: IpAddr,
    caller: Option<Caller>,
}

/// Handles a text frame of a client.
pub(super) fn receive(world: &World, running: &Weak<Running>, number: u64, text: &str) {
    let request = match Request::parse(text) {
        Ok(request) => request,
        Err((id, error)) => {
            let (mut state, now) = (world.state(), world.clock.now());
            state.with_streams(world, now, |streams, outside| streams.catch_up(outside));
            if let Some(socket) = state.streams.socket(number) {
                socket.reply(response(id, Err(error), now).to_string(), now);
            }
            return;
        }
    };
    let faults = ActiveFaults::take_for_method(&mut world.injections(), &request.method);
    for action in faults.run_before() {
        if let Some(running) = running.upgrade() {
            action(&Simulator::from_running(running));
        }
    }
    if faults.has_socket(SocketFault::LoseRequest) {
        return;
    }
    let mut state = world.state();
    let now = world.clock.now();
    let Some(socket) = state.streams.socket(number).filter(|socket| !socket.is_finished) else {
        return;
    };
    if faults.reset_before() {
        return socket.break_off();
    }
    if let Some(code) = faults.close(true) {
        return socket.close(code, "simulated fault");
    }
    if !socket.is_arming_acknowledged && PLACING.iter().any(|method| method.name == request.method) {
        socket.unarmed_orders += 1;
    }
    let caller = socket.session.as_ref().map(|session| session.caller.clone());
    let address = socket.address;
    let origin = Origin { address, caller };
    match faults.delay_before() {
        None => {
            drop(state);
            handle(world, number, &request, &faults, origin);
        }
        Some(delay) => state.streams.late.push(Late {
            due: now.saturating_add(nanoseconds(delay)),
            number,
            what: LateMessage::Request(Box::new((request, faults, Some(origin)))),
        }),
    }
    world.wake.notify_one();
}

/// Handles and sends what faults have delayed, as far as it is due.
pub(super) fn handle_late(world: &World) {
    let now = world.clock.now();
    let mut due: Vec<Late> = {
        let streams = &mut world.state().streams;
        let (due, rest) = std::mem::take(&mut streams.late)
            .into_iter()
            .partition(|late| late.due <= now);
        streams.late = rest;
        due
    };
    due.sort_by_key(|late| late.due);
    for Late { number, what, .. } in due {
        match what {
            LateMessage::Request(late) => {
                if let (request, faults, Some(origin)) = *late {
                    handle(world, number, &request, &faults, origin);
                }
            }
            LateMessage::Response(reply) => {
                if let Some(socket) = world.state().streams.socket(number)
                    && !socket.is_finished
                {
                    reply.send(socket, now);
                }
            }
        }
    }
}

/// Handles a request, and responds as faults let it.
fn handle(world: &World, number: u64, request: &Request, faults: &ActiveFaults, origin: Origin) {
    let mut guard = world.state();
    let state = &mut *guard;
    let now = world.clock.now();
    state.with_streams(world, now, |streams, outside| streams.catch_up(outside));
    if faults.has_socket(SocketFault::RevokeToken)
        && let Some(session) = state
            .streams
            .socket(number)
            .and_then(|socket| socket.session.clone())
    {
        state.revoke_credential(session.token.expose(), now);
    }
    let (result, logged) = run(world, state, (number, request), faults, origin, now);
    let result = match faults.response_after() {
        Some(instead) => Err(orders::refusal_of(instead, &state.streams.options)),
        None => result,
    };
    let (result, then) = match result {
        Ok((value, then)) => (Ok(value), then),
        Err(error) => (Err(error), Then::default()),
    };
    let ignores = state.streams.options.switches.without_id == RequestWithoutId::NotResponded;
    let gets_response = request.id.is_some() || !ignores;
    let is_lost = then.is_unacknowledged || faults.has_socket(SocketFault::LoseResponse);
    let mut response = response(request.id.clone(), result, now);
    faults.edit_method(&mut response);
    let delay = faults.delay_after();
    state.with_streams(world, now, |streams, outside| {
        if streams.options.events_before_responses {
            streams.catch_up(outside);
        }
        let Some(socket) = streams.socket(number).filter(|socket| !socket.is_finished) else {
            return;
        };
        if faults.ending().is_some() {
            return socket.break_off();
        }
        if let Some(code) = faults.close(false) {
            return socket.close(code, "simulated fault");
        }
        if gets_response && !is_lost {
            let reply = Reply {
                text: response.to_string(),
                is_arming: is_arming(&response),
            };
            match delay.is_zero() {
                true => reply.send(socket, now),
                false => streams.late.push(Late {
                    due: now.saturating_add(nanoseconds(delay)),
                    number,
                    what: LateMessage::Response(reply),
                }),
            }
        }
        if let Some(index) = then.begin {
            let first = streams.first(number, index, outside);
            streams.begin(number, index, first, outside);
        }
    });
    drop(guard);
    if let Some(request) = logged {
        log(world, request);
    }
    world.wake.notify_one();
}

/// Adds a request with its response to the log.
fn log(world: &World, request: LoggedRequest) {
    let observer = &world.settings.observer;
    if let Some(Observer(observer)) = observer {
        observer(&request);
    }
    world.log().arrived(request);
}

type Outcome = Result<(Value, Then), RpcError>;

/// Runs a method. Methods of orders come with their entry for the log.
fn run(
    world: &World,
    state: &mut State,
    (number, request): (u64, &Request),
    faults: &ActiveFaults,
    origin: Origin,
    now: i64,
) -> (Outcome, Option<LoggedRequest>) {
    let method = stream::find_method(&request.method);
    let order = method.filter(|method| method.needs_auth);
    let logged = order.map(|method| orders::logged(method, request, origin.address));
    let refused = |error: RpcError| {
        let logged = logged.clone().map(|logged| LoggedRequest {
            refusal: Some(error.to_string()),
            ..logged
        });
        (Err(error), logged)
    };
    if let Some(refusal) = logged.as_ref().and_then(|logged| faults.response_before(logged)) {
        return refused(orders::refusal_of(&refusal, &state.streams.options));
    }
    let Some(method) = order else {
        let outcome = match request.method.as_str() {
            "auth" => authenticate(world, state, number, request, now),
            _ => state.with_streams(world, now, |streams, outside| {
                streams.call(number, request, outside)
            }),
        };
        return (outcome, None);
    };
    let Some(caller) = origin.caller else {
        let what = "the method needs authentication";
        return refused(RpcError::new(code::FORBIDDEN, what));
    };
    if let Err(error) = state.check_standing(&world.settings, number, now) {
        return refused(error);
    }
    if method == &methods::ORDER_CANCEL_ON_DISCONNECT {
        return match state.streams.set_cancel_on_disconnect(number, request, &caller) {
            Ok(value) => (Ok((value, Then::default())), logged),
            Err(error) => refused(error),
        };
    }
    let call = orders::call(world, state, (caller, origin.address), (method, request), now);
    let account = state
        .streams
        .socket(number)
        .and_then(|socket| socket.account.clone())
        .and_then(|account| state.trading.account(&account));
    for id in &call.placed {
        let order = account.and_then(|account| state.trading.order(account, id));
        if let Some(order) = order.map(|order| order.id) {
            state.streams.placed(number, order, &state.trading);
        }
    }
    let outcome = call.result.map(|value| (value, Then::default()));
    (outcome, Some(call.logged))
}

/// Binds a connection to the account of a session.
fn authenticate(world: &World, state: &mut State, number: u64, request: &Request, now: i64) -> Outcome {
    let bearer = request.text("bearer")?;
    if bearer.trim().is_empty() {
        return Err(RpcError::new(code::MALFORMED_BEARER, "bearer: must not be empty"));
    }
    let options = &state.streams.options.switches;
    let (second, narrowed) = (options.second_auth, options.narrowed_auth);
    let Some(socket) = state.streams.socket(number) else {
        return Ok(Default::default());
    };
    if socket.account.is_some() && second == SecondAuth::Refused {
        let what = "the connection is authenticated already";
        return Err(RpcError::new(code::INVALID_REQUEST, what));
    }
    let address = socket.address;
    let switches = &world.settings.switches;
    let authorization = format!("Bearer {bearer}");
    let signed_in = |checks: bool| {
        let address = checks.then_some(address);
        state.signed_in_from(switches, Some(&authorization), address, now)
    };
    let was_narrowed = narrowed == AuthOfNarrowedToken::Accepted && signed_in(true).is_err();
    let caller = signed_in(narrowed == AuthOfNarrowedToken::Refused).map_err(|refusal| {
        let why = refusal.error_part();
        let why = why.get("message").and_then(Value::as_str).unwrap_or_default();
        RpcError::new(code::INVALID_BEARER, why)
    })?;
    let expires = state.expires(bearer).unwrap_or(i64::MAX);
    if let Some(socket) = state.streams.socket(number) {
        socket.account = Some(caller.account.clone());
        socket.session = Some(SocketSession {
            caller,
            token: Secret::new(bearer),
            expires,
            was_narrowed,
        });
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
            method => Err(RpcError::new(code::METHOD_NOT_FOUND, format!("{method:?}"))),
        }
    }

    /// Arms or disarms cancel on disconnect.
    fn set_cancel_on_disconnect(
        &mut self,
        number: u64,
        request: &Request,
        caller: &Caller,
    ) -> Result<Value, RpcError> {
        let Some(Value::Bool(enabled)) = request.params.get("enabled") else {
            return Err(RpcError::parameters("enabled: must be true or false"));
        };
        if caller.read_only {
            return Err(RpcError::new(code::FORBIDDEN, "the token may only read"));
        }
        if let Some(socket) = self.socket(number) {
            socket.cancel_on_disconnect = *enabled;
        }
        Ok(json!({"enabled": enabled}))
    }

    fn subscribe(&mut self, number: u64, request: &Request, outside: &mut Outside<'_>) -> Outcome {
        let name = request.text("channel")?;
        let base = match request.params.get("base_asset") {
            None | Some(Value::Null) => None,
            Some(_) => Some(request.text("base_asset")?.to_owned()),
        };
        let channel = channel(request, name, base.as_deref(), outside.markets)?;
        let options = &self.options;
        let plain = options.switches.plain;
        let Some(socket) = self.sockets.iter().find(|socket| socket.number == number) else {
            return Ok(Default::default());
        };
        check_rules(
            socket,
            name,
            base.as_deref(),
            &channel,
            options.switches.shared_bbo,
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
        if !fits && options.switches.unmatched_tick == UnmatchedTick::Refused {
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
            _ if self.options.switches.first == FirstMessage::NextChange => Vec::new(),
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
