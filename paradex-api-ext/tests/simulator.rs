//! Every promise of the simulator, over real HTTP and with the raw client.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "everything here is a test, also the functions between the tests"
)]

#[rustfmt::skip]
#[path = "../../paradex-api/tests/wire/calls.rs"]
mod calls;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use paradex_api::testing::Document;
use paradex_api::types::{
    ActivateSubkeyRequest, ApiToken, CreateSubkeyRequest, CreateTokenRequest, CreateTokenResponse,
    SubkeyState, TokenKind, UpdateAllowedCidrsRequest, UpdateSubkeyRequest,
};
use paradex_api::{Client, Error, HttpTransport, Response, Secret, operations, reqwest};
use paradex_api_ext::simulator::{
    ADDRESS_HEADER, Fault, Injection, Simulator, Standing, StartError, TimeUnit,
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const KEY: &str = "0x0123abc";

/// The arguments of a call, by name on the wire.
struct Arguments {
    values: Vec<(String, String)>,
    body: Option<Value>,
}

impl Arguments {
    fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(other, _)| other == name)
    }

    fn text(&self, name: &str) -> String {
        let (_, value) = self.values.iter().find(|(other, _)| other == name).unwrap();
        value.clone()
    }

    fn secret(&self, name: &str) -> Secret {
        Secret::new(self.text(name))
    }

    fn parse<T: std::str::FromStr<Err: std::fmt::Debug>>(&self, name: &str) -> T {
        self.text(name).parse().unwrap()
    }

    fn has_body(&self) -> bool {
        self.body.is_some()
    }

    fn body<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_value(self.body.clone().unwrap()).unwrap()
    }
}

/// An answer that was decoded.
struct Answered;

impl Answered {
    #[allow(clippy::new_ret_no_self, reason = "a call has an answer or an error")]
    fn new<T>(answer: Result<Response<T>, Error>) -> Result<Self, Error> {
        answer.map(|_| Self)
    }
}

fn with(exchange: &Simulator, http: reqwest::ClientBuilder, secret: &Secret) -> Client {
    let transport = HttpTransport::from_builder(http).unwrap().bearer(secret).unwrap();
    Client::with_transport(exchange.base_url(), Arc::new(transport))
}

fn client(exchange: &Simulator, secret: &Secret) -> Client {
    with(exchange, reqwest::Client::builder(), secret)
}

fn main_client(exchange: &Simulator) -> Client {
    client(exchange, &exchange.main_session())
}

fn from(exchange: &Simulator, address: &str, secret: &Secret) -> Client {
    let address: IpAddr = address.parse().unwrap();
    with(exchange, exchange.http_from(address), secret)
}

fn cidrs(list: &[&str]) -> Vec<String> {
    list.iter().map(|cidr| (*cidr).to_owned()).collect()
}

async fn token(client: &Client, token_type: &str, list: &[&str]) -> Result<CreateTokenResponse, Error> {
    let request = CreateTokenRequest::new(3_600, "test", token_type).allowed_cidrs(cidrs(list));
    Ok(client.create_token().body(request).send().await?.into_inner())
}

fn id(created: &CreateTokenResponse) -> String {
    created.api_token.clone().unwrap().lookup_id.unwrap()
}

fn text(created: &CreateTokenResponse) -> Secret {
    created.token.clone()
}

async fn put(client: &Client, lookup_id: &str, list: &[&str]) -> Result<ApiToken, Error> {
    let request = UpdateAllowedCidrsRequest::new(cidrs(list));
    let call = client
        .update_token_allowed_cidrs()
        .lookup_id(lookup_id)
        .body(request);
    Ok(call.send().await?.into_inner())
}

async fn register(client: &Client, request: CreateSubkeyRequest) -> Result<(), Error> {
    client.register_subkey().body(request).send().await.map(|_| ())
}

/// Status, code and message of a failure.
fn refusal<T>(result: Result<T, Error>) -> (u16, String, String) {
    let error = result.err().expect("it must fail");
    let status = error.status().expect("it must be answered").as_u16();
    let body: Value = serde_json::from_slice(&error.response().unwrap().body).unwrap();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (status, text("error"), text("message"))
}

fn refused<T>(result: Result<T, Error>) -> (u16, String) {
    let (status, code, _) = refusal(result);
    (status, code)
}

/// Status and body of a request without any client in between.
async fn raw(exchange: &Simulator, method: &str, path: &str, body: &str) -> (u16, Value) {
    let method = method.parse().unwrap();
    let request = reqwest::Client::new().request(method, format!("{}{path}", exchange.url()));
    let request = request.bearer_auth(exchange.main_session().expose());
    let request = request
        .header("content-type", "application/json")
        .body(body.to_owned());
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (
        status,
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap(),
    )
}

#[tokio::test]
async fn requests_are_held_against_the_document() {
    let exchange = Simulator::start().await.unwrap();
    let (status, body) = raw(&exchange, "GET", "/v1/nothing", "").await;
    assert_eq!(
        (status, &body["error"], body.get("data")),
        (404, &json!("NOT_FOUND"), Some(&Value::Null))
    );
    let path = "/v1/account/tokens/abc/allowed-cidrs";
    let (status, body) = raw(&exchange, "PUT", path, r#"{"allowed_cidrs": "everybody"}"#).await;
    assert_eq!((status, &body["error"]), (400, &json!("VALIDATION_ERROR")));
    assert!(
        body["message"]
            .as_str()
            .unwrap()
            .contains("body/allowed_cidrs must be a list")
    );
    let (status, body) = raw(&exchange, "POST", "/v1/orders", &"x".repeat((1 << 20) + 1)).await;
    assert_eq!((status, &body["error"]), (413, &json!("VALIDATION_ERROR")));
    let (status, _) = raw(&exchange, "POST", "/v1/orders", &"x".repeat(1 << 20)).await;
    assert_eq!(status, 400);
    // A body that does not say beforehand how long it is.
    let mut stream = TcpStream::connect(exchange.url().trim_start_matches("http://"))
        .await
        .unwrap();
    let head =
        "POST /v1/orders HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";
    let body = "x".repeat((1 << 20) + 1);
    let request = format!("{head}{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[tokio::test]
async fn every_operation_answers_what_decodes() {
    let exchange = Simulator::start().await.unwrap();
    let client = main_client(&exchange);
    let document = Document::parse(paradex_api::DOCUMENT).unwrap();
    register(&client, CreateSubkeyRequest::new("one", KEY))
        .await
        .unwrap();
    let pending = CreateSubkeyRequest::new("two", "0xb")
        .state(SubkeyState::Pending)
        .encrypted_key("simulated-key".into())
        .eph_public_key("0xc");
    register(&client, pending).await.unwrap();
    let lookup_id = id(&token(&client, "trading", &[]).await.unwrap());
    let account = exchange.main_account();
    let mut answered = 0;
    // Revoking comes last, because nothing can be changed afterwards.
    let mut all = operations::ALL.to_vec();
    all.sort_by_key(|operation| operation.method == paradex_api::Method::Delete);
    for operation in all {
        let described = document.operation(&operation.id.replace('_', "-")).unwrap();
        let sample = document.sample_arguments(described, 5);
        let mut values: Vec<_> = [sample.path, sample.query, sample.headers].concat();
        for (name, value) in &mut values {
            match name.as_str() {
                "public_key" => *value = KEY.to_owned(),
                "lookup_id" => value.clone_from(&lookup_id),
                _ => {}
            }
        }
        let mut arguments = Arguments {
            values,
            body: sample.body,
        };
        arguments.body = match operation.id {
            "create_token" => Some(json!({"expiry_duration": 60, "name": "n", "token_type": "jwt"})),
            "register_subkey" => Some(json!({"name": "n", "public_key": "0xd"})),
            "activate_subkey" => Some(json!({"account_id": account, "public_key": "0xb",
                "signature": ["1", "0x2"], "timestamp": 1})),
            id if id.ends_with("allowed_cidrs") => Some(json!({"allowed_cidrs": ["192.0.2.0/24"]})),
            _ => arguments.body,
        };
        let result = calls::call(&client, operation.id, &arguments).await.unwrap();
        if operation.method == paradex_api::Method::Post
            && ["/auth", "/auth/{public_key}", "/onboarding"]
                .iter()
                .any(|end| operation.path.ends_with(end))
        {
            let (status, _, message) = refusal(result);
            assert_eq!(status, 501, "{operation}");
            assert!(message.contains("does not sign in yet"));
        } else if let Err(error) = result {
            panic!("{operation}: {error}");
        }
        answered += 1;
    }
    assert_eq!(answered, 126);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_world() {
    async fn world(seed: u64, sessions: usize) -> (String, CreateTokenResponse, Vec<u8>, Vec<u8>) {
        let exchange = Simulator::builder().seed(seed).start().await.unwrap();
        // How many sessions a test takes changes nothing else.
        (0..sessions).for_each(|_| drop(exchange.main_session()));
        let client = main_client(&exchange);
        let created = token(&client, "trading", &[]).await.unwrap();
        let markets = client.list_markets().send().await.unwrap().body().to_vec();
        let fills = client.list_fills().send().await.unwrap().body().to_vec();
        (exchange.add_account(), created, markets, fills)
    }
    let (one, same, other) = (world(7, 0).await, world(7, 3).await, world(8, 0).await);
    assert_eq!((&one.0, &one.2, &one.3), (&same.0, &same.2, &same.3));
    assert_eq!(id(&one.1), id(&same.1));
    assert_eq!(text(&one.1).expose(), text(&same.1).expose());
    assert_ne!((&one.0, &one.2), (&other.0, &other.2));
    assert_ne!(id(&one.1), id(&other.1));
    assert_ne!(text(&one.1).expose(), text(&other.1).expose());
}

#[tokio::test]
async fn a_paged_list_ends() {
    let exchange = Simulator::start().await.unwrap();
    let client = main_client(&exchange);
    let first = client.list_fills().send().await.unwrap();
    let second = client
        .list_fills()
        .cursor(first.next.clone().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(second.next, None);
    assert_ne!(first.body(), second.body());
}

#[tokio::test]
async fn the_port_is_closed_after_the_last_handle() {
    let exchange = Simulator::start().await.unwrap();
    let address: SocketAddr = exchange.url().strip_prefix("http://").unwrap().parse().unwrap();
    assert!(address.ip().is_loopback());
    let client = main_client(&exchange);
    let clone = exchange.clone();
    drop(exchange);
    client.list_positions().send().await.unwrap();
    let mut open = TcpStream::connect(address).await.unwrap();
    drop(clone);
    // It is closed at once, and not only when the runtime comes round to it.
    assert!(std::net::TcpStream::connect(address).is_err());
    assert!(client.list_positions().send().await.is_err());
    let mut byte = [0];
    let ended = tokio::time::timeout(Duration::from_secs(5), open.read(&mut byte));
    assert!(matches!(ended.await.unwrap(), Ok(0) | Err(_)));
}

#[tokio::test]
async fn it_cannot_be_mistaken_for_the_exchange() {
    for real in [
        "PRIVATE_SN_PARACLEAR_MAINNET",
        "private_sn_potc_sepolia",
        " PRIVATE_SN_PARACLEAR_TESTNET ",
    ] {
        let error = Simulator::builder().chain_id(real).start().await.unwrap_err();
        assert!(matches!(error, StartError::RealChain { .. }), "{real}");
    }
    for none in ["", "with space", "much_longer_than_a_short_string_is"] {
        let error = Simulator::builder().chain_id(none).start().await.unwrap_err();
        assert!(matches!(error, StartError::ChainId { .. }), "{none}");
    }
    let exchange = Simulator::builder().chain_id("MINE").start().await.unwrap();
    let client = main_client(&exchange);
    let config = client.get_system_config().send().await.unwrap();
    assert_eq!(config.starknet_chain_id.as_deref(), Some("MINE"));

    let created = token(&client, "trading", &[]).await.unwrap();
    assert!(text(&created).expose().starts_with("simulated-token-"));
    let session = exchange.main_session();
    let terminal = client
        .create_terminal_token()
        .send()
        .await
        .unwrap()
        .into_inner()
        .jwt_token
        .unwrap();
    for jwt in [&session, &terminal] {
        let parts: Vec<&str> = jwt.expose().split('.').collect();
        assert_eq!(
            (parts.len(), parts[0], parts[2]),
            (3, "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0", "simulated")
        );
    }
    let foreign = self::client(&exchange, &terminal);
    assert_eq!(
        refusal(foreign.list_positions().send().await).2,
        "missing or malformed jwt"
    );
    assert!(!format!("{exchange:?} {:?}", exchange.requests()).contains(session.expose()));
}

#[test]
fn without_a_runtime_it_says_so() {
    let mut start = Box::pin(Simulator::start());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match start.as_mut().poll(&mut context) {
        std::task::Poll::Ready(Err(StartError::NoRuntime)) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn sessions_expire_by_the_clock_that_the_test_moves() {
    let exchange = Simulator::builder()
        .session_lifetime(Duration::from_secs(20))
        .start()
        .await
        .unwrap();
    let client = main_client(&exchange);
    let time = async || -> i64 {
        let time = client.get_system_time().send().await.unwrap();
        time.server_time.clone().unwrap().to_string().parse().unwrap()
    };
    let before = time().await;
    client.list_positions().send().await.unwrap();
    exchange.advance(Duration::from_secs(29));
    assert!((29_000..40_000).contains(&(time().await - before)));
    let error = client.list_positions().send().await.unwrap_err();
    let body: Value = serde_json::from_slice(&error.response().unwrap().body).unwrap();
    assert_eq!(
        (error.status(), body.get("error")),
        (Some(StatusCode::UNAUTHORIZED), None)
    );
    let by = body["message"]
        .as_str()
        .unwrap()
        .strip_prefix("missing or malformed jwt: token is expired by ");
    let seconds: f64 = by.unwrap().strip_suffix('s').unwrap().parse().unwrap();
    assert!((9.0..20.0).contains(&seconds), "{seconds}");
    main_client(&exchange).list_positions().send().await.unwrap();
    // Nothing overflows.
    exchange.advance(Duration::MAX);
    exchange.advance(Duration::MAX);
    token(&main_client(&exchange), "trading", &[])
        .await
        .map(|_| ())
        .unwrap_err();
}

#[tokio::test]
async fn who_sends_no_live_token_is_401() {
    let exchange = Simulator::start().await.unwrap();
    let anonymous = Client::new(exchange.base_url()).unwrap();
    assert_eq!(
        refusal(anonymous.list_positions().send().await),
        (401, String::new(), "missing or malformed jwt".to_owned())
    );
    let forged = client(&exchange, &Secret::new("simulated-token-0000000000000000"));
    assert_eq!(refused(forged.list_positions().send().await).0, 401);
    // Where no token is needed, none is asked for; where one may be sent, it has to be good.
    anonymous.list_markets().send().await.unwrap();
    anonymous
        .list_vault_balances()
        .address("0x1")
        .send()
        .await
        .unwrap();
    assert_eq!(
        refused(forged.list_vault_balances().address("0x1").send().await).0,
        401
    );
    assert_eq!(
        exchange.session_for("0x1").unwrap_err().to_string(),
        "the simulator has no account \"0x1\""
    );
    assert!(exchange.subkey_session("0x1").is_err());
}

#[tokio::test]
async fn tokens_are_created_listed_and_revoked() {
    let exchange = Simulator::builder().token_limit(3).start().await.unwrap();
    let client = main_client(&exchange);
    let created = token(&client, "trading", &["2001:DB8::/32"]).await.unwrap();
    let shown = created.api_token.clone().unwrap();
    assert_eq!(shown.allowed_cidrs, Some(cidrs(&["2001:db8::/32"])));
    assert_eq!(shown.kind, Some(TokenKind::ApiKey));
    assert_eq!(shown.revoked_at, Some(0));
    assert_eq!(
        shown.expiry_at.unwrap() - shown.created_at.unwrap(),
        3_600_000_000_000
    );
    let other = token(&client, "jwt", &[]).await.unwrap();
    let short = CreateTokenRequest::new(60, "short", "trading");
    client.create_token().body(short).send().await.unwrap();
    assert_eq!(
        refused(token(&client, "trading", &[]).await),
        (400, "TOKEN_LIMIT_REACHED".to_owned())
    );

    let listed = async |kind: Option<TokenKind>, with_invalid: Option<bool>| {
        let mut call = client.list_tokens();
        if let Some(kind) = kind {
            call = call.kind(kind);
        }
        if let Some(with_invalid) = with_invalid {
            call = call.with_invalid(with_invalid);
        }
        let answer = call.send().await.unwrap();
        assert!(!String::from_utf8_lossy(answer.body()).contains("simulated-token"));
        answer.results.len()
    };
    assert_eq!(listed(None, None).await, 3);
    assert_eq!(listed(Some(TokenKind::Jwt), None).await, 1);
    assert_eq!(listed(Some(TokenKind::ApiKey), None).await, 2);

    exchange.advance(Duration::from_secs(61));
    let revoked = client.revoke_token().lookup_id(id(&other)).send().await.unwrap();
    assert_eq!(revoked.lookup_id, Some(id(&other)));
    assert_eq!(listed(None, None).await, 1);
    assert_eq!(listed(None, Some(true)).await, 3);
    let snapshot = exchange.token(&id(&other)).unwrap();
    assert!(snapshot.revoked && !snapshot.expired);
    assert_eq!(
        refused(
            self::client(&exchange, &text(&other))
                .list_positions()
                .send()
                .await
        )
        .0,
        401
    );
    client.revoke_token().lookup_id(id(&other)).send().await.unwrap();
    assert_eq!(exchange.token(&id(&other)).unwrap(), snapshot);
    // Dead tokens do not count.
    token(&client, "trading", &[]).await.unwrap();

    let unknown = client.revoke_token().lookup_id("nothing").send().await;
    assert_eq!(refused(unknown), (404, "NOT_FOUND".to_owned()));
    let stranger = self::client(&exchange, &exchange.session_for(&exchange.add_account()).unwrap());
    assert_eq!(
        refused(stranger.revoke_token().lookup_id(id(&created)).send().await).0,
        404
    );
    assert!(stranger.list_tokens().send().await.unwrap().results.is_empty());
    assert_eq!(refused(put(&client, &id(&other), &[]).await).0, 404);
}

#[tokio::test]
async fn a_token_request_that_is_wrong_is_refused() {
    let exchange = Simulator::start().await.unwrap();
    let client = main_client(&exchange);
    for request in [
        CreateTokenRequest::new(59, "name", "trading"),
        CreateTokenRequest::new(31_536_001, "name", "trading"),
        CreateTokenRequest::new(60, " ", "trading"),
        CreateTokenRequest::new(60, "name", "trading").allowed_cidrs(cidrs(&["10.0.0.0/8"; 51])),
        CreateTokenRequest::new(60, "name", "trading").allowed_cidrs(cidrs(&["10.0.0.0/33"])),
    ] {
        let shown = format!("{request:?}");
        let result = client.create_token().body(request).send().await;
        assert_eq!(refused(result), (400, "VALIDATION_ERROR".to_owned()), "{shown}");
    }
    for lifetime in [60, 31_536_000] {
        let request = CreateTokenRequest::new(lifetime, "name", "trading");
        client.create_token().body(request).send().await.unwrap();
    }
}

#[tokio::test]
async fn an_allowlist_is_replaced_and_enforced() {
    let exchange = Simulator::start().await.unwrap();
    let client = main_client(&exchange);
    let created = token(&client, "trading", &["192.0.2.0/24"]).await.unwrap();
    let (lookup_id, secret) = (id(&created), text(&created));
    let inside = from(&exchange, "192.0.2.7", &secret);
    let mapped = from(&exchange, "::ffff:192.0.2.7", &secret);
    let outside = from(&exchange, "198.51.100.7", &secret);
    let here = self::client(&exchange, &secret);
    // In force from the first second, for the peer's own address too.
    inside.list_positions().send().await.unwrap();
    mapped.list_positions().send().await.unwrap();
    for refused_one in [&outside, &here] {
        let (status, code, message) = refusal(refused_one.list_positions().send().await);
        assert_eq!((status, code.as_str()), (403, "IP_NOT_ALLOWED"));
        assert!(message.contains("not on the allowlist"));
    }
    let before = created.api_token.clone().unwrap().last_updated_at.unwrap();
    let updated = put(&client, &lookup_id, &["127.0.0.1/32", "2001:DB8::/32"])
        .await
        .unwrap();
    assert_eq!(
        updated.allowed_cidrs,
        Some(cidrs(&["127.0.0.1/32", "2001:db8::/32"]))
    );
    assert!(updated.last_updated_at.unwrap() > before);
    here.list_positions().send().await.unwrap();
    assert_eq!(refused(inside.list_positions().send().await).0, 403);

    let (status, code, message) = refusal(put(&client, &lookup_id, &["10.0.0.0/8", "nonsense"]).await);
    assert_eq!((status, code.as_str()), (400, "VALIDATION_ERROR"));
    assert!(message.contains("nonsense"), "{message}");
    assert_eq!(
        refused(put(&client, &lookup_id, &["10.0.0.0/8"; 51]).await).0,
        400
    );
    assert_eq!(
        put(&client, &lookup_id, &["10.0.0.0/8"; 50])
            .await
            .unwrap()
            .allowed_cidrs
            .unwrap()
            .len(),
        50
    );

    // Empty means anywhere.
    assert_eq!(
        put(&client, &lookup_id, &[]).await.unwrap().allowed_cidrs,
        Some(vec![])
    );
    outside.list_positions().send().await.unwrap();
    assert_eq!(
        refused(put(&client, "unknown", &[]).await),
        (404, "NOT_FOUND".to_owned())
    );

    let http = reqwest::Client::new().get(format!("{}/v1/positions", exchange.url()));
    let answer = http.header(ADDRESS_HEADER, "nowhere").send().await.unwrap();
    assert_eq!(answer.status(), 400);
}

#[tokio::test]
async fn a_test_can_put_anything_in_a_lists_place() {
    let exchange = Simulator::start().await.unwrap();
    let client = main_client(&exchange);
    let created = token(&client, "trading", &[]).await.unwrap();
    let lookup_id = id(&created);
    let here = self::client(&exchange, &text(&created));
    let mut last = exchange.token(&lookup_id).unwrap().last_updated_at;
    for (list, kept, open) in [
        (json!(["127.0.0.0/8"]), Some(cidrs(&["127.0.0.0/8"])), true),
        (json!(["everybody"]), Some(cidrs(&["everybody"])), false),
        (json!({"any": 1}), None, false),
        (Value::from(None::<Vec<String>>), None, true),
    ] {
        exchange.set_token_allowlist(&lookup_id, list.clone()).unwrap();
        let snapshot = exchange.token(&lookup_id).unwrap();
        assert_eq!(snapshot.allowed_cidrs, kept);
        assert!(snapshot.last_updated_at > last);
        last = snapshot.last_updated_at;
        let answer = client.list_tokens().send().await.unwrap();
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(body["results"][0]["allowed_cidrs"], list);
        assert_eq!(here.list_positions().send().await.is_ok(), open, "{list}");
    }
    exchange
        .set_token_allowlist(&lookup_id, vec!["10.0.0.0/8"])
        .unwrap();
    assert!(exchange.set_token_allowlist("unknown", json!([])).is_err());
    assert!(exchange.set_subkey_allowlist("0x1", json!([])).is_err());
    assert_eq!((exchange.token("unknown"), exchange.subkey("0x1")), (None, None));
}

#[tokio::test]
async fn changes_are_later_in_every_unit() {
    for (unit, second) in [
        (TimeUnit::Seconds, 1),
        (TimeUnit::Milliseconds, 1_000),
        (TimeUnit::Nanoseconds, 1_000_000_000),
    ] {
        let exchange = Simulator::builder().time_unit(unit).start().await.unwrap();
        let client = main_client(&exchange);
        let created = token(&client, "trading", &[]).await.unwrap();
        let shown = created.api_token.clone().unwrap();
        let lifetime = shown.expiry_at.unwrap() - shown.created_at.unwrap();
        assert_eq!(lifetime, 3_600 * second);
        let mut last = shown.last_updated_at.unwrap();
        for _ in 0..3 {
            let updated = put(&client, &id(&created), &[]).await.unwrap();
            assert!(updated.last_updated_at.unwrap() > last);
            last = updated.last_updated_at.unwrap();
        }
    }
}

#[tokio::test]
async fn subkeys_live_and_die() {
    let exchange = Simulator::start().await.unwrap();
    let client = main_client(&exchange);
    let account = exchange.main_account();
    let request = CreateSubkeyRequest::new("first", KEY).allowed_cidrs(cidrs(&["192.0.2.0/24"]));
    let answer = client.register_subkey().body(request).send().await.unwrap();
    assert_eq!((answer.status(), answer.body().len()), (StatusCode::CREATED, 0));
    let again = register(&client, CreateSubkeyRequest::new("again", "0x123ABC")).await;
    assert_eq!(refused(again), (400, "NOT_UNIQUE".to_owned()));
    let no_key = register(&client, CreateSubkeyRequest::new("none", "123")).await;
    assert_eq!(refused(no_key), (400, "VALIDATION_ERROR".to_owned()));

    let session = exchange.subkey_session("0x123abc").unwrap();
    from(&exchange, "192.0.2.7", &session)
        .list_positions()
        .send()
        .await
        .unwrap();
    let outside = self::client(&exchange, &session);
    assert_eq!(
        refused(outside.list_positions().send().await),
        (403, "IP_NOT_ALLOWED".to_owned())
    );
    let list = UpdateAllowedCidrsRequest::new(vec![]);
    let updated = client
        .update_subkey_allowed_cidrs()
        .public_key(KEY)
        .body(list)
        .send()
        .await
        .unwrap();
    assert_eq!(updated.allowed_cidrs, Some(vec![]));
    outside.list_positions().send().await.unwrap();
    exchange.set_subkey_allowlist(KEY, json!("?")).unwrap();
    assert_eq!(exchange.subkey(KEY).unwrap().allowed_cidrs, None);
    assert_eq!(refused(outside.list_positions().send().await).0, 403);
    exchange.set_subkey_allowlist(KEY, Value::Null).unwrap();

    let rename = UpdateSubkeyRequest::new("renamed");
    let renamed = client
        .update_subkey()
        .public_key(KEY)
        .body(rename)
        .send()
        .await
        .unwrap();
    assert_eq!(renamed.name.as_deref(), Some("renamed"));
    assert!(renamed.updated_at.unwrap() > updated.updated_at.unwrap());
    let got = client.get_subkey().public_key(KEY).send().await.unwrap();
    assert_eq!(
        (got.public_key.as_deref(), got.account_id.as_deref()),
        (Some(KEY), Some(account.as_str()))
    );
    assert_eq!(refused(client.get_subkey().public_key("0x9").send().await).0, 404);

    // A pending one opens nothing until it is activated.
    let half = CreateSubkeyRequest::new("second", "0xb").state(SubkeyState::Pending);
    assert_eq!(refused(register(&client, half.clone()).await).0, 400);
    let pending = half.encrypted_key("simulated-key".into()).eph_public_key("0xc");
    register(&client, pending).await.unwrap();
    let waiting = self::client(&exchange, &exchange.subkey_session("0xb").unwrap());
    assert_eq!(refused(waiting.list_positions().send().await).0, 401);
    assert_eq!(exchange.subkey("0xb").unwrap().standing, Standing::Pending);
    let anonymous = Client::new(exchange.base_url()).unwrap();
    let activate = async |account: &str, signature: &[&str]| {
        let signature = signature.iter().map(|part| Secret::new(*part)).collect();
        let request = ActivateSubkeyRequest::new(account, "0xb", signature, 1).name("awake");
        anonymous.activate_subkey().body(request).send().await
    };
    assert_eq!(refused(activate(&account, &["1"]).await).0, 400);
    assert_eq!(refused(activate("0x1", &["1", "2"]).await).0, 404);
    let activated = activate(&account, &["1", "0x2"]).await.unwrap().into_inner();
    assert_eq!(activated.encrypted_key.unwrap().expose(), "simulated-key");
    assert_eq!(
        refused(activate(&account, &["1", "2"]).await),
        (400, "SUBKEY_NOT_ACTIVATABLE".to_owned())
    );
    waiting.list_positions().send().await.unwrap();
    assert_eq!(exchange.subkey("0xb").unwrap().name, "awake");

    client.revoke_subkey().public_key(KEY).send().await.unwrap();
    client.revoke_subkey().public_key(KEY).send().await.unwrap();
    assert_eq!(refused(outside.list_positions().send().await).0, 401);
    assert_eq!(client.list_subkeys().send().await.unwrap().results.len(), 1);
    assert_eq!(
        client
            .list_subkeys()
            .with_revoked(true)
            .send()
            .await
            .unwrap()
            .results
            .len(),
        2
    );
    let late = client
        .update_subkey()
        .public_key(KEY)
        .body(UpdateSubkeyRequest::new("late"))
        .send()
        .await;
    assert_eq!(refused(late).0, 404);
}

#[tokio::test]
async fn only_the_main_account_changes_keys_and_tokens() {
    let exchange = Simulator::start().await.unwrap();
    let main = main_client(&exchange);
    register(&main, CreateSubkeyRequest::new("one", KEY))
        .await
        .unwrap();
    let created = token(&main, "trading", &[]).await.unwrap();
    let subkey = client(&exchange, &exchange.subkey_session(KEY).unwrap());
    let api = client(&exchange, &text(&created));
    for caller in [&subkey, &api] {
        caller.list_tokens().send().await.unwrap();
        caller.list_subkeys().send().await.unwrap();
        caller.cancel_all_orders().send().await.unwrap();
        let list = || UpdateAllowedCidrsRequest::new(vec![]);
        let key = CreateSubkeyRequest::new("n", "0x9");
        for result in [
            refused(token(caller, "trading", &[]).await),
            refused(put(caller, &id(&created), &[]).await),
            refused(caller.revoke_token().lookup_id(id(&created)).send().await),
            refused(register(caller, key).await),
            refused(
                caller
                    .update_subkey()
                    .public_key(KEY)
                    .body(UpdateSubkeyRequest::new("n"))
                    .send()
                    .await,
            ),
            refused(
                caller
                    .update_subkey_allowed_cidrs()
                    .public_key(KEY)
                    .body(list())
                    .send()
                    .await,
            ),
            refused(caller.revoke_subkey().public_key(KEY).send().await),
        ] {
            assert_eq!(result, (403, "REQUEST_NOT_ALLOWED".to_owned()));
        }
    }
    let reader = client(&exchange, &text(&token(&main, "read_only", &[]).await.unwrap()));
    reader.list_positions().send().await.unwrap();
    let result = reader.cancel_all_orders().send().await;
    assert_eq!(refused(result), (403, "INVALID_TOKEN_SCOPE".to_owned()));
}

#[tokio::test]
async fn an_account_without_ip_restrictions_has_no_allowlists() {
    let exchange = Simulator::builder().ip_restrictions(false).start().await.unwrap();
    let client = main_client(&exchange);
    let created = token(&client, "trading", &[]).await.unwrap();
    let (status, code, message) = refusal(put(&client, &id(&created), &["10.0.0.0/8"]).await);
    assert_eq!((status, code.as_str()), (403, "REQUEST_NOT_ALLOWED"));
    assert!(message.contains("not switched on"));
    let refused_one = token(&client, "trading", &["10.0.0.0/8"]).await;
    assert_eq!(refused(refused_one), (403, "REQUEST_NOT_ALLOWED".to_owned()));
}

#[tokio::test]
async fn the_rate_limit_counts_and_recovers() {
    let exchange = Simulator::builder().requests_per_minute(2).start().await.unwrap();
    let client = main_client(&exchange);
    let header = |headers: &reqwest::header::HeaderMap, name: &str| -> i64 {
        headers[name].to_str().unwrap().parse().unwrap()
    };
    for remaining in [1, 0] {
        let answer = client.list_positions().send().await.unwrap();
        assert_eq!(header(answer.headers(), "X-RateLimit-Remaining"), remaining);
    }
    let error = client.list_positions().send().await.unwrap_err();
    let answer = error.response().unwrap();
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(&answer.body[..], br#"{"message":"rate limit exceeded"}"#);
    assert_eq!(header(&answer.headers, "X-RateLimit-Limit"), 2);
    assert_eq!(header(&answer.headers, "X-Ratelimit-Window"), 60);
    let wait = header(&answer.headers, "Retry-After");
    assert!((1..=30).contains(&wait), "{wait}");
    assert!(header(&answer.headers, "X-RateLimit-Reset") > 1_700_000_000);
    let elsewhere = from(&exchange, "192.0.2.7", &exchange.main_session());
    elsewhere.list_positions().send().await.unwrap();
    exchange.advance(Duration::from_secs(wait.unsigned_abs()));
    client.list_positions().send().await.unwrap();

    let closed = Simulator::builder().requests_per_minute(0).start().await.unwrap();
    assert_eq!(refused(main_client(&closed).list_positions().send().await).0, 429);
}

#[tokio::test]
async fn faults_answer_in_the_exchanges_place() {
    let exchange = Simulator::start().await.unwrap();
    let client = main_client(&exchange);
    exchange.inject(Fault::rate_limited(Duration::from_millis(1_500)));
    let error = client.list_positions().send().await.unwrap_err();
    let answer = error.response().unwrap();
    assert_eq!(
        (
            answer.status.as_u16(),
            answer.headers["retry-after"].to_str().unwrap()
        ),
        (429, "2")
    );
    exchange.inject(Fault::rate_limited(None));
    let error = client.list_positions().send().await.unwrap_err();
    assert!(error.response().unwrap().headers.get("retry-after").is_none());

    exchange.inject(
        Injection::new(Fault::html(StatusCode::BAD_GATEWAY))
            .on(&operations::LIST_FILLS)
            .after(1),
    );
    client.list_positions().send().await.unwrap();
    client.list_fills().send().await.unwrap();
    let error = client.list_fills().send().await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
    assert!(error.response().unwrap().body.starts_with(b"<html>"));
    client.list_fills().send().await.unwrap();

    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("x-mine", "1".parse().unwrap());
    headers.insert("content-length", "2".parse().unwrap());
    exchange.inject(Fault::raw(StatusCode::IM_A_TEAPOT, headers, "{}and more"));
    let error = client.list_positions().send().await.unwrap_err();
    let answer = error.response().unwrap();
    assert_eq!((answer.status.as_u16(), &answer.body[..]), (418, &b"{}"[..]));
    assert_eq!(answer.headers["x-mine"], "1");
    for status in [
        StatusCode::SWITCHING_PROTOCOLS,
        StatusCode::CONTINUE,
        StatusCode::NO_CONTENT,
    ] {
        exchange.inject(Fault::raw(status, Default::default(), "body"));
        let _ = client.list_positions().send().await;
    }
    client.list_positions().send().await.unwrap();
}

#[tokio::test]
async fn connections_break_before_and_after_and_in_the_middle() {
    let exchange = Simulator::start().await.unwrap();
    let client = main_client(&exchange);
    let tokens = async || client.list_tokens().send().await.unwrap().results.len();
    let create = &operations::CREATE_TOKEN;
    exchange.inject(Injection::new(Fault::reset_before()).on(create));
    let error = token(&client, "trading", &[]).await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }) && error.status().is_none());
    assert_eq!(tokens().await, 0);
    exchange.inject(Injection::new(Fault::reset_after()).on(create));
    let error = token(&client, "trading", &[]).await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }) && error.status().is_none());
    assert_eq!(tokens().await, 1);
    for operation in [&operations::LIST_MARKETS, &operations::GET_SYSTEM_TIME] {
        exchange.inject(Injection::new(Fault::truncated()).on(operation));
    }
    assert!(matches!(
        client.list_markets().send().await.unwrap_err(),
        Error::Transport { .. }
    ));
    assert!(matches!(
        client.get_system_time().send().await.unwrap_err(),
        Error::Transport { .. }
    ));

    // Status and headers did arrive before the body broke off.
    exchange.inject(Fault::truncated());
    let answer = reqwest::get(format!("{}/v1/markets", exchange.url()))
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.is_err());
    let statuses: Vec<_> = exchange
        .requests()
        .iter()
        .map(|request| request.status())
        .collect();
    assert_eq!(
        statuses,
        [None, Some(200), None, Some(200), Some(200), Some(200), Some(200)]
    );
}

#[tokio::test]
async fn a_slow_answer_is_handled_at_once() {
    let exchange = Simulator::start().await.unwrap();
    let http = reqwest::Client::builder().timeout(Duration::from_millis(200));
    let impatient = with(&exchange, http, &exchange.main_session());
    exchange.inject(Fault::latency(Duration::from_secs(600)));
    assert!(matches!(
        token(&impatient, "trading", &[]).await.unwrap_err(),
        Error::Transport { .. }
    ));
    assert_eq!(impatient.list_tokens().send().await.unwrap().results.len(), 1);
    exchange.inject(Fault::latency(Duration::from_millis(20)));
    let before = std::time::Instant::now();
    impatient.list_tokens().send().await.unwrap();
    assert!(before.elapsed() >= Duration::from_millis(20));
}

#[tokio::test]
async fn answers_can_be_spoilt() {
    let exchange = Simulator::start().await.unwrap();
    let client = main_client(&exchange);
    exchange.inject(Fault::unknown_enum_values());
    let markets = client.list_markets().send().await.unwrap();
    let kind = markets.results[0].asset_kind.clone().unwrap();
    assert_eq!(kind.as_str(), "SIMULATED_UNKNOWN_VALUE");
    token(&client, "trading", &[]).await.unwrap();
    exchange.inject(Fault::unknown_enum_values());
    let listed = client.list_tokens().send().await.unwrap();
    assert_eq!(
        listed.results[0].kind.clone().unwrap().as_str(),
        "SIMULATED_UNKNOWN_VALUE"
    );

    for (depth, expected) in [(0, Value::Null), (1, json!([{"allowed_cidrs": null}]))] {
        exchange.inject(Injection::new(Fault::nulls(depth)).on(&operations::LIST_TOKENS));
        let answer = client.list_tokens().send().await.unwrap();
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(body["results"][0]["allowed_cidrs"], expected[0]["allowed_cidrs"]);
        assert_eq!(body["results"].is_null(), depth == 0);
    }
    exchange.inject(Fault::edit_answer(|body| {
        body["results"][0]["name"] = json!("edited")
    }));
    let listed = client.list_tokens().send().await.unwrap();
    assert_eq!(listed.results[0].name.as_deref(), Some("edited"));
    // All of them at once, on a failure too.
    exchange.inject(Fault::edit_answer(|body| body["message"] = json!("one")));
    exchange.inject(Fault::edit_answer(|body| body["extra"] = body["message"].clone()));
    let anonymous = Client::new(exchange.base_url()).unwrap();
    let error = anonymous.list_positions().send().await.unwrap_err();
    assert_eq!(
        &error.response().unwrap().body[..],
        br#"{"extra":"one","message":"one"}"#
    );
}

#[tokio::test]
async fn something_can_happen_in_between() {
    let exchange = Simulator::start().await.unwrap();
    let client = main_client(&exchange);
    let created = token(&client, "trading", &["10.0.0.0/8"]).await.unwrap();
    let lookup_id = id(&created);
    let other = lookup_id.clone();
    let fault = Fault::meanwhile(move |exchange| {
        exchange
            .set_token_allowlist(&other, vec!["192.0.2.0/24"])
            .unwrap();
    });
    exchange.inject(Injection::new(fault).on(&operations::LIST_TOKENS));
    let listed = client.list_tokens().send().await.unwrap();
    assert_eq!(listed.results[0].allowed_cidrs, Some(cidrs(&["192.0.2.0/24"])));
    // A closure that panics breaks its own connection and nothing else.
    exchange.inject(Fault::meanwhile(|_| panic!("on purpose")));
    assert!(client.list_tokens().send().await.is_err());
    assert_eq!(
        exchange.token(&lookup_id).unwrap().allowed_cidrs,
        Some(cidrs(&["192.0.2.0/24"]))
    );
    client.list_tokens().send().await.unwrap();
}

#[tokio::test]
async fn requests_are_written_down() {
    let exchange = Simulator::start().await.unwrap();
    let session = exchange.main_session();
    let client = from(&exchange, "192.0.2.7", &session);
    client.list_tokens().kind(TokenKind::ApiKey).send().await.unwrap();
    token(&client, "trading", &[]).await.unwrap();
    raw(&exchange, "GET", "/elsewhere", "").await;
    let requests = exchange.requests();
    let [list, create, elsewhere] = requests.as_slice() else {
        panic!("{requests:?}")
    };
    assert_eq!(
        (list.method(), list.path(), list.query()),
        ("GET", "/v1/account/tokens", "kind=api_key")
    );
    assert_eq!(list.operation(), Some(&operations::LIST_TOKENS));
    assert_eq!(
        (list.status(), list.address()),
        (Some(200), "192.0.2.7".parse().unwrap())
    );
    assert_eq!(
        list.header("Authorization"),
        Some(format!("Bearer {}", session.expose()).as_str())
    );
    assert!(list.headers().any(|(name, _)| name == ADDRESS_HEADER));
    let body: Value = serde_json::from_slice(create.body()).unwrap();
    assert_eq!(body["name"], "test");
    assert_eq!((elsewhere.operation(), elsewhere.status()), (None, Some(404)));
    assert!(elsewhere.address().is_loopback());
    let shown = format!("{requests:?}");
    assert!(!shown.contains(session.expose()) && shown.contains("list_tokens"));
}

/// A number that only depends on the one before (SplitMix64).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_does_not_kill_it() {
    // A panic in a connection's task would end that connection alone, so it has to be listened for. What other tests
    // of this file find is theirs.
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let elsewhere = info.location().is_none_or(|location| location.file() != file!());
        PANICS.fetch_add(usize::from(elsewhere), Ordering::SeqCst);
        usual(info);
    }));
    let exchange = Simulator::start().await.unwrap();
    let session = exchange.main_session();
    let address = exchange.url().strip_prefix("http://").unwrap().to_owned();
    let mut random = 11;
    let mut handled = 0;
    for round in 0..1_000_usize {
        let operation = operations::ALL[round % operations::ALL.len()];
        let garbage: Vec<u8> = (0..next(&mut random) % 200)
            .map(|_| next(&mut random) as u8)
            .collect();
        let printable: String = garbage
            .iter()
            .map(|byte| char::from(0x21 + byte % 0x5e))
            .collect();
        let deep = "[".repeat(50_000);
        let body = match round % 4 {
            0 => garbage.clone(),
            1 => deep.into_bytes(),
            2 => br#"{"allowed_cidrs": [null, {}, "\u0000/\ud800", 1e999], "name": [], "x": -0}"#.to_vec(),
            _ => br#"{"expiry_duration": 9223372036854775808, "name": "\u0000", "token_type": ""}"#.to_vec(),
        };
        let mut request = match round % 3 {
            0 => Vec::new(),
            1 => format!(
                "{} {printable} HTTP/1.1\r\nhost: x\r\n",
                operation.method.as_str()
            )
            .into_bytes(),
            _ => {
                let path = operation
                    .path
                    .replace('{', "%ff%00..")
                    .replace('}', &printable.replace(['#', '?'], "%"));
                let head = format!(
                    "{} {path}?{printable} HTTP/1.1\r\nhost: x\r\n",
                    operation.method.as_str()
                );
                head.into_bytes()
            }
        };
        if request.is_empty() {
            request.extend(&garbage);
        } else {
            let head = format!(
                "authorization: Bearer {}\r\n{ADDRESS_HEADER}: 10.0.0.{}\r\ncontent-type: application/json\r\n\
                 connection: close\r\ncontent-length: {}\r\n\r\n",
                session.expose(),
                round % 300,
                body.len() + round % 2
            );
            request.extend(head.as_bytes());
            request.extend(&body);
        }
        let mut stream = TcpStream::connect(&address).await.unwrap();
        // The other side may have hung up already.
        let _ = stream.write_all(&request).await;
        let _ = stream.shutdown().await;
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer))
            .await
            .unwrap();
        handled += usize::from(answer.starts_with(b"HTTP/1.1 "));
    }
    assert!(handled > 800, "{handled}");
    assert_eq!(PANICS.load(Ordering::SeqCst), 0);
    main_client(&exchange).list_positions().send().await.unwrap();
}
