//! What a call costs on its way through the client, beside plain `reqwest` and `serde_json` with the same settings, into
//! the same types, from the same server.
//!
//! `cargo bench -p paradex-benches --bench path` prints the ratios of the best and of the middle times of rounds that take turns, which a
//! busy machine disturbs least, and the allocations of one call; then come Criterion's own figures.
//!
//! `cargo bench -p paradex-benches --bench path -- instructions` counts the instructions of one call with valgrind.
//!
//! The server is one thread for all connections, so that no caller has a better place in the machine than another. It
//! answers prepared bytes, and looks at nothing but the path.

#![allow(clippy::expect_used, clippy::panic, reason = "a benchmark fails by panicking")]

mod market;

use std::alloc::System;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use criterion::Criterion;
use paradex_api::types::{MarketList, PositionList, SystemTime};
use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::paradex_api::reqwest;
use paradex_api_ext::{Client, Credentials, Environment};
use serde::de::DeserializeOwned;
use serde_json::json;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const TOKEN: &str = "a-token-of-the-usual-length-for-one-that-is-opaque-and-has-no-parts";

/// What is called.
#[derive(Debug, Clone, Copy)]
enum Case {
    /// `GET /v1/system/time`, for which nobody signs in.
    Small,
    /// `GET /v1/positions` without positions, with a token.
    Token,
    /// `GET /v1/markets` with 300 markets.
    Large,
}

/// By whom.
#[derive(Debug, Clone, Copy)]
enum By {
    /// reqwest and `serde_json::from_slice`, as `Response::json` does it.
    Plain,
    /// reqwest and `serde_json::from_str`, which is the faster of the two.
    PlainText,
    /// The client.
    Ours,
}

const CASES: [Case; 3] = [Case::Small, Case::Token, Case::Large];
const BY: [By; 3] = [By::Plain, By::PlainText, By::Ours];

impl Case {
    fn path(self) -> &'static str {
        match self {
            Self::Small => "/v1/system/time",
            Self::Token => "/v1/positions",
            Self::Large => "/v1/markets",
        }
    }

    fn body(self) -> String {
        match self {
            Self::Small => json!({"server_time": "1767225600123"}).to_string(),
            Self::Token => json!({"results": []}).to_string(),
            Self::Large => market::market_list(),
        }
    }
}

/// Starts the server, and answers its address.
fn serve() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = listener.local_addr().expect("it has an address");
    std::thread::spawn(move || {
        let answers: Vec<_> = CASES
            .iter()
            .map(|case| {
                let body = case.body();
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: 0123456789abcdef\r\n\
                     content-length: {}\r\n\r\n",
                    body.len()
                );
                (
                    format!("GET {} ", case.path()).into_bytes(),
                    (head + &body).into_bytes(),
                )
            })
            .collect();
        runtime().block_on(async move {
            listener.set_nonblocking(true).expect("it is a socket");
            let listener = TcpListener::from_std(listener).expect("there is a runtime");
            loop {
                let (stream, _) = listener.accept().await.expect("there are sockets");
                tokio::spawn(answer(stream, answers.clone()));
            }
        });
    });
    format!("http://{address}")
}

async fn answer(mut stream: TcpStream, answers: Vec<(Vec<u8>, Vec<u8>)>) {
    stream.set_nodelay(true).expect("it is a socket");
    let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        request.extend_from_slice(buffer.get(..read).unwrap_or_default());
        if !request.ends_with(b"\r\n\r\n") {
            continue;
        }
        let found = answers.iter().find(|(start, _)| request.starts_with(start));
        let (_, answer) = found.expect("only these are asked for");
        if stream.write_all(answer).await.is_err() {
            return;
        }
        request.clear();
    }
}

/// reqwest with the settings that the client gives its own, and others on top.
fn plain(others: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder) -> reqwest::Client {
    paradex_api::tls::install_default_provider().expect("there is a provider");
    let builder = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .tcp_nodelay(true)
        .connect_timeout(Duration::from_secs(10))
        .read_timeout(Duration::from_secs(32))
        .timeout(Duration::from_secs(35))
        .user_agent("paradex-api-ext/0.1.0");
    others(builder).build().expect("it is a client")
}

struct Callers {
    plain: reqwest::Client,
    ours: Client,
    base: String,
}

impl Callers {
    fn new(base: &str) -> Self {
        let environment = Environment::custom(base).expect("it is an address");
        let credentials = Credentials::bearer(environment.clone(), TOKEN).expect("it is a token");
        let ours = Client::builder(environment)
            .credentials(credentials)
            // It counts every call, and holds none up.
            .rate_limits(
                RateLimits::published()
                    .per_address(u32::MAX)
                    .account_reads(u32::MAX, u32::MAX),
            )
            .build()
            .expect("it is a client");
        Self {
            plain: plain(|builder| builder),
            ours,
            base: base.to_owned(),
        }
    }

    async fn plain<T: DeserializeOwned>(&self, case: Case, as_text: bool) -> T {
        let mut request = self
            .plain
            .get(format!("{}{}", self.base, case.path()))
            .header(reqwest::header::ACCEPT, "application/json");
        if matches!(case, Case::Token) {
            request = request.bearer_auth(TOKEN);
        }
        let answer = request.send().await.expect("there is an answer");
        let answer = answer.error_for_status().expect("it is a success");
        let body = answer.bytes().await.expect("it is whole");
        let value = if as_text {
            serde_json::from_str(std::str::from_utf8(&body).expect("it is UTF-8"))
        } else {
            serde_json::from_slice(&body)
        };
        value.expect("it is readable")
    }

    async fn call(&self, case: Case, by: By) {
        let as_text = matches!(by, By::PlainText);
        match (case, by) {
            (Case::Small, By::Ours) => {
                black_box(
                    self.ours
                        .api()
                        .get_system_time()
                        .send()
                        .await
                        .expect("it answers"),
                );
            }
            (Case::Token, By::Ours) => {
                black_box(self.ours.api().list_positions().send().await.expect("it answers"));
            }
            (Case::Large, By::Ours) => {
                black_box(self.ours.api().list_markets().send().await.expect("it answers"));
            }
            (Case::Small, _) => drop(black_box(self.plain::<SystemTime>(case, as_text).await)),
            (Case::Token, _) => drop(black_box(self.plain::<PositionList>(case, as_text).await)),
            (Case::Large, _) => drop(black_box(self.plain::<MarketList>(case, as_text).await)),
        }
    }

    async fn calls(&self, case: Case, by: By, calls: u32) {
        for _ in 0..calls {
            self.call(case, by).await;
        }
    }
}

/// Makes room on the heap, with something behind it. Otherwise the allocator gives the memory of each large answer back to
/// the system and asks for it again, and the time goes into page faults.
fn make_room() {
    let room: Vec<Vec<u8>> = (0..160).map(|_| black_box(Vec::with_capacity(100_000))).collect();
    std::mem::forget(black_box(Box::new([0_u8; 64])));
    drop(room);
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("there is a runtime")
}

/// The times of rounds that take turns, and the allocations of one call.
fn compare(runtime: &Runtime, callers: &Callers) {
    for case in CASES {
        let (rounds, calls) = match case {
            Case::Large => (200, 4),
            _ => (1_000, 16),
        };
        let mut times = BY.map(|_| Vec::new());
        for _ in 0..rounds {
            for (by, times) in BY.into_iter().zip(&mut times) {
                let start = Instant::now();
                runtime.block_on(callers.calls(case, by, calls));
                times.push(start.elapsed() / calls);
            }
        }
        let times = times.map(|mut times| {
            times.sort();
            let best = times.first().copied().unwrap_or_default();
            (best, times.get(times.len() / 2).copied().unwrap_or_default())
        });
        for (by, (best, middle)) in BY.into_iter().zip(times) {
            let region = Region::new(ALLOCATOR);
            runtime.block_on(callers.calls(case, by, 100));
            let change = region.change();
            let part = |time: Duration, of: Duration| time.as_secs_f64() / of.as_secs_f64();
            println!(
                "{case:6?} {by:10?} best {best:9.1?} ({:.3}) middle {middle:9.1?} ({:.3}) allocations {:4} ({} moved, {} bytes)",
                part(best, times[0].0),
                part(middle, times[0].1),
                change.allocations / 100,
                change.reallocations / 100,
                change.bytes_allocated / 100,
            );
        }
    }
}

/// What the settings of the connection are worth, by the small call.
fn settings(runtime: &Runtime, base: &str) {
    let usual = plain(|builder| builder);
    for (name, other) in [
        ("without no-delay", plain(|builder| builder.tcp_nodelay(false))),
        (
            "a connection each",
            plain(|builder| builder.pool_max_idle_per_host(0)),
        ),
    ] {
        let clients = [usual.clone(), other].map(|plain| Callers {
            plain,
            ..Callers::new(base)
        });
        let mut best = [Duration::MAX; 2];
        for _ in 0..500 {
            for (callers, best) in clients.iter().zip(&mut best) {
                let start = Instant::now();
                runtime.block_on(callers.calls(Case::Small, By::Plain, 16));
                *best = (*best).min(start.elapsed() / 16);
            }
        }
        let ratio = best[1].as_secs_f64() / best[0].as_secs_f64();
        println!("Small {name:17} best {:9.1?} ({ratio:.3})", best[1]);
    }
}

/// The instructions of one call, counted by valgrind: those of many calls less those of a few, so that starting is none
/// of it. The server is in this process, and what is counted in another.
fn instructions(base: &str) {
    let program = std::env::current_exe().expect("it runs");
    let count = |case: Case, by: By, calls: u64| -> u64 {
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(&program)
            .args([
                "count",
                base,
                &format!("{case:?}"),
                &format!("{by:?}"),
                &calls.to_string(),
            ])
            .output()
            .expect("valgrind is installed");
        let said = String::from_utf8_lossy(&output.stderr);
        let found = said.split("Collected : ").nth(1);
        let found = found.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        found.unwrap_or_else(|| panic!("valgrind says:\n{said}"))
    };
    for case in CASES {
        let (few, many) = match case {
            Case::Large => (10, 40),
            _ => (200, 1_000),
        };
        let mut plain = None;
        for by in BY {
            let of_one = (count(case, by, many) - count(case, by, few)) / (many - few);
            let plain = *plain.get_or_insert(of_one);
            println!(
                "{case:6?} {by:10?} {of_one:9} instructions a call ({:.3})",
                of_one as f64 / plain as f64
            );
        }
    }
}

/// What valgrind looks at.
fn count(arguments: &[String]) {
    let [base, case, by, calls] = arguments else {
        panic!("it is called by itself")
    };
    let case = CASES.into_iter().find(|known| format!("{known:?}") == *case);
    let by = BY.into_iter().find(|known| format!("{known:?}") == *by);
    let (case, by) = case.zip(by).expect("it is called by itself");
    let callers = Callers::new(base);
    runtime().block_on(callers.calls(case, by, calls.parse().expect("it is called by itself")));
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(("count", rest)) = arguments
        .split_first()
        .map(|(first, rest)| (first.as_str(), rest))
    {
        return count(rest);
    }
    make_room();
    let base = serve();
    if arguments.iter().any(|argument| argument == "instructions") {
        return instructions(&base);
    }
    let (runtime, callers) = (runtime(), Callers::new(&base));
    compare(&runtime, &callers);
    settings(&runtime, &base);
    let mut criterion = Criterion::default().configure_from_args();
    for case in CASES {
        let mut group = criterion.benchmark_group(format!("{case:?}"));
        for by in BY {
            group.bench_function(format!("{by:?}"), |bencher| {
                bencher.iter(|| runtime.block_on(callers.call(case, by)));
            });
        }
        group.finish();
    }
    criterion.final_summary();
}
