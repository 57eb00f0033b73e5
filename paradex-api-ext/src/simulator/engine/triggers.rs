//! Orders that wait until the mark price reaches their trigger price.

use super::Engine;
use super::ids::{AccountId, MarketId, OrderId};
use super::number::Price;
use super::order::{CancelReason, NewOrder, Side, Status, TriggerWhen};

impl Engine {
    /// Lets an order wait for its trigger, or triggers it if the mark price is there already.
    pub(super) fn wait_for_trigger(&mut self, id: OrderId) {
        let Some(order) = self.orders.get(&id) else { return };
        let (account, market, closes) = (
            order.terms.account,
            order.terms.market,
            order.terms.kind.closes_position(),
        );
        let Some(trigger) = order.terms.trigger else {
            return;
        };
        let Some(found) = self.market(market) else { return };
        let mark = found.prices.mark;
        let when = condition(&order.terms, trigger, mark);
        let is_met = mark.is_some_and(|mark| match when {
            TriggerWhen::Above => mark >= trigger,
            TriggerWhen::Below => mark <= trigger,
        });
        if let Some(order) = self.orders.get_mut(&id) {
            order.status = Status::Untriggered;
        }
        if let Some(found) = self.market_mut(market) {
            match when {
                TriggerWhen::Above => found.above.insert((trigger, id)),
                TriggerWhen::Below => found.below.insert((trigger, id)),
            };
        }
        if let Some(holding) = self.holding_mut(account, market).filter(|_| closes) {
            holding.closing_triggers = holding.closing_triggers.saturating_add(1);
        }
        self.updated(id);
        if is_met {
            self.trigger(id);
        }
    }

    /// Takes an order out of those that wait.
    pub(super) fn forget_trigger(&mut self, id: OrderId) {
        let Some(order) = self.orders.get(&id) else { return };
        let (account, market, closes) = (
            order.terms.account,
            order.terms.market,
            order.terms.kind.closes_position(),
        );
        let Some(trigger) = order.terms.trigger else {
            return;
        };
        if let Some(found) = self.market_mut(market) {
            found.above.remove(&(trigger, id));
            found.below.remove(&(trigger, id));
        }
        if let Some(holding) = self.holding_mut(account, market).filter(|_| closes) {
            holding.closing_triggers = holding.closing_triggers.saturating_sub(1);
        }
    }

    /// Triggers the orders whose price the mark price has reached, in the order of their placement.
    pub(super) fn fire_triggers(&mut self, market: MarketId) {
        let Some(found) = self.market(market) else { return };
        let Some(mark) = found.prices.mark else { return };
        let above = found.above.range(..=(mark, OrderId(u64::MAX)));
        let below = found.below.range((mark, OrderId(0))..);
        let mut fired: Vec<OrderId> = above.chain(below).map(|(_, id)| *id).collect();
        fired.sort_unstable();
        for id in fired {
            // An earlier one may have cancelled it.
            if self
                .orders
                .get(&id)
                .is_some_and(|order| order.status == Status::Untriggered)
            {
                self.trigger(id);
            }
        }
    }

    fn trigger(&mut self, id: OrderId) {
        self.forget_trigger(id);
        let reducible = self.reducible(id);
        let Some(order) = self.orders.get_mut(&id) else {
            return;
        };
        order.status = Status::New;
        order.triggered = true;
        if order.terms.kind.closes_position() {
            let wanted = order.terms.size;
            let size = if wanted.0 == 0 {
                reducible
            } else {
                wanted.min(reducible)
            };
            if size.0 == 0 {
                self.close(id, Some(CancelReason::ReduceOnlyWillIncrease));
                return;
            }
            order.terms.size = size;
            order.execution.remaining = size;
        }
        self.activate(id);
    }

    /// Cancels the stop-loss and take-profit orders of a position that has ended.
    pub(super) fn cancel_closing_triggers(&mut self, account: AccountId, market: MarketId) {
        let Some(found) = self.account(account) else {
            return;
        };
        if found.holding(market).closing_triggers == 0 {
            return;
        }
        let of_position = |id: &&OrderId| {
            self.orders.get(id).is_some_and(|order| {
                let terms = &order.terms;
                order.status == Status::Untriggered && terms.market == market && terms.kind.closes_position()
            })
        };
        let ended: Vec<OrderId> = found.live.iter().filter(of_position).copied().collect();
        for id in ended {
            self.close(id, Some(CancelReason::ReduceOnlyWillIncrease));
        }
    }
}

/// Returns on which side of its trigger price an order triggers.
fn condition(terms: &NewOrder, trigger: Price, mark: Option<Price>) -> TriggerWhen {
    if let Some(when) = terms.trigger_when {
        return when;
    }
    let with_side = match terms.side {
        Side::Buy => TriggerWhen::Above,
        Side::Sell => TriggerWhen::Below,
    };
    match (terms.kind.is_stop_loss(), terms.kind.closes_position()) {
        (true, _) => with_side,
        (false, true) => opposite(with_side),
        (false, false) => match mark {
            Some(mark) if mark < trigger => TriggerWhen::Above,
            Some(mark) if mark > trigger => TriggerWhen::Below,
            _ => with_side,
        },
    }
}

fn opposite(when: TriggerWhen) -> TriggerWhen {
    match when {
        TriggerWhen::Above => TriggerWhen::Below,
        TriggerWhen::Below => TriggerWhen::Above,
    }
}
