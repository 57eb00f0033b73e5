//! A trade: its effect on both orders, both accounts and the public history.

use super::Engine;
use super::account::AccountKind;
use super::event::{Cause, Event, Fill, FundingPayment, Liquidity};
use super::ids::{AccountId, MarketId, OrderId, TradeId, next};
use super::market::{Fees, Trade};
use super::number::{Money, Price, Rate, Size};
use super::order::{Instruction, Order, Side};

/// A trade that is about to happen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    pub(super) market: MarketId,
    pub(super) taker: OrderId,
    pub(super) maker: OrderId,
    /// The taker's side.
    pub(super) side: Side,
    pub(super) price: Price,
    pub(super) size: Size,
    pub(super) cause: Cause,
}

impl Engine {
    /// Executes a trade.
    pub(super) fn trade(&mut self, trade: Match) {
        let id = TradeId(next(&mut self.counters.trades));
        let (now, kept) = (self.now, self.kept.trades);
        let maker = self.orders.get(&trade.maker);
        let maker_interactive = maker.is_some_and(|maker| maker.terms.interactive);
        let taker = self.orders.get(&trade.taker);
        let fast = maker_interactive && taker.is_some_and(|taker| !taker.terms.interactive);
        let Some(market) = self.market_mut(trade.market) else {
            return;
        };
        let public = Trade {
            id,
            market: trade.market,
            side: trade.side,
            price: trade.price,
            size: trade.size,
            cause: trade.cause,
            seq: match trade.cause {
                Cause::Liquidation => 0,
                Cause::Match | Cause::Rpi => market.book.next_seq(),
            },
            at: now,
        };
        market.trades.push_back(public);
        while market.trades.len() > kept {
            market.trades.pop_front();
        }
        self.events.push(Event::Trade(public));
        let value = trade.size.at(trade.price);
        self.totals.turnover = self.totals.turnover.plus(value.abs());
        self.fill(trade.maker, &public, Liquidity::Maker, fast);
        self.fill(trade.taker, &public, Liquidity::Taker, fast);
    }

    /// Fills one of the two orders of a trade.
    fn fill(&mut self, order: OrderId, trade: &Trade, liquidity: Liquidity, fast: bool) {
        let now = self.now;
        let Some(filled) = self.orders.get_mut(&order) else {
            return;
        };
        filled.execution.add_fill(trade.size, trade.price);
        filled.updated_at = now;
        let (account, side, remaining) = (
            filled.terms.account,
            filled.terms.side,
            filled.execution.remaining,
        );
        let (interactive, algo) = (filled.terms.interactive, filled.algo);
        if let Some(algo) = algo.and_then(|algo| self.algos.get_mut(&algo)) {
            algo.execution.add_fill(trade.size, trade.price);
        }
        let Some(market) = self.market(trade.market) else {
            return;
        };
        let (fees, prices) = (market.rules.fees, market.prices);
        let rate = match trade.cause {
            Cause::Liquidation => Rate(0),
            Cause::Match | Cause::Rpi => self.fee_rate(order, fees, liquidity),
        };
        let fee = trade.size.at(trade.price).share(rate);
        let fill_id = match liquidity {
            Liquidity::Taker => trade.id.0.saturating_mul(2),
            Liquidity::Maker => trade.id.0.saturating_mul(2).saturating_add(1),
        };
        let fresh = next(&mut self.counters.positions);
        let Some(holding) = self.holding_mut(account, trade.market) else {
            return;
        };
        let signed = side.signed(trade.size);
        let before = holding.position.size;
        let funding = holding.position.realize_funding(prices.funding_index);
        let pnl = holding.position.fill(signed, trade.price, now, fresh);
        holding.position.last_fill = Some(fill_id);
        let position = holding.position;
        let ended = before.0 != 0 && before.0.signum() != position.size.0.signum();
        let fill = Fill {
            id: fill_id,
            trade: trade.id,
            account,
            order,
            market: trade.market,
            side,
            liquidity,
            price: trade.price,
            size: trade.size,
            fee,
            remaining,
            realized_pnl: pnl,
            realized_funding: funding,
            index: prices.index,
            interactive,
            cause: trade.cause,
            fast,
            seq: trade.seq,
            at: now,
        };
        self.totals.fees = self.totals.fees.plus(fee);
        self.totals.funding = self.totals.funding.minus(funding);
        self.totals.turnover = self.totals.turnover.plus(funding.abs());
        self.events.push(Event::Fill(fill));
        if funding.0 != 0 {
            self.pay_funding(&fill, prices.funding_index, funding);
        }
        let seq_no = next(&mut self.counters.events);
        self.events.push(Event::Position {
            account,
            market: trade.market,
            position,
            seq_no,
        });
        self.change_balance(account, pnl.plus(funding).minus(fee));
        let kept = self.kept.fills;
        if let Some(found) = self
            .account_mut(account)
            .filter(|account| account.kind == AccountKind::Trader)
        {
            found.fills.push_back(fill);
            while found.fills.len() > kept {
                found.fills.pop_front();
            }
        }
        if ended {
            self.cancel_closing_triggers(account, trade.market);
        }
    }

    fn pay_funding(&mut self, fill: &Fill, index: i128, payment: Money) {
        let payment = FundingPayment {
            id: next(&mut self.counters.payments),
            account: fill.account,
            market: fill.market,
            payment,
            index,
            fill: fill.id,
            at: self.now,
        };
        self.events.push(Event::Funding(payment));
        let kept = self.kept.funding;
        let account = self.account_mut(fill.account);
        if let Some(found) = account.filter(|account| account.kind == AccountKind::Trader) {
            found.funding.push_back(payment);
            while found.funding.len() > kept {
                found.funding.pop_front();
            }
        }
    }

    fn fee_rate(&self, order: OrderId, fees: Fees, liquidity: Liquidity) -> Rate {
        let Some(Order { terms, .. }) = self.orders.get(&order) else {
            return Rate(0);
        };
        if self.is_house(terms.account) {
            return Rate(0);
        }
        let fees = match terms.instruction {
            Instruction::Rpi => fees.rpi,
            _ if terms.interactive => fees.interactive,
            _ => fees.api,
        };
        match liquidity {
            Liquidity::Maker => fees.maker,
            Liquidity::Taker => fees.taker,
        }
    }

    pub(super) fn is_house(&self, account: AccountId) -> bool {
        self.account(account)
            .is_some_and(|account| account.kind == AccountKind::House)
    }
}
