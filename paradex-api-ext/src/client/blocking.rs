//! Runs calls in synchronous programs.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::{ConfigurationError, Error};

/// Runs calls in synchronous programs.
///
/// It only holds a runtime. Pass each call of the [`Client`](crate::Client) to [`run`](Self::run) instead of awaiting it. Between
/// calls, a thread of its own maintains connections and sessions.
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
/// // The outer `?` fails only inside an asynchronous program. The inner one is the result of the call.
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
    /// Always `Some` until `self` is dropped.
    runtime: Option<Runtime>,
}

impl Blocking {
    /// Starts the runtime and its thread.
    ///
    /// # Errors
    ///
    /// The system provides no thread, or no more file descriptors.
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

    /// Runs a call, or any other future, to completion.
    ///
    /// # Errors
    ///
    /// It is called on a thread of an async runtime, also within tokio's `spawn_blocking`, where it would block other tasks. Await
    /// the call there instead.
    pub fn run<F: Future>(&self, work: F) -> Result<F::Output, ConfigurationError> {
        match &self.runtime {
            Some(runtime) if Handle::try_current().is_err() => Ok(runtime.block_on(work)),
            _ => Err(ConfigurationError::new(
                "`Blocking` was used inside an async runtime, where it would block other tasks: await the call instead",
            )),
        }
    }

    /// Iterates over the items or the pages of a listing. It requests the next page when it is needed.
    ///
    /// Where [`run`](Self::run) would fail, the iterator yields that error and ends.
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

    /// Iterates over the updates of a feed, and waits for each. It ends with the feed, and inside an async runtime.
    ///
    /// ```no_run
    /// # fn example(client: paradex_api_ext::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::blocking::Blocking;
    ///
    /// let blocking = Blocking::new()?;
    /// for update in blocking.updates(&mut client.stream().bbo("BTC-USD-PERP")) {
    ///     println!("{update:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "stream")]
    pub fn updates<'a, S>(&'a self, feed: &'a mut S) -> impl Iterator<Item = S::Item> + use<'a, S>
    where
        S: Stream + Unpin,
    {
        std::iter::from_fn(move || {
            let next = poll_fn(|context| Pin::new(&mut *feed).poll_next(context));
            self.run(next).ok().flatten()
        })
    }
}

impl Drop for Blocking {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Waiting for it would panic inside another runtime.
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Blocking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocking").finish_non_exhaustive()
    }
}

/// Iterates over the items or pages of a listing in synchronous programs; see [`Blocking::iter`].
pub struct BlockingIter<'a, S> {
    blocking: &'a Blocking,
    stream: S,
    refused: bool,
}

impl<S> BlockingIter<'_, S> {
    /// Returns the underlying stream, which knows the cursor to resume from.
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
