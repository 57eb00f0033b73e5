//! When a token is used, refreshed in the background, or waited for. Pure decisions: the caller passes the time.

use std::time::{Duration, Instant, SystemTime};

use super::TokenInfo;
use crate::backoff::{ExponentialBackoff, Jitter};

/// How long a session lives according to the documentation, which advises to refresh it after three minutes.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(5 * 60);
/// The leeway before expiry: a token that expires sooner is not used, because the call has to arrive as well.
const EXPIRY_LEEWAY: Duration = Duration::from_secs(5);
/// The waits between two sign-ins.
pub(super) const SIGN_IN_BACKOFF: ExponentialBackoff =
    ExponentialBackoff::new(Duration::from_secs(1), Duration::from_secs(30), Jitter::Half);

/// When a token is refreshed and when it is no longer used, on this machine's monotonic clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TokenTimes {
    refresh_at: Instant,
    usable_until: Instant,
}

impl TokenTimes {
    /// Reads the lifetime from the token's claims, or assumes the documented one. `now` is when the token was requested, and
    /// `exchange_time` the exchange's time then. The lifetime is the difference of two times of the exchange, so a wrong
    /// local clock does not change it.
    pub(super) fn from_token_info(info: &TokenInfo, now: Instant, exchange_time: SystemTime) -> Self {
        let from = info.issued_at.unwrap_or(exchange_time);
        let claimed = info.expires_at.and_then(|end| end.duration_since(from).ok());
        let lifetime = claimed
            .filter(|lifetime| !lifetime.is_zero())
            .unwrap_or(DEFAULT_LIFETIME);
        // Use no token for longer than a day, whatever it claims.
        let lifetime = lifetime.min(Duration::from_secs(24 * 60 * 60));
        Self {
            refresh_at: now + lifetime.mul_f64(0.6),
            usable_until: now + lifetime.saturating_sub(EXPIRY_LEEWAY.min(lifetime / 10)),
        }
    }
}

/// What a call that needs a token does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// Use the cached token.
    Use,
    /// Use the cached token and start a refresh in the background.
    UseAndRefresh,
    /// No usable token: wait for the pending refresh, or start one.
    Wait,
    /// No usable token, and the last refresh failed too recently: wait until the next one is allowed.
    WaitUntil(Instant),
    /// No usable token, and the next refresh would come too late for this call or cannot succeed.
    Fail,
}

/// The backoff after a failed sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Backoff {
    /// When the next attempt is allowed.
    pub(super) until: Instant,
    /// Whether the next attempt may succeed without a change of the configuration.
    pub(super) is_retryable: bool,
}

/// Decides for a call that ends at `deadline`. `backoff` is set after a sign-in that failed.
pub(super) fn decide(
    now: Instant,
    cached: Option<TokenTimes>,
    is_refreshing: bool,
    backoff: Option<Backoff>,
    deadline: Instant,
) -> Decision {
    let may_try = backoff.is_none_or(|backoff| backoff.until <= now);
    match cached {
        Some(times) if now < times.refresh_at => Decision::Use,
        Some(times) if now < times.usable_until => match may_try && !is_refreshing {
            true => Decision::UseAndRefresh,
            false => Decision::Use,
        },
        _ if is_refreshing || may_try => Decision::Wait,
        _ => match backoff {
            Some(backoff) if backoff.is_retryable && backoff.until < deadline => {
                Decision::WaitUntil(backoff.until)
            }
            _ => Decision::Fail,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant, SystemTime};

    use super::super::TokenInfo;
    use super::{Backoff, Decision, SIGN_IN_BACKOFF, TokenTimes, decide};

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
    fn session_is_refreshed_after_three_of_five_minutes() {
        let now = Instant::now();
        let clock = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        for info in [
            info(Some(50), Some(350)),
            info(None, Some(1_000_300)),
            info(None, None),
            info(Some(9), None),
        ] {
            let times = TokenTimes::from_token_info(&info, now, clock);
            assert_eq!(times.refresh_at, now + Duration::from_secs(180), "{info:?}");
            assert_eq!(times.usable_until, now + Duration::from_secs(295), "{info:?}");
        }
        // Claims that make no sense are ignored.
        for info in [
            info(Some(400), Some(350)),
            info(Some(350), Some(350)),
            info(None, Some(5)),
        ] {
            assert_eq!(
                TokenTimes::from_token_info(&info, now, clock).refresh_at,
                now + Duration::from_secs(180),
                "{info:?}"
            );
        }
        // Nothing overflows.
        TokenTimes::from_token_info(&info(Some(0), Some(u64::from(u32::MAX) * 1_000)), now, clock);
        let short = TokenTimes::from_token_info(&info(Some(0), Some(2)), now, clock);
        assert!(short.refresh_at < short.usable_until);
    }

    #[test]
    fn call_waits_only_without_a_usable_token() {
        let now = Instant::now();
        let second = Duration::from_secs(1);
        let times = TokenTimes {
            refresh_at: now + 3 * second,
            usable_until: now + 5 * second,
        };
        let backoff = |at: u32| Backoff {
            until: now + at * second,
            is_retryable: true,
        };
        let at = |seconds: u32, is_refreshing, backoff_until: Option<u32>| {
            let deadline = now + 9 * second;
            decide(
                now + seconds * second,
                Some(times),
                is_refreshing,
                backoff_until.map(backoff),
                deadline,
            )
        };
        assert_eq!(at(0, false, None), Decision::Use);
        assert_eq!(at(3, false, None), Decision::UseAndRefresh);
        assert_eq!(at(3, true, None), Decision::Use);
        assert_eq!(at(4, false, Some(9)), Decision::Use);
        assert_eq!(at(5, false, None), Decision::Wait);
        assert_eq!(at(5, true, None), Decision::Wait);
        assert_eq!(at(5, false, Some(9)), Decision::Fail);
        assert_eq!(at(9, false, Some(9)), Decision::Wait);
        assert_eq!(decide(now, None, false, None, now), Decision::Wait);
        assert_eq!(
            decide(now, None, false, Some(backoff(1)), now + second),
            Decision::Fail
        );
    }

    #[test]
    fn call_waits_for_the_next_sign_in_only_if_it_can_succeed_before_the_deadline() {
        let now = Instant::now();
        let at = |milliseconds| now + Duration::from_millis(milliseconds);
        let next = Decision::WaitUntil(at(1_000));
        for (is_retryable, is_refreshing, deadline, expected) in [
            (true, false, 1_001, next),
            (true, false, 600_000, next),
            (true, false, 1_000, Decision::Fail),
            (true, false, 0, Decision::Fail),
            (false, false, 600_000, Decision::Fail),
            // A refresh is already pending.
            (true, true, 0, Decision::Wait),
            (false, true, 600_000, Decision::Wait),
        ] {
            let backoff = Some(Backoff {
                until: at(1_000),
                is_retryable,
            });
            let case = (is_retryable, is_refreshing, deadline);
            assert_eq!(
                decide(now, None, is_refreshing, backoff, at(deadline)),
                expected,
                "{case:?}"
            );
            // After the backoff, a call signs in again whatever the last failure was.
            let later = decide(at(1_000), None, is_refreshing, backoff, at(deadline));
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
