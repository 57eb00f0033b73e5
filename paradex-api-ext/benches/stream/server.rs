//! A server of prepared frames. It is a thread of its own and looks at nothing but the first request.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use paradex_api::Decimal;
use paradex_api::testing::sbe::BboEvent;
use tokio_tungstenite::tungstenite::{Message, accept};

/// What is sent after the first subscription.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Load {
    /// This many quotes of one market, as fast as they are read.
    Quotes(u64),
    /// Quotes of many markets, at a rate a second.
    Paced { markets: usize, rate: u64, count: u64 },
}

/// Starts the server for one connection, and returns its address.
pub(crate) fn start(load: Load) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = listener.local_addr().expect("it has an address");
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("there are sockets");
        serve(stream, load);
    });
    format!("http://{address}")
}

/// Prints its address, and sends this many quotes to each connection.
pub(crate) fn serve_all(count: u64) -> ! {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = listener.local_addr().expect("it has an address");
    println!("ws://{address}/v1");
    loop {
        let (stream, _) = listener.accept().expect("there are sockets");
        std::thread::spawn(move || serve(stream, Load::Quotes(count)));
    }
}

fn serve(stream: TcpStream, load: Load) {
    stream.set_nodelay(true).expect("it is a socket");
    let mut socket = accept(stream).expect("it is a handshake");
    let request = loop {
        if let Message::Text(text) = socket.read().expect("a request") {
            break text;
        }
    };
    let request: serde_json::Value = serde_json::from_str(&request).expect("it is JSON");
    let response = serde_json::json!({"jsonrpc": "2.0", "result": request["params"], "id": request["id"]});
    socket
        .send(Message::text(response.to_string()))
        .expect("it is open");
    let mut stream = socket.get_ref().try_clone().expect("it is a socket");
    // The client may have had enough.
    let _ = match load {
        Load::Quotes(count) => flood(&mut stream, count),
        Load::Paced { markets, rate, count } => pace(&mut stream, markets, rate, count),
    };
    // The client closes it.
    while socket.read().is_ok() {}
}

/// A frame of WebSocket with a quote.
fn quote(market: &str, seq: i64) -> Vec<u8> {
    let payload = BboEvent {
        ts: 1_767_225_600_123_456,
        seq,
        bid_price: Some(Decimal::new(300_000, 1)),
        bid_size: Some(Decimal::new(1_234, 3)),
        ask_price: Some(Decimal::new(300_010, 1)),
        ask_size: Some(Decimal::new(4_321, 3)),
        market: market.to_owned(),
    }
    .encode(2);
    let length = u8::try_from(payload.len()).expect("it is short");
    assert!(length < 126);
    let mut frame = vec![0x82, length];
    frame.extend_from_slice(&payload);
    frame
}

fn flood(stream: &mut TcpStream, count: u64) -> std::io::Result<()> {
    const BATCH: usize = 500;
    let frame = quote(super::MARKET, 0);
    let mut batch = frame.repeat(BATCH);
    for start in (0..count).step_by(BATCH) {
        for (seq, frame) in (start..).zip(batch.chunks_mut(frame.len())) {
            super::set_seq(&mut frame[2..], seq.cast_signed() + 1);
        }
        stream.write_all(&batch)?;
    }
    Ok(())
}

fn pace(stream: &mut TcpStream, markets: usize, rate: u64, count: u64) -> std::io::Result<()> {
    let names: Vec<String> = (0..markets)
        .map(|number| format!("COIN{number}-USD-PERP"))
        .collect();
    let (start, step) = (
        Instant::now(),
        Duration::from_secs(1) / u32::try_from(rate).expect("it is small"),
    );
    let mut due = start;
    for (number, name) in (1..=count).zip(names.iter().cycle()) {
        due += step;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        stream.write_all(&quote(name, number.cast_signed()))?;
    }
    Ok(())
}
