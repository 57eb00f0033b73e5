//! What is watched as lines of JSON.

use std::io::{self, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use paradex_api_ext::stream::{Level, Market, Outage};
use paradex_api_ext::visible_json;
use serde_json::{Value, json};

use super::{Output, Seen, account};
use crate::console::line;

/// Writes one line of JSON for each item and each loss.
pub(crate) struct Lines<'a> {
    out: &'a mut (dyn Write + Send),
    err: &'a mut (dyn Write + Send),
    is_out: bool,
}

impl<'a> Lines<'a> {
    /// Items go to `out`, and what is said about connections to `err`.
    pub(crate) fn new(out: &'a mut (dyn Write + Send), err: &'a mut (dyn Write + Send)) -> Self {
        Self {
            out,
            err,
            is_out: false,
        }
    }
}

impl Output for Lines<'_> {
    fn show(&mut self, seen: &Seen) -> io::Result<()> {
        writeln!(self.out, "{}", visible_json(&value(seen)?.to_string()))?;
        self.out.flush()
    }

    fn outage(&mut self, outage: Option<&Outage>) -> io::Result<()> {
        let was_out = std::mem::replace(&mut self.is_out, outage.is_some());
        match outage {
            Some(outage) if !was_out => writeln!(self.err, "warning: {}", line(&outage.to_string())),
            None if was_out => writeln!(self.err, "connected"),
            _ => Ok(()),
        }
    }

    fn note(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.err, "{text}")
    }

    fn draw(&mut self) {}
}

fn value(seen: &Seen) -> io::Result<Value> {
    Ok(match seen {
        Seen::Bbo(bbo) => json!({
            "event": "bbo",
            "market": bbo.market.as_str(),
            "seq": bbo.seq,
            "bid": bbo.bid.map(level),
            "ask": bbo.ask.map(level),
            "at_micros": micros(bbo.at),
        }),
        Seen::Book(book) => json!({
            "event": "book",
            "market": book.market.as_str(),
            "seq": book.seq,
            "bids": levels(&book.bids),
            "asks": levels(&book.asks),
            "at_micros": book.at.map(micros),
        }),
        Seen::Trade(trade) => json!({
            "event": "trade",
            "market": trade.market.as_str(),
            "id": trade.id,
            "side": trade.side,
            "price": trade.price.to_string(),
            "size": trade.size.to_string(),
            "type": trade.kind,
            "seq": trade.seq,
            "at_micros": micros(trade.at),
        }),
        Seen::Summary(summary) => json!({
            "event": "summary",
            "market": summary.symbol,
            "summary": serde_json::to_value(summary).map_err(io::Error::from)?,
        }),
        Seen::Account(update) => account::value(update)?,
        Seen::Lost(lost) => json!({
            "event": "lost",
            "market": lost.market().map(Market::as_str),
            "cause": lost.cause().as_str(),
            "detail": lost.cause().to_string(),
            "dropped": lost.dropped(),
            "since_micros": micros(lost.since()),
        }),
        Seen::Live(live) => json!({
            "event": "live",
            "market": live.market().map(Market::as_str),
            "after": live.after().map(|cause| cause.as_str()),
            "connection": live.connection(),
            "schema_version": live.schema_version(),
        }),
    })
}

fn level(level: Level) -> Value {
    json!([level.price.to_string(), level.size.to_string()])
}

fn levels(levels: &[Level]) -> Vec<Value> {
    levels.iter().copied().map(level).collect()
}

/// Microseconds since the Unix epoch.
fn micros(time: SystemTime) -> i64 {
    let (distance, sign) = match time.duration_since(UNIX_EPOCH) {
        Ok(distance) => (distance, 1),
        Err(before) => (before.duration(), -1),
    };
    i64::try_from(distance.as_micros()).map_or(i64::MAX, |micros| micros * sign)
}
