//! Market data and the events of an account by WebSocket.
//!
//! [`Client::stream`] has quotes, trades, order books, summaries and funding; [`Client::account_stream`] has orders, fills,
//! positions and balances, and [`account`] explains it. The rest of this page is about market data.
//!
//! No credential is needed for market data, and the client sends none. Default headers of a builder that
//! [`ClientBuilder::http_client_builder`](crate::ClientBuilder::http_client_builder) was given do go to the host of the WebSocket.
//!
//! ```no_run
//! use paradex_api_ext::stream::Update;
//! use paradex_api_ext::{Client, Environment};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), paradex_api_ext::Error> {
//!     let client = Client::builder(Environment::Production).build()?;
//!     let mut quotes = client.stream().bbo(["BTC-USD-PERP", "ETH-USD-PERP"]);
//!     while let Some(update) = quotes.next().await {
//!         match update {
//!             Update::Item(quote) => println!("{} {:?} {:?}", quote.market, quote.bid, quote.ask),
//!             Update::Lost(lost) => println!("lost: {lost}"),
//!             Update::Live(_) => println!("complete from here on"),
//!             _ => {}
//!         }
//!     }
//!     // It reconnects by itself, and ends only if that cannot help.
//!     match quotes.error() {
//!         Some(error) => Err(error.clone().into()),
//!         None => Ok(()),
//!     }
//! }
//! ```
//!
//! # Nothing is lost silently
//!
//! Before the first item after anything was or may have been missed, a feed yields [`Update::Lost`] with the cause, and then
//! [`Update::Live`] when it is complete again. A feed reconnects by itself, with exponential backoff and within the limits of the
//! exchange. Meanwhile [`Feed::outage`] says why there is no connection. It ends only when that cannot help, and [`Feed::error`]
//! says why.
//!
//! A [`BookFeed`] shows a book that is right, or none. [`BookFeed::verify`] compares it with the one of the REST API.
//!
//! The task that reads the connection never waits for the program. [`Lag`] decides what happens when the program is too slow.
//!
//! # One connection for a group
//!
//! All clients of a [`ClientGroup`] share one subscription for each channel, and one connection as far as possible. Frames name
//! their market and not their channel, so a second kind of book of one market, or a feed of all markets beside one of a single
//! market, has another connection. A connection closes when its last feed is dropped.
//!
//! A connection lives in the runtime in which its first feed was created or read, so work that blocks that runtime holds up the
//! connection. When the runtime ends, feeds say so and connect
//! again in the runtime in which they are read next.
//!
//! # The encoding
//!
//! The exchange sends public data in SBE (Simple Binary Encoding); see [`paradex_api::sbe`]. The client asks for the newest version
//! of the schema that it knows, and for the next lower one if the exchange responds with status 400. [`Live::schema_version`] says
//! which was agreed. What that version lacks is `None`.
//!
//! # What is not known
//!
//! We have not tried this against the exchange. No published source says:
//!
//! <!-- streams of the table -->
//!
//! * What is the highest version of the SBE schema that a connection can have? (`schema-version`)
//! * Which layout has version 2 of the SBE schema? (`version-two-layout`)
//! * What does a connection without SBE get on public channels? (`plain-connection`)
//! * Do the channels of quotes, summaries and funding begin with the current state? (`first-message`)
//! * Can both kinds of quotes of one market share a connection? (`shared-bbo`)
//! * What does a subscription to an order book get whose price tick does not fit the market? (`unmatched-tick`)
//! * Has each change of an order book the next sequence number? (`delta-numbers`)
//! * When is a connection without a subscription closed? (`connection-without-subscription`)
//! * Is an offer to compress messages (permessage-deflate) accepted? (`stream-compression`)
//! * Does a request without an id get a response? (`request-without-id`)
//! * Can trades share a sequence number?
//! * How often do summaries and funding come, and how long are quotes of a quiet market silent?
//! * How many subscriptions may a connection have?
//! * How long may a connection live, and does a release of the exchange end it?
//! * How does a connection end whose pong is missing, or whose client is too slow?
//! * Does a token in the header `authorization` of the handshake authenticate a connection? (Here it is ignored.)
//! * What does the parameter `cancel-on-disconnect` in the address of a connection do? (Here it is ignored.)
//! * Do order methods count for the limit of requests of an address? (Here they do not, unless it is told so.)
//! * Do `account` and `positions` begin with the current state? (Here they do; `StreamOptions::first_private_message` sets it.)
//! * In which order do the channels of an account send what one request leads to? (Here as it happened; `StreamOptions::event_order` sets it.)
//! * Do later events of an order repeat the `request_info` of its last modification? (Here they do not; `StreamOptions::repeat_request_info` sets it.)
//! * Which error does the subscription of a private channel get before `auth`? (Here 40111.)
//! * Is a position sent when only prices move? (Here it is not.)
//!
//! <!-- end -->
//!
//! `paradex probe` asks an exchange those that have a name.
//!
//! Others observed that each change of a book has the next sequence number; no document says so. If it is not true, books are often
//! lost with [`LossCause::Sequence`], but never wrong.

pub mod account;
mod book;
mod book_feed;
mod channel;
mod driver;
mod error;
mod feed;
pub(crate) mod frame;
mod frame_counts;
pub(crate) mod handshake;
mod hub;
mod item;
pub(crate) mod link;
mod lookup;
mod market;
mod options;
mod outage;
pub(crate) mod private;
mod queue;
mod rpc;
mod session;
mod shared_book;
#[cfg(test)]
mod tests;
mod update;
mod verify;

use std::sync::Arc;

use paradex_api::types::{FundingData, MarketEvent, MarketSummary};

use crate::client::{Client, ClientGroup};

pub use account::{
    AccountCursor, AccountStream, AccountStreamBuilder, AccountUpdate, Modification, ModificationOutcome,
    Reconciliation, Unresolved,
};
pub use book::{BookSide, BookView};
pub use book_feed::{BookChange, BookFeed, BookUpdate};
pub use feed::Feed;
pub use hub::Connection;
pub(crate) use hub::Hub;
pub use item::{Bbo, Level, Trade};
pub use market::{Market, Markets};
pub use options::StreamOptions;
pub use outage::Outage;
pub use queue::Lag;
pub use update::{Live, LossCause, Lost, StreamError, Update};
pub use verify::{BookComparison, BookDifference};

use book_feed::BookState;
use channel::{Channel, ChannelKind};
use feed::FeedState;
use hub::Subscriber;
use item::FromItem;
use queue::Queue;

/// Creates feeds of market data; see the [module](self).
///
/// It is cheap to clone, and connects when the first feed is created.
#[doc(alias = "websocket")]
#[derive(Debug, Clone)]
pub struct MarketStream {
    group: ClientGroup,
    options: StreamOptions,
}

impl Client {
    /// Returns the market data, which the clients of a group share.
    ///
    /// ```no_run
    /// # async fn example(client: paradex_api_ext::Client) {
    /// let mut trades = client.stream().trades("BTC-USD-PERP");
    /// while let Some(update) = trades.next().await {
    ///     println!("{update:?}");
    /// }
    /// # }
    /// ```
    #[doc(alias = "websocket")]
    #[doc(alias = "subscribe")]
    pub fn stream(&self) -> MarketStream {
        MarketStream {
            group: self.group().clone(),
            options: StreamOptions::new(),
        }
    }
}

impl MarketStream {
    /// Returns the same market data with other options for new feeds.
    pub fn with_options(&self, options: StreamOptions) -> Self {
        Self {
            group: self.group.clone(),
            options,
        }
    }

    /// Creates a feed of the best bid and offer. It yields each change.
    #[doc(alias = "ticker")]
    #[doc(alias = "quotes")]
    pub fn bbo(&self, markets: impl Into<Markets>) -> Feed<Bbo> {
        self.feed(ChannelKind::Bbo, markets.into(), Lag::Latest)
    }

    /// Creates a feed of trades, in the order in which they arrive.
    #[doc(alias = "tape")]
    pub fn trades(&self, markets: impl Into<Markets>) -> Feed<Trade> {
        self.feed(ChannelKind::Trades, markets.into(), Lag::Drop)
    }

    /// Creates a feed of the summaries of markets: mark price, volume, open interest, Greeks and others.
    ///
    /// A summary has the fields of the REST API, so its times are in milliseconds since the Unix epoch.
    #[doc(alias = "mark price")]
    pub fn market_summaries(&self, markets: impl Into<Markets>) -> Feed<MarketSummary> {
        self.feed(ChannelKind::Summaries, markets.into(), Lag::Latest)
    }

    /// Creates a feed of funding rates. Its items have the fields of the REST API.
    ///
    /// The rates have 8 decimals, while the REST API has more.
    pub fn funding(&self, markets: impl Into<Markets>) -> Feed<FundingData> {
        self.feed(ChannelKind::Funding, markets.into(), Lag::Latest)
    }

    /// Creates a feed of changes of markets: markets that are listed, changed, settled or removed.
    pub fn market_events(&self, markets: impl Into<Markets>) -> Feed<MarketEvent> {
        self.feed(ChannelKind::MarketEvents, markets.into(), Lag::Drop)
    }

    /// Creates a feed of the whole order book of a market.
    #[doc(alias = "orderbook")]
    pub fn book(&self, market: impl Into<Market>) -> BookFeed {
        self.book_feed(ChannelKind::Book, market.into())
    }

    /// Creates a feed of the whole order book of a market with the orders that only interactive traders can meet (RPI, retail price
    /// improvement). It may be crossed.
    #[doc(alias = "rpi")]
    pub fn interactive_book(&self, market: impl Into<Market>) -> BookFeed {
        self.book_feed(ChannelKind::InteractiveBook, market.into())
    }

    /// Returns the connections that exist now, with the schema version that was agreed on each.
    pub fn connections(&self) -> Vec<Connection> {
        self.group.hub().connections()
    }

    /// Returns the connections that cannot be made at present, with the cause and the time of the next attempt.
    ///
    /// It is empty if all is well. [`Feed::outage`] and [`BookFeed::outage`] do the same for one feed.
    #[doc(alias = "health")]
    #[doc(alias = "status")]
    pub fn outages(&self) -> Vec<Outage> {
        self.group.hub().outages()
    }

    fn feed<T: FromItem>(&self, kind: ChannelKind, markets: Markets, lag: Lag) -> Feed<T> {
        let queue = Queue::new(self.options.lag_or(lag), self.options.queue_or_default());
        let markets: Vec<_> = match markets {
            Markets::All => vec![None],
            Markets::Only(markets) => markets.into_iter().map(Some).collect(),
        };
        let state = Arc::new(FeedState::new(queue, markets.len()));
        if markets.is_empty() {
            return Feed::failed(state, StreamError::NoMarket);
        }
        if let Some(invalid) = markets.iter().flatten().find(|market| !market.is_valid()) {
            return Feed::failed(state, StreamError::invalid_market(invalid));
        }
        let silence = self.options.silence_of(kind);
        let subscriptions = markets
            .into_iter()
            .map(|market| {
                let subscriber: Arc<dyn Subscriber> = Arc::clone(&state) as _;
                let channel = Channel { kind, market };
                let hub = self.group.hub();
                hub.subscribe(&self.group, channel, silence, subscriber).0
            })
            .collect();
        Feed::new(state, subscriptions)
    }

    fn book_feed(&self, kind: ChannelKind, market: Market) -> BookFeed {
        let state = Arc::new(BookState::default());
        let is_interactive = kind == ChannelKind::InteractiveBook;
        if !market.is_valid() || market == "ALL" {
            let error = StreamError::invalid_market(&market);
            let book = Arc::new(shared_book::SharedBook::new());
            return BookFeed::new(state, book, None, market, is_interactive, Some(error));
        }
        let subscriber: Arc<dyn Subscriber> = Arc::clone(&state) as _;
        let channel = Channel {
            kind,
            market: Some(market.clone()),
        };
        let hub = self.group.hub();
        let silence = self.options.silence_of(kind);
        let (subscription, book) = hub.subscribe(&self.group, channel, silence, subscriber);
        let book = book.unwrap_or_else(|| Arc::new(shared_book::SharedBook::new()));
        BookFeed::new(state, book, Some(subscription), market, is_interactive, None)
    }
}
