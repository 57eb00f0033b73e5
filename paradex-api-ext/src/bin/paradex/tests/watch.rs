//! `paradex watch`, in this process.

use paradex_api_ext::orders::CancelScope;
use paradex_api_ext::paradex_api::reqwest::StatusCode;
use paradex_api_ext::stream::{AccountUpdate, Outage};
use tokio::sync::Notify;

use super::*;
use crate::args::Command;
use crate::client_source::DemoExchange;
use crate::watch::{AccountKind, AccountTable, Lines, Output, Seen, Table, View, Watch, run_to as watch_to};

const BTC: &str = "BTC-USD-PERP";
const ETH: &str = "ETH-USD-PERP";

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
    tokio::time::timeout(Duration::from_secs(60), watched)
        .await
        .expect("it does not end")
}

/// Calls a function with each thing that is seen.
struct Hook<V, F>(V, F);

impl<V: View, F: FnMut(&V, &Seen)> Output for Hook<V, F> {
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

/// Runs a command that fails.
async fn failure(exchange: &Simulator, line: &str) -> Failure {
    let mut out = Vec::new();
    let mut sink = io::sink();
    let mut lines = Lines::new(&mut out, &mut sink);
    let ended = run_watch(exchange, line, &mut lines, std::future::pending()).await;
    ended.unwrap_err()
}

#[tokio::test]
async fn refused_market_ends_the_command_with_markets_that_are_like_it() {
    let exchange = still().await;
    for (line, market, meant) in [
        ("bbo NO-SUCH-MARKET", "NO-SUCH-MARKET", ""),
        (
            "bbo BTC-USD-PERP BTC-USD",
            "BTC-USD",
            "; did you mean `BTC-USD-PERP` or `BTC-USD-30000-P` or `BTC-USD-31000-C`?",
        ),
        (
            "book btc-usd-perp",
            "btc-usd-perp",
            "; did you mean `BTC-USD-PERP`?",
        ),
        ("trades all", "all", "; did you mean `ALL`?"),
        (
            "summary BTC-USD-PREP",
            "BTC-USD-PREP",
            "; did you mean `BTC-USD-PERP`?",
        ),
    ] {
        let failure = failure(&exchange, line).await;
        let expected =
            format!("there is no market `{market}`{meant} (`paradex api GET /v1/markets` lists them)");
        assert_eq!((failure.exit, failure.to_string()), (Exit::Failed, expected));
    }
}

#[tokio::test]
async fn refused_market_is_named_if_the_markets_cannot_be_listed() {
    let exchange = still().await;
    exchange.inject(Injection::new(Fault::html(StatusCode::FORBIDDEN)).on(&operations::LIST_MARKETS));
    let text = failure(&exchange, "bbo NO-SUCH-MARKET").await.to_string();
    assert!(
        text.contains("`bbo.NO-SUCH-MARKET`") && text.ends_with("check the symbol of the market"),
        "{text}"
    );
}

#[tokio::test]
async fn book_of_all_markets_is_refused() {
    let exchange = still().await;
    let failure = failure(&exchange, "book ALL").await;
    assert_eq!(failure.exit, Exit::Usage);
    assert_eq!(
        failure.to_string(),
        "`watch book` needs named markets: there is no feed of all books"
    );
}

#[test]
fn other_names_of_a_command_are_accepted() {
    for (typed, name) in [
        ("ticker", "bbo"),
        ("quotes", "bbo"),
        ("orderbook", "book"),
        ("funding", "summary"),
    ] {
        assert_eq!(watch(&format!("{typed} BTC-USD-PERP")).name(), name);
    }
}

#[test]
fn note_is_below_the_table_until_the_first_item() {
    let mut table = Table::new(&watch("trades ALL"), "the simulator (invented prices)");
    table.set_note("connected; no trade yet");
    let text = table.to_string();
    assert!(
        text.starts_with("trades at the simulator (invented prices), connecting;")
            && text.ends_with("losses: 0\nconnected; no trade yet"),
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
    let err = String::from_utf8(err).unwrap();
    let [warning, again] = err.lines().collect::<Vec<_>>()[..] else {
        panic!("{err}")
    };
    // How many attempts have failed by then depends on the time.
    let start = format!(
        "warning: cannot connect to {address}/v1: it responded to the handshake with status 502; attempt "
    );
    assert!(
        warning.starts_with(&start) && warning.contains(" failed, ") && warning.contains(" attempt "),
        "{warning}"
    );
    assert_eq!(again, "connected");
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
    let start = "cannot connect to ws://127.0.0.1:";
    assert!(
        text.starts_with(&format!("no data within 1 s: {start}"))
            && (text.ends_with(" attempts)") || text.ends_with(" (1 attempt)")),
        "{text}"
    );
    let shown = output.0.to_string();
    assert!(shown.contains(&format!("losses: 0\nwarning: {start}")), "{shown}");
}

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

#[tokio::test]
async fn signal_and_closed_pipe_end_the_command_with_success() {
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

/// Runs a command on the main account until it has seen so many reconciliations, and does something after each thing that it sees.
async fn run_account(
    exchange: &Simulator,
    line: &str,
    output: &mut dyn Output,
    reconciliations: u32,
    after: impl FnMut(&Seen),
) -> Result<Exit, Failure> {
    struct Until<'a, F> {
        output: &'a mut dyn Output,
        left: u32,
        after: F,
        stop: &'a Notify,
    }

    impl<F: FnMut(&Seen)> Output for Until<'_, F> {
        fn show(&mut self, seen: &Seen) -> io::Result<()> {
            self.output.show(seen)?;
            (self.after)(seen);
            if matches!(seen, Seen::Account(update) if matches!(**update, AccountUpdate::Reconciled(_))) {
                self.left -= 1;
                if self.left == 0 {
                    self.stop.notify_one();
                }
            }
            Ok(())
        }

        fn outage(&mut self, outage: Option<&Outage>) -> io::Result<()> {
            self.output.outage(outage)
        }

        fn draw(&mut self) {}
    }

    let client = exchange.client().unwrap();
    let watch = watch(line);
    let stop = Notify::new();
    let mut output = Until {
        output,
        left: reconciliations,
        after,
        stop: &stop,
    };
    let watched = watch_to(&watch, &client, &mut output, stop.notified());
    tokio::time::timeout(Duration::from_secs(60), watched)
        .await
        .expect("it does not end")
}

/// Runs a command on the main account until the first reconciliation, and writes its lines.
async fn write_account(
    exchange: &Simulator,
    line: &str,
    out: &mut (dyn Write + Send),
) -> Result<Exit, Failure> {
    let mut err = io::sink();
    run_account(exchange, line, &mut Lines::new(out, &mut err), 1, |_| {}).await
}

/// The lines of a command on the main account until the first reconciliation.
async fn account_lines(exchange: &Simulator, line: &str) -> Vec<Value> {
    let mut out = Vec::new();
    let exit = write_account(exchange, line, &mut out).await;
    assert_eq!(exit.unwrap(), Exit::Done);
    let text = String::from_utf8(out).unwrap();
    let mut lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let reconciled = lines.iter().position(|line| line["event"] == "reconciled");
    // An event can arrive before the signal.
    lines.truncate(reconciled.expect("it was reconciled") + 1);
    lines
}

async fn bid(exchange: &Simulator, price: u32) {
    let order = NewOrder::limit(BTC, OrderSide::Buy, 1.into(), price.into());
    exchange.client().unwrap().orders().place(order).await.unwrap();
}

#[tokio::test]
async fn open_orders_and_changes_of_an_account_are_lines_of_json() {
    let exchange = still().await;
    bid(&exchange, 29_000).await;
    let mut out = Vec::new();
    let after = |seen: &Seen| {
        if matches!(seen, Seen::Account(update) if matches!(**update, AccountUpdate::Reconciled(_))) {
            let client = exchange.client().unwrap();
            tokio::spawn(async move { client.orders().cancel_all(CancelScope::AllMarkets).await });
        }
    };
    let exit = run_account(
        &exchange,
        "orders BTC-USD-PERP --count 2",
        &mut Lines::new(&mut out, &mut io::sink()),
        u32::MAX,
        after,
    )
    .await;
    assert_eq!(exit.unwrap(), Exit::Done);
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events(&lines), ["order", "reconciled", "order"]);
    assert_eq!(
        lines[1],
        json!({
            "event": "reconciled", "connection": 1, "open_orders": 1, "closed_meanwhile": 0, "fills_found": 0, "positions": 0,
            "unresolved": {"orders": [], "unreadable": 0, "refused_channels": []},
        })
    );
    assert_eq!(
        (&lines[0]["market"], &lines[0]["order"]["status"]),
        (&json!(BTC), &json!("OPEN"))
    );
    assert_eq!(lines[2]["order"]["status"], "CLOSED");
    assert_eq!(lines[2]["order"]["id"], lines[0]["order"]["id"]);
}

#[tokio::test]
async fn fills_go_on_from_the_cursor_and_come_once() {
    let exchange = still().await;
    let folder = Folder::new();
    let line = format!("fills --since 1h --cursor {}", folder.path("fills.cursor"));
    bid(&exchange, 30_010).await;
    let first = account_lines(&exchange, &line).await;
    assert_eq!(events(&first), ["fill", "reconciled"]);
    assert_eq!(events(&account_lines(&exchange, &line).await), ["reconciled"]);
    bid(&exchange, 30_020).await;
    let next = account_lines(&exchange, &line).await;
    assert_eq!(events(&next), ["fill", "reconciled"]);
    assert_ne!(next[0]["fill"]["id"], first[0]["fill"]["id"]);

    // Another command has not shown what this one has.
    for (other, name) in [
        ("orders", "watch orders"),
        ("fills ETH-USD-PERP", "watch fills ETH-USD-PERP"),
    ] {
        let stored = folder.read("fills.cursor");
        let line = format!("{other} --cursor {}", folder.path("fills.cursor"));
        let mut out = Vec::new();
        let failure = write_account(&exchange, &line, &mut out).await.unwrap_err();
        let expected = format!("fills.cursor is the cursor of `watch fills`: name another file for `{name}`");
        assert!(failure.to_string().ends_with(&expected), "{failure}");
        assert_eq!((failure.exit, folder.read("fills.cursor")), (Exit::Usage, stored));
    }

    // A file of something else is neither used nor overwritten.
    folder.write("fills.cursor", "fills");
    let mut out = Vec::new();
    let ended = write_account(&exchange, &line, &mut out).await;
    let text = ended.unwrap_err().to_string();
    assert!(text.contains("fills.cursor is no cursor of `watch`"), "{text}");
    assert_eq!(folder.read("fills.cursor"), "fills");
}

#[tokio::test]
async fn positions_and_summary_are_lines_of_json() {
    let exchange = still().await;
    bid(&exchange, 30_010).await;
    let positions = account_lines(&exchange, "positions").await;
    assert_eq!(events(&positions), ["position", "reconciled"]);
    assert_eq!(positions[0]["position"]["size"], "1");
    assert_eq!(
        events(&account_lines(&exchange, "positions ETH-USD-PERP").await),
        ["reconciled"]
    );
    let account = account_lines(&exchange, "account").await;
    assert_eq!(events(&account), ["account", "reconciled"]);
    assert!(
        account[0]["account"]["account_value"].is_string(),
        "{}",
        account[0]
    );
}

#[tokio::test]
async fn table_of_orders_is_empty_between_a_loss_and_the_reconciliation() {
    let exchange = still().await;
    bid(&exchange, 29_000).await;
    let mut shown = Vec::new();
    let table = AccountTable::new(AccountKind::Orders, "desk", "a test");
    assert_eq!(
        table.to_string(),
        "orders of desk at a test, connecting; Ctrl-C ends\n\n\
         MARKET  SIDE  TYPE  SIZE  REMAINING  PRICE  STATUS  CLIENT ID  TIME\n\
         \n\
         reconciled: not yet\n\
         losses: 0"
    );
    exchange.inject(
        Injection::new(Fault::close_socket(1012))
            .on_channel("orders")
            .times(1),
    );
    let mut output = Hook(table, |table: &AccountTable, _: &Seen| {
        shown.push(table.to_string())
    });
    let mut was_placed = false;
    let after = |_: &Seen| {
        if !std::mem::replace(&mut was_placed, true) {
            let exchange = exchange.clone();
            tokio::spawn(async move { bid(&exchange, 29_010).await });
        }
    };
    run_account(&exchange, "orders", &mut output, 2, after)
        .await
        .unwrap();
    let lost = shown
        .iter()
        .find(|text| text.contains("unknown"))
        .expect("a loss");
    assert!(
        !lost.contains("29000")
            && lost.contains("losses: 1, the last at")
            && lost.contains("the connection ended"),
        "{lost}"
    );
    let last = shown.last().unwrap();
    assert!(
        last.starts_with("orders of desk at a test, live;")
            && last.contains("29000")
            && last.contains("29010"),
        "{last}"
    );
}

#[tokio::test]
async fn fill_that_a_closed_pipe_did_not_take_is_shown_by_the_next_run() {
    let exchange = still().await;
    let folder = Folder::new();
    let line = format!("fills --cursor {}", folder.path("fills.cursor"));
    assert_eq!(events(&account_lines(&exchange, &line).await), ["reconciled"]);
    bid(&exchange, 30_010).await;
    let exit = write_account(&exchange, &line, &mut Closed).await;
    assert_eq!(exit.unwrap(), Exit::Done);
    let next = account_lines(&exchange, &line).await;
    assert_eq!(events(&next), ["fill", "reconciled"]);
}

#[tokio::test]
async fn cursor_file_that_another_command_uses_is_refused() {
    let exchange = still().await;
    let folder = Folder::new();
    let line = format!("fills --cursor {}", folder.path("fills.cursor"));
    folder.write("fills.cursor.lock", "1 another-machine");
    let mut out = Vec::new();
    let failure = write_account(&exchange, &line, &mut out).await.unwrap_err();
    let text = failure.to_string();
    assert!(text.starts_with("the process 1 another-machine uses "), "{text}");
    assert!(out.is_empty());
}

#[tokio::test]
async fn table_of_a_market_never_has_rows_of_others() {
    let exchange = still().await;
    let price = (3_000.into(), 10.into());
    exchange
        .set_quotes(ETH, &[(2_990.into(), 10.into())], &[price])
        .unwrap();
    for (market, price) in [(BTC, 29_000), (ETH, 2_000), (BTC, 30_010), (ETH, 3_000)] {
        let order = NewOrder::limit(market, OrderSide::Buy, 1.into(), price.into());
        exchange.client().unwrap().orders().place(order).await.unwrap();
    }
    for (kind, name) in [
        (AccountKind::Orders, "orders"),
        (AccountKind::Positions, "positions"),
    ] {
        let mut shown = String::new();
        let table = AccountTable::new(kind, "desk", "a test");
        let mut output = Hook(table, |table: &AccountTable, _: &Seen| shown = table.to_string());
        let line = format!("{name} {BTC}");
        run_account(&exchange, &line, &mut output, 1, |_| {})
            .await
            .unwrap();
        assert!(shown.contains("live") && shown.contains(BTC), "{shown}");
        assert!(!shown.contains(ETH), "{shown}");
    }
}

#[tokio::test]
async fn mistyped_market_of_an_account_is_refused_with_the_nearest_one() {
    let exchange = still().await;
    let mut out = Vec::new();
    let ended = write_account(&exchange, "orders BTC-USD-PREP", &mut out).await;
    let failure = ended.unwrap_err();
    assert_eq!(failure.exit, Exit::Usage);
    let text = failure.to_string();
    let start = "the exchange lists no market `BTC-USD-PREP` (did you mean `BTC-USD-PERP`?): correct it";
    assert!(text.starts_with(start), "{text}");
    assert!(out.is_empty());
}

#[tokio::test]
async fn account_that_cannot_be_read_is_said_and_fails_the_command_when_its_time_is_over() {
    /// Notes why there is no connection.
    struct Noted<'a>(String, &'a Notify);

    impl Output for Noted<'_> {
        fn show(&mut self, seen: &Seen) -> io::Result<()> {
            panic!("{seen:?}")
        }

        fn outage(&mut self, outage: Option<&Outage>) -> io::Result<()> {
            self.0 = outage.map(ToString::to_string).unwrap_or_default();
            self.1.notify_one();
            Ok(())
        }

        fn draw(&mut self) {}
    }

    let exchange = still().await;
    let broken = Fault::html(StatusCode::BAD_GATEWAY);
    exchange.inject(
        Injection::new(broken)
            .on(&operations::LIST_OPEN_ORDERS)
            .times(1_000),
    );
    let client = exchange.client().unwrap();
    let stop = Notify::new();
    let mut output = Noted(String::new(), &stop);
    let orders = watch("orders");
    let watched = watch_to(&orders, &client, &mut output, stop.notified());
    let exit = tokio::time::timeout(Duration::from_secs(60), watched).await;
    assert_eq!(exit.expect("it does not end").unwrap(), Exit::Done);
    let start = "cannot read the account from http://127.0.0.1:";
    assert!(output.0.starts_with(start), "{}", output.0);

    let mut out = Vec::new();
    let ended = write_account(&exchange, "orders --for 1s", &mut out).await;
    let failure = ended.unwrap_err();
    assert_eq!(failure.exit, Exit::Failed);
    let start = "the account could not be read within the time of `--for`";
    assert!(failure.to_string().starts_with(start), "{failure}");
    assert!(out.is_empty());
}

#[tokio::test]
async fn accounts_of_the_demo_have_orders_and_a_position() {
    let demo = DemoExchange::start(true).await.unwrap();
    demo.trade().await.unwrap();
    for name in demo.all().unwrap() {
        let client = demo.client(&name).unwrap();
        let open = client.orders().open().await.unwrap().orders;
        let ids: Vec<_> = open
            .iter()
            .filter_map(|order| order.client_id.as_deref())
            .collect();
        assert!(ids.contains(&"buy-far") && ids.contains(&"sell-far"), "{ids:?}");
        let positions = client.api().list_positions().send().await.unwrap();
        assert_eq!(positions.into_inner().results.len(), 1, "{name}");
    }
}
