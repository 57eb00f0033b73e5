//! `paradex tokens rotate` and `paradex subkeys rotate`.

use super::*;

#[tokio::test]
async fn token_rotation_can_be_resumed_at_each_step() {
    let local = Local::start().await;
    let folder = Folder::new();
    let old = local.token("quoter", &["127.0.0.0/8"]).await;
    let place = folder.path("rotations");
    let of = |command: &str| format!("tokens rotate {command} {old} --folder {place}");
    let ran = local
        .run(&format!("{} --dry-run", of("start")))
        .await
        .ends(Exit::Done);
    ran.says(&[
        &format!("would create a successor of token {old} `quoter`"),
        "dry run",
    ]);
    assert!(!std::fs::exists(&place).unwrap() && local.changes() == 1);

    // The response with the token is lost: the token is revoked, and the rotation can be resumed.
    local
        .exchange
        .inject(Injection::new(Fault::reset_after()).on(&operations::CREATE_TOKEN));
    local
        .run(&of("start"))
        .await
        .ends(Exit::Failed)
        .warns(&["stopped", "was revoked"]);
    let value = local
        .run(&format!("{} --json", of("resume")))
        .await
        .ends(Exit::Done)
        .json();
    assert_eq!(value["rotation"]["step"]["at"], "proven");
    let new = value["rotation"]["step"]["new"].as_str().unwrap().to_owned();
    let file = value["secret_file"].as_str().unwrap();
    let secret = std::fs::read_to_string(file).unwrap();
    assert!(secret.starts_with("simulated-token-") && !value.to_string().contains(&secret));
    // One rotation at a time.
    local
        .run(&of("start"))
        .await
        .ends(Exit::Failed)
        .warns(&["already in progress", "proven; both work"]);
    local
        .run(&of("resume"))
        .await
        .ends(Exit::Done)
        .says(&[": proven; both work", "  secret  "]);
    let list = format!("tokens rotate list --folder {place}");
    local
        .run(&list)
        .await
        .ends(Exit::Done)
        .says(&[&format!("token {old} -> token {new}: proven")]);
    assert_eq!(
        local.run(&format!("{list} --json")).await.json()[0]["old"],
        json!({"token": old})
    );

    let finish = format!("{} --grace", of("finish"));
    let early = local.run(&format!("{finish} 1d")).await.ends(Exit::Failed);
    early.warns(&["the grace period has ", "proven; both work"]);
    let dry = local
        .run(&format!("{finish} 0s --dry-run"))
        .await
        .ends(Exit::Done);
    dry.says(&["would revoke the old credential", "dry run"]);
    assert!(!local.exchange.token(&old).unwrap().revoked);
    let done = local.run(&format!("{finish} 0s")).await.ends(Exit::Done);
    done.says(&[&format!("token {old} -> token {new}: finished")]);
    assert!(local.exchange.token(&old).unwrap().revoked && !local.exchange.token(&new).unwrap().revoked);

    local
        .run(&format!("{finish} 0s"))
        .await
        .ends(Exit::Failed)
        .warns(&["has no rotation of token"]);
    let subkeys = list.replace("tokens", "subkeys");
    local.run(&subkeys).await.ends(Exit::Done).says(&["none"]);
    for (line, said) in [
        (of("finish"), "--grace"),
        (format!("tokens rotate start {old}"), "--folder"),
        (format!("tokens rotate resume --folder {place}"), "<ID>"),
    ] {
        local.run(&line).await.ends(Exit::Usage).warns(&[said]);
    }
}

#[tokio::test]
async fn rotation_that_cannot_be_proven_from_here_is_marked_proven_or_abandoned() {
    let local = Local::start().await;
    let folder = Folder::new();
    for (name, end, at) in [
        ("marked", "mark-proven", "proven"),
        ("abandoned", "abandon", "abandoned"),
    ] {
        let old = local.token(name, &[COLO]).await;
        let of = |command: &str| format!("tokens rotate {command} {old} --folder {}", folder.path("r"));
        let ran = local.run(&of("start")).await.ends(Exit::Partial);
        ran.warns(&[
            "a call with the new credential failed",
            "IP_NOT_ALLOWED",
            "stored, not proven yet",
        ]);
        let value = local
            .run(&format!("{} --json", of(end)))
            .await
            .ends(Exit::Done)
            .json();
        assert_eq!(value["rotation"]["step"]["at"], at);
        assert!(!local.exchange.token(&old).unwrap().revoked);
    }
}

#[tokio::test]
async fn subkey_rotation_has_the_same_steps() {
    let local = Local::start().await;
    let folder = Folder::new();
    let made = "subkeys create signer --from 127.0.0.0/8 --show-secret --json";
    let made = local.run(made).await.ends(Exit::Done).json();
    let old = made["target"]["subkey"].as_str().unwrap();
    let of = |command: &str| format!("subkeys rotate {command} {old} --folder {}", folder.path("r"));
    let value = local
        .run(&format!("{} --json", of("start")))
        .await
        .ends(Exit::Done)
        .json();
    let secret = std::fs::read_to_string(value["secret_file"].as_str().unwrap()).unwrap();
    assert!(secret.starts_with("0x"));
    let ran = local.run(&of("resume")).await.ends(Exit::Done);
    ran.says(&[&format!("subkey {old} -> subkey 0x"), "proven; both work"]);
    let finish = format!("{} --grace 0s", of("finish"));
    local.run(&finish).await.ends(Exit::Done).says(&["finished"]);
    let refused = format!("{} --lifetime 1d", of("start"));
    local
        .run(&refused)
        .await
        .ends(Exit::Failed)
        .warns(&["the subkey is revoked"]);
}

#[tokio::test]
async fn question_of_a_resumed_rotation_warns_about_an_unrestricted_successor() {
    let local = Local::production().await;
    let folder = Folder::new();
    let place = folder.path("rotations");
    let old = local.token("quoter", &[]).await;
    let lost = Injection::new(Fault::reset_after()).on(&operations::CREATE_TOKEN);
    local.exchange.inject(lost);
    local
        .run(&format!("tokens rotate start {old} --folder {place} --yes"))
        .await
        .ends(Exit::Failed);
    let resume = format!("tokens rotate resume {old} --folder {place}");
    local
        .run(&resume)
        .await
        .ends(Exit::Usage)
        .warns(&["the new credential will be OPEN TO ANY ADDRESS"]);
    local
        .run(&format!("{resume} --dry-run"))
        .await
        .ends(Exit::Done)
        .says(&["the new credential will be OPEN TO ANY ADDRESS"]);
}
