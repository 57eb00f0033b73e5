//! IP allowlists.

use std::time::Duration;

use paradex_api::operations;
use serde_json::{Value, json};

use super::super::error::Trouble;
use super::super::reply::{Verdict, shown_networks};
use super::super::run::Run;
use super::{Token, UNUSED_NETWORK, sessions};
use crate::assumptions::{
    ADDRESS_REFUSAL, AllowlistDelay, Answer, AnswerKind, AnyNetwork, AuthOfNarrowedToken, BareAddress,
    BlankNetwork, DuplicateNetworks, EmptyAllowlist, HostBits, Ipv6Networks, NETWORK_LIMIT, NETWORK_REFUSAL,
    OrderOfNetworks, Refusal, SocketOfNarrowedToken, SpacesAround, Words, question,
};

/// The outcome of replacing a list.
enum Stored {
    List(Vec<String>),
    Refused(Refusal),
    Unclear(String),
}

pub(super) async fn ask(run: &mut Run) -> Result<(), Trouble> {
    run.begin(Ipv6Networks::QUESTION);
    let token = run.scratch_token().await?;
    ask_list(
        run,
        &token,
        &[UNUSED_NETWORK, "2001:db8::/32"],
        Ipv6Networks::Refused,
        |list| {
            list.iter()
                .any(|network| network.contains(':'))
                .then_some(Ipv6Networks::Accepted)
        },
    )
    .await?;

    let is = |list: &[String], expected: &[&str]| list == expected;
    ask_list(run, &token, &["192.0.2.7/24"], HostBits::Refused, |list| {
        match () {
            () if is(list, &["192.0.2.7/24"]) => Some(HostBits::Kept),
            () if is(list, &[UNUSED_NETWORK]) => Some(HostBits::Masked),
            () => None,
        }
    })
    .await?;
    ask_list(run, &token, &["192.0.2.7"], BareAddress::Refused, |list| {
        match () {
            () if is(list, &["192.0.2.7"]) => Some(BareAddress::Kept),
            () if is(list, &["192.0.2.7/32"]) => Some(BareAddress::Completed),
            () => None,
        }
    })
    .await?;
    ask_list(
        run,
        &token,
        &[UNUSED_NETWORK, ""],
        BlankNetwork::Refused,
        |list| match list.iter().any(String::is_empty) {
            true => Some(BlankNetwork::Kept),
            false => is(list, &[UNUSED_NETWORK]).then_some(BlankNetwork::Dropped),
        },
    )
    .await?;
    ask_list(
        run,
        &token,
        &[" 192.0.2.0/24 "],
        SpacesAround::Refused,
        |list| match () {
            () if is(list, &[" 192.0.2.0/24 "]) => Some(SpacesAround::Kept),
            () if is(list, &[UNUSED_NETWORK]) => Some(SpacesAround::Trimmed),
            () => None,
        },
    )
    .await?;
    ask_list(
        run,
        &token,
        &["0.0.0.0/0"],
        AnyNetwork::Refused,
        |list| match list.is_empty() {
            true => Some(AnyNetwork::EmptyList),
            false => is(list, &["0.0.0.0/0"]).then_some(AnyNetwork::Kept),
        },
    )
    .await?;
    ask_list(
        run,
        &token,
        &[UNUSED_NETWORK, UNUSED_NETWORK],
        DuplicateNetworks::Refused,
        |list| match () {
            () if is(list, &[UNUSED_NETWORK, UNUSED_NETWORK]) => Some(DuplicateNetworks::Kept),
            () if is(list, &[UNUSED_NETWORK]) => Some(DuplicateNetworks::Merged),
            () => None,
        },
    )
    .await?;

    run.begin(OrderOfNetworks::QUESTION);
    match put(run, &token, &["198.51.100.0/24", UNUSED_NETWORK]).await? {
        Stored::List(list) if is(&list, &["198.51.100.0/24", UNUSED_NETWORK]) => {
            run.found(OrderOfNetworks::Kept, shown_networks(&list, &run.secrets));
        }
        Stored::List(list) if is(&list, &[UNUSED_NETWORK, "198.51.100.0/24"]) => {
            run.found(OrderOfNetworks::Sorted, shown_networks(&list, &run.secrets));
        }
        other => unclear(run, OrderOfNetworks::QUESTION, &other),
    }

    run.begin(NETWORK_LIMIT);
    limit(run, &token).await?;

    run.begin(NETWORK_REFUSAL);
    match put(run, &token, &["not-a-network"]).await? {
        Stored::Refused(refusal) => {
            let evidence = refusal.to_string();
            run.found_answer(NETWORK_REFUSAL, Answer::Refusal(refusal), evidence);
        }
        other => unclear(run, NETWORK_REFUSAL, &other),
    }
    enforcement(run).await
}

/// Asks how a list is stored. `read` recognises the stored list.
async fn ask_list<T: Words>(
    run: &mut Run,
    token: &Token,
    list: &[&str],
    refused: T,
    read: impl Fn(&[String]) -> Option<T>,
) -> Result<(), Trouble> {
    // The first question has begun already, because it also creates the token.
    if T::QUESTION != Ipv6Networks::QUESTION {
        run.begin(T::QUESTION);
    }
    match put(run, token, list).await? {
        Stored::Refused(refusal) => run.found(refused, refusal.to_string()),
        Stored::List(stored) => {
            let shown = format!("stored: {}", shown_networks(&stored, &run.secrets));
            match read(&stored) {
                Some(answer) => run.found(answer, shown),
                None => run.unclear(T::QUESTION, shown),
            }
        }
        other => unclear(run, T::QUESTION, &other),
    }
    Ok(())
}

/// Replaces the allowlist of a token, as the main account.
async fn put(run: &mut Run, token: &Token, list: &[&str]) -> Result<Stored, Trouble> {
    let body = json!({ "allowed_cidrs": list });
    let client = run.client.clone();
    let id = [("lookup_id", token.lookup_id.as_str())];
    let reply = run
        .call(&client, &operations::UPDATE_TOKEN_ALLOWED_CIDRS, &id, Some(&body))
        .await?;
    let texts = |list: &Vec<Value>| -> Option<Vec<String>> {
        list.iter().map(|text| text.as_str().map(str::to_owned)).collect()
    };
    Ok(match reply.verdict() {
        // These say something about the credential or the token, and not about the list.
        Verdict::Refused(refusal) if matches!(refusal.status, 401 | 403 | 404) => {
            Stored::Unclear(reply.evidence())
        }
        Verdict::Refused(refusal) => Stored::Refused(refusal),
        Verdict::Failed => Stored::Unclear(reply.evidence()),
        Verdict::Done => match reply.body.get("allowed_cidrs") {
            // An empty list may be left out.
            None | Some(Value::Null) => Stored::List(Vec::new()),
            Some(Value::Array(list)) => match texts(list) {
                Some(list) => Stored::List(list),
                None => Stored::Unclear(format!(
                    "{}, with a list that is not one of texts",
                    reply.evidence()
                )),
            },
            Some(_) => Stored::Unclear(format!("{}, without a list", reply.evidence())),
        },
    })
}

fn unclear(run: &mut Run, name: &'static str, stored: &Stored) {
    let because = match stored {
        Stored::List(list) => format!("stored: {}", shown_networks(list, &run.secrets)),
        Stored::Refused(refusal) => format!("it was refused: {refusal}"),
        Stored::Unclear(evidence) => format!("the response was {evidence}"),
    };
    run.unclear(name, because);
}

/// Searches the longest list that is accepted: first around the documented length, then by halves.
async fn limit(run: &mut Run, token: &Token) -> Result<(), Trouble> {
    let Some(AnswerKind::Number {
        least, most, assumed, ..
    }) = question(NETWORK_LIMIT).map(|question| question.answers)
    else {
        return Ok(());
    };
    let networks: Vec<String> = (0..most).map(|number| format!("198.18.{number}.0/24")).collect();
    let networks: Vec<&str> = networks.iter().map(String::as_str).collect();
    let (mut accepted, mut refused) = (least - 1, most + 1);
    let mut tried = [assumed, assumed + 1].into_iter();
    while refused - accepted > 1 {
        let next = tried
            .next()
            .filter(|length| (accepted + 1..refused).contains(length));
        let length = next.unwrap_or(accepted + (refused - accepted) / 2);
        let list = networks
            .get(..usize::try_from(length).unwrap_or_default())
            .unwrap_or_default();
        match put(run, token, list).await? {
            Stored::List(_) => accepted = length,
            Stored::Refused(_) => refused = length,
            other => {
                unclear(run, NETWORK_LIMIT, &other);
                return Ok(());
            }
        }
    }
    if accepted < least {
        run.unclear(NETWORK_LIMIT, format!("a list of {least} networks is refused"));
    } else if accepted == most {
        run.found_answer(
            NETWORK_LIMIT,
            Answer::Number(accepted),
            format!("{most} networks are accepted, and more were not tried"),
        );
    } else {
        let evidence = format!("{accepted} networks are accepted, and {refused} are refused");
        run.found_answer(NETWORK_LIMIT, Answer::Number(accepted), evidence);
    }
    Ok(())
}

/// Asks how soon a list takes effect, and what it does.
async fn enforcement(run: &mut Run) -> Result<(), Trouble> {
    let questions = [
        AllowlistDelay::QUESTION,
        ADDRESS_REFUSAL,
        EmptyAllowlist::QUESTION,
        SocketOfNarrowedToken::QUESTION,
        AuthOfNarrowedToken::QUESTION,
    ];
    run.begin(AllowlistDelay::QUESTION);
    let token = run.ordinary_token().await?;
    let before = run.read_account(&token.secret).await?;
    let narrowed = put(run, &token, &[UNUSED_NETWORK]).await?;
    let is_narrowed = matches!(&narrowed, Stored::List(list) if list == &[UNUSED_NETWORK]);
    if !before.is_done() || !is_narrowed {
        let because = format!("a new token could not be narrowed: {}", before.evidence());
        run.rest_is_unclear(&questions, &because);
        return Ok(());
    }
    let mut waited = Duration::ZERO;
    for (answer, wait) in [
        (AllowlistDelay::AtOnce, 0),
        (AllowlistDelay::WithinTenSeconds, 10),
        (AllowlistDelay::WithinAMinute, 50),
    ] {
        if wait > 0 {
            run.wait(Duration::from_secs(wait)).await?;
            waited += Duration::from_secs(wait);
        }
        let reply = run.read_account(&token.secret).await?;
        if let Verdict::Refused(refusal) = reply.verdict() {
            run.found(
                answer,
                format!("{} after {} s", reply.evidence(), waited.as_secs()),
            );
            run.scratch.delay = Some(waited);
            run.found_answer(ADDRESS_REFUSAL, Answer::Refusal(refusal), reply.evidence());
            break;
        }
    }
    let Some(delay) = run.scratch.delay else {
        let because = format!("the narrowed token still works after {} s", waited.as_secs());
        run.rest_is_unclear(&questions, &because);
        return Ok(());
    };

    run.begin(ADDRESS_REFUSAL);
    let reply = run.read_account(&token.secret).await?;
    run.found_refusal(ADDRESS_REFUSAL, &reply);

    run.begin(EmptyAllowlist::QUESTION);
    match put(run, &token, &[]).await? {
        Stored::Refused(refusal) => run.found(EmptyAllowlist::Refused, refusal.to_string()),
        Stored::List(list) if list.is_empty() => {
            if !delay.is_zero() {
                run.wait(delay).await?;
            }
            let reply = run.read_account(&token.secret).await?;
            match reply.is_done() {
                true => run.found(EmptyAllowlist::Unrestricted, reply.evidence()),
                false => run.unclear(
                    EmptyAllowlist::QUESTION,
                    format!("the token is refused: {}", reply.evidence()),
                ),
            }
            run.revoke_token(&token).await?;
        }
        other => unclear(run, EmptyAllowlist::QUESTION, &other),
    }

    run.begin(SocketOfNarrowedToken::QUESTION);
    narrowed_socket(run, delay).await
}

/// Narrows the token of an open connection, and authenticates another one with it.
async fn narrowed_socket(run: &mut Run, delay: Duration) -> Result<(), Trouble> {
    let question = SocketOfNarrowedToken::QUESTION;
    let token = run.ordinary_token().await?;
    let watched = sessions::watch(run, question, &token.secret).await?;
    let stored = put(run, &token, &[UNUSED_NETWORK]).await?;
    if !matches!(stored, Stored::List(_)) {
        unclear(run, question, &stored);
        unclear(run, AuthOfNarrowedToken::QUESTION, &stored);
        return Ok(());
    }
    match watched {
        Some(watched) => {
            let answers = sessions::Answers {
                closed: SocketOfNarrowedToken::Closed,
                refused: SocketOfNarrowedToken::Refused,
                goes_on: SocketOfNarrowedToken::GoesOn,
            };
            sessions::find(run, watched, delay, answers).await?;
        }
        None => run.wait(delay).await?,
    }

    run.begin(AuthOfNarrowedToken::QUESTION);
    match run.open_sbe().await? {
        Ok(mut socket) => {
            let heard = run.authenticate(&mut socket, &token.secret).await?;
            match heard.verdict() {
                Some(true) => run.found(AuthOfNarrowedToken::Accepted, heard.evidence()),
                Some(false) => run.found(AuthOfNarrowedToken::Refused, heard.evidence()),
                None => run.unclear(AuthOfNarrowedToken::QUESTION, heard.evidence()),
            }
        }
        Err(why) => run.unclear(AuthOfNarrowedToken::QUESTION, why),
    }
    run.revoke_token(&token).await?;
    Ok(())
}
