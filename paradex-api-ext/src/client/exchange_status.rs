//! The status of the exchange, and the poll that follows it until the exchange accepts everything again.

use std::time::Duration;

use paradex_api::types::SystemStatus;
use tokio::sync::watch;

use super::group::{ClientGroup, WeakClientGroup};
use super::options::CallOptions;
use crate::backoff::{ExponentialBackoff, Jitter};
use crate::pipeline::retry::RetryPolicy;

/// The waits between two polls.
const POLL_BACKOFF: ExponentialBackoff =
    ExponentialBackoff::new(Duration::from_millis(500), Duration::from_secs(8), Jitter::Half);
/// The deadline of one poll.
const POLL_DEADLINE: Duration = Duration::from_secs(10);

impl ClientGroup {
    /// Returns what the exchange accepts at present, as far as this process knows.
    ///
    /// The exchange reports it when it refuses an order, or when it is asked (`api().get_system_state()`). Until then the status
    /// is [`SystemStatus::Ok`].
    ///
    /// While the exchange accepts less than everything, orders that it would refuse fail at once with
    /// [`Error::Withheld`](crate::Error::Withheld); cancels and reads are sent. The client polls the exchange every few seconds
    /// until it accepts everything again.
    #[doc(alias = "maintenance")]
    pub fn exchange_status(&self) -> SystemStatus {
        self.status().get()
    }

    /// Follows [`exchange_status`](Self::exchange_status).
    ///
    /// ```no_run
    /// # async fn example(client: paradex_api_ext::Client) {
    /// let mut status = client.group().watch_exchange_status();
    /// while status.changed().await.is_ok() {
    ///     println!("the exchange is in {}", *status.borrow());
    /// }
    /// # }
    /// ```
    pub fn watch_exchange_status(&self) -> watch::Receiver<SystemStatus> {
        self.status().subscribe()
    }

    /// Polls the exchange until it accepts everything, unless a poll is under way. The poll ends with the last client.
    pub(crate) fn poll_exchange_status(&self) {
        if !self.status().start_poll() {
            return;
        }
        // Made here, so that the poll also counts as ended if the task never runs.
        let poll = Poll(self.downgrade());
        tokio::spawn(async move {
            for polls in 1_u32.. {
                tokio::time::sleep(POLL_BACKOFF.delay(polls)).await;
                let Some(group) = poll.0.upgrade() else {
                    return;
                };
                let options = CallOptions::new()
                    .retry(RetryPolicy::none())
                    .deadline(POLL_DEADLINE);
                let client = group.anonymous().with_options(options);
                // The pipeline reads the status from each response to this call.
                let response = client.api().get_system_state().send().await;
                if response.is_ok() && group.status().get() == SystemStatus::Ok {
                    return;
                }
            }
        });
    }
}

/// Marks the poll as ended when it is dropped.
struct Poll(WeakClientGroup);

impl Drop for Poll {
    fn drop(&mut self) {
        if let Some(group) = self.0.upgrade() {
            group.status().end_poll();
        }
    }
}
