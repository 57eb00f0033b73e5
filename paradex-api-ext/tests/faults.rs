//! Everything goes wrong at once, and each call still ends in time, in a success or in an error that is true. It is a
//! program of its own, because it counts what the whole program allocates.
//!
//! `cargo test --release -p paradex-api-ext --test faults -- --ignored --nocapture` makes 100,000 calls.
//! `PARADEX_FAULT_CALLS` makes others of it, and `PARADEX_FAULT_SEED` repeats the choices of a run that failed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::alloc::System;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use paradex_api::operations::CREATE_ORDER;
use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::HeaderMap;
use paradex_api::types::OrderStatus;
use paradex_api_ext::error::{
    AllowlistError, CreateTokenError, PlaceOrderError, RevokeError, WithheldReason,
};
use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{CallOptions, Client, Credentials, Environment, Error, RetryPolicy};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tokio::runtime::Handle;
use tokio::task::JoinSet;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The time of each call.
const DEADLINE: Duration = Duration::from_secs(2);
/// A call that takes so much longer hangs, on whatever machine. Some of them are several calls of the API.
const HANGS: Duration = Duration::from_secs(180);
const MARKET: &str = "BTC-USD-PERP";

/// Each of the faults.
fn faults() -> [Fault; 11] {
    [
        Fault::reset_before(),
        Fault::reset_after(),
        Fault::truncated(),
        Fault::rate_limited(Duration::from_secs(1)),
        Fault::html(StatusCode::SERVICE_UNAVAILABLE),
        Fault::drip(Duration::from_millis(50)),
        Fault::half_closed(),
        Fault::garbage_header(),
        // Something in between passes the request on and sends the client elsewhere.
        Fault::raw_after(StatusCode::TEMPORARY_REDIRECT, HeaderMap::new(), ""),
        Fault::echo(StatusCode::BAD_GATEWAY),
        // Longer than a call may take: what was given up is carried out all the same.
        Fault::delay_before(DEADLINE + Duration::from_millis(500)),
    ]
}

fn main_client(exchange: &Simulator) -> Client {
    client_of(exchange, &exchange.main_account())
}

fn client_of(exchange: &Simulator, account: &str) -> Client {
    let environment = Environment::custom(exchange.url()).unwrap();
    let key = exchange.account_key(account).unwrap();
    let credentials = Credentials::starknet(environment.clone(), key, account.parse().unwrap());
    Client::builder(environment)
        .credentials(credentials)
        .rate_limits(RateLimits::none())
        .timeout(DEADLINE)
        .retry(RetryPolicy::new().initial_backoff(Duration::from_millis(2)))
        .build()
        .unwrap()
}

#[tokio::test]
async fn order_with_a_lost_response_is_not_reported_as_placed_or_refused() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&exchange);
    client.sign_in().await.unwrap();
    // Also where a second attempt is asked for, there is none.
    let patient = client.with_options(CallOptions::new().retry(RetryPolicy::new()));
    // The last one is carried out after its check; the run below looks at it.
    for (fault, placed) in faults().into_iter().zip([0, 1, 1, 0, 0, 1, 1, 1, 1, 0]) {
        for client in [&client, &patient] {
            let limited = format!("{fault:?}").contains("429");
            let before = exchange.orders(&exchange.main_account()).len();
            exchange.inject(Injection::new(fault.clone()).on(&CREATE_ORDER));
            let order = NewOrder::limit(MARKET, OrderSide::Buy, 1.into(), 2.into());
            let outcome = client.orders().place(order).await;
            let placed = match outcome {
                Err(PlaceOrderError::NotPlaced(_)) if limited => 0,
                Ok(_) if limited => 1,
                Err(PlaceOrderError::OutcomeUnknown(_)) if !limited => placed,
                outcome => panic!("{fault:?}: {outcome:?}"),
            };
            assert_eq!(
                exchange.orders(&exchange.main_account()).len(),
                before + placed,
                "{fault:?}"
            );
        }
    }
}

/// Draws what is done next.
#[derive(Clone, Copy)]
struct Dice(u64);

impl Dice {
    /// SplitMix64.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (value ^ (value >> 31)) % sides
    }
}

/// What may have become of something that was to be made once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    Once,
    Perhaps,
    Not,
}

/// What the calls came to.
#[derive(Default)]
struct Outcomes {
    /// How many, by kind and outcome.
    counts: BTreeMap<String, usize>,
    /// By the client id, or the price where there is none.
    orders: HashMap<String, Made>,
    /// By the name.
    tokens: HashMap<String, Made>,
    /// Accounts of which a halt said that nothing is open and nothing is on its way.
    cleared: Vec<String>,
}

/// An error that a broken network may lead to, in a word. All others are wrong here.
fn network(error: &Error) -> String {
    shows_no_secret(error);
    match error {
        Error::Api(error) => match error.status().as_u16() {
            status @ (307 | 429 | 502 | 503) => status.to_string(),
            _ => panic!("{error:?}"),
        },
        Error::Transport(error) if error.is_timeout() => format!("late ({})", error.phase().as_str()),
        Error::Transport(error) => error.phase().as_str().to_owned(),
        Error::Withheld(error) if matches!(error.reason(), WithheldReason::RateLimit { .. }) => {
            "rate_limit".to_owned()
        }
        // No session, or one that the exchange has forgotten twice.
        Error::Authentication(_) => "authentication".to_owned(),
        error => panic!("{error:?}"),
    }
}

/// A server that repeats the request must not bring a session or a signature into what an error says.
fn shows_no_secret(error: &(dyn std::error::Error + 'static)) {
    let mut shown = format!("{error:?}");
    let mut source = Some(error);
    while let Some(error) = source {
        shown.push_str(&error.to_string());
        source = error.source();
    }
    // A session is a JWT; a signature is two numbers of about 75 digits.
    let digits = shown.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
    assert!(!shown.contains("eyJ") && digits < Some(40), "{shown}");
}

/// One of those who call.
struct Worker {
    exchange: Simulator,
    client: Client,
    dice: Dice,
    number: usize,
    /// How many sign-ins there are for each end of all sessions.
    sign_ins_between: u64,
    made: usize,
    outcomes: Arc<Mutex<Outcomes>>,
    /// Orders that are open, as far as is known.
    open: Vec<String>,
    /// The token whose allowlist it changes, alone.
    token: String,
    /// Lists that were sent and may still arrive.
    on_their_way: Vec<IpAllowlist>,
}

impl Worker {
    async fn run(mut self, calls: usize) {
        for _ in 0..calls {
            self.made += 1;
            let hangs = format!("worker {} hangs in call {}", self.number, self.made);
            let call = tokio::time::timeout(HANGS, self.call());
            let (kind, outcome) = call.await.expect(&hangs);
            if outcome.contains("authentication") {
                self.sign_in_again().await;
            }
            let mut outcomes = self.outcomes.lock().unwrap();
            *outcomes.counts.entry(format!("{kind}: {outcome}")).or_default() += 1;
        }
    }

    async fn call(&mut self) -> (&'static str, String) {
        match self.dice.roll(210) {
            0..50 => ("public read", self.read(false).await),
            50..90 => ("read", self.read(true).await),
            90..120 => ("order with an id", self.order(true).await),
            120..145 => ("order", self.order(false).await),
            145..170 => ("cancel", self.cancel().await),
            170..188 => ("allowlist", self.allowlist().await),
            188..195 => ("token", self.create().await),
            195..200 => ("sign-in", self.sign_in().await),
            _ => ("order of a dropped client", self.dropped().await),
        }
    }

    async fn read(&mut self, signed_in: bool) -> String {
        let api = self.client.api();
        let outcome = match signed_in {
            true => api.list_positions().send().await.map(drop),
            false => api.get_system_time().send().await.map(drop),
        };
        match outcome.map_err(Error::from) {
            Ok(()) => "ok".to_owned(),
            Err(error) => {
                assert!(!error.is_outcome_unknown(), "{error:?}");
                network(&error)
            }
        }
    }

    async fn order(&mut self, with_id: bool) -> String {
        let name = self.number * 1_000_000 + self.made;
        // Each has a price of its own, so that one without an id is known by it.
        let order =
            NewOrder::limit(MARKET, OrderSide::Buy, 1.into(), name.into()).good_for(Duration::from_secs(60));
        let (order, name) = match with_id {
            true => (order.client_id(format!("id-{name}")), format!("id-{name}")),
            false => (order, name.to_string()),
        };
        let options = match self.dice.roll(2) {
            0 => CallOptions::new(),
            _ => CallOptions::new().retry(RetryPolicy::new()),
        };
        let (made, outcome) = match self.client.with_options(options).orders().place(order).await {
            Ok(placed) => {
                self.open.push(placed.id.unwrap());
                (Made::Once, "ok".to_owned())
            }
            Err(PlaceOrderError::NotPlaced(error)) => (Made::Not, format!("not placed, {}", network(&error))),
            Err(PlaceOrderError::OutcomeUnknown(error)) => {
                (Made::Perhaps, format!("unknown, {}", network(error.error())))
            }
            Err(error) => panic!("{error:?}"),
        };
        self.outcomes.lock().unwrap().orders.insert(name, made);
        outcome
    }

    /// Places an order for an account of its own, drops the call and the client on the way or afterwards, and halts what is left
    /// of them, sometimes with another client of the account. What a halt calls clear must stay so.
    async fn dropped(&mut self) -> String {
        let account = self.exchange.add_account();
        let client = client_of(&self.exchange, &account);
        let group = client.group().clone();
        let other = client.credentials().filter(|_| self.dice.roll(3) > 0);
        let _other = other.map(|credentials| group.client(credentials).unwrap());
        let patience = match self.dice.roll(2) {
            0 => Duration::from_millis(self.dice.roll(40)),
            _ => HANGS,
        };
        let order = NewOrder::limit(MARKET, OrderSide::Buy, 1.into(), 2.into());
        let order = order.good_for(Duration::from_secs(1));
        let orders = client.orders();
        let ended = tokio::time::timeout(patience, orders.place(order)).await;
        drop((orders, client));
        let ended = match ended {
            Ok(Ok(_)) => "placed",
            Ok(Err(error)) => {
                shows_no_secret(&error);
                "refused"
            }
            Err(_) => "given up",
        };
        let report = group.halt().await;
        if !report.is_clear() {
            return format!("{ended}, and not clear");
        }
        self.outcomes.lock().unwrap().cleared.push(account);
        format!("{ended}, and clear")
    }

    async fn cancel(&mut self) -> String {
        let Some(id) = self.open.pop() else {
            return "nothing to cancel".to_owned();
        };
        let outcome = self.client.orders().cancel(&id).await;
        let orders = self.exchange.orders(&self.exchange.main_account());
        let order = orders.iter().find(|order| order.id == id).unwrap();
        match outcome {
            Ok(()) => {
                assert_eq!(order.status, OrderStatus::Closed);
                "ok".to_owned()
            }
            // A second attempt finds what the first has done.
            Err(error)
                if error
                    .code()
                    .is_some_and(|code| code.as_str() == "ORDER_IS_CLOSED") =>
            {
                assert_eq!(order.status, OrderStatus::Closed);
                "closed before".to_owned()
            }
            Err(error) => {
                let known = !error.is_outcome_unknown();
                assert!(!known || order.status != OrderStatus::Closed, "{error:?}");
                network(&error)
            }
        }
    }

    async fn allowlist(&mut self) -> String {
        let list = format!("203.0.{}.0/24", self.dice.roll(250));
        let list = IpAllowlist::parse_entries([list]).unwrap();
        let before = self.stored();
        let outcome = self
            .client
            .tokens()
            .allowlist(&self.token)
            .set(list.clone())
            .await;
        let stored = self.stored();
        match outcome {
            Ok(answered) => {
                assert!(answered.same_networks(&list));
                assert!(stored.same_networks(&list) || self.may_arrive(&stored));
                "ok".to_owned()
            }
            Err(AllowlistError::OutcomeUnknown(_)) => {
                self.on_their_way.push(list);
                "unknown".to_owned()
            }
            Err(AllowlistError::Unauthenticated(error) | AllowlistError::Other(error)) => {
                assert!(stored.same_networks(&before) || self.may_arrive(&stored));
                network(&error)
            }
            Err(error) => panic!("{error:?}"),
        }
    }

    fn stored(&self) -> IpAllowlist {
        let token = self.exchange.token(&self.token).unwrap();
        IpAllowlist::parse_entries(token.allowed_cidrs.unwrap()).unwrap()
    }

    fn may_arrive(&self, list: &IpAllowlist) -> bool {
        self.on_their_way.iter().any(|sent| sent.same_networks(list))
    }

    async fn create(&mut self) -> String {
        let name = format!("token-{}-{}", self.number, self.made);
        let list = IpAllowlist::parse_entries(["127.0.0.0/8"]).unwrap();
        let token = NewToken::new(&name, "api_key", Duration::from_secs(86_400), list).unwrap();
        let (made, outcome) = match self.client.tokens().create(token).await {
            Ok(created) => {
                let id = created.lookup_id();
                assert!(!self.exchange.token(id).unwrap().revoked);
                (Made::Once, self.revoke(id).await)
            }
            Err(CreateTokenError::OutcomeUnknown(error)) => {
                (Made::Perhaps, format!("unknown, {}", network(&error)))
            }
            Err(CreateTokenError::Unauthenticated(error) | CreateTokenError::Other(error)) => {
                (Made::Not, network(&error))
            }
            Err(error) => panic!("{error:?}"),
        };
        self.outcomes.lock().unwrap().tokens.insert(name, made);
        outcome
    }

    async fn revoke(&self, id: &str) -> String {
        let outcome = self.client.tokens().revoke(id).await;
        let revoked = self.exchange.token(id).unwrap().revoked;
        match outcome {
            Ok(()) => {
                assert!(revoked);
                "ok, and revoked".to_owned()
            }
            Err(RevokeError::OutcomeUnknown(error)) => {
                format!("ok, and perhaps revoked, {}", network(&error))
            }
            Err(RevokeError::Unauthenticated(error) | RevokeError::Other(error)) => {
                assert!(!revoked, "{error:?}");
                format!("ok, and not revoked, {}", network(&error))
            }
            Err(error) => panic!("{error:?}"),
        }
    }

    /// Without a session nothing is sent for a while, and then there is nothing to see.
    async fn sign_in_again(&self) {
        for _ in 0..20 {
            if self.client.sign_in().await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// A client that begins, with connections of its own; and sometimes all have to begin again.
    async fn sign_in(&mut self) -> String {
        if self.dice.roll(self.sign_ins_between) == 0 {
            self.exchange.revoke_sessions();
        }
        match main_client(&self.exchange).sign_in().await {
            Ok(()) => "ok".to_owned(),
            Err(error) => network(&error),
        }
    }
}

/// Makes calls with all faults at work, and answers what is allocated when everything is gone.
async fn run(seed: u64, calls: usize, workers: usize) -> isize {
    let tasks = Handle::current().metrics().num_alive_tasks();
    let exchange = Simulator::builder()
        .strict()
        .token_limit(usize::MAX)
        .sign_ins_per_minute(u32::MAX)
        .start()
        .await
        .unwrap();
    let client = main_client(&exchange);
    let outcomes = Arc::new(Mutex::new(Outcomes::default()));
    let mut all = Vec::new();
    for number in 1..=workers {
        let list = IpAllowlist::parse_entries(["203.0.113.0/24"]).unwrap();
        let day = Duration::from_secs(86_400);
        let token = NewToken::new(format!("worker-{number}"), "api_key", day, list).unwrap();
        let token = client.tokens().create(token).await.unwrap();
        all.push(Worker {
            exchange: exchange.clone(),
            client: client.clone(),
            dice: Dice(seed.wrapping_mul(1_000).wrapping_add(number as u64)),
            number,
            sign_ins_between: 3 + calls as u64 / 1_600,
            made: 0,
            outcomes: Arc::clone(&outcomes),
            open: Vec::new(),
            token: token.lookup_id().to_owned(),
            on_their_way: Vec::new(),
        });
    }
    for (fault, number) in faults().into_iter().zip(1..) {
        exchange
            .inject(Injection::new(fault).with_probability(5, seed.wrapping_mul(100).wrapping_add(number)));
    }
    let mut running = JoinSet::new();
    for worker in all {
        running.spawn(worker.run(calls.div_ceil(workers)));
    }
    while let Some(ended) = running.join_next().await {
        ended.expect("see above");
    }
    exchange.clear_injections();
    // A failure to sign in would be remembered for a while.
    client.sign_in().await.unwrap();

    let outcomes = std::mem::take(&mut *outcomes.lock().unwrap());
    println!("{:#?}", outcomes.counts);
    let good: usize = outcomes
        .counts
        .iter()
        .filter(|(what, _)| what.contains(": ok"))
        .map(|(_, count)| count)
        .sum();
    assert!(
        good > calls / 4,
        "only {good} calls went well, so this shows little"
    );

    let mut placed: HashMap<String, usize> = HashMap::new();
    for order in exchange.orders(&exchange.main_account()) {
        let name = order.client_id.or(order.price.map(|price| price.to_string()));
        *placed.entry(name.unwrap()).or_default() += 1;
    }
    check(&outcomes.orders, &placed);
    let mut tokens: HashMap<String, usize> = HashMap::new();
    let listed = client.tokens().list().with_revoked_and_expired().send().await;
    for token in listed.unwrap() {
        *tokens.entry(token.name().to_owned()).or_default() += 1;
    }
    check(&outcomes.tokens, &tokens);

    // Nothing leaks: connections, tasks, memory.
    let cleared = outcomes.cleared;
    drop((
        client,
        running,
        outcomes.counts,
        outcomes.orders,
        outcomes.tokens,
        placed,
        tokens,
    ));
    gone("connections", || exchange.open_connections()).await;
    // A late request is a task. The simulator has two more: one accepts connections, one keeps the time of WebSockets.
    let metrics = Handle::current().metrics();
    let late = || metrics.num_alive_tasks().saturating_sub(tasks + 2);
    gone("late requests", late).await;
    // In a short run every halt may have met a fault.
    assert!(calls < 10_000 || !cleared.is_empty());
    for account in &cleared {
        let orders = exchange.orders(account);
        let open = orders.iter().find(|order| order.status != OrderStatus::Closed);
        assert!(
            open.is_none(),
            "a halt called {account} clear, and {open:?} is open"
        );
    }
    drop(cleared);
    drop(exchange);
    gone("tasks", || metrics.num_alive_tasks().saturating_sub(tasks)).await;
    let stats = ALLOCATOR.stats();
    isize::try_from(stats.bytes_allocated).unwrap() - isize::try_from(stats.bytes_deallocated).unwrap()
}

/// What was made agrees with what was said of it.
fn check(said: &HashMap<String, Made>, found: &HashMap<String, usize>) {
    for (name, made) in said {
        let found = found.get(name).copied().unwrap_or_default();
        let agrees = match made {
            Made::Once => found == 1,
            Made::Perhaps => found <= 1,
            Made::Not => found == 0,
        };
        assert!(
            agrees,
            "{name}: it is said to be made {made:?}, and is there {found} times"
        );
    }
}

/// Waits until nothing is left; who waits in vain has found a leak.
async fn gone(what: &str, left: impl Fn() -> usize) {
    for _ in 0..6_000 {
        if left() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} {what} are left", left());
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().expect("it is a number"))
}

async fn runs(seed: u64, calls: usize, workers: usize) {
    println!("PARADEX_FAULT_SEED={seed}");
    // The first leaves what is made once and for all, and lists that have grown.
    let first = run(seed, calls, workers).await;
    let second = run(seed.wrapping_add(1), calls, workers).await;
    println!("{} bytes more are left by a second run", second - first);
    assert!(second - first < 100_000, "{} bytes", second - first);
}

#[tokio::test]
async fn every_call_ends_in_time_and_says_what_is_true() {
    runs(number("PARADEX_FAULT_SEED").unwrap_or(1), 400, 40).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it takes minutes"]
async fn every_one_of_a_hundred_thousand_calls_ends_in_time_and_says_what_is_true() {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let seed = number("PARADEX_FAULT_SEED").unwrap_or(now.as_secs());
    let calls = number("PARADEX_FAULT_CALLS").unwrap_or(100_000);
    runs(seed, usize::try_from(calls).unwrap() / 2, 200).await;
}
