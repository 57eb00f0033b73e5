//! What waits to be read.

use std::collections::VecDeque;

use super::fills::Verified;
use super::update::{AccountUpdate, Reconciliation};

/// What waits to be read.
pub(super) enum Entry {
    Update(AccountUpdate),
    /// The fills that are known by now, for the cursor.
    Verified(Verified),
}

pub(super) struct Queue {
    entries: VecDeque<Entry>,
    /// The updates among the entries.
    updates: usize,
    /// The records of these updates.
    records: usize,
    capacity: usize,
}

impl Queue {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            updates: 0,
            records: 0,
            capacity,
        }
    }

    /// Whether the program reads too slowly for another event.
    pub(super) fn is_full(&self) -> bool {
        self.updates >= self.capacity
    }

    /// Whether the program reads too slowly for another reconciliation, which has many records.
    pub(super) fn is_full_of_records(&self) -> bool {
        self.updates > 0 && self.records >= self.capacity
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn extend(&mut self, updates: impl IntoIterator<Item = AccountUpdate>) {
        for update in updates {
            self.updates += 1;
            self.records += records(&update);
            self.entries.push_back(Entry::Update(update));
        }
    }

    /// Of two that follow each other, the later one says more.
    pub(super) fn push_verified(&mut self, verified: Verified) {
        match self.entries.back_mut() {
            Some(Entry::Verified(last)) => *last = verified,
            _ => self.entries.push_back(Entry::Verified(verified)),
        }
    }

    pub(super) fn pop(&mut self) -> Option<Entry> {
        let entry = self.entries.pop_front();
        if let Some(Entry::Update(update)) = &entry {
            self.updates -= 1;
            self.records -= records(update);
        }
        entry
    }

    /// Counts a dropped event in the loss that waits last.
    pub(super) fn count_dropped(&mut self) {
        if let Some(Entry::Update(AccountUpdate::Lost(lost))) = self.entries.back_mut() {
            lost.dropped = lost.dropped.saturating_add(1);
        }
    }
}

fn records(update: &AccountUpdate) -> usize {
    match update {
        AccountUpdate::Reconciled(found) => {
            let Reconciliation {
                orders,
                closed_meanwhile,
                fills_found,
                positions,
                unresolved,
                ..
            } = &**found;
            1 + orders.len()
                + closed_meanwhile.len()
                + fills_found.len()
                + positions.len()
                + unresolved.orders.len()
        }
        _ => 1,
    }
}
