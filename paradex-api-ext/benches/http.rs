//! Orders a second through HTTP, from 16 connections that each wait for the response to an order before they send the next.
//!
//! The orders are signed before the time begins, and sent as prepared bytes, so that little is measured but the simulator. Simulator
//! and connections share the threads of one runtime.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use paradex_api_ext::paradex_api::Secret;
use paradex_api_ext::signing::{Felt, MessagePrefix, Order, Scaled, Side};
use paradex_api_ext::simulator::Simulator;
use rust_decimal::Decimal;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 16;

/// How many different orders there are. Without a client id, one can be placed again.
const DIFFERENT: u64 = 1_000;

/// Prints the best of three rounds, which alternate.
pub fn run(orders: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("there are threads");
    let mut best = [0.0_f64; 2];
    for _ in 0..3 {
        for (best, unchecked) in best.iter_mut().zip([true, false]) {
            let taken = runtime.block_on(round(orders, unchecked));
            *best = best.max(orders as f64 / taken.as_secs_f64());
        }
    }
    let [unchecked, checked] = best;
    println!("orders/s through HTTP, signatures unchecked: {unchecked:.0}, checked: {checked:.0}");
}

async fn round(orders: usize, unchecked: bool) -> Duration {
    let builder = match unchecked {
        true => Simulator::builder().unchecked_signatures(),
        false => Simulator::builder(),
    };
    let simulator = builder.start().await.expect("there is a port");
    let token = simulator.main_session();
    let requests: Arc<Vec<Vec<u8>>> = Arc::new(
        (0..DIFFERENT)
            .map(|number| request(&simulator, &token, number))
            .collect(),
    );
    let host = simulator.url().trim_start_matches("http://").to_owned();
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        let stream = TcpStream::connect(&host).await.expect("it listens");
        stream.set_nodelay(true).expect("it is a socket");
        connections.push(stream);
    }
    let begin = Instant::now();
    let tasks: Vec<_> = connections
        .into_iter()
        .enumerate()
        .map(|(number, stream)| {
            let requests = Arc::clone(&requests);
            tokio::spawn(async move { place(stream, &requests, (number..orders).step_by(CONNECTIONS)).await })
        })
        .collect();
    for task in tasks {
        task.await.expect("every order is placed");
    }
    let taken = begin.elapsed();
    assert_eq!(simulator.orders(&simulator.main_account()).len(), orders);
    taken
}

/// Sends orders one after another.
async fn place(mut stream: TcpStream, requests: &[Vec<u8>], orders: impl Iterator<Item = usize>) {
    let mut response = Vec::new();
    for number in orders {
        let request = &requests[number % requests.len()];
        stream.write_all(request).await.expect("it is open");
        response.clear();
        while !is_complete(&response) {
            let read = stream.read_buf(&mut response).await.expect("it is open");
            assert_ne!(read, 0, "the connection ended");
        }
        let text = String::from_utf8_lossy(&response);
        assert!(text.starts_with("HTTP/1.1 201 "), "{text}");
    }
}

/// Returns whether a response has the body that its head announces.
fn is_complete(response: &[u8]) -> bool {
    let Some(head) = response.windows(4).position(|part| part == b"\r\n\r\n") else {
        return false;
    };
    let text = String::from_utf8_lossy(&response[..head]).to_ascii_lowercase();
    let length = text.split("content-length: ").nth(1).expect("there is a body");
    let length = length.lines().next().and_then(|length| length.parse().ok());
    response.len() == head + 4 + length.unwrap_or(0_usize)
}

/// Returns a signed order as it is sent. About half of the orders trade.
fn request(simulator: &Simulator, token: &Secret, number: u64) -> Vec<u8> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let timestamp_ms = now.expect("it is after 1970").as_millis() as u64;
    let (side, name) = match number % 2 {
        0 => (Side::Buy, "BUY"),
        _ => (Side::Sell, "SELL"),
    };
    let (size, price) = (Decimal::new(1, 2), Decimal::from(29_990 + number * 7 % 21));
    let terms = Order {
        timestamp_ms,
        market: Felt::from_short_string("BTC-USD-PERP").expect("it is short"),
        side,
        order_type: Felt::from_short_string("LIMIT").expect("it is short"),
        size: Scaled::from_decimal(size).expect("it is small"),
        price: Scaled::from_decimal(price).expect("it is small"),
    };
    let account = simulator.main_account().parse().expect("it is an address");
    let prefix = MessagePrefix::new("SIMULATED_SN_PARADEX", account).expect("it is short");
    let signature = simulator
        .main_key()
        .sign(&prefix.order(&terms))
        .expect("it signs");
    let body = json!({
        "instruction": "GTC", "market": "BTC-USD-PERP", "price": price.to_string(), "side": name,
        "signature": signature.to_wire().expose(), "signature_timestamp": timestamp_ms, "size": size.to_string(), "type": "LIMIT",
    })
    .to_string();
    let head = format!(
        "POST /v1/orders HTTP/1.1\r\nhost: simulator\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        token.expose(),
        body.len()
    );
    (head + &body).into_bytes()
}
