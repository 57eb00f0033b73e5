//! Requests whose callers give up before or after their frames are written.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use paradex_api::serde_json::value::RawValue;
use tokio::sync::mpsc;

use crate::stream::private::requests::{QUEUE, Request, Unanswered, send_if};
use crate::stream::private::{NotSentReason, RequestOutcome};

fn queue() -> (mpsc::Sender<Request>, mpsc::Receiver<Request>) {
    mpsc::channel(QUEUE)
}

/// Sends a request that stays wanted.
async fn send(
    queue: &mpsc::Sender<Request>,
    connection: u64,
    method: &'static str,
    params: Vec<u8>,
    deadline: Instant,
) -> RequestOutcome {
    send_if(queue, connection, method, params, deadline, Arc::new(|| true)).await
}

fn later() -> Instant {
    tokio::time::Instant::now().into_std() + Duration::from_secs(5)
}

#[tokio::test(start_paused = true)]
async fn request_whose_future_is_dropped_is_not_written() {
    let (queue, mut requests) = queue();
    let mut future = Box::pin(send(&queue, 1, "m", b"{}".to_vec(), later()));
    assert!(future.as_mut().now_or_never().is_none());
    let request = requests.try_recv().unwrap();
    drop(future);
    assert!(request.take(Instant::now()).is_none());
}

#[tokio::test(start_paused = true)]
async fn request_whose_deadline_passes_first_is_not_written() {
    let (queue, mut requests) = queue();
    let outcome = send(&queue, 1, "m", b"{}".to_vec(), later()).await;
    assert!(
        matches!(outcome, RequestOutcome::NotSent(NotSentReason::Deadline)),
        "{outcome:?}"
    );
    let request = requests.try_recv().unwrap();
    assert!(request.take(Instant::now()).is_none());
    // The task sees the deadline before the caller does.
    let deadline = later();
    let mut future = Box::pin(send(&queue, 1, "m", b"{}".to_vec(), deadline));
    assert!(future.as_mut().now_or_never().is_none());
    assert!(requests.try_recv().unwrap().take(deadline).is_none());
    let outcome = future.await;
    assert!(
        matches!(outcome, RequestOutcome::NotSent(NotSentReason::Deadline)),
        "{outcome:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn written_request_without_a_response_is_unanswered() {
    let (queue, mut requests) = queue();
    for ends in [false, true] {
        let mut future = Box::pin(send(&queue, 1, "m", b"{}".to_vec(), later()));
        assert!(future.as_mut().now_or_never().is_none());
        let mut unanswered = Unanswered::default();
        unanswered.insert(7, requests.try_recv().unwrap().take(Instant::now()).unwrap());
        if ends {
            unanswered.end();
        }
        let outcome = future.await;
        assert!(matches!(outcome, RequestOutcome::Unanswered), "{outcome:?}");
        // A late response belongs to nobody.
        assert!(!unanswered.respond(7, Ok(RawValue::NULL.to_owned())));
        assert!(!unanswered.respond(8, Ok(RawValue::NULL.to_owned())));
    }
}

#[tokio::test(start_paused = true)]
async fn response_that_arrives_at_the_deadline_counts() {
    let (queue, mut requests) = queue();
    let mut future = Box::pin(send(&queue, 1, "m", b"{}".to_vec(), later()));
    assert!(future.as_mut().now_or_never().is_none());
    let mut unanswered = Unanswered::default();
    unanswered.insert(7, requests.try_recv().unwrap().take(Instant::now()).unwrap());
    tokio::time::advance(Duration::from_secs(6)).await;
    assert!(unanswered.respond(7, Ok(RawValue::NULL.to_owned())));
    let outcome = future.await;
    assert!(matches!(outcome, RequestOutcome::Response(Ok(_))), "{outcome:?}");
}

#[tokio::test(start_paused = true)]
async fn full_queue_and_ended_task_send_nothing() {
    let (queue, requests) = queue();
    let mut waiting = Vec::new();
    for _ in 0..QUEUE {
        let mut future = Box::pin(send(&queue, 1, "m", b"{}".to_vec(), later()));
        assert!(future.as_mut().now_or_never().is_none());
        waiting.push(future);
    }
    let outcome = send(&queue, 1, "m", b"{}".to_vec(), later()).await;
    assert!(
        matches!(outcome, RequestOutcome::NotSent(NotSentReason::QueueFull)),
        "{outcome:?}"
    );
    drop(requests);
    for future in waiting {
        let outcome = future.await;
        assert!(
            matches!(outcome, RequestOutcome::NotSent(NotSentReason::Closed)),
            "{outcome:?}"
        );
    }
    let outcome = send(&queue, 1, "m", b"{}".to_vec(), later()).await;
    assert!(
        matches!(outcome, RequestOutcome::NotSent(NotSentReason::Closed)),
        "{outcome:?}"
    );
}
