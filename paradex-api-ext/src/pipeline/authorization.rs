//! The session of a call: which one it uses, and when the call is repeated with another token.

use std::sync::Arc;
use std::time::Duration;

use paradex_api::reqwest::StatusCode;
use paradex_api::types::ErrorCode;
use paradex_api::{BoxError, Operation, Security};
use std::pin::pin;

use crate::auth::{Session, SessionKind};
use crate::error::AuthenticationError;
use crate::pipeline::attempt::Wire;
use crate::pipeline::completed_attempt::CompletedAttempt;
use crate::pipeline::operation_class::for_main_account;
use crate::pipeline::outcome::is_code;
use crate::pipeline::outgoing::Outgoing;
use crate::pipeline::phase::Phase;
use crate::pipeline::{Call, Pipeline};

/// A static token counts as expired only this long after its end, because a clock may be wrong by less.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);

/// The same where the offset of this machine's clock is not known.
const UNKNOWN_CLOCK_TOLERANCE: Duration = Duration::from_secs(24 * 60 * 60);

impl Pipeline {
    /// Makes one attempt with the session that the call needs, and repeats it once with another token if the exchange rejected
    /// the first. An error means that nothing was sent.
    pub(super) async fn attempt(
        &self,
        request: &mut Outgoing,
        call: &Call,
    ) -> Result<CompletedAttempt, BoxError> {
        let Some(session) = self.session(call).await? else {
            let wire = Wire::Http { authorization: None };
            return self.send_once(request, None, wire, call).await;
        };
        #[cfg(feature = "stream")]
        if let Some(wire) = self.state.order_wire()
            && let Some(attempt) = Box::pin(self.attempt_over_socket(wire, request, &session, call)).await?
        {
            return Ok(attempt);
        }
        let (attempt, generation) = match self.send_with_session(request, &session, call).await {
            Ok(attempt) => attempt,
            Err(error) => {
                // The exchange does not know the key any more. A provider may have another one.
                let refused = error
                    .downcast_ref::<AuthenticationError>()
                    .is_some_and(AuthenticationError::is_refused_key);
                if !(refused && self.state.sessions().has_provider() && request.can_send()) {
                    return Err(error);
                }
                let Some(new) = self.replacement(&session, call).await? else {
                    return Err(error);
                };
                return Ok(self.send_with_session(request, &new, call).await?.0);
            }
        };
        match token_verdict(call.operation, &attempt) {
            TokenVerdict::Accepted => {
                if let Some(generation) = generation {
                    session.accepted(generation);
                }
                return Ok(attempt);
            }
            TokenVerdict::Unknown => return Ok(attempt),
            TokenVerdict::ProbablyRejected => {
                if let Some(generation) = generation {
                    session.invalidate(generation);
                }
                return Ok(attempt);
            }
            TokenVerdict::Rejected => {}
        }
        if !request.can_send() {
            return Ok(attempt);
        }
        let session = match generation {
            Some(generation) if session.invalidate(generation) => session,
            Some(_) => return Ok(attempt),
            // A static token. Only a provider can have another one.
            None if !self.state.sessions().has_provider() => return Ok(attempt),
            None => match self.replacement(&session, call).await? {
                Some(new) => new,
                None => return Ok(attempt),
            },
        };
        let (attempt, generation) = self.send_with_session(request, &session, call).await?;
        if let Some(generation) = generation
            && token_verdict(call.operation, &attempt) == TokenVerdict::Accepted
        {
            session.accepted(generation);
        }
        Ok(attempt)
    }

    /// The session that the operation needs; `None` if it needs none.
    async fn session(&self, call: &Call) -> Result<Option<Arc<Session>>, BoxError> {
        let operation = call.operation;
        if operation.security == Security::Public {
            return Ok(None);
        }
        let sessions = self.state.sessions();
        let session = match sessions.current() {
            Some(session) => Some(session),
            // Boxed: few calls wait here, and all would have to hold the future.
            None => {
                let asked = sessions.session(&self.group);
                Box::pin(self.before_sending(call, Phase::SignIn, asked)).await??
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
            && !sessions.has_provider()
        {
            return Err(AuthenticationError::Expired { operation, ago }.into());
        }
        Ok(Some(session))
    }

    fn clock_tolerance(&self) -> Duration {
        match self.group.clock_offset() {
            Some(_) => CLOCK_TOLERANCE,
            None => UNKNOWN_CLOCK_TOLERANCE,
        }
    }

    /// The session of another credential that the provider has in place of a rejected one.
    async fn replacement(&self, old: &Arc<Session>, call: &Call) -> Result<Option<Arc<Session>>, BoxError> {
        let new = call
            .deadline
            .within(
                Phase::SignIn,
                pin!(self.state.sessions().ask(Some(old), &self.group)),
            )
            .await?;
        let new = new.ok().flatten();
        Ok(new.filter(|new| new.credentials().id() != old.credentials().id()))
    }

    /// Sends the request with a token of this session. Returns the generation of the token as well, unless it is static.
    async fn send_with_session(
        &self,
        request: &mut Outgoing,
        session: &Arc<Session>,
        call: &Call,
    ) -> Result<(CompletedAttempt, Option<u64>), BoxError> {
        let token = match session.static_token() {
            Some(token) => token,
            None => {
                let asked = session.access_token(&self.group, call.deadline.0);
                let token = Box::pin(self.before_sending(call, Phase::SignIn, asked)).await?;
                token.map_err(AuthenticationError::SignIn)?
            }
        };
        let wire = Wire::Http {
            authorization: Some(token.header),
        };
        let attempt = self.send_once(request, Some(session), wire, call).await?;
        Ok((attempt, token.generation))
    }
}

/// What an attempt says about its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenVerdict {
    /// The exchange accepted the token.
    Accepted,
    /// The exchange rejected the token and did not carry out the call, which can be repeated with another token.
    Rejected,
    /// The token was probably rejected, but the call may have been carried out. The call is not repeated, and the next call uses
    /// another token.
    ProbablyRejected,
    Unknown,
}

/// Treats a 401 as a rejected token unless its error code says otherwise: a refused signature or a refused IP address says
/// nothing about the token, and a new token would not help.
///
/// A change is repeated only after an error code. A 401 without one may come from a server in between that had already passed the
/// change on, so the outcome is unknown. The exchange has been seen to respond to dead tokens with a message alone
/// (`missing or malformed jwt: …`), but another server can do so as well, and the wording is not part of the API.
fn token_verdict(operation: &'static Operation, attempt: &CompletedAttempt) -> TokenVerdict {
    match attempt.result() {
        Ok(response) if response.status == StatusCode::UNAUTHORIZED => {}
        Ok(_) => return TokenVerdict::Accepted,
        Err(_) => return TokenVerdict::Unknown,
    }
    let code = attempt.refusal().and_then(|body| body.error.as_ref());
    match code.filter(|code| is_code(code)) {
        Some(ErrorCode::InvalidToken | ErrorCode::UnauthorizedError) => TokenVerdict::Rejected,
        Some(_) => TokenVerdict::Accepted,
        None if operation.is_read() => TokenVerdict::Rejected,
        None if attempt.refusal().is_some_and(|body| body.message.is_some()) => {
            TokenVerdict::ProbablyRejected
        }
        None => TokenVerdict::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use paradex_api::reqwest::StatusCode;
    use paradex_api::{RawResponse, operations};

    use super::{CompletedAttempt, TokenVerdict, token_verdict};

    #[test]
    fn change_is_repeated_with_another_token_only_after_an_error_code() {
        use TokenVerdict::{Accepted, ProbablyRejected, Rejected, Unknown};
        let verdict = |operation, status: StatusCode, body: &'static str| {
            let response = RawResponse::new(status, Default::default(), body);
            token_verdict(
                operation,
                &CompletedAttempt::from_result(operation, None, Ok(response)),
            )
        };
        let (read, write) = (&operations::LIST_POSITIONS, &operations::CREATE_ORDER);
        for (body, of_read, of_write) in [
            (r#"{"error":"INVALID_TOKEN"}"#, Rejected, Rejected),
            (
                r#"{"error":"UNAUTHORIZED_ERROR","message":"m"}"#,
                Rejected,
                Rejected,
            ),
            (
                r#"{"message":"missing or malformed jwt: token is expired by 9.46872137s"}"#,
                Rejected,
                ProbablyRejected,
            ),
            (
                r#"{"error":"Unauthorized","message":"jwt"}"#,
                Rejected,
                ProbablyRejected,
            ),
            (r#"{"error":"invalid_token"}"#, Rejected, Unknown),
            ("", Rejected, Unknown),
            ("<html>", Rejected, Unknown),
            (
                r#"{"error":"STARKNET_SIGNATURE_VERIFICATION_FAILED"}"#,
                Accepted,
                Accepted,
            ),
            (r#"{"error":"IP_NOT_ALLOWED"}"#, Accepted, Accepted),
            (r#"{"error":"BRAND_NEW"}"#, Accepted, Accepted),
        ] {
            let unauthorized = StatusCode::UNAUTHORIZED;
            assert_eq!(verdict(read, unauthorized, body), of_read, "{body}");
            assert_eq!(verdict(write, unauthorized, body), of_write, "{body}");
            assert_eq!(verdict(read, StatusCode::FORBIDDEN, body), Accepted, "{body}");
        }
    }
}
