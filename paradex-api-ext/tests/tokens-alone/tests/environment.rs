//! What the program says if its environment names a key.

use std::process::Command;

fn error(variables: &[(&str, &str)]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tokens-alone"))
        .args(["203.0.113.0/24", "203.0.113.7"])
        .env_clear()
        .env("PARADEX_ENVIRONMENT", "http://127.0.0.1:1")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn key_in_the_environment_is_refused_and_the_feature_is_named() {
    let account = ("PARADEX_ACCOUNT", "0x1");
    for name in ["PARADEX_PRIVATE_KEY", "PARADEX_SUBKEY"] {
        let error = error(&[(name, "0xcafe"), account]);
        assert!(error.contains(name) && error.contains("feature `signing`"), "{error}");
        assert!(!error.contains("cafe"), "{error}");
    }
}

#[test]
fn invalid_address_of_an_account_is_refused() {
    let error = error(&[("PARADEX_TOKEN", "t"), ("PARADEX_ACCOUNT", "0x0")]);
    assert!(error.contains("PARADEX_ACCOUNT"), "{error}");
}

#[test]
fn token_needs_no_key() {
    // Nothing listens there, so the program gets as far as the network.
    let error = error(&[("PARADEX_TOKEN", "t")]);
    assert!(error.contains("Transport"), "{error}");
}
