//! Measures how far this machine's clock is from the exchange's.
//!
//! It is measured before the first sign-in, and again when the exchange refuses a timestamp: the best of three round trips. An
//! offset below the measurement error is ignored. An offset above a quarter of an hour is refused, because a server that moves
//! the clock moves the validity of signatures.

use std::time::{Duration, Instant, SystemTime};

use paradex_api::operations;

use super::group::ClientGroup;
use crate::error::{DecodeError, Error, InvalidInput};
use crate::monotonic;
use crate::pipeline::clock::ClockOffset;

/// Of several round trips the fastest measures best.
const ROUND_TRIPS: usize = 3;
/// A larger offset is refused: the clock is wrong or the server is not the exchange, and a signature for a time far in the
/// future could be misused.
const LARGEST_OFFSET: Duration = Duration::from_secs(15 * 60);

impl ClientGroup {
    /// Measures the offset between this machine's clock and the exchange's, and uses it from now on.
    ///
    /// Signing in measures once by itself, and again when the exchange refuses a timestamp.
    ///
    /// # Errors
    ///
    /// The calls fail, a response has no time, or the clocks are more than 15 minutes apart.
    #[doc(alias = "time sync")]
    pub async fn measure_clock(&self) -> Result<ClockOffset, Error> {
        let client = self.anonymous();
        let offset = measure(client.api()).await?;
        self.set_clock_offset(offset);
        Ok(offset)
    }

    /// Measures the clock because the exchange refused a timestamp from this moment. If several calls ask at once, one measures.
    pub(crate) async fn correct_clock(&self, refused: Instant) -> Result<(), Error> {
        let mut last = self.clock_corrected().lock().await;
        if last.is_none_or(|last| last <= refused) {
            self.measure_clock().await?;
            *last = Some(monotonic::now());
        }
        Ok(())
    }

    /// The exchange's time, as far as it is known.
    pub(crate) fn now(&self) -> SystemTime {
        let now = SystemTime::now();
        self.clock_offset().map_or(now, |offset| offset.apply(now))
    }
}

async fn measure(api: &paradex_api::Client) -> Result<ClockOffset, Error> {
    let mut best: Option<ClockOffset> = None;
    for _ in 0..ROUND_TRIPS {
        let (before, start) = (SystemTime::now(), monotonic::now());
        let response = match api.get_system_time().send().await {
            Ok(response) => response,
            Err(error) if best.is_none() => return Err(error.into()),
            Err(_) => break,
        };
        let round_trip = start.elapsed();
        let (body, raw) = response.into_parts();
        let milliseconds = body.server_time.and_then(|text| text.parse().ok());
        let Some(server) = milliseconds.and_then(crate::time::timestamp_to_system_time) else {
            let what = "its time is no number of milliseconds";
            return Err(DecodeError::content(&operations::GET_SYSTEM_TIME, raw, what).into());
        };
        let offset = ClockOffset::from_round_trip(server, before, round_trip);
        if best.is_none_or(|best| offset.error < best.error) {
            best = Some(offset);
        }
    }
    match best {
        Some(best) if best.by <= LARGEST_OFFSET => Ok(best),
        // There is an offset: whatever else ends the loop has returned.
        best => Err(InvalidInput::new(
            "clock",
            format_args!("{} s off", best.map_or(0, |best| best.by.as_secs())),
            "the exchange's clock and this machine's are more than 15 min apart",
            "set this machine's clock, or look at which server the address names",
        )
        .into()),
    }
}
