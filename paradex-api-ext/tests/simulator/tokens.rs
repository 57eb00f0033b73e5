//! API tokens and IP allowlists.

use super::*;

#[tokio::test]
async fn tokens_are_created_listed_and_revoked() {
    let simulator = Simulator::builder()
        .strict()
        .token_limit(3)
        .start()
        .await
        .unwrap();
    let client = main_client(&simulator);
    let created = token(&client, "trading", &["2001:DB8::/32"]).await.unwrap();
    let shown = created.api_token.clone().unwrap();
    assert_eq!(shown.allowed_cidrs, Some(cidrs(&["2001:db8::/32"])));
    assert_eq!(shown.kind, Some(TokenKind::ApiKey));
    assert_eq!(shown.revoked_at, Some(0));
    assert_eq!(
        shown.expiry_at.unwrap() - shown.created_at.unwrap(),
        3_600_000_000_000
    );
    let other = token(&client, "jwt", &[]).await.unwrap();
    let short = CreateTokenRequest::new(60, "short", "trading");
    client.create_token().body(short).send().await.unwrap();
    assert_eq!(
        refused(token(&client, "trading", &[]).await),
        (400, "TOKEN_LIMIT_REACHED".to_owned())
    );

    let listed = async |kind: Option<TokenKind>, with_invalid: Option<bool>| {
        let mut call = client.list_tokens();
        if let Some(kind) = kind {
            call = call.kind(kind);
        }
        if let Some(with_invalid) = with_invalid {
            call = call.with_invalid(with_invalid);
        }
        let response = call.send().await.unwrap();
        assert!(!String::from_utf8_lossy(response.body()).contains("simulated-token"));
        response.results.len()
    };
    assert_eq!(listed(None, None).await, 3);
    assert_eq!(listed(Some(TokenKind::Jwt), None).await, 1);
    assert_eq!(listed(Some(TokenKind::ApiKey), None).await, 2);

    simulator.advance(Duration::from_secs(61));
    let revoked = client.revoke_token().lookup_id(id(&other)).send().await.unwrap();
    assert_eq!(revoked.lookup_id, Some(id(&other)));
    assert_eq!(listed(None, None).await, 1);
    assert_eq!(listed(None, Some(true)).await, 3);
    let snapshot = simulator.token(&id(&other)).unwrap();
    assert!(snapshot.revoked && !snapshot.expired);
    assert_eq!(
        refused(
            self::client(&simulator, &text(&other))
                .list_positions()
                .send()
                .await
        )
        .0,
        401
    );
    client.revoke_token().lookup_id(id(&other)).send().await.unwrap();
    assert_eq!(simulator.token(&id(&other)).unwrap(), snapshot);
    // Dead tokens do not count.
    token(&client, "trading", &[]).await.unwrap();

    let unknown = client.revoke_token().lookup_id("nothing").send().await;
    assert_eq!(refused(unknown), (404, "NOT_FOUND".to_owned()));
    let stranger = self::client(
        &simulator,
        &simulator.account_session(&simulator.add_account()).unwrap(),
    );
    assert_eq!(
        refused(stranger.revoke_token().lookup_id(id(&created)).send().await).0,
        404
    );
    assert!(stranger.list_tokens().send().await.unwrap().results.is_empty());
    assert_eq!(refused(put(&client, &id(&other), &[]).await).0, 404);
}

#[tokio::test]
async fn wrong_token_request_is_refused() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&simulator);
    for request in [
        CreateTokenRequest::new(59, "name", "trading"),
        CreateTokenRequest::new(31_536_001, "name", "trading"),
        CreateTokenRequest::new(60, " ", "trading"),
        CreateTokenRequest::new(60, "name", "trading").allowed_cidrs(cidrs(&["10.0.0.0/8"; 51])),
        CreateTokenRequest::new(60, "name", "trading").allowed_cidrs(cidrs(&["10.0.0.0/33"])),
    ] {
        let shown = format!("{request:?}");
        let result = client.create_token().body(request).send().await;
        assert_eq!(refused(result), (400, "VALIDATION_ERROR".to_owned()), "{shown}");
    }
    for lifetime in [60, 31_536_000] {
        let request = CreateTokenRequest::new(lifetime, "name", "trading");
        client.create_token().body(request).send().await.unwrap();
    }
}

#[tokio::test]
async fn allowlist_is_replaced_and_enforced() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&simulator);
    let created = token(&client, "trading", &["192.0.2.0/24"]).await.unwrap();
    let (lookup_id, secret) = (id(&created), text(&created));
    let inside = from(&simulator, "192.0.2.7", &secret);
    let mapped = from(&simulator, "::ffff:192.0.2.7", &secret);
    let outside = from(&simulator, "198.51.100.7", &secret);
    let here = self::client(&simulator, &secret);
    // In force from the first second, for the peer's own address too.
    inside.list_positions().send().await.unwrap();
    mapped.list_positions().send().await.unwrap();
    for refused_one in [&outside, &here] {
        let (status, code, message) = refusal(refused_one.list_positions().send().await);
        assert_eq!((status, code.as_str()), (403, "IP_NOT_ALLOWED"));
        assert!(message.contains("not on the allowlist"));
    }
    let before = created.api_token.clone().unwrap().last_updated_at.unwrap();
    let updated = put(&client, &lookup_id, &["127.0.0.1/32", "2001:DB8::/32"])
        .await
        .unwrap();
    assert_eq!(
        updated.allowed_cidrs,
        Some(cidrs(&["127.0.0.1/32", "2001:db8::/32"]))
    );
    assert!(updated.last_updated_at.unwrap() > before);
    here.list_positions().send().await.unwrap();
    assert_eq!(refused(inside.list_positions().send().await).0, 403);

    let (status, code, message) = refusal(put(&client, &lookup_id, &["10.0.0.0/8", "nonsense"]).await);
    assert_eq!((status, code.as_str()), (400, "VALIDATION_ERROR"));
    assert!(message.contains("nonsense"), "{message}");
    assert_eq!(
        refused(put(&client, &lookup_id, &["10.0.0.0/8"; 51]).await).0,
        400
    );
    assert_eq!(
        put(&client, &lookup_id, &["10.0.0.0/8"; 50])
            .await
            .unwrap()
            .allowed_cidrs
            .unwrap()
            .len(),
        50
    );

    // Empty means anywhere.
    assert_eq!(
        put(&client, &lookup_id, &[]).await.unwrap().allowed_cidrs,
        Some(vec![])
    );
    outside.list_positions().send().await.unwrap();
    assert_eq!(
        refused(put(&client, "unknown", &[]).await),
        (404, "NOT_FOUND".to_owned())
    );

    let http = reqwest::Client::new().get(format!("{}/v1/positions", simulator.url()));
    let response = http.header(ADDRESS_HEADER, "nowhere").send().await.unwrap();
    assert_eq!(response.status(), 400);
}

#[tokio::test]
async fn allowlist_can_be_replaced_with_any_json() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&simulator);
    let created = token(&client, "trading", &[]).await.unwrap();
    let lookup_id = id(&created);
    let here = self::client(&simulator, &text(&created));
    let mut last = simulator.token(&lookup_id).unwrap().last_updated_at;
    for (list, kept, open) in [
        (json!(["127.0.0.0/8"]), Some(cidrs(&["127.0.0.0/8"])), true),
        (json!(["everybody"]), Some(cidrs(&["everybody"])), false),
        (json!({"any": 1}), None, false),
        (Value::from(None::<Vec<String>>), None, true),
    ] {
        simulator.set_token_allowlist(&lookup_id, list.clone()).unwrap();
        let snapshot = simulator.token(&lookup_id).unwrap();
        assert_eq!(snapshot.allowed_cidrs, kept);
        assert!(snapshot.last_updated_at > last);
        last = snapshot.last_updated_at;
        let response = client.list_tokens().send().await.unwrap();
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(body["results"][0]["allowed_cidrs"], list);
        assert_eq!(here.list_positions().send().await.is_ok(), open, "{list}");
    }
    simulator
        .set_token_allowlist(&lookup_id, vec!["10.0.0.0/8"])
        .unwrap();
    assert!(simulator.set_token_allowlist("unknown", json!([])).is_err());
    assert!(simulator.set_subkey_allowlist("0x1", json!([])).is_err());
    assert_eq!(
        (simulator.token("unknown"), simulator.subkey("0x1")),
        (None, None)
    );
}

#[tokio::test]
async fn changes_are_later_in_every_unit() {
    for (unit, second) in [
        (TimeUnit::Seconds, 1),
        (TimeUnit::Milliseconds, 1_000),
        (TimeUnit::Nanoseconds, 1_000_000_000),
    ] {
        let simulator = Simulator::builder()
            .strict()
            .time_unit(unit)
            .start()
            .await
            .unwrap();
        let client = main_client(&simulator);
        let created = token(&client, "trading", &[]).await.unwrap();
        let shown = created.api_token.clone().unwrap();
        let lifetime = shown.expiry_at.unwrap() - shown.created_at.unwrap();
        assert_eq!(lifetime, 3_600 * second);
        let mut last = shown.last_updated_at.unwrap();
        for _ in 0..3 {
            let updated = put(&client, &id(&created), &[]).await.unwrap();
            assert!(updated.last_updated_at.unwrap() > last);
            last = updated.last_updated_at.unwrap();
        }
    }
}

#[tokio::test]
async fn tokens_and_subkeys_are_changed_by_the_main_account_only() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let main = main_client(&simulator);
    register(&main, CreateSubkeyRequest::new("one", KEY))
        .await
        .unwrap();
    let created = token(&main, "trading", &[]).await.unwrap();
    let subkey = client(&simulator, &simulator.subkey_session(KEY).unwrap());
    let api = client(&simulator, &text(&created));
    for caller in [&subkey, &api] {
        caller.list_tokens().send().await.unwrap();
        caller.list_subkeys().send().await.unwrap();
        caller.cancel_all_orders().send().await.unwrap();
        let list = || UpdateAllowedCidrsRequest::new(vec![]);
        let key = CreateSubkeyRequest::new("n", "0x9");
        for result in [
            refused(token(caller, "trading", &[]).await),
            refused(put(caller, &id(&created), &[]).await),
            refused(caller.revoke_token().lookup_id(id(&created)).send().await),
            refused(register(caller, key).await),
            refused(
                caller
                    .update_subkey()
                    .public_key(KEY)
                    .body(UpdateSubkeyRequest::new("n"))
                    .send()
                    .await,
            ),
            refused(
                caller
                    .update_subkey_allowed_cidrs()
                    .public_key(KEY)
                    .body(list())
                    .send()
                    .await,
            ),
            refused(caller.revoke_subkey().public_key(KEY).send().await),
        ] {
            assert_eq!(result, (403, "REQUEST_NOT_ALLOWED".to_owned()));
        }
    }
    let reader = client(&simulator, &text(&token(&main, "read_only", &[]).await.unwrap()));
    reader.list_positions().send().await.unwrap();
    let result = reader.cancel_all_orders().send().await;
    assert_eq!(refused(result), (403, "INVALID_TOKEN_SCOPE".to_owned()));
}

#[tokio::test]
async fn account_without_ip_restrictions_has_no_allowlists() {
    let simulator = Simulator::builder()
        .strict()
        .ip_restrictions(false)
        .start()
        .await
        .unwrap();
    let client = main_client(&simulator);
    let created = token(&client, "trading", &[]).await.unwrap();
    let (status, code, message) = refusal(put(&client, &id(&created), &["10.0.0.0/8"]).await);
    assert_eq!((status, code.as_str()), (403, "REQUEST_NOT_ALLOWED"));
    assert!(message.contains("not switched on"));
    let refused_one = token(&client, "trading", &["10.0.0.0/8"]).await;
    assert_eq!(refused(refused_one), (403, "REQUEST_NOT_ALLOWED".to_owned()));
}
