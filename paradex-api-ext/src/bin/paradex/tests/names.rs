//! Names in the place of ids.

use super::*;

#[tokio::test]
async fn token_is_found_by_its_unique_name() {
    let local = Local::start().await;
    let folder = Folder::new();
    let quoter = local.token("quoter", &[COLO]).await;
    local.token("hedger", &[COLO]).await;
    local
        .run("allow show --token quoter")
        .await
        .ends(Exit::Done)
        .says(&[&quoter]);
    local
        .run(&format!("allow set --token quoter {OFFICE}"))
        .await
        .ends(Exit::Done)
        .says(&[&quoter, "applied"]);
    assert_eq!(local.stored(&quoter), [OFFICE]);
    let rotations = folder.path("rotations");
    let start = format!("tokens rotate start quoter --from 127.0.0.1/32 --folder {rotations}");
    local.run(&start).await.ends(Exit::Done);
    local
        .run(&format!("tokens rotate abandon quoter --folder {rotations}"))
        .await
        .ends(Exit::Done);
    let ran = local.run("tokens revoke quoter").await.ends(Exit::Done);
    ran.says(&[&format!("revoked token {quoter} `quoter`")]);
    // A new token may have the name of a revoked one.
    let again = local.token("quoter", &[COLO]).await;
    local
        .run("allow show --token quoter")
        .await
        .ends(Exit::Done)
        .says(&[&again]);
    local
        .run("tokens revoke nobody")
        .await
        .ends(Exit::Failed)
        .warns(&["has no token nobody"]);
}

#[tokio::test]
async fn subkey_is_found_by_its_unique_name() {
    let local = Local::start().await;
    for (name, key) in [("signer", "0x5160"), ("twin", "0x11"), ("twin", "0x12")] {
        let create = format!("subkeys create {name} --from {COLO} --public-key {key}");
        local.run(&create).await.ends(Exit::Done);
    }
    local
        .run("allow show --subkey signer")
        .await
        .ends(Exit::Done)
        .says(&["subkey 0x5160"]);
    for line in ["allow show --subkey twin", "subkeys revoke twin"] {
        let ran = local.run(line).await.ends(Exit::Failed);
        ran.warns(&["2 subkeys named `twin`", "0x11", "0x12"]);
    }
    local
        .run("subkeys revoke signer")
        .await
        .ends(Exit::Done)
        .says(&["revoked subkey 0x5160"]);
}

#[tokio::test]
async fn ambiguous_name_changes_nothing_and_lists_the_ids() {
    let local = Local::start().await;
    let folder = Folder::new();
    let one = local.token("twin", &[COLO]).await;
    let other = local.token("twin", &[COLO]).await;
    let before = local.changes();
    for line in [
        "tokens revoke twin".to_owned(),
        "tokens revoke twin --dry-run".to_owned(),
        "allow show --token twin".to_owned(),
        format!("allow set --token twin {OFFICE}"),
        "allow clear --token twin --unrestricted".to_owned(),
        format!("tokens rotate start twin --folder {}", folder.path("rotations")),
    ] {
        let ran = local.run(&line).await.ends(Exit::Failed);
        ran.warns(&["2 tokens named `twin`", "pass the id", &one, &other]);
    }
    assert_eq!(local.changes(), before);
    // An id works, and means the token with this id even if another one has it as its name.
    let false_friend = local.token(&one, &[COLO]).await;
    local
        .run(&format!("tokens revoke {one}"))
        .await
        .ends(Exit::Done)
        .says(&[&format!("revoked token {one} `twin`")]);
    assert!(!local.exchange.token(&false_friend).unwrap().revoked);
    // The other one has the name alone now.
    local
        .run("tokens revoke twin")
        .await
        .ends(Exit::Done)
        .says(&[&format!("revoked token {other}")]);
}

#[tokio::test]
async fn all_accounts_are_asked_for_in_production() {
    let local = Local::production().await;
    let value = local.run("whoami --all --json").await.ends(Exit::Done).json();
    let names: Vec<&Value> = value["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|account| &account["name"])
        .collect();
    assert_eq!(names, ["desk", "research"]);
    let before = local.changes();
    let ran = local.run("halt --all").await.ends(Exit::Usage);
    ran.warns(&["account `desk` (token-", "`research` (token-", "pass `--yes`"]);
    local.run_at("halt --all", Some("n\n")).await.ends(Exit::Failed);
    assert_eq!(local.changes(), before);
    local.run("halt --all --yes").await.ends(Exit::Done);
    local
        .run("allow show --all --token x")
        .await
        .ends(Exit::Usage)
        .warns(&["works on one account"]);
    local
        .run("whoami --all --account desk")
        .await
        .ends(Exit::Usage)
        .warns(&["cannot be used with"]);
}
