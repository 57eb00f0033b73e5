//! The task of a stream: it opens the connection, reads REST when something was lost, and compares in between.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::{Instant, sleep, sleep_until};

use super::builder::milliseconds;
use super::cursor::check_account;
use super::engine::Reading;
use super::rest;
use super::state::{Running, Shared};
use crate::backoff::{ExponentialBackoff, Jitter};
use crate::client::Client;
use crate::error::Error;
use crate::stream::outage::Outage;
use crate::stream::private::{PrivateChannel, PrivateOptions, PrivateSink, PrivateSocket};
use crate::stream::update::{LossCause, StreamError};

/// How long a difference must persist. An event that crossed the list has arrived by then.
const CROSSING: Duration = Duration::from_secs(2);
/// The waits before orders are looked up again about which the exchange said nothing: it may be behind its own events.
const AGAIN: [Duration; 2] = [Duration::from_millis(300), Duration::from_secs(1)];
const RETRY: ExponentialBackoff =
    ExponentialBackoff::new(Duration::from_millis(250), Duration::from_secs(15), Jitter::Half);
/// The time between two readings that follow each other, so that one that never holds does not use up the limits.
const SPACING: Duration = Duration::from_secs(1);

/// How far the exchange's times of fills may be before its clock.
const SKEW: Duration = Duration::from_secs(1);

/// The time from a reconciliation to the first comparison, which finds what the lists showed late. Also the time between two
/// comparisons because of missing events, so that many of them do not use up the limits.
const EARLY: Duration = Duration::from_secs(5);

/// Every channel of an account.
const CHANNELS: [PrivateChannel; 12] = [
    PrivateChannel::Orders,
    PrivateChannel::Fills,
    PrivateChannel::Positions,
    PrivateChannel::Account,
    PrivateChannel::BalanceEvents,
    PrivateChannel::FundingPayments,
    PrivateChannel::Transfers,
    PrivateChannel::TradeBusts,
    PrivateChannel::Transactions,
    PrivateChannel::Rfq,
    PrivateChannel::Mmp,
    PrivateChannel::BlockTrades,
];

/// How the task begins.
#[derive(Debug, Clone)]
pub(super) struct Start {
    pub(super) client: Client,
    pub(super) compare_every: Duration,
    /// The account of the cursor; empty without one.
    pub(super) account: String,
    /// When the stream was created, if nothing before is claimed.
    pub(super) cold_since: Option<std::time::Instant>,
}

pub(super) async fn run(running: Running, start: Start) {
    let shared = Arc::clone(&running.0);
    tokio::select! {
        () = shared.over.notified() => {}
        () = work(&shared, start) => {}
    }
}

async fn work(shared: &Arc<Shared>, start: Start) {
    let Start {
        client,
        compare_every,
        account,
        cold_since,
    } = start;
    let options = PrivateOptions {
        channels: CHANNELS.to_vec(),
        cancel_on_disconnect: false,
    };
    let sink: Arc<dyn PrivateSink> = Arc::clone(shared) as _;
    // It closes when it is dropped, also if the runtime ends.
    let socket = Socket(PrivateSocket::open(&client, options, sink));
    let mut failures: u32 = 0;
    let mut unread_since = None;
    let mut next_comparison = Instant::now() + compare_every;
    // When a missing event may cause the next comparison.
    let mut next_early = Instant::now();
    loop {
        if let Some(reading) = shared.begin_reading() {
            let began = Instant::now();
            let read = match begin(shared, &client, cold_since).await {
                // It may begin earlier now.
                Ok(true) => continue,
                Ok(false) => reconcile(shared, &client, reading, &account).await,
                Err(error) => Err(error),
            };
            let wait = match read {
                Ok(true) => {
                    failures = 0;
                    unread_since = None;
                    shared.set_unread(None);
                    next_comparison = Instant::now() + compare_every.min(EARLY);
                    continue;
                }
                Ok(false) => SPACING.saturating_sub(began.elapsed()),
                Err(error) => {
                    failures = failures.saturating_add(1);
                    tracing::warn!(%error, failures, "the account could not be read");
                    let wait = RETRY.delay(failures);
                    let address = client.environment().base_url().to_string();
                    let since = *unread_since.get_or_insert_with(SystemTime::now);
                    let outage = Outage::reading(address, since, failures, error.to_string(), wait);
                    shared.set_unread(Some(outage));
                    wait
                }
            };
            sleep(wait).await;
            continue;
        }
        let overdue = shared.next_overdue().map(|overdue| overdue.max(next_early));
        tokio::select! {
            () = shared.changed.notified() => {}
            () = sleep_until(overdue.unwrap_or(next_comparison).min(next_comparison)) => {}
        }
        let now = Instant::now();
        if (now >= next_early && shared.take_overdue(now)) || now >= next_comparison {
            next_early = now + EARLY;
            let wait = match compare(shared, &client, &socket.0).await {
                Ok(()) => {
                    failures = 0;
                    compare_every
                }
                Err(error) => {
                    failures = failures.saturating_add(1);
                    tracing::debug!(%error, failures, "the account could not be compared");
                    RETRY.delay(failures).min(compare_every)
                }
            };
            next_comparison = Instant::now() + wait;
        }
    }
}

/// Sets from when fills are claimed, by the clock of the exchange: from the creation of the stream. Returns whether it was set now.
async fn begin(
    shared: &Shared,
    client: &Client,
    cold_since: Option<std::time::Instant>,
) -> Result<bool, Error> {
    let Some(cold_since) = cold_since else {
        return Ok(false);
    };
    if !shared.change(|engine, _| engine.has_to_begin()) {
        return Ok(false);
    }
    let group = client.group();
    let offset = match group.clock_offset() {
        Some(offset) => offset,
        None => group.measure_clock().await?,
    };
    // An offset within its error is ignored, so both can add up.
    let margin = offset.error.saturating_mul(2).saturating_add(SKEW);
    let earlier = cold_since.elapsed().saturating_add(margin);
    let since = offset.apply(SystemTime::now()).checked_sub(earlier);
    let since = since.map_or(0, milliseconds);
    shared.change(|engine, _| engine.begin_at(since));
    Ok(true)
}

/// Reads the account and says what was found. Returns false if something was lost meanwhile.
async fn reconcile(
    shared: &Shared,
    client: &Client,
    reading: Reading,
    expected_account: &str,
) -> Result<bool, Error> {
    let listing = rest::read(client, reading).await?;
    let account = listing
        .summary
        .as_ref()
        .and_then(|summary| summary.account.as_deref());
    if let Err(error) = check_account(expected_account, account) {
        shared.end(StreamError::InvalidCursor(error));
        return Ok(false);
    }
    let now = Instant::now();
    let Some(mut missing) = shared.change(|engine, _| engine.merge(reading, listing, now)) else {
        return Ok(false);
    };
    for wait in AGAIN.into_iter().map(Some).chain([None]) {
        let found = rest::look_up(client, missing.clone()).await?;
        let now = Instant::now();
        let (resolved, open): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|(_, state)| state.is_some() || wait.is_none());
        shared.change(|engine, _| {
            for (id, state) in resolved {
                engine.resolve(&id, state, now);
            }
        });
        missing.retain(|order| open.iter().any(|(id, _)| order.id.as_ref() == Some(id)));
        if missing.is_empty() {
            break;
        }
        if let Some(wait) = wait {
            sleep(wait).await;
        }
    }
    Ok(shared.change(|engine, updates| engine.finish(reading, Instant::now(), updates)))
}

/// Compares open orders, fills and positions with REST. A difference counts if it is still there when an event that crossed it has arrived.
async fn compare(shared: &Shared, client: &Client, socket: &PrivateSocket) -> Result<(), Error> {
    let Some(reading) = shared.change(|engine, _| engine.begin_comparison()) else {
        return Ok(());
    };
    let read = async || {
        tokio::try_join!(
            rest::open_orders(client),
            rest::fills(client, reading.fills_since),
            rest::positions(client)
        )
    };
    let (orders, fills, positions) = read().await?;
    let first = shared.change(|engine, _| engine.differences(&orders, &fills, &positions));
    if first.is_empty() {
        shared.set_compared(reading);
        return settle(shared, client, reading).await;
    }
    sleep(CROSSING).await;
    let (orders, fills, positions) = read().await?;
    let (agrees, differs) = shared.change(|engine, updates| {
        if !engine.is_current(reading) {
            return (false, false);
        }
        let second = engine.differences(&orders, &fills, &positions);
        let persistent = second.persistent(&first);
        if !persistent.is_empty() {
            tracing::warn!(
                differences = persistent.len(),
                "the account differs from the REST API"
            );
            updates.extend(engine.lost(LossCause::Differs, CROSSING));
        }
        (
            persistent.is_empty() && !second.has_fills(),
            !persistent.is_empty(),
        )
    });
    if differs {
        // A channel can be silent for good on this connection.
        socket.reconnect(LossCause::Differs);
    }
    if agrees {
        shared.set_compared(reading);
    }
    Ok(())
}

/// Asks again for orders that are unresolved.
async fn settle(shared: &Shared, client: &Client, reading: Reading) -> Result<(), Error> {
    let unresolved = shared.change(|engine, _| engine.unresolved());
    for (_, state) in rest::look_up(client, unresolved).await? {
        if let Some(order) = state {
            shared.change(|engine, updates| {
                if engine.is_current(reading) {
                    engine.settle(order, Instant::now(), updates);
                }
            });
        }
    }
    Ok(())
}

/// Closes the connection when the task ends.
struct Socket(PrivateSocket);

impl Drop for Socket {
    fn drop(&mut self) {
        self.0.close();
    }
}
