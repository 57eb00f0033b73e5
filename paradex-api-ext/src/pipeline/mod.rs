//! The one path that every call takes.

pub mod audit;
pub(crate) mod clock;
pub(crate) mod decoding;
pub(crate) mod exchange_status;
pub(crate) mod halt_gate;
pub(crate) mod in_flight;
#[cfg(feature = "metrics")]
pub(crate) mod metrics;
pub(crate) mod operation_class;
pub(crate) mod outcome;
pub(crate) mod rate_limit;
pub(crate) mod response_check;
pub(crate) mod response_limits;
pub(crate) mod retry;

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use paradex_api::types::ErrorCode;
use paradex_api::{
    BoxError, Operation, RawResponse, RequestSecrets, Security, Transport, TransportFuture, operations,
    reqwest, runtime, visible,
};

use tracing::Instrument;
use tracing::field::Empty;

use crate::auth::{Session, SessionKind, SessionSource, random_part};
use crate::client::ClientGroup;
use crate::client::options::CallOptions;
use crate::error::{AuthenticationError, InvalidInput, Late, Phase, Withheld, WithheldReason};
use crate::pipeline::audit::Audit;
use crate::pipeline::in_flight::{Leaving, Sent};
use crate::pipeline::operation_class::{
    cancels_orders, for_main_account, holds, opens_session, places_orders, signs_in, trades,
};
#[cfg(feature = "metrics")]
use crate::pipeline::outcome::RATE_LIMIT;
use crate::pipeline::outcome::{Ended, Outcome, is_code};
use crate::pipeline::rate_limit::{AccountLimits, RateClass};
use crate::pipeline::response_check::BatchCancel;
use crate::pipeline::retry::RetryPolicy;

/// A token given as text that says it ended is refused here only beyond this; a clock may be wrong by less.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);

/// A wait for a turn that is shorter than any round trip is no wait.
const NO_WAIT: Duration = Duration::from_millis(5);

/// Authorises, waits for its turn, sends, and reads the whole answer; and once more if the token had died.
pub(crate) struct Pipeline {
    pub(crate) group: ClientGroup,
    pub(crate) source: Arc<SessionSource>,
    /// Until when what is sent may be sent, where it was signed.
    pub(crate) fresh_until: Option<Instant>,
    /// What stood before the change that is asked for, where the caller knows it.
    pub(crate) before: Option<serde_json::Value>,
    pub(crate) options: CallOptions,
}

impl Pipeline {
    /// The session that the operation needs; nothing if it needs none.
    async fn session(&self, call: &Call) -> Result<Option<Arc<Session>>, BoxError> {
        let operation = call.operation;
        if operation.security == Security::Public {
            return Ok(None);
        }
        let session = match self.source.current() {
            Some(session) => Some(session),
            // Elsewhere, because few calls wait for one, and all would carry what waits.
            None => {
                let asked = self.source.session(&self.group);
                let waited = self.before_sending(call, &call.times.sign_in, Phase::SignIn, asked);
                Box::pin(waited).await??
            }
        };
        let Some(session) = session else {
            return match operation.security {
                Security::Bearer => Err(AuthenticationError::NoCredentials { operation }.into()),
                _ => Ok(None),
            };
        };
        if session.kind() == SessionKind::Subkey && for_main_account(operation) {
            return Err(AuthenticationError::MainAccountOnly { operation }.into());
        }
        let end = session
            .credentials()
            .token_info()
            .and_then(|info| info.expires_at);
        if let Some(ago) = end.and_then(|end| self.group.now().duration_since(end).ok())
            && ago > self.clock_tolerance()
            && !self.source.has_provider()
        {
            return Err(AuthenticationError::Expired { operation, ago }.into());
        }
        Ok(Some(session))
    }

    /// By how much the end of a token may seem to have passed: little if the clock is known, and a day if it may be set
    /// wrongly.
    fn clock_tolerance(&self) -> Duration {
        match self.group.clock_offset() {
            Some(_) => CLOCK_TOLERANCE,
            None => Duration::from_secs(24 * 60 * 60),
        }
    }

    /// Makes a call that is taken down before and after.
    async fn audited(&self, audit: &Audit, request: &mut Outgoing, call: &Call) -> Ended {
        let by = || {
            let session = self.source.current()?;
            let credentials = session.credentials();
            Some((credentials.account_name(), credentials.id()))
        };
        let mut entry = audit.entry(call.operation, request.get(), self.before.clone());
        (entry.account, entry.credential) = by().unzip();
        let change = match audit.intend(entry, call.deadline.left()).await {
            Ok(change) => change,
            Err(error) => {
                return Ended::failed(Withheld::new(call.operation, WithheldReason::Audit(error)).into());
            }
        };
        let ended = self.run(request, call).await;
        let carried = request.carried_so_far();
        change.ended(&ended, &carried, by(), call.deadline.left()).await;
        ended
    }

    /// Makes the call, and again as long as that can help and can do no harm.
    async fn run(&self, request: &mut Outgoing, call: &Call) -> Ended {
        let policy = self.policy(call.operation);
        // An earlier attempt that may have been carried out.
        let mut open: Option<Ended> = None;
        for made in 1.. {
            call.times.attempts.store(made, Ordering::Relaxed);
            let ended = self.attempt(request, call).await.unwrap_or_else(Ended::failed);
            let outcome = ended.outcome();
            if outcome == Outcome::Done {
                self.group.earn();
                return ended;
            }
            // An attempt that is unknown itself, or that tells how matters stand, takes the place of the earlier one.
            let last = |open: Option<Ended>, ended| match open {
                Some(earlier) if !(outcome.is_unknown() || outcome.is_conclusive()) => earlier,
                _ => ended,
            };
            let harmless = retry::should_retry(retry::idempotency(call.operation), outcome);
            if !(harmless && policy.allows(made) && request.is_there()) {
                return last(open, ended);
            }
            let asked = ended.result().as_ref().ok().and_then(|response| {
                crate::error::retry_after(response.status, &response.headers, SystemTime::now())
            });
            let wait = policy.wait(made, random_part(), asked);
            // Waiting to the end of the time would only replace what is known by "too late".
            if wait >= call.deadline.left() || self.is_stale(wait) || !self.group.spend() {
                return last(open, ended);
            }
            if !call.operation.is_read() && outcome.is_unknown() {
                open = Some(ended);
            }
            if let Err(halted) = self.unless_halted(call, pin!(tokio::time::sleep(wait))).await {
                return open.unwrap_or_else(|| Ended::failed(halted.into()));
            }
        }
        // The policy has ended the loop before it counts that far.
        Ended::failed(Late::new(Phase::Connect).into())
    }

    fn policy(&self, operation: &'static Operation) -> RetryPolicy {
        match self.options.retry {
            Some(policy) => policy,
            // Signing in has waits of its own, and whoever writes orders wants to know at once.
            None if !operation.is_read()
                && (places_orders(operation) || cancels_orders(operation) || signs_in(operation)) =>
            {
                RetryPolicy::none()
            }
            None => self.group.retry(),
        }
    }

    fn is_stale(&self, after: Duration) -> bool {
        self.fresh_until
            .is_some_and(|until| until.saturating_duration_since(Instant::now()) <= after)
    }

    /// One attempt, with a session that is good as far as anybody knows, and with a new one if it was not. An error means
    /// that nothing was sent.
    async fn attempt(&self, request: &mut Outgoing, call: &Call) -> Result<Ended, BoxError> {
        let Some(session) = self.session(call).await? else {
            return self.authorized(request, None, None, call).await;
        };
        let (ended, generation) = match self.with_session(request, &session, call).await {
            Ok(ended) => ended,
            Err(error) => {
                // A key that the exchange does not know any more: a provider may have its successor.
                let refused = error
                    .downcast_ref::<AuthenticationError>()
                    .is_some_and(AuthenticationError::is_refused_key);
                if !(refused && self.source.has_provider() && request.is_there()) {
                    return Err(error);
                }
                let Some(new) = self.successor(&session, call).await? else {
                    return Err(error);
                };
                return Ok(self.with_session(request, &new, call).await?.0);
            }
        };
        match token_verdict(call.operation, &ended) {
            TokenVerdict::Good => {
                if let Some(generation) = generation {
                    session.accepted(generation);
                }
                return Ok(ended);
            }
            TokenVerdict::Nothing => return Ok(ended),
            TokenVerdict::Doubtful => {
                if let Some(generation) = generation {
                    session.invalidate(generation);
                }
                return Ok(ended);
            }
            TokenVerdict::Dead => {}
        }
        if !request.is_there() {
            return Ok(ended);
        }
        let session = match generation {
            Some(generation) if session.invalidate(generation) => session,
            Some(_) => return Ok(ended),
            // A token that was given as text: whoever gave it may have another one.
            None if !self.source.has_provider() => return Ok(ended),
            None => match self.successor(&session, call).await? {
                Some(new) => new,
                None => return Ok(ended),
            },
        };
        let (ended, generation) = self.with_session(request, &session, call).await?;
        if let Some(generation) = generation
            && token_verdict(call.operation, &ended) == TokenVerdict::Good
        {
            session.accepted(generation);
        }
        Ok(ended)
    }

    /// What the provider has in the place of a credential that is not taken any more.
    async fn successor(&self, old: &Arc<Session>, call: &Call) -> Result<Option<Arc<Session>>, BoxError> {
        let new = call
            .deadline
            .within(Phase::SignIn, pin!(self.source.ask(Some(old), &self.group)))
            .await?;
        let new = new.ok().flatten();
        Ok(new.filter(|new| new.credentials().id() != old.credentials().id()))
    }

    /// The outcome for a session, and which of its tokens was sent.
    async fn with_session(
        &self,
        request: &mut Outgoing,
        session: &Arc<Session>,
        call: &Call,
    ) -> Result<(Ended, Option<u64>), BoxError> {
        let ticket = match session.static_token() {
            Some(ticket) => ticket,
            None => {
                let asked = session.access_token(&self.group, call.deadline.0);
                let waited = self.before_sending(call, &call.times.sign_in, Phase::SignIn, asked);
                let ticket = Box::pin(waited).await?;
                ticket.map_err(AuthenticationError::SignIn)?
            }
        };
        let ended = self
            .authorized(request, Some(session), Some(ticket.header), call)
            .await?;
        Ok((ended, ticket.generation))
    }

    /// Waits for its turn, and sends it if it is still wanted. An error means that nothing was sent.
    async fn authorized(
        &self,
        request: &mut Outgoing,
        session: Option<&Arc<Session>>,
        authorization: Option<HeaderValue>,
        call: &Call,
    ) -> Result<Ended, BoxError> {
        self.turn(session.map(Arc::as_ref), call).await?;
        if self.is_stale(Duration::ZERO) {
            return Err(Late::new(Phase::Stale).into());
        }
        if call.deadline.left().is_zero() {
            return Err(limited(call.operation, None).into());
        }
        // Counted before asking whether trading is halted, so that a halt either refuses the call or sees it.
        let mut leaving = session
            .filter(|_| call.trades)
            .map(|session| self.leave(session, request));
        self.permits(call, request)?;
        if let Some(leaving) = &mut leaving {
            leaving.is_sent();
        }
        let answer = call
            .times
            .of(
                &call.times.exchange,
                pin!(call.deadline.within(
                    Phase::Exchange,
                    pin!(self.answer(request, session.map(Arc::as_ref), authorization, call)),
                )),
            )
            .await;
        let ended = Ended::sent(
            call.operation,
            request.get(),
            answer.unwrap_or_else(|late| Err(late.into())),
        );
        if let Some(leaving) = &mut leaving
            && !ended.outcome().is_unknown()
        {
            leaving.is_settled(ended.outcome() == Outcome::Done);
        }
        Ok(ended)
    }

    /// Counts a call that can trade as on its way for its account.
    fn leave(&self, session: &Arc<Session>, request: &Outgoing) -> Leaving<'_> {
        let leaving = self.group.in_flight().leave(session, Sent::of(request.get()));
        self.source.gate().passes(leaving.accounts());
        leaving
    }

    /// Whether the call is one to be made at all, before anything is done for it.
    fn begins(&self, call: &Call, request: &Outgoing) -> Result<(), BoxError> {
        self.permits(call, request)?;
        if std::ptr::eq(call.operation, &operations::CANCEL_ORDERS_BATCH)
            && !request.get().is_some_and(names_orders)
        {
            let rule = "a batch of cancels names at least one order; nothing was sent";
            return Err(InvalidInput::new("order_ids", "none", rule, "name the orders").into());
        }
        Ok(())
    }

    /// Whether the call may be made now.
    fn permits(&self, call: &Call, request: &Outgoing) -> Result<(), Withheld> {
        let operation = call.operation;
        let withheld = |reason| Err(Withheld::new(operation, reason));
        if operation.is_read() {
            return Ok(());
        }
        if self.group.is_read_only() && !opens_session(operation) {
            return withheld(WithheldReason::ReadOnly);
        }
        if call.trades && (self.source.gate().is_halted() || self.group.gate().is_halted()) {
            return withheld(WithheldReason::Halted);
        }
        match self.group.status().refuses(operation, request.get()) {
            Some(status) => {
                // Whoever asked may have ended with its runtime.
                exchange_status::watch(&self.group);
                withheld(WithheldReason::Exchange(status))
            }
            None => Ok(()),
        }
    }

    /// Some work of a phase before anything is sent: its time is taken, it ends with the time of the call, and when trading is
    /// halted. It is for the heap, whole.
    async fn before_sending<T>(
        &self,
        call: &Call,
        time: &AtomicU64,
        phase: Phase,
        work: impl Future<Output = T>,
    ) -> Result<T, BoxError> {
        let outcome = call
            .times
            .of(
                time,
                pin!(self.unless_halted(call, pin!(call.deadline.within(phase, pin!(work))))),
            )
            .await;
        Ok(outcome??)
    }

    /// Some work before anything is sent, which ends when trading is halted, if the call trades.
    async fn unless_halted<T>(
        &self,
        call: &Call,
        work: Pin<&mut impl Future<Output = T>>,
    ) -> Result<T, Withheld> {
        if !call.trades {
            return Ok(work.await);
        }
        self.source
            .unless_halted(&self.group, work)
            .await
            .ok_or_else(|| Withheld::new(call.operation, WithheldReason::Halted))
    }

    /// Waits until the limits let the call go.
    async fn turn(&self, session: Option<&Session>, call: &Call) -> Result<(), BoxError> {
        let account = session.map(|session| self.group.limits_of(session));
        let class = rate_class(call.operation, account);
        let limiter = self.group.limiter();
        if limiter.try_acquire(class, account) {
            return Ok(());
        }
        // Whoever places an order wants to know at once.
        let waits = self.options.wait.unwrap_or(!places_orders(call.operation));
        let end = Instant::now() + NO_WAIT;
        let left = || match waits {
            true => call.deadline.left(),
            false => end
                .saturating_duration_since(Instant::now())
                .min(call.deadline.left()),
        };
        let turn = pin!(tokio::time::timeout_at(
            call.deadline.0.into(),
            limiter.acquire(class, account, left)
        ));
        let turn = self.unless_halted(call, turn);
        let turn = Box::pin(call.times.of(&call.times.rate_limit, pin!(turn))).await?;
        match turn {
            Ok(Ok(())) => Ok(()),
            Ok(Err(wait)) => Err(limited(call.operation, Some(wait)).into()),
            Err(_) => Err(limited(call.operation, None).into()),
        }
    }

    /// Sends it, reads the whole answer, and learns from it.
    async fn answer(
        &self,
        request: &mut Outgoing,
        session: Option<&Session>,
        authorization: Option<HeaderValue>,
        call: &Call,
    ) -> Result<RawResponse, BoxError> {
        let operation = call.operation;
        let next = request.next(authorization)?;
        let carried = request.carried(&next);
        let response = self.group.http().execute(next);
        let mut response = response.await?;
        let status = response.status();
        let mut bounds = self.group.response_limits();
        if let Some(bytes) = self.options.body {
            bounds = bounds.body_bytes(bytes);
        }
        bounds.check_headers(response.headers())?;
        let body = bounds.whole(&mut response).await?;
        let headers = std::mem::take(response.headers_mut());
        let mut answer = RawResponse::new(status, headers, body)
            .with_request_secrets(carried)
            .limits(bounds.response());
        if answer.body.len() > decoding::INLINE && status.is_success() {
            answer = answer.decode_with(Arc::new(decoding::Elsewhere::until(call.deadline.0)));
        }
        let is_page = is_html(&answer);
        if !is_page || status == StatusCode::TOO_MANY_REQUESTS {
            let account = session.map(|session| self.group.limits_of(session));
            let class = rate_class(operation, account);
            let limiter = self.group.limiter();
            limiter.learn(class, account, status, &answer.headers);
        }
        if self.group.status().learn(operation, &answer) {
            exchange_status::watch(&self.group);
        }
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            answer.credential = session.map(|session| session.credentials().id().into());
        }
        // A page in the place of an answer comes from something in between, a login or maintenance page, and says
        // nothing of what the exchange did.
        match status.is_success() && is_page {
            true => Err(NotTheExchange::new(operation, &answer).into()),
            false => Ok(answer),
        }
    }
}

/// The refusal of a call that the rate limit does not let go in time.
fn limited(operation: &'static Operation, retry_after: Option<Duration>) -> Withheld {
    Withheld::new(operation, WithheldReason::RateLimit { retry_after })
}

/// What a call is, and what it has used.
struct Call {
    operation: &'static Operation,
    trades: bool,
    deadline: Deadline,
    times: Times,
}

/// A request that may have to be sent again. What is sent is a copy, so that the way to it need not make any; a request
/// that cannot be copied is sent itself, and once.
struct Outgoing {
    request: Option<reqwest::Request>,
    /// The token that was sent last.
    token: Option<HeaderValue>,
    /// Those before it. A server can repeat one of them in its response to a later attempt.
    tokens_before: Vec<HeaderValue>,
}

impl Outgoing {
    fn new(request: reqwest::Request) -> Self {
        Self {
            request: Some(request),
            token: None,
            tokens_before: Vec::new(),
        }
    }

    fn next(&mut self, authorization: Option<HeaderValue>) -> Result<reqwest::Request, Late> {
        let copy = self.request.as_ref().and_then(copy);
        // Nobody asks for another one without having looked whether there is one.
        let next = copy.or_else(|| self.request.take());
        let mut next = next.ok_or(Late::new(Phase::Connect))?;
        if let Some(authorization) = authorization {
            if let Some(before) = self.token.replace(authorization.clone())
                && before != authorization
            {
                self.tokens_before.push(before);
            }
            next.headers_mut().insert(AUTHORIZATION, authorization);
        }
        Ok(next)
    }

    /// What this attempt and those before it carried.
    fn carried(&self, next: &reqwest::Request) -> RequestSecrets {
        let mut carried = RequestSecrets::from_request(next);
        for token in &self.tokens_before {
            carried.add(token.clone());
        }
        carried
    }

    /// What all attempts carried, for an outcome that has no response.
    fn carried_so_far(&self) -> RequestSecrets {
        let mut carried = self
            .request
            .as_ref()
            .map(RequestSecrets::from_request)
            .unwrap_or_default();
        for token in self.tokens_before.iter().chain(&self.token) {
            carried.add(token.clone());
        }
        carried
    }

    /// Whether it can be sent, also after it was.
    fn is_there(&self) -> bool {
        self.request.is_some()
    }

    fn get(&self) -> Option<&reqwest::Request> {
        self.request.as_ref()
    }
}

fn copy(request: &reqwest::Request) -> Option<reqwest::Request> {
    if request.body().is_some() || request.timeout().is_some() {
        return request.try_clone();
    }
    // `try_clone` makes a map for the time-out that nobody has set, and throws it away again.
    let mut copy = reqwest::Request::new(request.method().clone(), request.url().clone());
    copy.headers_mut().clone_from(request.headers());
    *copy.version_mut() = request.version();
    Some(copy)
}

/// Whether a batch of cancels names an order. What an empty one means to the exchange is not documented.
fn names_orders(request: &reqwest::Request) -> bool {
    // What cannot be read here is for the exchange to refuse.
    BatchCancel::of(request).is_none_or(|batch| batch.orders() > 0)
}

/// How a call is counted.
fn rate_class(operation: &'static Operation, account: Option<&AccountLimits>) -> RateClass {
    const SETUP: &[&Operation] = &[&operations::GET_SYSTEM_CONFIG, &operations::GET_SYSTEM_TIME];
    if operation.is_read() {
        match account {
            Some(_) => RateClass::AccountRead,
            None if holds(SETUP, operation) => RateClass::Setup,
            None => RateClass::Other,
        }
    } else if signs_in(operation) {
        RateClass::SignIn
    } else if places_orders(operation) {
        RateClass::Order
    } else if cancels_orders(operation) {
        RateClass::Cancel
    } else {
        RateClass::Other
    }
}

fn is_html(answer: &RawResponse) -> bool {
    const HTML: &[u8] = b"text/html";
    let kind = answer.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let start = kind.and_then(|kind| kind.get(..HTML.len()));
    start.is_some_and(|start| start.eq_ignore_ascii_case(HTML))
}

/// A page of HTML that came with a status of success.
#[derive(Debug, thiserror::Error)]
#[error("something in between answered {status} with a page of HTML: {start}")]
pub(crate) struct NotTheExchange {
    status: StatusCode,
    start: String,
}

impl NotTheExchange {
    fn new(operation: &'static Operation, answer: &RawResponse) -> Self {
        // More than is shown, because a secret in it is masked before it is cut.
        const START: usize = 16 << 10;
        let start = match operation.secret_response {
            true => &[],
            false => answer.body.get(..START).unwrap_or(&answer.body),
        };
        let start = String::from_utf8_lossy(start);
        // Masked first: a line break within a secret is seen through, and a space is not.
        let start = answer.request_secrets.redact(&start);
        let start = start.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            status: answer.status,
            start: visible(&start, 120),
        }
    }
}

impl Transport for Pipeline {
    fn send<'a>(&'a self, request: reqwest::Request, operation: &'static Operation) -> TransportFuture<'a> {
        let (mut request, span) = (Outgoing::new(request), span_of(operation));
        let call = Call {
            operation,
            trades: !operation.is_read() && trades(operation),
            deadline: Deadline::new(self.options.deadline.unwrap_or(self.group.timeout())),
            times: Times {
                wanted: cfg!(feature = "metrics") || !span.is_disabled(),
                ..Times::default()
            },
        };
        Box::pin(async move {
            let made = pin!(async {
                #[cfg(feature = "metrics")]
                let measured = crate::pipeline::metrics::Measured::begin(operation, &call.times);
                let audit = self.group.audit().filter(|_| Audit::concerns(operation));
                let ended = match (self.begins(&call, &request), audit) {
                    (Err(error), _) => Ended::failed(error),
                    (Ok(()), None) => {
                        let made = pin!(self.run(&mut request, &call));
                        made.instrument(span.clone()).await
                    }
                    // On the heap, because few calls have it, and all would carry it.
                    (Ok(()), Some(audit)) => {
                        let made = Box::pin(self.audited(audit, &mut request, &call));
                        made.instrument(span.clone()).await
                    }
                };
                record(&span, &call.times, &ended);
                #[cfg(feature = "metrics")]
                measured.end(ended.outcome());
                ended.into_result()
            });
            // Everything on this path may use timers, tasks and sockets, so this is the one place that looks for a runtime.
            runtime::within(made).await?
        })
    }
}

/// How often a call was tried, and what its time went to. ClientGroup by what runs one after the other.
#[derive(Default)]
pub(crate) struct Times {
    /// Whether anybody wants to know; reading the clock costs something.
    wanted: bool,
    attempts: AtomicU32,
    sign_in: AtomicU64,
    rate_limit: AtomicU64,
    exchange: AtomicU64,
}

impl Times {
    #[cfg(feature = "metrics")]
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::Relaxed)
    }

    /// What the phases took, by name.
    #[cfg(feature = "metrics")]
    pub(crate) fn phases(&self) -> impl Iterator<Item = (&'static str, Duration)> {
        [
            ("sign_in", &self.sign_in),
            (RATE_LIMIT, &self.rate_limit),
            ("exchange", &self.exchange),
        ]
        .into_iter()
        .map(|(name, time)| (name, Duration::from_micros(time.load(Ordering::Relaxed))))
    }

    /// Adds the microseconds of some work, which stays where it is: what is waited for is large, and moving it is most of
    /// what this path costs.
    async fn of<T>(&self, phase: &AtomicU64, work: Pin<&mut impl Future<Output = T>>) -> T {
        if !self.wanted {
            return work.await;
        }
        let start = Instant::now();
        let outcome = work.await;
        let took = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
        phase.fetch_add(took, Ordering::Relaxed);
        outcome
    }
}

/// The span of a call, which says what became of it. Nothing that was sent or received is in it, but for the status and
/// the exchange's id of the request.
fn span_of(operation: &'static Operation) -> tracing::Span {
    tracing::debug_span!(
        "paradex",
        operation = operation.id,
        attempts = Empty,
        status = Empty,
        request_id = Empty,
        failed = Empty,
        sign_in_us = Empty,
        rate_limit_us = Empty,
        exchange_us = Empty,
    )
}

/// Writes into the span of a call what became of it.
fn record(span: &tracing::Span, times: &Times, ended: &Ended) {
    if span.is_disabled() {
        return;
    }
    span.record("attempts", times.attempts.load(Ordering::Relaxed));
    for (field, time) in [
        ("sign_in_us", &times.sign_in),
        ("rate_limit_us", &times.rate_limit),
        ("exchange_us", &times.exchange),
    ] {
        span.record(field, time.load(Ordering::Relaxed));
    }
    match ended.result() {
        Ok(answer) => {
            span.record("status", answer.status.as_u16());
            if let Some(id) = crate::error::shown_request_id(answer) {
                span.record("request_id", id.as_str());
            }
        }
        Err(_) => {
            span.record("failed", ended.outcome().as_str());
        }
    }
    span.in_scope(|| tracing::debug!("done"));
}

/// The total time of a call.
struct Deadline(Instant);

impl Deadline {
    fn new(total: Duration) -> Self {
        let now = Instant::now();
        // Whoever asks for centuries gets a day.
        Self(
            now.checked_add(total)
                .unwrap_or(now + Duration::from_secs(86_400)),
        )
    }

    fn left(&self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    async fn within<T>(&self, phase: Phase, work: Pin<&mut impl Future<Output = T>>) -> Result<T, Late> {
        tokio::time::timeout_at(self.0.into(), work)
            .await
            .map_err(|_| Late::new(phase))
    }
}

/// What an attempt says about the token that it was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenVerdict {
    /// It was taken.
    Good,
    /// It is dead, and the call was refused for that: it can be made again with another token.
    Dead,
    /// It is probably dead, but the call may have been carried out: the next call gets another token, and this one is not
    /// repeated.
    Doubtful,
    Nothing,
}

/// Treats a 401 as a dead token unless its error code says otherwise: a signature that is refused and an address that is not
/// allowed say nothing about the token, and a new one would not help.
///
/// A change is repeated only after a code. Without one the response may come from something in between, after the change
/// was passed on, and then its outcome is unknown: the exchange has been seen to respond to dead tokens with a message
/// alone (`missing or malformed jwt: …`), which another server can do as well, and a wording is no interface.
fn token_verdict(operation: &'static Operation, ended: &Ended) -> TokenVerdict {
    match ended.result() {
        Ok(response) if response.status == StatusCode::UNAUTHORIZED => {}
        Ok(_) => return TokenVerdict::Good,
        Err(_) => return TokenVerdict::Nothing,
    }
    let code = ended.refusal().and_then(|body| body.error.as_ref());
    match code.filter(|code| is_code(code)) {
        Some(ErrorCode::InvalidToken | ErrorCode::UnauthorizedError) => TokenVerdict::Dead,
        Some(_) => TokenVerdict::Good,
        None if operation.is_read() => TokenVerdict::Dead,
        None if ended.refusal().is_some_and(|body| body.message.is_some()) => TokenVerdict::Doubtful,
        None => TokenVerdict::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use paradex_api::reqwest::StatusCode;
    use paradex_api::{RawResponse, operations};

    use super::{Ended, TokenVerdict, token_verdict};

    #[test]
    fn only_a_code_lets_a_change_be_repeated_with_another_token() {
        use TokenVerdict::{Dead, Doubtful, Good, Nothing};
        let verdict = |operation, status: StatusCode, body: &'static str| {
            let response = RawResponse::new(status, Default::default(), body);
            token_verdict(operation, &Ended::sent(operation, None, Ok(response)))
        };
        let (read, write) = (&operations::LIST_POSITIONS, &operations::CREATE_ORDER);
        for (body, of_read, of_write) in [
            (r#"{"error":"INVALID_TOKEN"}"#, Dead, Dead),
            (r#"{"error":"UNAUTHORIZED_ERROR","message":"m"}"#, Dead, Dead),
            (
                r#"{"message":"missing or malformed jwt: token is expired by 9.46872137s"}"#,
                Dead,
                Doubtful,
            ),
            (r#"{"error":"Unauthorized","message":"jwt"}"#, Dead, Doubtful),
            (r#"{"error":"invalid_token"}"#, Dead, Nothing),
            ("", Dead, Nothing),
            ("<html>", Dead, Nothing),
            (
                r#"{"error":"STARKNET_SIGNATURE_VERIFICATION_FAILED"}"#,
                Good,
                Good,
            ),
            (r#"{"error":"IP_NOT_ALLOWED"}"#, Good, Good),
            (r#"{"error":"BRAND_NEW"}"#, Good, Good),
        ] {
            let unauthorized = StatusCode::UNAUTHORIZED;
            assert_eq!(verdict(read, unauthorized, body), of_read, "{body}");
            assert_eq!(verdict(write, unauthorized, body), of_write, "{body}");
            assert_eq!(verdict(read, StatusCode::FORBIDDEN, body), Good, "{body}");
        }
    }
}
