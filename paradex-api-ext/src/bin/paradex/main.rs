//! `paradex`: manages tokens, subkeys and allowlists from a shell, from cron and in CI.
//!
//! Its manual is the documentation of `paradex_api_ext::fleet::operators`.

mod accounts;
mod allow;
mod api;
mod args;
mod audit;
mod client_source;
mod confirm;
mod console;
mod credentials;
mod halt;
mod json_text;
mod man;
mod names;
mod probe;
mod progress;
mod request_log;
mod rotate;
mod secret;
mod signals;
mod simulate;
mod style;
#[cfg(test)]
mod tests;
mod watch;
mod whoami;

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::FromArgMatches as _;

use crate::accounts::Accounts;
use crate::args::{Args, Command};
use crate::client_source::{ClientSource, DemoExchange};
use crate::console::{Console, Exit, Failure};
use crate::style::{Color, error_prefix};

fn main() -> ExitCode {
    Color::from_arguments(std::env::args_os()).apply();
    let mut command = args::command();
    let parsed = command.try_get_matches_from_mut(std::env::args_os());
    let parsed = parsed.and_then(|matches| Args::from_arg_matches(&matches));
    let args = match parsed.map_err(|error| error.format(&mut command)) {
        Ok(args) => args,
        Err(error) => {
            // Help goes to the standard output and is a success. A closed pipe is ignored.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Done
            }
            .into();
        }
    };
    if let Some(conflict) = args.conflict() {
        let failure = Failure::usage(conflict);
        print_error(&failure);
        return failure.exit.into();
    }
    if let Command::Completions { shell } = args.command {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut command, "paradex", &mut script);
        let written = std::io::stdout().write_all(&script);
        return written.map_or(Exit::Failed, |()| Exit::Done).into();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            print_error(format_args!("the async runtime could not start: {error}"));
            return Exit::Failed.into();
        }
    };
    let stdin = std::io::stdin();
    let (mut stdout, mut stderr) = (anstream::stdout(), anstream::stderr());
    let terminal = stdin.is_terminal();
    let mut stdin = std::io::BufReader::new(stdin);
    let mut console = Console {
        out: &mut stdout,
        err: &mut stderr,
        input: terminal.then_some(&mut stdin),
        json: args.json,
        yes: args.yes,
        color: true,
        progress: std::io::stderr().is_terminal(),
        config: args.config.as_deref(),
    };
    let outcome = runtime.block_on(async {
        if let Command::Config(_) = args.command {
            if args.simulator {
                return Err(Failure::usage(
                    "`config check` reads the configuration file, and `--simulator` uses none: leave out `--simulator`",
                ));
            }
            return accounts::check(&args, &mut console);
        }
        if args.simulator
            && !matches!(args.command, Command::Man { .. } | Command::Simulate(_))
            && std::env::var_os("PARADEX_ENVIRONMENT").is_some_and(|value| !value.is_empty())
        {
            console.note(format_args!(
                "warning: PARADEX_ENVIRONMENT is ignored: `--simulator` shows invented prices"
            ))?;
        }
        // Commands that change nothing get a client that cannot send changes.
        let read_only = !args.command.changes();
        if let Command::Man { folder } = &args.command {
            man::run(folder, &mut console)
        } else if let Command::Simulate(options) = &args.command {
            simulate::run(options, &mut console).await
        } else if let Command::Probe(options) = &args.command
            && options.describes()
        {
            probe::describe(options, &mut console)
        } else if let Command::Watch(watch) = &args.command {
            watch::run(watch, &args, std::io::stdout().is_terminal(), &mut console).await
        } else if args.simulator {
            run(&args, &DemoExchange::start(read_only).await?, &mut console).await
        } else {
            run(&args, &Accounts::open(&args, read_only)?, &mut console).await
        }
    });
    match outcome {
        Ok(exit) => exit.into(),
        Err(failure) => {
            print_error(&failure);
            failure.exit.into()
        }
    }
}

/// Prints an error. If the standard error cannot be written to, only the exit status tells.
fn print_error(error: impl std::fmt::Display) {
    let _ = writeln!(anstream::stderr(), "{} {error}", error_prefix());
}

/// Runs a command.
async fn run(args: &Args, source: &dyn ClientSource, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let named = &accounts::named(args, source)?;
    match &args.command {
        Command::Tokens(command) => credentials::tokens(command, named, source, console).await,
        Command::Subkeys(command) => credentials::subkeys(command, named, source, console).await,
        Command::Allow(command) => allow::run(command, named, source, console).await,
        Command::Audit(audit) => audit::run(audit, named, source, console).await,
        Command::Halt(halt) => halt::run(halt, named, source, console).await,
        Command::Probe(options) => probe::run(options, named, source, console).await,
        Command::Whoami => whoami::run(named, source, console).await,
        Command::Api(api) => api::run(api, named, source, console).await,
        // They use no account, and `main` runs them.
        Command::Config(_)
        | Command::Simulate(_)
        | Command::Watch(_)
        | Command::Completions { .. }
        | Command::Man { .. } => Ok(Exit::Done),
    }
}
