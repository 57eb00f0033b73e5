//! `paradex watch`: market data or an account as it changes, until it is stopped.

mod account;
mod args;
mod cells;
mod grid;
mod lines;
mod markets;
mod quiet;
mod screen;
mod source;
mod table;

use std::fmt::Display;
use std::io;
use std::pin::pin;
use std::time::{Duration, Instant, SystemTime};

use paradex_api_ext::stream::Outage;
use paradex_api_ext::{Client, Environment};

#[cfg(test)]
pub(crate) use account::AccountKind;
pub(crate) use account::AccountTable;
pub(crate) use args::Watch;
pub(crate) use lines::Lines;
use quiet::Quiet;
use screen::Screen;
pub(crate) use source::Seen;
use source::Source;
pub(crate) use table::Table;

use crate::accounts::{Accounts, named};
use crate::args::Args;
use crate::client_source::{ClientSource, DemoExchange, environment_variable, group, single_account};
use crate::console::{Console, Exit, Failure};
use crate::signals::Signals;

/// How often a table is drawn.
const FRAME: Duration = Duration::from_millis(100);

/// Shows what a feed yields.
pub(crate) trait Output {
    fn show(&mut self, seen: &Seen) -> io::Result<()>;

    /// Says why there is no connection at present, or that there is one again.
    fn outage(&mut self, outage: Option<&Outage>) -> io::Result<()>;

    /// Says something once.
    fn note(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    /// Draws what has changed since the last time.
    fn draw(&mut self);
}

/// A table that is drawn on a terminal.
pub(crate) trait View: Display {
    fn apply(&mut self, seen: &Seen);

    /// Shows a text below the rows until the first item.
    fn set_note(&mut self, _: &str) {}

    /// Shows why there is no connection, below the rows.
    fn set_outage(&mut self, outage: Option<&Outage>);
}

/// Watches until the process is told to stop.
pub(crate) async fn run(
    watch: &Watch,
    args: &Args,
    is_terminal: bool,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    if watch.account().is_none() && (args.all || !args.account.is_empty()) {
        return Err(Failure::usage(format!(
            "`watch {}` reads public data and uses no account: leave out `--account` and `--all`",
            watch.name()
        )));
    }
    // It listens for signals first, so that a signal right after the start ends it as one later does.
    let mut signals = Signals::new()?;
    let demo = match args.simulator {
        true => Some(DemoExchange::start(true).await?),
        false => None,
    };
    let is_table = is_terminal && !console.json;
    if let Some((kind, _)) = watch.account() {
        let accounts;
        let source: &dyn ClientSource = match &demo {
            Some(demo) => {
                demo.trade().await?;
                demo
            }
            None => {
                accounts = Accounts::open(args, true)?;
                &accounts
            }
        };
        let named = named(args, source)?;
        let (account, client) = single_account(&named, source)?;
        let table = || AccountTable::new(kind, account, &place(args, &client));
        return show(watch, &client, is_table.then(table), &mut signals, console).await;
    }
    let client = match &demo {
        Some(demo) => demo.anonymous()?,
        None => client(watch, args)?,
    };
    let client = client.ok_or_else(|| {
        Failure::usage(
            "no account names an environment: pass `--environment production`, or set PARADEX_ENVIRONMENT",
        )
    })?;
    let table = || Table::new(watch, &place(args, &client));
    show(watch, &client, is_table.then(table), &mut signals, console).await
}

/// Where the data comes from, for the title of a table.
fn place(args: &Args, client: &Client) -> String {
    match args.simulator {
        true => "the simulator (invented prices)".to_owned(),
        false => client.environment().to_string(),
    }
}

/// Watches in a table, or else as lines of JSON.
async fn show(
    watch: &Watch,
    client: &Client,
    table: Option<impl View + Send + 'static>,
    signals: &mut Signals,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    match table {
        Some(table) => {
            let mut screen = Screen::start(table, console.color);
            run_to(watch, client, &mut screen, signals.next()).await
        }
        None => {
            let mut lines = Lines::new(console.out, console.err);
            run_to(watch, client, &mut lines, signals.next()).await
        }
    }
}

/// A client without a credential, for the environment of the arguments, of the variable, or of the configuration file.
fn client(watch: &Watch, args: &Args) -> Result<Option<Client>, Failure> {
    let at = |environment: Environment| Ok(Some(group(Client::builder(environment), true)?.anonymous()));
    if let Some(environment) = watch.environment()? {
        return at(environment);
    }
    if args.config.is_none()
        && let Some(environment) = environment_variable()?
    {
        return at(environment);
    }
    let accounts = Accounts::open(args, true).map_err(|failure| {
        Failure::new(
            failure.exit,
            format!("{failure}; or pass `--environment production`"),
        )
    })?;
    accounts.anonymous()
}

fn failures(outage: &Outage) -> (SystemTime, u32) {
    (outage.since, outage.failures)
}

/// An account that was not reconciled within the time of `--for`.
fn unread(outage: Option<Outage>) -> Failure {
    let text = "the account could not be read within the time of `--for`";
    Failure::new(
        Exit::Failed,
        match outage {
            Some(outage) => format!("{text} from {}: {}", outage.address, outage.cause),
            None => format!("{text}: choose a longer time"),
        },
    )
}

/// Shows what arrives, until `stop` resolves, enough has arrived, or the time is over.
pub(crate) async fn run_to(
    watch: &Watch,
    client: &Client,
    output: &mut dyn Output,
    stop: impl Future<Output = ()>,
) -> Result<Exit, Failure> {
    let mut source = Source::open(watch, client)?;
    let mut stop = pin!(stop);
    tokio::select! {
        () = &mut stop => return Ok(Exit::Done),
        checked = source.check_markets(client) => checked?,
    }
    let mut end = pin!(async {
        match watch.duration() {
            Some(duration) => tokio::time::sleep(duration).await,
            None => std::future::pending().await,
        }
    });
    let mut frame = tokio::time::interval(FRAME);
    frame.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut left = watch.count();
    let mut outage: Option<Outage> = None;
    let mut has_seen = false;
    let mut quiet = Quiet::default();
    let result = loop {
        if left == Some(0) {
            break Ok(Exit::Done);
        }
        tokio::select! {
            () = &mut stop => break Ok(Exit::Done),
            () = &mut end => break match (has_seen, outage) {
                (false, outage) if watch.account().is_some() => Err(unread(outage)),
                (false, Some(outage)) => Err(Failure::new(
                    Exit::Failed,
                    format!(
                        "no data within {} s: {outage:#} ({} attempt{})",
                        watch.duration().unwrap_or_default().as_secs(),
                        outage.failures,
                        if outage.failures == 1 { "" } else { "s" }
                    ),
                )),
                _ => Ok(Exit::Done),
            },
            _ = frame.tick() => {
                // An attempt that is being made changes nothing.
                let now = source.outage().filter(|outage| outage.failures > 0);
                if now.is_some() && now.as_ref().map(failures) != outage.as_ref().map(failures) {
                    outage = now;
                    output.outage(outage.as_ref())?;
                }
                if matches!(watch, Watch::Trades(_)) && quiet.is_due(Instant::now()) {
                    output.note("connected; no trade yet")?;
                }
                output.draw();
                source.store_cursor()?;
            }
            next = source.next() => {
                let Some(seen) = next else {
                    break match source.error() {
                        Some(error) => Err(markets::failure(error, watch, client).await),
                        None => Ok(Exit::Done),
                    };
                };
                has_seen |= watch.account().is_none() || seen.is_reconciled();
                match seen {
                    Seen::Live(_) => quiet.connected(Instant::now()),
                    Seen::Lost(_) => quiet.lost(),
                    _ => quiet.item(),
                }
                // A connection that is lost at once yields nothing.
                if outage.is_some() && source.outage().is_none() {
                    outage = None;
                    output.outage(None)?;
                }
                match output.show(&seen) {
                    // The reader of a pipe, such as `head`, has enough. It has not seen this, so the cursor stays before it.
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::Done),
                    shown => shown?,
                }
                if let (true, Some(left)) = (seen.is_item(), &mut left) {
                    *left -= 1;
                }
            }
        }
    };
    output.draw();
    source.store_cursor()?;
    result
}
