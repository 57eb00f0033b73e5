//! The arguments of `paradex watch`.

use std::time::Duration;

use clap::{Args, Subcommand};
use paradex_api_ext::Environment;

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

const TRADES_EXAMPLES: &str = "\
Examples:
  paradex watch trades BTC-USD-PERP
  paradex watch trades ALL --json --count 1000 > trades.jsonl";

const SUMMARY_EXAMPLES: &str = "\
Examples:
  paradex watch summary BTC-USD-PERP ETH-USD-PERP
  paradex --simulator watch summary BTC-USD-PERP";

#[derive(Debug, Subcommand)]
pub(crate) enum Watch {
    /// Watch the best bid and ask of markets
    #[command(after_help = BBO_EXAMPLES)]
    Bbo(Common),
    /// Watch order books; a book is right or not shown
    #[command(after_help = BOOK_EXAMPLES)]
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
    #[command(after_help = SUMMARY_EXAMPLES)]
    Summary(Common),
}

#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The symbols, such as BTC-USD-PERP; ALL stands for every market, except for books
    #[arg(required = true, value_name = "MARKET")]
    pub(crate) markets: Vec<String>,
    /// `production`, `testnet` or a URL [default: $PARADEX_ENVIRONMENT, or that of the configuration file]
    #[arg(long, value_name = "ENVIRONMENT", conflicts_with = "simulator")]
    environment: Option<String>,
    /// Stop after this many items
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    /// Stop after this time: 90s, 30m, 12h, 30d or 2w
    #[arg(long = "for", value_name = "TIME", value_parser = parse_duration)]
    duration: Option<Duration>,
}

impl Watch {
    pub(crate) fn common(&self) -> &Common {
        match self {
            Self::Bbo(common) | Self::Trades(common) | Self::Summary(common) | Self::Book { common, .. } => {
                common
            }
        }
    }

    /// The name of the subcommand.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Bbo(_) => "bbo",
            Self::Book { .. } => "book",
            Self::Trades(_) => "trades",
            Self::Summary(_) => "summary",
        }
    }

    pub(crate) fn environment(&self) -> Result<Option<Environment>, Failure> {
        let environment = self.common().environment.as_deref().map(str::parse);
        environment
            .transpose()
            .map_err(|error| Failure::from_error(Exit::Usage, &error))
    }

    pub(crate) fn count(&self) -> Option<u64> {
        self.common().count
    }

    pub(crate) fn duration(&self) -> Option<Duration> {
        self.common().duration
    }
}
