//! Everything that goes wrong at random and at once. What feeds yield is compared with the log of the simulator.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::FutureExt;
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::simulator::{
    EventFate, EventKind, Fault, Injection, Simulator, SocketEnd, SocketEvent, SocketSnapshot, StreamOptions,
};
use paradex_api_ext::stream::{BookFeed, BookUpdate, Feed, Level, Update};
use paradex_api_ext::{Client, Environment};

const MARKET: &str = "BTC-USD-PERP";
/// The bid of a client has 0.001 for each round, and for those of the recovery.
const ROUNDS: u32 = 8_000;

/// All faults. One event in twenty meets each, and so does one subscription in twenty.
fn faults() -> [Fault; 18] {
    [
        Fault::skip_event(),
        Fault::duplicate_event(),
        Fault::reorder_events(),
        Fault::silence_channel(),
        Fault::acknowledge_then_silence(),
        Fault::no_acknowledgement(),
        Fault::unknown_template(),
        Fault::longer_block(),
        Fault::short_layout(),
        Fault::truncated_message(),
        Fault::json_on_binary(),
        Fault::null_fields(),
        Fault::split_frames(),
        Fault::flood(3),
        // Longer than a client waits for data and then for an acknowledgement.
        Fault::stall(Duration::from_secs(45)),
        Fault::half_open(),
        Fault::close_socket(1012),
        Fault::cut_frame(),
    ]
}

/// What a feed has told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// An item with this sequence number, or a change of a book.
    Item(i64),
    /// A whole book with this sequence number.
    Book(i64),
    Lost,
}

/// How many events were received, told as lost, and neither.
#[derive(Debug, Default)]
struct Tally {
    received: usize,
    lost: usize,
    /// Events that were never sent on a channel that skips numbers anyway.
    unseen: usize,
}

struct Run {
    exchange: Simulator,
    book: BookFeed,
    feeds: (
        Feed<paradex_api_ext::stream::Bbo>,
        Feed<paradex_api_ext::stream::Trade>,
    ),
    told: [Vec<Told>; 3],
    number: u32,
}

impl Run {
    async fn start() -> Self {
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
        let bid = NewOrder::limit(MARKET, OrderSide::Buy, 10.into(), 105.into());
        exchange.client().unwrap().orders().place(bid).await.unwrap();
        let environment = Environment::custom(exchange.url()).unwrap();
        let client = Client::builder(environment).build().unwrap();
        // By default trades may be silent for any time.
        let silence = Duration::from_secs(30);
        let options = paradex_api_ext::stream::StreamOptions::new().silence(silence);
        let stream = client.stream().with_options(options);
        let (book, feeds) = (stream.book(MARKET), (stream.bbo(MARKET), stream.trades(MARKET)));
        let mut run = Self {
            exchange,
            book,
            feeds,
            told: Default::default(),
            number: 0,
        };
        while client
            .stream()
            .connections()
            .first()
            .is_none_or(|one| one.channels.len() < 3)
        {
            tokio::task::yield_now().await;
        }
        run.round().await;
        run
    }

    /// Makes a trade, another best bid and another book, which have the same sequence number, and a second later reads what has
    /// arrived.
    async fn round(&mut self) {
        self.number += 1;
        let size = "0.001".parse().unwrap();
        let asks = [(105.into(), size), (110.into(), 2.into())];
        let bids = [(100.into(), self.number.into())];
        self.exchange.set_quotes(MARKET, &bids, &asks).unwrap();
        let second = Duration::from_secs(1);
        self.exchange.advance(second);
        tokio::time::sleep(second).await;
        self.read();
    }

    fn read(&mut self) {
        let [books, quotes, trades] = &mut self.told;
        while let Some(update) = self.book.next().now_or_never() {
            match update.expect("the feed has ended") {
                BookUpdate::Changed(change) => {
                    let first = change.seq - i64::try_from(change.changes).unwrap() + 1;
                    books.extend((first..=change.seq).map(Told::Item));
                }
                BookUpdate::Lost(_) => books.push(Told::Lost),
                BookUpdate::Live(_) => books.extend(self.book.view().map(|view| Told::Book(view.seq()))),
                other => panic!("{other:?}"),
            }
        }
        let (bbo, trade) = &mut self.feeds;
        read_feed(bbo, quotes, |quote| quote.seq);
        read_feed(trade, trades, |trade| trade.seq.unwrap());
    }

    fn is_complete(&self) -> bool {
        self.told.iter().all(|told| told.last() != Some(&Told::Lost))
    }

    /// Lets the feeds recover, and compares the book with that of the exchange.
    async fn recover(&mut self) {
        self.exchange.clear_injections();
        // A channel that was silent again and again gets up to ten minutes before its silence is a loss, and the last fault can have
        // silenced it. Until then its book is old and nobody can know.
        for _ in 0..700 {
            self.round().await;
        }
        for _ in 0..800 {
            self.round().await;
            if self.is_complete() {
                let view = self.book.view().unwrap();
                let pair = |level: Level| (level.price, level.size);
                let shown: [Vec<_>; 2] = [view.bids().map(pair).collect(), view.asks().map(pair).collect()];
                let book = self.exchange.order_book(MARKET);
                assert_eq!(shown, [book.bids, book.asks]);
                return;
            }
        }
        let last = self.told.each_ref().map(|told| told.last().copied());
        panic!("the feeds never recover: {last:?}");
    }
}

fn read_feed<T: std::fmt::Debug>(feed: &mut Feed<T>, told: &mut Vec<Told>, seq: impl Fn(&T) -> i64) {
    while let Some(update) = feed.next().now_or_never() {
        match update.unwrap_or_else(|| panic!("the feed has ended: {:?}", feed.error())) {
            Update::Item(item) => told.push(Told::Item(seq(&item))),
            Update::Lost(_) => told.push(Told::Lost),
            Update::Live(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// The events of one kind, in the order in which they were sent. One that was never sent stays where it would have been.
fn log(sockets: &[SocketSnapshot], kind: EventKind) -> Vec<SocketEvent> {
    let mut log = Vec::new();
    for socket in sockets {
        let of_kind = || socket.events.iter().filter(|event| event.kind == kind);
        let mut sent: Vec<_> = of_kind().filter(|event| event.place.is_some()).collect();
        sent.sort_by_key(|event| event.place);
        let mut sent = sent.into_iter();
        log.extend(of_kind().filter_map(|event| match event.place {
            Some(_) => sent.next().cloned(),
            None => Some(event.clone()),
        }));
    }
    log
}

/// Compares the items of a feed with the log. Each event was received, or lies where a loss was told.
fn compare(told: &[Told], log: &[SocketEvent]) -> Tally {
    let mut tally = Tally::default();
    let known: HashSet<i64> = log.iter().map(|event| event.seq).collect();
    let (mut place, mut last) = (0, None);
    // Before the feed is live, nothing is claimed.
    let (mut is_lost, mut was_lost) = (true, true);
    let mut pass = |events: &[SocketEvent], is_lost: bool, repeated: Option<i64>| {
        for event in events {
            if is_lost || repeated == Some(event.seq) {
                tally.lost += 1;
            } else {
                assert_eq!(event.fate, EventFate::Skipped, "{event:?} is missing");
                tally.unseen += 1;
            }
        }
    };
    let mut received = 0;
    for entry in told {
        let Told::Item(seq) = *entry else {
            is_lost = true;
            continue;
        };
        let rest = &log[place..];
        let ahead = rest
            .iter()
            .position(|event| event.seq == seq && event.place.is_some());
        let ahead = ahead.unwrap_or_else(|| panic!("{seq} was not sent after {last:?}"));
        // A connection begins with the present quote, which can be the one that was lost with the last connection.
        pass(&rest[..ahead], is_lost, last.filter(|_| was_lost));
        if let (Some(last), false) = (last, is_lost) {
            // The exchange made an event of each number, also while the connection had no subscription.
            let unknown = (last + 1..seq).find(|number| !known.contains(number));
            assert_eq!(unknown, None, "between {last} and {seq}");
        }
        received += 1;
        place += ahead + 1;
        (last, was_lost) = (Some(seq), is_lost);
        is_lost = false;
    }
    pass(&log[place..], is_lost, last.filter(|_| was_lost));
    tally.received = received;
    tally
}

/// Compares the changes of a book with the log. Its numbers have no gaps, so nothing goes unseen.
fn compare_book(told: &[Told], log: &[SocketEvent]) -> Tally {
    let mut received = HashSet::new();
    let mut losses = Vec::new();
    let mut last = None;
    let mut is_lost = true;
    for entry in told {
        match *entry {
            Told::Item(seq) => {
                assert!(!is_lost && Some(seq - 1) == last, "{seq} after {last:?}");
                received.insert(seq);
                last = Some(seq);
            }
            Told::Book(seq) => {
                assert!(is_lost, "{seq} replaces {last:?}");
                losses.push(last.unwrap_or_default() + 1..=seq);
                (last, is_lost) = (Some(seq), false);
            }
            Told::Lost => is_lost = true,
        }
    }
    let mut tally = Tally::default();
    for event in log {
        if received.contains(&event.seq) {
            tally.received += 1;
        } else {
            let is_told = losses.iter().any(|loss| loss.contains(&event.seq));
            assert!(is_told, "{event:?} is missing");
            tally.lost += 1;
        }
    }
    tally
}

#[tokio::test]
async fn items_and_told_losses_are_the_log_of_the_simulator() {
    let mut run = Run::start().await;
    tokio::time::pause();
    for (seed, fault) in (0..).zip(faults()) {
        for (number, channel) in (0..).zip(["order_book", "bbo", "trades"]) {
            let injection = Injection::new(fault.clone()).on_channel(channel);
            run.exchange
                .inject(injection.with_probability(5, seed * 3 + number));
        }
    }
    for _ in 0..ROUNDS {
        run.round().await;
    }
    run.recover().await;

    let sockets = run.exchange.sockets();
    let mut ends = Vec::new();
    for (number, socket) in (1..).zip(&sockets) {
        assert_eq!((socket.number, socket.forgotten), (number, 0));
        ends.extend(socket.ended.clone());
    }
    assert!(sockets.len() > 100, "{}", sockets.len());
    for end in [SocketEnd::Closed(1012), SocketEnd::Broken, SocketEnd::Client] {
        assert!(ends.contains(&end), "{end:?}");
    }
    let kinds = [EventKind::BookDelta, EventKind::Bbo, EventKind::Trade];
    for (kind, told) in kinds.into_iter().zip(&run.told) {
        let log = log(&sockets, kind);
        let fates: HashSet<EventFate> = log.iter().map(|event| event.fate).collect();
        assert_eq!(fates.len(), 8, "{fates:?}");
        let tally = match kind {
            EventKind::BookDelta => compare_book(told, &log),
            _ => compare(told, &log),
        };
        eprintln!("{kind:?} {tally:?}");
        assert_eq!(tally.received + tally.lost + tally.unseen, log.len(), "{tally:?}");
        assert!(tally.received > 100 && tally.lost > 100, "{tally:?}");
        // An exchange that leaves out a trade or a quote cannot be caught at it.
        let skipped = log
            .iter()
            .filter(|event| event.fate == EventFate::Skipped)
            .count();
        assert!(tally.unseen <= skipped && (tally.unseen > 0) == (kind != EventKind::BookDelta));
    }
}
