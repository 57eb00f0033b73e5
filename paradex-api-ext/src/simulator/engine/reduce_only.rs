//! Reduce-only orders: cancelled as soon as they might not reduce the position any more.

use super::Engine;
use super::book::Place;
use super::ids::{AccountId, MarketId, OrderId};
use super::number::Size;
use super::order::{CancelReason, Order, Side, Status};

impl Engine {
    /// Returns the size of the open orders of the same account and side that are filled before an order that is not in the book.
    pub(super) fn more_aggressive(&self, order: &Order) -> Size {
        let Some(price) = order.terms.price else {
            return Size(0);
        };
        let (account, side) = (order.terms.account, order.terms.side);
        let others = self.open_of_side(account, order.terms.market, side);
        let ahead = others.filter(|other| {
            let other = other.terms.price.unwrap_or_default();
            side.accepts(price, other)
        });
        ahead.fold(Size(0), |sum, other| sum.plus(other.execution.remaining))
    }

    fn open_of_side(&self, account: AccountId, market: MarketId, side: Side) -> impl Iterator<Item = &Order> {
        let live = self.account(account).map(|account| &account.live);
        let orders = live.into_iter().flatten().filter_map(|id| self.orders.get(id));
        orders.filter(move |order| {
            order.status == Status::Open && order.terms.market == market && order.terms.side == side
        })
    }

    /// Cancels the reduce-only orders of an account that, with the orders that are filled before them, exceed the position.
    pub(super) fn enforce_reduce_only(&mut self, account: AccountId, market: MarketId) {
        let Some(found) = self.account(account) else {
            return;
        };
        let holding = found.holding(market);
        if holding.reduce_only_orders == 0 {
            return;
        }
        for side in [Side::Buy, Side::Sell] {
            let position = holding.reducible(side);
            let open = self.open_of_side(account, market, side);
            let mut queue: Vec<(Option<Place>, OrderId, Size, bool)> = open
                .map(|order| {
                    (
                        order.place(),
                        order.id,
                        order.execution.remaining,
                        order.terms.reduces_only(),
                    )
                })
                .collect();
            queue.sort_unstable();
            let mut ahead = Size(0);
            for (_, id, remaining, only_reduces) in queue {
                let with = ahead.plus(remaining);
                if only_reduces && with > position {
                    self.close(id, Some(CancelReason::ReduceOnlyWillIncrease));
                } else {
                    ahead = with;
                }
            }
        }
    }
}
