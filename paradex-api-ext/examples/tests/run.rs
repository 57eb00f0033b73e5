//! Runs every example, and compares its exit status and its last line.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

/// An example, its exit status, and the last line that it prints.
const EXAMPLES: [(&str, i32, &str); 13] = [
    ("allowlist", 0, "   tokens left: 0"),
    ("audit_accounts", 4, "38 of 40 tokens are as the policy says"),
    ("blocking", 0, "   orders in the history: 3"),
    ("bot", 0, "   profit before fees: 50 USDC"),
    (
        "external_signer",
        0,
        "   the signer refused: this service signs no order",
    ),
    ("fills_to_csv", 0, "   fills in the month: 30"),
    ("many_accounts", 0, "   accounts without open orders: 20"),
    ("market_maker", 0, "   fills: 2, each booked once; open orders: 2"),
    ("order_book", 0, "   losses: 1"),
    ("place_and_resolve", 0, "   open orders: 1"),
    ("recorder", 0, "   rows: 9 of trades, 1 of losses"),
    ("rotation", 0, "   no call of the bot failed"),
    ("ticker", 0, "   markets with a quote: 2"),
];

#[test]
fn examples_end_as_they_say() {
    // They run at the same time.
    for (example, (name, status, last_line)) in
        EXAMPLES.map(|expected| (support::start(expected.0), expected))
    {
        support::check(name, example, status, last_line);
    }
}

#[test]
fn list_has_every_example_of_the_package() {
    let manifest = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let names = manifest
        .split("[[example]]\nname = \"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), EXAMPLES.map(|(name, ..)| name));

    let mut files: Vec<String> = std::fs::read_dir(env!("CARGO_MANIFEST_DIR"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension().is_some_and(|extension| extension == "rs") || path.join("main.rs").is_file()
        })
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    assert_eq!(files, EXAMPLES.map(|(name, ..)| name));
}
