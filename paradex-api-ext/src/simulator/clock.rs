//! The simulator's clock, which a test can move.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// Nanoseconds of a second.
pub(super) const SECOND: i64 = 1_000_000_000;
/// Nanoseconds of a millisecond.
pub(super) const MILLISECOND: i64 = SECOND / 1_000;

/// The unit of the times of tokens and subkeys in responses.
///
/// The published OpenAPI document says nanoseconds and gives examples in seconds, so a client must handle both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum TimeUnit {
    /// Seconds since the Unix epoch.
    Seconds,
    /// Milliseconds since the Unix epoch.
    Milliseconds,
    /// Nanoseconds since the Unix epoch.
    #[default]
    Nanoseconds,
}

impl TimeUnit {
    fn nanoseconds(self) -> i64 {
        match self {
            TimeUnit::Seconds => SECOND,
            TimeUnit::Milliseconds => MILLISECOND,
            TimeUnit::Nanoseconds => 1,
        }
    }

    /// Converts nanoseconds to this unit.
    pub(super) fn convert(self, time: i64) -> i64 {
        time / self.nanoseconds()
    }

    /// Returns the time of a change: now, but later than the previous change, also in this unit.
    pub(super) fn after(self, before: i64, now: i64) -> i64 {
        let next = self.convert(before).saturating_add(1);
        now.max(next.saturating_mul(self.nanoseconds()))
    }
}

/// Real time plus an offset.
#[derive(Debug)]
pub(super) struct Clock {
    started: Instant,
    /// Nanoseconds since the Unix epoch when the clock was created.
    at_start: i64,
    ahead: AtomicI64,
}

impl Clock {
    pub(super) fn new() -> Self {
        let since_epoch = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        Self {
            started: Instant::now(),
            at_start: nanoseconds(since_epoch),
            ahead: AtomicI64::new(0),
        }
    }

    /// Nanoseconds since the Unix epoch.
    pub(super) fn now(&self) -> i64 {
        self.at_start
            .saturating_add(nanoseconds(self.started.elapsed()))
            .saturating_add(self.ahead.load(Ordering::SeqCst))
    }

    pub(super) fn advance(&self, by: Duration) {
        self.shift(nanoseconds(by));
    }

    pub(super) fn rewind(&self, by: Duration) {
        self.shift(nanoseconds(by).saturating_neg());
    }

    fn shift(&self, by: i64) {
        let add = |ahead: i64| Some(ahead.saturating_add(by));
        // It cannot fail, because the closure always returns a value.
        let _ = self.ahead.fetch_update(Ordering::SeqCst, Ordering::SeqCst, add);
    }
}

/// Converts a duration to nanoseconds, saturating at 292 years.
pub(super) fn nanoseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

/// Formats a duration as Go does, for example `1m9.5s`, because messages of the exchange contain such texts.
pub(super) fn go_duration(duration: i64) -> String {
    let duration = duration.max(0);
    match duration {
        0 => "0s".to_owned(),
        1..1_000 => format!("{duration}ns"),
        1_000..1_000_000 => format!("{}µs", fraction(duration, 3)),
        1_000_000..SECOND => format!("{}ms", fraction(duration, 6)),
        _ => {
            let (minutes, rest) = (duration / (60 * SECOND), duration % (60 * SECOND));
            let seconds = fraction(rest, 9);
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{seconds}s"),
                (0, minutes) => format!("{minutes}m{seconds}s"),
                (hours, minutes) => format!("{hours}h{minutes}m{seconds}s"),
            }
        }
    }
}

/// Formats a number with this many decimal places, without trailing zeros.
fn fraction(number: i64, places: u32) -> String {
    let one = 10_i64.pow(places);
    let text = format!(
        "{}.{:0width$}",
        number / one,
        number % one,
        width = places as usize
    );
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{TimeUnit, go_duration};

    #[test]
    fn durations_are_formatted_as_by_the_exchange() {
        for (nanoseconds, text) in [
            (9_468_721_370, "9.46872137s"),
            (1_000_000_000, "1s"),
            (69_500_000_000, "1m9.5s"),
            (3_600_000_000_000, "1h0m0s"),
            (1_500_000, "1.5ms"),
            (2_000, "2µs"),
            (7, "7ns"),
            (0, "0s"),
            (-5, "0s"),
        ] {
            assert_eq!(go_duration(nanoseconds), text);
        }
    }

    #[test]
    fn change_is_later_in_every_unit() {
        let now = 1_700_000_000_123_456_789;
        for unit in [TimeUnit::Seconds, TimeUnit::Milliseconds, TimeUnit::Nanoseconds] {
            let next = unit.after(now, now);
            assert!(unit.convert(next) > unit.convert(now), "{unit:?}");
        }
    }
}
