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
async fn question_warns_about_an_empty_allowlist() {
    let local = Local::production().await;
    let folder = Folder::new();
    let id = local.token("quoter", &[COLO]).await;
    let body = folder.write("list.json", r#"{"allowed_cidrs": []}"#);
    let line = format!("api PUT /v1/account/tokens/{id}/allowed-cidrs --body {body}");
    let ran = local.run(&line).await.ends(Exit::Usage);
    ran.warns(&["OPEN TO ANY ADDRESS, account `desk` (token-", "pass `--yes`"]);
    assert_eq!(local.stored(&id), [COLO]);
}
