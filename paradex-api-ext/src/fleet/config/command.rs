//! Runs a command whose standard output is a secret.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use paradex_api::{Secret, visible};

use super::leak;
use crate::auth::SECRET_SUFFIXES;
use crate::auth::secret_file::{Unreadable, from_reader};

/// How much of the standard error is read for an error message, in bytes.
const MAX_ERROR_LENGTH: u64 = 4 << 10;
/// How long the output may stay open after the command has ended.
const GRACE: Duration = Duration::from_secs(1);
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// Runs a command without a shell, and returns its standard output. The error says what went wrong.
///
/// The command gets no standard input, and no variable that has a credential of this crate. Arguments are never shown, because they
/// may contain a secret.
pub(super) fn run(arguments: &[String], limit: Duration) -> Result<Secret, String> {
    let [program, arguments @ ..] = arguments else {
        return Err("the command is empty".to_owned());
    };
    let shown = format!("the command `{}`", visible(program, 80));
    let mut command = Command::new(program);
    let variables = std::env::vars_os().map(|(name, _)| name);
    for name in variables.filter(|name| is_credential(name)) {
        command.env_remove(name);
    }
    let mut child = command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => format!("{shown} was not found: install it, or write its full path"),
            _ => format!("{shown} could not be started: {error}"),
        })?;
    let outcome = wait_for_output(&mut child, limit);
    if outcome.is_err() {
        // It fails if the command has ended.
        let _ = child.kill();
        let _ = child.wait();
    }
    match outcome {
        Ok((status, secret, _)) if status.success() => Ok(secret),
        Ok((status, _, errors)) => Err(format!("{shown} failed ({status}){}", error_text(&errors))),
        Err(Problem::TimeLimit) => Err(format!(
            "{shown} did not end within {} s and was stopped, and programs that it started may still run: run it in a shell to \
             see what it waits for",
            limit.as_secs_f64()
        )),
        Err(Problem::OpenOutput) => Err(format!(
            "{shown} has ended, and a program that it started keeps its output open: redirect the output of that program"
        )),
        Err(Problem::Output(problem @ Unreadable::TooLarge)) => Err(format!(
            "the output of {shown} {problem}, and it was stopped: it must print the secret alone"
        )),
        Err(Problem::Output(problem)) => Err(format!("the output of {shown} {problem}")),
        Err(Problem::Io(error)) => Err(format!("the output of {shown} cannot be read: {error}")),
    }
}

enum Problem {
    TimeLimit,
    OpenOutput,
    Output(Unreadable),
    Io(io::Error),
}

/// Waits until the command has closed its output and ended.
fn wait_for_output(child: &mut Child, limit: Duration) -> Result<(ExitStatus, Secret, Vec<u8>), Problem> {
    let start = Instant::now();
    let left = || limit.saturating_sub(start.elapsed());
    // Threads read, because a read cannot be interrupted. If a descendant of the command keeps its output open, they live as
    // long as it does.
    let (sender, output) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        spawn(move || sender.send(from_reader(stdout)))?;
    }
    let (sender, errors) = mpsc::channel();
    if let Some(stderr) = child.stderr.take() {
        spawn(move || sender.send(read_errors(stderr)))?;
    }
    let mut secret = None;
    let mut ended: Option<(ExitStatus, Instant)> = None;
    loop {
        if ended.is_none() {
            ended = child
                .try_wait()
                .map_err(Problem::Io)?
                .map(|status| (status, Instant::now()));
        }
        if secret.is_none() {
            let read = output.recv_timeout(left().min(POLL_INTERVAL)).ok();
            secret = read.transpose().map_err(Problem::Output)?;
        } else {
            thread::sleep(left().min(POLL_INTERVAL));
        }
        let is_late = left().is_zero();
        match (ended, secret.take()) {
            (Some((status, _)), Some(secret)) => {
                let errors = errors.recv_timeout(left().min(GRACE));
                return Ok((status, secret, errors.unwrap_or_default()));
            }
            // What has arrived is not taken, because it can be a part of the secret.
            (Some((_, at)), None) if is_late || at.elapsed() > GRACE => return Err(Problem::OpenOutput),
            (None, _) if is_late => return Err(Problem::TimeLimit),
            (_, unused) => secret = unused,
        }
    }
}

/// Whether a variable has a credential of this crate, which a command does not need.
fn is_credential(variable: &OsStr) -> bool {
    let name = variable.to_string_lossy();
    name.starts_with("PARADEX_") && SECRET_SUFFIXES.iter().any(|kind| name.ends_with(kind))
}

fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<(), Problem> {
    let started = thread::Builder::new().spawn(move || drop(work()));
    started.map(drop).map_err(Problem::Io)
}

/// Reads the start of the standard error, and discards the rest so that the command does not block.
fn read_errors(mut stderr: impl Read) -> Vec<u8> {
    let mut start = Vec::new();
    let _ = stderr.by_ref().take(MAX_ERROR_LENGTH).read_to_end(&mut start);
    let _ = io::copy(&mut stderr, &mut io::sink());
    start
}

/// What a failed command printed to the standard error, unless it may contain the secret.
fn error_text(errors: &[u8]) -> String {
    /// No secret of the exchange is shorter.
    const LONGEST_WORD: usize = 24;
    let text = String::from_utf8_lossy(errors);
    let text = text.trim();
    let is_part = |c: char| c.is_ascii_alphanumeric() || "+=_-".contains(c);
    let mut words = text.split(|c| !is_part(c));
    if text.is_empty() {
        return String::new();
    }
    if words.any(|word| word.len() > LONGEST_WORD) || !leak::find(&joined(text)).is_empty() {
        return ": its error message is not shown, because it may contain the secret; run it in a shell to see it"
            .to_owned();
    }
    format!(": {}", visible(text, 300))
}

/// The text without what may separate the groups of a long number.
fn joined(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, ' ' | ':' | '-' | '\n' | '\r' | '\t'))
        .collect()
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{is_credential, run};

    const KEY: &str = "0x3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3cc";
    const LONG: Duration = Duration::from_secs(600);

    fn shell(script: &str, limit: Duration) -> Result<String, String> {
        let arguments = ["sh", "-c", script].map(str::to_owned);
        let outcome = run(&arguments, limit);
        if let Err(error) = &outcome {
            assert!(!error.contains("3c1e") && error.contains("`sh`"), "{error}");
            assert!(error.len() < 500 && !error.contains(char::is_control), "{error}");
        }
        outcome.map(|secret| secret.expose().to_owned())
    }

    #[test]
    fn output_of_the_command_is_the_secret() {
        assert_eq!(shell(&format!("echo {KEY}"), LONG).unwrap(), format!("{KEY}\n"));
        assert_eq!(shell("echo warning >&2; printf a", LONG).unwrap(), "a");
        // The command has no input to wait for.
        assert_eq!(shell("cat; echo a", LONG).unwrap(), "a\n");
        // No shell takes the arguments apart.
        let arguments = ["printf", "%s", "$(echo a); b"].map(str::to_owned);
        assert_eq!(run(&arguments, LONG).unwrap().expose(), "$(echo a); b");
    }

    #[test]
    fn hanging_command_is_stopped() {
        for script in [
            "exec sleep 600",
            "exec >&-; exec sleep 600",
            "while :; do :; done",
        ] {
            let error = shell(script, Duration::from_millis(50)).unwrap_err();
            assert!(
                error.contains("did not end within 0.05 s") && error.contains("may still run"),
                "{script}: {error}"
            );
        }
    }

    #[test]
    fn descendant_that_keeps_the_output_open_is_reported() {
        let error = shell("sleep 30 & echo canary", LONG).unwrap_err();
        assert!(error.contains("keeps its output open"), "{error}");
        assert!(!error.contains("canary"), "{error}");
        assert_eq!(shell("sleep 30 >&- 2>&- & echo a", LONG).unwrap(), "a\n");
    }

    #[test]
    fn variables_with_credentials_are_not_passed_on() {
        for name in ["PARADEX_TOKEN", "PARADEX_DESK_1_PRIVATE_KEY", "PARADEX_A_SUBKEY"] {
            assert!(is_credential(name.as_ref()), "{name}");
        }
        for name in ["PATH", "PARADEX_TOKEN_FILE", "PARADEX_ENVIRONMENT", "VAULT_TOKEN"] {
            assert!(!is_credential(name.as_ref()), "{name}");
        }
    }

    #[test]
    fn endless_output_is_cut_off() {
        for script in ["yes", "head -c 1000000000 /dev/zero"] {
            let error = shell(script, LONG).unwrap_err();
            assert!(error.contains("more than 64 KiB"), "{error}");
        }
        // Endless error output neither blocks the command nor fills memory.
        assert_eq!(
            shell("head -c 1000000 /dev/zero >&2; echo a", LONG).unwrap(),
            "a\n"
        );
    }

    #[test]
    fn failed_command_shows_its_error_message() {
        let error = shell(
            "echo 'Error: paradex/desk is not in the password store.' >&2; exit 1",
            LONG,
        );
        let error = error.unwrap_err();
        assert!(
            error.contains("exit status: 1): Error: paradex/desk is not in the password store."),
            "{error}"
        );
        assert!(shell("exit 3", LONG).unwrap_err().ends_with("(exit status: 3)"));
        assert!(shell("kill -9 $$", LONG).unwrap_err().contains("signal: 9"));
        assert!(shell("printf '\\377'", LONG).unwrap_err().contains("UTF-8"));
    }

    #[test]
    fn error_message_that_may_contain_the_secret_is_not_shown() {
        let groups: Vec<&str> = (2..KEY.len() - 8).step_by(8).map(|at| &KEY[at..at + 8]).collect();
        for message in [
            KEY.to_owned(),
            format!("cannot use key={KEY}"),
            groups.join(" "),
            groups.join(":"),
            "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIweDEifQ.3c1e".to_owned(),
            "opaque-token-3c1e9550e66958".to_owned(),
        ] {
            let error = shell(&format!("echo '{message}' >&2; echo {KEY}; exit 1"), LONG).unwrap_err();
            assert!(error.contains("is not shown"), "{error}");
        }
    }

    #[test]
    fn missing_program_is_named() {
        let error = run(&["no-such-program-here".to_owned(), KEY.to_owned()], LONG).unwrap_err();
        assert!(error.contains("`no-such-program-here` was not found"), "{error}");
        assert!(!error.contains("3c1e"), "{error}");
        assert!(run(&[], LONG).is_err());
        assert!(
            run(&["/".to_owned()], LONG)
                .unwrap_err()
                .contains("could not be started")
        );
    }
}
