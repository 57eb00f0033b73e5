//! Decodes the body of a response within its budget of memory, here or where the transport wants it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde_json::Value;

use crate::error::{DecodeError, Error, Malformed, NotDecoded};
use crate::operation::Operation;
use crate::response::{FromResponse, RawResponse, Response};
use crate::transport::BoxError;
use crate::wire::budget::{End, grow, within};
use crate::wire::{Found, Wire};

/// The future that [`DecodeRunner::run`] returns.
pub type DecodeFuture = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>>;

/// Decides where the body of a large response is decoded, and how long that may take.
///
/// Decoding keeps a processor busy: 1 MiB takes some milliseconds. A transport gives a runner to the responses that are too large
/// to be decoded in the task of the caller, with [`RawResponse::decode_with`]. Layers around the transport hand the
/// response on with its runner.
///
/// ```
/// use std::sync::Arc;
/// use paradex_api::{DecodeFuture, DecodeJob, DecodeRunner};
///
/// /// Decodes on the threads that tokio keeps for work that blocks.
/// struct Elsewhere;
///
/// impl DecodeRunner for Elsewhere {
///     fn run(&self, job: DecodeJob) -> DecodeFuture {
///         let work = tokio::task::spawn_blocking(|| job.run());
///         Box::pin(async move { Ok(work.await?) })
///     }
/// }
/// # let _: Arc<dyn DecodeRunner> = Arc::new(Elsewhere);
/// ```
pub trait DecodeRunner: Send + Sync + 'static {
    /// Runs the job, and completes after that. When the future is dropped, the job ends by itself soon after.
    ///
    /// # Errors
    ///
    /// Why the job was not run, or not waited for. It comes out of the call inside
    /// [`Error::Decode`](crate::Error::Decode), where [`DecodeError::runner_error`] finds it.
    fn run(&self, job: DecodeJob) -> DecodeFuture;
}

/// The decoding of one body.
pub struct DecodeJob(Box<dyn FnOnce() + Send>);

impl DecodeJob {
    /// Decodes. It blocks for as long as that takes, and returns early if nobody waits for the value any more.
    pub fn run(self) {
        (self.0)();
    }
}

impl fmt::Debug for DecodeJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeJob").finish_non_exhaustive()
    }
}

/// Decodes a response of success in the task of the caller.
pub(crate) fn decode<T: FromResponse>(
    operation: &'static Operation,
    raw: RawResponse,
) -> Result<Response<T>, Error> {
    let value = decoded(&raw.body, raw.limits.value_bytes(), None);
    finish(operation, raw, value)
}

/// Decodes it where the runner wants it.
pub(crate) async fn decode_elsewhere<T: FromResponse>(
    runner: Arc<dyn DecodeRunner>,
    operation: &'static Operation,
    raw: RawResponse,
) -> Result<Response<T>, Error> {
    let abandoned = Abandoned(Arc::default());
    let value = Arc::new(Mutex::new(None));
    let job = {
        let (value, stop) = (Arc::clone(&value), Arc::clone(&abandoned.0));
        let (body, bytes) = (raw.body.clone(), raw.limits.value_bytes());
        DecodeJob(Box::new(move || {
            let decoded = decoded::<T>(&body, bytes, Some(stop));
            *value.lock().unwrap_or_else(PoisonError::into_inner) = Some(decoded);
        }))
    };
    let ran = runner.run(job).await;
    let value = value.lock().unwrap_or_else(PoisonError::into_inner).take();
    let value = match (value, ran) {
        (Some(value), Ok(())) => value,
        (_, Err(error)) => Err(NotDecoded::Runner(error)),
        (None, Ok(())) => Err(NotDecoded::Runner("the body was not decoded".into())),
    };
    finish(operation, raw, value)
}

/// Tells a job, when it is dropped, that nobody waits any more.
struct Abandoned(Arc<AtomicBool>);

impl Drop for Abandoned {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn decoded<T: FromResponse>(
    body: &Bytes,
    bytes: u64,
    stop: Option<Arc<AtomicBool>>,
) -> Result<T, NotDecoded> {
    let (value, end) = within(bytes, stop, || T::decode(body));
    value.map_err(|error| match end {
        Some(End::OverBudget) => NotDecoded::Memory(bytes),
        Some(End::Abandoned) | None => NotDecoded::Form(Malformed(error.to_string())),
    })
}

fn finish<T>(
    operation: &'static Operation,
    raw: RawResponse,
    value: Result<T, NotDecoded>,
) -> Result<Response<T>, Error> {
    match value {
        Ok(value) => Ok(Response::new(value, raw)),
        Err(reason) => Err(Error::Decode(Box::new(DecodeError::new(operation, raw, reason)))),
    }
}

/// The largest body that [`read_small`] looks into. Refusals have some hundred bytes.
const SMALL: usize = 64 << 10;

pub(crate) fn read_small<T: FromResponse>(raw: &RawResponse) -> Option<T> {
    if raw.body.len() > SMALL {
        return None;
    }
    let bytes = raw.limits.value_bytes().min(16 * SMALL as u64);
    decoded(&raw.body, bytes, None).ok()
}

pub(crate) fn read_elements<T: Wire>(
    raw: &RawResponse,
    elements: &[Value],
) -> Result<Vec<T>, serde_json::Error> {
    let read = || {
        let mut list = Vec::new();
        for element in elements {
            let mut value = T::blank();
            if !matches!(value.read(element)?, Found::Value) {
                value = T::blank();
            }
            grow(&mut list)?;
            list.push(value);
        }
        Ok(list)
    };
    within(raw.limits.value_bytes() / 2, None, read).0
}
