//! Decodes large responses on a thread of their own, up to the deadline of the call.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Instant;

use paradex_api::{BoxError, DecodeFuture, DecodeJob, DecodeRunner};
use tokio::runtime::Handle;
use tokio::task::{JoinError, JoinSet};

use crate::error::{Late, Phase};

/// The largest body that is decoded in the task of the caller. That takes less time than handing it to another thread and back
/// is worth: less than a millisecond for a usual one.
pub(crate) const INLINE: usize = 32 << 10;

/// The threads that tokio keeps for work that blocks, up to a deadline.
pub(crate) struct Elsewhere {
    deadline: Instant,
    /// The runtime of the call, because the body may be asked for outside of any runtime.
    runtime: Option<Handle>,
}

impl Elsewhere {
    pub(crate) fn until(deadline: Instant) -> Self {
        Self {
            deadline,
            runtime: Handle::try_current().ok(),
        }
    }
}

impl DecodeRunner for Elsewhere {
    fn run(&self, job: DecodeJob) -> DecodeFuture {
        // The runtime of the call may have ended, so the one that polls now comes first.
        let Some(runtime) = Handle::try_current().ok().or_else(|| self.runtime.clone()) else {
            return Box::pin(async { Err(NotRun("there is no tokio runtime").into()) });
        };
        Box::pin(run_until(runtime, self.deadline, || job.run()))
    }
}

/// Does some work that blocks, in this runtime. The future can be polled anywhere: the timer is a task of the runtime, because
/// polling a timer outside of a runtime, or after the end of its runtime, panics.
fn run_until<T: Send + 'static>(
    runtime: Handle,
    deadline: Instant,
    job: impl FnOnce() -> T + Send + 'static,
) -> impl Future<Output = Result<T, BoxError>> + Send {
    let mut work = runtime.spawn_blocking(job);
    // A set ends its tasks when it is dropped.
    let mut timer = JoinSet::new();
    timer.spawn_on(
        async move { tokio::time::sleep_until(deadline.into()).await },
        &runtime,
    );
    poll_fn(move |context| {
        if let Poll::Ready(ran) = Pin::new(&mut work).poll(context) {
            return Poll::Ready(ran.map_err(|error| NotRun::from(error).into()));
        }
        match timer.poll_join_next(context) {
            Poll::Ready(Some(Ok(()))) => Poll::Ready(Err(Late::new(Phase::Exchange).into())),
            // Without a timer the runtime has ended, and the work ends with it.
            _ => Poll::Pending,
        }
    })
}

/// The response is there, and nothing can decode it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NotRun(&'static str);

impl From<JoinError> for NotRun {
    fn from(error: JoinError) -> Self {
        Self(match error.is_panic() {
            true => "decoding it panicked, which is a defect of this client",
            false => "the tokio runtime is shutting down",
        })
    }
}

#[cfg(test)]
mod tests;
