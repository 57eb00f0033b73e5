//! One attempt of a call, once its session is there: wait for the rate limit, check again, send, and read the response.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::HeaderValue;
use paradex_api::{BoxError, RawResponse, operations, reqwest};

use crate::auth::Session;
use crate::error::{InvalidInput, Withheld, WithheldReason};
use crate::monotonic;
use crate::pipeline::completed_attempt::CompletedAttempt;
use crate::pipeline::in_flight::{InFlightGuard, SentOrders};
use crate::pipeline::operation_class::{opens_session, places_orders};
#[cfg(feature = "stream")]
use crate::pipeline::order_wire::{OrderMessage, OrderWire};
use crate::pipeline::outcome::Outcome;
use crate::pipeline::outgoing::Outgoing;
use crate::pipeline::phase::{Late, Phase};
use crate::pipeline::rate_limit::RateClass;
use crate::pipeline::response_check::BatchCancel;
use crate::pipeline::response_limits::ResponseLimits;
use crate::pipeline::unusable::{HtmlPage, is_html};
use crate::pipeline::{Call, Pipeline, decoding};

/// How a request is sent.
pub(super) enum Wire<'a> {
    Http {
        authorization: Option<HeaderValue>,
    },
    /// A call of a client that has an order socket, in the form that it has there.
    #[cfg(feature = "stream")]
    Socket {
        wire: &'a OrderWire,
        message: OrderMessage,
    },
    #[cfg(not(feature = "stream"))]
    #[allow(dead_code, reason = "it keeps the lifetime")]
    None(std::convert::Infallible, std::marker::PhantomData<&'a ()>),
}

impl Wire<'_> {
    /// The orders of a request.
    fn orders(&mut self, request: &Outgoing) -> SentOrders {
        // They were read for the message.
        #[cfg(feature = "stream")]
        if let Self::Socket { message, .. } = self {
            return std::mem::take(&mut message.orders);
        }
        SentOrders::from_request(request.get())
    }
}

/// A wait for the rate limit that is shorter than any round trip counts as none.
const NO_WAIT: Duration = Duration::from_millis(5);

impl Pipeline {
    /// Checks a call before anything is done for it.
    pub(super) fn check(&self, call: &Call, request: &Outgoing) -> Result<(), BoxError> {
        self.check_allowed(call, request)?;
        if std::ptr::eq(call.operation, &operations::CANCEL_ORDERS_BATCH)
            && !request.get().is_some_and(names_orders)
        {
            let rule = "a batch of cancels names at least one order; nothing was sent";
            return Err(InvalidInput::new("order_ids", "none", rule, "name the orders").into());
        }
        Ok(())
    }

    /// Checks whether a call may be sent now: not by a read-only client, not while trading is halted, and not in a state of the
    /// exchange that would refuse it.
    fn check_allowed(&self, call: &Call, request: &Outgoing) -> Result<(), Withheld> {
        let operation = call.operation;
        let withheld = |reason| Err(Withheld::new(operation, reason));
        if operation.is_read() {
            return Ok(());
        }
        if self.group.is_read_only() && !opens_session(operation) {
            return withheld(WithheldReason::ReadOnly);
        }
        if call.trades && (self.state.halt_gate().is_halted() || self.group.halt_gate().is_halted()) {
            return withheld(WithheldReason::Halted);
        }
        match self.group.status().refuses(operation, request.get()) {
            Some(status) => {
                // An earlier poll may have ended with its runtime.
                self.group.poll_exchange_status();
                withheld(WithheldReason::Exchange(status))
            }
            None => Ok(()),
        }
    }

    /// Waits for the rate limit, and sends the request if it is still allowed and not too old. An error means that nothing was
    /// sent.
    pub(super) async fn send_once(
        &self,
        request: &mut Outgoing,
        session: Option<&Arc<Session>>,
        mut wire: Wire<'_>,
        call: &Call,
    ) -> Result<CompletedAttempt, BoxError> {
        self.wait_for_rate_limit(session.map(Arc::as_ref), call).await?;
        if self.is_stale(Duration::ZERO) {
            return Err(Late::new(Phase::Stale).into());
        }
        if call.deadline.left().is_zero() {
            return Err(call.rate_limited(None).into());
        }
        // Increment the in-flight count before checking the halt flag, so that a concurrent halt either rejects this call or
        // waits for it.
        let mut guard = session
            .filter(|_| call.trades)
            .map(|session| self.track_in_flight(session, wire.orders(request)));
        self.check_allowed(call, request)?;
        if let Some(guard) = &mut guard {
            guard.mark_sent();
        }
        #[cfg(feature = "stream")]
        let sent = session.map(|session| self.group.own_orders().send(session, call.operation));
        #[cfg(feature = "stream")]
        let http_attempt = match wire {
            Wire::Http { .. } => self.state.order_wire(),
            Wire::Socket { .. } => None,
        }
        .and_then(|wire| wire.http_attempt(call.operation));
        let response = call
            .timing
            .measure(
                Phase::InFlight,
                pin!(call.deadline.within(
                    Phase::InFlight,
                    pin!(self.round_trip(request, session.map(Arc::as_ref), wire, call)),
                )),
            )
            .await;
        let attempt = CompletedAttempt::from_result(
            call.operation,
            request.get(),
            response.unwrap_or_else(|late| Err(late.into())),
        );
        #[cfg(feature = "stream")]
        if let Some(sent) = sent {
            sent.note(request.get(), &attempt);
        }
        if let Some(guard) = &mut guard
            && !attempt.outcome().is_unknown()
        {
            guard.mark_settled(attempt.outcome() == Outcome::Done);
        }
        #[cfg(feature = "stream")]
        if let Some(http_attempt) = http_attempt {
            http_attempt.end(&attempt);
        }
        Ok(attempt)
    }

    /// Counts a call that can trade as in flight for its accounts.
    fn track_in_flight(&self, session: &Arc<Session>, orders: SentOrders) -> InFlightGuard<'_> {
        let guard = self.group.in_flight().track(session, orders);
        self.state.halt_gate().record_accounts(guard.accounts());
        guard
    }

    /// Waits until the rate limits permit the call.
    async fn wait_for_rate_limit(&self, session: Option<&Session>, call: &Call) -> Result<(), BoxError> {
        let account = session.map(|session| self.group.limits_of(session));
        let class = RateClass::new(call.operation, account.is_some());
        let limiter = self.group.limiter();
        if limiter.try_acquire(class, account) {
            return Ok(());
        }
        // Orders fail at once by default.
        let waits = self
            .context
            .options
            .wait
            .unwrap_or(!places_orders(call.operation));
        let end = monotonic::now() + NO_WAIT;
        let left = || match waits {
            true => call.deadline.left(),
            false => end
                .saturating_duration_since(monotonic::now())
                .min(call.deadline.left()),
        };
        let permit = limiter.acquire(class, account, left);
        Box::pin(self.before_sending(call, Phase::RateLimit, permit))
            .await?
            .map_err(|wait| call.rate_limited(Some(wait)).into())
    }

    /// Does the work of a phase before anything is sent. The work is timed, and ends at the deadline of the call or when trading
    /// is halted. Callers box the returned future.
    pub(super) async fn before_sending<T>(
        &self,
        call: &Call,
        phase: Phase,
        work: impl Future<Output = T>,
    ) -> Result<T, BoxError> {
        let outcome = call
            .timing
            .measure(
                phase,
                pin!(self.unless_halted(call, pin!(call.deadline.within(phase, pin!(work))))),
            )
            .await?;
        outcome.map_err(|late| match phase {
            Phase::RateLimit => call.rate_limited(None).into(),
            _ => late.into(),
        })
    }

    /// Does some work before anything is sent. If the call trades, the work ends when trading is halted.
    pub(super) async fn unless_halted<T>(
        &self,
        call: &Call,
        work: Pin<&mut impl Future<Output = T>>,
    ) -> Result<T, Withheld> {
        if !call.trades {
            return Ok(work.await);
        }
        self.state
            .unless_halted(self.group.halt_gate(), work)
            .await
            .ok_or_else(|| Withheld::new(call.operation, WithheldReason::Halted))
    }

    /// Whether the signed request will be too old after this time.
    pub(super) fn is_stale(&self, after: Duration) -> bool {
        self.context
            .fresh_until
            .is_some_and(|until| until.saturating_duration_since(monotonic::now()) <= after)
    }

    /// Sends the request, reads the whole response, and learns the state of the exchange from it.
    async fn round_trip(
        &self,
        request: &mut Outgoing,
        session: Option<&Session>,
        wire: Wire<'_>,
        call: &Call,
    ) -> Result<RawResponse, BoxError> {
        let operation = call.operation;
        let mut response = match wire {
            Wire::Http { authorization } => self.http_round_trip(request, authorization, call).await?,
            // Boxed: few calls go there, and all would have to hold the future.
            #[cfg(feature = "stream")]
            Wire::Socket { wire, message } => {
                Box::pin(self.socket_round_trip(request, wire, message, session, call)).await?
            }
        };
        let status = response.status;
        let is_page = is_html(&response);
        if !is_page || status == StatusCode::TOO_MANY_REQUESTS {
            let account = session.map(|session| self.group.limits_of(session));
            let class = RateClass::new(operation, account.is_some());
            let limiter = self.group.limiter();
            limiter.learn(class, account, status, &response.headers);
        }
        if self.group.status().learn(operation, &response) {
            self.group.poll_exchange_status();
        }
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            response.credential = session.map(|session| session.credentials().id().into());
        }
        // A page of HTML says nothing about what the exchange did.
        match status.is_success() && is_page {
            true => Err(HtmlPage::new(operation, &response).into()),
            false => Ok(response),
        }
    }

    /// The limits of the response of a call.
    pub(super) fn response_limits(&self) -> ResponseLimits {
        let limits = self.group.response_limits();
        match self.context.options.body {
            Some(bytes) => limits.body_bytes(bytes),
            None => limits,
        }
    }

    /// Sends the request by HTTP, and reads the whole response.
    async fn http_round_trip(
        &self,
        request: &mut Outgoing,
        authorization: Option<HeaderValue>,
        call: &Call,
    ) -> Result<RawResponse, BoxError> {
        let (next, carried) = request.next(authorization)?;
        let response = self.group.http().execute(next);
        let mut response = response.await?;
        let status = response.status();
        let limits = self.response_limits();
        limits.check_headers(response.headers())?;
        let body = limits.read_body(&mut response).await?;
        let headers = std::mem::take(response.headers_mut());
        let response = RawResponse::new(status, headers, body)
            .with_request_secrets(carried)
            .limits(limits.body_limits());
        Ok(
            match response.body.len() > decoding::INLINE && status.is_success() {
                true => response.decode_with(Arc::new(decoding::BlockingThread::until(call.deadline.0))),
                false => response,
            },
        )
    }
}

/// Whether a batch of cancels names an order. What an empty batch means to the exchange is not documented.
fn names_orders(request: &reqwest::Request) -> bool {
    // A body that cannot be read is for the exchange to refuse.
    BatchCancel::from_request(request).is_none_or(|batch| batch.orders() > 0)
}
