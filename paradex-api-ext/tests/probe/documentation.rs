//! The lists of open questions in the documentation are those of the table.
//!
//! `SNAPSHOTS=overwrite cargo test -p paradex-api-ext --test probe documentation` writes them anew.

use std::path::Path;

use paradex_api_ext::assumptions::{Assumptions, Listing, answered, listing};

/// What was found out on testnet.
const FOUND: &str = include_str!("found.toml");

/// The lists: the file, what each of its lines begins with, and which list it is.
const LISTS: &[(&str, &str, &str, Listing)] = &[
    ("../README.md", "  ", "questions", Listing::Short),
    ("src/lib.rs", "//! ", "questions", Listing::Short),
    ("src/simulator/mod.rs", "//! ", "trading", Listing::Trading),
    ("src/stream/mod.rs", "//! ", "streams", Listing::Streams),
    (
        "src/simulator/mod.rs",
        "//! ",
        "other streams",
        Listing::UnaskedStreams,
    ),
    ("src/simulator/mod.rs", "//! ", "assumed", Listing::Assumed),
];

#[test]
fn lists_are_those_of_the_table() {
    let answered = answered(FOUND).unwrap();
    for (file, indent, name, list) in LISTS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let marks = [
            format!("<!-- {name} of the table -->\n"),
            format!("{indent}<!-- end -->\n"),
        ];
        let (before, rest) = text
            .split_once(&marks[0])
            .unwrap_or_else(|| panic!("{file} has no {}", marks[0]));
        let (listed, after) = rest.split_once(&marks[1]).unwrap();
        let bare = indent.trim_end();
        // Markdown needs an empty line before and after a list.
        let mut expected = format!("{bare}\n");
        for line in listing(*list, &answered).lines() {
            expected.push_str(&format!("{indent}{line}\n"));
        }
        expected.push_str(&format!("{bare}\n"));
        if std::env::var_os("SNAPSHOTS").is_some_and(|action| action == "overwrite") {
            std::fs::write(&path, [before, &marks[0], &expected, &marks[1], after].concat()).unwrap();
        } else {
            assert_eq!(listed, expected, "{file}: run the test with SNAPSHOTS=overwrite");
        }
    }
}

#[test]
fn table_assumes_what_was_found() {
    let (found, table) = (Assumptions::from_toml(FOUND).unwrap(), Assumptions::new());
    for question in answered(FOUND).unwrap() {
        assert_eq!(
            found.answer(question.name),
            table.answer(question.name),
            "{}",
            question.name
        );
    }
}
