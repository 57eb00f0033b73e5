//! Positions: size, cost, and what was realized.

use super::number::{Money, Price, Size, mul_div};
use super::order::average;

/// The position of an account in a market.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Position {
    /// The number of the position. It changes when a position is opened or flipped.
    pub(crate) id: u64,
    /// The size, negative if it is short.
    pub(crate) size: Size,
    /// What the size cost, negative if it is short.
    pub(crate) cost: Money,
    /// The funding index up to which funding is realized.
    pub(crate) funding_index: i128,
    /// Profit or loss since the position was opened, funding included and fees not.
    pub(crate) realized_pnl: Money,
    /// Funding since the position was opened.
    pub(crate) realized_funding: Money,
    /// The size that was closed since the position was opened.
    pub(crate) exit_size: Size,
    /// The value of what was closed since the position was opened.
    pub(crate) exit_value: Money,
    /// The newest fill.
    pub(crate) last_fill: Option<u64>,
    /// When it was opened, in nanoseconds since the Unix epoch.
    pub(crate) opened_at: i64,
    /// When it last changed, in nanoseconds since the Unix epoch.
    pub(crate) updated_at: i64,
    /// When it was closed, in nanoseconds since the Unix epoch. 0 if it is open.
    pub(crate) closed_at: i64,
}

impl Position {
    /// Returns the average price at which it was entered.
    pub(crate) fn entry_price(&self) -> Option<Price> {
        average(self.cost, self.size)
    }

    /// Returns the average price at which parts of it were closed.
    pub(crate) fn exit_price(&self) -> Option<Price> {
        average(self.exit_value, self.exit_size)
    }

    /// Returns profit or loss at a mark price, without funding.
    pub(crate) fn unrealized_pnl(&self, mark: Price) -> Money {
        self.size.at(mark).minus(self.cost)
    }

    /// Returns the funding that is not realized. Longs pay if the index rises.
    pub(crate) fn unrealized_funding(&self, funding_index: i128) -> Money {
        let change = funding_index.saturating_sub(self.funding_index);
        Money(mul_div(change, self.size.0, super::number::ONE)).negated()
    }

    /// Realizes the funding up to an index, and returns it.
    pub(super) fn realize_funding(&mut self, funding_index: i128) -> Money {
        let payment = self.unrealized_funding(funding_index);
        self.funding_index = funding_index;
        self.realized_funding = self.realized_funding.plus(payment);
        self.realized_pnl = self.realized_pnl.plus(payment);
        payment
    }

    /// Adds a fill, and returns the profit or loss that it realizes. `fresh` is the id of a position that the fill opens.
    pub(super) fn fill(&mut self, signed: Size, price: Price, now: i64, fresh: u64) -> Money {
        self.updated_at = now;
        let same_side = (self.size.0 >= 0) == (signed.0 >= 0);
        if self.size.0 == 0 {
            self.open(signed, price, now, fresh);
            return Money(0);
        }
        if same_side {
            self.size = self.size.plus(signed);
            self.cost = self.cost.plus(signed.at(price));
            return Money(0);
        }
        let closed = Size(signed.abs().0.min(self.size.abs().0));
        let direction = self.size.0.signum();
        let signed_closed = Size(closed.0.saturating_mul(direction));
        let removed = self.cost.part(closed, self.size.abs());
        let exit = signed_closed.at(price);
        let pnl = exit.minus(removed);
        self.cost = self.cost.minus(removed);
        self.size = self.size.minus(signed_closed);
        self.realized_pnl = self.realized_pnl.plus(pnl);
        self.exit_size = self.exit_size.plus(closed);
        self.exit_value = self.exit_value.plus(exit.abs());
        let rest = signed.plus(signed_closed);
        if rest.0 != 0 {
            self.open(rest, price, now, fresh);
        } else if self.size.0 == 0 {
            self.closed_at = now;
        }
        pnl
    }

    fn open(&mut self, signed: Size, price: Price, now: i64, id: u64) {
        *self = Self {
            id,
            size: signed,
            cost: signed.at(price),
            funding_index: self.funding_index,
            last_fill: self.last_fill,
            opened_at: now,
            updated_at: now,
            ..Self::default()
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: i64 = super::super::number::ONE;

    fn fill(position: &mut Position, size: i64, price: i64) -> i128 {
        let pnl = position.fill(Size(size * UNIT), Price(price * UNIT), 7, 1);
        pnl.0 / i128::from(UNIT) / i128::from(UNIT)
    }

    #[test]
    fn profit_is_realized_in_proportion_and_reset_by_a_flip() {
        let mut position = Position::default();
        assert_eq!(fill(&mut position, 2, 100), 0);
        assert_eq!(fill(&mut position, 2, 110), 0);
        assert_eq!(position.entry_price(), Some(Price(105 * UNIT)));
        assert_eq!(fill(&mut position, -1, 120), 15);
        assert_eq!(position.exit_price(), Some(Price(120 * UNIT)));
        assert_eq!(fill(&mut position, -5, 100), -15);
        assert_eq!(
            (position.size, position.realized_pnl),
            (Size(-2 * UNIT), Money(0))
        );
        assert_eq!(
            position.unrealized_pnl(Price(90 * UNIT)),
            Money(20 * i128::from(UNIT) * i128::from(UNIT))
        );
        assert_eq!(fill(&mut position, 2, 90), 20);
        assert_eq!(
            (position.size, position.cost, position.closed_at),
            (Size(0), Money(0), 7)
        );
    }

    #[test]
    fn long_pays_rising_funding() {
        let mut position = Position::default();
        fill(&mut position, 2, 100);
        assert_eq!(position.realize_funding(50), Money(-100));
        assert_eq!(position.realize_funding(50), Money(0));
        assert_eq!(position.realized_funding, Money(-100));
    }
}
