//! `paradex watch`, in this process.

use paradex_api_ext::paradex_api::reqwest::StatusCode;
use paradex_api_ext::stream::Outage;

use super::*;
use crate::args::Command;
use crate::watch::{Lines, Output, Seen, Table, Watch, run_to as watch_to};

const BTC: &str = "BTC-USD-PERP";

fn watch(line: &str) -> Watch {
    let words = ["paradex", "watch"].into_iter().chain(line.split_whitespace());
    match Args::try_parse_from(words).unwrap().command {
        Command::Watch(watch) => watch,
        other => panic!("{other:?}"),
    }
}

/// A simulator in which only the test moves the book of BTC.
async fn still() -> Simulator {
    let exchange = Simulator::builder().speed(0.0).start().await.unwrap();
    quote(&exchange, 1);
    exchange
}

/// Replaces the book of BTC: three bids and three asks around 30,000, each of this size.
fn quote(exchange: &Simulator, size: u32) {
    let levels = |prices: [u32; 3]| prices.map(|price| (price.into(), size.into()));
    let (bids, asks) = (levels([29_990, 29_980, 29_970]), levels([30_010, 30_020, 30_030]));
    exchange.set_quotes(BTC, &bids, &asks).unwrap();
}

/// Runs a command, and gives up after a time that it never needs.
async fn run_watch(
    exchange: &Simulator,
    line: &str,
    output: &mut dyn Output,
    stop: impl Future<Output = ()>,
) -> Result<Exit, Failure> {
    let environment = Environment::custom(exchange.url()).unwrap();
    let client = Client::builder(environment).build().unwrap();
    let watch = watch(line);
    let watched = watch_to(&watch, &client, output, stop);
    tokio::time::timeout(Duration::from_secs(20), watched)
        .await
        .expect("it does not end")
}

/// Calls a function with each thing that is seen.
struct Hook<F>(Table, F);

impl<F: FnMut(&Table, &Seen)> Output for Hook<F> {
    fn show(&mut self, seen: &Seen) -> io::Result<()> {
        self.0.apply(seen);
        (self.1)(&self.0, seen);
        Ok(())
    }

    fn outage(&mut self, outage: Option<&Outage>) -> io::Result<()> {
        self.0.set_outage(outage);
        Ok(())
    }

    fn draw(&mut self) {}
}

/// Writes lines of JSON, and moves the book of BTC after each item.
struct Moved<'a>(Lines<'a>, &'a Simulator, u32);

impl Output for Moved<'_> {
    fn show(&mut self, seen: &Seen) -> io::Result<()> {
        self.0.show(seen)?;
        if seen.is_item() {
            self.2 += 1;
            quote(self.1, self.2);
        }
        Ok(())
    }

    fn outage(&mut self, outage: Option<&Outage>) -> io::Result<()> {
        self.0.outage(outage)
    }

    fn draw(&mut self) {}
}

/// The lines of a command during which the book of BTC moves.
async fn lines(exchange: &Simulator, line: &str) -> Vec<Value> {
    let mut out = Vec::new();
    let mut err = Vec::new();
    let mut output = Moved(Lines::new(&mut out, &mut err), exchange, 1);
    let exit = run_watch(exchange, line, &mut output, std::future::pending()).await;
    assert_eq!(exit.unwrap(), Exit::Done);
    let text = String::from_utf8(out).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The events of lines, in order.
fn events(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["event"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn quotes_are_lines_of_json() {
    let exchange = still().await;
    let lines = lines(&exchange, "bbo BTC-USD-PERP --count 2").await;
    assert_eq!(events(&lines), ["live", "bbo", "bbo"]);
    assert_eq!(
        lines[0],
        json!({"event": "live", "market": BTC, "after": null, "connection": 1, "schema_version": 2})
    );
    for (line, size) in lines[1..].iter().zip(["1", "2"]) {
        assert_eq!(line["market"], BTC);
        assert_eq!(
            (&line["bid"], &line["ask"]),
            (&json!(["29990", size]), &json!(["30010", size]))
        );
        assert!(line["seq"].as_i64() > Some(0) && line["at_micros"].as_i64() > Some(1_600_000_000_000_000));
    }
    let handshakes = exchange.requests();
    let handshakes = handshakes.iter().filter(|request| request.status() == Some(101));
    let authorized: Vec<bool> = handshakes
        .map(|request| request.headers().any(|(name, _)| name == "authorization"))
        .collect();
    assert_eq!(authorized, [false], "no credential is sent");
}

#[tokio::test]
async fn losses_are_lines_of_json_before_the_next_item() {
    let exchange = still().await;
    exchange.inject(
        Injection::new(Fault::close_socket(1001))
            .on_channel("bbo")
            .skip(1)
            .times(1),
    );
    let lines = lines(&exchange, "bbo BTC-USD-PERP --count 2").await;
    assert_eq!(events(&lines), ["live", "bbo", "lost", "live", "bbo"]);
    assert_eq!(
        (&lines[2]["cause"], &lines[2]["dropped"]),
        (&json!("disconnected"), &json!(0))
    );
    assert_eq!(
        (&lines[3]["after"], &lines[3]["connection"]),
        (&json!("disconnected"), &json!(2))
    );
}

#[tokio::test]
async fn books_are_cut_at_the_depth_and_each_market_is_subscribed_once() {
    let exchange = still().await;
    let lines = lines(&exchange, "book BTC-USD-PERP BTC-USD-PERP --depth 2 --count 2").await;
    assert_eq!(events(&lines), ["live", "book", "book"]);
    assert_eq!(lines[1]["bids"], json!([["29990", "1"], ["29980", "1"]]));
    assert_eq!(lines[2]["asks"], json!([["30010", "2"], ["30020", "2"]]));
    assert_eq!(lines[1]["at_micros"], Value::Null, "a snapshot");
    assert_eq!(
        lines[2]["seq"].as_i64(),
        lines[1]["seq"].as_i64().map(|seq| seq + 1)
    );
}

#[tokio::test]
async fn book_with_a_gap_is_lost_until_the_next_snapshot() {
    let exchange = still().await;
    exchange.inject(
        Injection::new(Fault::skip_event())
            .on_channel("order_book")
            .skip(1)
            .times(1),
    );
    let mut shown = Vec::new();
    let mut size = 1;
    let table = Table::new(&watch("book BTC-USD-PERP"), "a test");
    // The first change is skipped, and the second one shows the gap.
    let mut output = Hook(table, |table: &Table, seen: &Seen| {
        shown.push(table.to_string());
        if seen.is_item() {
            for _ in 0..2 {
                size += 1;
                quote(&exchange, size);
            }
        }
    });
    let exit = run_watch(
        &exchange,
        "book BTC-USD-PERP --count 2",
        &mut output,
        std::future::pending(),
    )
    .await;
    assert_eq!(exit.unwrap(), Exit::Done);
    let lost = shown
        .iter()
        .find(|text| text.contains("unknown"))
        .expect("a loss");
    assert!(
        !lost.contains("29990") && lost.contains("losses: 1, the last at"),
        "{lost}"
    );
    let last = shown.last().unwrap();
    assert!(last.contains("29990") && last.contains("live"), "{last}");
}

#[tokio::test]
async fn trades_and_summaries_are_lines_of_json() {
    let exchange = Simulator::builder().speed(100.0).start().await.unwrap();
    let trades = lines(&exchange, "trades ALL --count 1").await;
    let trade = trades.last().unwrap();
    assert_eq!(trade["event"], "trade");
    assert!(
        trade["price"].is_string() && trade["id"].is_string() && trade["side"].is_string(),
        "{trade}"
    );
    let summaries = lines(&exchange, "summary BTC-USD-PERP --count 1").await;
    let summary = summaries.last().unwrap();
    assert_eq!(
        (&summary["event"], &summary["market"]),
        (&json!("summary"), &json!(BTC))
    );
    assert!(summary["summary"]["mark_price"].is_string(), "{summary}");
}

#[tokio::test]
async fn table_has_a_row_for_each_market_in_the_order_of_the_arguments() {
    let exchange = still().await;
    let table = Table::new(&watch("bbo ETH-USD-PERP BTC-USD-PERP"), "a test");
    assert_eq!(
        table.to_string(),
        "bbo at a test, connecting; Ctrl-C ends\n\n\
         MARKET        BID  SIZE  ASK  SIZE  SPREAD bps  TIME  STATE    LOSSES\n\
         ETH-USD-PERP    -     -    -     -           -  -     pending  0\n\
         BTC-USD-PERP    -     -    -     -           -  -     pending  0\n\
         \n\
         losses: 0"
    );
    let mut shown = String::new();
    let mut output = Hook(table, |table: &Table, seen: &Seen| {
        if matches!(seen, Seen::Bbo(bbo) if bbo.market == BTC) {
            shown = table.to_string();
        }
    });
    let line = "bbo ETH-USD-PERP BTC-USD-PERP --count 2";
    run_watch(&exchange, line, &mut output, std::future::pending())
        .await
        .unwrap();
    assert!(shown.starts_with("bbo at a test, schema version 2;"), "{shown}");
    let row: Vec<&str> = shown.lines().nth(4).unwrap().split_whitespace().collect();
    assert_eq!(row[..6], [BTC, "29990", "1", "30010", "1", "6.67"]);
    assert_eq!(row[7..], ["live", "0"]);
}

#[tokio::test]
async fn refused_market_ends_the_command_with_its_channel() {
    let exchange = still().await;
    let mut out = Vec::new();
    let ended = run_watch(
        &exchange,
        "bbo NO-SUCH-MARKET",
        &mut Lines::new(&mut out, &mut io::sink()),
        std::future::pending(),
    )
    .await;
    let failure = ended.unwrap_err();
    assert_eq!(failure.exit, Exit::Failed);
    let text = failure.to_string();
    assert!(
        text.contains("`bbo.NO-SUCH-MARKET`") && text.ends_with("check the symbol of the market"),
        "{text}"
    );
}

#[tokio::test]
async fn exchange_that_cannot_be_reached_is_said_once_and_so_is_its_return() {
    let exchange = still().await;
    exchange.inject(Injection::new(Fault::html(StatusCode::BAD_GATEWAY)).times(3));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = run_watch(
        &exchange,
        "bbo BTC-USD-PERP --count 1",
        &mut Lines::new(&mut out, &mut err),
        std::future::pending(),
    )
    .await;
    assert_eq!(exit.unwrap(), Exit::Done);
    assert_eq!(String::from_utf8(out).unwrap().lines().count(), 2);
    let address = exchange.url().replace("http", "ws");
    assert_eq!(
        String::from_utf8(err).unwrap(),
        format!(
            "warning: cannot connect to {address}/v1: it responded to the handshake with status 502; it is tried again\n\
             connected\n"
        )
    );
}

#[tokio::test]
async fn exchange_that_is_never_reached_fails_the_command_when_its_time_is_over() {
    let exchange = still().await;
    exchange.inject(Injection::new(Fault::reset_before()).times(100));
    let table = Table::new(&watch("bbo BTC-USD-PERP"), "a test");
    let mut output = Hook(table, |_: &Table, seen: &Seen| panic!("{seen:?}"));
    let ended = run_watch(
        &exchange,
        "bbo BTC-USD-PERP --for 1s",
        &mut output,
        std::future::pending(),
    )
    .await;
    let failure = ended.unwrap_err();
    assert_eq!(failure.exit, Exit::Failed);
    let text = failure.to_string();
    assert!(text.starts_with("cannot connect to ws://127.0.0.1:"), "{text}");
    let shown = output.0.to_string();
    assert!(shown.ends_with(&format!("losses: 0\n{text}")), "{shown}");
}

#[tokio::test]
async fn signal_and_closed_pipe_end_the_command_with_success() {
    /// A pipe whose reader has ended.
    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let exchange = still().await;
    let never = std::future::pending;
    for (out, stop) in [(&mut Full as &mut (dyn Write + Send), true), (&mut Closed, false)] {
        let stop = async move {
            if !stop {
                never().await
            }
        };
        let ended = run_watch(
            &exchange,
            "bbo BTC-USD-PERP",
            &mut Lines::new(out, &mut io::sink()),
            stop,
        )
        .await;
        assert_eq!(ended.unwrap(), Exit::Done);
    }
    let full = run_watch(
        &exchange,
        "bbo BTC-USD-PERP",
        &mut Lines::new(&mut Full, &mut io::sink()),
        never(),
    )
    .await;
    assert_eq!(full.unwrap_err().exit, Exit::Failed);
}
