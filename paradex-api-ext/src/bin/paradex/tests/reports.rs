//! `paradex audit` and `paradex whoami`.

use super::*;

#[tokio::test]
async fn audit_reports_findings_as_table_json_and_metrics() {
    let local = Local::start().await;
    let folder = Folder::new();
    local
        .run("audit")
        .await
        .ends(Exit::Done)
        .says(&["0 of 0 with findings"]);
    let id = local.token("quoter", &[COLO]).await;
    let policy = folder.policy(OFFICE);
    local
        .run("audit --within 30m")
        .await
        .ends(Exit::Done)
        .says(&["0 of 1 with findings"]);
    local
        .run("audit")
        .await
        .ends(Exit::Findings)
        .says(&[&id, "expiring"]);
    let ran = local
        .run(&format!("audit --within 30m --policy {policy}"))
        .await
        .ends(Exit::Findings);
    ran.says(&["broader than the policy by 198.51.100.0/24"]);
    let value = local
        .run("audit --json --account desk --account research")
        .await
        .ends(Exit::Findings)
        .json();
    assert_eq!(value["rows"][0]["findings"], json!([{"finding": "expiring"}]));
    let ran = local.run("audit --prometheus").await.ends(Exit::Findings);
    ran.says(&[
        "# TYPE paradex_token_time_to_expiry_seconds gauge\n",
        &format!("id=\"{id}\""),
    ]);
}

#[tokio::test]
async fn whoami_shows_accounts_and_whether_their_credentials_work() {
    let local = Local::start().await;
    let ran = local.run("whoami").await.ends(Exit::Done);
    ran.says(&[
        "environment  http://127.0.0.1:",
        &format!(
            "desk\n  address     {}\n  session     token\n  credential  token-",
            local.exchange.main_account()
        ),
    ]);
    let value = local
        .run("whoami --json --account research")
        .await
        .ends(Exit::Done)
        .json();
    assert_eq!(value["accounts"][0]["address"], json!(local.research));
    let refused = json!({"error": "INVALID_TOKEN", "message": "no"}).to_string();
    let refused = Fault::raw(
        paradex_api_ext::paradex_api::reqwest::StatusCode::UNAUTHORIZED,
        Default::default(),
        refused,
    );
    local
        .exchange
        .inject(Injection::new(refused).on(&operations::GET_ACCOUNT).times(2));
    local
        .run("whoami")
        .await
        .ends(Exit::Failed)
        .says(&["not known: ", "INVALID_TOKEN"]);
}
