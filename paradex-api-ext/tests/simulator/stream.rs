//! The WebSocket: handshake, subscriptions, public channels, limits and faults, with a plain client.

mod private;

use std::collections::BTreeMap;

use futures_util::{SinkExt, StreamExt};
use paradex_api::sbe::Message as Event;
use paradex_api::testing::sbe::{BboEvent, BookEvent, TradeEvent};
use paradex_api_ext::orders::NewOrder;
use paradex_api_ext::simulator::{
    EventFate, EventKind, FirstMessage, Liquidity, PlainConnections, SecondAuth, SharedBbo, SocketEnd,
    SocketSnapshot, StreamOptions, UnmatchedTick, VersionTwoLayout,
};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::CloseFrame;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::*;

/// What a client received.
#[derive(Debug)]
pub(super) enum Received {
    Text(Value),
    /// A text that is not JSON.
    Nonsense,
    /// A frame of SBE.
    Frame(Vec<u8>),
    Ping,
    Closed(Option<u16>),
    Broken,
}

pub(super) struct Socket {
    pub(super) stream: WebSocketStream<TcpStream>,
    last_id: i64,
}

impl Socket {
    async fn try_open(simulator: &Simulator, query: &str) -> Result<Self, u16> {
        let url = format!("{}{query}", simulator.stream_url());
        let address = simulator.url().strip_prefix("http://").unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        match client_async(url, stream).await {
            Ok((stream, _)) => Ok(Self { stream, last_id: 0 }),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    pub(super) async fn open(simulator: &Simulator, version: u16) -> Self {
        let query = format!("?sbeSchemaId=1&sbeSchemaVersion={version}");
        Self::try_open(simulator, &query).await.unwrap()
    }

    pub(super) async fn next(&mut self) -> Received {
        let next = tokio::time::timeout(Duration::from_secs(20), self.stream.next());
        match next.await.expect("nothing arrives") {
            Some(Ok(Message::Text(text))) => {
                serde_json::from_str(&text).map_or(Received::Nonsense, Received::Text)
            }
            Some(Ok(Message::Binary(bytes))) => Received::Frame(bytes.to_vec()),
            Some(Ok(Message::Ping(_))) => Received::Ping,
            Some(Ok(Message::Close(frame))) => {
                Received::Closed(frame.map(|CloseFrame { code, .. }| code.into()))
            }
            Some(Ok(other)) => panic!("{other:?}"),
            Some(Err(_)) | None => Received::Broken,
        }
    }

    pub(super) async fn text(&mut self) -> Value {
        match self.next().await {
            Received::Text(text) => text,
            other => panic!("{other:?}"),
        }
    }

    async fn frame(&mut self) -> Vec<u8> {
        match self.next().await {
            Received::Frame(frame) => frame,
            other => panic!("{other:?}"),
        }
    }

    async fn book(&mut self) -> BookEvent {
        let frame = self.frame().await;
        match Event::decode(&frame).unwrap() {
            Event::Book(book) => book.into(),
            other => panic!("{other:?}"),
        }
    }

    async fn bbo(&mut self) -> BboEvent {
        let frame = self.frame().await;
        match Event::decode(&frame).unwrap() {
            Event::Bbo(bbo) => bbo.into(),
            other => panic!("{other:?}"),
        }
    }

    async fn trade(&mut self) -> TradeEvent {
        let frame = self.frame().await;
        match Event::decode(&frame).unwrap() {
            Event::Trade(trade) => trade.into(),
            other => panic!("{other:?}"),
        }
    }

    async fn send(&mut self, text: impl Into<String>) {
        self.stream.send(Message::text(text.into())).await.unwrap();
    }

    /// Sends a request, and returns its id.
    pub(super) async fn request(&mut self, method: &str, params: Value) -> i64 {
        self.last_id += 1;
        let request = json!({"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params});
        self.send(request.to_string()).await;
        self.last_id
    }

    /// Sends a request, and returns the response. What comes before it must be expected by the caller.
    pub(super) async fn call(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params).await;
        let response = self.text().await;
        assert_eq!(response["id"], id, "{response}");
        response
    }

    pub(super) async fn subscribe(&mut self, channel: &str) {
        let response = self.call("subscribe", json!({"channel": channel})).await;
        assert_eq!(response["result"], json!({"channel": channel}), "{response}");
    }

    /// The code and the data of a refused subscription.
    async fn refused(&mut self, params: Value) -> (i64, String) {
        error(&self.call("subscribe", params).await)
    }
}

pub(super) fn error(response: &Value) -> (i64, String) {
    let data = response["error"]["data"].as_str().unwrap_or_default();
    (
        response["error"]["code"].as_i64().unwrap_or_default(),
        data.to_owned(),
    )
}

pub(super) async fn with_options(options: StreamOptions) -> Simulator {
    Simulator::builder()
        .strict()
        .stream(options)
        .start()
        .await
        .unwrap()
}

/// A simulator in whose main market only a test moves the book.
async fn quiet() -> Simulator {
    quiet_with(StreamOptions::default()).await
}

async fn quiet_with(options: StreamOptions) -> Simulator {
    let simulator = with_options(options.first_message(FirstMessage::NextChange)).await;
    quote(&simulator, &[("100", "1")], &[("110", "2")]);
    simulator
}

fn quote(simulator: &Simulator, bids: &[(&str, &str)], asks: &[(&str, &str)]) {
    let levels = |levels: &[(&str, &str)]| -> Vec<(Decimal, Decimal)> {
        levels
            .iter()
            .map(|(price, size)| (decimal(price), decimal(size)))
            .collect()
    };
    simulator
        .set_quotes(MARKET, &levels(bids), &levels(asks))
        .unwrap();
}

/// Quotes so that each call changes the best bid.
fn change(simulator: &Simulator, number: u32) {
    quote(simulator, &[("100", &(number + 1).to_string())], &[("110", "2")]);
}

fn only(simulator: &Simulator) -> SocketSnapshot {
    let mut sockets = simulator.sockets();
    assert_eq!(sockets.len(), 1);
    sockets.remove(0)
}

/// Waits until a condition holds, which another task makes true.
pub(super) async fn until(condition: impl Fn() -> bool) {
    let wait = async {
        while !condition() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait)
        .await
        .expect("it never holds");
}

const DELTAS: &str = "order_book.BTC-USD-PERP.deltas";
const BBO: &str = "bbo.BTC-USD-PERP";

#[tokio::test]
async fn schema_versions_are_negotiated_in_the_url() {
    let options = StreamOptions::default().schema_versions([0, 1]);
    let simulator = with_options(options).await;
    for version in [0, 1] {
        Socket::open(&simulator, version).await;
    }
    for query in [
        "?sbeSchemaId=1&sbeSchemaVersion=2",
        "?sbeSchemaId=2&sbeSchemaVersion=1",
        "?sbeSchemaId=1",
        "?sbeSchemaVersion=1",
    ] {
        assert_eq!(
            Socket::try_open(&simulator, query).await.err(),
            Some(400),
            "{query}"
        );
    }
    let versions: Vec<Option<u16>> = simulator
        .sockets()
        .iter()
        .map(|socket| socket.schema_version)
        .collect();
    assert_eq!(versions, [Some(0), Some(1)]);
}

#[tokio::test]
async fn plain_requests_to_the_socket_are_refused() {
    let simulator = with_options(StreamOptions::default()).await;
    let (status, body) = raw(&simulator, "GET", "/v1", "").await;
    assert_eq!((status, body["error"].as_str()), (426, Some("UPGRADE_REQUIRED")));
    let (status, _) = raw(&simulator, "POST", "/v1", "").await;
    assert_eq!(status, 405);

    let request = http()
        .get(format!("{}/v1", simulator.url()))
        .header("upgrade", "websocket");
    assert_eq!(request.send().await.unwrap().status(), 400);
    assert!(simulator.sockets().is_empty());
}

#[tokio::test]
async fn new_connections_of_an_address_are_limited() {
    let simulator = with_options(StreamOptions::default().connects(2, 3)).await;
    let mut open = Vec::new();
    for _ in 0..2 {
        open.push(Socket::open(&simulator, 2).await);
    }
    assert_eq!(Socket::try_open(&simulator, "").await.err(), Some(429));
    simulator.advance(Duration::from_secs(1));
    open.push(Socket::open(&simulator, 2).await);
    simulator.advance(Duration::from_secs(1));
    assert_eq!(Socket::try_open(&simulator, "").await.err(), Some(429));
    simulator.advance(Duration::from_secs(60));
    Socket::open(&simulator, 2).await;
}

#[tokio::test]
async fn requests_have_ids_of_two_kinds_or_none() {
    let simulator = quiet().await;
    let mut socket = Socket::open(&simulator, 2).await;
    for (id, expected) in [
        ("7", json!(7)),
        ("\"seven\"", json!("seven")),
        ("null", Value::Null),
    ] {
        let request = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"subscribe","params":{{}}}}"#);
        socket.send(request).await;
        let response = socket.text().await;
        assert_eq!(
            (&response["id"], error(&response).0),
            (&expected, -32602),
            "{response}"
        );
        assert!(response["usIn"].is_i64() && response["usOut"].is_i64() && response["usDiff"].is_i64());
    }
    for (text, code) in [
        ("nonsense", -32700),
        ("[]", -32600),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"subscribe","params":[]}"#,
            -32602,
        ),
        (r#"{"jsonrpc":"2.0","id":1,"method":"nothing"}"#, -32601),
    ] {
        socket.send(text).await;
        assert_eq!(error(&socket.text().await).0, code, "{text}");
    }
}

#[tokio::test]
async fn subscriptions_are_acknowledged_once_and_end() {
    let simulator = quiet().await;
    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe(BBO).await;
    let (code, data) = socket.refused(json!({"channel": BBO})).await;
    assert_eq!((code, data.contains("already")), (-32600, true), "{data}");
    assert_eq!(only(&simulator).channels, [BBO]);

    let response = socket.call("unsubscribe", json!({"channel": BBO})).await;
    assert_eq!(response["result"], json!({"channel": BBO}));
    let response = socket.call("unsubscribe", json!({"channel": BBO})).await;
    assert_eq!(error(&response).0, -32600);
    // Nothing arrives any more: the next message is the response.
    change(&simulator, 1);
    socket.subscribe("trades.BTC-USD-PERP").await;
}

#[tokio::test]
async fn channels_that_the_exchange_refuses_are_refused() {
    let simulator = quiet_with(StreamOptions::default().unmatched_tick(UnmatchedTick::Refused)).await;
    let mut socket = Socket::open(&simulator, 0).await;
    for channel in [
        "candles.BTC-USD-PERP",
        "bbo.NO-SUCH-PERP",
        "order_book.BTC-USD-PERP.deltas@15@50ms",
        "order_book.BTC-USD-PERP.snapshot@15@200ms",
        "order_book.BTC-USD-PERP.snapshot@15@50ms@0.123",
        // Version 0 has no template for it.
        "funding_rate_comparison.ALL@500ms",
    ] {
        let (code, _) = socket.refused(json!({"channel": channel})).await;
        assert_eq!(code, -32600, "{channel}");
    }
    for params in [
        json!({"channel": 7}),
        json!({"channel": BBO, "markets": [MARKET]}),
        json!({"channel": "markets_summary", "markets": ["NO-SUCH-PERP"]}),
        json!({"channel": "markets_summary", "markets": MARKET}),
    ] {
        let (code, _) = socket.refused(params.clone()).await;
        assert_eq!(code, -32602, "{params}");
    }
    assert_eq!(only(&simulator).channels.len(), 0);
}

#[tokio::test]
async fn sbe_connection_has_one_order_book_channel_of_a_market() {
    let options = StreamOptions::default().plain_connections(PlainConnections::Json);
    let simulator = quiet_with(options).await;
    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe(DELTAS).await;
    socket.book().await;
    let second = json!({"channel": "order_book.BTC-USD-PERP.interactive@15@100ms"});
    let (code, data) = socket.refused(second.clone()).await;
    assert_eq!((code, data.contains(DELTAS)), (-32600, true), "{data}");
    socket.subscribe("order_book.ETH-USD-PERP.deltas").await;
    socket.book().await;
    socket.call("unsubscribe", json!({"channel": DELTAS})).await;

    // JSON names the channel.
    let mut plain = Socket::try_open(&simulator, "").await.unwrap();
    plain.subscribe(DELTAS).await;
    assert_eq!(plain.text().await["params"]["channel"], DELTAS);
    let id = plain.request("subscribe", second).await;
    assert_eq!(plain.text().await["id"], id);
}

#[tokio::test]
async fn both_bbo_channels_of_a_market_share_a_connection_if_told_so() {
    let interactive = "bbo.BTC-USD-PERP.interactive";
    for (shared, code) in [(SharedBbo::Refused, -32600), (SharedBbo::Served, 0)] {
        let simulator = quiet_with(StreamOptions::default().shared_bbo(shared)).await;
        let mut socket = Socket::open(&simulator, 2).await;
        socket.subscribe(BBO).await;
        let response = socket.call("subscribe", json!({"channel": interactive})).await;
        assert_eq!(error(&response).0, code, "{shared:?}: {response}");
    }
}

#[tokio::test]
async fn plain_connections_are_refused_silent_or_served_json() {
    for plain in [
        PlainConnections::Refused,
        PlainConnections::Silent,
        PlainConnections::Json,
    ] {
        let simulator = quiet_with(StreamOptions::default().plain_connections(plain)).await;
        let mut socket = Socket::try_open(&simulator, "").await.unwrap();
        let response = socket.call("subscribe", json!({"channel": BBO})).await;
        assert_eq!(
            error(&response).0 == -32600,
            plain == PlainConnections::Refused,
            "{plain:?}"
        );
        change(&simulator, 1);
        let fates: Vec<EventFate> = only(&simulator).events.iter().map(|event| event.fate).collect();
        match plain {
            PlainConnections::Refused => assert_eq!(fates, []),
            PlainConnections::Silent => assert_eq!(fates, [EventFate::Silenced]),
            _ => {
                let push = socket.text().await;
                assert_eq!(
                    (&push["method"], &push["params"]["channel"]),
                    (&json!("subscription"), &json!(BBO))
                );
                assert_eq!(push["params"]["data"]["bid_size"], "2");
            }
        }
    }
}

#[tokio::test]
async fn session_of_the_simulator_authenticates_once() {
    let simulator = quiet_with(StreamOptions::default()).await;
    let bearer = json!({"bearer": simulator.main_session().expose()});
    let mut socket = Socket::open(&simulator, 2).await;
    for (params, code) in [
        (json!({}), -32602),
        (json!({"bearer": ""}), 40110),
        (json!({"bearer": "nonsense"}), 40111),
    ] {
        assert_eq!(error(&socket.call("auth", params).await).0, code);
    }
    let response = socket.call("auth", bearer.clone()).await;
    assert!(response["result"]["node_id"].is_string(), "{response}");
    assert_eq!(only(&simulator).account, Some(simulator.main_account()));
    assert_eq!(error(&socket.call("auth", bearer).await).0, -32600);

    let simulator = with_options(StreamOptions::default().second_auth(SecondAuth::Accepted)).await;
    let mut socket = Socket::open(&simulator, 2).await;
    let other = simulator.add_account();
    let sessions = [
        simulator.main_session(),
        simulator.account_session(&other).unwrap(),
    ];
    for session in sessions {
        let response = socket.call("auth", json!({"bearer": session.expose()})).await;
        assert!(response["result"]["node_id"].is_string(), "{response}");
    }
    assert_eq!(only(&simulator).account, Some(other));
}

/// A book that a client keeps from deltas.
#[derive(Debug, Default, PartialEq)]
struct Model {
    seq: i64,
    bids: BTreeMap<Decimal, Decimal>,
    asks: BTreeMap<Decimal, Decimal>,
}

impl Model {
    fn apply(&mut self, event: &BookEvent) {
        match event.pkg_type {
            paradex_api::sbe::PkgType::Snapshot => *self = Self::default(),
            _ => assert_eq!(event.seq, self.seq + 1),
        }
        self.seq = event.seq;
        for (side, levels) in [(&mut self.bids, &event.bids), (&mut self.asks, &event.asks)] {
            for level in levels {
                match level.size.is_zero() {
                    true => assert!(
                        side.remove(&level.price).is_some(),
                        "{level:?} was not in the book"
                    ),
                    false => drop(side.insert(level.price, level.size)),
                }
            }
        }
    }

    /// The book as the REST half shows it, at the same sequence number.
    async fn check(&self, simulator: &Simulator) {
        let client = Client::new(simulator.base_url()).unwrap();
        let book = book_of_rest(&client, 100).await;
        assert_eq!(book.seq_no, Some(self.seq));
        let levels = |levels: &[paradex_api::wire::PriceLevel]| -> Vec<(Decimal, Decimal)> {
            levels.iter().map(|level| (level.price, level.size)).collect()
        };
        let (bids, asks) = (levels(&book.bids), levels(&book.asks));
        let own = |levels: &mut dyn Iterator<Item = (&Decimal, &Decimal)>| -> Vec<(Decimal, Decimal)> {
            levels.take(100).map(|(price, size)| (*price, *size)).collect()
        };
        assert_eq!(bids, own(&mut self.bids.iter().rev()));
        assert_eq!(asks, own(&mut self.asks.iter()));
    }
}

/// The book of the main market in the REST half.
async fn book_of_rest(client: &Client, depth: i64) -> paradex_api::types::AskBidArray {
    let book = client.get_orderbook().market(MARKET).depth(depth);
    book.send().await.unwrap().into_inner()
}

#[tokio::test]
async fn deltas_begin_with_a_snapshot_and_follow_each_change_of_a_quoted_book() {
    let simulator = quiet().await;
    let client = simulator.client().unwrap();
    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe(DELTAS).await;
    let mut model = Model::default();
    model.apply(&socket.book().await);
    model.check(&simulator).await;

    quote(&simulator, &[("100", "3"), ("99", "1")], &[("111", "2")]);
    model.apply(&socket.book().await);
    let order = NewOrder::limit(MARKET, OrderSide::Buy, decimal("0.5"), decimal("101"));
    client.orders().place(order).await.unwrap();
    model.apply(&socket.book().await);
    model.check(&simulator).await;
    assert_eq!(model.bids.len(), 3);

    client
        .orders()
        .cancel_all(paradex_api_ext::orders::CancelScope::AllMarkets)
        .await
        .unwrap();
    model.apply(&socket.book().await);
    model.check(&simulator).await;
}

#[tokio::test]
async fn simulated_market_moves_with_the_clock_and_agrees_with_rest() {
    for liquidity in [Liquidity::None, Liquidity::Simulated] {
        let builder = Simulator::builder().liquidity(liquidity).seed(3);
        let simulator = builder.start().await.unwrap();
        let mut socket = Socket::open(&simulator, 2).await;
        socket.subscribe(DELTAS).await;
        let mut model = Model::default();
        model.apply(&socket.book().await);
        simulator.advance(Duration::from_secs(10));
        // Time goes on meanwhile: the book is read until it is as new as the one of the REST half.
        let client = Client::new(simulator.base_url()).unwrap();
        let mut changes = 0;
        while changes < 20 {
            model.apply(&socket.book().await);
            changes += 1;
        }
        loop {
            let book = book_of_rest(&client, 1).await;
            while book.seq_no > Some(model.seq) {
                model.apply(&socket.book().await);
            }
            let after = book_of_rest(&client, 100).await;
            if after.seq_no == Some(model.seq) {
                let best = model.bids.iter().next_back().unwrap();
                assert_eq!(
                    (after.bids[0].price, after.bids[0].size),
                    (*best.0, *best.1),
                    "{liquidity:?}"
                );
                break;
            }
        }
    }
}

#[tokio::test]
async fn long_jump_of_the_clock_begins_the_book_anew() {
    let simulator = with_options(StreamOptions::default()).await;
    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe(DELTAS).await;
    let first = socket.book().await;
    simulator.advance(Duration::from_secs(3_600));
    loop {
        let next = socket.book().await;
        if next.pkg_type == paradex_api::sbe::PkgType::Snapshot {
            assert!(next.seq >= first.seq + 7_200);
            break;
        }
    }
}

#[tokio::test]
async fn quotes_of_a_test_replace_the_simulated_book_with_a_snapshot() {
    let simulator = with_options(StreamOptions::default()).await;
    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe(DELTAS).await;
    assert!(socket.book().await.bids.len() > 100);
    quote(&simulator, &[("100", "1")], &[]);
    loop {
        let next = socket.book().await;
        if next.bids.len() == 1 {
            assert_eq!(next.pkg_type, paradex_api::sbe::PkgType::Snapshot);
            assert_eq!((next.bids[0].price, next.asks.len()), (decimal("100"), 0));
            break;
        }
    }
}

#[tokio::test]
async fn trades_and_best_prices_share_the_sequence_of_the_book() {
    let simulator = quiet().await;
    let client = simulator.client().unwrap();
    let mut books = Socket::open(&simulator, 2).await;
    let mut bbos = Socket::open(&simulator, 2).await;
    let mut trades = Socket::open(&simulator, 2).await;
    books.subscribe(DELTAS).await;
    let before = books.book().await;
    bbos.subscribe("bbo.ALL").await;
    trades.subscribe("trades.ALL").await;

    let order = NewOrder::market(MARKET, OrderSide::Buy, decimal("0.5"));
    client.orders().place(order).await.unwrap();
    let delta = books.book().await;
    assert_eq!(delta.seq, before.seq + 1);
    assert_eq!(
        (delta.asks[0].price, delta.asks[0].size),
        (decimal("110"), decimal("1.5"))
    );
    assert_eq!(delta.best_bid_price, None);
    assert_eq!(delta.best_ask_api_size, Some(decimal("1.5")));
    let bbo = loop {
        let bbo = bbos.bbo().await;
        if bbo.market == MARKET {
            break bbo;
        }
    };
    assert_eq!(
        (bbo.seq, bbo.bid_price, bbo.ask_size),
        (delta.seq, Some(decimal("100")), Some(decimal("1.5")))
    );
    let trade = loop {
        let trade = trades.trade().await;
        if trade.market == MARKET {
            break trade;
        }
    };
    assert_eq!(
        (trade.seq, trade.side, trade.price),
        (delta.seq, paradex_api::sbe::Side::Buy, decimal("110"))
    );
    assert_eq!(trade.trade_id_str.unwrap().len(), 28);
}

#[tokio::test]
async fn trades_of_the_simulated_market_are_those_of_rest() {
    let simulator = with_options(StreamOptions::default()).await;
    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe("trades.BTC-USD-PERP").await;
    simulator.advance(Duration::from_secs(60));
    let trade = socket.trade().await;
    let client = Client::new(simulator.base_url()).unwrap();
    let listed = client
        .list_trades()
        .market(MARKET)
        .page_size(100)
        .send()
        .await
        .unwrap();
    let same = listed
        .results
        .iter()
        .find(|listed| listed.id == trade.trade_id_str);
    let same = same.expect("the list has the trade");
    assert_eq!((same.price, same.size), (Some(trade.price), Some(trade.size)));
}

#[tokio::test]
async fn channels_with_a_depth_send_the_best_levels_at_their_rate() {
    let simulator = quiet().await;
    let mut socket = Socket::open(&simulator, 2).await;
    socket
        .subscribe("order_book.BTC-USD-PERP.snapshot@15@100ms@10")
        .await;
    let first = socket.book().await;
    assert_eq!(
        (first.bids[0].price, first.asks[0].price),
        (decimal("100"), decimal("110"))
    );

    quote(&simulator, &[("104", "1"), ("103", "1")], &[("111", "2")]);
    quote(&simulator, &[("104", "1"), ("102", "4")], &[("111", "2")]);
    simulator.advance(Duration::from_millis(100));
    let second = socket.book().await;
    assert_eq!(second.pkg_type, paradex_api::sbe::PkgType::Snapshot);
    assert_eq!(second.seq, first.seq + 2);
    assert_eq!(
        (second.bids[0].price, second.bids[0].size),
        (decimal("100"), decimal("5"))
    );
    assert_eq!(second.asks[0].price, decimal("120"));
}

#[tokio::test]
async fn dead_channels_are_acknowledged_and_silent() {
    let simulator = quiet().await;
    for channel in [
        "bbo.interactive.BTC-USD-PERP",
        "bbo.BTC-USD-PERP@interactive",
        "order_book.BTC-USD-PERP.snapshot@15@50ms@0.123",
    ] {
        let mut socket = Socket::open(&simulator, 2).await;
        socket.subscribe(channel).await;
        change(&simulator, 1);
        change(&simulator, 2);
        let log = simulator.sockets().pop().unwrap();
        assert!(
            log.events.iter().all(|event| event.fate == EventFate::Silenced),
            "{log:?}"
        );
    }
}

#[tokio::test]
async fn summaries_are_scoped_to_a_list_that_changes_in_place() {
    let simulator = with_options(StreamOptions::default()).await;
    let mut socket = Socket::open(&simulator, 1).await;
    let params = json!({"channel": "markets_summary", "markets": [MARKET]});
    let response = socket.call("subscribe", params).await;
    assert_eq!(response["result"]["channel"], "markets_summary");
    let seen = |frame: Vec<u8>| match Event::decode(&frame).unwrap() {
        Event::MarketSummary(summary) => summary.market().to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(seen(socket.frame().await), MARKET);

    // Further summaries can arrive before a response.
    async fn next_response(socket: &mut Socket, seen: impl Fn(Vec<u8>) -> String) -> Value {
        loop {
            match socket.next().await {
                Received::Text(text) => return text,
                Received::Frame(frame) => assert_eq!(seen(frame), MARKET),
                other => panic!("{other:?}"),
            }
        }
    }
    let unknown = json!({"channel": BBO, "add": [MARKET]});
    socket.request("modify_subscription", unknown).await;
    assert_eq!(error(&next_response(&mut socket, seen).await).0, -32600);
    let change = json!({"channel": "markets_summary", "add": ["ETH-USD-PERP"], "remove": [MARKET]});
    let id = socket.request("modify_subscription", change.clone()).await;
    let response = next_response(&mut socket, seen).await;
    assert_eq!((&response["id"], &response["result"]), (&json!(id), &change));
    simulator.advance(Duration::from_secs(1));
    assert_eq!(seen(socket.frame().await), "ETH-USD-PERP");
}

#[tokio::test]
async fn base_asset_selects_options() {
    let simulator = with_options(StreamOptions::default()).await;
    let mut socket = Socket::open(&simulator, 2).await;
    let params = json!({"channel": "bbo", "base_asset": "BTC"});
    let response = socket.call("subscribe", params.clone()).await;
    assert_eq!(response["result"], json!({"channel": "bbo"}));
    let bbo = socket.bbo().await;
    assert!(
        bbo.market.starts_with("BTC-") && bbo.market != MARKET,
        "{}",
        bbo.market
    );
    let mut socket = Socket::open(&simulator, 2).await;
    let (code, _) = socket
        .refused(json!({"channel": "bbo", "base_asset": "NOTHING"}))
        .await;
    assert_eq!(code, -32600);
}

#[tokio::test]
async fn funding_and_its_comparison_are_sent_at_their_intervals() {
    let simulator = with_options(StreamOptions::default()).await;
    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe("funding_data.BTC-USD-PERP").await;
    for _ in 0..2 {
        let frame = socket.frame().await;
        let Event::FundingData(funding) = Event::decode(&frame).unwrap() else {
            panic!("{frame:?}");
        };
        assert_eq!(funding.market(), MARKET);
        simulator.advance(Duration::from_secs(5));
    }
    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe("funding_rate_comparison.ALL@500ms").await;
    let frame = socket.frame().await;
    let Event::FundingRateComparison(rate) = Event::decode(&frame).unwrap() else {
        panic!("{frame:?}");
    };
    assert_eq!(rate.source(), paradex_api::sbe::FundingRateSource::Paradex);
}

#[tokio::test]
async fn announced_changes_of_markets_are_json() {
    let simulator = with_options(StreamOptions::default()).await;
    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe("markets").await;
    simulator.announce_market("NEW-USD-PERP", "CREATED", json!({"open_at": 1}));
    let push = socket.text().await;
    assert_eq!(push["params"]["channel"], "markets");
    assert_eq!(push["params"]["data"]["symbol"], "NEW-USD-PERP");
    assert_eq!(push["params"]["data"]["event_type"], "CREATED");
}

#[tokio::test]
async fn connection_without_a_subscription_is_closed_with_4031() {
    let simulator = quiet().await;
    let mut idle = Socket::open(&simulator, 2).await;
    let mut used = Socket::open(&simulator, 2).await;
    used.subscribe(BBO).await;
    simulator.advance(Duration::from_secs(10));
    assert!(matches!(idle.next().await, Received::Closed(Some(4031))));
    until(|| simulator.sockets()[0].ended.is_some()).await;
    let ends: Vec<Option<SocketEnd>> = simulator
        .sockets()
        .into_iter()
        .map(|socket| socket.ended)
        .collect();
    assert_eq!(ends, [Some(SocketEnd::Closed(4031)), None]);

    let options = StreamOptions::default().close_without_subscription(None);
    let simulator = with_options(options).await;
    let mut socket = Socket::open(&simulator, 2).await;
    simulator.advance(Duration::from_secs(50));
    // The heartbeat, and no close frame.
    socket.frame().await;
}

#[tokio::test]
async fn idle_sbe_connection_gets_heartbeats() {
    let simulator = quiet().await;
    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe(BBO).await;
    for _ in 0..2 {
        simulator.advance(Duration::from_secs(20));
        let frame = socket.frame().await;
        assert!(
            matches!(Event::decode(&frame), Ok(Event::Heartbeat(_))),
            "{frame:?}"
        );
    }
}

#[tokio::test]
async fn ping_without_a_pong_breaks_the_connection() {
    let options = StreamOptions::default().heartbeats(Duration::from_secs(100_000));
    let simulator = quiet_with(options).await;
    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe(BBO).await;
    for round in 0..2 {
        simulator.advance(Duration::from_secs(55));
        assert!(matches!(socket.next().await, Received::Ping), "{round}");
        // The library answers the ping with the next message that it sends or reads.
        let response = socket.call("unsubscribe", json!({"channel": "none"})).await;
        assert_eq!(error(&response).0, -32600);
    }
    simulator.advance(Duration::from_secs(55));
    assert!(only(&simulator).ended.is_none());
    // The client does not read, so it does not answer.
    simulator.advance(Duration::from_secs(5));
    until(|| only(&simulator).ended == Some(SocketEnd::Broken)).await;
}

#[tokio::test]
async fn slow_client_is_disconnected_when_too_many_messages_wait() {
    let simulator = quiet_with(StreamOptions::default().untaken_messages(50)).await;
    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe(BBO).await;
    simulator.inject(Injection::new(Fault::stall(Duration::from_secs(3_600))).on_channel("bbo"));
    for number in 0..60 {
        change(&simulator, number);
        tokio::task::yield_now().await;
    }
    until(|| only(&simulator).ended.is_some()).await;
    let log = only(&simulator);
    assert_eq!(log.ended, Some(SocketEnd::Broken));
    assert!(
        log.events.iter().all(|event| event.fate == EventFate::Unsent),
        "{log:?}"
    );
    assert!(matches!(socket.next().await, Received::Broken));
}

/// Subscribes to the best prices, injects a fault and makes six changes.
async fn six_changes(fault: Fault, version: u16) -> (Simulator, Socket, Vec<EventFate>) {
    let simulator = quiet().await;
    let mut socket = Socket::open(&simulator, version).await;
    socket.subscribe(BBO).await;
    simulator.inject(Injection::new(fault).on_channel("bbo").skip(1));
    for number in 1..=6 {
        change(&simulator, number);
    }
    until(|| only(&simulator).waiting == 0).await;
    until(|| {
        let log = only(&simulator);
        log.ended.is_some()
            || log.events.iter().all(|event| event.fate != EventFate::Waiting)
            || log.events[1].fate == EventFate::Unsent
    })
    .await;
    let fates = only(&simulator).events.iter().map(|event| event.fate).collect();
    (simulator, socket, fates)
}

/// The bid sizes that a client reads.
async fn sizes(socket: &mut Socket, count: usize) -> Vec<String> {
    let mut sizes = Vec::new();
    for _ in 0..count {
        sizes.push(socket.bbo().await.bid_size.unwrap().normalize().to_string());
    }
    sizes
}

#[tokio::test]
async fn skipped_duplicated_and_reordered_events_are_in_the_log() {
    use EventFate::{Sent, SentLate, SentTwice, Skipped};
    let (_simulator, mut socket, fates) = six_changes(Fault::skip_event(), 2).await;
    assert_eq!(fates, [Sent, Skipped, Sent, Sent, Sent, Sent]);
    assert_eq!(sizes(&mut socket, 5).await, ["2", "4", "5", "6", "7"]);

    let (_simulator, mut socket, fates) = six_changes(Fault::duplicate_event(), 2).await;
    assert_eq!(fates, [Sent, SentTwice, Sent, Sent, Sent, Sent]);
    assert_eq!(sizes(&mut socket, 7).await, ["2", "3", "3", "4", "5", "6", "7"]);

    let (_simulator, mut socket, fates) = six_changes(Fault::reorder_events(), 2).await;
    assert_eq!(fates, [Sent, SentLate, Sent, Sent, Sent, Sent]);
    assert_eq!(sizes(&mut socket, 6).await, ["2", "4", "3", "5", "6", "7"]);
}

#[tokio::test]
async fn silenced_channel_sends_nothing_until_it_is_subscribed_again() {
    use EventFate::{Sent, Silenced};
    let (simulator, mut socket, fates) = six_changes(Fault::silence_channel(), 2).await;
    assert_eq!(fates, [Sent, Silenced, Silenced, Silenced, Silenced, Silenced]);
    assert_eq!(sizes(&mut socket, 1).await, ["2"]);
    socket.call("unsubscribe", json!({"channel": BBO})).await;
    socket.subscribe(BBO).await;
    change(&simulator, 8);
    assert_eq!(sizes(&mut socket, 1).await, ["9"]);
}

#[tokio::test]
async fn frames_of_other_shapes_are_sent() {
    // An unknown template, and then the event itself.
    let (_simulator, mut socket, _) = six_changes(Fault::unknown_template(), 2).await;
    assert_eq!(sizes(&mut socket, 1).await, ["2"]);
    let frame = socket.frame().await;
    assert!(
        matches!(Event::decode(&frame), Ok(Event::Unknown(_))),
        "{frame:?}"
    );
    assert_eq!(sizes(&mut socket, 1).await, ["3"]);

    // Heartbeats, and then the event itself.
    let (_simulator, mut socket, _) = six_changes(Fault::flood(3), 2).await;
    assert_eq!(sizes(&mut socket, 1).await, ["2"]);
    for _ in 0..3 {
        let frame = socket.frame().await;
        assert!(
            matches!(Event::decode(&frame), Ok(Event::Heartbeat(_))),
            "{frame:?}"
        );
    }
    assert_eq!(sizes(&mut socket, 1).await, ["3"]);

    // A longer block, and two frames, are read as any other.
    for fault in [Fault::longer_block(), Fault::split_frames()] {
        let (_simulator, mut socket, fates) = six_changes(fault.clone(), 1).await;
        assert_eq!(
            sizes(&mut socket, 6).await,
            ["2", "3", "4", "5", "6", "7"],
            "{fault:?}"
        );
        assert!(fates.iter().all(|fate| *fate == EventFate::Sent), "{fault:?}");
    }

    let (_simulator, mut socket, fates) = six_changes(Fault::truncated_message(), 1).await;
    assert_eq!(fates[1], EventFate::Unreadable);
    assert_eq!(sizes(&mut socket, 1).await, ["2"]);
    let frame = socket.frame().await;
    assert!(Event::decode(&frame).is_err(), "{frame:?}");

    let (_simulator, mut socket, fates) = six_changes(Fault::json_on_binary(), 1).await;
    assert_eq!(fates[1], EventFate::Altered);
    assert_eq!(sizes(&mut socket, 1).await, ["2"]);
    assert_eq!(socket.text().await["params"]["data"]["bid_size"], "3");

    let (_simulator, mut socket, fates) = six_changes(Fault::null_fields(), 1).await;
    assert_eq!(fates[1], EventFate::Altered);
    assert_eq!(sizes(&mut socket, 1).await, ["2"]);
    let bbo = socket.bbo().await;
    assert_eq!(
        (bbo.bid_price, bbo.ask_size, bbo.market.as_str()),
        (None, None, MARKET)
    );
}

#[tokio::test]
async fn short_layout_of_version_two_is_a_switch_and_a_fault() {
    let short = StreamOptions::default().version_two_layout(VersionTwoLayout::Short);
    let simulator = quiet_with(short).await;
    let other = quiet().await;
    other.inject(Injection::new(Fault::short_layout()).on_channel("trades.BTC-USD-PERP"));
    for simulator in [&simulator, &other] {
        let mut socket = Socket::open(simulator, 2).await;
        socket.subscribe("trades.BTC-USD-PERP").await;
        let order = NewOrder::market(MARKET, OrderSide::Buy, decimal("0.5"));
        simulator.client().unwrap().orders().place(order).await.unwrap();
        assert_eq!(socket.trade().await.trade_id_str, None);
    }
}

#[tokio::test]
async fn connection_is_closed_cut_or_left_half_open_by_faults() {
    use EventFate::{Sent, Unsent};
    let (simulator, mut socket, fates) = six_changes(Fault::close_socket(1013), 2).await;
    assert_eq!(fates, [Sent, Unsent]);
    assert_eq!(sizes(&mut socket, 1).await, ["2"]);
    assert!(matches!(socket.next().await, Received::Closed(Some(1013))));
    until(|| only(&simulator).ended == Some(SocketEnd::Closed(1013))).await;

    let (simulator, mut socket, fates) = six_changes(Fault::cut_frame(), 2).await;
    assert_eq!(fates, [Sent, Unsent]);
    assert_eq!(sizes(&mut socket, 1).await, ["2"]);
    assert!(matches!(socket.next().await, Received::Broken));
    assert_eq!(only(&simulator).ended, Some(SocketEnd::Broken));

    let (simulator, mut socket, fates) = six_changes(Fault::half_open(), 2).await;
    assert_eq!(fates, [Sent, Unsent]);
    assert_eq!(sizes(&mut socket, 1).await, ["2"]);
    socket.request("unsubscribe", json!({"channel": BBO})).await;
    simulator.advance(Duration::from_secs(120));
    let silent = tokio::time::timeout(Duration::from_millis(20), socket.stream.next()).await;
    assert!(silent.is_err(), "{silent:?}");
    assert_eq!((simulator.open_connections(), only(&simulator).ended), (1, None));
}

#[tokio::test]
async fn stalled_connection_goes_on_by_the_simulators_clock() {
    let simulator = quiet().await;
    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe(BBO).await;
    simulator.inject(Injection::new(Fault::stall(Duration::from_secs(15))).on_channel("bbo"));
    change(&simulator, 1);
    change(&simulator, 2);
    until(|| only(&simulator).waiting == 2).await;
    simulator.advance(Duration::from_secs(15));
    assert_eq!(sizes(&mut socket, 2).await, ["2", "3"]);
}

#[tokio::test]
async fn subscription_is_acknowledged_and_silent_or_carried_out_without_a_word() {
    let simulator = quiet().await;
    simulator.inject(Injection::new(Fault::acknowledge_then_silence()).on_channel(BBO));
    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe(BBO).await;
    change(&simulator, 1);
    assert_eq!(only(&simulator).events[0].fate, EventFate::Silenced);

    socket.call("unsubscribe", json!({"channel": BBO})).await;
    simulator.inject(Injection::new(Fault::no_acknowledgement()).on_channel(BBO));
    socket.request("subscribe", json!({"channel": BBO})).await;
    until(|| only(&simulator).channels.len() == 1).await;
    change(&simulator, 2);
    assert_eq!(sizes(&mut socket, 1).await, ["3"]);
}

#[tokio::test]
async fn events_received_and_events_lost_are_the_log() {
    let options = StreamOptions::default()
        .connects(usize::MAX, usize::MAX)
        .untaken_messages(usize::MAX);
    let simulator = quiet_with(options).await;
    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe("trades.BTC-USD-PERP").await;
    socket.subscribe(DELTAS).await;
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
    for (number, fault) in (0..).zip(faults) {
        simulator.inject(
            Injection::new(fault)
                .on_channel("order_book")
                .with_probability(5, number),
        );
    }
    for number in 0..2_000 {
        change(&simulator, number);
    }
    simulator.clear_injections();
    // The first one releases an event that waits for its successor.
    change(&simulator, 9_998);
    change(&simulator, 9_999);
    let last = only(&simulator).events.last().unwrap().seq;

    let mut received: BTreeMap<i64, usize> = BTreeMap::new();
    let (mut unreadable, mut altered) = (0, 0);
    while !received.contains_key(&last) {
        match socket.next().await {
            Received::Frame(frame) => match Event::decode(&frame) {
                Ok(Event::Book(book)) => *received.entry(book.seq()).or_default() += 1,
                Ok(_) => {}
                Err(_) => unreadable += 1,
            },
            Received::Text(text) if text["params"]["data"].is_object() => altered += 1,
            Received::Nonsense => unreadable += 1,
            other => panic!("{other:?}"),
        }
    }
    until(|| only(&simulator).waiting == 0).await;
    let log = only(&simulator);
    let books: Vec<_> = log
        .events
        .iter()
        .filter(|event| &*event.channel == DELTAS)
        .collect();
    // The snapshot, and each change; the first one changes nothing.
    assert_eq!(books.len(), 2_002);
    let count = |fate| books.iter().filter(|event| event.fate == fate).count();
    for fate in [
        EventFate::Skipped,
        EventFate::SentTwice,
        EventFate::SentLate,
        EventFate::Unreadable,
        EventFate::Altered,
    ] {
        assert!(count(fate) > 20, "{fate:?}: {}", count(fate));
    }
    for event in &books {
        let times = received.get(&event.seq).copied().unwrap_or_default();
        match event.fate {
            EventFate::Sent | EventFate::SentLate => assert_eq!(times, 1, "{event:?}"),
            EventFate::SentTwice => assert_eq!(times, 2, "{event:?}"),
            EventFate::Skipped | EventFate::Unreadable => assert_eq!(times, 0, "{event:?}"),
            EventFate::Altered => assert!(times <= 2, "{event:?}"),
            _ => panic!("{event:?}"),
        }
        assert!(matches!(
            event.kind,
            EventKind::BookDelta | EventKind::BookSnapshot
        ));
    }
    assert!(unreadable > 20 && altered > 20, "{unreadable} {altered}");
}

#[tokio::test]
async fn trades_of_orders_are_listed_by_rest_as_well() {
    let simulator = quiet().await;
    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe("trades.BTC-USD-PERP").await;
    let trader = simulator.client().unwrap();
    for size in ["0.5", "0.25"] {
        let order = NewOrder::market(MARKET, OrderSide::Buy, decimal(size));
        trader.orders().place(order).await.unwrap();
    }
    let streamed = [socket.trade().await, socket.trade().await];
    let client = Client::new(simulator.base_url()).unwrap();
    let list = async |cursor: Option<String>| {
        let call = client.list_trades().market(MARKET).page_size(1);
        let call = match cursor {
            Some(cursor) => call.cursor(cursor),
            None => call,
        };
        call.send().await.unwrap().into_inner()
    };
    let newest = list(None).await;
    let oldest = list(newest.next.clone()).await;
    assert_eq!(oldest.next, None);
    let ids = [&oldest, &newest].map(|page| page.results[0].id.clone());
    assert_eq!(ids, streamed.each_ref().map(|trade| trade.trade_id_str.clone()));
}

#[tokio::test]
async fn connection_that_the_client_ends_is_in_the_log() {
    let simulator = quiet().await;
    let mut closed = Socket::open(&simulator, 2).await;
    closed.subscribe(BBO).await;
    let dropped = Socket::open(&simulator, 2).await;
    closed.stream.close(None).await.unwrap();
    drop(dropped);
    until(|| {
        simulator
            .sockets()
            .iter()
            .all(|socket| socket.ended == Some(SocketEnd::Client))
    })
    .await;
    change(&simulator, 1);
    assert_eq!(simulator.sockets()[0].events, []);
    until(|| simulator.open_connections() == 0).await;
}

#[tokio::test]
async fn garbage_of_a_client_does_not_stop_the_simulator() {
    let simulator = quiet().await;
    let deep = "[".repeat(100_000);
    for text in [
        "",
        "null",
        &deep,
        r#"{"jsonrpc":"2.0","id":1e400,"method":"subscribe"}"#,
        r#"{"jsonrpc":"2.0","method":"subscribe","params":{"channel":"order_book...@@@"}}"#,
        r#"{"jsonrpc":"2.0","method":"subscribe","params":{"channel":"order_book.BTC-USD-PERP.snapshot@15@50ms@-1e999"}}"#,
        r#"{"jsonrpc":"2.0","method":"subscribe","params":{"channel":"order_book.BTC-USD-PERP.snapshot@15@50ms@0"}}"#,
        r#"{"jsonrpc":"2.0","method":"modify_subscription","params":{"channel":"markets_summary","add":[[]]}}"#,
    ] {
        let mut socket = Socket::open(&simulator, 2).await;
        socket.send(text).await;
        socket.text().await;
    }
    let mut binary = Socket::open(&simulator, 2).await;
    binary.stream.send(Message::binary(vec![0; 10])).await.unwrap();
    assert!(matches!(binary.next().await, Received::Closed(Some(1003))));

    let mut large = Socket::open(&simulator, 2).await;
    // It can be cut off before all of it is sent.
    let _ = large.stream.send(Message::text("x".repeat(2 << 20))).await;
    assert!(matches!(large.next().await, Received::Broken));

    let mut socket = Socket::open(&simulator, 2).await;
    socket.subscribe(BBO).await;
}
