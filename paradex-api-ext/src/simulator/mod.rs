//! A local exchange in the process, for examples and tests: yours as well as ours.
//!
//! It speaks real HTTP on a port of 127.0.0.1 that the system chooses, so whatever client you have can call it. It
//! checks every request against the OpenAPI document, verifies what is signed, keeps accounts, tokens, subkeys,
//! allowlists and orders in memory and enforces them, and lets a test break things on demand. Everything else is
//! answered with made-up values that the document allows.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//! use paradex_api::{Client, HttpTransport, types::CreateTokenRequest};
//! use paradex_api_ext::simulator::Simulator;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let exchange = Simulator::start().await?;
//! let transport = HttpTransport::new()?.bearer(&exchange.main_session())?;
//! let client = Client::with_transport(exchange.base_url(), Arc::new(transport));
//!
//! let request = CreateTokenRequest::new(3_600, "market maker", "trading")
//!     .allowed_cidrs(vec!["192.0.2.0/24".to_owned()]);
//! let created = client.create_token().body(request).send().await?;
//!
//! // The token works from its network and from nowhere else.
//! let inside = HttpTransport::from_builder(exchange.http_from([192, 0, 2, 7]))?.bearer(&created.token)?;
//! let outside = HttpTransport::from_builder(exchange.http_from([198, 51, 100, 7]))?.bearer(&created.token)?;
//! let [inside, outside] =
//!     [inside, outside].map(|from| Client::with_transport(exchange.base_url(), Arc::new(from)));
//! inside.list_positions().send().await?;
//! let error = outside.list_positions().send().await.err().ok_or("it was let in")?;
//! assert_eq!(error.code().map(|code| code.as_str()), Some("IP_NOT_ALLOWED"));
//!
//! // An hour later it works no more.
//! exchange.advance(Duration::from_secs(3_600));
//! let error = inside.list_positions().send().await.err().ok_or("it still works")?;
//! assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
//! # Ok(())
//! # }
//! ```
//!
//! # Signing in
//!
//! Accounts have keys, and a signature opens a session as it does at the exchange.
//!
//! ```
//! use std::time::SystemTime;
//! use paradex_api::Client;
//! use paradex_api_ext::signing::{AuthRequest, MessagePrefix};
//! use paradex_api_ext::simulator::Simulator;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let exchange = Simulator::start().await?;
//! let client = Client::new(exchange.base_url())?;
//! let chain_id = client.get_system_config().send().await?.into_inner().starknet_chain_id;
//! let account = exchange.main_account();
//!
//! let timestamp = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
//! let request = AuthRequest { timestamp, expiration: timestamp + 60 };
//! let messages = MessagePrefix::new(&chain_id.unwrap_or_default(), account.parse()?)?;
//! let signature = exchange.main_key().sign(&messages.auth_request(&request))?;
//!
//! let answer = client
//!     .auth()
//!     .paradex_starknet_account(account)
//!     .paradex_starknet_signature(signature.to_wire())
//!     .paradex_timestamp(timestamp.to_string())
//!     .paradex_signature_expiration(request.expiration.to_string())
//!     .send()
//!     .await?;
//! assert!(answer.into_inner().jwt_token.is_some());
//! # Ok(())
//! # }
//! ```
//!
//! # It is not the exchange
//!
//! Nobody outside knows everything that the exchange does. Where its documents are silent, the simulator decides, and
//! says so here; no program should rely on these points:
//!
//! * `token_type`: no source lists the types. Here `read_only` makes a token for GET requests alone, `main` one that may do
//!   what the account's own session may, and `jwt` an ordinary one; their kinds are called like that. Every other text
//!   makes an ordinary token of the kind `api_key`.
//! * Rights: subkeys and other API tokens may do everything except changing tokens and subkeys (403
//!   `REQUEST_NOT_ALLOWED`).
//!   An account for which allowlists are switched off gets the same code, since no source tells the two apart.
//! * A token's list is looked at before the request's rights, and a request's form before its token.
//! * Revoking twice answers twice with success. The allowlist of a token that is dead, or of a subkey that is revoked,
//!   cannot be changed: 404. A public key can be registered once, whatever became of it.
//! * The rate limit is one bucket for each address, and counts every request. Sign-ins and onboarding have a second
//!   one, which counts those that fail too. `X-Ratelimit-Window` is in seconds.
//! * Signing in: an account that is not there is answered 404 `NOT_ONBOARDED`. What is malformed is 400
//!   `INVALID_STARKNET_ADDRESS`, `INVALID_STARKNET_SIGNATURE` or `PUBLIC_KEY_INVALID`. A time too far from the clock
//!   ([`SimulatorBuilder::clock_tolerance`]), an expiration that is past or more than a week after it, and a header
//!   that is no time are 400 `INVALID_TIMESTAMP`; where no expiration is given, half an hour has to be signed. All else
//!   is 401 `STARKNET_SIGNATURE_VERIFICATION_FAILED`, also a subkey that is pending, revoked or unknown. A signature
//!   works again until it expires. A subkey's allowlist holds for its sessions, and not for the sign-in.
//! * What is asked for with a session, retail use or isolated markets, is remembered
//!   ([`SessionSnapshot`]; the claims `usage` and `isolated` of a JWT) and changes nothing.
//! * Onboarding: an account that is there is 400 `ETHEREUM_ADDRESS_ALREADY_ONBOARDED`, by an Ethereum signature
//!   `EVM_ADDRESS_ALREADY_ONBOARDED`. The Ethereum address that a Starknet key names is not kept, and vault operators
//!   are accounts like others. The class hashes by which addresses are made are made up.
//! * Ethereum accounts: the signed text must have the domain of the test exchange, and the lines of
//!   [`SiweMessage`](crate::signing::SiweMessage) and no others. A malformed one is 400
//!   `INVALID_EVM_SIGNATURE`, one that is out of date 400 `INVALID_TIMESTAMP`, one that says or is signed otherwise 401
//!   `EVM_SIGNATURE_VERIFICATION_FAILED`. A nonce may come twice.
//! * Registering a subkey: a signature that is given is verified, and has to be given only if
//!   [`SimulatorBuilder::require_subkey_signature`] says so. An unsigned key may be any number, also none that is a
//!   point of the curve; such a one signs nothing. What is signed to activate a subkey is a reading of the exchange's
//!   document that nobody has confirmed.
//! * Orders are signed by any active key of the session's account; else they are 400 `INVALID_ORDER_SIGNATURE`.
//!   `signature_timestamp` may be `recv_window` old (400 `INVALID_TIMESTAMP`). The same request twice is two orders, if
//!   it has no `client_id`.
//! * Orders are never matched. One of the type `LIMIT` stays `OPEN`, one of the type `MARKET` is filled at once at no
//!   price that is told, and all other types wait for a trigger that never comes (`UNTRIGGERED`). The answer to placing
//!   an order says `NEW`. There are no risk checks, no list of markets, and no limit to the number of orders;
//!   `on_behalf_of_account` is answered 501.
//! * A batch is refused as a whole for a fault of form, time or signature in one order; a `client_id` that is taken
//!   refuses its own order alone. A cancelled order is closed when the answer is sent, with the reason
//!   `USER_CANCELED`. Changing an order changes size, price and trigger price, and nothing else.
//! * Algo orders are verified, and are at work until they are cancelled; they place nothing. Their history is made up.
//! * What [`Simulator::set_status`] does not take is 400 with the exchange's code (`SYSTEM_STATUS_CANCEL_ONLY`), and in
//!   maintenance 503.
//! * A paged list has two pages, but for the history of orders.
//!
//! # It cannot be mistaken for the exchange
//!
//! It answers a chain id of its own and refuses the real ones, so a signature for it opens nothing elsewhere. (Two
//! kinds name no chain: the registration and the activation of a subkey.) Its sessions look like JWTs whose issuer is
//! `paradex-simulator` or begin with `simulated-session-`, its API tokens begin with `simulated-token-`, and it accepts
//! no token that it has not made itself.

mod accounts;
mod allowlist;
mod answer;
mod auth;
mod clock;
mod evm;
mod faults;
mod limit;
mod log;
mod orders;
mod samples;
mod server;
mod session;
mod state;
mod subkeys;
mod tokens;

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use paradex_api::testing::{Document, DocumentError};
use paradex_api::types::SystemStatus;
use paradex_api::{BaseUrl, Secret, reqwest};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

pub use clock::TimeUnit;
pub use faults::{Fault, Injection};
pub use log::LoggedRequest;
pub use orders::OrderSnapshot;
pub use session::SessionSnapshot;
pub use subkeys::{Standing, SubkeySnapshot};
pub use tokens::TokenSnapshot;

use accounts::Account;
use session::Session;
use state::{Settings, World};

use crate::signing::{EthereumAddress, StarknetPrivateKey};

/// The header by which a request says from which address it is to be taken to come. Only the simulator knows it.
pub const ADDRESS_HEADER: &str = "x-simulated-address";

/// Chain ids of the exchange itself. A signature for one of them would be worth something.
const REAL_CHAIN_IDS: [&str; 3] = [
    "PRIVATE_SN_PARACLEAR_MAINNET",
    "PRIVATE_SN_PARACLEAR_TESTNET",
    "PRIVATE_SN_POTC_SEPOLIA",
];

/// A running exchange.
///
/// It is a handle: clones speak of the same exchange, which stops when the last of them is dropped. The port is
/// closed then, and open connections end.
#[derive(Clone)]
pub struct Simulator {
    running: Arc<Running>,
}

/// What stops when it is dropped.
struct Running {
    base_url: BaseUrl,
    world: Arc<World>,
    listener: server::Listener,
    task: OnceLock<AbortHandle>,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(state::locked(&self.listener).take());
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }
}

impl Simulator {
    /// Starts an exchange with one account and the usual settings.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let exchange = Simulator::start().await?;
    /// let client = paradex_api::Client::new(exchange.base_url())?;
    /// let config = client.get_system_config().send().await?;
    /// assert_eq!(config.starknet_chain_id.as_deref(), Some("SIMULATED_SN_PARADEX"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no tokio runtime, or no port. The runtime must have its IO and time drivers, as `#[tokio::main]` and
    /// `#[tokio::test]` give it.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Settings to change before the start.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder {
            settings: Settings {
                seed: 0,
                chain_id: "SIMULATED_SN_PARADEX".to_owned(),
                session_lifetime: Duration::from_secs(300),
                opaque_tokens: false,
                clock_tolerance: Duration::from_secs(60),
                sign_ins_per_minute: 600,
                require_subkey_signature: false,
                token_limit: 50,
                time_unit: TimeUnit::default(),
                ip_restrictions: true,
                requests_per_minute: None,
            },
        }
    }

    /// Its address, `http://127.0.0.1:` and the port.
    pub fn url(&self) -> &str {
        self.running.base_url.as_str()
    }

    /// Its address for a [`Client`](paradex_api::Client).
    pub fn base_url(&self) -> BaseUrl {
        self.running.base_url.clone()
    }

    /// The address of the account that is there from the start.
    pub fn main_account(&self) -> String {
        let state = self.world().state();
        let main = state.accounts.first();
        main.map(|account| account.address.to_string())
            .unwrap_or_default()
    }

    /// The key of the account that is there from the start. It is made from the seed.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::signing::{AccountAddress, Felt, StarknetAccountClasses};
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let exchange = Simulator::start().await?;
    /// let client = paradex_api::Client::new(exchange.base_url())?;
    /// let config = client.get_system_config().send().await?;
    /// let classes = StarknetAccountClasses {
    ///     proxy: Felt::from_hex(config.paraclear_account_proxy_hash.as_deref().unwrap_or_default())?,
    ///     account: Felt::from_hex(config.paraclear_account_hash.as_deref().unwrap_or_default())?,
    /// };
    /// let address = AccountAddress::from_starknet_key(&exchange.main_key().public_key(), classes);
    /// assert_eq!(address.to_string(), exchange.main_account());
    /// # Ok(())
    /// # }
    /// ```
    pub fn main_key(&self) -> StarknetPrivateKey {
        accounts::draw(self.world().settings.seed, 0)
    }

    /// The key of an account that the simulator made.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let exchange = Simulator::start().await?;
    /// let other = exchange.key_of(&exchange.add_account())?;
    /// assert_ne!(other.public_key(), exchange.main_key().public_key());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such account, or somebody else has its key: it was onboarded, or belongs to an Ethereum account.
    pub fn key_of(&self, account: &str) -> Result<StarknetPrivateKey, NotFound> {
        let state = self.world().state();
        let found = state
            .account(account)
            .ok_or_else(|| NotFound::new("account", account))?;
        found
            .private_key(state.seed)
            .ok_or_else(|| NotFound::new("key for the account", account))
    }

    /// Makes one more account, and answers its address.
    pub fn add_account(&self) -> String {
        self.world().state().add_account()
    }

    /// Makes an account that belongs to this Ethereum account, unless it is there, and answers its address.
    ///
    /// It signs in at `POST /v2/auth`, and trades with a subkey that it registers.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let exchange = Simulator::start().await?;
    /// let owner = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266".parse()?;
    /// let account = exchange.add_ethereum_account(owner);
    /// assert_eq!(exchange.add_ethereum_account(owner), account);
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_ethereum_account(&self, owner: EthereumAddress) -> String {
        self.world().state().keep(Account::of_ethereum(owner))
    }

    /// A fresh session of the main account.
    pub fn main_session(&self) -> Secret {
        self.mint(self.main_account(), None)
    }

    /// A fresh session of an account.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let exchange = Simulator::start().await?;
    /// let other = exchange.session_for(&exchange.add_account())?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such account.
    pub fn session_for(&self, account: &str) -> Result<Secret, NotFound> {
        let found = {
            let state = self.world().state();
            state.account(account).map(|account| account.address.to_string())
        };
        let account = found.ok_or_else(|| NotFound::new("account", account))?;
        Ok(self.mint(account, None))
    }

    /// A fresh session of a subkey, for the account that registered it.
    ///
    /// It is made for a pending or revoked subkey too, and then every request with it is answered 401.
    ///
    /// # Errors
    ///
    /// No account has registered this public key.
    pub fn subkey_session(&self, public_key: &str) -> Result<Secret, NotFound> {
        let key = subkeys::canonical(public_key);
        let account = {
            let state = self.world().state();
            let found = state
                .subkeys
                .iter()
                .find(|subkey| Some(&subkey.canonical) == key.as_ref());
            found.map(|subkey| subkey.account().to_owned())
        };
        let account = account.ok_or_else(|| NotFound::new("subkey", public_key))?;
        Ok(self.mint(account, key))
    }

    fn mint(&self, account: String, subkey: Option<String>) -> Secret {
        let world = self.world();
        let now = world.clock.now();
        let session = Session {
            account,
            subkey,
            ..Session::default()
        };
        Secret::new(world.state().mint(session, &world.settings, now))
    }

    /// A session as the exchange has it, by its text; expired ones too, revoked ones not.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let exchange = Simulator::builder().opaque_tokens().start().await?;
    /// let session = exchange.session(exchange.main_session().expose()).ok_or("it is not known")?;
    /// assert_eq!((session.account, session.interactive), (exchange.main_account(), false));
    /// # Ok(())
    /// # }
    /// ```
    pub fn session(&self, text: &str) -> Option<SessionSnapshot> {
        let world = self.world();
        let now = world.clock.now();
        world.state().session(text, now)
    }

    /// Ends every session that there is, as if the exchange had forgotten them: requests with them are answered 401.
    /// API tokens live on.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let exchange = Simulator::start().await?;
    /// let session = exchange.main_session();
    /// exchange.revoke_sessions();
    /// assert_eq!(exchange.session(session.expose()), None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn revoke_sessions(&self) {
        self.world().state().revoke_sessions();
    }

    /// The orders of an account, oldest first; closed ones too.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let exchange = Simulator::start().await?;
    /// assert!(exchange.orders(&exchange.main_account()).is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn orders(&self, account: &str) -> Vec<OrderSnapshot> {
        let state = self.world().state();
        let found = state.account(account).map(|account| account.address.to_string());
        found.map_or_else(Vec::new, |account| state.orders_of(&account))
    }

    /// Sets what the exchange takes: everything, or only some orders, only cancels, or none.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api::{Client, types::SystemStatus};
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let exchange = Simulator::start().await?;
    /// exchange.set_status(SystemStatus::CancelOnly);
    /// let state = Client::new(exchange.base_url())?.get_system_state().send().await?;
    /// assert_eq!(state.status, Some(SystemStatus::CancelOnly));
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_status(&self, status: SystemStatus) {
        self.world().state().status = status;
    }

    /// A builder of HTTP clients whose requests are taken to come from this address.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api::HttpTransport;
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let exchange = Simulator::start().await?;
    /// let transport = HttpTransport::from_builder(exchange.http_from([192, 0, 2, 7]))?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn http_from(&self, address: impl Into<IpAddr>) -> reqwest::ClientBuilder {
        let mut headers = HeaderMap::new();
        if let Ok(address) = HeaderValue::try_from(address.into().to_string()) {
            headers.insert(HeaderName::from_static(ADDRESS_HEADER), address);
        }
        reqwest::Client::builder().default_headers(headers)
    }

    /// Moves the exchange's clock forward, so that sessions and tokens expire and rate limits recover without
    /// waiting.
    pub fn advance(&self, by: Duration) {
        self.world().clock.advance(by);
    }

    /// Moves the exchange's clock back, so that it is behind the client's.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let exchange = Simulator::start().await?;
    /// exchange.rewind(Duration::from_secs(3_600));
    /// # Ok(())
    /// # }
    /// ```
    pub fn rewind(&self, by: Duration) {
        let mut state = self.world().state();
        self.world().clock.rewind(by);
        let by = clock::nanoseconds(by);
        state.buckets.rewind(by);
        state.sign_ins.rewind(by);
    }

    /// Lets something go wrong with a request to come: a [`Fault`] with the next one, an [`Injection`] with those that
    /// it names.
    ///
    /// Every request counts against all injections that it matches. What they do is done in this order: everything
    /// that happens meanwhile, then whatever answers instead of the exchange (the injection made first, a broken
    /// connection before all), then edits of the answer in the order of their injection, and at last the delay
    /// and the broken connection after it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api::{Client, operations, reqwest::StatusCode};
    /// use paradex_api_ext::simulator::{Fault, Injection, Simulator};
    ///
    /// let exchange = Simulator::start().await?;
    /// let client = Client::new(exchange.base_url())?;
    /// let away = Fault::html(StatusCode::BAD_GATEWAY);
    /// exchange.inject(Injection::new(away).on(&operations::LIST_MARKETS).times(2));
    /// assert!(client.list_markets().send().await.is_err());
    /// assert!(client.get_system_time().send().await.is_ok());
    /// assert!(client.list_markets().send().await.is_err());
    /// assert!(client.list_markets().send().await.is_ok());
    /// # Ok(())
    /// # }
    /// ```
    pub fn inject(&self, injection: impl Into<Injection>) {
        self.world().injections().push(injection.into());
    }

    /// Takes back whatever was injected and is not used up, so that everything goes well from now on.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::{Fault, Simulator};
    ///
    /// let exchange = Simulator::start().await?;
    /// exchange.inject(Fault::reset_before());
    /// exchange.clear_injections();
    /// paradex_api::Client::new(exchange.base_url())?.list_markets().send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn clear_injections(&self) {
        self.world().injections().clear();
    }

    /// How many connections are open: those with a request under way, those that a client keeps, and those that are half
    /// closed.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let exchange = Simulator::start().await?;
    /// let client = paradex_api::Client::new(exchange.base_url())?;
    /// client.list_markets().send().await?;
    /// assert_eq!(exchange.connections(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn connections(&self) -> usize {
        self.world().connections.load(Ordering::Relaxed)
    }

    /// The requests that arrived, oldest first. The newest 10,000 are kept, or fewer if their bodies are large.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api::Client;
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let exchange = Simulator::start().await?;
    /// Client::new(exchange.base_url())?.list_markets().send().await?;
    /// let requests = exchange.requests();
    /// let [request] = requests.as_slice() else { return Err("it sent another number".into()) };
    /// assert_eq!((request.path(), request.status()), ("/v1/markets", Some(200)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.world().log().requests()
    }

    /// A token as the exchange has it, by its `lookup_id`; dead ones too.
    pub fn token(&self, lookup_id: &str) -> Option<TokenSnapshot> {
        let world = self.world();
        let now = world.clock.now();
        let state = world.state();
        let token = state.tokens.iter().find(|token| token.lookup_id == lookup_id)?;
        Some(token.snapshot(world.settings.time_unit, now))
    }

    /// Puts a list, or anything else, in the place of a token's allowlist, as no client could.
    ///
    /// A list of texts, `None::<Vec<String>>` or any other JSON will do. `null` and an empty list let everybody in, and
    /// what cannot be read lets nobody in.
    ///
    /// ```
    /// # use paradex_api_ext::simulator::{NotFound, Simulator};
    /// # fn test(exchange: &Simulator, lookup_id: &str) -> Result<(), NotFound> {
    /// exchange.set_token_allowlist(lookup_id, vec!["192.0.2.0/24"])?;
    /// exchange.set_token_allowlist(lookup_id, "no list at all")?;
    /// assert_eq!(exchange.token(lookup_id).and_then(|token| token.allowed_cidrs), None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such token.
    pub fn set_token_allowlist(&self, lookup_id: &str, list: impl Into<Value>) -> Result<(), NotFound> {
        let world = self.world();
        let (now, unit) = (world.clock.now(), world.settings.time_unit);
        let mut state = world.state();
        let token = state
            .tokens
            .iter_mut()
            .find(|token| token.lookup_id == lookup_id)
            .ok_or_else(|| NotFound::new("token", lookup_id))?;
        token.set_allowlist(list.into(), unit, now);
        Ok(())
    }

    /// A subkey as the exchange has it, by its public key; revoked ones too.
    pub fn subkey(&self, public_key: &str) -> Option<SubkeySnapshot> {
        let key = subkeys::canonical(public_key)?;
        let world = self.world();
        let state = world.state();
        let subkey = state.subkeys.iter().find(|subkey| subkey.canonical == key)?;
        Some(subkey.snapshot(world.settings.time_unit))
    }

    /// Puts a list, or anything else, in the place of a subkey's allowlist, as no client could. See
    /// [`set_token_allowlist`](Self::set_token_allowlist).
    ///
    /// # Errors
    ///
    /// No account has registered this public key.
    pub fn set_subkey_allowlist(&self, public_key: &str, list: impl Into<Value>) -> Result<(), NotFound> {
        let key = subkeys::canonical(public_key);
        let world = self.world();
        let (now, unit) = (world.clock.now(), world.settings.time_unit);
        let mut state = world.state();
        let subkey = state
            .subkeys
            .iter_mut()
            .find(|subkey| Some(&subkey.canonical) == key.as_ref())
            .ok_or_else(|| NotFound::new("subkey", public_key))?;
        subkey.set_allowlist(list.into(), unit, now);
        Ok(())
    }

    fn world(&self) -> &World {
        &self.running.world
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// Settings of a simulator that is not started yet.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
/// use paradex_api_ext::simulator::{Simulator, TimeUnit};
///
/// let exchange = Simulator::builder()
///     .seed(7)
///     .session_lifetime(Duration::from_secs(60))
///     .opaque_tokens()
///     .clock_tolerance(Duration::from_secs(5))
///     .sign_ins_per_minute(30)
///     .require_subkey_signature()
///     .time_unit(TimeUnit::Seconds)
///     .start()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "it starts with `start`"]
pub struct SimulatorBuilder {
    settings: Settings,
}

impl SimulatorBuilder {
    /// Chooses ids and made-up values: the same seed and the same calls give the same ones. 0 if nothing is said.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// The chain id that the exchange answers, `SIMULATED_SN_PARADEX` if nothing is said. [`start`](Self::start) refuses
    /// those of the real exchange.
    pub fn chain_id(mut self, chain_id: impl Into<String>) -> Self {
        self.settings.chain_id = chain_id.into();
        self
    }

    /// How long a session lives: 5 minutes if nothing is said.
    pub fn session_lifetime(mut self, lifetime: Duration) -> Self {
        self.settings.session_lifetime = lifetime;
        self
    }

    /// Makes sessions whose text is no JWT, and says nothing but that it is simulated.
    pub fn opaque_tokens(mut self) -> Self {
        self.settings.opaque_tokens = true;
        self
    }

    /// How far the time of a signature may be from the exchange's clock: a minute if nothing is said.
    ///
    /// Sign-ins and activations of subkeys may lie as far back or ahead, orders and registrations as far ahead.
    pub fn clock_tolerance(mut self, tolerance: Duration) -> Self {
        self.settings.clock_tolerance = tolerance;
        self
    }

    /// Refuses with 429 what an address signs in or onboards beyond this: 600 if nothing is said.
    pub fn sign_ins_per_minute(mut self, sign_ins: u32) -> Self {
        self.settings.sign_ins_per_minute = sign_ins;
        self
    }

    /// Refuses to register a subkey without the account's signature. If nothing is said, one that is given is
    /// checked, and none need be given.
    pub fn require_subkey_signature(mut self) -> Self {
        self.settings.require_subkey_signature = true;
        self
    }

    /// How many live tokens an account may have: 50 if nothing is said.
    pub fn token_limit(mut self, tokens: usize) -> Self {
        self.settings.token_limit = tokens;
        self
    }

    /// In which unit times of tokens and subkeys are answered: nanoseconds if nothing is said.
    pub fn time_unit(mut self, unit: TimeUnit) -> Self {
        self.settings.time_unit = unit;
        self
    }

    /// Whether accounts may use allowlists. If not, requests that would set one are refused with
    /// `REQUEST_NOT_ALLOWED`.
    pub fn ip_restrictions(mut self, on: bool) -> Self {
        self.settings.ip_restrictions = on;
        self
    }

    /// Refuses what an address sends beyond this with 429. Not limited if nothing is said.
    pub fn requests_per_minute(mut self, requests: u32) -> Self {
        self.settings.requests_per_minute = Some(requests);
        self
    }

    /// Starts the exchange.
    ///
    /// # Errors
    ///
    /// The chain id is one of the real exchange or none at all, there is no tokio runtime, or there is no port. The runtime
    /// has to be built with `enable_all`; without timers and sockets tokio panics.
    pub async fn start(self) -> Result<Simulator, StartError> {
        let chain_id = &self.settings.chain_id;
        if REAL_CHAIN_IDS
            .iter()
            .any(|real| real.eq_ignore_ascii_case(chain_id.trim()))
        {
            return Err(StartError::RealChain {
                chain_id: chain_id.clone(),
            });
        }
        if chain_id.is_empty() || chain_id.len() > 31 || !chain_id.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(StartError::ChainId {
                chain_id: chain_id.clone(),
            });
        }
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| StartError::NoRuntime)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let running = Arc::new(Running {
            base_url: BaseUrl::parse(&url).map_err(io::Error::other)?,
            world: Arc::new(World::new(self.settings, document()?)),
            listener: Arc::new(Mutex::new(Some(listener))),
            task: OnceLock::new(),
        });
        let accept = server::accept(
            Arc::clone(&running.listener),
            Arc::clone(&running.world),
            Arc::downgrade(&running),
        );
        // It is set here and nowhere else.
        let _ = running.task.set(runtime.spawn(accept).abort_handle());
        Ok(Simulator { running })
    }
}

/// The document, which is read once.
fn document() -> Result<&'static Document, DocumentError> {
    static DOCUMENT: OnceLock<Document> = OnceLock::new();
    if let Some(document) = DOCUMENT.get() {
        return Ok(document);
    }
    let document = Document::parse(paradex_api::DOCUMENT)?;
    Ok(DOCUMENT.get_or_init(|| document))
}

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The chain id belongs to the real exchange.
    #[error("{chain_id:?} is the real exchange's; a simulator that answers it could be mistaken for that")]
    #[non_exhaustive]
    RealChain {
        /// What was given.
        chain_id: String,
    },
    /// The chain id is none.
    #[error("{chain_id:?} is no chain id; it must be 1 to 31 visible ASCII characters")]
    #[non_exhaustive]
    ChainId {
        /// What was given.
        chain_id: String,
    },
    /// It was not called within a tokio runtime.
    #[error("there is no tokio runtime; start it within `#[tokio::main]` or `#[tokio::test]`")]
    NoRuntime,
    /// There is no port to listen on.
    #[error("no port of 127.0.0.1 could be opened")]
    Listen(#[from] io::Error),
    /// The OpenAPI document of this build cannot be read.
    #[error("the OpenAPI document of this build cannot be read")]
    Document(#[from] DocumentError),
}

/// The simulator has nothing by this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the simulator has no {what} {name:?}")]
pub struct NotFound {
    what: &'static str,
    name: String,
}

impl NotFound {
    fn new(what: &'static str, name: &str) -> Self {
        Self {
            what,
            name: name.to_owned(),
        }
    }
}
