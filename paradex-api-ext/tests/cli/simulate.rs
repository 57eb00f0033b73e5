//! The built program `paradex simulate`: it serves, logs, and ends.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Output, Stdio};

use serde_json::Value;

use super::{paradex, send_signal};

/// A running simulator, which is killed if a test fails.
pub(super) struct Served {
    child: Child,
    started: Value,
    pub(super) log: BufReader<ChildStderr>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

impl Served {
    pub(super) fn start(arguments: &[&str]) -> Self {
        let mut child = paradex()
            .args(["simulate", "--port", "0", "--json"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let printed = child.stdout.take().unwrap();
        let mut printed = serde_json::Deserializer::from_reader(printed).into_iter();
        Self {
            started: printed.next().unwrap().unwrap(),
            log: BufReader::new(child.stderr.take().unwrap()),
            child,
        }
    }

    pub(super) fn text(&self, pointer: &str) -> &str {
        self.started.pointer(pointer).unwrap().as_str().unwrap()
    }

    /// Runs the program as its client, with the key of the first account.
    pub(super) fn client(&self, arguments: &[&str]) -> Output {
        paradex()
            .args(arguments)
            .env("PARADEX_ENVIRONMENT", self.text("/base_url"))
            .env("PARADEX_PRIVATE_KEY", self.text("/accounts/0/private_key"))
            .output()
            .unwrap()
    }

    /// Sends a number of requests with a path of 8,000 characters, which are refused, and reads the responses.
    fn refuse(&self, count: usize) {
        let address = self.text("/base_url").strip_prefix("http://").unwrap();
        let mut stream = BufReader::new(TcpStream::connect(address).unwrap());
        let path = "x".repeat(8_000);
        for _ in 0..count {
            let sent = format!("GET /{path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
            stream.get_mut().write_all(sent.as_bytes()).unwrap();
            let (mut line, mut length) = (String::new(), 0);
            while line != "\r\n" {
                line.clear();
                assert_ne!(
                    stream.read_line(&mut line).unwrap(),
                    0,
                    "it closed the connection"
                );
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
            }
            stream.read_exact(&mut vec![0; length]).unwrap();
        }
    }

    /// Ends it with a signal, and returns the rest of its log.
    pub(super) fn end(mut self, signal: &str) -> String {
        send_signal(&self.child, signal);
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0), "{rest}");
        rest
    }
}

#[test]
fn served_exchange_works_for_a_client_until_it_is_stopped() {
    let mut served = Served::start(&["-v"]);
    assert_eq!(served.text("/chain_id"), "PRIVATE_SN_POTC_MOCK_SEPOLIA");
    let who = served.client(&["whoami", "--json"]);
    let shown = String::from_utf8(who.stdout.clone()).unwrap();
    assert!(
        who.status.success() && shown.contains(served.text("/accounts/0/address")),
        "{who:?}"
    );
    let mut line = String::new();
    while line != "GET /v1/account 200\n" {
        line.clear();
        assert_ne!(
            served.log.read_line(&mut line).unwrap(),
            0,
            "it logs every request"
        );
    }
    served.end("-TERM");
}

#[test]
fn refused_requests_are_logged_without_verbose() {
    let served = Served::start(&[]);
    assert!(served.client(&["whoami"]).status.success());
    let refused = paradex()
        .arg("whoami")
        .env("PARADEX_ENVIRONMENT", served.text("/base_url"))
        .env("PARADEX_TOKEN", "unknown")
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(
        served.end("-INT"),
        "GET /v1/account 401 missing or malformed jwt\n"
    );
}

#[test]
fn unchecked_signatures_are_warned_of() {
    let served = Served::start(&["--unchecked-signatures"]);
    assert_eq!(
        served.end("-TERM"),
        "warning: orders with a wrong signature are accepted, because of `--unchecked-signatures`\n"
    );
}

#[test]
fn log_without_reader_drops_lines_and_delays_no_response() {
    const SENT: usize = 400;
    let mut served = Served::start(&[]);
    served.refuse(SENT);
    let (mut logged, mut dropped) = (0, 0);
    let mut line = String::new();
    // The line after the dropped ones is logged again, so that it comes with their number.
    while dropped == 0 {
        line.clear();
        assert_ne!(served.log.read_line(&mut line).unwrap(), 0);
        match line.split_once(" lines of the log were dropped") {
            Some((number, _)) => dropped = number.parse().unwrap(),
            None => logged += 1,
        }
        if logged == SENT / 8 {
            served.refuse(1);
        }
    }
    logged += served.end("-TERM").lines().count();
    assert_eq!(logged + dropped, SENT + 1);
}

#[test]
fn closed_log_ends_neither_connection_nor_program() {
    let mut served = Served::start(&["-v"]);
    let (closed, _) = std::io::pipe().unwrap();
    served.log = BufReader::new(ChildStderr::from(std::os::fd::OwnedFd::from(closed)));
    served.refuse(3);
    served.end("-TERM");
}

#[test]
fn listening_on_all_addresses_is_warned_of() {
    let served = Served::start(&["--bind", "0.0.0.0"]);
    let log = served.end("-TERM");
    assert!(
        log.starts_with("warning: ") && log.contains("`--bind 0.0.0.0`; every client can claim any address"),
        "{log}"
    );
}

#[test]
fn same_seed_gives_the_same_accounts() {
    let accounts = |seed| {
        let served = Served::start(&["--seed", seed]);
        let accounts = served.started["accounts"].clone();
        served.end("-TERM");
        accounts
    };
    let seven = accounts("7");
    assert_eq!(seven.as_array().unwrap().len(), 2);
    assert_eq!(seven, accounts("7"));
    assert_ne!(seven, accounts("8"));
}

#[test]
fn wrong_start_is_one_line_with_the_remedy() {
    let served = Served::start(&[]);
    let port = served.text("/base_url").rsplit_once(':').unwrap().1;
    let broken = std::env::temp_dir().join(format!("paradex-markets-{}.toml", std::process::id()));
    std::fs::write(&broken, "markets\n").unwrap();
    for (arguments, status, said) in [
        (["--port", port], 1, "choose another port, or 0 for a free one"),
        (["--bind", "192.0.2.1"], 2, "use a loopback address, or 0.0.0.0"),
        (
            ["--chain-id", "PRIVATE_SN_PARACLEAR_MAINNET"],
            2,
            "choose another",
        ),
        (["--chain-id", "two words"], 2, "1 to 31 visible ASCII characters"),
        (["--market", broken.to_str().unwrap()], 2, "line 1: "),
        (["--market", "no-such-file.toml"], 2, "check the path"),
        (["--prices", broken.to_str().unwrap()], 2, "line 1: "),
        (
            ["--assumptions", broken.to_str().unwrap()],
            2,
            "line 1: it is not TOML",
        ),
        (["--assumptions", "no-such-file.toml"], 1, "could not be read"),
        (["--speed", "-1"], 2, "speed -1 is invalid; use 0"),
    ] {
        let output = paradex().arg("simulate").args(arguments).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{error}");
        assert!(error.contains(said) && error.lines().count() == 1, "{error}");
        assert!(output.stdout.is_empty());
    }
    std::fs::remove_file(&broken).unwrap();
    served.end("-TERM");
}
