//! The span of a call says how it ended and shows no secret.

use paradex_api::operations::LIST_POSITIONS;
use paradex_api::reqwest::StatusCode;
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::tokens::NewToken;
use tracing_subscriber::filter::LevelFilter;

use crate::support::{HOUR, Log, list, trader};

#[tokio::test]
async fn span_reports_the_outcome_of_a_call_and_no_secret() {
    let log = Log::default();
    let _guard = log.collect_traces(LevelFilter::TRACE);

    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = trader(&exchange).build().unwrap();
    exchange.inject(Injection::new(Fault::html(StatusCode::BAD_GATEWAY)).on(&LIST_POSITIONS));
    client.api().list_positions().send().await.unwrap();
    let token = NewToken::new("desk", "api_key", HOUR, list(&["203.0.113.0/24"])).unwrap();
    let created = client.tokens().create(token).await.unwrap();
    let order = NewOrder::market("BTC-USD-PERP", OrderSide::Buy, 1.into());
    client.orders().place(order).await.unwrap();

    let text = log.take();
    for said in [
        "operation=\"list_positions\"",
        "http.request.resend_count=1",
        "http.response.status_code=200",
        "sign_in_us=",
        "in_flight_us=",
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
    // The networks of an allowlist are not for traces either.
    secrets.push("203.0.113.0/24".to_owned());
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret}: {text}");
    }
}
