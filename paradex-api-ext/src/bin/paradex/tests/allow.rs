//! `paradex allow`.

use super::*;

#[tokio::test]
async fn single_list_is_shown_set_extended_and_reduced() {
    let local = Local::start().await;
    let id = local.token("quoter", &[COLO]).await;
    let target = format!("--token {id}");
    local
        .run(&format!("allow show {target}"))
        .await
        .ends(Exit::Done)
        .says(&[&format!("token {id}: {COLO}\n"), "  warning: "]);
    let value = local.run(&format!("allow show {target} --json")).await.json();
    assert_eq!(
        (&value["allowlist"], &value["unknown_reason"]),
        (&json!([COLO]), &Value::Null)
    );

    let line = format!("allow set {target} {OFFICE} --keep 203.0.113.7");
    let ran = local.run(&format!("{line} --dry-run")).await.ends(Exit::Done);
    ran.says(&[
        "- 198.51.100.0/24",
        "+ 203.0.113.0/24",
        "203.0.113.7: keeps access",
        "dry run: nothing",
    ]);
    assert_eq!(local.stored(&id), [COLO]);
    local.run(&line).await.ends(Exit::Done).says(&["applied"]);
    assert_eq!(local.stored(&id), [OFFICE]);
    // A list that is already as requested is not changed.
    let changes = local.changes();
    let value = local.run(&format!("{line} --json")).await.ends(Exit::Done).json();
    assert_eq!((&value["applied"], local.changes()), (&json!(false), changes));

    let line = format!("allow add {target} {COLO} --json");
    let value = local.run(&line).await.ends(Exit::Done).json();
    assert_eq!(value["before"], json!([OFFICE]));
    assert_eq!(value["after"], json!([OFFICE, COLO]));
    assert_eq!(
        (&value["applied"], &value["dry_run"]),
        (&json!(true), &json!(false))
    );
    local
        .run(&format!("allow remove {target} {OFFICE}"))
        .await
        .ends(Exit::Done)
        .says(&["closes"]);
    assert_eq!(local.stored(&id), [COLO]);
    let last = local
        .run(&format!("allow remove {target} {COLO}"))
        .await
        .ends(Exit::Failed);
    last.warns(&["this is the last entry", "`allow clear --unrestricted`"]);
    local
        .run(&format!("allow set {target} {OFFICE} --keep 198.51.100.7"))
        .await
        .ends(Exit::Failed)
        .warns(&[
            "198.51.100.7: LOCKED OUT",
            "nothing was changed: the new list would exclude 198.51.100.7",
        ]);
    assert_eq!(local.stored(&id), [COLO]);

    let ran = local
        .run(&format!("allow clear {target} --unrestricted"))
        .await
        .ends(Exit::Done);
    ran.says(&[
        "198.51.100.0/24 -> unrestricted",
        "warning: the allowlist is unrestricted",
        "applied",
    ]);
    assert!(local.stored(&id).is_empty());
    // Adding a network to an unrestricted list would narrow it.
    local
        .run(&format!("allow add {target} {COLO}"))
        .await
        .ends(Exit::Failed)
        .warns(&["unrestricted"]);

    // A list that is not known can only be replaced.
    local.exchange.set_token_allowlist(&id, json!(["here"])).unwrap();
    let odd = local
        .run(&format!("allow show {target} --json"))
        .await
        .ends(Exit::Done)
        .json();
    let unknown = odd["unknown_reason"].as_str().unwrap();
    assert!(unknown.contains("entry [0] is not a network"), "{odd}");
    local
        .run(&format!("allow add {target} {COLO}"))
        .await
        .ends(Exit::Failed)
        .warns(&["not known"]);
    local
        .run(&format!("allow set {target} {COLO}"))
        .await
        .ends(Exit::Done)
        .says(&["unreadable", "applied"]);
    assert_eq!(local.stored(&id), [COLO]);

    local
        .exchange
        .inject(Injection::new(Fault::reset_before()).on(&operations::UPDATE_TOKEN_ALLOWED_CIDRS));
    local
        .run(&format!("allow set {target} {OFFICE}"))
        .await
        .ends(Exit::Partial)
        .warns(&["whether the change was made is unknown"]);
    local
        .run("allow show --subkey 0x7")
        .await
        .ends(Exit::Failed)
        .warns(&["the token or subkey was not found"]);
}

#[tokio::test]
async fn policy_is_checked_planned_and_applied() {
    let local = Local::start().await;
    let folder = Folder::new();
    let id = local.token("quoter", &[COLO]).await;
    let policy = folder.policy(OFFICE);
    let plan = folder.path("plan.json");

    local
        .run(&format!("allow check --policy {policy}"))
        .await
        .ends(Exit::Findings)
        .says(&["1 drifted"]);
    let value = local
        .run(&format!("allow check --policy {policy} --json"))
        .await
        .ends(Exit::Findings)
        .json();
    assert_eq!(value["rows"][0]["state"], "drifted");
    let line = format!("allow plan --policy {policy} --out {plan}");
    local
        .run(&line)
        .await
        .ends(Exit::Done)
        .says(&[&format!("{COLO} -> {OFFICE}")]);
    local
        .run(&line)
        .await
        .ends(Exit::Failed)
        .warns(&["plan.json could not be written"]);
    let ran = local
        .run(&format!("allow apply --policy {policy} --dry-run"))
        .await
        .ends(Exit::Done);
    ran.says(&["dry run: nothing was changed"]);
    let changes = local.changes();

    let ran = local
        .run(&format!("allow apply --plan {plan}"))
        .await
        .ends(Exit::Done);
    ran.says(&["1 applied, 0 skipped"])
        .warns(&[&format!("[1/1] desk token {id} `quoter`: applied")]);
    assert_eq!(
        (local.stored(&id), local.changes()),
        (vec![OFFICE.to_owned()], changes + 1)
    );
    // Applied again, also from the policy, it changes nothing.
    let value = local
        .run(&format!("allow apply --plan {plan} --json"))
        .await
        .ends(Exit::Done)
        .json();
    assert_eq!(
        (&value["rows"][0]["outcome"], &value["rows"][0]["reason"]),
        (&json!("skipped"), &json!("in_sync"))
    );
    local
        .run(&format!("allow apply --policy {policy}"))
        .await
        .ends(Exit::Done);
    local
        .run(&format!("allow check --policy {policy}"))
        .await
        .ends(Exit::Done)
        .says(&["1 in_sync"]);
    assert_eq!(local.changes(), changes + 1);

    // A move: widen, verify, narrow.
    let policy = folder.policy("192.0.2.0/24");
    let ran = local
        .run(&format!("allow apply --policy {policy} --widen"))
        .await
        .ends(Exit::Done);
    ran.warns(&["opens 192.0.2.0/24"]);
    assert_eq!(local.stored(&id), [OFFICE, "192.0.2.0/24"]);
    local
        .run(&format!("allow check --policy {policy} --widen"))
        .await
        .ends(Exit::Done);
    local
        .run(&format!("allow check --policy {policy}"))
        .await
        .ends(Exit::Findings);
    local
        .run(&format!("allow apply --policy {policy}"))
        .await
        .ends(Exit::Done);
    assert_eq!(local.stored(&id), ["192.0.2.0/24"]);

    // The old plan no longer fits, and the row is skipped.
    let ran = local
        .run(&format!("allow apply --plan {plan}"))
        .await
        .ends(Exit::Failed);
    ran.says(&["skipped, changed since the plan"]);
    // `--keep` refuses a list that would exclude the address.
    let back = folder.policy(OFFICE);
    let ran = local
        .run(&format!("allow apply --policy {back} --keep 192.0.2.7"))
        .await
        .ends(Exit::Failed);
    ran.says(&["failed", "192.0.2.7"]);
    // A partial failure exits with 3.
    local.token("other", &["10.0.0.0/8"]).await;
    local
        .exchange
        .inject(Injection::new(Fault::reset_before()).on(&operations::UPDATE_TOKEN_ALLOWED_CIDRS));
    let ran = local
        .run(&format!("allow apply --policy {back}"))
        .await
        .ends(Exit::Partial);
    ran.says(&["1 applied, 0 skipped, 0 failed, 1 unknown"]);
}

#[tokio::test]
async fn unusable_policy_or_plan_is_reported_with_its_file() {
    let local = Local::start().await;
    let folder = Folder::new();
    local.token("quoter", &[COLO]).await;
    let odd = folder.write("odd.toml", "[ranges]\na = ['10.0.0.1/8']\n");
    local
        .run(&format!("allow check --policy {odd}"))
        .await
        .ends(Exit::Failed)
        .warns(&["odd.toml: line 1: missing field `rules`"]);
    let missing = folder.path("missing.yaml");
    let ran = local
        .run(&format!("audit --policy {missing}"))
        .await
        .ends(Exit::Failed);
    ran.warns(&["missing.yaml could not be read"]);
    let other = folder.write("policy.txt", "");
    let ran = local
        .run(&format!("allow plan --policy {other}"))
        .await
        .ends(Exit::Usage);
    ran.warns(&["must end in .toml, .yaml, .yml or .json"]);
    let nobody = folder.write(
        "nobody.yaml",
        "rules: [{account: desk, name: nobody, allow: unrestricted}]",
    );
    let ran = local
        .run(&format!("allow check --policy {nobody}"))
        .await
        .ends(Exit::Failed);
    ran.warns(&["nobody.yaml: line 1: rules[0].name: `nobody` is refused: `desk` has no such token"]);
    let plan = folder.write("plan.json", "{\"version\": 2}");
    let ran = local
        .run(&format!("allow apply --plan {plan}"))
        .await
        .ends(Exit::Failed);
    ran.warns(&["plan.json: a plan of version 2 cannot be read"]);
    assert_eq!(local.changes(), 1, "the request that created the token");
}

#[tokio::test]
async fn stored_plan_with_an_account_is_refused() {
    let local = Local::start().await;
    let folder = Folder::new();
    let id = local.token("quoter", &[COLO]).await;
    let policy = folder.policy(OFFICE);
    let plan = folder.path("plan.json");
    local
        .run(&format!("allow plan --policy {policy} --out {plan}"))
        .await
        .ends(Exit::Done);
    for option in ["--account desk", "--account research", "--all"] {
        let ran = local.run(&format!("allow apply --plan {plan} {option}")).await;
        ran.ends(Exit::Usage).warns(&["a plan names its accounts"]);
    }
    assert_eq!(local.stored(&id), [COLO]);
}

#[cfg(unix)]
#[tokio::test]
async fn plan_that_others_can_read_or_that_is_too_large_is_refused() {
    let local = Local::start().await;
    let folder = Folder::new();
    let plan = folder.write("plan.json", "{}");
    let apply = format!("allow apply --plan {plan}");
    for (mode, said) in [
        (0o644, "chmod 600"),
        (0o660, "chmod 600"),
        (0o600, "missing field"),
    ] {
        folder.set_mode("plan.json", mode);
        local.run(&apply).await.ends(Exit::Failed).warns(&[said]);
    }
    let policy = folder.policy(OFFICE);
    for (name, mib, line) in [
        ("plan.json", 64_u64, apply),
        ("policy.toml", 16, format!("allow check --policy {policy}")),
    ] {
        let file = std::fs::OpenOptions::new().append(true).open(folder.path(name));
        file.unwrap().set_len((mib << 20) + 1).unwrap();
        let said = format!("it has more than {mib} MiB");
        local.run(&line).await.ends(Exit::Failed).warns(&[name, &said]);
    }
}
