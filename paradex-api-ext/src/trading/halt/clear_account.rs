//! Clearing one account: cancel what is open until nothing is.

use std::time::{Duration, Instant};

use super::report::HaltedAccount;
#[cfg(feature = "stream")]
use tokio::task::JoinSet;

use crate::auth::Session;
use crate::client::Client;
use crate::error::{AuthenticationError, ConfigurationError, Error};
use crate::monotonic;
use crate::trading::cancel::CancelScope;
use crate::trading::open_orders::OpenOrders;

/// How often open orders are cancelled and listed again.
const ROUNDS: usize = 4;
/// The pause between two rounds.
const PAUSE: Duration = Duration::from_millis(200);
/// A longer timeout of the client is cut to this.
const LONGEST_HALT: Duration = Duration::from_secs(60);
/// Why a cancel has no result.
#[cfg(feature = "stream")]
const STOPPED: &str = "cancelling was stopped before it was done; halt again";
/// The time that each call of a halt gets at least, even if the time of the halt is over.
const LAST_CALL: Duration = Duration::from_secs(5);

/// Cancels that have not ended. None of them may arrive after the report, because it would cancel orders of a client that trades again.
#[derive(Default)]
struct Running(#[cfg(feature = "stream")] Vec<JoinSet<Result<(), Error>>>);

impl Running {
    /// Waits for them until `end`, and then stops them.
    async fn end(self, end: Instant) {
        #[cfg(feature = "stream")]
        for mut cancels in self.0 {
            // Dropping the set stops what is left of it.
            let ended = async { while cancels.join_next().await.is_some() {} };
            let _ = tokio::time::timeout_at(end.into(), ended).await;
        }
        #[cfg(not(feature = "stream"))]
        let _ = end;
    }
}

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
        let end = monotonic::now() + self.total().min(LONGEST_HALT);
        // Each call may wait for a session, so the time that is left limits all of them together.
        let client = || {
            let left = end.saturating_duration_since(monotonic::now());
            self.with_deadline(left.max(LAST_CALL.min(self.total())))
        };
        // Cancels that have not ended when another one has succeeded.
        let mut running = Running::default();
        // At once, whatever is still in flight.
        let mut cancelled = client().cancel_everything(session, &mut running).await;
        // A key without an address knows its account by now, because cancelling has signed in.
        let account = session.account_name();
        loop {
            let left = end.saturating_duration_since(monotonic::now());
            let _ = tokio::time::timeout(left, in_flight.drained(&account)).await;
            match in_flight.until(&account) {
                Some(until) if monotonic::now() < end => {
                    tokio::time::sleep_until(until.min(end).into()).await
                }
                _ => break,
            }
        }
        // Count before listing: the order of a call that is settled by now is in the list.
        let mut unresolved_calls = in_flight.count(&account);
        let mut open = client().orders().open().await;
        for _ in 1..ROUNDS {
            let is_empty = open.as_ref().is_ok_and(OpenOrders::is_empty);
            if is_empty || (open.is_err() && monotonic::now() >= end) {
                break;
            }
            // The exchange accepts a cancel before it carries it out.
            tokio::time::sleep(PAUSE).await;
            cancelled = client().cancel_everything(session, &mut running).await;
            unresolved_calls = in_flight.count(&account);
            open = client().orders().open().await;
        }
        // Cancel on disconnect is another way to cancel what may be left.
        #[cfg(feature = "stream")]
        for wire in self.group().order_wires(session) {
            wire.close_if_halted(self.group().halt_gate());
        }
        running.end(end).await;
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

    /// Cancels all orders over each connected order socket of the account and by HTTP at once, so that none waits for another.
    /// The first success counts, and the others go on.
    #[cfg(feature = "stream")]
    async fn cancel_all_orders(&self, session: &Session, running: &mut Running) -> Result<(), Error> {
        let http = self.without_order_wire();
        let wires = self.group().order_wires(session);
        let over_wires = wires.into_iter().map(|wire| http.with_order_wire(wire));
        let mut cancels: JoinSet<_> = over_wires
            .chain([http.clone()])
            .map(|client| async move { client.orders().cancel_all(CancelScope::AllMarkets).await })
            .collect();
        let mut outcome = None;
        while let Some(ended) = cancels.join_next().await {
            let ended = ended.unwrap_or_else(|_| Err(ConfigurationError::new(STOPPED).into()));
            if ended.is_ok() {
                outcome = Some(ended);
                break;
            }
            outcome.get_or_insert(ended);
        }
        running.0.push(cancels);
        outcome.unwrap_or(Ok(()))
    }

    #[cfg(not(feature = "stream"))]
    async fn cancel_all_orders(&self, _: &Session, _: &mut Running) -> Result<(), Error> {
        self.orders().cancel_all(CancelScope::AllMarkets).await
    }

    /// Cancels all orders and algo orders. Returns the first of several failures.
    async fn cancel_everything(&self, session: &Session, running: &mut Running) -> Result<(), Error> {
        let mut outcome = self.cancel_all_orders(session, running).await;
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
