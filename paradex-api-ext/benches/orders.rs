//! What placing an order costs the client over an order socket, beside the same call over its own HTTP path.
//!
//! `cargo bench -p paradex-benches --bench orders` prints the CPU time of the client's thread for one call: the best and the middle
//! of rounds that take turns, and each as a part of the HTTP path. Signing is left out: the request is signed once and sent again
//! and again. Two more rows say what the client's share can be at most: plain reqwest with the same request, and the bytes of the
//! socket's request and response over a plain TCP connection.
//!
//! The calls are made in a task of the runtime, as those of a program are. The server responds with prepared bytes; over HTTP, with the
//! headers that the exchange documents. One thread serves all connections: with a thread for each, the system may place one on
//! another core than the client and one on the same, and waking a thread of another core is paid by the client.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark fails by panicking"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use paradex_api::types::{OrderInstruction, OrderRequest, OrderSide, OrderType};
use paradex_api::{Secret, reqwest};
use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::order_socket::CancelOnDisconnect;
use paradex_api_ext::{Client, Credentials, Environment};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::Mutex;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

const ORDER: &str = r#"{"id":"1767225600123456789","client_id":"desk-1","account":"0x4638e3041366aa71720be63e32e53e1223316c7f0d56f7aa617542ed1e7512","market":"BTC-USD-PERP","side":"BUY","type":"LIMIT","status":"NEW","price":"29500.1","size":"0.1","remaining_size":"0.1","avg_fill_price":"","trigger_price":"","instruction":"POST_ONLY","flags":[],"stp":"EXPIRE_TAKER","cancel_reason":"","created_at":1767225600123,"last_updated_at":1767225600123,"received_at":1767225600123,"published_at":1767225600124,"timestamp":1767225600100,"seq_no":1767225600123456789}"#;
const HEAD: &str = "HTTP/1.1 201 Created\r\ndate: Thu, 01 Jan 2026 00:00:00 GMT\r\ncontent-type: application/json\r\n\
    x-request-id: 0123456789abcdef\r\nx-ratelimit-limit: 4294967295\r\nx-ratelimit-remaining: 4294967294\r\n\
    x-ratelimit-reset: 1767225601\r\nx-ratelimit-window: 1\r\nparadigm-request-received: 1767225600123456789\r\n\
    paradigm-request-duration: 1234567\r\n";
/// The length of a token of the exchange.
const TOKEN_LENGTH: u32 = 420;
const ROUNDS: usize = 300;
const CALLS: u32 = 50;

fn token() -> String {
    let mut state = 1_u32;
    let letter = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_digit((state >> 16) % 36, 36)
    };
    (0..TOKEN_LENGTH).filter_map(letter).collect()
}

/// The response to a request over the socket.
fn rpc_response(id: u64, result: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","result":{result},"usIn":1,"usOut":2,"usDiff":1,"id":{id}}}"#)
}

fn placed() -> String {
    format!(r#"{{"order":{ORDER},"created_at":1767225600123,"received_at":1767225600123456789}}"#)
}

/// Starts the server, and returns its address.
fn serve() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = listener.local_addr().expect("it has an address");
    listener.set_nonblocking(true).expect("it is a socket");
    std::thread::spawn(move || {
        runtime().block_on(async {
            let listener = TcpListener::from_std(listener).expect("it is a socket");
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).expect("it is a socket");
                tokio::spawn(connection(stream));
            }
        });
    });
    format!("http://{address}")
}

fn runtime() -> Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().expect("there is a runtime")
}

async fn connection(stream: TcpStream) {
    let mut start = [0; 4];
    while stream
        .peek(&mut start)
        .await
        .is_ok_and(|read| (1..4).contains(&read))
    {}
    match &start {
        b"GET " => over_socket(stream).await,
        b"POST" => {
            let response = format!("{HEAD}content-length: {}\r\n\r\n{ORDER}", ORDER.len());
            over_tcp(stream, response.as_bytes()).await;
        }
        _ => over_tcp(stream, &frame(&rpc_response(12_345, &placed()))).await,
    }
}

/// Responds to each request. Only its last byte is a closing brace: no header has one, and the body is one object.
async fn over_tcp(mut stream: TcpStream, response: &[u8]) {
    let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        request.extend_from_slice(buffer.get(..read).unwrap_or_default());
        if request.ends_with(b"}") {
            request.clear();
            if stream.write_all(response).await.is_err() {
                return;
            }
        }
    }
}

/// The frame of a server.
fn frame(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("it is short").to_be_bytes();
    [&[0x81, 126], &length[..], text.as_bytes()].concat()
}

async fn over_socket(stream: TcpStream) {
    let mut socket = accept_async(stream).await.expect("it is a handshake");
    let placed = placed();
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else { continue };
        let id = text.rsplit("\"id\":").next().and_then(|rest| {
            let end = rest.find(|next: char| !next.is_ascii_digit())?;
            rest.get(..end)?.parse::<u64>().ok()
        });
        let response = match id {
            Some(id) if text.contains("order.create") => rpc_response(id, &placed),
            _ => {
                let request: Value = serde_json::from_str(&text).expect("it is JSON");
                let result = match request["method"].as_str() {
                    Some("auth") => r#"{"node_id":"node"}"#.to_owned(),
                    _ => request["params"].to_string(),
                };
                rpc_response(request["id"].as_u64().expect("there is an id"), &result)
            }
        };
        if socket.send(Message::text(response)).await.is_err() {
            return;
        }
    }
}

fn order() -> OrderRequest {
    let number = "3118367232463281973187036431498713498713498713487134871348713487134871";
    let signature = Secret::new(format!(r#"["{number}","{number}"]"#));
    let (size, price) = (
        "0.1".parse().expect("a number"),
        "29500.1".parse().expect("a number"),
    );
    OrderRequest::new(
        OrderInstruction::PostOnly,
        "BTC-USD-PERP",
        OrderSide::Buy,
        signature,
        1_767_225_600_100,
        size,
        OrderType::Limit,
    )
    .client_id("desk-1")
    .price(price)
    .recv_window(5_000)
}

/// The CPU time of this thread.
fn cpu_time() -> Duration {
    // The system brings the time up to date.
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("it is Linux");
    let nanoseconds = text.split(' ').next().and_then(|text| text.parse().ok());
    Duration::from_nanos(nanoseconds.expect("it is a number"))
}

/// A way to send the request.
#[derive(Clone)]
enum Way {
    Client(Client),
    Reqwest(Arc<reqwest::Request>, reqwest::Client),
    Tcp(Vec<u8>, Arc<Mutex<TcpStream>>),
}

impl Way {
    async fn place(&self) {
        match self {
            Self::Client(client) => {
                let placed = client.api().create_order().body(order()).send().await;
                black_box(placed.expect("it is placed"));
            }
            Self::Reqwest(request, http) => {
                let request = request.try_clone().expect("it is no stream");
                let response = http.execute(request).await.expect("there is a response");
                black_box(response.bytes().await.expect("it is complete"));
            }
            Self::Tcp(request, stream) => {
                let mut stream = stream.lock().await;
                stream.write_all(request).await.expect("it is sent");
                let mut response = [0; 4096];
                black_box(stream.read(&mut response).await.expect("there is a response"));
            }
        }
    }
}

/// Makes the calls in a task of the runtime.
fn place(runtime: &Runtime, way: &Way, calls: u32) {
    let way = way.clone();
    let task = runtime.spawn(async move {
        for _ in 0..calls {
            way.place().await;
        }
    });
    runtime.block_on(task).expect("it ends");
}

fn main() {
    let runtime = runtime();
    let address = serve();
    let environment = Environment::custom(&address).expect("it is an address");
    let credentials = Credentials::bearer(environment.clone(), token()).expect("it is a token");
    let limits = RateLimits::published().order_writes(u32::MAX, u32::MAX);
    let http = Client::builder(environment)
        .credentials(credentials)
        .rate_limits(limits)
        .build()
        .expect("it is a client");
    let socket = http.order_socket(CancelOnDisconnect::NotArmed).connect();
    let socket = runtime.block_on(socket).expect("it connects");
    let body = serde_json::to_string(&order()).expect("it is JSON");
    let plain = reqwest::Client::new();
    let request = plain
        .post(format!("{address}/v1/orders"))
        .bearer_auth(token())
        .header("content-type", "application/json")
        .header("accept", "application/json")
        .body(body.clone())
        .build()
        .expect("it is a request");
    let stream = runtime.block_on(TcpStream::connect(address.trim_start_matches("http://")));
    let stream = stream.expect("it connects");
    stream.set_nodelay(true).expect("it is a socket");
    // The head of the frame, without what would make the server stop.
    let sent = format!(r#"........{{"jsonrpc":"2.0","method":"order.create","params":{body},"id":12345}}"#);
    let ways = [
        ("HTTP", Way::Client(http)),
        ("socket", Way::Client(socket.client())),
        ("plain reqwest", Way::Reqwest(Arc::new(request), plain)),
        (
            "plain TCP",
            Way::Tcp(sent.into_bytes(), Arc::new(Mutex::new(stream))),
        ),
    ];
    // `-- HTTP 40000` and `-- socket 40000` are for a profiler.
    let arguments: Vec<String> = std::env::args().collect();
    let calls = arguments.iter().find_map(|argument| argument.parse().ok());
    if let (Some(calls), Some((_, way))) = (
        calls,
        ways.iter()
            .find(|(name, _)| arguments.iter().any(|argument| argument == name)),
    ) {
        return place(&runtime, way, calls);
    }
    let mut times = [(); 4].map(|()| Vec::new());
    for _ in 0..ROUNDS {
        for ((_, way), times) in ways.iter().zip(&mut times) {
            let start = cpu_time();
            place(&runtime, way, CALLS);
            times.push((cpu_time() - start) / CALLS);
        }
    }
    let mut first = None;
    for ((name, _), mut times) in ways.into_iter().zip(times) {
        times.sort();
        let best = times.first().copied().unwrap_or_default();
        let middle = times.get(times.len() / 2).copied().unwrap_or_default();
        let of = *first.get_or_insert((best, middle));
        let part = |time: Duration, of: Duration| time.as_secs_f64() / of.as_secs_f64();
        println!(
            "{name:13} best {best:9.1?} ({:.3}) middle {middle:9.1?} ({:.3})",
            part(best, of.0),
            part(middle, of.1)
        );
    }
}
