//! Tests of the simulator, over real HTTP and with the raw client.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "everything here is a test, also the functions between the tests"
)]

#[rustfmt::skip]
#[path = "../../../paradex-api/tests/wire/calls.rs"]
mod calls;
mod ethereum;
mod faults;
mod leniency;
mod markets;
mod order_methods;
mod orders;
#[path = "../support/random.rs"]
mod random;
mod serving;
mod signing_in;
mod stream;
mod subkeys;
mod tokens;
mod trading;

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
use paradex_api_ext::simulator::{Fault, Injection, Simulator, StartError, SubkeyStatus, TimeUnit};
use reqwest::StatusCode;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const KEY: &str = "0x0123abc";

/// The default chain id of a simulator.
const CHAIN: &str = "SIMULATED_SN_PARADEX";

/// The header in which a request names the IP address that it appears to come from.
const ADDRESS_HEADER: &str = "x-simulated-address";

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

/// An response that was decoded.
struct Answered;

impl Answered {
    #[allow(clippy::new_ret_no_self, reason = "a call has an answer or an error")]
    fn new<T>(response: Result<Response<T>, Error>) -> Result<Self, Error> {
        response.map(|_| Self)
    }
}

fn with(simulator: &Simulator, http: reqwest::ClientBuilder, secret: &Secret) -> Client {
    let transport = HttpTransport::from_builder(http).unwrap().bearer(secret).unwrap();
    Client::with_transport(simulator.base_url(), Arc::new(transport))
}

fn client(simulator: &Simulator, secret: &Secret) -> Client {
    with(simulator, reqwest::Client::builder(), secret)
}

fn main_client(simulator: &Simulator) -> Client {
    client(simulator, &simulator.main_session())
}

fn from(simulator: &Simulator, address: &str, secret: &Secret) -> Client {
    let address: IpAddr = address.parse().unwrap();
    with(simulator, simulator.http_from(address), secret)
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

/// An HTTP client without the settings of ours.
fn http() -> reqwest::Client {
    paradex_api::tls::install_default_provider().unwrap();
    reqwest::Client::new()
}

/// Status and body of a request without any client in between.
async fn raw(simulator: &Simulator, method: &str, path: &str, body: &str) -> (u16, Value) {
    let method = method.parse().unwrap();
    let request = http().request(method, format!("{}{path}", simulator.url()));
    let request = request.bearer_auth(simulator.main_session().expose());
    let request = request
        .header("content-type", "application/json")
        .body(body.to_owned());
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (
        status,
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap(),
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

/// Returns the address of the account that this key opens.
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

fn limit(simulator: &Simulator) -> OrderRequest {
    let (key, account) = (simulator.main_key(), simulator.main_account());
    order(&key, &account, OrderType::Limit, Some("10"), milliseconds())
}

async fn place(client: &Client, order: OrderRequest) -> Result<String, Error> {
    let response = client.create_order().body(order).send().await?.into_inner();
    assert_eq!(response.status, Some(OrderStatus::New));
    Ok(response.id.unwrap())
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
    fn new(simulator: &Simulator, key: &StarknetPrivateKey, account: &str) -> Self {
        let begin = seconds();
        Self {
            client: Client::new(simulator.base_url()).unwrap(),
            account: account.to_owned(),
            signature: sign_in_signature(key, &prefix(account), begin, begin + 60),
            begin,
            end: Some(begin + 60),
            named: None,
        }
    }

    async fn send(&self) -> Result<Secret, Error> {
        let (account, signature) = (&self.account, Secret::new(self.signature.expose()));
        let response = match self.named {
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
        Ok(response.into_inner().jwt_token.unwrap())
    }

    /// Status and code of the refusal.
    async fn refused(&self) -> (u16, String) {
        refused(self.send().await)
    }
}

fn code(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}
