//! Who orders trade with: other accounts, and the simulated market.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::Trading;
use crate::simulator::clock::MILLISECOND;
use crate::simulator::engine::{Command, MarketId, Price, Rate, Refusal, Size};
use crate::simulator::market::Markets;
use crate::simulator::market::model::BOOK_STEP;

/// Who orders trade with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Liquidity {
    /// Only orders of the simulator's accounts trade with each other. Every market accepts every price and size, and there is no
    /// mark price until [`Simulator::set_mark_price`](crate::simulator::Simulator::set_mark_price) sets one, or a
    /// [price script](crate::simulator::SimulatorBuilder::price_script) does.
    #[default]
    None,
    /// Orders also trade with the order book that the public endpoints show, and the rules of the market are enforced. The
    /// best 20 levels of a side are offered, and filled ones are back when the book changes, twice a second.
    Simulated,
}

/// How many states of the book are followed when the time jumps.
const MOST_STEPS: i64 = 200;

impl Trading {
    /// Follows the markets of a log from where it ends.
    pub(super) fn resume_quotes(&mut self, markets: &Markets) {
        let known = self.engine.markets();
        let followed = known.filter(|(id, _)| self.is_followed(markets, *id));
        self.quoted = followed
            .map(|(id, market)| (id, step_at(market.prices.at)))
            .collect();
    }

    /// Returns the markets in which the house offers something. Without liquidity, a test has quoted there.
    pub(super) fn quoted_markets(&self) -> BTreeSet<MarketId> {
        let house = self.house.and_then(|house| self.engine.account(house));
        let open = house.into_iter().flat_map(|house| &house.live);
        let open = open.filter_map(|order| self.engine.order(*order));
        open.map(|order| order.terms.market).collect()
    }

    /// Returns whether the prices of a market follow the simulated market: without liquidity, only if a script moves them.
    fn is_followed(&self, markets: &Markets, market: MarketId) -> bool {
        let found = markets.get(self.symbol(market));
        found.is_some_and(|market| self.liquidity == Liquidity::Simulated || market.is_scripted())
    }

    /// Does what is due by now, and follows the simulated market.
    pub(in crate::simulator) fn advance(&mut self, markets: &Markets, now: i64) {
        let followed: Vec<MarketId> = self.quoted.keys().copied().collect();
        self.follow_all(markets, &followed, now);
        // It is never refused.
        let _ = self.apply(now, &Command::Advance);
    }

    /// Follows the simulated market in one market: sets prices, and quotes.
    pub(in crate::simulator) fn follow(&mut self, markets: &Markets, market: MarketId, now: i64) {
        if self.is_followed(markets, market) {
            self.follow_all(markets, &[market], now);
        }
    }

    /// Follows the simulated market in several markets at once: the engine's time never goes back, so all of them take a step
    /// before the next one begins.
    fn follow_all(&mut self, markets: &Markets, followed: &[MarketId], now: i64) {
        let last = step_at(now);
        let mut due: Vec<(i64, MarketId)> = Vec::new();
        for market in followed {
            let before = self.quoted.insert(*market, last);
            due.push((before.map_or(last, |before| before.saturating_add(1)), *market));
        }
        let Some(first) = due.iter().map(|(first, _)| *first).min() else {
            return;
        };
        if first > last {
            return;
        }
        let stride = last
            .saturating_sub(first)
            .div_euclid(MOST_STEPS)
            .saturating_add(1);
        let stride = usize::try_from(stride).unwrap_or(1);
        let mut steps: BTreeSet<i64> = (first..=last).step_by(stride).chain([last]).collect();
        // A scripted price is followed also if it ends before the next state.
        let (from, to) = (
            first.saturating_sub(1).saturating_mul(BOOK_STEP),
            last.saturating_mul(BOOK_STEP),
        );
        for (_, market) in &due {
            let scripted = markets.get(self.symbol(*market));
            let changes = scripted.map(|market| market.scripted_changes(from, to));
            let changes = changes.into_iter().flatten();
            steps.extend(
                changes
                    .map(|time| time.saturating_add(BOOK_STEP - 1).div_euclid(BOOK_STEP))
                    .filter(|step| *step >= first),
            );
        }
        for step in steps {
            for (_, market) in due.iter().filter(|(first, _)| *first <= step) {
                self.follow_step(markets, *market, step);
            }
        }
    }

    /// Quotes in a market, if that gives liquidity, and sets its prices, as they are at a step. An order that the mark price
    /// triggers meets the quotes of the same moment.
    fn follow_step(&mut self, markets: &Markets, market: MarketId, step: i64) {
        let quotes = self.liquidity == Liquidity::Simulated;
        let time = step.saturating_mul(BOOK_STEP);
        let at = time.saturating_mul(MILLISECOND);
        let symbol = self.symbol(market).to_owned();
        let offered = markets.quotes(&symbol, time).filter(|_| quotes);
        if let Some((account, (bids, asks))) = self.house.zip(offered) {
            let quote = Command::Quote {
                account,
                market,
                bids,
                asks,
            };
            let _ = self.apply(at, &quote);
        }
        let before = self.engine.market(market).map(|market| market.prices);
        let same = |(mark, index, rate): &(Price, Price, Rate)| {
            let before = before.unwrap_or_default();
            (before.mark, before.index, before.funding_rate) == (Some(*mark), Some(*index), *rate)
        };
        // A script seldom changes them, and the log need not have them twice.
        let prices = markets
            .prices(&symbol, time)
            .filter(|prices| quotes || !same(prices));
        if let Some((mark, index, funding_rate)) = prices {
            let prices = Command::SetPrices {
                market,
                mark,
                index,
                funding_rate,
            };
            let _ = self.apply(at, &prices);
        }
    }

    /// Sets mark and index price of a market.
    pub(in crate::simulator) fn set_mark_price(
        &mut self,
        markets: &Markets,
        symbol: &str,
        price: Decimal,
        now: i64,
    ) -> Result<(), Refusal> {
        let price = Price::from_decimal(price).ok_or(Refusal::PriceOutOfRange("price"))?;
        let market = self.market(markets, symbol, now)?;
        let prices = Command::SetPrices {
            market,
            mark: price,
            index: price,
            funding_rate: Rate(0),
        };
        self.apply(now, &prices).map(drop)
    }

    /// Replaces what the house offers in a market.
    pub(in crate::simulator) fn set_quotes(
        &mut self,
        markets: &Markets,
        symbol: &str,
        bids: &[(Decimal, Decimal)],
        asks: &[(Decimal, Decimal)],
        now: i64,
    ) -> Result<(), Refusal> {
        let market = self.market(markets, symbol, now)?;
        let account = self.house.ok_or(Refusal::AccountNotFound)?;
        let quote = Command::Quote {
            account,
            market,
            bids: levels(bids)?,
            asks: levels(asks)?,
        };
        self.apply(now, &quote)?;
        self.quoted_by_test.insert(market);
        Ok(())
    }
}

/// Returns the number of the book's step at a time, in nanoseconds.
fn step_at(time: i64) -> i64 {
    time.div_euclid(MILLISECOND).div_euclid(BOOK_STEP)
}

fn levels(levels: &[(Decimal, Decimal)]) -> Result<Vec<(Price, Size)>, Refusal> {
    let convert = |(price, size): &(Decimal, Decimal)| {
        let price = Price::from_decimal(*price).ok_or(Refusal::PriceOutOfRange("price"))?;
        let size = Size::from_decimal(*size).ok_or(Refusal::SizeOutOfRange(Size::MAX))?;
        Ok((price, size))
    };
    levels.iter().map(convert).collect()
}
