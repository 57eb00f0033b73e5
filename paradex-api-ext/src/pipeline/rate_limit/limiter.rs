//! The rate limiter, which permits calls in the order of their arrival.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::HeaderMap;

use super::account::{AccountLimits, MINUTE, WaitQueue, Waiting};
use super::bucket::{Bucket, Charges};
use super::class::RateClass;
use super::headers::RateLimitHeaders;
use super::limits::{LimitKind, RateLimit, RateLimits};
use crate::error::ConfigurationError;
use crate::monotonic::now;

/// The rate limits of one IP address and of the accounts behind it.
pub(crate) struct RateLimiter {
    limits: RateLimits,
    address: Bucket,
    sign_ins: Bucket,
    /// By second and by minute.
    #[cfg(feature = "stream")]
    connections: [Bucket; 2],
    #[cfg(feature = "stream")]
    connecting: WaitQueue,
    /// Whether a response has shown that order writes count for the address.
    address_counts_orders: AtomicBool,
    /// An account is kept after its last session has ended until its buckets are full: a program that makes a new client for each
    /// call is limited like any other.
    accounts: Mutex<HashMap<Arc<str>, Arc<AccountLimits>>>,
    signing_in: WaitQueue,
    others: WaitQueue,
}

impl RateLimiter {
    pub(crate) fn new(limits: RateLimits) -> Result<Self, ConfigurationError> {
        limits.check()?;
        let bucket = |kind, calls: Option<u32>| {
            let calls = calls.map(|calls| limits.share(calls));
            Bucket::new(kind, MINUTE, calls)
        };
        Ok(Self {
            address: bucket(LimitKind::Address, limits.address),
            sign_ins: bucket(LimitKind::SignIns, limits.sign_ins),
            #[cfg(feature = "stream")]
            connections: super::account::pair(&limits, LimitKind::Connections, limits.connections),
            #[cfg(feature = "stream")]
            connecting: WaitQueue::default(),
            address_counts_orders: AtomicBool::new(false),
            accounts: Mutex::default(),
            signing_in: WaitQueue::default(),
            others: WaitQueue::default(),
            limits,
        })
    }

    /// The limits of the account of this name.
    pub(crate) fn account(&self, name: &str) -> Arc<AccountLimits> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = accounts.get(name) {
            return Arc::clone(account);
        }
        let now = now();
        accounts.retain(|_, account| {
            Arc::strong_count(account) > 1 || !account.buckets().all(|bucket| bucket.is_full(now))
        });
        let account = Arc::new(AccountLimits::new(&self.limits));
        accounts.insert(name.into(), Arc::clone(&account));
        account
    }

    /// The buckets that a call is taken from, and the queue in which it waits.
    fn charges<'a>(
        &'a self,
        class: RateClass,
        account: Option<&'a AccountLimits>,
    ) -> (Charges<'a>, &'a WaitQueue) {
        let counts_orders = self.address_counts_orders.load(Ordering::Relaxed);
        let urgent = class.is_urgent();
        let address = self.address.charge(!urgent, urgent);
        let (own, address, queue) = match (class, account) {
            (RateClass::Order, Some(account)) => {
                let own = account.writes.each_ref().map(|bucket| bucket.charge(true, false));
                (own, address.filter(|_| counts_orders), &account.placing)
            }
            (RateClass::Cancel, Some(account)) => {
                let own = account.writes.each_ref().map(|bucket| bucket.charge(false, true));
                (own, address.filter(|_| counts_orders), &account.cancelling)
            }
            (RateClass::AccountRead, Some(account)) => {
                let own = account.reads.each_ref().map(|bucket| bucket.charge(false, false));
                (own, address, &account.reading)
            }
            (RateClass::SignIn, _) => (
                [self.sign_ins.charge(false, true), None],
                address,
                &self.signing_in,
            ),
            #[cfg(feature = "stream")]
            (RateClass::Connection, _) => {
                let own = self
                    .connections
                    .each_ref()
                    .map(|bucket| bucket.charge(false, false));
                (own, None, &self.connecting)
            }
            (RateClass::Setup, _) => ([None, None], address, &self.signing_in),
            _ => ([None, None], address, &self.others),
        };
        let [short, long] = own;
        (Charges([short, long, address]), queue)
    }

    /// Permits a call if it does not have to wait.
    pub(crate) fn try_acquire(&self, class: RateClass, account: Option<&AccountLimits>) -> bool {
        let (charges, queue) = self.charges(class, account);
        queue.waiting.load(Ordering::Relaxed) == 0 && charges.take().is_ok()
    }

    /// Waits until the limits permit a call, after the earlier calls of its class. If the wait would be longer than `left`, it
    /// fails with that wait.
    pub(crate) async fn acquire(
        &self,
        class: RateClass,
        account: Option<&AccountLimits>,
        left: impl Fn() -> Duration,
    ) -> Result<(), Duration> {
        let (charges, queue) = self.charges(class, account);
        let before = queue.waiting.load(Ordering::Relaxed);
        let mut wait = charges.interval().saturating_mul(before);
        // The queue is empty, or the wait for it would be too long anyway.
        if before == 0 || wait > left() {
            match charges.take() {
                Ok(()) => return Ok(()),
                Err(own) => wait = wait.max(own),
            }
        }
        if wait > left() {
            return Err(wait);
        }
        let _waiting = Waiting::new(&queue.waiting);
        let head = tokio::time::timeout(left(), queue.head.lock());
        let Ok(_head) = head.await else {
            // Out of time: the calls before it waited for longer than expected.
            return charges.take().map_err(|own| own.max(wait));
        };
        loop {
            // Response headers may have changed the quotas meanwhile.
            let (charges, _) = self.charges(class, account);
            let Err(wait) = charges.take() else {
                return Ok(());
            };
            if wait > left() {
                return Err(wait);
            }
            // The resolution of the timer.
            tokio::time::sleep(wait.max(Duration::from_millis(1))).await;
        }
    }

    /// Learns from a response: the quota, how many calls remain, and that a call was refused.
    pub(crate) fn learn(
        &self,
        class: RateClass,
        account: Option<&AccountLimits>,
        status: StatusCode,
        headers: &HeaderMap,
    ) {
        let refused = status == StatusCode::TOO_MANY_REQUESTS;
        if !refused && !RateLimitHeaders::are_in(headers) {
            return;
        }
        let reported = RateLimitHeaders::read(headers);
        let Some(bucket) = self.bucket_for_headers(class, account, reported) else {
            return;
        };
        let Some(mut quota) = bucket.quota() else {
            return;
        };
        if let Some(limit) = reported.limit {
            quota.calls = self.limits.share(limit);
            quota.window = reported.window.unwrap_or(quota.window);
            bucket.set_quota(quota);
        }
        let orders = matches!(class, RateClass::Order | RateClass::Cancel);
        if orders && bucket.kind == LimitKind::Address {
            self.address_counts_orders.store(true, Ordering::Relaxed);
        }
        let reserves = orders || bucket.kind == LimitKind::Address;
        let Some(charge) = bucket.charge(reserves, class.is_urgent()) else {
            return;
        };
        let now = now();
        if let Some(remaining) = reported.remaining {
            let remaining = self.limits.share_of_remaining(remaining);
            bucket.level().observe_remaining(now, charge.quota, remaining);
        }
        // Signing in has a backoff of its own, which the caller can reset.
        if refused && class != RateClass::SignIn {
            let wait = crate::error::retry_after(status, headers, SystemTime::now()).unwrap_or_default();
            bucket
                .level()
                .observe_refusal(now, charge.quota, charge.reserve, charge.urgent, wait);
        }
    }

    /// The bucket that the headers of a response describe. The headers do not name it: it is the bucket with the same quota, or
    /// else a bucket of the call, with the same window if there is one.
    fn bucket_for_headers<'a>(
        &'a self,
        class: RateClass,
        account: Option<&'a AccountLimits>,
        reported: RateLimitHeaders,
    ) -> Option<&'a Bucket> {
        let own: &[Bucket] = match (class, account) {
            (RateClass::Order | RateClass::Cancel, Some(account)) => &account.writes,
            (RateClass::AccountRead, Some(account)) => &account.reads,
            (RateClass::SignIn, _) => std::slice::from_ref(&self.sign_ins),
            _ => &[],
        };
        // The longer window first: most responses describe it.
        let own = || own.iter().rev();
        let all = || own().chain([&self.address]);
        let named = reported
            .limit
            .map(|limit| self.limits.share(limit))
            .and_then(|calls| {
                all().find(|bucket| {
                    bucket.quota().is_some_and(|quota| {
                        quota.calls == calls && reported.window.is_none_or(|window| window == quota.window)
                    })
                })
            });
        named
            .or_else(|| {
                let window = reported.window?;
                own().find(|bucket| bucket.quota().is_some_and(|quota| quota.window == window))
            })
            .or_else(|| own().next())
            // A call with a session and no bucket of its own may count for a limit that is not published.
            .or_else(|| account.is_none().then_some(&self.address))
    }

    /// The state of the limits of the address and of this account.
    pub(crate) fn states(&self, account: Option<&AccountLimits>) -> Vec<RateLimit> {
        let own = account.into_iter().flat_map(AccountLimits::buckets);
        let now = now();
        #[cfg(feature = "stream")]
        let connections = &self.connections;
        #[cfg(not(feature = "stream"))]
        let connections: [Bucket; 0] = [];
        [&self.address, &self.sign_ins]
            .into_iter()
            .chain(own)
            .chain(connections.iter())
            .filter_map(|bucket| {
                let quota = bucket.quota()?;
                Some(RateLimit {
                    kind: bucket.kind,
                    limit: quota.calls,
                    window: quota.window,
                    remaining: bucket.level().remaining(now, quota),
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use paradex_api::reqwest::StatusCode;
    use paradex_api::reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{AccountLimits, LimitKind, RateClass, RateLimiter, RateLimits};

    const OK: StatusCode = StatusCode::OK;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_str(value).unwrap(),
                )
            })
            .collect()
    }

    fn remaining(limiter: &RateLimiter, account: &AccountLimits, kind: LimitKind) -> Vec<(u32, u64, u32)> {
        let states = limiter.states(Some(account)).into_iter();
        states
            .filter(|state| state.kind == kind)
            .map(|state| (state.limit, state.window.as_secs(), state.remaining))
            .collect()
    }

    async fn go(limiter: &RateLimiter, account: &AccountLimits, class: RateClass) -> Result<(), Duration> {
        limiter.acquire(class, Some(account), || Duration::ZERO).await
    }

    #[tokio::test]
    async fn calls_are_counted_in_their_own_buckets() {
        let limiter = RateLimiter::new(RateLimits::published()).unwrap();
        let account = limiter.account("0x1");
        for counted in [
            RateClass::Order,
            RateClass::Cancel,
            RateClass::AccountRead,
            RateClass::SignIn,
            RateClass::Other,
        ] {
            go(&limiter, &account, counted).await.unwrap();
        }
        assert_eq!(
            remaining(&limiter, &account, LimitKind::Address),
            [(1_500, 60, 1_497)]
        );
        assert_eq!(
            remaining(&limiter, &account, LimitKind::SignIns),
            [(600, 60, 599)]
        );
        // The short windows may have refilled in between.
        assert_eq!(
            remaining(&limiter, &account, LimitKind::AccountReads)[1],
            (600, 60, 599)
        );
        assert_eq!(
            remaining(&limiter, &account, LimitKind::OrderWrites)[1],
            (17_250, 60, 17_248)
        );
        // Another account has its own.
        let other = limiter.account("0x2");
        assert_eq!(
            remaining(&limiter, &other, LimitKind::AccountReads)[1],
            (600, 60, 600)
        );
        assert!(std::sync::Arc::ptr_eq(&account, &limiter.account("0x1")));
    }

    #[cfg(feature = "stream")]
    #[tokio::test(start_paused = true)]
    async fn connections_stay_within_the_published_limits() {
        let limiter = RateLimiter::new(RateLimits::published()).unwrap();
        let start = tokio::time::Instant::now();
        let mut times = Vec::new();
        while start.elapsed() < Duration::from_secs(1_000) {
            let left = || Duration::MAX;
            limiter.acquire(RateClass::Connection, None, left).await.unwrap();
            times.push(start.elapsed());
        }
        let most = |window| {
            let in_window = |from: &Duration| {
                let inside = |time: &&Duration| (*from..*from + window).contains(*time);
                times.iter().filter(inside).count()
            };
            times.iter().map(in_window).max().unwrap()
        };
        assert!(most(Duration::from_secs(1)) <= 20 && most(Duration::from_secs(60)) <= 600);
        assert!(times.len() > 4_000, "{}", times.len());
    }

    #[tokio::test]
    async fn cancels_have_a_tenth_of_the_order_writes_reserved() {
        let limiter = RateLimiter::new(RateLimits::none().order_writes(1_000_000, 20)).unwrap();
        let account = limiter.account("0x1");
        for _ in 0..18 {
            go(&limiter, &account, RateClass::Order).await.unwrap();
        }
        go(&limiter, &account, RateClass::Order).await.unwrap_err();
        for _ in 0..2 {
            go(&limiter, &account, RateClass::Cancel).await.unwrap();
        }
        go(&limiter, &account, RateClass::Cancel).await.unwrap_err();
        // And reads never hold an order up.
        go(&limiter, &account, RateClass::AccountRead).await.unwrap();
    }

    #[tokio::test]
    async fn orders_count_for_the_address_once_a_response_shows_it() {
        let limiter = RateLimiter::new(RateLimits::published().per_address(100)).unwrap();
        let account = limiter.account("0x1");
        go(&limiter, &account, RateClass::Order).await.unwrap();
        let orders = headers(&[("x-ratelimit-limit", "17250"), ("x-ratelimit-window", "60")]);
        limiter.learn(RateClass::Order, Some(&account), OK, &orders);
        go(&limiter, &account, RateClass::Order).await.unwrap();
        assert_eq!(
            remaining(&limiter, &account, LimitKind::Address),
            [(100, 60, 100)]
        );
        let address = headers(&[
            ("x-ratelimit-limit", "100"),
            ("x-ratelimit-remaining", "11"),
            ("x-ratelimit-window", "60"),
        ]);
        limiter.learn(RateClass::Order, Some(&account), OK, &address);
        go(&limiter, &account, RateClass::Order).await.unwrap();
        assert_eq!(remaining(&limiter, &account, LimitKind::Address)[0].2, 10);
        go(&limiter, &account, RateClass::Order).await.unwrap_err();
        go(&limiter, &account, RateClass::Other).await.unwrap_err();
        go(&limiter, &account, RateClass::Cancel).await.unwrap();
    }

    #[tokio::test]
    async fn response_headers_replace_our_quotas() {
        let limiter = RateLimiter::new(RateLimits::published().percent(50)).unwrap();
        let account = limiter.account("0x1");
        let said = headers(&[
            ("x-ratelimit-limit", "40"),
            ("x-ratelimit-remaining", "6"),
            ("x-ratelimit-window", "10"),
        ]);
        limiter.learn(RateClass::AccountRead, Some(&account), OK, &said);
        assert_eq!(
            remaining(&limiter, &account, LimitKind::AccountReads)[1],
            (20, 10, 3)
        );
        // The same headers again describe the same bucket, although its quota has changed.
        limiter.learn(RateClass::AccountRead, Some(&account), OK, &said);
        assert_eq!(remaining(&limiter, &account, LimitKind::AccountReads)[0].0, 60);
        let refused = headers(&[("retry-after", "7")]);
        limiter.learn(
            RateClass::AccountRead,
            Some(&account),
            StatusCode::TOO_MANY_REQUESTS,
            &refused,
        );
        let wait = go(&limiter, &account, RateClass::AccountRead).await.unwrap_err();
        assert!(wait > Duration::from_secs(6), "{wait:?}");
        go(&limiter, &account, RateClass::Order).await.unwrap();
        go(&limiter, &account, RateClass::Other).await.unwrap();
    }

    #[test]
    fn nonsensical_headers_are_ignored() {
        let limiter = RateLimiter::new(RateLimits::published()).unwrap();
        let account = limiter.account("0x1");
        for (name, value) in [
            ("x-ratelimit-limit", "0"),
            ("x-ratelimit-limit", "-1"),
            ("x-ratelimit-limit", "many"),
            ("x-ratelimit-remaining", "99999999999999"),
            ("x-ratelimit-window", "0"),
            ("x-ratelimit-window", "61"),
            ("x-ratelimit-window", "86400"),
        ] {
            limiter.learn(
                RateClass::AccountRead,
                Some(&account),
                OK,
                &headers(&[(name, value)]),
            );
            assert_eq!(
                remaining(&limiter, &account, LimitKind::AccountReads),
                [(120, 1, 120), (600, 60, 600)]
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_calls_go_in_order_of_arrival_and_cancels_first() {
        let limiter = RateLimiter::new(RateLimits::none().order_writes(1_000_000, 60)).unwrap();
        let account = limiter.account("0x1");
        for _ in 0..60 {
            go(&limiter, &account, RateClass::Cancel).await.unwrap();
        }
        let gone = std::sync::Mutex::new(Vec::new());
        let call = |counted, name| {
            let (limiter, account, gone) = (&limiter, &account, &gone);
            async move {
                let permit = limiter.acquire(counted, Some(account), || Duration::from_secs(3_600));
                permit.await.unwrap();
                gone.lock().unwrap().push(name);
            }
        };
        // Seven placements, which leave six calls for cancels, and then two cancels, which overtake them.
        let placements = futures_util::future::join_all((1..=3).map(|name| call(RateClass::Order, name)));
        let cancels = futures_util::future::join_all((11..=12).map(|name| call(RateClass::Cancel, name)));
        futures_util::future::join(placements, cancels).await;
        assert_eq!(*gone.lock().unwrap(), [11, 12, 1, 2, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn impatient_order_does_not_wait_for_cancels() {
        let limiter = RateLimiter::new(RateLimits::none().order_writes(1_000_000, 60_000)).unwrap();
        let account = limiter.account("0x1");
        // Down to what is kept for cancels, at a call a millisecond.
        while go(&limiter, &account, RateClass::Order).await.is_ok() {}
        let start = tokio::time::Instant::now();
        let cancels = async {
            let mut tick = tokio::time::interval(Duration::from_millis(1));
            for _ in 0..3_000 {
                tick.tick().await;
                let _ = go(&limiter, &account, RateClass::Cancel).await;
            }
        };
        let end = start + Duration::from_millis(5);
        let left = || end.saturating_duration_since(tokio::time::Instant::now());
        let order = async {
            let outcome = limiter.acquire(RateClass::Order, Some(&account), left).await;
            (outcome, start.elapsed())
        };
        let (_, (outcome, took)) = futures_util::future::join(cancels, order).await;
        assert!(took <= Duration::from_millis(10), "{outcome:?} after {took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn reported_wait_covers_calls_ahead_in_the_queue() {
        let limiter = RateLimiter::new(RateLimits::published()).unwrap();
        let account = limiter.account("0x1");
        let no = headers(&[("retry-after", "30")]);
        let refused = StatusCode::TOO_MANY_REQUESTS;
        limiter.learn(RateClass::Order, Some(&account), refused, &no);
        let patient = limiter.acquire(RateClass::Order, Some(&account), || Duration::from_secs(35));
        let hasty = async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let left = || Duration::from_millis(5);
            limiter.acquire(RateClass::Order, Some(&account), left).await
        };
        let (_, hasty) = futures_util::future::join(patient, hasty).await;
        assert!(hasty.unwrap_err() > Duration::from_secs(20), "{hasty:?}");
        // A cancel asks all the same.
        go(&limiter, &account, RateClass::Cancel).await.unwrap();
    }

    #[tokio::test]
    async fn foreign_quota_is_not_taken_for_the_address() {
        let limiter = RateLimiter::new(RateLimits::published()).unwrap();
        let account = limiter.account("0x1");
        let said = headers(&[
            ("x-ratelimit-limit", "10"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-window", "60"),
        ]);
        limiter.learn(RateClass::Other, Some(&account), OK, &said);
        assert_eq!(
            remaining(&limiter, &account, LimitKind::Address),
            [(1_500, 60, 1_500)]
        );
    }

    #[test]
    fn limits_of_zero_are_refused() {
        for limits in [
            RateLimits::published().per_address(0),
            RateLimits::none().order_writes(1, 0),
            RateLimits::none().percent(0),
            RateLimits::none().percent(101),
        ] {
            assert!(RateLimiter::new(limits).is_err(), "{limits:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn account_limits_outlive_the_last_session_until_they_are_full() {
        let limiter = RateLimiter::new(RateLimits::none().account_reads(1, 2)).unwrap();
        go(&limiter, &limiter.account("0x1"), RateClass::AccountRead)
            .await
            .unwrap();
        // Another account makes room for itself, and this one is not forgotten.
        limiter.account("0x2");
        go(&limiter, &limiter.account("0x1"), RateClass::AccountRead)
            .await
            .unwrap_err();
        tokio::time::advance(Duration::from_secs(120)).await;
        limiter.account("0x3");
        assert_eq!(limiter.accounts.lock().unwrap().len(), 1);
        go(&limiter, &limiter.account("0x1"), RateClass::AccountRead)
            .await
            .unwrap();
    }
}
