//! The status of the exchange: which orders it accepts at present.

use std::sync::atomic::{AtomicBool, Ordering};

use paradex_api::Operation;
use paradex_api::types::{ErrorCode, OrderInstruction, SystemState, SystemStatus};
use paradex_api::{RawResponse, operations, reqwest};
use tokio::sync::watch;

use crate::pipeline::operation_class::places_orders;

/// The status of the exchange, as far as it is known.
#[derive(Debug)]
pub(crate) struct ExchangeStatus {
    current: watch::Sender<SystemStatus>,
    /// Whether a poll is under way.
    polled: AtomicBool,
}

impl ExchangeStatus {
    pub(crate) fn new() -> Self {
        Self {
            current: watch::Sender::new(SystemStatus::Ok),
            polled: AtomicBool::new(false),
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

    /// Starts a poll, unless one is under way.
    pub(crate) fn start_poll(&self) -> bool {
        !self.polled.swap(true, Ordering::Relaxed)
    }

    pub(crate) fn end_poll(&self) {
        self.polled.store(false, Ordering::Relaxed);
    }

    /// The status that makes the exchange refuse this order; `None` if it would not.
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
            // The exchange enforces a status that is newer than this crate.
            _ => None,
        }
    }

    /// Learns the status from a response. Returns whether the exchange has to be polled for it.
    pub(crate) fn learn(&self, operation: &'static Operation, response: &RawResponse) -> bool {
        if response.status.is_success() {
            if std::ptr::eq(operation, &operations::GET_SYSTEM_STATE)
                && let Some(SystemState {
                    status: Some(status), ..
                }) = response.decode_small()
            {
                self.set(&status);
                return status != SystemStatus::Ok;
            }
            return false;
        }
        match response.api_error().and_then(|body| body.error) {
            Some(ErrorCode::SystemStatusCancelOnly) => self.set(&SystemStatus::CancelOnly),
            Some(ErrorCode::SystemStatusPostOnly) => self.set(&SystemStatus::PostOnly),
            // The exchange may be under maintenance, or have failed this once.
            Some(ErrorCode::ServiceUnavailable) => {}
            _ => return false,
        }
        true
    }
}

/// Whether all orders of a request can only add to the book. A change of an order carries no instruction, so the exchange
/// decides.
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

#[cfg(test)]
mod tests {
    use paradex_api::reqwest::{Client, Method};

    use super::adds_to_the_book;

    #[test]
    fn only_post_only_and_rpi_orders_add_to_the_book() {
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
            paradex_api::tls::install_default_provider().unwrap();
            let request = Client::new()
                .request(method, "http://127.0.0.1/")
                .body(body)
                .build();
            assert_eq!(adds_to_the_book(&request.unwrap()), adds, "{body}");
        }
    }
}
