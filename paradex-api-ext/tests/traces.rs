//! What a call leaves in traces. It is a program of its own, because what listens to traces is decided once for all
//! threads of one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::io::Write;
use std::sync::{Arc, Mutex};

use paradex_api::operations::LIST_POSITIONS;
use paradex_api::reqwest::StatusCode;
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{Client, Credentials, Environment};
use tracing_subscriber::fmt::format::FmtSpan;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

#[tokio::test]
async fn span_reports_the_outcome_of_a_call_and_no_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let exchange = Simulator::start().await.unwrap();
    let account = exchange.main_account().parse().unwrap();
    let environment = Environment::custom(exchange.url()).unwrap();
    let client = Client::builder(environment.clone())
        .credentials(Credentials::starknet(environment, exchange.main_key(), account))
        .build()
        .unwrap();
    exchange.inject(Injection::new(Fault::html(StatusCode::BAD_GATEWAY)).on(&LIST_POSITIONS));
    client.api().list_positions().send().await.unwrap();
    let networks = IpAllowlist::parse_entries(["203.0.113.0/24"]).unwrap();
    let hour = std::time::Duration::from_secs(3_600);
    let token = NewToken::new("desk", "api_key", hour, networks).unwrap();
    let created = client.tokens().create(token).await.unwrap();
    let order = NewOrder::market("BTC-USD-PERP", OrderSide::Buy, 1.into());
    client.orders().place(order).await.unwrap();

    let text = log.text();
    for said in [
        "operation=\"list_positions\"",
        "attempts=2",
        "status=200",
        "sign_in_us=",
        "exchange_us=",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let mut secrets = vec![created.secret().expose().to_owned()];
    for request in exchange.requests() {
        secrets.extend(
            request
                .header("authorization")
                .map(|header| header.trim_start_matches("Bearer ").to_owned()),
        );
        secrets.extend(request.header("paradex-starknet-signature").map(str::to_owned));
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap_or_default();
        secrets.extend(
            body.get("signature")
                .and_then(|signature| Some(signature.as_str()?.to_owned())),
        );
    }
    assert!(secrets.len() > 4);
    // The list of somebody's networks is nobody else's business either.
    secrets.push("203.0.113.0/24".to_owned());
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret}: {text}");
    }
}
