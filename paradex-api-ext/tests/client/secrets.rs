//! No secret is in any text that this crate makes.

use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::simulator::{Fault, Injection};
use paradex_api_ext::{Activation, Credentials, Environment, NewSubkey};

use super::{create, list, start};

const CANARY: &str = "canary";

#[track_caller]
fn silent(value: &dyn Debug) {
    let shown = format!("{value:?} {value:#?}");
    assert!(!shown.contains(CANARY), "{shown}");
}

/// An error with all its causes.
#[track_caller]
fn silent_error(error: &dyn std::error::Error, secret: &str) {
    let mut next = Some(error);
    while let Some(error) = next {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(CANARY) && !shown.contains(secret), "{shown}");
        next = error.source();
    }
}

#[test]
fn values_that_hold_a_secret_do_not_show_it() {
    let now = SystemTime::now();
    silent(&Credentials::bearer(Environment::Testnet, CANARY).unwrap());
    let subkey = NewSubkey::new("bot", "0x1", IpAllowlist::Unrestricted).unwrap();
    let starknet = subkey
        .clone()
        .starknet_signature(CANARY, CANARY, now, now + Duration::from_secs(60))
        .unwrap();
    silent(&starknet);
    silent(&subkey.clone().ethereum_signature(CANARY, CANARY));
    silent(&subkey.pending(CANARY, "0x1").unwrap());
    silent(&Activation::new("0x1", "0x2", CANARY, CANARY, now).unwrap());
}

#[tokio::test]
async fn the_text_of_a_new_token_is_exposed_and_never_shown() {
    let (exchange, client) = start().await;
    let created = create(&client, "desk", list(&["203.0.113.0/24"])).await;
    let text = created.secret().expose().to_owned();
    for shown in [
        format!("{created:?}"),
        format!("{:?}", created.info()),
        format!("{}", created.info().unwrap()),
        format!("{:?}", client.tokens().list().send().await.unwrap()),
        format!("{exchange:?}"),
        format!("{:?}", exchange.requests()),
    ] {
        assert!(!shown.contains(&text), "{shown}");
    }
    // It refuses to be written by accident.
    assert!(serde_json::to_string(created.secret()).is_err());
}

#[tokio::test]
async fn errors_of_calls_that_carry_or_answer_secrets_show_none() {
    let (exchange, client) = start().await;
    let session = client.clone();
    let text = exchange.main_session().expose().to_owned();
    for fault in [
        Fault::reset_after(),
        Fault::truncated(),
        Fault::html(paradex_api::reqwest::StatusCode::BAD_GATEWAY),
        Fault::edit_answer(|answer| *answer = serde_json::json!({"token": ["canary"], "canary": "canary"})),
        Fault::raw(
            paradex_api::reqwest::StatusCode::OK,
            Default::default(),
            "canary canary",
        ),
        Fault::raw(
            paradex_api::reqwest::StatusCode::BAD_REQUEST,
            Default::default(),
            "canary canary",
        ),
    ] {
        exchange.inject(Injection::new(fault).on(&paradex_api::operations::CREATE_TOKEN));
        let new = paradex_api_ext::NewToken::new("desk", "api_key", super::HOUR, IpAllowlist::Unrestricted);
        let error = session.tokens().create(new.unwrap()).await.unwrap_err();
        silent_error(&error, &text);
    }
}
