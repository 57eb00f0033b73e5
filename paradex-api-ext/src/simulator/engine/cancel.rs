//! Cancelling orders.

use super::Engine;
use super::command::Outcome;
use super::ids::{AccountId, MarketId, OrderId};
use super::order::{CancelReason, Order};
use super::refusal::Refusal;

impl Engine {
    pub(super) fn cancel(&mut self, account: AccountId, order: OrderId) -> Result<Outcome, Refusal> {
        self.live_order(account, order)?;
        self.close(order, Some(CancelReason::UserCanceled));
        Ok(Outcome::Order(order))
    }

    pub(super) fn cancel_all(
        &mut self,
        account: AccountId,
        market: Option<MarketId>,
    ) -> Result<Outcome, Refusal> {
        let found = self.account(account).ok_or(Refusal::AccountNotFound)?;
        let selected = |id: &&OrderId| {
            let order = self.orders.get(id);
            order.is_some_and(|order| market.is_none_or(|market| order.terms.market == market))
        };
        let orders: Vec<OrderId> = found.live.iter().filter(selected).copied().collect();
        for order in &orders {
            self.close(*order, Some(CancelReason::UserCanceled));
        }
        Ok(Outcome::Cancelled(orders.len() as u64))
    }

    pub(super) fn cancel_disconnected(
        &mut self,
        account: AccountId,
        orders: &[OrderId],
    ) -> Result<Outcome, Refusal> {
        let mut cancelled = 0;
        for order in orders {
            if self.live_order(account, *order).is_ok() {
                self.close(*order, Some(CancelReason::CancelOnDisconnect));
                cancelled += 1;
            }
        }
        Ok(Outcome::Cancelled(cancelled))
    }

    /// Returns an order of an account that is not closed.
    pub(crate) fn live_order(&self, account: AccountId, order: OrderId) -> Result<&Order, Refusal> {
        let found = self
            .orders
            .get(&order)
            .filter(|order| order.terms.account == account);
        match found {
            Some(order) if order.is_live() => Ok(order),
            Some(_) => Err(Refusal::OrderIsClosed),
            None => Err(Refusal::OrderNotFound),
        }
    }
}
