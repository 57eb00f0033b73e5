//! API tokens.

use std::time::Duration;

use paradex_api::operations;
use serde_json::{Value, json};

use super::super::error::Trouble;
use super::super::reply::Verdict;
use super::super::run::Run;
use super::{Created, LIFETIME, Token, UNUSED_NETWORK, is_about_request, sessions};
use crate::assumptions::{
    REVOKED_TOKEN_REFUSAL, RIGHTS_REFUSAL, ReadOnlyType, RevokedInList, RevokingTwice, SameTokenName,
    SecondAuth, ShortLifetime, SocketOfRevokedToken, TokenTimes, UnknownField, Words,
};

/// An order id that the exchange has not given to any order.
pub(super) const INVENTED_ORDER: &str = "1700000000000000000000000000000000";

pub(super) async fn ask(run: &mut Run) -> Result<(), Trouble> {
    run.begin(TokenTimes::QUESTION);
    let token = run.scratch_token().await?;
    let created_at = token.created_at.unwrap_or_default();
    let unit = match created_at {
        1..100_000_000_000 => Some(TokenTimes::Seconds),
        100_000_000_000..100_000_000_000_000 => Some(TokenTimes::Milliseconds),
        100_000_000_000_000_000.. => Some(TokenTimes::Nanoseconds),
        _ => None,
    };
    match unit {
        Some(unit) => run.found(
            unit,
            format!("created_at has {} digits", created_at.to_string().len()),
        ),
        None => run.unclear(
            TokenTimes::QUESTION,
            "`created_at` is missing, or in another unit",
        ),
    }

    run.begin(RIGHTS_REFUSAL);
    let client = run.with_token(&token.secret)?;
    let list = json!({ "allowed_cidrs": [UNUSED_NETWORK] });
    let id = [("lookup_id", token.lookup_id.as_str())];
    let reply = run
        .call(&client, &operations::UPDATE_TOKEN_ALLOWED_CIDRS, &id, Some(&list))
        .await?;
    run.found_refusal(RIGHTS_REFUSAL, &reply);

    run.begin(SecondAuth::QUESTION);
    second_auth(run, &token).await?;

    run.begin(ReadOnlyType::QUESTION);
    read_only_type(run).await?;

    run.begin(SameTokenName::QUESTION);
    match run.create_token(token.name.clone(), "api_key", LIFETIME).await? {
        Created::Token(second) => {
            run.found(SameTokenName::Accepted, "both were created");
            run.revoke_token(&second).await?;
        }
        Created::Refused(reply) => {
            run.found_if_accepted(&reply, SameTokenName::Accepted, SameTokenName::Refused)
        }
    }

    run.begin(ShortLifetime::QUESTION);
    let name = run.new_name();
    match run.create_token(name, "api_key", 59).await? {
        Created::Token(short) => {
            run.found(ShortLifetime::Accepted, "it was created");
            run.revoke_token(&short).await?;
        }
        Created::Refused(reply) => {
            run.found_if_accepted(&reply, ShortLifetime::Accepted, ShortLifetime::Refused)
        }
    }

    run.begin(UnknownField::QUESTION);
    let list = json!({ "allowed_cidrs": [UNUSED_NETWORK], "paradex_probe": true });
    let client = run.client.clone();
    let reply = run
        .call(&client, &operations::UPDATE_TOKEN_ALLOWED_CIDRS, &id, Some(&list))
        .await?;
    run.found_if_accepted(&reply, UnknownField::Ignored, UnknownField::Refused);

    run.begin(RevokedInList::QUESTION);
    let revoked = run.ordinary_token().await?;
    run.revoke_token(&revoked).await?;
    let reply = run.call(&client, &operations::LIST_TOKENS, &[], None).await?;
    let listed = reply.body.get("results").and_then(Value::as_array);
    match listed {
        Some(listed) => {
            let is_it =
                |token: &Value| token.get("lookup_id").and_then(Value::as_str) == Some(&revoked.lookup_id);
            match listed.iter().any(is_it) {
                true => run.found(RevokedInList::Listed, "the list has the revoked token"),
                false => run.found(RevokedInList::Hidden, "the list does not have the revoked token"),
            }
        }
        None => run.no_answer_in::<RevokedInList>(&reply),
    }

    run.begin(RevokingTwice::QUESTION);
    let reply = run.revoke_token(&revoked).await?;
    run.found_if_accepted(&reply, RevokingTwice::Succeeds, RevokingTwice::Refused);

    run.begin(REVOKED_TOKEN_REFUSAL);
    let reply = run.read_account(&revoked.secret).await?;
    run.found_refusal(REVOKED_TOKEN_REFUSAL, &reply);

    run.begin(SocketOfRevokedToken::QUESTION);
    socket_of_revoked_token(run).await
}

async fn socket_of_revoked_token(run: &mut Run) -> Result<(), Trouble> {
    let question = SocketOfRevokedToken::QUESTION;
    let token = run.ordinary_token().await?;
    let watched = sessions::watch(run, question, &token.secret).await?;
    let revoked = run.revoke_token(&token).await?;
    let Some(watched) = watched else {
        return Ok(());
    };
    if !revoked.is_done() {
        run.no_answer_in::<SocketOfRevokedToken>(&revoked);
        return Ok(());
    }
    let answers = sessions::Answers {
        closed: SocketOfRevokedToken::Closed,
        refused: SocketOfRevokedToken::Refused,
        goes_on: SocketOfRevokedToken::GoesOn,
    };
    sessions::find(run, watched, Duration::from_secs(10), answers).await
}

/// Authenticates a WebSocket twice. It subscribes to nothing.
async fn second_auth(run: &mut Run, token: &Token) -> Result<(), Trouble> {
    let mut socket = match run.open_sbe().await? {
        Ok(socket) => socket,
        Err(why) => {
            run.unclear(SecondAuth::QUESTION, why);
            return Ok(());
        }
    };
    let first = run.authenticate(&mut socket, &token.secret).await?;
    if !first.is_done() {
        run.unclear(
            SecondAuth::QUESTION,
            format!("the first `auth`: {}", first.evidence()),
        );
        return Ok(());
    }
    let second = run.authenticate(&mut socket, &token.secret).await?;
    match second.verdict() {
        Some(true) => run.found(SecondAuth::Accepted, second.evidence()),
        Some(false) => run.found(SecondAuth::Refused, second.evidence()),
        None => run.unclear(SecondAuth::QUESTION, second.evidence()),
    }
    Ok(())
}

/// Compares how a token of the type and an ordinary one are refused to cancel an order that does not exist.
async fn read_only_type(run: &mut Run) -> Result<(), Trouble> {
    let name = run.new_name();
    let created = match run.create_token(name, "read_only", LIFETIME).await? {
        Created::Token(created) => created,
        Created::Refused(reply) => {
            match is_about_request(&reply) {
                true => run.found(ReadOnlyType::Refused, reply.evidence()),
                false => run.no_answer_in::<ReadOnlyType>(&reply),
            }
            return Ok(());
        }
    };
    // The scratch token may have narrowed itself.
    let ordinary = run.ordinary_token().await?;
    let mut verdicts = Vec::new();
    for secret in [&created.secret, &ordinary.secret] {
        let client = run.with_token(secret)?;
        let order = [("order_id", INVENTED_ORDER)];
        let reply = run.call(&client, &operations::CANCEL_ORDER, &order, None).await?;
        verdicts.push((reply.verdict(), reply.evidence()));
    }
    run.revoke_token(&created).await?;
    match verdicts.as_slice() {
        // That says nothing about orders.
        [_, (Verdict::Refused(refusal), other)] if matches!(refusal.status, 401 | 403) => run.unclear(
            ReadOnlyType::QUESTION,
            format!("the ordinary token was refused: {other}"),
        ),
        [(Verdict::Refused(_), one), (Verdict::Refused(_), other)] if one != other => {
            run.found(
                ReadOnlyType::ReadOnly,
                format!("{one}, and {other} with an ordinary token"),
            );
        }
        [(Verdict::Refused(_), one), (Verdict::Refused(_), _)] => {
            run.found(
                ReadOnlyType::Ordinary,
                format!("{one}, as with an ordinary token"),
            );
        }
        _ => run.unclear(
            ReadOnlyType::QUESTION,
            "cancelling an order that does not exist was not refused",
        ),
    }
    Ok(())
}
