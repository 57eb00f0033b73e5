//! The built program `paradex watch`: its signals and its usage.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use super::{paradex, send_signal, text};

#[test]
fn interrupt_ends_it_with_success() {
    let mut child = paradex()
        .args(["--simulator", "watch", "bbo", "BTC-USD-PERP"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // The standard output is no terminal, so it prints lines of JSON.
    let mut printed = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(
        printed
            .next()
            .unwrap()
            .unwrap()
            .starts_with("{\"after\":null,\"connection\":1,\"event\":\"live\"")
    );
    send_signal(&child, "-INT");
    for line in printed {
        let line = line.unwrap();
        assert!(
            line.starts_with('{') && line.ends_with('}'),
            "a whole line: {line}"
        );
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn wrong_usage_is_one_line_with_the_remedy() {
    let without_variables = &["watch", "bbo", "BTC-USD-PERP"][..];
    for (arguments, said) in [
        (without_variables, "or pass `--environment production`"),
        (&["watch", "bbo", "BTC-USD-PERP", "--environment", "moon"], "moon"),
        (
            &["watch", "bbo", "BTC-USD-PERP", "--environment", "mainnet"],
            "did you mean `production`?",
        ),
        (
            &["watch", "book", "ALL", "--environment", "testnet"],
            "`watch book` needs named markets: there is no feed of all books",
        ),
        (
            &[
                "--simulator",
                "watch",
                "bbo",
                "BTC-USD-PERP",
                "--environment",
                "production",
            ],
            "`--simulator` and `--environment production` exclude each other: a simulator shows invented prices; leave out one of \
             them",
        ),
        (
            &[
                "watch",
                "bbo",
                "BTC-USD-PERP",
                "--environment",
                "production",
                "--simulator",
            ],
            "`--simulator` and `--environment production` exclude each other",
        ),
        (
            &["--simulator", "probe", "--environment", "testnet"],
            "`--simulator` and `--environment testnet` exclude each other",
        ),
        (
            &["--simulator", "whoami", "--config", "paradex.toml"],
            "`--simulator` and `--config` exclude each other",
        ),
        (
            &["--all", "whoami", "--account", "desk"],
            "`--all` and `--account` exclude each other; leave out one of them",
        ),
        (
            &["--simulator", "--account", "desk", "watch", "trades", "ALL"],
            "leave out `--account` and `--all`",
        ),
    ] {
        let output = paradex().args(arguments).output().unwrap();
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(said) && error.lines().count() == 1, "{error}");
    }
}

#[test]
fn variable_that_the_simulator_ignores_is_reported() {
    let simulated = || {
        let mut command = paradex();
        command.args(["--simulator", "watch", "bbo", "BTC-USD-PERP", "--count", "1"]);
        command
    };
    let output = simulated()
        .env("PARADEX_ENVIRONMENT", "production")
        .output()
        .unwrap();
    assert_eq!(
        text(&output.stderr),
        "warning: PARADEX_ENVIRONMENT is ignored: `--simulator` shows invented prices\n"
    );
    assert_eq!(output.status.code(), Some(0));
    let output = simulated().env("PARADEX_ENVIRONMENT", "").output().unwrap();
    assert_eq!(text(&output.stderr), "");
}
