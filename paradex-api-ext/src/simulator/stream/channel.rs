//! The names of channels.

use rust_decimal::Decimal;

use super::snapshot::EventKind;

/// Which markets a channel shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scope {
    /// All of them.
    All,
    /// One market.
    Market(String),
    /// All options of a base asset.
    Base(String),
    /// The markets of a list that the client can change.
    List(Vec<String>),
}

/// What an order book channel sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BookFeed {
    /// A snapshot of the whole book, then each change.
    Deltas,
    /// The best 15 levels of a side, at most once in so many milliseconds.
    Top { interval: i64, tick: Option<Decimal> },
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Channel {
    Trades(Scope),
    Bbo {
        scope: Scope,
        interactive: bool,
    },
    Book {
        market: String,
        interactive: bool,
        feed: BookFeed,
    },
    Summary(Scope),
    Funding(Scope),
    /// At most once in so many milliseconds.
    FundingComparison(i64),
    Markets(Scope),
    /// A channel of an account.
    Private(EventKind, Scope),
    /// A name that the exchange acknowledges, and on which it sends nothing.
    Dead(String),
}

/// Why a name is not a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadChannel {
    Unknown,
    DeltasWithParameters,
}

impl Channel {
    /// Reads a name.
    pub(super) fn parse(name: &str) -> Result<Self, BadChannel> {
        let (kind, rest) = match name.split_once('.') {
            Some((kind, rest)) => (kind, Some(rest)),
            None => (name, None),
        };
        match (kind, rest) {
            ("orders", Some(market)) => Ok(Self::Private(EventKind::Order, scope(market))),
            ("fills", Some(market)) => Ok(Self::Private(EventKind::Fill, scope(market))),
            ("funding_payments", Some(market)) => Ok(Self::Private(EventKind::FundingPayment, scope(market))),
            ("rfq", Some(id)) => Ok(Self::Private(EventKind::Rfq, Scope::Market(id.to_owned()))),

            ("trades", Some(market)) => Ok(Self::Trades(scope(market))),
            ("bbo", Some(rest)) => Ok(Self::bbo(rest)),
            ("order_book", Some(rest)) => Self::book(rest),
            ("markets_summary", rest) => Ok(Self::Summary(rest.map_or(Scope::All, scope))),
            ("funding_data", Some(market)) => Ok(Self::Funding(scope(market))),
            ("funding_rate_comparison", Some("ALL@500ms")) => Ok(Self::FundingComparison(500)),
            ("funding_rate_comparison", Some("ALL@1000ms")) => Ok(Self::FundingComparison(1_000)),
            ("markets", rest) => Ok(Self::Markets(rest.map_or(Scope::All, scope))),
            (kind, None) => {
                let kind = whole_account(kind).ok_or(BadChannel::Unknown)?;
                Ok(Self::Private(kind, Scope::All))
            }
            _ => Err(BadChannel::Unknown),
        }
    }

    fn bbo(rest: &str) -> Self {
        // Two spellings are acknowledged and never followed by data.
        if let Some(market) = rest
            .strip_prefix("interactive.")
            .or_else(|| rest.strip_suffix("@interactive"))
        {
            return Self::Dead(market.to_owned());
        }
        let (market, interactive) = match rest.strip_suffix(".interactive") {
            Some(market) => (market, true),
            None => (rest, false),
        };
        Self::Bbo {
            scope: scope(market),
            interactive,
        }
    }

    fn book(rest: &str) -> Result<Self, BadChannel> {
        let (market, feed) = rest.split_once('.').ok_or(BadChannel::Unknown)?;
        let mut parts = feed.split('@');
        let kind = parts.next().unwrap_or_default();
        let interactive = matches!(kind, "interactive" | "interactive_deltas");
        let feed = match kind {
            "deltas" | "interactive_deltas" if parts.next().is_some() => {
                return Err(BadChannel::DeltasWithParameters);
            }
            "deltas" | "interactive_deltas" => BookFeed::Deltas,
            "snapshot" | "interactive" => {
                if parts.next() != Some("15") {
                    return Err(BadChannel::Unknown);
                }
                let interval = match (parts.next(), interactive) {
                    (Some("50ms"), false) => 50,
                    (Some("100ms"), _) => 100,
                    (Some("200ms"), true) => 200,
                    (Some("400ms"), true) => 400,
                    _ => return Err(BadChannel::Unknown),
                };
                let tick = match parts.next() {
                    None => None,
                    Some(tick) => Some(tick.parse().map_err(|_| BadChannel::Unknown)?),
                };
                if parts.next().is_some() {
                    return Err(BadChannel::Unknown);
                }
                BookFeed::Top { interval, tick }
            }
            _ => return Err(BadChannel::Unknown),
        };
        Ok(Self::Book {
            market: market.to_owned(),
            interactive,
            feed,
        })
    }

    /// Reads a name that is completed by a base asset.
    pub(super) fn with_base(name: &str, base: &str) -> Result<Self, BadChannel> {
        let scope = Scope::Base(base.to_owned());
        match name {
            "trades" => Ok(Self::Trades(scope)),
            "bbo" => Ok(Self::Bbo {
                scope,
                interactive: false,
            }),
            _ => Err(BadChannel::Unknown),
        }
    }

    /// Returns the market that the name has, if it has one.
    pub(super) fn market(&self) -> Option<&str> {
        match self {
            // A request for quotes is no market.
            Self::FundingComparison(_) | Self::Private(EventKind::Rfq, _) => None,
            Self::Book { market, .. } | Self::Dead(market) => Some(market),
            Self::Trades(scope)
            | Self::Bbo { scope, .. }
            | Self::Summary(scope)
            | Self::Funding(scope)
            | Self::Markets(scope)
            | Self::Private(_, scope) => match scope {
                Scope::Market(market) => Some(market),
                _ => None,
            },
        }
    }
}

/// Returns what a channel shows that has an account and no market.
fn whole_account(name: &str) -> Option<EventKind> {
    Some(match name {
        "account" => EventKind::Account,
        "positions" => EventKind::Position,
        "balance_events" => EventKind::Balance,
        "transaction" => EventKind::Transaction,
        "transfers" => EventKind::Transfer,
        "tradebusts" => EventKind::TradeBust,
        "rfq" => EventKind::Rfq,
        "block_trades" => EventKind::BlockTrade,
        "mmp" => EventKind::Mmp,
        _ => return None,
    })
}

fn scope(market: &str) -> Scope {
    match market {
        "ALL" => Scope::All,
        market => Scope::Market(market.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use paradex_api::stream::CHANNELS;

    use super::{BadChannel, BookFeed, Channel, EventKind, Scope};

    fn book(name: &str) -> (String, bool, BookFeed) {
        match Channel::parse(name) {
            Ok(Channel::Book {
                market,
                interactive,
                feed,
            }) => (market, interactive, feed),
            other => panic!("{name}: {other:?}"),
        }
    }

    #[test]
    fn order_book_channels_have_feed_interval_and_tick() {
        let market = "BTC-USD-PERP".to_owned();
        let top = |interval, tick: Option<&str>| BookFeed::Top {
            interval,
            tick: tick.map(|tick| tick.parse().unwrap()),
        };
        for (feed, interactive, expected) in [
            ("deltas", false, BookFeed::Deltas),
            ("interactive_deltas", true, BookFeed::Deltas),
            ("snapshot@15@50ms", false, top(50, None)),
            ("snapshot@15@100ms@0.1", false, top(100, Some("0.1"))),
            ("interactive@15@400ms@10", true, top(400, Some("10"))),
        ] {
            let name = format!("order_book.{market}.{feed}");
            assert_eq!(book(&name), (market.clone(), interactive, expected), "{name}");
        }
    }

    #[test]
    fn malformed_names_are_refused() {
        for name in [
            "",
            "bbo",
            "trades",
            "candles.BTC-USD-PERP",
            "order_book.BTC-USD-PERP",
            "order_book.BTC-USD-PERP.snapshot",
            "order_book.BTC-USD-PERP.snapshot@20@50ms",
            "order_book.BTC-USD-PERP.snapshot@15@200ms",
            "order_book.BTC-USD-PERP.interactive@15@50ms",
            "order_book.BTC-USD-PERP.snapshot@15@50ms@x",
            "order_book.BTC-USD-PERP.snapshot@15@50ms@1@2",
            "funding_rate_comparison.ALL@50ms",
            "funding_rate_comparison.BTC-USD-PERP@500ms",
        ] {
            assert_eq!(Channel::parse(name), Err(BadChannel::Unknown), "{name}");
        }
        for name in ["deltas@15@50ms", "interactive_deltas@15@100ms"] {
            let name = format!("order_book.BTC-USD-PERP.{name}");
            assert_eq!(
                Channel::parse(&name),
                Err(BadChannel::DeltasWithParameters),
                "{name}"
            );
        }
    }

    #[test]
    fn scopes_are_all_one_market_or_a_base_asset() {
        let one = Scope::Market("BTC-USD-PERP".to_owned());
        assert_eq!(Channel::parse("trades.ALL"), Ok(Channel::Trades(Scope::All)));
        assert_eq!(
            Channel::parse("markets_summary"),
            Ok(Channel::Summary(Scope::All))
        );
        assert_eq!(
            Channel::parse("bbo.BTC-USD-PERP.interactive"),
            Ok(Channel::Bbo {
                scope: one,
                interactive: true
            })
        );
        assert_eq!(
            Channel::with_base("trades", "BTC"),
            Ok(Channel::Trades(Scope::Base("BTC".to_owned())))
        );
        assert_eq!(Channel::with_base("markets", "BTC"), Err(BadChannel::Unknown));
    }

    #[test]
    fn every_private_channel_of_the_documents_is_recognized() {
        for channel in CHANNELS.iter().filter(|channel| channel.private) {
            for market in ["ALL", "BTC-USD-PERP"] {
                let name = channel.pattern.replace("{market_symbol}", market);
                let name = name.split('[').next().unwrap();
                assert!(matches!(Channel::parse(name), Ok(Channel::Private(..))), "{name}");
            }
        }
        for (name, kind, scope) in [
            ("orders.ALL", EventKind::Order, Scope::All),
            ("fills.X", EventKind::Fill, Scope::Market("X".to_owned())),
            ("rfq.7", EventKind::Rfq, Scope::Market("7".to_owned())),
        ] {
            assert_eq!(Channel::parse(name), Ok(Channel::Private(kind, scope)), "{name}");
        }
        for name in [
            "orders",
            "fills",
            "funding_payments",
            "account.X",
            "positions.ALL",
        ] {
            assert_eq!(Channel::parse(name), Err(BadChannel::Unknown), "{name}");
        }
    }

    #[test]
    fn dead_names_are_recognized() {
        for name in ["bbo.interactive.BTC-USD-PERP", "bbo.BTC-USD-PERP@interactive"] {
            assert_eq!(
                Channel::parse(name),
                Ok(Channel::Dead("BTC-USD-PERP".to_owned())),
                "{name}"
            );
        }
    }
}
