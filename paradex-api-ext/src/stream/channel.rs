//! The channels of public data: their names, and what is known about each kind.

use std::fmt;
use std::time::Duration;

use super::market::Market;

/// A kind of channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum ChannelKind {
    Bbo,
    Trades,
    Book,
    InteractiveBook,
    Summaries,
    Funding,
    MarketEvents,
}

/// The kinds of frames. A frame names its market and its family, and not its channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Family {
    Bbo,
    Trades,
    Book,
    Summaries,
    Funding,
    MarketEvents,
}

impl Family {
    pub(super) const COUNT: usize = Self::MarketEvents as usize + 1;

    pub(super) fn index(self) -> usize {
        self as usize
    }
}

impl ChannelKind {
    pub(super) fn family(self) -> Family {
        match self {
            Self::Bbo => Family::Bbo,
            Self::Trades => Family::Trades,
            Self::Book | Self::InteractiveBook => Family::Book,
            Self::Summaries => Family::Summaries,
            Self::Funding => Family::Funding,
            Self::MarketEvents => Family::MarketEvents,
        }
    }

    /// How long a channel of this kind may be silent, unless the caller says otherwise. Kinds that are quiet by nature have no
    /// limit.
    pub(super) fn default_silence(self) -> Option<Duration> {
        match self {
            Self::Bbo | Self::Book | Self::InteractiveBook => Some(Duration::from_secs(30)),
            Self::Trades | Self::Summaries | Self::Funding | Self::MarketEvents => None,
        }
    }
}

/// A channel to subscribe to. Without a market it covers all markets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Channel {
    pub(super) kind: ChannelKind,
    pub(super) market: Option<Market>,
}

impl Channel {
    /// Whether the exchange may call it by this name.
    pub(super) fn has_name(&self, name: &str) -> bool {
        match (self.kind, &self.market) {
            // A push may name one of its markets, or all of them.
            (ChannelKind::MarketEvents, None) => name == "markets" || name.starts_with("markets."),
            _ => self.to_string() == name,
        }
    }

    /// Whether frames of the two cannot be told apart, so that they need a connection each.
    pub(super) fn conflicts(&self, other: &Self) -> bool {
        self != other
            && self.kind.family() == other.kind.family()
            && (self.market == other.market || self.market.is_none() || other.market.is_none())
    }
}

/// The name as the exchange writes it.
impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let market = self.market.as_ref().map_or("ALL", Market::as_str);
        match self.kind {
            ChannelKind::Bbo => write!(f, "bbo.{market}"),
            ChannelKind::Trades => write!(f, "trades.{market}"),
            ChannelKind::Book => write!(f, "order_book.{market}.deltas"),
            ChannelKind::InteractiveBook => write!(f, "order_book.{market}.interactive_deltas"),
            ChannelKind::Summaries if self.market.is_none() => f.write_str("markets_summary"),
            ChannelKind::Summaries => write!(f, "markets_summary.{market}"),
            ChannelKind::Funding => write!(f, "funding_data.{market}"),
            ChannelKind::MarketEvents if self.market.is_none() => f.write_str("markets"),
            ChannelKind::MarketEvents => write!(f, "markets.{market}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Channel, ChannelKind, Market};

    fn channel(kind: ChannelKind, market: Option<&str>) -> Channel {
        Channel {
            kind,
            market: market.map(Market::from),
        }
    }

    #[test]
    fn names_are_those_of_the_table_of_the_exchange() {
        use paradex_api::stream::{channels, find};
        for (kind, row, all) in [
            (ChannelKind::Bbo, &channels::BBO, Some("bbo.ALL")),
            (ChannelKind::Trades, &channels::TRADES, Some("trades.ALL")),
            (ChannelKind::Book, &channels::ORDER_BOOK_DELTAS, None),
            (
                ChannelKind::InteractiveBook,
                &channels::ORDER_BOOK_INTERACTIVE_DELTAS,
                None,
            ),
            (
                ChannelKind::Summaries,
                &channels::MARKETS_SUMMARY,
                Some("markets_summary"),
            ),
            (
                ChannelKind::Funding,
                &channels::FUNDING_DATA,
                Some("funding_data.ALL"),
            ),
            (ChannelKind::MarketEvents, &channels::MARKETS, Some("markets")),
        ] {
            let one = channel(kind, Some("X")).to_string();
            assert_eq!(row.name(&[("market_symbol", "X")]).as_ref(), Ok(&one));
            assert!(!row.private && (row.sbe.is_some() || kind == ChannelKind::MarketEvents));
            if let Some(all) = all {
                assert_eq!(channel(kind, None).to_string(), all);
                assert_eq!(find(all).map(|(found, _)| found), Some(row));
            }
        }
    }

    #[test]
    fn channels_whose_frames_look_alike_conflict() {
        let book = |market| channel(ChannelKind::Book, Some(market));
        let interactive = |market| channel(ChannelKind::InteractiveBook, Some(market));
        let bbo = |market| channel(ChannelKind::Bbo, market);
        assert!(book("X").conflicts(&interactive("X")));
        assert!(!book("X").conflicts(&interactive("Y")));
        assert!(!book("X").conflicts(&book("X")));
        assert!(bbo(None).conflicts(&bbo(Some("X"))) && bbo(Some("X")).conflicts(&bbo(None)));
        assert!(!bbo(Some("X")).conflicts(&bbo(Some("Y"))));
        assert!(!bbo(Some("X")).conflicts(&book("X")));
    }
}
