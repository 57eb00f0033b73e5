//! How far this machine's clock is from the exchange's.

use std::time::{Duration, Instant, SystemTime};

use paradex_api::operations;

use crate::error::{DecodeError, Error, InvalidInput};

/// How far this machine's clock is from the exchange's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClockOffset {
    /// Whether this machine is ahead of the exchange.
    pub ahead: bool,
    /// By how much.
    pub by: Duration,
    /// How much of that may be the network: half of the round trip.
    pub error: Duration,
}

/// The more round trips, the better the best of them.
const ROUND_TRIPS: usize = 3;
/// Beyond this a clock is not off but wrong, or the server is not the exchange: a signature for a time in the far
/// future is worth something.
const FURTHEST: Duration = Duration::from_secs(15 * 60);

impl ClockOffset {
    /// From the exchange's time, and this machine's before it was asked.
    fn of(server: SystemTime, before: SystemTime, round_trip: Duration) -> Self {
        // The exchange read its clock somewhere in between; halfway is the best guess.
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

    /// The exchange's time at this machine's `now`. An offset below its own error is none.
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

pub(crate) async fn measure(api: &paradex_api::Client) -> Result<ClockOffset, Error> {
    let mut best: Option<ClockOffset> = None;
    for _ in 0..ROUND_TRIPS {
        let (before, start) = (SystemTime::now(), Instant::now());
        let answer = match api.get_system_time().send().await {
            Ok(answer) => answer,
            // One that failed is left out, unless none succeeds.
            Err(error) if best.is_none() => return Err(error.into()),
            Err(_) => break,
        };
        let round_trip = start.elapsed();
        let (answer, raw) = answer.into_parts();
        let milliseconds = answer.server_time.and_then(|text| text.parse().ok());
        let Some(server) = milliseconds.and_then(crate::time::timestamp_to_system_time) else {
            let what = "its time is no number of milliseconds";
            return Err(DecodeError::content(&operations::GET_SYSTEM_TIME, raw, what).into());
        };
        let offset = ClockOffset::of(server, before, round_trip);
        if best.is_none_or(|best| offset.error < best.error) {
            best = Some(offset);
        }
    }
    match best {
        Some(best) if best.by <= FURTHEST => Ok(best),
        // There is one: whatever else ends the loop has returned.
        best => Err(InvalidInput::new(
            "clock",
            format_args!("{} s off", best.map_or(0, |best| best.by.as_secs())),
            "the exchange's clock and this machine's are more than 15 min apart",
            "set this machine's clock, or look at which server the address names",
        )
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::ClockOffset;

    #[test]
    fn an_offset_counts_beyond_its_own_error() {
        let local = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000);
        let offset = |server: f64, round_trip: f64| {
            let server = SystemTime::UNIX_EPOCH + Duration::from_secs_f64(server);
            ClockOffset::of(server, local, Duration::from_secs_f64(round_trip))
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
        // Half a second, of which the network may be all.
        assert_eq!(offset(1_000.5, 2.0).apply(local), local);
        assert_eq!(offset(1_001.0, 2.0).by, Duration::ZERO);
    }

    #[test]
    fn no_offset_moves_a_time_out_of_its_range() {
        let far = ClockOffset {
            ahead: true,
            by: Duration::MAX,
            error: Duration::ZERO,
        };
        assert_eq!(far.apply(SystemTime::UNIX_EPOCH), SystemTime::UNIX_EPOCH);
    }
}
