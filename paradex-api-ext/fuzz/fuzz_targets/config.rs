//! Any text is a configuration or an error of one line, which shows no key and no token of the text.
//!
//! Run with `cargo +nightly fuzz run config` in `paradex-api-ext`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use paradex_api_ext::fleet::Config;

const KEY: &str = "0x3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3cc";
const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIweDEifQ.c2lnbmF0dXJl";
const VALID: &str = "[accounts.desk]\nenvironment = 'testnet'\nkind = 'token'\nsecret = { command = ['pass'] }\n";

fuzz_target!(|text: &str| {
    for text in [
        text.to_owned(),
        format!("{VALID}{text}"),
        // A secret in a place that the input chooses.
        text.replace('\u{1}', KEY).replace('\u{2}', TOKEN),
    ] {
        if let Err(error) = Config::from_toml(&text) {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(&KEY[2..]) && !shown.contains(TOKEN));
            assert!(!error.to_string().contains(char::is_control) && shown.len() < 4_000);
        }
    }
});
