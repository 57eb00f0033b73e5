//! Calls for programs that are not asynchronous.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::{ConfigurationError, Error};

/// Runs calls to their end, in programs that are not asynchronous.
///
/// It is a runtime and nothing else: every call of the [`Client`](crate::Client) is made as always, and given to
/// [`run`](Self::run) in the place of `.await`. Outside of `run` one thread of its own looks after connections
/// and sessions.
///
/// ```
/// use paradex_api_ext::simulator::Simulator;
/// use paradex_api_ext::{Client, Credentials, Environment};
/// use paradex_api_ext::blocking::Blocking;
/// use paradex_api_ext::pagination::Paged;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let blocking = Blocking::new()?;
/// let exchange = blocking.run(Simulator::start())??;
/// let environment = Environment::custom(exchange.url())?;
/// let client = Client::builder(environment.clone())
///     .credentials(Credentials::bearer(environment, exchange.main_session())?)
///     .build()?;
///
/// // What `run` answers is what the call answers, unless it is used inside an asynchronous program.
/// for token in blocking.run(client.tokens().list().send())?? {
///     println!("{token}");
/// }
/// for transfer in blocking.iter(client.api().list_transfers().items()) {
///     println!("{:?}", transfer?.id);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Blocking {
    /// It is there until `self` is dropped.
    runtime: Option<Runtime>,
}

impl Blocking {
    /// Starts its thread.
    ///
    /// # Errors
    ///
    /// The system gives no thread, or no more open files.
    pub fn new() -> Result<Self, ConfigurationError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("paradex")
            .enable_all()
            .build();
        Ok(Self {
            runtime: Some(runtime.map_err(ConfigurationError::runtime)?),
        })
    }

    /// Runs a call, or any other future, to its end.
    ///
    /// # Errors
    ///
    /// It was called inside an asynchronous program, where it would hold up whatever else runs on the thread: await the
    /// call there instead. This is so on all threads of a runtime, also within tokio's `spawn_blocking`.
    pub fn run<F: Future>(&self, work: F) -> Result<F::Output, ConfigurationError> {
        match &self.runtime {
            Some(runtime) if Handle::try_current().is_err() => Ok(runtime.block_on(work)),
            _ => Err(ConfigurationError::new(
                "`Blocking` was used inside an async runtime, whose thread it would hold up: await the call instead",
            )),
        }
    }

    /// Reads the items or the pages of a listing one after the other; the next page is asked for when it is needed.
    ///
    /// Where [`run`](Self::run) would refuse, the iterator has its error and ends.
    pub fn iter<S, T>(&self, stream: S) -> BlockingIter<'_, S>
    where
        S: Stream<Item = Result<T, Error>> + Unpin,
    {
        BlockingIter {
            blocking: self,
            stream,
            refused: false,
        }
    }
}

impl Drop for Blocking {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Waiting for it would be a panic inside another runtime.
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Blocking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocking").finish_non_exhaustive()
    }
}

/// The items or pages of a listing, for programs that are not asynchronous; see [`Blocking::iter`].
pub struct BlockingIter<'a, S> {
    blocking: &'a Blocking,
    stream: S,
    refused: bool,
}

impl<S> BlockingIter<'_, S> {
    /// What it reads from, which knows the cursor from which it can be taken up again.
    pub fn get_ref(&self) -> &S {
        &self.stream
    }
}

impl<S, T> Iterator for BlockingIter<'_, S>
where
    S: Stream<Item = Result<T, Error>> + Unpin,
{
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.refused {
            return None;
        }
        let stream = &mut self.stream;
        let next = poll_fn(|context| Pin::new(&mut *stream).poll_next(context));
        match self.blocking.run(next) {
            Ok(item) => item,
            Err(error) => {
                self.refused = true;
                Some(Err(error.into()))
            }
        }
    }
}

impl<S> fmt::Debug for BlockingIter<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingIter").finish_non_exhaustive()
    }
}
