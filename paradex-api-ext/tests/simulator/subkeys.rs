//! Subkeys: registered, activated and revoked.

use super::*;

#[tokio::test]
async fn signature_of_a_registration_is_verified() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let (account, main, client) = (
        simulator.main_account(),
        simulator.main_key(),
        main_client(&simulator),
    );
    let request = |key: &StarknetPrivateKey, account: &str, subkey: PublicKey, begin: u64, end: u64| {
        let registration = SubkeyRegistration {
            account: account.parse().unwrap(),
            subkey,
            timestamp: begin,
            expiry: end,
        };
        let signature = key.sign(&registration.hash().unwrap()).unwrap().to_hex_pair();
        CreateSubkeyRequest::new("bot", subkey.to_string())
            .signature(signature.into())
            .signature_timestamp(begin as i64)
            .signature_expiry(end as i64)
    };
    let (subkey, now) = (key("0x5b1").public_key(), seconds());
    let good = || request(&main, &account, subkey, now, now + 600);
    let failed = code(401, "STARKNET_SIGNATURE_VERIFICATION_FAILED");
    let stranger = request(&key("0x1"), &account, subkey, now, now + 600);
    assert_eq!(refused(register(&client, stranger).await), failed);
    let other = request(&main, &simulator.add_account(), subkey, now, now + 600);
    assert_eq!(refused(register(&client, other).await), failed);
    let mut swapped = good();
    swapped.public_key = key("0x5b2").public_key().to_string();
    assert_eq!(refused(register(&client, swapped).await), failed);
    for (begin, end) in [(now - 60, now - 1), (now + 3_600, now + 3_700)] {
        let wrong = request(&main, &account, subkey, begin, end);
        assert_eq!(
            refused(register(&client, wrong).await),
            code(400, "INVALID_TIMESTAMP")
        );
    }
    let long = good().signature_expiry(now as i64 + 601);
    assert_eq!(
        refused(register(&client, long).await),
        code(400, "INVALID_TIMESTAMP")
    );
    let half = CreateSubkeyRequest::new("bot", subkey.to_string()).signature_timestamp(now as i64);
    assert_eq!(
        refused(register(&client, half).await),
        code(400, "INVALID_STARKNET_SIGNATURE")
    );
    assert_eq!(simulator.subkey(&subkey.to_string()), None);
    register(&client, good()).await.unwrap();

    let strict = Simulator::builder()
        .strict()
        .require_subkey_signature()
        .start()
        .await
        .unwrap();
    let client = main_client(&strict);
    let unsigned = CreateSubkeyRequest::new("bot", subkey.to_string());
    assert_eq!(refused(register(&client, unsigned).await), failed);
    register(&client, good()).await.unwrap();
}

#[tokio::test]
async fn subkeys_are_registered_activated_and_revoked() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&simulator);
    let account = simulator.main_account();
    let request = CreateSubkeyRequest::new("first", KEY).allowed_cidrs(cidrs(&["192.0.2.0/24"]));
    let response = client.register_subkey().body(request).send().await.unwrap();
    assert_eq!(
        (response.status(), response.body().len()),
        (StatusCode::CREATED, 0)
    );
    let again = register(&client, CreateSubkeyRequest::new("again", "0x123ABC")).await;
    assert_eq!(refused(again), (400, "NOT_UNIQUE".to_owned()));
    let no_key = register(&client, CreateSubkeyRequest::new("none", "123")).await;
    assert_eq!(refused(no_key), (400, "VALIDATION_ERROR".to_owned()));

    let session = simulator.subkey_session("0x123abc").unwrap();
    from(&simulator, "192.0.2.7", &session)
        .list_positions()
        .send()
        .await
        .unwrap();
    let outside = self::client(&simulator, &session);
    assert_eq!(
        refused(outside.list_positions().send().await),
        (403, "IP_NOT_ALLOWED".to_owned())
    );
    let list = UpdateAllowedCidrsRequest::new(vec![]);
    let updated = client
        .update_subkey_allowed_cidrs()
        .public_key(KEY)
        .body(list)
        .send()
        .await
        .unwrap();
    assert_eq!(updated.allowed_cidrs, Some(vec![]));
    outside.list_positions().send().await.unwrap();
    simulator.set_subkey_allowlist(KEY, json!("?")).unwrap();
    assert_eq!(simulator.subkey(KEY).unwrap().allowed_cidrs, None);
    assert_eq!(refused(outside.list_positions().send().await).0, 403);
    simulator.set_subkey_allowlist(KEY, Value::Null).unwrap();

    let rename = UpdateSubkeyRequest::new("renamed");
    let renamed = client
        .update_subkey()
        .public_key(KEY)
        .body(rename)
        .send()
        .await
        .unwrap();
    assert_eq!(renamed.name.as_deref(), Some("renamed"));
    assert!(renamed.updated_at.unwrap() > updated.updated_at.unwrap());
    let got = client.get_subkey().public_key(KEY).send().await.unwrap();
    assert_eq!(
        (got.public_key.as_deref(), got.account_id.as_deref()),
        (Some(KEY), Some(account.as_str()))
    );
    assert_eq!(refused(client.get_subkey().public_key("0x9").send().await).0, 404);

    // A pending one opens nothing until it is activated.
    let half = CreateSubkeyRequest::new("second", "0xb").state(SubkeyState::Pending);
    assert_eq!(refused(register(&client, half.clone()).await).0, 400);
    let ephemeral = key("0xe0");
    let pending = half
        .encrypted_key("simulated-key".into())
        .eph_public_key(ephemeral.public_key().to_string());
    register(&client, pending).await.unwrap();
    let waiting = self::client(&simulator, &simulator.subkey_session("0xb").unwrap());
    assert_eq!(refused(waiting.list_positions().send().await).0, 401);
    assert_eq!(simulator.subkey("0xb").unwrap().status, SubkeyStatus::Pending);
    let anonymous = Client::new(simulator.base_url()).unwrap();
    let activate = async |account: &str, signature: &[String], at: u64| {
        let signature = signature.iter().map(|part| Secret::new(part.as_str())).collect();
        let request = ActivateSubkeyRequest::new(account, "0xb", signature, at as i64).name("awake");
        anonymous.activate_subkey().body(request).send().await
    };
    let now = seconds();
    let good = activation(&ephemeral, now);
    for malformed in [&good[..1], &["1".to_owned(), "two".to_owned()]] {
        let (status, code) = refused(activate(&account, malformed, now).await);
        assert_eq!((status, code.as_str()), (400, "INVALID_STARKNET_SIGNATURE"));
    }
    assert_eq!(refused(activate("0x1", &good, now).await).0, 404);
    // Another key, another time, and the right key at a time long ago.
    let other = activation(&simulator.main_key(), now);
    for (signature, at) in [(&other, now), (&good, now + 1)] {
        let (status, code) = refused(activate(&account, signature, at).await);
        assert_eq!(
            (status, code.as_str()),
            (401, "STARKNET_SIGNATURE_VERIFICATION_FAILED")
        );
    }
    let old = activate(&account, &activation(&ephemeral, now - 3_600), now - 3_600).await;
    assert_eq!(refused(old), (400, "INVALID_TIMESTAMP".to_owned()));
    let activated = activate(&account, &good, now).await.unwrap().into_inner();
    assert_eq!(activated.encrypted_key.unwrap().expose(), "simulated-key");
    assert_eq!(
        refused(activate(&account, &good, now).await),
        (400, "SUBKEY_NOT_ACTIVATABLE".to_owned())
    );
    waiting.list_positions().send().await.unwrap();
    assert_eq!(simulator.subkey("0xb").unwrap().name, "awake");

    client.revoke_subkey().public_key(KEY).send().await.unwrap();
    client.revoke_subkey().public_key(KEY).send().await.unwrap();
    assert_eq!(refused(outside.list_positions().send().await).0, 401);
    assert_eq!(client.list_subkeys().send().await.unwrap().results.len(), 1);
    assert_eq!(
        client
            .list_subkeys()
            .with_revoked(true)
            .send()
            .await
            .unwrap()
            .results
            .len(),
        2
    );
    let late = client
        .update_subkey()
        .public_key(KEY)
        .body(UpdateSubkeyRequest::new("late"))
        .send()
        .await;
    assert_eq!(refused(late).0, 404);
}
