//! The channels of accounts: in both encodings what REST shows, and nobody else's.

use paradex_api::sbe::{RequestStatus, RequestType};
use paradex_api::testing::sbe::{FillEvent, OrderEvent};
use paradex_api::types::{
    AccountSummary, BalanceEvent, Fill, FundingPayment, Order as RestOrder, Position, Tradebust,
};
use paradex_api_ext::Client as Trader;
use paradex_api_ext::orders::CancelScope;
use paradex_api_ext::simulator::{EventOrder, PrivateEncoding};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::*;

/// The channels on which the simulator has events of its own.
const ALL: [&str; 6] = [
    "orders.ALL",
    "fills.ALL",
    "positions",
    "account",
    "balance_events",
    "funding_payments.ALL",
];

/// The other channels of accounts.
const SILENT: [&str; 7] = [
    "transaction",
    "transfers",
    "tradebusts",
    "rfq",
    "rfq.7",
    "block_trades",
    "mmp",
];

/// Fields that SBE lacks, by channel.
const ONLY_JSON: [(&str, &[&str]); 4] = [
    ("orders", &["timestamp"]),
    ("fills", &["remaining_size"]),
    (
        "positions",
        &[
            "id",
            "average_exit_price",
            "closed_at",
            "created_at",
            "realized_positional_funding_pnl",
        ],
    ),
    ("account", &["last_seen_notification"]),
];

fn quiet_options() -> StreamOptions {
    StreamOptions::default().first_private_message(FirstMessage::NextChange)
}

impl Socket {
    async fn sign_in(&mut self, session: &Secret) {
        let response = self.call("auth", json!({"bearer": session.expose()})).await;
        assert!(response["result"].is_object(), "{response}");
    }

    /// Opens a connection of the main account with channels; `None` is one without SBE.
    async fn of_main(simulator: &Simulator, version: Option<u16>, channels: &[&str]) -> Self {
        Self::of(simulator, &simulator.main_session(), version, channels).await
    }

    async fn of(simulator: &Simulator, session: &Secret, version: Option<u16>, channels: &[&str]) -> Self {
        let mut socket = match version {
            Some(version) => Self::open(simulator, version).await,
            None => Self::try_open(simulator, "").await.unwrap(),
        };
        socket.sign_in(session).await;
        for channel in channels {
            socket.subscribe(channel).await;
        }
        socket
    }

    /// The next event: its channel without the market, and its payload as JSON.
    async fn event(&mut self) -> (String, Value) {
        match self.next().await {
            Received::Text(push) => {
                let channel = push["params"]["channel"].as_str().expect("a push");
                let kind = channel.split('.').next().unwrap().to_owned();
                (kind, push["params"]["data"].clone())
            }
            Received::Frame(frame) => match Event::decode(&frame).unwrap() {
                Event::Order(event) => named("orders", RestOrder::from(event)),
                Event::Fill(event) => named("fills", Fill::from(event)),
                Event::Position(event) => named("positions", Position::from(event)),
                Event::Account(event) => named("account", AccountSummary::from(event)),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    async fn events(&mut self, count: usize) -> Vec<(String, Value)> {
        let mut events = Vec::new();
        for _ in 0..count {
            events.push(self.event().await);
        }
        events
    }

    async fn order_event(&mut self) -> OrderEvent {
        let frame = self.frame().await;
        match Event::decode(&frame).unwrap() {
            Event::Order(order) => order.into(),
            other => panic!("{other:?}"),
        }
    }

    /// Checks that nothing waits: the next message is the response to a request.
    async fn is_quiet(&mut self) {
        let response = self.call("unsubscribe", json!({"channel": "none"})).await;
        assert_eq!(error(&response).0, -32600, "{response}");
    }
}

fn named<T: Serialize>(channel: &str, event: T) -> (String, Value) {
    (channel.to_owned(), serde_json::to_value(event).unwrap())
}

/// Reads JSON as a type and writes it, without what SBE lacks if `is_sbe`, and without numbers of sequences, which REST has of
/// its own.
fn normalized<T: Serialize + DeserializeOwned>(channel: &str, json: &Value, is_sbe: bool) -> Value {
    let read: T = serde_json::from_value(json.clone()).unwrap();
    let mut value = serde_json::to_value(read).unwrap();
    let fields = value.as_object_mut().unwrap();
    fields.remove("seq_no");
    if is_sbe {
        let lacking = ONLY_JSON.iter().find(|(kind, _)| *kind == channel);
        for field in lacking.map(|(_, fields)| *fields).unwrap_or_default() {
            fields.remove(*field);
        }
        // Null in SBE, and 0 or an empty text in JSON.
        fields.retain(|name, value| {
            let zero = value
                .as_str()
                .is_some_and(|text| text.is_empty() || text.parse() == Ok(Decimal::ZERO));
            let empty = value.as_array().is_some_and(Vec::is_empty);
            !(value.is_null() || zero || empty) || name == "size"
        });
    }
    value
}

async fn rest(simulator: &Simulator, path: &str) -> Value {
    let (status, body) = raw(simulator, "GET", path, "").await;
    assert_eq!(status, 200, "{body}");
    body
}

fn market_order(side: OrderSide, size: &str) -> NewOrder {
    NewOrder::market(MARKET, side, decimal(size))
}

async fn trade(client: &Trader, side: OrderSide, size: &str) {
    client.orders().place(market_order(side, size)).await.unwrap();
}

fn buy(price: &str) -> NewOrder {
    NewOrder::limit(MARKET, OrderSide::Buy, decimal("0.5"), decimal(price))
}

fn channels(events: &[(String, Value)]) -> Vec<&str> {
    events.iter().map(|(channel, _)| channel.as_str()).collect()
}

fn statuses(events: &[(String, Value)]) -> Vec<&str> {
    let orders = events.iter().filter(|(channel, _)| channel == "orders");
    orders
        .map(|(_, order)| order["status"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn channels_of_accounts_need_authentication() {
    let simulator = quiet_with(quiet_options()).await;
    let mut socket = Socket::open(&simulator, 2).await;
    for channel in ALL.iter().chain(&SILENT) {
        let (code, data) = socket.refused(json!({"channel": channel})).await;
        assert_eq!(
            (code, data.contains("authenticate")),
            (40111, true),
            "{channel}: {data}"
        );
    }
    socket.sign_in(&simulator.main_session()).await;
    for channel in [
        "orders",
        "fills",
        "orders.NO-SUCH-PERP",
        "positions.ALL",
        "account.ALL",
    ] {
        assert_eq!(
            socket.refused(json!({"channel": channel})).await.0,
            -32600,
            "{channel}"
        );
    }
    for channel in ALL.iter().chain(&SILENT) {
        socket.subscribe(channel).await;
    }
    assert_eq!(only(&simulator).channels.len(), ALL.len() + SILENT.len());
    socket.is_quiet().await;
}

#[tokio::test]
async fn events_of_an_order_equal_rest_in_every_encoding() {
    let json = quiet_options().private_encoding(PrivateEncoding::Json);
    for (options, version, is_sbe) in [
        (quiet_options(), None, false),
        (json, Some(2), false),
        (quiet_options(), Some(0), true),
        (quiet_options(), Some(1), true),
        (quiet_options(), Some(2), true),
        (
            quiet_options().version_two_layout(VersionTwoLayout::Short),
            Some(2),
            true,
        ),
    ] {
        let simulator = quiet_with(options).await;
        simulator.set_mark_price(MARKET, decimal("105")).unwrap();
        let client = simulator.client().unwrap();
        let mut socket = Socket::of_main(&simulator, version, &ALL).await;
        let order = market_order(OrderSide::Buy, "0.5").client_id("mine");
        client.orders().place(order).await.unwrap();

        let events = socket.events(6).await;
        let expected = [
            "orders",
            "fills",
            "positions",
            "balance_events",
            "orders",
            "account",
        ];
        assert_eq!(channels(&events), expected, "{version:?}");
        assert_eq!(statuses(&events), ["NEW", "CLOSED"]);
        let first = &events[0].1;
        assert_eq!(
            (&first["remaining_size"], &first["client_id"]),
            (&json!("0.5"), &json!("mine"))
        );
        assert!(
            first["avg_fill_price"].as_str().unwrap_or_default().is_empty(),
            "{first}"
        );

        // A closed order is in the history alone.
        let order = rest(&simulator, "/v1/orders-history").await["results"][0].clone();
        assert_eq!(order["id"], first["id"]);
        let fill = rest(&simulator, "/v1/fills").await["results"][0].clone();
        let mut fill = fill;
        if version < Some(2) && is_sbe {
            // Version 2 has added them.
            fill["flags"] = json!([]);
            fill.as_object_mut().unwrap().remove("fee_currency");
        }
        let position = rest(&simulator, "/v1/positions").await["results"][0].clone();
        let account = rest(&simulator, "/v1/account").await;
        let checked = [
            (
                normalized::<RestOrder>("orders", &events[4].1, is_sbe),
                normalized::<RestOrder>("orders", &order, is_sbe),
            ),
            (
                normalized::<Fill>("fills", &events[1].1, is_sbe),
                normalized::<Fill>("fills", &fill, is_sbe),
            ),
            (
                normalized::<Position>("positions", &events[2].1, is_sbe),
                normalized::<Position>("positions", &position, is_sbe),
            ),
            (
                normalized::<AccountSummary>("account", &events[5].1, is_sbe),
                normalized::<AccountSummary>("account", &account, is_sbe),
            ),
        ];
        for (event, rest) in checked {
            assert_eq!(event, rest, "{version:?}");
        }
        let balance: BalanceEvent = serde_json::from_value(events[3].1.clone()).unwrap();
        let now = rest(&simulator, "/v1/balance").await["results"][0]["size"].clone();
        assert_eq!(
            json!(balance.settlement_asset_balance_after.unwrap().to_string()),
            now
        );
        let paid = balance.settlement_asset_balance_before.unwrap()
            - balance.settlement_asset_balance_after.unwrap();
        assert_eq!(
            (Some(paid), balance.fill_id.as_deref()),
            (balance.fees, fill["id"].as_str())
        );

        // A resting order, and its end.
        client.orders().place(buy("90")).await.unwrap();
        client.orders().cancel_all(CancelScope::AllMarkets).await.unwrap();
        let events = socket.events(5).await;
        assert_eq!(
            channels(&events),
            ["orders", "orders", "account", "orders", "account"]
        );
        assert_eq!(statuses(&events), ["NEW", "OPEN", "CLOSED"]);
        assert_eq!(events[3].1["cancel_reason"], "USER_CANCELED");
        socket.is_quiet().await;
    }
}

#[tokio::test]
async fn shapes_of_version_two_differ_in_the_request() {
    for (options, has_request) in [
        (quiet_options(), true),
        (quiet_options().version_two_layout(VersionTwoLayout::Short), false),
    ] {
        let simulator = quiet_with(options).await;
        let mut socket = Socket::of_main(&simulator, Some(2), &["orders.ALL", "fills.ALL"]).await;
        let order = market_order(OrderSide::Buy, "0.5");
        simulator.client().unwrap().orders().place(order).await.unwrap();
        let order = socket.order_event().await;
        assert_eq!(order.request_id.is_some(), has_request);
        let unspecified = has_request.then_some((RequestStatus::Unspecified, RequestType::Unspecified));
        assert_eq!(order.request_status.zip(order.request_type), unspecified);
        let frame = socket.frame().await;
        let Event::Fill(fill) = Event::decode(&frame).unwrap() else {
            panic!("{frame:?}");
        };
        let fill = FillEvent::from(fill);
        assert_eq!(
            (fill.fee_currency.as_deref(), fill.orderbook_seq_no.is_some()),
            (Some("USDC"), true)
        );
        let trades = Client::new(simulator.base_url()).unwrap();
        let trades = trades
            .list_trades()
            .market(MARKET)
            .send()
            .await
            .unwrap()
            .into_inner()
            .results;
        assert_eq!(trades[0].id.as_deref(), Some(fill.trade_id.as_str()));
    }
}

#[tokio::test]
async fn accounts_see_their_own_events_only() {
    let simulator = with_options(quiet_options()).await;
    simulator.set_mark_price(MARKET, decimal("100")).unwrap();
    let accounts = [simulator.main_account(), simulator.add_account()];
    let mut sockets = Vec::new();
    for account in &accounts {
        let session = simulator.account_session(account).unwrap();
        sockets.push(Socket::of(&simulator, &session, None, &ALL).await);
    }
    let maker = simulator.client().unwrap();
    maker.orders().place(buy("100")).await.unwrap();
    let taker = super::super::trading::trader(&simulator, &accounts[1]);
    taker
        .orders()
        .place(market_order(OrderSide::Sell, "0.2"))
        .await
        .unwrap();

    let of_maker = sockets[0].events(8).await;
    let expected = [
        "orders",
        "orders",
        "account",
        "fills",
        "positions",
        "balance_events",
        "orders",
        "account",
    ];
    assert_eq!(channels(&of_maker), expected);
    assert_eq!(statuses(&of_maker), ["NEW", "OPEN", "OPEN"]);
    assert_eq!(of_maker[6].1["remaining_size"], "0.3");
    let of_taker = sockets[1].events(6).await;
    assert_eq!(statuses(&of_taker), ["NEW", "CLOSED"]);
    for socket in &mut sockets {
        socket.is_quiet().await;
    }
    for (account, events) in accounts.iter().zip([of_maker, of_taker]) {
        for (channel, event) in events {
            assert!(
                channel == "balance_events" || event["account"] == account.as_str(),
                "{event}"
            );
        }
    }
}

#[tokio::test]
async fn channels_of_a_market_show_this_market_only() {
    let simulator = with_options(quiet_options()).await;
    let quotes = [(decimal("110"), decimal("2"))];
    for market in [MARKET, "ETH-USD-PERP"] {
        simulator.set_quotes(market, &[], &quotes).unwrap();
    }
    let channels = ["orders.BTC-USD-PERP", "fills.ETH-USD-PERP"];
    let mut socket = Socket::of_main(&simulator, None, &channels).await;
    let client = simulator.client().unwrap();
    for market in [MARKET, "ETH-USD-PERP"] {
        let order = NewOrder::market(market, OrderSide::Buy, decimal("0.1"));
        client.orders().place(order).await.unwrap();
    }
    for (channel, market) in [("orders", MARKET), ("orders", MARKET), ("fills", "ETH-USD-PERP")] {
        let (found, event) = socket.event().await;
        assert_eq!((found.as_str(), &event["market"]), (channel, &json!(market)));
    }
    socket.is_quiet().await;
}

#[tokio::test]
async fn numbers_of_events_grow_with_gaps_and_are_not_those_of_rest() {
    let simulator = quiet_with(quiet_options()).await;
    let mut socket = Socket::of_main(&simulator, Some(2), &["orders.ALL"]).await;
    let client = simulator.client().unwrap();
    let mut numbers = Vec::new();
    for _ in 0..5 {
        client.orders().place(buy("90")).await.unwrap();
        numbers.extend([socket.order_event().await.seq, socket.order_event().await.seq]);
    }
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
    assert!(
        numbers.windows(2).any(|pair| pair[0] + 1 < pair[1]),
        "{numbers:?}"
    );
    let listed = rest(&simulator, "/v1/orders").await;
    for order in listed["results"].as_array().unwrap() {
        assert!(!numbers.contains(&order["seq_no"].as_i64().unwrap()), "{order}");
    }
    let logged: Vec<i64> = only(&simulator).events.iter().map(|event| event.seq).collect();
    assert_eq!(logged, numbers);
}

async fn modify(simulator: &Simulator, id: &str, price: &str) {
    let request = modification(&simulator.main_key(), &simulator.main_account(), id, price);
    let client = main_client(simulator);
    let call = client.modify_order().order_id(id).body(request);
    call.send().await.unwrap();
}

fn request_of(order: &Value) -> (&str, &str) {
    let info = &order["request_info"];
    (
        info["status"].as_str().unwrap_or_default(),
        info["message"].as_str().unwrap_or_default(),
    )
}

#[tokio::test]
async fn modification_is_pending_and_then_succeeds_or_is_rejected() {
    for repeats in [false, true] {
        let simulator = quiet_with(quiet_options().repeat_request_info(repeats)).await;
        let client = simulator.client().unwrap();
        let order = buy("90").instruction(OrderInstruction::PostOnly);
        let id = client.orders().place(order).await.unwrap().id.unwrap();
        for version in [None, Some(2)] {
            let mut socket = Socket::of_main(&simulator, version, &["orders.ALL"]).await;
            modify(&simulator, &id, "95").await;
            modify(&simulator, &id, "120").await;
            let events: Vec<Value> = socket
                .events(4)
                .await
                .into_iter()
                .map(|(_, order)| order)
                .collect();
            let requests: Vec<(&str, &str)> = events.iter().map(request_of).collect();
            let rejected = ("REJECTED", "POST_ONLY_WOULD_CROSS");
            assert_eq!(
                requests,
                [("PENDING", ""), ("SUCCESS", ""), ("PENDING", ""), rejected]
            );
            let prices: Vec<&Value> = events.iter().map(|order| &order["price"]).collect();
            assert_eq!(prices[1..], ["95", "95", "95"]);
            let ids: Vec<&Value> = events.iter().map(|order| &order["request_info"]["id"]).collect();
            assert!(
                ids[0] == ids[1] && ids[2] == ids[3] && ids[0] != ids[2],
                "{ids:?}"
            );
        }
        let mut socket = Socket::of_main(&simulator, None, &["orders.ALL"]).await;
        client.orders().cancel_all(CancelScope::AllMarkets).await.unwrap();
        let (_, closed) = socket.event().await;
        assert_eq!(request_of(&closed).0, if repeats { "REJECTED" } else { "" });
    }
}

#[tokio::test]
async fn account_and_positions_begin_with_the_current_state_or_with_nothing() {
    for first in [FirstMessage::Current, FirstMessage::NextChange] {
        let simulator = quiet_with(StreamOptions::default().first_private_message(first)).await;
        let client = simulator.client().unwrap();
        client
            .orders()
            .place(market_order(OrderSide::Buy, "0.5"))
            .await
            .unwrap();
        for version in [None, Some(2)] {
            let mut socket = Socket::of_main(&simulator, version, &["orders.ALL", "fills.ALL"]).await;
            for (channel, field, value) in [("positions", "size", "0.5"), ("account", "status", "ACTIVE")] {
                socket.subscribe(channel).await;
                if first == FirstMessage::Current {
                    let (found, event) = socket.event().await;
                    assert_eq!((found.as_str(), event[field].as_str()), (channel, Some(value)));
                }
            }
            socket.is_quiet().await;
        }
    }
}

#[tokio::test]
async fn values_are_real_as_soon_as_a_channel_of_the_account_is_subscribed() {
    let simulator = quiet_with(StreamOptions::default()).await;
    let mut socket = Socket::of_main(&simulator, None, &["positions"]).await;
    socket.is_quiet().await;
    assert_eq!(rest(&simulator, "/v1/positions").await["results"], json!([]));
    assert_eq!(rest(&simulator, "/v1/fills").await["results"], json!([]));
}

#[tokio::test]
async fn events_of_a_command_come_in_the_order_of_the_switch() {
    for (order, expected) in [
        (EventOrder::AsHappened, ["orders", "fills", "positions", "orders"]),
        (
            EventOrder::OrdersFirst,
            ["orders", "orders", "fills", "positions"],
        ),
        (EventOrder::FillsFirst, ["fills", "orders", "positions", "orders"]),
    ] {
        let simulator = quiet_with(quiet_options().event_order(order)).await;
        let subscribed = ["orders.ALL", "fills.ALL", "positions"];
        let mut socket = Socket::of_main(&simulator, None, &subscribed).await;
        let client = simulator.client().unwrap();
        client
            .orders()
            .place(market_order(OrderSide::Buy, "0.5"))
            .await
            .unwrap();
        assert_eq!(channels(&socket.events(4).await), expected, "{order:?}");
    }
}

#[tokio::test]
async fn shuffled_events_are_those_that_happened() {
    let simulator = quiet_with(quiet_options().event_order(EventOrder::Shuffled)).await;
    let mut socket = Socket::of_main(&simulator, None, &ALL).await;
    let client = simulator.client().unwrap();
    let mut orders = BTreeMap::new();
    for _ in 0..20 {
        client
            .orders()
            .place(market_order(OrderSide::Buy, "0.01"))
            .await
            .unwrap();
        let events = socket.events(6).await;
        assert_eq!(statuses(&events), ["NEW", "CLOSED"]);
        let order = channels(&events).join(" ");
        *orders.entry(order).or_insert(0) += 1;
    }
    assert!(orders.len() > 3, "{orders:?}");
}

#[tokio::test]
async fn orders_that_time_or_price_fills_are_sent_without_a_request() {
    let builder = Simulator::builder()
        .liquidity(Liquidity::Simulated)
        .stream(quiet_options());
    let simulator = builder.start().await.unwrap();
    let mut socket = Socket::of_main(&simulator, Some(2), &["fills.ALL", "funding_payments.ALL"]).await;
    let client = simulator.client().unwrap();
    let order = paradex_api_ext::orders::NewAlgoOrder::twap(
        MARKET,
        OrderSide::Buy,
        decimal("0.02"),
        Duration::from_secs(60),
    );
    client.orders().place_algo(order).await.unwrap();
    assert_eq!(socket.event().await.0, "fills");
    simulator.advance(Duration::from_secs(600));
    let (channel, fill) = socket.event().await;
    assert_eq!((channel.as_str(), &fill["side"]), ("fills", &json!("BUY")));

    // The second fill has paid the funding of the first position.
    let (channel, payment) = socket.event().await;
    let listed = rest(&simulator, "/v1/funding/payments?market=BTC-USD-PERP").await["results"].clone();
    let listed = listed.as_array().unwrap().last().unwrap().clone();
    assert_eq!(channel, "funding_payments");
    let payment: FundingPayment = serde_json::from_value(payment).unwrap();
    let listed: FundingPayment = serde_json::from_value(listed).unwrap();
    assert_eq!((payment.id, payment.payment), (listed.id, listed.payment));
}

#[tokio::test]
async fn price_that_moves_the_account_value_is_sent() {
    let simulator = quiet_with(quiet_options()).await;
    let client = simulator.client().unwrap();
    trade(&client, OrderSide::Buy, "0.5").await;
    let mut socket = Socket::of_main(&simulator, Some(2), &["account"]).await;
    for price in ["115", "120"] {
        simulator.set_mark_price(MARKET, decimal(price)).unwrap();
        simulator.set_mark_price(MARKET, decimal(price)).unwrap();
        let (_, account) = socket.event().await;
        let shown = rest(&simulator, "/v1/account").await;
        assert_eq!(
            normalized::<AccountSummary>("account", &account, true),
            normalized::<AccountSummary>("account", &shown, true)
        );
    }
    socket.is_quiet().await;
}

#[tokio::test]
async fn liquidation_closes_orders_and_positions() {
    let simulator = quiet_with(quiet_options()).await;
    let client = simulator.client().unwrap();
    trade(&client, OrderSide::Sell, "1").await;
    client.orders().place(buy("90")).await.unwrap();
    let subscribed = ["orders.ALL", "fills.ALL", "positions"];
    let mut socket = Socket::of_main(&simulator, Some(2), &subscribed).await;
    simulator.set_mark_price(MARKET, decimal("2000000")).unwrap();
    let events = socket.events(4).await;
    assert_eq!(channels(&events), ["orders", "fills", "positions", "orders"]);
    assert_eq!(events[0].1["cancel_reason"], "NOT_ENOUGH_MARGIN");
    assert_eq!(
        (&events[1].1["fill_type"], &events[1].1["price"]),
        (&json!("LIQUIDATION"), &json!("2000000"))
    );
    assert_eq!(
        (&events[2].1["status"], &events[2].1["size"]),
        (&json!("CLOSED"), &json!("0"))
    );
    assert_eq!(statuses(&events), ["CLOSED", "CLOSED"]);
    socket.is_quiet().await;
}

#[tokio::test]
async fn payloads_of_the_log_are_limited() {
    let simulator = quiet_with(quiet_options().kept_payloads(2)).await;
    let mut socket = Socket::of_main(&simulator, None, &["orders.ALL"]).await;
    let client = simulator.client().unwrap();
    for price in ["90", "91"] {
        client.orders().place(buy(price)).await.unwrap();
    }
    read(&mut socket, 4).await;
    let kept: Vec<bool> = only(&simulator)
        .events
        .iter()
        .map(|event| event.data.is_some())
        .collect();
    assert_eq!(kept, [false, false, true, true]);
}

#[tokio::test]
async fn announced_events_reach_their_channel_and_account_only() {
    let simulator = quiet_with(quiet_options()).await;
    let other = simulator.add_account();
    let mut socket = Socket::of_main(&simulator, Some(2), &SILENT).await;
    let main = simulator.main_account();
    for channel in SILENT {
        simulator
            .announce_to_account(&other, channel, json!({"id": "other"}))
            .unwrap();
        simulator
            .announce_to_account(&main, channel, json!({"id": channel}))
            .unwrap();
        let (found, event) = socket.event().await;
        assert_eq!(
            (found.as_str(), event["id"].as_str()),
            (channel.split('.').next().unwrap(), Some(channel))
        );
        if channel == "rfq.7" {
            // Both channels show it.
            assert_eq!(socket.event().await.1, event);
        }
    }
    socket.is_quiet().await;
    for channel in ["bbo.BTC-USD-PERP", "orders", "nothing"] {
        let refused = simulator.announce_to_account(&main, channel, json!({}));
        assert!(refused.unwrap_err().to_string().contains(channel));
    }
    let refused = simulator.announce_to_account("0x7", "transfers", json!({}));
    assert!(refused.unwrap_err().to_string().contains("0x7"));
}

#[tokio::test]
async fn busted_fill_is_sent_and_listed() {
    let simulator = quiet_with(quiet_options()).await;
    let client = simulator.client().unwrap();
    trade(&client, OrderSide::Buy, "0.5").await;
    let fill = rest(&simulator, "/v1/fills").await["results"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut socket = Socket::of_main(&simulator, Some(2), &["tradebusts"]).await;
    simulator.bust_fill(&fill).unwrap();
    let (_, bust) = socket.event().await;
    assert_eq!(bust["busted_fill_id"], fill.as_str());
    let listed = rest(&simulator, "/v1/tradebusts").await["results"].clone();
    assert_eq!(listed, json!([bust]));
    let _: Tradebust = serde_json::from_value(bust).unwrap();
    assert!(simulator.bust_fill("7").is_err());
}

/// Subscribes to orders, injects a fault into the second event and places three orders that rest, so there are six events.
async fn six_events(fault: Fault, version: Option<u16>) -> (Simulator, Socket, Vec<EventFate>) {
    let simulator = quiet_with(quiet_options()).await;
    let socket = Socket::of_main(&simulator, version, &["orders.ALL"]).await;
    simulator.inject(Injection::new(fault).on_channel("orders").skip(1));
    let client = simulator.client().unwrap();
    for price in ["90", "91", "92"] {
        client.orders().place(buy(price)).await.unwrap();
    }
    settled(&simulator).await;
    let fates = only(&simulator).events.iter().map(|event| event.fate).collect();
    (simulator, socket, fates)
}

/// Waits until the fate of every event is decided.
async fn settled(simulator: &Simulator) {
    until(|| {
        let log = only(simulator);
        let is_decided = |fate: EventFate| fate != EventFate::Waiting;
        log.ended.is_some()
            || log.events.iter().all(|event| is_decided(event.fate))
            || log
                .events
                .get(1)
                .is_some_and(|event| event.fate == EventFate::Unsent)
    })
    .await;
}

/// Price and status of the orders that a client reads.
async fn read(socket: &mut Socket, count: usize) -> Vec<String> {
    let events = socket.events(count).await;
    let shown = events.iter().map(|(_, order)| {
        format!(
            "{} {}",
            order["price"].as_str().unwrap(),
            order["status"].as_str().unwrap()
        )
    });
    shown.collect()
}

const WHOLE: [&str; 6] = ["90 NEW", "90 OPEN", "91 NEW", "91 OPEN", "92 NEW", "92 OPEN"];

#[tokio::test]
async fn private_events_are_lost_repeated_and_late_as_injected() {
    use EventFate::{Sent, SentLate, SentTwice, Silenced, Skipped};
    for version in [None, Some(2)] {
        let (_simulator, mut socket, fates) = six_events(Fault::skip_event(), version).await;
        assert_eq!(fates, [Sent, Skipped, Sent, Sent, Sent, Sent]);
        assert_eq!(
            read(&mut socket, 5).await,
            [WHOLE[0], WHOLE[2], WHOLE[3], WHOLE[4], WHOLE[5]]
        );

        let (_simulator, mut socket, fates) = six_events(Fault::duplicate_event(), version).await;
        assert_eq!(fates, [Sent, SentTwice, Sent, Sent, Sent, Sent]);
        assert_eq!(
            read(&mut socket, 4).await,
            [WHOLE[0], WHOLE[1], WHOLE[1], WHOLE[2]]
        );

        let (_simulator, mut socket, fates) = six_events(Fault::reorder_events(), version).await;
        assert_eq!(fates, [Sent, SentLate, Sent, Sent, Sent, Sent]);
        assert_eq!(
            read(&mut socket, 4).await,
            [WHOLE[0], WHOLE[2], WHOLE[1], WHOLE[3]]
        );

        let (_simulator, mut socket, fates) = six_events(Fault::silence_channel(), version).await;
        assert_eq!(fates, [Sent, Silenced, Silenced, Silenced, Silenced, Silenced]);
        assert_eq!(read(&mut socket, 1).await, [WHOLE[0]]);
        socket.is_quiet().await;
    }
}

#[tokio::test]
async fn delayed_event_is_sent_later_and_delays_no_other() {
    let simulator = quiet_with(quiet_options()).await;
    let mut socket = Socket::of_main(&simulator, Some(2), &["orders.ALL"]).await;
    let late = Fault::delay_event(Duration::from_secs(15));
    simulator.inject(Injection::new(late).on_channel("orders").skip(1));
    let client = simulator.client().unwrap();
    for price in ["90", "91"] {
        client.orders().place(buy(price)).await.unwrap();
    }
    assert_eq!(read(&mut socket, 3).await, [WHOLE[0], WHOLE[2], WHOLE[3]]);
    socket.is_quiet().await;
    assert_eq!(only(&simulator).events[1].fate, EventFate::Waiting);
    simulator.advance(Duration::from_secs(15));
    assert_eq!(read(&mut socket, 1).await, [WHOLE[1]]);
    until(|| only(&simulator).events[1].fate == EventFate::SentLate).await;
}

#[tokio::test]
async fn private_events_have_other_shapes_as_injected() {
    use EventFate::{Altered, Sent, Unreadable};
    for fault in [
        Fault::longer_block(),
        Fault::short_layout(),
        Fault::split_frames(),
    ] {
        let (_simulator, mut socket, fates) = six_events(fault.clone(), Some(2)).await;
        assert_eq!(
            (read(&mut socket, 6).await, fates),
            (WHOLE.map(String::from).to_vec(), vec![Sent; 6]),
            "{fault:?}"
        );
    }

    let (_simulator, mut socket, _) = six_events(Fault::unknown_template(), Some(2)).await;
    assert_eq!(read(&mut socket, 1).await, [WHOLE[0]]);
    let frame = socket.frame().await;
    assert!(
        matches!(Event::decode(&frame), Ok(Event::Unknown(_))),
        "{frame:?}"
    );
    assert_eq!(read(&mut socket, 1).await, [WHOLE[1]]);

    let (_simulator, mut socket, _) = six_events(Fault::flood(2), Some(2)).await;
    assert_eq!(read(&mut socket, 1).await, [WHOLE[0]]);
    for _ in 0..2 {
        let frame = socket.frame().await;
        assert!(
            matches!(Event::decode(&frame), Ok(Event::Heartbeat(_))),
            "{frame:?}"
        );
    }
    assert_eq!(read(&mut socket, 1).await, [WHOLE[1]]);

    let (_simulator, mut socket, fates) = six_events(Fault::truncated_message(), Some(2)).await;
    assert_eq!(
        (fates[1], read(&mut socket, 1).await),
        (Unreadable, vec![WHOLE[0].to_owned()])
    );
    let frame = socket.frame().await;
    assert!(Event::decode(&frame).is_err(), "{frame:?}");

    let (_simulator, mut socket, fates) = six_events(Fault::json_on_binary(), Some(2)).await;
    assert_eq!(
        (fates[1], read(&mut socket, 1).await),
        (Altered, vec![WHOLE[0].to_owned()])
    );
    assert_eq!(socket.text().await["params"]["data"]["status"], "OPEN");

    let (_simulator, mut socket, fates) = six_events(Fault::null_fields(), Some(2)).await;
    assert_eq!(
        (fates[1], socket.order_event().await.price),
        (Altered, Some(decimal("90")))
    );
    assert_eq!(socket.order_event().await.price, None);
}

#[tokio::test]
async fn private_connection_is_closed_cut_stalled_or_left_half_open_by_faults() {
    use EventFate::{Sent, Unsent};
    let (simulator, mut socket, fates) = six_events(Fault::close_socket(1013), Some(2)).await;
    assert_eq!(
        (fates, read(&mut socket, 1).await),
        (vec![Sent, Unsent], vec![WHOLE[0].to_owned()])
    );
    assert!(matches!(socket.next().await, Received::Closed(Some(1013))));
    until(|| only(&simulator).ended == Some(SocketEnd::Closed(1013))).await;

    let (_simulator, mut socket, fates) = six_events(Fault::cut_frame(), None).await;
    assert_eq!(
        (fates, read(&mut socket, 1).await),
        (vec![Sent, Unsent], vec![WHOLE[0].to_owned()])
    );
    assert!(matches!(socket.next().await, Received::Broken));

    let (simulator, mut socket, fates) = six_events(Fault::half_open(), Some(2)).await;
    assert_eq!(
        (fates, read(&mut socket, 1).await),
        (vec![Sent, Unsent], vec![WHOLE[0].to_owned()])
    );
    assert_eq!(
        (simulator.open_connections() > 0, only(&simulator).ended),
        (true, None)
    );

    let simulator = quiet_with(quiet_options()).await;
    let mut socket = Socket::of_main(&simulator, None, &["orders.ALL"]).await;
    simulator.inject(Injection::new(Fault::stall(Duration::from_secs(15))).on_channel("orders"));
    simulator
        .client()
        .unwrap()
        .orders()
        .place(buy("90"))
        .await
        .unwrap();
    until(|| only(&simulator).waiting == 2).await;
    simulator.advance(Duration::from_secs(15));
    assert_eq!(read(&mut socket, 2).await, WHOLE[..2]);
}

#[tokio::test]
async fn private_subscription_is_acknowledged_and_silent_or_carried_out_without_a_word() {
    let simulator = quiet_with(quiet_options()).await;
    simulator.inject(Injection::new(Fault::acknowledge_then_silence()).on_channel("orders.ALL"));
    simulator.inject(Injection::new(Fault::no_acknowledgement()).on_channel("fills"));
    let mut socket = Socket::of_main(&simulator, Some(2), &["orders.ALL"]).await;
    socket.request("subscribe", json!({"channel": "fills.ALL"})).await;
    until(|| only(&simulator).channels.len() == 2).await;
    simulator
        .client()
        .unwrap()
        .orders()
        .place(market_order(OrderSide::Buy, "0.5"))
        .await
        .unwrap();
    assert_eq!(socket.event().await.0, "fills");
    settled(&simulator).await;
    let fates: Vec<EventFate> = only(&simulator).events.iter().map(|event| event.fate).collect();
    assert_eq!(fates, [EventFate::Silenced, EventFate::Sent, EventFate::Silenced]);
}

#[tokio::test]
async fn log_has_the_payload_of_each_private_event() {
    let simulator = quiet_with(quiet_options()).await;
    let mut socket = Socket::of_main(&simulator, None, &ALL).await;
    let client: Trader = simulator.client().unwrap();
    trade(&client, OrderSide::Buy, "0.5").await;
    let received = socket.events(6).await;
    let log = only(&simulator).events;
    let logged: Vec<(String, Value)> = log
        .iter()
        .map(|event| {
            let channel = event.channel.split('.').next().unwrap().to_owned();
            (
                channel,
                serde_json::from_str(event.data.as_ref().unwrap()).unwrap(),
            )
        })
        .collect();
    assert_eq!(received, logged);
    let kinds: Vec<EventKind> = log.iter().map(|event| event.kind).collect();
    use EventKind::{Account, Balance, Fill, Order, Position};
    assert_eq!(kinds, [Order, Fill, Position, Balance, Order, Account]);
}

#[tokio::test]
async fn second_auth_turns_the_channels_over_to_the_other_account() {
    let simulator = quiet_with(quiet_options().second_auth(SecondAuth::Accepted)).await;
    let other = simulator.add_account();
    let mut socket = Socket::of_main(&simulator, None, &["orders.ALL"]).await;
    socket.sign_in(&simulator.account_session(&other).unwrap()).await;
    simulator
        .client()
        .unwrap()
        .orders()
        .place(buy("90"))
        .await
        .unwrap();
    let trader = super::super::trading::trader(&simulator, &other);
    trader.orders().place(buy("91")).await.unwrap();
    assert_eq!(read(&mut socket, 2).await, WHOLE[2..4]);
    socket.is_quiet().await;
}
