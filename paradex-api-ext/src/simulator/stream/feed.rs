//! Where the data of a market comes from: from the simulated market, a function of the time, or from the matching engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::book::{Book, Change, Sizes, Update};
use super::item::TradeItem;
use crate::simulator::clock::MILLISECOND;
use crate::simulator::engine::{Cause, Event, MarketId, Price, Side, Size, Trade};
use crate::simulator::market::Markets;
use crate::simulator::market::book::Level;
use crate::simulator::market::model::{BOOK_STEP, Market};
use crate::simulator::trading::{Trading, trade_id};

/// How many states of a simulated book are followed when the time jumps. After more, the book begins anew.
const MOST_STEPS: i64 = 200;

/// Where the book of a market comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Market,
    Engine(MarketId),
}

/// The data of a market that somebody has subscribed to.
#[derive(Debug)]
pub(super) struct Feed {
    pub(super) book: Book,
    source: Source,
    /// Until when the trades of the simulated market were sent, in milliseconds. `None` if they are not public.
    traded_until: Option<i64>,
    /// The base asset of an option.
    pub(super) option_base: Option<String>,
}

/// Something that happened to a market.
#[derive(Debug)]
pub(super) enum Happening {
    /// The book changed, and got this sequence number.
    Changes(i64, Vec<Change>),
    /// The simulated book takes this step. The changes are known when it is taken.
    Step(i64),
    /// The simulated book takes this step and begins anew, because the time jumped.
    Jump(i64),
    Trade(TradeItem),
}

impl Feed {
    /// Begins to follow a market. `None` if there is no such market, or if its values are out of range.
    pub(super) fn new(symbol: &str, trading: &mut Trading, markets: &Markets, now: i64) -> Option<Self> {
        let market = markets.get(symbol)?;
        let mut feed = Self {
            book: Book::new(symbol.into()),
            source: Source::Market,
            traded_until: Some(now / MILLISECOND),
            option_base: market.spec.option_base().map(str::to_owned),
        };
        if !trading.shows_orders(symbol) {
            let time = now / MILLISECOND;
            let (bids, asks) = simulated_sides(market, time)?;
            let changes = feed.book.changes_to(&bids, &asks);
            feed.book
                .apply(step_of(time), step_start(step_of(time)), &changes);
            return Some(feed);
        }
        let id = trading.market(markets, symbol, now).ok()?;
        trading.follow(markets, id, now);
        feed.source = Source::Engine(id);
        if !trading.follows_simulated_market() {
            feed.traded_until = None;
        }
        let book = &trading.engine().market(id)?.book;
        let changes: Vec<Change> = [(true, Side::Buy), (false, Side::Sell)]
            .into_iter()
            .flat_map(|(bid, side)| {
                book.levels(side).map(move |level| Change {
                    bid,
                    price: level.price.0,
                    sizes: Sizes {
                        api: level.depth.size.0,
                        interactive: level.depth.total().0,
                    },
                })
            })
            .collect();
        feed.book.apply(number(book.seq), book.updated_at, &changes);
        Some(feed)
    }

    /// Returns whether the market has another source by now.
    pub(super) fn is_outdated(&self, trading: &Trading) -> bool {
        trading.shows_orders(&self.book.market) != matches!(self.source, Source::Engine(_))
    }

    /// Returns whether this feed shows the market of the engine.
    pub(super) fn shows(&self, id: MarketId) -> bool {
        self.source == Source::Engine(id)
    }

    /// Collects what the simulated market does until now, with its time in nanoseconds.
    pub(super) fn simulate(
        &mut self,
        markets: &Markets,
        now: i64,
        happened: &mut Vec<(i64, Arc<str>, Happening)>,
    ) {
        let time = now / MILLISECOND;
        let symbol = &self.book.market;
        let Some(market) = markets.get(symbol) else {
            return;
        };
        if self.source == Source::Market {
            let (before, current) = (self.book.seq, step_of(time));
            if current.saturating_sub(before) > MOST_STEPS {
                happened.push((step_start(current), Arc::clone(symbol), Happening::Jump(current)));
            } else {
                for seq in before.saturating_add(1)..=current {
                    happened.push((step_start(seq), Arc::clone(symbol), Happening::Step(seq)));
                }
            }
        }
        let Some(until) = self.traded_until.filter(|until| *until < time) else {
            return;
        };
        self.traded_until = Some(time);
        // As with the book, what is older is skipped.
        let from = until
            .saturating_add(1)
            .max(time.saturating_sub(MOST_STEPS * BOOK_STEP));
        for trade in market.trades(from, time) {
            let Some(item) = simulated_trade(market, &trade, Arc::clone(symbol)) else {
                continue;
            };
            happened.push((item.at, Arc::clone(symbol), Happening::Trade(item)));
        }
    }

    /// Takes a step of the simulated book.
    pub(super) fn step(&mut self, markets: &Markets, seq: i64) -> Option<Update> {
        let market = markets.get(&self.book.market)?;
        let (bids, asks) = simulated_sides(market, seq.saturating_mul(BOOK_STEP))?;
        let changes = self.book.changes_to(&bids, &asks);
        Some(self.book.apply(seq, step_start(seq), &changes))
    }
}

/// Returns what an event of the engine means for subscribers. Each level is a change; those of one command have the same
/// sequence number.
pub(super) fn from_engine(event: &Event) -> Option<(MarketId, Happening)> {
    match event {
        Event::Level {
            market,
            seq,
            side,
            price,
            size,
            interactive_size,
        } => {
            let change = Change {
                bid: *side == Side::Buy,
                price: price.0,
                sizes: Sizes {
                    api: size.0,
                    interactive: interactive_size.0,
                },
            };
            Some((*market, Happening::Changes(number(*seq), vec![change])))
        }
        Event::Trade(trade) => Some((trade.market, Happening::Trade(engine_trade(trade)))),
        _ => None,
    }
}

fn engine_trade(trade: &Trade) -> TradeItem {
    TradeItem {
        market: "".into(),
        id: trade_id(trade.id, trade.at),
        seq: number(trade.seq),
        at: trade.at,
        buy: trade.side == Side::Buy,
        price: trade.price.0,
        size: trade.size.0,
        cause: trade.cause,
    }
}

/// Returns a trade of the simulated market.
fn simulated_trade(
    market: &Market,
    trade: &crate::simulator::market::model::Trade,
    symbol: Arc<str>,
) -> Option<TradeItem> {
    Some(TradeItem {
        market: symbol,
        id: crate::simulator::market::trade_id(market, trade),
        seq: step_of(trade.at),
        at: trade.at.saturating_mul(MILLISECOND),
        buy: trade.buy,
        price: Price::from_decimal(market.price(trade.price))?.0,
        size: Size::from_decimal(market.size(trade.size))?.0,
        cause: Cause::Match,
    })
}

/// Returns both sides of the simulated book at a time, in milliseconds.
fn simulated_sides(market: &Market, time: i64) -> Option<(BTreeMap<i64, Sizes>, BTreeMap<i64, Sizes>)> {
    let tick = Price::from_decimal(market.spec.price_tick_size)?.0;
    let increment = Size::from_decimal(market.spec.order_size_increment)?.0;
    let api = market.book(time, false);
    let interactive = market.with_rpi(api.clone());
    let side = |api: &[Level], interactive: &[Level]| {
        let mut side: BTreeMap<i64, Sizes> = BTreeMap::new();
        let units = |level: &Level| {
            (
                level.price.saturating_mul(tick),
                level.size.saturating_mul(increment),
            )
        };
        for level in api {
            let (price, size) = units(level);
            side.entry(price).or_default().api = size;
        }
        for level in interactive {
            let (price, size) = units(level);
            side.entry(price).or_default().interactive = size;
        }
        side
    };
    Some((
        side(&api.bids, &interactive.bids),
        side(&api.asks, &interactive.asks),
    ))
}

/// Returns the number of the book's state at a time, in milliseconds.
fn step_of(time: i64) -> i64 {
    time.div_euclid(BOOK_STEP)
}

/// Returns when a state of the book begins, in nanoseconds.
fn step_start(step: i64) -> i64 {
    step.saturating_mul(BOOK_STEP).saturating_mul(MILLISECOND)
}

fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
