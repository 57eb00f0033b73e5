//! Subkeys and sessions.

use std::time::Duration;

use paradex_api::operations;
use serde_json::json;

use super::super::error::Trouble;
use super::super::journal::Entry;
use super::super::reply::Verdict;
use super::super::run::{ProbeKey, Run};
use super::{UNUSED_NETWORK, sessions};
use crate::assumptions::{
    NarrowedSession, NarrowedSignIn, RevokedAgain, RevokedSession, SignatureAgain, SocketOfRevokedSubkey,
    SubkeySignature, Words,
};

/// How long to wait for an allowlist to take effect, if the question about it was not answered.
const LONGEST_DELAY: Duration = Duration::from_secs(60);

pub(super) async fn ask(run: &mut Run) -> Result<(), Trouble> {
    run.measure_clock().await?;

    run.begin(SubkeySignature::QUESTION);
    let key = run.new_key()?;
    let name = run.announce_subkey(&key)?;
    let reply = run.register_unsigned(&key, &name).await?;
    match reply.verdict() {
        Verdict::Done => run.found(SubkeySignature::Optional, reply.evidence()),
        Verdict::Refused(_) => {
            run.register_signed(&key, &name).await?;
            run.found(
                SubkeySignature::Required,
                format!("{} without a signature", reply.evidence()),
            );
        }
        Verdict::Failed => {
            run.unclear(
                SubkeySignature::QUESTION,
                format!("the response was {}", reply.evidence()),
            );
            return Err(Trouble::Unexpected(format!(
                "no subkey could be registered: {}",
                reply.evidence()
            )));
        }
    }
    run.record(Entry::Settled { name })?;

    run.begin(SignatureAgain::QUESTION);
    let signed = run.signed_sign_in(&key).await?;
    let (reply, session) = run.sign_in(&signed).await?;
    let Some(session) = session else {
        return Err(Trouble::Unexpected(format!(
            "a subkey could not sign in: {}",
            reply.evidence()
        )));
    };
    let (reply, second) = run.sign_in(&signed).await?;
    match reply.is_done() && second.is_none() {
        true => run.no_answer_in::<SignatureAgain>(&reply),
        // The same sign-in has just succeeded, so any refusal is one of the signature.
        false => run.found_by(&reply, SignatureAgain::Accepted, SignatureAgain::Refused),
    }

    run.begin(NarrowedSession::QUESTION);
    narrowed(run, &key, &session).await?;

    run.begin(RevokedSession::QUESTION);
    let (key, name) = run.new_subkey().await?;
    let session = run.session(&key).await?;
    let before = run.read_account(&session).await?;
    let revoked = run.revoke_subkey(&key).await?;
    let mut reply = run.read_account(&session).await?;
    if reply.is_done() {
        wait_for_delay(run).await?;
        reply = run.read_account(&session).await?;
    }
    match before.is_done() && revoked.is_done() {
        true => run.found_by(&reply, RevokedSession::GoesOn, RevokedSession::Ends),
        false => run.unclear(
            RevokedSession::QUESTION,
            format!(
                "the responses were {}, {} and {}",
                before.evidence(),
                revoked.evidence(),
                reply.evidence()
            ),
        ),
    }

    run.begin(SocketOfRevokedSubkey::QUESTION);
    socket_of_revoked_subkey(run).await?;

    run.begin(RevokedAgain::QUESTION);
    run.record(Entry::Subkey {
        name: name.clone(),
        public_key: key.public.to_string(),
    })?;
    match run.try_to_register(&key, &name).await? {
        Ok(()) => {
            run.record(Entry::Settled { name })?;
            run.found(RevokedAgain::Accepted, "it was registered");
            run.revoke_subkey(&key).await?;
        }
        Err(error) => match error.status().map(|status| status.as_u16()) {
            Some(401 | 403 | 408 | 429) => return Err(error.into()),
            Some(status @ 400..500) => {
                run.record(Entry::Settled { name })?;
                run.found(RevokedAgain::Refused, status.to_string());
            }
            _ => return Err(error.into()),
        },
    }
    Ok(())
}

async fn socket_of_revoked_subkey(run: &mut Run) -> Result<(), Trouble> {
    let question = SocketOfRevokedSubkey::QUESTION;
    let (key, _) = run.new_subkey().await?;
    let session = run.session(&key).await?;
    let watched = sessions::watch(run, question, &session).await?;
    let revoked = run.revoke_subkey(&key).await?;
    let Some(watched) = watched else {
        return Ok(());
    };
    if !revoked.is_done() {
        run.no_answer_in::<SocketOfRevokedSubkey>(&revoked);
        return Ok(());
    }
    let answers = sessions::Answers {
        closed: SocketOfRevokedSubkey::Closed,
        refused: SocketOfRevokedSubkey::Refused,
        goes_on: SocketOfRevokedSubkey::GoesOn,
    };
    sessions::find(run, watched, Duration::from_secs(10), answers).await
}

/// Waits until a change of a credential is in force, as long as one of an allowlist takes.
async fn wait_for_delay(run: &mut Run) -> Result<(), Trouble> {
    let delay = run.scratch.delay.unwrap_or(LONGEST_DELAY);
    if !delay.is_zero() {
        run.wait(delay).await?;
        run.measure_clock().await?;
    }
    Ok(())
}

/// Narrows a subkey that has a session.
async fn narrowed(run: &mut Run, key: &ProbeKey, session: &paradex_api::Secret) -> Result<(), Trouble> {
    let before = run.read_account(session).await?;
    let client = run.client.clone();
    let public_key = key.public.to_string();
    let list = json!({ "allowed_cidrs": [UNUSED_NETWORK] });
    let id = [("public_key", public_key.as_str())];
    let narrowed = run
        .call(
            &client,
            &operations::UPDATE_SUBKEY_ALLOWED_CIDRS,
            &id,
            Some(&list),
        )
        .await?;
    if !before.is_done() || !narrowed.is_done() {
        let because = format!(
            "a subkey could not be narrowed: {} and {}",
            before.evidence(),
            narrowed.evidence()
        );
        run.rest_is_unclear(&[NarrowedSession::QUESTION, NarrowedSignIn::QUESTION], &because);
        return Ok(());
    }
    wait_for_delay(run).await?;
    let reply = run.read_account(session).await?;
    run.found_by(&reply, NarrowedSession::GoesOn, NarrowedSession::Refused);

    run.begin(NarrowedSignIn::QUESTION);
    let signed = run.signed_sign_in(key).await?;
    let (reply, session) = run.sign_in(&signed).await?;
    match reply.is_done() && session.is_none() {
        true => run.no_answer_in::<NarrowedSignIn>(&reply),
        false => run.found_by(&reply, NarrowedSignIn::Accepted, NarrowedSignIn::Refused),
    }
    Ok(())
}
