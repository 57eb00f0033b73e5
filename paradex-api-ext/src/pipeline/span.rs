//! The tracing span of a call, with the attribute names of OpenTelemetry where there is one.

use tracing::Span;
use tracing::field::Empty;

use paradex_api::Operation;

use crate::pipeline::completed_attempt::CompletedAttempt;
use crate::pipeline::timing::CallTiming;

/// Opens the span of a call. Of what is sent and received it holds the status and the exchange's request id, and nothing else.
pub(crate) fn open(operation: &'static Operation) -> Span {
    tracing::debug_span!(
        "paradex",
        otel.name = operation.id,
        otel.kind = "client",
        operation = operation.id,
        http.request.resend_count = Empty,
        http.response.status_code = Empty,
        "error.type" = Empty,
        request_id = Empty,
        sign_in_us = Empty,
        rate_limit_us = Empty,
        in_flight_us = Empty,
    )
}

/// Records the outcome of a call in its span.
pub(crate) fn record(span: &Span, timing: &CallTiming, last: &CompletedAttempt) {
    if span.is_disabled() {
        return;
    }
    span.record("http.request.resend_count", timing.retries());
    for (phase, took) in timing.durations() {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        span.record(format!("{}_us", phase.as_str()).as_str(), took);
    }
    match last.result() {
        Ok(response) => {
            span.record("http.response.status_code", response.status.as_u16());
            if let Some(id) = crate::error::shown_request_id(response) {
                span.record("request_id", id.as_str());
            }
        }
        Err(_) => {
            span.record("error.type", last.outcome().as_str());
        }
    }
    span.in_scope(|| tracing::debug!("done"));
}
