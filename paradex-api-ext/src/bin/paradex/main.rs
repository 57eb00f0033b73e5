//! `paradex`: manages tokens, subkeys and allowlists from a shell, from cron and in CI.
//!
//! Its manual is the documentation of `paradex_api_ext::fleet::operators`.

mod allow;
mod args;
mod audit;
mod client_source;
mod console;
mod credentials;
mod halt;
mod rotate;
mod secret;
mod simulate;
#[cfg(test)]
mod tests;
mod whoami;

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::args::{Args, Command};
use crate::client_source::{ClientSource, DemoExchange, FromVariables};
use crate::console::{Console, Exit, Failure};

fn main() -> ExitCode {
    let args = match Args::try_parse() {
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
    if let Command::Completions { shell } = args.command {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Args::command(), "paradex", &mut script);
        let written = std::io::stdout().write_all(&script);
        return written.map_or(Exit::Failed, |()| Exit::Done).into();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: the async runtime could not start: {error}");
            return Exit::Failed.into();
        }
    };
    let (stdin, mut stdout, mut stderr) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    let terminal = stdin.is_terminal();
    let mut stdin = std::io::BufReader::new(stdin);
    let mut console = Console {
        out: &mut stdout,
        err: &mut stderr,
        input: terminal.then_some(&mut stdin),
        json: args.json,
        yes: args.yes,
    };
    let outcome = runtime.block_on(async {
        // Commands that change nothing get a client that cannot send changes.
        let read_only = !args.command.changes();
        if let Command::Simulate(options) = &args.command {
            simulate::run(options, &mut console).await
        } else if args.simulator {
            run(&args, &DemoExchange::start(read_only).await?, &mut console).await
        } else {
            run(&args, &FromVariables::new(read_only)?, &mut console).await
        }
    });
    match outcome {
        Ok(exit) => exit.into(),
        Err(failure) => {
            eprintln!("error: {failure}");
            failure.exit.into()
        }
    }
}

/// Runs a command.
async fn run(args: &Args, source: &dyn ClientSource, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match &args.command {
        Command::Tokens(command) => credentials::tokens(command, &args.account, source, console).await,
        Command::Subkeys(command) => credentials::subkeys(command, &args.account, source, console).await,
        Command::Allow(command) => allow::run(command, &args.account, source, console).await,
        Command::Audit(audit) => audit::run(audit, &args.account, source, console).await,
        Command::Halt(halt) => halt::run(halt, &args.account, source, console).await,
        Command::Whoami => whoami::run(&args.account, source, console).await,
        Command::Simulate(_) | Command::Completions { .. } => Ok(Exit::Done),
    }
}
