//! Liquidation: the house takes over the positions of an account whose value is below its maintenance margin.

use super::Engine;
use super::account::{Account, AccountKind};
use super::event::{Cause, Event};
use super::ids::{AccountId, AlgoId, MarketId, OrderId};
use super::number::{Money, Price, Size};
use super::order::{CancelReason, NewOrder, Side};
use super::settle::Match;

impl Engine {
    /// Liquidates the accounts with a position in a market whose value is below their maintenance margin.
    ///
    /// The exchange reduces positions step by step. Here all orders are cancelled and all positions are closed at once, at the
    /// prices that value them, without a fee. Without a house account there is no liquidation.
    pub(super) fn liquidate(&mut self, market: MarketId) {
        let house = self
            .accounts()
            .find(|(_, account)| account.kind == AccountKind::House);
        let Some((house, _)) = house else { return };
        let due = self
            .accounts()
            .filter(|(id, account)| is_exposed(account, market) && self.is_below_maintenance(*id));
        let due: Vec<AccountId> = due.map(|(id, _)| id).collect();
        for account in due {
            self.liquidate_account(account, house);
        }
    }

    fn is_below_maintenance(&self, account: AccountId) -> bool {
        self.margin(account)
            .is_some_and(|margin| margin.account_value < margin.maintenance)
    }

    fn liquidate_account(&mut self, id: AccountId, house: AccountId) {
        let Some(account) = self.account(id) else { return };
        let orders: Vec<OrderId> = account.live.iter().copied().collect();
        let algos: Vec<AlgoId> = account.live_algos.iter().copied().collect();
        let held = account.holdings.iter();
        let held: Vec<(MarketId, Size)> = held
            .map(|(market, holding)| (*market, holding.position.size))
            .filter(|(_, size)| size.0 != 0)
            .collect();
        for algo in algos {
            self.close_algo(algo, Some(CancelReason::NotEnoughMargin));
        }
        for order in orders {
            self.close(order, Some(CancelReason::NotEnoughMargin));
        }
        let mut is_liquidated = false;
        for (market, size) in held {
            let price = self.market(market).and_then(|market| market.reference());
            if let Some(price) = price.filter(|_| self.can_take_over(house, market, size)) {
                self.take_over(id, house, market, size, price);
                is_liquidated = true;
            }
        }
        let (now, kept) = (self.now, self.kept.closed_orders);
        if let Some(account) = self.account_mut(id).filter(|_| is_liquidated) {
            account.liquidations.push_back(now);
            while account.liquidations.len() > kept {
                account.liquidations.pop_front();
            }
            self.events.push(Event::Liquidation { account: id, at: now });
        }
    }

    /// Returns whether the house can take a position without exceeding the limits of its sums.
    fn can_take_over(&self, house: AccountId, market: MarketId, size: Size) -> bool {
        let held = self
            .account(house)
            .map(|house| house.holding(market).position.size);
        let after = held.unwrap_or_default().plus(size);
        after.abs() <= Size::MAX_POSITION && self.totals.turnover <= Money::GUARD
    }

    /// Moves a position to the house at a price: both accounts get an order that is filled at once and never in the book.
    fn take_over(
        &mut self,
        account: AccountId,
        house: AccountId,
        market: MarketId,
        size: Size,
        price: Price,
    ) {
        let side = if size.0 > 0 { Side::Sell } else { Side::Buy };
        let order = NewOrder {
            reduce_only: true,
            ..NewOrder::market(account, market, side, size.abs())
        };
        let taker = self.register(order, None);
        let maker = self.register(NewOrder::market(house, market, side.opposite(), size.abs()), None);
        self.trade(Match {
            market,
            taker,
            maker,
            side,
            price,
            size: size.abs(),
            cause: Cause::Liquidation,
        });
        self.close(taker, None);
        self.close(maker, None);
        self.enforce_reduce_only(house, market);
    }
}

fn is_exposed(account: &Account, market: MarketId) -> bool {
    account.kind == AccountKind::Trader && account.holding(market).position.size.0 != 0
}
