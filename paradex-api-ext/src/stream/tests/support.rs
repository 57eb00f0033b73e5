//! A session with times and frames made by hand.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use paradex_api::testing::sbe::BboEvent;

use crate::stream::channel::{Channel, ChannelKind, Family};
use crate::stream::item::Item;
use crate::stream::link::{Action, ConnectFailure};
use crate::stream::market::Market;
use crate::stream::session::{Session, Sink};
use crate::stream::shared_book::SharedBook;
use crate::stream::update::{Live, LossCause, StreamError};

/// Keeps what a session reports, as text.
#[derive(Default)]
pub(super) struct Log {
    texts: Vec<String>,
    /// The cause of each loss, and how long before it the channel was complete.
    pub(super) losses: Vec<(LossCause, Duration)>,
    /// What each `Live` says about the loss that it ends.
    pub(super) lives: Vec<Option<LossCause>>,
}

impl Sink for Log {
    fn item(&mut self, channel: u64, market: &Market, item: Item) {
        let what = match item {
            Item::Bbo(bbo) => format!("bbo {}", bbo.seq),
            Item::Trade(trade) => format!("trade {}", trade.id.unwrap_or_default()),
            Item::Summary(_) => "summary".to_owned(),
            Item::Funding(_) => "funding".to_owned(),
            Item::MarketEvent(event) => format!("event {:?}", event.symbol),
        };
        self.texts.push(format!("{channel} {market} {what}"));
    }

    fn book_changed(&mut self, channel: u64) {
        self.texts.push(format!("{channel} book"));
    }

    fn lost(&mut self, channel: u64, market: Option<&Market>, cause: LossCause, age: Duration) {
        self.losses.push((cause, age));
        let market = market.map_or("all", Market::as_str);
        self.texts
            .push(format!("{channel} {market} lost {}", cause.as_str()));
    }

    fn live(&mut self, channel: u64, live: Live) {
        self.lives.push(live.after);
        let market = live.market.as_ref().map_or("all", Market::as_str);
        self.texts.push(format!("{channel} {market} live"));
    }

    fn end(&mut self, channel: u64, error: StreamError) {
        let error = match error {
            StreamError::Refused { .. } => "refused",
            StreamError::Silent { .. } => "silent",
            StreamError::Schema { .. } => "schema",
            StreamError::Handshake { .. } => "handshake",
            StreamError::Redirected { .. } => "redirected",
            _ => "other",
        };
        self.texts.push(format!("{channel} ended {error}"));
    }
}

/// A session, the time, and what it reported.
pub(super) struct World {
    pub(super) session: Session,
    pub(super) now: Instant,
    pub(super) wall: SystemTime,
    pub(super) log: Log,
    pub(super) connections: u64,
}

pub(super) const SECOND: Duration = Duration::from_secs(1);

impl World {
    pub(super) fn new() -> Self {
        Self::with_seed(7)
    }

    pub(super) fn with_seed(seed: u64) -> Self {
        Self {
            session: Session::new("wss://example.com/v1".to_owned(), 2, seed),
            now: Instant::now(),
            wall: SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000),
            log: Log::default(),
            connections: 0,
        }
    }

    /// A world whose channels are acknowledged. They are numbered from 1 on.
    pub(super) fn subscribed(channels: &[(ChannelKind, Option<&str>)]) -> Self {
        let mut world = Self::new();
        for (id, (kind, market)) in (1..).zip(channels) {
            world.want(id, *kind, *market);
        }
        world.connect();
        world.acknowledge();
        world
    }

    /// Wants a channel, with the silence limit of its kind.
    pub(super) fn want(
        &mut self,
        id: u64,
        kind: ChannelKind,
        market: Option<&str>,
    ) -> Option<Arc<SharedBook>> {
        let book = (kind.family() == Family::Book).then(|| Arc::new(SharedBook::new()));
        let channel = Channel {
            kind,
            market: market.map(Market::from),
        };
        let silence = kind.default_silence();
        self.session
            .want(self.now, id, channel, silence, book.clone(), None);
        book
    }

    /// What the session wants done.
    pub(super) fn actions(&mut self) -> Vec<Action> {
        std::iter::from_fn(|| self.session.action()).collect()
    }

    /// The texts that are to be sent, shortened to method, channel and id.
    pub(super) fn sent(&mut self) -> Vec<(String, String, u64)> {
        let actions = self.actions();
        actions.iter().filter_map(request).collect()
    }

    /// Connects, if the session wants to.
    pub(super) fn connect(&mut self) {
        let actions = self.actions();
        assert!(
            actions
                .iter()
                .any(|action| matches!(action, Action::Connect { .. })),
            "{actions:?}"
        );
        self.connections += 1;
        self.session.connected(self.now, self.connections);
    }

    /// Acknowledges everything that is asked for, and returns it.
    pub(super) fn acknowledge(&mut self) -> Vec<String> {
        let mut all = Vec::new();
        loop {
            let sent = self.sent();
            if sent.is_empty() {
                return all;
            }
            for (method, channel, id) in sent {
                self.text(&format!(
                    r#"{{"jsonrpc":"2.0","result":{{"channel":"{channel}"}},"id":{id}}}"#
                ));
                all.push(format!("{method} {channel}"));
            }
        }
    }

    /// Acknowledges one request.
    pub(super) fn done(&mut self, id: u64) {
        self.text(&format!(r#"{{"id":{id},"result":{{}}}}"#));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.session.text(self.now, text, &mut self.log);
    }

    pub(super) fn binary(&mut self, frame: &[u8]) {
        self.session.binary(self.now, frame, &mut self.log);
    }

    pub(super) fn fail(&mut self, failure: ConnectFailure) {
        self.session.connect_failed(self.now, failure, &mut self.log);
    }

    pub(super) fn close(&mut self) {
        self.session.closed(self.now, &mut self.log);
    }

    /// Lets time pass, with all ticks that the session wants. Returns the actions.
    pub(super) fn pass(&mut self, time: Duration) -> Vec<Action> {
        let end = self.now + time;
        let mut actions = self.actions();
        while let Some(at) = self.session.wake_at().filter(|at| *at <= end) {
            let passed = at.saturating_duration_since(self.now);
            self.wall += passed;
            self.now += passed;
            self.session.tick(self.now, self.wall, &mut self.log);
            actions.extend(self.actions());
        }
        self.wall += end.saturating_duration_since(self.now);
        self.now = end;
        actions
    }

    /// What was reported since the last time.
    pub(super) fn reported(&mut self) -> Vec<String> {
        std::mem::take(&mut self.log.texts)
    }
}

pub(super) fn request(action: &Action) -> Option<(String, String, u64)> {
    let Action::Send(text) = action else {
        return None;
    };
    let value: paradex_api::serde_json::Value = paradex_api::serde_json::from_str(text).unwrap();
    Some((
        value["method"].as_str().unwrap().to_owned(),
        value["params"]["channel"].as_str().unwrap().to_owned(),
        value["id"].as_u64().unwrap(),
    ))
}

/// The methods of the requests among actions.
pub(super) fn methods(actions: &[Action]) -> Vec<String> {
    let requests = actions.iter().filter_map(request);
    requests.map(|(method, ..)| method).collect()
}

pub(super) fn bbo(market: &str, seq: i64) -> Vec<u8> {
    let event = BboEvent {
        ts: seq,
        seq,
        bid_price: Some(100.into()),
        bid_size: Some(1.into()),
        market: market.to_owned(),
        ..BboEvent::default()
    };
    event.encode(2)
}
