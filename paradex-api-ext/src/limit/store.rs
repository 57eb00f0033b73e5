//! Where it is kept what is left.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::level::{Figure, Level};

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitKind {
    /// Calls from one address, but for order writes.
    Address,
    /// Sign-ins and onboarding from one address.
    SignIns,
    /// Reads of one account's own things.
    AccountReads,
    /// Order writes of one account: placing, changing, cancelling. A batch counts once.
    OrderWrites,
}

impl LimitKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::SignIns => "sign-ins",
            Self::AccountReads => "account-reads",
            Self::OrderWrites => "order-writes",
        }
    }
}

/// Which of two windows of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Slot {
    Short,
    Long,
}

/// The name of one bucket. As text it is a key for a store of your own, for example `order-writes/long/0x123`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitKey {
    kind: LimitKind,
    slot: Slot,
    account: Option<Arc<str>>,
    /// Of the others, worked out once, because every call looks for some of them.
    hash: u64,
}

impl Hash for LimitKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

/// Takes the hash of a [`LimitKey`] as it is.
#[derive(Debug, Default)]
struct Ready(u64);

impl Hasher for Ready {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl LimitKey {
    pub(super) fn new(kind: LimitKind, slot: Slot, account: Option<Arc<str>>) -> Self {
        let mut hasher = DefaultHasher::new();
        (kind, slot, &account).hash(&mut hasher);
        let hash = hasher.finish();
        Self {
            kind,
            slot,
            account,
            hash,
        }
    }

    /// What it counts.
    pub fn kind(&self) -> LimitKind {
        self.kind
    }

    /// The account that it counts for, or else a name of the credential; nothing where it counts for the address.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }
}

impl fmt::Display for LimitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slot = match self.slot {
            Slot::Short => "short",
            Slot::Long => "long",
        };
        write!(f, "{}/{slot}", self.kind.as_str())?;
        match &self.account {
            Some(account) => write!(f, "/{account}"),
            None => Ok(()),
        }
    }
}

/// One call to be taken out of one bucket.
#[derive(Debug, Clone, Copy)]
pub struct Charge<'a> {
    pub(super) key: &'a LimitKey,
    pub(super) figure: Figure,
    pub(super) keep: u32,
    pub(super) urgent: bool,
}

impl<'a> Charge<'a> {
    /// Which bucket.
    pub fn key(&self) -> &'a LimitKey {
        self.key
    }

    /// How many calls it holds.
    pub fn limit(&self) -> u32 {
        self.figure.calls
    }

    /// Within which time it fills.
    pub fn window(&self) -> Duration {
        self.figure.window
    }

    /// How many calls have to be left in it for others, who are more urgent.
    pub fn keep(&self) -> u32 {
        self.keep
    }

    /// Whether the call is urgent: a cancel, or what a session is made with. That others were refused does not hold it back.
    pub fn is_urgent(&self) -> bool {
        self.urgent
    }
}

/// What the exchange said of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Observation {
    /// So many calls were left.
    Left(u32),
    /// It was empty, and lets nothing through for so long.
    Refused(Duration),
}

/// What [`LimitStore::take`] answers.
pub enum Take<'a> {
    /// It is decided: the call may go, or it may ask again after this time.
    Now(Result<(), Duration>),
    /// Somebody else has to be asked.
    Later(Pin<Box<dyn Future<Output = Result<(), Duration>> + Send + 'a>>),
}

impl fmt::Debug for Take<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now(outcome) => f.debug_tuple("Now").field(outcome).finish(),
            Self::Later(_) => f.write_str("Later(..)"),
        }
    }
}

/// Keeps what is left of the limits, for several processes that share an account or an address. Without one each process
/// counts for itself; see also [`RateLimits::percent`](super::RateLimits::percent).
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
/// use std::time::Duration;
/// use paradex_api_ext::limits::{Charge, LimitStore, Observation, Take};
///
/// /// Counts in windows. A real one would ask a server, in `Take::Later`.
/// #[derive(Default)]
/// struct Windows(Mutex<HashMap<String, u32>>);
///
/// impl LimitStore for Windows {
///     fn take<'a>(&'a self, charges: &'a [Charge<'a>]) -> Take<'a> {
///         let Ok(mut used) = self.0.lock() else { return Take::Now(Ok(())) };
///         for charge in charges {
///             let used = used.get(&charge.key().to_string()).copied().unwrap_or(0);
///             if used + charge.keep() >= charge.limit() {
///                 return Take::Now(Err(charge.window()));
///             }
///         }
///         for charge in charges {
///             *used.entry(charge.key().to_string()).or_default() += 1;
///         }
///         Take::Now(Ok(()))
///     }
///
///     fn observe(&self, _: Charge<'_>, _: Observation) {}
///
///     fn left(&self, charge: Charge<'_>) -> Option<u32> {
///         let used = self.0.lock().ok()?.get(&charge.key().to_string()).copied();
///         Some(charge.limit() - used.unwrap_or(0))
///     }
/// }
/// ```
pub trait LimitStore: Send + Sync + 'static {
    /// Takes one call out of each of these buckets, or out of none and says after which time to ask again. A future that is
    /// dropped before it was polled has taken nothing.
    ///
    /// What is urgent goes without an answer after a tenth of a second. A store that cannot be reached decides for itself: `Ok` lets the call go, and the exchange counts all the same.
    fn take<'a>(&'a self, charges: &'a [Charge<'a>]) -> Take<'a>;

    /// What the exchange said of a bucket. It must return at once; a store behind a network hands it on.
    fn observe(&self, charge: Charge<'_>, seen: Observation);

    /// How many calls a bucket holds, as far as is known here.
    fn left(&self, charge: Charge<'_>) -> Option<u32>;
}

/// The store of one process.
#[derive(Debug, Default)]
pub(super) struct InProcess(Mutex<Levels>);

type Levels = HashMap<LimitKey, Level, BuildHasherDefault<Ready>>;

/// Accounts come and go; buckets that are full say nothing and are dropped beyond this.
const MOST_BUCKETS: usize = 4_096;

impl InProcess {
    fn levels(&self) -> MutexGuard<'_, Levels> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_at(&self, now: Instant, charges: &[Charge<'_>]) -> Result<(), Duration> {
        let mut levels = self.levels();
        let wait = charges
            .iter()
            .map(|charge| {
                let level = levels.get(charge.key).copied();
                let level = level.unwrap_or_else(|| Level::new(now));
                level.wait(now, charge.figure, charge.keep, charge.urgent)
            })
            .max()
            .unwrap_or_default();
        if !wait.is_zero() {
            return Err(wait);
        }
        for charge in charges {
            match levels.get_mut(charge.key) {
                Some(level) => level.take(now, charge.figure),
                None => {
                    if levels.len() >= MOST_BUCKETS {
                        levels.retain(|_, level| !level.is_full(now));
                    }
                    let mut level = Level::new(now);
                    level.take(now, charge.figure);
                    levels.insert(charge.key.clone(), level);
                }
            }
        }
        Ok(())
    }
}

/// The time that sleeping follows, which a test can stop.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

impl LimitStore for InProcess {
    fn take<'a>(&'a self, charges: &'a [Charge<'a>]) -> Take<'a> {
        Take::Now(self.take_at(now(), charges))
    }

    fn observe(&self, charge: Charge<'_>, seen: Observation) {
        let now = now();
        let mut levels = self.levels();
        let level = levels
            .entry(charge.key.clone())
            .or_insert_with(|| Level::new(now));
        match seen {
            Observation::Left(left) => level.seen(now, charge.figure, left),
            Observation::Refused(wait) => level.refused(now, charge.figure, charge.keep, charge.urgent, wait),
        }
    }

    fn left(&self, charge: Charge<'_>) -> Option<u32> {
        let now = now();
        let level = self.levels().get(charge.key).copied();
        let level = level.unwrap_or_else(|| Level::new(now));
        Some(level.left(now, charge.figure))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Charge, Figure, InProcess, LimitKey, LimitKind, Slot};

    #[test]
    fn all_buckets_give_or_none_does() {
        let key = |kind| LimitKey::new(kind, Slot::Long, None);
        let (one, other) = (key(LimitKind::Address), key(LimitKind::SignIns));
        let charge = |key, calls| Charge {
            key,
            figure: Figure {
                calls,
                window: Duration::from_secs(60),
            },
            keep: 0,
            urgent: false,
        };
        let (store, now) = (InProcess::default(), Instant::now());
        let both = [charge(&one, 3), charge(&other, 1)];
        store.take_at(now, &both).unwrap();
        for _ in 0..5 {
            assert_eq!(store.take_at(now, &both), Err(Duration::from_secs(60)));
        }
        // Those that were refused took nothing out of the first.
        store.take_at(now, &both[..1]).unwrap();
        store.take_at(now, &both[..1]).unwrap();
        assert_eq!(store.take_at(now, &both[..1]), Err(Duration::from_secs(20)));
    }

    #[test]
    fn a_key_is_a_text_without_surprises() {
        let key = LimitKey::new(LimitKind::OrderWrites, Slot::Short, Some("0x12".into()));
        assert_eq!(key.to_string(), "order-writes/short/0x12");
    }
}
