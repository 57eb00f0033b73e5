//! `paradex simulate`: a simulated exchange for any client, until it is stopped.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use paradex_api_ext::assumptions::{Assumptions, InvalidAssumptions};
use paradex_api_ext::private_file;
use paradex_api_ext::simulator::{Liquidity, LoggedRequest, Simulator, StartError};
use serde::Serialize;

use crate::args::Simulate;
use crate::console::{Console, Exit, Failure, line};
use crate::request_log::{LogThread, RequestLog};
use crate::signals::Signals;

/// How many sample accounts there are.
const ACCOUNTS: usize = 2;

/// What is printed at the start.
#[derive(Serialize)]
struct Started {
    base_url: String,
    stream_url: String,
    chain_id: String,
    seed: u64,
    accounts: Vec<Sample>,
}

/// An account with its key, which follows from the seed.
#[derive(Serialize)]
struct Sample {
    address: String,
    public_key: String,
    private_key: String,
}

/// Serves until the process is told to stop.
pub(crate) async fn run(options: &Simulate, console: &mut Console<'_>) -> Result<Exit, Failure> {
    // It listens for signals first, so that a signal right after the start ends it as one later does.
    let mut signals = Signals::new()?;
    if options.bind.is_unspecified() {
        console.note(format_args!(
            "warning: every machine that can reach this one can connect, because of `--bind {}`; every client can claim any \
             address with x-simulated-address",
            options.bind
        ))?;
    }
    if options.unchecked_signatures {
        console.note(format_args!(
            "warning: orders with a wrong signature are accepted, because of `--unchecked-signatures`"
        ))?;
    }
    let thread = LogThread::start()?;
    let simulator = start(options, thread.log()).await?;
    let started = Started::new(options, &simulator)?;
    console.result(&started, started.text())?;
    signals.next().await;
    drop(simulator);
    thread.finish();
    Ok(Exit::Done)
}

async fn start(options: &Simulate, log: RequestLog) -> Result<Simulator, Failure> {
    let verbose = options.verbose;
    let mut builder = Simulator::builder()
        .listen_on(SocketAddr::new(options.bind, options.port))
        .seed(options.seed)
        .chain_id(&options.chain_id)
        .speed(options.speed)
        .on_response(move |request| {
            if verbose || request.refusal().is_some() {
                log.line(log_line(request));
            }
        });
    if let Some(lifetime) = options.session_lifetime {
        builder = builder.session_lifetime(lifetime);
    }
    if let Some(file) = &options.market {
        builder = builder.market_file(file);
    }
    if let Some(file) = &options.prices {
        builder = builder.price_script(file);
    }
    if options.liquidity {
        builder = builder.liquidity(Liquidity::Simulated);
    }
    if let Some(file) = &options.trading_log {
        builder = builder.trading_log(file);
    }
    if let Some(file) = &options.assumptions {
        builder = builder.assumptions(&read_assumptions(file)?);
    }
    if options.strict {
        builder = builder.strict();
    }
    if options.unchecked_signatures {
        builder = builder.unchecked_signatures();
    }
    builder.start().await.map_err(|error| match error {
        StartError::RealChain { .. }
        | StartError::ChainId { .. }
        | StartError::Address { .. }
        | StartError::Markets(_)
        | StartError::PriceScript(_)
        | StartError::TradingLog(_) => Failure::from_error(Exit::Usage, &error),
        _ => error.into(),
    })
}

/// Reads a report of `paradex probe`, or any file of assumptions.
fn read_assumptions(path: &Path) -> Result<Assumptions, Failure> {
    const MOST_MIB: u16 = 4;
    let text =
        private_file::shared_text(path, MOST_MIB).map_err(|error| Failure::file("read", path, &error))?;
    let invalid = |error: InvalidAssumptions| Failure::usage(format!("{}: {error}", path.display()));
    Assumptions::from_toml(&text).map_err(invalid)
}

/// A request and its response. Headers and query are left out, because they can hold a secret.
fn log_line(request: &LoggedRequest) -> String {
    let mut text = match request.stream_method() {
        Some(method) => format!("WEBSOCKET {method}"),
        None => format!("{} {}", line(request.method()), line(request.path())),
    };
    if let Some(status) = request.status() {
        let _ = write!(text, " {status}");
    }
    if let Some(refusal) = request.refusal() {
        let _ = write!(text, " {}", line(refusal));
    }
    text
}

impl Started {
    fn new(options: &Simulate, simulator: &Simulator) -> Result<Self, Failure> {
        let mut accounts = vec![simulator.main_account()];
        accounts.resize_with(ACCOUNTS, || simulator.add_account());
        let sample = |address: String| {
            Ok::<_, Failure>(Sample {
                public_key: simulator.account_key(&address)?.public_key().to_string(),
                private_key: simulator.account_key_text(&address)?.expose().to_owned(),
                address,
            })
        };
        Ok(Self {
            base_url: simulator.url().to_owned(),
            stream_url: simulator.stream_url(),
            chain_id: options.chain_id.clone(),
            seed: options.seed,
            accounts: accounts.into_iter().map(sample).collect::<Result<_, _>>()?,
        })
    }

    fn text(&self) -> String {
        let url = &self.base_url;
        let mut text = format!(
            "base URL   {url}\nWebSocket  {}\nchain id   {}\n\nSample accounts. Everyone can compute their keys from the seed {}. Never use them \
             anywhere else.\n",
            self.stream_url,
            line(&self.chain_id),
            self.seed
        );
        for Sample {
            address,
            public_key,
            private_key,
        } in &self.accounts
        {
            let _ = write!(
                text,
                "\n  address      {address}\n  public key   {public_key}\n  private key  {private_key}\n"
            );
        }
        let (address, public_key, key) = match self.accounts.first() {
            Some(first) => (&*first.address, &*first.public_key, &*first.private_key),
            None => ("", "", ""),
        };
        let _ = write!(
            text,
            "\nHow clients connect, with the first account:\n\n\
             this program     PARADEX_ENVIRONMENT={url} PARADEX_PRIVATE_KEY={key} paradex whoami\n\
             {indent}paradex watch book BTC-USD-PERP --environment {url}\n\
             paradex-api-ext  Environment::custom(\"{url}\")?\n\
             paradex-py       Paradex(env=\"testnet\", api_base_url=\"{url}/v1\", l1_address=\"0x{zeros}1\", \
             l2_private_key=\"{key}\")\n\
             ccxt             exchange = ccxt.paradex(); exchange.urls[\"api\"][\"v1\"] = \"{url}/v1\"\n                 \
             exchange.walletAddress = \"0x{zeros}1\"; exchange.options[\"paradexAccount\"] = {{\"address\": \
             \"{address}\", \"publicKey\": \"{public_key}\", \"privateKey\": \"{key}\"}}\n\n\
             Stop it with Ctrl-C.\n",
            zeros = "0".repeat(39),
            indent = " ".repeat(17),
        );
        text
    }
}
