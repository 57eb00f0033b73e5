//! The allowlist of one token: what is sent, what is checked, what is refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use paradex_api::operations::{LIST_TOKENS, UPDATE_TOKEN_ALLOWED_CIDRS};
use paradex_api::reqwest::StatusCode;
use paradex_api_ext::allowlist::Force;
use paradex_api_ext::error::AllowlistError;
use paradex_api_ext::net::{EditError, IpAllowlist, StoredAllowlist};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::{Client, Error};
use serde_json::{Value, json};

use super::{bodies, cidr, create, list, main_client, start};

const PUT: &str = "update_token_allowed_cidrs";

/// An exchange with one token that is restricted to the office.
async fn office() -> (Simulator, Client, String) {
    let (exchange, client) = start().await;
    let created = create(&client, "desk", list(&["203.0.113.0/24"])).await;
    let id = created.lookup_id().to_owned();
    (exchange, client, id)
}

fn stored(exchange: &Simulator, id: &str) -> Vec<String> {
    exchange.token(id).unwrap().allowed_cidrs.unwrap()
}

fn put(fault: Fault) -> Injection {
    Injection::new(fault).on(&UPDATE_TOKEN_ALLOWED_CIDRS)
}

#[tokio::test]
async fn setting_replaces_the_whole_list_and_returns_what_was_stored() {
    let (exchange, client, id) = office().await;
    let new = list(&["198.51.100.0/24", "2001:db8::/32"]);
    let answered = client.tokens().allowlist(&id).set(new.clone()).await.unwrap();
    assert_eq!(answered, new);
    assert_eq!(stored(&exchange, &id), ["198.51.100.0/24", "2001:db8::/32"]);
}

#[tokio::test]
async fn unrestricted_is_sent_as_an_empty_list() {
    let (exchange, client, id) = office().await;
    let allowlist = client.tokens().allowlist(&id);
    assert_eq!(
        allowlist.set(IpAllowlist::Unrestricted).await.unwrap(),
        IpAllowlist::Unrestricted
    );
    assert_eq!(bodies(&exchange, PUT), [r#"{"allowed_cidrs":[]}"#]);
    assert!(stored(&exchange, &id).is_empty());
}

#[tokio::test]
async fn too_many_entries_are_never_sent() {
    let (exchange, client, id) = office().await;
    let many: Vec<String> = (0..=50).map(|n| format!("198.51.{n}.0/24")).collect();
    let many = IpAllowlist::parse_entries(many).unwrap();
    let allowlist = client.tokens().allowlist(&id);
    for error in [
        allowlist.set(many.clone()).await.unwrap_err(),
        allowlist.edit(|_| Ok(many.clone())).await.unwrap_err(),
        allowlist.plan(many.clone()).await.unwrap_err(),
    ] {
        let AllowlistError::TooManyEntries(error) = error else {
            panic!("{error:?}")
        };
        assert_eq!(error.count(), 51);
    }
    assert!(bodies(&exchange, PUT).is_empty());
    assert_eq!(stored(&exchange, &id), ["203.0.113.0/24"]);
}

#[tokio::test]
async fn adding_and_removing_change_one_entry_and_keep_the_order() {
    let (exchange, client, id) = office().await;
    let allowlist = client.tokens().allowlist(&id);
    allowlist.add([cidr("198.51.100.7/32")]).await.unwrap();
    assert_eq!(stored(&exchange, &id), ["203.0.113.0/24", "198.51.100.7/32"]);
    // What is there already needs no request.
    allowlist.add([cidr("203.0.113.0/24")]).await.unwrap();
    assert_eq!(bodies(&exchange, PUT).len(), 1);
    allowlist.remove([cidr("203.0.113.0/24")]).await.unwrap();
    assert_eq!(stored(&exchange, &id), ["198.51.100.7/32"]);
}

#[tokio::test]
async fn removing_the_last_entry_and_adding_to_unrestricted_are_refused() {
    let (exchange, client, id) = office().await;
    let allowlist = client.tokens().allowlist(&id);
    let error = allowlist.remove([cidr("203.0.113.0/24")]).await.unwrap_err();
    assert!(
        matches!(error, AllowlistError::Edit(EditError::WouldBeEmpty)),
        "{error:?}"
    );
    let error = allowlist.remove([cidr("198.51.100.0/24")]).await.unwrap_err();
    assert!(
        matches!(error, AllowlistError::Edit(EditError::NotListed { .. })),
        "{error:?}"
    );

    exchange.set_token_allowlist(&id, json!([])).unwrap();
    for error in [
        allowlist.add([cidr("198.51.100.0/24")]).await.unwrap_err(),
        allowlist.remove([cidr("203.0.113.0/24")]).await.unwrap_err(),
    ] {
        assert!(matches!(error, AllowlistError::Edit(_)), "{error:?}");
    }
    assert!(bodies(&exchange, PUT).is_empty());
}

#[tokio::test]
async fn unknown_list_is_never_edited_and_never_read_as_unrestricted() {
    let (exchange, client, id) = office().await;
    let allowlist = client.tokens().allowlist(&id);
    for odd in [
        json!(null),
        json!("[]"),
        json!(["[]"]),
        json!([""]),
        json!(["010.0.0.0/8"]),
        json!({}),
        json!(0),
        json!([7]),
        json!([null]),
        json!([["203.0.113.0/24"]]),
    ] {
        exchange.set_token_allowlist(&id, odd.clone()).unwrap();
        let snapshot = allowlist.read().await.unwrap();
        assert_eq!(snapshot.stored().known(), None, "{odd}");
        assert_eq!(
            matches!(snapshot.stored(), StoredAllowlist::NotReported),
            odd.is_null(),
            "{odd}"
        );
        for error in [
            allowlist.add([cidr("198.51.100.0/24")]).await.unwrap_err(),
            allowlist.remove([cidr("198.51.100.0/24")]).await.unwrap_err(),
            allowlist.edit(|list| Ok(list.clone())).await.unwrap_err(),
            allowlist.plan(list(&["198.51.100.0/24"])).await.unwrap_err(),
        ] {
            assert!(matches!(error, AllowlistError::Unknown(_)), "{odd}: {error:?}");
        }
    }
    assert!(bodies(&exchange, PUT).is_empty());
    // Setting the whole list is the way out.
    allowlist.set(list(&["203.0.113.0/24"])).await.unwrap();
    assert_eq!(stored(&exchange, &id), ["203.0.113.0/24"]);
}

#[tokio::test]
async fn published_example_is_decoded() {
    let (exchange, client, id) = office().await;
    exchange
        .set_token_allowlist(&id, json!(["[\"203.0.113.0/24\"]"]))
        .unwrap();
    let allowlist = client.tokens().allowlist(&id);
    let snapshot = allowlist.read().await.unwrap();
    assert_eq!(snapshot.stored().known(), Some(&list(&["203.0.113.0/24"])));
    allowlist.add([cidr("198.51.100.0/24")]).await.unwrap();
    assert_eq!(stored(&exchange, &id), ["203.0.113.0/24", "198.51.100.0/24"]);
}

#[tokio::test]
async fn mismatch_error_shows_the_sent_and_the_stored_list() {
    let (exchange, client, id) = office().await;
    let allowlist = client.tokens().allowlist(&id);
    let answers = |value: Value| {
        put(Fault::edit_response(move |answer| {
            answer["allowed_cidrs"] = value.clone()
        }))
    };

    // Order and spelling are no difference.
    exchange.inject(answers(json!(["2001:0DB8::/32", "198.51.100.7"])));
    allowlist
        .set(list(&["198.51.100.7/32", "2001:db8::/32"]))
        .await
        .unwrap();

    for odd in [
        json!(["0.0.0.0/0"]),
        json!([]),
        json!(["198.51.100.0/24", "192.0.2.0/24"]),
    ] {
        exchange.inject(answers(odd));
        let error = allowlist.set(list(&["198.51.100.0/24"])).await.unwrap_err();
        let AllowlistError::AllowlistMismatch(error) = error else {
            panic!("{error:?}")
        };
        assert_eq!(error.sent(), &list(&["198.51.100.0/24"]));
        assert_ne!(error.stored().known(), Some(error.sent()));
        let text = error.to_string();
        assert!(text.contains("sent 198.51.100.0/24, and "), "{text}");
    }
    // An answer that does not show the list, or is about another token, is looked up.
    let other = put(Fault::edit_response(|answer| {
        answer["lookup_id"] = json!("other")
    }));
    for odd in [answers(json!(null)), answers(json!("?")), other] {
        exchange.inject(odd);
        allowlist.set(list(&["198.51.100.0/24"])).await.unwrap();
    }
    // And if that fails, the change is not said to be undone.
    exchange.inject(answers(json!(null)));
    exchange.inject(Injection::new(Fault::html(StatusCode::BAD_GATEWAY)).on(&LIST_TOKENS));
    let error = allowlist.set(list(&["192.0.2.0/24"])).await.unwrap_err();
    assert!(matches!(error, AllowlistError::OutcomeUnknown(_)), "{error:?}");
    assert_eq!(stored(&exchange, &id), ["192.0.2.0/24"]);
    // An exchange that leaves out empty lists stored no other list, as far as anybody can see.
    exchange.inject(answers(json!(null)));
    let silent = Fault::edit_response(|answer| answer["results"][0]["allowed_cidrs"] = json!(null));
    exchange.inject(Injection::new(silent).on(&LIST_TOKENS));
    let error = allowlist.set(IpAllowlist::Unrestricted).await.unwrap_err();
    let AllowlistError::OutcomeUnknown(error) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.found(), Some(&StoredAllowlist::NotReported));
}

#[tokio::test]
async fn lost_response_is_resolved_by_reading_and_the_change_is_sent_once() {
    let (exchange, client, id) = office().await;
    let allowlist = client.tokens().allowlist(&id);
    let new = list(&["198.51.100.0/24"]);
    let mut sent = 0;
    for fault in [
        Fault::reset_after(),
        Fault::truncated(),
        Fault::edit_response(|answer| *answer = json!("what is this")),
    ] {
        exchange
            .set_token_allowlist(&id, json!(["203.0.113.0/24"]))
            .unwrap();
        exchange.inject(put(fault.clone()));
        assert_eq!(allowlist.set(new.clone()).await.unwrap(), new, "{fault:?}");
        sent += 1;
        assert_eq!(bodies(&exchange, PUT).len(), sent, "{fault:?}");
    }
    // It did not arrive, or arrives later: then nobody knows, and the error says what stands.
    for fault in [Fault::reset_before(), Fault::html(StatusCode::BAD_GATEWAY)] {
        exchange
            .set_token_allowlist(&id, json!(["203.0.113.0/24"]))
            .unwrap();
        exchange.inject(put(fault.clone()));
        let error = allowlist.set(new.clone()).await.unwrap_err();
        let AllowlistError::OutcomeUnknown(error) = error else {
            panic!("{fault:?}: {error:?}")
        };
        assert_eq!(error.sent(), &new);
        assert_eq!(
            error.found().and_then(StoredAllowlist::known),
            Some(&list(&["203.0.113.0/24"]))
        );
        sent += 1;
        assert_eq!(bodies(&exchange, PUT).len(), sent, "{fault:?}");
    }
    // Nor could it be read again.
    exchange.inject(put(Fault::reset_before()));
    exchange.inject(Injection::new(Fault::reset_before()).on(&LIST_TOKENS));
    let error = allowlist.set(new).await.unwrap_err();
    let AllowlistError::OutcomeUnknown(error) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.found(), None);
}

#[tokio::test]
async fn concurrent_change_is_not_overwritten() {
    let (exchange, client, id) = office().await;
    let allowlist = client.tokens().allowlist(&id);
    let token = id.clone();
    // Between the first reading and the second one.
    exchange.inject(
        Injection::new(Fault::run_before(move |exchange| {
            exchange
                .set_token_allowlist(&token, json!(["192.0.2.0/24"]))
                .unwrap();
        }))
        .on(&LIST_TOKENS)
        .skip(1),
    );
    let error = allowlist.add([cidr("198.51.100.0/24")]).await.unwrap_err();
    let AllowlistError::ConcurrentChange(changed) = error else {
        panic!("{error:?}")
    };
    assert_eq!(changed.before().known(), Some(&list(&["203.0.113.0/24"])));
    assert_eq!(changed.now().known(), Some(&list(&["192.0.2.0/24"])));
    assert_eq!(stored(&exchange, &id), ["192.0.2.0/24"]);
}

#[tokio::test]
async fn stale_plan_is_refused_unless_forced() {
    let (exchange, client, id) = office().await;
    let allowlist = client.tokens().allowlist(&id);
    let plan = allowlist.plan(list(&["198.51.100.0/24"])).await.unwrap();
    assert!(bodies(&exchange, PUT).is_empty(), "a plan sends nothing");

    // The same networks, but somebody was there: the time of change moved.
    exchange
        .set_token_allowlist(&id, json!(["203.0.113.0/24"]))
        .unwrap();
    let error = allowlist.apply(&plan).await.unwrap_err();
    assert!(matches!(error, AllowlistError::ConcurrentChange(_)), "{error:?}");
    // A lock-out may be forced, and that forces nothing else.
    let error = allowlist
        .apply_with(&plan, Force::none().despite_lock_out())
        .await
        .unwrap_err();
    assert!(matches!(error, AllowlistError::ConcurrentChange(_)), "{error:?}");
    assert!(bodies(&exchange, PUT).is_empty());

    allowlist
        .apply_with(&plan, Force::none().despite_change())
        .await
        .unwrap();
    assert_eq!(stored(&exchange, &id), ["198.51.100.0/24"]);
}

#[tokio::test]
async fn address_to_keep_is_not_locked_out() {
    let (exchange, client, id) = office().await;
    let allowlist = client.tokens().allowlist(&id);
    let keep = ["203.0.113.7", "::ffff:198.51.100.1", "2001:db8::1"].map(|ip| ip.parse().unwrap());
    let plan = allowlist
        .plan(list(&["198.51.100.0/24"]))
        .keep(keep)
        .await
        .unwrap();
    assert_eq!(plan.locked_out(), [keep[0], keep[2]]);
    let shown = plan.to_string();
    for said in [
        "203.0.113.0/24 -> 198.51.100.0/24",
        "- 203.0.113.0/24",
        "+ 198.51.100.0/24",
        "203.0.113.7: LOCKED OUT",
        "::ffff:198.51.100.1: keeps access",
        "warning: 198.51.100.0/24",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    for force in [Force::none(), Force::none().despite_change()] {
        let error = allowlist.apply_with(&plan, force).await.unwrap_err();
        let AllowlistError::WouldLockOut(error) = error else {
            panic!("{error:?}")
        };
        assert_eq!(error.addresses(), [keep[0], keep[2]]);
    }
    assert!(bodies(&exchange, PUT).is_empty());

    allowlist
        .apply_with(&plan, Force::none().despite_lock_out())
        .await
        .unwrap();
    assert_eq!(stored(&exchange, &id), ["198.51.100.0/24"]);
    // Everybody stays inside a list without restriction.
    let plan = allowlist
        .plan(IpAllowlist::Unrestricted)
        .keep(keep)
        .await
        .unwrap();
    assert!(plan.locked_out().is_empty());
    assert!(plan.to_string().contains("unrestricted"), "{plan}");
}

#[tokio::test]
async fn plan_is_refused_for_another_list() {
    let (exchange, client, id) = office().await;
    let other = create(&client, "other", list(&["203.0.113.0/24"])).await;
    let plan = client
        .tokens()
        .plan_allowlist(&id, list(&["192.0.2.0/24"]))
        .await
        .unwrap();
    let error = client
        .tokens()
        .allowlist(other.lookup_id())
        .apply(&plan)
        .await
        .unwrap_err();
    assert!(
        matches!(error, AllowlistError::Other(Error::InvalidInput(_))),
        "{error:?}"
    );
    assert!(bodies(&exchange, PUT).is_empty());
}

#[tokio::test]
async fn edit_closure_is_called_once_with_the_stored_list() {
    let (exchange, client, id) = office().await;
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&calls);
    let allowlist = client.tokens().allowlist(&id);
    let answered = allowlist
        .edit(move |standing| {
            counter.fetch_add(1, Ordering::SeqCst);
            assert_eq!(standing, &list(&["203.0.113.0/24"]));
            Ok(standing.with_added([cidr("192.0.2.0/24")])?)
        })
        .await
        .unwrap();
    assert_eq!(answered, list(&["203.0.113.0/24", "192.0.2.0/24"]));
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    assert_eq!(stored(&exchange, &id).len(), 2);
}

#[tokio::test]
async fn missing_permission_missing_token_and_ended_session_are_different_errors() {
    let (exchange, client, id) = office().await;
    let new = || list(&["198.51.100.0/24"]);

    let error = client.tokens().allowlist("unknown").set(new()).await.unwrap_err();
    assert!(matches!(error, AllowlistError::NotFound(_)), "{error:?}");
    let error = client.tokens().allowlist("unknown").read().await.unwrap_err();
    assert!(matches!(error, AllowlistError::NotFound(_)), "{error:?}");
    for hostile in ["", ".", ".."] {
        let error = client.tokens().allowlist(hostile).set(new()).await.unwrap_err();
        assert!(
            matches!(error, AllowlistError::Other(Error::InvalidInput(_))),
            "{error:?}"
        );
    }

    let no_session = super::builder(&exchange, "opaque".into()).build().unwrap();
    let error = no_session.tokens().allowlist(&id).set(new()).await.unwrap_err();
    // The exchange responds with a message and no code, which something in between could say as well after the change.
    assert!(matches!(error, AllowlistError::OutcomeUnknown(_)), "{error:?}");
    let error = no_session.tokens().allowlist(&id).read().await.unwrap_err();
    assert!(matches!(error, AllowlistError::Unauthenticated(_)), "{error:?}");

    let api_token = create(&client, "bot", IpAllowlist::Unrestricted).await;
    let bot = super::client_from(&exchange, api_token.secret(), "192.0.2.1");
    let error = bot.tokens().allowlist(&id).set(new()).await.unwrap_err();
    let AllowlistError::Forbidden(source) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(source.status(), Some(StatusCode::FORBIDDEN));
    assert!(source.code().is_some(), "code and message are kept");
    assert!(error.to_string().contains("IP restrictions"), "{error}");

    let restricted = create(&client, "bot", list(&["203.0.113.0/24"])).await;
    let outside = super::client_from(&exchange, restricted.secret(), "192.0.2.1");
    let error = outside.tokens().allowlist(&id).set(new()).await.unwrap_err();
    assert!(matches!(error, AllowlistError::AddressNotAllowed(_)), "{error:?}");

    let without = Simulator::builder()
        .strict()
        .ip_restrictions(false)
        .start()
        .await
        .unwrap();
    let client = main_client(&without);
    let created = create(&client, "desk", IpAllowlist::Unrestricted).await;
    let error = client
        .tokens()
        .allowlist(created.lookup_id())
        .set(new())
        .await
        .unwrap_err();
    assert!(matches!(error, AllowlistError::Forbidden(_)), "{error:?}");
}

#[tokio::test]
async fn refused_entry_is_reported() {
    let (exchange, client, id) = office().await;
    let body = r#"{"error":"VALIDATION_ERROR","message":"entry 1: IPv6 is not supported","data":null}"#;
    exchange.inject(put(Fault::raw(StatusCode::BAD_REQUEST, Default::default(), body)));
    let error = client
        .tokens()
        .allowlist(&id)
        .set(list(&["2001:db8::/32"]))
        .await
        .unwrap_err();
    let AllowlistError::InvalidEntry(source) = &error else {
        panic!("{error:?}")
    };
    assert!(source.to_string().contains("IPv6 is not supported"), "{source}");
}

#[tokio::test]
async fn gateway_page_is_not_a_refusal_of_the_exchange() {
    let (exchange, client, id) = office().await;
    // Whoever answered may have passed the change on before, so what stands is read.
    for status in [400, 403, 404, 408, 410, 413] {
        exchange.inject(put(Fault::html(StatusCode::from_u16(status).unwrap())));
        let error = client
            .tokens()
            .allowlist(&id)
            .set(list(&["192.0.2.0/24"]))
            .await
            .unwrap_err();
        assert!(
            matches!(error, AllowlistError::OutcomeUnknown(_)),
            "{status}: {error:?}"
        );
    }
}
