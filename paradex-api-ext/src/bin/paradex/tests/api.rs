//! `paradex api`.

use super::*;

#[tokio::test]
async fn secrets_of_a_response_are_hidden() {
    let local = Local::start().await;
    let folder = Folder::new();
    let body =
        json!({"name": "bot", "token_type": "api_key", "expiry_duration": 3_600, "allowed_cidrs": [COLO]});
    let body = folder.write("body.json", &body.to_string());
    let create = format!("api POST /v1/account/tokens --body {body}");
    let ran = local.run(&create).await.ends(Exit::Done);
    assert_eq!(ran.json()["token"], "(hidden)", "{}", ran.out);
    let ran = ran.says(&["\"bot\""]);
    assert!(!ran.out.contains("simulated-token-"), "{}", ran.out);
    let ran = local
        .run(&format!("{create} --show-secrets"))
        .await
        .ends(Exit::Done);
    let token = ran.json()["token"].as_str().unwrap().to_owned();
    assert!(token.starts_with("simulated-token-"));
    // A secret of the request is hidden wherever the server repeats it.
    let echo = json!({"note": format!("you sent {token}"), token.as_str(): 12_345_678_901_234_567_890_u64});
    let ok = paradex_api_ext::paradex_api::reqwest::StatusCode::OK;
    let echo = Fault::raw(ok, Default::default(), echo.to_string());
    local.exchange.inject(Injection::new(echo).times(1_000));
    let source = Known(local.environment.clone(), token.clone());
    let ran = run_in(&source, "api GET /v1/account", None)
        .await
        .ends(Exit::Done);
    assert!(ran.out.contains("you sent (hidden)"), "{}", ran.out);
    assert!(
        !ran.out.contains(&token) && ran.out.contains("12345678901234567890"),
        "{}",
        ran.out
    );
}

#[tokio::test]
async fn response_that_is_not_json_is_shown_only_without_secrets() {
    use paradex_api_ext::paradex_api::reqwest::StatusCode;
    let local = Local::start().await;
    for (line, body, said, exit) in [
        (
            "api GET /v1/markets",
            &b"<p>hello</p>"[..],
            "begin with: <p>hello</p>",
            Exit::Failed,
        ),
        ("api GET /v1/markets", b"", "null", Exit::Done),
        ("api GET /v1/markets", b"\xff\xfe", "2 bytes of", Exit::Failed),
        (
            "api GET /v1/block-trades",
            b"text with a secret",
            "18 bytes of",
            Exit::Failed,
        ),
        ("api DELETE /v1/orders/x", b" \r\n", "null", Exit::Done),
        ("api GET /v1/markets", b"\n", "null", Exit::Done),
        // Whether the change was made is unknown.
        (
            "api DELETE /v1/orders/x",
            b"<p>hello</p>",
            "cancel_order",
            Exit::Partial,
        ),
    ] {
        let fault = Fault::raw(StatusCode::OK, Default::default(), body);
        local.exchange.inject(Injection::new(fault));
        let ran = local.run(line).await.ends(exit);
        let shown = format!("{}{}", ran.out, ran.err);
        assert!(
            shown.contains(said) && !shown.contains("a secret"),
            "{line}: {shown}"
        );
    }
}

#[tokio::test]
async fn change_is_sent_once_and_a_dry_run_sends_nothing() {
    let local = Local::start().await;
    let folder = Folder::new();
    let id = local.token("quoter", &[COLO]).await;
    let before = local.changes();
    let body = folder.write("list.json", &json!({"allowed_cidrs": [OFFICE]}).to_string());
    let line = format!("api PUT /v1/account/tokens/{id}/allowed-cidrs --body {body}");
    let ran = local.run(&format!("{line} --dry-run")).await.ends(Exit::Done);
    ran.says(&[
        "would send PUT http://127.0.0.1:",
        "update_token_allowed_cidrs",
        "nothing was sent",
    ]);
    assert_eq!(local.changes(), before);
    local.run(&line).await.ends(Exit::Done).says(&[OFFICE]);
    assert_eq!(
        (local.stored(&id), local.changes()),
        (vec![OFFICE.to_owned()], before + 1)
    );
}

#[tokio::test]
async fn fields_with_secrets_are_hidden_only_where_they_hold_secrets() {
    use paradex_api_ext::paradex_api::reqwest::StatusCode;
    let local = Local::start().await;
    // An asset, and the text of a token.
    for (line, shown) in [
        ("api GET /v1/balance", "asset"),
        ("api POST /v1/account/terminal-token", "(hidden)"),
    ] {
        let body = json!({"token": "asset", "jwt_token": "canary"}).to_string();
        let fault = Fault::raw(StatusCode::OK, Default::default(), body);
        local.exchange.inject(Injection::new(fault));
        let ran = local.run(line).await.ends(Exit::Done);
        assert_eq!(ran.json()["token"], shown, "{line}");
    }
}

#[tokio::test]
async fn question_warns_about_a_body_that_allows_any_address() {
    let local = Local::production().await;
    let folder = Folder::new();
    let id = local.token("quoter", &[COLO]).await;
    let before = local.changes();
    let update = format!("PUT /v1/account/tokens/{id}/allowed-cidrs");
    let any = ", with an `allowed_cidrs` that is OPEN TO ANY ADDRESS, account `desk` (token-";
    let left_out = ", without `allowed_cidrs`, which is OPEN TO ANY ADDRESS, account `desk`";
    let unreadable = ", with an `allowed_cidrs` that is not a list of networks, account `desk`";
    for (call, body, said) in [
        (&*update, r#"{"allowed_cidrs": []}"#, any),
        (&update, r#"{"allowed_cidrs": null}"#, any),
        (&update, r#"{"allowed_cidrs": ["0.0.0.0/0", "::/0"]}"#, any),
        (
            &update,
            r#"{"allowed_cidrs": ["0.0.0.0/1", "128.0.0.0/1"]}"#,
            "that is OPEN TO ANY IPv4 ADDRESS, account",
        ),
        // The exchange may take either of the two.
        (
            &update,
            r#"{"allowed_cidrs": [], "allowed_cidrs": ["203.0.113.0/24"]}"#,
            any,
        ),
        (
            &update,
            r#"{"allowed_cidrs": ["203.0.113.0/24"], "ALLOWED_CIDRS": []}"#,
            any,
        ),
        (&update, r#"{"allowed_cidrs": "203.0.113.0/24"}"#, unreadable),
        (&update, r#"{"allowed_cidrs": ["here"]}"#, unreadable),
        (&update, "{}", left_out),
        ("POST /v1/account/tokens", r#"{"name": "x"}"#, left_out),
        ("POST /v1/account/keys/subkeys", r#"{"name": "x"}"#, left_out),
        ("POST /v1/account/keys/subkeys", r#"{"allowed_cidrs": []}"#, any),
    ] {
        let body = folder.write("body.json", body);
        let line = format!("api {call} --body {body}");
        local.run(&line).await.ends(Exit::Usage).warns(&[said]);
    }
    for (call, body) in [
        (&*update, r#"{"allowed_cidrs": ["203.0.113.0/24"]}"#),
        ("POST /v1/orders", "{}"),
    ] {
        let body = folder.write("body.json", body);
        let ran = local.run(&format!("api {call} --body {body}")).await;
        let ran = ran.ends(Exit::Usage);
        assert!(!ran.err.contains("allowed_cidrs`"), "{}", ran.err);
    }
    assert_eq!(
        (local.changes(), local.stored(&id)),
        (before, vec![COLO.to_owned()])
    );
}
