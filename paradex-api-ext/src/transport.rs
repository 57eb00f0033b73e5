//! The one path that every call takes.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use paradex_api::types::ErrorCode;
use paradex_api::{
    BoxError, Operation, RawResponse, Security, Transport, TransportFuture, operations, reqwest,
};

use tracing::Instrument;
use tracing::field::Empty;

use crate::audit::Audit;
use crate::auth::{Session, SessionKind, Source, random_part};
use crate::client::Shared;
use crate::error::{
    AuthenticationError, InvalidInput, Late, Phase, Withheld, WithheldReason, failed_at, leaves_open,
};
use crate::exchange;
use crate::kind::{cancels_orders, for_main_account, holds, opens_session, places_orders, signs_in, trades};
use crate::options::CallOptions;
use crate::rate_limit::{AccountLimits, RateClass};
use crate::retry::{self, Failure, RetryPolicy};

/// A token given as text that says it ended is refused here only beyond this; a clock may be wrong by less.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);

/// A wait for a turn that is shorter than any round trip is no wait.
const NO_WAIT: Duration = Duration::from_millis(5);

/// Authorises, waits for its turn, sends, and reads the whole answer; and once more if the token had died.
pub(crate) struct Path {
    pub(crate) shared: Shared,
    pub(crate) source: Arc<Source>,
    /// Until when what is sent may be sent, where it was signed.
    pub(crate) fresh_until: Option<Instant>,
    /// What stood before the change that is asked for, where the caller knows it.
    pub(crate) before: Option<serde_json::Value>,
    pub(crate) options: CallOptions,
}

impl Path {
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
                let asked = self.source.session(&self.shared);
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
        if let Some(ago) = end.and_then(|end| self.shared.now().duration_since(end).ok())
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
        match self.shared.clock_offset() {
            Some(_) => CLOCK_TOLERANCE,
            None => Duration::from_secs(24 * 60 * 60),
        }
    }

    /// Makes a call that is taken down before and after.
    async fn audited(
        &self,
        audit: &Audit,
        request: &mut Outgoing,
        call: &Call,
    ) -> Result<RawResponse, BoxError> {
        let by = || {
            let session = self.source.current()?;
            let credentials = session.credentials();
            Some((credentials.account_name(), credentials.id()))
        };
        let mut entry = audit.entry(call.operation, request.get(), self.before.clone());
        (entry.account, entry.credential) = by().unzip();
        let intent = audit.intend(entry, call.deadline.left()).await;
        let change = intent.map_err(|error| Withheld::new(call.operation, WithheldReason::Audit(error)))?;
        let outcome = self.run(request, call).await;
        change.ended(&outcome, by(), call.deadline.left()).await;
        outcome
    }

    /// Makes the call, and again as long as that can help and can do no harm.
    async fn run(&self, request: &mut Outgoing, call: &Call) -> Result<RawResponse, BoxError> {
        let policy = self.policy(call.operation);
        // What an attempt came to that may have been carried out.
        let mut open = None;
        for made in 1.. {
            call.times.attempts.store(made, Ordering::Relaxed);
            let outcome = self.attempt(request, call).await;
            let Some((failure, asked)) = failure(&outcome) else {
                if outcome.is_ok() {
                    self.shared.earn();
                    return outcome;
                }
                return open.unwrap_or(outcome);
            };
            let last = |open: Option<_>, outcome| match open {
                Some(earlier) if !failure.settles() => earlier,
                _ => outcome,
            };
            let harmless = retry::again(retry::repeat(call.operation), failure);
            if !(harmless && policy.allows(made) && request.is_there()) {
                return last(open, outcome);
            }
            let wait = policy.wait(made, random_part(), asked);
            // Waiting to the end of the time would only replace what is known by "too late".
            if wait >= call.deadline.left() || self.is_stale(wait) || !self.shared.spend() {
                return last(open, outcome);
            }
            if !call.operation.is_read() && failure.is_open() {
                open = Some(outcome);
            }
            self.unless_halted(call, pin!(tokio::time::sleep(wait))).await?;
        }
        // The policy has ended the loop before it counts that far.
        Err(Late::new(Phase::Limit).into())
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
            None => self.shared.retry(),
        }
    }

    fn is_stale(&self, after: Duration) -> bool {
        self.fresh_until
            .is_some_and(|until| until.saturating_duration_since(Instant::now()) <= after)
    }

    /// One attempt, with a session that is good as far as anybody knows, and with a new one if it was not.
    async fn attempt(&self, request: &mut Outgoing, call: &Call) -> Result<RawResponse, BoxError> {
        let Some(session) = self.session(call).await? else {
            return self.authorized(request, None, None, call).await;
        };
        let outcome = self.with_session(request, &session, call).await;
        let (answer, generation) = match outcome {
            Ok(answered) => answered,
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
        if !token_died(call.operation, &answer) {
            if let Some(generation) = generation {
                session.accepted(generation);
            }
            return Ok(answer);
        }
        if !request.is_there() {
            return Ok(answer);
        }
        let session = match generation {
            Some(generation) if session.retire(generation) => session,
            Some(_) => return Ok(answer),
            // A token that was given as text: whoever gave it may have another one.
            None if !self.source.has_provider() => return Ok(answer),
            None => match self.successor(&session, call).await? {
                Some(new) => new,
                None => return Ok(answer),
            },
        };
        let (answer, generation) = self.with_session(request, &session, call).await?;
        if let Some(generation) = generation.filter(|_| !token_died(call.operation, &answer)) {
            session.accepted(generation);
        }
        Ok(answer)
    }

    /// What the provider has in the place of a credential that is not taken any more.
    async fn successor(&self, old: &Arc<Session>, call: &Call) -> Result<Option<Arc<Session>>, BoxError> {
        let new = call
            .deadline
            .within(Phase::SignIn, pin!(self.source.ask(Some(old), &self.shared)))
            .await?;
        let new = new.ok().flatten();
        Ok(new.filter(|new| new.credentials().id() != old.credentials().id()))
    }

    /// The answer for a session, and which of its tokens was sent.
    async fn with_session(
        &self,
        request: &mut Outgoing,
        session: &Session,
        call: &Call,
    ) -> Result<(RawResponse, Option<u64>), BoxError> {
        let ticket = match session.given() {
            Some(ticket) => ticket,
            None => {
                let asked = session.ticket(&self.shared);
                let waited = self.before_sending(call, &call.times.sign_in, Phase::SignIn, asked);
                let ticket = Box::pin(waited).await?;
                ticket.map_err(AuthenticationError::SignIn)?
            }
        };
        let answer = self
            .authorized(request, Some(session), Some(ticket.header), call)
            .await?;
        Ok((answer, ticket.generation))
    }

    /// Waits for its turn, and makes the exchange if it is still wanted.
    async fn authorized(
        &self,
        request: &mut Outgoing,
        session: Option<&Session>,
        authorization: Option<HeaderValue>,
        call: &Call,
    ) -> Result<RawResponse, BoxError> {
        self.turn(session, call).await?;
        if self.is_stale(Duration::ZERO) {
            return Err(Late::new(Phase::Stale).into());
        }
        if call.deadline.left().is_zero() {
            return Err(Late::new(Phase::Limit).into());
        }
        // Counted first and asked after that, so that whoever halts either refuses it or sees it.
        let mut leaving = call.trades.then(|| self.source.gate().leave(self.fresh_until));
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
                    pin!(self.answer(request, session, authorization, call.operation)),
                )),
            )
            .await;
        let outcome = answer.unwrap_or_else(|late| Err(late.into()));
        if let Some(leaving) = &mut leaving
            && !is_open(&outcome)
        {
            leaving.is_answered();
        }
        outcome
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
        if self.shared.is_read_only() && !opens_session(operation) {
            return withheld(WithheldReason::ReadOnly);
        }
        if call.trades && (self.source.gate().is_halted() || self.shared.gate().is_halted()) {
            return withheld(WithheldReason::Halted);
        }
        match self.shared.status().refuses(operation, request.get()) {
            Some(status) => {
                // Whoever asked may have ended with its runtime.
                exchange::watch(&self.shared);
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
            .unless_halted(&self.shared, work)
            .await
            .ok_or_else(|| Withheld::new(call.operation, WithheldReason::Halted))
    }

    /// Waits until the limits let the call go.
    async fn turn(&self, session: Option<&Session>, call: &Call) -> Result<(), BoxError> {
        let account = session.map(|session| self.shared.limits_of(session));
        let class = rate_class(call.operation, account);
        let limiter = self.shared.limiter();
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
        let turn = limiter.acquire(class, account, left);
        let turn = self.before_sending(call, &call.times.turn, Phase::Limit, turn);
        Box::pin(turn).await?.map_err(Late::limit)?;
        Ok(())
    }

    /// Sends it, reads the whole answer, and learns from it.
    async fn answer(
        &self,
        request: &mut Outgoing,
        session: Option<&Session>,
        authorization: Option<HeaderValue>,
        operation: &'static Operation,
    ) -> Result<RawResponse, BoxError> {
        let response = self.shared.http().execute(request.next(authorization)?);
        let mut response = response.await?;
        let status = response.status();
        let bounds = self.shared.bounds();
        bounds.check_headers(response.headers())?;
        let body = bounds.whole(&mut response).await?;
        let headers = std::mem::take(response.headers_mut());
        let mut answer = RawResponse::new(status, headers, body);
        let is_page = is_html(&answer);
        if !is_page || status == StatusCode::TOO_MANY_REQUESTS {
            let account = session.map(|session| self.shared.limits_of(session));
            let class = rate_class(operation, account);
            let limiter = self.shared.limiter();
            limiter.learn(class, account, status, &answer.headers);
        }
        if self.shared.status().learn(operation, &answer) {
            exchange::watch(&self.shared);
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

/// What a call is, and what it has used.
struct Call {
    operation: &'static Operation,
    trades: bool,
    deadline: Deadline,
    times: Times,
}

/// A request that may have to be sent again. What is sent is a copy, so that the way to it need not make any; a request
/// that cannot be copied is sent itself, and once.
struct Outgoing(Option<reqwest::Request>);

impl Outgoing {
    fn next(&mut self, authorization: Option<HeaderValue>) -> Result<reqwest::Request, Late> {
        let copy = self.0.as_ref().and_then(copy);
        // Nobody asks for another one without having looked whether there is one.
        let next = copy.or_else(|| self.0.take());
        let mut next = next.ok_or(Late::new(Phase::Limit))?;
        if let Some(authorization) = authorization {
            next.headers_mut().insert(AUTHORIZATION, authorization);
        }
        Ok(next)
    }

    /// Whether it can be sent, also after it was.
    fn is_there(&self) -> bool {
        self.0.is_some()
    }

    fn get(&self) -> Option<&reqwest::Request> {
        self.0.as_ref()
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
    #[derive(serde::Deserialize)]
    struct Named {
        order_ids: Option<Vec<String>>,
        client_order_ids: Option<Vec<String>>,
    }
    let body = request.body().and_then(reqwest::Body::as_bytes);
    let named = body.and_then(|body| serde_json::from_slice::<Named>(body).ok());
    // What cannot be read here is for the exchange to refuse.
    named.is_none_or(|named| {
        let lists = [named.order_ids, named.client_order_ids];
        lists.iter().flatten().any(|list| !list.is_empty())
    })
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
struct NotTheExchange {
    status: StatusCode,
    start: String,
}

impl NotTheExchange {
    fn new(operation: &'static Operation, answer: &RawResponse) -> Self {
        let start = match operation.secret_answer {
            true => &[],
            false => answer.body.get(..400).unwrap_or(&answer.body),
        };
        let start = String::from_utf8_lossy(start).replace(char::is_control, " ");
        Self {
            status: answer.status,
            start: start
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .chars()
                .take(120)
                .collect(),
        }
    }
}

impl Transport for Path {
    fn send<'a>(&'a self, request: reqwest::Request, operation: &'static Operation) -> TransportFuture<'a> {
        let (mut request, span) = (Outgoing(Some(request)), span_of(operation));
        let call = Call {
            operation,
            trades: !operation.is_read() && trades(operation),
            deadline: Deadline::new(self.options.deadline.unwrap_or(self.shared.timeout())),
            times: Times {
                wanted: cfg!(feature = "metrics") || !span.is_disabled(),
                ..Times::default()
            },
        };
        Box::pin(async move {
            #[cfg(feature = "metrics")]
            let measured = crate::measure::Measured::begin(operation, &call.times);
            let audit = self.shared.audit().filter(|_| Audit::concerns(operation));
            let outcome = match (self.begins(&call, &request), audit) {
                (Err(error), _) => Err(error),
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
            record(&span, &call.times, &outcome);
            #[cfg(feature = "metrics")]
            measured.end(&outcome);
            outcome
        })
    }
}

/// How often a call was tried, and what its time went to. Shared by what runs one after the other.
#[derive(Default)]
pub(crate) struct Times {
    /// Whether anybody wants to know; reading the clock costs something.
    wanted: bool,
    attempts: AtomicU32,
    sign_in: AtomicU64,
    turn: AtomicU64,
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
            ("turn", &self.turn),
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
        turn_us = Empty,
        exchange_us = Empty,
    )
}

/// Writes into the span of a call what became of it.
fn record(span: &tracing::Span, times: &Times, outcome: &Result<RawResponse, BoxError>) {
    if span.is_disabled() {
        return;
    }
    span.record("attempts", times.attempts.load(Ordering::Relaxed));
    for (field, time) in [
        ("sign_in_us", &times.sign_in),
        ("turn_us", &times.turn),
        ("exchange_us", &times.exchange),
    ] {
        span.record(field, time.load(Ordering::Relaxed));
    }
    match outcome {
        Ok(answer) => {
            span.record("status", answer.status.as_u16());
            if let Some(id) = crate::error::request_id(&answer.headers) {
                span.record("request_id", id.chars().take(80).collect::<String>().as_str());
            }
        }
        Err(error) => {
            span.record("failed", crate::error::failed_at(error.as_ref()));
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

/// How an attempt failed, and the wait that was asked for; nothing for what another attempt cannot change.
fn failure(outcome: &Result<RawResponse, BoxError>) -> Option<(Failure, Option<Duration>)> {
    match outcome {
        Ok(answer) if answer.status.is_success() => None,
        Ok(answer) => {
            let asked = crate::error::retry_after(answer.status, &answer.headers, SystemTime::now());
            let page = answer.status.is_client_error() && is_open(outcome);
            let failure = match page {
                true => Failure::Page(answer.status),
                false => Failure::Answered(answer.status),
            };
            Some((failure, asked))
        }
        Err(error) => {
            if error.is::<NotTheExchange>() {
                return Some((Failure::Ambiguous, None));
            }
            let error = error.downcast_ref::<reqwest::Error>()?;
            match error.is_connect() {
                _ if error.is_builder() => None,
                true => Some((Failure::NotSent, None)),
                false => Some((Failure::Ambiguous, None)),
            }
        }
    }
}

/// Whether a change may have been made that came to this.
pub(crate) fn is_open(outcome: &Result<RawResponse, BoxError>) -> bool {
    match outcome {
        Ok(answer) => {
            let says_something = || {
                let body = serde_json::from_slice::<paradex_api::types::ApiError>(&answer.body).ok();
                body.is_some_and(|body| body.error.is_some() || body.message.is_some())
            };
            leaves_open(answer.status, says_something)
        }
        Err(error) => failed_at(&**error) == Phase::Exchange.as_str(),
    }
}

/// Whether a 401 says that the token is dead. A signature that is refused and an address that is not allowed say
/// nothing about the token, and a new one would not help.
///
/// For what changes something, only the exchange's own words count: a login page in between may come after the call
/// was passed on, and then a second one would be carried out twice.
fn token_died(operation: &'static Operation, answer: &RawResponse) -> bool {
    if answer.status != StatusCode::UNAUTHORIZED {
        return false;
    }
    let body = serde_json::from_slice::<paradex_api::types::ApiError>(&answer.body).ok();
    let code = body.as_ref().and_then(|error| error.error.as_ref());
    match code {
        Some(ErrorCode::InvalidToken | ErrorCode::UnauthorizedError) => true,
        Some(_) => false,
        None if operation.is_read() => true,
        None => body
            .and_then(|error| error.message)
            .is_some_and(|message| message.to_ascii_lowercase().contains("jwt")),
    }
}

#[cfg(test)]
mod tests {
    use paradex_api::operations;
    use paradex_api::reqwest::StatusCode;

    use super::{RawResponse, token_died};

    #[test]
    fn a_401_is_about_the_token_unless_it_says_otherwise() {
        let died = |operation, status: StatusCode, body: &'static str| {
            token_died(operation, &RawResponse::new(status, Default::default(), body))
        };
        let (read, write) = (&operations::LIST_POSITIONS, &operations::CREATE_ORDER);
        for (body, also_for_writes) in [
            (
                r#"{"message":"missing or malformed jwt: token is expired by 9.46872137s"}"#,
                true,
            ),
            (r#"{"error":"INVALID_TOKEN"}"#, true),
            (r#"{"error":"UNAUTHORIZED_ERROR","message":"m"}"#, true),
            (r#"{"message":"session has ended"}"#, false),
            ("", false),
            ("<html>", false),
        ] {
            assert!(died(read, StatusCode::UNAUTHORIZED, body), "{body}");
            assert_eq!(
                died(write, StatusCode::UNAUTHORIZED, body),
                also_for_writes,
                "{body}"
            );
            assert!(!died(read, StatusCode::FORBIDDEN, body), "{body}");
        }
        for code in [
            "STARKNET_SIGNATURE_VERIFICATION_FAILED",
            "IP_NOT_ALLOWED",
            "GEO_IP_BLOCK",
            "BRAND_NEW",
        ] {
            let body = format!("{{\"error\":\"{code}\"}}").leak();
            assert!(!died(read, StatusCode::UNAUTHORIZED, body), "{body}");
        }
    }
}
