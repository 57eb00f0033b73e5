//! Commands whose output cannot be written.

use super::*;

const FULL: &str = "and its result could not be printed: ";

#[tokio::test]
async fn change_whose_result_cannot_be_printed_does_not_exit_as_unmade() {
    let local = Local::start().await;
    let folder = Folder::new();
    let id = local.token("quoter", &[COLO]).await;
    let policy = folder.policy("192.0.2.0/24");
    let file = folder.path("secret");
    let rotations = folder.path("rotations");
    let body = folder.write("list.json", &json!({"allowed_cidrs": [COLO]}).to_string());
    for line in [
        format!("allow set --token {id} {OFFICE}"),
        format!("api PUT /v1/account/tokens/{id}/allowed-cidrs --body {body}"),
        format!("allow apply --policy {policy}"),
        format!("tokens create new --lifetime 1d --from {COLO} --secret-file {file}"),
        format!("subkeys create new --from {COLO} --public-key 0x7"),
        "subkeys revoke 0x7".to_owned(),
        format!("tokens rotate start {id} --from 127.0.0.0/8 --folder {rotations}"),
        format!("tokens rotate abandon {id} --folder {rotations}"),
        "halt".to_owned(),
        format!("tokens revoke {id}"),
    ] {
        let before = local.changes();
        let (exit, err) = local.run_unprinted(&line).await;
        assert_eq!(exit, Exit::Partial, "{line}: {err}");
        assert!(err.contains(FULL), "{line}: {err}");
        assert!(local.changes() > before, "{line}");
    }
    assert!(folder.read("secret").starts_with("simulated-token-"));
    for line in ["tokens list", "api GET /v1/account", "halt --dry-run"] {
        let (exit, err) = local.run_unprinted(line).await;
        assert_eq!(exit, Exit::Failed, "{line}: {err}");
        assert!(!err.contains(FULL), "{line}: {err}");
    }
}

#[tokio::test]
async fn confirmed_change_whose_result_cannot_be_printed_reports_how_it_ended() {
    let local = Local::start().await;
    let folder = Folder::new();
    let (id, file) = super::confirm::token_in_a_file(&local, &folder, &["127.0.0.0/8"]).await;
    let line = format!("allow change --token {id} 127.0.0.0/16 --confirm=0s --probe-file {file}");
    let (exit, err) = local.run_unprinted(&line).await;
    assert_eq!(exit, Exit::Partial, "{err}");
    assert!(
        err.contains(&format!("the change ended with `confirmed`, {FULL}")),
        "{err}"
    );
}

#[tokio::test]
async fn credential_whose_secret_cannot_be_printed_is_revoked() {
    let local = Local::start().await;
    let token = format!("tokens create new --lifetime 1d --from {COLO} --show-secret");
    let subkey = format!("subkeys create new --from {COLO} --show-secret");
    for (line, kind) in [(&token, "token"), (&subkey, "subkey")] {
        let (exit, err) = local.run_unprinted(line).await;
        assert_eq!(exit, Exit::Failed, "{err}");
        assert!(
            err.contains(FULL) && err.contains(&format!("the new {kind} was revoked")),
            "{err}"
        );
        let list = format!("{kind}s list --json");
        let live = local.run(&list).await.ends(Exit::Done).json();
        assert_eq!(live["members"], json!([]), "{kind}");
        let all = local.run(&format!("{list} --include-revoked")).await.json();
        assert_eq!(all["members"][0]["status"], "revoked", "{kind}");
    }
    // What cannot be revoked is named.
    let away = Fault::html(paradex_api_ext::paradex_api::reqwest::StatusCode::BAD_GATEWAY);
    local
        .exchange
        .inject(Injection::new(away).on(&operations::REVOKE_TOKEN).times(9));
    let (exit, err) = local.run_unprinted(&token).await;
    assert_eq!(exit, Exit::Partial, "{err}");
    assert!(
        err.contains("could not be revoked, so revoke it by hand"),
        "{err}"
    );
}

#[tokio::test]
async fn halt_cancels_orders_even_if_its_warning_cannot_be_printed() {
    let local = Local::start().await;
    super::halt::place_order(&local, &local.exchange.main_account()).await;
    let mut out = Vec::new();
    let line = "halt --account nobody --account desk";
    let exit = run_to(&local, line, None, &mut out, &mut Full).await;
    let out = String::from_utf8(out).unwrap();
    assert_eq!(exit, Exit::Partial, "{out}");
    assert!(out.contains("nobody: not halted: "), "{out}");
    let orders = local.exchange.orders(&local.exchange.main_account());
    assert!(!orders.is_empty());
    assert!(
        orders.iter().all(|order| order.status.as_str() == "CLOSED"),
        "{orders:?}"
    );
}
