//! The built program `paradex`: exit status, environment variables, and the examples of its manual.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod golden;
#[cfg(unix)]
mod probe;
#[cfg(unix)]
mod simulate;
#[cfg(unix)]
mod watch;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use paradex_api_ext::simulator::Simulator;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The program, without variables and files of the user.
fn paradex() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_paradex"));
    const OTHERS: [&str; 5] = [
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "CREDENTIALS_DIRECTORY",
        "NO_COLOR",
    ];
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("PARADEX_") || OTHERS.contains(&&*text) {
            command.env_remove(name);
        }
    }
    // No file of the user is read.
    for home in ["HOME", "XDG_CONFIG_HOME", "APPDATA"] {
        command.env(home, std::env::temp_dir().join("paradex-has-no-home"));
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

/// Sends a signal, such as `-INT`, to a running program.
#[cfg(unix)]
fn send_signal(program: &std::process::Child, signal: &str) {
    let id = program.id().to_string();
    let mut kill = Command::new("kill");
    assert!(kill.args([signal, &id]).status().unwrap().success());
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
    ends(&run(&["--simulator", "tokens", "list", "--include-revoked"]), 0);
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
fn colors_depend_on_the_terminal_and_the_environment() {
    let is_colored = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = paradex();
        command.envs(variables.iter().copied());
        let output = command.arg("--simulator").args(arguments).output().unwrap();
        text(&output.stdout).contains('\u{1b}')
    };
    let list = ["tokens", "list"];
    assert!(!is_colored(&[], &list), "the output is no terminal");
    assert!(is_colored(&[("CLICOLOR_FORCE", "1")], &list));
    assert!(is_colored(&[("CLICOLOR_FORCE", "1")], &["--help"]));
    assert!(!is_colored(
        &[("CLICOLOR_FORCE", "1")],
        &["--color", "never", "tokens", "list"]
    ));
    assert!(!is_colored(
        &[("CLICOLOR_FORCE", "1")],
        &["--help", "--color", "never"]
    ));
    assert!(is_colored(
        &[("NO_COLOR", "1")],
        &["--color", "always", "tokens", "list"]
    ));
    assert!(!is_colored(
        &[("CLICOLOR_FORCE", "1")],
        &["tokens", "list", "--json"]
    ));
}

#[test]
fn manual_pages_are_written_for_each_command() {
    let folder = std::env::temp_dir().join(format!("paradex-man-{}", std::process::id()));
    let path = folder.to_str().unwrap();
    // A second run replaces the pages.
    for _ in 0..2 {
        ends(&run(&["man", path]), 0);
    }
    let output = run(&["man", path, "--json"]);
    let shown: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let page = std::fs::read_to_string(folder.join("paradex-tokens-create.1")).unwrap();
    let pages = std::fs::read_dir(&folder).unwrap().count();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(shown["pages"], pages);
    assert!(page.contains("Example"), "{page}");
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

/// A folder with a configuration, which is removed with the value.
#[cfg(unix)]
struct Files(PathBuf);

#[cfg(unix)]
impl Files {
    fn new() -> Self {
        use std::os::unix::fs::DirBuilderExt as _;
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("paradex-accounts-{}-{count}", std::process::id()));
        let mut builder = std::fs::DirBuilder::new();
        builder
            .recursive(true)
            .mode(0o700)
            .create(path.join("config/paradex"))
            .unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// The program, which looks for its configuration here.
    fn paradex(&self) -> Command {
        let mut command = paradex();
        command.env("XDG_CONFIG_HOME", self.0.join("config"));
        command
    }
}

#[cfg(unix)]
impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A token profile whose secret is in a variable.
#[cfg(unix)]
fn account(name: &str, environment: &str, variable: &str) -> String {
    format!(
        "[accounts.{name}]\nenvironment = \"{environment}\"\nkind = \"token\"\nsecret = {{ env = \"{variable}\" }}\n"
    )
}

#[cfg(unix)]
#[tokio::test]
async fn accounts_come_from_the_configuration_file() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let research = exchange.add_account();
    let (desk, other) = (
        exchange.main_session(),
        exchange.account_session(&research).unwrap(),
    );
    let files = Files::new();
    let one = files.write("one.toml", &account("desk", exchange.url(), "DESK_SECRET"));
    let both =
        account("desk", exchange.url(), "DESK_SECRET") + &account("research", exchange.url(), "OTHER_SECRET");
    let default = "config/paradex/paradex.toml";
    let run = |variables: Vec<(&'static str, String)>, arguments: &[&str]| {
        let mut command = files.paradex();
        command
            .env("DESK_SECRET", desk.expose())
            .env("OTHER_SECRET", other.expose())
            .envs(variables)
            .args(arguments);
        // The simulator runs in this process, so do not block its thread.
        tokio::task::spawn_blocking(move || command.output().unwrap())
    };
    let [main, url] = [exchange.main_account(), exchange.url().to_owned()];
    let [one, missing] = [one.to_str().unwrap(), "/nowhere/paradex.toml"];

    // Without a file, the variables decide, and `--all` has no meaning.
    let output = run(vec![("PARADEX_ENVIRONMENT", url.clone())], &["whoami", "--all"])
        .await
        .unwrap();
    ends(&output, 2);
    assert!(
        text(&output.stderr).contains("paradex/paradex.toml, or pass `--config FILE`"),
        "{output:?}"
    );
    // The only account needs no name.
    for variables in [vec![], vec![("PARADEX_CONFIG", missing.to_owned())]] {
        let output = run(variables, &["whoami", "--json", "--config", one])
            .await
            .unwrap();
        ends(&output, 0);
        assert!(text(&output.stdout).contains(&main), "{output:?}");
    }
    let output = run(
        vec![("PARADEX_CONFIG", one.to_owned())],
        &["whoami", "--account", "desk"],
    )
    .await
    .unwrap();
    ends(&output, 0);
    let output = run(vec![("PARADEX_CONFIG", missing.to_owned())], &["whoami"])
        .await
        .unwrap();
    ends(&output, 2);
    assert!(
        text(&output.stderr).contains("PARADEX_CONFIG: /nowhere"),
        "{output:?}"
    );

    // A file at the default path with two accounts.
    files.write(default, &both);
    let output = run(vec![], &["whoami", "--all", "--json"]).await.unwrap();
    ends(&output, 0);
    let shown = text(&output.stdout);
    assert!(shown.contains(&main) && shown.contains(&research), "{shown}");
    let environment = ("PARADEX_ENVIRONMENT", url.clone());
    let token = ("PARADEX_TOKEN", desk.expose().to_owned());
    for (variables, arguments, reason) in [
        (
            vec![],
            &["whoami"][..],
            "several accounts: pass `--account` or `--all`; the accounts are desk, research",
        ),
        (vec![], &["whoami", "--account", "dask"], "did you mean `desk`?"),
        (
            vec![environment.clone(), ("PARADEX_DESK_TOKEN", "canary".to_owned())],
            &["whoami", "--account", "desk"],
            "PARADEX_DESK_TOKEN is set: remove it, or pass `--config`",
        ),
        (
            vec![("PARADEX_ENVIRONMENT", "testnet".to_owned())],
            &["whoami", "--account", "desk"],
            "PARADEX_ENVIRONMENT is testnet, and the account `desk`",
        ),
        (
            vec![],
            &["whoami", "--simulator", "--config", one],
            "cannot be used with",
        ),
    ] {
        let output = run(variables, arguments).await.unwrap();
        ends(&output, 2);
        let shown = text(&output.stderr);
        assert!(shown.contains(reason) && !shown.contains("canary"), "{shown}");
    }
    // A credential without an environment is not passed over, and neither is a name that means the variables of another account.
    for (variables, arguments, reason) in [
        (
            vec![token.clone()],
            &["whoami"][..],
            "PARADEX_TOKEN is set and PARADEX_ENVIRONMENT is not: set it, or name an account of ",
        ),
        (
            vec![environment.clone(), ("PARADEX_DESK_TOKEN", "canary".to_owned())],
            &["whoami", "--account", "Desk"],
            "did you mean `desk`?",
        ),
        (
            vec![environment.clone()],
            &["whoami", "--account", "a.b"],
            "there is no account `a.b`; the accounts are",
        ),
        (
            vec![environment.clone()],
            &["whoami", "--account", "dask"],
            "PARADEX_DASK_TOKEN_FILE; ",
        ),
        (
            vec![environment.clone()],
            &["whoami", "--account", "dask"],
            "paradex.toml: there is no account `dask` (did you mean `desk`?)",
        ),
    ] {
        let output = run(variables, arguments).await.unwrap();
        ends(&output, 2);
        let shown = text(&output.stderr);
        assert!(shown.contains(reason) && !shown.contains("canary"), "{shown}");
    }
    // Variables go on working for accounts that the file lacks.
    let output = run(vec![environment.clone(), token], &["whoami", "--json"])
        .await
        .unwrap();
    ends(&output, 0);
    assert!(
        text(&output.stdout).contains("\"name\": \"default\""),
        "{output:?}"
    );
    let lab = ("PARADEX_LAB_TOKEN", other.expose().to_owned());
    let output = run(
        vec![environment, lab],
        &["whoami", "--account", "lab", "--account", "desk"],
    )
    .await
    .unwrap();
    ends(&output, 0);
    // Accounts in two environments are no fleet.
    files.write(default, &(both + &account("live", "production", "DESK_SECRET")));
    let output = run(vec![], &["audit", "--all"]).await.unwrap();
    ends(&output, 2);
    assert!(
        text(&output.stderr).contains(&format!("accounts at {url} and at production")),
        "{output:?}"
    );
}

#[cfg(unix)]
#[test]
fn systemd_credential_is_not_passed_over_for_the_account_of_the_file() {
    let files = Files::new();
    files.write(
        "config/paradex/paradex.toml",
        &account("desk", "testnet", "DESK_SECRET"),
    );
    for (name, arguments, reason) in [
        ("paradex-token", &["whoami"][..], "PARADEX_ENVIRONMENT is not"),
        (
            "paradex-desk-token",
            &["whoami", "--account", "desk"],
            "paradex-desk-token is set: remove it",
        ),
    ] {
        let credential = files.write(name, "canary");
        let mut command = files.paradex();
        command
            .env("CREDENTIALS_DIRECTORY", &files.0)
            .env("DESK_SECRET", "canary");
        let output = command.args(arguments).output().unwrap();
        ends(&output, 2);
        let shown = text(&output.stderr);
        assert!(shown.contains(reason) && !shown.contains("canary"), "{shown}");
        std::fs::remove_file(credential).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn public_data_is_not_read_from_another_environment_than_the_variable_names() {
    let files = Files::new();
    files.write(
        "config/paradex/paradex.toml",
        &account("desk", "production", "DESK_SECRET"),
    );
    let mut command = files.paradex();
    command.env("PARADEX_ENVIRONMENT", "testnet");
    let output = command
        .args(["api", "GET", "/v1/markets", "--dry-run"])
        .output()
        .unwrap();
    ends(&output, 2);
    let shown = text(&output.stderr);
    assert!(
        shown.contains("PARADEX_ENVIRONMENT is testnet, and the account `desk`"),
        "{shown}"
    );
}

#[cfg(unix)]
#[test]
fn dangling_link_at_the_default_path_is_not_a_missing_file() {
    let files = Files::new();
    let path = files.0.join("config/paradex/paradex.toml");
    let run = || {
        let mut command = files.paradex();
        command.env("PARADEX_ENVIRONMENT", "testnet");
        let output = command.args(["whoami"]).output().unwrap();
        ends(&output, 2);
        text(&output.stderr)
    };
    assert!(run().contains("has no credential"));
    std::os::unix::fs::symlink("/nowhere/paradex.toml", &path).unwrap();
    assert!(run().contains("paradex.toml cannot be read"), "{}", run());
    // The same holds for its folder.
    let folder = path.parent().unwrap();
    std::fs::remove_dir_all(folder).unwrap();
    std::os::unix::fs::symlink("/nowhere", folder).unwrap();
    assert!(run().contains("paradex.toml cannot be read"), "{}", run());
}

#[cfg(unix)]
#[tokio::test]
async fn token_is_read_once_from_a_pipe() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let session = exchange.main_session();
    let url = exchange.url().to_owned();
    let output = tokio::task::spawn_blocking(move || {
        let script = format!(
            "printf %s \"$SESSION\" | '{}' whoami --json 3<&0 </dev/null",
            env!("CARGO_BIN_EXE_paradex")
        );
        let mut shell = Command::new("sh");
        // The same variables as for the program.
        for (name, value) in paradex().get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        shell
            .env("PARADEX_ENVIRONMENT", url)
            .env("PARADEX_TOKEN_FILE", "/dev/fd/3")
            .env("SESSION", session.expose())
            .args(["-c", &script])
            .output()
            .unwrap()
    });
    ends(&output.await.unwrap(), 0);
}

#[cfg(unix)]
#[test]
fn command_for_a_secret_does_not_get_the_credentials_of_others() {
    let files = Files::new();
    let path = "config/paradex/paradex.toml";
    let script = "test -z \"$PARADEX_LAB_TOKEN$PARADEX_LAB_PRIVATE_KEY\" && test -n \"$KEPT\" && echo token";
    files.write(
        path,
        &format!(
            "[accounts.desk]\nenvironment = \"testnet\"\nkind = \"token\"\nsecret = {{ command = [\"sh\", \"-c\", '{script}'] }}\n"
        ),
    );
    let mut command = files.paradex();
    command
        .env("PARADEX_LAB_TOKEN", "canary")
        .env("PARADEX_LAB_PRIVATE_KEY", "canary")
        .env("KEPT", "1");
    ends(&command.args(["config", "check"]).output().unwrap(), 0);
}

#[cfg(unix)]
#[test]
fn configuration_is_checked_without_showing_a_secret() {
    use std::os::unix::fs::PermissionsExt as _;
    let files = Files::new();
    let path = "config/paradex/paradex.toml";
    let run = |arguments: &[&str]| {
        let mut command = files.paradex();
        command
            .env("GOOD", "canary-token")
            .env_remove("BAD")
            .args(arguments)
            .output()
            .unwrap()
    };
    let output = run(&["config", "check"]);
    ends(&output, 2);
    assert!(text(&output.stderr).contains(path), "{output:?}");

    files.write(path, &account("desk", "production", "GOOD"));
    let output = run(&["config", "check"]);
    ends(&output, 0);
    let shown = text(&output.stdout);
    assert!(
        shown.ends_with("\ndesk (PRODUCTION): token from the variable GOOD\n  its secret can be read\n"),
        "{shown}"
    );

    files.write(
        path,
        &(account("desk", "production", "GOOD") + &account("lab", "testnet", "BAD")),
    );
    let output = run(&["config", "check", "--json"]);
    ends(&output, 1);
    let shown = text(&output.stdout);
    let report: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(report["accounts"][0]["error"], serde_json::Value::Null);
    assert_eq!(report["accounts"][0]["production"], true);
    assert_eq!(
        report["accounts"][1]["error"],
        "account `lab`: the variable BAD is not set"
    );
    ends(&run(&["config", "check", "--account", "desk"]), 0);
    ends(&run(&["config", "check", "--account", "nobody"]), 2);

    let broken = files.write(path, "[accounts.desk]\ntoken = \"canary\"\n");
    let output = run(&["config", "check"]);
    ends(&output, 2);
    let error = text(&output.stderr);
    assert!(
        error.contains("paradex.toml: line 2: accounts.desk.token: a secret is refused"),
        "{error}"
    );
    std::fs::set_permissions(&broken, std::fs::Permissions::from_mode(0o666)).unwrap();
    let refused = run(&["tokens", "list"]);
    ends(&refused, 2);
    assert!(text(&refused.stderr).contains("chmod go-w"), "{refused:?}");
    for shown in [shown, error, text(&refused.stderr)] {
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[test]
fn configuration_is_not_checked_with_the_simulator() {
    let output = run(&["--simulator", "config", "check"]);
    ends(&output, 2);
    assert!(
        text(&output.stderr).contains("leave out `--simulator`"),
        "{output:?}"
    );
}

/// Runs the program with a standard error or output that is full.
#[cfg(target_os = "linux")]
fn run_with_full(stream: &str, arguments: &str) -> Output {
    let script = format!("exec \"$0\" {arguments} {stream}>/dev/full");
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_paradex")]);
    command.output().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_keeps_the_exit_status() {
    ends(&run_with_full("2", "--simulator allow show --token nobody"), 1);
    ends(&run_with_full("2", "--simulator whoami --account nobody"), 2);
    ends(
        &run_with_full("2", "--simulator halt --account nobody --account desk"),
        3,
    );
    let output = run_with_full("1", "--simulator tokens revoke b9704fa7ca682cf5");
    ends(&output, 3);
    assert!(
        text(&output.stderr).contains("the change was made, and its result"),
        "{output:?}"
    );
    ends(&run_with_full("1", "--simulator tokens list"), 1);
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
