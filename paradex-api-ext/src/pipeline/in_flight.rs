//! Which calls of which account may still be carried out.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use paradex_api::reqwest;
use serde::Deserialize;
use tokio::sync::watch;

use crate::auth::Session;
use crate::signing::AccountAddress;

/// How long the exchange may work on a call after the end of its window.
const MARGIN: Duration = Duration::from_secs(10);
/// The exchange's own window where a call names none.
const USUAL_WINDOW: Duration = Duration::from_secs(300);
/// A longer window is cut to this, so that a wrong one does not keep an account unsettled for years.
const LONGEST_WINDOW: Duration = Duration::from_secs(3_600);

/// The calls of all accounts that were sent and may still be carried out.
///
/// It belongs to the [`ClientGroup`](crate::ClientGroup) and not to a client, because the exchange does not care whether the client
/// of an order still exists. With each call it keeps the session that sent it until the call is over, so that a halt has
/// something to cancel with. The session is dropped by the next order or halt after that. The name of the account stays, so
/// that a halt does not call an account clear that it cannot look at.
#[derive(Default)]
pub(crate) struct InFlight {
    accounts: Mutex<HashMap<String, Entry>>,
    /// Notified whenever a call has ended.
    ended: watch::Sender<()>,
}

struct Entry {
    calls: Calls,
    /// The sessions that sent the calls, each once.
    sessions: Vec<Arc<Session>>,
    /// Whether the exchange has, or may have, accepted an order for this account. It stays, because nobody knows when the
    /// order is over.
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

/// An account that has to be looked at before anybody may say that nothing is open.
pub(crate) struct Unsettled {
    pub(crate) account: String,
    /// How many calls may still be carried out.
    pub(crate) calls: usize,
}

impl InFlight {
    fn accounts(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call that is about to be sent. A caller that counts first and asks afterwards whether trading is halted is
    /// either refused or seen by the halt.
    pub(crate) fn leave(&self, session: &Arc<Session>, sent: Sent) -> Leaving<'_> {
        let account = session.account_name();
        let now = Instant::now();
        let mut accounts = self.accounts();
        let entry = accounts.entry(account.clone()).or_insert_with(|| Entry::new(now));
        entry.calls.leave();
        if !entry.sessions.iter().any(|known| known.is_same(session)) {
            entry.sessions.push(Arc::clone(session));
        }
        let on_behalf: Vec<String> = sent
            .on_behalf
            .into_iter()
            .filter(|other| *other != account)
            .collect();
        for other in &on_behalf {
            let entry = accounts.entry(other.clone()).or_insert_with(|| Entry::new(now));
            entry.calls.leave();
        }
        let over = sweep(&mut accounts, now);
        drop(accounts);
        // A session may end with code of the caller's, which must not run under the lock.
        drop(over);
        Leaving {
            in_flight: self,
            account,
            on_behalf,
            window: sent.window,
            outcome: Outcome::NotSent,
        }
    }

    fn ended(&self, leaving: &Leaving<'_>) {
        let now = Instant::now();
        let mut accounts = self.accounts();
        for name in leaving.accounts() {
            let Some(entry) = accounts.get_mut(name) else {
                continue;
            };
            match leaving.outcome {
                Outcome::NotSent | Outcome::Refused | Outcome::Accepted => entry.calls.settle(),
                Outcome::Unknown => entry.calls.stay_open(now, now + leaving.window + MARGIN),
            }
            entry.may_have_orders |= matches!(leaving.outcome, Outcome::Unknown | Outcome::Accepted);
        }
        let over = sweep(&mut accounts, now);
        drop(accounts);
        drop(over);
        self.ended.send_replace(());
    }

    /// How many calls of an account may still be carried out.
    pub(crate) fn count(&self, account: &str) -> usize {
        let accounts = self.accounts();
        accounts
            .get(account)
            .map_or(0, |entry| entry.calls.count(Instant::now()))
    }

    /// When the last of an account's calls without an outcome is over.
    pub(crate) fn until(&self, account: &str) -> Option<Instant> {
        let accounts = self.accounts();
        accounts
            .get(account)
            .and_then(|entry| entry.calls.until(Instant::now()))
    }

    /// Ends when no call of an account waits for its response.
    pub(crate) async fn responses(&self, account: &str) {
        let mut ended = self.ended.subscribe();
        let waits = || {
            let accounts = self.accounts();
            accounts.get(account).is_some_and(|entry| entry.calls.leaving > 0)
        };
        // The sender lives as long as this borrow, so waiting cannot fail.
        while waits() && ended.changed().await.is_ok() {}
    }

    /// The sessions that sent what is not over, for the accounts that are asked for.
    pub(crate) fn sessions(&self, wanted: impl Fn(&str) -> bool) -> Vec<Arc<Session>> {
        let mut accounts = self.accounts();
        let over = sweep(&mut accounts, Instant::now());
        let found = accounts
            .iter()
            .filter(|(name, _)| wanted(name))
            .flat_map(|(_, entry)| entry.sessions.iter().cloned())
            .collect();
        drop(accounts);
        drop(over);
        found
    }

    /// The accounts, of those that are asked for, with a call that is not over or with orders that may be open.
    pub(crate) fn unsettled(&self, wanted: impl Fn(&str) -> bool) -> Vec<Unsettled> {
        let now = Instant::now();
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

/// Forgets what is over, but not that an account may have orders. What it returns is to be dropped without the lock.
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

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    NotSent,
    /// It was sent, and it is not known whether it was or will be carried out.
    Unknown,
    Refused,
    Accepted,
}

/// A call that is being sent, until dropped. If it was sent and has no outcome by then, it may still be carried out until
/// the end of its window.
pub(crate) struct Leaving<'a> {
    in_flight: &'a InFlight,
    account: String,
    on_behalf: Vec<String>,
    window: Duration,
    outcome: Outcome,
}

impl Leaving<'_> {
    /// The accounts that the call can change.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.account.as_str()).chain(self.on_behalf.iter().map(String::as_str))
    }

    /// From now on it may be carried out.
    pub(crate) fn is_sent(&mut self) {
        self.outcome = Outcome::Unknown;
    }

    /// Its outcome is known.
    pub(crate) fn is_settled(&mut self, accepted: bool) {
        self.outcome = match accepted {
            true => Outcome::Accepted,
            false => Outcome::Refused,
        };
    }
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.in_flight.ended(self);
    }
}

/// What the body of a request says about how long and for whom it can be carried out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    /// The longest window of its orders, from now on.
    window: Duration,
    /// The other accounts that orders are placed for.
    on_behalf: Vec<String>,
}

impl Sent {
    pub(crate) fn of(request: Option<&reqwest::Request>) -> Self {
        let body = request
            .and_then(reqwest::Request::body)
            .and_then(reqwest::Body::as_bytes);
        Self::read(body.unwrap_or_default())
    }

    fn read(body: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Order {
            recv_window: Option<serde_json::Value>,
            on_behalf_of_account: Option<String>,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Body {
            Many(Vec<Order>),
            One(Order),
        }
        let orders = match serde_json::from_slice(body) {
            Ok(Body::Many(orders)) => orders,
            Ok(Body::One(order)) => vec![order],
            // The exchange may read what cannot be read here.
            Err(_) => Vec::new(),
        };
        let windows = orders.iter().map(|order| {
            order
                .recv_window
                .as_ref()
                .and_then(serde_json::Value::as_u64)
                .filter(|window| *window > 0)
                .map_or(USUAL_WINDOW, Duration::from_millis)
        });
        let window = windows.max().unwrap_or(USUAL_WINDOW).min(LONGEST_WINDOW);
        let mut on_behalf: Vec<String> = Vec::new();
        for name in orders.into_iter().filter_map(|order| order.on_behalf_of_account) {
            // One account has many spellings.
            let name = match name.parse::<AccountAddress>() {
                Ok(address) => address.to_string(),
                Err(_) => name,
            };
            if !name.is_empty() && !on_behalf.contains(&name) {
                on_behalf.push(name);
            }
        }
        Self { window, on_behalf }
    }
}

/// The calls of one account that may still be carried out. The caller has the clock.
///
/// Calls without an outcome are counted by the second in which their window ends, rounded up, so that no call is ever
/// forgotten before its time and a flood of them takes no more memory than a window has seconds.
#[derive(Debug)]
struct Calls {
    base: Instant,
    /// Calls that are being sent or wait for their response.
    leaving: usize,
    /// The number of calls by the end of their window, in whole seconds since `base`.
    open: BTreeMap<u64, usize>,
}

impl Calls {
    fn new(base: Instant) -> Self {
        Self {
            base,
            leaving: 0,
            open: BTreeMap::new(),
        }
    }

    fn leave(&mut self) {
        self.leaving = self.leaving.saturating_add(1);
    }

    /// The outcome of a call that left is known.
    fn settle(&mut self) {
        self.leaving = self.leaving.saturating_sub(1);
    }

    /// A call that left may be carried out until this time.
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

    /// The calls that are not over.
    fn still_open(&self, now: Instant) -> impl Iterator<Item = (u64, usize)> {
        let first = self.second(now).saturating_add(1);
        self.open.range(first..).map(|(end, count)| (*end, *count))
    }

    fn sweep(&mut self, now: Instant) {
        let first = self.second(now).saturating_add(1);
        self.open = self.open.split_off(&first);
    }

    fn is_over(&self) -> bool {
        self.leaving == 0 && self.open.is_empty()
    }

    fn count(&self, now: Instant) -> usize {
        let open = self.still_open(now).map(|(_, count)| count);
        open.fold(self.leaving, usize::saturating_add)
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

    use super::{Calls, LONGEST_WINDOW, Sent, USUAL_WINDOW};

    #[test]
    fn window_of_a_request_is_the_longest_that_its_orders_have() {
        let other = format!("0x{:0>64}", "aB");
        for (body, window, on_behalf) in [
            (r#"{"recv_window":5000}"#, Duration::from_secs(5), vec![]),
            (
                r#"[{"recv_window":5000},{"recv_window":60000}]"#,
                Duration::from_secs(60),
                vec![],
            ),
            (r#"[{"recv_window":5000},{}]"#, USUAL_WINDOW, vec![]),
            (r#"{"recv_window":0}"#, USUAL_WINDOW, vec![]),
            (
                r#"{"recv_window":-1,"on_behalf_of_account":"0x1"}"#,
                USUAL_WINDOW,
                vec!["0x1".to_owned()],
            ),
            (r#"{"recv_window":18446744073709551615}"#, LONGEST_WINDOW, vec![]),
            ("{}", USUAL_WINDOW, vec![]),
            ("[]", USUAL_WINDOW, vec![]),
            ("no json", USUAL_WINDOW, vec![]),
            (r#"{"on_behalf_of_account":""}"#, USUAL_WINDOW, vec![]),
            (
                &format!(
                    r#"[{{"on_behalf_of_account":"{other}"}},{{"on_behalf_of_account":"0xab"}},{{"on_behalf_of_account":"odd"}}]"#
                ),
                USUAL_WINDOW,
                vec!["0xab".to_owned(), "odd".to_owned()],
            ),
        ] {
            assert_eq!(Sent::read(body.as_bytes()), Sent { window, on_behalf }, "{body}");
        }
    }

    #[derive(Debug, Clone)]
    enum Step {
        Leave,
        /// One of the calls that left ends with a known outcome.
        Settle,
        /// One of the calls that left is given up after it was sent; it has this window in milliseconds.
        GiveUp(u64),
        /// Time passes, in milliseconds.
        Pass(u64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => Just(Step::Leave),
            1 => Just(Step::Settle),
            3 => (0_u64..400_000).prop_map(Step::GiveUp),
            2 => (0_u64..100_000).prop_map(Step::Pass),
        ]
    }

    proptest! {
        /// Against a list of every call: a call that may be carried out is counted, and none for longer than a second more.
        #[test]
        fn calls_are_counted_until_their_window_is_over(steps in prop::collection::vec(step(), 0..200)) {
            let mut now = Instant::now();
            let mut calls = Calls::new(now);
            let (mut leaving, mut ends): (usize, Vec<Instant>) = (0, Vec::new());
            for step in steps {
                match step {
                    Step::Leave => {
                        calls.leave();
                        leaving += 1;
                    }
                    Step::Settle if leaving > 0 => {
                        calls.settle();
                        leaving -= 1;
                    }
                    Step::GiveUp(window) if leaving > 0 => {
                        let until = now + Duration::from_millis(window);
                        calls.stay_open(now, until);
                        leaving -= 1;
                        ends.push(until);
                    }
                    Step::Pass(time) => now += Duration::from_millis(time),
                    Step::Settle | Step::GiveUp(_) => {}
                }
                let open = ends.iter().filter(|end| **end >= now).count();
                let a_second_later = now.checked_sub(Duration::from_secs(1));
                let at_most = ends
                    .iter()
                    .filter(|end| a_second_later.is_none_or(|time| **end >= time))
                    .count();
                let count = calls.count(now);
                prop_assert!((leaving + open..=leaving + at_most).contains(&count), "{count}");
                let last = ends.iter().filter(|end| **end >= now).max();
                prop_assert!(last.is_none_or(|last| calls.until(now).is_some_and(|until| until >= *last)));
                prop_assert!(calls.open.len() <= 402, "memory is bounded by the seconds of a window");
            }
            now += Duration::from_secs(401);
            prop_assert_eq!(calls.count(now), leaving);
            prop_assert_eq!(calls.until(now), None);
            calls.sweep(now);
            prop_assert_eq!(calls.is_over(), leaving == 0);
        }
    }

    #[test]
    fn flood_of_calls_without_an_outcome_is_counted_whole() {
        let now = Instant::now();
        let mut calls = Calls::new(now);
        for _ in 0..100_000 {
            calls.leave();
            calls.stay_open(now, now + Duration::from_secs(15));
        }
        assert_eq!((calls.count(now), calls.open.len()), (100_000, 1));
    }
}
