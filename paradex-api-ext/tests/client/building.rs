//! What a client can be made of, and what it refuses.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use paradex_api::operations::LIST_POSITIONS;
use paradex_api::reqwest::StatusCode;
use paradex_api::{Operation, Secret, Transport, TransportFuture, reqwest};
use paradex_api_ext::error::Phase;
use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::{Client, Credentials, Environment, Error};

use super::{builder, environment, main_client};

#[test]
fn client_can_be_shared_and_its_calls_can_be_spawned() {
    fn shareable<T: Clone + Send + Sync + 'static>() {}
    shareable::<Client>();
    shareable::<paradex_api_ext::ClientGroup>();
    fn spawnable<T: Send>(_: T) {}
    fn calls(client: Client) {
        let allowlist = client.tokens().allowlist("x");
        spawnable(async move { allowlist.add(["192.0.2.0/24".parse().unwrap()]).await });
        spawnable(async move { client.tokens().list().send().await });
    }
    let _ = calls;
}

#[tokio::test]
async fn credentials_of_another_exchange_are_refused_before_anything_is_made() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let other = Simulator::builder().strict().start().await.unwrap();
    let foreign = Credentials::bearer(environment(&other), other.main_session()).unwrap();
    for credentials in [
        foreign,
        Credentials::bearer(Environment::Production, "t").unwrap(),
        Credentials::bearer(Environment::Testnet, "t").unwrap(),
    ] {
        let error = Client::builder(environment(&exchange))
            .credentials(credentials)
            .build()
            .unwrap_err();
        assert!(matches!(error, Error::Configuration(_)), "{error:?}");
    }
    let production = Credentials::bearer(Environment::Production, "t").unwrap();
    // A proxy of one's own on this machine, named as a proxy and as trusted.
    let proxy = || Client::builder(Environment::production_proxy(exchange.url()).unwrap());
    let error = proxy().credentials(production.clone()).build().unwrap_err();
    assert!(matches!(error, Error::Configuration(_)), "{error:?}");
    assert!(error.to_string().contains("trust_host"), "{error}");
    let trusted = proxy().trust_host("127.0.0.1").unwrap();
    trusted.credentials(production.clone()).build().unwrap();
    for elsewhere in [Environment::Testnet, environment(&exchange)] {
        let builder = Client::builder(elsewhere).trust_host("127.0.0.1").unwrap();
        let error = builder.credentials(production.clone()).build().unwrap_err();
        assert!(matches!(error, Error::Configuration(_)), "{error:?}");
        assert!(error.to_string().contains("is never sent to"), "{error}");
    }
    assert!(exchange.requests().is_empty() && other.requests().is_empty());
}

#[tokio::test]
async fn every_operation_of_the_raw_client_carries_the_token_it_wants() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&exchange);
    client.api().list_positions().send().await.unwrap();
    client.api().list_markets().send().await.unwrap();
    let with: Vec<bool> = exchange
        .requests()
        .iter()
        .map(|request| request.header("authorization").is_some())
        .collect();
    assert_eq!(with, [true, false]);
    let agent = exchange.requests()[0].header("user-agent").unwrap().to_owned();
    assert!(agent.starts_with("paradex-api-ext/"), "{agent}");
    assert!(exchange.requests()[0].header("api-version").is_none());
}

#[tokio::test]
async fn settings_of_the_callers_are_kept_and_the_dangerous_ones_are_not() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    // A proxy that is not there: if it were used, the call would fail.
    let theirs = exchange
        .http_from([192, 0, 2, 7])
        .redirect(reqwest::redirect::Policy::limited(5))
        .proxy(reqwest::Proxy::all("http://127.0.0.1:9").unwrap())
        .user_agent("theirs")
        .timeout(Duration::from_nanos(1));
    let client = builder(&exchange, exchange.main_session())
        .user_agent("desk/1")
        .http_client_builder(theirs)
        .build()
        .unwrap();
    client.api().list_positions().send().await.unwrap();
    let request = exchange.requests().pop().unwrap();
    assert_eq!(request.address().to_string(), "192.0.2.7");
    let agent = request.header("user-agent").unwrap();
    assert!(agent.starts_with("desk/1 paradex-api-ext/"), "{agent}");
}

#[tokio::test]
async fn proxy_is_used_when_configured() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = builder(&exchange, exchange.main_session())
        .proxy(reqwest::Proxy::all("http://127.0.0.1:9").unwrap())
        .build()
        .unwrap();
    let error = Error::from(client.api().list_positions().send().await.unwrap_err());
    assert!(
        matches!(&error, Error::Transport(error) if error.phase() == Phase::Connect),
        "{error:?}"
    );
    assert!(exchange.requests().is_empty());
}

#[tokio::test]
async fn built_http_client_is_used_unchanged_except_for_the_timeout() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let theirs = exchange
        .http_from([192, 0, 2, 7])
        .user_agent("theirs")
        .build()
        .unwrap();
    let client = builder(&exchange, exchange.main_session())
        .unmanaged_http_client(theirs)
        .timeout(Duration::from_millis(100))
        .build()
        .unwrap();
    client.api().list_positions().send().await.unwrap();
    assert_eq!(exchange.requests()[0].header("user-agent"), Some("theirs"));
    let late = paradex_api_ext::simulator::Fault::delay_after(Duration::from_secs(60));
    exchange.inject(late);
    let error = Error::from(client.api().list_positions().send().await.unwrap_err());
    assert!(
        matches!(&error, Error::Transport(error) if error.is_timeout()),
        "{error:?}"
    );
}

/// Does the machine's proxy setting reach the client? A child process has the variables, because a test cannot
/// set them for itself alone.
#[tokio::test]
async fn proxies_of_the_machine_are_ignored_unless_asked_for() {
    const CHILD: &str = "PARADEX_TEST_PROXY_CHILD";
    if let Ok(url) = std::env::var(CHILD) {
        let environment = Environment::custom(&url).unwrap();
        let plain = Client::builder(environment.clone()).build().unwrap();
        plain.api().list_markets().send().await.unwrap();
        let through = Client::builder(environment).system_proxy().build().unwrap();
        let error = Error::from(through.api().list_markets().send().await.unwrap_err());
        assert!(matches!(error, Error::Transport(_)), "{error:?}");
        return;
    }
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let url = exchange.url().to_owned();
    let child = tokio::task::spawn_blocking(move || {
        std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "building::proxies_of_the_machine_are_ignored_unless_asked_for",
            ])
            .env(CHILD, url)
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .env("http_proxy", "http://127.0.0.1:9")
            .env("ALL_PROXY", "http://127.0.0.1:9")
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .output()
            .unwrap()
    })
    .await
    .unwrap();
    assert!(
        child.status.success(),
        "{}",
        String::from_utf8_lossy(&child.stdout)
    );
    assert_eq!(
        exchange.requests().len(),
        1,
        "one call went straight, the other into the proxy"
    );
}

#[test]
fn rate_limit_of_zero_is_refused() {
    let error = Client::builder(Environment::Testnet)
        .rate_limits(RateLimits::none().per_address(0))
        .build()
        .unwrap_err();
    assert!(matches!(error, Error::Configuration(_)), "{error:?}");
}

#[test]
fn token_is_not_in_the_debug_text_of_a_client() {
    let credentials = Credentials::bearer(Environment::Testnet, Secret::new("canary-token")).unwrap();
    let builder = Client::builder(Environment::Testnet).credentials(credentials.clone());
    let mut shown = format!("{credentials:?} {builder:?}");
    let client = builder.build().unwrap();
    shown.push_str(&format!(
        "{client:?} {:?} {:?} {:?}",
        client.group(),
        client.tokens(),
        client.api()
    ));
    assert!(!shown.contains("canary"), "{shown}");
}

/// Cargo unifies features, so a test's use of the simulator must not change the client that ships.
#[test]
fn simulator_changes_nothing_outside_its_own_folder() {
    let mut open = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("simulator") {
                open.push(path);
            } else if path.is_file() {
                let text = std::fs::read_to_string(&path).unwrap();
                let lines = text
                    .lines()
                    .filter(|line| line.contains("feature = \"simulator\"") && !line.contains("docsrs"));
                found.extend(lines.map(|line| (path.file_name().unwrap().to_owned(), line.to_owned())));
            }
        }
    }
    assert_eq!(
        found,
        [
            // The table of assumptions, the lock of a file, and the suggestions of errors only add modules.
            "#[cfg(any(feature = \"probe\", feature = \"simulator\"))]",
            "#[cfg(any(feature = \"probe\", feature = \"simulator\"))]",
            "#[cfg(feature = \"simulator\")]",
            "#[cfg(any(feature = \"fleet\", feature = \"probe\", feature = \"simulator\"))]",
        ]
        .map(|line| ("lib.rs".into(), line.to_owned()))
    );
}

/// Adds a header and keeps the operations.
struct Observed(Arc<dyn Transport>, Arc<Mutex<Vec<&'static str>>>);

impl Transport for Observed {
    fn send<'a>(
        &'a self,
        mut request: reqwest::Request,
        operation: &'static Operation,
    ) -> TransportFuture<'a> {
        self.1.lock().unwrap().push(operation.id);
        assert!(
            request.headers().get("authorization").is_none(),
            "a layer never sees the token"
        );
        request.headers_mut().insert("x-desk", "7".parse().unwrap());
        self.0.send(request, operation)
    }
}

#[tokio::test]
async fn layer_sees_every_call_once() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let client = builder(&exchange, exchange.main_session())
        .retry(paradex_api_ext::RetryPolicy::new())
        .layer(move |inner| Arc::new(Observed(inner, Arc::clone(&log))))
        .build()
        .unwrap();
    exchange.inject(Injection::new(Fault::html(StatusCode::BAD_GATEWAY)).on(&LIST_POSITIONS));
    client.api().list_positions().send().await.unwrap();
    client.tokens().list().send().await.unwrap();
    assert_eq!(*seen.lock().unwrap(), ["list_positions", "list_tokens"]);
    assert_eq!(exchange.requests().len(), 3);
    assert!(
        exchange
            .requests()
            .iter()
            .all(|request| request.header("x-desk") == Some("7"))
    );
}
