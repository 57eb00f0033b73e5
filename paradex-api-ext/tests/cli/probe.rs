//! The built program `paradex probe` against `paradex simulate`.

use std::io::{BufRead as _, Read as _};
use std::path::PathBuf;
use std::process::Stdio;

use super::simulate::Served;
use super::{paradex, send_signal};

/// A file of one test, which is removed with it.
struct TestFile(PathBuf);

impl TestFile {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("paradex-{}-{name}", std::process::id())))
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for TestFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

const ASSUMED: &str = "[answers]\nhost-bits = \"masked\"\naddress-refusal = \"451\"\nnetwork-limit = 20\n";

#[test]
fn report_of_the_probe_is_read_by_the_simulator() {
    let (assumed, report) = (TestFile::new("assumed.toml"), TestFile::new("report.toml"));
    std::fs::write(&assumed.0, ASSUMED).unwrap();
    let served = Served::start(&["--assumptions", assumed.path()]);
    let url = served.text("/base_url");
    let arguments = [
        "probe",
        "--environment",
        url,
        "--with-orders",
        "--yes",
        "--output",
        report.path(),
    ];
    let probed = served.client(&arguments);
    assert!(probed.status.success(), "{probed:?}");
    let text = std::fs::read_to_string(&report.0).unwrap();
    for line in ASSUMED.lines().skip(1).chain(["bare-address = \"refused\""]) {
        assert!(text.lines().any(|found| found == line), "{line}: {text}");
    }
    served.end("-TERM");
    Served::start(&["--assumptions", report.path()]).end("-TERM");
}

/// `--environment` takes the place of the variable, and no account is needed for what is public.
#[test]
fn probe_without_an_account_asks_what_is_public() {
    let served = Served::start(&[]);
    let url = served.text("/base_url").to_owned();
    let probed = paradex()
        .args(["probe", "--environment", &url, "--yes", "--json"])
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&probed.stdout).unwrap();
    assert_eq!(report["answers"].as_object().unwrap().len(), 15, "{report}");
    served.end("-TERM");
}

#[test]
fn signal_ends_the_probe_and_leaves_nothing() {
    let assumed = TestFile::new("slow.toml");
    // The probe waits for at least ten seconds.
    std::fs::write(&assumed.0, "[answers]\nallowlist-delay = \"within-10-seconds\"\n").unwrap();
    let mut served = Served::start(&["-v", "--assumptions", assumed.path()]);
    let mut probing = paradex()
        .args(["probe", "--yes", "--with-orders"])
        .env("PARADEX_ENVIRONMENT", served.text("/base_url"))
        .env("PARADEX_PRIVATE_KEY", served.text("/accounts/0/private_key"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    while !line.starts_with("PUT /v1/account/tokens/") {
        line.clear();
        assert_ne!(served.log.read_line(&mut line).unwrap(), 0);
    }
    send_signal(&probing, "-INT");
    let (mut report, mut shown) = (String::new(), String::new());
    probing
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut report)
        .unwrap();
    probing.stderr.take().unwrap().read_to_string(&mut shown).unwrap();
    assert_eq!(probing.wait().unwrap().code(), Some(3), "{shown}");
    assert!(shown.contains("stopping: "), "{shown}");
    assert!(
        report.contains("used-client-id = \"the probe was stopped\""),
        "{report}"
    );
    let listed = served.client(&["tokens", "list", "--json"]);
    assert!(
        !String::from_utf8(listed.stdout)
            .unwrap()
            .contains("paradex-probe-")
    );
    let left = served.client(&["probe", "--clean-up"]);
    assert_eq!(
        String::from_utf8(left.stdout).unwrap(),
        "there is no journal, so nothing to clean up\n"
    );
}

#[test]
fn failed_probe_leaves_no_empty_report() {
    let report = TestFile::new("failed.toml");
    let probed = paradex()
        .args([
            "probe",
            "--environment",
            "http://127.0.0.1:1",
            "--yes",
            "--output",
            report.path(),
        ])
        .output()
        .unwrap();
    assert_eq!(probed.status.code(), Some(1), "{probed:?}");
    assert!(!report.0.exists());
}
