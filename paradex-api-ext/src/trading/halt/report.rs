//! What a halt reports.

use std::fmt;

use crate::error::{ConfigurationError, Error};
use crate::trading::open_orders::OpenOrders;

/// What was open after trading was halted, by account.
#[derive(Debug)]
#[must_use = "it says what is still open"]
pub struct HaltReport {
    pub(super) accounts: Vec<HaltedAccount>,
}

impl HaltReport {
    /// Returns the accounts. A client without a credential has none; one whose credential could not be loaded has an entry without a
    /// name.
    pub fn accounts(&self) -> &[HaltedAccount] {
        &self.accounts
    }

    /// Returns whether every account is known to have no open order and no call that may still place one.
    ///
    /// It is false if there is no account at all: without a credential, nothing was looked at.
    pub fn is_clear(&self) -> bool {
        !self.accounts.is_empty() && self.accounts.iter().all(HaltedAccount::is_clear)
    }
}

impl fmt::Display for HaltReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.accounts.is_empty() {
            return f.write_str("no account: there is no credential to cancel or to look with");
        }
        for (index, account) in self.accounts.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            fmt::Display::fmt(account, f)?;
        }
        Ok(())
    }
}

/// What was open in one account.
#[derive(Debug)]
#[non_exhaustive]
pub struct HaltedAccount {
    /// The account, or else a name of the credential; `None` if the credential could not be loaded.
    pub account: Option<String>,
    /// The number of calls, of all clients of the account, that were sent, have no known outcome and may still place an order.
    /// A call that lost its response counts until its window is over, rounded up to a second.
    pub unresolved_calls: usize,
    /// Whether the exchange accepted the last cancel of all orders, or why nothing was sent.
    pub cancelled: Result<(), Error>,
    /// What was open after it, or why that is not known.
    pub open: Result<OpenOrders, Error>,
}

impl HaltedAccount {
    /// An account for which nothing was sent and nothing is known.
    pub(super) fn unknown(account: Option<String>, error: Error) -> Self {
        Self {
            account,
            unresolved_calls: 0,
            cancelled: Err(ConfigurationError::new("nothing was sent").into()),
            open: Err(error),
        }
    }

    /// Merges what another client of the same account has found. The better informed of the two is kept: one that could list
    /// what is open, then one that saw an open order, then one that could cancel, which a read-only token cannot.
    pub(super) fn merge(&mut self, other: Self) {
        let unresolved_calls = self.unresolved_calls.max(other.unresolved_calls);
        let rank = |this: &Self| {
            let sees_orders = this.open.as_ref().is_ok_and(|open| !open.is_empty());
            (this.open.is_ok(), sees_orders, this.cancelled.is_ok())
        };
        if rank(&other) > rank(self) {
            *self = other;
        }
        self.unresolved_calls = unresolved_calls;
    }

    /// Returns whether it is known that no order is open and no call may still place one.
    pub fn is_clear(&self) -> bool {
        self.unresolved_calls == 0 && self.open.as_ref().is_ok_and(OpenOrders::is_empty)
    }
}

impl fmt::Display for HaltedAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.account.as_deref().unwrap_or("no account"))?;
        match &self.open {
            Ok(open) if open.is_empty() => f.write_str(": nothing is open")?,
            Ok(open) => write!(
                f,
                ": {} orders and {} algo orders are open",
                open.orders.len(),
                open.algo_orders.len()
            )?,
            Err(error) => write!(f, ": the open orders are not known ({error})")?,
        }
        if self.unresolved_calls > 0 {
            write!(f, ", {} calls have no known outcome", self.unresolved_calls)?;
        }
        match &self.cancelled {
            Ok(()) => Ok(()),
            Err(error) => write!(f, ", cancelling failed ({error})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ConfigurationError, HaltedAccount, OpenOrders};

    fn seen(orders: usize) -> HaltedAccount {
        HaltedAccount {
            account: Some("0x1".to_owned()),
            unresolved_calls: 0,
            cancelled: Ok(()),
            open: Ok(OpenOrders {
                orders: vec![serde_json::from_str("{}").unwrap(); orders],
                algo_orders: Vec::new(),
            }),
        }
    }

    #[test]
    fn client_that_sees_an_open_order_outweighs_one_that_does_not() {
        for (first, second) in [(0, 1), (1, 0)] {
            let mut account = seen(first);
            account.merge(seen(second));
            assert!(!account.is_clear(), "{first} {second}");
        }
        let unknown = || HaltedAccount::unknown(None, ConfigurationError::new("away").into());
        let mut account = unknown();
        account.merge(seen(0));
        assert!(account.is_clear());
        account.merge(unknown());
        assert!(account.is_clear());
    }
}
