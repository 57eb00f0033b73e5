//! Asks an exchange the questions that no published source answers.
//!
//! [`Probe`] asks the questions of the table in [`assumptions`](crate::assumptions) with the account of a client, and returns a
//! [`ProbeReport`]. Its TOML text is a file of assumptions, which the simulator reads.
//!
//! ```no_run
//! use paradex_api_ext::Client;
//! use paradex_api_ext::probe::Probe;
//!
//! # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//! let probe = Probe::new(client, "probe.journal");
//! let report = probe.run(|topic| topic.topic.as_str() != "subkeys").await?;
//! println!("{}", report.to_toml());
//! # Ok(())
//! # }
//! ```
//!
//! # What it changes
//!
//! Some questions create tokens, subkeys and orders of their own; use an account that serves no other purpose. Nothing else in
//! the account is changed. Cancel on disconnect may cancel all orders of the account, so the questions about it are asked only if
//! the account has no open orders but those of the probe; place none while it runs. Such questions are asked on testnet and of a simulator on this machine only, never in production.
//! Orders are placed only after [`Probe::with_orders`]: post-only, of the smallest size, 20 % below the best bid, and cancelled
//! afterwards.
//!
//! A journal on disk names each token, subkey and order before it is requested. At the end, also after an error, a panic or
//! [`ProbeStop::stop`], the probe revokes and cancels what the journal names, and removes the file. If the process ends before,
//! the next probe with the same journal does that first, and asks only the topics that were not complete. Its tokens expire after
//! 15 minutes in any case. A subkey never expires; but nobody has the key of one that a crash leaves, because the private key was
//! in memory only.
//!
//! Only one probe can use a journal at a time. While one does, a file beside it, whose name ends in `.lock`, has the id of its
//! process and the name of its machine. On Linux, the lock of a process of this machine that has ended does not count; in all
//! other cases, remove it. Two containers with the same name are not told apart.
//!
//! # Bounds
//!
//! [`ProbePlan::calls`] is how many calls it makes at most, besides repeats after 429, retries of the clean-up, and sign-ins; a message
//! to a WebSocket is one. It keeps to the rate limits of its client, and waits when it gets 429. The longest wait of a question
//! is two minutes.
//!
//! The topic `requests` is asked with an HTTP client of its own, which does not use the proxy, certificates and other HTTP settings
//! of the client.

mod ask;
mod cleanup;
mod error;
mod journal;
mod plan;
mod reply;
mod report;
mod run;
mod stop;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

pub use cleanup::Leftovers;
pub use error::ProbeError;
pub use plan::{PlannedTopic, ProbePlan, SkippedQuestion};
pub use report::{ProbeOutcome, ProbeReport};
pub use stop::ProbeStop;

use crate::Client;
use journal::Journal;
use run::Run;

/// Asks an exchange the questions of the table.
#[must_use = "nothing is sent before `run`"]
pub struct Probe {
    client: Client,
    journal: PathBuf,
    orders: bool,
    stop: ProbeStop,
    wait: Wait,
}

/// How a probe waits.
#[derive(Clone, Default)]
pub(crate) struct Wait(Option<Arc<dyn Fn(Duration) + Send + Sync>>);

impl Probe {
    /// Creates a probe of the exchange of this client, with its account. The journal is a file that does not exist yet, or that
    /// an earlier probe of the same account has left.
    pub fn new(client: Client, journal: impl Into<PathBuf>) -> Self {
        Self {
            client,
            journal: journal.into(),
            orders: false,
            stop: ProbeStop::default(),
            wait: Wait::default(),
        }
    }

    /// Also asks the questions that place orders.
    pub fn with_orders(mut self) -> Self {
        self.orders = true;
        self
    }

    /// Returns a handle that ends the probe early: it finishes the current call, cleans up, and returns what it has found.
    #[doc(alias = "cancel")]
    pub fn stop_handle(&self) -> ProbeStop {
        self.stop.clone()
    }

    /// Calls this closure instead of waiting, for tests that move the clock of a simulator.
    #[doc(hidden)]
    pub fn wait_with(mut self, wait: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.wait = Wait(Some(Arc::new(wait)));
        self
    }

    /// Returns what it would ask, and why it cannot ask the rest. Nothing is sent.
    pub fn plan(&self) -> ProbePlan {
        ProbePlan::new(&self.client, self.orders)
    }

    /// Returns whether an earlier probe has left its journal, so that there may be something to clean up.
    pub fn has_journal(&self) -> bool {
        self.journal.symlink_metadata().is_ok()
    }

    /// Revokes and cancels what an earlier probe has left, and removes its journal.
    ///
    /// # Errors
    ///
    /// The journal cannot be read or is that of another account, or a call fails. The journal is kept, so it can be tried again.
    pub async fn clean_up(self) -> Result<Leftovers, ProbeError> {
        let mut run = self.start().await?;
        let leftovers = run.clean_up().await?;
        run.journal.remove()?;
        Ok(leftovers)
    }

    /// Cleans up what an earlier probe has left, asks the questions, and cleans up.
    ///
    /// `consent` is called before each topic; a topic that it declines is left out.
    ///
    /// # Errors
    ///
    /// The exchange does not respond, the journal cannot be used or is in use, or something could not be cleaned up. In the last
    /// case the journal is kept. [`ProbeError::into_report`] has what was found out before.
    pub async fn run(
        self,
        mut consent: impl FnMut(&PlannedTopic) -> bool + Send,
    ) -> Result<ProbeReport, ProbeError> {
        let plan = self.plan();
        let started = SystemTime::now();
        let mut run = self.start().await?;
        run.clean_up().await?;
        let trouble = run.ask(&plan, &mut consent).await;
        let cleaned = run.clean_up().await;
        let report = ProbeReport::new(&run, &plan, started, trouble.as_ref());
        let removed = match cleaned {
            Ok(_) => run.journal.remove(),
            Err(error) => Err(error),
        };
        match removed {
            Ok(()) => Ok(report),
            Err(error) => Err(error.with_report(report)),
        }
    }

    /// Reads the journal, and checks that the exchange responds.
    async fn start(self) -> Result<Run, ProbeError> {
        let changes = self.plan().topics.iter().any(|planned| planned.changes);
        let journal = Journal::open(self.journal, changes)?;
        let mut run = Run::new(self.client, self.stop, self.wait, journal)?;
        run.check_exchange().await?;
        if !changes && !run.journal.entries.is_empty() {
            return Err(ProbeError::NoChangesAllowed {
                path: run.journal.path().to_owned(),
                environment: run.client.environment().to_string(),
            });
        }
        Ok(run)
    }
}

impl fmt::Debug for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probe")
            .field("environment", self.client.environment())
            .field("journal", &self.journal)
            .field("orders", &self.orders)
            .finish_non_exhaustive()
    }
}
