//! `paradex watch`: market data as it changes, until it is stopped.

mod args;
mod cells;
mod lines;
mod screen;
mod source;
mod table;

use std::io;
use std::pin::pin;
use std::time::{Duration, SystemTime};

use paradex_api_ext::stream::Outage;
use paradex_api_ext::{Client, Environment};

pub(crate) use args::Watch;
pub(crate) use lines::Lines;
use screen::Screen;
pub(crate) use source::Seen;
use source::Source;
pub(crate) use table::Table;

use crate::accounts::Accounts;
use crate::args::Args;
use crate::client_source::{ClientSource as _, DemoExchange, environment_variable, group};
use crate::console::{Console, Exit, Failure};
use crate::signals::Signals;

/// How often a table is drawn.
const FRAME: Duration = Duration::from_millis(100);

/// Shows what a feed yields.
pub(crate) trait Output {
    fn show(&mut self, seen: &Seen) -> io::Result<()>;

    /// Says why there is no connection at present, or that there is one again.
    fn outage(&mut self, outage: Option<&Outage>) -> io::Result<()>;

    /// Draws what has changed since the last time.
    fn draw(&mut self);
}

/// Watches until the process is told to stop.
pub(crate) async fn run(
    watch: &Watch,
    args: &Args,
    is_terminal: bool,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    if args.all || !args.account.is_empty() {
        return Err(Failure::usage(
            "`watch` reads public data and uses no account: leave out `--account` and `--all`",
        ));
    }
    // It listens for signals first, so that a signal right after the start ends it as one later does.
    let mut signals = Signals::new()?;
    let demo = match args.simulator {
        true => Some(DemoExchange::start(true).await?),
        false => None,
    };
    let client = match &demo {
        Some(demo) => demo.anonymous()?,
        None => client(watch, args)?,
    };
    let client = client.ok_or_else(|| {
        Failure::usage(
            "no account names an environment: pass `--environment production`, or set PARADEX_ENVIRONMENT",
        )
    })?;
    match is_terminal && !console.json {
        true => {
            let mut screen = Screen::start(watch, client.environment(), console.color);
            run_to(watch, &client, &mut screen, signals.next()).await
        }
        false => {
            run_to(
                watch,
                &client,
                &mut Lines::new(console.out, console.err),
                signals.next(),
            )
            .await
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

/// Shows what arrives, until `stop` resolves, enough has arrived, or the time is over.
pub(crate) async fn run_to(
    watch: &Watch,
    client: &Client,
    output: &mut dyn Output,
    stop: impl Future<Output = ()>,
) -> Result<Exit, Failure> {
    let mut source = Source::open(watch, client);
    let mut stop = pin!(stop);
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
    let result = loop {
        if left == Some(0) {
            break Ok(Exit::Done);
        }
        tokio::select! {
            () = &mut stop => break Ok(Exit::Done),
            () = &mut end => break match outage {
                Some(outage) if !has_seen => Err(Failure::new(Exit::Failed, outage.to_string())),
                _ => Ok(Exit::Done),
            },
            _ = frame.tick() => {
                // An attempt that is being made changes nothing.
                let now = source.outage().filter(|outage| outage.failures > 0);
                if now.is_some() && now.as_ref().map(failures) != outage.as_ref().map(failures) {
                    outage = now;
                    output.outage(outage.as_ref())?;
                }
                output.draw();
            }
            next = source.next() => {
                let Some(seen) = next else {
                    break match source.error() {
                        Some(error) => Err(Failure::from_error(Exit::Failed, error)),
                        None => Ok(Exit::Done),
                    };
                };
                has_seen = true;
                // A connection that is lost at once yields nothing.
                if outage.is_some() && source.outage().is_none() {
                    outage = None;
                    output.outage(None)?;
                }
                match output.show(&seen) {
                    // The reader of a pipe, such as `head`, has enough.
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break Ok(Exit::Done),
                    shown => shown?,
                }
                if let (true, Some(left)) = (seen.is_item(), &mut left) {
                    *left -= 1;
                }
            }
        }
    };
    output.draw();
    result
}
