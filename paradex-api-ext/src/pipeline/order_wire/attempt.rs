//! An attempt over the order socket.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::HeaderMap;
use paradex_api::types::ErrorCode;
use paradex_api::{BoxError, DecodeError, Operation, RawResponse, operations};
use serde::Deserialize;

use super::response::RestResponse;
use super::{OrderMessage, OrderSocketLost, OrderWire};
use crate::auth::Session;
use crate::error::{Withheld, WithheldReason};
use crate::monotonic;
use crate::pipeline::attempt::Wire;
use crate::pipeline::completed_attempt::CompletedAttempt;
use crate::pipeline::operation_class::{cancels_orders, holds, places_orders};
use crate::pipeline::outcome::Outcome;
use crate::pipeline::outgoing::Outgoing;
use crate::pipeline::phase::{Late, Phase};
use crate::pipeline::{Call, Pipeline};
use crate::stream::LossCause;
use crate::stream::private::{NotSentReason, RequestOutcome, Wanted};

impl Pipeline {
    /// Makes an attempt over the order socket; `None` if the call goes by HTTP.
    pub(in crate::pipeline) async fn attempt_over_socket(
        &self,
        wire: &OrderWire,
        request: &mut Outgoing,
        session: &Arc<Session>,
        call: &Call,
    ) -> Result<Option<CompletedAttempt>, BoxError> {
        let places = places_orders(call.operation);
        if !places && !cancels_orders(call.operation) {
            return Ok(None);
        }
        if wire.ready(session).is_none() {
            return match places && !wire.falls_back {
                true => Err(wire.withheld(call.operation).into()),
                false => Ok(None),
            };
        }
        let message = request
            .get()
            .and_then(|request| OrderMessage::from_request(call.operation, request));
        let Some(message) = message else {
            return Ok(None);
        };
        let attempt = self
            .send_once(request, Some(session), Wire::Socket { wire, message }, call)
            .await?;
        // Nothing of it was sent. A cancel must not wait for a connection.
        let goes_by_http = match places {
            true => wire.falls_back && is_disconnected(&attempt),
            false => matches!(attempt.outcome(), Outcome::NotSent(_)),
        };
        Ok((!goes_by_http).then_some(attempt))
    }

    /// Sends a call over the order socket, and returns its response as the REST API gives it.
    pub(in crate::pipeline) async fn socket_round_trip(
        &self,
        request: &Outgoing,
        wire: &OrderWire,
        message: OrderMessage,
        session: Option<&Session>,
        call: &Call,
    ) -> Result<RawResponse, BoxError> {
        let operation = call.operation;
        // Looked up again: the call may have waited for the rate limit.
        let Some(ready) = session.and_then(|session| wire.ready(session)) else {
            return Err(wire.withheld(operation).into());
        };
        let sent = OrderMessage {
            params: Vec::new(),
            order_id: message.order_id.clone(),
            orders: Default::default(),
            ..message
        };
        let round_trip = wire
            .link
            .request(ready.connection, message, call.deadline.0, self.wanted(call));
        let response = match pin!(round_trip).await {
            RequestOutcome::Response(response) => response,
            RequestOutcome::NotSent(NotSentReason::Deadline) => return Err(Late::new(Phase::Connect).into()),
            RequestOutcome::NotSent(NotSentReason::NotWanted) => {
                return Err(match self.is_stale(Duration::ZERO) {
                    true => Late::new(Phase::Stale).into(),
                    false => Withheld::new(operation, WithheldReason::Halted).into(),
                });
            }
            RequestOutcome::NotSent(NotSentReason::QueueFull) => {
                return Err(Withheld::new(operation, WithheldReason::OrderSocketBusy).into());
            }
            RequestOutcome::NotSent(NotSentReason::OtherConnection | NotSentReason::Closed) => {
                return Err(wire.withheld(operation).into());
            }
            RequestOutcome::Unanswered if call.deadline.left().is_zero() => {
                return Err(Late::new(Phase::InFlight).into());
            }
            RequestOutcome::Unanswered => return Err(OrderSocketLost.into()),
        };
        let limits = self.response_limits();
        let raw = |rest: RestResponse| {
            RawResponse::new(rest.status, HeaderMap::new(), rest.body)
                .with_request_secrets(request.carried())
                .limits(limits.body_limits())
        };
        let response = match response {
            Ok(result) => RestResponse::from_result(&sent, &result).map_err(|what| {
                let rest = RestResponse {
                    status: StatusCode::OK,
                    body: result.to_string().into_bytes(),
                };
                DecodeError::unusable(operation, raw(rest), what)
            })?,
            Err(error) => RestResponse::from_error(&error),
        };
        limits.check_body(&response.body)?;
        let response = raw(response);
        if is_refused_token(&response) {
            wire.link.renew(ready.connection, LossCause::TokenRejected);
        }
        Ok(response)
    }

    /// Whether a call that waits to be written is still to be sent. A call that trades is not, once trading is halted or its
    /// signature is too old.
    fn wanted(&self, call: &Call) -> Wanted {
        if !call.trades {
            return Arc::new(|| true);
        }
        let (state, group, until) = (
            Arc::clone(&self.state),
            self.group.clone(),
            self.context.fresh_until,
        );
        Arc::new(move || {
            let is_halted = state.halt_gate().is_halted() || group.halt_gate().is_halted();
            !is_halted && until.is_none_or(|until| monotonic::now() < until)
        })
    }
}

/// Whether a call was not sent because the socket has no connection for it.
fn is_disconnected(attempt: &CompletedAttempt) -> bool {
    let withheld = attempt.result().as_ref().err();
    withheld
        .and_then(|error| error.downcast_ref::<Withheld>())
        .is_some_and(|withheld| {
            matches!(
                withheld.reason(),
                WithheldReason::NotArmed
                    | WithheldReason::OrderSocketDown
                    | WithheldReason::OrderSocketClosed
            )
        })
}

/// Whether the exchange does not accept the token of the connection.
fn is_refused_token(response: &RawResponse) -> bool {
    // The status first, because reading the body of every response would cost something.
    response.status == StatusCode::UNAUTHORIZED
        && matches!(
            response.api_error().and_then(|body| body.error),
            Some(ErrorCode::InvalidToken | ErrorCode::UnauthorizedError)
        )
}

/// An attempt by HTTP whose orders cancel on disconnect does not cover, although it was asked for. They are reported as unknown if it
/// is dropped before [`end`](Self::end).
pub(in crate::pipeline) struct HttpAttempt<'a>(Option<&'a OrderWire>);

impl OrderWire {
    /// Begins an attempt by HTTP; `None` if cancel on disconnect does not matter to it.
    pub(in crate::pipeline) fn http_attempt(&self, operation: &'static Operation) -> Option<HttpAttempt<'_>> {
        const PLACES: &[&Operation] = &[
            &operations::CREATE_ORDER,
            &operations::CREATE_ORDERS_BATCH,
            &operations::CREATE_ALGO_ORDER,
            &operations::MODIFY_ORDER,
        ];
        (self.needs_arming && holds(PLACES, operation)).then(|| HttpAttempt(Some(self)))
    }
}

impl HttpAttempt<'_> {
    /// Reports the orders that were placed or changed, or may have been.
    pub(in crate::pipeline) fn end(mut self, attempt: &CompletedAttempt) {
        let Some(wire) = self.0.take() else { return };
        let order_ids = match attempt.outcome() {
            Outcome::Done => attempt.result().as_ref().ok().and_then(placed_ids),
            outcome if outcome.is_unknown() => None,
            _ => return,
        };
        if order_ids.as_ref().is_none_or(|ids| !ids.is_empty()) {
            (wire.unprotected)(order_ids);
        }
    }
}

impl Drop for HttpAttempt<'_> {
    fn drop(&mut self) {
        if let Some(wire) = self.0 {
            (wire.unprotected)(None);
        }
    }
}

/// The ids of the orders in a response; `None` if it names none of them.
fn placed_ids(response: &RawResponse) -> Option<Vec<String>> {
    #[derive(Deserialize)]
    struct Placed {
        id: Option<String>,
    }
    #[derive(Deserialize)]
    struct Response {
        id: Option<String>,
        orders: Option<Vec<Option<Placed>>>,
    }
    let response: Response = serde_json::from_slice(&response.body).ok()?;
    match response.orders {
        Some(orders) => orders.into_iter().flatten().map(|order| order.id).collect(),
        None => response.id.map(|id| vec![id]),
    }
}
