//! Modifying orders.

use super::Engine;
use super::command::Outcome;
use super::event::Event;
use super::ids::{AccountId, OrderId};
use super::number::{Price, Size};
use super::order::Status;
use super::refusal::Refusal;

impl Engine {
    /// Modifies an order. It keeps its place in the queue only if it becomes smaller at the same price.
    pub(super) fn modify(
        &mut self,
        account: AccountId,
        id: OrderId,
        size: Size,
        price: Option<Price>,
        trigger: Option<Price>,
        signed_at: u64,
    ) -> Result<Outcome, Refusal> {
        let order = self.live_order(account, id)?;
        let market = self.market(order.terms.market).ok_or(Refusal::MarketNotFound)?;
        let waits = order.status == Status::Untriggered;
        let mut terms = order.terms.clone();
        terms.size = size;
        terms.price = price;
        terms.signed_at = signed_at;
        if waits {
            terms.trigger = trigger.or(terms.trigger);
        }
        self.validate_terms(market, &terms)?;
        if size <= order.execution.filled && order.status == Status::Open {
            return Err(Refusal::SizeBelowFilled(order.execution.filled));
        }
        let remaining = size.minus(order.execution.filled);
        self.validate_amount(market, &terms, remaining)?;
        let keeps_place = price == order.terms.price && remaining <= order.execution.remaining;
        let before = order.clone();
        if waits {
            self.forget_trigger(id);
        } else {
            self.leave_book(id);
        }
        if let Some(order) = self.orders.get_mut(&id) {
            order.terms = terms;
            order.execution.remaining = remaining;
            order.status = Status::New;
        }
        if waits {
            self.wait_for_trigger(id);
        } else if keeps_place {
            self.reopen(id);
        } else if let Some(reason) = self.risk(id) {
            self.orders.insert(id, before);
            self.enter_book(id);
            self.events.push(Event::ModifyRejected { order: id, reason });
        } else {
            self.execute(id);
        }
        Ok(Outcome::Order(id))
    }

    /// Puts an order back into the book, at the same place.
    fn reopen(&mut self, id: OrderId) {
        if let Some(order) = self.orders.get_mut(&id) {
            order.status = Status::Open;
        }
        self.enter_book(id);
        self.updated(id);
    }
}
