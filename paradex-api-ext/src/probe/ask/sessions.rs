//! What happens to an open WebSocket when the credential that has authenticated it ends.

use std::time::Duration;

use paradex_api::Secret;
use serde_json::json;

use super::super::error::Trouble;
use super::super::run::Run;
use super::socket::{Heard, Socket};
use super::tokens::INVENTED_ORDER;
use crate::assumptions::Words;

/// A quiet public channel. A connection without a subscription is closed.
const QUIET: &str = "markets";
/// The close code of a connection without a subscription.
const NO_SUBSCRIPTION: u16 = 4031;
/// How long to wait at a time. A ping of the exchange is answered in time.
const CHUNK: Duration = Duration::from_secs(20);
/// The codes of errors that are about a credential.
const ABOUT_CREDENTIAL: [i64; 4] = [40_110, 40_111, 40_112, 40_300];

/// How the answers of a question are called.
pub(super) struct Answers<T> {
    pub(super) closed: T,
    pub(super) refused: T,
    pub(super) goes_on: T,
}

/// An authenticated connection whose credential is about to end.
pub(super) struct Watched {
    socket: Socket,
    /// The code that an order method gets as long as the credential is good.
    code: i64,
}

/// Opens a connection and authenticates it, or notes that a question has no answer.
pub(super) async fn watch(
    run: &mut Run,
    question: &'static str,
    token: &Secret,
) -> Result<Option<Watched>, Trouble> {
    let mut socket = match run.open_sbe().await? {
        Ok(socket) => socket,
        Err(why) => {
            run.unclear(question, why);
            return Ok(None);
        }
    };
    let authenticated = run.authenticate(&mut socket, token).await?;
    if !authenticated.is_done() {
        run.unclear(question, format!("`auth`: {}", authenticated.evidence()));
        return Ok(None);
    }
    let subscribed = run.subscribe(&mut socket, QUIET).await?;
    if !subscribed.is_done() {
        run.unclear(question, format!("`subscribe`: {}", subscribed.evidence()));
        return Ok(None);
    }
    let heard = cancel_invented(run, &mut socket).await?;
    match heard.error_code() {
        Some(code) if !ABOUT_CREDENTIAL.contains(&code) => Ok(Some(Watched { socket, code })),
        _ => {
            run.unclear(question, format!("before, `order.cancel`: {}", heard.evidence()));
            Ok(None)
        }
    }
}

/// Waits, and notes what has happened to a connection.
pub(super) async fn find<T: Words>(
    run: &mut Run,
    mut watched: Watched,
    wait: Duration,
    answers: Answers<T>,
) -> Result<(), Trouble> {
    let mut rest = wait;
    loop {
        let chunk = rest.min(CHUNK);
        rest = rest.saturating_sub(chunk);
        if !chunk.is_zero() {
            run.wait(chunk).await?;
        }
        let heard = cancel_invented(run, &mut watched.socket).await?;
        let evidence = format!("{} after {} s", heard.evidence(), (wait - rest).as_secs());
        match (heard.ended, heard.error_code()) {
            (Some(Some(NO_SUBSCRIPTION)), _) => run.unclear(T::QUESTION, evidence),
            // A connection can break for any reason.
            (Some(None), _) => run.unclear(T::QUESTION, evidence),
            (Some(Some(_)), _) => run.found(answers.closed, evidence),
            (None, Some(code)) if ABOUT_CREDENTIAL.contains(&code) => run.found(answers.refused, evidence),
            (None, Some(code)) if code == watched.code && !rest.is_zero() => continue,
            (None, Some(code)) if code == watched.code => run.found(answers.goes_on, evidence),
            _ => run.unclear(T::QUESTION, evidence),
        }
        return Ok(());
    }
}

/// Tries to cancel an order that does not exist, which changes nothing.
pub(super) async fn cancel_invented(run: &mut Run, socket: &mut Socket) -> Result<Heard, Trouble> {
    run.request(socket, "order.cancel", &json!({ "id": INVENTED_ORDER }))
        .await
}
