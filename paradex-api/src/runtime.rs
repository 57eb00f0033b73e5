//! Checks for a tokio runtime, so that a call without one fails instead of panicking.

use std::future::{Future, poll_fn};
use std::pin::pin;

use tokio::runtime::Handle;

/// A call was polled outside a tokio runtime. Nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no tokio runtime, and the call needs one; nothing was sent. Await it inside a runtime that was built with \
     `enable_all`, such as that of `#[tokio::main]`"
)]
#[non_exhaustive]
pub struct NoRuntime;

/// Runs a future inside the tokio runtime in which it is first polled, and fails if there is none.
///
/// [`HttpTransport`](crate::HttpTransport) does this for every call. A [`Transport`](crate::Transport) that uses timers, tasks
/// or sockets of tokio before it passes a call on needs it as well.
///
/// ```
/// use paradex_api::runtime::within;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// assert_eq!(runtime.block_on(within(async { 7 })), Ok(7));
/// # Ok(())
/// # }
/// ```
///
/// Afterwards the future may be polled anywhere, because it enters that runtime again.
///
/// tokio cannot report whether a runtime has timers and sockets, or is shutting down. In a runtime without `enable_all`, and in
/// one that is being dropped, tokio itself panics.
///
/// # Errors
///
/// Returns [`NoRuntime`] if there is no runtime at the first poll. The work has not begun then.
pub async fn within<T>(work: impl Future<Output = T>) -> Result<T, NoRuntime> {
    let handle = Handle::try_current().map_err(|_| NoRuntime)?;
    let mut work = pin!(work);
    let outcome = poll_fn(|context| {
        let _entered = Handle::try_current().is_err().then(|| handle.enter());
        work.as_mut().poll(context)
    });
    Ok(outcome.await)
}
