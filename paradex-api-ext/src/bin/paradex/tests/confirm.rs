//! `paradex allow change --confirm`.

use super::*;

/// A token with its text in a file.
pub(super) async fn token_in_a_file(local: &Local, folder: &Folder, list: &[&str]) -> (String, String) {
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
        "restore the list yourself: paradex allow set --token {id} 127.0.0.0/8 --account desk\n"
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
async fn list_in_force_after_a_failed_roll_back_is_reported_as_far_as_it_is_known() {
    for (reads_fail, applied) in [(false, json!(true)), (true, Value::Null)] {
        let local = Local::start().await;
        let folder = Folder::new();
        let (id, file) = token_in_a_file(&local, &folder, &["127.0.0.0/8"]).await;
        let away = || Fault::html(paradex_api_ext::paradex_api::reqwest::StatusCode::BAD_GATEWAY);
        let on_write = Injection::new(away()).on(&operations::UPDATE_TOKEN_ALLOWED_CIDRS);
        local.exchange.inject(on_write.skip(1).times(1_000));
        if reads_fail {
            // From the time of the change on, the list cannot be read.
            let fails = Fault::run_before(move |simulator| {
                let read = Injection::new(Fault::html(
                    paradex_api_ext::paradex_api::reqwest::StatusCode::BAD_GATEWAY,
                ));
                simulator.inject(read.on(&operations::LIST_TOKENS).times(1_000));
            });
            local
                .exchange
                .inject(Injection::new(fails).on(&operations::UPDATE_TOKEN_ALLOWED_CIDRS));
        }
        let line = format!("allow change --token {id} {OFFICE} --confirm=0s --probe-file {file} --json");
        let value = local.run(&line).await.ends(Exit::Partial).json();
        assert_eq!(
            (&value["confirmation"], &value["applied"]),
            (&json!("not_rolled_back"), &applied),
            "{value}"
        );
        assert_eq!(local.stored(&id), [OFFICE]);
    }
}

#[tokio::test]
async fn change_that_was_made_concurrently_is_not_overwritten() {
    let local = Local::start().await;
    let folder = Folder::new();
    let (id, file) = token_in_a_file(&local, &folder, &["127.0.0.0/8"]).await;
    let changes = local.changes();
    // The first two reads find the token and its list; the third is that of the confirmed change.
    let token = id.clone();
    let concurrent = Fault::run_before(move |simulator| {
        simulator
            .set_token_allowlist(&token, json!(["127.0.0.0/8", "192.0.2.0/24"]))
            .unwrap();
    });
    local
        .exchange
        .inject(Injection::new(concurrent).on(&operations::LIST_TOKENS).skip(2));
    let line = format!("allow add --token {id} {OFFICE} --confirm=0s --probe-file {file}");
    local
        .run(&line)
        .await
        .ends(Exit::Failed)
        .warns(&["nothing was changed: the list was changed concurrently"]);
    assert_eq!(
        (local.changes(), local.stored(&id)),
        (changes, vec!["127.0.0.0/8".to_owned(), "192.0.2.0/24".to_owned()])
    );
    // The mutation came between the two reads.
    local.run(&line).await.ends(Exit::Done);
    assert_eq!(local.stored(&id), ["127.0.0.0/8", "192.0.2.0/24", OFFICE]);
}

#[tokio::test]
async fn unchanged_list_needs_no_confirmation() {
    let local = Local::production().await;
    let folder = Folder::new();
    let (id, file) = token_in_a_file(&local, &folder, &["127.0.0.0/8"]).await;
    let line = format!("allow change --token {id} 127.0.0.0/8 --confirm=0s --probe-file {file} --json");
    let ran = local.run(&line).await.ends(Exit::Done);
    assert!(ran.err.is_empty(), "{}", ran.err);
    let value = ran.json();
    assert_eq!(
        (&value["confirmation"], &value["applied"]),
        (&json!("unchanged"), &json!(false))
    );
}

#[test]
fn restore_command_names_account_and_file_and_is_quoted() {
    use crate::confirm::restoring;
    use paradex_api_ext::allowlist::Target;
    let list = IpAllowlist::parse_entries([OFFICE, COLO]).unwrap();
    let token = Target::Token("b97".to_owned());
    assert_eq!(
        restoring(&token, &list, "desk", None),
        "paradex allow set --token b97 203.0.113.0/24 198.51.100.0/24 --account desk"
    );
    let subkey = Target::Subkey("0x7".to_owned());
    let config = Path::new("/etc/my desk/it's.toml");
    assert_eq!(
        restoring(&subkey, &IpAllowlist::Unrestricted, "$(x)", Some(config)),
        r"paradex allow clear --unrestricted --subkey 0x7 --account '$(x)' --config '/etc/my desk/it'\''s.toml'"
    );
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
