//! Stopping all trading at once.

use std::fmt;
use std::future::Future;

use paradex_api::types::{AlgoOrder, Order};

use crate::client::{Client, Shared};
use crate::error::Error;
use crate::gate::Gate;
use crate::orders::CancelScope;

/// How often open orders are cancelled and looked for again.
const ROUNDS: usize = 3;

impl Client {
    /// Stops trading on this client, all its clones and their raw clients, and cancels what is open.
    ///
    /// From the moment of the call, also if the future is never polled, everything that creates or changes an order, offers a
    /// trade or carries one out is refused with [`Error::Withheld`], and what waits for its turn, for a session or for
    /// another attempt ends with it. Cancels and reads go on. What had been sent before is waited for, up to the
    /// client's time-out; then open orders are cancelled and looked for, a few times if some remain.
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
            let own = [client.clone()];
            HaltReport {
                accounts: vec![client.clear(&own).await],
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

    /// Cancels until nothing is open, once what these clients have sent is answered, and says what is open.
    async fn clear(&self, clients: &[Client]) -> HaltedAccount {
        let leaving = || -> usize {
            let gates = clients.iter().map(|client| client.source().gate());
            gates.map(Gate::leaving).sum()
        };
        // At once, whatever is still on its way.
        let mut cancelled = self.cancel_everything().await;
        if leaving() > 0 {
            let settled = async {
                for client in clients {
                    client.source().gate().settled().await;
                }
            };
            let _ = tokio::time::timeout(self.total(), settled).await;
            // What was on its way may have arrived after the first cancel.
            cancelled = self.cancel_everything().await;
        }
        let mut open = self.open().await;
        for _ in 1..ROUNDS {
            if open.as_ref().is_ok_and(OpenOrders::is_empty) {
                break;
            }
            cancelled = self.cancel_everything().await;
            open = self.open().await;
        }
        let session = self.source().current();
        HaltedAccount {
            account: session.map(|session| session.credentials().account_name()),
            unanswered: leaving(),
            cancelled,
            open,
        }
    }

    async fn cancel_everything(&self) -> Result<(), Error> {
        let orders = self.orders().cancel_all(CancelScope::AllMarkets).await;
        for algo in self.open_algo_orders().await? {
            if let Some(id) = algo.id {
                self.api().cancel_algo_order().algo_id(id).send().await?;
            }
        }
        orders
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
            let mut accounts: Vec<(String, Vec<Client>)> = Vec::new();
            for client in shared.clients() {
                let Ok(Some(session)) = client.source().session(&shared).await else {
                    continue;
                };
                let name = session.credentials().account_name();
                match accounts.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, clients)) => clients.push(client),
                    None => accounts.push((name, vec![client])),
                }
            }
            let mut tasks = Vec::new();
            for (_, clients) in accounts {
                tasks.push(tokio::spawn(first_clear(clients)));
            }
            let mut accounts = Vec::new();
            for task in tasks {
                // It ends early only with the runtime.
                accounts.extend(task.await.ok().flatten());
            }
            HaltReport { accounts }
        }
    }

    /// Ends [`halt`](Self::halt). A client that was halted by itself stays halted.
    pub fn resume(&self) {
        self.gate().set_halted(false);
    }
}

/// Of several clients of one account the first that can clear it: a token that only reads cannot.
async fn first_clear(clients: Vec<Client>) -> Option<HaltedAccount> {
    let mut last = None;
    for client in &clients {
        let account = client.clear(&clients).await;
        let done = account.is_clear();
        last = Some(account);
        if done {
            break;
        }
    }
    last
}

/// What was open when trading had been halted, by account.
#[derive(Debug)]
#[must_use = "it says what is still open"]
pub struct HaltReport {
    accounts: Vec<HaltedAccount>,
}

impl HaltReport {
    /// The accounts. A client without a credential has none, and one whose credential cannot be had is not here.
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
    /// Calls of this client that had been sent before, and were not answered in time. Each may have placed an order.
    pub unanswered: usize,
    /// Whether the last cancel of everything was taken.
    pub cancelled: Result<(), Error>,
    /// What was open after it, or why that is not known.
    pub open: Result<OpenOrders, Error>,
}

impl HaltedAccount {
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
