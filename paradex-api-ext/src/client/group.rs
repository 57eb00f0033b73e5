//! What the clients of one process share: connections, limits, and what is known about the exchange.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use paradex_api::types::SystemConfig;
use paradex_api::{Transport, reqwest};
use tokio::sync::OnceCell;

use super::Client;
use super::environment::Environment;
use super::options::CallOptions;
use super::state::ClientState;
use crate::auth::{CredentialProvider, Credentials, Session, SessionKind, SessionSource, TokenCache};
use crate::error::{ConfigurationError, Error};
use crate::pipeline::audit::Audit;
use crate::pipeline::clock::ClockOffset;
use crate::pipeline::exchange_status::ExchangeStatus;
use crate::pipeline::halt_gate::HaltGate;
use crate::pipeline::in_flight::InFlight;
#[cfg(feature = "stream")]
use crate::pipeline::order_wire::OrderWire;
use crate::pipeline::rate_limit::{AccountLimits, RateLimiter};
use crate::pipeline::response_limits::ResponseLimits;
use crate::pipeline::retry::{RetryBudget, RetryPolicy};
use crate::pipeline::{CallContext, Pipeline};

/// Creates clients that share connections, rate limits, and what is known about the exchange.
///
/// The exchange limits calls by IP address as well as by account, and all bots on one machine have one address.
///
/// ```
/// use paradex_api_ext::{Client, Credentials, Environment};
///
/// let group = Client::builder(Environment::Testnet).build_group()?;
/// let one = group.client(Credentials::bearer(Environment::Testnet, "token-of-one")?)?;
/// let two = group.client(Credentials::bearer(Environment::Testnet, "token-of-two")?)?;
/// // A credential of another exchange is refused.
/// assert!(group.client(Credentials::bearer(Environment::Production, "token")?).is_err());
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
#[doc(alias = "connection pool")]
#[derive(Clone)]
pub struct ClientGroup(Arc<Inner>);

struct Inner {
    settings: GroupSettings,
    retry_budget: Mutex<RetryBudget>,
    status: ExchangeStatus,
    /// Whether trading is halted for all clients.
    halt_gate: HaltGate,
    in_flight: InFlight,
    clients: Mutex<Vec<Weak<ClientState>>>,
    config: OnceCell<SystemConfig>,
    clock_offset: Mutex<Option<ClockOffset>>,
    /// When the clock was last measured because the exchange refused a timestamp. Locked during the measurement.
    clock_corrected: tokio::sync::Mutex<Option<Instant>>,
    token_caches: Mutex<HashMap<String, Weak<TokenCache>>>,
    #[cfg(feature = "stream")]
    hub: crate::stream::Hub,
    /// The order sockets, of which a halt uses those that are connected.
    #[cfg(feature = "stream")]
    order_wires: Mutex<Vec<Weak<OrderWire>>>,
    #[cfg(feature = "stream")]
    own_orders: crate::stream::account::OwnOrders,
}

/// The settings of a group, which do not change.
pub(super) struct GroupSettings {
    pub(super) environment: Environment,
    pub(super) trusted_hosts: Vec<String>,
    pub(super) http: reqwest::Client,
    #[cfg(feature = "stream")]
    pub(super) stream_http: super::http::StreamHttp,
    pub(super) local_address: Option<IpAddr>,
    pub(super) timeout: Duration,
    pub(super) retry: RetryPolicy,
    pub(super) read_only: bool,
    pub(super) limiter: RateLimiter,
    pub(super) response_limits: ResponseLimits,
    pub(super) audit: Option<Audit>,
    pub(super) layers: Vec<Layer>,
}

/// Puts one transport around another.
pub(super) type Layer = Box<dyn Fn(Arc<dyn Transport>) -> Arc<dyn Transport> + Send + Sync>;

/// Locks a value that is whole even after a panic, because every change to it is a single assignment.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl ClientGroup {
    pub(super) fn new(settings: GroupSettings) -> Self {
        Self(Arc::new(Inner {
            settings,
            retry_budget: Mutex::new(RetryBudget::new()),
            status: ExchangeStatus::new(),
            halt_gate: HaltGate::new(),
            in_flight: InFlight::default(),
            clients: Mutex::default(),
            config: OnceCell::new(),
            clock_offset: Mutex::new(None),
            clock_corrected: tokio::sync::Mutex::new(None),
            token_caches: Mutex::default(),
            #[cfg(feature = "stream")]
            hub: crate::stream::Hub::default(),
            #[cfg(feature = "stream")]
            order_wires: Mutex::default(),
            #[cfg(feature = "stream")]
            own_orders: crate::stream::account::OwnOrders::default(),
        }))
    }

    /// Creates a client that authenticates with this credential.
    ///
    /// # Errors
    ///
    /// The credential is for another exchange, or for a host that is not trusted; see
    /// [`ClientBuilder::trust_host`](crate::ClientBuilder::trust_host).
    pub fn client(&self, credentials: Credentials) -> Result<Client, Error> {
        let session = self.session(credentials)?;
        Ok(self.new_client(SessionSource::fixed(Some(session))))
    }

    /// Creates a client without a credential, for public data.
    #[doc(alias = "unauthenticated")]
    pub fn anonymous(&self) -> Client {
        self.new_client(SessionSource::fixed(None))
    }

    /// Creates a client that asks a provider for its credential when the first call needs it.
    pub fn client_with_provider(&self, provider: impl CredentialProvider) -> Client {
        self.new_client(SessionSource::from_provider(Arc::new(provider)))
    }

    pub(super) fn new_client(&self, sessions: SessionSource) -> Client {
        let state = Arc::new(ClientState::new(sessions));
        let mut clients = locked(&self.0.clients);
        clients.retain(|state| state.strong_count() > 0);
        clients.push(Arc::downgrade(&state));
        drop(clients);
        self.client_with_state(state)
    }

    /// Creates a client with one session, which [`clients`](Self::clients) does not list.
    pub(crate) fn client_with_session(&self, session: Arc<Session>) -> Client {
        let sessions = SessionSource::fixed(Some(session));
        self.client_with_state(Arc::new(ClientState::new(sessions)))
    }

    /// The clients that still exist, each once however many clones there are.
    pub(crate) fn clients(&self) -> Vec<Client> {
        let clients = locked(&self.0.clients).clone();
        let existing = clients.iter().filter_map(Weak::upgrade);
        existing.map(|state| self.client_with_state(state)).collect()
    }

    pub(super) fn client_with_state(&self, state: Arc<ClientState>) -> Client {
        Client {
            api: self.raw_client(&state, CallContext::default()),
            group: self.clone(),
            state,
            options: CallOptions::new(),
        }
    }

    /// The raw client over a pipeline with this context.
    pub(super) fn raw_client(&self, state: &Arc<ClientState>, context: CallContext) -> paradex_api::Client {
        let pipeline = Pipeline {
            group: self.clone(),
            state: Arc::clone(state),
            context,
        };
        let mut transport: Arc<dyn Transport> = Arc::new(pipeline);
        for layer in &self.settings().layers {
            transport = layer(transport);
        }
        paradex_api::Client::with_transport(self.environment().base_url(), transport)
    }

    /// The session of a credential. Clients with the same key for the same purpose share their tokens, and so one sign-in; each
    /// signs with its own signer.
    pub(crate) fn session(&self, credentials: Credentials) -> Result<Arc<Session>, ConfigurationError> {
        self.environment()
            .may_receive(credentials.environment(), &self.settings().trusted_hosts)?;
        if credentials.session_kind() == SessionKind::Token {
            return Ok(Arc::new(Session::new(credentials, Arc::default())));
        }
        let key = credentials.session_key();
        let tokens = {
            let mut caches = locked(&self.0.token_caches);
            caches.retain(|_, tokens| tokens.strong_count() > 0);
            match caches.get(&key).and_then(Weak::upgrade) {
                Some(tokens) => tokens,
                None => {
                    let tokens: Arc<TokenCache> = Arc::default();
                    caches.insert(key, Arc::downgrade(&tokens));
                    tokens
                }
            }
        };
        Ok(Arc::new(Session::new(credentials, tokens)))
    }

    /// Returns the exchange's configuration: chain, contracts, bridged assets. The first call asks the exchange, and the response
    /// is cached.
    ///
    /// # Errors
    ///
    /// The call fails. The next one asks again.
    pub async fn system_config(&self) -> Result<&SystemConfig, Error> {
        let ask = || async {
            let response = self.anonymous().api().get_system_config().send().await?;
            Ok(response.into_inner())
        };
        self.0.config.get_or_try_init(ask).await
    }

    /// Returns the offset that [`measure_clock`](Self::measure_clock) found last.
    pub fn clock_offset(&self) -> Option<ClockOffset> {
        *locked(&self.0.clock_offset)
    }

    /// Returns the exchange that the clients of this group talk to.
    pub fn environment(&self) -> &Environment {
        &self.settings().environment
    }

    /// Returns the local address of all connections, if [`ClientBuilder::local_address`](crate::ClientBuilder::local_address) set
    /// one.
    pub fn local_address(&self) -> Option<IpAddr> {
        self.settings().local_address
    }

    pub(super) fn set_clock_offset(&self, offset: ClockOffset) {
        *locked(&self.0.clock_offset) = Some(offset);
    }

    pub(super) fn clock_corrected(&self) -> &tokio::sync::Mutex<Option<Instant>> {
        &self.0.clock_corrected
    }

    fn settings(&self) -> &GroupSettings {
        &self.0.settings
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.settings().http
    }

    /// The account streams, which wait for the events of own orders.
    #[cfg(feature = "stream")]
    pub(crate) fn own_orders(&self) -> &crate::stream::account::OwnOrders {
        &self.0.own_orders
    }

    #[cfg(feature = "stream")]
    pub(crate) fn hub(&self) -> &crate::stream::Hub {
        &self.0.hub
    }

    /// Remembers an order socket for halts.
    #[cfg(feature = "stream")]
    pub(crate) fn add_order_wire(&self, wire: &Arc<OrderWire>) {
        let mut wires = locked(&self.0.order_wires);
        wires.retain(|wire| wire.strong_count() > 0);
        wires.push(Arc::downgrade(wire));
    }

    /// The order sockets that are connected with this session.
    #[cfg(feature = "stream")]
    pub(crate) fn order_wires(&self, session: &Session) -> Vec<Arc<OrderWire>> {
        let wires = locked(&self.0.order_wires).clone();
        let existing = wires.iter().filter_map(Weak::upgrade);
        existing.filter(|wire| wire.ready(session).is_some()).collect()
    }

    /// The HTTP client that opens WebSockets.
    #[cfg(feature = "stream")]
    pub(crate) fn stream_http(&self) -> Result<reqwest::Client, ConfigurationError> {
        self.settings().stream_http.client(self.http())
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.settings().timeout
    }

    pub(crate) fn retry_policy(&self) -> RetryPolicy {
        self.settings().retry
    }

    /// Takes a retry from the budget of all clients, if the budget allows one.
    pub(crate) fn spend_retry(&self) -> bool {
        locked(&self.0.retry_budget).spend()
    }

    /// Returns a part of a retry to the budget, after a success.
    pub(crate) fn earn_retry(&self) {
        locked(&self.0.retry_budget).earn();
    }

    pub(crate) fn is_read_only(&self) -> bool {
        self.settings().read_only
    }

    pub(crate) fn limiter(&self) -> &RateLimiter {
        &self.settings().limiter
    }

    /// The limits of a session's account.
    pub(crate) fn limits_of<'a>(&self, session: &'a Session) -> &'a AccountLimits {
        session.limits(self.limiter())
    }

    pub(crate) fn status(&self) -> &ExchangeStatus {
        &self.0.status
    }

    pub(crate) fn response_limits(&self) -> ResponseLimits {
        self.settings().response_limits
    }

    pub(crate) fn audit(&self) -> Option<&Audit> {
        self.settings().audit.as_ref()
    }

    pub(crate) fn halt_gate(&self) -> &HaltGate {
        &self.0.halt_gate
    }

    pub(crate) fn in_flight(&self) -> &InFlight {
        &self.0.in_flight
    }

    pub(crate) fn downgrade(&self) -> WeakClientGroup {
        WeakClientGroup(Arc::downgrade(&self.0))
    }
}

impl fmt::Debug for ClientGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientGroup")
            .field("environment", self.environment())
            .finish_non_exhaustive()
    }
}

/// A [`ClientGroup`] that keeps nothing alive.
pub(crate) struct WeakClientGroup(Weak<Inner>);

impl WeakClientGroup {
    pub(crate) fn upgrade(&self) -> Option<ClientGroup> {
        self.0.upgrade().map(ClientGroup)
    }
}
