//! Stopping all trading at once.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use paradex_api::types::{AlgoOrder, Order};
use paradex_api::{operations, runtime};
use tokio::task::JoinSet;

use crate::access::tokens::elements;
use crate::auth::{Session, SignInError};
use crate::client::{Client, ClientGroup};
use crate::error::{AuthenticationError, ConfigurationError, Error};
use crate::trading::orders::CancelScope;

/// How often open orders are cancelled and listed again.
const ROUNDS: usize = 4;
/// The pause between two rounds.
const PAUSE: Duration = Duration::from_millis(200);
/// A longer time-out of the client is cut to this.
const LONGEST_CALL: Duration = Duration::from_secs(60);
/// What a call of a halt may take at least, also when the time of the halt is over.
const LAST_CALL: Duration = Duration::from_secs(5);

impl Client {
    /// Stops trading on this client, all its clones and their raw clients, and cancels what is open.
    ///
    /// ```no_run
    /// # async fn example(client: paradex_api_ext::Client) {
    /// let report = client.halt().await;
    /// if !report.is_clear() {
    ///     eprintln!("look at this by hand: {report}");
    /// }
    /// # }
    /// ```
    ///
    /// From the moment of the call, also if the future is never polled, everything that creates or changes an order, offers a
    /// trade or executes one is refused with [`Error::Withheld`], and calls that wait for their turn, for a session or for
    /// another attempt end with it. Cancels and reads go on. The refusal holds until [`resume`](Self::resume), and for this
    /// process only: another process, and orders that the exchange triggers, trade on.
    ///
    /// Open orders are cancelled at once. Then the calls of the account that were sent before are waited for, up to the
    /// client's time-out and at most a minute, until the exchange has responded or their window is over. Then the open orders
    /// are listed, and cancelled again a few times if some remain. Open requests for quotes and block offers are not ended.
    ///
    /// Calls are counted by account, for all clients of the [`ClientGroup`]: those of another client of the same account, of one
    /// that was dropped, and of a credential that was replaced are included. A call without a response counts until the end
    /// of its `recv_window` and ten seconds; the exchange's own window of five minutes is assumed for a call that has none,
    /// such as a change of an order. A client that only has an opaque API token does not know its account; it counts as an
    /// account of its own.
    ///
    /// Orders that were placed on behalf of an isolated account need a client of that account: the exchange's calls that
    /// list open orders and cancel all of them cannot name another account. The report names each isolated account that this
    /// client placed orders for, as not clear. [`ClientGroup::halt`] halts it as well if there is a client of it. The same holds
    /// for orders of an account whose credential was replaced by that of another account.
    pub fn halt(&self) -> impl Future<Output = HaltReport> + Send + use<> {
        self.source().gate().set_halted(true);
        let client = self.clone();
        async move {
            let concerned = client.source().gate().accounts();
            let group = client.group().clone();
            halt_all(&group, vec![client], |account| concerned.contains(account)).await
        }
    }

    /// Lets this client and its clones trade again, unless [`ClientGroup::halt`] holds.
    pub fn resume(&self) {
        self.source().gate().set_halted(false);
    }

    /// Whether trading is halted, by this client or for all clients of its [`ClientGroup`].
    pub fn is_halted(&self) -> bool {
        self.source().gate().is_halted() || self.group().gate().is_halted()
    }

    /// Cancels until nothing is open, once every call of the account is settled or over, and says what is open.
    async fn clear(&self, session: &Session) -> HaltedAccount {
        let in_flight = self.group().in_flight();
        let end = Instant::now() + self.total().min(LONGEST_CALL);
        // Without a session each call waits for one, so what is left of the time bounds all of them together.
        let client = || {
            let left = end.saturating_duration_since(Instant::now());
            self.with_deadline(left.max(LAST_CALL.min(self.total())))
        };
        // At once, whatever is still on its way.
        let mut cancelled = client().cancel_everything().await;
        // A key without an address knows its account by now, because cancelling has signed in.
        let account = session.account_name();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let _ = tokio::time::timeout(left, in_flight.responses(&account)).await;
            match in_flight.until(&account) {
                Some(until) if Instant::now() < end => tokio::time::sleep_until(until.min(end).into()).await,
                _ => break,
            }
        }
        // Counted before looking: a call that is settled by now has placed its order before the look.
        let mut unresolved_calls = in_flight.count(&account);
        let mut open = client().open().await;
        for _ in 1..ROUNDS {
            let is_empty = open.as_ref().is_ok_and(OpenOrders::is_empty);
            if is_empty || (open.is_err() && Instant::now() >= end) {
                break;
            }
            // The exchange accepts a cancel before it carries it out.
            tokio::time::sleep(PAUSE).await;
            cancelled = client().cancel_everything().await;
            unresolved_calls = in_flight.count(&account);
            open = client().open().await;
        }
        // Another credential may have come into use meanwhile, and then the calls were those of another account.
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

    /// Cancels whatever can be cancelled. Of several failures the first is told.
    async fn cancel_everything(&self) -> Result<(), Error> {
        let mut outcome = self.orders().cancel_all(CancelScope::AllMarkets).await;
        match self.open_algo_orders().await {
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

    async fn open_algo_orders(&self) -> Result<Vec<AlgoOrder>, Error> {
        let (mut list, raw) = self.api().list_open_algo_orders().send().await?.into_parts();
        let results = std::mem::take(&mut list.results);
        elements(&operations::LIST_OPEN_ALGO_ORDERS, results, list.undecoded(), raw)
    }

    /// What is open. A response without a list, or with a list that cannot be read, is an error and not an empty list.
    async fn open(&self) -> Result<OpenOrders, Error> {
        let (mut list, raw) = self.api().list_open_orders().send().await?.into_parts();
        let results = std::mem::take(&mut list.results);
        Ok(OpenOrders {
            orders: elements(&operations::LIST_OPEN_ORDERS, results, list.undecoded(), raw)?,
            algo_orders: self.open_algo_orders().await?,
        })
    }
}

impl ClientGroup {
    /// As [`Client::halt`], for every client made from this, including those that are made later. It reports by account.
    ///
    /// It cancels for every client that exists, and for every account with a call that may still be carried out, with the
    /// credential that sent the call. Later there is nothing left to cancel with for an account whose clients were all
    /// dropped: if an order was placed for it, the report names it as not clear. Keep a client of every account that trades,
    /// or make one and halt again.
    pub fn halt(&self) -> impl Future<Output = HaltReport> + Send + use<> {
        self.gate().set_halted(true);
        let group = self.clone();
        async move { halt_all(&group, group.clients(), |_| true).await }
    }

    /// Ends [`halt`](Self::halt). A client that was halted by itself stays halted.
    pub fn resume(&self) {
        self.gate().set_halted(false);
    }
}

/// Clears the accounts of these clients, and those of the concerned accounts that have something in flight.
async fn halt_all(
    group: &ClientGroup,
    clients: Vec<Client>,
    concerned: impl Fn(&str) -> bool + Copy,
) -> HaltReport {
    let work = pin!(async {
        let mut clients = clients;
        for session in group.in_flight().sessions(concerned) {
            let same = |client: &Client| {
                let current = client.source().current();
                current.is_some_and(|current| current.is_same(&session))
            };
            if !clients.iter().any(same) {
                clients.push(group.client_with(session));
            }
        }
        let mut tasks: JoinSet<_> = clients.into_iter().map(halted).collect();
        let mut accounts: Vec<HaltedAccount> = Vec::new();
        while let Some(ended) = tasks.join_next().await {
            let account = match ended {
                Ok(None) => continue,
                Ok(Some(account)) => account,
                Err(_) => HaltedAccount::unknown(
                    None,
                    ConfigurationError::new("halting was stopped before it was done; halt again").into(),
                ),
            };
            let same =
                |known: &&mut HaltedAccount| known.account.is_some() && known.account == account.account;
            match accounts.iter_mut().find(same) {
                Some(known) => known.join(account),
                None => accounts.push(account),
            }
        }
        for unsettled in group.in_flight().unsettled(concerned) {
            let name = Some(unsettled.account);
            if !accounts.iter().any(|known| known.account == name) {
                let why = "orders were sent for this account, and no client here can list or cancel them: make a \
                           client of the account and halt again, or look by hand (an isolated account needs a client \
                           of its own)";
                accounts.push(HaltedAccount {
                    unresolved_calls: unsettled.calls,
                    ..HaltedAccount::unknown(name, ConfigurationError::new(why).into())
                });
            }
        }
        HaltReport { accounts }
    });
    match runtime::within(work).await {
        Ok(report) => report,
        Err(error) => HaltReport {
            accounts: vec![HaltedAccount::unknown(
                None,
                ConfigurationError::from(error).into(),
            )],
        },
    }
}

/// Clears the account of a client; nothing if it has no credential.
async fn halted(client: Client) -> Option<HaltedAccount> {
    let session = client.source().session(client.group());
    match tokio::time::timeout(client.total(), session).await {
        Ok(Ok(None)) => None,
        Ok(Ok(Some(session))) => Some(client.clear(&session).await),
        Ok(Err(error)) => Some(HaltedAccount::unknown(None, error.into())),
        Err(_) => {
            let late = AuthenticationError::SignIn(Arc::new(SignInError::TimedOut));
            Some(HaltedAccount::unknown(None, late.into()))
        }
    }
}

/// What was open after trading had been halted, by account.
#[derive(Debug)]
#[must_use = "it says what is still open"]
pub struct HaltReport {
    accounts: Vec<HaltedAccount>,
}

impl HaltReport {
    /// The accounts. A client without a credential has none; one whose credential cannot be had is here without a name.
    pub fn accounts(&self) -> &[HaltedAccount] {
        &self.accounts
    }

    /// Whether there is an account, and every account is known to have no open order and no call that may still place one.
    /// Where nothing had a credential, nothing was looked at, and it is false.
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
    /// The account, or else a name of the credential; nothing if the credential could not be had.
    pub account: Option<String>,
    /// How many calls of all clients of the account were sent, have no known outcome, and may still place an order. A call
    /// that lost its response is counted until its window is over, rounded up to a second.
    pub unresolved_calls: usize,
    /// Whether the exchange accepted the last cancel of everything, or why nothing was sent.
    pub cancelled: Result<(), Error>,
    /// What was open after it, or why that is not known.
    pub open: Result<OpenOrders, Error>,
}

impl HaltedAccount {
    /// Nothing was done, and nothing is known.
    fn unknown(account: Option<String>, error: Error) -> Self {
        Self {
            account,
            unresolved_calls: 0,
            cancelled: Err(ConfigurationError::new("nothing was sent").into()),
            open: Err(error),
        }
    }

    /// Adds what another client of the same account has found. A client that knows what is open counts before one that does
    /// not; of two that know, the one that saw something open; then the one that could cancel, which a token that only reads
    /// cannot. Both have counted the same calls.
    fn join(&mut self, other: Self) {
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

    /// Whether it is known that nothing is open, and no call is without an answer.
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
            Err(error) => write!(f, ": what is open is not known ({error})")?,
        }
        if self.unresolved_calls > 0 {
            write!(f, ", {} calls had no answer", self.unresolved_calls)?;
        }
        match &self.cancelled {
            Ok(()) => Ok(()),
            Err(error) => write!(f, ", cancelling failed ({error})"),
        }
    }
}

/// Orders that are open.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OpenOrders {
    /// Orders in the book or waiting for their trigger.
    pub orders: Vec<Order>,
    /// Orders that an algorithm carries out.
    pub algo_orders: Vec<AlgoOrder>,
}

impl OpenOrders {
    /// Whether nothing is open.
    pub fn is_empty(&self) -> bool {
        self.orders.is_empty() && self.algo_orders.is_empty()
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
            account.join(seen(second));
            assert!(!account.is_clear(), "{first} {second}");
        }
        let unknown = || HaltedAccount::unknown(None, ConfigurationError::new("away").into());
        let mut account = unknown();
        account.join(seen(0));
        assert!(account.is_clear());
        account.join(unknown());
        assert!(account.is_clear());
    }
}
