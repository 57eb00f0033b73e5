//! Many calls at once, and what is left of them afterwards. It is a program of its own, because it counts what the whole
//! program allocates.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::alloc::System;
use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::{Client, Credentials, Environment, Error};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The bytes that are allocated at this moment.
fn live() -> isize {
    let stats = ALLOCATOR.stats();
    isize::try_from(stats.bytes_allocated).unwrap() - isize::try_from(stats.bytes_deallocated).unwrap()
}

/// Takes requests in and answers none of them until it is opened.
struct Slow {
    /// How many requests wait for their answer.
    waiting: AtomicUsize,
    connections: AtomicUsize,
    open: watch::Sender<bool>,
}

impl Slow {
    async fn serve(&self, mut stream: TcpStream) {
        const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n{\"results\":[]}";
        let mut buffer = [0; 1024];
        // A request comes in one piece, because it is small and the client sends it as one.
        while let Ok(1..) = stream.read(&mut buffer).await {
            self.waiting.fetch_add(1, Ordering::Relaxed);
            let mut open = self.open.subscribe();
            let gone = tokio::select! {
                _ = open.wait_for(|open| *open) => false,
                read = stream.read(&mut buffer) => !matches!(read, Ok(1..)),
            };
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            if gone || stream.write_all(ANSWER).await.is_err() {
                return;
            }
        }
    }
}

/// Says to the child that it is the server.
const SERVER: &str = "PARADEX_TEST_IN_FLIGHT_SERVER";

/// No test, but the server, which is a process of its own: the files that are open at once are limited for each, and its
/// memory is none of the client's.
#[tokio::test]
#[ignore = "the other tests start it"]
async fn server() {
    if std::env::var_os(SERVER).is_none() {
        return;
    }
    let slow = Arc::new(Slow {
        waiting: AtomicUsize::new(0),
        connections: AtomicUsize::new(0),
        open: watch::Sender::new(false),
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("\naddress {}", listener.local_addr().unwrap());
    let told = Arc::clone(&slow);
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            match line.unwrap().as_str() {
                "open" => drop(told.open.send_replace(true)),
                "close" => drop(told.open.send_replace(false)),
                _ => println!(
                    "count {} {}",
                    told.waiting.load(Ordering::Relaxed),
                    told.connections.load(Ordering::Relaxed)
                ),
            }
        }
        // The test has ended.
        std::process::exit(0);
    });
    loop {
        let (stream, _) = listener
            .accept()
            .await
            .expect("raise the limit: `ulimit -n 11000`");
        let slow = Arc::clone(&slow);
        slow.connections.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(async move {
            slow.serve(stream).await;
            slow.connections.fetch_sub(1, Ordering::Relaxed);
        });
    }
}

/// The server, seen from the test.
struct Server {
    process: Child,
    tell: ChildStdin,
    said: Lines<BufReader<ChildStdout>>,
    address: String,
}

/// What can be counted there.
#[derive(Debug, Clone, Copy)]
enum Of {
    Waiting,
    Connections,
}

impl Server {
    fn start() -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "server", "--nocapture"])
            .env(SERVER, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut server = Self {
            tell: process.stdin.take().unwrap(),
            said: BufReader::new(process.stdout.take().unwrap()).lines(),
            process,
            address: String::new(),
        };
        server.address = format!("http://{}", server.answer("address "));
        server
    }

    fn tell(&mut self, what: &str) {
        writeln!(self.tell, "{what}").unwrap();
    }

    fn answer(&mut self, start: &str) -> String {
        let mut lines = self.said.by_ref().map(Result::unwrap);
        lines
            .find_map(|line| line.strip_prefix(start).map(str::to_owned))
            .expect("the server is there")
    }

    /// Waits until a number is reached; who waits in vain has found a leak.
    async fn reaches(&mut self, of: Of, wanted: usize) {
        let mut last = String::new();
        for _ in 0..12_000 {
            self.tell("count");
            last = self.answer("count ");
            let (waiting, connections) = last.split_once(' ').unwrap();
            let number = match of {
                Of::Waiting => waiting,
                Of::Connections => connections,
            };
            if number == wanted.to_string() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{of:?}: {wanted} are never reached, but these (waiting, connections): {last}");
    }

    fn client(&self) -> Client {
        let environment = Environment::custom(&self.address).unwrap();
        let credentials = Credentials::bearer(environment.clone(), "token").unwrap();
        let long = Duration::from_secs(600);
        Client::builder(environment)
            .credentials(credentials)
            .rate_limits(RateLimits::none())
            .timeout(long)
            .read_timeout(long)
            .connect_timeout(long)
            .build()
            .unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What is allocated.
struct Bytes {
    /// While all wait for their answer.
    middle: isize,
    /// When all have ended, and the client keeps their connections.
    idle: isize,
    /// When the client is gone.
    left: isize,
}

/// Has so many calls wait for their answer at once, gives half of them up, and lets the others have it.
async fn round(server: &mut Server, calls: usize) -> Bytes {
    let before = Handle::current().metrics().num_alive_tasks();
    server.tell("close");
    let client = server.client();
    let (mut kept, mut given_up) = (JoinSet::new(), JoinSet::new());
    for number in 0..calls {
        let client = client.clone();
        let call = async move {
            match number % 4 {
                0 | 1 => client.api().list_positions().send().await.map(drop),
                _ => client.api().list_markets().send().await.map(drop),
            }
        };
        match number % 2 {
            0 => kept.spawn(call),
            _ => given_up.spawn(call),
        };
    }
    server.reaches(Of::Waiting, calls).await;
    let middle = live();
    given_up.shutdown().await;
    server.reaches(Of::Waiting, calls - calls / 2).await;
    server.tell("open");
    while let Some(outcome) = kept.join_next().await {
        outcome.unwrap().map_err(Error::from).unwrap();
    }
    drop((kept, given_up));
    let idle = live();
    drop(client);
    // The connections end with the client that kept them, and their tasks with them.
    server.reaches(Of::Connections, 0).await;
    let alive = || Handle::current().metrics().num_alive_tasks();
    while alive() > before {
        tokio::task::yield_now().await;
    }
    Bytes {
        middle,
        idle,
        left: live(),
    }
}

async fn nothing_stays_of(calls: usize) {
    let mut server = Server::start();
    // What is made once and for all is made now.
    let level = round(&mut server, 16).await.left;
    let each = |bytes: isize| (bytes - level) / isize::try_from(calls).unwrap();
    let mut first = None;
    for _ in 0..3 {
        let bytes = round(&mut server, calls).await;
        println!(
            "{calls} calls: {} bytes each while all wait, {} when the client keeps what connections it keeps, {} at the end",
            each(bytes.middle),
            each(bytes.idle),
            each(bytes.left)
        );
        assert!(each(bytes.left) < 64, "{} bytes are left", bytes.left - level);
        // Lists that have grown stay as large as they are, and no larger.
        let first = *first.get_or_insert(bytes.left);
        assert!(
            bytes.left - first < 1_000,
            "it grows by {} bytes",
            bytes.left - first
        );
    }
}

#[tokio::test]
async fn nothing_stays_of_calls_that_ended() {
    nothing_stays_of(400).await;
}

/// `ulimit -n 11000; cargo test --release -p paradex-api-ext --test in_flight -- --ignored --nocapture`
#[tokio::test]
#[ignore = "it needs 10,000 open files in each of two processes"]
async fn nothing_stays_of_ten_thousand_calls() {
    nothing_stays_of(10_000).await;
}
