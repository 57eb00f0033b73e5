//! Clearing one account: cancel what is open until nothing is.

use std::time::{Duration, Instant};

use super::report::HaltedAccount;
use crate::auth::Session;
use crate::client::Client;
use crate::error::{AuthenticationError, ConfigurationError, Error};
use crate::trading::cancel::CancelScope;
use crate::trading::open_orders::OpenOrders;

/// How often open orders are cancelled and listed again.
const ROUNDS: usize = 4;
/// The pause between two rounds.
const PAUSE: Duration = Duration::from_millis(200);
/// A longer timeout of the client is cut to this.
const LONGEST_HALT: Duration = Duration::from_secs(60);
/// The time that each call of a halt gets at least, even if the time of the halt is over.
const LAST_CALL: Duration = Duration::from_secs(5);

/// Clears the account of a client; `None` if the client has no credential.
pub(super) async fn clear_account(client: Client) -> Option<HaltedAccount> {
    let session = client.source().session(client.group());
    match tokio::time::timeout(client.total(), session).await {
        Ok(Ok(None)) => None,
        Ok(Ok(Some(session))) => Some(client.clear(&session).await),
        Ok(Err(error)) => Some(HaltedAccount::unknown(None, error.into())),
        Err(_) => Some(HaltedAccount::unknown(
            None,
            AuthenticationError::timed_out().into(),
        )),
    }
}

impl Client {
    /// Cancels what is open, waits until every call of the account has an outcome or its window is over, and cancels again
    /// until nothing is open. Returns what is open then.
    async fn clear(&self, session: &Session) -> HaltedAccount {
        let in_flight = self.group().in_flight();
        let end = Instant::now() + self.total().min(LONGEST_HALT);
        // Each call may wait for a session, so the time that is left limits all of them together.
        let client = || {
            let left = end.saturating_duration_since(Instant::now());
            self.with_deadline(left.max(LAST_CALL.min(self.total())))
        };
        // At once, whatever is still in flight.
        let mut cancelled = client().cancel_everything().await;
        // A key without an address knows its account by now, because cancelling has signed in.
        let account = session.account_name();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let _ = tokio::time::timeout(left, in_flight.drained(&account)).await;
            match in_flight.until(&account) {
                Some(until) if Instant::now() < end => tokio::time::sleep_until(until.min(end).into()).await,
                _ => break,
            }
        }
        // Count before listing: the order of a call that is settled by now is in the list.
        let mut unresolved_calls = in_flight.count(&account);
        let mut open = client().orders().open().await;
        for _ in 1..ROUNDS {
            let is_empty = open.as_ref().is_ok_and(OpenOrders::is_empty);
            if is_empty || (open.is_err() && Instant::now() >= end) {
                break;
            }
            // The exchange accepts a cancel before it carries it out.
            tokio::time::sleep(PAUSE).await;
            cancelled = client().cancel_everything().await;
            unresolved_calls = in_flight.count(&account);
            open = client().orders().open().await;
        }
        // If the credential was replaced meanwhile, these calls were those of another account.
        let current = self.source().current();
        if current.is_some_and(|current| current.account_name() != account) {
            let why = "the credential was replaced by that of another account during the halt: make a client of this \
                       account and halt again";
            open = Err(ConfigurationError::new(why).into());
        }
        HaltedAccount {
            unresolved_calls: unresolved_calls.max(in_flight.count(&account)),
            account: Some(account),
            cancelled,
            open,
        }
    }

    /// Cancels all orders and algo orders. Returns the first of several failures.
    async fn cancel_everything(&self) -> Result<(), Error> {
        let mut outcome = self.orders().cancel_all(CancelScope::AllMarkets).await;
        match self.orders().open_algo_orders().await {
            Ok(orders) => {
                for order in orders {
                    let cancelled = match order.id {
                        Some(id) => {
                            let cancelled = self.api().cancel_algo_order().algo_id(id).send().await;
                            cancelled.map(drop).map_err(Error::from)
                        }
                        None => {
                            let why = "an open algo order has no id, so it cannot be cancelled: look by hand";
                            Err(ConfigurationError::new(why).into())
                        }
                    };
                    outcome = outcome.and(cancelled);
                }
            }
            Err(error) => outcome = outcome.and(Err(error)),
        }
        outcome
    }
}
