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
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use paradex_api::testing::Document;
use paradex_api::types::{
    ActivateSubkeyRequest, AlgoOrderRequest, ApiToken, CancelOrderBatchRequest, CreateSubkeyRequest,
    CreateTokenRequest, CreateTokenResponse, ModifyOrderRequest, OnboardingRequest, OrderInstruction,
    OrderRequest, OrderSide, OrderStatus, OrderType, SignerType, SubkeyState, TokenKind, TokenUsage,
    UpdateAllowedCidrsRequest, UpdateSubkeyRequest,
};
use paradex_api::{Client, Error, HttpTransport, Response, Secret, operations, reqwest};
use paradex_api_ext::signing::{
    AccountAddress, AlgoOrder, AuthRequest, Felt, MessageHash, MessagePrefix, ModifyOrder, Order, PublicKey,
    Scaled, Side, StarknetAccountClasses, StarknetPrivateKey, SubkeyActivation, SubkeyRegistration,
};
use paradex_api_ext::simulator::{
    ADDRESS_HEADER, Fault, Injection, Simulator, Standing, StartError, TimeUnit,
};
use reqwest::StatusCode;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const KEY: &str = "0x0123abc";

/// The chain id that a simulator answers if nothing is said.
const CHAIN: &str = "SIMULATED_SN_PARADEX";

const MARKET: &str = "BTC-USD-PERP";

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
    let status = error.status().unwrap_or_else(|| panic!("{error:?}")).as_u16();
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

fn milliseconds() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    since.as_millis().try_into().unwrap()
}

fn seconds() -> u64 {
    milliseconds() / 1_000
}

fn key(hex: &str) -> StarknetPrivateKey {
    StarknetPrivateKey::from_hex(hex).unwrap()
}

fn prefix(account: &str) -> MessagePrefix {
    MessagePrefix::new(CHAIN, account.parse().unwrap()).unwrap()
}

fn sign(key: &StarknetPrivateKey, hash: &MessageHash) -> Secret {
    key.sign(hash).unwrap().to_wire()
}

fn sign_in_signature(key: &StarknetPrivateKey, prefix: &MessagePrefix, begin: u64, end: u64) -> Secret {
    let request = AuthRequest {
        timestamp: begin,
        expiration: end,
    };
    sign(key, &prefix.auth_request(&request))
}

/// The activation of a subkey, in both notations.
fn activation(ephemeral: &StarknetPrivateKey, timestamp: u64) -> [String; 2] {
    let ephemeral_key = ephemeral.public_key();
    let message = SubkeyActivation {
        timestamp,
        ephemeral_key,
    };
    let signature = ephemeral.sign(&message.hash()).unwrap();
    [signature.r().to_decimal(), signature.s().to_string()]
}

/// The address that the simulator gives to whoever has this key.
fn address_of(key: &StarknetPrivateKey) -> String {
    let classes = StarknetAccountClasses {
        proxy: Felt::from_hex("0x51a0000070a000000000000000000001").unwrap(),
        account: Felt::from_hex("0x51a00000acc000000000000000000002").unwrap(),
    };
    AccountAddress::from_starknet_key(&key.public_key(), classes).to_string()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn terms(kind: &OrderType, price: Option<&str>, at: u64) -> Order {
    Order {
        timestamp_ms: at,
        market: Felt::from_short_string(MARKET).unwrap(),
        side: Side::Buy,
        order_type: Felt::from_short_string(kind.as_str()).unwrap(),
        size: Scaled::from_decimal(decimal("0.5")).unwrap(),
        price: Scaled::from_decimal(decimal(price.unwrap_or("0"))).unwrap(),
    }
}

/// An order to buy half a bitcoin, signed for this account.
fn order(
    key: &StarknetPrivateKey,
    account: &str,
    kind: OrderType,
    price: Option<&str>,
    at: u64,
) -> OrderRequest {
    let signature = sign(key, &prefix(account).order(&terms(&kind, price, at)));
    let (gtc, buy, size) = (OrderInstruction::Gtc, OrderSide::Buy, decimal("0.5"));
    let request = OrderRequest::new(gtc, MARKET, buy, signature, at as i64, size, kind);
    match price {
        Some(price) => request.price(decimal(price)),
        None => request,
    }
}

fn limit(exchange: &Simulator) -> OrderRequest {
    let (key, account) = (exchange.main_key(), exchange.main_account());
    order(&key, &account, OrderType::Limit, Some("10"), milliseconds())
}

async fn place(client: &Client, order: OrderRequest) -> Result<String, Error> {
    let answer = client.create_order().body(order).send().await?.into_inner();
    // Nothing has become of it yet when the answer is made.
    assert_eq!(answer.status, Some(OrderStatus::New));
    Ok(answer.id.unwrap())
}

fn modification(key: &StarknetPrivateKey, account: &str, id: &str, price: &str) -> ModifyOrderRequest {
    let at = milliseconds();
    let modified = ModifyOrder {
        order: terms(&OrderType::Limit, Some(price), at),
        id: Felt::from_text(id).unwrap(),
    };
    let signature = sign(key, &prefix(account).modify_order(&modified));
    let (buy, size) = (OrderSide::Buy, decimal("0.5"));
    ModifyOrderRequest::new(id, MARKET, buy, signature, at as i64, size, "LIMIT").price(decimal(price))
}

fn algo(key: &StarknetPrivateKey, account: &str) -> AlgoOrderRequest {
    let at = milliseconds();
    let Order {
        market, side, size, ..
    } = terms(&OrderType::Market, None, at);
    let hash = prefix(account).algo_order(&AlgoOrder {
        timestamp_ms: at,
        market,
        side,
        size,
    });
    let (signature, size) = (sign(key, &hash), decimal("0.5"));
    let (buy, kind) = (OrderSide::Buy, OrderType::Market);
    AlgoOrderRequest::new("TWAP", 300, MARKET, buy, signature, at as i64, size, kind)
}

/// A sign-in with everything that can be wrong in it.
struct SignIn<'a> {
    client: Client,
    account: String,
    signature: Secret,
    begin: u64,
    end: Option<u64>,
    named: Option<&'a str>,
}

impl SignIn<'_> {
    /// A good one.
    fn new(exchange: &Simulator, key: &StarknetPrivateKey, account: &str) -> Self {
        let begin = seconds();
        Self {
            client: Client::new(exchange.base_url()).unwrap(),
            account: account.to_owned(),
            signature: sign_in_signature(key, &prefix(account), begin, begin + 60),
            begin,
            end: Some(begin + 60),
            named: None,
        }
    }

    async fn send(&self) -> Result<Secret, Error> {
        let (account, signature) = (&self.account, Secret::new(self.signature.expose()));
        let answer = match self.named {
            None => {
                let call = self.client.auth().paradex_starknet_account(account);
                let call = call
                    .paradex_starknet_signature(signature)
                    .paradex_timestamp(self.begin.to_string());
                match self.end {
                    Some(end) => call.paradex_signature_expiration(end.to_string()).send().await?,
                    None => call.send().await?,
                }
            }
            Some(named) => {
                let call = self
                    .client
                    .auth_with_public_key()
                    .public_key(named)
                    .paradex_starknet_account(account);
                let call = call
                    .paradex_starknet_signature(signature)
                    .paradex_timestamp(self.begin.to_string());
                let end = self.end.unwrap().to_string();
                let call = call.paradex_signature_expiration(end);
                call.token_usage(TokenUsage::Interactive)
                    .paradex_authorize_isolated_markets("true")
                    .send()
                    .await?
            }
        };
        Ok(answer.into_inner().jwt_token.unwrap())
    }

    /// Status and code of the refusal.
    async fn refused(&self) -> (u16, String) {
        refused(self.send().await)
    }
}

fn code(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn a_key_signs_in() {
    let exchange = Simulator::start().await.unwrap();
    let account = exchange.main_account();
    let main = exchange.main_key();
    assert_eq!(address_of(&main), account);
    let session = SignIn::new(&exchange, &main, &account).send().await.unwrap();
    let snapshot = exchange.session(session.expose()).unwrap();
    assert_eq!((&snapshot.account, &snapshot.subkey), (&account, &None));
    assert!(!snapshot.interactive && !snapshot.isolated_markets && !snapshot.expired);
    client(&exchange, &session).list_tokens().send().await.unwrap();
    // An address has many spellings, and what the path may name is also the account's own key.
    let padded = format!("0x{:0>64}", account.trim_start_matches("0x"));
    let public_key = main.public_key().to_string();
    let interactive = SignIn {
        account: padded,
        named: Some(&public_key),
        ..SignIn::new(&exchange, &main, &account)
    };
    let session = interactive.send().await.unwrap();
    let snapshot = exchange.session(session.expose()).unwrap();
    assert_eq!((&snapshot.account, &snapshot.subkey), (&account, &None));
    assert!(snapshot.interactive && snapshot.isolated_markets);
    let claims = session.expose().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert_eq!(
        (&claims["usage"], &claims["isolated"]),
        (&json!("interactive"), &json!(true))
    );
    // Without an expiration, half an hour is what is signed.
    let now = seconds();
    let signature = sign_in_signature(&main, &prefix(&account), now, now + 1_800);
    let open = SignIn {
        signature,
        begin: now,
        end: None,
        ..SignIn::new(&exchange, &main, &account)
    };
    open.send().await.unwrap();

    let other = exchange.add_account();
    let other_key = exchange.key_of(&other).unwrap();
    assert_eq!(address_of(&other_key), other);
    SignIn::new(&exchange, &other_key, &other).send().await.unwrap();
    assert_eq!(exchange.key_of(&account).unwrap().public_key(), main.public_key());
    assert!(exchange.key_of("0x1").is_err());
}

#[tokio::test]
async fn a_sign_in_that_is_wrong_is_refused() {
    let exchange = Simulator::start().await.unwrap();
    let (account, main) = (exchange.main_account(), exchange.main_key());
    let other = exchange.add_account();
    let good = || SignIn::new(&exchange, &main, &account);
    let failed = code(401, "STARKNET_SIGNATURE_VERIFICATION_FAILED");
    // By another key, for another account, for another chain, of other times.
    let stranger = exchange.key_of(&other).unwrap();
    assert_eq!(
        SignIn::new(&exchange, &stranger, &account).refused().await,
        failed
    );
    assert_eq!(SignIn::new(&exchange, &main, &other).refused().await, failed);
    let chain = MessagePrefix::new("ANOTHER_CHAIN", account.parse().unwrap()).unwrap();
    let now = seconds();
    let signature = sign_in_signature(&main, &chain, now, now + 60);
    let foreign = SignIn {
        signature,
        begin: now,
        end: Some(now + 60),
        ..good()
    };
    assert_eq!(foreign.refused().await, failed);
    let mut moved = good();
    moved.end = Some(moved.begin + 61);
    assert_eq!(moved.refused().await, failed);
    // Malformed.
    for text in [
        "",
        "[\"1\"]",
        "[\"1\", \"2\"]",
        "[\"0x1\",\"0x2\"]",
        "[\"0\",\"1\"]",
    ] {
        let malformed = SignIn {
            signature: Secret::new(text),
            ..good()
        };
        assert_eq!(
            malformed.refused().await,
            code(400, "INVALID_STARKNET_SIGNATURE"),
            "{text}"
        );
    }
    let nowhere = SignIn {
        account: "nowhere".to_owned(),
        ..good()
    };
    assert_eq!(nowhere.refused().await, code(400, "INVALID_STARKNET_ADDRESS"));
    let unknown = SignIn {
        account: "0x1234".to_owned(),
        ..good()
    };
    assert_eq!(unknown.refused().await, code(404, "NOT_ONBOARDED"));
    let no_key = SignIn {
        named: Some("0xg"),
        ..good()
    };
    assert_eq!(no_key.refused().await, code(400, "PUBLIC_KEY_INVALID"));
    // At the wrong time.
    let week = 7 * 24 * 3_600;
    for (begin, end) in [
        (now - 3_600, now + 60),
        (now + 3_600, now + 7_200),
        (now, now),
        (now, now - 1),
        (now, now + week + 1),
    ] {
        let wrong = SignIn {
            signature: sign_in_signature(&main, &prefix(&account), begin, end),
            begin,
            end: Some(end),
            ..good()
        };
        assert_eq!(
            wrong.refused().await,
            code(400, "INVALID_TIMESTAMP"),
            "{begin} {end}"
        );
    }
    let longest = SignIn {
        signature: sign_in_signature(&main, &prefix(&account), now, now + week),
        begin: now,
        end: Some(now + week),
        ..good()
    };
    longest.send().await.unwrap();
    // A signature that was good is good no longer.
    let short = SignIn {
        signature: sign_in_signature(&main, &prefix(&account), now, now + 50),
        begin: now,
        end: Some(now + 50),
        ..good()
    };
    short.send().await.unwrap();
    exchange.advance(Duration::from_secs(51));
    assert_eq!(short.refused().await, code(400, "INVALID_TIMESTAMP"));
}

#[tokio::test]
async fn the_exchanges_clock_can_be_behind() {
    let exchange = Simulator::builder()
        .clock_tolerance(Duration::from_secs(10))
        .start()
        .await
        .unwrap();
    let (account, main) = (exchange.main_account(), exchange.main_key());
    exchange.rewind(Duration::from_secs(20));
    let ahead = SignIn::new(&exchange, &main, &account);
    assert_eq!(ahead.refused().await, code(400, "INVALID_TIMESTAMP"));
    exchange.advance(Duration::from_secs(15));
    ahead.send().await.unwrap();
    for _ in 0..3 {
        exchange.rewind(Duration::MAX);
    }
    assert_eq!(ahead.refused().await, code(400, "INVALID_TIMESTAMP"));
    let time = ahead.client.get_system_time().send().await.unwrap();
    assert!(time.server_time.is_some());
}

#[tokio::test]
async fn sign_ins_are_limited_for_each_address() {
    let exchange = Simulator::builder().sign_ins_per_minute(2).start().await.unwrap();
    let (account, main) = (exchange.main_account(), exchange.main_key());
    let sign_in = SignIn::new(&exchange, &main, &account);
    sign_in.send().await.unwrap();
    SignIn {
        account: "?".to_owned(),
        ..SignIn::new(&exchange, &main, &account)
    }
    .refused()
    .await;
    let error = sign_in.send().await.unwrap_err();
    let answer = error.response().unwrap();
    assert_eq!(
        (answer.status.as_u16(), &answer.body[..]),
        (429, &br#"{"message":"rate limit exceeded"}"#[..])
    );
    let wait: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    // Other calls and other addresses have nothing to do with it.
    sign_in.client.list_markets().send().await.unwrap();
    let elsewhere = SignIn {
        client: from(&exchange, "192.0.2.7", &exchange.main_session()),
        ..SignIn::new(&exchange, &main, &account)
    };
    elsewhere.send().await.unwrap();
    // A clock that is put back does not lock the address out for longer.
    exchange.rewind(Duration::from_secs(3_600));
    exchange.advance(Duration::from_secs(3_600 + wait));
    sign_in.send().await.unwrap();
}

#[tokio::test]
async fn a_subkey_signs_in_while_it_is_active() {
    let exchange = Simulator::start().await.unwrap();
    let (account, owner) = (exchange.main_account(), main_client(&exchange));
    let subkey = key("0x5b1");
    let public_key = subkey.public_key().to_string();
    let sign_in = || SignIn {
        named: Some(&public_key),
        ..SignIn::new(&exchange, &subkey, &account)
    };
    let failed = code(401, "STARKNET_SIGNATURE_VERIFICATION_FAILED");
    assert_eq!(sign_in().refused().await, failed);
    let pending = CreateSubkeyRequest::new("bot", public_key.as_str())
        .state(SubkeyState::Pending)
        .encrypted_key("simulated-key".into())
        .eph_public_key(key("0xe0").public_key().to_string());
    register(&owner, pending).await.unwrap();
    assert_eq!(sign_in().refused().await, failed);
    let now = seconds();
    let signature = activation(&key("0xe0"), now).map(Secret::new).into();
    let request = ActivateSubkeyRequest::new(&account, &public_key, signature, now as i64);
    owner.activate_subkey().body(request).send().await.unwrap();
    let session = sign_in().send().await.unwrap();
    let snapshot = exchange.session(session.expose()).unwrap();
    assert_eq!(
        (snapshot.account, snapshot.subkey),
        (account.clone(), Some(public_key.clone()))
    );
    // It is a subkey's session, and does not sign in where only the account does, nor for another account.
    assert_eq!(
        refused(token(&client(&exchange, &session), "trading", &[]).await).0,
        403
    );
    assert_eq!(
        SignIn {
            named: None,
            ..sign_in()
        }
        .refused()
        .await,
        failed
    );
    let other = exchange.add_account();
    let elsewhere = SignIn {
        named: Some(&public_key),
        ..SignIn::new(&exchange, &subkey, &other)
    };
    assert_eq!(elsewhere.refused().await, failed);
    // The account's key does not sign in for it either.
    let wrong = SignIn {
        named: Some(&public_key),
        ..SignIn::new(&exchange, &exchange.main_key(), &account)
    };
    assert_eq!(wrong.refused().await, failed);
    owner
        .revoke_subkey()
        .public_key(&public_key)
        .send()
        .await
        .unwrap();
    assert_eq!(sign_in().refused().await, failed);
}

#[tokio::test]
async fn sessions_can_be_opaque_short_and_taken_back() {
    let exchange = Simulator::builder()
        .opaque_tokens()
        .session_lifetime(Duration::from_secs(2))
        .start()
        .await
        .unwrap();
    let (account, main) = (exchange.main_account(), exchange.main_key());
    let session = SignIn::new(&exchange, &main, &account).send().await.unwrap();
    assert!(session.expose().starts_with("simulated-session-"));
    let caller = client(&exchange, &session);
    caller.list_positions().send().await.unwrap();
    exchange.advance(Duration::from_secs(2));
    assert_eq!(refused(caller.list_positions().send().await).0, 401);
    assert!(exchange.session(session.expose()).unwrap().expired);

    let fresh = main_client(&exchange);
    let api = client(&exchange, &text(&token(&fresh, "trading", &[]).await.unwrap()));
    exchange.revoke_sessions();
    assert_eq!(
        refusal(fresh.list_positions().send().await),
        (401, String::new(), "missing or malformed jwt".to_owned())
    );
    assert_eq!(exchange.session(session.expose()), None);
    // An API token is no session, and a later session is another one.
    api.list_positions().send().await.unwrap();
    main_client(&exchange).list_positions().send().await.unwrap();
}

#[tokio::test]
async fn an_account_is_onboarded_by_its_key() {
    let exchange = Simulator::start().await.unwrap();
    let anonymous = Client::new(exchange.base_url()).unwrap();
    let newcomer = key("0x5eed");
    let account = address_of(&newcomer);
    let onboard = async |account: &str, ethereum: &str, public_key: &str, signature: Secret| {
        let call = anonymous
            .onboard()
            .paradex_starknet_account(account)
            .paradex_ethereum_account(ethereum);
        let call = call.paradex_starknet_signature(signature);
        call.body(OnboardingRequest::new().public_key(public_key))
            .send()
            .await
            .map(|_| ())
    };
    let status = async || {
        let call = anonymous
            .get_onboarding()
            .account_signer_type(SignerType::Starknet);
        call.public_key(newcomer.public_key().to_string())
            .send()
            .await
            .unwrap()
            .into_inner()
    };
    let (ethereum, public_key) = (
        format!("0x{}", "ab".repeat(20)),
        newcomer.public_key().to_string(),
    );
    let signature = || sign(&newcomer, &prefix(&account).onboarding());
    assert_eq!(
        SignIn::new(&exchange, &newcomer, &account).refused().await,
        code(404, "NOT_ONBOARDED")
    );
    let before = status().await;
    assert_eq!(
        (before.address.as_deref(), before.exists),
        (Some(account.as_str()), Some(false))
    );

    let failed = code(401, "STARKNET_SIGNATURE_VERIFICATION_FAILED");
    let stranger = sign(&exchange.main_key(), &prefix(&account).onboarding());
    assert_eq!(
        refused(onboard(&account, &ethereum, &public_key, stranger).await),
        failed
    );
    let chain = MessagePrefix::new("ANOTHER_CHAIN", account.parse().unwrap()).unwrap();
    let foreign = sign(&newcomer, &chain.onboarding());
    assert_eq!(
        refused(onboard(&account, &ethereum, &public_key, foreign).await),
        failed
    );
    let elsewhere = exchange.main_account();
    let other = sign(&newcomer, &prefix(&elsewhere).onboarding());
    let wrong = onboard(&elsewhere, &ethereum, &public_key, other).await;
    assert_eq!(refused(wrong), code(400, "INVALID_STARKNET_ADDRESS"));
    let wrong = onboard(&account, "0x1", &public_key, signature()).await;
    assert_eq!(refused(wrong), code(400, "INVALID_ETHEREUM_ADDRESS"));
    let wrong = onboard(&account, &ethereum, "", signature()).await;
    assert_eq!(refused(wrong), code(400, "PUBLIC_KEY_INVALID"));
    let wrong = onboard(&account, &ethereum, &public_key, Secret::new("[]")).await;
    assert_eq!(refused(wrong), code(400, "INVALID_STARKNET_SIGNATURE"));

    onboard(&account, &ethereum, &public_key, signature())
        .await
        .unwrap();
    assert_eq!(status().await.exists, Some(true));
    SignIn::new(&exchange, &newcomer, &account).send().await.unwrap();
    assert!(exchange.session_for(&account).is_ok());
    // The simulator does not have this key.
    assert!(exchange.key_of(&account).is_err());
    let again = onboard(&account, &ethereum, &public_key, signature()).await;
    assert_eq!(refused(again), code(400, "ETHEREUM_ADDRESS_ALREADY_ONBOARDED"));

    let owner = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    let added = exchange.add_ethereum_account(owner.parse().unwrap());
    let call = anonymous.get_onboarding().account_signer_type(SignerType::Eip191);
    let answer = call.eth_address(owner).send().await.unwrap();
    assert_eq!(
        (answer.address.as_deref(), answer.exists),
        (Some(added.as_str()), Some(true))
    );
    let call = anonymous.get_onboarding().account_signer_type(SignerType::Eip191);
    assert_eq!(refused(call.send().await), code(400, "INVALID_ETHEREUM_ADDRESS"));
}

#[tokio::test]
async fn orders_are_signed_placed_and_listed() {
    let exchange = Simulator::start().await.unwrap();
    let (account, main) = (exchange.main_account(), exchange.main_key());
    let client = main_client(&exchange);
    let id = place(&client, limit(&exchange).client_id("mine")).await.unwrap();
    let market = order(&main, &account, OrderType::Market, None, milliseconds());
    let market = place(&client, market).await.unwrap();
    let stop = order(&main, &account, OrderType::StopMarket, None, milliseconds());
    let stop = place(&client, stop.trigger_price(decimal("9"))).await.unwrap();

    let kept = exchange.orders(&account);
    let [first, second, third] = kept.as_slice() else {
        panic!("{kept:?}")
    };
    assert_eq!((&first.id, first.client_id.as_deref()), (&id, Some("mine")));
    assert_eq!((first.market.as_str(), &first.side), (MARKET, &OrderSide::Buy));
    assert_eq!(
        (&first.order_type, &first.status),
        (&OrderType::Limit, &OrderStatus::Open)
    );
    assert_eq!((first.size, first.price), (decimal("0.5"), Some(decimal("10"))));
    assert_eq!(
        (&second.id, &second.status, second.price),
        (&market, &OrderStatus::Closed, None)
    );
    assert_eq!((&third.id, &third.status), (&stop, &OrderStatus::Untriggered));
    assert!(exchange.orders(&exchange.add_account()).is_empty());

    let open = client
        .list_open_orders()
        .send()
        .await
        .unwrap()
        .into_inner()
        .results;
    let ids: Vec<_> = open.iter().map(|order| order.id.clone().unwrap()).collect();
    assert_eq!(ids, [id.clone(), stop.clone()]);
    let elsewhere = client
        .list_open_orders()
        .market("ETH-USD-PERP")
        .send()
        .await
        .unwrap();
    assert!(elsewhere.results.is_empty());
    let got = client.get_order().order_id(&market).send().await.unwrap();
    assert_eq!(
        (got.status.clone(), got.account.as_deref()),
        (Some(OrderStatus::Closed), Some(account.as_str()))
    );
    let got = client
        .get_order_by_client_id()
        .client_id("mine")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (got.id.as_deref(), &got.status),
        (Some(id.as_str()), &Some(OrderStatus::Open))
    );
    for (status, listed) in [(OrderStatus::Open, 1), (OrderStatus::Closed, 1)] {
        let history = client.list_orders_history().status(status).send().await.unwrap();
        assert_eq!(history.results.len(), listed);
    }
    let history = client
        .list_orders_history()
        .client_id("mine")
        .market(MARKET)
        .send()
        .await
        .unwrap();
    assert_eq!((history.results.len(), &history.next), (1, &None));
    // Page by page, the newest first.
    let (mut cursor, mut seen) = (None, Vec::new());
    loop {
        let mut call = client.list_orders_history().page_size(2);
        if let Some(cursor) = cursor {
            call = call.cursor(cursor);
        }
        let page = call.send().await.unwrap().into_inner();
        seen.extend(page.results.iter().map(|order| order.id.clone().unwrap()));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, [stop, market, id.clone()]);
    let nowhere = client.list_orders_history().cursor("?").send().await;
    assert_eq!(refused(nowhere), code(400, "VALIDATION_ERROR"));

    // Another account sees none of it.
    let stranger = self::client(&exchange, &exchange.session_for(&exchange.add_account()).unwrap());
    assert!(
        stranger
            .list_open_orders()
            .send()
            .await
            .unwrap()
            .results
            .is_empty()
    );
    assert!(
        stranger
            .list_orders_history()
            .send()
            .await
            .unwrap()
            .results
            .is_empty()
    );
    assert_eq!(
        refused(stranger.get_order().order_id(&id).send().await),
        code(404, "ORDER_ID_NOT_FOUND")
    );
    let found = stranger.get_order_by_client_id().client_id("mine").send().await;
    assert_eq!(refused(found), code(404, "CLIENT_ORDER_ID_NOT_FOUND"));
    stranger.cancel_all_orders().send().await.unwrap();
    assert_eq!(exchange.orders(&account)[0].status, OrderStatus::Open);
}

#[tokio::test]
async fn an_order_that_is_wrong_is_refused() {
    let exchange = Simulator::start().await.unwrap();
    let (account, main) = (exchange.main_account(), exchange.main_key());
    let client = main_client(&exchange);
    let invalid = code(400, "INVALID_ORDER_SIGNATURE");
    let other = exchange.add_account();
    let now = milliseconds();
    let by = |key: &StarknetPrivateKey, account: &str| order(key, account, OrderType::Limit, Some("10"), now);
    // By another key, for another account, of another price, and no signature at all.
    let stranger = by(&exchange.key_of(&other).unwrap(), &account);
    assert_eq!(refused(place(&client, stranger).await), invalid);
    assert_eq!(refused(place(&client, by(&main, &other)).await), invalid);
    assert_eq!(
        refused(place(&client, by(&main, &account).price(decimal("11"))).await),
        invalid
    );
    let mut unsigned = json!(by(&main, &account));
    unsigned["signature"] = json!("?");
    let (status, body) = raw(&exchange, "POST", "/v1/orders", &unsigned.to_string()).await;
    assert_eq!(
        (status, body["error"].as_str()),
        (400, Some("INVALID_ORDER_SIGNATURE"))
    );
    // For another chain.
    let chain = MessagePrefix::new("ANOTHER_CHAIN", account.parse().unwrap()).unwrap();
    let hash = chain.order(&terms(&OrderType::Limit, Some("10"), now));
    let mut foreign = json!(by(&main, &account));
    foreign["signature"] = json!(sign(&main, &hash).expose());
    let (status, body) = raw(&exchange, "POST", "/v1/orders", &foreign.to_string()).await;
    assert_eq!(
        (status, body["error"].as_str()),
        (400, Some("INVALID_ORDER_SIGNATURE"))
    );

    // A price where none may be, and none where one must be.
    for kind in [OrderType::Market, OrderType::StopMarket] {
        let priced = order(&main, &account, kind, Some("10"), now).trigger_price(decimal("9"));
        let (status, code, message) = refusal(place(&client, priced).await);
        assert_eq!((status, code.as_str()), (400, "INVALID_REQUEST_PARAMETER"));
        assert!(message.contains("must be omitted"), "{message}");
    }
    for kind in [OrderType::Limit, OrderType::StopLimit] {
        let free = order(&main, &account, kind, None, now).trigger_price(decimal("9"));
        assert_eq!(refused(place(&client, free).await), code(400, "VALIDATION_ERROR"));
    }
    let untriggered = order(&main, &account, OrderType::TakeProfitMarket, None, now);
    assert_eq!(
        refused(place(&client, untriggered).await),
        code(400, "VALIDATION_ERROR")
    );
    let fine = by(&main, &account).price(decimal("0.000000001"));
    assert_eq!(refused(place(&client, fine).await), code(400, "VALIDATION_ERROR"));
    let foreign = by(&main, &account).on_behalf_of_account("0x1");
    assert_eq!(refused(place(&client, foreign).await).0, 501);
    let mut nothing = json!(by(&main, &account));
    nothing["size"] = json!("0");
    let (status, body) = raw(&exchange, "POST", "/v1/orders", &nothing.to_string()).await;
    assert_eq!(
        (status, body["error"].as_str()),
        (400, Some("INVALID_ORDER_SIZE"))
    );

    // Too late, too early, and late with a window that allows it.
    let late = |at: u64| order(&main, &account, OrderType::Limit, Some("10"), at);
    for at in [now - 301_000, now + 120_000] {
        assert_eq!(
            refused(place(&client, late(at)).await),
            code(400, "INVALID_TIMESTAMP")
        );
    }
    let windowed = late(now - 10_000).recv_window(5_000);
    assert_eq!(
        refused(place(&client, windowed).await),
        code(400, "INVALID_TIMESTAMP")
    );
    place(&client, late(now - 301_000).recv_window(600_000))
        .await
        .unwrap();
    assert_eq!(
        refused(place(&client, late(now).recv_window(0)).await),
        code(400, "VALIDATION_ERROR")
    );

    place(&client, limit(&exchange).client_id("mine")).await.unwrap();
    let twice = place(&client, limit(&exchange).client_id("mine")).await;
    assert_eq!(refused(twice), code(400, "DUPLICATED_CLIENT_ID"));
    client
        .cancel_order_by_client_id()
        .client_id("mine")
        .send()
        .await
        .unwrap();
    place(&client, limit(&exchange).client_id("mine")).await.unwrap();

    let reader = self::client(&exchange, &text(&token(&client, "read_only", &[]).await.unwrap()));
    assert_eq!(
        refused(place(&reader, limit(&exchange)).await),
        code(403, "INVALID_TOKEN_SCOPE")
    );
    assert_eq!(exchange.orders(&account).len(), 3);
}

#[tokio::test]
async fn any_key_of_the_account_signs_orders() {
    let exchange = Simulator::start().await.unwrap();
    let (account, owner) = (exchange.main_account(), main_client(&exchange));
    let subkey = key("0x5b1");
    let public_key = subkey.public_key().to_string();
    let by_subkey = || order(&subkey, &account, OrderType::Limit, Some("10"), milliseconds());
    assert_eq!(
        refused(place(&owner, by_subkey()).await),
        code(400, "INVALID_ORDER_SIGNATURE")
    );
    // One that is no point of the curve beside it changes nothing.
    register(&owner, CreateSubkeyRequest::new("odd", KEY))
        .await
        .unwrap();
    register(&owner, CreateSubkeyRequest::new("bot", public_key.as_str()))
        .await
        .unwrap();
    let session = exchange.subkey_session(&public_key).unwrap();
    let bot = client(&exchange, &session);
    place(&bot, by_subkey()).await.unwrap();
    place(&bot, limit(&exchange)).await.unwrap();
    let api = client(&exchange, &text(&token(&owner, "trading", &[]).await.unwrap()));
    place(&api, by_subkey()).await.unwrap();
    owner
        .revoke_subkey()
        .public_key(&public_key)
        .send()
        .await
        .unwrap();
    assert_eq!(
        refused(place(&owner, by_subkey()).await),
        code(400, "INVALID_ORDER_SIGNATURE")
    );
    assert_eq!(exchange.orders(&account).len(), 3);
}

#[tokio::test]
async fn a_batch_is_placed_as_a_whole() {
    let exchange = Simulator::start().await.unwrap();
    let (account, client) = (exchange.main_account(), main_client(&exchange));
    let post = async |orders: Vec<OrderRequest>| client.create_orders_batch().body(orders).send().await;
    assert_eq!(refused(post(vec![]).await), code(400, "BATCH_SIZE_OUT_OF_RANGE"));
    assert_eq!(
        refused(post(vec![limit(&exchange); 51]).await),
        code(400, "BATCH_SIZE_OUT_OF_RANGE")
    );
    // One bad signature, and none is placed.
    let bad = order(
        &key("0x1"),
        &account,
        OrderType::Limit,
        Some("10"),
        milliseconds(),
    );
    assert_eq!(
        refused(post(vec![limit(&exchange), bad]).await),
        code(400, "INVALID_ORDER_SIGNATURE")
    );
    assert!(exchange.orders(&account).is_empty());
    // What is wrong with one order beside others is its own affair.
    let twice = vec![
        limit(&exchange).client_id("one"),
        limit(&exchange).client_id("one"),
        limit(&exchange),
    ];
    let answer = post(twice).await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    assert_eq!((answer.orders.len(), answer.errors.len()), (2, 1));
    assert_eq!(
        answer.errors[0].error.clone().unwrap().as_str(),
        "DUPLICATED_CLIENT_ID"
    );
    assert_eq!(exchange.orders(&account).len(), 2);
    assert_eq!(post(vec![limit(&exchange); 50]).await.unwrap().orders.len(), 50);
}

#[tokio::test]
async fn an_order_is_modified_with_a_signature_of_its_own() {
    let exchange = Simulator::start().await.unwrap();
    let (account, main) = (exchange.main_account(), exchange.main_key());
    let client = main_client(&exchange);
    let id = place(&client, limit(&exchange)).await.unwrap();
    let put = async |id: &str, request: ModifyOrderRequest| {
        client.modify_order().order_id(id).body(request).send().await
    };
    let modified = put(&id, modification(&main, &account, &id, "11")).await.unwrap();
    assert_eq!(
        (modified.id.as_deref(), &modified.status),
        (Some(id.as_str()), &Some(OrderStatus::Open))
    );
    assert_eq!(exchange.orders(&account)[0].price, Some(decimal("11")));
    // The id is signed too.
    let other = place(&client, limit(&exchange)).await.unwrap();
    let mut moved = json!(modification(&main, &account, &id, "12"));
    moved["id"] = json!(other);
    let moved: ModifyOrderRequest = serde_json::from_value(moved).unwrap();
    assert_eq!(
        refused(put(&other, moved).await),
        code(400, "INVALID_ORDER_SIGNATURE")
    );
    let wrong = put(&other, modification(&main, &account, &id, "12")).await;
    assert_eq!(refused(wrong), code(400, "VALIDATION_ERROR"));
    let stranger = put(&id, modification(&key("0x1"), &account, &id, "12")).await;
    assert_eq!(refused(stranger), code(400, "INVALID_ORDER_SIGNATURE"));
    let unknown = put("1", modification(&main, &account, "1", "12")).await;
    assert_eq!(refused(unknown), code(404, "ORDER_ID_NOT_FOUND"));
    client.cancel_order().order_id(&id).send().await.unwrap();
    let closed = put(&id, modification(&main, &account, &id, "12")).await;
    assert_eq!(refused(closed), code(400, "ORDER_IS_CLOSED"));
    assert_eq!(exchange.orders(&account)[1].price, Some(decimal("10")));
}

#[tokio::test]
async fn an_algo_order_is_signed_as_a_market_order() {
    let exchange = Simulator::start().await.unwrap();
    let (account, client) = (exchange.main_account(), main_client(&exchange));
    let post = async |request: AlgoOrderRequest| client.create_algo_order().body(request).send().await;
    let answer = post(algo(&exchange.main_key(), &account)).await.unwrap();
    assert_eq!(
        (answer.account.as_deref(), &answer.status),
        (Some(account.as_str()), &Some(OrderStatus::New))
    );
    let stranger = post(algo(&key("0x1"), &account)).await;
    assert_eq!(refused(stranger), code(400, "INVALID_ORDER_SIGNATURE"));
    for (field, value) in [("duration_seconds", json!(31)), ("type", json!("LIMIT"))] {
        let mut wrong = json!(algo(&exchange.main_key(), &account));
        wrong[field] = value;
        wrong["price"] = json!("1");
        let (status, body) = raw(&exchange, "POST", "/v1/algo/orders", &wrong.to_string()).await;
        assert_eq!((status, body["error"].as_str().is_some()), (400, true), "{field}");
    }
}

#[tokio::test]
async fn orders_are_cancelled_in_every_way() {
    let exchange = Simulator::start().await.unwrap();
    let (account, client) = (exchange.main_account(), main_client(&exchange));
    let named = async |name: &str| place(&client, limit(&exchange).client_id(name)).await.unwrap();
    let ids = [
        named("a").await,
        named("b").await,
        named("c").await,
        named("d").await,
    ];
    let open = || {
        let orders = exchange.orders(&account);
        orders
            .iter()
            .filter(|order| order.status == OrderStatus::Open)
            .count()
    };
    client.cancel_order().order_id(&ids[0]).send().await.unwrap();
    let cancelled = client.get_order().order_id(&ids[0]).send().await.unwrap();
    assert_eq!(cancelled.cancel_reason.as_deref(), Some("USER_CANCELED"));
    assert_eq!(cancelled.remaining_size, Some(decimal("0.5")));
    let again = client.cancel_order().order_id(&ids[0]).send().await;
    assert_eq!(refused(again), code(400, "ORDER_IS_CLOSED"));
    let unknown = client.cancel_order().order_id("1").send().await;
    assert_eq!(refused(unknown), code(404, "ORDER_ID_NOT_FOUND"));

    let by_client_id = || client.cancel_order_by_client_id().client_id("b");
    let elsewhere = by_client_id().market("ETH-USD-PERP").send().await;
    assert_eq!(refused(elsewhere), code(404, "CLIENT_ORDER_ID_NOT_FOUND"));
    by_client_id().market(MARKET).send().await.unwrap();
    assert_eq!(refused(by_client_id().send().await), code(400, "ORDER_IS_CLOSED"));
    assert_eq!(open(), 2);
    let found = client.get_order_by_client_id().client_id("b").send().await;
    assert_eq!(refused(found), code(404, "CLIENT_ORDER_ID_NOT_FOUND"));

    let batch = async |ids: &[&str], names: &[&str]| {
        let request = CancelOrderBatchRequest::new()
            .order_ids(cidrs(ids))
            .client_order_ids(cidrs(names));
        client.cancel_orders_batch().body(request).send().await
    };
    let answer = batch(&[&ids[2], "1"], &["a", "z"]).await.unwrap();
    let results: Vec<_> = answer
        .results
        .iter()
        .map(|result| result.status.clone().unwrap())
        .collect();
    let results: Vec<String> = results.iter().map(ToString::to_string).collect();
    assert_eq!(
        results,
        [
            "QUEUED_FOR_CANCELLATION",
            "NOT_FOUND",
            "ALREADY_CLOSED",
            "NOT_FOUND"
        ]
    );
    assert_eq!(open(), 1);
    assert_eq!(
        refused(batch(&[], &[]).await),
        code(400, "BATCH_SIZE_OUT_OF_RANGE")
    );
    assert_eq!(
        refused(batch(&["1"; 26], &["2"; 25]).await),
        code(400, "BATCH_SIZE_OUT_OF_RANGE")
    );

    client
        .cancel_all_orders()
        .market("ETH-USD-PERP")
        .send()
        .await
        .unwrap();
    assert_eq!(open(), 1);
    client.cancel_all_orders().send().await.unwrap();
    assert_eq!(open(), 0);
}

#[tokio::test]
async fn the_signature_of_a_registration_is_checked() {
    let exchange = Simulator::start().await.unwrap();
    let (account, main, client) = (
        exchange.main_account(),
        exchange.main_key(),
        main_client(&exchange),
    );
    let request = |key: &StarknetPrivateKey, account: &str, subkey: PublicKey, begin: u64, end: u64| {
        let registration = SubkeyRegistration {
            account: account.parse().unwrap(),
            subkey,
            timestamp: begin,
            expiry: end,
        };
        let signature = key.sign(&registration.hash().unwrap()).unwrap().to_hex_pair();
        CreateSubkeyRequest::new("bot", subkey.to_string())
            .signature(signature.into())
            .signature_timestamp(begin as i64)
            .signature_expiry(end as i64)
    };
    let (subkey, now) = (key("0x5b1").public_key(), seconds());
    let good = || request(&main, &account, subkey, now, now + 600);
    let failed = code(401, "STARKNET_SIGNATURE_VERIFICATION_FAILED");
    let stranger = request(&key("0x1"), &account, subkey, now, now + 600);
    assert_eq!(refused(register(&client, stranger).await), failed);
    let other = request(&main, &exchange.add_account(), subkey, now, now + 600);
    assert_eq!(refused(register(&client, other).await), failed);
    let mut swapped = good();
    swapped.public_key = key("0x5b2").public_key().to_string();
    assert_eq!(refused(register(&client, swapped).await), failed);
    for (begin, end) in [(now - 60, now - 1), (now + 3_600, now + 3_700)] {
        let wrong = request(&main, &account, subkey, begin, end);
        assert_eq!(
            refused(register(&client, wrong).await),
            code(400, "INVALID_TIMESTAMP")
        );
    }
    let long = good().signature_expiry(now as i64 + 601);
    assert_eq!(
        refused(register(&client, long).await),
        code(400, "INVALID_TIMESTAMP")
    );
    let half = CreateSubkeyRequest::new("bot", subkey.to_string()).signature_timestamp(now as i64);
    assert_eq!(
        refused(register(&client, half).await),
        code(400, "INVALID_STARKNET_SIGNATURE")
    );
    assert_eq!(exchange.subkey(&subkey.to_string()), None);
    register(&client, good()).await.unwrap();

    let strict = Simulator::builder()
        .require_subkey_signature()
        .start()
        .await
        .unwrap();
    let client = main_client(&strict);
    let unsigned = CreateSubkeyRequest::new("bot", subkey.to_string());
    assert_eq!(refused(register(&client, unsigned).await), failed);
    register(&client, good()).await.unwrap();
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
    let ephemeral = key("0xe0");
    let pending = CreateSubkeyRequest::new("two", "0xb")
        .state(SubkeyState::Pending)
        .encrypted_key("simulated-key".into())
        .eph_public_key(ephemeral.public_key().to_string());
    register(&client, pending).await.unwrap();
    let lookup_id = id(&token(&client, "trading", &[]).await.unwrap());
    let (account, main) = (exchange.main_account(), exchange.main_key());
    let limit = |client_id: &str| {
        let order = order(&main, &account, OrderType::Limit, Some("10"), milliseconds());
        order.client_id(client_id)
    };
    let placed = place(&client, limit("one")).await.unwrap();
    place(&client, limit("two")).await.unwrap();
    let at_work = client
        .create_algo_order()
        .body(algo(&main, &account))
        .send()
        .await;
    let algo_id = at_work.unwrap().id.clone().unwrap();
    let newcomer = key("0x5eed");
    let mut answered = 0;
    // Revoking comes last, because nothing can be changed afterwards.
    let mut all = operations::ALL.to_vec();
    all.sort_by_key(|operation| {
        let last = operation.id == "cancel_all_orders";
        (operation.method == paradex_api::Method::Delete, last)
    });
    for operation in all {
        let described = document.operation(&operation.id.replace('_', "-")).unwrap();
        let sample = document.sample_arguments(described, 5);
        let mut values: Vec<_> = [sample.path, sample.query, sample.headers].concat();
        let begin = seconds();
        let onboards = operation.id == "onboard";
        let signed = if onboards {
            sign(&newcomer, &prefix(&address_of(&newcomer)).onboarding())
        } else {
            sign_in_signature(&main, &prefix(&account), begin, begin + 60)
        };
        for (name, value) in &mut values {
            match name.as_str() {
                "public_key" if operation.id.contains("subkey") => *value = KEY.to_owned(),
                "public_key" => *value = main.public_key().to_string(),
                "lookup_id" => value.clone_from(&lookup_id),
                "order_id" => value.clone_from(&placed),
                "algo_id" => value.clone_from(&algo_id),
                "client_id" => *value = "two".to_owned(),
                "market" => *value = MARKET.to_owned(),
                "account_signer_type" => *value = "starknet".to_owned(),
                "cursor" => *value = "1".to_owned(),
                "PARADEX-STARKNET-ACCOUNT" if onboards => *value = address_of(&newcomer),
                "PARADEX-STARKNET-ACCOUNT" => value.clone_from(&account),
                "PARADEX-ETHEREUM-ACCOUNT" => *value = format!("0x{}", "ab".repeat(20)),
                "PARADEX-STARKNET-SIGNATURE" => *value = signed.expose().to_owned(),
                "PARADEX-TIMESTAMP" => *value = begin.to_string(),
                "PARADEX-SIGNATURE-EXPIRATION" => *value = (begin + 60).to_string(),
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
                "signature": activation(&ephemeral, begin), "timestamp": begin})),
            "onboard" => Some(json!({"public_key": newcomer.public_key().to_string()})),
            "create_order" => Some(json!(limit("three"))),
            "create_orders_batch" => Some(json!([limit("four"), limit("five")])),
            "modify_order" => Some(json!(modification(&main, &account, &placed, "11"))),
            "create_algo_order" => Some(json!(algo(&main, &account))),
            "cancel_orders_batch" => Some(json!({"order_ids": ["1"]})),
            id if id.ends_with("allowed_cidrs") => Some(json!({"allowed_cidrs": ["192.0.2.0/24"]})),
            _ => arguments.body,
        };
        let result = calls::call(&client, operation.id, &arguments).await.unwrap();
        if operation.path.starts_with("/v2/") {
            // What signs here is another kind of key, which has a test of its own.
            assert_eq!(refused(result).0, 400, "{operation}");
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
    let ephemeral = key("0xe0");
    let pending = half
        .encrypted_key("simulated-key".into())
        .eph_public_key(ephemeral.public_key().to_string());
    register(&client, pending).await.unwrap();
    let waiting = self::client(&exchange, &exchange.subkey_session("0xb").unwrap());
    assert_eq!(refused(waiting.list_positions().send().await).0, 401);
    assert_eq!(exchange.subkey("0xb").unwrap().standing, Standing::Pending);
    let anonymous = Client::new(exchange.base_url()).unwrap();
    let activate = async |account: &str, signature: &[String], at: u64| {
        let signature = signature.iter().map(|part| Secret::new(part.as_str())).collect();
        let request = ActivateSubkeyRequest::new(account, "0xb", signature, at as i64).name("awake");
        anonymous.activate_subkey().body(request).send().await
    };
    let now = seconds();
    let good = activation(&ephemeral, now);
    for malformed in [&good[..1], &["1".to_owned(), "two".to_owned()]] {
        let (status, code) = refused(activate(&account, malformed, now).await);
        assert_eq!((status, code.as_str()), (400, "INVALID_STARKNET_SIGNATURE"));
    }
    assert_eq!(refused(activate("0x1", &good, now).await).0, 404);
    // Another key, another time, and the right key at a time long ago.
    let other = activation(&exchange.main_key(), now);
    for (signature, at) in [(&other, now), (&good, now + 1)] {
        let (status, code) = refused(activate(&account, signature, at).await);
        assert_eq!(
            (status, code.as_str()),
            (401, "STARKNET_SIGNATURE_VERIFICATION_FAILED")
        );
    }
    let old = activate(&account, &activation(&ephemeral, now - 3_600), now - 3_600).await;
    assert_eq!(refused(old), (400, "INVALID_TIMESTAMP".to_owned()));
    let activated = activate(&account, &good, now).await.unwrap().into_inner();
    assert_eq!(activated.encrypted_key.unwrap().expose(), "simulated-key");
    assert_eq!(
        refused(activate(&account, &good, now).await),
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

mod ethereum {
    use base64::prelude::BASE64_STANDARD;
    use paradex_api_ext::signing::{EthereumPrivateKey, SiweMessage as Text, SiwePurpose};

    use super::*;

    const DOMAIN: &str = "app.testnet.paradex.trade";

    fn ethereum(hex: &str) -> EthereumPrivateKey {
        EthereumPrivateKey::from_hex(hex).unwrap()
    }

    fn text(key: &EthereumPrivateKey, purpose: SiwePurpose) -> Text {
        Text {
            domain: DOMAIN.to_owned(),
            address: key.address(),
            l1_chain_id: 11_155_111,
            nonce: [7; 16],
            issued_at: SystemTime::now(),
            purpose,
        }
    }

    fn auth() -> SiwePurpose {
        SiwePurpose::Auth {
            expires_at: SystemTime::now() + Duration::from_secs(50),
        }
    }

    async fn send(
        exchange: &Simulator,
        account: &str,
        key: &EthereumPrivateKey,
        text: &str,
    ) -> Result<Secret, Error> {
        let client = Client::new(exchange.base_url()).unwrap();
        let call = client.auth_evm().paradex_starknet_account(account);
        let call = call.paradex_siwe_message(Secret::new(BASE64_STANDARD.encode(text)));
        let call = call.paradex_evm_signature(key.sign_personal(text).unwrap().to_hex());
        Ok(call.send().await?.into_inner().jwt_token.unwrap())
    }

    #[tokio::test]
    async fn an_ethereum_account_signs_in() {
        let exchange = Simulator::start().await.unwrap();
        let owner = ethereum("0x12");
        let account = exchange.add_ethereum_account(owner.address());
        let good = text(&owner, auth()).text().unwrap();
        let session = send(&exchange, &account, &owner, &good).await.unwrap();
        let snapshot = exchange.session(session.expose()).unwrap();
        assert_eq!((&snapshot.account, snapshot.subkey), (&account, None));
        assert!(exchange.key_of(&account).is_err());

        let failed = code(401, "EVM_SIGNATURE_VERIFICATION_FAILED");
        // By another key, by another owner, for another account.
        let stranger = ethereum("0x34");
        assert_eq!(refused(send(&exchange, &account, &stranger, &good).await), failed);
        let theirs = text(&stranger, auth()).text().unwrap();
        assert_eq!(
            refused(send(&exchange, &account, &stranger, &theirs).await),
            failed
        );
        let main = exchange.main_account();
        assert_eq!(refused(send(&exchange, &main, &owner, &good).await), failed);
        // For the real exchange, for another chain, for another purpose, and with the address in small letters.
        let real = Text {
            domain: "app.paradex.trade".to_owned(),
            ..text(&owner, auth())
        };
        let chain = Text {
            l1_chain_id: 1,
            ..text(&owner, auth())
        };
        let other = text(&owner, SiwePurpose::Onboarding).text().unwrap();
        let small = good.replace(&owner.address().to_checksum(), &owner.address().to_string());
        for wrong in [real.text().unwrap(), chain.text().unwrap(), other, small] {
            assert_eq!(
                refused(send(&exchange, &account, &owner, &wrong).await),
                failed,
                "{wrong}"
            );
        }
        let unknown = send(&exchange, "0x1234", &owner, &good).await;
        assert_eq!(refused(unknown), code(404, "NOT_ONBOARDED"));
        let malformed = send(&exchange, &account, &owner, "let me in").await;
        assert_eq!(refused(malformed), code(400, "INVALID_EVM_SIGNATURE"));
        exchange.advance(Duration::from_secs(51));
        let late = send(&exchange, &account, &owner, &good).await;
        assert_eq!(refused(late), code(400, "INVALID_TIMESTAMP"));
        let client = Client::new(exchange.base_url()).unwrap();
        for signature in [
            "0x12".to_owned(),
            format!("0x{}1d", "12".repeat(64)),
            format!("0x{}1b", "00".repeat(64)),
        ] {
            let call = client.auth_evm().paradex_starknet_account(&account);
            let call = call.paradex_siwe_message(Secret::new(BASE64_STANDARD.encode(&good)));
            let result = call.paradex_evm_signature(Secret::new(signature)).send().await;
            assert_eq!(refused(result), code(400, "INVALID_EVM_SIGNATURE"));
        }
    }

    #[tokio::test]
    async fn an_ethereum_account_is_onboarded_and_trades_with_a_subkey() {
        let exchange = Simulator::start().await.unwrap();
        let anonymous = Client::new(exchange.base_url()).unwrap();
        let owner = ethereum("0x12");
        let status = async || {
            let call = anonymous.get_onboarding().account_signer_type(SignerType::Eip191);
            call.eth_address(owner.address().to_string())
                .send()
                .await
                .unwrap()
                .into_inner()
        };
        let account = status().await.address.unwrap();
        let onboard = async |account: &str, text: &str, public_key: String| {
            let call = anonymous.onboard_evm().paradex_starknet_account(account);
            let call = call.paradex_siwe_message(Secret::new(BASE64_STANDARD.encode(text)));
            let call = call.paradex_evm_signature(owner.sign_personal(text).unwrap().to_hex());
            call.body(OnboardingRequest::new().public_key(public_key))
                .send()
                .await
                .map(|_| ())
        };
        let point = || owner.uncompressed_public_key();
        let good = text(&owner, SiwePurpose::Onboarding).text().unwrap();
        let auth_text = text(&owner, auth()).text().unwrap();
        let wrong = onboard(&account, &auth_text, point()).await;
        assert_eq!(refused(wrong), code(401, "EVM_SIGNATURE_VERIFICATION_FAILED"));
        let wrong = onboard(&account, &good, ethereum("0x34").uncompressed_public_key()).await;
        assert_eq!(refused(wrong), code(400, "PUBLIC_KEY_INVALID"));
        let wrong = onboard(&exchange.main_account(), &good, point()).await;
        assert_eq!(refused(wrong), code(400, "INVALID_STARKNET_ADDRESS"));
        assert_eq!(status().await.exists, Some(false));
        onboard(&account, &good, point()).await.unwrap();
        assert_eq!(status().await.exists, Some(true));
        let again = onboard(&account, &good, point()).await;
        assert_eq!(refused(again), code(400, "EVM_ADDRESS_ALREADY_ONBOARDED"));

        let session = send(&exchange, &account, &owner, &auth_text).await.unwrap();
        let client = client(&exchange, &session);
        let subkey = key("0x5b1");
        let purpose = |subkey: PublicKey| SiwePurpose::SubkeyRegistration {
            subkey,
            expires_at: SystemTime::now() + Duration::from_secs(50),
        };
        let request = |signer: &EthereumPrivateKey, text: &str| {
            CreateSubkeyRequest::new("bot", subkey.public_key().to_string())
                .siwe_message(Secret::new(text))
                .evm_signature(signer.sign_personal(text).unwrap().to_hex())
        };
        let failed = code(401, "EVM_SIGNATURE_VERIFICATION_FAILED");
        let stranger = ethereum("0x34");
        let theirs = text(&stranger, purpose(subkey.public_key())).text().unwrap();
        assert_eq!(
            refused(register(&client, request(&stranger, &theirs)).await),
            failed
        );
        let other = text(&owner, purpose(key("0x5b2").public_key())).text().unwrap();
        assert_eq!(refused(register(&client, request(&owner, &other)).await), failed);
        let mine = text(&owner, purpose(subkey.public_key())).text().unwrap();
        register(&client, request(&owner, &mine)).await.unwrap();
        let order = order(&subkey, &account, OrderType::Limit, Some("10"), milliseconds());
        place(&client, order).await.unwrap();
        let signed_in = SignIn {
            named: Some(&subkey.public_key().to_string()),
            ..SignIn::new(&exchange, &subkey, &account)
        };
        signed_in.send().await.unwrap();
        assert_eq!(exchange.orders(&account).len(), 1);
    }
}
