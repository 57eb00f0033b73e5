//! The limits of new connections of an address.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;

use super::options::StreamOptions;
use crate::simulator::clock::SECOND;

/// The most addresses that are stored, because a client could invent any number of them.
const MOST_ADDRESSES: usize = 4_096;

/// When each address connected in the last minute, oldest first.
#[derive(Debug, Default)]
pub(super) struct Connects(HashMap<IpAddr, VecDeque<i64>>);

impl Connects {
    /// Counts a connection, unless it is one too many.
    pub(super) fn admits(&mut self, address: IpAddr, options: &StreamOptions, now: i64) -> bool {
        let minute = now.saturating_sub(60 * SECOND);
        if self.0.len() >= MOST_ADDRESSES {
            self.0
                .retain(|_, times| times.back().is_some_and(|at| *at > minute));
            // All are recent, so the one that connected the longest ago makes room.
            if self.0.len() >= MOST_ADDRESSES && !self.0.contains_key(&address) {
                let oldest = self.0.iter().min_by_key(|(_, times)| times.back().copied());
                if let Some(oldest) = oldest.map(|(address, _)| *address) {
                    self.0.remove(&oldest);
                }
            }
        }
        let times = self.0.entry(address).or_default();
        // Times after now are from before the clock was moved back.
        times.retain(|at| *at > minute && *at <= now);
        let second = now.saturating_sub(SECOND);
        let in_second = times.iter().filter(|at| **at > second).count();
        let admits = in_second < options.connects_per_second && times.len() < options.connects_per_minute;
        if admits {
            times.push_back(now);
        }
        admits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_beyond_the_most_replace_the_oldest() {
        let options = StreamOptions::default();
        let mut connects = Connects::default();
        for number in 0..5_000u32 {
            let address = IpAddr::from(number.to_be_bytes());
            assert!(connects.admits(address, &options, i64::from(number)));
        }
        assert_eq!(connects.0.len(), MOST_ADDRESSES);
        assert!(!connects.0.contains_key(&IpAddr::from(0u32.to_be_bytes())));
    }

    #[test]
    fn connections_of_an_address_are_limited_in_a_second_and_in_a_minute() {
        let options = StreamOptions::default().connects(2, 3);
        let (one, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let mut connects = Connects::default();
        let mut admits = |address, at: i64| connects.admits(address, &options, at * SECOND / 10);
        assert_eq!(
            [admits(one, 0), admits(one, 1), admits(one, 2)],
            [true, true, false]
        );
        assert!(admits(other, 2));
        assert_eq!([admits(one, 11), admits(one, 12)], [true, false]);
        assert_eq!([admits(one, 599), admits(one, 601)], [false, true]);
    }
}
