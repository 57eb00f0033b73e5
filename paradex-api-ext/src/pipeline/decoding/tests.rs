use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use paradex_api::reqwest::{Request, StatusCode};
use paradex_api::{
    BaseUrl, BodyLimits, DecodeRunner, Error, Operation, RawResponse, Response, Transport, TransportFuture,
};

use super::{BlockingThread, NotDecoded, run_until};
use crate::pipeline::phase::{Late, Phase};

/// Responds with an empty list, which is decoded under a deadline.
struct Canned(Instant);

impl Transport for Canned {
    fn send<'a>(&'a self, _: Request, _: &'static Operation) -> TransportFuture<'a> {
        let raw = RawResponse::new(StatusCode::OK, Default::default(), "{\"results\":[]}");
        let runner: Arc<dyn DecodeRunner> = Arc::new(BlockingThread::until(self.0));
        Box::pin(async move { Ok(raw.limits(BodyLimits::new()).decode_with(runner)) })
    }
}

fn hour() -> Instant {
    Instant::now() + Duration::from_secs(3_600)
}

async fn call(deadline: Instant) -> Result<Response<paradex_api::types::MarketList>, Error> {
    let client = paradex_api::Client::with_transport(BaseUrl::testnet(), Arc::new(Canned(deadline)));
    client.list_markets().send().await
}

/// A runtime whose only thread for blocking work is occupied until the sender is dropped.
fn occupied(builder: &mut tokio::runtime::Builder) -> (tokio::runtime::Runtime, mpsc::Sender<()>) {
    let runtime = builder.enable_all().max_blocking_threads(1).build().unwrap();
    let (release, wait) = mpsc::channel::<()>();
    runtime.spawn_blocking(move || wait.recv());
    (runtime, release)
}

#[test]
fn decoding_that_cannot_begin_ends_with_the_deadline() {
    let (runtime, release) = occupied(&mut tokio::runtime::Builder::new_current_thread());
    // The deadline has passed when decoding is asked for, so that nothing has to be waited for.
    let error = runtime.block_on(call(Instant::now())).unwrap_err();
    drop(release);
    let Error::Decode(error) = error else {
        panic!("{error}")
    };
    let late = error.into_runner_error().unwrap().downcast::<Late>().unwrap();
    assert_eq!(late.to_string(), Late::new(Phase::InFlight).to_string());
    // The thread is free again.
    assert!(runtime.block_on(call(hour())).unwrap().results.is_empty());
}

#[test]
fn runtime_that_has_shut_down_gives_an_error() {
    let [running, gone] = [(); 2].map(|()| {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    });
    let handle = gone.handle().clone();
    gone.shutdown_background();
    let error = running.block_on(async {
        let _entered = handle.enter();
        call(hour()).await.unwrap_err()
    });
    let Error::Decode(error) = error else {
        panic!("{error}")
    };
    let error = crate::Error::from(Error::Decode(error));
    let text = error.to_string();
    assert!(
        text.contains("the response arrived and was not decoded"),
        "{text}"
    );
    let source = std::error::Error::source(&error).unwrap();
    assert!(
        source.is::<NotDecoded>() && source.to_string().contains("shutting down"),
        "{source}"
    );
}

#[test]
fn runtime_shutdown_ends_the_wait_for_decoding() {
    let running = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (runtime, release) = occupied(&mut tokio::runtime::Builder::new_multi_thread());
    let mut pending = Box::pin(call(hour()));
    // The job waits for the only thread from here on.
    running.block_on(async {
        let _entered = runtime.enter();
        std::future::poll_fn(|context| {
            assert!(pending.as_mut().poll(context).is_pending());
            std::task::Poll::Ready(())
        })
        .await;
    });
    runtime.shutdown_background();
    drop(release);
    // Whether the thread takes the job before it ends is up to tokio.
    match running.block_on(pending) {
        Ok(response) => assert!(response.results.is_empty()),
        Err(Error::Decode(error)) => assert!(error.into_runner_error().unwrap().is::<NotDecoded>()),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn decoding_outside_of_a_runtime_gives_an_error() {
    let mut pending = Box::pin(call(hour()));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(Error::Decode(error))) = pending.as_mut().poll(&mut context) else {
        panic!("it is still pending, or was decoded");
    };
    let error = error.into_runner_error().unwrap();
    assert_eq!(error.to_string(), "there is no tokio runtime");
}

#[test]
fn body_is_decoded_on_another_thread() {
    let (runtime, release) = occupied(&mut tokio::runtime::Builder::new_current_thread());
    let mut pending = Box::pin(call(hour()));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let entered = runtime.enter();
    // The thread of the caller is free, and the other one is not.
    assert!(pending.as_mut().poll(&mut context).is_pending());
    drop((entered, release));
    assert!(runtime.block_on(pending).unwrap().results.is_empty());
}

#[tokio::test]
async fn panic_of_the_decoder_is_not_taken_for_the_end_of_the_runtime() {
    let runtime = tokio::runtime::Handle::current();
    let ran = run_until(runtime, hour(), || panic!("on purpose")).await;
    let error = ran.map(|(): ()| ()).unwrap_err().to_string();
    assert!(error.contains("panicked"), "{error}");
}

#[test]
fn body_that_is_asked_for_outside_of_the_runtime_of_the_call_is_decoded_up_to_the_deadline() {
    let (runtime, release) = occupied(&mut tokio::runtime::Builder::new_multi_thread());
    let other = tokio::runtime::Builder::new_current_thread().build().unwrap();
    // The other runtime has no timer, so only the first one can end the call.
    let late = run_until(runtime.handle().clone(), Instant::now(), || ());
    let error = other.block_on(late).unwrap_err();
    assert!(error.is::<Late>(), "{error}");
    // A queued job ends as well when its runtime ends.
    let waiting = run_until(runtime.handle().clone(), hour(), || ());
    runtime.shutdown_background();
    drop(release);
    let _ = other.block_on(waiting);
}
