//! Decodes the body of a response within its memory budget, in the task of the caller or in a [`DecodeRunner`].

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde_json::Value;

use crate::error::{DecodeError, DecodeFailure, Error, Malformed};
use crate::operation::Operation;
use crate::response::{FromResponse, RawResponse, Response};
use crate::transport::BoxError;
use crate::wire::memory_budget::{StopReason, grow, within};
use crate::wire::{Found, Wire};

/// The future that [`DecodeRunner::run`] returns.
pub type DecodeFuture = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>>;

/// Runs the decoding of large bodies outside the task of the caller.
///
/// Decoding blocks: 1 MiB takes some milliseconds. A transport attaches a runner to large responses with
/// [`RawResponse::decode_with`], and layers around the transport pass it on with the response.
///
/// ```
/// use std::sync::Arc;
/// use paradex_api::{DecodeFuture, DecodeJob, DecodeRunner};
///
/// /// Decodes on tokio's threads for blocking work.
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
    /// Runs the job, and completes when it has ended. If the future is dropped, the job ends by itself soon after.
    ///
    /// # Errors
    ///
    /// Returns why the job was not run or not waited for. The call then fails with
    /// [`Error::Decode`](crate::Error::Decode), and [`DecodeError::runner_error`] returns this error.
    fn run(&self, job: DecodeJob) -> DecodeFuture;
}

/// The decoding of one body.
pub struct DecodeJob(Box<dyn FnOnce() + Send>);

impl DecodeJob {
    /// Decodes the body. It blocks meanwhile, and returns early if the call was dropped.
    pub fn run(self) {
        (self.0)();
    }
}

impl fmt::Debug for DecodeJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeJob").finish_non_exhaustive()
    }
}

/// Decodes a successful response in the task of the caller.
pub(crate) fn decode<T: FromResponse>(
    operation: &'static Operation,
    raw: RawResponse,
) -> Result<Response<T>, Error> {
    let value = decoded(&raw.body, raw.limits.value_bytes(), None);
    finish(operation, raw, value)
}

/// Decodes a successful response in the runner.
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
        (_, Err(error)) => Err(DecodeFailure::Runner(error)),
        (None, Ok(())) => Err(DecodeFailure::Runner("the body was not decoded".into())),
    };
    finish(operation, raw, value)
}

/// Tells the job to stop when it is dropped.
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
) -> Result<T, DecodeFailure> {
    let (value, stopped) = within(bytes, stop, || T::decode(body));
    value.map_err(|error| match stopped {
        Some(StopReason::OverBudget) => DecodeFailure::Memory(bytes),
        Some(StopReason::Abandoned) | None => DecodeFailure::Form(Malformed(error.to_string())),
    })
}

fn finish<T>(
    operation: &'static Operation,
    raw: RawResponse,
    value: Result<T, DecodeFailure>,
) -> Result<Response<T>, Error> {
    match value {
        Ok(value) => Ok(Response::new(value, raw)),
        Err(reason) => Err(Error::Decode(Box::new(DecodeError::new(operation, raw, reason)))),
    }
}

/// The largest body that [`decode_small`] decodes. Errors of the exchange have some hundred bytes.
const SMALL: usize = 64 << 10;

pub(crate) fn decode_small<T: FromResponse>(raw: &RawResponse) -> Option<T> {
    if raw.body.len() > SMALL {
        return None;
    }
    let bytes = raw.limits.value_bytes().min(16 * SMALL as u64);
    decoded(&raw.body, bytes, None).ok()
}

pub(crate) fn decode_elements<T: Wire>(
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
