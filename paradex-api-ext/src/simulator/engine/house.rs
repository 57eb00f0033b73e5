//! Quotes of a house account: liquidity from outside.

use std::collections::BTreeMap;

use super::Engine;
use super::command::Outcome;
use super::ids::{AccountId, MarketId, OrderId};
use super::market::MarketRules;
use super::number::{Price, Size};
use super::order::{CancelReason, NewOrder, SelfTradePrevention, Side, Status};
use super::refusal::Refusal;

/// How many price levels a side may have.
const MOST_LEVELS: usize = 1_000;

impl Engine {
    pub(super) fn quote(
        &mut self,
        account: AccountId,
        market: MarketId,
        bids: &[(Price, Size)],
        asks: &[(Price, Size)],
    ) -> Result<Outcome, Refusal> {
        let rules = &self.market(market).ok_or(Refusal::MarketNotFound)?.rules;
        let found = self.account(account).ok_or(Refusal::AccountNotFound)?;
        if !self.is_house(account) {
            return Err(Refusal::Contradiction("account: only a house account can quote"));
        }
        let (mut new_bids, mut new_asks) = (wanted(rules, bids)?, wanted(rules, asks)?);
        let (best_bid, best_ask) = (new_bids.last_key_value(), new_asks.first_key_value());
        if best_bid
            .zip(best_ask)
            .is_some_and(|((bid, _), (ask, _))| bid >= ask)
        {
            return Err(Refusal::Contradiction(
                "bids and asks: every bid must be below every ask",
            ));
        }
        if self.totals.turnover > super::number::Money::GUARD {
            return Err(Refusal::TooLarge);
        }
        let open = found.live.iter().filter_map(|id| self.orders.get(id));
        let mut stale: Vec<OrderId> = Vec::new();
        for order in open.filter(|order| order.terms.market == market && order.status == Status::Open) {
            let wanted = match order.terms.side {
                Side::Buy => &mut new_bids,
                Side::Sell => &mut new_asks,
            };
            let price = order.terms.price.unwrap_or_default();
            if wanted.get(&price) == Some(&order.execution.remaining) {
                wanted.remove(&price);
            } else {
                stale.push(order.id);
            }
        }
        for id in stale {
            self.close(id, Some(CancelReason::UserCanceled));
        }
        for (price, size) in new_bids.into_iter().rev() {
            self.submit(quote(account, market, Side::Buy, price, size), None);
        }
        for (price, size) in new_asks {
            self.submit(quote(account, market, Side::Sell, price, size), None);
        }
        Ok(Outcome::Done)
    }
}

/// Checks the levels of a side, and sorts them by price.
fn wanted(rules: &MarketRules, levels: &[(Price, Size)]) -> Result<BTreeMap<Price, Size>, Refusal> {
    if levels.len() > MOST_LEVELS {
        return Err(Refusal::OutOfRange("levels: at most 1000 of a side"));
    }
    let mut wanted = BTreeMap::new();
    for (price, size) in levels {
        let on_tick = price.0.checked_rem(rules.tick.0) == Some(0);
        if !on_tick || !(1..=Price::MAX.0).contains(&price.0) {
            return Err(Refusal::PriceTick("price", rules.tick));
        }
        let on_increment = size.0.checked_rem(rules.increment.0) == Some(0);
        if !on_increment || !(1..=Size::MAX.0).contains(&size.0) {
            return Err(Refusal::SizeIncrement(rules.increment));
        }
        if wanted.insert(*price, *size).is_some() {
            return Err(Refusal::Contradiction("levels: two have the same price"));
        }
    }
    Ok(wanted)
}

fn quote(account: AccountId, market: MarketId, side: Side, price: Price, size: Size) -> NewOrder {
    NewOrder {
        stp: SelfTradePrevention::ExpireMaker,
        ..NewOrder::limit(account, market, side, size, price)
    }
}
