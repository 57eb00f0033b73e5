//! Margin: account value and requirements.

use super::Engine;
use super::account::{Account, AccountKind, Holding};
use super::ids::{AccountId, MarketId};
use super::market::Market;
use super::number::{Money, Price, Size};
use super::order::Side;

/// The margin of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Margin {
    /// The balance.
    pub(crate) balance: Money,
    /// The balance, and what its positions would realize at their mark prices.
    pub(crate) account_value: Money,
    /// What the account value must be to place orders.
    pub(crate) initial: Money,
    /// Below this account value, the positions are liquidated.
    pub(crate) maintenance: Money,
}

impl Margin {
    /// Returns what can be withdrawn or used for orders. It can be negative.
    pub(crate) fn free_collateral(&self) -> Money {
        self.account_value.minus(self.initial).min(self.balance)
    }
}

/// An order whose margin is checked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Added {
    pub(super) market: MarketId,
    pub(super) side: Side,
    pub(super) size: Size,
    /// The price that values it in a market without a mark price and without trades.
    pub(super) price: Option<Price>,
}

impl Engine {
    /// Returns the margin of an account.
    pub(crate) fn margin(&self, account: AccountId) -> Option<Margin> {
        Some(self.margin_with(self.account(account)?, None))
    }

    fn margin_with(&self, account: &Account, added: Option<Added>) -> Margin {
        let mut margin = Margin {
            balance: account.balance,
            account_value: account.balance,
            ..Margin::default()
        };
        let added_to = |id: MarketId| added.filter(|added| added.market == id);
        for (id, holding) in &account.holdings {
            self.add_market_margin(&mut margin, *id, holding, added_to(*id));
        }
        if let Some(added) = added.filter(|added| !account.holdings.contains_key(&added.market)) {
            self.add_market_margin(&mut margin, added.market, &Holding::default(), Some(added));
        }
        margin
    }

    fn add_market_margin(&self, margin: &mut Margin, id: MarketId, holding: &Holding, added: Option<Added>) {
        let Some(market) = self.market(id) else { return };
        let reference = market.reference().or(added.and_then(|added| added.price));
        let Some(price) = reference else { return };
        let position = &holding.position;
        margin.account_value = margin
            .account_value
            .plus(position.unrealized_pnl(price))
            .plus(position.unrealized_funding(market.prices.funding_index));
        let of_side = |side| {
            let added = added.filter(|added| added.side == side);
            holding.open_size(side, added.map_or(Size(0), |added| added.size))
        };
        let open = of_side(Side::Buy).max(of_side(Side::Sell)).at(price);
        let held = position.size.abs().at(price);
        margin.initial = margin
            .initial
            .plus(initial(market, open))
            .plus(fee_provision(market, open));
        let maintenance = initial(market, held).share(market.rules.maintenance_factor);
        margin.maintenance = margin
            .maintenance
            .plus(maintenance)
            .plus(fee_provision(market, held));
    }

    /// Returns whether an account may add an order: its value meets the initial margin, or the order adds nothing to it.
    pub(super) fn has_margin(&self, account: AccountId, added: Added) -> bool {
        let Some(found) = self.account(account) else {
            return false;
        };
        if found.kind == AccountKind::House {
            return true;
        }
        let after = self.margin_with(found, Some(added));
        after.account_value >= after.initial || after.initial <= self.margin_with(found, None).initial
    }
}

fn initial(market: &Market, value: Money) -> Money {
    value.share(market.rules.initial_margin)
}

fn fee_provision(market: &Market, value: Money) -> Money {
    Money(value.share(market.rules.fees.api.taker).0.max(0))
}
