//! The calls in flight: those that the exchange may still carry out, by account.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use paradex_api::reqwest;
use serde::Deserialize;
use tokio::sync::watch;

use crate::auth::Session;
use crate::monotonic;
use crate::signing::AccountAddress;

/// The exchange may still carry out a call for this time after the end of its window.
const MARGIN: Duration = Duration::from_secs(10);
/// The exchange's window for a call that sets none.
const DEFAULT_WINDOW: Duration = Duration::from_secs(300);
/// A longer window counts as this one, so that a wrong value does not keep an account unsettled for years.
const LONGEST_WINDOW: Duration = Duration::from_secs(3_600);

/// Tracks the calls that were sent and that the exchange may still carry out.
///
/// The tracker belongs to the [`ClientGroup`](crate::ClientGroup) and not to a client, because the exchange carries out an order
/// whether or not its client still exists. It keeps the session of each call until the call is over, so that a halt has a
/// session to cancel with; the next order or halt after that drops the session. It keeps the name of the account permanently, so
/// that a halt never reports an account as clear if it cannot list the account's orders.
#[derive(Default)]
pub(crate) struct InFlight {
    accounts: Mutex<HashMap<String, Entry>>,
    /// Notified whenever a call has ended.
    ended: watch::Sender<()>,
}

struct Entry {
    calls: Calls,
    /// The sessions of the calls, each once.
    sessions: Vec<Arc<Session>>,
    /// Whether the exchange has accepted an order for this account, or may have. It is never reset, because this client does
    /// not know when the order is over.
    may_have_orders: bool,
}

impl Entry {
    fn new(now: Instant) -> Self {
        Self {
            calls: Calls::new(now),
            sessions: Vec::new(),
            may_have_orders: false,
        }
    }
}

/// An account that has to be checked before a halt can report it as clear.
pub(crate) struct Unsettled {
    pub(crate) account: String,
    /// The number of calls that may still be carried out.
    pub(crate) calls: usize,
}

impl InFlight {
    fn accounts(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call that is about to be sent. Callers check the halt gate afterwards, so that a concurrent halt either rejects
    /// the call or waits for it.
    pub(crate) fn track(&self, session: &Arc<Session>, orders: SentOrders) -> InFlightGuard<'_> {
        let account = session.account_name();
        let now = monotonic::now();
        let mut accounts = self.accounts();
        let entry = accounts.entry(account.clone()).or_insert_with(|| Entry::new(now));
        entry.calls.begin();
        if !entry.sessions.iter().any(|known| known.is_same(session)) {
            entry.sessions.push(Arc::clone(session));
        }
        let on_behalf: Vec<String> = orders
            .on_behalf
            .into_iter()
            .filter(|other| *other != account)
            .collect();
        for other in &on_behalf {
            let entry = accounts.entry(other.clone()).or_insert_with(|| Entry::new(now));
            entry.calls.begin();
        }
        let over = sweep(&mut accounts, now);
        drop(accounts);
        // Dropping a session can run code of the caller, which must not run under the lock.
        drop(over);
        InFlightGuard {
            in_flight: self,
            account,
            on_behalf,
            window: orders.window,
            outcome: CallOutcome::NotSent,
        }
    }

    fn finish(&self, call: &InFlightGuard<'_>) {
        let now = monotonic::now();
        let mut accounts = self.accounts();
        for name in call.accounts() {
            let Some(entry) = accounts.get_mut(name) else {
                continue;
            };
            match call.outcome {
                CallOutcome::NotSent | CallOutcome::Refused | CallOutcome::Accepted => entry.calls.settle(),
                CallOutcome::Unknown => entry.calls.stay_open(now, now + call.window + MARGIN),
            }
            entry.may_have_orders |= matches!(call.outcome, CallOutcome::Unknown | CallOutcome::Accepted);
        }
        let over = sweep(&mut accounts, now);
        drop(accounts);
        drop(over);
        self.ended.send_replace(());
    }

    /// The number of calls of an account that may still be carried out.
    pub(crate) fn count(&self, account: &str) -> usize {
        let accounts = self.accounts();
        accounts
            .get(account)
            .map_or(0, |entry| entry.calls.count(monotonic::now()))
    }

    /// When the last call of an account with an unknown outcome is over.
    pub(crate) fn until(&self, account: &str) -> Option<Instant> {
        let accounts = self.accounts();
        accounts
            .get(account)
            .and_then(|entry| entry.calls.until(monotonic::now()))
    }

    /// Waits until no call of an account waits for its response.
    pub(crate) async fn drained(&self, account: &str) {
        let mut ended = self.ended.subscribe();
        let waits = || {
            let accounts = self.accounts();
            accounts
                .get(account)
                .is_some_and(|entry| entry.calls.awaiting_response > 0)
        };
        // This cannot fail: the sender lives as long as this borrow.
        while waits() && ended.changed().await.is_ok() {}
    }

    /// The sessions of the calls that are not over, for the accounts that are wanted.
    pub(crate) fn sessions(&self, wanted: impl Fn(&str) -> bool) -> Vec<Arc<Session>> {
        let mut accounts = self.accounts();
        let over = sweep(&mut accounts, monotonic::now());
        let found = accounts
            .iter()
            .filter(|(name, _)| wanted(name))
            .flat_map(|(_, entry)| entry.sessions.iter().cloned())
            .collect();
        drop(accounts);
        drop(over);
        found
    }

    /// The wanted accounts that have a call that is not over, or orders that may be open.
    pub(crate) fn unsettled(&self, wanted: impl Fn(&str) -> bool) -> Vec<Unsettled> {
        let now = monotonic::now();
        let accounts = self.accounts();
        let mut found: Vec<Unsettled> = accounts
            .iter()
            .filter(|(name, entry)| wanted(name) && (entry.may_have_orders || entry.calls.count(now) > 0))
            .map(|(name, entry)| Unsettled {
                account: name.clone(),
                calls: entry.calls.count(now),
            })
            .collect();
        found.sort_by(|one, other| one.account.cmp(&other.account));
        found
    }
}

/// Forgets calls that are over, but not that an account may have orders. The caller drops the returned sessions without the
/// lock.
fn sweep(accounts: &mut HashMap<String, Entry>, now: Instant) -> Vec<Arc<Session>> {
    let mut over = Vec::new();
    accounts.retain(|_, entry| {
        entry.calls.sweep(now);
        let is_over = entry.calls.is_over();
        if is_over {
            over.append(&mut entry.sessions);
        }
        !is_over || entry.may_have_orders
    });
    over
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CallOutcome {
    NotSent,
    /// The call was sent, and whether the exchange carries it out is unknown.
    Unknown,
    Refused,
    Accepted,
}

/// Counts a call as in flight until it is dropped. A call that was sent and has no known outcome by then counts until the end of
/// its window.
pub(crate) struct InFlightGuard<'a> {
    in_flight: &'a InFlight,
    account: String,
    on_behalf: Vec<String>,
    window: Duration,
    outcome: CallOutcome,
}

impl InFlightGuard<'_> {
    /// The accounts that the call can change.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.account.as_str()).chain(self.on_behalf.iter().map(String::as_str))
    }

    /// Marks the call as one that the exchange may carry out.
    pub(crate) fn mark_sent(&mut self) {
        self.outcome = CallOutcome::Unknown;
    }

    /// Records the outcome of the call.
    pub(crate) fn mark_settled(&mut self, accepted: bool) {
        self.outcome = match accepted {
            true => CallOutcome::Accepted,
            false => CallOutcome::Refused,
        };
    }
}

impl Drop for InFlightGuard<'_> {
    fn drop(&mut self) {
        self.in_flight.finish(self);
    }
}

/// The orders in the body of a request: how long the exchange may carry them out, and for which accounts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SentOrders {
    /// The longest window of the orders, from now on.
    window: Duration,
    /// The other accounts that orders are placed for.
    on_behalf: Vec<String>,
}

/// What an order says about itself.
#[derive(Deserialize)]
pub(crate) struct SentOrder {
    pub(crate) recv_window: Option<serde_json::Value>,
    pub(crate) on_behalf_of_account: Option<String>,
}

impl Default for SentOrders {
    /// A request without orders.
    fn default() -> Self {
        Self::from_orders([])
    }
}

impl SentOrders {
    pub(crate) fn from_request(request: Option<&reqwest::Request>) -> Self {
        let body = request
            .and_then(reqwest::Request::body)
            .and_then(reqwest::Body::as_bytes);
        Self::from_body(body.unwrap_or_default())
    }

    fn from_body(body: &[u8]) -> Self {
        let is_list = body.trim_ascii_start().starts_with(b"[");
        let orders: serde_json::Result<Vec<SentOrder>> = match is_list {
            true => serde_json::from_slice(body),
            false => serde_json::from_slice(body).map(|order| vec![order]),
        };
        // The exchange may be able to read a body that cannot be read here.
        Self::from_orders(orders.unwrap_or_default())
    }

    pub(crate) fn from_orders(orders: impl IntoIterator<Item = SentOrder>) -> Self {
        let (mut window, mut on_behalf) = (None, Vec::new());
        for order in orders {
            let own = order.recv_window.as_ref().and_then(serde_json::Value::as_u64);
            let own = own.filter(|window| *window > 0);
            window = window.max(Some(own.map_or(DEFAULT_WINDOW, Duration::from_millis)));
            let Some(name) = order.on_behalf_of_account else {
                continue;
            };
            // The same address can be written in several ways.
            let name = match name.parse::<AccountAddress>() {
                Ok(address) => address.to_string(),
                Err(_) => name,
            };
            if !name.is_empty() && !on_behalf.contains(&name) {
                on_behalf.push(name);
            }
        }
        let window = window.unwrap_or(DEFAULT_WINDOW).min(LONGEST_WINDOW);
        Self { window, on_behalf }
    }
}

/// The calls of one account that may still be carried out. The caller passes the time.
///
/// Calls with an unknown outcome are counted by the second in which their window ends, rounded up. So no call is forgotten too
/// early, and the memory is bounded by the seconds of the longest window.
#[derive(Debug)]
struct Calls {
    base: Instant,
    /// Calls that are being sent or wait for their response.
    awaiting_response: usize,
    /// The number of calls by the end of their window, in whole seconds since `base`.
    open: BTreeMap<u64, usize>,
}

impl Calls {
    fn new(base: Instant) -> Self {
        Self {
            base,
            awaiting_response: 0,
            open: BTreeMap::new(),
        }
    }

    fn begin(&mut self) {
        self.awaiting_response = self.awaiting_response.saturating_add(1);
    }

    /// Ends a call whose outcome is known.
    fn settle(&mut self) {
        self.awaiting_response = self.awaiting_response.saturating_sub(1);
    }

    /// Ends a call that the exchange may carry out until this time.
    fn stay_open(&mut self, now: Instant, until: Instant) {
        self.settle();
        self.sweep(now);
        let end = self.second(until).saturating_add(1);
        let count = self.open.entry(end).or_default();
        *count = count.saturating_add(1);
    }

    fn second(&self, time: Instant) -> u64 {
        time.saturating_duration_since(self.base).as_secs()
    }

    /// The calls with an unknown outcome whose window is not over.
    fn still_open(&self, now: Instant) -> impl Iterator<Item = (u64, usize)> {
        let first = self.second(now).saturating_add(1);
        self.open.range(first..).map(|(end, count)| (*end, *count))
    }

    fn sweep(&mut self, now: Instant) {
        let first = self.second(now).saturating_add(1);
        self.open = self.open.split_off(&first);
    }

    fn is_over(&self) -> bool {
        self.awaiting_response == 0 && self.open.is_empty()
    }

    fn count(&self, now: Instant) -> usize {
        let open = self.still_open(now).map(|(_, count)| count);
        open.fold(self.awaiting_response, usize::saturating_add)
    }

    fn until(&self, now: Instant) -> Option<Instant> {
        let (last, _) = self.still_open(now).last()?;
        self.base.checked_add(Duration::from_secs(last))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::{Calls, DEFAULT_WINDOW, LONGEST_WINDOW, SentOrders};

    #[test]
    fn window_of_a_request_is_the_longest_of_its_orders() {
        let other = format!("0x{:0>64}", "aB");
        for (body, window, on_behalf) in [
            (r#"{"recv_window":5000}"#, Duration::from_secs(5), vec![]),
            (
                r#"[{"recv_window":5000},{"recv_window":60000}]"#,
                Duration::from_secs(60),
                vec![],
            ),
            (r#"[{"recv_window":5000},{}]"#, DEFAULT_WINDOW, vec![]),
            (r#"{"recv_window":0}"#, DEFAULT_WINDOW, vec![]),
            (
                r#"{"recv_window":-1,"on_behalf_of_account":"0x1"}"#,
                DEFAULT_WINDOW,
                vec!["0x1".to_owned()],
            ),
            (r#"{"recv_window":18446744073709551615}"#, LONGEST_WINDOW, vec![]),
            ("{}", DEFAULT_WINDOW, vec![]),
            ("[]", DEFAULT_WINDOW, vec![]),
            ("no json", DEFAULT_WINDOW, vec![]),
            (r#"{"on_behalf_of_account":""}"#, DEFAULT_WINDOW, vec![]),
            (
                &format!(
                    r#"[{{"on_behalf_of_account":"{other}"}},{{"on_behalf_of_account":"0xab"}},{{"on_behalf_of_account":"odd"}}]"#
                ),
                DEFAULT_WINDOW,
                vec!["0xab".to_owned(), "odd".to_owned()],
            ),
        ] {
            assert_eq!(
                SentOrders::from_body(body.as_bytes()),
                SentOrders { window, on_behalf },
                "{body}"
            );
        }
    }

    #[derive(Debug, Clone)]
    enum Step {
        Begin,
        /// One of the calls ends with a known outcome.
        Settle,
        /// One of the calls is dropped after it was sent; it has this window in milliseconds.
        Drop(u64),
        /// Time passes, in milliseconds.
        Pass(u64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => Just(Step::Begin),
            1 => Just(Step::Settle),
            3 => (0_u64..400_000).prop_map(Step::Drop),
            2 => (0_u64..100_000).prop_map(Step::Pass),
        ]
    }

    proptest! {
        /// Compares with a list of all calls: each call is counted until the end of its window, and for at most a second more.
        #[test]
        fn calls_are_counted_until_their_window_is_over(steps in prop::collection::vec(step(), 0..200)) {
            let mut now = Instant::now();
            let mut calls = Calls::new(now);
            let (mut waiting, mut ends): (usize, Vec<Instant>) = (0, Vec::new());
            for step in steps {
                match step {
                    Step::Begin => {
                        calls.begin();
                        waiting += 1;
                    }
                    Step::Settle if waiting > 0 => {
                        calls.settle();
                        waiting -= 1;
                    }
                    Step::Drop(window) if waiting > 0 => {
                        let until = now + Duration::from_millis(window);
                        calls.stay_open(now, until);
                        waiting -= 1;
                        ends.push(until);
                    }
                    Step::Pass(time) => now += Duration::from_millis(time),
                    Step::Settle | Step::Drop(_) => {}
                }
                let open = ends.iter().filter(|end| **end >= now).count();
                let a_second_later = now.checked_sub(Duration::from_secs(1));
                let at_most = ends
                    .iter()
                    .filter(|end| a_second_later.is_none_or(|time| **end >= time))
                    .count();
                let count = calls.count(now);
                prop_assert!((waiting + open..=waiting + at_most).contains(&count), "{count}");
                let last = ends.iter().filter(|end| **end >= now).max();
                prop_assert!(last.is_none_or(|last| calls.until(now).is_some_and(|until| until >= *last)));
                prop_assert!(calls.open.len() <= 402, "memory is bounded by the seconds of a window");
            }
            now += Duration::from_secs(401);
            prop_assert_eq!(calls.count(now), waiting);
            prop_assert_eq!(calls.until(now), None);
            calls.sweep(now);
            prop_assert_eq!(calls.is_over(), waiting == 0);
        }
    }

    #[test]
    fn flood_of_calls_with_unknown_outcome_is_counted_completely() {
        let now = Instant::now();
        let mut calls = Calls::new(now);
        for _ in 0..100_000 {
            calls.begin();
            calls.stay_open(now, now + Duration::from_secs(15));
        }
        assert_eq!((calls.count(now), calls.open.len()), (100_000, 1));
    }
}
