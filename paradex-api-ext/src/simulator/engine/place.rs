//! Placing orders: from the request through the risk checks into the book.

use super::Engine;
use super::account::AccountKind;
use super::book::{Class, Place};
use super::command::Outcome;
use super::event::{Event, OrderUpdate};
use super::ids::{AccountId, AlgoId, MarketId, OrderId, next};
use super::margin::Added;
use super::matching::End;
use super::number::{Price, Rate, Size, mul_div};
use super::order::{CancelReason, Execution, Instruction, NewOrder, Order, Side, Status};
use super::refusal::Refusal;

impl Engine {
    pub(super) fn place(&mut self, order: &NewOrder) -> Result<Outcome, Refusal> {
        self.validate(order)?;
        Ok(Outcome::Order(self.submit(order.clone(), None)))
    }

    /// Accepts an order that was validated, and executes it or lets it wait for its trigger.
    pub(super) fn submit(&mut self, terms: NewOrder, algo: Option<AlgoId>) -> OrderId {
        let waits = terms.kind.has_trigger();
        let id = self.register(terms, algo);
        self.updated(id);
        if waits {
            self.wait_for_trigger(id);
        } else {
            self.activate(id);
        }
        id
    }

    /// Adds a new order to those of its account.
    pub(super) fn register(&mut self, terms: NewOrder, algo: Option<AlgoId>) -> OrderId {
        let id = OrderId(next(&mut self.counters.orders));
        let (account, market) = (terms.account, terms.market);
        if let Some(found) = self.account_mut(account) {
            found.orders.insert(id);
            found.live.insert(id);
            if !terms.client_id.is_empty() {
                found.client_ids.insert(terms.client_id.clone(), id);
            }
        }
        if let Some(holding) = self.holding_mut(account, market) {
            holding.live_orders = holding.live_orders.saturating_add(1);
        }
        let order = Order {
            id,
            status: Status::New,
            reason: None,
            execution: Execution::new(terms.size),
            created_at: self.now,
            updated_at: self.now,
            seq_no: 0,
            algo,
            priority: 0,
            triggered: false,
            terms,
        };
        self.orders.insert(id, order);
        id
    }

    /// Checks an order, executes what it can, and rests or closes the rest.
    pub(super) fn activate(&mut self, id: OrderId) {
        match self.risk(id) {
            Some(reason) => self.close(id, Some(reason)),
            None => self.execute(id),
        }
    }

    /// Executes an order that passed its checks.
    pub(super) fn execute(&mut self, id: OrderId) {
        let Some(order) = self.orders.get(&id) else { return };
        let (account, market) = (order.terms.account, order.terms.market);
        self.touch(market);
        let (end, mut makers) = self.take(id);
        let Some(order) = self.orders.get(&id) else { return };
        let is_market = !order.terms.kind.has_price();
        let rests = !is_market && order.terms.instruction != Instruction::Ioc;
        match end {
            End::Filled => self.close(id, None),
            End::Cancelled(reason) => self.close(id, Some(reason)),
            End::Left if rests => self.rest(id),
            End::Left if is_market && order.execution.filled.0 == 0 => {
                self.close(id, Some(CancelReason::EmptyMarket))
            }
            End::Left => self.close(id, Some(CancelReason::RemainingIocCancel)),
        }
        makers.push(account);
        for account in makers {
            self.enforce_reduce_only(account, market);
        }
    }

    /// Returns why an order must not be executed, if so.
    pub(super) fn risk(&self, id: OrderId) -> Option<CancelReason> {
        let order = self.orders.get(&id)?;
        let terms = &order.terms;
        let market = self.market(terms.market)?;
        let account = self.account(terms.account)?;
        let holding = account.holding(terms.market);
        let only_reduces = terms.reduces_only();
        if !only_reduces {
            let limit = match account.kind {
                AccountKind::House => Size::MAX_POSITION,
                AccountKind::Trader => market.rules.position_limit,
            };
            let open = match terms.side {
                Side::Buy => holding.open_buys.plus(holding.position.size),
                Side::Sell => holding.open_sells.minus(holding.position.size),
            };
            if open.plus(order.execution.remaining) > limit {
                return Some(CancelReason::OrderExceedsPositionLimit);
            }
        }
        if terms.instruction.only_makes() {
            let meets_rpi = terms.interactive && terms.instruction != Instruction::Rpi;
            let best = market.book.best(terms.side.opposite(), meets_rpi);
            let limit = terms.price.unwrap_or_default();
            if best.is_some_and(|(_, price)| terms.side.accepts(limit, price)) {
                return Some(CancelReason::PostOnlyWouldCross);
            }
        }
        if only_reduces
            && self.more_aggressive(order).plus(order.execution.remaining) > holding.reducible(terms.side)
        {
            return Some(CancelReason::ReduceOnlyWillIncrease);
        }
        if account.kind == AccountKind::House {
            return None;
        }
        if terms
            .price
            .is_some_and(|price| !terms.side.accepts(self.band(terms), price))
        {
            return Some(CancelReason::PriceOutsideBands);
        }
        if holding.live_orders > market.rules.max_open_orders {
            return Some(CancelReason::MaxOpenOrdersExceeded);
        }
        let added = Added {
            market: terms.market,
            side: terms.side,
            size: order.execution.remaining,
            price: terms.price,
        };
        let has_margin = only_reduces || self.has_margin(terms.account, added);
        (!has_margin).then_some(CancelReason::NotEnoughMargin)
    }

    /// Returns the worst price of the band for an order.
    pub(super) fn band(&self, terms: &NewOrder) -> Price {
        let widest = match terms.side {
            Side::Buy => Price::MAX,
            Side::Sell => Price(1),
        };
        let Some(market) = self.market(terms.market) else {
            return widest;
        };
        match market.prices.mark {
            Some(mark) if market.rules.price_band.0 > 0 => {
                let price = shifted(mark, terms.side, market.rules.price_band);
                price.clamp(Price(1), Price::MAX)
            }
            _ => widest,
        }
    }

    /// Puts an order into the book.
    pub(super) fn rest(&mut self, id: OrderId) {
        let priority = next(&mut self.counters.priorities);
        if let Some(order) = self.orders.get_mut(&id) {
            order.priority = priority;
            order.status = Status::Open;
        }
        self.enter_book(id);
        self.updated(id);
    }

    /// Enters an open order into the book and into the sums of its account.
    pub(super) fn enter_book(&mut self, id: OrderId) {
        let Some(booked) = self.booked(id) else { return };
        self.touch(booked.market);
        if let Some(market) = self.market_mut(booked.market) {
            market
                .book
                .insert(booked.side, booked.place, id, booked.remaining);
        }
        if let Some(holding) = self.holding_mut(booked.account, booked.market) {
            if booked.only_reduces {
                holding.reduce_only_orders = holding.reduce_only_orders.saturating_add(1);
            } else {
                let open = holding.open_mut(booked.side);
                *open = open.plus(booked.remaining);
            }
        }
    }

    /// Takes an open order out of the book and out of the sums of its account.
    pub(super) fn leave_book(&mut self, id: OrderId) {
        let Some(booked) = self.booked(id) else { return };
        self.touch(booked.market);
        if let Some(market) = self.market_mut(booked.market) {
            market.book.remove(booked.side, booked.place, booked.remaining);
        }
        if let Some(holding) = self.holding_mut(booked.account, booked.market) {
            if booked.only_reduces {
                holding.reduce_only_orders = holding.reduce_only_orders.saturating_sub(1);
            } else {
                let open = holding.open_mut(booked.side);
                *open = open.minus(booked.remaining);
            }
        }
    }

    /// Returns what the book and the account know of an order that has a place in the book.
    fn booked(&self, id: OrderId) -> Option<Booked> {
        let order = self.orders.get(&id)?;
        Some(Booked {
            account: order.terms.account,
            market: order.terms.market,
            side: order.terms.side,
            place: order.place()?,
            remaining: order.execution.remaining,
            only_reduces: order.terms.reduces_only(),
        })
    }

    /// Closes an order, wherever it is.
    pub(super) fn close(&mut self, id: OrderId, reason: Option<CancelReason>) {
        let Some(status) = self.orders.get(&id).map(|order| order.status) else {
            return;
        };
        match status {
            Status::Closed => return,
            Status::Open => self.leave_book(id),
            Status::Untriggered => self.forget_trigger(id),
            Status::New => {}
        }
        let Some(order) = self.orders.get_mut(&id) else {
            return;
        };
        order.status = Status::Closed;
        order.reason = reason;
        let (account, market) = (order.terms.account, order.terms.market);
        let client_id = std::mem::take(&mut order.terms.client_id);
        self.updated(id);
        if let Some(holding) = self.holding_mut(account, market) {
            holding.live_orders = holding.live_orders.saturating_sub(1);
        }
        let kept = self.kept.closed_orders;
        let Some(found) = self.account_mut(account) else {
            return;
        };
        found.live.remove(&id);
        if !client_id.is_empty() {
            found.client_ids.remove(&client_id);
        }
        let kept = if found.kind == AccountKind::House { 0 } else { kept };
        found.closed.push_back(id);
        let mut dropped = Vec::new();
        while found.closed.len() > kept {
            let Some(oldest) = found.closed.pop_front() else {
                break;
            };
            found.orders.remove(&oldest);
            dropped.push(oldest);
        }
        if let Some(order) = self.orders.get_mut(&id) {
            order.terms.client_id = client_id;
        }
        for order in dropped {
            self.orders.remove(&order);
        }
    }

    /// Numbers and reports a change of an order.
    pub(super) fn updated(&mut self, id: OrderId) {
        let (now, seq_no) = (self.now, next(&mut self.counters.events));
        let Some(order) = self.orders.get_mut(&id) else {
            return;
        };
        order.updated_at = now;
        order.seq_no = seq_no;
        self.events.push(Event::Order(OrderUpdate {
            id,
            account: order.terms.account,
            market: order.terms.market,
            status: order.status,
            size: order.terms.size,
            execution: order.execution,
            reason: order.reason,
            seq_no,
            at: now,
        }));
    }
}

/// An order as the book and the account know it.
struct Booked {
    account: AccountId,
    market: MarketId,
    side: Side,
    place: Place,
    remaining: Size,
    only_reduces: bool,
}

impl NewOrder {
    /// Returns whether it may only reduce a position.
    pub(super) fn reduces_only(&self) -> bool {
        self.reduce_only || self.kind.closes_position()
    }
}

impl Order {
    /// Returns its place in the book.
    pub(super) fn place(&self) -> Option<Place> {
        let class = match self.terms.instruction {
            Instruction::Rpi => Class::Rpi,
            _ if self.terms.interactive => Class::Interactive,
            _ => Class::Api,
        };
        let price = self.terms.price?;
        Some(Place::new(self.terms.side, price, class, self.priority))
    }
}

/// Returns a price this far from another, to the disadvantage of the side.
pub(super) fn shifted(price: Price, side: Side, by: Rate) -> Price {
    let distance = mul_div(i128::from(price.0), by.0, super::number::RATE_ONE);
    let distance = i64::try_from(distance).unwrap_or(i64::MAX);
    match side {
        Side::Buy => Price(price.0.saturating_add(distance)),
        Side::Sell => Price(price.0.saturating_sub(distance)),
    }
}
