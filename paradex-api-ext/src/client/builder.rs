//! The settings of a client.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use paradex_api::{Transport, reqwest};

use super::Client;
use super::environment::{Environment, Host};
use super::group::{ClientGroup, GroupSettings, Layer};
use super::http::{HttpBase, HttpSettings};
use crate::auth::{CredentialProvider, Credentials, SessionSource};
use crate::error::{ConfigurationError, Error};
use crate::pipeline::audit::{Audit, AuditSink};
use crate::pipeline::rate_limit::{RateLimiter, RateLimits};
use crate::pipeline::response_limits::ResponseLimits;
use crate::pipeline::retry::RetryPolicy;

/// Longer than the 30 s after which the exchange gives up and responds.
const TIMEOUT: Duration = Duration::from_secs(35);

/// Builds a [`Client`] or a [`ClientGroup`]. Everything but the environment has a default.
///
/// ```
/// use std::time::Duration;
/// use paradex_api_ext::{Client, Environment, RetryPolicy};
///
/// let client = Client::builder(Environment::Testnet)
///     .timeout(Duration::from_secs(10))
///     .retry(RetryPolicy::new().max_attempts(5))
///     .user_agent("desk-bot/3.1")
///     .build()?;
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
///
/// What protects a credential cannot be switched off: redirects are not followed, certificates are verified, TLS is 1.2 or newer,
/// and the system's proxies are used only on request, because they change the address that an allowlist sees.
#[must_use = "no client is created before `build`"]
pub struct ClientBuilder {
    pub(super) environment: Environment,
    pub(super) credentials: Option<Credentials>,
    provider: Option<Arc<dyn CredentialProvider>>,
    trusted_hosts: Vec<String>,
    timeout: Duration,
    retry: RetryPolicy,
    read_only: bool,
    rate_limits: RateLimits,
    response_limits: ResponseLimits,
    audit: Option<(Arc<dyn AuditSink>, bool)>,
    operator: Option<String>,
    layers: Vec<Layer>,
    http: HttpSettings,
}

impl ClientBuilder {
    pub(super) fn new(environment: Environment) -> Self {
        Self {
            environment,
            credentials: None,
            provider: None,
            trusted_hosts: Vec::new(),
            timeout: TIMEOUT,
            retry: RetryPolicy::new(),
            read_only: false,
            rate_limits: RateLimits::published(),
            response_limits: ResponseLimits::new(),
            audit: None,
            operator: None,
            layers: Vec::new(),
            http: HttpSettings::new(),
        }
    }

    /// Authenticates with this credential where an operation needs one.
    #[doc(alias = "api key")]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Asks this provider for the credential, when the first call needs it.
    pub fn credential_provider(mut self, provider: impl CredentialProvider) -> Self {
        self.provider = Some(Arc::new(provider));
        self
    }

    /// Allows credentials to be sent to a host that is not the exchange's, for example your own proxy. The whole name is compared.
    ///
    /// # Errors
    ///
    /// The text is not a host name alone.
    pub fn trust_host(mut self, host: &str) -> Result<Self, ConfigurationError> {
        self.trusted_hosts.push(Host::parse(host)?.0);
        Ok(self)
    }

    /// Sets the total time that a call may take: 35 s by default.
    ///
    /// It covers signing in, waiting for the rate limit, connecting, sending, reading, and all attempts.
    /// [`CallOptions::deadline`](crate::CallOptions::deadline) replaces it for single calls.
    #[doc(alias = "deadline")]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the time that opening a connection may take: 10 s by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = timeout;
        self
    }

    /// Sets the time during which the exchange may send nothing while a response is awaited or read: 32 s by default.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.http.read_timeout = timeout;
        self
    }

    /// Sets how often a call is attempted: up to three times by default.
    ///
    /// A call is retried only where that is safe: reads, operations that end one thing by its id, and calls that are known not to
    /// have been carried out. Order writes are attempted once unless [`CallOptions::retry`](crate::CallOptions::retry) says
    /// otherwise. All clients of a [`ClientGroup`] share one retry budget, so that retries do not multiply an outage.
    #[doc(alias = "backoff")]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Refuses every call that changes something, before it is sent. Signing in is allowed.
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// Puts a name of yours before the crate's in the `User-Agent` header, for example `desk-bot/3.1`.
    #[doc(alias = "user-agent")]
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.http.user_agent = Some(name.into());
        self
    }

    /// Sets the rate limits to keep to: the published ones by default.
    ///
    /// A call that exceeds them waits. A call that places or changes an order fails at once; see
    /// [`CallOptions::wait_for_rate_limit`](crate::CallOptions::wait_for_rate_limit).
    #[doc(alias = "throttle")]
    pub fn rate_limits(mut self, limits: RateLimits) -> Self {
        self.rate_limits = limits;
        self
    }

    /// Sets the largest response that is read.
    pub fn response_limits(mut self, limits: ResponseLimits) -> Self {
        self.response_limits = limits;
        self
    }

    /// Records every change in this sink, before it is sent and after. A failure of the sink stops no call, and is traced.
    pub fn audit(mut self, sink: impl AuditSink) -> Self {
        self.audit = Some((Arc::new(sink), false));
        self
    }

    /// Records every change as [`audit`](Self::audit) does, and withholds administrative changes if the sink fails to record the
    /// intent.
    ///
    /// Administrative changes are those of tokens, subkeys, allowlists, transfers and settings. Orders and cancels are never
    /// withheld for that.
    pub fn audit_required(mut self, sink: impl AuditSink) -> Self {
        self.audit = Some((Arc::new(sink), true));
        self
    }

    /// Names the person or program that uses these clients, for the audit.
    pub fn operator(mut self, name: impl Into<String>) -> Self {
        self.operator = Some(name.into());
        self
    }

    /// Sends all calls through this proxy. The exchange, and so every allowlist, then sees the proxy's address.
    pub fn proxy(mut self, proxy: reqwest::Proxy) -> Self {
        self.http.proxies.push(proxy);
        self
    }

    /// Sends calls through the system's proxies (`HTTPS_PROXY` and others), unless [`proxy`](Self::proxy) names one.
    ///
    /// They are off by default, because they change the address that an allowlist sees.
    pub fn system_proxy(mut self) -> Self {
        self.http.system_proxy = true;
        self
    }

    /// Binds all connections to this local address, and so to its address family.
    ///
    /// Use it on a machine with several addresses of which an allowlist has one. `0.0.0.0` and `::` leave the address to the system
    /// and fix the family alone.
    ///
    /// ```
    /// use std::net::Ipv4Addr;
    /// use paradex_api_ext::{Client, Environment};
    ///
    /// // The allowlist has IPv4 networks alone, and the exchange's host may have IPv6 addresses.
    /// let client = Client::builder(Environment::Testnet).local_address(Ipv4Addr::UNSPECIFIED).build()?;
    /// # Ok::<(), paradex_api_ext::Error>(())
    /// ```
    #[doc(alias = "bind address")]
    pub fn local_address(mut self, address: impl Into<IpAddr>) -> Self {
        self.http.local_address = Some(address.into());
        self
    }

    /// Trusts this certificate authority as well, for example that of a proxy.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[doc(alias = "tls")]
    pub fn root_certificate(mut self, certificate: reqwest::Certificate) -> Self {
        self.http.root_certificates.push(certificate);
        self
    }

    /// Starts from these settings of the HTTP client: sockets, resolvers, default headers.
    ///
    /// This builder overrides redirects, retries, proxies, time-outs, TLS and its verification, and the logging of connections.
    ///
    /// With the features `stream` and `http2`, call `http1_only` on it: a WebSocket cannot be opened over HTTP/2.
    pub fn http_client_builder(mut self, builder: reqwest::ClientBuilder) -> Self {
        // The pipeline keeps the total time itself. reqwest cannot remove a timeout that was set earlier, so set it to the maximum.
        self.http.base = HttpBase::Managed(Box::new(builder.timeout(Duration::MAX)));
        self
    }

    /// Uses this finished HTTP client as it is.
    ///
    /// Before you build one, call
    /// [`paradex_api::tls::install_default_provider`](crate::paradex_api::tls::install_default_provider).
    ///
    /// This crate can then neither see nor change whether the client follows redirects (with signatures and bodies), verifies
    /// certificates, uses proxies, or logs. The total time-out still holds; the other HTTP settings of this builder do not.
    pub fn unmanaged_http_client(mut self, client: reqwest::Client) -> Self {
        self.http.base = HttpBase::Unmanaged(client);
        self
    }

    /// Wraps every call in this layer, including those of the raw client and sign-ins.
    ///
    /// A layer can add a header, count, log, or respond from a cache. The layer added first is the innermost.
    ///
    /// A layer sees each call once, before it is authorized, and its result after all attempts. A response of the layer is treated
    /// as the exchange's. A layer that does not send a call returns
    /// [`Withheld::by_layer`](crate::error::Withheld::by_layer). The function runs again for each client, each
    /// [`Client::with_options`] and each signed order, so shared state, such as a counter, has to live outside of the layer.
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
    #[doc(alias = "middleware")]
    #[doc(alias = "interceptor")]
    pub fn layer(
        mut self,
        layer: impl Fn(Arc<dyn Transport>) -> Arc<dyn Transport> + Send + Sync + 'static,
    ) -> Self {
        self.layers.push(Box::new(layer));
        self
    }

    /// Builds the client, with a [`ClientGroup`] of its own.
    ///
    /// # Errors
    ///
    /// The credential may not be sent to this exchange, there are a credential and a provider, or the HTTP client cannot be set
    /// up.
    pub fn build(mut self) -> Result<Client, Error> {
        let (credentials, provider) = (self.credentials.take(), self.provider.take());
        let group = self.build_group()?;
        match (credentials, provider) {
            (Some(_), Some(_)) => Err(ConfigurationError::new(
                "this client has both a credential and a credential provider: set only one of them",
            )
            .into()),
            (Some(credentials), None) => group.client(credentials),
            (None, Some(provider)) => Ok(group.new_client(SessionSource::from_provider(provider))),
            (None, None) => Ok(group.anonymous()),
        }
    }

    /// Builds a group, which creates clients that share connections and limits. It ignores the credential of this builder.
    ///
    /// # Errors
    ///
    /// The HTTP client cannot be set up, or a limit is invalid.
    pub fn build_group(self) -> Result<ClientGroup, Error> {
        let limiter = RateLimiter::new(self.rate_limits)?;
        let response_limits = self.response_limits.check()?;
        let operator = self.operator;
        let audit = self
            .audit
            .map(|(sink, required)| Audit::new(sink, required, operator));
        Ok(ClientGroup::new(GroupSettings {
            local_address: self.http.local_address,
            #[cfg(feature = "stream")]
            stream_http: super::http::StreamHttp::new(&self.http, &self.environment),
            http: self.http.build(&self.environment)?,
            environment: self.environment,
            trusted_hosts: self.trusted_hosts,
            timeout: self.timeout,
            retry: self.retry,
            read_only: self.read_only,
            limiter,
            response_limits,
            audit,
            layers: self.layers,
        }))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("environment", &self.environment)
            .field("credentials", &self.credentials)
            .field("trusted_hosts", &self.trusted_hosts)
            .finish_non_exhaustive()
    }
}
