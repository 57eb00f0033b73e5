//! The private channels.

use std::fmt;

/// A private channel, in the form that covers all markets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum PrivateChannel {
    Orders,
    Fills,
    Positions,
    Account,
    BalanceEvents,
    FundingPayments,
    Transfers,
    TradeBusts,
    Transactions,
    Rfq,
    Mmp,
    BlockTrades,
}

impl PrivateChannel {
    pub(super) const ALL: [Self; 12] = [
        Self::Orders,
        Self::Fills,
        Self::Positions,
        Self::Account,
        Self::BalanceEvents,
        Self::FundingPayments,
        Self::Transfers,
        Self::TradeBusts,
        Self::Transactions,
        Self::Rfq,
        Self::Mmp,
        Self::BlockTrades,
    ];

    /// The name to subscribe to.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders.ALL",
            Self::Fills => "fills.ALL",
            Self::Positions => "positions",
            Self::Account => "account",
            Self::BalanceEvents => "balance_events",
            Self::FundingPayments => "funding_payments.ALL",
            Self::Transfers => "transfers",
            Self::TradeBusts => "tradebusts",
            Self::Transactions => "transaction",
            Self::Rfq => "rfq",
            Self::Mmp => "mmp",
            Self::BlockTrades => "block_trades",
        }
    }

    /// The channel of a message. A message may name one market, or one request for quote.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        let kind = |name: &'static str| name.split('.').next();
        let found = name.split('.').next();
        Self::ALL
            .into_iter()
            .find(|channel| kind(channel.name()) == found)
    }

    /// Whether a connection without it is of no use.
    pub(super) fn is_essential(self) -> bool {
        matches!(self, Self::Orders | Self::Fills | Self::Positions | Self::Account)
    }
}

impl fmt::Display for PrivateChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use paradex_api::stream;

    use super::PrivateChannel;

    #[test]
    fn every_private_channel_of_the_documents_has_its_name() {
        let mut names: Vec<&str> = PrivateChannel::ALL.map(PrivateChannel::name).to_vec();
        for channel in stream::CHANNELS.iter().filter(|channel| channel.private) {
            let at = names
                .iter()
                .position(|name| stream::find(name).is_some_and(|(found, _)| std::ptr::eq(found, *channel)));
            names.remove(at.unwrap_or_else(|| panic!("{channel}")));
        }
        assert!(names.is_empty(), "{names:?}");
    }

    #[test]
    fn message_of_one_market_belongs_to_the_channel_of_all() {
        for (name, channel) in [
            ("orders.ALL", Some(PrivateChannel::Orders)),
            ("orders.BTC-USD-PERP", Some(PrivateChannel::Orders)),
            ("rfq.17", Some(PrivateChannel::Rfq)),
            ("positions", Some(PrivateChannel::Positions)),
            ("order", None),
            ("", None),
        ] {
            assert_eq!(PrivateChannel::from_name(name), channel, "{name}");
        }
    }
}
