//! The client and how it is made.

#[cfg(feature = "blocking")]
pub(crate) mod blocking;
pub(crate) mod environment;
pub(crate) mod options;

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime};

use paradex_api::types::{SystemConfig, SystemStatus};
use paradex_api::{Transport, reqwest, runtime};
use tokio::sync::{OnceCell, watch};

use crate::access::subkeys::Subkeys;
use crate::access::tokens::Tokens;
use crate::auth::{
    self, CredentialProvider, Credentials, Session, SessionKind, SessionSource, SignInError, TokenCache,
};
use crate::client::environment::{Environment, Host};
use crate::client::options::CallOptions;
use crate::error::{AuthenticationError, ConfigurationError, Error};
use crate::pipeline::Pipeline;
use crate::pipeline::audit::{Audit, AuditSink};
use crate::pipeline::clock::ClockOffset;
use crate::pipeline::exchange_status::Status;
use crate::pipeline::halt_gate::Gate;
use crate::pipeline::in_flight::InFlight;
use crate::pipeline::rate_limit::{AccountLimits, RateLimit, RateLimiter, RateLimits};
use crate::pipeline::response_limits::ResponseLimits;
use crate::pipeline::retry::{Budget, RetryPolicy};

/// A client of one account, or of nobody in particular.
///
/// It is cheap to clone and can be used from any task. Clients that are made from one [`ClientGroup`] use one pool
/// of connections and keep to one limit per address.
///
/// ```no_run
/// use paradex_api_ext::{Client, Credentials, Environment};
///
/// # async fn example(token: String) -> Result<(), paradex_api_ext::Error> {
/// let client = Client::builder(Environment::Testnet)
///     .credentials(Credentials::bearer(Environment::Testnet, token)?)
///     .build()?;
/// for token in client.tokens().list().send().await? {
///     println!("{} {}", token.name(), token.allowlist());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    group: ClientGroup,
    source: Arc<SessionSource>,
    options: CallOptions,
    api: paradex_api::Client,
}

impl Client {
    /// Begins a client of this environment. There is no default: whether money is real is said, not
    /// assumed.
    pub fn builder(environment: Environment) -> ClientBuilder {
        ClientBuilder::new(environment)
    }

    /// Makes a client from the environment of the process; see [`ClientBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// As for [`ClientBuilder::from_env`] and [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// The raw client: every operation of the API, over the same path.
    pub fn api(&self) -> &paradex_api::Client {
        &self.api
    }

    /// The same client, whose calls are made like this. It is as cheap as a clone, and has the same session and limits.
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self {
            group: self.group.clone(),
            source: Arc::clone(&self.source),
            options,
            api: self.group.api(&self.source, options, Change::default()),
        }
    }

    /// The account's API tokens and their allowlists.
    pub fn tokens(&self) -> Tokens {
        Tokens::new(self.clone())
    }

    /// The account's subkeys and their allowlists.
    pub fn subkeys(&self) -> Subkeys {
        Subkeys::new(self.clone())
    }

    /// What is left of the limits that the next calls count for: the address's, and those of the account once the client has
    /// a session.
    pub fn rate_limits(&self) -> Vec<RateLimit> {
        let session = self.source.current();
        let account = session.as_deref().map(|session| self.group.limits_of(session));
        self.group.limiter().states(account)
    }

    /// What it shares with the other clients of this process.
    pub fn group(&self) -> &ClientGroup {
        &self.group
    }

    /// The credential that it uses, without its secret; nothing before a provider was asked.
    pub fn credentials(&self) -> Option<Credentials> {
        self.source.current().map(|session| session.credentials().clone())
    }

    /// What its session may do, as far as that is known before the exchange says so.
    pub fn session_kind(&self) -> Option<SessionKind> {
        self.source.current().map(|session| session.kind())
    }

    /// Uses another credential from now on, on all clones of this client. Calls under way end on the old one.
    ///
    /// # Errors
    ///
    /// The credential may not be sent to this exchange; the old one stays in use.
    pub fn replace_credentials(&self, credentials: Credentials) -> Result<(), Error> {
        let session = self.group.session(credentials)?;
        session.reset_backoff();
        self.source.replace(session);
        Ok(())
    }

    /// Asks the credential provider anew, and uses what it answers from now on, on all clones of this client. Without a
    /// provider nothing happens.
    ///
    /// # Errors
    ///
    /// The provider has none, or one that may not be sent to this exchange; the old one stays in use.
    pub async fn reload_credentials(&self) -> Result<(), Error> {
        let old = self.source.current();
        let session = self.in_time(self.source.ask(old.as_ref(), &self.group)).await??;
        if let Some(session) = session {
            session.reset_backoff();
        }
        Ok(())
    }

    /// Signs in now, if there is no good token, instead of with the first call that needs one.
    ///
    /// # Errors
    ///
    /// There is no credential, or signing in failed.
    pub async fn sign_in(&self) -> Result<(), Error> {
        self.in_time(async {
            let Some(session) = self.source.session(&self.group).await? else {
                return Err(ConfigurationError::new(
                    "this client has no credential: give it one with `ClientBuilder::credentials`",
                )
                .into());
            };
            session.reset_backoff();
            session
                .access_token(&self.group, self.deadline())
                .await
                .map_err(AuthenticationError::SignIn)?;
            Ok(())
        })
        .await?
    }

    /// The longest that a call of this client may take.
    pub(crate) fn total(&self) -> Duration {
        self.options.deadline.unwrap_or(self.group.0.timeout)
    }

    /// When a call that begins now has to end.
    pub(crate) fn deadline(&self) -> Instant {
        let now = Instant::now();
        // A deadline beyond what the clock can express is a day.
        now.checked_add(self.total())
            .unwrap_or(now + Duration::from_secs(86_400))
    }

    /// Some work that has the time of one call.
    pub(crate) async fn in_time<T>(&self, work: impl Future<Output = T>) -> Result<T, Error> {
        let late = |_| AuthenticationError::SignIn(Arc::new(SignInError::TimedOut)).into();
        let work = pin!(async { tokio::time::timeout_at(self.deadline().into(), work).await });
        runtime::within(work)
            .await
            .map_err(ConfigurationError::from)?
            .map_err(late)
    }

    /// The raw client over the same path, for a call whose content was signed with this session and is not to be sent
    /// after this moment. It has this much time left.
    pub(crate) fn signed_by(
        &self,
        session: Arc<Session>,
        until: Instant,
        left: Duration,
    ) -> paradex_api::Client {
        let source = Arc::new(self.source.with(session));
        let change = Change {
            fresh_until: Some(until),
            ..Change::default()
        };
        self.group.api(&source, self.options.deadline(left), change)
    }

    /// The same client, whose calls may take so long.
    pub(crate) fn with_deadline(&self, left: Duration) -> Self {
        self.with_options(self.options.deadline(left))
    }

    /// The raw client over the same path, for a change to what stood before as this says.
    pub(crate) fn changing(&self, before: serde_json::Value) -> paradex_api::Client {
        let change = Change {
            before: Some(before),
            ..Change::default()
        };
        self.group.api(&self.source, self.options, change)
    }

    pub(crate) fn source(&self) -> &SessionSource {
        &self.source
    }

    /// The exchange that it speaks to.
    pub fn environment(&self) -> &Environment {
        &self.group.0.environment
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("environment", self.environment())
            .field("credentials", &self.credentials())
            .finish_non_exhaustive()
    }
}

/// What the clients of one process have in common: the connections, the limit per address, and what was
/// learned about the exchange.
///
/// The exchange counts by address as well as by account, and forty bots on one machine have one address.
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
#[derive(Clone)]
pub struct ClientGroup(Arc<Inner>);

struct Inner {
    environment: Environment,
    trusted: Vec<String>,
    http: reqwest::Client,
    #[cfg(feature = "fleet")]
    local_address: Option<IpAddr>,
    timeout: Duration,
    retry: RetryPolicy,
    budget: Mutex<Budget>,
    read_only: bool,
    limiter: RateLimiter,
    bounds: ResponseLimits,
    status: Status,
    audit: Option<Audit>,
    /// Whether trading is halted for all clients.
    gate: Gate,
    in_flight: InFlight,
    sources: Mutex<Vec<Weak<SessionSource>>>,
    config: OnceCell<SystemConfig>,
    clock: Mutex<Option<ClockOffset>>,
    tokens: Mutex<HashMap<String, Weak<TokenCache>>>,
    /// CachedToken while the clock is measured because somebody was told that it is wrong, and when it was last.
    correcting: tokio::sync::Mutex<Option<Instant>>,
    layers: Vec<Layer>,
}

/// What is known of the change that a raw client is made for.
#[derive(Default)]
struct Change {
    fresh_until: Option<Instant>,
    before: Option<serde_json::Value>,
}

/// Puts one transport around another.
type Layer = Box<dyn Fn(Arc<dyn Transport>) -> Arc<dyn Transport> + Send + Sync>;

/// What a panic of somebody else's leaves behind is still whole: every change here is a single assignment.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl ClientGroup {
    /// A client that sends this credential.
    ///
    /// # Errors
    ///
    /// The credential is for another exchange, or for a host that nobody has said to trust.
    pub fn client(&self, credentials: Credentials) -> Result<Client, Error> {
        let session = self.session(credentials)?;
        Ok(self.make(SessionSource::fixed(Some(session))))
    }

    /// A client without a credential, for what everybody may see.
    pub fn anonymous(&self) -> Client {
        self.make(SessionSource::fixed(None))
    }

    /// A client whose credential comes from a provider, which is asked when the first call needs it.
    pub fn client_with_provider(&self, provider: impl CredentialProvider) -> Client {
        self.make(SessionSource::provided(Arc::new(provider)))
    }

    fn make(&self, source: SessionSource) -> Client {
        let source = Arc::new(source);
        let mut sources = locked(&self.0.sources);
        sources.retain(|source| source.strong_count() > 0);
        sources.push(Arc::downgrade(&source));
        drop(sources);
        self.client_of(source)
    }

    /// A client with one session, which [`clients`](Self::clients) does not list.
    pub(crate) fn client_with(&self, session: Arc<Session>) -> Client {
        self.client_of(Arc::new(SessionSource::fixed(Some(session))))
    }

    /// Every client that somebody has, once however many clones there are.
    pub(crate) fn clients(&self) -> Vec<Client> {
        let sources = locked(&self.0.sources).clone();
        let living = sources.iter().filter_map(Weak::upgrade);
        living.map(|source| self.client_of(source)).collect()
    }

    fn client_of(&self, source: Arc<SessionSource>) -> Client {
        let options = CallOptions::new();
        Client {
            api: self.api(&source, options, Change::default()),
            group: self.clone(),
            source,
            options,
        }
    }

    fn api(&self, source: &Arc<SessionSource>, options: CallOptions, change: Change) -> paradex_api::Client {
        let path = Pipeline {
            group: self.clone(),
            source: Arc::clone(source),
            fresh_until: change.fresh_until,
            before: change.before,
            options,
        };
        let mut transport: Arc<dyn Transport> = Arc::new(path);
        for layer in &self.0.layers {
            transport = layer(transport);
        }
        paradex_api::Client::with_transport(self.0.environment.base_url(), transport)
    }

    /// The session of a credential. Clients with the same key for the same purpose share their tokens, and so one
    /// sign-in; each signs with its own signer.
    pub(crate) fn session(&self, credentials: Credentials) -> Result<Arc<Session>, ConfigurationError> {
        let inner = &self.0;
        inner
            .environment
            .may_receive(credentials.environment(), &inner.trusted)?;
        if credentials.session_kind() == SessionKind::Token {
            return Ok(Arc::new(Session::new(credentials, Arc::default())));
        }
        let key = credentials.session_key();
        let tokens = {
            let mut all = locked(&inner.tokens);
            all.retain(|_, tokens| tokens.strong_count() > 0);
            match all.get(&key).and_then(Weak::upgrade) {
                Some(tokens) => tokens,
                None => {
                    let tokens: Arc<TokenCache> = Arc::default();
                    all.insert(key, Arc::downgrade(&tokens));
                    tokens
                }
            }
        };
        Ok(Arc::new(Session::new(credentials, tokens)))
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    /// The address that connections are made from, if one was named.
    #[cfg(feature = "fleet")]
    pub(crate) fn local_address(&self) -> Option<IpAddr> {
        self.0.local_address
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.0.timeout
    }

    pub(crate) fn retry(&self) -> RetryPolicy {
        self.0.retry
    }

    /// Takes another attempt out of what all clients may spend on them.
    pub(crate) fn spend(&self) -> bool {
        locked(&self.0.budget).spend()
    }

    pub(crate) fn earn(&self) {
        locked(&self.0.budget).earn();
    }

    pub(crate) fn is_read_only(&self) -> bool {
        self.0.read_only
    }

    pub(crate) fn limiter(&self) -> &RateLimiter {
        &self.0.limiter
    }

    /// The limits of a session's account.
    pub(crate) fn limits_of<'a>(&self, session: &'a Session) -> &'a AccountLimits {
        session.limits(&self.0.limiter)
    }

    pub(crate) fn status(&self) -> &Status {
        &self.0.status
    }

    pub(crate) fn response_limits(&self) -> ResponseLimits {
        self.0.bounds
    }

    pub(crate) fn audit(&self) -> Option<&Audit> {
        self.0.audit.as_ref()
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.0.gate
    }

    pub(crate) fn in_flight(&self) -> &InFlight {
        &self.0.in_flight
    }

    pub(crate) fn downgrade(&self) -> WeakClientGroup {
        WeakClientGroup(Arc::downgrade(&self.0))
    }

    /// What the exchange takes at present, as far as is known: what it said when it refused an order, or when it was asked
    /// (`api().get_system_state()`). Until it says otherwise it takes everything.
    ///
    /// While it takes less, orders that it would refuse fail at once with [`Error::Withheld`], cancels and reads are made,
    /// and it is asked again every few seconds until it takes everything.
    pub fn exchange_status(&self) -> SystemStatus {
        self.0.status.get()
    }

    /// Follows [`exchange_status`](Self::exchange_status).
    ///
    /// ```no_run
    /// # async fn example(client: paradex_api_ext::Client) {
    /// let mut status = client.group().watch_exchange_status();
    /// while status.changed().await.is_ok() {
    ///     println!("the exchange is in {}", *status.borrow());
    /// }
    /// # }
    /// ```
    pub fn watch_exchange_status(&self) -> watch::Receiver<SystemStatus> {
        self.0.status.subscribe()
    }

    /// The exchange's configuration, asked for once and then kept: chain, contracts, bridged assets.
    ///
    /// # Errors
    ///
    /// The call failed; the next one asks again.
    pub async fn system_config(&self) -> Result<&SystemConfig, Error> {
        let ask = || async {
            let answer = self.anonymous().api().get_system_config().send().await?;
            Ok(answer.into_inner())
        };
        self.0.config.get_or_try_init(ask).await
    }

    /// Asks the exchange for its time, a few times, and remembers how far this machine's clock is off.
    ///
    /// Signing in does this once by itself, and again when the exchange refuses a time.
    ///
    /// # Errors
    ///
    /// The calls failed, the answer holds no time, or the clocks are further apart than a signature should bridge.
    pub async fn measure_clock(&self) -> Result<ClockOffset, Error> {
        let client = self.anonymous();
        let offset = crate::pipeline::clock::measure(client.api()).await?;
        *locked(&self.0.clock) = Some(offset);
        Ok(offset)
    }

    /// Measures the clock because the exchange called a time of this moment wrong. Of many who are told so at once, one
    /// measures.
    pub(crate) async fn correct_clock(&self, told: Instant) -> Result<(), Error> {
        let mut last = self.0.correcting.lock().await;
        if last.is_none_or(|last| last <= told) {
            self.measure_clock().await?;
            *last = Some(Instant::now());
        }
        Ok(())
    }

    /// What [`measure_clock`](Self::measure_clock) found last.
    pub fn clock_offset(&self) -> Option<ClockOffset> {
        *locked(&self.0.clock)
    }

    /// The exchange's time, as far as it is known.
    pub(crate) fn now(&self) -> SystemTime {
        let now = SystemTime::now();
        self.clock_offset().map_or(now, |offset| offset.apply(now))
    }

    /// The exchange that it speaks to.
    pub fn environment(&self) -> &Environment {
        &self.0.environment
    }
}

/// A [`ClientGroup`] that keeps nothing alive.
pub(crate) struct WeakClientGroup(Weak<Inner>);

impl WeakClientGroup {
    pub(crate) fn upgrade(&self) -> Option<ClientGroup> {
        self.0.upgrade().map(ClientGroup)
    }
}

impl fmt::Debug for ClientGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientGroup")
            .field("environment", &self.0.environment)
            .finish_non_exhaustive()
    }
}

/// Settings of a client. Everything has a default but the environment.
///
/// What a credential needs to be safe cannot be switched off: redirects are not followed, certificates are
/// checked, TLS is 1.2 or newer, and the proxies that the machine is set up with are used only if asked for,
/// because they change the address that an allowlist sees.
#[must_use = "nothing is made before `build`"]
pub struct ClientBuilder {
    environment: Environment,
    credentials: Option<Credentials>,
    provider: Option<Arc<dyn CredentialProvider>>,
    trusted: Vec<String>,
    timeout: Duration,
    retry: RetryPolicy,
    read_only: bool,
    connect_timeout: Duration,
    read_timeout: Duration,
    user_agent: Option<String>,
    limits: RateLimits,
    bounds: ResponseLimits,
    audit: Option<(Arc<dyn AuditSink>, bool)>,
    operator: Option<String>,
    proxies: Vec<reqwest::Proxy>,
    system_proxy: bool,
    local_address: Option<IpAddr>,
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    roots: Vec<reqwest::Certificate>,
    http: Http,
    layers: Vec<Layer>,
}

/// Where the HTTP client comes from.
enum Http {
    Ours(Box<reqwest::ClientBuilder>),
    Unmanaged(reqwest::Client),
}

/// The exchange gives up after 30 s and says so; waiting a little longer gets its answer.
const TIMEOUT: Duration = Duration::from_secs(35);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const READ_TIMEOUT: Duration = Duration::from_secs(32);

impl ClientBuilder {
    fn new(environment: Environment) -> Self {
        Self {
            environment,
            credentials: None,
            provider: None,
            trusted: Vec::new(),
            timeout: TIMEOUT,
            retry: RetryPolicy::new(),
            read_only: false,
            connect_timeout: CONNECT_TIMEOUT,
            read_timeout: READ_TIMEOUT,
            user_agent: None,
            limits: RateLimits::published(),
            bounds: ResponseLimits::new(),
            audit: None,
            operator: None,
            proxies: Vec::new(),
            system_proxy: false,
            local_address: None,
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            roots: Vec::new(),
            http: Http::Ours(Box::default()),
            layers: Vec::new(),
        }
    }

    /// Reads the environment of the process.
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `PARADEX_ENVIRONMENT` | `production`, `testnet`, or an https address; required |
    /// | `PARADEX_TOKEN` | a bearer token |
    /// | `PARADEX_PRIVATE_KEY` | the account's own Starknet key, in hex |
    /// | `PARADEX_SUBKEY` | a subkey, in hex; needs `PARADEX_ACCOUNT` |
    /// | `PARADEX_ACCOUNT` | the address of the account; worked out from the key where it is left out |
    ///
    /// At most one of the three secrets, from one place. The places, the best first: a systemd credential of the same name
    /// in lower case with hyphens (`paradex-private-key`); a file, named by the variable with `_FILE` at its end, which
    /// may be a pipe or a descriptor (`/dev/fd/3`) and must not be open to everybody; the variable itself, which other
    /// programs of the same user can read. Two places are an error.
    ///
    /// Nothing here can loosen where a credential may be sent: [`trust_host`](Self::trust_host) and
    /// [`Environment::production_proxy`] are for the program to say. The process keeps its variables in memory for as long
    /// as it runs; of the crate's own copies those of keys are overwritten, see [`auth`](crate::auth).
    ///
    /// # Errors
    ///
    /// A variable is missing or has a value that it cannot have, both token variables are set, or the file
    /// cannot be read.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(|name| std::env::var_os(name))
    }

    fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
        let text = |name: &str| match variable(name).map(OsString::into_string) {
            None => Ok(None),
            Some(Ok(text)) => Ok(Some(text)),
            Some(Err(_)) => Err(ConfigurationError::new(format!("{name} is not UTF-8 text"))),
        };
        let environment = match text("PARADEX_ENVIRONMENT")?.as_deref() {
            None | Some("") => {
                return Err(ConfigurationError::new(
                    "PARADEX_ENVIRONMENT is not set: set it to `production`, `testnet` or an https address",
                )
                .into());
            }
            Some("production") => Environment::Production,
            Some("testnet") => Environment::Testnet,
            Some(address) if address.contains("://") => Environment::custom(address)?,
            Some(other) => {
                return Err(ConfigurationError::new(format!(
                    "PARADEX_ENVIRONMENT is `{}`: it must be `production`, `testnet` or an https address",
                    paradex_api::visible(other, 40)
                ))
                .into());
            }
        };
        let credentials = auth::from_variables(&environment, None, &variable)?;
        let mut builder = Self::new(environment);
        builder.credentials = credentials;
        Ok(builder)
    }

    /// Sends this credential with every operation that wants one.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Gets the credential from here instead, when the first call needs it.
    pub fn credential_provider(mut self, provider: impl CredentialProvider) -> Self {
        self.provider = Some(Arc::new(provider));
        self
    }

    /// Lets credentials travel to this host although it is none of the exchange's: a proxy of your own,
    /// for example. The name is compared whole.
    ///
    /// # Errors
    ///
    /// The text is more or less than a host name.
    pub fn trust_host(mut self, host: &str) -> Result<Self, ConfigurationError> {
        self.trusted.push(Host::parse(host)?.0);
        Ok(self)
    }

    /// The longest that one call may take in all, 35 s by default: the wait for its turn, connecting,
    /// sending and reading.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The longest that making a connection may take, 10 s by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The longest that the exchange may send nothing while an answer is awaited or read, 32 s by default.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = timeout;
        self
    }

    /// How often a call is tried, three times by default. Only what is safe to repeat is: reads, what ends one thing by its
    /// id, and whatever is known not to have been carried out. Order writes are tried once unless
    /// [`CallOptions::retry`] says otherwise. All clients of a [`ClientGroup`] have one budget for it, so that an outage is not
    /// multiplied.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Refuses every call that changes something, before it is sent. Signing in is allowed.
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// Puts a name of yours before ours in `User-Agent`, for example `desk-bot/3.1`.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// The limits to keep to: the published ones by default. Calls beyond them wait for their turn, and those that place or
    /// change orders fail at once; see [`CallOptions`].
    pub fn rate_limits(mut self, limits: RateLimits) -> Self {
        self.limits = limits;
        self
    }

    /// The largest answer that is read.
    pub fn response_limits(mut self, bounds: ResponseLimits) -> Self {
        self.bounds = bounds;
        self
    }

    /// Tells this sink of every change, before it is sent and after it. A sink that fails stops nothing, and the failure is
    /// traced.
    pub fn audit(mut self, sink: impl AuditSink) -> Self {
        self.audit = Some((Arc::new(sink), false));
        self
    }

    /// As [`audit`](Self::audit), but what administers (tokens, subkeys, allowlists, transfers, settings) is withheld if the
    /// sink does not take its intent. Orders and cancels never are.
    pub fn audit_required(mut self, sink: impl AuditSink) -> Self {
        self.audit = Some((Arc::new(sink), true));
        self
    }

    /// Who works with these clients, as the audit sink is told.
    pub fn operator(mut self, name: impl Into<String>) -> Self {
        self.operator = Some(name.into());
        self
    }

    /// Sends everything through this proxy. The exchange, and so every allowlist, then sees its address.
    pub fn proxy(mut self, proxy: reqwest::Proxy) -> Self {
        self.proxies.push(proxy);
        self
    }

    /// Uses the proxies that the machine is set up with (`HTTPS_PROXY` and others). They change the address that
    /// an allowlist sees, so nothing uses them unless this says so. Beside [`proxy`](Self::proxy) it says nothing: the named
    /// ones are used.
    pub fn system_proxy(mut self) -> Self {
        self.system_proxy = true;
        self
    }

    /// Makes connections from this address of the machine, and so in its family alone: for a machine with several, of which an
    /// allowlist names one. `0.0.0.0` and `::` leave the address to the system and pin the family.
    ///
    /// ```
    /// use std::net::Ipv4Addr;
    /// use paradex_api_ext::{Client, Environment};
    ///
    /// // The allowlist has IPv4 networks alone, and the exchange's host may have IPv6 addresses.
    /// let client = Client::builder(Environment::Testnet).local_address(Ipv4Addr::UNSPECIFIED).build()?;
    /// # Ok::<(), paradex_api_ext::Error>(())
    /// ```
    pub fn local_address(mut self, address: impl Into<IpAddr>) -> Self {
        self.local_address = Some(address.into());
        self
    }

    /// Trusts this certificate authority as well, for a proxy that has its own.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub fn root_certificate(mut self, certificate: reqwest::Certificate) -> Self {
        self.roots.push(certificate);
        self
    }

    /// Starts from these settings of the HTTP client: sockets, resolvers, default headers.
    ///
    /// Ours are applied last, so they win: redirects, retries, proxies, time-outs, TLS and its verification, and no
    /// logging of connections.
    pub fn http_client_builder(mut self, builder: reqwest::ClientBuilder) -> Self {
        // The path keeps the time of a call itself. A time-out that was set before cannot be taken away, only moved.
        self.http = Http::Ours(Box::new(builder.timeout(Duration::MAX)));
        self
    }

    /// Uses this finished HTTP client as it is.
    ///
    /// What is lost: whether it follows redirects (and takes signatures and bodies along), whether it checks
    /// certificates, which proxies it uses and what it logs cannot be seen or changed here. The total time-out
    /// still holds; the other settings of this builder that concern HTTP do not.
    pub fn unmanaged_http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Http::Unmanaged(client);
        self
    }

    /// Puts a layer of yours around every call, also those of the raw client and of signing in: to add a header, write an audit
    /// log, count, or answer from a cache. The first one added is the innermost.
    ///
    /// It sees a call once, before it is authorised, and its answer after every attempt. What it answers instead is taken
    /// for the exchange's; a call that it does not send ends in [`Withheld::by_layer`](crate::error::Withheld::by_layer). It is put
    /// around anew for each client, each [`Client::with_options`] and each signed order, so what it counts has to lie outside.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    /// use paradex_api_ext::paradex_api::{Operation, Transport, TransportFuture, reqwest};
    /// use paradex_api_ext::{Client, Environment};
    ///
    /// /// Counts the calls that change something.
    /// struct Writes(Arc<dyn Transport>, Arc<AtomicUsize>);
    ///
    /// impl Transport for Writes {
    ///     fn send<'a>(&'a self, request: reqwest::Request, operation: &'static Operation) -> TransportFuture<'a> {
    ///         if !operation.is_read() {
    ///             self.1.fetch_add(1, Ordering::Relaxed);
    ///         }
    ///         self.0.send(request, operation)
    ///     }
    /// }
    ///
    /// let writes = Arc::new(AtomicUsize::new(0));
    /// let counter = Arc::clone(&writes);
    /// let client = Client::builder(Environment::Testnet)
    ///     .layer(move |inner| Arc::new(Writes(inner, Arc::clone(&counter))))
    ///     .build()?;
    /// # Ok::<(), paradex_api_ext::Error>(())
    /// ```
    pub fn layer(
        mut self,
        layer: impl Fn(Arc<dyn Transport>) -> Arc<dyn Transport> + Send + Sync + 'static,
    ) -> Self {
        self.layers.push(Box::new(layer));
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// The credential may not be sent there, or the HTTP client cannot be set up.
    pub fn build(mut self) -> Result<Client, Error> {
        let (credentials, provider) = (self.credentials.take(), self.provider.take());
        let group = self.build_group()?;
        match (credentials, provider) {
            (Some(_), Some(_)) => Err(ConfigurationError::new(
                "a client has a credential or a provider of one, and not both: keep one of them",
            )
            .into()),
            (Some(credentials), None) => group.client(credentials),
            (None, Some(provider)) => Ok(group.make(SessionSource::provided(provider))),
            (None, None) => Ok(group.anonymous()),
        }
    }

    /// Makes what several clients share. A credential given to this builder is not used by it.
    ///
    /// # Errors
    ///
    /// The HTTP client cannot be set up.
    pub fn build_group(mut self) -> Result<ClientGroup, Error> {
        let limiter = RateLimiter::new(self.limits)?;
        let bounds = self.bounds.check()?;
        let audit = self.audit.take();
        let audit = audit.map(|(sink, required)| Audit::new(sink, required, self.operator.take()));
        let (retry, read_only, layers) = (self.retry, self.read_only, std::mem::take(&mut self.layers));
        let (environment, trusted, timeout) = (self.environment.clone(), self.trusted.clone(), self.timeout);
        #[cfg(feature = "fleet")]
        let local_address = self.local_address;
        Ok(ClientGroup(Arc::new(Inner {
            environment,
            trusted,
            http: self.http_client()?,
            #[cfg(feature = "fleet")]
            local_address,
            timeout,
            retry,
            budget: Mutex::new(Budget::new()),
            read_only,
            limiter,
            bounds,
            status: Status::new(),
            audit,
            gate: Gate::new(),
            in_flight: InFlight::default(),
            sources: Mutex::default(),
            config: OnceCell::new(),
            clock: Mutex::new(None),
            tokens: Mutex::default(),
            correcting: tokio::sync::Mutex::new(None),
            layers,
        })))
    }

    fn http_client(self) -> Result<reqwest::Client, ConfigurationError> {
        const NAME: &str = concat!("paradex-api-ext/", env!("CARGO_PKG_VERSION"));
        let mut builder = match self.http {
            Http::Ours(builder) => *builder,
            Http::Unmanaged(client) => return Ok(client),
        };
        let agent = match self.user_agent {
            Some(name) => format!("{name} {NAME}"),
            None => NAME.to_owned(),
        };
        if !self.system_proxy {
            builder = builder.no_proxy();
        }
        for proxy in self.proxies {
            builder = builder.proxy(proxy);
        }
        if let Some(address) = self.local_address {
            builder = builder.local_address(address);
        }
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        {
            builder = verified(builder, self.roots);
        }
        builder
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .connection_verbose(false)
            .https_only(self.environment.base_url().as_str().starts_with("https:"))
            .tcp_nodelay(true)
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.read_timeout)
            .user_agent(agent)
            .build()
            .map_err(ConfigurationError::http)
    }
}

/// TLS as it has to be, whatever was set before.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn verified(builder: reqwest::ClientBuilder, roots: Vec<reqwest::Certificate>) -> reqwest::ClientBuilder {
    // Choosing the library undoes a configuration that was brought along ready-made.
    #[cfg(feature = "rustls")]
    let builder = builder.tls_backend_rustls();
    #[cfg(not(feature = "rustls"))]
    let builder = builder.tls_backend_native();
    let builder = builder
        .tls_danger_accept_invalid_certs(false)
        .tls_danger_accept_invalid_hostnames(false)
        .tls_version_min(reqwest::tls::Version::TLS_1_2);
    #[cfg(feature = "rustls")]
    let builder = builder.tls_sslkeylogfile(false);
    if roots.is_empty() {
        builder
    } else {
        builder.tls_certs_merge(roots)
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("environment", &self.environment)
            .field("credentials", &self.credentials)
            .field("trusted", &self.trusted)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::ClientBuilder;
    use crate::client::environment::Environment;

    fn from(variables: &[(&str, &str)]) -> Result<ClientBuilder, String> {
        let found = |name: &str| {
            let value = variables.iter().find(|(other, _)| *other == name);
            value.map(|(_, value)| OsString::from(value))
        };
        ClientBuilder::from_variables(found).map_err(|error| error.to_string())
    }

    #[test]
    fn the_environment_is_said_and_never_assumed() {
        for (text, environment) in [
            ("production", Environment::Production),
            ("testnet", Environment::Testnet),
            ("https://api.prod.paradex.trade/v1", Environment::Production),
            (
                "http://127.0.0.1:8080",
                Environment::custom("http://127.0.0.1:8080").unwrap(),
            ),
        ] {
            assert_eq!(
                from(&[("PARADEX_ENVIRONMENT", text)]).unwrap().environment,
                environment
            );
        }
        for variables in [
            vec![],
            vec![("PARADEX_TOKEN", "t")],
            vec![("PARADEX_ENVIRONMENT", "")],
            vec![("PARADEX_ENVIRONMENT", "Production")],
            vec![("PARADEX_ENVIRONMENT", "prod\n\u{1b}[31m")],
            vec![("PARADEX_ENVIRONMENT", "http://example.com")],
        ] {
            let error = from(&variables).unwrap_err();
            assert!(
                error.contains("PARADEX_ENVIRONMENT") || error.contains("https"),
                "{error}"
            );
            assert!(!error.contains(char::is_control), "{error}");
        }
    }

    #[test]
    fn a_credential_of_the_environment_is_for_it_and_loosens_nothing() {
        let token = ("PARADEX_TOKEN", "canary");
        let made = from(&[("PARADEX_ENVIRONMENT", "testnet"), token]).unwrap();
        assert_eq!(
            made.credentials.as_ref().unwrap().environment(),
            &Environment::Testnet
        );
        made.build().unwrap();
        // A host that is none of the exchange's must be trusted by the program.
        let proxied = || from(&[("PARADEX_ENVIRONMENT", "https://proxy.example.com"), token]).unwrap();
        assert!(proxied().build().is_err());
        proxied()
            .trust_host("proxy.example.com")
            .unwrap()
            .build()
            .unwrap();
        // Without one there is a client for what everybody may see.
        assert!(
            from(&[("PARADEX_ENVIRONMENT", "testnet")])
                .unwrap()
                .build()
                .unwrap()
                .credentials()
                .is_none()
        );
    }
}
