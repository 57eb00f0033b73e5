//! The stream of an account against the simulator.

use std::time::{Duration, SystemTime};

use futures_util::FutureExt;
use paradex_api::reqwest::StatusCode;
use paradex_api::types::OrderStatus;
use paradex_api::{Decimal, operations, serde_json};
use paradex_api_ext::blocking::Blocking;
use paradex_api_ext::orders::{CancelScope, NewOrder, OrderSide};
use paradex_api_ext::simulator::{
    Fault, Injection, MarketSpec, PrivateEncoding, Simulator, SimulatorBuilder, StreamOptions,
};
use paradex_api_ext::stream::{
    AccountCursor, AccountStream, AccountUpdate, LossCause, ModificationOutcome, Reconciliation, StreamError,
};
use paradex_api_ext::{Client, Credentials, Environment};
use tokio::runtime::Builder;

const MARKET: &str = "BTC-USD-PERP";

/// An exchange with two accounts and a client of each.
struct Market {
    exchange: Simulator,
    accounts: [String; 2],
    own: Client,
    other: Client,
}

impl Market {
    async fn start(encoding: PrivateEncoding) -> Self {
        let options = StreamOptions::default().private_encoding(encoding);
        Self::with(Simulator::builder().strict().stream(options)).await
    }

    async fn with(exchange: SimulatorBuilder) -> Self {
        let exchange = exchange.start().await.unwrap();
        let accounts = [exchange.main_account(), exchange.add_account()];
        let [own, other] = [&accounts[0], &accounts[1]].map(|account| client(&exchange, account));
        Self {
            exchange,
            accounts,
            own,
            other,
        }
    }

    /// A new client of the own account.
    fn new_client(&self) -> Client {
        client(&self.exchange, &self.accounts[0])
    }

    /// Places an order of the own account that rests, and returns its id.
    async fn rest(&self, size: &str) -> String {
        let order = NewOrder::limit(MARKET, OrderSide::Buy, decimal(size), decimal("100"));
        self.own.orders().place(order).await.unwrap().id.clone().unwrap()
    }

    /// Fills so much of what rests.
    async fn fill(&self, size: &str) {
        let order = NewOrder::limit(MARKET, OrderSide::Sell, decimal(size), decimal("100"));
        self.other.orders().place(order).await.unwrap();
    }

    /// A stream that has the state of the own account, and compares it with the REST API once a second.
    async fn compared(&self) -> AccountStream {
        let builder = self.own.account_stream();
        let mut stream = builder.compare_every(Duration::from_secs(1)).start();
        reconciled(&mut stream).await;
        stream
    }

    /// How often the open orders were listed.
    fn order_lists(&self) -> usize {
        let requests = self.exchange.requests();
        let lists = requests.iter().filter(|request| {
            request
                .operation()
                .is_some_and(|operation| std::ptr::eq(operation, &operations::LIST_OPEN_ORDERS))
        });
        lists.count()
    }

    fn disconnect(&self) {
        self.exchange
            .inject(Injection::new(Fault::close_socket(1012)).on_channel("orders"));
    }

    /// The ids of the open orders of the own account.
    fn open(&self) -> Vec<String> {
        let orders = self.exchange.orders(&self.accounts[0]).into_iter();
        let mut open: Vec<String> = orders
            .filter(|order| order.status != OrderStatus::Closed)
            .map(|order| order.id.clone())
            .collect();
        open.sort();
        open
    }
}

fn client(exchange: &Simulator, account: &str) -> Client {
    let environment = Environment::custom(exchange.url()).unwrap();
    let key = exchange.account_key(account).unwrap();
    let credentials = Credentials::starknet_derived(environment.clone(), key);
    Client::builder(environment)
        .credentials(credentials)
        .build()
        .unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

async fn next(stream: &mut AccountStream) -> AccountUpdate {
    let next = tokio::time::timeout(Duration::from_secs(60), stream.next()).await;
    let next = next.expect("the stream yields nothing");
    next.unwrap_or_else(|| panic!("the stream has ended: {:?}", stream.error()))
}

async fn reconciled(stream: &mut AccountStream) -> Reconciliation {
    loop {
        if let AccountUpdate::Reconciled(found) = next(stream).await {
            return *found;
        }
    }
}

async fn lost(stream: &mut AccountStream) -> LossCause {
    loop {
        if let AccountUpdate::Lost(lost) = next(stream).await {
            return lost.cause();
        }
    }
}

/// The ids of the open orders, as the stream knows them.
fn open(stream: &AccountStream) -> Vec<String> {
    let orders = stream.orders().expect("they are known");
    orders.into_iter().filter_map(|order| order.id).collect()
}

/// The statuses of an order up to its last event.
async fn statuses(stream: &mut AccountStream, id: &str) -> Vec<OrderStatus> {
    let mut statuses = Vec::new();
    while statuses.last() != Some(&OrderStatus::Closed) {
        if let AccountUpdate::Order(order) = next(stream).await
            && order.id.as_deref() == Some(id)
        {
            statuses.extend(order.status);
        }
    }
    statuses
}

async fn fill_id(stream: &mut AccountStream) -> String {
    loop {
        if let AccountUpdate::Fill(fill) = next(stream).await {
            return fill.id.unwrap();
        }
    }
}

#[tokio::test]
async fn orders_and_fills_are_the_same_in_both_encodings() {
    for encoding in [PrivateEncoding::Json, PrivateEncoding::Sbe] {
        let market = Market::start(encoding).await;
        let mut stream = market.own.account_stream().start();
        assert!(stream.orders().is_none() && stream.cursor().is_none());
        let found = reconciled(&mut stream).await;
        assert!(found.orders.is_empty() && found.fills_found.is_empty(), "{found}");
        assert!(found.summary.is_some(), "{found:?}");
        let id = market.rest("2").await;
        market.fill("1").await;
        let fill = loop {
            if let AccountUpdate::Fill(fill) = next(&mut stream).await {
                break fill;
            }
        };
        assert_eq!(
            (fill.order_id.as_ref(), fill.size),
            (Some(&id), Some(Decimal::ONE))
        );
        assert_eq!(open(&stream), market.open());
        market.own.orders().cancel(&id).await.unwrap();
        assert_eq!(
            statuses(&mut stream, &id).await.last(),
            Some(&OrderStatus::Closed)
        );
        assert_eq!(open(&stream), Vec::<String>::new());
        let positions = stream.positions().unwrap();
        assert_eq!(
            positions.first().and_then(|position| position.size),
            Some(Decimal::ONE)
        );
    }
}

#[tokio::test]
async fn modification_is_reported_once_although_later_events_repeat_it() {
    let options = StreamOptions::default().repeat_request_info(true);
    let market = Market::with(Simulator::builder().strict().stream(options)).await;
    let mut stream = market.own.account_stream().start();
    reconciled(&mut stream).await;
    let id = market.rest("5").await;
    for size in ["6", "7"] {
        let change = NewOrder::limit(MARKET, OrderSide::Buy, decimal(size), decimal("100"));
        market.own.orders().modify(&id, change).await.unwrap();
        market.fill("1").await;
    }
    market.own.orders().cancel(&id).await.unwrap();
    let (mut requests, mut sizes) = (Vec::new(), Vec::new());
    loop {
        match next(&mut stream).await {
            AccountUpdate::Modification(modification) => {
                assert_eq!(
                    (&modification.order_id, &modification.outcome),
                    (&id, &ModificationOutcome::Success)
                );
                requests.push(modification.request_id);
            }
            AccountUpdate::Order(order) => {
                sizes.extend(order.size);
                if order.status == Some(OrderStatus::Closed) {
                    break;
                }
            }
            _ => {}
        }
    }
    sizes.dedup();
    assert_eq!(sizes, [decimal("5"), decimal("6"), decimal("7")]);
    assert!(requests.len() == 2 && requests[0] != requests[1], "{requests:?}");
}

#[tokio::test]
async fn events_without_a_connection_are_found() {
    let market = Market::start(PrivateEncoding::Sbe).await;
    let mut stream = market.own.account_stream().start();
    reconciled(&mut stream).await;
    let [filled, cancelled, kept] = [
        market.rest("1").await,
        market.rest("2").await,
        market.rest("3").await,
    ];
    while open(&stream).len() < 3 {
        next(&mut stream).await;
    }
    market.disconnect();
    // The order whose event is replaced by the end of the connection.
    let placed = market.rest("4").await;
    market.fill("1").await;
    market.own.orders().cancel(&cancelled).await.unwrap();
    assert_eq!(lost(&mut stream).await, LossCause::Disconnected);
    let found = reconciled(&mut stream).await;
    let mut closed: Vec<_> = found
        .closed_meanwhile
        .iter()
        .filter_map(|order| order.id.clone())
        .collect();
    // Some of it can have happened when the next connection was there.
    let mut fills = found.fills_found.len();
    while closed.len() < 2 || fills < 1 {
        match next(&mut stream).await {
            AccountUpdate::Order(order) if order.status == Some(OrderStatus::Closed) => {
                closed.extend(order.id)
            }
            AccountUpdate::Fill(_) => fills += 1,
            _ => {}
        }
    }
    closed.sort();
    let mut expected = vec![filled, cancelled];
    expected.sort();
    assert_eq!(closed, expected);
    let mut left = vec![kept, placed];
    left.sort();
    assert_eq!((open(&stream), market.open()), (left.clone(), left));
    assert!(found.unresolved.is_empty(), "{found:?}");
}

#[tokio::test]
async fn cursor_resumes_after_a_restart_with_each_fill_once() {
    let market = Market::start(PrivateEncoding::Sbe).await;
    let mut stream = market.own.account_stream().start();
    reconciled(&mut stream).await;
    let id = market.rest("3").await;
    market.fill("1").await;
    let first = fill_id(&mut stream).await;
    while !open(&stream).contains(&id) {
        next(&mut stream).await;
    }
    let stored = serde_json::to_string(&stream.cursor().unwrap()).unwrap();
    drop(stream);
    market.fill("1").await;
    market
        .own
        .orders()
        .cancel_all(CancelScope::AllMarkets)
        .await
        .unwrap();
    let cursor: AccountCursor = serde_json::from_str(&stored).unwrap();
    assert_eq!(cursor.account(), market.accounts[0]);
    let mut stream = market.own.account_stream().cursor(cursor).start();
    let found = reconciled(&mut stream).await;
    let fills: Vec<_> = found
        .fills_found
        .iter()
        .filter_map(|fill| fill.id.clone())
        .collect();
    assert!(fills.len() == 1 && !fills.contains(&first), "{fills:?}");
    let closed: Vec<_> = found
        .closed_meanwhile
        .iter()
        .filter_map(|order| order.id.clone())
        .collect();
    assert_eq!(closed, [id]);
    let later = serde_json::to_string(&stream.cursor().unwrap()).unwrap();
    assert!(later.contains(&first) && later.contains(&fills[0]));
    // A time has no ids, so it finds both.
    let hour_ago = SystemTime::now() - Duration::from_secs(3_600);
    let mut stream = market.own.account_stream().since(hour_ago).start();
    assert_eq!(reconciled(&mut stream).await.fills_found.len(), 2);
}

#[tokio::test]
async fn cursor_of_another_account_ends_the_stream() {
    let market = Market::start(PrivateEncoding::Sbe).await;
    let mut stream = market.own.account_stream().start();
    reconciled(&mut stream).await;
    let cursor = stream.cursor().unwrap();
    let mut stream = market.other.account_stream().cursor(cursor).start();
    while stream.next().await.is_some() {}
    assert!(
        matches!(stream.error(), Some(StreamError::InvalidCursor(_))),
        "{:?}",
        stream.error()
    );
}

#[tokio::test]
async fn dropped_event_is_found_by_the_comparison() {
    let market = Market::start(PrivateEncoding::Sbe).await;
    let mut stream = market.compared().await;
    market.rest("2").await;
    market
        .exchange
        .inject(Injection::new(Fault::skip_event()).on_channel("fills"));
    market.fill("1").await;
    assert_eq!(lost(&mut stream).await, LossCause::Differs);
    assert_eq!(reconciled(&mut stream).await.fills_found.len(), 1);
    assert_eq!(open(&stream), market.open());
}

#[tokio::test]
async fn own_order_without_an_event_is_looked_for_before_the_next_comparison() {
    let market = Market::start(PrivateEncoding::Sbe).await;
    let mut stream = market
        .own
        .account_stream()
        .compare_every(Duration::from_secs(3_600))
        .start();
    reconciled(&mut stream).await;
    // The first comparison would find it too.
    while market.order_lists() < 2 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let skip = Injection::new(Fault::skip_event()).on_channel("orders").times(3);
    market.exchange.inject(skip);
    market.rest("2").await;
    assert_eq!(lost(&mut stream).await, LossCause::Differs);
    reconciled(&mut stream).await;
    assert_eq!(open(&stream), market.open());
    // So is one whose future is dropped while its response is awaited.
    while market.order_lists() < 6 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let skip = Injection::new(Fault::skip_event()).on_channel("orders").times(3);
    market.exchange.inject(skip);
    let late = Injection::new(Fault::delay_after(Duration::from_secs(60))).on(&operations::CREATE_ORDER);
    market.exchange.inject(late);
    let before = market.open();
    tokio::select! {
        id = market.rest("3") => panic!("{id} has a response"),
        () = async {
            while market.open() == before {
                tokio::task::yield_now().await;
            }
        } => {}
    }
    assert_eq!(lost(&mut stream).await, LossCause::Differs);
    reconciled(&mut stream).await;
    assert_eq!(open(&stream), market.open());
}

#[tokio::test]
async fn account_stays_unknown_while_rest_fails() {
    let market = Market::start(PrivateEncoding::Sbe).await;
    let fails =
        || Injection::new(Fault::html(StatusCode::INTERNAL_SERVER_ERROR)).on(&operations::LIST_POSITIONS);
    market.exchange.inject(fails().times(7));
    let mut stream = market.own.account_stream().start();
    let outage = loop {
        assert!(stream.next().now_or_never().is_none() && stream.orders().is_none());
        match stream.outage() {
            Some(outage) => break outage,
            None => tokio::task::yield_now().await,
        }
    };
    let text = outage.to_string();
    assert!(
        text.starts_with("cannot read the account") && text.contains("500"),
        "{text}"
    );
    reconciled(&mut stream).await;
    assert!(stream.orders().is_some() && stream.outage().is_none());
}

#[tokio::test]
async fn fill_while_the_clock_is_measured_is_reported() {
    let market = Market::start(PrivateEncoding::Sbe).await;
    market.rest("1").await;
    // The client knows no offset yet, and the measurement fails at first.
    let own = market.new_client();
    let fails = Injection::new(Fault::html(StatusCode::INTERNAL_SERVER_ERROR));
    market
        .exchange
        .inject(fails.on(&operations::GET_SYSTEM_TIME).times(20));
    let mut stream = own.account_stream().start();
    while stream.outage().is_none() {
        tokio::task::yield_now().await;
    }
    market.fill("1").await;
    let found = reconciled(&mut stream).await;
    assert_eq!(found.fills_found.len(), 1, "{found:?}");
}

#[tokio::test]
async fn silent_channels_are_replaced_by_a_new_connection() {
    for channel in ["orders", "positions"] {
        let market = Market::start(PrivateEncoding::Sbe).await;
        let mut stream = market
            .own
            .account_stream()
            .compare_every(Duration::from_secs(1))
            .start();
        let first = reconciled(&mut stream).await.connection;
        market
            .exchange
            .inject(Injection::new(Fault::silence_channel()).on_channel(channel));
        market.rest("2").await;
        market.fill("1").await;
        assert_eq!(lost(&mut stream).await, LossCause::Differs, "{channel}");
        let found = reconciled(&mut stream).await;
        assert!(found.connection > first, "{channel}");
        let sizes = |stream: &AccountStream| {
            let positions = stream.positions()?.into_iter();
            Some(positions.filter_map(|position| position.size).collect::<Vec<_>>())
        };
        assert_eq!(sizes(&stream), Some(vec![decimal("1")]), "{channel}");
        // The channel of the new connection speaks.
        let id = market.rest("3").await;
        while !open(&stream).contains(&id) {
            next(&mut stream).await;
        }
    }
}

#[tokio::test]
async fn dropped_futures_lose_nothing() {
    let market = Market::start(PrivateEncoding::Sbe).await;
    let mut stream = market.own.account_stream().start();
    reconciled(&mut stream).await;
    let orders = async {
        for _ in 0..20 {
            market.rest("1").await;
            market.fill("1").await;
        }
    };
    let mut orders = std::pin::pin!(orders.fuse());
    let mut fills = Vec::new();
    while fills.len() < 20 {
        // Each future is polled once and dropped.
        if let Some(update) = stream.next().now_or_never() {
            if let Some(AccountUpdate::Fill(fill)) = update {
                fills.push(fill.id.unwrap());
            }
            continue;
        }
        tokio::select! {
            biased;
            () = &mut orders => {}
            () = tokio::time::sleep(Duration::from_millis(1)) => {}
        }
    }
    fills.sort();
    fills.dedup();
    assert_eq!(fills.len(), 20);
}

#[test]
fn dropped_streams_leave_no_task_and_no_connection() {
    let runtime = || {
        Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap()
    };
    let (servers, clients) = (runtime(), runtime());
    let market = servers.block_on(Market::start(PrivateEncoding::Sbe));
    let open_sockets = || {
        let sockets = market.exchange.sockets().into_iter();
        sockets.filter(|socket| socket.ended.is_none()).count()
    };
    let alive = || clients.metrics().num_alive_tasks();
    for _ in 0..3 {
        let client = market.new_client();
        clients.block_on(async {
            let mut streams = [client.account_stream().start(), client.account_stream().start()];
            // They go on without the client.
            drop(client);
            for stream in &mut streams {
                reconciled(stream).await;
            }
            assert_eq!(open_sockets(), 2);
        });
        while alive() > 0 || open_sockets() > 0 {
            std::thread::yield_now();
        }
    }
}

#[test]
fn stream_goes_on_in_another_runtime_and_in_synchronous_programs() {
    let blocking = Blocking::new().unwrap();
    let market = blocking.run(Market::start(PrivateEncoding::Json)).unwrap();
    let first = Builder::new_current_thread().enable_all().build().unwrap();
    let mut stream = first.block_on(async {
        let mut stream = market.own.account_stream().start();
        reconciled(&mut stream).await;
        stream
    });
    drop(first);
    assert!(stream.orders().is_none());
    let id = blocking.run(market.rest("2")).unwrap();
    let mut updates = blocking.updates(&mut stream);
    assert!(updates.any(|update| matches!(update, AccountUpdate::Lost(_))));
    let found = updates.find_map(|update| match update {
        AccountUpdate::Reconciled(found) => Some(found),
        _ => None,
    });
    let ids: Vec<_> = found
        .unwrap()
        .orders
        .into_iter()
        .filter_map(|order| order.id)
        .collect();
    assert_eq!(ids, [id]);
}

#[tokio::test]
async fn client_without_a_credential_has_no_account_stream() {
    let exchange = Simulator::start().await.unwrap();
    let client = Client::builder(Environment::custom(exchange.url()).unwrap())
        .build()
        .unwrap();
    let mut stream = client.account_stream().start();
    assert!(stream.next().await.is_none());
    assert!(
        matches!(stream.error(), Some(StreamError::NoCredentials)),
        "{:?}",
        stream.error()
    );
}

/// Each event meets each fault with some probability. In the end the stream has the open orders of the exchange, and each fill once.
#[tokio::test]
async fn faulty_channels_end_with_the_truth() {
    let market = Market::start(PrivateEncoding::Sbe).await;
    let mut stream = market.compared().await;
    let faults = [
        Fault::skip_event(),
        Fault::duplicate_event(),
        Fault::reorder_events(),
        Fault::truncated_message(),
        Fault::json_on_binary(),
        Fault::null_fields(),
        Fault::close_socket(1012),
    ];
    for (seed, fault) in (0..).zip(faults) {
        for channel in ["orders", "fills"] {
            let injection = Injection::new(fault.clone()).on_channel(channel);
            market.exchange.inject(injection.with_probability(3, seed));
        }
    }
    let mut resting = Vec::new();
    let trade = async {
        for number in 0..150 {
            resting.push(market.rest("2").await);
            match number % 3 {
                0 => market.fill("1").await,
                1 => market.fill("2").await,
                _ => {
                    let id = resting.remove(resting.len() / 2);
                    // It can be filled.
                    let _ = market.own.orders().cancel(&id).await;
                }
            }
        }
        market.exchange.clear_injections();
    };
    let (mut trade, mut fills, mut is_over) = (Box::pin(trade.fuse()), Vec::new(), false);
    let mut losses = 0;
    let mut take = |update| {
        losses += usize::from(matches!(update, AccountUpdate::Lost(_)));
        let ids: Vec<String> = match update {
            AccountUpdate::Fill(fill) => fill.id.into_iter().collect(),
            AccountUpdate::Reconciled(found) => {
                found.fills_found.into_iter().filter_map(|fill| fill.id).collect()
            }
            _ => Vec::new(),
        };
        for id in ids {
            assert!(!fills.contains(&id), "{id} came twice");
            fills.push(id);
        }
        fills.len()
    };
    let mut count = 0;
    let is_known = |stream: &AccountStream| {
        let orders = stream.orders()?;
        let unresolved = stream.unresolved()?;
        let ids: Vec<_> = orders.into_iter().filter_map(|order| order.id).collect();
        (unresolved.is_empty() && ids == market.open()).then_some(())
    };
    let end = tokio::time::sleep(Duration::from_secs(120));
    let mut end = std::pin::pin!(end);
    loop {
        let made = market.own.api().list_fills().page_size(5_000);
        if is_over && is_known(&stream).is_some() && count == made.send().await.unwrap().results.len() {
            break;
        }
        tokio::select! {
            () = &mut trade, if !is_over => is_over = true,
            update = stream.next() => count = take(update.expect("it goes on")),
            () = tokio::time::sleep(Duration::from_millis(500)), if is_over => {}
            () = &mut end => panic!("{count} fills, {:?} and {:?}", stream.orders().map(|orders| orders.len()), market.open().len()),
        }
    }
    assert!(count > 50 && losses > 0, "{count} fills, {losses} losses");
}

/// Prints how long the reading of a large account takes. It is no test of time.
///
/// `cargo test --release --test stream large_account -- --ignored --nocapture`
#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes a minute"]
async fn large_account_is_reconciled() {
    let bases = ["BTC", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
    let specs: Vec<_> = bases
        .iter()
        .map(|base| MarketSpec::perpetual(base, decimal("100")))
        .collect();
    let market = Market::with(Simulator::builder().markets(specs)).await;
    let limit =
        |market: &str, side, size, price| NewOrder::limit(market, side, decimal(size), decimal(price));
    for _ in 0..100 {
        for _ in 0..10 {
            let asks: Vec<_> = (0..10)
                .map(|_| limit(MARKET, OrderSide::Sell, "0.01", "100"))
                .collect();
            market.other.orders().place_batch(asks).await.unwrap();
        }
        market
            .own
            .orders()
            .place(limit(MARKET, OrderSide::Buy, "1", "100"))
            .await
            .unwrap();
    }
    for base in bases {
        let symbol = format!("{base}-USD-PERP");
        for _ in 0..10 {
            let bids = (0..10).map(|_| limit(&symbol, OrderSide::Buy, "0.01", "50"));
            market.own.orders().place_batch(bids.collect()).await.unwrap();
        }
    }
    let since = SystemTime::now() - Duration::from_secs(3_600);
    for _ in 0..3 {
        let started = std::time::Instant::now();
        let mut stream = market.own.account_stream().since(since).start();
        let found = reconciled(&mut stream).await;
        println!(
            "{} orders, {} fills: {:?}",
            found.orders.len(),
            found.fills_found.len(),
            started.elapsed()
        );
    }
}
