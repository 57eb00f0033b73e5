//! What is watched, as one sequence.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::SystemTime;

use futures_util::Stream as _;
use paradex_api_ext::Client;
use paradex_api_ext::paradex_api::types::MarketSummary;
use paradex_api_ext::stream::{
    AccountUpdate, Bbo, BookFeed, BookUpdate, Feed, Level, Live, Lost, Market, Outage, StreamError, Trade,
    Update,
};

use super::Watch;
use super::account::AccountSource;
use crate::console::Failure;

/// An item, a loss, or the end of a loss.
#[derive(Debug, Clone)]
pub(crate) enum Seen {
    Bbo(Bbo),
    Book(Book),
    Trade(Trade),
    Summary(Box<MarketSummary>),
    Account(Box<AccountUpdate>),
    Lost(Lost),
    Live(Live),
}

impl Seen {
    pub(crate) fn is_item(&self) -> bool {
        match self {
            Self::Lost(_) | Self::Live(_) => false,
            Self::Account(_) => !self.is_reconciled(),
            _ => true,
        }
    }

    /// Whether the account was read.
    pub(crate) fn is_reconciled(&self) -> bool {
        matches!(self, Self::Account(update) if matches!(**update, AccountUpdate::Reconciled(_)))
    }
}

/// The best levels of a book.
#[derive(Debug, Clone)]
pub(crate) struct Book {
    pub(crate) market: Market,
    pub(crate) seq: i64,
    pub(crate) bids: Vec<Level>,
    pub(crate) asks: Vec<Level>,
    /// `None` for a snapshot.
    pub(crate) at: Option<SystemTime>,
}

pub(crate) enum Source {
    Bbo(Feed<Bbo>),
    Books(Books),
    Trades(Feed<Trade>),
    Summaries(Feed<MarketSummary>),
    Account(Box<AccountSource>),
}

pub(crate) struct Books {
    feeds: Vec<BookFeed>,
    depth: usize,
    /// The feed that is polled first, so that each has its turn.
    first: usize,
    pending: VecDeque<Seen>,
    ended: Option<usize>,
}

impl Source {
    pub(crate) fn open(watch: &Watch, client: &Client) -> Result<Self, Failure> {
        let markets = watch.markets().to_vec();
        if let Some((kind, args)) = watch.account() {
            let source = AccountSource::open(kind, &markets, args, client)?;
            return Ok(Self::Account(Box::new(source)));
        }
        if matches!(watch, Watch::Book { .. }) && markets.iter().any(|market| market == "ALL") {
            return Err(Failure::usage(
                "`watch book` needs named markets: there is no feed of all books",
            ));
        }
        let stream = client.stream();
        Ok(match watch {
            Watch::Bbo(_) => Self::Bbo(stream.bbo(markets)),
            Watch::Trades(_) => Self::Trades(stream.trades(markets)),
            Watch::Book {
                interactive, depth, ..
            } => {
                let mut feeds: Vec<BookFeed> = Vec::new();
                for market in markets.into_iter().map(Market::from) {
                    if feeds.iter().all(|feed| *feed.market() != market) {
                        feeds.push(match interactive {
                            true => stream.interactive_book(market),
                            false => stream.book(market),
                        });
                    }
                }
                Self::Books(Books {
                    feeds,
                    depth: (*depth).into(),
                    first: 0,
                    pending: VecDeque::new(),
                    ended: None,
                })
            }
            _ => Self::Summaries(stream.market_summaries(markets)),
        })
    }

    /// Checks the markets of an account. Those of a feed are refused by the exchange.
    pub(crate) async fn check_markets(&self, client: &Client) -> Result<(), Failure> {
        match self {
            Self::Account(source) => source.check_markets(client).await,
            _ => Ok(()),
        }
    }

    /// Stores how far the reader has come, if it asked for that.
    pub(crate) fn store_cursor(&mut self) -> Result<(), Failure> {
        match self {
            Self::Account(source) => source.store_cursor(),
            _ => Ok(()),
        }
    }

    /// Waits for the next; `None` when a feed has ended. A dropped future loses nothing.
    pub(crate) async fn next(&mut self) -> Option<Seen> {
        loop {
            let seen = match self {
                Self::Bbo(feed) => seen(feed.next().await?, Seen::Bbo),
                Self::Trades(feed) => seen(feed.next().await?, Seen::Trade),
                Self::Summaries(feed) => seen(feed.next().await?, |summary| Seen::Summary(Box::new(summary))),
                Self::Books(books) => Some(poll_fn(|context| books.poll(context)).await?),
                Self::Account(source) => Some(source.next().await?),
            };
            if seen.is_some() {
                return seen;
            }
        }
    }

    /// Why there is no connection at present.
    pub(crate) fn outage(&self) -> Option<Outage> {
        match self {
            Self::Bbo(feed) => feed.outage(),
            Self::Trades(feed) => feed.outage(),
            Self::Summaries(feed) => feed.outage(),
            Self::Books(books) => books.feeds.iter().find_map(BookFeed::outage),
            Self::Account(source) => source.outage(),
        }
    }

    /// Why a feed has ended.
    pub(crate) fn error(&self) -> Option<&StreamError> {
        match self {
            Self::Bbo(feed) => feed.error(),
            Self::Trades(feed) => feed.error(),
            Self::Summaries(feed) => feed.error(),
            Self::Books(books) => books.feeds.get(books.ended?)?.error(),
            Self::Account(source) => source.error(),
        }
    }
}

fn seen<T>(update: Update<T>, item: impl FnOnce(T) -> Seen) -> Option<Seen> {
    match update {
        Update::Item(content) => Some(item(content)),
        Update::Lost(lost) => Some(Seen::Lost(lost)),
        Update::Live(live) => Some(Seen::Live(live)),
        _ => None,
    }
}

impl Books {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Seen>> {
        if let Some(seen) = self.pending.pop_front() {
            return Poll::Ready(Some(seen));
        }
        let (count, first) = (self.feeds.len(), self.first);
        for place in (0..count).map(|offset| (first + offset) % count) {
            let Some(feed) = self.feeds.get_mut(place) else {
                continue;
            };
            let Poll::Ready(update) = Pin::new(&mut *feed).poll_next(context) else {
                continue;
            };
            self.first = place + 1;
            let (word, at) = match update {
                None => {
                    self.ended = Some(place);
                    return Poll::Ready(None);
                }
                Some(BookUpdate::Lost(lost)) => return Poll::Ready(Some(Seen::Lost(lost))),
                Some(BookUpdate::Live(live)) => (Some(Seen::Live(live)), None),
                Some(BookUpdate::Changed(change)) => (None, Some(change.at)),
                Some(_) => (None, None),
            };
            // A book that is lost again in the meantime has no view; that word follows.
            let book = feed.view().map(|view| {
                let (bids, asks) = view.depth(self.depth);
                let seq = view.seq();
                Seen::Book(Book {
                    market: feed.market().clone(),
                    seq,
                    bids,
                    asks,
                    at,
                })
            });
            self.pending.extend(word.into_iter().chain(book));
            match self.pending.pop_front() {
                Some(seen) => return Poll::Ready(Some(seen)),
                // This feed is not registered to wake the task.
                None => context.waker().wake_by_ref(),
            }
        }
        Poll::Pending
    }
}
