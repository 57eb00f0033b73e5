//! Finds the channel of a frame, and checks its sequence number.
//!
//! A frame names its market and not its channel. Channels whose frames look alike are never on one connection.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;

use paradex_api::sbe;
use paradex_api::types::{FillType, OrderSide};

use super::book::decimal;
use super::channel::{Channel, Family};
use super::item::{Bbo, Level, Trade, time_from_micros};
use super::market::Market;
use super::shared_book::SharedBook;

/// Markets that one channel may name. The exchange has a few hundred.
const MOST_MARKETS: usize = 20_000;
/// Recent trades that a repeated frame is compared with.
const RECENT: usize = 16;

/// What is known about one market of one family.
struct MarketState {
    channel: u64,
    market: Market,
    last: Option<Bbo>,
    /// Whether the last quote was older than its predecessor.
    went_back: bool,
    recent: [u64; RECENT],
    next_recent: usize,
    book: Option<Arc<SharedBook>>,
}

impl MarketState {
    fn new(channel: u64, market: Market, book: Option<Arc<SharedBook>>) -> Self {
        Self {
            channel,
            market,
            last: None,
            went_back: false,
            recent: [0; RECENT],
            next_recent: 0,
            book,
        }
    }
}

#[derive(Default)]
struct FamilyLookup {
    /// The channel that covers all markets.
    all: Option<u64>,
    markets: HashMap<Market, MarketState>,
}

#[derive(Default)]
pub(super) struct Lookup {
    families: [FamilyLookup; Family::ALL.len()],
}

/// The result of checking a quote.
pub(super) enum SeqCheck {
    Item {
        channel: u64,
        market: Market,
        bbo: Bbo,
        /// Whether the one before was older than its predecessor, so that the market was lost.
        is_live_again: bool,
    },
    /// It is older than its predecessor.
    Older {
        channel: u64,
        market: Market,
        expected: i64,
        got: i64,
    },
    /// It is the last one again, which shows that the channel is alive.
    Repeated(u64),
    /// Nobody wants it.
    Ignored,
}

impl Lookup {
    fn family(&mut self, family: Family) -> Option<&mut FamilyLookup> {
        self.families.get_mut(family.index())
    }

    /// A channel is being subscribed.
    pub(super) fn enter(&mut self, id: u64, channel: &Channel, book: Option<&Arc<SharedBook>>) {
        if let Some(book) = book {
            book.reset();
        }
        let Some(family) = self.family(channel.kind.family()) else {
            return;
        };
        match &channel.market {
            Some(market) => {
                let state = MarketState::new(id, market.clone(), book.cloned());
                family.markets.insert(market.clone(), state);
            }
            None => {
                family.all = Some(id);
                family.markets.clear();
            }
        }
    }

    /// A channel is being left. Its frames on the way are ignored.
    pub(super) fn leave(&mut self, id: u64, channel: &Channel) {
        let Some(family) = self.family(channel.kind.family()) else {
            return;
        };
        if family.all == Some(id) {
            family.all = None;
        }
        family.markets.retain(|_, state| state.channel != id);
    }

    fn state(&mut self, family: Family, market: &str) -> Option<&mut MarketState> {
        let family = self.family(family)?;
        if !family.markets.contains_key(market) {
            let all = family.all?;
            if family.markets.len() >= MOST_MARKETS {
                return None;
            }
            let market = Market::from(market);
            let state = MarketState::new(all, market.clone(), None);
            family.markets.insert(market, state);
        }
        family.markets.get_mut(market)
    }

    pub(super) fn find(&mut self, family: Family, market: &str) -> Option<(u64, Market)> {
        let state = self.state(family, market)?;
        Some((state.channel, state.market.clone()))
    }

    pub(super) fn book(&mut self, market: &str) -> Option<(u64, Arc<SharedBook>)> {
        let state = self.state(Family::Book, market)?;
        Some((state.channel, Arc::clone(state.book.as_ref()?)))
    }

    pub(super) fn bbo(&mut self, event: &sbe::BboEvent<'_>) -> SeqCheck {
        let Some(state) = self.state(Family::Bbo, event.market()) else {
            return SeqCheck::Ignored;
        };
        let level = |price: Option<i64>, size: Option<i64>| {
            Some(Level::new(decimal(price?), decimal(size.unwrap_or_default())))
        };
        let bbo = Bbo {
            market: state.market.clone(),
            seq: event.seq(),
            bid: level(event.bid_price_mantissa(), event.bid_size_mantissa()),
            ask: level(event.ask_price_mantissa(), event.ask_size_mantissa()),
            at: time_from_micros(event.ts()),
        };
        if let Some(last) = &state.last {
            if bbo == *last {
                return SeqCheck::Repeated(state.channel);
            }
            // One that is older came late, or the exchange counts from a new start, which the next one shows.
            if bbo.seq < last.seq && !state.went_back {
                state.went_back = true;
                return SeqCheck::Older {
                    channel: state.channel,
                    market: state.market.clone(),
                    expected: last.seq.saturating_add(1),
                    got: bbo.seq,
                };
            }
        }
        state.last = Some(bbo.clone());
        SeqCheck::Item {
            channel: state.channel,
            market: state.market.clone(),
            bbo,
            is_live_again: std::mem::take(&mut state.went_back),
        }
    }

    /// The trade, unless it is a repeated frame. Trades share sequence numbers and have no order among themselves, so a gap cannot
    /// be seen.
    pub(super) fn trade(
        &mut self,
        event: &sbe::TradeEvent<'_>,
        frame: &[u8],
    ) -> Option<(u64, Market, Trade)> {
        let state = self.state(Family::Trades, event.market())?;
        let mut hasher = DefaultHasher::new();
        hasher.write(frame);
        let hash = hasher.finish().max(1);
        if state.recent.contains(&hash) {
            return None;
        }
        if let Some(oldest) = state.recent.get_mut(state.next_recent) {
            *oldest = hash;
        }
        state.next_recent = (state.next_recent + 1) % RECENT;
        // An unknown value stays readable.
        let side = event.side();
        let side = side
            .to_order_side()
            .unwrap_or_else(|| OrderSide::from(side.to_string().as_str()));
        let kind = event.trade_type();
        let kind = kind
            .to_fill_type()
            .unwrap_or_else(|| FillType::from(kind.to_string().as_str()));
        let trade = Trade {
            market: state.market.clone(),
            id: event.trade_id_str().map(str::to_owned),
            side,
            price: decimal(event.price_mantissa()),
            size: decimal(event.size_mantissa()),
            kind,
            seq: Some(event.seq()).filter(|seq| *seq != 0),
            at: time_from_micros(event.created_at()),
        };
        Some((state.channel, state.market.clone(), trade))
    }

    /// The family of a frame that cannot be decoded, if its header can be.
    pub(super) fn family_of(frame: &[u8]) -> Option<Family> {
        let template = frame.get(2..4)?;
        match u16::from_le_bytes(template.try_into().ok()?) {
            1 => Some(Family::Trades),
            2 => Some(Family::Bbo),
            3 => Some(Family::Book),
            4 => Some(Family::Summaries),
            5 => Some(Family::Funding),
            _ => None,
        }
    }
}
