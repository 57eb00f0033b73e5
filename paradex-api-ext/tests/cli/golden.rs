//! What the program prints, compared with the files in `golden/`.
//!
//! A file is Markdown. Each line `$ paradex …` in a block `console` is run, and the lines below it are its output: `? STATUS` if
//! the exit status is not 0, then the standard output, then the standard error. Words in brackets stand for what differs in each
//! run, such as `[TIME]`. `SNAPSHOTS=overwrite cargo test -p paradex-api-ext --test cli golden` writes the files anew.

use std::path::{Path, PathBuf};
use std::process::Command;

use paradex_api_ext::paradex_api::{UPSTREAM_DATE, UPSTREAM_VERSION, reqwest};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use regex::Regex;
use snapbox::{Assert, Data, Redactions};

use super::{paradex, text};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cli/golden")
        .join(name)
}

/// What differs in each run or on each system.
fn redactions() -> Redactions {
    let mut redactions = Redactions::new();
    for (placeholder, pattern) in [
        ("[TIME]", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
        ("[PORT]", r"http://127\.0\.0\.1:(?<redacted>\d+)"),
        ("[SECONDS]", r#"(?:_at|_expiry)": (?<redacted>\d+)"#),
        ("[SECONDS]", r"time_to_expiry_seconds\{[^}]*\} (?<redacted>\d+)"),
        ("[OS]", r"(?<redacted>[A-Z][A-Za-z ]*\.? \(os error \d+\))"),
    ] {
        redactions
            .insert(placeholder, Regex::new(pattern).unwrap())
            .unwrap();
    }
    let api = format!("API {UPSTREAM_VERSION} of {UPSTREAM_DATE}");
    redactions.insert("[API]", api).unwrap();
    redactions.insert("[VERSION]", env!("CARGO_PKG_VERSION")).unwrap();
    redactions
}

/// Splits a command line at spaces; a text in double quotes is one word.
fn words(line: &str) -> Vec<String> {
    let quoted = line.split('"').enumerate();
    quoted
        .flat_map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

/// Runs a command, and returns what a golden file shows of it.
fn run(mut command: Command, line: &str) -> String {
    let output = command.args(words(line)).output().unwrap();
    let mut shown = format!("$ paradex {line}").trim_end().to_owned() + "\n";
    match output.status.code() {
        Some(0) => {}
        status => shown.push_str(&format!("? {}\n", status.unwrap())),
    }
    shown.push_str(&text(&output.stdout));
    shown.push_str(&text(&output.stderr));
    if !shown.ends_with('\n') {
        shown.push('\n');
    }
    shown
}

/// Runs the commands of a file, and compares it with what they print.
fn check(name: &str, command: impl Fn() -> Command) {
    let page = std::fs::read_to_string(file(name)).unwrap().replace("\r\n", "\n");
    let mut actual = String::new();
    let mut commands = 0;
    for (index, part) in page.split("```console\n").enumerate() {
        if index == 0 {
            actual.push_str(part);
            continue;
        }
        let (block, prose) = part.split_once("```").unwrap();
        actual.push_str("```console\n");
        let lines = block.lines().filter_map(|line| line.strip_prefix("$ paradex"));
        for line in lines.map(str::trim) {
            if !actual.ends_with("```console\n") {
                actual.push('\n');
            }
            actual.push_str(&run(command(), line));
            commands += 1;
        }
        actual.push_str("```");
        actual.push_str(prose);
    }
    assert!(commands > 0, "{name} has no commands");
    compare(name, actual);
}

fn compare(name: &str, actual: String) {
    Assert::new()
        .action_env("SNAPSHOTS")
        // The program shows paths as they were typed.
        .normalize_paths(false)
        .redact_with(redactions())
        .eq(actual, Data::read_from(&file(name), None));
}

/// The program with the simulated exchange.
fn simulated() -> Command {
    let mut command = paradex();
    command.arg("--simulator");
    command
}

/// The program with a token for a server.
fn at(url: &str) -> Command {
    let mut command = paradex();
    command
        .env("PARADEX_ENVIRONMENT", url)
        .env("PARADEX_TOKEN", "a-token-that-no-server-knows");
    command
}

#[test]
fn golden_help_of_every_command() {
    let mut shown = "# The help of every command\n".to_owned();
    let mut pending = vec![Vec::<String>::new()];
    while let Some(path) = pending.pop() {
        let mut arguments = path.clone();
        arguments.push("--help".to_owned());
        let help = run(paradex(), &arguments.join(" "));
        assert!(help.contains("\nExample"), "no example: {help}");
        let commands = help.split("\nCommands:\n").nth(1).unwrap_or_default();
        let names = commands.lines().take_while(|line| !line.is_empty());
        let names: Vec<&str> = names
            .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
            .filter_map(|line| line.split_whitespace().next())
            .filter(|name| *name != "help")
            .collect();
        pending.extend(
            names
                .iter()
                .rev()
                .map(|name| [path.clone(), vec![(*name).to_owned()]].concat()),
        );
        shown.push_str(&format!("\n```console\n{help}```\n"));
    }
    compare("help.md", shown);
}

#[test]
fn golden_output_with_the_simulated_exchange() {
    for name in [
        "accounts.md",
        "allow.md",
        "api.md",
        "probe.md",
        "tokens.md",
        "subkeys.md",
    ] {
        check(name, simulated);
    }
}

#[test]
fn golden_output_of_wrong_usage() {
    check("usage.md", paradex);
    check("variables.md", || {
        let mut command = paradex();
        command.env("PARADEX_ENVIRONMENT", "testnet");
        command
    });
}

#[test]
fn golden_output_with_a_dead_server() {
    // Nothing listens at this port: it belongs to a protocol that nobody uses, and no system hands it out.
    check("dead-server.md", || at("http://127.0.0.1:1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn golden_output_with_a_token_that_is_refused() {
    let simulator = Simulator::start().await.unwrap();
    let url = simulator.url().to_owned();
    tokio::task::spawn_blocking(move || check("unauthorized.md", || at(&url)))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn golden_output_with_a_server_of_html() {
    let simulator = Simulator::start().await.unwrap();
    simulator.inject(Injection::new(Fault::html(reqwest::StatusCode::BAD_GATEWAY)).times(1_000));
    let url = simulator.url().to_owned();
    tokio::task::spawn_blocking(move || check("html-server.md", || at(&url)))
        .await
        .unwrap();
}

#[test]
fn golden_colors() {
    check("colors.md", || {
        let mut command = simulated();
        command.arg("--color=always");
        command
    });
}

#[test]
fn golden_files_are_all_checked() {
    let tests = include_str!("golden.rs");
    for entry in std::fs::read_dir(file("")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(tests.contains(&format!("\"{name}\"")), "no test checks {name}");
    }
}
