//! The arguments of `paradex watch orders`, `fills`, `positions` and `account`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::args::parse_duration;
use crate::watch::args::Limits;

/// Which updates of an account are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountKind {
    Orders,
    Fills,
    Positions,
    /// Everything else: the summary, balances, funding, transfers and others.
    Account,
}

impl AccountKind {
    /// The name of the subcommand.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Fills => "fills",
            Self::Positions => "positions",
            Self::Account => "account",
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct AccountArgs {
    /// First read the fills since this long ago: 90s, 30m, 12h, 30d or 2w
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(crate) since: Option<Duration>,
    /// Keep in this file how far it has come, and go on from there at the next start
    #[arg(long, value_name = "FILE")]
    pub(crate) cursor: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) limits: Limits,
}
