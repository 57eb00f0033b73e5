//! Listing, creating and revoking tokens.

use std::time::{Duration, SystemTime};

use paradex_api::operations::{CREATE_TOKEN, LIST_TOKENS, REVOKE_TOKEN};
use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::HeaderMap;
use paradex_api_ext::Error;
use paradex_api_ext::error::{AllowlistError, CreateTokenError, RevokeError};
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::simulator::{Fault, Injection, Simulator, TimeUnit};
use paradex_api_ext::time::Expiry;
use paradex_api_ext::tokens::{NewToken, TokenKind};
use serde_json::json;

use super::{HOUR, bodies, client_from, create, list, main_client, start};

#[tokio::test]
async fn token_is_restricted_from_its_creation() {
    let (exchange, client) = start().await;
    let created = create(&client, "desk", list(&["203.0.113.0/24"])).await;
    assert!(created.allowlist_confirmed());
    let sent: serde_json::Value = serde_json::from_str(&bodies(&exchange, "create_token")[0]).unwrap();
    assert_eq!(
        sent,
        json!({"name": "desk", "token_type": "api_key", "expiry_duration": 3600,
               "allowed_cidrs": ["203.0.113.0/24"]})
    );
    let inside = client_from(&exchange, created.secret(), "203.0.113.7");
    inside.api().list_positions().send().await.unwrap();
    let outside = client_from(&exchange, created.secret(), "198.51.100.7");
    let error = Error::from(outside.api().list_positions().send().await.unwrap_err());
    assert_eq!(error.code().unwrap().as_str(), "IP_NOT_ALLOWED");
}

#[tokio::test]
async fn lists_leave_out_dead_tokens_unless_asked() {
    let (exchange, client) = start().await;
    let kept = create(&client, "kept", IpAllowlist::Unrestricted).await;
    let revoked = create(&client, "revoked", IpAllowlist::Unrestricted).await;
    client.tokens().revoke(revoked.lookup_id()).await.unwrap();
    let live = client.tokens().list().send().await.unwrap();
    assert_eq!(
        live.iter().map(|token| token.name()).collect::<Vec<_>>(),
        ["kept"]
    );
    assert_eq!(live[0].lookup_id(), kept.lookup_id());
    assert_eq!(live[0].allowlist().known(), Some(&IpAllowlist::Unrestricted));
    assert!(live[0].is_live(SystemTime::now()));

    let all = client
        .tokens()
        .list()
        .with_revoked_and_expired()
        .send()
        .await
        .unwrap();
    let dead = all.iter().find(|token| token.name() == "revoked").unwrap();
    assert!(dead.revoked_at().is_some() && !dead.is_live(SystemTime::now()));
    let of_kind = client.tokens().list().kind(TokenKind::Jwt).send().await.unwrap();
    assert!(of_kind.iter().all(|token| token.kind() == Some(&TokenKind::Jwt)));
    drop(exchange);
}

#[tokio::test]
async fn times_are_real_in_every_unit() {
    for unit in [TimeUnit::Seconds, TimeUnit::Milliseconds, TimeUnit::Nanoseconds] {
        let exchange = Simulator::builder()
            .strict()
            .time_unit(unit)
            .start()
            .await
            .unwrap();
        let client = main_client(&exchange);
        let before = SystemTime::now() - Duration::from_secs(2);
        let created = create(&client, "desk", IpAllowlist::Unrestricted).await;
        let info = created.info().unwrap();
        let made = info.created_at().unwrap();
        assert!(
            before < made && made < before + Duration::from_secs(60),
            "{unit:?}: {made:?}"
        );
        let Expiry::At(end) = info.expiry() else {
            panic!("{:?}", info.expiry())
        };
        let lives = end.duration_since(made).unwrap();
        assert!(
            lives.abs_diff(HOUR) < Duration::from_secs(2),
            "{unit:?}: {lives:?}"
        );
    }
}

#[tokio::test]
async fn one_odd_element_hides_no_other() {
    let (exchange, client) = start().await;
    let created = create(&client, "desk", list(&["203.0.113.0/24"])).await;
    exchange.inject(
        Injection::new(Fault::edit_response(|answer| {
            answer["results"].as_array_mut().unwrap().insert(0, json!("odd"));
        }))
        .on(&LIST_TOKENS)
        .times(2),
    );
    let listed = client.tokens().list().send().await.unwrap();
    // The odd one is not left out, and says nothing.
    assert_eq!(listed.len(), 2);
    assert_eq!((listed[0].lookup_id(), listed[0].allowlist().known()), ("", None));
    assert_eq!(listed[1].allowlist().known(), Some(&list(&["203.0.113.0/24"])));
    client
        .tokens()
        .allowlist(created.lookup_id())
        .read()
        .await
        .unwrap();
}

#[test]
fn invalid_token_is_refused_when_it_is_built() {
    let new =
        |name: &str, kind: &str, lifetime| NewToken::new(name, kind, lifetime, IpAllowlist::Unrestricted);
    let year = Duration::from_secs(365 * 86_400);
    assert!(new("desk", "api_key", Duration::from_secs(60)).is_ok());
    assert!(new("desk", "api_key", year).is_ok());
    for (name, kind, lifetime, field) in [
        ("desk", "api_key", Duration::from_secs(59), "lifetime"),
        ("desk", "api_key", year + Duration::from_secs(1), "lifetime"),
        ("desk", "api_key", Duration::from_millis(90_500), "lifetime"),
        ("desk", "api_key", Duration::MAX, "lifetime"),
        ("", "api_key", HOUR, "name"),
        (" ", "api_key", HOUR, "name"),
        ("desk", "", HOUR, "token_type"),
    ] {
        let error = new(name, kind, lifetime).unwrap_err();
        assert_eq!(error.field(), field, "{error}");
    }
}

#[tokio::test]
async fn failed_creation_says_what_to_do() {
    let exchange = Simulator::builder()
        .strict()
        .token_limit(1)
        .start()
        .await
        .unwrap();
    let client = main_client(&exchange);
    let new = || NewToken::new("desk", "api_key", HOUR, list(&["203.0.113.0/24"])).unwrap();
    client.tokens().create(new()).await.unwrap();
    let error = client.tokens().create(new()).await.unwrap_err();
    assert!(
        matches!(error, CreateTokenError::TokenLimitReached(_)),
        "{error:?}"
    );

    let many = (0..51).map(|n| format!("198.51.{n}.0/24"));
    let many = IpAllowlist::parse_entries(many).unwrap();
    let before = exchange.requests().len();
    let error = client
        .tokens()
        .create(NewToken::new("desk", "api_key", HOUR, many).unwrap())
        .await
        .unwrap_err();
    assert!(matches!(error, CreateTokenError::TooManyEntries(_)), "{error:?}");
    assert_eq!(exchange.requests().len(), before);

    exchange.inject(Injection::new(Fault::reset_after()).on(&CREATE_TOKEN));
    let error = client.tokens().create(new()).await.unwrap_err();
    assert!(matches!(error, CreateTokenError::OutcomeUnknown(_)), "{error:?}");
    assert!(error.to_string().contains("revoke it"), "{error}");
    assert_eq!(
        bodies(&exchange, "create_token").len(),
        3,
        "it is never sent twice"
    );
}

#[tokio::test]
async fn response_without_the_token_text_keeps_its_body_and_does_not_show_it() {
    let (exchange, client) = start().await;
    for odd in [
        json!({"api_token": {}}),
        json!({"token": ""}),
        json!({"token": {"text": "canary-text"}}),
        json!(["canary-text"]),
        json!("canary-text"),
    ] {
        let answer = odd.clone();
        exchange.inject(
            Injection::new(Fault::edit_response(move |value| *value = answer.clone())).on(&CREATE_TOKEN),
        );
        let new = NewToken::new("desk", "api_key", HOUR, IpAllowlist::Unrestricted).unwrap();
        let error = client.tokens().create(new).await.unwrap_err();
        let CreateTokenError::NotUnderstood(Error::Decode(decode)) = &error else {
            panic!("{odd}: {error:?}")
        };
        assert_eq!(decode.expose_body(), odd.to_string().as_bytes());
        assert_eq!(decode.excerpt(), None);
        let mut shown = format!("{error} {error:?}");
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            shown.push_str(&format!(" {cause} {cause:?}"));
            source = cause.source();
        }
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[tokio::test]
async fn token_created_with_another_list_is_an_error_that_has_the_token() {
    let (exchange, client) = start().await;
    let answers = |stored: serde_json::Value| {
        Injection::new(Fault::edit_response(move |answer| {
            answer["api_token"]["allowed_cidrs"] = stored.clone();
        }))
        .on(&CREATE_TOKEN)
    };
    let new = || NewToken::new("desk", "api_key", HOUR, list(&["203.0.113.0/24"])).unwrap();
    for stored in [json!([]), json!(["0.0.0.0/0"])] {
        exchange.inject(answers(stored));
        let error = client.tokens().create(new()).await.unwrap_err();
        // The token is live, so the call must not be repeated blindly.
        assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error:?}");
        let converted = Error::from(error);
        assert!(converted.is_outcome_unknown(), "{converted:?}");
        let CreateTokenError::AllowlistMismatch(other) = CreateTokenError::from(converted) else {
            panic!("another variant")
        };
        assert!(
            !other.token().secret().expose().is_empty(),
            "the text is not lost with it"
        );
        let id = other.into_token().lookup_id().to_owned();
        client.tokens().revoke(&id).await.unwrap();
    }
    // An answer that does not show the list leaves it open.
    exchange.inject(answers(json!(null)));
    let created = client.tokens().create(new()).await.unwrap();
    assert!(!created.allowlist_confirmed());
    let snapshot = client
        .tokens()
        .allowlist(created.lookup_id())
        .read()
        .await
        .unwrap();
    assert_eq!(snapshot.stored().known(), Some(&list(&["203.0.113.0/24"])));
}

#[tokio::test]
async fn listing_without_a_list_is_not_read_as_an_empty_one() {
    let (exchange, client) = start().await;
    for odd in [
        json!({}),
        json!({"results": null}),
        json!({"results": "x"}),
        json!({"message": "hello"}),
        json!({"results": {"0": {}}}),
    ] {
        let answer = odd.clone();
        let edit = Fault::edit_response(move |value| *value = answer.clone());
        exchange.inject(Injection::new(edit).on(&LIST_TOKENS).times(2));
        let error = client.tokens().list().send().await.unwrap_err();
        assert!(matches!(error, Error::Decode(_)), "{odd}: {error:?}");
        let error = client.tokens().allowlist("x").read().await.unwrap_err();
        assert!(
            matches!(error, AllowlistError::Other(Error::Decode(_))),
            "{odd}: {error:?}"
        );
    }
    let empty = Fault::edit_response(|value| *value = json!({"results": []}));
    exchange.inject(Injection::new(empty).on(&LIST_TOKENS));
    assert!(client.tokens().list().send().await.unwrap().is_empty());
    // A token that is not listed may be the one that cannot be read.
    let odd = Fault::edit_response(|value| *value = json!({"results": [null, 5]}));
    exchange.inject(Injection::new(odd).on(&LIST_TOKENS));
    let error = client.tokens().allowlist("x").read().await.unwrap_err();
    assert!(matches!(error, AllowlistError::Other(_)), "{error:?}");
}

#[tokio::test]
async fn revocation_is_done_only_when_it_is_confirmed() {
    let (exchange, client) = start().await;
    let created = create(&client, "leaked", IpAllowlist::Unrestricted).await;
    let id = created.lookup_id();
    let page = |status| {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "text/html; charset=utf-8".parse().unwrap());
        Fault::raw(status, headers, "<html>please log in</html>")
    };
    for (fault, unknown) in [
        (page(StatusCode::OK), true),
        (Fault::raw(StatusCode::OK, HeaderMap::new(), "<html>"), false),
        (Fault::raw(StatusCode::ACCEPTED, HeaderMap::new(), ""), false),
        (
            Fault::raw(StatusCode::OK, HeaderMap::new(), r#"{"lookup_id":"other"}"#),
            false,
        ),
        (Fault::raw(StatusCode::OK, HeaderMap::new(), "{}"), false),
    ] {
        exchange.inject(Injection::new(fault.clone()).on(&REVOKE_TOKEN));
        let error = client.tokens().revoke(id).await.unwrap_err();
        if unknown {
            assert!(
                matches!(error, RevokeError::OutcomeUnknown(_)),
                "{fault:?}: {error:?}"
            );
        } else {
            assert!(
                matches!(error, RevokeError::NotUnderstood(_)),
                "{fault:?}: {error:?}"
            );
        }
        assert!(!exchange.token(id).unwrap().revoked);
    }
    // Revoked, and the answer garbled: the list shows it.
    let garbled = Fault::edit_response(|answer| *answer = json!("?"));
    exchange.inject(Injection::new(garbled).on(&REVOKE_TOKEN));
    client.tokens().revoke(id).await.unwrap();
}

#[tokio::test]
async fn revoking_says_why_not() {
    let (exchange, client) = start().await;
    let created = create(&client, "desk", IpAllowlist::Unrestricted).await;
    let error = client.tokens().revoke("unknown").await.unwrap_err();
    assert!(matches!(error, RevokeError::NotFound(_)), "{error:?}");
    let bot = client_from(&exchange, created.secret(), "192.0.2.1");
    let error = bot.tokens().revoke(created.lookup_id()).await.unwrap_err();
    assert!(matches!(error, RevokeError::Forbidden(_)), "{error:?}");

    let read_only = NewToken::new("reader", "read_only", HOUR, IpAllowlist::Unrestricted).unwrap();
    let read_only = client.tokens().create(read_only).await.unwrap();
    let reader = client_from(&exchange, read_only.secret(), "192.0.2.1");
    let error = reader.tokens().revoke(created.lookup_id()).await.unwrap_err();
    assert!(matches!(error, RevokeError::NotMainAccount(_)), "{error:?}");
    reader.tokens().list().send().await.unwrap();

    exchange.inject(Injection::new(Fault::html(StatusCode::BAD_GATEWAY)).on(&REVOKE_TOKEN));
    let error = client.tokens().revoke(created.lookup_id()).await.unwrap_err();
    assert!(matches!(error, RevokeError::OutcomeUnknown(_)), "{error:?}");
    client.tokens().revoke(created.lookup_id()).await.unwrap();
    assert!(exchange.token(created.lookup_id()).unwrap().revoked);
    // The token itself is dead now.
    let error = Error::from(bot.api().list_positions().send().await.unwrap_err());
    assert!(matches!(error, Error::Authentication(_)), "{error:?}");
}
