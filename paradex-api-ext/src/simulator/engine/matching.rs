//! Matching: an order takes resting orders, best price first.

use super::Engine;
use super::event::Cause;
use super::ids::{AccountId, OrderId};
use super::number::{Money, Price, Size};
use super::order::{CancelReason, Instruction, SelfTradePrevention, Side};
use super::place::shifted;
use super::settle::Match;

/// How matching an order ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Nothing of it is left.
    Filled,
    /// Something is left, and no order that it may trade with.
    Left,
    /// It must be cancelled.
    Cancelled(CancelReason),
}

impl Engine {
    /// Matches an order. Returns how it ended, and the makers that have reduce-only orders.
    pub(super) fn take(&mut self, id: OrderId) -> (End, Vec<AccountId>) {
        let mut makers = Vec::new();
        let Some(order) = self.orders.get(&id) else {
            return (End::Left, makers);
        };
        let terms = &order.terms;
        let (market, account, side, stp) = (terms.market, terms.account, terms.side, terms.stp);
        let interactive = terms.interactive;
        let limit = terms.price.unwrap_or_else(|| self.band(terms));
        let worst_average = self.worst_average(id);
        if terms.instruction.only_makes() {
            return (End::Left, makers);
        }
        loop {
            let Some(order) = self.orders.get(&id) else {
                return (End::Left, makers);
            };
            if order.execution.remaining.0 == 0 {
                return (End::Filled, makers);
            }
            let Some(found) = self.market(market) else {
                return (End::Left, makers);
            };
            let best = found.book.best(side.opposite(), interactive);
            let Some((maker, price)) = best.filter(|(_, price)| side.accepts(limit, *price)) else {
                return (End::Left, makers);
            };
            let Some(resting) = self.orders.get(&maker) else {
                return (End::Left, makers);
            };
            if resting.terms.account == account {
                if stp != SelfTradePrevention::ExpireTaker {
                    self.close(maker, Some(CancelReason::SelfTrade));
                }
                if stp != SelfTradePrevention::ExpireMaker {
                    return (End::Cancelled(CancelReason::SelfTrade), makers);
                }
                continue;
            }
            let mut size = order.execution.remaining.min(resting.execution.remaining);
            if resting.terms.reduces_only() && size > self.reducible(maker) {
                self.close(maker, Some(CancelReason::ReduceOnlyWillIncrease));
                continue;
            }
            if let Some(worst) = worst_average {
                let room = room(side, worst, price, order.execution.filled, order.execution.value);
                let increment = found.rules.increment.0.max(1);
                let room = Size(room.0.saturating_sub(room.0 % increment));
                size = size.min(room);
                if size.0 == 0 {
                    return (End::Left, makers);
                }
            }
            let owner = resting.terms.account;
            let cause = match resting.terms.instruction {
                Instruction::Rpi => Cause::Rpi,
                _ => Cause::Match,
            };
            self.shrink_resting(maker, size);
            self.trade(Match {
                market,
                taker: id,
                maker,
                side,
                price,
                size,
                cause,
            });
            if self
                .orders
                .get(&maker)
                .is_some_and(|maker| maker.execution.remaining.0 == 0)
            {
                self.close(maker, None);
            } else {
                self.updated(maker);
            }
            let holding = self.account(owner).map(|account| account.holding(market));
            if holding.is_some_and(|holding| holding.reduce_only_orders > 0) && !makers.contains(&owner) {
                makers.push(owner);
            }
        }
    }

    /// Takes the size of a trade out of the book and the sums, before the maker's order becomes smaller.
    fn shrink_resting(&mut self, maker: OrderId, by: Size) {
        let Some(order) = self.orders.get(&maker) else {
            return;
        };
        let Some(place) = order.place() else { return };
        let (side, account, market) = (order.terms.side, order.terms.account, order.terms.market);
        let only_reduces = order.terms.reduces_only();
        if let Some(found) = self.market_mut(market) {
            found.book.resize(side, place, Size(by.0.saturating_neg()));
        }
        if let Some(holding) = self.holding_mut(account, market).filter(|_| !only_reduces) {
            let open = holding.open_mut(side);
            *open = open.minus(by);
        }
    }

    /// Returns how much an order could reduce the position of its account.
    pub(super) fn reducible(&self, id: OrderId) -> Size {
        let Some(order) = self.orders.get(&id) else {
            return Size(0);
        };
        let account = self.account(order.terms.account);
        let holding = account.map(|account| account.holding(order.terms.market));
        holding.unwrap_or_default().reducible(order.terms.side)
    }

    /// Returns the worst average price of a market order: its own, or the market's largest slippage from the best price.
    fn worst_average(&self, id: OrderId) -> Option<Price> {
        let terms = &self.orders.get(&id)?.terms;
        if terms.kind.has_price() || self.is_house(terms.account) {
            return None;
        }
        let market = self.market(terms.market)?;
        let slippage = market.rules.max_slippage;
        let best = market.book.best_level(terms.side.opposite());
        let from_best = best
            .map(|(price, _)| price)
            .or(market.prices.mark)
            .filter(|_| slippage.0 > 0);
        terms
            .vwap
            .or(from_best.map(|price| shifted(price, terms.side, slippage)))
    }
}

/// Returns how much can be filled at a price so that the average price is not worse than `worst`.
fn room(side: Side, worst: Price, price: Price, filled: Size, value: Money) -> Size {
    if side.accepts(worst, price) {
        return Size(i64::MAX);
    }
    let bound = filled.at(worst);
    let spare = match side {
        Side::Buy => bound.minus(value),
        Side::Sell => value.minus(bound),
    };
    let excess = i128::from(price.0.saturating_sub(worst.0).saturating_abs());
    let room = spare.0.max(0).checked_div(excess).unwrap_or(0);
    Size(i64::try_from(room).unwrap_or(i64::MAX))
}
