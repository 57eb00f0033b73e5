//! The built program `paradex`: exit status, environment variables, and the examples of its manual.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use paradex_api_ext::simulator::Simulator;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The program, without PARADEX_ variables.
fn paradex() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_paradex"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PARADEX_") || name == "CREDENTIALS_DIRECTORY" {
            command.env_remove(name);
        }
    }
    command.current_dir(workspace());
    command
}

fn run(arguments: &[&str]) -> Output {
    paradex().args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
fn ends(output: &Output, status: i32) {
    let shown = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "{shown}");
}

/// Replaces times and ports, which differ in each run.
fn settled(line: &str) -> String {
    let words = line.split(' ').map(|word| {
        let time = word.len() == 20 && word.ends_with('Z') && word.as_bytes()[10] == b'T';
        match word.split_once("http://127.0.0.1:") {
            Some((before, _)) => format!("{before}http://127.0.0.1:PORT"),
            None if time => "TIME".to_owned(),
            None => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Runs the examples of a page and compares their output; a line `…` stands for the rest. Returns their number.
fn check(page: &Path) -> usize {
    let page = std::fs::read_to_string(page).unwrap();
    let mut commands = 0;
    for block in page.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        for example in block.split("$ paradex ").skip(1) {
            let (arguments, expected) = example.split_once('\n').unwrap();
            let arguments: Vec<&str> = arguments.split_whitespace().collect();
            let printed = text(&run(&arguments).stdout);
            let (mut printed, mut expected): (Vec<&str>, Vec<&str>) =
                (printed.lines().collect(), expected.lines().collect());
            if expected.last() == Some(&"…") {
                expected.pop();
                printed.truncate(expected.len());
            }
            let [printed, expected] =
                [printed, expected].map(|lines| lines.into_iter().map(settled).collect::<Vec<_>>());
            assert_eq!(printed, expected, "paradex {}", arguments.join(" "));
            commands += 1;
        }
    }
    commands
}

#[test]
fn examples_of_the_pages_show_the_real_output() {
    assert_eq!(check(&workspace().join("README.md")), 2);
    assert_eq!(
        check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/fleet/operators.md")),
        6
    );
}

#[test]
fn exit_status_tells_the_outcome() {
    let policy = "paradex-api-ext/examples/policy.toml";
    ends(&run(&["--simulator", "tokens", "list"]), 0);
    ends(&run(&["--help"]), 0);
    ends(&run(&["--version"]), 0);
    ends(&run(&["--simulator", "tokens", "revoke", "nobody"]), 1);
    ends(&run(&["--simulator", "tokens", "list", "--account", "nobody"]), 2);
    ends(&run(&["--simulator", "allow", "clear", "--token", "x"]), 2);
    ends(&run(&["--simulator", "allow", "check", "--policy", policy]), 4);
    ends(
        &run(&["--simulator", "allow", "apply", "--policy", policy, "--widen"]),
        0,
    );
    ends(&run(&["--simulator", "audit"]), 4);
    let unset = run(&["tokens", "list"]);
    ends(&unset, 2);
    assert!(text(&unset.stderr).contains("or try `--simulator`"), "{unset:?}");
}

#[test]
fn completions_are_printed_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(&["completions", shell]);
        ends(&output, 0);
        assert!(text(&output.stdout).contains("unrestricted"), "{shell}");
    }
    ends(&run(&["completions", "tcsh"]), 2);
}

#[tokio::test]
async fn credentials_come_from_the_variables_of_the_account() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let research = exchange.add_account();
    let session = exchange.main_session();
    let other = exchange.account_session(&research).unwrap();
    let whoami = |accounts: &'static [&'static str]| {
        let mut command = paradex();
        command
            .env("PARADEX_ENVIRONMENT", exchange.url())
            .env("PARADEX_TOKEN", session.expose())
            .env("PARADEX_RESEARCH_1_TOKEN", other.expose())
            .args(["whoami", "--json"])
            .args(accounts.iter().flat_map(|name| ["--account", name]));
        // The simulator runs in this process, so do not block its thread.
        tokio::task::spawn_blocking(move || command.output().unwrap())
    };
    let output = whoami(&[]).await.unwrap();
    ends(&output, 0);
    assert!(
        text(&output.stdout).contains(&exchange.main_account()),
        "{output:?}"
    );
    let output = whoami(&["default", "research-1"]).await.unwrap();
    ends(&output, 0);
    let shown = text(&output.stdout);
    assert!(
        shown.contains(&exchange.main_account()) && shown.contains(&research),
        "{shown}"
    );
    for secret in [&session, &other] {
        assert!(!shown.contains(secret.expose()), "{shown}");
    }
    let output = whoami(&["nobody"]).await.unwrap();
    ends(&output, 2);
    assert!(
        text(&output.stderr).contains("PARADEX_NOBODY_PRIVATE_KEY_FILE"),
        "{output:?}"
    );
}

#[cfg(unix)]
#[test]
fn secret_is_written_to_a_descriptor() {
    let path = std::env::temp_dir().join(format!("paradex-secret-{}", std::process::id()));
    let script = format!(
        "umask 077; exec '{}' --simulator tokens create new --lifetime 1d --from 203.0.113.0/24 --secret-fd 3 3>'{}'",
        env!("CARGO_BIN_EXE_paradex"),
        path.display()
    );
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    let secret = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    ends(&output, 0);
    assert!(secret.starts_with("simulated-token-"), "{secret}");
    assert!(!text(&output.stdout).contains("simulated-token-"), "{output:?}");
}
