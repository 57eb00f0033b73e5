//! `paradex`: tokens, subkeys and allowlists from a shell, from cron and in CI. Its page is the documentation of
//! `paradex_api_ext::fleet::operators`.

mod allow;
mod args;
mod audit;
mod console;
mod halt;
mod members;
mod rotate;
mod secret;
#[cfg(test)]
mod tests;
mod world;

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::args::{Args, Command};
use crate::console::{Console, Exit, Failure};
use crate::world::{ClientSource, DemoExchange, Environment};

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help goes to the standard output and is no error; a pipe that is closed is nobody's.
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
            eprintln!("error: the runtime cannot be set up: {error}");
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
        // What changes nothing is done by a client that cannot.
        let read_only = !args.command.changes();
        if args.simulator {
            run(&args, &DemoExchange::start(read_only).await?, &mut console).await
        } else {
            run(&args, &Environment::new(read_only)?, &mut console).await
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

/// Carries a command out.
async fn run(args: &Args, world: &dyn ClientSource, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match &args.command {
        Command::Tokens(command) => members::tokens(command, &args.account, world, console).await,
        Command::Subkeys(command) => members::subkeys(command, &args.account, world, console).await,
        Command::Allow(command) => allow::run(command, &args.account, world, console).await,
        Command::Audit(audit) => audit::run(audit, &args.account, world, console).await,
        Command::Halt(halt) => halt::run(halt, &args.account, world, console).await,
        Command::Whoami => world::whoami(&args.account, world, console).await,
        Command::Completions { .. } => Ok(Exit::Done),
    }
}
