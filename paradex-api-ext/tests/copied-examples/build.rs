//! Extracts the examples of the READMEs and of the documentation of `paradex-api-ext`, each as a module of its own.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Files and folders whose pages name the feature that their examples need.
const NAMES_ITS_FEATURE: &[&str] = &[
    "src/assumptions/",
    "src/auth/ethereum.rs",
    "src/client/blocking.rs",
    "src/fleet/",
    "src/probe/",
    "src/signing/evm.rs",
    "src/simulator/",
    "src/stream/",
    "src/trading/order_socket/",
];

/// Examples of other pages may use these in hidden lines, which prepare what a reader has. Elsewhere in them a comment names the
/// feature.
const NEED_A_FEATURE: &[(&str, &str)] = &[
    ("::blocking::", "feature `blocking`"),
    ("::fleet::", "feature `fleet`"),
    ("::order_socket::", "feature `stream`"),
    ("::probe::", "feature `probe`"),
    ("::simulator::", "feature `simulator`"),
    ("::stream::", "feature `stream`"),
    ("EthereumPrivateKey", "feature `evm`"),
];

/// An example as it stands in a page.
struct Example {
    /// The line at which it begins.
    line: usize,
    code: String,
    /// The lines that rustdoc hides.
    hidden: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let package = Path::new("../..").canonicalize()?;
    let mut files = vec![package.join("README.md"), package.join("../README.md")];
    collect(&package.join("src"), &mut files)?;
    files.sort();

    let mut code = String::new();
    let mut count = 0;
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let shown = file.strip_prefix(&package).unwrap_or(file).display().to_string();
        let text = std::fs::read_to_string(file)?;
        let is_markdown = file.extension().is_some_and(|extension| extension == "md");
        for example in examples(&text, is_markdown) {
            count += 1;
            let needs_feature = NAMES_ITS_FEATURE.iter().any(|place| shown.contains(place))
                || NEED_A_FEATURE
                    .iter()
                    .any(|(path, comment)| example.hidden.contains(path) || example.code.contains(comment));
            if needs_feature {
                code.push_str("#[cfg(feature = \"named\")]\n");
            }
            let place: String = shown
                .chars()
                .map(|c| {
                    if c.is_alphanumeric() {
                        c.to_ascii_lowercase()
                    } else {
                        '_'
                    }
                })
                .collect();
            writeln!(
                code,
                "#[allow(unused)]\nmod {}_line_{} {{",
                place.trim_matches('_'),
                example.line
            )?;
            code.push_str(&as_item(&example.code));
            code.push_str("}\n\n");
        }
    }
    if count < 100 {
        return Err(format!("only {count} examples were found").into());
    }
    println!("cargo::rerun-if-changed=../../src");
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("examples.rs"), code)?;
    Ok(())
}

/// The Rust files and pages below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "rs" || extension == "md")
        {
            files.push(path);
        }
    }
    Ok(())
}

/// The examples of Rust that compile.
fn examples(text: &str, is_markdown: bool) -> Vec<Example> {
    let mut examples = Vec::new();
    // The example that is open, and whether it is one that compiles.
    let mut open: Option<(Example, bool)> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let line = match is_markdown {
            true => line,
            false => {
                let trimmed = line.trim_start();
                let Some(text) = trimmed.strip_prefix("///").or(trimmed.strip_prefix("//!")) else {
                    open = None;
                    continue;
                };
                text.strip_prefix(' ').unwrap_or(text)
            }
        };
        match (line.trim_start().strip_prefix("```"), &mut open) {
            (Some(label), None) => {
                let mut words = label.split(',').map(str::trim).filter(|word| !word.is_empty());
                let is_rust = words
                    .clone()
                    .all(|word| ["rust", "no_run", "should_panic"].contains(&word));
                // Without a label it is Rust in documentation and text in a page.
                let compiles = is_rust && (!is_markdown || words.any(|word| word == "rust"));
                let example = Example {
                    line: number,
                    code: String::new(),
                    hidden: String::new(),
                };
                open = Some((example, compiles));
            }
            (Some(_), Some(_)) => {
                if let Some((example, true)) = open.take() {
                    examples.push(example);
                }
            }
            (None, Some((example, _))) => {
                let trimmed = line.trim_start();
                let line = match trimmed.strip_prefix("# ") {
                    _ if trimmed == "#" => "",
                    Some(hidden) => {
                        example.hidden.push_str(hidden);
                        hidden
                    }
                    // `##` is a line that begins with one.
                    None if trimmed.starts_with("##") => &trimmed[1..],
                    None => line,
                };
                example.code.push_str(line);
                example.code.push('\n');
            }
            (None, None) => {}
        }
    }
    examples
}

/// Puts statements into a function, as rustdoc does.
fn as_item(example: &str) -> String {
    if example.contains("fn main(") {
        return example.to_owned();
    }
    let returns = match example.trim_end().ends_with("(())") {
        true => " -> Result<(), impl std::fmt::Debug>",
        false => "",
    };
    format!("fn main(){returns} {{\n{example}}}\n")
}
