//! Checks of an order that need nothing but the order and the rules of its market. The exchange makes them before it accepts one.

use super::Engine;
use super::market::Market;
use super::number::{Money, Price, Size};
use super::order::{Instruction, NewOrder, OrderKind};
use super::refusal::Refusal;

impl Engine {
    /// Checks a new order.
    pub(super) fn validate(&self, order: &NewOrder) -> Result<(), Refusal> {
        let market = self.market(order.market).ok_or(Refusal::MarketNotFound)?;
        let account = self.account(order.account).ok_or(Refusal::AccountNotFound)?;
        self.validate_terms(market, order)?;
        if !order.client_id.is_empty() && account.client_ids.contains_key(&order.client_id) {
            return Err(Refusal::DuplicatedClientId);
        }
        self.validate_amount(market, order, order.size)
    }

    /// Checks the smallest value, and the limit of all sums. So much of the order is not filled.
    pub(super) fn validate_amount(
        &self,
        market: &Market,
        order: &NewOrder,
        remaining: Size,
    ) -> Result<(), Refusal> {
        if !self.is_house(order.account) {
            self.validate_notional(market, order, remaining)?;
        }
        if self.totals.turnover > Money::GUARD {
            return Err(Refusal::TooLarge);
        }
        Ok(())
    }

    /// Checks type, instruction, size and prices.
    pub(super) fn validate_terms(&self, market: &Market, order: &NewOrder) -> Result<(), Refusal> {
        let rules = &market.rules;
        validate_size(order.size, order.kind, rules.max_order_size, rules.increment)?;
        match order.price {
            Some(price) if order.kind.has_price() => validate_price("price", price, rules.tick)?,
            Some(_) => {
                return Err(Refusal::Contradiction(
                    "price: must be omitted for an order of this type",
                ));
            }
            None if order.kind.has_price() => return Err(Refusal::PriceOutOfRange("price")),
            None => {}
        }
        match order.trigger {
            Some(price) if order.kind.has_trigger() => validate_price("trigger_price", price, rules.tick)?,
            Some(_) => {
                return Err(Refusal::Contradiction(
                    "trigger_price: must be omitted for an order of this type",
                ));
            }
            None if order.kind.has_trigger() => return Err(Refusal::PriceOutOfRange("trigger_price")),
            None => {}
        }
        if let Some(price) = order.vwap {
            validate_price("vwap_price", price, Price(1))?;
        }
        if order.instruction.only_makes() && !order.kind.has_price() {
            return Err(Refusal::Contradiction(
                "instruction: a market order cannot be post-only",
            ));
        }
        if order.instruction == Instruction::Rpi && order.kind != OrderKind::Limit {
            return Err(Refusal::Contradiction(
                "instruction: only a limit order can be RPI",
            ));
        }
        Ok(())
    }

    /// Checks the smallest value. A reduce-only order that closes the whole position may be smaller.
    fn validate_notional(&self, market: &Market, order: &NewOrder, remaining: Size) -> Result<(), Refusal> {
        let rules = &market.rules;
        let Some(price) = market.reference().or(order.price) else {
            return Ok(());
        };
        let least = Size(super::number::ONE).at(rules.min_notional);
        if order.size.0 == 0 || order.size.at(price) >= least {
            return Ok(());
        }
        let holding = self
            .account(order.account)
            .map(|account| account.holding(order.market));
        let closes = holding.is_some_and(|holding| holding.reducible(order.side) == remaining);
        match order.reduce_only && closes {
            true => Ok(()),
            false => Err(Refusal::MinNotional(rules.min_notional)),
        }
    }
}

fn validate_size(size: Size, kind: OrderKind, largest: Size, increment: Size) -> Result<(), Refusal> {
    let whole_position = size.0 == 0 && kind.closes_position();
    if !whole_position && !(1..=largest.0).contains(&size.0) {
        return Err(Refusal::SizeOutOfRange(largest));
    }
    match size.0.checked_rem(increment.0) {
        Some(0) => Ok(()),
        _ => Err(Refusal::SizeIncrement(increment)),
    }
}

fn validate_price(name: &'static str, price: Price, tick: Price) -> Result<(), Refusal> {
    if !(1..=Price::MAX.0).contains(&price.0) {
        return Err(Refusal::PriceOutOfRange(name));
    }
    match price.0.checked_rem(tick.0) {
        Some(0) => Ok(()),
        _ => Err(Refusal::PriceTick(name, tick)),
    }
}
