//! Feeds against the simulator, whose log says what it sent.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::FutureExt;
use paradex_api_ext::simulator::{
    EventFate, EventKind, Fault, Injection, Simulator, SocketEvent, StreamOptions,
};
use paradex_api_ext::stream::{BookComparison, BookFeed, BookUpdate, Feed, Update};
use paradex_api_ext::{Client, Environment};

use super::{next, text};

const MARKET: &str = "BTC-USD-PERP";

async fn start() -> (Simulator, Client) {
    let options = StreamOptions::default()
        .connects(usize::MAX, usize::MAX)
        .untaken_messages(usize::MAX)
        .kept_events(usize::MAX);
    let exchange = Simulator::builder()
        .strict()
        .stream(options)
        .start()
        .await
        .unwrap();
    let environment = Environment::custom(exchange.url()).unwrap();
    let client = Client::builder(environment).build().unwrap();
    (exchange, client)
}

/// Quotes so that each call changes the best bid.
fn change(exchange: &Simulator, number: u32) {
    let bids = [(100.into(), (number + 1).into())];
    exchange
        .set_quotes(MARKET, &bids, &[(110.into(), 2.into())])
        .unwrap();
}

/// Waits until a condition holds, which another task makes true.
async fn until(condition: impl Fn() -> bool) {
    let wait = async {
        // Others get their turn also if it holds already.
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        while !condition() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait)
        .await
        .expect("it never holds");
}

/// What a feed has told, in order: a number, or a loss.
#[derive(Default)]
struct Told {
    numbers: BTreeSet<i64>,
    /// For each loss, the numbers before and after it.
    losses: Vec<(i64, i64)>,
    last: i64,
    is_lost: bool,
}

impl Told {
    fn number(&mut self, number: i64) {
        if std::mem::take(&mut self.is_lost) {
            self.losses.push((self.last, number));
        }
        self.numbers.insert(number);
        self.last = number;
    }

    /// Whether each of these events was delivered, or lies where a loss was told.
    fn check(&self, events: &[SocketEvent], is_of_feed: impl Fn(&SocketEvent) -> bool) {
        let mut missing = 0;
        for event in events.iter().filter(|event| is_of_feed(event)) {
            // What the exchange does not send cannot be noticed where numbers are skipped anyway.
            if self.numbers.contains(&event.seq)
                || event.fate == EventFate::Skipped && event.kind == EventKind::Bbo
            {
                continue;
            }
            missing += 1;
            let is_told = self
                .losses
                .iter()
                .any(|(from, to)| (from - 1..=to + 1).contains(&event.seq));
            assert!(is_told, "{event:?} {:?}", self.losses);
        }
        assert!(missing > 0 && !self.losses.is_empty(), "no fault did anything");
    }
}

fn read_quotes(feed: &mut Feed<paradex_api_ext::stream::Bbo>, told: &mut Told) {
    while let Some(update) = feed.next().now_or_never() {
        match update.expect("the feed has ended") {
            Update::Item(quote) => told.number(quote.seq),
            Update::Lost(_) => told.is_lost = true,
            _ => {}
        }
    }
}

fn read_book(feed: &mut BookFeed, told: &mut Told) {
    while let Some(update) = feed.next().now_or_never() {
        match update.expect("the feed has ended") {
            BookUpdate::Changed(change) => {
                let first = change.seq - i64::try_from(change.changes).unwrap() + 1;
                for number in first..=change.seq {
                    told.number(number);
                }
            }
            BookUpdate::Lost(_) => told.is_lost = true,
            BookUpdate::Live(_) => {
                if let Some(view) = feed.view() {
                    told.number(view.seq());
                }
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn client_reads_the_simulator_and_agrees_with_its_rest_api() {
    let (exchange, client) = start().await;
    change(&exchange, 0);
    let stream = client.stream();
    let mut book = stream.book(MARKET);
    let mut quotes = stream.bbo(MARKET);
    assert!(matches!(next(&mut book).await, BookUpdate::Live(_)));
    assert_eq!(text(&mut quotes).await, "live");
    change(&exchange, 1);
    let seq = loop {
        if let Update::Item(quote) = next(&mut quotes).await
            && quote.bid.is_some_and(|bid| bid.size == 2.into())
        {
            break quote.seq;
        }
    };
    while book.view().is_none_or(|view| view.seq() < seq) {
        next(&mut book).await;
    }
    assert_eq!(book.view().unwrap().best().0.unwrap().size, 2.into());
    let comparison = book.verify(&client).await.unwrap();
    assert!(
        matches!(comparison, BookComparison::Equal { .. }),
        "{comparison:?}"
    );
    assert_eq!(exchange.sockets().len(), 1);
}

#[tokio::test]
async fn items_and_told_losses_are_the_log_of_the_simulator() {
    let (exchange, client) = start().await;
    change(&exchange, 0);
    let stream = client.stream();
    let mut book = stream.book(MARKET);
    let mut quotes = stream.bbo(MARKET);
    let (mut told_book, mut told_quotes) = (Told::default(), Told::default());
    until(|| exchange.sockets().iter().any(|socket| socket.channels.len() == 2)).await;
    let faults = [
        Fault::skip_event(),
        Fault::duplicate_event(),
        Fault::reorder_events(),
        Fault::unknown_template(),
        Fault::longer_block(),
        Fault::truncated_message(),
        Fault::json_on_binary(),
        Fault::null_fields(),
        Fault::split_frames(),
        Fault::flood(3),
    ];
    for (seed, fault) in (0..).zip(faults) {
        for channel in ["order_book", "bbo"] {
            let injection = Injection::new(fault.clone()).on_channel(channel);
            exchange.inject(injection.with_probability(5, seed));
        }
    }
    for number in 0..2_000 {
        change(&exchange, number);
        if number % 10 == 0 {
            until(|| {
                exchange
                    .sockets()
                    .iter()
                    .all(|socket| socket.ended.is_some() || socket.waiting == 0)
            })
            .await;
            read_quotes(&mut quotes, &mut told_quotes);
            read_book(&mut book, &mut told_book);
        }
        // Twice the connection ends in between.
        let end = match number {
            700 => Fault::close_socket(1012),
            1_400 => Fault::cut_frame(),
            _ => continue,
        };
        let connections = exchange.sockets().len();
        exchange.inject(Injection::new(end).on_channel("bbo"));
        change(&exchange, 10_000);
        until(|| exchange.sockets()[connections - 1].ended.is_some()).await;
        until(|| {
            exchange
                .sockets()
                .get(connections)
                .is_some_and(|socket| socket.channels.len() == 2)
        })
        .await;
    }
    exchange.clear_injections();
    // The feeds recover by themselves, and the book is the exchange's again.
    let last = loop {
        change(&exchange, 5_000);
        change(&exchange, 5_001);
        tokio::time::timeout(Duration::from_secs(1), book.next())
            .await
            .ok();
        read_quotes(&mut quotes, &mut told_quotes);
        read_book(&mut book, &mut told_book);
        let comparison = book.verify(&client).await.unwrap();
        if let BookComparison::Equal { seq, .. } = comparison
            && told_quotes.last >= seq
        {
            break seq;
        }
        assert!(
            !matches!(comparison, BookComparison::Differs { .. }),
            "{comparison:?}"
        );
    };
    let sockets = exchange.sockets();
    assert!(sockets.len() >= 3, "{}", sockets.len());
    let events: Vec<SocketEvent> = sockets.into_iter().flat_map(|socket| socket.events).collect();
    let events: Vec<SocketEvent> = events.into_iter().filter(|event| event.seq <= last).collect();
    assert!(events.len() > 1_000, "{}", events.len());
    told_quotes.check(&events, |event| event.kind == EventKind::Bbo);
    told_book.check(&events, |event| event.kind == EventKind::BookDelta);
}
