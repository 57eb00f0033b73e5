//! The arguments of `paradex watch`.

use std::time::Duration;

use clap::{Args, Subcommand};
use paradex_api_ext::Environment;

use super::account::{AccountArgs, AccountKind};
use crate::args::parse_duration;
use crate::console::{Exit, Failure};

const BBO_EXAMPLES: &str = "\
Examples:
  paradex watch bbo BTC-USD-PERP ETH-USD-PERP
  paradex watch bbo ALL --json --for 10s --environment testnet";

const BOOK_EXAMPLES: &str = "\
Examples:
  paradex watch book BTC-USD-PERP
  paradex watch book BTC-USD-PERP --interactive --depth 3";

/// There is no feed of all books.
const BOOK_MARKETS: &str = "The symbols, such as BTC-USD-PERP";

const TRADES_EXAMPLES: &str = "\
Examples:
  paradex watch trades BTC-USD-PERP
  paradex watch trades ALL --json --count 1000 > trades.jsonl";

const SUMMARY_EXAMPLES: &str = "\
Examples:
  paradex watch summary BTC-USD-PERP ETH-USD-PERP
  paradex --simulator watch summary BTC-USD-PERP";

const ORDERS_EXAMPLES: &str = "\
Examples:
  paradex watch orders
  paradex --account desk watch orders BTC-USD-PERP --json
  paradex --simulator watch orders";

const FILLS_EXAMPLES: &str = "\
Examples:
  paradex watch fills --since 12h
  paradex watch fills --cursor fills.cursor --json >> fills.jsonl";

const POSITIONS_EXAMPLES: &str = "\
Examples:
  paradex watch positions
  paradex --account desk watch positions ETH-USD-PERP --for 1h";

const ACCOUNT_EXAMPLES: &str = "\
Examples:
  paradex watch account
  paradex --account desk watch account --json | grep transfer";

#[derive(Debug, Subcommand)]
pub(crate) enum Watch {
    /// Watch the best bid and ask of markets
    #[command(after_help = BBO_EXAMPLES, aliases = ["ticker", "quotes"])]
    Bbo(Common),
    /// Watch order books; after a loss nothing is shown until the book is complete again
    #[command(after_help = BOOK_EXAMPLES, alias = "orderbook", mut_arg("markets", |arg| arg.help(BOOK_MARKETS)))]
    Book {
        #[command(flatten)]
        common: Common,
        /// Include orders that only interactive traders can meet; such a book can be crossed
        #[arg(long)]
        interactive: bool,
        /// The number of levels of each side: 1 to 1000
        #[arg(long, value_name = "LEVELS", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
        depth: u16,
    },
    /// Watch trades
    #[command(after_help = TRADES_EXAMPLES)]
    Trades(Common),
    /// Watch prices, volume and funding rate of markets
    #[command(after_help = SUMMARY_EXAMPLES, alias = "funding")]
    Summary(Common),
    /// Watch the open orders of an account and what becomes of them
    #[command(after_help = ORDERS_EXAMPLES)]
    Orders(MarketsOfAccount),
    /// Watch the fills of an account, each once
    #[command(after_help = FILLS_EXAMPLES)]
    Fills(MarketsOfAccount),
    /// Watch the positions of an account
    #[command(after_help = POSITIONS_EXAMPLES)]
    Positions(MarketsOfAccount),
    /// Watch the margin, balances, funding, transfers and other events of an account
    #[command(after_help = ACCOUNT_EXAMPLES)]
    Account(AccountArgs),
}

#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The symbols, such as BTC-USD-PERP; ALL stands for every market
    #[arg(required = true, value_name = "MARKET")]
    pub(crate) markets: Vec<String>,
    /// `production`, `testnet` or a URL [default: $PARADEX_ENVIRONMENT, or that of the configuration file]
    #[arg(long, value_name = "ENVIRONMENT")]
    environment: Option<String>,
    #[command(flatten)]
    limits: Limits,
}

#[derive(Debug, Args)]
pub(crate) struct MarketsOfAccount {
    /// Only these markets [default: all]
    #[arg(value_name = "MARKET")]
    markets: Vec<String>,
    #[command(flatten)]
    account: AccountArgs,
}

/// When to stop.
#[derive(Debug, Args)]
pub(crate) struct Limits {
    /// Stop after this many items
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    /// Stop after this time: 90s, 30m, 12h, 30d or 2w
    #[arg(long = "for", value_name = "TIME", value_parser = parse_duration)]
    duration: Option<Duration>,
}

impl Watch {
    /// The arguments of public data; `None` for an account.
    fn common(&self) -> Option<&Common> {
        match self {
            Self::Bbo(common) | Self::Trades(common) | Self::Summary(common) | Self::Book { common, .. } => {
                Some(common)
            }
            Self::Orders(_) | Self::Fills(_) | Self::Positions(_) | Self::Account(_) => None,
        }
    }

    /// What is watched of an account, and its arguments; `None` for public data.
    pub(crate) fn account(&self) -> Option<(AccountKind, &AccountArgs)> {
        match self {
            Self::Orders(args) => Some((AccountKind::Orders, &args.account)),
            Self::Fills(args) => Some((AccountKind::Fills, &args.account)),
            Self::Positions(args) => Some((AccountKind::Positions, &args.account)),
            Self::Account(args) => Some((AccountKind::Account, args)),
            Self::Bbo(_) | Self::Book { .. } | Self::Trades(_) | Self::Summary(_) => None,
        }
    }

    pub(crate) fn markets(&self) -> &[String] {
        match self {
            Self::Orders(args) | Self::Fills(args) | Self::Positions(args) => &args.markets,
            _ => self.common().map_or(&[], |common| &common.markets),
        }
    }

    /// The name of the subcommand.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Bbo(_) => "bbo",
            Self::Book { .. } => "book",
            Self::Trades(_) => "trades",
            Self::Summary(_) => "summary",
            Self::Orders(_) => AccountKind::Orders.name(),
            Self::Fills(_) => AccountKind::Fills.name(),
            Self::Positions(_) => AccountKind::Positions.name(),
            Self::Account(_) => AccountKind::Account.name(),
        }
    }

    /// The environment as it was typed.
    pub(crate) fn environment_text(&self) -> Option<&str> {
        self.common()?.environment.as_deref()
    }

    pub(crate) fn environment(&self) -> Result<Option<Environment>, Failure> {
        self.environment_text()
            .map(str::parse)
            .transpose()
            .map_err(|error| Failure::from_error(Exit::Usage, &error))
    }

    fn limits(&self) -> Option<&Limits> {
        match self.account() {
            Some((_, args)) => Some(&args.limits),
            None => self.common().map(|common| &common.limits),
        }
    }

    pub(crate) fn count(&self) -> Option<u64> {
        self.limits()?.count
    }

    pub(crate) fn duration(&self) -> Option<Duration> {
        self.limits()?.duration
    }
}
