//! Settings of a simulator, and its start.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use paradex_api::testing::{Document, DocumentError};
use paradex_api::tls;
use tokio::net::TcpListener;

use super::chain;
use super::clock::{Clock, MILLISECOND, TimeUnit};
use super::handle::Simulator;
use super::log::{LoggedRequest, Observer};
use super::market::{InvalidMarkets, InvalidPriceScript, MarketSource, MarketSpec, Markets};
use super::state::Settings;
use super::stream::StreamOptions;
use super::switches::{self, Switches};
use super::trading::{InvalidLog, Liquidity, Trading};
use crate::assumptions::Assumptions;
use crate::error::{ConfigurationError, Error};

/// Configures a [`Simulator`] before it starts.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
/// use paradex_api_ext::simulator::{Simulator, TimeUnit};
///
/// let simulator = Simulator::builder()
///     .seed(7)
///     .session_lifetime(Duration::from_secs(60))
///     .opaque_sessions()
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

/// Returns the settings of a new builder.
pub(super) fn default_settings() -> Settings {
    Settings {
        seed: 0,
        chain_id: chain::DEFAULT.to_owned(),
        session_lifetime: Duration::from_secs(300),
        opaque_sessions: false,
        clock_tolerance: Duration::from_secs(60),
        sign_ins_per_minute: 600,
        require_subkey_signature: false,
        unchecked_signatures: false,
        token_limit: 50,
        time_unit: TimeUnit::default(),
        ip_restrictions: true,
        requests_per_minute: None,
        orders_per_minute: None,
        cancel_delay: Duration::ZERO,
        list_delay: Duration::ZERO,
        lists_closed_positions: true,
        markets: MarketSource::Specs(MarketSpec::defaults()),
        speed: 1.0,
        price_script: None,
        liquidity: Liquidity::None,
        trading_log: None,
        switches: Switches::from(&Assumptions::new()),
        stream: StreamOptions::default(),
        strict: false,
        address: (Ipv4Addr::LOCALHOST, 0).into(),
        observer: None,
    }
}

impl SimulatorBuilder {
    pub(super) fn new() -> Self {
        Self {
            settings: default_settings(),
        }
    }

    /// Refuses everything that the OpenAPI document does not allow.
    ///
    /// By default, the simulator accepts what the exchange accepts from other clients; see the
    /// [module](super#which-requests-it-accepts). A test of a client of your own is better off without that.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::paradex_api::reqwest;
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// for (builder, status) in [(Simulator::builder(), 200), (Simulator::builder().strict(), 400)] {
    ///     let simulator = builder.start().await?;
    ///     let response = reqwest::get(format!("{}/v1/system/time?unit=ms", simulator.url())).await?;
    ///     assert_eq!(response.status().as_u16(), status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "lenient")]
    pub fn strict(mut self) -> Self {
        self.settings.strict = true;
        self
    }

    /// Sets how the simulator behaves where no published source says how the exchange does.
    ///
    /// It replaces what [`time_unit`](Self::time_unit) and [`require_subkey_signature`](Self::require_subkey_signature) have set, and
    /// of [`stream`](Self::stream) the settings that are questions of the table.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use paradex_api_ext::assumptions::Assumptions;
    /// use paradex_api_ext::net::IpAllowlist;
    /// use paradex_api_ext::simulator::Simulator;
    /// use paradex_api_ext::tokens::NewToken;
    ///
    /// let assumptions = Assumptions::from_toml("[answers]\nipv6-networks = \"refused\"")?;
    /// let simulator = Simulator::builder().assumptions(&assumptions).start().await?;
    /// let ipv6 = IpAllowlist::parse_entries(["2001:db8::/32"])?;
    /// let token = NewToken::new("desk", "api_key", Duration::from_secs(60), ipv6)?;
    /// assert!(simulator.client()?.tokens().create(token).await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn assumptions(mut self, assumptions: &Assumptions) -> Self {
        self.settings.switches = Switches::from(assumptions);
        self.settings.time_unit = switches::time_unit(assumptions);
        self.settings.require_subkey_signature = switches::requires_subkey_signature(assumptions);
        self.settings.stream.assume(assumptions);
        self
    }

    /// Sets the address and the port to listen on. Default: a free port of 127.0.0.1.
    ///
    /// It must be an address of this machine's loopback, or the unspecified one (`0.0.0.0` or `::`), with which other machines
    /// can connect as well. The port 0 stands for a free one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::net::Ipv6Addr;
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::builder().listen_on((Ipv6Addr::LOCALHOST, 0)).start().await?;
    /// assert!(simulator.url().starts_with("http://[::1]:"));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "bind")]
    #[doc(alias = "port")]
    pub fn listen_on(mut self, address: impl Into<SocketAddr>) -> Self {
        self.settings.address = address.into();
        self
    }

    /// Sets a closure that is called with each request after its response, for example to log it.
    ///
    /// It runs in the task of the connection, so it must not block. A request that gets no response is not reported.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::builder()
    ///     .on_response(|request| eprintln!("{} {} {:?}", request.method(), request.path(), request.status()))
    ///     .start()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "log")]
    pub fn on_response(mut self, observer: impl Fn(&LoggedRequest) + Send + Sync + 'static) -> Self {
        self.settings.observer = Some(Observer(Arc::new(observer)));
        self
    }

    /// Sets the seed of keys, ids, prices and sample values. The same seed and the same calls give the same values; prices also
    /// depend on the time. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// Sets the chain id. Default: `SIMULATED_SN_PARADEX`. [`start`](Self::start) refuses those of the real exchange.
    ///
    /// paradex-py works only with the chain ids that it knows; give it `PRIVATE_SN_POTC_MOCK_SEPOLIA`.
    pub fn chain_id(mut self, chain_id: impl Into<String>) -> Self {
        self.settings.chain_id = chain_id.into();
        self
    }

    /// Sets the lifetime of sessions. Default: 5 minutes.
    pub fn session_lifetime(mut self, lifetime: Duration) -> Self {
        self.settings.session_lifetime = lifetime;
        self
    }

    /// Makes sessions opaque texts instead of JWTs.
    #[doc(alias = "jwt")]
    pub fn opaque_sessions(mut self) -> Self {
        self.settings.opaque_sessions = true;
        self
    }

    /// Sets how far the time of a signature may be from the simulator's clock. Default: one minute.
    ///
    /// It limits sign-ins and activations of subkeys in both directions, and orders and registrations of subkeys in the future.
    #[doc(alias = "clock skew")]
    pub fn clock_tolerance(mut self, tolerance: Duration) -> Self {
        self.settings.clock_tolerance = tolerance;
        self
    }

    /// Limits sign-ins and onboardings for each client address; further ones get 429. Default: 600.
    pub fn sign_ins_per_minute(mut self, sign_ins: u32) -> Self {
        self.settings.sign_ins_per_minute = sign_ins;
        self
    }

    /// Requires the account's signature to register a subkey. By default it is optional, and verified if it is given.
    pub fn require_subkey_signature(mut self) -> Self {
        self.settings.require_subkey_signature = true;
        self
    }

    /// Accepts orders without verifying their signatures, which is faster. Everything else that is signed is still verified.
    ///
    /// A bot that signs orders wrongly does not notice it, so use this to measure speed, not to test a client.
    #[doc(alias = "benchmark")]
    pub fn unchecked_signatures(mut self) -> Self {
        self.settings.unchecked_signatures = true;
        self
    }

    /// Sets how many live tokens an account may have. Default: 50.
    pub fn token_limit(mut self, tokens: usize) -> Self {
        self.settings.token_limit = tokens;
        self
    }

    /// Sets the unit of times of tokens and subkeys in responses. Default: nanoseconds.
    pub fn time_unit(mut self, unit: TimeUnit) -> Self {
        self.settings.time_unit = unit;
        self
    }

    /// Sets whether accounts may use IP allowlists. If not, setting one fails with `REQUEST_NOT_ALLOWED`. Default: true.
    #[doc(alias = "whitelist")]
    pub fn ip_restrictions(mut self, enabled: bool) -> Self {
        self.settings.ip_restrictions = enabled;
        self
    }

    /// Limits the requests for each client address; further ones get 429. Default: no limit.
    #[doc(alias = "rate limit")]
    pub fn requests_per_minute(mut self, requests: u32) -> Self {
        self.settings.requests_per_minute = Some(requests);
        self
    }

    /// Limits the requests of an account that place, modify or cancel orders; further ones get 429, or 42901 over a WebSocket. Both
    /// share one limit. Default: no limit.
    ///
    /// The exchange publishes 800 a second and 17,250 a minute.
    #[doc(alias = "rate limit")]
    pub fn orders_per_minute(mut self, requests: u32) -> Self {
        self.settings.orders_per_minute = Some(requests);
        self
    }

    /// Sets how long a cancellation takes to be in force, by the simulator's clock. Until then the order can be filled. Default: zero.
    ///
    /// The exchange says that a cancellation is queued, and not for how long.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use paradex_api_ext::orders::{CancelScope, NewOrder, OrderSide};
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::builder().cancel_delay(Duration::from_secs(60)).start().await?;
    /// let client = simulator.client()?;
    /// let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?, "29500".parse()?);
    /// client.orders().place(order).await?;
    /// client.orders().cancel_all(CancelScope::AllMarkets).await?;
    /// assert_eq!(client.orders().open().await?.orders.len(), 1);
    /// simulator.advance(Duration::from_secs(60));
    /// assert!(client.orders().open().await?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn cancel_delay(mut self, delay: Duration) -> Self {
        self.settings.cancel_delay = delay;
        self
    }

    /// Sets how far the lists of open orders, of the history of orders and of fills are behind, by the simulator's clock. Default: zero.
    ///
    /// Responses to other calls, and the WebSocket, are not behind. Whether lists of the exchange are, it does not say.
    #[doc(alias = "eventual consistency")]
    #[doc(alias = "stale")]
    pub fn list_delay(mut self, delay: Duration) -> Self {
        self.settings.list_delay = delay;
        self
    }

    /// Sets whether the list of positions has closed ones, with size 0. Default: true.
    ///
    /// The exchange's document calls it a list of open positions, and has a status for closed ones.
    pub fn list_closed_positions(mut self, list: bool) -> Self {
        self.settings.lists_closed_positions = list;
        self
    }

    /// Sets the markets, instead of those of [`MarketSpec::defaults`].
    pub fn markets(mut self, markets: impl Into<Vec<MarketSpec>>) -> Self {
        self.settings.markets = MarketSource::Specs(markets.into());
        self
    }

    /// Reads the markets from a file in TOML when the simulator starts.
    ///
    /// [`MarketSpec::from_toml`] describes the format.
    pub fn market_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.markets = MarketSource::File(path.into());
        self
    }

    /// Sets how much faster than the clock prices move, 0 to 1,000; with 0 the index price stays the same. Default: 1.
    pub fn speed(mut self, speed: f64) -> Self {
        self.settings.speed = speed;
        self
    }

    /// Makes index prices follow a CSV file, which is read when the simulator starts.
    ///
    /// Each row is `time,market,price`: from this time on, in seconds since the start on the simulator's clock, the market has
    /// this index price. The first row's price also applies before it. Mark price and order book follow within half a second, and
    /// the mark price triggers orders; with [`Liquidity::Simulated`], orders also trade with the book. Markets with the same base
    /// and quote currency follow together, and markets without a row as before. Sizes and the funding premium stay those of the
    /// market's own level, so prices far from it need a [`MarketSpec`] with their `index_price`. The first line may be the header
    /// `time,market,price`; lines that begin with `#` are comments.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// # let path = std::env::temp_dir().join(format!("paradex-prices-{}.csv", std::process::id()));
    /// std::fs::write(&path, "time,market,price\n0,BTC-USD-PERP,30000\n3600,BTC-USD-PERP,27000\n")?;
    /// let simulator = Simulator::builder().price_script(&path).start().await?;
    /// # std::fs::remove_file(path)?;
    /// simulator.advance(Duration::from_secs(3601));
    /// let client = simulator.client()?;
    /// let bbo = client.api().get_bbo().market("BTC-USD-PERP").send().await?;
    /// assert!(bbo.bid > Some("26900".parse()?) && bbo.ask < Some("27100".parse()?));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "backtest")]
    pub fn price_script(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.price_script = Some(path.into());
        self
    }

    /// Sets who orders trade with. Default: [`Liquidity::None`], only with each other.
    ///
    /// ```
    /// use paradex_api_ext::orders::{NewOrder, OrderSide};
    /// use paradex_api_ext::simulator::{Liquidity, Simulator};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let simulator = Simulator::builder().liquidity(Liquidity::Simulated).start().await?;
    /// let client = simulator.client()?;
    /// let order = NewOrder::market("BTC-USD-PERP", OrderSide::Buy, "0.01".parse()?);
    /// client.orders().place(order).await?;
    ///
    /// let positions = client.api().list_positions().send().await?.into_inner().results;
    /// assert_eq!(positions[0].size, Some("0.01".parse()?));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "matching")]
    #[doc(alias = "paper trading")]
    pub fn liquidity(mut self, liquidity: Liquidity) -> Self {
        self.settings.liquidity = liquidity;
        self
    }

    /// Records trading in a file: one line of JSON for each command. If the file has lines, the simulator continues with their
    /// state.
    ///
    /// Accounts and orders have the same keys and ids as before. The first line has seed, liquidity, speed, markets and the format
    /// of the log; [`start`](Self::start) refuses a file that was recorded with others. Sessions, tokens and subkeys are not recorded. With
    /// [`Liquidity::Simulated`], each quote is a line, about 200 kB a minute for a market.
    ///
    /// A command is recorded before it is applied; one that cannot be recorded gets 500 `INTERNAL_ERROR` and changes nothing. An
    /// incomplete last line, which the end of a process can leave, is cut off at the start and logged as a warning of `tracing`.
    ///
    /// Only one simulator can use a file at a time. While one does, a file beside it, whose name ends in `.lock`, has the id of
    /// its process and the name of its machine; it is removed when the last handle of the simulator is dropped. On Linux, the
    /// lock of a process of this machine that has ended does not count. In all other cases, remove it: on other systems, and if
    /// the name is that of another machine or container. Two containers with the same name are not told apart.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::orders::{NewOrder, OrderSide};
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// # let path = std::env::temp_dir().join(format!("paradex-trading-log-{}", std::process::id()));
    /// let first = Simulator::builder().trading_log(&path).start().await?;
    /// let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?, "29500".parse()?);
    /// first.client()?.orders().place(order).await?;
    /// let orders = first.orders(&first.main_account());
    /// drop(first);
    ///
    /// let second = Simulator::builder().trading_log(&path).start().await?;
    /// assert_eq!(second.orders(&second.main_account()), orders);
    /// # drop(second);
    /// # std::fs::remove_file(path)?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "replay")]
    #[doc(alias = "restart")]
    pub fn trading_log(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.trading_log = Some(path.into());
        self
    }

    /// Sets how the WebSocket behaves: what it serves, its limits, and what nobody outside the exchange knows.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::{Simulator, StreamOptions};
    ///
    /// // As before the newest schema version.
    /// let options = StreamOptions::default().schema_versions([0, 1]);
    /// let simulator = Simulator::builder().stream(options).start().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "websocket")]
    pub fn stream(mut self, options: StreamOptions) -> Self {
        self.settings.stream = options;
        self
    }

    /// Starts the simulator.
    ///
    /// # Errors
    ///
    /// Fails if the chain id is invalid or one of the real exchange, if a market, the speed, the script of prices or the trading
    /// log is invalid, if there is no tokio runtime, or if the simulator cannot listen on the address. tokio panics in a runtime
    /// without timers and sockets; build it with `enable_all`.
    pub async fn start(self) -> Result<Simulator, StartError> {
        let chain_id = &self.settings.chain_id;
        if chain::is_real(chain_id) {
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
        let mut markets = Markets::load(&self.settings.markets, self.settings.seed, self.settings.speed)?;
        if let Some(path) = &self.settings.price_script {
            markets.follow_script(path, Clock::new().now() / MILLISECOND)?;
        }
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| StartError::NoRuntime)?;
        let address = self.settings.address;
        if !address.ip().is_loopback() && !address.ip().is_unspecified() {
            return Err(StartError::Address { address });
        }
        let listener = TcpListener::bind(address)
            .await
            .map_err(|source| StartError::Listen { address, source })?;
        // It comes last, so that a start that fails leaves no new file behind.
        let (settings, markets, trading) = open_trading(self.settings, markets).await?;
        // The test may use reqwest directly, which panics without a provider. `ClientBuilder::build` reports a missing one.
        let _ = tls::install_default_provider();
        Simulator::run(settings, markets, trading, document()?, listener, &runtime)
    }
}

/// Opens trading. A log can take long to replay, which must not hold up other tasks.
async fn open_trading(
    settings: Settings,
    markets: Markets,
) -> Result<(Settings, Markets, Trading), InvalidLog> {
    let Some(path) = settings.trading_log.clone() else {
        let trading = Trading::open(&settings, &markets)?;
        return Ok((settings, markets, trading));
    };
    let opened = tokio::task::spawn_blocking(move || {
        let trading = Trading::open(&settings, &markets)?;
        Ok((settings, markets, trading))
    });
    let opened = opened.await;
    opened.unwrap_or_else(|error| Err(InvalidLog::new(&path, "replayed", error)))
}

/// Returns the OpenAPI document, which is parsed once.
pub(super) fn document() -> Result<&'static Document, DocumentError> {
    static DOCUMENT: OnceLock<Document> = OnceLock::new();
    if let Some(document) = DOCUMENT.get() {
        return Ok(document);
    }
    let document = Document::parse(paradex_api::DOCUMENT)?;
    Ok(DOCUMENT.get_or_init(|| document))
}

impl From<StartError> for Error {
    fn from(error: StartError) -> Self {
        ConfigurationError::with("the simulator did not start", error).into()
    }
}

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The chain id belongs to the real exchange.
    #[error(
        "chain id {chain_id:?} belongs to the real exchange; choose another, so that no signature is valid there"
    )]
    #[non_exhaustive]
    RealChain {
        /// The chain id.
        chain_id: String,
    },
    /// The chain id is invalid.
    #[error("chain id {chain_id:?} is invalid; it must be 1 to 31 visible ASCII characters")]
    #[non_exhaustive]
    ChainId {
        /// The chain id.
        chain_id: String,
    },
    /// A market, the file of markets or the speed of prices is invalid.
    #[error(transparent)]
    Markets(#[from] InvalidMarkets),
    /// The script of prices cannot be read, or has a mistake.
    #[error(transparent)]
    PriceScript(#[from] InvalidPriceScript),
    /// The trading log cannot be opened or replayed, or was recorded with other options.
    #[error(transparent)]
    TradingLog(#[from] InvalidLog),
    /// There is no tokio runtime.
    #[error("there is no tokio runtime; start the simulator within `#[tokio::main]` or `#[tokio::test]`")]
    NoRuntime,
    /// The address is neither a loopback address nor the unspecified one.
    #[error(
        "the simulator cannot listen on {address}; use a loopback address, or 0.0.0.0 to let other machines connect"
    )]
    #[non_exhaustive]
    Address {
        /// The address.
        address: SocketAddr,
    },
    /// The address or the port cannot be opened.
    #[error("the simulator cannot listen on {address}; choose another port, or 0 for a free one")]
    #[non_exhaustive]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The cause.
        source: io::Error,
    },
    /// The OpenAPI document of this build cannot be parsed.
    #[error("the OpenAPI document of this build cannot be parsed")]
    Document(#[from] DocumentError),
}
