//! The offset between this machine's clock and the exchange's.

use std::time::{Duration, SystemTime};

/// The offset between this machine's clock and the exchange's.
///
/// [`ClientGroup::measure_clock`](crate::ClientGroup::measure_clock) measures it.
#[doc(alias = "clock skew")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClockOffset {
    /// Whether this machine's clock is ahead of the exchange's.
    pub ahead: bool,
    /// The size of the offset.
    pub by: Duration,
    /// The measuring error: half of the round trip.
    pub error: Duration,
}

impl ClockOffset {
    /// From the exchange's time, and this machine's time before the request.
    pub(crate) fn from_round_trip(server: SystemTime, before: SystemTime, round_trip: Duration) -> Self {
        // The exchange read its clock at some moment of the round trip. The middle is the best guess.
        let local = before + round_trip / 2;
        let (ahead, by) = match local.duration_since(server) {
            Ok(by) => (true, by),
            Err(behind) => (false, behind.duration()),
        };
        Self {
            ahead,
            by,
            error: round_trip / 2,
        }
    }

    /// The exchange's time at this machine's `now`. An offset within its own error is ignored.
    pub(crate) fn apply(&self, now: SystemTime) -> SystemTime {
        if self.by <= self.error {
            return now;
        }
        let moved = if self.ahead {
            now.checked_sub(self.by)
        } else {
            now.checked_add(self.by)
        };
        moved.unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::ClockOffset;

    #[test]
    fn offset_within_its_error_is_ignored() {
        let local = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000);
        let offset = |server: f64, round_trip: f64| {
            let server = SystemTime::UNIX_EPOCH + Duration::from_secs_f64(server);
            ClockOffset::from_round_trip(server, local, Duration::from_secs_f64(round_trip))
        };
        let ahead = offset(990.0, 2.0);
        assert_eq!(
            (ahead.ahead, ahead.by, ahead.error),
            (true, Duration::from_secs(11), Duration::from_secs(1))
        );
        assert_eq!(ahead.apply(local), local - Duration::from_secs(11));
        let behind = offset(1_010.0, 2.0);
        assert_eq!((behind.ahead, behind.by), (false, Duration::from_secs(9)));
        assert_eq!(behind.apply(local), local + Duration::from_secs(9));
        // Half a second, all of which may be the network.
        assert_eq!(offset(1_000.5, 2.0).apply(local), local);
        assert_eq!(offset(1_001.0, 2.0).by, Duration::ZERO);
    }

    #[test]
    fn offset_never_moves_a_time_out_of_its_range() {
        let far = ClockOffset {
            ahead: true,
            by: Duration::MAX,
            error: Duration::ZERO,
        };
        assert_eq!(far.apply(SystemTime::UNIX_EPOCH), SystemTime::UNIX_EPOCH);
    }
}
