//! Decodes large responses on a thread for blocking work, up to the deadline of the call.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Instant;

use paradex_api::{BoxError, DecodeFuture, DecodeJob, DecodeRunner};
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::pipeline::phase::{Late, Phase};
use crate::pipeline::unusable::NotDecoded;

/// The largest body, in bytes, that is decoded in the task of the caller. Decoding it takes less than a millisecond as a rule,
/// which is not worth another thread.
pub(crate) const INLINE: usize = 32 << 10;

/// Decodes on tokio's threads for blocking work, up to a deadline.
pub(crate) struct BlockingThread {
    deadline: Instant,
    /// The runtime of the call, because the body may be decoded outside of any runtime.
    runtime: Option<Handle>,
}

impl BlockingThread {
    pub(crate) fn until(deadline: Instant) -> Self {
        Self {
            deadline,
            runtime: Handle::try_current().ok(),
        }
    }
}

impl DecodeRunner for BlockingThread {
    fn run(&self, job: DecodeJob) -> DecodeFuture {
        // The runtime of the call may have ended, so the runtime that polls now is preferred.
        let Some(runtime) = Handle::try_current().ok().or_else(|| self.runtime.clone()) else {
            return Box::pin(async { Err(NotDecoded::no_runtime().into()) });
        };
        Box::pin(run_until(runtime, self.deadline, || job.run()))
    }
}

/// Does some blocking work in this runtime. The future can be polled anywhere: the timer is a task of the runtime, because
/// polling a timer outside of a runtime, or after its runtime has ended, panics.
fn run_until<T: Send + 'static>(
    runtime: Handle,
    deadline: Instant,
    job: impl FnOnce() -> T + Send + 'static,
) -> impl Future<Output = Result<T, BoxError>> + Send {
    let mut work = runtime.spawn_blocking(job);
    // A `JoinSet` aborts its tasks when it is dropped.
    let mut timer = JoinSet::new();
    timer.spawn_on(
        async move { tokio::time::sleep_until(deadline.into()).await },
        &runtime,
    );
    poll_fn(move |context| {
        if let Poll::Ready(ran) = Pin::new(&mut work).poll(context) {
            return Poll::Ready(ran.map_err(|error| NotDecoded::from(error).into()));
        }
        match timer.poll_join_next(context) {
            Poll::Ready(Some(Ok(()))) => Poll::Ready(Err(Late::new(Phase::InFlight).into())),
            // Without a timer the runtime has ended, and the work ends with it.
            _ => Poll::Pending,
        }
    })
}

#[cfg(test)]
mod tests;
