//! Decodes large responses on a thread of their own, up to the deadline of the call.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Instant;

use paradex_api::{DecodeFuture, DecodeJob, DecodeRunner};

use crate::error::{Late, Phase};

/// The largest body that is decoded in the task of the caller. That takes less time than handing it to another thread and back
/// is worth: less than a millisecond for a usual one.
pub(crate) const INLINE: usize = 32 << 10;

/// The threads that tokio keeps for work that blocks, up to a deadline.
pub(crate) struct Elsewhere(Instant);

impl Elsewhere {
    pub(crate) fn until(deadline: Instant) -> Self {
        Self(deadline)
    }
}

impl DecodeRunner for Elsewhere {
    fn run(&self, job: DecodeJob) -> DecodeFuture {
        let deadline = self.0;
        // The call may have begun on another runtime, or a layer may have left its own.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return Box::pin(async { Err(NotRun("there is no tokio runtime").into()) });
        };
        let mut work = runtime.spawn_blocking(|| job.run());
        let mut timer = None;
        Box::pin(poll_fn(move |context| {
            if let Poll::Ready(ran) = Pin::new(&mut work).poll(context) {
                return Poll::Ready(ran.map_err(|_| NotRun("the tokio runtime is shutting down").into()));
            }
            // A timer belongs to a runtime, and the one that polls now need not be the one that polled before.
            let timer = timer.insert(Box::pin(tokio::time::sleep_until(deadline.into())));
            timer
                .as_mut()
                .poll(context)
                .map(|()| Err(Late::new(Phase::Exchange).into()))
        }))
    }
}

/// The response is there, and nothing can decode it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NotRun(&'static str);

#[cfg(test)]
mod tests;
