//! Accounts of a configuration file in commands that change production, and in `paradex halt`.
#![cfg(unix)]

use std::io::Write as _;

use super::halt::{open_orders, place_order};
use super::*;
use crate::accounts::Accounts;
use crate::args::Command;

/// An account whose token is in the file `NAME.token`.
fn profile(name: &str, environment: &str) -> String {
    format!(
        "[accounts.{name}]\nenvironment = \"{environment}\"\nkind = \"token\"\nsecret = {{ file = \"{name}.token\" }}\n"
    )
}

/// The accounts of this configuration, for a command.
fn accounts(folder: &Folder, config: &str, line: &str) -> (Args, Accounts) {
    folder.set_mode("", 0o700);
    let path = folder.write("paradex.toml", config);
    let words = ["paradex", "--config", &path].into_iter();
    let args = Args::try_parse_from(words.chain(line.split_whitespace())).unwrap();
    let read_only = !args.command.changes();
    let accounts = Accounts::open(&args, read_only).unwrap();
    (args, accounts)
}

fn named_pipe(folder: &Folder, name: &str) {
    let made = std::process::Command::new("mkfifo")
        .args(["-m", "600", &folder.path(name)])
        .status();
    assert!(made.unwrap().success());
}

#[tokio::test]
async fn account_whose_secret_hangs_does_not_keep_others_from_being_halted() {
    let local = Local::start().await;
    let folder = Folder::new();
    let desk = local.exchange.main_account();
    place_order(&local, &desk).await;
    assert_eq!(open_orders(&local, &desk), 1);
    let session = local.exchange.account_session(&desk).unwrap();
    folder.write("desk.token", session.expose());
    named_pipe(&folder, "stuck.token");
    let url = local.exchange.url();
    let config = profile("stuck", url) + &profile("desk", url);
    let (args, source) = accounts(&folder, &config, "halt --account stuck --account desk --json");
    let Command::Halt(halt) = &args.command else {
        panic!("{args:?}");
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut console = Console {
        config: None,
        out: &mut out,
        err: &mut err,
        input: None,
        json: true,
        yes: false,
        color: false,
        progress: false,
    };
    let exit = crate::halt::run_within(Duration::ZERO, halt, &args.account, &source, &mut console).await;
    assert_eq!(exit.unwrap(), Exit::Partial);
    assert_eq!(open_orders(&local, &desk), 0);
    let result: Value = serde_json::from_slice(&out).unwrap();
    let shown = |index: usize, field: &str| result["accounts"][index][field].clone();
    assert_eq!(
        (shown(0, "name"), shown(0, "clear")),
        (json!("desk"), json!(true))
    );
    assert_eq!(
        (shown(1, "name"), shown(1, "clear")),
        (json!("stuck"), json!(false))
    );
    let detail = shown(1, "detail");
    assert!(
        detail
            .as_str()
            .unwrap()
            .starts_with("not halted: its secret was not read within"),
        "{detail}"
    );
    // The thread that reads the pipe ends.
    let pipe = std::fs::OpenOptions::new()
        .write(true)
        .open(folder.path("stuck.token"));
    pipe.unwrap().write_all(b"late").unwrap();
}

#[tokio::test]
async fn all_accounts_of_production_are_changed_only_after_confirmation() {
    let folder = Folder::new();
    folder.write("desk.token", "canary-desk");
    folder.write("quoter.token", "canary-quoter");
    let config = profile("desk", "production") + &profile("quoter", "production");
    for line in ["halt --all", "halt --account desk --account quoter"] {
        let (_, source) = accounts(&folder, &config, line);
        let ran = run_in(&source, line, None).await.ends(Exit::Usage);
        let ran = ran.warns(&[
            "account `desk` (token-",
            "`quoter` (token-",
            "at production",
            "pass `--yes`",
        ]);
        assert!(!ran.err.contains("canary"), "{}", ran.err);
        run_in(&source, line, Some("n\n"))
            .await
            .ends(Exit::Failed)
            .warns(&["Continue? [y/N] ", "not confirmed; nothing was changed"]);
    }
}

#[tokio::test]
async fn accounts_in_two_environments_are_both_halted() {
    let (one, other) = (Local::start().await, Local::start().await);
    let folder = Folder::new();
    let mut config = String::new();
    for (name, local) in [("desk", &one), ("lab", &other)] {
        let account = local.exchange.main_account();
        place_order(local, &account).await;
        let session = local.exchange.account_session(&account).unwrap();
        folder.write(&format!("{name}.token"), session.expose());
        config += &profile(name, local.exchange.url());
    }
    let line = "halt --account desk --account lab";
    let (_, source) = accounts(&folder, &config, line);
    run_in(&source, line, None).await.ends(Exit::Done);
    for local in [&one, &other] {
        assert_eq!(open_orders(local, &local.exchange.main_account()), 0);
    }
}

/// Two exchanges, with one account each.
struct Two(Local, Local);

impl ClientSource for Two {
    fn default_account(&self) -> &str {
        "desk"
    }

    fn client(&self, account: &str) -> Result<Client, Failure> {
        match account {
            "desk" => self.0.client("desk"),
            _ => self.1.client("desk"),
        }
    }

    fn all(&self) -> Result<Vec<String>, Failure> {
        Ok(vec!["desk".to_owned(), "lab".to_owned()])
    }
}

#[tokio::test]
async fn each_environment_is_confirmed_before_anything_is_cancelled() {
    let source = Two(Local::production().await, Local::production().await);
    let both = [&source.0, &source.1];
    for local in both {
        place_order(local, &local.exchange.main_account()).await;
    }
    let open = || both.map(|local| open_orders(local, &local.exchange.main_account()));
    let refused = run_in(&source, "halt --all", Some("y\nn\n")).await;
    assert_eq!(refused.err.matches("Continue?").count(), 2, "{}", refused.err);
    refused.ends(Exit::Failed);
    assert_eq!(open(), [1, 1]);
    run_in(&source, "halt --all", Some("y\ny\n"))
        .await
        .ends(Exit::Done);
    assert_eq!(open(), [0, 0]);
    for local in both {
        place_order(local, &local.exchange.main_account()).await;
    }
    run_in(&source, "halt --all --yes", None).await.ends(Exit::Done);
    assert_eq!(open(), [0, 0]);
}
