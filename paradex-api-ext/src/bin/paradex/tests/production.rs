//! Confirmation before production is changed.

use super::*;

#[tokio::test]
async fn production_is_changed_only_after_confirmation() {
    let local = Local::production().await;
    let folder = Folder::new();
    let id = local.token("quoter", &[COLO]).await;
    let before = local.changes();
    let file = folder.path("token");
    let policy = folder.policy(OFFICE);
    let lines = [
        format!("tokens create new --lifetime 1d --from {COLO} --secret-file {file}"),
        format!("tokens revoke {id}"),
        format!("subkeys create new --from {COLO} --secret-file {file}"),
        format!("allow set --token {id} {OFFICE}"),
        format!("tokens rotate start {id} --folder {}", folder.path("rotations")),
        format!("allow add --token {id} {OFFICE}"),
        format!("allow clear --token {id} --unrestricted"),
        format!("allow apply --policy {policy}"),
        "halt".to_owned(),
        "api DELETE /v1/orders".to_owned(),
    ];
    for line in &lines {
        // No terminal.
        let ran = local.run(line).await;
        assert_eq!(ran.exit, Exit::Usage, "{line}: {}", ran.err);
        let ran = ran.warns(&[
            "account `desk` (token-",
            "production through http://127.0.0.1:",
            "pass `--yes`",
        ]);
        assert!(ran.out.is_empty(), "{}", ran.out);
        // A person who does not say yes.
        for reply in ["n\n", "\n", "", "yess\n"] {
            let ran = local.run_at(line, Some(reply)).await;
            assert_eq!(ran.exit, Exit::Failed, "{line}: {}", ran.err);
            ran.warns(&["Continue? [y/N] ", "error: not confirmed; nothing was changed"]);
        }
        // A dry run asks nothing.
        local.run(&format!("{line} --dry-run")).await.ends(Exit::Done);
        assert_eq!(local.changes(), before, "{line}");
        assert!(!std::fs::exists(&file).unwrap());
    }
    // Reading asks nothing either.
    local.run("tokens list").await.ends(Exit::Done);
    local.run("allow check --policy").await.ends(Exit::Usage);
    let ran = local.run_at(&lines[6], Some("y\n")).await.ends(Exit::Done);
    ran.warns(&[&format!(
        "change the allowlist of token {id}, which will be OPEN TO ANY ADDRESS, account `desk` (token-"
    )]);
    assert!(local.stored(&id).is_empty());
    local.run(&format!("{} --yes", lines[3])).await.ends(Exit::Done);
    assert_eq!(local.stored(&id), [OFFICE]);
    // Without a change there is no question.
    local.run(&lines[7]).await.ends(Exit::Done).says(&["in sync"]);
}

#[tokio::test]
async fn edited_stored_plan_opens_nothing_in_production() {
    let local = Local::production().await;
    let folder = Folder::new();
    let id = local.token("quoter", &[OFFICE]).await;
    let policy = folder.policy(OFFICE);
    let plan = folder.path("plan.json");
    local
        .run(&format!("allow plan --policy {policy} --out {plan}"))
        .await
        .ends(Exit::Done)
        .says(&["1 in_sync"]);
    let mut edited: Value = serde_json::from_str(&folder.read("plan.json")).unwrap();
    edited["rows"][0]["desired"] = json!("unrestricted");
    let before = local.changes();
    let apply = |name: &str| format!("allow apply --plan {}", folder.path(name));

    // The state contradicts the lists.
    folder.write("edited.json", &edited.to_string());
    for line in [
        apply("edited.json"),
        format!("{} --dry-run", apply("edited.json")),
    ] {
        let ran = local.run(&line).await.ends(Exit::Failed);
        ran.warns(&[
            "edited.json: rows[0].state",
            &id,
            "`in_sync` is refused",
            "plan again",
        ]);
    }
    // A consistent edit is a plan that opens the token, and the question says so.
    edited["rows"][0]["state"] = json!("drifted");
    edited["rows"][0]["open_to"] = json!("any_address");
    folder.write("open.json", &edited.to_string());
    let open = apply("open.json");
    let dry = local.run(&format!("{open} --dry-run")).await.ends(Exit::Done);
    dry.says(&["OPEN TO ANY ADDRESS: 203.0.113.0/24 -> unrestricted", "1 drifted"]);
    let question =
        format!("change 1 allowlist; desk token {id} `quoter` will be OPEN TO ANY ADDRESS, account `desk`");
    for line in [open.clone(), format!("{open} --json")] {
        let ran = local.run(&line).await.ends(Exit::Usage);
        ran.warns(&[&question, "pass `--yes`"]);
    }
    local
        .run_at(&open, Some("n\n"))
        .await
        .ends(Exit::Failed)
        .warns(&[&question]);
    assert_eq!(
        (local.changes(), local.stored(&id)),
        (before, vec![OFFICE.to_owned()])
    );
}

#[tokio::test]
async fn stored_plan_of_another_environment_is_refused_before_the_question() {
    let testnet = Local::start().await;
    let production = Local::production().await;
    let folder = Folder::new();
    testnet.token("quoter", &[COLO]).await;
    let policy = folder.policy(OFFICE);
    let plan = folder.path("plan.json");
    testnet
        .run(&format!("allow plan --policy {policy} --out {plan}"))
        .await
        .ends(Exit::Done);
    for line in [
        format!("allow apply --plan {plan}"),
        format!("allow apply --plan {plan} --dry-run"),
    ] {
        let ran = production.run_at(&line, Some("y\n")).await.ends(Exit::Failed);
        assert!(!ran.err.contains("Continue?"), "{}", ran.err);
        ran.warns(&["the plan was made for http://127.0.0.1:", "plan again there"]);
    }
}

#[tokio::test]
async fn question_warns_about_lists_that_allow_any_address() {
    let local = Local::production().await;
    let folder = Folder::new();
    let id = local.token("quoter", &["0.0.0.0/1"]).await;
    let open = local.token("open", &[]).await;
    let whole = folder.policy("0.0.0.0/0");
    let (any, v4, v6) = ("ANY ADDRESS", "ANY IPv4 ADDRESS", "ANY IPv6 ADDRESS");
    let secret = folder.path("secret");
    let rotations = folder.path("rotations");
    let before = local.changes();
    for (line, to) in [
        (format!("allow set --token {id} 0.0.0.0/0"), v4),
        (format!("allow set --token {id} 0.0.0.0/0 ::/0"), any),
        (format!("allow set --token {id} 2000::/3"), v6),
        (format!("allow set --token {id} 0.0.0.0/1 128.0.0.0/1"), v4),
        (
            format!("allow set --token {id} 0.0.0.0/1 128.0.0.0/2 192.0.0.0/3"),
            v4,
        ),
        (format!("allow add --token {id} 128.0.0.0/2 192.0.0.0/3"), v4),
        (format!("allow clear --token {id} --unrestricted"), any),
        (format!("allow apply --policy {whole}"), v4),
        (format!("allow apply --policy {whole} --widen"), v4),
        (
            format!("tokens create x --lifetime 1d --unrestricted --secret-file {secret}"),
            any,
        ),
        (
            format!("tokens create x --lifetime 1d --from 0.0.0.0/0 --secret-file {secret}"),
            v4,
        ),
        (
            format!("subkeys create x --from 2000::/3 --secret-file {secret}"),
            v6,
        ),
        ("subkeys create x --unrestricted --public-key 0x7".to_owned(), any),
        (format!("tokens rotate start {open} --folder {rotations}"), any),
        (
            format!("tokens rotate start {id} --from 0.0.0.0/0 --folder {rotations}"),
            v4,
        ),
        (
            format!("tokens rotate start {id} --unrestricted --folder {rotations}"),
            any,
        ),
    ] {
        let ran = local.run(&line).await.ends(Exit::Usage);
        let said = format!("will be OPEN TO {to}");
        let question = ran.err.lines().last().unwrap();
        assert!(
            question.contains(&said) && question.contains("pass `--yes`"),
            "{line}: {}",
            ran.err
        );
        // The dry run says it as well.
        let said = format!("OPEN TO {to}");
        local
            .run(&format!("{line} --dry-run"))
            .await
            .ends(Exit::Done)
            .says(&[&said]);
    }
    assert_eq!(local.changes(), before);
    // A wide list that leaves a part out is not open to all.
    let ran = local.run(&format!("allow set --token {id} 128.0.0.0/1")).await;
    assert!(!ran.err.contains("OPEN"), "{}", ran.err);

    let value = local
        .run(&format!("allow set --token {id} 0.0.0.0/0 --dry-run --json"))
        .await
        .json();
    assert_eq!(value["open_to"], "any_ipv4");
    let value = local
        .run(&format!(
            "tokens create x --lifetime 1d --unrestricted --secret-file {secret} --dry-run --json"
        ))
        .await
        .json();
    assert_eq!(value["open_to"], "any_address");
}
