//! Finds the channel of a frame, and checks its sequence number.
//!
//! A frame names its market and not its channel. Channels whose frames look alike are never on one connection.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;
use std::time::Instant;

use paradex_api::sbe;
use paradex_api::types::{FillType, OrderSide};

use super::book::decimal;
use super::channel::{Channel, Family};
use super::item::{Bbo, Level, Trade, time_from_micros};
use super::market::Market;
use super::shared_book::SharedBook;
use super::update::LossCause;

/// Markets of one channel that are remembered. The exchange has a few hundred.
const MOST_MARKETS: usize = 20_000;
/// Recent trades that a repeated frame is compared with.
const RECENT: usize = 16;

/// What is known about one market of one family.
struct MarketState {
    channel: u64,
    market: Market,
    last: Option<Bbo>,
    last_at: Instant,
    /// The number of the last quote if it was older than its predecessor, and the loss that was told.
    went_back: Option<(i64, LossCause)>,
    recent: [u64; RECENT],
    next_recent: usize,
    book: Option<Arc<SharedBook>>,
}

impl MarketState {
    fn new(now: Instant, channel: u64, market: Market, book: Option<Arc<SharedBook>>) -> Self {
        Self {
            channel,
            market,
            last: None,
            last_at: now,
            went_back: None,
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
    families: [FamilyLookup; Family::COUNT],
}

/// The result of checking a quote.
pub(super) enum SeqCheck {
    Item {
        channel: u64,
        market: Market,
        bbo: Bbo,
        /// The loss that it ends: the one before was older than its predecessor.
        after: Option<LossCause>,
    },
    /// It is older than its predecessor.
    Older {
        channel: u64,
        market: Market,
        cause: LossCause,
        /// When the predecessor arrived.
        last_at: Instant,
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
    pub(super) fn enter(&mut self, now: Instant, id: u64, channel: &Channel, book: Option<&Arc<SharedBook>>) {
        if let Some(book) = book {
            book.reset();
        }
        let Some(family) = self.family(channel.kind.family()) else {
            return;
        };
        match &channel.market {
            Some(market) => {
                let state = MarketState::new(now, id, market.clone(), book.cloned());
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

    fn state(&mut self, now: Instant, family: Family, market: &str) -> Option<&mut MarketState> {
        let family = self.family(family)?;
        if !family.markets.contains_key(market) {
            let all = family.all?;
            if family.markets.len() >= MOST_MARKETS {
                family.markets.clear();
            }
            let market = Market::from(market);
            let state = MarketState::new(now, all, market.clone(), None);
            family.markets.insert(market, state);
        }
        family.markets.get_mut(market)
    }

    pub(super) fn find(&mut self, now: Instant, family: Family, market: &str) -> Option<(u64, Market)> {
        let state = self.state(now, family, market)?;
        Some((state.channel, state.market.clone()))
    }

    pub(super) fn book(&mut self, now: Instant, market: &str) -> Option<(u64, Arc<SharedBook>)> {
        let state = self.state(now, Family::Book, market)?;
        Some((state.channel, Arc::clone(state.book.as_ref()?)))
    }

    pub(super) fn bbo(&mut self, now: Instant, event: &sbe::BboEvent<'_>) -> SeqCheck {
        let Some(state) = self.state(now, Family::Bbo, event.market()) else {
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
            // One that is older came late, or the exchange counts from a new start, which one with a higher number shows.
            if bbo.seq < last.seq {
                let Some((late, cause)) = state.went_back else {
                    let expected = last.seq.saturating_add(1);
                    let cause = LossCause::Sequence {
                        expected,
                        got: bbo.seq,
                    };
                    state.went_back = Some((bbo.seq, cause));
                    return SeqCheck::Older {
                        channel: state.channel,
                        market: state.market.clone(),
                        cause,
                        last_at: state.last_at,
                    };
                };
                if bbo.seq <= late {
                    state.went_back = Some((bbo.seq, cause));
                    return SeqCheck::Repeated(state.channel);
                }
            }
        }
        state.last = Some(bbo.clone());
        state.last_at = now;
        SeqCheck::Item {
            channel: state.channel,
            market: state.market.clone(),
            bbo,
            after: state.went_back.take().map(|(_, cause)| cause),
        }
    }

    /// The trade, unless it is a repeated frame. Trades share sequence numbers and have no order among themselves, so a gap cannot
    /// be seen.
    pub(super) fn trade(
        &mut self,
        now: Instant,
        event: &sbe::TradeEvent<'_>,
        frame: &[u8],
    ) -> Option<(u64, Market, Trade)> {
        let state = self.state(now, Family::Trades, event.market())?;
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

    /// Where a frame that cannot be decoded is from, by its header.
    pub(super) fn origin_of(frame: &[u8]) -> Origin {
        let template = match sbe::Header::decode(frame) {
            Ok(header) if header.schema_id == sbe::SCHEMA_ID => header.template_id,
            _ => return Origin::Unknown,
        };
        match template {
            sbe::TradeEvent::TEMPLATE_ID => Origin::Family(Family::Trades),
            sbe::BboEvent::TEMPLATE_ID => Origin::Family(Family::Bbo),
            sbe::BookEvent::TEMPLATE_ID => Origin::Family(Family::Book),
            sbe::MarketSummaryEvent::TEMPLATE_ID => Origin::Family(Family::Summaries),
            sbe::FundingDataEvent::TEMPLATE_ID => Origin::Family(Family::Funding),
            _ => Origin::Nothing,
        }
    }
}

/// Where a frame is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Family(Family),
    /// It is no data of a channel that is ever subscribed.
    Nothing,
    /// It may be from any channel.
    Unknown,
}
