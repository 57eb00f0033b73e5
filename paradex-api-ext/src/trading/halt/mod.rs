//! Stopping all trading at once.
//!
//! A halt sets a flag in the function call itself, before the returned future is polled. A call that can trade is counted as in
//! flight first, and checks the flag afterwards, so that a halt either refuses the call or waits for it.
//!
//! A call stays counted until its outcome is known, or until the validity of the request (its `recv_window`, or five minutes)
//! and ten seconds have passed. The count belongs to the [`ClientGroup`](crate::ClientGroup), and keeps the session that sent
//! the call, so that a halt can cancel after the client was dropped. Once the session is gone, only the name of the account
//! remains: the halt then reports an account that may have open orders and that it cannot read.
//!
//! The halt cancels immediately, waits for calls in flight, lists open orders, and cancels again while there are any. An
//! isolated account needs a client of its own, because the exchange's calls to list and cancel orders cannot name it.

mod clear_account;
mod report;

use std::future::Future;
use std::pin::pin;

use paradex_api::runtime;
use tokio::task::JoinSet;

pub use report::{HaltReport, HaltedAccount};

use crate::client::{Client, ClientGroup};
use crate::error::ConfigurationError;
use clear_account::clear_account;

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
    /// **New orders.** From the moment of the call, even if the future is never polled, every call that creates or changes an
    /// order, or offers or executes a trade, is refused with [`Error::Withheld`](crate::Error::Withheld). Calls that wait for the rate
    /// limit, a session or a retry end with the same error. Cancels and reads go on. This holds until [`resume`](Self::resume)
    /// and for this process only: other processes, and orders that the exchange triggers, trade on.
    ///
    /// **Open orders** are cancelled at once. Then the halt waits until the calls that were sent before have a response or their
    /// window is over, up to the client's timeout and at most a minute. Then it lists the open orders and cancels again a few
    /// times if some remain. Open requests for quotes and block offers are not cancelled.
    ///
    /// **Calls in flight** are counted by account, for all clients of the [`ClientGroup`]: this includes another client of the same
    /// account, a client that was dropped, and a credential that was replaced. A call without a response counts until the end
    /// of its `recv_window` plus ten seconds. For a call without a window, such as a change of an order, the exchange's own
    /// window of five minutes is assumed. A client that only has an opaque API token does not know its account and counts as
    /// an account of its own.
    ///
    /// **Isolated accounts** need a client of their own: the exchange's calls that list open orders and cancel all of them
    /// cannot name another account. The report lists each isolated account that this client placed orders for, and marks it as not
    /// clear. [`ClientGroup::halt`] halts it as well if the group has a client for it. The same holds for orders of an account
    /// whose
    /// credential was replaced by that of another account.
    #[doc(alias("kill_switch", "panic", "emergency_stop", "stop", "circuit_breaker"))]
    pub fn halt(&self) -> impl Future<Output = HaltReport> + Send + use<> {
        self.halt_gate().set_halted(true);
        let client = self.clone();
        async move {
            let concerned = client.halt_gate().accounts();
            let group = client.group().clone();
            halt_all(&group, vec![client], |account| concerned.contains(account)).await
        }
    }

    /// Lets this client and its clones trade again, unless [`ClientGroup::halt`] is in force.
    pub fn resume(&self) {
        self.halt_gate().set_halted(false);
    }

    /// Returns whether trading is halted, by this client or for its whole [`ClientGroup`].
    pub fn is_halted(&self) -> bool {
        self.halt_gate().is_halted() || self.group().halt_gate().is_halted()
    }
}

impl ClientGroup {
    /// Stops trading on every client of this group, including those that are made later; see [`Client::halt`].
    ///
    /// It cancels for every client that exists, and for every account with a call that may still be carried out, with the
    /// credential that sent the call. After that there is no credential for an account whose clients were all dropped: if
    /// an order was placed for it, the report names it as not clear. Keep a client of every account that trades, or make one
    /// and halt again.
    #[doc(alias("kill_switch", "panic", "emergency_stop"))]
    pub fn halt(&self) -> impl Future<Output = HaltReport> + Send + use<> {
        self.halt_gate().set_halted(true);
        let group = self.clone();
        async move { halt_all(&group, group.clients(), |_| true).await }
    }

    /// Ends [`halt`](Self::halt). A client that was halted by itself stays halted.
    pub fn resume(&self) {
        self.halt_gate().set_halted(false);
    }
}

/// Clears the accounts of these clients, and those of the concerned accounts that have calls in flight.
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
                clients.push(group.client_with_session(session));
            }
        }
        let mut tasks: JoinSet<_> = clients.into_iter().map(clear_account).collect();
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
                Some(known) => known.merge(account),
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
