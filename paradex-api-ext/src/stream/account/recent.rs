//! A set that forgets its oldest entries.

use std::borrow::Borrow;
use std::collections::{HashSet, VecDeque};
use std::hash::Hash;

#[derive(Debug)]
pub(super) struct Recent<T> {
    entries: HashSet<T>,
    order: VecDeque<T>,
    capacity: usize,
}

impl<T: Clone + Eq + Hash> Recent<T> {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            entries: HashSet::new(),
            order: VecDeque::new(),
            capacity,
        }
    }

    /// Adds an entry, and returns whether it is new.
    pub(super) fn insert(&mut self, entry: T) -> bool {
        if !self.entries.insert(entry.clone()) {
            return false;
        }
        self.order.push_back(entry);
        if self.order.len() > self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.entries.remove(&oldest);
        }
        true
    }

    pub(super) fn contains<Q: Eq + Hash + ?Sized>(&self, entry: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.entries.contains(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::Recent;

    #[test]
    fn oldest_entry_is_forgotten_first() {
        let mut recent = Recent::new(2);
        assert!(recent.insert(1) && recent.insert(2) && !recent.insert(1) && recent.insert(3));
        assert!(!recent.contains(&1) && recent.contains(&2) && recent.contains(&3));
    }
}
