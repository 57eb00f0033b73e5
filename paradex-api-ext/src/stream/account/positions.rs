//! The positions of the account, by market.

use std::collections::{BTreeMap, BTreeSet};

use paradex_api::Decimal;
use paradex_api::types::{Position, PositionStatus};

#[derive(Debug, Default)]
pub(super) struct Positions {
    by_market: BTreeMap<String, Known>,
}

#[derive(Debug)]
struct Known {
    position: Position,
    /// Whether an event gave it since the last list was asked for.
    is_fresh: bool,
    /// The number of events of it, also of those that changed nothing.
    revision: u64,
}

impl Positions {
    /// Merges a state of a position, and returns whether it is news. The later `last_updated_at` wins, and of two with the same the
    /// one that arrived later.
    pub(super) fn apply(&mut self, position: &Position, is_event: bool) -> bool {
        let Some(market) = position.market.clone().filter(|market| !market.is_empty()) else {
            return false;
        };
        if let Some(known) = self.by_market.get_mut(&market) {
            known.revision += u64::from(is_event);
            if known.position.last_updated_at > position.last_updated_at {
                return false;
            }
            known.is_fresh |= is_event;
            known.position = position.clone();
            return true;
        }
        let known = Known {
            position: position.clone(),
            is_fresh: is_event,
            revision: u64::from(is_event),
        };
        self.by_market.insert(market, known);
        true
    }

    /// A list is complete by the exchange's document, so a position that it lacks is closed, unless an event showed it since.
    pub(super) fn keep_listed(&mut self, listed: &BTreeSet<String>) {
        self.by_market
            .retain(|market, known| known.is_fresh || listed.contains(market));
    }

    /// A list is asked for from now on.
    pub(super) fn begin_list(&mut self) {
        for known in self.by_market.values_mut() {
            known.is_fresh = false;
        }
    }

    /// The markets in which a list shows another size, with the number of events of the position. An older state shows nothing.
    pub(super) fn differences(&self, listed: &[Position]) -> BTreeMap<String, Option<u64>> {
        let mut differences = BTreeMap::new();
        let mut markets = BTreeSet::new();
        for position in listed {
            let Some(market) = position.market.as_deref() else {
                continue;
            };
            markets.insert(market);
            let known = self.by_market.get(market);
            let is_older =
                known.is_some_and(|known| known.position.last_updated_at > position.last_updated_at);
            let own = known.map_or(Decimal::ZERO, |known| size(&known.position));
            if !is_older && own != size(position) {
                differences.insert(market.to_owned(), known.map(|known| known.revision));
            }
        }
        let absent = self.by_market.iter().filter(|(market, known)| {
            size(&known.position) != Decimal::ZERO && !markets.contains(market.as_str())
        });
        differences.extend(absent.map(|(market, known)| (market.clone(), Some(known.revision))));
        differences
    }

    /// The open positions.
    pub(super) fn open(&self) -> impl Iterator<Item = &Position> {
        self.by_market
            .values()
            .map(|known| &known.position)
            .filter(|position| {
                position.status != Some(PositionStatus::Closed) && position.size != Some(Decimal::ZERO)
            })
    }
}

/// The size of a position, which is nothing if it is closed.
fn size(position: &Position) -> Decimal {
    match position.status {
        Some(PositionStatus::Closed) => Decimal::ZERO,
        _ => position.size.unwrap_or(Decimal::ZERO),
    }
}
