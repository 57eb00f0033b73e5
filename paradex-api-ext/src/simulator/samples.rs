//! Answers of operations that the simulator does not model: values made from the document.

use hyper::StatusCode;
use hyper::header::HeaderValue;
use paradex_api::{Bytes, Paging};
use serde_json::{Value, json};

use super::accounts;
use super::answer::Answer;
use super::clock::{SECOND, nanoseconds};
use super::session::{Session, jwt};
use super::state::{Call, State, World, seed_of};

/// The sample answer of an operation: always the same for one seed.
pub(super) fn answer(world: &World, call: &Call<'_>) -> Answer {
    let following = call.query("cursor").is_some();
    // The second page of a list is another one than the first.
    let seed = seed_of(world.settings.seed, call.operation.id).wrapping_add(u64::from(following));
    let sample = world.document.sample_response(call.matched.operation, seed);
    let status = StatusCode::from_u16(sample.status).unwrap_or(StatusCode::OK);
    let content_type = sample
        .content_type
        .and_then(|text| HeaderValue::try_from(text).ok());
    let mut answer = Answer::new(status, content_type, sample.body);
    // Without an end, whoever reads to the end would never stop.
    if following && matches!(call.operation.paging, Paging::Cursor { .. }) {
        edit(&mut answer, |body| set(body, "next", Value::Null));
    }
    answer
}

/// A made-up summary, of the account that asks.
pub(super) fn account(world: &World, call: &Call<'_>) -> Answer {
    let mut answer = answer(world, call);
    let account = call.query("subaccount_address").unwrap_or(call.account());
    edit(&mut answer, |body| set(body, "account", Value::from(account)));
    answer
}

pub(super) fn system_config(world: &World, call: &Call<'_>) -> Answer {
    let mut answer = answer(world, call);
    edit(&mut answer, |body| {
        let classes = accounts::classes();
        for (name, value) in [
            ("starknet_chain_id", world.settings.chain_id.clone()),
            ("l1_chain_id", accounts::L1_CHAIN_ID.to_string()),
            ("paraclear_account_proxy_hash", classes.proxy.to_string()),
            ("paraclear_account_hash", classes.account.to_string()),
            (
                "paraclear_evm_account_hash",
                accounts::ethereum_class().to_string(),
            ),
        ] {
            set(body, name, Value::from(value));
        }
    });
    answer
}

pub(super) fn system_state(state: &State) -> Answer {
    Answer::ok(&json!({ "status": state.status.as_str() }))
}

pub(super) fn system_time(call: &Call<'_>) -> Answer {
    let milliseconds = call.now / (SECOND / 1_000);
    Answer::ok(&json!({ "server_time": milliseconds.to_string() }))
}

/// A token for another service. It looks like every other of the simulator, and opens nothing here.
pub(super) fn terminal_token(world: &World, state: &mut State, call: &Call<'_>) -> Answer {
    let expires = call
        .now
        .saturating_add(nanoseconds(world.settings.session_lifetime));
    let id = state.next_id("terminal");
    let session = Session {
        account: call.account().to_owned(),
        ..Session::default()
    };
    let text = jwt(&session, id, call.now, expires);
    Answer::ok(&json!({ "jwt_token": text }))
}

/// Edits a body, if it is JSON.
pub(super) fn edit(answer: &mut Answer, edit: impl FnOnce(&mut Value)) {
    if let Ok(mut body) = serde_json::from_slice(&answer.body) {
        edit(&mut body);
        answer.body = Bytes::from(body.to_string());
    }
}

fn set(body: &mut Value, name: &str, value: Value) {
    if let Value::Object(fields) = body {
        fields.insert(name.to_owned(), value);
    }
}
