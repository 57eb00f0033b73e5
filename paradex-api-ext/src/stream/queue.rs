//! The bounded queue of a feed. The reader of the socket never waits for it.
//!
//! Dropped entries are older than the kept entries of the same market. The `Lost` and `Live` that replace them are stored by market
//! and delivered first.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::SystemTime;

use super::market::Market;
use super::update::{Live, LossCause, Lost, StreamError, Update};

/// What a feed does when the program reads it too slowly and its queue is full.
#[doc(alias = "backpressure")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Lag {
    /// Keeps the newest item of each market, and says how many were dropped. It is the default for quotes, summaries and funding.
    Latest,
    /// Drops the oldest items, and says how many. It is the default for trades and market events.
    Drop,
    /// Ends the feed with [`StreamError::Lagged`].
    End,
}

/// Which market an entry is about; `None` for all of the feed.
type Key = Option<Market>;

enum Entry<T> {
    Item(Market, T),
    Lost(Lost),
    Live(Live),
}

impl<T> Entry<T> {
    fn key(&self) -> Key {
        match self {
            Self::Item(market, _) => Some(market.clone()),
            Self::Lost(lost) => lost.market.clone(),
            Self::Live(live) => live.market.clone(),
        }
    }
}

/// The entries that `Lag::Latest` keeps. Consecutive `Lost` and `Live` entries of a key are merged into one pair.
struct Kept<T> {
    entries: Vec<Option<Entry<T>>>,
    markets: HashSet<Market>,
    /// Where the last loss and the last `Live` of a key are, if no item follows.
    words: HashMap<Key, (Option<usize>, Option<usize>)>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            markets: HashSet::new(),
            words: HashMap::new(),
        }
    }
}

impl<T> Kept<T> {
    fn push(&mut self, entry: Entry<T>) {
        let place = self.entries.len();
        match &entry {
            Entry::Item(market, _) => {
                self.words.remove(&Some(market.clone()));
                self.words.remove(&None);
                self.markets.insert(market.clone());
            }
            Entry::Lost(lost) => {
                let (first, live) = self.words.entry(entry.key()).or_default();
                if let Some(first) = first.and_then(|place| self.entries.get_mut(place)) {
                    if let Some(Entry::Lost(first)) = first {
                        first.dropped = first.dropped.saturating_add(lost.dropped);
                    }
                    if let Some(live) = live.take().and_then(|place| self.entries.get_mut(place)) {
                        *live = None;
                    }
                    return;
                }
                *first = Some(place);
            }
            Entry::Live(_) => {
                let (_, live) = self.words.entry(entry.key()).or_default();
                let earlier = live.replace(place);
                if let Some(earlier) = earlier.and_then(|place| self.entries.get_mut(place)) {
                    *earlier = None;
                }
            }
        }
        self.entries.push(Some(entry));
    }
}

/// What dropped entries leave to be said, in this order.
#[derive(Default)]
struct Owed {
    lost: Option<Lost>,
    live: Option<Live>,
}

pub(super) struct Queue<T> {
    lag: Lag,
    capacity: usize,
    /// The number of entries at which `Lag::Latest` drops: the capacity, or more if there are more markets.
    limit: usize,
    entries: VecDeque<Entry<T>>,
    /// When the queue was last empty. Each entry that waits arrived later.
    waiting_since: SystemTime,
    owed: HashMap<Key, Owed>,
    owed_order: VecDeque<Key>,
    /// The last `Live` that was queued, which a market is told after items of it were dropped.
    last_live: Option<Live>,
    ended: Option<StreamError>,
}

impl<T> Queue<T> {
    pub(super) fn new(lag: Lag, capacity: usize) -> Self {
        let capacity = capacity.max(1);
        Self {
            lag,
            capacity,
            limit: capacity,
            entries: VecDeque::new(),
            waiting_since: SystemTime::now(),
            owed: HashMap::new(),
            owed_order: VecDeque::new(),
            last_live: None,
            ended: None,
        }
    }

    pub(super) fn push_item(&mut self, market: Market, item: T) {
        self.push(Entry::Item(market, item));
    }

    pub(super) fn push_lost(&mut self, lost: Lost) {
        self.push(Entry::Lost(lost));
    }

    pub(super) fn push_live(&mut self, live: Live) {
        self.last_live = Some(live.clone());
        self.push(Entry::Live(live));
    }

    /// Ends the feed, once what is queued has been read.
    pub(super) fn end(&mut self, error: StreamError) {
        self.ended.get_or_insert(error);
    }

    pub(super) fn error(&self) -> Option<&StreamError> {
        if self.entries.is_empty() && self.owed_order.is_empty() {
            self.ended.as_ref()
        } else {
            None
        }
    }

    fn push(&mut self, entry: Entry<T>) {
        if self.ended.is_some() {
            return;
        }
        if self.entries.is_empty() {
            self.waiting_since = SystemTime::now();
        }
        match self.lag {
            Lag::End if self.entries.len() >= self.capacity => {
                let capacity = self.capacity;
                self.end(StreamError::Lagged { capacity });
                return;
            }
            Lag::Drop => {
                while self.entries.len() >= self.capacity {
                    let Some(oldest) = self.entries.pop_front() else {
                        break;
                    };
                    self.drop_entry(oldest);
                }
            }
            Lag::Latest if self.entries.len() >= self.limit => {
                self.keep_latest();
                // Each pass drops at least half of the queue, so it costs little for each entry.
                self.limit = self.capacity.max(self.entries.len().saturating_mul(2));
            }
            _ => {}
        }
        self.entries.push_back(entry);
    }

    /// Keeps the newest item of each market, and the words that follow it.
    fn keep_latest(&mut self) {
        let mut newest = HashSet::new();
        let mut is_newest = vec![false; self.entries.len()];
        for (is_newest, entry) in is_newest.iter_mut().zip(&self.entries).rev() {
            if let Entry::Item(market, _) = entry {
                *is_newest = newest.insert(market.clone());
            }
        }
        let mut kept = Kept::default();
        for (is_newest, entry) in is_newest.into_iter().zip(std::mem::take(&mut self.entries)) {
            let stays = match &entry {
                Entry::Item(..) => is_newest,
                // A word stays behind the item that it follows. Without one it can be delivered first.
                Entry::Lost(_) | Entry::Live(_) => match entry.key() {
                    Some(market) => kept.markets.contains(&market),
                    None => !kept.markets.is_empty(),
                },
            };
            if stays {
                kept.push(entry);
            } else {
                self.drop_entry(entry);
            }
        }
        self.entries = kept.entries.into_iter().flatten().collect();
    }

    /// Notes what a dropped entry leaves to be said.
    fn drop_entry(&mut self, entry: Entry<T>) {
        let key = entry.key();
        if !self.owed.contains_key(&key) {
            self.owed_order.push_back(key.clone());
        }
        let owed = self.owed.entry(key.clone()).or_default();
        match entry {
            Entry::Item(market, _) => {
                let lost = owed.lost.get_or_insert_with(|| {
                    #[cfg(feature = "metrics")]
                    metrics::counter!("paradex_stream_losses_total", "cause" => LossCause::Lagged.as_str())
                        .increment(1);
                    Lost {
                        cause: LossCause::Lagged,
                        since: self.waiting_since,
                        market: Some(market.clone()),
                        dropped: 0,
                    }
                });
                lost.dropped = lost.dropped.saturating_add(1);
                // An item is only queued while its market is live.
                let cause = lost.cause;
                owed.live = self.last_live.clone().map(|live| Live {
                    market: Some(market),
                    after: Some(cause),
                    ..live
                });
            }
            Entry::Lost(lost) => {
                match &mut owed.lost {
                    Some(first) => first.dropped = first.dropped.saturating_add(lost.dropped),
                    None => owed.lost = Some(lost),
                }
                owed.live = None;
            }
            Entry::Live(live) => owed.live = Some(live),
        }
    }

    pub(super) fn pop(&mut self) -> Option<Update<T>> {
        while let Some(key) = self.owed_order.front() {
            if let Some(owed) = self.owed.get_mut(key) {
                if let Some(lost) = owed.lost.take() {
                    return Some(Update::Lost(lost));
                }
                if let Some(live) = owed.live.take() {
                    return Some(Update::Live(live));
                }
                self.owed.remove(key);
            }
            self.owed_order.pop_front();
        }
        let entry = self.entries.pop_front()?;
        if self.entries.is_empty() {
            self.limit = self.capacity;
        }
        Some(match entry {
            Entry::Item(_, item) => Update::Item(item),
            Entry::Lost(lost) => Update::Lost(lost),
            Entry::Live(live) => Update::Live(live),
        })
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.entries.len() + self.owed.len()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::time::SystemTime;

    use proptest::prelude::*;

    use super::{Lag, Live, LossCause, Lost, Market, Queue, StreamError, Update};

    fn lost(market: Option<&str>) -> Lost {
        Lost {
            cause: LossCause::Disconnected,
            since: SystemTime::UNIX_EPOCH,
            market: market.map(Market::from),
            dropped: 0,
        }
    }

    fn live(market: Option<&str>) -> Live {
        Live {
            connection: 1,
            schema_version: 2,
            market: market.map(Market::from),
            after: None,
        }
    }

    fn texts(queue: &mut Queue<u32>) -> Vec<String> {
        std::iter::from_fn(|| queue.pop())
            .map(|update| match update {
                Update::Item(item) => item.to_string(),
                Update::Lost(lost) => {
                    let market = lost.market().map_or("all", Market::as_str);
                    format!("lost {market} {} {}", lost.cause().as_str(), lost.dropped())
                }
                Update::Live(live) => format!("live {}", live.market().map_or("all", Market::as_str)),
            })
            .collect()
    }

    #[test]
    fn latest_keeps_the_newest_item_of_each_market_and_counts_the_others() {
        let mut queue = Queue::new(Lag::Latest, 4);
        queue.push_live(live(None));
        for item in 1..=3 {
            queue.push_item("X".into(), item);
        }
        queue.push_item("Y".into(), 9);
        queue.push_item("X".into(), 4);
        assert_eq!(
            texts(&mut queue),
            ["live all", "lost X lagged 2", "live X", "3", "9", "4"]
        );
    }

    #[test]
    fn drop_drops_the_oldest_items_and_says_so_first() {
        let mut queue = Queue::new(Lag::Drop, 2);
        for item in 1..=5 {
            queue.push_live(live(None));
            queue.push_item("X".into(), item);
        }
        let texts = texts(&mut queue);
        assert_eq!(texts.iter().filter(|text| text.starts_with("lost")).count(), 1);
        assert!(texts.contains(&"lost X lagged 4".to_owned()), "{texts:?}");
        assert_eq!(texts.last().unwrap(), "5");
    }

    #[test]
    fn loss_survives_when_its_word_is_dropped() {
        for lag in [Lag::Latest, Lag::Drop] {
            let mut queue = Queue::new(lag, 3);
            queue.push_item("X".into(), 1);
            queue.push_lost(lost(None));
            queue.push_live(live(None));
            for item in 2..=20 {
                queue.push_item("X".into(), item);
            }
            let texts = texts(&mut queue);
            assert!(
                texts.contains(&"lost all disconnected 0".to_owned()),
                "{lag:?} {texts:?}"
            );
            assert_eq!(texts.last().unwrap(), "20");
        }
    }

    #[test]
    fn dropped_items_are_lost_since_the_queue_was_last_empty() {
        for lag in [Lag::Latest, Lag::Drop] {
            let mut queue = Queue::new(lag, 2);
            let before = SystemTime::now();
            queue.push_item("X".into(), 1);
            let first = SystemTime::now();
            while SystemTime::now() <= first {}
            for item in 2..=5 {
                queue.push_item("X".into(), item);
            }
            let Some(Update::Lost(lost)) = queue.pop() else {
                panic!("nothing was lost")
            };
            assert!((before..=first).contains(&lost.since()), "{lag:?}");
        }
    }

    #[test]
    fn end_ends_after_what_is_queued() {
        let mut queue = Queue::new(Lag::End, 2);
        for item in 1..=5 {
            queue.push_item("X".into(), item);
        }
        assert_eq!(queue.error(), None);
        assert_eq!(texts(&mut queue), ["1", "2"]);
        assert_eq!(queue.error(), Some(&StreamError::Lagged { capacity: 2 }));
    }

    #[derive(Debug, Clone)]
    enum Step {
        Item(usize),
        /// Lost, and live again, for one market or all.
        Words(Option<usize>),
        Pop(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            6 => (0..4usize).prop_map(Step::Item),
            1 => proptest::option::of(0..4usize).prop_map(Step::Words),
            2 => (0..6usize).prop_map(Step::Pop),
        ]
    }

    proptest! {
        /// Each market's items arrive in order; what is missing is counted before the next one; between a loss and the next item
        /// stands `Live`; and the queue does not grow.
        #[test]
        fn items_and_counted_drops_are_everything(steps in prop::collection::vec(step(), 1..400), keep_latest: bool) {
            let lag = if keep_latest { Lag::Latest } else { Lag::Drop };
            let names = ["A", "B", "C", "D"];
            let mut queue = Queue::new(lag, 8);
            let mut pushed = [0u64; 4];
            let mut words = [0u64; 4];
            let mut read: HashMap<&str, u64> = HashMap::new();
            let mut seen_words = [0u64; 4];
            let mut counted: HashMap<String, u64> = HashMap::new();
            let mut is_live: HashMap<String, bool> = HashMap::new();
            let mut told_words: HashMap<String, bool> = HashMap::new();
            queue.push_live(live(None));
            let mut check = |update: Update<(usize, u64, u64)>| -> Result<(), TestCaseError> {
                match update {
                    Update::Item((market, number, words)) => {
                        let name = names[market];
                        let dropped = counted.remove(name).unwrap_or(0);
                        let last = read.insert(name, number).unwrap_or(0);
                        prop_assert_eq!(number, last + dropped + 1, "{}", name);
                        prop_assert!(is_live.get(name).copied().unwrap_or(true));
                        // A loss between two items is told between them.
                        let told = told_words.remove(name).unwrap_or(false);
                        prop_assert!(words == seen_words[market] || told);
                        seen_words[market] = words;
                    }
                    Update::Lost(lost) => match lost.market() {
                        Some(market) => {
                            *counted.entry(market.to_string()).or_default() += lost.dropped();
                            is_live.insert(market.to_string(), false);
                            told_words.insert(market.to_string(), true);
                        }
                        None => {
                            for name in names {
                                is_live.insert(name.to_owned(), false);
                                told_words.insert(name.to_owned(), true);
                            }
                        }
                    },
                    Update::Live(live) => match live.market() {
                        Some(market) => {
                            is_live.insert(market.to_string(), true);
                        }
                        None => {
                            for name in names {
                                is_live.insert(name.to_owned(), true);
                            }
                        }
                    },
                }
                Ok(())
            };
            for step in steps {
                match step {
                    Step::Item(market) => {
                        pushed[market] += 1;
                        queue.push_item(names[market].into(), (market, pushed[market], words[market]));
                    }
                    Step::Words(market) => {
                        let name = market.map(|market| names[market]);
                        for (index, words) in words.iter_mut().enumerate() {
                            *words += u64::from(market.is_none_or(|market| market == index));
                        }
                        queue.push_lost(lost(name));
                        queue.push_live(live(name));
                    }
                    Step::Pop(count) => {
                        for update in std::iter::from_fn(|| queue.pop()).take(count) {
                            check(update)?;
                        }
                    }
                }
                prop_assert!(queue.len() <= 8 * 5, "{}", queue.len());
            }
            while let Some(update) = queue.pop() {
                check(update)?;
            }
            for (name, pushed) in names.iter().zip(pushed) {
                let told = counted.get(*name).copied().unwrap_or(0);
                prop_assert_eq!(read.get(name).copied().unwrap_or(0) + told, pushed);
            }
        }
    }
}
