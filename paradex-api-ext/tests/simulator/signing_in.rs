//! Signing in, sessions and onboarding.

use super::*;

#[tokio::test]
async fn key_signs_in() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let account = simulator.main_account();
    let main = simulator.main_key();
    assert_eq!(address_of(&main), account);
    let session = SignIn::new(&simulator, &main, &account).send().await.unwrap();
    let snapshot = simulator.session(session.expose()).unwrap();
    assert_eq!((&snapshot.account, &snapshot.subkey), (&account, &None));
    assert!(!snapshot.interactive && !snapshot.isolated_markets && !snapshot.expired);
    client(&simulator, &session).list_tokens().send().await.unwrap();
    // An address has many spellings, and what the path may name is also the account's own key.
    let padded = format!("0x{:0>64}", account.trim_start_matches("0x"));
    let public_key = main.public_key().to_string();
    let interactive = SignIn {
        account: padded,
        named: Some(&public_key),
        ..SignIn::new(&simulator, &main, &account)
    };
    let session = interactive.send().await.unwrap();
    let snapshot = simulator.session(session.expose()).unwrap();
    assert_eq!((&snapshot.account, &snapshot.subkey), (&account, &None));
    assert!(snapshot.interactive && snapshot.isolated_markets);
    let claims = session.expose().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert_eq!(
        (&claims["usage"], &claims["isolated"]),
        (&json!("interactive"), &json!(true))
    );
    // Without an expiration, half an hour is what is signed.
    let now = seconds();
    let signature = sign_in_signature(&main, &prefix(&account), now, now + 1_800);
    let open = SignIn {
        signature,
        begin: now,
        end: None,
        ..SignIn::new(&simulator, &main, &account)
    };
    open.send().await.unwrap();

    let other = simulator.add_account();
    let other_key = simulator.account_key(&other).unwrap();
    assert_eq!(address_of(&other_key), other);
    SignIn::new(&simulator, &other_key, &other).send().await.unwrap();
    assert_eq!(
        simulator.account_key(&account).unwrap().public_key(),
        main.public_key()
    );
    assert!(simulator.account_key("0x1").is_err());
}

#[tokio::test]
async fn wrong_sign_in_is_refused() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let (account, main) = (simulator.main_account(), simulator.main_key());
    let other = simulator.add_account();
    let good = || SignIn::new(&simulator, &main, &account);
    let failed = code(401, "STARKNET_SIGNATURE_VERIFICATION_FAILED");
    // By another key, for another account, for another chain, of other times.
    let stranger = simulator.account_key(&other).unwrap();
    assert_eq!(
        SignIn::new(&simulator, &stranger, &account).refused().await,
        failed
    );
    assert_eq!(SignIn::new(&simulator, &main, &other).refused().await, failed);
    let chain = MessagePrefix::new("ANOTHER_CHAIN", account.parse().unwrap()).unwrap();
    let now = seconds();
    let signature = sign_in_signature(&main, &chain, now, now + 60);
    let foreign = SignIn {
        signature,
        begin: now,
        end: Some(now + 60),
        ..good()
    };
    assert_eq!(foreign.refused().await, failed);
    let mut moved = good();
    moved.end = Some(moved.begin + 61);
    assert_eq!(moved.refused().await, failed);
    // Malformed.
    for text in [
        "",
        "[\"1\"]",
        "[\"1\", \"2\"]",
        "[\"0x1\",\"0x2\"]",
        "[\"0\",\"1\"]",
    ] {
        let malformed = SignIn {
            signature: Secret::new(text),
            ..good()
        };
        assert_eq!(
            malformed.refused().await,
            code(400, "INVALID_STARKNET_SIGNATURE"),
            "{text}"
        );
    }
    let nowhere = SignIn {
        account: "nowhere".to_owned(),
        ..good()
    };
    assert_eq!(nowhere.refused().await, code(400, "INVALID_STARKNET_ADDRESS"));
    let unknown = SignIn {
        account: "0x1234".to_owned(),
        ..good()
    };
    assert_eq!(unknown.refused().await, code(404, "NOT_ONBOARDED"));
    let no_key = SignIn {
        named: Some("0xg"),
        ..good()
    };
    assert_eq!(no_key.refused().await, code(400, "PUBLIC_KEY_INVALID"));
    // At the wrong time.
    let week = 7 * 24 * 3_600;
    for (begin, end) in [
        (now - 3_600, now + 60),
        (now + 3_600, now + 7_200),
        (now, now),
        (now, now - 1),
        (now, now + week + 1),
    ] {
        let wrong = SignIn {
            signature: sign_in_signature(&main, &prefix(&account), begin, end),
            begin,
            end: Some(end),
            ..good()
        };
        assert_eq!(
            wrong.refused().await,
            code(400, "INVALID_TIMESTAMP"),
            "{begin} {end}"
        );
    }
    let longest = SignIn {
        signature: sign_in_signature(&main, &prefix(&account), now, now + week),
        begin: now,
        end: Some(now + week),
        ..good()
    };
    longest.send().await.unwrap();
    // A signature that was good is good no longer.
    let short = SignIn {
        signature: sign_in_signature(&main, &prefix(&account), now, now + 50),
        begin: now,
        end: Some(now + 50),
        ..good()
    };
    short.send().await.unwrap();
    simulator.advance(Duration::from_secs(51));
    assert_eq!(short.refused().await, code(400, "INVALID_TIMESTAMP"));
}

#[tokio::test]
async fn simulator_clock_can_be_behind() {
    let simulator = Simulator::builder()
        .strict()
        .clock_tolerance(Duration::from_secs(10))
        .start()
        .await
        .unwrap();
    let (account, main) = (simulator.main_account(), simulator.main_key());
    simulator.rewind(Duration::from_secs(20));
    let ahead = SignIn::new(&simulator, &main, &account);
    assert_eq!(ahead.refused().await, code(400, "INVALID_TIMESTAMP"));
    simulator.advance(Duration::from_secs(15));
    ahead.send().await.unwrap();
    for _ in 0..3 {
        simulator.rewind(Duration::MAX);
    }
    assert_eq!(ahead.refused().await, code(400, "INVALID_TIMESTAMP"));
    let time = ahead.client.get_system_time().send().await.unwrap();
    assert!(time.server_time.is_some());
}

#[tokio::test]
async fn sign_ins_are_limited_for_each_address() {
    let simulator = Simulator::builder()
        .strict()
        .sign_ins_per_minute(2)
        .start()
        .await
        .unwrap();
    let (account, main) = (simulator.main_account(), simulator.main_key());
    let sign_in = SignIn::new(&simulator, &main, &account);
    sign_in.send().await.unwrap();
    SignIn {
        account: "?".to_owned(),
        ..SignIn::new(&simulator, &main, &account)
    }
    .refused()
    .await;
    let error = sign_in.send().await.unwrap_err();
    let response = error.response().unwrap();
    assert_eq!(
        (response.status.as_u16(), &response.body[..]),
        (429, &br#"{"message":"rate limit exceeded"}"#[..])
    );
    let wait: u64 = response.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    // Other calls and other addresses have nothing to do with it.
    sign_in.client.list_markets().send().await.unwrap();
    let elsewhere = SignIn {
        client: from(&simulator, "192.0.2.7", &simulator.main_session()),
        ..SignIn::new(&simulator, &main, &account)
    };
    elsewhere.send().await.unwrap();
    // A clock that is put back does not lock the address out for longer.
    simulator.rewind(Duration::from_secs(3_600));
    simulator.advance(Duration::from_secs(3_600 + wait));
    sign_in.send().await.unwrap();
}

#[tokio::test]
async fn subkey_signs_in_while_it_is_active() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let (account, owner) = (simulator.main_account(), main_client(&simulator));
    let subkey = key("0x5b1");
    let public_key = subkey.public_key().to_string();
    let sign_in = || SignIn {
        named: Some(&public_key),
        ..SignIn::new(&simulator, &subkey, &account)
    };
    let failed = code(401, "STARKNET_SIGNATURE_VERIFICATION_FAILED");
    assert_eq!(sign_in().refused().await, failed);
    let pending = CreateSubkeyRequest::new("bot", public_key.as_str())
        .state(SubkeyState::Pending)
        .encrypted_key("simulated-key".into())
        .eph_public_key(key("0xe0").public_key().to_string());
    register(&owner, pending).await.unwrap();
    assert_eq!(sign_in().refused().await, failed);
    let now = seconds();
    let signature = activation(&key("0xe0"), now).map(Secret::new).into();
    let request = ActivateSubkeyRequest::new(&account, &public_key, signature, now as i64);
    owner.activate_subkey().body(request).send().await.unwrap();
    let session = sign_in().send().await.unwrap();
    let snapshot = simulator.session(session.expose()).unwrap();
    assert_eq!(
        (snapshot.account, snapshot.subkey),
        (account.clone(), Some(public_key.clone()))
    );
    // It is a subkey's session, and does not sign in where only the account does, nor for another account.
    assert_eq!(
        refused(token(&client(&simulator, &session), "trading", &[]).await).0,
        403
    );
    assert_eq!(
        SignIn {
            named: None,
            ..sign_in()
        }
        .refused()
        .await,
        failed
    );
    let other = simulator.add_account();
    let elsewhere = SignIn {
        named: Some(&public_key),
        ..SignIn::new(&simulator, &subkey, &other)
    };
    assert_eq!(elsewhere.refused().await, failed);
    // The account's key does not sign in for it either.
    let wrong = SignIn {
        named: Some(&public_key),
        ..SignIn::new(&simulator, &simulator.main_key(), &account)
    };
    assert_eq!(wrong.refused().await, failed);
    owner
        .revoke_subkey()
        .public_key(&public_key)
        .send()
        .await
        .unwrap();
    assert_eq!(sign_in().refused().await, failed);
}

#[tokio::test]
async fn sessions_can_be_opaque_short_and_revoked() {
    let simulator = Simulator::builder()
        .strict()
        .opaque_sessions()
        .session_lifetime(Duration::from_secs(2))
        .start()
        .await
        .unwrap();
    let (account, main) = (simulator.main_account(), simulator.main_key());
    let session = SignIn::new(&simulator, &main, &account).send().await.unwrap();
    assert!(session.expose().starts_with("simulated-session-"));
    let caller = client(&simulator, &session);
    caller.list_positions().send().await.unwrap();
    simulator.advance(Duration::from_secs(2));
    assert_eq!(refused(caller.list_positions().send().await).0, 401);
    assert!(simulator.session(session.expose()).unwrap().expired);

    let fresh = main_client(&simulator);
    let api = client(&simulator, &text(&token(&fresh, "trading", &[]).await.unwrap()));
    simulator.revoke_sessions();
    assert_eq!(
        refusal(fresh.list_positions().send().await),
        (401, String::new(), "missing or malformed jwt".to_owned())
    );
    assert_eq!(simulator.session(session.expose()), None);
    // An API token is no session, and a later session is another one.
    api.list_positions().send().await.unwrap();
    main_client(&simulator).list_positions().send().await.unwrap();
}

#[tokio::test]
async fn account_is_onboarded_by_its_key() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let anonymous = Client::new(simulator.base_url()).unwrap();
    let newcomer = key("0x5eed");
    let account = address_of(&newcomer);
    let onboard = async |account: &str, ethereum: &str, public_key: &str, signature: Secret| {
        let call = anonymous
            .onboard()
            .paradex_starknet_account(account)
            .paradex_ethereum_account(ethereum);
        let call = call.paradex_starknet_signature(signature);
        call.body(OnboardingRequest::new().public_key(public_key))
            .send()
            .await
            .map(|_| ())
    };
    let status = async || {
        let call = anonymous
            .get_onboarding()
            .account_signer_type(SignerType::Starknet);
        call.public_key(newcomer.public_key().to_string())
            .send()
            .await
            .unwrap()
            .into_inner()
    };
    let (ethereum, public_key) = (
        format!("0x{}", "ab".repeat(20)),
        newcomer.public_key().to_string(),
    );
    let signature = || sign(&newcomer, &prefix(&account).onboarding());
    assert_eq!(
        SignIn::new(&simulator, &newcomer, &account).refused().await,
        code(404, "NOT_ONBOARDED")
    );
    let before = status().await;
    assert_eq!(
        (before.address.as_deref(), before.exists),
        (Some(account.as_str()), Some(false))
    );

    let failed = code(401, "STARKNET_SIGNATURE_VERIFICATION_FAILED");
    let stranger = sign(&simulator.main_key(), &prefix(&account).onboarding());
    assert_eq!(
        refused(onboard(&account, &ethereum, &public_key, stranger).await),
        failed
    );
    let chain = MessagePrefix::new("ANOTHER_CHAIN", account.parse().unwrap()).unwrap();
    let foreign = sign(&newcomer, &chain.onboarding());
    assert_eq!(
        refused(onboard(&account, &ethereum, &public_key, foreign).await),
        failed
    );
    let elsewhere = simulator.main_account();
    let other = sign(&newcomer, &prefix(&elsewhere).onboarding());
    let wrong = onboard(&elsewhere, &ethereum, &public_key, other).await;
    assert_eq!(refused(wrong), code(400, "INVALID_STARKNET_ADDRESS"));
    let wrong = onboard(&account, "0x1", &public_key, signature()).await;
    assert_eq!(refused(wrong), code(400, "INVALID_ETHEREUM_ADDRESS"));
    let wrong = onboard(&account, &ethereum, "", signature()).await;
    assert_eq!(refused(wrong), code(400, "PUBLIC_KEY_INVALID"));
    let wrong = onboard(&account, &ethereum, &public_key, Secret::new("[]")).await;
    assert_eq!(refused(wrong), code(400, "INVALID_STARKNET_SIGNATURE"));

    onboard(&account, &ethereum, &public_key, signature())
        .await
        .unwrap();
    assert_eq!(status().await.exists, Some(true));
    SignIn::new(&simulator, &newcomer, &account).send().await.unwrap();
    assert!(simulator.account_session(&account).is_ok());
    // The simulator does not have this key.
    assert!(simulator.account_key(&account).is_err());
    let again = onboard(&account, &ethereum, &public_key, signature()).await;
    assert_eq!(refused(again), code(400, "ETHEREUM_ADDRESS_ALREADY_ONBOARDED"));

    let owner = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    let added = simulator.add_ethereum_account(owner.parse().unwrap());
    let call = anonymous.get_onboarding().account_signer_type(SignerType::Eip191);
    let response = call.eth_address(owner).send().await.unwrap();
    assert_eq!(
        (response.address.as_deref(), response.exists),
        (Some(added.as_str()), Some(true))
    );
    let call = anonymous.get_onboarding().account_signer_type(SignerType::Eip191);
    assert_eq!(refused(call.send().await), code(400, "INVALID_ETHEREUM_ADDRESS"));
}

#[tokio::test]
async fn sessions_expire_by_the_simulator_clock() {
    let simulator = Simulator::builder()
        .strict()
        .session_lifetime(Duration::from_secs(20))
        .start()
        .await
        .unwrap();
    let client = main_client(&simulator);
    let time = async || -> i64 {
        let time = client.get_system_time().send().await.unwrap();
        time.server_time.clone().unwrap().to_string().parse().unwrap()
    };
    let before = time().await;
    client.list_positions().send().await.unwrap();
    simulator.advance(Duration::from_secs(29));
    assert!((29_000..40_000).contains(&(time().await - before)));
    let error = client.list_positions().send().await.unwrap_err();
    let body: Value = serde_json::from_slice(&error.response().unwrap().body).unwrap();
    assert_eq!(
        (error.status(), body.get("error")),
        (Some(StatusCode::UNAUTHORIZED), None)
    );
    let by = body["message"]
        .as_str()
        .unwrap()
        .strip_prefix("missing or malformed jwt: token is expired by ");
    let seconds: f64 = by.unwrap().strip_suffix('s').unwrap().parse().unwrap();
    assert!((9.0..20.0).contains(&seconds), "{seconds}");
    main_client(&simulator).list_positions().send().await.unwrap();
    // Nothing overflows.
    simulator.advance(Duration::MAX);
    simulator.advance(Duration::MAX);
    token(&main_client(&simulator), "trading", &[])
        .await
        .map(|_| ())
        .unwrap_err();
}

#[tokio::test]
async fn request_without_a_live_token_is_401() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let anonymous = Client::new(simulator.base_url()).unwrap();
    assert_eq!(
        refusal(anonymous.list_positions().send().await),
        (401, String::new(), "missing or malformed jwt".to_owned())
    );
    let forged = client(&simulator, &Secret::new("simulated-token-0000000000000000"));
    assert_eq!(refused(forged.list_positions().send().await).0, 401);
    // Where no token is needed, none is asked for; where one may be sent, it has to be good.
    anonymous.list_markets().send().await.unwrap();
    anonymous
        .list_vault_balances()
        .address("0x1")
        .send()
        .await
        .unwrap();
    assert_eq!(
        refused(forged.list_vault_balances().address("0x1").send().await).0,
        401
    );
    assert_eq!(
        simulator.account_session("0x1").unwrap_err().to_string(),
        "the simulator has no account \"0x1\""
    );
    assert!(simulator.subkey_session("0x1").is_err());
}

#[tokio::test]
async fn expired_sessions_are_forgotten_if_there_are_many() {
    let simulator = Simulator::start().await.unwrap();
    let first = simulator.main_session();
    simulator.advance(Duration::from_secs(2 * 3_600));
    let recent = simulator.main_session();
    let created = token(&main_client(&simulator), "jwt", &[]).await.unwrap();
    assert!(simulator.session(first.expose()).unwrap().expired);
    simulator.advance(Duration::from_secs(600));
    for _ in 0..1_024 {
        simulator.main_session();
    }
    assert_eq!(simulator.session(first.expose()), None);
    assert!(simulator.session(recent.expose()).unwrap().expired);
    let client = client(&simulator, &created.token);
    client.list_positions().send().await.unwrap();
}
