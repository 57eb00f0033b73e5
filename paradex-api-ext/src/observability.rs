//! The metrics and tracing spans of calls. This module has documentation only.
//!
//! Metrics and spans contain nothing of a request or a response, except for the status and the request id in spans.
//!
//! The [example](https://github.com/paradex-rs/paradex-rs/blob/main/paradex-api-ext/examples/observability/observability.rs)
//! sends both to OpenTelemetry.
//!
//! # Metrics
//!
//! With the feature `metrics`, calls are recorded in the recorder of the crate [`metrics`](https://docs.rs/metrics). A call to
//! which a [layer](crate::ClientBuilder::layer) responds itself is not recorded. Durations are in seconds.
//!
//! | name | kind | labels | meaning |
//! |---|---|---|---|
//! | `paradex_calls_total` | counter | `operation`, `outcome` | calls that ended |
//! | `paradex_retries_total` | counter | `operation` | attempts after the first |
//! | `paradex_calls_in_flight` | gauge | | calls that have begun and not ended |
//! | `paradex_call_duration_seconds` | histogram | `operation` | the duration of a call, with all attempts and waits |
//! | `paradex_phase_duration_seconds` | histogram | `operation`, `phase` | the time that a call spent in a phase, in all attempts together |
//!
//! `operation` is the [`id`](paradex_api::Operation::id) of the operation. Signing in is a call of its own, with the operation
//! `auth`, `auth_evm` or `auth_with_public_key`.
//!
//! `phase` is one of three [phases](crate::error::Phase): `sign_in` (waiting for a session), `rate_limit` (waiting for this
//! client's own rate limit) and `in_flight` (sending the request and reading the response).
//!
//! | `outcome` | meaning |
//! |---|---|
//! | `ok` | a success; for a change, a success that shows the change |
//! | `rate_limited` | a 429 |
//! | `refused` | another status below 500 |
//! | `server_error` | a status of 500 or above |
//! | `unusable` | a success that cannot be used: a page of HTML, a response that does not show the change, or one that exceeds a limit |
//! | `no_response` | the request was sent, and no complete response arrived |
//! | `sign_in`, `rate_limit`, `stale`, `connect` | the call was not sent, and ended in this phase |
//! | `withheld` | the client withheld the call, for another reason than its rate limit |
//! | `invalid_request` | the request could not be built |
//! | `dropped` | the caller dropped the future before the call ended |
//!
//! With the feature `stream`, connections and losses are recorded as well:
//!
//! | name | kind | labels | meaning |
//! |---|---|---|---|
//! | `paradex_stream_connects_total` | counter | `outcome` | attempts to connect: `ok` or `failed` |
//! | `paradex_stream_frames_total` | counter | `kind` | frames that arrived: `data`, `unreadable`, or `unknown` for templates that this version does not know; added up every few seconds |
//! | `paradex_stream_losses_total` | counter | `cause` | losses of channels that feeds were told; see [`LossCause::as_str`](https://docs.rs/paradex-api-ext/latest/paradex_api_ext/stream/enum.LossCause.html#method.as_str) |
//! | `paradex_account_losses_total` | counter | `cause` | losses that account streams were told |
//! | `paradex_account_reconciliations_total` | counter | | readings of an account after a loss or a start |
//!
//! # Spans
//!
//! Each call has a span `paradex` of the crate [`tracing`](https://docs.rs/tracing), at level `DEBUG`. Its fields use the
//! semantic conventions of OpenTelemetry where there is one.
//!
//! | field | meaning |
//! |---|---|
//! | `operation` | the id of the operation |
//! | `otel.name`, `otel.kind` | the name of the span in OpenTelemetry, which is the operation, and its kind, `client` |
//! | `http.request.resend_count` | attempts after the first |
//! | `http.response.status_code` | the status of the last response |
//! | `error.type` | the outcome, as in the table above, if there is no response that can be used |
//! | `request_id` | the exchange's id of the request |
//! | `sign_in_us`, `rate_limit_us`, `in_flight_us` | the time spent in each phase, in microseconds |
//!
//! ```
//! use paradex_api_ext::error::Phase;
//!
//! assert_eq!(Phase::InFlight.as_str(), "in_flight");
//! ```
