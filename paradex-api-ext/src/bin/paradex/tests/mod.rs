//! Every command against a simulator: its output and its exit status.

mod accounts;
mod allow;
mod api;
mod confirm;
mod credentials;
mod halt;
mod names;
mod output;
mod probe;
mod production;
mod reports;
mod rotate;
mod unprinted;
mod watch;

use std::io::{self, Cursor, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Parser as _;
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::paradex_api::operations;
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{Client, Credentials, Environment, RetryPolicy};
use serde_json::{Value, json};

use crate::args::Args;
use crate::client_source::ClientSource;
use crate::console::{Console, Exit, Failure};
use crate::run;

const HOUR: Duration = Duration::from_secs(3_600);
const OFFICE: &str = "203.0.113.0/24";
const COLO: &str = "198.51.100.0/24";

/// A simulator with the accounts `desk` and `research`.
struct Local {
    exchange: Simulator,
    environment: Environment,
    research: String,
}

impl ClientSource for Local {
    fn default_account(&self) -> &str {
        "desk"
    }

    fn client(&self, account: &str) -> Result<Client, Failure> {
        let address = match account {
            "desk" => self.exchange.main_account(),
            "research" => self.research.clone(),
            other => return Err(Failure::usage(format!("no account `{other}`"))),
        };
        let session = self.exchange.account_session(&address)?;
        let credentials = Credentials::bearer(self.environment.clone(), session)?;
        let builder = Client::builder(self.environment.clone()).retry(RetryPolicy::none());
        Ok(builder.credentials(credentials).build()?)
    }

    fn all(&self) -> Result<Vec<String>, Failure> {
        Ok(vec!["desk".to_owned(), "research".to_owned()])
    }
}

/// A simulated exchange with one session, whose token is known.
struct Known(Environment, String);

impl ClientSource for Known {
    fn default_account(&self) -> &str {
        "desk"
    }

    fn client(&self, _: &str) -> Result<Client, Failure> {
        let credentials = Credentials::bearer(self.0.clone(), self.1.as_str())?;
        let builder = Client::builder(self.0.clone()).retry(RetryPolicy::none());
        Ok(builder.credentials(credentials).build()?)
    }

    fn all(&self) -> Result<Vec<String>, Failure> {
        Ok(Vec::new())
    }
}

/// The result of a command.
struct Ran {
    exit: Exit,
    out: String,
    err: String,
}

impl Ran {
    #[track_caller]
    fn ends(self, exit: Exit) -> Self {
        assert_eq!(self.exit, exit, "{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.out.contains(part), "{}\nlacks {part}", self.out);
        }
        self
    }

    #[track_caller]
    fn warns(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.err.contains(part), "{}\nlacks {part}", self.err);
        }
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

impl Local {
    async fn start() -> Self {
        let exchange = Simulator::builder().strict().start().await.unwrap();
        Self {
            environment: Environment::custom(exchange.url()).unwrap(),
            research: exchange.add_account(),
            exchange,
        }
    }

    /// Like `start`, but clients treat the simulator as production.
    async fn production() -> Self {
        let mut local = Self::start().await;
        local.environment = Environment::production_proxy(local.exchange.url()).unwrap();
        local
    }

    async fn token(&self, name: &str, list: &[&str]) -> String {
        let list = match list {
            [] => IpAllowlist::Unrestricted,
            some => IpAllowlist::parse_entries(some).unwrap(),
        };
        let token = NewToken::new(name, "api_key", HOUR, list).unwrap();
        let created = self.client("desk").unwrap().tokens().create(token).await.unwrap();
        created.lookup_id().to_owned()
    }

    fn stored(&self, token: &str) -> Vec<String> {
        self.exchange.token(token).unwrap().allowed_cidrs.unwrap()
    }

    /// The number of requests that change something.
    fn changes(&self) -> usize {
        let requests = self.exchange.requests();
        let operations = requests.iter().filter_map(|request| request.operation());
        operations.filter(|operation| !operation.is_read()).count()
    }

    /// Runs a command whose standard output is full, and returns its exit status and its standard error.
    async fn run_unprinted(&self, line: &str) -> (Exit, String) {
        let mut err = Vec::new();
        let exit = run_to(self, line, None, &mut Full, &mut err).await;
        (exit, String::from_utf8(err).unwrap())
    }

    async fn run(&self, line: &str) -> Ran {
        self.run_at(line, None).await
    }

    /// Runs a command. `reply` is typed at the terminal; `None` means that there is no terminal.
    async fn run_at(&self, line: &str, reply: Option<&str>) -> Ran {
        run_in(self, line, reply).await
    }
}

/// Runs a command with this source of clients. `reply` is as in [`Local::run_at`].
async fn run_in(source: &dyn ClientSource, line: &str, reply: Option<&str>) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = run_to(source, line, reply, &mut out, &mut err).await;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran {
        exit,
        out: text(out),
        err: text(err),
    }
}

/// Runs a command that prints to `out` and `err`, and returns its exit status.
async fn run_to(
    source: &dyn ClientSource,
    line: &str,
    reply: Option<&str>,
    out: &mut (dyn Write + Send),
    err: &mut (dyn Write + Send),
) -> Exit {
    let words = std::iter::once("paradex").chain(line.split_whitespace());
    let args = match Args::try_parse_from(words) {
        Ok(args) => args,
        Err(error) => {
            let _ = write!(err, "{error}");
            return Exit::Usage;
        }
    };
    let mut input = reply.map(|reply| Cursor::new(reply.as_bytes().to_vec()));
    let mut console = Console {
        out,
        err: &mut *err,
        input: input.as_mut().map(|input| input as _),
        json: args.json,
        yes: args.yes,
        color: false,
        progress: false,
        config: args.config.as_deref(),
    };
    let outcome = run(&args, source, &mut console).await;
    outcome.unwrap_or_else(|failure| {
        let _ = writeln!(err, "error: {failure}");
        failure.exit
    })
}

/// A stream that nothing can be written to, like a full disk.
struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::from(io::ErrorKind::StorageFull))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A temporary folder, deleted on drop.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("paradex-cli-{}-{count}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    /// Writes a file that only its owner can read, as a plan must be.
    fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.0.join(name), text).unwrap();
        self.set_mode(name, 0o600);
        self.path(name)
    }

    fn set_mode(&self, name: &str, mode: u32) {
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
            std::fs::set_permissions(self.0.join(name), mode).unwrap();
        }
        #[cfg(not(unix))]
        let _ = (name, mode);
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// A policy with one range for all tokens of `desk`.
    fn policy(&self, range: &str) -> String {
        let text = format!(
            "[ranges]\nplace = ['{range}']\n[[rules]]\naccount = 'desk'\nkind = 'token'\nallow = ['place']\n"
        );
        self.write("policy.toml", &text)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
