//! The arguments of the command line. Secrets are never arguments.
//!
//! The help of every command ends with an example.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand};
use paradex_api_ext::Environment;
use paradex_api_ext::net::Cidr;
use paradex_api_ext::paradex_api::{UPSTREAM_DATE, UPSTREAM_VERSION};

use crate::api::Api;
use crate::style::Color;
use crate::watch::Watch;

/// The last lines of a command's help.
macro_rules! example {
    ($line:literal) => {
        concat!("Example:\n  paradex ", $line)
    };
}

/// Watches Paradex markets and accounts, manages API tokens, subkeys and IP allowlists, and simulates the exchange.
///
/// Credentials come from the places that a configuration file names, or from environment variables, never from arguments.
///
/// The file `paradex.toml` names accounts, and where the secret of each is; `paradex config check` reads it.
///
/// Without such a file, PARADEX_ENVIRONMENT is production, testnet or a URL.
/// Also set one of PARADEX_PRIVATE_KEY, PARADEX_TOKEN, or PARADEX_SUBKEY with PARADEX_ACCOUNT. Each secret can also come
/// from a file, named by the variable with the suffix _FILE (a pipe or a descriptor such as /dev/fd/3 works too), or from
/// a systemd credential. The variables of `--account desk` begin with PARADEX_DESK_.
#[derive(Debug, Parser)]
#[command(name = "paradex", bin_name = "paradex", version = version(), after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// Use a simulator with the accounts `desk`, the default, and `research`; its state ends with the command
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub(crate) simulator: bool,
    /// Print JSON
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub(crate) json: bool,
    /// The account name, as in the configuration file or in its variables; repeat it for commands that take several accounts
    #[arg(long, global = true, value_name = "NAME", help_heading = GLOBAL)]
    pub(crate) account: Vec<String>,
    /// Use all accounts of the configuration file
    #[arg(long, global = true, conflicts_with = "account", help_heading = GLOBAL)]
    pub(crate) all: bool,
    /// The configuration file [default: $PARADEX_CONFIG, or paradex/paradex.toml in the user's configuration folder]
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "simulator", help_heading = GLOBAL)]
    pub(crate) config: Option<PathBuf>,
    /// Confirm everything: changes of production, and the topics of `probe`
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub(crate) yes: bool,
    /// Use colours; `auto` uses them on a terminal, unless the variable NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t, hide_possible_values = true, help_heading = GLOBAL)]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Args {
    /// Options that exclude each other, also if one is before the subcommand and the other one after it: clap compares only those
    /// at the same place.
    pub(crate) fn conflict(&self) -> Option<String> {
        let environment = match &self.command {
            Command::Watch(watch) => watch.environment_text().map(str::to_owned),
            Command::Probe(probe) => probe.environment.as_ref().map(ToString::to_string),
            _ => None,
        };
        let (one, other, reason) = match environment {
            Some(environment) if self.simulator => (
                "--simulator",
                format!("--environment {environment}"),
                ": a simulator shows invented prices",
            ),
            _ if self.simulator && self.config.is_some() => (
                "--simulator",
                "--config".to_owned(),
                ": a simulator has its own accounts",
            ),
            _ if self.all && !self.account.is_empty() => ("--all", "--account".to_owned(), ""),
            _ => return None,
        };
        Some(format!(
            "`{one}` and `{other}` exclude each other{reason}; leave out one of them"
        ))
    }
}

/// The definition of the command line. Use it instead of `Args::command`, which shows examples of tokens for subkeys.
pub(crate) fn command() -> clap::Command {
    use clap::CommandFactory as _;
    Args::command().mut_subcommand("subkeys", |subkeys| {
        subkeys.mut_subcommand("rotate", with_examples_of_subkeys)
    })
}

fn with_examples_of_subkeys(mut command: clap::Command) -> clap::Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    for name in names {
        command = command.mut_subcommand(name, with_examples_of_subkeys);
    }
    let examples = command
        .get_after_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    command.after_help(
        examples
            .replace("tokens rotate", "subkeys rotate")
            .replace(TOKEN, SUBKEY),
    )
}

/// A token and a subkey of the simulated exchange, as examples name them.
const TOKEN: &str = "b9704fa7ca682cf5";
const SUBKEY: &str = "0x1a97";

/// The version of the program, and that of the API document that it was generated from.
fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    let program = env!("CARGO_PKG_VERSION");
    VERSION.get_or_init(|| format!("{program} (API {UPSTREAM_VERSION} of {UPSTREAM_DATE})"))
}

const GLOBAL: &str = "Global options";

const AFTER_HELP: &str = "\
Examples:
  paradex --simulator tokens list
  paradex whoami --account desk
  paradex audit --within 14d --json

Exit status:
  0  success; for `allow check` and `audit`: nothing to report
  1  failed or refused; the failed change was not made
  2  invalid usage, or production would be changed and there is no terminal to confirm it
  3  partly done, or the outcome is unknown: check the current state before you repeat the command
  4  `allow check` found drift, or `audit` has findings";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List, create, revoke and rotate API tokens
    #[command(subcommand, after_help = example!("tokens list"))]
    Tokens(Tokens),
    /// List, register, revoke and rotate subkeys
    #[command(subcommand, after_help = example!("subkeys list"))]
    Subkeys(Subkeys),
    /// Show and change IP allowlists, one at a time or by a policy
    #[command(subcommand, after_help = example!("allow show --token b9704fa7ca682cf5"))]
    Allow(Allow),
    /// Report unrestricted, unreadable, too broad, expiring, expired and revoked credentials
    #[command(after_help = AUDIT_EXAMPLES)]
    Audit(Audit),
    /// Cancel all open orders of the accounts; programs that trade are not stopped
    #[command(after_help = HALT_EXAMPLES)]
    Halt(Halt),
    /// Check the configuration file
    #[command(subcommand, after_help = example!("config check"))]
    Config(ConfigCommand),
    /// Show the accounts and whether their credentials work
    #[command(after_help = example!("whoami --account desk"))]
    Whoami,
    /// Ask an exchange the questions that no published source answers
    #[command(after_help = PROBE_EXAMPLES)]
    Probe(Probe),
    /// Call any operation of the API, by its method and path
    #[command(after_help = API_EXAMPLES)]
    Api(Api),
    /// Serve a simulated exchange that any client can trade on, until Ctrl-C
    #[command(after_help = SIMULATE_EXAMPLES)]
    Simulate(Simulate),
    /// Watch market data or an account until Ctrl-C: a table on a terminal, otherwise lines of JSON
    #[command(subcommand, after_help = example!("watch bbo BTC-USD-PERP --environment production"))]
    Watch(Watch),
    /// Print a completion script for a shell
    #[command(after_help = example!("completions bash > ~/.local/share/bash-completion/completions/paradex"))]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write a manual page for each command
    #[command(after_help = example!("man ~/.local/share/man/man1"))]
    Man {
        /// The folder for the pages; created if it does not exist
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}

const API_EXAMPLES: &str = "\
Examples:
  paradex api GET /v1/bbo/BTC-USD-PERP
  paradex api GET /v1/orders --query market=BTC-USD-PERP
  paradex api PUT /v1/account/tokens/ID/allowed-cidrs --body list.json --dry-run

The response is printed as JSON. `allow`, `tokens` and `subkeys` protect against mistakes that `api` does not notice.";

const AUDIT_EXAMPLES: &str = "\
Examples:
  paradex audit --account desk --account research
  paradex audit --policy policy.toml --within 14d
  paradex audit --prometheus > /var/lib/node_exporter/paradex.prom";

const HALT_EXAMPLES: &str = "\
Examples:
  paradex halt --dry-run
  paradex halt --account desk --account research --yes";

const PROBE_EXAMPLES: &str = "\
Examples:
  paradex probe --list
  paradex probe --explain allowlist-delay
  paradex probe --environment testnet --dry-run
  paradex probe --environment testnet --output testnet.toml
  paradex simulate --assumptions testnet.toml

Use an account of testnet that serves no other purpose. Tokens, subkeys and orders of the probe are revoked and cancelled at its \
end, also after Ctrl-C; after a crash, the next probe does so. In production it asks only what changes nothing.

It asks for confirmation before each topic; `--yes` confirms all of them.";

const SIMULATE_EXAMPLES: &str = "\
Examples:
  paradex simulate
  paradex simulate --port 0 --seed 7 --json
  paradex simulate --market paradex-api-ext/examples/markets.toml --speed 60
  paradex simulate --session-lifetime 40s -v
  paradex simulate --assumptions testnet.toml";

const CREATE_TOKEN_EXAMPLES: &str = "\
Examples:
  paradex tokens create reporter --lifetime 30d --from 203.0.113.0/24 --secret-file reporter
  paradex tokens create reporter --lifetime 30d --from 203.0.113.0/24 --secret-fd 3 3>secret";

const CREATE_SUBKEY_EXAMPLES: &str = "\
Examples:
  paradex subkeys create signer --from 203.0.113.0/24 --secret-file /run/secrets/signer
  paradex subkeys create laptop --from 203.0.113.0/24 --public-key 0x1a97";

const ROTATE_EXAMPLES: &str = "\
Example of a rotation, which takes three steps:
  paradex tokens rotate start ID --folder FOLDER
  (switch your programs to the new secret)
  paradex tokens rotate finish ID --folder FOLDER --grace 1d

ID is the old credential in every step.";

const APPLY_EXAMPLES: &str = "\
Examples:
  paradex allow apply --policy policy.toml --dry-run
  paradex allow apply --policy policy.toml --keep 203.0.113.7
  paradex allow plan --policy policy.toml --out plan.json
  paradex allow apply --plan plan.json";

const CHANGE_EXAMPLES: &str = "\
Examples:
  paradex allow add --token ID 203.0.113.0/24 --dry-run
  paradex allow set --subkey 0x1a97 203.0.113.0/24 --keep 203.0.113.7
  paradex allow change --token ID 203.0.113.0/24 --confirm=10s --probe-file token";

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Read the configuration file and the secret of each account; nothing is sent, and no secret is shown
    #[command(after_help = example!("config check --account desk"))]
    Check,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Tokens {
    /// List tokens
    #[command(after_help = example!("tokens list --include-revoked"))]
    List(List),
    /// Create a token
    #[command(after_help = CREATE_TOKEN_EXAMPLES)]
    Create(CreateToken),
    /// Revoke a token; this cannot be undone
    #[command(after_help = example!("tokens revoke b9704fa7ca682cf5 --dry-run"))]
    Revoke {
        /// The token's lookup id, or its name if no other live token has it
        id: String,
        #[command(flatten)]
        force: Force,
        #[command(flatten)]
        dry_run: DryRun,
    },
    /// Replace a token by a new one, while both work
    #[command(subcommand, after_help = ROTATE_EXAMPLES)]
    Rotate(Rotate),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Subkeys {
    /// List subkeys
    #[command(after_help = example!("subkeys list --include-revoked"))]
    List(List),
    /// Register a subkey
    #[command(after_help = CREATE_SUBKEY_EXAMPLES)]
    Create(CreateSubkey),
    /// Revoke a subkey; this cannot be undone
    #[command(after_help = example!("subkeys revoke 0x1a97 --dry-run"))]
    Revoke {
        /// The subkey's public key, or its name if no other live subkey has it
        id: String,
        #[command(flatten)]
        force: Force,
        #[command(flatten)]
        dry_run: DryRun,
    },
    /// Replace a subkey by a new one, while both work
    #[command(subcommand, after_help = ROTATE_EXAMPLES)]
    Rotate(Rotate),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Rotate {
    /// List the rotations in a folder
    #[command(after_help = example!("tokens rotate list --folder rotations"))]
    List(RotationFolder),
    /// Create the successor, store its secret, and prove that it works; the old credential keeps working
    #[command(after_help = example!("tokens rotate start b9704fa7ca682cf5 --folder rotations"))]
    Start(Start),
    /// Continue a rotation after a crash or a failure
    #[command(after_help = example!("tokens rotate resume b9704fa7ca682cf5 --folder rotations"))]
    Resume(RotationArgs),
    /// Mark the new credential as proven, after you have seen it work where it is used
    #[command(after_help = example!("tokens rotate mark-proven b9704fa7ca682cf5 --folder rotations"))]
    MarkProven(RotationArgs),
    /// Revoke the old credential, if the new one was proven at least this long ago
    #[command(after_help = example!("tokens rotate finish b9704fa7ca682cf5 --folder rotations --grace 1d"))]
    Finish {
        #[command(flatten)]
        rotation: RotationArgs,
        /// The grace period in which both credentials work: 90s, 30m, 12h, 30d or 2w
        #[arg(long, value_name = "TIME", value_parser = parse_duration)]
        grace: Duration,
        #[command(flatten)]
        force: Force,
    },
    /// Revoke the new credential and keep the old one
    #[command(after_help = example!("tokens rotate abandon b9704fa7ca682cf5 --folder rotations"))]
    Abandon(RotationArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RotationFolder {
    /// The private folder for the state of rotations and the new secrets; created if it does not exist
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Start {
    /// The lookup id, the public key or the unique name of the old credential
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) folder: RotationFolder,
    /// Allow this network instead of the old credential's networks; may be repeated
    #[arg(long, value_name = "NETWORK", conflicts_with = "unrestricted")]
    pub(crate) from: Vec<Cidr>,
    /// Allow the new credential from any address
    #[arg(long)]
    pub(crate) unrestricted: bool,
    /// The new token's lifetime, if it differs from the old one's: 90s, 30m, 12h, 30d or 2w
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(crate) lifetime: Option<Duration>,
    /// The new token's type, if it differs from the old one's; set it if the old token is read-only
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) token_type: Option<String>,
    #[command(flatten)]
    pub(crate) dry_run: DryRun,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RotationArgs {
    /// The old credential, as in `start`
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) folder: RotationFolder,
    #[command(flatten)]
    pub(crate) dry_run: DryRun,
}

impl Rotate {
    fn changes(&self) -> bool {
        match self {
            Self::List(_) => false,
            Self::Start(start) => !start.dry_run.dry_run,
            Self::Resume(rotation)
            | Self::MarkProven(rotation)
            | Self::Abandon(rotation)
            | Self::Finish { rotation, .. } => !rotation.dry_run.dry_run,
        }
    }
}

#[derive(Debug, ClapArgs)]
pub(crate) struct List {
    /// Include revoked and expired ones
    #[arg(long)]
    pub(crate) include_revoked: bool,
}

#[derive(Debug, Clone, Copy, ClapArgs)]
pub(crate) struct DryRun {
    /// Show what would be done, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Clone, Copy, ClapArgs)]
pub(crate) struct Force {
    /// Revoke the credential even if this command may be using it itself
    #[arg(long)]
    pub(crate) force: bool,
}

/// The allowlist of a new credential. One of the two is required.
#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub(crate) struct AllowedFrom {
    /// Allow this network; may be repeated
    #[arg(long, value_name = "NETWORK")]
    pub(crate) from: Vec<Cidr>,
    /// Allow any address
    #[arg(long)]
    pub(crate) unrestricted: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CreateToken {
    /// The token's name
    pub(crate) name: String,
    /// The token's lifetime: 90s, 30m, 12h, 30d or 2w; from 1 minute to 365 days
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(crate) lifetime: Duration,
    /// The token's type, as the exchange spells it
    #[arg(long = "type", value_name = "TYPE", default_value = "api_key")]
    pub(crate) token_type: String,
    #[command(flatten)]
    pub(crate) from: AllowedFrom,
    #[command(flatten)]
    pub(crate) secret: SecretDestination,
    #[command(flatten)]
    pub(crate) dry_run: DryRun,
}

/// Where the secret of a new token is written. One of them is required.
#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub(crate) struct SecretDestination {
    /// Write the secret to this new file, readable only by you
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// Write the secret to this open file descriptor
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(3..))]
    pub(crate) secret_fd: Option<u32>,
    /// Print the secret with the result
    #[arg(long)]
    pub(crate) show_secret: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CreateSubkey {
    /// The subkey's name
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) from: AllowedFrom,
    #[command(flatten)]
    pub(crate) key: KeySource,
    #[command(flatten)]
    pub(crate) dry_run: DryRun,
}

/// The key to register: an existing public key, or a new key with a place for its private key. One of them is required.
#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub(crate) struct KeySource {
    /// Register this existing public key
    #[arg(long, value_name = "KEY")]
    pub(crate) public_key: Option<String>,
    /// Generate a key, and write the private key to this new file, readable only by you
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// Generate a key, and write the private key to this open file descriptor
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(3..))]
    pub(crate) secret_fd: Option<u32>,
    /// Generate a key, and print the private key with the result
    #[arg(long)]
    pub(crate) show_secret: bool,
}

/// The token or subkey whose allowlist is meant. One of them is required.
#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub(crate) struct TargetArgs {
    /// The token with this lookup id or unique name
    #[arg(long, value_name = "ID|NAME")]
    pub(crate) token: Option<String>,
    /// The subkey with this public key or unique name
    #[arg(long, value_name = "KEY|NAME")]
    pub(crate) subkey: Option<String>,
}

/// The arguments of every change of one allowlist.
#[derive(Debug, ClapArgs)]
pub(crate) struct Change {
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Change nothing if the new list would exclude this address; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) keep: Vec<IpAddr>,
    #[command(flatten)]
    pub(crate) confirmation: Confirmation,
    #[command(flatten)]
    pub(crate) dry_run: DryRun,
}

/// Whether a change is undone if the credential no longer works after it.
#[derive(Debug, ClapArgs)]
pub(crate) struct Confirmation {
    /// Restore the old list unless the credential still works this long after the change; 5s if no time is given
    #[arg(
        long,
        value_name = "TIME",
        value_parser = parse_duration,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "5s",
        requires = "probe_file"
    )]
    pub(crate) confirm: Option<Duration>,
    /// The file with the secret of this token or subkey, for the call that shows whether it still works
    #[arg(long, value_name = "FILE", requires = "confirm")]
    pub(crate) probe_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Allow {
    /// Show the allowlist of one token or subkey
    #[command(after_help = example!("allow show --token b9704fa7ca682cf5"))]
    Show(TargetArgs),
    /// Show what a policy would change
    #[command(after_help = example!("allow plan --policy policy.toml --out plan.json"))]
    Plan {
        #[command(flatten)]
        policy: PolicyArgs,
        /// Also write the plan to this new file, for `allow apply --plan`
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Replace an allowlist
    #[command(visible_alias = "change", after_help = CHANGE_EXAMPLES)]
    Set {
        /// The networks, such as 203.0.113.0/24
        #[arg(required = true, value_name = "NETWORK")]
        networks: Vec<Cidr>,
        #[command(flatten)]
        change: Change,
    },
    /// Add networks to an allowlist
    #[command(after_help = CHANGE_EXAMPLES)]
    Add {
        /// The networks, such as 203.0.113.0/24
        #[arg(required = true, value_name = "NETWORK")]
        networks: Vec<Cidr>,
        #[command(flatten)]
        change: Change,
    },
    /// Remove networks from an allowlist; the last entry cannot be removed
    #[command(after_help = CHANGE_EXAMPLES)]
    Remove {
        /// The networks, such as 203.0.113.0/24
        #[arg(required = true, value_name = "NETWORK")]
        networks: Vec<Cidr>,
        #[command(flatten)]
        change: Change,
    },
    /// Remove an allowlist: allow any address
    #[command(after_help = example!("allow clear --unrestricted --token b9704fa7ca682cf5 --dry-run"))]
    Clear {
        /// Confirm that any address is allowed
        #[arg(long, required = true)]
        unrestricted: bool,
        #[command(flatten)]
        change: Change,
    },
    /// Check whether the allowlists are as a policy says; exits with 4 if not
    #[command(after_help = example!("allow check --policy policy.toml"))]
    Check(PolicyArgs),
    /// Change the allowlists to what a policy or a stored plan says
    #[command(after_help = APPLY_EXAMPLES)]
    Apply {
        #[command(flatten)]
        plan: PlanSource,
        /// Only add networks: the first half of a move to other networks
        #[arg(long, conflicts_with = "plan")]
        widen: bool,
        /// Do not change a list that would exclude this address; may be repeated
        #[arg(long, value_name = "ADDRESS")]
        keep: Vec<IpAddr>,
        #[command(flatten)]
        dry_run: DryRun,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PolicyArgs {
    /// The policy file: .toml, .yaml, .yml or .json; `--account` adds accounts to it, and narrows nothing
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: PathBuf,
    /// Only add networks: the first half of a move to other networks
    #[arg(long)]
    pub(crate) widen: bool,
}

#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub(crate) struct PlanSource {
    /// The policy file: .toml, .yaml, .yml or .json; `--account` adds accounts to it, and narrows nothing
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// A plan file from `allow plan --out`; it names its accounts, so `--account` and `--all` are refused
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Audit {
    /// Also report what is broader than this policy
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Report what expires within this time: 90s, 30m, 12h, 30d or 2w
    #[arg(long, value_name = "TIME", default_value = "14d", value_parser = parse_duration)]
    pub(crate) within: Duration,
    /// Print metrics in the Prometheus text format
    #[arg(long, conflicts_with = "json")]
    pub(crate) prometheus: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Halt {
    #[command(flatten)]
    pub(crate) dry_run: DryRun,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Probe {
    /// The exchange: production, testnet or a URL; it must be that of the account
    #[arg(long, value_name = "ENVIRONMENT")]
    pub(crate) environment: Option<Environment>,
    /// List the questions with what is known; nothing is sent
    #[arg(long, conflicts_with_all = ["explain", "with_orders", "clean_up", "output", "journal", "dry_run"])]
    pub(crate) list: bool,
    /// Explain one question: why it matters, and how it is asked; nothing is sent
    #[arg(long, value_name = "NAME", conflicts_with_all = ["with_orders", "clean_up", "output", "journal", "dry_run"])]
    pub(crate) explain: Option<String>,
    /// Also place post-only orders of the smallest size, far from the market, and cancel them
    #[arg(long)]
    pub(crate) with_orders: bool,
    /// Only revoke and cancel what an earlier probe has left
    #[arg(long, conflicts_with_all = ["with_orders", "output", "dry_run"])]
    pub(crate) clean_up: bool,
    /// Write the report to this new file, instead of the standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The file that names what the probe makes [default: one for each account in paradex, in the user's state folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) dry_run: DryRun,
}

impl Probe {
    /// Whether it only prints the table.
    pub(crate) fn describes(&self) -> bool {
        self.list || self.explain.is_some()
    }
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Simulate {
    /// The port; 0 stands for a free one
    #[arg(long, default_value_t = 8480)]
    pub(crate) port: u16,
    /// The address to listen on; 0.0.0.0 lets other machines connect
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub(crate) bind: IpAddr,
    /// The seed of keys, ids and prices: the same seed gives the same accounts
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub(crate) seed: u64,
    /// The chain id that signatures are for; paradex-py works only with this one
    #[arg(long, value_name = "ID", default_value = "PRIVATE_SN_POTC_MOCK_SEPOLIA")]
    pub(crate) chain_id: String,
    /// How much faster than the clock prices move: 0 to 1000; with 0 they stand still
    #[arg(
        long,
        value_name = "FACTOR",
        default_value_t = 1.0,
        allow_negative_numbers = true
    )]
    pub(crate) speed: f64,
    /// A TOML file of markets, instead of the built-in ones
    #[arg(long, value_name = "FILE")]
    pub(crate) market: Option<PathBuf>,
    /// A CSV file of index prices that markets follow: time in seconds since the start, market, price
    #[arg(long, value_name = "FILE")]
    pub(crate) prices: Option<PathBuf>,
    /// Fill orders with the simulated market, and enforce its rules; without it, only orders of clients fill each other
    #[arg(long)]
    pub(crate) liquidity: bool,
    /// A file that records trading, and from which a later simulation continues
    #[arg(long, value_name = "FILE")]
    pub(crate) trading_log: Option<PathBuf>,
    /// How long a session lives: 90s, 30m, 12h, 30d or 2w [default: 5m]
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(crate) session_lifetime: Option<Duration>,
    /// A TOML file of assumptions, such as a report of `paradex probe`: how to behave where no published source says how
    #[arg(long, value_name = "FILE")]
    pub(crate) assumptions: Option<PathBuf>,
    /// Refuse everything that the OpenAPI document does not allow
    #[arg(long)]
    pub(crate) strict: bool,
    /// Accept orders without verifying their signatures, for speed
    #[arg(long)]
    pub(crate) unchecked_signatures: bool,
    /// Log every request to the standard error, not only refused ones
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

impl Command {
    /// Whether the command may change something at the exchange.
    pub(crate) fn changes(&self) -> bool {
        let dry_run = match self {
            Self::Tokens(Tokens::Create(CreateToken { dry_run, .. }) | Tokens::Revoke { dry_run, .. })
            | Self::Subkeys(
                Subkeys::Create(CreateSubkey { dry_run, .. }) | Subkeys::Revoke { dry_run, .. },
            )
            | Self::Allow(
                Allow::Set {
                    change: Change { dry_run, .. },
                    ..
                }
                | Allow::Add {
                    change: Change { dry_run, .. },
                    ..
                }
                | Allow::Remove {
                    change: Change { dry_run, .. },
                    ..
                }
                | Allow::Clear {
                    change: Change { dry_run, .. },
                    ..
                }
                | Allow::Apply { dry_run, .. },
            )
            | Self::Halt(Halt { dry_run }) => dry_run,
            Self::Api(api) => return api.changes(),
            Self::Probe(probe) => return !probe.describes() && !probe.dry_run.dry_run,
            Self::Tokens(Tokens::Rotate(rotate)) | Self::Subkeys(Subkeys::Rotate(rotate)) => {
                return rotate.changes();
            }
            Self::Tokens(Tokens::List(_))
            | Self::Subkeys(Subkeys::List(_))
            | Self::Allow(Allow::Show(_) | Allow::Plan { .. } | Allow::Check(_))
            | Self::Audit(_)
            | Self::Config(_)
            | Self::Whoami
            | Self::Simulate(_)
            | Self::Watch(_)
            | Self::Completions { .. }
            | Self::Man { .. } => return false,
        };
        !dry_run.dry_run
    }
}

/// Parses a duration with its unit.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    let refused =
        || format!("`{text}` is not a duration: write a number and a unit, such as 90s, 30m, 12h, 30d or 2w");
    let unit = text.chars().next_back().ok_or_else(refused)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        'w' => 7 * 24 * 60 * 60,
        _ => return Err(refused()),
    };
    let number = text.strip_suffix(unit).unwrap_or_default();
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refused());
    }
    let number: u64 = number.parse().map_err(|_| refused())?;
    number
        .checked_mul(seconds)
        .map(Duration::from_secs)
        .ok_or_else(refused)
}
