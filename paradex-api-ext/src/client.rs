//! The client and how it is made.

use std::ffi::OsString;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use paradex_api::types::SystemConfig;
use paradex_api::{Secret, reqwest};
use tokio::sync::OnceCell;

use crate::credentials::Credentials;
use crate::environment::{Environment, Host};
use crate::error::{ConfigurationError, Error};
use crate::limit::Bucket;
use crate::subkeys::Subkeys;
use crate::tokens::Tokens;
use crate::transport::Path;

/// A client of one account, or of nobody in particular.
///
/// It is cheap to clone and can be used from any task. Clients that are made from one [`Shared`] use one pool
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
    shared: Shared,
    credentials: Option<Credentials>,
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

    /// The account's API tokens and their allowlists.
    pub fn tokens(&self) -> Tokens {
        Tokens::new(self.clone())
    }

    /// The account's subkeys and their allowlists.
    pub fn subkeys(&self) -> Subkeys {
        Subkeys::new(self.clone())
    }

    /// What it shares with the other clients of this process.
    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    /// The credential that it sends, without its secret.
    pub fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }

    /// The exchange that it speaks to.
    pub fn environment(&self) -> &Environment {
        &self.shared.0.environment
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("environment", self.environment())
            .field("credentials", &self.credentials)
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
/// let shared = Client::builder(Environment::Testnet).build_shared()?;
/// let one = shared.client(Credentials::bearer(Environment::Testnet, "token-of-one")?)?;
/// let two = shared.client(Credentials::bearer(Environment::Testnet, "token-of-two")?)?;
/// // A credential of another exchange is refused.
/// assert!(shared.client(Credentials::bearer(Environment::Production, "token")?).is_err());
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
#[derive(Clone)]
pub struct Shared(Arc<Inner>);

pub(crate) struct Inner {
    environment: Environment,
    trusted: Vec<String>,
    pub(crate) http: reqwest::Client,
    pub(crate) timeout: Duration,
    bucket: Option<Mutex<Bucket>>,
    config: OnceCell<SystemConfig>,
    clock: Mutex<Option<ClockOffset>>,
}

impl Inner {
    /// The wait for a call's turn, or the wait that would be too long.
    pub(crate) fn turn(&self, longest: Duration) -> Result<Duration, Duration> {
        match &self.bucket {
            Some(bucket) => bucket
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(Instant::now(), longest),
            None => Ok(Duration::ZERO),
        }
    }
}

impl Shared {
    /// A client that sends this credential.
    ///
    /// # Errors
    ///
    /// The credential is for another exchange, or for a host that nobody has said to trust.
    pub fn client(&self, credentials: Credentials) -> Result<Client, Error> {
        let inner = &self.0;
        inner
            .environment
            .may_receive(credentials.environment(), &inner.trusted)?;
        Ok(self.make(Some(credentials)))
    }

    /// A client without a credential, for what everybody may see.
    pub fn anonymous(&self) -> Client {
        self.make(None)
    }

    fn make(&self, credentials: Option<Credentials>) -> Client {
        let path = Path {
            shared: Arc::clone(&self.0),
            credentials: credentials.clone(),
        };
        let api = paradex_api::Client::with_transport(self.0.environment.base_url(), Arc::new(path));
        Client {
            shared: self.clone(),
            credentials,
            api,
        }
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

    /// Asks the exchange for its time and remembers how far this machine's clock is off.
    ///
    /// # Errors
    ///
    /// The call failed, or its answer holds no time.
    pub async fn measure_clock(&self) -> Result<ClockOffset, Error> {
        let before = SystemTime::now();
        let start = Instant::now();
        let answer = self.anonymous().api().get_system_time().send().await?;
        let round_trip = start.elapsed();
        let milliseconds = answer.server_time.as_deref().and_then(|text| text.parse().ok());
        let Some(server) = milliseconds.and_then(crate::time::time_of) else {
            return Err(crate::error::InvalidInput::new(
                "server_time",
                answer.server_time.as_deref().unwrap_or_default(),
                "the exchange's time is no number of milliseconds",
                "try again later",
            )
            .into());
        };
        // The exchange read its clock somewhere in between; halfway is the best guess.
        let local = before + round_trip / 2;
        let offset = ClockOffset {
            ahead: local.duration_since(server).is_ok(),
            by: local
                .duration_since(server)
                .unwrap_or_else(|earlier| earlier.duration()),
            error: round_trip / 2,
        };
        *self.0.clock.lock().unwrap_or_else(PoisonError::into_inner) = Some(offset);
        Ok(offset)
    }

    /// What [`measure_clock`](Self::measure_clock) found last.
    pub fn clock_offset(&self) -> Option<ClockOffset> {
        *self.0.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The exchange that it speaks to.
    pub fn environment(&self) -> &Environment {
        &self.0.environment
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("environment", &self.0.environment)
            .finish_non_exhaustive()
    }
}

/// How far this machine's clock is from the exchange's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClockOffset {
    /// Whether this machine is ahead of the exchange.
    pub ahead: bool,
    /// By how much.
    pub by: Duration,
    /// How much of that may be the network: half of the round trip.
    pub error: Duration,
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
    trusted: Vec<String>,
    timeout: Duration,
    connect_timeout: Duration,
    user_agent: Option<String>,
    address_limit: Option<u32>,
    proxies: Vec<reqwest::Proxy>,
    system_proxy: bool,
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    roots: Vec<reqwest::Certificate>,
    http: Http,
}

/// Where the HTTP client comes from.
enum Http {
    Ours(Box<reqwest::ClientBuilder>),
    Unmanaged(reqwest::Client),
}

/// The exchange gives up after 30 s and says so; waiting a little longer gets its answer.
const TIMEOUT: Duration = Duration::from_secs(35);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The published limit per address and minute.
const ADDRESS_LIMIT: u32 = 1_500;

impl ClientBuilder {
    fn new(environment: Environment) -> Self {
        Self {
            environment,
            credentials: None,
            trusted: Vec::new(),
            timeout: TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
            user_agent: None,
            address_limit: Some(ADDRESS_LIMIT),
            proxies: Vec::new(),
            system_proxy: false,
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            roots: Vec::new(),
            http: Http::Ours(Box::default()),
        }
    }

    /// Reads the environment of the process.
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `PARADEX_ENVIRONMENT` | `production`, `testnet`, or an https address; required |
    /// | `PARADEX_TOKEN_FILE` | a file that holds a bearer token; preferred, because other programs can read variables |
    /// | `PARADEX_TOKEN` | the bearer token itself; not beside the file |
    ///
    /// Neither token variable makes a client without a credential. Nothing here can loosen where a credential may
    /// be sent: [`trust_host`](Self::trust_host) is for the program to say. The process keeps its
    /// variables in memory for as long as it runs; the crate's own copy of a token file is overwritten.
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
                    other
                        .chars()
                        .flat_map(char::escape_debug)
                        .take(40)
                        .collect::<String>()
                ))
                .into());
            }
        };
        let token = match (
            text("PARADEX_TOKEN")?.map(Secret::new),
            variable("PARADEX_TOKEN_FILE"),
        ) {
            (Some(_), Some(_)) => {
                return Err(ConfigurationError::new(
                    "PARADEX_TOKEN and PARADEX_TOKEN_FILE are both set: keep the file",
                )
                .into());
            }
            (None, Some(path)) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| ConfigurationError::file("PARADEX_TOKEN_FILE", error))?;
                Some(Secret::new(text))
            }
            (token, None) => token,
        };
        let builder = Self::new(environment.clone());
        Ok(match token {
            Some(token) => builder.credentials(Credentials::bearer(environment, token)?),
            None => builder,
        })
    }

    /// Sends this credential with every operation that wants one.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
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

    /// Puts a name of yours before ours in `User-Agent`, for example `desk-bot/3.1`.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// How many calls a minute may leave from this address, 1,500 by default as published; `None` for no
    /// limit of ours. Order writes are not counted. Calls beyond it wait for their turn.
    pub fn address_limit(mut self, calls_per_minute: Option<u32>) -> Self {
        self.address_limit = calls_per_minute;
        self
    }

    /// Sends everything through this proxy. The exchange, and so every allowlist, then sees its address.
    pub fn proxy(mut self, proxy: reqwest::Proxy) -> Self {
        self.proxies.push(proxy);
        self
    }

    /// Uses the proxies that the machine is set up with (`HTTPS_PROXY` and others). They change the address that
    /// an allowlist sees, so nothing uses them unless this says so.
    pub fn system_proxy(mut self) -> Self {
        self.system_proxy = true;
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
        self.http = Http::Ours(Box::new(builder));
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

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// The credential may not be sent there, or the HTTP client cannot be set up.
    pub fn build(mut self) -> Result<Client, Error> {
        let credentials = self.credentials.take();
        let shared = self.build_shared()?;
        match credentials {
            Some(credentials) => shared.client(credentials),
            None => Ok(shared.anonymous()),
        }
    }

    /// Makes what several clients share. A credential given to this builder is not used by it.
    ///
    /// # Errors
    ///
    /// The HTTP client cannot be set up.
    pub fn build_shared(self) -> Result<Shared, Error> {
        let window = Duration::from_secs(60);
        let bucket = self
            .address_limit
            .map(|calls| Mutex::new(Bucket::new(calls, window, Instant::now())));
        let (environment, trusted, timeout) = (self.environment.clone(), self.trusted.clone(), self.timeout);
        Ok(Shared(Arc::new(Inner {
            environment,
            trusted,
            http: self.http_client()?,
            timeout,
            bucket,
            config: OnceCell::new(),
            clock: Mutex::new(None),
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
            .timeout(self.timeout)
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
        .tls_version_min(reqwest::tls::Version::TLS_1_2)
        .tls_sslkeylogfile(false);
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
