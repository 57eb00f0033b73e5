//! The handle of a running simulator.

mod accounts;
mod trading;
mod views;

pub use trading::{OrderBookSnapshot, Refused};

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use paradex_api::testing::Document;
use paradex_api::types::SystemStatus;
use paradex_api::{BaseUrl, reqwest};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use super::builder::{SimulatorBuilder, StartError};
use super::faults::Injection;
use super::market::Markets;
use super::state::{Settings, World, locked};
use super::trading::Trading;
use super::{ADDRESS_HEADER, clock, server, stream};
use crate::error::{Error, InvalidInput};

/// A running simulator of the exchange.
///
/// It is a handle: clones refer to the same simulator. When the last handle is dropped, the simulator stops, the port is closed
/// and open connections end.
#[derive(Clone)]
#[doc(alias = "mock server")]
#[doc(alias = "fake")]
#[doc(alias = "sandbox")]
#[doc(alias = "testnet")]
pub struct Simulator {
    running: Arc<Running>,
}

/// Stops the simulator when it is dropped.
pub(super) struct Running {
    base_url: BaseUrl,
    world: Arc<World>,
    listener: server::Listener,
    task: OnceLock<AbortHandle>,
    /// The task that sends to WebSocket connections what is due.
    driver: OnceLock<AbortHandle>,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(locked(&self.listener).take());
        // Tasks of connections may keep the world for a while. Their end is no reason to cancel orders.
        self.world.state().trading.close_log();
        for task in [&self.task, &self.driver] {
            if let Some(task) = task.get() {
                task.abort();
            }
        }
    }
}

impl Simulator {
    /// Starts a simulator with one account and default settings.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// let config = simulator.client()?.api().get_system_config().send().await?;
    /// assert_eq!(config.starknet_chain_id.as_deref(), Some("SIMULATED_SN_PARADEX"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if there is no tokio runtime or no port can be opened. The runtime needs IO and timers, as `#[tokio::main]` and
    /// `#[tokio::test]` set it up.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Returns a builder, to change settings before the start.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder::new()
    }

    pub(super) fn from_running(running: Arc<Running>) -> Self {
        Self { running }
    }

    pub(super) fn run(
        settings: Settings,
        markets: Markets,
        trading: Trading,
        document: &'static Document,
        listener: TcpListener,
        runtime: &Handle,
    ) -> Result<Self, StartError> {
        let asked = settings.address;
        let failed = |source| StartError::Listen {
            address: asked,
            source,
        };
        let mut address = listener.local_addr().map_err(failed)?;
        // No client can connect to the unspecified address.
        match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        let base_url = BaseUrl::parse(&format!("http://{address}"));
        let running = Arc::new(Running {
            base_url: base_url.map_err(io::Error::other).map_err(failed)?,
            world: Arc::new(World::new(settings, markets, trading, document)),
            listener: Arc::new(Mutex::new(Some(listener))),
            task: OnceLock::new(),
            driver: OnceLock::new(),
        });
        let accept = server::accept(
            Arc::clone(&running.listener),
            Arc::clone(&running.world),
            Arc::downgrade(&running),
        );
        let drive = stream::drive(Arc::clone(&running.world));
        // They are set here and nowhere else.
        let _ = running.task.set(runtime.spawn(accept).abort_handle());
        let _ = running.driver.set(runtime.spawn(drive).abort_handle());
        Ok(Self { running })
    }

    /// Returns the address, `http://127.0.0.1:` and the port, unless it [listens on](SimulatorBuilder::listen_on) another one.
    ///
    /// For a client with other settings than those of [`client`](Self::client), pass it to
    /// [`Environment::custom`](crate::Environment::custom).
    pub fn url(&self) -> &str {
        self.running.base_url.as_str()
    }

    /// Returns the address of the WebSocket: `ws://127.0.0.1:`, the port and `/v1`.
    ///
    /// A client of public channels asks for SBE in the query: `?sbeSchemaId=1&sbeSchemaVersion=2`.
    #[doc(alias = "websocket")]
    pub fn stream_url(&self) -> String {
        let address = self.url().strip_prefix("http").unwrap_or_default();
        format!("ws{}{}", address.trim_end_matches('/'), stream::PATH)
    }

    /// Returns the address for a [raw client](paradex_api::Client).
    pub fn base_url(&self) -> BaseUrl {
        self.running.base_url.clone()
    }

    /// Returns a builder of HTTP clients whose requests appear to come from this IP address.
    ///
    /// It sets the header `x-simulated-address`, which any other HTTP client can set as well. Only the simulator knows it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    /// use paradex_api_ext::{Client, Environment};
    ///
    /// let simulator = Simulator::start().await?;
    /// let client = Client::builder(Environment::custom(simulator.url())?)
    ///     .http_client_builder(simulator.http_from([192, 0, 2, 7]))
    ///     .build()?;
    /// client.api().list_markets().send().await?;
    /// assert!(simulator.requests().iter().all(|request| request.address().to_string() == "192.0.2.7"));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "ip restriction")]
    pub fn http_from(&self, address: impl Into<IpAddr>) -> reqwest::ClientBuilder {
        let mut headers = HeaderMap::new();
        if let Ok(address) = HeaderValue::try_from(address.into().to_string()) {
            headers.insert(HeaderName::from_static(ADDRESS_HEADER), address);
        }
        reqwest::Client::builder().default_headers(headers)
    }

    /// Moves the simulator's clock forward, so that sessions and tokens expire and rate limits recover without waiting.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// let session = simulator.main_session();
    /// simulator.advance(Duration::from_secs(300));
    /// assert!(simulator.session(session.expose()).is_some_and(|session| session.expired));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "clock")]
    #[doc(alias = "time travel")]
    pub fn advance(&self, by: Duration) {
        self.world().clock.advance(by);
        stream::tick(self.world());
    }

    /// Moves the simulator's clock back, so that it is behind the client's.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// simulator.rewind(Duration::from_secs(3_600));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "clock skew")]
    pub fn rewind(&self, by: Duration) {
        let mut state = self.world().state();
        self.world().clock.rewind(by);
        let by = clock::nanoseconds(by);
        state.buckets.rewind(by);
        state.sign_ins.rewind(by);
        state.order_buckets.rewind(by);
    }

    /// Sets the status of the system: which orders it accepts, or none.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::paradex_api::types::SystemStatus;
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// simulator.set_status(SystemStatus::CancelOnly);
    /// let state = simulator.client()?.api().get_system_state().send().await?;
    /// assert_eq!(state.status, Some(SystemStatus::CancelOnly));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "maintenance")]
    pub fn set_status(&self, status: SystemStatus) {
        self.world().state().status = status;
    }

    /// Injects a fault into future requests: a [`Fault`](super::Fault) into the next one, an [`Injection`] into those that it
    /// selects.
    ///
    /// Every request is counted by all injections that match it. If several faults hit one request, they take effect in this
    /// order: [`Fault::run_before`](super::Fault::run_before); a reset before handling; responses instead of handling (the
    /// earliest injection wins); edits of the response, in the order of injection; delays after handling; broken connections.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::paradex_api::{Client, operations, reqwest::StatusCode};
    /// use paradex_api_ext::simulator::{Fault, Injection, Simulator};
    ///
    /// let simulator = Simulator::start().await?;
    /// // The raw client does not retry.
    /// let client = Client::new(simulator.base_url())?;
    /// let bad_gateway = Fault::html(StatusCode::BAD_GATEWAY);
    /// simulator.inject(Injection::new(bad_gateway).on(&operations::LIST_MARKETS).times(2));
    /// assert!(client.list_markets().send().await.is_err());
    /// assert!(client.get_system_time().send().await.is_ok());
    /// assert!(client.list_markets().send().await.is_err());
    /// assert!(client.list_markets().send().await.is_ok());
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "fault injection")]
    #[doc(alias = "chaos")]
    pub fn inject(&self, injection: impl Into<Injection>) {
        self.world().injections().push(injection.into());
    }

    /// Removes all injections that are not used up.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::paradex_api::Client;
    /// use paradex_api_ext::simulator::{Fault, Simulator};
    ///
    /// let simulator = Simulator::start().await?;
    /// simulator.inject(Fault::reset_before());
    /// simulator.clear_injections();
    /// Client::new(simulator.base_url())?.list_markets().send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn clear_injections(&self) {
        self.world().injections().clear();
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

/// The simulator has no such account, key, token or subkey.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the simulator has no {kind} {name:?}")]
pub struct NotFound {
    kind: &'static str,
    name: String,
}

impl From<NotFound> for Error {
    fn from(error: NotFound) -> Self {
        InvalidInput::from_rule(error.kind, error.to_string()).into()
    }
}

impl NotFound {
    fn new(kind: &'static str, name: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
        }
    }
}
