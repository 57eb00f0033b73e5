//! Stopping all trading at once.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use paradex_api::types::{AlgoOrder, Order};
use tokio::task::JoinSet;

use crate::auth::SignInError;
use crate::client::{Client, Shared};
use crate::error::{AuthenticationError, ConfigurationError, Error};
use crate::orders::CancelScope;

/// How often open orders are cancelled and looked for again.
const ROUNDS: usize = 4;
/// What lies between two rounds.
const PAUSE: Duration = Duration::from_millis(200);
/// Whoever set a longer time-out than this does not wait for it here.
const LONGEST_CALL: Duration = Duration::from_secs(60);

impl Client {
    /// Stops trading on this client, all its clones and their raw clients, and cancels what is open.
    ///
    /// From the moment of the call, also if the future is never polled, everything that creates or changes an order, offers a
    /// trade or carries one out is refused with [`Error::Withheld`], and what waits for its turn, for a session or for
    /// another attempt ends with it. Cancels and reads go on. Open orders are cancelled at once; what had been sent before is
    /// waited for, up to the client's time-out, until it is answered or its window is over; then what is open is cancelled
    /// again and looked for, a few times if some remains. Requests for quotes and block offers that stand are not ended.
    ///
    /// It holds until [`resume`](Self::resume), and for this process only: another one, and what the exchange
    /// itself triggers, trade on.
    ///
    /// ```no_run
    /// # async fn example(client: paradex_api_ext::Client) {
    /// let report = client.halt().await;
    /// if !report.is_clear() {
    ///     eprintln!("look at this by hand: {report}");
    /// }
    /// # }
    /// ```
    pub fn halt(&self) -> impl Future<Output = HaltReport> + Send + use<> {
        self.source().gate().set_halted(true);
        let client = self.clone();
        async move {
            HaltReport {
                accounts: vec![client.clear().await],
            }
        }
    }

    /// Lets this client and its clones trade again, unless [`Shared::halt`] holds.
    pub fn resume(&self) {
        self.source().gate().set_halted(false);
    }

    /// Whether trading is halted, by this client or for all clients of its [`Shared`].
    pub fn is_halted(&self) -> bool {
        self.source().gate().is_halted() || self.shared().gate().is_halted()
    }

    /// Cancels until nothing is open, once what this client has sent is answered or over, and says what is open.
    async fn clear(&self) -> HaltedAccount {
        let gate = self.source().gate();
        let end = Instant::now() + self.total().min(LONGEST_CALL);
        // At once, whatever is still on its way.
        let mut cancelled = self.cancel_everything().await;
        let left = || end.saturating_duration_since(Instant::now());
        if gate.leaving() > 0 {
            let _ = tokio::time::timeout(left(), gate.settled()).await;
        }
        let open = gate.open().into_iter().max();
        if let Some(until) = open {
            tokio::time::sleep_until(until.min(end).into()).await;
        }
        let mut open = self.open().await;
        for _ in 1..ROUNDS {
            if open.as_ref().is_ok_and(OpenOrders::is_empty) {
                break;
            }
            // A cancel is taken before it is carried out.
            tokio::time::sleep(PAUSE).await;
            cancelled = self.cancel_everything().await;
            open = self.open().await;
        }
        HaltedAccount {
            account: self
                .source()
                .current()
                .map(|session| session.credentials().account_name()),
            unanswered: gate.leaving() + gate.open().len(),
            cancelled,
            open,
        }
    }

    /// Cancels whatever can be cancelled. Of several failures the first is told.
    async fn cancel_everything(&self) -> Result<(), Error> {
        let mut outcome = self.orders().cancel_all(CancelScope::AllMarkets).await;
        match self.open_algo_orders().await {
            Ok(orders) => {
                for id in orders.into_iter().filter_map(|order| order.id) {
                    let cancelled = self.api().cancel_algo_order().algo_id(id).send().await;
                    outcome = outcome.and(cancelled.map(drop).map_err(Error::from));
                }
            }
            Err(error) => outcome = outcome.and(Err(error)),
        }
        outcome
    }

    async fn open_algo_orders(&self) -> Result<Vec<AlgoOrder>, Error> {
        Ok(self
            .api()
            .list_open_algo_orders()
            .send()
            .await?
            .into_inner()
            .results)
    }

    async fn open(&self) -> Result<OpenOrders, Error> {
        Ok(OpenOrders {
            orders: self.api().list_open_orders().send().await?.into_inner().results,
            algo_orders: self.open_algo_orders().await?,
        })
    }
}

impl Shared {
    /// As [`Client::halt`], for every client made from this, those to come included. It reports by account.
    pub fn halt(&self) -> impl Future<Output = HaltReport> + Send + use<> {
        self.gate().set_halted(true);
        let shared = self.clone();
        async move {
            let mut tasks = JoinSet::new();
            for client in shared.clients() {
                tasks.spawn(halted(client));
            }
            let mut accounts: Vec<HaltedAccount> = Vec::new();
            while let Some(ended) = tasks.join_next().await {
                let account = match ended {
                    Ok(None) => continue,
                    Ok(Some(account)) => account,
                    Err(_) => HaltedAccount::unknown(
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
            HaltReport { accounts }
        }
    }

    /// Ends [`halt`](Self::halt). A client that was halted by itself stays halted.
    pub fn resume(&self) {
        self.gate().set_halted(false);
    }
}

/// Clears the account of a client; nothing if it has no credential.
async fn halted(client: Client) -> Option<HaltedAccount> {
    let session = client.source().session(client.shared());
    match tokio::time::timeout(client.total(), session).await {
        Ok(Ok(None)) => None,
        Ok(Ok(Some(_))) => Some(client.clear().await),
        Ok(Err(error)) => Some(HaltedAccount::unknown(error.into())),
        Err(_) => {
            let late = AuthenticationError::SignIn(Arc::new(SignInError::TimedOut));
            Some(HaltedAccount::unknown(late.into()))
        }
    }
}

/// What was open when trading had been halted, by account.
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

    /// Whether every account is known to have no order open, and no call is without an answer.
    pub fn is_clear(&self) -> bool {
        self.accounts.iter().all(HaltedAccount::is_clear)
    }
}

impl fmt::Display for HaltReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
    /// The account, or else a name of the credential; nothing if there was none.
    pub account: Option<String>,
    /// Calls that had been sent before and have no answer, and may still place an order.
    pub unanswered: usize,
    /// Whether the last cancel of everything was taken.
    pub cancelled: Result<(), Error>,
    /// What was open after it, or why that is not known.
    pub open: Result<OpenOrders, Error>,
}

impl HaltedAccount {
    /// Nothing was done, and nothing is known.
    fn unknown(error: Error) -> Self {
        Self {
            account: None,
            unanswered: 0,
            cancelled: Ok(()),
            open: Err(error),
        }
    }

    /// What another client of the same account has found. Of the two the one counts that knows what is open: a token that
    /// only reads cannot cancel.
    fn join(&mut self, other: Self) {
        let unanswered = self.unanswered + other.unanswered;
        let is_better = |this: &Self| (this.open.is_ok(), this.cancelled.is_ok());
        if is_better(&other) > is_better(self) {
            *self = other;
        }
        self.unanswered = unanswered;
    }

    /// Whether it is known that nothing is open, and no call is without an answer.
    pub fn is_clear(&self) -> bool {
        self.unanswered == 0 && self.open.as_ref().is_ok_and(OpenOrders::is_empty)
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
        if self.unanswered > 0 {
            write!(f, ", {} calls had no answer", self.unanswered)?;
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
