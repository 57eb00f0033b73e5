//! What can be said on the command line. Nothing secret can.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand};
use paradex_api_ext::net::Cidr;

/// Looks after the API tokens, subkeys and IP allowlists of Paradex accounts.
///
/// Credentials come from the environment, never from arguments: PARADEX_ENVIRONMENT (production, testnet or an address)
/// and one of PARADEX_PRIVATE_KEY, PARADEX_TOKEN and PARADEX_SUBKEY with PARADEX_ACCOUNT, each also as …_FILE (a file, a
/// pipe, or a descriptor such as /dev/fd/3) or as a systemd credential. An account by name has its own: those of
/// `--account desk` begin with PARADEX_DESK_.
#[derive(Debug, Parser)]
#[command(name = "paradex", version, after_help = EXITS)]
pub(crate) struct Args {
    /// Use an exchange in this process, with the sample accounts `desk` and `research`; it ends with the command
    #[arg(long, global = true)]
    pub(crate) simulator: bool,
    /// Print JSON, for programs
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// The account, by the name of its credentials; may be repeated where a command is about several
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) account: Vec<String>,
    /// Change production without asking
    #[arg(long, global = true)]
    pub(crate) yes: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXITS: &str = "\
Exit status:
  0  done; for `allow check` and `audit`: all is well
  1  failed, or refused; what failed was not carried out
  2  wrong usage; also where production would be changed and nobody can be asked
  3  done in part, or it is unknown whether it was done; look before you repeat it
  4  `allow check` found drift, or `audit` found something";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// API tokens
    #[command(subcommand)]
    Tokens(Tokens),
    /// Subkeys
    #[command(subcommand)]
    Subkeys(Subkeys),
    /// IP allowlists, one by one or by a policy
    #[command(subcommand)]
    Allow(Allow),
    /// List what is unrestricted, unreadable, broader than a policy, about to end, ended or revoked
    Audit(Audit),
    /// Cancel every open order of the accounts; programs that trade go on trading
    Halt(Halt),
    /// Say which accounts these are, and whether their credentials work
    Whoami,
    /// Print a script that completes commands
    Completions {
        /// For this shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Tokens {
    /// List tokens
    List(List),
    /// Create a token
    Create(CreateToken),
    /// Revoke a token for good
    Revoke {
        /// Its lookup id
        id: String,
        #[command(flatten)]
        dry: Dry,
    },
    /// Exchange a token for a new one while both work
    #[command(subcommand)]
    Rotate(Rotate),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Subkeys {
    /// List subkeys
    List(List),
    /// Register a subkey
    Create(CreateSubkey),
    /// Revoke a subkey for good
    Revoke {
        /// Its public key
        id: String,
        #[command(flatten)]
        dry: Dry,
    },
    /// Exchange a subkey for a new one while both work
    #[command(subcommand)]
    Rotate(Rotate),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Rotate {
    /// List the rotations of a folder
    List(Folder),
    /// Make the successor, store its secret and prove it by a call; the old one works on
    Start(Start),
    /// Go on after a crash or a failure
    Resume(OfFolder),
    /// Say that the new one works where it is used, if it does not work from here
    Proven(OfFolder),
    /// Revoke the old one, if the new one was proven this long ago
    Finish {
        #[command(flatten)]
        of: OfFolder,
        /// How long both must have worked: 90s, 30m, 12h, 30d or 2w
        #[arg(long, value_name = "TIME", value_parser = time)]
        grace: Duration,
        /// Revoke it even if this command may be using it itself
        #[arg(long)]
        despite_own_credential: bool,
    },
    /// Revoke the new one and leave the old one as it is
    Abandon(OfFolder),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Folder {
    /// The folder that keeps rotations and the new secrets; only you may read it, and it is made if need be
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Start {
    /// The lookup id or the public key of the old one
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) folder: Folder,
    /// Another network than those of the old one; may be repeated
    #[arg(long, value_name = "NETWORK", conflicts_with = "unrestricted")]
    pub(crate) from: Vec<Cidr>,
    /// Let the new one be used from anywhere
    #[arg(long)]
    pub(crate) unrestricted: bool,
    /// Another lifetime than that of the old token: 90s, 30m, 12h, 30d or 2w
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) lifetime: Option<Duration>,
    /// Another type than that of the old token; name it for one that may only read
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) token_type: Option<String>,
    #[command(flatten)]
    pub(crate) dry: Dry,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct OfFolder {
    /// The old one, as for `start`
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) folder: Folder,
    #[command(flatten)]
    pub(crate) dry: Dry,
}

impl Rotate {
    fn changes(&self) -> bool {
        match self {
            Self::List(_) => false,
            Self::Start(start) => !start.dry.dry_run,
            Self::Resume(of) | Self::Proven(of) | Self::Abandon(of) | Self::Finish { of, .. } => {
                !of.dry.dry_run
            }
        }
    }
}

#[derive(Debug, ClapArgs)]
pub(crate) struct List {
    /// Also what is revoked or has ended
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, Clone, Copy, ClapArgs)]
pub(crate) struct Dry {
    /// Say what would be done, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// From where something new may be used. One of the two must be said.
#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub(crate) struct From {
    /// A network that it may be used from; may be repeated
    #[arg(long, value_name = "NETWORK")]
    pub(crate) from: Vec<Cidr>,
    /// Let it be used from anywhere
    #[arg(long)]
    pub(crate) unrestricted: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CreateToken {
    /// Its name
    pub(crate) name: String,
    /// How long it lives: 90s, 30m, 12h, 30d or 2w; a minute to 365 days
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) lifetime: Duration,
    /// Its type in the exchange's word
    #[arg(long = "type", value_name = "TYPE", default_value = "api_key")]
    pub(crate) token_type: String,
    #[command(flatten)]
    pub(crate) from: From,
    #[command(flatten)]
    pub(crate) secret: SecretTo,
    #[command(flatten)]
    pub(crate) dry: Dry,
}

/// Where the text of a new token goes. One of them must be said.
#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub(crate) struct SecretTo {
    /// Write the secret to this new file, which only you can read
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// Write the secret to this open descriptor
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(3..))]
    pub(crate) secret_fd: Option<u32>,
    /// Print the secret
    #[arg(long)]
    pub(crate) show_secret: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CreateSubkey {
    /// Its name
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) from: From,
    #[command(flatten)]
    pub(crate) key: Key,
    #[command(flatten)]
    pub(crate) dry: Dry,
}

/// Whose key it is: one that somebody has already, or a new one whose private half goes somewhere.
#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub(crate) struct Key {
    /// Register this public key; its private key stays where it is
    #[arg(long, value_name = "KEY")]
    pub(crate) public_key: Option<String>,
    /// Make a key, and write it to this new file, which only you can read
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// Make a key, and write it to this open descriptor
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(3..))]
    pub(crate) secret_fd: Option<u32>,
    /// Make a key, and print it
    #[arg(long)]
    pub(crate) show_secret: bool,
}

/// Whose allowlist it is.
#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub(crate) struct Whose {
    /// A token, by its lookup id
    #[arg(long, value_name = "ID")]
    pub(crate) token: Option<String>,
    /// A subkey, by its public key
    #[arg(long, value_name = "KEY")]
    pub(crate) subkey: Option<String>,
}

/// How a list is changed.
#[derive(Debug, ClapArgs)]
pub(crate) struct Change {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// An address that must stay inside, or nothing is changed; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) keep: Vec<IpAddr>,
    #[command(flatten)]
    pub(crate) dry: Dry,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Allow {
    /// Show the list of one token or subkey
    Show(Whose),
    /// Say what a policy would change
    Plan {
        #[command(flatten)]
        by: ByPolicy,
        /// Write the plan to this new file, for `allow apply --plan`
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Replace a list by these networks
    Set {
        /// The networks
        #[arg(required = true, value_name = "NETWORK")]
        networks: Vec<Cidr>,
        #[command(flatten)]
        change: Change,
    },
    /// Add networks to a list
    Add {
        /// The networks
        #[arg(required = true, value_name = "NETWORK")]
        networks: Vec<Cidr>,
        #[command(flatten)]
        change: Change,
    },
    /// Take networks off a list; the last one cannot be
    Remove {
        /// The networks
        #[arg(required = true, value_name = "NETWORK")]
        networks: Vec<Cidr>,
        #[command(flatten)]
        change: Change,
    },
    /// Open a token or a subkey to the world
    Clear {
        /// Yes, from anywhere
        #[arg(long, required = true)]
        unrestricted: bool,
        #[command(flatten)]
        change: Change,
    },
    /// Say whether what stands is as a policy says; ends with 4 if it is not
    Check(ByPolicy),
    /// Change what stands to what a policy or a stored plan says
    Apply {
        #[command(flatten)]
        plan: PlanFrom,
        /// Only add, so that nobody loses access: the first half of a move
        #[arg(long, conflicts_with = "plan")]
        widen: bool,
        /// An address that must stay inside every list; may be repeated
        #[arg(long, value_name = "ADDRESS")]
        keep: Vec<IpAddr>,
        #[command(flatten)]
        dry: Dry,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ByPolicy {
    /// The policy: a file ending in .toml, .yaml, .yml or .json
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: PathBuf,
    /// Only add, so that nobody loses access: the first half of a move
    #[arg(long)]
    pub(crate) widen: bool,
}

#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub(crate) struct PlanFrom {
    /// The policy: a file ending in .toml, .yaml, .yml or .json
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// A plan that `allow plan --out` wrote
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Audit {
    /// Also say what is broader than this policy
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Say what ends within this time: 90s, 30m, 12h, 30d or 2w
    #[arg(long, value_name = "TIME", default_value = "14d", value_parser = time)]
    pub(crate) within: Duration,
    /// Print metrics in the text format of Prometheus
    #[arg(long, conflicts_with = "json")]
    pub(crate) prometheus: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Halt {
    #[command(flatten)]
    pub(crate) dry: Dry,
}

impl Command {
    /// Whether it may change something at the exchange.
    pub(crate) fn changes(&self) -> bool {
        let dry = match self {
            Self::Tokens(Tokens::Create(CreateToken { dry, .. }) | Tokens::Revoke { dry, .. })
            | Self::Subkeys(Subkeys::Create(CreateSubkey { dry, .. }) | Subkeys::Revoke { dry, .. })
            | Self::Allow(
                Allow::Set {
                    change: Change { dry, .. },
                    ..
                }
                | Allow::Add {
                    change: Change { dry, .. },
                    ..
                }
                | Allow::Remove {
                    change: Change { dry, .. },
                    ..
                }
                | Allow::Clear {
                    change: Change { dry, .. },
                    ..
                }
                | Allow::Apply { dry, .. },
            )
            | Self::Halt(Halt { dry }) => dry,
            Self::Tokens(Tokens::Rotate(rotate)) | Self::Subkeys(Subkeys::Rotate(rotate)) => {
                return rotate.changes();
            }
            Self::Tokens(Tokens::List(_))
            | Self::Subkeys(Subkeys::List(_))
            | Self::Allow(Allow::Show(_) | Allow::Plan { .. } | Allow::Check(_))
            | Self::Audit(_)
            | Self::Whoami
            | Self::Completions { .. } => return false,
        };
        !dry.dry_run
    }
}

/// A time with its unit.
fn time(text: &str) -> Result<Duration, String> {
    let refused =
        || format!("`{text}` is no time: write a number and a unit, such as 90s, 30m, 12h, 30d or 2w");
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
