//! The metrics of calls.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use metrics::{Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder};
use metrics::{SharedString, Unit};
use paradex_api::operations::{LIST_MARKETS, LIST_POSITIONS};
use paradex_api::reqwest::StatusCode;
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::stream::{Bbo, Feed, Update};
use paradex_api_ext::{CallOptions, Client, Credentials, Environment, RetryPolicy};

/// The recorded values, by name and labels.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<BTreeMap<String, Vec<f64>>>>);

impl Log {
    fn value(&self, key: &Key) -> Arc<Value> {
        let labels = key
            .labels()
            .map(|label| format!(" {}={}", label.key(), label.value()));
        let name = key.name().to_owned() + &labels.collect::<String>();
        Arc::new(Value(self.clone(), name))
    }

    fn sum(&self, name: &str) -> f64 {
        let log = self.0.lock().unwrap();
        log.get(name).map_or(0.0, |values| values.iter().sum())
    }

    fn times(&self, name: &str) -> usize {
        self.0.lock().unwrap().get(name).map_or(0, Vec::len)
    }
}

struct Value(Log, String);

impl Value {
    fn push(&self, value: f64) {
        let mut log = self.0.0.lock().unwrap();
        log.entry(self.1.clone()).or_default().push(value);
    }
}

impl CounterFn for Value {
    fn increment(&self, value: u64) {
        self.push(value as f64);
    }

    fn absolute(&self, _: u64) {
        unimplemented!()
    }
}

impl GaugeFn for Value {
    fn increment(&self, value: f64) {
        self.push(value);
    }

    fn decrement(&self, value: f64) {
        self.push(-value);
    }

    fn set(&self, _: f64) {
        unimplemented!()
    }
}

impl HistogramFn for Value {
    fn record(&self, value: f64) {
        self.push(value);
    }
}

impl Recorder for Log {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.value(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.value(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.value(key))
    }
}

#[test]
fn call_is_counted_and_timed_however_it_ends() {
    let log = Log::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    metrics::with_local_recorder(&log, || runtime.block_on(calls(&log)));
}

async fn calls(log: &Log) {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let environment = Environment::custom(exchange.url()).unwrap();
    let account = exchange.main_account().parse().unwrap();
    let client = Client::builder(environment.clone())
        .credentials(Credentials::starknet(environment, exchange.main_key(), account))
        .retry(RetryPolicy::new().initial_backoff(Duration::from_millis(1)))
        .build()
        .unwrap();

    // Signing in is a call of its own.
    exchange.inject(Injection::new(Fault::html(StatusCode::BAD_GATEWAY)).on(&LIST_POSITIONS));
    client.api().list_positions().send().await.unwrap();
    for (name, sum) in [
        ("paradex_calls_total operation=list_positions outcome=ok", 1.0),
        ("paradex_calls_total operation=auth outcome=ok", 1.0),
        ("paradex_retries_total operation=list_positions", 1.0),
        ("paradex_retries_total operation=auth", 0.0),
        ("paradex_calls_in_flight", 0.0),
    ] {
        assert_eq!(log.sum(name), sum, "{name}");
    }
    for (name, times) in [
        ("paradex_call_duration_seconds operation=list_positions", 1),
        (
            "paradex_phase_duration_seconds operation=list_positions phase=sign_in",
            1,
        ),
        (
            "paradex_phase_duration_seconds operation=list_positions phase=rate_limit",
            1,
        ),
        (
            "paradex_phase_duration_seconds operation=list_positions phase=in_flight",
            1,
        ),
    ] {
        assert_eq!(log.times(name), times, "{name}");
    }
    let call = log.sum("paradex_call_duration_seconds operation=list_positions");
    let parts = ["sign_in", "rate_limit", "in_flight"].map(|phase| {
        log.sum(&format!(
            "paradex_phase_duration_seconds operation=list_positions phase={phase}"
        ))
    });
    assert!(
        parts.iter().sum::<f64>() <= call && call < 3_600.0,
        "{parts:?} of {call}"
    );

    // How it ended.
    let quick = client.with_options(
        CallOptions::new()
            .deadline(Duration::from_millis(100))
            .retry(RetryPolicy::none()),
    );
    let outcome = |outcome| {
        log.sum(&format!(
            "paradex_calls_total operation=list_markets outcome={outcome}"
        ))
    };
    for (fault, how, count) in [
        (Fault::rate_limited(None), "rate_limited", 1.0),
        (Fault::html(StatusCode::BAD_GATEWAY), "server_error", 1.0),
        (Fault::html(StatusCode::FORBIDDEN), "refused", 1.0),
        (Fault::reset_before(), "no_response", 1.0),
        (Fault::delay_after(Duration::from_secs(60)), "no_response", 2.0),
    ] {
        exchange.inject(Injection::new(fault).on(&LIST_MARKETS));
        quick.api().list_markets().send().await.unwrap_err();
        assert_eq!(outcome(how), count, "{how}");
    }

    // A call whose caller stops waiting is recorded as well.
    let slow = Fault::delay_after(Duration::from_secs(60));
    exchange.inject(Injection::new(slow).on(&LIST_MARKETS));
    let before = exchange.requests().len();
    tokio::select! {
        biased;
        _ = client.api().list_markets().send() => panic!("it is slow"),
        () = async {
            while exchange.requests().len() == before {
                tokio::task::yield_now().await;
            }
            assert_eq!(log.sum("paradex_calls_in_flight"), 1.0);
        } => {}
    }
    assert_eq!(log.sum("paradex_calls_in_flight"), 0.0);
    assert_eq!(outcome("dropped"), 1.0);

    // No label contains anything of a request or a response.
    let order = NewOrder::market("BTC-USD-PERP", OrderSide::Buy, 1.into()).client_id("canary");
    client.orders().place(order).await.unwrap();
    let text = format!("{:?}", log.0.lock().unwrap().keys());
    let requests = exchange.requests();
    let token = requests.last().unwrap().header("authorization").unwrap();
    for secret in ["canary", exchange.main_account().as_str(), exchange.url(), token] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[test]
fn stream_counts_connections_frames_and_losses() {
    let log = Log::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    metrics::with_local_recorder(&log, || runtime.block_on(streams(&log)));
}

async fn streams(log: &Log) {
    const MARKET: &str = "BTC-USD-PERP";
    async fn live(feed: &mut Feed<Bbo>) {
        while !matches!(feed.next().await.unwrap(), Update::Live(_)) {}
    }
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let change = |size: u32| {
        let bids = [(100.into(), size.into())];
        exchange.set_quotes(MARKET, &bids, &[]).unwrap();
    };
    change(1);
    let environment = Environment::custom(exchange.url()).unwrap();
    let client = Client::builder(environment).build().unwrap();
    let mut feed = client.stream().bbo(MARKET);
    live(&mut feed).await;
    for fault in [Fault::unknown_template(), Fault::truncated_message()] {
        exchange.inject(Injection::new(fault).on_channel("bbo"));
    }
    change(2);
    live(&mut feed).await;
    exchange.inject(Injection::new(Fault::close_socket(1012)).on_channel("bbo"));
    change(3);
    live(&mut feed).await;
    let url = exchange.url().to_owned();
    drop(exchange);
    while log.sum("paradex_stream_connects_total outcome=failed") == 0.0 {
        tokio::task::yield_now().await;
    }
    drop(feed);
    while log.sum("paradex_stream_frames_total kind=data") == 0.0 {
        tokio::task::yield_now().await;
    }
    for (name, sum) in [
        ("paradex_stream_connects_total outcome=ok", 2.0),
        ("paradex_stream_frames_total kind=unknown", 1.0),
        ("paradex_stream_frames_total kind=unreadable", 1.0),
        ("paradex_stream_losses_total cause=unreadable", 1.0),
        // By the exchange, and when it went away.
        ("paradex_stream_losses_total cause=disconnected", 2.0),
    ] {
        assert_eq!(log.sum(name), sum, "{name}");
    }
    let text = format!("{:?}", log.0.lock().unwrap().keys());
    for detail in [MARKET, url.as_str(), "bbo"] {
        assert!(!text.contains(detail), "{detail}: {text}");
    }
}
