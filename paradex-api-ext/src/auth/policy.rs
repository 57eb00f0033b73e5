//! When a token is used, renewed in passing, or waited for. Pure decisions; whoever asks holds the clock.

use std::time::{Duration, Instant, SystemTime};

use super::TokenInfo;
use crate::backoff::{ExponentialBackoff, Jitter};

/// A session lives five minutes by the documentation, which advises to renew it after three.
const LIFETIME: Duration = Duration::from_secs(5 * 60);
/// A token is not started on in its last moments: the call has to arrive as well.
const LAST_MOMENTS: Duration = Duration::from_secs(5);
/// The waits between two attempts to sign in.
pub(crate) const SIGN_IN_BACKOFF: ExponentialBackoff =
    ExponentialBackoff::new(Duration::from_secs(1), Duration::from_secs(30), Jitter::Half);

/// The times of a token, on this machine's steady clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Times {
    renew_at: Instant,
    dead_at: Instant,
}

impl Times {
    /// From what the token says of itself, or by its age if it says nothing. `now` is the moment in which it was
    /// asked for, and `clock` the exchange's time then: how long a token lives is the difference of two times of
    /// the exchange's, so that a wrong clock here changes nothing.
    pub(crate) fn of(info: &TokenInfo, now: Instant, clock: SystemTime) -> Self {
        let from = info.issued_at.unwrap_or(clock);
        let said = info.expires_at.and_then(|end| end.duration_since(from).ok());
        let lifetime = said.filter(|lifetime| !lifetime.is_zero()).unwrap_or(LIFETIME);
        // A lifetime of years is no reason to keep a token for years.
        let lifetime = lifetime.min(Duration::from_secs(24 * 60 * 60));
        Self {
            renew_at: now + lifetime.mul_f64(0.6),
            dead_at: now + lifetime.saturating_sub(LAST_MOMENTS.min(lifetime / 10)),
        }
    }
}

/// What to do with a call that needs a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Go on with the token at hand.
    Use,
    /// Go on with it, and let a new one be fetched meanwhile.
    UseAndRenew,
    /// There is none: wait for the attempt that is being made, or make one.
    Wait,
    /// There is none, and the last attempt to get one failed too recently: wait until the next one may be made.
    WaitUntil(Instant),
    /// There is none, and waiting for the next attempt is of no use to this call.
    Refuse,
}

/// What follows from a failed attempt to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Retry {
    /// When the next attempt may be made.
    pub(crate) at: Instant,
    /// Whether the next attempt may succeed although nothing is changed.
    pub(crate) can_help: bool,
}

/// Decides for a call that ends at `deadline`. `retry` is there after an attempt to sign in that failed.
pub(crate) fn decide(
    now: Instant,
    held: Option<Times>,
    renewing: bool,
    retry: Option<Retry>,
    deadline: Instant,
) -> Decision {
    let may_try = retry.is_none_or(|retry| retry.at <= now);
    match held {
        Some(times) if now < times.renew_at => Decision::Use,
        Some(times) if now < times.dead_at => {
            if may_try && !renewing {
                Decision::UseAndRenew
            } else {
                Decision::Use
            }
        }
        _ if renewing || may_try => Decision::Wait,
        _ => match retry {
            Some(retry) if retry.can_help && retry.at < deadline => Decision::WaitUntil(retry.at),
            _ => Decision::Refuse,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant, SystemTime};

    use super::super::TokenInfo;
    use super::{Decision, Retry, SIGN_IN_BACKOFF, Times, decide};

    fn info(issued: Option<u64>, expires: Option<u64>) -> TokenInfo {
        let time = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        TokenInfo {
            account: None,
            issued_at: issued.map(time),
            expires_at: expires.map(time),
            is_jwt: true,
        }
    }

    #[test]
    fn a_session_is_renewed_after_three_of_five_minutes() {
        let now = Instant::now();
        let clock = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        for info in [
            info(Some(50), Some(350)),
            info(None, Some(1_000_300)),
            info(None, None),
            info(Some(9), None),
        ] {
            let times = Times::of(&info, now, clock);
            assert_eq!(times.renew_at, now + Duration::from_secs(180), "{info:?}");
            assert_eq!(times.dead_at, now + Duration::from_secs(295), "{info:?}");
        }
        // Nonsense is read as nothing.
        for info in [
            info(Some(400), Some(350)),
            info(Some(350), Some(350)),
            info(None, Some(5)),
        ] {
            assert_eq!(
                Times::of(&info, now, clock).renew_at,
                now + Duration::from_secs(180),
                "{info:?}"
            );
        }
        // Nothing overflows.
        Times::of(&info(Some(0), Some(u64::from(u32::MAX) * 1_000)), now, clock);
        let short = Times::of(&info(Some(0), Some(2)), now, clock);
        assert!(short.renew_at < short.dead_at);
    }

    #[test]
    fn a_call_waits_only_when_there_is_nothing_to_use() {
        let now = Instant::now();
        let second = Duration::from_secs(1);
        let times = Times {
            renew_at: now + 3 * second,
            dead_at: now + 5 * second,
        };
        let retry = |at: u32| Retry {
            at: now + at * second,
            can_help: true,
        };
        let at = |seconds: u32, renewing, retry_at: Option<u32>| {
            let deadline = now + 9 * second;
            decide(
                now + seconds * second,
                Some(times),
                renewing,
                retry_at.map(retry),
                deadline,
            )
        };
        assert_eq!(at(0, false, None), Decision::Use);
        assert_eq!(at(3, false, None), Decision::UseAndRenew);
        assert_eq!(at(3, true, None), Decision::Use);
        assert_eq!(at(4, false, Some(9)), Decision::Use);
        assert_eq!(at(5, false, None), Decision::Wait);
        assert_eq!(at(5, true, None), Decision::Wait);
        assert_eq!(at(5, false, Some(9)), Decision::Refuse);
        assert_eq!(at(9, false, Some(9)), Decision::Wait);
        assert_eq!(decide(now, None, false, None, now), Decision::Wait);
        assert_eq!(
            decide(now, None, false, Some(retry(1)), now + second),
            Decision::Refuse
        );
    }

    #[test]
    fn next_sign_in_is_waited_for_only_if_it_begins_before_the_deadline_and_can_help() {
        let now = Instant::now();
        let at = |milliseconds| now + Duration::from_millis(milliseconds);
        let next = Decision::WaitUntil(at(1_000));
        for (can_help, renewing, deadline, expected) in [
            (true, false, 1_001, next),
            (true, false, 600_000, next),
            (true, false, 1_000, Decision::Refuse),
            (true, false, 0, Decision::Refuse),
            (false, false, 600_000, Decision::Refuse),
            // An attempt is being made already.
            (true, true, 0, Decision::Wait),
            (false, true, 600_000, Decision::Wait),
        ] {
            let retry = Some(Retry {
                at: at(1_000),
                can_help,
            });
            let case = (can_help, renewing, deadline);
            assert_eq!(
                decide(now, None, renewing, retry, at(deadline)),
                expected,
                "{case:?}"
            );
            // When the wait is over, a call makes the attempt whatever the last failure was.
            let later = decide(at(1_000), None, renewing, retry, at(deadline));
            assert_eq!(later, Decision::Wait, "{case:?}");
        }
    }

    #[test]
    fn failures_are_spaced_out() {
        let backoff = |failures, random| SIGN_IN_BACKOFF.delay_at(failures, random);
        assert_eq!(backoff(1, 255), Duration::from_secs(1));
        assert_eq!(backoff(1, 0), Duration::from_millis(500));
        assert_eq!(backoff(3, 255), Duration::from_secs(4));
        for failures in [6, 10, 1_000, u32::MAX] {
            assert_eq!(backoff(failures, 255), Duration::from_secs(30));
        }
        assert_eq!(backoff(0, 0), backoff(1, 0));
    }
}
