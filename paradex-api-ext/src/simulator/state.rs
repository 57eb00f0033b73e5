//! The state of a simulator, and its settings.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use paradex_api::testing::{Document, Matched};
use paradex_api::types::SystemStatus;
use paradex_api::{Operation, operations};
use serde_json::Value;
use tokio::sync::Notify;

use super::accounts::Account;
use super::clock::{Clock, TimeUnit};
use super::faults::Injection;
use super::limit::Buckets;
use super::log::{Log, LoggedRequest, Observer};
use super::market::{MarketSource, Markets};
use super::pending::Pending;
use super::response::SimulatedResponse;
use super::session::{Caller, Credential};
use super::stream::{Outside, StreamOptions, Streams};
use super::subkeys::Subkey;
use super::switches::Switches;
use super::tokens::Token;
use super::trading::{Liquidity, Trading};

/// The settings of the builder.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) seed: u64,
    pub(super) chain_id: String,
    pub(super) session_lifetime: Duration,
    pub(super) opaque_sessions: bool,
    pub(super) clock_tolerance: Duration,
    pub(super) sign_ins_per_minute: u32,
    pub(super) require_subkey_signature: bool,
    /// Whether signatures of orders are not verified.
    pub(super) unchecked_signatures: bool,
    pub(super) token_limit: usize,
    pub(super) time_unit: TimeUnit,
    pub(super) ip_restrictions: bool,
    pub(super) requests_per_minute: Option<u32>,
    /// How many requests for orders an account may make, over HTTP and WebSockets together.
    pub(super) orders_per_minute: Option<u32>,
    /// How long a cancellation takes to be in force.
    pub(super) cancel_delay: Duration,
    /// How far lists of orders and fills are behind.
    pub(super) list_delay: Duration,
    pub(super) lists_closed_positions: bool,
    /// What no published source says about the exchange.
    pub(super) switches: Switches,
    /// Whether only what the document allows is accepted.
    pub(super) strict: bool,
    /// Where the server listens.
    pub(super) address: SocketAddr,
    pub(super) observer: Option<Observer>,
    pub(super) markets: MarketSource,
    pub(super) speed: f64,
    pub(super) price_script: Option<PathBuf>,
    pub(super) liquidity: Liquidity,
    pub(super) trading_log: Option<PathBuf>,
    pub(super) stream: StreamOptions,
}

/// What all requests and handles share. No lock is held across an `await`.
pub(super) struct World {
    pub(super) settings: Settings,
    pub(super) markets: Markets,
    pub(super) document: &'static Document,
    pub(super) clock: Clock,
    state: Mutex<State>,
    /// Separate from the state, because it is not a part of the simulated exchange.
    log: Mutex<Log>,
    injections: Mutex<Vec<Injection>>,
    /// How many connections are open.
    pub(super) connections: Arc<AtomicUsize>,
    /// Wakes the task that sends to WebSocket connections what is due.
    pub(super) wake: Notify,
}

impl World {
    pub(super) fn new(
        settings: Settings,
        markets: Markets,
        trading: Trading,
        document: &'static Document,
    ) -> Self {
        let mut state = State {
            seed: settings.seed,
            counts: HashMap::new(),
            derived_keys: 0,
            accounts: Vec::new(),
            credentials: HashMap::new(),
            tokens: Vec::new(),
            subkeys: Vec::new(),
            trading,
            streams: Streams::new(settings.stream.clone()),
            pending: Pending::default(),
            status: SystemStatus::Ok,
            buckets: Buckets::default(),
            order_buckets: Buckets::default(),
            sign_ins: Buckets::default(),
            used_signatures: HashMap::new(),
        };
        state.add_account();
        Self {
            settings,
            markets,
            document,
            clock: Clock::new(),
            state: Mutex::new(state),
            log: Mutex::default(),
            injections: Mutex::default(),
            connections: Arc::default(),
            wake: Notify::new(),
        }
    }

    /// Locks the state, after what was due in the meantime.
    pub(super) fn state(&self) -> StateGuard<'_> {
        let mut guard = StateGuard {
            world: self,
            state: locked(&self.state),
        };
        if !guard.pending.is_empty() {
            let now = self.clock.now();
            guard.run_pending(now);
        }
        guard
    }

    pub(super) fn log(&self) -> MutexGuard<'_, Log> {
        locked(&self.log)
    }

    pub(super) fn injections(&self) -> MutexGuard<'_, Vec<Injection>> {
        locked(&self.injections)
    }
}

/// Access to the state. What changed in order books meanwhile is sent to WebSocket connections when it is dropped.
pub(super) struct StateGuard<'a> {
    world: &'a World,
    state: MutexGuard<'a, State>,
}

impl Deref for StateGuard<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for StateGuard<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

impl Drop for StateGuard<'_> {
    fn drop(&mut self) {
        let state = &mut *self.state;
        state.end_sockets(&self.world.settings, self.world.clock.now());
        let mut is_due_later = self.state.pending.take_added();
        if self.state.trading.has_published() {
            let now = self.world.clock.now();
            self.state
                .with_streams(self.world, now, |streams, outside| streams.catch_up(outside));
            is_due_later = true;
        }
        if is_due_later {
            self.world.wake.notify_one();
        }
    }
}

/// Locks a mutex, also after a panic of another thread.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The state of the simulated exchange.
pub(super) struct State {
    pub(super) seed: u64,
    /// How many keys were derived from the seed.
    pub(super) derived_keys: u64,
    /// How many ids of each kind were assigned.
    counts: HashMap<&'static str, u64>,
    pub(super) accounts: Vec<Account>,
    pub(super) credentials: HashMap<String, Credential>,
    pub(super) tokens: Vec<Token>,
    pub(super) subkeys: Vec<Subkey>,
    pub(super) trading: Trading,
    /// The WebSocket connections.
    pub(super) streams: Streams,
    pub(super) pending: Pending,
    /// Which orders are accepted.
    pub(super) status: SystemStatus,
    pub(super) buckets: Buckets,
    /// The rate limit of requests for orders, by account.
    pub(super) order_buckets: Buckets<String>,
    /// The rate limit of sign-ins.
    pub(super) sign_ins: Buckets,
    /// The signatures that a sign-in or an order has used, with the time until which they are kept. They are recorded only if
    /// they must not be used again.
    pub(super) used_signatures: HashMap<String, i64>,
}

impl State {
    /// Notes that a signature was used, and returns whether it had been used before. `keep_until` is when it expires.
    pub(super) fn is_used_again(&mut self, signature: &str, keep_until: i64, now: i64) -> bool {
        self.used_signatures.retain(|_, until| *until > now);
        self.used_signatures
            .insert(signature.to_owned(), keep_until)
            .is_some()
    }

    /// Runs a closure with the WebSocket connections, and what they need of the rest.
    pub(super) fn with_streams<T>(
        &mut self,
        world: &World,
        now: i64,
        run: impl FnOnce(&mut Streams, &mut Outside<'_>) -> T,
    ) -> T {
        let mut outside = Outside {
            trading: &mut self.trading,
            markets: &world.markets,
            injections: &mut world.injections(),
            now,
        };
        run(&mut self.streams, &mut outside)
    }

    /// Returns the next id of a kind. Each kind has its own counter, so that one more session does not change the ids of tokens.
    pub(super) fn next_id(&mut self, kind: &'static str) -> u64 {
        let count = self.counts.entry(kind).or_insert(0);
        *count += 1;
        mixed(seed_of(self.seed, kind).wrapping_add(count.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }
}

/// Returns a seed for one purpose, from the simulator's seed and the name of the purpose (FNV-1a).
pub(super) fn seed_of(seed: u64, name: &str) -> u64 {
    name.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Mixes the bits of a number (the last step of SplitMix64).
pub(super) fn mixed(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// A call that has passed all checks.
pub(super) struct Call<'a> {
    pub(super) operation: &'static Operation,
    pub(super) request: &'a LoggedRequest,
    pub(super) matched: &'a Matched<'a>,
    pub(super) caller: Option<Caller>,
    pub(super) now: i64,
}

impl Call<'_> {
    /// Returns the account of the caller.
    pub(super) fn account(&self) -> &str {
        self.caller.as_ref().map_or("", |caller| &caller.account)
    }

    /// Returns a header by its name in lower case, or an empty text.
    pub(super) fn header(&self, name: &str) -> &str {
        self.request.header(name).unwrap_or_default()
    }

    /// Returns a path parameter, or an empty text.
    pub(super) fn path(&self, name: &str) -> &str {
        value_of(&self.matched.path, name).unwrap_or_default()
    }

    /// Returns a query parameter.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        value_of(&self.matched.query, name)
    }

    /// Returns a field of the body.
    pub(super) fn field(&self, name: &str) -> Option<&Value> {
        self.matched.body.get(name)
    }

    /// Returns a field of the body that is a text and not blank.
    pub(super) fn text(&self, name: &str) -> Result<&str, SimulatedResponse> {
        self.field(name)
            .and_then(Value::as_str)
            .filter(|text| !text.trim().is_empty())
            .ok_or_else(|| SimulatedResponse::invalid(&format!("{name}: must not be empty")))
    }
}

fn value_of<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let (_, value) = pairs.iter().find(|(other, _)| other == name)?;
    Some(value)
}

/// Returns the operation of a method and a path template.
pub(super) fn operation(method: &str, path: &str) -> Option<&'static Operation> {
    operations::ALL
        .iter()
        .find(|operation| operation.method.as_str() == method && operation.path == path)
        .copied()
}
