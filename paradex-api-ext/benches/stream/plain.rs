//! What a program does without the client: tokio-tungstenite, SBE decoded by hand, and a bounded channel of tokio. It checks nothing.

use std::hint::black_box;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use paradex_api::Decimal;
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

use crate::{MARKET, thread_time};

/// A quote with the fields that the client's has.
#[derive(Debug, Clone)]
pub(crate) struct Quote {
    pub(crate) market: std::sync::Arc<str>,
    pub(crate) seq: i64,
    pub(crate) bid: Option<(Decimal, Decimal)>,
    pub(crate) ask: Option<(Decimal, Decimal)>,
    pub(crate) at: std::time::SystemTime,
}

fn number(frame: &[u8], place: usize) -> Option<i64> {
    let bytes = frame.get(place..place + 8)?;
    bytes.try_into().ok().map(i64::from_le_bytes)
}

fn decimal(mantissa: i64) -> Decimal {
    Decimal::new(mantissa, 8).normalize()
}

fn decode(frame: &[u8], market: &std::sync::Arc<str>) -> Option<Quote> {
    let level = |place| {
        let (price, size) = (number(frame, place)?, number(frame, place + 8)?);
        (price != i64::MIN).then(|| (decimal(price), decimal(size)))
    };
    Some(Quote {
        market: std::sync::Arc::clone(market),
        seq: number(frame, 16)?,
        bid: level(24),
        ask: level(40),
        at: std::time::UNIX_EPOCH + Duration::from_micros(number(frame, 8)?.cast_unsigned()),
    })
}

/// Takes quotes from a reader's task, as [`ours`](crate::ours) does.
pub(crate) async fn quotes(url: &str, market: &str, count: u64) -> (Duration, Duration) {
    let address = url.strip_prefix("http://").expect("it is local");
    let stream = TcpStream::connect(address).await.expect("it listens");
    stream.set_nodelay(true).expect("it is a socket");
    let request = format!("ws://{address}/v1?sbeSchemaId=1&sbeSchemaVersion=2");
    let (mut socket, _) = client_async(request, stream).await.expect("it accepts");
    let subscribe =
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{{"channel":"bbo.{market}"}}}}"#);
    socket.send(Message::text(subscribe)).await.expect("it is open");
    let (sender, mut quotes) = tokio::sync::mpsc::channel(16_384);
    tokio::spawn(async move {
        let market = MARKET.into();
        while let Some(Ok(message)) = socket.next().await {
            if let Message::Binary(frame) = message
                && let Some(quote) = decode(&frame, &market)
                && sender.send(quote).await.is_err()
            {
                break;
            }
        }
    });
    let mut started = None;
    for _ in 0..count {
        let quote = quotes.recv().await.expect("it goes on");
        started.get_or_insert_with(|| (Instant::now(), thread_time()));
        black_box(&quote);
    }
    let (wall, cpu) = started.expect("there were quotes");
    (wall.elapsed(), thread_time() - cpu)
}

/// A book as two sorted lists, the best price last.
pub(crate) struct Book {
    bids: Vec<(i64, i64)>,
    asks: Vec<(i64, i64)>,
    seq: i64,
}

impl Book {
    pub(crate) fn from_snapshot(frame: &[u8]) -> Self {
        let mut book = Self {
            bids: Vec::new(),
            asks: Vec::new(),
            seq: -1,
        };
        book.take(frame).expect("it is a snapshot");
        book
    }

    /// Applies a change. Returns whether its number was the next one.
    pub(crate) fn apply(&mut self, frame: &[u8]) -> bool {
        let expected = self.seq + 1;
        self.take(frame).is_some() && self.seq == expected
    }

    fn take(&mut self, frame: &[u8]) -> Option<()> {
        let block = usize::from(u16::from_le_bytes(frame.get(..2)?.try_into().ok()?));
        self.seq = number(frame, 16)?;
        let mut place = 8 + block;
        for is_bid in [true, false] {
            let short = |at: usize| {
                Some(usize::from(u16::from_le_bytes(
                    frame.get(at..at + 2)?.try_into().ok()?,
                )))
            };
            let (size, count) = (short(place)?, short(place + 2)?);
            place += 4;
            for _ in 0..count {
                let (price, amount) = (number(frame, place)?, number(frame, place + 8)?);
                place += size;
                let levels = if is_bid { &mut self.bids } else { &mut self.asks };
                let found = levels.partition_point(|level| (level.0 < price) == is_bid && level.0 != price);
                match levels.get_mut(found) {
                    Some(level) if level.0 == price && amount == 0 => drop(levels.remove(found)),
                    Some(level) if level.0 == price => level.1 = amount,
                    _ if amount == 0 => {}
                    _ => levels.insert(found, (price, amount)),
                }
            }
        }
        Some(())
    }
}
