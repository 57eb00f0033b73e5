//! The client: its handles, and the options of its calls.

#[cfg(feature = "blocking")]
pub(crate) mod blocking;
mod builder;
mod clock;
pub(crate) mod environment;
mod exchange_status;
pub(crate) mod from_env;
mod group;
mod http;
pub(crate) mod options;
#[cfg(feature = "signing")]
mod signed_order;
pub(crate) mod state;

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use paradex_api::runtime;

use crate::auth::{Credentials, SessionKind, SessionSource};
use crate::client::environment::Environment;
use crate::client::options::CallOptions;
use crate::client::state::ClientState;
use crate::error::{AuthenticationError, ConfigurationError, Error};
use crate::pipeline::CallContext;
use crate::pipeline::halt_gate::HaltGate;
#[cfg(feature = "stream")]
use crate::pipeline::order_wire::OrderWire;
use crate::pipeline::rate_limit::RateLimit;
use crate::pipeline::timing::Deadline;

pub use builder::ClientBuilder;
pub use group::ClientGroup;

/// Calls the exchange for one account, or without an account for public data.
///
/// It is cheap to clone and can be used from any task. Clients of one [`ClientGroup`] share one pool of connections and one rate
/// limit per IP address.
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
    state: Arc<ClientState>,
    options: CallOptions,
    api: paradex_api::Client,
}

impl Client {
    /// Creates a builder for a client of this environment. There is no default environment, because only one of them trades with
    /// real money.
    pub fn builder(environment: Environment) -> ClientBuilder {
        ClientBuilder::new(environment)
    }

    /// Creates a client from environment variables; see [`ClientBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// As for [`ClientBuilder::from_env`] and [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// Returns the raw client, which has every operation of the API and goes through the same pipeline.
    ///
    /// ```no_run
    /// # async fn example(client: paradex_api_ext::Client) -> Result<(), paradex_api_ext::Error> {
    /// let markets = client.api().list_markets().send().await?;
    /// println!("{} markets", markets.results.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn api(&self) -> &paradex_api::Client {
        &self.api
    }

    /// Returns the same client with other options for its calls. It is as cheap as a clone, and shares the session and the
    /// limits.
    pub fn with_options(&self, options: CallOptions) -> Self {
        let context = CallContext {
            options,
            ..CallContext::default()
        };
        Self {
            group: self.group.clone(),
            state: Arc::clone(&self.state),
            options,
            api: self.group.raw_client(&self.state, context),
        }
    }

    /// Returns the state of the rate limits that apply to the next calls: those of the IP address, and those of the account once
    /// the client has a session.
    pub fn rate_limits(&self) -> Vec<RateLimit> {
        let session = self.source().current();
        let account = session.as_deref().map(|session| self.group.limits_of(session));
        self.group.limiter().states(account)
    }

    /// Returns the group, which holds what this client shares with others.
    pub fn group(&self) -> &ClientGroup {
        &self.group
    }

    /// Returns the credential in use. Its secret cannot be read. `None` until a credential provider was asked.
    pub fn credentials(&self) -> Option<Credentials> {
        self.source()
            .current()
            .map(|session| session.credentials().clone())
    }

    /// Returns the permissions of the session, as far as they are known without asking the exchange.
    pub fn session_kind(&self) -> Option<SessionKind> {
        self.source().current().map(|session| session.kind())
    }

    /// Replaces the credential of this client and all its clones. Calls under way finish with the old one.
    ///
    /// # Errors
    ///
    /// The credential may not be sent to this exchange. The old one stays in use.
    #[doc(alias = "rotate")]
    pub fn replace_credentials(&self, credentials: Credentials) -> Result<(), Error> {
        let session = self.group.session(credentials)?;
        session.reset_backoff();
        self.source().replace(session);
        Ok(())
    }

    /// Asks the credential provider again, and replaces the credential of this client and all its clones. Does nothing without a
    /// provider.
    ///
    /// # Errors
    ///
    /// The provider fails, or its credential may not be sent to this exchange. The old one stays in use.
    pub async fn reload_credentials(&self) -> Result<(), Error> {
        let old = self.source().current();
        let session = self
            .in_time(self.source().ask(old.as_ref(), &self.group))
            .await??;
        if let Some(session) = session {
            session.reset_backoff();
        }
        Ok(())
    }

    /// Signs in now if there is no valid token. Otherwise the first call that needs a token signs in.
    ///
    /// # Errors
    ///
    /// There is no credential, or signing in fails.
    #[doc(alias = "login")]
    #[doc(alias = "jwt")]
    pub async fn sign_in(&self) -> Result<(), Error> {
        self.in_time(async {
            let Some(session) = self.source().session(&self.group).await? else {
                return Err(ConfigurationError::new(
                    "this client has no credential: set one with `ClientBuilder::credentials`",
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

    /// Returns the exchange that this client talks to.
    pub fn environment(&self) -> &Environment {
        self.group.environment()
    }

    /// The total time that a call of this client may take.
    pub(crate) fn total(&self) -> Duration {
        self.options.deadline.unwrap_or(self.group.timeout())
    }

    /// The deadline of a call that begins now.
    pub(crate) fn deadline(&self) -> Instant {
        Deadline::after(self.total()).0
    }

    /// Does some work within the deadline of one call.
    pub(crate) async fn in_time<T>(&self, work: impl Future<Output = T>) -> Result<T, Error> {
        let late = |_| AuthenticationError::timed_out().into();
        let work = pin!(async { tokio::time::timeout_at(self.deadline().into(), work).await });
        runtime::within(work)
            .await
            .map_err(ConfigurationError::from)?
            .map_err(late)
    }

    /// The raw client for a change of this state, which the audit records.
    pub(crate) fn api_changing(&self, before: serde_json::Value) -> paradex_api::Client {
        let context = CallContext {
            options: self.options,
            before: Some(before),
            ..CallContext::default()
        };
        self.group.raw_client(&self.state, context)
    }

    /// The same client with this deadline for its calls.
    pub(crate) fn with_deadline(&self, left: Duration) -> Self {
        self.with_options(self.options.deadline(left))
    }

    pub(crate) fn source(&self) -> &SessionSource {
        self.state.sessions()
    }

    /// The same client with an order socket.
    #[cfg(feature = "stream")]
    pub(crate) fn with_order_wire(&self, wire: Arc<OrderWire>) -> Self {
        let state = Arc::new(self.state.with_order_wire(wire));
        self.group.client_with_state(state).with_options(self.options)
    }

    /// The same client without an order socket.
    #[cfg(feature = "stream")]
    pub(crate) fn without_order_wire(&self) -> Self {
        let state = Arc::clone(self.state.without_order_wire());
        self.group.client_with_state(state).with_options(self.options)
    }

    /// The order socket of this client, if it has one.
    #[cfg(all(feature = "signing", feature = "stream"))]
    pub(crate) fn order_wire(&self) -> Option<&OrderWire> {
        self.state.order_wire()
    }

    /// Whether this client may trade. All its clones share the gate.
    pub(crate) fn halt_gate(&self) -> &Arc<HaltGate> {
        self.state.halt_gate()
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
