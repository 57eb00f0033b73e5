//! `paradex tokens` and `paradex subkeys`.

use super::*;

#[tokio::test]
async fn tokens_are_listed() {
    let local = Local::start().await;
    let id = local.token("quoter", &[COLO]).await;
    let gone = local.token("gone", &[COLO]).await;
    local
        .client("desk")
        .unwrap()
        .tokens()
        .revoke(&gone)
        .await
        .unwrap();
    let ran = local.run("tokens list").await.ends(Exit::Done);
    let ran = ran.says(&["ACCOUNT  KIND     ID", &id, "quoter", "live", COLO]);
    assert!(!ran.out.contains(&gone), "{}", ran.out);
    local
        .run("tokens list --include-revoked")
        .await
        .ends(Exit::Done)
        .says(&[&gone, "revoked"]);

    let ran = local
        .run("tokens list --json --account desk --account research")
        .await;
    let value = ran.ends(Exit::Done).json();
    let member = &value["members"][0];
    assert_eq!(member["account"], "desk");
    assert_eq!(member["target"], json!({"token": id}));
    assert_eq!(member["name"], "quoter");
    assert_eq!(member["kind"], "api_key");
    assert_eq!(member["status"], "live");
    assert_eq!(member["allowlist"], json!([COLO]));
    assert_eq!(member["unknown_reason"], Value::Null);
    assert!(member["seconds_to_expiry"].as_u64().unwrap() <= 3_600);
    assert_eq!(value["failures"], json!([]));

    let away = Fault::html(paradex_api_ext::paradex_api::reqwest::StatusCode::BAD_GATEWAY);
    local
        .exchange
        .inject(Injection::new(away).on(&operations::LIST_TOKENS));
    let two = "tokens list --account desk --account research";
    local
        .run(two)
        .await
        .ends(Exit::Partial)
        .says(&["could not be read: "]);
    local
        .run("tokens list --account nobody")
        .await
        .ends(Exit::Usage)
        .warns(&["nobody"]);
}

#[tokio::test]
async fn token_is_created_and_its_secret_written_to_the_chosen_destination() {
    let local = Local::start().await;
    let folder = Folder::new();
    let file = folder.path("token");
    let create =
        format!("tokens create quoter --lifetime 30d --from {COLO} --from {OFFICE} --secret-file {file}");
    let ran = local.run(&format!("{create} --dry-run")).await.ends(Exit::Done);
    let ran = ran.says(&[
        "would create a token",
        COLO,
        &file,
        "dry run: nothing was changed",
    ]);
    assert!(!ran.out.contains("simulated-token-"));
    assert_eq!((local.changes(), std::fs::exists(&file).unwrap()), (0, false));

    let ran = local.run(&create).await.ends(Exit::Done);
    let ran = ran.says(&[
        "created token ",
        "name       quoter",
        "account    desk at http://127.0.0.1:",
    ]);
    assert!(!ran.out.contains("simulated-token-") && !ran.err.contains("simulated-token-"));
    let secret = folder.read("token");
    assert!(
        secret.starts_with("simulated-token-") && secret.ends_with('\n'),
        "{secret}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    }
    // An existing file is not overwritten, and no token is created.
    let changes = local.changes();
    local
        .run(&create)
        .await
        .ends(Exit::Failed)
        .warns(&["could not be created", &file]);
    assert_eq!((local.changes(), folder.read("token")), (changes, secret));

    let ran = local
        .run("tokens create open --lifetime 60s --unrestricted --show-secret --json")
        .await;
    let value = ran.ends(Exit::Done).json();
    assert!(value["secret"].as_str().unwrap().starts_with("simulated-token-"));
    assert_eq!(value["allowlist"], "unrestricted");
    assert_eq!(value["secret_destination"], "standard output");
    let id = value["target"]["token"].as_str().unwrap();
    assert!(local.stored(id).is_empty());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn descriptor_of_a_file_that_others_can_read_is_refused_for_a_secret() {
    use std::os::fd::AsRawFd as _;
    use std::os::unix::fs::PermissionsExt as _;
    let local = Local::start().await;
    let folder = Folder::new();
    folder.write("open", "");
    let path = folder.path("open");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    let line = format!(
        "tokens create quoter --lifetime 1d --from 203.0.113.0/24 --secret-fd {}",
        file.as_raw_fd()
    );
    local
        .run(&line)
        .await
        .ends(Exit::Failed)
        .warns(&["open to everybody", "chmod 600"]);
    assert_eq!(
        (local.changes(), std::fs::read_to_string(&path).unwrap().as_str()),
        (0, "")
    );
}

#[tokio::test]
async fn token_whose_secret_is_lost_is_revoked() {
    let local = Local::start().await;
    let revocations = |local: &Local| {
        let requests = local.exchange.requests();
        let revoked = requests
            .iter()
            .filter(|request| request.operation() == Some(&operations::REVOKE_TOKEN));
        revoked.count()
    };
    let full = "tokens create quoter --lifetime 1d --from 203.0.113.0/24 --secret-file";
    #[cfg(target_os = "linux")]
    {
        // Every write to /dev/full fails. It is not a new file, so it is passed as a descriptor.
        use std::os::fd::AsRawFd as _;
        let device = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let line = format!(
            "tokens create quoter --lifetime 1d --from 203.0.113.0/24 --secret-fd {}",
            device.as_raw_fd()
        );
        local.run(&line).await.ends(Exit::Failed).warns(&[
            "the secret could not be written to file descriptor",
            "the new token was revoked",
        ]);
        assert_eq!(revocations(&local), 1);
    }
    let folder = Folder::new();
    let file = folder.path("token");
    let other = Fault::edit_response(|response| response["api_token"]["allowed_cidrs"] = json!([]));
    local
        .exchange
        .inject(Injection::new(other).on(&operations::CREATE_TOKEN));
    let before = revocations(&local);
    let ran = local.run(&format!("{full} {file}")).await.ends(Exit::Failed);
    ran.warns(&["unrestricted is stored", "the new token was revoked"]);
    assert_eq!(
        (revocations(&local), std::fs::exists(&file).unwrap()),
        (before + 1, false)
    );

    // No response: the outcome is unknown, and the file is deleted.
    local
        .exchange
        .inject(Injection::new(Fault::reset_after()).on(&operations::CREATE_TOKEN));
    let ran = local.run(&format!("{full} {file}")).await.ends(Exit::Partial);
    ran.warns(&["look for its name in the list"]);
    assert!(!std::fs::exists(&file).unwrap());
}

#[tokio::test]
async fn token_is_revoked_by_its_id() {
    let local = Local::start().await;
    let id = local.token("quoter", &[COLO]).await;
    let ran = local
        .run(&format!("tokens revoke {id} --dry-run"))
        .await
        .ends(Exit::Done);
    ran.says(&[&format!("would revoke token {id} `quoter`"), "dry run"]);
    assert!(!local.exchange.token(&id).unwrap().revoked);
    let ran = local
        .run(&format!("tokens revoke {id} --json"))
        .await
        .ends(Exit::Done);
    assert_eq!(
        ran.json(),
        json!({"account": "desk", "target": {"token": id}, "name": "quoter", "revoked": true, "dry_run": false})
    );
    assert!(local.exchange.token(&id).unwrap().revoked);
    local
        .run("tokens revoke quoter")
        .await
        .ends(Exit::Failed)
        .warns(&["the account has no token quoter"]);

    let lost = Injection::new(Fault::reset_before()).on(&operations::REVOKE_TOKEN);
    local.exchange.inject(lost);
    local
        .run(&format!("tokens revoke {id}"))
        .await
        .ends(Exit::Partial)
        .warns(&["revoke it again"]);
}

#[tokio::test]
async fn own_credential_is_revoked_only_by_force() {
    let local = Local::start().await;
    let new = |name: &str, kind: &str| NewToken::new(name, kind, HOUR, IpAllowlist::Unrestricted).unwrap();
    let tokens = local.client("desk").unwrap().tokens();
    // A token with the rights of the account, whose text does not show which token it is.
    let own = tokens.create(new("own", "main")).await.unwrap();
    let source = Known(local.environment.clone(), own.secret().expose().to_owned());
    let changes = local.changes();
    let id = own.lookup_id();
    for line in [
        format!("tokens revoke {id}"),
        format!("tokens revoke {id} --dry-run"),
    ] {
        let ran = run_in(&source, &line, None).await.ends(Exit::Failed);
        ran.warns(&["nothing was changed", "opaque token", "pass `--force`"]);
    }
    assert_eq!(local.changes(), changes);
    run_in(&source, &format!("tokens revoke {id} --force"), None)
        .await
        .ends(Exit::Done);
    assert!(local.exchange.token(id).unwrap().revoked);
}

#[tokio::test]
async fn subkeys_are_listed_registered_and_revoked() {
    let local = Local::start().await;
    let folder = Folder::new();
    let file = folder.path("key");
    let create = format!("subkeys create signer --from {COLO} --secret-file {file}");
    let ran = local.run(&format!("{create} --dry-run")).await.ends(Exit::Done);
    ran.says(&["would create a subkey", "dry run"]);
    assert!(!std::fs::exists(&file).unwrap());
    let value = local
        .run(&format!("{create} --json"))
        .await
        .ends(Exit::Done)
        .json();
    assert_eq!(value["secret"], Value::Null);
    let public = value["target"]["subkey"].as_str().unwrap().to_owned();
    // The file contains the private key of the registered subkey.
    let secret = folder.read("key");
    let key = paradex_api_ext::signing::StarknetPrivateKey::from_hex(secret.trim()).unwrap();
    assert_eq!(key.public_key().to_string(), public);
    assert_eq!(
        local.exchange.subkey(&public).unwrap().allowed_cidrs.unwrap(),
        [COLO]
    );

    local
        .run("subkeys create laptop --unrestricted --public-key 0x1a97")
        .await
        .ends(Exit::Done)
        .says(&[
            "created subkey 0x1a97",
            "warning    the allowlist is unrestricted",
        ]);
    // A refused registration leaves no key behind.
    let again = folder.path("again");
    let refused = Fault::raw(
        paradex_api_ext::paradex_api::reqwest::StatusCode::FORBIDDEN,
        Default::default(),
        r#"{"error":"REQUEST_NOT_ALLOWED","message":"no"}"#,
    );
    local
        .exchange
        .inject(Injection::new(refused).on(&operations::REGISTER_SUBKEY));
    let line = format!("subkeys create other --from {COLO} --secret-file {again}");
    local
        .run(&line)
        .await
        .ends(Exit::Failed)
        .warns(&["refused: the session is not the main account's"]);
    assert!(!std::fs::exists(&again).unwrap());
    // If the outcome is unknown, the key is kept.
    local
        .exchange
        .inject(Injection::new(Fault::reset_after()).on(&operations::REGISTER_SUBKEY));
    local
        .run(&line)
        .await
        .ends(Exit::Partial)
        .warns(&["look for it in the list"]);
    assert!(folder.read("again").starts_with("0x"));

    let list = local.run("subkeys list").await.ends(Exit::Done);
    list.says(&["subkey", "0x1a97", "laptop", "unrestricted", "signer", "never"]);
    local
        .run("subkeys revoke 0x1a97 --dry-run")
        .await
        .ends(Exit::Done)
        .says(&["would revoke subkey 0x1a97 `laptop`"]);
    local
        .run("subkeys revoke 0x1a97")
        .await
        .ends(Exit::Done)
        .says(&["revoked subkey 0x1a97"]);
    local
        .run("subkeys list --include-revoked")
        .await
        .ends(Exit::Done)
        .says(&["revoked"]);
    local
        .run("subkeys revoke 0x9")
        .await
        .ends(Exit::Failed)
        .warns(&["has no subkey 0x9"]);
    let shown = local
        .run(&format!("subkeys create x --from {COLO} --show-secret"))
        .await;
    shown.ends(Exit::Done).says(&["  secret     0x"]);
}
