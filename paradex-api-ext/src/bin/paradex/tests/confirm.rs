//! `paradex allow change --confirm`.

use super::*;

/// A token with its text in a file.
async fn token_in_a_file(local: &Local, folder: &Folder, list: &[&str]) -> (String, String) {
    let token = NewToken::new(
        "quoter",
        "api_key",
        HOUR,
        IpAllowlist::parse_entries(list).unwrap(),
    )
    .unwrap();
    let created = local
        .client("desk")
        .unwrap()
        .tokens()
        .create(token)
        .await
        .unwrap();
    let file = folder.write("token", &format!("{}\n", created.secret().expose()));
    (created.lookup_id().to_owned(), file)
}

#[tokio::test]
async fn change_is_confirmed_if_the_credential_still_works() {
    let local = Local::start().await;
    let folder = Folder::new();
    let (id, file) = token_in_a_file(&local, &folder, &["127.0.0.0/8"]).await;
    let line = format!("allow change --token {id} 127.0.0.0/16 --confirm=0s --probe-file {file}");
    let changes = local.changes();
    let ran = local.run(&format!("{line} --dry-run")).await.ends(Exit::Done);
    ran.says(&["- 127.0.0.0/8", "+ 127.0.0.0/16", "dry run: nothing was changed"]);
    assert_eq!(local.changes(), changes);
    let ran = local.run(&line).await.ends(Exit::Done);
    ran.says(&["confirmed: 127.0.0.0/16"]).warns(&[&format!(
        "restore the list yourself: paradex allow set --token {id} 127.0.0.0/8"
    )]);
    assert_eq!(local.stored(&id), ["127.0.0.0/16"]);
    let value = local.run(&format!("{line} --json")).await.ends(Exit::Done).json();
    assert_eq!(
        (&value["confirmation"], &value["applied"]),
        (&json!("unchanged"), &json!(false))
    );
}

#[tokio::test]
async fn change_is_undone_if_the_credential_no_longer_works() {
    let local = Local::start().await;
    let folder = Folder::new();
    let (id, file) = token_in_a_file(&local, &folder, &["127.0.0.0/8"]).await;
    let line = format!("allow change --token {id} {OFFICE} --confirm=0s --probe-file {file}");
    let ran = local.run(&line).await.ends(Exit::Failed);
    ran.says(&["rolled back to 127.0.0.0/8", "IP_NOT_ALLOWED"]);
    assert_eq!(local.stored(&id), ["127.0.0.0/8"]);
    let value = local
        .run(&format!("{line} --json"))
        .await
        .ends(Exit::Failed)
        .json();
    assert_eq!(
        (&value["confirmation"], &value["applied"]),
        (&json!("rolled_back"), &json!(false))
    );
}

#[tokio::test]
async fn roll_back_that_fails_ends_with_its_own_status() {
    let local = Local::start().await;
    let folder = Folder::new();
    let (id, file) = token_in_a_file(&local, &folder, &["127.0.0.0/8"]).await;
    let away = Fault::html(paradex_api_ext::paradex_api::reqwest::StatusCode::BAD_GATEWAY);
    let line = format!("allow change --token {id} {OFFICE} --confirm=0s --probe-file {file}");
    // The first write is the change, and all later ones are the roll-back.
    let later = Injection::new(away)
        .on(&operations::UPDATE_TOKEN_ALLOWED_CIDRS)
        .skip(1)
        .times(1_000);
    local.exchange.inject(later);
    let ran = local.run(&line).await.ends(Exit::Partial);
    ran.says(&["NOT ROLLED BACK", OFFICE]);
}

#[tokio::test]
async fn probe_that_shows_nothing_is_refused_before_the_change() {
    let local = Local::start().await;
    let folder = Folder::new();
    let (id, file) = token_in_a_file(&local, &folder, &["127.0.0.0/8"]).await;
    let changes = local.changes();
    let dead = folder.write("dead", "simulated-token-of-nobody");
    let empty = folder.write("empty", "");
    for (file, said) in [
        (dead.as_str(), "already fails before the change"),
        (&empty, "this is not the secret of token"),
        (&folder.path("missing"), "missing could not be read"),
    ] {
        let line = format!("allow change --token {id} {OFFICE} --confirm=0s --probe-file {file}");
        local.run(&line).await.ends(Exit::Failed).warns(&[said]);
    }
    let line = format!("allow change --subkey 0x7 {OFFICE} --confirm=0s --probe-file {file}");
    let ran = local.run(&line).await.ends(Exit::Failed);
    assert!(!ran.err.contains("simulated-token-"), "{}", ran.err);
    assert_eq!(
        (local.changes(), local.stored(&id)),
        (changes, vec!["127.0.0.0/8".to_owned()])
    );
}
