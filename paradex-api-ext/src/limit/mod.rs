//! How many calls may leave, and who goes first.

mod level;
mod store;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, SystemTime};

use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::{HeaderMap, HeaderName};

pub use store::{Charge, LimitKey, LimitKind, LimitStore, Observation, Take};

use crate::error::ConfigurationError;
use level::Figure;
use store::{InProcess, Slot};

/// The limits that the client keeps to. What the exchange says in an answer's headers, or with a 429, replaces the
/// figures that it begins with.
///
/// | limit | published | counts |
/// |---|---|---|
/// | [`per_address`](Self::per_address) | 1,500 a minute | everything but order writes, until an answer shows that those count as well |
/// | [`sign_ins`](Self::sign_ins) | 600 a minute, by address | signing in and onboarding |
/// | [`account_reads`](Self::account_reads) | 120 a second and 600 a minute | reading an account's own things |
/// | [`order_writes`](Self::order_writes) | 800 a second and 17,250 a minute | placing, changing and cancelling; a batch once |
///
/// A tenth of the order writes is kept for cancels, and a tenth of the address for cancels and for what makes a session.
/// Cancels wait in a queue of their own, and a 429 to anything else does not hold them back.
///
/// ```
/// use paradex_api_ext::{Client, Environment, limits::RateLimits};
///
/// // One of three processes behind the same address.
/// let client = Client::builder(Environment::Testnet)
///     .rate_limits(RateLimits::published().percent(33))
///     .build()?;
/// for limit in client.rate_limits() {
///     println!("{limit}");
/// }
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct RateLimits {
    address: Option<u32>,
    sign_ins: Option<u32>,
    reads: Option<(u32, u32)>,
    writes: Option<(u32, u32)>,
    percent: u32,
    store: Option<Arc<dyn LimitStore>>,
}

impl RateLimits {
    /// As published.
    pub fn published() -> Self {
        Self {
            address: Some(1_500),
            sign_ins: Some(600),
            reads: Some((120, 600)),
            writes: Some((800, 17_250)),
            percent: 100,
            store: None,
        }
    }

    /// No limit of ours. The exchange still has its own, and answers 429.
    pub fn none() -> Self {
        Self {
            address: None,
            sign_ins: None,
            reads: None,
            writes: None,
            ..Self::published()
        }
    }

    /// Calls a minute from this address.
    pub fn per_address(mut self, minute: u32) -> Self {
        self.address = Some(minute);
        self
    }

    /// Sign-ins a minute from this address.
    pub fn sign_ins(mut self, minute: u32) -> Self {
        self.sign_ins = Some(minute);
        self
    }

    /// Reads of an account's own things.
    pub fn account_reads(mut self, second: u32, minute: u32) -> Self {
        self.reads = Some((second, minute));
        self
    }

    /// Order writes of an account.
    pub fn order_writes(mut self, second: u32, minute: u32) -> Self {
        self.writes = Some((second, minute));
        self
    }

    /// Gives this process so many hundredths of each limit, where others share the address or the accounts. That holds for
    /// what the exchange says, too.
    pub fn percent(mut self, percent: u32) -> Self {
        self.percent = percent;
        self
    }

    /// Keeps what is left in a store that several processes share.
    pub fn store(mut self, store: impl LimitStore) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    fn check(&self) -> Result<(), ConfigurationError> {
        let pairs = [self.reads, self.writes].into_iter().flatten();
        let all = [self.address, self.sign_ins]
            .into_iter()
            .flatten()
            .chain(pairs.flat_map(|(second, minute)| [second, minute]));
        if all.into_iter().any(|calls| calls == 0) {
            return Err(ConfigurationError::new(
                "a rate limit of 0 lets nothing through: name another, or begin with `RateLimits::none`",
            ));
        }
        if !(1..=100).contains(&self.percent) {
            return Err(ConfigurationError::new(format!(
                "{} % of the rate limits is refused: a process has between 1 and 100 %",
                self.percent
            )));
        }
        Ok(())
    }

    /// This process's part of a figure.
    fn part(&self, calls: u32) -> u32 {
        let part = u64::from(calls) * u64::from(self.percent) / 100;
        u32::try_from(part).unwrap_or(u32::MAX).max(1)
    }
}

impl Default for RateLimits {
    fn default() -> Self {
        Self::published()
    }
}

impl fmt::Debug for RateLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimits")
            .field("address", &self.address)
            .field("sign_ins", &self.sign_ins)
            .field("reads", &self.reads)
            .field("writes", &self.writes)
            .field("percent", &self.percent)
            .finish_non_exhaustive()
    }
}

/// What is left of one limit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// What it counts.
    pub kind: LimitKind,
    /// The calls that this process may make within the window.
    pub limit: u32,
    /// The time in which an empty limit becomes full; it fills continuously.
    pub window: Duration,
    /// The calls that can be made now, as far as is known.
    pub left: Option<u32>,
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: ", self.kind)?;
        match self.left {
            Some(left) => write!(f, "{left}")?,
            None => f.write_str("?")?,
        }
        write!(f, " of {} in {:?}", self.limit, self.window)
    }
}

/// How a call is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    SignIn,
    /// What has to be known before anything can be signed: the configuration and the time.
    Setup,
    Order,
    Cancel,
    /// A read that goes with a session.
    AccountRead,
    Other,
}

impl Counted {
    /// Whether it goes before everything else: to get out of the market, or to be able to.
    fn is_urgent(self) -> bool {
        matches!(self, Self::Cancel | Self::SignIn | Self::Setup)
    }
}

/// How long a store of the caller's is waited for by calls that are not to wait.
const STORE_PATIENCE: Duration = Duration::from_millis(100);

/// One bucket and the figure that counts for it at present.
struct Meter {
    key: LimitKey,
    /// Calls, and milliseconds of the window; 0 for no limit.
    figure: AtomicU64,
}

impl Meter {
    fn new(kind: LimitKind, slot: Slot, account: Option<&Arc<str>>, calls: Option<u32>) -> Self {
        let window = match slot {
            Slot::Short => 1_000,
            Slot::Long => 60_000,
        };
        Self {
            key: LimitKey::new(kind, slot, account.cloned()),
            figure: AtomicU64::new(calls.map_or(0, |calls| u64::from(calls) << 32 | window)),
        }
    }

    fn figure(&self) -> Option<Figure> {
        let packed = self.figure.load(Ordering::Relaxed);
        let calls = u32::try_from(packed >> 32).unwrap_or(u32::MAX);
        (calls > 0).then(|| Figure {
            calls,
            window: Duration::from_millis(packed & u64::from(u32::MAX)),
        })
    }

    fn set(&self, figure: Figure) {
        let window = u32::try_from(figure.window.as_millis())
            .unwrap_or(u32::MAX)
            .max(1);
        self.figure.store(
            u64::from(figure.calls) << 32 | u64::from(window),
            Ordering::Relaxed,
        );
    }

    /// One call, of which a tenth of all is kept from those who are not urgent.
    fn charge(&self, keeps: bool, urgent: bool) -> Option<Charge<'_>> {
        let figure = self.figure()?;
        Some(Charge {
            key: &self.key,
            figure,
            keep: if keeps { figure.calls / 10 } else { 0 },
            urgent,
        })
    }
}

/// Where calls of one kind line up.
#[derive(Default)]
struct Lane {
    waiting: AtomicU32,
    first: tokio::sync::Mutex<()>,
}

/// Counts one who waits, until dropped.
struct Waiting<'a>(&'a AtomicU32);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicU32) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The limits of one account. All its sessions have them in common.
pub(crate) struct Account {
    reads: [Meter; 2],
    writes: [Meter; 2],
    reading: Lane,
    placing: Lane,
    cancelling: Lane,
}

/// The limits of an address and of the accounts behind it.
pub(crate) struct Limiter {
    limits: RateLimits,
    store: Arc<dyn LimitStore>,
    address: Meter,
    sign_ins: Meter,
    /// Whether an answer has shown that order writes count for the address.
    address_holds_orders: AtomicBool,
    accounts: Mutex<HashMap<Arc<str>, Weak<Account>>>,
    signing_in: Lane,
    others: Lane,
}

/// The charges of a call: at most two buckets of its own and the address, those that there are first.
struct Charges<'a> {
    all: [Charge<'a>; 3],
    count: usize,
}

impl Limiter {
    pub(crate) fn new(limits: RateLimits) -> Result<Self, ConfigurationError> {
        limits.check()?;
        let part = |calls: Option<u32>| calls.map(|calls| limits.part(calls));
        Ok(Self {
            address: Meter::new(LimitKind::Address, Slot::Long, None, part(limits.address)),
            sign_ins: Meter::new(LimitKind::SignIns, Slot::Long, None, part(limits.sign_ins)),
            address_holds_orders: AtomicBool::new(false),
            accounts: Mutex::default(),
            signing_in: Lane::default(),
            others: Lane::default(),
            store: limits
                .store
                .clone()
                .unwrap_or_else(|| Arc::new(InProcess::default())),
            limits,
        })
    }

    /// What is known of the account of this name.
    pub(crate) fn account(&self, name: &str) -> Arc<Account> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|_, account| account.strong_count() > 0);
        if let Some(account) = accounts.get(name).and_then(Weak::upgrade) {
            return account;
        }
        let name: Arc<str> = name.into();
        let meters = |kind, figures: Option<(u32, u32)>| {
            let part = |calls: Option<u32>| calls.map(|calls| self.limits.part(calls));
            [
                Meter::new(
                    kind,
                    Slot::Short,
                    Some(&name),
                    part(figures.map(|figures| figures.0)),
                ),
                Meter::new(
                    kind,
                    Slot::Long,
                    Some(&name),
                    part(figures.map(|figures| figures.1)),
                ),
            ]
        };
        let account = Arc::new(Account {
            reads: meters(LimitKind::AccountReads, self.limits.reads),
            writes: meters(LimitKind::OrderWrites, self.limits.writes),
            reading: Lane::default(),
            placing: Lane::default(),
            cancelling: Lane::default(),
        });
        accounts.insert(name, Arc::downgrade(&account));
        account
    }

    /// What a call takes out, and where it lines up.
    fn charges<'a>(&'a self, counted: Counted, account: Option<&'a Account>) -> (Charges<'a>, &'a Lane) {
        let holds_orders = self.address_holds_orders.load(Ordering::Relaxed);
        let urgent = counted.is_urgent();
        let address = self.address.charge(!urgent, urgent);
        let (own, address, lane) = match (counted, account) {
            (Counted::Order, Some(account)) => {
                let own = account.writes.each_ref().map(|meter| meter.charge(true, false));
                (own, address.filter(|_| holds_orders), &account.placing)
            }
            (Counted::Cancel, Some(account)) => {
                let own = account.writes.each_ref().map(|meter| meter.charge(false, true));
                (own, address.filter(|_| holds_orders), &account.cancelling)
            }
            (Counted::AccountRead, Some(account)) => {
                let own = account.reads.each_ref().map(|meter| meter.charge(false, false));
                (own, address, &account.reading)
            }
            (Counted::SignIn, _) => (
                [self.sign_ins.charge(false, true), None],
                address,
                &self.signing_in,
            ),
            (Counted::Setup, _) => ([None, None], address, &self.signing_in),
            _ => ([None, None], address, &self.others),
        };
        let [short, long] = own;
        // Stands where there is no charge, and is never asked for.
        let none = Charge {
            key: &self.address.key,
            figure: Figure {
                calls: 1,
                window: Duration::ZERO,
            },
            keep: 0,
            urgent,
        };
        let mut charges = Charges {
            all: [none; 3],
            count: 0,
        };
        let there = [short, long, address].into_iter().flatten();
        for (place, charge) in charges.all.iter_mut().zip(there) {
            *place = charge;
            charges.count += 1;
        }
        (charges, lane)
    }

    /// Lets a call go if that needs no waiting and no asking elsewhere.
    pub(crate) fn goes(&self, counted: Counted, account: Option<&Account>) -> bool {
        let (charges, lane) = self.charges(counted, account);
        if lane.waiting.load(Ordering::Relaxed) > 0 {
            return false;
        }
        let charges = charges.list();
        charges.is_empty() || matches!(self.store.take(charges), Take::Now(Ok(())))
    }

    /// Lets a call go as soon as its limits do, behind those of its kind that came before it; or says how long it would have
    /// to wait, where that is more than `left`.
    pub(crate) async fn turn(
        &self,
        counted: Counted,
        account: Option<&Account>,
        left: impl Fn() -> Duration,
    ) -> Result<(), Duration> {
        let (charges, lane) = self.charges(counted, account);
        let before = lane.waiting.load(Ordering::Relaxed);
        let mut wait = charges.slowest().saturating_mul(before);
        // Nobody is before it, or it will not wait for them anyway.
        if before == 0 || wait > left() {
            match self.take(&charges, counted, left()).await {
                Ok(()) => return Ok(()),
                Err(own) => wait = wait.max(own),
            }
        }
        if wait > left() {
            return Err(wait);
        }
        let _waiting = Waiting::new(&lane.waiting);
        let first = tokio::time::timeout(left(), lane.first.lock());
        let Ok(_first) = first.await else {
            // Its time is up; those before it may wait for longer than they were thought to.
            let own = self.take(&charges, counted, Duration::ZERO).await;
            return own.map_err(|own| own.max(wait));
        };
        loop {
            // The figures may have changed in the meantime.
            let (charges, _) = self.charges(counted, account);
            let Err(wait) = self.take(&charges, counted, left()).await else {
                return Ok(());
            };
            if wait > left() {
                return Err(wait);
            }
            // A timer is no finer than this.
            tokio::time::sleep(wait.max(Duration::from_millis(1))).await;
        }
    }

    async fn take(&self, charges: &Charges<'_>, counted: Counted, left: Duration) -> Result<(), Duration> {
        // How long a store is waited for: urgent calls go without it, and others fail when their time is up.
        let patience = match counted.is_urgent() {
            true => STORE_PATIENCE,
            false => left.max(STORE_PATIENCE),
        };
        let charges = charges.list();
        if charges.is_empty() {
            return Ok(());
        }
        match self.store.take(charges) {
            Take::Now(outcome) => outcome,
            Take::Later(outcome) => match tokio::time::timeout(patience, outcome).await {
                Ok(outcome) => outcome,
                Err(_) if counted.is_urgent() => Ok(()),
                Err(_) => Err(patience),
            },
        }
    }

    /// Learns from an answer: the figures, what is left, and that nothing is.
    pub(crate) fn learn(
        &self,
        counted: Counted,
        account: Option<&Account>,
        status: StatusCode,
        headers: &HeaderMap,
    ) {
        let refused = status == StatusCode::TOO_MANY_REQUESTS;
        if !refused && !headers.contains_key(&LIMIT) && !headers.contains_key(&REMAINING) {
            return;
        }
        let said = Said::read(headers);
        let Some(meter) = self.meant(counted, account, said) else {
            return;
        };
        let Some(mut figure) = meter.figure() else {
            return;
        };
        if let Some(limit) = said.limit {
            figure.calls = self.limits.part(limit);
            figure.window = said.window.unwrap_or(figure.window);
            meter.set(figure);
        }
        let orders = matches!(counted, Counted::Order | Counted::Cancel);
        if orders && meter.key.kind() == LimitKind::Address {
            self.address_holds_orders.store(true, Ordering::Relaxed);
        }
        let keeps = orders || meter.key.kind() == LimitKind::Address;
        let Some(charge) = meter.charge(keeps, counted.is_urgent()) else {
            return;
        };
        if let Some(left) = said.left {
            let left = u64::from(left) * u64::from(self.limits.percent) / 100;
            let left = u32::try_from(left).unwrap_or(u32::MAX);
            self.store.observe(charge, Observation::Left(left));
        }
        // Signing in has waits of its own, which whoever asks for it can end.
        if refused && counted != Counted::SignIn {
            let wait = crate::error::retry_after(status, headers, SystemTime::now());
            self.store
                .observe(charge, Observation::Refused(wait.unwrap_or_default()));
        }
    }

    /// Which bucket an answer speaks of: the one whose figures it names, or else the call's own, of the same window if
    /// there is one.
    fn meant<'a>(&'a self, counted: Counted, account: Option<&'a Account>, said: Said) -> Option<&'a Meter> {
        let own: &[Meter] = match (counted, account) {
            (Counted::Order | Counted::Cancel, Some(account)) => &account.writes,
            (Counted::AccountRead, Some(account)) => &account.reads,
            (Counted::SignIn, _) => std::slice::from_ref(&self.sign_ins),
            _ => &[],
        };
        // The longer window first: most answers speak of it.
        let own = || own.iter().rev();
        let all = || own().chain([&self.address]);
        let named = said.limit.map(|limit| self.limits.part(limit)).and_then(|calls| {
            all().find(|meter| {
                meter.figure().is_some_and(|figure| {
                    figure.calls == calls && said.window.is_none_or(|window| window == figure.window)
                })
            })
        });
        named
            .or_else(|| {
                let window = said.window?;
                own().find(|meter| meter.figure().is_some_and(|figure| figure.window == window))
            })
            .or_else(|| own().next())
            // What goes with a session and has no bucket of its own may have one that nobody has published.
            .or_else(|| account.is_none().then_some(&self.address))
    }

    /// What is left, for the address and this account.
    pub(crate) fn states(&self, account: Option<&Account>) -> Vec<RateLimit> {
        let own = account
            .into_iter()
            .flat_map(|account| account.reads.iter().chain(&account.writes));
        [&self.address, &self.sign_ins]
            .into_iter()
            .chain(own)
            .filter_map(|meter| {
                let charge = meter.charge(false, false)?;
                Some(RateLimit {
                    kind: meter.key.kind(),
                    limit: charge.limit(),
                    window: charge.window(),
                    left: self.store.left(charge),
                })
            })
            .collect()
    }
}

impl<'a> Charges<'a> {
    fn list(&self) -> &[Charge<'a>] {
        self.all.get(..self.count).unwrap_or_default()
    }

    /// The longest time that one call takes to come back.
    fn slowest(&self) -> Duration {
        let costs = self
            .list()
            .iter()
            .map(|charge| charge.window() / charge.limit().max(1));
        costs.max().unwrap_or_default()
    }
}

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const WINDOW: HeaderName = HeaderName::from_static("x-ratelimit-window");

/// What the headers of an answer say of a limit.
#[derive(Clone, Copy)]
struct Said {
    limit: Option<u32>,
    left: Option<u32>,
    window: Option<Duration>,
}

impl Said {
    fn read(headers: &HeaderMap) -> Self {
        let number =
            |name: &HeaderName| -> Option<u32> { headers.get(name)?.to_str().ok()?.trim().parse().ok() };
        Self {
            // A limit of 0, or a window beyond the published ones, is none that can be kept to.
            limit: number(&LIMIT).filter(|limit| *limit > 0),
            left: number(&REMAINING),
            window: number(&WINDOW)
                .filter(|window| (1..=60).contains(window))
                .map(|window| Duration::from_secs(window.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use paradex_api::reqwest::StatusCode;
    use paradex_api::reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{Account, Counted, LimitKind, Limiter, RateLimits};

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

    fn left(limiter: &Limiter, account: &Account, kind: LimitKind) -> Vec<(u32, u64, u32)> {
        let states = limiter.states(Some(account)).into_iter();
        states
            .filter(|state| state.kind == kind)
            .map(|state| (state.limit, state.window.as_secs(), state.left.unwrap()))
            .collect()
    }

    async fn go(limiter: &Limiter, account: &Account, counted: Counted) -> Result<(), Duration> {
        limiter.turn(counted, Some(account), || Duration::ZERO).await
    }

    #[tokio::test]
    async fn each_call_is_counted_where_it_belongs() {
        let limiter = Limiter::new(RateLimits::published()).unwrap();
        let account = limiter.account("0x1");
        for counted in [
            Counted::Order,
            Counted::Cancel,
            Counted::AccountRead,
            Counted::SignIn,
            Counted::Other,
        ] {
            go(&limiter, &account, counted).await.unwrap();
        }
        assert_eq!(left(&limiter, &account, LimitKind::Address), [(1_500, 60, 1_497)]);
        assert_eq!(left(&limiter, &account, LimitKind::SignIns), [(600, 60, 599)]);
        // The short windows may have refilled in between.
        assert_eq!(
            left(&limiter, &account, LimitKind::AccountReads)[1],
            (600, 60, 599)
        );
        assert_eq!(
            left(&limiter, &account, LimitKind::OrderWrites)[1],
            (17_250, 60, 17_248)
        );
        // Another account has its own.
        let other = limiter.account("0x2");
        assert_eq!(left(&limiter, &other, LimitKind::AccountReads)[1], (600, 60, 600));
        assert!(std::sync::Arc::ptr_eq(&account, &limiter.account("0x1")));
    }

    #[tokio::test]
    async fn a_tenth_of_the_order_writes_is_for_cancels() {
        let limiter = Limiter::new(RateLimits::none().order_writes(1_000_000, 20)).unwrap();
        let account = limiter.account("0x1");
        for _ in 0..18 {
            go(&limiter, &account, Counted::Order).await.unwrap();
        }
        go(&limiter, &account, Counted::Order).await.unwrap_err();
        for _ in 0..2 {
            go(&limiter, &account, Counted::Cancel).await.unwrap();
        }
        go(&limiter, &account, Counted::Cancel).await.unwrap_err();
        // And reads never hold an order up.
        go(&limiter, &account, Counted::AccountRead).await.unwrap();
    }

    #[tokio::test]
    async fn orders_count_for_the_address_once_an_answer_shows_that_they_do() {
        let limiter = Limiter::new(RateLimits::published().per_address(100)).unwrap();
        let account = limiter.account("0x1");
        go(&limiter, &account, Counted::Order).await.unwrap();
        let orders = headers(&[("x-ratelimit-limit", "17250"), ("x-ratelimit-window", "60")]);
        limiter.learn(Counted::Order, Some(&account), OK, &orders);
        go(&limiter, &account, Counted::Order).await.unwrap();
        assert_eq!(left(&limiter, &account, LimitKind::Address), [(100, 60, 100)]);
        let address = headers(&[
            ("x-ratelimit-limit", "100"),
            ("x-ratelimit-remaining", "11"),
            ("x-ratelimit-window", "60"),
        ]);
        limiter.learn(Counted::Order, Some(&account), OK, &address);
        go(&limiter, &account, Counted::Order).await.unwrap();
        assert_eq!(left(&limiter, &account, LimitKind::Address)[0].2, 10);
        go(&limiter, &account, Counted::Order).await.unwrap_err();
        go(&limiter, &account, Counted::Other).await.unwrap_err();
        go(&limiter, &account, Counted::Cancel).await.unwrap();
    }

    #[tokio::test]
    async fn what_the_exchange_says_wins() {
        let limiter = Limiter::new(RateLimits::published().percent(50)).unwrap();
        let account = limiter.account("0x1");
        let said = headers(&[
            ("x-ratelimit-limit", "40"),
            ("x-ratelimit-remaining", "6"),
            ("x-ratelimit-window", "10"),
        ]);
        limiter.learn(Counted::AccountRead, Some(&account), OK, &said);
        assert_eq!(left(&limiter, &account, LimitKind::AccountReads)[1], (20, 10, 3));
        // Of the same limit it speaks again, though the figure is another one now.
        limiter.learn(Counted::AccountRead, Some(&account), OK, &said);
        assert_eq!(left(&limiter, &account, LimitKind::AccountReads)[0].0, 60);
        let refused = headers(&[("retry-after", "7")]);
        limiter.learn(
            Counted::AccountRead,
            Some(&account),
            StatusCode::TOO_MANY_REQUESTS,
            &refused,
        );
        let wait = go(&limiter, &account, Counted::AccountRead).await.unwrap_err();
        assert!(wait > Duration::from_secs(6), "{wait:?}");
        go(&limiter, &account, Counted::Order).await.unwrap();
        go(&limiter, &account, Counted::Other).await.unwrap();
    }

    #[test]
    fn nonsense_in_a_header_changes_nothing() {
        let limiter = Limiter::new(RateLimits::published()).unwrap();
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
                Counted::AccountRead,
                Some(&account),
                OK,
                &headers(&[(name, value)]),
            );
            assert_eq!(
                left(&limiter, &account, LimitKind::AccountReads),
                [(120, 1, 120), (600, 60, 600)]
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_go_in_the_order_in_which_they_came() {
        let limiter = Limiter::new(RateLimits::none().order_writes(1_000_000, 60)).unwrap();
        let account = limiter.account("0x1");
        for _ in 0..60 {
            go(&limiter, &account, Counted::Cancel).await.unwrap();
        }
        let gone = std::sync::Mutex::new(Vec::new());
        let call = |counted, name| {
            let (limiter, account, gone) = (&limiter, &account, &gone);
            async move {
                let turn = limiter.turn(counted, Some(account), || Duration::from_secs(3_600));
                turn.await.unwrap();
                gone.lock().unwrap().push(name);
            }
        };
        // Seven placements, which leave six calls for cancels, and then two cancels, which overtake them.
        let placements = futures_util::future::join_all((1..=3).map(|name| call(Counted::Order, name)));
        let cancels = futures_util::future::join_all((11..=12).map(|name| call(Counted::Cancel, name)));
        futures_util::future::join(placements, cancels).await;
        assert_eq!(*gone.lock().unwrap(), [11, 12, 1, 2, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_does_not_wait_does_not_wait_for_cancels_either() {
        let limiter = Limiter::new(RateLimits::none().order_writes(1_000_000, 60_000)).unwrap();
        let account = limiter.account("0x1");
        // Down to what is kept for cancels, at a call a millisecond.
        while go(&limiter, &account, Counted::Order).await.is_ok() {}
        let start = tokio::time::Instant::now();
        let cancels = async {
            let mut tick = tokio::time::interval(Duration::from_millis(1));
            for _ in 0..3_000 {
                tick.tick().await;
                let _ = go(&limiter, &account, Counted::Cancel).await;
            }
        };
        let end = start + Duration::from_millis(5);
        let left = || end.saturating_duration_since(tokio::time::Instant::now());
        let order = async {
            let outcome = limiter.turn(Counted::Order, Some(&account), left).await;
            (outcome, start.elapsed())
        };
        let (_, (outcome, took)) = futures_util::future::join(cancels, order).await;
        assert!(took <= Duration::from_millis(10), "{outcome:?} after {took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_wait_that_is_reported_is_no_less_than_that_of_those_before() {
        let limiter = Limiter::new(RateLimits::published()).unwrap();
        let account = limiter.account("0x1");
        let no = headers(&[("retry-after", "30")]);
        let refused = StatusCode::TOO_MANY_REQUESTS;
        limiter.learn(Counted::Order, Some(&account), refused, &no);
        let patient = limiter.turn(Counted::Order, Some(&account), || Duration::from_secs(35));
        let hasty = async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let left = || Duration::from_millis(5);
            limiter.turn(Counted::Order, Some(&account), left).await
        };
        let (_, hasty) = futures_util::future::join(patient, hasty).await;
        assert!(hasty.unwrap_err() > Duration::from_secs(20), "{hasty:?}");
        // A cancel asks all the same.
        go(&limiter, &account, Counted::Cancel).await.unwrap();
    }

    #[tokio::test]
    async fn a_figure_of_somebody_elses_does_not_become_the_addresss() {
        let limiter = Limiter::new(RateLimits::published()).unwrap();
        let account = limiter.account("0x1");
        let said = headers(&[
            ("x-ratelimit-limit", "10"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-window", "60"),
        ]);
        limiter.learn(Counted::Other, Some(&account), OK, &said);
        assert_eq!(left(&limiter, &account, LimitKind::Address), [(1_500, 60, 1_500)]);
    }

    #[test]
    fn what_lets_nothing_through_is_refused() {
        for limits in [
            RateLimits::published().per_address(0),
            RateLimits::none().order_writes(1, 0),
            RateLimits::none().percent(0),
            RateLimits::none().percent(101),
        ] {
            assert!(Limiter::new(limits.clone()).is_err(), "{limits:?}");
        }
    }
}
