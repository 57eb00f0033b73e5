//! The one path that every call takes.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use paradex_api::types::ErrorCode;
use paradex_api::{BoxError, Bytes, Operation, RawResponse, Security, Transport, TransportFuture, reqwest};

use tracing::Instrument;
use tracing::field::Empty;

use crate::audit::Audit;
use crate::auth::{Session, SessionKind, Source, random_part};
use crate::client::Shared;
use crate::error::{AuthenticationError, Late, Phase, Withheld, WithheldReason};
use crate::exchange;
use crate::gate::Leaving;
use crate::kind::{cancels_orders, for_main_account, opens_session, places_orders, signs_in, trades};
use crate::limit::{Account, Counted};
use crate::options::CallOptions;
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
    async fn session(&self, operation: &'static Operation) -> Result<Option<Arc<Session>>, BoxError> {
        if operation.security == Security::Public {
            return Ok(None);
        }
        let Some(session) = self.source.session(&self.shared).await? else {
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
        request: reqwest::Request,
        operation: &'static Operation,
        deadline: &Deadline,
        times: &Times,
    ) -> Result<RawResponse, BoxError> {
        self.permits(operation, &request)?;
        let by = || {
            let session = self.source.current()?;
            let credentials = session.credentials();
            Some((credentials.account_name(), credentials.id()))
        };
        let mut entry = audit.entry(operation, &request, self.before.clone());
        (entry.account, entry.credential) = by().unzip();
        let intent = audit.intend(entry, deadline.left()).await;
        let change = intent.map_err(|error| Withheld::new(operation, WithheldReason::Audit(error)))?;
        let outcome = self.run(request, operation, deadline, times).await;
        change.ended(&outcome, by()).await;
        outcome
    }

    /// Makes the call, and again as long as that can help and can do no harm.
    async fn run(
        &self,
        request: reqwest::Request,
        operation: &'static Operation,
        deadline: &Deadline,
        times: &Times,
    ) -> Result<RawResponse, BoxError> {
        self.permits(operation, &request)?;
        let policy = self.policy(operation);
        let mut request = request;
        for made in 1.. {
            let again = if policy.allows(made) {
                request.try_clone()
            } else {
                None
            };
            times.attempts.store(made, Ordering::Relaxed);
            let outcome = self.attempt(request, operation, deadline, times).await;
            let Some((failure, asked)) = failure(&outcome) else {
                self.shared.earn();
                return outcome;
            };
            let Some(next) = again.filter(|_| retry::again(retry::repeat(operation), failure)) else {
                return outcome;
            };
            let wait = policy.wait(made, random_part(), asked);
            // Waiting to the end of the time would only replace what is known by "too late".
            if wait >= deadline.left() || self.is_stale(wait) || !self.shared.spend() {
                return outcome;
            }
            self.unless_halted(operation, pin!(tokio::time::sleep(wait)))
                .await?;
            request = next;
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
    async fn attempt(
        &self,
        request: reqwest::Request,
        operation: &'static Operation,
        deadline: &Deadline,
        times: &Times,
    ) -> Result<RawResponse, BoxError> {
        let session = pin!(self.session(operation));
        let session = pin!(deadline.within(Phase::SignIn, session));
        let session = pin!(self.unless_halted(operation, session));
        let session = timed(&times.sign_in, session).await???;
        let Some(session) = session else {
            timed(&times.turn, pin!(self.turn(operation, None, deadline))).await?;
            let exchange = pin!(self.exchange(request, operation, None, deadline));
            return timed(&times.exchange, exchange).await;
        };
        let again = match session.can_renew() || self.source.has_provider() {
            true => request.try_clone(),
            false => None,
        };
        let outcome = self
            .authorized(request, operation, &session, deadline, times)
            .await;
        let (answer, generation) = match outcome {
            Ok(answered) => answered,
            Err(error) => {
                // A key that the exchange does not know any more: a provider may have its successor.
                let refused = error
                    .downcast_ref::<AuthenticationError>()
                    .is_some_and(AuthenticationError::is_refused_key);
                let (Some(again), true) = (again, refused && self.source.has_provider()) else {
                    return Err(error);
                };
                let Some(new) = self.successor(&session, deadline).await? else {
                    return Err(error);
                };
                return Ok(self.authorized(again, operation, &new, deadline, times).await?.0);
            }
        };
        if !token_died(operation, &answer) {
            if let Some(generation) = generation {
                session.accepted(generation);
            }
            return Ok(answer);
        }
        let Some(again) = again else {
            return Ok(answer);
        };
        let session = match generation {
            Some(generation) if session.retire(generation) => session,
            Some(_) => return Ok(answer),
            // A token that was given as text: whoever gave it may have another one.
            None => match self.successor(&session, deadline).await? {
                Some(new) => new,
                None => return Ok(answer),
            },
        };
        let (answer, generation) = self
            .authorized(again, operation, &session, deadline, times)
            .await?;
        if let Some(generation) = generation.filter(|_| !token_died(operation, &answer)) {
            session.accepted(generation);
        }
        Ok(answer)
    }

    /// What the provider has in the place of a credential that is not taken any more.
    async fn successor(
        &self,
        old: &Arc<Session>,
        deadline: &Deadline,
    ) -> Result<Option<Arc<Session>>, BoxError> {
        let asked = pin!(self.source.ask(Some(old), &self.shared));
        let new = deadline.within(Phase::SignIn, asked).await?.ok().flatten();
        Ok(new.filter(|new| new.credentials().id() != old.credentials().id()))
    }

    async fn authorized(
        &self,
        mut request: reqwest::Request,
        operation: &'static Operation,
        session: &Arc<Session>,
        deadline: &Deadline,
        times: &Times,
    ) -> Result<(RawResponse, Option<u64>), BoxError> {
        let ticket = pin!(session.ticket(&self.shared));
        let ticket = pin!(deadline.within(Phase::SignIn, ticket));
        let ticket = pin!(self.unless_halted(operation, ticket));
        let ticket = timed(&times.sign_in, ticket)
            .await??
            .map_err(AuthenticationError::SignIn)?;
        request.headers_mut().insert(AUTHORIZATION, ticket.header);
        timed(&times.turn, pin!(self.turn(operation, Some(session), deadline))).await?;
        if self.is_stale(Duration::ZERO) {
            return Err(Late::new(Phase::Stale).into());
        }
        let exchange = pin!(self.exchange(request, operation, Some(session), deadline));
        let answer = timed(&times.exchange, exchange).await?;
        Ok((answer, ticket.generation))
    }

    /// Whether the call may be made at all, now.
    fn permits(&self, operation: &'static Operation, request: &reqwest::Request) -> Result<(), Withheld> {
        let withheld = |reason| Err(Withheld::new(operation, reason));
        if operation.is_read() {
            return Ok(());
        }
        if self.shared.is_read_only() && !opens_session(operation) {
            return withheld(WithheldReason::ReadOnly);
        }
        if trades(operation) && (self.source.gate().is_halted() || self.shared.gate().is_halted()) {
            return withheld(WithheldReason::Halted);
        }
        match self.shared.status().refuses(operation, request) {
            Some(status) => withheld(WithheldReason::Exchange(status)),
            None => Ok(()),
        }
    }

    /// Some work before anything is sent, which ends when trading is halted, if the call trades.
    async fn unless_halted<T>(
        &self,
        operation: &'static Operation,
        work: Pin<&mut impl Future<Output = T>>,
    ) -> Result<T, Withheld> {
        if operation.is_read() || !trades(operation) {
            return Ok(work.await);
        }
        self.source
            .unless_halted(&self.shared, work)
            .await
            .ok_or_else(|| Withheld::new(operation, WithheldReason::Halted))
    }

    /// Waits until the limits let the call go.
    async fn turn(
        &self,
        operation: &'static Operation,
        session: Option<&Arc<Session>>,
        deadline: &Deadline,
    ) -> Result<(), BoxError> {
        // Whoever places an order wants to know at once.
        let waits = self.options.wait.unwrap_or(!places_orders(operation));
        let left = || match waits {
            true => deadline.left(),
            false => NO_WAIT.min(deadline.left()),
        };
        let account = session.map(|session| self.shared.limits_of(session));
        let limiter = self.shared.limiter();
        let turn = pin!(limiter.turn(counted(operation, account), account, left));
        let turn = pin!(deadline.within(Phase::Limit, turn));
        let turn = self.unless_halted(operation, turn).await?;
        Ok(turn?.map_err(Late::limit)?)
    }

    /// Sends it, and reads the whole answer, in what is left of the time.
    async fn exchange(
        &self,
        request: reqwest::Request,
        operation: &'static Operation,
        session: Option<&Arc<Session>>,
        deadline: &Deadline,
    ) -> Result<RawResponse, BoxError> {
        let _leaving = self.leaves(operation, &request)?;
        let answer = pin!(self.answer(request, operation, session));
        deadline.within(Phase::Exchange, answer).await?
    }

    async fn answer(
        &self,
        request: reqwest::Request,
        operation: &'static Operation,
        session: Option<&Arc<Session>>,
    ) -> Result<RawResponse, BoxError> {
        let mut response = self.shared.http().execute(request).await?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let account = session.map(|session| self.shared.limits_of(session));
        let counted = counted(operation, account);
        self.shared.limiter().learn(counted, account, status, &headers);
        let body = whole(response).await?;
        let mut answer = RawResponse::new(status, headers, body);
        if self.shared.status().learn(operation, &answer) {
            exchange::watch(&self.shared);
        }
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            answer.credential = session.map(|session| session.credentials().id().into());
        }
        // A page in the place of an answer comes from something in between, a login or maintenance page, and says
        // nothing of what the exchange did.
        match status.is_success() && is_html(&answer) {
            true => Err(NotTheExchange::new(&answer).into()),
            false => Ok(answer),
        }
    }

    /// Counts a call that can trade as on its way, and asks after that, for the last time, whether it may be made.
    fn leaves(
        &self,
        operation: &'static Operation,
        request: &reqwest::Request,
    ) -> Result<Option<Leaving<'_>>, Withheld> {
        let leaving = (!operation.is_read() && trades(operation)).then(|| self.source.gate().leave());
        self.permits(operation, request).map(|()| leaving)
    }
}

/// How a call is counted.
fn counted(operation: &'static Operation, account: Option<&Account>) -> Counted {
    if operation.is_read() {
        match account {
            Some(_) => Counted::AccountRead,
            None => Counted::Other,
        }
    } else if signs_in(operation) {
        Counted::SignIn
    } else if places_orders(operation) {
        Counted::Order
    } else if cancels_orders(operation) {
        Counted::Cancel
    } else {
        Counted::Other
    }
}

/// The largest body that is read. The largest of the exchange's own are a few megabytes.
const LARGEST_BODY: usize = 64 << 20;

/// Reads a body to its end, up to a bound.
async fn whole(mut response: reqwest::Response) -> Result<Bytes, BoxError> {
    let announced = response
        .content_length()
        .and_then(|length| usize::try_from(length).ok());
    if announced.is_some_and(|length| length > LARGEST_BODY) {
        return Err(TooLarge.into());
    }
    let Some(first) = response.chunk().await? else {
        return Ok(Bytes::new());
    };
    let Some(second) = response.chunk().await? else {
        // Most answers are one piece, which need not be copied.
        return Ok(first);
    };
    let mut body = Vec::with_capacity(announced.unwrap_or(0).max(first.len() + second.len()));
    body.extend_from_slice(&first);
    body.extend_from_slice(&second);
    while let Some(more) = response.chunk().await? {
        if body.len() + more.len() > LARGEST_BODY {
            return Err(TooLarge.into());
        }
        body.extend_from_slice(&more);
    }
    Ok(body.into())
}

#[derive(Debug, thiserror::Error)]
#[error("the answer is larger than 64 MiB, which none of the exchange's is")]
struct TooLarge;

fn is_html(answer: &RawResponse) -> bool {
    let kind = answer.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with(b"text/html"))
}

/// A page of HTML that came with a status of success.
#[derive(Debug, thiserror::Error)]
#[error("something in between answered {status} with a page of HTML: {start}")]
struct NotTheExchange {
    status: StatusCode,
    start: String,
}

impl NotTheExchange {
    fn new(answer: &RawResponse) -> Self {
        let start = answer.body.get(..400).unwrap_or(&answer.body);
        let start = String::from_utf8_lossy(start);
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
        Box::pin(async move {
            let (times, span) = (Times::default(), span_of(operation));
            let deadline = Deadline::new(self.options.deadline.unwrap_or(self.shared.timeout()));
            let outcome = match self.shared.audit().filter(|_| Audit::concerns(operation)) {
                None => {
                    let call = pin!(self.run(request, operation, &deadline, &times));
                    call.instrument(span.clone()).await
                }
                Some(audit) => {
                    let call = Box::pin(self.audited(audit, request, operation, &deadline, &times));
                    call.instrument(span.clone()).await
                }
            };
            record(&span, &times, &outcome);
            outcome
        })
    }
}

/// How often a call was tried, and what its time went to. Shared by what runs one after the other.
#[derive(Default)]
pub(crate) struct Times {
    attempts: AtomicU32,
    sign_in: AtomicU64,
    turn: AtomicU64,
    exchange: AtomicU64,
}

/// Adds the microseconds of some work, which stays where it is: what is waited for is large, and moving it is most of what
/// this path costs.
async fn timed<T>(to: &AtomicU64, work: Pin<&mut (impl Future<Output = T> + ?Sized)>) -> T {
    let start = Instant::now();
    let outcome = work.await;
    let took = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    to.fetch_add(took, Ordering::Relaxed);
    outcome
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
            Some((Failure::Answered(answer.status), asked))
        }
        Err(error) => {
            if error.is::<NotTheExchange>() {
                return Some((Failure::Ambiguous, None));
            }
            let error = error.downcast_ref::<reqwest::Error>()?;
            match error.is_connect() {
                true => Some((Failure::NotSent, None)),
                false => Some((Failure::Ambiguous, None)),
            }
        }
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
