//! A market: its rules, its book, its prices and its trades.

use std::collections::{BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::book::Book;
use super::event::Cause;
use super::ids::{MarketId, OrderId, TradeId};
use super::number::{Price, Rate, Size};
use super::order::Side;

/// The rules of a market.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct MarketRules {
    /// The symbol.
    pub(crate) symbol: Box<str>,
    /// The step of prices.
    pub(crate) tick: Price,
    /// The step of sizes.
    pub(crate) increment: Size,
    /// The smallest value of an order, at the mark price.
    pub(crate) min_notional: Price,
    /// The largest size of an order.
    pub(crate) max_order_size: Size,
    /// The largest position.
    pub(crate) position_limit: Size,
    /// How many orders an account may have open.
    pub(crate) max_open_orders: u32,
    /// How far from the mark price an aggressive order may trade, as a fraction. 0 means that there is no band.
    pub(crate) price_band: Rate,
    /// How far the average price of a market order may be from the best price, as a fraction. 0 means any distance.
    pub(crate) max_slippage: Rate,
    /// The initial margin, as a fraction of the position's value.
    pub(crate) initial_margin: Rate,
    /// The maintenance margin, as a fraction of the initial margin.
    pub(crate) maintenance_factor: Rate,
    /// The funding period, in seconds. 0 means that there is no funding.
    pub(crate) funding_period: u32,
    /// The fees.
    pub(crate) fees: Fees,
}

/// The fees of a market, as fractions of a fill's value. The names are those of the exchange's fee configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub(crate) struct Fees {
    /// The fees of orders of ordinary sessions.
    pub(crate) api: MakerTaker,
    /// The fees of orders of interactive sessions.
    pub(crate) interactive: MakerTaker,
    /// The fees of orders with the instruction `RPI`.
    pub(crate) rpi: MakerTaker,
}

/// The fees of a maker and a taker. A negative fee is paid to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub(crate) struct MakerTaker {
    /// The fee of a resting order.
    pub(crate) maker: Rate,
    /// The fee of an order that takes liquidity.
    pub(crate) taker: Rate,
}

impl MarketRules {
    /// Creates rules without limits, fees and margin: every price and size with 8 decimal places is accepted.
    pub(crate) fn unlimited(symbol: &str) -> Self {
        Self {
            symbol: symbol.into(),
            tick: Price(1),
            increment: Size(1),
            min_notional: Price(0),
            max_order_size: Size::MAX,
            position_limit: Size::MAX_POSITION,
            max_open_orders: u32::MAX,
            price_band: Rate(0),
            max_slippage: Rate(0),
            initial_margin: Rate(0),
            maintenance_factor: Rate(500_000_000_000),
            funding_period: 28_800,
            fees: Fees::default(),
        }
    }

    pub(super) fn are_valid(&self) -> bool {
        let fraction = |rate: Rate| (0..=1_000_000_000_000).contains(&rate.0);
        let fee = |fees: MakerTaker| {
            [fees.maker, fees.taker]
                .iter()
                .all(|rate| rate.0.saturating_abs() <= 100_000_000_000)
        };
        (1..=Price::MAX.0).contains(&self.tick.0)
            && (1..=Size::MAX.0).contains(&self.increment.0)
            && (0..=Price::MAX.0).contains(&self.min_notional.0)
            && (1..=Size::MAX.0).contains(&self.max_order_size.0)
            && (1..=Size::MAX_POSITION.0).contains(&self.position_limit.0)
            && [
                self.price_band,
                self.max_slippage,
                self.initial_margin,
                self.maintenance_factor,
            ]
            .into_iter()
            .all(fraction)
            && [self.fees.api, self.fees.interactive, self.fees.rpi]
                .into_iter()
                .all(fee)
    }
}

/// A trade, as everybody sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Trade {
    /// The id.
    pub(crate) id: TradeId,
    /// The market.
    pub(crate) market: MarketId,
    /// The taker's side.
    pub(crate) side: Side,
    /// The price.
    pub(crate) price: Price,
    /// The size.
    pub(crate) size: Size,
    /// Why it happened.
    pub(crate) cause: Cause,
    /// The sequence number of the book after the trade. 0 for a liquidation, which is not in the book.
    pub(crate) seq: u64,
    /// When, in nanoseconds since the Unix epoch.
    pub(crate) at: i64,
}

/// Mark price, index price and funding of a market.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Prices {
    /// The mark price, if there is one.
    pub(crate) mark: Option<Price>,
    /// The index price, if there is one.
    pub(crate) index: Option<Price>,
    /// The funding rate of a funding period.
    pub(crate) funding_rate: Rate,
    /// The funding that one unit of a long position has paid, in units of 10⁻¹⁶ of the settlement currency.
    pub(crate) funding_index: i128,
    /// When they were set, in nanoseconds since the Unix epoch.
    pub(crate) at: i64,
}

/// A market.
#[derive(Debug, Hash)]
pub(crate) struct Market {
    /// The rules.
    pub(crate) rules: MarketRules,
    /// The order book.
    pub(crate) book: Book,
    /// The prices.
    pub(crate) prices: Prices,
    /// The newest trades, oldest first.
    pub(crate) trades: VecDeque<Trade>,
    /// Orders that trigger when the mark price is at their price or above.
    pub(super) above: BTreeSet<(Price, OrderId)>,
    /// Orders that trigger when the mark price is at their price or below.
    pub(super) below: BTreeSet<(Price, OrderId)>,
}

impl Market {
    pub(super) fn new(rules: MarketRules) -> Self {
        Self {
            rules,
            book: Book::default(),
            prices: Prices::default(),
            trades: VecDeque::new(),
            above: BTreeSet::new(),
            below: BTreeSet::new(),
        }
    }

    /// Returns the price that values positions: the mark price or, without one, that of the last trade.
    pub(crate) fn reference(&self) -> Option<Price> {
        self.prices
            .mark
            .or_else(|| self.trades.back().map(|trade| trade.price))
    }
}
