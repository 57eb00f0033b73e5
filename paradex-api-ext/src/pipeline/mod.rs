//! The pipeline that every call takes, from the request to the complete response.

mod attempt;
pub mod audit;
mod authorization;
pub(crate) mod clock;
pub(crate) mod completed_attempt;
pub(crate) mod decoding;
pub(crate) mod exchange_status;
pub(crate) mod halt_gate;
pub(crate) mod in_flight;
#[cfg(feature = "metrics")]
mod metrics;
pub(crate) mod operation_class;
#[cfg(feature = "stream")]
pub(crate) mod order_wire;
pub(crate) mod outcome;
mod outgoing;
pub(crate) mod phase;
pub(crate) mod rate_limit;
pub(crate) mod response_check;
pub(crate) mod response_limits;
pub(crate) mod retry;
mod span;
pub(crate) mod timing;
pub(crate) mod unusable;

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use paradex_api::{BoxError, Operation, Transport, TransportFuture, reqwest, runtime};
use tracing::Instrument;

use crate::backoff::random_byte;
use crate::client::ClientGroup;
use crate::client::options::CallOptions;
use crate::client::state::ClientState;
use crate::error::{Withheld, WithheldReason};
use crate::pipeline::audit::Audit;
use crate::pipeline::completed_attempt::CompletedAttempt;
use crate::pipeline::operation_class::{cancels_orders, places_orders, signs_in, trades};
use crate::pipeline::outcome::Outcome;
use crate::pipeline::outgoing::Outgoing;
use crate::pipeline::phase::{Late, Phase};
use crate::pipeline::retry::RetryPolicy;
use crate::pipeline::timing::{CallTiming, Deadline};

/// The transport of a client: authorizes each call, keeps to the limits, sends the request, reads the whole response, and
/// retries.
pub(crate) struct Pipeline {
    pub(crate) group: ClientGroup,
    pub(crate) state: Arc<ClientState>,
    pub(crate) context: CallContext,
}

/// What the caller knows about the calls of one raw client.
#[derive(Default)]
pub(crate) struct CallContext {
    pub(crate) options: CallOptions,
    /// The time until which the request may be sent, if it was signed beforehand.
    pub(crate) fresh_until: Option<Instant>,
    /// The state before the change, for the audit.
    pub(crate) before: Option<serde_json::Value>,
}

/// A call under way.
struct Call {
    operation: &'static Operation,
    /// Whether the call can lead to a trade.
    trades: bool,
    deadline: Deadline,
    timing: CallTiming,
}

impl Call {
    /// The error of a call that the rate limit does not permit in time.
    fn rate_limited(&self, retry_after: Option<Duration>) -> Withheld {
        Withheld::new(self.operation, WithheldReason::RateLimit { retry_after })
    }
}

impl Transport for Pipeline {
    /// Checks the call, records the intent in the audit, and makes attempts until one is final. An attempt gets a session
    /// (`attempt`), waits for the rate limit and checks the call again (`send_once`), and sends it (`round_trip`).
    fn send<'a>(&'a self, request: reqwest::Request, operation: &'static Operation) -> TransportFuture<'a> {
        let (mut request, span) = (Outgoing::new(request), span::open(operation));
        let call = Call {
            operation,
            trades: !operation.is_read() && trades(operation),
            deadline: Deadline::after(self.context.options.deadline.unwrap_or(self.group.timeout())),
            timing: CallTiming::new(cfg!(feature = "metrics") || !span.is_disabled()),
        };
        Box::pin(async move {
            let steps = pin!(async {
                #[cfg(feature = "metrics")]
                let metrics = metrics::CallMetrics::start(operation, &call.timing);
                let audit = self.group.audit().filter(|_| Audit::concerns(operation));
                let last = match (self.check(&call, &request), audit) {
                    (Err(error), _) => CompletedAttempt::from_error(error),
                    (Ok(()), None) => {
                        let attempts = pin!(self.attempts(&mut request, &call));
                        attempts.instrument(span.clone()).await
                    }
                    // Boxed: few calls are audited, and all would have to hold the future.
                    (Ok(()), Some(audit)) => {
                        let attempts = Box::pin(self.audited_attempts(audit, &mut request, &call));
                        attempts.instrument(span.clone()).await
                    }
                };
                span::record(&span, &call.timing, &last);
                #[cfg(feature = "metrics")]
                metrics.finish(last.outcome());
                last.into_result()
            });
            // Everything in the pipeline may use timers, tasks and sockets, so this is the one place that looks for a runtime.
            runtime::within(steps).await?
        })
    }
}

impl Pipeline {
    /// Makes the attempts of a change, with an audit entry before and after.
    async fn audited_attempts(&self, audit: &Audit, request: &mut Outgoing, call: &Call) -> CompletedAttempt {
        let author = || {
            let session = self.state.sessions().current()?;
            let credentials = session.credentials();
            Some((credentials.account_name(), credentials.id()))
        };
        let mut entry = audit.entry(call.operation, request.get(), self.context.before.clone());
        (entry.account, entry.credential) = author().unzip();
        let change = match audit.record_intent(entry, call.deadline.left()).await {
            Ok(change) => change,
            Err(error) => {
                let withheld = Withheld::new(call.operation, WithheldReason::Audit(error));
                return CompletedAttempt::from_error(withheld.into());
            }
        };
        let last = self.attempts(request, call).await;
        change
            .record_outcome(&last, &request.carried(), author(), call.deadline.left())
            .await;
        last
    }

    /// Makes attempts as long as another one can help and cannot do harm.
    async fn attempts(&self, request: &mut Outgoing, call: &Call) -> CompletedAttempt {
        let policy = self.retry_policy(call.operation);
        // An earlier attempt that may have been carried out.
        let mut unknown: Option<CompletedAttempt> = None;
        for made in 1.. {
            call.timing.set_attempts(made);
            let attempt = self.attempt(request, call).await;
            let attempt = attempt.unwrap_or_else(CompletedAttempt::from_error);
            let outcome = attempt.outcome();
            if outcome == Outcome::Done {
                self.group.earn_retry();
                return attempt;
            }
            // An attempt with an unknown outcome, or one that tells the state of the exchange, replaces an earlier one.
            let last = |unknown: Option<CompletedAttempt>, attempt| match unknown {
                Some(earlier) if !(outcome.is_unknown() || outcome.is_conclusive()) => earlier,
                _ => attempt,
            };
            let may_retry = retry::should_retry(retry::idempotency(call.operation), outcome);
            if !(may_retry && policy.allows(made) && request.can_send()) {
                return last(unknown, attempt);
            }
            let asked = attempt.result().as_ref().ok().and_then(|response| {
                crate::error::retry_after(response.status, &response.headers, SystemTime::now())
            });
            let wait = policy.wait(made, random_byte(), asked);
            // Waiting until the deadline would only replace what is known by "too late".
            if wait >= call.deadline.left() || self.is_stale(wait) || !self.group.spend_retry() {
                return last(unknown, attempt);
            }
            if !call.operation.is_read() && outcome.is_unknown() {
                unknown = Some(attempt);
            }
            if let Err(halted) = self.unless_halted(call, pin!(tokio::time::sleep(wait))).await {
                return unknown.unwrap_or_else(|| CompletedAttempt::from_error(halted.into()));
            }
        }
        // Unreachable: the policy ends the loop before the count overflows.
        CompletedAttempt::from_error(BoxError::from(Late::new(Phase::Connect)))
    }

    fn retry_policy(&self, operation: &'static Operation) -> RetryPolicy {
        match self.context.options.retry {
            Some(policy) => policy,
            // A sign-in has a backoff of its own, and an order fails at once.
            None if !operation.is_read()
                && (places_orders(operation) || cancels_orders(operation) || signs_in(operation)) =>
            {
                RetryPolicy::none()
            }
            None => self.group.retry_policy(),
        }
    }
}
