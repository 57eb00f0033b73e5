//! What the exchange takes at present.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use paradex_api::Operation;
use paradex_api::types::{ErrorCode, OrderInstruction, SystemState, SystemStatus};
use paradex_api::{RawResponse, operations, reqwest};
use tokio::sync::watch;

use crate::auth::random_part;
use crate::client::options::CallOptions;
use crate::client::{ClientGroup, WeakClientGroup};
use crate::pipeline::operation_class::places_orders;
use crate::pipeline::retry::RetryPolicy;

/// What the exchange takes at present, as far as is known.
#[derive(Debug)]
pub(crate) struct Status {
    current: watch::Sender<SystemStatus>,
    /// Whether somebody asks for it until it is well.
    watched: AtomicBool,
}

impl Status {
    pub(crate) fn new() -> Self {
        Self {
            current: watch::Sender::new(SystemStatus::Ok),
            watched: AtomicBool::new(false),
        }
    }

    pub(crate) fn get(&self) -> SystemStatus {
        self.current.borrow().clone()
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<SystemStatus> {
        self.current.subscribe()
    }

    fn set(&self, status: &SystemStatus) {
        self.current.send_if_modified(|current| {
            let changed = current != status;
            if changed {
                current.clone_from(status);
            }
            changed
        });
    }

    /// Why an order may not leave now.
    pub(crate) fn refuses(
        &self,
        operation: &'static Operation,
        request: Option<&reqwest::Request>,
    ) -> Option<SystemStatus> {
        if !places_orders(operation) {
            return None;
        }
        let status = self.current.borrow();
        match &*status {
            SystemStatus::CancelOnly | SystemStatus::Maintenance => Some(status.clone()),
            SystemStatus::PostOnly if !request.is_some_and(adds_to_the_book) => Some(status.clone()),
            // A status that is newer than this crate is for the exchange to enforce.
            _ => None,
        }
    }

    /// Learns from an answer. Whether it has to be asked for what it takes.
    pub(crate) fn learn(&self, operation: &'static Operation, answer: &RawResponse) -> bool {
        if answer.status.is_success() {
            if std::ptr::eq(operation, &operations::GET_SYSTEM_STATE)
                && let Some(SystemState {
                    status: Some(status), ..
                }) = answer.decode_small()
            {
                self.set(&status);
                return status != SystemStatus::Ok;
            }
            return false;
        }
        match answer.api_error().and_then(|body| body.error) {
            Some(ErrorCode::SystemStatusCancelOnly) => self.set(&SystemStatus::CancelOnly),
            Some(ErrorCode::SystemStatusPostOnly) => self.set(&SystemStatus::PostOnly),
            // It may be under maintenance, or may not have answered this once.
            Some(ErrorCode::ServiceUnavailable) => {}
            _ => return false,
        }
        true
    }
}

/// Whether all orders of a request can only add to the book. A change carries no instruction, and the exchange decides.
fn adds_to_the_book(request: &reqwest::Request) -> bool {
    #[derive(serde::Deserialize)]
    struct Sent {
        instruction: Option<OrderInstruction>,
    }
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Body {
        Many(Vec<Sent>),
        One(Sent),
    }
    let body = request.body().and_then(reqwest::Body::as_bytes);
    let orders = match body.and_then(|body| serde_json::from_slice(body).ok()) {
        Some(Body::Many(orders)) => orders,
        Some(Body::One(order)) => vec![order],
        None => return false,
    };
    let adds = |sent: &Sent| {
        matches!(
            sent.instruction,
            Some(OrderInstruction::PostOnly | OrderInstruction::Rpi)
        )
    };
    request.method() == reqwest::Method::PUT || orders.iter().all(adds)
}

/// Asks the exchange what it takes until it takes everything, at times that differ from one process to the next. It
/// ends with the last client.
pub(crate) fn watch(group: &ClientGroup) {
    let status = group.status();
    if status.watched.swap(true, Ordering::Relaxed) {
        return;
    }
    // Made here, so that it ends also if the task is never begun.
    let watching = Watching(group.downgrade());
    tokio::spawn(async move {
        let mut wait = FIRST_QUESTION;
        loop {
            tokio::time::sleep(wait / 2 + wait / 2 * u32::from(random_part()) / 255).await;
            let Some(group) = watching.0.upgrade() else {
                return;
            };
            let options = CallOptions::new().retry(RetryPolicy::none()).deadline(ANSWER);
            let client = group.anonymous().with_options(options);
            // The path reads the status from the answer, as from every answer to this call.
            let answer = client.api().get_system_state().send().await;
            if answer.is_ok() && group.status().get() == SystemStatus::Ok {
                return;
            }
            wait = (wait * 2).min(LAST_QUESTION);
        }
    });
}

/// The wait before the first question, and the longest. Half of it, and a random part of the other half, is waited.
const FIRST_QUESTION: Duration = Duration::from_millis(500);
const LAST_QUESTION: Duration = Duration::from_secs(8);
/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(10);

/// That somebody asks, until dropped.
struct Watching(WeakClientGroup);

impl Drop for Watching {
    fn drop(&mut self) {
        if let Some(group) = self.0.upgrade() {
            group.status().watched.store(false, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use paradex_api::reqwest::{Client, Method};

    use super::adds_to_the_book;

    #[test]
    fn only_what_cannot_take_adds_to_the_book() {
        for (method, body, adds) in [
            (Method::POST, r#"{"instruction":"POST_ONLY"}"#, true),
            (Method::POST, r#"{"instruction":"RPI"}"#, true),
            (Method::POST, r#"{"instruction":"GTC"}"#, false),
            (Method::POST, r#"{"instruction":"SOMETHING_NEW"}"#, false),
            (Method::POST, "{}", false),
            (
                Method::POST,
                r#"[{"instruction":"POST_ONLY"},{"instruction":"POST_ONLY"}]"#,
                true,
            ),
            (
                Method::POST,
                r#"[{"instruction":"POST_ONLY"},{"instruction":"IOC"}]"#,
                false,
            ),
            (Method::POST, "<html>", false),
            (Method::PUT, "{}", true),
        ] {
            let request = Client::new()
                .request(method, "http://127.0.0.1/")
                .body(body)
                .build();
            assert_eq!(adds_to_the_book(&request.unwrap()), adds, "{body}");
        }
    }
}
