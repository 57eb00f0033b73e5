//! Times from the integers of the API.

use std::fmt;
use std::time::{Duration, SystemTime};

pub use crate::pipeline::clock::ClockOffset;

/// Converts a timestamp of the API, in any unit, to a time.
///
/// It returns `None` for 0, which means that there is no time, and for negative numbers. The exchange's API document says
/// that timestamps of tokens and subkeys are nanoseconds, but its examples are seconds. So the size of the number selects
/// the unit: seconds, milliseconds, microseconds or nanoseconds. For the years 1973 to 5138 it is unambiguous.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use paradex_api_ext::time::timestamp_to_system_time;
///
/// let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(1_640_995_200);
/// assert_eq!(timestamp_to_system_time(1_640_995_200), Some(moment));
/// assert_eq!(timestamp_to_system_time(1_640_995_200_000_000_000), Some(moment));
/// assert_eq!(timestamp_to_system_time(0), None);
/// ```
#[doc(alias = "unix time")]
#[doc(alias = "epoch")]
pub fn timestamp_to_system_time(value: i64) -> Option<SystemTime> {
    let value = u64::try_from(value).ok().filter(|value| *value != 0)?;
    let since = match value {
        ..SECONDS_END => Duration::from_secs(value),
        SECONDS_END..MILLISECONDS_END => Duration::from_millis(value),
        MILLISECONDS_END..MICROSECONDS_END => Duration::from_micros(value),
        MICROSECONDS_END.. => Duration::from_nanos(value),
    };
    SystemTime::UNIX_EPOCH.checked_add(since)
}

/// The year 5138 in seconds, 1973 in milliseconds.
const SECONDS_END: u64 = 100_000_000_000;
/// The year 5138 in milliseconds, 1973 in microseconds.
const MILLISECONDS_END: u64 = 100_000_000_000_000;
/// The year 5138 in microseconds, 1973 in nanoseconds.
const MICROSECONDS_END: u64 = 100_000_000_000_000_000;

/// Returns the whole seconds since 1970; 0 for earlier times.
#[cfg(feature = "signing")]
pub(crate) fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

/// Returns the whole milliseconds since 1970; 0 for earlier times.
pub(crate) fn unix_milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Formats a time in UTC, to the second; `None` outside of the years 1970 to 9999.
pub(crate) fn rfc3339(time: SystemTime) -> Option<String> {
    /// The first second of the year 10000.
    const END: u64 = 253_402_300_800;
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    if seconds >= END {
        return None;
    }
    // Days since 1 March of the year 0, so that a leap day is the last day of its year. The calendar repeats every 400
    // years, which are 146097 days.
    let days = seconds / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // Starting in March, every five months have 153 days.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    Some(format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
    ))
}

/// Converts a number of seconds or milliseconds to the integer type of the API. Real ones are far from its maximum.
#[cfg(feature = "signing")]
pub(crate) fn integer(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// When a token or key expires.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use paradex_api_ext::time::Expiry;
///
/// let now = SystemTime::now();
/// let expiry = Expiry::At(now + Duration::from_secs(60));
/// assert_eq!(expiry.left(now), Some(Duration::from_secs(60)));
/// assert!(!expiry.has_ended(now));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Expiry {
    /// It expires at this time.
    At(SystemTime),
    /// It never expires; the API writes 0.
    Never,
    /// The response does not say.
    NotReported,
}

impl Expiry {
    pub(crate) fn read(value: Option<i64>) -> Self {
        match value {
            Some(0) => Self::Never,
            Some(value) => timestamp_to_system_time(value).map_or(Self::NotReported, Self::At),
            None => Self::NotReported,
        }
    }

    /// Returns the time that is left: zero if it has expired, `None` if it never expires or that is not reported.
    pub fn left(self, now: SystemTime) -> Option<Duration> {
        match self {
            Self::At(end) => Some(end.duration_since(now).unwrap_or_default()),
            _ => None,
        }
    }

    /// Returns whether it has expired. If the expiry is not reported, this is false.
    pub fn has_ended(self, now: SystemTime) -> bool {
        matches!(self, Self::At(end) if end <= now)
    }
}

impl fmt::Display for Expiry {
    /// Writes the time in UTC, such as `2026-01-31T12:00:00Z`, `never` or `not reported`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(end) => f.pad(rfc3339(*end).as_deref().unwrap_or("far away")),
            Self::Never => f.pad("never"),
            Self::NotReported => f.pad("not reported"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use proptest::prelude::*;

    use super::{Expiry, timestamp_to_system_time};

    fn seconds(value: i64) -> u64 {
        let time = timestamp_to_system_time(value).unwrap();
        time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
    }

    #[test]
    fn unit_is_selected_by_size_up_to_the_last_number() {
        assert_eq!(seconds(1), 1);
        assert_eq!(seconds(99_999_999_999), 99_999_999_999);
        assert_eq!(seconds(100_000_000_000), 100_000_000);
        assert_eq!(seconds(99_999_999_999_999), 99_999_999_999);
        assert_eq!(seconds(100_000_000_000_000), 100_000_000);
        assert_eq!(seconds(99_999_999_999_999_999), 99_999_999_999);
        assert_eq!(seconds(100_000_000_000_000_000), 100_000_000);
        assert_eq!(seconds(i64::MAX), 9_223_372_036);
    }

    #[test]
    fn zero_means_never_and_negative_means_not_reported() {
        assert_eq!(Expiry::read(Some(0)), Expiry::Never);
        assert_eq!(Expiry::read(None), Expiry::NotReported);
        assert_eq!(Expiry::read(Some(-5)), Expiry::NotReported);
        assert_eq!(timestamp_to_system_time(i64::MIN), None);
        let end = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let expiry = Expiry::read(Some(1_700_000_000));
        assert_eq!(expiry, Expiry::At(end));
        assert!(expiry.has_ended(end) && !expiry.has_ended(end - Duration::from_nanos(1)));
        assert_eq!(expiry.left(end + Duration::from_secs(1)), Some(Duration::ZERO));
        assert!(!Expiry::Never.has_ended(end));
    }

    proptest! {
        #[test]
        fn time_of_this_century_is_the_same_in_every_unit(seconds in 946_684_800i64..4_102_444_800) {
            let expected = timestamp_to_system_time(seconds);
            for factor in [1_000, 1_000_000, 1_000_000_000] {
                prop_assert_eq!(timestamp_to_system_time(seconds * factor), expected);
            }
        }
    }
}
